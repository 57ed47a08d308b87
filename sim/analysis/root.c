#include "analysis/root.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The sample mean of `n` replications as a function of x, or a bound of its interval. */
struct curve {
    const struct gw_response *response;
    uint32_t n;
    double level, tolerance;
    int bound;     /* -1 low, 0 mean, 1 high */
    double *value; /* [points * n] */
    double *scratch;
    int status;
    struct gw_error *error;
};

static const struct gw_functional mean_value = {.kind = GW_FUNCTIONAL_MEAN};

static double bound_of(const struct gw_functional_estimate *mean, int bound)
{
    return bound < 0 ? mean->low : bound > 0 ? mean->high : mean->value;
}

static int evaluate(struct curve *curve, const double *x, size_t points, struct gw_functional_estimate *mean)
{
    int ret = curve->response->evaluate(curve->response->context, x, points, 0, curve->n, curve->value, curve->error);
    for (size_t i = 0; i < points && ret == 0; i++) {
        mean[i] =
            gw_functional_estimate(mean_value, curve->value + i * curve->n, curve->n, curve->level, curve->scratch);
        if (mean[i].n < 2) {
            ret = gw_fail(curve->error, GW_BAD_INPUT, "at %.6g the measure is defined in %zu of %u replications",
                          x[i], mean[i].n, curve->n);
        }
    }
    return ret;
}

/* For GSL, which stops at a NaN; the reason is kept. */
static double curve_at(double x, void *context)
{
    struct curve *curve = context;
    struct gw_functional_estimate mean;
    curve->status = evaluate(curve, &x, 1, &mean);
    return curve->status == 0 ? bound_of(&mean, curve->bound) : NAN;
}

/* Until the bracket is as narrow as the tolerance, or two steps running have moved the estimate by no more than half
 * of it: closing the bracket from the other side would cost as many evaluations again. */
static int iterate(struct curve *curve, gsl_root_fsolver *solver)
{
    int ret = GSL_CONTINUE, still = 0;
    double before = gsl_root_fsolver_root(solver);
    for (int i = 0; i < 100 && ret == GSL_CONTINUE && still < 2; i++) {
        ret = gsl_root_fsolver_iterate(solver);
        if (ret == GSL_SUCCESS) {
            ret = gsl_root_test_interval(gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver),
                                         curve->tolerance, 0.0);
        }
        const double now = gsl_root_fsolver_root(solver);
        still = fabs(now - before) <= curve->tolerance / 2.0 ? still + 1 : 0;
        before = now;
    }
    return still == 2 ? GSL_SUCCESS : ret;
}

/* The zero of the mean or of a bound between a and b, where it has different signs. */
static int solve(struct curve *curve, double a, double b, int bound, double *x)
{
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    gsl_function f = {.function = curve_at, .params = curve};
    if (solver == NULL) {
        return gw_fail(curve->error, GW_REFUSED, "no memory for a root finder");
    }
    curve->bound = bound;
    curve->status = 0;
    int ret = gsl_root_fsolver_set(solver, &f, fmin(a, b), fmax(a, b));
    if (ret == GSL_SUCCESS) {
        ret = iterate(curve, solver);
        *x = gsl_root_fsolver_root(solver);
    }
    gsl_root_fsolver_free(solver);
    if (curve->status != 0) {
        return curve->status;
    }
    return ret == GSL_SUCCESS
               ? 0
               : gw_fail(curve->error, GW_FAILED, "no root between %g and %g: %s", a, b, gsl_strerror(ret));
}

static int sign_of(double x)
{
    return (x > 0.0) - (x < 0.0);
}

/* Brings a point of the scan to the replications of this round. */
static int refresh(struct curve *curve, struct gw_roots *roots, size_t i)
{
    return roots->mean[i].n < curve->n ? evaluate(curve, &roots->x[i], 1, &roots->mean[i]) : 0;
}

/* One end of a root's interval: from the root outwards, the first place where the bound that faces 0 leaves it. `at`
 * is the mean at the root, which is 0 up to the tolerance; where nothing varies the interval ends there. */
static int find_end(struct curve *curve, struct gw_roots *roots, double root, const struct gw_functional_estimate *at,
                    bool upwards, bool rising, double *end, bool *open)
{
    const int beyond = upwards == rising ? 1 : -1; /* the mean's sign out there */
    double before = root;
    const size_t n = roots->points;
    *open = false;
    *end = root;
    if (sign_of(bound_of(at, -beyond)) == beyond) {
        return 0;
    }
    for (size_t k = 0; k < n; k++) {
        const size_t i = upwards ? k : n - 1 - k;
        const double x = roots->x[i];
        if (upwards ? x <= root : x >= root) {
            continue;
        }
        const int ret = refresh(curve, roots, i);
        if (ret != 0) {
            return ret;
        }
        if (sign_of(bound_of(&roots->mean[i], -beyond)) == beyond) {
            return solve(curve, before, x, -beyond, end);
        }
        before = x;
    }
    *open = true;
    *end = upwards ? roots->x[n - 1] : roots->x[0];
    return 0;
}

static int add_root(struct curve *curve, struct gw_roots *roots, size_t from, size_t to)
{
    if (roots->roots == GW_MAX_ROOTS) {
        roots->more++;
        return 0;
    }
    struct gw_root *root = &roots->root[roots->roots++];
    root->rising = roots->mean[to].value > 0.0;
    struct gw_functional_estimate at;
    int ret = solve(curve, roots->x[from], roots->x[to], 0, &root->x);
    if (ret == 0) {
        ret = evaluate(curve, &root->x, 1, &at);
    }
    if (ret == 0) {
        ret = find_end(curve, roots, root->x, &at, false, root->rising, &root->low, &root->open_low);
    }
    if (ret == 0) {
        ret = find_end(curve, roots, root->x, &at, true, root->rising, &root->high, &root->open_high);
    }
    return ret;
}

/* Points at which the mean is exactly 0 have no sign: a crossing lies between points of opposite sign, whatever is
 * between them. */
static int find_crossings(struct curve *curve, struct gw_roots *roots)
{
    int ret = 0, sign = 0;
    size_t last = 0;
    roots->roots = roots->more = roots->zeros = 0;
    for (size_t i = 0; i < roots->points && ret == 0; i++) {
        const int here = sign_of(roots->mean[i].value);
        roots->zeros += here == 0;
        if (here != 0) {
            if (sign != 0 && here != sign) {
                ret = add_root(curve, roots, last, i);
            }
            sign = here;
            last = i;
        }
    }
    roots->sign = roots->roots == 0 ? sign : 0;
    return ret;
}

static void look_around(struct gw_roots *roots, double half_width)
{
    roots->undecided = false;
    for (size_t i = 0; i < roots->points && roots->roots == 0; i++) {
        const struct gw_functional_estimate *mean = &roots->mean[i];
        roots->undecided |= mean->value != 0.0 && mean->low <= 0.0 && mean->high >= 0.0;
    }
    roots->reached = true;
    for (size_t k = 0; k < roots->roots && half_width > 0.0; k++) {
        const struct gw_root *root = &roots->root[k];
        roots->reached &= root->high - root->low <= 2.0 * half_width;
    }
}

/* Whether more replications may change the sign at a point of the scan, or it lies beside a crossing. */
static bool is_near(const struct gw_roots *roots, size_t i)
{
    const struct gw_functional_estimate *mean = roots->mean;
    const int here = sign_of(mean[i].value);
    return (mean[i].low <= 0.0 && mean[i].high >= 0.0) || (i > 0 && sign_of(mean[i - 1].value) != here) ||
           (i + 1 < roots->points && sign_of(mean[i + 1].value) != here);
}

/* The whole scan in the first round, what is near a root in later ones: far away signs are known. */
static int scan(struct curve *curve, struct gw_roots *roots, bool first)
{
    bool near[GW_MAX_ROOT_POINTS];
    int ret = first ? evaluate(curve, roots->x, roots->points, roots->mean) : 0;
    for (size_t i = 0; i < roots->points; i++) {
        near[i] = !first && is_near(roots, i);
    }
    for (size_t i = 0; i < roots->points && ret == 0; i++) {
        ret = near[i] ? refresh(curve, roots, i) : 0;
    }
    return ret;
}

static int round_of(struct curve *curve, const struct gw_root_options *options, struct gw_roots *roots)
{
    const bool first = roots->replications == 0;
    int ret = GW_REFUSED;
    roots->replications = curve->n;
    curve->value = calloc(roots->points * curve->n, sizeof *curve->value);
    curve->scratch = calloc(curve->n, sizeof *curve->scratch);
    if (curve->value == NULL || curve->scratch == NULL) {
        gw_fail(curve->error, ret, "no memory for %u replications at %zu points", curve->n, roots->points);
        goto out;
    }
    ret = scan(curve, roots, first);
    if (ret == 0) {
        ret = find_crossings(curve, roots);
    }
    if (ret == 0) {
        look_around(roots, options->half_width);
    }
out:
    free(curve->value);
    free(curve->scratch);
    return ret;
}

/* The half-width falls as 1 / sqrt(n). */
static uint32_t next_round(const struct gw_root_options *options, const struct gw_roots *roots)
{
    double widest = 0.0;
    for (size_t k = 0; k < roots->roots; k++) {
        widest = fmax(widest, (roots->root[k].high - roots->root[k].low) / 2.0);
    }
    const double ratio = widest / options->half_width, needed = roots->replications * ratio * ratio;
    uint32_t n = roots->replications;
    do {
        n = n > options->most / 2 ? options->most : 2 * n;
    } while (n < needed && n < options->most);
    return n;
}

static int check(const struct gw_response *response, const struct gw_root_options *o, struct gw_error *error)
{
    if (response->dimensions != 1) {
        return gw_fail(error, GW_BAD_INPUT, "a root is sought in one variable, not in %zu", response->dimensions);
    }
    if (!(o->low < o->high) || !isfinite(o->low) || !isfinite(o->high)) {
        return gw_fail(error, GW_BAD_INPUT, "no range: from %g to %g", o->low, o->high);
    }
    if (o->points < 3 || o->points > GW_MAX_ROOT_POINTS || o->replications < 2 || o->most < o->replications) {
        return gw_fail(error, GW_BAD_INPUT, "%zu points (3 to %d) with %u replications (2 or more), at most %u",
                       o->points, GW_MAX_ROOT_POINTS, o->replications, o->most);
    }
    if (!(o->level > 0.0 && o->level < 1.0) || !(o->half_width >= 0.0) || !(o->tolerance >= 0.0)) {
        return gw_fail(error, GW_BAD_INPUT, "confidence %g, half-width %g, tolerance %g", o->level, o->half_width,
                       o->tolerance);
    }
    return 0;
}

int gw_roots_find(const struct gw_response *response, const struct gw_root_options *options, struct gw_roots *roots,
                  struct gw_error *error)
{
    memset(roots, 0, sizeof *roots);
    int ret = check(response, options, error);
    if (ret != 0) {
        return ret;
    }
    gsl_set_error_handler_off();
    const double range = options->high - options->low;
    roots->points = options->points;
    roots->x = calloc(options->points, sizeof *roots->x);
    roots->mean = calloc(options->points, sizeof *roots->mean);
    if (roots->x == NULL || roots->mean == NULL) {
        return gw_fail(error, GW_REFUSED, "no memory for %zu points", options->points);
    }
    for (size_t i = 0; i < options->points; i++) {
        roots->x[i] = options->low + range * (double)i / (double)(options->points - 1);
    }
    roots->x[options->points - 1] = options->high;
    struct curve curve = {.response = response, .n = options->replications, .level = options->level, .error = error};
    curve.tolerance = options->tolerance > 0.0    ? options->tolerance
                      : options->half_width > 0.0 ? options->half_width / 20.0
                                                  : 1e-4 * range;
    ret = round_of(&curve, options, roots);
    while (ret == 0 && !roots->reached && roots->replications < options->most) {
        curve.n = next_round(options, roots);
        ret = round_of(&curve, options, roots);
    }
    return ret;
}

void gw_roots_free(struct gw_roots *roots)
{
    free(roots->x);
    free(roots->mean);
    roots->x = NULL;
    roots->mean = NULL;
}
