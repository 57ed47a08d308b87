#include "descriptors.h"
#include "one_rule.h"
#include <math.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("experience");
}

static double held(double x)
{
    return fmin(fmax(x, 0.01), 0.99);
}

/* The aggregate as it is written down, in double. */
static double combined(double emo, double val, double w, double rho)
{
    const double a = held(emo), b = held(val);
    if (rho <= -50.0) {
        return fmin(a, b);
    }
    if (fabs(rho) < 1e-3) {
        return pow(a, w) * pow(b, 1.0 - w);
    }
    return pow(w * pow(a, rho) + (1.0 - w) * pow(b, rho), 1.0 / rho);
}

/* Pairs that cover the square, some outside (0, 1). */
static void fill(struct one_rule *bench)
{
    float *emo = one_rule_read(bench, "emo"), *val = one_rule_read(bench, "val");
    for (int k = 0; k < GW_BLOCK; k++) {
        emo[k] = (float)(k % 23) / 22.0f;
        val[k] = (float)(k / 23) / 22.0f;
    }
    one_rule_meet(bench, GW_BLOCK, 0);
}

static void check_power(struct one_rule *bench, double rho, double w, double tolerance)
{
    const float *emo = one_rule_read(bench, "emo"), *val = one_rule_read(bench, "val");
    const float *cx = one_rule_column(bench, "cx"), *d = one_rule_column(bench, "disconfirmation");
    one_rule_set(bench, "ces_power", rho);
    one_rule_set(bench, "treatment_share", w);
    one_rule_run(bench, GW_COMPARE);
    for (int k = 0; k < GW_BLOCK; k++) {
        assert_close(cx[k], combined((double)emo[k], (double)val[k], w, rho), tolerance, 0.0);
        assert_true(d[k] == cx[k] - 0.6f);
    }
}

/* Sum, product, weakest and what lies between, on both sides of where the method of evaluation changes. */
static void test_aggregate(void **state)
{
    (void)state;
    static const double rho[] = {1.0, 0.0, 9e-4, -60.0, -49.0, -5.0, -1.0, 0.5, 0.2, -0.06, 0.051, 3.0, 50.0};
    static const double near[] = {0.001, -0.001, 0.01, -0.03, 0.049, -0.049};
    static const double w[] = {0.7, 0.3, 0.0, 1.0};
    struct one_rule *bench = one_rule_open("experience", 1);
    fill(bench);
    for (int j = 0; j < 4; j++) {
        for (size_t i = 0; i < sizeof rho / sizeof *rho; i++) {
            check_power(bench, rho[i], w[j], 2e-5);
        }
        for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
            check_power(bench, near[i], w[j], 2e-5);
        }
    }
    one_rule_close(bench);
}

/* The mean of order rho rises with rho: the weakest counts less and less. */
static void test_weakest_counts_more_as_the_power_falls(void **state)
{
    (void)state;
    static const double rho[] = {-100.0, -20.0, -5.0, -1.0, -0.2, 0.0, 0.3, 1.0, 4.0};
    struct one_rule *bench = one_rule_open("experience", 1);
    ((float *)one_rule_read(bench, "emo"))[0] = 0.9f;
    ((float *)one_rule_read(bench, "val"))[0] = 0.2f;
    one_rule_meet(bench, 1, 0);
    double before = 0.0;
    for (size_t i = 0; i < sizeof rho / sizeof *rho; i++) {
        one_rule_set(bench, "ces_power", rho[i]);
        one_rule_run(bench, GW_COMPARE);
        const double now = (double)((const float *)one_rule_column(bench, "cx"))[0];
        assert_true(now > before && now < 0.9);
        before = now;
    }
    one_rule_close(bench);
}

static void test_disconfirmation_uses_the_relation_met(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("experience", 2);
    ((float *)one_rule_read(bench, "expectation"))[GW_BLOCK + 4] = 0.25f;
    one_rule_meet(bench, 8, 1);
    one_rule_run(bench, GW_COMPARE);
    one_rule_run(bench, GW_TELL);
    const float *d = one_rule_column(bench, "disconfirmation");
    const double neutral = combined(0.6, 0.7, 0.7, 0.0);
    assert_close(d[4], neutral - 0.25, 0.0, 1e-6);
    assert_close(d[5], neutral - 0.6, 0.0, 1e-6);
    ((float *)one_rule_read(bench, "expectation"))[GW_BLOCK + 5] = 0.9f;
    one_rule_run(bench, GW_COMPARE);
    one_rule_run(bench, GW_TELL);
    assert_int_equal(one_rule_tally(bench, "experiences", 0, 1), 8 + 7);
    assert_int_equal(one_rule_tally(bench, "experiences", 1, 1), 1);
    assert_int_equal(one_rule_tally(bench, "experiences", 0, 0), 0);
    assert_close((double)one_rule_tally(bench, "experience_sum", 0, 1), 16.0 * neutral * 1e6, 1e-6, 0.0);
    assert_close((double)one_rule_tally(bench, "experience_squares", 0, 1), 16.0 * neutral * neutral * 1e6, 1e-6,
                 0.0);
    assert_int_equal(one_rule_tally(bench, "experience_sum", 0, 0), 0);
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_aggregate),
        cmocka_unit_test(test_weakest_counts_more_as_the_power_falls),
        cmocka_unit_test(test_disconfirmation_uses_the_relation_met),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
