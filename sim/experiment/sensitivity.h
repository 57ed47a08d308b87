/*
 * What drives a result: one input at a time (tornado), screening (analysis/morris.h), shares of variance
 * (analysis/sobol.h).
 *
 * Inputs are those named, or else every uncertain number. What is not varied stays as the scenario has it: a number
 * that is uncertain there is drawn anew in every replication, alike at all settings that are compared, and counts as
 * luck. Luck is paired within a comparison, so that an input without effect has exactly 0 in every method.
 *
 * Tornado: each input at both ends of its range, the others at the scenario's values (an uncertain one at its mean),
 * paired with the middle, where all are. Morris: every trajectory has luck of its own. Sobol: every row has; over all
 * inputs, or the GW_SHARE_INPUTS that Morris ranks first by mu*, the others as the scenario has them. An input with a
 * distribution is sampled from it, any other uniformly over its range; inputs are taken as independent.
 *
 * The dataset, over the axes input, end (low, high) and statistic (estimate, low, high: 95% intervals):
 *
 *   range[input, end], middle[input]             x; NaN where the scenario's is not one number
 *   asked_middle[statistic]                      what is asked in the middle
 *   asked_end[input, end, statistic]             and at the ends
 *   change[input, end, statistic]                paired difference to the middle
 *   swing[input, statistic], pairs[input]        paired difference of the ends, high - low, and its n
 *   effect[input, statistic]                     Morris' mu, per whole range
 *   effect_size[input, statistic]                mu*
 *   effect_sd, effect_plain, effect_luck[input]  sigma, mu* with luck in it, what luck leaves to one effect
 *   trajectories[input]                          that mu and the others rest on
 *   first_order, total_order[input, statistic]   NaN for what was screened out
 *   variance, luck_share[statistic], rows        of the shares: V, luck in one replication, how many rows
 *
 * Attributes: methods ("tornado morris sobol"), key_NAME, say_NAME and unit_NAME of every input, and by their names
 * in lower case the numbers asked for: tornado_replications, morris_trajectories, morris_replications, sobol_rows,
 * sobol_replications; left_uncertain, how many uncertain numbers count as luck; correlations, how many are ignored.
 */
#ifndef GW_EXPERIMENT_SENSITIVITY_H
#define GW_EXPERIMENT_SENSITIVITY_H

#include "experiment/instruments.h"

enum {
    GW_TORNADO_REPLICATIONS = 100, /* at a setting, unless the part says otherwise */
    GW_MORRIS_REPLICATIONS = 4,    /* at a point */
    GW_SHARE_REPLICATIONS = 2,
    GW_SHARE_INPUTS = 8
};

/* GW_BAD_INPUT: nothing is varied, an input has no range, or Sobol is asked for more inputs than it takes without
 * Morris to choose. Cost for n inputs: 2 n + 1, trajectories (n + 1) and rows (2 n + 2) settings. */
gw_instrument gw_sensitivity_run;

#endif
