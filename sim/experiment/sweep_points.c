#include "experiment/sweep_points.h"

#include "analysis/design.h"
#include "core/descriptor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { USUAL_STEPS = 5 };

/* ---- Values of one input -------------------------------------------------------------------------------------- */

/* A written value as a number; NaN when it is none. */
static double number_of(const char *text)
{
    char *end;
    const double x = strtod(text, &end);
    return end == text || *end != '\0' || !isfinite(x) ? NAN : x;
}

/* What the scenario gets to see: whole where the parameter is, and without the last digits of a division. */
static double settled(const struct gw_input *input, double x)
{
    char text[40];
    const bool plain = input->keys == 1 && (input->formula == NULL || input->formula[0] == NULL);
    if (plain && input->parameter != NULL && input->parameter->kind == GW_INTEGER) {
        return floor(x + 0.5);
    }
    (void)snprintf(text, sizeof text, "%.12g", x);
    return strtod(text, NULL);
}

static bool has_range(const struct gw_input *input)
{
    return isfinite(input->low) && isfinite(input->high);
}

static int check_input(const struct gw_input *input, enum gw_design design, struct gw_error *error)
{
    if (input->values > 0) {
        return GW_OK;
    }
    if (design == GW_DESIGN_LIST) {
        return gw_fail(error, GW_BAD_INPUT, "'%s' has no values: with design: list write values: [...]", input->name);
    }
    if (!has_range(input) && (input->quantile == NULL || design == GW_DESIGN_GRID)) {
        return gw_fail(error, GW_BAD_INPUT, "'%s' has no plausible range: write from: and to:, or values: [...]",
                       input->name);
    }
    return GW_OK;
}

static void fill_range(struct gw_sweep_levels *levels, const struct gw_input *input, size_t steps)
{
    levels->n = 0;
    for (size_t k = 0; k < steps; k++) {
        const double share = steps == 1 ? 0.5 : (double)k / (double)(steps - 1);
        const double x = settled(input, input->low + share * (input->high - input->low));
        if (levels->n == 0 || x > levels->x[levels->n - 1]) { /* rounding to whole numbers may repeat one */
            levels->x[levels->n++] = x;
        }
    }
}

static int make_levels(struct gw_sweep_levels *levels, const struct gw_input *input, struct gw_error *error)
{
    const int steps = input->values > 0 ? input->values : input->steps > 0 ? input->steps : USUAL_STEPS;
    levels->x = calloc((size_t)steps, sizeof *levels->x);
    if (levels->x == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a sweep");
    }
    if (input->values == 0) {
        fill_range(levels, input, (size_t)steps);
        return GW_OK;
    }
    levels->n = (size_t)steps;
    for (int k = 0; k < steps; k++) {
        levels->x[k] = number_of(input->value[k]);
    }
    return GW_OK;
}

/* ---- All inputs ----------------------------------------------------------------------------------------------- */

static int allocate(struct gw_sweep_points *p, size_t points, struct gw_error *error)
{
    const size_t cells = points * (size_t)p->inputs.n; /* at most a million times GW_MAX_INPUTS */
    p->points = points;
    p->x = calloc(cells, sizeof *p->x);
    p->pick = calloc(cells, sizeof *p->pick);
    return p->x == NULL || p->pick == NULL ? gw_fail(error, GW_REFUSED, "out of memory for the points of a sweep")
                                           : GW_OK;
}

static int too_many(struct gw_error *error)
{
    return gw_fail(error, GW_BAD_INPUT,
                   "the grid has more than %d points: fewer steps:, or design: latin_hypercube with points: N",
                   GW_MOST_SWEEP_POINTS);
}

static int make_grid(struct gw_sweep_points *p, struct gw_error *error)
{
    const int n = p->inputs.n;
    size_t points = 1;
    p->levels = calloc(GW_MAX_INPUTS, sizeof *p->levels);
    int ret = p->levels == NULL ? gw_fail(error, GW_REFUSED, "out of memory for a sweep") : GW_OK;
    for (int i = 0; i < n && ret == GW_OK; i++) {
        ret = make_levels(&p->levels[i], &p->inputs.input[i], error);
        points *= p->levels[i].n; /* below 1e6 * 1e3 */
        ret = ret == GW_OK && points > GW_MOST_SWEEP_POINTS ? too_many(error) : ret;
    }
    ret = ret == GW_OK ? allocate(p, points, error) : ret;
    for (size_t cell = 0; ret == GW_OK && cell < points; cell++) {
        size_t rest = cell;
        for (int i = n; i-- > 0; rest /= p->levels[i].n) {
            const size_t at = cell * (size_t)n + (size_t)i, level = rest % p->levels[i].n;
            p->x[at] = p->levels[i].x[level];
            p->pick[at] = p->inputs.input[i].values > 0 ? (int32_t)level : -1;
        }
    }
    return ret;
}

static int make_list(struct gw_sweep_points *p, struct gw_error *error)
{
    const struct gw_input *input = p->inputs.input;
    for (int i = 1; i < p->inputs.n; i++) {
        if (input[i].values != input[0].values) {
            return gw_fail(error, GW_BAD_INPUT,
                           "a list goes through its inputs side by side: '%s' has %d values and '%s' has %d",
                           input[0].name, input[0].values, input[i].name, input[i].values);
        }
    }
    const int ret = allocate(p, (size_t)input[0].values, error);
    for (size_t at = 0; ret == GW_OK && at < p->points * (size_t)p->inputs.n; at++) {
        p->pick[at] = (int32_t)(at / (size_t)p->inputs.n);
        p->x[at] = number_of(input[at % (size_t)p->inputs.n].value[p->pick[at]]);
    }
    return ret;
}

static void place(const struct gw_input *input, double u, double *x, int32_t *pick)
{
    if (input->values > 0) {
        const int k = (int)(u * input->values);
        *pick = k < input->values ? k : input->values - 1;
        *x = number_of(input->value[*pick]);
    } else {
        *pick = -1;
        *x = settled(input, input->given ? input->low + u * (input->high - input->low) : gw_input_at(input, u));
    }
}

static int make_random(struct gw_sweep_points *p, size_t points, uint64_t seed, struct gw_error *error)
{
    const size_t n = (size_t)p->inputs.n;
    int ret = allocate(p, points, error);
    ret = ret == GW_OK ? gw_design_fill(p->design, points, n, seed, 0, p->x, error) : ret;
    for (size_t at = 0; ret == GW_OK && at < points * n; at++) {
        place(&p->inputs.input[at % n], p->x[at], &p->x[at], &p->pick[at]);
    }
    return ret;
}

static int make(struct gw_sweep_points *p, const struct gw_sweep_spec *spec, uint64_t seed, struct gw_error *error)
{
    for (int i = 0; i < p->inputs.n; i++) {
        const int ret = check_input(&p->inputs.input[i], p->design, error);
        if (ret != GW_OK) {
            return ret;
        }
    }
    return p->design == GW_DESIGN_GRID   ? make_grid(p, error)
           : p->design == GW_DESIGN_LIST ? make_list(p, error)
                                         : make_random(p, spec->points, seed, error);
}

int gw_sweep_points_make(struct gw_sweep_points *points, const struct gw_sweep_spec *spec, uint64_t seed,
                         struct gw_error *error)
{
    *points = (struct gw_sweep_points){.design = spec->design};
    if (spec->over.n < 1) {
        return gw_fail(error, GW_BAD_INPUT, "a sweep goes over one input at least: write over: [...]");
    }
    int ret = gw_inputs_prepare(&points->inputs, spec->over.input, spec->over.n, error);
    ret = ret == GW_OK ? make(points, spec, seed, error) : ret;
    if (ret != GW_OK) {
        gw_sweep_points_free(points);
    }
    return ret;
}

void gw_sweep_points_free(struct gw_sweep_points *points)
{
    for (int i = 0; points->levels != NULL && i < points->inputs.n; i++) {
        free(points->levels[i].x);
    }
    free(points->levels);
    free(points->x);
    free(points->pick);
    gw_inputs_free(&points->inputs);
    *points = (struct gw_sweep_points){0};
}

/* ---- A point -------------------------------------------------------------------------------------------------- */

static int change_of(const struct gw_input *input, int k, double x, int32_t pick, char out[GW_CHANGE_BYTES],
                     struct gw_error *error)
{
    if (pick < 0) {
        return gw_input_change(input, k, x, out, error);
    }
    const int length = snprintf(out, GW_CHANGE_BYTES, "%s=%s", input->key[k], input->value[pick]);
    return length < GW_CHANGE_BYTES ? GW_OK
                                    : gw_fail(error, GW_BAD_INPUT, "a value of '%s' is longer than %d bytes",
                                              input->name, GW_CHANGE_BYTES);
}

static size_t count_keys(const struct gw_inputs *inputs)
{
    size_t keys = 0;
    for (int i = 0; i < inputs->n; i++) {
        keys += (size_t)inputs->input[i].keys;
    }
    return keys;
}

int gw_sweep_point_changes(const struct gw_sweep_points *points, size_t point, struct gw_changes *changes,
                           struct gw_error *error)
{
    const size_t keys = count_keys(&points->inputs), first = point * (size_t)points->inputs.n;
    int ret = GW_OK;
    *changes =
        (struct gw_changes){.change = calloc(keys + 1, sizeof(char *)), .text = calloc(keys + 1, GW_CHANGE_BYTES)};
    if (changes->change == NULL || changes->text == NULL) {
        ret = gw_fail(error, GW_REFUSED, "out of memory for the points of a sweep");
    }
    for (int i = 0; i < points->inputs.n && ret == GW_OK; i++) {
        const struct gw_input *input = &points->inputs.input[i];
        for (int k = 0; k < input->keys && ret == GW_OK; k++) {
            char *text = changes->text + changes->n * GW_CHANGE_BYTES;
            ret = change_of(input, k, points->x[first + (size_t)i], points->pick[first + (size_t)i], text, error);
            changes->change[changes->n++] = text;
        }
    }
    if (ret != GW_OK) {
        gw_changes_free(changes);
    }
    return ret;
}

bool gw_sweep_is_numeric(const struct gw_sweep_points *points, int input)
{
    for (size_t p = 0; p < points->points; p++) {
        if (isnan(points->x[p * (size_t)points->inputs.n + (size_t)input])) {
            return false;
        }
    }
    return true;
}

void gw_sweep_point_text(const struct gw_sweep_points *points, size_t point, char out[GW_SWEEP_POINT_BYTES])
{
    const int n = points->inputs.n;
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < n && used < GW_SWEEP_POINT_BYTES; i++) {
        const struct gw_input *input = &points->inputs.input[i];
        const size_t at = point * (size_t)n + (size_t)i, left = GW_SWEEP_POINT_BYTES - used;
        const int length = points->pick[at] >= 0 ? snprintf(out + used, left, "%s%s=%s", i == 0 ? "" : ", ",
                                                            input->name, input->value[points->pick[at]])
                                                 : snprintf(out + used, left, "%s%s=%.4g", i == 0 ? "" : ", ",
                                                            input->name, points->x[at]);
        used += length > 0 ? (size_t)length : 0;
    }
}
