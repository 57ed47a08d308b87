#include "close.h"

#include "scenario/catalogue.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct gw_scenario *load(const char *text, const char *override)
{
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    const char *const overrides[] = {override};
    if (gw_scenario_parse(&scenario, text, strlen(text), "world.yaml", ".", overrides, override == NULL ? 0 : 1,
                          &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return scenario;
}

static double number_of(const struct gw_scenario *scenario, const char *name)
{
    return scenario->base.number[gw_catalogue_find("firms", name)][0].value;
}

static const char text[] = "goodwill: 1\nhorizon: 10\npopulation: {size: 60}\n"
                           "firms: {us: {fixed_cost: 300, wage: 500, unit_cost: 0.5,\n"
                           "             agents: {phone: 3, email: 6, store: 9, web: 12, social: 15, chat: 18},\n"
                           "             half_spend: {uncertain: {normal: {mean: 120, sd: 6}}}}}\n"
                           "strategies: {a: {}, b: {firms.us.fixed_cost: {schedule: {at: 2, to: 600}}}}\n";

/* Three people in the list, sixty in the scenario: what is stated for the market shrinks to a twentieth, prices do
 * not. */
static void test_edge_list_brings_its_people(void **state)
{
    static const char *const agents[] = {"agents.phone", "agents.email",  "agents.store",
                                         "agents.web",   "agents.social", "agents.chat"};
    char path[] = "/tmp/goodwill-edges-XXXXXX", override[128];
    struct gw_error error = {0};
    const int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "1 2\n2 3\n", 8), 8);
    close(fd);
    snprintf(override, sizeof override, "network={edge_list: %s}", path);
    struct gw_scenario *scenario = load(text, override);
    for (int again = 0; again < 2; again++) { /* settling twice changes nothing more */
        assert_int_equal(gw_world_size(scenario, &error), GW_OK);
        assert_int_equal(scenario->population, 3);
        assert_close(number_of(scenario, "fixed_cost"), 15.0, 1e-12, 0.0);
        for (size_t c = 0; c < sizeof agents / sizeof *agents; c++) {
            assert_close(number_of(scenario, agents[c]), 0.15 * (double)(c + 1), 1e-12, 0.0);
        }
        assert_close(number_of(scenario, "wage"), 500.0, 0.0, 0.0);
        assert_close(number_of(scenario, "unit_cost"), 0.5, 0.0, 0.0);
        const struct gw_number *half = &scenario->base.number[gw_catalogue_find("firms", "half_spend")][0];
        assert_close(half->spread.distribution.a, 6.0, 1e-12, 0.0);
        assert_close(half->spread.distribution.b, 0.3, 1e-12, 0.0);
        const struct gw_number *fixed =
            &scenario->strategy[1].values.number[gw_catalogue_find("firms", "fixed_cost")][0];
        assert_close(fixed->schedule.change[0].to, 30.0, 1e-12, 0.0);
    }
    gw_scenario_free(scenario);
    unlink(path);
}

static void test_without_edge_list_nothing_changes(void **state)
{
    struct gw_error error = {0};
    (void)state;
    struct gw_scenario *scenario = load(text, NULL);
    assert_int_equal(gw_world_size(scenario, &error), GW_OK);
    assert_int_equal(scenario->population, 60);
    assert_close(number_of(scenario, "fixed_cost"), 300.0, 0.0, 0.0);
    gw_scenario_free(scenario);
}

/* The scaled distribution is that of factor * x: quantiles are proportional. */
static void test_scaled_distributions(void **state)
{
    const struct gw_distribution families[] = {
        {GW_NORMAL, 3, 1, 0}, {GW_LOGNORMAL, 3, 1, 0},     {GW_UNIFORM, 1, 2, 0},   {GW_EXPONENTIAL, 2, 0, 0},
        {GW_GAMMA, 2, 3, 0},  {GW_INVERSE_GAMMA, 4, 3, 0}, {GW_TRIANGULAR, 1, 4, 2}};
    (void)state;
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        struct gw_quantile *plain = NULL, *scaled = NULL;
        struct gw_error error = {0};
        assert_int_equal(gw_quantile_create(&plain, families[f], &error), GW_OK);
        assert_int_equal(gw_quantile_create(&scaled, gw_distribution_scaled(families[f], 2.5), &error), GW_OK);
        for (double u = 0.05; u < 1.0; u += 0.1) {
            assert_close(gw_quantile_at(scaled, u), 2.5 * gw_quantile_at(plain, u), 2e-6, 1e-9);
        }
        gw_quantile_free(plain);
        gw_quantile_free(scaled);
    }
}

/* Two lines in the list of degrees, sixty people in the scenario. */
static void test_list_of_degrees_brings_its_people(void **state)
{
    char path[] = "/tmp/goodwill-degrees-XXXXXX", override[128];
    struct gw_error error = {0};
    const int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "1\n1\n", 4), 4);
    close(fd);
    snprintf(override, sizeof override, "network={configuration: {degrees: %s}}", path);
    struct gw_scenario *scenario = load(text, override);
    assert_int_equal(gw_world_size(scenario, &error), GW_OK);
    assert_int_equal(scenario->population, 2);
    assert_close(number_of(scenario, "fixed_cost"), 10.0, 1e-12, 0.0);
    gw_scenario_free(scenario);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edge_list_brings_its_people),
        cmocka_unit_test(test_list_of_degrees_brings_its_people),
        cmocka_unit_test(test_without_edge_list_nothing_changes),
        cmocka_unit_test(test_scaled_distributions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
