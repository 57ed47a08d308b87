/*
 * A possible world: every number of a scenario settled for one replication.
 *
 * A scenario has one set of values per strategy and one for the base. Literals stay; uncertain numbers are drawn
 * once per world, with draws that are common to all strategies; numbers that vary over customers become a
 * quantile function; schedules stay schedules.
 */
#ifndef GW_WORLD_WORLD_H
#define GW_WORLD_WORLD_H

#include "core/draws.h"
#include "scenario/scenario.h"

/* Key of a rule's draws in a replication: of the pair's, where replications are antithetic. */
struct gw_key gw_world_key(const struct gw_scenario *scenario, uint32_t replication, uint32_t rule);

struct gw_settled {
    double value;                       /* literal, drawn, or the start of a schedule */
    const struct gw_quantile *quantile; /* varies over customers; else NULL */
    const struct gw_schedule *schedule; /* else NULL */
};

/* Quantile tables by distribution; made once, shared by all replications. */
struct gw_pool {
    const struct gw_pool *lent; /* tables of another pool, which is not changed and lives longer; or NULL */
    int n, room;
    struct gw_pool_entry {
        struct gw_distribution distribution;
        struct gw_quantile *quantile;
    } * entry;
};

/* The table of a distribution, made when the pool has none. NULL and an error when it cannot be made. */
const struct gw_quantile *gw_pool_get(struct gw_pool *pool, struct gw_distribution distribution,
                                      struct gw_error *error);
/* The same of a pool that has it, or NULL. */
const struct gw_quantile *gw_pool_find(const struct gw_pool *pool, struct gw_distribution distribution);
void gw_pool_free(struct gw_pool *pool);

struct gw_world {
    int sets;                  /* strategies + 1; the last is the base */
    int *offset;               /* [catalogue index] first number of a parameter within a set; last: total */
    struct gw_settled *number; /* [set * offset[catalogue size] + offset[parameter] + k] */
    struct gw_pool own;        /* tables that hold in this world only */
};

int gw_world_create(struct gw_world **world, const struct gw_scenario *scenario, struct gw_error *error);
void gw_world_free(struct gw_world *world);

/* Fills the shared pool with every table that does not depend on the world. */
int gw_world_fill_pool(struct gw_pool *pool, const struct gw_scenario *scenario, struct gw_error *error);

/* Settles all numbers for a replication; `shared` is only read. */
int gw_world_settle(struct gw_world *world, const struct gw_scenario *scenario, const struct gw_pool *shared,
                    uint32_t replication, struct gw_error *error);

/* The world's uniform for number k of a parameter; `inner` 1, 2, 3: for a number of its distribution. */
double gw_world_uniform(const struct gw_scenario *scenario, uint32_t replication, int parameter, int k, int inner);

/* Number k (segment, firm, 0) of a parameter in a set. */
const struct gw_settled *gw_world_number(const struct gw_world *world, int set, int parameter, int k);

/* The values of a set: strategy, or the base for set == strategies. */
const struct gw_values *gw_values_of_set(const struct gw_scenario *scenario, int set);

/* How many numbers a parameter has: segments, firms or 1. */
int gw_parameter_width(const struct gw_scenario *scenario, int parameter);

/* An edge list and a list of degrees bring their own people: the population becomes theirs. When the scenario states
 * another size, it is the market for which amounts are stated, and they are resized with it. So is a market of which
 * a sample is simulated. Calling it again changes nothing. */
int gw_world_size(struct gw_scenario *scenario, struct gw_error *error);

/* The same market with another number of consumers: amounts for the market as a whole (money per week, agents) grow
 * or shrink in proportion, and `scale` says by how much, so that a consumer's world stays the same. */
void gw_world_resize(struct gw_scenario *scenario, uint32_t consumers);

#endif
