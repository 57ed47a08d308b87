/* Where the winner changes: the break-even of one input, the map of two. */
#include "output/figure.h"
#include "output/frontier_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "7.3% (7.1 to 7.5)" by the unit of an input. */
static void value_text(const struct gw_frontier_input *input, double mean, double low, double high, char *out,
                       size_t size)
{
    const struct gw_style style = gw_style_for(fmax(fabs(low), fabs(high)), (high - low) / 2.0);
    const bool percent = strcmp(input->unit, "%") == 0;
    char m[64], l[64], h[64];
    (void)snprintf(out, size, "%s%s%s (%s to %s)", gw_show_number(m, style, mean), style.suffix, percent ? "%" : "",
                   gw_show_number(l, style, low), gw_show_number(h, style, high));
}

static struct gw_style axis_style(const struct gw_frontier_input *input)
{
    return gw_style_for(fmax(fabs(input->at[0]), fabs(input->at[input->n - 1])), NAN);
}

static void put_axis(struct gw_plot *plot, char axis, const struct gw_frontier_input *input, struct gw_style style)
{
    char name[GW_SIDE_SIZE];
    gw_frontier_name(input, name);
    (void)gw_plot_axis(plot, axis, input->at[0], input->at[input->n - 1], style, gw_frontier_capital(name),
                       input->unit);
}

/* ---- One input --------------------------------------------------------------------------------------------------
 */

static void write_scan(FILE *script, const struct gw_frontier_view *v, double x_unit, double y_unit)
{
    (void)fputs("$scan << EOD\n", script);
    for (size_t i = 0; i < v->x.n; i++) {
        (void)fprintf(script, "%.10g %.10g %.10g %.10g\n", v->x.at[i] / x_unit, v->mean[i] / y_unit,
                      v->low[i] / y_unit, v->high[i] / y_unit);
    }
    (void)fputs("EOD\n", script);
}

/* Each root's interval over the whole height, its value at the foot. */
static void write_roots(struct gw_plot *plot, const struct gw_frontier_view *v, struct gw_frame frame, double x_unit)
{
    const double left = v->x.at[0], right = v->x.at[v->x.n - 1];
    for (size_t k = 0; k < v->roots; k++) {
        const double share = (v->root[k] - left) / (right - left);
        const double beside = ((share > 0.5 ? v->root_low[k] : v->root_high[k]) - left) / (right - left);
        char text[256], where[96];
        (void)fprintf(
            plot->script,
            "set object rectangle from first %.10g, graph 0 to first %.10g, graph 1 behind fc rgb '#b8b8b8' "
            "fs solid noborder\n"
            "set arrow from first %.10g, graph 0 to first %.10g, graph 1 nohead back lw 1.2 dt (6,3) lc rgb "
            "'#111111'\n",
            v->root_low[k] / x_unit, v->root_high[k] / x_unit, v->root[k] / x_unit, v->root[k] / x_unit);
        value_text(&v->x, v->root[k], v->root_low[k], v->root_high[k], text, sizeof text);
        (void)snprintf(where, sizeof where, "screen %.4f, graph %.3f",
                       frame.left + (frame.right - frame.left) * beside + (share > 0.5 ? -0.012 : 0.012),
                       0.05 + 0.06 * (double)(k % 4));
        gw_plot_label(plot, where, share > 0.5 ? "right" : "left", GW_TEXT_BOLD, "#111111", text, 40);
    }
}

/* Who is ahead on either side, above the axes. */
static void write_sides(struct gw_plot *plot, const struct gw_frontier_view *v, struct gw_frame frame)
{
    char side[GW_SIDE_SIZE], text[GW_SIDE_SIZE + 8], where[96];
    if (v->roots != 1) {
        return;
    }
    for (int right = 0; right < 2; right++) {
        gw_frontier_side(v, (v->rising[0] != 0) == (right == 1), side);
        (void)snprintf(text, sizeof text, right ? "%s \xe2\x86\x92" : "\xe2\x86\x90 %s", side);
        (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", right ? frame.right : frame.left,
                       frame.top + 0.025);
        gw_plot_label(plot, where, right ? "right" : "left", GW_TEXT_BODY, NULL, text, 45);
    }
}

static void break_even_title(const struct gw_frontier_view *v, char *title, size_t size)
{
    char name[GW_SIDE_SIZE], text[256], side[GW_SIDE_SIZE];
    gw_frontier_name(&v->x, name);
    if (v->crossings == 1) {
        value_text(&v->x, v->root[0], v->root_low[0], v->root_high[0], text, sizeof text);
        (void)snprintf(title, size, "Break-even of %s: %s", name, text);
    } else if (v->crossings > 1) {
        (void)snprintf(title, size, "%zu break-evens of %s", v->crossings, name);
    } else if (v->sign == 0) {
        (void)snprintf(title, size, "No break-even of %s: nothing differs", name);
    } else {
        (void)snprintf(title, size, "No break-even of %s: %s throughout", name,
                       gw_frontier_side(v, v->sign > 0, side));
    }
}

static void draw_break_even(struct gw_plot *plot, const struct gw_dataset *dataset, const struct gw_frontier_view *v)
{
    const struct gw_frame frame = {0.11, 0.965, 0.155, 0.8};
    char title[800], subtitle[256], say[GW_NAME_SIZE];
    double low = 0.0, high = 0.0;
    for (size_t i = 0; i < v->x.n; i++) {
        low = fmin(low, v->low[i]);
        high = fmax(high, v->high[i]);
    }
    const struct gw_style x = axis_style(&v->x), y = gw_style_for(fmax(-low, high), NAN);
    const double air = 0.04 * (high - low);
    break_even_title(v, title, sizeof title);
    (void)gw_show_text(say, sizeof say, v->say, 36);
    (void)snprintf(subtitle, sizeof subtitle, "%s: mean, 95%% interval, %.0f replications%s",
                   gw_frontier_capital(say), v->replications,
                   v->roots > 0 ? "; grey: 95% interval of the break-even" : "");
    gw_figure_heading_cut(plot, dataset, title, subtitle, "");
    gw_plot_frame(plot, frame);
    put_axis(plot, 'x', &v->x, x);
    (void)gw_plot_axis(plot, 'y', low - air, high + air, y, "Mean", v->unit);
    (void)fputs("set arrow from graph 0, first 0 to graph 1, first 0 nohead back lw 1.4 lc rgb '#333333'\n",
                plot->script);
    write_roots(plot, v, frame, x.unit);
    write_sides(plot, v, frame);
    write_scan(plot->script, v, x.unit, y.unit);
    (void)fprintf(
        plot->script,
        "plot $scan using 1:3:4 with filledcurves fs transparent solid 0.3 noborder lc rgb '%s', "
        "$scan using 1:2 with lines lw 2.4 lc rgb '%s', $scan using 1:2 with points pt 7 ps %g lc rgb '%s'\n",
        gw_plot_colour(0), gw_plot_colour(0), gw_plot_point(plot, 0.7), gw_plot_colour(0));
}

int gw_figure_break_even(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                         struct gw_error *error)
{
    struct gw_frontier_view view;
    const int ret = gw_frontier_view_open(&view, dataset, error);
    if (ret == GW_OK && view.map) {
        (void)snprintf(reason, GW_REASON_SIZE, "two inputs make a map: the figure 'frontier'");
    } else if (ret == GW_OK) {
        draw_break_even(plot, dataset, &view);
    }
    return ret;
}

/* ---- Two inputs: lines -------------------------------------------------------------------------------------------
 */

struct scale {
    double x, y; /* units */
};

/* Ends of two pieces are the same point up to rounding. */
static bool meet(const struct gw_frontier_view *v, const double *a, const double *b)
{
    const double x = v->x.at[v->x.n - 1] - v->x.at[0], y = v->y.at[v->y.n - 1] - v->y.at[0];
    return fabs(a[0] - b[0]) < 1e-9 * x && fabs(a[1] - b[1]) < 1e-9 * y;
}

/* The piece not yet used that begins or ends at `at`, turned so that it begins there; NULL: none. Cost O(n). */
static const double *next_end(const struct gw_frontier_view *v, const struct gw_frontier_line *line, bool *used,
                              const double *at)
{
    for (size_t k = 0; k < line->n; k++) {
        const double *piece = line->piece + 4 * k;
        for (int end = 0; end < 2 && !used[k]; end++) {
            if (meet(v, at, piece + 2 * end)) {
                used[k] = true;
                return piece + 2 * (1 - end);
            }
        }
    }
    return NULL;
}

static bool is_lonely(const struct gw_frontier_view *v, const struct gw_frontier_line *line, const double *at)
{
    int ends = 0;
    for (size_t k = 0; k < line->n; k++) {
        ends += meet(v, at, line->piece + 4 * k) + meet(v, at, line->piece + 4 * k + 2);
    }
    return ends == 1;
}

static void write_path(FILE *script, const struct gw_frontier_view *v, const struct gw_frontier_line *line,
                       bool *used, const double *at, struct scale unit)
{
    for (; at != NULL; at = next_end(v, line, used, at)) {
        (void)fprintf(script, "%.10g %.10g\n", at[0] / unit.x, at[1] / unit.y);
    }
    (void)fputc('\n', script);
}

/* Pieces joined to paths, so that dashes run through: open ones from an end, then closed ones. */
static int write_line(FILE *script, const struct gw_frontier_view *v, const struct gw_frontier_line *line,
                      const char *name, struct scale unit, struct gw_error *error)
{
    bool *used = calloc(line->n + 1, sizeof *used);
    if (used == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    (void)fprintf(script, "$%s << EOD\n", name);
    for (int closed = 0; closed < 2; closed++) {
        for (size_t k = 0; k < 2 * line->n; k++) {
            const double *end = line->piece + 2 * k;
            if (!used[k / 2] && (closed == 1 || is_lonely(v, line, end))) {
                write_path(script, v, line, used, end, unit);
            }
        }
    }
    (void)fputs("EOD\n", script);
    free(used);
    return GW_OK;
}

/* ---- Two inputs: surface ------------------------------------------------------------------------------------------
 */

enum { PIXELS = 48 };

/* Position t in [0, 1] of an even grid of n nodes: the node at the left and how far beyond it. */
static size_t cell_of(double t, size_t n, double *beyond)
{
    const double at = t * (double)(n - 1), left = fmin(floor(at), (double)(n - 2));
    *beyond = at - left;
    return (size_t)left;
}

static double surface(const struct gw_frontier_view *v, double s, double t)
{
    double u, w;
    const size_t i = cell_of(s, v->x.n, &u), j = cell_of(t, v->y.n, &w);
    const double *f = v->mean + j * v->x.n + i;
    return (1.0 - w) * ((1.0 - u) * f[0] + u * f[1]) + w * ((1.0 - u) * f[v->x.n] + u * f[v->x.n + 1]);
}

static void write_surface(FILE *script, const struct gw_frontier_view *v, struct scale unit, double z_unit)
{
    const double width = v->x.at[v->x.n - 1] - v->x.at[0], height = v->y.at[v->y.n - 1] - v->y.at[0];
    (void)fputs("$map << EOD\n", script);
    for (int j = 0; j < PIXELS; j++) {
        for (int i = 0; i < PIXELS; i++) {
            const double s = (i + 0.5) / PIXELS, t = (j + 0.5) / PIXELS;
            (void)fprintf(script, "%.10g %.10g %.10g\n", (v->x.at[0] + s * width) / unit.x,
                          (v->y.at[0] + t * height) / unit.y, surface(v, s, t) / z_unit);
        }
    }
    (void)fputs("EOD\n", script);
}

/* The place of a sign that is farthest from the other sign, with room for a name; false: there is none. */
static bool middle_of(const struct gw_frontier_view *v, bool above, double *s, double *t)
{
    enum { GRID = 24 };
    const double side = 0.14,
                 wide = 0.5; /* half of a name's width; as names are wide, distances to the sides count less */
    double best = 0.04;
    bool found = false;
    for (int a = 0; a < GRID * GRID; a++) {
        const double x = (a % GRID + 0.5) / GRID, y = (a / GRID + 0.5) / GRID, here = surface(v, x, y);
        double clear = fmin(y, 1.0 - y);
        if ((here > 0.0) != above || here == 0.0 || x < side || x > 1.0 - side) {
            continue;
        }
        for (int b = 0; b < GRID * GRID && clear > best; b++) {
            const double x2 = (b % GRID + 0.5) / GRID, y2 = (b / GRID + 0.5) / GRID;
            if ((surface(v, x2, y2) > 0.0) != above) {
                clear = fmin(clear, hypot(wide * (x - x2), y - y2));
            }
        }
        if (clear > best) {
            best = clear;
            *s = x;
            *t = y;
            found = true;
        }
    }
    return found;
}

/* The names of the sides, dark on the light side and light on the dark one. */
static void write_names(struct gw_plot *plot, const struct gw_frontier_view *v)
{
    char side[GW_SIDE_SIZE], where[96];
    double s, t;
    for (int above = 0; above < 2; above++) {
        if (middle_of(v, above == 1, &s, &t)) {
            (void)snprintf(where, sizeof where, "graph %.4f, graph %.4f", s, t);
            gw_plot_label(plot, where, "center", GW_TEXT_BOLD, above ? "#111111" : "#ffffff",
                          gw_frontier_side(v, above == 1, side), 30);
        }
    }
}

/* Lightness rises throughout: printed grey, the two sides still differ. */
static void write_palette(struct gw_plot *plot, const struct gw_frontier_view *v, struct gw_style z, double most,
                          struct gw_frame frame)
{
    char say[GW_NAME_SIZE], label[400], where[64];
    (void)gw_show_text(say, sizeof say, v->say, 40);
    gw_plot_axis_text(label, sizeof label, z, gw_frontier_capital(say), v->unit);
    (void)fprintf(plot->script,
                  "set style fill solid 1.0 noborder\n"
                  "set palette defined (-1 '#16385c', -0.02 '#7d9cb8', 0.02 '#c9c39a', 1 '#fffbe6')\n"
                  "set cbrange [%.10g:%.10g]\nset colorbox user origin screen %.4f, screen %.4f size screen 0.02, "
                  "screen %.4f\n",
                  -most / z.unit, most / z.unit, frame.right + 0.02, frame.bottom, frame.top - frame.bottom);
    (void)snprintf(where, sizeof where, "screen 0.98, screen %.4f", frame.top + 0.025);
    gw_plot_label(plot, where, "right", GW_TEXT_BODY, NULL, label, 80);
}

/* A cross where the scenario stands, if that is on the map. */
static void write_now(struct gw_plot *plot, const struct gw_frontier_view *v, struct scale unit)
{
    const bool x = v->x.now >= v->x.at[0] && v->x.now <= v->x.at[v->x.n - 1];
    if (x && v->y.now >= v->y.at[0] && v->y.now <= v->y.at[v->y.n - 1]) {
        (void)fprintf(plot->script,
                      "set label '' at first %.10g, first %.10g point pt 2 ps %g lw 3 lc rgb '#000000' front\n",
                      v->x.now / unit.x, v->y.now / unit.y, gw_plot_point(plot, 1.6));
        gw_plot_label(plot, "screen 0.11, screen 0.825", "left", GW_TEXT_SUBTITLE, NULL,
                      "\xc3\x97 the scenario as it is", 40);
    }
}

static void map_title(const struct gw_frontier_view *v, char *title, size_t size)
{
    char x[GW_SIDE_SIZE], y[GW_SIDE_SIZE], side[GW_SIDE_SIZE];
    gw_frontier_name(&v->x, x);
    gw_frontier_name(&v->y, y);
    if (v->line.n > 0) {
        (void)snprintf(title, size, "Where the winner changes: %s and %s", x, y);
    } else {
        (void)snprintf(title, size, "No break-even of %s and %s: %s", x, y,
                       v->most > 0.0 || v->least < 0.0 ? gw_frontier_side(v, v->most > 0.0, side)
                                                       : "nothing differs");
    }
}

static int write_lines(struct gw_plot *plot, const struct gw_frontier_view *v, struct scale unit,
                       struct gw_error *error)
{
    int ret = write_line(plot->script, v, &v->line, "line", unit, error);
    ret = ret == GW_OK ? write_line(plot->script, v, &v->band_low, "low", unit, error) : ret;
    return ret == GW_OK ? write_line(plot->script, v, &v->band_high, "high", unit, error) : ret;
}

/* Each box covers a little of those that come after it: no seams. */
static void write_map_plot(const struct gw_plot *plot, const struct gw_frontier_view *v, struct scale unit)
{
    const double x = (v->x.at[v->x.n - 1] - v->x.at[0]) / PIXELS / unit.x,
                 y = (v->y.at[v->y.n - 1] - v->y.at[0]) / PIXELS / unit.y;
    (void)fprintf(
        plot->script,
        "plot $map using 1:2:($1-%.10g):($1+%.10g):($2-%.10g):($2+%.10g):3 with boxxyerror fs solid noborder "
        "lc palette",
        0.5 * x, 0.9 * x, 0.5 * y, 0.9 * y);
    if (v->line.n > 0) {
        (void)fputs(
            ", $line using 1:2 with lines lw 6 lc rgb 'white', $line using 1:2 with lines lw 3 lc rgb 'black'",
            plot->script);
    }
    if (v->band_low.n > 0) {
        (void)fputs(", $low using 1:2 with lines lw 1.6 dt (4,3) lc rgb 'black'", plot->script);
    }
    if (v->band_high.n > 0) {
        (void)fputs(", $high using 1:2 with lines lw 1.6 dt (4,3) lc rgb 'black'", plot->script);
    }
    (void)fputc('\n', plot->script);
}

static int draw_map(struct gw_plot *plot, const struct gw_dataset *dataset, const struct gw_frontier_view *v,
                    struct gw_error *error)
{
    const struct gw_frame frame = {0.11, 0.81, 0.155, 0.8};
    const double most = fmax(fmax(fabs(v->least), fabs(v->most)), 1e-300);
    const struct gw_style x = axis_style(&v->x), y = axis_style(&v->y), z = gw_style_for(most, NAN);
    const struct scale unit = {x.unit, y.unit};
    char title[1000], subtitle[256];
    map_title(v, title, sizeof title);
    (void)snprintf(subtitle, sizeof subtitle,
                   "Line: break-even; dashed: its 95%% band; %.0f replications at each of %.0f places",
                   v->replications, v->evaluated);
    gw_figure_heading_cut(plot, dataset, title, subtitle, "");
    gw_plot_frame(plot, frame);
    put_axis(plot, 'x', &v->x, x);
    put_axis(plot, 'y', &v->y, y);
    (void)fputs("unset grid\n", plot->script);
    write_palette(plot, v, z, most, frame);
    write_names(plot, v);
    write_now(plot, v, unit);
    write_surface(plot->script, v, unit, z.unit);
    const int ret = write_lines(plot, v, unit, error);
    write_map_plot(plot, v, unit);
    return ret;
}

int gw_figure_frontier(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                       struct gw_error *error)
{
    struct gw_frontier_view view;
    int ret = gw_frontier_view_open(&view, dataset, error);
    if (ret == GW_OK && !view.map) {
        (void)snprintf(reason, GW_REASON_SIZE, "one input has no map: the figure 'break_even'");
    } else if (ret == GW_OK) {
        ret = draw_map(plot, dataset, &view, error);
    }
    return ret;
}
