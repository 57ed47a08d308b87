/*
 * What common random numbers bring: the spread of paired differences against that of permuted ones.
 *
 * A and B are seen in the same groups (possible worlds) by the same observations (replications within). Luck alone:
 * B is paired with the A of another replication of the same world; the factor is the variance of those differences
 * within worlds over that of the paired ones. In all: B is paired with any other A. Averaged over all permutations
 * the first is Var A + Var B, up to 2 Cov / (n - 1), so that no permutation is drawn.
 *
 * A factor f says that f times as many replications with luck of their own give an interval as short. Its interval
 * is the jackknife's over groups, or over observations when there is one group, on the logarithm (Miller 1974,
 * Biometrika: jackknifing variances).
 */
#ifndef GW_ANALYSIS_PAIRING_H
#define GW_ANALYSIS_PAIRING_H

#include "core/status.h"

#include <stddef.h>

struct gw_pairing_factor {
    double factor, low, high; /* infinite: paired differences never vary; NaN: nothing varies, or there are too few */
};

struct gw_pairing {
    struct gw_pairing_factor luck;  /* within groups; NaN with one observation per group */
    struct gw_pairing_factor total; /* over all */
};

/* a[groups][each], b likewise, all finite; `level` in (0, 1). Intervals need 3 groups, or 3 observations of one group.
 * GW_BAD_INPUT for values that are not finite, GW_REFUSED without memory. Cost: linear. */
int gw_pairing_measure(struct gw_pairing *out, const double *a, const double *b, size_t groups, size_t each,
                       double level, struct gw_error *error);

#endif
