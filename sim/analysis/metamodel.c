#include "analysis/metamodel.h"

#include "core/draws.h"
#include "core/maths.h"
#include "core/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KNOTS = 9, MOST_TERMS = 240 };

/* Which terms: `lines` of each variable, the first a straight line; products of the first `crossed` of every pair. */
struct shape {
    int lines, crossed;
};

/* A variable, brought to [-1, 1], and its knots there. */
struct axis {
    double middle, half;
    double knot[MOST_KNOTS];
    int knots;
};

/* Columns in the order in which they were made orthonormal: q = columns r^-1. */
struct gw_metamodel {
    size_t n, variables, responses;
    struct shape shape;
    struct axis *axis; /* [variables] */
    size_t terms;
    int kept[MOST_TERMS];      /* column of the basis that each term came from */
    double *q;                 /* [terms][n] */
    double *r;                 /* [terms][terms], column by column; 0 below the diagonal */
    double *coefficient;       /* [responses][terms], of q */
    double *fitted, *residual; /* [responses][n] */
    double criterion;
};

/* ---- Basis --------------------------------------------------------------------------------------------------------
 */

static double cubed_above(double x, double knot)
{
    const double above = x > knot ? x - knot : 0.0;
    return above * above * above;
}

/* Natural cubic splines in the truncated power basis: straight beyond the outer knots. */
static double spline_term(const struct axis *a, double x, int k)
{
    if (k == 0) {
        return x;
    }
    const double last = a->knot[a->knots - 1], before = a->knot[a->knots - 2], own = a->knot[k - 1];
    const double tail = cubed_above(x, last);
    return (cubed_above(x, own) - tail) / (last - own) - (cubed_above(x, before) - tail) / (last - before);
}

static int lines_of(const struct axis *a)
{
    return a->knots < 2 ? 1 : a->knots - 1;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* The products of a pair of variables. */
static int cross(const double *const line[2], const int lines[2], int crossed, double *out)
{
    int n = 0;
    for (int i = 0; i < least(crossed, lines[0]); i++) {
        for (int j = 0; j < least(crossed, lines[1]); j++) {
            out[n++] = line[0][i] * line[1][j];
        }
    }
    return n;
}

/* All columns of the basis at a point; how many they are depends on the model alone. */
static int basis_at(const struct gw_metamodel *m, const double *x, size_t stride, double *out)
{
    int start[GW_MOST_VARIABLES + 1], n = 0;
    out[n++] = 1.0;
    for (size_t v = 0; v < m->variables; v++) {
        const struct axis *a = &m->axis[v];
        const double scaled = (x[v * stride] - a->middle) / a->half;
        start[v] = n;
        for (int k = 0; k < lines_of(a); k++) {
            out[n++] = spline_term(a, scaled, k);
        }
    }
    start[m->variables] = n;
    for (size_t v = 0; v < m->variables && m->shape.crossed > 0; v++) {
        for (size_t u = v + 1; u < m->variables; u++) {
            const double *const line[2] = {out + start[v], out + start[u]};
            const int lines[2] = {start[v + 1] - start[v], start[u + 1] - start[u]};
            n += cross(line, lines, m->shape.crossed, out + n);
        }
    }
    return n;
}

/* The most columns that basis_at() may give. */
static size_t columns_of(size_t variables, struct shape shape)
{
    const size_t pairs = variables * (variables - 1) / 2, crossed = (size_t)shape.crossed;
    return 1 + variables * (size_t)shape.lines + pairs * crossed * crossed;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Knots at equally spaced quantiles of the sorted values, the extremes among them; equal ones count once. */
static void place_knots(struct axis *a, const double *sorted, size_t n, int knots)
{
    const double low = sorted[0], high = sorted[n - 1];
    a->middle = low / 2.0 + high / 2.0;
    a->half = high > low ? (high - low) / 2.0 : 1.0;
    a->knots = 0;
    for (int k = 0; k < knots; k++) {
        const size_t at = (size_t)((double)(n - 1) * k / (knots - 1) + 0.5);
        const double knot = (sorted[at] - a->middle) / a->half;
        if (a->knots == 0 || knot > a->knot[a->knots - 1] + 1e-6) {
            a->knot[a->knots++] = knot;
        }
    }
}

/* ---- Least squares ------------------------------------------------------------------------------------------------
 */

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static void subtract(double *from, const double *x, double factor, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        from[i] -= factor * x[i];
    }
}

/* Makes column `column`, which stands at q[terms], orthonormal to those before; a column that they span already is
 * not taken. Gram and Schmidt, twice (Giraud, Langou & Rozloznik 2005, Computers & Mathematics with Applications 50).
 */
static void take_column(struct gw_metamodel *m, int column, size_t room)
{
    double *own = m->q + m->terms * m->n, *r = m->r + m->terms * room;
    const double before = sqrt(dot(own, own, m->n));
    memset(r, 0, room * sizeof *r);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < m->terms; k++) {
            const double along = dot(m->q + k * m->n, own, m->n);
            subtract(own, m->q + k * m->n, along, m->n);
            r[k] += along;
        }
    }
    const double norm = sqrt(dot(own, own, m->n));
    if (norm > 1e-7 * before) {
        for (size_t i = 0; i < m->n; i++) {
            own[i] /= norm;
        }
        r[m->terms] = norm;
        m->kept[m->terms++] = column;
    }
}

static int build_terms(struct gw_metamodel *m, const double *x, size_t room, struct gw_error *error)
{
    double row[MOST_TERMS];
    double *columns = gw_alloc(room * m->n, sizeof *columns);
    if (columns == NULL) {
        return gw_fail(error, GW_FAILED, "out of memory");
    }
    int n = 0;
    for (size_t i = 0; i < m->n; i++) {
        n = basis_at(m, x + i, m->n, row);
        for (int c = 0; c < n; c++) {
            columns[(size_t)c * m->n + i] = row[c];
        }
    }
    for (int c = 0; c < n; c++) {
        memcpy(m->q + m->terms * m->n, columns + (size_t)c * m->n, m->n * sizeof *columns);
        take_column(m, c, room);
    }
    gw_free(columns);
    for (size_t k = 0; k < m->terms; k++) { /* closed up: [terms][terms] */
        memmove(m->r + k * m->terms, m->r + k * room, m->terms * sizeof *m->r);
    }
    return GW_OK;
}

/* Squares about the mean. */
static double spread_of(const double *y, size_t n)
{
    double mean = 0.0, squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        mean += y[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        squares += (y[i] - mean) * (y[i] - mean);
    }
    return squares;
}

/* Regresses every response; the criterion is the sum of theirs, each in units of its own variance. */
static void regress(struct gw_metamodel *m, const double *y)
{
    const double n = (double)m->n, rest = n - 1.4 * (double)m->terms;
    m->criterion = 0.0;
    for (size_t s = 0; s < m->responses; s++) {
        double *residual = m->residual + s * m->n, *fitted = m->fitted + s * m->n;
        memcpy(residual, y + s * m->n, m->n * sizeof *residual);
        for (size_t k = 0; k < m->terms; k++) {
            const double along = dot(m->q + k * m->n, residual, m->n);
            m->coefficient[s * m->terms + k] = along;
            subtract(residual, m->q + k * m->n, along, m->n);
        }
        for (size_t i = 0; i < m->n; i++) {
            fitted[i] = y[s * m->n + i] - residual[i];
        }
        const double spread = spread_of(y + s * m->n, m->n);
        m->criterion += spread > 0.0 ? n * dot(residual, residual, m->n) / (rest * rest) / (spread / n) : 0.0;
    }
}

/* ---- Model --------------------------------------------------------------------------------------------------------
 */

void gw_metamodel_free(struct gw_metamodel *m)
{
    if (m != NULL) {
        gw_free(m->axis);
        gw_free(m->q);
        gw_free(m->r);
        gw_free(m->coefficient);
        gw_free(m->fitted);
        gw_free(m->residual);
        free(m);
    }
}

static int allocate(struct gw_metamodel **model, size_t variables, size_t responses, size_t n, struct shape shape,
                    struct gw_error *error)
{
    const size_t room = columns_of(variables, shape);
    struct gw_metamodel *m = calloc(1, sizeof *m);
    *model = m;
    if (m == NULL) {
        return gw_fail(error, GW_FAILED, "out of memory");
    }
    *m = (struct gw_metamodel){.n = n, .variables = variables, .responses = responses, .shape = shape};
    m->axis = gw_alloc(variables, sizeof *m->axis);
    m->q = gw_alloc((room + 1) * n, sizeof *m->q); /* one more, for a column that is tried */
    m->r = gw_alloc((room + 1) * room, sizeof *m->r);
    m->coefficient = gw_alloc(responses * room, sizeof *m->coefficient);
    m->fitted = gw_alloc(responses * n, sizeof *m->fitted);
    m->residual = gw_alloc(responses * n, sizeof *m->residual);
    const bool there = m->axis != NULL && m->q != NULL && m->r != NULL && m->coefficient != NULL &&
                       m->fitted != NULL && m->residual != NULL;
    return there ? GW_OK : gw_fail(error, GW_FAILED, "out of memory");
}

/* A model of a shape; `sorted` is x, sorted variable by variable. */
static int fit_shape(struct gw_metamodel **model, struct shape shape, const double *x, const double *sorted,
                     const struct gw_metamodel *sizes, const double *y, struct gw_error *error)
{
    const size_t n = sizes->n;
    int ret = allocate(model, sizes->variables, sizes->responses, n, shape, error);
    if (ret != GW_OK) {
        return ret;
    }
    for (size_t v = 0; v < sizes->variables; v++) {
        place_knots(&(*model)->axis[v], sorted + v * n, n, shape.lines + 1);
    }
    ret = build_terms(*model, x, columns_of(sizes->variables, shape), error);
    if (ret == GW_OK) {
        regress(*model, y);
    }
    return ret;
}

/* Tried in this order; of two that do equally well the earlier stays. */
static const struct shape shapes[] = {{1, 0}, {1, 1}, {2, 0}, {2, 1}, {2, 2}, {3, 0}, {3, 1}, {3, 2}, {4, 0},
                                      {4, 1}, {4, 2}, {6, 0}, {6, 1}, {6, 2}, {8, 0}, {8, 1}, {8, 2}};

/* Worth a try: not more columns than a fifth of the rows bear, products only where there are pairs. */
static bool fits(struct shape shape, size_t variables, size_t n)
{
    const size_t columns = columns_of(variables, shape);
    return (shape.crossed == 0 || variables > 1) && columns <= MOST_TERMS && 5 * columns <= n;
}

static int choose_shape(struct gw_metamodel **model, const double *x, const double *sorted,
                        const struct gw_metamodel *sizes, const double *y, struct gw_error *error)
{
    int ret = fit_shape(model, shapes[0], x, sorted, sizes, y, error);
    for (size_t i = 1; ret == GW_OK && i < sizeof shapes / sizeof *shapes; i++) {
        struct gw_metamodel *next = NULL;
        if (!fits(shapes[i], sizes->variables, sizes->n)) {
            continue;
        }
        ret = fit_shape(&next, shapes[i], x, sorted, sizes, y, error);
        if (ret == GW_OK && next->criterion < (*model)->criterion) {
            struct gw_metamodel *worse = *model;
            *model = next;
            next = worse;
        }
        gw_metamodel_free(next);
    }
    return ret;
}

static bool all_finite(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            return false;
        }
    }
    return true;
}

static int check(const double *x, size_t variables, const double *y, size_t responses, size_t n,
                 struct gw_error *error)
{
    if (variables < 1 || variables > GW_MOST_VARIABLES || responses < 1) {
        return gw_fail(error, GW_BAD_INPUT, "a metamodel takes 1 to %d inputs at a time", (int)GW_MOST_VARIABLES);
    }
    if (n < 10 || n < 3 * variables) {
        return gw_fail(error, GW_BAD_INPUT, "a metamodel of %zu inputs needs %zu points at least, there are %zu",
                       variables, 3 * variables < 10 ? (size_t)10 : 3 * variables, n);
    }
    if (!all_finite(x, variables * n) || !all_finite(y, responses * n)) {
        return gw_fail(error, GW_BAD_INPUT, "a metamodel takes finite numbers only");
    }
    return GW_OK;
}

int gw_metamodel_fit(struct gw_metamodel **model, const double *x, size_t variables, const double *y,
                     size_t responses, size_t n, struct gw_error *error)
{
    *model = NULL;
    int ret = check(x, variables, y, responses, n, error);
    if (ret != GW_OK) {
        return ret;
    }
    double *sorted = gw_alloc(variables * n, sizeof *sorted);
    if (sorted == NULL) {
        return gw_fail(error, GW_FAILED, "out of memory");
    }
    memcpy(sorted, x, variables * n * sizeof *sorted);
    for (size_t v = 0; v < variables; v++) {
        qsort(sorted + v * n, n, sizeof *sorted, by_value);
    }
    const struct gw_metamodel sizes = {.n = n, .variables = variables, .responses = responses};
    ret = choose_shape(model, x, sorted, &sizes, y, error);
    gw_free(sorted);
    if (ret != GW_OK) {
        gw_metamodel_free(*model);
        *model = NULL;
    }
    return ret;
}

/* Differences [strategies - 1][worlds] to the first strategy; NULL: out of memory. Release with gw_free(). */
static double *differences(const double *mean, size_t strategies, size_t worlds)
{
    double *out = gw_alloc((strategies - 1) * worlds, sizeof *out);
    for (size_t i = 0; out != NULL && i < (strategies - 1) * worlds; i++) {
        out[i] = mean[worlds + i] - mean[i % worlds];
    }
    return out;
}

int gw_metamodel_of_differences(struct gw_metamodel **model, const double *mean, size_t strategies, size_t worlds,
                                const double *x, size_t variables, struct gw_error *error)
{
    *model = NULL;
    if (strategies < 2) {
        return gw_fail(error, GW_BAD_INPUT, "a decision needs two strategies at least");
    }
    double *difference = differences(mean, strategies, worlds);
    if (difference == NULL) {
        return gw_fail(error, GW_FAILED, "out of memory");
    }
    const int ret = gw_metamodel_fit(model, x, variables, difference, strategies - 1, worlds, error);
    gw_free(difference);
    return ret;
}

const double *gw_metamodel_fitted(const struct gw_metamodel *m)
{
    return m->fitted;
}

size_t gw_metamodel_terms(const struct gw_metamodel *m)
{
    return m->terms;
}

/* Rows over rows less terms: White's covariance with the correction of Hinkley (1977, Technometrics 19(3)). */
static double freedom(const struct gw_metamodel *m)
{
    return (double)m->n / (double)(m->n - m->terms);
}

double gw_metamodel_explained(const struct gw_metamodel *m, size_t response)
{
    const double *fitted = m->fitted + response * m->n, *residual = m->residual + response * m->n;
    const double left = dot(residual, residual, m->n), all = spread_of(fitted, m->n) + left;
    return all > 0.0 ? 1.0 - left / all * freedom(m) * (double)(m->n - 1) / (double)m->n : NAN;
}

/* Row of q at a point: solves z r = row of the basis. */
static void row_at(const struct gw_metamodel *m, const double *x, double *z)
{
    double basis[MOST_TERMS];
    (void)basis_at(m, x, 1, basis);
    for (size_t k = 0; k < m->terms; k++) {
        const double *r = m->r + k * m->terms;
        z[k] = (basis[m->kept[k]] - dot(z, r, k)) / r[k];
    }
}

void gw_metamodel_at(const struct gw_metamodel *m, const double *x, size_t response, double *value,
                     double *standard_error)
{
    double z[MOST_TERMS];
    const double *residual = m->residual + response * m->n;
    row_at(m, x, z);
    *value = dot(z, m->coefficient + response * m->terms, m->terms);
    double variance = 0.0;
    for (size_t i = 0; i < m->n; i++) {
        double weight = 0.0;
        for (size_t k = 0; k < m->terms; k++) {
            weight += z[k] * m->q[k * m->n + i];
        }
        variance += weight * weight * residual[i] * residual[i];
    }
    *standard_error = sqrt(variance * freedom(m));
}

/* Every row's residuals times one normal number, projected on the terms: normal coefficients with White's covariance
 * (the wild bootstrap: Wu 1986, Annals of Statistics 14(4)). */
void gw_metamodel_draw(const struct gw_metamodel *m, uint64_t seed, uint32_t draw, double *fitted)
{
    const struct gw_key key = gw_key_make(seed, draw, gw_name_hash("metamodel"));
    const double scale = sqrt(freedom(m));
    double along[MOST_TERMS];
    for (size_t s = 0; s < m->responses; s++) {
        const double *residual = m->residual + s * m->n;
        double *out = fitted + s * m->n;
        for (size_t i = 0; i < m->n; i++) {
            const double u = gw_uniform_start(&key, (uint32_t)i, 0, 0);
            out[i] = scale * residual[i] * (double)gw_normal_of_precise(u);
        }
        for (size_t k = 0; k < m->terms; k++) {
            along[k] = dot(m->q + k * m->n, out, m->n);
        }
        memcpy(out, m->fitted + s * m->n, m->n * sizeof *out);
        for (size_t k = 0; k < m->terms; k++) {
            subtract(out, m->q + k * m->n, -along[k], m->n);
        }
    }
}
