#include "plain.h"

/* In a week all but 5 in 10000 have an occasion, and nobody passes. */
#define SHOPPERS "population.purchase_rate=400", "horizon=1"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("switching_cost");
}

/* Who joins the rival in the first week, of those who are all customers of `us`. */
static void check_moves(const char *cost, double utility)
{
    struct lab *lab = run_duel(SHOPPERS, "firms.us.initial_share=1", cost);
    assert_share(at(lab, "joined", 0, RIVAL), 20000.0 * (1.0 - exp(-400.0 / 52.0)), gw_sigmoid(-utility));
    lab_free(lab);
}

static void test_cost_holds_customers(void **state)
{
    (void)state;
    check_moves("population.switching_cost=0", 0.0);
    check_moves("population.switching_cost=1", 1.0);
    check_moves("population.switching_cost=2.5", 2.5);
}

/* Who is nobody's customer moves freely. */
static void test_newcomers_are_free(void **state)
{
    (void)state;
    struct lab *lab = run_duel(SHOPPERS, "population.switching_cost=5");
    const double us = at(lab, "joined", 0, US), rival = at(lab, "joined", 0, RIVAL);
    assert_share(us, us + rival, 0.5);
    lab_free(lab);
}

/* "Not now" costs nothing: with utilities 0 and -cost the own firm keeps 1 / (2 + e^-cost). */
static void test_not_now_is_free(void **state)
{
    (void)state;
    struct lab *lab = run_duel(SHOPPERS, "firms.us.initial_share=1", "population.switching_cost=1.5",
                               "population.category_appeal=0");
    assert_share(at(lab, "joined", 0, RIVAL), 20000.0 * (1.0 - exp(-400.0 / 52.0)), exp(-1.5) / (2.0 + exp(-1.5)));
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
        cmocka_unit_test(test_cost_holds_customers),
        cmocka_unit_test(test_newcomers_are_free),
        cmocka_unit_test(test_not_now_is_free),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
