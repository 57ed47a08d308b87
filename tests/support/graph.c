#include "graph.h"

bool test_has_arc(const struct gw_network *network, uint32_t u, uint32_t v)
{
    for (uint64_t k = network->offset[u]; k < network->offset[(size_t)u + 1]; k++) {
        if (network->neighbour[k] == v) {
            return true;
        }
    }
    return false;
}

/* Common neighbours above v of an edge u < v: two ascending rows merged. */
static uint64_t closed_above(const struct gw_network *n, uint32_t u, uint32_t v)
{
    uint64_t i = n->offset[u], j = n->offset[v], count = 0;
    while (i < n->offset[(size_t)u + 1] && j < n->offset[(size_t)v + 1]) {
        const uint32_t a = n->neighbour[i], b = n->neighbour[j];
        count += a == b && a > v;
        i += a <= b;
        j += b <= a;
    }
    return count;
}

uint64_t test_triangles(const struct gw_network *network)
{
    uint64_t count = 0;
    for (uint32_t u = 0; u < network->vertices; u++) {
        for (uint64_t k = network->offset[u]; k < network->offset[(size_t)u + 1]; k++) {
            if (network->neighbour[k] > u) {
                count += closed_above(network, u, network->neighbour[k]);
            }
        }
    }
    return count;
}

uint64_t test_paths(const struct gw_network *network)
{
    uint64_t count = 0;
    for (uint32_t v = 0; v < network->vertices; v++) {
        const uint64_t degree = network->offset[(size_t)v + 1] - network->offset[v];
        count += degree * (degree - (degree > 0)) / 2;
    }
    return count;
}

double test_transitivity(const struct gw_network *network)
{
    return 3.0 * (double)test_triangles(network) / (double)test_paths(network);
}
