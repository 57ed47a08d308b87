#include "descriptors.h"
#include "one_rule.h"
#include "lab.h"

#include <math.h>
#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("staff");
}

enum { ERLANG_A, ERLANG_C };

/* One firm whose load follows the last period at once: `hourly` questions an hour in 45 hours of a week, by phone. */
struct desk {
    double hourly, agents, handling, patience;
    int queue;
};

struct fate {
    double unanswered, wait; /* share, minutes */
};

static struct one_rule *open_desk(const struct desk *desk)
{
    struct one_rule *bench = one_rule_open("staff", 1);
    one_rule_set(bench, "load_memory", 0.0);
    one_rule_set(bench, "agents.phone", desk->agents);
    one_rule_set(bench, "handling_minutes", desk->handling);
    one_rule_set(bench, "patience_minutes", desk->patience);
    one_rule_set(bench, "queue", desk->queue);
    one_rule_watch(bench, "questions")[GW_PHONE] = (int64_t)(desk->hourly * 45.0);
    return bench;
}

static double firm_number(struct one_rule *bench, const char *column, int position)
{
    return ((const double *)one_rule_column(bench, column))[position];
}

static struct fate serve(struct desk desk)
{
    struct one_rule *bench = open_desk(&desk);
    one_rule_run(bench, GW_SERVE);
    const struct fate fate = {firm_number(bench, "unanswered_share", GW_PHONE),
                              firm_number(bench, "expected_wait", GW_PHONE)};
    one_rule_close(bench);
    return fate;
}

static double share_unanswered(double hourly, double agents, double handling, double patience)
{
    return serve((struct desk){hourly, agents, handling, patience, ERLANG_A}).unanswered;
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

/* E[e^(-s V)] of the wait V that is ahead of who finds j in the queue: stages of rates c mu + i theta, i = 0 ... j.
 */
static double transform(int c, int j, double s)
{
    double product = 1.0;
    for (int i = 0; i <= j; i++) {
        product *= (c + i) / (c + i + s);
    }
    return product;
}

/*
 * The wait of those served, another way: who finds j in the queue waits V and is served if V is below an exponential
 * patience, so E[V; served] = E[V e^(-V)] = minus the derivative of the transform at 1, in units of service =
 * patience. The system is found as Poisson(10) leaves it, by .5421 of arrivals with all agents busy.
 */
static void test_wait_of_those_served(void **state)
{
    (void)state;
    const int c = 10;
    double p = exp(-10.0), busy = 0.0, served = 0.0, wait = 0.0;
    for (int k = 0; k < 200; k++) {
        if (k < c) {
            served += p;
        } else {
            const double h = 1e-4;
            busy += p;
            served += p * transform(c, k - c, 1.0);
            wait -= p * (transform(c, k - c, 1.0 + h) - transform(c, k - c, 1.0 - h)) / (2.0 * h);
        }
        p *= 10.0 / (k + 1);
    }
    assert_close(busy, 0.5421, 0.0, 5e-5);
    assert_close(1.0 - served, 0.1251, 0.0, 5e-5);
    assert_close(serve((struct desk){100.0, 10.0, 6.0, 6.0, ERLANG_A}).wait, 6.0 * wait / served, 1e-7, 0.0);
}

/* Erlang-C: E[W] = C tau / (c - a), the share unanswered C theta / (theta + c mu - lambda). */
static void assert_erlang_c(double load, double agents, double probability)
{
    const double handling = 6.0, patience = 9.0;
    const struct fate fate = serve((struct desk){load * 60.0 / handling, agents, handling, patience, ERLANG_C});
    const double spare = (agents - load) / handling;
    assert_close(fate.wait * spare, probability, 0.0, 5e-5);
    assert_close(fate.unanswered * (1.0 + spare * patience), probability, 0.0, 5e-5);
}

static void test_erlang_c(void **state)
{
    (void)state;
    assert_erlang_c(8.0, 10.0, 0.4092);
    assert_close(serve((struct desk){80.0, 10.0, 6.0, 9.0, ERLANG_C}).wait, 0.2046 * 6.0, 0.0, 5e-5 * 6.0);
    assert_erlang_c(90.0, 100.0, 0.2169);
    assert_erlang_c(0.5, 1.0, 0.5); /* M/M/1 waits with probability rho */
}

/* Without a steady state nobody is answered in time, and nobody waits longer than the hours of a week. */
static void test_erlang_c_overloaded(void **state)
{
    (void)state;
    const struct fate at_limit = serve((struct desk){100.0, 10.0, 6.0, 9.0, ERLANG_C});
    const struct fate alone = serve((struct desk){100.0, 0.0, 6.0, 9.0, ERLANG_C});
    assert_true(at_limit.unanswered == 1.0 && at_limit.wait == 45.0 * 60.0);
    assert_true(alone.unanswered == 1.0 && alone.wait == 45.0 * 60.0);
    const struct fate ten = serve((struct desk){85.0, 10.0, 6.0, 9.0, ERLANG_C});
    const struct fate eleven = serve((struct desk){85.0, 11.0, 6.0, 9.0, ERLANG_C});
    const struct fate between = serve((struct desk){85.0, 10.25, 6.0, 9.0, ERLANG_C});
    assert_close(between.unanswered, 0.75 * ten.unanswered + 0.25 * eleven.unanswered, 1e-12, 0.0);
    assert_close(between.wait, 0.75 * ten.wait + 0.25 * eleven.wait, 1e-12, 0.0);
}

/* How far the wait is from that of an Erlang-C queue, relatively. */
static double impatience_saves(double patience)
{
    const double patient = serve((struct desk){80.0, 10.0, 6.0, patience, ERLANG_A}).wait;
    return 1.0 - patient / serve((struct desk){80.0, 10.0, 6.0, patience, ERLANG_C}).wait;
}

/* Endless patience: nobody hangs up, and the wait becomes Erlang-C's, to first order in 1 / patience. */
static void test_patience_without_end(void **state)
{
    (void)state;
    assert_close(impatience_saves(2.0e3), 2.0 * impatience_saves(4.0e3), 0.02, 0.0);
    assert_close(impatience_saves(4.0e3), 2.0 * impatience_saves(8.0e3), 0.02, 0.0);
    assert_true(share_unanswered(80.0, 10.0, 6.0, 6.0) > 300.0 * share_unanswered(80.0, 10.0, 6.0, 1.0e4));
}

/* The default patience, exponential: 45% are gone after five minutes. */
static void test_patience_is_that_of_the_survey(void **state)
{
    (void)state;
    const double patience = parameter_named(rule_named("staff"), "patience_minutes")->value;
    assert_close(1.0 - exp(-5.0 / patience), 0.45, 0.0, 0.005);
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

/* Each channel is a queue of its own, with its own factors on handling and patience. */
static void test_channels_are_apart(void **state)
{
    (void)state;
    const struct desk desk = {100.0, 10.0, 6.0, 8.4, ERLANG_A};
    struct one_rule *bench = open_desk(&desk);
    one_rule_watch(bench, "questions")[GW_CHAT] = one_rule_watch(bench, "questions")[GW_STORE] = 4500;
    one_rule_set(bench, "agents.chat", 7.0);
    one_rule_set(bench, "handling_factor.chat", 0.5);
    one_rule_set(bench, "patience_factor.chat", 0.25);
    one_rule_run(bench, GW_SERVE);
    const double phone = share_unanswered(100.0, 10.0, 6.0, 8.4), chat = share_unanswered(100.0, 7.0, 3.0, 2.1);
    assert_true(firm_number(bench, "unanswered_share", GW_PHONE) == phone);
    assert_close(firm_number(bench, "unanswered_share", GW_CHAT), chat, 1e-12, 0.0);
    assert_true(firm_number(bench, "unanswered_share", GW_STORE) == 1.0); /* nobody is there */
    assert_true(firm_number(bench, "unanswered_share", GW_WEB) == 0.0);   /* nobody asks */
    assert_close(firm_number(bench, "utilisation", 0), (10.0 + 5.0 + 10.0) / 17.0, 1e-12, 0.0);
    one_rule_close(bench);
}

/* Slow staff are as staff with more to do for a question; absent staff are not there, but paid and counted on. */
static void test_exhausted_staff(void **state)
{
    (void)state;
    const struct desk desk = {100.0, 20.0, 6.0, 8.4, ERLANG_A};
    struct one_rule *bench = open_desk(&desk);
    ((double *)one_rule_read(bench, "staff_speed"))[0] = 0.75;
    ((double *)one_rule_read(bench, "staff_present"))[0] = 0.5;
    one_rule_run(bench, GW_SERVE);
    assert_close(firm_number(bench, "unanswered_share", GW_PHONE), share_unanswered(100.0, 10.0, 8.0, 8.4), 1e-12,
                 0.0);
    assert_close(firm_number(bench, "utilisation", 0), 0.5, 1e-12, 0.0);
    assert_int_equal(one_rule_tally(bench, "utilisation", 0, 0), 500000);
    assert_int_equal(one_rule_account(bench, GW_STAFF_COST, 0), (int64_t)20 * 600 * 1000000);
    one_rule_close(bench);
}

/* 100 questions a week for ever: after a memory's length the load stands at 1 - 1/e of 5200 a year. */
static void test_load_is_smoothed(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("staff", 2);
    one_rule_watch(bench, "questions")[GW_PHONE * 2 + 1] = 100;
    const double *load = one_rule_column(bench, "contact_load");
    for (int week = 0; week < 4; week++) {
        one_rule_run(bench, GW_SERVE);
    }
    assert_close(load[GW_CHANNELS + GW_PHONE], 5200.0 * (1.0 - exp(-1.0)), 1e-12, 0.0);
    assert_true(load[GW_PHONE] == 0.0 && load[GW_CHANNELS + GW_STORE] == 0.0);
    one_rule_close(bench);
}

/* Agents of all channels are paid, but not by a firm that is not open. */
static void test_wages(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("staff", 3);
    bench->firms.years = 1.0 / 12.0;
    one_rule_set_firm(bench, "agents.phone", 0, 1.5);
    one_rule_set_firm(bench, "agents.email", 0, 0.75);
    one_rule_set_firm(bench, "agents.chat", 0, 0.25);
    one_rule_set_firm(bench, "agents.phone", 1, 0.0);
    ((double *)one_rule_read(bench, "open"))[2] = 0.0;
    one_rule_run(bench, GW_SERVE);
    assert_int_equal(one_rule_account(bench, GW_STAFF_COST, 0), 6500000000);
    assert_int_equal(one_rule_account(bench, GW_CASH, 0), -6500000000);
    assert_int_equal(one_rule_account(bench, GW_STAFF_COST, 1), 0);
    assert_int_equal(one_rule_account(bench, GW_STAFF_COST, 2), 0);
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
                              "  rival: {price: 1}\nstrategies:\n  one: {firms.us.agents.phone: 1}\n"
                              "  two: {firms.us.agents.phone: 2}\n  many: {firms.us.agents.phone: 60}\n");
    for (int agents = 1; agents <= 2; agents++) {
        const double asked = (double)lab_total(lab, agents - 1, "questions", GW_PHONE, 0);
        const double missed = (double)lab_total(lab, agents - 1, "unanswered", GW_PHONE, 0);
        assert_true(asked > 10000.0);
        assert_close(missed / asked, share_unanswered(asked / (156.0 * 20.0), agents, 6.0, 8.4), 0.05, 0.0);
    }
    assert_int_equal(lab_total(lab, 2, "unanswered", GW_PHONE, 0), 0);
    assert_int_equal(lab_total(lab, 0, "questions", GW_CHAT, 0), 0);
    lab_free(lab);
}

/* Half of the customers chat. Strategies: enough agents, and a third of them for the chat. */
static struct lab *cut_the_chat(double patience)
{
    char text[1024];
    snprintf(text, sizeof text,
             "goodwill: 1\ntitle: chat\nperiod: week\nhorizon: 2 years\nwarm_up: 1 years\nreplications: 1\nseed: 12\n"
             "population: {size: 10240, give_up: 0, stop_base: -40, channel_share: {phone: 1, chat: 1}}\n"
             "market: {patience_factor.chat: 1, handling_factor.chat: 1}\nnetwork: none\nfocal: us\nfirms:\n"
             "  us: {hours_per_week: 20, patience_minutes: %g, agents: {phone: 3, chat: 3}}\n  rival: {price: 1}\n"
             "strategies:\n  enough: {}\n  cut: {firms.us.agents.chat: 1}\n",
             patience);
    return lab_run(text);
}

static double mean_wait(const struct lab *lab, int strategy, int channel)
{
    return 1e-6 * (double)lab_total(lab, strategy, "waiting", channel, 0) /
           (double)lab_total(lab, strategy, "questions", channel, 0);
}

static double abandoned(const struct lab *lab, int strategy, int channel)
{
    return (double)lab_total(lab, strategy, "unanswered", channel, 0) /
           (double)lab_total(lab, strategy, "questions", channel, 0);
}

/* Fewer agents on one channel: there, and only there, customers wait longer and give up; with endless patience they
 * wait still longer, and none gives up. */
static void test_abandonment_and_wait(void **state)
{
    (void)state;
    struct lab *ordinary = cut_the_chat(8.4), *patient = cut_the_chat(1.0e4);
    assert_true(mean_wait(ordinary, 1, GW_CHAT) > mean_wait(ordinary, 0, GW_CHAT) + 0.5);
    assert_true(abandoned(ordinary, 1, GW_CHAT) > abandoned(ordinary, 0, GW_CHAT) + 0.05);
    assert_close(mean_wait(ordinary, 1, GW_PHONE), mean_wait(ordinary, 0, GW_PHONE), 0.0, 0.02);
    assert_close(abandoned(ordinary, 1, GW_PHONE), abandoned(ordinary, 0, GW_PHONE), 0.0, 0.002);
    assert_true(mean_wait(patient, 1, GW_CHAT) > mean_wait(ordinary, 1, GW_CHAT));
    assert_true(abandoned(patient, 1, GW_CHAT) < 0.01);
    lab_free(ordinary);
    lab_free(patient);
}

/* A sixteenth of the market, with a sixteenth of the agents, has the market's queue. */
static void test_a_sample_waits_as_the_market_does(void **state)
{
    (void)state;
    const struct desk market = {96.0, 10.5, 6.0, 3.0, ERLANG_A};
    struct desk part = market;
    part.hourly /= 16.0;
    part.agents /= 16.0;
    struct one_rule *bench = open_desk(&part);
    bench->firms.scale = 16.0;
    one_rule_run(bench, GW_SERVE);
    const struct fate whole = serve(market), alone = serve(part);
    assert_close(firm_number(bench, "unanswered_share", GW_PHONE), whole.unanswered, 0.0, 0.0);
    assert_close(firm_number(bench, "expected_wait", GW_PHONE), whole.wait, 0.0, 0.0);
    assert_true(alone.unanswered > whole.unanswered + 0.1);
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_erlang_a_with_patience_equal_to_service),
        cmocka_unit_test(test_wait_of_those_served),
        cmocka_unit_test(test_erlang_c),
        cmocka_unit_test(test_erlang_c_overloaded),
        cmocka_unit_test(test_patience_without_end),
        cmocka_unit_test(test_patience_is_that_of_the_survey),
        cmocka_unit_test(test_large_overload),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_channels_are_apart),
        cmocka_unit_test(test_exhausted_staff),
        cmocka_unit_test(test_load_is_smoothed),
        cmocka_unit_test(test_a_sample_waits_as_the_market_does),
        cmocka_unit_test(test_wages),
        cmocka_unit_test(test_agents_answer_questions),
        cmocka_unit_test(test_abandonment_and_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
