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

/* The effects of one input: what the trajectories say of it. */
struct effects {
    double *replication; /* [replications] of one trajectory */
    double *mean;        /* [trajectories] over its replications */
    double *size;        /* [trajectories] of |E|, the sign taken from other luck */
    double luck, plain;  /* sums over trajectories of s^2 / R and |mean| */
    size_t n;            /* trajectories */
};

static int alloc_effects(struct effects *e, size_t trajectories, size_t replications, struct gw_error *error)
{
    e->replication = gw_alloc(replications, sizeof *e->replication);
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

/* Mean of e_r times the sign of the sum of the others. */
static double size_of_effect(const double *e, size_t replications, double mean)
{
    const double sum = mean * (double)replications;
    double size = 0.0;
    for (size_t r = 0; r < replications; r++) {
        const double others = sum - e[r];
        size += others > 0.0 ? e[r] : others < 0.0 ? -e[r] : 0.0;
    }
    return size / (double)replications;
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
static void add_trajectory(struct effects *e, const double *before, const double *after, double step,
                           size_t replications)
{
    for (size_t r = 0; r < replications; r++) {
        e->replication[r] = (after[r] - before[r]) / step;
        if (!isfinite(e->replication[r])) {
            return;
        }
    }
    const double mean = gw_mean(e->replication, replications);
    e->mean[e->n] = mean;
    e->size[e->n] = size_of_effect(e->replication, replications, mean);
    e->luck += gw_variance(e->replication, replications) / (double)replications;
    e->plain += fabs(mean);
    e->n++;
}

static struct gw_morris summary_of(const struct effects *e, double level)
{
    const double n = (double)e->n;
    const double between = e->n > 1 ? gw_variance(e->mean, e->n) : NAN, luck = e->luck / n;
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
        e.n = 0, e.luck = e.plain = 0.0;
        for (size_t t = 0; t < trajectories && ret == GW_OK; t++) {
            const double *point = u + t * (d + 1) * d, *y = value + t * (d + 1) * replications;
            const size_t k = step_of(point, j, d);
            if (k == d) {
                ret = gw_fail(error, GW_FAILED, "trajectory %zu does not move input %zu", t + 1, j + 1);
            } else {
                add_trajectory(&e, y + k * replications, y + (k + 1) * replications,
                               point[(k + 1) * d + j] - point[k * d + j], replications);
            }
        }
        effect[j] = summary_of(&e, level);
    }
    free_effects(&e);
    return ret;
}
