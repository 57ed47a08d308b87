/* The laboratory: its values are those of a run, whatever the threads, and a possible world made by changes is the
 * world that the engine draws. */
#include "close.h"
#include "scratch.h"

#include "core/draws.h"
#include "experiment/compare.h"
#include "experiment/experiment.h"
#include "models/registry.h"
#include "outcome/expression.h"
#include "outcome/quantity.h"
#include "scenario/catalogue.h"
#include "scenario/key.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char market[] = "goodwill: 1\n"
                             "horizon: 20\n"
                             "warm_up: 10\n"
                             "seed: 7\n"
                             "population: {size: 300}\n"
                             "firms: {us: {}, rival: {price: 1.05}}\n"
                             "strategies: {as_now: {}, cut: {firms.us.price: 0.9}}\n";

static const char unsure[] = "goodwill: 1\n"
                             "horizon: 20\n"
                             "warm_up: 10\n"
                             "seed: 7\n"
                             "population:\n"
                             "  size: 300\n"
                             "  complaint_rate: {uncertain: {beta: {mean: 0.4, sd: 0.1}}}\n"
                             "  order_value: {vary: {lognormal: {mean: {uncertain: {gamma: {shape: 16, rate: 0.8}}}, "
                             "sd: {uncertain: {gamma: {shape: 9, rate: 1}}}}}}\n"
                             "market: {discount_rate: {uncertain: {uniform: {low: 0.05, high: 0.15}}}}\n"
                             "firms: {us: {unit_cost: {uncertain: {normal: {mean: 0.6, sd: 0.05}}}}, rival: {}}\n"
                             "strategies:\n"
                             "  as_now: {}\n"
                             "  cut: {firms.us.price: 0.9}\n"
                             "  better: {firms.us.product_quality: {uncertain: {beta: {mean: 0.8, sd: 0.05}}}}\n";

enum { REPLICATIONS = 6, STRATEGIES = 3 };

static const struct gw_asked values_of_all[] = {
    {"each.company_value", 0}, {"each.company_value", 1}, {"each.company_value", 2}};

static struct gw_lab *open_lab(const char *file, size_t quantities, int threads, const char *journal, bool resume,
                               const volatile sig_atomic_t *stop)
{
    struct gw_lab *lab = NULL;
    struct gw_error error = {0};
    const struct gw_lab_options options = {.scenario = file,
                                           .asked = values_of_all,
                                           .quantities = quantities,
                                           .journal = journal,
                                           .resume = resume,
                                           .threads = threads,
                                           .stop = stop};
    const int ret = gw_lab_open(&lab, &options, &error);
    if (ret != GW_OK) {
        fail_msg("%s", error.text);
    }
    return lab;
}

/* The company's value of every strategy and replication of an ordinary run. */
static void run(const char *file, const char *const *override, size_t n, double *value, size_t strategies)
{
    const char *all[20] = {"replications=6"};
    struct gw_scenario *scenario = NULL;
    struct gw_dataset *dataset = NULL;
    struct gw_error error = {0};
    struct gw_compare compare = {.threads = 1};
    size_t quantities;
    double of_one[REPLICATIONS];
    for (size_t i = 0; i < n; i++) {
        all[i + 1] = override[i];
    }
    if (gw_scenario_load(&scenario, file, all, n + 1, &error) != GW_OK ||
        gw_compare_run(&compare, scenario, &dataset, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    for (size_t s = 0; s < strategies; s++) {
        assert_true(gw_quantity_read(gw_quantities(&quantities), dataset, s, of_one));
        for (size_t r = 0; r < REPLICATIONS; r++) {
            value[r * strategies + s] = of_one[r];
        }
    }
    gw_dataset_free(dataset);
    gw_scenario_free(scenario);
}

static const char *const cheap[] = {"firms.us.unit_cost=0.5"}, *const many[] = {"population.size=500"};

static void test_values_are_those_of_a_run(void **state)
{
    (void)state;
    struct gw_error error = {0};
    double found[3][REPLICATIONS * 2], expected[3][REPLICATIONS * 2];
    scratch_write("market.yaml", market, sizeof market - 1);
    run("market.yaml", cheap, 0, expected[0], 2);
    run("market.yaml", cheap, 1, expected[1], 2);
    run("market.yaml", many, 1, expected[2], 2);
    for (int threads = 1; threads <= 3; threads++) {
        const struct gw_trial trial[] = {{.count = REPLICATIONS, .value = found[0]},
                                         {cheap, 1, 0, REPLICATIONS, found[1]},
                                         {many, 1, 0, REPLICATIONS, found[2]}};
        struct gw_lab *lab = open_lab("market.yaml", 2, threads, NULL, false, NULL);
        assert_int_equal(gw_lab_run(lab, trial, 3, &error), GW_OK);
        assert_memory_equal(found, expected, sizeof found);
        assert_int_equal(gw_lab_simulated(lab), 3 * REPLICATIONS);
        /* a part of it once more costs nothing */
        const struct gw_trial again = {cheap, 1, 2, 3, found[1] + 4};
        assert_int_equal(gw_lab_run(lab, &again, 1, &error), GW_OK);
        assert_memory_equal(found, expected, sizeof found);
        assert_int_equal(gw_lab_simulated(lab), 3 * REPLICATIONS);
        gw_lab_close(lab, true, NULL);
    }
}

/* The uniform with which the engine draws the number that a key of the list names. */
static double engines_uniform(const struct gw_scenario *scenario, const char *key, uint32_t replication)
{
    struct gw_key_meaning meaning;
    assert_true(gw_key_understand(scenario, key, &meaning));
    const struct gw_entry *entry = gw_catalogue_entry(meaning.parameter);
    const uint32_t inner = strstr(meaning.rest, ".mean") != NULL ? 1 : strstr(meaning.rest, ".sd") != NULL ? 2 : 0;
    const struct gw_key stream = gw_key_make(scenario->seed, replication, gw_rule_ids[entry->rule]);
    const uint32_t entity = gw_name_hash(entry->parameter->name) + (uint32_t)meaning.first + (inner << 16);
    return gw_uniform_start(&stream, UINT32_MAX, entity, 0);
}

static void test_a_world_by_changes_is_the_engines(void **state)
{
    (void)state;
    struct gw_error error = {0};
    struct gw_inputs inputs;
    double drawn[REPLICATIONS * STRATEGIES], made[STRATEGIES], x[8];
    scratch_write("unsure.yaml", unsure, sizeof unsure - 1);
    run("unsure.yaml", NULL, 0, drawn, STRATEGIES);
    struct gw_lab *lab = open_lab("unsure.yaml", STRATEGIES, 2, NULL, false, NULL);
    assert_int_equal(gw_scenario_uncertain(gw_lab_scenario(lab), &inputs, &error), GW_OK);
    assert_int_equal(inputs.n, 6);
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        for (int i = 0; i < inputs.n; i++) {
            x[i] = gw_input_at(&inputs.input[i], engines_uniform(gw_lab_scenario(lab), inputs.input[i].key[0], r));
        }
        const int ret = gw_experiment_evaluate(lab, &inputs, x, 1, r, 1, made, &error);
        assert_string_equal(error.text, "");
        assert_int_equal(ret, GW_OK);
        assert_memory_equal(made, drawn + r * STRATEGIES, sizeof made);
    }
    gw_inputs_free(&inputs);
    gw_lab_close(lab, true, NULL);
}

/* Who is not asked is not run, and is not missed. */
static void test_strategies_that_nobody_asks_of(void **state)
{
    (void)state;
    struct gw_error error = {0};
    struct gw_lab *lab = NULL;
    double all[REPLICATIONS * STRATEGIES], some[REPLICATIONS * 2];
    static const struct gw_asked two[] = {{"cut.company_value", GW_NO_STRATEGY}, {"each.company_value", 2}};
    scratch_write("unsure.yaml", unsure, sizeof unsure - 1);
    run("unsure.yaml", NULL, 0, all, STRATEGIES);
    const struct gw_lab_options options = {.scenario = "unsure.yaml", .asked = two, .quantities = 2, .threads = 2};
    assert_int_equal(gw_lab_open(&lab, &options, &error), GW_OK);
    const struct gw_trial trial = {.count = REPLICATIONS, .value = some};
    assert_int_equal(gw_lab_run(lab, &trial, 1, &error), GW_OK);
    for (int r = 0; r < REPLICATIONS; r++) {
        assert_memory_equal(&some[2 * r], &all[STRATEGIES * r + 1], sizeof *some);
        assert_memory_equal(&some[2 * r + 1], &all[STRATEGIES * r + 2], sizeof *some);
    }
    gw_lab_close(lab, true, NULL);
}

static void test_foretells(void **state)
{
    (void)state;
    uint64_t foretold = 0;
    double value[REPLICATIONS * 2];
    struct gw_error error = {0};
    struct gw_lab *lab = NULL;
    scratch_write("market.yaml", market, sizeof market - 1);
    const struct gw_lab_options options = {
        .scenario = "market.yaml", .asked = values_of_all, .quantities = 2, .threads = 1, .foretold = &foretold};
    assert_int_equal(gw_lab_open(&lab, &options, &error), GW_OK);
    const struct gw_trial trial = {.count = REPLICATIONS, .value = value};
    assert_int_equal(gw_lab_run(lab, &trial, 1, &error), GW_STOPPED);
    assert_int_equal(foretold, REPLICATIONS);
    assert_int_equal(gw_lab_simulated(lab), 0);
    gw_lab_close(lab, true, NULL);
}

static void test_resumes_from_its_journal(void **state)
{
    (void)state;
    struct gw_error error = {0};
    double first[4 * 2], all[REPLICATIONS * 2], again[REPLICATIONS * 2];
    scratch_write("market.yaml", market, sizeof market - 1);
    const struct gw_trial some = {cheap, 1, 0, 4, first}, rest = {cheap, 1, 0, REPLICATIONS, all},
                          resumed = {cheap, 1, 0, REPLICATIONS, again};
    struct gw_lab *lab = open_lab("market.yaml", 2, 1, NULL, false, NULL);
    assert_int_equal(gw_lab_run(lab, &rest, 1, &error), GW_OK);
    gw_lab_close(lab, true, NULL);

    lab = open_lab("market.yaml", 2, 2, "lab.journal", false, NULL);
    assert_int_equal(gw_lab_run(lab, &some, 1, &error), GW_OK);
    assert_int_equal(gw_lab_close(lab, false, &error), GW_OK);
    lab = open_lab("market.yaml", 2, 2, "lab.journal", true, NULL);
    assert_int_equal(gw_lab_run(lab, &resumed, 1, &error), GW_OK);
    assert_int_equal(gw_lab_simulated(lab), REPLICATIONS - 4);
    assert_memory_equal(again, all, sizeof all);
    assert_int_equal(gw_lab_close(lab, true, &error), GW_OK);
    assert_int_not_equal(access("lab.journal", F_OK), 0);
}

static void test_stops_when_asked(void **state)
{
    (void)state;
    static const volatile sig_atomic_t stop = 1;
    struct gw_error error = {0};
    double value[2];
    scratch_write("market.yaml", market, sizeof market - 1);
    const struct gw_trial trial = {cheap, 1, 0, 1, value};
    struct gw_lab *lab = open_lab("market.yaml", 2, 2, NULL, false, &stop);
    assert_int_equal(gw_lab_run(lab, &trial, 1, &error), GW_STOPPED);
    gw_lab_close(lab, true, NULL);
}

static void expect_refusal(const char *const *change, size_t n, const char *message)
{
    struct gw_error error = {0};
    double value[4][2];
    const struct gw_trial trial[] = {
        {cheap, 1, 0, 1, value[0]}, {change, n, 0, 1, value[1]}, {many, 1, 0, 1, value[2]}};
    struct gw_lab *lab = open_lab("market.yaml", 2, 3, NULL, false, NULL);
    assert_int_equal(gw_lab_run(lab, trial, 3, &error), GW_BAD_INPUT);
    if (strstr(error.text, message) == NULL) {
        fail_msg("expected '%s' in '%s'", message, error.text);
    }
    gw_lab_close(lab, true, NULL);
}

static void test_refuses_what_does_not_fit(void **state)
{
    (void)state;
    static const char *const unknown[] = {"firms.us.unit_costs=0.5"}, *const outside[] = {"firms.us.price=-1"},
                             *const another[] = {"strategies.third={}"};
    scratch_write("market.yaml", market, sizeof market - 1);
    expect_refusal(unknown, 1, "did you mean 'unit_cost'?");
    expect_refusal(outside, 1, "outside");
    expect_refusal(another, 1, "cannot change how many strategies");
}

static void test_refuses_a_measure_at_once(void **state)
{
    (void)state;
    struct gw_lab *lab = NULL;
    struct gw_error error = {0};
    const struct gw_asked asked = {"each.happiness", 0};
    scratch_write("market.yaml", market, sizeof market - 1);
    const struct gw_lab_options options = {.scenario = "market.yaml", .asked = &asked, .quantities = 1, .threads = 1};
    assert_int_equal(gw_lab_open(&lab, &options, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "happiness"));
    assert_null(lab);
}

static void test_notices_a_changed_file(void **state)
{
    (void)state;
    struct gw_error error = {0};
    double value[2];
    const struct gw_trial trial = {cheap, 1, 0, 1, value};
    scratch_write("market.yaml", market, sizeof market - 1);
    struct gw_lab *lab = open_lab("market.yaml", 2, 1, NULL, false, NULL);
    scratch_write("market.yaml", unsure, sizeof unsure - 1);
    assert_int_equal(gw_lab_run(lab, &trial, 1, &error), GW_FAILED);
    assert_non_null(strstr(error.text, "has changed"));
    gw_lab_close(lab, true, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_those_of_a_run),
        cmocka_unit_test(test_a_world_by_changes_is_the_engines),
        cmocka_unit_test(test_strategies_that_nobody_asks_of),
        cmocka_unit_test(test_foretells),
        cmocka_unit_test(test_resumes_from_its_journal),
        cmocka_unit_test(test_stops_when_asked),
        cmocka_unit_test(test_refuses_what_does_not_fit),
        cmocka_unit_test(test_refuses_a_measure_at_once),
        cmocka_unit_test(test_notices_a_changed_file),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
