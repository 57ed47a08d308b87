/* Means, quantiles and CVaR of normal samples against their closed forms. */
#include "analysis/functional.h"

#include "close.h"
#include "luck.h"
#include "sample.h"

#include <stdlib.h>

static const struct gw_functional mean = {.kind = GW_FUNCTIONAL_MEAN};
static const struct gw_functional decile = {.kind = GW_FUNCTIONAL_QUANTILE, .probability = 0.1};
static const struct gw_functional worst_tenth = {.kind = GW_FUNCTIONAL_CVAR, .probability = 0.1};

/* Of the standard normal at 10%: quantile, density there. */
static const double z = -1.2815515655446004, density = 0.17549833193248685;

/* Variance of max(z - V, 0) / p: what one replication adds to that of CVaR. By parts, E max(z - V, 0) = z p + phi and
 * E max(z - V, 0)^2 = (z^2 + 1) p + z phi. */
static double cvar_variance(void)
{
    const double first = z * 0.1 + density, second = (z * z + 1.0) * 0.1 + z * density;
    return (second - first * first) / 0.01;
}

static void draw(uint64_t seed, double *values, uint32_t n)
{
    for (uint32_t r = 0; r < n; r++) {
        values[r] = luck(seed, r, 0);
    }
}

static void check_large(struct gw_functional of, double truth, double variance)
{
    enum { N = 200000 };
    double *values = calloc(N, sizeof *values), *scratch = calloc(N, sizeof *scratch);
    assert_true(values != NULL && scratch != NULL);
    draw(8, values, N);
    const struct gw_functional_estimate e = gw_functional_estimate(of, values, N, 0.95, scratch);
    const double se = sqrt(variance / N);
    assert_within_4_se(e.value, truth, se);
    assert_close(e.high - e.value, 1.96 * se, 0.05, 0.0);
    assert_close(e.value, gw_functional_value(of, values, N, scratch), 0.0, 1e-12);
    free(values);
    free(scratch);
}

static void test_normal(void **state)
{
    (void)state;
    check_large(mean, 0.0, 1.0);
    check_large(decile, z, 0.09 / (density * density));
    check_large(worst_tenth, -density / 0.1, cvar_variance());
}

/* Nominal 95%; asymptotic for the last two, of which 500 replications leave 50 in the tail. */
static double coverage(struct gw_functional of, double truth)
{
    enum { MACRO = 2000, N = 500 };
    double values[N], scratch[N], covered = 0.0;
    for (uint64_t seed = 0; seed < MACRO; seed++) {
        draw(seed, values, N);
        const struct gw_functional_estimate e = gw_functional_estimate(of, values, N, 0.95, scratch);
        covered += e.low <= truth && truth <= e.high;
    }
    return covered / MACRO;
}

static void test_coverage(void **state)
{
    (void)state;
    const double of_mean = coverage(mean, 0.0), of_decile = coverage(decile, z),
                 of_tail = coverage(worst_tenth, -density / 0.1);
    print_message("coverage of 95%% intervals: mean %.3f, decile %.3f, CVaR %.3f\n", of_mean, of_decile, of_tail);
    assert_within_4_se(of_mean, 0.95, share_se(0.95, 2000));
    assert_true(of_decile > 0.92 && of_tail > 0.92);
}

/* By hand: of 1 .. 10 the worst 25% are 1, 2 and half of 3. */
static void test_by_hand(void **state)
{
    const double values[11] = {7, 3, NAN, 1, 10, 2, 9, 4, 8, 5, 6};
    const struct gw_functional tail = {.kind = GW_FUNCTIONAL_CVAR, .probability = 0.25};
    const struct gw_functional median = {.kind = GW_FUNCTIONAL_QUANTILE, .probability = 0.5};
    double scratch[11], sum = 0.0;
    (void)state;
    assert_close(gw_functional_value(tail, values, 11, scratch), (1.0 + 2.0 + 1.5) / 2.5, 1e-12, 0.0);
    assert_close(gw_functional_value(median, values, 11, scratch), 5.5, 1e-12, 0.0);
    assert_close(gw_functional_value(mean, values, 11, scratch), 5.5, 1e-12, 0.0);
    gw_functional_contributions(tail, values, 11, scratch);
    assert_true(isnan(scratch[2]));
    for (int i = 0; i < 11; i++) {
        sum += isnan(scratch[i]) ? 0.0 : scratch[i] / 10.0;
    }
    assert_close(sum, 1.8, 1e-12, 0.0); /* contributions have the CVaR as their mean, exactly */
}

/* In pairs, what is common does not count. */
static void test_difference(void **state)
{
    enum { N = 400 };
    double a[N], b[N], scratch[2 * N];
    const struct gw_functional all[3] = {mean, decile, worst_tenth};
    (void)state;
    draw(3, b, N);
    for (int i = 0; i < N; i++) {
        a[i] = b[i] + 2.0;
    }
    for (int k = 0; k < 3; k++) {
        const struct gw_functional_estimate d = gw_functional_difference(all[k], a, b, N, 0.95, scratch);
        assert_close(d.value, 2.0, 1e-12, 0.0);
        assert_close(d.low, 2.0, 1e-9, 0.0);
        assert_close(d.high, 2.0, 1e-9, 0.0);
    }
    a[7] = NAN;
    assert_int_equal(gw_functional_difference(mean, a, b, N, 0.95, scratch).n, N - 1);
}

static void test_little(void **state)
{
    const double nothing[2] = {NAN, NAN}, one[1] = {3.0};
    double scratch[2];
    (void)state;
    assert_int_equal(gw_functional_estimate(mean, nothing, 2, 0.95, scratch).n, 0);
    assert_true(isnan(gw_functional_estimate(mean, nothing, 2, 0.95, scratch).value));
    assert_true(isnan(gw_functional_estimate(worst_tenth, nothing, 2, 0.95, scratch).value));
    assert_close(gw_functional_estimate(decile, one, 1, 0.95, scratch).value, 3.0, 0.0, 0.0);
    assert_true(isnan(gw_functional_estimate(mean, one, 1, 0.95, scratch).low));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_normal),     cmocka_unit_test(test_coverage), cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_difference), cmocka_unit_test(test_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
