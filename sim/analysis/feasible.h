/*
 * What may be chosen: a box, cut by a linear budget.
 */
#ifndef GW_ANALYSIS_FEASIBLE_H
#define GW_ANALYSIS_FEASIBLE_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { GW_MAX_DIMENSIONS = 24 };

struct gw_feasible {
    size_t dimensions;                                      /* 1 .. GW_MAX_DIMENSIONS */
    double low[GW_MAX_DIMENSIONS], high[GW_MAX_DIMENSIONS]; /* low == high: settled */
    double cost[GW_MAX_DIMENSIONS];                         /* of one unit of each */
    double fixed;                                           /* spent whatever is chosen */
    double budget;                                          /* INFINITY: none */
    bool spend_all;                                         /* fixed + cost x = budget, not <= */
};

/* GW_BAD_INPUT when nothing is feasible, with the budget and what the cheapest (dearest) choice costs. */
int gw_feasible_check(const struct gw_feasible *set, struct gw_error *error);

double gw_feasible_cost(const struct gw_feasible *set, const double *x);

/* The nearest feasible point x to y, distances in units of each range; x may be y. The conditions of Karush, Kuhn and
 * Tucker give x_i = y_i - t cost_i range_i^2, held to the box, for the one t at which the budget is kept; the cost
 * never rises with t, so that bisection finds it. The set must not be empty. */
void gw_feasible_project(const struct gw_feasible *set, const double *y, double *x);

#endif
