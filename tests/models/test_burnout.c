#include "descriptors.h"
#include "lab.h"
#include "one_rule.h"

#include <math.h>
#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("burnout");
}

/* Firm 0: 100 questions a week to 4 + 1 agents, of which 10 go unanswered: v = (90 * .02 + 10 * .3) / 5 = .96. */
static struct one_rule *open_worn(double years)
{
    struct one_rule *bench = one_rule_open("burnout", 2);
    bench->firms.years = years;
    one_rule_set(bench, "exhaustion", 0.25);
    one_rule_set(bench, "agents.phone", 4.0);
    one_rule_set(bench, "agents.chat", 1.0);
    const double weeks = 52.0 * years;
    one_rule_watch(bench, "questions")[GW_PHONE * 2] = (int64_t)(80.0 * weeks);
    one_rule_watch(bench, "questions")[GW_CHAT * 2] = (int64_t)(20.0 * weeks);
    one_rule_watch(bench, "unanswered")[GW_CHAT * 2] = (int64_t)(10.0 * weeks);
    return bench;
}

static double firm_number(struct one_rule *bench, const char *column, int firm)
{
    return ((const double *)one_rule_column(bench, column))[firm];
}

/* i v = .24 and 1 / Tr = 1/3 a week. */
static void test_steady_state(void **state)
{
    (void)state;
    struct one_rule *bench = open_worn(1.0 / 52.0);
    for (int week = 0; week < 200; week++) {
        one_rule_run(bench, GW_ACT);
    }
    const double steady = 0.24 / (0.24 + 1.0 / 3.0);
    assert_close(firm_number(bench, "burnout", 0), steady, 1e-12, 0.0);
    assert_close(firm_number(bench, "staff_quality", 0), 1.0 - 0.3 * steady, 1e-12, 0.0);
    assert_close(firm_number(bench, "staff_speed", 0), 1.0 / (1.0 + 0.2 * steady), 1e-12, 0.0);
    assert_close(firm_number(bench, "staff_present", 0), 1.0 - 0.1 * steady, 1e-12, 0.0);
    assert_true(firm_number(bench, "burnout", 1) == 0.0 && firm_number(bench, "staff_quality", 1) == 1.0);
    one_rule_close(bench);
}

/* Exact over a period of any length: a year of four quarters is a year of 364 days. */
static void test_length_of_period(void **state)
{
    (void)state;
    struct one_rule *days = open_worn(1.0 / 52.0), *quarters = open_worn(0.25);
    for (int week = 0; week < 13; week++) {
        one_rule_run(days, GW_ACT);
    }
    one_rule_run(quarters, GW_ACT);
    const double want = 0.24 / (0.24 + 1.0 / 3.0) * (1.0 - exp(-13.0 * (0.24 + 1.0 / 3.0)));
    assert_close(firm_number(days, "burnout", 0), want, 1e-12, 0.0);
    assert_close(firm_number(quarters, "burnout", 0), want, 1e-12, 0.0);
    assert_int_equal(one_rule_tally(quarters, "burnout", 0, 0), llrint(1e6 * want));
    one_rule_close(days);
    one_rule_close(quarters);
}

/* Of the 90 answered 30 were hostile by nature: v = (30 + 60 * .02 + 10 * .3) / 5 = 6.84. */
static void test_hostile_by_nature(void **state)
{
    (void)state;
    struct one_rule *bench = open_worn(1.0 / 52.0);
    one_rule_watch(bench, "hostile")[GW_PHONE * 2] = 30;
    for (int week = 0; week < 200; week++) {
        one_rule_run(bench, GW_ACT);
    }
    assert_close(firm_number(bench, "burnout", 0), 1.71 / (1.71 + 1.0 / 3.0), 1e-12, 0.0);
    one_rule_close(bench);
}

/* Without contacts staff recover, at 1 / Tr a week; without agents there is nobody to wear out. */
static void test_recovery(void **state)
{
    (void)state;
    struct one_rule *bench = open_worn(1.0 / 52.0);
    double *burnout = one_rule_column(bench, "burnout");
    burnout[0] = burnout[1] = 0.5;
    one_rule_set_firm(bench, "agents.phone", 0, 0.0);
    one_rule_set_firm(bench, "agents.chat", 0, 0.0);
    one_rule_set_firm(bench, "recovery_weeks", 1, 1.5);
    one_rule_run(bench, GW_ACT);
    assert_close(burnout[0], 0.5 * exp(-1.0 / 3.0), 1e-12, 0.0);
    assert_close(burnout[1], 0.5 * exp(-1.0 / 1.5), 1e-12, 0.0);
    one_rule_close(bench);
}

/*
 * The loop of queue and burnout. 3600 contacts a week, of which those treated badly come back (half of 1 - Q, Q = .8
 * (1 - .3 B)) and half of those who hung up; 45 hours, 6 minutes, patience 8.36 minutes. Hostile is a share .02 + .3
 * Pab of the contacts that are answered, per agent who is there.
 */
struct loop {
    struct one_rule *staff, *burnout;
    double agents, level, quality, abandon;
};

static void join(struct loop *loop)
{
    static const char *const shared[] = {"staff_speed", "staff_present"};
    for (int i = 0; i < 2; i++) {
        *(double *)one_rule_read(loop->staff, shared[i]) = firm_number(loop->burnout, shared[i], 0);
    }
}

static void run_week(struct loop *loop)
{
    const double contacts = 3600.0 / (1.0 - 0.5 * (1.0 - loop->quality)) / (1.0 - 0.5 * loop->abandon);
    one_rule_watch(loop->staff, "questions")[GW_PHONE] = llrint(contacts);
    one_rule_run(loop->staff, GW_SERVE);
    const double share = firm_number(loop->staff, "unanswered_share", GW_PHONE);
    loop->abandon += 0.5 * (share - loop->abandon);
    const double answered = contacts * (1.0 - loop->abandon) / firm_number(loop->burnout, "staff_present", 0);
    const double hostile = answered * loop->abandon;
    one_rule_watch(loop->burnout, "questions")[GW_PHONE] = llrint(answered) + llrint(hostile);
    one_rule_watch(loop->burnout, "unanswered")[GW_PHONE] = llrint(hostile);
    one_rule_run(loop->burnout, GW_ACT);
    loop->level = firm_number(loop->burnout, "burnout", 0);
    loop->quality = 0.8 * firm_number(loop->burnout, "staff_quality", 0);
    join(loop);
}

static struct loop settle(double agents)
{
    struct loop loop = {one_rule_open("staff", 1), one_rule_open("burnout", 1), agents, 0.0, 0.8, 0.0};
    one_rule_set(loop.staff, "agents.phone", agents);
    one_rule_set(loop.burnout, "agents.phone", agents);
    one_rule_set(loop.burnout, "exhaustion", 0.01);
    one_rule_set(loop.staff, "load_memory", 0.0);
    one_rule_set(loop.staff, "patience_minutes", 8.36);
    for (int week = 0; week < 300; week++) {
        run_week(&loop);
    }
    one_rule_close(loop.staff);
    one_rule_close(loop.burnout);
    return loop;
}

/* Against the fixed point of an independent calculation; its table has two digits or three. */
static void test_loop_with_the_queue(void **state)
{
    (void)state;
    static const struct {
        double agents, burnout, quality, abandon, digit;
    } want[] = {{10.0, 0.52, 0.675, 0.24, 0.01},
                {11.0, 0.39, 0.707, 0.12, 0.01},
                {12.0, 0.28, 0.733, 0.058, 0.001},
                {14.0, 0.18, 0.758, 0.013, 0.001}};
    for (int i = 0; i < 4; i++) {
        const struct loop loop = settle(want[i].agents);
        assert_close(loop.level, want[i].burnout, 0.0, 0.005);
        assert_close(loop.quality, want[i].quality, 0.0, 0.0005);
        assert_close(loop.abandon, want[i].abandon, 0.0, 0.5 * want[i].digit);
    }
}

static struct lab *market(const char *numbers)
{
    char text[1024];
    snprintf(text, sizeof text,
             "goodwill: 1\nperiod: week\nhorizon: 2 years\nwarm_up: 1 years\nreplications: 2\nseed: 4\n"
             "population: {size: 6000}\nnetwork: none\nmarket: {%s}\nfocal: us\n"
             "firms: {us: {agents.phone: 1}, rival: {agents.phone: 8}}\n"
             "strategies: {few: {}, more: {firms.us.agents.phone: 3}}\n",
             numbers);
    return lab_run(text);
}

/* Hostile customers wear out too few agents: the others are treated worse. More agents help; without exhaustion
 * nothing of it is there, to the bit. */
static void test_market(void **state)
{
    (void)state;
    struct lab *off = market(""), *on = market("exhaustion: 0.05"), *mild = market("exhaustion_quality: 0.9");
    char difference[200];
    assert_true(lab_same(off, mild, difference));
    assert_int_equal(lab_total(off, 0, "burnout", 0, 0), 0);
    assert_true(lab_total(on, 0, "burnout", 0, 0) > 2 * lab_total(on, 1, "burnout", 0, 0));
    assert_true(lab_total(on, 1, "burnout", 0, 0) > 0);
    assert_true(lab_total(on, 0, "experiences", 0, 0) < lab_total(off, 0, "experiences", 0, 0));
    lab_free(off);
    lab_free(on);
    lab_free(mild);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_steady_state),
        cmocka_unit_test(test_length_of_period),
        cmocka_unit_test(test_recovery),
        cmocka_unit_test(test_hostile_by_nature),
        cmocka_unit_test(test_loop_with_the_queue),
        cmocka_unit_test(test_market),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
