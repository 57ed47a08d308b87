/*
 * Panels side by side on one scale, a strategy each: what the figures share that show several things of a strategy.
 */
#ifndef GW_OUTPUT_FIGURE_PANEL_H
#define GW_OUTPUT_FIGURE_PANEL_H

#include "outcome/estimate.h"
#include "output/figure.h"

enum { GW_MOST_PANELS = 4, GW_MOST_LINES = 8 };

/* Strategies that get a panel: all, or the first and the last where they are more than `most`. */
struct gw_panels {
    size_t n, strategy[GW_MOST_PANELS];
    double left, right, gap; /* of the canvas; `gap` is free between two panels */
    char cut[80];            /* what was left out, "" for nothing */
};
struct gw_panels gw_panels_choose(const struct gw_dataset *dataset, size_t most);
struct gw_frame gw_panels_frame(const struct gw_panels *panels, size_t panel, double bottom, double top);
/* The strategy's name over the frame. */
void gw_panels_name(struct gw_plot *plot, const struct gw_dataset *dataset, const struct gw_panels *panels,
                    size_t panel, struct gw_frame frame);
/* The time axis; `named` false: tics without numbers, for a panel with another one below. */
void gw_panels_time(struct gw_plot *plot, double years, bool named);
/* The y axis, with its text and numbers in the first panel only. */
struct gw_range gw_panels_scale(struct gw_plot *plot, size_t panel, struct gw_range range, struct gw_style unit,
                                const char *text, const char *unit_name);

/* Lines over time: median and middle 90% of the replications, [panel][line][point]. */
struct gw_bands {
    size_t panels, lines, points, replications;
    double *x; /* years */
    struct gw_band {
        double low, middle, high; /* NaN where nothing is known */
    } * band;
    double low, high; /* of all bands; low > high: nothing is known */
};
/* `context` is the caller's. NaN: unknown. */
typedef double gw_band_value(const void *context, size_t strategy, size_t line, size_t replication, size_t point);

/* GW_REFUSED without memory. Release with gw_bands_free(), also after failure. */
int gw_bands_make(struct gw_bands *bands, const struct gw_panels *panels, const struct gw_bins *bins, size_t lines,
                  size_t replications, gw_band_value *value, const void *context, struct gw_error *error);
void gw_bands_free(struct gw_bands *bands);

struct gw_line {
    const char *label; /* at the right of the last panel */
    const char *colour, *dash;
    double width;
};
/* Draws a panel's bands and lines into the frame, which is set, and names the lines when the panel is the last. `key`
 * tells data of several grids in one figure apart. */
void gw_bands_draw(struct gw_plot *plot, const struct gw_bands *bands, const struct gw_line *line, size_t panel,
                   struct gw_frame frame, struct gw_range range, double unit, int key);

/* "line: median; band: the middle 90% of 100 replications" */
const char *gw_bands_describe(char out[128], const struct gw_bands *bands, const struct gw_dataset *dataset);

/* Half the width of an interval, 0 where there is none. */
double gw_half_width(const struct gw_estimate *estimate);

#endif
