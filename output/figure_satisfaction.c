/* What surveys say against what is true: net promoter score and satisfaction over time. A panel per strategy. */
#include "output/figure_panel.h"

#include <math.h>
#include <string.h>

enum { PANELS = 3, SCORES = 5 };

struct opinions {
    struct gw_view answers, true_answers, csat, experiences;
    int promoters, detractors; /* on the axis of answers */
    int score[SCORES];         /* on the axis of csat */
    int positive, negative;    /* on the axis of experiences */
    bool has_csat, has_experiences;
    struct gw_bins bins;
};

static double in_bin(const struct gw_bins *bins, const struct gw_view *view, size_t s, size_t r, size_t bin,
                     size_t part)
{
    double sum = 0.0;
    for (size_t t = bin * bins->stride; t < (bin + 1) * bins->stride; t++) {
        sum += gw_view_at(view, s, r, t, part);
    }
    return sum;
}

/* Line 0: what everybody would answer; line 1: what those say who answer. Reichheld 2003, Harvard Business Review. */
static double promoter_score(const void *context, size_t s, size_t line, size_t r, size_t bin)
{
    const struct opinions *o = context;
    const struct gw_view *view = line == 0 ? &o->true_answers : &o->answers;
    double all = 0.0;
    for (size_t part = 0; part < view->parts; part++) {
        all += in_bin(&o->bins, view, s, r, bin, part);
    }
    const double balance = in_bin(&o->bins, view, s, r, bin, (size_t)o->promoters) -
                           in_bin(&o->bins, view, s, r, bin, (size_t)o->detractors);
    return all > 0.0 ? 100.0 * balance / all : NAN;
}

/* Line 0: encounters better than expected among all that differed from it; line 1: answers of 4 or 5 among all. */
static double satisfied_share(const void *context, size_t s, size_t line, size_t r, size_t bin)
{
    const struct opinions *o = context;
    double good = 0.0, all = 0.0;
    if (line == 0 && o->has_experiences) {
        good = in_bin(&o->bins, &o->experiences, s, r, bin, (size_t)o->positive);
        all = good + in_bin(&o->bins, &o->experiences, s, r, bin, (size_t)o->negative);
    } else if (line == 1 && o->has_csat) {
        for (int i = 0; i < SCORES; i++) {
            const double n = in_bin(&o->bins, &o->csat, s, r, bin, (size_t)o->score[i]);
            good += i >= 3 ? n : 0.0;
            all += n;
        }
    }
    return all > 0.0 ? good / all : NAN;
}

static void open_csat(struct opinions *o, const struct gw_dataset *dataset)
{
    static const char *const scores[SCORES] = {"1", "2", "3", "4", "5"};
    const char *axis;
    o->has_csat = gw_figure_open_labelled(&o->csat, &axis, dataset, "csat", "period");
    for (int i = 0; o->has_csat && i < SCORES; i++) {
        o->score[i] = gw_label_position(dataset, axis, scores[i]);
        o->has_csat = o->score[i] >= 0;
    }
}

static void open_experiences(struct opinions *o, const struct gw_dataset *dataset)
{
    o->positive = gw_label_position(dataset, "sign", "positive");
    o->negative = gw_label_position(dataset, "sign", "negative");
    o->has_experiences = gw_view_open(&o->experiences, dataset, "experiences", "period", "sign") &&
                         o->positive >= 0 && o->negative >= 0;
}

static int open_opinions(struct opinions *o, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE])
{
    o->promoters = gw_label_position(dataset, "answer", "promoters");
    o->detractors = gw_label_position(dataset, "answer", "detractors");
    const bool labelled = o->promoters >= 0 && o->detractors >= 0;
    if (!labelled || !gw_view_open(&o->answers, dataset, "answers", "period", "answer") || o->answers.steps == 0) {
        return gw_figure_lacks(reason, "answers");
    }
    if (!gw_view_open(&o->true_answers, dataset, "true_answers", "period", "answer")) {
        return gw_figure_lacks(reason, "true_answers");
    }
    open_csat(o, dataset);
    open_experiences(o, dataset);
    o->bins = gw_figure_bins(o->answers.steps, gw_figure_period_years(dataset));
    return GW_OK;
}

/* One row of panels. */
struct row {
    const struct gw_bands *bands;
    struct gw_line line[2];
    struct gw_range range;
    struct gw_style unit;
    const char *text, *unit_name;
    double bottom, top;
    bool upper, lower; /* names of the strategies above, time below */
};

static void write_row(struct gw_plot *plot, const struct gw_dataset *dataset, const struct gw_panels *panels,
                      const struct row *row, double years)
{
    for (size_t panel = 0; panel < panels->n; panel++) {
        const struct gw_frame frame = gw_panels_frame(panels, panel, row->bottom, row->top);
        gw_plot_frame(plot, frame);
        if (row->upper) {
            gw_panels_name(plot, dataset, panels, panel, frame);
        }
        gw_panels_time(plot, years, row->lower);
        const struct gw_range y = gw_panels_scale(plot, panel, row->range, row->unit, row->text, row->unit_name);
        gw_bands_draw(plot, row->bands, row->line, panel, frame, y, row->unit.unit, row->upper ? 0 : 1);
    }
}

static struct gw_range padded(const struct gw_bands *bands, double least, double low, double high)
{
    const double air = fmax(0.06 * (bands->high - bands->low), (least - (bands->high - bands->low)) / 2.0);
    return (struct gw_range){fmax(low, bands->low - air), fmin(high, bands->high + air)};
}

static void write_satisfaction(struct gw_plot *plot, const struct gw_dataset *dataset, const struct opinions *o,
                               const struct gw_bands *scores, const struct gw_bands *shares,
                               const struct gw_panels *panels)
{
    const bool two = shares->low <= shares->high;
    const double years = (double)o->answers.steps * o->bins.years;
    const struct gw_line truth = {"True", gw_plot_colour(0), gw_plot_dash(0), 2.6},
                         measured = {"Measured", gw_plot_colour(1), gw_plot_dash(1), 2.0};
    struct row row = {.bands = scores,
                      .line = {truth, measured},
                      .range = padded(scores, 10.0, -100.0, 100.0),
                      .unit = {1.0, "", 0},
                      .text = "NPS",
                      .unit_name = "points",
                      .bottom = two ? 0.50 : 0.155,
                      .top = 0.80,
                      .upper = true,
                      .lower = !two};
    char described[128], subtitle[256];
    (void)snprintf(subtitle, sizeof subtitle, "%s scores of all (true), of answers (measured); %s", o->bins.adjective,
                   gw_bands_describe(described, scores, dataset));
    gw_figure_heading_cut(plot, dataset, "Satisfaction: what is true and what surveys say", subtitle, panels->cut);
    (void)fputs("set multiplot\n", plot->script);
    write_row(plot, dataset, panels, &row, years);
    if (two) {
        row = (struct row){.bands = shares,
                           .line = {truth, measured},
                           .range = padded(shares, 0.1, 0.0, 1.0),
                           .unit = gw_style_percent(1, NAN),
                           .text = "Satisfied",
                           .unit_name = "1",
                           .bottom = 0.155,
                           .top = 0.455,
                           .lower = true};
        row.line[0].label = "Above expectation";
        row.line[1].label = "CSAT 4 or 5";
        write_row(plot, dataset, panels, &row, years);
    }
    (void)fputs("unset multiplot\n", plot->script);
}

int gw_figure_satisfaction(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                           struct gw_error *error)
{
    struct opinions o = {0};
    struct gw_bands scores = {0}, shares = {0};
    struct gw_panels panels = gw_panels_choose(dataset, PANELS);
    int ret = open_opinions(&o, dataset, reason);
    if (ret != GW_OK || reason[0] != '\0') {
        return ret;
    }
    const size_t n = o.answers.replications;
    ret = gw_bands_make(&scores, &panels, &o.bins, 2, n, promoter_score, &o, error);
    ret = ret != GW_OK ? ret : gw_bands_make(&shares, &panels, &o.bins, 2, n, satisfied_share, &o, error);
    if (ret == GW_OK && !(scores.low <= scores.high)) {
        (void)snprintf(reason, GW_REASON_SIZE, "nobody answers in any replication");
    } else if (ret == GW_OK) {
        panels.right = 0.985 - gw_plot_width(shares.low <= shares.high ? 17 : 9);
        write_satisfaction(plot, dataset, &o, &scores, &shares, &panels);
    }
    gw_bands_free(&scores);
    gw_bands_free(&shares);
    return ret;
}
