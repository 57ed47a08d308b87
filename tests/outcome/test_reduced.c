/*
 * Estimates over pairs and with controls: plain ones to the last bit where neither is in use, else intervals that
 * cover and factors that are those of theory. Streams are fixed; checks of chance allow 4 standard errors.
 */
#include "close.h"
#include "sample.h"

#include "core/draws.h"
#include "outcome/reduced.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

enum { N = 200, RUNS = 2000 };

static double normal(uint32_t run, uint32_t i, uint32_t which)
{
    const struct gw_key key = gw_key_make(72, run, 6);
    return gsl_cdf_ugaussian_Pinv(gw_uniform_start(&key, i, which, 0));
}

/* Pairs of standard normals of correlation -1/2 about a mean of 3. */
static void draw_pairs(uint32_t run, double *y)
{
    for (uint32_t i = 0; i < N / 2; i++) {
        const double x = normal(run, i, 0), e = normal(run, i, 1);
        y[2 * i] = 3.0 + x;
        y[2 * i + 1] = 3.0 - 0.5 * x + sqrt(0.75) * e;
    }
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void plain_runs_are_estimated_as_ever(void **state)
{
    (void)state;
    const struct gw_reduced plain = {0};
    double a[N], b[N];
    draw_pairs(1, a);
    draw_pairs(2, b);
    a[7] = NAN;
    const struct gw_estimate e = gw_estimate_mean(a, N, 0.9), r = gw_reduced_mean(&plain, a, N, 0.9);
    assert_true(e.n == r.n && same(e.mean, r.mean) && same(e.sd, r.sd) && same(e.low, r.low) && same(e.high, r.high));
    const struct gw_comparison c = gw_estimate_comparison(a, b, N, 0.9),
                               d = gw_reduced_comparison(&plain, a, b, N, 0.9);
    assert_true(same(c.difference.low, d.difference.low) && same(c.better.low, d.better.low) &&
                same(c.variance_ratio, d.variance_ratio) && same(c.variance_ratio_high, d.variance_ratio_high));
    assert_true(isnan(gw_antithetic_factor(&plain, a, N).factor));
}

static void pairs_are_the_observations(void **state)
{
    (void)state;
    const struct gw_reduced pairs = {.pairs = true};
    const double y[] = {1.0, 5.0, 2.0, 6.0, 8.0, 0.0, NAN, 7.0, 9.0}; /* means 3, 4, 4; the last has no partner */
    const struct gw_estimate e = gw_reduced_mean(&pairs, y, 9, 0.95);
    assert_int_equal(e.n, 6);
    assert_close(e.mean, 11.0 / 3.0, 1e-15, 0.0);
    const double half = gsl_cdf_tdist_Pinv(0.975, 2.0) * sqrt(1.0 / 3.0 / 3.0);
    assert_close(e.high - e.mean, half, 1e-12, 0.0);
    assert_close(e.mean - e.low, half, 1e-12, 0.0);
    const double zero[9] = {0.0};
    const struct gw_comparison c = gw_reduced_comparison(&pairs, y, zero, 9, 0.95);
    assert_close(c.difference.high, e.high, 1e-12, 0.0);
    const struct gw_proportion p = gw_estimate_proportion(7.5 / 8.0 * 4.0, 4, 0.95);
    assert_true(c.better.n == 4 && same(c.better.low, p.low)); /* 7 of 8 above 0, one tie */
    assert_true(isnan(c.variance_ratio_low));
}

static void antithetic_factor_is_that_of_theory(void **state)
{
    (void)state;
    const struct gw_reduced pairs = {.pairs = true};
    struct sample mean = {0};
    double covered = 0.0, factor_covered = 0.0, y[N];
    for (uint32_t run = 0; run < RUNS; run++) {
        draw_pairs(run, y);
        const struct gw_estimate e = gw_reduced_mean(&pairs, y, N, 0.95);
        const struct gw_factor f = gw_antithetic_factor(&pairs, y, N);
        sample_add(&mean, e.mean);
        covered += e.low <= 3.0 && e.high >= 3.0;
        factor_covered += f.low <= 2.0 && f.high >= 2.0; /* 1 / (1 - 1/2) */
    }
    assert_within_4_se(sample_mean(&mean), 3.0, sample_mean_se(&mean));
    assert_within_4_se(sample_variance(&mean), 0.5 / N, sample_variance_se(&mean));
    assert_within_4_se(covered / RUNS, 0.95, share_se(0.95, RUNS));
    assert_within_4_se(factor_covered / RUNS, 0.95, share_se(0.95, RUNS));
}

/* y = 3 + 2 c + e: controls bring 5; in pairs of e of correlation -1/2 and of independent c, 9 with both. */
static void controls_work_on_pairs_too(void **state)
{
    (void)state;
    double y[N], control[N], sum = 0.0, sum_pairs = 0.0, covered = 0.0, covered_pairs = 0.0;
    const struct gw_reduced alone = {.controls = 1, .stride = N, .control = control};
    const struct gw_reduced both = {.pairs = true, .controls = 1, .stride = N, .control = control};
    for (uint32_t run = 0; run < RUNS; run++) {
        size_t used;
        draw_pairs(run, y);
        for (uint32_t i = 0; i < N; i++) {
            control[i] = normal(run, i, 2);
            y[i] += 2.0 * control[i];
        }
        const struct gw_estimate e = gw_reduced_mean(&alone, y, N, 0.95), p = gw_reduced_mean(&both, y, N, 0.95);
        covered += (e.low <= 3.0 && e.high >= 3.0) / (double)RUNS;
        covered_pairs += (p.low <= 3.0 && p.high >= 3.0) / (double)RUNS;
        sum += gw_control_factor(&alone, y, N, &used).factor / RUNS;
        assert_int_equal(used, 1);
        sum_pairs += gw_control_factor(&both, y, N, &used).factor / RUNS;
    }
    assert_close(sum, 5.0, 0.03, 0.0);                        /* var(y) = 5, left 1 */
    assert_close(sum_pairs, 9.0, 0.06, 0.0);                  /* of pair means: (4 + 1/2) / 2 over (1/2) / 2 */
    assert_true(covered > 0.95 - 4.0 * share_se(0.95, RUNS)); /* e is dependent in pairs: wider than needed */
    assert_within_4_se(covered_pairs, 0.95, share_se(0.95, RUNS));
}

/* What is known of all replications need not hold for those with a value. */
static void controls_need_every_value(void **state)
{
    (void)state;
    double y[N], control[N];
    const struct gw_reduced alone = {.controls = 1, .stride = N, .control = control};
    for (uint32_t i = 0; i < N; i++) {
        control[i] = normal(1, i, 2);
        y[i] = control[i] > 0.0 ? control[i] : NAN;
    }
    const struct gw_estimate plain = gw_estimate_mean(y, N, 0.95), e = gw_reduced_mean(&alone, y, N, 0.95);
    assert_int_equal(e.n, plain.n);
    assert_close(e.mean, plain.mean, 1e-13, 0.0);
    assert_close(e.high, plain.high, 1e-12, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_runs_are_estimated_as_ever),    cmocka_unit_test(pairs_are_the_observations),
        cmocka_unit_test(antithetic_factor_is_that_of_theory), cmocka_unit_test(controls_work_on_pairs_too),
        cmocka_unit_test(controls_need_every_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
