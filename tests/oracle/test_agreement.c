/*
 * The engine and the oracle, consumer by consumer: buying, staying, telling, money; warm-up and strategies.
 */
#include "pair.h"

#include "outcome/value.h"

#include <string.h>

#define RUN                                                                                                          \
    "goodwill: 1\n"                                                                                                  \
    "horizon: 50\n"                                                                                                  \
    "warm_up: 0\n"                                                                                                   \
    "replications: 1\n"                                                                                              \
    "seed: 20261122\n"
#define NETWORK "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"
#define FIRMS                                                                                                        \
    "firms:\n"                                                                                                       \
    "  us: {price: {schedule: {at: 10, to: 0.9}}, agents.phone: 0.6, initial_share: 0.2, fixed_cost: 10, "           \
    "survey_rate: "                                                                                                  \
    "0.4,\n"                                                                                                         \
    "       half_spend: 60, spend: {empathy: 60, resolution: {schedule: {from: 5, until: 25, to: 90}}}}\n"           \
    "  rival: {price: 1.05, agents.phone: 0.3, initial_share: 0.3, failure_rate: 0.1, repair_share: 0.5}\n"          \
    "  third: {appeal: -0.2, agents.phone: 1.4, treatment_ceiling: 0.7}\n"                                           \
    "market:\n"                                                                                                      \
    "  value_price: 0.4\n"                                                                                           \
    "  negative_ratio: 3\n"

#define MARKET RUN NETWORK FIRMS
#define PEOPLE                                                                                                       \
    "population:\n"                                                                                                  \
    "  size: 2600\n"                                                                                                 \
    "  purchase_rate: {vary: {gamma: {shape: 0.45, mean: 44}}}\n"                                                    \
    "  order_value: {vary: {lognormal: {mean: 20, sd: 10}}}\n"                                                       \
    "  tells_per_experience: 0.5\n"                                                                                  \
    "  tells_always: 0.05\n"                                                                                         \
    "  segments:\n"                                                                                                  \
    "    steady: {share: 0.4, price_sensitivity: {vary: {lognormal: {mean: 2.5, sd: 0.8}}}}\n"                       \
    "    hunters: {share: 0.6, loss_aversion: 1.5, inertia: 0.3,\n"                                                  \
    "              price_sensitivity: {vary: {normal: {mean: 5, sd: 1}}}}\n"

static const char *const market = MARKET PEOPLE;
static const char *const lifetimes = MARKET PEOPLE "  dropout: {vary: {beta: {alpha: 0.793, beta: 8}}}\n"
                                                   "  lifetime_rate: {vary: {gamma: {shape: 0.6, rate: 1}}}\n";
static const char *const shaped = MARKET "  order_shape: 6.25\n" PEOPLE;
static const char *const crowd = RUN "network: {complete: {}}\n" FIRMS PEOPLE;
static const char *const hubs = RUN "network: {barabasi_albert: {edges: 3}}\n" FIRMS PEOPLE;
static const char *const daily = "period: day\n" MARKET PEOPLE;

static void test_market(void **state)
{
    (void)state;
    pair_live(market, NULL);
}

static void test_lifetimes(void **state)
{
    (void)state;
    pair_live(lifetimes, NULL);
}

static void test_order_shapes(void **state)
{
    (void)state;
    pair_live(shaped, NULL);
}

static void test_days(void **state)
{
    (void)state;
    pair_live(daily, NULL);
}

static void test_networks(void **state)
{
    (void)state;
    pair_live(crowd, NULL);
    pair_live(hubs, NULL);
}

static void test_contracts(void **state)
{
    (void)state;
    pair_live(
        "setting: contractual\n" MARKET "  contract_years: 0.0769230769\n  renewal_memory: 1\n  renewal_attitude: 2\n"
        "  renewal_failure: 1.5\n  renewal_price: 3.5\n" PEOPLE "  churn: {vary: {beta: {alpha: 2, beta: 8}}}\n",
        NULL);
}

static struct movement ours[PAIR_EVENTS], theirs[PAIR_EVENTS];

/* A posting that never reaches the ledger is caught: one event fewer on one side is one difference. */
static void test_dropped_posting_is_caught(void **state)
{
    struct pair p = {0};
    (void)state;
    pair_begin(&p, market);
    for (int t = 0; t < 5; t++) {
        pair_step(&p);
    }
    size_t n = pair_engine_movements(&p, ours);
    const size_t m = pair_oracle_movements(&p, theirs);
    assert_true(n > 10);
    assert_int_equal(pair_differing(ours, n, theirs, m), 0);
    memmove(&ours[n / 2], &ours[n / 2 + 1], (n - n / 2 - 1) * sizeof *ours);
    n--;
    assert_true(pair_differing(ours, n, theirs, m) > 0);
    pair_end(&p);
}

/* Each account discounted; money neither comes from nowhere nor gets lost. */
static void compare_accounts(const struct gw_worth *worth, const struct oracle_value *value)
{
    double sum = 0.0;
    for (int a = 0; a < GW_ACCOUNTS; a++) {
        assert_close(worth->account[a], value->account[a], 1e-6, 0.0);
        sum += worth->account[a];
    }
    assert_true(worth->account[GW_REVENUE] < 0.0);
    assert_close(sum, 0.0, 0.0, -1e-9 * worth->account[GW_REVENUE]);
    assert_true(worth->account[GW_CASH] == worth->horizon_value);
}

/* At the end of the first year and of the second there is somebody to count. */
static void compare_cohorts(const struct lab *lab, const struct oracle *oracle, int s, uint32_t replication,
                            uint32_t t)
{
    static const char *const cohorts[] = {"start", "year 1", "year 2", "year 3"};
    for (int cohort = 0; cohort < 4; cohort++) {
        const int64_t n = lab_cell(lab, s, replication, t, "cohort_active", cohort, 0);
        assert_int_equal(n, oracle_tally(oracle, "cohort_active", cohorts[cohort], 0));
        assert_true(t + 1 == 104 && cohort > 0 && cohort < 3 ? n > 0 : n >= 0);
    }
}

/* Warm-up, two strategies, an uncertain world, company value: through whole replications of the engine. */
static void compare_values(const struct lab *lab, uint32_t replication)
{
    struct gw_error error = {0};
    const struct gw_scenario *scenario = lab->scenario;
    struct oracle *warm = oracle_create(scenario, lab->plan->network, replication, &error);
    assert_non_null(warm);
    for (uint32_t t = 0; t < scenario->warm_up; t++) {
        pair_must(oracle_period(warm, -1, &error), &error);
    }
    for (int s = 0; s < scenario->strategies; s++) {
        struct oracle *oracle = oracle_copy(warm);
        assert_non_null(oracle);
        for (uint32_t t = 0; t < scenario->horizon; t++) {
            pair_must(oracle_period(oracle, s, &error), &error);
            assert_int_equal(lab_cell(lab, s, replication, t, "purchases", 0, 0),
                             oracle_tally(oracle, "purchases", "", 0));
            assert_int_equal(lab_cell(lab, s, replication, t, "active", 0, 0), oracle_tally(oracle, "active", "", 0));
            compare_cohorts(lab, oracle, s, replication, t);
        }
        const struct gw_worth worth = gw_worth_of(&lab->layout, lab->record[replication], s, scenario->years);
        const struct oracle_value value = oracle_valuation(oracle, scenario->focal);
        assert_close(worth.horizon_value, value.horizon, 1e-6, 0.0);
        assert_close(worth.terminal_value, value.terminal, 1e-6, 0.0);
        compare_accounts(&worth, &value);
        oracle_free(oracle);
    }
    oracle_free(warm);
}

static void test_strategies_and_value(void **state)
{
    struct lab *lab =
        lab_run("goodwill: 1\n"
                "horizon: 104\nwarm_up: 10\nreplications: 2\nseed: 99\n"
                "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"
                "population:\n"
                "  size: 600\n"
                "  purchase_rate: {vary: {gamma: {shape: {uncertain: {uniform: {low: 0.3, high: 0.6}}}, "
                "rate: 0.02}}}\n"
                "  tells_per_experience: 0.4\n"
                "firms:\n"
                "  us: {unit_cost: {uncertain: {normal: {mean: 0.5, sd: 0.05}}}, fixed_cost: 20}\n"
                "  rival: {price: 1.02}\n"
                "strategies:\n"
                "  base: {}\n"
                "  cut: {firms.us.price: {schedule: {at: 5, to: 0.9}}, population.loss_aversion: 1}\n");
    (void)state;
    for (uint32_t r = 0; r < lab->scenario->replications; r++) {
        compare_values(lab, r);
    }
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_market),
        cmocka_unit_test(test_lifetimes),
        cmocka_unit_test(test_order_shapes),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_networks),
        cmocka_unit_test(test_contracts),
        cmocka_unit_test(test_dropped_posting_is_caught),
        cmocka_unit_test(test_strategies_and_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
