/*
 * Shares of variance: how much of what the inputs do to a result each of them does (Sobol 1993, Mathematical
 * Modelling and Computational Experiment 1(4)).
 *
 * f(x) is the result's expectation over luck; x is uniform on the unit cube, its coordinates independent; V = Var f.
 * First order, what x_i explains alone: S_i = Var E[f | x_i] / V. Total, what is left open when all but x_i is known:
 * T_i = E Var[f | all but x_i] / V (Homma & Saltelli 1996, Reliability Engineering & System Safety 52(1)).
 *
 * Design (Saltelli et al. 2010, Computer Physics Communications 181(2)): a row is two independent points a and b and,
 * for each input, ab_i, which is a with x_i from b, and ba_i, b with x_i from a. Estimators are ratios of means over
 * rows (Azzini, Mara & Rosati 2021, Environmental Modelling & Software 144):
 *
 *     4 V     = E[(f(a) - f(b))^2 + (f(ba_i) - f(ab_i))^2]
 *     4 V S_i = E[2 (f(ba_i) - f(b)) (f(a) - f(ab_i))]        f(ba_i) f(a) and f(b) f(ab_i) share x_i alone
 *     4 V T_i = E[(f(b) - f(ba_i))^2 + (f(a) - f(ab_i))^2]    Jansen (1999, Computer Physics Communications 117)
 * twice
 *
 * Against the first-order estimators of Janon et al. and Saltelli et al. and Jansen's total with d + 2 points a row,
 * these have the smaller error at the same number of runs, most so for small indices, and most so here, because:
 *
 * Luck. All points of a row meet the same R >= 2 replications, each row its own. The estimators see differences
 * within a row alone, so that luck which shifts all of a row's points alike cancels, exactly; the rest is removed
 * without bias by multiplying differences of different replications (analysis/luck.h). An input without effect has S
 * = T = 0 exactly. The luck variance is the mean of the variance over replications at a point.
 *
 * Intervals. Rows come in GW_SOBOL_PARTS parts, each a Sobol sequence shifted by random digits of its own: parts are
 * independent, luck included, and the interval is that of a ratio over parts. Estimates may leave [0, 1]; they are
 * not cut off, as that would bias them.
 */
#ifndef GW_ANALYSIS_SOBOL_H
#define GW_ANALYSIS_SOBOL_H

#include "analysis/interval.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

enum { GW_SOBOL_PARTS = 8, GW_SOBOL_INPUTS = 20 };

/* The least number of rows that is not below `rows`: GW_SOBOL_PARTS times a power of 2. */
size_t gw_sobol_rows(size_t rows);

/* Points of a row: a, b, ab_0 ... ab_d-1, ba_0 ... ba_d-1. */
size_t gw_sobol_points(size_t d);

/* Points into u[rows][gw_sobol_points(d)][d], strictly inside the unit cube; a function of its arguments.
 * GW_BAD_INPUT: rows that gw_sobol_rows() does not give, more than GW_SOBOL_INPUTS inputs or none. */
int gw_sobol_design(size_t rows, size_t d, uint64_t seed, double *u, struct gw_error *error);

struct gw_sobol_index {
    struct gw_interval first, total;
};

struct gw_sobol {
    size_t n;                    /* rows with a value at every point and replication */
    double mean;                 /* of the result */
    struct gw_interval variance; /* V, of the result's expectation: what the inputs do */
    struct gw_interval luck;     /* share of luck in the variance of one replication at a random point */
};

/* `value`[rows][points][replications] into index[d] and `whole`, intervals at confidence `level`. A row with a value
 * that is not finite is left out, and n says so. Where the estimate of V is not positive, all indices are NaN.
 * GW_BAD_INPUT: fewer than 2 replications, or rows as above. GW_FAILED: no memory. */
int gw_sobol_estimate(const double *value, size_t rows, size_t d, size_t replications, double level,
                      struct gw_sobol_index *index, struct gw_sobol *whole, struct gw_error *error);

#endif
