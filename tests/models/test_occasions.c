#include "plain.h"

#include "closed_forms.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("occasions");
}

static void test_off_nobody_buys(void **state)
{
    (void)state;
    struct lab *lab = run_plain("horizon=4");
    assert_int_equal(lab_total(lab, 0, "purchases", 0, US), 0);
    lab_free(lab);
    assert_off_is_absent("plain.yaml", (const char *const[]){"horizon=4", NULL});
}

/* Mean m per period: the share that buys in the first is 1 - e^-m, and the purchases have mean and variance m. */
static void check_poisson(const char *rate, const char *period, double m)
{
    char rate_key[64], period_key[64];
    snprintf(rate_key, sizeof rate_key, "population.purchase_rate=%s", rate);
    snprintf(period_key, sizeof period_key, "period=%s", period);
    struct lab *lab = run_plain(rate_key, period_key, "horizon=20");
    const double n = 20000.0;
    assert_share(at(lab, "joined", 0, US), n, 1.0 - exp(-m));
    assert_within_4_se(total(lab, "purchases", US) / (20.0 * n), m, sqrt(m / (20.0 * n)));
    double squares = 0.0;
    for (uint32_t t = 0; t < 20; t++) {
        const double z = (at(lab, "purchases", t, US) - n * m) / sqrt(n * m);
        squares += z * z;
    }
    assert_within_4_se(squares, 20.0, sqrt(40.0)); /* chi-squared with 20 degrees of freedom */
    lab_free(lab);
}

static void test_poisson(void **state)
{
    (void)state;
    check_poisson("2.6", "week", 0.05);
    check_poisson("44", "week", 44.0 / 52.0);
    check_poisson("120", "month", 10.0);   /* the dense search and its continuation both matter */
    check_poisson("7800", "month", 650.0); /* e^-650 is far below the smallest float */
}

/* Ehrenberg's NBD: gamma rates. One consumer per replication, so that a total is one draw of the distribution. */
static void test_nbd(void **state)
{
    (void)state;
    const double r = 0.3848, alpha = 12.072, weeks = 39.0;
    const int n = 6000;
    int seen[3] = {0};
    struct lab *lab =
        run_plain("population.purchase_rate={vary: {gamma: {shape: 0.3848, rate: 0.23215384615384616}}}",
                  "population.size=1", "replications=6000");
    for (int i = 0; i < n; i++) {
        const int64_t x = lab_sum(lab, 0, (uint32_t)i, "purchases", 0, US);
        seen[x < 2 ? x : 2]++;
    }
    const double p0 = law_nbd_pmf(0, r, alpha, weeks), p1 = law_nbd_pmf(1, r, alpha, weeks);
    assert_share(seen[0], n, p0);
    assert_share(seen[1], n, p1);
    assert_within_4_se(total(lab, "purchases", US) / n, law_nbd_mean(r, alpha, weeks),
                       sqrt((r * weeks / alpha + r * weeks * weeks / (alpha * alpha)) / n));
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off_nobody_buys),
        cmocka_unit_test(test_poisson),
        cmocka_unit_test(test_nbd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
