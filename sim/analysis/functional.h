/*
 * What is asked of a distribution over replications: its mean, a quantile, or the mean of its worst share (CVaR).
 *
 * Each is written as a mean of contributions, one of each replication, so that intervals of the thing itself and of
 * paired differences are Student's t over contributions:
 *   mean      the value itself;
 *   quantile  q + (p - 1{v <= q}) s, s the sparsity 1 / f(q) by a difference quotient of the sample's quantiles with
 *             the bandwidth of Hall & Sheather (1988, J. R. Stat. Soc. B);
 *   CVaR      t - max(t - v, 0) / p at t = q: the mean over replications is the greatest over all t and is the CVaR
 *             (Rockafellar & Uryasev 2000, J. Risk), so that to first order the choice of t adds no error.
 *
 * Values that are not finite are left out, and every estimate carries the n that it rests on.
 */
#ifndef GW_ANALYSIS_FUNCTIONAL_H
#define GW_ANALYSIS_FUNCTIONAL_H

#include <stddef.h>

enum gw_functional_kind { GW_FUNCTIONAL_MEAN, GW_FUNCTIONAL_QUANTILE, GW_FUNCTIONAL_CVAR };

struct gw_functional {
    enum gw_functional_kind kind;
    double probability; /* in (0, 1): of the quantile, or the share of the worst; not used for a mean */
};

/* n = 0: all NaN; n = 1: no interval, low and high NaN. */
struct gw_functional_estimate {
    size_t n;
    double value, low, high;
};

/* Of `n` values; `scratch` has room for n. O(n log n), O(n) for a mean. */
double gw_functional_value(struct gw_functional of, const double *values, size_t n, double *scratch);

/* The value, and into contribution[n] what each replication gives to it; NaN where the value is not finite. */
double gw_functional_contributions(struct gw_functional of, const double *values, size_t n, double *contribution);

/* With its two-sided interval at confidence `level` in (0, 1); `scratch` has room for n. */
struct gw_functional_estimate gw_functional_estimate(struct gw_functional of, const double *values, size_t n,
                                                     double level, double *scratch);

/* Of a minus that of b, in the same replications; `scratch` has room for 2 n. */
struct gw_functional_estimate gw_functional_difference(struct gw_functional of, const double *a, const double *b,
                                                       size_t n, double level, double *scratch);

/* Student's two-sided critical value; NaN with less than 2 values. */
double gw_functional_critical(double level, size_t n);

#endif
