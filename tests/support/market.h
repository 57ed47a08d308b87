/*
 * A market in which every rule is on, written from the descriptors: a new rule takes part in it without being named.
 * Three firms, two segments that share a block, consumers of two blocks, a network, a warm-up, two strategies. Under
 * contracts every firm has its slot, without them there are two slots for three firms.
 *
 *     struct market *market = market_open(false);
 *     market_switch_off(market, "telling");
 *     struct lab *lab = market_run(market, (struct lab_options){.threads = 2});
 *     lab_free(lab);
 *     market_close(market);
 */
#ifndef TESTS_SUPPORT_MARKET_H
#define TESTS_SUPPORT_MARKET_H

#include "lab.h"

struct market;

/* Under contracts, or without. Every parameter stands at its default or, where that switches its rule off, in the
 * middle of its plausible range; in the second segment consumers differ over the whole plausible range. */
struct market *market_open(bool contractual);
void market_close(struct market *market);

/* Every parameter of the rule that has an off value gets it, for every segment and firm. Whether there are any. */
bool market_switch_off(struct market *market, const char *rule);

struct lab *market_run(const struct market *market, struct lab_options options);

/* The same as a scenario, for tests that drive a worker themselves. Release with gw_scenario_free(). */
struct gw_scenario *market_scenario(const struct market *market);

#endif
