#include "analysis/surface.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct gw_surface_fit {
    const struct gw_feasible *set;
    size_t points, terms;
    gsl_matrix *qr;
    gsl_vector *tau, *residual, *value, *solution;
};

static bool varies(const struct gw_feasible *set, size_t i)
{
    return set->high[i] > set->low[i];
}

static double scaled(const struct gw_feasible *set, const double *x, size_t i)
{
    return varies(set, i) ? (x[i] - set->low[i]) / (set->high[i] - set->low[i]) : 0.0;
}

size_t gw_surface_terms(const struct gw_feasible *set)
{
    size_t free_levers = 0;
    for (size_t i = 0; i < set->dimensions; i++) {
        free_levers += varies(set, i);
    }
    return 1 + free_levers + free_levers * (free_levers + 1) / 2;
}

/* 1, z_i, z_i z_j with i <= j, in the order of read_terms(). */
static void write_terms(const struct gw_feasible *set, const double *x, gsl_matrix *design, size_t row)
{
    size_t k = 0;
    gsl_matrix_set(design, row, k++, 1.0);
    for (size_t i = 0; i < set->dimensions; i++) {
        if (!varies(set, i)) {
            continue;
        }
        gsl_matrix_set(design, row, k++, scaled(set, x, i));
        for (size_t j = i; j < set->dimensions; j++) {
            if (varies(set, j)) {
                gsl_matrix_set(design, row, k++, scaled(set, x, i) * scaled(set, x, j));
            }
        }
    }
}

static void read_terms(const struct gw_feasible *set, const gsl_vector *solution, struct gw_surface *surface)
{
    size_t k = 0;
    memset(surface, 0, sizeof *surface);
    surface->set = set;
    surface->constant = gsl_vector_get(solution, k++);
    for (size_t i = 0; i < set->dimensions; i++) {
        if (!varies(set, i)) {
            continue;
        }
        surface->slope[i] = gsl_vector_get(solution, k++);
        for (size_t j = i; j < set->dimensions; j++) {
            if (varies(set, j)) {
                const double b = gsl_vector_get(solution, k++);
                surface->curve[i][j] = surface->curve[j][i] = i == j ? b : b / 2.0;
            }
        }
    }
}

int gw_surface_fit_create(struct gw_surface_fit **fit, const struct gw_feasible *set, const double *x, size_t points,
                          struct gw_error *error)
{
    const size_t terms = gw_surface_terms(set);
    *fit = NULL;
    if (points < terms) {
        return gw_fail(error, GW_BAD_INPUT, "a surface of %zu terms from %zu points", terms, points);
    }
    gsl_set_error_handler_off();
    struct gw_surface_fit *f = calloc(1, sizeof *f);
    if (f != NULL) {
        *f = (struct gw_surface_fit){.set = set, .points = points, .terms = terms};
        f->qr = gsl_matrix_alloc(points, terms);
        f->tau = gsl_vector_alloc(terms);
        f->residual = gsl_vector_alloc(points);
        f->value = gsl_vector_alloc(points);
        f->solution = gsl_vector_alloc(terms);
    }
    if (f == NULL || f->qr == NULL || f->tau == NULL || f->residual == NULL || f->value == NULL ||
        f->solution == NULL) {
        gw_surface_fit_free(f);
        return gw_fail(error, GW_REFUSED, "no memory for a surface of %zu terms at %zu points", terms, points);
    }
    for (size_t p = 0; p < points; p++) {
        write_terms(set, x + p * set->dimensions, f->qr, p);
    }
    const int status = gsl_linalg_QR_decomp(f->qr, f->tau);
    if (status != GSL_SUCCESS) {
        gw_surface_fit_free(f);
        return gw_fail(error, GW_FAILED, "no surface through %zu points: %s", points, gsl_strerror(status));
    }
    *fit = f;
    return 0;
}

void gw_surface_fit_free(struct gw_surface_fit *fit)
{
    if (fit != NULL) {
        gsl_matrix_free(fit->qr);
        gsl_vector_free(fit->tau);
        gsl_vector_free(fit->residual);
        gsl_vector_free(fit->value);
        gsl_vector_free(fit->solution);
        free(fit);
    }
}

int gw_surface_solve(struct gw_surface_fit *fit, const double *value, struct gw_surface *surface,
                     struct gw_error *error)
{
    for (size_t p = 0; p < fit->points; p++) {
        gsl_vector_set(fit->value, p, value[p]);
    }
    const int status = gsl_linalg_QR_lssolve(fit->qr, fit->tau, fit->value, fit->solution, fit->residual);
    for (size_t k = 0; k < fit->terms; k++) {
        if (status != GSL_SUCCESS || !isfinite(gsl_vector_get(fit->solution, k))) {
            return gw_fail(error, GW_BAD_INPUT, "%zu points do not identify a surface of %zu terms", fit->points,
                           fit->terms);
        }
    }
    read_terms(fit->set, fit->solution, surface);
    return 0;
}

/* value = constant + slope z + z curve z; its gradient in z. */
static double value_at(const struct gw_surface *s, const double *x, double *gradient)
{
    const size_t d = s->set->dimensions;
    double value = s->constant;
    for (size_t i = 0; i < d; i++) {
        const double z = scaled(s->set, x, i);
        double product = 0.0;
        for (size_t j = 0; j < d; j++) {
            product += s->curve[i][j] * scaled(s->set, x, j);
        }
        gradient[i] = s->slope[i] + 2.0 * product;
        value += z * (s->slope[i] + product);
    }
    return value;
}

double gw_surface_at(const struct gw_surface *surface, const double *x)
{
    double gradient[GW_MAX_DIMENSIONS];
    return value_at(surface, x, gradient);
}

void gw_surface_gradient(const struct gw_surface *surface, const double *x, double *gradient)
{
    value_at(surface, x, gradient);
    for (size_t i = 0; i < surface->set->dimensions; i++) {
        const double range = surface->set->high[i] - surface->set->low[i];
        gradient[i] = range > 0.0 ? gradient[i] / range : 0.0;
    }
}

/* The gradient changes by at most twice the greatest row sum of |curve|: with the inverse as step no iteration loses
 * value. */
static double ascend(const struct gw_surface *s, double *x)
{
    enum { ITERATIONS = 500 };
    const size_t d = s->set->dimensions;
    double gradient[GW_MAX_DIMENSIONS], next[GW_MAX_DIMENSIONS], bend = 0.0, value = value_at(s, x, gradient);
    for (size_t i = 0; i < d; i++) {
        double row = 0.0;
        for (size_t j = 0; j < d; j++) {
            row += 2.0 * fabs(s->curve[i][j]);
        }
        bend = fmax(bend, fmax(row, fabs(gradient[i])));
    }
    for (int k = 0; k < ITERATIONS && bend > 0.0; k++) {
        double moved = 0.0;
        for (size_t i = 0; i < d; i++) {
            next[i] = x[i] + gradient[i] / bend * (s->set->high[i] - s->set->low[i]);
        }
        gw_feasible_project(s->set, next, next);
        for (size_t i = 0; i < d; i++) {
            moved = fmax(moved, fabs(scaled(s->set, next, i) - scaled(s->set, x, i)));
            x[i] = next[i];
        }
        value = value_at(s, x, gradient);
        if (moved < 1e-7) {
            break;
        }
    }
    return value;
}

void gw_surface_maximise(const struct gw_surface *surface, double *x)
{
    enum { STARTS = 4 };
    const struct gw_feasible *set = surface->set;
    const size_t d = set->dimensions;
    double start[GW_MAX_DIMENSIONS];
    gw_feasible_project(set, x, x);
    double best = ascend(surface, x);
    gsl_qrng *fill = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)d);
    for (int k = 0; k < STARTS && fill != NULL; k++) {
        gsl_qrng_get(fill, start);
        for (size_t i = 0; i < d; i++) {
            start[i] = set->low[i] + start[i] * (set->high[i] - set->low[i]);
        }
        gw_feasible_project(set, start, start);
        const double value = ascend(surface, start);
        if (value > best) {
            best = value;
            memcpy(x, start, d * sizeof *x);
        }
    }
    gsl_qrng_free(fill);
}
