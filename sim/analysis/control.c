#include "analysis/control.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { OBSERVATIONS_PER_CONTROL = 10 };

/* What is left of a control once those that were chosen are taken out of it, and of its mean; centred. */
struct column {
    double *x;
    double mean, first_norm;
    bool chosen;
};

struct regression {
    size_t n, columns, chosen;
    double *y; /* what is left of it, centred */
    double mean;
    struct column *column;
    double *store;
    double *weight;   /* of each observation in the adjusted mean */
    double *leverage; /* of each observation */
};

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* Moves x to mean 0 and returns the mean. About the first value, so that equal values leave nothing. */
static double centre(double *x, size_t n)
{
    double sum = 0.0;
    const double origin = x[0];
    for (size_t i = 0; i < n; i++) {
        x[i] -= origin;
        sum += x[i];
    }
    for (size_t i = 0; i < n; i++) {
        x[i] -= sum / (double)n;
    }
    return origin + sum / (double)n;
}

static bool all_finite(const double *x, size_t n)
{
    bool finite = true;
    for (size_t i = 0; i < n; i++) {
        finite = finite && isfinite(x[i]);
    }
    return finite;
}

static int open_regression(struct regression *g, const double *y, const double *control, size_t controls, size_t n)
{
    *g = (struct regression){.n = n, .columns = controls};
    g->store = calloc((controls + 3) * n + 1, sizeof *g->store);
    g->column = calloc(controls + 1, sizeof *g->column);
    if (g->store == NULL || g->column == NULL) {
        return GW_REFUSED;
    }
    g->y = g->store + controls * n;
    g->weight = g->y + n;
    g->leverage = g->weight + n;
    if (controls > 0) {
        memcpy(g->store, control, controls * n * sizeof *control);
    }
    memcpy(g->y, y, n * sizeof *y);
    g->mean = centre(g->y, n);
    for (size_t i = 0; i < n; i++) {
        g->weight[i] = g->leverage[i] = 1.0 / (double)n;
    }
    for (size_t k = 0; k < controls; k++) {
        struct column *c = &g->column[k];
        c->x = g->store + k * n;
        c->mean = centre(c->x, n);
        c->first_norm = sqrt(dot(c->x, c->x, n));
    }
    return GW_OK;
}

static void close_regression(struct regression *g)
{
    free(g->store);
    free(g->column);
}

/* The open column most correlated with what is left of y, with its squared correlation; NULL: none is left. */
static struct column *strongest(struct regression *g, double *r2)
{
    struct column *best = NULL;
    const double left = dot(g->y, g->y, g->n);
    *r2 = 0.0;
    for (size_t k = 0; k < g->columns; k++) {
        struct column *c = &g->column[k];
        const double own = dot(c->x, c->x, g->n);
        /* Collinear with those chosen, or constant: rounding is what is left. */
        if (c->chosen || !(sqrt(own) > 1e-7 * c->first_norm) || !(left > 0.0)) {
            continue;
        }
        const double cross = dot(c->x, g->y, g->n), here = cross * cross / (own * left);
        if (here > *r2) {
            *r2 = here;
            best = c;
        }
    }
    return best;
}

/* Takes a column into the regression, and out of y and of all that are left (modified Gram-Schmidt). */
static void choose(struct regression *g, struct column *c)
{
    const double norm = sqrt(dot(c->x, c->x, g->n));
    for (size_t i = 0; i < g->n; i++) {
        c->x[i] /= norm;
    }
    c->mean /= norm;
    c->chosen = true;
    g->chosen++;
    const double slope = dot(c->x, g->y, g->n);
    g->mean -= slope * c->mean;
    for (size_t i = 0; i < g->n; i++) {
        g->y[i] -= slope * c->x[i];
        g->weight[i] -= c->mean * c->x[i];
        g->leverage[i] += c->x[i] * c->x[i];
    }
    for (size_t k = 0; k < g->columns; k++) {
        struct column *other = &g->column[k];
        if (!other->chosen) {
            const double share = dot(c->x, other->x, g->n);
            other->mean -= share * c->mean;
            for (size_t i = 0; i < g->n; i++) {
                other->x[i] -= share * c->x[i];
            }
        }
    }
}

static void choose_controls(struct regression *g)
{
    const double threshold = 2.0 * log((double)g->columns) + 2.0;
    while (g->chosen < g->n / OBSERVATIONS_PER_CONTROL) {
        double r2;
        struct column *c = strongest(g, &r2);
        const double freedom = (double)(g->n - g->chosen) - 2.0;
        if (c == NULL || r2 * freedom <= threshold * (1.0 - r2)) {
            return;
        }
        choose(g, c);
    }
}

/* Deleting observation i moves the mean by weight_i e_i / (1 - leverage_i). */
static double jackknife_error(const struct regression *g)
{
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < g->n; i++) {
        const double moved = g->weight[i] * g->y[i] / (1.0 - g->leverage[i]);
        sum += moved;
        squares += moved * moved;
    }
    const double n = (double)g->n;
    return sqrt(fmax(0.0, squares - sum * sum / n) * (n - 1.0) / n);
}

/* Interval of 1 / (1 - R^2), moved to the measured factor. */
static void bound_factor(struct gw_controlled *out, double left, double whole)
{
    const double r2 = fmax(0.0, 1.0 - left / whole), freedom = (double)out->n - (double)out->used - 2.0;
    const double z = atanh(sqrt(r2)), step = 1.959963984540054 / sqrt(freedom);
    const double low = tanh(fmax(0.0, z - step)), high = tanh(z + step);
    const double scale = out->factor * (1.0 - r2);
    out->low = scale / (1.0 - low * low);
    out->high = scale / (1.0 - high * high);
}

int gw_control_mean(struct gw_controlled *out, const double *y, const double *control, size_t controls, size_t n,
                    struct gw_error *error)
{
    struct regression g;
    *out = (struct gw_controlled){n, 0, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (n == 0) {
        return GW_OK;
    }
    if (!all_finite(y, n) || !all_finite(control, controls * n)) {
        return gw_fail(error, GW_BAD_INPUT, "a control variate or what it controls is not finite");
    }
    if (open_regression(&g, y, control, controls, n) != GW_OK) {
        close_regression(&g);
        return gw_fail(error, GW_REFUSED, "out of memory for control variates");
    }
    const double whole = dot(g.y, g.y, n);
    choose_controls(&g);
    out->used = g.chosen;
    out->mean = g.mean;
    out->freedom = (double)n - (double)g.chosen - 1.0;
    if (n >= 2) {
        out->sd = sqrt(whole / (double)(n - 1));
        out->error = jackknife_error(&g);
        out->factor = whole > 0.0 ? out->sd * out->sd / (double)n / (out->error * out->error) : NAN;
    }
    if (g.chosen > 0) {
        bound_factor(out, dot(g.y, g.y, n), whole);
    }
    close_regression(&g);
    return GW_OK;
}
