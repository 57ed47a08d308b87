#include "descriptors.h"
#include "one_rule.h"
#include "lab.h"

#include <math.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("staff");
}

/* One firm whose load follows the last period at once: `hourly` questions an hour in 45 hours of a week. */
static double share_unanswered(double hourly, double agents, double handling, double patience)
{
    struct one_rule *bench = one_rule_open("staff", 1);
    one_rule_set(bench, "load_memory", 0.0);
    one_rule_set(bench, "agents", agents);
    one_rule_set(bench, "handling_minutes", handling);
    one_rule_set(bench, "patience_minutes", patience);
    one_rule_watch(bench, "questions")[0] = (int64_t)(hourly * 45.0);
    one_rule_run(bench, GW_SERVE);
    const double share = ((const double *)one_rule_column(bench, "unanswered_share"))[0];
    one_rule_close(bench);
    return share;
}

/* E[(X - c)+] / a for X ~ Poisson(a). */
static double poisson_excess(double a, int c)
{
    double p = exp(-a), excess = 0.0;
    for (int k = 1; k < 400; k++) {
        p *= a / k;
        excess += k > c ? (k - c) * p : 0.0;
    }
    return excess / a;
}

/* Patience as long as service: the number in the system is Poisson(a) whatever c is. */
static void test_erlang_a_with_patience_equal_to_service(void **state)
{
    (void)state;
    assert_close(share_unanswered(100.0, 10.0, 6.0, 6.0), 0.1251, 0.0, 5e-5);
    for (int agents = 1; agents <= 20; agents++) {
        assert_close(share_unanswered(100.0, agents, 6.0, 6.0), poisson_excess(10.0, agents), 1e-12, 1e-14);
    }
}

/* Flow: 5000 Erlang on 2500 agents leaves half unanswered, less the O(1/a) of the square-root law. Weights of the
 * chain pass 10^2000 on the way. */
static void test_large_overload(void **state)
{
    (void)state;
    assert_close(share_unanswered(50000.0, 2500.0, 6.0, 8.4), 0.5, 1e-3, 0.0);
}

static void test_limits(void **state)
{
    (void)state;
    assert_true(share_unanswered(100.0, 0.0, 6.0, 8.4) == 1.0);
    assert_true(share_unanswered(0.0, 0.0, 6.0, 8.4) == 0.0);
    assert_true(share_unanswered(100.0, 0.0, 0.0, 8.4) == 0.0);
    assert_close(share_unanswered(100.0, 100.0, 6.0, 8.4), 0.0, 0.0, 1e-15);
    const double ten = share_unanswered(100.0, 10.0, 6.0, 8.4), eleven = share_unanswered(100.0, 11.0, 6.0, 8.4);
    assert_close(share_unanswered(100.0, 10.25, 6.0, 8.4), 0.75 * ten + 0.25 * eleven, 1e-12, 0.0);
    assert_close(share_unanswered(100.0, 0.5, 6.0, 6.0), 0.5 + 0.5 * poisson_excess(10.0, 1), 1e-12, 0.0);
    assert_true(ten > eleven);
}

/* 100 questions a week for ever: after a memory's length the load stands at 1 - 1/e of 5200 a year. */
static void test_load_is_smoothed(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("staff", 2);
    one_rule_watch(bench, "questions")[1] = 100;
    const double *load = one_rule_column(bench, "contact_load");
    for (int week = 0; week < 4; week++) {
        one_rule_run(bench, GW_SERVE);
    }
    assert_close(load[1], 5200.0 * (1.0 - exp(-1.0)), 1e-12, 0.0);
    assert_true(load[0] == 0.0);
    one_rule_close(bench);
}

static void test_wages(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("staff", 2);
    bench->firms.years = 1.0 / 12.0;
    one_rule_set_firm(bench, "agents", 0, 2.5);
    one_rule_set_firm(bench, "agents", 1, 0.0);
    one_rule_run(bench, GW_SERVE);
    assert_int_equal(one_rule_account(bench, GW_STAFF_COST, 0), 6500000000);
    assert_int_equal(one_rule_account(bench, GW_CASH, 0), -6500000000);
    assert_int_equal(one_rule_account(bench, GW_STAFF_COST, 1), 0);
    one_rule_close(bench);
}

/* In a market: the share of questions left unanswered is what the queue says at the mean load, to first order in the
 * load's fluctuations, which are some percent. */
static void test_agents_answer_questions(void **state)
{
    (void)state;
    struct lab *lab = lab_run("goodwill: 1\ntitle: desk\nperiod: week\nhorizon: 3 years\nwarm_up: 1 years\n"
                              "replications: 1\nseed: 11\npopulation: {size: 10240, give_up: 0, stop_base: -40}\n"
                              "network: none\nfocal: us\nfirms:\n  us: {hours_per_week: 20}\n"
                              "  rival: {price: 1}\nstrategies:\n  one: {firms.us.agents: 1}\n"
                              "  two: {firms.us.agents: 2}\n  many: {firms.us.agents: 60}\n");
    for (int agents = 1; agents <= 2; agents++) {
        const double asked = (double)lab_total(lab, agents - 1, "questions", 0, 0);
        const double missed = (double)lab_total(lab, agents - 1, "unanswered", 0, 0);
        assert_true(asked > 10000.0);
        assert_close(missed / asked, share_unanswered(asked / (156.0 * 20.0), agents, 6.0, 8.4), 0.05, 0.0);
    }
    assert_int_equal(lab_total(lab, 2, "unanswered", 0, 0), 0);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_erlang_a_with_patience_equal_to_service),
        cmocka_unit_test(test_large_overload),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_load_is_smoothed),
        cmocka_unit_test(test_wages),
        cmocka_unit_test(test_agents_answer_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
