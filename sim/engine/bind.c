/*
 * Binding: every index a rule uses (own parameter 3, read 1, ...) is turned into a pointer once; per block only the
 * pointers into columns of that many consumers move on.
 */
#include "core/memory.h"
#include "engine/worker_private.h"
#include "scenario/catalogue.h"

#include <stdlib.h>
#include <string.h>

struct counts {
    int parameters, columns, terms, tables, borrows, reads, adds, steers, watches, streams;
};

static int count_names(const char *const *names)
{
    int n = 0;
    while (names != NULL && names[n] != NULL) {
        n++;
    }
    return n;
}

static struct counts count(const struct gw_rule *rule)
{
    struct counts n = {0};
    while (rule->parameters != NULL && rule->parameters[n.parameters].name != NULL) {
        n.parameters++;
    }
    while (rule->columns != NULL && rule->columns[n.columns].name != NULL) {
        n.columns++;
    }
    while (rule->terms != NULL && rule->terms[n.terms].name != NULL) {
        n.terms++;
    }
    while (rule->tables != NULL && rule->tables[n.tables].family != GW_NO_FAMILY) {
        n.tables++;
    }
    n.borrows = count_names(rule->borrows);
    n.reads = count_names(rule->reads);
    n.adds = count_names(rule->adds);
    n.steers = count_names(rule->steers);
    n.watches = count_names(rule->watches);
    n.streams = count_names(rule->streams);
    return n;
}

static int pointers_of(struct counts n)
{
    return 2 * n.parameters + 2 * n.borrows + n.columns + n.reads + n.terms + n.adds + n.tables + n.steers +
           n.watches;
}

/* Cuts the next n pointers from the storage. */
static void **cut(void ***storage, int n)
{
    void **start = *storage;
    *storage += n;
    return start;
}

static int borrowed_parameter(const char *name)
{
    static const char *const areas[] = {"population", "firms", "market"};
    for (int a = 0; a < 3; a++) {
        const int found = gw_catalogue_find(areas[a], name);
        if (found >= 0) {
            return found;
        }
    }
    return -1;
}

/* Notes that `target` wants the rows of a consumer parameter, or sets it to a lever's row. */
static void bind_parameter(struct gw_worker *w, int parameter, const float **consumer, const double **lever)
{
    switch (gw_catalogue_entry(parameter)->parameter->scope) {
    case GW_CONSUMER:
        w->store[parameter].used = true;
        w->use[w->uses++] = (struct gw_consumer_use){parameter, consumer};
        break;
    case GW_FIRM:
    case GW_LEVER:
        *lever = &w->lever[(size_t)parameter * (size_t)w->plan->scenario->firms];
        break;
    case GW_MARKET:
        break;
    }
}

static size_t row_bytes(const struct gw_plan *plan, const struct gw_plan_column *column)
{
    const size_t slots = column->column->shape == GW_PER_RELATION ? (size_t)plan->relations : 1;
    return column->block_size / (slots * GW_BLOCK);
}

/* Points at a live column of the block, and keeps the pointer moving. */
static void bind_column(struct gw_worker *w, int position, void **target)
{
    const struct gw_plan_column *column = &w->plan->column[position];
    switch (column->column->shape) {
    case GW_PER_CONSUMER:
    case GW_PER_RELATION:
        w->mover[w->movers++] =
            (struct gw_mover){target, w->arena + column->offset, column->block_size, row_bytes(w->plan, column)};
        break;
    case GW_PER_ENCOUNTER:
        *target = w->scratch + (size_t)column->scratch * GW_BLOCK;
        break;
    case GW_PER_FIRM:
        *target = w->firm_state + column->offset;
        break;
    }
}

static const struct gw_column *find_column(const struct gw_plan *plan, const char *name)
{
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_column *column = plan->rules[r]->columns;
        for (int c = 0; column != NULL && column[c].name != NULL; c++) {
            if (strcmp(column[c].name, name) == 0) {
                return &column[c];
            }
        }
    }
    return NULL;
}

/* Numbers of a column that a rule sees at once: of a block, or of all firms. */
static size_t numbers_seen(const struct gw_plan *plan, const struct gw_column *column)
{
    const size_t rows = column->shape == GW_PER_FIRM       ? (size_t)plan->scenario->firms
                        : column->shape == GW_PER_RELATION ? (size_t)plan->relations * GW_BLOCK
                                                           : GW_BLOCK;
    return rows * gw_column_width(column);
}

/* Room for a column's neutral values, in doubles: whole cache lines. */
static size_t neutral_doubles(const struct gw_plan *plan, const char *name)
{
    const struct gw_column *column = find_column(plan, name);
    return column == NULL ? 0 : (numbers_seen(plan, column) + 7) / 8 * 8;
}

/* A column whose owner is off: an array of its neutral value. Returns the doubles it took. */
static size_t bind_neutral(const struct gw_worker *w, const char *name, size_t offset, void **target)
{
    const struct gw_column *column = find_column(w->plan, name);
    *target = w->neutral + offset * sizeof(double);
    gw_worker_fill(*target, column->type, column->neutral, numbers_seen(w->plan, column));
    return neutral_doubles(w->plan, name);
}

static float *term_memory(const struct gw_worker *w, int term)
{
    return w->terms + w->plan->term[term].offset;
}

/* What is next to cut: shared by the rules as they are bound one after the other. */
struct cursor {
    void **pointers;
    double *market;
    bool *live_terms;
    uint32_t *streams;
    size_t neutrals; /* doubles */
};

static int bind_names(struct gw_worker *w, const struct gw_rule *rule, struct counts n, struct gw_bound *bound,
                      struct cursor *at, struct gw_error *error)
{
    const struct gw_plan *plan = w->plan;
    void **reads = cut(&at->pointers, n.reads), **adds = cut(&at->pointers, n.adds);
    void **steered = cut(&at->pointers, n.steers), **watched = cut(&at->pointers, n.watches);
    for (int i = 0; i < n.reads; i++) {
        const int position = gw_plan_column_find(plan, rule->reads[i]);
        if (position >= 0) {
            bind_column(w, position, &reads[i]);
        } else {
            at->neutrals += bind_neutral(w, rule->reads[i], at->neutrals, &reads[i]);
        }
    }
    for (int i = 0; i < n.adds; i++) {
        adds[i] = term_memory(w, gw_plan_term_find(plan, rule->adds[i]));
    }
    for (int i = 0; i < n.steers; i++) {
        const int lever = gw_catalogue_find("firms", rule->steers[i]);
        if (lever < 0) {
            return gw_fail(error, GW_FAILED, "rule %s steers %s, which is no lever", rule->name, rule->steers[i]);
        }
        steered[i] = &w->lever[(size_t)lever * (size_t)plan->scenario->firms];
    }
    for (int i = 0; i < n.watches; i++) {
        const int tally = gw_plan_tally_find(plan, rule->watches[i]);
        if (tally < 0) {
            return gw_fail(error, GW_FAILED, "rule %s watches %s, which no rule counts", rule->name,
                           rule->watches[i]);
        }
        watched[i] = w->tally_last + (size_t)plan->tally_cell[tally] * (size_t)plan->scenario->firms;
    }
    for (int i = 0; i < n.streams; i++) {
        at->streams[i] = gw_rule_ids[gw_rule_find(rule->streams[i])];
    }
    bound->streams = at->streams;
    at->streams += n.streams;
    bound->reads = (const void *const *)reads;
    bound->adds = (float *const *)(void *)adds;
    bound->steered = (double *const *)(void *)steered;
    bound->watched = (const int64_t *const *)(void *)watched;
    return GW_OK;
}

static int bind_parameters(struct gw_worker *w, const struct gw_rule *rule, int r, struct counts n,
                           struct gw_bound *bound, struct cursor *at, struct gw_error *error)
{
    const float **consumer = (const float **)(void *)cut(&at->pointers, n.parameters);
    const double **levers = (const double **)(void *)cut(&at->pointers, n.parameters);
    const float **borrowed = (const float **)(void *)cut(&at->pointers, n.borrows);
    const double **borrowed_levers = (const double **)(void *)cut(&at->pointers, n.borrows);
    for (int p = 0; p < n.parameters; p++) {
        bind_parameter(w, gw_catalogue_of_rule(r, p), &consumer[p], &levers[p]);
    }
    for (int i = 0; i < n.borrows; i++) {
        const int parameter = borrowed_parameter(rule->borrows[i]);
        if (parameter < 0) {
            return gw_fail(error, GW_FAILED, "rule %s borrows %s, which no rule declares", rule->name,
                           rule->borrows[i]);
        }
        bind_parameter(w, parameter, &borrowed[i], &borrowed_levers[i]);
    }
    bound->consumer = consumer;
    bound->levers = levers;
    bound->borrowed_consumer = borrowed;
    bound->borrowed_levers = borrowed_levers;
    w->settle[r].market = at->market;
    bound->market = at->market;
    bound->borrowed_market = at->market + n.parameters;
    at->market += n.parameters + n.borrows;
    return GW_OK;
}

static int bind_rule(struct gw_worker *w, int r, struct cursor *at, struct gw_error *error)
{
    const struct gw_rule *rule = w->plan->rules[r];
    const struct counts n = count(rule);
    struct gw_bound *bound = &w->bound[r];
    void **columns = cut(&at->pointers, n.columns), **terms = cut(&at->pointers, n.terms);
    for (int c = 0; c < n.columns; c++) {
        bind_column(w, w->plan->column_of_rule[r] + c, &columns[c]);
    }
    for (int t = 0; t < n.terms; t++) {
        terms[t] = term_memory(w, w->plan->term_of_rule[r] + t);
        at->live_terms[t] = w->plan->term[w->plan->term_of_rule[r] + t].live;
    }
    bound->live_terms = at->live_terms;
    at->live_terms += n.terms;
    bound->columns = columns;
    bound->terms = (float *const *)(void *)terms;
    w->settle[r].tables = (const struct gw_quantile **)(void *)cut(&at->pointers, n.tables);
    bound->tables = w->settle[r].tables;
    bound->first_tally = w->plan->tally_of_rule[r];
    bound->first_posting = w->plan->posting_of_rule[r];
    const int ret = bind_parameters(w, rule, r, n, bound, at, error);
    return ret == GW_OK ? bind_names(w, rule, n, bound, at, error) : ret;
}

int gw_worker_bind(struct gw_worker *w, struct gw_error *error)
{
    const struct gw_plan *plan = w->plan;
    const size_t firms = (size_t)plan->scenario->firms;
    int pointers = 1, market = 1, parameters = 1, columns = 1, streams = 1;
    size_t neutral = 8;
    for (int r = 0; r < gw_rule_count; r++) {
        const struct counts n = count(plan->rules[r]);
        pointers += pointers_of(n);
        market += n.parameters + n.borrows;
        parameters += n.parameters + n.borrows;
        columns += n.columns + n.reads;
        streams += n.streams;
        for (int i = 0; i < n.reads; i++) {
            neutral += neutral_doubles(plan, plan->rules[r]->reads[i]);
        }
    }
    w->bound = calloc((size_t)gw_rule_count, sizeof *w->bound);
    w->settle = calloc((size_t)gw_rule_count, sizeof *w->settle);
    w->pointers = calloc((size_t)pointers, sizeof *w->pointers);
    w->market = calloc((size_t)market, sizeof *w->market);
    w->use = calloc((size_t)parameters, sizeof *w->use);
    w->mover = calloc((size_t)columns, sizeof *w->mover);
    w->scheduled = calloc((size_t)gw_catalogue_size() * firms, sizeof *w->scheduled);
    w->live_terms = calloc((size_t)plan->terms + 1, sizeof *w->live_terms);
    w->streams = calloc((size_t)streams, sizeof *w->streams);
    w->market_numbers = (size_t)market;
    w->neutral = gw_alloc(neutral, sizeof(double));
    if (w->bound == NULL || w->settle == NULL || w->pointers == NULL || w->market == NULL || w->use == NULL ||
        w->mover == NULL || w->scheduled == NULL || w->live_terms == NULL || w->streams == NULL ||
        w->neutral == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    struct cursor at = {w->pointers, w->market, w->live_terms, w->streams, 0};
    for (int r = 0; r < gw_rule_count; r++) {
        const int ret = plan->live[r] ? bind_rule(w, r, &at, error) : GW_OK;
        if (ret != GW_OK) {
            return ret;
        }
    }
    w->neutral_bytes = at.neutrals * sizeof(double);
    return GW_OK;
}

void gw_worker_unbind(struct gw_worker *w)
{
    gw_pool_free(&w->tables);
    free(w->bound);
    free(w->settle);
    free(w->pointers);
    free(w->market);
    free(w->use);
    free(w->mover);
    free(w->scheduled);
    free(w->live_terms);
    free(w->streams);
    gw_free(w->neutral);
}

/* ---- Values in use ---------------------------------------------------------------------------------------- */

static bool same_number(const struct gw_settled *a, const struct gw_settled *b)
{
    return a->value == b->value && a->quantile == b->quantile;
}

/* Whether a consumer parameter has other values in set `now` than in set `before`. */
static bool consumer_changed(const struct gw_worker *w, int parameter, int before, int now)
{
    for (int s = 0; s < w->plan->scenario->segments; s++) {
        if (before < 0 || !same_number(gw_world_number(w->world, before, parameter, s),
                                       gw_world_number(w->world, now, parameter, s))) {
            return true;
        }
    }
    return false;
}

static float held(const struct gw_parameter *parameter, double x)
{
    return (float)(x < parameter->low ? parameter->low : x > parameter->high ? parameter->high : x);
}

/* A column over customers: heterogeneity drawn where a segment varies, else the segment's number. */
static void fill_column(struct gw_worker *w, int parameter, int set)
{
    const struct gw_scenario *scenario = w->plan->scenario;
    const struct gw_entry *entry = gw_catalogue_entry(parameter);
    const struct gw_key key = gw_world_key(scenario, w->replication, gw_rule_ids[entry->rule]);
    const uint32_t entity = gw_name_hash(entry->parameter->name);
    float *column = w->store[parameter].column;
    for (int s = 0; s < scenario->segments; s++) {
        const struct gw_settled *number = gw_world_number(w->world, set, parameter, s);
        for (uint32_t i = gw_segment_first(scenario, s); i < gw_segment_first(scenario, s + 1); i++) {
            column[i] =
                number->quantile == NULL
                    ? (float)number->value
                    : held(entry->parameter, gw_quantile_at(number->quantile, gw_uniform_start(&key, i, entity, 0)));
        }
    }
}

static void fill_constants(struct gw_worker *w, int parameter, int set)
{
    for (int s = 0; s < w->plan->scenario->segments; s++) {
        const float value = (float)gw_world_number(w->world, set, parameter, s)->value;
        float *constant = w->store[parameter].constant + (size_t)s * GW_BLOCK;
        for (int row = 0; row < GW_BLOCK; row++) {
            constant[row] = value;
        }
    }
}

static bool any_varies(const struct gw_worker *w, int parameter, int set)
{
    for (int s = 0; s < w->plan->scenario->segments; s++) {
        if (gw_world_number(w->world, set, parameter, s)->quantile != NULL) {
            return true;
        }
    }
    return false;
}

static void use_consumers(struct gw_worker *w, int set)
{
    for (int p = 0; p < gw_catalogue_size(); p++) {
        struct gw_consumer_store *store = &w->store[p];
        if (!store->used || !consumer_changed(w, p, w->set, set)) {
            continue;
        }
        store->per_consumer = any_varies(w, p, set);
        if (store->per_consumer) {
            fill_column(w, p, set);
        } else {
            fill_constants(w, p, set);
        }
    }
}

static void use_levers(struct gw_worker *w, int set)
{
    w->schedules = 0;
    for (int p = 0; p < gw_catalogue_size(); p++) {
        const enum gw_scope scope = gw_catalogue_entry(p)->parameter->scope;
        const bool steered = scope == GW_LEVER && gw_plan_steered(w->plan, gw_catalogue_entry(p)->parameter->name);
        for (int f = 0; (scope == GW_LEVER || scope == GW_FIRM) && f < w->plan->scenario->firms; f++) {
            const struct gw_settled *number = gw_world_number(w->world, set, p, f);
            double *target = &w->lever[(size_t)p * (size_t)w->plan->scenario->firms + (size_t)f];
            *target = number->value;
            if (number->schedule != NULL || steered) {
                w->scheduled[w->schedules++] = (struct gw_scheduled){target, number->schedule, number->value};
            }
        }
    }
}

static double market_value(const struct gw_worker *w, int set, int parameter)
{
    return gw_catalogue_entry(parameter)->parameter->scope == GW_MARKET
               ? gw_world_number(w->world, set, parameter, 0)->value
               : 0.0;
}

int gw_worker_use_market(struct gw_worker *w, int set, struct gw_error *error)
{
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_rule *rule = w->plan->rules[r];
        if (!w->plan->live[r]) {
            continue;
        }
        const struct counts n = count(rule);
        double *market = w->settle[r].market;
        const struct gw_quantile **tables = w->settle[r].tables;
        for (int p = 0; p < n.parameters; p++) {
            market[p] = market_value(w, set, gw_catalogue_of_rule(r, p));
        }
        for (int i = 0; i < n.borrows; i++) {
            market[n.parameters + i] = market_value(w, set, borrowed_parameter(rule->borrows[i]));
        }
        for (int t = 0; t < n.tables; t++) {
            /* The shape is a market parameter; the second number makes the mean 1. */
            const double shape = market[rule->tables[t].parameter];
            tables[t] = NULL;
            if (shape > 0.0) {
                tables[t] = gw_pool_get(&w->tables,
                                        (struct gw_distribution){rule->tables[t].family, shape, shape, 0.0}, error);
            }
            if (shape > 0.0 && tables[t] == NULL) {
                return GW_BAD_INPUT;
            }
        }
    }
    return GW_OK;
}

int gw_worker_use(struct gw_worker *w, int set, struct gw_error *error)
{
    use_consumers(w, set);
    use_levers(w, set);
    w->set = set;
    const int ret = gw_worker_use_market(w, set, error);
    return ret == GW_OK ? gw_worker_brief(w, error) : ret;
}

void gw_worker_set_levers(struct gw_worker *w)
{
    const int64_t since = (int64_t)w->clock - (int64_t)w->plan->scenario->warm_up;
    for (int i = 0; i < w->schedules; i++) {
        const struct gw_scheduled *lever = &w->scheduled[i];
        struct gw_number number = {.value = lever->value};
        if (lever->schedule != NULL) {
            number = (struct gw_number){.how = GW_SCHEDULE, .schedule = *lever->schedule};
        }
        *lever->target = gw_number_at(&number, since);
    }
}

/* ---- One block -------------------------------------------------------------------------------------------- */

static int segment_of(const struct gw_scenario *scenario, uint32_t consumer)
{
    int s = 0;
    while (s + 1 < scenario->segments && consumer >= gw_segment_first(scenario, s + 1)) {
        s++;
    }
    return s;
}

/* Constants of a block that holds consumers of several segments. */
static const float *mix(struct gw_worker *w, int parameter, uint32_t first, uint32_t end)
{
    const struct gw_consumer_store *store = &w->store[parameter];
    for (uint32_t i = first; i < end; i++) {
        const size_t s = (size_t)segment_of(w->plan->scenario, i);
        store->mixed[i - first] = store->constant[s * GW_BLOCK];
    }
    return store->mixed;
}

void gw_worker_bind_piece(struct gw_worker *w, struct gw_piece piece)
{
    const struct gw_scenario *scenario = w->plan->scenario;
    const uint32_t first = piece.first, end = first + (uint32_t)piece.rows;
    const size_t block = first / GW_BLOCK, row = first % GW_BLOCK;
    const int from = segment_of(scenario, first), to = segment_of(scenario, end - 1);
    for (int i = 0; i < w->movers; i++) {
        *w->mover[i].target = w->mover[i].base + block * w->mover[i].stride + row * w->mover[i].step;
    }
    for (int i = 0; i < w->uses; i++) {
        const int p = w->use[i].parameter;
        const struct gw_consumer_store *store = &w->store[p];
        if (store->per_consumer) {
            *w->use[i].target = store->column + first;
        } else {
            *w->use[i].target = from == to ? store->constant + (size_t)from * GW_BLOCK : mix(w, p, first, end);
        }
    }
}
