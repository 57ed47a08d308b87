/*
 * Days, weeks and months are the same market: rates are per year, and what does not happen per year happens per
 * purchase, per experience or per renewal. Occasions of a consumer in a period are one encounter with one firm, which
 * counts as often as it stands for occasions: so also where categories are bought often. What is left is that they
 * share a choice, an experience and the luck of what follows.
 *
 * Populations are paired: who buys how much, likes what and knows whom comes from the same draws in every period;
 * luck within periods cannot be the same.
 */
#include "closed_forms.h"
#include "cohort.h"
#include "lab.h"

#include "outcome/value.h"

#include <math.h>
#include <stdlib.h>

enum { DAY, WEEK, MONTH, PERIODS, REPLICATIONS = 12, STRATEGIES = 2, YEARS = 2 };

static const char *const names[PERIODS] = {"day", "week", "month"};

static void run_all(const char *market, struct lab *lab[PERIODS])
{
    for (int p = 0; p < PERIODS; p++) {
        char *yaml =
            law_text("period: %s\nreplications: %d\nhorizon: %d years\n%s", names[p], REPLICATIONS, YEARS, market);
        lab[p] = lab_run_with(yaml, (struct lab_options){.threads = 2});
        free(yaml);
    }
}

static void free_all(struct lab *lab[PERIODS])
{
    for (int p = 0; p < PERIODS; p++) {
        lab_free(lab[p]);
    }
}

/* ---- What is compared -------------------------------------------------------------------------------------- */

typedef double measure(const struct lab *lab, int strategy, uint32_t replication, int firm);

static double purchases(const struct lab *lab, int strategy, uint32_t replication, int firm)
{
    return (double)lab_sum(lab, strategy, replication, "purchases", 0, firm);
}

static double active(const struct lab *lab, int strategy, uint32_t replication, int firm)
{
    return (double)lab_cell(lab, strategy, replication, lab->layout.periods - 1, "active", 0, firm);
}

/* Customers of the start who have never left. */
static double survivors(const struct lab *lab, int strategy, uint32_t replication, int firm)
{
    return (double)lab_cell(lab, strategy, replication, lab->layout.periods - 1, "survivors", 0, firm);
}

/* Share of the customers of the start who have never left. */
static double survival(const struct lab *lab, int strategy, uint32_t replication, int firm)
{
    double start = (double)(lab_cell(lab, strategy, replication, 0, "active", 0, firm) -
                            lab_cell(lab, strategy, replication, 0, "joined", 0, firm) -
                            lab_cell(lab, strategy, replication, 0, "won_back", 0, firm));
    for (int cause = 0; cause < GW_CAUSES - 1; cause++) {
        start += (double)lab_cell(lab, strategy, replication, 0, "left", cause, firm);
    }
    return survivors(lab, strategy, replication, firm) / start;
}

static double company_value(const struct lab *lab, int strategy, uint32_t replication, int firm)
{
    (void)firm; /* the focal one */
    return gw_worth_of(&lab->layout, lab->record[replication], strategy, lab->scenario->years).company_value;
}

struct difference {
    double mean, se, level; /* of the differences, and of what is compared */
};

static struct difference paired(const struct lab *a, const struct lab *b, measure *of, int strategy, int firm)
{
    const double n = REPLICATIONS;
    double sum = 0.0, squares = 0.0, level = 0.0;
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        const double x = of(a, strategy, r, firm), d = of(b, strategy, r, firm) - x;
        sum += d;
        squares += d * d;
        level += x;
    }
    return (struct difference){sum / n, sqrt((squares - sum * sum / n) / (n - 1.0) / n), level / n};
}

/* Days against longer periods, up to `longest`. */
static void check_means_to(struct lab *const lab[PERIODS], int longest, measure *of, double resolution)
{
    for (int p = 1; p <= longest; p++) {
        for (int s = 0; s < STRATEGIES; s++) {
            for (int f = 0; f < lab[p]->scenario->firms; f++) {
                const struct difference d = paired(lab[0], lab[p], of, s, f);
                assert_within_4_se(d.mean, 0.0, d.se);
                assert_true(d.se < resolution * d.level); /* the check can fail */
            }
        }
    }
}

static void check_means(struct lab *const lab[PERIODS], measure *of, double resolution)
{
    check_means_to(lab, MONTH, of, resolution);
}

static void check_values(struct lab *const lab[PERIODS])
{
    for (int p = 1; p < PERIODS; p++) {
        for (int s = 0; s < STRATEGIES; s++) {
            const struct difference d = paired(lab[0], lab[p], company_value, s, 0);
            assert_true(d.level > 10000.0);
            assert_close(d.mean, 0.0, 0.0, 0.02 * d.level);
        }
    }
}

/* ---- Markets ------------------------------------------------------------------------------------------------- */

/* Contracts of a year; who leaves, by habit or for the price, may sign again, here or there. */
static void test_contracts(void **state)
{
    (void)state;
    struct lab *lab[PERIODS];
    run_all("goodwill: 1\nsetting: contractual\nwarm_up: 1 year\nseed: 1301\nfocal: us\n"
            "population: {size: 10000, purchase_rate: {vary: {gamma: {shape: 3, mean: 0.5}}},\n"
            "  churn: {vary: {beta: {alpha: 1.5, beta: 4}}}, order_value: {vary: {lognormal: {mean: 50, sd: 20}}},\n"
            "  question_rate: 0}\n"
            "market: {renewal_price: 3, order_shape: 4}\n"
            "firms: {us: {initial_share: 0.5, agents.phone: 0}, rival: {initial_share: 0.4, price: 0.95}}\n"
            "strategies: {as_is: {}, dearer: {firms.us.price: 1.1}}\n",
            lab);
    check_means(lab, purchases, 0.01);
    check_means(lab, active, 0.01);
    check_means(lab, survivors, 0.01);
    check_values(lab);
    free_all(lab);
}

/* Every mechanism of the market at work, in a category bought every other year. */
static void test_market(void **state)
{
    (void)state;
    struct lab *lab[PERIODS];
    run_all("goodwill: 1\nwarm_up: 1 year\nseed: 1302\nfocal: us\n"
            "population: {size: 12000, purchase_rate: {vary: {gamma: {shape: 4, mean: 0.5}}},\n"
            "  order_value: 200, category_appeal: 1, tells_per_experience: 1,\n"
            "  price_sensitivity: {vary: {lognormal: {mean: 3.5, sd: 1}}}}\n"
            "network: {watts_strogatz: {degree: 8, rewire: 0.1}}\n"
            "firms: {us: {initial_share: 0.4, agents.phone: 1, spend.empathy: 100, wage: 60},\n"
            "  rival: {initial_share: 0.4, agents.phone: 1, price: 0.95}}\n"
            "strategies: {as_is: {}, cheaper: {firms.us.price: 0.93}}\n",
            lab);
    check_means(lab, purchases, 0.01);
    check_means(lab, active, 0.01);
    check_means(lab, survivors, 0.01);
    check_values(lab);
    free_all(lab);
}

/* The same in a category that a consumer buys twice a month on average, the keenest tenth four times: in a month
 * three of four consumers have several occasions, in a week one in twelve. Failures and bad luck end a tenth of the
 * relations in a year. */
static void test_frequent_market(void **state)
{
    (void)state;
    struct lab *lab[PERIODS];
    run_all("goodwill: 1\nwarm_up: 1 year\nseed: 1306\nfocal: us\n"
            "population: {size: 3000, purchase_rate: {vary: {gamma: {shape: 4, mean: 24}}},\n"
            "  order_value: 20, category_appeal: 1, tells_per_experience: 0.1,\n"
            "  price_sensitivity: {vary: {lognormal: {mean: 3.5, sd: 1}}}}\n"
            "network: {watts_strogatz: {degree: 8, rewire: 0.1}}\n"
            "firms: {us: {initial_share: 0.4, agents.phone: 1, spend.empathy: 100, wage: 60},\n"
            "  rival: {initial_share: 0.4, agents.phone: 1, price: 0.95}}\n"
            "strategies: {as_is: {}, cheaper: {firms.us.price: 0.93}}\n",
            lab);
    check_means(lab, purchases, 0.02);
    check_means_to(lab, WEEK, active, 0.02); /* who leaves looks for another firm in the next period, not at once */
    check_means(lab, survival, 0.02);
    check_values(lab);
    free_all(lab);
}

/* ---- What goes by experiences -------------------------------------------------------------------------------- */

#define RATE 24.0
#define STOPS 0.05

/* Everybody buys twenty-four times a year from one firm and stops after an experience with probability .05, whatever
 * it was like: the stop is a thinned Poisson process, alive after a year with probability e^(-24 * .05) in any
 * period. */
static void test_experiences(void **state)
{
    (void)state;
    enum { CUSTOMERS = 20000 };
    for (int p = 0; p < PERIODS; p++) {
        char *yaml =
            law_text("goodwill: 1\nperiod: %s\nhorizon: 1 years\nwarm_up: 0 weeks\nreplications: 1\nseed: %d\n"
                     "focal: us\npopulation: {size: %d, purchase_rate: %g, category_appeal: 30, taste_sd: 0,\n"
                     "  question_rate: 0, stop_base: %.17g}\n"
                     "market: {stop_satisfaction: 0, stop_failure: 0, avoidance: 1000}\n"
                     "firms: {us: {initial_share: 1, failure_rate: 0}}\nstrategies: {as_is: {}}\n",
                     names[p], 1303 + p, CUSTOMERS, RATE, log(STOPS / (1.0 - STOPS)));
        struct lab *lab = lab_run(yaml);
        const double want = exp(-RATE * STOPS);
        assert_within_4_se(survivors(lab, 0, 0, 0) / CUSTOMERS, want, sqrt(want * (1.0 - want) / CUSTOMERS));
        /* every purchase is an experience, and leavers are a share of experiences */
        const double met = (double)(lab_total(lab, 0, "experiences", 0, 0) + lab_total(lab, 0, "experiences", 1, 0));
        const double left = (double)lab_total(lab, 0, "left", GW_CAUSE_SERVICE - 1, 0);
        assert_within_4_se(left / met, STOPS, sqrt(STOPS * (1.0 - STOPS) / met));
        assert_close((double)lab_total(lab, 0, "purchases", 0, 0), met, 0.0, 0.0);
        lab_free(lab);
        free(yaml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contracts),
        cmocka_unit_test(test_market),
        cmocka_unit_test(test_frequent_market),
        cmocka_unit_test(test_experiences),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
