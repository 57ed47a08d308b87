#include "core/memory.h"
#include "engine/worker_private.h"
#include "scenario/catalogue.h"

#include <stdlib.h>
#include <string.h>

size_t gw_worker_rows(const struct gw_plan *plan)
{
    return (size_t)plan->blocks * GW_BLOCK;
}

static size_t relations(const struct gw_plan *plan)
{
    return (size_t)plan->relations;
}

static size_t firms(const struct gw_plan *plan)
{
    return (size_t)plan->scenario->firms;
}

static struct gw_engine_columns engine_columns(const struct gw_plan *plan)
{
    const size_t rows = gw_worker_rows(plan);
    struct gw_engine_columns c = {.counter_bytes = rows * relations(plan) * sizeof(uint16_t)};
    c.positive = plan->arena_bytes;
    c.negative = c.positive + c.counter_bytes;
    c.announced = c.negative + c.counter_bytes;
    c.firm_at = c.announced + (plan->announces ? c.counter_bytes : 0);
    c.candidate = c.firm_at + (plan->every_firm ? 0 : rows * relations(plan) * sizeof(int32_t));
    c.end = c.candidate + (plan->every_firm ? 0 : rows * sizeof(uint32_t));
    return c;
}

/* Wide loads of counters may read a cache line more. */
static size_t arena_bytes(const struct gw_plan *plan)
{
    return engine_columns(plan).end + GW_CACHE_LINE;
}

/* With one strategy there is nothing to return to. */
static size_t snapshots(const struct gw_plan *plan)
{
    return plan->scenario->strategies > 1 ? 1 : 0;
}

/* Whether strategies find a column as the warm-up left it, whatever they do. */
static bool stays(const struct gw_plan *plan, const struct gw_column *column)
{
    return column->lasting && (plan->every_firm || column->shape == GW_PER_CONSUMER);
}

static uint32_t bits_of_neutral(const struct gw_column *column)
{
    unsigned char number[sizeof(double)] = {0};
    uint32_t bits;
    gw_worker_fill(number, column->type, column->neutral, 1);
    memcpy(&bits, number, sizeof bits);
    return bits;
}

static struct gw_snapshot_part part_of(const struct gw_plan *plan, const struct gw_plan_column *c)
{
    const size_t bytes = c->block_size * plan->blocks, type = gw_type_size(c->column->type);
    const size_t size = type < sizeof(uint32_t) ? type : sizeof(uint32_t);
    return (struct gw_snapshot_part){c->offset, bytes / size, size, bits_of_neutral(c->column)};
}

enum { ENGINE_COLUMNS = 5 };

/* The columns that a snapshot keeps, those of rules and the engine's own, and how many. */
static int list_kept(const struct gw_plan *plan, struct gw_snapshot_part *part)
{
    const struct gw_engine_columns e = engine_columns(plan);
    const struct gw_snapshot_part of_engine[ENGINE_COLUMNS] = {
        {e.positive, (e.negative - e.positive) / sizeof(uint16_t), sizeof(uint16_t), 0},
        {e.negative, (e.announced - e.negative) / sizeof(uint16_t), sizeof(uint16_t), 0},
        {e.announced, (e.firm_at - e.announced) / sizeof(uint16_t), sizeof(uint16_t), 0},
        {e.firm_at, (e.candidate - e.firm_at) / sizeof(int32_t), sizeof(int32_t), UINT32_MAX},
        {e.candidate, (e.end - e.candidate) / sizeof(uint32_t), sizeof(uint32_t), 0},
    };
    int n = 0;
    for (int c = 0; c < plan->columns; c++) {
        if (plan->column[c].block_size > 0 && !stays(plan, plan->column[c].column)) {
            part[n++] = part_of(plan, &plan->column[c]);
        }
    }
    memcpy(&part[n], of_engine, sizeof of_engine);
    return n + ENGINE_COLUMNS;
}

static bool make_snapshot(struct gw_snapshot *snapshot, const struct gw_plan *plan)
{
    snapshot->part = calloc((size_t)plan->columns + ENGINE_COLUMNS, sizeof *snapshot->part);
    snapshot->parts = snapshot->part != NULL ? list_kept(plan, snapshot->part) : 0;
    return snapshot->part != NULL;
}

/* The most it takes: how much of the state is neutral when the warm-up is over is not known before. */
static size_t snapshot_bytes(const struct gw_plan *plan)
{
    struct gw_snapshot snapshot = {0};
    const size_t bytes =
        make_snapshot(&snapshot, plan) ? gw_snapshot_most(snapshot.part, snapshot.parts) : arena_bytes(plan);
    gw_snapshot_free(&snapshot);
    return snapshots(plan) * (bytes + plan->firm_bytes);
}

/* Nobody announces a firm twice, and nobody pushes anything to everybody. */
static size_t announcements(const struct gw_plan *plan)
{
    return plan->announces ? gw_worker_rows(plan) * relations(plan) : 0;
}

/* Whether some segment's number varies over customers under some strategy: then it needs a column. */
static bool needs_column(const struct gw_plan *plan, int parameter)
{
    const struct gw_scenario *scenario = plan->scenario;
    for (int set = 0; set <= scenario->strategies; set++) {
        for (int s = 0; s < scenario->segments; s++) {
            if (gw_values_of_set(scenario, set)->number[parameter][s].how == GW_VARY) {
                return true;
            }
        }
    }
    return false;
}

size_t gw_worker_tells(const struct gw_plan *plan)
{
    const bool apart = plan->first[GW_FAIL] < plan->first[GW_FAIL + 1];
    return gw_worker_rows(plan) * (apart ? 2 : 1);
}

static bool is_consumer(int parameter)
{
    return gw_catalogue_entry(parameter)->parameter->scope == GW_CONSUMER;
}

/* Lists of messages are reserved for all and touched by those who tell, which are few: counted by the quarter. */
static size_t message_bytes(const struct gw_plan *plan)
{
    return (gw_worker_tells(plan) * sizeof(struct gw_told) + announcements(plan) * sizeof(struct gw_announcement)) /
           4;
}

size_t gw_worker_bytes(const struct gw_plan *plan, int threads)
{
    size_t bytes = (size_t)(threads - 1) * gw_worker_mate_bytes(plan);
    bytes += arena_bytes(plan) + plan->firm_bytes + snapshot_bytes(plan);
    bytes += message_bytes(plan);
    bytes += gw_worker_segment_cells(plan) * sizeof(int64_t);
    for (int p = 0; p < gw_catalogue_size(); p++) {
        if (is_consumer(p)) {
            bytes += (size_t)(plan->scenario->segments + 1) * GW_BLOCK * sizeof(float);
            bytes += needs_column(plan, p) ? gw_worker_rows(plan) * sizeof(float) : 0;
        }
    }
    if (!gw_plan_shares_network(plan)) {
        const struct gw_network_spec *spec = &plan->scenario->network;
        bytes += gw_connect_bytes(spec, plan->scenario->population);
        bytes += gw_connect_scratch(spec, plan->scenario->population);
    }
    return bytes;
}

static bool allocate_stores(struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    const size_t segments = (size_t)plan->scenario->segments;
    w->store = calloc((size_t)gw_catalogue_size(), sizeof *w->store);
    if (w->store == NULL) {
        return false;
    }
    for (int p = 0; p < gw_catalogue_size(); p++) {
        struct gw_consumer_store *store = &w->store[p];
        if (!is_consumer(p)) {
            continue;
        }
        store->constant = gw_alloc(segments * GW_BLOCK, sizeof(float));
        store->mixed = gw_alloc(GW_BLOCK, sizeof(float));
        if (store->constant == NULL || store->mixed == NULL) {
            return false;
        }
        if (needs_column(plan, p)) {
            store->column = gw_alloc(gw_worker_rows(plan), sizeof(float));
            if (store->column == NULL) {
                return false;
            }
        }
    }
    return true;
}

/* What a thread needs to take a block through a period. */
bool gw_worker_allocate_bench(struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    const size_t k = relations(plan), f = firms(plan);
    w->scratch = gw_alloc((size_t)plan->scratch_columns * GW_BLOCK, sizeof(float));
    w->terms = gw_alloc(plan->term_floats, sizeof(float));
    w->every_firm = gw_alloc(k * GW_BLOCK, sizeof(int32_t));
    w->unannounced = gw_alloc(k * GW_BLOCK, sizeof(uint16_t));
    w->no_candidates = gw_alloc(GW_BLOCK, sizeof(uint32_t));
    w->entries = gw_alloc(1, sizeof *w->entries);
    w->announcements.room = announcements(plan);
    w->announcements.list = gw_reserve(announcements(plan), sizeof(struct gw_announcement));
    w->occasions = gw_alloc(GW_BLOCK, sizeof(int32_t));
    w->at_least = gw_alloc(GW_BLOCK, sizeof(int32_t));
    w->shoppers = gw_alloc(1, sizeof *w->shoppers);
    w->encounters = gw_alloc(1, sizeof *w->encounters);
    w->tells = gw_alloc(1, sizeof *w->tells);
    w->told = gw_reserve(gw_worker_tells(plan), sizeof *w->told);
    w->tally = gw_alloc((size_t)plan->cells * f, sizeof(int64_t));
    w->account = gw_alloc((size_t)GW_ACCOUNTS * f, sizeof(int64_t));
    w->of_segment = gw_alloc(gw_worker_segment_cells(plan), sizeof(int64_t));
    w->segment_mark = gw_alloc((size_t)plan->cells + GW_ACCOUNTS, sizeof(int64_t));
    if (w->scratch == NULL || w->terms == NULL || w->every_firm == NULL || w->unannounced == NULL ||
        w->no_candidates == NULL || w->entries == NULL || w->announcements.list == NULL || w->occasions == NULL ||
        w->at_least == NULL || w->shoppers == NULL || w->encounters == NULL || w->tells == NULL || w->told == NULL ||
        w->tally == NULL || w->account == NULL || w->of_segment == NULL || w->segment_mark == NULL) {
        return false;
    }
    for (size_t slot = 0; slot < k; slot++) {
        gw_worker_fill(w->every_firm + slot * GW_BLOCK, GW_I32, (double)slot, GW_BLOCK);
    }
    w->books = (struct gw_books){.firms = plan->scenario->firms,
                                 .tally = w->tally,
                                 .tally_cell = plan->tally_cell,
                                 .account = w->account,
                                 .postings = plan->posting};
    return true;
}

void gw_worker_free_bench(struct gw_worker *w)
{
    gw_free(w->scratch);
    gw_free(w->terms);
    gw_free(w->every_firm);
    gw_free(w->unannounced);
    gw_free(w->no_candidates);
    gw_free(w->entries);
    gw_free(w->announcements.list);
    gw_free(w->occasions);
    gw_free(w->at_least);
    gw_free(w->shoppers);
    gw_free(w->encounters);
    gw_free(w->tells);
    gw_free(w->told);
    gw_free(w->tally);
    gw_free(w->account);
    gw_free(w->of_segment);
    gw_free(w->segment_mark);
}

/* The population itself, and what it remembers of the last period. */
static bool allocate_state(struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    const size_t f = firms(plan);
    w->columns = engine_columns(plan);
    w->arena = gw_alloc(arena_bytes(plan), 1);
    w->firm_state = gw_alloc(plan->firm_bytes, 1);
    w->firm_state_saved = gw_reserve(snapshots(plan) * plan->firm_bytes, 1);
    w->cash_flow = gw_alloc(f, sizeof(double));
    w->cash_saved = gw_alloc(f, sizeof(int64_t));
    w->lever = gw_alloc((size_t)gw_catalogue_size() * f, sizeof(double));
    w->tally_last = gw_alloc((size_t)plan->cells * f, sizeof(int64_t));
    w->tally_saved = gw_alloc((size_t)plan->cells * f, sizeof(int64_t));
    return w->arena != NULL && make_snapshot(&w->snapshot, plan) && w->firm_state != NULL &&
           w->firm_state_saved != NULL && w->cash_flow != NULL && w->cash_saved != NULL && w->lever != NULL &&
           w->tally_last != NULL && w->tally_saved != NULL && allocate_stores(w);
}

int gw_worker_create(struct gw_worker **worker, const struct gw_plan *plan, int threads, struct gw_error *error)
{
    int ret = GW_REFUSED;
    struct gw_worker *w = calloc(1, sizeof *w);
    *worker = w;
    if (w == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    w->plan = plan;
    w->network = plan->network;
    w->set = -1;
    if (!allocate_state(w) || !gw_worker_allocate_bench(w)) {
        gw_fail(error, GW_REFUSED, "out of memory: a thread needs %zu MB", gw_worker_bytes(plan, 1) >> 20);
        goto out;
    }
    ret = gw_world_create(&w->world, plan->scenario, error);
    if (ret == GW_OK) {
        ret = gw_worker_bind(w, error);
    }
    if (ret == GW_OK && threads > 1 && !plan->options.audit_writes) {
        ret = gw_worker_recruit(w, threads - 1, error);
    }
    if (ret == GW_OK && plan->options.audit_writes) {
        w->audit = gw_audit_create(w);
        ret = w->audit != NULL ? GW_OK : gw_fail(error, GW_REFUSED, "out of memory");
    }
out:
    if (ret != GW_OK) {
        gw_worker_free(w);
        *worker = NULL;
    }
    return ret;
}

void gw_worker_free(struct gw_worker *w)
{
    if (w == NULL) {
        return;
    }
    gw_worker_dismiss(w); /* mates borrow what follows */
    for (int p = 0; w->store != NULL && p < gw_catalogue_size(); p++) {
        gw_free(w->store[p].column);
        gw_free(w->store[p].constant);
        gw_free(w->store[p].mixed);
    }
    free(w->store);
    gw_audit_free(w->audit);
    gw_worker_unbind(w);
    gw_worker_free_bench(w);
    gw_world_free(w->world);
    gw_network_free(w->own_network);
    gw_free(w->arena);
    gw_snapshot_free(&w->snapshot);
    gw_free(w->firm_state);
    gw_free(w->firm_state_saved);
    gw_free(w->cash_flow);
    gw_free(w->cash_saved);
    gw_free(w->lever);
    gw_free(w->tally_last);
    gw_free(w->tally_saved);
    free(w);
}

/* ---- Starting a replication ------------------------------------------------------------------------------- */

void gw_worker_fill(void *out, enum gw_type type, double value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        switch (type) {
        case GW_F32:
            ((float *)out)[i] = (float)value;
            break;
        case GW_I32:
            ((int32_t *)out)[i] = (int32_t)value;
            break;
        case GW_MOMENT:
            ((uint16_t *)out)[i] = (uint16_t)(2.0 * (value + 1.0));
            break;
        case GW_U8:
            ((uint8_t *)out)[i] = (uint8_t)value;
            break;
        case GW_F64:
            ((double *)out)[i] = value;
            break;
        }
    }
}

/* All persistent columns at their neutral values, no message under way, no money made. */
static void clear_state(struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    memset(w->arena + w->columns.positive, 0, w->columns.end - w->columns.positive);
    memset(w->tally, 0, (size_t)plan->cells * firms(plan) * sizeof *w->tally);
    memset(w->tally_last, 0, (size_t)plan->cells * firms(plan) * sizeof *w->tally_last);
    memset(w->account, 0, (size_t)GW_ACCOUNTS * firms(plan) * sizeof *w->account);
    w->announcements.n = 0;
    w->under_way = (struct gw_under_way){false, false};
    for (int c = 0; c < plan->columns; c++) {
        const struct gw_plan_column *column = &plan->column[c];
        const double neutral = column->column->neutral;
        if (column->column->shape == GW_PER_FIRM) {
            gw_worker_fill(w->firm_state + column->offset, GW_F64, neutral,
                           firms(plan) * gw_column_width(column->column));
        } else if (column->block_size > 0) {
            const size_t width = column->column->shape == GW_PER_RELATION ? relations(plan) : 1;
            gw_worker_fill(w->arena + column->offset, column->column->type, neutral,
                           gw_worker_rows(plan) * width * gw_column_width(column->column));
        }
    }
}

static int draw_network(struct gw_worker *w, struct gw_error *error)
{
    const struct gw_plan *plan = w->plan;
    struct gw_key key = plan->network_key;
    if (gw_plan_shares_network(plan)) {
        return GW_OK;
    }
    key.word[2] = w->replication + 1; /* 0 is the shared network's */
    gw_network_free(w->own_network);
    w->own_network = NULL;
    const int ret = gw_connect(&w->own_network, &plan->scenario->network, plan->scenario->population, key, error);
    w->network = w->own_network;
    return ret;
}

int gw_worker_start(struct gw_worker *w, uint32_t replication, struct gw_error *error)
{
    const struct gw_plan *plan = w->plan;
    w->replication = replication;
    w->clock = 0;
    w->set = -1;
    clear_state(w);
    int ret = gw_world_settle(w->world, plan->scenario, &plan->pool, replication, error);
    if (ret == GW_OK) {
        ret = draw_network(w, error);
    }
    if (ret == GW_OK) {
        ret = gw_worker_use(w, plan->scenario->strategies, error);
    }
    return ret == GW_OK ? gw_worker_start_rules(w, error) : ret;
}

int gw_worker_save(struct gw_worker *w, struct gw_error *error)
{
    memcpy(w->firm_state_saved, w->firm_state, w->plan->firm_bytes);
    memcpy(w->tally_saved, w->tally, (size_t)w->plan->cells * firms(w->plan) * sizeof *w->tally);
    memcpy(w->cash_saved, w->account + (size_t)GW_CASH * firms(w->plan), firms(w->plan) * sizeof *w->account);
    w->under_way_saved = w->under_way;
    w->saved_clock = w->clock;
    return gw_snapshot_save(&w->snapshot, w->arena, error);
}

void gw_worker_restore(struct gw_worker *w)
{
    gw_snapshot_restore(&w->snapshot, w->arena);
    memcpy(w->firm_state, w->firm_state_saved, w->plan->firm_bytes);
    memcpy(w->tally, w->tally_saved, (size_t)w->plan->cells * firms(w->plan) * sizeof *w->tally);
    memcpy(w->account + (size_t)GW_CASH * firms(w->plan), w->cash_saved, firms(w->plan) * sizeof *w->account);
    w->under_way = w->under_way_saved;
    w->clock = w->saved_clock;
}

/* ---- Looking in ------------------------------------------------------------------------------------------- */

const struct gw_plan *gw_worker_plan(const struct gw_worker *w)
{
    return w->plan;
}

const struct gw_books *gw_worker_books(const struct gw_worker *w)
{
    return &w->books;
}

void gw_worker_controls(const struct gw_worker *w, double *out)
{
    gw_controls_draw(&w->plan->controls, w->plan->scenario, w->world, &w->plan->pool, w->replication, out);
}

double gw_worker_market(const struct gw_worker *w, const char *name)
{
    return gw_world_number(w->world, w->set, gw_catalogue_find("market", name), 0)->value;
}

uint32_t gw_worker_clock(const struct gw_worker *w)
{
    return w->clock;
}

void gw_worker_trace(struct gw_worker *w, struct gw_trace *trace)
{
    w->books.trace = trace;
}

void gw_trace_posting(struct gw_trace *trace, uint32_t period, const struct gw_posting *posting, int firm,
                      uint32_t consumer, int64_t micro)
{
    if (trace->n < trace->room) {
        trace->event[trace->n] = (struct gw_trace_event){period, posting, firm, consumer, micro};
    }
    trace->n++;
}

int gw_worker_firm(const struct gw_worker *w, uint32_t consumer, int slot)
{
    return gw_worker_firm_at(w, consumer - consumer % GW_BLOCK)[(uint32_t)slot * GW_BLOCK + consumer % GW_BLOCK];
}

double gw_worker_value(const struct gw_worker *w, int column, uint32_t consumer, int slot)
{
    const struct gw_plan_column *c = &w->plan->column[column];
    const size_t block = consumer / GW_BLOCK;
    const size_t index = ((size_t)slot * GW_BLOCK + consumer % GW_BLOCK) * gw_column_width(c->column);
    if (c->column->shape == GW_PER_FIRM) {
        return ((const double *)(const void *)(w->firm_state + c->offset))[(size_t)slot * gw_column_width(c->column)];
    }
    const unsigned char *base = w->arena + c->offset + block * c->block_size;
    switch (c->column->type) {
    case GW_F32:
        return (double)((const float *)base)[index];
    case GW_I32:
        return (double)((const int32_t *)base)[index];
    case GW_MOMENT:
        return (double)gw_moment_time(((const uint16_t *)(const void *)base)[index]);
    case GW_U8:
        return (double)base[index];
    case GW_F64:
        break;
    }
    return ((const double *)base)[index];
}
