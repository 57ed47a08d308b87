#include "one_rule.h"
#include "plain.h"
#include "sample.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("promise");
}

static struct one_rule *open_trusting(double trust, double promise)
{
    struct one_rule *bench = one_rule_open("promise", 2);
    one_rule_set(bench, "trust_start", trust);
    one_rule_set(bench, "promise", promise);
    one_rule_start(bench);
    return bench;
}

static void fill(float *column, double value)
{
    for (int i = 0; i < GW_BLOCK; i++) {
        column[i] = (float)value;
    }
}

static void test_off_is_absent(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml",
                         (const char *const[]){"population.purchase_rate=30", "population.adaptation=0.3",
                                               "market.level_weight=0.5", "firms.us.promise=0.95",
                                               "population.category_appeal=0", NULL});
}

/* What is expected, by hand: E_w = (1 - T) E + T (P - b), for choice and for comparison. */
static void test_expected(void **state)
{
    (void)state;
    struct one_rule *bench = open_trusting(0.3, 0.8);
    float *trust = one_rule_column(bench, "trust"), *gap = one_rule_column(bench, "promise_gap");
    float *expectation = one_rule_read(bench, "expectation");
    fill(expectation + GW_BLOCK, 0.6);
    trust[GW_BLOCK + 2] = 0.5f, gap[GW_BLOCK + 2] = 0.1f, expectation[GW_BLOCK + 2] = 0.4f;
    one_rule_set_firm(bench, "promise", 0, 0.5);
    one_rule_shop(bench, 4, 0);
    one_rule_meet(bench, 4, 1);
    one_rule_run(bench, GW_CHOOSE);
    one_rule_run(bench, GW_COMPARE);
    const float *utility = one_rule_add(bench, "utility"), *shift = one_rule_add(bench, "expectation_shift");
    assert_close(shift[1], 0.7 * 0.6 + 0.3 * 0.8 - 0.6, 0.0, 1e-6);
    assert_close(shift[2], 0.5 * (0.8 - 0.1 - 0.4), 0.0, 1e-6);
    assert_close(utility[1], 1.8 * 0.3 * (0.5 - 0.6), 0.0, 1e-6);
    assert_close(utility[GW_BLOCK + 1], 1.8 * 0.3 * (0.8 - 0.6), 0.0, 1e-6);
    assert_close(utility[GW_BLOCK + 2], 1.8 * 0.5 * 0.3, 0.0, 1e-6);
    one_rule_close(bench);
}

/* Trust and gap after one experience: .2 below the promise; above it; ruinous, where trust ends at 0. */
static void test_one_experience(void **state)
{
    (void)state;
    struct one_rule *bench = open_trusting(0.3, 0.8);
    float *trust = one_rule_column(bench, "trust"), *gap = one_rule_column(bench, "promise_gap");
    float *cx = one_rule_read(bench, "cx");
    cx[0] = 0.6f, cx[1] = 0.95f, cx[2] = 0.2f, cx[3] = 0.79f;
    trust[GW_BLOCK + 1] = 0.1f, gap[GW_BLOCK + 1] = 0.1f;
    one_rule_meet(bench, 4, 1);
    one_rule_run(bench, GW_REMEMBER);
    assert_close(trust[GW_BLOCK], 0.3 * (1.0 - 0.5 * (0.2 - 0.0375)), 0.0, 1e-6);
    assert_close(gap[GW_BLOCK], 0.2 * 0.2, 0.0, 1e-6);
    assert_close(trust[GW_BLOCK + 1], 0.1 + 0.05 * 0.2, 0.0, 1e-6);
    assert_close(gap[GW_BLOCK + 1], 0.1 + 0.2 * (-0.15 - 0.1), 0.0, 1e-6);
    assert_close(trust[GW_BLOCK + 3], 0.3, 0.0, 1e-6);
    assert_true(trust[0] == 0.3f && gap[0] == 0.0f);
    one_rule_set(bench, "trust_loss", 20.0);
    one_rule_set(bench, "trust_recovery", 0.0);
    one_rule_run(bench, GW_REMEMBER);
    assert_true(trust[GW_BLOCK + 2] == 0.0f);
    one_rule_close(bench);
}

/* A relation that takes a slot knows nothing of the one before. */
static void test_enter(void **state)
{
    (void)state;
    struct one_rule *bench = open_trusting(0.3, 0.8);
    float *trust = one_rule_column(bench, "trust"), *gap = one_rule_column(bench, "promise_gap");
    trust[GW_BLOCK + 7] = 0.9f, gap[GW_BLOCK + 7] = 0.2f, gap[7] = 0.1f;
    one_rule_enter(bench, 7, 1, 0);
    assert_true(trust[GW_BLOCK + 7] == 0.3f && gap[GW_BLOCK + 7] == 0.0f && gap[7] == 0.1f);
    one_rule_close(bench);
}

/* An honest firm whose experience varies: without recovery the noise alone uses trust up; with it the mean goes to
 * r T0 / (r + c E[max(0, sd z - tolerance)]), exactly, as experiences do not depend on trust. */
static void live_with_noise(double recovery, int encounters, struct sample *sample)
{
    struct one_rule *bench = open_trusting(0.3, 0.6);
    one_rule_set(bench, "trust_recovery", recovery);
    float *cx = one_rule_read(bench, "cx");
    one_rule_meet(bench, GW_BLOCK, 1);
    for (int t = 0; t < encounters; t++) {
        gw_draw_rows(&bench->block, 77, 0, cx);
        for (int k = 0; k < GW_BLOCK; k++) {
            cx[k] = 0.6f + 0.15f * gw_normal_quantilef(cx[k]);
        }
        one_rule_run(bench, GW_REMEMBER);
        bench->block.period++;
    }
    const float *trust = one_rule_column(bench, "trust");
    for (int k = 0; k < GW_BLOCK; k++) {
        sample_add(sample, (double)trust[GW_BLOCK + k]);
    }
    one_rule_close(bench);
}

static void test_honest_promises_keep_trust(void **state)
{
    (void)state;
    struct sample with = {0}, without = {0};
    const double z = 0.25, density = exp(-0.5 * z * z) / sqrt(2.0 * acos(-1.0)), tail = 0.5 * erfc(z / sqrt(2.0));
    const double loss = 0.5 * 0.15 * (density - z * tail), settled = 0.05 * 0.3 / (0.05 + loss);
    live_with_noise(0.05, 300, &with);
    live_with_noise(0.0, 300, &without);
    assert_within_4_se(sample_mean(&with), settled, sample_mean_se(&with));
    assert_true(sample_mean(&without) < 0.01);
    print_message("trust of an honest firm settles at %.3f (theory %.3f), without recovery %.4f\n",
                  sample_mean(&with), settled, sample_mean(&without));
}

/* Whoever promises h too much is allowed for: b -> h, so that what is expected becomes what is delivered. */
static void test_the_gap_is_learned(void **state)
{
    (void)state;
    static const double promise[] = {0.9, 0.6, 0.4};
    for (int i = 0; i < 3; i++) {
        struct one_rule *bench = open_trusting(0.3, promise[i]);
        fill(one_rule_read(bench, "cx"), 0.6);
        fill((float *)one_rule_read(bench, "expectation") + GW_BLOCK, 0.6);
        one_rule_meet(bench, 10, 1);
        for (int t = 0; t < 80; t++) {
            one_rule_run(bench, GW_REMEMBER);
        }
        one_rule_run(bench, GW_COMPARE);
        assert_close(((float *)one_rule_column(bench, "promise_gap"))[GW_BLOCK], promise[i] - 0.6, 0.0, 1e-6);
        assert_close(one_rule_add(bench, "expectation_shift")[0], 0.0, 0.0, 1e-6);
        one_rule_close(bench);
    }
}

/* ---- Whole markets ------------------------------------------------------------------------------------------ */

/* Mean disconfirmation per experience in a period: every experience is .6, and everybody has one a week. */
static double mean_surprise(const struct lab *lab, int strategy, uint32_t period)
{
    double sum = 0.0, n = 0.0;
    for (int sign = 0; sign < 2; sign++) {
        const double amount = 1e-6 * (double)lab_cell(lab, strategy, 0, period, "disconfirmation", sign, US);
        sum += sign == 0 ? amount : -amount;
        n += (double)lab_cell(lab, strategy, 0, period, "experiences", sign, US);
    }
    return n > 0.0 ? sum / n : 0.0;
}

#define ALIKE                                                                                                        \
    "population.purchase_rate=1000", "population.size=1000", "firms.us.product_quality=0.6", "market.tell_power=1",  \
        "population.tells_per_experience=0.001", "population.adaptation=0.3"

/* A fixed gap h of the promise under constant trust: once expectations are settled, -T h at every encounter. */
static void test_steady_disappointment(void **state)
{
    (void)state;
    static const char *const promise[] = {"firms.us.promise=0.8", "firms.us.promise=0.6", "firms.us.promise=0.5"};
    static const double gap[] = {0.2, 0.0, -0.1};
    for (int i = 0; i < 3; i++) {
        struct lab *lab = run_plain(ALIKE, promise[i], "market.trust_start=0.3", "market.trust_loss=0",
                                    "market.gap_learning=0", "warm_up=60", "horizon=10");
        for (uint32_t t = 0; t < 10; t++) {
            assert_close(mean_surprise(lab, 0, t), -0.3 * gap[i], 0.0, 1e-5);
        }
        lab_free(lab);
    }
}

/* The same with learning: the disappointment is over. */
static void test_disappointment_ends(void **state)
{
    (void)state;
    struct lab *lab = run_plain(ALIKE, "firms.us.promise=0.8", "market.trust_start=0.3", "warm_up=0", "horizon=100");
    assert_close(mean_surprise(lab, 0, 0), -0.3 * 0.2, 0.0, 1e-5);
    assert_close(mean_surprise(lab, 0, 99), 0.0, 0.0, 1e-5);
    lab_free(lab);
}

/* A lasting step of quality from .6 to .7 is felt .1 / adaptation in all, and not at all afterwards. One experience a
 * week: that of a contract of a week. */
static void test_a_step_of_quality(void **state)
{
    (void)state;
    char yaml[5000];
    snprintf(yaml, sizeof yaml,
             "extends: %s/plain.yaml\nsetting: contractual\nhorizon: 80\nwarm_up: 60\n"
             "strategies: {up: {firms.us.treatment_ceiling: 0.7, firms.us.treatment_floor: 0.7, "
             "firms.us.product_quality: 0.7}}\n",
             PLAIN_SCENARIOS);
    struct lab *lab = lab_run_with(
        yaml, (struct lab_options){.overrides = (const char *const[]){
                                       ALIKE, "population.purchase_rate=0", "population.churn=0",
                                       "firms.us.initial_share=1", "market.contract_years=0.01923", NULL}});
    double felt = 0.0;
    for (uint32_t t = 0; t < 80; t++) {
        felt += mean_surprise(lab, 0, t);
    }
    assert_close(felt, 0.1 / 0.3, 1e-4, 0.0);
    assert_close(mean_surprise(lab, 0, 79), 0.0, 0.0, 1e-6);
    lab_free(lab);
}

/* Share of us among the purchases of two years. */
static double share_with(const char *promise, const char *trust)
{
    struct lab *lab = run_duel("population.purchase_rate=12", "population.category_appeal=0",
                               "population.adaptation=0.3", "firms.us.failure_rate=0", "horizon=104", promise, trust);
    const double us = total(lab, "purchases", US), all = us + total(lab, "purchases", RIVAL);
    lab_free(lab);
    return us / all;
}

/* Big promises draw those who believe them, and nobody else. */
static void test_promises_draw(void **state)
{
    (void)state;
    const double big = share_with("firms.us.promise=0.95", "market.trust_start=0.3");
    const double equal = share_with("firms.us.promise=0.65", "market.trust_start=0.3");
    assert_true(big > equal + 0.01);
    assert_close(share_with("firms.us.promise=0.95", "market.trust_start=0"),
                 share_with("firms.us.promise=0.65", "market.trust_start=0"), 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off_is_absent),
        cmocka_unit_test(test_expected),
        cmocka_unit_test(test_one_experience),
        cmocka_unit_test(test_enter),
        cmocka_unit_test(test_honest_promises_keep_trust),
        cmocka_unit_test(test_the_gap_is_learned),
        cmocka_unit_test(test_steady_disappointment),
        cmocka_unit_test(test_disappointment_ends),
        cmocka_unit_test(test_a_step_of_quality),
        cmocka_unit_test(test_promises_draw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
