/* Roots of noisy functions against known answers. */
#include "analysis/root.h"

#include "close.h"
#include "luck.h"
#include "sample.h"

#include <string.h>

static struct gw_root_options options(double low, double high)
{
    return (struct gw_root_options){
        .low = low, .high = high, .points = 9, .replications = 100, .most = 100, .level = 0.95};
}

static double mean_luck(uint64_t seed, uint32_t n, uint32_t which)
{
    double sum = 0.0;
    for (uint32_t r = 0; r < n; r++) {
        sum += luck(seed, r, which);
    }
    return sum / n;
}

static double line(const double *x, uint64_t seed, uint32_t r)
{
    return 2.0 * (x[0] - 3.0) + luck(seed, r, 0);
}

static double spreading(const double *x, uint64_t seed, uint32_t r)
{
    return 3.0 - x[0] + luck(seed, r, 0) + 0.5 * x[0] * luck(seed, r, 1);
}

/* (x - 1) (x - 4) (x - 6), the same in every replication but for a little shift. */
static double cubic(const double *x, uint64_t seed, uint32_t r)
{
    return (x[0] - 1.0) * (x[0] - 4.0) * (x[0] - 6.0) + 0.01 * luck(seed, r, 0);
}

static double square(const double *x, uint64_t seed, uint32_t r)
{
    return x[0] * x[0] + 1.0 + 0.1 * luck(seed, r, 0);
}

static double faint(const double *x, uint64_t seed, uint32_t r)
{
    return 0.02 + 0.001 * x[0] + luck(seed, r, 0) - mean_luck(seed, 100, 0);
}

static double certain(const double *x, uint64_t seed, uint32_t r)
{
    (void)seed, (void)r;
    return 5.0 * x[0] * (0.7 - x[0]);
}

static double nothing(const double *x, uint64_t seed, uint32_t r)
{
    (void)x, (void)seed, (void)r;
    return 0.0;
}

static double undefined_above_two(const double *x, uint64_t seed, uint32_t r)
{
    return x[0] > 2.0 && r > 0 ? NAN : line(x, seed, r);
}

/* The root of the sample mean is 3 - mean / 2, and as the luck is the same at every x its interval has half-width
 * t sd / (2 sqrt n). */
static void test_line(void **state)
{
    struct noisy noisy = {.seed = 11, .dimensions = 1, .at = line};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    struct gw_root_options o = options(0.0, 8.0);
    struct gw_roots roots;
    struct sample sample = {0};
    (void)state;
    o.tolerance = 1e-9;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
    for (uint32_t r = 0; r < 100; r++) {
        sample_add(&sample, luck(11, r, 0));
    }
    const double half = gw_functional_critical(0.95, 100) * sample_mean_se(&sample) / 2.0;
    assert_int_equal(roots.roots, 1);
    assert_close(roots.root[0].x, 3.0 - sample_mean(&sample) / 2.0, 0.0, 1e-8);
    assert_close(roots.root[0].high - roots.root[0].x, half, 1e-6, 0.0);
    assert_close(roots.root[0].x - roots.root[0].low, half, 1e-6, 0.0);
    assert_true(roots.root[0].rising && !roots.root[0].open_low && !roots.root[0].open_high);
    gw_roots_free(&roots);
}

/* Normal luck makes the level exact at the true root, also where the spread depends on x. Two-sided false-alarm rate
 * of each check under fresh seeds: 6e-5. */
static void check_coverage(double (*at)(const double *, uint64_t, uint32_t), double root)
{
    enum { MACRO = 2000 };
    double covered = 0.0;
    for (uint64_t seed = 0; seed < MACRO; seed++) {
        struct noisy noisy = {.seed = seed, .dimensions = 1, .at = at};
        const struct gw_response response = NOISY_RESPONSE(&noisy);
        struct gw_root_options o = options(0.0, 8.0);
        struct gw_roots roots;
        o.replications = o.most = 30;
        assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
        assert_int_equal(roots.roots, 1);
        covered += roots.root[0].low <= root && root <= roots.root[0].high;
        gw_roots_free(&roots);
    }
    assert_within_4_se(covered / MACRO, 0.95, share_se(0.95, MACRO));
}

static void test_coverage(void **state)
{
    (void)state;
    check_coverage(line, 3.0);
    check_coverage(spreading, 3.0);
}

static void test_several(void **state)
{
    struct noisy noisy = {.seed = 5, .dimensions = 1, .at = cubic};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const struct gw_root_options o = options(0.0, 8.0);
    const double want[3] = {1.0, 4.0, 6.0}, slope[3] = {15.0, -6.0, 10.0};
    struct gw_roots roots;
    (void)state;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
    assert_int_equal(roots.roots, 3);
    for (int k = 0; k < 3; k++) {
        assert_close(roots.root[k].x, want[k], 0.0, 1e-3 + 4.0 * 0.001 / fabs(slope[k]));
        assert_int_equal(roots.root[k].rising, slope[k] > 0.0);
    }
    assert_int_equal(roots.sign, 0);
    gw_roots_free(&roots);
}

static void test_no_crossing(void **state)
{
    struct noisy noisy = {.seed = 5, .dimensions = 1, .at = square};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const struct gw_root_options o = options(-1.0, 1.0);
    struct gw_roots roots;
    (void)state;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
    assert_int_equal(roots.roots, 0);
    assert_int_equal(roots.sign, 1);
    assert_false(roots.undecided);
    assert_close(roots.mean[8].value, 2.0, 0.0, 0.04);
    gw_roots_free(&roots);
    noisy.at = faint;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
    assert_int_equal(roots.sign, 1);
    assert_true(roots.undecided);
    gw_roots_free(&roots);
}

/* The difference is 0 where nothing is changed: that is no break-even, and the one beyond it is found. Without luck
 * its interval has no length. */
static void test_exact_zeros(void **state)
{
    struct noisy noisy = {.dimensions = 1, .at = certain};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const struct gw_root_options o = options(0.0, 1.0);
    struct gw_roots roots;
    (void)state;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
    assert_int_equal(roots.roots, 1);
    assert_int_equal(roots.zeros, 1);
    assert_close(roots.root[0].x, 0.7, 0.0, 1e-4);
    assert_close(roots.root[0].low, 0.7, 0.0, 1e-4);
    assert_close(roots.root[0].high, 0.7, 0.0, 1e-4);
    gw_roots_free(&roots);
    noisy.at = nothing;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
    assert_int_equal(roots.roots + (size_t)(roots.sign != 0), 0);
    assert_int_equal(roots.zeros, o.points);
    gw_roots_free(&roots);
}

/* The half-width is about 2 / (2 sqrt n): 0.05 takes some 400 replications, in rounds 50, 100, 200, 400, ... */
static void test_rounds(void **state)
{
    struct noisy noisy = {.seed = 3, .dimensions = 1, .at = line};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    struct gw_root_options o = options(0.0, 8.0);
    struct gw_roots roots;
    (void)state;
    o.replications = 50;
    o.most = 10000;
    o.half_width = 0.05;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
    assert_true(roots.reached);
    assert_true(roots.root[0].high - roots.root[0].low <= 0.1);
    assert_in_range(roots.replications, 200, 800);
    gw_roots_free(&roots);
    o.most = 100;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
    assert_false(roots.reached);
    assert_int_equal(roots.replications, 100);
    gw_roots_free(&roots);
}

static void test_open(void **state)
{
    struct noisy noisy = {.seed = 3, .dimensions = 1, .at = line};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const double root = 3.0 - mean_luck(3, 100, 0) / 2.0;
    const struct gw_root_options o = options(root - 0.01, 8.0);
    struct gw_roots roots;
    (void)state;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), 0);
    assert_int_equal(roots.roots, 1);
    assert_true(roots.root[0].open_low && !roots.root[0].open_high);
    assert_true(roots.root[0].low == o.low);
    gw_roots_free(&roots);
}

static int stops(void *context, const double *x, size_t points, uint32_t first, uint32_t count, double *value,
                 struct gw_error *error)
{
    int *left = context;
    struct noisy noisy = {.seed = 1, .dimensions = 1, .at = line};
    return (*left)-- == 0 ? GW_STOPPED : noisy_evaluate(&noisy, x, points, first, count, value, error);
}

static void test_failures(void **state)
{
    struct noisy noisy = {.seed = 3, .dimensions = 1, .at = undefined_above_two};
    struct gw_response response = NOISY_RESPONSE(&noisy);
    struct gw_root_options o = options(0.0, 8.0);
    struct gw_roots roots;
    struct gw_error error = {0};
    (void)state;
    assert_int_equal(gw_roots_find(&response, &o, &roots, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "at 3 the measure is defined in 1 of 100 replications"));
    gw_roots_free(&roots);
    for (int calls = 0; calls < 4; calls++) {
        int left = calls;
        response.evaluate = stops;
        response.context = &left;
        assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), GW_STOPPED);
        gw_roots_free(&roots);
    }
    o.high = o.low;
    assert_int_equal(gw_roots_find(&response, &o, &roots, NULL), GW_BAD_INPUT);
    gw_roots_free(&roots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),        cmocka_unit_test(test_coverage),    cmocka_unit_test(test_several),
        cmocka_unit_test(test_no_crossing), cmocka_unit_test(test_exact_zeros), cmocka_unit_test(test_rounds),
        cmocka_unit_test(test_open),        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
