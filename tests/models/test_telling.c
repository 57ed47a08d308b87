#include "descriptors.h"
#include "one_rule.h"
#include "lab.h"
#include "sample.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("telling");
}

enum { POSITIVE, NEGATIVE };

/* Consumers 0 ... 255 were pleased, 256 ... 510 disappointed by firm 1, consumer 511 got what was expected. */
static void live_through(struct one_rule *bench, uint32_t periods)
{
    float *d = one_rule_read(bench, "disconfirmation");
    for (int k = 0; k < GW_BLOCK; k++) {
        d[k] = k < 256 ? 0.2f : k < 511 ? -0.01f : 0.0f;
    }
    one_rule_meet(bench, GW_BLOCK, 1);
    for (uint32_t t = 0; t < periods; t++) {
        bench->block.period = t;
        one_rule_run(bench, GW_TELL);
    }
}

struct rates {
    double mean[2], se[2]; /* messages per experience, by sign */
};

/* After 1000 periods. */
static struct rates rates(const struct one_rule *bench)
{
    struct rates rates;
    for (int sign = POSITIVE; sign <= NEGATIVE; sign++) {
        const double lived = sign == POSITIVE ? 256000.0 : 255000.0;
        rates.mean[sign] = (double)one_rule_tally(bench, "told", sign, 1) / lived;
        rates.se[sign] = sqrt(rates.mean[sign] / lived);
    }
    return rates;
}

/* Twice as often means twice as many messages per experience, however small the disappointment. */
static void test_ratio_per_experience(void **state)
{
    (void)state;
    static const double ratio[] = {2.0, 1.0, 0.8, 2.7};
    for (int i = 0; i < 4; i++) {
        struct one_rule *bench = one_rule_open("telling", 2);
        one_rule_set(bench, "negative_ratio", ratio[i]);
        live_through(bench, 1000);
        const struct rates r = rates(bench);
        assert_within_4_se(r.mean[POSITIVE], 0.1, r.se[POSITIVE]);
        assert_within_4_se(r.mean[NEGATIVE], 0.1 * ratio[i], r.se[NEGATIVE]);
        one_rule_close(bench);
    }
}

/* With 1 bad experience in 7 and ratio 2 three messages in four are positive: incidence (1 - q) / (2 q) = 3. */
static void test_incidence(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("telling", 2);
    live_through(bench, 1000);
    const struct rates r = rates(bench);
    const double q = 1.0 / 7.0, incidence = (1.0 - q) * r.mean[POSITIVE] / (q * r.mean[NEGATIVE]);
    const double se = incidence * hypot(r.se[POSITIVE] / r.mean[POSITIVE], r.se[NEGATIVE] / r.mean[NEGATIVE]);
    assert_within_4_se(incidence, 3.0, se);
    one_rule_close(bench);
}

/* What the engine does at a period's end: the sums and counts by sign are seen by the firms' steps of the next. */
static void turn_period(struct one_rule *bench, int64_t seen[2], int positives, int negatives)
{
    int64_t *sum = one_rule_watch(bench, "disconfirmation"), *lived = one_rule_watch(bench, "experiences");
    for (int sign = POSITIVE; sign <= NEGATIVE; sign++) {
        const int64_t so_far = one_rule_tally(bench, "disconfirmation", sign, 1);
        sum[sign * 2 + 1] = so_far - seen[sign];
        lived[sign * 2 + 1] = sign == POSITIVE ? positives : negatives;
        seen[sign] = so_far;
    }
}

/* Quantiles of three laws of D: evenly spread around 0; many small and few large ones on either side; bad ones rare
 * and large. */
static float size_of(int law, double u)
{
    const double spread = 0.3 * (u - 0.4), skewed = u < 0.7 ? 0.25 * pow(u, 3.0) : -0.02 * pow(u, 2.0);
    const double rare = u < 6.0 / 7.0 ? 0.05 * u : -0.6 * u;
    return (float)(law == 0 ? spread : law == 1 ? skewed : rare);
}

/* With the size of an experience counting by a = 1.5, bad ones still make twice as many messages each, whatever the
 * shape of D, and the incidence is (1 - q) / (2 q). At equal |D| the ratio is another. */
static void test_ratio_per_experience_with_sizes(void **state)
{
    (void)state;
    for (int law = 0; law < 3; law++) {
        struct one_rule *bench = one_rule_open("telling", 2);
        one_rule_set(bench, "tell_power", 1.5);
        float *d = one_rule_read(bench, "disconfirmation");
        int positives = 0;
        for (int k = 0; k < GW_BLOCK; k++) {
            d[k] = size_of(law, (k + 0.5) / GW_BLOCK);
            positives += d[k] > 0.0f;
        }
        one_rule_meet(bench, GW_BLOCK, 1);
        int64_t seen[2] = {0}, told_before[2] = {0};
        for (uint32_t t = 0; t < 500; t++) {
            bench->block.period = t;
            one_rule_run(bench, GW_ACT);
            one_rule_run(bench, GW_TELL);
            turn_period(bench, seen, positives, GW_BLOCK - positives);
            for (int sign = 0; t == 0 && sign < 2; sign++) {
                told_before[sign] = one_rule_tally(bench, "told", sign, 1);
            }
        }
        const double good = (double)(one_rule_tally(bench, "told", POSITIVE, 1) - told_before[POSITIVE]);
        const double bad = (double)(one_rule_tally(bench, "told", NEGATIVE, 1) - told_before[NEGATIVE]);
        const double q = 1.0 - (double)positives / GW_BLOCK, ratio = bad / q / (good / (1.0 - q));
        assert_within_4_se(ratio, 2.0, ratio * sqrt(1.0 / good + 1.0 / bad));
        assert_within_4_se(good / bad, (1.0 - q) / (2.0 * q), good / bad * sqrt(1.0 / good + 1.0 / bad));
        const double *balance = one_rule_column(bench, "tell_balance");
        assert_true(fabs(balance[0] - 1.0) > 0.1);
        print_message("law %d: q %.3f, coefficient %.2f, ratio per experience %.3f\n", law, q, 2.0 * balance[0],
                      ratio);
        one_rule_close(bench);
    }
}

/* Mean number of messages after a positive experience: tells_per_experience |D / tell_scale|^a; sums by sign. */
static void test_size_counts(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("telling", 2);
    one_rule_set(bench, "tell_power", 1.5);
    live_through(bench, 1000);
    const struct rates r = rates(bench);
    assert_within_4_se(r.mean[POSITIVE], 0.1 * pow(2.0, 1.5), r.se[POSITIVE]);
    assert_within_4_se(r.mean[NEGATIVE], 0.2 * pow(0.1, 1.5), r.se[NEGATIVE]);
    assert_close(1e-6 * (double)one_rule_tally(bench, "disconfirmation", POSITIVE, 1), 256e3 * pow(0.2, 1.5), 1e-5,
                 0);
    assert_close(1e-6 * (double)one_rule_tally(bench, "disconfirmation", NEGATIVE, 1), 255.0, 1e-5, 0);
    one_rule_close(bench);
}

/* The balance: mean over the positive experiences of all firms over that of the negative; 1 when one is missing. */
static void test_balance(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("telling", 2);
    int64_t *sum = one_rule_watch(bench, "disconfirmation"), *lived = one_rule_watch(bench, "experiences");
    double *balance = one_rule_column(bench, "tell_balance");
    one_rule_set(bench, "tell_power", 1.5);
    sum[0] = 3000000, lived[0] = 10, sum[1] = 1000000, lived[1] = 10;
    one_rule_run(bench, GW_ACT);
    assert_true(balance[0] == 1.0 && balance[1] == 1.0);
    sum[2] = 100000, lived[2] = 4, sum[3] = 500000, lived[3] = 1;
    one_rule_run(bench, GW_ACT);
    assert_close(balance[0], 0.2 / 0.12, 1e-12, 0.0);
    assert_true(balance[0] == balance[1]);
    one_rule_set(bench, "tell_power", 0.0);
    one_rule_run(bench, GW_ACT);
    assert_true(balance[0] == 1.0);
    one_rule_close(bench);
}

/* Other rules multiply: the logarithm ln 2 doubles the talk of consumers 0 ... 99; what is endless is held to 500. */
static void test_others_multiply(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("telling", 2);
    one_rule_set(bench, "tells_per_experience", 3.0);
    for (int k = 0; k < GW_BLOCK; k++) {
        one_rule_term(bench, "tells_log")[k] = k < 100 ? logf(2.0f) : k == 100 ? 60.0f : 0.0f;
    }
    double told[3] = {0};
    for (uint32_t t = 0; t < 200; t++) {
        live_through(bench, 0);
        bench->block.period = t;
        one_rule_run(bench, GW_TELL);
        for (int m = 0; m < bench->tells.n && bench->tells.id[m] < 256; m++) {
            const uint32_t id = bench->tells.id[m];
            told[id < 100 ? 0 : id == 100 ? 1 : 2] += bench->tells.positive[m];
        }
    }
    assert_within_4_se(told[0] / 20000.0, 6.0, sqrt(6.0 / 20000.0));
    assert_within_4_se(told[1] / 200.0, 500.0, sqrt(500.0 / 200.0));
    assert_within_4_se(told[2] / 31000.0, 3.0, sqrt(3.0 / 31000.0));
    one_rule_close(bench);
}

/* What is told on top is bad news, at .1 * 2 messages a piece, and needs no experience. */
static void test_more_is_told(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("telling", 2);
    for (int k = 0; k < GW_BLOCK; k++) {
        one_rule_term(bench, "tells_negative")[k] = k < 256 ? 10.0f : k == 511 ? 6000.0f : 0.0f;
    }
    double positive = 0.0, negative = 0.0, neutral = 0.0;
    for (uint32_t t = 0; t < 200; t++) {
        live_through(bench, 0);
        bench->block.period = t;
        one_rule_run(bench, GW_TELL);
        for (int m = 0; m < bench->tells.n; m++) {
            const uint32_t id = bench->tells.id[m];
            positive += id < 256 ? bench->tells.positive[m] : 0;
            negative += id < 256 ? bench->tells.negative[m] : 0;
            neutral += id == 511 ? bench->tells.negative[m] : 0;
        }
    }
    assert_within_4_se(positive / 51200.0, 0.1, sqrt(0.1 / 51200.0));
    assert_within_4_se(negative / 51200.0, 2.0, sqrt(2.0 / 51200.0));
    assert_within_4_se(neutral / 200.0, 500.0, sqrt(500.0 / 200.0));
    one_rule_close(bench);
}

static void test_off_nobody_tells(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("telling", 2);
    one_rule_set(bench, "tells_per_experience", 0.0);
    live_through(bench, 200);
    assert_int_equal(one_rule_tally(bench, "told", POSITIVE, 1), 0);
    assert_int_equal(one_rule_tally(bench, "told", NEGATIVE, 1), 0);
    assert_int_equal(bench->tells.n, 0);
    one_rule_close(bench);
}

static void test_tells_always(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("telling", 2);
    one_rule_set(bench, "tells_always", 0.3);
    live_through(bench, 1000);
    const struct rates r = rates(bench);
    assert_within_4_se(r.mean[POSITIVE], 0.4, r.se[POSITIVE]);
    assert_within_4_se(r.mean[NEGATIVE], 0.5, r.se[NEGATIVE]);
    one_rule_close(bench);
}

/* Number of messages per teller is Poisson: also with a mean far from 0, where the search is long. */
static void test_numbers_are_poisson(void **state)
{
    (void)state;
    static const double mean[] = {0.1, 2.0, 40.0};
    for (int i = 0; i < 3; i++) {
        struct sample s = {0};
        struct one_rule *bench = one_rule_open("telling", 2);
        one_rule_set(bench, "tells_per_experience", mean[i]);
        for (uint32_t t = 0; t < 200; t++) {
            int32_t told[256] = {0};
            live_through(bench, 0);
            bench->block.period = t;
            one_rule_run(bench, GW_TELL);
            for (int m = 0; m < bench->tells.n && bench->tells.id[m] < 256; m++) {
                told[bench->tells.id[m]] = bench->tells.positive[m];
            }
            for (int k = 0; k < 256; k++) {
                sample_add(&s, told[k]);
            }
        }
        assert_within_4_se(sample_mean(&s), mean[i], sample_mean_se(&s));
        assert_within_4_se(sample_variance(&s), mean[i], sample_variance_se(&s));
        one_rule_close(bench);
    }
}

/* The list for delivery and the books tell the same story; nothing is told about what was expected. */
static void test_list_agrees_with_books(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("telling", 2);
    int64_t told[2] = {0};
    for (uint32_t t = 0; t < 300; t++) {
        live_through(bench, 0);
        bench->block.period = t;
        one_rule_run(bench, GW_TELL);
        for (int m = 0; m < bench->tells.n; m++) {
            const bool pleased = bench->tells.id[m] < 256;
            assert_int_equal(bench->tells.firm[m], 1);
            assert_true(bench->tells.id[m] < 511);
            assert_true((pleased ? bench->tells.positive : bench->tells.negative)[m] > 0);
            assert_int_equal((pleased ? bench->tells.negative : bench->tells.positive)[m], 0);
            told[POSITIVE] += bench->tells.positive[m];
            told[NEGATIVE] += bench->tells.negative[m];
        }
    }
    assert_int_equal(told[POSITIVE], one_rule_tally(bench, "told", POSITIVE, 1));
    assert_int_equal(told[NEGATIVE], one_rule_tally(bench, "told", NEGATIVE, 1));
    one_rule_close(bench);
}

static void test_heard_is_summed(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("telling", 2);
    uint16_t *positive = one_rule_heard(bench, false), *negative = one_rule_heard(bench, true);
    positive[0] = 65535, positive[511] = 65535, positive[GW_BLOCK] = 3;
    negative[2 * GW_BLOCK - 1] = 7;
    one_rule_run(bench, GW_HEAR);
    assert_int_equal(one_rule_tally(bench, "heard", POSITIVE, 0), 131070);
    assert_int_equal(one_rule_tally(bench, "heard", POSITIVE, 1), 3);
    assert_int_equal(one_rule_tally(bench, "heard", NEGATIVE, 0), 0);
    assert_int_equal(one_rule_tally(bench, "heard", NEGATIVE, 1), 7);
    one_rule_close(bench);
}

/* Where everybody has neighbours nothing is lost: what is told in a period is heard in the next. */
static void test_what_is_told_is_heard(void **state)
{
    (void)state;
    struct lab *lab = lab_run("goodwill: 1\ntitle: news\nperiod: week\nhorizon: 1 years\nwarm_up: 0 years\n"
                              "replications: 1\nseed: 8\npopulation: {size: 3000}\n"
                              "network: {watts_strogatz: {degree: 4, rewire: 0.1}}\nfocal: us\nfirms:\n"
                              "  us: {price: 1}\n  rival: {price: 1}\nstrategies:\n  base: {}\n");
    for (int sign = POSITIVE; sign <= NEGATIVE; sign++) {
        for (int firm = 0; firm < 2; firm++) {
            assert_true(lab_total(lab, 0, "told", sign, firm) > 100);
            assert_int_equal(lab_cell(lab, 0, 0, 0, "heard", sign, firm), 0);
            for (uint32_t t = 1; t < 52; t++) {
                assert_int_equal(lab_cell(lab, 0, 0, t, "heard", sign, firm),
                                 lab_cell(lab, 0, 0, t - 1, "told", sign, firm));
            }
        }
    }
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),         cmocka_unit_test(test_ratio_per_experience),
        cmocka_unit_test(test_incidence),           cmocka_unit_test(test_ratio_per_experience_with_sizes),
        cmocka_unit_test(test_size_counts),         cmocka_unit_test(test_balance),
        cmocka_unit_test(test_others_multiply),     cmocka_unit_test(test_more_is_told),
        cmocka_unit_test(test_off_nobody_tells),    cmocka_unit_test(test_tells_always),
        cmocka_unit_test(test_numbers_are_poisson), cmocka_unit_test(test_list_agrees_with_books),
        cmocka_unit_test(test_heard_is_summed),     cmocka_unit_test(test_what_is_told_is_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
