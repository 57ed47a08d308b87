#include "plain.h"

#include "closed_forms.h"

/* CDNOW, per week: Fader, Hardie & Lee 2005. */
static const struct law_bg_nbd cdnow = {0.243, 4.414, 0.793, 2.426};
#define CDNOW_RATE "population.purchase_rate={vary: {gamma: {shape: 0.243, rate: 0.08488461538461538}}}"
#define CDNOW_DROPOUT "population.dropout={vary: {beta: {alpha: 0.793, beta: 2.426}}}"
#define ALL_CUSTOMERS "firms.us.initial_share=1"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("dropout");
}

/* Without dropout the same customers are an NBD and all stay. */
static void test_off_is_nbd(void **state)
{
    (void)state;
    struct lab *lab = run_plain(CDNOW_RATE, ALL_CUSTOMERS);
    const double n = 20000.0, r = cdnow.r, x = 39.0 / cdnow.alpha;
    assert_within_4_se(total(lab, "purchases", US) / n, law_nbd_mean(cdnow.r, cdnow.alpha, 39.0),
                       sqrt((r * x + r * x * x) / n));
    assert_int_equal(lab_cell(lab, 0, 0, 38, "active", 0, US), 20000);
    lab_free(lab);
    assert_off_is_absent("plain.yaml", (const char *const[]){CDNOW_RATE, ALL_CUSTOMERS, NULL});
}

/* One rate and one probability: the relation ends at rate lambda p, whatever the length of the period. */
static void check_constant(const char *period, const char *horizon, uint32_t periods)
{
    struct lab *lab =
        run_plain("population.purchase_rate=5", "population.dropout=0.3", ALL_CUSTOMERS, period, horizon);
    const double n = 20000.0, alive = exp(-5.0 * 0.3);
    assert_share(at(lab, "active", periods - 1, US), n, alive);
    /* purchases: one per dropout is the last; E X = (1 - e^-(lambda p t))/p, and the geometric bounds the variance */
    assert_within_4_se(total(lab, "purchases", US) / n, (1.0 - alive) / 0.3, sqrt(0.7 / 0.09 / n));
    const double left = (double)lab_total(lab, 0, "left", GW_CAUSE_DROPOUT - 1, US);
    assert_close(left + at(lab, "active", periods - 1, US), n, 0.0, 0.0);
    assert_int_equal(lab_total(lab, 0, "won_back", 0, US), 0);
    lab_free(lab);
}

static void test_constant_probability(void **state)
{
    (void)state;
    check_constant("period=week", "horizon=52", 52);
    check_constant("period=month", "horizon=12", 12);
}

static void test_bg_nbd(void **state)
{
    (void)state;
    struct lab *lab = run_plain(CDNOW_RATE, CDNOW_DROPOUT, ALL_CUSTOMERS, "horizon=78", "replications=10");
    const double n = 200000.0;
    double early = 0.0, buyers = 0.0;
    for (uint32_t i = 0; i < 10; i++) {
        for (uint32_t t = 0; t < 39; t++) {
            early += (double)lab_cell(lab, 0, i, t, "purchases", 0, US);
        }
        buyers += (double)lab_cell(lab, 0, i, 38, "recent_buyers", 0, US);
    }
    /* The NBD without dropout has a larger variance, so its standard error is a bound. */
    const double x = 39.0 / cdnow.alpha, y = 78.0 / cdnow.alpha;
    assert_within_4_se(early / n, law_bg_nbd_mean(cdnow, 39.0), sqrt(cdnow.r * (x + x * x) / n));
    assert_within_4_se(total(lab, "purchases", US) / n, law_bg_nbd_mean(cdnow, 78.0),
                       sqrt(cdnow.r * (y + y * y) / n));
    assert_share(n - buyers, n, law_bg_nbd_pmf(cdnow, 0, 39.0));
    lab_free(lab);
}

/* Tiny probabilities: ln(1 - p) must keep its digits. */
static void test_rare_dropout(void **state)
{
    (void)state;
    struct lab *lab = run_plain("population.purchase_rate=520", "population.dropout=0.00002", ALL_CUSTOMERS,
                                "horizon=52", "replications=10");
    const double n = 200000.0;
    double active = 0.0;
    for (uint32_t i = 0; i < 10; i++) {
        active += (double)lab_cell(lab, 0, i, 51, "active", 0, US);
    }
    assert_share(active, n, exp(-520.0 * 0.00002));
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),          cmocka_unit_test(test_off_is_nbd),
        cmocka_unit_test(test_constant_probability), cmocka_unit_test(test_bg_nbd),
        cmocka_unit_test(test_rare_dropout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
