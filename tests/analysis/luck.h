/* Luck of replication r for test responses: standard normals, the same at every x (common random numbers). */
#ifndef TESTS_ANALYSIS_LUCK_H
#define TESTS_ANALYSIS_LUCK_H

#include "core/draws.h"
#include "core/maths.h"
#include "core/status.h"

#include <stddef.h>

static inline double luck(uint64_t seed, uint32_t replication, uint32_t which)
{
    const struct gw_key key = gw_key_make(seed, replication, gw_name_hash("luck"));
    return (double)gw_normal_of_precise(gw_uniform_start(&key, which, 0, 0));
}

/* A noisy function as an expression of one point and replication. */
struct noisy {
    uint64_t seed;
    size_t dimensions;
    double (*at)(const double *x, uint64_t seed, uint32_t replication);
    size_t asked; /* points times replications */
};

static inline int noisy_evaluate(void *context, const double *x, size_t points, uint32_t first, uint32_t count,
                                 double *value, struct gw_error *error)
{
    struct noisy *noisy = context;
    (void)error;
    for (size_t p = 0; p < points; p++) {
        for (uint32_t r = 0; r < count; r++) {
            value[p * count + r] = noisy->at(x + p * noisy->dimensions, noisy->seed, first + r);
        }
    }
    noisy->asked += points * count;
    return 0;
}

#define NOISY_RESPONSE(noisy)                                                                                        \
    {                                                                                                                \
        .dimensions = (noisy)->dimensions, .evaluate = noisy_evaluate, .context = (noisy)                            \
    }

#endif
