/* Functions with luck of known variance, as an experiment meets them. */
#ifndef TESTS_ANALYSIS_NOISY_H
#define TESTS_ANALYSIS_NOISY_H

#include <stddef.h>
#include <stdint.h>

/* f on the unit cube, and luck that depends on its first `active` coordinates alone. Replication r is f(x) + shift
 * Z_r
 * + scatter Z_r(x): the same luck at the same coordinates, by independent standard normal numbers. */
struct noisy {
    double (*f)(const double *x);
    size_t d, active;
    double shift, scatter;
};

/* [groups][points] points u, each group with `replications` of its own, those of group g from g * replications on. */
double *noisy_values(const struct noisy *noisy, const double *u, size_t groups, size_t points, size_t replications,
                     uint64_t seed);

#endif
