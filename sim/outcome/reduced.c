#include "outcome/reduced.h"

#include "analysis/control.h"
#include "outcome/quantity.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct gw_reduced gw_reduced_of(const struct gw_dataset *dataset)
{
    const char *antithetic = gw_dataset_attribute(dataset, "antithetic");
    const struct gw_array *control = gw_dataset_array(dataset, "control");
    struct gw_reduced reduced = {.pairs = antithetic != NULL && strcmp(antithetic, "true") == 0};
    const size_t replications = gw_replications(dataset);
    if (control != NULL && control->data != NULL && control->type == GW_FLOAT64 && control->dims == 2 &&
        dataset->axis[control->axis[1]].length == replications) {
        reduced.controls = dataset->axis[control->axis[0]].length;
        reduced.stride = replications;
        reduced.control = control->reals;
    }
    return reduced;
}

/* Observations: replications, or means of pairs, those of the controls after them; not finite: left out. */
struct observations {
    size_t n, controls;
    double *y, *control;
};

static bool all_finite(const double *values, size_t n)
{
    bool finite = true;
    for (size_t i = 0; i < n; i++) {
        finite = finite && isfinite(values[i]);
    }
    return finite;
}

static double observation(const double *values, bool pairs, size_t i)
{
    return pairs ? 0.5 * (values[2 * i] + values[2 * i + 1]) : values[i];
}

static bool observe(const struct gw_reduced *r, const double *values, size_t n, struct observations *o)
{
    const size_t most = r->pairs ? n / 2 : n;
    *o = (struct observations){.controls = all_finite(values, n) ? r->controls : 0};
    o->y = calloc((o->controls + 1) * most + 1, sizeof *o->y);
    if (o->y == NULL) {
        return false;
    }
    o->control = o->y + most;
    for (size_t i = 0; i < most; i++) {
        const double y = observation(values, r->pairs, i);
        if (isfinite(y)) {
            o->y[o->n++] = y;
        }
    }
    for (size_t k = 0; k < o->controls; k++) {
        for (size_t i = 0; i < most; i++) {
            o->control[k * most + i] = observation(r->control + k * r->stride, r->pairs, i);
        }
    }
    return true;
}

static bool adjust(const struct gw_reduced *r, const double *values, size_t n, struct gw_controlled *out)
{
    struct observations o;
    const bool done =
        observe(r, values, n, &o) && gw_control_mean(out, o.y, o.control, o.controls, o.n, NULL) == GW_OK;
    free(o.y);
    return done;
}

struct gw_estimate gw_reduced_mean(const struct gw_reduced *reduced, const double *values, size_t n, double level)
{
    struct gw_estimate e = gw_estimate_mean(values, n, level);
    struct gw_controlled c;
    if (!reduced->pairs && reduced->controls == 0) {
        return e;
    }
    if (!adjust(reduced, values, n, &c)) {
        e.low = e.high = NAN;
        return e;
    }
    const bool known = level > 0.0 && level < 1.0 && c.n >= 2;
    const double half = known ? gsl_cdf_tdist_Pinv(0.5 + level / 2.0, c.freedom) * c.error : NAN;
    return (struct gw_estimate){reduced->pairs ? 2 * c.n : c.n, c.mean, e.sd, c.mean - half, c.mean + half};
}

struct gw_comparison gw_reduced_comparison(const struct gw_reduced *reduced, const double *a, const double *b,
                                           size_t n, double level)
{
    struct gw_comparison c = gw_estimate_comparison(a, b, n, level);
    if (!reduced->pairs && reduced->controls == 0) {
        return c;
    }
    double *difference = calloc(n + 1, sizeof *difference);
    for (size_t i = 0; difference != NULL && i < n; i++) {
        difference[i] = a[i] - b[i];
    }
    if (difference != NULL) {
        c.difference = gw_reduced_mean(reduced, difference, n, level);
    } else {
        c.difference.low = c.difference.high = NAN;
    }
    if (reduced->pairs) {
        const size_t pairs = c.better.n / 2;
        c.better = gw_estimate_proportion(c.better.share * (double)pairs, pairs, level);
        c.variance_ratio_low = c.variance_ratio_high = NAN;
    }
    free(difference);
    return c;
}

/* ---- What it brought --------------------------------------------------------------------------------------- */

static const struct gw_factor unused = {NAN, NAN, NAN};

/* With x and -x' the variance ratio of a comparison is (Var x + Var x') / Var(x + x'). */
struct gw_factor gw_antithetic_factor(const struct gw_reduced *reduced, const double *values, size_t n)
{
    const size_t pairs = n / 2;
    double *side = calloc(2 * pairs + 1, sizeof *side);
    if (!reduced->pairs || side == NULL) {
        free(side);
        return unused;
    }
    for (size_t i = 0; i < pairs; i++) {
        side[i] = values[2 * i];
        side[pairs + i] = -values[2 * i + 1];
    }
    const struct gw_comparison c = gw_estimate_comparison(side, side + pairs, pairs, 0.95);
    free(side);
    return (struct gw_factor){c.variance_ratio, c.variance_ratio_low, c.variance_ratio_high};
}

struct gw_factor gw_control_factor(const struct gw_reduced *reduced, const double *values, size_t n, size_t *used)
{
    struct gw_controlled c;
    *used = 0;
    if (reduced->controls == 0 || !adjust(reduced, values, n, &c)) {
        return unused;
    }
    *used = c.used;
    return (struct gw_factor){c.factor, c.low, c.high};
}

/* ---- In the dataset ------------------------------------------------------------------------------------------- */

enum { CONTRASTS = 2, BOUNDS = 3 };

struct factors {
    double *antithetic, *control; /* [strategy][contrast][bound]; NULL: not in use */
    int64_t *used;
};

static void *factor_array(struct gw_dataset *dataset, const char *name, const char *long_name, enum gw_data_type type,
                          int dims, const int *axis)
{
    const int position = gw_dataset_add_array(dataset, name, "1", long_name, type, dims, axis);
    return position < 0 ? NULL : dataset->array[position].data;
}

static bool add_arrays(struct gw_dataset *dataset, const struct gw_reduced *r, struct factors *f)
{
    static const char *const contrasts[] = {"value", "difference"}, *const bounds[] = {"factor", "low", "high"};
    const struct gw_axis *strategies = gw_dataset_axis(dataset, "strategy");
    const int strategy = (int)(strategies - dataset->axis);
    const int contrast = gw_dataset_add_axis(dataset, "contrast", "1",
                                             "company value, or its difference to the first "
                                             "strategy",
                                             CONTRASTS, contrasts, NULL);
    const int bound =
        gw_dataset_add_axis(dataset, "bound", "1", "estimate and ends of its 95% interval", BOUNDS, bounds, NULL);
    const int axis[] = {strategy, contrast, bound};
    bool done = contrast >= 0 && bound >= 0;
    if (done && r->pairs) {
        f->antithetic = factor_array(dataset, "antithetic_factor",
                                     "variance of a mean over plain replications / over as many in antithetic pairs",
                                     GW_FLOAT64, 3, axis);
        done = f->antithetic != NULL;
    }
    if (done && r->controls > 0) {
        f->control = factor_array(dataset, "control_factor",
                                  "variance of a mean without control variates / with those that were used",
                                  GW_FLOAT64, 3, axis);
        f->used = factor_array(dataset, "controls_used", "control variates that were used", GW_INT64, 2, axis);
        done = f->control != NULL && f->used != NULL;
    }
    return done;
}

static void put_factor(double *out, size_t cell, struct gw_factor factor)
{
    if (out != NULL) {
        out[BOUNDS * cell] = factor.factor;
        out[BOUNDS * cell + 1] = factor.low;
        out[BOUNDS * cell + 2] = factor.high;
    }
}

/* Values of a strategy, or minus those of the first one. */
static void fill_factors(const struct gw_reduced *r, const struct factors *f, size_t cell, const double *values,
                         size_t n)
{
    size_t used = 0;
    put_factor(f->antithetic, cell, gw_antithetic_factor(r, values, n));
    put_factor(f->control, cell, gw_control_factor(r, values, n, &used));
    if (f->used != NULL) {
        f->used[cell] = (int64_t)used;
    }
}

static void fill_all(const struct gw_dataset *dataset, const struct factors *f, double *values)
{
    const struct gw_reduced r = gw_reduced_of(dataset);
    const struct gw_quantity *value = gw_quantities(&(size_t){0});
    const size_t n = gw_replications(dataset);
    double *first = values, *own = values + n;
    bool known = gw_quantity_read(value, dataset, 0, first);
    for (size_t s = 0; s < gw_strategies(dataset) && known; s++) {
        known = gw_quantity_read(value, dataset, s, own);
        fill_factors(&r, f, CONTRASTS * s, own, n);
        for (size_t i = 0; i < n; i++) {
            own[i] = s == 0 ? NAN : own[i] - first[i];
        }
        fill_factors(&r, f, CONTRASTS * s + 1, own, n);
    }
}

int gw_reduced_describe(struct gw_dataset *dataset, struct gw_error *error)
{
    const struct gw_reduced r = gw_reduced_of(dataset);
    struct factors f = {0};
    if (!r.pairs && r.controls == 0) {
        return GW_OK;
    }
    double *values = calloc(2 * gw_replications(dataset) + 1, sizeof *values);
    const bool done = values != NULL && add_arrays(dataset, &r, &f);
    if (done) {
        fill_all(dataset, &f, values);
    }
    free(values);
    return done ? GW_OK : gw_fail(error, GW_REFUSED, "out of memory for the factors of variance reduction");
}
