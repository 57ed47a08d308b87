#include "outcome/layout.h"

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
                                 .kept = scenario->keep_firms ? scenario->firms : 1};
    const int purchases = gw_layout_find(layout, "purchases");
    layout->purchases_cell = purchases < 0 ? -1 : tally[purchases].cell;
    layout->period_words = (size_t)layout->kept * (size_t)(cells + GW_ACCOUNTS) + 1;
    layout->strategy_words = VALUATION_WORDS + layout->period_words * layout->periods;
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
    *out = market;
}

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

int gw_layout_focal(const struct gw_layout *layout)
{
    return layout->kept == 1 ? 0 : layout->focal;
}
