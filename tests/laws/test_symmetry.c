/*
 * Firms have no identity but their numbers. Draws are keyed by a firm's place in the file, so that swapping names is
 * exact, and swapping places holds in distribution: differences over replications have mean 0.
 */
#include "cohort.h"
#include "lab.h"

#include <gsl/gsl_errno.h>

#include <math.h>
#include <stdlib.h>

enum { REPLICATIONS = 24 };

#define MARKET                                                                                                       \
    "goodwill: 1\nperiod: week\nhorizon: 1 year\nwarm_up: 1 year\nreplications: 24\nseed: 1201\n"                    \
    "population: {size: 2500, purchase_rate: {vary: {gamma: {shape: 0.5, mean: 30}}},\n"                             \
    "  price_sensitivity: {vary: {lognormal: {mean: 3.5, sd: 1}}}, tells_per_experience: 0.2}\n"                     \
    "network: {watts_strogatz: {degree: 8, rewire: 0.1}}\nmarket: {order_shape: 6}\n"

#define DEAR "initial_share: 0.3, agents.phone: 1, spend.empathy: 250, survey_rate: 0.2"
#define CHEAP                                                                                                        \
    "initial_share: 0.3, agents.phone: 1, price: 0.93, product_quality: 0.6, failure_rate: 0.1, survey_rate: 0.2"
#define THIRD "initial_share: 0.1, agents.phone: 1, appeal: 0.2"

/* ---- Names ------------------------------------------------------------------------------------------------- */

/* Firms `first` and `second` in this order, the focal one first. */
static struct lab *run_named(const char *first, const char *second)
{
    char *yaml = law_text(MARKET "focal: %s\nfirms: {%s: {" DEAR "}, %s: {" CHEAP "}}\n"
                                 "strategies: {as_is: {}, war: {firms.%s.price: 0.95, firms.%s.price: 0.85}}\n",
                          first, first, second, first, second);
    struct lab *lab = lab_run(yaml);
    free(yaml);
    return lab;
}

static void test_names_mean_nothing(void **state)
{
    (void)state;
    char difference[200];
    struct lab *lab = run_named("left", "right"), *swapped = run_named("right", "left");
    if (!lab_same(lab, swapped, difference)) {
        fail_msg("%s", difference);
    }
    lab_free(swapped);
    lab_free(lab);
}

/* ---- Places ------------------------------------------------------------------------------------------------ */

struct measure {
    const char *tally; /* NULL: cash */
    int label;
};

static const struct measure measures[] = {
    {"purchases", 0},   {"joined", 0},      {"active", 0}, {"left", 0}, {"left", 1},
    {"experiences", 0}, {"experiences", 1}, {"told", 0},   {"told", 1}, {"unanswered", GW_PHONE},
    {"answers", 0},     {NULL, 0}};

static double amount(const struct lab *lab, uint32_t replication, const struct measure *m, int firm)
{
    if (m->tally != NULL) {
        return (double)lab_sum(lab, 0, replication, m->tally, m->label, firm);
    }
    double cash = 0.0;
    for (uint32_t t = 0; t < lab->layout.periods; t++) {
        cash += (double)lab_account(lab, 0, replication, t, GW_CASH, firm) / 1e6;
    }
    return cash;
}

/* Firm f of one market and firm g of another, replication by replication, in everything measured. */
static void check_alike(const struct lab *a, int f, const struct lab *b, int g)
{
    const double n = REPLICATIONS;
    for (size_t k = 0; k < sizeof measures / sizeof *measures; k++) {
        double level = 0.0, sum = 0.0, squares = 0.0;
        for (uint32_t r = 0; r < REPLICATIONS; r++) {
            const double x = amount(a, r, &measures[k], f), d = x - amount(b, r, &measures[k], g);
            level += x / n;
            sum += d;
            squares += d * d;
        }
        const double se = sqrt((squares - sum * sum / n) / (n - 1.0) / n);
        assert_within_4_se(sum / n, 0.0, se);
        assert_true(se > 0.0 && se < 0.1 * fabs(level)); /* the check can fail */
    }
}

static struct lab *run_placed(const char *firms)
{
    char *yaml = law_text(MARKET "focal: a\nfirms: {%s}\nstrategies: {as_is: {}}\n", firms);
    struct lab *lab = lab_run(yaml);
    free(yaml);
    return lab;
}

static void test_twins_fare_alike(void **state)
{
    (void)state;
    struct lab *lab = run_placed("a: {" DEAR "}, b: {" DEAR "}, c: {" THIRD "}");
    check_alike(lab, 0, lab, 1);
    lab_free(lab);
}

/* Not even the stocks of the last firm in the file differ from those of the first. */
static void test_places_swapped_are_results_swapped(void **state)
{
    (void)state;
    struct lab *lab = run_placed("a: {" DEAR "}, b: {" CHEAP "}, c: {" THIRD "}");
    struct lab *swapped = run_placed("c: {" THIRD "}, b: {" CHEAP "}, a: {" DEAR "}");
    for (int f = 0; f < 3; f++) {
        check_alike(lab, f, swapped, 2 - f);
    }
    lab_free(swapped);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_mean_nothing),
        cmocka_unit_test(test_twins_fare_alike),
        cmocka_unit_test(test_places_swapped_are_results_swapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
