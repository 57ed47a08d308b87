#include "plain.h"

#define SHOPPERS "population.purchase_rate=400", "horizon=1"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("policies");
}

static void check_pull(const char *lever, const char *pull, double utility)
{
    struct lab *lab = run_duel(SHOPPERS, lever, pull);
    const double us = at(lab, "joined", 0, US), all = us + at(lab, "joined", 0, RIVAL);
    assert_share(us, all, gw_sigmoid(utility));
    lab_free(lab);
}

static void test_pulls(void **state)
{
    (void)state;
    check_pull("firms.us.refund=0.5", "market.refund_pull=1.2", 0.6);
    check_pull("firms.us.free_shipping=1", "market.shipping_pull=0.8", 0.8);
    check_pull("firms.us.transparency=0.25", "market.transparency_pull=2", 0.5);
    check_pull("firms.rival.refund=1", "market.refund_pull=1", -1.0);
}

/* What the terms cost is an exact share of the order values; transparency is free. */
static void test_costs(void **state)
{
    (void)state;
    struct lab *lab =
        run_duel(SHOPPERS, "population.order_value=20", "firms.us.refund=0.5", "firms.us.free_shipping=0.25",
                 "firms.rival.transparency=1", "market.return_rate=0.125", "market.shipping_share=0.25");
    const double orders = at(lab, "purchases", 0, US);
    assert_close((double)lab_account(lab, 0, 0, 0, GW_RETENTION_SPEND, US) / GW_MICRO, 2.5 * orders, 0.0, 0.0);
    assert_int_equal(lab_account(lab, 0, 0, 0, GW_RETENTION_SPEND, RIVAL), 0);
    lab_free(lab);
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
        cmocka_unit_test(test_pulls),
        cmocka_unit_test(test_costs),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
