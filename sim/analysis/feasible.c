#include "analysis/feasible.h"

#include <math.h>

double gw_feasible_cost(const struct gw_feasible *set, const double *x)
{
    double cost = set->fixed;
    for (size_t i = 0; i < set->dimensions; i++) {
        cost += set->cost[i] * x[i];
    }
    return cost;
}

/* Of the cheapest or the dearest corner. */
static double extreme_cost(const struct gw_feasible *set, bool dearest)
{
    double cost = set->fixed;
    for (size_t i = 0; i < set->dimensions; i++) {
        const bool high = (set->cost[i] > 0.0) == dearest;
        cost += set->cost[i] * (high ? set->high[i] : set->low[i]);
    }
    return cost;
}

/* Rounding of a sum of this size does not make a budget infeasible. */
static double slack(const struct gw_feasible *set)
{
    return 1e-9 * (fabs(set->budget) + fabs(extreme_cost(set, true)) + fabs(extreme_cost(set, false)));
}

int gw_feasible_check(const struct gw_feasible *set, struct gw_error *error)
{
    if (set->dimensions < 1 || set->dimensions > GW_MAX_DIMENSIONS) {
        return gw_fail(error, GW_BAD_INPUT, "%zu levers; from 1 to %d are possible", set->dimensions,
                       GW_MAX_DIMENSIONS);
    }
    for (size_t i = 0; i < set->dimensions; i++) {
        if (!isfinite(set->low[i]) || !isfinite(set->high[i]) || !(set->low[i] <= set->high[i]) ||
            !isfinite(set->cost[i])) {
            return gw_fail(error, GW_BAD_INPUT, "lever %zu: from %g to %g at a cost of %g", i + 1, set->low[i],
                           set->high[i], set->cost[i]);
        }
    }
    const double least = extreme_cost(set, false), most = extreme_cost(set, true);
    if (!(set->budget >= least - slack(set))) {
        return gw_fail(error, GW_BAD_INPUT, "the budget of %g is less than the least that the levers cost, %g",
                       set->budget, least);
    }
    if (set->spend_all && !(set->budget <= most + slack(set))) {
        return gw_fail(error, GW_BAD_INPUT, "the budget of %g is more than the most that the levers can spend, %g",
                       set->budget, most);
    }
    return 0;
}

/* y moved by t against the cost, held to the box; returns what it costs. */
static double move(const struct gw_feasible *set, const double *y, double t, double *x)
{
    for (size_t i = 0; i < set->dimensions; i++) {
        const double range = set->high[i] - set->low[i];
        x[i] = fmin(fmax(y[i] - t * set->cost[i] * range * range, set->low[i]), set->high[i]);
    }
    return gw_feasible_cost(set, x);
}

void gw_feasible_project(const struct gw_feasible *set, const double *y, double *x)
{
    double from[GW_MAX_DIMENSIONS], t[2] = {0.0, 0.0};
    for (size_t i = 0; i < set->dimensions; i++) {
        from[i] = y[i];
    }
    const double cost = move(set, from, 0.0, x);
    if (cost == set->budget || (cost < set->budget && !set->spend_all)) {
        return;
    }
    const int dear = cost > set->budget; /* t[1] will lie beyond the budget, t[0] before it */
    double step = dear ? 1e-12 : -1e-12;
    for (int i = 0; i < 200 && (move(set, from, step, x) > set->budget) == dear; i++) {
        t[0] = step;
        step *= 4.0;
    }
    t[1] = step;
    for (int i = 0; i < 100; i++) {
        const double middle = (t[0] + t[1]) / 2.0;
        t[(move(set, from, middle, x) > set->budget) != dear] = middle;
    }
    move(set, from, dear ? t[1] : t[0], x); /* the side that keeps within the budget */
}
