/*
 * Payoffs: what every strategy brings in every possible world, by luck; and what is best in a world, with luck taken
 * out.
 *
 * value[s][w][i] is what strategy s brings in world w under luck i. The strategy's true value in a world is the mean
 * over luck. A world's mean of finitely many replications holds luck still, and the greatest of several such means is
 * greater than the greatest of the true ones, on average (Jensen). For worlds whose differences of true values have a
 * density,
 *
 *     E f(mean of n) = E f(true) + b / n + o(1 / n)
 *
 * for f the maximum, or which is the greatest: luck of variance v / n convolves the density, and moves E f by
 * v / (2 n) times its value, or its slope, where strategies draw level. So (c f(all) - (f(A) + f(B)) / 2) / (c - 1)
 * with halves A and B of h and n - h replications and c = n^2 / (2 h (n - h)), 2 for equal halves, is free of b
 * (Quenouille 1956, Biometrika 43). Nothing is allocated.
 */
#ifndef GW_ANALYSIS_PAYOFFS_H
#define GW_ANALYSIS_PAYOFFS_H

#include "core/status.h"

#include <stddef.h>

enum { GW_MOST_CHOICES = 64 };

struct gw_payoffs {
    size_t strategies, worlds, inner; /* 2 ... GW_MOST_CHOICES, >= 2, >= 1 */
    const double *value;              /* [strategies][worlds][inner], finite */
};

/* GW_BAD_INPUT: sizes out of range, or a value that is not finite. */
int gw_payoffs_check(const struct gw_payoffs *payoffs, struct gw_error *error);

/* Means of one world, over all luck and over its two halves; halves only where inner > 1. */
enum gw_luck { GW_ALL_LUCK, GW_FIRST_HALF, GW_SECOND_HALF, GW_LUCKS };
struct gw_world_means {
    size_t strategies, inner;
    double mean[GW_LUCKS][GW_MOST_CHOICES];
};
void gw_world_means_of(const struct gw_payoffs *payoffs, size_t world, struct gw_world_means *means);

/* The first of the greatest. */
size_t gw_greatest(const double *x, size_t n);

/* The greatest value in the world, and the strategies' shares in being the best, best[strategies] (a tie counts in
 * equal parts; they sum to 1, and single ones may be outside [0, 1]): free of luck to first order, on average over
 * worlds. With one replication, as they are. */
double gw_world_greatest(const struct gw_world_means *means);
void gw_world_best(const struct gw_world_means *means, double *best);

#endif
