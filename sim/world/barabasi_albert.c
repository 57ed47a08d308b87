/*
 * Preferential attachment: Barabasi & Albert 1999, Science 286, 509-512, drawn as in Batagelj & Brandes 2005,
 * Physical Review E 71, 036113 (algorithm 5): in a list of the ends of all edges so far, a uniform place names a
 * vertex with a probability proportional to its degree.
 *
 * With m = `edges`, vertices 0 .. m know each other, and place p < m (m + 1) of the list is vertex p / m. Vertex
 * v = m + 1, m + 2, ... then makes edges i = 0 .. m - 1, which append v and their older vertex to the list. With L
 * the length of the list before v's first edge, edge i proposes the vertex at place floor(u L), and again with the
 * next attempt as long as that has been chosen by v already. So v draws m vertices without replacement: there are no
 * repetitions, no loops (v is not among the first L), and degrees are those of the model as usually stated, of
 * density 2 m (m + 1) / (k (k + 1) (k + 2)) for many vertices (Krapivsky, Redner & Leyvraz 2000, Physical Review
 * Letters 85; Bollobas, Riordan, Spencer & Tusnady 2001, Random Structures & Algorithms 18).
 *
 * Draws: u is the precise uniform of lanes 0 and 1 of counter { v, 0, i, attempt }. An attempt fails with the share
 * of L that v's choices hold, large for the first vertices only: linear time.
 */
#include "core/memory.h"
#include "world/csr.h"

#include <stdlib.h>

struct growth {
    uint32_t n, m;
    struct gw_key key;
    uint32_t *older;  /* [(v - m - 1) * m + i] the older vertex of v's edge i */
    uint32_t *degree; /* [vertex] */
    uint32_t *chosen; /* [vertex] the last vertex that chose it; 0 chooses nobody and stands for none */
};

static uint32_t at_place(const struct growth *g, uint64_t place)
{
    const uint64_t m = g->m, first = m * (m + 1);
    if (place < first) {
        return (uint32_t)(place / m);
    }
    const uint64_t edge = (place - first) / 2;
    return (place - first) % 2 != 0 ? g->older[edge] : (uint32_t)(m + 1 + edge / m);
}

static uint32_t choose(const struct growth *g, uint32_t v, uint32_t i)
{
    const double length = (double)g->m * (2.0 * (double)v - (double)g->m - 1.0);
    for (uint32_t attempt = 0;; attempt++) {
        uint32_t x[4];
        gw_threefry(&g->key, v, 0, i, GW_DRAW_SINGLE | attempt, x);
        const uint32_t w = at_place(g, (uint64_t)(gw_precise_of(x[0], x[1]) * length));
        if (g->chosen[w] != v) {
            return w;
        }
    }
}

static void grow(struct growth *g)
{
    const uint32_t m = g->m;
    for (uint32_t v = 0; v < g->n; v++) {
        g->degree[v] = m;
    }
    for (uint32_t v = m + 1; v < g->n; v++) {
        uint32_t *older = &g->older[(size_t)(v - m - 1) * m];
        for (uint32_t i = 0; i < m; i++) {
            older[i] = choose(g, v, i);
            g->chosen[older[i]] = v;
            g->degree[older[i]]++;
        }
    }
}

static void connect(const struct growth *g, struct gw_network *network)
{
    for (uint32_t v = 1; v <= g->m; v++) {
        for (uint32_t w = 0; w < v; w++) {
            gw_csr_add(network, v, w);
        }
    }
    for (uint32_t v = g->m + 1; v < g->n; v++) {
        for (uint32_t i = 0; i < g->m; i++) {
            gw_csr_add(network, v, g->older[(size_t)(v - g->m - 1) * g->m + i]);
        }
    }
    gw_csr_finish(network);
}

int gw_network_barabasi_albert(struct gw_network **network, uint32_t vertices, uint32_t edges, struct gw_key key,
                               struct gw_error *error)
{
    struct growth g = {.n = vertices, .m = edges, .key = key};
    *network = NULL;
    if (edges < 1 || edges >= vertices) {
        return gw_fail(error, GW_BAD_INPUT, "barabasi_albert: %u edges a newcomer need more than %u consumers", edges,
                       vertices);
    }
    int ret = GW_REFUSED;
    const uint64_t grown = (uint64_t)(vertices - edges - 1) * edges;
    const uint64_t arcs = (uint64_t)edges * (edges + 1) + 2 * grown;
    if (grown * sizeof *g.older + gw_network_bytes(vertices, arcs) <= gw_memory_available()) {
        g.older = gw_alloc(grown, sizeof *g.older);
        g.degree = gw_alloc(vertices, sizeof *g.degree);
        g.chosen = gw_alloc(vertices, sizeof *g.chosen);
    }
    if (g.older == NULL || g.degree == NULL || g.chosen == NULL) {
        gw_fail(error, ret, "barabasi_albert: not enough memory for %u consumers with %u edges each", vertices,
                edges);
        goto out;
    }
    grow(&g);
    ret = gw_csr_create(network, vertices, g.degree, error);
    if (ret == GW_OK) {
        connect(&g, *network);
    }
out:
    gw_free(g.older);
    gw_free(g.degree);
    gw_free(g.chosen);
    return ret;
}
