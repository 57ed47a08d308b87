/* An optimum: the goal along each lever through it, and how the levers and stages share what is spent. */
#include "output/figure.h"
#include "output/optimise_view.h"

#include <math.h>
#include <string.h>

enum { MOST_PANELS = 6, MOST_BARS = 24, NAME = 26 };

/* ---- Along the levers -------------------------------------------------------------------------------------------
 */

struct grid {
    size_t panels, columns, rows;
};

static struct grid grid_of(const struct gw_optimise_view *v)
{
    const size_t cells = v->levers * v->stages, panels = cells < MOST_PANELS ? cells : MOST_PANELS;
    const size_t columns = panels <= 3 ? panels : panels == 4 ? 2 : 3;
    return (struct grid){panels, columns, (panels + columns - 1) / columns};
}

static struct gw_frame frame_of(const struct grid *grid, size_t panel)
{
    const double left = 0.1, right = 0.975, bottom = 0.16, top = 0.8, gap_x = 0.035, gap_y = 0.2;
    const double width = (right - left + gap_x) / (double)grid->columns;
    const double height = (top - bottom + gap_y) / (double)grid->rows;
    const double x = left + width * (double)(panel % grid->columns);
    const double y = top - height * (double)(panel / grid->columns);
    return (struct gw_frame){x, x + width - gap_x, y - height + gap_y, y};
}

static struct gw_range range_of(const struct gw_optimise_view *v, size_t panels)
{
    struct gw_range range = {INFINITY, -INFINITY};
    for (size_t c = 0; c < panels; c++) {
        for (size_t k = 0; k < v->along; k++) {
            range.low = fmin(range.low, gw_optimise_along(v, "profile_value_low", c / v->stages, c % v->stages, k));
            range.high =
                fmax(range.high, gw_optimise_along(v, "profile_value_high", c / v->stages, c % v->stages, k));
        }
    }
    return range;
}

static void write_profile(FILE *script, const struct gw_optimise_view *v, size_t c, double x_unit, double y_unit)
{
    const size_t i = c / v->stages, s = c % v->stages;
    (void)fprintf(script, "$profile%zu << EOD\n", c);
    for (size_t k = 0; k < v->along; k++) {
        const double x = gw_optimise_along(v, "profile_x", i, s, k);
        if (isfinite(x)) {
            (void)fprintf(script, "%.10g %.10g %.10g %.10g\n", x / x_unit,
                          gw_optimise_along(v, "profile_value", i, s, k) / y_unit,
                          gw_optimise_along(v, "profile_value_low", i, s, k) / y_unit,
                          gw_optimise_along(v, "profile_value_high", i, s, k) / y_unit);
        }
    }
    (void)fputs("EOD\n", script);
}

static void write_optimum(const struct gw_plot *plot, const struct gw_optimise_view *v, size_t c, double x_unit)
{
    const size_t i = c / v->stages, s = c % v->stages;
    (void)fprintf(
        plot->script,
        "set object %zu rectangle from first %.10g, graph 0 to first %.10g, graph 1 behind fc rgb '#b8b8b8' "
        "fs solid noborder\n"
        "set arrow %zu from first %.10g, graph 0 to first %.10g, graph 1 nohead back lw 1.2 dt (6,3) lc rgb "
        "'#111111'\n",
        c + 1, gw_optimise_at(v, "best_low", i, s) / x_unit, gw_optimise_at(v, "best_high", i, s) / x_unit, c + 1,
        gw_optimise_at(v, "best", i, s) / x_unit, gw_optimise_at(v, "best", i, s) / x_unit);
}

static void write_panel(struct gw_plot *plot, const struct gw_optimise_view *v, const struct grid *grid, size_t c,
                        struct gw_range y, struct gw_style style)
{
    const size_t i = c / v->stages, s = c % v->stages;
    const struct gw_frame frame = frame_of(grid, c);
    const double low = gw_optimise_at(v, "range_low", i, s), high = gw_optimise_at(v, "range_high", i, s);
    const struct gw_style x_style = gw_style_for(fmax(fabs(low), fabs(high)), NAN);
    char name[GW_LEVER_SIZE], where[64];
    gw_plot_frame(plot, frame);
    gw_optimise_lever(v, i, s, name);
    (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", frame.left, frame.top + 0.025);
    gw_plot_label(plot, where, "left", GW_TEXT_BOLD, NULL, name,
                  (size_t)((frame.right - frame.left) / gw_plot_width(1) / 1.05));
    const struct gw_range x = gw_plot_axis(plot, 'x', low, high, x_style, "", gw_optimise_unit(v, i));
    gw_plot_tics(plot, 'x', x, 4);
    /* Low panels have no room for the currency's name. */
    y = gw_plot_axis(plot, 'y', y.low, y.high, style, c % grid->columns == 0 ? "Value" : "",
                     grid->rows > 1 ? "1" : v->unit);
    gw_plot_tics(plot, 'y', y, grid->rows > 1 ? 4 : 7);
    if (c % grid->columns != 0) {
        (void)fputs("unset ylabel\nset format y ''\n", plot->script);
    }
    write_optimum(plot, v, c, x_style.unit);
    (void)fprintf(plot->script,
                  "plot $profile%zu using 1:3:4 with filledcurves fs transparent solid 0.3 noborder lc rgb '%s', "
                  "$profile%zu using 1:2 with lines lw 2.2 lc rgb '%s', $profile%zu using 1:2 with points pt 7 ps %g "
                  "lc rgb '%s'\nunset object %zu\nunset arrow %zu\nunset label\n",
                  c, gw_plot_colour(0), c, gw_plot_colour(0), c, gw_plot_point(plot, 0.5), gw_plot_colour(0), c + 1,
                  c + 1);
}

static void optimum_heading(struct gw_plot *plot, const struct gw_dataset *dataset, const struct gw_optimise_view *v,
                            size_t panels)
{
    char goal[80], say[GW_NAME_SIZE], title[400], subtitle[256], cut[80] = "";
    const bool flat = gw_optimise_note(v, "flat") > 0.0;
    (void)gw_show_text(say, sizeof say, v->say, 50);
    (void)snprintf(title, sizeof title, "%s: %s", flat ? "A flat optimum" : "The optimum", say);
    (void)snprintf(subtitle, sizeof subtitle,
                   "Line: %s along one lever, 95%% interval, %.0f fresh replications; grey: 95%% interval of the "
                   "optimum",
                   gw_optimise_goal(v, goal), gw_optimise_note(v, "fresh_n"));
    if (panels < v->levers * v->stages) {
        (void)snprintf(cut, sizeof cut, "The first %zu of %zu levers and stages", panels, v->levers * v->stages);
    }
    gw_figure_heading_cut(plot, dataset, title, subtitle, cut);
}

int gw_figure_optimum(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                      struct gw_error *error)
{
    struct gw_optimise_view view;
    const int ret = gw_optimise_view_open(&view, dataset, error);
    if (ret != GW_OK) {
        return ret;
    }
    const struct grid grid = grid_of(&view);
    const struct gw_range y = range_of(&view, grid.panels);
    if (!(y.low <= y.high)) {
        (void)snprintf(reason, GW_REASON_SIZE, "no value is defined along any lever");
        return GW_OK;
    }
    const struct gw_style style = gw_style_for(fmax(fabs(y.low), fabs(y.high)), NAN);
    const double air = 0.04 * (y.high - y.low);
    optimum_heading(plot, dataset, &view, grid.panels);
    for (size_t c = 0; c < grid.panels; c++) {
        const double low = gw_optimise_at(&view, "range_low", c / view.stages, 0),
                     high = gw_optimise_at(&view, "range_high", c / view.stages, 0);
        write_profile(plot->script, &view, c, gw_style_for(fmax(fabs(low), fabs(high)), NAN).unit, style.unit);
    }
    (void)fputs("set multiplot\n", plot->script);
    for (size_t c = 0; c < grid.panels; c++) {
        write_panel(plot, &view, &grid, c, (struct gw_range){y.low - air, y.high + air}, style);
    }
    (void)fputs("unset multiplot\n", plot->script);
    return GW_OK;
}

/* ---- The split --------------------------------------------------------------------------------------------------
 */

/* A lever's place within its range, or what is spent on it. The end of an interval of the spend follows from the
 * lever's own, along the line between the ends. */
static double bar_of(const struct gw_optimise_view *v, const char *what, size_t i, size_t s)
{
    const double low = gw_optimise_at(v, "range_low", i, s), high = gw_optimise_at(v, "range_high", i, s);
    return (gw_optimise_at(v, what, i, s) - low) / (high - low);
}

static size_t bars_of(const struct gw_optimise_view *v)
{
    const size_t cells = v->levers * v->stages;
    return cells < MOST_BARS ? cells : MOST_BARS;
}

/* Shades of one colour: later stages are darker. */
static const char *shade_of(size_t stage, size_t stages)
{
    static const char *const shades[] = {"#9ecae1", "#4f94c4", "#1f6ba8", "#0b4078"};
    return shades[stages <= 1 ? 2 : stage * 3 / (stages - 1)];
}

static void write_bars(FILE *script, const struct gw_optimise_view *v, bool spend, double unit)
{
    const size_t bars = bars_of(v);
    for (size_t c = 0; c < bars; c++) {
        const size_t i = c / v->stages, s = c % v->stages;
        const double length = spend ? gw_optimise_at(v, "spend", i, s) : bar_of(v, "best", i, s);
        (void)fprintf(script, "$bar%zu << EOD\n%.10g %.10g %.10g %.10g\nEOD\n", c, length / unit,
                      (double)(bars - 1 - c), spend ? NAN : bar_of(v, "best_low", i, s),
                      spend ? NAN : bar_of(v, "best_high", i, s));
    }
}

/* Names left of the bars; right of them the lever's value with its interval. */
static void write_margins(struct gw_plot *plot, const struct gw_optimise_view *v, struct gw_frame frame)
{
    char name[GW_LEVER_SIZE], text[600], where[96], b[64], l[64], h[64], unit[GW_NAME_SIZE];
    const size_t bars = bars_of(v);
    for (size_t c = 0; c < bars; c++) {
        const size_t i = c / v->stages, s = c % v->stages;
        const double best = gw_optimise_at(v, "best", i, s), low = gw_optimise_at(v, "best_low", i, s),
                     high = gw_optimise_at(v, "best_high", i, s), y = (double)(bars - 1 - c);
        const struct gw_style style = gw_style_for(fmax(fabs(low), fabs(high)), (high - low) / 2.0);
        (void)snprintf(where, sizeof where, "screen %.4f, first %.4f", frame.left - 0.012, y);
        gw_plot_label(plot, where, "right", GW_TEXT_BODY, NULL, gw_optimise_lever(v, i, s, name), NAME);
        (void)gw_show_text(unit, sizeof unit, gw_optimise_unit(v, i), 16);
        (void)snprintf(text, sizeof text, "%s%s%s%s (%s to %s)", gw_show_number(b, style, best), style.suffix,
                       strcmp(unit, "1") == 0 ? "" : " ", strcmp(unit, "1") == 0 ? "" : unit,
                       gw_show_number(l, style, low), gw_show_number(h, style, high));
        (void)snprintf(where, sizeof where, "screen %.4f, first %.4f", frame.right + 0.012, y);
        gw_plot_label(plot, where, "left", GW_TEXT_BODY, NULL, text, 34);
    }
}

static void split_heading(struct gw_plot *plot, const struct gw_dataset *dataset, const struct gw_optimise_view *v,
                          bool spend)
{
    char title[300], subtitle[256], cut[80] = "", budget[64], cost[64];
    const double money = gw_optimise_note(v, "budget"), taken = gw_optimise_note(v, "cost");
    const struct gw_style style = gw_style_for(fmax(fabs(money), fabs(taken)), NAN);
    if (spend) {
        (void)snprintf(title, sizeof title, "The best split takes %s%s of a budget of %s%s a week",
                       gw_show_number(cost, style, taken), style.suffix, gw_show_number(budget, style, money),
                       style.suffix);
        (void)snprintf(subtitle, sizeof subtitle,
                       "Bar: money a week while the stage lasts; right: the lever, with its 95%% interval, "
                       "%.0f replications",
                       gw_optimise_note(v, "replications"));
    } else {
        (void)snprintf(title, sizeof title, "Where the best is in each lever's range");
        (void)snprintf(subtitle, sizeof subtitle,
                       "Bar: from the low end of the range (0) to the high end (1); line: 95%% interval, %.0f "
                       "replications",
                       gw_optimise_note(v, "replications"));
    }
    if (bars_of(v) < v->levers * v->stages) {
        (void)snprintf(cut, sizeof cut, "The first %zu of %zu levers and stages", bars_of(v), v->levers * v->stages);
    }
    gw_figure_heading_cut(plot, dataset, title, subtitle, cut);
}

static void write_split_plot(const struct gw_plot *plot, const struct gw_optimise_view *v, bool spend)
{
    for (size_t c = 0; c < bars_of(v); c++) {
        (void)fprintf(
            plot->script,
            "%s$bar%zu using (0):2:(0):1:($2-0.26):($2+0.26) with boxxyerror fs solid 0.9 noborder lc rgb '%s'",
            c == 0 ? "plot " : ", ", c, shade_of(c % v->stages, v->stages));
        if (!spend) {
            (void)fprintf(plot->script, ", $bar%zu using 3:2:($4-$3):(0) with vectors nohead lw 3 lc rgb '#111111'",
                          c);
        }
    }
    (void)fputc('\n', plot->script);
}

int gw_figure_split(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                    struct gw_error *error)
{
    struct gw_optimise_view v;
    const int ret = gw_optimise_view_open(&v, dataset, error);
    (void)reason;
    if (ret != GW_OK) {
        return ret;
    }
    const struct gw_frame frame = {0.27, 0.7, 0.155, 0.82};
    double least = 0.0, most = v.budget ? 0.0 : 1.0;
    for (size_t c = 0; c < bars_of(&v) && v.budget; c++) {
        const double spend = gw_optimise_at(&v, "spend", c / v.stages, c % v.stages);
        least = fmin(least, spend);
        most = fmax(most, spend);
    }
    const struct gw_style style = gw_style_for(fmax(most, -least), NAN);
    split_heading(plot, dataset, &v, v.budget);
    gw_plot_frame(plot, frame);
    (void)fputs("set border 1\nunset ytics\nset grid xtics noytics\n", plot->script);
    const struct gw_range x =
        gw_plot_axis(plot, 'x', least, most * 1.02, style, v.budget ? "Money a week" : "Share of the range",
                     v.budget ? "money" : "1");
    gw_plot_tics(plot, 'x', x, 5);
    (void)fprintf(plot->script, "set yrange [-0.6:%.2f]\n", (double)bars_of(&v) - 0.4);
    write_margins(plot, &v, frame);
    write_bars(plot->script, &v, v.budget, style.unit);
    write_split_plot(plot, &v, v.budget);
    return GW_OK;
}
