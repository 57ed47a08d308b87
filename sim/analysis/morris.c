#include "analysis/morris.h"

#include "analysis/luck.h"
#include "core/draws.h"
#include "core/memory.h"

#include <math.h>
#include <stdbool.h>

enum {
    PLACE = 0, /* draw: where an input starts */
    ORDER = 1, /* draw: when it moves */
    LEVELS = 4
};
static const uint32_t stream = 0xec726fd9; /* MD5("morris"), first 32 bits: as for a rule */

/* How many inputs of a trajectory move before input j: the rank of its draw. O(d). */
static size_t moves_before(const struct gw_key *key, uint32_t trajectory, size_t j, size_t d)
{
    const double own = gw_uniform_start(key, trajectory, (uint32_t)j, ORDER);
    size_t before = 0;
    for (size_t i = 0; i < d; i++) {
        const double other = gw_uniform_start(key, trajectory, (uint32_t)i, ORDER);
        before += other < own || (other == own && i < j);
    }
    return before;
}

/* From level k to k + 2 or back, k = 0, 1, each with probability 1/4: so every level is as likely as any other both
 * before and after the move. */
static void place_input(const struct gw_key *key, uint32_t trajectory, size_t j, size_t d, double *point)
{
    const int which = (int)(gw_uniform_start(key, trajectory, (uint32_t)j, PLACE) * LEVELS);
    const double low = ((double)(which & 1) + 0.5) / LEVELS, high = low + 0.5;
    const bool up = (which & 2) == 0;
    const size_t moves = moves_before(key, trajectory, j, d);
    for (size_t k = 0; k <= d; k++) {
        point[k * d + j] = (k > moves) == up ? high : low;
    }
}

void gw_morris_design(size_t trajectories, size_t d, uint64_t seed, double *u)
{
    const struct gw_key key = gw_key_make(seed, 0, stream);
    for (size_t t = 0; t < trajectories; t++) {
        for (size_t j = 0; j < d; j++) {
            place_input(&key, (uint32_t)t, j, d, u + t * (d + 1) * d);
        }
    }
}

/* Sums over every second trajectory. */
struct half {
    size_t n;
    double sum, squares, luck; /* of the means over replications, and of their s^2 / R */
};

/* The effects of one input: what the trajectories say of it. */
struct effects {
    double *replication; /* [trajectories][replications] */
    double *mean;        /* [trajectories] over replications */
    double *size;        /* [trajectories] of |E|, the sign taken from other luck */
    double plain;        /* sum of |mean| */
    struct half half[2];
    size_t n, replications;
};

static int alloc_effects(struct effects *e, size_t trajectories, size_t replications, struct gw_error *error)
{
    e->replications = replications;
    e->replication = gw_alloc(trajectories, replications * sizeof *e->replication);
    e->mean = gw_alloc(trajectories, sizeof *e->mean);
    e->size = gw_alloc(trajectories, sizeof *e->size);
    const bool done = e->replication != NULL && e->mean != NULL && e->size != NULL;
    return done ? GW_OK : gw_fail(error, GW_FAILED, "no memory for %zu trajectories", trajectories);
}

static void free_effects(struct effects *e)
{
    gw_free(e->replication);
    gw_free(e->mean);
    gw_free(e->size);
}

/* What half of the trajectories say of E: its mean and variance, and the luck in a mean of R - 1 replications. */
struct belief {
    double mean, variance, luck;
};

static struct belief belief_of(const struct half *half, size_t replications)
{
    const double n = (double)half->n, r = (double)replications;
    const double mean = half->sum / n, luck = half->luck / n;
    const double between = half->n > 1 ? (half->squares - n * mean * mean) / (n - 1.0) : 0.0;
    return (struct belief){mean, fmax(0.0, between - luck), luck * r / (r - 1.0)};
}

/* Mean of e_r times the sign of the guess at E without e_r: the precision-weighted mean of what its own trajectory
 * and the other half of them say, but for a positive factor. */
static double size_of_effect(const struct effects *e, size_t t)
{
    const double *own = e->replication + t * e->replications, r = (double)e->replications;
    const struct belief others = belief_of(&e->half[(t + 1) % 2], e->replications);
    double size = 0.0;
    for (size_t k = 0; k < e->replications; k++) {
        const double rest = (e->mean[t] * r - own[k]) / (r - 1.0);
        const double guess = others.luck > 0.0 ? others.mean * others.luck + rest * others.variance : rest;
        size += guess > 0.0 ? own[k] : guess < 0.0 ? -own[k] : 0.0;
    }
    return size / r;
}

/* The step of trajectory `point`[d + 1][d] that moves input j. */
static size_t step_of(const double *point, size_t j, size_t d)
{
    size_t k = 0;
    while (k < d && point[k * d + j] == point[(k + 1) * d + j]) {
        k++;
    }
    return k;
}

/* Adds one trajectory, unless a value is not finite. */
static void add_trajectory(struct effects *e, const double *before, const double *after, double step)
{
    double *own = e->replication + e->n * e->replications;
    for (size_t r = 0; r < e->replications; r++) {
        own[r] = (after[r] - before[r]) / step;
        if (!isfinite(own[r])) {
            return;
        }
    }
    const double mean = gw_mean(own, e->replications);
    struct half *half = &e->half[e->n % 2];
    half->n++;
    half->sum += mean;
    half->squares += mean * mean;
    half->luck += gw_variance(own, e->replications) / (double)e->replications;
    e->plain += fabs(mean);
    e->mean[e->n++] = mean;
}

static struct gw_morris conclude(const struct effects *e, double level)
{
    const double n = (double)e->n;
    const double between = e->n > 1 ? gw_variance(e->mean, e->n) : NAN,
                 luck = (e->half[0].luck + e->half[1].luck) / n;
    for (size_t t = 0; t < e->n; t++) {
        e->size[t] = size_of_effect(e, t);
    }
    return (struct gw_morris){
        .n = e->n,
        .mu = gw_interval_of_mean(e->mean, e->n, level),
        .mu_star = gw_interval_of_mean(e->size, e->n, level),
        .sigma = between > luck ? sqrt(between - luck) : between - between, /* 0, or NaN as it is */
        .plain = e->plain / n,
        .luck = sqrt(luck),
    };
}

int gw_morris_estimate(const double *u, const double *value, size_t trajectories, size_t d, size_t replications,
                       double level, struct gw_morris *effect, struct gw_error *error)
{
    if (trajectories < 2 || replications < 2) {
        return gw_fail(error, GW_BAD_INPUT,
                       "elementary effects need at least 2 trajectories and 2 replications; got %zu and %zu",
                       trajectories, replications);
    }
    struct effects e = {0};
    int ret = alloc_effects(&e, trajectories, replications, error);
    for (size_t j = 0; j < d && ret == GW_OK; j++) {
        e.n = 0;
        e.plain = 0.0;
        e.half[0] = e.half[1] = (struct half){0};
        for (size_t t = 0; t < trajectories && ret == GW_OK; t++) {
            const double *point = u + t * (d + 1) * d, *y = value + t * (d + 1) * replications;
            const size_t k = step_of(point, j, d);
            if (k == d) {
                ret = gw_fail(error, GW_FAILED, "trajectory %zu does not move input %zu", t + 1, j + 1);
            } else {
                add_trajectory(&e, y + k * replications, y + (k + 1) * replications,
                               point[(k + 1) * d + j] - point[k * d + j]);
            }
        }
        effect[j] = conclude(&e, level);
    }
    free_effects(&e);
    return ret;
}
