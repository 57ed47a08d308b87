/* Word of mouth in the whole engine: twice as often per experience and three to one in number are one and the same
 * market, and the ratio holds whatever else goes on. */
#include "closed_forms.h"
#include "cohort.h"
#include "lab.h"

#include <gsl/gsl_cdf.h>

#include <math.h>
#include <stdlib.h>

enum { POSITIVE, NEGATIVE };

static double all(const struct lab *lab, const char *tally, int sign)
{
    double sum = 0.0;
    for (int f = 0; f < lab->scenario->firms; f++) {
        sum += (double)lab_total(lab, 0, tally, sign, f);
    }
    return sum;
}

/* Given the experiences, the tells of each sign are Poisson: the variance of the logarithm of a ratio of two counts
 * is 1 / n + 1 / m. */
static void check_rates(const struct lab *lab, double ratio)
{
    const double told_bad = all(lab, "told", NEGATIVE), told_good = all(lab, "told", POSITIVE);
    const double got = told_bad / all(lab, "experiences", NEGATIVE) / (told_good / all(lab, "experiences", POSITIVE));
    assert_true(told_good > 10000.0);
    assert_within_4_se(got, ratio, ratio * sqrt(1.0 / told_bad + 1.0 / told_good));
}

/* ---- Three to one ------------------------------------------------------------------------------------------ */

/* The experience is the product, logit-normal around .7 with spread .4; the expectation that a share q of it misses
 * is 1 / (1 + e^-(logit .7 + .4 z_q)) for everyone and ever. */
static struct lab *run_incidence(double q, double ratio)
{
    const double expectation = 1.0 / (1.0 + exp(-(log(0.7 / 0.3) + 0.4 * gsl_cdf_ugaussian_Pinv(q))));
    char *yaml =
        law_text("goodwill: 1\nperiod: week\nhorizon: 52 weeks\nwarm_up: 0 weeks\nreplications: 4\nseed: 901\n"
                 "population: {size: 20000, purchase_rate: 20, treatment_share: 0, adaptation: 0,\n"
                 "  expectation_start: %.17g, tells_per_experience: 0.3}\n"
                 "market: {negative_ratio: %g}\nfocal: us\n"
                 "firms: {us: {product_quality: 0.7, product_spread: 0.4, failure_rate: 0}}\n"
                 "strategies: {as_is: {}}\n",
                 expectation, ratio);
    struct lab *lab = lab_run(yaml);
    free(yaml);
    return lab;
}

/* Incidence of positive over negative word of mouth (1 - q) / (ratio q) = 3 at q = 1/7: both East, Hammond & Wright
 * 2007 (International Journal of Research in Marketing 24) and those who count tells per experience are right. */
static void test_three_to_one_is_twice_as_often(void **state)
{
    (void)state;
    struct lab *lab = run_incidence(1.0 / 7.0, 2.0);
    const double bad = all(lab, "experiences", NEGATIVE), good = all(lab, "experiences", POSITIVE);
    const double told_bad = all(lab, "told", NEGATIVE), told_good = all(lab, "told", POSITIVE);
    assert_within_4_se(bad / (bad + good), 1.0 / 7.0, sqrt(6.0 / 49.0 / (bad + good)));
    /* The number of experiences of each sign varies as well as what is told of each. */
    const double se = 3.0 * sqrt(1.0 / told_bad + 1.0 / told_good + 1.0 / bad + 1.0 / good);
    assert_within_4_se(told_good / told_bad, 3.0, se);
    assert_true(se < 0.1);
    check_rates(lab, 2.0);
    lab_free(lab);
}

/* ---- In a market with everything on ------------------------------------------------------------------------ */

static void check_market(double ratio, int seed)
{
    char *yaml =
        law_text("goodwill: 1\nperiod: week\nhorizon: 52 weeks\nwarm_up: 26 weeks\nreplications: 4\nseed: %d\n"
                 "population: {size: 6000, purchase_rate: {vary: {gamma: {shape: 0.5, mean: 44}}},\n"
                 "  loss_aversion: 2, tells_per_experience: 0.3,\n"
                 "  order_value: {vary: {lognormal: {mean: 20, sd: 10}}}}\n"
                 "network: {watts_strogatz: {degree: 10, rewire: 0.05}}\n"
                 "market: {negative_ratio: %g}\nfocal: us\n"
                 "firms: {us: {failure_rate: 0.1, spend.empathy: 300}, rival: {price: 0.95}}\n"
                 "strategies: {as_is: {}}\n",
                 seed, ratio);
    struct lab *lab = lab_run(yaml);
    check_rates(lab, ratio);
    lab_free(lab);
    free(yaml);
}

static void test_ratio_per_experience_is_as_asked(void **state)
{
    (void)state;
    check_market(2.0, 911);
    check_market(1.0, 912);
    check_market(3.0, 913);
}

/* What is told into a network is heard, message by message; without one it is told all the same, and lost. */
static void test_without_a_network_nothing_is_heard(void **state)
{
    (void)state;
    static const char *const networks[2] = {"none", "{watts_strogatz: {degree: 4, rewire: 0.1}}"};
    double told[2], heard[2];
    for (int k = 0; k < 2; k++) {
        char *yaml =
            law_text("goodwill: 1\nperiod: week\nhorizon: 52 weeks\nwarm_up: 0 weeks\nreplications: 1\nseed: 921\n"
                     "population: {size: 5000, tells_per_experience: 0.5, attitude_weight: 0}\nnetwork: %s\n"
                     "focal: us\nfirms: {us: {}}\nstrategies: {as_is: {}}\n",
                     networks[k]);
        struct lab *lab = lab_run(yaml);
        told[k] = all(lab, "told", POSITIVE) + all(lab, "told", NEGATIVE);
        heard[k] = all(lab, "heard", POSITIVE) + all(lab, "heard", NEGATIVE);
        if (k == 1) { /* those of the last period are still on their way */
            told[k] -=
                (double)(lab_cell(lab, 0, 0, 51, "told", POSITIVE, 0) + lab_cell(lab, 0, 0, 51, "told", NEGATIVE, 0));
        }
        lab_free(lab);
        free(yaml);
    }
    assert_true(told[0] > 1000.0 && heard[0] == 0.0);
    assert_true(told[1] > 1000.0 && heard[1] == told[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_to_one_is_twice_as_often),
        cmocka_unit_test(test_ratio_per_experience_is_as_asked),
        cmocka_unit_test(test_without_a_network_nothing_is_heard),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
