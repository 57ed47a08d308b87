/* Frontiers where the break-even is known: a price cut against money spent on nothing. */
#include "program.h"
#include "still.h"

#include <math.h>

#define STRATEGIES                                                                                                   \
    "strategies:\n"                                                                                                  \
    "  price_cut: {firms.us.price: 0.95}\n"                                                                          \
    "  service: {firms.us.spend: {empathy: 50, resolution: 50}}\n"
#define CUT(from, to)                                                                                                \
    "{name: cut, say: price cut, unit: \"%\", from: " from ", to: " to                                               \
    ", keys: {strategies.price_cut.firms.us.price: 1 - x / 100}}"
#define SPEND                                                                                                        \
    "{name: spend, from: 0, to: 200, keys: {strategies.service.firms.us.spend.empathy: x / 2, "                      \
    "strategies.service.firms.us.spend.resolution: x / 2}}"

/* A cut by x% of the price costs x% of the revenue, and the service 100 a week. As both are spread evenly over the
 * weeks, what comes after the horizon included, discounting is the same for both: x = 100 times the spend over the
 * revenue of a week. */
static double expected(void)
{
    const double share = 1.0 / (1.0 + exp(1.0)), revenue = 300.0 * 44.0 / 52.0 * share * 20.0;
    return 100.0 * 100.0 / revenue;
}

static void test_break_even(void **state)
{
    (void)state;
    struct gw_dataset *d =
        still_run(STILL_MARKET STRATEGIES "experiment: {frontier: {x: " CUT("0", "15") "}}\n", GW_FRONTIER, 2);
    assert_true(still_note(d, "crossings") == 1.0);
    const double root = still_real(d, "break_even", 0), low = still_real(d, "break_even_low", 0),
                 high = still_real(d, "break_even_high", 0);
    assert_within_4_se(root, expected(), (high - low) / 2.0 / 1.984); /* t of 100 replications */
    assert_true(high - low < 0.05 * 15.0 && still_note(d, "reached") == 1.0);
    assert_true(still_real(d, "difference", 0) < 0.0 && still_real(d, "difference", 8) > 0.0);
    assert_report_says(d, "The break-even of price cut is 7.3");
    assert_report_says(d, "below it Price cut is ahead, above it Service is ahead.");
    gw_dataset_free(d);
}

/* The difference is linear in both inputs, so the line is y = 100 x / x0 exactly, x0 the break-even at 100. */
static void test_map(void **state)
{
    (void)state;
    struct gw_dataset *one =
        still_run(STILL_MARKET STRATEGIES "experiment: {frontier: {replications: 20, x: " CUT("0", "15") "}}\n",
                  GW_FRONTIER, 2);
    struct gw_dataset *map =
        still_run(STILL_MARKET STRATEGIES
                  "experiment: {frontier: {replications: 20, cells: 8, x: " CUT("0", "15") ", y: " SPEND "}}\n",
                  GW_FRONTIER, 2);
    const struct gw_array *line = gw_dataset_array(map, "break_even");
    assert_non_null(line);
    if (still_note(one, "replications") == 20.0) { /* the same replications */
        const double slope = 100.0 / still_real(one, "break_even", 0);
        for (size_t k = 0; k < gw_array_length(map, line); k += 2) {
            assert_close(line->reals[k + 1], slope * line->reals[k], 1e-3, 1e-6);
        }
    }
    const double share = 0.5 * 200.0 / 15.0 * expected() / 100.0; /* of the triangle above the line */
    assert_close(still_note(map, "below") + still_note(map, "between") / 2.0, share, 0.0, 0.1);
    assert_true(still_note(map, "evaluated") < 81.0);
    assert_report_says(map, "Service is ahead in");
    gw_dataset_free(one);
    gw_dataset_free(map);
}

static void test_no_crossing(void **state)
{
    (void)state;
    struct gw_dataset *d = still_run(
        STILL_MARKET STRATEGIES "experiment: {frontier: {replications: 10, x: " CUT("1", "5") "}}\n", GW_FRONTIER, 2);
    assert_true(still_note(d, "crossings") == 0.0 && still_note(d, "sign") == -1.0);
    assert_report_says(d,
                       "There is no break-even of price cut in the range 1% to 5%: Price cut is ahead all over it.");
    gw_dataset_free(d);
    d = still_run(STILL_MARKET STRATEGIES "experiment: {frontier: {replications: 4, cells: 4, x: " CUT(
                      "1", "2") ", y: {key: "
                                "strategies.service.firms.us.spend.empathy, from: 100, to: 300}}}\n",
                  GW_FRONTIER, 2);
    assert_report_says(d, "No break-even line crosses the map");
    gw_dataset_free(d);
    d = still_run(STILL_MARKET "strategies: {now: {}, again: {}}\nexperiment: {frontier: {replications: 4, x: "
                               "{key: firms.us.unit_cost, from: 0.4, to: 0.7}}}\n",
                  GW_FRONTIER, 2);
    assert_report_says(d, "the measure is exactly 0 all over");
    gw_dataset_free(d);
}

static void test_threads_and_resume_do_not_matter(void **state)
{
    static const char yaml[] =
        STILL_MARKET STRATEGIES "experiment: {frontier: {replications: 6, x: " CUT("0", "15") "}}\n";
    const struct gw_lab_options journalled = {.threads = 2, .journal = "f.journal"};
    struct gw_lab_options stopped = journalled;
    volatile sig_atomic_t stop = 1;
    struct gw_error error = {0};
    struct gw_dataset *alone = still_run(yaml, GW_FRONTIER, 1), *resumed;
    char a[65], b[65];
    (void)state;
    stopped.stop = &stop;
    assert_int_equal(still_try(yaml, GW_FRONTIER, &stopped, &resumed, &error), GW_STOPPED);
    assert_null(resumed);
    struct gw_lab_options again = journalled;
    again.resume = true;
    assert_int_equal(still_try(yaml, GW_FRONTIER, &again, &resumed, NULL), GW_OK);
    assert_int_equal(gw_dataset_fingerprint(alone, a, NULL), GW_OK);
    assert_int_equal(gw_dataset_fingerprint(resumed, b, NULL), GW_OK);
    assert_string_equal(a, b);
    gw_dataset_free(alone);
    gw_dataset_free(resumed);
}

static void check_refused(const char *yaml, const char *word)
{
    scratch_write("bad.yaml", yaml, strlen(yaml));
    const struct outcome *o = run_program(NULL, "frontier", "bad.yaml", "--quiet", NULL);
    assert_int_equal(o->status, GW_BAD_INPUT);
    if (strstr(o->err, word) == NULL) {
        fail_msg("'%s' is not in: %s", word, o->err);
    }
}

static void test_bad_input(void **state)
{
    (void)state;
    check_refused(STILL_MARKET STRATEGIES, "it has no experiment.frontier");
    check_refused(STILL_MARKET STRATEGIES "experiment: {frontier: {x: {name: a, keys: {firms.us.price: x}}}}\n",
                  "has no plausible range: write from: and to:");
    check_refused(STILL_MARKET STRATEGIES "experiment: {frontier: {x: {key: firms.us.prise, from: 0, to: 1}}}\n",
                  "firms.us.prise");
    check_refused(STILL_MARKET "strategies: {now: {}}\nexperiment: {frontier: {x: " CUT("0", "15") "}}\n",
                  "price_cut");
    check_refused(STILL_MARKET
                  "strategies: {now: {}}\nexperiment: {frontier: {x: {key: firms.us.price, from: 0.9, to: "
                  "1.1}}}\n",
                  "with one strategy there is no difference");
    check_refused(STILL_MARKET STRATEGIES
                  "experiment: {frontier: {of: service.no_such_thing, x: " CUT("0", "15") "}}\n",
                  "no_such_thing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_break_even),  cmocka_unit_test(test_map),
        cmocka_unit_test(test_no_crossing), cmocka_unit_test(test_threads_and_resume_do_not_matter),
        cmocka_unit_test(test_bad_input),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
