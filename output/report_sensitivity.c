/* What drives a result, in sentences and tables: the report of an experiment/sensitivity.h dataset. */
#include "output/reports.h"
#include "output/sensitivity.h"

#include "output/label.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ESTIMATE, LOW, HIGH };

/* ---- Sentences ------------------------------------------------------------------------------------------------- */

/* What is asked, with an article where it takes one: not before a measure or a clause. */
static const char *the_asked(const char *say, char out[GW_SAY_SIZE])
{
    static const char *const without[] = {"what ", "how ", "the ", "a "};
    bool bare = strchr(say, '.') != NULL;
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        bare = bare || strncmp(say, without[i], strlen(without[i])) == 0;
    }
    (void)snprintf(out, GW_SAY_SIZE, "%s%s", bare ? "" : "the ", say);
    return out;
}

static enum gw_column_kind kind_of(const struct gw_sensitivity_view *v)
{
    return strcmp(v->unit, "money") == 0   ? GW_COLUMN_MONEY
           : strcmp(v->unit, "share") == 0 ? GW_COLUMN_SHARE
                                           : GW_COLUMN_NUMBER;
}

static const char *share_text(char out[GW_SAY_SIZE], const double *interval)
{
    return gw_say_estimate(out, GW_COLUMN_SHARE, "1", interval[ESTIMATE], interval[LOW], interval[HIGH]);
}

static const char *amount_text(const struct gw_sensitivity_view *v, char out[GW_SAY_SIZE], const double *interval)
{
    return gw_say_estimate(out, kind_of(v), v->unit, interval[ESTIMATE], interval[LOW], interval[HIGH]);
}

/* A name to begin a sentence with. */
static const char *begin_with(const struct gw_sensitivity_view *v, size_t input, char out[GW_NAME_SIZE])
{
    gw_sensitivity_name(v, input, 40, out);
    out[0] = out[0] >= 'a' && out[0] <= 'z' ? (char)(out[0] - 'a' + 'A') : out[0];
    return out;
}

/* What cannot be told from the first by its interval. */
static void say_rivals(const struct gw_sensitivity_view *v, struct gw_report *report, const double *of,
                       const size_t *order, size_t n)
{
    char rivals[GW_SAY_SIZE];
    const size_t leaders = gw_sensitivity_leaders(of, false, order, n);
    if (leaders > 1) {
        gw_sensitivity_names(v, order + 1, leaders - 1, 4, 40, rivals, sizeof rivals);
        gw_report_say(report, "By their intervals %s may matter as much.", rivals);
    }
}

/* Whether an estimate is known to lie above 0. */
static bool is_above(const double *interval)
{
    return interval[LOW] > 0.0;
}

static bool is_nothing(const double *interval)
{
    return interval[LOW] == 0.0 && interval[HIGH] == 0.0;
}

static void say_shares(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    size_t order[GW_SENSITIVITY_MOST];
    const size_t n = gw_sensitivity_order(v, v->total, false, order);
    char name[GW_NAME_SIZE], total[GW_SAY_SIZE], first[GW_SAY_SIZE], luck[GW_SAY_SIZE];
    gw_report_say(report, "%s drives %s most: %s of what %s do%s to it, %s by itself.", begin_with(v, order[0], name),
                  v->say, share_text(total, &v->total[3 * order[0]]), n == 1 ? "one input" : "these inputs",
                  n == 1 ? "es" : "", share_text(first, &v->first[3 * order[0]]));
    say_rivals(v, report, v->total, order, n);
    gw_report_say(report, "In a single replication luck is %s of the variance; it is not in the shares.",
                  share_text(luck, v->luck_share));
}

static void say_effects(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    size_t order[GW_SENSITIVITY_MOST];
    const size_t n = gw_sensitivity_order(v, v->size, false, order);
    char name[GW_NAME_SIZE], size[GW_SAY_SIZE];
    if (n == 0 || !is_above(&v->size[3 * order[0]])) {
        gw_report_say(report, "No input's effect on %s can be told from luck.", v->say);
        return;
    }
    gw_report_say(report, "%s drives %s most: over its whole range it moves it by %s.", begin_with(v, order[0], name),
                  v->say, amount_text(v, size, &v->size[3 * order[0]]));
    say_rivals(v, report, v->size, order, n);
}

static const char *x_text(const struct gw_sensitivity_view *v, size_t input, double x, char out[GW_SAY_SIZE])
{
    return gw_say_value(out, GW_COLUMN_NUMBER, v->input_unit[input], x);
}

static void say_swing(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    size_t order[GW_SENSITIVITY_MOST];
    const size_t n = gw_sensitivity_order(v, v->swing, true, order);
    char name[GW_NAME_SIZE], from[GW_SAY_SIZE], to[GW_SAY_SIZE], low[GW_SAY_SIZE], high[GW_SAY_SIZE];
    if (n == 0) {
        gw_report_say(report, "At the ends of the inputs %s is not defined.", v->say);
        return;
    }
    if (is_nothing(&v->swing[3 * order[0]])) {
        gw_report_say(report, "Taken alone, no input changes %s.", v->say);
        return;
    }
    gw_sensitivity_name(v, order[0], 40, name);
    const size_t i = order[0];
    gw_report_say(report, "One at a time, %s moves most with %s: from %s to %s of that it goes from %s to %s.",
                  v->say, name, x_text(v, i, v->range[2 * i], from), x_text(v, i, v->range[2 * i + 1], to),
                  amount_text(v, low, &v->end[6 * i]), amount_text(v, high, &v->end[6 * i + 3]));
}

/* Whether what is asked changes its sign between two intervals, surely. */
static bool is_turned(const double *a, const double *b)
{
    return (a[LOW] > 0.0 && b[HIGH] < 0.0) || (a[HIGH] < 0.0 && b[LOW] > 0.0);
}

static void say_turns(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    char name[GW_NAME_SIZE], x[GW_SAY_SIZE], value[GW_SAY_SIZE];
    for (size_t i = 0; i < v->inputs; i++) {
        for (size_t end = 0; end < 2; end++) {
            const double *at = &v->end[6 * i + 3 * end];
            if (is_turned(v->middle, at)) {
                gw_report_say(report, "%s alone turns the sign: at %s %s is %s.", begin_with(v, i, name),
                              x_text(v, i, v->range[2 * i + end], x), v->say, amount_text(v, value, at));
            }
        }
    }
}

/* Shares say most, where the variance that they are of is known to be there. */
static void say_what_drives(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    const bool shared = v->total != NULL && is_above(v->variance);
    if (v->total != NULL && is_nothing(v->variance)) {
        gw_report_say(report, "No input changes %s at all.", v->say);
    } else if (shared) {
        say_shares(v, report);
    } else if (v->size != NULL) {
        say_effects(v, report);
    }
    if (v->total != NULL && !shared && !is_nothing(v->variance)) {
        gw_report_say(report,
                      "%lld rows are too few for shares: what the inputs do to the variance of %s is not told from "
                      "luck.",
                      (long long)v->rows, v->say);
    }
}

/* ---- Tables ---------------------------------------------------------------------------------------------------- */

static void put_name(const struct gw_sensitivity_view *v, struct gw_report *report, size_t input)
{
    char name[GW_NAME_SIZE];
    gw_sensitivity_name(v, input, 40, name);
    gw_report_text(report, name);
}

static void put_interval(struct gw_report *report, const double *interval)
{
    gw_report_interval(report, interval[ESTIMATE], interval[LOW], interval[HIGH]);
}

static void write_shares(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    static const struct gw_report_column columns[] = {{"input", "", GW_COLUMN_TEXT, false},
                                                      {"first_order", "by itself", GW_COLUMN_SHARE, true},
                                                      {"total_order", "with others", GW_COLUMN_SHARE, true}};
    size_t order[GW_SENSITIVITY_MOST];
    const size_t n = gw_sensitivity_order(v, v->total, false, order);
    char heading[200];
    if (n == 0) {
        return;
    }
    (void)snprintf(heading, sizeof heading,
                   "Shares of the variance that the inputs cause (Sobol), 95%% intervals, %lld rows",
                   (long long)v->rows);
    gw_report_table(report, "shares", heading, columns, sizeof columns / sizeof *columns);
    for (size_t k = 0; k < n; k++) {
        put_name(v, report, order[k]);
        put_interval(report, &v->first[3 * order[k]]);
        put_interval(report, &v->total[3 * order[k]]);
    }
}

static void write_effects(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    const enum gw_column_kind kind = kind_of(v);
    const struct gw_report_column columns[] = {
        {"input", "", GW_COLUMN_TEXT, false}, {"mu_star", "mu*", kind, true}, {"mu", "mu", kind, true},
        {"sigma", "sigma", kind, false},      {"luck", "luck", kind, false},  {"n", "n", GW_COLUMN_COUNT, false}};
    size_t order[GW_SENSITIVITY_MOST];
    const size_t n = gw_sensitivity_order(v, v->size, false, order);
    gw_report_table(report, "effects",
                    "Elementary effects over the whole range (Morris), 95% intervals over n trajectories", columns,
                    sizeof columns / sizeof *columns);
    for (size_t k = 0; k < n; k++) {
        const size_t i = order[k];
        put_name(v, report, i);
        put_interval(report, &v->size[3 * i]);
        put_interval(report, &v->effect[3 * i]);
        gw_report_number(report, v->sd[i]);
        gw_report_number(report, v->luck[i]);
        gw_report_number(report, (double)v->trajectories[i]);
    }
}

static void write_tornado(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    const enum gw_column_kind kind = kind_of(v);
    const struct gw_report_column columns[] = {
        {"input", "", GW_COLUMN_TEXT, false},        {"from", "low end", GW_COLUMN_NUMBER, false},
        {"to", "high end", GW_COLUMN_NUMBER, false}, {"low", "change at low end", kind, true},
        {"high", "change at high end", kind, true},  {"n", "n", GW_COLUMN_COUNT, false}};
    size_t order[GW_SENSITIVITY_MOST];
    const size_t n = gw_sensitivity_order(v, v->swing, true, order);
    gw_report_table(report, "tornado",
                    "One input at a time, against the middle (tornado), 95% intervals over n paired replications",
                    columns, sizeof columns / sizeof *columns);
    for (size_t k = 0; k < n; k++) {
        const size_t i = order[k];
        put_name(v, report, i);
        gw_report_number(report, v->range[2 * i]);
        gw_report_number(report, v->range[2 * i + 1]);
        put_interval(report, &v->change[6 * i]);
        put_interval(report, &v->change[6 * i + 3]);
        gw_report_number(report, (double)v->pairs[i]);
    }
}

/* ---- Notes ----------------------------------------------------------------------------------------------------- */

static long number_of(const struct gw_sensitivity_view *v, const char *attribute)
{
    const char *text = gw_dataset_attribute(v->dataset, attribute);
    return text == NULL ? 0 : strtol(text, NULL, 10);
}

/* Steps of trajectories, pairs and rows that were not defined. */
static void note_undefined(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    long steps = 0, pairs = 0;
    for (size_t i = 0; i < v->inputs; i++) {
        steps += v->size != NULL ? number_of(v, "morris_trajectories") - (long)v->trajectories[i] : 0;
        pairs += v->swing != NULL ? number_of(v, "tornado_replications") - (long)v->pairs[i] : 0;
    }
    const long rows = v->total != NULL ? number_of(v, "sobol_rows") - (long)v->rows : 0;
    if (steps + pairs + rows > 0) {
        gw_report_note(report,
                       "Where %s was not defined at a setting, what compares with it is left out: %ld pairs of the "
                       "tornado, %ld steps of trajectories, %ld rows of the shares.",
                       v->say, pairs, steps, rows);
    }
}

static void note_screened(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    size_t out = 0;
    for (size_t i = 0; v->total != NULL && v->size != NULL && i < v->inputs; i++) {
        out += !gw_sensitivity_is_shared(v, i);
    }
    if (out > 0 && out < v->inputs) {
        gw_report_note(report,
                       "Shares are among the %zu inputs that Morris ranks first; the other %zu were as in the "
                       "scenario meanwhile.",
                       v->inputs - out, out);
    }
}

static void note_all(const struct gw_sensitivity_view *v, struct gw_report *report)
{
    if (v->total != NULL) {
        gw_report_note(report,
                       "By itself: what knowing this input alone would settle of the variance. With others: "
                       "what would stay open if all inputs but this one were known; the difference is what it "
                       "does together with others. Estimates may lie a little below 0 or above 100%%.");
    }
    if (v->size != NULL) {
        gw_report_note(report,
                       "mu: mean effect of moving an input across its whole distribution; mu*: mean size of it, "
                       "whichever way; sigma: how much it depends on the other inputs and on where it starts; "
                       "luck: the error that luck leaves to one effect. It is taken out of mu* and sigma, "
                       "which is why mu* may lie a little below 0.");
    }
    note_screened(v, report);
    note_undefined(v, report);
    const long left = number_of(v, "left_uncertain"), correlations = number_of(v, "correlations");
    if (left > 0) {
        gw_report_note(report, "%ld other number%s of the scenario %s uncertain as well and count%s as luck here.",
                       left, left == 1 ? "" : "s", left == 1 ? "is" : "are", left == 1 ? "s" : "");
    }
    if (correlations > 0) {
        gw_report_note(report, "Inputs are taken as independent here; correlations count in decide alone.");
    }
}

int gw_report_of_sensitivity(const struct gw_dataset *dataset, struct gw_report *report, struct gw_error *error)
{
    struct gw_sensitivity_view v;
    char asked[GW_SAY_SIZE];
    const int ret = gw_sensitivity_open(&v, dataset, error);
    if (ret != GW_OK) {
        return ret;
    }
    v.say = the_asked(v.say, asked);
    say_what_drives(&v, report);
    if (v.swing != NULL && !(v.total != NULL && is_nothing(v.variance))) {
        say_swing(&v, report);
        say_turns(&v, report);
    }
    if (v.total != NULL) {
        write_shares(&v, report);
    }
    if (v.size != NULL) {
        write_effects(&v, report);
    }
    if (v.swing != NULL) {
        write_tornado(&v, report);
    }
    note_all(&v, report);
    return GW_OK;
}
