/* What drives a result, through the whole engine: money that adds up, so that effects and shares are known; inputs
 * without effect; luck; what is refused. */
#include "close.h"
#include "scratch.h"

#include "experiment/sensitivity.h"
#include "output/figures.h"
#include "output/reports.h"
#include "output/sensitivity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Value = sales less unit_cost times what is sold less fixed_cost times what a week is worth: linear in both costs,
 * and what is sold depends on neither. */
static const char head[] = "goodwill: 1\n"
                           "horizon: 12\n"
                           "warm_up: 4\n"
                           "seed: 11\n"
                           "population: {size: 300}\n";
#define FIRMS "firms: {us: {}, rival: {}}\nstrategies: {as_now: {}, cut: {firms.us.price: 0.9}}\n"

static void write_scenario(const char *rest)
{
    char text[6000];
    const int length = snprintf(text, sizeof text, "%s%s", head, rest);
    scratch_write("market.yaml", text, (size_t)length);
}

/* The first part `sensitivity` of the file; -1: it could not be loaded. */
static int run(int threads, struct gw_dataset **dataset, struct gw_error *error)
{
    struct gw_scenario *scenario = NULL;
    const struct gw_lab_options options = {.scenario = "market.yaml", .threads = threads};
    *dataset = NULL;
    int ret = gw_scenario_load(&scenario, options.scenario, NULL, 0, error);
    if (ret == GW_OK) {
        assert_int_equal(scenario->experiment->parts[GW_SENSITIVITY], 1);
        ret = gw_sensitivity_run(&options, &scenario->experiment->part[GW_SENSITIVITY][0], dataset, error);
    }
    gw_scenario_free(scenario);
    return ret;
}

static struct gw_dataset *study(const char *rest, struct gw_sensitivity_view *view)
{
    struct gw_dataset *dataset;
    struct gw_error error = {0};
    write_scenario(rest);
    if (run(2, &dataset, &error) != GW_OK || gw_sensitivity_open(view, dataset, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return dataset;
}

static char *report_of(const struct gw_dataset *dataset)
{
    char *text = NULL;
    size_t size;
    struct gw_error error = {0};
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(gw_summary_write(dataset, GW_ANSWER_TEXT, out, &error), GW_OK);
    fclose(out);
    for (char *c = text; *c != '\0'; c++) {
        *c = *c == '\n' ? ' ' : *c;
    }
    return text;
}

static const char two_costs[] = FIRMS "experiment:\n"
                                      "  of: as_now.horizon_value\n"
                                      "  say: value of the firm\n"
                                      "  unit: money\n"
                                      "  sensitivity:\n"
                                      "    points: 32\n"
                                      "    trajectories: 12\n"
                                      "    replications: 40\n"
                                      "    over:\n"
                                      "      - {key: firms.us.unit_cost, from: 0.4, to: 0.7}\n"
                                      "      - {key: firms.us.fixed_cost, name: rent, from: 0, to: 100}\n";

/* The study of two costs, run once by two threads. */
static struct gw_dataset *costs;
static void open_costs(struct gw_sensitivity_view *view)
{
    struct gw_error error = {0};
    if (costs == NULL) {
        costs = study(two_costs, view);
    }
    assert_int_equal(gw_sensitivity_open(view, costs, &error), GW_OK);
}

static int forget_costs(void **state)
{
    gw_dataset_free(costs);
    return scratch_remove(state);
}

/* Width of an interval at 95% from t quantiles with so many degrees of freedom, as a standard error. */
static double error_of(const double *interval, double t)
{
    return (interval[2] - interval[1]) / 2.0 / t;
}

enum { UNIT_COST, RENT };

/* Fixed cost is the same at every replication: its effect is known without luck, and the same in every method. */
static void test_effects_of_costs(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    open_costs(&v);
    const double *rent = &v.swing[3 * RENT], *mu = &v.effect[3 * RENT], *size = &v.size[3 * RENT];
    assert_int_equal(v.inputs, 2);
    assert_true(v.pairs[RENT] == 40 && v.trajectories[RENT] == 12 && v.rows == 32);
    assert_true(v.range[2 * RENT] == 0.0 && v.range[2 * RENT + 1] == 100.0);
    assert_true(rent[0] < -900.0 && rent[0] > -1200.0); /* 12 weeks, discounted by some percent at most */
    assert_close(rent[1], rent[0], 1e-9, 0.0);
    assert_close(mu[0], rent[0], 1e-6, 0.0);
    assert_close(size[0], -rent[0], 1e-6, 0.0);
    assert_close(v.sd[RENT], 0.0, 0.0, 1e-3);
    /* the middle has no rent, and half of the range costs half */
    assert_close(v.change[6 * RENT], 0.0, 0.0, 1e-9);
    assert_close(v.change[6 * RENT + 3], rent[0], 1e-9, 0.0);
    /* unit cost: tornado and Morris look at the same slope with different luck */
    const double *goods = &v.swing[3 * UNIT_COST], *slope = &v.effect[3 * UNIT_COST];
    const double error = hypot(error_of(goods, 2.0227), error_of(slope, 2.2010));
    assert_true(goods[2] < 0.0);
    assert_within_4_se(slope[0], goods[0], error);
}

/* Two linear inputs without interaction: shares are as the squares of the swings. */
static void test_shares_of_costs(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    open_costs(&v);
    const double rent = v.swing[3 * RENT], goods = v.swing[3 * UNIT_COST], both = rent * rent + goods * goods;
    /* the error of goods^2 / (rent^2 + goods^2) from that of goods */
    const double known = 2.0 * fabs(goods) * rent * rent / both / both * error_of(&v.swing[3 * UNIT_COST], 2.0227);
    const double share[] = {goods * goods / both, rent * rent / both};
    for (size_t i = 0; i < 2; i++) {
        const double first = error_of(&v.first[3 * i], 2.3646), total = error_of(&v.total[3 * i], 2.3646);
        assert_within_4_se(v.first[3 * i], share[i], hypot(first, known));
        assert_within_4_se(v.total[3 * i], share[i], hypot(total, known));
        assert_true(first < 0.15 && total < 0.15);
    }
    assert_within_4_se(v.variance[0], both / 12.0, hypot(error_of(v.variance, 2.3646), known * both / 12.0));
    assert_true(v.luck_share[1] > 0.0 && v.luck_share[2] < 1.0);
}

/* What is sold does not depend on what it costs, replication by replication. */
static void test_an_input_without_effect_has_exactly_none(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    struct gw_dataset *dataset = study(FIRMS "experiment:\n"
                                             "  of: cut.purchases.total\n"
                                             "  sensitivity:\n"
                                             "    points: 16\n"
                                             "    trajectories: 4\n"
                                             "    replications: 10\n"
                                             "    over:\n"
                                             "      - {key: firms.us.unit_cost, from: 0.4, to: 0.7}\n"
                                             "      - {key: strategies.cut.firms.us.price, from: 0.8, to: 1}\n",
                                       &v);
    const struct {
        const double *of;
    } intervals[] = {{v.swing}, {v.effect}, {v.size}, {v.first}, {v.total}};
    for (size_t k = 0; k < sizeof intervals / sizeof *intervals; k++) {
        for (size_t statistic = 0; statistic < 3; statistic++) {
            assert_true(intervals[k].of[statistic] == 0.0);
        }
        assert_true(intervals[k].of[3] != 0.0);
    }
    assert_true(v.sd[0] == 0.0 && v.luck[0] == 0.0 && v.luck[1] > 0.0);
    gw_dataset_free(dataset);
}

/* Without names all that is uncertain is varied, as it is distributed: the share of a normal unit cost goes by its
 * variance, not by its range. */
static void test_uncertain_inputs_are_sampled_as_they_are(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    struct gw_dataset *dataset =
        study("firms: {us: {unit_cost: {uncertain: {normal: {mean: 0.55, sd: 0.05}}}}, rival: {}}\n"
              "strategies: {as_now: {}}\n"
              "experiment:\n"
              "  of: as_now.horizon_value\n"
              "  unknowns: [{key: firms.us.fixed_cost, from: 0, to: 100}]\n"
              "  sensitivity: {points: 32, methods: [tornado, sobol], replications: 40}\n",
              &v);
    assert_int_equal(v.inputs, 2);
    assert_true(v.size == NULL);
    const size_t goods = strstr(v.input->labels[0], "unit_cost") != NULL ? 0 : 1, rent = 1 - goods;
    const double z = 1.6448536269514722; /* the range is from the 5% to the 95% quantile */
    assert_close(v.range[2 * goods], 0.55 - z * 0.05, 1e-9, 0.0);
    const double sd = v.swing[3 * goods] / (2.0 * z), width = v.swing[3 * rent];
    const double variance = sd * sd + width * width / 12.0, error = error_of(&v.swing[3 * goods], 2.0227) / (2.0 * z);
    const double known = 2.0 * fabs(sd) * error / variance;
    assert_within_4_se(v.total[3 * goods], sd * sd / variance, hypot(error_of(&v.total[3 * goods], 2.3646), known));
    assert_within_4_se(v.first[3 * rent], 1.0 - sd * sd / variance,
                       hypot(error_of(&v.first[3 * rent], 2.3646), known));
    gw_dataset_free(dataset);
}

/* Ten inputs: Morris ranks, the first eight have shares. Eight are the rents of eight strategies, the k-th up
 * to k times the first, and two do nothing. */
static void test_screening_keeps_what_matters(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    char strategies[1000] = "", of[1000] = "", over[2000] = "", text[5000];
    for (int i = 1; i <= 8; i++) {
        const size_t a = strlen(strategies), b = strlen(of), c = strlen(over);
        (void)snprintf(strategies + a, sizeof strategies - a, "%ss%d: {}", i == 1 ? "" : ", ", i);
        (void)snprintf(of + b, sizeof of - b, "%ss%d.horizon_value", i == 1 ? "" : " + ", i);
        (void)snprintf(over + c, sizeof over - c,
                       "      - {name: rent_%d, from: 0, to: %d, key: strategies.s%d.firms.us.fixed_cost}\n", i,
                       10 * i, i);
    }
    (void)snprintf(text, sizeof text,
                   "firms: {us: {}, rival: {}}\nstrategies: {%s}\nexperiment:\n  of: %s\n  sensitivity:\n"
                   "    points: 16\n    trajectories: 4\n    methods: [morris, sobol]\n    over:\n"
                   "      - {key: market.reply_cost, from: 1, to: 2}\n"
                   "      - {key: market.contact_cost, from: 1, to: 2}\n%s",
                   strategies, of, over);
    struct gw_dataset *dataset = study(text, &v);
    assert_int_equal(v.inputs, 10);
    for (size_t i = 0; i < v.inputs; i++) {
        const double rank = (double)i - 1.0;
        assert_true(gw_sensitivity_is_shared(&v, i) == (i >= 2));
        if (i >= 2) {
            assert_close(v.size[3 * i], rank * v.size[3 * 2], 1e-6, 0.0);
        } else {
            assert_true(v.size[3 * i] == 0.0);
        }
    }
    gw_dataset_free(dataset);
}

static void test_threads_do_not_matter(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    struct gw_dataset *dataset;
    struct gw_error error = {0};
    char two[65], three[65];
    open_costs(&v);
    write_scenario(two_costs);
    assert_int_equal(run(3, &dataset, &error), GW_OK);
    assert_int_equal(gw_dataset_fingerprint(costs, two, &error), GW_OK);
    assert_int_equal(gw_dataset_fingerprint(dataset, three, &error), GW_OK);
    assert_string_equal(two, three);
    gw_dataset_free(dataset);
}

static void test_the_answer_comes_first(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    open_costs(&v);
    char *text = report_of(costs);
    const char *most = v.total[3 * RENT] > v.total[3 * UNIT_COST] ? "Rent drives the value of the firm most: "
                                                                  : "Unit cost drives the value of the firm most: ";
    assert_non_null(strstr(text, most));
    assert_non_null(strstr(text, "In a single replication luck is "));
    assert_true(strstr(text, most) < strstr(text, "Shares of the variance"));
    free(text);
}

static void test_figures_are_drawn(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    struct gw_figure_result *results;
    struct gw_error error = {0};
    size_t count, length;
    open_costs(&v);
    const int ret = gw_figures_draw(costs, "drawn", "svg", NULL, 0, &results, &count, &error);
    if (ret == GW_FAILED && strstr(error.text, "gnuplot") != NULL) {
        skip();
    }
    assert_int_equal(ret, GW_OK);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        static const char *const message[] = {"most, taken alone", "has the largest effect", "drives it most"};
        assert_non_null(results[i].path);
        char *svg = (char *)scratch_read(results[i].path, &length);
        assert_true(memmem(svg, length, message[i], strlen(message[i])) != NULL);
        free(svg);
    }
    gw_figure_results_free(results, count);
}

static void test_nothing_matters(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    struct gw_dataset *dataset =
        study(FIRMS "experiment:\n  of: cut.purchases.total\n  say: purchases\n  sensitivity:\n    points: 16\n    "
                    "trajectories: 4\n"
                    "    replications: 10\n    over: [{key: firms.us.unit_cost, from: 0.4, to: 0.7}]\n",
              &v);
    char *text = report_of(dataset);
    assert_non_null(strstr(text, "No input changes the purchases at all."));
    assert_true(v.variance[0] == 0.0 && isnan(v.total[0]) && strstr(text, "Shares of") == NULL);
    free(text);
    gw_dataset_free(dataset);
}

/* Rent turns the sign where it is more than the firm earns. */
static void test_a_turn_of_the_sign_is_said(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    struct gw_dataset *dataset =
        study(FIRMS "experiment:\n  of: as_now.horizon_value + 20000\n  say: value of the firm\n  unit: EUR\n"
                    "  sensitivity:\n    methods: [tornado]\n    replications: 10\n"
                    "    over: [{key: firms.us.fixed_cost, name: rent, unit: EUR, from: 0, to: 1000000}]\n",
              &v);
    assert_true(v.total == NULL && v.size == NULL && v.middle[1] > 0.0 && v.end[5] < 0.0);
    char *text = report_of(dataset);
    assert_non_null(strstr(text, "Rent alone turns the sign: at "));
    assert_non_null(strstr(text, "One at a time, the value of the firm moves most with rent: from 0 EUR to "));
    free(text);
    gw_dataset_free(dataset);
}

static void refuse(const char *rest, const char *part)
{
    struct gw_dataset *dataset;
    struct gw_error error = {0};
    write_scenario(rest);
    const int ret = run(1, &dataset, &error);
    if (ret != GW_BAD_INPUT || dataset != NULL || strstr(error.text, part) == NULL) {
        fail_msg("status %d, \"%s\" lacks \"%s\"", ret, error.text, part);
    }
}

static void test_bad_input_is_refused(void **state)
{
    (void)state;
    char many[2000] = FIRMS "experiment:\n  sensitivity:\n    methods: [sobol]\n    over:\n";
    for (int i = 1; i <= 9; i++) {
        const size_t used = strlen(many);
        (void)snprintf(many + used, sizeof many - used,
                       "      - {name: rent_%d, key: firms.us.fixed_cost, from: 0, to: 1}\n", i);
    }
    refuse(FIRMS "experiment: {sensitivity: {}}\n", "nothing is uncertain in market: name what is to be varied");
    refuse(FIRMS "experiment: {sensitivity: {over: [{name: a, keys: {firms.us.price: 1 - x}}]}}\n",
           "firms.us.price has no plausible range: write from: and to:");
    refuse(many, "sobol takes at most 8 inputs, here are 9: add morris to methods");
    refuse(FIRMS "experiment: {of: as_now.nonsense, sensitivity: {over: [firms.us.price]}}\n", "nonsense");
}

static void test_what_is_no_sensitivity_analysis_is_refused(void **state)
{
    (void)state;
    struct gw_sensitivity_view v;
    struct gw_dataset *dataset;
    struct gw_error error = {0};
    assert_int_equal(gw_dataset_create(&dataset, &error), GW_OK);
    assert_int_equal(gw_sensitivity_open(&v, dataset, &error), GW_BAD_INPUT);
    gw_dataset_free(dataset);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_effects_of_costs),
        cmocka_unit_test(test_shares_of_costs),
        cmocka_unit_test(test_an_input_without_effect_has_exactly_none),
        cmocka_unit_test(test_uncertain_inputs_are_sampled_as_they_are),
        cmocka_unit_test(test_screening_keeps_what_matters),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_the_answer_comes_first),
        cmocka_unit_test(test_figures_are_drawn),
        cmocka_unit_test(test_nothing_matters),
        cmocka_unit_test(test_a_turn_of_the_sign_is_said),
        cmocka_unit_test(test_bad_input_is_refused),
        cmocka_unit_test(test_what_is_no_sensitivity_analysis_is_refused),
    };
    return cmocka_run_group_tests(tests, scratch_make, forget_costs);
}
