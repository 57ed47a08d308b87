/* Markets so simple that the answer is a number anybody can write down, through the whole engine to company value. */
#include "closed_forms.h"
#include "cohort.h"
#include "lab.h"

#include "outcome/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct gw_worth worth(const struct lab *lab, int strategy)
{
    return gw_worth_of(&lab->layout, lab->record[0], strategy, lab->scenario->years);
}

/* 1 at the end of every one of n periods, at the yearly rate d. */
static double annuity(double d, double years, int n)
{
    double sum = 0.0;
    for (int t = 1; t <= n; t++) {
        sum += pow(1.0 + d, -years * t);
    }
    return sum;
}

/* ---- Nobody buys ------------------------------------------------------------------------------------------- */

/* Every part of a market at work but the buying: what is left is the fixed cost, 100 a week, for the horizon and,
 * fading by a tenth a year, after it. */
static void test_zero_purchase_rate(void **state)
{
    (void)state;
    struct lab *lab =
        lab_run("goodwill: 1\nperiod: week\nhorizon: 3 years\nwarm_up: 1 year\nreplications: 1\nseed: 1\n"
                "population: {size: 500, purchase_rate: 0}\n"
                "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\nmarket: {discount_rate: 0.08}\n"
                "focal: us\nfirms: {us: {fixed_cost: 100, agents.phone: 0, initial_share: 0.5}, rival: {}}\n"
                "strategies: {as_is: {}, cheap: {firms.us.price: 0.5}}\n");
    for (int s = 0; s < 2; s++) {
        const double horizon = -100.0 * annuity(0.08, 1.0 / 52.0, 156);
        const double after = -100.0 * 52.0 / (0.08 + 0.1) * pow(1.08, -3.0);
        assert_close(worth(lab, s).horizon_value, horizon, 1e-12, 0.0);
        assert_close(worth(lab, s).company_value, horizon + after, 1e-12, 0.0);
        for (int f = 0; f < 2; f++) {
            assert_int_equal(lab_total(lab, s, "purchases", 0, f), 0);
            assert_int_equal(lab_total(lab, s, "told", 0, f) + lab_total(lab, s, "told", 1, f), 0);
            assert_int_equal(lab_total(lab, s, "questions", GW_PHONE, f), 0);
        }
        assert_true(worth(lab, s).retention == 1.0);
    }
    lab_free(lab);
}

/* ---- One customer ------------------------------------------------------------------------------------------ */

/* A customer under a monthly contract who never leaves pays 20 at a cost of 13 for ever. */
static struct lab *run_one_customer(const char *period, const char *terms)
{
    char *yaml = law_text(
        "goodwill: 1\nsetting: contractual\nperiod: %s\nhorizon: 10 years\nwarm_up: 0 weeks\n"
        "replications: 1\nseed: 1\nfocal: us\n"
        "population: {size: 1, purchase_rate: 0, order_value: 20, churn: 0}\n"
        "market: {%s}\n"
        "firms: {us: {initial_share: 1, unit_cost: 0.6, serve_cost: 0.05, failure_rate: 0, agents.phone: 0}}\n"
        "strategies: {as_is: {}, dearer: {firms.us.price: 1.25}}\n",
        period, terms);
    struct lab *lab = lab_run(yaml);
    free(yaml);
    return lab;
}

/* Strategy 1 asks a quarter more; goods and service cost the same. */
static const double margin[2] = {20.0 - 13.0, 25.0 - 13.0};

static void test_one_customer(void **state)
{
    (void)state;
    struct lab *lab = run_one_customer("month", "contract_years: 0.08333333333333333, terminal: none");
    for (int s = 0; s < 2; s++) {
        const struct gw_worth w = worth(lab, s);
        assert_close(w.company_value, margin[s] * annuity(0.1, 1.0 / 12.0, 120), 1e-12, 0.0);
        /* a customer's margins are discounted to the start of their period, cash to its end */
        assert_close(w.clv_base, margin[s] * annuity(0.1, 1.0 / 12.0, 120) * pow(1.1, 1.0 / 12.0), 0.0, 1e-4);
        assert_true(w.retention == 1.0 && w.share == 1.0);
        assert_int_equal(lab_total(lab, s, "purchases", 0, 0), 120);
    }
    lab_free(lab);
}

/* A yearly contract is ten payments, on the first period of each year, whatever the period. */
static void test_one_customer_in_every_period(void **state)
{
    (void)state;
    static const char *const periods[] = {"day", "week", "month"};
    static const double in_a_year[] = {364.0, 52.0, 12.0};
    for (int k = 0; k < 3; k++) {
        struct lab *lab = run_one_customer(periods[k], "contract_years: 1, terminal: none");
        const double at_end_of_period = pow(1.1, -1.0 / in_a_year[k]), due = 1.1 * annuity(0.1, 1.0, 10);
        for (int s = 0; s < 2; s++) {
            assert_close(worth(lab, s).company_value, margin[s] * due * at_end_of_period, 1e-12, 0.0);
            assert_close(worth(lab, s).clv_base, margin[s] * due, 0.0, 1e-5);
        }
        lab_free(lab);
    }
}

/* At discount rate 0 money is added up, to the last unit. */
static void test_zero_discount_rate(void **state)
{
    (void)state;
    struct lab *lab =
        run_one_customer("month", "contract_years: 0.08333333333333333, terminal: none, discount_rate: 0");
    for (int s = 0; s < 2; s++) {
        assert_true(worth(lab, s).company_value == 120.0 * margin[s]);
        assert_true(worth(lab, s).clv_base == 120.0 * margin[s]);
    }
    lab_free(lab);
}

/* ---- Everybody goes ---------------------------------------------------------------------------------------- */

/* Dropout 1: each of 700 consumers buys from each of three firms exactly once, and in the end is lost to all. */
static void test_everybody_churns(void **state)
{
    (void)state;
    enum { CONSUMERS = 700, FIRMS = 3 };
    struct lab *lab =
        lab_run("goodwill: 1\nperiod: week\nhorizon: 2 years\nwarm_up: 0 weeks\nreplications: 1\nseed: 1\n"
                "population: {size: 700, purchase_rate: 364, category_appeal: 30, dropout: 1}\n"
                "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\nfocal: a\n"
                "firms: {a: {}, b: {price: 0.9}, c: {}}\nstrategies: {as_is: {}}\n");
    for (int f = 0; f < FIRMS; f++) {
        assert_int_equal(lab_total(lab, 0, "purchases", 0, f), CONSUMERS);
        assert_int_equal(lab_total(lab, 0, "joined", 0, f), CONSUMERS);
        assert_int_equal(lab_total(lab, 0, "left", GW_CAUSE_DROPOUT - 1, f), CONSUMERS);
        assert_int_equal(lab_cell(lab, 0, 0, lab->layout.periods - 1, "active", 0, f), 0);
    }
    lab_free(lab);
}

/* ---- Nobody hears ------------------------------------------------------------------------------------------ */

static struct lab *run_market(const char *network, double tells)
{
    char *yaml = law_text("goodwill: 1\nperiod: week\nhorizon: 1 year\nwarm_up: 1 year\nreplications: 2\nseed: 7\n"
                          "population: {size: 3000, tells_per_experience: %g}\nnetwork: %s\nfocal: us\n"
                          "firms: {us: {spend.empathy: 200}, rival: {price: 0.95}}\n"
                          "strategies: {as_is: {}, cheap: {firms.us.price: 0.9}}\n",
                          tells, network);
    struct lab *lab = lab_run(yaml);
    free(yaml);
    return lab;
}

/* What of the results does not count messages. */
static bool same_but_for_messages(const struct lab *a, const struct lab *b)
{
    for (int t = 0; t < a->layout.tallies; t++) {
        const struct gw_layout_tally *tally = &a->layout.tally[t];
        const char *name = tally->tally->name;
        for (int s = 0; s < 2 && strcmp(name, "told") != 0 && strcmp(name, "heard") != 0; s++) {
            for (int label = 0; label < tally->labels; label++) {
                for (int f = 0; f < 2; f++) {
                    if (lab_total(a, s, name, label, f) != lab_total(b, s, name, label, f)) {
                        return false;
                    }
                }
            }
        }
    }
    for (int s = 0; s < 2; s++) {
        for (uint32_t r = 0; r < 2; r++) {
            for (uint32_t t = 0; t < a->layout.periods; t++) {
                for (int f = 0; f < 2; f++) {
                    if (lab_account(a, s, r, t, GW_CASH, f) != lab_account(b, s, r, t, GW_CASH, f)) {
                        return false;
                    }
                }
            }
        }
    }
    return true;
}

/* Without a network talk is lost: the market is that of people who never talk, to the last unit. */
static void test_no_network(void **state)
{
    (void)state;
    static const char network[] = "{watts_strogatz: {degree: 6, rewire: 0.1}}";
    struct lab *silent = run_market(network, 0.0), *unheard = run_market("none", 0.5),
               *heard = run_market(network, 0.5);
    assert_true(lab_total(unheard, 0, "told", 0, 0) > 1000);
    assert_true(same_but_for_messages(silent, unheard));
    assert_false(same_but_for_messages(silent, heard));
    lab_free(heard);
    lab_free(unheard);
    lab_free(silent);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zero_purchase_rate),
        cmocka_unit_test(test_one_customer),
        cmocka_unit_test(test_one_customer_in_every_period),
        cmocka_unit_test(test_zero_discount_rate),
        cmocka_unit_test(test_everybody_churns),
        cmocka_unit_test(test_no_network),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
