/* Inputs at work: from a number x to the changes of a scenario. */
#include "scenario/input.h"

#include "core/descriptor.h"
#include "core/formula.h"
#include "scenario/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RANGE_TAIL 0.05 /* of a distribution, on either side of its range */

static char *copy_text(struct gw_arena *arena, const char *text)
{
    return text == NULL ? NULL : gw_arena_text(arena, text, strlen(text));
}

static char **copy_texts(struct gw_arena *arena, char *const *text, int n)
{
    char **copy = n == 0 || text == NULL ? NULL : gw_arena_alloc(arena, (size_t)n, sizeof *copy);
    for (int i = 0; copy != NULL && i < n; i++) {
        copy[i] = copy_text(arena, text[i]);
    }
    return copy;
}

static double held(const struct gw_parameter *p, double x)
{
    return p == NULL ? x : fmin(fmax(x, p->low), p->high);
}

double gw_input_at(const struct gw_input *input, double u)
{
    return input->quantile != NULL ? held(input->parameter, gw_quantile_at(input->quantile, u))
                                   : input->low + u * (input->high - input->low);
}

static int prepare(struct gw_input *to, const struct gw_input *from, struct gw_arena *arena, struct gw_error *error)
{
    *to = *from;
    to->name = copy_text(arena, from->name);
    to->say = copy_text(arena, from->say);
    to->unit = copy_text(arena, from->unit);
    to->cost = copy_text(arena, from->cost);
    to->key = copy_texts(arena, from->key, from->keys);
    to->formula = copy_texts(arena, from->formula, from->keys);
    to->value = copy_texts(arena, from->value, from->values);
    to->quantile = NULL;
    if (arena->failed) {
        return gw_fail(error, GW_REFUSED, "out of memory for the inputs of an experiment");
    }
    if (from->distribution.family == GW_NO_FAMILY) {
        return GW_OK;
    }
    const int ret = gw_quantile_create(&to->quantile, from->distribution, error);
    if (ret == GW_OK && !from->given) {
        to->low = gw_input_at(to, RANGE_TAIL);
        to->high = gw_input_at(to, 1.0 - RANGE_TAIL);
    }
    return ret;
}

int gw_inputs_prepare(struct gw_inputs *prepared, const struct gw_input *input, int n, struct gw_error *error)
{
    *prepared = (struct gw_inputs){0};
    prepared->input = gw_arena_alloc(&prepared->memory, (size_t)n + 1, sizeof *prepared->input);
    int ret = prepared->input == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    for (int i = 0; i < n && ret == GW_OK; i++) {
        ret = prepare(&prepared->input[i], &input[i], &prepared->memory, error);
        prepared->n = i + 1;
    }
    if (ret != GW_OK) {
        gw_inputs_free(prepared);
    }
    return ret;
}

void gw_inputs_free(struct gw_inputs *prepared)
{
    for (int i = 0; i < prepared->n; i++) {
        gw_quantile_free(prepared->input[i].quantile);
    }
    gw_arena_free(&prepared->memory);
    *prepared = (struct gw_inputs){0};
}

/* What is written into key k; whole where the parameter counts something. */
static int value_at(const struct gw_input *input, int k, double x, double *value, struct gw_error *error)
{
    const char *formula = input->formula == NULL ? NULL : input->formula[k];
    *value = x;
    const int ret = formula == NULL ? GW_OK : gw_formula_at(formula, x, value, error);
    if (ret == GW_OK && input->parameter != NULL && input->parameter->kind == GW_INTEGER) {
        *value = floor(*value + 0.5);
    }
    return ret;
}

int gw_input_change(const struct gw_input *input, int k, double x, char out[GW_CHANGE_BYTES], struct gw_error *error)
{
    char number[GW_NUMBER_TEXT];
    double value;
    const int ret = value_at(input, k, x, &value, error);
    if (ret != GW_OK) {
        return ret;
    }
    const int length = snprintf(out, GW_CHANGE_BYTES, "%s=%s", input->key[k], gw_number_text(number, value));
    return length < GW_CHANGE_BYTES ? GW_OK : gw_fail(error, GW_BAD_INPUT, "the key %.60s... is too long", out);
}

static size_t count_keys(const struct gw_inputs *inputs)
{
    size_t n = 0;
    for (int i = 0; i < inputs->n; i++) {
        n += (size_t)inputs->input[i].keys;
    }
    return n;
}

int gw_changes_make(struct gw_changes *changes, const struct gw_inputs *inputs, const double *x,
                    struct gw_error *error)
{
    const size_t n = count_keys(inputs);
    int ret = GW_OK;
    *changes =
        (struct gw_changes){.change = calloc(n + 1, sizeof(char *)), .text = malloc((n + 1) * GW_CHANGE_BYTES)};
    if (changes->change == NULL || changes->text == NULL) {
        gw_changes_free(changes);
        return gw_fail(error, GW_REFUSED, "out of memory for the changes of a scenario");
    }
    for (int i = 0; i < inputs->n; i++) {
        for (int k = 0; k < inputs->input[i].keys && ret == GW_OK; k++) {
            char *text = changes->text + changes->n * GW_CHANGE_BYTES;
            ret = gw_input_change(&inputs->input[i], k, x[i], text, error);
            changes->change[changes->n++] = text;
        }
    }
    if (ret != GW_OK) {
        gw_changes_free(changes);
    }
    return ret;
}

void gw_changes_free(struct gw_changes *changes)
{
    free(changes->change);
    free(changes->text);
    *changes = (struct gw_changes){0};
}

int gw_input_cost(const struct gw_input *input, double x, double *cost, struct gw_error *error)
{
    if (input->cost != NULL) {
        return gw_formula_at(input->cost, x, cost, error);
    }
    *cost = 0.0;
    if (input->parameter == NULL || strcmp(input->parameter->unit, "money per week") != 0) {
        return gw_fail(error, GW_BAD_INPUT,
                       "nobody has said what '%s' costs: write cost: and a formula in x, in money per week",
                       input->name);
    }
    for (int k = 0; k < input->keys; k++) {
        double value;
        const int ret = value_at(input, k, x, &value, error);
        if (ret != GW_OK) {
            return ret;
        }
        *cost += value;
    }
    return GW_OK;
}
