/*
 * Who tells whom: a graph in compressed sparse rows, 64-bit offsets, 32-bit consumers.
 *
 * Arcs are stored in both directions; neighbours ascend. In a complete network everybody is everybody's neighbour and
 * no arc is stored. Deterministic: a graph is a function of its specification, the number of consumers and a key, by
 * arithmetic that gives the same bits everywhere. Generators run in time linear in arcs (rows of hubs are sorted).
 * Ownership: gw_network_free().
 */
#ifndef GW_WORLD_NETWORK_H
#define GW_WORLD_NETWORK_H

#include "core/draws.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gw_network {
    uint32_t vertices;
    uint64_t arcs;       /* 2 x edges */
    uint64_t *offset;    /* [vertices + 1] */
    uint32_t *neighbour; /* [arcs] */
    uint32_t max_degree;
    bool complete;    /* everybody's neighbours are all others: arcs is 0, max_degree vertices - 1 */
    uint64_t dropped; /* configuration model: edges that were loops or repetitions */
};

int gw_network_none(struct gw_network **network, uint32_t vertices, struct gw_error *error);

/* Ring of `degree` (even) nearest neighbours, each edge's far end rewired with probability `rewire` to a uniform
 * vertex that is neither itself nor a neighbour already (Watts & Strogatz 1998, Nature 393). */
int gw_network_watts_strogatz(struct gw_network **network, uint32_t vertices, uint32_t degree, double rewire,
                              struct gw_key key, struct gw_error *error);

/* Growth by preferential attachment: a complete graph of `edges` + 1 vertices, then vertex by vertex `edges` edges to
 * distinct older vertices, each in proportion to its degree (Barabasi & Albert 1999, Science 286; the draws are those
 * of Batagelj & Brandes 2005, Physical Review E 71, 036113). Simple and connected, every degree >= `edges`. */
int gw_network_barabasi_albert(struct gw_network **network, uint32_t vertices, uint32_t edges, struct gw_key key,
                               struct gw_error *error);

/* A uniform matching of degree[v] half-edges a vertex (Bollobas 1980, European Journal of Combinatorics 1; Newman,
 * Strogatz & Watts 2001, Physical Review E 64, 026118); loops and repetitions are erased and counted in `dropped`, so
 * that degrees are at most those asked for. Of an odd sum one half-edge stays alone. */
int gw_network_configuration(struct gw_network **network, uint32_t vertices, const uint32_t *degree,
                             struct gw_key key, struct gw_error *error);

/* Everybody knows everybody: the mean field. */
int gw_network_complete(struct gw_network **network, uint32_t vertices, struct gw_error *error);

/* "a b" per line, # comments; any whitespace or comma; ids are renumbered in ascending order; self-loops and
 * duplicates are dropped. `vertices` 0: as many as the file has; more: the rest are isolated; fewer: an error. */
int gw_network_edge_list(struct gw_network **network, const char *path, uint32_t vertices, struct gw_error *error);

/* Distinct vertices in an edge-list file. */
int gw_network_count(const char *path, uint32_t *vertices, struct gw_error *error);

void gw_network_free(struct gw_network *network);

/* Symmetric, sorted, no loops, no duplicates, offsets consistent: 0, or GW_FAILED with what is wrong. */
int gw_network_verify(const struct gw_network *network, struct gw_error *error);

/* Mean number of neighbours; 0 without vertices. */
double gw_network_mean_degree(const struct gw_network *network);

/* Bytes a network of this size holds. */
size_t gw_network_bytes(uint32_t vertices, uint64_t arcs);

#endif
