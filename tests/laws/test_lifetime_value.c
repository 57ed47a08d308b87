/*
 * What retention is worth, in simulated lives and in closed form: yearly contracts of margin 1, every reading of
 * "10% more retention" a strategy of the same customers, who meet the same luck under all of them.
 *
 * Readings differ in what 10% is of (relative, or percentage points), in when the first margin falls (immediate: now;
 * deferred: after the first renewal) and in how many margins are counted.
 */
#include "closed_forms.h"
#include "cohort.h"
#include "lab.h"

#include <math.h>
#include <stdlib.h>

enum { YEARS = 60, OF_REPLICATION = 1000, REPLICATIONS = 40 };

#define DISCOUNT 0.1

/* ---- Lives ----------------------------------------------------------------------------------------------- */

/* Strategies 0 and 1 of the market of yearly contracts; `churn` as in a scenario file: a number or a distribution. */
static struct lab *run(double d, const char *churn, const char *churn_of_other, int seed)
{
    char *yaml =
        law_text(LAW_ONE_FIRM "setting: contractual\nperiod: month\nhorizon: %d months\npopulation.size: %d\n"
                              "population.purchase_rate: 0\npopulation.order_value: 1\nreplications: %d\nseed: %d\n"
                              "market.contract_years: 1\nmarket.discount_rate: %.17g\npopulation.churn: %s\n"
                              "strategies: {as_is: {}, better: {population.churn: %s}}\n",
                 12 * YEARS + 1, OF_REPLICATION, REPLICATIONS, seed, d, churn, churn_of_other);
    struct lab *lab = lab_run(yaml);
    free(yaml);
    return lab;
}

static struct lab *run_constant(double r, double better, double d, int seed)
{
    char *churn = law_text("%.17g", 1.0 - r), *less = law_text("%.17g", 1.0 - better);
    struct lab *lab = run(d, churn, less, seed);
    free(less);
    free(churn);
    return lab;
}

/* Margins counted: of the years from `from` on, before `to`. */
struct window {
    int from, to;
};

static const struct window immediate = {0, YEARS + 1}, deferred = {1, YEARS + 1};

/* sum of (r / (1 + d))^year over the window: the closed form less what the horizon cuts off. */
static double clv(double r, double d, struct window w)
{
    const double survives = pow(r / (1.0 + d), w.from) - pow(r / (1.0 + d), w.to);
    return law_clv_immediate(1.0, r, d) * survives;
}

/* Payments fall on the first month of a contract year. */
static double value_per_customer(const struct lab *lab, int strategy, uint32_t replication, struct window w)
{
    int64_t micro = 0;
    for (int year = w.from; year < w.to; year++) {
        micro += lab_cell(lab, strategy, replication, 12u * (uint32_t)year, "value_base", 0, 0);
    }
    return (double)micro / 1e6 / OF_REPLICATION;
}

struct values {
    double value[2], se[2], ratio, ratio_se;
};

/* Means of both strategies, net of `cost` per customer, and their ratio, whose variance is that of B - ratio A over
 * A^2 (delta method). */
static struct values values_of(const struct lab *lab, struct window w, double cost)
{
    struct values v = {{0.0, 0.0}, {0.0, 0.0}, 0.0, 0.0};
    const double n = REPLICATIONS;
    double x[2][REPLICATIONS];
    for (int s = 0; s < 2; s++) {
        for (uint32_t i = 0; i < REPLICATIONS; i++) {
            x[s][i] = value_per_customer(lab, s, i, w) - cost;
            v.value[s] += x[s][i] / n;
        }
    }
    v.ratio = v.value[1] / v.value[0];
    for (uint32_t i = 0; i < REPLICATIONS; i++) {
        for (int s = 0; s < 2; s++) {
            v.se[s] += pow(x[s][i] - v.value[s], 2.0) / (n - 1.0) / n;
        }
        v.ratio_se += pow((x[1][i] - v.ratio * x[0][i]) / v.value[0], 2.0) / (n - 1.0) / n;
    }
    v.se[0] = sqrt(v.se[0]);
    v.se[1] = sqrt(v.se[1]);
    v.ratio_se = sqrt(v.ratio_se);
    return v;
}

static struct values check(const struct lab *lab, double r, double better, double d, struct window w)
{
    const struct values v = values_of(lab, w, 0.0);
    assert_within_4_se(v.value[0], clv(r, d, w), v.se[0]);
    assert_within_4_se(v.value[1], clv(better, d, w), v.se[1]);
    assert_within_4_se(v.ratio, clv(better, d, w) / clv(r, d, w), v.ratio_se);
    assert_true(v.ratio_se < 0.01 * v.ratio); /* the check can fail */
    return v;
}

/* Gain of the one reading at r, by simulation, after both values and their ratio have met the closed form. */
static struct values live(double r, double better, double d, struct window w, int seed)
{
    struct lab *lab = run_constant(r, better, d, seed);
    const struct values v = check(lab, r, better, d, w);
    lab_free(lab);
    return v;
}

static void test_clv(void **state)
{
    (void)state;
    assert_close(clv(0.8, 0.1, immediate), 3.6667, 0.0, 5e-5);
    const struct values v = live(0.8, 0.88, 0.1, immediate, 601);
    assert_within_4_se(v.value[0], 3.6667, v.se[0]);
    assert_within_4_se(v.ratio, 1.364, v.ratio_se);
    live(0.5, 0.55, 0.25, immediate, 602);
}

/* ---- When 10% more retention is worth 30% ------------------------------------------------------------------ */

/* (1 + d - r) = 1.3 (1 + d - 1.1 r) at r = (.3 / .43) (1 + d) alone. */
static void test_thirty_percent_is_a_knife_edge(void **state)
{
    (void)state;
    const double edge = 0.3 / 0.43 * (1.0 + DISCOUNT);
    assert_close(edge, 0.7674, 0.0, 5e-5);
    const struct values at = live(edge, 1.1 * edge, DISCOUNT, immediate, 603);
    const struct values below = live(0.6, 0.66, DISCOUNT, immediate, 604);
    const struct values above = live(0.9, 0.99, DISCOUNT, immediate, 605);
    assert_within_4_se(at.ratio, 1.300, at.ratio_se);
    assert_true(below.ratio + 4.0 * below.ratio_se < 1.3);
    assert_true(above.ratio - 4.0 * above.ratio_se > 1.3);
}

/* Ten points: (1 + d - r) = 1.3 (1 + d - r - .1), r = 1 + d - .1 (1.3 / .3). */
static void test_ten_points(void **state)
{
    (void)state;
    const double edge = 1.0 + DISCOUNT - 0.13 / 0.3;
    assert_close(edge, 0.6667, 0.0, 5e-5);
    struct lab *lab = run_constant(edge, edge + 0.1, DISCOUNT, 608);
    const struct values now = check(lab, edge, edge + 0.1, DISCOUNT, immediate);
    const struct values later = check(lab, edge, edge + 0.1, DISCOUNT, deferred);
    assert_within_4_se(now.ratio, 1.300, now.ratio_se);
    assert_true(later.ratio - 4.0 * later.ratio_se > 1.44);
    lab_free(lab);
}

/* Ten points deferred, (r + .1) / r times the gain of the immediate reading, are never worth less than 44% more. */
static void test_ten_points_deferred_are_worth_more_everywhere(void **state)
{
    (void)state;
    double least = HUGE_VAL, at = 0.0;
    for (double r = 0.01; r < 0.9; r += 1e-4) {
        const double gain = law_clv_deferred(1.0, r + 0.1, DISCOUNT) / law_clv_deferred(1.0, r, DISCOUNT);
        at = gain < least ? r : at;
        least = fmin(least, gain);
    }
    assert_close(least, 1.44, 0.0, 1e-6);
    assert_close(at, 0.5, 0.0, 2e-4);
    const struct values v = live(0.5, 0.6, DISCOUNT, deferred, 609);
    assert_within_4_se(v.ratio, 1.44, v.ratio_se);
}

/* 1.1 (1 + d - r) = 1.3 (1 + d - 1.1 r), r = (.2 / .33) (1 + d). */
static void test_deferred(void **state)
{
    (void)state;
    const double edge = 0.2 / 0.33 * (1.0 + DISCOUNT);
    assert_close(edge, 0.6667, 0.0, 5e-5);
    const struct values v = live(edge, 1.1 * edge, DISCOUNT, deferred, 610);
    assert_within_4_se(v.ratio, 1.300, v.ratio_se);
}

/* Where the first n margins gain 30% from 10% more retention, by bisection: the gain rises with r. */
static double edge_of_first(int n)
{
    double low = 0.01, high = 1.0 / 1.1;
    for (int k = 0; k < 60; k++) {
        const double r = 0.5 * (low + high);
        const double gain = clv(1.1 * r, DISCOUNT, (struct window){0, n}) / clv(r, DISCOUNT, (struct window){0, n});
        low = gain < 1.3 ? r : low;
        high = gain < 1.3 ? high : r;
    }
    return low;
}

static void test_first_margins_only(void **state)
{
    (void)state;
    static const double published[3] = {0.8327, 0.7710, 0.7675};
    for (int k = 0; k < 3; k++) {
        const int margins = 10 << k;
        const double edge = edge_of_first(margins);
        assert_close(edge, published[k], 0.0, 5e-5);
        const struct values v = live(edge, 1.1 * edge, DISCOUNT, (struct window){0, margins}, 611 + k);
        assert_within_4_se(v.ratio, 1.300, v.ratio_se);
    }
    /* Of five margins: at most 17.8%, where retention becomes complete. */
    const struct window five = {0, 5};
    const struct values v = live(0.9, 0.99, DISCOUNT, five, 614);
    assert_close(clv(1.0, DISCOUNT, five) / clv(1.0 / 1.1, DISCOUNT, five), 1.178, 0.0, 5e-4);
    assert_true(v.ratio + 4.0 * v.ratio_se < 1.19);
}

/* Net of a cost of acquisition of a third of the value, the gross gain need only be 20%: 1.2 (1 + d - 1.1 r) =
 * 1 + d - r. */
static void test_net_of_acquisition(void **state)
{
    (void)state;
    const double edge = 0.2 / 0.32 * (1.0 + DISCOUNT);
    assert_close(edge, 0.6875, 1e-12, 0.0);
    struct lab *lab = run_constant(edge, 1.1 * edge, DISCOUNT, 615);
    const struct values gross = check(lab, edge, 1.1 * edge, DISCOUNT, immediate);
    const struct values net = values_of(lab, immediate, clv(edge, DISCOUNT, immediate) / 3.0);
    assert_within_4_se(gross.ratio, 1.200, gross.ratio_se);
    assert_within_4_se(net.ratio, 1.300, net.ratio_se);
    lab_free(lab);
}

/* A tenth less churn: (d + c) / (d + .9 c) stays below 10/9, its limit without discounting. */
static void test_a_tenth_less_churn_never_does(void **state)
{
    (void)state;
    const struct values v = live(0.9, 0.91, DISCOUNT, immediate, 616);
    assert_true(v.ratio - 4.0 * v.ratio_se > 1.0);
    assert_true(v.ratio + 4.0 * v.ratio_se < 1.0 / 0.9);
    const struct values undiscounted = live(0.7, 0.73, 0.0, immediate, 617);
    assert_within_4_se(undiscounted.ratio, 1.0 / 0.9, undiscounted.ratio_se);
}

/* ---- Customers who differ ---------------------------------------------------------------------------------- */

/* Discounted expected lifetime of an sBG cohort, the first margin now (Fader & Hardie 2010, Marketing Science 29),
 * within the horizon. */
static double lifetime_of_mixed(double alpha, double beta)
{
    double sum = 0.0;
    for (int t = 0; t <= YEARS; t++) {
        sum += law_sbg_survival(alpha, beta, t) * pow(1.0 + DISCOUNT, -t);
    }
    return sum;
}

/* Mean retention times 1.1 at the same polarisation 1 / (alpha + beta + 1). */
static void check_mixed(double alpha, double beta, double lifetime, double gain, int seed)
{
    const double shifted = 1.1 * beta, rest = alpha + beta - shifted;
    char *churn = law_text("{vary: {beta: {alpha: %.17g, beta: %.17g}}}", alpha, beta);
    char *less = law_text("{vary: {beta: {alpha: %.17g, beta: %.17g}}}", rest, shifted);
    struct lab *lab = run(DISCOUNT, churn, less, seed);
    const struct values v = values_of(lab, immediate, 0.0);
    const double before = lifetime_of_mixed(alpha, beta), after = lifetime_of_mixed(rest, shifted);
    assert_close(before, lifetime, 0.0, 0.01); /* what lies beyond the horizon is in the published figure */
    assert_close(after / before, gain, 0.0, 0.002);
    assert_within_4_se(v.value[0], before, v.se[0]);
    assert_within_4_se(v.value[1], after, v.se[1]);
    assert_within_4_se(v.ratio, after / before, v.ratio_se);
    /* One rate for all, the first year's, undervalues the cohort. */
    assert_true(v.value[0] - 4.0 * v.se[0] > 1.2 * clv(beta / (alpha + beta), DISCOUNT, immediate));
    lab_free(lab);
    free(less);
    free(churn);
}

static void test_mixed_customers(void **state)
{
    (void)state;
    check_mixed(0.668, 3.806, 5.92, 1.399, 618);
    check_mixed(0.704, 1.182, 3.70, 1.184, 619);
}

/* ---- No discount ------------------------------------------------------------------------------------------- */

/* Nothing is discounted at rate 0: the lifetime value is the contribution in the ledger, to the last unit. */
static void test_no_discount(void **state)
{
    (void)state;
    struct lab *lab = run_constant(0.8, 0.88, 0.0, 606);
    for (uint32_t i = 0; i < REPLICATIONS; i++) {
        int64_t cash = 0;
        for (uint32_t t = 0; t < lab->layout.periods; t++) {
            cash += lab_account(lab, 0, i, t, GW_CASH, 0);
        }
        assert_int_equal(lab_sum(lab, 0, i, "value_base", 0, 0), cash);
        assert_int_equal(cash, 1000000 * lab_sum(lab, 0, i, "purchases", 0, 0));
    }
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clv),
        cmocka_unit_test(test_thirty_percent_is_a_knife_edge),
        cmocka_unit_test(test_ten_points),
        cmocka_unit_test(test_ten_points_deferred_are_worth_more_everywhere),
        cmocka_unit_test(test_deferred),
        cmocka_unit_test(test_first_margins_only),
        cmocka_unit_test(test_net_of_acquisition),
        cmocka_unit_test(test_a_tenth_less_churn_never_does),
        cmocka_unit_test(test_mixed_customers),
        cmocka_unit_test(test_no_discount),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
