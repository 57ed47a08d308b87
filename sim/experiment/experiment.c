#include "experiment/experiment.h"

#include "experiment/provenance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int gw_experiment_measure(const struct gw_scenario *scenario, const struct gw_part_spec *spec,
                          char measure[GW_MEASURE_TEXT], struct gw_error *error)
{
    int length = 0;
    if (spec->of != NULL) {
        length = snprintf(measure, GW_MEASURE_TEXT, "%s", spec->of);
    } else if (scenario->strategies > 1) {
        length = snprintf(measure, GW_MEASURE_TEXT, "%s.company_value - %s.company_value",
                          scenario->strategy[scenario->strategies - 1].name, scenario->strategy[0].name);
    } else {
        return gw_fail(error, GW_BAD_INPUT,
                       "with one strategy there is no difference to look at: write of: and a measure, such as "
                       "%s.company_value",
                       scenario->strategy[0].name);
    }
    return length < GW_MEASURE_TEXT ? GW_OK : gw_fail(error, GW_BAD_INPUT, "the measure is too long");
}

const char *gw_experiment_say(const struct gw_part_spec *spec, const struct gw_scenario *scenario,
                              char say[GW_MEASURE_TEXT])
{
    if (spec->say != NULL) {
        return spec->say;
    }
    if (spec->of != NULL) {
        return spec->of;
    }
    (void)snprintf(say, GW_MEASURE_TEXT, "company value of %s over %s",
                   scenario->strategy[scenario->strategies - 1].name, scenario->strategy[0].name);
    return say;
}

const char *gw_experiment_unit(const struct gw_part_spec *spec)
{
    const bool money = spec->of == NULL || strstr(spec->of, "company_value") != NULL;
    return spec->unit != NULL ? spec->unit : money ? "money" : "1";
}

bool gw_experiment_is_money(const struct gw_part_spec *spec)
{
    return strcmp(gw_experiment_unit(spec), "money") == 0;
}

static int add_texts(struct gw_dataset *dataset, const struct gw_scenario *s, enum gw_part part,
                     const struct gw_part_spec *spec, const char *measure)
{
    char seed[32], say[GW_MEASURE_TEXT];
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)s->seed);
    const struct {
        const char *name, *text;
    } pairs[] = {{"experiment", gw_part_name(part)},
                 {"part", spec->name == NULL ? gw_part_name(part) : spec->name},
                 {"measure", measure},
                 {"say", gw_experiment_say(spec, s, say)},
                 {"unit", gw_experiment_unit(spec)},
                 {"title", s->title},
                 {"name", s->name},
                 {"scenario", s->text},
                 {"resolved", s->resolved},
                 {"warnings", s->warnings},
                 {"seed", seed},
                 {"status", "complete"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (gw_dataset_add_attribute(dataset, pairs[i].name, pairs[i].text) < 0) {
            return GW_REFUSED;
        }
    }
    return GW_OK;
}

int gw_experiment_note(struct gw_dataset *dataset, const char *name, double value, struct gw_error *error)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.17g", value);
    return gw_dataset_add_attribute(dataset, name, text) < 0 ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
}

int gw_experiment_begin(struct gw_dataset **dataset, const struct gw_lab *lab, enum gw_part part,
                        const struct gw_part_spec *spec, const char *measure, struct gw_error *error)
{
    const struct gw_scenario *s = gw_lab_scenario(lab);
    int ret = gw_dataset_create(dataset, error);
    if (ret != GW_OK) {
        return ret;
    }
    ret = add_texts(*dataset, s, part, spec, measure) == GW_OK ? GW_OK : gw_fail(error, GW_REFUSED, "out of memory");
    ret = ret == GW_OK ? gw_experiment_note(*dataset, "population", s->population, error) : ret;
    ret = ret == GW_OK ? gw_experiment_note(*dataset, "years", s->horizon * s->years, error) : ret;
    ret = ret == GW_OK ? gw_experiment_note(*dataset, "replications_asked", (double)gw_lab_asked(lab), error) : ret;
    ret = ret == GW_OK ? gw_provenance_add(*dataset, gw_isa_best(), gw_lab_threads(lab), gw_lab_seconds(lab), error)
                       : ret;
    if (ret != GW_OK) {
        gw_dataset_free(*dataset);
        *dataset = NULL;
    }
    return ret;
}

static int evaluate(struct gw_lab *lab, const struct gw_inputs *inputs, const double *x, size_t points,
                    uint32_t first, uint32_t count, double *value, struct gw_trial *trial, struct gw_changes *changes,
                    struct gw_error *error)
{
    int ret = GW_OK;
    for (size_t p = 0; p < points && ret == GW_OK; p++) {
        ret = gw_changes_make(&changes[p], inputs, x + p * (size_t)inputs->n, error);
        trial[p] = (struct gw_trial){.change = changes[p].change,
                                     .changes = changes[p].n,
                                     .first = first,
                                     .count = count,
                                     .value = value + p * count * gw_lab_quantities(lab)};
    }
    return ret == GW_OK ? gw_lab_run(lab, trial, points, error) : ret;
}

int gw_experiment_evaluate(struct gw_lab *lab, const struct gw_inputs *inputs, const double *x, size_t points,
                           uint32_t first, uint32_t count, double *value, struct gw_error *error)
{
    struct gw_trial *trial = calloc(points + 1, sizeof *trial);
    struct gw_changes *changes = calloc(points + 1, sizeof *changes);
    const int ret = trial == NULL || changes == NULL
                        ? gw_fail(error, GW_REFUSED, "out of memory for the points of an experiment")
                        : evaluate(lab, inputs, x, points, first, count, value, trial, changes, error);
    for (size_t p = 0; changes != NULL && p < points; p++) {
        gw_changes_free(&changes[p]);
    }
    free(trial);
    free(changes);
    return ret;
}

int gw_experiment_response(void *points, const double *x, size_t n, uint32_t first, uint32_t count, double *value,
                           struct gw_error *error)
{
    const struct gw_experiment_points *p = points;
    return gw_experiment_evaluate(p->lab, p->inputs, x, n, first, count, value, error);
}

int gw_experiment_check_defined(const double *value, size_t n, const char *measure, struct gw_error *error)
{
    size_t undefined = 0;
    for (size_t i = 0; i < n; i++) {
        undefined += !isfinite(value[i]);
    }
    return undefined == 0 ? GW_OK
                          : gw_fail(error, GW_BAD_INPUT,
                                    "'%s' is not defined in %zu of %zu replications (nobody to count, say): ask "
                                    "another measure, or of more customers",
                                    measure, undefined, n);
}

int gw_experiment_check_ranges(const struct gw_inputs *inputs, struct gw_error *error)
{
    for (int i = 0; i < inputs->n; i++) {
        const struct gw_input *input = &inputs->input[i];
        if (!isfinite(input->low) || !isfinite(input->high)) {
            return gw_fail(error, GW_BAD_INPUT, "%s has no plausible range: write from: and to:",
                           input->keys > 0 ? input->key[0] : input->name);
        }
    }
    return GW_OK;
}
