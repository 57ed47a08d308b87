#include "example_dataset.h"

#include "close.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void fill(struct gw_dataset *data, size_t periods)
{
    double *value = gw_dataset_array(data, "company_value")->reals;
    double *share = gw_dataset_array(data, "share")->reals;
    double *waiting = gw_dataset_array(data, "waiting")->reals;
    int64_t *active = gw_dataset_array(data, "active_customers")->integers;
    gw_dataset_array(data, "customers")->integers[0] = 20000;
    memcpy(gw_dataset_array(data, "demand")->reals, (double[]){3.0, 2.0, 1.0}, 3 * sizeof(double));
    for (size_t s = 0; s < 3; s++) {
        for (size_t r = 0; r < 4; r++) {
            value[4 * s + r] = 100.0 * (double)s + (double)r + 0.25;
            for (size_t p = 0; p < periods; p++) {
                active[(4 * s + r) * periods + p] = (int64_t)(10000 * s + 100 * r + p % 97);
            }
        }
        for (size_t p = 0; p < periods; p++) {
            share[s * periods + p] = p == 1 ? NAN : (double)(s + 1) / (double)(p + 3);
            waiting[p] = 2.0 * (double)p;
        }
    }
}

static void add_attributes(struct gw_dataset *data)
{
    char *scenario = malloc(100001);
    assert_non_null(scenario);
    memset(scenario, '#', 100000);
    scenario[100000] = '\0';
    memcpy(scenario, "title: Cut the price?\n", 22);
    assert_int_equal(gw_dataset_add_attribute(data, "title", "Cut the price or train the staff?"), 0);
    assert_int_equal(gw_dataset_add_attribute(data, "scenario", scenario), 1);
    assert_int_equal(gw_dataset_add_attribute(data, "seed", "7"), 2);
    assert_int_equal(gw_dataset_add_attribute(data, "note", ""), 3);
    free(scenario);
}

struct gw_dataset *example_dataset(size_t periods)
{
    static const char *const strategies[] = {"status_quo", "price_cut", "Qualit\xc3\xa4t"};
    static const char *const signs[] = {"plus", "minus"};
    struct gw_dataset *data;
    assert_int_equal(gw_dataset_create(&data, NULL), GW_OK);
    const int s = gw_dataset_add_axis(data, "strategy", "1", "strategy of the focal firm", 3, strategies, NULL);
    const int r = gw_dataset_add_axis(data, "replication", "1", "Monte Carlo replication", 4, NULL, NULL);
    const int p = gw_dataset_add_axis(data, "period", "week", "period since the start", periods, NULL, NULL);
    assert_int_equal(gw_dataset_add_axis(data, "sign", "1", "sign of a message", 2, signs, NULL), 3);
    const int x = gw_dataset_add_real_axis(data, "price", "EUR", "price asked", 3, (double[]){0.1, 0.25, 1.0 / 3.0});
    const int srp[] = {s, r, p}, sp[] = {s, p};
    assert_int_equal(gw_dataset_add_array(data, "company_value", "EUR", "value", GW_FLOAT64, 2, srp), 0);
    assert_int_equal(gw_dataset_add_array(data, "active_customers", "customer", "active", GW_INT64, 3, srp), 1);
    assert_int_equal(gw_dataset_add_array(data, "share", "1", "market share", GW_FLOAT64, 2, sp), 2);
    assert_int_equal(gw_dataset_add_array(data, "waiting", "day", "time in the queue", GW_FLOAT64, 1, &p), 3);
    assert_int_equal(gw_dataset_add_array(data, "customers", "customer", "population", GW_INT64, 0, NULL), 4);
    assert_int_equal(gw_dataset_add_array(data, "demand", "1", "demand", GW_FLOAT64, 1, &x), 5);
    fill(data, periods);
    add_attributes(data);
    return data;
}
