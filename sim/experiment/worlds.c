#include "experiment/worlds.h"

#include "analysis/design.h"
#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

int gw_unknown_find(const struct gw_inputs *unknown, const char *name)
{
    for (int i = 0; i < unknown->n; i++) {
        const struct gw_input *input = &unknown->input[i];
        if (strcmp(input->name, name) == 0) {
            return i;
        }
        for (int k = 0; k < input->keys; k++) {
            if (strcmp(input->key[k], name) == 0) {
                return i;
            }
        }
    }
    return -1;
}

static int check_unknown(const struct gw_inputs *unknown, const struct gw_scenario *scenario, struct gw_error *error)
{
    if (unknown->n > 0) {
        return GW_OK;
    }
    return gw_fail(error, GW_BAD_INPUT,
                   "%s has no uncertain number, so nothing is unknown: write one, such as firms.%s.unit_cost: "
                   "{uncertain: {normal: {mean: 0.6, sd: 0.05}}}, or list it under experiment.unknowns",
                   scenario->name, scenario->firm[scenario->focal]);
}

static int put_correlation(const struct gw_correlation *c, const struct gw_inputs *unknown, double *matrix,
                           struct gw_error *error)
{
    const char *const name[2] = {c->a, c->b};
    const int d = unknown->n, at[2] = {gw_unknown_find(unknown, c->a), gw_unknown_find(unknown, c->b)};
    for (int i = 0; i < 2; i++) {
        if (at[i] < 0) {
            return gw_fail(error, GW_BAD_INPUT, "experiment.correlated: '%s' is not uncertain", name[i]);
        }
    }
    if (at[0] == at[1]) {
        return gw_fail(error, GW_BAD_INPUT, "experiment.correlated: '%s' is correlated with itself", c->a);
    }
    matrix[at[0] * d + at[1]] = matrix[at[1] * d + at[0]] = c->by;
    return GW_OK;
}

/* Makes the uniforms u[n][d] dependent as the block says. */
static int correlate(const struct gw_experiment *experiment, const struct gw_inputs *unknown, size_t n, double *u,
                     struct gw_error *error)
{
    const size_t d = (size_t)unknown->n;
    struct gw_copula *copula = NULL;
    if (experiment == NULL || experiment->correlations == 0) {
        return GW_OK;
    }
    double *matrix = gw_alloc(d * d, sizeof *matrix);
    int ret = matrix == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    for (size_t i = 0; ret == GW_OK && i < d; i++) {
        matrix[i * d + i] = 1.0;
    }
    for (int c = 0; ret == GW_OK && c < experiment->correlations; c++) {
        ret = put_correlation(&experiment->correlation[c], unknown, matrix, error);
    }
    ret = ret == GW_OK ? gw_copula_create(&copula, matrix, d, error) : ret;
    if (ret == GW_OK) {
        gw_copula_apply(copula, n, u);
    }
    gw_copula_free(copula);
    gw_free(matrix);
    return ret;
}

static int fill(struct gw_worlds *worlds, const struct gw_scenario *scenario, enum gw_design design,
                struct gw_error *error)
{
    const size_t n = worlds->worlds, d = (size_t)worlds->unknown.n;
    worlds->x = gw_alloc(n * d, sizeof *worlds->x);
    if (worlds->x == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for the possible worlds");
    }
    int ret = gw_design_fill(design, n, d, scenario->seed, 0, worlds->x, error);
    ret = ret == GW_OK ? correlate(scenario->experiment, &worlds->unknown, n, worlds->x, error) : ret;
    for (size_t i = 0; ret == GW_OK && i < n * d; i++) {
        worlds->x[i] = gw_input_at(&worlds->unknown.input[i % d], worlds->x[i]);
    }
    return ret;
}

int gw_worlds_draw(struct gw_worlds *worlds, const struct gw_scenario *scenario, enum gw_design design, size_t n,
                   struct gw_error *error)
{
    *worlds = (struct gw_worlds){.worlds = n, .strategies = (size_t)scenario->strategies};
    if (n > GW_MOST_WORLDS) {
        return gw_fail(error, GW_BAD_INPUT, "at most %d possible worlds", (int)GW_MOST_WORLDS);
    }
    int ret = gw_scenario_uncertain(scenario, &worlds->unknown, error);
    ret = ret == GW_OK ? check_unknown(&worlds->unknown, scenario, error) : ret;
    ret = ret == GW_OK ? fill(worlds, scenario, design, error) : ret;
    if (ret != GW_OK) {
        gw_worlds_free(worlds);
    }
    return ret;
}

void gw_worlds_free(struct gw_worlds *worlds)
{
    gw_inputs_free(&worlds->unknown);
    gw_free(worlds->x);
    *worlds = (struct gw_worlds){0};
}

/* ---- Evaluation ---------------------------------------------------------------------------------------------------
 */

static int run_worlds(const struct gw_worlds *worlds, struct gw_lab *lab, size_t n, uint32_t inner, double *value,
                      struct gw_trial *trial, struct gw_changes *changes, struct gw_error *error)
{
    int ret = GW_OK;
    for (size_t w = 0; ret == GW_OK && w < n; w++) {
        ret = gw_changes_make(&changes[w], &worlds->unknown, worlds->x + w * (size_t)worlds->unknown.n, error);
        trial[w] = (struct gw_trial){.change = changes[w].change,
                                     .changes = changes[w].n,
                                     .first = (uint32_t)w * GW_LUCK_STRIDE,
                                     .count = inner,
                                     .value = value + w * inner * worlds->strategies};
    }
    return ret == GW_OK ? gw_lab_run(lab, trial, n, error) : ret;
}

/* From [world][replication][strategy] as trials have it. */
static void by_strategy(const struct gw_worlds *worlds, size_t points, const double *from, double *to)
{
    for (size_t i = 0; i < points; i++) {
        for (size_t s = 0; s < worlds->strategies; s++) {
            to[s * points + i] = from[i * worlds->strategies + s];
        }
    }
}

int gw_worlds_evaluate(const struct gw_worlds *worlds, struct gw_lab *lab, size_t n, uint32_t inner, double *value,
                       struct gw_error *error)
{
    struct gw_trial *trial = calloc(n, sizeof *trial);
    struct gw_changes *changes = calloc(n, sizeof *changes);
    double *raw = gw_alloc(n * inner * worlds->strategies, sizeof *raw);
    const bool there = trial != NULL && changes != NULL && raw != NULL;
    const int ret = there ? run_worlds(worlds, lab, n, inner, raw, trial, changes, error)
                          : gw_fail(error, GW_REFUSED, "out of memory for the possible worlds");
    if (ret == GW_OK) {
        by_strategy(worlds, n * inner, raw, value);
    }
    for (size_t w = 0; changes != NULL && w < n; w++) {
        gw_changes_free(&changes[w]);
    }
    free(trial);
    free(changes);
    gw_free(raw);
    return ret;
}
