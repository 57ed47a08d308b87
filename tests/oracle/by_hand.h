/*
 * Scenarios made in memory, without a file: everything off, then a few numbers set.
 */
#ifndef TESTS_ORACLE_BY_HAND_H
#define TESTS_ORACLE_BY_HAND_H

#include "scenario/scenario.h"
#include "world/network.h"

/* One segment, monthly periods, no warm-up, and two strategies; every parameter at its off value, or its default
 * where it has none. Released by by_hand_free(). Fails the running test when memory is short. */
struct gw_scenario *by_hand(uint32_t population, int firms, uint32_t horizon);
void by_hand_free(struct gw_scenario *scenario);

/* The number of one parameter in the base (strategy -1) or a strategy; k = firm, or 0. */
struct gw_number *by_hand_number(struct gw_scenario *scenario, int strategy, const char *area, const char *name,
                                 int k);

/* The same in the base and all strategies, for all firms. */
void by_hand_set(struct gw_scenario *scenario, const char *area, const char *name, double value);
void by_hand_vary(struct gw_scenario *scenario, const char *name, struct gw_distribution distribution);

/* For one firm, in the base and all strategies. */
void by_hand_firm(struct gw_scenario *scenario, int firm, const char *name, double value);

/* Everybody next to everybody `reach` places to the left and right; reach 0: nobody. */
struct gw_network *by_hand_ring(uint32_t vertices, uint32_t reach);
void by_hand_ring_free(struct gw_network *network);

#endif
