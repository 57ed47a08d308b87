/*
 * Control variates of a scenario: chance whose mean is known.
 *
 *   - an uncertain number, minus the mean of its distribution; so too an uncertain number inside a distribution over
 *     consumers;
 *   - where consumers differ in a parameter, the sample mean over the population of its value minus the mean of the
 *     distribution it is drawn from, given the world.
 *
 * Values are the drawn ones, before they are held inside a parameter's domain, so that their means are closed forms.
 * Distributions without a variance are left out. In antithetic pairs controls are drawn like the rest.
 */
#ifndef GW_WORLD_CONTROLS_H
#define GW_WORLD_CONTROLS_H

#include "world/world.h"

struct gw_control {
    int set, parameter, k; /* of the number; k = -1: all segments, a population's mean */
    int inner;             /* 0: the number itself; 1, 2, 3: a number of its distribution over consumers */
    char *name;            /* the key, "firms.us.unit_cost" */
};

struct gw_controls {
    int n;
    struct gw_control *control;
};

/* Those of rules that are `live` [rule]. A strategy's uncertain numbers count where the base has none. GW_REFUSED
 * without memory. */
int gw_controls_list(struct gw_controls *controls, const struct gw_scenario *scenario, const bool *live,
                     struct gw_error *error);
void gw_controls_free(struct gw_controls *controls);

/* Their values in a replication, minus their means, into out[n]. `world` is settled for it, `shared` is the pool that
 * it was settled with. Cost: some 100 ns per consumer and parameter in which consumers differ. */
void gw_controls_draw(const struct gw_controls *controls, const struct gw_scenario *scenario,
                      const struct gw_world *world, const struct gw_pool *shared, uint32_t replication, double *out);

#endif
