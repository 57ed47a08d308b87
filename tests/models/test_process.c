#include "descriptors.h"
#include "lab.h"
#include "one_rule.h"
#include "sample.h"

#include <math.h>
#include <stdio.h>

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("process");
}

static struct one_rule *open_with(double coupling, double shock)
{
    static const char *const names[] = {"us"};
    struct one_rule *bench = one_rule_open("process", 1);
    bench->firms.name = names;
    one_rule_set(bench, "process_coupling", coupling);
    one_rule_set(bench, "process_shock", shock);
    one_rule_set(bench, "process_measurement", 0.0);
    return bench;
}

static void set_team(struct one_rule *bench, double gain, int delay)
{
    one_rule_set(bench, "process_team", gain);
    one_rule_set(bench, "process_delay", delay);
}

static double shift(struct one_rule *bench)
{
    return *(const double *)one_rule_column(bench, "process_shift");
}

/* Periods first ... first + n - 1. */
static void run(struct one_rule *bench, uint32_t first, uint32_t n)
{
    for (uint32_t t = first; t < first + n; t++) {
        bench->firms.period = t;
        one_rule_run(bench, GW_ACT);
    }
}

/* A lasting shock to all processes is amplified 1 / (1 - c) times. */
static void test_domino(void **state)
{
    (void)state;
    static const double coupling[] = {0.2, 0.5, 0.8, 0.9};
    for (int i = 0; i < 4; i++) {
        struct one_rule *bench = open_with(coupling[i], -0.1);
        run(bench, 0, 600);
        assert_close(shift(bench), -0.1 / (1.0 - coupling[i]), 1e-9, 0.0);
        one_rule_close(bench);
    }
}

static void test_no_shock_no_shift(void **state)
{
    (void)state;
    struct one_rule *bench = open_with(0.9, 0.0);
    run(bench, 0, 50);
    assert_true(shift(bench) == 0.0);
    assert_int_equal(one_rule_tally(bench, "process_shift", 0, 0), 0);
    one_rule_close(bench);
}

/* x' = c x + shock + u, then u' = u - k x of d ticks before: week by week, c = .5, shock 1, k = .1, d = 1. */
static void test_order_of_a_tick(void **state)
{
    (void)state;
    static const double want[] = {1.0, 1.5, 1.75, 1.775, 1.6375}; /* u = 0, 0, 0, -.1, -.25 */
    struct one_rule *bench = open_with(0.5, 1.0);
    set_team(bench, 0.1, 1);
    for (uint32_t t = 0; t < 5; t++) {
        run(bench, t, 1);
        assert_close(shift(bench), want[t], 1e-12, 0.0);
    }
    one_rule_close(bench);
}

/* One tick for every whole week: none on most days, four or five in a month, 52 in a year of either. */
static void test_ticks(void **state)
{
    (void)state;
    static const struct {
        double years;
        uint32_t periods;
    } length[] = {{1.0 / 52.0, 52}, {1.0 / 364.0, 364}, {1.0 / 12.0, 12}};
    for (int i = 0; i < 3; i++) {
        struct one_rule *bench = open_with(0.5, 0.25);
        double *x = one_rule_column(bench, "processes");
        bench->firms.years = length[i].years;
        run(bench, 0, length[i].periods);
        assert_close(x[3], 0.5 * (1.0 - pow(0.5, 52.0)), 1e-12, 0.0);
        one_rule_close(bench);
    }
    struct one_rule *days = open_with(0.5, 0.25);
    days->firms.years = 1.0 / 364.0;
    run(days, 0, 6);
    assert_true(shift(days) == 0.0);
    run(days, 6, 1);
    assert_close(shift(days), 0.25, 1e-12, 0.0);
    one_rule_close(days);
}

/* ---- The loop of the team ----------------------------------------------------------------------------------- */

/* Largest gain at which the loop is stable, three decimals, found once from the roots of (z - 1)(z - c) z^d + k. */
static const double couplings[4] = {0.0, 0.5, 0.8, 0.9};
static const int delays[5] = {0, 1, 2, 4, 8};
static const double limits[4][5] = {{1.000, 0.618, 0.445, 0.285, 0.165},
                                    {0.500, 0.281, 0.199, 0.129, 0.077},
                                    {0.200, 0.105, 0.072, 0.046, 0.027},
                                    {0.100, 0.051, 0.035, 0.022, 0.013}};

static bool refused(struct one_rule *bench, double gain, int delay)
{
    char message[200];
    set_team(bench, gain, delay);
    return bench->rule->check(&bench->firms, message, sizeof message) != 0;
}

/* The gain from which on a team is refused. */
static double refused_from(struct one_rule *bench, int delay)
{
    double low = 0.0, high = 5.0;
    assert_true(!refused(bench, low, delay) && refused(bench, high, delay));
    for (int i = 0; i < 60; i++) {
        const double gain = 0.5 * (low + high);
        *(refused(bench, gain, delay) ? &high : &low) = gain;
    }
    return high;
}

static void test_limits(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct one_rule *bench = open_with(couplings[i], -0.1);
        for (int j = 0; j < 5; j++) {
            assert_close(refused_from(bench, delays[j]), limits[i][j], 0.0, 0.0005);
        }
        one_rule_close(bench);
    }
}

/* Without coupling the limit is 2 sin(pi / (2 (2 d + 3))). */
static void test_limit_without_coupling(void **state)
{
    (void)state;
    struct one_rule *bench = open_with(0.0, -0.1);
    for (int delay = 0; delay <= 26; delay++) {
        assert_close(refused_from(bench, delay), 2.0 * sin(3.14159265358979323846 / (4.0 * delay + 6.0)), 1e-9, 0.0);
    }
    one_rule_close(bench);
}

/* How far the processes swing in the last 200 of many weeks, after a shock. */
static double swing(double coupling, double gain, int delay)
{
    struct one_rule *bench = open_with(coupling, -0.1);
    double widest = 0.0;
    set_team(bench, gain, delay);
    run(bench, 0, 19800);
    for (uint32_t t = 19800; t < 20000; t++) {
        run(bench, t, 1);
        widest = fmax(widest, fabs(shift(bench)));
    }
    one_rule_close(bench);
    return widest;
}

/* At .98 of the limit the lasting shock is removed, at 1.02 the loop swings until deviations are as large as they
 * are let become. */
static void test_loop_settles_or_swings(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct one_rule *bench = open_with(couplings[i], -0.1);
        for (int j = 0; j < 5; j++) {
            const double limit = refused_from(bench, delays[j]);
            assert_true(swing(couplings[i], 0.98 * limit, delays[j]) < 1e-5);
            assert_true(swing(couplings[i], 1.02 * limit, delays[j]) > 10.0);
        }
        one_rule_close(bench);
    }
}

/* The refusal names the limit; a row sum of 1 is refused as well. */
static void test_message(void **state)
{
    (void)state;
    char message[200];
    struct one_rule *bench = open_with(0.8, -0.1);
    set_team(bench, 0.11, 1);
    assert_true(bench->rule->check(&bench->firms, message, sizeof message) != 0);
    assert_non_null(strstr(message, "above 0.105,"));
    assert_non_null(strstr(message, "firms.us.process_team"));
    set_team(bench, 0.0, 1);
    one_rule_set(bench, "process_coupling", 1.0);
    assert_true(bench->rule->check(&bench->firms, message, sizeof message) != 0);
    assert_non_null(strstr(message, "firms.us.process_coupling"));
    one_rule_close(bench);
}

/* A plan is refused for the values of any strategy, with the limit in the message. */
static int plan(const char *rest, struct gw_error *error)
{
    char text[512];
    struct gw_scenario *scenario = NULL;
    struct gw_plan *made = NULL;
    snprintf(
        text, sizeof text,
        "goodwill: 1\nhorizon: 10\npopulation: {size: 60}\nnetwork: none\nfocal: us\nfirms: {us: {}, rival: {}}\n"
        "strategies: {none: {}, team: {%s}}\n",
        rest);
    assert_int_equal(gw_scenario_parse(&scenario, text, strlen(text), "team.yaml", ".", NULL, 0, error), GW_OK);
    const int ret = gw_plan_create(&made, scenario, (struct gw_plan_options){.isa = GW_ISA_PORTABLE}, error);
    gw_plan_free(made);
    gw_scenario_free(scenario);
    return ret;
}

static void test_plan_is_refused(void **state)
{
    struct gw_error error = {0};
    (void)state;
    assert_int_equal(plan("firms.rival.process_team: 0.4, firms.rival.process_delay: 0", &error), GW_OK);
    assert_int_equal(plan("firms.rival.process_team: 0.5, firms.rival.process_coupling: 0.5", &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, "firms.rival.process_team is 0.5"));
    assert_non_null(strstr(error.text, "above 0.2808,"));
}

/* ---- Chance --------------------------------------------------------------------------------------------------- */

/* Two firms, their ticks and draws by hand. */
static void test_draws(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("process", 2);
    one_rule_set(bench, "process_coupling", 0.0);
    one_rule_set(bench, "process_noise", 0.5);
    one_rule_set(bench, "process_measurement", 0.25);
    set_team(bench, 0.125, 0);
    run(bench, 0, 2);
    const double *all = one_rule_column(bench, "processes");
    const size_t width = gw_column_width(&bench->rule->columns[0]);
    for (int firm = 0; firm < 2; firm++) {
        for (int p = 0; p < 6; p++) {
            double z[2][2]; /* [tick][of what] */
            for (uint32_t tick = 0; tick < 2; tick++) {
                for (uint32_t d = 0; d < 2; d++) {
                    const float u = gw_uniform_single(&bench->firms.key, (uint32_t)(6 * firm + p), 0, tick, d);
                    z[tick][d] = (double)gw_normal_quantilef(u);
                }
            }
            const double u = -0.125 * 0.25 * z[0][1], x = 0.5 * z[0][0];
            const double *own = all + (size_t)firm * width;
            assert_close(own[p], 0.5 * z[1][0] + u, 1e-12, 1e-15);
            assert_close(own[6 + p], u - 0.125 * (x + 0.25 * z[1][1]), 1e-12, 1e-15);
        }
    }
    one_rule_close(bench);
}

/* Noise of sd s in every process, coupled by c: the mean is an AR(1) with innovation variance s^2 / 6. */
static void test_noise(void **state)
{
    (void)state;
    struct one_rule *bench = open_with(0.5, 0.0);
    struct sample innovation = {0};
    double last = 0.0;
    one_rule_set(bench, "process_noise", 0.3);
    for (uint32_t t = 0; t < 4000; t++) {
        run(bench, t, 1);
        sample_add(&innovation, shift(bench) - 0.5 * last);
        last = shift(bench);
    }
    assert_within_4_se(sample_mean(&innovation), 0.0, sample_mean_se(&innovation));
    assert_within_4_se(sample_variance(&innovation), 0.09 / 6.0, sample_variance_se(&innovation));
    one_rule_close(bench);
}

/* ---- In a market ---------------------------------------------------------------------------------------------- */

static struct lab *market(const char *us)
{
    char text[1024];
    snprintf(text, sizeof text,
             "goodwill: 1\nperiod: week\nhorizon: 2 years\nwarm_up: 1 years\nreplications: 2\nseed: 6\n"
             "population: {size: 3000}\nnetwork: none\nfocal: us\nfirms: {us: {%s}, rival: {price: 1}}\n"
             "strategies: {calm: {}, shock: {firms.us.process_shock: -0.05}}\n",
             us);
    return lab_run(text);
}

static int64_t good(const struct lab *lab, int strategy)
{
    return lab_total(lab, strategy, "experiences", 0, 0);
}

/* A shock spoils experiences, more so where processes hang together; a slow team mends it. */
static void test_shock_spoils_treatment(void **state)
{
    (void)state;
    struct lab *loose = market("process_coupling: 0"), *tight = market("process_coupling: 0.9");
    struct lab *mended = market("process_coupling: 0.9, process_team: 0.02, process_measurement: 0");
    assert_int_equal(lab_total(loose, 0, "process_shift", 0, 0), 0);
    assert_true(good(loose, 0) == good(tight, 0));
    assert_true(good(loose, 1) < good(loose, 0) && good(tight, 1) < good(loose, 1));
    assert_true(good(mended, 1) > good(tight, 1));
    lab_free(loose);
    lab_free(tight);
    lab_free(mended);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_domino),
        cmocka_unit_test(test_no_shock_no_shift),
        cmocka_unit_test(test_order_of_a_tick),
        cmocka_unit_test(test_ticks),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_limit_without_coupling),
        cmocka_unit_test(test_loop_settles_or_swings),
        cmocka_unit_test(test_message),
        cmocka_unit_test(test_plan_is_refused),
        cmocka_unit_test(test_draws),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_shock_spoils_treatment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
