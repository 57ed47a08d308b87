/*
 * Days, weeks and months are the same market: rates are per year, and what does not happen per year happens per
 * purchase, per encounter or per renewal.
 *
 * What cannot agree, and by how much: all occasions of a consumer in a period are one encounter with one firm. Of
 * Poisson occasions at rate r in periods of length D a share (1 - e^-rD) / rD are encounters of their own, the same
 * for everything that goes by encounters: experiences, talk, deliberate leaving. The last test holds that to theory;
 * the market before it buys so seldom that it does not show.
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
static const uint32_t in_a_year[PERIODS] = {364, 52, 12};

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

static void check_means(struct lab *const lab[PERIODS], measure *of, double resolution)
{
    for (int p = 1; p < PERIODS; p++) {
        for (int s = 0; s < STRATEGIES; s++) {
            for (int f = 0; f < lab[p]->scenario->firms; f++) {
                const struct difference d = paired(lab[0], lab[p], of, s, f);
                assert_within_4_se(d.mean, 0.0, d.se);
                assert_true(d.se < resolution * d.level); /* the check can fail */
            }
        }
    }
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

/* ---- What goes by encounters --------------------------------------------------------------------------------- */

#define RATE 6.0
#define STOPS 0.05

/* Everybody buys six times a year from one firm and stops after an encounter with probability .05, whatever it was
 * like: alive after a period with probability 1 - .05 (1 - e^-rD). */
static void test_encounters(void **state)
{
    (void)state;
    enum { CUSTOMERS = 20000 };
    for (int p = 0; p < PERIODS; p++) {
        const double meets = -expm1(-RATE / in_a_year[p]);
        char *yaml =
            law_text("goodwill: 1\nperiod: %s\nhorizon: 1 years\nwarm_up: 0 weeks\nreplications: 1\nseed: %d\n"
                     "focal: us\npopulation: {size: %d, purchase_rate: %g, category_appeal: 30, taste_sd: 0,\n"
                     "  question_rate: 0, stop_base: %.17g}\n"
                     "market: {stop_satisfaction: 0, stop_failure: 0, avoidance: 1000}\n"
                     "firms: {us: {initial_share: 1, failure_rate: 0}}\nstrategies: {as_is: {}}\n",
                     names[p], 1303 + p, CUSTOMERS, RATE, log(STOPS / (1.0 - STOPS)));
        struct lab *lab = lab_run(yaml);
        const double want = pow(1.0 - STOPS * meets, in_a_year[p]);
        assert_within_4_se(survivors(lab, 0, 0, 0) / CUSTOMERS, want, sqrt(want * (1.0 - want) / CUSTOMERS));
        /* every encounter is an experience, and leavers are a share of encounters */
        const double met = (double)(lab_total(lab, 0, "experiences", 0, 0) + lab_total(lab, 0, "experiences", 1, 0));
        const double left = (double)lab_total(lab, 0, "left", GW_CAUSE_SERVICE - 1, 0);
        assert_within_4_se(left / met, STOPS, sqrt(STOPS * (1.0 - STOPS) / met));
        lab_free(lab);
        free(yaml);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contracts),
        cmocka_unit_test(test_market),
        cmocka_unit_test(test_encounters),
    };
    law_silence_gsl();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
