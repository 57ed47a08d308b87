#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("inertia");
}

static void test_off(void **state)
{
    (void)state;
    struct lab *lab = run_duel("population.purchase_rate=30", "horizon=10");
    const double us = total(lab, "purchases", US), rival = total(lab, "purchases", RIVAL);
    /* occasions of a period share one choice: the variance of the difference is E n^2 per consumer and period */
    const double m = 30.0 / 52.0;
    assert_within_4_se((us - rival) / (us + rival), 0.0, sqrt((m + m * m) * 2e5) / (us + rival));
    lab_free(lab);
    assert_off_is_absent("duel.yaml", (const char *const[]){"population.purchase_rate=30", "horizon=10", NULL});
}

/* With appeal a of the first firm and inertia g the choices of a consumer are a chain that stays with probability
 * sigma(g + a) and sigma(g - a): .8 and .7 here, so that the shares settle at .60 and .40. */
static void test_two_brand_chain(void **state)
{
    (void)state;
    struct lab *lab = run_duel("population.purchase_rate=500", "population.inertia=1.1167961103",
                               "firms.us.appeal=0.2694982508", "horizon=60", "warm_up=40");
    const double n = 20000.0;
    double us = 0.0, all = 0.0;
    for (uint32_t t = 0; t < 60; t++) {
        us += at(lab, "purchases", t, US);
        all += at(lab, "purchases", t, US) + at(lab, "purchases", t, RIVAL);
    }
    /* choices are correlated over time by .5^k: the variance of a mean over 60 is 3 times p(1 - p)/60; the number of
     * purchases per choice has mean m, E n^2 = m + m^2 */
    const double m = 500.0 / 52.0;
    assert_within_4_se(us / all, 0.6, sqrt(3.0 * 0.24 / (60.0 * n) * (1.0 + 1.0 / m)));
    lab_free(lab);
}

/* The first choice of all is without habit. */
static void test_no_habit_before_the_first_purchase(void **state)
{
    (void)state;
    struct lab *lab = run_duel("population.purchase_rate=8000", "population.inertia=15", "horizon=4");
    const double n = 20000.0, us = at(lab, "joined", 0, US);
    assert_share(us, n, 0.5);
    assert_close(us + at(lab, "joined", 0, RIVAL), n, 0.0, 0.0);
    /* sigma(-15) = 3e-7: with 20000 consumers and three choices, .02 switches are expected */
    assert_close(total(lab, "joined", US), us, 0.0, 1.0);
    lab_free(lab);
}

/* A relation that ends takes the habit along: after a stop, both firms are equal again once it is considered. */
static void test_habit_ends_with_the_relation(void **state)
{
    (void)state;
    struct lab *lab = run_duel("population.purchase_rate=8000", "population.inertia=15", "population.stop_base=10",
                               "market.stop_satisfaction=0", "market.avoidance=0", "horizon=2");
    /* everybody buys, stops and may come back at once: the second choices do not remember the first ones */
    const double n = 20000.0, back = at(lab, "won_back", 1, US) + at(lab, "won_back", 1, RIVAL);
    assert_share(back, n, 0.5 * gw_sigmoid(10.0));
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_two_brand_chain),
        cmocka_unit_test(test_no_habit_before_the_first_purchase),
        cmocka_unit_test(test_habit_ends_with_the_relation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
