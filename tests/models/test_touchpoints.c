#include "descriptors.h"
#include "lab.h"
#include "one_rule.h"

#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("touchpoints");
}

static const char *const qualities[GW_CHANNELS] = {"channel_quality.email", "channel_quality.phone",
                                                   "channel_quality.store", "channel_quality.social",
                                                   "channel_quality.web",   "channel_quality.chat"};
static const char *const terms[GW_STAGES] = {"quality_information", "quality_purchase", "quality_after_sale"};

/* Firm 1's numbers; consumers 0 ... 5 use channels 0 ... 5. */
static struct one_rule *open_shop(void)
{
    struct one_rule *bench = one_rule_open("touchpoints", 2);
    uint8_t *channel = one_rule_read(bench, "channel");
    for (int c = 0; c < GW_CHANNELS; c++) {
        one_rule_set_firm(bench, qualities[c], 1, 0.1 * (c + 1));
        channel[c] = (uint8_t)c;
    }
    return bench;
}

static void meet(struct one_rule *bench, int firm)
{
    for (int stage = 0; stage < GW_STAGES; stage++) {
        memset(one_rule_add(bench, terms[stage]), 0, GW_BLOCK * sizeof(float));
    }
    one_rule_run(bench, GW_ACT);
    one_rule_meet(bench, GW_CHANNELS, firm);
    one_rule_run(bench, GW_EXPERIENCE);
}

/* Questions and service on the own channel, the purchase on the web but for those who go to the store. */
static void test_where_a_stage_is_met(void **state)
{
    (void)state;
    struct one_rule *bench = open_shop();
    meet(bench, 1);
    for (int c = 0; c < GW_CHANNELS; c++) {
        const double own = 0.1 * (c + 1), purchase = c == GW_STORE ? own : 0.1 * (GW_WEB + 1);
        assert_close(one_rule_add(bench, terms[GW_INFORMATION])[c], own, 0.0, 1e-7);
        assert_close(one_rule_add(bench, terms[GW_PURCHASE])[c], purchase, 0.0, 1e-7);
        assert_close(one_rule_add(bench, terms[GW_AFTER_SALE])[c], own, 0.0, 1e-7);
    }
    meet(bench, 0);
    assert_true(one_rule_add(bench, terms[GW_PURCHASE])[GW_CHAT] == 0.0f);
    one_rule_close(bench);
}

/* At the half spend half of the gain; spend of all kinds is posted. */
static void test_spend(void **state)
{
    (void)state;
    struct one_rule *bench = open_shop();
    one_rule_set(bench, "touchpoint_half_spend", 200.0);
    one_rule_set(bench, "channel_gain", 0.8);
    one_rule_set(bench, "stage_gain", 2.0);
    one_rule_set_firm(bench, "channel_spend.chat", 1, 200.0);
    one_rule_set_firm(bench, "stage_spend.after_sale", 1, 600.0);
    meet(bench, 1);
    assert_close(one_rule_add(bench, terms[GW_INFORMATION])[GW_CHAT], 0.6 + 0.4, 0.0, 1e-6);
    assert_close(one_rule_add(bench, terms[GW_AFTER_SALE])[GW_CHAT], 0.6 + 0.4 + 1.5, 0.0, 1e-6);
    assert_close(one_rule_add(bench, terms[GW_PURCHASE])[GW_CHAT], 0.5, 0.0, 1e-6);
    assert_close(one_rule_add(bench, terms[GW_AFTER_SALE])[GW_PHONE], 0.2 + 1.5, 0.0, 1e-6);
    assert_int_equal(one_rule_account(bench, GW_EXPERIENCE_SPEND, 1), 800000000);
    assert_int_equal(one_rule_account(bench, GW_CASH, 1), -800000000);
    assert_int_equal(one_rule_account(bench, GW_EXPERIENCE_SPEND, 0), 0);
    one_rule_close(bench);
}

static void test_closed_firms_do_not_spend(void **state)
{
    (void)state;
    struct one_rule *bench = open_shop();
    one_rule_set(bench, "channel_spend.web", 100.0);
    ((double *)one_rule_read(bench, "open"))[1] = 0.0;
    meet(bench, 1);
    assert_int_equal(one_rule_account(bench, GW_EXPERIENCE_SPEND, 0), 100000000);
    assert_int_equal(one_rule_account(bench, GW_EXPERIENCE_SPEND, 1), 0);
    one_rule_close(bench);
}

static struct lab *market(const char *population)
{
    char text[1024];
    snprintf(text, sizeof text,
             "goodwill: 1\nperiod: week\nhorizon: 2 years\nwarm_up: 1 years\nreplications: 2\nseed: 7\n"
             "population: {size: 3000%s}\nnetwork: none\nfocal: us\nfirms: {us: {agents: {phone: 9, chat: 9}}, "
             "rival: {}}\n"
             "strategies: {even: {}, weak: {firms.us.channel_quality.chat: -1},\n"
             "  weaker: {firms.us.channel_quality.chat: -3},\n"
             "  mended: {firms.us.channel_quality.chat: -1, firms.us.channel_spend.chat: 1.0e7}}\n",
             population);
    return lab_run(text);
}

static int64_t good(const struct lab *lab, int strategy)
{
    return lab_total(lab, strategy, "experiences", 0, 0);
}

/* One weak channel spoils the experiences of those who use it; where nobody does, nothing happens. */
static void test_weak_channel(void **state)
{
    (void)state;
    struct lab *chatting = market(", channel_share: {phone: 1, chat: 1}"), *phoning = market("");
    assert_true(good(chatting, 1) < good(chatting, 0) && good(chatting, 2) < good(chatting, 1));
    assert_true(good(chatting, 3) > good(chatting, 1));
    assert_true(good(phoning, 0) == good(phoning, 1) && good(phoning, 1) == good(phoning, 2));
    assert_true(lab_total(phoning, 0, "purchases", 0, 0) == lab_total(phoning, 2, "purchases", 0, 0));
    lab_free(chatting);
    lab_free(phoning);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),  cmocka_unit_test(test_where_a_stage_is_met),
        cmocka_unit_test(test_spend),        cmocka_unit_test(test_closed_firms_do_not_spend),
        cmocka_unit_test(test_weak_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
