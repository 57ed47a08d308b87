#include "plain.h"

#include "closed_forms.h"

#define SHOPPERS "population.purchase_rate=40"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("order_value");
}

static double revenue(const struct lab *lab, uint32_t replication)
{
    int64_t micro = 0;
    for (uint32_t t = 0; t < lab->layout.periods; t++) {
        micro -= lab_account(lab, 0, replication, t, GW_REVENUE, US);
    }
    return (double)micro / GW_MICRO;
}

/* Without a shape every order is worth the mean, exactly; the price level multiplies it. */
static void test_off_is_exact(void **state)
{
    (void)state;
    struct lab *lab = run_plain(SHOPPERS, "horizon=10", "population.order_value=12.5");
    assert_close(revenue(lab, 0), 12.5 * total(lab, "purchases", US), 0.0, 0.0);
    lab_free(lab);
    lab = run_plain(SHOPPERS, "horizon=10", "population.order_value=12.5", "firms.us.price=0.8");
    assert_close(revenue(lab, 0), 10.0 * total(lab, "purchases", US), 1e-12, 0.0);
    lab_free(lab);
}

/* Orders around the mean 20 with variance 400/shape: mean and variance of the revenue of many single consumers, each
 * of which is a sum of N orders, N Poisson(m): 20 m and 400 m (1 + 1/shape). */
static void check_shape(const char *key, double shape)
{
    const int n = 4000;
    const double m = 10.0 * 40.0 / 52.0, variance = 400.0 * m * (1.0 + 1.0 / shape);
    double sum = 0.0, squares = 0.0;
    struct lab *lab =
        run_plain(SHOPPERS, "horizon=10", "population.size=1", "replications=4000", "population.order_value=20", key);
    for (int i = 0; i < n; i++) {
        const double x = revenue(lab, (uint32_t)i) - 20.0 * m;
        sum += x;
        squares += x * x;
    }
    /* kurtosis of a compound Poisson sum: 3 + E Y^4/(m E Y^2 ^2), Y an order */
    const double second = 1.0 + 1.0 / shape;
    const double fourth = second * (1.0 + 2.0 / shape) * (1.0 + 3.0 / shape);
    const double kurtosis = 3.0 + fourth / (m * second * second);
    assert_within_4_se(sum / n, 0.0, sqrt(variance / n));
    assert_within_4_se(squares / n, variance, variance * sqrt((kurtosis - 1.0) / n));
    lab_free(lab);
}

static void test_gamma_orders(void **state)
{
    (void)state;
    check_shape("market.order_shape=0.5", 0.5);
    check_shape("market.order_shape=6.25", 6.25);
}

/* Gamma-gamma with the CDNOW parameters p 6.25, q 3.74, gamma 15.44: a consumer's mean is p/nu, nu gamma(q, gamma).
 */
static void test_gamma_gamma(void **state)
{
    (void)state;
    struct lab *lab = run_plain("population.purchase_rate=100", "horizon=20", "market.order_shape=6.25",
                                "population.order_value={vary: {inverse_gamma: {shape: 3.74, scale: 96.5}}}");
    const double n = 20000.0, orders = 20.0 * 100.0 / 52.0, mean = law_gamma_gamma_mean(6.25, 3.74, 15.44);
    /* Revenue of a consumer: variance M^2 m (1 + 1/p) given the mean M, plus m^2 Var M; E M^2 = mean^2 (q-1)/(q-2).
     */
    const double square = mean * mean * 2.74 / 1.74;
    const double variance = square * orders * (1.0 + 1.0 / 6.25) + orders * orders * (square - mean * mean);
    assert_within_4_se(revenue(lab, 0) / (n * orders), mean, sqrt(variance / n) / orders);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off_is_exact),
        cmocka_unit_test(test_gamma_orders),
        cmocka_unit_test(test_gamma_gamma),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
