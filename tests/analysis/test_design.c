/* Designs: their defining properties exactly, what is random within four standard errors. */
#include "close.h"

#include "analysis/design.h"

#include <gsl/gsl_errno.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 20240817 };

static double *filled(enum gw_design design, size_t n, size_t d, uint64_t seed, uint32_t part)
{
    double *u = calloc(n * d, sizeof *u);
    assert_non_null(u);
    struct gw_error error = {0};
    if (gw_design_fill(design, n, d, seed, part, u, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    for (size_t k = 0; k < n * d; k++) {
        assert_true(u[k] > 0.0 && u[k] < 1.0);
    }
    return u;
}

/* One point in each of `cells` equal cells of every axis for each n / cells points. */
static void check_stratified(const double *u, size_t n, size_t d, size_t cells)
{
    size_t *count = calloc(cells, sizeof *count);
    assert_non_null(count);
    for (size_t j = 0; j < d; j++) {
        memset(count, 0, cells * sizeof *count);
        for (size_t i = 0; i < n; i++) {
            count[(size_t)(u[i * d + j] * (double)cells)]++;
        }
        for (size_t c = 0; c < cells; c++) {
            assert_int_equal(count[c], n / cells);
        }
    }
    free(count);
}

static void test_latin_hypercube_is_stratified(void **state)
{
    (void)state;
    for (size_t n = 1; n < 200; n += 7) {
        double *u = filled(GW_DESIGN_LATIN_HYPERCUBE, n, 5, SEED, 0);
        check_stratified(u, n, 5, n);
        free(u);
    }
}

/* Orders of the cells are independent between axes: the rank correlation of two has variance 1 / (n - 1). */
static void test_axes_of_a_latin_hypercube_are_unrelated(void **state)
{
    (void)state;
    enum { N = 1000, D = 4 };
    double *u = filled(GW_DESIGN_LATIN_HYPERCUBE, N, D, SEED, 0);
    for (size_t a = 0; a < D; a++) {
        for (size_t b = 0; b < a; b++) {
            double sum = 0.0;
            for (size_t i = 0; i < N; i++) {
                sum += (u[i * D + a] - 0.5) * (u[i * D + b] - 0.5);
            }
            assert_within_4_se(12.0 * sum / N, 0.0, 1.0 / sqrt(N - 1.0));
        }
    }
    free(u);
}

/* The first 2^m points are a net: 2^m cells on every axis; in the first two dimensions, whose t is 0, in boxes as
 * well. The shift keeps both. */
static void test_sobol_sequence_is_a_net(void **state)
{
    (void)state;
    enum { N = 256, D = GW_SOBOL_DIMENSIONS };
    for (uint32_t part = 0; part < 3; part++) {
        double *u = filled(GW_DESIGN_SOBOL, N, D, SEED, part);
        check_stratified(u, N, D, N);
        int boxes[16][16] = {{0}};
        for (size_t i = 0; i < N; i++) {
            boxes[(int)(16.0 * u[i * D])][(int)(16.0 * u[i * D + 1])]++;
        }
        for (int k = 0; k < 256; k++) {
            assert_int_equal(boxes[k / 16][k % 16], 1);
        }
        free(u);
    }
}

/* Every point of a shifted sequence is uniform: its mean over parts. */
static void test_random_designs_are_uniform(void **state)
{
    (void)state;
    enum { PARTS = 2000, N = 4, D = 3 };
    const enum gw_design kinds[] = {GW_DESIGN_RANDOM, GW_DESIGN_LATIN_HYPERCUBE, GW_DESIGN_SOBOL};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        double mean[N * D] = {0}, square[N * D] = {0};
        for (uint32_t part = 0; part < PARTS; part++) {
            double *u = filled(kinds[k], N, D, SEED, part);
            for (size_t i = 0; i < (size_t)N * D; i++) {
                mean[i] += u[i] / PARTS;
                square[i] += u[i] * u[i] / PARTS;
            }
            free(u);
        }
        for (size_t i = 0; i < (size_t)N * D; i++) {
            assert_within_4_se(mean[i], 0.5, sqrt(1.0 / 12.0 / PARTS));
            assert_within_4_se(square[i], 1.0 / 3.0, sqrt(4.0 / 45.0 / PARTS));
        }
    }
}

/* A shifted net integrates the product of 12 (u - 1/2)^2 with an error far below that of random points, which is
 * sqrt((9/5)^2 - 1) / 32 = 0.047 for two dimensions and 1024 points. */
static void test_sobol_sequence_integrates(void **state)
{
    (void)state;
    enum { N = 1024, D = 2, PARTS = 16 };
    double squares = 0.0;
    for (uint32_t part = 0; part < PARTS; part++) {
        double *u = filled(GW_DESIGN_SOBOL, N, D, SEED, part), sum = 0.0;
        for (size_t i = 0; i < N; i++) {
            const double a = u[i * D] - 0.5, b = u[i * D + 1] - 0.5;
            sum += 144.0 * a * a * b * b / N;
        }
        squares += (sum - 1.0) * (sum - 1.0) / PARTS;
        free(u);
    }
    assert_true(sqrt(squares) < 0.005);
}

static void test_a_design_is_a_function_of_its_numbers(void **state)
{
    (void)state;
    enum { N = 64, D = 3 };
    const enum gw_design kinds[] = {GW_DESIGN_RANDOM, GW_DESIGN_LATIN_HYPERCUBE, GW_DESIGN_SOBOL};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        double *once = filled(kinds[k], N, D, SEED, 0), *again = filled(kinds[k], N, D, SEED, 0);
        double *part = filled(kinds[k], N, D, SEED, 1), *seed = filled(kinds[k], N, D, SEED + 1, 0);
        assert_memory_equal(once, again, N * D * sizeof *once);
        for (size_t i = 0; i < (size_t)N * D; i++) {
            assert_true(once[i] != part[i] && once[i] != seed[i]);
        }
        free(once), free(again), free(part), free(seed);
    }
}

static void test_grids(void **state)
{
    (void)state;
    double *u = filled(GW_DESIGN_GRID, 9, 2, SEED, 0);
    for (size_t i = 0; i < 9; i++) {
        assert_close(u[2 * i], ((double)(i / 3) + 0.5) / 3.0, 1e-15, 0.0);
        assert_close(u[2 * i + 1], ((double)(i % 3) + 0.5) / 3.0, 1e-15, 0.0);
    }
    free(u);
    double uneven[6 * 2];
    gw_design_grid((const size_t[]){2, 3}, 2, uneven);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal((int)(uneven[2 * i] * 2.0), i / 3);
        assert_int_equal((int)(uneven[2 * i + 1] * 3.0), i % 3);
    }
    u = filled(GW_DESIGN_GRID, 1000, 3, SEED, 0); /* the cube root of 1000 is not exact in double */
    check_stratified(u, 1000, 3, 10);
    free(u);
}

static void refuse(enum gw_design design, size_t n, size_t d, const char *part)
{
    double u[200];
    struct gw_error error = {0};
    const int ret = gw_design_fill(design, n, d, SEED, 0, u, &error);
    if (ret != GW_BAD_INPUT || strstr(error.text, part) == NULL) {
        fail_msg("status %d, \"%s\" lacks \"%s\"", ret, error.text, part);
    }
}

static void test_what_no_design_can_do_is_refused(void **state)
{
    (void)state;
    refuse(GW_DESIGN_SOBOL, 4, 41, "at most 40 dimensions; got 41");
    refuse(GW_DESIGN_SOBOL, ((size_t)1 << 30) + 1, 1, "at most 1073741824 points");
    refuse(GW_DESIGN_RANDOM, 0, 3, "at least one point");
    refuse(GW_DESIGN_LATIN_HYPERCUBE, 3, 0, "at least one point");
    refuse(GW_DESIGN_GRID, 10, 2, "needs a 2-th power of points, such as 16; got 10");
    refuse(GW_DESIGN_LIST, 10, 2, "points of a list are given");
}

/* ---- Dependence --------------------------------------------------------------------------------------- */

static struct gw_copula *copula_of(const double *correlation, size_t d)
{
    struct gw_copula *copula = NULL;
    struct gw_error error = {0};
    if (gw_copula_create(&copula, correlation, d, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return copula;
}

/* Spearman's correlation is that of the uniforms themselves. An estimate from n pairs has a standard error below
 * 1 / sqrt(n) for the sum 12/n sum (u - 1/2)(v - 1/2), whose terms have variance at most 144/80 - rho^2 < 1.8. */
static void test_copula_gives_the_rank_correlation(void **state)
{
    (void)state;
    enum { N = 20000, D = 3 };
    const double correlation[D * D] = {1.0, 0.8, -0.5, 0.8, 1.0, 0.0, -0.5, 0.0, 1.0};
    struct gw_copula *copula = copula_of(correlation, D);
    double *u = filled(GW_DESIGN_RANDOM, N, D, SEED, 0);
    gw_copula_apply(copula, N, u);
    for (size_t a = 0; a < D; a++) {
        double mean = 0.0, square = 0.0;
        for (size_t i = 0; i < N; i++) {
            assert_true(u[i * D + a] > 0.0 && u[i * D + a] < 1.0);
            mean += u[i * D + a] / N;
            square += u[i * D + a] * u[i * D + a] / N;
        }
        assert_within_4_se(mean, 0.5, sqrt(1.0 / 12.0 / N));
        assert_within_4_se(square, 1.0 / 3.0, sqrt(4.0 / 45.0 / N));
        for (size_t b = 0; b < a; b++) {
            double sum = 0.0;
            for (size_t i = 0; i < N; i++) {
                sum += (u[i * D + a] - 0.5) * (u[i * D + b] - 0.5);
            }
            assert_within_4_se(12.0 * sum / N, 6.0 / M_PI * asin(correlation[a * D + b] / 2.0), sqrt(1.8 / N));
        }
    }
    free(u);
    gw_copula_free(copula);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The margin that is made anew, against the uniform by Kolmogorov's statistic: P(D > 2.2 / sqrt(n)) < 1.3e-4. */
static void test_copula_keeps_margins(void **state)
{
    (void)state;
    enum { N = 20000, D = 2 };
    const double correlation[D * D] = {1.0, -0.95, -0.95, 1.0};
    struct gw_copula *copula = copula_of(correlation, D);
    double *u = filled(GW_DESIGN_RANDOM, N, D, SEED, 1), *second = calloc(N, sizeof *second);
    assert_non_null(second);
    gw_copula_apply(copula, N, u);
    for (size_t i = 0; i < N; i++) {
        second[i] = u[i * D + 1];
    }
    qsort(second, N, sizeof *second, ascending);
    for (size_t i = 0; i < N; i++) {
        assert_true(fabs(second[i] - ((double)i + 0.5) / N) < 2.2 / sqrt(N));
    }
    free(u), free(second);
    gw_copula_free(copula);
}

static void test_what_is_not_correlated_stays_as_it_is(void **state)
{
    (void)state;
    enum { N = 100, D = 4 };
    const double correlation[D * D] = {1, 0, 0.3, 0, 0, 1, 0, 0, 0.3, 0, 1, 0, 0, 0, 0, 1};
    struct gw_copula *copula = copula_of(correlation, D);
    double *u = filled(GW_DESIGN_RANDOM, N, D, SEED, 0), *before = filled(GW_DESIGN_RANDOM, N, D, SEED, 0);
    gw_copula_apply(copula, N, u);
    for (size_t i = 0; i < (size_t)N * D; i++) {
        assert_true(i % D == 2 ? u[i] != before[i] : u[i] == before[i]);
    }
    free(u), free(before);
    gw_copula_free(copula);
}

/* With a correlation next to 1 both coordinates are the same number: the distribution function inverts the quantile,
 * in the tails as well. */
static void test_a_nearly_perfect_correlation(void **state)
{
    (void)state;
    const double r = 1.0 - 1e-15, correlation[] = {1.0, r, r, 1.0};
    struct gw_copula *copula = copula_of(correlation, 2);
    for (double t = -22.0; t < 22.0; t += 0.1) {
        double u[2] = {1.0 / (1.0 + exp(-t)), 0.5};
        const double before = u[0];
        gw_copula_apply(copula, 1, u);
        assert_true(u[0] == before && u[1] > 0.0 && u[1] < 1.0);
        assert_close(u[1], u[0], 1e-12, 2e-15);
    }
    gw_copula_free(copula);
}

static void refuse_correlation(const double *correlation, size_t d, const char *part)
{
    struct gw_copula *copula;
    struct gw_error error = {0};
    const int ret = gw_copula_create(&copula, correlation, d, &error);
    if (ret != GW_BAD_INPUT || copula != NULL || strstr(error.text, part) == NULL) {
        fail_msg("status %d, \"%s\" lacks \"%s\"", ret, error.text, part);
    }
}

static void test_impossible_correlations_are_refused(void **state)
{
    (void)state;
    refuse_correlation((const double[]){1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1}, 3, "contradict each other");
    refuse_correlation((const double[]){1, 0.5, 0.4, 1}, 2, "symmetric");
    refuse_correlation((const double[]){1, 1, 1, 1}, 2, "correlation 1 of inputs 1 and 2");
    refuse_correlation((const double[]){2, 0, 0, 1}, 2, "1 on its diagonal");
    refuse_correlation((const double[]){1, NAN, NAN, 1}, 2, "correlation nan");
    refuse_correlation(NULL, 0, "no inputs");
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_latin_hypercube_is_stratified),
        cmocka_unit_test(test_axes_of_a_latin_hypercube_are_unrelated),
        cmocka_unit_test(test_sobol_sequence_is_a_net),
        cmocka_unit_test(test_random_designs_are_uniform),
        cmocka_unit_test(test_sobol_sequence_integrates),
        cmocka_unit_test(test_a_design_is_a_function_of_its_numbers),
        cmocka_unit_test(test_grids),
        cmocka_unit_test(test_what_no_design_can_do_is_refused),
        cmocka_unit_test(test_copula_gives_the_rank_correlation),
        cmocka_unit_test(test_copula_keeps_margins),
        cmocka_unit_test(test_what_is_not_correlated_stays_as_it_is),
        cmocka_unit_test(test_a_nearly_perfect_correlation),
        cmocka_unit_test(test_impossible_correlations_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
