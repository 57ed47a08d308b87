/*
 * Figures of a run, drawn by gnuplot from a dataset and nothing else.
 */
#ifndef GW_OUTPUT_FIGURES_H
#define GW_OUTPUT_FIGURES_H

#include "outcome/dataset.h"

#include <stdbool.h>
#include <stddef.h>

/* A figure by name with one line on what it shows and one on what it is drawn from: arrays of the dataset. */
struct gw_figure {
    const char *name, *doc, *needs;
    const char *of; /* the dataset's attribute `experiment`; NULL: a figure of a run */
};

/* All figures, in the order they are drawn. Static. */
const struct gw_figure *gw_figures(size_t *count);

/* What became of a figure: the file it is in, or the reason why it was left out. */
struct gw_figure_result {
    const char *name; /* static */
    char *path;       /* NULL: left out */
    char *reason;     /* NULL: drawn */
};

/* Draws the `n` figures named, or with n = 0 every one of what the dataset holds (a run or an experiment), into
 * `directory` (made when its parent exists) as NAME.FORMAT; `format` is "svg", "png" or "pdf". A figure whose arrays
 * the dataset lacks is left out with a reason. At most eight strategies are drawn; the figures say so.
 *
 * `results` receives `count` results, also on failure those so far; release with gw_figure_results_free().
 * GW_BAD_INPUT: unknown figure or format. GW_FAILED: gnuplot missing or failing. GW_IO: folder not writable. */
int gw_figures_draw(const struct gw_dataset *dataset, const char *directory, const char *format,
                    const char *const *names, size_t n, struct gw_figure_result **results, size_t *count,
                    struct gw_error *error);
void gw_figure_results_free(struct gw_figure_result *results, size_t count);

/* One series of a comparison, observed against simulated say. Values that are not finite are left out. */
struct gw_curve {
    const char *label; /* "": none */
    size_t n;
    const double *x, *y;
    const double *low, *high; /* an interval around y, or both NULL */
    bool points;              /* points with error bars, or a line in a band */
    bool black;               /* in black instead of a colour of its own */
};

struct gw_comparison_figure {
    const char *title, *subtitle; /* the subtitle says what lines, bands and n are */
    const char *x_label, *y_label;
    const char *x_unit, *y_unit; /* "week", "EUR" ...; "1" for none; "share": y is shown in percent */
    const struct gw_curve *curve;
    size_t curves; /* 1 to 8 */
};

/* Draws DIRECTORY/NAME.FORMAT; `name` is of a-z, 0-9, - and _. `path` is released with free(). Errors as above, and
 * GW_BAD_INPUT when there is nothing to draw. */
int gw_figure_compare(const struct gw_comparison_figure *figure, const char *directory, const char *name,
                      const char *format, char **path, struct gw_error *error);

#endif
