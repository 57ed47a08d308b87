/* The audit of writes finds every kind of write that a rule may not do: each is planted in place of a real step. */
#include "market.h"

#include "engine/worker.h"

#include <gsl/gsl_errno.h>
#include <stdint.h>
#include <string.h>

/* What a step sees as const, written all the same. */
#define UNLOCK(type, pointer) ((type *)(uintptr_t)(pointer))

static void write_nothing(const struct gw_block *b)
{
    (void)b;
}

static void write_a_column_it_reads(const struct gw_block *b)
{
    UNLOCK(uint8_t, gw_read(b, 0))[b->rows - 1] ^= 1;
}

static void write_scratch_it_reads(const struct gw_block *b)
{
    UNLOCK(float, gw_read(b, 0))[0] += 1.0f;
}

static void write_beyond_its_block(const struct gw_block *b)
{
    float *column = gw_column(b, 0);
    column[b->first == 0 ? b->relations * GW_BLOCK : -1] += 1.0f;
}

static void write_messages(const struct gw_block *b)
{
    UNLOCK(uint16_t, b->positive_heard)[3]++;
}

static void write_a_lever(const struct gw_block *b)
{
    UNLOCK(double, gw_levers(b, 0))[1] += 0.5;
}

static void write_a_parameter(const struct gw_block *b)
{
    UNLOCK(float, gw_consumer(b, 1))[0] += 0.5f;
}

static void write_a_market_parameter(const struct gw_block *b)
{
    UNLOCK(double, b->bound->market)[0] += 0.5;
}

static void write_a_foreign_tally(const struct gw_block *b)
{
    gw_book_tally(b->books, b->bound->first_tally - 1, 0, 0, 1);
}

static void write_the_accounts(const struct gw_block *b)
{
    b->books->account[0]++;
}

static void cap_out_of_turn(const struct gw_block *b)
{
    b->encounters->cap[0]--;
}

static void end_out_of_turn(const struct gw_block *b)
{
    b->encounters->ended[0] = GW_CAUSE_LIFETIME;
}

static void drop_an_encounter(const struct gw_block *b)
{
    b->encounters->n--;
}

static void choose_for_others(const struct gw_block *b)
{
    b->shoppers->first[0] ^= 1;
}

static void tell_out_of_turn(const struct gw_block *b)
{
    b->tells->n++;
}

static void raise_occasions(const struct gw_block *b)
{
    b->occasions[0]++;
}

static const struct plant {
    const char *rule;
    enum gw_phase phase;
    void (*step)(const struct gw_block *b);
    const char *found; /* NULL: lawful */
} plants[] = {
    {"attitude", GW_REMEMBER, write_nothing, NULL},
    {"occasions", GW_NEED, raise_occasions, NULL},
    {"attitude", GW_REMEMBER, write_a_column_it_reads, "rule attitude wrote column relation_state of rule relation"},
    {"telling", GW_TELL, write_scratch_it_reads, "rule telling wrote column disconfirmation of rule experience"},
    {"attitude", GW_REMEMBER, write_beyond_its_block, "rule attitude wrote column attitude outside its block"},
    {"attitude", GW_HEAR, write_messages, "rule attitude wrote the messages heard"},
    {"price", GW_CHOOSE, write_a_lever, "rule price wrote lever price"},
    {"attitude", GW_REMEMBER, write_a_parameter, "rule attitude wrote parameter attitude_weight"},
    {"attitude", GW_REMEMBER, write_a_market_parameter, "rule attitude wrote the market parameters"},
    {"telling", GW_TELL, write_a_foreign_tally, "rule telling wrote tally "},
    {"telling", GW_TELL, write_the_accounts, "rule telling wrote the accounts"},
    {"attitude", GW_REMEMBER, cap_out_of_turn, "rule attitude wrote the caps on purchases"},
    {"attitude", GW_REMEMBER, end_out_of_turn, "rule attitude wrote the ends of relations"},
    {"attitude", GW_REMEMBER, drop_an_encounter, "rule attitude wrote the list of encounters"},
    {"asking", GW_ASK, choose_for_others, "rule asking wrote the slots chosen of rule choice"},
    {"attitude", GW_REMEMBER, tell_out_of_turn, "rule attitude wrote the messages told"},
    {"attitude", GW_REMEMBER, raise_occasions, "rule attitude wrote the occasions"},
};

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

static void put(struct gw_plan *plan, const struct plant *plant, const struct gw_step *step)
{
    int found = 0;
    for (int s = plan->first[plant->phase]; s < plan->first[plant->phase + 1]; s++) {
        if (strcmp(plan->rules[plan->step[s].rule]->name, plant->rule) == 0) {
            plan->step[s].step = step;
            found++;
        }
    }
    assert_int_equal(found, 1);
}

static void assert_found(const struct gw_scenario *scenario, const struct plant *plant)
{
    struct gw_plan *plan;
    struct gw_worker *worker;
    struct gw_error error = {0};
    const struct gw_step step = {plant->phase, GW_BLOCK_STEP, plant->step, NULL};
    must(
        gw_plan_create(&plan, scenario, (struct gw_plan_options){.isa = gw_isa_best(), .audit_writes = true}, &error),
        &error);
    put(plan, plant, &step);
    must(gw_worker_create(&worker, plan, 1, &error), &error);
    must(gw_worker_start(worker, 0, &error), &error);
    const int ret = gw_worker_period(worker, &error);
    if (plant->found == NULL) {
        must(ret, &error);
    } else {
        assert_int_equal(ret, GW_FAILED);
        if (strncmp(error.text, plant->found, strlen(plant->found)) != 0) {
            fail_msg("'%s', not '%s'", error.text, plant->found);
        }
    }
    gw_worker_free(worker);
    gw_plan_free(plan);
}

static void planted_writes_are_found(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    struct market *market = market_open(false);
    struct gw_scenario *scenario = market_scenario(market);
    for (size_t i = 0; i < sizeof plants / sizeof *plants; i++) {
        assert_found(scenario, &plants[i]);
    }
    gw_scenario_free(scenario);
    market_close(market);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(planted_writes_are_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
