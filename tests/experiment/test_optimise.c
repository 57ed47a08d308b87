/* Optima that are known: a price where demand is logit, alone, by stages, under a budget and a requirement. */
#include "program.h"
#include "still.h"

#include <math.h>

#define STRATEGIES "strategies: {dear: {firms.us.price: 1.25}, plan: {}}\n"
#define PRICE(from, to, more) "{key: strategies.plan.firms.us.price, from: " from ", to: " to more "}"

/* Of the occasions 1 / (1 + e^(1.0079 + 3.5 (p - 1))) end in a purchase, which brings 20 (p - 0.61): best at p = 1,
 * where 3.5 (p - 0.61) times the share that does not buy is 1. */
static const char *const logit[] = {"population.category_appeal=-1.0079", "population.price_sensitivity=3.5"};

static struct gw_dataset *optimise(const char *yaml, int threads)
{
    struct gw_dataset *dataset;
    struct gw_error error = {0};
    const struct gw_lab_options options = {.threads = threads, .override = logit, .overrides = 2};
    if (still_try(yaml, GW_OPTIMISE, &options, &dataset, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return dataset;
}

/* By the interval's own standard error. */
static void assert_optimum(const struct gw_dataset *d, size_t cell, double truth)
{
    const double low = still_real(d, "best_low", cell), high = still_real(d, "best_high", cell);
    assert_within_4_se(still_real(d, "best", cell), truth, (high - low) / 2.0 / 1.96);
}

static void test_price(void **state)
{
    (void)state;
    struct gw_dataset *d = optimise(
        STILL_MARKET STRATEGIES "experiment: {optimise: {replications: 60, levers: [" PRICE("0.7", "1.4", "") "]}}\n",
        2);
    assert_optimum(d, 0, 1.0);
    assert_true(still_real(d, "best_high", 0) - still_real(d, "best_low", 0) < 0.05);
    assert_true(still_real(d, "place", 0) == 0.0 && still_note(d, "flat") == 0.0);
    assert_true(still_real(d, "down_high", 0) < 0.0 && still_real(d, "up_high", 0) < 0.0);
    assert_true(isnan(still_note(d, "cost")) && isnan(still_real(d, "worth", 0)));
    assert_report_says(d, "The optimum is interior");
    assert_report_says(d, "in 60 fresh replications");
    gw_dataset_free(d);
}

/* A cost of 1000 (1.1 - p) a week and 50 to spend leave p = 1.05 on average; as what is lost is of second order, the
 * best is about the same price in both halves (the second counts more, for what comes after the horizon). */
static void test_stages_and_budget(void **state)
{
    (void)state;
    struct gw_dataset *d =
        optimise(STILL_MARKET STRATEGIES
                 "experiment: {optimise: {replications: 20, stages: [0, 13], budget: 50, levers: [" PRICE(
                     "0.7", "1.1", ", cost: 1000 * (1.1 - x)") "]}}\n",
                 2);
    assert_true(still_note(d, "budget_binds") == 1.0);
    assert_close(still_note(d, "cost"), 50.0, 0.006, 0.0);
    assert_close((still_real(d, "best", 0) + still_real(d, "best", 1)) / 2.0, 1.05, 0.0, 1e-3);
    assert_true(still_real(d, "best", 0) >= still_real(d, "best", 1) - 0.02);
    for (size_t s = 0; s < 2; s++) {
        assert_true(fabs(still_real(d, "best", s) - 1.05) < 0.05);
        assert_close(still_real(d, "spend", s), 1000.0 * (1.1 - still_real(d, "best", s)), 1e-6, 0.0);
        assert_true(still_real(d, "slope_high", s) < 0.0); /* a lower price would be better */
        assert_true(still_real(d, "worth_low", s) > 0.0);
    }
    assert_report_says(d, "price from week 13");
    assert_report_says(d, "all of it");
    gw_dataset_free(d);
}

/* 1000 (1.1 - p)^2 = 0.9 at p = 1.07. */
static void test_bent_cost(void **state)
{
    (void)state;
    struct gw_dataset *d =
        optimise(STILL_MARKET STRATEGIES "experiment: {optimise: {replications: 20, budget: 0.9, levers: [" PRICE(
                     "0.7", "1.1", ", cost: 1000 * (1.1 - x)^2") "]}}\n",
                 2);
    assert_close(still_real(d, "best", 0), 1.07, 0.0, 2e-3);
    assert_close(still_real(d, "spend", 0), 0.9, 0.1, 0.0);
    assert_true(still_note(d, "budget_binds") == 1.0);
    gw_dataset_free(d);
}

/* 6600 occasions; at 0.9 the share that buys is 1 / (1 + e^(1.0079 - 0.35)). */
static void test_requirement(void **state)
{
    (void)state;
    const double buyers = 300.0 * 44.0 / 52.0 * 26.0 / (1.0 + exp(1.0079 - 0.35));
    char yaml[4000];
    (void)snprintf(yaml, sizeof yaml,
                   "%s%sexperiment: {optimise: {replications: 40, levers: [%s], require: [{measure: "
                   "each.purchases.total, above: %.6f}]}}\n",
                   STILL_MARKET, STRATEGIES, PRICE("0.7", "1.4", ""), buyers);
    struct gw_dataset *d = optimise(yaml, 2);
    const double slope = 300.0 * 22.0 * 3.5 * 0.3412 * 0.6588, sd = sqrt(300.0 * 22.0 * 0.3412 * 0.6588);
    assert_true(still_note(d, "permitted") == 1.0);
    /* at most the search's tolerance, a hundredth of the range, below what the sample allows */
    assert_close(still_real(d, "best", 0), 0.9 - 0.0035, 0.0, 0.0035 + 4.0 * sd / sqrt(40.0) / slope);
    assert_true(still_real(d, "required", 0) > buyers - 4.0 * sd * sqrt(2.0 / 40.0));
    gw_dataset_free(d);
    d = optimise(STILL_MARKET STRATEGIES "experiment: {optimise: {replications: 10, levers: [" PRICE(
                     "1.2", "1.4", "") "], require: [{measure: each.purchases.total, above: 100000}]}}\n",
                 2);
    assert_true(still_note(d, "permitted") == 0.0);
    assert_report_says(d, "No choice was found that meets all requirements");
    assert_close(still_real(d, "best", 0), 1.2, 0.0, 0.01); /* nearest to it */
    gw_dataset_free(d);
}

static void test_flat_and_threads(void **state)
{
    static const char yaml[] = STILL_MARKET STRATEGIES
        "experiment: {optimise: {replications: 10, levers: [{key: strategies.plan.firms.us.survey_rate, from: 0, to: "
        "0.5}, " PRICE("0.9", "1.1", "") "]}}\n";
    char a[65], b[65];
    (void)state;
    struct gw_dataset *one = optimise(yaml, 1), *three = optimise(yaml, 3);
    assert_int_equal(gw_dataset_fingerprint(one, a, NULL), GW_OK);
    assert_int_equal(gw_dataset_fingerprint(three, b, NULL), GW_OK);
    assert_string_equal(a, b);
    assert_close(still_real(one, "flat_low", 0), 0.0, 0.0, 1e-12); /* nobody reacts to being asked */
    assert_close(still_real(one, "flat_high", 0), 0.5, 0.0, 1e-12);
    assert_close(still_real(one, "up", 0), 0.0, 0.0, 1e-6);
    gw_dataset_free(one);
    gw_dataset_free(three);
}

/* 300 consumers who stand for 3000: what is optimised is the whole market's money. */
static void test_sample(void **state)
{
    static const char yaml[] =
        STILL_MARKET STRATEGIES "experiment: {optimise: {replications: 10, levers: [" PRICE("0.9", "1.1", "") "]}}\n";
    static const char *const sampled[] = {"population.category_appeal=-1.0079", "population.price_sensitivity=3.5",
                                          "population.size=3000", "population.sample=300"};
    const struct gw_lab_options options = {.threads = 2, .override = sampled, .overrides = 4};
    struct gw_dataset *few = optimise(yaml, 2), *many;
    (void)state;
    assert_int_equal(still_try(yaml, GW_OPTIMISE, &options, &many, NULL), GW_OK);
    assert_close(still_real(many, "best", 0), still_real(few, "best", 0), 1e-9, 0.0);
    assert_close(still_note(many, "fresh"), 10.0 * still_note(few, "fresh"), 1e-9, 0.0);
    gw_dataset_free(few);
    gw_dataset_free(many);
}

static void check_refused(const char *optimise_block, const char *word)
{
    char yaml[4000];
    (void)snprintf(yaml, sizeof yaml, "%s%sexperiment: {optimise: {%s}}\n", STILL_MARKET, STRATEGIES, optimise_block);
    scratch_write("bad.yaml", yaml, strlen(yaml));
    const struct outcome *o = run_program(NULL, "optimise", "bad.yaml", "--quiet", NULL);
    assert_int_equal(o->status, GW_BAD_INPUT);
    if (strstr(o->err, word) == NULL) {
        fail_msg("'%s' is not in: %s", word, o->err);
    }
}

static void test_bad_input(void **state)
{
    (void)state;
    check_refused("budget: 100, levers: [" PRICE("0.7", "1.1", "") "]", "nobody has said what 'price' costs");
    check_refused("budget: 100, levers: [{key: strategies.plan.firms.us.spend.empathy, from: 150, to: 300}]",
                  "the budget of 100 is less than the least that the levers cost, 150");
    check_refused("budget: 1000, spend_all: true, levers: [{key: strategies.plan.firms.us.spend.empathy, from: 150, "
                  "to: 300}]",
                  "the budget of 1000 is more than the most that the levers can spend, 300");
    check_refused("budget: 100, levers: [" PRICE("0.7", "1.1", ", cost: 1000 * (x - 1)^2") "]", "rises and falls");
    check_refused("spend_all: true, levers: [" PRICE("0.7", "1.1", "") "]", "spend_all without a budget");
    check_refused("stages: [0, 13], levers: [{name: p, from: 0.8, to: 1.1, keys: "
                  "{strategies.plan.firms.us.price.schedule.to: x}}]",
                  "schedule");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_price),
        cmocka_unit_test(test_stages_and_budget),
        cmocka_unit_test(test_bent_cost),
        cmocka_unit_test(test_requirement),
        cmocka_unit_test(test_flat_and_threads),
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_bad_input),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
