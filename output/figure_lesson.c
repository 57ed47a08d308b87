/*
 * The one figure of a lesson: a quantity per strategy, in the market as shipped and in the one that turns the claim.
 * Strategies, or parts that have a measure each, are rows, or stand on an axis, or are lines over time.
 */
#include "output/figure.h"
#include "output/figures.h"
#include "output/lesson.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_NAME = 26, MOST_ROWS = 16 };

static const char *run_name(const struct gw_lesson_result *result, size_t run)
{
    return run > 0 ? result->lesson->flip.name : result->changed ? "with your changes" : "this market";
}

/* Estimates of the figure's measure for all strategies, or of all parts (and periods, if it goes over time), of both
 * runs. */
struct points {
    size_t rows, periods, runs;
    struct gw_estimate *at; /* [run][row][period] */
};

static const struct gw_estimate *point(const struct points *p, size_t run, size_t row, size_t period)
{
    return &p->at[(run * p->rows + row) * p->periods + period];
}

static size_t rows_of(const struct gw_lesson_result *result)
{
    const int parts = result->lesson->figure.parts;
    return parts > 0 ? (size_t)parts : gw_strategies(result->shipped.dataset);
}

/* What a row is called; `out` has room for GW_NAME_SIZE. */
static void row_name(const struct gw_lesson_result *result, size_t row, size_t columns, char *out)
{
    const struct gw_lesson_figure *figure = &result->lesson->figure;
    if (figure->parts > 0) {
        (void)snprintf(out, GW_NAME_SIZE, "%s", figure->part[row].say);
    } else {
        (void)gw_show_strategy(out, GW_NAME_SIZE, result->shipped.dataset, row, columns);
    }
}

static size_t periods_of(const struct gw_lesson_result *result)
{
    const struct gw_axis *axis = gw_dataset_axis(result->shipped.dataset, "period");
    return result->lesson->figure.over_time && axis != NULL ? axis->length : 1;
}

static int estimate_points(struct points *p, const struct gw_lesson_result *result, struct gw_error *error)
{
    const struct gw_lesson_figure *figure = &result->lesson->figure;
    const struct gw_dataset *const datasets[] = {result->shipped.dataset, result->flipped.dataset};
    *p = (struct points){rows_of(result), periods_of(result), figure->over_time ? 1 : 2, NULL};
    p->at = calloc(p->runs * p->rows * p->periods + 1, sizeof *p->at);
    int ret = p->at == NULL ? gw_fail(error, GW_REFUSED, "out of memory for a figure") : GW_OK;
    for (size_t i = 0; i < p->runs * p->rows * p->periods && ret == GW_OK; i++) {
        const size_t row = i / p->periods % p->rows;
        const struct gw_expression_place place = {figure->parts > 0 ? GW_NO_STRATEGY : row,
                                                  figure->over_time ? (long)(i % p->periods) : -1};
        const char *measure = figure->parts > 0 ? figure->part[row].measure : figure->measure;
        ret = gw_expression_estimate(measure, datasets[i / p->periods / p->rows], place, 0.95, &p->at[i], error);
    }
    return ret;
}

static void subtitle_of(const struct gw_lesson_result *result, const char *marks, char *out, size_t size)
{
    char n[64];
    (void)snprintf(out, size, "%s: mean and 95%% interval of %s", marks,
                   gw_figure_replications(n, result->shipped.dataset));
}

/* ---- Lines ------------------------------------------------------------------------------------------------- */

static int draw_lines(const struct gw_lesson_result *result, const struct points *p, const char *directory,
                      const char *format, char **path, struct gw_error *error)
{
    const struct gw_lesson_figure *figure = &result->lesson->figure;
    const bool over_time = figure->over_time;
    const size_t drawn = figure->parts > 0 ? p->rows : gw_figure_strategies(result->shipped.dataset);
    const size_t curves = over_time ? drawn : p->runs, n = over_time ? p->periods : p->rows;
    const double years = gw_figure_period_years(result->shipped.dataset);
    struct gw_curve curve[GW_PLOT_COLOURS] = {0};
    char name[GW_PLOT_COLOURS][GW_NAME_SIZE], subtitle[160];
    double *numbers = calloc(4 * curves * n + 1, sizeof *numbers);
    if (numbers == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    for (size_t c = 0; c < curves; c++) {
        double *x = numbers + 4 * c * n, *y = x + n, *low = y + n, *high = low + n;
        for (size_t i = 0; i < n; i++) {
            const struct gw_estimate *e = over_time ? point(p, 0, c, i) : point(p, c, i, 0);
            x[i] = over_time ? ((double)i + 0.5) * years : figure->x[i];
            y[i] = e->mean;
            low[i] = e->low;
            high[i] = e->high;
        }
        if (over_time) {
            row_name(result, c, 22, name[c]);
        }
        curve[c] = (struct gw_curve){over_time ? name[c] : run_name(result, c), n, x, y, low, high, false, false};
    }
    subtitle_of(result, "Line and band", subtitle, sizeof subtitle);
    const bool share = strcmp(figure->unit, "%") == 0;
    const struct gw_comparison_figure compared = {.title = figure->heading,
                                                  .subtitle = subtitle,
                                                  .x_label = over_time ? "Time" : figure->x_label,
                                                  .y_label = figure->label,
                                                  .x_unit = over_time ? "years" : "1",
                                                  .y_unit = share                     ? "share"
                                                            : figure->unit[0] == '\0' ? "1"
                                                                                      : figure->unit,
                                                  .curve = curve,
                                                  .curves = curves};
    const int ret = gw_figure_compare(&compared, directory, result->name, format, path, error);
    free(numbers);
    return ret;
}

/* ---- Rows -------------------------------------------------------------------------------------------------- */

struct bounds {
    double low, high, half; /* half: the widest interval's half width */
};

static struct bounds bounds_of(const struct points *p)
{
    struct bounds b = {INFINITY, -INFINITY, 0.0};
    for (size_t i = 0; i < p->runs * p->rows; i++) {
        const struct gw_estimate *e = &p->at[i];
        b.low = fmin(b.low, fmin(e->mean, e->low)); /* passes over NaN */
        b.high = fmax(b.high, fmax(e->mean, e->high));
        b.half = fmax(b.half, (e->high - e->low) / 2.0);
    }
    return b;
}

static void write_row_data(FILE *script, const struct points *p, size_t rows, double unit)
{
    for (size_t run = 0; run < p->runs; run++) {
        (void)fprintf(script, "$run%zu << EOD\n", run);
        for (size_t s = 0; s < rows; s++) {
            const struct gw_estimate *e = point(p, run, s, 0);
            if (isfinite(e->mean)) {
                const double y = (double)(rows - 1 - s) + (run == 0 ? 0.14 : -0.14);
                (void)fprintf(script, "%.10g %.4f %.10g %.10g\n", e->mean / unit, y,
                              (isfinite(e->low) ? e->low : e->mean) / unit,
                              (isfinite(e->high) ? e->high : e->mean) / unit);
            }
        }
        (void)fputs("EOD\n", script);
    }
}

static void write_row_plot(const struct gw_plot *plot)
{
    for (size_t run = 0; run < 2; run++) {
        const char *colour = gw_plot_colour(run);
        (void)fprintf(plot->script,
                      "%s$run%zu using 3:2:($4-$3):(0) with vectors nohead lw 5 lc rgb '%s', "
                      "$run%zu using 1:2 with points pt %d ps %g lc rgb '%s'",
                      run == 0 ? "plot " : ", ", run, colour, run, run == 0 ? 7 : 5, gw_plot_point(plot, 1.3),
                      colour);
    }
    (void)fputc('\n', plot->script);
}

static void write_row_names(struct gw_plot *plot, const struct gw_lesson_result *result, struct gw_frame frame,
                            size_t rows)
{
    char name[GW_NAME_SIZE], where[96];
    for (size_t s = 0; s < rows; s++) {
        row_name(result, s, ROW_NAME, name);
        (void)snprintf(where, sizeof where, "screen %.4f, first %zu", frame.left - 0.012, rows - 1 - s);
        gw_plot_label(plot, where, "right", GW_TEXT_BODY, NULL, name, ROW_NAME);
    }
    for (size_t run = 0; run < 2; run++) {
        (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", frame.right + 0.03, run == 0 ? 0.5 : 0.44);
        gw_plot_label(plot, where, "left", GW_TEXT_BOLD, gw_plot_colour(run), run_name(result, run), ROW_NAME);
    }
}

static size_t name_columns(const struct gw_lesson_result *result)
{
    const struct gw_lesson_figure *figure = &result->lesson->figure;
    size_t longest = 0;
    for (int i = 0; i < figure->parts; i++) {
        const size_t length = strlen(figure->part[i].say);
        longest = length > longest ? length : longest;
    }
    return figure->parts == 0   ? gw_figure_name_columns(result->shipped.dataset, ROW_NAME)
           : longest < ROW_NAME ? longest
                                : ROW_NAME;
}

static void write_rows(struct gw_plot *plot, const struct gw_lesson_result *result, const struct points *p,
                       struct bounds b)
{
    const struct gw_lesson_figure *figure = &result->lesson->figure;
    const bool share = strcmp(figure->unit, "%") == 0;
    const size_t rows = p->rows < MOST_ROWS ? p->rows : MOST_ROWS;
    const double low = fmin(0.0, b.low), high = fmax(0.0, b.high), air = 0.04 * (high - low);
    const struct gw_style style = share ? gw_style_percent(1.0, NAN) : gw_style_for(fmax(-low, high), NAN);
    const struct gw_frame frame = {0.035 + gw_plot_width(name_columns(result)), 0.82, 0.155, 0.85};
    char subtitle[160];
    subtitle_of(result, "Mark and bar", subtitle, sizeof subtitle);
    gw_plot_heading(plot, figure->heading, subtitle, NULL);
    gw_plot_frame(plot, frame);
    (void)fputs("set border 1\nunset ytics\nset grid xtics noytics\n", plot->script);
    (void)gw_plot_axis(plot, 'x', low < 0.0 ? low - air : 0.0, high > 0.0 ? high + air : 0.0, style, figure->label,
                       share || figure->unit[0] == '\0' ? "1" : figure->unit);
    (void)fprintf(plot->script, "set yrange [-0.6:%.2f]\n", (double)rows - 0.4);
    (void)fputs("set arrow from first 0, graph 0 to first 0, graph 1 nohead back lw 1.4 lc rgb '#333333'\n",
                plot->script);
    write_row_names(plot, result, frame, rows);
    write_row_data(plot->script, p, rows, style.unit);
    write_row_plot(plot);
}

static int draw_rows(const struct gw_lesson_result *result, const struct points *p, const char *directory,
                     const char *format, char **path, struct gw_error *error)
{
    const struct bounds b = bounds_of(p);
    enum gw_plot_format as;
    struct gw_plot plot;
    int ret = gw_plot_format_by_name(format, &as, error);
    if (ret == GW_OK && !(b.low <= b.high)) {
        ret = gw_fail(error, GW_FAILED, "the figure's measure has no value in any replication");
    }
    ret = ret == GW_OK ? gw_plot_begin(&plot, as, error) : ret;
    if (ret == GW_OK) {
        const struct gw_plain plain = gw_plain_begin();
        write_rows(&plot, result, p, b);
        ret = gw_plot_finish(&plot, directory, result->name, path, error);
        gw_plain_end(plain);
    }
    return ret;
}

int gw_lesson_draw(const struct gw_lesson_result *result, const char *directory, const char *format, char **path,
                   struct gw_error *error)
{
    struct points p;
    const struct gw_lesson_figure *figure = &result->lesson->figure;
    *path = NULL;
    int ret = estimate_points(&p, result, error);
    if (ret == GW_OK) {
        ret = figure->over_time || figure->x != NULL ? draw_lines(result, &p, directory, format, path, error)
                                                     : draw_rows(result, &p, directory, format, path, error);
    }
    free(p.at);
    return ret;
}
