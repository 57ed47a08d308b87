/*
 * Laws of how many people somebody knows, for the configuration model.
 *
 * On whole numbers up to N - 1, with weights
 *     Poisson     c^k / k!          k = 0, 1, ...
 *     geometric   (c / (1 + c))^k   k = 0, 1, ...
 *     power law   k^-exponent       k = minimum .. maximum
 * of which the first two end where a weight falls below 2^-80 of the greatest; c is the mean of the whole law. With
 * W(k) the sum of the weights up to k, a degree is the smallest k with u W(end) < W(k), u the precise uniform of
 * lanes 0 and 1 of counter { consumer, 0, 0, start }. Only + - * /, gw_pow: the same bits everywhere.
 */
#ifndef GW_WORLD_DEGREE_LAW_H
#define GW_WORLD_DEGREE_LAW_H

#include "core/draws.h"
#include "scenario/scenario.h"

/* Degrees of all consumers, in time proportional to their number and the logarithm of the law's width.
 * GW_BAD_INPUT: a law that so few consumers cannot follow, or a list of degrees for another number of them. */
int gw_degrees_draw(uint32_t *degree, const struct gw_degree_law *law, uint32_t vertices, struct gw_key key,
                    struct gw_error *error);

/* Expected degree, before loops and repetitions are erased; of a list, its mean. NaN for what gw_degrees_draw()
 * refuses. */
double gw_degree_law_mean(const struct gw_degree_law *law, uint32_t vertices);

#endif
