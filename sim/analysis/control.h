/*
 * Control variates: what is known on average tells how lucky a sample was.
 *
 * Each observation y comes with controls c_1 ... c_K whose true means are 0. With the regression y = mu + c'b + e the
 * mean is estimated by mean(y) - mean(c)'b, whose variance is 1 - R^2 times that of mean(y), times
 * (n - 2) / (n - q - 2) for having estimated q coefficients (Lavenberg & Welch 1981, Management Science).
 *
 * Controls enter one at a time, the one most correlated with what is left first, as long as its squared t exceeds
 * 2 ln K + 2 and at most n / 10 of them: useless ones stay out, however many there are (risk inflation criterion:
 * Foster & George 1994, Annals of Statistics). The standard error is the jackknife's, in closed form by the
 * leverages, so it holds where the spread of e depends on c; Nelson (1990, Operations Research) compares the choices.
 */
#ifndef GW_ANALYSIS_CONTROL_H
#define GW_ANALYSIS_CONTROL_H

#include "core/status.h"

#include <stddef.h>

struct gw_controlled {
    size_t n, used;   /* observations; controls in the regression */
    double mean, sd;  /* adjusted mean; standard deviation of y itself */
    double error;     /* standard error of `mean`; NaN with n < 2 */
    double freedom;   /* of Student's t: n - used - 1 */
    double factor;    /* variance of the plain mean over that of `mean`; NaN when nothing varies */
    double low, high; /* 95% interval of the factor, by Fisher's z of the multiple correlation; NaN with used = 0 */
};

/* y[n], control[controls][n], all finite. GW_REFUSED without memory; GW_BAD_INPUT when something is not finite.
 * Cost: n * controls * used. */
int gw_control_mean(struct gw_controlled *out, const double *y, const double *control, size_t controls, size_t n,
                    struct gw_error *error);

#endif
