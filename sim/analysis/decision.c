#include "analysis/decision.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* Chosen by one half of the luck, valued by the other, each way round. */
static double chosen_blindly(const struct gw_world_means *world)
{
    const double *a = world->mean[GW_FIRST_HALF], *b = world->mean[GW_SECOND_HALF];
    const size_t n = world->strategies;
    return world->inner < 2 ? NAN : (b[gw_greatest(a, n)] + a[gw_greatest(b, n)]) / 2.0;
}

/* ---- Over worlds --------------------------------------------------------------------------------------------------
 */

/* Mean and squares as values come (Welford 1962, Technometrics 4(3)). */
struct moments {
    double n, mean, squares;
};

static void add(struct moments *m, double x)
{
    const double before = x - m->mean;
    m->n += 1.0;
    m->mean += before / m->n;
    m->squares += before * (x - m->mean);
}

static double standard_error(const struct moments *m)
{
    return m->n < 2.0 ? NAN : sqrt(m->squares / (m->n - 1.0) / m->n);
}

static struct gw_interval interval_of(const struct moments *m, double level)
{
    const double half = gsl_cdf_tdist_Pinv(0.5 + level / 2.0, m->n - 1.0) * standard_error(m);
    return (struct gw_interval){m->mean, m->mean - half, m->mean + half};
}

/* Of something that is never below 0. */
static struct gw_interval never_negative(struct gw_interval x)
{
    return (struct gw_interval){x.value < 0.0 ? 0.0 : x.value, x.low < 0.0 ? 0.0 : x.low,
                                x.high < 0.0 ? 0.0 : x.high};
}

struct gw_interval gw_share_interval(double share, double variance, double n, double level)
{
    const double p = fmin(1.0, fmax(0.0, share)), own = p * (1.0 - p);
    const double worth = own > 0.0 && variance > 0.0 ? fmin(n, own / variance) : n;
    const double z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2.0), z2 = z * z / worth;
    const double centre = (p + z2 / 2.0) / (1.0 + z2), half = sqrt(z2 * (own + z2 / 4.0)) / (1.0 + z2);
    return (struct gw_interval){p, fmax(0.0, centre - half), fmin(1.0, centre + half)};
}

struct sums {
    struct moments value[GW_MOST_CHOICES], best[GW_MOST_CHOICES], regret[GW_MOST_CHOICES];
    struct moments above[GW_MOST_CHOICES], below[GW_MOST_CHOICES]; /* as regret, by the two bounds of the maximum */
};

static void add_world(struct sums *sums, const struct gw_world_means *world)
{
    const double most = gw_world_greatest(world), blind = chosen_blindly(world);
    const double above = world->mean[GW_ALL_LUCK][gw_greatest(world->mean[GW_ALL_LUCK], world->strategies)];
    double best[GW_MOST_CHOICES];
    gw_world_best(world, best);
    for (size_t s = 0; s < world->strategies; s++) {
        const double own = world->mean[GW_ALL_LUCK][s];
        /* Against the mean of both halves: `blind` is the mean over them, of equal weight. */
        const double halves = (world->mean[GW_FIRST_HALF][s] + world->mean[GW_SECOND_HALF][s]) / 2.0;
        add(&sums->value[s], own);
        add(&sums->best[s], best[s]);
        add(&sums->regret[s], most - own);
        add(&sums->above[s], above - own);
        add(&sums->below[s], blind - halves);
    }
}

static void conclude(const struct sums *sums, const struct gw_payoffs *p, double level, struct gw_choice *choice,
                     struct gw_decision *decision)
{
    size_t best = 0;
    for (size_t s = 0; s < p->strategies; s++) {
        choice[s].value = interval_of(&sums->value[s], level);
        choice[s].best =
            gw_share_interval(sums->best[s].mean, pow(standard_error(&sums->best[s]), 2.0), sums->best[s].n, level);
        choice[s].regret = never_negative(interval_of(&sums->regret[s], level));
        best = choice[s].value.value > choice[best].value.value ? s : best;
    }
    *decision = (struct gw_decision){.best = best,
                                     .evpi = choice[best].regret,
                                     .evpi_error = standard_error(&sums->regret[best]),
                                     .luck_removed = p->inner > 1,
                                     .above = never_negative(interval_of(&sums->above[best], level)),
                                     .below = never_negative(interval_of(&sums->below[best], level))};
}

int gw_decision_of(const struct gw_payoffs *p, double level, struct gw_choice *choice, struct gw_decision *decision,
                   struct gw_error *error)
{
    if (!(level > 0.0 && level < 1.0)) {
        return gw_fail(error, GW_BAD_INPUT, "the confidence of an interval is between 0 and 1");
    }
    const int ret = gw_payoffs_check(p, error);
    if (ret != GW_OK) {
        return ret;
    }
    struct sums sums = {0};
    struct gw_world_means world = {0};
    for (size_t w = 0; w < p->worlds; w++) {
        gw_world_means_of(p, w, &world);
        add_world(&sums, &world);
    }
    conclude(&sums, p, level, choice, decision);
    return GW_OK;
}

void gw_payoffs_means(const struct gw_payoffs *p, double *mean)
{
    struct gw_world_means world;
    for (size_t w = 0; w < p->worlds; w++) {
        gw_world_means_of(p, w, &world);
        for (size_t s = 0; s < p->strategies; s++) {
            mean[s * p->worlds + w] = world.mean[GW_ALL_LUCK][s];
        }
    }
}
