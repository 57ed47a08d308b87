/*
 * What a run says about its strategies: every estimate that the answer in words, the tables and the files show.
 */
#ifndef GW_OUTPUT_FINDINGS_H
#define GW_OUTPUT_FINDINGS_H

#include "outcome/estimate.h"
#include "outcome/quantity.h"
#include "outcome/reduced.h"

/* Arrays by [quantity * strategies + strategy] unless said otherwise. Borrows labels from the dataset. Those of a
 * segment have its quantities, and nothing below `against_first`. */
struct gw_findings {
    const struct gw_dataset *dataset;
    struct gw_reduced reduced;
    const char *segment;                /* NULL: all consumers */
    const struct gw_quantity *quantity; /* the first is the company's value, or the segment's contribution */
    size_t quantities, strategies, replications;
    bool *known;                         /* [quantity]: the dataset holds it */
    struct gw_estimate *level;           /* 95% */
    struct gw_comparison *against_first; /* 95%; of strategy 0 with itself: zero */

    /* On the company's value. `best` has the highest mean and is SIZE_MAX when no mean is defined. Its lead over each
     * other one is judged at 1 - 0.05 / (strategies - 1), so that all leads together hold at 95% (Bonferroni). */
    size_t best, runner_up;     /* SIZE_MAX: none */
    struct gw_comparison *lead; /* [strategy]: of the best over it */
    size_t not_told_apart;      /* how many others the best is not shown to beat */

    size_t segments;
    struct gw_findings **of_segment; /* [segment] */
};

/* Whether an interval shows a mean above 0: its lower end is; without interval never. */
bool gw_above_zero(const struct gw_estimate *difference);

int gw_findings_create(struct gw_findings **findings, const struct gw_dataset *dataset, struct gw_error *error);
void gw_findings_free(struct gw_findings *findings);

#endif
