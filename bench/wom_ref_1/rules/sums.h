/* Sums of a state over the living, exact enough to be added in integers. */
#ifndef GW_BENCH_WOM_REF_1_SUMS_H
#define GW_BENCH_WOM_REF_1_SUMS_H

#include "rule.h"

enum { SUM_LANES = 32 };

/* Sum of x over rows with alive = 1, in integers of 1e-6. Every group of GW_GROUP consumers is summed in SUM_LANES
 * fixed lanes of 16 terms in float32, the lanes in double, and the group rounded once: the same bits for every block
 * size and instruction set, and a relative error of some 1e-6. */
static inline int64_t sum_alive(const float *restrict x, const uint8_t *restrict alive)
{
    int64_t sum = 0;
    for (int from = 0; from < GW_BLOCK; from += GW_GROUP) {
        float lane[SUM_LANES] = {0.0f};
        double total = 0.0;
        for (int row = from; row < from + GW_GROUP; row += SUM_LANES) {
            for (int k = 0; k < SUM_LANES; k++) {
                lane[k] += alive[row + k] != 0 ? x[row + k] : 0.0f;
            }
        }
        for (int k = 0; k < SUM_LANES; k++) {
            total += (double)lane[k];
        }
        sum += gw_micro(total);
    }
    return sum;
}

#endif
