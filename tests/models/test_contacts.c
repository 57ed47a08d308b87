#include "one_rule.h"
#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("contacts");
}

static void test_off_is_absent(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml",
                         (const char *const[]){"population.purchase_rate=30", "population.inertia=0.7",
                                               "population.category_appeal=0", "firms.us.initial_share=0.5", NULL});
}

/* Everybody is a customer of firm 1, which sends n messages a month. */
static struct one_rule *open_with(double n)
{
    struct one_rule *bench = one_rule_open("contacts", 2);
    uint8_t *relation = one_rule_read(bench, "relation_state");
    memset(relation + GW_BLOCK, GW_CUSTOMER, GW_BLOCK);
    one_rule_set_firm(bench, "contacts", 1, n);
    one_rule_start(bench);
    return bench;
}

static double fatigue(struct one_rule *bench, int row)
{
    return (double)((const float *)one_rule_column(bench, "fatigue"))[GW_BLOCK + row];
}

/* Utility that messages add, as a part of contact_response, after some weeks. */
static double response_after(double n, int weeks)
{
    struct one_rule *bench = open_with(n);
    for (int t = 0; t < weeks; t++) {
        one_rule_run(bench, GW_HEAR);
    }
    one_rule_shop(bench, 1, 1);
    one_rule_run(bench, GW_ACT);
    one_rule_run(bench, GW_CHOOSE);
    const double added = (double)one_rule_add(bench, "utility")[GW_BLOCK];
    one_rule_close(bench);
    return added / 0.25;
}

/* In a steady state (n / n*)^a e^(a (1 - n / n*)): .69 at 4 and .82 at 10 messages a month for n* = 7, a = 2.79, as
 * Zhang, Kumar & Cosguner 2017 report; largest at 7. */
static void test_steady_response(void **state)
{
    (void)state;
    static const double n[] = {0.5, 2.0, 4.0, 7.0, 10.0, 15.0};
    for (int i = 0; i < 6; i++) {
        const double x = n[i] / 7.0, steady = pow(x, 2.79) * exp(2.79 * (1.0 - x));
        assert_close(response_after(n[i], 60), steady, 2e-6, 0.0);
        print_message("%.1f messages a month: response %.3f\n", n[i], response_after(n[i], 60));
    }
    assert_close(response_after(4.0, 60), 0.69, 0.0, 0.005);
    assert_close(response_after(10.0, 60), 0.82, 0.0, 0.005);
    assert_true(response_after(7.0, 60) > response_after(6.9, 60) &&
                response_after(7.0, 60) > response_after(7.1, 60));
}

/* A change of plan: response follows before fatigue does, so that a burst works better at first than for long. */
static void test_fatigue_comes_later(void **state)
{
    (void)state;
    assert_true(response_after(15.0, 1) > 2.0 * response_after(15.0, 60));
    assert_true(response_after(15.0, 1) > response_after(7.0, 60));
}

/* F after t weeks is n tau (1 - e^(-t / tau)) for customers, and fades by e^(-t / tau) for others. */
static void test_fatigue(void **state)
{
    (void)state;
    struct one_rule *bench = open_with(6.5);
    uint8_t *relation = one_rule_read(bench, "relation_state");
    float *tired = one_rule_column(bench, "fatigue");
    relation[GW_BLOCK + 9] = GW_FORMER;
    tired[GW_BLOCK + 9] = 2.0f;
    for (int t = 0; t < 3; t++) {
        one_rule_run(bench, GW_HEAR);
    }
    assert_close(fatigue(bench, 0), 1.5 * 2.0 * (1.0 - exp(-1.5)), 1e-6, 0.0);
    assert_close(fatigue(bench, 9), 2.0 * exp(-1.5), 1e-6, 0.0);
    assert_true(tired[0] == 0.0f);
    one_rule_close(bench);
}

/* Only customers are written to; only who bought there last had a habit to lose. */
static void test_whose_utility(void **state)
{
    (void)state;
    struct one_rule *bench = open_with(7.0);
    uint8_t *relation = one_rule_read(bench, "relation_state");
    int32_t *last = one_rule_read(bench, "last_slot");
    relation[GW_BLOCK + 1] = GW_AWARE;
    last[2] = 1, last[3] = 0;
    one_rule_set(bench, "contact_response", 0.0);
    one_rule_set_firm(bench, "relevance", 1, 1.2);
    ((float *)(uintptr_t)bench->bound.consumer[2])[4] = 0.5f; /* contact_response of consumer 4 */
    one_rule_shop(bench, 5, 1);
    one_rule_run(bench, GW_ACT);
    one_rule_run(bench, GW_CHOOSE);
    const float *utility = one_rule_add(bench, "utility") + GW_BLOCK;
    const double taken = 0.2 * (1.0 - exp(-7.0 * 12.0 / 52.0)) * 0.7;
    assert_true(utility[0] == 0.0f && utility[1] == 0.0f && utility[3] == 0.0f);
    assert_close(utility[2], -taken, 1e-5, 0.0);
    assert_close(utility[4], 0.5 * 1.2 * exp(2.79), 1e-5, 0.0);
    assert_true(one_rule_add(bench, "utility")[4] == 0.0f);
    one_rule_close(bench);
}

/* Ends with probability 1 - exp(-stop (F / F*)^2), F* = 7 * 12 / 52 * 2. */
static void test_too_much_ends_it(void **state)
{
    (void)state;
    static const double f[] = {0.0, 1.0, 2.0};
    for (int i = 0; i < 3; i++) {
        struct one_rule *bench = open_with(7.0);
        one_rule_set(bench, "fatigue_stop", 0.05);
        float *tired = one_rule_column(bench, "fatigue");
        int ended = 0;
        for (int row = 0; row < GW_BLOCK; row++) {
            tired[GW_BLOCK + row] = (float)(f[i] * 7.0 * 12.0 / 52.0 * 2.0);
        }
        for (uint32_t t = 0; t < 100; t++) {
            bench->block.period = t;
            one_rule_meet(bench, GW_BLOCK, 1);
            one_rule_run(bench, GW_LEAVE);
            for (int k = 0; k < GW_BLOCK; k++) {
                ended += bench->encounters.ended[k] == GW_CAUSE_FATIGUE;
            }
        }
        assert_share(ended, 100.0 * GW_BLOCK, 1.0 - exp(-0.05 * f[i] * f[i]));
        one_rule_close(bench);
    }
}

/* contacts * 12 / 52 messages a week to each customer at .05, whatever has happened. */
static void test_cost(void **state)
{
    (void)state;
    struct one_rule *bench = open_with(5.0);
    one_rule_watch(bench, "active")[1] = 100;
    one_rule_run(bench, GW_ACT);
    assert_int_equal(one_rule_account(bench, GW_RETENTION_SPEND, 1), 100 * 57692);
    assert_int_equal(one_rule_account(bench, GW_CASH, 1), -100 * 57692);
    assert_int_equal(one_rule_account(bench, GW_RETENTION_SPEND, 0), 0);
    one_rule_close(bench);
}

/* What three years bring us when we send so many messages a month to our customers. */
static double cash_with(const char *contacts)
{
    struct lab *lab =
        run_duel("population.purchase_rate=20", "population.category_appeal=-1", "population.inertia=0.7",
                 "population.contact_response=1.5", "firms.us.unit_cost=0.5", "firms.us.initial_share=0.5",
                 "firms.rival.initial_share=0.5", "market.contact_cost=0.02", "horizon=156", contacts);
    double cash = 0.0;
    for (uint32_t t = 0; t < 156; t++) {
        cash += 1e-6 * (double)lab_account(lab, 0, 0, t, GW_CASH, US);
    }
    lab_free(lab);
    return cash;
}

/* Some contact pays, too much does not: the best number lies inside. */
static void test_interior_optimum(void **state)
{
    (void)state;
    static const char *const contacts[] = {"firms.us.contacts=0", "firms.us.contacts=3", "firms.us.contacts=6",
                                           "firms.us.contacts=12", "firms.us.contacts=24"};
    double cash[5];
    int best = 0;
    for (int i = 0; i < 5; i++) {
        cash[i] = cash_with(contacts[i]);
        best = cash[i] > cash[best] ? i : best;
        print_message("%s: %.0f\n", contacts[i], cash[i]);
    }
    assert_true(best > 0 && best < 4);
    assert_true(cash[4] < cash[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),      cmocka_unit_test(test_off_is_absent),
        cmocka_unit_test(test_steady_response),  cmocka_unit_test(test_fatigue_comes_later),
        cmocka_unit_test(test_fatigue),          cmocka_unit_test(test_whose_utility),
        cmocka_unit_test(test_too_much_ends_it), cmocka_unit_test(test_cost),
        cmocka_unit_test(test_interior_optimum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
