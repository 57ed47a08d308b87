/*
 * Arithmetic with the same bits on every CPU and compiler.
 *
 * Part 1, float32, inline: called inside vectorised loops over customers. Branch-free, every fused
 * multiply-add spelled fmaf(), no libm. Errors are bounded in tests/core/test_maths.c.
 * Part 2, double: plain scalar functions for start-up values, firms and money; only + - * / and sqrt.
 *
 * Build with -ffp-contract=off and never with -ffast-math (it folds the rounding constants away).
 */
#ifndef GW_CORE_MATHS_H
#define GW_CORE_MATHS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline int32_t gw_bits_of_float(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float gw_float_of_bits(int32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline float gw_minf(float a, float b)
{
    return a < b ? a : b;
}

static inline float gw_maxf(float a, float b)
{
    return a > b ? a : b;
}

static inline float gw_clampf(float x, float low, float high)
{
    return gw_minf(gw_maxf(x, low), high);
}

/* e^x. Argument held to [-87, 88]; relative error < 2e-7. Method: x = n ln 2 + r, Cephes polynomial in r. */
static inline float gw_expf(float x)
{
    const float held = gw_clampf(x, -87.0f, 88.0f);
    const float shifted = fmaf(held, 1.44269504088896341f, 12582912.0f); /* rounds to the nearest integer */
    const float n = shifted - 12582912.0f;
    float r = fmaf(n, -0.693359375f, held);
    r = fmaf(n, 2.12194440e-4f, r);
    float p = 1.9875691500e-4f;
    p = fmaf(p, r, 1.3981999507e-3f);
    p = fmaf(p, r, 8.3334519073e-3f);
    p = fmaf(p, r, 4.1665795894e-2f);
    p = fmaf(p, r, 1.6666665459e-1f);
    p = fmaf(p, r, 5.0000001201e-1f);
    p = fmaf(p * r, r, r) + 1.0f;
    return gw_float_of_bits(gw_bits_of_float(p) + (int32_t)n * (1 << 23)); /* a shift, defined for n < 0 too */
}

/* Natural logarithm of a positive normal number; absolute error < 1e-7 + relative 1e-7. Cephes polynomial. */
static inline float gw_logf(float x)
{
    const int32_t bits = gw_bits_of_float(x);
    const int32_t upper = bits - 0x3f3504f3; /* sqrt(1/2): brings the mantissa into [sqrt(1/2), sqrt 2) */
    const int32_t exponent = upper >> 23;
    const float m = gw_float_of_bits((upper & 0x007fffff) + 0x3f3504f3) - 1.0f;
    const float e = (float)exponent;
    const float z = m * m;
    float p = 7.0376836292e-2f;
    p = fmaf(p, m, -1.1514610310e-1f);
    p = fmaf(p, m, 1.1676998740e-1f);
    p = fmaf(p, m, -1.2420140846e-1f);
    p = fmaf(p, m, 1.4249322787e-1f);
    p = fmaf(p, m, -1.6668057665e-1f);
    p = fmaf(p, m, 2.0000714765e-1f);
    p = fmaf(p, m, -2.4999993993e-1f);
    p = fmaf(p, m, 3.3333331174e-1f);
    float y = p * m * z;
    y = fmaf(e, -2.12194440e-4f, y);
    y = fmaf(z, -0.5f, y);
    return fmaf(e, 0.693359375f, m + y);
}

/* 1 / (1 + e^-x) */
static inline float gw_sigmoidf(float x)
{
    return 1.0f / (1.0f + gw_expf(-x));
}

/* ln(1 - p), p in [0, 1]; about -87 for p = 1. By the rounding error of 1 - p it is corrected to first order. */
static inline float gw_log_restf(float p)
{
    const float rest = 1.0f - p, lost = (1.0f - rest) - p;
    return gw_logf(gw_maxf(rest, 1.2e-38f)) + (p < 0.5f ? lost / rest : 0.0f);
}

/* 1 - e^-x, x >= 0; relative error < 5e-7. By the series where the difference would lose digits. */
static inline float gw_lostf(float x)
{
    float series = fmaf(x, 1.0f / 120.0f, -1.0f / 24.0f);
    series = fmaf(x, series, 1.0f / 6.0f);
    series = fmaf(x, series, -0.5f);
    series = fmaf(x * x, series, x);
    return x < 0.125f ? series : 1.0f - gw_expf(-x);
}

/* 1 - (1 - p)^n: what becomes of a probability, or of a share of the way to a target, that counts n times; p itself,
 * to the bit, for n = 1. */
static inline float gw_repeatf(float p, float n)
{
    const float many = gw_lostf(-n * gw_log_restf(p));
    return n > 1.0f ? many : p;
}

/* ln(p / (1 - p)) for p inside (0, 1) */
static inline float gw_logitf(float p)
{
    return gw_logf(p / (1.0f - p));
}

/* Standard normal quantile of u in (0, 1). Giles 2010, "Approximating the erfinv function" (GPU Computing Gems);
 * absolute error < 3e-6 over all 2^23 uniforms. */
static inline float gw_normal_quantilef(float u)
{
    const float x = 2.0f * u - 1.0f;
    const float w = -gw_logf(4.0f * u * (1.0f - u));
    const float a = w - 2.5f;
    float central = 2.81022636e-08f;
    central = fmaf(central, a, 3.43273939e-07f);
    central = fmaf(central, a, -3.5233877e-06f);
    central = fmaf(central, a, -4.39150654e-06f);
    central = fmaf(central, a, 0.00021858087f);
    central = fmaf(central, a, -0.00125372503f);
    central = fmaf(central, a, -0.00417768164f);
    central = fmaf(central, a, 0.246640727f);
    central = fmaf(central, a, 1.50140941f);
    const float b = sqrtf(gw_maxf(w, 0.0f)) - 3.0f;
    float tail = -0.000200214257f;
    tail = fmaf(tail, b, 0.000100950558f);
    tail = fmaf(tail, b, 0.00134934322f);
    tail = fmaf(tail, b, -0.00367342844f);
    tail = fmaf(tail, b, 0.00573950773f);
    tail = fmaf(tail, b, -0.0076224613f);
    tail = fmaf(tail, b, 0.00943887047f);
    tail = fmaf(tail, b, 1.00167406f);
    tail = fmaf(tail, b, 2.83297682f);
    return (w < 5.0f ? central : tail) * x * 1.41421356f;
}

/* The same of a precise uniform: through the nearer tail, where float32 keeps its precision. Beyond 2^-24 the tail is
 * cut. */
static inline float gw_normal_of_precise(double u)
{
    const double tail = u < 0.5 ? u : 1.0 - u;
    const float z = gw_normal_quantilef((float)(tail > 0x1p-24 ? tail : 0x1p-24));
    return u < 0.5 ? z : -z;
}

/* ---- Part 2: double ---------------------------------------------------------------------------- */

double gw_exp(double x);           /* relative error < 4e-16 for |x| < 700; 0 below, HUGE_VAL above */
double gw_log(double x);           /* relative error < 4e-16; x must be positive and finite */
double gw_pow(double x, double y); /* x > 0, or x == 0 with y > 0 */
double gw_sigmoid(double x);
double gw_logit(double p);

/* Successes of n <= 1000 trials by one uniform: the largest k with u < P(K >= k), K binomial; for n = 1 whether
 * u < p. */
int32_t gw_successes_of_many(double u, int32_t n, double p);

/* For most u there is none, as P(K >= 1) <= n p; the margin covers rounding. */
static inline bool gw_any_success(float u, int32_t n, float p)
{
    return u < 1.000001f * p * (float)n;
}

/* Of the others most are one: P(K >= 2) <= n (n - 1) / 2 p^2 and P(K >= 1) >= n p less that (Bonferroni); the margins
 * cover rounding. */
static inline bool gw_one_success(float u, int32_t n, float p)
{
    const double x = (double)u, many = (double)n * (double)p, pairs = 0.5 * many * ((double)(n - 1) * (double)p);
    return (x > 1.000001 * pairs + 1e-12) & (x < 0.999999 * (many - pairs) - 1e-12);
}

static inline int32_t gw_successes(float u, int32_t n, float p)
{
    if (!gw_any_success(u, n, p)) {
        return 0;
    }
    if (gw_one_success(u, n, p)) {
        return 1;
    }
    return n == 1 ? u < p : gw_successes_of_many((double)u, n, (double)p);
}

/* A point of the plane. */
struct gw_point {
    double x, y;
};

/* The point of the unit circle `turns` full turns from (1, 0), anticlockwise; absolute error < 3e-16 each for
 * |turns| < 2^20. */
struct gw_point gw_turn(double turns);

/* Uniform on the disc around (0, 0) when a, b in (0, 1) are independent uniforms: radius sqrt(a) by inversion of its
 * distribution function (r / radius)^2. */
struct gw_point gw_disc(double radius, double a, double b);

/* Money and other sums: integers of 1e-6, rounded half to even, once per event. |x| < 2e9. */
#define GW_MICRO 1000000.0
static inline int64_t gw_micro(double x)
{
    const double magic = 6755399441055744.0; /* 1.5 * 2^52: adding it leaves the rounded integer in the low bits */
    const double shifted = x * GW_MICRO + magic;
    int64_t bits, offset;
    memcpy(&bits, &shifted, sizeof bits);
    memcpy(&offset, &magic, sizeof offset);
    return bits - offset;
}

/* The response of something good to what is spent on it, x^c / (1 + x^c), from 0 to 1 and one half at x = 1; x is the
 * spend in units of what brings half (ADBUDG: Little 1970, Management Science 16(8)). */
static inline double gw_adbudg(double x, double curve)
{
    return x > 0.0 ? 1.0 / (1.0 + gw_exp(-curve * gw_log(x))) : 0.0;
}

#endif
