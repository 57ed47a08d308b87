/*
 * A frontier's run file, opened: what its report and its figures read. Everything is borrowed from the dataset.
 */
#ifndef GW_OUTPUT_FRONTIER_VIEW_H
#define GW_OUTPUT_FRONTIER_VIEW_H

#include "outcome/dataset.h"

#include <stdbool.h>

struct gw_frontier_input {
    const char *say, *unit;
    size_t n;
    const double *at; /* [n] ascending */
    double now;       /* what the scenario has; NaN: not one number */
};

/* Pieces of a line: x0, y0, x1, y1 each. */
struct gw_frontier_line {
    size_t n;
    const double *piece;
};

struct gw_frontier_view {
    char lead[300];         /* what `say` points to where the measure is one value less another and has no words */
    const char *say, *unit; /* of the measure */
    const char *ahead, *behind; /* strategies ahead where it is above and below 0; "": it is another measure */
    struct gw_frontier_input x, y;
    bool map;                        /* two inputs */
    const double *mean, *low, *high; /* over x, or (y, x) */
    const int64_t *n;                /* 0: between evaluated nodes */
    double replications;

    /* One input. */
    size_t crossings, roots; /* all; those that are described */
    const double *root, *root_low, *root_high;
    const int64_t *rising, *open_low, *open_high;
    int sign; /* without a crossing: of the measure, 0 if it is 0 everywhere */
    size_t zeros;
    bool undecided, reached;

    /* Two. */
    struct gw_frontier_line line, band_low, band_high;
    double above, below, between; /* shares of the map */
    double least, most;           /* of the mean over evaluated nodes */
    double evaluated;
};

/* GW_BAD_INPUT: the dataset lacks what a frontier leaves. Under gw_plain_begin(). */
int gw_frontier_view_open(struct gw_frontier_view *view, const struct gw_dataset *dataset, struct gw_error *error);

/* Which side is which, for people: "Price cut is ahead", or "MEASURE is above 0". */
enum { GW_SIDE_SIZE = 300 };
const char *gw_frontier_side(const struct gw_frontier_view *view, bool above, char out[GW_SIDE_SIZE]);

/* The name of an input, for people: "unit cost", 40 columns at most. */
const char *gw_frontier_name(const struct gw_frontier_input *input, char out[GW_SIDE_SIZE]);
/* A capital at the beginning, in place, unless it is a formula. */
const char *gw_frontier_capital(char *text);

/* y at which a field, the mean or a bound, is 0 at place `x` of the map, between nodes by linear interpolation: the
 * first from below, NaN where there is none. `times` receives how often it crosses 0. */
double gw_frontier_height(const struct gw_frontier_view *view, const double *field, size_t x, size_t *times);

#endif
