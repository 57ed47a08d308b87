/* Who joined together: what share is still a customer after so many years. A heat map per strategy. */
#include "outcome/reduced.h"
#include "output/figure_panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_YEARS = 10, COHORTS = MOST_YEARS, MOST_COLUMNS = 26, CELLS_FOR_INTERVALS = 18 };

/* Cohort 0 are the customers of the start, cohort k those who joined in year k. Age 0 is the start or, for who joined
 * later, the end of the year of joining. */
struct cohorts {
    struct gw_reduced reduced; /* pairs alone: parts add up */
    struct gw_view active, joined, won_back, start;
    bool has_won_back;
    int label[COHORTS]; /* on the axis of cohorts; -1: none */
    size_t year;        /* periods */
    size_t years, rows; /* whole years of the horizon; cohorts drawn */
    struct gw_estimate cell[GW_MOST_PANELS][COHORTS][MOST_YEARS + 1];
    double size[GW_MOST_PANELS][COHORTS]; /* mean size of a cohort */
};

/* Spells that began in year k = 1, 2, ...; a customer who left and came back within it has two. */
static double began(const struct cohorts *c, size_t s, size_t r, size_t k)
{
    double sum = 0.0;
    for (size_t t = (k - 1) * c->year; t < k * c->year; t++) {
        sum += gw_view_at(&c->joined, s, r, t, 0) + (c->has_won_back ? gw_view_at(&c->won_back, s, r, t, 0) : 0.0);
    }
    return sum;
}

static double size_of(const struct cohorts *c, size_t s, size_t r, size_t k)
{
    return k == 0 ? gw_view_at(&c->start, s, r, 0, 0) : began(c, s, r, k);
}

/* Cohort k is a years old at the end of year k + a (counted from 1; 0 is the start). */
static double still_active(const struct cohorts *c, size_t s, size_t r, size_t k, size_t a)
{
    return k + a == 0 ? gw_view_at(&c->start, s, r, 0, 0)
                      : gw_view_at(&c->active, s, r, (k + a) * c->year - 1, (size_t)c->label[k]);
}

static void fill_cell(struct cohorts *c, size_t panel, size_t s, size_t k, size_t a, double *sample)
{
    const size_t n = c->active.replications;
    double sum = 0.0;
    for (size_t r = 0; r < n; r++) {
        const double size = size_of(c, s, r, k);
        sample[r] = size > 0.0 ? still_active(c, s, r, k, a) / size : NAN;
        sum += size;
    }
    c->cell[panel][k][a] = gw_reduced_mean(&c->reduced, sample, n, 0.95);
    c->size[panel][k] = n > 0 ? sum / (double)n : 0.0;
}

static bool fill_cohorts(struct cohorts *c, const struct gw_panels *panels, double *sample)
{
    bool any = false;
    for (size_t panel = 0; panel < panels->n; panel++) {
        for (size_t k = 0; k < c->rows; k++) {
            for (size_t a = 0; k + a <= c->years && a <= MOST_YEARS; a++) {
                fill_cell(c, panel, panels->strategy[panel], k, a, sample);
                any = any || isfinite(c->cell[panel][k][a].mean);
            }
        }
    }
    return any;
}

static void label_cohorts(struct cohorts *c, const struct gw_dataset *dataset, const char *axis)
{
    char label[24] = "start";
    for (size_t k = 0; k < COHORTS; k++) {
        c->label[k] = gw_label_position(dataset, axis, label);
        (void)snprintf(label, sizeof label, "year %zu", k + 1);
    }
}

static int open_cohorts(struct cohorts *c, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE])
{
    const char *axis;
    if (!gw_figure_open_labelled(&c->active, &axis, dataset, "cohort_active", "period")) {
        return gw_figure_lacks(reason, "cohort_active");
    }
    if (!gw_view_open(&c->joined, dataset, "joined", "period", NULL)) {
        return gw_figure_lacks(reason, "joined");
    }
    if (!gw_view_open(&c->start, dataset, "active_at_start", NULL, NULL)) {
        return gw_figure_lacks(reason, "active_at_start");
    }
    c->has_won_back = gw_view_open(&c->won_back, dataset, "won_back", "period", NULL);
    c->reduced.pairs = gw_reduced_of(dataset).pairs;
    label_cohorts(c, dataset, axis);
    c->year = (size_t)(1.0 / gw_figure_period_years(dataset) + 0.5);
    c->year = c->year == 0 ? 1 : c->year;
    c->years = c->active.steps / c->year;
    if (c->years == 0) {
        (void)snprintf(reason, GW_REASON_SIZE, "the horizon is shorter than a year");
    }
    while (c->rows < COHORTS && c->rows <= c->years && c->label[c->rows] >= 0) {
        c->rows++;
    }
    return reason[0] == '\0' && c->rows == 0 ? gw_figure_lacks(reason, "cohort_active") : GW_OK;
}

static size_t columns_of(const struct cohorts *c)
{
    return 1 + (c->years < MOST_YEARS ? c->years : MOST_YEARS);
}

/* White to dark blue; the letters are white from the middle on. */
static const char *shade(double share, bool letters)
{
    static const char *const blues[] = {"#f3f7fb", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6",
                                        "#4292c6", "#2171b5", "#08519c", "#08306b"};
    const int i = (int)fmax(0.0, fmin(8.0, share * 9.0));
    return letters ? (i >= 6 ? "#ffffff" : "#111111") : blues[i];
}

static void write_cell(struct gw_plot *plot, const struct cohorts *c, size_t panel, size_t k, size_t a,
                       bool intervals)
{
    const struct gw_estimate *e = &c->cell[panel][k][a];
    const double y = (double)(c->rows - 1 - k), x = (double)a, half = 100.0 * gw_half_width(e);
    char where[64], text[64];
    intervals = intervals && half > 0.0;
    if (!isfinite(e->mean)) {
        return;
    }
    (void)fprintf(plot->script,
                  "set object rectangle from first %.3f, first %.3f to first %.3f, first %.3f back fs solid 1 "
                  "noborder fc rgb '%s'\n",
                  x - 0.48, y - 0.47, x + 0.48, y + 0.47, shade(e->mean, false));
    (void)snprintf(where, sizeof where, "first %.3f, first %.3f%s", x, y, intervals ? " offset 0,0.45" : "");
    (void)snprintf(text, sizeof text, "%.0f", 100.0 * e->mean);
    gw_plot_label(plot, where, "center", GW_TEXT_BODY, shade(e->mean, true), text, 8);
    if (intervals) {
        (void)snprintf(where, sizeof where, "first %.3f, first %.3f offset 0,-0.45", x, y);
        (void)snprintf(text, sizeof text, half < 0.95 ? "\xc2\xb1%.1f" : "\xc2\xb1%.0f", half);
        gw_plot_label(plot, where, "center", GW_TEXT_NOTE, shade(e->mean, true), text, 8);
    }
}

/* Names of the cohorts left of the first panel; in each panel a column with their sizes, at x = -1. */
static void write_rows(struct gw_plot *plot, const struct cohorts *c, size_t panel, struct gw_frame frame)
{
    char where[96], text[96], number[64];
    for (size_t k = 0; k < c->rows; k++) {
        const double y = (double)(c->rows - 1 - k);
        const struct gw_style style = gw_style_brief(c->size[panel][k], NAN);
        (void)snprintf(where, sizeof where, "screen %.4f, first %g", frame.left - 0.012, y);
        (void)snprintf(text, sizeof text, k == 0 ? "At the start" : "Joined in year %zu", k);
        if (panel == 0) {
            gw_plot_label(plot, where, "right", GW_TEXT_BODY, NULL, text, 20);
        }
        (void)gw_show_number(number, style, c->size[panel][k]);
        (void)snprintf(where, sizeof where, "first -0.65, first %g", y);
        (void)snprintf(text, sizeof text, "%s%s", number, style.suffix);
        gw_plot_label(plot, where, "right", GW_TEXT_SUBTITLE, NULL, text, 20);
    }
}

static void write_axis(struct gw_plot *plot, const struct cohorts *c)
{
    (void)gw_plot_axis(plot, 'x', -2.0, (double)columns_of(c) - 0.5, (struct gw_style){1.0, "", 0}, "Years later",
                       "1");
    (void)fputs("set xtics scale 0 ('n' -1", plot->script);
    for (size_t a = 0; a < columns_of(c); a++) {
        (void)fprintf(plot->script, ", '%zu' %zu", a, a);
    }
    (void)fprintf(plot->script, ")\nset yrange [-0.5:%.1f]\n", (double)c->rows - 0.5);
}

static bool shows_intervals(const struct cohorts *c, const struct gw_panels *panels)
{
    return panels->n * columns_of(c) <= CELLS_FOR_INTERVALS && c->rows <= 7;
}

static void write_cohorts(struct gw_plot *plot, const struct gw_dataset *dataset, const struct cohorts *c,
                          const struct gw_panels *panels)
{
    const bool intervals = shows_intervals(c, panels);
    (void)fputs("set multiplot\nset border 0\nunset ytics\nunset grid\n", plot->script);
    for (size_t panel = 0; panel < panels->n; panel++) {
        const struct gw_frame frame = gw_panels_frame(panels, panel, 0.155, 0.80);
        gw_plot_frame(plot, frame);
        gw_panels_name(plot, dataset, panels, panel, frame);
        write_axis(plot, c);
        write_rows(plot, c, panel, frame);
        for (size_t k = 0; k < c->rows; k++) {
            for (size_t a = 0; k + a <= c->years && a <= MOST_YEARS; a++) {
                write_cell(plot, c, panel, k, a, intervals);
            }
        }
        (void)fputs("plot NaN notitle with lines\nunset label\nunset object\n", plot->script);
    }
    (void)fputs("unset multiplot\n", plot->script);
}

/* Where the cells are too small for their intervals: the widest of all. */
static double widest(const struct cohorts *c, const struct gw_panels *panels)
{
    double most = 0.0;
    for (size_t panel = 0; panel < panels->n; panel++) {
        for (size_t i = 0; i < COHORTS * (MOST_YEARS + 1); i++) {
            const struct gw_estimate *cell = &c->cell[panel][i / (MOST_YEARS + 1)][i % (MOST_YEARS + 1)];
            most = fmax(most, 100.0 * gw_half_width(cell));
        }
    }
    return most;
}

static void describe_cohorts(char *out, size_t size, const struct gw_dataset *dataset, const struct cohorts *c,
                             const struct gw_panels *panels)
{
    char n[64], intervals[64] = ", \xc2\xb1: 95% interval";
    if (gw_replications(dataset) < 2) {
        (void)snprintf(intervals, sizeof intervals, ", no intervals");
    } else if (!shows_intervals(c, panels)) {
        (void)snprintf(intervals, sizeof intervals, ", intervals within \xc2\xb1%.1f", widest(c, panels));
    }
    (void)snprintf(out, size, "Still there, in %% of those who joined; 0: end of the year of joining; %s%s%s",
                   gw_replications(dataset) < 2 ? "" : "mean of ", gw_figure_replications(n, dataset), intervals);
}

int gw_figure_cohorts(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                      struct gw_error *error)
{
    struct cohorts *c = calloc(1, sizeof *c);
    double *sample = calloc(gw_replications(dataset) + 1, sizeof *sample);
    struct gw_panels panels;
    char subtitle[256], cut[160];
    int ret = GW_OK;
    if (c == NULL || sample == NULL) {
        ret = gw_fail(error, GW_REFUSED, "out of memory for a figure");
        goto out;
    }
    ret = open_cohorts(c, dataset, reason);
    if (ret != GW_OK || reason[0] != '\0') {
        goto out;
    }
    panels = gw_panels_choose(dataset, MOST_COLUMNS / (columns_of(c) + 2));
    panels.left = 0.03 + gw_plot_width(15);
    panels.gap = 0.03;
    if (fill_cohorts(c, &panels, sample)) {
        const bool later = c->years >= c->rows;
        describe_cohorts(subtitle, sizeof subtitle, dataset, c, &panels);
        (void)snprintf(cut, sizeof cut, "%s%s%s", panels.cut, panels.cut[0] == '\0' || !later ? "" : ". ",
                       later ? "Those who joined later are not shown" : "");
        gw_figure_heading_cut(plot, dataset, "How long customers stay, by year of joining", subtitle, cut);
        write_cohorts(plot, dataset, c, &panels);
    } else {
        (void)snprintf(reason, GW_REASON_SIZE, "there are no customers in any replication");
    }
out:
    free(c);
    free(sample);
    return ret;
}
