#include "world/network.h"

#include "core/memory.h"
#include "world/csr.h"

#include <stdlib.h>

int gw_network_none(struct gw_network **network, uint32_t vertices, struct gw_error *error)
{
    return gw_csr_create(network, vertices, NULL, error);
}

int gw_network_complete(struct gw_network **network, uint32_t vertices, struct gw_error *error)
{
    const int ret = gw_csr_create(network, vertices, NULL, error);
    if (ret == GW_OK) {
        (*network)->complete = true;
        (*network)->max_degree = vertices > 0 ? vertices - 1 : 0;
    }
    return ret;
}

double gw_network_mean_degree(const struct gw_network *network)
{
    if (network->complete) {
        return (double)network->max_degree;
    }
    return network->vertices > 0 ? (double)network->arcs / (double)network->vertices : 0.0;
}

void gw_network_free(struct gw_network *network)
{
    if (network != NULL) {
        gw_free(network->offset);
        gw_free(network->neighbour);
        free(network);
    }
}

size_t gw_network_bytes(uint32_t vertices, uint64_t arcs)
{
    return sizeof(struct gw_network) + ((size_t)vertices + 1) * sizeof(uint64_t) + arcs * sizeof(uint32_t);
}

/* ---- Verification -------------------------------------------------------------------------------------- */

static int verify_offsets(const struct gw_network *net, struct gw_error *error)
{
    uint64_t greatest = net->complete && net->vertices > 0 ? net->vertices - 1 : 0;
    if (net->complete && net->arcs > 0) {
        return gw_fail(error, GW_FAILED, "network: it is complete and has %lu arcs all the same", net->arcs);
    }
    if (net->offset[0] != 0) {
        return gw_fail(error, GW_FAILED, "network: the first offset is %lu, not 0", net->offset[0]);
    }
    for (uint64_t v = 0; v < net->vertices; v++) {
        if (net->offset[v + 1] < net->offset[v]) {
            return gw_fail(error, GW_FAILED, "network: the offset after vertex %lu decreases", v);
        }
        const uint64_t degree = net->offset[v + 1] - net->offset[v];
        greatest = degree > greatest ? degree : greatest;
    }
    if (net->offset[net->vertices] != net->arcs) {
        return gw_fail(error, GW_FAILED, "network: the last offset is %lu, but there are %lu arcs",
                       net->offset[net->vertices], net->arcs);
    }
    if (greatest != net->max_degree) {
        return gw_fail(error, GW_FAILED, "network: the greatest degree is %lu, not %u", greatest, net->max_degree);
    }
    return GW_OK;
}

static int verify_row(const struct gw_network *net, uint32_t v, struct gw_error *error)
{
    for (uint64_t k = net->offset[v]; k < net->offset[(size_t)v + 1]; k++) {
        const uint32_t w = net->neighbour[k];
        if (w >= net->vertices) {
            return gw_fail(error, GW_FAILED, "network: vertex %u has neighbour %u of %u", v, w, net->vertices);
        }
        if (w == v) {
            return gw_fail(error, GW_FAILED, "network: vertex %u is its own neighbour", v);
        }
        if (k > net->offset[v] && net->neighbour[k - 1] >= w) {
            return gw_fail(error, GW_FAILED, "network: the neighbours of vertex %u do not ascend at %u", v, w);
        }
    }
    return GW_OK;
}

/* Rows ascend and sources are visited in ascending order, so the arcs that point at w arrive in the order of w's
 * own row: one cursor per vertex proves symmetry in linear time. */
static int verify_symmetry(const struct gw_network *net, uint64_t *cursor, struct gw_error *error)
{
    for (uint32_t v = 0; v < net->vertices; v++) {
        for (uint64_t k = net->offset[v]; k < net->offset[(size_t)v + 1]; k++) {
            const uint32_t w = net->neighbour[k];
            const uint64_t at = net->offset[w] + cursor[w]++;
            if (at >= net->offset[(size_t)w + 1] || net->neighbour[at] != v) {
                return gw_fail(error, GW_FAILED, "network: the rows of vertices %u and %u contradict each other", v,
                               w);
            }
        }
    }
    return GW_OK;
}

int gw_network_verify(const struct gw_network *network, struct gw_error *error)
{
    int ret = verify_offsets(network, error);
    for (uint32_t v = 0; ret == GW_OK && v < network->vertices; v++) {
        ret = verify_row(network, v, error);
    }
    if (ret == GW_OK) {
        uint64_t *cursor = gw_alloc(network->vertices, sizeof *cursor);
        ret = cursor != NULL ? verify_symmetry(network, cursor, error)
                             : gw_fail(error, GW_REFUSED, "not enough memory to verify the network");
        gw_free(cursor);
    }
    return ret;
}
