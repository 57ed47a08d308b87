/*
 * Where the mean of a noisy function of two variables is 0: the break-even line and its band.
 *
 * The rectangle is cut into coarse cells; a cell through which the line or an edge of its band passes is cut into
 * four, down to the finest size, and only nodes of such cells are evaluated. A cell counts as passed when the sign of
 * the mean, of the lower or of the upper bound differs among the evaluated nodes in it, its sides included: then
 * neighbours of different size agree about every side, and no line ends inside. What lies between the nodes of an
 * undivided cell is bilinear.
 *
 * Lines are drawn by marching squares with linear interpolation. The band is where the interval of the mean, point by
 * point, holds 0: its edges are the lines of the lower and of the upper bound.
 */
#ifndef GW_ANALYSIS_CONTOUR_H
#define GW_ANALYSIS_CONTOUR_H

#include "analysis/response.h"

enum { GW_LEAST_CELLS = 4, GW_MOST_CELLS = 256 };

enum gw_contour_line { GW_LINE_MEAN, GW_LINE_LOW, GW_LINE_HIGH, GW_LINES };

struct gw_contour_options {
    double low[2], high[2]; /* of x and y */
    unsigned cells;         /* along each side at the finest: rounded up to a power of two, GW_LEAST_CELLS at least */
    uint32_t replications;  /* at every node, >= 2 */
    double level;           /* confidence, in (0, 1) */
};

/* One piece of a line, inside one cell. */
struct gw_contour_segment {
    double x0, y0, x1, y1;
};

struct gw_contour {
    size_t side;               /* nodes along each side */
    double *x, *y;             /* [side] */
    double *field[GW_LINES];   /* [y][x]: mean and bounds of its interval */
    uint32_t *n;               /* [y][x] replications at a node; 0: between nodes */
    size_t evaluated;          /* nodes */
    size_t segments[GW_LINES]; /* mean = 0: 0 when the sign is the same at every node */
    struct gw_contour_segment *segment[GW_LINES];
    double above, below, undecided; /* shares of the area: interval above 0, below 0, holding it */
    double least, most;             /* of the mean over all evaluated nodes */
};

/* GW_BAD_INPUT: options out of their ranges, or fewer than two values are defined at a node, which is named. What
 * `evaluate` fails with is passed on. Release with gw_contour_free(), also after a failure. */
int gw_contour_find(const struct gw_response *response, const struct gw_contour_options *options,
                    struct gw_contour *contour, struct gw_error *error);
void gw_contour_free(struct gw_contour *contour);

#endif
