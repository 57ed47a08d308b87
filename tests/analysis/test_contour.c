/* Break-even lines against lines and circles. */
#include "analysis/contour.h"

#include "close.h"
#include "luck.h"
#include "sample.h"

#include "analysis/functional.h"

#include <string.h>

enum { N = 50 };
static const double pi = 3.14159265358979323846;

static struct gw_contour_options options(double low, double high, unsigned cells)
{
    return (struct gw_contour_options){
        .low = {low, low}, .high = {high, high}, .cells = cells, .replications = N, .level = 0.95};
}

static double plane(const double *x, uint64_t seed, uint32_t r)
{
    return x[0] + 2.0 * x[1] - 1.5 + 0.5 * luck(seed, r, 0);
}

static double circle(const double *x, uint64_t seed, uint32_t r)
{
    return 0.25 - x[0] * x[0] - x[1] * x[1] + 0.01 * luck(seed, r, 0);
}

static double hyperbola(const double *x, uint64_t seed, uint32_t r)
{
    (void)seed, (void)r;
    return x[0] * x[1] - 0.001;
}

static double positive(const double *x, uint64_t seed, uint32_t r)
{
    return 1.0 + x[0] + 0.01 * luck(seed, r, 0);
}

static double undefined_corner(const double *x, uint64_t seed, uint32_t r)
{
    return x[0] + x[1] > 1.99 ? NAN : plane(x, seed, r);
}

static double length(const struct gw_contour_segment *s)
{
    return hypot(s->x1 - s->x0, s->y1 - s->y0);
}

/* Linear functions are interpolated without error: the three lines are x + 2 y = 1.5 - mean -+ half-width. */
static void test_plane(void **state)
{
    struct noisy noisy = {.seed = 4, .dimensions = 2, .at = plane};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const struct gw_contour_options o = options(0.0, 1.0, 16);
    struct gw_contour c;
    struct sample sample = {0};
    (void)state;
    for (uint32_t r = 0; r < N; r++) {
        sample_add(&sample, 0.5 * luck(4, r, 0));
    }
    const double half = gw_functional_critical(0.95, N) * sample_mean_se(&sample);
    const double at[GW_LINES] = {0.0, half, -half};
    assert_int_equal(gw_contour_find(&response, &o, &c, NULL), 0);
    for (int line = 0; line < GW_LINES; line++) {
        const double want = 1.5 - sample_mean(&sample) + at[line];
        double all = 0.0;
        assert_true(c.segments[line] > 0);
        for (size_t k = 0; k < c.segments[line]; k++) {
            const struct gw_contour_segment *s = &c.segment[line][k];
            assert_close(s->x0 + 2.0 * s->y0, want, 0.0, 1e-9);
            assert_close(s->x1 + 2.0 * s->y1, want, 0.0, 1e-9);
            all += length(s);
        }
        assert_close(all, hypot(1.0, 0.5), 0.0, 1e-9); /* from x = 0 to x = 1 without a gap */
    }
    assert_true(c.evaluated < 17 * 17);
    assert_int_equal(noisy.asked, c.evaluated * N);
    gw_contour_free(&c);
}

/* Chords of a circle of radius R whose ends are off by at most h^2 / 4 (linear interpolation of -x^2) / (2 R). */
static void test_circle(void **state)
{
    struct noisy noisy = {.seed = 9, .dimensions = 2, .at = circle};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const struct gw_contour_options o = options(-1.0, 1.0, 64);
    const double h = 2.0 / 64;
    struct gw_contour c;
    double all = 0.0, luck_of_all = 0.0;
    (void)state;
    for (uint32_t r = 0; r < N; r++) {
        luck_of_all += 0.01 * luck(9, r, 0) / N;
    }
    const double radius = sqrt(0.25 + luck_of_all);
    assert_int_equal(gw_contour_find(&response, &o, &c, NULL), 0);
    for (size_t k = 0; k < c.segments[GW_LINE_MEAN]; k++) {
        const struct gw_contour_segment *s = &c.segment[GW_LINE_MEAN][k];
        assert_close(hypot(s->x0, s->y0), radius, 0.0, h * h / (8.0 * radius) * 1.01);
        all += length(s);
    }
    assert_close(all, 2.0 * pi * radius, 0.005, 0.0);
    assert_close(c.above + c.undecided / 2.0, pi * radius * radius / 4.0, 0.0, 0.02);
    assert_close(c.above + c.below + c.undecided, 1.0, 0.0, 1e-12);
    assert_true(c.undecided > 0.0);
    assert_true(c.evaluated < 65 * 65 / 3);
    gw_contour_free(&c);
}

/* A bilinear function: its two branches stay apart, though the middle of the saddle's cell is above. */
static void test_saddle(void **state)
{
    struct noisy noisy = {.dimensions = 2, .at = hyperbola};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const struct gw_contour_options o = options(-1.0, 1.1, 4);
    struct gw_contour c;
    (void)state;
    assert_int_equal(gw_contour_find(&response, &o, &c, NULL), 0);
    assert_true(c.segments[GW_LINE_MEAN] > 0);
    for (size_t k = 0; k < c.segments[GW_LINE_MEAN]; k++) {
        const struct gw_contour_segment *s = &c.segment[GW_LINE_MEAN][k];
        assert_true((s->x0 > 0.0) == (s->x1 > 0.0) && (s->y0 > 0.0) == (s->y1 > 0.0));
    }
    gw_contour_free(&c);
}

/* Where nothing differs (x = 0) the measure is 0 exactly: no line. The one at x = 0.5, on nodes, is found. */
static double exact(const double *x, uint64_t seed, uint32_t r)
{
    (void)seed, (void)r;
    return x[0] * (0.5 - x[0]);
}

static double exact_in_part(const double *x, uint64_t seed, uint32_t r)
{
    (void)seed, (void)r;
    return -x[0] * (1.0 + x[1]);
}

static void test_exact_zeros(void **state)
{
    struct noisy noisy = {.dimensions = 2, .at = exact};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const struct gw_contour_options o = options(0.0, 1.0, 16);
    struct gw_contour c;
    (void)state;
    assert_int_equal(gw_contour_find(&response, &o, &c, NULL), 0);
    assert_int_equal(c.segments[GW_LINE_MEAN], 16);
    for (size_t k = 0; k < 16; k++) {
        assert_true(c.segment[GW_LINE_MEAN][k].x0 == 0.5 && c.segment[GW_LINE_MEAN][k].x1 == 0.5);
    }
    gw_contour_free(&c);
    noisy.at = exact_in_part;
    assert_int_equal(gw_contour_find(&response, &o, &c, NULL), 0);
    assert_int_equal(c.segments[GW_LINE_MEAN], 0);
    assert_int_equal(c.evaluated, 25);
    gw_contour_free(&c);
}

static void test_no_line(void **state)
{
    struct noisy noisy = {.seed = 2, .dimensions = 2, .at = positive};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    const struct gw_contour_options o = options(0.0, 1.0, 64);
    struct gw_contour c;
    (void)state;
    assert_int_equal(gw_contour_find(&response, &o, &c, NULL), 0);
    assert_int_equal(c.segments[GW_LINE_MEAN] + c.segments[GW_LINE_LOW] + c.segments[GW_LINE_HIGH], 0);
    assert_int_equal(c.evaluated, 25); /* coarse nodes alone */
    assert_close(c.least, 1.0, 0.0, 0.01);
    assert_close(c.most, 2.0, 0.0, 0.01);
    assert_true(c.above == 1.0 && c.below == 0.0);
    assert_close(c.field[GW_LINE_MEAN][33], 1.0 + c.x[33] + c.least - 1.0, 0.0, 1e-9); /* between nodes */
    gw_contour_free(&c);
}

/* Where the true line is, the band holds it as often as it says. */
static void test_band_coverage(void **state)
{
    enum { MACRO = 1000 };
    double covered = 0.0;
    (void)state;
    for (uint64_t seed = 0; seed < MACRO; seed++) {
        struct noisy noisy = {.seed = seed, .dimensions = 2, .at = plane};
        const struct gw_response response = NOISY_RESPONSE(&noisy);
        const struct gw_contour_options o = options(0.0, 1.0, 4);
        struct gw_contour c;
        assert_int_equal(gw_contour_find(&response, &o, &c, NULL), 0);
        const size_t node = 2 * 5 + 2; /* (0.5, 0.5): on the line */
        covered += c.field[GW_LINE_LOW][node] <= 0.0 && c.field[GW_LINE_HIGH][node] >= 0.0;
        gw_contour_free(&c);
    }
    assert_within_4_se(covered / MACRO, 0.95, share_se(0.95, MACRO));
}

static void test_failures(void **state)
{
    struct noisy noisy = {.seed = 2, .dimensions = 2, .at = undefined_corner};
    const struct gw_response response = NOISY_RESPONSE(&noisy);
    struct gw_contour_options o = options(0.0, 1.0, 4);
    struct gw_contour c;
    struct gw_error error = {0};
    (void)state;
    assert_int_equal(gw_contour_find(&response, &o, &c, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "at (1, 1) the measure is defined in 0 of 50 replications"));
    gw_contour_free(&c);
    o.cells = GW_MOST_CELLS + 1;
    assert_int_equal(gw_contour_find(&response, &o, &c, NULL), GW_BAD_INPUT);
    gw_contour_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plane),    cmocka_unit_test(test_circle),      cmocka_unit_test(test_saddle),
        cmocka_unit_test(test_no_line),  cmocka_unit_test(test_exact_zeros), cmocka_unit_test(test_band_coverage),
        cmocka_unit_test(test_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
