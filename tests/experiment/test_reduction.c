/* Variance reduction in the engine: pairs of replications are mirrored, what is off changes nothing, and intervals
 * hold the truth. */
#include "close.h"

#include "engine/monte_carlo.h"
#include "experiment/compare.h"
#include "outcome/quantity.h"
#include "outcome/reduced.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <string.h>

static const char town[] = "goodwill: 1\n"
                           "horizon: 6\n"
                           "warm_up: 2\n"
                           "seed: 3\n"
                           "replications: 60\n"
                           "population:\n"
                           "  size: 200\n"
                           "  purchase_rate: {vary: {gamma: {shape: 2, rate: 0.1}}}\n"
                           "market: {discount_rate: {uncertain: {uniform: {low: 0.04, high: 0.16}}}}\n"
                           "firms:\n"
                           "  us: {initial_share: 0.5, unit_cost: {uncertain: {normal: {mean: 0.5, sd: 0.1}}}}\n"
                           "  rival: {initial_share: 0.5}\n"
                           "strategies: {as_now: {}, cut: {firms.us.price: 0.9}}\n";

/* With up to two changes. */
static struct gw_scenario *load_with(const char *change, const char *other)
{
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    const char *const changes[] = {change, other};
    const size_t n = (change != NULL) + (other != NULL);
    if (gw_scenario_parse(&scenario, town, strlen(town), "town.yaml", NULL, changes, n, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return scenario;
}

static struct gw_dataset *run_with(const char *change, const char *other, int threads)
{
    struct gw_scenario *scenario = load_with(change, other);
    struct gw_compare compare = {.threads = threads};
    struct gw_dataset *dataset = NULL;
    struct gw_error error = {0};
    if (gw_compare_run(&compare, scenario, &dataset, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    gw_scenario_free(scenario);
    return dataset;
}

static struct gw_dataset *run(const char *change, int threads)
{
    return run_with(change, NULL, threads);
}

static const double *values_of(const struct gw_dataset *d, size_t strategy)
{
    return gw_dataset_array(d, "company_value")->reals + strategy * gw_replications(d);
}

static void the_first_of_a_pair_is_the_plain_replication(void **state)
{
    (void)state;
    struct gw_dataset *plain = run(NULL, 1), *pairs = run("variance_reduction.antithetic=true", 2);
    assert_null(gw_dataset_attribute(plain, "antithetic"));
    assert_string_equal(gw_dataset_attribute(pairs, "antithetic"), "true");
    for (size_t s = 0; s < 2; s++) {
        for (size_t r = 0; r < 60; r += 2) {
            assert_true(values_of(plain, s)[r] == values_of(pairs, s)[r]);
            assert_true(values_of(plain, s)[r + 1] != values_of(pairs, s)[r + 1]);
        }
    }
    gw_dataset_free(plain);
    gw_dataset_free(pairs);
}

static void worlds_of_a_pair_are_mirrored(void **state)
{
    (void)state;
    struct gw_scenario *scenario = load_with("variance_reduction.antithetic=true", NULL);
    const struct gw_plan_options options = {.isa = gw_isa_best()};
    struct gw_plan *plan = NULL;
    struct gw_worker *worker = NULL;
    double rate[2] = {0.0};
    assert_int_equal(gw_plan_create(&plan, scenario, options, NULL), GW_OK);
    assert_int_equal(gw_worker_create(&worker, plan, 1, NULL), GW_OK);
    for (uint32_t r = 0; r < 20; r++) {
        assert_int_equal(gw_worker_start(worker, r, NULL), GW_OK);
        rate[r % 2] = gw_worker_market(worker, "discount_rate");
        assert_true(r % 2 == 0 || fabs(rate[0] + rate[1] - 0.2) < 1e-15);
        assert_true(r % 2 == 0 || rate[0] != rate[1]);
    }
    gw_worker_free(worker);
    gw_plan_free(plan);
    gw_scenario_free(scenario);
}

/* Half of the variance is the unit cost's: mirrored, it is gone from the mean of a pair. */
static void factors_are_in_the_dataset(void **state)
{
    (void)state;
    struct gw_dataset *d = run("variance_reduction.antithetic=true", 2);
    const struct gw_array *factor = gw_dataset_array(d, "antithetic_factor");
    const struct gw_reduced reduced = gw_reduced_of(d);
    assert_non_null(factor);
    assert_int_equal(gw_array_length(d, factor), 2 * 2 * 3);
    const struct gw_factor f = gw_antithetic_factor(&reduced, values_of(d, 1), 60);
    assert_true(factor->reals[6] == f.factor && factor->reals[7] == f.low && factor->reals[8] == f.high);
    assert_true(f.low > 1.5);
    assert_true(isnan(factor->reals[3])); /* the first strategy has no difference */
    assert_true(isfinite(factor->reals[9]));
    gw_dataset_free(d);
}

static void precision_is_that_of_pairs(void **state)
{
    (void)state;
    struct gw_dataset *d =
        run_with("variance_reduction.antithetic=true", "precision={half_width: 10%, of: [as_now.company_value]}", 2);
    const struct gw_reduced reduced = gw_reduced_of(d);
    const size_t n = gw_replications(d);
    const struct gw_estimate e = gw_reduced_mean(&reduced, values_of(d, 0), n, 0.95);
    assert_int_equal(n % 2, 0);
    assert_string_equal(gw_dataset_attribute(d, "precision_reached"), "true");
    assert_true((e.high - e.low) / 2.0 <= 0.1 * fabs(e.mean));
    gw_dataset_free(d);
}

static const double *factor_of(const struct gw_dataset *d, const char *array, size_t strategy, size_t contrast)
{
    const struct gw_array *factor = gw_dataset_array(d, array);
    assert_non_null(factor);
    return factor->reals + 3 * (2 * strategy + contrast);
}

/* Results are as without them, and the worlds' unit cost explains most of a value's variance. */
static void controls_are_kept_beside_the_results(void **state)
{
    (void)state;
    struct gw_dataset *plain = run(NULL, 2), *d = run("variance_reduction.control_variates=true", 2);
    const struct gw_axis *names = gw_dataset_axis(d, "control_variate");
    const struct gw_array *control = gw_dataset_array(d, "control");
    assert_memory_equal(values_of(plain, 0), values_of(d, 0), 2 * 60 * sizeof(double));
    assert_null(gw_dataset_array(plain, "control"));
    assert_non_null(names);
    assert_int_equal(names->length, 3);
    assert_string_equal(names->labels[gw_label_position(d, "control_variate", "population.purchase_rate")],
                        "population.purchase_rate");
    assert_int_equal(gw_array_length(d, control), 3 * 60);
    assert_true(factor_of(d, "control_factor", 0, 0)[1] > 2.0);
    assert_true(gw_dataset_array(d, "controls_used")->integers[0] >= 1);
    const struct gw_reduced reduced = gw_reduced_of(d);
    const struct gw_estimate whole = gw_estimate_mean(values_of(d, 0), 60, 0.95);
    const struct gw_estimate adjusted = gw_reduced_mean(&reduced, values_of(d, 0), 60, 0.95);
    assert_true(adjusted.high - adjusted.low < 0.8 * (whole.high - whole.low));
    gw_dataset_free(plain);
    gw_dataset_free(d);
}

/* Purchases are in proportion to rates, so their slope on the control is their mean over the mean rate, 20: far from
 * the 0 that other draws than the engine's would give. */
static void population_means_are_those_of_the_engine(void **state)
{
    (void)state;
    enum { N = 60, WEEKS = 52 };
    struct gw_dataset *d = run_with("variance_reduction.control_variates=true", "horizon=52", 2);
    const struct gw_array *bought = gw_dataset_array(d, "market_purchases");
    const int rate = gw_label_position(d, "control_variate", "population.purchase_rate");
    const double *control = gw_dataset_array(d, "control")->reals + (size_t)rate * N;
    double purchases[N] = {0.0}, slope, intercept, c00, c01, c11, squares;
    for (size_t i = 0; i < N * WEEKS; i++) {
        purchases[i / WEEKS] += (double)bought->integers[i];
    }
    gsl_fit_linear(control, 1, purchases, 1, N, &intercept, &slope, &c00, &c01, &c11, &squares);
    assert_within_4_se(slope, intercept / 20.0, sqrt(c11));
    assert_true(slope > 5.0 * sqrt(c11));
    gw_dataset_free(d);
}

static void precision_counts_what_controls_bring(void **state)
{
    (void)state;
    static const char precision[] = "precision={half_width: 2%, of: [as_now.company_value]}";
    struct gw_dataset *plain = run(precision, 2);
    struct gw_dataset *d = run_with("variance_reduction.control_variates=true", precision, 1);
    struct gw_dataset *again = run_with("variance_reduction.control_variates=true", precision, 3);
    char hex[65], other[65];
    assert_true(gw_replications(d) < gw_replications(plain));
    assert_string_equal(gw_dataset_attribute(d, "precision_reached"), "true");
    assert_int_equal(gw_dataset_fingerprint(d, hex, NULL), GW_OK);
    assert_int_equal(gw_dataset_fingerprint(again, other, NULL), GW_OK);
    assert_string_equal(hex, other);
    gw_dataset_free(plain);
    gw_dataset_free(d);
    gw_dataset_free(again);
}

static void odd_numbers_are_refused(void **state)
{
    (void)state;
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    static const char *const changes[] = {"variance_reduction.antithetic=true", "replications=31"};
    assert_int_equal(gw_scenario_parse(&scenario, town, strlen(town), "town.yaml", NULL, changes, 2, &error),
                     GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "even"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_a_pair_is_the_plain_replication),
        cmocka_unit_test(worlds_of_a_pair_are_mirrored),
        cmocka_unit_test(factors_are_in_the_dataset),
        cmocka_unit_test(precision_is_that_of_pairs),
        cmocka_unit_test(controls_are_kept_beside_the_results),
        cmocka_unit_test(population_means_are_those_of_the_engine),
        cmocka_unit_test(precision_counts_what_controls_bring),
        cmocka_unit_test(odd_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
