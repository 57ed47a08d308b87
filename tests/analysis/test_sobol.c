/* Shares of variance against functions whose indices are known, with and without luck. */
#include "close.h"

#include "analysis/sobol.h"
#include "noisy.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 6 };

/* Ishigami & Homma 1990 with a = 7, b = 0.1 on [-pi, pi]^3. */
static double ishigami(const double *u)
{
    const double x = M_PI * (2.0 * u[0] - 1.0), y = M_PI * (2.0 * u[1] - 1.0), z = M_PI * (2.0 * u[2] - 1.0);
    return sin(x) + 7.0 * sin(y) * sin(y) + 0.1 * z * z * z * z * sin(x);
}

/* Sobol's g function: the product of (|4 u_i - 2| + a_i) / (1 + a_i). */
static const double g_a[MOST] = {0.0, 1.0, 4.5, 9.0, 99.0, 99.0};
static double sobol_g(const double *u)
{
    double product = 1.0;
    for (size_t i = 0; i < MOST; i++) {
        product *= (fabs(4.0 * u[i] - 2.0) + g_a[i]) / (1.0 + g_a[i]);
    }
    return product;
}

struct known {
    double variance, first[MOST], total[MOST];
};

static struct known known_of_ishigami(void)
{
    const double a = 7.0, b = 0.1, p4 = pow(M_PI, 4.0), p8 = p4 * p4;
    const double alone = 0.5 * (1.0 + b * p4 / 5.0) * (1.0 + b * p4 / 5.0), second = a * a / 8.0;
    const double together = 8.0 * b * b * p8 / 225.0, v = alone + second + together;
    return (struct known){v, {alone / v, second / v, 0.0}, {(alone + together) / v, second / v, together / v}};
}

static struct known known_of_g(void)
{
    struct known known = {.variance = 1.0};
    for (size_t i = 0; i < MOST; i++) {
        known.variance *= 1.0 + 1.0 / (3.0 * (1.0 + g_a[i]) * (1.0 + g_a[i]));
    }
    const double product = known.variance--;
    for (size_t i = 0; i < MOST; i++) {
        const double own = 1.0 / (3.0 * (1.0 + g_a[i]) * (1.0 + g_a[i]));
        known.first[i] = own / known.variance;
        known.total[i] = own * product / (1.0 + own) / known.variance;
    }
    return known;
}

static void estimate(const struct noisy *noisy, size_t rows, size_t replications, uint64_t seed,
                     struct gw_sobol_index *index, struct gw_sobol *whole)
{
    struct gw_error error = {0};
    const size_t points = gw_sobol_points(noisy->d);
    double *u = malloc(rows * points * noisy->d * sizeof *u);
    assert_non_null(u);
    assert_int_equal(gw_sobol_design(rows, noisy->d, seed, u, &error), GW_OK);
    double *value = noisy_values(noisy, u, rows, points, replications, seed);
    assert_int_equal(gw_sobol_estimate(value, rows, noisy->d, replications, 0.95, index, whole, &error), GW_OK);
    free(u);
    free(value);
}

static void test_known_values_are_those_of_the_literature(void **state)
{
    (void)state;
    const struct known k = known_of_ishigami();
    const double first[] = {0.3139, 0.4424, 0.0}, total[] = {0.5576, 0.4424, 0.2437};
    for (size_t i = 0; i < 3; i++) {
        assert_close(k.first[i], first[i], 0.0, 5e-5);
        assert_close(k.total[i], total[i], 0.0, 5e-5);
    }
}

/* Estimates of one index over seeds: moments, and how often the interval covers. */
struct record {
    double sum, squares;
    int covers;
};

static void record(struct record *record, struct gw_interval got, double truth)
{
    record->sum += got.value - truth;
    record->squares += (got.value - truth) * (got.value - truth);
    record->covers += got.low <= truth && truth <= got.high;
}

/* The mean over seeds is the known value, and 95% intervals cover it: at least 0.95 - 4 standard errors of them. */
static void check_record(const struct record *record, int seeds)
{
    const double n = seeds, bias = record->sum / n;
    assert_within_4_se(bias, 0.0, sqrt(fmax(0.0, record->squares / n - bias * bias) / (n - 1.0)) + 1e-15);
    assert_true(record->covers >= n * 0.95 - 4.0 * sqrt(n * 0.95 * 0.05));
}

static void check_known(const struct noisy *noisy, const struct known *known, size_t rows, size_t replications)
{
    enum { SEEDS = 200 };
    struct record first[MOST] = {0}, total[MOST] = {0}, variance = {0}, luck = {0};
    const double noise = noisy->shift * noisy->shift + noisy->scatter * noisy->scatter;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct gw_sobol_index index[MOST];
        struct gw_sobol whole;
        estimate(noisy, rows, replications, seed, index, &whole);
        assert_int_equal(whole.n, rows);
        for (size_t i = 0; i < noisy->d; i++) {
            record(&first[i], index[i].first, known->first[i]);
            record(&total[i], index[i].total, known->total[i]);
        }
        record(&variance, whole.variance, known->variance);
        record(&luck, whole.luck, noise / (noise + known->variance));
    }
    for (size_t i = 0; i < noisy->d; i++) {
        check_record(&first[i], SEEDS);
        check_record(&total[i], SEEDS);
    }
    check_record(&variance, SEEDS);
    check_record(&luck, SEEDS);
}

static void test_ishigami(void **state)
{
    (void)state;
    const struct known known = known_of_ishigami();
    check_known(&(struct noisy){ishigami, 3, 3, 0.0, 0.0}, &known, 512, 2);
}

static void test_ishigami_under_luck(void **state)
{
    (void)state;
    const struct known known = known_of_ishigami();
    check_known(&(struct noisy){ishigami, 3, 3, 5.0, 2.0}, &known, 512, 2);
    check_known(&(struct noisy){ishigami, 3, 3, 2.0, 3.0}, &known, 512, 3);
}

static void test_sobol_g(void **state)
{
    (void)state;
    const struct known known = known_of_g();
    check_known(&(struct noisy){sobol_g, MOST, MOST, 0.0, 0.0}, &known, 512, 2);
}

static void test_sobol_g_under_luck(void **state)
{
    (void)state;
    const struct known known = known_of_g();
    check_known(&(struct noisy){sobol_g, MOST, MOST, 2.0, 0.4}, &known, 512, 2);
}

/* Luck that shifts all points of a row alike does not change a single estimate but by rounding. */
static void test_luck_that_shifts_cancels(void **state)
{
    (void)state;
    struct gw_sobol_index calm[3], shifted[3];
    struct gw_sobol whole, other;
    estimate(&(struct noisy){ishigami, 3, 3, 0.0, 0.0}, 64, 2, 9, calm, &whole);
    estimate(&(struct noisy){ishigami, 3, 3, 100.0, 0.0}, 64, 2, 9, shifted, &other);
    for (size_t i = 0; i < 3; i++) {
        assert_close(shifted[i].first.value, calm[i].first.value, 1e-10, 1e-10);
        assert_close(shifted[i].total.high, calm[i].total.high, 1e-10, 1e-10);
    }
    assert_close(other.variance.value, whole.variance.value, 1e-10, 0.0);
    assert_true(whole.luck.value == 0.0 && whole.luck.high == 0.0 && other.luck.value > 0.99);
}

static double second_alone(const double *u)
{
    return exp(u[1]);
}

/* What neither the result nor its luck depends on has indices 0, and what alone decides has 1: to the last bit. */
static void test_no_effect_is_exactly_none(void **state)
{
    (void)state;
    struct gw_sobol_index index[4];
    struct gw_sobol whole;
    estimate(&(struct noisy){second_alone, 4, 2, 1.0, 1.0}, 64, 2, 3, index, &whole);
    for (size_t i = 2; i < 4; i++) {
        assert_true(index[i].first.value == 0.0 && index[i].first.low == 0.0 && index[i].first.high == 0.0);
        assert_true(index[i].total.value == 0.0 && index[i].total.low == 0.0 && index[i].total.high == 0.0);
    }
    estimate(&(struct noisy){second_alone, 4, 2, 1.0, 0.0}, 64, 2, 3, index, &whole);
    assert_true(index[0].total.value == 0.0);
    assert_close(index[1].first.value, 1.0, 1e-10, 0.0);
    assert_close(index[1].total.value, 1.0, 1e-10, 0.0);
}

static double constant(const double *u)
{
    (void)u;
    return 3.0;
}

static void test_nothing_varies(void **state)
{
    (void)state;
    struct gw_sobol_index index[2];
    struct gw_sobol whole;
    estimate(&(struct noisy){constant, 2, 2, 1.0, 0.0}, 64, 2, 3, index, &whole);
    assert_true(isnan(index[0].first.value) && isnan(index[1].total.low));
    assert_true(whole.variance.value == 0.0 && whole.luck.value == 1.0);
}

/* Rows with a gap are left out and counted: the result is that of the others. */
static void test_undefined_values_are_left_out(void **state)
{
    (void)state;
    enum { ROWS = 16, D = 2, POINTS = 6, R = 2 };
    double value[ROWS * POINTS * R];
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        value[i] = sin((double)i);
    }
    struct gw_sobol_index index[D], without[D];
    struct gw_sobol whole, less;
    struct gw_error error = {0};
    value[5 * POINTS * R + 7] = NAN;
    assert_int_equal(gw_sobol_estimate(value, ROWS, D, R, 0.95, index, &whole, &error), GW_OK);
    assert_int_equal(whole.n, ROWS - 1);
    for (size_t i = 0; i < (size_t)POINTS * R; i++) {
        value[5 * POINTS * R + i] = INFINITY;
    }
    assert_int_equal(gw_sobol_estimate(value, ROWS, D, R, 0.95, without, &less, &error), GW_OK);
    assert_true(isfinite(whole.mean) && whole.mean == less.mean && whole.variance.value == less.variance.value);
}

static void test_the_design_mixes_two_points(void **state)
{
    (void)state;
    enum { ROWS = 32, D = 3, POINTS = 8 };
    double u[ROWS * POINTS * D];
    struct gw_error error = {0};
    assert_int_equal(gw_sobol_design(ROWS, D, 1, u, &error), GW_OK);
    for (size_t k = 0; k < ROWS; k++) {
        const double *row = u + k * POINTS * D, *a = row, *b = row + D;
        for (size_t i = 0; i < D; i++) {
            for (size_t j = 0; j < D; j++) {
                assert_true(a[j] != b[j] && a[j] > 0.0 && a[j] < 1.0);
                assert_true(row[(2 + i) * D + j] == (i == j ? b[j] : a[j]));
                assert_true(row[(2 + D + i) * D + j] == (i == j ? a[j] : b[j]));
            }
        }
    }
}

static void test_bad_sizes_are_refused(void **state)
{
    (void)state;
    assert_int_equal(gw_sobol_rows(1), 8);
    assert_int_equal(gw_sobol_rows(8), 8);
    assert_int_equal(gw_sobol_rows(257), 512);
    double room[1] = {0};
    struct gw_sobol_index index[1];
    struct gw_sobol whole;
    struct gw_error error = {0};
    assert_int_equal(gw_sobol_design(100, 3, 1, room, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "8 times a power of 2 of rows; got 100"));
    error = (struct gw_error){0};
    assert_int_equal(gw_sobol_design(64, 21, 1, room, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "1 to 20 inputs; got 21"));
    error = (struct gw_error){0};
    assert_int_equal(gw_sobol_estimate(room, 8, 1, 1, 0.95, index, &whole, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "at least 2 replications; got 1"));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values_are_those_of_the_literature),
        cmocka_unit_test(test_ishigami),
        cmocka_unit_test(test_ishigami_under_luck),
        cmocka_unit_test(test_sobol_g),
        cmocka_unit_test(test_sobol_g_under_luck),
        cmocka_unit_test(test_luck_that_shifts_cancels),
        cmocka_unit_test(test_no_effect_is_exactly_none),
        cmocka_unit_test(test_nothing_varies),
        cmocka_unit_test(test_undefined_values_are_left_out),
        cmocka_unit_test(test_the_design_mixes_two_points),
        cmocka_unit_test(test_bad_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
