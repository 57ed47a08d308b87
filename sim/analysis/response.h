/*
 * A noisy function: what an experiment sees of the engine.
 *
 * Replication r has the same luck at every x (common random numbers), so the mean over a fixed set of replications is
 * an ordinary function of x: minimisers and root finders work on it as they are, and what luck leaves open is the
 * spread over replications (sample average approximation: Kleywegt, Shapiro & Homem-de-Mello 2002, SIAM J.
 * Optimization).
 */
#ifndef GW_ANALYSIS_RESPONSE_H
#define GW_ANALYSIS_RESPONSE_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

struct gw_response {
    size_t dimensions;
    /* Points x[points][dimensions], replications first ... first + count - 1, into value[points][count]. What was
     * asked before may be asked again, and costs nothing then. Points are evaluated in parallel: ask for many at
     * once. An error ends what is under way and is passed on, GW_STOPPED among them. */
    int (*evaluate)(void *context, const double *x, size_t points, uint32_t first, uint32_t count, double *value,
                    struct gw_error *error);
    void *context;
};

#endif
