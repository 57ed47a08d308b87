/* Contracts in the whole engine against closed forms: the sBG and the gamma-gamma spend. A period is a month and a
 * term is one month ("renewal" t falls in period t) unless stated. What contracts are worth: test_lifetime_value. */
#include "cohort.h"
#include "lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CUSTOMERS = 100000, RENEWALS = 12 };

#define ORDERS_OF_1 "population.order_value: 1\n"

/* A period's name and how many make a year. */
struct period {
    const char *name;
    double per_year;
};

static const struct period day = {"day", 364.0}, week = {"week", 52.0}, month = {"month", 12.0};

/* Contract of `term` periods, over `horizon` periods; the strategies are given by the caller. */
static char *scenario(struct period period, int term, int horizon, int size, int seed, const char *lines)
{
    return law_text(LAW_ONE_FIRM "setting: contractual\nperiod: %s\npopulation.purchase_rate: 0\n"
                                 "market.contract_years: %.17g\nhorizon: %d %ss\npopulation.size: %d\n"
                                 "replications: 1\nseed: %d\n%s",
                    period.name, term / period.per_year, horizon, period.name, size, seed, lines);
}

static double binomial_se(double p, double n)
{
    return sqrt(p * (1.0 - p) / n);
}

/* ---- sBG ----------------------------------------------------------------------------------------------- */

/* Survivors of a beta-churn cohort after each term of so many periods: alive[t], t = 0 .. RENEWALS. */
static void simulate_cohort(double alpha, double beta, struct period period, int term, int seed,
                            double alive[RENEWALS + 1])
{
    char *lines =
        law_text(ORDERS_OF_1 "strategies: {as_is: {}}\npopulation.churn: {vary: {beta: {alpha: %g, beta: %g}}}\n",
                 alpha, beta);
    char *yaml = scenario(period, term, RENEWALS * term + 1, CUSTOMERS, seed, lines);
    struct lab *lab = lab_run(yaml);
    for (int t = 0; t <= RENEWALS; t++) {
        alive[t] = (double)lab_cell(lab, 0, 0, (uint32_t)(t * term), "survivors", 0, 0);
    }
    lab_free(lab);
    free(yaml);
    free(lines);
}

static void check_sbg(double alpha, double beta, struct period period, int term, int seed)
{
    double alive[RENEWALS + 1];
    simulate_cohort(alpha, beta, period, term, seed, alive);
    assert_true(alive[0] == CUSTOMERS);
    for (int t = 1; t <= RENEWALS; t++) {
        const double survival = law_sbg_survival(alpha, beta, t), retention = law_sbg_retention(alpha, beta, t);
        assert_within_4_se(alive[t] / CUSTOMERS, survival, binomial_se(survival, CUSTOMERS));
        assert_within_4_se(alive[t] / alive[t - 1], retention, binomial_se(retention, alive[t - 1]));
    }
}

static void test_sbg(void **state)
{
    (void)state;
    check_sbg(0.668, 3.806, month, 1, 501);  /* "high end" of Fader & Hardie 2007 */
    check_sbg(0.704, 1.182, month, 1, 502);  /* "regular" */
    check_sbg(0.668, 3.806, month, 12, 503); /* a yearly contract lived through by the month */
    check_sbg(2.0, 5.0, month, 3, 504);
    check_sbg(1.4, 2.6, day, 7, 508);
    check_sbg(1.4, 2.6, week, 4, 509);
    check_sbg(1.4, 2.6, month, 6, 510);
}

static void test_sbg_is_recovered(void **state)
{
    (void)state;
    double alive[RENEWALS + 1], alpha, beta, log_likelihood, se[2];
    simulate_cohort(0.704, 1.182, month, 1, 505, alive);
    assert_int_equal(law_sbg_fit(alive, RENEWALS, &alpha, &beta, &log_likelihood), 0);
    assert_int_equal(law_sbg_standard_errors(alpha, beta, alive, RENEWALS, se), 0);
    assert_within_4_se(alpha, 0.704, se[0]);
    assert_within_4_se(beta, 1.182, se[1]);
    assert_true(se[0] < 0.03 && se[1] < 0.05); /* the check can fail */
}

/* ---- A ruse of heterogeneity (Vaupel & Yashin 1985, The American Statistician 39) -------------------------- */

enum { GROUPS = 10, OF_GROUP = 20000 };

/* Ten groups, each of one constant churn, the deciles of a beta(.668, 3.806) cohort. */
static const double group_churn[GROUPS] = {0.0035, 0.018, 0.038, 0.064, 0.095, 0.133, 0.181, 0.243, 0.33, 0.50};

static char *groups_scenario(void)
{
    char *lines = law_text(ORDERS_OF_1 "strategies: {as_is: {}}\n");
    for (int g = 0; g < GROUPS; g++) {
        char *longer =
            law_text("%spopulation.segments.g%d: {share: %g, churn: %g}\n", lines, g, 1.0 / GROUPS, group_churn[g]);
        free(lines);
        lines = longer;
    }
    char *yaml = scenario(month, 1, 6, GROUPS * OF_GROUP, 506, lines);
    free(lines);
    return yaml;
}

/* Orders of each group in each period are its members alive. */
static void count_groups(const struct law_cohort *cohort, double alive[6][GROUPS])
{
    for (size_t k = 0; k < cohort->sales; k++) {
        alive[cohort->sale[k].period][cohort->sale[k].customer / OF_GROUP] += 1.0;
    }
}

static void test_retention_rises_although_nobody_changes(void **state)
{
    (void)state;
    double alive[6][GROUPS] = {{0.0}}, last = 0.0;
    char *yaml = groups_scenario();
    struct law_cohort *cohort = law_cohort_run(yaml, 0);
    count_groups(cohort, alive);
    for (int t = 1; t < 6; t++) {
        double before = 0.0, after = 0.0, expected_before = 0.0, expected_after = 0.0;
        for (int g = 0; g < GROUPS; g++) {
            const double stay = 1.0 - group_churn[g];
            assert_within_4_se(alive[t][g] / alive[t - 1][g], stay, binomial_se(stay, alive[t - 1][g]));
            before += alive[t - 1][g];
            after += alive[t][g];
            expected_before += pow(stay, t - 1) / GROUPS;
            expected_after += pow(stay, t) / GROUPS;
        }
        const double expected = expected_after / expected_before;
        assert_within_4_se(after / before, expected, binomial_se(expected, before));
        assert_true(after / before > last);
        last = after / before;
    }
    law_cohort_free(cohort);
    free(yaml);
}

/* ---- No chance left ---- */

/* Churn 1: one order each, and nobody is left after the first renewal. Churn 0: nobody ever leaves. */
static void test_certain_churn_and_none(void **state)
{
    (void)state;
    char *yaml =
        scenario(month, 1, 5, 1000, 607,
                 ORDERS_OF_1 "population.churn: 1\nstrategies: {all_go: {}, all_stay: {population.churn: 0}}\n");
    struct lab *lab = lab_run(yaml);
    assert_int_equal(lab_total(lab, 0, "purchases", 0, 0), 1000);
    assert_int_equal(lab_cell(lab, 0, 0, 0, "active", 0, 0), 1000);
    assert_int_equal(lab_cell(lab, 0, 0, 1, "left", GW_CAUSE_RENEWAL - 1, 0), 1000);
    assert_int_equal(lab_cell(lab, 0, 0, 1, "active", 0, 0), 0);
    assert_int_equal(lab_total(lab, 1, "purchases", 0, 0), 5000);
    assert_int_equal(lab_cell(lab, 1, 0, 4, "survivors", 0, 0), 1000);
    lab_free(lab);
    free(yaml);
}

/* ---- Gamma-gamma spend ----------------------------------------------------------------------------------- */

struct spend {
    double p, q, gamma;
};

static const struct spend cdnow = {6.25, 3.74, 15.44}, own = {2.0, 5.5, 90.0};

/* One order per customer and period, worth what gamma-gamma says: the consumer's mean is p / nu. */
static struct law_cohort *run_spend(struct spend s, struct period period, int orders, int seed)
{
    char *lines = law_text("strategies: {as_is: {}}\npopulation.churn: 0\nmarket.order_shape: %g\n"
                           "population.order_value: {vary: {inverse_gamma: {shape: %g, scale: %.17g}}}\n",
                           s.p, s.q, s.p * s.gamma);
    char *yaml = scenario(period, 1, orders, CUSTOMERS, seed, lines);
    struct law_cohort *cohort = law_cohort_run(yaml, 0);
    assert_int_equal(cohort->sales, (size_t)orders * CUSTOMERS);
    free(lines);
    free(yaml);
    return cohort;
}

static void check_mean(struct spend s, struct period period, int seed)
{
    struct law_cohort *cohort = run_spend(s, period, 1, seed);
    double sum = 0.0, squares = 0.0;
    for (size_t k = 0; k < cohort->sales; k++) {
        sum += cohort->sale[k].money;
        squares += cohort->sale[k].money * cohort->sale[k].money;
    }
    const double mean = sum / CUSTOMERS, want = law_gamma_gamma_mean(s.p, s.q, s.gamma);
    assert_within_4_se(mean, want, sqrt((squares / CUSTOMERS - mean * mean) / CUSTOMERS));
    law_cohort_free(cohort);
}

static void test_gamma_gamma_mean(void **state)
{
    (void)state;
    assert_close(law_gamma_gamma_mean(cdnow.p, cdnow.q, cdnow.gamma), 35.22, 0.0, 0.005);
    check_mean(cdnow, month, 701);
    check_mean(own, day, 705);
    check_mean(own, week, 706);
    check_mean(own, month, 707);
}

/* The next order expected after x of mean z is (1 - w) mu + w z. By the method of moments with the instrument
 * h = [z > mu]: sum h (y - mu) / sum h (z - mu) estimates w, and unlike a regression needs no fourth moments, which
 * inverse gamma means of shape 3.74 do not have. */
static void check_weight(struct spend spend, struct period period, int x, int seed)
{
    struct law_cohort *cohort = run_spend(spend, period, x + 1, seed);
    const double mu = law_gamma_gamma_mean(spend.p, spend.q, spend.gamma);
    const double w = law_gamma_gamma_weight(spend.p, spend.q, x);
    double *past = calloc(CUSTOMERS, sizeof *past), *next = calloc(CUSTOMERS, sizeof *next);
    double above = 0.0, outcome = 0.0, residual = 0.0;
    assert_true(past != NULL && next != NULL);
    for (size_t k = 0; k < cohort->sales; k++) {
        const struct law_sale *s = &cohort->sale[k];
        past[s->customer] += s->period < (uint32_t)x ? s->money / x : 0.0;
        next[s->customer] += s->period < (uint32_t)x ? 0.0 : s->money;
    }
    for (int i = 0; i < CUSTOMERS; i++) {
        if (past[i] > mu) {
            above += past[i] - mu;
            outcome += next[i] - mu;
            residual += pow(next[i] - mu - w * (past[i] - mu), 2.0);
        }
    }
    assert_within_4_se(outcome / above, w, sqrt(residual) / above);
    assert_true(sqrt(residual) / above < 0.02); /* the check can fail */
    free(next);
    free(past);
    law_cohort_free(cohort);
}

static void test_gamma_gamma_weight(void **state)
{
    (void)state;
    check_weight(cdnow, month, 1, 702);
    check_weight(cdnow, month, 2, 703);
    check_weight(cdnow, month, 5, 704);
    check_weight(own, day, 3, 708);
    check_weight(own, week, 3, 709);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sbg),
        cmocka_unit_test(test_sbg_is_recovered),
        cmocka_unit_test(test_retention_rises_although_nobody_changes),
        cmocka_unit_test(test_certain_churn_and_none),
        cmocka_unit_test(test_gamma_gamma_mean),
        cmocka_unit_test(test_gamma_gamma_weight),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
