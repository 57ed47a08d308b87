#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("relation");
}

static double left(const struct lab *lab, uint32_t period, int firm)
{
    double sum = 0.0;
    for (int cause = 0; cause < GW_CAUSES - 1; cause++) {
        sum += (double)lab_cell(lab, 0, 0, period, "left", cause, firm);
    }
    return sum;
}

/* Without occasions nothing happens: the initial customers are the stock for ever. */
static void test_initial_shares(void **state)
{
    (void)state;
    struct lab *lab = run_duel("firms.us.initial_share=0.3", "firms.rival.initial_share=0.5", "horizon=60");
    const double us = at(lab, "active", 0, US), rival = at(lab, "active", 0, RIVAL);
    assert_share(us, 20000.0, 0.3);
    assert_share(rival, 20000.0, 0.5);
    for (uint32_t t = 0; t < 60; t++) {
        assert_close(at(lab, "active", t, US), us, 0.0, 0.0);
        assert_close(at(lab, "survivors", t, RIVAL), rival, 0.0, 0.0);
        assert_close(at(lab, "retained", t, US), us, 0.0, 0.0);
        assert_close(at(lab, "recent_buyers", t, US), 0.0, 0.0, 0.0);
    }
    lab_free(lab);
}

#define TURNOVER                                                                                                     \
    "population.purchase_rate=20", "population.category_appeal=0", "population.stop_base=-2",                        \
        "firms.us.initial_share=0.3", "firms.rival.initial_share=0.3", "market.stop_satisfaction=0"

/* Every stock is the last one plus who came minus who went. */
static void test_stocks_follow_flows(void **state)
{
    (void)state;
    struct lab *lab = run_duel(TURNOVER, "horizon=150");
    for (int firm = US; firm <= RIVAL; firm++) {
        for (uint32_t t = 1; t < 150; t++) {
            const double came = at(lab, "joined", t, firm) + at(lab, "won_back", t, firm);
            assert_close(at(lab, "active", t, firm), at(lab, "active", t - 1, firm) + came - left(lab, t, firm), 0.0,
                         0.0);
            assert_true(at(lab, "survivors", t, firm) <= at(lab, "survivors", t - 1, firm));
        }
        assert_true(total(lab, "won_back", firm) > 0.0);
    }
    lab_free(lab);
}

/* Retained counts from the start of the year: it falls within a year and starts anew from the stock. Survivors are
 * the retained of the first year. */
static void test_retained_by_year(void **state)
{
    (void)state;
    struct lab *lab = run_duel(TURNOVER, "horizon=156", "warm_up=26");
    for (uint32_t t = 0; t < 156; t++) {
        const double retained = at(lab, "retained", t, US), survivors = at(lab, "survivors", t, US);
        assert_true(survivors <= retained && retained <= at(lab, "active", t, US));
        assert_true(t >= 52 || (survivors >= retained));
        if (t % 52 != 0) {
            assert_true(retained <= at(lab, "retained", t - 1, US));
        } else if (t > 0) {
            assert_true(retained > at(lab, "retained", t - 1, US));
            assert_true(retained <= at(lab, "active", t - 1, US));
            assert_true(retained >= at(lab, "active", t - 1, US) - left(lab, t, US));
        }
    }
    lab_free(lab);
}

/* At the end of a year the cohorts make up the stock: the survivors, those retained from before the year, and of
 * those who came within it as many as are still there. At no other time are they counted. */
static void test_cohorts(void **state)
{
    (void)state;
    struct lab *lab = run_duel(TURNOVER, "horizon=600", "warm_up=26");
    double came = 0.0;
    for (uint32_t t = 0; t < 600; t++) {
        const int year = (int)(t + 1) / 52;
        double sum = 0.0, older = 0.0;
        for (int cohort = 0; cohort < 11; cohort++) {
            const double n = (double)lab_cell(lab, 0, 0, t, "cohort_active", cohort, US);
            sum += n;
            older += cohort < year ? n : 0.0;
            assert_true((t + 1) % 52 == 0 ? cohort <= year || n <= 0.0 : n <= 0.0);
        }
        came += at(lab, "joined", t, US) + at(lab, "won_back", t, US);
        if ((t + 1) % 52 == 0) {
            assert_close(sum, at(lab, "active", t, US), 0.0, 0.0);
            assert_close((double)lab_cell(lab, 0, 0, t, "cohort_active", 0, US), at(lab, "survivors", t, US), 0.0,
                         0.0);
            assert_true(year > 10 || older == at(lab, "retained", t, US));
            assert_true(sum - older > 0.0 || year > 10);
            assert_true(sum - older <= came);
            came = 0.0;
        }
    }
    lab_free(lab);
}

/* Leaving at every encounter with certainty; after it the consumer stays away for an exponential time from the next
 * period on. A cycle lasts 1 + 1/q periods, q = 1 - e^-(period/avoidance). */
static void test_avoidance(void **state)
{
    (void)state;
    struct lab *lab = run_plain("population.purchase_rate=8000", "population.stop_base=10", "horizon=200",
                                "market.stop_satisfaction=0", "market.avoidance=0.1");
    const double n = 20000.0, q = 1.0 - exp(-1.0 / 5.2);
    assert_close(at(lab, "joined", 0, US), n, 0.0, 0.0);
    assert_share(at(lab, "won_back", 2, US), n, q * gw_sigmoid(10.0));
    double back = 0.0;
    for (uint32_t t = 100; t < 200; t++) {
        back += at(lab, "won_back", t, US);
    }
    /* renewals in 100 periods: mean 100/cycle, variance 100 Var/cycle^3 with Var = (1 - q)/q^2 (plus an end effect)
     */
    const double cycle = 1.0 + 1.0 / q, variance = (1.0 - q) / (q * q);
    assert_within_4_se(back / n, 100.0 / cycle, sqrt((100.0 * variance / (cycle * cycle * cycle) + 1.0) / n));
    lab_free(lab);
}

/* An avoidance of 0: back at the next occasion. */
static void test_no_avoidance(void **state)
{
    (void)state;
    struct lab *lab = run_plain("population.purchase_rate=8000", "population.stop_base=10", "horizon=3",
                                "market.stop_satisfaction=0", "market.avoidance=0");
    const double stopped = (double)lab_cell(lab, 0, 0, 0, "left", GW_CAUSE_SERVICE - 1, US);
    assert_share(stopped, 20000.0, gw_sigmoid(10.0));
    assert_close(at(lab, "won_back", 1, US), stopped, 0.0, 0.0);
    lab_free(lab);
}

/* Buyers within a year: after one year a stationary share 1 - e^-rate, be they customers or not. */
static void test_recent_buyers(void **state)
{
    (void)state;
    struct lab *lab = run_plain("population.purchase_rate=0.7", "horizon=156");
    const double n = 20000.0;
    assert_share(at(lab, "recent_buyers", 0, US), n, 1.0 - exp(-0.7 / 52.0));
    assert_share(at(lab, "recent_buyers", 51, US), n, 1.0 - exp(-0.7));
    assert_share(at(lab, "recent_buyers", 155, US), n, 1.0 - exp(-0.7));
    assert_share(at(lab, "active", 155, US), n, 1.0 - exp(-2.1));
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),         cmocka_unit_test(test_initial_shares),
        cmocka_unit_test(test_stocks_follow_flows), cmocka_unit_test(test_retained_by_year),
        cmocka_unit_test(test_avoidance),           cmocka_unit_test(test_no_avoidance),
        cmocka_unit_test(test_recent_buyers),       cmocka_unit_test(test_cohorts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
