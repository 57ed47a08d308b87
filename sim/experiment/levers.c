#include "experiment/levers.h"

#include "experiment/experiment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- What they cost ------------------------------------------------------------------------------------------- */

enum { PROBES = 17 };

/* Cost along the range, at least so smooth that a few places tell whether it is a line, and whether it turns. */
static int probe(const struct gw_input *input, double cost[PROBES], struct gw_error *error)
{
    int ret = GW_OK;
    for (int i = 0; i < PROBES && ret == GW_OK; i++) {
        const double t = (double)i / (PROBES - 1);
        ret = gw_input_cost(input, (1.0 - t) * input->low + t * input->high, &cost[i], error);
    }
    return ret;
}

static bool is_line(const double cost[PROBES])
{
    const double span = cost[PROBES - 1] - cost[0], size = fabs(cost[0]) + fabs(cost[PROBES - 1]);
    bool line = true;
    for (int i = 0; i < PROBES; i++) {
        line = line && fabs(cost[i] - cost[0] - span * i / (PROBES - 1)) <= 1e-9 * size;
    }
    return line;
}

static bool turns(const double cost[PROBES])
{
    bool up = true, down = true;
    for (int i = 1; i < PROBES; i++) {
        up = up && cost[i] > cost[i - 1];
        down = down && cost[i] < cost[i - 1];
    }
    return !up && !down;
}

static int settle(struct gw_lever *lever, const struct gw_input *input, bool budget, struct gw_error *error)
{
    double cost[PROBES];
    struct gw_error unknown = {0};
    *lever = (struct gw_lever){.low = input->low, .high = input->high};
    int ret = probe(input, cost, budget ? error : &unknown);
    lever->costs = ret == GW_OK;
    if (!budget || ret != GW_OK) {
        return budget ? ret : GW_OK;
    }
    if (is_line(cost)) {
        lever->unit_cost = (cost[PROBES - 1] - cost[0]) / (input->high - input->low);
        lever->fixed = cost[0] - lever->unit_cost * input->low;
        return GW_OK;
    }
    lever->bent = true;
    lever->unit_cost = cost[PROBES - 1] > cost[0] ? 1.0 : -1.0; /* so that x rises with the coordinate */
    lever->low = lever->unit_cost * cost[0];
    lever->high = lever->unit_cost * cost[PROBES - 1];
    return turns(cost) ? gw_fail(error, GW_BAD_INPUT,
                                 "the cost of '%s' rises and falls between %g and %g: a budget needs one that does "
                                 "either",
                                 input->name, input->low, input->high)
                       : GW_OK;
}

double gw_levers_x(const struct gw_levers *levers, size_t lever, double coordinate)
{
    const struct gw_input *input = &levers->inputs.input[lever];
    if (!levers->lever[lever].bent) {
        return coordinate;
    }
    const double sign = levers->lever[lever].unit_cost;
    double low = input->low, high = input->high, cost = NAN;
    for (int i = 0; i < 60; i++) {
        const double middle = (low + high) / 2.0;
        (void)gw_input_cost(input, middle, &cost, NULL); /* it has one along the range */
        *(sign * cost > coordinate ? &high : &low) = middle;
    }
    return (low + high) / 2.0;
}

/* ---- Reading --------------------------------------------------------------------------------------------------- */

static int check_keys(const struct gw_inputs *inputs, bool staged, struct gw_error *error)
{
    for (int i = 0; i < inputs->n; i++) {
        for (int k = 0; k < inputs->input[i].keys && staged; k++) {
            if (strstr(inputs->input[i].key[k], ".schedule") != NULL) {
                return gw_fail(error, GW_BAD_INPUT, "'%s' cannot change by stages: name the number, not its schedule",
                               inputs->input[i].key[k]);
            }
        }
    }
    return GW_OK;
}

static void settle_stages(struct gw_levers *levers, const struct gw_optimise_spec *spec, uint32_t horizon)
{
    for (size_t s = 0; s < levers->stages; s++) {
        levers->stage[s] = spec->stage[s];
        const uint32_t end = s + 1 < levers->stages ? spec->stage[s + 1] : horizon;
        levers->share[s] = (double)(end - spec->stage[s]) / (double)horizon;
    }
}

int gw_levers_open(struct gw_levers *levers, const struct gw_optimise_spec *spec, const struct gw_scenario *scenario,
                   struct gw_error *error)
{
    *levers = (struct gw_levers){.levers = (size_t)spec->levers.n, .stages = (size_t)spec->stages};
    levers->budget = isnan(spec->budget) ? INFINITY : spec->budget;
    if (levers->levers * levers->stages > GW_MAX_DIMENSIONS) {
        return gw_fail(error, GW_BAD_INPUT,
                       "%zu levers in %zu stages make %zu numbers to choose; at most %d are "
                       "possible",
                       levers->levers, levers->stages, levers->levers * levers->stages, GW_MAX_DIMENSIONS);
    }
    if (spec->spend_all && isnan(spec->budget)) {
        return gw_fail(error, GW_BAD_INPUT, "spend_all without a budget: there is nothing to be spent");
    }
    int ret = gw_inputs_prepare(&levers->inputs, spec->levers.input, spec->levers.n, error);
    ret = ret == GW_OK ? gw_experiment_check_ranges(&levers->inputs, error) : ret;
    ret = ret == GW_OK ? check_keys(&levers->inputs, levers->stages > 1 || spec->stage[0] > 0, error) : ret;
    for (size_t i = 0; i < levers->levers && ret == GW_OK; i++) {
        ret = settle(&levers->lever[i], &levers->inputs.input[i], isfinite(levers->budget), error);
    }
    settle_stages(levers, spec, scenario->horizon);
    return ret;
}

void gw_levers_free(struct gw_levers *levers)
{
    gw_inputs_free(&levers->inputs);
}

struct gw_feasible gw_levers_set(const struct gw_levers *levers, bool spend_all)
{
    struct gw_feasible set = {
        .dimensions = levers->levers * levers->stages, .budget = levers->budget, .spend_all = spend_all};
    for (size_t i = 0; i < levers->levers; i++) {
        const struct gw_lever *lever = &levers->lever[i];
        for (size_t s = 0; s < levers->stages; s++) {
            const size_t at = i * levers->stages + s;
            set.low[at] = lever->low;
            set.high[at] = lever->high;
            set.cost[at] = lever->unit_cost * levers->share[s];
            set.fixed += lever->fixed * levers->share[s];
        }
    }
    return set;
}

/* ---- Changes ----------------------------------------------------------------------------------------------------
 */

/* "KEY={schedule: [{at: 0, to: A}, {at: 52, to: B}]}" from "KEY=A", "KEY=B". */
static int write_schedule(const struct gw_levers *levers, size_t lever, int key, const double *point, char *out,
                          size_t size, struct gw_error *error)
{
    const struct gw_input *input = &levers->inputs.input[lever];
    char change[GW_CHANGE_BYTES];
    size_t at = (size_t)snprintf(out, size, "%s={schedule: [", input->key[key]);
    for (size_t s = 0; s < levers->stages; s++) {
        const double x = gw_levers_x(levers, lever, point[lever * levers->stages + s]);
        const int ret = gw_input_change(input, key, x, change, error);
        if (ret != GW_OK) {
            return ret;
        }
        at += (size_t)snprintf(out + at, size - at, "%s{at: %u, to: %s}", s == 0 ? "" : ", ", levers->stage[s],
                               change + strlen(input->key[key]) + 1);
    }
    (void)snprintf(out + at, size - at, "]}");
    return GW_OK;
}

static size_t count_keys(const struct gw_levers *levers)
{
    size_t n = 0;
    for (size_t i = 0; i < levers->levers; i++) {
        n += (size_t)levers->inputs.input[i].keys;
    }
    return n;
}

int gw_lever_changes_make(struct gw_lever_changes *changes, const struct gw_levers *levers, const double *point,
                          struct gw_error *error)
{
    const size_t keys = count_keys(levers), room = GW_CHANGE_BYTES + 80 * levers->stages;
    const bool constant = levers->stages == 1 && levers->stage[0] == 0;
    *changes = (struct gw_lever_changes){.change = calloc(keys + 1, sizeof(char *)), .text = calloc(keys + 1, room)};
    if (changes->change == NULL || changes->text == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for the changes of a scenario");
    }
    int ret = GW_OK;
    for (size_t i = 0; i < levers->levers; i++) {
        for (int k = 0; k < levers->inputs.input[i].keys && ret == GW_OK; k++) {
            char *text = changes->text + changes->n * room;
            ret = constant
                      ? gw_input_change(&levers->inputs.input[i], k, gw_levers_x(levers, i, point[i]), text, error)
                      : write_schedule(levers, i, k, point, text, room, error);
            changes->change[changes->n++] = text;
        }
    }
    return ret;
}

void gw_lever_changes_free(struct gw_lever_changes *changes)
{
    free(changes->change);
    free(changes->text);
    *changes = (struct gw_lever_changes){0};
}
