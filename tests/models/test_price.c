#include "plain.h"

#define SHOPPERS "population.purchase_rate=400" /* in a week all but 5 in 10000 have an occasion */
#define NOBODY_WAITS (1.0 - exp(-400.0 / 52.0))

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("price");
}

static double consumers_of(const struct lab *lab, uint32_t period, int firm)
{
    return at(lab, "joined", period, firm);
}

/* Relief and push at work on a sensitivity of 0, and a price far from the reference: no effect. */
static void test_off(void **state)
{
    (void)state;
    struct lab *lab = run_duel(SHOPPERS, "horizon=1", "firms.us.price=1.3");
    assert_share(consumers_of(lab, 0, US), consumers_of(lab, 0, US) + consumers_of(lab, 0, RIVAL), 0.5);
    lab_free(lab);
    assert_off_is_absent("duel.yaml", (const char *const[]){SHOPPERS, "horizon=5", "firms.us.price=1.3", NULL});
}

static void check_share(const char *price, const char *relief, double utility)
{
    struct lab *lab = run_duel(SHOPPERS, "horizon=1", "population.price_sensitivity=3.5", price, relief);
    const double us = consumers_of(lab, 0, US), all = us + consumers_of(lab, 0, RIVAL);
    assert_share(all, 20000.0, NOBODY_WAITS);
    assert_share(us, all, gw_sigmoid(utility));
    lab_free(lab);
}

/* Attitude is at its start .35. */
static void test_share_follows_price_and_attitude(void **state)
{
    (void)state;
    check_share("firms.us.price=1", "population.loyalty_price_relief=0", 0.0);
    check_share("firms.us.price=0.9", "population.loyalty_price_relief=0", 0.35);
    check_share("firms.us.price=1.2", "population.loyalty_price_relief=0", -0.7);
    check_share("firms.us.price=1.2", "population.loyalty_price_relief=0.8", -0.7 * (1.0 - 0.8 * 0.35));
}

/* The same relative price against another reference: nothing but the ratio counts. */
static void test_reference(void **state)
{
    (void)state;
    struct lab *a = run_duel(SHOPPERS, "horizon=3", "population.price_sensitivity=3.5", "firms.us.price=1.25");
    struct lab *b = run_duel(SHOPPERS, "horizon=3", "population.price_sensitivity=3.5", "firms.us.price=2.5",
                             "firms.rival.price=2", "market.reference_price=2");
    assert_close(total(a, "purchases", US), total(b, "purchases", US), 0.0, 0.0);
    assert_close(total(a, "joined", RIVAL), total(b, "joined", RIVAL), 0.0, 0.0);
    lab_free(a);
    lab_free(b);
}

/* All are customers of `us` from the start, and stay so: purchases of a week are Poisson occasions times the share.
 */
static void check_tenure(uint32_t period, double tenure)
{
    struct lab *lab = run_duel("population.purchase_rate=52", "horizon=300", "population.price_sensitivity=3.5",
                               "population.tenure_price_push=0.3", "firms.us.price=1.2", "firms.us.initial_share=1");
    double us = 0.0;
    for (uint32_t t = period; t < period + 4; t++) {
        us += at(lab, "purchases", t, US);
    }
    const double share = gw_sigmoid(-0.7 * (1.0 + 0.3 * tenure)), n = 4.0 * 20000.0;
    assert_within_4_se(us / n, share, sqrt(2.0 * share / n)); /* E n^2 = 2 for a mean of 1 */
    lab_free(lab);
}

static void test_tenure(void **state)
{
    (void)state;
    check_tenure(0, 1.5 / 52.0);
    check_tenure(104, 2.0 + 1.5 / 52.0);
    check_tenure(290, 3.0); /* the cap */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_share_follows_price_and_attitude),
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_tenure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
