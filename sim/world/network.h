/*
 * Who tells whom: a graph in compressed sparse rows, 64-bit offsets, 32-bit consumers.
 *
 * Arcs are stored in both directions; neighbours ascend. Deterministic: a graph is a function of its
 * specification, the number of consumers and a key. Ownership: gw_network_free().
 */
#ifndef GW_WORLD_NETWORK_H
#define GW_WORLD_NETWORK_H

#include "core/draws.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

struct gw_network {
    uint32_t vertices;
    uint64_t arcs;       /* 2 x edges */
    uint64_t *offset;    /* [vertices + 1] */
    uint32_t *neighbour; /* [arcs] */
    uint32_t max_degree;
};

int gw_network_none(struct gw_network **network, uint32_t vertices, struct gw_error *error);

/* Ring of `degree` (even) nearest neighbours, each edge's far end rewired with probability `rewire` to a uniform
 * vertex that is neither itself nor a neighbour already (Watts & Strogatz 1998, Nature 393). */
int gw_network_watts_strogatz(struct gw_network **network, uint32_t vertices, uint32_t degree, double rewire,
                              struct gw_key key, struct gw_error *error);

/* "a b" per line, # comments; any whitespace or comma; ids are renumbered in ascending order; self-loops and
 * duplicates are dropped. `vertices` 0: as many as the file has; more: the rest are isolated; fewer: an error. */
int gw_network_edge_list(struct gw_network **network, const char *path, uint32_t vertices, struct gw_error *error);

/* Distinct vertices in an edge-list file. */
int gw_network_count(const char *path, uint32_t *vertices, struct gw_error *error);

void gw_network_free(struct gw_network *network);

/* Symmetric, sorted, no loops, no duplicates, offsets consistent: 0, or GW_FAILED with what is wrong. */
int gw_network_verify(const struct gw_network *network, struct gw_error *error);

/* Bytes a network of this specification will hold. */
size_t gw_network_bytes(uint32_t vertices, uint64_t arcs);

#endif
