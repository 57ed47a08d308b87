/*
 * Decide: which strategy, given what is not known; what deciding now may cost; what is worth finding out first.
 *
 * Possible worlds from all uncertain inputs, several replications of luck in each, every strategy in each: then the
 * mathematics of analysis/decision.h, components.h and information.h. Unless the part says so, the program chooses
 * how many replications a world takes, by a pilot: as many as make the mean most precise for what a world costs
 * beside a replication, and as leave luck a fifth of what the worlds' differences vary by, at most
 * GW_DECIDE_MOST_INNER. Costs are of a model, not measured, so that a resumed experiment chooses alike.
 */
#ifndef GW_EXPERIMENT_DECIDE_H
#define GW_EXPERIMENT_DECIDE_H

#include "experiment/instruments.h"

enum { GW_DECIDE_MOST_INNER = 24, GW_DECIDE_POINTS = 41 };

/* A gw_instrument. The measure is asked of each strategy and has the word `each` in it; default each.company_value.
 * The dataset, with axes strategy, world, luck, unknown, target (every unknown, then every group), estimate (value,
 * low, high), against and point:
 *
 *   value [strategy, world, luck], unknown_value [world, unknown]
 *   expected_value, probability_best, regret, share_of_ignorance [strategy, estimate]: of each strategy
 *   lead, lead_share_of_ignorance, pairing_luck, pairing_total [strategy, estimate]: of the best over each
 *   evpi, evpi_above, evpi_below [estimate]
 *   evppi [target, estimate]; evppi_plain, evppi_bias, evppi_error, explained, terms [target]; member [target,
 * unknown] against_unknown [against]; against_value [against, point]; acceptability, benefit [against, strategy,
 * point, estimate]; leader [against, point]
 *
 * and as attributes best, worlds, inner, inner_wanted, inner_chosen (1: by the program), design, luck_removed. */
gw_instrument gw_decide_run;

#endif
