/*
 * The graph of WOM-REF-1: undirected preferential attachment after Batagelj & Brandes 2005 (Physical Review E 71,
 * 036113), five edges a customer, drawn with splitmix64 so that every engine builds the same one to the bit. Unlike
 * the generator of sim/world it lets loops and repeated edges happen and drops them.
 */
#ifndef GW_BENCH_WOM_REF_1_GRAPH_H
#define GW_BENCH_WOM_REF_1_GRAPH_H

#include "world/network.h"

/* Time linear in customers, and 40 bytes a customer while it runs. Ownership: gw_network_free(). */
int gw_wom_graph(struct gw_network **network, uint32_t customers, struct gw_error *error);

/* Sum over arcs k of (k + 1) neighbour[k], modulo 2^64. */
uint64_t gw_wom_checksum(const struct gw_network *network);
uint32_t gw_wom_least_degree(const struct gw_network *network);

/* Offsets (uint64), then neighbours (uint32), as they lie in memory. GW_IO on failure. */
int gw_wom_graph_write(const struct gw_network *network, const char *path, struct gw_error *error);

#endif
