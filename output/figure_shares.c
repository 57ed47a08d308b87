/* Shares of a whole over time: customers by level of loyalty, purchases by firm. A panel per strategy. */
#include "outcome/reduced.h"
#include "output/figure_panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Levels of loyalty -------------------------------------------------------------------------------------- */

enum { MOST_LEVELS = 8, STACK_POINTS = 250, PYRAMID_PANELS = 3 };

/* From pale to dark, so that the order shows in print and to every eye (Harrower and Brewer 2003, ColorBrewer). */
static const char *const level_colours[MOST_LEVELS] = {"#e3e3e3", "#c6dbef", "#9ecae1", "#6baed6",
                                                       "#3182bd", "#0b4a8f", "#08306b", "#041a3d"};

struct pyramid {
    struct gw_reduced reduced; /* pairs alone: shares add up */
    struct gw_view view;
    const char *axis;
    size_t levels, points, stride;
    double years;
    double *share; /* [panel][point][level]: mean over the replications that have customers; NaN where none has */
    struct gw_estimate end[GW_MOST_PANELS][MOST_LEVELS]; /* at the last point */
};

static size_t step_of(const struct pyramid *p, size_t point)
{
    const size_t step = (point + 1) * p->stride - 1;
    return step < p->view.steps ? step : p->view.steps - 1;
}

static double level_share(const struct pyramid *p, size_t strategy, size_t replication, size_t point, size_t level)
{
    double all = 0.0;
    for (size_t l = 0; l < p->levels; l++) {
        all += gw_view_at(&p->view, strategy, replication, step_of(p, point), l);
    }
    return all > 0.0 ? gw_view_at(&p->view, strategy, replication, step_of(p, point), level) / all : NAN;
}

static int fill_pyramid(struct pyramid *p, const struct gw_panels *panels, struct gw_error *error)
{
    const size_t n = p->view.replications;
    double *sample = calloc(n + 1, sizeof *sample);
    p->share = calloc(panels->n * p->points * p->levels + 1, sizeof *p->share);
    if (sample == NULL || p->share == NULL) {
        free(sample);
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    for (size_t i = 0; i < panels->n * p->points * p->levels; i++) {
        const size_t panel = i / p->levels / p->points, point = i / p->levels % p->points, level = i % p->levels;
        for (size_t r = 0; r < n; r++) {
            sample[r] = level_share(p, panels->strategy[panel], r, point, level);
        }
        const struct gw_estimate e = gw_reduced_mean(&p->reduced, sample, n, 0.95);
        p->share[i] = e.mean;
        p->end[panel][level] = e; /* the last point stays */
    }
    free(sample);
    return GW_OK;
}

static bool anybody(const struct pyramid *p, size_t panels)
{
    for (size_t i = 0; i < panels * p->points * p->levels; i++) {
        if (isfinite(p->share[i])) {
            return true;
        }
    }
    return false;
}

/* x, then the borders between the levels from 0 to 1. Where there are no customers the stack has a gap. */
static void write_stack(const struct gw_plot *plot, const struct pyramid *p, size_t panel)
{
    FILE *script = plot->script;
    (void)fprintf(script, "$stack%zu << EOD\n", panel);
    for (size_t point = 0; point < p->points; point++) {
        const double *share = p->share + (panel * p->points + point) * p->levels;
        double border = 0.0;
        if (isfinite(share[0])) {
            (void)fprintf(script, "%.8g 0", (double)(step_of(p, point) + 1) * p->years);
        }
        for (size_t level = 0; isfinite(share[0]) && level < p->levels; level++) {
            border += share[level];
            (void)fprintf(script, " %.8g", border * 100.0);
        }
        (void)fputc('\n', script);
    }
    (void)fputs("EOD\nplot NaN notitle with lines", script);
    for (size_t level = 0; level < p->levels; level++) {
        (void)fprintf(script, ", $stack%zu using 1:%zu:%zu with filledcurves fs solid 1 noborder lc rgb '%s'", panel,
                      level + 2, level + 3, level_colours[level]);
    }
    for (size_t level = 0; level + 1 < p->levels; level++) {
        (void)fprintf(script, ", $stack%zu using 1:%zu with %s lw 0.8 lc rgb 'white'", panel, level + 3,
                      p->points == 1 ? "points pt 0" : "lines");
    }
    (void)fputc('\n', script);
}

/* Right of the panel what each level's share is at the end; the last panel names the levels, too. */
static void write_ends(struct gw_plot *plot, const struct gw_dataset *dataset, const struct pyramid *p, size_t panel,
                       bool names)
{
    double height[MOST_LEVELS], border = 0.0;
    char name[GW_NAME_SIZE], number[64], text[400], where[64];
    for (size_t level = 0; level < p->levels; level++) {
        const double share = p->end[panel][level].mean;
        height[level] = isfinite(share) ? border + share / 2.0 : 0.0;
        border += isfinite(share) ? share : 0.0;
    }
    gw_plot_separate(height, p->levels, 0.056);
    for (size_t level = 0; level < p->levels; level++) {
        const struct gw_estimate *e = &p->end[panel][level];
        const char *label = gw_dataset_axis(dataset, p->axis)->labels[level];
        const double half = gw_half_width(e);
        const struct gw_style style = {0.01, "%", half < 0.0095 && e->n > 1 ? 1 : 0};
        (void)gw_show_label(name, sizeof name, label, 12);
        (void)gw_show_number(number, style, e->mean);
        (void)snprintf(where, sizeof where, "graph 1.03, graph %.4f", height[level]);
        (void)snprintf(text, sizeof text, "%s%% %s", number, names ? name : "");
        if (e->n > 0) {
            gw_plot_label(plot, where, "left", GW_TEXT_BODY, NULL, text, 22);
        }
    }
}

static void write_pyramid(struct gw_plot *plot, const struct gw_dataset *dataset, const struct pyramid *p,
                          const struct gw_panels *panels)
{
    (void)fputs("set multiplot\nset border 3\n", plot->script);
    for (size_t panel = 0; panel < panels->n; panel++) {
        const bool last = panel + 1 == panels->n;
        const struct gw_frame frame = gw_panels_frame(panels, panel, 0.155, 0.79);
        gw_plot_frame(plot, frame);
        gw_panels_name(plot, dataset, panels, panel, frame);
        gw_panels_time(plot, (double)p->view.steps * p->years, true);
        (void)gw_panels_scale(plot, panel, (struct gw_range){0.0, 1.0}, gw_style_percent(1, NAN), "Customers", "1");
        write_ends(plot, dataset, p, panel, last);
        write_stack(plot, p, panel);
        (void)fputs("unset label\n", plot->script);
    }
    (void)fputs("unset multiplot\n", plot->script);
}

/* The widest half interval of the shares at the end, for the subtitle: one number instead of one per label. */
static void describe_pyramid(char *out, size_t size, const struct gw_dataset *dataset, const struct pyramid *p,
                             const struct gw_panels *panels)
{
    char n[64], number[64];
    double widest = 0.0;
    for (size_t i = 0; i < panels->n * p->levels; i++) {
        widest = fmax(widest, gw_half_width(&p->end[i / p->levels][i % p->levels]));
    }
    (void)gw_figure_replications(n, dataset);
    if (p->view.replications < 2) {
        (void)snprintf(out, size, "Customers by level; one replication, hence no intervals");
    } else {
        (void)gw_show_number(number, gw_style_percent(widest, widest), widest);
        (void)snprintf(out, size, "Mean over %s; numbers: share at the end, 95%% intervals at most \xc2\xb1%s points",
                       n, number);
    }
}

int gw_figure_pyramid(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                      struct gw_error *error)
{
    struct pyramid p = {.years = gw_figure_period_years(dataset)};
    struct gw_panels panels = gw_panels_choose(dataset, PYRAMID_PANELS);
    char subtitle[256];
    p.reduced.pairs = gw_reduced_of(dataset).pairs;
    if (!gw_figure_open_labelled(&p.view, &p.axis, dataset, "pyramid", "period") || p.view.steps == 0 ||
        p.view.parts < 2 || p.view.parts > MOST_LEVELS) {
        return gw_figure_lacks(reason, "pyramid");
    }
    p.levels = p.view.parts;
    p.stride = (p.view.steps + STACK_POINTS - 1) / STACK_POINTS;
    p.points = (p.view.steps + p.stride - 1) / p.stride;
    panels.gap = gw_plot_width(7);
    panels.right = 0.985 - gw_plot_width(16);
    const int ret = fill_pyramid(&p, &panels, error);
    if (ret == GW_OK && !anybody(&p, panels.n)) {
        (void)snprintf(reason, GW_REASON_SIZE, "'pyramid' counts nobody in any replication");
    } else if (ret == GW_OK) {
        describe_pyramid(subtitle, sizeof subtitle, dataset, &p, &panels);
        gw_figure_heading_cut(plot, dataset, "Loyalty pyramid: from satisfied to loyal", subtitle, panels.cut);
        write_pyramid(plot, dataset, &p, &panels);
    }
    free(p.share);
    return ret;
}

/* ---- Shares of the market ------------------------------------------------------------------------------------ */

/* Purchases by (firm, strategy, replication, period), and how they are put on lines. */
struct market {
    const int64_t *purchases;
    size_t firms, strategies, replications, periods;
    struct gw_bins bins;
    const struct gw_axis *names;
    size_t shown; /* firms with a line of their own, line i being firm[i] */
    size_t firm[GW_MOST_LINES];
    bool rest;   /* one more line for all others */
    double *all; /* [strategy][replication][bin] purchases from all firms */
};

static bool axis_is(const struct gw_dataset *dataset, const struct gw_array *array, int dimension, const char *name)
{
    const int axis = array->axis[dimension];
    return axis >= 0 && axis < dataset->axes && strcmp(dataset->axis[axis].name, name) == 0;
}

static bool open_market(struct market *m, const struct gw_dataset *dataset)
{
    static const char *const wanted[] = {"firm", "strategy", "replication", "period"};
    const struct gw_array *array = gw_dataset_array(dataset, "firms_purchases");
    bool good = array != NULL && array->dims == 4 && array->type == GW_INT64 && array->data != NULL;
    for (int i = 0; good && i < 4; i++) {
        good = axis_is(dataset, array, i, wanted[i]);
    }
    if (!good) {
        return false;
    }
    m->purchases = array->integers;
    m->names = &dataset->axis[array->axis[0]];
    m->firms = m->names->length;
    m->strategies = dataset->axis[array->axis[1]].length;
    m->replications = dataset->axis[array->axis[2]].length;
    m->periods = dataset->axis[array->axis[3]].length;
    m->bins = gw_figure_bins(m->periods, gw_figure_period_years(dataset));
    return m->firms > 0 && m->names->labels != NULL && m->bins.count > 0;
}

static double bought(const struct market *m, size_t firm, size_t strategy, size_t replication, size_t bin)
{
    const int64_t *series =
        m->purchases + ((firm * m->strategies + strategy) * m->replications + replication) * m->periods;
    double sum = 0.0;
    for (size_t t = bin * m->bins.stride; t < (bin + 1) * m->bins.stride; t++) {
        sum += (double)series[t];
    }
    return sum;
}

static double bought_ever(const struct market *m, size_t firm)
{
    const size_t each = m->strategies * m->replications * m->periods;
    double sum = 0.0;
    for (size_t i = 0; i < each; i++) {
        sum += (double)m->purchases[firm * each + i];
    }
    return sum;
}

static bool is_shown(const struct market *m, size_t firm)
{
    for (size_t i = 0; i < m->shown; i++) {
        if (m->firm[i] == firm) {
            return true;
        }
    }
    return false;
}

static size_t focal_of(const struct gw_dataset *dataset, const struct market *m)
{
    const char *focal = gw_dataset_attribute(dataset, "focal");
    for (size_t f = 0; focal != NULL && f < m->firms; f++) {
        if (m->names->labels[f] != NULL && strcmp(m->names->labels[f], focal) == 0) {
            return f;
        }
    }
    return 0;
}

/* The focal firm first, then the biggest; with more than eight firms one line is left for the rest. */
static int choose_firms(struct market *m, const struct gw_dataset *dataset, struct gw_error *error)
{
    double *total = calloc(m->firms, sizeof *total);
    if (total == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    for (size_t f = 0; f < m->firms; f++) {
        total[f] = bought_ever(m, f);
    }
    m->rest = m->firms > GW_MOST_LINES;
    m->firm[0] = focal_of(dataset, m);
    m->shown = 1;
    const size_t lines = m->rest ? GW_MOST_LINES - 1 : m->firms;
    while (m->shown < lines) {
        size_t biggest = m->firms;
        for (size_t f = 0; f < m->firms; f++) {
            if (!is_shown(m, f) && (biggest == m->firms || total[f] > total[biggest])) {
                biggest = f;
            }
        }
        m->firm[m->shown++] = biggest;
    }
    free(total);
    return GW_OK;
}

static size_t place(const struct market *m, size_t strategy, size_t replication, size_t bin)
{
    return (strategy * m->replications + replication) * m->bins.count + bin;
}

static int sum_market(struct market *m, struct gw_error *error)
{
    const size_t length = m->strategies * m->replications * m->bins.count;
    m->all = calloc(length + 1, sizeof *m->all);
    if (m->all == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    for (size_t f = 0; f < m->firms; f++) {
        for (size_t i = 0; i < length; i++) {
            const size_t series = i / m->bins.count;
            m->all[i] += bought(m, f, series / m->replications, series % m->replications, i % m->bins.count);
        }
    }
    return GW_OK;
}

static double market_share(const void *context, size_t strategy, size_t line, size_t replication, size_t bin)
{
    const struct market *m = context;
    const double all = m->all[place(m, strategy, replication, bin)];
    double own = line < m->shown ? bought(m, m->firm[line], strategy, replication, bin) : all;
    for (size_t i = 0; line >= m->shown && i < m->shown; i++) {
        own -= bought(m, m->firm[i], strategy, replication, bin);
    }
    return all > 0.0 ? own / all : NAN;
}

static size_t name_firms(const struct market *m, char name[GW_MOST_LINES][GW_NAME_SIZE],
                         struct gw_line line[GW_MOST_LINES], size_t columns)
{
    const size_t lines = m->shown + m->rest;
    size_t most = 0;
    for (size_t i = 0; i < lines; i++) {
        size_t used;
        if (i < m->shown) {
            used = gw_show_label(name[i], GW_NAME_SIZE, m->names->labels[m->firm[i]], columns);
        } else {
            used = (size_t)snprintf(name[i], GW_NAME_SIZE, "%zu others", m->firms - m->shown);
        }
        most = used > most ? used : most;
        line[i] = (struct gw_line){name[i], gw_plot_colour(i), gw_plot_dash(i), i == 0 ? 3.2 : 2.0};
    }
    return most;
}

static void write_market(struct gw_plot *plot, const struct gw_dataset *dataset, const struct market *m,
                         const struct gw_bands *bands, struct gw_panels *panels)
{
    char name[GW_MOST_LINES][GW_NAME_SIZE], described[128], subtitle[256];
    struct gw_line line[GW_MOST_LINES];
    const double air = 0.04 * (bands->high - bands->low) + 0.002;
    const struct gw_range range = {bands->low < 0.35 * bands->high ? 0.0 : bands->low - air,
                                   fmin(1.0, bands->high + air)};
    const struct gw_style percent = gw_style_percent(1, NAN);
    panels->right = 0.985 - gw_plot_width(name_firms(m, name, line, 16) + 1);
    (void)snprintf(subtitle, sizeof subtitle, "%s shares in the purchases from all %zu firms; %s", m->bins.adjective,
                   m->firms, gw_bands_describe(described, bands, dataset));
    gw_figure_heading_cut(plot, dataset, "Market shares of all firms", subtitle, panels->cut);
    (void)fputs("set multiplot\n", plot->script);
    for (size_t panel = 0; panel < panels->n; panel++) {
        const struct gw_frame frame = gw_panels_frame(panels, panel, 0.155, 0.79);
        gw_plot_frame(plot, frame);
        gw_panels_name(plot, dataset, panels, panel, frame);
        gw_panels_time(plot, (double)m->periods * m->bins.years, true);
        const struct gw_range y = gw_panels_scale(plot, panel, range, percent, "Share of purchases", "1");
        gw_bands_draw(plot, bands, line, panel, frame, y, percent.unit, 0);
    }
    (void)fputs("unset multiplot\n", plot->script);
}

int gw_figure_market_shares(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                            struct gw_error *error)
{
    struct market m = {0};
    struct gw_bands bands = {0};
    struct gw_panels panels = gw_panels_choose(dataset, GW_MOST_PANELS);
    if (!open_market(&m, dataset)) {
        (void)snprintf(reason, GW_REASON_SIZE,
                       "the run holds no 'firms_purchases'; a scenario with keep: {firms: true} asks for it");
        return GW_OK;
    }
    int ret = choose_firms(&m, dataset, error);
    ret = ret != GW_OK ? ret : sum_market(&m, error);
    ret = ret != GW_OK
              ? ret
              : gw_bands_make(&bands, &panels, &m.bins, m.shown + m.rest, m.replications, market_share, &m, error);
    if (ret == GW_OK && !(bands.low <= bands.high)) {
        (void)snprintf(reason, GW_REASON_SIZE, "nothing is bought in any replication");
    } else if (ret == GW_OK) {
        write_market(plot, dataset, &m, &bands, &panels);
    }
    free(m.all);
    gw_bands_free(&bands);
    return ret;
}
