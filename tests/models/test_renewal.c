#include "plain.h"

#include "closed_forms.h"
#include "one_rule.h"

#define CONTRACTS "setting=contractual", "period=month", "market.contract_years=1", "firms.us.initial_share=1"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("renewal");
}

/* Without contracts, churn and coefficients mean nothing, also in the contractual setting. */
static void test_off(void **state)
{
    (void)state;
    const char *const off[] = {"setting=contractual", "population.purchase_rate=20", NULL};
    struct lab *lab = run_file("plain.yaml", off, (struct lab_options){0});
    assert_int_equal(lab_total(lab, 0, "left", GW_CAUSE_RENEWAL - 1, US), 0);
    lab_free(lab);
    assert_off_is_absent("plain.yaml", off);
}

/* In the other setting the rule is there and does nothing. */
static void test_non_contractual_setting_has_no_renewals(void **state)
{
    (void)state;
    char with[65], without[65];
    struct lab *lab = run_plain("population.purchase_rate=20", "population.churn=0.5", "market.contract_years=1",
                                "market.renewal_price=4", "firms.us.price=1.2", "horizon=104");
    lab_fingerprint(lab, with);
    lab_free(lab);
    lab = run_plain("population.purchase_rate=20", "firms.us.price=1.2", "horizon=104");
    lab_fingerprint(lab, without);
    lab_free(lab);
    assert_string_equal(with, without);
}

/* Fader & Hardie 2007: survival after t renewals, and an order at the start and at every renewal that is passed. */
static void check_sbg(double alpha, double beta)
{
    char churn[100];
    snprintf(churn, sizeof churn, "population.churn={vary: {beta: {alpha: %g, beta: %g}}}", alpha, beta);
    struct lab *lab = run_plain(CONTRACTS, churn, "horizon=85", "population.size=100000");
    const double n = 100000.0;
    double orders = 0.0, survivors = n;
    for (int year = 0; year <= 7; year++) {
        const double active = at(lab, "active", 12 * (uint32_t)year, US);
        assert_share(active, n, law_sbg_survival(alpha, beta, year));
        assert_close(at(lab, "survivors", 12 * (uint32_t)year, US), active, 0.0, 0.0);
        if (year > 0) {
            assert_share(active, survivors, law_sbg_retention(alpha, beta, year));
        }
        survivors = active;
        orders += active;
    }
    assert_close(total(lab, "purchases", US), orders, 0.0, 0.0);
    assert_close((double)lab_total(lab, 0, "left", GW_CAUSE_RENEWAL - 1, US) + survivors, n, 0.0, 0.0);
    lab_free(lab);
}

static void test_sbg(void **state)
{
    (void)state;
    check_sbg(0.668, 3.806);
    check_sbg(0.704, 1.182);
}

/* A price 20% above the reference: h = sigma(logit .2 + 4 * .2); base churn keeps its own share of the leavers. */
static void test_price_drives_customers_away(void **state)
{
    (void)state;
    struct lab *lab =
        run_plain(CONTRACTS, "population.churn=0.2", "market.renewal_price=4", "firms.us.price=1.2", "horizon=13");
    const double n = 20000.0, h = gw_sigmoid(gw_logit(0.2) + 0.8);
    const double base = (double)lab_total(lab, 0, "left", GW_CAUSE_RENEWAL - 1, US);
    const double price = (double)lab_total(lab, 0, "left", GW_CAUSE_PRICE - 1, US);
    assert_share(base, n, 0.2);
    assert_share(price, n, h - 0.2);
    assert_close(at(lab, "active", 12, US), n - base - price, 0.0, 0.0);
    lab_free(lab);
}

/* A price below it keeps customers: nobody leaves over the price, and fewer for no cause. */
static void test_low_price_keeps_customers(void **state)
{
    (void)state;
    struct lab *lab =
        run_plain(CONTRACTS, "population.churn=0.2", "market.renewal_price=4", "firms.us.price=0.8", "horizon=13");
    assert_share((double)lab_total(lab, 0, "left", GW_CAUSE_RENEWAL - 1, US), 20000.0,
                 gw_sigmoid(gw_logit(0.2) - 0.8));
    assert_int_equal(lab_total(lab, 0, "left", GW_CAUSE_PRICE - 1, US), 0);
    lab_free(lab);
}

/* Failures of the period in which the renewal falls; half of them are repaired. Attitude stays at its start .35. */
static void test_failure_and_attitude(void **state)
{
    (void)state;
    struct lab *lab = run_plain(CONTRACTS, "population.churn=0.1", "market.renewal_failure=1.5",
                                "market.renewal_attitude=2", "firms.us.failure_rate=0.4",
                                "population.complaint_rate=0.5", "firms.us.repair_share=1", "horizon=13");
    const double n = 20000.0, unrepaired = 0.4 * 0.5, lift = 2.0 * 0.15;
    const double failed = gw_sigmoid(gw_logit(0.1) + 1.5 + lift), well = gw_sigmoid(gw_logit(0.1) + lift);
    assert_share((double)lab_total(lab, 0, "left", GW_CAUSE_RENEWAL - 1, US), n, 0.1);
    assert_share((double)lab_total(lab, 0, "left", GW_CAUSE_FAILURE - 1, US), n, unrepaired * (failed - 0.1));
    assert_share((double)lab_total(lab, 0, "left", GW_CAUSE_SERVICE - 1, US), n, (1.0 - unrepaired) * (well - 0.1));
    lab_free(lab);
}

/* Under contract nobody turns to a cheaper rival; a leaver is free in the next period and chooses anew. */
static void test_contract_binds(void **state)
{
    (void)state;
    struct lab *lab =
        run_duel("setting=contractual", "period=month", "market.contract_years=1", "firms.us.initial_share=1",
                 "population.purchase_rate=300", "population.price_sensitivity=40", "firms.us.price=2",
                 "population.churn=0.25", "horizon=25");
    const double n = 20000.0;
    for (uint32_t t = 0; t < 12; t++) {
        assert_int_equal(lab_cell(lab, 0, 0, t, "active", 0, US), 20000);
        assert_int_equal(lab_cell(lab, 0, 0, t, "joined", 0, RIVAL), 0);
    }
    assert_share(at(lab, "active", 12, US), n, 0.75);
    /* the leavers sign with the rival in month 13, and are up for renewal there 12 months later */
    assert_close(at(lab, "joined", 13, RIVAL), n - at(lab, "active", 12, US), 0.0, 0.0);
    assert_close(at(lab, "purchases", 13, RIVAL), at(lab, "joined", 13, RIVAL), 0.0, 0.0);
    assert_int_equal(lab_cell(lab, 0, 0, 20, "purchases", 0, RIVAL), 0);
    lab_free(lab);
}

/* Of two consumers under contract one loses the slot, the other another slot. */
static void test_a_contract_goes_with_its_slot(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("renewal", 12);
    int32_t *contract = one_rule_column(bench, "contract");
    contract[5] = contract[6] = 2;
    one_rule_enter(bench, 5, 2, 11);
    one_rule_enter(bench, 6, 1, 11);
    assert_int_equal(contract[5], -1);
    assert_int_equal(contract[6], 2);
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_non_contractual_setting_has_no_renewals),
        cmocka_unit_test(test_sbg),
        cmocka_unit_test(test_price_drives_customers_away),
        cmocka_unit_test(test_low_price_keeps_customers),
        cmocka_unit_test(test_a_contract_goes_with_its_slot),
        cmocka_unit_test(test_failure_and_attitude),
        cmocka_unit_test(test_contract_binds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
