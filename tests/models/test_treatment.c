#include "descriptors.h"
#include "one_rule.h"
#include "lab.h"
#include "sample.h"

#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("treatment");
}

static double logit(double p)
{
    return log(p / (1.0 - p));
}

static const float *experience(struct one_rule *bench)
{
    one_rule_run(bench, GW_SERVE);
    one_rule_meet(bench, GW_BLOCK, 1);
    one_rule_run(bench, GW_EXPERIENCE);
    return one_rule_column(bench, "emo");
}

/* Without spread, floor and ceiling alike, every encounter is the same to the bit, whatever is spent. */
static void test_constant_to_the_bit(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("treatment", 2);
    one_rule_set(bench, "treatment_floor", 0.6);
    one_rule_set(bench, "treatment_ceiling", 0.6);
    one_rule_set(bench, "stage_spread", 0.0);
    one_rule_set(bench, "spend.empathy", 900.0);
    const float *emo = experience(bench);
    for (int k = 0; k < GW_BLOCK; k++) {
        assert_true(emo[k] == 0.6f);
    }
    one_rule_close(bench);
}

/* ADBUDG: without spread Emo is q; at half_spend on every pillar halfway between floor and ceiling. */
static void test_response_to_spend(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("treatment", 2);
    one_rule_set(bench, "stage_spread", 0.0);
    assert_close(experience(bench)[0], 0.52, 0.0, 1e-6);
    one_rule_set_firm(bench, "spend.empathy", 1, 500.0);
    const double two = pow(2.0, 1.5);
    assert_close(experience(bench)[0], 0.52 + 0.34 / 6.0 * two / (1.0 + two), 0.0, 1e-6);
    static const char *const pillars[] = {"spend.personalisation", "spend.integrity",   "spend.expectations",
                                          "spend.resolution",      "spend.time_effort", "spend.empathy"};
    for (int p = 0; p < 6; p++) {
        one_rule_set(bench, pillars[p], 250.0);
    }
    assert_close(experience(bench)[0], 0.69, 0.0, 1e-6);
    one_rule_close(bench);
}

/* Without spread the stages are known: q, q, q with the marks of an unanswered question and a failure. */
static void test_stages_peak_and_end(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("treatment", 2);
    one_rule_set(bench, "stage_spread", 0.0);
    uint8_t *unanswered = one_rule_read(bench, "unanswered");
    float *loss = one_rule_read(bench, "failure_loss"), *expectation = one_rule_read(bench, "expectation");
    unanswered[1] = unanswered[3] = 1;
    loss[2] = loss[3] = 0.25f;
    expectation[GW_BLOCK + 3] = 0.1f; /* so low that the good middle stage is the surprise */
    const double q = 0.52, first = 0.6 * q, last = 0.75 * q;
    const double want_peak_end[4] = {q, (first + q) / 2.0, last, (q + last) / 2.0};
    const double want_mean[4] = {q, (first + q + q) / 3.0, (q + q + last) / 3.0, (first + q + last) / 3.0};
    for (double weight = 0.0; weight <= 1.0; weight += 0.25) {
        one_rule_set(bench, "peak_end", weight);
        const float *emo = experience(bench);
        for (int k = 0; k < 4; k++) {
            assert_close(emo[k], weight * want_peak_end[k] + (1.0 - weight) * want_mean[k], 0.0, 1e-6);
        }
    }
    one_rule_close(bench);
}

/* The stage furthest from expectation is the peak, on either side of it. */
static void test_furthest_stage_is_the_peak(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("treatment", 2);
    one_rule_set(bench, "stage_spread", 0.0);
    one_rule_set(bench, "peak_end", 1.0);
    one_rule_set(bench, "treatment_floor", 0.75);
    one_rule_set(bench, "treatment_ceiling", 0.75);
    one_rule_set(bench, "unanswered_penalty", 1.0 / 3.0);
    uint8_t *unanswered = one_rule_read(bench, "unanswered");
    float *expectation = one_rule_read(bench, "expectation");
    unanswered[0] = 1;
    expectation[GW_BLOCK] = 0.51f; /* of .25, .75, .75 */
    assert_close(experience(bench)[0], 0.5 * (0.25 + 0.75), 0.0, 1e-6);
    expectation[GW_BLOCK] = 0.49f;
    assert_close(experience(bench)[0], 0.75, 0.0, 1e-6);
    one_rule_close(bench);
}

/* Exhausted staff and cut corners scale the median, which stays at .01 or above; processes shift its logit. */
static void test_staff_and_processes(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("treatment", 2);
    const double *median = one_rule_column(bench, "treatment_quality");
    double *staff = one_rule_read(bench, "staff_quality"), *practice = one_rule_read(bench, "service_practice");
    double *shift = one_rule_read(bench, "process_shift");
    one_rule_set(bench, "stage_spread", 0.0);
    staff[1] = 0.75;
    practice[1] = 0.8;
    assert_close(experience(bench)[0], 0.52 * 0.6, 0.0, 1e-6);
    shift[1] = -0.5;
    assert_close(experience(bench)[0], 1.0 / (1.0 + exp(0.5 - logit(0.52 * 0.6))), 0.0, 1e-6);
    assert_close(median[1], 1.0 / (1.0 + exp(0.5 - logit(0.52 * 0.6))), 1e-12, 0.0);
    assert_true(median[0] == 0.52);
    staff[1] = 0.0;
    shift[1] = 0.0;
    assert_close(experience(bench)[0], 0.01, 0.0, 1e-7);
    one_rule_close(bench);
}

/* Logit of Emo when all stages are alike; Emo itself otherwise. */
static struct sample draw(double common_share, bool as_logit)
{
    struct sample sample = {0};
    struct one_rule *bench = one_rule_open("treatment", 2);
    one_rule_set(bench, "peak_end", 0.0);
    one_rule_set(bench, "common_share", common_share);
    for (uint32_t t = 0; t < 200; t++) {
        bench->block.period = t;
        const float *emo = experience(bench);
        for (int k = 0; k < GW_BLOCK; k++) {
            sample_add(&sample, as_logit ? logit((double)emo[k]) : (double)emo[k]);
        }
    }
    one_rule_close(bench);
    return sample;
}

static void test_common_luck_is_logit_normal(void **state)
{
    (void)state;
    const struct sample s = draw(1.0, true);
    assert_within_4_se(sample_mean(&s), logit(0.52), sample_mean_se(&s));
    assert_within_4_se(sample_variance(&s), 0.75 * 0.75, sample_variance_se(&s));
}

/* Independent stages: the mean of three has a third of the variance; half common, two thirds (to first order). */
static void test_common_share_adds_up(void **state)
{
    (void)state;
    const struct sample all = draw(1.0, false), none = draw(0.0, false), half = draw(0.5, false);
    const double se_none = hypot(sample_variance_se(&none), sample_variance_se(&all) / 3.0);
    const double se_half = hypot(sample_variance_se(&half), sample_variance_se(&all) * 2.0 / 3.0);
    assert_within_4_se(sample_mean(&half), sample_mean(&all), hypot(sample_mean_se(&half), sample_mean_se(&all)));
    assert_within_4_se(sample_variance(&none), sample_variance(&all) / 3.0, se_none);
    assert_close(sample_variance(&half), sample_variance(&all) * 2.0 / 3.0, 0.02, 4.0 * se_half);
}

/* Relative changes of the focal firm's sums. */
struct effect {
    double good_experiences, purchases, lost_by_service;
};

static double change(const struct lab *lab, const char *tally, int label)
{
    return (double)lab_total(lab, 1, tally, label, 0) / (double)lab_total(lab, 0, tally, label, 0) - 1.0;
}

/* Spend on three pillars against none, on common random numbers. */
static struct effect spend(const char *curve)
{
    char text[1024];
    snprintf(text, sizeof text,
             "goodwill: 1\ntitle: care\nperiod: week\nhorizon: 3 years\nwarm_up: 1 years\nreplications: 2\nseed: 13\n"
             "population: {size: 3072}\nnetwork: none\nfocal: us\nfirms:\n  us: {%s}\n  rival: {price: 1}\n"
             "strategies:\n  none: {}\n  care: {firms.us.spend.empathy: 500, firms.us.spend.integrity: 500, "
             "firms.us.spend.resolution: 500}\n",
             curve);
    struct lab *lab = lab_run(text);
    const struct effect effect = {change(lab, "experiences", 0), change(lab, "purchases", 0),
                                  change(lab, "left", GW_CAUSE_SERVICE - 1)};
    lab_free(lab);
    return effect;
}

/* Better treatment makes more of the experiences positive and loses fewer customers; with a flat response nothing
 * changes but the bill. */
static void test_treatment_holds_customers(void **state)
{
    (void)state;
    const struct effect steep = spend("treatment_floor: 0.5, treatment_ceiling: 0.9");
    const struct effect flat = spend("treatment_floor: 0.7, treatment_ceiling: 0.7");
    assert_true(steep.good_experiences > 0.0 && steep.purchases > 0.0 && steep.lost_by_service < 0.0);
    assert_true(flat.good_experiences == 0.0 && flat.purchases == 0.0 && flat.lost_by_service == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_constant_to_the_bit),
        cmocka_unit_test(test_response_to_spend),
        cmocka_unit_test(test_stages_peak_and_end),
        cmocka_unit_test(test_furthest_stage_is_the_peak),
        cmocka_unit_test(test_staff_and_processes),
        cmocka_unit_test(test_common_luck_is_logit_normal),
        cmocka_unit_test(test_common_share_adds_up),
        cmocka_unit_test(test_treatment_holds_customers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
