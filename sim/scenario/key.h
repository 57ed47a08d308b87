/*
 * Keys as --set has them, understood: which number of a scenario "strategies.cut.firms.us.price.schedule.to" is.
 */
#ifndef GW_SCENARIO_KEY_H
#define GW_SCENARIO_KEY_H

#include "scenario/scenario.h"

struct gw_key_meaning {
    int strategy;     /* -1: the base */
    int parameter;    /* in the catalogue */
    int first, last;  /* cells: segments or firms; 0 for the market */
    const char *rest; /* what follows the parameter's name, "" or ".schedule.to"; into the key */
};

/* False when the key is no parameter's (population.size, network, ...), or names what the scenario has not. */
bool gw_key_understand(const struct gw_scenario *scenario, const char *key, struct gw_key_meaning *meaning);

/* The key of one cell of a parameter: "firms.us.unit_cost", "market.X", "population.X" where there is one segment
 * only, else "population.segments.S.X"; "strategies.T." before it unless `strategy` is -1. False: no room. */
bool gw_key_write(const struct gw_scenario *scenario, int strategy, int parameter, int cell, char *out, size_t room);

#endif
