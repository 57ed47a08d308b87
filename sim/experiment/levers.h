/*
 * Levers over time: points of an optimisation as changes of a scenario, and what they cost.
 *
 * A point has one coordinate for each lever and stage, lever by lever. It is the lever's own number x where its cost
 * is linear in x, or where there is no budget; otherwise what is spent on it per week, so that the budget is linear
 * in every coordinate.
 */
#ifndef GW_EXPERIMENT_LEVERS_H
#define GW_EXPERIMENT_LEVERS_H

#include "analysis/feasible.h"
#include "experiment/lab.h"

struct gw_lever {
    bool costs;              /* what it costs is known */
    bool bent;               /* the coordinate is the spend, or less the spend where that falls with x */
    double low, high;        /* of the coordinate */
    double unit_cost, fixed; /* money per week = fixed + unit_cost * coordinate; 0 unless it costs */
};

struct gw_levers {
    struct gw_inputs inputs; /* prepared */
    size_t levers, stages;
    uint32_t stage[GW_MAX_DIMENSIONS]; /* first period of each */
    double share[GW_MAX_DIMENSIONS];   /* of the horizon that each lasts */
    struct gw_lever lever[GW_MAX_DIMENSIONS];
    double budget; /* money per week, mean over the horizon; INFINITY: none */
};

/* GW_BAD_INPUT: more coordinates than GW_MAX_DIMENSIONS, a lever without a range, with a budget one without a cost
 * or with a cost that rises and falls, a key that cannot change by stages. Release with gw_levers_free(), also after
 * a failure. */
int gw_levers_open(struct gw_levers *levers, const struct gw_optimise_spec *spec, const struct gw_scenario *scenario,
                   struct gw_error *error);
void gw_levers_free(struct gw_levers *levers);

/* The box and the budget of the points. */
struct gw_feasible gw_levers_set(const struct gw_levers *levers, bool spend_all);

/* The lever's number at a coordinate; by bisection where it is bent. */
double gw_levers_x(const struct gw_levers *levers, size_t lever, double coordinate);

/* A point as changes, one for each key. Release with gw_lever_changes_free(), also after a failure. */
struct gw_lever_changes {
    size_t n;
    const char **change;
    char *text;
};
int gw_lever_changes_make(struct gw_lever_changes *changes, const struct gw_levers *levers, const double *point,
                          struct gw_error *error);
void gw_lever_changes_free(struct gw_lever_changes *changes);

#endif
