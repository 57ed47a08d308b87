#include "output/backtest.h"

#include "core/memory.h"
#include "outcome/estimate.h"
#include "outcome/quantity.h"
#include "output/figures.h"
#include "output/label.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Lines ------------------------------------------------------------------------------------------------- */

static int out_of_memory(struct gw_error *error)
{
    return gw_fail(error, GW_REFUSED, "out of memory for the comparison");
}

static int line_create(struct gw_backtest_line *line, const struct gw_dataset *dataset, size_t strategy, size_t n,
                       struct gw_error *error)
{
    char name[GW_NAME_SIZE];
    double **const part[] = {&line->x, &line->observed, &line->mean, &line->low, &line->high};
    (void)gw_show_strategy(name, sizeof name, dataset, strategy, 40);
    bool short_of_memory = (line->label = gw_copy_text(name)) == NULL;
    line->n = n;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        *part[i] = calloc(n, sizeof **part[i]);
        short_of_memory |= *part[i] == NULL;
    }
    return short_of_memory ? out_of_memory(error) : GW_OK;
}

void gw_backtest_free(struct gw_backtest *backtest)
{
    for (size_t i = 0; backtest != NULL && i < backtest->lines; i++) {
        struct gw_backtest_line *line = &backtest->line[i];
        free(line->label);
        free(line->x);
        free(line->observed);
        free(line->mean);
        free(line->low);
        free(line->high);
    }
    free(backtest != NULL ? backtest->line : NULL);
    free(backtest);
}

/* Point i of a line from the values of all replications, which are sorted on the way. */
static void summarise(struct gw_backtest_line *line, size_t i, double *values, size_t replications)
{
    const size_t n = gw_sort_finite(values, replications);
    double sum = 0.0;
    for (size_t r = 0; r < n; r++) {
        sum += values[r];
    }
    line->mean[i] = n > 0 ? sum / (double)n : NAN;
    line->low[i] = gw_sorted_quantile(values, n, 0.025);
    line->high[i] = gw_sorted_quantile(values, n, 0.975);
}

/* ---- What a run must have ------------------------------------------------------------------------------------ */

static int open_view(struct gw_view *view, const struct gw_dataset *dataset, const char *name, const char *third,
                     struct gw_error *error)
{
    return gw_view_open(view, dataset, name, third, NULL) && view->strategies > 0 && view->replications > 0
               ? GW_OK
               : gw_fail(error, GW_BAD_INPUT, "the run holds no '%s' by strategy and replication", name);
}

/* Days of a period, a year having 364; 0 when the dataset does not say. */
static double days_of_period(const struct gw_dataset *dataset)
{
    static const struct {
        const char *unit;
        double days;
    } known[] = {{"day number", 1.0}, {"week number", 7.0}, {"month number", 364.0 / 12.0}};
    const struct gw_axis *axis = gw_dataset_axis(dataset, "period");
    for (size_t i = 0; axis != NULL && i < sizeof known / sizeof *known; i++) {
        if (strcmp(axis->unit, known[i].unit) == 0) {
            return known[i].days;
        }
    }
    return 0.0;
}

static double sum_of(const struct gw_view *view, size_t strategy)
{
    double sum = 0.0;
    for (size_t r = 0; r < view->replications; r++) {
        for (size_t t = 0; t < view->steps; t++) {
            sum += gw_view_at(view, strategy, r, t, 0);
        }
    }
    return sum;
}

/* ---- Purchases ------------------------------------------------------------------------------------------------ */

/* The pieces of the simulated curve: repeats[r * (days + 1) + d] = M(d) of replication r, day by day. */
struct curves {
    size_t replications, days;
    double *repeats;
};

/* Purchases fall evenly within a period. */
static void fill_curve(double *repeats, size_t days, const struct gw_view *purchases, size_t replication,
                       double customers, double period)
{
    double before = 0.0;
    size_t d = 0;
    for (size_t t = 0; t < purchases->steps; t++) {
        const double here = gw_view_at(purchases, 0, replication, t, 0) / customers;
        const double begin = (double)t * period;
        for (; d <= days && (double)d <= begin + period; d++) {
            repeats[d] = before + here * ((double)d - begin) / period;
        }
        before += here;
    }
}

static int make_curves(struct curves *c, const struct gw_dataset *dataset, const struct gw_view *start, double period,
                       struct gw_error *error)
{
    struct gw_view purchases;
    const int ret = open_view(&purchases, dataset, "purchases", "period", error);
    if (ret != GW_OK) {
        return ret;
    }
    c->replications = purchases.replications;
    c->days = (size_t)((double)purchases.steps * period);
    c->repeats = calloc(c->replications * (c->days + 1), sizeof *c->repeats);
    if (c->repeats == NULL) {
        return out_of_memory(error);
    }
    for (size_t r = 0; r < c->replications; r++) {
        fill_curve(c->repeats + r * (c->days + 1), c->days, &purchases, r, gw_view_at(start, 0, r, 0, 0), period);
    }
    return GW_OK;
}

/* A run can stand for the customers of a log when they are the same ones throughout. */
static int check_cohort(const struct gw_dataset *dataset, struct gw_view *start, struct gw_error *error)
{
    struct gw_view joined;
    int ret = open_view(start, dataset, "active_at_start", NULL, error);
    ret = ret == GW_OK ? open_view(&joined, dataset, "joined", "period", error) : ret;
    for (size_t r = 0; ret == GW_OK && r < start->replications; r++) {
        if (!(gw_view_at(start, 0, r, 0, 0) > 0.0)) {
            ret = gw_fail(error, GW_BAD_INPUT,
                          "the run starts without customers (initial_share); purchases per customer need some");
        }
    }
    if (ret == GW_OK && sum_of(&joined, 0) > 0.0) {
        ret =
            gw_fail(error, GW_BAD_INPUT,
                    "customers join during the run; a log of purchases is compared with customers who were all there "
                    "at the start (initial_share: 1)");
    }
    return ret;
}

/* Mean repeats per customer of the log by the end of day `day` (exposure day - s for who came on day s), had they
 * bought as in a replication. */
static double expected(const struct gw_observed *observed, const double *repeats, size_t day)
{
    double sum = 0.0;
    for (size_t s = 0; s <= day && s <= (size_t)observed->days; s++) {
        sum += (double)observed->entries[s] * repeats[day - s];
    }
    return sum / (double)observed->customers;
}

static int fill_purchases(struct gw_backtest_line *line, const struct gw_observed *observed, const struct curves *c,
                          struct gw_error *error)
{
    double *values = calloc(c->replications, sizeof *values);
    int64_t repeats = 0;
    size_t day = 0;
    if (values == NULL) {
        return out_of_memory(error);
    }
    for (size_t week = 0; week < line->n; week++) {
        for (; day < 7 * week; day++) {
            repeats += observed->repeats[day];
        }
        for (size_t r = 0; r < c->replications; r++) {
            values[r] = week == 0 ? 0.0 : expected(observed, c->repeats + r * (c->days + 1), 7 * week - 1);
        }
        line->x[week] = (double)week;
        line->observed[week] = (double)repeats / (double)observed->customers;
        summarise(line, week, values, c->replications);
    }
    free(values);
    return GW_OK;
}

static int compare_purchases(struct gw_backtest *b, const struct gw_dataset *dataset,
                             const struct gw_observed *observed, struct gw_error *error)
{
    const double period = days_of_period(dataset);
    struct curves curves = {0};
    struct gw_view start;
    int ret = check_cohort(dataset, &start, error);
    if (ret == GW_OK && !(period > 0.0)) {
        ret = gw_fail(error, GW_BAD_INPUT, "the run does not say how long its periods are");
    }
    ret = ret == GW_OK ? make_curves(&curves, dataset, &start, period, error) : ret;
    if (ret != GW_OK) {
        free(curves.repeats);
        return ret;
    }
    const size_t days = curves.days < (size_t)observed->days + 1 ? curves.days : (size_t)observed->days + 1;
    b->replications = start.replications;
    b->simulated = (int64_t)gw_view_at(&start, 0, 0, 0, 0);
    b->observed = observed->customers;
    b->lines = 1;
    ret = days < 7 ? gw_fail(error, GW_BAD_INPUT, "run and log have less than a week in common")
                   : line_create(&b->line[0], dataset, 0, days / 7 + 1, error);
    ret = ret == GW_OK ? fill_purchases(&b->line[0], observed, &curves, error) : ret;
    free(curves.repeats);
    return ret;
}

/* ---- Survival -------------------------------------------------------------------------------------------------- */

static double observed_in(const struct gw_observed *observed, size_t column, size_t year)
{
    for (size_t row = 0; row < observed->rows; row++) {
        if ((size_t)observed->year[row] == year) {
            return observed->share[row * observed->columns + column];
        }
    }
    return NAN;
}

/* Survivors after y renewals: at the end of period y / (length of a period), in which renewal y falls due. */
static int fill_survival(struct gw_backtest_line *line, const struct gw_observed *observed, size_t column,
                         const struct gw_view *survivors, const struct gw_view *start, size_t strategy,
                         size_t periods_per_year, struct gw_error *error)
{
    double *values = calloc(survivors->replications, sizeof *values);
    if (values == NULL) {
        return out_of_memory(error);
    }
    for (size_t year = 0; year < line->n; year++) {
        for (size_t r = 0; r < survivors->replications; r++) {
            values[r] =
                gw_view_at(survivors, strategy, r, year * periods_per_year, 0) / gw_view_at(start, strategy, r, 0, 0);
        }
        line->x[year] = (double)year;
        line->observed[year] = observed_in(observed, column, year);
        summarise(line, year, values, survivors->replications);
    }
    free(values);
    return GW_OK;
}

static int find_strategy(const struct gw_dataset *dataset, const char *name, size_t *strategy, struct gw_error *error)
{
    const int position = gw_label_position(dataset, "strategy", name);
    *strategy = position < 0 ? 0 : (size_t)position;
    return position < 0 ? gw_fail(error, GW_BAD_INPUT,
                                  "the run has no strategy '%s'; a column of a table of survival is held against the "
                                  "strategy of its name",
                                  name)
                        : GW_OK;
}

static int compare_survival(struct gw_backtest *b, const struct gw_dataset *dataset,
                            const struct gw_observed *observed, struct gw_error *error)
{
    struct gw_view survivors, start;
    const double period = days_of_period(dataset);
    int ret = open_view(&survivors, dataset, "survivors", "period", error);
    ret = ret == GW_OK ? open_view(&start, dataset, "active_at_start", NULL, error) : ret;
    const size_t periods_per_year = period > 0.0 ? (size_t)lround(364.0 / period) : 0;
    if (ret == GW_OK && (periods_per_year == 0 || survivors.steps <= periods_per_year)) {
        ret = gw_fail(error, GW_BAD_INPUT, "the run does not reach beyond its first year");
    }
    for (size_t c = 0; ret == GW_OK && c < observed->columns; c++) {
        size_t strategy;
        ret = find_strategy(dataset, observed->name[c], &strategy, error);
        b->lines += ret == GW_OK;
        ret = ret == GW_OK
                  ? line_create(&b->line[c], dataset, strategy, (survivors.steps - 1) / periods_per_year + 1, error)
                  : ret;
        ret = ret == GW_OK
                  ? fill_survival(&b->line[c], observed, c, &survivors, &start, strategy, periods_per_year, error)
                  : ret;
    }
    b->replications = ret == GW_OK ? start.replications : 0;
    b->simulated = ret == GW_OK ? (int64_t)gw_view_at(&start, 0, 0, 0, 0) : 0;
    return ret;
}

int gw_backtest_create(struct gw_backtest **backtest, const struct gw_dataset *dataset,
                       const struct gw_observed *observed, struct gw_error *error)
{
    struct gw_backtest *b = calloc(1, sizeof *b);
    *backtest = NULL;
    if (b == NULL || (b->line = calloc(GW_OBSERVED_COLUMNS, sizeof *b->line)) == NULL) {
        free(b);
        return out_of_memory(error);
    }
    b->kind = observed->kind;
    const int ret = observed->kind == GW_OBSERVED_PURCHASES ? compare_purchases(b, dataset, observed, error)
                                                            : compare_survival(b, dataset, observed, error);
    if (ret != GW_OK) {
        gw_backtest_free(b);
        return ret;
    }
    *backtest = b;
    return GW_OK;
}

/* ---- To show ------------------------------------------------------------------------------------------------------
 */

static size_t last_observed(const struct gw_backtest_line *line)
{
    size_t i = line->n - 1;
    while (i > 0 && !isfinite(line->observed[i])) {
        i--;
    }
    return i;
}

void gw_backtest_sentence(char out[GW_BACKTEST_SENTENCE], const struct gw_backtest *backtest, size_t line)
{
    const struct gw_backtest_line *l = &backtest->line[line];
    const size_t i = last_observed(l);
    const double more = 100.0 * (l->mean[i] / l->observed[i] - 1.0);
    char name[64];
    const struct gw_plain plain = gw_plain_begin();
    if (backtest->kind == GW_OBSERVED_PURCHASES) {
        (void)snprintf(out, GW_BACKTEST_SENTENCE,
                       "Week %.0f: %.3f repeat purchases per customer observed, %.3f simulated (95%%: %.3f to %.3f), "
                       "%.1f%% %s.",
                       l->x[i], l->observed[i], l->mean[i], l->low[i], l->high[i], fabs(more),
                       more < 0.0 ? "less" : "more");
    } else {
        (void)gw_show_text(name, sizeof name, l->label, 15);
        (void)snprintf(out, GW_BACKTEST_SENTENCE,
                       "%s, year %.0f: %.1f%% observed still there, %.1f%% simulated (95%%: %.1f to %.1f).", name,
                       l->x[i], 100.0 * l->observed[i], 100.0 * l->mean[i], 100.0 * l->low[i], 100.0 * l->high[i]);
    }
    gw_plain_end(plain);
}

/* With commas between thousands: "2,357". */
static void show_count(char out[32], int64_t n)
{
    char digits[24];
    const int length = snprintf(digits, sizeof digits, "%lld", (long long)n);
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            out[used++] = ',';
        }
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

/* Two curves a line: simulated as a line in its band, observed as black points. Several lines are told apart by the
 * names of their strategies. */
static void make_curve_pair(const struct gw_backtest_line *line, bool several, char label[GW_NAME_SIZE],
                            struct gw_curve curve[2])
{
    if (several) {
        (void)gw_show_text(label, GW_NAME_SIZE, line->label, 20);
    } else {
        (void)snprintf(label, GW_NAME_SIZE, "simulated");
    }
    curve[0] = (struct gw_curve){label, line->n, line->x, line->mean, line->low, line->high, false, false};
    curve[1] = (struct gw_curve){several ? "" : "observed", line->n, line->x, line->observed, NULL, NULL, true, true};
}

int gw_backtest_draw(const struct gw_backtest *b, const char *directory, const char *format, char **path,
                     struct gw_error *error)
{
    const bool purchases = b->kind == GW_OBSERVED_PURCHASES;
    struct gw_curve curve[2 * GW_OBSERVED_COLUMNS];
    char label[GW_OBSERVED_COLUMNS][GW_NAME_SIZE], subtitle[200], customers[32];
    for (size_t i = 0; i < b->lines; i++) {
        make_curve_pair(&b->line[i], b->lines > 1, label[i], &curve[2 * i]);
    }
    show_count(customers, b->simulated);
    (void)snprintf(
        subtitle, sizeof subtitle,
        "Points: observed. Line and band: simulated mean and middle 95%% of %zu replications of %s customers",
        b->replications, customers);
    const struct gw_comparison_figure figure = {
        .title = purchases ? "Repeat purchases: observed against simulated" : "Survival: observed against simulated",
        .subtitle = subtitle,
        .x_label = purchases ? "Time since the first purchase in the log" : "Renewals",
        .x_unit = purchases ? "week" : "1",
        .y_label = purchases ? "Repeat purchases per customer" : "Customers still there",
        .y_unit = purchases ? "1" : "share",
        .curve = curve,
        .curves = 2 * b->lines,
    };
    return gw_figure_compare(&figure, directory, "observed", format, path, error);
}
