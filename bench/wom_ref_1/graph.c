#include "bench/wom_ref_1/graph.h"

#include "core/memory.h"
#include "world/csr.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { EDGES = 5, SEED = 12345 };

/* splitmix64 (Steele, Lea & Flood 2014, OOPSLA). */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* Ends of edge e in end[2e], end[2e + 1]. The second end repeats one of the 2e + 1 ends before it, so that a vertex
 * is met in proportion to its degree. */
static void draw_ends(uint32_t *end, uint32_t customers)
{
    uint64_t state = SEED;
    for (uint64_t e = 0; e < (uint64_t)customers * EDGES; e++) {
        end[2 * e] = (uint32_t)(e / EDGES);
        const double u = (double)(next(&state) >> 11) * 0x1p-53;
        end[2 * e + 1] = end[(uint64_t)(u * (double)(2 * e + 1))];
    }
}

static void count_degrees(const uint32_t *end, uint64_t ends, uint32_t *degree)
{
    for (uint64_t i = 0; i < ends; i += 2) {
        const uint32_t edge = end[i] != end[i + 1];
        degree[end[i]] += edge;
        degree[end[i + 1]] += edge;
    }
}

int gw_wom_graph(struct gw_network **network, uint32_t customers, struct gw_error *error)
{
    const uint64_t ends = 2 * (uint64_t)customers * EDGES;
    uint32_t *end = gw_alloc(ends, sizeof *end), *degree = gw_alloc(customers, sizeof *degree);
    int ret = end == NULL || degree == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    *network = NULL;
    if (ret != GW_OK) {
        goto out;
    }
    draw_ends(end, customers);
    count_degrees(end, ends, degree);
    ret = gw_csr_create(network, customers, degree, error);
    if (ret != GW_OK) {
        goto out;
    }
    for (uint64_t i = 0; i < ends; i += 2) {
        if (end[i] != end[i + 1]) {
            gw_csr_add(*network, end[i], end[i + 1]);
        }
    }
    gw_csr_finish(*network);
out:
    gw_free(end);
    gw_free(degree);
    return ret;
}

uint64_t gw_wom_checksum(const struct gw_network *network)
{
    uint64_t sum = 0;
    for (uint64_t k = 0; k < network->arcs; k++) {
        sum += (k + 1) * network->neighbour[k];
    }
    return sum;
}

uint32_t gw_wom_least_degree(const struct gw_network *network)
{
    uint64_t least = UINT32_MAX;
    for (uint32_t v = 0; v < network->vertices; v++) {
        const uint64_t degree = network->offset[v + 1] - network->offset[v];
        least = degree < least ? degree : least;
    }
    return (uint32_t)least;
}

int gw_wom_graph_write(const struct gw_network *network, const char *path, struct gw_error *error)
{
    FILE *file = fopen(path, "wbe");
    if (file == NULL) {
        return gw_fail(error, GW_IO, "%s: cannot write: %s", path, strerror(errno));
    }
    const size_t offsets = (size_t)network->vertices + 1;
    const bool written = fwrite(network->offset, sizeof *network->offset, offsets, file) == offsets &&
                         fwrite(network->neighbour, sizeof *network->neighbour, network->arcs, file) == network->arcs;
    const bool closed = fclose(file) == 0;
    return written && closed ? GW_OK : gw_fail(error, GW_IO, "%s: cannot write: %s", path, strerror(errno));
}
