#include "plain.h"

#include "closed_forms.h"

/* CDNOW, per week: Schmittlein, Morrison & Colombo's model as fitted by Fader, Hardie & Lee 2005. */
static const struct law_pareto_nbd cdnow = {0.553, 10.578, 0.606, 11.669};
#define CDNOW_RATE "population.purchase_rate={vary: {gamma: {shape: 0.553, rate: 0.20342307692307693}}}"
#define CDNOW_LIFE "population.lifetime_rate={vary: {gamma: {shape: 0.606, rate: 0.22440384615384615}}}"
#define ALL_CUSTOMERS "firms.us.initial_share=1"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("lifetime");
}

static void test_off_nobody_dies(void **state)
{
    (void)state;
    struct lab *lab = run_plain(CDNOW_RATE, ALL_CUSTOMERS);
    const double n = 20000.0, x = 39.0 / cdnow.alpha;
    assert_within_4_se(total(lab, "purchases", US) / n, law_nbd_mean(cdnow.r, cdnow.alpha, 39.0),
                       sqrt(cdnow.r * (x + x * x) / n));
    assert_int_equal(lab_cell(lab, 0, 0, 38, "active", 0, US), 20000);
    lab_free(lab);
    assert_off_is_absent("plain.yaml", (const char *const[]){CDNOW_RATE, ALL_CUSTOMERS, NULL});
}

/* One rate each: alive e^(-mu t), purchases lambda (1 - e^(-mu t))/mu, whatever the length of the period. */
static void check_constant(const char *period, const char *horizon, uint32_t periods)
{
    struct lab *lab =
        run_plain("population.purchase_rate=6", "population.lifetime_rate=1.5", ALL_CUSTOMERS, period, horizon);
    const double n = 20000.0, alive = exp(-1.5), lived = (1.0 - alive) / 1.5;
    /* X given the time lived L is Poisson(6 L): variance 6 E L + 36 Var L. */
    const double square = 2.0 * (1.0 - alive * (1.0 + 1.5)) / (1.5 * 1.5); /* E min(L, 1)^2 */
    assert_share(at(lab, "active", periods - 1, US), n, alive);
    assert_within_4_se(total(lab, "purchases", US) / n, 6.0 * lived,
                       sqrt((6.0 * lived + 36.0 * (square - lived * lived)) / n));
    const double left = (double)lab_total(lab, 0, "left", GW_CAUSE_LIFETIME - 1, US);
    assert_close(left + at(lab, "active", periods - 1, US), n, 0.0, 0.0);
    lab_free(lab);
}

static void test_constant_rates(void **state)
{
    (void)state;
    check_constant("period=week", "horizon=52", 52);
    check_constant("period=month", "horizon=12", 12);
}

/* A lifetime counts from the first payment, so whoever joins later lives as long; the dead never come back. */
static void test_new_customers_live_as_long(void **state)
{
    (void)state;
    struct lab *lab = run_plain("population.purchase_rate=400", "population.lifetime_rate=2", "horizon=52");
    const double n = 20000.0, joined = at(lab, "joined", 0, US);
    assert_share(joined, n, 1.0 - exp(-400.0 / 52.0));
    assert_int_equal(lab_total(lab, 0, "won_back", 0, US), 0);
    /* joined in the middle of the first week, bar some 9 consumers who join in the second or third */
    assert_share(at(lab, "active", 51, US), n, exp(-2.0 * (1.0 - 0.5 / 52.0)));
    lab_free(lab);
}

static void test_pareto_nbd(void **state)
{
    (void)state;
    struct lab *lab = run_plain(CDNOW_RATE, CDNOW_LIFE, ALL_CUSTOMERS, "horizon=78", "replications=10");
    const double n = 200000.0;
    double early = 0.0, buyers = 0.0, alive = 0.0, later = 0.0;
    for (uint32_t i = 0; i < 10; i++) {
        for (uint32_t t = 0; t < 39; t++) {
            early += (double)lab_cell(lab, 0, i, t, "purchases", 0, US);
        }
        buyers += (double)lab_cell(lab, 0, i, 38, "recent_buyers", 0, US);
        alive += (double)lab_cell(lab, 0, i, 38, "active", 0, US);
        later += (double)lab_cell(lab, 0, i, 77, "active", 0, US);
    }
    const double x = 39.0 / cdnow.alpha, y = 78.0 / cdnow.alpha; /* variances of the NBD bound those of the mixture */
    assert_within_4_se(early / n, law_pareto_nbd_mean(cdnow, 39.0), sqrt(cdnow.r * (x + x * x) / n));
    assert_within_4_se(total(lab, "purchases", US) / n, law_pareto_nbd_mean(cdnow, 78.0),
                       sqrt(cdnow.r * (y + y * y) / n));
    assert_share(n - buyers, n, law_pareto_nbd_zero(cdnow, 39.0));
    assert_share(alive, n, law_pareto_nbd_alive(cdnow, 39.0));
    assert_share(later, n, law_pareto_nbd_alive(cdnow, 78.0));
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),    cmocka_unit_test(test_off_nobody_dies),
        cmocka_unit_test(test_constant_rates), cmocka_unit_test(test_new_customers_live_as_long),
        cmocka_unit_test(test_pareto_nbd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
