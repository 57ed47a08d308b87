/* Quantiles against GSL's distribution functions, which share no code with the tables' interpolation. */
#include "close.h"

#include "core/quantile.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>

#include <math.h>
#include <string.h>

static struct gw_quantile *make(enum gw_family family, double a, double b, double c)
{
    struct gw_quantile *q = NULL;
    struct gw_error error = {0};
    const int ret = gw_quantile_create(&q, (struct gw_distribution){family, a, b, c}, &error);
    if (ret != GW_OK) {
        fail_msg("%s", error.text);
    }
    return q;
}

/* F(x) and 1 - F(x) of the families with a density on the positive numbers or the unit interval. */
static double lower(struct gw_distribution d, double x)
{
    switch (d.family) {
    case GW_GAMMA:
        return gsl_cdf_gamma_P(x, d.a, 1.0 / d.b);
    case GW_INVERSE_GAMMA:
        return gsl_cdf_gamma_Q(1.0 / x, d.a, 1.0 / d.b);
    default:
        return gsl_cdf_beta_P(x, d.a, d.b);
    }
}

static double upper(struct gw_distribution d, double x)
{
    switch (d.family) {
    case GW_GAMMA:
        return gsl_cdf_gamma_Q(x, d.a, 1.0 / d.b);
    case GW_INVERSE_GAMMA:
        return gsl_cdf_gamma_P(1.0 / x, d.a, 1.0 / d.b);
    default:
        return gsl_cdf_beta_Q(x, d.a, d.b);
    }
}

static double density(struct gw_distribution d, double x)
{
    switch (d.family) {
    case GW_GAMMA:
        return exp(d.a * log(d.b) + (d.a - 1.0) * log(x) - d.b * x - gsl_sf_lngamma(d.a));
    case GW_INVERSE_GAMMA:
        return exp(d.a * log(d.b) - (d.a + 1.0) * log(x) - d.b / x - gsl_sf_lngamma(d.a));
    default:
        return exp((d.a - 1.0) * log(x) + (d.b - 1.0) * log1p(-x) - gsl_sf_lnbeta(d.a, d.b));
    }
}

/* u of logit t, and with it 1 - u, over the range of double uniforms. */
static double expit(double t)
{
    return t < 0.0 ? exp(t) / (1.0 + exp(t)) : 1.0 / (1.0 + exp(-t));
}

/* Relative error of x from the error of F: dx / x = dF / (x f(x)). Where x is tiny or next to 1, GSL's argument
 * cannot resolve it and the check is left to the other tail of the mirrored distribution. */
static void check_against_gsl(struct gw_distribution d)
{
    struct gw_quantile *q = make(d.family, d.a, d.b, 0.0);
    double previous = -1.0;
    for (double t = -37.0; t < 36.5; t += 0.0371) {
        const double u = expit(t), x = gw_quantile_at(q, u);
        assert_true(isfinite(x) && x >= previous);
        assert_true(d.family == GW_BETA ? x <= 1.0 : x > 0.0);
        previous = x;
        if (x > 1e-280 && x < 1e280 && (d.family != GW_BETA || x < 0.999)) {
            const double off = u < 0.5 ? lower(d, x) - u : (1.0 - u) - upper(d, x);
            const double relative = off / (x * density(d, x));
            assert_close(relative, 0.0, 0.0, 1e-5);
        }
    }
    gw_quantile_free(q);
}

static void test_tables_invert_the_distribution_functions(void **state)
{
    (void)state;
    const double shapes[] = {0.05, 0.1, 0.243, 0.45, 0.793, 1.0, 2.426, 6.25, 50.0, 5000.0};
    const size_t n = sizeof shapes / sizeof *shapes;
    for (size_t i = 0; i < n; i++) {
        check_against_gsl((struct gw_distribution){GW_GAMMA, shapes[i], 2.5, 0.0});
        check_against_gsl((struct gw_distribution){GW_INVERSE_GAMMA, shapes[i], 2.5, 0.0});
        for (size_t j = 0; j < n; j++) {
            check_against_gsl((struct gw_distribution){GW_BETA, shapes[i], shapes[j], 0.0});
        }
    }
    check_against_gsl((struct gw_distribution){GW_BETA, 0.668, 3.806, 0.0});
    check_against_gsl((struct gw_distribution){GW_BETA, 0.704, 1.182, 0.0});
}

/* Every 97th of the uniforms that loops over consumers draw, and both ends. */
static void check_float(double shape)
{
    struct gw_quantile *q = make(GW_GAMMA, shape, 2.5, 0.0);
    const struct gw_gamma gamma = gw_gamma_of(q);
    const uint32_t last = (1u << 23) - 1;
    for (uint32_t i = 0; i <= last; i += i + 97 <= last || i == last ? 97 : last - i) {
        const float u = ((float)i + 0.5f) * 0x1p-23f;
        const double want = gw_quantile_at(q, (double)u) * 2.5 / shape;
        assert_close((double)gw_gamma_quantilef(gamma, u), want, 3e-5, 1e-30);
    }
    gw_quantile_free(q);
}

static void test_gammas_in_float(void **state)
{
    (void)state;
    const double shapes[] = {0.001, 0.05, 0.45, 1.0, 6.25, 1000.0};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        check_float(shapes[i]);
    }
}

static void test_normal_is_exact_to_1e_9(void **state)
{
    (void)state;
    struct gw_quantile *q = make(GW_NORMAL, 0.0, 1.0, 0.0);
    for (double t = -37.0; t < 36.5; t += 0.0037) {
        const double u = expit(t);
        const double want = u < 0.5 ? gsl_cdf_ugaussian_Pinv(u) : gsl_cdf_ugaussian_Qinv(1.0 - u);
        assert_close(gw_quantile_at(q, u), want, 1e-13, 1e-14);
    }
    gw_quantile_free(q);
    q = make(GW_NORMAL, 3.0, 0.0, 0.0);
    assert_true(gw_quantile_at(q, 0.01) == 3.0);
    gw_quantile_free(q);
}

/* The lognormal is written by its own mean and sd: mu = ln(m^2 / sqrt(m^2 + s^2)). */
static void test_lognormal_has_its_own_mean_and_sd(void **state)
{
    (void)state;
    const double mean = 2.5, sd = 0.8;
    const double sigma = sqrt(log1p(sd * sd / (mean * mean))), mu = log(mean) - 0.5 * sigma * sigma;
    struct gw_quantile *q = make(GW_LOGNORMAL, mean, sd, 0.0);
    for (double u = 0.0005; u < 1.0; u += 0.001) {
        assert_close(gw_quantile_at(q, u), gsl_cdf_lognormal_Pinv(u, mu, sigma), 1e-12, 0.0);
    }
    gw_quantile_free(q);
}

static void test_closed_forms(void **state)
{
    (void)state;
    struct gw_quantile *exponential = make(GW_EXPONENTIAL, 4.0, 0.0, 0.0);
    struct gw_quantile *uniform = make(GW_UNIFORM, -1.0, 3.0, 0.0);
    struct gw_quantile *triangular = make(GW_TRIANGULAR, 1.0, 5.0, 2.0);
    for (double t = -37.0; t < 36.5; t += 0.037) {
        const double u = expit(t);
        assert_close(gw_quantile_at(exponential, u), u < 0.5 ? -4.0 * log1p(-u) : -4.0 * log(1.0 - u), 1e-14, 0.0);
        assert_close(gw_quantile_at(uniform, u), 4.0 * u - 1.0, 0.0, 1e-15);
        const double x = gw_quantile_at(triangular, u);
        /* F = (x - a)^2 / ((b - a)(c - a)) left of the mode, 1 - (b - x)^2 / ((b - a)(b - c)) right of it */
        assert_close(x < 2.0 ? (x - 1.0) * (x - 1.0) / 4.0 : 1.0 - (5.0 - x) * (5.0 - x) / 12.0, u, 0.0, 1e-14);
    }
    gw_quantile_free(exponential);
    gw_quantile_free(uniform);
    gw_quantile_free(triangular);
}

static void test_medians(void **state)
{
    (void)state;
    const struct {
        struct gw_distribution d;
        double median, relative;
    } cases[] = {
        {{GW_NORMAL, 7.0, 2.0, 0.0}, 7.0, 0.0},
        {{GW_LOGNORMAL, 3.0, 4.0, 0.0}, 1.8, 1e-14}, /* m^2 / sqrt(m^2 + s^2) */
        {{GW_UNIFORM, 2.0, 3.0, 0.0}, 2.5, 0.0},
        {{GW_EXPONENTIAL, 3.0, 0.0, 0.0}, 3.0 * M_LN2, 1e-15},
        {{GW_GAMMA, 1.0, 0.5, 0.0}, 2.0 * M_LN2, 1e-6},
        {{GW_GAMMA, 2.0, 1.0, 0.0}, 1.6783469900166605, 1e-6}, /* (1 + x) e^-x = 1/2 */
        {{GW_INVERSE_GAMMA, 1.0, 3.0, 0.0}, 3.0 / M_LN2, 1e-6},
        {{GW_BETA, 2.5, 2.5, 0.0}, 0.5, 1e-6},
        {{GW_BETA, 2.0, 1.0, 0.0}, M_SQRT1_2, 1e-6},
        {{GW_TRIANGULAR, 0.0, 2.0, 2.0}, M_SQRT2, 1e-15},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct gw_distribution d = cases[i].d;
        struct gw_quantile *q = make(d.family, d.a, d.b, d.c);
        assert_close(gw_quantile_at(q, 0.5), cases[i].median, cases[i].relative, 0.0);
        gw_quantile_free(q);
    }
}

/* The midpoint rule over u; what it misses of the tails is far below the tolerance for these shapes. */
static void check_moments(enum gw_family family, double a, double b, double c)
{
    enum { STRATA = 1000000 };
    const struct gw_distribution d = {family, a, b, c};
    struct gw_quantile *q = make(family, a, b, c);
    const double mean = gw_distribution_mean(d), sd = gw_distribution_sd(d);
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < STRATA; i++) {
        const double off = gw_quantile_at(q, (i + 0.5) / STRATA) - mean;
        sum += off;
        squares += off * off;
    }
    assert_close(mean + sum / STRATA, mean, 1e-4, 1e-4 * sd);
    assert_close(sqrt(squares / STRATA), sd, 1e-4, 0.0);
    gw_quantile_free(q);
}

static void test_moments(void **state)
{
    (void)state;
    check_moments(GW_NORMAL, -2.0, 3.0, 0.0);
    check_moments(GW_LOGNORMAL, 2.5, 0.8, 0.0);
    check_moments(GW_UNIFORM, -2.0, 5.0, 0.0);
    check_moments(GW_EXPONENTIAL, 0.7, 0.0, 0.0);
    check_moments(GW_GAMMA, 0.243, 4.414, 0.0);
    check_moments(GW_GAMMA, 0.45, 0.1, 0.0);
    check_moments(GW_GAMMA, 6.25, 2.0, 0.0);
    check_moments(GW_INVERSE_GAMMA, 12.0, 15.44, 0.0);
    check_moments(GW_BETA, 0.668, 3.806, 0.0);
    check_moments(GW_BETA, 0.704, 1.182, 0.0);
    check_moments(GW_BETA, 0.793, 2.426, 0.0);
    check_moments(GW_TRIANGULAR, -1.0, 4.0, 0.5);
}

static void test_moments_that_do_not_exist(void **state)
{
    (void)state;
    assert_true(isnan(gw_distribution_mean((struct gw_distribution){GW_INVERSE_GAMMA, 1.0, 2.0, 0.0})));
    assert_true(isnan(gw_distribution_sd((struct gw_distribution){GW_INVERSE_GAMMA, 2.0, 2.0, 0.0})));
    assert_close(gw_distribution_mean((struct gw_distribution){GW_INVERSE_GAMMA, 3.74, 15.44, 0.0}), 15.44 / 2.74,
                 1e-15, 0.0);
}

static void refuse(enum gw_family family, double a, double b, double c, const char *part)
{
    struct gw_quantile *q;
    struct gw_error error = {0};
    const int ret = gw_quantile_create(&q, (struct gw_distribution){family, a, b, c}, &error);
    if (ret != GW_BAD_INPUT || q != NULL || strstr(error.text, part) == NULL) {
        fail_msg("status %d, \"%s\" lacks \"%s\"", ret, error.text, part);
    }
}

static void test_bad_parameters_are_refused(void **state)
{
    (void)state;
    refuse(GW_NO_FAMILY, 0.0, 1.0, 0.0, "no such family");
    refuse((enum gw_family)99, 0.0, 1.0, 0.0, "no such family");
    refuse(GW_NORMAL, 0.0, -1.0, 0.0, "normal: sd must not be negative, got -1");
    refuse(GW_NORMAL, NAN, 1.0, 0.0, "normal: mean must be a finite number");
    refuse(GW_LOGNORMAL, 0.0, 1.0, 0.0, "lognormal: mean must be positive, got 0");
    refuse(GW_LOGNORMAL, 1.0, INFINITY, 0.0, "lognormal: sd must be a finite number");
    refuse(GW_UNIFORM, 2.0, 1.0, 0.0, "uniform: low 2 exceeds high 1");
    refuse(GW_EXPONENTIAL, -3.0, 0.0, 0.0, "exponential: mean must be positive, got -3");
    refuse(GW_GAMMA, 0.0, 1.0, 0.0, "gamma: shape must be between 0.001 and 100000, got 0");
    refuse(GW_GAMMA, 1.0, 0.0, 0.0, "gamma: rate must be positive, got 0");
    refuse(GW_INVERSE_GAMMA, 1.0, -1.0, 0.0, "inverse_gamma: scale must be positive, got -1");
    refuse(GW_BETA, 1.0, 1e9, 0.0, "beta: beta must be between");
    refuse(GW_TRIANGULAR, 0.0, 1.0, 2.0, "triangular: mode 2 lies outside low 0 to high 1");
    refuse(GW_TRIANGULAR, 0.0, 1.0, NAN, "triangular: mode must be a finite number");
}

static void test_names(void **state)
{
    (void)state;
    for (int f = GW_NO_FAMILY + 1; f < GW_FAMILIES; f++) {
        assert_non_null(gw_family_name((enum gw_family)f));
        assert_non_null(gw_family_number((enum gw_family)f, 0));
    }
    assert_string_equal(gw_family_number(GW_GAMMA, 1), "rate");
    assert_string_equal(gw_family_number(GW_TRIANGULAR, 2), "mode");
    assert_null(gw_family_number(GW_GAMMA, 2));
    assert_null(gw_family_number(GW_TRIANGULAR, 3));
    assert_null(gw_family_name(GW_FAMILIES));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_invert_the_distribution_functions),
        cmocka_unit_test(test_gammas_in_float),
        cmocka_unit_test(test_normal_is_exact_to_1e_9),
        cmocka_unit_test(test_lognormal_has_its_own_mean_and_sd),
        cmocka_unit_test(test_closed_forms),
        cmocka_unit_test(test_medians),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_moments_that_do_not_exist),
        cmocka_unit_test(test_bad_parameters_are_refused),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
