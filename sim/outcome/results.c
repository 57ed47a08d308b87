#include "outcome/results.h"

#include "outcome/segment.h"
#include "outcome/value.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORTH "strategy, replication"
#define YEARLY "strategy, replication, year"
#define SERIES "strategy, replication, period"
#define SEGMENTS "strategy, replication, segment"

/* WORTHS outputs of struct gw_worth come first. */
enum {
    WORTHS = 14,
    ACTIVE_AT_START = WORTHS,
    LOST,
    RETENTION_BY_YEAR,
    MARKET_PURCHASES,
    NET_CASH_FLOW,
    LEDGER,
    DISCOUNTED_LEDGER,
    CONTRIBUTION,
    SEGMENT_CONSUMERS,
    SEGMENT_LEDGER,
    SEGMENT_COUNTS,
    SEGMENT_REALS = SEGMENT_COUNTS + 9,
    OUTPUTS = SEGMENT_REALS + 5
};

static const struct gw_output outputs[OUTPUTS] = {
    {"company_value", "money", WORTH, "company value: horizon and terminal part"},
    {"horizon_value", "money", WORTH, "discounted net cash flow within the horizon"},
    {"terminal_value", "money", WORTH, "discounted value after the horizon"},
    {"gross_value", "money", WORTH,
     "discounted flow within the horizon before fixed cost, experience spend and advertising"},
    {"clv_base", "money per customer", WORTH,
     "discounted contribution per customer alive at the start, within the horizon"},
    {"clv_new", "money per customer", WORTH, "discounted contribution per newly won customer, within the horizon"},
    {"retention", "per year", WORTH, "annual retention, mean over whole years"},
    {"share", "1", WORTH, "share of all purchases"},
    {"nps", "points", WORTH, "net promoter score of the horizon"},
    {"nps_true", "points", WORTH, "net promoter score of the horizon, had everybody answered"},
    {"acquisition_cost", "money", WORTH, "advertising and offers to newcomers"},
    {"cac", "money per customer", WORTH, "acquisition cost per newly won customer"},
    {"retention_cost", "money per customer and year", WORTH,
     "retention spend, experience spend and recovery per active customer and year"},
    {"customer_equity", "money", WORTH,
     "discounted contribution net of acquisition cost, and what customers alive at the end bring after it"},
    [ACTIVE_AT_START] = {"active_at_start", "customers", WORTH, "customers when the strategies start"},
    [LOST] = {"lost", "customers", WORTH, "relations that ended, whatever the cause"},
    [RETENTION_BY_YEAR] = {"retention_by_year", "per year", YEARLY,
                           "customers at the start of a year who are still customers at its end / customers at its "
                           "start"},
    [MARKET_PURCHASES] = {"market_purchases", "1", SERIES, "purchases from all firms"},
    [NET_CASH_FLOW] = {"net_cash_flow", "1e-6 money", SERIES, "net cash flow: change of cash"},
    [LEDGER] = {"ledger", "1e-6 money", SERIES ", account",
                "flow of each account, debit positive; the accounts of a period sum to 0"},
    [DISCOUNTED_LEDGER] = {"discounted_ledger", "money", WORTH ", account",
                           "discounted flow of each account within the horizon, debit positive; they sum to 0"},
    [CONTRIBUTION] = {"contribution", "1e-6 money", WORTH,
                      "discounted revenue less cost of goods and cost to serve within the horizon: the sum of "
                      "segment_contribution; with several segments"},
    [SEGMENT_CONSUMERS] = {"segment_consumers", "consumers", "segment",
                           "consumers of the segment; like all of a segment, with several segments"},
    [SEGMENT_LEDGER] = {"segment_ledger", "1e-6 money", SEGMENTS ", account",
                        "flow of each account within the horizon for the segment's customers, debit positive; what "
                        "concerns the firm alone is no segment's"},
    [SEGMENT_COUNTS] = {"segment_active_at_start", "customers", SEGMENTS,
                        "customers of the segment when the strategies start"},
    {"segment_active", "customers", SEGMENTS, "customers of the segment at the end of the horizon"},
    {"segment_survivors", "customers", SEGMENTS,
     "customers of the segment at the end of the horizon, without a break since the start"},
    {"segment_joined", "customers", SEGMENTS, "customers of the segment won for the first time"},
    {"segment_won_back", "customers", SEGMENTS, "former customers of the segment who paid again"},
    {"segment_lost", "customers", SEGMENTS, "relations of the segment that ended, whatever the cause"},
    {"segment_purchases", "orders", SEGMENTS, "orders paid by the segment"},
    {"segment_revenue", "1e-6 money", SEGMENTS, "discounted revenue from the segment within the horizon"},
    {"segment_contribution", "1e-6 money", SEGMENTS,
     "discounted revenue less cost of goods and cost to serve of the segment within the horizon; segments sum to "
     "contribution, exactly"},
    [SEGMENT_REALS] = {"segment_retention", "1", SEGMENTS,
                       "share of the segment's customers of the start who are still customers at the end of the "
                       "horizon, without a break"},
    {"segment_clv_base", "money per customer", SEGMENTS,
     "discounted contribution per customer of the segment alive at the start, within the horizon"},
    {"segment_clv_new", "money per customer", SEGMENTS,
     "discounted contribution per newly won customer of the segment, within the horizon"},
    {"segment_satisfaction", "points", SEGMENTS,
     "mean satisfaction score of the segment's customers who answered, 1 to 5"},
    {"segment_nps", "points", SEGMENTS, "net promoter score of the segment over the horizon"},
};

const struct gw_output *gw_outputs(size_t *count)
{
    *count = OUTPUTS;
    return outputs;
}

struct builder {
    struct gw_dataset *dataset;
    const struct gw_scenario *scenario;
    const struct gw_layout *layout;
    const int64_t *const *record;
    size_t n;
    int strategy, replication, period, year, firm, account, segment; /* axes */
    uint32_t periods_per_year, years;
    const char *asked; /* text with the names of the series that are wanted; NULL: all */
    bool short_of_memory;
};

static bool wanted(const struct builder *b, const char *series)
{
    return b->asked == NULL || strstr(b->asked, series) != NULL;
}

static int axis(struct builder *b, const char *name, const char *unit, const char *long_name, size_t length,
                const char *const *labels, const int64_t *values)
{
    const int position = gw_dataset_add_axis(b->dataset, name, unit, long_name, length, labels, values);
    b->short_of_memory |= position < 0;
    return position;
}

static int numbered_axis(struct builder *b, const char *name, const char *unit, const char *long_name, size_t length)
{
    int64_t *values = calloc(length + 1, sizeof *values);
    int position = -1;
    b->short_of_memory |= values == NULL;
    for (size_t i = 0; values != NULL && i < length; i++) {
        values[i] = (int64_t)i;
    }
    position = values == NULL ? -1 : axis(b, name, unit, long_name, length, NULL, values);
    free(values);
    return position;
}

static void *array(struct builder *b, const char *name, const char *unit, const char *long_name,
                   enum gw_data_type type, int dims, const int *axes)
{
    if (b->short_of_memory) {
        return NULL;
    }
    const int position = gw_dataset_add_array(b->dataset, name, unit, long_name, type, dims, axes);
    b->short_of_memory |= position < 0;
    return position < 0 ? NULL : b->dataset->array[position].data;
}

static void *output_array(struct builder *b, int output, enum gw_data_type type, int dims, const int *axes)
{
    return array(b, outputs[output].name, outputs[output].unit, outputs[output].doc, type, dims, axes);
}

/* ---- Axes ------------------------------------------------------------------------------------------------- */

static const char *unit_of_period(const struct gw_scenario *scenario)
{
    static const char *const names[] = {"day number", "week number", "month number"};
    return names[scenario->period];
}

static void strategy_and_firm_axes(struct builder *b)
{
    const struct gw_scenario *s = b->scenario;
    const char **strategies = calloc((size_t)s->strategies, sizeof *strategies);
    b->short_of_memory |= strategies == NULL;
    for (int i = 0; strategies != NULL && i < s->strategies; i++) {
        strategies[i] = s->strategy[i].name;
    }
    if (strategies != NULL) {
        b->strategy = axis(b, "strategy", "1", "strategy of the focal firm", (size_t)s->strategies, strategies, NULL);
    }
    if (b->layout->kept > 1) {
        b->firm = axis(b, "firm", "1", "firm", (size_t)s->firms, (const char *const *)s->firm, NULL);
    }
    free((void *)strategies);
}

static void segment_axis(struct builder *b)
{
    const struct gw_scenario *s = b->scenario;
    const char **names = calloc((size_t)s->segments, sizeof *names);
    b->short_of_memory |= names == NULL;
    for (int i = 0; names != NULL && i < s->segments; i++) {
        names[i] = s->segment[i].name;
    }
    if (names != NULL) {
        b->segment = axis(b, "segment", "1", "segment of consumers", (size_t)s->segments, names, NULL);
    }
    free((void *)names);
}

static void axes(struct builder *b, const uint32_t *replication)
{
    int64_t *numbers = calloc(b->n + 1, sizeof *numbers);
    b->short_of_memory |= numbers == NULL;
    strategy_and_firm_axes(b);
    for (size_t i = 0; numbers != NULL && i < b->n; i++) {
        numbers[i] = (int64_t)replication[i];
    }
    if (numbers != NULL) {
        b->replication =
            axis(b, "replication", "1", "replication (possible world and its luck)", b->n, NULL, numbers);
    }
    free(numbers);
    b->period = numbered_axis(b, "period", unit_of_period(b->scenario), "period since the start of the strategies",
                              b->layout->periods);
    if (b->years > 0) {
        b->year = numbered_axis(b, "year", "year number", "whole year since the start of the strategies", b->years);
    }
    b->account = axis(b, "account", "1", "account of the ledger", GW_ACCOUNTS, gw_account_names, NULL);
    if (b->layout->segments > 0) {
        segment_axis(b);
    }
}

/* The axis of a tally's dimension, added when first met. */
static int label_axis(struct builder *b, const struct gw_layout_tally *tally)
{
    const struct gw_dimension *dimension = tally->tally->dimension;
    for (int a = 0; a < b->dataset->axes; a++) {
        if (gw_dataset_axis(b->dataset, dimension->name) == &b->dataset->axis[a]) {
            return a;
        }
    }
    return axis(b, dimension->name, "1", dimension->name, (size_t)tally->labels, dimension->labels, NULL);
}

/* ---- Series ----------------------------------------------------------------------------------------------- */

/* Cells [first, first + labels) of a kept firm as (strategy, replication, period [, label]). */
static void fill_series(const struct builder *b, int64_t *out, int kept, int first, int labels)
{
    for (int s = 0; s < b->layout->strategies; s++) {
        for (size_t i = 0; i < b->n; i++) {
            for (uint32_t t = 0; t < b->layout->periods; t++) {
                for (int label = 0; label < labels; label++) {
                    *out++ = gw_record_cell(b->layout, b->record[i], s, t, kept, first + label);
                }
            }
        }
    }
}

/* The same of a segment. */
static void fill_segment_series(const struct builder *b, int64_t *out, int segment, int first, int labels)
{
    for (int s = 0; s < b->layout->strategies; s++) {
        for (size_t i = 0; i < b->n; i++) {
            for (uint32_t t = 0; t < b->layout->periods; t++) {
                for (int label = 0; label < labels; label++) {
                    *out++ = gw_record_segment_cell(b->layout, b->record[i], s, t, segment, first + label);
                }
            }
        }
    }
}

static void add_cells(struct builder *b, const char *name, const char *unit, const char *doc, int first, int labels,
                      int label_position)
{
    if (!wanted(b, name)) {
        return;
    }
    const int dims = label_position < 0 ? 3 : 4;
    const int of_focal[] = {b->strategy, b->replication, b->period, label_position};
    int64_t *data = array(b, name, unit, doc, GW_INT64, dims, of_focal);
    if (data != NULL) {
        fill_series(b, data, gw_layout_focal(b->layout), first, labels);
    }
    const size_t each = (size_t)b->layout->strategies * b->n * b->layout->periods * (size_t)labels;
    char long_name[128];
    if (b->layout->kept > 1 && !b->short_of_memory) {
        snprintf(long_name, sizeof long_name, "firms_%s", name);
        const int all[] = {b->firm, b->strategy, b->replication, b->period, label_position};
        data = array(b, long_name, unit, doc, GW_INT64, dims + 1, all);
        for (int kept = 0; data != NULL && kept < b->layout->kept; kept++) {
            fill_series(b, data + (size_t)kept * each, kept, first, labels);
        }
    }
    if (b->layout->segment_series && !b->short_of_memory) {
        snprintf(long_name, sizeof long_name, "segments_%s", name);
        const int all[] = {b->segment, b->strategy, b->replication, b->period, label_position};
        data = array(b, long_name, unit, doc, GW_INT64, dims + 1, all);
        for (int s = 0; data != NULL && s < b->layout->segments; s++) {
            fill_segment_series(b, data + (size_t)s * each, s, first, labels);
        }
    }
}

static void tally_series(struct builder *b)
{
    for (int t = 0; t < b->layout->tallies && !b->short_of_memory; t++) {
        const struct gw_layout_tally *tally = &b->layout->tally[t];
        const int position = tally->tally->dimension == NULL ? -1 : label_axis(b, tally);
        char unit[80]; /* sums are integers of 1e-6 */
        (void)snprintf(unit, sizeof unit, "%s%s", tally->tally->measure == GW_SUM ? "1e-6 " : "", tally->tally->unit);
        add_cells(b, tally->tally->name, unit, tally->tally->doc, tally->cell, tally->labels, position);
    }
    const struct gw_output *ledger = &outputs[LEDGER];
    add_cells(b, ledger->name, ledger->unit, ledger->doc, b->layout->cells, GW_ACCOUNTS, b->account);
}

static void market_series(struct builder *b)
{
    const int axes3[] = {b->strategy, b->replication, b->period};
    if (!wanted(b, outputs[MARKET_PURCHASES].name) && !wanted(b, outputs[NET_CASH_FLOW].name)) {
        return;
    }
    int64_t *market = output_array(b, MARKET_PURCHASES, GW_INT64, 3, axes3);
    int64_t *flow = output_array(b, NET_CASH_FLOW, GW_INT64, 3, axes3);
    for (int s = 0; market != NULL && flow != NULL && s < b->layout->strategies; s++) {
        for (size_t i = 0; i < b->n; i++) {
            for (uint32_t t = 0; t < b->layout->periods; t++) {
                *market++ = gw_record_market_purchases(b->layout, b->record[i], s, t);
                *flow++ = gw_net_cash_flow(b->layout, b->record[i], s, t);
            }
        }
    }
}

/* ---- Numbers of a replication ------------------------------------------------------------------------------ */

/* Outputs that are fields of struct gw_worth, in the order of `outputs`. */
static const size_t worth_field[] = {
    offsetof(struct gw_worth, company_value),
    offsetof(struct gw_worth, horizon_value),
    offsetof(struct gw_worth, terminal_value),
    offsetof(struct gw_worth, gross_value),
    offsetof(struct gw_worth, clv_base),
    offsetof(struct gw_worth, clv_new),
    offsetof(struct gw_worth, retention),
    offsetof(struct gw_worth, share),
    offsetof(struct gw_worth, nps),
    offsetof(struct gw_worth, nps_true),
    offsetof(struct gw_worth, acquisition_cost),
    offsetof(struct gw_worth, cac),
    offsetof(struct gw_worth, retention_cost),
    offsetof(struct gw_worth, customer_equity),
};
_Static_assert(sizeof worth_field / sizeof *worth_field == WORTHS, "one field per output");

static void worths(struct builder *b)
{
    const int axes3[] = {b->strategy, b->replication, b->account};
    double *out[WORTHS];
    double *ledger = output_array(b, DISCOUNTED_LEDGER, GW_FLOAT64, 3, axes3);
    int64_t *start = output_array(b, ACTIVE_AT_START, GW_INT64, 2, axes3);
    int64_t *lost = output_array(b, LOST, GW_INT64, 2, axes3);
    for (int o = 0; o < WORTHS; o++) {
        out[o] = output_array(b, o, GW_FLOAT64, 2, axes3);
    }
    for (int s = 0; !b->short_of_memory && s < b->layout->strategies; s++) {
        for (size_t i = 0; i < b->n; i++) {
            const struct gw_worth worth = gw_worth_of(b->layout, b->record[i], s, b->scenario->years);
            const size_t at = (size_t)s * b->n + i;
            start[at] = worth.active_at_start;
            memcpy(ledger + at * GW_ACCOUNTS, worth.account, sizeof worth.account);
            lost[at] = worth.lost;
            for (int o = 0; o < WORTHS; o++) {
                out[o][at] = *(const double *)(const void *)((const char *)&worth + worth_field[o]);
            }
        }
    }
}

static void yearly(struct builder *b)
{
    const int axes3[] = {b->strategy, b->replication, b->year};
    if (b->years == 0) {
        return;
    }
    double *out = output_array(b, RETENTION_BY_YEAR, GW_FLOAT64, 3, axes3);
    for (int s = 0; out != NULL && s < b->layout->strategies; s++) {
        for (size_t i = 0; i < b->n; i++) {
            for (uint32_t y = 0; y < b->years; y++) {
                *out++ = gw_retention_in_year(b->layout, b->record[i], s, y, b->periods_per_year);
            }
        }
    }
}

/* ---- Segments --------------------------------------------------------------------------------------------- */

/* Outputs that are fields of struct gw_segment_worth, in the order of `outputs`. */
static const size_t segment_count[] = {
    offsetof(struct gw_segment_worth, active_at_start), offsetof(struct gw_segment_worth, active),
    offsetof(struct gw_segment_worth, survivors),       offsetof(struct gw_segment_worth, joined),
    offsetof(struct gw_segment_worth, won_back),        offsetof(struct gw_segment_worth, lost),
    offsetof(struct gw_segment_worth, purchases),       offsetof(struct gw_segment_worth, revenue),
    offsetof(struct gw_segment_worth, contribution),
};
static const size_t segment_real[] = {
    offsetof(struct gw_segment_worth, retention), offsetof(struct gw_segment_worth, clv_base),
    offsetof(struct gw_segment_worth, clv_new),   offsetof(struct gw_segment_worth, satisfaction),
    offsetof(struct gw_segment_worth, nps),
};
enum {
    COUNTS_OF_SEGMENT = sizeof segment_count / sizeof *segment_count,
    REALS_OF_SEGMENT = sizeof segment_real / sizeof *segment_real
};
_Static_assert(COUNTS_OF_SEGMENT == SEGMENT_REALS - SEGMENT_COUNTS, "one field per output");
_Static_assert(REALS_OF_SEGMENT == OUTPUTS - SEGMENT_REALS, "one field per output");

static void segment_sizes(struct builder *b)
{
    int64_t *consumers = output_array(b, SEGMENT_CONSUMERS, GW_INT64, 1, &b->segment);
    for (int s = 0; consumers != NULL && s < b->layout->segments; s++) {
        consumers[s] = (int64_t)gw_segment_first(b->scenario, s + 1) - (int64_t)gw_segment_first(b->scenario, s);
    }
}

static void segment_ledger(struct builder *b)
{
    const int axes4[] = {b->strategy, b->replication, b->segment, b->account};
    int64_t *total = output_array(b, CONTRIBUTION, GW_INT64, 2, axes4);
    int64_t *ledger = output_array(b, SEGMENT_LEDGER, GW_INT64, 4, axes4);
    for (int s = 0; !b->short_of_memory && s < b->layout->strategies; s++) {
        for (size_t i = 0; i < b->n; i++) {
            *total++ = gw_contribution(b->layout, b->record[i], s);
            for (int k = 0; k < b->layout->segments * GW_ACCOUNTS; k++) {
                *ledger++ = gw_record_segment_number(b->layout, b->record[i], s, k / GW_ACCOUNTS, GW_SEGMENT_TOTAL,
                                                     b->layout->cells + k % GW_ACCOUNTS);
            }
        }
    }
}

static void segment_worths(struct builder *b)
{
    const int axes3[] = {b->strategy, b->replication, b->segment};
    int64_t *counts[COUNTS_OF_SEGMENT];
    double *reals[REALS_OF_SEGMENT];
    for (int o = 0; o < COUNTS_OF_SEGMENT; o++) {
        counts[o] = output_array(b, SEGMENT_COUNTS + o, GW_INT64, 3, axes3);
    }
    for (int o = 0; o < REALS_OF_SEGMENT; o++) {
        reals[o] = output_array(b, SEGMENT_REALS + o, GW_FLOAT64, 3, axes3);
    }
    const size_t segments = (size_t)b->layout->segments;
    for (size_t at = 0; !b->short_of_memory && at < (size_t)b->layout->strategies * b->n * segments; at++) {
        const size_t s = at / (b->n * segments), i = at / segments % b->n;
        const struct gw_segment_worth worth =
            gw_segment_worth_of(b->layout, b->record[i], (int)s, (int)(at % segments));
        const char *field = (const char *)&worth;
        for (int o = 0; o < COUNTS_OF_SEGMENT; o++) {
            counts[o][at] = *(const int64_t *)(const void *)(field + segment_count[o]);
        }
        for (int o = 0; o < REALS_OF_SEGMENT; o++) {
            reals[o][at] = *(const double *)(const void *)(field + segment_real[o]);
        }
    }
}

static void controls(struct builder *b)
{
    const size_t n = (size_t)b->layout->controls;
    const char **names = calloc(n + 1, sizeof *names);
    b->short_of_memory |= names == NULL;
    for (size_t c = 0; names != NULL && c < n; c++) {
        names[c] = b->layout->control[c].name;
    }
    if (names != NULL) {
        const int axes2[] = {axis(b, "control_variate", "1", "chance whose mean is known", n, names, NULL),
                             b->replication};
        double *out = array(b, "control", "1", "control variates, minus their means", GW_FLOAT64, 2, axes2);
        for (size_t i = 0; out != NULL && i < n * b->n; i++) {
            out[i] = gw_record_control(b->layout, b->record[i % b->n], (int)(i / b->n));
        }
    }
    free((void *)names);
}

/* ---- All of it -------------------------------------------------------------------------------------------- */

static void describe_run(struct builder *b)
{
    static const char *const periods[] = {"day", "week", "month"};
    const struct gw_scenario *s = b->scenario;
    char number[64];
    struct {
        const char *name, *text;
    } pairs[] = {{"title", s->title},
                 {"name", s->name},
                 {"focal", s->firm[s->focal]},
                 {"scenario", s->text},
                 {"resolved", s->resolved},
                 {"warnings", s->warnings},
                 {"period_unit", periods[s->period]}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        b->short_of_memory |= gw_dataset_add_attribute(b->dataset, pairs[i].name, pairs[i].text) < 0;
    }
    snprintf(number, sizeof number, "%llu", (unsigned long long)s->seed);
    b->short_of_memory |= gw_dataset_add_attribute(b->dataset, "seed", number) < 0;
    snprintf(number, sizeof number, "%.17g", s->years);
    b->short_of_memory |= gw_dataset_add_attribute(b->dataset, "years", number) < 0;
    if (s->reduction.antithetic) {
        b->short_of_memory |= gw_dataset_add_attribute(b->dataset, "antithetic", "true") < 0;
    }
    /* Where a precision is asked, it has decided how many are enough. */
    if (s->scale != 1.0) {
        snprintf(number, sizeof number, "%.17g", s->scale);
        b->short_of_memory |= gw_dataset_add_attribute(b->dataset, "scale", number) < 0;
    }
    const size_t asked = s->precision.half_width > 0.0 ? b->n : s->replications;
    snprintf(number, sizeof number, "%zu", asked);
    b->short_of_memory |= gw_dataset_add_attribute(b->dataset, "replications_asked", number) < 0;
    b->short_of_memory |= gw_dataset_add_attribute(b->dataset, "status", b->n == asked ? "complete" : "stopped") < 0;
}

int gw_results_create_for(struct gw_dataset **dataset, const char *measures, const struct gw_scenario *scenario,
                          const struct gw_layout *layout, const uint32_t *replication, const int64_t *const *record,
                          size_t n, struct gw_error *error)
{
    struct builder b = {.scenario = scenario, .layout = layout, .record = record, .n = n, .asked = measures};
    const int ret = gw_dataset_create(dataset, error);
    if (ret != GW_OK) {
        return ret;
    }
    b.dataset = *dataset;
    b.periods_per_year = (uint32_t)(1.0 / scenario->years + 0.5);
    b.years = layout->periods / b.periods_per_year;
    axes(&b, replication);
    describe_run(&b);
    worths(&b);
    yearly(&b);
    tally_series(&b);
    market_series(&b);
    if (layout->segments > 0) {
        segment_sizes(&b);
        segment_ledger(&b);
        segment_worths(&b);
    }
    if (layout->controls > 0) {
        controls(&b);
    }
    if (b.short_of_memory) {
        gw_dataset_free(*dataset);
        *dataset = NULL;
        return gw_fail(error, GW_REFUSED, "out of memory for the results of %zu replications", n);
    }
    return GW_OK;
}

int gw_results_create(struct gw_dataset **dataset, const struct gw_scenario *scenario, const struct gw_layout *layout,
                      const uint32_t *replication, const int64_t *const *record, size_t n, struct gw_error *error)
{
    return gw_results_create_for(dataset, NULL, scenario, layout, replication, record, n, error);
}
