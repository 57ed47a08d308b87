/*
 * What common random numbers bring: the spread of paired differences against that of permuted ones.
 *
 * A and B are seen in the same groups (possible worlds) by the same observations (replications within). Luck alone: B
 * is paired with the A of another replication of the same world, and the factor is the variance of such differences
 * within worlds over that of the paired ones. In all: B is paired with the A of any other observation, as two runs
 * with nothing in common would be. Over all permutations the variance of permuted differences is Var A + Var B, so
 * none is drawn.
 *
 * A factor f says that f times as many replications of unpaired runs give an interval as short. Its interval is the
 * jackknife's on the logarithm (Miller 1974, Biometrika), over groups, or over observations where there is one group.
 */
#ifndef GW_ANALYSIS_PAIRING_H
#define GW_ANALYSIS_PAIRING_H

#include "core/status.h"

#include <stddef.h>

/* Infinite, without an interval: paired differences never vary. NaN: nothing varies, or there is too little. */
struct gw_pairing_factor {
    double factor, low, high;
};

struct gw_pairing {
    struct gw_pairing_factor luck;  /* within groups; NaN with one observation per group */
    struct gw_pairing_factor total; /* over all */
};

/* a[groups][each], b likewise; `level` in (0, 1). Intervals need 3 groups, or 3 observations of the only one.
 * GW_BAD_INPUT for values that are not finite, GW_REFUSED without memory. Cost: linear. */
int gw_pairing_measure(struct gw_pairing *out, const double *a, const double *b, size_t groups, size_t each,
                       double level, struct gw_error *error);

#endif
