#include "world/connect.h"

#include "core/memory.h"
#include "world/degree_law.h"

#include <math.h>
#include <stdlib.h>

static int configuration(struct gw_network **network, const struct gw_degree_law *law, uint32_t vertices,
                         struct gw_key key, struct gw_error *error)
{
    uint32_t *degree = gw_alloc(vertices, sizeof *degree);
    *network = NULL;
    if (degree == NULL) {
        return gw_fail(error, GW_REFUSED, "not enough memory for the degrees of %u consumers", vertices);
    }
    int ret = gw_degrees_draw(degree, law, vertices, key, error);
    if (ret == GW_OK) {
        ret = gw_network_configuration(network, vertices, degree, key, error);
    }
    gw_free(degree);
    return ret;
}

int gw_connect(struct gw_network **network, const struct gw_network_spec *spec, uint32_t vertices, struct gw_key key,
               struct gw_error *error)
{
    switch (spec->kind) {
    case GW_NETWORK_NONE:
        return gw_network_none(network, vertices, error);
    case GW_NETWORK_WATTS_STROGATZ:
        return gw_network_watts_strogatz(network, vertices, spec->degree, spec->rewire, key, error);
    case GW_NETWORK_BARABASI_ALBERT:
        return gw_network_barabasi_albert(network, vertices, spec->edges, key, error);
    case GW_NETWORK_CONFIGURATION:
        return configuration(network, &spec->law, vertices, key, error);
    case GW_NETWORK_COMPLETE:
        return gw_network_complete(network, vertices, error);
    case GW_NETWORK_EDGE_LIST:
        return gw_network_edge_list(network, spec->path, vertices, error);
    }
    return gw_fail(error, GW_FAILED, "unknown kind of network");
}

static uint64_t arcs_of(const struct gw_network_spec *spec, uint32_t vertices)
{
    const uint64_t n = vertices, m = spec->edges;
    switch (spec->kind) {
    case GW_NETWORK_WATTS_STROGATZ:
        return n * spec->degree;
    case GW_NETWORK_BARABASI_ALBERT:
        return n > m ? m * (m + 1) + 2 * m * (n - m - 1) : 0;
    case GW_NETWORK_CONFIGURATION: {
        const double mean = gw_degree_law_mean(&spec->law, vertices);
        return mean > 0.0 ? (uint64_t)(mean * (double)n) : 0;
    }
    case GW_NETWORK_NONE:
    case GW_NETWORK_COMPLETE:
    case GW_NETWORK_EDGE_LIST:
        break;
    }
    return 0;
}

double gw_connect_mean_degree(const struct gw_network_spec *spec, uint32_t vertices)
{
    if (spec->kind == GW_NETWORK_EDGE_LIST) {
        return NAN;
    }
    return spec->kind == GW_NETWORK_COMPLETE ? (double)vertices - 1.0
                                             : (double)arcs_of(spec, vertices) / (double)vertices;
}

size_t gw_connect_bytes(const struct gw_network_spec *spec, uint32_t vertices)
{
    return gw_network_bytes(vertices, arcs_of(spec, vertices));
}

/* Far or older ends (half the arcs), half-edges (all of them); and an array or two over the vertices. Rewired edges
 * are kept in a hash set, 8 bytes in at most four places each. */
size_t gw_connect_scratch(const struct gw_network_spec *spec, uint32_t vertices)
{
    const uint64_t arcs = arcs_of(spec, vertices);
    switch (spec->kind) {
    case GW_NETWORK_WATTS_STROGATZ:
        return arcs / 2 * sizeof(uint32_t) + vertices * sizeof(uint32_t) +
               (size_t)(spec->rewire * (double)(arcs / 2)) * 4 * sizeof(uint64_t);
    case GW_NETWORK_BARABASI_ALBERT:
        return arcs / 2 * sizeof(uint32_t) + 2 * (size_t)vertices * sizeof(uint32_t);
    case GW_NETWORK_CONFIGURATION:
        return arcs * sizeof(uint32_t) + 2 * (size_t)vertices * sizeof(uint32_t);
    case GW_NETWORK_NONE:
    case GW_NETWORK_COMPLETE:
    case GW_NETWORK_EDGE_LIST:
        break;
    }
    return 0;
}
