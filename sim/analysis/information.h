/*
 * What it is worth to find out one parameter, or several, before deciding: the expected value of partial perfect
 * information, EVPPI = E_x max_s E(value of s | x) - max_s E(value of s), by a regression metamodel (Strong, Oakley &
 * Brennan 2014, Medical Decision Making 34(3)).
 *
 * Each strategy's difference to the first is regressed on the parameters; fitted values stand for the inner
 * expectation. Luck is a residual like the other parameters, so that a few replications within a world will do. Error
 * and bias, which comes of fitted noise under a maximum, from draws of the coefficients, as in the paper, but with a
 * covariance that does not take the residuals to be alike everywhere; to the error is added that of the sample of
 * worlds.
 */
#ifndef GW_ANALYSIS_INFORMATION_H
#define GW_ANALYSIS_INFORMATION_H

#include "analysis/interval.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

struct gw_information {
    struct gw_interval evppi; /* less its bias; both cut at 0, the true value being no less */
    double plain, bias;       /* evppi = max(0, plain - bias) */
    double standard_error;
    size_t terms;     /* of the metamodel */
    double explained; /* greatest share of the variance of a difference that it explains */
};

/* mean[strategies][worlds] (worlds' means), x[variables][worlds]; `draws` of the coefficients, some 200; interval by
 * the normal distribution. GW_BAD_INPUT as for gw_metamodel_fit(), or fewer than 2 strategies. O(draws * worlds *
 * terms). */
int gw_evppi(const double *mean, size_t strategies, size_t worlds, const double *x, size_t variables, double level,
             uint64_t seed, uint32_t draws, struct gw_information *information, struct gw_error *error);

#endif
