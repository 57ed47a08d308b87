/* What a sweep has to say: where which strategy is ahead, and between which numbers the measure moves. */
#include "core/memory.h"
#include "outcome/quantity.h"
#include "output/label.h"
#include "output/reports.h"
#include "output/sweep_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL 0.95

enum {
    VALUE = GW_SAY_SIZE + GW_NAME_SIZE + 2,
    PLACE = 3 * (VALUE + GW_NAME_SIZE),
    WORDS = 3 * GW_NAME_SIZE,
    NAME = 40,
    MOST_STRETCHES = 5,
    MOST_NAMED = 6,
    TABLE_INPUTS = 12
};

/* The quantity ahead at a point, its lead over the next best, and whether all its leads are told apart from nothing;
 * tied: the next is equal in every replication. */
struct lead {
    size_t quantity;
    bool known, tied, sure;
    struct gw_estimate over_next;
};

struct sweep_report {
    struct gw_sweep_view view;
    struct lead *lead; /* [points] */
    enum gw_column_kind kind;
    struct gw_report *report;
};

/* ---- Words ---------------------------------------------------------------------------------------------------- */

static const char *strategy_name(const struct gw_sweep_view *v, size_t quantity, char out[GW_NAME_SIZE])
{
    (void)gw_show_strategy(out, GW_NAME_SIZE, v->dataset, quantity, NAME);
    return out;
}

/* The measure in words; in front of a sentence with a capital unless it is a formula. */
static const char *measure(const struct gw_sweep_view *v, bool begins, char out[GW_NAME_SIZE])
{
    (void)gw_show_text(out, GW_NAME_SIZE, v->say, 60);
    if (begins && strchr(v->say, '.') == NULL && out[0] >= 'a' && out[0] <= 'z') {
        out[0] = (char)(out[0] - 'a' + 'A');
    }
    return out;
}

static const char *input_name(const struct gw_sweep_input *input, char out[GW_NAME_SIZE])
{
    (void)gw_show_text(out, GW_NAME_SIZE, input->say, NAME);
    for (char *c = out; (c = strchr(c, '_')) != NULL;) {
        *c = ' ';
    }
    return out;
}

/* "0.45", "7.5%", "12 week" */
static void value_of(const struct gw_sweep_view *v, size_t point, size_t input, bool unit, char out[VALUE])
{
    char number[GW_SAY_SIZE], shown[GW_NAME_SIZE];
    const char *of = v->input[input].unit;
    if (!gw_sweep_view_is_numeric(v, input)) {
        (void)gw_show_text(shown, sizeof shown, gw_sweep_view_text(v, point, input), NAME);
        (void)snprintf(out, VALUE, "%s", shown);
        return;
    }
    (void)gw_say_value(number, GW_COLUMN_NUMBER, "1", gw_sweep_view_x(v, point, input));
    (void)gw_show_text(shown, sizeof shown, of, 20);
    const bool silent = !unit || strcmp(of, "1") == 0 || strcmp(of, "money") == 0 || of[0] == '\0';
    (void)snprintf(out, VALUE, "%s%s%s", number, silent || shown[0] == '%' ? "" : " ", silent ? "" : shown);
}

/* "unit cost 0.45 and price 0.9"; a long list of inputs is the point's number. */
static const char *place_of(const struct gw_sweep_view *v, size_t point, char out[PLACE])
{
    char name[GW_NAME_SIZE], value[VALUE];
    size_t used = 0;
    if (v->point != NULL && v->point->labels != NULL) {
        (void)gw_show_text(name, sizeof name, v->point->labels[point], 60);
        (void)snprintf(out, PLACE, "%s", name);
        return out;
    }
    if (v->inputs > 3) {
        (void)snprintf(out, PLACE, "point %zu", point);
        return out;
    }
    for (size_t i = 0; i < v->inputs && used < PLACE; i++) {
        value_of(v, point, i, true, value);
        used += (size_t)snprintf(out + used, PLACE - used, "%s%s %s",
                                 i == 0               ? ""
                                 : i + 1 == v->inputs ? " and "
                                                      : ", ",
                                 input_name(&v->input[i], name), value);
    }
    return out;
}

/* ---- Who is ahead --------------------------------------------------------------------------------------------- */

static struct lead lead_at(const struct gw_sweep_view *v, size_t point)
{
    struct lead lead = {.sure = true};
    double next = -INFINITY;
    for (size_t q = 0; q < v->quantities; q++) {
        const double mean = v->mean[point * v->quantities + q];
        if (isfinite(mean) && (!lead.known || mean > v->mean[point * v->quantities + lead.quantity])) {
            lead.quantity = q;
            lead.known = true;
        }
    }
    for (size_t q = 0; lead.known && q < v->quantities; q++) {
        const double mean = v->mean[point * v->quantities + q];
        if (q == lead.quantity || !isfinite(mean)) {
            continue;
        }
        const struct gw_comparison c = gw_estimate_comparison(
            gw_sweep_view_values(v, point, lead.quantity), gw_sweep_view_values(v, point, q), v->replications, LEVEL);
        lead.sure = lead.sure && c.difference.low > 0.0;
        if (mean > next) {
            next = mean;
            lead.over_next = c.difference;
        }
    }
    lead.tied = lead.over_next.mean == 0.0 && lead.over_next.sd == 0.0;
    return lead;
}

static size_t count_won(const struct sweep_report *s, size_t quantity)
{
    size_t won = 0;
    for (size_t p = 0; p < s->view.points; p++) {
        won += s->lead[p].known && !s->lead[p].tied && s->lead[p].quantity == quantity;
    }
    return won;
}

static size_t count_tied(const struct sweep_report *s)
{
    size_t tied = 0;
    for (size_t p = 0; p < s->view.points; p++) {
        tied += s->lead[p].known && s->lead[p].tied;
    }
    return tied;
}

static size_t count_sure(const struct sweep_report *s)
{
    size_t sure = 0;
    for (size_t p = 0; p < s->view.points; p++) {
        sure += s->lead[p].known && s->lead[p].sure;
    }
    return sure;
}

/* Whether the points are the levels of one input of numbers in rising order, all with a winner. */
static bool is_a_line(const struct sweep_report *s)
{
    const struct gw_sweep_view *v = &s->view;
    bool line = v->inputs == 1 && gw_sweep_view_is_numeric(v, 0);
    for (size_t p = 0; line && p < v->points; p++) {
        line = s->lead[p].known && !s->lead[p].tied &&
               (p == 0 || gw_sweep_view_x(v, p, 0) > gw_sweep_view_x(v, p - 1, 0));
    }
    return line;
}

static size_t stretch_end(const struct sweep_report *s, size_t from)
{
    size_t to = from + 1;
    while (to < s->view.points && s->lead[to].quantity == s->lead[from].quantity) {
        to++;
    }
    return to;
}

static size_t count_stretches(const struct sweep_report *s)
{
    size_t n = 0;
    for (size_t from = 0; from < s->view.points; from = stretch_end(s, from)) {
        n++;
    }
    return n;
}

/* "under Price cut for unit cost 0.4 to 0.475, under Experience for 0.55 to 0.7" */
static void write_stretches(FILE *out, const struct sweep_report *s)
{
    const struct gw_sweep_view *v = &s->view;
    char name[GW_NAME_SIZE], input[GW_NAME_SIZE], low[VALUE], high[VALUE];
    for (size_t from = 0, to; from < v->points; from = to) {
        to = stretch_end(s, from);
        value_of(v, from, 0, to - from == 1, low);
        value_of(v, to - 1, 0, true, high);
        (void)fprintf(out, "%s under %s for %s%s%s%s%s",
                      from == 0         ? ""
                      : to == v->points ? " and"
                                        : ",",
                      strategy_name(v, s->lead[from].quantity, name),
                      from == 0 ? input_name(&v->input[0], input) : "", from == 0 ? " " : "", low,
                      to - from == 1 ? "" : " to ", to - from == 1 ? "" : high);
    }
}

/* "under Experience at 18 of 25 points, under Price cut at 7" */
static void write_counts(FILE *out, const struct sweep_report *s)
{
    char name[GW_NAME_SIZE], of_points[40];
    size_t said = 0;
    (void)snprintf(of_points, sizeof of_points, " of %zu points", s->view.points);
    for (size_t q = 0; q < s->view.quantities; q++) {
        const size_t won = count_won(s, q);
        if (won == s->view.points) {
            (void)fprintf(out, " under %s at %s", strategy_name(&s->view, q, name),
                          won == 1 ? "the one point" : "all points");
            said = 1;
        } else if (won > 0 && said < MOST_NAMED) {
            (void)fprintf(out, "%s under %s at %zu%s", said == 0 ? "" : ",", strategy_name(&s->view, q, name), won,
                          said == 0 ? of_points : "");
            said++;
        }
    }
    if (count_tied(s) > 0) {
        (void)fprintf(out, "%s under several alike at %zu%s", said == 0 ? "" : ",", count_tied(s),
                      said == 0 ? of_points : "");
    } else if (said == 0) {
        (void)fputs(" nowhere: it is not defined", out);
    }
}

static void write_sure(FILE *out, const struct sweep_report *s)
{
    const size_t sure = count_sure(s), all = s->view.points - count_tied(s);
    const char *lead = s->view.quantities == 2 ? "the lead" : "the lead over every other";
    if (all == 0) {
        return;
    }
    if (s->view.replications < 2) {
        (void)fputs(". One replication does not tell how sure that is", out);
    } else if (sure == all) {
        (void)fprintf(out, "; %s %s is told apart from nothing (95%%)",
                      count_tied(s) > 0 ? "where one leads" : "everywhere", lead);
    } else if (sure == 0) {
        (void)fprintf(out, "; nowhere is %s told apart from nothing (95%%)", lead);
    } else {
        (void)fprintf(out, "; at %zu of %zu points %s is told apart from nothing (95%%)", sure, all, lead);
    }
}

static void say_winners(struct sweep_report *s)
{
    char *text = NULL, name[GW_NAME_SIZE];
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return;
    }
    const bool line = is_a_line(s) && count_stretches(s) <= MOST_STRETCHES && s->view.points > 1;
    (void)fprintf(out, "%s is highest", measure(&s->view, true, name));
    if (line && count_stretches(s) > 1) {
        write_stretches(out, s);
    } else {
        write_counts(out, s);
    }
    write_sure(out, s);
    if (fclose(out) == 0) {
        gw_report_say(s->report, "%s.", text);
    }
    free(text);
}

/* ---- Between which numbers ------------------------------------------------------------------------------------ */

/* The points of the least and the greatest mean; false: it is nowhere defined. */
static bool extremes(const struct gw_sweep_view *v, size_t *least, size_t *greatest)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t p = 0; p < v->points; p++) {
        const double mean = gw_sweep_view_focus(v, p).mean;
        if (isfinite(mean) && mean < low) {
            low = mean;
            *least = p;
        }
        if (isfinite(mean) && mean > high) {
            high = mean;
            *greatest = p;
        }
    }
    return low <= high;
}

static const char *say_at(const struct sweep_report *s, size_t point, char out[GW_SAY_SIZE])
{
    const struct gw_sweep_mean m = gw_sweep_view_focus(&s->view, point);
    return gw_say_estimate(out, s->kind, s->view.unit, m.mean, m.low, m.high);
}

/* "the difference of Price cut to Status quo", or the measure itself. */
static const char *focus_name(const struct gw_sweep_view *v, bool begins, char out[WORDS])
{
    char first[GW_NAME_SIZE], last[GW_NAME_SIZE];
    if (v->quantities == 1) {
        (void)measure(v, begins, out);
    } else {
        (void)snprintf(out, WORDS, "%s difference of %s to %s", begins ? "The" : "the",
                       strategy_name(v, v->rival, last), strategy_name(v, 0, first));
    }
    return out;
}

static void say_range(struct sweep_report *s)
{
    const struct gw_sweep_view *v = &s->view;
    char name[WORDS], low[GW_SAY_SIZE], high[GW_SAY_SIZE], from[PLACE], to[PLACE];
    size_t least = 0, greatest = 0;
    if (!extremes(v, &least, &greatest)) {
        gw_report_say(s->report, "%s is not defined at any point.", focus_name(v, true, name));
    } else if (least == greatest) {
        gw_report_say(s->report, "%s is %s%s.", focus_name(v, true, name), say_at(s, least, low),
                      v->points == 1 ? "" : " at every point");
    } else {
        gw_report_say(s->report, "%s runs from %s at %s to %s at %s.", focus_name(v, true, name),
                      say_at(s, least, low), place_of(v, least, from), say_at(s, greatest, high),
                      place_of(v, greatest, to));
    }
}

/* A single quantity that is on both sides of zero. */
static void say_signs(struct sweep_report *s)
{
    const struct gw_sweep_view *v = &s->view;
    char name[GW_NAME_SIZE];
    size_t above = 0, below = 0;
    for (size_t p = 0; p < v->points; p++) {
        above += v->low[p] > 0.0;
        below += v->high[p] < 0.0;
    }
    if (v->replications > 1 && (above < v->points || below > 0) && (below < v->points || above > 0)) {
        gw_report_say(s->report,
                      "Of %zu points %s is above 0 at %zu, below at %zu and not told apart from it at %zu "
                      "(95%%).",
                      v->points, measure(v, false, name), above, below, v->points - above - below);
    }
}

/* ---- Tables --------------------------------------------------------------------------------------------------- */

struct columns {
    size_t n;
    struct gw_report_column column[3 + TABLE_INPUTS + GW_SWEEP_VIEW_INPUTS];
    char heading[TABLE_INPUTS][2 * GW_NAME_SIZE];
    struct quantity_names {
        char name[GW_NAME_SIZE + 20], heading[GW_NAME_SIZE];
    } * quantity;
};

static size_t table_inputs(const struct gw_sweep_view *v)
{
    return v->inputs < TABLE_INPUTS ? v->inputs : TABLE_INPUTS;
}

static bool is_shown(const struct gw_sweep_view *v, size_t input)
{
    return gw_sweep_view_is_numeric(v, input) || v->input[input].axis != NULL;
}

/* The point's number or label, then its inputs. */
static void head_columns(const struct gw_sweep_view *v, struct columns *c)
{
    const bool worded = v->point != NULL && v->point->labels != NULL;
    c->n = 0;
    c->column[c->n++] = (struct gw_report_column){"point", "Point", worded ? GW_COLUMN_TEXT : GW_COLUMN_COUNT, false};
    for (size_t i = 0; i < table_inputs(v); i++) {
        char name[GW_NAME_SIZE];
        const char *unit = v->input[i].unit;
        const bool silent = strcmp(unit, "1") == 0 || unit[0] == '\0';
        if (is_shown(v, i)) {
            (void)snprintf(c->heading[i], sizeof c->heading[i], "%s%s%s%s", input_name(&v->input[i], name),
                           silent ? "" : " [", silent ? "" : unit, silent ? "" : "]");
            c->column[c->n++] =
                (struct gw_report_column){v->input[i].name, c->heading[i],
                                          gw_sweep_view_is_numeric(v, i) ? GW_COLUMN_NUMBER : GW_COLUMN_TEXT, false};
        }
    }
}

static void head_cells(const struct sweep_report *s, size_t point)
{
    const struct gw_sweep_view *v = &s->view;
    if (v->point != NULL && v->point->labels != NULL) {
        gw_report_text(s->report, v->point->labels[point]);
    } else {
        gw_report_number(s->report, (double)point);
    }
    for (size_t i = 0; i < table_inputs(v); i++) {
        if (gw_sweep_view_is_numeric(v, i)) {
            gw_report_number(s->report, gw_sweep_view_x(v, point, i));
        } else if (v->input[i].axis != NULL) {
            gw_report_text(s->report, gw_sweep_view_text(v, point, i));
        }
    }
}

/* A column per quantity from `first` on, as many as there is room for; their names in files begin with `what`, for a
 * strategy may be called like an input. */
static size_t quantity_columns(const struct sweep_report *s, struct columns *c, const char *what, size_t first)
{
    const struct gw_sweep_view *v = &s->view;
    size_t q = first;
    for (; q < v->quantities && q < first + GW_SWEEP_VIEW_INPUTS; q++) {
        struct quantity_names *names = &c->quantity[q];
        if (v->by_strategy) {
            (void)strategy_name(v, q, names->heading);
            (void)snprintf(names->name, sizeof names->name, "%s_%.255s", what, gw_strategy_label(v->dataset, q));
        } else {
            (void)measure(v, true, names->heading);
            (void)snprintf(names->name, sizeof names->name, "%s", what);
        }
        c->column[c->n++] = (struct gw_report_column){names->name, names->heading, s->kind, true};
    }
    return q;
}

static void add_levels(struct sweep_report *s, struct columns *c, const char *n)
{
    const struct gw_sweep_view *v = &s->view;
    char heading[WORDS], name[GW_NAME_SIZE];
    head_columns(v, c);
    const size_t end = quantity_columns(s, c, "value", 0);
    if (v->quantities > 1) {
        c->column[c->n++] = (struct gw_report_column){"highest", "Highest", GW_COLUMN_TEXT, false};
        c->column[c->n++] = (struct gw_report_column){"lead", "Lead", s->kind, true};
    }
    (void)snprintf(heading, sizeof heading, "%s, %s:", measure(v, true, name), n);
    gw_report_table(s->report, "points", heading, c->column, c->n);
    for (size_t p = 0; p < v->points; p++) {
        head_cells(s, p);
        for (size_t q = 0; q < end; q++) {
            const size_t at = p * v->quantities + q;
            gw_report_interval(s->report, v->mean[at], v->low[at], v->high[at]);
        }
        if (v->quantities > 1) {
            const struct gw_estimate *lead = &s->lead[p].over_next;
            gw_report_text(s->report, !s->lead[p].known ? ""
                                      : s->lead[p].tied ? "several alike"
                                                        : gw_strategy_label(v->dataset, s->lead[p].quantity));
            gw_report_interval(s->report, lead->mean, lead->low, lead->high);
        }
    }
}

static void add_differences(struct sweep_report *s, struct columns *c, const char *n)
{
    const struct gw_sweep_view *v = &s->view;
    char heading[2 * WORDS], name[GW_NAME_SIZE], first[GW_NAME_SIZE];
    head_columns(v, c);
    const size_t end = quantity_columns(s, c, "difference", 1);
    (void)snprintf(heading, sizeof heading,
                   "%s, difference to %s replication by replication, %s:", measure(v, true, name),
                   strategy_name(v, 0, first), n);
    gw_report_table(s->report, "differences", heading, c->column, c->n);
    for (size_t p = 0; p < v->points; p++) {
        head_cells(s, p);
        for (size_t q = 1; q < end; q++) {
            const size_t at = p * v->quantities + q;
            gw_report_interval(s->report, v->difference[at], v->difference_low[at], v->difference_high[at]);
        }
    }
}

static void span_of(const struct gw_sweep_view *v, size_t input, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t p = 0; p < v->points; p++) {
        const double x = gw_sweep_view_x(v, p, input);
        *low = x < *low ? x : *low;
        *high = x > *high ? x : *high;
    }
}

static int add_inputs(struct sweep_report *s, struct gw_error *error)
{
    static const struct gw_report_column columns[] = {{"input", "Input", GW_COLUMN_TEXT, false},
                                                      {"from", "From", GW_COLUMN_NUMBER, false},
                                                      {"to", "To", GW_COLUMN_NUMBER, false},
                                                      {"share", "Share of variance", GW_COLUMN_SHARE, false}};
    const struct gw_sweep_view *v = &s->view;
    char heading[2 * WORDS], name[WORDS];
    double share[GW_SWEEP_VIEW_INPUTS], low, high;
    const int ret = gw_sweep_view_shares(v, share, error);
    if (ret != GW_OK) {
        return ret;
    }
    (void)snprintf(heading, sizeof heading,
                   "Share of the variance between the points that goes with each input by "
                   "itself, of %s:",
                   focus_name(v, false, name));
    gw_report_table(s->report, "inputs", heading, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < v->inputs; i++) {
        span_of(v, i, &low, &high);
        gw_report_text(s->report, v->input[i].name);
        gw_report_number(s->report, low);
        gw_report_number(s->report, high);
        gw_report_number(s->report, share[i]);
    }
    return GW_OK;
}

/* ---- Notes ---------------------------------------------------------------------------------------------------- */

static void note_undefined(const struct sweep_report *s)
{
    const struct gw_sweep_view *v = &s->view;
    const size_t all = v->points * v->quantities * v->replications;
    size_t undefined = 0;
    for (size_t i = 0; i < all; i++) {
        undefined += !isfinite(v->value[i]);
    }
    if (undefined > 0) {
        gw_report_note(s->report,
                       "%zu of %zu values are not defined and left out; the array n says how many are left.",
                       undefined, all);
    }
}

static void add_notes(const struct sweep_report *s)
{
    if (s->view.quantities > 1 && is_a_line(s) && count_stretches(s) > 1) {
        gw_report_note(s->report, "Where between two points the winner changes, 'goodwill frontier' finds out.");
    }
    if (s->view.replications > 1) {
        gw_report_note(s->report,
                       "Every point meets the same luck, replication by replication: two points differ more "
                       "surely than their intervals suggest. Each interval holds at 95%% by itself.");
    }
    note_undefined(s);
}

/* ---- The report ----------------------------------------------------------------------------------------------- */

static int write_report(struct sweep_report *s, struct columns *c, struct gw_error *error)
{
    char n[100];
    const size_t replications = s->view.replications;
    (void)snprintf(n, sizeof n, replications > 1 ? "mean and 95%% interval over %zu replications" : "one replication",
                   replications);
    if (s->view.quantities > 1) {
        say_winners(s);
    }
    say_range(s);
    if (s->view.quantities == 1) {
        say_signs(s);
    }
    add_levels(s, c, n);
    if (s->view.quantities > 1) {
        add_differences(s, c, n);
    }
    const int ret = s->view.inputs > 1 ? add_inputs(s, error) : GW_OK;
    add_notes(s);
    return ret;
}

int gw_report_of_sweep(const struct gw_dataset *dataset, struct gw_report *report, struct gw_error *error)
{
    struct sweep_report s = {.report = report};
    struct columns *c = calloc(1, sizeof *c);
    int ret = gw_sweep_view_open(&s.view, dataset, error);
    if (ret == GW_OK && c != NULL) {
        s.kind = gw_column_kind_of(s.view.unit);
        s.lead = calloc(s.view.points, sizeof *s.lead);
        c->quantity = calloc(s.view.quantities, sizeof *c->quantity);
    }
    if (ret == GW_OK && (c == NULL || s.lead == NULL || c->quantity == NULL)) {
        ret = gw_fail(error, GW_REFUSED, "out of memory for the report");
    }
    for (size_t p = 0; ret == GW_OK && s.view.quantities > 1 && p < s.view.points; p++) {
        s.lead[p] = lead_at(&s.view, p);
    }
    ret = ret == GW_OK ? write_report(&s, c, error) : ret;
    if (c != NULL) {
        free(c->quantity);
    }
    free(c);
    free(s.lead);
    gw_sweep_view_close(&s.view);
    return ret;
}
