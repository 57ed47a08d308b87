/*
 * A sweep in one figure. Over one input: the measure by strategy, and beside it the differences to the first one.
 * Over two: the rival's difference along one input, a line for each value of the other. Over more: the two that most
 * of the variance goes with, the mean over the others. Of points that are no grid: the rival's difference against the
 * same two, point by point.
 */
#include "output/figure.h"
#include "output/sweep_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL 0.95

enum { NAME = 22, WORDS = 2 * GW_NAME_SIZE, MOST_LINES = GW_PLOT_COLOURS, MOST_WORDED = 12, AXIS = 13 };

/* One line, or one cloud of points: a mean with its interval at every x. */
struct curve {
    size_t n;
    double *x;
    struct gw_sweep_mean *y;
    size_t colour;
    char label[GW_NAME_SIZE];
};

struct panel {
    size_t curves;
    struct curve curve[MOST_LINES];
    size_t input;     /* along x */
    bool scattered;   /* points instead of lines */
    bool zero;        /* a line at 0 */
    char text[WORDS]; /* of the y axis */
    double left, right, low, high;
};

struct picture {
    struct gw_sweep_view view;
    size_t panels;
    struct panel panel[2];
    char title[2 * WORDS], subtitle[3 * WORDS], cut[160];
};

/* ---- Words ---------------------------------------------------------------------------------------------------- */

static const char *strategy_name(const struct gw_sweep_view *v, size_t quantity, char out[GW_NAME_SIZE])
{
    (void)gw_show_strategy(out, GW_NAME_SIZE, v->dataset, quantity, NAME);
    return out;
}

static const char *measure(const struct gw_sweep_view *v, char out[GW_NAME_SIZE])
{
    (void)gw_show_text(out, GW_NAME_SIZE, v->say, 36);
    if (strchr(v->say, '.') == NULL && out[0] >= 'a' && out[0] <= 'z') {
        out[0] = (char)(out[0] - 'a' + 'A');
    }
    return out;
}

static const char *input_name(const struct gw_sweep_view *v, size_t input, char out[GW_NAME_SIZE])
{
    (void)gw_show_text(out, GW_NAME_SIZE, v->input[input].say, 30);
    for (char *c = out; (c = strchr(c, '_')) != NULL;) {
        *c = ' ';
    }
    return out;
}

static const char *input_unit(const struct gw_sweep_view *v, size_t input)
{
    const char *unit = v->input[input].unit;
    return strcmp(unit, "money") == 0 || unit[0] == '\0' ? "1" : unit;
}

static void level_text(const struct gw_sweep_view *v, size_t point, size_t input, char out[GW_NAME_SIZE])
{
    char name[GW_NAME_SIZE], value[GW_NAME_SIZE];
    const char *unit = input_unit(v, input);
    if (gw_sweep_view_is_numeric(v, input)) {
        (void)snprintf(value, sizeof value, "%.4g%s", gw_sweep_view_x(v, point, input),
                       strcmp(unit, "%") == 0 ? "%" : "");
    } else {
        (void)gw_show_text(value, sizeof value, gw_sweep_view_text(v, point, input), 16);
    }
    (void)snprintf(out, GW_NAME_SIZE, "%.120s %.60s", input_name(v, input, name), value);
}

static const char *focus_text(const struct gw_sweep_view *v, char out[WORDS])
{
    char first[GW_NAME_SIZE], rival[GW_NAME_SIZE];
    if (v->rival == 0) {
        (void)measure(v, out);
    } else {
        (void)snprintf(out, WORDS, "%.200s against %.200s", strategy_name(v, v->rival, rival),
                       strategy_name(v, 0, first));
    }
    return out;
}

/* Of the y axis, which has room for the unit besides; the title says of what. */
static void axis_text(const struct gw_sweep_view *v, bool difference, char out[WORDS])
{
    char name[GW_NAME_SIZE];
    const bool fits = gw_columns(measure(v, name)) <= AXIS;
    (void)snprintf(out, WORDS, "%s", difference ? "Difference" : fits ? name : "Mean");
}

/* ---- Curves --------------------------------------------------------------------------------------------------- */

static int make_curve(struct curve *curve, size_t n, size_t colour, struct gw_error *error)
{
    *curve = (struct curve){.colour = colour, .x = calloc(n + 1, sizeof *curve->x)};
    curve->y = calloc(n + 1, sizeof *curve->y);
    return curve->x == NULL || curve->y == NULL ? gw_fail(error, GW_REFUSED, "out of memory for a figure") : GW_OK;
}

static void free_picture(struct picture *picture)
{
    for (size_t p = 0; p < 2; p++) {
        for (size_t c = 0; c < MOST_LINES; c++) {
            free(picture->panel[p].curve[c].x);
            free(picture->panel[p].curve[c].y);
        }
    }
    gw_sweep_view_close(&picture->view);
}

/* Where an input stands along x: its number, or the position of its text. */
static double along(const struct gw_sweep_view *v, size_t point, size_t input)
{
    const struct gw_sweep_input *i = &v->input[input];
    return gw_sweep_view_is_numeric(v, input) ? gw_sweep_view_x(v, point, input)
           : i->axis != NULL                  ? (double)(point / i->stride % i->axis->length)
                                              : (double)point;
}

static void put(struct panel *panel, struct curve *curve, double x, struct gw_sweep_mean y)
{
    if (!isfinite(x) || !isfinite(y.mean)) {
        return;
    }
    const bool interval = isfinite(y.low) && isfinite(y.high);
    y = interval ? y : (struct gw_sweep_mean){y.mean, y.mean, y.mean};
    curve->x[curve->n] = x;
    curve->y[curve->n++] = y;
    panel->left = fmin(panel->left, x);
    panel->right = fmax(panel->right, x);
    panel->low = fmin(panel->low, y.low);
    panel->high = fmax(panel->high, y.high);
}

static struct panel empty_panel(size_t input)
{
    return (struct panel){.input = input, .left = INFINITY, .right = -INFINITY, .low = INFINITY, .high = -INFINITY};
}

static struct gw_sweep_mean mean_of(const struct gw_sweep_view *v, size_t point, size_t quantity, bool difference)
{
    const size_t at = point * v->quantities + quantity;
    return difference ? (struct gw_sweep_mean){v->difference[at], v->difference_low[at], v->difference_high[at]}
                      : (struct gw_sweep_mean){v->mean[at], v->low[at], v->high[at]};
}

/* ---- One input ------------------------------------------------------------------------------------------------ */

static int fill_levels(struct panel *panel, const struct gw_sweep_view *v, bool difference, struct gw_error *error)
{
    char name[GW_NAME_SIZE];
    int ret = GW_OK;
    for (size_t q = difference ? 1 : 0; q < v->quantities && q < MOST_LINES && ret == GW_OK; q++) {
        struct curve *curve = &panel->curve[panel->curves];
        ret = make_curve(curve, v->points, q, error);
        panel->curves += ret == GW_OK;
        for (size_t p = 0; ret == GW_OK && p < v->points; p++) {
            put(panel, curve, along(v, p, 0), mean_of(v, p, q, difference));
        }
        if (v->by_strategy) {
            (void)snprintf(curve->label, sizeof curve->label, "%s", strategy_name(v, q, name));
        }
    }
    return ret;
}

static int of_one_input(struct picture *picture, struct gw_error *error)
{
    const struct gw_sweep_view *v = &picture->view;
    picture->panels = v->quantities > 1 ? 2 : 1;
    for (size_t p = 0; p < picture->panels; p++) {
        struct panel *panel = &picture->panel[p];
        *panel = empty_panel(0);
        panel->zero = p == 1;
        panel->scattered = !gw_sweep_view_is_numeric(v, 0) || (v->point != NULL && v->points > 1);
        axis_text(v, p == 1, panel->text);
        const int ret = fill_levels(panel, v, p == 1, error);
        if (ret != GW_OK) {
            return ret;
        }
    }
    if (v->quantities > MOST_LINES) {
        (void)snprintf(picture->cut, sizeof picture->cut, "The first %d of %zu strategies", MOST_LINES,
                       v->quantities);
    }
    return GW_OK;
}

/* ---- A grid of several inputs --------------------------------------------------------------------------------- */

/* The mean of the focus over all points of a level of one input and a level of the other, replication by
 * replication. */
static struct gw_sweep_mean cell_mean(const struct gw_sweep_view *v, const size_t input[2], const size_t level[2],
                                      double *sample)
{
    size_t points = 0;
    memset(sample, 0, v->replications * sizeof *sample);
    for (size_t p = 0; p < v->points; p++) {
        const struct gw_sweep_input *a = &v->input[input[0]], *b = &v->input[input[1]];
        if (p / a->stride % a->axis->length != level[0] || p / b->stride % b->axis->length != level[1]) {
            continue;
        }
        const double *value = gw_sweep_view_values(v, p, v->rival), *base = gw_sweep_view_values(v, p, 0);
        for (size_t r = 0; r < v->replications; r++) {
            sample[r] += value[r] - (v->rival == 0 ? 0.0 : base[r]);
        }
        points++;
    }
    for (size_t r = 0; r < v->replications; r++) {
        sample[r] /= (double)points;
    }
    const struct gw_estimate e = gw_estimate_mean(sample, v->replications, LEVEL);
    return (struct gw_sweep_mean){e.mean, e.low, e.high};
}

static size_t point_of(const struct gw_sweep_view *v, size_t input, size_t level)
{
    return level * v->input[input].stride;
}

static int fill_cells(struct panel *panel, const struct gw_sweep_view *v, const size_t input[2],
                      struct gw_error *error)
{
    const size_t along_x = v->input[input[0]].axis->length, all = v->input[input[1]].axis->length;
    const size_t lines = all < MOST_LINES ? all : MOST_LINES;
    double *sample = calloc(v->replications, sizeof *sample);
    int ret = sample == NULL ? gw_fail(error, GW_REFUSED, "out of memory for a figure") : GW_OK;
    for (size_t line = 0; line < lines && ret == GW_OK; line++) {
        struct curve *curve = &panel->curve[line];
        const size_t level = lines == 1 ? 0 : line * (all - 1) / (lines - 1);
        ret = make_curve(curve, along_x, line, error);
        panel->curves += ret == GW_OK;
        for (size_t k = 0; ret == GW_OK && k < along_x; k++) {
            const size_t levels[2] = {k, level};
            put(panel, curve, along(v, point_of(v, input[0], k), input[0]), cell_mean(v, input, levels, sample));
        }
        level_text(v, point_of(v, input[1], level), input[1], curve->label);
    }
    free(sample);
    return ret;
}

/* The two inputs that most of the variance goes with, the greatest first. */
static int choose_two(const struct gw_sweep_view *v, size_t input[2], struct gw_error *error)
{
    double share[GW_SWEEP_VIEW_INPUTS];
    const int ret = gw_sweep_view_shares(v, share, error);
    input[0] = 0;
    for (size_t i = 1; ret == GW_OK && i < v->inputs; i++) {
        input[0] = share[i] > share[input[0]] || isnan(share[input[0]]) ? i : input[0];
    }
    input[1] = input[0] == 0 ? 1 : 0;
    for (size_t i = 0; ret == GW_OK && i < v->inputs; i++) {
        input[1] = i != input[0] && (share[i] > share[input[1]] || isnan(share[input[1]])) ? i : input[1];
    }
    return ret;
}

/* Lines take numbers along x, as many as there are; texts and the fewer levels make the lines. */
static void order_two(const struct gw_sweep_view *v, size_t input[2])
{
    const bool first = gw_sweep_view_is_numeric(v, input[0]), second = gw_sweep_view_is_numeric(v, input[1]);
    const bool fewer = v->input[input[0]].axis->length < v->input[input[1]].axis->length;
    if (first == second ? fewer : second) {
        const size_t other = input[0];
        input[0] = input[1];
        input[1] = other;
    }
}

static int of_grid(struct picture *picture, struct gw_error *error)
{
    const struct gw_sweep_view *v = &picture->view;
    size_t input[2] = {0, 1};
    int ret = choose_two(v, input, error);
    if (ret != GW_OK) {
        return ret;
    }
    order_two(v, input);
    struct panel *panel = &picture->panel[0];
    picture->panels = 1;
    *panel = empty_panel(input[0]);
    panel->zero = v->rival > 0;
    panel->scattered = !gw_sweep_view_is_numeric(v, input[0]);
    axis_text(v, v->rival > 0, panel->text);
    const size_t lines = v->input[input[1]].axis->length;
    const int others =
        v->inputs > 2
            ? snprintf(picture->cut, sizeof picture->cut,
                       "Of %zu inputs the two that most of the variance goes with; mean over the others", v->inputs)
            : 0;
    if (lines > MOST_LINES) {
        (void)snprintf(picture->cut + others, sizeof picture->cut - (size_t)others, "%s%d of %zu lines",
                       others > 0 ? ". " : "", MOST_LINES, lines);
    }
    return fill_cells(panel, v, input, error);
}

/* ---- Points --------------------------------------------------------------------------------------------------- */

static int of_points(struct picture *picture, struct gw_error *error)
{
    const struct gw_sweep_view *v = &picture->view;
    size_t input[2] = {0, 1};
    int ret = choose_two(v, input, error);
    picture->panels = 0;
    for (size_t i = 0; i < 2 && ret == GW_OK; i++) {
        struct panel *panel = &picture->panel[picture->panels];
        if (v->input[input[i]].array == NULL) {
            continue;
        }
        *panel = empty_panel(input[i]);
        panel->zero = v->rival > 0;
        panel->scattered = true;
        axis_text(v, v->rival > 0, panel->text);
        ret = make_curve(&panel->curve[0], v->points, 0, error);
        panel->curves = ret == GW_OK;
        for (size_t p = 0; ret == GW_OK && p < v->points; p++) {
            put(panel, &panel->curve[0], along(v, p, input[i]), gw_sweep_view_focus(v, p));
        }
        picture->panels += ret == GW_OK;
    }
    if (v->inputs > picture->panels) {
        (void)snprintf(picture->cut, sizeof picture->cut, "Of %zu inputs %s that most of the variance goes with",
                       v->inputs, picture->panels == 1 ? "the one" : "the two");
    }
    return ret;
}

/* ---- Headings ------------------------------------------------------------------------------------------------- */

/* "Price cut against Status quo: ahead at 4 of 15 points, behind at 8" */
static void title_of(struct picture *picture)
{
    const struct gw_sweep_view *v = &picture->view;
    char text[WORDS], inputs[GW_NAME_SIZE];
    size_t above = 0, below = 0;
    for (size_t p = 0; p < v->points; p++) {
        const struct gw_sweep_mean m = gw_sweep_view_focus(v, p);
        above += m.low > 0.0;
        below += m.high < 0.0;
    }
    (void)focus_text(v, text);
    if (v->rival > 0 && v->replications > 1) {
        (void)snprintf(picture->title, sizeof picture->title, "%s: ahead at %zu of %zu points, behind at %zu", text,
                       above, v->points, below);
    } else if (above > 0 && below > 0) {
        (void)snprintf(picture->title, sizeof picture->title, "%s: above 0 at %zu of %zu points, below at %zu", text,
                       above, v->points, below);
    } else if (v->inputs == 1) {
        (void)snprintf(picture->title, sizeof picture->title, "%s by %s", text, input_name(v, 0, inputs));
    } else {
        (void)snprintf(picture->title, sizeof picture->title, "%s over %zu inputs", text, v->inputs);
    }
}

static void subtitle_of(struct picture *picture)
{
    const struct gw_sweep_view *v = &picture->view;
    char name[GW_NAME_SIZE], first[GW_NAME_SIZE], n[64], what[2 * WORDS];
    const bool points = picture->panel[0].scattered;
    (void)snprintf(what, sizeof what, "%.60s%s%s", measure(v, name),
                   picture->panels == 2 && v->inputs == 1 ? ", difference to " : "",
                   picture->panels == 2 && v->inputs == 1 ? strategy_name(v, 0, first) : "");
    (void)gw_figure_replications(n, v->dataset);
    if (v->replications < 2) {
        (void)snprintf(picture->subtitle, sizeof picture->subtitle, "%s; one replication, hence no intervals", what);
    } else {
        const int length = snprintf(picture->subtitle, sizeof picture->subtitle, "%s; %s its 95%% interval over %s",
                                    what, points ? "dot: mean; bar:" : "line: mean; band:", n);
        if (gw_columns(picture->subtitle) <= 88) {
            (void)snprintf(picture->subtitle + length, sizeof picture->subtitle - (size_t)length,
                           ", the same luck everywhere");
        }
    }
}

/* ---- Drawing -------------------------------------------------------------------------------------------------- */

static void write_data(FILE *script, const struct panel *panel, size_t number, double x_unit, double y_unit)
{
    for (size_t c = 0; c < panel->curves; c++) {
        const struct curve *curve = &panel->curve[c];
        (void)fprintf(script, "$c%zu_%zu << EOD\n", number, c);
        for (size_t i = 0; i < curve->n; i++) {
            const struct gw_sweep_mean *y = &curve->y[i];
            (void)fprintf(script, "%.10g %.10g %.10g %.10g\n", curve->x[i] / x_unit, y->mean / y_unit,
                          y->low / y_unit, y->high / y_unit);
        }
        (void)fputs("EOD\n", script);
    }
}

/* Bands below all lines. */
static void write_curves(const struct gw_plot *plot, const struct panel *panel, size_t number)
{
    FILE *script = plot->script;
    const double point = gw_plot_point(plot, panel->curve[0].n > 60 ? 0.45 : 0.8);
    (void)fputs("plot NaN notitle with lines", script);
    if (panel->zero || (panel->low < 0.0 && panel->high > 0.0)) {
        (void)fputs(", 0 with lines lw 1 lc rgb '#888888'", script);
    }
    for (size_t c = 0; !panel->scattered && c < panel->curves; c++) {
        (void)fprintf(script,
                      ", $c%zu_%zu using 1:3:4 with filledcurves fs transparent solid 0.22 noborder lc rgb '%s'",
                      number, c, gw_plot_colour(panel->curve[c].colour));
    }
    for (size_t c = 0; c < panel->curves; c++) {
        const char *colour = gw_plot_colour(panel->curve[c].colour);
        if (panel->scattered) {
            (void)fprintf(script, ", $c%zu_%zu using 1:2:3:4 with yerrorbars pt 7 ps %g lw 1.2 lc rgb '%s'", number,
                          c, point, colour);
        } else {
            (void)fprintf(
                script,
                ", $c%zu_%zu using 1:2 with lines lw 2.4 dt %s lc rgb '%s', $c%zu_%zu using 1:2 with points "
                "pt 7 ps %g lc rgb '%s'",
                number, c, gw_plot_dash(panel->curve[c].colour), colour, number, c, point * 0.8, colour);
        }
    }
    (void)fputs("\nunset label\n", script);
}

static void write_labels(struct gw_plot *plot, const struct panel *panel, struct gw_frame frame,
                         struct gw_range range, double unit)
{
    double height[MOST_LINES];
    size_t named[MOST_LINES], n = 0;
    char where[64];
    for (size_t c = 0; c < panel->curves; c++) {
        const struct curve *curve = &panel->curve[c];
        if (curve->n > 0 && curve->label[0] != '\0') {
            height[n] = (curve->y[curve->n - 1].mean / unit - range.low) / (range.high - range.low);
            named[n++] = c;
        }
    }
    gw_plot_separate(height, n, 0.036 / (frame.top - frame.bottom));
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(where, sizeof where, "graph 1.03, graph %.4f", height[i]);
        gw_plot_label(plot, where, "left", GW_TEXT_BODY, gw_plot_colour(panel->curve[named[i]].colour),
                      panel->curve[named[i]].label, NAME);
    }
}

/* Texts in the place of numbers, where there is room for them. */
static void write_words(struct gw_plot *plot, const struct gw_sweep_view *v, const struct panel *panel)
{
    const struct gw_axis *axis = v->point != NULL ? v->point : v->input[panel->input].axis;
    const size_t n = axis->labels == NULL || axis->length > MOST_WORDED ? 0 : axis->length;
    (void)fputs(n == 0 ? "" : "set xtics (", plot->script);
    for (size_t k = 0; k < n; k++) {
        (void)fputs(k == 0 ? "" : ", ", plot->script);
        gw_plot_text(plot, axis->labels[k], 80 / n);
        (void)fprintf(plot->script, " %zu", k);
    }
    (void)fputs(n == 0 ? "" : ") noenhanced\n", plot->script);
}

static size_t label_columns(const struct picture *picture)
{
    size_t columns = 0;
    for (size_t p = 0; p < picture->panels; p++) {
        for (size_t c = 0; c < picture->panel[p].curves; c++) {
            const size_t used = gw_columns(picture->panel[p].curve[c].label);
            columns = used > columns ? used : columns;
        }
    }
    return columns < NAME ? columns : NAME;
}

/* Side by side, each with the room for its labels at the right. */
static struct gw_frame frame_of(const struct picture *picture, size_t panel)
{
    const size_t columns = label_columns(picture);
    const double labels = columns == 0 ? 0.0 : gw_plot_width(columns + 1), each = 0.985 / (double)picture->panels;
    const double left = each * (double)panel;
    return (struct gw_frame){left + 0.09, left + each - labels - 0.01, 0.155, 0.84};
}

static void write_panel(struct gw_plot *plot, const struct picture *picture, size_t number)
{
    const struct gw_sweep_view *v = &picture->view;
    const struct panel *panel = &picture->panel[number];
    const bool numeric = gw_sweep_view_is_numeric(v, panel->input);
    const double margin = numeric ? 0.02 * (panel->right - panel->left) : 0.5;
    const double low = panel->zero ? fmin(panel->low, 0.0) : panel->low,
                 high = panel->zero ? fmax(panel->high, 0.0) : panel->high;
    const double air = 0.05 * (high - low), size = fmax(fabs(low), fabs(high));
    const struct gw_style x_style =
        numeric ? gw_style_for(fmax(fabs(panel->left), fabs(panel->right)), NAN) : (struct gw_style){1.0, "", 0};
    const bool share = strcmp(v->unit, "%") == 0;
    const struct gw_style y_style = share ? gw_style_percent(size, NAN) : gw_style_for(size, NAN);
    const struct gw_frame frame = frame_of(picture, number);
    char name[GW_NAME_SIZE];
    gw_plot_frame(plot, frame);
    const struct gw_range x = gw_plot_axis(plot, 'x', panel->left - margin, panel->right + margin, x_style,
                                           input_name(v, panel->input, name), input_unit(v, panel->input));
    if (picture->panels > 1) {
        gw_plot_tics(plot, 'x', x, 4);
    }
    if (!numeric) {
        write_words(plot, v, panel);
    }
    const struct gw_range range =
        gw_plot_axis(plot, 'y', low - air, high + air, y_style, panel->text, share ? "1" : v->unit);
    write_labels(plot, panel, frame, range, y_style.unit);
    write_data(plot->script, panel, number, x_style.unit, y_style.unit);
    write_curves(plot, panel, number);
}

static bool is_empty(const struct picture *picture)
{
    bool empty = picture->panels == 0;
    for (size_t p = 0; p < picture->panels; p++) {
        empty = empty || !(picture->panel[p].low <= picture->panel[p].high);
    }
    return empty;
}

int gw_figure_sweep(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                    struct gw_error *error)
{
    struct picture *picture = calloc(1, sizeof *picture);
    struct gw_error why = {0};
    int ret = picture == NULL ? gw_fail(error, GW_REFUSED, "out of memory for a figure") : GW_OK;
    if (ret == GW_OK && gw_sweep_view_open(&picture->view, dataset, &why) != GW_OK) {
        (void)snprintf(reason, GW_REASON_SIZE, "%.190s", why.text);
    } else if (ret == GW_OK) {
        const struct gw_sweep_view *v = &picture->view;
        ret = v->inputs == 1     ? of_one_input(picture, error)
              : v->point == NULL ? of_grid(picture, error)
                                 : of_points(picture, error);
        if (ret == GW_OK && is_empty(picture)) {
            (void)snprintf(reason, GW_REASON_SIZE, "nothing is defined that could be drawn");
        } else if (ret == GW_OK) {
            title_of(picture);
            subtitle_of(picture);
            (void)fputs("set multiplot\n", plot->script);
            gw_figure_heading_cut(plot, dataset, picture->title, picture->subtitle, picture->cut);
            for (size_t p = 0; p < picture->panels; p++) {
                write_panel(plot, picture, p);
            }
            (void)fputs("unset multiplot\n", plot->script);
        }
    }
    if (picture != NULL) {
        free_picture(picture);
    }
    free(picture);
    return ret;
}
