/*
 * An optimisation's run file, opened: what its report and its figures read. Borrowed from the dataset.
 */
#ifndef GW_OUTPUT_OPTIMISE_VIEW_H
#define GW_OUTPUT_OPTIMISE_VIEW_H

#include "outcome/dataset.h"

#include <stdbool.h>

struct gw_optimise_view {
    const struct gw_dataset *dataset;
    const char *say, *unit; /* of the measure */
    size_t levers, stages, along;
    const int64_t *stage; /* [stages] first period of each */
    const char *period;   /* "week" */
    size_t requirements;
    bool budget; /* there is one */
};

/* GW_BAD_INPUT: the dataset lacks what an optimisation leaves. Under gw_plain_begin(). */
int gw_optimise_view_open(struct gw_optimise_view *view, const struct gw_dataset *dataset, struct gw_error *error);

/* An attribute, an element of an array over (lever, stage), of one over (lever, stage, along); NaN: it is not there.
 */
double gw_optimise_note(const struct gw_optimise_view *view, const char *name);
double gw_optimise_at(const struct gw_optimise_view *view, const char *array, size_t lever, size_t stage);
double gw_optimise_along(const struct gw_optimise_view *view, const char *array, size_t lever, size_t stage,
                         size_t k);

/* "price", or with several stages "price from week 13" */
enum { GW_LEVER_SIZE = 300 };
const char *gw_optimise_lever(const struct gw_optimise_view *view, size_t lever, size_t stage,
                              char out[GW_LEVER_SIZE]);
const char *gw_optimise_unit(const struct gw_optimise_view *view, size_t lever);

/* "the mean", "the 10% quantile", "the mean of the worst 10%" */
const char *gw_optimise_goal(const struct gw_optimise_view *view, char out[80]);

#endif
