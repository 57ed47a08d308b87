#include "analysis/payoffs.h"

#include <math.h>

int gw_payoffs_check(const struct gw_payoffs *p, struct gw_error *error)
{
    if (p->strategies < 2 || p->strategies > GW_MOST_CHOICES || p->worlds < 2 || p->inner < 1) {
        return gw_fail(error, GW_BAD_INPUT, "a decision needs 2 to %d strategies and 2 possible worlds at least",
                       (int)GW_MOST_CHOICES);
    }
    for (size_t i = 0; i < p->strategies * p->worlds * p->inner; i++) {
        if (!isfinite(p->value[i])) {
            return gw_fail(error, GW_BAD_INPUT, "a value of a strategy is not finite");
        }
    }
    return GW_OK;
}

static double mean_of(const double *value, size_t from, size_t to)
{
    double sum = 0.0;
    for (size_t i = from; i < to; i++) {
        sum += value[i];
    }
    return sum / (double)(to - from);
}

static size_t half_of(size_t inner)
{
    return inner / 2;
}

void gw_world_means_of(const struct gw_payoffs *p, size_t world, struct gw_world_means *means)
{
    const size_t half = half_of(p->inner);
    means->strategies = p->strategies;
    means->inner = p->inner;
    for (size_t s = 0; s < p->strategies; s++) {
        const double *value = p->value + (s * p->worlds + world) * p->inner;
        means->mean[GW_ALL_LUCK][s] = mean_of(value, 0, p->inner);
        if (half > 0) {
            means->mean[GW_FIRST_HALF][s] = mean_of(value, 0, half);
            means->mean[GW_SECOND_HALF][s] = mean_of(value, half, p->inner);
        }
    }
}

size_t gw_greatest(const double *x, size_t n)
{
    size_t best = 0;
    for (size_t s = 1; s < n; s++) {
        best = x[s] > x[best] ? s : best;
    }
    return best;
}

/* Weights of f(all), f(A) and f(B). */
static void weights_of(size_t inner, double weight[GW_LUCKS])
{
    const double n = (double)inner, h = (double)half_of(inner), c = n * n / (2.0 * h * (n - h));
    weight[GW_ALL_LUCK] = inner < 2 ? 1.0 : c / (c - 1.0);
    weight[GW_FIRST_HALF] = weight[GW_SECOND_HALF] = inner < 2 ? 0.0 : -0.5 / (c - 1.0);
}

static int lucks_of(const struct gw_world_means *means)
{
    return means->inner < 2 ? 1 : GW_LUCKS;
}

double gw_world_greatest(const struct gw_world_means *means)
{
    double weight[GW_LUCKS], sum = 0.0;
    weights_of(means->inner, weight);
    for (int luck = 0; luck < lucks_of(means); luck++) {
        sum += weight[luck] * means->mean[luck][gw_greatest(means->mean[luck], means->strategies)];
    }
    return sum;
}

/* Adds `weight` to the best, in equal parts where there are several. */
static void add_best(const double *x, size_t n, double weight, double *best)
{
    const double most = x[gw_greatest(x, n)];
    double ties = 0.0;
    for (size_t s = 0; s < n; s++) {
        ties += x[s] == most;
    }
    for (size_t s = 0; s < n; s++) {
        best[s] += x[s] == most ? weight / ties : 0.0;
    }
}

void gw_world_best(const struct gw_world_means *means, double *best)
{
    double weight[GW_LUCKS];
    weights_of(means->inner, weight);
    for (size_t s = 0; s < means->strategies; s++) {
        best[s] = 0.0;
    }
    for (int luck = 0; luck < lucks_of(means); luck++) {
        add_best(means->mean[luck], means->strategies, weight[luck], best);
    }
}
