#include "fit.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_sf_gamma.h>

#include <math.h>

/* ---- The search ---------------------------------------------------------------------------------------- */

/* One descent from x with steps of `step`; leaves the best point in x. */
static int descend(gsl_multimin_function *f, gsl_vector *x, double step, double *value)
{
    gsl_vector *steps = gsl_vector_alloc(f->n);
    gsl_multimin_fminimizer *s = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, f->n);
    int status = GSL_ENOMEM;
    if (steps != NULL && s != NULL) {
        gsl_vector_set_all(steps, step);
        status = gsl_multimin_fminimizer_set(s, f, x, steps);
    }
    for (int i = 0; i < 5000 && status == GSL_SUCCESS; i++) {
        status = gsl_multimin_fminimizer_iterate(s);
        if (gsl_multimin_test_size(gsl_multimin_fminimizer_size(s), 1e-7) == GSL_SUCCESS) {
            break;
        }
    }
    if (status == GSL_SUCCESS) {
        gsl_vector_memcpy(x, s->x);
        *value = s->fval;
    }
    gsl_multimin_fminimizer_free(s);
    gsl_vector_free(steps);
    return status;
}

/* A simplex may collapse before the optimum, so it is started again from where it ended until that stays put. */
static int minimise(gsl_multimin_function *f, gsl_vector *x, double *value)
{
    double last = HUGE_VAL;
    for (int round = 0; round < 20; round++) {
        if (descend(f, x, round == 0 ? 0.5 : 0.1, value) != GSL_SUCCESS) {
            return -1;
        }
        if (last - *value < 1e-9 * (1.0 + fabs(*value))) {
            return 0;
        }
        last = *value;
    }
    return -1;
}

/* f at x with x[i] moved by hi and x[j] by hj. */
static double moved(const gsl_multimin_function *f, const gsl_vector *x, gsl_vector *at, size_t i, double hi,
                    size_t j, double hj)
{
    gsl_vector_memcpy(at, x);
    *gsl_vector_ptr(at, i) += hi;
    *gsl_vector_ptr(at, j) += hj;
    return f->f(at, f->params);
}

/* Second derivatives over the logarithms, by central differences. */
static void hessian(const gsl_multimin_function *f, const gsl_vector *x, gsl_vector *at, gsl_matrix *h)
{
    const double step = 1e-3;
    for (size_t i = 0; i < f->n; i++) {
        for (size_t j = 0; j < f->n; j++) {
            const double same = moved(f, x, at, i, step, j, step) + moved(f, x, at, i, -step, j, -step);
            const double other = moved(f, x, at, i, step, j, -step) + moved(f, x, at, i, -step, j, step);
            gsl_matrix_set(h, i, j, (same - other) / (4.0 * step * step));
        }
    }
}

/* The standard error of exp(x) is exp(x) times that of x (delta method). */
static int standard_errors(const gsl_multimin_function *f, const gsl_vector *x, double *se)
{
    gsl_vector *at = gsl_vector_alloc(f->n);
    gsl_matrix *h = gsl_matrix_alloc(f->n, f->n);
    int status = at != NULL && h != NULL ? GSL_SUCCESS : GSL_ENOMEM;
    if (status == GSL_SUCCESS) {
        hessian(f, x, at, h);
        status = gsl_linalg_cholesky_decomp1(h);
    }
    status = status == GSL_SUCCESS ? gsl_linalg_cholesky_invert(h) : status;
    for (size_t i = 0; i < f->n && status == GSL_SUCCESS; i++) {
        se[i] = exp(gsl_vector_get(x, i)) * sqrt(gsl_matrix_get(h, i, i));
    }
    gsl_matrix_free(h);
    gsl_vector_free(at);
    return status == GSL_SUCCESS ? 0 : -1;
}

/* The objective that GSL is given: minus a log-likelihood, huge where that is not a number. */
static double cost(double log_likelihood)
{
    return isfinite(log_likelihood) ? -log_likelihood : 1e300;
}

/* ---- BG/NBD -------------------------------------------------------------------------------------------- */

double law_bg_nbd_log_likelihood(struct law_bg_nbd p, const struct law_history *history, size_t n)
{
    const double constant = p.r * log(p.alpha) - gsl_sf_lngamma(p.r) - gsl_sf_lnbeta(p.a, p.b);
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        const struct law_history h = history[i];
        const double shape = p.r + h.x;
        double here = constant + gsl_sf_lngamma(shape) + gsl_sf_lnbeta(p.a, p.b + h.x) - shape * log(p.alpha + h.t);
        if (h.x > 0) { /* or dropped out right after the last purchase */
            here += log1p(p.a / (p.b + h.x - 1.0) * pow((p.alpha + h.t) / (p.alpha + h.t_x), shape));
        }
        sum += here;
    }
    return sum;
}

struct histories {
    const struct law_history *history;
    size_t n;
};

static struct law_bg_nbd bg_nbd_of(const gsl_vector *x)
{
    return (struct law_bg_nbd){exp(gsl_vector_get(x, 0)), exp(gsl_vector_get(x, 1)), exp(gsl_vector_get(x, 2)),
                               exp(gsl_vector_get(x, 3))};
}

static double bg_nbd_cost(const gsl_vector *x, void *data)
{
    const struct histories *h = data;
    return cost(law_bg_nbd_log_likelihood(bg_nbd_of(x), h->history, h->n));
}

int law_bg_nbd_fit(const struct law_history *history, size_t n, struct law_bg_nbd *fitted, double *log_likelihood)
{
    struct histories data = {history, n};
    gsl_multimin_function f = {bg_nbd_cost, 4, &data};
    gsl_vector *x = gsl_vector_calloc(4);
    double value = 0.0;
    if (x == NULL) {
        return -1;
    }
    const int ret = minimise(&f, x, &value);
    *fitted = bg_nbd_of(x);
    *log_likelihood = -value;
    gsl_vector_free(x);
    return ret;
}

int law_bg_nbd_standard_errors(struct law_bg_nbd p, const struct law_history *history, size_t n, double se[4])
{
    struct histories data = {history, n};
    const gsl_multimin_function f = {bg_nbd_cost, 4, &data};
    const double logs[4] = {log(p.r), log(p.alpha), log(p.a), log(p.b)};
    const gsl_vector_const_view x = gsl_vector_const_view_array(logs, 4);
    return standard_errors(&f, &x.vector, se);
}

/* ---- sBG ----------------------------------------------------------------------------------------------- */

double law_sbg_log_likelihood(double alpha, double beta, const double *alive, int periods)
{
    double sum = alive[periods] * log(law_sbg_survival(alpha, beta, periods));
    for (int t = 1; t <= periods; t++) {
        const double leaves = law_sbg_survival(alpha, beta, t - 1) * (1.0 - law_sbg_retention(alpha, beta, t));
        sum += (alive[t - 1] - alive[t]) * log(leaves);
    }
    return sum;
}

struct cohort {
    const double *alive;
    int periods;
};

static double sbg_cost(const gsl_vector *x, void *data)
{
    const struct cohort *c = data;
    return cost(law_sbg_log_likelihood(exp(gsl_vector_get(x, 0)), exp(gsl_vector_get(x, 1)), c->alive, c->periods));
}

int law_sbg_fit(const double *alive, int periods, double *alpha, double *beta, double *log_likelihood)
{
    struct cohort data = {alive, periods};
    gsl_multimin_function f = {sbg_cost, 2, &data};
    gsl_vector *x = gsl_vector_calloc(2);
    double value = 0.0;
    if (x == NULL) {
        return -1;
    }
    const int ret = minimise(&f, x, &value);
    *alpha = exp(gsl_vector_get(x, 0));
    *beta = exp(gsl_vector_get(x, 1));
    *log_likelihood = -value;
    gsl_vector_free(x);
    return ret;
}

int law_sbg_standard_errors(double alpha, double beta, const double *alive, int periods, double se[2])
{
    struct cohort data = {alive, periods};
    const gsl_multimin_function f = {sbg_cost, 2, &data};
    const double logs[2] = {log(alpha), log(beta)};
    const gsl_vector_const_view x = gsl_vector_const_view_array(logs, 2);
    return standard_errors(&f, &x.vector, se);
}
