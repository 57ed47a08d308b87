/*
 * Control variates against what is known of them: the factor 1 / (1 - R^2), no bias, intervals that cover, useless
 * controls that stay out. Streams are fixed; each check of chance allows 4 standard errors.
 */
#include "close.h"
#include "sample.h"

#include "analysis/control.h"
#include "core/draws.h"
#include "core/quantile.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 2000, MOST_N = 400, MOST_K = 30 };

/* y = 10 + b1 c1 + b2 c2 + e sd(e), all standard normal: R^2 = (b1^2 + b2^2) / (b1^2 + b2^2 + sd^2). */
struct linear {
    double b1, b2, sd;
    size_t n, controls;
    bool uneven; /* the spread of e grows with |c1| */
};

static double normal(uint32_t run, uint32_t i, uint32_t which)
{
    const struct gw_key key = gw_key_make(71, run, 5);
    return gsl_cdf_ugaussian_Pinv(gw_uniform_start(&key, i, which, 0));
}

static void draw(const struct linear *m, uint32_t run, double *y, double *control)
{
    for (size_t k = 0; k < m->controls; k++) {
        for (size_t i = 0; i < m->n; i++) {
            control[k * m->n + i] = normal(run, (uint32_t)i, 1 + (uint32_t)k);
        }
    }
    for (size_t i = 0; i < m->n; i++) {
        const double c1 = control[i], c2 = control[m->n + i], spread = m->uneven ? fabs(c1) : 1.0;
        y[i] = 10.0 + m->b1 * c1 + m->b2 * c2 + m->sd * spread * normal(run, (uint32_t)i, 0);
    }
}

struct outcome {
    struct sample mean, factor;
    double covered, used;
};

static struct outcome repeat(const struct linear *m)
{
    static double y[MOST_N], control[MOST_K * MOST_N];
    struct outcome o = {0};
    for (uint32_t run = 0; run < RUNS; run++) {
        struct gw_controlled c;
        draw(m, run, y, control);
        assert_int_equal(gw_control_mean(&c, y, control, m->controls, m->n, NULL), GW_OK);
        const double half = gsl_cdf_tdist_Pinv(0.975, c.freedom) * c.error;
        o.covered += (fabs(c.mean - 10.0) <= half) / (double)RUNS;
        o.used += (double)c.used / RUNS;
        sample_add(&o.mean, c.mean);
        sample_add(&o.factor, c.factor);
    }
    return o;
}

static void assert_covers(const struct outcome *o, double least)
{
    if (o->covered < least - 4.0 * share_se(least, RUNS)) {
        fail_msg("covered %.4f", o->covered);
    }
}

static void factor_is_that_of_theory(void **state)
{
    (void)state;
    const struct linear m = {.b1 = 1.6, .b2 = -1.2, .sd = 1.0, .n = 100, .controls = 2}; /* R^2 = 0.8 */
    const struct outcome o = repeat(&m);
    assert_within_4_se(sample_mean(&o.mean), 10.0, sample_mean_se(&o.mean));
    /* Variance of the adjusted mean: (1 - R^2) var(y) / n, times (n - 2) / (n - q - 2). */
    const double known = 1.0 / 100.0 * 98.0 / 96.0;
    assert_within_4_se(sample_variance(&o.mean), known, sample_variance_se(&o.mean));
    /* The ratio of two sample variances, one of them over 97 degrees of freedom, is 97 / 95 above on average; the
     * jackknife's is some 1% lower. */
    assert_close(sample_mean(&o.factor), 5.0 * 96.0 / 98.0, 0.03, 0.0);
    assert_close(o.used, 2.0, 0.0, 1e-12);
    assert_covers(&o, 0.95);
}

static void useless_controls_stay_out(void **state)
{
    (void)state;
    const struct linear none = {.sd = 1.0, .n = 100, .controls = MOST_K};
    struct outcome o = repeat(&none);
    assert_true(o.used < 0.25); /* 30 normal scores squared beyond 2 ln 30 + 2 = 8.8: 30 * 0.0030 = 0.09 */
    assert_within_4_se(sample_mean(&o.mean), 10.0, sample_mean_se(&o.mean));
    assert_covers(&o, 0.94);
    const struct linear two = {.b1 = 1.6, .b2 = -1.2, .sd = 1.0, .n = 100, .controls = MOST_K};
    o = repeat(&two);
    assert_true(o.used >= 2.0 && o.used < 2.25);
    assert_covers(&o, 0.94);
}

static void intervals_cover_where_the_spread_is_uneven(void **state)
{
    (void)state;
    const struct linear m = {.b1 = 2.0, .sd = 1.0, .n = 100, .controls = 2, .uneven = true};
    const struct outcome o = repeat(&m);
    assert_covers(&o, 0.94);
    assert_within_4_se(sample_mean(&o.mean), 10.0, sample_mean_se(&o.mean));
}

static void without_controls_it_is_the_mean(void **state)
{
    (void)state;
    const double y[] = {3.0, 5.0, 4.0, 8.0}, one = 7.0;
    struct gw_controlled c;
    assert_int_equal(gw_control_mean(&c, y, NULL, 0, 4, NULL), GW_OK);
    assert_close(c.mean, 5.0, 1e-15, 0.0);
    assert_close(c.error, sqrt(14.0 / 3.0 / 4.0), 1e-14, 0.0);
    assert_close(c.factor, 1.0, 1e-14, 0.0);
    assert_true(c.freedom == 3.0 && isnan(c.low));
    assert_int_equal(gw_control_mean(&c, &one, NULL, 0, 1, NULL), GW_OK);
    assert_true(c.mean == 7.0 && isnan(c.error));
    assert_int_equal(gw_control_mean(&c, NULL, NULL, 0, 0, NULL), GW_OK);
    assert_true(c.n == 0 && isnan(c.mean));
}

/* Copies, multiples and constants bring nothing; what is constant needs nothing. */
static void degenerate_controls_are_left_out(void **state)
{
    (void)state;
    enum { N = 50 };
    double y[N], control[4 * N];
    struct gw_controlled c;
    for (uint32_t i = 0; i < N; i++) {
        const double x = normal(1, i, 0);
        y[i] = 2.0 + 3.0 * x + 0.1 * normal(1, i, 1);
        control[i] = x;
        control[N + i] = -2.0 * x;
        control[2 * N + i] = 0.0;
        control[3 * N + i] = x * 1e-9;
    }
    assert_int_equal(gw_control_mean(&c, y, control, 4, N, NULL), GW_OK);
    assert_int_equal(c.used, 1);
    assert_within_4_se(c.mean, 2.0, c.error);
    assert_true(c.low < c.factor && c.factor < c.high && c.low > 100.0); /* 1 / (1 - R^2) = 901 */
    for (uint32_t i = 0; i < N; i++) {
        y[i] = 4.0;
    }
    assert_int_equal(gw_control_mean(&c, y, control, 4, N, NULL), GW_OK);
    assert_true(c.mean == 4.0 && c.error == 0.0 && c.used == 0);
    y[3] = NAN;
    assert_int_equal(gw_control_mean(&c, y, control, 4, N, NULL), GW_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factor_is_that_of_theory),
        cmocka_unit_test(useless_controls_stay_out),
        cmocka_unit_test(intervals_cover_where_the_spread_is_uneven),
        cmocka_unit_test(without_controls_it_is_the_mean),
        cmocka_unit_test(degenerate_controls_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
