#include "descriptors.h"
#include "one_rule.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("expectation");
}

/* Experiences of constant quality with firm 1; gives the sum of CX - E. */
static double live_through(struct one_rule *bench, double quality, int times)
{
    float *e = one_rule_column(bench, "expectation"), *cx = one_rule_read(bench, "cx");
    double sum = 0.0;
    one_rule_meet(bench, 3, 1);
    for (int t = 0; t < times; t++) {
        for (int k = 0; k < 3; k++) {
            cx[k] = (float)quality;
        }
        sum += (double)(cx[0] - e[GW_BLOCK]);
        one_rule_run(bench, GW_REMEMBER);
    }
    return sum;
}

/* A lasting step D of quality is felt D / k in all, then no more: delight ends itself. Rounding stops E where k times
 * the gap is below half a unit in the last place (3e-8), so a gap of 3e-8 / k is felt for ever. */
static void test_a_step_is_felt_for_a_while(void **state)
{
    (void)state;
    static const double adaptation[] = {0.05, 0.3, 0.6, 1.0};
    for (int i = 0; i < 4; i++) {
        const double left = 6e-8 / adaptation[i];
        struct one_rule *bench = one_rule_open("expectation", 2);
        one_rule_set(bench, "adaptation", adaptation[i]);
        one_rule_start(bench);
        assert_close(live_through(bench, 0.7, 400), 0.1 / adaptation[i], 0.0, 400.0 * left);
        assert_close(live_through(bench, 0.7, 1), 0.0, 0.0, left);
        assert_close(live_through(bench, 0.55, 400), -0.15 / adaptation[i], 0.0, 400.0 * left);
        one_rule_close(bench);
    }
}

static void test_off_never_adapts(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("expectation", 2);
    one_rule_set(bench, "adaptation", 0.0);
    one_rule_start(bench);
    assert_close(live_through(bench, 0.9, 100), 100.0 * 0.3, 1e-5, 0.0);
    assert_true(((const float *)one_rule_column(bench, "expectation"))[GW_BLOCK] == 0.6f);
    one_rule_close(bench);
}

static void test_start_and_other_relations(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("expectation", 2);
    one_rule_set(bench, "expectation_start", 0.45);
    one_rule_start(bench);
    live_through(bench, 0.9, 1);
    const float *e = one_rule_column(bench, "expectation");
    assert_true(e[0] == 0.45f && e[GW_BLOCK + 3] == 0.45f && e[2 * GW_BLOCK - 1] == 0.45f);
    assert_close(e[GW_BLOCK + 2], 0.45 + 0.3 * 0.45, 1e-6, 0.0);
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_a_step_is_felt_for_a_while),
        cmocka_unit_test(test_off_never_adapts),
        cmocka_unit_test(test_start_and_other_relations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
