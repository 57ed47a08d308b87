#include "world/degree_law.h"

#include "core/maths.h"
#include "core/memory.h"

#include <string.h>

#define NEGLIGIBLE 0x1p-80

/* sum[k - low] = W(k) */
struct table {
    uint32_t low, n;
    double *sum;
};

/* Weight of k + 1, given that of k. */
static double next_weight(const struct gw_degree_law *law, uint32_t k, double weight)
{
    switch (law->family) {
    case GW_DEGREES_POISSON:
        return weight * law->mean / ((double)k + 1.0);
    case GW_DEGREES_GEOMETRIC:
        return weight * (law->mean / (1.0 + law->mean));
    case GW_DEGREES_POWER_LAW:
    case GW_DEGREES_LISTED:
        break;
    }
    return gw_pow(((double)k + 1.0) / (double)law->minimum, -law->exponent);
}

/* The k of the greatest weight, which is given the value 1. */
static uint32_t mode_of(const struct gw_degree_law *law)
{
    switch (law->family) {
    case GW_DEGREES_POISSON:
        return (uint32_t)law->mean;
    case GW_DEGREES_POWER_LAW:
        return law->minimum;
    case GW_DEGREES_GEOMETRIC:
    case GW_DEGREES_LISTED:
        break;
    }
    return 0;
}

static uint32_t greatest(const struct gw_degree_law *law, uint32_t vertices)
{
    uint32_t k = mode_of(law);
    if (law->family == GW_DEGREES_POWER_LAW) {
        return law->maximum;
    }
    for (double weight = 1.0; k < vertices - 1 && weight >= NEGLIGIBLE; k++) {
        weight = next_weight(law, k, weight);
    }
    return k;
}

static int check(const struct gw_degree_law *law, uint32_t vertices, struct gw_error *error)
{
    if (law->family == GW_DEGREES_LISTED) {
        return law->people == vertices ? GW_OK
                                       : gw_fail(error, GW_BAD_INPUT, "configuration: %u degrees for %u consumers",
                                                 law->people, vertices);
    }
    if (law->family == GW_DEGREES_POWER_LAW) {
        const bool good = law->exponent > 1.0 && law->minimum >= 1 && law->minimum <= law->maximum;
        return good && law->maximum < vertices
                   ? GW_OK
                   : gw_fail(error, GW_BAD_INPUT,
                             "configuration: no power law of exponent %g from %u to %u among %u consumers",
                             law->exponent, law->minimum, law->maximum, vertices);
    }
    return law->mean > 0.0 && law->mean < (double)vertices
               ? GW_OK
               : gw_fail(error, GW_BAD_INPUT, "configuration: no mean degree of %g among %u consumers", law->mean,
                         vertices);
}

static int make_table(struct table *t, const struct gw_degree_law *law, uint32_t vertices, struct gw_error *error)
{
    const uint32_t mode = mode_of(law);
    t->low = law->family == GW_DEGREES_POWER_LAW ? mode : 0;
    t->n = greatest(law, vertices) - t->low + 1;
    t->sum = gw_alloc(t->n, sizeof *t->sum);
    if (t->sum == NULL) {
        return gw_fail(error, GW_REFUSED, "configuration: not enough memory for a law up to degree %u",
                       t->low + t->n - 1);
    }
    t->sum[mode - t->low] = 1.0;
    for (uint32_t k = mode; k > t->low; k--) { /* Poisson: downwards from the mode, so that no weight overflows */
        t->sum[k - 1 - t->low] = t->sum[k - t->low] * (double)k / law->mean;
    }
    for (uint32_t k = mode; k < t->low + t->n - 1; k++) {
        t->sum[k + 1 - t->low] = next_weight(law, k, t->sum[k - t->low]);
    }
    for (uint32_t i = 1; i < t->n; i++) {
        t->sum[i] += t->sum[i - 1];
    }
    return GW_OK;
}

/* The end has W > u W(end), since u < 1. */
static uint32_t degree_at(const struct table *t, double u)
{
    const double target = u * t->sum[t->n - 1];
    uint32_t low = 0, high = t->n - 1;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (target < t->sum[middle]) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return t->low + low;
}

int gw_degrees_draw(uint32_t *degree, const struct gw_degree_law *law, uint32_t vertices, struct gw_key key,
                    struct gw_error *error)
{
    struct table table = {0};
    int ret = check(law, vertices, error);
    if (ret != GW_OK) {
        return ret;
    }
    if (law->family == GW_DEGREES_LISTED) {
        memcpy(degree, law->degree, vertices * sizeof *degree);
        return GW_OK;
    }
    ret = make_table(&table, law, vertices, error);
    for (uint32_t v = 0; ret == GW_OK && v < vertices; v++) {
        degree[v] = degree_at(&table, gw_uniform_start(&key, v, 0, 0));
    }
    gw_free(table.sum);
    return ret;
}

static double mean_of_list(const struct gw_degree_law *law)
{
    double sum = 0.0;
    for (uint32_t v = 0; v < law->people; v++) {
        sum += (double)law->degree[v];
    }
    return sum / (double)law->people;
}

/* E[k] = low + sum over k of P(degree > k) */
double gw_degree_law_mean(const struct gw_degree_law *law, uint32_t vertices)
{
    struct table t = {0};
    if (check(law, vertices, NULL) != GW_OK) {
        return NAN;
    }
    if (law->family == GW_DEGREES_LISTED) {
        return mean_of_list(law);
    }
    double mean = make_table(&t, law, vertices, NULL) == GW_OK ? (double)t.low : NAN;
    for (uint32_t i = 0; mean == mean && i + 1 < t.n; i++) {
        mean += (t.sum[t.n - 1] - t.sum[i]) / t.sum[t.n - 1];
    }
    gw_free(t.sum);
    return mean;
}
