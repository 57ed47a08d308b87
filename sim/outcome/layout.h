/*
 * How the numbers of one replication lie in memory, in the journal and, transposed, in the run file.
 *
 * A record is int64 words, strategy by strategy: the numbers of valuation in force in this world (bit patterns of
 * doubles), then [period][word]. A period holds, for each kept firm, all tally cells and all accounts, and at the end
 * the purchases of all firms together.
 */
#ifndef GW_OUTCOME_LAYOUT_H
#define GW_OUTCOME_LAYOUT_H

#include "models/rule.h"
#include "scenario/scenario.h"

struct gw_layout_tally {
    const struct gw_tally *tally;
    int rule;   /* in the registry */
    int cell;   /* first cell in the books */
    int labels; /* 1 without a dimension */
};

struct gw_layout {
    int strategies, firms, focal;
    uint32_t periods;
    int tallies, cells;
    const struct gw_layout_tally *tally; /* borrowed */
    int kept;                            /* firms in a record: the focal one alone, or all */
    int purchases_cell;                  /* -1 when no rule counts purchases */
    size_t period_words, strategy_words, words;
};

/* How money at different times is compared; may differ between worlds and strategies. */
struct gw_valuation {
    double discount_rate; /* per year */
    double terminal;      /* 0 fade, 1 run_off, 2 none */
    double fade;          /* per year */
};

void gw_layout_make(struct gw_layout *layout, const struct gw_scenario *scenario, const struct gw_layout_tally *tally,
                    int tallies, int cells);

/* Copies the books of a period into a record. */
void gw_record_take(const struct gw_layout *layout, int64_t *record, int strategy, uint32_t period,
                    const struct gw_books *books);

void gw_record_set_valuation(const struct gw_layout *layout, int64_t *record, int strategy,
                             const struct gw_valuation *valuation);
struct gw_valuation gw_record_valuation(const struct gw_layout *layout, const int64_t *record, int strategy);

/* A cell or account of a kept firm (0 for the focal one alone, else the firm) in a record. */
int64_t gw_record_cell(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t period, int kept,
                       int cell);
int64_t gw_record_account(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t period,
                          int kept, enum gw_account account);
int64_t gw_record_market_purchases(const struct gw_layout *layout, const int64_t *record, int strategy,
                                   uint32_t period);

/* Position of a tally by name, or -1. */
int gw_layout_find(const struct gw_layout *layout, const char *name);
/* Position of the focal firm among the kept ones. */
int gw_layout_focal(const struct gw_layout *layout);

#endif
