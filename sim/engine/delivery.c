/*
 * Messages on their way: what the tellers of a period said reaches the inboxes of their neighbours.
 *
 * Message m of a teller goes to neighbour floor(u * degree), u = draw m of the telling rule. In a complete network it
 * goes to one of the N - 1 others, numbered without the teller: floor(x (N - 1) / 2^32), x the same draw's 32 bits (u
 * has 23, too few for millions). Counts are integers that saturate at 65,535, so that the order of delivery cannot
 * matter. Messages go in batches through short passes, so that draws
 * are vectorised and the random reads of a batch (offsets, neighbours, inboxes) overlap; about 30 ns a message.
 */
#include "engine/worker_private.h"

enum { BATCH = 128 };

struct batch {
    int n;
    uint32_t id[BATCH], number[BATCH]; /* teller, message of that teller */
    uint32_t x[BATCH];                 /* the draw */
    int32_t firm[BATCH];
    uint8_t negative[BATCH];
    uint64_t arc[BATCH]; /* in network->neighbour */
    uint32_t hearer[BATCH];
    uint16_t *inbox[BATCH];
};

static void draw(struct batch *restrict b, struct gw_key key, uint32_t period)
{
    for (int k = 0; k < b->n; k++) {
        uint32_t x[4];
        const uint32_t lane = b->number[k] & 3;
        gw_threefry(&key, b->id[k], period, 1, GW_DRAW_SINGLE | b->number[k] >> 2, x);
        const uint32_t low = (lane & 1) != 0 ? x[1] : x[0], high = (lane & 1) != 0 ? x[3] : x[2];
        b->x[k] = (lane & 2) != 0 ? high : low;
    }
}

/* Picks the arcs; messages of consumers without neighbours are lost. */
static void pick_arcs(struct batch *restrict b, const struct gw_network *network)
{
    int n = 0;
    for (int k = 0; k < b->n; k++) {
        const uint64_t start = network->offset[b->id[k]];
        const uint64_t degree = network->offset[b->id[k] + 1] - start;
        if (degree > 0) {
            b->arc[n] = start + (uint64_t)((double)gw_uniform_of(b->x[k]) * (double)degree);
            b->firm[n] = b->firm[k];
            b->negative[n] = b->negative[k];
            __builtin_prefetch(&network->neighbour[b->arc[n]]);
            n++;
        }
    }
    b->n = n;
}

static void read_neighbours(struct batch *restrict b, const struct gw_network *network)
{
    for (int k = 0; k < b->n; k++) {
        b->hearer[k] = network->neighbour[b->arc[k]];
    }
}

/* Where everybody is everybody's neighbour. */
static void pick_others(struct batch *restrict b, uint32_t consumers)
{
    const uint64_t others = consumers - 1;
    for (int k = 0; k < b->n; k++) {
        const uint32_t other = (uint32_t)(b->x[k] * others >> 32);
        b->hearer[k] = other + (other >= b->id[k]);
    }
    b->n = others > 0 ? b->n : 0;
}

static void find_inboxes(struct batch *restrict b, const struct gw_worker *w)
{
    uint16_t *positive = (uint16_t *)(void *)(w->arena + w->inbox_offset);
    uint16_t *negative = positive + w->inbox_bytes / sizeof *positive;
    const size_t relations = (size_t)w->plan->scenario->firms;
    for (int k = 0; k < b->n; k++) {
        const uint32_t hearer = b->hearer[k];
        const size_t at =
            ((size_t)(hearer / GW_BLOCK) * relations + (size_t)b->firm[k]) * GW_BLOCK + hearer % GW_BLOCK;
        b->inbox[k] = (b->negative[k] != 0 ? negative : positive) + at;
        __builtin_prefetch(b->inbox[k], 1);
    }
}

static void deliver(struct batch *b, const struct gw_worker *w)
{
    draw(b, w->tell_key, w->clock);
    if (w->network->complete) {
        pick_others(b, w->network->vertices);
    } else {
        pick_arcs(b, w->network);
        read_neighbours(b, w->network);
    }
    find_inboxes(b, w);
    for (int k = 0; k < b->n; k++) {
        *b->inbox[k] = (uint16_t)(*b->inbox[k] + (*b->inbox[k] < UINT16_MAX));
    }
    b->n = 0;
}

void gw_worker_deliver(struct gw_worker *w)
{
    struct batch b = {.n = 0};
    for (size_t t = 0; t < w->tellers; t++) {
        const struct gw_told *told = &w->told[t];
        __builtin_prefetch(&w->network->offset[told->id]);
        for (int32_t m = 0; m < told->positive + told->negative; m++) {
            b.id[b.n] = told->id;
            b.number[b.n] = (uint32_t)m;
            b.firm[b.n] = told->firm;
            b.negative[b.n] = m >= told->positive;
            if (++b.n == BATCH) {
                deliver(&b, w);
            }
        }
    }
    deliver(&b, w);
    w->tellers = 0;
}
