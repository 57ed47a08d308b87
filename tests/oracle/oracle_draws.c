/*
 * Chance (section 5 of the page): uniforms by counter, variates by inversion.
 */
#include "oracle_internal.h"

#include <Random123/threefry.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

static threefry4x32_ctr_t words(const struct oracle *o, enum rule rule, uint32_t who, uint32_t period,
                                uint32_t entity, uint32_t last)
{
    const uint64_t seed = o->scenario->seed;
    const uint32_t apart = o->apart ? UINT32_C(1) << 31 : 0;
    const threefry4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32), o->replication + apart, (uint32_t)rule}};
    const threefry4x32_ctr_t counter = {{who, period, entity, last}};
    return threefry4x32(counter, key);
}

static double uniform(uint32_t x)
{
    return ((double)(x >> 9) + 0.5) * 0x1p-23;
}

struct uniforms oracle_singles(const struct oracle *o, enum rule rule, uint32_t i, uint32_t entity, uint32_t block)
{
    const threefry4x32_ctr_t x = words(o, rule, i, (uint32_t)o->t, entity, block);
    return (struct uniforms){{uniform(x.v[0]), uniform(x.v[1]), uniform(x.v[2]), uniform(x.v[3])}};
}

double oracle_single(const struct oracle *o, enum rule rule, uint32_t i, uint32_t entity, uint32_t d)
{
    return oracle_singles(o, rule, i, entity, d >> 2).u[d & 3];
}

double oracle_single_at(const struct oracle *o, enum rule rule, uint32_t who, uint32_t period, uint32_t entity,
                        uint32_t d)
{
    return uniform(words(o, rule, who, period, entity, d >> 2).v[d & 3]);
}

double oracle_group(const struct oracle *o, enum rule rule, uint32_t i, uint32_t entity, uint32_t d)
{
    const uint32_t who = (i >> 9) << 7 | (i & 127);
    return uniform(words(o, rule, who, (uint32_t)o->t, entity, UINT32_C(1) << 31 | d).v[(i >> 7) & 3]);
}

double oracle_start(const struct oracle *o, enum rule rule, uint32_t who, uint32_t entity, uint32_t d)
{
    const threefry4x32_ctr_t x = words(o, rule, who, 0, entity, UINT32_C(1) << 30 | d >> 1);
    const unsigned lane = d % 2 == 0 ? 0 : 2;
    const uint64_t bits = (uint64_t)x.v[lane] << 20 | x.v[lane + 1] >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}

/* The 32 bits of lane `lane`. */
uint32_t oracle_bits(const struct oracle *o, enum rule rule, uint32_t who, int64_t period, uint32_t entity,
                     uint32_t last, uint32_t lane)
{
    return words(o, rule, who, (uint32_t)period, entity, last).v[lane];
}

uint32_t oracle_fnv(const char *name)
{
    uint32_t hash = UINT32_C(2166136261);
    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * UINT32_C(16777619);
    }
    return hash;
}

double oracle_normal(double u)
{
    return gsl_cdf_ugaussian_Pinv(u);
}

/* The smallest k with u < F(k). */
uint32_t oracle_poisson(double u, double mean)
{
    uint32_t k = 0;
    if (mean > 700.0) { /* exp(-mean) would vanish */
        while (u >= gsl_cdf_poisson_P(k, mean)) {
            k++;
        }
        return k;
    }
    double term = exp(-mean);
    for (double sum = term; u >= sum; sum += term) {
        k++;
        term *= mean / k;
    }
    return k;
}

uint32_t oracle_binomial(double u, uint32_t n, double p)
{
    if (p >= 1.0) {
        return n;
    }
    uint32_t k = 0;
    double term = pow(1.0 - p, n);
    for (double sum = term; u >= sum && k < n; sum += term) {
        term *= (n - k) / (k + 1.0) * p / (1.0 - p);
        k++;
    }
    return k;
}

/* The largest k with u < P(K >= k): as many fail as the smallest j with u < F(j), F of n - K. */
uint32_t oracle_successes(double u, uint32_t n, double p)
{
    return n == 1 ? u < p : n - oracle_binomial(u, n, 1.0 - p);
}

/* F(x) = u by bisection in ln x: where GSL's own inversion does not converge (very small shapes). */
static double bisect(double (*cdf)(double, double, double), double a, double b, double u, double low, double high)
{
    for (int step = 0; step < 200; step++) {
        const double middle = 0.5 * (low + high);
        if (cdf(exp(middle), a, b) < u) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return exp(0.5 * (low + high));
}

static bool solves(double (*cdf)(double, double, double), double x, double a, double b, double u)
{
    return x >= 0.0 && isfinite(x) && fabs(cdf(x, a, b) - u) <= 1e-9 * fmin(u, 1.0 - u);
}

double oracle_gamma(double u, double shape, double rate)
{
    const double x = gsl_cdf_gamma_Pinv(u, shape, 1.0 / rate);
    return solves(gsl_cdf_gamma_P, x, shape, 1.0 / rate, u)
               ? x
               : bisect(gsl_cdf_gamma_P, shape, 1.0 / rate, u, -740.0, 709.0);
}

static double beta(double u, double a, double b)
{
    const double x = gsl_cdf_beta_Pinv(u, a, b);
    return solves(gsl_cdf_beta_P, x, a, b, u) ? x : bisect(gsl_cdf_beta_P, a, b, u, -740.0, 0.0);
}

static double lognormal(double u, double mean, double sd)
{
    const double variance = log1p(sd * sd / (mean * mean)); /* of the logarithm */
    return exp(log(mean) - 0.5 * variance + sqrt(variance) * oracle_normal(u));
}

static double triangular(double u, double low, double high, double mode)
{
    const double width = high - low;
    const double below = (mode - low) / width; /* F(mode) */
    return u < below ? low + sqrt(u * width * (mode - low)) : high - sqrt((1.0 - u) * width * (high - mode));
}

double oracle_quantile(struct gw_distribution d, double u)
{
    switch (d.family) {
    case GW_NORMAL:
        return d.a + d.b * oracle_normal(u);
    case GW_LOGNORMAL:
        return lognormal(u, d.a, d.b);
    case GW_UNIFORM:
        return d.a + (d.b - d.a) * u;
    case GW_EXPONENTIAL:
        return -d.a * log1p(-u);
    case GW_GAMMA:
        return oracle_gamma(u, d.a, d.b);
    case GW_INVERSE_GAMMA: /* 1/G falls in G: the same u, counted from G's upper end */
        return 1.0 / oracle_gamma(1.0 - u, d.a, d.b);
    case GW_BETA:
        return beta(u, d.a, d.b);
    case GW_TRIANGULAR:
        return triangular(u, d.a, d.b, d.c);
    default:
        return NAN;
    }
}
