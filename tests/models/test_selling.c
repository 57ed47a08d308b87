#include "one_rule.h"
#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("selling");
}

static void test_more_now_regret_later(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("selling", 2);
    one_rule_set(bench, "push_gain", 0.5);
    one_rule_set_firm(bench, "pushing", 1, 0.4);
    const float *quality = one_rule_add(bench, "quality_after_sale"), *order = one_rule_add(bench, "order_log");
    one_rule_meet(bench, 50, 1);
    one_rule_run(bench, GW_EXPERIENCE);
    one_rule_run(bench, GW_ORDER);
    for (int k = 0; k < 50; k++) {
        assert_close(quality[k], -0.8 * 0.4, 1e-6, 0.0);
        assert_close(order[k], log(1.2), 1e-6, 0.0);
    }
    one_rule_close(bench);
}

/* Through the engine: orders are worth 1 + push_gain times as much, and nothing else changes where quality does not
 * matter. */
static void test_orders_are_worth_more(void **state)
{
    (void)state;
    struct lab *honest = run_plain("population.purchase_rate=30", "horizon=5", "population.order_value=16");
    struct lab *pushed = run_plain("population.purchase_rate=30", "horizon=5", "population.order_value=16",
                                   "firms.us.pushing=1", "market.push_gain=0.25");
    for (uint32_t t = 0; t < 5; t++) {
        const double plain = (double)lab_account(honest, 0, 0, t, GW_REVENUE, US);
        assert_close((double)lab_account(pushed, 0, 0, t, GW_REVENUE, US), 1.25 * plain, 1e-6, 0.0);
    }
    lab_free(honest);
    lab_free(pushed);
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
        cmocka_unit_test(test_more_now_regret_later),
        cmocka_unit_test(test_orders_are_worth_more),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
