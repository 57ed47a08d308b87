/* Numbers of chance for tests of the mathematics: the project's own streams, by seed and purpose. */
#ifndef TESTS_ANALYSIS_CHANCE_H
#define TESTS_ANALYSIS_CHANCE_H

#include "core/draws.h"
#include "core/maths.h"

/* Draw number `i` of series `series` in macro-replication `macro`. */
static inline double chance_uniform(uint32_t macro, uint32_t series, uint32_t i)
{
    const struct gw_key key = gw_key_make(20250101, macro, 7);
    return gw_uniform_start(&key, i, series, 0);
}

static inline double chance_normal(uint32_t macro, uint32_t series, uint32_t i)
{
    return (double)gw_normal_of_precise(chance_uniform(macro, series, i));
}

#endif
