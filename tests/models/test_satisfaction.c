#include "descriptors.h"
#include "one_rule.h"
#include "sample.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("satisfaction");
}

static const double pi = 3.14159265358979323846;

/* Only the difference between experience and expectation counts. */
static struct one_rule *open_with_disconfirmation_alone(double loss_aversion, double tolerance)
{
    struct one_rule *bench = one_rule_open("satisfaction", 1);
    one_rule_set(bench, "level_weight", 0.0);
    one_rule_set(bench, "expectation_weight", 0.0);
    one_rule_set(bench, "gain_weight", 1.0);
    one_rule_set(bench, "loss_aversion", loss_aversion);
    one_rule_set(bench, "tolerance", tolerance);
    one_rule_set(bench, "satisfaction_sd", 1.0);
    return bench;
}

static void test_off_nothing_is_felt(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("satisfaction", 1);
    one_rule_set(bench, "level_weight", 0.0);
    one_rule_set(bench, "expectation_weight", 0.0);
    one_rule_set(bench, "gain_weight", 0.0);
    ((float *)one_rule_read(bench, "disconfirmation"))[0] = -0.5f;
    ((float *)one_rule_read(bench, "cx"))[1] = 0.1f;
    one_rule_meet(bench, 3, 0);
    one_rule_run(bench, GW_FEEL);
    const float *s = one_rule_column(bench, "satisfaction");
    assert_true(s[0] == 0.0f && s[1] == 0.0f && s[2] == 0.0f);
    one_rule_close(bench);
}

static void test_equation(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("satisfaction", 1);
    float *cx = one_rule_read(bench, "cx"), *d = one_rule_read(bench, "disconfirmation");
    cx[0] = 0.8f, d[0] = 0.2f;
    cx[1] = 0.4f, d[1] = -0.2f;
    cx[2] = 0.61f, d[2] = 0.01f;
    one_rule_meet(bench, 3, 0);
    one_rule_run(bench, GW_FEEL);
    const float *s = one_rule_column(bench, "satisfaction");
    const double level = 0.1 * (0.6 - 0.47);
    assert_close(s[0], (0.5 * 0.33 + level + 0.5 * 0.17) / 0.15, 1e-5, 0.0);
    assert_close(s[1], (0.5 * -0.07 + level - 0.5 * 2.0 * 0.17) / 0.15, 1e-5, 0.0);
    assert_close(s[2], (0.5 * 0.14 + level) / 0.15, 1e-5, 0.0);
    one_rule_close(bench);
}

/* Satisfaction with a Gaussian disconfirmation of mean `mean` and standard deviation `sd`. */
static struct sample feel_gaussian(double loss_aversion, double mean, double sd)
{
    struct sample sample = {0};
    struct one_rule *bench = open_with_disconfirmation_alone(loss_aversion, 0.0);
    const struct gw_key key = gw_key_make(7, 0, 0);
    float *d = one_rule_read(bench, "disconfirmation");
    const float *s = one_rule_column(bench, "satisfaction");
    one_rule_meet(bench, GW_BLOCK, 0);
    for (uint32_t t = 0; t < 400; t++) {
        for (uint32_t k = 0; k < GW_BLOCK; k++) {
            d[k] = (float)(mean + sd * (double)gw_normal_quantilef(gw_uniform_single(&key, k, t, 0, 0)));
        }
        one_rule_run(bench, GW_FEEL);
        for (int k = 0; k < GW_BLOCK; k++) {
            sample_add(&sample, (double)s[k]);
        }
    }
    one_rule_close(bench);
    return sample;
}

/* Meeting expectation on average disappoints: the mean is -(lambda - 1) sd / sqrt(2 pi), and 0 without aversion. */
static void test_loss_aversion_makes_spread_costly(void **state)
{
    (void)state;
    const struct sample averse = feel_gaussian(2.0, 0.0, 0.1), even = feel_gaussian(1.0, 0.0, 0.1);
    assert_within_4_se(sample_mean(&averse), -0.1 / sqrt(2.0 * pi), sample_mean_se(&averse));
    assert_within_4_se(sample_mean(&even), 0.0, sample_mean_se(&even));
}

/* With a mean surplus of k sd: k - (lambda - 1) (phi(k) - k (1 - Phi(k))), .302 sd at k = .5. */
static void test_surplus_against_spread(void **state)
{
    (void)state;
    const double k = 0.5, density = exp(-k * k / 2.0) / sqrt(2.0 * pi), above = 0.5 * erfc(k / sqrt(2.0));
    const struct sample s = feel_gaussian(2.0, 0.05, 0.1);
    assert_close(k - (density - k * above), 0.302, 0.0, 5e-4);
    assert_within_4_se(sample_mean(&s) / 0.1, k - (density - k * above), sample_mean_se(&s) / 0.1);
}

static void test_zone_of_tolerance(void **state)
{
    (void)state;
    struct one_rule *bench = open_with_disconfirmation_alone(2.0, 0.05);
    float *d = one_rule_read(bench, "disconfirmation");
    d[0] = 0.049f, d[1] = -0.049f, d[2] = 0.06f, d[3] = -0.06f;
    one_rule_meet(bench, 4, 0);
    one_rule_run(bench, GW_FEEL);
    const float *s = one_rule_column(bench, "satisfaction");
    assert_true(s[0] == 0.0f && s[1] == 0.0f);
    assert_close(s[2], 0.01, 1e-5, 0.0);
    assert_close(s[3], -0.02, 1e-5, 0.0);
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off_nothing_is_felt),
        cmocka_unit_test(test_equation),
        cmocka_unit_test(test_loss_aversion_makes_spread_costly),
        cmocka_unit_test(test_surplus_against_spread),
        cmocka_unit_test(test_zone_of_tolerance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
