#include "descriptors.h"
#include "lab.h"
#include "one_rule.h"

#include <math.h>
#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("reaction");
}

enum { US, RIVAL, THIRD, FIRMS };

/* Us at .8 and 90 on empathy; the others at 1 and 1.1, without spend; all open. */
static struct one_rule *open_market(void)
{
    struct one_rule *bench = one_rule_open("reaction", FIRMS);
    double *open = one_rule_read(bench, "open");
    for (int firm = 0; firm < FIRMS; firm++) {
        open[firm] = 1.0;
    }
    return bench;
}

/* A period, which begins with the scenario's numbers. */
static void live(struct one_rule *bench, uint32_t t, double our_price)
{
    static const double price[FIRMS] = {0.0, 1.0, 1.1};
    for (int firm = 0; firm < FIRMS; firm++) {
        one_rule_steered(bench, "price")[firm] = firm == US ? our_price : price[firm];
        one_rule_steered(bench, "spend.empathy")[firm] = firm == US ? 90.0 : 0.0;
    }
    bench->firms.period = t;
    bench->firms.first_period = t == 0;
    one_rule_run(bench, GW_OPEN);
    one_rule_run(bench, GW_ACT);
}

static double price_of(struct one_rule *bench, int firm)
{
    return one_rule_steered(bench, "price")[firm];
}

static void test_the_path(void **state)
{
    (void)state;
    struct one_rule *bench = open_market();
    one_rule_set_firm(bench, "follow_price", RIVAL, 0.5);
    one_rule_set_firm(bench, "follow_experience", RIVAL, 0.25);
    one_rule_set_firm(bench, "follow_weeks", RIVAL, 10.0);
    for (uint32_t t = 0; t < 60; t++) {
        live(bench, t, 0.8);
        const double seen = 1.0 - exp(-(double)t / 10.0);
        assert_close(price_of(bench, RIVAL), 1.0 - 0.5 * 0.2 * seen, 1e-12, 0.0);
        assert_close(one_rule_steered(bench, "spend.empathy")[RIVAL], 0.25 * 90.0 * seen, 1e-10, 0.0);
        assert_true(one_rule_steered(bench, "spend.integrity")[RIVAL] == 0.0);
    }
    one_rule_close(bench);
}

/* The path is the same in months. */
static void test_length_of_a_period(void **state)
{
    (void)state;
    struct one_rule *bench = open_market();
    bench->firms.years = 1.0 / 12.0;
    one_rule_set_firm(bench, "follow_price", RIVAL, 1.0);
    for (uint32_t t = 0; t < 7; t++) {
        live(bench, t, 0.8);
    }
    assert_close(price_of(bench, RIVAL), 0.8 + 0.2 * exp(-26.0 / 13.0), 1e-12, 0.0);
    one_rule_close(bench);
}

/* Who has the lowest price looks at the second lowest, and does not follow it upwards. */
static void test_rises_are_not_followed(void **state)
{
    (void)state;
    struct one_rule *bench = open_market();
    one_rule_set(bench, "follow_price", 1.0);
    one_rule_set(bench, "follow_weeks", 0.1);
    for (uint32_t t = 0; t < 20; t++) {
        live(bench, t, 0.8);
    }
    assert_true(price_of(bench, US) == 0.8);
    assert_close(price_of(bench, RIVAL), 0.8, 1e-12, 0.0);
    for (uint32_t t = 20; t < 40; t++) {
        live(bench, t, 1.3);
    }
    assert_close(price_of(bench, US), 1.0, 1e-12, 0.0);
    assert_close(price_of(bench, RIVAL), 1.0, 1e-12, 0.0);
    assert_close(price_of(bench, THIRD), 1.0, 1e-12, 0.0);
    one_rule_close(bench);
}

/* A rival that is not there is not followed; without any the firm goes back to its own price. */
static void test_closed_rivals(void **state)
{
    (void)state;
    struct one_rule *bench = open_market();
    double *open = one_rule_read(bench, "open");
    one_rule_set(bench, "follow_price", 1.0);
    one_rule_set(bench, "follow_weeks", 0.1);
    for (uint32_t t = 0; t < 20; t++) {
        live(bench, t, 0.8);
    }
    open[US] = 0.0;
    for (uint32_t t = 20; t < 60; t++) {
        live(bench, t, 0.8);
    }
    assert_close(price_of(bench, THIRD), 1.0, 1e-6, 0.0);
    open[RIVAL] = 0.0;
    for (uint32_t t = 60; t < 100; t++) {
        live(bench, t, 0.8);
    }
    assert_close(price_of(bench, THIRD), 1.1, 1e-6, 0.0);
    one_rule_close(bench);
}

static void test_tallies(void **state)
{
    (void)state;
    struct one_rule *bench = open_market();
    one_rule_set_firm(bench, "follow_price", RIVAL, 0.5);
    one_rule_set_firm(bench, "follow_experience", RIVAL, 1.0);
    one_rule_set(bench, "follow_weeks", 0.1);
    live(bench, 0, 0.8);
    live(bench, 1, 0.8);
    assert_close((double)one_rule_tally(bench, "price_followed", 0, RIVAL), 1e5, 10.0, 0.0);
    assert_close((double)one_rule_tally(bench, "spend_followed", 0, RIVAL), 9e7, 5000.0, 0.0);
    assert_int_equal(one_rule_tally(bench, "price_followed", 0, US), 0);
    one_rule_close(bench);
}

/* What all other rules see: a cut that is matched at once sells like the same cut by both. */
#define TOWN                                                                                                         \
    "goodwill: 1\nhorizon: 26\nwarm_up: 0\nreplications: 3\npopulation: {size: 3000, purchase_rate: 26}\n"           \
    "focal: us\nfirms: {us: {price: 0.9, spend.empathy: 60}, rival: {price: 0.9, spend.empathy: 60}}\n"              \
    "strategies:\n"                                                                                                  \
    "  both: {}\n"                                                                                                   \
    "  matched: {firms.rival.price: 1.2, firms.rival.spend.empathy: 0, firms.rival.follow_price: 1, "                \
    "firms.rival.follow_experience: 1, firms.rival.follow_weeks: 0.1}\n"                                             \
    "  unmatched: {firms.rival.price: 1.2, firms.rival.spend.empathy: 0}\n"

static void test_a_matched_cut(void **state)
{
    (void)state;
    struct lab *lab = lab_run(TOWN);
    int differ = 0;
    for (uint32_t t = 0; t < 26; t++) {
        const int64_t both = lab_cell(lab, 0, 0, t, "purchases", 0, US);
        differ += t >= 5 && lab_account(lab, 1, 0, t, GW_EXPERIENCE_SPEND, RIVAL) != 60000000;
        assert_true(both > 0);
    }
    assert_int_equal(differ, 0);
    const double both = (double)lab_total(lab, 0, "purchases", 0, US);
    const double matched = (double)lab_total(lab, 1, "purchases", 0, US);
    const double unmatched = (double)lab_total(lab, 2, "purchases", 0, US);
    assert_true(matched < both + 0.2 * (unmatched - both));
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),        cmocka_unit_test(test_the_path),
        cmocka_unit_test(test_length_of_a_period), cmocka_unit_test(test_rises_are_not_followed),
        cmocka_unit_test(test_closed_rivals),      cmocka_unit_test(test_tallies),
        cmocka_unit_test(test_a_matched_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
