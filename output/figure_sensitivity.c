/* What drives a result: tornado, Morris' plane, shares of variance. */
#include "output/figure.h"
#include "output/sensitivity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 12, NAME = 30 };

static const char bar_low[] = "#0072B2", bar_high[] = "#D55E00", ink[] = "#111111";

/* ---- Rows ------------------------------------------------------------------------------------------------------ */

/* Inputs that are drawn, one below the other. */
struct rows {
    const struct gw_sensitivity_view *v;
    size_t order[GW_SENSITIVITY_MOST], n, all;
};

static struct rows rows_by(const struct gw_sensitivity_view *v, const double *interval, bool either_way)
{
    struct rows rows = {.v = v};
    rows.all = gw_sensitivity_order(v, interval, either_way, rows.order);
    rows.n = rows.all < ROWS ? rows.all : ROWS;
    return rows;
}

static size_t longest_name(const struct rows *rows)
{
    char name[GW_NAME_SIZE];
    size_t most = 0;
    for (size_t k = 0; k < rows->n; k++) {
        const size_t used = gw_sensitivity_name(rows->v, rows->order[k], NAME, name);
        most = used > most ? used : most;
    }
    return most;
}

static double height_of(const struct rows *rows, size_t k)
{
    return (double)(rows->n - 1 - k);
}

static void write_names(struct gw_plot *plot, const struct rows *rows, struct gw_frame frame)
{
    char name[GW_NAME_SIZE], where[96];
    for (size_t k = 0; k < rows->n; k++) {
        (void)gw_sensitivity_name(rows->v, rows->order[k], NAME, name);
        (void)snprintf(where, sizeof where, "screen %.4f, first %g", frame.left - 0.012, height_of(rows, k));
        gw_plot_label(plot, where, "right", GW_TEXT_BODY, NULL, name, NAME);
    }
}

static struct gw_frame begin_rows(struct gw_plot *plot, const struct rows *rows, double right)
{
    const struct gw_frame frame = {0.035 + gw_plot_width(longest_name(rows)), right, 0.155, 0.82};
    gw_plot_frame(plot, frame);
    (void)fputs("set border 1\nunset ytics\nset grid xtics noytics\n", plot->script);
    (void)fprintf(plot->script, "set yrange [-0.6:%.2f]\n", (double)rows->n - 0.4);
    write_names(plot, rows, frame);
    return frame;
}

static void write_zero(struct gw_plot *plot)
{
    (void)fputs("set arrow from first 0, graph 0 to first 0, graph 1 nohead front lw 1.4 lc rgb '#333333'\n",
                plot->script);
}

/* Right of the axes: what a colour or mark stands for. */
static void write_key(struct gw_plot *plot, struct gw_frame frame, size_t line, const char *colour, const char *text)
{
    char where[96];
    (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", frame.right + 0.02,
                   frame.top - 0.03 - 0.055 * (double)line);
    gw_plot_label(plot, where, "left", GW_TEXT_BOLD, colour, text, NAME + 4);
}

static void say_cut(char out[80], const struct rows *rows)
{
    out[0] = '\0';
    if (rows->n < rows->all) {
        (void)snprintf(out, 80, "The first %zu of %zu inputs", rows->n, rows->all);
    }
}

/* The n of the rows: "100" or "98 to 100". */
static void say_counts(char out[64], const struct rows *rows, const int64_t *count)
{
    int64_t least = INT64_MAX, most = 0;
    for (size_t k = 0; k < rows->n; k++) {
        const int64_t n = count[rows->order[k]];
        least = n < least ? n : least;
        most = n > most ? n : most;
    }
    (void)snprintf(out, 64, least == most ? "%lld" : "%lld to %lld", (long long)least, (long long)most);
}

struct span {
    double low, high;
};

static struct span wider(struct span s, double x)
{
    return (struct span){fmin(s.low, x), fmax(s.high, x)}; /* passes over NaN */
}

static struct span with_intervals(struct span s, const double *interval, size_t n)
{
    for (size_t k = 0; k < 3 * n; k++) {
        s = wider(s, interval[k]);
    }
    return s;
}

static struct gw_style style_of(const struct gw_sensitivity_view *v, struct span s)
{
    const double most = fmax(fabs(s.low), fabs(s.high));
    return strcmp(v->unit, "share") == 0 ? gw_style_percent(most, NAN) : gw_style_for(most, NAN);
}

static const char *unit_of(const struct gw_sensitivity_view *v)
{
    return strcmp(v->unit, "share") == 0 || strcmp(v->unit, "%") == 0 ? "1" : v->unit;
}

enum { TITLE = 2 * GW_NAME_SIZE };

/* The message: who comes first, as far as the intervals tell. `one` and `many` follow the names. */
static void write_title(char out[TITLE], const struct rows *rows, const double *interval, bool either_way,
                        const char *one, const char *many, const char *nobody)
{
    const size_t leaders = gw_sensitivity_leaders(interval, either_way, rows->order, rows->all);
    char names[GW_NAME_SIZE], shown[GW_NAME_SIZE];
    gw_sensitivity_names(rows->v, rows->order, leaders, 2, 22, names, sizeof names);
    (void)gw_show_label(shown, sizeof shown, names, 52);
    (void)snprintf(out, TITLE, "%s%s%s", shown, leaders == 0 ? "" : " ",
                   leaders == 0   ? nobody
                   : leaders == 1 ? one
                                  : many);
}

/* What is asked, to begin a subtitle with. */
static const char *asked(const struct gw_sensitivity_view *v, char out[GW_NAME_SIZE])
{
    (void)gw_show_text(out, GW_NAME_SIZE, v->say, 46);
    out[0] = out[0] >= 'a' && out[0] <= 'z' ? (char)(out[0] - 'a' + 'A') : out[0];
    return out;
}

/* Two bars a row, one above the other, in two colours, each with its interval. */
static double half_of(size_t bar)
{
    return bar == 0 ? 0.16 : -0.16;
}

static const char *colour_of(size_t bar)
{
    return bar == 0 ? bar_low : bar_high;
}

/* Estimate, low, high at interval[stride * input], and the height. */
static void write_bar_data(FILE *script, const struct rows *rows, size_t bar, const double *interval, size_t stride,
                           double unit)
{
    (void)fprintf(script, "$bar%zu << EOD\n", bar);
    for (size_t k = 0; k < rows->n; k++) {
        const double *x = &interval[stride * rows->order[k]];
        if (isfinite(x[0])) {
            (void)fprintf(script, "%.10g %.10g %.10g %g\n", x[0] / unit, (isfinite(x[1]) ? x[1] : x[0]) / unit,
                          (isfinite(x[2]) ? x[2] : x[0]) / unit, height_of(rows, k) + half_of(bar));
        }
    }
    (void)fputs("EOD\n", script);
}

static void write_bars(const struct gw_plot *plot)
{
    for (size_t bar = 0; bar < 2; bar++) {
        (void)fprintf(plot->script,
                      "%s$bar%zu using 1:4:(0):1:($4-0.15):($4+0.15) with boxxyerror fs solid 0.75 noborder lc rgb "
                      "'%s', $bar%zu using 2:4:($3-$2):(0) with vectors nohead lw 2.2 lc rgb '%s'",
                      bar == 0 ? "plot " : ", ", bar, colour_of(bar), bar, ink);
    }
    (void)fputc('\n', plot->script);
}

/* ---- Tornado --------------------------------------------------------------------------------------------------- */

static void put_end(struct gw_plot *plot, const struct rows *rows, size_t k, size_t end, double where_x, bool right)
{
    const size_t i = rows->order[k];
    const double x = rows->v->range[2 * i + end];
    char number[64], text[96], where[96];
    const struct gw_style style = gw_style_brief(fabs(x), NAN);
    (void)snprintf(text, sizeof text, "%s%s", gw_show_number(number, style, x), style.suffix);
    (void)snprintf(where, sizeof where, "first %.10g, first %g offset %s,0", where_x,
                   height_of(rows, k) + half_of(end), right ? "0.6" : "-0.6");
    gw_plot_label(plot, where, right ? "left" : "right", GW_TEXT_NOTE, colour_of(end), text, 12);
}

/* The value of the input at each end, beyond the bar and its interval; of a bar without length on its own side. */
static void write_ends(struct gw_plot *plot, const struct rows *rows, double unit)
{
    for (size_t k = 0; k < rows->n; k++) {
        for (size_t end = 0; end < 2; end++) {
            const double *change = &rows->v->change[6 * rows->order[k] + 3 * end];
            const bool right = change[0] > 0.0 || (change[0] == 0.0 && end == 1);
            if (isfinite(change[0])) {
                put_end(plot, rows, k, end, (right ? fmax(change[0], change[2]) : fmin(change[0], change[1])) / unit,
                        right);
            }
        }
    }
}

static void write_tornado(struct gw_plot *plot, const struct rows *rows)
{
    const struct gw_sensitivity_view *v = rows->v;
    struct span span = {0.0, 0.0};
    for (size_t k = 0; k < rows->n; k++) {
        span = with_intervals(span, &v->change[6 * rows->order[k]], 2);
    }
    const double air = 0.12 * (span.high - span.low);
    const struct gw_style style = style_of(v, span);
    const struct gw_frame frame = begin_rows(plot, rows, 0.84);
    (void)gw_plot_axis(plot, 'x', span.low - air, span.high + air, style, "Change against the middle", unit_of(v));
    write_zero(plot);
    write_ends(plot, rows, style.unit);
    write_key(plot, frame, 0, colour_of(0), "low end");
    write_key(plot, frame, 1, colour_of(1), "high end");
    write_bar_data(plot->script, rows, 0, v->change, 6, style.unit);
    write_bar_data(plot->script, rows, 1, v->change + 3, 6, style.unit);
    write_bars(plot);
}

int gw_figure_tornado(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                      struct gw_error *error)
{
    struct gw_sensitivity_view v;
    const int ret = gw_sensitivity_open(&v, dataset, error);
    if (ret != GW_OK || v.swing == NULL) {
        return ret != GW_OK ? ret : gw_figure_lacks(reason, "swing");
    }
    const struct rows rows = rows_by(&v, v.swing, true);
    char title[TITLE], subtitle[TITLE], say[GW_NAME_SIZE], pairs[64], cut[80];
    if (rows.n == 0) {
        (void)snprintf(reason, GW_REASON_SIZE, "no input has a value at both ends of its range");
        return GW_OK;
    }
    say_counts(pairs, &rows, v.pairs);
    say_cut(cut, &rows);
    write_title(title, &rows, v.swing, true, "moves it most, taken alone", "move it most, each taken alone",
                "Taken alone, no input moves it surely");
    (void)snprintf(subtitle, sizeof subtitle, "%s: change from the middle; black: 95%% interval, %s pairs",
                   asked(&v, say), pairs);
    gw_figure_heading_cut(plot, dataset, title, subtitle, cut);
    write_tornado(plot, &rows);
    return GW_OK;
}

/* ---- Morris ---------------------------------------------------------------------------------------------------- */

/* A point and its interval, in the colour of its rank; beyond the colours in grey. */
static const char *rank_colour(size_t rank)
{
    return rank < GW_PLOT_COLOURS ? gw_plot_colour(rank) : "#888888";
}

static void write_point(FILE *script, const struct rows *rows, size_t k, double unit)
{
    const size_t i = rows->order[k];
    const double *size = &rows->v->size[3 * i];
    (void)fprintf(script, "$point%zu << EOD\n%.10g %.10g %.10g %.10g\nEOD\n", k, size[0] / unit,
                  (isfinite(size[1]) ? size[1] : size[0]) / unit, (isfinite(size[2]) ? size[2] : size[0]) / unit,
                  rows->v->sd[i] / unit);
}

/* Points by number, and the names that belong to them right of the axes. */
static void write_point_names(struct gw_plot *plot, const struct rows *rows, struct gw_frame frame, double unit)
{
    char name[GW_NAME_SIZE], text[GW_NAME_SIZE + 32], where[128];
    for (size_t k = 0; k < rows->n; k++) {
        const size_t i = rows->order[k];
        (void)snprintf(text, sizeof text, "%zu", k + 1);
        (void)snprintf(where, sizeof where, "first %.10g, first %.10g offset 0,0.8", rows->v->size[3 * i] / unit,
                       rows->v->sd[i] / unit);
        gw_plot_label(plot, where, "center", GW_TEXT_BODY, rank_colour(k), text, 4);
        (void)gw_sensitivity_name(rows->v, i, NAME, name);
        (void)snprintf(text, sizeof text, "%zu  %s", k + 1, name);
        write_key(plot, frame, k, rank_colour(k), text);
    }
}

static void write_points(struct gw_plot *plot, const struct rows *rows, double unit)
{
    for (size_t k = 0; k < rows->n; k++) {
        write_point(plot->script, rows, k, unit);
    }
    (void)fputs("plot x with lines lw 1 lc rgb '#bbbbbb'", plot->script);
    for (size_t k = rows->n; k-- > 0;) {
        (void)fprintf(plot->script,
                      ", $point%zu using 2:4:($3-$2):(0) with vectors nohead lw 2.4 lc rgb '%s', "
                      "$point%zu using 1:4 with points pt 7 ps %g lc rgb '%s'",
                      k, rank_colour(k), k, gw_plot_point(plot, 1.3), rank_colour(k));
    }
    (void)fputc('\n', plot->script);
}

static void write_plane(struct gw_plot *plot, const struct rows *rows)
{
    const struct gw_sensitivity_view *v = rows->v;
    struct span x = {0.0, 0.0}, y = {0.0, 0.0};
    for (size_t k = 0; k < rows->n; k++) {
        x = with_intervals(x, &v->size[3 * rows->order[k]], 1);
        y = wider(y, v->sd[rows->order[k]]);
    }
    const double most = fmax(fmax(x.high, -x.low), y.high), air = 0.04 * (x.high - x.low);
    const struct gw_style style = style_of(v, (struct span){0.0, most});
    const struct gw_frame frame = {0.11, 0.94 - gw_plot_width(longest_name(rows) + 3), 0.155, 0.82};
    gw_plot_frame(plot, frame);
    (void)gw_plot_axis(plot, 'x', x.low < 0.0 ? x.low - air : 0.0, x.high + air, style,
                       "Mean size of the effect, mu*", unit_of(v));
    (void)gw_plot_axis(plot, 'y', 0.0, fmax(1.2 * y.high, 0.1 * most), style, "Spread, sigma", unit_of(v));
    if (x.low < 0.0) {
        write_zero(plot);
    }
    write_point_names(plot, rows, frame, style.unit);
    write_points(plot, rows, style.unit);
}

int gw_figure_morris(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                     struct gw_error *error)
{
    struct gw_sensitivity_view v;
    const int ret = gw_sensitivity_open(&v, dataset, error);
    if (ret != GW_OK || v.size == NULL) {
        return ret != GW_OK ? ret : gw_figure_lacks(reason, "effect_size");
    }
    const struct rows rows = rows_by(&v, v.size, false);
    char title[TITLE], subtitle[TITLE], say[GW_NAME_SIZE], n[64], cut[80];
    if (rows.all == 0) {
        (void)snprintf(reason, GW_REASON_SIZE, "no effect is defined in any trajectory");
        return GW_OK;
    }
    say_counts(n, &rows, v.trajectories);
    say_cut(cut, &rows);
    write_title(title, &rows, v.size, false, "has the largest effect", "have the largest effects",
                "No effect can be told from luck");
    (void)snprintf(subtitle, sizeof subtitle, "%s: mu* (95%% interval, %s trajectories); grey: sigma = mu*",
                   asked(&v, say), n);
    gw_figure_heading_cut(plot, dataset, title, subtitle, cut);
    write_plane(plot, &rows);
    return GW_OK;
}

/* ---- Sobol ----------------------------------------------------------------------------------------------------- */

static void write_sobol(struct gw_plot *plot, const struct rows *rows)
{
    const struct gw_sensitivity_view *v = rows->v;
    struct span span = {0.0, 0.0};
    for (size_t k = 0; k < rows->n; k++) {
        span = with_intervals(span, &v->first[3 * rows->order[k]], 1);
        span = with_intervals(span, &v->total[3 * rows->order[k]], 1);
    }
    const double air = 0.04 * (span.high - span.low);
    const struct gw_style style = gw_style_percent(span.high, NAN);
    const struct gw_frame frame = begin_rows(plot, rows, 0.82);
    (void)gw_plot_axis(plot, 'x', span.low < 0.0 ? span.low - air : 0.0, span.high + air, style,
                       "Share of the variance that the inputs cause", "1");
    write_zero(plot);
    write_key(plot, frame, 0, colour_of(0), "by itself");
    write_key(plot, frame, 1, colour_of(1), "with others");
    write_bar_data(plot->script, rows, 0, v->first, 3, style.unit);
    write_bar_data(plot->script, rows, 1, v->total, 3, style.unit);
    write_bars(plot);
}

int gw_figure_sobol(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                    struct gw_error *error)
{
    struct gw_sensitivity_view v;
    const int ret = gw_sensitivity_open(&v, dataset, error);
    if (ret != GW_OK || v.total == NULL) {
        return ret != GW_OK ? ret : gw_figure_lacks(reason, "total_order");
    }
    const struct rows rows = rows_by(&v, v.total, false);
    char title[TITLE], subtitle[TITLE], say[GW_NAME_SIZE], cut[80];
    if (rows.n == 0) {
        (void)snprintf(reason, GW_REASON_SIZE, "the inputs cause no variance that could be shared out");
        return GW_OK;
    }
    say_cut(cut, &rows);
    write_title(title, &rows, v.total, false, v.variance[1] > 0.0 ? "drives it most" : "may drive it most",
                v.variance[1] > 0.0 ? "drive it most" : "may drive it most", "No input's share is surely above 0");
    (void)snprintf(subtitle, sizeof subtitle, "%s: 95%% intervals, %lld rows; luck (%.0f%%) taken out",
                   asked(&v, say), (long long)v.rows, 100.0 * v.luck_share[0]);
    gw_figure_heading_cut(plot, dataset, title, subtitle, cut);
    write_sobol(plot, &rows);
    return GW_OK;
}
