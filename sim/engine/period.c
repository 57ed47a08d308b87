/*
 * One period, told as the customer's journey: what happens to a block of consumers from hearing to closing the
 * books, then the messages on their way to the neighbours.
 */
#include "engine/worker_private.h"

#include <string.h>
#include <time.h>

/* ---- Measuring -------------------------------------------------------------------------------------------- */

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* no system call, unlike the clocks of CPU time */
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Charges the time since the last reading to a rule, or to the engine (gw_rule_count). */
static void charge(struct gw_worker *w, int rule)
{
    if (w->profile != NULL) {
        const double t = seconds();
        w->profile[rule] += t - w->profiled;
        w->profiled = t;
    }
}

void gw_worker_profile(struct gw_worker *w, double *by_rule)
{
    w->profile = by_rule;
    w->profiled = seconds();
}

/* ---- The lists -------------------------------------------------------------------------------------------- */

/* Shoppers: rows with an occasion. */
static void list_shoppers(struct gw_worker *w, const struct gw_block *b)
{
    struct gw_shoppers *s = w->shoppers;
    int n = 0;
    for (int row = 0; row < GW_BLOCK; row++) {
        w->occasions[row] = w->occasions[row] > w->at_least[row] ? w->occasions[row] : w->at_least[row];
    }
    for (int row = 0; row < b->rows; row++) {
        s->row[n] = row;
        n += w->occasions[row] > 0;
    }
    s->n = n;
    for (int k = 0; k < n; k++) {
        s->id[k] = b->first + (uint32_t)s->row[k];
        s->occasions[k] = w->occasions[s->row[k]];
    }
    memset(s->gives_up, 0, (size_t)n);
}

/* Encounters: shoppers who take a firm, the second one if they gave the first one up. */
static void list_encounters(struct gw_worker *w)
{
    const struct gw_shoppers *s = w->shoppers;
    struct gw_encounters *e = w->encounters;
    int n = 0;
    for (int k = 0; k < s->n; k++) {
        const int32_t slot = s->gives_up[k] != 0 ? s->second[k] : s->first[k];
        e->id[n] = s->id[k];
        e->row[n] = s->row[k];
        e->slot[n] = slot;
        e->purchases[n] = s->occasions[k];
        n += slot >= 0;
    }
    e->n = n;
    for (int k = 0; k < n; k++) {
        e->at[k] = e->slot[k] * GW_BLOCK + e->row[k];
        e->firm[k] = w->firm_at[e->at[k]];
        e->cap[k] = e->purchases[k];
        e->ended[k] = GW_STAYS;
    }
}

/* After BUY: caps are applied; who buys nothing after all meets nobody. Encounter columns written in BUY move along.
 */
static void apply_caps(struct gw_worker *w)
{
    struct gw_encounters *e = w->encounters;
    int n = 0;
    for (int k = 0; k < e->n; k++) {
        const int32_t purchases = e->cap[k] < e->purchases[k] ? e->cap[k] : e->purchases[k];
        if (purchases <= 0) {
            continue;
        }
        if (n < k) {
            e->id[n] = e->id[k];
            e->row[n] = e->row[k];
            e->slot[n] = e->slot[k];
            e->firm[n] = e->firm[k];
            e->at[n] = e->at[k];
            e->ended[n] = e->ended[k];
            for (int c = 0; c < w->plan->scratch_columns; c++) {
                float *column = w->scratch + (size_t)c * GW_BLOCK;
                column[n] = column[k];
            }
        }
        e->purchases[n++] = purchases;
    }
    e->n = n;
}

static void collect_tells(struct gw_worker *w)
{
    const struct gw_tells *tells = w->tells;
    for (int k = 0; k < tells->n; k++) {
        w->told[w->tellers++] =
            (struct gw_told){tells->id[k], tells->firm[k], tells->positive[k], tells->negative[k]};
    }
    if (tells->n > 0) {
        w->tell_key = tells->key;
    }
}

/* ---- A block through the phases --------------------------------------------------------------------------- */

static void audit_start(struct gw_worker *w)
{
    if (w->audit != NULL) {
        gw_audit_sync(w->audit);
    }
}

static void audit_step(struct gw_worker *w, int rule, int phase, int64_t block)
{
    if (w->audit != NULL) {
        gw_audit_step(w->audit, rule, phase, block);
    }
}

static int audit_result(const struct gw_worker *w, struct gw_error *error)
{
    return w->audit == NULL ? GW_OK : gw_audit_result(w->audit, error);
}

static void run_phase(struct gw_worker *w, struct gw_block *b, enum gw_phase phase)
{
    const struct gw_plan *plan = w->plan;
    audit_start(w);
    for (int s = plan->first[phase]; s < plan->first[phase + 1]; s++) {
        const int rule = plan->step[s].rule;
        if (plan->step[s].step->block != NULL) {
            b->bound = &w->bound[rule];
            b->key.word[3] = gw_rule_ids[rule];
            charge(w, gw_rule_count);
            plan->step[s].step->block(b);
            charge(w, rule);
            audit_step(w, rule, (int)phase, b->first / GW_BLOCK);
        }
    }
}

static void clear_inbox(struct gw_worker *w, uint32_t block)
{
    const size_t bytes = (size_t)w->plan->scenario->firms * GW_BLOCK * sizeof(uint16_t);
    unsigned char *positive = w->arena + w->inbox_offset + block * bytes;
    memset(positive, 0, bytes);
    memset(positive + w->inbox_bytes, 0, bytes);
}

static struct gw_block block_view(struct gw_worker *w, uint32_t block)
{
    const struct gw_scenario *scenario = w->plan->scenario;
    const size_t relations = (size_t)scenario->firms;
    const uint32_t first = block * GW_BLOCK;
    const uint16_t *inbox = (const uint16_t *)(const void *)(w->arena + w->inbox_offset);
    const size_t inbox_rows = block * relations * GW_BLOCK;
    return (struct gw_block){
        .first = first,
        .rows = (int)(scenario->population - first < GW_BLOCK ? scenario->population - first : GW_BLOCK),
        .period = w->clock,
        .origin = scenario->warm_up,
        .relations = scenario->firms,
        .firms = scenario->firms,
        .years = scenario->years,
        .contractual = scenario->contractual,
        .key = gw_key_make(scenario->seed, w->replication, 0),
        .shoppers = w->shoppers,
        .encounters = w->encounters,
        .tells = w->tells,
        .occasions = w->occasions,
        .at_least = w->at_least,
        .firm_at = w->firm_at,
        .positive_heard = inbox + inbox_rows,
        .negative_heard = inbox + w->inbox_bytes / sizeof *inbox + inbox_rows,
        .books = &w->books,
    };
}

static void run_block(struct gw_worker *w, uint32_t block)
{
    struct gw_block b = block_view(w, block);
    gw_worker_bind_block(w, block);
    memset(w->terms, 0, (size_t)w->plan->terms * (size_t)w->plan->scenario->firms * GW_BLOCK * sizeof *w->terms);
    memset(w->occasions, 0, GW_BLOCK * sizeof *w->occasions);
    memset(w->at_least, 0, GW_BLOCK * sizeof *w->at_least);
    w->tells->n = 0;
    w->encounters->n = 0;

    run_phase(w, &b, GW_HEAR);
    clear_inbox(w, block);
    run_phase(w, &b, GW_NEED);

    list_shoppers(w, &b);
    run_phase(w, &b, GW_CHOOSE);
    run_phase(w, &b, GW_ASK);

    list_encounters(w);
    run_phase(w, &b, GW_BUY);
    apply_caps(w);
    for (enum gw_phase phase = GW_EXPERIENCE; phase < GW_PHASES; phase++) {
        run_phase(w, &b, phase);
    }
    collect_tells(w);
}

/* ---- The period ------------------------------------------------------------------------------------------- */

static void open_books(struct gw_worker *w)
{
    const size_t firms = (size_t)w->plan->scenario->firms;
    memcpy(w->tally_last, w->tally, (size_t)w->plan->cells * firms * sizeof *w->tally);
    memset(w->tally, 0, (size_t)w->plan->cells * firms * sizeof *w->tally);
    memset(w->account, 0, (size_t)GW_ACCOUNTS * firms * sizeof *w->account);
    w->books.period = w->clock;
}

static void act(struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    struct gw_firms f = {.firms = plan->scenario->firms,
                         .period = w->clock,
                         .origin = plan->scenario->warm_up,
                         .consumers = plan->scenario->population,
                         .years = plan->scenario->years,
                         .first_period = w->clock == 0,
                         .key = gw_key_make(plan->scenario->seed, w->replication, 0),
                         .books = &w->books};
    audit_start(w);
    for (int s = plan->first[GW_ACT]; s < plan->first[GW_ACT + 1]; s++) {
        f.bound = &w->bound[plan->step[s].rule];
        f.key.word[3] = gw_rule_ids[plan->step[s].rule];
        plan->step[s].step->act(&f);
        audit_step(w, plan->step[s].rule, GW_ACT, GW_AUDIT_FIRMS);
    }
}

int gw_worker_period(struct gw_worker *w, struct gw_error *error)
{
    open_books(w);
    gw_worker_set_levers(w);
    act(w);
    for (uint32_t block = 0; block < w->plan->blocks; block++) {
        run_block(w, block);
    }
    gw_worker_deliver(w);
    w->clock++;
    return audit_result(w, error);
}

int gw_worker_start_rules(struct gw_worker *w, struct gw_error *error)
{
    const struct gw_plan *plan = w->plan;
    for (uint32_t block = 0; block < plan->blocks; block++) {
        struct gw_block b = block_view(w, block);
        gw_worker_bind_block(w, block);
        audit_start(w);
        for (int r = 0; r < gw_rule_count; r++) {
            if (plan->live[r] && plan->rules[r]->start != NULL) {
                b.bound = &w->bound[r];
                b.key.word[3] = gw_rule_ids[r];
                plan->rules[r]->start(&b);
                audit_step(w, r, GW_AUDIT_START, block);
            }
        }
    }
    return audit_result(w, error);
}
