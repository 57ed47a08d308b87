#include "plain.h"

#include "closed_forms.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("billing");
}

static double flow(const struct lab *lab, enum gw_account account, int firm)
{
    int64_t micro = 0;
    for (uint32_t t = 0; t < lab->layout.periods; t++) {
        micro += lab_account(lab, 0, 0, t, account, firm);
    }
    return (double)micro / GW_MICRO;
}

/* Every account is the number of orders times an exact amount; what came in and went out is the cash. */
static void test_accounts(void **state)
{
    (void)state;
    struct lab *lab =
        run_duel("population.purchase_rate=30", "horizon=20", "population.order_value=20", "firms.us.price=1.25",
                 "firms.us.unit_cost=0.5", "firms.us.serve_cost=0.0625", "firms.us.fixed_cost=1000");
    const double orders = total(lab, "purchases", US), theirs = total(lab, "purchases", RIVAL);
    assert_true(orders > 0.0 && theirs > 0.0);
    assert_close(flow(lab, GW_REVENUE, US), -25.0 * orders, 0.0, 0.0);
    assert_close(flow(lab, GW_COST_OF_GOODS, US), 10.0 * orders, 0.0, 0.0);
    assert_close(flow(lab, GW_COST_TO_SERVE, US), 1.25 * orders, 0.0, 0.0);
    assert_close(flow(lab, GW_FIXED_COST, US), 20000.0, 0.0, 0.0);
    assert_close(flow(lab, GW_CASH, US), 13.75 * orders - 20000.0, 0.0, 0.0);
    assert_close(flow(lab, GW_REVENUE, RIVAL), -20.0 * theirs, 0.0, 0.0);
    assert_close(flow(lab, GW_COST_OF_GOODS, RIVAL), 11.0 * theirs, 0.0, 0.0);
    assert_close(flow(lab, GW_FIXED_COST, RIVAL), 0.0, 0.0, 0.0);
    lab_free(lab);
}

/* Double entry, exactly, in every period. */
static void test_accounts_balance(void **state)
{
    (void)state;
    struct lab *lab = run_duel("population.purchase_rate=30", "horizon=20", "market.order_shape=2",
                               "firms.us.price=1.3", "firms.us.fixed_cost=0.1");
    for (uint32_t t = 0; t < 20; t++) {
        int64_t sum = 0;
        for (int account = 0; account < GW_ACCOUNTS; account++) {
            sum += lab_account(lab, 0, 0, t, (enum gw_account)account, US);
        }
        assert_int_equal(sum, 0);
        assert_int_not_equal(lab_account(lab, 0, 0, t, GW_CASH, US), 0);
    }
    lab_free(lab);
}

/* Fixed cost is money per week, whatever the period. */
static void test_fixed_cost_by_month(void **state)
{
    (void)state;
    struct lab *lab = run_plain("period=month", "horizon=12", "firms.us.fixed_cost=300");
    assert_close(flow(lab, GW_FIXED_COST, US), 300.0 * 52.0, 0.0, 0.0);
    lab_free(lab);
}

#define YEARLY_CONTRACT                                                                                              \
    "setting=contractual", "period=month", "horizon=40 years", "market.contract_years=1", "population.churn=0.2",    \
        "market.discount_rate=0.1", "population.order_value=100", "firms.us.unit_cost=0.4",                          \
        "firms.us.serve_cost=0.1"

/* Lifetime value of a customer who renews with r = .8 and pays a margin of 50 at the start of every year:
 * 50 (1 + d)/(1 + d - r). The number of payments is geometric; Var sum_{k<G} v^k follows from E v^(2G). */
static double clv_variance(double r, double d)
{
    const double v = 1.0 / (1.0 + d), c = (1.0 - r) / (1.0 - r * v) * v, c2 = (1.0 - r) / (1.0 - r * v * v) * v * v;
    return (c2 - c * c) / ((1.0 - v) * (1.0 - v)); /* (1 - v^G)/(1 - v), c = E v^G */
}

static void test_value_of_the_base(void **state)
{
    (void)state;
    struct lab *lab = run_plain(YEARLY_CONTRACT, "firms.us.initial_share=1");
    const double clv = total(lab, "value_base", US) / GW_MICRO / 20000.0;
    assert_within_4_se(clv, law_clv_immediate(50.0, 0.8, 0.1), 50.0 * sqrt(clv_variance(0.8, 0.1) / 20000.0));
    assert_int_equal(lab_total(lab, 0, "value_new", 0, US), 0);
    lab_free(lab);
}

/* Newcomers buy at rate lambda and drop out for good with probability p after each purchase; M = lambda times the
 * period. In a period of a living relation the purchases are min(n, G), of mean (1 - e^(-M p))/p, and it survives
 * with probability e^(-M p). Newcomers start with a period in which n >= 1; every later period is discounted. */
static double newcomer_value(double m, double p, double v)
{
    const double purchases = (1.0 - exp(-m * p)) / p, survives = exp(-m * p), some = 1.0 - exp(-m);
    const double later = v * purchases / (1.0 - v * survives);
    return purchases / some + (survives - exp(-m)) / some * later;
}

static void test_value_of_newcomers(void **state)
{
    (void)state;
    struct lab *lab = run_plain("population.purchase_rate=10", "population.dropout=0.3", "horizon=10 years",
                                "population.order_value=100", "firms.us.unit_cost=0.4", "firms.us.serve_cost=0.1",
                                "market.discount_rate=0.5");
    const double joined = total(lab, "joined", US), value = total(lab, "value_new", US) / GW_MICRO;
    const double theory = newcomer_value(10.0 / 52.0, 0.3, pow(1.5, -1.0 / 52.0));
    /* all purchases of a newcomer are geometric: variance (1 - p)/p^2, an upper bound of the discounted one's */
    assert_int_equal((int)joined, 20000);
    assert_within_4_se(value / joined, 50.0 * theory, 50.0 * sqrt(0.7 / 0.09 / joined));
    assert_int_equal(lab_total(lab, 0, "value_base", 0, US), 0);
    lab_free(lab);
}

/* No discounting: the two sums add up to the contribution in the ledger, to the last 1e-6 per encounter. */
static void test_without_discount_values_are_the_contribution(void **state)
{
    (void)state;
    struct lab *lab = run_plain("population.purchase_rate=3", "horizon=104", "market.discount_rate=0",
                                "firms.us.initial_share=0.4", "warm_up=13");
    const double contribution =
        -flow(lab, GW_REVENUE, US) - flow(lab, GW_COST_OF_GOODS, US) - flow(lab, GW_COST_TO_SERVE, US);
    const double base = total(lab, "value_base", US) / GW_MICRO, fresh = total(lab, "value_new", US) / GW_MICRO;
    assert_true(base > 0.0 && fresh > 0.0);
    assert_close(base + fresh, contribution, 0.0, 1e-6 * total(lab, "purchases", US));
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_accounts),
        cmocka_unit_test(test_accounts_balance),
        cmocka_unit_test(test_fixed_cost_by_month),
        cmocka_unit_test(test_value_of_the_base),
        cmocka_unit_test(test_value_of_newcomers),
        cmocka_unit_test(test_without_discount_values_are_the_contribution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
