/*
 * The points of a sweep: which settings it visits. Inside of experiment/sweep.h.
 */
#ifndef GW_EXPERIMENT_SWEEP_POINTS_H
#define GW_EXPERIMENT_SWEEP_POINTS_H

#include "scenario/experiment.h"
#include "scenario/input.h"

#include <stdint.h>

enum { GW_MOST_SWEEP_POINTS = 1000000 };

/* What an input takes in a grid, in its order. */
struct gw_sweep_levels {
    size_t n;
    double *x; /* [n] NaN: no number */
};

struct gw_sweep_points {
    enum gw_design design;
    struct gw_inputs inputs; /* prepared copies */
    size_t points;
    double *x;     /* [points][inputs] NaN: the value is no number */
    int32_t *pick; /* [points][inputs] which of the input's values; -1: it has none written, and x is set */
    struct gw_sweep_levels
        *levels; /* [inputs] of a grid, the product of them with the last input fastest; else NULL */
};

/*
 * grid             every combination: the values of an input, or `steps` (5) from the low end of its range to the
 *                  high one; whole numbers where the parameter is one, each once
 * list             side by side: the first value of every input, the second of every input ...; equally many
 * random, latin_hypercube, sobol
 *                  `points` of analysis/design.h, through the range that is written for an input, else the quantiles
 *                  of its distribution, else its plausible range; of a list of values each is met equally often
 *
 * GW_BAD_INPUT: an input without a range or values where it takes one, lists of different lengths, more than
 * GW_MOST_SWEEP_POINTS. GW_REFUSED: no memory. Release with gw_sweep_points_free(). */
int gw_sweep_points_make(struct gw_sweep_points *points, const struct gw_sweep_spec *spec, uint64_t seed,
                         struct gw_error *error);
void gw_sweep_points_free(struct gw_sweep_points *points);

/* The changes "KEY=VALUE" that make a point; release with gw_changes_free(). */
int gw_sweep_point_changes(const struct gw_sweep_points *points, size_t point, struct gw_changes *changes,
                           struct gw_error *error);

/* Whether all values that an input takes are numbers. */
bool gw_sweep_is_numeric(const struct gw_sweep_points *points, int input);

/* A point in words, "unit_cost=0.45, price=0.9"; what is longer is cut. */
enum { GW_SWEEP_POINT_BYTES = 400 };
void gw_sweep_point_text(const struct gw_sweep_points *points, size_t point, char out[GW_SWEEP_POINT_BYTES]);

#endif
