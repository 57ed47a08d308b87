#include "one_rule.h"

#include "models/registry.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 16 << 20, LABELS = 16, ROWS = GW_MAX_RELATIONS * GW_BLOCK };

static void *take(struct one_rule *bench, size_t count, size_t size)
{
    unsigned char *memory = bench->arena + bench->used;
    bench->used += (count * size + 63) / 64 * 64;
    assert_true(bench->used <= ARENA_BYTES);
    return memory;
}

/* ---- Descriptors by name ---------------------------------------------------------------------------------- */

static const struct gw_column *find_column(const char *name)
{
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_column *column = gw_rules(GW_ISA_PORTABLE)[r]->columns;
        for (; column != NULL && column->name != NULL; column++) {
            if (strcmp(column->name, name) == 0) {
                return column;
            }
        }
    }
    fail_msg("no rule owns column %s", name);
    return NULL;
}

static const struct gw_parameter *find_parameter(const char *name)
{
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_parameter *parameter = gw_rules(GW_ISA_PORTABLE)[r]->parameters;
        for (; parameter != NULL && parameter->name != NULL; parameter++) {
            if (strcmp(parameter->name, name) == 0) {
                return parameter;
            }
        }
    }
    fail_msg("no rule declares %s", name);
    return NULL;
}

static int position(const char *const *names, const char *name)
{
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static int count_names(const char *const *names)
{
    int n = 0;
    while (names != NULL && names[n] != NULL) {
        n++;
    }
    return n;
}

#define COUNT(array, n)                                                                                              \
    do {                                                                                                             \
        (n) = 0;                                                                                                     \
        while ((array) != NULL && (array)[(n)].name != NULL) {                                                       \
            (n)++;                                                                                                   \
        }                                                                                                            \
    } while (0)

static int parameters_of(const struct gw_rule *rule)
{
    int n;
    COUNT(rule->parameters, n);
    return n;
}

/* ---- Binding ---------------------------------------------------------------------------------------------- */

static void *make_column(struct one_rule *bench, const struct gw_column *column)
{
    const size_t rows = column->shape == GW_PER_FIRM ? (size_t)bench->block.firms : ROWS;
    const size_t numbers = rows * gw_column_width(column);
    void *memory = take(bench, numbers, sizeof(double));
    for (size_t i = 0; i < numbers; i++) {
        switch (column->type) {
        case GW_F32:
            ((float *)memory)[i] = (float)column->neutral;
            break;
        case GW_I32:
            ((int32_t *)memory)[i] = (int32_t)column->neutral;
            break;
        case GW_MOMENT:
            ((uint16_t *)memory)[i] = (uint16_t)(2.0 * (column->neutral + 1.0));
            break;
        case GW_U8:
            ((uint8_t *)memory)[i] = (uint8_t)column->neutral;
            break;
        case GW_F64:
            ((double *)memory)[i] = column->neutral;
            break;
        }
    }
    return memory;
}

/* Room for n parameters of any scope. */
static void make_parameters(struct one_rule *bench, int n, const float *const **consumer,
                            const double *const **levers, const double **market)
{
    const float **c = take(bench, (size_t)n + 1, sizeof *c);
    const double **l = take(bench, (size_t)n + 1, sizeof *l);
    for (int i = 0; i < n; i++) {
        c[i] = take(bench, GW_BLOCK, sizeof(float));
        l[i] = take(bench, (size_t)bench->block.firms, sizeof(double));
    }
    *consumer = c;
    *levers = l;
    *market = take(bench, (size_t)n + 1, sizeof(double));
}

static void bind_columns(struct one_rule *bench)
{
    const struct gw_rule *rule = bench->rule;
    int columns, terms;
    COUNT(rule->columns, columns);
    COUNT(rule->terms, terms);
    const int reads = count_names(rule->reads), adds = count_names(rule->adds), watches = count_names(rule->watches);
    const int streams = count_names(rule->streams), steers = count_names(rule->steers);
    void **own = take(bench, (size_t)columns + 1, sizeof *own);
    const void **read = take(bench, (size_t)reads + 1, sizeof *read);
    float **term = take(bench, (size_t)terms + 1, sizeof *term), **add = take(bench, (size_t)adds + 1, sizeof *add);
    const int64_t **watch = take(bench, (size_t)watches + 1, sizeof *watch);
    double **steered = take(bench, (size_t)steers + 1, sizeof *steered);
    uint32_t *stream = take(bench, (size_t)streams + 1, sizeof *stream);
    bool *live = take(bench, (size_t)terms + 1, sizeof *live);
    for (int i = 0; i < columns; i++) {
        own[i] = make_column(bench, &rule->columns[i]);
    }
    for (int i = 0; i < reads; i++) {
        read[i] = make_column(bench, find_column(rule->reads[i]));
    }
    for (int i = 0; i < terms; i++) {
        term[i] = take(bench, ROWS, sizeof(float));
    }
    for (int i = 0; i < streams; i++) {
        stream[i] = gw_rule_ids[gw_rule_find(rule->streams[i])];
    }
    for (int i = 0; i < steers; i++) {
        steered[i] = take(bench, (size_t)bench->block.firms, sizeof(double));
    }
    for (int i = 0; i < adds; i++) {
        add[i] = take(bench, ROWS, sizeof(float));
    }
    for (int i = 0; i < watches; i++) {
        watch[i] = take(bench, (size_t)LABELS * (size_t)bench->block.firms, sizeof(int64_t));
    }
    bench->bound.columns = own;
    bench->bound.live_terms = live;
    bench->bound.streams = stream;
    bench->bound.reads = read;
    bench->bound.terms = term;
    bench->bound.adds = add;
    bench->bound.steered = steered;
    bench->bound.watched = watch;
}

static void open_books(struct one_rule *bench)
{
    const struct gw_rule *rule = bench->rule;
    int tallies, postings;
    COUNT(rule->tallies, tallies);
    COUNT(rule->postings, postings);
    int32_t *cell = take(bench, (size_t)tallies + 1, sizeof *cell);
    const struct gw_posting **posting = take(bench, (size_t)postings + 1, sizeof *posting);
    for (int i = 0; i < tallies; i++) {
        cell[i] = i * LABELS;
    }
    for (int i = 0; i < postings; i++) {
        posting[i] = &rule->postings[i];
    }
    bench->books = (struct gw_books){
        .firms = bench->block.firms,
        .tally = take(bench, (size_t)(tallies + 1) * LABELS * (size_t)bench->block.firms, sizeof(int64_t)),
        .tally_cell = cell,
        .account = take(bench, (size_t)GW_ACCOUNTS * (size_t)bench->block.firms, sizeof(int64_t)),
        .postings = posting,
    };
}

static void set_defaults(struct one_rule *bench)
{
    for (int p = 0; p < parameters_of(bench->rule); p++) {
        one_rule_set(bench, bench->rule->parameters[p].name, bench->rule->parameters[p].value);
    }
    for (int i = 0; i < count_names(bench->rule->borrows); i++) {
        one_rule_set(bench, bench->rule->borrows[i], find_parameter(bench->rule->borrows[i])->value);
    }
}

static void view(struct one_rule *bench, int firms, struct gw_key key)
{
    int32_t *firm_at = take(bench, ROWS, sizeof *firm_at);
    const int relations = firms < GW_MAX_RELATIONS ? firms : GW_MAX_RELATIONS;
    for (int i = 0; i < ROWS; i++) {
        firm_at[i] = i / GW_BLOCK < relations ? i / GW_BLOCK : -1;
    }
    bench->cash_flow = take(bench, (size_t)firms, sizeof(double));
    bench->announcements.room = ROWS;
    bench->announcements.list = take(bench, ROWS, sizeof(struct gw_announcement));
    bench->block = (struct gw_block){
        .rows = GW_BLOCK,
        .relations = relations,
        .firms = firms,
        .every_firm = firms == relations,
        .years = 1.0 / 52.0,
        .key = key,
        .shoppers = &bench->shoppers,
        .encounters = &bench->encounters,
        .tells = &bench->tells,
        .occasions = take(bench, GW_BLOCK, sizeof(int32_t)),
        .firm_at = firm_at,
        .positive_heard = take(bench, ROWS, sizeof(uint16_t)),
        .negative_heard = take(bench, ROWS, sizeof(uint16_t)),
        .announced = take(bench, ROWS, sizeof(uint16_t)),
        .candidate = take(bench, GW_BLOCK, sizeof(uint32_t)),
        .arcs_before = take(bench, GW_BLOCK + 1, sizeof(uint64_t)),
        .entries = &bench->entries,
        .announcements = &bench->announcements,
        .bound = &bench->bound,
        .books = &bench->books,
    };
    bench->firms = (struct gw_firms){.firms = firms,
                                     .consumers = GW_BLOCK,
                                     .scale = 1.0,
                                     .years = 1.0 / 52.0,
                                     .key = key,
                                     .cash_flow = bench->cash_flow,
                                     .bound = &bench->bound,
                                     .books = &bench->books};
}

struct one_rule *one_rule_open(const char *rule, int firms)
{
    const int r = gw_rule_find(rule);
    assert_true(r >= 0 && firms <= GW_MAX_FIRMS);
    struct one_rule *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->arena = calloc(ARENA_BYTES, 1);
    assert_non_null(bench->arena);
    bench->rule = gw_rules(gw_isa_best())[r];
    view(bench, firms, gw_key_make(20260101, 0, gw_rule_ids[r]));
    make_parameters(bench, parameters_of(bench->rule), &bench->bound.consumer, &bench->bound.levers,
                    &bench->bound.market);
    make_parameters(bench, count_names(bench->rule->borrows), &bench->bound.borrowed_consumer,
                    &bench->bound.borrowed_levers, &bench->bound.borrowed_market);
    bind_columns(bench);
    open_books(bench);
    set_defaults(bench);
    return bench;
}

void one_rule_close(struct one_rule *bench)
{
    free(bench->arena);
    free(bench);
}

/* ---- Setting the scene ------------------------------------------------------------------------------------ */

/* The rule sees its inputs as constant; they are the bench's own memory. */
static void *writable(const void *memory)
{
    return (void *)(uintptr_t)memory;
}

static void set(struct one_rule *bench, const char *name, int first_firm, int end_firm, double value)
{
    const struct gw_bound *bound = &bench->bound;
    const int borrow = position(bench->rule->borrows, name);
    int own = 0;
    while (borrow < 0 && strcmp(bench->rule->parameters[own].name, name) != 0) {
        own++;
        assert_non_null(bench->rule->parameters[own].name);
    }
    float *consumer = writable(borrow < 0 ? bound->consumer[own] : bound->borrowed_consumer[borrow]);
    double *levers = writable(borrow < 0 ? bound->levers[own] : bound->borrowed_levers[borrow]);
    double *market = writable(borrow < 0 ? &bound->market[own] : &bound->borrowed_market[borrow]);
    for (int row = 0; row < GW_BLOCK; row++) {
        consumer[row] = (float)value;
    }
    for (int firm = first_firm; firm < end_firm; firm++) {
        levers[firm] = value;
    }
    *market = value;
}

void one_rule_set(struct one_rule *bench, const char *parameter, double value)
{
    set(bench, parameter, 0, bench->block.firms, value);
}

void one_rule_set_firm(struct one_rule *bench, const char *parameter, int firm, double value)
{
    set(bench, parameter, firm, firm + 1, value);
}

void *one_rule_column(struct one_rule *bench, const char *name)
{
    const struct gw_column *column = bench->rule->columns;
    for (int i = 0; column != NULL && column[i].name != NULL; i++) {
        if (strcmp(column[i].name, name) == 0) {
            return bench->bound.columns[i];
        }
    }
    fail_msg("%s does not own column %s", bench->rule->name, name);
    return NULL;
}

void *one_rule_read(struct one_rule *bench, const char *name)
{
    const int i = position(bench->rule->reads, name);
    assert_true(i >= 0);
    return writable(bench->bound.reads[i]);
}

float *one_rule_term(struct one_rule *bench, const char *name)
{
    const struct gw_term *term = bench->rule->terms;
    for (int i = 0; term != NULL && term[i].name != NULL; i++) {
        if (strcmp(term[i].name, name) == 0) {
            ((bool *)writable(bench->bound.live_terms))[i] = true;
            return bench->bound.terms[i];
        }
    }
    fail_msg("%s does not own accumulator %s", bench->rule->name, name);
    return NULL;
}

float *one_rule_add(struct one_rule *bench, const char *name)
{
    const int i = position(bench->rule->adds, name);
    assert_true(i >= 0);
    return bench->bound.adds[i];
}

double *one_rule_steered(struct one_rule *bench, const char *lever)
{
    const int i = position(bench->rule->steers, lever);
    assert_true(i >= 0);
    return bench->bound.steered[i];
}

int64_t *one_rule_watch(struct one_rule *bench, const char *tally)
{
    const int i = position(bench->rule->watches, tally);
    assert_true(i >= 0);
    return writable(bench->bound.watched[i]);
}

void one_rule_shop(struct one_rule *bench, int n, int slot)
{
    struct gw_shoppers *s = &bench->shoppers;
    s->n = n;
    for (int k = 0; k < n; k++) {
        s->id[k] = bench->block.first + (uint32_t)k;
        s->row[k] = k;
        s->occasions[k] = 1;
        s->first[k] = slot;
        s->second[k] = -1;
        s->gives_up[k] = 0;
    }
}

void one_rule_meet(struct one_rule *bench, int n, int slot)
{
    struct gw_encounters *e = &bench->encounters;
    e->n = n;
    for (int k = 0; k < n; k++) {
        e->id[k] = bench->block.first + (uint32_t)k;
        e->row[k] = k;
        e->slot[k] = slot;
        e->at[k] = slot * GW_BLOCK + k;
        e->firm[k] = bench->block.firm_at[e->at[k]];
        e->purchases[k] = 1;
        e->before[k] = 0;
        e->cap[k] = 1;
        e->apart[k] = 0;
        e->until[k] = 1;
        e->ended[k] = GW_STAYS;
    }
}

uint16_t *one_rule_heard(struct one_rule *bench, bool negative)
{
    return writable(negative ? bench->block.negative_heard : bench->block.positive_heard);
}

/* ---- Running and reading ---------------------------------------------------------------------------------- */

void one_rule_enter(struct one_rule *bench, int row, int slot, int firm)
{
    const int at = slot * GW_BLOCK + row;
    int32_t *firm_at = writable(bench->block.firm_at);
    bench->entries = (struct gw_entries){.n = 1};
    bench->entries.id[0] = bench->block.first + (uint32_t)row;
    bench->entries.row[0] = row;
    bench->entries.slot[0] = slot;
    bench->entries.at[0] = at;
    bench->entries.firm[0] = firm;
    bench->entries.gone[0] = firm_at[at];
    firm_at[at] = firm;
    if (bench->rule->enter != NULL) {
        bench->rule->enter(&bench->block, &bench->entries);
    }
    bench->entries.n = 0;
}

static void enter_slot(struct one_rule *bench, int slot)
{
    struct gw_entries *e = &bench->entries;
    e->n = 0;
    for (int row = 0; row < bench->block.rows; row++) {
        const int at = slot * GW_BLOCK + row;
        e->id[e->n] = bench->block.first + (uint32_t)row;
        e->row[e->n] = row;
        e->slot[e->n] = slot;
        e->at[e->n] = at;
        e->firm[e->n] = bench->block.firm_at[at];
        e->gone[e->n] = -1;
        e->n += e->firm[e->n] >= 0;
    }
    bench->rule->enter(&bench->block, e);
    e->n = 0;
}

void one_rule_start(struct one_rule *bench)
{
    bench->block.starting = true;
    for (int slot = 0; bench->rule->enter != NULL && slot < bench->block.relations; slot++) {
        enter_slot(bench, slot);
    }
    if (bench->rule->start != NULL) {
        bench->rule->start(&bench->block);
    }
    bench->block.starting = false;
}

void one_rule_run(struct one_rule *bench, enum gw_phase phase)
{
    const struct gw_step *step = bench->rule->steps;
    int ran = 0;
    for (; step->block != NULL || step->act != NULL; step++) {
        if (step->phase != phase) {
            continue;
        }
        ran++;
        if (step->act != NULL) {
            step->act(&bench->firms);
        } else {
            step->block(&bench->block);
        }
    }
    assert_true(ran > 0);
}

int64_t one_rule_tally(const struct one_rule *bench, const char *tally, int label, int firm)
{
    const struct gw_tally *tallies = bench->rule->tallies;
    for (int i = 0; tallies != NULL && tallies[i].name != NULL; i++) {
        if (strcmp(tallies[i].name, tally) == 0) {
            return bench->books.tally[(bench->books.tally_cell[i] + label) * bench->books.firms + firm];
        }
    }
    fail_msg("%s does not count %s", bench->rule->name, tally);
    return 0;
}

int64_t one_rule_account(const struct one_rule *bench, enum gw_account account, int firm)
{
    return bench->books.account[(int)account * bench->books.firms + firm];
}
