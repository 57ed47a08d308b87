/*
 * How the numbers of one replication lie in memory, in the journal and, transposed, in the run file.
 *
 * A record is int64 words, strategy by strategy: the numbers of valuation in force in this world (bit patterns of
 * doubles), then [period][word], then [segment][word]. A period holds, for each kept firm, all tally cells and all
 * accounts, then, where series of segments are kept, the same for each segment, and at the end the purchases of all
 * firms together; after the last strategy, the control variates (bit patterns of doubles). A segment holds what enum
 * gw_segment_number says, of the focal firm. With one segment there is nothing about segments.
 */
#ifndef GW_OUTCOME_LAYOUT_H
#define GW_OUTCOME_LAYOUT_H

#include "models/rule.h"
#include "scenario/scenario.h"
#include "world/controls.h"

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
    int segments;                        /* 0 with one in the scenario */
    bool segment_series;                 /* kept by period too */
    double years;                        /* length of a period */
    int controls;                        /* 0 unless the scenario asks for them */
    const struct gw_control *control;    /* borrowed */
    size_t period_words, segment_words, strategy_words, words;
};

/* How money at different times is compared; may differ between worlds and strategies. */
struct gw_valuation {
    double discount_rate; /* per year */
    double terminal;      /* 0 fade, 1 run_off, 2 none */
    double fade;          /* per year */
};

void gw_layout_make(struct gw_layout *layout, const struct gw_scenario *scenario, const struct gw_layout_tally *tally,
                    int tallies, int cells);

/* Control variates, value minus mean: room for all of them, and one of them. */
void gw_record_set_controls(const struct gw_layout *layout, int64_t *record, const double *control);
double gw_record_control(const struct gw_layout *layout, const int64_t *record, int control);

/* Copies the books of a period into a record. */
void gw_record_take(const struct gw_layout *layout, int64_t *record, int strategy, uint32_t period,
                    const struct gw_books *books);

void gw_record_set_valuation(const struct gw_layout *layout, int64_t *record, int strategy,
                             const struct gw_valuation *valuation);
struct gw_valuation gw_record_valuation(const struct gw_layout *layout, const int64_t *record, int strategy);

/* Of a segment over the horizon; accounts follow the tally cells as one more kind of cell, but for the last. */
enum gw_segment_number {
    GW_SEGMENT_TOTAL,     /* [cell, account] sum over the periods */
    GW_SEGMENT_FIRST,     /* [cell, account] of the first period */
    GW_SEGMENT_LAST,      /* [cell, account] of the last period */
    GW_SEGMENT_DISCOUNTED /* [account] sum over t of flow_t v^(t+1) */
};

/* Takes what a period brought by segment, after gw_record_set_valuation() and in the order of periods: `of_segment`
 * is [segment][cell, then account], NULL with one segment. A segment's flow is discounted as the difference between
 * two cumulated ones, segment by segment, each rounded to 1e-6: so segments add up to the rounded whole, exactly. */
void gw_record_take_segments(const struct gw_layout *layout, int64_t *record, int strategy, uint32_t period,
                             const int64_t *of_segment);
int64_t gw_record_segment_number(const struct gw_layout *layout, const int64_t *record, int strategy, int segment,
                                 enum gw_segment_number what, int cell);
/* A cell (or, after the cells, an account) of a segment in a period, where series are kept. */
int64_t gw_record_segment_cell(const struct gw_layout *layout, const int64_t *record, int strategy, uint32_t period,
                               int segment, int cell);

/* v^(t+1): what money at the end of a period is worth at the start of the first. */
double gw_record_discount_factor(const struct gw_layout *layout, const int64_t *record, int strategy,
                                 uint32_t period);
/* 1e-6 money times a factor, rounded to integers. */
int64_t gw_discounted(int64_t micro, double factor);

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
