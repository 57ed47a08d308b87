#include "graph.h"

#include <stdlib.h>

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

/* An edge's luck is that of its lesser end with its greater. */
static bool edge_stays(uint32_t u, uint32_t v, double stays, const struct gw_key *key)
{
    const uint32_t low = u < v ? u : v, high = u < v ? v : u;
    return (double)gw_uniform_single(key, low, high, 0, 0) < stays;
}

/* Breadth first from `start`; `seen` marks, `queue` has room for all. How many were found. */
static uint32_t flood(const struct gw_network *n, uint32_t start, double stays, const struct gw_key *key, bool *seen,
                      uint32_t *queue)
{
    uint32_t found = 1;
    queue[0] = start;
    seen[start] = true;
    for (uint32_t i = 0; i < found; i++) {
        for (uint64_t k = n->offset[queue[i]]; k < n->offset[(size_t)queue[i] + 1]; k++) {
            const uint32_t v = n->neighbour[k];
            if (!seen[v] && edge_stays(queue[i], v, stays, key)) {
                seen[v] = true;
                queue[found++] = v;
            }
        }
    }
    return found;
}

struct test_components test_components(const struct gw_network *network, double stays, struct gw_key key)
{
    struct test_components result = {0, 0};
    bool *seen = calloc(network->vertices, sizeof *seen);
    uint32_t *queue = calloc(network->vertices, sizeof *queue);
    for (uint32_t v = 0; seen != NULL && queue != NULL && v < network->vertices; v++) {
        if (!seen[v]) {
            const uint32_t found = flood(network, v, stays, &key, seen, queue);
            result.count++;
            result.greatest = found > result.greatest ? found : result.greatest;
        }
    }
    free(seen);
    free(queue);
    return result;
}
