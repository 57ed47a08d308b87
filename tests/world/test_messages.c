/* Messages over networks through the whole engine: a hub's counters end at 65,535, in a complete network everybody
 * else is as likely to hear, and networks drawn anew do not depend on threads. */
#include "close.h"
#include "lab.h"
#include "scratch.h"

#include "engine/worker_private.h"

#include <gsl/gsl_errno.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POSITIVE, NEGATIVE };
enum { LEAVES = 100000 };

/* ---- A hub --------------------------------------------------------------------------------------------- */

static void write_star(void)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    for (int leaf = 1; leaf <= LEAVES; leaf++) {
        fprintf(out, "0 %d\n", leaf);
    }
    fclose(out);
    scratch_write("star.txt", text, length);
    free(text);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Leaves only tell the hub, who is person 0 and tells nobody: what is heard is what stands in its two counters. */
static void test_counters_of_a_hub_saturate(void **state)
{
    (void)state;
    write_star();
    struct lab *lab =
        lab_run("goodwill: 1\nperiod: week\nhorizon: 3 weeks\nwarm_up: 0 weeks\nreplications: 1\nseed: 5\n"
                "population:\n  purchase_rate: 1000\n  category_appeal: 10\n"
                "  expectation_start: 0.3\n  segments:\n"
                "    hub: {share: 0.00001, tells_per_experience: 0}\n"
                "    leaves: {share: 0.99999, tells_per_experience: 3}\n"
                "network: {edge_list: star.txt}\nfirms: {us: {failure_rate: 0.2}}\n");
    assert_int_equal(lab->scenario->population, LEAVES + 1);
    assert_int_equal(gw_segment_first(lab->scenario, 1), 1);
    assert_int_equal(lab->plan->network->max_degree, LEAVES);
    for (uint32_t t = 1; t < 3; t++) {
        const int64_t good = lab_cell(lab, 0, 0, t - 1, "told", POSITIVE, 0);
        const int64_t bad = lab_cell(lab, 0, 0, t - 1, "told", NEGATIVE, 0);
        assert_true(good > 3 * UINT16_MAX); /* would have wrapped more than once */
        assert_true(bad > 0);
        assert_int_equal(lab_cell(lab, 0, 0, t, "heard", POSITIVE, 0), UINT16_MAX);
        assert_int_equal(lab_cell(lab, 0, 0, t, "heard", NEGATIVE, 0), least(bad, UINT16_MAX));
    }
    lab_free(lab);
}

/* ---- A complete network -------------------------------------------------------------------------------- */

/* A worker at the start of a market of one firm in which everybody knows everybody. */
struct crowd {
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
};

static struct crowd crowd_open(int people)
{
    struct crowd c = {NULL, NULL, NULL};
    struct gw_error error = {0};
    char text[200];
    snprintf(text, sizeof text,
             "goodwill: 1\nhorizon: 2\npopulation: {size: %d}\nnetwork: {complete: {}}\nfirms: {us: {}}\n", people);
    gsl_set_error_handler_off();
    const struct gw_plan_options options = {.isa = gw_isa_best()};
    if (gw_scenario_parse(&c.scenario, text, strlen(text), "crowd.yaml", ".", NULL, 0, &error) != GW_OK ||
        gw_plan_create(&c.plan, c.scenario, options, &error) != GW_OK ||
        gw_worker_create(&c.worker, c.plan, 1, &error) != GW_OK || gw_worker_start(c.worker, 0, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    c.worker->tell_key = gw_key_make(6, 0, 77);
    return c;
}

static void crowd_close(struct crowd c)
{
    gw_worker_free(c.worker);
    gw_plan_free(c.plan);
    gw_scenario_free(c.scenario);
}

/* Person `id` says something good so many times; the counts of all, one block of one firm. */
static const uint16_t *tell(struct crowd c, uint32_t id, int32_t times)
{
    c.worker->told[0] = (struct gw_told){.id = id, .firm = 0, .positive = times, .negative = 0};
    c.worker->tellers = 1;
    gw_worker_deliver(c.worker);
    return (const uint16_t *)(const void *)(c.worker->arena + c.worker->columns.positive);
}

/* Chi-square over the 999 others: 998 degrees of freedom. */
static void test_everybody_else_is_as_likely(void **state)
{
    (void)state;
    enum { PEOPLE = 1000, TIMES = 200000 };
    const uint32_t teller[] = {0, 500, PEOPLE - 1};
    for (int i = 0; i < 3; i++) {
        struct crowd c = crowd_open(PEOPLE);
        const uint16_t *heard = tell(c, teller[i], TIMES);
        const double expected = TIMES / (PEOPLE - 1.0);
        double chi = 0.0, sum = 0.0;
        for (uint32_t v = 0; v < PEOPLE; v++) {
            sum += heard[v];
            chi += v == teller[i] ? 0.0 : (heard[v] - expected) * (heard[v] - expected) / expected;
        }
        assert_int_equal(heard[teller[i]], 0);
        assert_close(sum, TIMES, 0.0, 0.0);
        assert_within_4_se(chi, PEOPLE - 2.0, sqrt(2.0 * (PEOPLE - 2.0)));
        crowd_close(c);
    }
}

/* floor(x (N - 1) / 2^32), numbered without the teller, x the bits of telling's single(m), entity 1. */
static void test_who_hears_is_a_function_of_the_draw(void **state)
{
    (void)state;
    enum { PEOPLE = 9, TELLER = 4 };
    for (uint32_t m = 0; m < 40; m++) {
        struct crowd c = crowd_open(PEOPLE);
        const uint16_t *heard = tell(c, TELLER, (int32_t)m);
        const uint32_t before = heard[0] + heard[1] + heard[2] + heard[3];
        uint32_t expected = 0;
        for (uint32_t k = 0; k < m; k++) {
            uint32_t x[4];
            gw_threefry(&c.worker->tell_key, TELLER, 0, 1, GW_DRAW_SINGLE | k >> 2, x);
            expected += (x[k & 3] >> 31) == 0; /* the lower four of eight */
        }
        assert_int_equal(before, expected);
        crowd_close(c);
    }
}

static void test_who_is_alone_is_not_heard(void **state)
{
    (void)state;
    struct crowd c = crowd_open(1);
    const uint16_t *heard = tell(c, 0, 1000);
    for (int v = 0; v < GW_BLOCK; v++) {
        assert_int_equal(heard[v], 0);
    }
    crowd_close(c);
}

/* ---- Networks drawn anew ------------------------------------------------------------------------------- */

static struct lab *run_anew(const char *network, int threads)
{
    char text[600];
    snprintf(text, sizeof text,
             "goodwill: 1\nperiod: week\nhorizon: 20 weeks\nwarm_up: 4 weeks\nreplications: 4\nseed: 12\n"
             "population: {size: 3000, tells_per_experience: 2}\nnetwork: %s\n"
             "firms: {us: {}, rival: {}}\nstrategies: {stay: {}, cut: {firms.us.price: 0.9}}\n",
             network);
    return lab_run_with(text, (struct lab_options){.threads = threads});
}

static void test_drawn_anew_on_any_thread(void **state)
{
    (void)state;
    static const char *const networks[] = {
        "{barabasi_albert: {edges: 3, per_replication: true}}",
        "{configuration: {poisson: {mean: 4}, per_replication: true}}",
        "{configuration: {power_law: {exponent: 2.3, minimum: 2, maximum: 200}, per_replication: true}}",
        "{complete: {}}",
    };
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        char difference[200];
        struct lab *one = run_anew(networks[i], 1), *two = run_anew(networks[i], 2);
        if (!lab_same(one, two, difference)) {
            fail_msg("%s: %s", networks[i], difference);
        }
        assert_true(lab_total(one, 0, "heard", POSITIVE, 0) > 1000);
        lab_free(one);
        lab_free(two);
    }
}

/* Another network in each replication, and not the one that all share. */
static void test_drawn_anew_is_another_network(void **state)
{
    (void)state;
    struct lab *anew = run_anew("{barabasi_albert: {edges: 3, per_replication: true}}", 1);
    struct lab *once = run_anew("{barabasi_albert: {edges: 3}}", 1);
    char difference[200];
    assert_null(anew->plan->network);
    assert_non_null(once->plan->network);
    assert_false(lab_same(anew, once, difference));
    lab_free(anew);
    lab_free(once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counters_of_a_hub_saturate),
        cmocka_unit_test(test_everybody_else_is_as_likely),
        cmocka_unit_test(test_who_hears_is_a_function_of_the_draw),
        cmocka_unit_test(test_who_is_alone_is_not_heard),
        cmocka_unit_test(test_drawn_anew_on_any_thread),
        cmocka_unit_test(test_drawn_anew_is_another_network),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
