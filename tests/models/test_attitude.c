#include "descriptors.h"
#include "one_rule.h"
#include "lab.h"

#include <math.h>
#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("attitude");
}

static const double start_value = 0.35;

static double sigmoid(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

/* A life without end in the test's span: nothing fades. */
static struct one_rule *open_without_fading(void)
{
    struct one_rule *bench = one_rule_open("attitude", 2);
    one_rule_set(bench, "hearsay_life", 1000.0);
    one_rule_start(bench);
    return bench;
}

/* The off value: whatever is heard or lived through, A stays where it began and choice does not feel it. */
static void test_off_leaves_attitude_and_choice_alone(void **state)
{
    (void)state;
    static const char *const off[] = {"attitude_weight", "hearing_up", "hearing_down", "experience_pull"};
    struct one_rule *bench = one_rule_open("attitude", 2);
    for (int i = 0; i < 4; i++) {
        one_rule_set(bench, off[i], 0.0);
    }
    one_rule_start(bench);
    one_rule_heard(bench, false)[GW_BLOCK + 7] = 3;
    one_rule_heard(bench, true)[8] = 2;
    ((float *)one_rule_read(bench, "satisfaction"))[0] = 2.0f;
    one_rule_meet(bench, 1, 0);
    one_rule_shop(bench, GW_BLOCK, 0);
    one_rule_run(bench, GW_HEAR);
    one_rule_run(bench, GW_CHOOSE);
    one_rule_run(bench, GW_REMEMBER);
    const float *attitude = one_rule_column(bench, "attitude");
    for (int at = 0; at < 2 * GW_BLOCK; at++) {
        assert_true(attitude[at] == (float)start_value);
        assert_true(one_rule_add(bench, "utility")[at] == 0.0f);
    }
    one_rule_close(bench);
}

/* East, Hammond & Lomax 2008: at .35 a positive message moves +.195, a negative one -.105. */
static void test_headroom(void **state)
{
    (void)state;
    struct one_rule *bench = open_without_fading();
    uint16_t *positive = one_rule_heard(bench, false), *negative = one_rule_heard(bench, true);
    positive[0] = 1;
    negative[1] = 1;
    positive[2] = 2, negative[2] = 1;
    positive[GW_BLOCK + 511] = 60000;
    negative[GW_BLOCK + 510] = 60000;
    one_rule_run(bench, GW_HEAR);
    const float *a = one_rule_column(bench, "attitude");
    assert_close(a[0], 0.35 + 0.195, 0.0, 1e-5);
    assert_close(a[1], 0.35 - 0.105, 0.0, 1e-5);
    assert_close(a[2], 0.35 + (1.0 - 0.49) * 0.65 - 0.3 * 0.35, 0.0, 1e-5);
    assert_close(a[GW_BLOCK + 511], 1.0, 0.0, 1e-5);
    assert_close(a[GW_BLOCK + 510], 0.0, 0.0, 1e-5);
    assert_close(a[3], start_value, 0.0, 1e-6);
    one_rule_close(bench);
}

static void test_customers_hear_less(void **state)
{
    (void)state;
    struct one_rule *bench = open_without_fading();
    uint8_t *relation = one_rule_read(bench, "relation_state");
    relation[0] = relation[1] = GW_CUSTOMER;
    relation[2] = GW_FORMER;
    one_rule_heard(bench, false)[0] = one_rule_heard(bench, true)[1] = one_rule_heard(bench, false)[2] = 1;
    one_rule_run(bench, GW_HEAR);
    const float *a = one_rule_column(bench, "attitude");
    assert_close(a[0], 0.35 + 0.3 * 0.5 * 0.65, 0.0, 1e-5);
    assert_close(a[1], 0.35 - 0.3 * 0.25 * 0.35, 0.0, 1e-5);
    assert_close(a[2], 0.35 + 0.3 * 0.65, 0.0, 1e-5);
    one_rule_close(bench);
}

/* hearing_up = 1 is the edge of the domain: one message convinces entirely, and nothing overflows. */
static void test_a_message_may_convince_entirely(void **state)
{
    (void)state;
    struct one_rule *bench = open_without_fading();
    one_rule_set(bench, "hearing_up", 1.0);
    one_rule_heard(bench, false)[5] = 1;
    one_rule_run(bench, GW_HEAR);
    assert_close(((const float *)one_rule_column(bench, "attitude"))[5], 1.0, 0.0, 1e-6);
    one_rule_close(bench);
}

static void test_attitude_fades_exponentially(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("attitude", 2);
    one_rule_start(bench);
    float *a = one_rule_column(bench, "attitude");
    a[17] = 0.9f;
    for (int period = 0; period < 104; period++) {
        one_rule_run(bench, GW_HEAR);
    }
    assert_close(a[17], start_value + 0.55 * exp(-1.0), 0.0, 1e-5);
    one_rule_close(bench);
}

static void test_utility_and_own_experience(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("attitude", 2);
    one_rule_start(bench);
    float *a = one_rule_column(bench, "attitude"), *s = one_rule_read(bench, "satisfaction");
    a[GW_BLOCK + 3] = 0.8f;
    s[3] = -1.2f;
    one_rule_shop(bench, 10, 0);
    one_rule_meet(bench, 10, 1);
    one_rule_run(bench, GW_CHOOSE);
    one_rule_run(bench, GW_REMEMBER);
    assert_close(one_rule_add(bench, "utility")[GW_BLOCK + 3], 1.5 * 0.3, 1e-6, 0.0);
    assert_close(one_rule_add(bench, "utility")[3], -1.5 * 0.15, 1e-6, 0.0);
    assert_close(a[GW_BLOCK + 3], 0.8 + 0.15 * (sigmoid(0.9 * -1.2) - 0.8), 1e-6, 0.0);
    assert_close(a[GW_BLOCK + 4], 0.35 + 0.15 * (0.5 - 0.35), 1e-6, 0.0);
    assert_true(a[3] == 0.35f);
    one_rule_close(bench);
}

/* A market whose only news is negative: everybody expects the best. Gives purchases in two years. */
static int64_t purchases_among_gossips(const char *hearing)
{
    char text[1024];
    snprintf(
        text, sizeof text,
        "goodwill: 1\ntitle: gossip\nperiod: week\nhorizon: 2 years\nwarm_up: 0 years\nreplications: 2\nseed: 5\n"
        "population: {size: 4096, expectation_start: 1, adaptation: 0, tells_per_experience: 1, stop_base: -40}\n"
        "network: {watts_strogatz: {degree: 10, rewire: 0.05}}\nfocal: us\nfirms:\n  us: {price: 1}\n"
        "  rival: {price: 1}\nmarket: {experience_pull: 0, %s}\nstrategies:\n  base: {}\n",
        hearing);
    struct lab *lab = lab_run(text);
    const int64_t told = lab_total(lab, 0, "told", 1, 0), bought = lab_total(lab, 0, "purchases", 0, 0);
    assert_true(told > 10000 && lab_total(lab, 0, "told", 0, 0) == 0);
    lab_free(lab);
    return bought;
}

/* Bad news costs sales when it is heard, and only then: with hearing off it does not matter how much is told. */
static void test_bad_news_costs_sales(void **state)
{
    (void)state;
    const int64_t heard = purchases_among_gossips("hearing_up: 0.3");
    const int64_t deaf = purchases_among_gossips("hearing_down: 0");
    const int64_t fewer = purchases_among_gossips("hearing_down: 0, negative_ratio: 1.5");
    assert_true((double)heard < 0.97 * (double)deaf);
    assert_true(deaf == fewer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off_leaves_attitude_and_choice_alone),
        cmocka_unit_test(test_headroom),
        cmocka_unit_test(test_customers_hear_less),
        cmocka_unit_test(test_a_message_may_convince_entirely),
        cmocka_unit_test(test_attitude_fades_exponentially),
        cmocka_unit_test(test_utility_and_own_experience),
        cmocka_unit_test(test_bad_news_costs_sales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
