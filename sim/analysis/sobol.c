#include "analysis/sobol.h"

#include "analysis/design.h"
#include "analysis/luck.h"
#include "core/memory.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { PARTS = GW_SOBOL_PARTS };

size_t gw_sobol_rows(size_t rows)
{
    size_t n = PARTS;
    while (n < rows && n <= SIZE_MAX / 2) {
        n *= 2;
    }
    return n;
}

size_t gw_sobol_points(size_t d)
{
    return 2 * d + 2;
}

static int check_size(size_t rows, size_t d, struct gw_error *error)
{
    if (d == 0 || d > GW_SOBOL_INPUTS) {
        return gw_fail(error, GW_BAD_INPUT, "shares of variance are estimated for 1 to %d inputs; got %zu",
                       GW_SOBOL_INPUTS, d);
    }
    if (rows != gw_sobol_rows(rows)) {
        return gw_fail(error, GW_BAD_INPUT, "shares of variance need %d times a power of 2 of rows; got %zu", PARTS,
                       rows);
    }
    return GW_OK;
}

/* All points of a row from its coordinates `a`[d], `b`[d]. */
static void mix_row(const double *a, const double *b, size_t d, double *point)
{
    memcpy(point, a, d * sizeof *a);
    memcpy(point + d, b, d * sizeof *b);
    for (size_t i = 0; i < d; i++) {
        double *ab = point + (2 + i) * d, *ba = point + (2 + d + i) * d;
        memcpy(ab, a, d * sizeof *a);
        memcpy(ba, b, d * sizeof *b);
        ab[i] = b[i];
        ba[i] = a[i];
    }
}

int gw_sobol_design(size_t rows, size_t d, uint64_t seed, double *u, struct gw_error *error)
{
    int ret = check_size(rows, d, error);
    if (ret != GW_OK) {
        return ret;
    }
    const size_t in_part = rows / PARTS, points = gw_sobol_points(d);
    double *pairs = gw_alloc(in_part, 2 * d * sizeof *pairs);
    if (pairs == NULL) {
        return gw_fail(error, GW_FAILED, "no memory for %zu rows", rows);
    }
    for (uint32_t part = 0; part < PARTS && ret == GW_OK; part++) {
        ret = gw_design_fill(GW_DESIGN_SOBOL, in_part, 2 * d, seed, part, pairs, error);
        for (size_t k = 0; k < in_part && ret == GW_OK; k++) {
            const double *a = pairs + k * 2 * d;
            mix_row(a, a + d, d, u + (part * in_part + k) * points * d);
        }
    }
    gw_free(pairs);
    return ret;
}

/* Sums over the rows of each part; of an input, 4 V and its numerators as in the header. */
struct sums {
    double total[PARTS], first[PARTS], whole[PARTS]; /* of one input: 4 V T, 4 V S, 4 V */
};
struct overall {
    double variance[PARTS], luck[PARTS], both[PARTS], rows[PARTS]; /* V and luck variance times rows */
    double mean;
    size_t n;
};

/* Values of a row: [points][replications]; and room for differences. */
struct row {
    const double *value;
    size_t d, replications;
    double *one, *other; /* [replications] */
};

static const double *values_at(const struct row *row, size_t point)
{
    return row->value + point * row->replications;
}

/* (f(p) - f(q)) (f(s) - f(t)), free of luck; p, q, s, t are points of the row. */
static double product(const struct row *row, size_t p, size_t q, size_t s, size_t t)
{
    const double *yp = values_at(row, p), *yq = values_at(row, q), *ys = values_at(row, s), *yt = values_at(row, t);
    for (size_t r = 0; r < row->replications; r++) {
        row->one[r] = yp[r] - yq[r];
        row->other[r] = ys[r] - yt[r];
    }
    return gw_cross_product(row->one, row->other, row->replications);
}

static double square(const struct row *row, size_t p, size_t q)
{
    return product(row, p, q, p, q);
}

static void add_inputs(const struct row *row, size_t part, struct sums *sums, double *four_v)
{
    enum { A = 0, B = 1 };
    const double between = square(row, A, B);
    for (size_t i = 0; i < row->d; i++) {
        const size_t ab = 2 + i, ba = 2 + row->d + i;
        const double whole = between + square(row, ba, ab);
        sums[i].whole[part] += whole;
        sums[i].first[part] += 2.0 * product(row, ba, B, A, ab);
        sums[i].total[part] += square(row, B, ba) + square(row, A, ab);
        *four_v += whole / (double)row->d;
    }
}

static void add_row(const struct row *row, size_t part, struct sums *sums, struct overall *all)
{
    const size_t points = gw_sobol_points(row->d);
    double four_v = 0.0, luck = 0.0, mean = 0.0;
    add_inputs(row, part, sums, &four_v);
    for (size_t p = 0; p < points; p++) {
        luck += gw_variance(values_at(row, p), row->replications) / (double)points;
        mean += gw_mean(values_at(row, p), row->replications) / (double)points;
    }
    all->variance[part] += four_v / 4.0;
    all->luck[part] += luck;
    all->both[part] += luck + four_v / 4.0;
    all->rows[part] += 1.0;
    all->mean += mean;
    all->n++;
}

static bool all_finite(const double *value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(value[i])) {
            return false;
        }
    }
    return true;
}

static void conclude(const struct sums *sums, const struct overall *all, size_t d, double level,
                     struct gw_sobol_index *index, struct gw_sobol *whole)
{
    for (size_t i = 0; i < d; i++) {
        index[i].first = gw_interval_of_ratio(sums[i].first, sums[i].whole, PARTS, level);
        index[i].total = gw_interval_of_ratio(sums[i].total, sums[i].whole, PARTS, level);
    }
    *whole = (struct gw_sobol){
        .n = all->n,
        .mean = all->mean / (double)all->n,
        .variance = gw_interval_of_ratio(all->variance, all->rows, PARTS, level),
        .luck = gw_interval_of_ratio(all->luck, all->both, PARTS, level),
    };
}

int gw_sobol_estimate(const double *value, size_t rows, size_t d, size_t replications, double level,
                      struct gw_sobol_index *index, struct gw_sobol *whole, struct gw_error *error)
{
    int ret = check_size(rows, d, error);
    if (ret == GW_OK && replications < 2) {
        ret = gw_fail(error, GW_BAD_INPUT, "luck is told from effects by at least 2 replications; got %zu",
                      replications);
    }
    if (ret != GW_OK) {
        return ret;
    }
    const size_t size = gw_sobol_points(d) * replications;
    struct overall all = {0};
    struct sums *sums = gw_alloc(d, sizeof *sums);
    double *room = gw_alloc(2 * replications, sizeof *room);
    if (sums == NULL || room == NULL) {
        ret = gw_fail(error, GW_FAILED, "no memory for shares of variance of %zu inputs", d);
        goto out;
    }
    for (size_t k = 0; k < rows; k++) {
        const struct row row = {value + k * size, d, replications, room, room + replications};
        if (all_finite(row.value, size)) {
            add_row(&row, k / (rows / PARTS), sums, &all);
        }
    }
    conclude(sums, &all, d, level, index, whole);
out:
    gw_free(sums);
    gw_free(room);
    return ret;
}
