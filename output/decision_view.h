/* A decision's dataset (experiment/decide.h), opened and checked for its shape. Everything is borrowed from it. */
#ifndef GW_OUTPUT_DECISION_VIEW_H
#define GW_OUTPUT_DECISION_VIEW_H

#include "output/label.h"

#include <stdbool.h>
#include <stddef.h>

/* An estimate and its 95% interval, as the last axis of an array holds them. */
struct gw_shown {
    double value, low, high;
};

struct gw_decision_view {
    const struct gw_dataset *dataset;
    size_t strategies, worlds, inner, unknowns, targets, curves, points;
    size_t best;            /* strategy of the greatest expected value */
    bool money;             /* the measure is */
    const char *say, *unit; /* of the measure, in words */

    const double *value; /* [strategy][world][inner] */
    /* [strategy] */
    const struct gw_shown *expected, *probability, *regret, *share, *lead, *lead_share, *pairing_luck, *pairing_total;
    const struct gw_shown *evpi, *above, *below; /* one each */
    /* [target] */
    const struct gw_shown *evppi;
    const double *bias, *error, *explained, *terms;
    const int64_t *member; /* [target][unknown] */
    /* [curve] ... */
    const int64_t *against;               /* unknown */
    const double *at;                     /* [curve][point] */
    const int64_t *leader;                /* [curve][point] */
    const struct gw_shown *acceptability; /* [curve][strategy][point] */
};

/* GW_BAD_INPUT names what is missing or of another shape. */
int gw_decision_view_open(struct gw_decision_view *view, const struct gw_dataset *dataset, struct gw_error *error);

/* Names inside sentences: "price sensitivity". Return `out`. */
const char *gw_decision_target(const struct gw_decision_view *view, size_t target, char out[GW_NAME_SIZE]);
const char *gw_decision_curve(const struct gw_decision_view *view, size_t curve, char out[GW_NAME_SIZE]);
const char *gw_decision_curve_unit(const struct gw_decision_view *view, size_t curve); /* of what; "1": none */

/* The strategy that the best one leads by least. */
size_t gw_decision_runner_up(const struct gw_decision_view *view);

/* The target, an input by itself, whose interval of value shows it to be worth most; SIZE_MAX: none is above 0. */
size_t gw_decision_first_to_know(const struct gw_decision_view *view);

#endif
