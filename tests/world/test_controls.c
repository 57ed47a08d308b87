/* Control variates: what they are of, that their means are known, and that they are what the world was drawn with. */
#include "close.h"
#include "sample.h"

#include "scenario/catalogue.h"
#include "world/controls.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char text[] =
    "goodwill: 1\n"
    "horizon: 4\n"
    "population:\n"
    "  segments:\n"
    "    few: {share: 0.25, purchase_rate: {vary: {gamma: {shape: {uncertain: {uniform: {low: 1, high: 3}}}, rate: "
    "0.1}}}}\n"
    "    many: {share: 0.75, purchase_rate: {vary: {lognormal: {mean: 12, sd: 30}}}}\n"
    "  size: 400\n"
    "market: {discount_rate: {uncertain: {normal: {mean: 0.1, sd: 0.02}}}}\n"
    "firms: {us: {}, rival: {unit_cost: {uncertain: {beta: {mean: 0.5, sd: 0.1}}}}}\n"
    "strategies: {as_now: {}, cut: {firms.us.price: {uncertain: {uniform: {low: 0.9, high: 1}}}}}\n";

struct fixture {
    struct gw_scenario *scenario;
    struct gw_controls controls;
    struct gw_world *world;
    struct gw_pool pool;
};

static struct fixture open_fixture(void)
{
    struct fixture f = {0};
    struct gw_error error = {0};
    if (gw_scenario_parse(&f.scenario, text, strlen(text), "t.yaml", NULL, NULL, 0, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    bool *live = malloc(1000 * sizeof *live);
    assert_non_null(live);
    memset(live, 1, 1000 * sizeof *live);
    assert_int_equal(gw_controls_list(&f.controls, f.scenario, live, NULL), GW_OK);
    assert_int_equal(gw_world_create(&f.world, f.scenario, NULL), GW_OK);
    assert_int_equal(gw_world_fill_pool(&f.pool, f.scenario, NULL), GW_OK);
    free(live);
    return f;
}

static void close_fixture(struct fixture *f)
{
    gw_controls_free(&f->controls);
    gw_world_free(f->world);
    gw_pool_free(&f->pool);
    gw_scenario_free(f->scenario);
}

static void draw(struct fixture *f, uint32_t replication, double *out)
{
    assert_int_equal(gw_world_settle(f->world, f->scenario, &f->pool, replication, NULL), GW_OK);
    gw_controls_draw(&f->controls, f->scenario, f->world, &f->pool, replication, out);
}

static int find(const struct fixture *f, const char *name)
{
    for (int i = 0; i < f->controls.n; i++) {
        if (strcmp(f->controls.control[i].name, name) == 0) {
            return i;
        }
    }
    fail_msg("no control variate %s", name);
    return -1;
}

static void all_of_known_mean_is_listed(void **state)
{
    (void)state;
    struct fixture f = open_fixture();
    assert_int_equal(f.controls.n, 5);
    find(&f, "market.discount_rate");
    find(&f, "firms.rival.unit_cost");
    find(&f, "strategies.cut.firms.us.price");
    find(&f, "population.segments.few.purchase_rate.shape");
    assert_int_equal(f.controls.control[find(&f, "population.purchase_rate")].k, -1);
    close_fixture(&f);
}

static void numbers_are_those_of_the_world(void **state)
{
    (void)state;
    struct fixture f = open_fixture();
    const int rate = find(&f, "market.discount_rate"), price = find(&f, "strategies.cut.firms.us.price");
    const int discount = gw_catalogue_find("market", "discount_rate"), lever = gw_catalogue_find("firms", "price");
    double c[5];
    for (uint32_t r = 0; r < 50; r++) {
        draw(&f, r, c);
        assert_close(0.1 + c[rate], gw_world_number(f.world, 0, discount, 0)->value, 1e-15, 1e-16);
        assert_close(0.95 + c[price], gw_world_number(f.world, 1, lever, 0)->value, 1e-15, 1e-16);
    }
    close_fixture(&f);
}

/* Over 1000 worlds; false alarms of the five together below 3.2e-4. */
static void means_are_zero(void **state)
{
    (void)state;
    struct fixture f = open_fixture();
    struct sample sum[5] = {{0}};
    double c[5];
    for (uint32_t r = 0; r < 1000; r++) {
        draw(&f, r, c);
        for (int i = 0; i < 5; i++) {
            sample_add(&sum[i], c[i]);
        }
    }
    for (int i = 0; i < 5; i++) {
        assert_true(sample_variance(&sum[i]) > 0.0);
        assert_within_4_se(sample_mean(&sum[i]), 0.0, sample_mean_se(&sum[i]));
    }
    /* A quarter of the 400: gamma of mean variance E[shape] / rate^2 = 200; three quarters: 900. */
    assert_within_4_se(sample_variance(&sum[find(&f, "population.purchase_rate")]),
                       (0.25 * 200.0 + 0.75 * 900.0) / 400.0,
                       sample_variance_se(&sum[find(&f, "population.purchase_rate")]));
    close_fixture(&f);
}

static void pairs_have_mirrored_numbers(void **state)
{
    (void)state;
    struct fixture f = open_fixture();
    const int rate = find(&f, "market.discount_rate"), price = find(&f, "strategies.cut.firms.us.price");
    double first[5], second[5];
    f.scenario->reduction.antithetic = true;
    draw(&f, 6, first);
    draw(&f, 7, second);
    assert_close(second[rate], -first[rate], 1e-9, 0.0);
    assert_close(second[price], -first[price], 1e-9, 0.0);
    const int population = find(&f, "population.purchase_rate");
    assert_true(first[population] * second[population] < 0.0);
    close_fixture(&f);
}

static double at(double u, void *quantile)
{
    return gw_quantile_at(quantile, u);
}

/* A control is of mean 0 only as far as a table has its distribution's mean. */
static void tables_have_the_mean_of_the_closed_form(void **state)
{
    (void)state;
    static const struct gw_distribution all[] = {{GW_GAMMA, 0.45, 0.01, 0.0},     {GW_GAMMA, 20.0, 2.0, 0.0},
                                                 {GW_LOGNORMAL, 20.0, 10.0, 0.0}, {GW_INVERSE_GAMMA, 4.0, 2.0, 0},
                                                 {GW_BETA, 0.5, 3.0, 0.0},        {GW_BETA, 8.0, 2.0, 0.0},
                                                 {GW_EXPONENTIAL, 3.0, 0.0, 0.0}, {GW_TRIANGULAR, 1.0, 4.0, 1.5}};
    gsl_integration_workspace *w = gsl_integration_workspace_alloc(20000);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct gw_quantile *q = NULL;
        double mean = 0.0, error;
        assert_int_equal(gw_quantile_create(&q, all[i], NULL), GW_OK);
        gsl_function f = {at, q};
        (void)gsl_integration_qags(&f, 0.0, 1.0, 0.0, 1e-9, 20000, w, &mean, &error);
        assert_close(mean, gw_distribution_mean(all[i]), 2e-6, 0.0);
        gw_quantile_free(q);
    }
    gsl_integration_workspace_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_known_mean_is_listed),
        cmocka_unit_test(numbers_are_those_of_the_world),
        cmocka_unit_test(means_are_zero),
        cmocka_unit_test(pairs_have_mirrored_numbers),
        cmocka_unit_test(tables_have_the_mean_of_the_closed_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
