/* Factors of common random numbers against known correlations; checks of chance allow 4 standard errors. */
#include "close.h"
#include "sample.h"

#include "analysis/pairing.h"
#include "core/draws.h"
#include "outcome/estimate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

enum { WORLDS = 100, EACH = 4, N = WORLDS * EACH, RUNS = 1000 };

static double normal(uint32_t run, uint32_t i, uint32_t which)
{
    const struct gw_key key = gw_key_make(73, run, 7);
    return gsl_cdf_ugaussian_Pinv(gw_uniform_start(&key, i, which, 0));
}

/* A = 3 W + L, B = 3 W + 1 + L', W of the world, L and L' of correlation `common`. */
static void draw(uint32_t run, size_t each, double common, double *a, double *b)
{
    for (uint32_t i = 0; i < N; i++) {
        const double world = 3.0 * normal(run, i / (uint32_t)each, 0), luck = normal(run, i, 1);
        a[i] = world + luck;
        b[i] = world + 1.0 + common * luck + sqrt(1.0 - common * common) * normal(run, i, 2);
    }
}

static void luck_and_total_are_told_apart(void **state)
{
    (void)state;
    static double a[N], b[N];
    double covered_luck = 0.0, covered_total = 0.0;
    struct sample luck = {0}, total = {0};
    for (uint32_t run = 0; run < RUNS; run++) {
        struct gw_pairing p;
        draw(run, EACH, 0.5, a, b);
        assert_int_equal(gw_pairing_measure(&p, a, b, WORLDS, EACH, 0.95, NULL), GW_OK);
        /* Var L + Var L' = 2 over Var(L - L') = 1; with the worlds' 9 on each side 20 over 1. */
        covered_luck += p.luck.low <= 2.0 && p.luck.high >= 2.0;
        covered_total += p.total.low <= 20.0 && p.total.high >= 20.0;
        sample_add(&luck, log(p.luck.factor));
        sample_add(&total, log(p.total.factor));
    }
    assert_close(sample_mean(&luck), log(2.0), 0.0, 0.01);
    assert_close(sample_mean(&total), log(20.0), 0.0, 0.02);
    const double least = 0.94;
    assert_true(covered_luck / RUNS > least - 4.0 * share_se(least, RUNS));
    assert_true(covered_total / RUNS > least - 4.0 * share_se(least, RUNS));
}

/* One world: the ratio that a comparison gives as well, by another interval. */
static void one_world_is_a_run(void **state)
{
    (void)state;
    static double a[N], b[N];
    struct gw_pairing p;
    draw(5, N, 0.9, a, b);
    assert_int_equal(gw_pairing_measure(&p, a, b, 1, N, 0.95, NULL), GW_OK);
    const struct gw_comparison c = gw_estimate_comparison(a, b, N, 0.95);
    assert_close(p.total.factor, c.variance_ratio, 1e-9, 0.0);
    assert_close(p.luck.factor, p.total.factor, 0.0, 0.0);
    assert_close(p.total.low, c.variance_ratio_low, 0.1, 0.0);
    assert_close(p.total.high, c.variance_ratio_high, 0.1, 0.0);
    assert_true(p.total.low <= 10.0 && p.total.high >= 10.0); /* 2 / (2 - 1.8) */
}

static void what_never_varies_has_no_interval(void **state)
{
    (void)state;
    const double a[] = {1.0, 2.0, 4.0, 7.0}, b[] = {1.5, 2.5, 4.5, 7.5}, flat[] = {3.0, 3.0, 3.0, 3.0};
    const double bad[] = {1.0, NAN, 2.0, 3.0};
    struct gw_pairing p;
    assert_int_equal(gw_pairing_measure(&p, a, b, 1, 4, 0.95, NULL), GW_OK);
    assert_true(isinf(p.total.factor) && isnan(p.total.low));
    assert_int_equal(gw_pairing_measure(&p, flat, flat, 2, 2, 0.95, NULL), GW_OK);
    assert_true(isnan(p.total.factor) && isnan(p.luck.factor));
    assert_int_equal(gw_pairing_measure(&p, a, flat, 4, 1, 0.95, NULL), GW_OK);
    assert_true(isnan(p.luck.factor) && isfinite(p.total.low)); /* one observation per world tells nothing of luck */
    assert_close(p.total.factor, 1.0, 1e-12, 0.0);
    assert_int_equal(gw_pairing_measure(&p, a, bad, 1, 4, 0.95, NULL), GW_BAD_INPUT);
    assert_int_equal(gw_pairing_measure(&p, a, b, 1, 4, 1.0, NULL), GW_BAD_INPUT);
    assert_int_equal(gw_pairing_measure(&p, NULL, NULL, 0, 0, 0.95, NULL), GW_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(luck_and_total_are_told_apart),
        cmocka_unit_test(one_world_is_a_run),
        cmocka_unit_test(what_never_varies_has_no_interval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
