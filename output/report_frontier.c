/* What a frontier has to say: where the winner changes, and how sure that is. */
#include "output/frontier_view.h"
#include "output/label.h"
#include "output/reports.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 9 };

static enum gw_column_kind kind_of(const char *unit)
{
    return strcmp(unit, "money") == 0 ? GW_COLUMN_MONEY : GW_COLUMN_NUMBER;
}

/* "6.3 %", "0.58" */
static const char *at_text(const struct gw_frontier_input *input, double value, char out[GW_SAY_SIZE])
{
    char number[GW_SAY_SIZE];
    const bool percent = strcmp(input->unit, "%") == 0;
    (void)gw_say_value(number, kind_of(input->unit), input->unit, value);
    (void)snprintf(out, GW_SAY_SIZE, "%.300s%s", number, percent ? "%" : "");
    return out;
}

/* The ends of an interval with the digits that its width leaves. */
static const char *interval_text(const struct gw_frontier_input *input, double mean, double low, double high,
                                 char out[GW_SAY_SIZE])
{
    char number[GW_SAY_SIZE];
    (void)gw_say_estimate(number, kind_of(input->unit), input->unit, mean, low, high);
    char *paren = strcmp(input->unit, "%") == 0 ? strstr(number, " (") : NULL;
    if (paren == NULL) {
        (void)snprintf(out, GW_SAY_SIZE, "%s", number);
    } else {
        (void)snprintf(out, GW_SAY_SIZE, "%.*s%%%.300s", (int)(paren - number), number, paren);
    }
    return out;
}

static const char *range_text(const struct gw_frontier_input *input, char out[GW_SIDE_SIZE])
{
    char from[GW_SAY_SIZE], to[GW_SAY_SIZE];
    (void)snprintf(out, GW_SIDE_SIZE, "%.120s to %.120s", at_text(input, input->at[0], from),
                   at_text(input, input->at[input->n - 1], to));
    return out;
}

/* ---- One input --------------------------------------------------------------------------------------------------
 */

static void say_now(const struct gw_frontier_view *v, struct gw_report *report)
{
    char name[GW_SIDE_SIZE], now[GW_SAY_SIZE], side[GW_SIDE_SIZE], off[GW_SAY_SIZE];
    if (!isfinite(v->x.now) || v->x.now < v->x.at[0] || v->x.now > v->x.at[v->x.n - 1] || v->roots != 1) {
        return;
    }
    const bool below = v->x.now < v->root[0], above_zero = below == (v->rising[0] == 0);
    if (v->x.now >= v->root_low[0] && v->x.now <= v->root_high[0]) {
        gw_report_say(report,
                      "%s stands at %s in the scenario, which the interval holds: who is ahead there is open.",
                      gw_frontier_capital(name), at_text(&v->x, v->x.now, now));
    } else {
        gw_frontier_name(&v->x, name);
        gw_report_say(report, "%s stands at %s in the scenario, where %s; it takes a change by %s to turn that.",
                      gw_frontier_capital(name), at_text(&v->x, v->x.now, now), gw_frontier_side(v, above_zero, side),
                      at_text(&v->x, fabs(v->root[0] - v->x.now), off));
    }
}

static void say_open_ends(const struct gw_frontier_view *v, struct gw_report *report)
{
    for (size_t k = 0; k < v->roots; k++) {
        char end[GW_SAY_SIZE];
        if (v->open_low[k] || v->open_high[k]) {
            gw_report_say(report, "Its interval reaches the %s of the range, %s: the true break-even may lie beyond.",
                          v->open_low[k] && v->open_high[k] ? "ends" : "end",
                          at_text(&v->x, v->open_low[k] ? v->x.at[0] : v->x.at[v->x.n - 1], end));
        }
    }
}

static void say_root(const struct gw_frontier_view *v, struct gw_report *report)
{
    char name[GW_SIDE_SIZE], at[GW_SAY_SIZE], below[GW_SIDE_SIZE], above[GW_SIDE_SIZE];
    gw_report_say(report, "The break-even of %s is %s: below it %s, above it %s.", gw_frontier_name(&v->x, name),
                  interval_text(&v->x, v->root[0], v->root_low[0], v->root_high[0], at),
                  gw_frontier_side(v, v->rising[0] == 0, below), gw_frontier_side(v, v->rising[0] != 0, above));
    say_open_ends(v, report);
    say_now(v, report);
}

static void say_roots(const struct gw_frontier_view *v, struct gw_report *report)
{
    char name[GW_SIDE_SIZE], side[GW_SIDE_SIZE];
    gw_report_say(report,
                  "There is not one break-even of %s but %zu: from the left %s, and at each that turns round.",
                  gw_frontier_name(&v->x, name), v->crossings, gw_frontier_side(v, v->rising[0] == 0, side));
    say_open_ends(v, report);
}

/* Places of the least and the greatest mean. */
static void extremes(const struct gw_frontier_view *v, size_t *least, size_t *most)
{
    *least = *most = 0;
    for (size_t i = 0; i < v->x.n; i++) {
        *least = v->mean[i] < v->mean[*least] ? i : *least;
        *most = v->mean[i] > v->mean[*most] ? i : *most;
    }
}

static void say_no_root(const struct gw_frontier_view *v, struct gw_report *report)
{
    char name[GW_SIDE_SIZE], side[GW_SIDE_SIZE], range[GW_SIDE_SIZE], value[2][GW_SAY_SIZE], at[2][GW_SAY_SIZE];
    size_t place[2];
    if (v->sign == 0) {
        gw_report_say(report, "There is no break-even of %s to find: the measure is exactly 0 all over %s.",
                      gw_frontier_name(&v->x, name), range_text(&v->x, range));
        return;
    }
    extremes(v, &place[0], &place[1]);
    for (int k = 0; k < 2; k++) {
        const size_t i = place[k];
        (void)gw_say_estimate(value[k], kind_of(v->unit), v->unit, v->mean[i], v->low[i], v->high[i]);
        (void)at_text(&v->x, v->x.at[i], at[k]);
    }
    gw_report_say(report, "There is no break-even of %s in the range %s: %s all over it.",
                  gw_frontier_name(&v->x, name), range_text(&v->x, range), gw_frontier_side(v, v->sign > 0, side));
    if (place[0] == place[1]) {
        gw_report_say(report, "It does not change: %s.", value[0]);
    } else {
        gw_report_say(report, "The difference runs from %s at %s to %s at %s.", value[0], at[0], value[1], at[1]);
    }
    if (v->undecided) {
        gw_report_say(report, "At some points its interval holds 0, though: a break-even there cannot be ruled out.");
    }
}

static void table_roots(const struct gw_frontier_view *v, struct gw_report *report)
{
    const struct gw_report_column columns[] = {{"from_below_to_above", "After it", GW_COLUMN_TEXT, false},
                                               {"break_even", "Break-even", kind_of(v->x.unit), true}};
    if (v->roots == 0) {
        return;
    }
    gw_report_table(report, "break_even", "Break-even, with 95% intervals", columns, 2);
    for (size_t k = 0; k < v->roots; k++) {
        char side[GW_SIDE_SIZE];
        gw_report_text(report, gw_frontier_side(v, v->rising[k] != 0, side));
        gw_report_interval(report, v->root[k], v->root_low[k], v->root_high[k]);
    }
}

static void table_scan(const struct gw_frontier_view *v, struct gw_report *report)
{
    char name[GW_SIDE_SIZE], heading[2 * GW_SIDE_SIZE];
    const struct gw_report_column columns[] = {{"x", name, kind_of(v->x.unit), false},
                                               {"difference", "Mean", kind_of(v->unit), true},
                                               {"n", "n", GW_COLUMN_COUNT, false}};
    char say[GW_NAME_SIZE];
    gw_frontier_name(&v->x, name);
    gw_frontier_capital(name);
    (void)gw_show_text(say, sizeof say, v->say, 60);
    (void)snprintf(heading, sizeof heading, "%s, with 95%% intervals over n replications", say);
    gw_report_table(report, "difference", gw_frontier_capital(heading), columns, 3);
    for (size_t i = 0; i < v->x.n; i++) {
        gw_report_number(report, v->x.at[i]);
        gw_report_interval(report, v->mean[i], v->low[i], v->high[i]);
        gw_report_number(report, (double)v->n[i]);
    }
}

static void note_line(const struct gw_frontier_view *v, struct gw_report *report)
{
    if (v->roots > 0) {
        gw_report_note(report,
                       "The interval is the set of values at which the 95%% interval of the mean difference "
                       "holds 0 (%.0f replications with the same luck at every value).",
                       v->replications);
    }
    if (!v->reached) {
        gw_report_note(report, "The interval is longer than 5%% of the range after the most replications that the "
                               "program takes by itself: replications: N makes it shorter.");
    }
    if (v->zeros > 0 && v->sign != 0) {
        gw_report_note(report, "At %zu of %zu points the difference is exactly 0: there nothing differs.", v->zeros,
                       v->x.n);
    }
}

static void report_break_even(const struct gw_frontier_view *v, struct gw_report *report)
{
    if (v->roots == 0) {
        say_no_root(v, report);
    } else if (v->crossings == 1) {
        say_root(v, report);
    } else {
        say_roots(v, report);
    }
    table_roots(v, report);
    table_scan(v, report);
    note_line(v, report);
}

/* ---- Two inputs --------------------------------------------------------------------------------------------------
 */

/* "12%", "less than 1%" */
static const char *share_text(double share, char out[40])
{
    (void)snprintf(out, 40, "%.0f%%", 100.0 * share);
    return share > 0.0 && share < 0.01 ? "less than 1%" : out;
}

static void say_map(const struct gw_frontier_view *v, struct gw_report *report)
{
    char above[GW_SIDE_SIZE], below[GW_SIDE_SIZE], x[GW_SIDE_SIZE], y[GW_SIDE_SIZE];
    char low[GW_SAY_SIZE], high[GW_SAY_SIZE], share[3][40];
    gw_frontier_side(v, true, above);
    gw_frontier_side(v, false, below);
    gw_frontier_name(&v->x, x);
    gw_frontier_name(&v->y, y);
    if (v->line.n > 0) {
        gw_report_say(report,
                      "Over the map of %s and %s %s in %s of the area and %s in %s; in %s the two are not told "
                      "apart.",
                      x, y, above, share_text(v->above, share[0]), below, share_text(v->below, share[1]),
                      share_text(v->between, share[2]));
        return;
    }
    if (v->least == 0.0 && v->most == 0.0) {
        gw_report_say(report, "There is no break-even line of %s and %s: the measure is exactly 0 all over the map.",
                      x, y);
        return;
    }
    gw_report_say(report, "No break-even line crosses the map of %s and %s: %s all over it.", x, y,
                  v->most > 0.0 ? above : below);
    gw_report_say(report, "The mean runs from %s to %s.", gw_say_value(low, kind_of(v->unit), v->unit, v->least),
                  gw_say_value(high, kind_of(v->unit), v->unit, v->most));
    if (v->between > 0.0) {
        gw_report_say(report, "In %.0f%% of it the interval holds 0, though: a line there cannot be ruled out.",
                      100.0 * v->between);
    }
}

/* A band is where the interval holds 0: from one bound's height to the other's, whichever is the upper. */
static void say_line_at(const struct gw_frontier_view *v, struct gw_report *report, size_t i)
{
    char x[GW_SIDE_SIZE], y[GW_SIDE_SIZE], at[GW_SAY_SIZE], height[GW_SAY_SIZE];
    size_t times, of_low, of_high;
    const double middle = gw_frontier_height(v, v->mean, i, &times);
    const double a = gw_frontier_height(v, v->low, i, &of_low), b = gw_frontier_height(v, v->high, i, &of_high);
    if (times == 1) {
        const bool banded = of_low == 1 && of_high == 1;
        gw_report_say(report, "Where %s is %s the break-even of %s is %s.", gw_frontier_name(&v->x, x),
                      at_text(&v->x, v->x.at[i], at), gw_frontier_name(&v->y, y),
                      interval_text(&v->y, middle, banded ? fmin(a, b) : NAN, banded ? fmax(a, b) : NAN, height));
    }
}

static void table_line(const struct gw_frontier_view *v, struct gw_report *report)
{
    char x[GW_SIDE_SIZE], y[GW_SIDE_SIZE];
    const struct gw_report_column columns[] = {{"x", x, kind_of(v->x.unit), false},
                                               {"break_even", y, kind_of(v->y.unit), true},
                                               {"crossings", "Crossings", GW_COLUMN_COUNT, false}};
    if (v->line.n == 0) {
        return;
    }
    gw_frontier_name(&v->x, x);
    gw_frontier_name(&v->y, y);
    gw_frontier_capital(x);
    gw_frontier_capital(y);
    gw_report_table(report, "break_even", "Break-even line: its lowest crossing at each place, with its band",
                    columns, 3);
    for (size_t k = 0; k < ROWS; k++) {
        const size_t i = k * (v->x.n - 1) / (ROWS - 1);
        size_t times, of_low, of_high;
        const double middle = gw_frontier_height(v, v->mean, i, &times);
        const double a = gw_frontier_height(v, v->low, i, &of_low), b = gw_frontier_height(v, v->high, i, &of_high);
        const bool banded = times == 1 && of_low == 1 && of_high == 1;
        if (k > 0 && i == (k - 1) * (v->x.n - 1) / (ROWS - 1)) {
            continue; /* a coarse map has fewer places than rows */
        }
        gw_report_number(report, v->x.at[i]);
        gw_report_interval(report, middle, banded ? fmin(a, b) : NAN, banded ? fmax(a, b) : NAN);
        gw_report_number(report, (double)times);
    }
}

static void report_map(const struct gw_frontier_view *v, struct gw_report *report)
{
    say_map(v, report);
    if (v->line.n > 0) {
        say_line_at(v, report, 0);
        say_line_at(v, report, v->x.n - 1);
    }
    table_line(v, report);
    gw_report_note(report,
                   "The band is where the 95%% interval of the mean, place by place, holds 0: %.0f replications "
                   "with the same luck at each of %.0f places; between them the surface is interpolated.",
                   v->replications, v->evaluated);
}

int gw_report_of_frontier(const struct gw_dataset *dataset, struct gw_report *report, struct gw_error *error)
{
    struct gw_frontier_view view;
    const int ret = gw_frontier_view_open(&view, dataset, error);
    if (ret == GW_OK && view.map) {
        report_map(&view, report);
    } else if (ret == GW_OK) {
        report_break_even(&view, report);
    }
    return ret;
}
