#include "outcome/estimate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Two-sided critical value of Student's t; NaN outside its domain, where GSL would answer with a number. */
static double t_critical(double level, double freedom)
{
    return level > 0.0 && level < 1.0 && freedom >= 1.0 ? gsl_cdf_tdist_Pinv(0.5 + level / 2.0, freedom) : NAN;
}

/* First and second moments, taken about the first value: equal values then have no variance, to the last bit. */
struct moments {
    size_t n;
    double origin, sum, squares;
};

static void add_value(struct moments *m, double x)
{
    if (m->n == 0) {
        m->origin = x;
    }
    m->n++;
    m->sum += x - m->origin;
}

static double mean_of(const struct moments *m)
{
    return m->n == 0 ? NAN : m->origin + m->sum / (double)m->n;
}

static double variance_of(const struct moments *m)
{
    return m->n < 2 ? NAN : m->squares / (double)(m->n - 1);
}

static struct gw_estimate estimate_of(const struct moments *m, double level)
{
    const double mean = mean_of(m), sd = sqrt(variance_of(m));
    double half = NAN;
    if (m->n >= 2) {
        half = t_critical(level, (double)(m->n - 1)) * sd / sqrt((double)m->n);
    }
    return (struct gw_estimate){.n = m->n, .mean = mean, .sd = sd, .low = mean - half, .high = mean + half};
}

struct gw_estimate gw_estimate_mean(const double *values, size_t n, double level)
{
    struct moments m = {0};
    for (size_t i = 0; i < n; i++) {
        if (isfinite(values[i])) {
            add_value(&m, values[i]);
        }
    }
    const double mean = mean_of(&m);
    for (size_t i = 0; i < n; i++) {
        if (isfinite(values[i])) {
            m.squares += (values[i] - mean) * (values[i] - mean);
        }
    }
    return estimate_of(&m, level);
}

struct gw_proportion gw_estimate_proportion(double successes, size_t n, double level)
{
    struct gw_proportion p = {.n = n, .share = NAN, .low = NAN, .high = NAN};
    if (n == 0) {
        return p;
    }
    p.share = successes / (double)n;
    if (level > 0.0 && level < 1.0) {
        const double z = gsl_cdf_ugaussian_Pinv(0.5 + level / 2.0), z2 = z * z / (double)n;
        const double centre = (p.share + z2 / 2.0) / (1.0 + z2);
        const double half = sqrt(z2 * (p.share * (1.0 - p.share) + z2 / 4.0)) / (1.0 + z2);
        p.low = fmax(0.0, centre - half);
        p.high = fmin(1.0, centre + half);
    }
    return p;
}

/* Moments of a pair (a, b), of the sum and of the difference, and the cross moment of the last two. */
struct pair_moments {
    struct moments a, b, sum, difference;
    double cross;
};

static bool pair_is_finite(double a, double b)
{
    return isfinite(a) && isfinite(b);
}

static void centre_pairs(struct pair_moments *m, const double *a, const double *b, size_t n)
{
    const double mean_a = mean_of(&m->a), mean_b = mean_of(&m->b);
    const double mean_sum = mean_of(&m->sum), mean_difference = mean_of(&m->difference);
    for (size_t i = 0; i < n; i++) {
        if (pair_is_finite(a[i], b[i])) {
            const double s = a[i] + b[i] - mean_sum, d = a[i] - b[i] - mean_difference;
            m->a.squares += (a[i] - mean_a) * (a[i] - mean_a);
            m->b.squares += (b[i] - mean_b) * (b[i] - mean_b);
            m->sum.squares += s * s;
            m->difference.squares += d * d;
            m->cross += s * d;
        }
    }
}

/* Var A + Var B = (Var S + Var D) / 2 with S = A + B, D = A - B, so the ratio is (Var S / Var D + 1) / 2. The ratio
 * of two correlated normal variances has the interval F (K -+ sqrt(K^2 - 1)), K = 1 + 2 t^2 (1 - r^2) / (n - 2),
 * where F is the observed ratio, r the correlation of S and D and t Student's with n - 2 degrees (Pitman 1939; Morgan
 * 1939, both Biometrika). */
static void variance_ratio(struct gw_comparison *c, const struct pair_moments *m, double level)
{
    const size_t n = m->difference.n;
    const double own = variance_of(&m->a) + variance_of(&m->b), difference = variance_of(&m->difference);
    c->variance_ratio = own > 0.0 && difference == 0.0 ? INFINITY : own / difference;
    c->variance_ratio_low = c->variance_ratio_high = NAN;
    if (n >= 3 && difference > 0.0 && m->sum.squares > 0.0) {
        const double t = t_critical(level, (double)(n - 2));
        const double r2 = fmin(1.0, m->cross * m->cross / (m->sum.squares * m->difference.squares));
        const double k = 1.0 + 2.0 * t * t * (1.0 - r2) / (double)(n - 2);
        const double f = m->sum.squares / m->difference.squares, root = sqrt(k * k - 1.0);
        c->variance_ratio_low = (f / (k + root) + 1.0) / 2.0; /* K - root = 1 / (K + root), without cancellation */
        c->variance_ratio_high = (f * (k + root) + 1.0) / 2.0;
    }
}

struct gw_comparison gw_estimate_comparison(const double *a, const double *b, size_t n, double level)
{
    struct pair_moments m = {0};
    struct gw_comparison c;
    double better = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (pair_is_finite(a[i], b[i])) {
            add_value(&m.a, a[i]);
            add_value(&m.b, b[i]);
            add_value(&m.sum, a[i] + b[i]);
            add_value(&m.difference, a[i] - b[i]);
            better += a[i] > b[i] ? 1.0 : a[i] == b[i] ? 0.5 : 0.0;
        }
    }
    centre_pairs(&m, a, b, n);
    c.difference = estimate_of(&m.difference, level);
    c.better = gw_estimate_proportion(better, m.difference.n, level);
    variance_ratio(&c, &m, level);
    return c;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

size_t gw_sort_finite(double *values, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (isfinite(values[i])) {
            values[kept++] = values[i];
        }
    }
    qsort(values, kept, sizeof *values, ascending);
    return kept;
}

double gw_sorted_quantile(const double *sorted, size_t n, double p)
{
    if (n == 0 || !(p >= 0.0 && p <= 1.0)) {
        return NAN;
    }
    const double position = p * (double)(n - 1);
    const size_t below = (size_t)position, above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (position - (double)below) * (sorted[above] - sorted[below]);
}
