/* The same seed gives the same bits, whatever computes them. */
#include "lab.h"

#include <stdlib.h>
#include <string.h>

/* A market with every part of the engine at work, not a multiple of a block in size. */
static const char market[] =
    "goodwill: 1\nperiod: week\nhorizon: 60 weeks\nwarm_up: 20 weeks\nreplications: 7\nseed: 4711\n"
    "population:\n  size: 3001\n"
    "  purchase_rate: {vary: {gamma: {shape: 0.45, rate: {uncertain: {lognormal: {mean: 0.01, sd: 0.001}}}}}}\n"
    "  order_value: {vary: {inverse_gamma: {shape: 3.74, scale: 60}}}\n"
    "  dropout: {vary: {beta: {alpha: 0.5, beta: 20}}}\n"
    "  lifetime_rate: {vary: {gamma: {shape: 0.6, rate: 8}}}\n"
    "  price_sensitivity: {vary: {lognormal: {mean: 3.5, sd: 1}}}\n"
    "network: {watts_strogatz: {degree: 10, rewire: 0.05, per_replication: true}}\n"
    "market: {order_shape: 6.25, negative_ratio: {uncertain: {uniform: {low: 1, high: 3}}}}\n"
    "focal: us\nfirms:\n  us: {initial_share: 0.2, spend.empathy: 200}\n  rival: {initial_share: 0.3}\n  third: {}\n"
    "strategies:\n  as_is: {}\n  cheaper: {firms.us.price: {schedule: {at: week 8, to: 0.9}}}\n"
    "  kinder: {firms.us.spend.empathy: 400}\n";

static void fingerprint(struct lab_options options, const char *yaml, char hex[65])
{
    struct lab *lab = lab_run_with(yaml, options);
    lab_fingerprint(lab, hex);
    lab_free(lab);
}

static void test_any_number_of_threads(void **state)
{
    (void)state;
    static const int threads[] = {2, 3, 8};
    char one[65], other[65];
    fingerprint((struct lab_options){.threads = 1}, market, one);
    for (int k = 0; k < 3; k++) {
        fingerprint((struct lab_options){.threads = threads[k]}, market, other);
        assert_string_equal(other, one);
    }
}

static void test_any_instruction_set(void **state)
{
    (void)state;
    char best[65], portable[65];
    fingerprint((struct lab_options){.threads = 2}, market, best);
    fingerprint((struct lab_options){.threads = 2, .portable = true}, market, portable);
    assert_string_equal(portable, best);
}

static void test_another_seed_is_another_result(void **state)
{
    (void)state;
    char one[65], other[65];
    char *yaml = strdup(market), *seed;
    assert_non_null(yaml);
    seed = strstr(yaml, "4711");
    assert_non_null(seed);
    seed[3] = '2';
    fingerprint((struct lab_options){.threads = 2}, market, one);
    fingerprint((struct lab_options){.threads = 2}, yaml, other);
    assert_string_not_equal(other, one);
    free(yaml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_number_of_threads),
        cmocka_unit_test(test_any_instruction_set),
        cmocka_unit_test(test_another_seed_is_another_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
