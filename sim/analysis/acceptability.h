/*
 * Acceptability curves: the probability that a strategy is the best, given a parameter; and their frontier, that of
 * the strategy with the greatest expected value there, which need not be the one most probably best (Fenwick, Claxton
 * & Sculpher 2001, Health Economics 10(8)).
 *
 * Expected values by a metamodel of the parameter. Around them other parameters make worlds differ: at a point, the
 * nearer half of the worlds (a hundred at least, where there are), weighted by distance (tricube: Cleveland 1979, J.
 * Am. Stat. Assoc. 74), are moved there by the difference of fitted values, and it is counted which strategy is best
 * in them, luck taken out. What one parameter decides alone so keeps its sharp edge.
 */
#ifndef GW_ANALYSIS_ACCEPTABILITY_H
#define GW_ANALYSIS_ACCEPTABILITY_H

#include "analysis/interval.h"
#include "analysis/payoffs.h"

/* At at[points] against x[worlds]. Out: probability[strategies][points], which sum to 1 over strategies but for cuts
 * to [0, 1]; their intervals hold what the share of worlds leaves open and what the error of the fitted value does.
 * benefit[strategies][points], expected value less that of the first strategy, with an interval by the normal
 * distribution. leader[points]: the strategy of the frontier. GW_BAD_INPUT as of gw_payoffs_check() and
 * gw_metamodel_fit(). O(points * strategies^2 * worlds). */
int gw_acceptability(const struct gw_payoffs *payoffs, const double *x, const double *at, size_t points, double level,
                     struct gw_interval *probability, struct gw_interval *benefit, size_t *leader,
                     struct gw_error *error);

#endif
