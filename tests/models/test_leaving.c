#include "descriptors.h"
#include "one_rule.h"
#include "sample.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("leaving");
}

enum { PERIODS = 1000 };
static const double encounters = (double)PERIODS * GW_BLOCK;

struct ended {
    double service, failure;
};

/* Encounters of one kind, again and again. */
static struct ended run(struct one_rule *bench, double satisfaction, double unrepaired)
{
    struct ended ended = {0};
    float *s = one_rule_read(bench, "satisfaction"), *f = one_rule_read(bench, "unrepaired");
    for (int k = 0; k < GW_BLOCK; k++) {
        s[k] = (float)satisfaction;
        f[k] = (float)unrepaired;
    }
    for (uint32_t t = 0; t < PERIODS; t++) {
        bench->block.period = t;
        one_rule_meet(bench, GW_BLOCK, 1);
        one_rule_run(bench, GW_LEAVE);
        for (int k = 0; k < GW_BLOCK; k++) {
            ended.service += bench->encounters.ended[k] == GW_CAUSE_SERVICE;
            ended.failure += bench->encounters.ended[k] == GW_CAUSE_FAILURE;
        }
    }
    return ended;
}

static double sigmoid(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

/* Of three occasions: the relation ends with 1 - (1 - h)^3, at occasion G with (1 - h)^(G - 1) h. */
static void test_several_occasions(void **state)
{
    (void)state;
    enum { OCCASIONS = 3 };
    struct one_rule *bench = one_rule_open("leaving", 2);
    one_rule_set(bench, "stop_base", -1.0);
    double last[1 + OCCASIONS] = {0};
    for (uint32_t t = 0; t < PERIODS; t++) {
        bench->block.period = t;
        one_rule_meet(bench, GW_BLOCK, 1);
        for (int k = 0; k < GW_BLOCK; k++) {
            bench->encounters.purchases[k] = bench->encounters.until[k] = OCCASIONS;
        }
        one_rule_run(bench, GW_LEAVE);
        for (int k = 0; k < GW_BLOCK; k++) {
            last[bench->encounters.ended[k] == GW_STAYS ? 0 : bench->encounters.until[k]]++;
        }
    }
    const double h = sigmoid(-1.0);
    for (int g = 1; g <= OCCASIONS; g++) {
        const double want = pow(1.0 - h, g - 1) * h;
        assert_within_4_se(last[g] / encounters, want, share_se(want, encounters));
    }
    one_rule_close(bench);
}

static void test_hazard_and_cause(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("leaving", 2);
    static const double satisfaction[] = {0.0, -2.0, 1.0, 1.5};
    for (int i = 0; i < 4; i++) {
        const double p = sigmoid(-4.6 - 0.5 * satisfaction[i]);
        const struct ended ended = run(bench, satisfaction[i], 0.0);
        assert_within_4_se(ended.service / encounters, p, share_se(p, encounters));
        assert_true(ended.failure == 0.0);
    }
    const double p = sigmoid(-4.6 + 3.35 + 0.5);
    const struct ended ended = run(bench, -1.0, 1.0);
    assert_within_4_se(ended.failure / encounters, p, share_se(p, encounters));
    assert_true(ended.service == 0.0);
    one_rule_close(bench);
}

/* Beyond 1.5 units delight holds nobody any better: the same consumers leave, draw for draw. */
static void test_delight_is_capped(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("leaving", 2);
    assert_true(run(bench, 1.5, 0.0).service == run(bench, 9.0, 0.0).service);
    one_rule_close(bench);
}

/* Common random numbers: more satisfaction only takes leavers away. */
static void test_leavers_are_nested(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("leaving", 2);
    float *s = one_rule_read(bench, "satisfaction");
    uint8_t sad[GW_BLOCK];
    for (uint32_t t = 0; t < 200; t++) {
        bench->block.period = t;
        for (int happy = 0; happy < 2; happy++) {
            for (int k = 0; k < GW_BLOCK; k++) {
                s[k] = happy ? 1.0f : -1.0f;
            }
            one_rule_meet(bench, GW_BLOCK, 0);
            one_rule_run(bench, GW_LEAVE);
            for (int k = 0; k < GW_BLOCK; k++) {
                assert_true(!happy || bench->encounters.ended[k] <= sad[k]);
                sad[k] = bench->encounters.ended[k];
            }
        }
    }
    one_rule_close(bench);
}

static void test_off_and_contracts(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("leaving", 2);
    one_rule_set(bench, "stop_base", -40.0);
    assert_true(run(bench, -5.0, 1.0).failure == 0.0);
    one_rule_set(bench, "stop_base", 5.0);
    bench->block.contractual = true;
    assert_true(run(bench, 0.0, 0.0).service == 0.0);
    one_rule_close(bench);
}

/* A graver cause given by another rule in the same period stands. */
static void test_higher_causes_win(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("leaving", 1);
    one_rule_set(bench, "stop_base", 10.0);
    one_rule_meet(bench, 2, 0);
    bench->encounters.ended[1] = GW_CAUSE_DROPOUT;
    one_rule_run(bench, GW_LEAVE);
    assert_int_equal(bench->encounters.ended[0], GW_CAUSE_SERVICE);
    assert_int_equal(bench->encounters.ended[1], GW_CAUSE_DROPOUT);
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),        cmocka_unit_test(test_several_occasions),
        cmocka_unit_test(test_hazard_and_cause),   cmocka_unit_test(test_delight_is_capped),
        cmocka_unit_test(test_leavers_are_nested), cmocka_unit_test(test_off_and_contracts),
        cmocka_unit_test(test_higher_causes_win),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
