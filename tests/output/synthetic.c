#include "synthetic.h"

#include "close.h"
#include "core/draws.h"

#include <math.h>

/* Standard normal for a purpose, by Box and Muller (1958). */
static double normal(uint32_t replication, uint32_t strategy, uint32_t period, uint32_t purpose)
{
    const struct gw_key key = gw_key_make(7, replication, 99);
    uint32_t word[4];
    gw_threefry(&key, strategy, period, purpose, 0, word);
    const double u = ((double)word[0] + 0.5) / 4294967296.0, v = ((double)word[1] + 0.5) / 4294967296.0;
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

enum { ACTIVE, SURVIVORS, TOLD, VALUE, OWN_VALUE, RETENTION };
enum { SHARED = 1000 }; /* the strategy of luck that all share */

static int64_t *integers(struct gw_dataset *data, const char *name)
{
    const struct gw_array *array = gw_dataset_array(data, name);
    return array == NULL ? NULL : array->integers;
}

static double *reals(struct gw_dataset *data, const char *name)
{
    const struct gw_array *array = gw_dataset_array(data, name);
    return array == NULL ? NULL : array->reals;
}

static void add_axes(struct gw_dataset *data, const struct synthetic *what)
{
    static const char *const signs[] = {"positive", "negative"};
    assert_int_equal(gw_dataset_add_axis(data, "strategy", "1", "strategy", what->strategies, what->labels, NULL), 0);
    assert_int_equal(gw_dataset_add_axis(data, "replication", "1", "replication", what->replications, NULL, NULL), 1);
    assert_int_equal(gw_dataset_add_axis(data, "period", "week", "period", what->periods, NULL, NULL), 2);
    assert_int_equal(gw_dataset_add_axis(data, "sign", "1", "sign", 2, signs, NULL), 3);
    assert_int_equal(gw_dataset_add_axis(data, "year", "year", "year", (what->periods + 51) / 52, NULL, NULL), 4);
    assert_true(gw_dataset_add_attribute(data, "years", "0.019165") >= 0);
    assert_true(gw_dataset_add_attribute(data, "title", "Cut the price or train the staff?") >= 0);
    assert_true(gw_dataset_add_attribute(data, "status", "complete") >= 0);
}

static void add_array(struct gw_dataset *data, const char *name, const char *unit, enum gw_data_type type, int dims,
                      int third, bool left_out)
{
    const int axis[] = {0, 1, third, 3};
    if (!left_out) {
        assert_true(gw_dataset_add_array(data, name, unit, name, type, dims, axis) >= 0);
    }
}

static void add_arrays(struct gw_dataset *data, const struct synthetic *what)
{
    const char *unit = what->unit == NULL ? "EUR" : what->unit;
    add_array(data, "company_value", unit, GW_FLOAT64, 2, 0, what->without_value);
    add_array(data, "horizon_value", unit, GW_FLOAT64, 2, 0, what->without_value);
    add_array(data, "terminal_value", unit, GW_FLOAT64, 2, 0, what->without_value);
    add_array(data, "retention", "1", GW_FLOAT64, 2, 0, what->without_retention);
    add_array(data, "retention_by_year", "1", GW_FLOAT64, 3, 4, what->without_retention);
    add_array(data, "active_at_start", "customer", GW_INT64, 2, 0, what->without_survivors);
    add_array(data, "survivors", "customer", GW_INT64, 3, 2, what->without_survivors);
    add_array(data, "active", "customer", GW_INT64, 3, 2, what->without_active);
    add_array(data, "told", "tell", GW_INT64, 4, 2, what->without_told);
}

static void fill_values(struct gw_dataset *data, const struct synthetic *what, size_t s, size_t r, double noise)
{
    const size_t i = s * what->replications + r, years = (what->periods + 51) / 52;
    const double scale = what->scale == 0.0 ? 1e6 : what->scale;
    const uint32_t luck = (uint32_t)r;
    if (reals(data, "company_value") != NULL) {
        const double gain[] = {0.0, 0.55, -0.35, 0.1, 0.2, 0.3, 0.4, 0.5};
        const double value = 6.0 + gain[s % 8] + noise * 0.8 * normal(luck, SHARED, 0, VALUE) +
                             noise * (s == 0 ? 0.0 : 0.45) * normal(luck, (uint32_t)s, 0, OWN_VALUE);
        reals(data, "company_value")[i] = scale * value + what->offset;
        reals(data, "horizon_value")[i] = scale * value * 0.6 + what->offset;
        reals(data, "terminal_value")[i] = scale * value * 0.4;
    }
    for (size_t y = 0; reals(data, "retention_by_year") != NULL && y < years; y++) {
        const double z = noise * normal(luck, (uint32_t)s, (uint32_t)y, RETENTION);
        const double level = 0.72 + 0.02 * (double)y + 0.04 * (double)s + 0.015 * z;
        reals(data, "retention_by_year")[i * years + y] = y + 1 == years && y > 3 ? NAN : level;
        reals(data, "retention")[i] =
            0.75 + 0.03 * (double)s + noise * 0.01 * normal(luck, (uint32_t)s, 0, RETENTION);
    }
}

static void fill_paths(struct gw_dataset *data, const struct synthetic *what, size_t s, size_t r, double noise)
{
    const size_t i = s * what->replications + r;
    const double tilt = 1.0 - 0.12 * (double)s;
    double wander = 0.0;
    if (integers(data, "active_at_start") != NULL) {
        integers(data, "active_at_start")[i] = 20000;
    }
    for (size_t t = 0; t < what->periods; t++) {
        const double x = (double)t / 52.0;
        const uint32_t period = (uint32_t)t, luck = (uint32_t)r;
        wander =
            0.99 * wander +
            noise * 0.012 * (normal(luck, SHARED, period, ACTIVE) + 0.5 * normal(luck, (uint32_t)s, period, ACTIVE));
        const double active = 20000.0 * (1.0 - 0.05 * tilt * x + 0.12 * wander);
        if (integers(data, "active") != NULL) {
            integers(data, "active")[i * what->periods + t] = (int64_t)fmax(0.0, active);
        }
        if (integers(data, "survivors") != NULL) {
            const double alive = exp(-0.3 * tilt * pow(x + 0.01, 0.7) * (1.0 + 0.3 * wander));
            integers(data, "survivors")[i * what->periods + t] = (int64_t)(20000.0 * fmin(1.0, alive));
        }
        for (size_t sign = 0; integers(data, "told") != NULL && sign < 2; sign++) {
            const double rate = (sign == 0 ? 0.010 + 0.002 * (double)s : 0.004 - 0.0004 * (double)s) * active;
            const double told =
                rate + noise * sqrt(rate) * normal(luck, (uint32_t)s, period, TOLD + 10 * (uint32_t)sign);
            integers(data, "told")[(i * what->periods + t) * 2 + sign] = (int64_t)fmax(0.0, told);
        }
    }
}

struct gw_dataset *synthetic_dataset(const struct synthetic *what)
{
    struct gw_dataset *data;
    assert_int_equal(gw_dataset_create(&data, NULL), GW_OK);
    add_axes(data, what);
    add_arrays(data, what);
    for (size_t s = 0; s < what->strategies; s++) {
        for (size_t r = 0; r < what->replications; r++) {
            const double noise = what->without_noise ? 0.0 : 1.0;
            fill_values(data, what, s, r, noise);
            fill_paths(data, what, s, r, noise);
        }
    }
    if (!what->without_books) {
        synthetic_books(data, what);
    }
    return data;
}
