/*
 * Which strategy, and what deciding now may cost.
 *
 * value[s][w][i] is what strategy s brings in world w under luck i. Worlds are an independent sample of what is not
 * known; luck is averaged over: the strategy's true value in a world is the mean over luck. A world's mean of
 * finitely many replications holds luck still, and the greatest of several such means is greater than the greatest of
 * the true ones, on average (Jensen). That bias is taken out by two halves of a world's luck. For worlds whose
 * differences of true values have a density,
 *
 *     E f(mean of n) = E f(true) + b / n + o(1 / n)
 *
 * for f the maximum, or which is the greatest: luck of variance v / n convolves the density, and moves E f by
 * v / (2 n) times its value, or its slope, where strategies draw level. So (c f(all) - (f(A) + f(B)) / 2) / (c - 1)
 * with halves A and B of h and n - h replications and c = n^2 / (2 h (n - h)), 2 for equal halves, is free of b
 * (Quenouille 1956, Biometrika 43). Nothing is allocated; O(strategies * worlds * inner).
 */
#ifndef GW_ANALYSIS_DECISION_H
#define GW_ANALYSIS_DECISION_H

#include "analysis/interval.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { GW_MOST_CHOICES = 64 };

struct gw_payoffs {
    size_t strategies, worlds, inner; /* 2 ... GW_MOST_CHOICES, >= 2, >= 1 */
    const double *value;              /* [strategies][worlds][inner], finite */
};

struct gw_choice {
    struct gw_interval value; /* expected value; Student's t over worlds */
    struct gw_interval best;  /* probability of being best: share of worlds, score interval (Wilson 1927) with as many
                               * worlds as give the share its variance; a tie counts in equal parts */
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

/* choice[strategies]; `level` in (0, 1). GW_BAD_INPUT: sizes out of range, or a value that is not finite. */
int gw_decision_of(const struct gw_payoffs *payoffs, double level, struct gw_choice *choice,
                   struct gw_decision *decision, struct gw_error *error);

/* World by world: means mean[strategies][worlds], and shares of being best[strategies][worlds], free of luck to first
 * order, so that single ones may be outside [0, 1]; they sum to 1 over strategies. Either may be NULL. */
void gw_payoffs_by_world(const struct gw_payoffs *payoffs, double *mean, double *best);

#endif
