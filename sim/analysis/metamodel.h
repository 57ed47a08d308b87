/*
 * Metamodel: what an output is on average, given some of its inputs; the other inputs and luck are the residuals.
 *
 * Least squares on natural cubic splines of each variable (knots at equally spaced quantiles; Hastie, Tibshirani &
 * Friedman 2009, The Elements of Statistical Learning, 5.2.1), added up, with products of the first one or two terms
 * of every pair of variables where they help. How many terms is chosen by generalised cross-validation, n RSS /
 * (n - 1.4 p)^2, the factor against taking in noise (Kim & Gu 2004, J. R. Stat. Soc. B 66(2)). Serves groups of up to
 * about five variables; what only three of them together do is not seen.
 *
 * Errors by White's covariance (1980, Econometrica 48(4)), so that the residuals may spread differently from place to
 * place; responses of one row keep their correlation. Cost: some ten fits of O(n p^2).
 */
#ifndef GW_ANALYSIS_METAMODEL_H
#define GW_ANALYSIS_METAMODEL_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

enum { GW_MOST_VARIABLES = 64 };

struct gw_metamodel;

/* Fits y[responses][n] to x[variables][n], all responses with the same terms; x and y are copied as far as needed. A
 * straight line in each variable is always among the terms. GW_BAD_INPUT: fewer than 3 rows for each variable and 10
 * in all, no variable or more than GW_MOST_VARIABLES, or a number that is not finite. */
int gw_metamodel_fit(struct gw_metamodel **model, const double *x, size_t variables, const double *y,
                     size_t responses, size_t n, struct gw_error *error);
void gw_metamodel_free(struct gw_metamodel *model);

/* Fits each strategy's difference to the first, of mean[strategies][n]: strategies - 1 responses. GW_BAD_INPUT also
 * for fewer than 2 strategies. */
int gw_metamodel_of_differences(struct gw_metamodel **model, const double *mean, size_t strategies, size_t n,
                                const double *x, size_t variables, struct gw_error *error);

/* Fitted values [responses][n], at the rows; borrowed. */
const double *gw_metamodel_fitted(const struct gw_metamodel *model);

/* Terms, the constant included; and the share of a response's variance that they explain, adjusted for their number;
 * may be below 0. NaN for a response that does not vary. */
size_t gw_metamodel_terms(const struct gw_metamodel *model);
double gw_metamodel_explained(const struct gw_metamodel *model, size_t response);

/* Fitted value of a response at x[variables], and its standard error. Beyond the rows it goes on straight. O(n p). */
void gw_metamodel_at(const struct gw_metamodel *model, const double *x, size_t response, double *value,
                     double *standard_error);

/* Fitted values [responses][n] once more, with coefficients drawn from their sampling distribution; `draw` numbers
 * the draws of a seed. O(n p). */
void gw_metamodel_draw(const struct gw_metamodel *model, uint64_t seed, uint32_t draw, double *fitted);

#endif
