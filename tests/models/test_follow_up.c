#include "one_rule.h"
#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("follow_up");
}

/* Who is followed up gains quality, orders more and costs a call: the same ones in all three. */
static void test_followed_ones(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("follow_up", 1);
    one_rule_set(bench, "follow_up", 0.3);
    one_rule_set(bench, "cross_sell", 0.25);
    one_rule_set(bench, "follow_cost", 2.0);
    const float *quality = one_rule_add(bench, "quality_after_sale"), *order = one_rule_add(bench, "order_log");
    one_rule_meet(bench, GW_BLOCK, 0);
    one_rule_run(bench, GW_EXPERIENCE);
    one_rule_run(bench, GW_ORDER);
    one_rule_run(bench, GW_ACCOUNT);
    int followed = 0;
    for (int k = 0; k < GW_BLOCK; k++) {
        const bool called = quality[k] > 0.0f;
        assert_close(quality[k], called ? 0.4 : 0.0, 1e-6, 0.0);
        assert_close(order[k], called ? log(1.25) : 0.0, 1e-6, 0.0);
        followed += called;
    }
    assert_share(followed, GW_BLOCK, 0.3);
    assert_int_equal(one_rule_tally(bench, "follow_ups", 0, 0), followed);
    assert_int_equal(one_rule_account(bench, GW_RETENTION_SPEND, 0), 2 * followed * (int64_t)GW_MICRO);
    one_rule_close(bench);
}

static void test_off(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml", (const char *const[]){"population.purchase_rate=30", "horizon=5", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_followed_ones),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
