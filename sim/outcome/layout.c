#include "outcome/layout.h"

#include "core/maths.h"

#include <math.h>
#include <string.h>

enum { VALUATION_WORDS = sizeof(struct gw_valuation) / sizeof(int64_t) };

int gw_layout_find(const struct gw_layout *layout, const char *name)
{
    for (int t = 0; t < layout->tallies; t++) {
        if (strcmp(layout->tally[t].tally->name, name) == 0) {
            return t;
        }
    }
    return -1;
}

void gw_layout_make(struct gw_layout *layout, const struct gw_scenario *scenario, const struct gw_layout_tally *tally,
                    int tallies, int cells)
{
    *layout = (struct gw_layout){.strategies = scenario->strategies,
                                 .firms = scenario->firms,
                                 .focal = scenario->focal,
                                 .periods = scenario->horizon,
                                 .tallies = tallies,
                                 .cells = cells,
                                 .tally = tally,
                                 .kept = scenario->keep_firms ? scenario->firms : 1,
                                 .segments = scenario->segments > 1 ? scenario->segments : 0,
                                 .segment_series = scenario->segments > 1 && scenario->keep_segments,
                                 .years = scenario->years};
    const int purchases = gw_layout_find(layout, "purchases");
    layout->purchases_cell = purchases < 0 ? -1 : tally[purchases].cell;
    const size_t each = (size_t)cells + GW_ACCOUNTS, segments = (size_t)layout->segments;
    layout->period_words = ((size_t)layout->kept + (layout->segment_series ? segments : 0)) * each + 1;
    layout->segment_words = GW_SEGMENT_DISCOUNTED * each + GW_ACCOUNTS;
    layout->strategy_words =
        VALUATION_WORDS + layout->period_words * layout->periods + layout->segment_words * segments;
    layout->words = layout->strategy_words * (size_t)layout->strategies;
}

static size_t period_start(const struct gw_layout *layout, int strategy, uint32_t period)
{
    return (size_t)strategy * layout->strategy_words + VALUATION_WORDS + (size_t)period * layout->period_words;
}

void gw_record_take(const struct gw_layout *layout, int64_t *record, int strategy, uint32_t period,
                    const struct gw_books *books)
{
    int64_t *out = record + period_start(layout, strategy, period);
    int64_t market = 0;
    for (int k = 0; k < layout->kept; k++) {
        const int firm = layout->kept == layout->firms ? k : layout->focal;
        for (int cell = 0; cell < layout->cells; cell++) {
            *out++ = books->tally[cell * layout->firms + firm];
        }
        for (int account = 0; account < GW_ACCOUNTS; account++) {
            *out++ = books->account[account * layout->firms + firm];
        }
    }
    for (int firm = 0; layout->purchases_cell >= 0 && firm < layout->firms; firm++) {
        market += books->tally[layout->purchases_cell * layout->firms + firm];
    }
    record[period_start(layout, strategy, period) + layout->period_words - 1] = market;
}

/* ---- Segments --------------------------------------------------------------------------------------------- */

static size_t all_cells(const struct gw_layout *layout)
{
    return (size_t)layout->cells + GW_ACCOUNTS;
}

static size_t series_start(const struct gw_layout *layout, int strategy, uint32_t period)
{
    return period_start(layout, strategy, period) + (size_t)layout->kept * all_cells(layout);
}

static size_t number_start(const struct gw_layout *layout, int strategy, int segment, enum gw_segment_number what)
{
    return period_start(layout, strategy, layout->periods) + (size_t)segment * layout->segment_words +
           (size_t)what * all_cells(layout);
}

double gw_record_discount_factor(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t period)
{
    const double rate = gw_record_valuation(layout, record, strategy).discount_rate;
    return gw_exp(-((double)period + 1.0) * layout->years * gw_log(1.0 + rate));
}

int64_t gw_discounted(int64_t micro, double factor)
{
    return (int64_t)floor((double)micro * factor + 0.5);
}

static void take_totals(const struct gw_layout *layout, int64_t *record, int strategy, uint32_t period, int segment,
                        const int64_t *cell)
{
    int64_t *total = record + number_start(layout, strategy, segment, GW_SEGMENT_TOTAL);
    int64_t *first = record + number_start(layout, strategy, segment, GW_SEGMENT_FIRST);
    int64_t *last = record + number_start(layout, strategy, segment, GW_SEGMENT_LAST);
    for (size_t c = 0; c < all_cells(layout); c++) {
        total[c] = (period == 0 ? 0 : total[c]) + cell[c];
        first[c] = period == 0 ? cell[c] : first[c];
        last[c] = cell[c];
    }
}

static void discount(const struct gw_layout *layout, int64_t *record, int strategy, uint32_t period,
                     const int64_t *of_segment)
{
    const double factor = gw_record_discount_factor(layout, record, strategy, period);
    for (int account = 0; account < GW_ACCOUNTS; account++) {
        int64_t flow = 0, before = 0;
        for (int s = 0; s < layout->segments; s++) {
            int64_t *sum = record + number_start(layout, strategy, s, GW_SEGMENT_DISCOUNTED) + account;
            flow += of_segment[(size_t)s * all_cells(layout) + (size_t)(layout->cells + account)];
            const int64_t now = gw_discounted(flow, factor);
            *sum = (period == 0 ? 0 : *sum) + now - before;
            before = now;
        }
    }
}

void gw_record_take_segments(const struct gw_layout *layout, int64_t *record, int strategy, uint32_t period,
                             const int64_t *of_segment)
{
    if (layout->segments == 0) {
        return;
    }
    if (layout->segment_series) {
        memcpy(record + series_start(layout, strategy, period), of_segment,
               (size_t)layout->segments * all_cells(layout) * sizeof *record);
    }
    for (int s = 0; s < layout->segments; s++) {
        take_totals(layout, record, strategy, period, s, of_segment + (size_t)s * all_cells(layout));
    }
    discount(layout, record, strategy, period, of_segment);
}

int64_t gw_record_segment_number(const struct gw_layout *layout, const int64_t *record, int strategy, int segment,
                                 enum gw_segment_number what, int cell)
{
    return record[number_start(layout, strategy, segment, what) + (size_t)cell];
}

int64_t gw_record_segment_cell(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t period,
                               int segment, int cell)
{
    return record[series_start(layout, strategy, period) + (size_t)segment * all_cells(layout) + (size_t)cell];
}

/* ---- Reading ---------------------------------------------------------------------------------------------- */

int64_t gw_record_cell(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t period, int kept,
                       int cell)
{
    return record[period_start(layout, strategy, period) + (size_t)(kept * (layout->cells + GW_ACCOUNTS) + cell)];
}

int64_t gw_record_account(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t period,
                          int kept, enum gw_account account)
{
    return gw_record_cell(layout, record, strategy, period, kept, layout->cells + (int)account);
}

int64_t gw_record_market_purchases(const struct gw_layout *layout, const int64_t *record, int strategy,
                                   uint32_t period)
{
    return record[period_start(layout, strategy, period) + layout->period_words - 1];
}

void gw_record_set_valuation(const struct gw_layout *layout, int64_t *record, int strategy,
                             const struct gw_valuation *valuation)
{
    memcpy(record + (size_t)strategy * layout->strategy_words, valuation, sizeof *valuation);
}

struct gw_valuation gw_record_valuation(const struct gw_layout *layout, const int64_t *record, int strategy)
{
    struct gw_valuation valuation;
    memcpy(&valuation, record + (size_t)strategy * layout->strategy_words, sizeof valuation);
    return valuation;
}

void gw_record_set_controls(const struct gw_layout *layout, int64_t *record, const double *control)
{
    const size_t controls = (size_t)layout->controls;
    memcpy(record + layout->words - controls, control, controls * sizeof *control);
}

double gw_record_control(const struct gw_layout *layout, const int64_t *record, int control)
{
    double value;
    memcpy(&value, record + layout->words - (size_t)layout->controls + control, sizeof value);
    return value;
}

int gw_layout_focal(const struct gw_layout *layout)
{
    return layout->kept == 1 ? 0 : layout->focal;
}
