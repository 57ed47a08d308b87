/*
 * Optimise: the best use of a budget over levers and stages of time, for the mean, a quantile or the worst share
 * (CVaR) of a measure, by default the paired difference of the last strategy against the first.
 */
#ifndef GW_EXPERIMENT_OPTIMISE_H
#define GW_EXPERIMENT_OPTIMISE_H

#include "experiment/instruments.h"

/* Replications of the search, where the part does not say; as many fresh ones confirm what it finds. */
enum { GW_OPTIMISE_REPLICATIONS = 100 };

/*
 * The dataset, over (lever, stage): `best` with `best_low`, `best_high`; `place` (-1 at the low end of the range, 1
 * at the high end, 0 inside); `flat_low`, `flat_high`; `down`, `up` and their intervals, what the goal changes by
 * when the lever moves by a tenth of its range; `slope` of the goal per unit of the lever, `worth` of one money a
 * week more of the budget spent there, with intervals; `spend` in money per week while the stage lasts; `range_low`,
 * `range_high`. Over (lever, stage, along): `profile_x`, and `profile_value`, `profile_difference` with intervals.
 * Over `requirement`: `required` with its interval, `required_above`, `required_below`. Attributes say the rest:
 * output/optimise_view.h reads them.
 *
 * GW_BAD_INPUT: what gw_levers_open() refuses; a budget below what the levers cost at least, with both numbers; a
 * measure that is not defined. That no split meets the requirements is a result.
 */
int gw_optimise_run(const struct gw_lab_options *options, const struct gw_part_spec *spec,
                    struct gw_dataset **dataset, struct gw_error *error);

#endif
