/*
 * Reading a run's dataset: arrays by name, checked for the shape they must have, and the quantities that a strategy
 * is judged by, one number per replication.
 *
 * A dataset may come from a file, so nothing about shapes is taken for granted; an array that is missing or of
 * another shape counts as not there.
 */
#ifndef GW_OUTCOME_QUANTITY_H
#define GW_OUTCOME_QUANTITY_H

#include "outcome/dataset.h"

#include <stdbool.h>
#include <stddef.h>

/* An array over (strategy, replication[, third[, fourth]]); absent axes have length 1. Borrows from the dataset. */
struct gw_view {
    const struct gw_array *array;
    size_t strategies, replications, steps, parts;
};

/* `third` ("period", "year") and `fourth` ("sign", ...) may be NULL. False: no such array, or another shape. */
bool gw_view_open(struct gw_view *view, const struct gw_dataset *dataset, const char *name, const char *third,
                  const char *fourth);
double gw_view_at(const struct gw_view *view, size_t strategy, size_t replication, size_t step, size_t part);

size_t gw_strategies(const struct gw_dataset *dataset);
size_t gw_replications(const struct gw_dataset *dataset);
/* Label of a strategy as written in the scenario; "" when it has none. */
const char *gw_strategy_label(const struct gw_dataset *dataset, size_t strategy);
/* Position of a label on an axis, or -1. */
int gw_label_position(const struct gw_dataset *dataset, const char *axis, const char *label);

enum gw_measure { GW_MEASURE_MONEY, GW_MEASURE_SHARE, GW_MEASURE_COUNT, GW_MEASURE_SCORE };

struct gw_quantity {
    const char *name;    /* stable, for files: "company_value", "told_positive" ... */
    const char *heading; /* for people: "Company value" */
    const char *array;   /* where it is read from */
    const char *part;    /* label on the axis "sign", or NULL */
    enum gw_measure measure;
    enum { GW_READ_SCALAR, GW_READ_LAST, GW_READ_TOTAL } reading; /* of a series: its last period, or the sum */
};

/* All quantities, the company's value first; `count` receives how many. Static. */
const struct gw_quantity *gw_quantities(size_t *count);

/* Fills values[gw_replications()]. False when the dataset does not hold the quantity (nothing is written then). */
bool gw_quantity_read(const struct gw_quantity *quantity, const struct gw_dataset *dataset, size_t strategy,
                      double *values);
/* Segments of consumers that the dataset tells apart; 0: it does not. Label of one, "" when it has none. */
size_t gw_segments(const struct gw_dataset *dataset);
const char *gw_segment_label(const struct gw_dataset *dataset, size_t segment);
/* All quantities by segment; they are read as scalars over (strategy, replication, segment), money in money. */
const struct gw_quantity *gw_segment_quantities(size_t *count);
bool gw_segment_quantity_read(const struct gw_quantity *quantity, const struct gw_dataset *dataset, size_t segment,
                              size_t strategy, double *values);

/* Unit of the values as read, from the dataset's: sums in 1e-6 of a unit are read in it; "1" when unknown. */
const char *gw_quantity_unit(const struct gw_quantity *quantity, const struct gw_dataset *dataset);

#endif
