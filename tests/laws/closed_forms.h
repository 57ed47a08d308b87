/*
 * Closed forms of customer-base analysis, choice, queues and customer value.
 *
 * Time is in any unit as long as rates are per that unit. Parameters are the authors' own letters. Arguments
 * outside a formula's domain give NaN. GSL's error handler has to be off: law_silence_gsl().
 */
#ifndef TESTS_LAWS_CLOSED_FORMS_H
#define TESTS_LAWS_CLOSED_FORMS_H

void law_silence_gsl(void);

/* ---- Purchases ----------------------------------------------------------------------------------------- */

/* NBD (Ehrenberg 1959, Applied Statistics 8): Poisson purchases at a rate from gamma(shape r, rate alpha). */
double law_nbd_pmf(int x, double r, double alpha, double t);
double law_nbd_mean(double r, double alpha, double t);

/* Pareto/NBD (Schmittlein, Morrison & Colombo 1987, Management Science 33): NBD purchases during an exponential
 * lifetime whose rate is gamma(s, beta). P(no purchase in t), expected purchases, share alive at t. */
struct law_pareto_nbd {
    double r, alpha, s, beta;
};
double law_pareto_nbd_zero(struct law_pareto_nbd p, double t);
double law_pareto_nbd_mean(struct law_pareto_nbd p, double t);
double law_pareto_nbd_alive(struct law_pareto_nbd p, double t);

/* BG/NBD (Fader, Hardie & Lee 2005, Marketing Science 24): NBD purchases, after each of which the customer drops
 * out with a probability from beta(a, b). */
struct law_bg_nbd {
    double r, alpha, a, b;
};
double law_bg_nbd_pmf(struct law_bg_nbd p, int x, double t);
double law_bg_nbd_mean(struct law_bg_nbd p, double t);
/* P(alive at T | x repeat purchases, the last at t_x). */
double law_bg_nbd_alive(struct law_bg_nbd p, int x, double t_x, double t);

/* Gamma-gamma spend (Fader, Hardie & Lee 2005, Journal of Marketing Research 42): gamma(p, nu) per purchase, nu
 * from gamma(q, gamma). Mean spend, and the weight of a customer's own mean after x purchases. */
double law_gamma_gamma_mean(double p, double q, double gamma);
double law_gamma_gamma_weight(double p, double q, int x);

/* sBG (Fader & Hardie 2007, Journal of Interactive Marketing 21): at every renewal the customer leaves with a
 * probability from beta(alpha, beta). Share that survives t renewals; share of those that renews for the t-th. */
double law_sbg_survival(double alpha, double beta, int t);
double law_sbg_retention(double alpha, double beta, int t);

/* ---- Choice and valuation of outcomes ------------------------------------------------------------------- */

/* Multinomial logit (McFadden 1974): share[j] = exp(utility[j]) / sum. */
void law_logit_shares(int n, const double *utility, double *share);

/* E[v(X)] for X normal with mean k and sd 1, v(x) = x for gains and lambda x for losses:
 * k - (lambda - 1) (phi(k) - k Phi(-k)) (Koszegi & Rabin 2006's gain-loss utility, by integration). */
double law_loss_averse_mean(double k, double lambda);

/* ---- Queues, offered load a = arrival rate x mean service ------------------------------------------------ */

/* Erlang 1917: share blocked among c servers without waiting; share that waits when all wait; mean wait in units
 * of the mean service (needs a < c). */
double law_erlang_b(double a, int c);
double law_erlang_c(double a, int c);
double law_erlang_c_wait(double a, int c);

/* Erlang-A (Palm 1946; Garnett, Mandelbaum & Reiman 2002, MSOM 4): who waits gives up after an exponential time of
 * mean `patience`, in units of the mean service. By the stationary distribution of customers in the system. */
struct law_erlang_a {
    double wait;       /* P(wait) */
    double abandon;    /* share of all arrivals that gives up */
    double queue_mean; /* customers waiting */
};
struct law_erlang_a law_erlang_a(double a, int c, double patience);

/* ---- Value --------------------------------------------------------------------------------------------- */

/* Present value of margin m per period at retention r and discount rate d, the first margin now (immediate) or at
 * the end of the first period if retained (deferred). */
double law_clv_immediate(double m, double r, double d);
double law_clv_deferred(double m, double r, double d);

#endif
