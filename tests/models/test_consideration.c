/* Which firms are considered: the start as a logit without replacement, who comes to mind, who makes room, and what
 * must hold of sets in a market of hundreds of firms. */
#include "one_rule.h"
#include "plain.h"
#include "sample.h"

#include "engine/worker.h"

#include <stdlib.h>

enum { FIRMS = 20, ROWS = GW_BLOCK };

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("consideration");
}

/* ---- The start --------------------------------------------------------------------------------------------- */

static int32_t *firms_of(struct one_rule *bench)
{
    return (int32_t *)(uintptr_t)bench->block.firm_at;
}

/* What a firm is worth to a consumer at the start, from the page. */
static double liking(const struct one_rule *bench, uint32_t id, int firm, double sd)
{
    const struct gw_key choice = gw_stream(&bench->block, 0);
    const double u = gw_uniform_start(&choice, id, 1u + (uint32_t)firm, 0);
    const double v = gw_uniform_start(&bench->block.key, id, 1u + (uint32_t)firm, 0);
    return 0.1 * (firm % 5) + sd * (double)gw_normal_of_precise(u) - log(-log(v));
}

static void test_the_best_take_the_slots(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("consideration", FIRMS);
    one_rule_set(bench, "taste_sd", 0.8);
    for (int firm = 0; firm < FIRMS; firm++) {
        one_rule_set_firm(bench, "appeal", firm, 0.1 * (firm % 5));
    }
    one_rule_set_firm(bench, "always_considered", 17, 1.0);
    one_rule_set_firm(bench, "always_considered", 4, 1.0);
    bench->block.relations = 3;
    bench->rule->fill(&bench->block, firms_of(bench));
    for (uint32_t row = 0; row < ROWS; row += 7) {
        const int third = firms_of(bench)[2 * GW_BLOCK + row];
        assert_int_equal(firms_of(bench)[row], 4);
        assert_int_equal(firms_of(bench)[GW_BLOCK + row], 17);
        for (int firm = 0; firm < FIRMS; firm++) {
            const bool rank = firm != 4 && firm != 17;
            assert_true(!rank || liking(bench, row, firm, 0.8) <= liking(bench, row, third, 0.8) + 1e-5);
        }
    }
    one_rule_close(bench);
}

static void test_distance_counts_from_the_start(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("consideration", FIRMS);
    const struct gw_key distance = gw_stream(&bench->block, 1);
    one_rule_set(bench, "area_radius", 4.0);
    one_rule_set(bench, "distance_cost", 100.0);
    one_rule_set(bench, "taste_sd", 0.0);
    one_rule_set(bench, "scatter", 4.0);
    bench->block.relations = 2;
    bench->rule->fill(&bench->block, firms_of(bench));
    int nearest = 0;
    for (uint32_t row = 0; row < ROWS; row++) {
        const struct gw_point home = gw_place_of_home(&distance, row, 4.0);
        double least = 1e9;
        int best = -1;
        for (int firm = 0; firm < FIRMS; firm++) {
            const double miles = gw_place_distance(home, gw_place_of_firm(&distance, firm, 0.0, 0.0, 4.0));
            best = miles < least ? firm : best;
            least = miles < least ? miles : least;
        }
        nearest += firms_of(bench)[row] == best;
    }
    assert_true(nearest > (int)(0.95 * ROWS)); /* but for the few who live half-way between two */
    one_rule_close(bench);
}

/* Without taste the firm in the first slot is a logit choice, and that in the second a logit choice among the others
 * (Plackett 1975, Applied Statistics 24(2)). */
static void test_the_start_is_a_logit_without_replacement(void **state)
{
    (void)state;
    static const double appeal[4] = {0.0, 0.5, 1.0, -1.0};
    enum { BLOCKS = 8, N = BLOCKS * ROWS };
    struct one_rule *bench = one_rule_open("consideration", 9);
    double first[4] = {0}, second[4] = {0}, sum = 0.0;
    one_rule_set(bench, "taste_sd", 0.0);
    one_rule_set(bench, "appeal", -40.0);
    bench->block.relations = 2;
    for (int firm = 0; firm < 4; firm++) {
        one_rule_set_firm(bench, "appeal", firm, appeal[firm]);
        sum += exp(appeal[firm]);
    }
    for (uint32_t block = 0; block < BLOCKS; block++) {
        bench->block.first = block * ROWS;
        bench->rule->fill(&bench->block, firms_of(bench));
        for (int row = 0; row < ROWS; row++) {
            assert_in_range(firms_of(bench)[GW_BLOCK + row], 0, 3);
            first[firms_of(bench)[row]] += 1.0;
            second[firms_of(bench)[GW_BLOCK + row]] += firms_of(bench)[row] == 2;
        }
    }
    for (int firm = 0; firm < 4; firm++) {
        const double p = exp(appeal[firm]) / sum, q = exp(appeal[firm]) / (sum - exp(appeal[2]));
        assert_share(first[firm], N, p);
        if (firm != 2) {
            assert_share(second[firm], first[2], q);
        }
    }
    one_rule_close(bench);
}

/* ---- Who comes to mind ------------------------------------------------------------------------------------- */

/* Everybody's slots empty, taste and distance without meaning: whoever meets a firm takes it in. */
static struct one_rule *open_empty(void)
{
    struct one_rule *bench = one_rule_open("consideration", FIRMS);
    one_rule_set(bench, "taste_sd", 0.0);
    for (int at = 0; at < bench->block.relations * GW_BLOCK; at++) {
        firms_of(bench)[at] = -1;
    }
    return bench;
}

static void test_exploring_goes_by_appeal(void **state)
{
    (void)state;
    struct one_rule *bench = open_empty();
    double *open = one_rule_read(bench, "open"), weights = 0.0, met[FIRMS] = {0}, n = 0.0;
    one_rule_set(bench, "exploration", 40.0);
    open[3] = 0.0;
    for (int firm = 0; firm < FIRMS; firm++) {
        one_rule_set_firm(bench, "appeal", firm, 0.1 * firm);
        weights += open[firm] * exp(0.1 * firm);
    }
    one_rule_run(bench, GW_SERVE);
    for (bench->block.period = 0; bench->block.period < 10; bench->block.period++) {
        bench->entries.n = 0;
        one_rule_run(bench, GW_NEED);
        for (int k = 0; k < bench->entries.n; k++) {
            met[bench->entries.firm[k]] += 1.0;
        }
        n += bench->entries.n;
    }
    assert_share(n, 10.0 * ROWS, 1.0 - exp(-40.0 / 52.0));
    for (int firm = 0; firm < FIRMS; firm++) {
        assert_share(met[firm], n, open[firm] * exp(0.1 * firm) / weights);
    }
    assert_int_equal(one_rule_tally(bench, "entered", 0, 19), (int64_t)met[19]);
    one_rule_close(bench);
}

static void test_advertising_adds_to_exploring(void **state)
{
    (void)state;
    struct one_rule *bench = open_empty();
    double *reach = one_rule_read(bench, "reach"), met[FIRMS] = {0}, n = 0.0;
    one_rule_set(bench, "exploration", 10.0);
    reach[5] = 20.0;
    reach[12] = 10.0;
    one_rule_run(bench, GW_SERVE);
    for (bench->block.period = 0; bench->block.period < 10; bench->block.period++) {
        bench->entries.n = 0;
        one_rule_run(bench, GW_NEED);
        for (int k = 0; k < bench->entries.n; k++) {
            met[bench->entries.firm[k]] += 1.0;
        }
        n += bench->entries.n;
    }
    assert_share(n, 10.0 * ROWS, 1.0 - exp(-40.0 / 52.0));
    for (int firm = 0; firm < FIRMS; firm++) {
        assert_share(met[firm], n, 0.25 / FIRMS + reach[firm] / 40.0);
    }
    one_rule_close(bench);
}

/* ---- Who makes room ---------------------------------------------------------------------------------------- */

static void hear_of(struct one_rule *bench, int row, int firm)
{
    ((uint32_t *)(uintptr_t)bench->block.candidate)[row] = (uint32_t)firm + 1; /* with 0 as its chance */
}

/* All slots of the first rows taken by firms 0, 1, ...; news of firm 10 for them. */
static struct one_rule *open_full(int rows)
{
    struct one_rule *bench = one_rule_open("consideration", FIRMS);
    one_rule_set(bench, "taste_sd", 0.0);
    one_rule_set(bench, "exploration", 0.0);
    bench->block.relations = 3;
    one_rule_run(bench, GW_SERVE);
    for (int row = 0; row < rows; row++) {
        hear_of(bench, row, 10);
    }
    return bench;
}

/* The slot that firm 10 asks for in a row, -1 = none. */
static int slot_taken(const struct one_rule *bench, int row)
{
    for (int k = 0; k < bench->entries.n; k++) {
        if (bench->entries.row[k] == row) {
            assert_int_equal(bench->entries.firm[k], 10);
            assert_int_equal(bench->entries.slot[k] * GW_BLOCK + row, bench->entries.at[k]);
            return bench->entries.slot[k];
        }
    }
    return -1;
}

/* Utilities: appeal .5 of the newcomer; slots hold 0, .4, .2 and what is known of them. */
static void test_the_least_liked_makes_room(void **state)
{
    (void)state;
    struct one_rule *bench = open_full(7);
    float *taste = one_rule_read(bench, "taste"), *attitude = one_rule_read(bench, "attitude");
    uint16_t *barred_until = one_rule_read(bench, "barred_until");
    int32_t *last_slot = one_rule_read(bench, "last_slot");
    one_rule_set(bench, "attitude_start", 0.5);
    one_rule_set(bench, "attitude_weight", 2.0);
    one_rule_set(bench, "inertia", 0.7);
    one_rule_set_firm(bench, "appeal", 10, 0.5);
    one_rule_set_firm(bench, "appeal", 1, 0.4);
    one_rule_set_firm(bench, "appeal", 2, 0.2);
    bench->block.period = 5;
    for (int at = 0; at < 3 * GW_BLOCK; at++) {
        attitude[at] = 0.5f;
    }
    last_slot[1] = 0;   /* habit: .7 for the first slot */
    attitude[2] = 0.8f; /* .6 */
    taste[3] = taste[3 + GW_BLOCK] = taste[3 + 2 * GW_BLOCK] = 1.0f;
    barred_until[4] = gw_moment(6); /* left in anger, not yet forgiven */
    barred_until[5] = gw_moment(5); /* forgiven */
    taste[6] = 0.2f;                /* equal to the third slot: the first of equals */
    one_rule_run(bench, GW_NEED);
    static const int want[] = {0, 2, 2, -1, 2, 0, 0};
    for (int row = 0; row < 7; row++) {
        assert_int_equal(slot_taken(bench, row), want[row]);
    }
    assert_int_equal(one_rule_tally(bench, "dropped", 0, 0), 3);
    assert_int_equal(one_rule_tally(bench, "dropped", 0, 2), 3);
    assert_int_equal(one_rule_tally(bench, "entered", 0, 10), 6);
    one_rule_close(bench);
}

static void test_free_slots_come_first(void **state)
{
    (void)state;
    struct one_rule *bench = open_full(6);
    double *open = one_rule_read(bench, "open");
    one_rule_set_firm(bench, "appeal", 10, -5.0); /* liked less than any */
    firms_of(bench)[GW_BLOCK + 1] = -1;           /* empty */
    firms_of(bench)[GW_BLOCK + 2] = 7;            /* closed */
    open[7] = 0.0;
    ((uint8_t *)one_rule_read(bench, "aware"))[2 * GW_BLOCK + 3] = 0; /* forgotten */
    firms_of(bench)[GW_BLOCK + 4] = 10;                               /* in a slot already */
    firms_of(bench)[5] = 8;                                           /* closed, but always considered */
    open[8] = 0.0;
    one_rule_set_firm(bench, "always_considered", 8, 1.0);
    one_rule_run(bench, GW_NEED);
    static const int want[] = {-1, 1, 1, 2, -1, -1};
    for (int row = 0; row < 6; row++) {
        assert_int_equal(slot_taken(bench, row), want[row]);
    }
    assert_int_equal(one_rule_tally(bench, "dropped", 0, 7), 1);
    one_rule_close(bench);
}

static void test_some_slots_are_kept(void **state)
{
    (void)state;
    struct one_rule *bench = open_full(3);
    int32_t *contract = one_rule_read(bench, "contract");
    one_rule_set_firm(bench, "appeal", 10, 5.0);
    one_rule_set_firm(bench, "appeal", 1, 1.0);
    one_rule_set_firm(bench, "appeal", 2, 2.0);
    one_rule_set_firm(bench, "always_considered", 0, 1.0);
    bench->block.contractual = true;
    contract[0] = contract[2] = -1;
    contract[1] = 1;
    one_rule_run(bench, GW_NEED);
    assert_int_equal(slot_taken(bench, 0), 1);
    assert_int_equal(slot_taken(bench, 1), 2);
    ((double *)one_rule_read(bench, "open"))[10] = 0.0; /* a closed firm comes to nobody's mind */
    bench->entries.n = 0;
    one_rule_run(bench, GW_NEED);
    assert_int_equal(bench->entries.n, 0);
    one_rule_close(bench);
}

/* ---- Hundreds of firms ------------------------------------------------------------------------------------- */

#define MANY                                                                                                         \
    "goodwill: 1\nhorizon: 12 weeks\nwarm_up: 0\nreplications: 1\nseed: 77\n"                                        \
    "population: {size: 5000, relations: 4, exploration: 20, purchase_rate: 40, tells_per_experience: 1}\n"          \
    "network: {watts_strogatz: {degree: 10, rewire: 0.05}}\nkeep: {firms: true}\n"                                   \
    "market: {area_radius: 4, forgetting: 2, avoidance: 0.05}\n"                                                     \
    "firms: {mall: {always_considered: true, initial_share: 0.1}, local: {copies: 297, scatter: 4},\n"               \
    "  liked: {appeal: 2, initial_share: 0.3}, late: {opens: 0.1, advertising: 1000}}\n"

enum { MANY_FIRMS = 300, MALL = 0, LIKED = 298, PEOPLE = 5000 };

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

/* In how many sets each firm is; no firm twice in one, none of another number. */
static void count_sets(const struct gw_worker *worker, int relations, int *sets)
{
    memset(sets, 0, MANY_FIRMS * sizeof *sets);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        for (int slot = 0; slot < relations; slot++) {
            const int firm = gw_worker_firm(worker, i, slot);
            assert_in_range(firm, 0, MANY_FIRMS - 1);
            sets[firm]++;
            for (int other = 0; other < slot; other++) {
                assert_int_not_equal(gw_worker_firm(worker, i, other), firm);
            }
        }
    }
}

static int64_t tally(const struct gw_worker *worker, const char *name, int label, int firm)
{
    const struct gw_plan *plan = gw_worker_plan(worker);
    for (int t = 0; t < plan->tallies; t++) {
        if (strcmp(plan->tally[t].tally->name, name) == 0) {
            return gw_worker_books(worker)->tally[(plan->tally[t].cell + label) * MANY_FIRMS + firm];
        }
    }
    fail_msg("no tally %s", name);
    return 0;
}

/* Sets of K firms, all different, in every period; a firm with more appeal is in more; one that is always considered
 * in all. Customers of a firm change by who joins, returns and leaves: who is displaced is among those who left. */
static void test_sets_of_many_firms(void **state)
{
    (void)state;
    struct gw_error error = {0};
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
    static int sets[MANY_FIRMS], before[MANY_FIRMS];
    int64_t active[MANY_FIRMS] = {0}, forgotten = 0, dropped = 0;
    must(gw_scenario_parse(&scenario, MANY, strlen(MANY), "many.yaml", NULL, NULL, 0, &error), &error);
    must(gw_plan_create(&plan, scenario, (struct gw_plan_options){.isa = gw_isa_best()}, &error), &error);
    must(gw_worker_create(&worker, plan, 1, &error), &error);
    must(gw_worker_start(worker, 0, &error), &error);
    count_sets(worker, 4, before);
    assert_int_equal(before[MALL], PEOPLE);
    const int column = gw_plan_column_find(plan, "relation_state");
    for (uint32_t i = 0; i < PEOPLE; i++) {
        for (int slot = 0; slot < 4; slot++) {
            active[gw_worker_firm(worker, i, slot)] += (int)gw_worker_value(worker, column, i, slot) == GW_CUSTOMER;
        }
    }
    for (int t = 0; t < 12; t++) {
        must(gw_worker_period(worker, &error), &error);
        count_sets(worker, 4, sets);
        assert_int_equal(sets[MALL], PEOPLE);
        for (int f = 0; f < MANY_FIRMS; f++) {
            const int64_t entered = tally(worker, "entered", 0, f), gone = tally(worker, "dropped", 0, f);
            assert_int_equal(sets[f], before[f] + entered - gone);
            before[f] = sets[f];
            active[f] += tally(worker, "joined", 0, f) + tally(worker, "won_back", 0, f);
            for (int cause = 1; cause < GW_CAUSES; cause++) {
                active[f] -= tally(worker, "left", cause - 1, f);
            }
            assert_int_equal(tally(worker, "active", 0, f), active[f]);
            assert_true(tally(worker, "left", GW_CAUSE_FORGOTTEN - 1, f) <= gone);
            forgotten += tally(worker, "left", GW_CAUSE_FORGOTTEN - 1, f);
            dropped += gone;
        }
    }
    assert_true(forgotten > 0 && dropped > forgotten);
    int most = 0;
    for (int f = 1; f <= 297; f++) {
        most = sets[f] > most ? sets[f] : most;
    }
    assert_true(sets[LIKED] > 2 * most);
    gw_worker_free(worker);
    gw_plan_free(plan);
    gw_scenario_free(scenario);
}

/* Order of steps, threads and instruction sets do not matter, and no rule writes what is another's. */
static void test_many_firms_are_reproducible(void **state)
{
    (void)state;
    static const struct lab_options others[] = {
        {.reverse_order = true}, {.threads = 2}, {.portable = true}, {.audit_writes = true}};
    struct lab *lab = lab_run(MANY);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        char text[200] = "";
        struct lab *other = lab_run_with(MANY, others[k]);
        assert_true(lab_same(lab, other, text));
        lab_free(other);
    }
    lab_free(lab);
}

/* With a slot for every firm there is nothing to consider, whatever the rule's numbers are. */
static void test_enough_slots_for_all(void **state)
{
    (void)state;
    char text[200] = "";
    struct lab *a = run_duel("population.purchase_rate=30", "horizon=10", "population.exploration=0");
    struct lab *b = run_duel("population.purchase_rate=30", "horizon=10", "population.exploration=100",
                             "firms.us.always_considered=true", "population.relations=8");
    assert_true(lab_same(a, b, text));
    assert_close(total(b, "entered", US), 0.0, 0.0, 0.0);
    lab_free(a);
    lab_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_the_best_take_the_slots),
        cmocka_unit_test(test_distance_counts_from_the_start),
        cmocka_unit_test(test_the_start_is_a_logit_without_replacement),
        cmocka_unit_test(test_exploring_goes_by_appeal),
        cmocka_unit_test(test_advertising_adds_to_exploring),
        cmocka_unit_test(test_the_least_liked_makes_room),
        cmocka_unit_test(test_free_slots_come_first),
        cmocka_unit_test(test_some_slots_are_kept),
        cmocka_unit_test(test_sets_of_many_firms),
        cmocka_unit_test(test_many_firms_are_reproducible),
        cmocka_unit_test(test_enough_slots_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
