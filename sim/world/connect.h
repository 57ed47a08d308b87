/*
 * The network a scenario asks for: which generator makes it, and what it will take.
 */
#ifndef GW_WORLD_CONNECT_H
#define GW_WORLD_CONNECT_H

#include "scenario/scenario.h"
#include "world/network.h"

/* Made with the key of the run, or of a replication. GW_BAD_INPUT, GW_REFUSED, GW_IO as the generator says. */
int gw_connect(struct gw_network **network, const struct gw_network_spec *spec, uint32_t vertices, struct gw_key key,
               struct gw_error *error);

/* Mean number of neighbours to be expected before it is made; NaN for an edge list. */
double gw_connect_mean_degree(const struct gw_network_spec *spec, uint32_t vertices);

/* Bytes it will hold, known before it is made; exact but for drawn degrees, where it is the expectation, and for an
 * edge list, of which only the file knows: its rows are left out. */
size_t gw_connect_bytes(const struct gw_network_spec *spec, uint32_t vertices);

/* Bytes that a generator holds besides, while it works. */
size_t gw_connect_scratch(const struct gw_network_spec *spec, uint32_t vertices);

#endif
