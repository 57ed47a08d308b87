/* The customers' journey in numbers: from question and purchase to complaint and repair, and where questions go
 * unanswered. Rows of bars and of dots, a colour per strategy. */
#include "outcome/reduced.h"
#include "output/figure_panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STRATEGIES = 3, MOST_CHANNELS = 12, NAME = 14, LEAST_ROWS = 5 };

enum source { QUESTIONS, UNANSWERED, GIVEN_UP, EXPERIENCES, PURCHASES, FAILURES, COMPLAINTS, REPAIRS, SOURCES, NONE };
static const char *const source_names[SOURCES] = {"questions", "unanswered", "given_up",   "experiences",
                                                  "purchases", "failures",   "complaints", "repairs"};

/* A stage counts `what` less `less`; its share is of `of`. */
static const struct stage {
    const char *name, *share;
    enum source what, less, of;
    bool rate; /* not a share: may exceed 1 */
} stages[] = {
    {"Questions", NULL, QUESTIONS, NONE, NONE},
    {"Answered", "of questions", QUESTIONS, UNANSWERED, QUESTIONS},
    {"Experiences", NULL, EXPERIENCES, NONE, NONE},
    {"Orders", "per experience", PURCHASES, NONE, EXPERIENCES, true},
    {"Failures", "of experiences", FAILURES, NONE, EXPERIENCES},
    {"Complaints", "of failures", COMPLAINTS, NONE, FAILURES},
    {"Repaired", "of failures", REPAIRS, NONE, FAILURES},
};
enum { STAGES = sizeof stages / sizeof stages[0] };

/* Series with or without an axis of channels. */
struct series {
    bool there;
    struct gw_view view;
    const char *channels; /* name of the axis, or NULL */
};

struct journey {
    struct gw_reduced reduced; /* pairs alone: parts add up */
    struct series source[SOURCES];
    struct gw_panels drawn; /* strategies */
    double years;           /* of the horizon */
    size_t rows;
    const struct stage *row[STAGES];
    struct gw_estimate count[STAGES][MOST_STRATEGIES], share[STAGES][MOST_STRATEGIES]; /* by row; count per year */
    size_t channels;
    char channel[MOST_CHANNELS][GW_NAME_SIZE];
    struct gw_estimate unanswered[MOST_CHANNELS][MOST_STRATEGIES], given_up[MOST_CHANNELS][MOST_STRATEGIES];
};

static void open_sources(struct journey *j, const struct gw_dataset *dataset)
{
    for (int i = 0; i < SOURCES; i++) {
        struct series *series = &j->source[i];
        series->there = gw_view_open(&series->view, dataset, source_names[i], "period", NULL);
        if (!series->there) {
            series->there =
                gw_figure_open_labelled(&series->view, &series->channels, dataset, source_names[i], "period");
        }
    }
}

/* Over the horizon; all parts together, or one of them. */
static double sum_of(const struct series *series, size_t s, size_t r, size_t first, size_t last)
{
    double sum = 0.0;
    for (size_t t = 0; t < series->view.steps; t++) {
        for (size_t part = first; part < last; part++) {
            sum += gw_view_at(&series->view, s, r, t, part);
        }
    }
    return sum;
}

static double total_of(const struct journey *j, enum source source, size_t s, size_t r)
{
    return source == NONE ? 0.0 : sum_of(&j->source[source], s, r, 0, j->source[source].view.parts);
}

static double ratio(double part, double whole)
{
    return whole > 0.0 ? part / whole : NAN;
}

/* `sample` has room for two numbers per replication. */
static void fill_stage(struct journey *j, const struct stage *stage, double *sample)
{
    const size_t n = j->source[stage->what].view.replications;
    double most = 0.0;
    for (size_t i = 0; i < j->drawn.n; i++) {
        for (size_t r = 0; r < n; r++) {
            const size_t s = j->drawn.strategy[i];
            const double count = total_of(j, stage->what, s, r) - total_of(j, stage->less, s, r);
            sample[r] = count / j->years;
            sample[n + r] = ratio(count, total_of(j, stage->of, s, r));
            most = fmax(most, count);
        }
        j->count[j->rows][i] = gw_reduced_mean(&j->reduced, sample, n, 0.95);
        j->share[j->rows][i] = gw_reduced_mean(&j->reduced, sample + n, n, 0.95);
    }
    if (most > 0.0) {
        j->row[j->rows++] = stage;
    }
}

static bool has(const struct journey *j, enum source source)
{
    return source == NONE || j->source[source].there;
}

static void fill_stages(struct journey *j, double *sample)
{
    for (int i = 0; i < STAGES; i++) {
        const struct stage *stage = &stages[i];
        if (has(j, stage->what) && has(j, stage->less) && has(j, stage->of)) {
            fill_stage(j, stage, sample);
        }
    }
}

/* A channel without questions under any strategy drawn is left out. */
static void fill_channel(struct journey *j, size_t first, size_t last, const char *label, double *sample)
{
    const size_t n = j->source[QUESTIONS].view.replications;
    bool any = false;
    for (size_t i = 0; i < j->drawn.n; i++) {
        const size_t s = j->drawn.strategy[i];
        for (size_t r = 0; r < n; r++) {
            const double asked = sum_of(&j->source[QUESTIONS], s, r, first, last);
            sample[r] = ratio(sum_of(&j->source[UNANSWERED], s, r, first, last), asked);
            sample[n + r] = ratio(sum_of(&j->source[GIVEN_UP], s, r, first, last), asked);
            any = any || asked > 0.0;
        }
        j->unanswered[j->channels][i] = gw_reduced_mean(&j->reduced, sample, n, 0.95);
        j->given_up[j->channels][i] = gw_reduced_mean(&j->reduced, sample + n, n, 0.95);
    }
    if (any && j->channels + 1 < MOST_CHANNELS) {
        (void)gw_show_label(j->channel[j->channels++], GW_NAME_SIZE, label, NAME);
    }
}

static void fill_channels(struct journey *j, const struct gw_dataset *dataset, double *sample)
{
    const struct series *asked = &j->source[QUESTIONS];
    const size_t parts = asked->view.parts;
    if (parts != j->source[UNANSWERED].view.parts || parts != j->source[GIVEN_UP].view.parts) {
        return;
    }
    const struct gw_axis *axis = asked->channels == NULL ? NULL : gw_dataset_axis(dataset, asked->channels);
    for (size_t c = 0; axis != NULL && c < parts && c < 1000; c++) {
        fill_channel(j, c, c + 1, axis->labels[c], sample);
    }
    if (axis == NULL || j->channels > 1) {
        fill_channel(j, 0, parts, "All channels", sample);
    }
}

/* ---- Drawing ------------------------------------------------------------------------------------------------ */

/* Height of strategy i's mark in a row around `y`. */
static double height_of(const struct journey *j, double y, size_t i)
{
    return y + 0.27 * (0.5 * (double)(j->drawn.n - 1) - (double)i);
}

static double half_bar(const struct journey *j)
{
    return j->drawn.n == 1 ? 0.3 : 0.12;
}

/* x, half interval, y of each row with a mean. */
static void write_data(FILE *script, const char *name, const struct journey *j, size_t rows,
                       const struct gw_estimate estimate[][MOST_STRATEGIES], size_t i, double unit)
{
    (void)fprintf(script, "$%s%zu << EOD\n", name, i);
    for (size_t row = 0; row < rows; row++) {
        const struct gw_estimate *e = &estimate[row][i];
        if (e->n > 0) {
            (void)fprintf(script, "%.10g %.10g %.6g\n", e->mean / unit, gw_half_width(e) / unit,
                          height_of(j, (double)(rows - 1 - row), i));
        }
    }
    (void)fputs("EOD\n", script);
}

/* Few rows stand close together at the top. */
static void write_rows_range(struct gw_plot *plot, size_t rows)
{
    const double top = (double)rows - 0.5;
    (void)fprintf(plot->script, "set yrange [%.1f:%.1f]\n", top - fmax((double)rows, LEAST_ROWS), top);
}

static void write_row_name(struct gw_plot *plot, struct gw_frame frame, double y, const char *name, const char *below)
{
    char where[96];
    (void)snprintf(where, sizeof where, "screen %.4f, first %.3f%s", frame.left - 0.01, y,
                   below == NULL ? "" : " offset 0,0.45");
    gw_plot_label(plot, where, "right", GW_TEXT_BODY, NULL, name, NAME);
    if (below != NULL) {
        (void)snprintf(where, sizeof where, "screen %.4f, first %.3f offset 0,-0.5", frame.left - 0.01, y);
        gw_plot_label(plot, where, "right", GW_TEXT_NOTE, NULL, below, NAME + 4);
    }
}

/* "94.0 ±0.3%" or "2.24 ±0.02"; half the interval is rounded up, so that it never reads as certainty. */
static void share_text(char *out, size_t size, const struct gw_estimate *share, bool rate)
{
    const double unit = rate ? 1.0 : 100.0, step = rate ? 100.0 : 10.0;
    const int decimals = rate ? 2 : 1;
    const double half = ceil(unit * gw_half_width(share) * step) / step;
    if (half > 0.0) {
        (void)snprintf(out, size, "%.*f \xc2\xb1%.*f%s", decimals, unit * share->mean, decimals, half,
                       rate ? "" : "%");
    } else {
        (void)snprintf(out, size, "%.*f%s", decimals, unit * share->mean, rate ? "" : "%");
    }
}

/* "8.2 k · 94.0 ±0.3%" at the end of a bar. */
static void bar_text(char *out, size_t size, const struct gw_estimate *count, const struct gw_estimate *share,
                     const struct stage *stage)
{
    char number[64], of[100] = "";
    const struct gw_style style = gw_style_brief(count->mean, NAN);
    (void)gw_show_number(number, style, count->mean);
    if (stage->share != NULL && share->n > 0) {
        share_text(of, sizeof of, share, stage->rate);
    }
    (void)snprintf(out, size, "%s%s%s%s", number, style.suffix, of[0] == '\0' ? "" : " \xc2\xb7 ", of);
}

static void write_bar_texts(struct gw_plot *plot, const struct journey *j, double unit, double gap)
{
    char where[96], text[256];
    for (size_t row = 0; row < j->rows; row++) {
        for (size_t i = 0; i < j->drawn.n; i++) {
            const struct gw_estimate *e = &j->count[row][i];
            const double end = e->n > 0 ? (e->mean + gw_half_width(e)) / unit : 0.0;
            bar_text(text, sizeof text, e, &j->share[row][i], j->row[row]);
            (void)snprintf(where, sizeof where, "first %.6g, first %.4f", end + gap,
                           height_of(j, (double)(j->rows - 1 - row), i));
            gw_plot_label(plot, where, "left", j->drawn.n == 1 ? GW_TEXT_BODY : GW_TEXT_SUBTITLE, NULL, text, 40);
        }
    }
}

static void write_stages(struct gw_plot *plot, const struct journey *j, struct gw_frame frame)
{
    double most = 0.0;
    for (size_t i = 0; i < j->rows * j->drawn.n; i++) {
        const struct gw_estimate *e = &j->count[i / j->drawn.n][i % j->drawn.n];
        most = fmax(most, e->mean + gw_half_width(e));
    }
    const struct gw_style unit = gw_style_for(most, NAN);
    /* Text of 20 columns stands right of the longest bar. */
    const double room = 1.0 - gw_plot_width(j->drawn.n == 1 ? 20 : 18) / (frame.right - frame.left);
    gw_plot_frame(plot, frame);
    const struct gw_range x = gw_plot_axis(plot, 'x', 0.0, most / room, unit, "Per year", "1");
    write_rows_range(plot, j->rows);
    for (size_t row = 0; row < j->rows; row++) {
        write_row_name(plot, frame, (double)(j->rows - 1 - row), j->row[row]->name, j->row[row]->share);
    }
    write_bar_texts(plot, j, unit.unit, 0.012 * (x.high - x.low));
    for (size_t i = 0; i < j->drawn.n; i++) {
        write_data(plot->script, "bar", j, j->rows, j->count, i, unit.unit);
    }
    (void)fputs("plot NaN notitle with lines", plot->script);
    for (size_t i = 0; i < j->drawn.n; i++) {
        (void)fprintf(plot->script,
                      ", $bar%zu using 1:3:(0):1:($3-%g):($3+%g) with boxxyerror fs solid 0.85 noborder lc rgb '%s'"
                      ", $bar%zu using ($1-$2):3:(2*$2):(0) with vectors nohead lw 2 lc rgb '#111111'",
                      i, half_bar(j), half_bar(j), gw_plot_colour(j->drawn.strategy[i]), i);
    }
    (void)fputs("\nunset label\n", plot->script);
}

static double most_abandoned(const struct journey *j)
{
    double most = 0.0;
    for (size_t i = 0; i < j->channels * j->drawn.n; i++) {
        const struct gw_estimate *e = &j->unanswered[i / j->drawn.n][i % j->drawn.n];
        most = e->n > 0 ? fmax(most, e->mean + gw_half_width(e)) : most;
    }
    return most > 0.0 ? most : 0.01;
}

static void write_dots(const struct gw_plot *plot, const struct journey *j, const char *name, size_t i, int point)
{
    const char *colour = gw_plot_colour(j->drawn.strategy[i]);
    (void)fprintf(plot->script,
                  ", $%s%zu using ($1-$2):3:(2*$2):(0) with vectors nohead lw 2.4 lc rgb '%s'"
                  ", $%s%zu using 1:3 with points pt 7 ps %g lc rgb 'white'"
                  ", $%s%zu using 1:3 with points pt %d ps %g lw 2 lc rgb '%s'",
                  name, i, colour, name, i, gw_plot_point(plot, 1.0), name, i, point, gw_plot_point(plot, 0.9),
                  colour);
}

static void write_channels(struct gw_plot *plot, const struct journey *j, struct gw_frame frame)
{
    char where[80];
    gw_plot_frame(plot, frame);
    const struct gw_range x =
        gw_plot_axis(plot, 'x', 0.0, 1.05 * most_abandoned(j), gw_style_percent(1, NAN), "Share of questions", "1");
    gw_plot_tics(plot, 'x', x, 4);
    write_rows_range(plot, j->channels);
    for (size_t row = 0; row < j->channels; row++) {
        write_row_name(plot, frame, (double)(j->channels - 1 - row), j->channel[row], NULL);
    }
    (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", frame.right, frame.top + 0.035);
    gw_plot_label(plot, where, "right", GW_TEXT_SUBTITLE, NULL,
                  "\xe2\x97\x8b unanswered   \xe2\x97\x8f of them, gave up", 60);
    for (size_t i = 0; i < j->drawn.n; i++) {
        write_data(plot->script, "unanswered", j, j->channels, j->unanswered, i, 0.01);
        write_data(plot->script, "given", j, j->channels, j->given_up, i, 0.01);
    }
    (void)fputs("plot NaN notitle with lines", plot->script);
    for (size_t i = 0; i < j->drawn.n; i++) {
        write_dots(plot, j, "unanswered", i, 6);
        write_dots(plot, j, "given", i, 7);
    }
    (void)fputs("\nunset label\n", plot->script);
}

/* The strategies' names in their colours, one beside the other. */
static void write_key(struct gw_plot *plot, const struct gw_dataset *dataset, const struct journey *j, double left,
                      double top)
{
    char name[GW_NAME_SIZE], where[80];
    for (size_t i = 0; i < j->drawn.n; i++) {
        const size_t used = gw_show_strategy(name, sizeof name, dataset, j->drawn.strategy[i], NAME + 2);
        (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", left, top);
        gw_plot_label(plot, where, "left", GW_TEXT_BOLD, gw_plot_colour(j->drawn.strategy[i]), name, NAME + 2);
        left += gw_plot_width(used + 2) * 1.1;
    }
}

static void write_journey(struct gw_plot *plot, const struct gw_dataset *dataset, const struct journey *j)
{
    const bool two = j->channels > 0;
    const double top = 0.80, bottom = 0.155;
    char n[64], subtitle[256];
    (void)snprintf(subtitle, sizeof subtitle, "%s%s%s", gw_replications(dataset) < 2 ? "" : "Means over ",
                   gw_figure_replications(n, dataset),
                   gw_replications(dataset) < 2 ? ", hence no intervals"
                                                : "; lines through dots and bars' ends, \xc2\xb1: 95% intervals");
    gw_figure_heading_cut(plot, dataset, "The journey, and where it breaks off", subtitle, j->drawn.cut);
    (void)fputs("set multiplot\nset border 1\nunset ytics\nset grid xtics noytics\n", plot->script);
    write_key(plot, dataset, j, 0.02, top + 0.035);
    write_stages(plot, j, (struct gw_frame){0.145, two ? 0.575 : 0.985, bottom, top});
    if (two) {
        write_channels(plot, j, (struct gw_frame){0.71, 0.985, bottom, top});
    }
    (void)fputs("unset multiplot\n", plot->script);
}

int gw_figure_journey(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                      struct gw_error *error)
{
    struct journey *j = calloc(1, sizeof *j);
    double *sample = calloc(2 * gw_replications(dataset) + 1, sizeof *sample);
    if (j == NULL || sample == NULL) {
        free(j);
        free(sample);
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    j->reduced.pairs = gw_reduced_of(dataset).pairs;
    open_sources(j, dataset);
    j->drawn = gw_panels_choose(dataset, MOST_STRATEGIES);
    if (!has(j, QUESTIONS) && !has(j, FAILURES)) {
        (void)gw_figure_lacks(reason, "questions");
    } else {
        const enum source first = has(j, QUESTIONS) ? QUESTIONS : FAILURES;
        j->years = (double)j->source[first].view.steps * gw_figure_period_years(dataset);
        fill_stages(j, sample);
        if (has(j, QUESTIONS) && has(j, UNANSWERED) && has(j, GIVEN_UP)) {
            fill_channels(j, dataset, sample);
        }
        if (j->rows == 0) {
            (void)snprintf(reason, GW_REASON_SIZE, "there are neither questions nor failures in any replication");
        } else {
            write_journey(plot, dataset, j);
        }
    }
    free(j);
    free(sample);
    return GW_OK;
}
