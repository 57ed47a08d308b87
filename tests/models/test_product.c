#include "descriptors.h"
#include "one_rule.h"
#include "sample.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("product");
}

static double logit(double p)
{
    return log(p / (1.0 - p));
}

static const float *experience(struct one_rule *bench)
{
    one_rule_meet(bench, GW_BLOCK, 1);
    one_rule_run(bench, GW_EXPERIENCE);
    return one_rule_column(bench, "val");
}

static void test_constant_to_the_bit(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("product", 2);
    one_rule_set(bench, "product_spread", 0.0);
    one_rule_set(bench, "price", 1.7);
    const float *val = experience(bench);
    for (int k = 0; k < GW_BLOCK; k++) {
        assert_true(val[k] == 0.7f);
    }
    one_rule_close(bench);
}

static void test_value_falls_with_price(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("product", 2);
    one_rule_set(bench, "product_spread", 0.0);
    one_rule_set(bench, "value_price", 2.0);
    one_rule_set(bench, "reference_price", 1.25);
    one_rule_set_firm(bench, "price", 1, 1.5);
    assert_close(logit((double)experience(bench)[3]), logit(0.7) - 2.0 * 0.2, 1e-5, 0.0);
    one_rule_set_firm(bench, "price", 1, 1.25);
    assert_close(experience(bench)[3], 0.7, 0.0, 1e-6);
    one_rule_close(bench);
}

static void test_logit_normal(void **state)
{
    (void)state;
    struct sample s = {0};
    struct one_rule *bench = one_rule_open("product", 2);
    for (uint32_t t = 0; t < 200; t++) {
        bench->block.period = t;
        const float *val = experience(bench);
        for (int k = 0; k < GW_BLOCK; k++) {
            sample_add(&s, logit((double)val[k]));
        }
    }
    assert_within_4_se(sample_mean(&s), logit(0.7), sample_mean_se(&s));
    assert_within_4_se(sample_variance(&s), 0.4 * 0.4, sample_variance_se(&s));
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_constant_to_the_bit),
        cmocka_unit_test(test_value_falls_with_price),
        cmocka_unit_test(test_logit_normal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
