/*
 * A sweep as its dataset holds it (experiment/sweep.h), checked for its shape: what report and figure read.
 */
#ifndef GW_OUTPUT_SWEEP_VIEW_H
#define GW_OUTPUT_SWEEP_VIEW_H

#include "outcome/dataset.h"
#include "outcome/estimate.h"

#include <stdbool.h>

enum { GW_SWEEP_VIEW_INPUTS = 200 };

struct gw_sweep_input {
    const char *say, *unit; /* borrowed from the dataset; unit "1": none */
    const char *name;
    const struct gw_axis *axis;   /* of a grid */
    const struct gw_array *array; /* of listed points; NULL: it takes texts, which the points' labels have */
    size_t stride;                /* of a grid: points from one level to the next */
};

struct gw_sweep_view {
    const struct gw_dataset *dataset;
    size_t inputs, points, quantities, replications;
    struct gw_sweep_input input[GW_SWEEP_VIEW_INPUTS];
    const struct gw_axis *point;     /* of listed points; NULL: a grid */
    bool by_strategy;                /* quantities are the strategies; else there is one */
    const double *value;             /* [point][quantity][replication] */
    const double *mean, *low, *high; /* [point][quantity] */
    const double *difference, *difference_low, *difference_high; /* the same, to quantity 0; NULL with one quantity */
    /* What stands for the sweep as a whole is the difference to the first quantity of this one: the one that is
     * highest at most points, of equals that with the greatest difference. 0: there is one quantity, and its mean
     * does. */
    size_t rival;
    const char *say, *unit;
    char *names; /* own memory */
};

/* GW_BAD_INPUT: no sweep, or not whole. Release with gw_sweep_view_close(), also after failure. */
int gw_sweep_view_open(struct gw_sweep_view *view, const struct gw_dataset *dataset, struct gw_error *error);
void gw_sweep_view_close(struct gw_sweep_view *view);

/* The number that an input takes at a point; NaN where it takes texts. */
double gw_sweep_view_x(const struct gw_sweep_view *view, size_t point, size_t input);
/* Its text where it does, or "". */
const char *gw_sweep_view_text(const struct gw_sweep_view *view, size_t point, size_t input);
bool gw_sweep_view_is_numeric(const struct gw_sweep_view *view, size_t input);

/* The mean of what stands for the sweep at a point, with its interval. */
struct gw_sweep_mean {
    double mean, low, high;
};
struct gw_sweep_mean gw_sweep_view_focus(const struct gw_sweep_view *view, size_t point);

/* Replications of a quantity at a point. */
const double *gw_sweep_view_values(const struct gw_sweep_view *view, size_t point, size_t quantity);

/*
 * How much of the variance between points goes with one input by itself. In a grid: the correlation ratio over its
 * levels, the rest being the other inputs and interactions. In other designs: over its values, or five equal parts of
 * them where they are more than eight, less what chance would give (epsilon squared: Kelley 1935, PNAS 21(9)); 0 at
 * least. Of the rival's difference, or of the only quantity. NaN where
 * the input takes texts that are not levels of a grid, and where nothing varies. GW_REFUSED without memory.
 */
int gw_sweep_view_shares(const struct gw_sweep_view *view, double *share, struct gw_error *error);

#endif
