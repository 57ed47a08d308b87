/*
 * Two uncertainties apart: luck, the replications within a possible world, and ignorance, the worlds themselves.
 *
 * One-way random-effects model: value[w][i] = mean + a_w + e_wi with independent a_w of variance `ignorance` and e_wi
 * of variance `luck` (Searle, Casella & McCulloch 1992, Variance Components, ch. 3). Values that are not finite are
 * left out, worlds without a value with them; what is unbalanced then goes by the harmonic mean of the replications
 * (Thomas & Hultquist 1978, Annals of Statistics 6(3)). Nothing is allocated; O(worlds * inner).
 */
#ifndef GW_ANALYSIS_COMPONENTS_H
#define GW_ANALYSIS_COMPONENTS_H

#include "analysis/interval.h"

#include <stddef.h>
#include <stdint.h>

struct gw_components {
    size_t worlds, replications; /* counted: with a finite value */
    double inner;                /* replications within a world, harmonic mean */

    /* Mean over worlds; Student's t on the worlds' means, whose spread holds both uncertainties. */
    struct gw_interval mean;
    double standard_error;

    /* Variances. `value` is unbiased: that of ignorance comes out below 0 when luck alone would give means farther
     * apart. Normal a and e: the interval of luck is exact (chi squared); that of ignorance, from Williams (1962,
     * Biometrika 49), covers at least at its level (Wang 1990, Biometrics 46), and is cut at 0. */
    struct gw_interval luck, ignorance;

    /* ignorance / (ignorance + luck): of the variance of one replication in a world drawn at random. Value from the
     * unbiased variances, in [0, 1]. The interval by F is exact for normal a and e, balanced; `robust` is a jackknife
     * over worlds of the logarithm of the ratio of mean squares, which needs many worlds and finite fourth moments
     * instead (Arvesen & Layard 1975, Annals of Statistics 3(1)). */
    struct gw_interval share, robust;
};

/* Of value[worlds][inner]; `level` in (0, 1). What needs a second world or a second replication is NaN without. */
struct gw_components gw_components_of(const double *value, size_t worlds, size_t inner, double level);

/* Luck's share of the variance of the mean of `inner` replications of one world. */
double gw_luck_share(const struct gw_components *components, double inner);

/* The number of replications within a world that makes the mean over worlds most precise for what it costs,
 *
 *     n* = sqrt(cost of a world / cost of a replication * luck / ignorance)      (Cochran 1977, ch. 10)
 *
 * and not less than leaves luck `luck_share` of the variance of a world's mean, n >= luck / ignorance * (1 / share -
 * 1): decisions compare worlds' means, world by world. At least 2, at most `most`, which is also the answer when no
 * ignorance shows. Costs in any one unit; luck_share in (0, 1], 1: the mean alone counts. */
uint32_t gw_inner_replications(const struct gw_components *pilot, double world_cost, double replication_cost,
                               double luck_share, uint32_t most);

/* The factor of pairing: (Var A + Var B) / Var(A - B), where the numerator is what A - B would vary by under permuted
 * pairing; > 1: common luck, or a common world, helps. `luck` within worlds; `total` over worlds and luck together.
 * Intervals by the jackknife over worlds of the logarithm. Pairs with a value that is not finite are left out. */
struct gw_pairing {
    size_t worlds, replications;
    struct gw_interval luck, total;
};
struct gw_pairing gw_pairing_of(const double *a, const double *b, size_t worlds, size_t inner, double level);

#endif
