/*
 * An input of an experiment: one number x that is written into one key of the scenario or several.
 *
 * In a file: the key alone (`firms.us.unit_cost`), or a mapping
 *
 *     {key: firms.us.unit_cost, from: 0.4, to: 0.7}
 *     {name: price_cut, say: price cut, unit: "%", from: 0, to: 15,
 *      keys: {strategies.price_cut.firms.us.price.schedule.to: 1 - x / 100}}
 *
 * where formulas are in x, by muparser. The range is what is written; else that of the key's own uncertain number,
 * from its 5% to its 95% quantile; else the plausible range of the parameter.
 */
#ifndef GW_SCENARIO_INPUT_H
#define GW_SCENARIO_INPUT_H

#include "core/quantile.h"

#include <stdbool.h>
#include <stddef.h>

struct gw_scenario;
struct gw_error;

enum { GW_MAX_INPUTS = 200, GW_MAX_INPUT_KEYS = 32, GW_MAX_INPUT_VALUES = 1000 };

struct gw_input {
    char *name; /* unique in its list: letters, digits, _; a dimension of the run file */
    char *say;  /* for people */
    char *unit; /* "1": none */
    int keys;
    char **key;                          /* [keys] as for --set */
    char **formula;                      /* [keys] of x; NULL: x as it is */
    double low, high;                    /* NaN: nothing is known of it; otherwise low < high */
    int steps;                           /* of a grid; 0: not said */
    int values;                          /* of a list; 0: none */
    char **value;                        /* [values] YAML, written into every key as it is */
    struct gw_distribution distribution; /* GW_NO_FAMILY: it is not uncertain */
    char *cost;                          /* money per week as a formula of x; NULL: not said */
    bool money_per_week; /* its keys are money per week: what it costs is the sum of what is written */
};

struct gw_inputs {
    int n;
    struct gw_input *input;
};

enum { GW_CHANGE_BYTES = 400 };

/* The change "KEY=VALUE" of key k for x, in full precision. GW_BAD_INPUT: the formula has no finite value at x. */
int gw_input_change(const struct gw_input *input, int k, double x, char out[GW_CHANGE_BYTES], struct gw_error *error);

/* The changes of a point x[inputs->n], all keys of all inputs: `change` has room for gw_inputs_keys() pointers into
 * `text`, which is released with free(). */
size_t gw_inputs_keys(const struct gw_inputs *inputs);
int gw_inputs_changes(const struct gw_inputs *inputs, const double *x, const char **change, char **text,
                      struct gw_error *error);

/* x for a uniform u in (0, 1): the distribution's quantile, or low + u (high - low) without one. */
double gw_input_at(const struct gw_input *input, double u);

/* What x costs in money per week. GW_BAD_INPUT: nobody has said. */
int gw_input_cost(const struct gw_input *input, double x, double *cost, struct gw_error *error);

/* Every uncertain number of a scenario, those inside distributions over customers included, as inputs; release with
 * gw_inputs_free(). Settling all of them makes a possible world: equal to the one that the engine would draw with the
 * same uniforms. */
int gw_scenario_uncertain(const struct gw_scenario *scenario, struct gw_inputs *inputs, struct gw_error *error);
void gw_inputs_free(struct gw_inputs *inputs);

#endif
