#include "one_rule.h"
#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("crm");
}

/* Half of everything at crm_half, whatever the curve; nothing for who spends nothing. */
static void test_half_at_half(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("crm", 2);
    const double *factor = one_rule_column(bench, "crm_relevance_factor");
    const float *spread = one_rule_add(bench, "quality_spread");
    one_rule_set_firm(bench, "crm", 1, 250.0);
    one_rule_set(bench, "crm_relevance", 0.3);
    one_rule_set(bench, "crm_consistency", 0.4);
    one_rule_meet(bench, 10, 1);
    one_rule_run(bench, GW_OPEN);
    one_rule_run(bench, GW_EXPERIENCE);
    assert_close(factor[0], 1.0, 0.0, 0.0);
    assert_close(factor[1], 1.15, 1e-12, 0.0);
    assert_close(spread[9], log(0.8), 1e-6, 0.0);
    one_rule_close(bench);
}

/* Its money goes as long as the firm is open. */
static void test_cost(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("crm", 2);
    double *open = one_rule_read(bench, "open");
    one_rule_set(bench, "crm", 80.0);
    open[0] = 1.0;
    open[1] = 0.0;
    bench->firms.years = 1.0 / 52.0;
    one_rule_run(bench, GW_ACT);
    assert_int_equal(one_rule_account(bench, GW_RETENTION_SPEND, 0), 80 * (int64_t)GW_MICRO);
    assert_int_equal(one_rule_account(bench, GW_CASH, 0), -80 * (int64_t)GW_MICRO);
    assert_int_equal(one_rule_account(bench, GW_CASH, 1), 0);
    one_rule_close(bench);
}

/* Who knows everything of everybody treats all alike, and no number explodes. */
static void test_full_consistency(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("crm", 1);
    const float *spread = one_rule_add(bench, "quality_spread");
    one_rule_set(bench, "crm", 50000000.0);
    one_rule_set(bench, "crm_half", 0.01);
    one_rule_set(bench, "crm_curve", 10.0);
    one_rule_set(bench, "crm_consistency", 1.0);
    one_rule_meet(bench, 1, 0);
    one_rule_run(bench, GW_OPEN);
    one_rule_run(bench, GW_EXPERIENCE);
    assert_true(isfinite(spread[0]) && spread[0] < -13.0f);
    one_rule_close(bench);
}

static void test_off(void **state)
{
    (void)state;
    assert_off_is_absent(
        "duel.yaml", (const char *const[]){"population.purchase_rate=30", "horizon=5", "firms.us.contacts=4", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),      cmocka_unit_test(test_half_at_half), cmocka_unit_test(test_cost),
        cmocka_unit_test(test_full_consistency), cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
