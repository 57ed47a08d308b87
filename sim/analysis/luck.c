#include "analysis/luck.h"

#include <gsl/gsl_cdf.h>

#include <math.h>

double gw_cross_product(const double *a, const double *b, size_t replications)
{
    double sum_a = 0.0, sum_b = 0.0, same = 0.0;
    for (size_t r = 0; r < replications; r++) {
        sum_a += a[r];
        sum_b += b[r];
        same += a[r] * b[r];
    }
    return (sum_a * sum_b - same) / ((double)replications * (double)(replications - 1));
}

double gw_mean(const double *value, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += value[i] - value[0]; /* equal values have exactly their own mean */
    }
    return value[0] + sum / (double)n;
}

double gw_variance(const double *value, size_t n)
{
    const double mean = gw_mean(value, n);
    double squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        squares += (value[i] - mean) * (value[i] - mean);
    }
    return squares / (double)(n - 1);
}

/* The quantile of Student's t that half-widths are made of. */
static double student(double level, size_t n)
{
    return n > 1 ? gsl_cdf_tdist_Pinv(0.5 + 0.5 * level, (double)(n - 1)) : NAN;
}

struct gw_interval gw_interval_of_mean(const double *value, size_t n, double level)
{
    if (n == 0) {
        return (struct gw_interval){NAN, NAN, NAN};
    }
    const double mean = gw_mean(value, n);
    const double half = n > 1 ? student(level, n) * sqrt(gw_variance(value, n) / (double)n) : NAN;
    return (struct gw_interval){mean, mean - half, mean + half};
}

struct gw_interval gw_interval_of_ratio(const double *numerator, const double *denominator, size_t n, double level)
{
    double above = 0.0, below = 0.0, squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        above += numerator[i];
        below += denominator[i];
    }
    if (!(below > 0.0)) {
        return (struct gw_interval){NAN, NAN, NAN};
    }
    const double ratio = above / below;
    for (size_t i = 0; i < n; i++) {
        const double rest = numerator[i] - ratio * denominator[i]; /* their sum is 0 */
        squares += rest * rest;
    }
    const double parts = (double)n;
    const double half = student(level, n) * sqrt(parts / (parts - 1.0) * squares) / below;
    return (struct gw_interval){ratio, ratio - half, ratio + half};
}
