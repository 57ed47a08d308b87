/*
 * Which strategy, and what deciding now may cost: expected values, probabilities of being best, regrets and the value
 * of perfect information. Worlds are an independent sample of what is not known; luck is taken out as in
 * analysis/payoffs.h. Nothing is allocated; O(strategies * worlds * inner).
 */
#ifndef GW_ANALYSIS_DECISION_H
#define GW_ANALYSIS_DECISION_H

#include "analysis/interval.h"
#include "analysis/payoffs.h"

#include <stdbool.h>

struct gw_choice {
    struct gw_interval value; /* expected value; Student's t over worlds */
    struct gw_interval best;  /* probability of being best: share of worlds, score interval (Wilson 1927) with as many
                               * worlds as give the share its variance */
    struct gw_interval regret; /* expected opportunity loss, E max - E value; cut at 0 */
};

struct gw_decision {
    size_t best; /* the strategy of the greatest expected value */
    /* Expected value of perfect information, E max - max E, given `best`: what deciding now costs, on average,
     * against deciding once the world is known. Luck is out of it to first order; with one replication a world it is
     * not. */
    struct gw_interval evpi;
    double evpi_error; /* standard error, over worlds */
    bool luck_removed;
    /* Bounds that hold whatever the distributions: `above` maximises means that hold luck; `below` chooses by one
     * half of the luck and values by the other, NaN with one replication. Each with its own interval. */
    struct gw_interval above, below;
};

/* choice[strategies]; `level` in (0, 1). GW_BAD_INPUT as of gw_payoffs_check(), or another level. */
int gw_decision_of(const struct gw_payoffs *payoffs, double level, struct gw_choice *choice,
                   struct gw_decision *decision, struct gw_error *error);

/* The score interval of a share that varies by `variance` and rests on n values at most. */
struct gw_interval gw_share_interval(double share, double variance, double n, double level);

/* World by world: mean[strategies][worlds]. */
void gw_payoffs_means(const struct gw_payoffs *payoffs, double *mean);

#endif
