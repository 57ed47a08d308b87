#include "close.h"

#include "noisy.h"

#include "core/draws.h"

#include <gsl/gsl_cdf.h>

#include <stdlib.h>
#include <string.h>

/* A standard normal number for this replication and these coordinates. */
static double normal_of(uint64_t seed, size_t replication, const double *x, size_t n)
{
    const struct gw_key key = gw_key_make(seed, (uint32_t)replication, 0x7e57u);
    uint32_t state[4] = {0}, next[4];
    gw_threefry(&key, 0, 0, 0, (uint32_t)n, state);
    for (size_t i = 0; i < n; i++) {
        uint32_t word[2];
        memcpy(word, x + i, sizeof word);
        gw_threefry(&key, state[0] ^ word[0], state[1] ^ word[1], state[2], state[3], next);
        memcpy(state, next, sizeof state);
    }
    return gsl_cdf_ugaussian_Pinv(gw_precise_of(state[0], state[1]));
}

double *noisy_values(const struct noisy *noisy, const double *u, size_t groups, size_t points, size_t replications,
                     uint64_t seed)
{
    double *value = malloc(groups * points * replications * sizeof *value), *y = value;
    assert_non_null(value);
    for (size_t k = 0; k < groups * points; k++) {
        const double *x = u + k * noisy->d, f = noisy->f(x);
        for (size_t r = 0; r < replications; r++, y++) {
            const size_t replication = k / points * replications + r;
            *y = f;
            if (noisy->shift > 0.0) {
                *y += noisy->shift * normal_of(seed, replication, x, 0);
            }
            if (noisy->scatter > 0.0) {
                *y += noisy->scatter * normal_of(seed, replication, x, noisy->active);
            }
        }
    }
    return value;
}
