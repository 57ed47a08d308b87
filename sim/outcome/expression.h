/*
 * Measures: arithmetic over the results of a run, such as
 *
 *     (cut.company_value - status_quo.company_value) / status_quo.company_value
 *     quick.told.negative.total / quick.experiences.negative.total
 *
 * A quantity is STRATEGY.ARRAY, then labels, then for what has a value per period or year a reading. `each` is the
 * strategy on hand. Labels name places on the other axes of an array ("negative", "price", a firm, a segment, a
 * number of stars); an axis of which no label is named is summed over. Readings: `total`, `mean`, `first`, `last`,
 * and `last_year`, the mean of the last year's periods. Operators + - * / ^, comparisons, `a ? b : c` and the
 * functions of muparser (sqrt, ln, log10, exp, abs, min, max, ...). over_time(X) is the sum of X over the periods; in
 * X a series without a reading is read at the period on hand, `so_far` is its sum up to and with that period, and
 * `year` the period's end in years. It cannot be nested.
 *
 * The estimate is the measure of the means over the replications, with the jackknife's standard error (Tukey 1958,
 * Annals of Mathematical Statistics): for sums and differences this is the usual mean and Student interval exactly,
 * for ratios a ratio of totals, which a replication without customers does not spoil. In antithetic pairs it is pairs
 * that are left out. Control variates are not used.
 */
#ifndef GW_OUTCOME_EXPRESSION_H
#define GW_OUTCOME_EXPRESSION_H

#include "core/status.h"
#include "outcome/dataset.h"
#include "outcome/estimate.h"

#include <stdint.h>

/* What `each` is, GW_NO_STRATEGY if it has no meaning, and the period that a series without a reading is read at;
 * negative: it needs a reading. */
#define GW_NO_STRATEGY SIZE_MAX
struct gw_expression_place {
    size_t strategy;
    long period;
};

/* Replications in which a quantity is not defined are left out of all. GW_BAD_INPUT says what is wrong with the
 * expression or which quantity, label or reading there is not. Cost: n + 1 evaluations for n replications, of
 * over_time() in every period. */
int gw_expression_estimate(const char *expression, const struct gw_dataset *dataset, struct gw_expression_place place,
                           double level, struct gw_estimate *estimate, struct gw_error *error);

/* Probability that the quantity estimated lies between two bounds, by its t distribution; NaN with n < 2. Without any
 * spread 1 inside, 0 outside. */
double gw_probability_between(const struct gw_estimate *estimate, double low, double high);

#endif
