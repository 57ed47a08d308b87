/* Figures over time: per strategy the median over replications in bands that hold half and 90% of them. */
#include "outcome/estimate.h"
#include "output/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { QUANTILES = 5, MOST_POINTS = 500, NAME = 22, PANEL_NAME = 14 };
static const double levels[QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* What is drawn: value(strategy, replication, point) at x[point]. */
struct source {
    struct gw_view view, base;
    size_t part, points, stride; /* every stride-th period, or the length of a bin */
    size_t periods;
    double years; /* length of a period */
    double (*value)(const struct source *source, size_t strategy, size_t replication, size_t point);
    double (*time)(const struct source *source, size_t point);
};

struct fan {
    size_t strategies, points;
    double *x;
    double *quantile; /* [strategy][point][QUANTILES]; NaN where nothing is known */
    double low, high; /* of everything drawn */
};

static void free_fan(struct fan *fan)
{
    free(fan->x);
    free(fan->quantile);
    *fan = (struct fan){0};
}

static void fill_point(const struct source *source, struct fan *fan, size_t s, size_t p, double *sample)
{
    double *quantile = fan->quantile + (s * fan->points + p) * QUANTILES;
    for (size_t r = 0; r < source->view.replications; r++) {
        sample[r] = source->value(source, s, r, p);
    }
    const size_t n = gw_sort_finite(sample, source->view.replications);
    for (int i = 0; i < QUANTILES; i++) {
        quantile[i] = gw_sorted_quantile(sample, n, levels[i]);
    }
    if (n > 0) {
        fan->low = fmin(fan->low, quantile[0]);
        fan->high = fmax(fan->high, quantile[QUANTILES - 1]);
    }
}

/* Whether any of the strategies, laid out with `stride` points each, has a value at the point. */
static bool is_known(const struct fan *fan, size_t stride, size_t point)
{
    for (size_t s = 0; s < fan->strategies; s++) {
        if (isfinite(fan->quantile[(s * stride + point) * QUANTILES])) {
            return true;
        }
    }
    return false;
}

/* Drops last points at which nothing is known for any strategy, and the gap that leaves in the layout. */
static void trim(struct fan *fan)
{
    const size_t all = fan->points;
    while (fan->points > 0 && !is_known(fan, all, fan->points - 1)) {
        fan->points--;
    }
    for (size_t s = 1; fan->points < all && s < fan->strategies; s++) {
        memmove(fan->quantile + s * fan->points * QUANTILES, fan->quantile + s * all * QUANTILES,
                fan->points * QUANTILES * sizeof *fan->quantile);
    }
}

static int make_fan(struct fan *fan, const struct source *source, size_t strategies, struct gw_error *error)
{
    *fan = (struct fan){.strategies = strategies, .points = source->points, .low = INFINITY, .high = -INFINITY};
    fan->x = calloc(fan->points + 1, sizeof *fan->x);
    fan->quantile = calloc(strategies * fan->points + 1, QUANTILES * sizeof *fan->quantile);
    double *sample = calloc(source->view.replications + 1, sizeof *sample);
    if (fan->x == NULL || fan->quantile == NULL || sample == NULL) {
        free(sample);
        free_fan(fan);
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    for (size_t p = 0; p < fan->points; p++) {
        fan->x[p] = source->time(source, p);
        for (size_t s = 0; s < strategies; s++) {
            fill_point(source, fan, s, p, sample);
        }
    }
    free(sample);
    trim(fan);
    return GW_OK;
}

static bool is_empty(const struct fan *fan)
{
    return !(fan->low <= fan->high);
}

static void write_data(FILE *script, const struct fan *fan, int panel, double unit)
{
    for (size_t s = 0; s < fan->strategies; s++) {
        (void)fprintf(script, "$fan%d%zu << EOD\n", panel, s);
        for (size_t p = 0; p < fan->points; p++) {
            const double *q = fan->quantile + (s * fan->points + p) * QUANTILES;
            if (isfinite(q[0])) {
                const double aside =
                    fan->points == 1 ? 0.015 * ((double)s - 0.5 * (double)(fan->strategies - 1)) : 0.0;
                (void)fprintf(script, "%.10g %.10g %.10g %.10g %.10g %.10g\n", fan->x[p] + aside, q[0] / unit,
                              q[1] / unit, q[2] / unit, q[3] / unit, q[4] / unit);
            }
        }
        (void)fputs("EOD\n", script);
    }
}

/* With more than four strategies the wide bands would cover one another. */
static bool has_wide_bands(const struct fan *fan)
{
    return fan->strategies <= 4;
}

static void write_bands(FILE *script, const struct fan *fan, int panel, size_t s)
{
    const char *colour = gw_plot_colour(s);
    if (fan->points == 1) { /* a band of one point would not be seen */
        (void)fprintf(script,
                      "$fan%d%zu using 1:2:(0):($6-$2) with vectors nohead lw 1.6 lc rgb '%s', "
                      "$fan%d%zu using 1:3:(0):($5-$3) with vectors nohead lw 5 lc rgb '%s', ",
                      panel, s, colour, panel, s, colour);
        return;
    }
    if (has_wide_bands(fan)) {
        (void)fprintf(script,
                      "$fan%d%zu using 1:2:6 with filledcurves fs transparent solid 0.14 noborder lc rgb '%s', ",
                      panel, s, colour);
    }
    (void)fprintf(script, "$fan%d%zu using 1:3:5 with filledcurves fs transparent solid 0.24 noborder lc rgb '%s', ",
                  panel, s, colour);
}

static void write_plot(const struct gw_plot *plot, const struct fan *fan, int panel, bool bands, bool marks)
{
    FILE *script = plot->script;
    (void)fputs("plot ", script);
    for (size_t s = 0; bands && s < fan->strategies; s++) {
        write_bands(script, fan, panel, s);
    }
    for (size_t s = 0; s < fan->strategies; s++) {
        (void)fprintf(script, "%s$fan%d%zu using 1:4 with lines lw 2.4 dt %s lc rgb '%s'", s == 0 ? "" : ", ", panel,
                      s, gw_plot_dash(s), gw_plot_colour(s));
        if (marks || fan->points == 1) {
            (void)fprintf(script, ", $fan%d%zu using 1:4 with points pt 7 ps %g lc rgb '%s'", panel, s,
                          gw_plot_point(plot, fan->points == 1 ? 1.3 : 0.9), gw_plot_colour(s));
        }
    }
    (void)fputc('\n', script);
}

/* The last median of a strategy that is known, or NaN. */
static double end_of(const struct fan *fan, size_t strategy)
{
    for (size_t p = fan->points; p-- > 0;) {
        const double median = fan->quantile[(strategy * fan->points + p) * QUANTILES + 2];
        if (isfinite(median)) {
            return median;
        }
    }
    return NAN;
}

static void write_names(struct gw_plot *plot, const struct gw_dataset *dataset, const struct fan *fan,
                        struct gw_range range, double unit, size_t columns)
{
    double height[GW_PLOT_COLOURS];
    char name[GW_NAME_SIZE];
    for (size_t s = 0; s < fan->strategies; s++) {
        const double end = end_of(fan, s) / unit;
        height[s] = isfinite(end) ? (end - range.low) / (range.high - range.low) : 0.0;
    }
    gw_plot_separate(height, fan->strategies, 0.052);
    for (size_t s = 0; s < fan->strategies; s++) {
        if (isfinite(end_of(fan, s))) {
            (void)gw_show_strategy(name, sizeof name, dataset, s, columns);
            gw_figure_direct_label(plot, height[s], s, name, columns);
        }
    }
}

/* What a figure says and how its y axis is written. */
struct look {
    const char *title, *what; /* "customers at the end of each week" */
    const char *y_label, *y_unit;
    bool percent, from_zero, to_one;
    bool by_year; /* few points: each is marked, and the axis counts years */
};

static const char *describe_bands(const struct fan *fan, size_t replications)
{
    return replications < 2      ? "one replication, hence no bands"
           : fan->points == 1    ? "dot: median; bars: the middle 50% and 90%"
           : has_wide_bands(fan) ? "line: median; bands: the middle 50% and 90%"
                                 : "line: median; band: the middle 50%";
}

static void subtitle_of(char *out, size_t size, const char *what, const struct fan *fan,
                        const struct gw_dataset *dataset)
{
    char n[64];
    const bool one = gw_replications(dataset) < 2;
    (void)snprintf(out, size, "%s; %s%s%s", what, describe_bands(fan, gw_replications(dataset)), one ? "" : " of ",
                   one ? "" : gw_figure_replications(n, dataset));
}

/* Range of the y axis: a little air, and zero when it is near or asked for. */
static struct gw_range padded(const struct fan *fan, const struct look *look)
{
    const double air = 0.04 * (fan->high - fan->low);
    struct gw_range range = {fan->low - air, fan->high + air};
    if (fan->low >= 0.0 && (look->from_zero || range.low < 0.35 * range.high)) {
        range.low = 0.0;
    }
    if (look->to_one) {
        range.high = 1.0;
    }
    return range;
}

/* 4.98 years, five of 52 weeks, count as five: the axis then ends with a number. */
static double round_up(double years)
{
    const double whole = ceil(years);
    return whole - years < 0.02 * whole ? whole : years;
}

static void write_panel(struct gw_plot *plot, const struct gw_dataset *dataset, const struct fan *fan,
                        const struct look *look, struct gw_frame frame, int panel, size_t columns)
{
    const struct gw_range y = padded(fan, look);
    const double magnitude = fmax(fabs(y.low), fabs(y.high));
    const struct gw_style unit = look->percent ? gw_style_percent(1, NAN) : gw_style_for(magnitude, NAN);
    const struct gw_style years = {1.0, "", 0};
    gw_plot_frame(plot, frame);
    const double margin = look->by_year ? 0.15 : 0.0, first = look->by_year ? fan->x[0] : 0.0;
    (void)gw_plot_axis(plot, 'x', first - margin, round_up(fan->x[fan->points - 1]) + margin, years,
                       look->by_year ? "Year" : "Time", look->by_year ? "1" : "years");
    if (look->by_year && fan->points <= 12) {
        (void)fputs("set xtics 1\nset format x '%.0f'\n", plot->script);
    }
    const struct gw_range range = gw_plot_axis(plot, 'y', y.low, y.high, unit, look->y_label, look->y_unit);
    write_names(plot, dataset, fan, range, unit.unit, columns);
    write_data(plot->script, fan, panel, unit.unit);
    write_plot(plot, fan, panel, gw_replications(dataset) > 1, look->by_year);
}

static int write_fan(struct gw_plot *plot, const struct gw_dataset *dataset, const struct source *source,
                     const struct look *look, char reason[GW_REASON_SIZE], struct gw_error *error)
{
    char subtitle[512];
    struct fan fan;
    const int ret = make_fan(&fan, source, gw_figure_strategies(dataset), error);
    if (ret != GW_OK) {
        return ret;
    }
    if (is_empty(&fan)) {
        (void)snprintf(reason, GW_REASON_SIZE, "no value is defined in any replication");
    } else {
        const size_t columns = gw_figure_name_columns(dataset, NAME);
        const struct gw_frame frame = {0.095, 0.985 - gw_plot_width(columns + 1), 0.155, 0.85};
        subtitle_of(subtitle, sizeof subtitle, look->what, &fan, dataset);
        gw_figure_heading(plot, dataset, look->title, subtitle);
        write_panel(plot, dataset, &fan, look, frame, 0, columns);
    }
    free_fan(&fan);
    return GW_OK;
}

static void thin(struct source *source)
{
    source->periods = source->view.steps;
    source->stride = (source->periods + MOST_POINTS - 1) / MOST_POINTS;
    source->points = (source->periods + source->stride - 1) / source->stride;
}

/* The last point is the last period, whatever the stride. */
static size_t step_of(const struct source *source, size_t point)
{
    const size_t step = (point + 1) * source->stride - 1;
    return step < source->periods ? step : source->periods - 1;
}

static double end_of_step(const struct source *source, size_t point)
{
    return (double)(step_of(source, point) + 1) * source->years;
}

static double plain_value(const struct source *source, size_t s, size_t r, size_t point)
{
    return gw_view_at(&source->view, s, r, step_of(source, point), source->part);
}

/* "week", or "period" where the dataset does not say: coordinates have units of their own, such as "week number". */
static const char *period_name(const struct gw_dataset *dataset)
{
    const struct gw_axis *axis = gw_dataset_axis(dataset, "period");
    const char *name = gw_dataset_attribute(dataset, "period_unit");
    name = name == NULL && axis != NULL ? axis->unit : name;
    return name == NULL || name[0] == '\0' || name[0] == '1' ? "period" : name;
}

int gw_figure_customers(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                        struct gw_error *error)
{
    char what[100];
    (void)snprintf(what, sizeof what, "Customers at the end of each %.40s", period_name(dataset));
    const struct look look = {
        .title = "Active customers over time", .what = what, .y_label = "Active customers", .y_unit = "1"};
    struct source source = {.value = plain_value, .time = end_of_step, .years = gw_figure_period_years(dataset)};
    if (!gw_view_open(&source.view, dataset, "active", "period", NULL) || source.view.steps == 0) {
        return gw_figure_lacks(reason, "active");
    }
    thin(&source);
    return write_fan(plot, dataset, &source, &look, reason, error);
}

static double year_number(const struct source *source, size_t point)
{
    (void)source;
    return (double)(point + 1);
}

static double year_value(const struct source *source, size_t s, size_t r, size_t point)
{
    return gw_view_at(&source->view, s, r, point, 0);
}

int gw_figure_retention(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                        struct gw_error *error)
{
    const struct look look = {.title = "Customers kept from year to year",
                              .what = "Annual retention",
                              .y_label = "Annual retention",
                              .y_unit = "1",
                              .percent = true,
                              .by_year = true};
    struct source source = {.value = year_value, .time = year_number};
    if (!gw_view_open(&source.view, dataset, "retention_by_year", "year", NULL) || source.view.steps == 0) {
        return gw_figure_lacks(reason, "retention_by_year");
    }
    source.points = source.view.steps;
    return write_fan(plot, dataset, &source, &look, reason, error);
}

/* Point 0 is the start, when all are there. */
static double survivor_time(const struct source *source, size_t point)
{
    return point == 0 ? 0.0 : end_of_step(source, point - 1);
}

static double survivor_share(const struct source *source, size_t s, size_t r, size_t point)
{
    const double base = gw_view_at(&source->base, s, r, 0, 0);
    if (base <= 0.0) {
        return NAN;
    }
    return point == 0 ? 1.0 : plain_value(source, s, r, point - 1) / base;
}

int gw_figure_survival(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                       struct gw_error *error)
{
    const struct look look = {.title = "Survival of the first customers",
                              .what = "Customers of the start who have not left since",
                              .y_label = "Still customers",
                              .y_unit = "1",
                              .percent = true,
                              .to_one = true};
    struct source source = {.value = survivor_share, .time = survivor_time, .years = gw_figure_period_years(dataset)};
    if (!gw_view_open(&source.view, dataset, "survivors", "period", NULL) || source.view.steps == 0) {
        return gw_figure_lacks(reason, "survivors");
    }
    if (!gw_view_open(&source.base, dataset, "active_at_start", NULL, NULL)) {
        return gw_figure_lacks(reason, "active_at_start");
    }
    thin(&source);
    source.points++;
    return write_fan(plot, dataset, &source, &look, reason, error);
}

/* Tells per thousand active customers and year, over a bin of `stride` periods: 1000 * sum of tells / (sum of active
 * customers * length of a period). */
static double tell_rate(const struct source *source, size_t s, size_t r, size_t point)
{
    const size_t from = point * source->stride;
    double told = 0.0, customer_years = 0.0;
    for (size_t t = from; t < from + source->stride; t++) {
        told += gw_view_at(&source->view, s, r, t, source->part);
        customer_years += gw_view_at(&source->base, s, r, t, 0) * source->years;
    }
    return customer_years > 0.0 ? 1000.0 * told / customer_years : NAN;
}

static double bin_middle(const struct source *source, size_t point)
{
    return ((double)point + 0.5) * (double)source->stride * source->years;
}

static const char *choose_bin(struct source *source)
{
    const struct gw_bins bins = gw_figure_bins(source->view.steps, source->years);
    source->stride = bins.stride;
    source->points = bins.count;
    return bins.adjective;
}

static int open_tells(struct source *source, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE])
{
    source->years = gw_figure_period_years(dataset);
    if (!gw_view_open(&source->view, dataset, "told", "period", "sign") || source->view.steps == 0 ||
        gw_label_position(dataset, "sign", "positive") < 0 || gw_label_position(dataset, "sign", "negative") < 0) {
        return gw_figure_lacks(reason, "told");
    }
    if (!gw_view_open(&source->base, dataset, "active", "period", NULL)) {
        return gw_figure_lacks(reason, "active");
    }
    return GW_OK;
}

static void write_tells(struct gw_plot *plot, const struct gw_dataset *dataset, const struct fan fan[2],
                        const char *bin)
{
    static const char *const heads[] = {"Positive tells", "Negative tells"};
    const struct look look = {.y_label = "Tells per 1000 customers and year", .y_unit = "1", .from_zero = true};
    const size_t columns = gw_figure_name_columns(dataset, PANEL_NAME);
    char what[200], subtitle[512], where[80];
    (void)snprintf(what, sizeof what, "%s rates, scales differ", bin);
    subtitle_of(subtitle, sizeof subtitle, what, &fan[0], dataset);
    gw_figure_heading(plot, dataset, "Word of mouth: what customers tell others", subtitle);
    (void)fputs("set multiplot\n", plot->script);
    for (int i = 0; i < 2; i++) {
        const double left = i == 0 ? 0.085 : 0.575;
        const struct gw_frame frame = {left, left + 0.41 - gw_plot_width(columns + 1), 0.155, 0.80};
        (void)snprintf(where, sizeof where, "screen %.4f, screen 0.835", left);
        gw_plot_label(plot, where, "left", GW_TEXT_BOLD, NULL, heads[i], 40);
        write_panel(plot, dataset, &fan[i], &look, frame, i, columns);
        (void)fputs("unset label\n", plot->script);
    }
    (void)fputs("unset multiplot\n", plot->script);
}

int gw_figure_word_of_mouth(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                            struct gw_error *error)
{
    static const char *const signs[] = {"positive", "negative"};
    struct source source = {.value = tell_rate, .time = bin_middle};
    struct fan fan[2] = {{0}};
    int ret = open_tells(&source, dataset, reason);
    if (ret != GW_OK || reason[0] != '\0') {
        return ret;
    }
    const char *bin = choose_bin(&source);
    for (int i = 0; ret == GW_OK && i < 2; i++) {
        source.part = (size_t)gw_label_position(dataset, "sign", signs[i]);
        ret = make_fan(&fan[i], &source, gw_figure_strategies(dataset), error);
    }
    if (ret == GW_OK && (is_empty(&fan[0]) || is_empty(&fan[1]))) {
        (void)snprintf(reason, GW_REASON_SIZE, "there are no active customers who could tell");
    } else if (ret == GW_OK) {
        write_tells(plot, dataset, fan, bin);
    }
    free_fan(&fan[0]);
    free_fan(&fan[1]);
    return ret;
}
