#include "plain.h"

#define CUSTOMERS                                                                                                    \
    "population.purchase_rate=400", "firms.us.initial_share=1", "market.stop_satisfaction=0", "horizon=1"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("envy");
}

enum { SERVICE, FAILURE, PRICE };

static double left(const struct lab *lab, int cause)
{
    return (double)lab_total(lab, 0, "left", cause, US);
}

/* Leaving rises from sigma(base) to sigma(base + envy * awareness * offer); the difference leaves for the price. Over
 * a Poisson number of occasions, mean m, a hazard h ends 1 - e^(-m h). */
static void test_envy_makes_leave(void **state)
{
    (void)state;
    struct lab *lab = run_plain(CUSTOMERS, "population.stop_base=-3", "population.envy=5",
                                "market.envy_awareness=0.4", "firms.us.newcomer_offer=0.5");
    const double n = 20000.0, occasions = 400.0 / 52.0;
    const double without = 1.0 - exp(-occasions * gw_sigmoid(-3.0)), with = 1.0 - exp(-occasions * gw_sigmoid(-2.0));
    assert_share(left(lab, SERVICE), n, without);
    assert_share(left(lab, PRICE), n, with - without);
    lab_free(lab);
}

/* No offer, nothing to envy: the same customers leave, for the same cause. */
static void test_without_an_offer(void **state)
{
    (void)state;
    struct lab *calm = run_plain(CUSTOMERS, "population.stop_base=-3");
    struct lab *envious = run_plain(CUSTOMERS, "population.stop_base=-3", "population.envy=5");
    assert_close(left(envious, SERVICE), left(calm, SERVICE), 0.0, 0.0);
    assert_close(left(envious, PRICE), 0.0, 0.0, 0.0);
    lab_free(calm);
    lab_free(envious);
}

/* Whoever pays for the first time got the offer. */
static void test_newcomers_do_not_envy(void **state)
{
    (void)state;
    struct lab *lab = run_plain("population.purchase_rate=400", "market.stop_satisfaction=0", "horizon=1",
                                "population.stop_base=-3", "population.envy=50", "firms.us.newcomer_offer=0.5");
    assert_close(left(lab, PRICE), 0.0, 0.0, 0.0);
    assert_true(left(lab, SERVICE) > 0.0);
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
        cmocka_unit_test(test_envy_makes_leave),
        cmocka_unit_test(test_without_an_offer),
        cmocka_unit_test(test_newcomers_do_not_envy),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
