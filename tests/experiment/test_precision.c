/*
 * A run that goes on until a precision is reached: it is the run of as many fixed replications, whatever the threads
 * and however often it is interrupted, and its intervals cover what they say.
 */
#include "close.h"
#include "scratch.h"

#include "analysis/stopping.h"
#include "experiment/compare.h"
#include "outcome/estimate.h"
#include "outcome/quantity.h"
#include "outcome/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char town[] = "goodwill: 1\n"
                           "horizon: 3\n"
                           "warm_up: 1\n"
                           "seed: 11\n"
                           "population: {size: 60, purchase_rate: 26}\n"
                           "firms: {us: {initial_share: 0.5, fixed_cost: 0, wage: 0}, rival: {initial_share: 0.5}}\n"
                           "strategies: {as_now: {}, cut: {firms.us.price: 0.85}}\n";

static struct gw_scenario *load(const char *precision)
{
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    if (gw_scenario_parse(&scenario, town, strlen(town), "town.yaml", NULL, &precision, 1, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return scenario;
}

static struct gw_dataset *run(const char *precision, struct gw_compare compare)
{
    struct gw_scenario *scenario = load(precision);
    struct gw_dataset *dataset = NULL;
    struct gw_error error = {0};
    if (gw_compare_run(&compare, scenario, &dataset, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    gw_scenario_free(scenario);
    return dataset;
}

static void fingerprint(const struct gw_dataset *dataset, char hex[65])
{
    assert_int_equal(gw_dataset_fingerprint(dataset, hex, NULL), GW_OK);
}

/* Half-widths over |mean| of both values and of their difference, over the first n replications: the widest. */
static double widest(const struct gw_dataset *d, size_t n)
{
    double a[2000], b[2000], most = 0.0;
    assert_in_range(gw_replications(d), n, 2000);
    assert_true(gw_quantity_read(gw_quantities(&(size_t){0}), d, 0, a));
    assert_true(gw_quantity_read(gw_quantities(&(size_t){0}), d, 1, b));
    const struct gw_estimate all[] = {gw_estimate_mean(a, n, 0.95), gw_estimate_mean(b, n, 0.95),
                                      gw_estimate_comparison(b, a, n, 0.95).difference};
    for (int i = 0; i < 3; i++) {
        most = fmax(most, (all[i].high - all[i].low) / 2.0 / fabs(all[i].mean));
    }
    return most;
}

static void stops_at_the_first_number_that_is_enough(void **state)
{
    (void)state;
    char hex[65], other[65], fixed[64];
    struct gw_dataset *d = run("precision.half_width=20%", (struct gw_compare){.threads = 1});
    const size_t n = gw_replications(d);
    assert_in_range(n, 140, 1980); /* judged several times, and not ended by the most number */
    assert_int_equal(n % GW_STOPPING_BATCH, 0);
    for (size_t earlier = 100; earlier < n; earlier += GW_STOPPING_BATCH) {
        assert_true(widest(d, earlier) > 0.2);
    }
    assert_true(widest(d, n) <= 0.2);
    assert_string_equal(gw_dataset_attribute(d, "precision"), "20%");
    assert_string_equal(gw_dataset_attribute(d, "precision_reached"), "true");
    assert_string_equal(gw_dataset_attribute(d, "status"), "complete");
    const double mean = strtod(gw_dataset_attribute(d, "precision_mean"), NULL);
    const double half = strtod(gw_dataset_attribute(d, "precision_half_width"), NULL);
    assert_close(half / fabs(mean), widest(d, n), 1e-9, 0.0);
    fingerprint(d, hex);
    gw_dataset_free(d);
    for (int threads = 2; threads <= 5; threads += 3) {
        d = run("precision.half_width=20%", (struct gw_compare){.threads = threads});
        fingerprint(d, other);
        assert_string_equal(hex, other);
        gw_dataset_free(d);
    }
    (void)snprintf(fixed, sizeof fixed, "replications=%zu", n);
    d = run(fixed, (struct gw_compare){.threads = 2});
    assert_null(gw_dataset_attribute(d, "precision"));
    fingerprint(d, other);
    assert_string_equal(hex, other);
    gw_dataset_free(d);
}

static void most_ends_what_is_out_of_reach(void **state)
{
    (void)state;
    struct gw_dataset *d = run("precision={half_width: 0.1%, most: 130}", (struct gw_compare){.threads = 2});
    assert_int_equal(gw_replications(d), 130);
    assert_string_equal(gw_dataset_attribute(d, "precision_reached"), "false");
    assert_string_equal(gw_dataset_attribute(d, "precision_widest"), "cut.company_value - as_now.company_value");
    assert_string_equal(gw_dataset_attribute(d, "replications_asked"), "130");
    gw_dataset_free(d);
}

static void measures_are_asked_as_written(void **state)
{
    (void)state;
    double value[2000];
    struct gw_dataset *d =
        run("precision={half_width: 1, of: [cut.company_value / 1000], confidence: 0.9, least: 120}",
            (struct gw_compare){.threads = 2});
    assert_int_equal(gw_replications(d), 120);
    assert_string_equal(gw_dataset_attribute(d, "precision_widest"), "cut.company_value / 1000");
    assert_string_equal(gw_dataset_attribute(d, "precision_confidence"), "0.9");
    assert_true(gw_quantity_read(gw_quantities(&(size_t){0}), d, 1, value));
    const struct gw_estimate e = gw_estimate_mean(value, 120, 0.9);
    assert_close(strtod(gw_dataset_attribute(d, "precision_mean"), NULL), e.mean / 1000.0, 1e-12, 0.0);
    assert_close(strtod(gw_dataset_attribute(d, "precision_half_width"), NULL), (e.high - e.low) / 2000.0, 1e-9, 0.0);
    gw_dataset_free(d);
}

static void what_results_do_not_have_is_named_before_anything_runs(void **state)
{
    (void)state;
    static const char *const asked[][2] = {{"precision={half_width: 1, of: [valu]}", "valu"},
                                           {"precision={half_width: 1, of: [best.share]}", "best"},
                                           {"precision={half_width: 1, of: [cut.active]}", "reading"}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct gw_scenario *scenario = load(asked[i][0]);
        struct gw_compare compare = {.threads = 1};
        struct gw_error error = {0};
        assert_int_equal(gw_compare_run(&compare, scenario, NULL, &error), GW_BAD_INPUT);
        assert_int_equal(compare.finished, 0);
        assert_non_null(strstr(error.text, "precision.of"));
        assert_non_null(strstr(error.text, asked[i][1]));
        gw_scenario_free(scenario);
    }
}

/* Ends a run after some periods. */
struct brake {
    volatile sig_atomic_t stop;
    uint64_t after;
    bool sane; /* never more done than there is */
};

static void press(void *context, uint64_t done, uint64_t total)
{
    struct brake *brake = context;
    brake->sane = brake->sane && done <= total;
    brake->stop = done >= brake->after;
}

static void interrupted_runs_end_in_the_same_results(void **state)
{
    (void)state;
    static const char precision[] = "precision.half_width=20%";
    char hex[65], other[65];
    struct gw_dataset *d = run(precision, (struct gw_compare){.threads = 2});
    fingerprint(d, hex);
    gw_dataset_free(d);
    struct brake brake = {.sane = true};
    struct gw_scenario *scenario = load(precision);
    struct gw_compare compare = {
        .output = "run.h5", .threads = 2, .stop = &brake.stop, .progress = press, .context = &brake};
    int ret = GW_STOPPED, attempts = 0;
    for (; ret == GW_STOPPED; attempts++) {
        struct gw_error error = {0};
        brake.stop = 0;
        brake.after = 7 * (uint64_t)(60 + 40 * attempts);
        d = NULL;
        ret = gw_compare_run(&compare, scenario, &d, &error);
        compare.resume = true;
    }
    assert_int_equal(ret, GW_OK);
    assert_in_range(attempts, 2, 100);
    assert_true(brake.sane);
    fingerprint(d, other);
    assert_string_equal(hex, other);
    assert_int_equal(access("run.h5.journal", F_OK), -1);
    gw_dataset_free(d);
    gw_scenario_free(scenario);
}

/* ---- Coverage ------------------------------------------------------------------------------------------------- */

/*
 * Consecutive replications of one scenario as runs of their own; the truth is the mean over all of them, whose own
 * error is small beside an interval of a run. With `--long` 2,000 runs, else 60, of which the test asks 94% less four
 * standard errors: false alarms below 3.2e-5.
 */
enum { QUANTITIES = 3, MOST_OF_RUN = 1000 };

struct sample {
    double value[QUANTITIES][MOST_OF_RUN];
};

static struct gw_width width_of(void *context, size_t quantity, uint32_t n)
{
    const struct sample *s = context;
    const struct gw_estimate e = gw_estimate_mean(s->value[quantity], n, 0.95);
    return (struct gw_width){e.mean, (e.high - e.low) / 2.0};
}

struct coverage {
    double covered[QUANTITIES], mean_n, replications;
};

static struct coverage coverage_of(struct gw_worker *worker, int runs)
{
    const struct gw_stopping rule = {4.0, false, GW_STOPPING_LEAST, MOST_OF_RUN};
    static struct sample sample;
    const struct gw_widths widths = {QUANTITIES, width_of, &sample};
    const struct gw_plan *plan = gw_worker_plan(worker);
    struct gw_layout layout;
    gw_plan_layout(plan, &layout);
    int64_t *record = calloc(layout.words, sizeof *record);
    struct gw_width(*found)[QUANTITIES] = calloc((size_t)runs, sizeof *found);
    double sum[QUANTITIES] = {0};
    uint32_t r = 0;
    assert_non_null(record);
    assert_non_null(found);
    for (int i = 0; i < runs; i++) {
        struct gw_stop stop = {0};
        for (uint32_t n = 0; stop.n == 0; n++) {
            assert_int_equal(gw_replicate(worker, &layout, NULL, r++, record, NULL), GW_OK);
            const double a = gw_worth_of(&layout, record, 0, plan->scenario->years).horizon_value;
            const double b = gw_worth_of(&layout, record, 1, plan->scenario->years).horizon_value;
            const double value[QUANTITIES] = {a, b, b - a};
            for (int q = 0; q < QUANTITIES; q++) {
                sample.value[q][n] = value[q];
                sum[q] += value[q];
            }
            gw_stopping_judge(&rule, &widths, n + 1, &stop);
        }
        for (size_t q = 0; q < QUANTITIES; q++) {
            found[i][q] = width_of(&sample, q, stop.n);
        }
    }
    struct coverage c = {.mean_n = (double)r / runs, .replications = r};
    for (int i = 0; i < runs; i++) {
        for (int q = 0; q < QUANTITIES; q++) {
            c.covered[q] += (fabs(found[i][q].mean - sum[q] / r) <= found[i][q].half_width) / (double)runs;
        }
    }
    free(record);
    free(found);
    return c;
}

static struct coverage measure_coverage(int runs)
{
    struct gw_scenario *scenario = load("seed=12");
    struct gw_plan *plan = NULL;
    struct gw_worker *worker = NULL;
    const struct gw_plan_options options = {.isa = gw_isa_best()};
    assert_int_equal(gw_plan_create(&plan, scenario, options, NULL), GW_OK);
    assert_int_equal(gw_worker_create(&worker, plan, 1, NULL), GW_OK);
    const struct coverage c = coverage_of(worker, runs);
    gw_worker_free(worker);
    gw_plan_free(plan);
    gw_scenario_free(scenario);
    return c;
}

static void intervals_of_the_engine_cover(void **state)
{
    (void)state;
    enum { RUNS = 60 };
    const struct coverage c = measure_coverage(RUNS);
    for (int q = 0; q < QUANTITIES; q++) {
        if (c.covered[q] < 0.94 - 4.0 * sqrt(0.94 * 0.06 / RUNS)) {
            fail_msg("quantity %d: covered %.3f, mean n %.0f", q, c.covered[q], c.mean_n);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_at_the_first_number_that_is_enough),
        cmocka_unit_test(most_ends_what_is_out_of_reach),
        cmocka_unit_test(measures_are_asked_as_written),
        cmocka_unit_test(what_results_do_not_have_is_named_before_anything_runs),
        cmocka_unit_test(interrupted_runs_end_in_the_same_results),
        cmocka_unit_test(intervals_of_the_engine_cover),
    };
    if (argc > 1 && strcmp(argv[1], "--long") == 0) {
        const struct coverage c = measure_coverage(2000);
        printf("coverage %.4f %.4f, difference %.4f; mean n %.0f\n", c.covered[0], c.covered[1], c.covered[2],
               c.mean_n);
        return 0;
    }
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
