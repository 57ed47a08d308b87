/* Several occasions in one period: against the negative binomial law. */
#include "close.h"

#include "scenario/crowding.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double crowding(const char *rate, double years)
{
    char yaml[512];
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    double share = NAN;
    snprintf(
        yaml, sizeof yaml,
        "goodwill: 1\nhorizon: 1 years\npopulation: {size: 100, purchase_rate: %s}\nfirms: {us: {}}\nfocal: us\n",
        rate);
    if (gw_scenario_parse(&scenario, yaml, strlen(yaml), "crowding.yaml", ".", NULL, 0, &error) != GW_OK ||
        gw_scenario_crowding(scenario, years, &share, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    gw_scenario_free(scenario);
    return share;
}

static void test_poisson(void **state)
{
    (void)state;
    assert_close(crowding("26", 1.0 / 52.0), 1.0 - exp(-0.5) * 1.5, 1e-12, 0.0);
    assert_close(crowding("0", 1.0), 0.0, 0.0, 0.0);
}

/* With gamma rates of shape r and mean m a period: P(0) = (r / (r + m))^r, P(1) = P(0) r m / (r + m). */
static void test_negative_binomial(void **state)
{
    (void)state;
    const double r = 0.45, m = 44.0 / 52.0, none = pow(r / (r + m), r), one = none * r * m / (r + m);
    assert_close(crowding("{vary: {gamma: {shape: 0.45, mean: 44}}}", 1.0 / 52.0), 1.0 - none - one, 2e-3, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_poisson),
        cmocka_unit_test(test_negative_binomial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
