/*
 * A market where nobody reacts to anything but the price, and by default not to that either; and instruments run on
 * it.
 *
 * One firm, 300 consumers with 44 occasions a year, of which a share s = 1 / (1 + e^(1 + b (p - 1))) ends in a
 * purchase of 20 p; what the firm spends on service is lost. Expectations have closed forms.
 */
#ifndef TESTS_EXPERIMENT_STILL_H
#define TESTS_EXPERIMENT_STILL_H

#include "close.h"
#include "scratch.h"

#include "experiment/instruments.h"
#include "output/reports.h"
#include "scenario/experiment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STILL_MARKET                                                                                                 \
    "goodwill: 1\n"                                                                                                  \
    "title: A still market\n"                                                                                        \
    "horizon: 26 weeks\n"                                                                                            \
    "warm_up: 0 weeks\n"                                                                                             \
    "seed: 20\n"                                                                                                     \
    "population:\n"                                                                                                  \
    "  size: 300\n"                                                                                                  \
    "  purchase_rate: 44\n"                                                                                          \
    "  order_value: 20\n"                                                                                            \
    "  category_appeal: -1\n"                                                                                        \
    "  price_sensitivity: 0\n"                                                                                       \
    "  attitude_weight: 0\n"                                                                                         \
    "  loyalty_price_relief: 0\n"                                                                                    \
    "  tenure_price_push: 0\n"                                                                                       \
    "  inertia: 0\n"                                                                                                 \
    "  taste_sd: 0\n"                                                                                                \
    "  stop_base: -40\n"                                                                                             \
    "  question_rate: 0\n"                                                                                           \
    "  tells_per_experience: 0\n"                                                                                    \
    "market: {discount_rate: 0.10, terminal: fade}\n"                                                                \
    "focal: us\n"                                                                                                    \
    "firms:\n"                                                                                                       \
    "  us: {price: 1.00, unit_cost: 0.55, serve_cost: 0.06, agents.phone: 0, failure_rate: 0, survey_rate: 0}\n"

/* Runs the first part of a kind; options but the scenario are the caller's. */
static inline int still_try(const char *yaml, enum gw_part kind, const struct gw_lab_options *how,
                            struct gw_dataset **dataset, struct gw_error *error)
{
    struct gw_scenario *scenario = NULL;
    struct gw_lab_options options = *how;
    *dataset = NULL;
    scratch_write("still.yaml", yaml, strlen(yaml));
    options.scenario = "still.yaml";
    int ret = gw_scenario_load(&scenario, "still.yaml", options.override, options.overrides, error);
    if (ret == GW_OK) {
        ret = gw_instrument_of(kind)(&options, &scenario->experiment->part[kind][0], dataset, error);
    }
    gw_scenario_free(scenario);
    return ret;
}

static inline struct gw_dataset *still_run(const char *yaml, enum gw_part kind, int threads)
{
    struct gw_dataset *dataset;
    struct gw_error error = {0};
    if (still_try(yaml, kind, &(struct gw_lab_options){.threads = threads}, &dataset, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return dataset;
}

/* An element of an array of reals, an attribute as a number. */
static inline double still_real(const struct gw_dataset *dataset, const char *name, size_t element)
{
    const struct gw_array *array = gw_dataset_array(dataset, name);
    assert_non_null(array);
    assert_true(array->type == GW_FLOAT64 && element < gw_array_length(dataset, array));
    return array->reals[element];
}

static inline double still_note(const struct gw_dataset *dataset, const char *name)
{
    const char *text = gw_dataset_attribute(dataset, name);
    assert_non_null(text);
    return strtod(text, NULL);
}

/* What the report says, as text; release with free(). Lines are joined. */
static inline char *still_report(const struct gw_dataset *dataset)
{
    char *text = NULL;
    size_t size;
    struct gw_error error = {0};
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    if (gw_summary_write(dataset, GW_ANSWER_TEXT, out, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    fclose(out);
    for (char *c = text; (c = strchr(c, '\n')) != NULL;) {
        *c = ' ';
    }
    return text;
}

static inline void assert_report_says(const struct gw_dataset *dataset, const char *words)
{
    char *text = still_report(dataset);
    if (strstr(text, words) == NULL) {
        fail_msg("'%s' is not in: %s", words, text);
    }
    free(text);
}

#endif
