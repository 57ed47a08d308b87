/*
 * Quantile tables of the gamma, inverse gamma and beta distribution; closed forms for the rest.
 *
 * A table is a function of t = logit u on a uniform grid. What it holds is the residual r(t) of the
 * transformed quantile after its tails have been taken out:
 *
 *     gamma (rate 1, mean a)   ln(x / a)                 = r(t) + ln(u) / a
 *     beta                     logit(x) - ln(a / b)      = r(t) + ln(u) / a - ln(1 - u) / b
 *
 * Since F(x) ~ x^a near 0 (and 1 - F(x) ~ (1 - x)^b near 1 for the beta), r is bounded and flattens out in
 * those tails, so that float32 nodes keep full relative precision down to quantiles like 1e-300. The inverse
 * gamma is the reciprocal of the gamma with u and 1 - u exchanged.
 */
#include "core/quantile.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <threads.h>

#define T_LOW (-40.0) /* logit of 4e-18; uniforms stay within 2^-53 and 1 - 2^-53 */
#define CELLS_PER_UNIT 51.2
enum { NODES = 4097, MIDDLE = NODES / 2 };
_Static_assert(GW_QUANTILE_REACH <= MIDDLE - 2, "a cubic needs two nodes to the right of its cell");

#define LEAST_SHAPE 1e-3
#define GREATEST_SHAPE 1e5

struct gw_quantile {
    struct gw_distribution distribution;
    double mu, sigma;     /* lognormal: mean and sd of its logarithm */
    double low, high;     /* tables: slopes of the tails, 1 / a and 1 / b */
    double centre, scale; /* tables: what the residual is measured from; factor of the result */
    float node[];         /* [NODES] of a table */
};

/* ---- Arithmetic -------------------------------------------------------------------------------------- */

/* ln(1 + x), x > -1, accurate also for tiny x: the rounding of 1 + x cancels in x / (w - 1)
 * (Kahan; see Goldberg 1991, ACM Computing Surveys 23, theorem 4). */
static double log_of_one_plus(double x)
{
    const double w = 1.0 + x;
    return w == 1.0 ? x : gw_log(w) * (x / (w - 1.0));
}

static double polynomial(const double coefficient[8], double x)
{
    double sum = coefficient[7];
    for (int i = 6; i >= 0; i--) {
        sum = sum * x + coefficient[i];
    }
    return sum;
}

/* Standard normal quantile: algorithm AS 241, PPND16 (Wichura 1988, Applied Statistics 37(3), 477-484). */
static double normal_quantile(double u)
{
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1.0,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1.0,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1.0,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    const double centred = u - 0.5;
    if (fabs(centred) <= 0.425) {
        const double r = 0.180625 - centred * centred;
        return centred * polynomial(a, r) / polynomial(b, r);
    }
    const double r = sqrt(-gw_log(centred < 0.0 ? u : 1.0 - u));
    const double x =
        r <= 5.0 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6) : polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
    return centred < 0.0 ? -x : x;
}

/* ---- Nodes ------------------------------------------------------------------------------------------- */

/* The curve t(y) = logit F(y) that a table inverts: y = ln x (gamma, rate 1) or logit x (beta). */
struct curve {
    bool is_beta;
    double a, b;
    double log_constant; /* ln of Gamma(a) or B(a, b) */
};

/* ln(1 + e^y) for any y */
static double softplus(double y)
{
    return y > 0.0 ? y + log1p(exp(-y)) : log1p(exp(y));
}

/* ln F and ln(1 - F) from the side on which both are known without cancellation. */
struct tails {
    double lower, upper;
};

static struct tails tails_of_lower(double log_lower)
{
    return (struct tails){log_lower, log(-expm1(log_lower))};
}

/* y = ln x. Below x = 1e-9 two terms of the series of P are exact to 1e-18. */
static struct tails gamma_tails(const struct curve *c, double y)
{
    const double x = exp(y);
    if (x < 1e-9) {
        return tails_of_lower(c->a * y - c->log_constant - log(c->a) - x * c->a / (c->a + 1.0));
    }
    const double lower = gsl_cdf_gamma_P(x, c->a, 1.0);
    if (lower < 0.5) {
        return (struct tails){log(lower), log1p(-lower)};
    }
    const double upper = gsl_cdf_gamma_Q(x, c->a, 1.0);
    return (struct tails){log1p(-upper), log(upper)};
}

/* beta(a, b) for y = logit x <= 0, where x itself is precise; likewise. */
static struct tails beta_left_tails(double a, double b, double log_constant, double y)
{
    const double x = 1.0 / (1.0 + exp(-y));
    if (x * (b + 1.0) < 1e-9) {
        return tails_of_lower(-a * softplus(-y) - log_constant - log(a) + x * a * (1.0 - b) / (a + 1.0));
    }
    const double lower = gsl_cdf_beta_P(x, a, b);
    if (lower < 0.5) {
        return (struct tails){log(lower), log1p(-lower)};
    }
    const double upper = gsl_cdf_beta_Q(x, a, b);
    return (struct tails){log1p(-upper), log(upper)};
}

static struct tails tails_at(const struct curve *c, double y)
{
    if (!c->is_beta) {
        return gamma_tails(c, y);
    }
    if (y <= 0.0) {
        return beta_left_tails(c->a, c->b, c->log_constant, y);
    }
    const struct tails mirrored = beta_left_tails(c->b, c->a, c->log_constant, -y);
    return (struct tails){mirrored.upper, mirrored.lower};
}

/* logit F(y) and its derivative f(y) / (F (1 - F)) */
static double curve_at(const struct curve *c, double y, double *slope)
{
    const struct tails at = tails_at(c, y);
    const double log_density = c->is_beta ? -c->a * softplus(-y) - c->b * softplus(y) : c->a * y - exp(y);
    *slope = exp(log_density - c->log_constant - at.lower - at.upper);
    return at.lower - at.upper;
}

/* Solves t(y) = t from the guess *y: Newton, kept inside the bracket found so far. t(y) increases. A Newton
 * step below 1e-7 leaves an error of the order of its square. */
static int solve(const struct curve *c, double t, double *y)
{
    double low = -HUGE_VAL, high = HUGE_VAL, reach = 1.0, guess = *y;
    for (int i = 0; i < 200; i++) {
        double slope;
        const double off = t - curve_at(c, guess, &slope);
        const double step = off / slope;
        if (isfinite(step) && fabs(step) < 1e-7 * (1.0 + 0.01 * fabs(guess))) {
            *y = guess + step;
            return GW_OK;
        }
        if (isnan(off)) {
            return GW_FAILED;
        }
        *(off > 0.0 ? &low : &high) = guess;
        double next = guess + step;
        if (!(next > low && next < high) || fabs(step) > reach) {
            next = isinf(low) ? high - reach : isinf(high) ? low + reach : 0.5 * (low + high);
            reach *= isinf(low) || isinf(high) ? 2.0 : 1.0;
        }
        guess = next;
    }
    return GW_FAILED;
}

/* Nodes from the middle outward, each guessed from the three before it. */
static int fill(struct gw_quantile *q, const struct curve *c, int direction)
{
    double y[3] = {q->centre, q->centre, q->centre}; /* newest first */
    for (int k = 0; k <= MIDDLE; k++) {
        const int i = MIDDLE + direction * k;
        const double t = (i - MIDDLE) / CELLS_PER_UNIT;
        double next = k < 3 ? y[0] : 3.0 * (y[0] - y[1]) + y[2];
        if (solve(c, t, &next) != GW_OK) {
            return GW_FAILED;
        }
        y[2] = y[1], y[1] = y[0], y[0] = next;
        const double log_u = -softplus(-t), log_rest = -softplus(t);
        q->node[i] = (float)(next - q->centre - log_u * q->low + log_rest * q->high);
    }
    return GW_OK;
}

static int prepare_table(struct gw_quantile *q, struct gw_error *error)
{
    const struct gw_distribution d = q->distribution;
    struct curve c = {.is_beta = d.family == GW_BETA, .a = d.a, .b = d.b};
    c.log_constant = c.is_beta ? gsl_sf_lnbeta(d.a, d.b) : gsl_sf_lngamma(d.a);
    q->low = 1.0 / d.a;
    q->high = c.is_beta ? 1.0 / d.b : 0.0;
    q->centre = c.is_beta ? gw_log(d.a / d.b) : gw_log(d.a);
    q->scale = d.family == GW_GAMMA ? d.a / d.b : d.family == GW_INVERSE_GAMMA ? d.b / d.a : d.a / d.b;
    if (fill(q, &c, 1) != GW_OK || fill(q, &c, -1) != GW_OK) {
        return gw_fail(error, GW_FAILED, "%s: no quantiles could be computed for %s %g and %s %g",
                       gw_family_name(d.family), gw_family_number(d.family, 0), d.a, gw_family_number(d.family, 1),
                       d.b);
    }
    return GW_OK;
}

/* ---- Creation ---------------------------------------------------------------------------------------- */

static bool has_table(enum gw_family family)
{
    return family == GW_GAMMA || family == GW_INVERSE_GAMMA || family == GW_BETA;
}

static int check_positive(struct gw_distribution d, int which, double value, struct gw_error *error)
{
    return value > 0.0 ? GW_OK
                       : gw_fail(error, GW_BAD_INPUT, "%s: %s must be positive, got %g", gw_family_name(d.family),
                                 gw_family_number(d.family, which), value);
}

static int check_shape(struct gw_distribution d, int which, double value, struct gw_error *error)
{
    return value >= LEAST_SHAPE && value <= GREATEST_SHAPE
               ? GW_OK
               : gw_fail(error, GW_BAD_INPUT, "%s: %s must be between %g and %g, got %g", gw_family_name(d.family),
                         gw_family_number(d.family, which), LEAST_SHAPE, GREATEST_SHAPE, value);
}

static int check_sd(struct gw_distribution d, struct gw_error *error)
{
    return d.b >= 0.0
               ? GW_OK
               : gw_fail(error, GW_BAD_INPUT, "%s: sd must not be negative, got %g", gw_family_name(d.family), d.b);
}

static int check_order(struct gw_distribution d, struct gw_error *error)
{
    if (d.a > d.b) {
        return gw_fail(error, GW_BAD_INPUT, "%s: low %g exceeds high %g", gw_family_name(d.family), d.a, d.b);
    }
    if (d.family == GW_TRIANGULAR && (d.c < d.a || d.c > d.b)) {
        return gw_fail(error, GW_BAD_INPUT, "triangular: mode %g lies outside low %g to high %g", d.c, d.a, d.b);
    }
    return GW_OK;
}

static int check_finite(struct gw_distribution d, struct gw_error *error)
{
    const double value[3] = {d.a, d.b, d.c};
    for (int i = 0; i < 3 && gw_family_number(d.family, i) != NULL; i++) {
        if (!isfinite(value[i])) {
            return gw_fail(error, GW_BAD_INPUT, "%s: %s must be a finite number, got %g", gw_family_name(d.family),
                           gw_family_number(d.family, i), value[i]);
        }
    }
    return GW_OK;
}

static int check(struct gw_distribution d, struct gw_error *error)
{
    int ret;
    if (gw_family_name(d.family) == NULL || d.family == GW_NO_FAMILY) {
        return gw_fail(error, GW_BAD_INPUT, "distribution: no such family (%d)", (int)d.family);
    }
    ret = check_finite(d, error);
    if (ret != GW_OK) {
        return ret;
    }
    switch (d.family) {
    case GW_NORMAL:
        return check_sd(d, error);
    case GW_LOGNORMAL:
        ret = check_positive(d, 0, d.a, error);
        return ret != GW_OK ? ret : check_sd(d, error);
    case GW_EXPONENTIAL:
        return check_positive(d, 0, d.a, error);
    case GW_GAMMA:
    case GW_INVERSE_GAMMA:
        ret = check_shape(d, 0, d.a, error);
        return ret != GW_OK ? ret : check_positive(d, 1, d.b, error);
    case GW_BETA:
        ret = check_shape(d, 0, d.a, error);
        return ret != GW_OK ? ret : check_shape(d, 1, d.b, error);
    default:
        return check_order(d, error);
    }
}

static void silence_gsl(void)
{
    gsl_set_error_handler_off(); /* its default aborts the program, even on underflow */
}

static void prepare_lognormal(struct gw_quantile *q)
{
    const struct gw_distribution d = q->distribution;
    const double variance = log_of_one_plus((d.b / d.a) * (d.b / d.a));
    q->mu = gw_log(d.a) - 0.5 * variance;
    q->sigma = sqrt(variance);
}

int gw_quantile_create(struct gw_quantile **quantile, struct gw_distribution distribution, struct gw_error *error)
{
    static once_flag silenced = ONCE_FLAG_INIT;
    *quantile = NULL;
    int ret = check(distribution, error);
    if (ret != GW_OK) {
        return ret;
    }
    const size_t nodes = has_table(distribution.family) ? NODES : 0;
    struct gw_quantile *q = calloc(1, sizeof *q + nodes * sizeof q->node[0]);
    if (q == NULL) {
        return gw_fail(error, GW_REFUSED, "not enough memory for a quantile table");
    }
    q->distribution = distribution;
    if (distribution.family == GW_LOGNORMAL) {
        prepare_lognormal(q);
    } else if (nodes != 0) {
        call_once(&silenced, silence_gsl);
        ret = prepare_table(q, error);
    }
    if (ret != GW_OK) {
        free(q);
        return ret;
    }
    *quantile = q;
    return GW_OK;
}

void gw_quantile_free(struct gw_quantile *quantile)
{
    free(quantile);
}

/* ---- Evaluation -------------------------------------------------------------------------------------- */

/* Residual plus tails, from ln u and ln(1 - u): cubic through four nodes (Catmull & Rom 1974), whose error is
 * (3 / 128) h^4 |r''''| with h = 1 / 51.2. */
static double from_table(const struct gw_quantile *q, double log_u, double log_rest)
{
    const double s = (log_u - log_rest - T_LOW) * CELLS_PER_UNIT;
    const double held = s < 1.0 ? 1.0 : s > NODES - 3.0 ? NODES - 3.0 : s;
    const int i = (int)held;
    const double f = held - i;
    const double before = q->node[i - 1], left = q->node[i], right = q->node[i + 1], after = q->node[i + 2];
    const double curve = 2.0 * before - 5.0 * left + 4.0 * right - after;
    const double twist = 3.0 * (left - right) + after - before;
    const double r = left + 0.5 * f * (right - before + f * (curve + f * twist));
    return r + log_u * q->low - log_rest * q->high;
}

struct gw_gamma gw_gamma_of(const struct gw_quantile *quantile)
{
    return (struct gw_gamma){quantile->node + MIDDLE, (float)quantile->low};
}

/* e^y held to numbers that are neither 0 nor infinite */
static double positive_exp(double y)
{
    return gw_exp(y < -700.0 ? -700.0 : y > 700.0 ? 700.0 : y);
}

static double triangular(struct gw_distribution d, double u)
{
    const double width = d.b - d.a, left = d.c - d.a;
    if (u * width < left) {
        return d.a + sqrt(u * width * left);
    }
    return d.b - sqrt((1.0 - u) * width * (d.b - d.c));
}

static double beta_at(const struct gw_quantile *q, double log_u, double log_rest)
{
    const double odds = positive_exp(from_table(q, log_u, log_rest)) * q->scale;
    return odds < 1.0 ? odds / (1.0 + odds) : 1.0 / (1.0 + 1.0 / odds);
}

struct gw_distribution gw_quantile_distribution(const struct gw_quantile *quantile)
{
    return quantile->distribution;
}

double gw_quantile_at(const struct gw_quantile *quantile, double u)
{
    const struct gw_quantile *q = quantile;
    const struct gw_distribution d = q->distribution;
    switch (d.family) {
    case GW_NORMAL:
        return d.a + d.b * normal_quantile(u);
    case GW_LOGNORMAL:
        return positive_exp(q->mu + q->sigma * normal_quantile(u));
    case GW_UNIFORM:
        return d.a + (d.b - d.a) * u;
    case GW_EXPONENTIAL:
        return -d.a * log_of_one_plus(-u);
    case GW_GAMMA:
        return positive_exp(from_table(q, gw_log(u), log_of_one_plus(-u))) * q->scale;
    case GW_INVERSE_GAMMA:
        return positive_exp(-from_table(q, log_of_one_plus(-u), gw_log(u))) * q->scale;
    case GW_BETA:
        return beta_at(q, gw_log(u), log_of_one_plus(-u));
    case GW_TRIANGULAR:
        return triangular(d, u);
    default:
        return NAN;
    }
}
