#include "descriptors.h"
#include "one_rule.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("experience_spend");
}

static void test_spend_is_posted(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("experience_spend", 2);
    one_rule_set_firm(bench, "spend.personalisation", 1, 100.0);
    one_rule_set_firm(bench, "spend.empathy", 1, 50.5);
    one_rule_run(bench, GW_ACT);
    assert_int_equal(one_rule_account(bench, GW_EXPERIENCE_SPEND, 1), 150500000);
    bench->firms.years = 1.0 / 12.0;
    one_rule_run(bench, GW_ACT);
    assert_int_equal(one_rule_account(bench, GW_EXPERIENCE_SPEND, 1), 150500000 + 652166667);
    assert_int_equal(one_rule_account(bench, GW_CASH, 1), -150500000 - 652166667);
    assert_int_equal(one_rule_account(bench, GW_EXPERIENCE_SPEND, 0), 0);
    one_rule_close(bench);
}

static void test_every_pillar_counts(void **state)
{
    (void)state;
    static const char *const pillars[] = {"spend.personalisation", "spend.integrity",   "spend.expectations",
                                          "spend.resolution",      "spend.time_effort", "spend.empathy"};
    for (int p = 0; p < 6; p++) {
        struct one_rule *bench = one_rule_open("experience_spend", 1);
        one_rule_set(bench, pillars[p], 7.0);
        one_rule_run(bench, GW_ACT);
        assert_int_equal(one_rule_account(bench, GW_EXPERIENCE_SPEND, 0), 7000000);
        one_rule_close(bench);
    }
}

static void test_off_costs_nothing(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("experience_spend", 2);
    one_rule_run(bench, GW_ACT);
    assert_int_equal(one_rule_account(bench, GW_CASH, 0), 0);
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_spend_is_posted),
        cmocka_unit_test(test_every_pillar_counts),
        cmocka_unit_test(test_off_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
