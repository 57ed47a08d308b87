#include "descriptors.h"
#include "lab.h"
#include "one_rule.h"
#include "sample.h"

#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("channel");
}

static const char *const shares[] = {"channel_share.email",  "channel_share.phone", "channel_share.store",
                                     "channel_share.social", "channel_share.web",   "channel_share.chat"};

static struct one_rule *open_with(const double share[GW_CHANNELS])
{
    struct one_rule *bench = one_rule_open("channel", 2);
    for (int c = 0; c < GW_CHANNELS; c++) {
        one_rule_set(bench, shares[c], share[c]);
    }
    return bench;
}

/* Consumers per channel over 200 blocks. */
static void count(struct one_rule *bench, double n[GW_CHANNELS])
{
    const uint8_t *channel = one_rule_column(bench, "channel");
    for (uint32_t block = 0; block < 200; block++) {
        bench->block.first = block * GW_BLOCK;
        one_rule_start(bench);
        for (int row = 0; row < GW_BLOCK; row++) {
            n[channel[row]] += 1.0;
        }
    }
}

static void test_shares(void **state)
{
    (void)state;
    const double weight[GW_CHANNELS] = {1.0, 4.0, 2.0, 0.0, 2.5, 0.5}, all = 200.0 * GW_BLOCK;
    struct one_rule *bench = open_with(weight);
    double n[GW_CHANNELS] = {0.0};
    count(bench, n);
    for (int c = 0; c < GW_CHANNELS; c++) {
        assert_within_4_se(n[c] / all, weight[c] / 10.0, share_se(weight[c] / 10.0, all));
    }
    one_rule_close(bench);
}

/* By hand: the first channel whose cumulated weight exceeds u times the sum of weights. */
static void test_draw(void **state)
{
    (void)state;
    const double weight[GW_CHANNELS] = {0.25, 0.25, 0.0, 0.5, 0.5, 0.5};
    static const double up_to[GW_CHANNELS] = {0.125, 0.25, 0.25, 0.5, 0.75, 1.0};
    struct one_rule *bench = open_with(weight);
    const uint8_t *channel = one_rule_column(bench, "channel");
    bench->block.first = 3 * GW_BLOCK;
    one_rule_start(bench);
    for (int row = 0; row < GW_BLOCK; row++) {
        const double u = gw_uniform_start(&bench->block.key, (uint32_t)(3 * GW_BLOCK + row), 1, 0);
        const double from = channel[row] > 0 ? up_to[channel[row] - 1] : 0.0;
        assert_true(from <= u && u < up_to[channel[row]]);
    }
    one_rule_close(bench);
}

static void test_without_weights_the_phone(void **state)
{
    (void)state;
    const double weight[GW_CHANNELS] = {0.0};
    struct one_rule *bench = open_with(weight);
    double n[GW_CHANNELS] = {0.0};
    count(bench, n);
    assert_true(n[GW_PHONE] == 200.0 * GW_BLOCK);
    one_rule_close(bench);
}

static struct lab *market(const char *population)
{
    char text[1024];
    snprintf(
        text, sizeof text,
        "goodwill: 1\nperiod: week\nhorizon: 1 years\nwarm_up: 1 years\nreplications: 2\nseed: 3\n"
        "population: {size: 3000%s}\nnetwork: none\nfocal: us\nfirms: {us: {}, rival: {}}\nstrategies: {s: {}}\n",
        population);
    return lab_run(text);
}

/* Questions move with the channel; all by phone is what there is without the rule, to the bit. */
static void test_questions_follow(void **state)
{
    (void)state;
    struct lab *off = market(""), *phone = market(", channel_share.phone: 7");
    struct lab *mixed = market(", channel_share: {phone: 1, web: 3}");
    char difference[200];
    assert_true(lab_same(off, phone, difference));
    assert_int_equal(lab_total(off, 0, "questions", GW_WEB, 0), 0);
    assert_true(lab_total(mixed, 0, "questions", GW_WEB, 0) > 2 * lab_total(mixed, 0, "questions", GW_PHONE, 0));
    lab_free(off);
    lab_free(phone);
    lab_free(mixed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_draw),
        cmocka_unit_test(test_without_weights_the_phone),
        cmocka_unit_test(test_questions_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
