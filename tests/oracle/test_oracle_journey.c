/*
 * The oracle on its own: finding firms, being served, trusting, and the money of it, where theory knows the answer.
 */
#include "life.h"
#include "oracle_internal.h"

#include "close.h"

#include <math.h>
#include <stdlib.h>

enum { MANY = 20000 };

/* ------------------------------------------------------------------ reach */

static struct gw_network *everybody(uint32_t vertices)
{
    struct gw_network *network = by_hand_ring(vertices, 0);
    network->complete = true;
    network->max_degree = vertices - 1;
    return network;
}

/* Bass 1969: those who do not know yet learn with hazard p + q A / N. */
static void test_bass(void **state)
{
    (void)state;
    struct gw_scenario *s = by_hand(MANY, 1, 60);
    by_hand_set(s, "firms", "aware_at_start", 0.01);
    by_hand_set(s, "market", "contagion", 2.0);
    struct life life = life_of(s, everybody(MANY));
    double aware = 0.0;
    for (uint32_t i = 0; i < MANY; i++) {
        aware += oracle_column(life.oracle, "aware", i, 0);
    }
    for (int t = 0; t < 60; t++) {
        life_period(life.oracle, 0);
        const double learned = (double)oracle_tally(life.oracle, "newly_aware", "", 0);
        life_share((int64_t)learned, MANY - aware, -expm1(-2.0 * aware / MANY / 12.0));
        aware = MANY - (double)oracle_tally(life.oracle, "unaware", "", 0);
    }
    assert_true(aware > 0.5 * MANY);
    life_finish(&life);
}

/* Goldenberg, Libai & Muller 2001: passed on for certain, word spreads `reach` places a period. */
static void test_cascade(void **state)
{
    (void)state;
    struct gw_scenario *s = by_hand(2000, 1, 5);
    by_hand_set(s, "firms", "aware_at_start", 0.002);
    by_hand_set(s, "market", "passing", 1.0);
    struct life life = life_begin(s, 3);
    bool near[2000];
    for (uint32_t i = 0; i < 2000; i++) {
        near[i] = oracle_column(life.oracle, "aware", i, 0) == 1.0;
    }
    for (int t = 0; t < 5; t++) {
        bool next[2000] = {false};
        for (uint32_t i = 0; i < 2000; i++) {
            for (uint32_t j = i + 1997; j <= i + 2003; j++) {
                next[i] = next[i] || near[j % 2000];
            }
        }
        life_period(life.oracle, 0);
        for (uint32_t i = 0; i < 2000; i++) {
            near[i] = next[i];
            assert_true(near[i] == (oracle_column(life.oracle, "aware", i, 0) == 1.0));
        }
    }
    life_finish(&life);
}

/* Homes are uniform on a disc: the mean square of the distance from its centre is half the radius squared. */
static void test_disc(void **state)
{
    (void)state;
    static double square[MANY];
    struct gw_scenario *s = by_hand(MANY, 1, 1);
    by_hand_set(s, "market", "area_radius", 3.0);
    by_hand_set(s, "firms", "scatter", 0.0);
    struct life life = life_begin(s, 0);
    for (uint32_t i = 0; i < MANY; i++) {
        square[i] = pow(oracle_column(life.oracle, "distance", i, 0), 2.0);
        assert_true(square[i] <= 9.0);
    }
    life_mean(square, MANY, 4.5);
    life_finish(&life);
}

/* Many firms, few slots: no firm is in two of them, and firms enter places that others leave. */
static void test_slots(void **state)
{
    (void)state;
    struct gw_scenario *s = by_hand(2000, 9, 24);
    s->relations = 3;
    by_hand_set(s, "population", "exploration", 4.0);
    by_hand_set(s, "population", "taste_sd", 1.0);
    struct life life = life_begin(s, 0);
    int64_t entered = 0;
    for (int t = 0; t < 24; t++) {
        life_period(life.oracle, 0);
        int64_t in = 0, out = 0;
        for (int f = 0; f < 9; f++) {
            in += oracle_tally(life.oracle, "entered", "", f);
            out += oracle_tally(life.oracle, "dropped", "", f);
        }
        assert_int_equal(in, out);
        entered += in;
        for (uint32_t i = 0; i < 2000; i++) {
            const int a = oracle_slot(life.oracle, i, 0), b = oracle_slot(life.oracle, i, 1),
                      c = oracle_slot(life.oracle, i, 2);
            assert_true(a >= 0 && b >= 0 && c >= 0 && a != b && b != c && a != c);
        }
    }
    assert_true(entered > 1000);
    life_finish(&life);
}

/* Of firms that differ in appeal only, the first places of the start are a logit draw without repetition. */
static void test_seats(void **state)
{
    (void)state;
    struct gw_scenario *s = by_hand(MANY, 4, 1);
    s->relations = 2;
    by_hand_set(s, "population", "taste_sd", 0.0);
    by_hand_firm(s, 2, "appeal", 1.0);
    struct life life = life_begin(s, 0);
    const double p = exp(1.0) / (exp(1.0) + 3.0), q = 1.0 / (exp(1.0) + 3.0);
    int64_t first = 0, seated = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        first += oracle_slot(life.oracle, i, 0) == 2;
        seated += oracle_slot(life.oracle, i, 0) == 2 || oracle_slot(life.oracle, i, 1) == 2;
    }
    life_share(first, MANY, p);
    life_share(seated, MANY, p + 3.0 * q * exp(1.0) / (exp(1.0) + 2.0));
    life_finish(&life);
}

/* ------------------------------------------------------------------ service */

/* With one agent Erlang's probability of waiting is the load rho, with two 2 rho^2 / (1 + rho). */
static void test_erlang_c(void **state)
{
    (void)state;
    const struct line line = {3.0, 4.0, 2.0, 40.0}, full = {4.0, 4.0, 2.0, 40.0};
    const double two = 2.0 * 0.375 * 0.375 / (1.0 + 0.375);
    assert_close(oracle_erlang_c(line, 1).unanswered, 0.75 * 2.0 / (2.0 + 4.0 - 3.0), 1e-14, 0.0);
    assert_close(oracle_erlang_c(line, 1).wait, 0.75 / (4.0 - 3.0), 1e-14, 0.0);
    assert_close(oracle_erlang_c(line, 2).unanswered, two * 2.0 / (2.0 + 8.0 - 3.0), 1e-14, 0.0);
    assert_close(oracle_erlang_c(full, 1).unanswered, 1.0, 0.0, 0.0);
    assert_close(oracle_erlang_c(full, 1).wait, 40.0, 0.0, 0.0);
}

/* A lasting shock without a team is amplified by 1 / (1 - c). */
static void test_amplification(void **state)
{
    (void)state;
    struct gw_scenario *s = life_one_firm(1, 60);
    by_hand_set(s, "firms", "process_coupling", 0.75);
    by_hand_set(s, "firms", "process_team", 0.0);
    by_hand_set(s, "firms", "process_shock", -0.1);
    struct life life = life_begin(s, 0);
    for (int t = 0; t < 60; t++) {
        life_period(life.oracle, 0);
    }
    assert_close(oracle_firm(life.oracle, "process_shift", 0), -0.4, 1e-12, 0.0);
    life_finish(&life);
}

/* Burnout goes to i v / (i v + 1/Tr) when hostility stays the same. */
static void test_burnout(void **state)
{
    (void)state;
    struct gw_scenario *s = life_one_firm(4000, 240);
    s->contractual = true; /* everybody calls once a month: when the contract falls due */
    by_hand_set(s, "population", "purchase_rate", 0.0);
    by_hand_set(s, "population", "churn", 0.0);
    by_hand_set(s, "market", "contract_years", 1.0 / 12.0);
    by_hand_set(s, "population", "question_rate", 1.0);
    by_hand_set(s, "firms", "agents.phone", 10.0);
    by_hand_set(s, "market", "exhaustion", 0.02);
    by_hand_set(s, "market", "hostile_base", 0.05);
    by_hand_set(s, "firms", "recovery_weeks", 8.0);
    struct life life = life_begin(s, 0);
    for (int t = 0; t < 240; t++) {
        life_period(life.oracle, 0);
    }
    const double v = 4000.0 * 0.05 / (10.0 * 52.0 / 12.0);
    assert_close(life.oracle->firm[0].burnout, 0.02 * v / (0.02 * v + 1.0 / 8.0), 1e-9, 0.0);
    life_finish(&life);
}

/* ------------------------------------------------------------------ trust, fatigue, the pyramid */

/* Whoever trusts a promise wholly expects the promise less the gap learned, which ends at what is delivered. */
static void test_promise(void **state)
{
    (void)state;
    struct gw_scenario *s = life_one_firm(50, 120);
    by_hand_set(s, "population", "purchase_rate", 12.0 * 40.0);
    by_hand_set(s, "firms", "promise", 0.9);
    by_hand_set(s, "firms", "stage_spread", 0.0);
    by_hand_set(s, "firms", "product_spread", 0.0);
    by_hand_set(s, "market", "trust_start", 1.0);
    by_hand_set(s, "market", "trust_loss", 0.0);
    by_hand_set(s, "market", "gap_learning", 0.2);
    struct life life = life_begin(s, 0);
    for (int t = 0; t < 120; t++) {
        life_period(life.oracle, 0);
    }
    const struct relation *r = relation_of(life.oracle, 7, 0);
    const struct firm_numbers *is = &life.oracle->firm[0].is;
    const double w = life.oracle->consumer[7].own.treatment_share;
    const double cx = pow(life.oracle->firm[0].quality, w) * pow(is->product_quality, 1.0 - w);
    assert_close(r->trust, 1.0, 0.0, 0.0);
    assert_close(r->gap, 0.9 - cx, 1e-9, 0.0);
    life_finish(&life);
}

/* Steady contacts fill fatigue to n times its memory. */
static void test_fatigue(void **state)
{
    (void)state;
    struct gw_scenario *s = life_one_firm(10, 120);
    by_hand_set(s, "firms", "contacts", 6.0);
    by_hand_set(s, "market", "fatigue_weeks", 8.0);
    struct life life = life_begin(s, 0);
    for (int t = 0; t < 120; t++) {
        life_period(life.oracle, 0);
    }
    assert_close(oracle_column(life.oracle, "fatigue", 3, 0), 6.0 * 12.0 / 52.0 * 8.0, 1e-12, 0.0);
    life_finish(&life);
}

/* Every customer stands on one level. */
static void test_pyramid(void **state)
{
    static const char *const levels[] = {"none", "satisfied", "delighted", "unique", "motivated", "loyal"};
    (void)state;
    struct gw_scenario *s = life_one_firm(5000, 40);
    by_hand_set(s, "population", "purchase_rate", 12.0);
    by_hand_set(s, "population", "gain_weight", 1.0);
    by_hand_set(s, "population", "stop_base", -3.0);
    by_hand_set(s, "market", "climb", 0.5);
    struct life life = life_begin(s, 0);
    for (int t = 0; t < 40; t++) {
        int64_t sum = 0;
        life_period(life.oracle, 0);
        for (int level = 0; level < LEVELS; level++) {
            sum += oracle_tally(life.oracle, "pyramid", levels[level], 0);
        }
        assert_int_equal(sum, oracle_tally(life.oracle, "active", "", 0));
    }
    assert_true(oracle_tally(life.oracle, "pyramid", "satisfied", 0) > 0);
    life_finish(&life);
}

/* ------------------------------------------------------------------ cash */

/* A firm that earns nothing lives on its cash as long as it lasts, and then loses its customers. */
static void test_closure(void **state)
{
    (void)state;
    struct gw_scenario *s = life_one_firm(100, 24);
    s->warm_up = 3;
    by_hand_set(s, "firms", "initial_cash", 50.0);
    by_hand_set(s, "firms", "fixed_cost", 12.0 / 52.0 * 10.0); /* 10 a month */
    by_hand_set(s, "firms", "can_close", 1.0);
    struct life life = life_begin(s, 0);
    for (int t = -3; t < 24; t++) {
        life_period(life.oracle, t < 0 ? -1 : 0);
        assert_int_equal(oracle_tally(life.oracle, "closures", "", 0), t == 6);
        assert_int_equal(oracle_tally(life.oracle, "firms_closed", "", 0), t >= 6);
        assert_int_equal(oracle_tally(life.oracle, "active", "", 0), t < 6 ? 100 : 0);
        assert_int_equal(oracle_tally(life.oracle, "left", "closure", 0), t == 6 ? 100 : 0);
        assert_int_equal(oracle_ledger(life.oracle, GW_FIXED_COST, 0), t < 6 ? 10000000 : 0);
    }
    life_finish(&life);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bass),          cmocka_unit_test(test_cascade), cmocka_unit_test(test_disc),
        cmocka_unit_test(test_slots),         cmocka_unit_test(test_seats),   cmocka_unit_test(test_erlang_c),
        cmocka_unit_test(test_amplification), cmocka_unit_test(test_burnout), cmocka_unit_test(test_promise),
        cmocka_unit_test(test_fatigue),       cmocka_unit_test(test_pyramid), cmocka_unit_test(test_closure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
