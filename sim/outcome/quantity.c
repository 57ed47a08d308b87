#include "outcome/quantity.h"

#include <string.h>

static const struct gw_quantity quantities[] = {
    {"company_value", "Company value", "company_value", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"horizon_value", "  within the horizon", "horizon_value", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"terminal_value", "  after the horizon", "terminal_value", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"gross_value", "Gross value in the horizon", "gross_value", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"clv_base", "CLV of customers at the start", "clv_base", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"clv_new", "CLV of customers won", "clv_new", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"customer_equity", "Customer equity", "customer_equity", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"cac", "CAC", "cac", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"retention_cost", "Cost to keep, per year", "retention_cost", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"retention", "Annual retention", "retention", NULL, GW_MEASURE_SHARE, GW_READ_SCALAR},
    {"active", "Active customers at end", "active", NULL, GW_MEASURE_COUNT, GW_READ_LAST},
    {"share", "Share of purchases", "share", NULL, GW_MEASURE_SHARE, GW_READ_SCALAR},
    {"nps", "Net promoter score", "nps", NULL, GW_MEASURE_SCORE, GW_READ_SCALAR},
    {"told_positive", "Positive tells", "told", "positive", GW_MEASURE_COUNT, GW_READ_TOTAL},
    {"told_negative", "Negative tells", "told", "negative", GW_MEASURE_COUNT, GW_READ_TOTAL},
};

static const struct gw_quantity segment_quantities[] = {
    {"segment_contribution", "Contribution, discounted", "segment_contribution", NULL, GW_MEASURE_MONEY,
     GW_READ_SCALAR},
    {"segment_revenue", "Revenue, discounted", "segment_revenue", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"segment_clv_base", "CLV of customers at the start", "segment_clv_base", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"segment_clv_new", "CLV of customers won", "segment_clv_new", NULL, GW_MEASURE_MONEY, GW_READ_SCALAR},
    {"segment_active_at_start", "Active customers at start", "segment_active_at_start", NULL, GW_MEASURE_COUNT,
     GW_READ_SCALAR},
    {"segment_active", "Active customers at end", "segment_active", NULL, GW_MEASURE_COUNT, GW_READ_SCALAR},
    {"segment_retention", "Stayed over the horizon", "segment_retention", NULL, GW_MEASURE_SHARE, GW_READ_SCALAR},
    {"segment_joined", "New customers", "segment_joined", NULL, GW_MEASURE_COUNT, GW_READ_SCALAR},
    {"segment_lost", "Lost customers", "segment_lost", NULL, GW_MEASURE_COUNT, GW_READ_SCALAR},
    {"segment_purchases", "Purchases", "segment_purchases", NULL, GW_MEASURE_COUNT, GW_READ_SCALAR},
    {"segment_satisfaction", "Satisfaction, 1 to 5", "segment_satisfaction", NULL, GW_MEASURE_SCORE, GW_READ_SCALAR},
    {"segment_nps", "Net promoter score", "segment_nps", NULL, GW_MEASURE_SCORE, GW_READ_SCALAR},
};

const struct gw_quantity *gw_segment_quantities(size_t *count)
{
    *count = sizeof segment_quantities / sizeof segment_quantities[0];
    return segment_quantities;
}

const struct gw_quantity *gw_quantities(size_t *count)
{
    *count = sizeof quantities / sizeof quantities[0];
    return quantities;
}

static bool axis_is(const struct gw_dataset *dataset, const struct gw_array *array, int dimension, const char *name)
{
    const int axis = array->axis[dimension];
    return axis >= 0 && axis < dataset->axes && strcmp(dataset->axis[axis].name, name) == 0;
}

bool gw_view_open(struct gw_view *view, const struct gw_dataset *dataset, const char *name, const char *third,
                  const char *fourth)
{
    const char *const wanted[] = {"strategy", "replication", third, fourth};
    const int dims = 2 + (third != NULL) + (third != NULL && fourth != NULL);
    const struct gw_array *array = gw_dataset_array(dataset, name);
    size_t length[4] = {1, 1, 1, 1};
    if (array == NULL || array->dims != dims || array->data == NULL) {
        return false;
    }
    for (int i = 0; i < dims; i++) {
        if (!axis_is(dataset, array, i, wanted[i])) {
            return false;
        }
        length[i] = dataset->axis[array->axis[i]].length;
    }
    *view = (struct gw_view){array, length[0], length[1], length[2], length[3]};
    return true;
}

double gw_view_at(const struct gw_view *view, size_t strategy, size_t replication, size_t step, size_t part)
{
    const size_t i = ((strategy * view->replications + replication) * view->steps + step) * view->parts + part;
    return view->array->type == GW_INT64 ? (double)view->array->integers[i] : view->array->reals[i];
}

static size_t axis_length(const struct gw_dataset *dataset, const char *name)
{
    const struct gw_axis *axis = gw_dataset_axis(dataset, name);
    return axis == NULL ? 0 : axis->length;
}

size_t gw_strategies(const struct gw_dataset *dataset)
{
    return axis_length(dataset, "strategy");
}

size_t gw_replications(const struct gw_dataset *dataset)
{
    return axis_length(dataset, "replication");
}

static const char *label_at(const struct gw_dataset *dataset, const char *name, size_t position)
{
    const struct gw_axis *axis = gw_dataset_axis(dataset, name);
    const bool known = axis != NULL && axis->labels != NULL && position < axis->length;
    return known && axis->labels[position] != NULL ? axis->labels[position] : "";
}

const char *gw_strategy_label(const struct gw_dataset *dataset, size_t strategy)
{
    return label_at(dataset, "strategy", strategy);
}

size_t gw_segments(const struct gw_dataset *dataset)
{
    return axis_length(dataset, "segment");
}

const char *gw_segment_label(const struct gw_dataset *dataset, size_t segment)
{
    return label_at(dataset, "segment", segment);
}

int gw_label_position(const struct gw_dataset *dataset, const char *name, const char *label)
{
    const struct gw_axis *axis = gw_dataset_axis(dataset, name);
    if (axis == NULL || axis->labels == NULL) {
        return -1;
    }
    for (size_t i = 0; i < axis->length && i < 1000; i++) {
        if (axis->labels[i] != NULL && strcmp(axis->labels[i], label) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static bool open_quantity(struct gw_view *view, size_t *part, const struct gw_quantity *quantity,
                          const struct gw_dataset *dataset)
{
    *part = 0;
    if (quantity->reading == GW_READ_SCALAR) {
        return gw_view_open(view, dataset, quantity->array, NULL, NULL);
    }
    const char *fourth = quantity->part != NULL ? "sign" : NULL;
    if (!gw_view_open(view, dataset, quantity->array, "period", fourth) || view->steps == 0) {
        return false;
    }
    if (quantity->part != NULL) {
        const int position = gw_label_position(dataset, "sign", quantity->part);
        *part = position < 0 ? 0 : (size_t)position;
        return position >= 0;
    }
    return true;
}

bool gw_quantity_read(const struct gw_quantity *quantity, const struct gw_dataset *dataset, size_t strategy,
                      double *values)
{
    struct gw_view view;
    size_t part;
    if (!open_quantity(&view, &part, quantity, dataset) || strategy >= view.strategies) {
        return false;
    }
    const size_t last = view.steps - 1;
    for (size_t r = 0; r < view.replications; r++) {
        values[r] = gw_view_at(&view, strategy, r, last, part);
        for (size_t t = 0; quantity->reading == GW_READ_TOTAL && t < last; t++) {
            values[r] += gw_view_at(&view, strategy, r, t, part);
        }
    }
    return true;
}

#define MILLIONTHS "1e-6 "
enum { PREFIX = sizeof MILLIONTHS - 1 };

static bool in_millionths(const struct gw_array *array)
{
    return array->unit != NULL && strncmp(array->unit, MILLIONTHS, PREFIX) == 0;
}

bool gw_segment_quantity_read(const struct gw_quantity *quantity, const struct gw_dataset *dataset, size_t segment,
                              size_t strategy, double *values)
{
    struct gw_view view;
    if (!gw_view_open(&view, dataset, quantity->array, "segment", NULL) || strategy >= view.strategies ||
        segment >= view.steps) {
        return false;
    }
    const double unit = in_millionths(view.array) ? 1e6 : 1.0;
    for (size_t r = 0; r < view.replications; r++) {
        values[r] = gw_view_at(&view, strategy, r, segment, 0) / unit;
    }
    return true;
}

const char *gw_quantity_unit(const struct gw_quantity *quantity, const struct gw_dataset *dataset)
{
    const struct gw_array *array = gw_dataset_array(dataset, quantity->array);
    return array == NULL || array->unit == NULL ? "1" : array->unit + (in_millionths(array) ? PREFIX : 0);
}
