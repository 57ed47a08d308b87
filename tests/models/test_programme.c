#include "plain.h"

#define SHOPPERS "population.purchase_rate=400", "horizon=1", "population.price_sensitivity=3.5"
#define NOBODY_WAITS (1.0 - exp(-400.0 / 52.0))

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("programme");
}

/* A programme is a price for customers: they stay with sigma(worth * sensitivity * rewards * price / reference). */
static void test_rewards_hold_customers(void **state)
{
    (void)state;
    struct lab *lab =
        run_duel(SHOPPERS, "firms.us.initial_share=1", "firms.us.rewards=0.2", "market.reward_worth=0.5",
                 "market.reference_price=2", "firms.us.price=4", "firms.rival.price=4");
    const double utility = 0.5 * 3.5 * 0.2 * 4.0 / 2.0;
    assert_share(at(lab, "joined", 0, RIVAL), 20000.0 * NOBODY_WAITS, gw_sigmoid(-utility));
    lab_free(lab);
}

/* Nobody is a customer yet: no pull, and no points for the first order; those that follow in the same week get some.
 */
static void test_newcomers_get_none(void **state)
{
    (void)state;
    struct lab *lab = run_duel(SHOPPERS, "firms.us.rewards=0.2", "firms.us.price=1", "population.order_value=10");
    const double us = at(lab, "joined", 0, US), all = us + at(lab, "joined", 0, RIVAL);
    assert_share(us, all, 0.5);
    assert_close((double)lab_account(lab, 0, 0, 0, GW_RETENTION_SPEND, US) / GW_MICRO,
                 2.0 * (at(lab, "purchases", 0, US) - us), 1e-6, 0.0);
    lab_free(lab);
}

static void test_points_are_paid(void **state)
{
    (void)state;
    struct lab *lab = run_duel(SHOPPERS, "firms.us.initial_share=1", "firms.us.rewards=0.25", "firms.us.price=2",
                               "population.order_value=10");
    assert_close((double)lab_account(lab, 0, 0, 0, GW_RETENTION_SPEND, US) / GW_MICRO,
                 5.0 * at(lab, "purchases", 0, US), 0.0, 0.0);
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
        cmocka_unit_test(test_rewards_hold_customers),
        cmocka_unit_test(test_newcomers_get_none),
        cmocka_unit_test(test_points_are_paid),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
