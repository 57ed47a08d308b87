/* Counts on networks, by definition rather than fast. */
#ifndef TESTS_SUPPORT_GRAPH_H
#define TESTS_SUPPORT_GRAPH_H

#include "world/network.h"

#include <stdbool.h>

bool test_has_arc(const struct gw_network *network, uint32_t u, uint32_t v);

/* Triangles, each once. */
uint64_t test_triangles(const struct gw_network *network);

/* Pairs of neighbours of a vertex, over all vertices. */
uint64_t test_paths(const struct gw_network *network);

/* Components when each edge stays with a probability, decided by the key: how many, and vertices of the greatest. */
struct test_components {
    uint32_t count, greatest;
};
struct test_components test_components(const struct gw_network *network, double stays, struct gw_key key);

/* 3 triangles / paths (the fraction of transitive triples). */
double test_transitivity(const struct gw_network *network);

#endif
