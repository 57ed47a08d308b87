/*
 * Estimates that know how the replications were made: in antithetic pairs, with control variates, or plainly, when
 * they are those of outcome/estimate.h, to the last bit.
 *
 * Pairs: replications 2k and 2k + 1 are dependent, so the means of pairs are the observations; a pair of which one
 * value is not finite is left out. Controls: analysis/control.h; where a value is not finite they are not used, for
 * what is known of all replications need not hold for some. `n` counts replications, `sd` is that of single ones.
 */
#ifndef GW_OUTCOME_REDUCED_H
#define GW_OUTCOME_REDUCED_H

#include "outcome/dataset.h"
#include "outcome/estimate.h"

#include <stdbool.h>

struct gw_reduced {
    bool pairs;
    size_t controls, stride;
    const double *control; /* [controls][stride], one per replication, of true mean 0; borrowed */
};

/* That of a run's dataset, which must live as long. */
struct gw_reduced gw_reduced_of(const struct gw_dataset *dataset);

/* Of the first n replications. Without memory there is no interval. */
struct gw_estimate gw_reduced_mean(const struct gw_reduced *reduced, const double *values, size_t n, double level);

/* The share of "better" rests on pairs; its interval counts each pair once, which is never too short. Pairs leave no
 * interval for the variance ratio. */
struct gw_comparison gw_reduced_comparison(const struct gw_reduced *reduced, const double *a, const double *b,
                                           size_t n, double level);

/* How many times as many plain replications an interval as short would need, with a 95% interval; NaN: not in use. */
struct gw_factor {
    double factor, low, high;
};

/* Of antithetic pairs: 1 / (1 + correlation of the two). Of controls: over what pairs, if any, give. */
struct gw_factor gw_antithetic_factor(const struct gw_reduced *reduced, const double *values, size_t n);
struct gw_factor gw_control_factor(const struct gw_reduced *reduced, const double *values, size_t n, size_t *used);

/* Adds to a run's dataset the factors of the company's value and of its difference to the first strategy, as
 * `antithetic_factor` and `control_factor` (strategy, contrast, bound) and `controls_used` (strategy, contrast); of
 * a plain run nothing. GW_REFUSED without memory. */
int gw_reduced_describe(struct gw_dataset *dataset, struct gw_error *error);

#endif
