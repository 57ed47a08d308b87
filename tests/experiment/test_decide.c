/* Decisions through the whole engine, where the answer is known: unit costs that nobody knows, purchases that do not
 * depend on them. */
#include "close.h"
#include "scratch.h"

#include "experiment/decide.h"
#include "output/fields.h"
#include "output/figures.h"
#include "output/reports.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every occasion is a purchase of 1 at price 1: money is added up over a year, undiscounted. Strategy `make` has a
 * unit cost c that is normal, `buy` one of 0.5 and a fee a week besides. The fixed cost is unknown as well, the same
 * for both. */
enum { CUSTOMERS = 400, WEEKS = 52, WORLDS = 400, INNER = 4, TARGETS = 3 };
static const double rate = 2.0, cost = 0.52, cost_sd = 0.03, fee = 0.2;

static const char market[] =
    "goodwill: 1\nhorizon: 1 year\nwarm_up: 0 weeks\nseed: 11\nfocal: us\n"
    "population: {size: 400, purchase_rate: 2, order_value: 1, category_appeal: 30, taste_sd: 0, question_rate: 0,\n"
    "  attitude_weight: 0, inertia: 0, price_sensitivity: 0, adaptation: 0, stop_base: -40, tells_per_experience: "
    "0}\n"
    "market: {experience_pull: 0, hearing_up: 0, hearing_down: 0, memory_take_up: 0, level_weight: 0,\n"
    "  terminal: none, discount_rate: 0}\n"
    "firms: {us: {initial_share: 1, serve_cost: 0, failure_rate: 0, survey_rate: 0, agents.phone: 0,\n"
    "  handling_minutes: 0, unit_cost: {uncertain: {normal: {mean: 0.52, sd: 0.03}}}}}\n"
    "strategies: {make: {}, buy: {firms.us.unit_cost: 0.5}}\n"
    "experiment:\n"
    "  unknowns:\n"
    "    - {name: fixed, uncertain: {uniform: {low: 1, high: 2}},\n"
    "       keys: {strategies.make.firms.us.fixed_cost: x, strategies.buy.firms.us.fixed_cost: x + 0.2}}\n";

static void write_market(const char *file, const char *experiment)
{
    char text[4000];
    (void)snprintf(text, sizeof text, "%s%s", market, experiment);
    scratch_write(file, text, strlen(text));
}

/* ---- Closed forms ----------------------------------------------------------------------------------------- */

/* Purchases of all customers in the year: Poisson. */
static double purchases(void)
{
    return CUSTOMERS * rate;
}

/* `buy` leads by (c - 0.5) purchases - fee * weeks. */
static double lead_mean(void)
{
    return (cost - 0.5) * purchases() - fee * WEEKS;
}

static double lead_ignorance(void)
{
    return pow(cost_sd * purchases(), 2.0);
}

/* Mean over worlds of (c - 0.5)^2 times the variance of purchases. */
static double lead_luck(void)
{
    return (cost_sd * cost_sd + pow(cost - 0.5, 2.0)) * purchases();
}

/* Unit normal loss. */
static double perfect_information(void)
{
    const double sd = sqrt(lead_ignorance()), u = fabs(lead_mean()) / sd;
    return sd * (gsl_ran_ugaussian_pdf(u) - u * gsl_cdf_ugaussian_Q(u));
}

/* ---- Running ---------------------------------------------------------------------------------------------- */

static struct gw_dataset *run_with(const char *file, int threads, const char *journal, bool resume, int *status,
                                   struct gw_error *error)
{
    struct gw_scenario *scenario = NULL;
    struct gw_dataset *dataset = NULL;
    const struct gw_lab_options options = {
        .scenario = file, .threads = threads, .journal = journal, .resume = resume};
    *status = gw_scenario_load(&scenario, file, NULL, 0, error);
    if (*status == GW_OK) {
        assert_non_null(scenario->experiment);
        *status = gw_decide_run(&options, &scenario->experiment->part[GW_DECIDE][0], &dataset, error);
    }
    gw_scenario_free(scenario);
    return dataset;
}

static struct gw_dataset *run(const char *file, int threads)
{
    struct gw_error error = {0};
    int status;
    struct gw_dataset *dataset = run_with(file, threads, NULL, false, &status, &error);
    if (status != GW_OK) {
        fail_msg("%s", error.text);
    }
    return dataset;
}

static const double *reals(const struct gw_dataset *dataset, const char *name)
{
    const struct gw_array *array = gw_dataset_array(dataset, name);
    assert_non_null(array);
    return array->reals;
}

static double note(const struct gw_dataset *dataset, const char *name)
{
    assert_non_null(gw_dataset_attribute(dataset, name));
    return strtod(gw_dataset_attribute(dataset, name), NULL);
}

/* Standard error that a 95% interval {value, low, high} tells. */
static double error_of(const double *estimate)
{
    return (estimate[2] - estimate[1]) / 3.92;
}

enum { MAKE, BUY };
enum { UNIT_COST, FIXED, BOTH };

/* ---- Known answers ---------------------------------------------------------------------------------------- */

#define DECIDE "  decide: {worlds: 400, inner: 4, design: random, groups: {both: [us_unit_cost, fixed]}}\n"

static struct gw_dataset *known; /* run once */

static int run_known(void **state)
{
    (void)scratch_make(state);
    write_market("known.yaml", DECIDE);
    known = run("known.yaml", 2);
    return 0;
}

static int free_known(void **state)
{
    gw_dataset_free(known);
    return scratch_remove(state);
}

static void test_lead_and_its_parts_are_known(void **state)
{
    (void)state;
    const struct gw_dataset *d = known;
    const double *lead = reals(d, "lead"), *value = reals(d, "expected_value"), *best = reals(d, "probability_best");
    const double *share = reals(d, "lead_share_of_ignorance"), *luck = reals(d, "lead_luck");
    const double chance = gsl_cdf_ugaussian_P(lead_mean() / sqrt(lead_ignorance()));
    assert_int_equal(note(d, "best"), BUY);
    assert_int_equal(note(d, "inner_chosen"), 0);
    assert_within_4_se(lead[3 * MAKE], lead_mean(), sqrt((lead_ignorance() + lead_luck() / INNER) / WORLDS));
    assert_within_4_se(value[3 * MAKE], (1.0 - cost) * purchases() - 1.5 * WEEKS, error_of(value + 3 * MAKE));
    assert_within_4_se(share[3 * MAKE], lead_ignorance() / (lead_ignorance() + lead_luck()),
                       error_of(share + 3 * MAKE));
    assert_true(share[3 * MAKE + 1] > 0.9 && share[3 * MAKE + 2] - share[3 * MAKE + 1] < 0.03);
    assert_within_4_se(luck[3 * MAKE], lead_luck(), error_of(luck + 3 * MAKE));
    assert_within_4_se(best[3 * BUY], chance, sqrt(chance * (1.0 - chance) / WORLDS));
}

/* The unit cost is all that matters; the fixed cost, which both strategies pay, is worth nothing. */
static void test_information_is_known(void **state)
{
    (void)state;
    const struct gw_dataset *d = known;
    const double *evpi = reals(d, "evpi"), *evppi = reals(d, "evppi"), *error = reals(d, "evppi_error");
    const double truth = perfect_information();
    assert_int_equal(gw_dataset_axis(d, "target")->length, TARGETS);
    assert_within_4_se(evpi[0], truth, error_of(evpi));
    assert_within_4_se(evppi[3 * UNIT_COST], truth, error[UNIT_COST]);
    assert_within_4_se(evppi[3 * FIXED], 0.0, error[FIXED]);
    assert_true(evppi[3 * FIXED] < 0.05 * truth);
    assert_within_4_se(evppi[3 * BOTH], truth, error[BOTH]);
    assert_true(reals(d, "explained")[UNIT_COST] > 0.95);
    assert_int_equal(gw_dataset_array(d, "against_unknown")->integers[0], UNIT_COST);
}

/* Below a cost of 0.5 + fee * weeks / purchases = 0.513 the firm makes, above it buys. */
static void test_choice_turns_where_it_must(void **state)
{
    (void)state;
    const struct gw_dataset *d = known;
    const double turn = 0.5 + fee * WEEKS / purchases(), *at = reals(d, "against_value");
    const double *accept = reals(d, "acceptability");
    const int64_t *leader = gw_dataset_array(d, "leader")->integers;
    for (int p = 0; p < GW_DECIDE_POINTS; p++) {
        const double make = accept[3 * (MAKE * GW_DECIDE_POINTS + p)], buy = accept[3 * (BUY * GW_DECIDE_POINTS + p)];
        assert_close(make + buy, 1.0, 0.0, 1e-9);
        if (fabs(at[p] - turn) > 0.004) {
            assert_int_equal(leader[p], at[p] < turn ? MAKE : BUY);
        }
        if (fabs(at[p] - turn) > 0.03) {
            assert_true(fabs(buy - (at[p] > turn)) < 0.1);
        }
    }
}

/* Within a world the margins of both vary with the same purchases: (1 - c)^2 + 0.25 to (c - 0.5)^2. */
static void test_factor_of_pairing_is_known(void **state)
{
    (void)state;
    const struct gw_dataset *d = known;
    const double *luck = reals(d, "pairing_luck") + 3 * MAKE, *total = reals(d, "pairing_total") + 3 * MAKE;
    const double own = (cost_sd * cost_sd + pow(1.0 - cost, 2.0) + 0.25) * purchases();
    const double worlds = lead_ignorance() + 2.0 * WEEKS * WEEKS / 12.0;
    assert_true(luck[1] > 1.0 && luck[1] < luck[0] && luck[0] < luck[2]);
    assert_within_4_se(log(luck[0]), log(own / lead_luck()), log(luck[2] / luck[1]) / 3.92);
    assert_within_4_se(log(total[0]), log((own + worlds) / (lead_luck() + lead_ignorance())),
                       log(total[2] / total[1]) / 3.92);
}

/* ---- Told and drawn --------------------------------------------------------------------------------------- */

static char *told(enum gw_answer_form form)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(gw_summary_write(known, form, out, NULL), GW_OK);
    (void)fclose(out);
    return text;
}

static void test_report_says_what_was_found(void **state)
{
    (void)state;
    static const char *const says[] = {
        "Choose Buy:", "is ahead of Make by", "Deciding now costs", "us unit cost",
        "400 possible worlds from 2 uncertain inputs, drawn at random; 4 replications"};
    char *text = told(GW_ANSWER_TEXT), *csv = told(GW_ANSWER_CSV), cell[128], number[GW_EXACT_SIZE];
    for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
        if (strstr(text, says[i]) == NULL) {
            fail_msg("'%s' is not in: %s", says[i], text);
        }
    }
    (void)snprintf(cell, sizeof cell, "information,1,evppi,%s\n", gw_exact(number, reals(known, "evppi")[0]));
    assert_non_null(strstr(csv, cell));
    free(csv);
    free(text);
}

/* A file that lacks an array is told of. */
static void test_report_of_a_poor_file_is_refused(void **state)
{
    (void)state;
    struct gw_dataset *poor = NULL;
    struct gw_report *report = NULL;
    struct gw_error error = {0};
    assert_int_equal(gw_dataset_create(&poor, NULL), GW_OK);
    assert_int_equal(gw_report_create(&report, "", NULL), GW_OK);
    assert_int_equal(gw_report_of_decide(poor, report, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "strategy"));
    gw_report_free(report);
    gw_dataset_free(poor);
}

static void test_figures_are_drawn(void **state)
{
    (void)state;
    static const char *const names[] = {"acceptability", "information", "worlds"};
    struct gw_figure_result *results;
    struct gw_error error = {0};
    size_t count;
    if (gw_figures_draw(known, "figures", "svg", names, 3, &results, &count, &error) != GW_OK) {
        if (error.status == GW_FAILED) { /* no gnuplot here */
            print_message("%s\n", error.text);
            skip();
        }
        fail_msg("%s", error.text);
    }
    for (size_t i = 0; i < count; i++) {
        assert_non_null(results[i].path);
        assert_int_equal(unlink(results[i].path), 0);
    }
    assert_int_equal(count, 3);
    assert_int_equal(rmdir("figures"), 0);
    gw_figure_results_free(results, count);
}

/* ---- The program's own choices ---------------------------------------------------------------------------- */

static void test_inner_number_is_chosen(void **state)
{
    (void)state;
    write_market("pilot.yaml", "  decide: {worlds: 60}\n");
    struct gw_dataset *d = run("pilot.yaml", 2);
    assert_int_equal(note(d, "inner_chosen"), 1);
    assert_true(note(d, "inner") >= 2 && note(d, "inner") <= GW_DECIDE_MOST_INNER);
    assert_int_equal(gw_dataset_axis(d, "luck")->length, note(d, "inner"));
    gw_dataset_free(d);
}

/* Worlds that cannot be told apart: nearly no ignorance, and luck asks for more than the program will spend. */
static void test_inner_number_has_a_limit(void **state)
{
    (void)state;
    static const char nothing[] = "goodwill: 1\nhorizon: 10\nwarm_up: 0\nseed: 3\npopulation: {size: 50}\n"
                                  "market: {discount_rate: {uncertain: {uniform: {low: 0.1, high: 0.1001}}}}\n"
                                  "firms: {us: {}}\nstrategies: {a: {}, b: {firms.us.price: 0.9}}\n"
                                  "experiment: {decide: {worlds: 20}}\n";
    scratch_write("luck.yaml", nothing, sizeof nothing - 1);
    struct gw_dataset *d = run("luck.yaml", 2);
    assert_int_equal(note(d, "inner"), GW_DECIDE_MOST_INNER);
    assert_true(note(d, "inner_wanted") > GW_DECIDE_MOST_INNER);
    gw_dataset_free(d);
}

static void assert_same_results(const struct gw_dataset *a, const struct gw_dataset *b)
{
    char one[65], other[65];
    assert_int_equal(gw_dataset_fingerprint(a, one, NULL), GW_OK);
    assert_int_equal(gw_dataset_fingerprint(b, other, NULL), GW_OK);
    assert_string_equal(one, other);
}

static void test_threads_change_nothing(void **state)
{
    (void)state;
    write_market("threads.yaml", "  decide: {worlds: 40}\n");
    struct gw_dataset *first = run("threads.yaml", 1);
    for (int threads = 2; threads <= 3; threads++) {
        struct gw_dataset *other = run("threads.yaml", threads);
        assert_same_results(first, other);
        gw_dataset_free(other);
    }
    gw_dataset_free(first);
}

/* Correlated by -0.9: the worlds' values of the two inputs are, and no other design is of another opinion. */
static void test_worlds_are_correlated(void **state)
{
    (void)state;
    static const char *const designs[] = {"random", "latin_hypercube", "sobol"};
    char experiment[200];
    for (int k = 0; k < 3; k++) {
        (void)snprintf(experiment, sizeof experiment,
                       "  correlated: [{between: [firms.us.unit_cost, fixed], by: -0.9}]\n"
                       "  decide: {worlds: 300, inner: 1, design: %s}\n",
                       designs[k]);
        write_market("correlated.yaml", experiment);
        struct gw_dataset *d = run("correlated.yaml", 2);
        const double *x = reals(d, "unknown_value");
        double mean[2] = {0}, squares[2] = {0}, cross = 0.0;
        for (int w = 0; w < 300; w++) {
            mean[0] += x[2 * w] / 300.0;
            mean[1] += x[2 * w + 1] / 300.0;
        }
        for (int w = 0; w < 300; w++) {
            squares[0] += pow(x[2 * w] - mean[0], 2.0);
            squares[1] += pow(x[2 * w + 1] - mean[1], 2.0);
            cross += (x[2 * w] - mean[0]) * (x[2 * w + 1] - mean[1]);
        }
        /* a normal and a uniform score: rho sqrt(3 / pi) */
        assert_close(cross / sqrt(squares[0] * squares[1]), -0.9 * sqrt(3.0 / M_PI), 0.0, 0.06);
        assert_within_4_se(mean[0], cost, cost_sd / sqrt(300.0));
        assert_true(isnan(reals(d, "lead_share_of_ignorance")[0]) && note(d, "luck_removed") == 0.0);
        gw_dataset_free(d);
    }
}

/* ---- Bad input -------------------------------------------------------------------------------------------- */

static void refuse(const char *experiment, const char *says)
{
    struct gw_error error = {0};
    int status;
    write_market("bad.yaml", experiment);
    assert_null(run_with("bad.yaml", 1, NULL, false, &status, &error));
    assert_int_equal(status, GW_BAD_INPUT);
    if (strstr(error.text, says) == NULL) {
        fail_msg("expected '%s' in: %s", says, error.text);
    }
}

static void test_bad_input_is_refused(void **state)
{
    (void)state;
    refuse("  decide: {of: buy.company_value}\n", "each");
    refuse("  decide: {against: [firms.us.price]}\n", "price' is not uncertain");
    refuse("  decide: {groups: {costs: [us_unit_cost, wages]}}\n", "'wages' is not uncertain");
    refuse("  decide: {inner: 10000, worlds: 300000}\n", "possible worlds");
    refuse("  correlated: [{between: [us_unit_cost, wages], by: 0.5}]\n  decide: {worlds: 20}\n", "'wages'");
    refuse("  decide: {of: each.nothing}\n", "nothing");
}

static void test_nothing_uncertain_is_told(void **state)
{
    (void)state;
    static const char sure[] = "goodwill: 1\nhorizon: 4\npopulation: {size: 10}\nfirms: {us: {}}\n"
                               "strategies: {a: {}, b: {firms.us.price: 0.9}}\nexperiment: {decide: {worlds: 20}}\n";
    static const char alone[] = "goodwill: 1\nhorizon: 4\npopulation: {size: 10}\nfirms: {us: {}}\n"
                                "strategies: {a: {}}\nexperiment: {decide: {worlds: 20}}\n";
    struct gw_error error = {0}, other = {0};
    int status;
    scratch_write("sure.yaml", sure, sizeof sure - 1);
    assert_null(run_with("sure.yaml", 1, NULL, false, &status, &error));
    assert_int_equal(status, GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "firms.us.unit_cost: {uncertain:"));
    scratch_write("alone.yaml", alone, sizeof alone - 1);
    assert_null(run_with("alone.yaml", 1, NULL, false, &status, &other));
    assert_int_equal(status, GW_BAD_INPUT);
    assert_non_null(strstr(other.text, "two strategies"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lead_and_its_parts_are_known),
        cmocka_unit_test(test_information_is_known),
        cmocka_unit_test(test_choice_turns_where_it_must),
        cmocka_unit_test(test_factor_of_pairing_is_known),
        cmocka_unit_test(test_report_says_what_was_found),
        cmocka_unit_test(test_report_of_a_poor_file_is_refused),
        cmocka_unit_test(test_figures_are_drawn),
        cmocka_unit_test(test_inner_number_is_chosen),
        cmocka_unit_test(test_inner_number_has_a_limit),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_worlds_are_correlated),
        cmocka_unit_test(test_bad_input_is_refused),
        cmocka_unit_test(test_nothing_uncertain_is_told),
    };
    return cmocka_run_group_tests(tests, run_known, free_known);
}
