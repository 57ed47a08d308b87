/*
 * One figure by gnuplot: a script is written to memory, run in a private folder inside the target folder, checked
 * and moved to its place.
 *
 * No shell, no pipe, no text of the user in a file name or outside single quotes: everything that comes from a
 * dataset passes gw_plot_text(). Coordinates of the layout are fractions of the canvas (5 : 3 in every format), so a
 * figure looks the same as SVG, PNG and PDF.
 */
#ifndef GW_OUTPUT_PLOT_H
#define GW_OUTPUT_PLOT_H

#include "core/status.h"
#include "output/label.h"

#include <stdio.h>

enum gw_plot_format { GW_PLOT_SVG, GW_PLOT_PNG, GW_PLOT_PDF, GW_PLOT_FORMATS };

/* By its name, "svg", "png" or "pdf"; GW_BAD_INPUT otherwise. */
int gw_plot_format_by_name(const char *name, enum gw_plot_format *format, struct gw_error *error);

struct gw_plot {
    FILE *script; /* under gw_plain_begin() numbers are written with a point */
    char *text;
    size_t size;
    enum gw_plot_format format;
};

/* Starts a script: terminal, output, axes' looks. */
int gw_plot_begin(struct gw_plot *plot, enum gw_plot_format format, struct gw_error *error);

/* Draws and leaves DIRECTORY/NAME.FORMAT, replacing what was there; `directory` is made when its parent exists,
 * `name` is our own. `path` receives the file's path; release with free(). GW_FAILED: gnuplot is missing, fails or
 * takes longer than a minute; GW_IO: the folder cannot be written. On failure nothing is left behind. */
int gw_plot_finish(struct gw_plot *plot, const char *directory, const char *name, char **path,
                   struct gw_error *error);
/* Forgets a plot that is not to be drawn. */
void gw_plot_abandon(struct gw_plot *plot);

/* Part of the canvas that the axes enclose. */
struct gw_frame {
    double left, right, bottom, top;
};

enum gw_text_look { GW_TEXT_TITLE, GW_TEXT_SUBTITLE, GW_TEXT_NOTE, GW_TEXT_BODY, GW_TEXT_BOLD };

/* Text in single quotes, made safe and cut to `columns`. A quote in it becomes U+2019, for gnuplot 5.4 does not
 * always read a doubled quote as one (not at the start of a label). In PNG and PDF characters beyond gw_show_common()
 * become boxes: the fallback that gnuplot's terminals draw for a missing glyph is as large as the canvas. SVG leaves
 * the choice of fonts to the viewer and keeps them. */
void gw_plot_text(struct gw_plot *plot, const char *text, size_t columns);
/* Width of so many columns of body text as a fraction of the canvas, generously. */
double gw_plot_width(size_t columns);
/* A label; `where` and `align` are gnuplot's ("screen 0.02, screen 0.9", "left"); `colour` NULL: by the look. */
void gw_plot_label(struct gw_plot *plot, const char *where, const char *align, enum gw_text_look look,
                   const char *colour, const char *text, size_t columns);
/* Title, grey subtitle and grey note at the foot (each may be NULL), over the whole canvas. */
void gw_plot_heading(struct gw_plot *plot, const char *title, const char *subtitle, const char *note);
void gw_plot_frame(struct gw_plot *plot, struct gw_frame frame);

/* Range and tics of axis 'x' or 'y' for data from `low` to `high`, in units of `unit`; equal bounds are widened.
 * Data have to be divided by `unit`, too. Writes the axis label as TEXT [SUFFIX UNIT], where the unit "money"
 * stands for the currency of the scenario. */
struct gw_range {
    double low, high;
};
struct gw_range gw_plot_axis(struct gw_plot *plot, char axis, double low, double high, struct gw_style unit,
                             const char *text, const char *unit_name);

/* Fewer tics: at most about `most` over the range, for panels too narrow for the usual seven. */
void gw_plot_tics(struct gw_plot *plot, char axis, struct gw_range range, int most);
/* The axis label by itself, as gw_plot_axis() writes it: "Value [millions, scenario's currency]". */
void gw_plot_axis_text(char *label, size_t size, struct gw_style unit, const char *text, const char *unit_name);

/* Colours that colour-blind readers tell apart (Okabe and Ito 2008), and dashes for print. */
enum { GW_PLOT_COLOURS = 8 };
const char *gw_plot_colour(size_t i);
const char *gw_plot_dash(size_t i); /* gnuplot's dash type */

/* Size of a point that looks the same in every format; 1 is about a hundredth of the canvas' width. */
double gw_plot_point(const struct gw_plot *plot, double size);

/* Moves n heights (fractions, any order) apart to at least `gap`, keeping their order and [0, 1]; n <= 64. */
void gw_plot_separate(double *height, size_t n, double gap);

#endif
