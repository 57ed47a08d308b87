#include "lab.h"
#include "one_rule.h"
#include "plain.h"

#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("firing");
}

/* Consumers 0 ... 599 were hostile, 600 ... 1599 civil, the others asked nothing or were not answered. */
enum { HOSTILE = 600, CIVIL = 1000, PERIODS = 300 };

static struct one_rule *open_with_contacts(void)
{
    struct one_rule *bench = one_rule_open("firing", 2);
    uint8_t *answered = one_rule_read(bench, "answered");
    for (int row = 0; row < GW_BLOCK; row++) {
        answered[row] = row < HOSTILE           ? GW_ANSWERED_HOSTILE
                        : row < HOSTILE + CIVIL ? GW_ANSWERED_CIVIL
                                                : GW_NOT_ANSWERED;
    }
    one_rule_set(bench, "firing", 0.4);
    one_rule_set(bench, "firing_error", 0.05);
    return bench;
}

/* Rates by contact; each of the fired is counted, tells of it, and has that cause. */
static void test_who_is_fired(void **state)
{
    (void)state;
    struct one_rule *bench = open_with_contacts();
    const float *tells = one_rule_add(bench, "tells_negative");
    double fired[3] = {0};
    for (uint32_t t = 0; t < PERIODS; t++) {
        bench->block.period = t;
        one_rule_meet(bench, GW_BLOCK, 1);
        memset(one_rule_add(bench, "tells_negative"), 0, GW_BLOCK * sizeof *tells);
        one_rule_run(bench, GW_LEAVE);
        one_rule_run(bench, GW_TELL);
        for (int k = 0; k < GW_BLOCK; k++) {
            const bool ended = bench->encounters.ended[k] == GW_CAUSE_FIRED;
            fired[k < HOSTILE ? 0 : k < HOSTILE + CIVIL ? 1 : 2] += ended;
            assert_close(tells[k], ended ? 20.0 : 0.0, 0.0, 0.0);
        }
    }
    assert_share(fired[0], PERIODS * HOSTILE, 0.4);
    assert_share(fired[1], PERIODS * CIVIL, 0.4 * 0.05);
    assert_true(fired[2] == 0.0);
    assert_int_equal(one_rule_tally(bench, "wrongly_fired", 0, 1), fired[1]);
    one_rule_close(bench);
}

#define MARKET                                                                                                       \
    "goodwill: 1\nhorizon: 1 year\nwarm_up: 0\nreplications: 4\nfocal: us\nstrategies: {s: {}}\n"                    \
    "network: {complete: {}}\nfirms: {us: {agents.phone: 8, firing: %s}, rival: {agents.phone: 8}}\n"                \
    "market: {exhaustion: 0.05, backlash: 10}\n"                                                                     \
    "population: {size: 2000, purchase_rate: 104, question_rate: 0.5, segments: {abusive: {share: 0.1, hostility: "  \
    "1},"                                                                                                            \
    " civil: {share: 0.9}}}\n"

static struct lab *live(const char *firing)
{
    char text[1024];
    snprintf(text, sizeof text, MARKET, firing);
    return lab_run(text);
}

/* Whoever was hostile is not met again: at most all of the abusive, and few others, leave for that; staff are
 * spared. */
static void test_staff_are_spared(void **state)
{
    (void)state;
    struct lab *keep = live("0"), *fire = live("1");
    const int64_t fired = lab_total(fire, 0, "left", GW_CAUSE_FIRED - 1, 0);
    const int64_t wrongly = lab_total(fire, 0, "wrongly_fired", 0, 0);
    assert_int_equal(lab_total(keep, 0, "left", GW_CAUSE_FIRED - 1, 0), 0);
    assert_true(fired > wrongly && fired - wrongly <= 4 * 200);
    assert_true(lab_total(fire, 0, "hostile", GW_PHONE, 0) < lab_total(keep, 0, "hostile", GW_PHONE, 0) / 2);
    assert_true(lab_total(fire, 0, "burnout", 0, 0) < lab_total(keep, 0, "burnout", 0, 0));
    lab_free(keep);
    lab_free(fire);
}

static void test_off(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml", (const char *const[]){"population.purchase_rate=30", "horizon=5", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_who_is_fired),
        cmocka_unit_test(test_staff_are_spared),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
