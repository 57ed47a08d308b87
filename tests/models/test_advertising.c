#include "one_rule.h"
#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("advertising");
}

static void test_off(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml", (const char *const[]){"population.purchase_rate=30", "horizon=10", NULL});
}

/* reach_ceiling x^c / (1 + x^c) per year, and the bill of a week. */
static void test_response_and_bill(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("advertising", 4);
    one_rule_set_firm(bench, "advertising", 1, 100.0);
    one_rule_set_firm(bench, "advertising", 2, 400.0);
    one_rule_set_firm(bench, "advertising", 3, 5e7);
    one_rule_set_firm(bench, "reach_ceiling", 2, 3.0);
    one_rule_set_firm(bench, "reach_curve", 2, 0.5);
    one_rule_set_firm(bench, "reach_half_spend", 3, 0.01);
    one_rule_set_firm(bench, "reach_curve", 3, 10.0);
    one_rule_run(bench, GW_ACT);
    const double *reach = one_rule_column(bench, "reach");
    assert_true(reach[0] == 0.0);
    assert_close(reach[1], 1.25 / 2.0, 1e-14, 0.0);
    assert_close(reach[2], 3.0 * 2.0 / 3.0, 1e-14, 0.0);
    assert_close(reach[3], 1.25, 1e-14, 0.0);
    assert_int_equal(one_rule_account(bench, GW_ADVERTISING, 0), 0);
    assert_int_equal(one_rule_account(bench, GW_ADVERTISING, 1), 100000000);
    assert_int_equal(one_rule_account(bench, GW_CASH, 2), -400000000);
    one_rule_close(bench);
}

static void test_a_closed_firm_neither_pays_nor_reaches(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("advertising", 2);
    one_rule_set(bench, "advertising", 100.0);
    ((double *)one_rule_read(bench, "open"))[1] = 0.0;
    one_rule_run(bench, GW_ACT);
    const double *reach = one_rule_column(bench, "reach");
    assert_true(reach[0] > 0.0 && reach[1] == 0.0);
    assert_int_equal(one_rule_account(bench, GW_ADVERTISING, 1), 0);
    one_rule_close(bench);
}

/* A year's spend does not depend on the period. */
static void test_bill_of_a_year(void **state)
{
    (void)state;
    static const char *const period[] = {"period=day", "period=week", "period=month"};
    for (int k = 0; k < 3; k++) {
        struct lab *lab = run_plain(period[k], "horizon=1 year", "firms.us.advertising=123.25", "population.size=10");
        int64_t spent = 0;
        for (uint32_t t = 0; t < lab->layout.periods; t++) {
            spent += lab_account(lab, 0, 0, t, GW_ADVERTISING, US);
        }
        assert_close((double)spent, 123.25e6 * 52.0, 0.0, (double)lab->layout.periods);
        lab_free(lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),       cmocka_unit_test(test_off),
        cmocka_unit_test(test_response_and_bill), cmocka_unit_test(test_a_closed_firm_neither_pays_nor_reaches),
        cmocka_unit_test(test_bill_of_a_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
