#include "one_rule.h"
#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("extras");
}

/* gain x / (1 + x) for those who meet the firm that gives, and its money for each. */
static void test_gain_and_cost(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("extras", 2);
    one_rule_set(bench, "extras_half", 2.0);
    one_rule_set_firm(bench, "extras", 1, 6.0);
    const float *quality = one_rule_add(bench, "quality_purchase");
    one_rule_meet(bench, 100, 1);
    one_rule_run(bench, GW_EXPERIENCE);
    one_rule_run(bench, GW_ACCOUNT);
    for (int k = 0; k < 100; k++) {
        assert_close(quality[k], 0.6 * 3.0 / 4.0, 1e-6, 0.0);
    }
    assert_int_equal(one_rule_account(bench, GW_EXPERIENCE_SPEND, 1), 600 * (int64_t)GW_MICRO);
    assert_int_equal(one_rule_account(bench, GW_CASH, 1), -600 * (int64_t)GW_MICRO);
    assert_int_equal(one_rule_account(bench, GW_CASH, 0), 0);
    one_rule_close(bench);
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
        cmocka_unit_test(test_gain_and_cost),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
