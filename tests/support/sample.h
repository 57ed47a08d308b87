/* Moments of a sample, with the standard errors that assert_within_4_se() asks for. */
#ifndef TESTS_SUPPORT_SAMPLE_H
#define TESTS_SUPPORT_SAMPLE_H

#include <math.h>
#include <stddef.h>

struct sample {
    double n, sum, sum2, sum3, sum4;
};

static inline void sample_add(struct sample *s, double x)
{
    s->n += 1.0;
    s->sum += x;
    s->sum2 += x * x;
    s->sum3 += x * x * x;
    s->sum4 += x * x * x * x;
}

static inline double sample_mean(const struct sample *s)
{
    return s->sum / s->n;
}

static inline double sample_variance(const struct sample *s)
{
    return (s->sum2 - s->sum * s->sum / s->n) / (s->n - 1.0);
}

static inline double sample_mean_se(const struct sample *s)
{
    return sqrt(sample_variance(s) / s->n);
}

/* Of the variance: sqrt((fourth central moment - variance^2) / n). */
static inline double sample_variance_se(const struct sample *s)
{
    const double m = sample_mean(s), v = sample_variance(s);
    const double fourth = (s->sum4 - 4.0 * m * s->sum3 + 6.0 * m * m * s->sum2 - 3.0 * m * m * m * m * s->n) / s->n;
    return sqrt((fourth - v * v) / s->n);
}

/* Of a share p estimated from n independent cases. */
static inline double share_se(double p, double n)
{
    return sqrt(p * (1.0 - p) / n);
}

#endif
