/* Buying in the whole engine against the closed forms of NBD, Pareto/NBD and BG/NBD: means, frequencies, customers
 * alive, and parameters recovered from the customers' histories. Parameters are per week. */
#include "cohort.h"
#include "lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CUSTOMERS = 40000, FREQUENCIES = 3 };

/* A buying model at one time: what theory says of the number of purchases. NaN: says nothing. */
struct theory {
    double mean, share[FREQUENCIES]; /* share[x] buys x times */
};

/* A scenario of the period asked for, over `weeks`, with the rules that `lines` switch on. */
static char *scenario(const char *period, double periods_per_week, double weeks, int size, int seed,
                      const char *lines)
{
    return law_text(
        LAW_ONE_FIRM
        "population.order_value: 1\nstrategies: {as_is: {}}\nreplications: 1\nperiod: %s\nhorizon: %d %ss\n"
        "seed: %d\npopulation.size: %d\n%s",
        period, (int)lround(periods_per_week * weeks), period, seed, size, lines);
}

static char *gamma_lines(const char *parameter, double shape, double rate_per_week)
{
    return law_text("population.%s: {vary: {gamma: {shape: %.17g, rate: %.17g}}}\n", parameter, shape,
                    rate_per_week / 52.0);
}

static void check_counts(const int *x, struct theory theory)
{
    double mean = 0.0, square = 0.0;
    int frequency[FREQUENCIES] = {0};
    for (int i = 0; i < CUSTOMERS; i++) {
        mean += x[i] / (double)CUSTOMERS;
        square += (double)x[i] * x[i] / CUSTOMERS;
        frequency[x[i] < FREQUENCIES ? x[i] : 0] += x[i] < FREQUENCIES;
    }
    assert_within_4_se(mean, theory.mean, sqrt((square - mean * mean) / CUSTOMERS));
    for (int k = 0; k < FREQUENCIES; k++) {
        const double p = theory.share[k];
        if (!isnan(p)) {
            assert_within_4_se(frequency[k] / (double)CUSTOMERS, p, sqrt(p * (1.0 - p) / CUSTOMERS));
        }
    }
}

/* Runs `lines` to the later of two times and checks the counts at both. */
static void check(const char *period, double periods_per_week, const double weeks[2], const struct theory theory[2],
                  int seed, const char *lines)
{
    char *yaml = scenario(period, periods_per_week, weeks[1], CUSTOMERS, seed, lines);
    struct law_cohort *cohort = law_cohort_run(yaml, 0);
    int *x = malloc(CUSTOMERS * sizeof *x);
    assert_non_null(x);
    for (int k = 0; k < 2; k++) {
        law_cohort_counts(cohort, (uint32_t)lround(periods_per_week * weeks[k]), x);
        check_counts(x, theory[k]);
    }
    free(x);
    law_cohort_free(cohort);
    free(yaml);
}

static const double cdnow_weeks[2] = {39.0, 78.0}, half_and_whole_year[2] = {26.0, 52.0};

/* ---- NBD ----------------------------------------------------------------------------------------------- */

static void check_nbd(double r, double alpha, const char *period, double periods_per_week, const double weeks[2],
                      int seed)
{
    struct theory theory[2];
    for (int k = 0; k < 2; k++) {
        theory[k].mean = law_nbd_mean(r, alpha, weeks[k]);
        for (int x = 0; x < FREQUENCIES; x++) {
            theory[k].share[x] = law_nbd_pmf(x, r, alpha, weeks[k]);
        }
    }
    char *lines = gamma_lines("purchase_rate", r, alpha);
    check(period, periods_per_week, weeks, theory, seed, lines);
    free(lines);
}

static void test_nbd(void **state)
{
    (void)state;
    check_nbd(0.3848, 12.072, "week", 1.0, cdnow_weeks, 101);
    check_nbd(0.3848, 12.072, "day", 7.0, cdnow_weeks, 102);
    check_nbd(0.3848, 12.072, "month", 12.0 / 52.0, half_and_whole_year, 103);
    check_nbd(2.5, 3.0, "week", 1.0, half_and_whole_year, 104);
    check_nbd(2.5, 3.0, "day", 7.0, half_and_whole_year, 105);
    check_nbd(2.5, 3.0, "month", 12.0 / 52.0, half_and_whole_year, 106);
}

/* ---- Pareto/NBD ---------------------------------------------------------------------------------------- */

static void check_pareto_nbd(struct law_pareto_nbd p, const char *period, double periods_per_week,
                             const double weeks[2], int seed)
{
    struct theory theory[2];
    for (int k = 0; k < 2; k++) {
        theory[k] = (struct theory){law_pareto_nbd_mean(p, weeks[k]), {law_pareto_nbd_zero(p, weeks[k]), NAN, NAN}};
    }
    char *rate = gamma_lines("purchase_rate", p.r, p.alpha), *death = gamma_lines("lifetime_rate", p.s, p.beta);
    char *lines = law_text("%s%s", rate, death);
    check(period, periods_per_week, weeks, theory, seed, lines);
    free(lines);
    free(death);
    free(rate);
}

static const struct law_pareto_nbd cdnow_pareto_nbd = {0.553, 10.578, 0.606, 11.669};

static void test_pareto_nbd(void **state)
{
    (void)state;
    check_pareto_nbd(cdnow_pareto_nbd, "week", 1.0, cdnow_weeks, 201);
    check_pareto_nbd(cdnow_pareto_nbd, "day", 7.0, cdnow_weeks, 202);
    check_pareto_nbd(cdnow_pareto_nbd, "month", 12.0 / 52.0, half_and_whole_year, 203);
    static const struct law_pareto_nbd steadier = {1.4, 4.0, 2.2, 60.0};
    check_pareto_nbd(steadier, "week", 1.0, half_and_whole_year, 204);
    check_pareto_nbd(steadier, "day", 7.0, half_and_whole_year, 206);
    check_pareto_nbd(steadier, "month", 12.0 / 52.0, half_and_whole_year, 207);
}

static void check_alive(struct law_pareto_nbd p, const char *period, double periods_per_week, const double weeks[3],
                        int seed)
{
    char *rate = gamma_lines("purchase_rate", p.r, p.alpha), *death = gamma_lines("lifetime_rate", p.s, p.beta);
    char *lines = law_text("%s%s", rate, death);
    char *yaml = scenario(period, periods_per_week, weeks[2], CUSTOMERS, seed, lines);
    struct lab *lab = lab_run(yaml);
    for (int k = 0; k < 3; k++) {
        const double want = law_pareto_nbd_alive(p, weeks[k]);
        const uint32_t t = (uint32_t)lround(periods_per_week * weeks[k]) - 1;
        const double got = (double)lab_cell(lab, 0, 0, t, "active", 0, 0) / CUSTOMERS;
        assert_within_4_se(got, want, sqrt(want * (1.0 - want) / CUSTOMERS));
    }
    lab_free(lab);
    free(yaml);
    free(lines);
    free(death);
    free(rate);
}

static void test_pareto_nbd_alive(void **state)
{
    (void)state;
    static const double published[3] = {39.0, 52.0, 78.0}, quarters[3] = {13.0, 26.0, 52.0};
    static const struct law_pareto_nbd short_lived = {0.8, 2.0, 1.7, 20.0};
    check_alive(cdnow_pareto_nbd, "week", 1.0, published, 205);
    check_alive(short_lived, "day", 7.0, quarters, 208);
    check_alive(short_lived, "week", 1.0, quarters, 209);
    check_alive(short_lived, "month", 12.0 / 52.0, quarters, 210);
}

/* ---- BG/NBD -------------------------------------------------------------------------------------------- */

static const struct law_bg_nbd cdnow_bg_nbd = {0.243, 4.414, 0.793, 2.426};

static char *bg_nbd_lines(struct law_bg_nbd p)
{
    char *rate = gamma_lines("purchase_rate", p.r, p.alpha);
    char *lines = law_text("%spopulation.dropout: {vary: {beta: {alpha: %.17g, beta: %.17g}}}\n", rate, p.a, p.b);
    free(rate);
    return lines;
}

static void check_bg_nbd(struct law_bg_nbd p, const char *period, double periods_per_week, const double weeks[2],
                         int seed)
{
    struct theory theory[2];
    for (int k = 0; k < 2; k++) {
        theory[k].mean = law_bg_nbd_mean(p, weeks[k]);
        for (int x = 0; x < FREQUENCIES; x++) {
            theory[k].share[x] = law_bg_nbd_pmf(p, x, weeks[k]);
        }
    }
    char *lines = bg_nbd_lines(p);
    check(period, periods_per_week, weeks, theory, seed, lines);
    free(lines);
}

static void test_bg_nbd(void **state)
{
    (void)state;
    check_bg_nbd(cdnow_bg_nbd, "week", 1.0, cdnow_weeks, 301);
    check_bg_nbd(cdnow_bg_nbd, "day", 7.0, cdnow_weeks, 302);
    check_bg_nbd(cdnow_bg_nbd, "month", 12.0 / 52.0, half_and_whole_year, 303);
    static const struct law_bg_nbd steadier = {1.2, 1.5, 1.8, 5.0};
    check_bg_nbd(steadier, "week", 1.0, half_and_whole_year, 304);
    check_bg_nbd(steadier, "day", 7.0, half_and_whole_year, 306);
    check_bg_nbd(steadier, "month", 12.0 / 52.0, half_and_whole_year, 307);
}

/* The fit sees sales at the middle of a day, as a shop records them; standard errors by the observed information. */
static void test_bg_nbd_is_recovered(void **state)
{
    (void)state;
    enum { FITTED = 15000 };
    const double truth[4] = {cdnow_bg_nbd.r, cdnow_bg_nbd.alpha, cdnow_bg_nbd.a, cdnow_bg_nbd.b};
    char *lines = bg_nbd_lines(cdnow_bg_nbd);
    char *yaml = scenario("day", 7.0, 39.0, FITTED, 305, lines);
    struct law_cohort *cohort = law_cohort_run(yaml, 0);
    struct law_history *history = malloc(FITTED * sizeof *history);
    struct law_bg_nbd p;
    double log_likelihood, se[4];
    assert_non_null(history);
    law_cohort_histories(cohort, history);
    assert_int_equal(law_bg_nbd_fit(history, FITTED, &p, &log_likelihood), 0);
    assert_int_equal(law_bg_nbd_standard_errors(p, history, FITTED, se), 0);
    const double fitted[4] = {p.r, p.alpha, p.a, p.b};
    for (int k = 0; k < 4; k++) {
        assert_within_4_se(fitted[k], truth[k], se[k]);
        assert_true(se[k] < 0.15 * truth[k]); /* the check can fail */
    }
    free(history);
    law_cohort_free(cohort);
    free(yaml);
    free(lines);
}

/* ---- No chance left ------------------------------------------------------------------------------------ */

static void test_zero_rate_buys_nothing(void **state)
{
    (void)state;
    char *yaml = scenario("week", 1.0, 52.0, 500, 401, "population.purchase_rate: 0\n");
    struct lab *lab = lab_run(yaml);
    assert_int_equal(lab_total(lab, 0, "purchases", 0, 0), 0);
    assert_int_equal(lab_total(lab, 0, "value_base", 0, 0), 0);
    for (uint32_t t = 0; t < 52; t++) {
        assert_int_equal(lab_account(lab, 0, 0, t, GW_CASH, 0), 0);
        assert_int_equal(lab_cell(lab, 0, 0, t, "active", 0, 0), 500);
    }
    lab_free(lab);
    free(yaml);
}

/* Dropout 1: everybody who has an occasion buys exactly once. */
static void test_certain_dropout_ends_after_one_purchase(void **state)
{
    (void)state;
    char *yaml = scenario("week", 1.0, 52.0, CUSTOMERS, 402, "population.purchase_rate: 2\npopulation.dropout: 1\n");
    struct lab *lab = lab_run(yaml);
    const int64_t bought = lab_total(lab, 0, "purchases", 0, 0);
    const double want = 1.0 - exp(-2.0);
    assert_int_equal(lab_total(lab, 0, "left", GW_CAUSE_DROPOUT - 1, 0), bought);
    assert_int_equal(lab_cell(lab, 0, 0, 51, "active", 0, 0), CUSTOMERS - bought);
    assert_within_4_se((double)bought / CUSTOMERS, want, sqrt(want * (1.0 - want) / CUSTOMERS));
    lab_free(lab);
    free(yaml);
}

/* A population of one over many replications is Poisson like any other. */
static void test_one_customer(void **state)
{
    (void)state;
    enum { REPLICATIONS = 4000 };
    char *yaml = law_text(
        LAW_ONE_FIRM
        "population.order_value: 1\nstrategies: {as_is: {}}\nreplications: %d\nperiod: week\nhorizon: 10 weeks\n"
        "seed: 403\npopulation.size: 1\npopulation.purchase_rate: 13\n",
        REPLICATIONS);
    struct lab *lab = lab_run(yaml);
    double mean, se;
    lab_mean(lab, 0, "purchases", 0, 0, &mean, &se);
    assert_within_4_se(mean, 2.5, sqrt(2.5 / REPLICATIONS));
    assert_within_4_se(se * se * REPLICATIONS, 2.5, sqrt((2.5 + 2.0 * 2.5 * 2.5) / REPLICATIONS));
    assert_int_equal(lab_total(lab, 0, "active", 0, 0), 10 * REPLICATIONS);
    lab_free(lab);
    free(yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nbd),
        cmocka_unit_test(test_pareto_nbd),
        cmocka_unit_test(test_pareto_nbd_alive),
        cmocka_unit_test(test_bg_nbd),
        cmocka_unit_test(test_bg_nbd_is_recovered),
        cmocka_unit_test(test_zero_rate_buys_nothing),
        cmocka_unit_test(test_certain_dropout_ends_after_one_purchase),
        cmocka_unit_test(test_one_customer),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
