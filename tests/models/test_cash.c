#include "descriptors.h"
#include "lab.h"
#include "one_rule.h"

#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("cash");
}

/* Money in hand after a period with the given flow. */
static double after(struct one_rule *bench, uint32_t period, double flow)
{
    bench->firms.period = period;
    bench->cash_flow[0] = flow;
    one_rule_run(bench, GW_OPEN);
    return ((const double *)one_rule_column(bench, "cash"))[0];
}

static void test_money_in_hand_follows_the_account(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("cash", 1);
    bench->firms.origin = 2;
    one_rule_set(bench, "initial_cash", 100.0);
    one_rule_set(bench, "cash_ceiling", 130.0);
    assert_close(after(bench, 0, 7.0), 0.0, 0.0, 0.0);
    assert_close(after(bench, 2, 7.0), 100.0, 0.0, 0.0);
    assert_close(after(bench, 3, 20.0), 120.0, 0.0, 0.0);
    assert_close(after(bench, 4, 20.0), 130.0, 0.0, 0.0);
    assert_close(after(bench, 5, -50.0), 80.0, 0.0, 0.0);
    assert_close(after(bench, 6, -90.0), -10.0, 0.0, 0.0);
    assert_int_equal(one_rule_tally(bench, "firms_closed", 0, 0), 0);
    one_rule_close(bench);
}

static void test_closes_once_the_money_is_gone(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("cash", 1);
    const double *open = one_rule_column(bench, "open");
    one_rule_set(bench, "initial_cash", 10.0);
    one_rule_set(bench, "can_close", 1.0);
    after(bench, 0, 0.0);
    after(bench, 1, -10.0);
    assert_close(open[0], 1.0, 0.0, 0.0);
    after(bench, 2, -1.0);
    assert_close(open[0], 0.0, 0.0, 0.0);
    after(bench, 3, 100.0);
    assert_close(open[0], 0.0, 0.0, 0.0);
    assert_int_equal(one_rule_tally(bench, "closures", 0, 0), 1);
    assert_int_equal(one_rule_tally(bench, "firms_closed", 0, 0), 2);
    one_rule_close(bench);
}

#define MARKET                                                                                                       \
    "goodwill: 1\nhorizon: 20 weeks\nwarm_up: 4 weeks\nreplications: 2\npopulation: {size: 2000, purchase_rate: "    \
    "40}\n"                                                                                                          \
    "strategies: {s: {}}\nmarket: {avoidance: 0}\n"                                                                  \
    "firms: {us: {initial_share: 0.5}, late: {opens: 0.1, fixed_cost: 1000}, doomed: {initial_share: 0.3, "          \
    "can_close: true, initial_cash: 5000, fixed_cost: 100000}}\n"
enum { US, LATE, DOOMED };

static int64_t cell(const struct lab *lab, uint32_t period, const char *tally, int firm)
{
    return lab_cell(lab, 0, 0, period, tally, 0, firm);
}

static void test_nobody_buys_where_nobody_is(void **state)
{
    (void)state;
    struct lab *lab = lab_run(MARKET);
    for (uint32_t t = 0; t < 20; t++) {
        const bool late = (double)t / 52.0 >= 0.1, doomed = t < 1;
        assert_int_equal(cell(lab, t, "firms_closed", LATE), !late);
        assert_int_equal(cell(lab, t, "firms_closed", DOOMED), !doomed);
        assert_int_equal(cell(lab, t, "purchases", LATE) > 0, late);
        assert_int_equal(cell(lab, t, "purchases", DOOMED) > 0, doomed);
        assert_int_equal(lab_account(lab, 0, 0, t, GW_FIXED_COST, LATE), late ? INT64_C(1000000000) : 0);
        assert_int_equal(lab_account(lab, 0, 0, t, GW_FIXED_COST, DOOMED), doomed ? INT64_C(100000000000) : 0);
    }
    lab_free(lab);
}

static void test_customers_of_a_closed_firm_leave(void **state)
{
    (void)state;
    struct lab *lab = lab_run(MARKET);
    const int64_t customers = cell(lab, 0, "active", DOOMED);
    assert_true(customers > 100);
    assert_int_equal(lab_cell(lab, 0, 0, 1, "left", GW_CAUSE_CLOSURE - 1, DOOMED), customers);
    assert_int_equal(cell(lab, 1, "closures", DOOMED), 1);
    assert_int_equal(cell(lab, 1, "active", DOOMED), 0);
    assert_int_equal(lab_sum(lab, 0, 0, "left", GW_CAUSE_CLOSURE - 1, US), 0);
    lab_free(lab);
}

/* Who was bound to a firm that closes is free in the same period. */
static void test_contracts_lapse(void **state)
{
    (void)state;
    struct lab *lab = lab_run("setting: contractual\n" MARKET);
    assert_true(cell(lab, 0, "purchases", DOOMED) > 0);
    assert_int_equal(cell(lab, 1, "purchases", DOOMED), 0);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_money_in_hand_follows_the_account),
        cmocka_unit_test(test_closes_once_the_money_is_gone),
        cmocka_unit_test(test_nobody_buys_where_nobody_is),
        cmocka_unit_test(test_customers_of_a_closed_firm_leave),
        cmocka_unit_test(test_contracts_lapse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
