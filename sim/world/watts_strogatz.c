/*
 * The small-world network of Watts & Strogatz 1998, Nature 393, 440-442.
 *
 * Ring edge (u, j) joins u to u + j, j = 1 .. degree / 2. Lap by lap (j), vertex by vertex, an edge is rewired
 * with probability `rewire`: it keeps u and gets a uniform far end among the vertices that are not u's
 * neighbours at that moment. An edge is looked at once, so a moved edge stays; hence an edge {u, w} exists if and
 * only if it is a ring edge that has not moved or it is in the hash set of the moved ones. Linear time.
 *
 * Draws: counter { u, 0, j, attempt }; lanes 0 and 1 of attempt 0 decide, lanes 2 and 3 of each attempt propose.
 */
#include "core/memory.h"
#include "world/csr.h"

#include <stdbool.h>
#include <stdlib.h>

struct ring {
    uint32_t n, laps;
    double rewire;
    struct gw_key key;
    uint32_t *far;    /* [(j - 1) * n + u] far end of ring edge (u, j): u + j until it moves, never after */
    uint32_t *degree; /* [n] */
    uint64_t *moved;  /* open addressing; 0 = free */
    unsigned shift;   /* the set has 2^(64 - shift) places */
};

static uint32_t around(const struct ring *ring, uint32_t u, uint32_t j)
{
    return j < ring->n - u ? u + j : j - (ring->n - u);
}

static bool decides_to_move(const struct ring *ring, uint32_t u, uint32_t j)
{
    uint32_t x[4];
    gw_threefry(&ring->key, u, 0, j, GW_DRAW_SINGLE, x);
    return gw_precise_of(x[0], x[1]) < ring->rewire;
}

/* Uniform over 0 .. n - 1 by multiplication; the bias is below n / 2^64. */
static uint32_t propose(const struct ring *ring, uint32_t u, uint32_t j, uint32_t attempt)
{
    uint32_t x[4];
    gw_threefry(&ring->key, u, 0, j, GW_DRAW_SINGLE | attempt, x);
    const uint64_t low = (uint64_t)x[3] * ring->n >> 32;
    return (uint32_t)(((uint64_t)x[2] * ring->n + low) >> 32);
}

/* Not 0, since the greater end is at least 1. */
static uint64_t edge_name(uint32_t u, uint32_t w)
{
    return u < w ? (uint64_t)u << 32 | w : (uint64_t)w << 32 | u;
}

/* Where the edge is in the set, or the free place where it would go. Fibonacci hashing, linear probing. */
static uint64_t *find_moved(const struct ring *ring, uint64_t name)
{
    const uint64_t mask = UINT64_MAX >> ring->shift;
    uint64_t at = (name * 0x9e3779b97f4a7c15u) >> ring->shift;
    while (ring->moved[at] != 0 && ring->moved[at] != name) {
        at = (at + 1) & mask;
    }
    return &ring->moved[at];
}

static bool is_ring_edge(const struct ring *ring, uint32_t u, uint32_t w)
{
    const uint32_t j = w > u ? w - u : w + (ring->n - u);
    return j <= ring->laps && ring->far[(size_t)(j - 1) * ring->n + u] == w;
}

static void move(struct ring *ring, uint32_t u, uint32_t j)
{
    uint32_t *far = &ring->far[(size_t)(j - 1) * ring->n + u];
    if (ring->degree[u] == ring->n - 1) {
        return; /* u knows everyone: there is nowhere to go */
    }
    for (uint32_t attempt = 0;; attempt++) {
        const uint32_t w = propose(ring, u, j, attempt);
        if (w == u || is_ring_edge(ring, u, w) || is_ring_edge(ring, w, u)) {
            continue;
        }
        uint64_t *place = find_moved(ring, edge_name(u, w));
        if (*place == 0) {
            *place = edge_name(u, w);
            ring->degree[*far]--;
            ring->degree[w]++;
            *far = w;
            return;
        }
    }
}

/* A set that is at most half full when all moves are in it. */
static int prepare(struct ring *ring)
{
    const uint64_t edges = (uint64_t)ring->n * ring->laps;
    uint64_t moves = 0;
    if (edges * sizeof *ring->far + gw_network_bytes(ring->n, 2 * edges) > gw_memory_available()) {
        return GW_REFUSED;
    }
    ring->far = gw_alloc(edges, sizeof *ring->far);
    ring->degree = gw_alloc(ring->n, sizeof *ring->degree);
    if (ring->far == NULL || ring->degree == NULL) {
        return GW_REFUSED;
    }
    for (uint32_t j = 1; j <= ring->laps; j++) {
        for (uint32_t u = 0; u < ring->n; u++) {
            ring->far[(size_t)(j - 1) * ring->n + u] = around(ring, u, j);
            moves += decides_to_move(ring, u, j);
        }
    }
    for (uint32_t u = 0; u < ring->n; u++) {
        ring->degree[u] = 2 * ring->laps;
    }
    for (ring->shift = 63; UINT64_MAX >> ring->shift < 2 * moves; ring->shift--) {
    }
    ring->moved = gw_alloc((UINT64_MAX >> ring->shift) + 1, sizeof *ring->moved);
    return ring->moved == NULL ? GW_REFUSED : GW_OK;
}

static int check(uint32_t vertices, uint32_t degree, double rewire, struct gw_error *error)
{
    if (degree % 2 != 0) {
        return gw_fail(error, GW_BAD_INPUT, "watts_strogatz: degree must be even, got %u", degree);
    }
    if (degree >= vertices) {
        return gw_fail(error, GW_BAD_INPUT, "watts_strogatz: degree %u needs more than %u consumers", degree,
                       vertices);
    }
    if (!(rewire >= 0.0 && rewire <= 1.0)) {
        return gw_fail(error, GW_BAD_INPUT, "watts_strogatz: rewire must be between 0 and 1, got %g", rewire);
    }
    return GW_OK;
}

int gw_network_watts_strogatz(struct gw_network **network, uint32_t vertices, uint32_t degree, double rewire,
                              struct gw_key key, struct gw_error *error)
{
    struct ring ring = {.n = vertices, .laps = degree / 2, .rewire = rewire, .key = key};
    *network = NULL;
    int ret = check(vertices, degree, rewire, error);
    if (ret != GW_OK) {
        return ret;
    }
    ret = prepare(&ring);
    if (ret != GW_OK) {
        gw_fail(error, ret, "watts_strogatz: not enough memory for %u consumers of degree %u", vertices, degree);
        goto out;
    }
    for (uint32_t j = 1; j <= ring.laps; j++) {
        for (uint32_t u = 0; u < vertices; u++) {
            if (decides_to_move(&ring, u, j)) {
                move(&ring, u, j);
            }
        }
    }
    ret = gw_csr_create(network, vertices, ring.degree, error);
    if (ret != GW_OK) {
        goto out;
    }
    for (uint32_t j = 1; j <= ring.laps; j++) {
        for (uint32_t u = 0; u < vertices; u++) {
            gw_csr_add(*network, u, ring.far[(size_t)(j - 1) * vertices + u]);
        }
    }
    gw_csr_finish(*network);
out:
    gw_free(ring.far);
    gw_free(ring.degree);
    gw_free(ring.moved);
    return ret;
}
