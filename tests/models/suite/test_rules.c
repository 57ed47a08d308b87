/*
 * What every rule must satisfy, whatever it does: sound descriptors, lawful writes, finite values, and none of order,
 * threads and off values changing a bit. Runs on the registry, so that a new rule is tested without being named.
 */
#include "descriptors.h"
#include "market.h"

#include "engine/worker.h"
#include "scenario/catalogue.h"

#include <gsl/gsl_errno.h>
#include <stdlib.h>

static const struct gw_rule *rule_at(int r)
{
    return gw_rules(GW_ISA_PORTABLE)[r];
}

/* Runs the market both ways and tells the first difference, "" when there is none. */
static void difference(const struct market *market, struct lab_options one, struct lab_options other, char text[200])
{
    struct lab *a = market_run(market, one), *b = market_run(market, other);
    text[0] = '\0';
    (void)lab_same(a, b, text);
    lab_free(a);
    lab_free(b);
}

static void assert_irrelevant(struct lab_options other)
{
    for (int contractual = 0; contractual < 2; contractual++) {
        char text[200];
        struct market *market = market_open(contractual == 1);
        difference(market, (struct lab_options){0}, other, text);
        assert_string_equal(text, "");
        market_close(market);
    }
}

/* ---- Descriptors ------------------------------------------------------------------------------------------ */

static void every_descriptor_is_sound(void **state)
{
    (void)state;
    for (int r = 0; r < gw_rule_count; r++) {
        assert_rule_is_sound(rule_at(r)->name);
    }
}

/* All names of one kind, to be told apart. */
struct names {
    const char *name[2048];
    int n;
};

static void note(struct names *names, const char *name)
{
    for (int i = 0; i < names->n; i++) {
        if (strcmp(names->name[i], name) == 0) {
            fail_msg("%s is declared twice", name);
        }
    }
    assert_true(names->n < 2048);
    names->name[names->n++] = name;
}

static void names_are_unique(void **state)
{
    (void)state;
    static struct names area[3], columns, terms, tallies, postings;
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_rule *rule = rule_at(r);
        for (int i = 0; rule->parameters != NULL && rule->parameters[i].name != NULL; i++) {
            const enum gw_scope scope = rule->parameters[i].scope;
            note(&area[scope == GW_CONSUMER ? 0 : scope == GW_MARKET ? 2 : 1], rule->parameters[i].name);
        }
        for (int i = 0; rule->columns != NULL && rule->columns[i].name != NULL; i++) {
            note(&columns, rule->columns[i].name);
        }
        for (int i = 0; rule->terms != NULL && rule->terms[i].name != NULL; i++) {
            note(&terms, rule->terms[i].name);
        }
        for (int i = 0; rule->tallies != NULL && rule->tallies[i].name != NULL; i++) {
            note(&tallies, rule->tallies[i].name);
        }
        for (int i = 0; rule->postings != NULL && rule->postings[i].name != NULL; i++) {
            note(&postings, rule->postings[i].name);
        }
    }
    assert_true(area[0].n > 0 && area[1].n > 0 && area[2].n > 0 && columns.n > 0 && terms.n > 0 && tallies.n > 0 &&
                postings.n > 0);
}

enum kind { A_COLUMN, A_TERM, A_TALLY };

/* The rule that declares a column, term or tally of this name, or NULL. */
static const struct gw_rule *declarer(enum kind kind, const char *name)
{
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_rule *rule = rule_at(r);
        for (int i = 0; kind == A_COLUMN && rule->columns != NULL && rule->columns[i].name != NULL; i++) {
            if (strcmp(rule->columns[i].name, name) == 0) {
                return rule;
            }
        }
        for (int i = 0; kind == A_TERM && rule->terms != NULL && rule->terms[i].name != NULL; i++) {
            if (strcmp(rule->terms[i].name, name) == 0) {
                return rule;
            }
        }
        for (int i = 0; kind == A_TALLY && rule->tallies != NULL && rule->tallies[i].name != NULL; i++) {
            if (strcmp(rule->tallies[i].name, name) == 0) {
                return rule;
            }
        }
    }
    return NULL;
}

/* Names lead to a declaration; what a rule reads, borrows or adds to is another rule's. */
static void assert_declared(enum kind kind, const struct gw_rule *rule, const char *const *names)
{
    for (int i = 0; names != NULL && names[i] != NULL; i++) {
        const struct gw_rule *owner = declarer(kind, names[i]);
        if (owner == NULL || (kind != A_TALLY && owner == rule)) {
            fail_msg("rule %s refers to %s, which %s", rule->name, names[i],
                     owner == NULL ? "no rule declares" : "is its own");
        }
    }
}

static void assert_borrowed(const struct gw_rule *rule, const char *name)
{
    static const char *const areas[] = {"population", "firms", "market"};
    int found = 0;
    for (int a = 0; a < 3; a++) {
        const int p = gw_catalogue_find(areas[a], name);
        found += p >= 0 && rule_at(gw_catalogue_entry(p)->rule) != rule;
    }
    if (found != 1) {
        fail_msg("rule %s borrows %s, which %d other rules declare", rule->name, name, found);
    }
}

static void references_resolve(void **state)
{
    (void)state;
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_rule *rule = rule_at(r);
        assert_declared(A_COLUMN, rule, rule->reads);
        assert_declared(A_TERM, rule, rule->adds);
        assert_declared(A_TALLY, rule, rule->watches);
        for (int i = 0; rule->steers != NULL && rule->steers[i] != NULL; i++) {
            const int lever = gw_catalogue_find("firms", rule->steers[i]);
            assert_true(lever >= 0 && gw_catalogue_entry(lever)->parameter->scope == GW_LEVER);
            assert_borrowed(rule, rule->steers[i]);
        }
        for (int i = 0; rule->borrows != NULL && rule->borrows[i] != NULL; i++) {
            assert_borrowed(rule, rule->borrows[i]);
        }
    }
}

/* Steps on firms stand in the serial phases and nowhere else; each has exactly one function, of its kind. */
static void steps_are_of_their_kind(void **state)
{
    (void)state;
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_step *s = rule_at(r)->steps;
        for (; s != NULL && (s->block != NULL || s->act != NULL); s++) {
            assert_int_equal(s->kind == GW_FIRMS_STEP, s->phase < GW_HEAR);
            assert_int_equal(s->kind == GW_FIRMS_STEP, s->act != NULL);
            assert_int_equal(s->kind == GW_FIRMS_STEP, s->block == NULL);
            assert_in_range(s->phase, 0, GW_PHASES - 1);
        }
    }
}

/* ---- A full market ---------------------------------------------------------------------------------------- */

static void everything_is_on(void **state)
{
    (void)state;
    struct market *market = market_open(true);
    struct lab *lab = market_run(market, (struct lab_options){0});
    for (int r = 0; r < gw_rule_count; r++) {
        if (!lab->plan->live[r]) {
            fail_msg("the market leaves rule %s off", rule_at(r)->name);
        }
    }
    assert_true(lab_total(lab, 0, "purchases", 0, 0) > 500);
    lab_free(lab);
    market_close(market);
}

static void no_rule_writes_what_it_does_not_own(void **state)
{
    (void)state;
    assert_irrelevant((struct lab_options){.audit_writes = true});
}

static void order_within_a_phase_is_irrelevant(void **state)
{
    (void)state;
    assert_irrelevant((struct lab_options){.reverse_order = true});
}

static void threads_are_irrelevant(void **state)
{
    (void)state;
    assert_irrelevant((struct lab_options){.threads = 3});
}

static void instruction_sets_are_irrelevant(void **state)
{
    (void)state;
    assert_irrelevant((struct lab_options){.portable = true});
}

/* The market with one rule off: the same bits whether the rule is scheduled or not. */
static int off_changes(const struct gw_rule *rule, bool contractual)
{
    char text[200] = "";
    struct market *market = market_open(contractual);
    if (market_switch_off(market, rule->name)) {
        difference(market, (struct lab_options){0}, (struct lab_options){.keep_off_rules = true}, text);
        if (text[0] != '\0') {
            print_error("%s at its off values changes %s\n", rule->name, text);
        }
    }
    market_close(market);
    return text[0] != '\0';
}

static void off_is_absent(void **state)
{
    (void)state;
    int changes = 0;
    for (int r = 0; r < gw_rule_count; r++) {
        changes += off_changes(rule_at(r), false) + off_changes(rule_at(r), true);
    }
    assert_int_equal(changes, 0);
}

/* A rule that is off is not scheduled, and the market without it differs from the market with it. */
static void off_rules_rest(void **state)
{
    (void)state;
    for (int r = 0; r < gw_rule_count; r++) {
        struct market *market = market_open(true);
        const bool any = market_switch_off(market, rule_at(r)->name);
        struct lab *lab = market_run(market, (struct lab_options){0});
        assert_int_equal(lab->plan->live[r], !any);
        lab_free(lab);
        market_close(market);
    }
}

/* ---- Values ----------------------------------------------------------------------------------------------- */

/* Documented ranges; every other column must be finite. */
static const struct range {
    const char *column;
    double low, high;
} ranges[] = {{"relation_state", GW_UNAWARE, GW_FORMER},
              {"expectation", 0.0, 1.0},
              {"attitude", 0.0, 1.0},
              {"last_slot", -1.0, 2.0},
              {"contract", -1.0, 2.0}};

static void assert_value_is_lawful(const struct gw_column *column, double x)
{
    double low = -1e12, high = 1e12;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (strcmp(column->name, ranges[i].column) == 0) {
            low = ranges[i].low;
            high = ranges[i].high;
        }
    }
    if (!(low <= x && x <= high)) {
        fail_msg("column %s holds %g", column->name, x);
    }
}

static void assert_columns_are_lawful(const struct gw_worker *worker, const struct gw_plan *plan)
{
    for (int c = 0; c < plan->columns; c++) {
        const struct gw_column *column = plan->column[c].column;
        const bool of_firms = column->shape == GW_PER_FIRM;
        const int slots = of_firms ? plan->scenario->firms : column->shape == GW_PER_RELATION ? plan->relations : 1;
        const uint32_t consumers = of_firms ? 1 : plan->scenario->population;
        for (uint32_t i = 0; column->shape != GW_PER_ENCOUNTER && i < consumers; i++) {
            for (int slot = 0; slot < slots; slot++) {
                assert_value_is_lawful(column, gw_worker_value(worker, c, i, slot));
            }
        }
    }
}

/* Counts are not negative, and sums are far from the ends of their integers. */
static void assert_tallies_are_lawful(const struct gw_worker *worker, const struct gw_plan *plan)
{
    const struct gw_books *books = gw_worker_books(worker);
    for (int t = 0; t < plan->tallies; t++) {
        for (int i = 0; i < plan->tally[t].labels * books->firms; i++) {
            const int64_t x = books->tally[plan->tally[t].cell * books->firms + i];
            const int64_t low = plan->tally[t].tally->measure == GW_COUNT ? 0 : -INT64_C(1000000000000000);
            if (x < low || x > INT64_C(1000000000000000)) {
                fail_msg("tally %s holds %lld", plan->tally[t].tally->name, (long long)x);
            }
        }
    }
}

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

static void watch_values(bool contractual)
{
    struct gw_error error = {0};
    struct gw_plan *plan;
    struct gw_worker *worker;
    struct market *market = market_open(contractual);
    struct gw_scenario *scenario = market_scenario(market);
    must(gw_plan_create(&plan, scenario, (struct gw_plan_options){.isa = gw_isa_best()}, &error), &error);
    must(gw_worker_create(&worker, plan, 1, &error), &error);
    must(gw_worker_start(worker, 0, &error), &error);
    for (uint32_t t = 0; t < scenario->warm_up + scenario->horizon; t++) {
        if (t == scenario->warm_up) {
            must(gw_worker_use(worker, 1, &error), &error);
        }
        assert_columns_are_lawful(worker, plan);
        must(gw_worker_period(worker, &error), &error);
        assert_tallies_are_lawful(worker, plan);
    }
    assert_columns_are_lawful(worker, plan);
    gw_worker_free(worker);
    gw_plan_free(plan);
    gw_scenario_free(scenario);
    market_close(market);
}

static void values_stay_lawful(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    watch_values(false);
    watch_values(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_descriptor_is_sound),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(references_resolve),
        cmocka_unit_test(steps_are_of_their_kind),
        cmocka_unit_test(everything_is_on),
        cmocka_unit_test(no_rule_writes_what_it_does_not_own),
        cmocka_unit_test(order_within_a_phase_is_irrelevant),
        cmocka_unit_test(threads_are_irrelevant),
        cmocka_unit_test(instruction_sets_are_irrelevant),
        cmocka_unit_test(off_rules_rest),
        cmocka_unit_test(off_is_absent),
        cmocka_unit_test(values_stay_lawful),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
