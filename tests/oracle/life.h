/*
 * Lives of an oracle for its own tests.
 */
#ifndef TESTS_ORACLE_LIFE_H
#define TESTS_ORACLE_LIFE_H

#include "by_hand.h"
#include "oracle.h"

/* A life of one oracle and what it hangs on. */
struct life {
    struct gw_scenario *scenario;
    struct gw_network *network;
    struct oracle *oracle;
};

/* On a ring of by_hand_ring(); the scenario passes to the life. Failures fail the running test. */
struct life life_begin(struct gw_scenario *scenario, uint32_t reach);
struct life life_of(struct gw_scenario *scenario, struct gw_network *network);
void life_finish(struct life *life);
void life_period(struct oracle *oracle, int strategy);

/* One firm of which all are customers; whoever has an occasion buys; orders and the price are 1. */
struct gw_scenario *life_one_firm(uint32_t population, uint32_t horizon);

/* The mean of a sample, and a share of n, within 4 standard errors of the truth. */
void life_mean(const double *x, uint32_t n, double truth);
void life_share(int64_t k, double n, double truth);

#endif
