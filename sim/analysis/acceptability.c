#include "analysis/acceptability.h"

#include "analysis/decision.h"
#include "analysis/metamodel.h"
#include "core/memory.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

enum { NEAREST = 100 };

struct curves {
    const struct gw_payoffs *payoffs;
    const double *x;
    struct gw_metamodel *model; /* of the differences to strategy 0 */
    double *distance;           /* [worlds] scratch */
    double level, z;
};

/* A point: fitted differences and their errors, 0 for strategy 0. */
struct place {
    double x, reach; /* reach: distance of the farthest world that counts */
    double fitted[GW_MOST_CHOICES], error[GW_MOST_CHOICES];
};

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many worlds are looked at from a point: half of them, but not fewer than a hundred where there are. */
static size_t nearest(size_t worlds)
{
    const size_t least = worlds - 1 < NEAREST ? worlds - 1 : NEAREST;
    return worlds / 2 > least ? worlds / 2 : least;
}

static void look_from(const struct curves *c, double x, struct place *place)
{
    const size_t n = c->payoffs->worlds;
    *place = (struct place){.x = x};
    for (size_t s = 1; s < c->payoffs->strategies; s++) {
        gw_metamodel_at(c->model, &x, s - 1, &place->fitted[s], &place->error[s]);
    }
    for (size_t w = 0; w < n; w++) {
        c->distance[w] = fabs(c->x[w] - x);
    }
    qsort(c->distance, n, sizeof *c->distance, by_value);
    place->reach = 1.0001 * c->distance[nearest(n)]; /* with equal distances none is left out */
}

static double weight_of(const struct place *place, double x)
{
    const double d = place->reach > 0.0 ? fabs(x - place->x) / place->reach : 0.0, near = 1.0 - d * d * d;
    return d < 1.0 ? near * near * near : 0.0;
}

/* Moves a world to the place; strategy `lifted` by `lift` besides. */
static void move_world(const struct curves *c, size_t w, const struct place *place, size_t lifted, double lift,
                       struct gw_world_means *means)
{
    const double *fitted = gw_metamodel_fitted(c->model);
    gw_world_means_of(c->payoffs, w, means);
    for (size_t s = 0; s < means->strategies; s++) {
        const double there = s == 0 ? 0.0 : fitted[(s - 1) * c->payoffs->worlds + w];
        const double by = place->fitted[s] - there + (s == lifted ? lift : 0.0);
        for (int luck = 0; luck < GW_LUCKS; luck++) {
            means->mean[luck][s] += by;
        }
    }
}

/* Weighted share of worlds in which each strategy is best, and its variance. */
struct shares {
    double weight, weight2; /* sums of weights and of their squares */
    double share[GW_MOST_CHOICES], mixed[GW_MOST_CHOICES], square[GW_MOST_CHOICES];
};

static void count_best(const struct curves *c, const struct place *place, size_t lifted, double lift,
                       struct shares *sum)
{
    struct gw_world_means means = {0};
    double best[GW_MOST_CHOICES];
    *sum = (struct shares){0};
    for (size_t w = 0; w < c->payoffs->worlds; w++) {
        const double weight = weight_of(place, c->x[w]);
        if (weight > 0.0) {
            move_world(c, w, place, lifted, lift, &means);
            gw_world_best(&means, best);
            sum->weight += weight;
            sum->weight2 += weight * weight;
            for (size_t s = 0; s < c->payoffs->strategies; s++) {
                sum->share[s] += weight * best[s];
                sum->mixed[s] += weight * weight * best[s];
                sum->square[s] += weight * weight * best[s] * best[s];
            }
        }
    }
}

/* Variance of a weighted mean: sum of w^2 (best - mean)^2 over (sum of w)^2. */
static double variance_of(const struct shares *sum, size_t s)
{
    const double share = sum->share[s] / sum->weight;
    const double spread = sum->square[s] - 2.0 * share * sum->mixed[s] + share * share * sum->weight2;
    return fmax(0.0, spread) / (sum->weight * sum->weight);
}

/* The error that a strategy's own fitted value has; for the first, to which the others are differences, the greatest
 * of theirs. */
static double own_error(const struct curves *c, const struct place *place, size_t strategy)
{
    double most = place->error[strategy];
    for (size_t s = 1; strategy == 0 && s < c->payoffs->strategies; s++) {
        most = fmax(most, place->error[s]);
    }
    return most;
}

static double within_unit(double x)
{
    return fmin(1.0, fmax(0.0, x));
}

/* The interval of the share of worlds, and what the ends of the fitted value's own interval give: errors of two
 * sources, added as squares. */
static struct gw_interval probability_at(const struct curves *c, const struct place *place,
                                         const struct shares *plain, size_t s)
{
    const double worth = plain->weight * plain->weight / plain->weight2, half = c->z * own_error(c, place, s);
    struct gw_interval p = gw_share_interval(plain->share[s] / plain->weight, variance_of(plain, s), worth, c->level);
    struct shares moved;
    count_best(c, place, s, -half, &moved);
    const double down = fmax(0.0, p.value - within_unit(moved.share[s] / moved.weight));
    count_best(c, place, s, half, &moved);
    const double up = fmax(0.0, within_unit(moved.share[s] / moved.weight) - p.value);
    p.low = within_unit(p.value - hypot(p.value - p.low, down));
    p.high = within_unit(p.value + hypot(p.high - p.value, up));
    return p;
}

static void fill_point(const struct curves *c, double x, size_t point, size_t points, struct gw_interval *probability,
                       struct gw_interval *benefit, size_t *leader)
{
    struct place place;
    struct shares plain;
    look_from(c, x, &place);
    count_best(c, &place, 0, 0.0, &plain);
    for (size_t s = 0; s < c->payoffs->strategies; s++) {
        const double half = c->z * place.error[s];
        probability[s * points + point] = probability_at(c, &place, &plain, s);
        benefit[s * points + point] =
            (struct gw_interval){place.fitted[s], place.fitted[s] - half, place.fitted[s] + half};
    }
    leader[point] = gw_greatest(place.fitted, c->payoffs->strategies);
}

static int prepare(struct curves *c, struct gw_error *error)
{
    const struct gw_payoffs *p = c->payoffs;
    double *mean = gw_alloc(p->strategies * p->worlds, sizeof *mean);
    c->distance = gw_alloc(p->worlds, sizeof *c->distance);
    int ret = mean == NULL || c->distance == NULL ? gw_fail(error, GW_FAILED, "out of memory") : GW_OK;
    if (ret == GW_OK) {
        gw_payoffs_means(p, mean);
        ret = gw_metamodel_of_differences(&c->model, mean, p->strategies, p->worlds, c->x, 1, error);
    }
    gw_free(mean);
    return ret;
}

int gw_acceptability(const struct gw_payoffs *payoffs, const double *x, const double *at, size_t points, double level,
                     struct gw_interval *probability, struct gw_interval *benefit, size_t *leader,
                     struct gw_error *error)
{
    struct curves c = {.payoffs = payoffs, .x = x, .level = level, .z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2.0)};
    int ret = gw_payoffs_check(payoffs, error);
    ret = ret == GW_OK ? prepare(&c, error) : ret;
    for (size_t i = 0; ret == GW_OK && i < points; i++) {
        fill_point(&c, at[i], i, points, probability, benefit, leader);
    }
    gw_metamodel_free(c.model);
    gw_free(c.distance);
    return ret;
}
