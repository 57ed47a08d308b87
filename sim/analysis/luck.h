/*
 * Moments of expectations, free of the luck in the values they are estimated from; and their intervals.
 *
 * Let a_1 ... a_R be independent values with expectation A (replications, each with its own luck), b_1 ... b_R others
 * with expectation B, where a_r and b_r may share their luck. The product of means overstates A B by cov(a, b) / R;
 * products a_r b_s of different replications do not. Their mean over all pairs r != s,
 *
 *     (sum a  sum b - sum a b) / (R (R - 1)),
 *
 * is unbiased for A B (a U-statistic: Hoeffding 1948, Annals of Mathematical Statistics 19(3)); with R = 2 these are
 * the two products of one half of the luck with the other. Without luck it is A B, and 0 exactly where a = 0.
 */
#ifndef GW_ANALYSIS_LUCK_H
#define GW_ANALYSIS_LUCK_H

#include "analysis/interval.h"

#include <stddef.h>

/* R >= 2. */
double gw_cross_product(const double *a, const double *b, size_t replications);

/* Mean and variance (n - 1) of n >= 1 and n >= 2 values. */
double gw_mean(const double *value, size_t n);
double gw_variance(const double *value, size_t n);

/* Mean of n independent values with Student's t interval at confidence `level` in (0, 1); n < 2: no interval. Equal
 * values give low = mean = high, exactly. */
struct gw_interval gw_interval_of_mean(const double *value, size_t n, double level);

/* Sum of numerators over sum of denominators of n independent parts, its interval by linearisation (Cochran 1977,
 * Sampling Techniques, section 6.3) with n - 1 degrees of freedom: good while the denominator is far from 0. NaN
 * unless its sum is positive. */
struct gw_interval gw_interval_of_ratio(const double *numerator, const double *denominator, size_t n, double level);

#endif
