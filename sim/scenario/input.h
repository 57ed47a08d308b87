/*
 * An input of an experiment: one number x that is written into one key of the scenario or several.
 *
 * In a file: the key alone (`firms.us.unit_cost`), or a mapping
 *
 *     {key: firms.us.unit_cost, from: 0.4, to: 0.7}
 *     {name: price_cut, say: price cut, unit: "%", from: 0, to: 15,
 *      keys: {strategies.price_cut.firms.us.price.schedule.to: 1 - x / 100}}
 *
 * where formulas are in x, by muparser. Besides: steps (of a grid), values (a list, of whatever YAML), uncertain (a
 * distribution), cost (money per week, a formula in x). The range is what is written; else from the 5% to the 95%
 * quantile of the distribution, which may be the key's own in the scenario; else the plausible range of the
 * parameter.
 */
#ifndef GW_SCENARIO_INPUT_H
#define GW_SCENARIO_INPUT_H

#include "core/quantile.h"
#include "scenario/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct gw_scenario;
struct gw_parameter;

enum { GW_MAX_INPUTS = 200, GW_MAX_INPUT_KEYS = 32, GW_MAX_INPUT_VALUES = 1000 };

struct gw_input {
    char *name; /* unique in its list: letters, digits, _; a dimension of the run file */
    char *say;  /* for people */
    char *unit; /* "1": none */
    int keys;
    char **key;                           /* [keys] as for --set */
    char **formula;                       /* [keys] of x; NULL: x as it is */
    double low, high;                     /* NaN: nothing is known of it; otherwise low < high */
    bool given;                           /* the range is written there */
    int steps;                            /* of a grid; 0: not said */
    int values;                           /* of a list; 0: none */
    char **value;                         /* [values] YAML, written into every key as it is */
    struct gw_distribution distribution;  /* GW_NO_FAMILY: it is not uncertain */
    char *cost;                           /* money per week as a formula of x; NULL: not said */
    const struct gw_parameter *parameter; /* of the first key; NULL: it is no parameter */
    double now;                           /* what the scenario has at the first key; NaN: not one number */
    struct gw_quantile *quantile;         /* made by gw_inputs_prepare() where there is a distribution */
};

struct gw_inputs {
    int n;
    struct gw_input *input;
    struct gw_arena memory; /* of prepared ones; empty otherwise */
};

enum { GW_CHANGE_BYTES = 600 };

/* Inputs out of a scenario belong to it and are raw. Prepared ones are copies of their own, ready for gw_input_at();
 * release with gw_inputs_free(). Cost: 3 ms for a distribution with a shape. */
int gw_inputs_prepare(struct gw_inputs *prepared, const struct gw_input *input, int n, struct gw_error *error);
void gw_inputs_free(struct gw_inputs *prepared);

/* x for a uniform u in (0, 1): the distribution's quantile, held inside the parameter's domain, or without one
 * low + u (high - low). The input is prepared, and has one or the other. */
double gw_input_at(const struct gw_input *input, double u);

/* The change "KEY=VALUE" of key k for x, in full precision. GW_BAD_INPUT: the formula has no finite value at x, or
 * the text is too long. */
int gw_input_change(const struct gw_input *input, int k, double x, char out[GW_CHANGE_BYTES], struct gw_error *error);

/* A point of several inputs as the changes that make it, key after key, input after input. Release with
 * gw_changes_free(). */
struct gw_changes {
    size_t n;
    const char **change; /* [n] */
    char *text;
};
int gw_changes_make(struct gw_changes *changes, const struct gw_inputs *inputs, const double *x,
                    struct gw_error *error);
void gw_changes_free(struct gw_changes *changes);

/* What x costs in money per week: by its formula, or what is written into its keys where these are money per week.
 * GW_BAD_INPUT: nobody has said. */
int gw_input_cost(const struct gw_input *input, double x, double *cost, struct gw_error *error);

/* Every uncertain number of a scenario, those inside distributions over customers included; then those that its block
 * `experiment:` adds; prepared. Settling all of them makes a possible world: with the same uniforms the very world
 * that the engine draws. */
int gw_scenario_uncertain(const struct gw_scenario *scenario, struct gw_inputs *inputs, struct gw_error *error);

#endif
