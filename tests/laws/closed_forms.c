#include "closed_forms.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf.h>

#include <math.h>

void law_silence_gsl(void)
{
    gsl_set_error_handler_off();
}

/* Gauss's 2F1(a, b; c; z), 0 <= z < 1; NaN when GSL does not converge. */
static double hypergeometric(double a, double b, double c, double z)
{
    gsl_sf_result result;
    return gsl_sf_hyperg_2F1_e(a, b, c, z, &result) == GSL_SUCCESS ? result.val : NAN;
}

/* ---- Purchases ----------------------------------------------------------------------------------------- */

double law_nbd_pmf(int x, double r, double alpha, double t)
{
    return exp(gsl_sf_lngamma(r + x) - gsl_sf_lngamma(r) - gsl_sf_lnfact((unsigned)x) + r * log(alpha / (alpha + t)) +
               x * log(t / (alpha + t)));
}

double law_nbd_mean(double r, double alpha, double t)
{
    return r * t / alpha;
}

/* The part of P(0) from those who die at y - max(alpha, beta), integrated from there on. The transformation of 2F1
 * that keeps its argument in [0, 1) depends on which of the two scales is larger. */
static double dead_without_purchase(struct law_pareto_nbd p, double t)
{
    const double n = p.r + p.s, larger = fmax(p.alpha, p.beta), apart = fabs(p.alpha - p.beta);
    const double second = p.beta >= p.alpha ? p.r : p.s + 1.0;
    return hypergeometric(n, second, n + 1.0, apart / (larger + t)) / pow(larger + t, n);
}

double law_pareto_nbd_zero(struct law_pareto_nbd p, double t)
{
    const double alive = pow(p.alpha / (p.alpha + t), p.r) * pow(p.beta / (p.beta + t), p.s);
    return alive + pow(p.alpha, p.r) * pow(p.beta, p.s) * p.s / (p.r + p.s) *
                       (dead_without_purchase(p, 0.0) - dead_without_purchase(p, t));
}

double law_pareto_nbd_mean(struct law_pareto_nbd p, double t)
{
    const double rate = p.r / p.alpha;
    if (p.s == 1.0) {
        return rate * p.beta * log1p(t / p.beta);
    }
    return rate * p.beta / (p.s - 1.0) * (1.0 - pow(p.beta / (p.beta + t), p.s - 1.0));
}

double law_pareto_nbd_alive(struct law_pareto_nbd p, double t)
{
    return pow(p.beta / (p.beta + t), p.s);
}

double law_bg_nbd_pmf(struct law_bg_nbd p, int x, double t)
{
    const double log_beta = gsl_sf_lnbeta(p.a, p.b);
    const double active = exp(gsl_sf_lnbeta(p.a, p.b + x) - log_beta) * law_nbd_pmf(x, p.r, p.alpha, t);
    if (x == 0) {
        return active;
    }
    double at_least_x = 1.0;
    for (int j = 0; j < x; j++) {
        at_least_x -= law_nbd_pmf(j, p.r, p.alpha, t);
    }
    return active + exp(gsl_sf_lnbeta(p.a + 1.0, p.b + x - 1.0) - log_beta) * at_least_x;
}

double law_bg_nbd_mean(struct law_bg_nbd p, double t)
{
    const double f = hypergeometric(p.r, p.b, p.a + p.b - 1.0, t / (p.alpha + t));
    return (p.a + p.b - 1.0) / (p.a - 1.0) * (1.0 - pow(p.alpha / (p.alpha + t), p.r) * f);
}

double law_bg_nbd_alive(struct law_bg_nbd p, int x, double t_x, double t)
{
    if (x == 0) {
        return 1.0; /* dropout happens only after a repeat purchase */
    }
    const double odds_of_dropout = p.a / (p.b + x - 1.0) * pow((p.alpha + t) / (p.alpha + t_x), p.r + x);
    return 1.0 / (1.0 + odds_of_dropout);
}

double law_gamma_gamma_mean(double p, double q, double gamma)
{
    return q > 1.0 ? p * gamma / (q - 1.0) : NAN;
}

double law_gamma_gamma_weight(double p, double q, int x)
{
    return p * x / (p * x + q - 1.0);
}

double law_sbg_survival(double alpha, double beta, int t)
{
    return exp(gsl_sf_lnbeta(alpha, beta + t) - gsl_sf_lnbeta(alpha, beta));
}

double law_sbg_retention(double alpha, double beta, int t)
{
    return (beta + t - 1.0) / (alpha + beta + t - 1.0);
}

/* ---- Choice and valuation of outcomes ------------------------------------------------------------------- */

void law_logit_shares(int n, const double *utility, double *share)
{
    double greatest = -HUGE_VAL, sum = 0.0;
    for (int j = 0; j < n; j++) {
        greatest = fmax(greatest, utility[j]);
    }
    for (int j = 0; j < n; j++) {
        share[j] = exp(utility[j] - greatest);
        sum += share[j];
    }
    for (int j = 0; j < n; j++) {
        share[j] /= sum;
    }
}

double law_loss_averse_mean(double k, double lambda)
{
    return k - (lambda - 1.0) * (gsl_ran_ugaussian_pdf(k) - k * gsl_cdf_ugaussian_Q(k));
}

/* ---- Queues -------------------------------------------------------------------------------------------- */

/* B(a, c) = a B(a, c - 1) / (c + a B(a, c - 1)), B(a, 0) = 1 */
double law_erlang_b(double a, int c)
{
    double blocked = 1.0;
    for (int k = 1; k <= c; k++) {
        blocked = a * blocked / (k + a * blocked);
    }
    return blocked;
}

double law_erlang_c(double a, int c)
{
    const double blocked = law_erlang_b(a, c), load = a / c;
    return load < 1.0 ? blocked / (1.0 - load * (1.0 - blocked)) : NAN;
}

double law_erlang_c_wait(double a, int c)
{
    return law_erlang_c(a, c) / (c - a);
}

/* Weights relative to state c: w(n - 1) = w(n) min(n, c) / a downwards; upwards each waiting customer adds the rate
 * 1 / patience to departures. Sums of positive terms: nothing cancels. Under overload with long patience the queue's
 * weights grow beyond any double, so that all are scaled down on the way. */
struct law_erlang_a law_erlang_a(double a, int c, double patience)
{
    double below = 0.0, waiting = 0.0, queue = 0.0, weight = 1.0;
    for (int n = c; n > 0; n--) {
        weight *= n / a;
        below += weight;
    }
    weight = 1.0;
    for (int q = 0; weight > 1e-18 * (below + waiting) || a > c + q / patience; q++) {
        waiting += weight;
        queue += q * weight;
        weight *= a / (c + (q + 1) / patience);
        const double scale = weight > 1e200 ? 1e-200 : 1.0;
        weight *= scale, below *= scale, waiting *= scale, queue *= scale;
    }
    const double total = below + waiting;
    return (struct law_erlang_a){waiting / total, queue / total / patience / a, queue / total};
}

/* ---- Value --------------------------------------------------------------------------------------------- */

double law_clv_immediate(double m, double r, double d)
{
    return m * (1.0 + d) / (1.0 + d - r);
}

double law_clv_deferred(double m, double r, double d)
{
    return m * r / (1.0 + d - r);
}
