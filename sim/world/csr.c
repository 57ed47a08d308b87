#include "world/csr.h"

#include "core/memory.h"

#include <stdlib.h>

int gw_csr_create(struct gw_network **network, uint32_t vertices, const uint32_t *degree, struct gw_error *error)
{
    struct gw_network *net = calloc(1, sizeof *net);
    *network = NULL;
    if (net == NULL) {
        goto out;
    }
    net->vertices = vertices;
    for (uint32_t v = 0; degree != NULL && v < vertices; v++) {
        net->arcs += degree[v];
    }
    if (gw_network_bytes(vertices, net->arcs) > gw_memory_available()) {
        goto out;
    }
    net->offset = gw_alloc((size_t)vertices + 1, sizeof *net->offset);
    net->neighbour = gw_alloc(net->arcs, sizeof *net->neighbour);
    if (net->offset == NULL || net->neighbour == NULL) {
        goto out;
    }
    for (uint64_t v = 1; degree != NULL && v < vertices; v++) {
        net->offset[v + 1] = net->offset[v] + degree[v - 1];
    }
    *network = net;
    return GW_OK;
out:
    gw_fail(error, GW_REFUSED, "not enough memory for a network of %u consumers with %.6g edges (%.3g GB)", vertices,
            net == NULL ? 0.0 : (double)net->arcs / 2.0,
            net == NULL ? 0.0 : 1e-9 * (double)gw_network_bytes(vertices, net->arcs));
    gw_network_free(net);
    return GW_REFUSED;
}

static int ascending(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Insertion for the short rows of social networks (nearly sorted in a small world), qsort for hubs. */
static void sort_row(uint32_t *row, size_t n)
{
    if (n > 64) {
        qsort(row, n, sizeof *row, ascending);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        const uint32_t value = row[i];
        size_t k = i;
        for (; k > 0 && row[k - 1] > value; k--) {
            row[k] = row[k - 1];
        }
        row[k] = value;
    }
}

void gw_csr_finish(struct gw_network *network)
{
    uint64_t kept = 0, first = 0;
    network->max_degree = 0;
    for (uint64_t v = 0; v < network->vertices; v++) {
        const uint64_t begin = kept, end = network->offset[v + 1];
        sort_row(network->neighbour + first, end - first);
        for (uint64_t k = first; k < end; k++) { /* moves down within the array: kept <= k */
            const uint32_t w = network->neighbour[k];
            if (kept == begin || network->neighbour[kept - 1] != w) {
                network->neighbour[kept++] = w;
            }
        }
        first = end;
        network->offset[v + 1] = kept;
        if (kept - begin > network->max_degree) {
            network->max_degree = (uint32_t)(kept - begin);
        }
    }
    network->arcs = kept;
}
