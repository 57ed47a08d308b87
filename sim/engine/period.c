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
        w->profile->by_rule[rule] += t - w->profiled;
        w->profile->by_phase[w->phase] += t - w->profiled;
        w->profiled = t;
    }
}

void gw_worker_profile(struct gw_worker *w, struct gw_profile *profile)
{
    w->profile = profile;
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
static void list_encounters(struct gw_worker *w, const int32_t *firm_at)
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
        e->firm[k] = firm_at[e->at[k]];
        e->cap[k] = e->purchases[k];
        e->ended[k] = GW_STAYS;
        e->apart[k] = 0;
        e->before[k] = 0;
    }
}

/* An encounter takes another place in its list, with the columns written in BUY. */
static void move_encounter(struct gw_worker *w, int from, int to)
{
    struct gw_encounters *e = w->encounters;
    e->id[to] = e->id[from];
    e->row[to] = e->row[from];
    e->slot[to] = e->slot[from];
    e->firm[to] = e->firm[from];
    e->at[to] = e->at[from];
    e->ended[to] = e->ended[from];
    for (int c = 0; c < w->plan->scratch_columns; c++) {
        float *column = w->scratch + (size_t)c * GW_BLOCK;
        column[to] = column[from];
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
            move_encounter(w, k, n);
        }
        e->purchases[n++] = purchases;
    }
    e->n = n;
}

/* After FAIL: what is set apart is left out until the others have been through. Whether there is any. */
static bool set_apart(struct gw_worker *w)
{
    struct gw_encounters *e = w->encounters;
    int32_t any = 0;
    for (int k = 0; k < e->n; k++) {
        e->purchases[k] -= e->apart[k];
        e->until[k] = e->purchases[k];
        any |= e->apart[k];
    }
    return any != 0;
}

/* After LEAVE: occasions after the one that ended the relation did not happen; at least one did. */
static void cut_short(struct gw_worker *w)
{
    struct gw_encounters *e = w->encounters;
    for (int k = 0; k < e->n; k++) {
        e->purchases[k] = e->until[k] < e->purchases[k] ? e->until[k] : e->purchases[k];
    }
}

/* After CLOSE: the list of what was set apart, from relations that still hold. */
static void list_apart(struct gw_worker *w)
{
    struct gw_encounters *e = w->encounters;
    int n = 0;
    for (int k = 0; k < e->n; k++) {
        if (e->apart[k] > 0 && e->ended[k] == GW_STAYS) {
            if (n < k) {
                move_encounter(w, k, n);
            }
            e->before[n] = e->purchases[k];
            e->purchases[n] = e->apart[k];
            e->apart[n++] = 0;
        }
    }
    e->n = n;
}

/* Messages about an encounter that was set apart are numbered on from GW_TELL_APART; all have one key. */
static void collect_tells(struct gw_worker *w, bool apart)
{
    struct gw_tells *tells = w->tells;
    const uint32_t first = apart ? GW_TELL_APART : 0;
    for (int k = 0; k < tells->n; k++) {
        w->told[w->tellers++] =
            (struct gw_told){tells->id[k], first, tells->firm[k], tells->positive[k], tells->negative[k]};
    }
    if (tells->n > 0) {
        w->tell_key = tells->key;
        w->tell_key.word[2] &= ~GW_KEY_APART;
    }
    tells->n = 0;
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

void gw_worker_audit(struct gw_worker *w, int rule, int phase, int64_t block)
{
    audit_step(w, rule, phase, block);
}

static int audit_result(const struct gw_worker *w, struct gw_error *error)
{
    return w->audit == NULL ? GW_OK : gw_audit_result(w->audit, error);
}

void gw_worker_as_rule(const struct gw_worker *w, struct gw_block *view, int rule)
{
    view->bound = &w->bound[rule];
    view->key.word[3] = gw_rule_ids[rule];
}

static void run_phase(struct gw_worker *w, struct gw_block *b, enum gw_phase phase)
{
    const struct gw_plan *plan = w->plan;
    audit_start(w);
    for (int s = plan->first[phase]; s < plan->first[phase + 1]; s++) {
        const int rule = plan->step[s].rule;
        if (plan->step[s].step->block != NULL) {
            gw_worker_as_rule(w, b, rule);
            charge(w, gw_rule_count);
            w->phase = phase;
            plan->step[s].step->block(b);
            charge(w, rule);
            audit_step(w, rule, (int)phase, b->first / GW_BLOCK);
        }
    }
}

/* Counters that lie at an offset of the arena, from the row of a consumer on. */
static uint16_t *counters(const struct gw_worker *w, size_t offset, uint32_t first)
{
    uint16_t *all = (uint16_t *)(void *)(w->arena + offset);
    return all + (size_t)(first / GW_BLOCK) * (size_t)w->plan->relations * GW_BLOCK + first % GW_BLOCK;
}

/* What was heard is used up. */
static void clear_inbox(struct gw_worker *w, const struct gw_block *b)
{
    const struct gw_under_way under_way = w->leader != NULL ? w->leader->under_way : w->under_way;
    const size_t rows = (size_t)b->rows;
    for (int slot = 0; slot < w->plan->relations; slot++) {
        const size_t from = (size_t)slot * GW_BLOCK;
        if (under_way.messages) {
            memset(counters(w, w->columns.positive, b->first) + from, 0, rows * sizeof(uint16_t));
            memset(counters(w, w->columns.negative, b->first) + from, 0, rows * sizeof(uint16_t));
        }
        if (under_way.announcements && w->plan->announces) {
            memset(counters(w, w->columns.announced, b->first) + from, 0, rows * sizeof(uint16_t));
        }
    }
    if (under_way.messages && !w->plan->every_firm) {
        memset(w->arena + w->columns.candidate + b->first * sizeof(uint32_t), 0, rows * sizeof(uint32_t));
    }
}

static struct gw_block view_of(struct gw_worker *w, struct gw_piece piece)
{
    const struct gw_plan *plan = w->plan;
    const struct gw_scenario *scenario = plan->scenario;
    const uint32_t first = piece.first;
    const uint32_t *candidates = (const uint32_t *)(const void *)(w->arena + w->columns.candidate);
    return (struct gw_block){
        .first = first,
        .rows = piece.rows,
        .period = w->clock,
        .origin = scenario->warm_up,
        .relations = plan->relations,
        .firms = scenario->firms,
        .every_firm = plan->every_firm,
        .complete = w->network->complete,
        .years = scenario->years,
        .contractual = scenario->contractual,
        .key = gw_world_key(scenario, w->replication, 0),
        .shoppers = w->shoppers,
        .encounters = w->encounters,
        .tells = w->tells,
        .occasions = w->occasions,
        .at_least = w->at_least,
        .firm_at = gw_worker_firm_at(w, first),
        .positive_heard = counters(w, w->columns.positive, first),
        .negative_heard = counters(w, w->columns.negative, first),
        .announced = plan->announces ? counters(w, w->columns.announced, first) : w->unannounced,
        .candidate = plan->every_firm ? w->no_candidates : candidates + first,
        .arcs_before = w->network->offset + first,
        .entries = w->entries,
        .announcements = &w->announcements,
        .books = &w->books,
    };
}

/* Accumulators of a shape, for n of a list or rows; those that no live rule adds to are 0 for good. */
static void clear_terms(struct gw_worker *w, enum gw_term_shape shape, int n)
{
    const int slots = shape == GW_TERM_RELATION ? w->plan->relations : 1;
    for (int t = 0; t < w->plan->terms; t++) {
        const struct gw_plan_term *term = &w->plan->term[t];
        for (int slot = 0; term->live && term->term->shape == shape && slot < slots; slot++) {
            memset(w->terms + term->offset + (size_t)slot * GW_BLOCK, 0, (size_t)n * sizeof *w->terms);
        }
    }
}

/* From what fails to what is settled. */
static void meet(struct gw_worker *w, struct gw_block *b)
{
    run_phase(w, b, GW_FAIL);
    b->more = set_apart(w);
    clear_terms(w, GW_TERM_ENCOUNTER, w->encounters->n);
    for (enum gw_phase phase = GW_EXPERIENCE; phase < GW_STOCK; phase++) {
        run_phase(w, b, phase);
        if (phase == GW_LEAVE) {
            cut_short(w);
        }
    }
    collect_tells(w, b->apart);
}

static void run_piece(struct gw_worker *w, struct gw_piece piece)
{
    struct gw_block b = view_of(w, piece);
    gw_worker_bind_piece(w, piece);
    memset(w->occasions, 0, GW_BLOCK * sizeof *w->occasions);
    memset(w->at_least, 0, GW_BLOCK * sizeof *w->at_least);
    w->tells->n = 0;
    w->encounters->n = 0;
    w->shoppers->n = 0;
    w->entries->n = 0;

    run_phase(w, &b, GW_HEAR);
    run_phase(w, &b, GW_NEED);
    clear_inbox(w, &b);
    gw_worker_change_relations(w, &b);

    list_shoppers(w, &b);
    clear_terms(w, GW_TERM_SHOPPER, w->shoppers->n);
    clear_terms(w, GW_TERM_RELATION, b.rows);
    run_phase(w, &b, GW_CHOOSE);
    run_phase(w, &b, GW_ASK);

    list_encounters(w, b.firm_at);
    run_phase(w, &b, GW_BUY);
    apply_caps(w);
    meet(w, &b);
    if (b.more) {
        list_apart(w);
        b.more = false;
        b.apart = true;
        b.key.word[2] |= GW_KEY_APART;
        meet(w, &b);
        b.apart = false;
        b.key.word[2] &= ~GW_KEY_APART;
    }
    run_phase(w, &b, GW_STOCK);
}

static uint32_t end_of_block(const struct gw_worker *w, uint32_t block)
{
    const uint32_t end = (block + 1) * GW_BLOCK, population = w->plan->scenario->population;
    return end < population ? end : population;
}

/* Segment by segment: few blocks hold more than one. */
static void run_block(struct gw_worker *w, uint32_t block)
{
    const struct gw_scenario *scenario = w->plan->scenario;
    uint32_t first = block * GW_BLOCK;
    for (int s = 0; s < scenario->segments; s++) {
        const uint32_t of_segment = gw_segment_first(scenario, s + 1), of_block = end_of_block(w, block);
        const uint32_t end = of_segment < of_block ? of_segment : of_block;
        if (end > first) {
            gw_worker_enter_segment(w, s);
            run_piece(w, (struct gw_piece){first, (int)(end - first), s});
            first = end;
        }
    }
}

/* ---- The period ------------------------------------------------------------------------------------------- */

/* Of the last period only what some rule watches is kept. */
static void open_books(struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    const size_t firms = (size_t)plan->scenario->firms;
    for (int t = 0; t < plan->tallies; t++) {
        const size_t from = (size_t)plan->tally[t].cell * firms, n = (size_t)plan->tally[t].labels * firms;
        if (plan->watched[t]) {
            memcpy(w->tally_last + from, w->tally + from, n * sizeof *w->tally);
        }
    }
    for (size_t f = 0; f < firms; f++) {
        w->cash_flow[f] = 1e-6 * (double)w->account[(size_t)GW_CASH * firms + f];
    }
    memset(w->tally, 0, (size_t)plan->cells * firms * sizeof *w->tally);
    memset(w->account, 0, (size_t)GW_ACCOUNTS * firms * sizeof *w->account);
    w->books.period = w->clock;
}

/* The serial phases: OPEN, ACT, SERVE. */
static void run_firms(struct gw_worker *w)
{
    const struct gw_plan *plan = w->plan;
    struct gw_firms f = {.firms = plan->scenario->firms,
                         .period = w->clock,
                         .origin = plan->scenario->warm_up,
                         .consumers = plan->scenario->population,
                         .scale = plan->scenario->scale,
                         .years = plan->scenario->years,
                         .first_period = w->clock == 0,
                         .key = gw_world_key(plan->scenario, w->replication, 0),
                         .cash_flow = w->cash_flow,
                         .books = &w->books};
    audit_start(w);
    for (int s = plan->first[GW_OPEN]; s < plan->first[GW_HEAR]; s++) {
        f.bound = &w->bound[plan->step[s].rule];
        f.key.word[3] = gw_rule_ids[plan->step[s].rule];
        charge(w, gw_rule_count);
        w->phase = plan->step[s].step->phase;
        plan->step[s].step->act(&f);
        charge(w, plan->step[s].rule);
        audit_step(w, plan->step[s].rule, (int)plan->step[s].step->phase, GW_AUDIT_FIRMS);
    }
}

static void deliver_of(struct gw_worker *w, struct gw_under_way *under_way)
{
    under_way->messages |= w->tellers > 0;
    under_way->announcements |= w->announcements.n > 0;
    gw_worker_deliver(w);
    gw_worker_deliver_announcements(w);
}

/* What the team has to say, of each in turn: counts are integers, so order has no meaning. */
static void deliver(struct gw_worker *w)
{
    w->under_way = (struct gw_under_way){false, false};
    deliver_of(w, &w->under_way);
    for (int m = 0; m < w->mates; m++) {
        deliver_of(w->mate[m], &w->under_way);
    }
}

int gw_worker_period(struct gw_worker *w, struct gw_error *error)
{
    open_books(w);
    gw_worker_set_levers(w);
    run_firms(w);
    gw_worker_for_blocks(w, run_block);
    deliver(w);
    w->clock++;
    return audit_result(w, error);
}

static void start_block(struct gw_worker *w, uint32_t block)
{
    const struct gw_plan *plan = w->plan;
    const uint32_t first = block * GW_BLOCK;
    const struct gw_piece whole = {first, (int)(end_of_block(w, block) - first), -1};
    struct gw_block b = view_of(w, whole);
    b.starting = true;
    gw_worker_bind_piece(w, whole);
    gw_worker_begin_relations(w, &b);
    audit_start(w);
    for (int r = 0; r < gw_rule_count; r++) {
        if (plan->live[r] && plan->rules[r]->start != NULL) {
            gw_worker_as_rule(w, &b, r);
            plan->rules[r]->start(&b);
            audit_step(w, r, GW_AUDIT_START, block);
        }
    }
}

int gw_worker_start_rules(struct gw_worker *w, struct gw_error *error)
{
    gw_worker_for_blocks(w, start_block);
    deliver(w);
    return audit_result(w, error);
}
