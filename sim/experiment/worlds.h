/*
 * Possible worlds: every uncertain number of a scenario settled, world by world, and all strategies run in each.
 *
 * World w meets the luck of replications w * GW_LUCK_STRIDE on, so that no two worlds share luck, and more luck in a
 * world is asked for without losing what is known.
 */
#ifndef GW_EXPERIMENT_WORLDS_H
#define GW_EXPERIMENT_WORLDS_H

#include "experiment/lab.h"

enum { GW_LUCK_STRIDE = 1 << 14, GW_MOST_WORLDS = 1 << 18 };

struct gw_worlds {
    struct gw_inputs unknown;
    size_t worlds, strategies;
    double *x; /* [worlds][unknown.n] */
};

/* Draws worlds of a scenario by the design (random, Latin hypercube or Sobol sequence), with the correlations of its
 * block `experiment:`. Release with gw_worlds_free(). GW_BAD_INPUT: nothing is uncertain; a correlation of what is
 * not, or that no joint distribution has; more dimensions than the design has. */
int gw_worlds_draw(struct gw_worlds *worlds, const struct gw_scenario *scenario, enum gw_design design, size_t n,
                   struct gw_error *error);
void gw_worlds_free(struct gw_worlds *worlds);

/* Values of the first `n` worlds with `inner` replications each, into value[strategies][n][inner]; the lab asks one
 * quantity per strategy. inner <= GW_LUCK_STRIDE. */
int gw_worlds_evaluate(const struct gw_worlds *worlds, struct gw_lab *lab, size_t n, uint32_t inner, double *value,
                       struct gw_error *error);

/* The position of an uncertain input by its name or by one of its keys; -1: there is none. */
int gw_unknown_find(const struct gw_inputs *unknown, const char *name);

#endif
