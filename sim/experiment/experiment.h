/*
 * What the experiments share: the measure that is asked, the head of their results, points as trials.
 */
#ifndef GW_EXPERIMENT_EXPERIMENT_H
#define GW_EXPERIMENT_EXPERIMENT_H

#include "experiment/lab.h"

enum { GW_MEASURE_TEXT = 1000 };

/* The measure of a part: as written, else the company's value under the last strategy minus that under the first;
 * GW_BAD_INPUT when there is one strategy only and none is written. */
int gw_experiment_measure(const struct gw_scenario *scenario, const struct gw_part_spec *spec,
                          char measure[GW_MEASURE_TEXT], struct gw_error *error);

/* What the measure is, in words and with its unit ("money", "%", "1" ...): as written, else made from the measure. */
const char *gw_experiment_say(const struct gw_part_spec *spec, const struct gw_scenario *scenario,
                              char say[GW_MEASURE_TEXT]);
const char *gw_experiment_unit(const struct gw_part_spec *spec);
bool gw_experiment_is_money(const struct gw_part_spec *spec);

/* A new dataset with where it comes from: experiment (the part's name as of gw_part_name()), part, measure, say,
 * unit, title, scenario, resolved, seed, population, horizon, status "complete", and provenance. */
int gw_experiment_begin(struct gw_dataset **dataset, const struct gw_lab *lab, enum gw_part part,
                        const struct gw_part_spec *spec, const char *measure, struct gw_error *error);

/* A number as an attribute, in full precision. */
int gw_experiment_note(struct gw_dataset *dataset, const char *name, double value, struct gw_error *error);

/* Points x[points][inputs->n] as settings, replications first ... first + count - 1 at each: values by
 * [point][replication][quantity]. */
int gw_experiment_evaluate(struct gw_lab *lab, const struct gw_inputs *inputs, const double *x, size_t points,
                           uint32_t first, uint32_t count, double *value, struct gw_error *error);

/* The same for a lab that asks one quantity, as a response (analysis/response.h): its context. */
struct gw_experiment_points {
    struct gw_lab *lab;
    const struct gw_inputs *inputs;
};
int gw_experiment_response(void *points, const double *x, size_t n, uint32_t first, uint32_t count, double *value,
                           struct gw_error *error);

/* GW_BAD_INPUT names the first quantity and setting of `n` values that is not defined; otherwise GW_OK. */
int gw_experiment_check_defined(const double *value, size_t n, const char *measure, struct gw_error *error);

/* GW_BAD_INPUT naming the input that has no range. */
int gw_experiment_check_ranges(const struct gw_inputs *inputs, struct gw_error *error);

#endif
