/*
 * From the books of one replication to the economics of a segment of consumers, seen from the focal firm.
 *
 * Definitions stand in docs/model.md (outputs). Only where the layout has segments: with several in the scenario.
 */
#ifndef GW_OUTCOME_SEGMENT_H
#define GW_OUTCOME_SEGMENT_H

#include "outcome/layout.h"

struct gw_segment_worth {
    int64_t active_at_start, active; /* customers at the origin, at the end of the horizon */
    int64_t survivors;               /* of those at the origin, without a break until the end */
    int64_t joined, won_back, lost;  /* over the horizon */
    int64_t purchases;
    int64_t revenue;      /* discounted, 1e-6 money */
    int64_t contribution; /* the same less cost of goods and cost to serve */
    double retention;     /* survivors / active_at_start; NaN without */
    double clv_base;      /* money per customer at the origin; NaN without */
    double clv_new;       /* money per customer won; NaN without */
    double satisfaction;  /* mean score, 1 to 5, of those who answered; NaN without */
    double nps;           /* -100 to 100; NaN without answers */
};

struct gw_segment_worth gw_segment_worth_of(const struct gw_layout *layout, const int64_t *record, int strategy,
                                            int segment);

/* Revenue less cost of goods and cost to serve of the focal firm, discounted, 1e-6 money: the sum over segments of
 * `contribution`, exactly, computed from the firm's own accounts. */
int64_t gw_contribution(const struct gw_layout *layout, const int64_t *record, int strategy);

#endif
