#include "analysis/components.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

static const struct gw_interval unknown = {NAN, NAN, NAN};

/* What an analysis of variance needs of its worlds; leaving one out is a subtraction. */
struct tally {
    double worlds, replications, reciprocals; /* sum over worlds of 1 / replications */
    double sum, squares;                      /* of worlds' means, about the tally's origin */
    double within;                            /* squares about the worlds' own means */
};

/* Values x = p a + q b, world by world: what is not finite in either is in none of the series of a pair, as 0 times
 * it is NaN. The first world's mean is the origin, so that a large common level eats no digits. */
struct series {
    const double *a, *b; /* b NULL: x = a */
    double p, q;
    size_t worlds, inner;
    double origin;
    struct tally all;
};

static double value_of(const struct series *s, size_t i)
{
    return s->b == NULL ? s->a[i] : s->p * s->a[i] + s->q * s->b[i];
}

static struct tally world_of(const struct series *s, size_t w)
{
    double count = 0.0, sum = 0.0, within = 0.0;
    for (size_t i = w * s->inner; i < (w + 1) * s->inner; i++) {
        const double x = value_of(s, i);
        if (isfinite(x)) { /* squares as the mean moves: Welford 1962, Technometrics 4(3) */
            const double before = count == 0.0 ? 0.0 : x - sum / count;
            count += 1.0;
            sum += x;
            within += before * (x - sum / count);
        }
    }
    if (count == 0.0) {
        return (struct tally){0};
    }
    const double mean = sum / count - s->origin;
    return (struct tally){1.0, count, 1.0 / count, mean, mean * mean, within};
}

static struct tally sum_of(struct tally a, struct tally b, double sign)
{
    return (struct tally){a.worlds + sign * b.worlds,           a.replications + sign * b.replications,
                          a.reciprocals + sign * b.reciprocals, a.sum + sign * b.sum,
                          a.squares + sign * b.squares,         a.within + sign * b.within};
}

/* `s` as given, with its origin and tally. */
static struct series tallied(struct series s)
{
    const size_t worlds = s.worlds;
    for (size_t w = 0; w < worlds && s.all.worlds == 0.0; w++) {
        s.all = world_of(&s, w);
    }
    s.origin = s.all.sum;
    s.all = (struct tally){0};
    for (size_t w = 0; w < worlds; w++) {
        s.all = sum_of(s.all, world_of(&s, w), 1.0);
    }
    return s;
}

static double inner_of(struct tally t)
{
    return t.worlds / t.reciprocals;
}

/* Variance of the worlds' means: its expectation is ignorance + luck / inner_of(). */
static double variance_of_means(struct tally t)
{
    return t.worlds < 2.0 ? NAN : fmax(0.0, t.squares - t.sum * t.sum / t.worlds) / (t.worlds - 1.0);
}

static double luck_of(struct tally t)
{
    const double freedom = t.replications - t.worlds;
    return freedom < 1.0 ? NAN : fmax(0.0, t.within) / freedom;
}

static double ignorance_of(struct tally t)
{
    return variance_of_means(t) - luck_of(t) / inner_of(t);
}

static double total_of(struct tally t)
{
    return luck_of(t) + fmax(0.0, ignorance_of(t));
}

static double log_mean_squares(const struct tally t[1])
{
    return log(inner_of(t[0]) * variance_of_means(t[0]) / luck_of(t[0]));
}

/* ---- Jackknife over worlds (Miller 1974, Biometrika 61(1)) ------------------------------------------------------
 */

typedef double statistic(const struct tally tally[]);

enum { MOST_SERIES = 3 };

struct jackknife {
    double n, sum, squares; /* of what leaving one world out changes */
};

static void leave_out(struct jackknife *j, const struct series s[], int n, size_t w, statistic *of, double all)
{
    struct tally rest[MOST_SERIES];
    bool counted = false;
    for (int k = 0; k < n; k++) {
        const struct tally world = world_of(&s[k], w);
        rest[k] = sum_of(s[k].all, world, -1.0);
        counted |= world.worlds > 0.0;
    }
    if (counted) {
        const double change = of(rest) - all;
        j->n += 1.0;
        j->sum += change;
        j->squares += change * change;
    }
}

/* The statistic and its interval, before anything is done to it. */
static struct gw_interval jackknife(const struct series s[], int n, statistic *of, double level)
{
    struct tally all[MOST_SERIES];
    struct jackknife j = {0};
    for (int k = 0; k < n; k++) {
        all[k] = s[k].all;
    }
    const double value = of(all);
    for (size_t w = 0; w < s[0].worlds; w++) {
        leave_out(&j, s, n, w, of, value);
    }
    if (!(j.n >= 3.0) || !isfinite(j.squares)) {
        return (struct gw_interval){value, NAN, NAN};
    }
    const double variance = (j.n - 1.0) / j.n * fmax(0.0, j.squares - j.sum * j.sum / j.n);
    const double half = gsl_cdf_tdist_Pinv(0.5 + level / 2.0, j.n - 1.0) * sqrt(variance);
    return (struct gw_interval){value, value - half, value + half};
}

/* ---- Components ---------------------------------------------------------------------------------------------------
 */

/* Share of a ratio of mean squares, whose expectation is 1 + inner * ignorance / luck. */
static double share_of_ratio(double ratio, double inner)
{
    if (isnan(ratio)) {
        return NAN;
    }
    return isinf(ratio) ? 1.0 : fmax(0.0, (ratio - 1.0) / (ratio - 1.0 + inner));
}

static struct gw_interval luck_interval(struct tally t, double tail)
{
    const double luck = luck_of(t), freedom = t.replications - t.worlds;
    return (struct gw_interval){luck, freedom * luck / gsl_cdf_chisq_Qinv(tail, freedom),
                                freedom * luck / gsl_cdf_chisq_Pinv(tail, freedom)};
}

/* Williams: the interval of inner * ignorance + luck by chi squared, shrunk by that of the ratio by F. */
static struct gw_interval ignorance_interval(struct tally t, double tail)
{
    const double between = t.worlds - 1.0, within = t.replications - t.worlds;
    const double squares = between * variance_of_means(t), floor = luck_of(t) / variance_of_means(t) / inner_of(t);
    const double low = 1.0 - floor * gsl_cdf_fdist_Qinv(tail, between, within);
    const double high = 1.0 - floor * gsl_cdf_fdist_Pinv(tail, between, within);
    return (struct gw_interval){ignorance_of(t), fmax(0.0, squares * low / gsl_cdf_chisq_Qinv(tail, between)),
                                fmax(0.0, squares * high / gsl_cdf_chisq_Pinv(tail, between))};
}

static struct gw_interval share_interval(struct tally t, double tail)
{
    const double between = t.worlds - 1.0, within = t.replications - t.worlds, inner = inner_of(t);
    const double ratio = inner * variance_of_means(t) / luck_of(t);
    return (struct gw_interval){share_of_ratio(ratio, inner),
                                share_of_ratio(ratio / gsl_cdf_fdist_Qinv(tail, between, within), inner),
                                share_of_ratio(ratio / gsl_cdf_fdist_Pinv(tail, between, within), inner)};
}

static struct gw_interval robust_share(const struct series *s, double level)
{
    const struct gw_interval ratio = jackknife(s, 1, log_mean_squares, level);
    const double inner = inner_of(s->all);
    return (struct gw_interval){share_of_ratio(exp(ratio.value), inner), share_of_ratio(exp(ratio.low), inner),
                                share_of_ratio(exp(ratio.high), inner)};
}

static void between_worlds(struct gw_components *c, const struct series *s, double level)
{
    const struct tally t = s->all;
    c->standard_error = sqrt(variance_of_means(t) / t.worlds);
    const double half = gsl_cdf_tdist_Pinv(0.5 + level / 2.0, t.worlds - 1.0) * c->standard_error;
    c->mean.low = c->mean.value - half;
    c->mean.high = c->mean.value + half;
}

struct gw_components gw_components_of(const double *value, size_t worlds, size_t inner, double level)
{
    const struct series s = tallied((struct series){.a = value, .worlds = worlds, .inner = inner});
    const struct tally t = s.all;
    const double tail = (1.0 - level) / 2.0;
    struct gw_components c = {.worlds = (size_t)t.worlds,
                              .replications = (size_t)t.replications,
                              .inner = inner_of(t),
                              .mean = {s.origin + t.sum / t.worlds, NAN, NAN},
                              .standard_error = NAN,
                              .luck = unknown,
                              .ignorance = unknown,
                              .share = unknown,
                              .robust = unknown};
    if (!(level > 0.0 && level < 1.0)) {
        return c;
    }
    if (t.worlds >= 2.0) {
        between_worlds(&c, &s, level);
    }
    if (t.replications > t.worlds) {
        c.luck = luck_interval(t, tail);
    }
    if (t.worlds >= 2.0 && t.replications > t.worlds && c.luck.value + variance_of_means(t) > 0.0) {
        c.ignorance = ignorance_interval(t, tail);
        c.share = share_interval(t, tail);
        c.robust = robust_share(&s, level);
    }
    return c;
}

double gw_luck_share(const struct gw_components *c, double inner)
{
    const double luck = c->luck.value / inner;
    return luck / (luck + fmax(0.0, c->ignorance.value));
}

uint32_t gw_inner_replications(const struct gw_components *pilot, double world_cost, double replication_cost,
                               double luck_share, uint32_t most)
{
    const double least = 2.0, ratio = pilot->luck.value / fmax(0.0, pilot->ignorance.value);
    const double precise = sqrt(world_cost / replication_cost * ratio), clear = ratio * (1.0 / luck_share - 1.0);
    const double wanted = fmax(precise, clear);
    if (isnan(wanted)) { /* nothing varies at all */
        return (uint32_t)least;
    }
    return (uint32_t)fmax(least, fmin(ceil(wanted - 1e-9), (double)most));
}

/* ---- Pairing ------------------------------------------------------------------------------------------------------
 */

static double log_luck_factor(const struct tally t[3])
{
    return log((luck_of(t[0]) + luck_of(t[1])) / luck_of(t[2]));
}

static double log_total_factor(const struct tally t[3])
{
    return log((total_of(t[0]) + total_of(t[1])) / total_of(t[2]));
}

static struct gw_interval exponential_of(struct gw_interval x)
{
    return (struct gw_interval){exp(x.value), exp(x.low), exp(x.high)};
}

struct gw_pairing gw_pairing_of(const double *a, const double *b, size_t worlds, size_t inner, double level)
{
    const struct series s[3] = {tallied((struct series){a, b, 1.0, 0.0, worlds, inner}),
                                tallied((struct series){a, b, 0.0, 1.0, worlds, inner}),
                                tallied((struct series){a, b, 1.0, -1.0, worlds, inner})};
    struct gw_pairing p = {(size_t)s[2].all.worlds, (size_t)s[2].all.replications, unknown, unknown};
    if (level > 0.0 && level < 1.0) {
        p.luck = exponential_of(jackknife(s, 3, log_luck_factor, level));
        p.total = exponential_of(jackknife(s, 3, log_total_factor, level));
    }
    return p;
}
