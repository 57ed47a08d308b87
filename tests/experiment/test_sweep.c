/* Sweeps: what the dataset holds is what runs of the single settings give; a market with a known answer; whatever the
 * threads and interruptions; messages. */
#include "close.h"
#include "scratch.h"

#include "experiment/compare.h"
#include "experiment/sweep.h"
#include "experiment/sweep_points.h"
#include "outcome/quantity.h"
#include "output/reports.h"
#include "output/runfile.h"
#include "scenario/catalogue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REPLICATIONS = 4 };

static const char market[] = "goodwill: 1\n"
                             "horizon: 20\n"
                             "warm_up: 10\n"
                             "seed: 7\n"
                             "replications: 4\n"
                             "population: {size: 300}\n"
                             "firms: {us: {}, rival: {price: 1.05}}\n"
                             "strategies: {as_now: {}, cut: {firms.us.price: 0.9}}\n";

/* Writes market.yaml with a sweep of these inputs; `more` are other keys of it. */
static void write_sweep(const char *over, const char *more)
{
    char text[4000];
    const int length =
        snprintf(text, sizeof text, "%sexperiment:\n  sweep:\n    over: %s\n    %s\n", market, over, more);
    scratch_write("market.yaml", text, (size_t)length);
}

static int sweep_with(const char *file, const struct gw_lab_options *how, struct gw_dataset **dataset,
                      struct gw_error *error)
{
    struct gw_scenario *scenario = NULL;
    struct gw_lab_options options = *how;
    options.scenario = file;
    *dataset = NULL;
    int ret = gw_scenario_load(&scenario, file, NULL, 0, error);
    ret = ret == GW_OK ? gw_sweep_run(&options, &scenario->experiment->part[GW_SWEEP][0], dataset, error) : ret;
    gw_scenario_free(scenario);
    return ret;
}

static struct gw_dataset *sweep(const char *over, const char *more)
{
    struct gw_dataset *dataset;
    struct gw_error error = {0};
    write_sweep(over, more);
    if (sweep_with("market.yaml", &(struct gw_lab_options){.threads = 2}, &dataset, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return dataset;
}

/* The company's value of a strategy in every replication of an ordinary run. */
static void run(const char *const *change, size_t n, size_t strategy, double value[REPLICATIONS])
{
    struct gw_scenario *scenario = NULL;
    struct gw_dataset *dataset = NULL;
    struct gw_error error = {0};
    struct gw_compare compare = {.threads = 1};
    size_t quantities;
    if (gw_scenario_load(&scenario, "market.yaml", change, n, &error) != GW_OK ||
        gw_compare_run(&compare, scenario, &dataset, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    assert_true(gw_quantity_read(gw_quantities(&quantities), dataset, strategy, value));
    gw_dataset_free(dataset);
    gw_scenario_free(scenario);
}

static const double *reals(const struct gw_dataset *dataset, const char *name)
{
    const struct gw_array *array = gw_dataset_array(dataset, name);
    assert_non_null(array);
    assert_int_equal(array->type, GW_FLOAT64);
    return array->reals;
}

/* ---- The dataset ---------------------------------------------------------------------------------------------- */

static void check_axis(const struct gw_dataset *dataset, int position, const char *name, size_t length)
{
    const struct gw_array *value = gw_dataset_array(dataset, "value");
    const struct gw_axis *axis = &dataset->axis[value->axis[position]];
    assert_string_equal(axis->name, name);
    assert_int_equal(axis->length, length);
}

static void test_a_grid_has_the_inputs_as_axes(void **state)
{
    (void)state;
    struct gw_dataset *d = sweep("[{key: firms.us.unit_cost, from: 0.4, to: 0.7, steps: 4}, "
                                 "{name: discount, say: discount, unit: '%', from: 0, to: 10, steps: 3, "
                                 "keys: {firms.us.price: 1 - x / 100}}]",
                                 "");
    assert_int_equal(gw_dataset_array(d, "value")->dims, 4);
    check_axis(d, 0, "unit_cost", 4);
    check_axis(d, 1, "discount", 3);
    check_axis(d, 2, "strategy", 2);
    check_axis(d, 3, "replication", REPLICATIONS);
    const double *cost = gw_dataset_axis(d, "unit_cost")->reals;
    assert_true(cost[0] == 0.4 && cost[1] == 0.5 && cost[2] == 0.6 && cost[3] == 0.7); /* as one would write them */
    assert_string_equal(gw_dataset_axis(d, "discount")->unit, "%");
    assert_string_equal(gw_dataset_attribute(d, "inputs"), "unit_cost,discount");
    assert_string_equal(gw_dataset_attribute(d, "design"), "grid");
    assert_string_equal(gw_dataset_attribute(d, "say"), "company value");
    assert_int_equal(gw_dataset_array(d, "mean")->dims, 3);
    assert_int_equal(gw_dataset_array(d, "n")->integers[5], REPLICATIONS);
    gw_dataset_free(d);
}

/* Point (2, 1): unit cost 0.6, a discount of 5% on what every strategy starts from. */
static void test_values_are_those_of_a_run(void **state)
{
    (void)state;
    static const char *const change[] = {"firms.us.unit_cost=0.6", "firms.us.price=0.95"};
    double of_run[2][REPLICATIONS], sum = 0.0;
    struct gw_dataset *d = sweep("[{key: firms.us.unit_cost, from: 0.4, to: 0.7, steps: 4}, "
                                 "{name: discount, from: 0, to: 10, steps: 3, keys: {firms.us.price: 1 - x / 100}}]",
                                 "");
    const double *value = reals(d, "value") + (2 * 3 + 1) * 2 * REPLICATIONS;
    const size_t at = (2 * 3 + 1) * 2 + 1;
    for (size_t s = 0; s < 2; s++) {
        run(change, 2, s, of_run[s]);
        assert_memory_equal(value + s * REPLICATIONS, of_run[s], sizeof of_run[s]);
    }
    for (int r = 0; r < REPLICATIONS; r++) {
        sum += of_run[1][r] - of_run[0][r];
    }
    assert_close(reals(d, "difference")[at], sum / REPLICATIONS, 1e-12, 0.0);
    assert_true(reals(d, "difference_low")[at] < reals(d, "difference")[at]);
    assert_true(reals(d, "difference")[at - 1] == 0.0 && reals(d, "difference_sd")[at - 1] == 0.0);
    assert_true(of_run[1][0] != of_run[1][1]);
    gw_dataset_free(d);
}

static void test_one_measure_has_no_strategies(void **state)
{
    (void)state;
    double as_now[REPLICATIONS], cut[REPLICATIONS];
    static const char *const change[] = {"firms.us.unit_cost=0.5"};
    struct gw_dataset *d = sweep("[{key: firms.us.unit_cost, values: [0.5, 0.6]}]",
                                 "of: cut.company_value - as_now.company_value\n    replications: 3");
    const struct gw_array *value = gw_dataset_array(d, "value");
    assert_int_equal(value->dims, 2);
    check_axis(d, 1, "replication", 3);
    assert_null(gw_dataset_array(d, "difference"));
    run(change, 1, 0, as_now);
    run(change, 1, 1, cut);
    for (int r = 0; r < 3; r++) {
        assert_true(value->reals[r] == cut[r] - as_now[r]);
    }
    gw_dataset_free(d);
}

static void test_texts_are_labels(void **state)
{
    (void)state;
    struct gw_dataset *d = sweep("[{name: kind, key: population.inertia, values: [0, {vary: {gamma: {shape: 2, "
                                 "mean: 1}}}]}, {key: firms.us.unit_cost, from: 0.4, to: 0.6, steps: 2}]",
                                 "");
    const struct gw_axis *kind = gw_dataset_axis(d, "kind");
    assert_null(kind->reals);
    assert_string_equal(kind->labels[0], "0");
    assert_string_equal(kind->labels[1], "{vary: {gamma: {shape: 2, mean: 1}}}");
    assert_true(reals(d, "mean")[0] != reals(d, "mean")[4]);
    gw_dataset_free(d);
}

/* A parameter that counts takes whole numbers, and each once. */
static void test_counts_are_whole(void **state)
{
    (void)state;
    struct gw_dataset *d =
        sweep("[{name: delay, key: firms.us.process_delay, from: 1, to: 4, steps: 7}]", "replications: 2");
    const struct gw_axis *delay = gw_dataset_axis(d, "delay");
    assert_int_equal(delay->length, 4);
    for (size_t k = 0; k < 4; k++) {
        assert_true(delay->reals[k] == (double)(k + 1));
    }
    gw_dataset_free(d);
}

/* ---- Designs that are no grid --------------------------------------------------------------------------------- */

static void test_a_list_goes_side_by_side(void **state)
{
    (void)state;
    static const char *const change[] = {"firms.us.unit_cost=0.6", "firms.us.price=1.1"};
    double of_run[REPLICATIONS];
    struct gw_dataset *d = sweep("[{key: firms.us.unit_cost, values: [0.4, 0.6, 0.5]}, "
                                 "{key: firms.us.price, values: [0.9, 1.1, 1.0]}]",
                                 "design: list");
    check_axis(d, 0, "point", 3);
    assert_true(reals(d, "unit_cost")[1] == 0.6 && reals(d, "price")[1] == 1.1);
    run(change, 2, 0, of_run);
    assert_memory_equal(reals(d, "value") + 2 * REPLICATIONS, of_run, sizeof of_run);
    gw_dataset_free(d);
}

static void test_words_in_a_list_name_the_point(void **state)
{
    (void)state;
    struct gw_dataset *d = sweep("[{key: firms.us.unit_cost, values: [0.4, 0.6]}, "
                                 "{name: kind, key: population.inertia, values: [1, {vary: {gamma: {shape: 2, mean: "
                                 "1}}}]}]",
                                 "design: list");
    const struct gw_axis *point = gw_dataset_axis(d, "point");
    assert_string_equal(point->labels[0], "unit_cost=0.4, kind=1");
    assert_non_null(gw_dataset_array(d, "unit_cost"));
    assert_null(gw_dataset_array(d, "kind"));
    gw_dataset_free(d);
}

/* A Latin hypercube has one point in every tenth of every range; the Sobol sequence's first 8 one in every eighth. */
static void check_strata(const char *design, const char *more, size_t n)
{
    struct gw_dataset *d = sweep("[{key: firms.us.unit_cost, from: 0.4, to: 0.6}, "
                                 "{key: firms.us.price, from: 0.9, to: 1.1}]",
                                 more);
    static const char *const names[] = {"unit_cost", "price"};
    static const double low[] = {0.4, 0.9};
    assert_string_equal(gw_dataset_attribute(d, "design"), design);
    for (int i = 0; i < 2; i++) {
        const double *x = reals(d, names[i]);
        unsigned met = 0;
        for (size_t p = 0; p < n; p++) {
            met |= 1u << (unsigned)floor((x[p] - low[i]) / 0.2 * (double)n);
        }
        assert_int_equal(met, (1u << n) - 1);
    }
    gw_dataset_free(d);
}

static void test_random_designs_fill_the_ranges(void **state)
{
    (void)state;
    check_strata("latin_hypercube", "design: latin_hypercube\n    points: 10\n    replications: 2", 10);
    check_strata("sobol", "design: sobol\n    points: 8\n    replications: 2", 8);
}

/* ---- A known answer ------------------------------------------------------------------------------------------- */

static double number(const struct gw_scenario *s, const char *area, const char *name)
{
    return s->strategy[0].values.number[gw_catalogue_find(area, name)][0].value;
}

/* Money spent on nothing is lost: x per week over the horizon, and for ever after at the rate d + fade. */
static double lost(const struct gw_scenario *s, double per_week)
{
    const double d = number(s, "market", "discount_rate"), fade = number(s, "market", "fade");
    const double v = pow(1.0 + d, -s->years);
    double sum = 0.0;
    for (uint32_t t = 0; t < s->horizon; t++) {
        sum += per_week * 52.0 * s->years * pow(v, t + 1.0);
    }
    return sum + pow(v, s->horizon) * per_week * 52.0 / (d + fade);
}

static const char nothing[] = "goodwill: 1\n"
                              "extends: " GOODWILL_SCENARIOS "/null.yaml\n"
                              "population: {size: 200}\n"
                              "replications: 3\n"
                              "experiment:\n"
                              "  sweep:\n"
                              "    over:\n"
                              "      - name: spend\n"
                              "        from: 0\n"
                              "        to: 1200\n"
                              "        steps: 4\n"
                              "        keys: {strategies.spend_for_nothing.firms.us.spend.empathy: x / 2,\n"
                              "               strategies.spend_for_nothing.firms.us.spend.resolution: x / 2}\n";

static struct gw_dataset *sweep_nothing(struct gw_scenario **scenario)
{
    struct gw_dataset *d;
    struct gw_error error = {0};
    scratch_write("nothing.yaml", nothing, sizeof nothing - 1);
    if (gw_scenario_load(scenario, "nothing.yaml", NULL, 0, &error) != GW_OK ||
        sweep_with("nothing.yaml", &(struct gw_lab_options){.threads = 2}, &d, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return d;
}

static void test_money_spent_on_nothing_is_lost(void **state)
{
    (void)state;
    struct gw_scenario *scenario = NULL;
    struct gw_dataset *d = sweep_nothing(&scenario);
    const size_t strategies = (size_t)scenario->strategies;
    for (size_t p = 0; p < 4; p++) {
        const double spend = gw_dataset_axis(d, "spend")->reals[p], expected = -lost(scenario, spend);
        const size_t at = p * strategies + 1;
        assert_close(spend, 400.0 * (double)p, 0.0, 0.0);
        assert_close(reals(d, "difference")[at], expected, 1e-9, 1e-3);
        assert_close(reals(d, "difference_low")[at], expected, 1e-9, 1e-3);
        assert_close(reals(d, "difference_high")[at], expected, 1e-9, 1e-3);
    }
    gw_dataset_free(d);
    gw_scenario_free(scenario);
}

/* ---- Threads and interruptions -------------------------------------------------------------------------------- */

static const char two_inputs[] = "[{key: firms.us.unit_cost, from: 0.4, to: 0.6, steps: 3}, "
                                 "{key: firms.us.price, from: 0.9, to: 1.1, steps: 3}]";

static void fingerprint(const struct gw_dataset *dataset, char hex[65])
{
    assert_int_equal(gw_dataset_fingerprint(dataset, hex, NULL), GW_OK);
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    char one[65], other[65];
    struct gw_dataset *d = NULL;
    struct gw_error error = {0};
    write_sweep(two_inputs, "");
    for (int threads = 1; threads <= 3; threads++) {
        assert_int_equal(sweep_with("market.yaml", &(struct gw_lab_options){.threads = threads}, &d, &error), GW_OK);
        fingerprint(d, threads == 1 ? one : other);
        assert_true(threads == 1 || strcmp(one, other) == 0);
        gw_dataset_free(d);
    }
}

static volatile sig_atomic_t stop;

static void stop_half_way(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    assert_int_equal(total, 9 * REPLICATIONS);
    stop = done >= total / 2;
}

static void test_goes_on_where_it_stopped(void **state)
{
    (void)state;
    char whole[65], resumed[65];
    struct gw_error error = {0};
    struct gw_dataset *d = sweep(two_inputs, "");
    struct gw_lab_options how = {.threads = 2, .journal = "sweep.journal", .stop = &stop, .progress = stop_half_way};
    fingerprint(d, whole);
    gw_dataset_free(d);
    stop = 0;
    assert_int_equal(sweep_with("market.yaml", &how, &d, &error), GW_STOPPED);
    assert_null(d);
    assert_int_equal(access("sweep.journal", F_OK), 0);
    stop = 0;
    how.progress = NULL;
    how.resume = true;
    error = (struct gw_error){0};
    assert_int_equal(sweep_with("market.yaml", &how, &d, &error), GW_OK);
    fingerprint(d, resumed);
    assert_string_equal(whole, resumed);
    assert_int_not_equal(access("sweep.journal", F_OK), 0);
    gw_dataset_free(d);
}

/* ---- The run file and its report ------------------------------------------------------------------------------ */

static char *report_of(const struct gw_dataset *dataset, enum gw_answer_form form)
{
    char *text = NULL;
    size_t size;
    struct gw_error error = {0};
    FILE *out = open_memstream(&text, &size);
    if (gw_summary_write(dataset, form, out, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

/* Written and read again it says the same, in all forms. */
static void test_the_run_file_says_the_same(void **state)
{
    (void)state;
    struct gw_dataset *read = NULL;
    struct gw_error error = {0};
    struct gw_dataset *d = sweep(two_inputs, "");
    assert_int_equal(gw_runfile_write("sweep.h5", d, true, &error), GW_OK);
    assert_int_equal(gw_runfile_read(&read, "sweep.h5", &error), GW_OK);
    for (enum gw_answer_form form = GW_ANSWER_TEXT; form <= GW_ANSWER_JSON; form++) {
        char *before = report_of(d, form), *after = report_of(read, form);
        assert_string_equal(before, after);
        assert_non_null(strstr(before, "The difference of Cut to As now runs from"));
        free(before);
        free(after);
    }
    gw_dataset_free(read);
    gw_dataset_free(d);
}

/* In the market where experience changes nothing the price cannot be bettered either, and spending loses exactly. */
static void test_the_report_is_right(void **state)
{
    (void)state;
    struct gw_scenario *scenario = NULL;
    struct gw_dataset *d = sweep_nothing(&scenario);
    char *json = report_of(d, GW_ANSWER_JSON), wanted[100];
    assert_non_null(strstr(json, "\"point\": 0, \"spend\": 0, "));
    (void)snprintf(wanted, sizeof wanted, "\"difference_spend_for_nothing\": %.0f", trunc(-lost(scenario, 1200.0)));
    assert_non_null(strstr(json, wanted));
    assert_non_null(strstr(json, "\"difference_spend_for_nothing\": 0, "));
    free(json);
    gw_dataset_free(d);
    gw_scenario_free(scenario);
}

/* ---- Messages ------------------------------------------------------------------------------------------------- */

static void refused(const char *over, const char *more, const char *message)
{
    struct gw_dataset *d;
    struct gw_error error = {0};
    write_sweep(over, more);
    assert_int_equal(sweep_with("market.yaml", &(struct gw_lab_options){.threads = 2}, &d, &error), GW_BAD_INPUT);
    assert_null(d);
    if (strstr(error.text, message) == NULL) {
        fail_msg("expected '%s' in '%s'", message, error.text);
    }
}

static void test_bad_input_is_told(void **state)
{
    (void)state;
    refused("[firms.us.unit_costs]", "", "did you mean");
    refused("[]", "", "over");
    refused("[{key: firms.us.price, from: 1.2, to: 0.9}]", "", "above from");
    refused("[{key: firms.us.unit_cost, from: 0.4, to: -0.6}]", "", "above from");
    refused("[{key: firms.us.unit_cost, from: -0.6, to: 0.4}]", "", "outside");
    refused("[{name: mean, key: firms.us.unit_cost, from: 0.4, to: 0.6}]", "", "'mean' is the name of a result");
    refused("[{key: firms.us.unit_cost, values: [0.4, 0.5]}, {key: firms.us.price, values: [1]}]", "design: list",
            "'unit_cost' has 2 values and 'price' has 1");
    refused("[{key: firms.us.unit_cost, from: 0.4, to: 0.5}]", "design: list", "has no values");
    refused("[{name: x, from: 0, to: 1, unit: days, keys: {firms.us.price: 1 + x}}]", "", "singular");
    refused("[{key: firms.us.unit_cost, from: 0.4, to: 0.6}]", "of: each.happiness", "happiness");
}

static void test_a_grid_is_not_endless(void **state)
{
    (void)state;
    char over[2000] = "[";
    for (int i = 0; i < 7; i++) {
        (void)snprintf(over + strlen(over), sizeof over - strlen(over),
                       "%s{name: x%d, from: 0.4, to: 0.6, steps: 2, keys: {firms.us.unit_cost: x}}",
                       i == 0 ? "" : ", ", i);
    }
    strcat(over, "]");
    refused(over, "", "more dimensions than a run file can hold");
    refused("[{key: firms.us.unit_cost, from: 0.4, to: 0.6, steps: 1000}, "
            "{key: firms.us.price, from: 0.9, to: 1.1, steps: 1000}, "
            "{key: firms.rival.price, from: 0.9, to: 1.1, steps: 2, name: theirs}]",
            "", "more than 1000000 points");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_grid_has_the_inputs_as_axes),
        cmocka_unit_test(test_values_are_those_of_a_run),
        cmocka_unit_test(test_one_measure_has_no_strategies),
        cmocka_unit_test(test_texts_are_labels),
        cmocka_unit_test(test_counts_are_whole),
        cmocka_unit_test(test_a_list_goes_side_by_side),
        cmocka_unit_test(test_words_in_a_list_name_the_point),
        cmocka_unit_test(test_random_designs_fill_the_ranges),
        cmocka_unit_test(test_money_spent_on_nothing_is_lost),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_goes_on_where_it_stopped),
        cmocka_unit_test(test_the_run_file_says_the_same),
        cmocka_unit_test(test_the_report_is_right),
        cmocka_unit_test(test_bad_input_is_told),
        cmocka_unit_test(test_a_grid_is_not_endless),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
