#include "descriptors.h"
#include "one_rule.h"
#include "sample.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("survey");
}

enum { DETRACTORS, PASSIVES, PROMOTERS };

struct answers {
    double of[3], all;
};

static struct answers ask(struct one_rule *bench, int periods)
{
    struct answers answers = {0};
    one_rule_meet(bench, GW_BLOCK, 1);
    for (int t = 0; t < periods; t++) {
        bench->block.period++;
        one_rule_run(bench, GW_TELL);
    }
    for (int kind = DETRACTORS; kind <= PROMOTERS; kind++) {
        answers.of[kind] = (double)one_rule_tally(bench, "answers", kind, 1);
        answers.all += answers.of[kind];
    }
    return answers;
}

static void test_rate(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("survey", 2);
    one_rule_start(bench);
    const double asked = 1000.0 * GW_BLOCK;
    assert_within_4_se(ask(bench, 1000).all / asked, 0.05, share_se(0.05, asked));
    one_rule_close(bench);
}

static void test_off_nobody_answers(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("survey", 2);
    one_rule_set(bench, "survey_rate", 0.0);
    one_rule_start(bench);
    assert_true(ask(bench, 100).all == 0.0);
    one_rule_close(bench);
}

/* Kind of the score that everybody with memory M gives, without trait and noise. */
static int kind_of(double base, double memory)
{
    struct one_rule *bench = one_rule_open("survey", 2);
    one_rule_set(bench, "survey_rate", 1.0);
    one_rule_set(bench, "survey_base", base);
    one_rule_set(bench, "survey_trait", 0.0);
    one_rule_set(bench, "survey_noise", 0.0);
    float *remembered = one_rule_read(bench, "remembered");
    for (int row = 0; row < GW_BLOCK; row++) {
        remembered[GW_BLOCK + row] = (float)memory;
    }
    one_rule_start(bench);
    const struct answers answers = ask(bench, 1);
    int kind = DETRACTORS;
    while (answers.of[kind] < 512.0) {
        kind++;
        assert_true(kind <= PROMOTERS);
    }
    one_rule_close(bench);
    return kind;
}

/* Scores are whole: 6.5 is 6, 7.5 is 8, 8.5 is 8. */
static void test_kinds_and_rounding(void **state)
{
    (void)state;
    assert_int_equal(kind_of(7.55, 0.0), PASSIVES);
    assert_int_equal(kind_of(7.55, 1.0), PROMOTERS);
    assert_int_equal(kind_of(7.55, -1.0), DETRACTORS);
    assert_int_equal(kind_of(7.55, -99.0), DETRACTORS);
    assert_int_equal(kind_of(7.55, 99.0), PROMOTERS);
    assert_int_equal(kind_of(6.5, 0.0), DETRACTORS);
    assert_int_equal(kind_of(6.51, 0.0), PASSIVES);
    assert_int_equal(kind_of(8.5, 0.0), PASSIVES);
    assert_int_equal(kind_of(8.51, 0.0), PROMOTERS);
}

static double above(double x, double mean, double sd)
{
    return 0.5 * erfc((x - mean) / sd / sqrt(2.0));
}

/* Noise alone: independent answers around the base. */
static void test_noise_is_normal(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("survey", 2);
    one_rule_set(bench, "survey_rate", 1.0);
    one_rule_set(bench, "survey_trait", 0.0);
    one_rule_start(bench);
    const struct answers answers = ask(bench, 200);
    const double promoters = above(8.5, 7.55, 0.9), detractors = 1.0 - above(6.5, 7.55, 0.9);
    assert_within_4_se(answers.of[PROMOTERS] / answers.all, promoters, share_se(promoters, answers.all));
    assert_within_4_se(answers.of[DETRACTORS] / answers.all, detractors, share_se(detractors, answers.all));
    one_rule_close(bench);
}

/* Trait alone: normal over consumers, and each gives the same score every time. */
static void test_trait_lasts(void **state)
{
    (void)state;
    struct sample traits = {0};
    struct one_rule *bench = one_rule_open("survey", 2);
    one_rule_set(bench, "survey_rate", 1.0);
    one_rule_set(bench, "survey_noise", 0.0);
    for (uint32_t block = 0; block < 100; block++) {
        bench->block.first = block * GW_BLOCK;
        one_rule_start(bench);
        const float *trait = one_rule_column(bench, "scoring_trait");
        for (int row = 0; row < GW_BLOCK; row++) {
            sample_add(&traits, (double)trait[row]);
        }
    }
    assert_within_4_se(sample_mean(&traits), 0.0, sample_mean_se(&traits));
    assert_within_4_se(sample_variance(&traits), 1.0, sample_variance_se(&traits));
    const struct answers first = ask(bench, 1), ten = ask(bench, 9);
    for (int kind = DETRACTORS; kind <= PROMOTERS; kind++) {
        assert_true(ten.of[kind] == 10.0 * first.of[kind]);
    }
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_off_nobody_answers), cmocka_unit_test(test_kinds_and_rounding),
        cmocka_unit_test(test_noise_is_normal),    cmocka_unit_test(test_trait_lasts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
