/*
 * A team: several threads on the blocks of one population.
 *
 * The leader has the state; a mate has what a thread needs to take a block through a period - scratch, lists, a
 * binding of its own and books - and borrows the rest. Blocks touch nothing of each other, books are integers that
 * are added up when all blocks are done, and messages are delivered after that: so a team gives the bits of its
 * leader alone.
 */
#include "core/memory.h"
#include "engine/worker_private.h"
#include "scenario/catalogue.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

static size_t tally_cells(const struct gw_plan *plan)
{
    return (size_t)plan->cells * (size_t)plan->scenario->firms;
}

static size_t account_cells(const struct gw_plan *plan)
{
    return (size_t)GW_ACCOUNTS * (size_t)plan->scenario->firms;
}

size_t gw_worker_mate_bytes(const struct gw_plan *plan)
{
    const size_t block = ((size_t)plan->scratch_columns + plan->term_floats / GW_BLOCK + 64) * GW_BLOCK;
    return block * sizeof(float) + (tally_cells(plan) + account_cells(plan)) * sizeof(int64_t) +
           gw_worker_segment_cells(plan) * sizeof(int64_t) + gw_worker_tells(plan) * sizeof(struct gw_told);
}

/* The same consumer parameters, but arrays of its own for blocks of several segments. */
static bool borrow_stores(struct gw_worker *mate)
{
    mate->store = calloc((size_t)gw_catalogue_size(), sizeof *mate->store);
    for (int p = 0; mate->store != NULL && p < gw_catalogue_size(); p++) {
        const struct gw_consumer_store *of_leader = &mate->leader->store[p];
        mate->store[p] = *of_leader;
        if (of_leader->mixed != NULL) {
            mate->store[p].mixed = gw_alloc(GW_BLOCK, sizeof(float));
            if (mate->store[p].mixed == NULL) {
                return false;
            }
        }
    }
    return mate->store != NULL;
}

static void borrow_state(struct gw_worker *mate)
{
    const struct gw_worker *leader = mate->leader;
    mate->world = leader->world;
    mate->columns = leader->columns;
    mate->arena = leader->arena;
    mate->firm_state = leader->firm_state;
    mate->lever = leader->lever;
    mate->cash_flow = leader->cash_flow;
    mate->tally_last = leader->tally_last;
}

static void free_mate(struct gw_worker *mate)
{
    if (mate == NULL) {
        return;
    }
    for (int p = 0; mate->store != NULL && p < gw_catalogue_size(); p++) {
        if (mate->store[p].mixed != mate->leader->store[p].mixed) {
            gw_free(mate->store[p].mixed);
        }
    }
    free(mate->store);
    gw_worker_unbind(mate);
    gw_worker_free_bench(mate);
    free(mate);
}

int gw_worker_recruit(struct gw_worker *leader, int mates, struct gw_error *error)
{
    leader->mate = calloc((size_t)mates, sizeof(struct gw_worker *));
    for (int m = 0; leader->mate != NULL && m < mates; m++) {
        struct gw_worker *mate = calloc(1, sizeof *mate);
        if (mate == NULL) {
            return gw_fail(error, GW_REFUSED, "out of memory");
        }
        leader->mate[leader->mates++] = mate;
        mate->plan = leader->plan;
        mate->leader = leader;
        borrow_state(mate);
        if (!borrow_stores(mate) || !gw_worker_allocate_bench(mate)) {
            return gw_fail(error, GW_REFUSED, "out of memory: a thread of a team needs %zu MB",
                           gw_worker_mate_bytes(leader->plan) >> 20);
        }
        const int ret = gw_worker_bind(mate, error);
        if (ret != GW_OK) {
            return ret;
        }
    }
    return leader->mate == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
}

void gw_worker_dismiss(struct gw_worker *leader)
{
    for (int m = 0; m < leader->mates; m++) {
        free_mate(leader->mate[m]);
    }
    free(leader->mate);
    leader->mate = NULL;
    leader->mates = 0;
}

int gw_worker_brief(struct gw_worker *leader, struct gw_error *error)
{
    int ret = GW_OK;
    for (int m = 0; ret == GW_OK && m < leader->mates; m++) {
        struct gw_worker *mate = leader->mate[m];
        mate->network = leader->network;
        mate->replication = leader->replication;
        mate->set = leader->set;
        for (int p = 0; p < gw_catalogue_size(); p++) {
            mate->store[p].per_consumer = leader->store[p].per_consumer;
        }
        ret = gw_worker_use_market(mate, leader->set, error);
    }
    return ret;
}

static void open_books(struct gw_worker *mate)
{
    mate->clock = mate->leader->clock;
    mate->books.period = mate->clock;
    memset(mate->tally, 0, tally_cells(mate->plan) * sizeof *mate->tally);
    memset(mate->account, 0, account_cells(mate->plan) * sizeof *mate->account);
    gw_worker_open_segments(mate);
}

static void add_up(int64_t *restrict sum, const int64_t *restrict part, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sum[i] += part[i];
    }
}

static bool must_be_alone(const struct gw_worker *w)
{
    return w->mates == 0 || w->books.trace != NULL || w->profile != NULL || w->audit != NULL;
}

void gw_worker_for_blocks(struct gw_worker *leader, void (*work)(struct gw_worker *worker, uint32_t block))
{
    const uint32_t blocks = leader->plan->blocks;
    gw_worker_open_segments(leader);
    if (must_be_alone(leader)) {
        for (uint32_t block = 0; block < blocks; block++) {
            work(leader, block);
        }
        gw_worker_close_segments(leader);
        return;
    }
    for (int m = 0; m < leader->mates; m++) {
        open_books(leader->mate[m]);
    }
#pragma omp parallel num_threads(1 + leader->mates)
    {
        const int me = omp_get_thread_num();
        struct gw_worker *worker = me == 0 ? leader : leader->mate[me - 1];
#pragma omp for schedule(dynamic, 1)
        for (uint32_t block = 0; block < blocks; block++) {
            work(worker, block);
        }
    }
    gw_worker_close_segments(leader);
    for (int m = 0; m < leader->mates; m++) {
        gw_worker_close_segments(leader->mate[m]);
        add_up(leader->tally, leader->mate[m]->tally, tally_cells(leader->plan));
        add_up(leader->account, leader->mate[m]->account, account_cells(leader->plan));
        add_up(leader->of_segment, leader->mate[m]->of_segment, gw_worker_segment_cells(leader->plan));
    }
}
