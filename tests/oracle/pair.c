#include "pair.h"

#include "outcome/value.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void pair_must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

void pair_begin(struct pair *p, const char *text)
{
    struct gw_error error = {0};
    gsl_set_error_handler_off();
    pair_must(gw_scenario_parse(&p->scenario, text, strlen(text), "pair.yaml", ".", NULL, 0, &error), &error);
    pair_must(gw_plan_create(&p->plan, p->scenario, (struct gw_plan_options){.isa = gw_isa_best()}, &error), &error);
    gw_plan_layout(p->plan, &p->layout);
    pair_must(gw_worker_create(&p->worker, p->plan, 1, &error), &error);
    pair_must(gw_worker_start(p->worker, 0, &error), &error);
    p->trace.room = PAIR_EVENTS;
    p->trace.event = malloc(PAIR_EVENTS * sizeof *p->trace.event);
    assert_non_null(p->trace.event);
    gw_worker_trace(p->worker, &p->trace);
    p->oracle = oracle_create(p->scenario, p->plan->network, 0, &error);
    assert_non_null(p->oracle);
}

void pair_end(struct pair *p)
{
    oracle_free(p->oracle);
    gw_worker_free(p->worker);
    gw_plan_free(p->plan);
    gw_scenario_free(p->scenario);
    free(p->trace.event);
}

void pair_step(struct pair *p)
{
    struct gw_error error = {0};
    const int set = oracle_now(p->oracle) < (int64_t)p->scenario->warm_up ? p->scenario->strategies : 0;
    if (oracle_now(p->oracle) == 0 || oracle_now(p->oracle) == (int64_t)p->scenario->warm_up) {
        pair_must(gw_worker_use(p->worker, set, &error), &error);
    }
    p->trace.n = 0;
    pair_must(gw_worker_period(p->worker, &error), &error);
    pair_must(oracle_period(p->oracle, set == 0 ? 0 : -1, &error), &error);
    assert_true(p->trace.n <= p->trace.room);
}

/* ---- State ------------------------------------------------------------------------------------------------- */

struct compared {
    const char *name;
    bool of_relation;
    double tolerance; /* 0: must be equal */
};

static const struct compared columns[] = {
    {"channel", false, 0},       {"aware", true, 0},          {"informed", true, 0},
    {"relation_state", true, 0}, {"since", true, 0},          {"first_payment", true, 0},
    {"last_purchase", true, 0},  {"last_slot", false, 0},     {"contract", false, 0},
    {"barred_until", true, 0},   {"taste", true, 1e-5},       {"attitude", true, 2e-5},
    {"trust", true, 2e-5},       {"promise_gap", true, 2e-5}, {"distance", true, 1e-5},
    {"fatigue", true, 1e-5},     {"gratitude", true, 1e-5},   {"scoring_trait", false, 1e-5},
    {"level", true, 0},          {"expectation", true, 2e-5}, {"remembered", true, 2e-4},
};

static void must_agree(const struct compared *c, double engine, double oracle, uint32_t period, uint32_t i, int f)
{
    if (!(fabs(engine - oracle) <= c->tolerance * (1.0 + fabs(oracle)))) {
        fail_msg("period %u, consumer %u, firm %d: %s is %.9g in the engine, %.9g in the oracle", period, i, f,
                 c->name, engine, oracle);
    }
}

/* The engine keeps the first start of a period not before the end of a bar, and no end that no run sees; the oracle
 * keeps the time. Of two starts between which the arithmetic of either may decide, the engine's counts. A bar that is
 * over does not matter. */
static void compare_bars(const struct compared *c, double engine, double oracle, uint32_t period, uint32_t i, int f)
{
    const double slack = 1e-5 * (1.0 + oracle), never = (double)gw_moment_time(GW_MOMENT_NEVER);
    const double least = oracle < GW_MAX_PERIODS ? ceil(oracle - slack) : never;
    const double most = oracle < GW_MAX_PERIODS ? ceil(oracle + slack) : never;
    const double over = period + 1.0;
    must_agree(c, fmax(engine, over), fmax(fmin(fmax(engine, least), most), over), period, i, f);
}

static void compare_column(const struct pair *p, const struct compared *c, int column, uint32_t period)
{
    const bool bars = strcmp(c->name, "barred_until") == 0;
    for (uint32_t i = 0; i < p->scenario->population; i++) {
        if (!c->of_relation) {
            must_agree(c, gw_worker_value(p->worker, column, i, 0), oracle_column(p->oracle, c->name, i, 0), period,
                       i, 0);
            continue;
        }
        for (int slot = 0; slot < p->scenario->relations; slot++) {
            const int f = oracle_slot(p->oracle, i, slot);
            if (f >= 0) {
                (bars ? compare_bars : must_agree)(c, gw_worker_value(p->worker, column, i, slot),
                                                   oracle_column(p->oracle, c->name, i, f), period, i, f);
            }
        }
    }
}

static void compare_slots(const struct pair *p, uint32_t period)
{
    for (uint32_t i = 0; i < p->scenario->population; i++) {
        for (int slot = 0; slot < p->scenario->relations; slot++) {
            const int engine = gw_worker_firm(p->worker, i, slot), oracle = oracle_slot(p->oracle, i, slot);
            if (engine != oracle) {
                fail_msg("period %u, consumer %u: firm %d in slot %d of the engine, %d in the oracle", period, i,
                         engine, slot, oracle);
            }
        }
    }
}

static void compare_state(const struct pair *p, uint32_t period)
{
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        const int column = gw_plan_column_find(p->plan, columns[c].name);
        if (column >= 0) { /* else its rule is off in this scenario */
            compare_column(p, &columns[c], column, period);
        }
    }
}

static const struct compared firm_columns[] = {
    {"cash", false, 1e-3}, /* what is left of thousands */
    {"open", false, 0},
    {"reach", false, 1e-9},
    {"utilisation", false, 1e-9},
    {"burnout", false, 1e-9},
    {"staff_quality", false, 1e-9},
    {"staff_speed", false, 1e-9},
    {"staff_present", false, 1e-9},
    {"service_standard", false, 1e-9},
    {"service_practice", false, 1e-9},
    {"process_shift", false, 1e-6},
    {"rating", false, 1e-9},
    {"treatment_quality", false, 1e-6},
};

static void compare_firms(const struct pair *p, uint32_t period)
{
    for (size_t c = 0; c < sizeof firm_columns / sizeof *firm_columns; c++) {
        const int column = gw_plan_column_find(p->plan, firm_columns[c].name);
        for (int f = 0; column >= 0 && f < p->scenario->firms; f++) {
            must_agree(&firm_columns[c], gw_worker_value(p->worker, column, 0, f),
                       oracle_firm(p->oracle, firm_columns[c].name, f), period, 0, f);
        }
    }
}

/* ---- Tallies ----------------------------------------------------------------------------------------------- */

/* What looks back to the origin means nothing before it, and is not reported. */
static bool is_reported(const struct pair *p, const struct gw_tally *tally, uint32_t period)
{
    const bool looks_back = strncmp(tally->name, "value_", 6) == 0 || strcmp(tally->name, "retained") == 0;
    return period >= p->scenario->warm_up || !looks_back;
}

/* A rule that is off counts nothing; the oracle need not know it. */
static void must_count(const struct gw_plan *plan, const struct gw_layout_tally *tally, int label, int f,
                       int64_t engine, const struct oracle *o)
{
    const char *name = tally->labels > 1 ? tally->tally->dimension->labels[label] : "";
    const int64_t oracle = plan->live[tally->rule] ? oracle_tally(o, tally->tally->name, name, f) : 0;
    const double tolerance = tally->tally->measure == GW_SUM ? 1e-6 * fabs((double)oracle) + 100.0 : 0.0;
    if (!(fabs((double)(engine - oracle)) <= tolerance)) {
        fail_msg("period %lld, firm %d: %s[%s] is %lld in the engine, %lld in the oracle",
                 (long long)oracle_now(o) - 1, f, tally->tally->name, name, (long long)engine, (long long)oracle);
    }
}

static void compare_tallies(const struct pair *p, uint32_t period)
{
    const struct gw_books *books = gw_worker_books(p->worker);
    const int firms = p->scenario->firms;
    for (int t = 0; t < p->layout.tallies; t++) {
        const struct gw_layout_tally *tally = &p->layout.tally[t];
        for (int k = 0; k < tally->labels * firms && is_reported(p, tally->tally, period); k++) {
            const int label = k / firms, f = k % firms;
            must_count(p->plan, tally, label, f, books->tally[(tally->cell + label) * firms + f], p->oracle);
        }
    }
}

/* ---- Money ------------------------------------------------------------------------------------------------- */

static int by_everything(const void *a, const void *b)
{
    const struct movement *x = a, *y = b;
    const int64_t keys[] = {x->debit - y->debit, x->credit - y->credit, x->firm - y->firm,
                            (int64_t)x->consumer - (int64_t)y->consumer, x->micro - y->micro};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        if (keys[k] != 0) {
            return keys[k] < 0 ? -1 : 1;
        }
    }
    return 0;
}

size_t pair_engine_movements(const struct pair *p, struct movement out[PAIR_EVENTS])
{
    size_t n = 0;
    for (size_t i = 0; i < p->trace.n; i++) {
        const struct gw_trace_event *e = &p->trace.event[i];
        if (e->micro != 0) {
            out[n++] =
                (struct movement){e->firm, (int)e->posting->debit, (int)e->posting->credit, e->consumer, e->micro};
        }
    }
    qsort(out, n, sizeof *out, by_everything);
    return n;
}

size_t pair_oracle_movements(const struct pair *p, struct movement out[PAIR_EVENTS])
{
    size_t n = 0;
    const struct oracle_event *event = oracle_events(p->oracle, &n);
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct movement){event[i].firm, (int)event[i].debit, (int)event[i].credit, event[i].consumer,
                                   event[i].micro};
    }
    qsort(out, n, sizeof *out, by_everything);
    return n;
}

static bool same_movement(const struct movement *a, const struct movement *b)
{
    return a->firm == b->firm && a->debit == b->debit && a->credit == b->credit && a->consumer == b->consumer &&
           fabs((double)(a->micro - b->micro)) <= 1.0 + 4e-6 * fabs((double)b->micro);
}

size_t pair_differing(const struct movement *a, size_t n, const struct movement *b, size_t m)
{
    size_t different = n > m ? n - m : m - n;
    for (size_t i = 0; i < n && i < m; i++) {
        different += !same_movement(&a[i], &b[i]);
    }
    return different;
}

static struct movement ours[PAIR_EVENTS], theirs[PAIR_EVENTS];

static void compare_money(const struct pair *p, uint32_t period)
{
    const size_t n = pair_engine_movements(p, ours), m = pair_oracle_movements(p, theirs);
    const size_t different = pair_differing(ours, n, theirs, m);
    if (different != 0) {
        fail_msg("period %u: %zu movements in the engine, %zu in the oracle, %zu differ", period, n, m, different);
    }
}

/* ---- Segments ---------------------------------------------------------------------------------------------- */

static int segment_of(const struct gw_scenario *scenario, uint32_t consumer)
{
    int segment = 0;
    while (consumer >= gw_segment_first(scenario, segment + 1)) {
        segment++;
    }
    return segment;
}

/* What the focal firm's consumers of a segment moved, by the oracle. */
static int64_t oracle_flow(const struct pair *p, int segment, int account)
{
    size_t n = 0;
    int64_t sum = 0;
    const struct oracle_event *event = oracle_events(p->oracle, &n);
    for (size_t i = 0; i < n; i++) {
        if (event[i].firm == p->scenario->focal && event[i].consumer != ORACLE_NOBODY &&
            segment_of(p->scenario, event[i].consumer) == segment) {
            sum += (int)event[i].debit == account ? event[i].micro : 0;
            sum -= (int)event[i].credit == account ? event[i].micro : 0;
        }
    }
    return sum;
}

static void must_be_near(const struct pair *p, int segment, const char *name, const char *label, bool exact,
                         int64_t engine, int64_t oracle)
{
    const double tolerance = exact ? 0.0 : 1e-6 * fabs((double)oracle) + 100.0;
    if (!(fabs((double)(engine - oracle)) <= tolerance)) {
        fail_msg("period %lld, segment %d: %s[%s] is %lld in the engine, %lld in the oracle",
                 (long long)oracle_now(p->oracle) - 1, segment, name, label, (long long)engine, (long long)oracle);
    }
}

static void compare_segment(const struct pair *p, int segment, uint32_t period, const int64_t *cell)
{
    for (int t = 0; t < p->layout.tallies; t++) {
        const struct gw_layout_tally *tally = &p->layout.tally[t];
        const bool counts = p->plan->live[tally->rule] && is_reported(p, tally->tally, period);
        for (int k = 0; counts && k < tally->labels; k++) {
            const char *label = tally->labels > 1 ? tally->tally->dimension->labels[k] : "";
            must_be_near(p, segment, tally->tally->name, label, tally->tally->measure == GW_COUNT,
                         cell[tally->cell + k],
                         oracle_segment_tally(p->oracle, segment, tally->tally->name, label, p->scenario->focal));
        }
    }
    for (int account = 0; account < GW_ACCOUNTS; account++) {
        must_be_near(p, segment, gw_account_names[account], "", false, cell[p->layout.cells + account],
                     oracle_flow(p, segment, account));
    }
}

static void compare_segments(const struct pair *p, uint32_t period)
{
    const int64_t *cells = gw_worker_segments(p->worker);
    assert_int_equal(cells != NULL, p->scenario->segments > 1);
    for (int s = 0; cells != NULL && s < p->scenario->segments; s++) {
        compare_segment(p, s, period, cells + (size_t)s * ((size_t)p->layout.cells + GW_ACCOUNTS));
    }
}

/* The ledger is the sum of its events, and every period's accounts sum to 0. */
static void check_ledger(const struct pair *p)
{
    const struct gw_books *books = gw_worker_books(p->worker);
    for (int f = 0; f < p->scenario->firms; f++) {
        int64_t balance = 0;
        for (int account = 0; account < GW_ACCOUNTS; account++) {
            int64_t sum = 0;
            for (size_t i = 0; i < p->trace.n; i++) {
                const struct gw_trace_event *e = &p->trace.event[i];
                if (e->firm == f) {
                    sum += (int)e->posting->debit == account ? e->micro : 0;
                    sum -= (int)e->posting->credit == account ? e->micro : 0;
                }
            }
            assert_int_equal(books->account[account * p->scenario->firms + f], sum);
            balance += sum;
        }
        assert_int_equal(balance, 0);
    }
}

void pair_compare(const struct pair *p)
{
    const uint32_t period = (uint32_t)oracle_now(p->oracle) - 1;
    compare_firms(p, period);
    compare_slots(p, period);
    compare_state(p, period);
    compare_tallies(p, period);
    compare_money(p, period);
    compare_segments(p, period);
    check_ledger(p);
}

enum { MOST_NAMES = 40 };

/* Of all firms, in the period just run. */
static int64_t amount(const struct oracle *oracle, int firms, const char *name)
{
    char tally[40] = "", label[40] = "";
    int64_t sum = 0;
    assert_true(sscanf(name, "%39s %39s", tally, label) >= 1);
    for (int f = 0; f < firms; f++) {
        const int64_t n = oracle_tally(oracle, tally, label, f);
        assert_int_not_equal(n, -1);
        sum += n;
    }
    return sum;
}

void pair_live(const char *yaml, const char *const *happens)
{
    struct pair p = {0};
    int64_t sum[MOST_NAMES] = {0};
    pair_begin(&p, yaml);
    for (uint32_t t = 0; t < p.scenario->warm_up + p.scenario->horizon; t++) {
        pair_step(&p);
        pair_compare(&p);
        for (int k = 0; happens != NULL && happens[k] != NULL; k++) {
            sum[k] += amount(p.oracle, p.scenario->firms, happens[k]);
        }
    }
    for (int k = 0; happens != NULL && happens[k] != NULL; k++) {
        if (sum[k] == 0) {
            fail_msg("%s never happened", happens[k]);
        }
    }
    pair_end(&p);
}

/* ---- Whole runs -------------------------------------------------------------------------------------------- */

static void compare_record(const struct lab *lab, int s, uint32_t replication, uint32_t t, const struct oracle *o)
{
    const int firms = lab->scenario->firms;
    for (int k = 0; k < lab->layout.tallies; k++) {
        const struct gw_layout_tally *tally = &lab->layout.tally[k];
        for (int l = 0; l < tally->labels * firms; l++) {
            const int label = l / firms, f = l % firms;
            must_count(lab->plan, tally, label, f, lab_cell(lab, s, replication, t, tally->tally->name, label, f), o);
        }
    }
}

static void compare_replication(const struct lab *lab, uint32_t replication)
{
    struct gw_error error = {0};
    const struct gw_scenario *scenario = lab->scenario;
    struct oracle *warm = oracle_create(scenario, lab->plan->network, replication, &error);
    assert_non_null(warm);
    for (uint32_t t = 0; t < scenario->warm_up; t++) {
        pair_must(oracle_period(warm, -1, &error), &error);
    }
    for (int s = 0; s < scenario->strategies; s++) {
        struct oracle *oracle = oracle_copy(warm);
        assert_non_null(oracle);
        for (uint32_t t = 0; t < scenario->horizon; t++) {
            pair_must(oracle_period(oracle, s, &error), &error);
            compare_record(lab, s, replication, t, oracle);
        }
        const struct gw_worth worth = gw_worth_of(&lab->layout, lab->record[replication], s, scenario->years);
        const struct oracle_value value = oracle_valuation(oracle, scenario->focal);
        assert_close(worth.horizon_value, value.horizon, 1e-6, 0.0);
        assert_close(worth.terminal_value, value.terminal, 1e-6, 0.0);
        oracle_free(oracle);
    }
    oracle_free(warm);
}

void pair_run(const char *yaml)
{
    struct lab *lab = lab_run(yaml);
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        compare_replication(lab, r);
    }
    lab_free(lab);
}
