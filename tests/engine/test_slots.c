/* More firms than slots: relations that begin, news of firms in no slot, announcements, and the same bits as with a
 * slot for every firm where only those in slots can be bought from. What rules ask of the engine is planted. */
#include "lab.h"

#include "engine/worker_private.h"
#include "scenario/catalogue.h"

#include <gsl/gsl_errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRMS = 5, SLOTS = 2, SIZE = GW_BLOCK + 300, PERIODS = 12 };

#define MARKET                                                                                                       \
    "goodwill: 1\nhorizon: 12 weeks\nwarm_up: 0 weeks\nseed: 31\nreplications: 1\n"                                  \
    "population: {size: %d, relations: %d, purchase_rate: 40, lifetime_rate: 0.5, tells_per_experience: 1,\n"        \
    "  category_appeal: 0}\n"                                                                                        \
    "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\nkeep: {firms: true}\nmarket: {avoidance: 0.02}\n"          \
    "firms: {a: {initial_share: 0.3}, b: {initial_share: 0.2}, c: {}, d: {appeal: 1}, e: {}}\n"                      \
    "strategies: {s: {}, t: {}}\n"

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

/* ---- A market whose slots change hands ---------------------------------------------------------------------- */

struct market {
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    const struct gw_rule **rule; /* what the plan runs: copies without hooks that fill slots */
    struct gw_rule *copy;
};

static const struct gw_step *needs; /* of rule occasions, which the wandering is planted in */

/* In every third row somebody else's turn: the firm takes a slot, wherever it comes from. */
static void wander(const struct gw_block *b)
{
    needs->block(b);
    for (int row = 0; row < b->rows; row++) {
        const uint32_t turn = b->first + (uint32_t)row + b->period;
        if (turn % 3 == 0) {
            gw_enter(b, row, (int)(turn / 3 % SLOTS), (int32_t)(turn / 7 % FIRMS));
        }
    }
}

static void rest(const struct gw_block *b)
{
    (void)b;
}

static void plant(struct gw_plan *plan, enum gw_phase phase, const char *rule, const struct gw_step *step)
{
    for (int s = plan->first[phase]; s < plan->first[phase + 1]; s++) {
        if (strcmp(plan->rules[plan->step[s].rule]->name, rule) == 0) {
            plan->step[s].step = step;
        }
    }
}

static const struct gw_step *step_of(const struct gw_plan *plan, enum gw_phase phase, const char *rule)
{
    for (int s = plan->first[phase]; s < plan->first[phase + 1]; s++) {
        if (strcmp(plan->rules[plan->step[s].rule]->name, rule) == 0) {
            return plan->step[s].step;
        }
    }
    fail_msg("rule %s rests in that phase", rule);
    return NULL;
}

static struct market market_open(int slots)
{
    static const struct gw_step wandering = {GW_NEED, GW_BLOCK_STEP, wander, NULL};
    static const struct gw_step resting = {GW_NEED, GW_BLOCK_STEP, rest, NULL};
    struct market m = {0};
    struct gw_error error = {0};
    char text[2000];
    gsl_set_error_handler_off();
    snprintf(text, sizeof text, MARKET, SIZE, slots);
    must(gw_scenario_parse(&m.scenario, text, strlen(text), "slots.yaml", ".", NULL, 0, &error), &error);
    must(gw_plan_create(&m.plan, m.scenario, (struct gw_plan_options){.isa = gw_isa_best()}, &error), &error);
    m.rule = calloc((size_t)gw_rule_count, sizeof *m.rule);
    m.copy = calloc((size_t)gw_rule_count, sizeof *m.copy);
    assert_true(m.rule != NULL && m.copy != NULL);
    for (int r = 0; r < gw_rule_count; r++) {
        m.copy[r] = *m.plan->rules[r];
        m.copy[r].fill = NULL;
        m.rule[r] = &m.copy[r];
    }
    m.plan->rules = m.rule;
    if (slots < FIRMS) {
        needs = step_of(m.plan, GW_NEED, "occasions");
        plant(m.plan, GW_NEED, "occasions", &wandering);
        plant(m.plan, GW_NEED, "consideration", &resting);
    }
    return m;
}

static void market_close(struct market m)
{
    gw_plan_free(m.plan);
    gw_scenario_free(m.scenario);
    free((void *)m.rule);
    free(m.copy);
}

static struct gw_worker *start(struct market m)
{
    struct gw_worker *worker;
    struct gw_error error = {0};
    must(gw_worker_create(&worker, m.plan, 1, &error), &error);
    must(gw_worker_start(worker, 0, &error), &error);
    return worker;
}

static void run(struct gw_worker *worker)
{
    struct gw_error error = {0};
    must(gw_worker_period(worker, &error), &error);
}

static int64_t cell(const struct gw_worker *worker, const char *tally, int label, int firm)
{
    const struct gw_plan *plan = gw_worker_plan(worker);
    const struct gw_books *books = gw_worker_books(worker);
    return books->tally[(plan->tally_cell[gw_plan_tally_find(plan, tally)] + label) * books->firms + firm];
}

static double value(const struct gw_worker *worker, const char *column, uint32_t consumer, int slot)
{
    return gw_worker_value(worker, gw_plan_column_find(gw_worker_plan(worker), column), consumer, slot);
}

/* ---- Entering ---------------------------------------------------------------------------------------------- */

static const struct gw_worker *probed, *model;
static const struct gw_step *chooses; /* of rule choice, which the probing is planted in */
static int entered;

static void assert_begins(uint32_t id, int slot, int firm)
{
    const struct gw_plan *plan = gw_worker_plan(probed);
    assert_int_equal(gw_worker_firm(probed, id, slot), firm);
    for (int c = 0; c < plan->columns; c++) {
        const struct gw_column *column = plan->column[c].column;
        if (column->shape == GW_PER_RELATION && plan->rules[plan->column[c].rule]->enter == NULL) {
            assert_true(gw_worker_value(probed, c, id, slot) == column->neutral);
        }
    }
    assert_true(value(probed, "relation_state", id, slot) == GW_AWARE);
    assert_true(value(probed, "since", id, slot) == -1.0 && value(probed, "first_payment", id, slot) == -1.0);
    assert_true(value(probed, "last_purchase", id, slot) == -1.0 && value(probed, "barred_until", id, slot) == 0.0);
    assert_true((float)value(probed, "attitude", id, slot) == 0.35f);
    assert_true((float)value(probed, "expectation", id, slot) == 0.6f);
    assert_true(value(probed, "taste", id, slot) == value(model, "taste", id, firm));
    assert_true(value(probed, "life", id, slot) == value(model, "life", id, firm));
    assert_true(value(probed, "last_slot", id, 0) != slot);
}

/* Right after NEED, while the list of who entered still stands. */
static void probe(const struct gw_block *b)
{
    for (int k = 0; k < b->entries->n; k++) {
        assert_begins(b->entries->id[k], b->entries->slot[k], b->entries->firm[k]);
        entered++;
    }
    chooses->block(b);
}

/* No firm stands in two slots. */
static void assert_distinct(const struct gw_worker *worker)
{
    for (uint32_t i = 0; i < SIZE; i++) {
        assert_true(gw_worker_firm(worker, i, 0) != gw_worker_firm(worker, i, 1));
    }
}

/* Whoever enters has no past, and is to a consumer what it would have been in a slot of its own from the start. */
static void test_newcomers_have_no_past(void **state)
{
    (void)state;
    static const struct gw_step probing = {GW_CHOOSE, GW_BLOCK_STEP, probe, NULL};
    struct market m = market_open(SLOTS), all = market_open(FIRMS);
    struct gw_worker *worker, *every_firm = start(all);
    chooses = step_of(m.plan, GW_CHOOSE, "choice");
    plant(m.plan, GW_CHOOSE, "choice", &probing);
    worker = start(m);
    probed = worker;
    model = every_firm;
    for (int t = 0; t < PERIODS; t++) {
        run(worker);
        assert_distinct(worker);
    }
    assert_true(entered > SIZE);
    gw_worker_free(worker);
    gw_worker_free(every_firm);
    market_close(m);
    market_close(all);
}

/* Customers come and go by what is counted, those whose firm lost the slot among them. */
static void test_the_forgotten_are_counted(void **state)
{
    (void)state;
    struct market m = market_open(SLOTS);
    struct gw_worker *worker = start(m);
    int64_t customers[FIRMS] = {0}, forgotten = 0;
    for (uint32_t i = 0; i < SIZE; i++) {
        for (int slot = 0; slot < SLOTS; slot++) {
            customers[gw_worker_firm(worker, i, slot)] += value(worker, "relation_state", i, slot) == GW_CUSTOMER;
        }
    }
    assert_true(customers[0] > 100 && customers[1] > 100 && customers[2] == 0);
    for (int t = 0; t < PERIODS; t++) {
        run(worker);
        for (int f = 0; f < FIRMS; f++) {
            customers[f] += cell(worker, "joined", 0, f) + cell(worker, "won_back", 0, f);
            for (int cause = 1; cause < GW_CAUSES; cause++) {
                customers[f] -= cell(worker, "left", cause - 1, f);
            }
            assert_int_equal(cell(worker, "active", 0, f), customers[f]);
            forgotten += cell(worker, "left", GW_CAUSE_FORGOTTEN - 1, f);
        }
    }
    assert_true(forgotten > 100);
    gw_worker_free(worker);
    market_close(m);
}

/* After a snapshot the same things happen again. */
static void test_slots_are_part_of_a_snapshot(void **state)
{
    (void)state;
    struct market m = market_open(SLOTS);
    struct gw_worker *worker = start(m);
    int64_t once[FIRMS];
    run(worker);
    assert_int_equal(gw_worker_save(worker, NULL), GW_OK);
    for (int again = 0; again < 2; again++) {
        run(worker);
        run(worker);
        for (int f = 0; f < FIRMS; f++) {
            once[f] = again == 0 ? cell(worker, "purchases", 0, f) : once[f];
            assert_int_equal(cell(worker, "purchases", 0, f), once[f]);
        }
        gw_worker_restore(worker);
    }
    gw_worker_free(worker);
    market_close(m);
}

static int keep(void *context, uint32_t replication, const int64_t *record, struct gw_error *error)
{
    struct gw_layout layout;
    int64_t **kept = context;
    (void)error;
    gw_plan_layout(gw_worker_plan(probed), &layout);
    kept[replication] = malloc(layout.words * sizeof *record);
    memcpy(kept[replication], record, layout.words * sizeof *record);
    return GW_OK;
}

/* Blocks and threads, whichever works on which. */
static void test_threads_do_not_matter(void **state)
{
    (void)state;
    struct market m = market_open(SLOTS);
    struct gw_worker *worker = start(m);
    struct gw_layout layout;
    int64_t *record[3][1];
    probed = worker;
    gw_plan_layout(m.plan, &layout);
    for (int threads = 1; threads <= 3; threads++) {
        const struct gw_monte_carlo monte_carlo = {
            .plan = m.plan, .threads = threads, .finished = keep, .context = record[threads - 1]};
        struct gw_error error = {0};
        must(gw_monte_carlo_run(&monte_carlo, &error), &error);
        assert_memory_equal(record[0][0], record[threads - 1][0], layout.words * sizeof(int64_t));
    }
    for (int threads = 0; threads < 3; threads++) {
        free(record[threads][0]);
    }
    gw_worker_free(worker);
    market_close(m);
}

/* ---- The same bits as with a slot for every firm -------------------------------------------------------------- */

#define FULL(firms)                                                                                                  \
    "goodwill: 1\nhorizon: 20 weeks\nwarm_up: 8 weeks\nseed: 32\nreplications: 2\n"                                  \
    "population: {size: 3000, relations: 3, tells_per_experience: 1, lifetime_rate: 0.2, dropout: 0.01}\n"           \
    "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\nkeep: {firms: true}\n"                                     \
    "firms: {us: {price: 0.9, initial_share: 0.3, spend.empathy: 300}, rival: {price: 1.1, agents.phone: 1},\n"      \
    "  third: {appeal: 0.3, product_quality: 0.7}" firms "}\n"                                                       \
    "strategies: {base: {}, cut: {firms.us.price: 0.8}}\n"

/* Firms of which consumers never hear, since they never open. Where a rule decides who is considered, the three are
 * given their places for good. */
static struct lab *run_full(const char *yaml)
{
    const char *places[] = {"firms.us.always_considered=true", "firms.rival.always_considered=true",
                            "firms.third.always_considered=true", NULL};
    places[0] = gw_catalogue_find("firms", "always_considered") < 0 ? NULL : places[0];
    return lab_run_with(yaml, (struct lab_options){.overrides = places});
}

static void test_slots_of_three_among_six(void **state)
{
    (void)state;
    struct lab *three = run_full(FULL("")), *six = run_full(FULL(", never: {copies: 3, opens: 1000}"));
    assert_true(three->plan->every_firm && !six->plan->every_firm);
    for (int s = 0; s < 2; s++) {
        for (uint32_t t = 0; t < three->layout.periods; t++) {
            for (int c = 0; c < three->layout.cells * 3; c++) {
                assert_int_equal(gw_record_cell(&six->layout, six->record[1], s, t, c % 3, c / 3),
                                 gw_record_cell(&three->layout, three->record[1], s, t, c % 3, c / 3));
            }
        }
    }
    assert_true(lab_total(three, 0, "heard", 0, 0) > 100 &&
                lab_total(three, 0, "left", GW_CAUSE_LIFETIME - 1, 0) > 0);
    lab_free(three);
    lab_free(six);
}

static void test_three_hundred_firms(void **state)
{
    (void)state;
    struct lab *lab = lab_run("goodwill: 1\nhorizon: 10 weeks\nwarm_up: 4 weeks\nreplications: 1\n"
                              "population: {size: 5000}\nnetwork: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"
                              "keep: {firms: true}\nfirms: {us: {}, local: {copies: 299}}\n"
                              "strategies: {base: {}, cut: {firms.local.price: 0.9}}\n");
    int64_t purchases = 0;
    for (int f = 0; f < 300; f++) {
        int64_t sum = 0;
        for (int account = 0; account < GW_ACCOUNTS; account++) {
            sum += lab_account(lab, 1, 0, 9, (enum gw_account)account, f);
        }
        assert_int_equal(sum, 0);
        purchases += lab_cell(lab, 1, 0, 9, "purchases", 0, f);
    }
    assert_true(purchases > 100);
    assert_int_equal(purchases, gw_record_market_purchases(&lab->layout, lab->record[0], 1, 9));
    lab_free(lab);
}

/* ---- News ------------------------------------------------------------------------------------------------- */

static const uint32_t *candidates(const struct gw_worker *w)
{
    return (const uint32_t *)(const void *)(w->arena + w->columns.candidate);
}

static void tell(struct gw_worker *w, uint32_t id, int32_t firm, int32_t positive)
{
    w->told[w->tellers++] = (struct gw_told){.id = id, .firm = firm, .positive = positive, .negative = 0};
}

static uint32_t news(const struct gw_worker *w, uint32_t hearer, uint32_t firm)
{
    uint32_t x[4];
    gw_threefry(&w->tell_key, hearer, w->clock, 1 + firm, GW_DRAW_GROUP | 0xFFFF, x);
    return ((x[0] >> 11) << 10 | firm) + 1;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Firms 2, 3 and 4 are in nobody's slots. Everybody tells of them so often that every neighbour hears of each. */
static void test_one_candidate_remains(void **state)
{
    (void)state;
    struct market m = market_open(SLOTS);
    struct gw_worker *w = start(m);
    w->tell_key = gw_key_make(9, 1, 123);
    for (int order = 0; order < 2; order++) {
        memset(w->arena + w->columns.candidate, 0, w->columns.end - w->columns.candidate);
        for (uint32_t k = 0; k < SIZE; k++) {
            tell(w, order == 0 ? k : SIZE - 1 - k, 2 + (int32_t)(order == 0 ? k % 3 : (SIZE - 1 - k) % 3), 300);
        }
        gw_worker_deliver(w);
        for (uint32_t i = 0; i < SIZE; i++) {
            uint32_t expected = 0;
            for (uint64_t a = w->network->offset[i]; a < w->network->offset[i + 1]; a++) {
                expected = larger(expected, news(w, i, 2 + w->network->neighbour[a] % 3));
            }
            assert_int_equal(candidates(w)[i], expected);
            assert_int_equal(gw_candidate_firm(expected), (int32_t)((expected - 1) & 1023));
        }
    }
    assert_int_equal(gw_candidate_firm(0), -1);
    gw_worker_free(w);
    market_close(m);
}

/* Of a firm in a slot it is the slot that hears, up to its limit. */
static void test_slots_hear_and_saturate(void **state)
{
    (void)state;
    struct market m = market_open(SLOTS);
    struct gw_worker *w = start(m);
    const uint32_t teller = 40;
    const uint16_t *heard = (const uint16_t *)(const void *)(w->arena + w->columns.positive);
    const uint64_t first = w->network->offset[teller], degree = w->network->offset[teller + 1] - first;
    w->tell_key = gw_key_make(9, 1, 124);
    tell(w, teller, 1, (int32_t)degree * 100000);
    gw_worker_deliver(w);
    for (uint64_t a = first; a < first + degree; a++) {
        const uint32_t hearer = w->network->neighbour[a];
        assert_int_equal(heard[hearer / GW_BLOCK * SLOTS * GW_BLOCK + GW_BLOCK + hearer % GW_BLOCK], UINT16_MAX);
        assert_int_equal(heard[hearer / GW_BLOCK * SLOTS * GW_BLOCK + hearer % GW_BLOCK], 0);
        assert_int_equal(candidates(w)[hearer], 0);
    }
    gw_worker_free(w);
    market_close(m);
}

/* ---- Announcements ------------------------------------------------------------------------------------------ */

enum { CRIER = 700 };
static uint32_t received[2]; /* of firm 0, in the slots of neighbours and of others */
static const struct gw_network *friends;

/* Before period 0 consumer CRIER announces firm 0, and firm 4, which nobody has in a slot. */
static void cry(const struct gw_block *b)
{
    if (b->first == 0) {
        gw_announce(b, CRIER, 0);
        gw_announce(b, CRIER, 4);
    }
}

static bool is_friend(uint32_t consumer)
{
    bool found = false;
    for (uint64_t a = friends->offset[CRIER]; a < friends->offset[CRIER + 1]; a++) {
        found |= friends->neighbour[a] == consumer;
    }
    return found;
}

static void listen(const struct gw_block *b)
{
    for (int row = 0; row < b->rows; row++) {
        const uint32_t id = b->first + (uint32_t)row;
        assert_int_equal(gw_degree(b, row), friends->offset[id + 1] - friends->offset[id]);
        received[is_friend(id) ? 0 : 1] += b->announced[row];
        assert_int_equal(b->announced[GW_BLOCK + row], 0);
    }
}

static void test_neighbours_are_informed_once(void **state)
{
    (void)state;
    static const struct gw_step listening = {GW_HEAR, GW_BLOCK_STEP, listen, NULL};
    struct market m = market_open(SLOTS);
    m.plan->announces = true;
    m.copy[gw_rule_find("survey")].start = cry;
    plant(m.plan, GW_HEAR, "attitude", &listening);
    friends = m.plan->network;
    struct gw_worker *worker = start(m);
    received[0] = received[1] = 0;
    for (int t = 0; t < 3; t++) {
        run(worker);
    }
    assert_int_equal(received[0], friends->offset[CRIER + 1] - friends->offset[CRIER]);
    assert_int_equal(received[1], 0);
    gw_worker_free(worker);
    market_close(m);
}

/* ---- Refusing values ---------------------------------------------------------------------------------------- */

static int refuse(const struct gw_firms *f, char *message, size_t room)
{
    const double price = gw_firm_levers(f, 0)[1], reference = gw_firm_market(f, 1);
    snprintf(message, room, "%g of %g", price, reference);
    return price > 1.5 ? 1 : 0;
}

/* Whether a scenario whose rule `price` refuses prices above 1.5 is refused, and why. */
static int check_prices(const char *override, struct gw_error *error)
{
    struct gw_scenario *scenario;
    struct gw_error parsing = {0};
    struct market m = market_open(FIRMS);
    const char *overrides[] = {override};
    char text[2000];
    m.copy[gw_rule_find("price")].check = refuse;
    snprintf(text, sizeof text, MARKET, SIZE, FIRMS);
    must(gw_scenario_parse(&scenario, text, strlen(text), "slots.yaml", ".", overrides, 1, &parsing), &parsing);
    m.plan->scenario = scenario;
    const int ret = gw_plan_check_values(m.plan, error);
    m.plan->scenario = m.scenario;
    gw_scenario_free(scenario);
    market_close(m);
    return ret;
}

static void test_rules_refuse_values(void **state)
{
    (void)state;
    static const char *const good[] = {"firms.b.price=1.5", "firms.a.price=2",
                                       "strategies.s.firms.b.price={schedule: {at: 5, to: 1.4}}"};
    static const char *const bad[] = {"firms.b.price=1.6", "strategies.s.firms.b.price=1.6",
                                      "strategies.s.firms.b.price={schedule: {at: 5, to: 1.6}}"};
    for (int i = 0; i < 3; i++) {
        struct gw_error error = {0};
        assert_int_equal(check_prices(good[i], &error), GW_OK);
        assert_int_equal(check_prices(bad[i], &error), GW_BAD_INPUT);
        assert_string_equal(error.text, "rule price: 1.6 of 1");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_newcomers_have_no_past),       cmocka_unit_test(test_the_forgotten_are_counted),
        cmocka_unit_test(test_slots_are_part_of_a_snapshot), cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_slots_of_three_among_six),     cmocka_unit_test(test_three_hundred_firms),
        cmocka_unit_test(test_one_candidate_remains),        cmocka_unit_test(test_slots_hear_and_saturate),
        cmocka_unit_test(test_neighbours_are_informed_once), cmocka_unit_test(test_rules_refuse_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
