/*
 * Statistics over replications: means with intervals, quantiles, paired comparisons under common random numbers.
 *
 * Values that are not finite are left out; every result carries the n it rests on. Nothing is allocated.
 */
#ifndef GW_OUTCOME_ESTIMATE_H
#define GW_OUTCOME_ESTIMATE_H

#include <stddef.h>

/* A mean and its two-sided Student t interval. No interval with n < 2: sd, low and high are NaN then; with n = 0 the
 * mean is as well. Equal values give sd = 0 and low = mean = high, exactly. */
struct gw_estimate {
    size_t n;
    double mean, sd, low, high;
};

/* A proportion with the score interval of Wilson (1927, J. Am. Stat. Assoc.). n = 0: all NaN. */
struct gw_proportion {
    size_t n;
    double share, low, high;
};

/* Two strategies seen in the same replications. */
struct gw_comparison {
    struct gw_estimate difference; /* of A - B; n counts the replications in which both are finite */
    struct gw_proportion better;   /* A > B; a tie counts half */
    /* (Var A + Var B) / Var(A - B): how many times as many replications two independent runs would need for an
     * interval as short. Infinite when A - B never varies but A does; NaN with n < 2 or when nothing varies.
     * The interval needs n >= 3. */
    double variance_ratio, variance_ratio_low, variance_ratio_high;
};

/* `level` is the confidence, in (0, 1); anything else gives no interval. */
struct gw_estimate gw_estimate_mean(const double *values, size_t n, double level);
struct gw_proportion gw_estimate_proportion(double successes, size_t n, double level);
struct gw_comparison gw_estimate_comparison(const double *a, const double *b, size_t n, double level);

/* Moves the finite values to the front in ascending order and returns how many they are. O(n log n). */
size_t gw_sort_finite(double *values, size_t n);

/* Quantile `p` in [0, 1] of `n` sorted values by linear interpolation (type 7 of Hyndman and Fan 1996, The American
 * Statistician); NaN when n = 0. */
double gw_sorted_quantile(const double *sorted, size_t n, double p);

#endif
