#include "plain.h"

#define SHOPPERS "population.purchase_rate=400", "population.price_sensitivity=3.5"
#define NOBODY_WAITS (1.0 - exp(-400.0 / 52.0))

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("newcomer_offer");
}

/* The offer draws other firms' customers by sensitivity * offer * price / reference, and own customers not at all. */
static void test_offer_draws(void **state)
{
    (void)state;
    struct lab *lab = run_duel(SHOPPERS, "horizon=1", "firms.us.initial_share=1", "firms.us.newcomer_offer=0.9",
                               "firms.rival.newcomer_offer=0.2", "firms.us.price=2", "firms.rival.price=2");
    assert_share(at(lab, "joined", 0, RIVAL), 20000.0 * NOBODY_WAITS, gw_sigmoid(3.5 * 0.2 * 2.0));
    lab_free(lab);
}

/* Paid once: on the first order of who becomes a customer, and on none that follows, be it in the same week. */
static void test_offer_is_paid_once(void **state)
{
    (void)state;
    struct lab *lab = run_plain(SHOPPERS, "horizon=3", "firms.us.newcomer_offer=0.5", "population.order_value=8");
    for (uint32_t t = 0; t < 3; t++) {
        const double paid = (double)lab_account(lab, 0, 0, t, GW_OFFERS, US) / GW_MICRO;
        assert_close(paid, 4.0 * at(lab, "joined", t, US), 0.0, 0.0);
    }
    assert_true(at(lab, "purchases", 0, US) > 2.0 * at(lab, "joined", 0, US));
    lab_free(lab);
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
        cmocka_unit_test(test_offer_draws),
        cmocka_unit_test(test_offer_is_paid_once),
        cmocka_unit_test(test_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
