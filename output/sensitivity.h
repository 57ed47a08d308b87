/* A sensitivity analysis as report and figures read it: borrowed from its dataset. */
#ifndef GW_OUTPUT_SENSITIVITY_H
#define GW_OUTPUT_SENSITIVITY_H

#include "outcome/dataset.h"

#include <stdbool.h>

enum { GW_SENSITIVITY_MOST = 200 };

/* Intervals are [input][estimate, low, high]; [input][end][...] for two ends. Arrays of a method that was not asked
 * for are NULL. */
struct gw_sensitivity_view {
    const struct gw_dataset *dataset;
    const char *say, *unit; /* of what is asked */
    size_t inputs;
    const struct gw_axis *input;
    const char *input_say[GW_SENSITIVITY_MOST], *input_unit[GW_SENSITIVITY_MOST];
    const double *range; /* [input][end] */
    const double *middle, *end, *change, *swing;
    const int64_t *pairs;
    const double *effect, *size, *sd, *luck;
    const int64_t *trajectories;
    const double *first, *total, *variance, *luck_share;
    int64_t rows;
};

/* GW_BAD_INPUT: the dataset is not that of a sensitivity analysis, or is damaged. */
int gw_sensitivity_open(struct gw_sensitivity_view *view, const struct gw_dataset *dataset, struct gw_error *error);

/* Inputs by an estimate, interval[3 * input], or with `either_way` by its size, greatest first, those without one
 * left out; `order` has room for all. How many they are. */
size_t gw_sensitivity_order(const struct gw_sensitivity_view *view, const double *interval, bool either_way,
                            size_t *order);

/* How many of the first in `order`, of n, may be the one that matters most: the first, and those whose interval does
 * not lie below its. 0: it cannot be told from 0. */
size_t gw_sensitivity_leaders(const double *interval, bool either_way, const size_t *order, size_t n);

/* Names of the inputs order[0] ... order[n - 1]: "a, b and c"; with more than `most` "a, b and 3 others"; each
 * cut to `columns`. */
void gw_sensitivity_names(const struct gw_sensitivity_view *view, const size_t *order, size_t n, size_t most,
                          size_t columns, char *out, size_t room);

/* Whether an input has shares of variance. */
bool gw_sensitivity_is_shared(const struct gw_sensitivity_view *view, size_t input);

/* What an input is called, for people; `out` has GW_NAME_SIZE. Returns the columns used. */
size_t gw_sensitivity_name(const struct gw_sensitivity_view *view, size_t input, size_t columns, char *out);

#endif
