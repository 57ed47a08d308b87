/*
 * The engine and the oracle, consumer by consumer.
 *
 * Both live the same scenarios from the same seed. Discrete state must be equal for every consumer, relation and
 * period; real state within the rounding of float32 arithmetic (the engine) against doubles (the oracle); counts
 * exactly; money per event within float32's relative rounding of an order's value. A decision whose uniform falls
 * within 1e-7 of its threshold could go either way; at the seeds used none does.
 */
#include "lab.h"
#include "oracle.h"
#include "outcome/value.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MARKET                                                                                                       \
    "goodwill: 1\n"                                                                                                  \
    "horizon: 50\n"                                                                                                  \
    "warm_up: 0\n"                                                                                                   \
    "replications: 1\n"                                                                                              \
    "seed: 20261122\n"                                                                                               \
    "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"                                                          \
    "firms:\n"                                                                                                       \
    "  us: {price: {schedule: {at: 10, to: 0.9}}, agents: 0.6, initial_share: 0.2, fixed_cost: 10, survey_rate: "    \
    "0.4,\n"                                                                                                         \
    "       half_spend: 60, spend: {empathy: 60, resolution: {schedule: {from: 5, until: 25, to: 90}}}}\n"           \
    "  rival: {price: 1.05, agents: 0.3, initial_share: 0.3, failure_rate: 0.1, repair_share: 0.5}\n"                \
    "  third: {appeal: -0.2, agents: 1.4, treatment_ceiling: 0.7}\n"                                                 \
    "market:\n"                                                                                                      \
    "  value_price: 0.4\n"                                                                                           \
    "  negative_ratio: 3\n"

#define PEOPLE                                                                                                       \
    "population:\n"                                                                                                  \
    "  size: 2600\n"                                                                                                 \
    "  purchase_rate: {vary: {gamma: {shape: 0.45, mean: 44}}}\n"                                                    \
    "  order_value: {vary: {lognormal: {mean: 20, sd: 10}}}\n"                                                       \
    "  tells_per_experience: 0.5\n"                                                                                  \
    "  tells_always: 0.05\n"                                                                                         \
    "  segments:\n"                                                                                                  \
    "    steady: {share: 0.4, price_sensitivity: {vary: {lognormal: {mean: 2.5, sd: 0.8}}}}\n"                       \
    "    hunters: {share: 0.6, loss_aversion: 1.5, inertia: 0.3,\n"                                                  \
    "              price_sensitivity: {vary: {normal: {mean: 5, sd: 1}}}}\n"

static const char *const market = MARKET PEOPLE;
static const char *const lifetimes = MARKET PEOPLE "  dropout: {vary: {beta: {alpha: 0.793, beta: 8}}}\n"
                                                   "  lifetime_rate: {vary: {gamma: {shape: 0.6, rate: 1}}}\n";
static const char *const shaped = MARKET "  order_shape: 6.25\n" PEOPLE;
static const char *const daily = "period: day\n" MARKET PEOPLE;

enum { EVENTS = 1 << 16 };

/* Both implementations side by side. */
struct pair {
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
    struct gw_layout layout;
    struct gw_trace trace;
    struct oracle *oracle;
};

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

/* `p` is zeroed; the worker keeps a pointer to its trace. */
static void begin(struct pair *p, const char *text)
{
    struct gw_error error = {0};
    gsl_set_error_handler_off();
    must(gw_scenario_parse(&p->scenario, text, strlen(text), "pair.yaml", ".", NULL, 0, &error), &error);
    must(gw_plan_create(&p->plan, p->scenario, (struct gw_plan_options){.isa = gw_isa_best()}, &error), &error);
    gw_plan_layout(p->plan, &p->layout);
    must(gw_worker_create(&p->worker, p->plan, &error), &error);
    must(gw_worker_start(p->worker, 0, &error), &error);
    must(gw_worker_use(p->worker, 0, &error), &error);
    p->trace.room = EVENTS;
    p->trace.event = malloc(EVENTS * sizeof *p->trace.event);
    assert_non_null(p->trace.event);
    gw_worker_trace(p->worker, &p->trace);
    p->oracle = oracle_create(p->scenario, p->plan->network, 0, &error);
    assert_non_null(p->oracle);
}

static void end(struct pair *p)
{
    oracle_free(p->oracle);
    gw_worker_free(p->worker);
    gw_plan_free(p->plan);
    gw_scenario_free(p->scenario);
    free(p->trace.event);
}

static void step(struct pair *p)
{
    struct gw_error error = {0};
    p->trace.n = 0;
    must(gw_worker_period(p->worker, &error), &error);
    must(oracle_period(p->oracle, 0, &error), &error);
    assert_true(p->trace.n <= p->trace.room);
}

/* ---- State ------------------------------------------------------------------------------------------------- */

struct compared {
    const char *name;
    bool of_relation;
    double tolerance; /* 0: must be equal */
};

static const struct compared columns[] = {
    {"relation_state", true, 0},  {"since", true, 0},         {"first_payment", true, 0},
    {"last_purchase", true, 0},   {"last_slot", false, 0},    {"contract", false, 0},
    {"barred_until", true, 2e-3}, {"taste", true, 1e-5},      {"attitude", true, 2e-5},
    {"expectation", true, 2e-5},  {"remembered", true, 2e-4},
};

static void compare_state(const struct pair *p, uint32_t period)
{
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        const int column = gw_plan_column_find(p->plan, columns[c].name);
        if (column < 0) {
            continue; /* its rule is off in this scenario */
        }
        for (uint32_t i = 0; i < p->scenario->population; i++) {
            for (int f = 0; f < (columns[c].of_relation ? p->scenario->firms : 1); f++) {
                const double engine = gw_worker_value(p->worker, column, i, f);
                const double oracle = oracle_column(p->oracle, columns[c].name, i, f);
                if (!(fabs(engine - oracle) <= columns[c].tolerance * (1.0 + fabs(oracle)))) {
                    fail_msg("period %u, consumer %u, firm %d: %s is %.9g in the engine, %.9g in the oracle", period,
                             i, f, columns[c].name, engine, oracle);
                }
            }
        }
    }
}

/* ---- Tallies ----------------------------------------------------------------------------------------------- */

/* A rule that is off counts nothing; the oracle need not know it. */
static void compare_tallies(const struct pair *p, uint32_t period)
{
    const struct gw_books *books = gw_worker_books(p->worker);
    for (int t = 0; t < p->layout.tallies; t++) {
        const struct gw_layout_tally *tally = &p->layout.tally[t];
        for (int label = 0; label < tally->labels; label++) {
            for (int f = 0; f < p->scenario->firms; f++) {
                const int64_t engine = books->tally[(tally->cell + label) * p->scenario->firms + f];
                const char *name = tally->labels > 1 ? tally->tally->dimension->labels[label] : "";
                const int64_t oracle =
                    p->plan->live[tally->rule] ? oracle_tally(p->oracle, tally->tally->name, name, f) : 0;
                const double tolerance = tally->tally->measure == GW_SUM ? 1e-6 * fabs((double)oracle) + 100.0 : 0.0;
                if (!(fabs((double)(engine - oracle)) <= tolerance)) {
                    fail_msg("period %u, firm %d: %s[%s] is %lld in the engine, %lld in the oracle", period, f,
                             tally->tally->name, name, (long long)engine, (long long)oracle);
                }
            }
        }
    }
}

/* ---- Money ------------------------------------------------------------------------------------------------- */

struct movement {
    int firm, debit, credit;
    uint32_t consumer;
    int64_t micro;
};

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

/* The engine's events of the period, without empty ones, sorted. */
static size_t engine_movements(const struct pair *p, struct movement *out)
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

static size_t oracle_movements(const struct pair *p, struct movement *out)
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

/* Number of movements that differ between two sorted lists; missing ones included. */
static size_t differing(const struct movement *a, size_t n, const struct movement *b, size_t m)
{
    size_t different = n > m ? n - m : m - n;
    for (size_t i = 0; i < n && i < m; i++) {
        different += !same_movement(&a[i], &b[i]);
    }
    return different;
}

static struct movement ours[EVENTS], theirs[EVENTS];

static void compare_money(const struct pair *p, uint32_t period)
{
    const size_t n = engine_movements(p, ours), m = oracle_movements(p, theirs);
    const size_t different = differing(ours, n, theirs, m);
    if (different != 0) {
        fail_msg("period %u: %zu movements in the engine, %zu in the oracle, %zu differ", period, n, m, different);
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

/* ---- Tests ------------------------------------------------------------------------------------------------- */

static void live(const char *text)
{
    struct pair p = {0};
    begin(&p, text);
    for (uint32_t t = 0; t < p.scenario->horizon; t++) {
        step(&p);
        compare_state(&p, t);
        compare_tallies(&p, t);
        compare_money(&p, t);
        check_ledger(&p);
    }
    end(&p);
}

static void test_market(void **state)
{
    (void)state;
    live(market);
}

static void test_lifetimes(void **state)
{
    (void)state;
    live(lifetimes);
}

static void test_order_shapes(void **state)
{
    (void)state;
    live(shaped);
}

static void test_days(void **state)
{
    (void)state;
    live(daily);
}

static void test_contracts(void **state)
{
    (void)state;
    live("setting: contractual\n" MARKET
         "  contract_years: 0.0769230769\n  renewal_memory: 1\n  renewal_attitude: 2\n"
         "  renewal_failure: 1.5\n  renewal_price: 3.5\n" PEOPLE "  churn: {vary: {beta: {alpha: 2, beta: 8}}}\n");
}

/* A posting that never reaches the ledger is caught: one event fewer on one side is one difference. */
static void test_dropped_posting_is_caught(void **state)
{
    struct pair p = {0};
    (void)state;
    begin(&p, market);
    for (int t = 0; t < 5; t++) {
        step(&p);
    }
    size_t n = engine_movements(&p, ours);
    const size_t m = oracle_movements(&p, theirs);
    assert_true(n > 10);
    assert_int_equal(differing(ours, n, theirs, m), 0);
    memmove(&ours[n / 2], &ours[n / 2 + 1], (n - n / 2 - 1) * sizeof *ours);
    n--;
    assert_true(differing(ours, n, theirs, m) > 0);
    end(&p);
}

/* Warm-up, two strategies, an uncertain world, company value: through whole replications of the engine. */
static void compare_values(const struct lab *lab, uint32_t replication)
{
    struct gw_error error = {0};
    const struct gw_scenario *scenario = lab->scenario;
    struct oracle *warm = oracle_create(scenario, lab->plan->network, replication, &error);
    assert_non_null(warm);
    for (uint32_t t = 0; t < scenario->warm_up; t++) {
        must(oracle_period(warm, -1, &error), &error);
    }
    for (int s = 0; s < scenario->strategies; s++) {
        struct oracle *oracle = oracle_copy(warm);
        assert_non_null(oracle);
        for (uint32_t t = 0; t < scenario->horizon; t++) {
            must(oracle_period(oracle, s, &error), &error);
            assert_int_equal(lab_cell(lab, s, replication, t, "purchases", 0, 0),
                             oracle_tally(oracle, "purchases", "", 0));
            assert_int_equal(lab_cell(lab, s, replication, t, "active", 0, 0), oracle_tally(oracle, "active", "", 0));
        }
        const struct gw_worth worth = gw_worth_of(&lab->layout, lab->record[replication], s, scenario->years);
        const struct oracle_value value = oracle_valuation(oracle, scenario->focal);
        assert_close(worth.horizon_value, value.horizon, 1e-6, 0.0);
        assert_close(worth.terminal_value, value.terminal, 1e-6, 0.0);
        oracle_free(oracle);
    }
    oracle_free(warm);
}

static void test_strategies_and_value(void **state)
{
    struct lab *lab =
        lab_run("goodwill: 1\n"
                "horizon: 60\nwarm_up: 10\nreplications: 2\nseed: 99\n"
                "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"
                "population:\n"
                "  size: 600\n"
                "  purchase_rate: {vary: {gamma: {shape: {uncertain: {uniform: {low: 0.3, high: 0.6}}}, "
                "rate: 0.02}}}\n"
                "  tells_per_experience: 0.4\n"
                "firms:\n"
                "  us: {unit_cost: {uncertain: {normal: {mean: 0.5, sd: 0.05}}}, fixed_cost: 20}\n"
                "  rival: {price: 1.02}\n"
                "strategies:\n"
                "  base: {}\n"
                "  cut: {firms.us.price: {schedule: {at: 5, to: 0.9}}, population.loss_aversion: 1}\n");
    (void)state;
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        compare_values(lab, r);
    }
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_market),
        cmocka_unit_test(test_lifetimes),
        cmocka_unit_test(test_order_shapes),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_contracts),
        cmocka_unit_test(test_dropped_posting_is_caught),
        cmocka_unit_test(test_strategies_and_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
