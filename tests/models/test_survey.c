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
    for (int kind = DETRACTORS; kind <= PROMOTERS; kind++) {
        assert_int_equal(one_rule_tally(bench, "true_answers", kind, 1), 0);
    }
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

/* Consumers whose memory M of firm 1 is standard normal, the same in every run. */
static struct one_rule *open_with_memories(double bias)
{
    struct one_rule *bench = one_rule_open("survey", 2);
    one_rule_set(bench, "survey_rate", 0.2);
    one_rule_set(bench, "survey_trait", 0.0);
    one_rule_set(bench, "survey_bias", bias);
    float *remembered = one_rule_read(bench, "remembered");
    for (int row = 0; row < GW_BLOCK; row++) {
        remembered[GW_BLOCK + row] = gw_normal_quantilef(((float)row + 0.5f) / (float)GW_BLOCK);
    }
    one_rule_start(bench);
    return bench;
}

/* Expected share of a kind among those who answer, by the equations. */
static double expected_share(double bias, double low, double high)
{
    double answers = 0.0, of_kind = 0.0;
    for (int row = 0; row < GW_BLOCK; row++) {
        const double m = (double)gw_normal_quantilef(((float)row + 0.5f) / (float)GW_BLOCK);
        const double distance = fabs(m - 0.5) < 2.0 ? fabs(m - 0.5) : 2.0;
        const double p = 1.0 / (1.0 + exp(-(log(0.2 / 0.8) + bias * (distance - 1.0))));
        answers += p;
        of_kind += p * (above(low, 7.55 + 1.15 * m, 0.9) - above(high, 7.55 + 1.15 * m, 0.9));
    }
    return of_kind / answers;
}

static double promoter_score(const struct answers *a)
{
    return (a->of[PROMOTERS] - a->of[DETRACTORS]) / a->all;
}

/* What everybody would have said. */
static struct answers truth(const struct one_rule *bench)
{
    struct answers all = {0};
    for (int kind = DETRACTORS; kind <= PROMOTERS; kind++) {
        all.of[kind] = (double)one_rule_tally(bench, "true_answers", kind, 1);
        all.all += all.of[kind];
    }
    return all;
}

/* Without bias who answers is a sample of all; with it the score is off, by what the equations say. */
static void test_bias(void **state)
{
    (void)state;
    static const double bias[] = {0.0, 0.5, 1.0};
    double score[3];
    for (int i = 0; i < 3; i++) {
        struct one_rule *bench = open_with_memories(bias[i]);
        const struct answers said = ask(bench, 400), all = truth(bench);
        const double promoters = expected_share(bias[i], 8.5, 1e9), detractors = expected_share(bias[i], -1e9, 6.5);
        assert_true(all.all == 400.0 * GW_BLOCK);
        assert_within_4_se(said.of[PROMOTERS] / said.all, promoters, share_se(promoters, said.all));
        assert_within_4_se(said.of[DETRACTORS] / said.all, detractors, share_se(detractors, said.all));
        const double unbiased = expected_share(0.0, 8.5, 1e9);
        assert_within_4_se(all.of[PROMOTERS] / all.all, unbiased, share_se(unbiased, all.all));
        score[i] = promoter_score(&said) - promoter_score(&all);
        print_message("bias %.1f: answered %.3f, score %.1f, true %.1f points\n", bias[i], said.all / all.all,
                      100.0 * promoter_score(&said), 100.0 * promoter_score(&all));
        one_rule_close(bench);
    }
    assert_true(fabs(score[0]) < fabs(score[1]) && score[1] > score[2]);
}

/* The truth does not hang on who is asked. */
static void test_truth_does_not_see_the_survey(void **state)
{
    (void)state;
    struct one_rule *rare = open_with_memories(0.0), *biased = open_with_memories(2.0);
    one_rule_set(rare, "survey_rate", 0.001);
    ask(rare, 20);
    ask(biased, 20);
    const struct answers a = truth(rare), b = truth(biased);
    for (int kind = DETRACTORS; kind <= PROMOTERS; kind++) {
        assert_true(a.of[kind] > 0.0 && a.of[kind] == b.of[kind]);
    }
    one_rule_close(rare);
    one_rule_close(biased);
}

/* Rates 0 and 1 stay what they are under any bias. */
static void test_bias_leaves_certainty_alone(void **state)
{
    (void)state;
    struct one_rule *bench = open_with_memories(3.0);
    one_rule_set(bench, "survey_rate", 0.0);
    assert_true(ask(bench, 50).all == 0.0);
    one_rule_set(bench, "survey_rate", 1.0);
    assert_true(ask(bench, 50).all == 50.0 * GW_BLOCK);
    one_rule_close(bench);
}

/* Satisfaction score of everybody, without noise, as 1 ... 5. */
static int csat_of(double satisfaction)
{
    struct one_rule *bench = one_rule_open("survey", 2);
    one_rule_set(bench, "survey_rate", 1.0);
    one_rule_set(bench, "csat_base", 3.5);
    one_rule_set(bench, "csat_slope", 1.0);
    one_rule_set(bench, "csat_noise", 0.0);
    float *s = one_rule_read(bench, "satisfaction");
    for (int k = 0; k < GW_BLOCK; k++) {
        s[k] = (float)satisfaction;
    }
    one_rule_start(bench);
    ask(bench, 1);
    int label = 0;
    while (one_rule_tally(bench, "csat", label, 1) != GW_BLOCK) {
        label++;
        assert_true(label < 5);
    }
    one_rule_close(bench);
    return 1 + label;
}

/* Rounded half to even, held in 1 to 5. */
static void test_satisfaction_score(void **state)
{
    (void)state;
    assert_int_equal(csat_of(0.0), 4);
    assert_int_equal(csat_of(-1.0), 2);
    assert_int_equal(csat_of(-0.25), 3);
    assert_int_equal(csat_of(-9.0), 1);
    assert_int_equal(csat_of(9.0), 5);
}

/* Around 3.4 with sd .5 for a neutral encounter; as many scores as answers. */
static void test_satisfaction_score_is_normal(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("survey", 2);
    one_rule_start(bench);
    const double answers = ask(bench, 2000).all, five = above(4.5, 3.4, 0.5), four = above(3.5, 3.4, 0.5) - five;
    double scores = 0.0;
    for (int label = 0; label < 5; label++) {
        scores += (double)one_rule_tally(bench, "csat", label, 1);
    }
    assert_true(scores == answers);
    assert_within_4_se((double)one_rule_tally(bench, "csat", 4, 1) / answers, five, share_se(five, answers));
    assert_within_4_se((double)one_rule_tally(bench, "csat", 3, 1) / answers, four, share_se(four, answers));
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_off_nobody_answers),
        cmocka_unit_test(test_kinds_and_rounding),
        cmocka_unit_test(test_noise_is_normal),
        cmocka_unit_test(test_trait_lasts),
        cmocka_unit_test(test_bias),
        cmocka_unit_test(test_truth_does_not_see_the_survey),
        cmocka_unit_test(test_bias_leaves_certainty_alone),
        cmocka_unit_test(test_satisfaction_score),
        cmocka_unit_test(test_satisfaction_score_is_normal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
