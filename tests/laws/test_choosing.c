/* Choices in the whole engine against the logit. */
#include "closed_forms.h"
#include "cohort.h"
#include "lab.h"

#include <math.h>
#include <stdlib.h>

enum { SIZE = 4000, REPLICATIONS = 20, MOST_FIRMS = 8 };

/* Nobody abstains, no tastes, habits or memories: what is left is what a test adds. */
#define QUIET_MARKET                                                                                                 \
    "goodwill: 1\nperiod: week\nreplications: 20\npopulation: {size: 4000, relations: 8, purchase_rate: 26, "        \
    "category_appeal: "                                                                                              \
    "30,\n"                                                                                                          \
    "  taste_sd: 0, question_rate: 0, inertia: 0, adaptation: 0, stop_base: -40, tells_per_experience: 0,\n"         \
    "  loyalty_price_relief: 0, tenure_price_push: 0}\n"

/* Share of a firm in all purchases, mean over replications and its standard error. */
struct share {
    double mean, se;
};

static struct share share_of(const struct lab *lab, int strategy, int firm)
{
    double sum = 0.0, squares = 0.0;
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        double all = 0.0;
        for (int f = 0; f < lab->scenario->firms; f++) {
            all += (double)lab_sum(lab, strategy, r, "purchases", 0, f);
        }
        const double share = (double)lab_sum(lab, strategy, r, "purchases", 0, firm) / all;
        sum += share;
        squares += share * share;
    }
    return (struct share){sum / REPLICATIONS,
                          sqrt((squares - sum * sum / REPLICATIONS) / (REPLICATIONS - 1.0) / REPLICATIONS)};
}

static void check_shares(const struct lab *lab, int strategy, const double *utility)
{
    double want[MOST_FIRMS];
    law_logit_shares(lab->scenario->firms, utility, want);
    for (int f = 0; f < lab->scenario->firms; f++) {
        const struct share got = share_of(lab, strategy, f);
        assert_within_4_se(got.mean, want[f], got.se);
        assert_true(got.se < 0.003); /* the check can fail */
    }
}

static void test_equal_firms_share_equally(void **state)
{
    (void)state;
    static const double none[MOST_FIRMS] = {0.0};
    char *firms = law_text("a: {}");
    for (int n = 1; n <= MOST_FIRMS; n++) {
        char *yaml = law_text(QUIET_MARKET "warm_up: 0 weeks\nhorizon: 26 weeks\nseed: %d\nfocal: a\nfirms: {%s}\n"
                                           "population.attitude_weight: 0\nstrategies: {as_is: {}}\n",
                              800 + n, firms);
        struct lab *lab = lab_run(yaml);
        if (n == 1) {
            assert_true(share_of(lab, 0, 0).mean == 1.0);
        } else {
            check_shares(lab, 0, none);
        }
        lab_free(lab);
        free(yaml);
        char *longer = law_text("%s, %c: {}", firms, 'a' + n);
        free(firms);
        firms = longer;
    }
    free(firms);
}

/* Own elasticity -b (1 - s) = -2.62 at s = 1/4 (Bijmolt, van Heerde & Pieters 2005, J. Marketing Research 42). */
static void test_a_tenth_off_the_price(void **state)
{
    (void)state;
    static const double utility[4] = {0.3493, 0.0, 0.0, 0.0};
    struct lab *lab = lab_run(QUIET_MARKET "warm_up: 0 weeks\nhorizon: 26 weeks\nseed: 821\nfocal: a\n"
                                           "firms: {a: {price: 0.9}, b: {}, c: {}, d: {}}\n"
                                           "population.price_sensitivity: 3.493\npopulation.attitude_weight: 0\n"
                                           "strategies: {as_is: {}}\n");
    const struct share a = share_of(lab, 0, 0);
    check_shares(lab, 0, utility);
    assert_within_4_se(a.mean, 0.321, a.se);
    lab_free(lab);
}

/* ---- Experience against price ---------------------------------------------------------------------------- */

#define PRICE_WEIGHT 3.0
#define ATTITUDE_WEIGHT 2.0

/* Three firms of unlike products. With experience_pull 1 and no spread, a consumer's attitude to a firm met once is
 * 1 / (1 + e^-s) ever after, s = (CX - level_reference) at level_weight and satisfaction_sd 1; after a warm-up of six
 * years everybody has met everyone. CX is the product's value alone (treatment_share 0). */
static const double quality[3] = {0.3, 0.5, 0.8};

static double attitude(int firm)
{
    return 1.0 / (1.0 + exp(-5.0 * (quality[firm] - 0.5)));
}

/* The price that makes up for the firm's attitude against that of the second firm, at bx / bp money per unit. */
static double swapped_price(int firm)
{
    return 1.0 + ATTITUDE_WEIGHT / PRICE_WEIGHT * (attitude(firm) - attitude(1));
}

static struct lab *run_swap(void)
{
    char *yaml =
        law_text(QUIET_MARKET
                 "warm_up: 6 years\nhorizon: 52 weeks\nseed: 831\nfocal: a\n"
                 "population.price_sensitivity: %g\npopulation.attitude_weight: %g\n"
                 "population.treatment_share: 0\npopulation.gain_weight: 0\n"
                 "market: {experience_pull: 1, experience_slope: 5, level_weight: 1, level_reference: 0.5,\n"
                 "  expectation_weight: 0, satisfaction_sd: 1, hearsay_life: 1000, hearing_up: 0, hearing_down: 0}\n"
                 "firms: {a: {product_quality: %g, product_spread: 0, failure_rate: 0},\n"
                 "  b: {product_quality: %g, product_spread: 0, failure_rate: 0},\n"
                 "  c: {product_quality: %g, product_spread: 0, failure_rate: 0}}\n"
                 "strategies:\n  one_price: {}\n"
                 "  swapped: {firms.a.price: %.17g, firms.c.price: %.17g}\n"
                 "  swapped_and_all_dearer: {firms.a.price: %.17g, firms.b.price: 1.2, firms.c.price: %.17g}\n",
                 PRICE_WEIGHT, ATTITUDE_WEIGHT, quality[0], quality[1], quality[2], swapped_price(0),
                 swapped_price(2), swapped_price(0) + 0.2, swapped_price(2) + 0.2);
    struct lab *lab = lab_run(yaml);
    free(yaml);
    return lab;
}

static void test_experience_swaps_for_price(void **state)
{
    (void)state;
    struct lab *lab = run_swap();
    static const double none[3] = {0.0};
    double utility[3];
    for (int f = 0; f < 3; f++) {
        utility[f] = ATTITUDE_WEIGHT * attitude(f);
    }
    check_shares(lab, 0, utility);
    check_shares(lab, 1, none);
    check_shares(lab, 2, none);
    lab_free(lab);
}

/* ---- Two brands, of which the last one bought is kept ------------------------------------------------------- */

enum { BUYERS = 4000, BURN_IN_WEEKS = 52 };

static const double keeps[2] = {0.8, 0.7};

/* Who bought `a` keeps it at the logit of inertia + appeal, who bought `b` at that of inertia - appeal. */
static char *two_brands(const char *period, const char *horizon, int seed)
{
    const double a = log(keeps[0] / (1.0 - keeps[0])), b = log(keeps[1] / (1.0 - keeps[1]));
    return law_text("goodwill: 1\nperiod: %s\nhorizon: %s\nwarm_up: 0 weeks\nreplications: 1\nseed: %d\nfocal: a\n"
                    "population: {size: %d, purchase_rate: 26, order_value: 1, category_appeal: 30, taste_sd: 0,\n"
                    "  question_rate: 0, attitude_weight: 0, price_sensitivity: 0, stop_base: -40,\n"
                    "  tells_per_experience: 0, inertia: %.17g}\n"
                    "firms: {a: {appeal: %.17g}, b: {}}\nstrategies: {as_is: {}}\n",
                    period, horizon, seed, BUYERS, 0.5 * (a + b), 0.5 * (a - b));
}

struct chain {
    double from[2], kept[2]; /* periods with purchases after one of a brand; of these, of the same brand */
    struct share share;      /* of brand a in periods with purchases, after the start has been forgotten */
};

/* Every buyer is a chain of his own; the share is a ratio of means over buyers (delta method). */
static struct chain follow(const struct law_cohort *cohort)
{
    struct chain chain = {0};
    static double bought[BUYERS], of_a[BUYERS];
    static int last[BUYERS];
    static int64_t latest[BUYERS];
    const double start = BURN_IN_WEEKS / cohort->period_in_weeks;
    double all = 0.0, squares = 0.0;
    for (int i = 0; i < BUYERS; i++) {
        bought[i] = of_a[i] = 0.0;
        last[i] = -1;
        latest[i] = -1;
    }
    for (size_t k = 0; k < cohort->sales; k++) {
        const struct law_sale *s = &cohort->sale[k];
        const int before = last[s->customer];
        if (latest[s->customer] == (int64_t)s->period) {
            continue; /* a failure set apart from what was bought with it: one choice */
        }
        latest[s->customer] = s->period;
        if (before >= 0) {
            chain.from[before] += 1.0;
            chain.kept[before] += s->firm == before;
        }
        last[s->customer] = s->firm;
        bought[s->customer] += s->period >= start;
        of_a[s->customer] += s->period >= start && s->firm == 0;
    }
    for (int i = 0; i < BUYERS; i++) {
        all += bought[i];
        chain.share.mean += of_a[i];
    }
    chain.share.mean /= all;
    for (int i = 0; i < BUYERS; i++) {
        squares += pow(of_a[i] - chain.share.mean * bought[i], 2.0);
    }
    chain.share.se = sqrt(squares) / all;
    return chain;
}

/* Stay probabilities p, q give shares (1 - q) : (1 - p), here .60 and .40, whatever the period. */
static void check_two_brands(const char *period, const char *horizon, int seed)
{
    char *yaml = two_brands(period, horizon, seed);
    struct law_cohort *cohort = law_cohort_run(yaml, 0);
    const struct chain chain = follow(cohort);
    for (int brand = 0; brand < 2; brand++) {
        const double p = keeps[brand], n = chain.from[brand];
        assert_true(n > 30000.0);
        assert_within_4_se(chain.kept[brand] / n, p, sqrt(p * (1.0 - p) / n));
    }
    assert_within_4_se(chain.share.mean, 0.60, chain.share.se);
    assert_true(chain.share.se < 0.005); /* the check can fail */
    law_cohort_free(cohort);
    free(yaml);
}

static void test_two_brands(void **state)
{
    (void)state;
    check_two_brands("day", "2 years", 841);
    check_two_brands("week", "3 years", 842);
    check_two_brands("month", "4 years", 843);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_firms_share_equally),
        cmocka_unit_test(test_a_tenth_off_the_price),
        cmocka_unit_test(test_experience_swaps_for_price),
        cmocka_unit_test(test_two_brands),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
