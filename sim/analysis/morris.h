/*
 * Elementary effects: which of many inputs matter at all (Morris 1991, Technometrics 33(2)).
 *
 * A trajectory starts at a random point of a grid with 4 levels, (k + 1/2) / 4 along every axis, and moves one input
 * after the other, in random order, by half the axis up or down: d + 1 points give one effect
 * E = (y(after) - y(before)) / (u_after - u_before) of every input, per whole axis. Over trajectories their mean is
 * mu, their sd sigma (interaction or curvature), the mean of |E| is mu* (Campolongo, Cariboni & Saltelli 2007,
 * Environmental Modelling & Software 22(10)).
 *
 * Luck. All points of a trajectory meet the same R >= 2 replications, each trajectory its own; replication r gives
 * e_r, with expectation E, and the trajectories are independent, luck included. Then
 *   mu      mean of e: unbiased.
 *   sigma^2 the variance of the trajectories' means less the mean of their s^2 / R: unbiased. It may come out below
 *           0, then sigma is 0.
 *   mu*     the mean of |mean of e| counts luck as effect: where E = 0 it is the mean size of luck. Here each e_r is
 *           multiplied by a sign that is taken from other luck: that of E's best guess, given the mean of the same
 *           trajectory's other replications, and that E is drawn from N(mu, sigma^2) as the other half of the
 *           trajectories shows it. As e_r and the guess are independent, its expectation is at most |E|: 0 where
 *           E = 0, |E| where the sign is never in doubt. It may come out below 0.
 *   plain   the mean of |mean of e|, the other bound: its expectation is never below the mean of |E|.
 *   luck    the standard error that luck leaves to one trajectory's effect, sqrt(mean of s^2 / R).
 * An input without any effect has exactly 0 in all of them: the luck of its two points is the same.
 */
#ifndef GW_ANALYSIS_MORRIS_H
#define GW_ANALYSIS_MORRIS_H

#include "analysis/interval.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/* Points into u[trajectories][d + 1][d], strictly inside the unit cube; a function of its arguments. */
void gw_morris_design(size_t trajectories, size_t d, uint64_t seed, double *u);

struct gw_morris {
    size_t n;              /* trajectories with a value at every point of this input's step */
    struct gw_interval mu; /* Student's t over trajectories, as for mu* */
    struct gw_interval mu_star;
    double sigma, plain, luck;
};

/* `value`[trajectories][d + 1][replications] at the points of `u` into effect[d], intervals at confidence `level`.
 * A step with a value that is not finite is left out of its input, and n says so. GW_BAD_INPUT: fewer than 2
 * trajectories or replications. GW_FAILED: no memory, or `u` is not such a design. */
int gw_morris_estimate(const double *u, const double *value, size_t trajectories, size_t d, size_t replications,
                       double level, struct gw_morris *effect, struct gw_error *error);

#endif
