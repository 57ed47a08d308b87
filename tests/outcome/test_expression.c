/* Measures: what is read, and that the jackknife is what theory says. */
#include "close.h"

#include "outcome/expression.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

enum { STRATEGIES = 2, REPLICATIONS = 4, PERIODS = 3 };

/* value[s][r] = 10 (s + 1) + r; told[s][r][t][sign] = 1000 s + 100 r + 10 t + sign; cash in millionths. */
static struct gw_dataset *sample(void)
{
    static const char *const strategies[] = {"base", "other"}, *const signs[] = {"positive", "negative"};
    struct gw_dataset *d = NULL;
    assert_int_equal(gw_dataset_create(&d, NULL), GW_OK);
    gw_dataset_add_attribute(d, "years", "0.5");
    const int s = gw_dataset_add_axis(d, "strategy", "1", "", STRATEGIES, strategies, NULL);
    const int r = gw_dataset_add_axis(d, "replication", "1", "", REPLICATIONS, NULL, NULL);
    const int t = gw_dataset_add_axis(d, "period", "week", "", PERIODS, NULL, NULL);
    const int sign = gw_dataset_add_axis(d, "sign", "1", "", 2, signs, NULL);
    static const char *const firms[] = {"us", "rival"};
    const int firm = gw_dataset_add_axis(d, "firm", "1", "", 2, firms, NULL);
    const int two[] = {s, r}, four[] = {s, r, t, sign}, three[] = {firm, s, r};
    const int size = gw_dataset_add_array(d, "firms_size", "1", "", GW_FLOAT64, 3, three);
    for (int i = 0; i < 2 * STRATEGIES * REPLICATIONS; i++) {
        d->array[size].reals[i] = i; /* 8 firm + 4 strategy + replication */
    }
    const int value = gw_dataset_add_array(d, "value", "money", "", GW_FLOAT64, 2, two);
    const int cash = gw_dataset_add_array(d, "cash", "1e-6 money", "", GW_INT64, 2, two);
    const int told = gw_dataset_add_array(d, "told", "messages", "", GW_INT64, 4, four);
    for (int i = 0; i < STRATEGIES * REPLICATIONS; i++) {
        d->array[value].reals[i] = 10.0 * (i / REPLICATIONS + 1) + i % REPLICATIONS;
        d->array[cash].integers[i] = 2500000;
    }
    for (int i = 0; i < STRATEGIES * REPLICATIONS * PERIODS * 2; i++) {
        d->array[told].integers[i] = 1000 * (i / 24) + 100 * (i / 6 % REPLICATIONS) + 10 * (i / 2 % PERIODS) + i % 2;
    }
    return d;
}

static const struct gw_expression_place nowhere = {GW_NO_STRATEGY, -1};

static struct gw_estimate measure(const char *expression, struct gw_expression_place place)
{
    struct gw_dataset *d = sample();
    struct gw_estimate e;
    struct gw_error error = {0};
    assert_int_equal(gw_expression_estimate(expression, d, place, 0.95, &e, &error), GW_OK);
    gw_dataset_free(d);
    return e;
}

static void assert_mean(const char *expression, double expected)
{
    assert_close(measure(expression, nowhere).mean, expected, 1e-12, 1e-12);
}

static void quantities_are_read_as_they_are_named(void **state)
{
    (void)state;
    assert_mean("base.value", 11.5);
    assert_mean("other.value - base.value", 10.0);
    assert_mean("base.cash", 2.5);
    assert_mean("base.told.positive.total", 3 * 150 + 30);
    assert_mean("base.told.negative.mean", 150 + 10 + 1);
    assert_mean("base.told.total", 2 * (3 * 150 + 30) + 3); /* both signs */
    assert_mean("base.told.positive.first", 150);
    assert_mean("other.told.positive.last", 1000 + 150 + 20);
    assert_mean("base.told.positive.last_year", 150 + 15); /* two half years */
    assert_mean("other.firms_size.rival", 8 + 4 + 1.5);
    assert_mean("base.firms_size", 8 + 2 * 1.5); /* both firms */
    assert_mean("min(base.value, 3) + (base.value > 11 ? 100 : 0)", 103.0);
}

static void each_and_a_period_say_where(void **state)
{
    (void)state;
    assert_close(measure("each.value", (struct gw_expression_place){1, -1}).mean, 21.5, 1e-12, 0.0);
    assert_close(measure("each.told.negative", (struct gw_expression_place){1, 2}).mean, 1000 + 150 + 20 + 1, 1e-12,
                 0.0);
}

/* told.positive of base at t: 150 + 10 t on average. */
static void what_is_added_up_over_time_is_read_in_every_period(void **state)
{
    (void)state;
    assert_mean("over_time(base.told.positive)", 3 * 150 + 30);
    assert_mean("over_time(base.told.positive.so_far)", 3 * 150 + 2 * 160 + 170);
    assert_mean("over_time(year * base.told.positive)", 0.5 * 150 + 160 + 1.5 * 170); /* half years */
    assert_mean("over_time(max(0, base.told.positive - 155)) / over_time(1)", (5.0 + 15.0) / 3.0);
    assert_mean("over_time(base.told.positive - base.told.positive.mean)", 0.0);
    assert_close(measure("over_time(each.told.positive)", (struct gw_expression_place){1, -1}).mean, 3480.0, 1e-12,
                 0.0);
    const struct gw_estimate sum = measure("over_time(base.told.positive)", nowhere),
                             total = measure("base.told.positive.total", nowhere);
    assert_close(sum.sd, total.sd, 1e-12, 0.0);
}

/* A sum's jackknife is the mean with its Student interval, exactly. */
static void a_difference_has_the_usual_interval(void **state)
{
    (void)state;
    const double x[] = {10, 11, 12, 13};
    const struct gw_estimate e = measure("base.value", nowhere), usual = gw_estimate_mean(x, 4, 0.95);
    assert_int_equal(e.n, 4);
    assert_close(e.sd, usual.sd, 1e-12, 0.0);
    assert_close(e.low, usual.low, 1e-12, 0.0);
    assert_close(e.high, usual.high, 1e-12, 0.0);
}

/* A ratio of means a/b: to first order var = (var a - 2 q cov + q^2 var b) / (n b^2), q = a/b (Cochran 1977,
 * Sampling Techniques). Here a = x^2, b = x. */
static void a_ratio_has_the_interval_of_a_ratio(void **state)
{
    (void)state;
    struct gw_dataset *d = sample();
    struct gw_estimate e;
    double *base = gw_dataset_array(d, "value")->data;
    for (int r = 0; r < REPLICATIONS; r++) {
        base[r] = 100.0 + 0.01 * r;
        base[REPLICATIONS + r] = base[r] * base[r];
    }
    assert_int_equal(gw_expression_estimate("other.value / base.value", d, nowhere, 0.95, &e, NULL), GW_OK);
    assert_close(e.mean, 100.015, 1e-5, 0.0);
    assert_close(e.sd, 0.01 * sqrt(5.0 / 3.0), 1e-3, 0.0); /* of x: the slope of x^2/x is 1 */
    gw_dataset_free(d);
}

static void undefined_replications_are_left_out(void **state)
{
    (void)state;
    struct gw_dataset *d = sample();
    struct gw_estimate e;
    ((double *)gw_dataset_array(d, "value")->data)[0] = NAN;
    assert_int_equal(gw_expression_estimate("base.value + 0 * base.cash", d, nowhere, 0.95, &e, NULL), GW_OK);
    assert_int_equal(e.n, 3);
    assert_close(e.mean, 12.0, 1e-12, 0.0);
    gw_dataset_free(d);
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"nobody.value", "there is no strategy 'nobody'"},
        {"base.worth", "the results have no quantity 'worth'"},
        {"base.told.neutral.total", "there is no label or reading 'neutral'"},
        {"base.told.negative",
         "a series needs a reading (total, mean, first, last, last_year): 'base.told.negative'"},
        {"base.value.total", "this has one value, it needs no reading: 'base.value.total'"},
        {"each.value", "there is no strategy 'each'"},
        {"base", "expected STRATEGY.QUANTITY, got 'base'"},
        {"base.value +", "Unexpected end of expression"},
        {"sin(", "Unexpected end of expression"},
        {"base.value base.value", "Unexpected"},
        {"over_time(base.told", "no closing bracket"},
        {"over_time(over_time(1))", "over_time(over_time(1))"},
        {"over_time(base.told.never)", "there is no label or reading 'never'"},
        {"base.told.so_far", "a series needs a reading"},
        {"year", "expected STRATEGY.QUANTITY, got 'year'"},
    };
    struct gw_dataset *d = sample();
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct gw_estimate e;
        struct gw_error error = {0};
        assert_int_equal(gw_expression_estimate(wrong[i][0], d, nowhere, 0.95, &e, &error), GW_BAD_INPUT);
        if (strstr(error.text, wrong[i][1]) == NULL) {
            fail_msg("%s: %s", wrong[i][0], error.text);
        }
    }
    gw_dataset_free(d);
}

/* t(4) beyond 2.776 holds 2.5%. */
static void probabilities_are_those_of_the_t_distribution(void **state)
{
    (void)state;
    const struct gw_estimate e = {5, 0.0, sqrt(5.0), NAN, NAN};
    assert_close(gw_probability_between(&e, -2.7764451051977987, 2.7764451051977987), 0.95, 1e-10, 0.0);
    assert_close(gw_probability_between(&e, -INFINITY, 2.7764451051977987), 0.975, 1e-10, 0.0);
    assert_true(gw_probability_between(&(struct gw_estimate){5, 1.0, 0.0, NAN, NAN}, 0.0, INFINITY) == 1.0);
    assert_true(gw_probability_between(&(struct gw_estimate){5, -1.0, 0.0, NAN, NAN}, 0.0, INFINITY) == 0.0);
    assert_true(isnan(gw_probability_between(&(struct gw_estimate){1, 1.0, NAN, NAN, NAN}, 0.0, INFINITY)));
}

/* Pairs (10, 11), (12, 13) of the base have means 10.5 and 12.5. */
static void antithetic_pairs_are_left_out_together(void **state)
{
    (void)state;
    struct gw_dataset *d = sample();
    struct gw_estimate e;
    const struct gw_expression_place place = {0, -1};
    gw_dataset_add_attribute(d, "antithetic", "true");
    assert_int_equal(gw_expression_estimate("each.value", d, place, 0.9, &e, NULL), GW_OK);
    const double half = gsl_cdf_tdist_Pinv(0.95, 1.0) * 1.0; /* sd of pair means sqrt(2), over sqrt(2) */
    assert_int_equal(e.n, 4);
    assert_close(e.mean, 11.5, 1e-14, 0.0);
    assert_close(e.high - e.mean, half, 1e-12, 0.0);
    d->array[gw_dataset_array(d, "value") - d->array].reals[3] = NAN;
    assert_int_equal(gw_expression_estimate("each.value", d, place, 0.9, &e, NULL), GW_OK);
    assert_true(e.n == 2 && isnan(e.high));
    assert_close(e.mean, 10.5, 1e-14, 0.0);
    gw_dataset_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(antithetic_pairs_are_left_out_together),
        cmocka_unit_test(quantities_are_read_as_they_are_named),
        cmocka_unit_test(each_and_a_period_say_where),
        cmocka_unit_test(what_is_added_up_over_time_is_read_in_every_period),
        cmocka_unit_test(a_difference_has_the_usual_interval),
        cmocka_unit_test(a_ratio_has_the_interval_of_a_ratio),
        cmocka_unit_test(undefined_replications_are_left_out),
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(probabilities_are_those_of_the_t_distribution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
