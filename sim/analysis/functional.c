#include "analysis/functional.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

double gw_functional_critical(double level, size_t n)
{
    return level > 0.0 && level < 1.0 && n >= 2 ? gsl_cdf_tdist_Pinv(0.5 + level / 2.0, (double)(n - 1)) : NAN;
}

static size_t keep_finite(const double *values, size_t n, double *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (isfinite(values[i])) {
            out[kept++] = values[i];
        }
    }
    return kept;
}

/* About the first value: equal values then have that mean to the last bit. */
static double mean_of(const double *x, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i] - x[0];
    }
    return n == 0 ? NAN : x[0] + sum / (double)n;
}

static double sd_of(const double *x, size_t n)
{
    const double mean = mean_of(x, n);
    double squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        squares += (x[i] - mean) * (x[i] - mean);
    }
    return n < 2 ? NAN : sqrt(squares / (double)(n - 1));
}

/* Of sorted values: the worst share p, the last of them in part. */
static double tail_mean(const double *sorted, size_t n, double p)
{
    const double share = p * (double)n;
    double left = share, sum = 0.0;
    for (size_t i = 0; i < n && left > 0.0; i++) {
        sum += fmin(left, 1.0) * sorted[i];
        left -= 1.0;
    }
    return sum / share;
}

double gw_functional_value(struct gw_functional of, const double *values, size_t n, double *scratch)
{
    const size_t kept = keep_finite(values, n, scratch);
    if (kept == 0 || of.kind == GW_FUNCTIONAL_MEAN) {
        return mean_of(scratch, kept);
    }
    gsl_sort(scratch, 1, kept);
    return of.kind == GW_FUNCTIONAL_QUANTILE ? gsl_stats_quantile_from_sorted_data(scratch, 1, kept, of.probability)
                                             : tail_mean(scratch, kept, of.probability);
}

/* n^(-1/3) z^(2/3) (1.5 phi(x)^2 / (2 x^2 + 1))^(1/3), x the normal quantile of p and z that of 97.5%. */
static double hall_sheather(size_t n, double p)
{
    const double x = gsl_cdf_ugaussian_Pinv(p), phi = gsl_ran_ugaussian_pdf(x);
    return cbrt(1.959963984540054 * 1.959963984540054 * 1.5 * phi * phi / ((2.0 * x * x + 1.0) * (double)n));
}

static double sparsity(const double *sorted, size_t n, double p)
{
    const double h = fmin(hall_sheather(n, p), 0.95 * fmin(p, 1.0 - p));
    const double above = gsl_stats_quantile_from_sorted_data(sorted, 1, n, p + h);
    const double below = gsl_stats_quantile_from_sorted_data(sorted, 1, n, p - h);
    return (above - below) / (2.0 * h);
}

/* The t at which Rockafellar and Uryasev's function is greatest over a sample: its order statistic ceil(p n). */
static double tail_edge(const double *sorted, size_t n, double p)
{
    const double rank = ceil(p * (double)n);
    const size_t i = rank >= 1.0 ? (size_t)rank - 1 : 0;
    return sorted[i < n ? i : n - 1];
}

double gw_functional_contributions(struct gw_functional of, const double *values, size_t n, double *contribution)
{
    const double p = of.probability;
    const size_t kept = keep_finite(values, n, contribution);
    double value = mean_of(contribution, kept), edge = NAN, spread = NAN;
    if (kept > 0 && of.kind != GW_FUNCTIONAL_MEAN) {
        gsl_sort(contribution, 1, kept);
        edge = tail_edge(contribution, kept, p);
        spread = sparsity(contribution, kept, p);
        value = of.kind == GW_FUNCTIONAL_CVAR ? tail_mean(contribution, kept, p)
                                              : gsl_stats_quantile_from_sorted_data(contribution, 1, kept, p);
    }
    for (size_t i = 0; i < n; i++) {
        const double v = values[i];
        const double of_quantile = value + (p - (v <= value ? 1.0 : 0.0)) * spread;
        const double of_cvar = edge - fmax(edge - v, 0.0) / p;
        contribution[i] = !isfinite(v)                        ? NAN
                          : of.kind == GW_FUNCTIONAL_MEAN     ? v
                          : of.kind == GW_FUNCTIONAL_QUANTILE ? of_quantile
                                                              : of_cvar;
    }
    return value;
}

static struct gw_functional_estimate estimate_of(double value, double *contribution, size_t n, double level)
{
    const size_t kept = keep_finite(contribution, n, contribution);
    const double half = gw_functional_critical(level, kept) * sd_of(contribution, kept) / sqrt((double)kept);
    return (struct gw_functional_estimate){.n = kept, .value = value, .low = value - half, .high = value + half};
}

struct gw_functional_estimate gw_functional_estimate(struct gw_functional of, const double *values, size_t n,
                                                     double level, double *scratch)
{
    const double value = gw_functional_contributions(of, values, n, scratch);
    return estimate_of(value, scratch, n, level);
}

/* A replication counts where both are defined; otherwise the pair would not be one. */
struct gw_functional_estimate gw_functional_difference(struct gw_functional of, const double *a, const double *b,
                                                       size_t n, double level, double *scratch)
{
    const double value_a = gw_functional_contributions(of, a, n, scratch);
    const double value_b = gw_functional_contributions(of, b, n, scratch + n);
    for (size_t i = 0; i < n; i++) {
        scratch[i] -= scratch[n + i];
    }
    const double value = of.kind == GW_FUNCTIONAL_MEAN ? NAN : value_a - value_b;
    struct gw_functional_estimate difference = estimate_of(value, scratch, n, level);
    if (of.kind == GW_FUNCTIONAL_MEAN) {
        difference = estimate_of(mean_of(scratch, difference.n), scratch, difference.n, level);
    }
    return difference;
}
