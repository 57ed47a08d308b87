#include "analysis/search.h"

#include "analysis/surface.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GRID = 17, EVALUATIONS_PER_LEVER = 30 };

int gw_search_open(struct search *search, const struct gw_response *response,
                   const struct gw_optimum_options *options, struct gw_error *error)
{
    *search = (struct search){.response = response, .options = options, .error = error};
    search->scratch = calloc(2 * (size_t)options->replications, sizeof *search->scratch);
    return search->scratch != NULL
               ? 0
               : gw_fail(error, GW_REFUSED, "no memory for %u replications", options->replications);
}

void gw_search_close(struct search *search)
{
    free(search->x);
    free(search->value);
    free(search->goal);
    free(search->breach);
    free(search->scratch);
}

static bool grow(double **array, size_t count)
{
    double *larger = realloc(*array, count * sizeof *larger);
    if (larger != NULL) {
        *array = larger;
    }
    return larger != NULL;
}

static int make_room(struct search *s, size_t count)
{
    const size_t d = s->options->set.dimensions, n = s->options->replications;
    if (s->points + count > s->room) {
        const size_t room = 2 * (s->points + count);
        if (!grow(&s->x, room * d) || !grow(&s->value, room * n) || !grow(&s->goal, room) ||
            !grow(&s->breach, room)) {
            return gw_fail(s->error, GW_REFUSED, "no memory for %zu points of %zu replications", room, n);
        }
        s->room = room;
    }
    return 0;
}

/* By how much a mean misses low .. high, relative to the bound. */
static double miss(const struct gw_optimum_requirement *r, double mean)
{
    const double below = r->low - mean, above = mean - r->high;
    const double scale = fabs(below > 0.0 ? r->low : r->high);
    return fmax(0.0, fmax(below, above)) / (scale > 0.0 && isfinite(scale) ? scale : 1.0);
}

/* Adds what the means of one requirement miss at the last `count` points. */
static int add_breach(struct search *s, const struct gw_optimum_requirement *r, size_t first, size_t count)
{
    const size_t d = s->options->set.dimensions, n = s->options->replications;
    double *value = calloc(count * n, sizeof *value);
    if (value == NULL) {
        return gw_fail(s->error, GW_REFUSED, "no memory for %zu points of %zu replications", count, n);
    }
    int ret = r->response->evaluate(r->response->context, s->x + first * d, count, 0, s->options->replications, value,
                                    s->error);
    for (size_t i = 0; i < count && ret == 0; i++) {
        const double mean =
            gw_functional_value((struct gw_functional){.kind = GW_FUNCTIONAL_MEAN}, value + i * n, n, s->scratch);
        s->breach[first + i] += isnan(mean) ? 1.0 : miss(r, mean);
    }
    free(value);
    return ret;
}

static int judge(struct search *s, size_t first, size_t count)
{
    const size_t n = s->options->replications;
    for (size_t i = first; i < first + count; i++) {
        const struct gw_functional_estimate goal =
            gw_functional_estimate(s->options->goal, s->value + i * n, n, s->options->level, s->scratch);
        if (goal.n < 2) {
            return gw_fail(s->error, GW_BAD_INPUT,
                           "where the first lever is %.6g the measure is defined in %zu of "
                           "%zu replications",
                           s->x[i * s->options->set.dimensions], goal.n, n);
        }
        s->goal[i] = goal.value;
        s->breach[i] = 0.0;
    }
    int ret = 0;
    for (size_t k = 0; k < s->options->requirements && ret == 0; k++) {
        ret = add_breach(s, &s->options->requirement[k], first, count);
    }
    return ret;
}

int gw_search_see(struct search *search, const double *x, size_t count)
{
    const size_t d = search->options->set.dimensions, n = search->options->replications, first = search->points;
    int ret = make_room(search, count);
    if (ret != 0) {
        return ret;
    }
    memmove(search->x + first * d, x, count * d * sizeof *x);
    ret = search->response->evaluate(search->response->context, x, count, 0, search->options->replications,
                                     search->value + first * n, search->error);
    if (ret == 0) {
        ret = judge(search, first, count);
    }
    search->points += ret == 0 ? count : 0;
    return ret;
}

int gw_search_fill(struct search *search, const double *low, const double *high, size_t skip, size_t count,
                   bool project)
{
    const size_t d = search->options->set.dimensions;
    gsl_qrng *sobol = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)d);
    double *x = calloc((skip + count) * d, sizeof *x);
    int ret = GW_REFUSED;
    if (sobol == NULL || x == NULL) {
        gw_fail(search->error, ret, "no memory for a design of %zu points", count);
        goto out;
    }
    for (size_t k = 0; k < skip + count; k++) {
        gsl_qrng_get(sobol, x + k * d);
        for (size_t i = 0; i < d; i++) {
            x[k * d + i] = low[i] + x[k * d + i] * (high[i] - low[i]);
        }
        if (project) {
            gw_feasible_project(&search->options->set, x + k * d, x + k * d);
        }
    }
    ret = gw_search_see(search, x + skip * d, count);
out:
    gsl_qrng_free(sobol);
    free(x);
    return ret;
}

static bool better(const struct search *s, size_t a, size_t b)
{
    return s->breach[a] != s->breach[b] ? s->breach[a] < s->breach[b] : s->goal[a] > s->goal[b];
}

size_t gw_search_best(const struct search *search)
{
    size_t best = 0;
    for (size_t i = 1; i < search->points; i++) {
        if (better(search, i, best)) {
            best = i;
        }
    }
    return best;
}

/* For a minimiser. Every permitted point is better than any other, and among these the smaller breach is better (Deb
 * 2000, Comput. Methods Appl. Mech. Eng. 186). */
static double penalised(const struct search *s, size_t i)
{
    return s->breach[i] > 0.0 ? s->spread * (1.0 + s->breach[i]) - s->worst : -s->goal[i];
}

static void measure_design(struct search *s)
{
    double best = s->goal[0];
    s->worst = s->goal[0];
    for (size_t i = 1; i < s->points; i++) {
        best = fmax(best, s->goal[i]);
        s->worst = fmin(s->worst, s->goal[i]);
    }
    s->spread = best > s->worst ? best - s->worst : 1.0;
}

/* ---- One dimension ------------------------------------------------------------------------------------------- */

static double line_value(double x, void *context)
{
    struct search *s = context;
    s->status = gw_search_see(s, &x, 1);
    return s->status == 0 ? penalised(s, s->points - 1) : NAN;
}

static int brent(struct search *s, double low, double middle, double high, double tolerance)
{
    gsl_min_fminimizer *minimiser = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    gsl_function f = {.function = line_value, .params = s};
    if (minimiser == NULL) {
        return gw_fail(s->error, GW_REFUSED, "no memory for a minimiser");
    }
    s->status = 0;
    int ret = gsl_min_fminimizer_set(minimiser, &f, middle, low, high); /* GSL_EINVAL: no dip, as where it is flat */
    for (int i = 0; i < 60 && ret == GSL_SUCCESS; i++) {
        ret = gsl_min_fminimizer_iterate(minimiser);
        if (gsl_min_fminimizer_x_upper(minimiser) - gsl_min_fminimizer_x_lower(minimiser) < tolerance) {
            break;
        }
    }
    gsl_min_fminimizer_free(minimiser);
    return s->status;
}

/* Between the neighbours of the best point of a grid; where that is an end, in the cell beside it. */
static int search_line(struct search *s, double tolerance)
{
    double low = s->options->set.low[0], high = s->options->set.high[0], x[GRID];
    gw_feasible_project(&s->options->set, &low, &low);
    gw_feasible_project(&s->options->set, &high, &high);
    if (!(low < high)) {
        return gw_search_see(s, &low, 1);
    }
    for (int i = 0; i < GRID; i++) {
        x[i] = low + (high - low) * i / (GRID - 1);
    }
    int ret = gw_search_see(s, x, GRID);
    if (ret != 0) {
        return ret;
    }
    measure_design(s);
    const size_t best = gw_search_best(s);
    if (best > 0 && best < GRID - 1) {
        return brent(s, x[best - 1], x[best], x[best + 1], tolerance * (high - low));
    }
    const double end = x[best], beside = x[best == 0 ? 1 : GRID - 2];
    return brent(s, fmin(end, beside), (end + beside) / 2.0, fmax(end, beside), tolerance * (high - low));
}

/* ---- More --------------------------------------------------------------------------------------------------------
 */

/* In ranges, of the nearest feasible point, less something for the distance to it: the greatest value is then taken
 * at a feasible point, and the simplex is drawn back to the set. */
static double space_value(const gsl_vector *z, void *context)
{
    struct search *s = context;
    const struct gw_feasible *set = &s->options->set;
    double x[GW_MAX_DIMENSIONS], distance = 0.0;
    for (size_t i = 0; i < set->dimensions; i++) {
        x[i] = set->low[i] + gsl_vector_get(z, i) * (set->high[i] - set->low[i]);
    }
    gw_feasible_project(set, x, x);
    for (size_t i = 0; i < set->dimensions; i++) {
        const double range = set->high[i] - set->low[i];
        const double off = range > 0.0 ? gsl_vector_get(z, i) - (x[i] - set->low[i]) / range : 0.0;
        distance += off * off;
    }
    s->status = s->status == 0 ? gw_search_see(s, x, 1) : s->status;
    return s->status == 0 ? penalised(s, s->points - 1) + s->spread * distance : NAN;
}

static int nelder_mead(struct search *s, const double *start, double step, double tolerance)
{
    const struct gw_feasible *set = &s->options->set;
    const size_t d = set->dimensions, last = s->points + EVALUATIONS_PER_LEVER * d;
    gsl_multimin_fminimizer *minimiser = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, d);
    gsl_vector *z = gsl_vector_alloc(d), *steps = gsl_vector_alloc(d);
    gsl_multimin_function f = {.f = space_value, .n = d, .params = s};
    int ret = GW_REFUSED;
    if (minimiser == NULL || z == NULL || steps == NULL) {
        gw_fail(s->error, ret, "no memory for a minimiser");
        goto out;
    }
    for (size_t i = 0; i < d; i++) {
        const double range = set->high[i] - set->low[i], at = range > 0.0 ? (start[i] - set->low[i]) / range : 0.0;
        gsl_vector_set(z, i, at);
        gsl_vector_set(steps, i, at > 0.5 ? -step : step);
    }
    s->status = 0;
    int going = gsl_multimin_fminimizer_set(minimiser, &f, z, steps);
    while (going == GSL_SUCCESS && s->points < last && gsl_multimin_fminimizer_size(minimiser) > tolerance) {
        going = gsl_multimin_fminimizer_iterate(minimiser); /* GSL_ENOPROG: as good as it gets */
    }
    ret = s->status;
out:
    gsl_multimin_fminimizer_free(minimiser);
    gsl_vector_free(z);
    gsl_vector_free(steps);
    return ret;
}

/* The top of a quadratic through the design is one start more; a design that does not identify one gives none. */
static int see_top(struct search *s)
{
    struct gw_surface_fit *fit = NULL;
    struct gw_surface surface;
    const size_t d = s->options->set.dimensions;
    double top[GW_MAX_DIMENSIONS];
    memcpy(top, s->x + gw_search_best(s) * d, d * sizeof *top);
    int ret = gw_surface_fit_create(&fit, &s->options->set, s->x, s->points, NULL);
    if (ret == 0 && gw_surface_solve(fit, s->goal, &surface, NULL) == 0) {
        gw_surface_maximise(&surface, top);
        ret = gw_search_see(s, top, 1);
    }
    gw_surface_fit_free(fit);
    return ret == GW_BAD_INPUT && s->error != NULL && s->error->status == 0 ? 0 : ret;
}

/* The best of the first `count` points that is at least a fifth of the ranges away from the starts taken so far. */
static bool next_start(const struct search *s, size_t count, const size_t *taken, size_t starts, size_t *next)
{
    const struct gw_feasible *set = &s->options->set;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        bool apart = true;
        for (size_t k = 0; k < starts; k++) {
            double distance = 0.0;
            for (size_t j = 0; j < set->dimensions; j++) {
                const double range = set->high[j] - set->low[j];
                const double off = s->x[i * set->dimensions + j] - s->x[taken[k] * set->dimensions + j];
                distance += range > 0.0 ? off * off / (range * range) : 0.0;
            }
            apart &= distance > 0.04;
        }
        if (apart && (!found || better(s, i, *next))) {
            *next = i;
            found = true;
        }
    }
    return found;
}

static int search_space(struct search *s, double tolerance)
{
    enum { MOST_STARTS = 16 };
    const struct gw_feasible *set = &s->options->set;
    const size_t d = set->dimensions;
    const size_t design = 2 * gw_surface_terms(set);
    size_t taken[MOST_STARTS], starts = 0;
    double start[GW_MAX_DIMENSIONS];
    int ret = gw_search_fill(s, set->low, set->high, 0, design, true);
    if (ret == 0) {
        measure_design(s);
        ret = see_top(s);
    }
    const size_t seen = s->points;
    while (ret == 0 && starts < s->options->starts && starts < MOST_STARTS &&
           next_start(s, seen, taken, starts, &taken[starts])) {
        memcpy(start, s->x + taken[starts] * d, d * sizeof *start);
        ret = nelder_mead(s, start, 0.15, 2.0 * tolerance);
        starts++;
    }
    if (ret == 0) { /* again, from the best of all, with a fresh simplex: a collapsed one may have stopped early */
        memcpy(start, s->x + gw_search_best(s) * d, d * sizeof *start);
        ret = nelder_mead(s, start, 0.05, tolerance);
    }
    return ret;
}

int gw_search_run(struct search *search)
{
    const double tolerance = search->options->tolerance > 0.0 ? search->options->tolerance : 0.005;
    gsl_set_error_handler_off();
    return search->options->set.dimensions == 1 ? search_line(search, tolerance) : search_space(search, tolerance);
}
