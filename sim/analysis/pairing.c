#include "analysis/pairing.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Sums over observations, about an origin near them, from which some can be taken out again. */
struct sums {
    double n, a, b, aa, bb, d, dd;
};

/* Sums of squares about means: of A and B together, and of the differences. */
struct squares {
    double own, paired;
};

/* What is there, and each unit whose absence the jackknife tries. */
struct pairing {
    const double *a, *b;
    size_t groups, each;
    double origin_a, origin_b;
    struct sums all;
    struct squares within;
};

static void add(struct sums *s, const struct pairing *p, size_t i, double sign)
{
    const double a = p->a[i] - p->origin_a, b = p->b[i] - p->origin_b, d = a - b;
    s->n += sign;
    s->a += sign * a;
    s->b += sign * b;
    s->aa += sign * a * a;
    s->bb += sign * b * b;
    s->d += sign * d;
    s->dd += sign * d * d;
}

static struct squares squares_of(const struct sums *s)
{
    return (struct squares){s->aa - s->a * s->a / s->n + s->bb - s->b * s->b / s->n, s->dd - s->d * s->d / s->n};
}

/* Sums of a group are taken about its own first values, so that the spread between groups costs no digits. */
static struct squares within_group(const struct pairing *p, size_t group)
{
    struct pairing own = *p;
    struct sums s = {0};
    own.origin_a = p->a[group * p->each];
    own.origin_b = p->b[group * p->each];
    for (size_t i = 0; i < p->each; i++) {
        add(&s, &own, group * p->each + i, 1.0);
    }
    return squares_of(&s);
}

static struct sums total_without_group(const struct pairing *p, size_t group)
{
    struct sums s = p->all;
    for (size_t i = 0; i < p->each; i++) {
        add(&s, p, group * p->each + i, -1.0);
    }
    return s;
}

static struct sums total_without(const struct pairing *p, size_t observation)
{
    struct sums s = p->all;
    add(&s, p, observation, -1.0);
    return s;
}

/* Rounding leaves some 1e-16 of what was added up. */
static double ratio_of(struct squares s, double scale)
{
    const bool varies = s.own > 1e-14 * scale, differs = s.paired > 1e-14 * scale;
    return !varies ? NAN : differs ? s.own / s.paired : INFINITY;
}

static struct gw_pairing_factor bounded(double factor, const double *without, size_t units, double level)
{
    double mean = 0.0, squares = 0.0;
    struct gw_pairing_factor f = {factor, NAN, NAN};
    if (units < 3 || !isfinite(factor)) {
        return f;
    }
    for (size_t u = 0; u < units; u++) {
        mean += log(without[u]) / (double)units;
    }
    for (size_t u = 0; u < units; u++) {
        squares += (log(without[u]) - mean) * (log(without[u]) - mean);
    }
    const double m = (double)units, error = sqrt(squares * (m - 1.0) / m);
    const double reach = gsl_cdf_tdist_Pinv(0.5 + level / 2.0, m - 1.0) * error;
    f.low = factor * exp(-reach);
    f.high = factor * exp(reach);
    return f;
}

static struct gw_pairing_factor luck_factor(const struct pairing *p, double *without, double level)
{
    const double scale = p->all.aa + p->all.bb;
    if (p->each < 2) {
        return (struct gw_pairing_factor){NAN, NAN, NAN};
    }
    for (size_t g = 0; g < p->groups; g++) {
        const struct squares own = within_group(p, g);
        without[g] = ratio_of((struct squares){p->within.own - own.own, p->within.paired - own.paired}, scale);
    }
    return bounded(ratio_of(p->within, scale), without, p->groups, level);
}

static struct gw_pairing_factor total_factor(const struct pairing *p, double *without, double level)
{
    const double scale = p->all.aa + p->all.bb;
    const size_t units = p->groups > 1 ? p->groups : p->each;
    if (p->all.n < 2.0) {
        return (struct gw_pairing_factor){NAN, NAN, NAN};
    }
    for (size_t u = 0; u < units; u++) {
        const struct sums s = p->groups > 1 ? total_without_group(p, u) : total_without(p, u);
        without[u] = ratio_of(squares_of(&s), scale);
    }
    return bounded(ratio_of(squares_of(&p->all), scale), without, units, level);
}

static void add_up(struct pairing *p)
{
    p->origin_a = p->a[0];
    p->origin_b = p->b[0];
    for (size_t i = 0; i < p->groups * p->each; i++) {
        add(&p->all, p, i, 1.0);
    }
    for (size_t g = 0; g < p->groups; g++) {
        const struct squares own = within_group(p, g);
        p->within.own += own.own;
        p->within.paired += own.paired;
    }
}

int gw_pairing_measure(struct gw_pairing *out, const double *a, const double *b, size_t groups, size_t each,
                       double level, struct gw_error *error)
{
    struct pairing p = {.a = a, .b = b, .groups = groups, .each = each};
    const struct gw_pairing_factor none = {NAN, NAN, NAN};
    *out = (struct gw_pairing){none, none};
    if (!(level > 0.0 && level < 1.0)) {
        return gw_fail(error, GW_BAD_INPUT, "a confidence lies between 0 and 1");
    }
    for (size_t i = 0; i < groups * each; i++) {
        if (!isfinite(a[i]) || !isfinite(b[i])) {
            return gw_fail(error, GW_BAD_INPUT, "a value that is to be paired is not finite");
        }
    }
    if (groups * each == 0) {
        return GW_OK;
    }
    double *without = calloc(groups > each ? groups : each, sizeof *without);
    if (without == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for the factor of common random numbers");
    }
    add_up(&p);
    out->total = total_factor(&p, without, level);
    out->luck = groups == 1 ? out->total : luck_factor(&p, without, level);
    free(without);
    return GW_OK;
}
