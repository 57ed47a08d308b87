/* Series against series: observed against simulated, say. */
#include "output/figures.h"
#include "output/plot.h"

#include <math.h>
#include <string.h>

enum { NAME = 22 };

struct bounds {
    double left, right, low, high;
};

static bool is_known(const struct gw_curve *curve, size_t i)
{
    return isfinite(curve->x[i]) && isfinite(curve->y[i]);
}

static bool has_interval(const struct gw_curve *curve, size_t i)
{
    return curve->low != NULL && curve->high != NULL && isfinite(curve->low[i]) && isfinite(curve->high[i]);
}

/* Colours and dashes go round the curves that are not black. */
static size_t rank_of(const struct gw_comparison_figure *figure, size_t curve)
{
    size_t rank = 0;
    for (size_t c = 0; c < curve; c++) {
        rank += !figure->curve[c].black;
    }
    return rank;
}

static const char *colour_of(const struct gw_comparison_figure *figure, size_t curve)
{
    return figure->curve[curve].black ? "#1a1a1a" : gw_plot_colour(rank_of(figure, curve));
}

static struct bounds bounds_of(const struct gw_comparison_figure *figure)
{
    struct bounds b = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t c = 0; c < figure->curves; c++) {
        const struct gw_curve *curve = &figure->curve[c];
        for (size_t i = 0; i < curve->n; i++) {
            if (is_known(curve, i)) {
                const bool interval = has_interval(curve, i);
                b.left = fmin(b.left, curve->x[i]);
                b.right = fmax(b.right, curve->x[i]);
                b.low = fmin(b.low, interval ? fmin(curve->low[i], curve->y[i]) : curve->y[i]);
                b.high = fmax(b.high, interval ? fmax(curve->high[i], curve->y[i]) : curve->y[i]);
            }
        }
    }
    return b;
}

static void write_data(FILE *script, const struct gw_comparison_figure *figure, double x_unit, double y_unit)
{
    for (size_t c = 0; c < figure->curves; c++) {
        const struct gw_curve *curve = &figure->curve[c];
        (void)fprintf(script, "$curve%zu << EOD\n", c);
        for (size_t i = 0; i < curve->n; i++) {
            if (is_known(curve, i)) {
                const bool interval = has_interval(curve, i);
                const double low = interval ? curve->low[i] : curve->y[i],
                             high = interval ? curve->high[i] : curve->y[i];
                (void)fprintf(script, "%.10g %.10g %.10g %.10g\n", curve->x[i] / x_unit, curve->y[i] / y_unit,
                              low / y_unit, high / y_unit);
            }
        }
        (void)fputs("EOD\n", script);
    }
}

/* Bands lie under lines, lines under points. */
static void write_plot(const struct gw_plot *plot, const struct gw_comparison_figure *figure)
{
    FILE *script = plot->script;
    const char *comma = "plot ";
    for (int layer = 0; layer < 3; layer++) {
        for (size_t c = 0; c < figure->curves; c++) {
            const struct gw_curve *curve = &figure->curve[c];
            const char *colour = colour_of(figure, c);
            const bool interval = curve->low != NULL && curve->high != NULL;
            if (layer == 0 && interval && !curve->points) {
                (void)fprintf(
                    script,
                    "%s$curve%zu using 1:3:4 with filledcurves fs transparent solid 0.22 noborder lc rgb '%s'", comma,
                    c, colour);
            } else if (layer == 1 && !curve->points) {
                (void)fprintf(script, "%s$curve%zu using 1:2 with lines lw 2.4 dt %s lc rgb '%s'", comma, c,
                              gw_plot_dash(rank_of(figure, c)), colour);
            } else if (layer == 2 && curve->points) {
                (void)fprintf(script, "%s$curve%zu using 1:2:3:4 with %s pt 7 ps %g lw 1.4 lc rgb '%s'", comma, c,
                              interval ? "yerrorbars" : "points", gw_plot_point(plot, 0.8), colour);
            } else {
                continue;
            }
            comma = ", ";
        }
    }
    (void)fputc('\n', script);
}

/* Height of the last point in the axes, 0 when there is none. */
static double end_height(const struct gw_curve *curve, struct gw_range range, double unit)
{
    for (size_t i = curve->n; i-- > 0;) {
        if (is_known(curve, i)) {
            return (curve->y[i] / unit - range.low) / (range.high - range.low);
        }
    }
    return 0.0;
}

static void write_labels(struct gw_plot *plot, const struct gw_comparison_figure *figure, struct gw_range range,
                         double unit)
{
    double height[GW_PLOT_COLOURS];
    size_t labelled[GW_PLOT_COLOURS], n = 0;
    char where[64];
    for (size_t c = 0; c < figure->curves; c++) {
        if (figure->curve[c].label[0] != '\0') {
            height[n] = end_height(&figure->curve[c], range, unit);
            labelled[n++] = c;
        }
    }
    gw_plot_separate(height, n, 0.052);
    for (size_t i = 0; i < n; i++) {
        const size_t c = labelled[i];
        (void)snprintf(where, sizeof where, "graph 1.02, graph %.4f", height[i]);
        gw_plot_label(plot, where, "left", GW_TEXT_BODY, colour_of(figure, c), figure->curve[c].label, NAME);
    }
}

static void write_figure(struct gw_plot *plot, const struct gw_comparison_figure *figure, struct bounds b)
{
    size_t columns = 0;
    for (size_t c = 0; c < figure->curves; c++) {
        const size_t used = gw_columns(figure->curve[c].label);
        columns = used > columns ? used : columns;
    }
    columns = columns < NAME ? columns : NAME;
    const bool share = strcmp(figure->y_unit, "share") == 0;
    const double air = 0.04 * (b.high - b.low), low = b.low - air, high = b.high + air;
    const struct gw_range y = {b.low >= 0.0 && low < 0.35 * high ? 0.0 : low, high};
    const struct gw_style x_style = gw_style_for(fmax(fabs(b.left), fabs(b.right)), NAN);
    const struct gw_style y_style =
        share ? gw_style_percent(1.0, NAN) : gw_style_for(fmax(fabs(y.low), fabs(y.high)), NAN);
    const struct gw_frame frame = {0.095, 0.985 - gw_plot_width(columns + 1), 0.155, 0.85};
    const double margin = 0.01 * (b.right - b.left);
    gw_plot_heading(plot, figure->title, figure->subtitle, NULL);
    gw_plot_frame(plot, frame);
    (void)gw_plot_axis(plot, 'x', b.left - margin, b.right + margin, x_style, figure->x_label, figure->x_unit);
    const struct gw_range range =
        gw_plot_axis(plot, 'y', y.low, y.high, y_style, figure->y_label, share ? "1" : figure->y_unit);
    write_labels(plot, figure, range, y_style.unit);
    write_data(plot->script, figure, x_style.unit, y_style.unit);
    write_plot(plot, figure);
}

static bool is_file_name(const char *name)
{
    const size_t length = strlen(name);
    return length > 0 && length < 100 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == length;
}

int gw_figure_compare(const struct gw_comparison_figure *figure, const char *directory, const char *name,
                      const char *format, char **path, struct gw_error *error)
{
    enum gw_plot_format as;
    struct gw_plot plot;
    *path = NULL;
    int ret = gw_plot_format_by_name(format, &as, error);
    if (ret != GW_OK) {
        return ret;
    }
    if (!is_file_name(name) || figure->curves == 0 || figure->curves > GW_PLOT_COLOURS) {
        return gw_fail(error, GW_BAD_INPUT, "a figure needs a name of a-z, 0-9, - and _ and 1 to %d series",
                       GW_PLOT_COLOURS);
    }
    const struct bounds b = bounds_of(figure);
    if (!(b.left <= b.right)) {
        return gw_fail(error, GW_BAD_INPUT, "figure '%s' has nothing to draw", name);
    }
    ret = gw_plot_begin(&plot, as, error);
    if (ret == GW_OK) {
        const struct gw_plain plain = gw_plain_begin();
        write_figure(&plot, figure, b);
        ret = gw_plot_finish(&plot, directory, name, path, error);
        gw_plain_end(plain);
    }
    return ret;
}
