#include "analysis/decision.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* ---- One world ----------------------------------------------------------------------------------------------------
 */

enum { ALL, FIRST_HALF, SECOND_HALF, PARTS };

struct world {
    double mean[PARTS][GW_MOST_CHOICES]; /* halves: of inner >= 2 only */
};

static double mean_of(const double *value, size_t from, size_t to)
{
    double sum = 0.0;
    for (size_t i = from; i < to; i++) {
        sum += value[i];
    }
    return sum / (double)(to - from);
}

static void look_at(const struct gw_payoffs *p, size_t w, struct world *world)
{
    const size_t half = p->inner / 2;
    for (size_t s = 0; s < p->strategies; s++) {
        const double *value = p->value + (s * p->worlds + w) * p->inner;
        world->mean[ALL][s] = mean_of(value, 0, p->inner);
        if (half > 0) {
            world->mean[FIRST_HALF][s] = mean_of(value, 0, half);
            world->mean[SECOND_HALF][s] = mean_of(value, half, p->inner);
        }
    }
}

static size_t greatest(const double *x, size_t n)
{
    size_t best = 0;
    for (size_t s = 1; s < n; s++) {
        best = x[s] > x[best] ? s : best;
    }
    return best;
}

/* Part of strategy s in being the best. */
static double share_of_best(const double *x, size_t n, size_t s)
{
    const double most = x[greatest(x, n)];
    double ties = 0.0;
    for (size_t k = 0; k < n; k++) {
        ties += x[k] == most;
    }
    return x[s] == most ? 1.0 / ties : 0.0;
}

/* f of all luck and of its halves, to what is free of the term in 1 / inner. */
static double without_luck(size_t inner, const double f[PARTS])
{
    if (inner < 2) {
        return f[ALL];
    }
    const double n = (double)inner, h = (double)(inner / 2), c = n * n / (2.0 * h * (n - h));
    return (c * f[ALL] - (f[FIRST_HALF] + f[SECOND_HALF]) / 2.0) / (c - 1.0);
}

static double greatest_without_luck(const struct gw_payoffs *p, const struct world *world)
{
    double f[PARTS] = {0};
    for (int part = 0; part < (p->inner < 2 ? 1 : PARTS); part++) {
        f[part] = world->mean[part][greatest(world->mean[part], p->strategies)];
    }
    return without_luck(p->inner, f);
}

static double best_without_luck(const struct gw_payoffs *p, const struct world *world, size_t s)
{
    double f[PARTS] = {0};
    for (int part = 0; part < (p->inner < 2 ? 1 : PARTS); part++) {
        f[part] = share_of_best(world->mean[part], p->strategies, s);
    }
    return without_luck(p->inner, f);
}

/* Chosen by one half of the luck, valued by the other, each way round. */
static double chosen_blindly(const struct gw_payoffs *p, const struct world *world)
{
    const double *a = world->mean[FIRST_HALF], *b = world->mean[SECOND_HALF];
    return p->inner < 2 ? NAN : (b[greatest(a, p->strategies)] + a[greatest(b, p->strategies)]) / 2.0;
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

static struct gw_interval probability_of(const struct moments *m, double level)
{
    const double share = fmin(1.0, fmax(0.0, m->mean)), variance = m->squares / (m->n - 1.0) / m->n;
    const double own = share * (1.0 - share);
    const double n = own > 0.0 && variance > 0.0 ? fmin(m->n, own / variance) : m->n;
    const double z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2.0), z2 = z * z / n;
    const double centre = (share + z2 / 2.0) / (1.0 + z2), half = sqrt(z2 * (own + z2 / 4.0)) / (1.0 + z2);
    return (struct gw_interval){share, fmax(0.0, centre - half), fmin(1.0, centre + half)};
}

struct sums {
    struct moments value[GW_MOST_CHOICES], best[GW_MOST_CHOICES], regret[GW_MOST_CHOICES];
    struct moments above[GW_MOST_CHOICES], below[GW_MOST_CHOICES]; /* as regret, by the two bounds of the maximum */
};

static void add_world(struct sums *sums, const struct gw_payoffs *p, const struct world *world)
{
    const double most = greatest_without_luck(p, world), blind = chosen_blindly(p, world);
    const double above = world->mean[ALL][greatest(world->mean[ALL], p->strategies)];
    for (size_t s = 0; s < p->strategies; s++) {
        const double own = world->mean[ALL][s];
        /* Against the mean of both halves: `blind` is the mean over them, of equal weight. */
        const double halves = (world->mean[FIRST_HALF][s] + world->mean[SECOND_HALF][s]) / 2.0;
        add(&sums->value[s], own);
        add(&sums->best[s], best_without_luck(p, world, s));
        add(&sums->regret[s], most - own);
        add(&sums->above[s], above - own);
        add(&sums->below[s], blind - halves);
    }
}

static int check(const struct gw_payoffs *p, double level, struct gw_error *error)
{
    if (p->strategies < 2 || p->strategies > GW_MOST_CHOICES || p->worlds < 2 || p->inner < 1) {
        return gw_fail(error, GW_BAD_INPUT, "a decision needs 2 to %d strategies and 2 possible worlds at least",
                       (int)GW_MOST_CHOICES);
    }
    if (!(level > 0.0 && level < 1.0)) {
        return gw_fail(error, GW_BAD_INPUT, "the confidence of an interval is between 0 and 1");
    }
    for (size_t i = 0; i < p->strategies * p->worlds * p->inner; i++) {
        if (!isfinite(p->value[i])) {
            return gw_fail(error, GW_BAD_INPUT, "a value of a strategy is not finite");
        }
    }
    return GW_OK;
}

static void conclude(const struct sums *sums, const struct gw_payoffs *p, double level, struct gw_choice *choice,
                     struct gw_decision *decision)
{
    size_t best = 0;
    for (size_t s = 0; s < p->strategies; s++) {
        choice[s].value = interval_of(&sums->value[s], level);
        choice[s].best = probability_of(&sums->best[s], level);
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
    const int ret = check(p, level, error);
    if (ret != GW_OK) {
        return ret;
    }
    struct sums sums = {0};
    struct world world = {0};
    for (size_t w = 0; w < p->worlds; w++) {
        look_at(p, w, &world);
        add_world(&sums, p, &world);
    }
    conclude(&sums, p, level, choice, decision);
    return GW_OK;
}

void gw_payoffs_by_world(const struct gw_payoffs *p, double *mean, double *best)
{
    struct world world = {0};
    for (size_t w = 0; w < p->worlds; w++) {
        look_at(p, w, &world);
        for (size_t s = 0; s < p->strategies; s++) {
            if (mean != NULL) {
                mean[s * p->worlds + w] = world.mean[ALL][s];
            }
            if (best != NULL) {
                best[s * p->worlds + w] = best_without_luck(p, &world, s);
            }
        }
    }
}
