#include "one_rule.h"
#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("referral");
}

/* With need and lever 1 everybody is sent: no purchase is left, and gratitude closes half of its gap each time. */
static void test_everybody_is_sent(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("referral", 2);
    const float *gratitude = one_rule_column(bench, "gratitude");
    int32_t *contract = one_rule_read(bench, "contract");
    one_rule_set(bench, "referral_need", 1.0);
    one_rule_set_firm(bench, "referral", 1, 1.0);
    one_rule_meet(bench, 3, 1);
    bench->encounters.purchases[1] = 2;
    for (int k = 0; k < 3; k++) {
        contract[k] = -1;
        bench->encounters.cap[k] = bench->encounters.purchases[k];
    }
    contract[2] = 1;
    one_rule_run(bench, GW_BUY);
    assert_int_equal(bench->encounters.cap[0], 0);
    assert_int_equal(bench->encounters.cap[1], 0);
    assert_int_equal(bench->encounters.cap[2], bench->encounters.purchases[2]);
    assert_close(gratitude[bench->encounters.at[0]], 0.5, 1e-6, 0.0);
    assert_close(gratitude[bench->encounters.at[1]], 0.75, 1e-6, 0.0);
    assert_close(gratitude[bench->encounters.at[2]], 0.0, 0.0, 0.0);
    assert_int_equal(one_rule_tally(bench, "referrals", 0, 1), 3);
    one_rule_close(bench);
}

/* It pulls while it lasts. */
static void test_gratitude_pulls_and_fades(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("referral", 2);
    float *gratitude = one_rule_column(bench, "gratitude");
    const float *utility = one_rule_add(bench, "utility");
    one_rule_set(bench, "referral_life", 2.0);
    one_rule_set(bench, "referral_pull", 0.8);
    bench->block.years = 1.0;
    gratitude[GW_BLOCK + 5] = 0.5f;
    one_rule_run(bench, GW_HEAR);
    one_rule_run(bench, GW_CHOOSE);
    assert_close(gratitude[GW_BLOCK + 5], 0.5 * exp(-0.5), 1e-6, 0.0);
    assert_close(utility[GW_BLOCK + 5], 0.4 * exp(-0.5), 1e-6, 0.0);
    assert_close(utility[5], 0.0, 0.0, 0.0);
    one_rule_close(bench);
}

static void test_off(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml", (const char *const[]){"population.purchase_rate=30", "horizon=5",
                                                            "market.referral_need=0.5", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_everybody_is_sent),
        cmocka_unit_test(test_gratitude_pulls_and_fades),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
