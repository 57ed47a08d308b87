#include "close.h"
#include "core/draws.h"
#include "outcome/estimate.h"
#include "outcome/quantity.h"

#include <math.h>
#include <string.h>

/* 1 .. 5: mean 3, variance 10 / 4, t(0.975; 4) = 2.776445105. */
static void mean_and_interval_of_a_small_sample(void **state)
{
    (void)state;
    const double x[] = {4, 2, NAN, 5, 1, INFINITY, 3};
    const struct gw_estimate e = gw_estimate_mean(x, 7, 0.95);
    const double half = 2.7764451051977987 * sqrt(2.5 / 5.0);
    assert_int_equal(e.n, 5);
    assert_close(e.mean, 3.0, 1e-15, 0.0);
    assert_close(e.sd, sqrt(2.5), 1e-15, 0.0);
    assert_close(e.low, 3.0 - half, 1e-12, 0.0);
    assert_close(e.high, 3.0 + half, 1e-12, 0.0);
    /* t(0.995; 4) = 4.604094871 */
    assert_close(gw_estimate_mean(x, 7, 0.99).high, 3.0 + 4.604094871349993 * sqrt(0.5), 1e-12, 0.0);
}

static void too_few_values_have_no_interval(void **state)
{
    (void)state;
    const double one[] = {NAN, 7.5};
    const struct gw_estimate single = gw_estimate_mean(one, 2, 0.95), none = gw_estimate_mean(one, 1, 0.95);
    assert_int_equal(single.n, 1);
    assert_true(single.mean == 7.5 && isnan(single.sd) && isnan(single.low) && isnan(single.high));
    assert_int_equal(none.n, 0);
    assert_true(isnan(none.mean) && isnan(none.low));
    assert_true(isnan(gw_estimate_mean((const double[]){1, 2}, 2, 1.0).low));
}

static void equal_values_have_no_spread_at_all(void **state)
{
    (void)state;
    double x[101];
    for (int i = 0; i < 101; i++) {
        x[i] = 0.1;
    }
    const struct gw_estimate e = gw_estimate_mean(x, 101, 0.95);
    assert_true(e.mean == 0.1 && e.sd == 0.0 && e.low == 0.1 && e.high == 0.1);
}

/* A large offset must not eat the spread. */
static void an_offset_leaves_the_spread(void **state)
{
    (void)state;
    const double x[] = {1e9 + 1, 1e9 + 2, 1e9 + 3};
    assert_close(gw_estimate_mean(x, 3, 0.95).sd, 1.0, 1e-12, 0.0);
}

/* Roots of (p - s)^2 = z^2 p (1 - p) / n, the interval's definition. */
static void wilson_interval_solves_its_equation(void **state)
{
    (void)state;
    const double z = 1.959963984540054;
    const double cases[][2] = {{8, 10}, {0, 10}, {10, 10}, {0.5, 1}, {86.5, 100}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const double n = cases[i][1], share = cases[i][0] / n;
        const struct gw_proportion p = gw_estimate_proportion(cases[i][0], (size_t)n, 0.95);
        assert_close((p.low - share) * (p.low - share), z * z * p.low * (1 - p.low) / n, 1e-9, 1e-15);
        assert_close((p.high - share) * (p.high - share), z * z * p.high * (1 - p.high) / n, 1e-9, 1e-15);
        assert_true(p.low >= 0.0 && p.low <= share && share <= p.high && p.high <= 1.0);
    }
    const struct gw_proportion p = gw_estimate_proportion(8, 10, 0.95);
    assert_close(p.low, 0.4902, 0.0, 5e-5); /* the textbook's example */
    assert_close(p.high, 0.9433, 0.0, 5e-5);
    assert_true(isnan(gw_estimate_proportion(0, 0, 0.95).share));
}

/* A = 3 5 4 8, B = 1 4 4 9: differences 2 1 0 -1, of variance 5 / 3; Var A = 14 / 3, Var B = 11. */
static void a_comparison_by_hand(void **state)
{
    (void)state;
    const double a[] = {3, 5, NAN, 4, 8, 6}, b[] = {1, 4, 2, 4, 9, NAN};
    const struct gw_comparison c = gw_estimate_comparison(a, b, 6, 0.95);
    assert_int_equal(c.difference.n, 4);
    assert_close(c.difference.mean, 0.5, 1e-15, 0.0);
    assert_close(c.difference.sd, sqrt(5.0 / 3.0), 1e-14, 0.0);
    assert_int_equal(c.better.n, 4);
    assert_close(c.better.share, 2.5 / 4.0, 1e-15, 0.0);
    assert_close(c.variance_ratio, (14.0 / 3.0 + 11.0) / (5.0 / 3.0), 1e-13, 0.0);
    assert_true(c.variance_ratio_low < c.variance_ratio && c.variance_ratio < c.variance_ratio_high);
    assert_true(c.variance_ratio_low >= 0.5); /* (Var S / Var D + 1) / 2 */
}

static void comparisons_without_spread(void **state)
{
    (void)state;
    const double a[] = {1, 2, 3}, shifted[] = {0, 1, 2}, flat[] = {4, 4, 4};
    const struct gw_comparison always = gw_estimate_comparison(a, shifted, 3, 0.95);
    assert_true(always.difference.mean == 1.0 && always.difference.low == 1.0 && always.difference.high == 1.0);
    assert_true(always.better.share == 1.0 && always.better.low < 1.0);
    assert_true(isinf(always.variance_ratio) && isnan(always.variance_ratio_low));
    const struct gw_comparison same = gw_estimate_comparison(flat, flat, 3, 0.95);
    assert_true(same.difference.mean == 0.0 && same.better.share == 0.5 && isnan(same.variance_ratio));
    const struct gw_comparison single = gw_estimate_comparison(a, shifted, 1, 0.95);
    assert_true(single.difference.n == 1 && isnan(single.difference.low) && isnan(single.variance_ratio));
}

/* Standard normals by Box and Muller (1958). */
static void normal_pair(uint32_t who, double *x, double *y)
{
    const struct gw_key key = gw_key_make(20240131, 1, 7);
    uint32_t word[4];
    gw_threefry(&key, who, 0, 0, 0, word);
    const double u = ((double)word[0] + 0.5) / 4294967296.0, v = ((double)word[1] + 0.5) / 4294967296.0;
    *x = sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
    *y = sqrt(-2.0 * log(u)) * sin(6.283185307179586 * v);
}

/* Var A = 1, Var B = 2.25, correlation 0.8: Var D = 1 + 2.25 - 2 * 0.8 * 1.5 = 0.85, ratio 3.25 / 0.85. Under
 * normality all three intervals hold their level exactly. */
static void intervals_hold_their_level(void **state)
{
    (void)state;
    enum { SAMPLES = 4000, SIZE = 12 };
    const double ratio = 3.25 / 0.85, se = sqrt(0.95 * 0.05 / SAMPLES);
    double a[SIZE], b[SIZE], mean = 0.0, difference = 0.0, variances = 0.0;
    for (uint32_t s = 0; s < SAMPLES; s++) {
        for (uint32_t i = 0; i < SIZE; i++) {
            double x, y;
            normal_pair(s * SIZE + i, &x, &y);
            a[i] = 10.0 + x;
            b[i] = 9.0 + 1.5 * (0.8 * x + 0.6 * y);
        }
        const struct gw_estimate e = gw_estimate_mean(b, SIZE, 0.95);
        const struct gw_comparison c = gw_estimate_comparison(a, b, SIZE, 0.95);
        mean += e.low <= 9.0 && 9.0 <= e.high;
        difference += c.difference.low <= 1.0 && 1.0 <= c.difference.high;
        variances += c.variance_ratio_low <= ratio && ratio <= c.variance_ratio_high;
    }
    assert_within_4_se(mean / SAMPLES, 0.95, se);
    assert_within_4_se(difference / SAMPLES, 0.95, se);
    assert_within_4_se(variances / SAMPLES, 0.95, se);
}

static void quantiles_interpolate(void **state)
{
    (void)state;
    double x[] = {30, NAN, 10, 20, -INFINITY, 40};
    assert_int_equal(gw_sort_finite(x, 6), 4);
    assert_close(gw_sorted_quantile(x, 4, 0.0), 10, 0.0, 0.0);
    assert_close(gw_sorted_quantile(x, 4, 0.5), 25, 1e-15, 0.0);
    assert_close(gw_sorted_quantile(x, 4, 0.9), 37, 1e-14, 0.0);
    assert_close(gw_sorted_quantile(x, 4, 1.0), 40, 0.0, 0.0);
    assert_close(gw_sorted_quantile(x, 1, 0.3), 10, 0.0, 0.0);
    assert_true(isnan(gw_sorted_quantile(x, 0, 0.5)) && isnan(gw_sorted_quantile(x, 4, 1.5)));
}

static const struct gw_quantity *quantity(const char *name)
{
    size_t count;
    const struct gw_quantity *all = gw_quantities(&count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(all[i].name, name) == 0) {
            return &all[i];
        }
    }
    fail_msg("no quantity %s", name);
    return NULL;
}

/* 2 strategies x 3 replications x 4 periods x 2 signs, numbered 0, 1, 2, ... */
static void quantities_come_from_their_arrays(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b"}, *const signs[] = {"positive", "negative"};
    struct gw_dataset *data;
    assert_int_equal(gw_dataset_create(&data, NULL), GW_OK);
    gw_dataset_add_axis(data, "strategy", "1", "strategy", 2, names, NULL);
    gw_dataset_add_axis(data, "replication", "1", "replication", 3, NULL, NULL);
    gw_dataset_add_axis(data, "period", "week", "period", 4, NULL, NULL);
    gw_dataset_add_axis(data, "sign", "1", "sign", 2, signs, NULL);
    const int axes[] = {0, 1, 2, 3}, turned[] = {1, 0};
    gw_dataset_add_array(data, "told", "tell", "tells", GW_INT64, 4, axes);
    gw_dataset_add_array(data, "active", "customer", "customers", GW_INT64, 3, axes);
    gw_dataset_add_array(data, "nps", "1", "axes in the wrong order", GW_FLOAT64, 2, turned);
    for (int64_t i = 0; i < 48; i++) {
        gw_dataset_array(data, "told")->integers[i] = i;
        gw_dataset_array(data, "active")->integers[i / 2] = i / 2;
    }
    double x[3];
    assert_true(gw_quantity_read(quantity("told_negative"), data, 1, x));
    assert_close(x[2], 41 + 43 + 45 + 47, 0.0, 0.0);
    assert_true(gw_quantity_read(quantity("active"), data, 1, x));
    assert_close(x[0], 15, 0.0, 0.0);
    assert_string_equal(gw_quantity_unit(quantity("active"), data), "customer");
    assert_false(gw_quantity_read(quantity("nps"), data, 0, x));
    assert_false(gw_quantity_read(quantity("company_value"), data, 0, x));
    assert_false(gw_quantity_read(quantity("active"), data, 2, x));
    assert_string_equal(gw_strategy_label(data, 1), "b");
    assert_string_equal(gw_strategy_label(data, 2), "");
    gw_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_and_interval_of_a_small_sample),
        cmocka_unit_test(too_few_values_have_no_interval),
        cmocka_unit_test(equal_values_have_no_spread_at_all),
        cmocka_unit_test(an_offset_leaves_the_spread),
        cmocka_unit_test(wilson_interval_solves_its_equation),
        cmocka_unit_test(a_comparison_by_hand),
        cmocka_unit_test(comparisons_without_spread),
        cmocka_unit_test(intervals_hold_their_level),
        cmocka_unit_test(quantiles_interpolate),
        cmocka_unit_test(quantities_come_from_their_arrays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
