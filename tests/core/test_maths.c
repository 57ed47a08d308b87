/* The error bounds that core/maths.h states, against the C library in a wider type. */
#include "close.h"

#include "core/maths.h"

#include <gsl/gsl_cdf.h>

#include <float.h>
#include <limits.h>

static double relative_error(long double got, long double want)
{
    return (double)fabsl((got - want) / want);
}

/* ---- float32 ------------------------------------------------------------------------------------------- */

static void test_expf(void **state)
{
    (void)state;
    double worst = 0.0;
    for (double x = -87.0; x <= 88.0; x += 0x1p-14) {
        const float held = (float)x;
        worst = fmax(worst, relative_error(gw_expf(held), exp((double)held)));
    }
    assert_true(worst < 2e-7);
    assert_true(gw_expf(0.0f) == 1.0f);
    assert_true(gw_expf(-1e30f) == gw_expf(-87.0f) && gw_expf(1e30f) == gw_expf(88.0f));
    assert_true(gw_expf(-87.0f) > 0.0f && gw_expf(88.0f) < FLT_MAX);
}

static void test_logf(void **state)
{
    (void)state;
    for (int64_t bits = 0x00800000; bits < 0x7f800000; bits += 251) { /* the normal numbers, 8.5 million of them */
        const float x = gw_float_of_bits((int32_t)bits);
        assert_close(gw_logf(x), log((double)x), 1e-7, 1e-7);
    }
    assert_true(gw_logf(1.0f) == 0.0f);
}

static void test_normal_quantilef(void **state)
{
    (void)state;
    for (int k = 0; k < 1 << 23; k += k < 4096 || k > (1 << 23) - 4096 ? 1 : 7) {
        const float u = ((float)k + 0.5f) * 0x1p-23f;
        const double want = u < 0.5f ? gsl_cdf_ugaussian_Pinv(u) : gsl_cdf_ugaussian_Qinv(1.0 - (double)u);
        assert_close(gw_normal_quantilef(u), want, 0.0, 3e-6);
    }
}

static void test_sigmoidf(void **state)
{
    (void)state;
    for (double x = -80.0; x <= 80.0; x += 0x1p-10) {
        const float held = (float)x;
        assert_close(gw_sigmoidf(held), 1.0 / (1.0 + exp(-(double)held)), 4e-7, 0.0);
        assert_close((double)gw_sigmoidf(held) + (double)gw_sigmoidf(-held), 1.0, 0.0, 2e-7);
    }
    assert_true(gw_sigmoidf(0.0f) == 0.5f);
    assert_true(gw_sigmoidf(-1e9f) >= 0.0f && gw_sigmoidf(1e9f) == 1.0f);
    for (float p = 1.0f / 1024.0f; p < 1.0f; p += 1.0f / 1024.0f) {
        assert_close(gw_sigmoidf(gw_logitf(p)), p, 1e-6, 0.0);
    }
}

static void test_clamp(void **state)
{
    (void)state;
    assert_true(gw_clampf(2.0f, 0.0f, 1.0f) == 1.0f);
    assert_true(gw_clampf(-2.0f, 0.0f, 1.0f) == 0.0f);
    assert_true(gw_clampf(0.25f, 0.0f, 1.0f) == 0.25f);
}

/* ---- double -------------------------------------------------------------------------------------------- */

static void test_exp(void **state)
{
    (void)state;
    double worst = 0.0;
    for (double x = -700.0; x <= 700.0; x += 0.00137) {
        worst = fmax(worst, relative_error(gw_exp(x), expl((long double)x)));
    }
    assert_true(worst < 4e-16);
    assert_true(gw_exp(0.0) == 1.0 && gw_exp(-1e4) == 0.0 && isinf(gw_exp(1e4)) && isnan(gw_exp(NAN)));
}

static void test_log(void **state)
{
    (void)state;
    double worst = 0.0;
    for (double t = -708.0; t <= 709.0; t += 0.00131) {
        const double x = exp(t);
        worst = fmax(worst, relative_error(gw_log(x), logl((long double)x)));
    }
    for (double off = 1e-15; off < 0.5; off *= 1.003) { /* next to 1, where the logarithm vanishes */
        worst = fmax(worst, relative_error(gw_log(1.0 + off), logl(1.0L + (long double)(1.0 + off - 1.0))));
        worst = fmax(worst, relative_error(gw_log(1.0 - off), logl(1.0L + (long double)(1.0 - off - 1.0))));
    }
    assert_true(worst < 4e-16);
    assert_true(gw_log(1.0) == 0.0);
    assert_close(gw_log(0x1p-1074), -1074.0 * M_LN2, 4e-16, 0.0);
    assert_true(isinf(gw_log(0.0)) && isnan(gw_log(-1.0)));
}

/* The error of y ln x is absolute, so that of the power grows with its size. */
static void test_pow(void **state)
{
    (void)state;
    for (double x = 1e-6; x < 1e6; x *= 1.37) {
        for (double y = -8.0; y <= 8.0; y += 0.37) {
            assert_close(gw_pow(x, y), pow(x, y), 4e-16 * (2.0 + fabs(y * log(x))), 0.0);
        }
    }
    assert_true(gw_pow(0.0, 2.0) == 0.0 && gw_pow(0.0, 0.0) == 1.0 && gw_pow(3.0, 0.0) == 1.0);
}

static void test_sigmoid(void **state)
{
    (void)state;
    for (double x = -700.0; x <= 700.0; x += 0.173) {
        assert_close(gw_sigmoid(x), 1.0 / (1.0 + exp(-x)), 1e-15, 0.0);
        assert_close(gw_sigmoid(x) + gw_sigmoid(-x), 1.0, 0.0, 3e-16);
    }
    for (double p = 1e-12; p < 1.0; p *= 1.7) {
        assert_close(gw_sigmoid(gw_logit(p)), p, 1e-14, 0.0);
    }
}

/* Against long double over several turns, in steps that meet no symmetry; quarters and eighths exactly. */
static void test_turn(void **state)
{
    (void)state;
    const long double circle = 6.28318530717958647692528676655900577L;
    for (double turns = -3.0; turns <= 3.0; turns += 0x1p-14 * 0.987) {
        const struct gw_point p = gw_turn(turns);
        assert_close(p.x, (double)cosl(circle * (long double)turns), 0.0, 3e-16);
        assert_close(p.y, (double)sinl(circle * (long double)turns), 0.0, 3e-16);
        assert_close(p.x * p.x + p.y * p.y, 1.0, 0.0, 1e-15);
    }
    const struct gw_point quarter = gw_turn(0.25), half = gw_turn(-1.5), start = gw_turn(0.0);
    assert_true(quarter.x == 0.0 && quarter.y == 1.0 && half.x == -1.0 && half.y == 0.0 && start.x == 1.0);
    assert_close(gw_turn(1048575.125).x, sqrt(0.5), 0.0, 3e-16);
}

/* Uniform on the disc: the k-th moment of the radius is 2 / (k + 2), every sector holds its share. Summed over a grid
 * of n x n midpoints of the unit square, whose error here is below 1 / n. */
static void test_disc(void **state)
{
    (void)state;
    enum { N = 400 };
    double mean = 0.0, square = 0.0, x = 0.0, right = 0.0;
    for (int i = 0; i < N * N; i++) {
        const struct gw_point p = gw_disc(4.0, (i / N + 0.5) / N, (i % N + 0.5) / N);
        const double r = sqrt(p.x * p.x + p.y * p.y);
        assert_true(r <= 4.0);
        mean += r / (N * N);
        square += r * r / (N * N);
        x += p.x / (N * N);
        right += (p.x > 2.0) / (double)(N * N);
    }
    assert_close(mean, 4.0 * 2.0 / 3.0, 1e-4, 0.0);
    assert_close(square, 16.0 / 2.0, 1e-4, 0.0);
    assert_close(x, 0.0, 0.0, 1e-12);
    assert_close(right, (acos(0.5) - 0.5 * sqrt(0.75)) / acos(-1.0), 0.0, 1.0 / N); /* the segment beyond half way */
}

/* ---- Money --------------------------------------------------------------------------------------------- */

static void test_micro_rounds_half_to_even(void **state)
{
    (void)state;
    /* n / 128 money is n * 7812.5 micro, exactly */
    for (int64_t n = -100001; n <= 100001; n += 2) {
        const int64_t floor_of = (n * 15625 - 1) / 2; /* floor(n * 7812.5): n * 15625 is odd */
        const int64_t even = floor_of % 2 == 0 ? floor_of : floor_of + 1;
        assert_int_equal(gw_micro((double)n / 128.0), even);
    }
}

static void test_micro(void **state)
{
    (void)state;
    assert_int_equal(gw_micro(0.0), 0);
    assert_int_equal(gw_micro(-0.0), 0);
    assert_int_equal(gw_micro(12.345678), 12345678);
    assert_int_equal(gw_micro(-0.0000014), -1);
    assert_int_equal(gw_micro(0.0000016), 2);
    assert_int_equal(gw_micro(2e9), INT64_C(2000000000000000));
    assert_int_equal(gw_micro(-2e9), INT64_C(-2000000000000000));
    for (double x = 0.001; x < 1e9; x *= 1.001) {
        assert_int_equal(gw_micro(x), (int64_t)llrint(x * 1e6));
        assert_int_equal(gw_micro(-x), -gw_micro(x));
    }
}

/* The normal of a precise uniform keeps its accuracy in both tails. */
static void test_normal_of_precise_uniform(void **state)
{
    (void)state;
    for (double tail = 0.5; tail > 1e-7; tail *= 0.93) {
        assert_close((double)gw_normal_of_precise(tail), gsl_cdf_ugaussian_Pinv(tail), 0.0, 3e-6);
        assert_close((double)gw_normal_of_precise(1.0 - tail), gsl_cdf_ugaussian_Qinv(tail), 0.0, 3e-6);
    }
}

/* 1 - (1 - p)^n against the double functions; p itself for n = 1. */
static void test_repeat(void **state)
{
    (void)state;
    for (double p = 1e-7; p < 0.999; p *= 1.07) {
        for (int n = 1; n <= 600; n = 2 * n + 1) {
            const float given = (float)p;
            const double want = n == 1 ? (double)given : -expm1(n * log1p(-(double)given));
            assert_close((double)gw_repeatf(given, (float)n), want, n == 1 ? 0.0 : 2e-6, 0.0);
        }
    }
    assert_true(gw_repeatf(0.0f, 5.0f) == 0.0f);
    assert_true(gw_repeatf(1.0f, 5.0f) == 1.0f);
}

/* The largest k with u < P(K >= k), on a grid of u, from the probabilities themselves. */
static void test_successes(void **state)
{
    (void)state;
    static const double chances[] = {0.001, 0.05, 0.4, 0.5, 0.7, 0.98};
    for (size_t c = 0; c < sizeof chances / sizeof *chances; c++) {
        for (int n = 1; n <= 12; n++) {
            double tail[14] = {0};
            for (int k = n; k >= 0; k--) {
                const double ways = exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0));
                tail[k] = tail[k + 1] + ways * pow(chances[c], k) * pow(1.0 - chances[c], n - k);
            }
            for (double u = 0.00171; u < 1.0; u += 0.00317) {
                const int k = gw_successes((float)u, n, (float)chances[c]);
                assert_true((k == 0 || u < tail[k] + 1e-6) && u > tail[k + 1] - 1e-6);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repeat),
        cmocka_unit_test(test_successes),
        cmocka_unit_test(test_normal_of_precise_uniform),
        cmocka_unit_test(test_expf),
        cmocka_unit_test(test_logf),
        cmocka_unit_test(test_normal_quantilef),
        cmocka_unit_test(test_sigmoidf),
        cmocka_unit_test(test_clamp),
        cmocka_unit_test(test_exp),
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_pow),
        cmocka_unit_test(test_sigmoid),
        cmocka_unit_test(test_turn),
        cmocka_unit_test(test_disc),
        cmocka_unit_test(test_micro_rounds_half_to_even),
        cmocka_unit_test(test_micro),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
