/*
 * Maximum-likelihood fits, to recover parameters from simulated data and from the published data sets.
 *
 * Downhill simplex (Nelder & Mead 1965) over the logarithms of the parameters, restarted until the optimum stays.
 */
#ifndef TESTS_LAWS_FIT_H
#define TESTS_LAWS_FIT_H

#include "closed_forms.h"

#include <stddef.h>

/* What a customer's purchases come to: `x` repeats, the last at `t_x` (0 when x = 0), observed for `t`; all since
 * the first purchase. */
struct law_history {
    int x;
    double t_x, t;
};

/* Log-likelihood of the timing (Fader, Hardie & Lee 2005, equation 6). */
double law_bg_nbd_log_likelihood(struct law_bg_nbd p, const struct law_history *history, size_t n);

/* 0, or -1 when the search does not settle. */
int law_bg_nbd_fit(const struct law_history *history, size_t n, struct law_bg_nbd *fitted, double *log_likelihood);

/* Standard errors of r, alpha, a, b at a maximum: the inverse of the observed information (the second derivatives
 * by central differences). 0, or -1 when the information is not positive definite. */
int law_bg_nbd_standard_errors(struct law_bg_nbd fitted, const struct law_history *history, size_t n, double se[4]);

/* sBG from the survivors of one cohort: alive[0] at the start, alive[t] after renewal t = 1 .. periods. */
double law_sbg_log_likelihood(double alpha, double beta, const double *alive, int periods);
int law_sbg_fit(const double *alive, int periods, double *alpha, double *beta, double *log_likelihood);
int law_sbg_standard_errors(double alpha, double beta, const double *alive, int periods, double se[2]);

#endif
