/* Elementary effects: exact where a function is linear, known where it is not, and not made of luck. */
#include "close.h"

#include "analysis/luck.h"
#include "analysis/morris.h"
#include "noisy.h"

#include <gsl/gsl_errno.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 20240817 };

static double *design_of(size_t trajectories, size_t d, uint64_t seed)
{
    double *u = malloc(trajectories * (d + 1) * d * sizeof *u);
    assert_non_null(u);
    gw_morris_design(trajectories, d, seed, u);
    return u;
}

static void estimate(const struct noisy *noisy, size_t trajectories, size_t replications, uint64_t seed,
                     struct gw_morris *effect)
{
    struct gw_error error = {0};
    double *u = design_of(trajectories, noisy->d, seed);
    double *value = noisy_values(noisy, u, trajectories, noisy->d + 1, replications, seed);
    assert_int_equal(gw_morris_estimate(u, value, trajectories, noisy->d, replications, 0.95, effect, &error), GW_OK);
    free(u);
    free(value);
}

static void test_every_input_moves_once_by_half_an_axis(void **state)
{
    (void)state;
    enum { T = 500, D = 7 };
    double *u = design_of(T, D, SEED);
    int at_level[D][4] = {{0}}, first[D] = {0};
    for (size_t t = 0; t < T; t++) {
        int moves[D] = {0};
        for (size_t k = 0; k < D; k++) {
            const double *point = u + (t * (D + 1) + k) * D, *next = point + D;
            size_t moved = 0;
            for (size_t j = 0; j < D; j++) {
                if (next[j] != point[j]) {
                    assert_true(fabs(next[j] - point[j]) == 0.5);
                    moves[j]++, moved++;
                    first[j] += k == 0;
                }
                at_level[j][(int)(point[j] * 4.0)] += k == 0;
            }
            assert_int_equal(moved, 1);
        }
        for (size_t j = 0; j < D; j++) {
            assert_int_equal(moves[j], 1);
        }
    }
    for (size_t j = 0; j < D; j++) {
        assert_within_4_se(first[j] / (double)T, 1.0 / D, sqrt(6.0 / 49.0 / T));
        for (int level = 0; level < 4; level++) {
            assert_within_4_se(at_level[j][level] / (double)T, 0.25, sqrt(0.1875 / T));
        }
    }
    free(u);
}

static double linear(const double *u)
{
    return 3.0 * u[0] - 2.0 * u[1] + 0.5 * u[2] + 7.0;
}

/* A shift by luck changes nothing: it is the same at both points of a step. */
static void test_linear_function_is_exact(void **state)
{
    (void)state;
    const double slope[] = {3.0, -2.0, 0.5, 0.0};
    for (int lucky = 0; lucky < 2; lucky++) {
        struct gw_morris effect[4];
        estimate(&(struct noisy){linear, 4, 3, lucky * 10.0, 0.0}, 12, 2, SEED, effect);
        for (size_t j = 0; j < 4; j++) {
            assert_int_equal(effect[j].n, 12);
            assert_close(effect[j].mu.value, slope[j], 1e-12, 1e-13);
            assert_close(effect[j].mu_star.value, fabs(slope[j]), 1e-12, 1e-13);
            assert_close(effect[j].plain, fabs(slope[j]), 1e-12, 1e-13);
            assert_close(effect[j].mu_star.high - effect[j].mu_star.low, 0.0, 0.0, 1e-12);
            assert_close(effect[j].sigma, 0.0, 0.0, 1e-12);
        }
    }
}

/* Effects of the first are 4 (u_1 - 1/2) = +-1/2, +-3/2; of the third 2 k + 1/2 with k = 1/8, 3/8. */
static double bent(const double *u)
{
    return 4.0 * (u[0] - 0.5) * (u[1] - 0.5) + u[2] * u[2];
}

static void test_interaction_and_curvature(void **state)
{
    (void)state;
    enum { T = 4000 };
    struct gw_morris effect[3];
    estimate(&(struct noisy){bent, 3, 3, 0.0, 0.0}, T, 2, SEED, effect);
    for (size_t j = 0; j < 2; j++) {
        assert_within_4_se(effect[j].mu.value, 0.0, sqrt(1.25 / T));
        assert_within_4_se(effect[j].mu_star.value, 1.0, sqrt(0.25 / T));
        /* the variance of a mean of squares: (1.5^4 + 0.5^4) / 2 - 1.25^2 = 1 */
        assert_within_4_se(effect[j].sigma * effect[j].sigma, 1.25, sqrt(1.0 / T));
    }
    assert_within_4_se(effect[2].mu.value, 1.0, 0.25 / sqrt(T));
    assert_close(effect[2].mu_star.value, effect[2].mu.value, 1e-12, 0.0);
    assert_close(effect[2].sigma, 0.25, 0.0, 1e-3); /* two values, equally likely: flat at the truth */
}

/* An input whose luck differs from point to point but that has no effect: mu* is 0 on average, the plain mean of
 * absolute values is that of luck, sqrt(2 / pi) standard errors, and sigma^2 + luck^2 averages to luck^2. */
static void test_luck_is_not_counted_as_effect(void **state)
{
    (void)state;
    enum { T = 4000, R = 4 };
    const double scatter = 0.3, error = scatter * sqrt(2.0) / 0.5 / sqrt(R);
    struct gw_morris effect[4];
    estimate(&(struct noisy){linear, 4, 4, 1.0, scatter}, T, R, SEED, effect);
    assert_within_4_se(effect[3].mu.value, 0.0, error / sqrt(T));
    assert_within_4_se(effect[3].plain, error * sqrt(2.0 / M_PI), error * sqrt((1.0 - 2.0 / M_PI) / T));
    assert_within_4_se(effect[3].mu_star.value, 0.0, (effect[3].mu_star.high - effect[3].mu_star.low) / 2.0 / 1.96);
    for (size_t j = 0; j < 4; j++) {
        /* s^2 / R has relative variance 2 / (R - 1), the variance between trajectories 2 / (T - 1) */
        assert_within_4_se(effect[j].luck * effect[j].luck, error * error, error * error * sqrt(2.0 / 3.0 / T));
        assert_true(effect[j].sigma * effect[j].sigma <= 4.0 * error * error * sqrt((2.0 / 3.0 + 2.0) / T));
    }
    /* Where the sign is in no doubt mu* is |slope|. */
    assert_within_4_se(effect[0].mu_star.value, 3.0, error / sqrt(T));
    assert_within_4_se(effect[1].mu.value, -2.0, error / sqrt(T));
}

/* A small effect of one sign: its own replications are often wrong about it, the other trajectories are not. With
 * luck in it the size is that of a folded normal. */
static void test_a_small_effect_of_one_sign(void **state)
{
    (void)state;
    enum { T = 4000, R = 2 };
    const double scatter = 0.25, s = scatter * sqrt(2.0) / 0.5, error = s / sqrt(R), x = 0.5 / error;
    struct gw_morris effect[3];
    estimate(&(struct noisy){linear, 3, 3, 0.0, scatter}, T, R, SEED, effect);
    assert_within_4_se(effect[2].mu_star.value, 0.5, error / sqrt(T));
    const double folded = error * sqrt(2.0 / M_PI) * exp(-0.5 * x * x) + 0.5 * erf(x / sqrt(2.0));
    assert_within_4_se(effect[2].plain, folded, error / sqrt(T));
    assert_true(effect[2].mu_star.value < effect[2].plain);
}

/* Effects of either sign, +-1/2 and +-3/2, under luck: mu* lies below their mean size, 1, by the effects whose sign
 * the other replication mistakes: the mean of |E| (1 - 2 Phi(-|E| / s)). */
static void test_effects_of_either_sign(void **state)
{
    (void)state;
    enum { T = 4000, R = 2 };
    const double scatter = 0.2, s = scatter * sqrt(2.0) / 0.5;
    struct gw_morris effect[3];
    estimate(&(struct noisy){bent, 3, 3, 2.0, scatter}, T, R, SEED, effect);
    const double expected = 0.5 * (0.5 * erf(0.5 / s / sqrt(2.0)) + 1.5 * erf(1.5 / s / sqrt(2.0)));
    for (size_t j = 0; j < 2; j++) {
        const double error = (effect[j].mu_star.high - effect[j].mu_star.low) / 2.0 / 1.96;
        assert_within_4_se(effect[j].mu_star.value, expected, error);
        assert_true(effect[j].mu_star.value < 1.0 && 1.0 < effect[j].plain);
        assert_within_4_se(effect[j].sigma * effect[j].sigma, 1.25, sqrt((1.0 + 4.0 * 1.25 * s * s) / T));
    }
}

static void test_no_effect_is_exactly_none(void **state)
{
    (void)state;
    struct gw_morris effect[5];
    estimate(&(struct noisy){linear, 5, 3, 1.0, 1.0}, 10, 2, SEED, effect);
    for (size_t j = 3; j < 5; j++) {
        assert_true(effect[j].mu.value == 0.0 && effect[j].mu.low == 0.0 && effect[j].mu.high == 0.0);
        assert_true(effect[j].mu_star.value == 0.0 && effect[j].mu_star.high == 0.0);
        assert_true(effect[j].sigma == 0.0 && effect[j].luck == 0.0 && effect[j].plain == 0.0);
    }
}

static void test_undefined_values_are_counted(void **state)
{
    (void)state;
    enum { T = 3, D = 2, R = 2 };
    double *u = design_of(T, D, SEED), value[T * (D + 1) * R] = {0};
    struct gw_morris effect[D];
    struct gw_error error = {0};
    value[R] = NAN; /* the middle point of the first trajectory: both of its steps */
    assert_int_equal(gw_morris_estimate(u, value, T, D, R, 0.95, effect, &error), GW_OK);
    assert_true(effect[0].n == 2 && effect[1].n == 2 && effect[0].mu.value == 0.0);
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) {
        value[i] = INFINITY;
    }
    assert_int_equal(gw_morris_estimate(u, value, T, D, R, 0.95, effect, &error), GW_OK);
    assert_true(effect[0].n == 0 && isnan(effect[0].mu.value) && isnan(effect[0].sigma));
    assert_int_equal(gw_morris_estimate(u, value, T, D, 1, 0.95, effect, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "at least 2 trajectories and 2 replications; got 3 and 1"));
    free(u);
}

/* ---- What both rest on ---------------------------------------------------------------------------------- */

static void test_cross_products(void **state)
{
    (void)state;
    const double a[] = {1.0, 2.0, 4.0}, b[] = {3.0, 5.0, -1.0};
    /* 1*5 + 1*-1 + 2*3 + 2*-1 + 4*3 + 4*5 = 40 over 6 pairs */
    assert_close(gw_cross_product(a, b, 3), 40.0 / 6.0, 1e-15, 0.0);
    assert_close(gw_cross_product(a, a, 2), 2.0, 1e-15, 0.0);
}

static void test_intervals(void **state)
{
    (void)state;
    const double value[] = {1.0, 2.0, 3.0, 6.0}, below[] = {2.0, 2.0, 2.0, 2.0};
    /* mean 3, variance 14/3; t(3) at 97.5% = 3.182446305284263 */
    const double half = 3.182446305284263 * sqrt(14.0 / 3.0 / 4.0);
    const struct gw_interval mean = gw_interval_of_mean(value, 4, 0.95);
    assert_close(mean.value, 3.0, 1e-15, 0.0);
    assert_close(mean.high - 3.0, half, 1e-9, 0.0);
    const struct gw_interval ratio = gw_interval_of_ratio(value, below, 4, 0.95); /* equal denominators: a mean */
    assert_close(ratio.value, 1.5, 1e-15, 0.0);
    assert_close(1.5 - ratio.low, half / 2.0, 1e-9, 0.0);
    const struct gw_interval same = gw_interval_of_mean((const double[]){0.1, 0.1, 0.1}, 3, 0.95);
    assert_true(same.low == 0.1 && same.value == 0.1 && same.high == 0.1);
    assert_true(isnan(gw_interval_of_mean(value, 1, 0.95).low) && isnan(gw_interval_of_mean(value, 0, 0.95).value));
    assert_true(isnan(gw_interval_of_ratio(value, (const double[]){1.0, -1.0}, 2, 0.95).value));
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_input_moves_once_by_half_an_axis),
        cmocka_unit_test(test_linear_function_is_exact),
        cmocka_unit_test(test_interaction_and_curvature),
        cmocka_unit_test(test_luck_is_not_counted_as_effect),
        cmocka_unit_test(test_a_small_effect_of_one_sign),
        cmocka_unit_test(test_effects_of_either_sign),
        cmocka_unit_test(test_no_effect_is_exactly_none),
        cmocka_unit_test(test_undefined_values_are_counted),
        cmocka_unit_test(test_cross_products),
        cmocka_unit_test(test_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
