/*
 * Building a network in compressed sparse rows, in three steps: degrees, edges in any order, finish.
 *
 *     gw_csr_create(&network, vertices, degree, error);
 *     for every edge: gw_csr_add(network, u, v);
 *     gw_csr_finish(network);
 *
 * Between the first and the last step offset[v + 1] is the place of v's next neighbour; when every vertex has
 * got as many edges as its degree says, it has become the end of v's row, as it should be.
 */
#ifndef GW_WORLD_CSR_H
#define GW_WORLD_CSR_H

#include "world/network.h"

/* Room for sum(degree) arcs, none of them set. `degree` may be NULL: no arcs. */
int gw_csr_create(struct gw_network **network, uint32_t vertices, const uint32_t *degree, struct gw_error *error);

static inline void gw_csr_add(struct gw_network *network, uint32_t u, uint32_t v)
{
    network->neighbour[network->offset[(size_t)u + 1]++] = v;
    network->neighbour[network->offset[(size_t)v + 1]++] = u;
}

/* Sorts the rows, drops repeated neighbours and finds the greatest degree. */
void gw_csr_finish(struct gw_network *network);

#endif
