/*
 * Messages on their way: what the tellers of a period said reaches the inboxes of their neighbours.
 *
 * Message m of a teller goes to neighbour floor(u * degree), u = draw m of the telling rule. In a complete network it
 * goes to one of the N - 1 others, numbered without the teller: floor(x (N - 1) / 2^32), x the same draw's 32 bits (u
 * has 23, too few for millions). Counts are integers that saturate at 65,535, and of the firms that a hearer has in
 * no slot the one with the largest keyed hash remains, so that the order of delivery cannot matter. Messages go in
 * batches through short passes, so that draws are vectorised and the random reads of a batch (offsets, neighbours,
 * slots, inboxes) overlap; about 30 ns a message.
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
};

/* The empty statement is an effect: a function that does nothing but prefetch has none in gcc's eyes, and calls of it
 * are dropped. */
static inline void bring_near(const void *at)
{
    __builtin_prefetch(at);
    __asm__ volatile("");
}

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
        const uint64_t *offset = &network->offset[b->id[k]], start = offset[0], degree = offset[1] - start;
        if (degree > 0) {
            b->arc[n] = start + (uint64_t)((double)gw_uniform_of(b->x[k]) * (double)degree);
            b->firm[n] = b->firm[k];
            b->negative[n] = b->negative[k];
            bring_near(&network->neighbour[b->arc[n]]);
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

/* Where the number of a consumer and slot stands in a column of the engine. */
static size_t place(const struct gw_worker *w, uint32_t consumer, int slot)
{
    const size_t block = consumer / GW_BLOCK;
    return (block * (size_t)w->plan->relations + (size_t)slot) * GW_BLOCK + consumer % GW_BLOCK;
}

static uint16_t *counter_at(const struct gw_worker *w, size_t offset, size_t at)
{
    return (uint16_t *)(void *)(w->arena + offset) + at;
}

static uint16_t *inbox(const struct gw_worker *w, bool negative, size_t at)
{
    return counter_at(w, negative ? w->columns.negative : w->columns.positive, at);
}

static const int32_t *firm_in(const struct gw_worker *w, uint32_t consumer, int slot)
{
    return (const int32_t *)(const void *)(w->arena + w->columns.firm_at) + place(w, consumer, slot);
}

static uint32_t *candidate_of(const struct gw_worker *w, uint32_t consumer)
{
    return (uint32_t *)(void *)(w->arena + w->columns.candidate) + consumer;
}

/* Brings near what the delivery will touch. */
static void find_places(const struct batch *b, const struct gw_worker *w)
{
    for (int k = 0; k < b->n; k++) {
        if (w->plan->every_firm) {
            bring_near(inbox(w, b->negative[k] != 0, place(w, b->hearer[k], b->firm[k])));
        } else {
            for (int slot = 0; slot < w->plan->relations; slot++) {
                bring_near(firm_in(w, b->hearer[k], slot));
            }
        }
    }
}

static int slot_of(const struct gw_worker *w, uint32_t consumer, int32_t firm)
{
    if (w->plan->every_firm) {
        return firm;
    }
    for (int slot = 0; slot < w->plan->relations; slot++) {
        if (*firm_in(w, consumer, slot) == firm) {
            return slot;
        }
    }
    return -1;
}

static void count(uint16_t *counter)
{
    *counter = (uint16_t)(*counter + (*counter < UINT16_MAX));
}

/* News of a firm in no slot: the largest of what is heard remains. 21 bits of chance, then the firm. */
static void propose(const struct gw_worker *w, uint32_t hearer, int32_t firm)
{
    uint32_t x[4], *candidate = candidate_of(w, hearer);
    gw_threefry(&w->tell_key, hearer, w->clock, 1u + (uint32_t)firm, GW_DRAW_GROUP | 0xFFFFu, x);
    const uint32_t news = ((x[0] >> 11) << GW_CANDIDATE_FIRM_BITS | (uint32_t)firm) + 1u;
    *candidate = news > *candidate ? news : *candidate;
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
    find_places(b, w);
    for (int k = 0; k < b->n; k++) {
        const int slot = slot_of(w, b->hearer[k], b->firm[k]);
        if (slot >= 0) {
            count(inbox(w, b->negative[k] != 0, place(w, b->hearer[k], slot)));
        } else {
            propose(w, b->hearer[k], b->firm[k]);
        }
    }
    b->n = 0;
}

void gw_worker_deliver(struct gw_worker *w)
{
    struct batch b = {.n = 0};
    for (size_t t = 0; t < w->tellers; t++) {
        const struct gw_told *told = &w->told[t];
        bring_near(&w->network->offset[told->id]);
        for (int32_t m = 0; m < told->positive + told->negative; m++) {
            b.id[b.n] = told->id;
            b.number[b.n] = told->first + (uint32_t)m;
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

/* ---- Announcements ---------------------------------------------------------------------------------------- */

enum { AHEAD = 12 }; /* announcements between asking for a place in memory and using it */

/* Brings near the ends of the neighbours of an announcement to come, and the offsets of a later one. */
static void look_ahead(const struct gw_worker *w, size_t k)
{
    const struct gw_announcements *a = &w->announcements;
    const struct gw_network *network = w->network;
    if (k + 2 * AHEAD < a->n) {
        bring_near(&network->offset[a->list[k + 2 * AHEAD].id]);
    }
    if (k + AHEAD < a->n) {
        const uint64_t *offset = &network->offset[a->list[k + AHEAD].id];
        if (offset[0] < offset[1]) {
            bring_near(&network->neighbour[offset[0]]);
            bring_near(&network->neighbour[offset[1] - 1]);
        }
    }
}

static void announce(const struct gw_worker *w, const uint32_t *neighbour, uint64_t n, int32_t firm)
{
    for (uint64_t k = 0; k < n; k++) {
        const int slot = slot_of(w, neighbour[k], firm);
        if (slot >= 0) {
            count(counter_at(w, w->columns.announced, place(w, neighbour[k], slot)));
        }
    }
}

/* The same where every firm has its slot. */
static void announce_in_slot(const struct gw_worker *w, const uint32_t *neighbour, uint64_t n, int slot)
{
    uint16_t *counter = counter_at(w, w->columns.announced, (size_t)slot * GW_BLOCK);
    const size_t stride = (size_t)w->plan->relations * GW_BLOCK;
    for (uint64_t k = 0; k < n; k++) {
        count(&counter[neighbour[k] / GW_BLOCK * stride + neighbour[k] % GW_BLOCK]);
    }
}

void gw_worker_deliver_announcements(struct gw_worker *w)
{
    const struct gw_network *network = w->network;
    for (size_t k = 0; !network->complete && k < w->announcements.n; k++) {
        const struct gw_announcement a = w->announcements.list[k];
        const uint64_t start = network->offset[a.id], n = network->offset[a.id + 1] - start;
        look_ahead(w, k);
        (w->plan->every_firm ? announce_in_slot : announce)(w, network->neighbour + start, n, a.firm);
    }
    w->announcements.n = 0;
}
