#include "analysis/optimum.h"

#include "analysis/search.h"
#include "analysis/surface.h"

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double near = 0.01; /* to a bound, in ranges: at it */

static double range_of(const struct gw_feasible *set, size_t i)
{
    return set->high[i] - set->low[i];
}

/* ---- What it is worth: fresh replications ------------------------------------------------------------------------
 */

/* x with lever i at a value, the others nearby; false when that is not feasible. */
static bool pin(const struct gw_feasible *set, const double *x, size_t i, double value, double *out)
{
    struct gw_feasible pinned = *set;
    double at[GW_MAX_DIMENSIONS];
    memcpy(at, x, set->dimensions * sizeof *at);
    at[i] = pinned.low[i] = pinned.high[i] = value;
    if (gw_feasible_check(&pinned, NULL) != 0) {
        return false;
    }
    gw_feasible_project(&pinned, at, out);
    return true;
}

static void mark_infeasible(struct gw_optimum_point *point, size_t d)
{
    for (size_t i = 0; i < d; i++) {
        point->x[i] = NAN;
    }
    point->value = point->difference = (struct gw_functional_estimate){.value = NAN, .low = NAN, .high = NAN};
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Values of one lever: an even grid, the optimum, and 10% of the range on either side of it; as many as are told. */
static size_t values_along(const struct gw_feasible *set, const struct gw_optimum *o, size_t i, double *value)
{
    const double range = range_of(set, i), grid = (double)(o->profile - 4);
    size_t n = 0;
    for (size_t k = 0; k + 3 < o->profile; k++) {
        value[n++] = set->low[i] + range * (double)k / grid;
    }
    value[n++] = o->x[i];
    value[n++] = fmax(o->x[i] - 0.1 * range, set->low[i]);
    value[n++] = fmin(o->x[i] + 0.1 * range, set->high[i]);
    qsort(value, n, sizeof *value, by_value);
    return n;
}

struct fresh {
    const struct gw_response *response;
    const struct gw_optimum_options *options;
    struct gw_optimum *optimum;
    double *x, *value, *scratch; /* [points][dimensions], [points][fresh], [2 * fresh]; point 0 is the optimum */
    size_t points;
};

static void lay_out_profiles(struct fresh *f, double *along)
{
    struct gw_optimum *o = f->optimum;
    const size_t d = o->dimensions;
    memcpy(f->x, o->x, d * sizeof *f->x);
    f->points = 1;
    for (size_t i = 0; i < d; i++) {
        const size_t n = values_along(&f->options->set, o, i, along);
        for (size_t k = 0; k < n; k++) {
            struct gw_optimum_point *point = &o->along[i * o->profile + k];
            if (pin(&f->options->set, o->x, i, along[k], point->x)) {
                memcpy(f->x + f->points * d, point->x, d * sizeof *f->x);
                f->points++;
            } else {
                mark_infeasible(point, d);
            }
        }
    }
}

static void read_profiles(struct fresh *f)
{
    struct gw_optimum *o = f->optimum;
    const size_t n = f->options->fresh;
    const double level = f->options->level;
    size_t at = 1;
    o->fresh = gw_functional_estimate(f->options->goal, f->value, n, level, f->scratch);
    for (size_t k = 0; k < o->dimensions * o->profile; k++) {
        struct gw_optimum_point *point = &o->along[k];
        if (isfinite(point->x[0])) {
            const double *value = f->value + at++ * n;
            point->value = gw_functional_estimate(f->options->goal, value, n, level, f->scratch);
            point->difference = gw_functional_difference(f->options->goal, value, f->value, n, level, f->scratch);
        }
    }
}

static int measure_requirements(struct fresh *f, struct gw_error *error)
{
    const struct gw_optimum_options *options = f->options;
    int ret = 0;
    for (size_t k = 0; k < options->requirements && ret == 0; k++) {
        const struct gw_response *response = options->requirement[k].response;
        ret = response->evaluate(response->context, f->optimum->x, 1, options->replications, options->fresh, f->value,
                                 error);
        f->optimum->required[k] = gw_functional_estimate((struct gw_functional){.kind = GW_FUNCTIONAL_MEAN}, f->value,
                                                         options->fresh, options->level, f->scratch);
    }
    return ret;
}

static int confirm(struct fresh *f, struct gw_error *error)
{
    const struct gw_optimum_options *options = f->options;
    struct gw_optimum *o = f->optimum;
    const size_t most = 1 + o->dimensions * o->profile;
    double *along = calloc(o->profile, sizeof *along);
    int ret = GW_REFUSED;
    f->x = calloc(most * o->dimensions, sizeof *f->x);
    f->value = calloc(most * options->fresh, sizeof *f->value);
    f->scratch = calloc(2 * (size_t)options->fresh, sizeof *f->scratch);
    if (along == NULL || f->x == NULL || f->value == NULL || f->scratch == NULL) {
        gw_fail(error, ret, "no memory for %zu points of %u replications", most, options->fresh);
        goto out;
    }
    lay_out_profiles(f, along);
    ret = f->response->evaluate(f->response->context, f->x, f->points, options->replications, options->fresh,
                                f->value, error);
    if (ret == 0) {
        read_profiles(f);
        ret = measure_requirements(f, error);
    }
    o->evaluated += f->points;
out:
    free(along);
    free(f->x);
    free(f->value);
    free(f->scratch);
    return ret;
}

/* ---- How flat it is ------------------------------------------------------------------------------------------ */

static bool told_apart(const struct gw_optimum_point *point)
{
    return point->difference.low > 0.0 || point->difference.high < 0.0;
}

/* From the optimum's own place outwards until a point is told apart. */
static void measure_flatness(struct gw_optimum *o, const struct gw_feasible *set, size_t i)
{
    struct gw_optimum_lever *lever = &o->lever[i];
    const struct gw_optimum_point *along = &o->along[i * o->profile];
    const double step = 0.1 * range_of(set, i);
    size_t own = 0;
    lever->down = lever->up = (struct gw_functional_estimate){.value = NAN, .low = NAN, .high = NAN};
    for (size_t k = 0; k < o->profile; k++) {
        const double off = along[k].x[i] - o->x[i];
        own = off == 0.0 ? k : own;
        lever->down = fabs(off + step) < 1e-6 * step ? along[k].difference : lever->down;
        lever->up = fabs(off - step) < 1e-6 * step ? along[k].difference : lever->up;
        o->flat &= !told_apart(&along[k]);
    }
    lever->flat_low = lever->flat_high = o->x[i];
    for (size_t k = own; k > 0 && !told_apart(&along[k - 1]) && isfinite(along[k - 1].x[i]); k--) {
        lever->flat_low = along[k - 1].x[i];
    }
    for (size_t k = own + 1; k < o->profile && !told_apart(&along[k]) && isfinite(along[k].x[i]); k++) {
        lever->flat_high = along[k].x[i];
    }
}

static enum gw_optimum_place place_of(const struct gw_feasible *set, size_t i, double x)
{
    const double margin = near * range_of(set, i);
    return x <= set->low[i] + margin ? GW_AT_LOW : x >= set->high[i] - margin ? GW_AT_HIGH : GW_INTERIOR;
}

/* Point `at` of the search as the optimum. */
static void take(const struct search *s, size_t at, struct gw_optimum *o)
{
    const struct gw_feasible *set = &s->options->set;
    const size_t n = s->options->replications;
    memcpy(o->x, s->x + at * o->dimensions, o->dimensions * sizeof *o->x);
    o->permitted = s->breach[at] == 0.0;
    o->cost = gw_feasible_cost(set, o->x);
    o->budget_binds = isfinite(set->budget) && o->cost >= set->budget - 0.005 * fabs(set->budget);
    o->search = gw_functional_estimate(s->options->goal, s->value + at * n, n, s->options->level, s->scratch);
}

/* ---- How sure it is: bootstrap of surfaces ----------------------------------------------------------------------
 */

/* Two designs around the best point, the inner one half as wide. The top of a quadratic surface is off by what the
 * response has of third order, in proportion to the square of the width; so 4/3 of the inner top less 1/3 of the
 * outer one is free of that (Richardson's extrapolation). Points that the search has chosen are not in the designs:
 * luck had a say in them. */
enum { OUTER, INNER, DESIGNS };
static const double reach[DESIGNS] = {0.25, 0.125}; /* half the width, in ranges */

struct bootstrap {
    struct search *search;
    struct gw_optimum *optimum;
    double start[GW_MAX_DIMENSIONS]; /* the best point seen */
    struct gw_surface_fit *fit[DESIGNS];
    size_t first, points;           /* of the outer design in the search; the inner one follows, as large */
    double *goal, *drawn, *scratch; /* [points], [replications], [replications] */
    uint32_t *pick;                 /* [replications] */
    double *move, *slope;           /* [dimensions][resamples] of the top, at the optimum */
};

/* The goal of the drawn replications at every point of a design. */
static int fit_sample(struct bootstrap *b, int design, struct gw_surface *surface)
{
    const struct gw_optimum_options *options = b->search->options;
    const size_t n = options->replications, first = b->first + (size_t)design * b->points;
    for (size_t p = 0; p < b->points; p++) {
        const double *value = b->search->value + (first + p) * n;
        for (size_t r = 0; r < n; r++) {
            b->drawn[r] = value[b->pick[r]];
        }
        b->goal[p] = gw_functional_value(options->goal, b->drawn, n, b->scratch);
    }
    return gw_surface_solve(b->fit[design], b->goal, surface, b->search->error);
}

/* Of the drawn replications; `inner` receives the inner surface. */
static int find_top(struct bootstrap *b, double *top, struct gw_surface *inner)
{
    const struct gw_feasible *set = &b->search->options->set;
    double tops[DESIGNS][GW_MAX_DIMENSIONS];
    int ret = 0;
    for (int design = 0; design < DESIGNS && ret == 0; design++) {
        memcpy(tops[design], b->start, sizeof b->start);
        ret = fit_sample(b, design, inner);
        if (ret == 0) {
            gw_surface_maximise(inner, tops[design]);
        }
    }
    for (size_t i = 0; i < set->dimensions && ret == 0; i++) {
        top[i] = (4.0 * tops[INNER][i] - tops[OUTER][i]) / 3.0;
    }
    if (ret == 0) {
        gw_feasible_project(set, top, top);
    }
    return ret;
}

static int resample(struct bootstrap *b, const double *centre)
{
    const struct gw_optimum_options *options = b->search->options;
    const size_t d = options->set.dimensions, n = options->replications;
    struct gw_surface surface;
    double top[GW_MAX_DIMENSIONS], slope[GW_MAX_DIMENSIONS];
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    int ret = rng != NULL ? 0 : gw_fail(b->search->error, GW_REFUSED, "no memory for a generator");
    for (size_t k = 0; k < options->resamples && ret == 0; k++) {
        for (size_t r = 0; r < n; r++) {
            b->pick[r] = (uint32_t)gsl_rng_uniform_int(rng, n);
        }
        ret = find_top(b, top, &surface);
        if (ret == 0) {
            gw_surface_gradient(&surface, b->optimum->x, slope);
        }
        for (size_t i = 0; i < d && ret == 0; i++) {
            b->move[i * options->resamples + k] = top[i] - centre[i];
            b->slope[i * options->resamples + k] = slope[i];
        }
    }
    gsl_rng_free(rng);
    return ret;
}

static void percentiles(double *sample, size_t n, double level, double *low, double *high)
{
    gsl_sort(sample, 1, n);
    *low = gsl_stats_quantile_from_sorted_data(sample, 1, n, (1.0 - level) / 2.0);
    *high = gsl_stats_quantile_from_sorted_data(sample, 1, n, (1.0 + level) / 2.0);
}

static void read_bootstrap(struct bootstrap *b, const struct gw_surface *surface)
{
    const struct gw_optimum_options *options = b->search->options;
    double slope[GW_MAX_DIMENSIONS];
    gw_surface_gradient(surface, b->optimum->x, slope);
    for (size_t i = 0; i < options->set.dimensions; i++) {
        struct gw_optimum_lever *lever = &b->optimum->lever[i];
        double low, high;
        percentiles(b->move + i * options->resamples, options->resamples, options->level, &low, &high);
        lever->low = fmax(options->set.low[i], b->optimum->x[i] + fmin(low, 0.0));
        lever->high = fmin(options->set.high[i], b->optimum->x[i] + fmax(high, 0.0));
        lever->worth = slope[i];
        percentiles(b->slope + i * options->resamples, options->resamples, options->level, &lever->worth_low,
                    &lever->worth_high);
    }
}

/* Points spread evenly around the best one, and a surface ready to be fitted to them. */
static int surround(struct bootstrap *b, int design)
{
    struct search *s = b->search;
    const struct gw_feasible *set = &s->options->set;
    double low[GW_MAX_DIMENSIONS], high[GW_MAX_DIMENSIONS];
    for (size_t i = 0; i < set->dimensions; i++) {
        low[i] = fmax(set->low[i], b->start[i] - reach[design] * range_of(set, i));
        high[i] = fmin(set->high[i], b->start[i] + reach[design] * range_of(set, i));
    }
    const size_t first = s->points;
    const int ret = gw_search_fill(s, low, high, 0, b->points, false);
    return ret != 0
               ? ret
               : gw_surface_fit_create(&b->fit[design], set, s->x + first * set->dimensions, b->points, s->error);
}

static int prepare(struct bootstrap *b)
{
    struct search *s = b->search;
    const struct gw_optimum_options *options = s->options;
    const size_t n = options->replications, d = options->set.dimensions;
    b->first = s->points;
    b->points = 2 * gw_surface_terms(&options->set) + 3;
    b->goal = calloc(b->points, sizeof *b->goal);
    b->drawn = calloc(n, sizeof *b->drawn);
    b->scratch = calloc(n, sizeof *b->scratch);
    b->pick = calloc(n, sizeof *b->pick);
    b->move = calloc(d * options->resamples, sizeof *b->move);
    b->slope = calloc(d * options->resamples, sizeof *b->slope);
    if (b->goal == NULL || b->drawn == NULL || b->scratch == NULL || b->pick == NULL || b->move == NULL ||
        b->slope == NULL) {
        return gw_fail(s->error, GW_REFUSED, "no memory for %zu resamples", options->resamples);
    }
    for (uint32_t r = 0; r < options->replications; r++) {
        b->pick[r] = r;
    }
    const int ret = surround(b, OUTER);
    return ret == 0 ? surround(b, INNER) : ret;
}

/* The best point seen chases luck where the response has steps, as customers who switch make: there the best of a
 * sample wanders with n^(-1/3) only (Kim & Pollard 1990, Annals of Statistics 18). The surface's top averages over
 * its neighbourhood. It is taken unless the best point seen is told apart from it, which speaks against the surface.
 */
static int prefer_top(struct bootstrap *b, size_t best, const double *top)
{
    struct search *s = b->search;
    const size_t n = s->options->replications;
    int ret = gw_search_see(s, top, 1);
    if (ret == 0 && s->breach[s->points - 1] <= s->breach[best]) {
        const struct gw_functional_estimate lead = gw_functional_difference(
            s->options->goal, s->value + best * n, s->value + (s->points - 1) * n, n, s->options->level, s->scratch);
        if (!(lead.low > 0.0)) {
            take(s, s->points - 1, b->optimum);
        }
    }
    return ret;
}

static void release(struct bootstrap *b)
{
    gw_surface_fit_free(b->fit[OUTER]);
    gw_surface_fit_free(b->fit[INNER]);
    free(b->goal);
    free(b->drawn);
    free(b->scratch);
    free(b->pick);
    free(b->move);
    free(b->slope);
}

static int settle_optimum(struct search *search, struct gw_optimum *optimum)
{
    struct bootstrap b = {.search = search, .optimum = optimum};
    const size_t best = gw_search_best(search);
    struct gw_surface inner;
    double top[GW_MAX_DIMENSIONS];
    take(search, best, optimum);
    memcpy(b.start, optimum->x, sizeof b.start);
    int ret = prepare(&b);
    if (ret == 0) {
        ret = find_top(&b, top, &inner);
    }
    if (ret == 0) {
        ret = prefer_top(&b, best, top);
    }
    if (ret == 0) {
        ret = resample(&b, top);
    }
    if (ret == 0) {
        read_bootstrap(&b, &inner);
    }
    release(&b);
    return ret;
}

/* ---- All of it ------------------------------------------------------------------------------------------------- */

static int check(const struct gw_response *response, const struct gw_optimum_options *o, struct gw_error *error)
{
    int ret = gw_feasible_check(&o->set, error);
    if (ret != 0) {
        return ret;
    }
    if (response->dimensions != o->set.dimensions) {
        return gw_fail(error, GW_BAD_INPUT, "%zu levers for a response of %zu", o->set.dimensions,
                       response->dimensions);
    }
    if (o->replications < 10 || o->fresh < 10 || o->starts < 1 || o->profile < 2 || o->resamples < 100) {
        return gw_fail(error, GW_BAD_INPUT,
                       "%u replications and %u fresh ones (10 or more), %zu starts, %zu points of a profile (2 or "
                       "more), %zu resamples (100 or more)",
                       o->replications, o->fresh, o->starts, o->profile, o->resamples);
    }
    if (!(o->level > 0.0 && o->level < 1.0) ||
        (o->goal.kind != GW_FUNCTIONAL_MEAN && !(o->goal.probability > 0.0 && o->goal.probability < 1.0))) {
        return gw_fail(error, GW_BAD_INPUT, "confidence %g, probability %g", o->level, o->goal.probability);
    }
    return 0;
}

static int reserve(struct gw_optimum *o, const struct gw_optimum_options *options, struct gw_error *error)
{
    o->dimensions = options->set.dimensions;
    o->profile = options->profile + 3;
    o->flat = true;
    o->along = calloc(o->dimensions * o->profile, sizeof *o->along);
    o->required = calloc(options->requirements + 1, sizeof *o->required);
    return o->along != NULL && o->required != NULL ? 0 : gw_fail(error, GW_REFUSED, "no memory for profiles");
}

int gw_optimum_find(const struct gw_response *response, const struct gw_optimum_options *options,
                    struct gw_optimum *optimum, struct gw_error *error)
{
    struct search search = {0};
    struct fresh fresh = {.response = response, .options = options, .optimum = optimum};
    memset(optimum, 0, sizeof *optimum);
    int ret = check(response, options, error);
    if (ret != 0) {
        return ret;
    }
    ret = reserve(optimum, options, error);
    if (ret == 0) {
        ret = gw_search_open(&search, response, options, error);
    }
    if (ret == 0) {
        ret = gw_search_run(&search);
    }
    if (ret == 0) {
        ret = settle_optimum(&search, optimum);
    }
    optimum->evaluated = search.points;
    if (ret == 0) {
        ret = confirm(&fresh, error);
    }
    for (size_t i = 0; i < optimum->dimensions && ret == 0; i++) {
        optimum->lever[i].place = place_of(&options->set, i, optimum->x[i]);
        measure_flatness(optimum, &options->set, i);
    }
    gw_search_close(&search);
    return ret;
}

void gw_optimum_free(struct gw_optimum *optimum)
{
    free(optimum->along);
    free(optimum->required);
    optimum->along = NULL;
    optimum->required = NULL;
}
