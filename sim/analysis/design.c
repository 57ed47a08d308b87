#include "analysis/design.h"

#include "core/draws.h"
#include "core/memory.h"
#include "core/quantile.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_qrng.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
    STREAM = 0x31c13f47, /* MD5("design"), first 32 bits: as for a rule */
    PLACE = 0,           /* draw: where a point lies */
    ORDER = 1,           /* draw: which cell it gets */
    SOBOL_BITS = 30      /* of GSL's sequence */
};

static struct gw_key key_of(enum gw_design design, uint64_t seed, uint32_t part)
{
    return gw_key_make(seed, part, (uint32_t)STREAM + (uint32_t)design);
}

static double place(const struct gw_key *key, size_t point, size_t axis)
{
    return gw_uniform_start(key, (uint32_t)point, (uint32_t)axis, PLACE);
}

static void fill_random(const struct gw_key *key, size_t n, size_t d, double *u)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++) {
            u[i * d + j] = place(key, i, j);
        }
    }
}

/* Cells in random order (Fisher & Yates; Durstenfeld 1964), one order for each axis; the column itself holds it. */
static void shuffle_cells(const struct gw_key *key, size_t n, size_t d, size_t axis, double *column)
{
    for (size_t i = 0; i < n; i++) {
        const size_t at = (size_t)(gw_uniform_start(key, (uint32_t)i, (uint32_t)axis, ORDER) * (double)(i + 1));
        column[i * d] = column[at * d];
        column[at * d] = (double)i;
    }
}

static void fill_latin_hypercube(const struct gw_key *key, size_t n, size_t d, double *u)
{
    for (size_t j = 0; j < d; j++) {
        shuffle_cells(key, n, d, j, u + j);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++) {
            /* Held off the ends of the cell, which rounding could cross. */
            const double within = fmax(1e-6, fmin(place(key, i, j), 1.0 - 1e-6));
            u[i * d + j] = (u[i * d + j] + within) / (double)n;
        }
    }
}

/* A shift by random digits: exclusive or on the 30 bits of the sequence, then 22 more random ones and a half, so that
 * the result is exact in double and never 0 or 1. */
static double shift_digits(double x, double random)
{
    const uint64_t digits = (uint64_t)ldexp(x, SOBOL_BITS) << 22;
    const uint64_t shift = (uint64_t)ldexp(random, 52); /* 52 random bits */
    return ((double)(digits ^ shift) + 0.5) * 0x1p-52;
}

static int fill_sobol(const struct gw_key *key, size_t n, size_t d, double *u, struct gw_error *error)
{
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)d);
    if (sequence == NULL) {
        return gw_fail(error, GW_FAILED, "no memory for a Sobol sequence of %zu dimensions", d);
    }
    memset(u, 0, d * sizeof *u); /* GSL starts after the origin, without which 2^m points are not a net */
    int ret = GW_OK;
    for (size_t i = 1; i < n && ret == GW_OK; i++) {
        if (gsl_qrng_get(sequence, u + i * d) != GSL_SUCCESS) {
            ret = gw_fail(error, GW_FAILED, "the Sobol sequence ends at point %zu", i);
        }
    }
    gsl_qrng_free(sequence);
    for (size_t k = 0; k < n * d && ret == GW_OK; k++) {
        u[k] = shift_digits(u[k], place(key, 0, k % d));
    }
    return ret;
}

void gw_design_grid(const size_t *level, size_t d, double *u)
{
    size_t n = 1;
    for (size_t j = 0; j < d; j++) {
        n *= level[j];
    }
    for (size_t i = 0; i < n; i++) {
        size_t rest = i;
        for (size_t j = d; j-- > 0; rest /= level[j]) {
            u[i * d + j] = ((double)(rest % level[j]) + 0.5) / (double)level[j];
        }
    }
}

/* m with m^d = n, or 0. */
static size_t whole_root(size_t n, size_t d)
{
    const size_t m = (size_t)(pow((double)n, 1.0 / (double)d) + 0.5);
    size_t rest = n;
    for (size_t j = 0; j < d && rest > 0; j++) {
        rest = m > 0 && rest % m == 0 ? rest / m : 0;
    }
    return rest == 1 ? m : 0;
}

static int fill_grid(size_t n, size_t d, double *u, struct gw_error *error)
{
    const size_t m = whole_root(n, d);
    if (m == 0) {
        return gw_fail(error, GW_BAD_INPUT,
                       "a full grid over %zu inputs needs a %zu-th power of points, such as %.0f; got %zu", d, d,
                       pow(ceil(pow((double)n, 1.0 / (double)d)), (double)d), n);
    }
    size_t *level = gw_alloc(d, sizeof *level);
    if (level == NULL) {
        return gw_fail(error, GW_FAILED, "no memory for a grid over %zu inputs", d);
    }
    for (size_t j = 0; j < d; j++) {
        level[j] = m;
    }
    gw_design_grid(level, d, u);
    gw_free(level);
    return GW_OK;
}

static int check_size(enum gw_design design, size_t n, size_t d, struct gw_error *error)
{
    if (n == 0 || d == 0 || n > UINT32_MAX || d > UINT32_MAX) {
        return gw_fail(error, GW_BAD_INPUT, "a design needs at least one point and one input; got %zu and %zu", n, d);
    }
    if (design == GW_DESIGN_SOBOL && d > GW_SOBOL_DIMENSIONS) {
        return gw_fail(error, GW_BAD_INPUT,
                       "a Sobol sequence has at most %d dimensions; got %zu: take a Latin hypercube, or fewer inputs",
                       GW_SOBOL_DIMENSIONS, d);
    }
    if (design == GW_DESIGN_SOBOL && n > (size_t)1 << SOBOL_BITS) {
        return gw_fail(error, GW_BAD_INPUT, "a Sobol sequence has at most %zu points; got %zu",
                       (size_t)1 << SOBOL_BITS, n);
    }
    return GW_OK;
}

int gw_design_fill(enum gw_design design, size_t n, size_t d, uint64_t seed, uint32_t part, double *u,
                   struct gw_error *error)
{
    const int ret = check_size(design, n, d, error);
    if (ret != GW_OK) {
        return ret;
    }
    const struct gw_key key = key_of(design, seed, part);
    switch (design) {
    case GW_DESIGN_RANDOM:
        fill_random(&key, n, d, u);
        return GW_OK;
    case GW_DESIGN_LATIN_HYPERCUBE:
        fill_latin_hypercube(&key, n, d, u);
        return GW_OK;
    case GW_DESIGN_SOBOL:
        return fill_sobol(&key, n, d, u, error);
    case GW_DESIGN_GRID:
        return fill_grid(n, d, u, error);
    case GW_DESIGN_LIST:
        break;
    }
    return gw_fail(error, GW_BAD_INPUT, "the points of a list are given, not made");
}

struct gw_copula {
    size_t d;
    gsl_matrix *lower;          /* L of correlation = L L' (Cholesky) */
    double *score;              /* [d] of one point */
    struct gw_quantile *normal; /* the standard normal */
};

static int check_correlation(const double *correlation, size_t d, struct gw_error *error)
{
    for (size_t i = 0; i < d; i++) {
        for (size_t j = 0; j < d; j++) {
            const double r = correlation[i * d + j];
            const bool good = i == j ? r == 1.0 : r > -1.0 && r < 1.0 && r == correlation[j * d + i];
            if (!good) {
                return gw_fail(error, GW_BAD_INPUT,
                               "correlation %g of inputs %zu and %zu: the matrix must be symmetric with 1 on its "
                               "diagonal and numbers between -1 and 1, both excluded, beside it",
                               r, i + 1, j + 1);
            }
        }
    }
    return GW_OK;
}

static int decompose(struct gw_copula *copula, const double *correlation, struct gw_error *error)
{
    const size_t d = copula->d;
    copula->lower = gsl_matrix_alloc(d, d);
    copula->score = gw_alloc(d, sizeof *copula->score);
    if (copula->lower == NULL || copula->score == NULL) {
        return gw_fail(error, GW_FAILED, "no memory for correlations of %zu inputs", d);
    }
    memcpy(copula->lower->data, correlation, d * d * sizeof *correlation);
    if (gsl_linalg_cholesky_decomp1(copula->lower) != GSL_SUCCESS) {
        return gw_fail(error, GW_BAD_INPUT,
                       "these correlations contradict each other: no joint distribution has them (the matrix is not "
                       "positive definite); bring some of them nearer to 0");
    }
    return GW_OK;
}

int gw_copula_create(struct gw_copula **copula, const double *correlation, size_t d, struct gw_error *error)
{
    *copula = NULL;
    int ret =
        d > 0 ? check_correlation(correlation, d, error) : gw_fail(error, GW_BAD_INPUT, "no inputs to correlate");
    if (ret != GW_OK) {
        return ret;
    }
    struct gw_copula *made = gw_alloc(1, sizeof *made);
    if (made == NULL) {
        return gw_fail(error, GW_FAILED, "no memory for correlations of %zu inputs", d);
    }
    made->d = d;
    /* First the quantile: it switches GSL's error handler off. */
    ret = gw_quantile_create(&made->normal, (struct gw_distribution){GW_NORMAL, 0.0, 1.0, 0.0}, error);
    if (ret == GW_OK) {
        ret = decompose(made, correlation, error);
    }
    if (ret != GW_OK) {
        gw_copula_free(made);
        return ret;
    }
    *copula = made;
    return GW_OK;
}

void gw_copula_free(struct gw_copula *copula)
{
    if (copula != NULL) {
        gsl_matrix_free(copula->lower);
        gw_free(copula->score);
        gw_quantile_free(copula->normal);
        gw_free(copula);
    }
}

/* The standard normal distribution function: 1/2 + phi(z) (z + z^3/3 + z^5/(3 5) + ...), absolute error < 1e-15
 * (Marsaglia 2004, J. Stat. Software 11(4)); held inside (0, 1). */
static double normal_probability(double z)
{
    const double held = fmax(-8.2, fmin(z, 8.2)), square = held * held;
    double term = held, sum = held, before = 0.0;
    for (int odd = 3; sum != before; odd += 2) {
        before = sum;
        term *= square / odd;
        sum += term;
    }
    const double density = gw_exp(-0.5 * square) * 0.39894228040143267794;
    return fmax(0x1p-53, fmin(0.5 + density * sum, 1.0 - 0x1p-53));
}

/* Whether coordinate i depends on any before it. */
static bool depends(const struct gw_copula *copula, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (gsl_matrix_get(copula->lower, i, j) != 0.0) {
            return true;
        }
    }
    return false;
}

static void correlate_point(const struct gw_copula *copula, double *u)
{
    for (size_t i = 0; i < copula->d; i++) {
        copula->score[i] = gw_quantile_at(copula->normal, u[i]);
    }
    for (size_t i = 0; i < copula->d; i++) {
        if (depends(copula, i)) {
            double z = 0.0;
            for (size_t j = 0; j <= i; j++) {
                z += gsl_matrix_get(copula->lower, i, j) * copula->score[j];
            }
            u[i] = normal_probability(z);
        }
    }
}

void gw_copula_apply(const struct gw_copula *copula, size_t n, double *u)
{
    for (size_t k = 0; k < n; k++) {
        correlate_point(copula, u + k * copula->d);
    }
}
