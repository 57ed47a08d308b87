#include "close.h"
#include "outcome/dataset.h"

#include <stdint.h>
#include <string.h>

static const char *const strategies[] = {"status_quo", "price_cut", "Qualit\xc3\xa4t"};

/* Two arrays over strategy x period, added in either order. */
static struct gw_dataset *example(int swapped)
{
    struct gw_dataset *data;
    assert_int_equal(gw_dataset_create(&data, NULL), GW_OK);
    const int strategy = gw_dataset_add_axis(data, "strategy", "1", "strategy", 3, strategies, NULL);
    const int period = gw_dataset_add_axis(data, "period", "week", "period", 5, NULL, (int64_t[]){8, 9, 10, 11, 12});
    const int both[] = {strategy, period};
    for (int i = 0; i < 2; i++) {
        if ((i == 0) != (swapped != 0)) {
            assert_true(gw_dataset_add_array(data, "customers", "customer", "customers", GW_INT64, 2, both) >= 0);
        } else {
            assert_true(gw_dataset_add_array(data, "value", "EUR", "value", GW_FLOAT64, 1, both) >= 0);
        }
    }
    for (int i = 0; i < 15; i++) {
        gw_dataset_array(data, "customers")->integers[i] = 100 - i;
    }
    for (int i = 0; i < 3; i++) {
        gw_dataset_array(data, "value")->reals[i] = 0.1 * i;
    }
    return data;
}

static void fingerprint(const struct gw_dataset *data, char hex[65])
{
    assert_int_equal(gw_dataset_fingerprint(data, hex, NULL), GW_OK);
    assert_int_equal(strlen(hex), 64);
}

static void shapes_and_lookup(void **state)
{
    (void)state;
    struct gw_dataset *data = example(0);
    assert_int_equal(gw_array_length(data, gw_dataset_array(data, "customers")), 15);
    assert_int_equal(gw_array_length(data, gw_dataset_array(data, "value")), 3);
    assert_string_equal(gw_dataset_axis(data, "strategy")->labels[2], "Qualit\xc3\xa4t");
    assert_int_equal(gw_dataset_axis(data, "period")->values[4], 12);
    assert_null(gw_dataset_array(data, "strategy"));
    assert_null(gw_dataset_axis(data, "customers"));
    assert_null(gw_dataset_attribute(data, "seed"));
    assert_int_equal(gw_dataset_add_attribute(data, "seed", "7"), 0);
    assert_string_equal(gw_dataset_attribute(data, "seed"), "7");
    gw_dataset_free(data);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    struct gw_dataset *data = example(0);
    const int huge = gw_dataset_add_axis(data, "empty", "1", "no elements", 0, NULL, NULL);
    assert_int_equal(huge, 2);
    assert_int_equal(gw_dataset_add_axis(data, "period", "1", "again", 1, NULL, NULL), -1);
    assert_int_equal(gw_dataset_add_axis(data, "value", "1", "an array's name", 1, NULL, NULL), -1);
    assert_int_equal(gw_dataset_add_array(data, "a", "1", "a", GW_INT64, 1, (int[]){3}), -1);
    assert_int_equal(gw_dataset_add_array(data, "a", "1", "a", GW_INT64, GW_MAX_DIMS + 1, (int[GW_MAX_DIMS + 1]){0}),
                     -1);
    assert_int_equal(gw_dataset_add_array(data, "value", "1", "a", GW_INT64, 0, NULL), -1);
    assert_int_equal(gw_dataset_add_array(data, "scalar", "1", "a", GW_FLOAT64, 0, NULL), 2);
    assert_int_equal(gw_array_length(data, gw_dataset_array(data, "scalar")), 1);
    assert_int_equal(gw_dataset_add_attribute(data, "a", "1"), 0);
    assert_int_equal(gw_dataset_add_attribute(data, "a", "2"), -1);
    gw_dataset_free(data);
}

static void fingerprint_ignores_order_and_attributes(void **state)
{
    (void)state;
    char one[65], two[65];
    struct gw_dataset *first = example(0), *second = example(1);
    assert_int_equal(gw_dataset_add_attribute(second, "host", "elsewhere"), 0);
    fingerprint(first, one);
    fingerprint(second, two);
    assert_string_equal(one, two);
    gw_dataset_free(first);
    gw_dataset_free(second);
}

static void fingerprint_sees_every_bit(void **state)
{
    (void)state;
    char clean[65], dirty[65];
    struct gw_dataset *data = example(0);
    fingerprint(data, clean);
    for (int i = 0; i < data->arrays; i++) {
        uint64_t *words = data->array[i].data;
        for (size_t bit = 0; bit < 64 * gw_array_length(data, &data->array[i]); bit++) {
            words[bit / 64] ^= UINT64_C(1) << bit % 64;
            fingerprint(data, dirty);
            assert_string_not_equal(clean, dirty);
            words[bit / 64] ^= UINT64_C(1) << bit % 64;
        }
    }
    fingerprint(data, dirty);
    assert_string_equal(clean, dirty);
    gw_dataset_free(data);
}

static void fingerprint_sees_names_and_axes(void **state)
{
    (void)state;
    char clean[65], dirty[65];
    struct gw_dataset *data = example(0);
    char *const texts[] = {data->array[0].name, data->axis[0].name, data->axis[0].labels[2]};
    fingerprint(data, clean);
    for (int i = 0; i < 3; i++) {
        texts[i][0] ^= 1;
        fingerprint(data, dirty);
        assert_string_not_equal(clean, dirty);
        texts[i][0] ^= 1;
    }
    data->axis[1].values[3]++;
    fingerprint(data, dirty);
    assert_string_not_equal(clean, dirty);
    gw_dataset_free(data);
}

/* An axis of the same bits is another one when they are real numbers. */
static void real_coordinates_are_kept(void **state)
{
    (void)state;
    static const double prices[] = {0.8, 0.9, 1.0};
    int64_t bits[3];
    char real[65], other[65], integer[65];
    struct gw_dataset *data[2];
    memcpy(bits, prices, sizeof bits);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(gw_dataset_create(&data[i], NULL), GW_OK);
    }
    assert_int_equal(gw_dataset_add_real_axis(data[0], "price", "EUR", "price", 3, prices), 0);
    assert_int_equal(gw_dataset_add_real_axis(data[0], "price", "EUR", "again", 3, prices), -1);
    assert_int_equal(gw_dataset_add_axis(data[1], "price", "EUR", "price", 3, NULL, bits), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(gw_dataset_add_array(data[i], "value", "EUR", "value", GW_FLOAT64, 1, (int[]){0}), 0);
    }
    const struct gw_axis *axis = gw_dataset_axis(data[0], "price");
    assert_null(axis->values);
    assert_null(axis->labels);
    assert_close(axis->reals[1], 0.9, 0.0, 0.0);
    fingerprint(data[0], real);
    fingerprint(data[1], integer);
    assert_string_not_equal(real, integer);
    data[0]->axis[0].reals[2] = 1.5;
    fingerprint(data[0], other);
    assert_string_not_equal(real, other);
    gw_dataset_free(data[0]);
    gw_dataset_free(data[1]);
}

/* The stream written out by hand: one scalar array "x" holding the integer 1; digest by sha256sum. */
static void fingerprint_known_answer(void **state)
{
    (void)state;
    char hex[65];
    struct gw_dataset *data;
    assert_int_equal(gw_dataset_create(&data, NULL), GW_OK);
    assert_int_equal(gw_dataset_add_array(data, "x", "1", "x", GW_INT64, 0, NULL), 0);
    data->array[0].integers[0] = 1;
    fingerprint(data, hex);
    assert_string_equal(hex, "923ca78068ecf5ae588ac2761f37df90434edb5d6dc7f29847d518de8c7b6c6a");
    gw_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_and_lookup),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(fingerprint_ignores_order_and_attributes),
        cmocka_unit_test(fingerprint_sees_every_bit),
        cmocka_unit_test(fingerprint_sees_names_and_axes),
        cmocka_unit_test(real_coordinates_are_kept),
        cmocka_unit_test(fingerprint_known_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
