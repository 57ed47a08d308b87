#include "descriptors.h"
#include "one_rule.h"
#include "sample.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("failure");
}

enum { PERIODS = 2000 };
static const double encounters = (double)PERIODS * GW_BLOCK;

struct losses {
    double unrepaired, loss;
};

static struct losses run(struct one_rule *bench)
{
    struct losses losses = {0};
    const float *loss = one_rule_column(bench, "failure_loss"), *unrepaired = one_rule_column(bench, "unrepaired");
    for (uint32_t t = 0; t < PERIODS; t++) {
        bench->block.period = t;
        one_rule_meet(bench, GW_BLOCK, 1);
        one_rule_run(bench, GW_FAIL);
        one_rule_run(bench, GW_ACCOUNT);
        for (int k = 0; k < GW_BLOCK; k++) {
            losses.unrepaired += (double)unrepaired[k];
            losses.loss += (double)loss[k];
        }
    }
    return losses;
}

static void test_course_loss_and_cost(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("failure", 2);
    one_rule_set(bench, "repair_share", 0.5);
    one_rule_set(bench, "order_value", 30.0);
    const struct losses losses = run(bench);
    const double failed = (double)one_rule_tally(bench, "failures", 0, 1);
    const double complained = (double)one_rule_tally(bench, "complaints", 0, 1);
    const double repaired = (double)one_rule_tally(bench, "repairs", 0, 1);
    assert_within_4_se(failed / encounters, 0.05, share_se(0.05, encounters));
    assert_within_4_se(complained / failed, 0.4, share_se(0.4, failed));
    assert_within_4_se(repaired / complained, 0.5, share_se(0.5, complained));
    assert_true(losses.unrepaired == failed - repaired);
    /* (1 - .25) lost by a failure, of which a repair gives back .7 */
    assert_close(losses.loss, 0.75 * (failed - repaired) + 0.75 * 0.3 * repaired, 1e-6, 0.0);
    assert_int_equal(one_rule_account(bench, GW_RECOVERY, 1), (int64_t)repaired * 9000000);
    assert_int_equal(one_rule_account(bench, GW_CASH, 1), -(int64_t)repaired * 9000000);
    assert_int_equal(one_rule_tally(bench, "failures", 0, 0), 0);
    one_rule_close(bench);
}

/* Of four occasions each fails by itself; those that do are set apart unless all do, and have failed when their turn
 * comes. */
static void test_set_apart(void **state)
{
    (void)state;
    enum { OCCASIONS = 4 };
    struct one_rule *bench = one_rule_open("failure", 2);
    one_rule_set(bench, "failure_rate", 0.3);
    const float *unrepaired = one_rule_column(bench, "unrepaired");
    double failed[1 + OCCASIONS] = {0};
    one_rule_set(bench, "repair_share", 0.0);
    for (uint32_t t = 0; t < PERIODS; t++) {
        bench->block.period = t;
        one_rule_meet(bench, GW_BLOCK, 1);
        for (int k = 0; k < GW_BLOCK; k++) {
            bench->encounters.purchases[k] = OCCASIONS;
        }
        one_rule_run(bench, GW_FAIL);
        for (int k = 0; k < GW_BLOCK; k++) {
            failed[unrepaired[k] > 0.0f ? OCCASIONS : bench->encounters.apart[k]]++;
        }
    }
    for (int k = 0; k <= OCCASIONS; k++) {
        static const double ways[1 + OCCASIONS] = {1.0, 4.0, 6.0, 4.0, 1.0};
        const double want = ways[k] * pow(0.3, k) * pow(0.7, OCCASIONS - k);
        assert_within_4_se(failed[k] / encounters, want, share_se(want, encounters));
    }
    bench->block.apart = true;
    one_rule_run(bench, GW_FAIL);
    for (int k = 0; k < GW_BLOCK; k++) {
        assert_true(unrepaired[k] == 1.0f);
    }
    one_rule_close(bench);
}

static void test_off_nothing_fails(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("failure", 2);
    one_rule_set(bench, "failure_rate", 0.0);
    const struct losses losses = run(bench);
    assert_true(losses.unrepaired == 0.0 && losses.loss == 0.0);
    assert_int_equal(one_rule_tally(bench, "failures", 0, 1), 0);
    assert_int_equal(one_rule_account(bench, GW_CASH, 1), 0);
    one_rule_close(bench);
}

/* A full repair of every failure leaves no loss, but costs. */
static void test_full_repair(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("failure", 2);
    one_rule_set(bench, "complaint_rate", 1.0);
    one_rule_set(bench, "repair_effect", 1.0);
    const struct losses losses = run(bench);
    assert_true(losses.unrepaired == 0.0 && losses.loss == 0.0);
    assert_true(one_rule_tally(bench, "repairs", 0, 1) == one_rule_tally(bench, "failures", 0, 1));
    assert_true(one_rule_account(bench, GW_RECOVERY, 1) > 0);
    one_rule_close(bench);
}

/* Who is prone to failures meets so many times as many, to the point where all fail. */
static void test_factor(void **state)
{
    (void)state;
    static const double factors[] = {0.0, 3.0, 20.0, 40.0};
    for (size_t i = 0; i < sizeof factors / sizeof factors[0]; i++) {
        struct one_rule *bench = one_rule_open("failure", 2);
        one_rule_set(bench, "failure_factor", factors[i]);
        run(bench);
        const double share = fmin(1.0, 0.05 * factors[i]);
        assert_within_4_se((double)one_rule_tally(bench, "failures", 0, 1) / encounters, share,
                           share_se(share, encounters) + 1e-12);
        one_rule_close(bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors), cmocka_unit_test(test_course_loss_and_cost),
        cmocka_unit_test(test_set_apart),   cmocka_unit_test(test_off_nothing_fails),
        cmocka_unit_test(test_full_repair), cmocka_unit_test(test_factor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
