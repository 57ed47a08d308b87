#include "core/maths.h"

#include <float.h>
#include <stdbool.h>

static double scaled(double x, int exponent)
{
    const int64_t bits = (int64_t)(exponent + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return x * power;
}

/* x = n ln 2 + r with |r| <= 0.347; Taylor series to r^13, whose remainder is below 1e-17. */
double gw_exp(double x)
{
    static const double inverse_factorial[] = {1.0 / 6227020800.0,
                                               1.0 / 479001600.0,
                                               1.0 / 39916800.0,
                                               1.0 / 3628800.0,
                                               1.0 / 362880.0,
                                               1.0 / 40320.0,
                                               1.0 / 5040.0,
                                               1.0 / 720.0,
                                               1.0 / 120.0,
                                               1.0 / 24.0,
                                               1.0 / 6.0,
                                               1.0 / 2.0,
                                               1.0,
                                               1.0};
    if (!(x > -708.0)) {
        return x != x ? x : 0.0;
    }
    if (x > 709.0) {
        return HUGE_VAL;
    }
    const double shifted = x * 1.4426950408889634 + 6755399441055744.0;
    const double n = shifted - 6755399441055744.0;
    const double r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    double p = 0.0;
    for (size_t i = 0; i < sizeof inverse_factorial / sizeof *inverse_factorial; i++) {
        p = p * r + inverse_factorial[i];
    }
    return n > 1022.0 ? scaled(scaled(p, 1022), (int)n - 1022) : scaled(p, (int)n);
}

/* x = 2^e m with m in [sqrt(1/2), sqrt 2); ln m = 2 artanh s, s = (m - 1)/(m + 1), |s| < 0.172. */
double gw_log(double x)
{
    int64_t bits;
    int exponent = 0;
    if (!(x > 0.0) || x > DBL_MAX) {
        return x == 0.0 ? -HUGE_VAL : x > DBL_MAX ? x : NAN;
    }
    if (x < DBL_MIN) {
        x *= 0x1p54;
        exponent = -54;
    }
    memcpy(&bits, &x, sizeof bits);
    const int64_t upper = bits - 0x3fe6a09e667f3bcdLL;
    exponent += (int)(upper >> 52);
    bits = (upper & 0x000fffffffffffffLL) + 0x3fe6a09e667f3bcdLL;
    double m;
    memcpy(&m, &bits, sizeof m);
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    double tail = 0.0;
    for (int k = 25; k >= 3; k -= 2) {
        tail = tail * z + 2.0 / k;
    }
    const double e = (double)exponent;
    /* ln m = f - s (f - z tail): keeps full precision near m = 1 (as in fdlibm's log) */
    return e * 6.93147180369123816490e-01 + (f - (s * (f - z * tail) - e * 1.90821492927058770002e-10));
}

double gw_pow(double x, double y)
{
    return x == 0.0 ? (y == 0.0 ? 1.0 : 0.0) : gw_exp(y * gw_log(x));
}

double gw_sigmoid(double x)
{
    return 1.0 / (1.0 + gw_exp(-x));
}

double gw_logit(double p)
{
    return gw_log(p / (1.0 - p));
}

/* Taylor series on |x| <= pi/4, where the first term left out is below 3e-18. */
static double sine(double x)
{
    static const double inverse_factorial[] = {
        1.0 / 355687428096000.0, -1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0,
        1.0 / 362880.0,          -1.0 / 5040.0,          1.0 / 120.0,        -1.0 / 6.0};
    const double z = x * x;
    double p = 0.0;
    for (size_t i = 0; i < sizeof inverse_factorial / sizeof *inverse_factorial; i++) {
        p = p * z + inverse_factorial[i];
    }
    return x + x * z * p;
}

static double cosine(double x)
{
    static const double inverse_factorial[] = {
        1.0 / 20922789888000.0, -1.0 / 87178291200.0, 1.0 / 479001600.0, -1.0 / 3628800.0,
        1.0 / 40320.0,          -1.0 / 720.0,         1.0 / 24.0};
    const double z = x * x;
    double p = 0.0;
    for (size_t i = 0; i < sizeof inverse_factorial / sizeof *inverse_factorial; i++) {
        p = p * z + inverse_factorial[i];
    }
    return 1.0 - z * (0.5 - z * p);
}

/* turns = n / 4 + rest exactly, |rest| <= 1/8, so that the argument of the series carries one rounding only. */
struct gw_point gw_turn(double turns)
{
    const double magic = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds to the nearest integer */
    const double n = (4.0 * turns + magic) - magic;
    const double angle = (4.0 * turns - n) * 1.5707963267948966;
    const double c = cosine(angle), s = sine(angle);
    switch ((int64_t)n & 3) {
    case 0:
        return (struct gw_point){c, s};
    case 1:
        return (struct gw_point){-s, c};
    case 2:
        return (struct gw_point){-c, -s};
    default:
        return (struct gw_point){s, -c};
    }
}

struct gw_point gw_disc(double radius, double a, double b)
{
    const struct gw_point direction = gw_turn(b);
    const double r = radius * sqrt(a);
    return (struct gw_point){r * direction.x, r * direction.y};
}

/* q = 1 - p >= 1/2, so that q^n is a normal number. The smallest k with u < F(k), or, from above, the largest with
 * u < 1 - F(k - 1). */
static int32_t rare(double u, int32_t n, double p, bool from_above)
{
    const double q = 1.0 - p;
    double term = gw_exp((double)n * gw_log(q)), cumulated = term;
    int32_t k = 0;
    while (k < n && (from_above ? u < 1.0 - cumulated : u >= cumulated)) {
        term *= (double)(n - k) / (double)(k + 1) * (p / q);
        cumulated += term;
        k++;
    }
    return k;
}

int32_t gw_successes_of_many(double u, int32_t n, double p)
{
    return p <= 0.5 ? rare(u, n, p, true) : n - rare(u, n, 1.0 - p, false);
}
