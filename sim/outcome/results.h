/*
 * The results of a run: all records as one labelled dataset, with the economics derived from them.
 */
#ifndef GW_OUTCOME_RESULTS_H
#define GW_OUTCOME_RESULTS_H

#include "outcome/dataset.h"
#include "outcome/layout.h"

/* An output computed from the books, besides the tallies of the rules. Static text. */
struct gw_output {
    const char *name, *unit;
    const char *by; /* axes: "strategy, replication, period" */
    const char *doc;
};

const struct gw_output *gw_outputs(size_t *count);

/* `record[i]` is the record of replication `replication[i]`, ascending; n may be less than was asked for. */
int gw_results_create(struct gw_dataset **dataset, const struct gw_scenario *scenario, const struct gw_layout *layout,
                      const uint32_t *replication, const int64_t *const *record, size_t n, struct gw_error *error);

/* The same without the series that are not named in `measures`, some text with expressions: much quicker where one
 * replication after the other is asked for a few numbers. NULL: everything. */
int gw_results_create_for(struct gw_dataset **dataset, const char *measures, const struct gw_scenario *scenario,
                          const struct gw_layout *layout, const uint32_t *replication, const int64_t *const *record,
                          size_t n, struct gw_error *error);

#endif
