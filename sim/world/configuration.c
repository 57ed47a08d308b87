/*
 * The configuration model: a uniform matching of half-edges (Bollobas 1980, European Journal of Combinatorics 1,
 * 311-316; Molloy & Reed 1995, Random Structures & Algorithms 6; Newman, Strogatz & Watts 2001, Physical Review E 64,
 * 026118).
 *
 * The half-edges lie in a list, those of vertex 0 first. Pair e = 0, 1, .. joins the last of the R = S - 2 e that are
 * left to the one at place floor(u (R - 1)), and the last but one moves to that place. Each of the others is as
 * likely to be the partner, so every matching is; when S is odd, the one left over in the end stays alone. Loops and
 * repetitions are erased: of the Poisson(c) law some c / 2 + c^2 / 4 edges in all, whatever the size, but of a law
 * with heavy tails more, from the hubs (Newman 2010, Networks, section 13.2).
 *
 * Draws: u of pair e is the precise uniform of lanes 0 and 1 (e even) or 2 and 3 (e odd) of counter
 * { h mod 2^32, h / 2^32, 1, 0 }, h = floor(e / 2). Linear time; the draws are made a batch ahead of their use, so
 * that the random reads of a batch overlap.
 */
#include "core/memory.h"
#include "world/csr.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 64 };

static uint64_t sum_of(const uint32_t *degree, uint32_t n)
{
    uint64_t sum = 0;
    for (uint32_t v = 0; v < n; v++) {
        sum += degree[v];
    }
    return sum;
}

static void list_halves(uint32_t *half, const uint32_t *degree, uint32_t n)
{
    for (uint32_t v = 0; v < n; v++) {
        for (uint32_t k = 0; k < degree[v]; k++) {
            *half++ = v;
        }
    }
}

/* Places of the partners of pairs e .. e + pairs - 1, e even, of which the first has `left` half-edges before it. */
static void draw_places(uint64_t *place, const uint32_t *half, struct gw_key key, uint64_t e, uint64_t left,
                        int pairs)
{
    for (int k = 0; k < BATCH; k += 2) {
        const uint64_t h = e / 2 + (uint64_t)(k / 2);
        uint32_t x[4];
        gw_threefry(&key, (uint32_t)h, (uint32_t)(h >> 32), 1, GW_DRAW_SINGLE, x);
        const double others = (double)left - 2.0 * k - 1.0;
        place[k] = k < pairs ? (uint64_t)(gw_precise_of(x[0], x[1]) * others) : 0;
        place[k + 1] = k + 1 < pairs ? (uint64_t)(gw_precise_of(x[2], x[3]) * (others - 2.0)) : 0;
        __builtin_prefetch(&half[place[k]], 1);
        __builtin_prefetch(&half[place[k + 1]], 1);
    }
}

/* Afterwards the two of a pair are neighbours in the list, counted from its end. */
static void match(uint32_t *half, uint64_t sum, struct gw_key key)
{
    uint64_t place[BATCH], left = sum;
    for (uint64_t e = 0; left >= 2; e += BATCH) {
        const int pairs = left / 2 < BATCH ? (int)(left / 2) : BATCH;
        draw_places(place, half, key, e, left, pairs);
        for (int k = 0; k < pairs; k++, left -= 2) {
            const uint32_t partner = half[place[k]];
            half[place[k]] = half[left - 2];
            half[left - 2] = partner;
        }
    }
}

/* How long rows are without the loops and the half-edge that stayed alone. */
static void shorten(uint32_t *length, const uint32_t *half, uint64_t sum)
{
    if (sum % 2 != 0) {
        length[half[0]]--;
    }
    for (uint64_t k = sum % 2; k < sum; k += 2) {
        length[half[k]] -= half[k] == half[k + 1] ? 2 : 0;
    }
}

static void connect(struct gw_network *network, const uint32_t *half, uint64_t sum)
{
    for (uint64_t k = sum % 2; k < sum; k += 2) {
        if (half[k] != half[k + 1]) {
            gw_csr_add(network, half[k], half[k + 1]);
        }
    }
    gw_csr_finish(network);
    network->dropped = sum / 2 - network->arcs / 2;
}

int gw_network_configuration(struct gw_network **network, uint32_t vertices, const uint32_t *degree,
                             struct gw_key key, struct gw_error *error)
{
    const uint64_t sum = sum_of(degree, vertices);
    uint32_t *half = NULL, *length = NULL;
    int ret = GW_REFUSED;
    *network = NULL;
    if (sum * sizeof *half + gw_network_bytes(vertices, sum) <= gw_memory_available()) {
        half = gw_alloc(sum, sizeof *half);
        length = gw_alloc(vertices, sizeof *length);
    }
    if (half == NULL || length == NULL) {
        gw_fail(error, ret, "configuration: not enough memory for %u consumers with %.6g edges", vertices,
                (double)sum / 2.0);
        goto out;
    }
    list_halves(half, degree, vertices);
    match(half, sum, key);
    memcpy(length, degree, vertices * sizeof *length);
    shorten(length, half, sum);
    ret = gw_csr_create(network, vertices, length, error);
    if (ret == GW_OK) {
        connect(*network, half, sum);
    }
out:
    gw_free(half);
    gw_free(length);
    return ret;
}
