#include "one_rule.h"
#include "plain.h"
#include "sample.h"

#include "engine/worker.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("distance");
}

static void test_off(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml", (const char *const[]){"population.purchase_rate=30", "firms.us.place_x=9",
                                                            "firms.us.scatter=3", "horizon=10", NULL});
}

/* ---- By hand ----------------------------------------------------------------------------------------------- */

static void disc(double radius, double a, double b, double out[2])
{
    const double angle = 2.0 * acos(-1.0) * b;
    out[0] = radius * sqrt(a) * cos(angle);
    out[1] = radius * sqrt(a) * sin(angle);
}

static void test_places_and_utility(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("distance", 20);
    const struct gw_key *key = &bench->block.key;
    one_rule_set(bench, "area_radius", 5.0);
    one_rule_set(bench, "distance_cost", 0.7);
    one_rule_set_firm(bench, "place_x", 1, 3.0);
    one_rule_set_firm(bench, "place_y", 17, -2.0);
    one_rule_set_firm(bench, "scatter", 17, 1.5);
    one_rule_start(bench);
    one_rule_enter(bench, 100, 2, 17);
    one_rule_shop(bench, 200, 0);
    one_rule_run(bench, GW_CHOOSE);
    const float *distance = one_rule_column(bench, "distance"), *utility = one_rule_add(bench, "utility");
    for (uint32_t i = 0; i < GW_BLOCK; i += 100) {
        double home[2], site[2];
        disc(5.0, gw_uniform_start(key, i, 1, 0), gw_uniform_start(key, i, 1, 1), home);
        assert_close(distance[i], hypot(home[0], home[1]), 1e-6, 0.0);
        assert_close(distance[GW_BLOCK + i], hypot(home[0] - 3.0, home[1]), 1e-6, 0.0);
        if (i == 100) {
            disc(1.5, gw_uniform_start(key, 17, 2, 0), gw_uniform_start(key, 17, 2, 1), site);
            assert_close(distance[2 * GW_BLOCK + 100], hypot(home[0] - site[0], home[1] - site[1] + 2.0), 1e-6, 0.0);
        }
    }
    for (int slot = 0; slot < 3; slot++) {
        assert_close(utility[slot * GW_BLOCK + 100], -0.7 * (double)distance[slot * GW_BLOCK + 100], 1e-6, 0.0);
    }
    one_rule_close(bench);
}

/* Three firms on a line at 0, .5 and 3.2 miles and one far away, of which the second closes. */
static void test_rivals_are_counted_by_distance(void **state)
{
    (void)state;
    static const double at[] = {0.0, 0.5, 3.2, 50.0};
    struct one_rule *bench = one_rule_open("distance", 4);
    double *closed = one_rule_read(bench, "closed");
    one_rule_set(bench, "area_radius", 5.0);
    for (int firm = 0; firm < 4; firm++) {
        one_rule_set_firm(bench, "place_x", firm, at[firm]);
    }
    bench->firms.first_period = true;
    one_rule_run(bench, GW_ACT);
    bench->firms.first_period = false;
    bench->firms.period = bench->firms.origin + 1;
    closed[1] = 1.0;
    one_rule_run(bench, GW_ACT);
    assert_int_equal(one_rule_tally(bench, "rivals", 0, 0), 2); /* one in each of two periods */
    assert_int_equal(one_rule_tally(bench, "rivals", 3, 0), 2);
    assert_int_equal(one_rule_tally(bench, "rivals", 5, 0), 2);
    assert_int_equal(one_rule_tally(bench, "rivals", 2, 1), 2);
    assert_int_equal(one_rule_tally(bench, "rivals_closed", 0, 0), 1);
    assert_int_equal(one_rule_tally(bench, "rivals_closed", 2, 2), 1);
    assert_int_equal(one_rule_tally(bench, "rivals_closed", 0, 1), 0);
    assert_int_equal(one_rule_tally(bench, "rivals_closed", 5, 3), 1);
    one_rule_close(bench);
}

/* ---- Limits ------------------------------------------------------------------------------------------------ */

/* The mean distance of a uniform point of the disc from its centre is 2/3 of the radius, of two uniform points 128 /
 * 45 pi; the mean squares are 1/2 and 1. */
static void test_mean_distances(void **state)
{
    (void)state;
    const struct gw_key key = gw_key_make(5, 3, 7);
    const double radius = 4.0, pi = acos(-1.0);
    struct sample centre = {0}, centre2 = {0}, pair = {0}, pair2 = {0};
    for (uint32_t i = 0; i < 20000; i++) {
        const struct gw_point home = gw_place_of_home(&key, i, radius);
        const double from_centre = gw_place_distance(home, (struct gw_point){0.0, 0.0});
        const double apart = gw_place_distance(home, gw_place_of_firm(&key, (int)i, 0.0, 0.0, radius));
        sample_add(&centre, from_centre);
        sample_add(&centre2, from_centre * from_centre);
        sample_add(&pair, apart);
        sample_add(&pair2, apart * apart);
        assert_true(from_centre <= radius);
    }
    assert_within_4_se(sample_mean(&centre), radius * 2.0 / 3.0, sample_mean_se(&centre));
    assert_within_4_se(sample_mean(&centre2), radius * radius / 2.0, sample_mean_se(&centre2));
    assert_within_4_se(sample_mean(&pair), radius * 128.0 / (45.0 * pi), sample_mean_se(&pair));
    assert_within_4_se(sample_mean(&pair2), radius * radius, sample_mean_se(&pair2));
}

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

/* Everybody buys from one of two firms in the first period: in every band of the difference in distance, the share of
 * the first is the mean of 1 / (1 + exp(cost (d_us - d_rival))). */
static void test_shares_fall_with_distance_as_the_logit_says(void **state)
{
    (void)state;
    enum { BANDS = 8 };
    static const char *const overrides[] = {"population.purchase_rate=2000", "market.area_radius=4",
                                            "population.distance_cost=0.9", "firms.rival.place_x=3"};
    struct gw_error error = {0};
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
    double n[BANDS] = {0}, us[BANDS] = {0}, expected[BANDS] = {0}, variance[BANDS] = {0};
    must(gw_scenario_load(&scenario, PLAIN_SCENARIOS "/duel.yaml", overrides, 4, &error), &error);
    must(gw_plan_create(&plan, scenario, (struct gw_plan_options){.isa = gw_isa_best()}, &error), &error);
    must(gw_worker_create(&worker, plan, 1, &error), &error);
    must(gw_worker_start(worker, 0, &error), &error);
    must(gw_worker_period(worker, &error), &error);
    const int distance = gw_plan_column_find(plan, "distance"), bought = gw_plan_column_find(plan, "last_purchase");
    for (uint32_t i = 0; i < scenario->population; i++) {
        const double difference =
            gw_worker_value(worker, distance, i, US) - gw_worker_value(worker, distance, i, RIVAL);
        const double p = 1.0 / (1.0 + exp(0.9 * difference));
        const int band = (int)((difference + 3.0) / 6.0 * BANDS);
        assert_in_range(band, 0, BANDS - 1);
        n[band] += 1.0;
        us[band] += gw_worker_value(worker, bought, i, US) >= 0.0;
        expected[band] += p;
        variance[band] += p * (1.0 - p);
    }
    for (int k = 0; k < BANDS; k++) {
        assert_true(n[k] > 300.0);
        assert_within_4_se(us[k] / n[k], expected[k] / n[k], sqrt(variance[k]) / n[k]);
        assert_true(k == 0 || us[k] / n[k] < us[k - 1] / n[k - 1]);
    }
    gw_worker_free(worker);
    gw_plan_free(plan);
    gw_scenario_free(scenario);
}

/* Firms are scattered anew in each replication, as an area is not the same twice. */
static void test_scatter_differs_between_replications(void **state)
{
    (void)state;
    struct lab *lab = run_duel("population.purchase_rate=52", "market.area_radius=4", "firms.us.scatter=4",
                               "firms.rival.scatter=4", "horizon=4", "replications=8", "population.size=2000");
    struct sample share = {0};
    for (uint32_t r = 0; r < 8; r++) {
        const double us = (double)lab_sum(lab, 0, r, "purchases", 0, US);
        sample_add(&share, us / (us + (double)lab_sum(lab, 0, r, "purchases", 0, RIVAL)));
    }
    assert_true(sqrt(sample_variance(&share)) > 0.05); /* with places alike it would be .006 */
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off),
        cmocka_unit_test(test_places_and_utility),
        cmocka_unit_test(test_rivals_are_counted_by_distance),
        cmocka_unit_test(test_mean_distances),
        cmocka_unit_test(test_shares_fall_with_distance_as_the_logit_says),
        cmocka_unit_test(test_scatter_differs_between_replications),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
