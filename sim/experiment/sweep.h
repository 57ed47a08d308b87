/*
 * Sweep: a measure at many settings, under common random numbers, into one dataset.
 *
 * Asked is the part's measure for every strategy where it is written with `each`, and the company's value of every
 * strategy where none is written; a measure that names its strategies itself is one quantity.
 *
 * The dataset has the points of a grid as axes called after the inputs, whose coordinates are what the inputs take
 * (texts where these are no numbers); those of other designs as one axis `point`, with an array over it called after
 * each input that takes numbers. Over the points, [strategy where it is asked of each], replication:
 *
 *     value                                      replication by replication; NaN where it is not defined
 *     mean, sd, low, high, n                     over the replications; Student's interval at 95%
 *     difference, difference_sd, difference_low, difference_high, difference_n
 *                                                to the first strategy, paired by replication; of each strategy
 *
 * Attributes besides those of gw_experiment_begin(): design, inputs (names, in order, commas between), replications.
 *
 * Cost: points x replications, and points x replications x strategies x 8 bytes.
 */
#ifndef GW_EXPERIMENT_SWEEP_H
#define GW_EXPERIMENT_SWEEP_H

#include "experiment/lab.h"
#include "scenario/experiment.h"

/* `asked` of the options is not looked at; without `replications` in the part there are as many as the scenario says.
 * GW_BAD_INPUT: see gw_sweep_points_make(); a grid over more inputs than a dataset has room for; an input with the
 * name of an array; whatever gw_lab_run() says of a setting. GW_STOPPED: the journal holds what is finished. */
int gw_sweep_run(const struct gw_lab_options *options, const struct gw_part_spec *spec, struct gw_dataset **dataset,
                 struct gw_error *error);

#endif
