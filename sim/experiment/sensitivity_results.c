#include "experiment/sensitivity_results.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENDS = 2, STATISTICS = 3 };

/* ---- Axes ------------------------------------------------------------------------------------------------------ */

struct shape {
    struct gw_dataset *dataset;
    int input, end, statistic; /* axes */
    const char *unit;          /* of what is asked */
    bool failed;
};

static int add_input_axis(struct gw_dataset *dataset, const struct gw_inputs *inputs)
{
    const char **label = calloc((size_t)inputs->n, sizeof *label);
    for (int i = 0; label != NULL && i < inputs->n; i++) {
        label[i] = inputs->input[i].name;
    }
    const int axis =
        label == NULL ? -1
                      : gw_dataset_add_axis(dataset, "input", "1", "what is varied", (size_t)inputs->n, label, NULL);
    free(label);
    return axis;
}

static void add_axes(struct shape *to, const struct gw_inputs *inputs)
{
    static const char *const ends[] = {"low", "high"}, *const statistics[] = {"estimate", "low", "high"};
    to->input = add_input_axis(to->dataset, inputs);
    to->end = gw_dataset_add_axis(to->dataset, "end", "1", "end of the input's range", ENDS, ends, NULL);
    to->statistic = gw_dataset_add_axis(to->dataset, "statistic", "1", "estimate and its 95% interval", STATISTICS,
                                        statistics, NULL);
    to->failed = to->input < 0 || to->end < 0 || to->statistic < 0;
}

/* ---- Arrays ---------------------------------------------------------------------------------------------------- */

static struct gw_array *add(struct shape *to, const char *name, const char *unit, const char *say,
                            enum gw_data_type type, int dims, const int *axis)
{
    const int at = to->failed ? -1 : gw_dataset_add_array(to->dataset, name, unit, say, type, dims, axis);
    to->failed = at < 0;
    return at < 0 ? NULL : &to->dataset->array[at];
}

static struct gw_array *add_by_input(struct shape *to, const char *name, const char *unit, const char *say)
{
    return add(to, name, unit, say, GW_FLOAT64, 1, &to->input);
}

static struct gw_array *add_counts(struct shape *to, const char *name, const char *say)
{
    return add(to, name, "1", say, GW_INT64, 1, &to->input);
}

static struct gw_array *add_intervals(struct shape *to, const char *name, const char *unit, const char *say)
{
    return add(to, name, unit, say, GW_FLOAT64, 2, (const int[]){to->input, to->statistic});
}

static struct gw_array *add_end_intervals(struct shape *to, const char *name, const char *say)
{
    return add(to, name, to->unit, say, GW_FLOAT64, 3, (const int[]){to->input, to->end, to->statistic});
}

static void put(struct gw_array *array, size_t at, double value)
{
    if (array != NULL) {
        array->reals[at] = value;
    }
}

static void put_count(struct gw_array *array, size_t at, size_t n)
{
    if (array != NULL) {
        array->integers[at] = (int64_t)n;
    }
}

static void put_interval(struct gw_array *array, size_t at, struct gw_interval i)
{
    put(array, STATISTICS * at, i.value);
    put(array, STATISTICS * at + 1, i.low);
    put(array, STATISTICS * at + 2, i.high);
}

static struct gw_interval interval_of(const struct gw_estimate *e)
{
    return (struct gw_interval){e->mean, e->low, e->high};
}

static void add_ranges(struct shape *to, const struct gw_inputs *inputs)
{
    struct gw_array *range =
        add(to, "range", "1", "the input at the ends of its range", GW_FLOAT64, 2, (const int[]){to->input, to->end});
    for (size_t i = 0; i < (size_t)inputs->n; i++) {
        put(range, ENDS * i, inputs->input[i].low);
        put(range, ENDS * i + 1, inputs->input[i].high);
    }
    struct gw_array *middle = add_by_input(to, "middle", "1", "the input in the scenario");
    for (size_t i = 0; i < (size_t)inputs->n; i++) {
        put(middle, i, inputs->input[i].now);
    }
}

static void add_tornado(struct shape *to, const struct gw_sensitivity *r)
{
    const size_t n = (size_t)r->inputs->n;
    put_interval(add(to, "asked_middle", to->unit, "what is asked, all inputs as in the scenario", GW_FLOAT64, 1,
                     &to->statistic),
                 0, interval_of(&r->middle));
    struct gw_array *level = add_end_intervals(to, "asked_end", "what is asked, one input at an end of its range");
    for (size_t k = 0; k < n * ENDS; k++) {
        put_interval(level, k, interval_of(&r->one_way[k / ENDS].level[k % ENDS]));
    }
    struct gw_array *change = add_end_intervals(to, "change", "paired difference to the middle");
    for (size_t k = 0; k < n * ENDS; k++) {
        put_interval(change, k, interval_of(&r->one_way[k / ENDS].change[k % ENDS]));
    }
    struct gw_array *swing =
        add_intervals(to, "swing", to->unit, "paired difference of the high end and the low end");
    for (size_t i = 0; i < n; i++) {
        put_interval(swing, i, interval_of(&r->one_way[i].swing));
    }
    struct gw_array *pairs = add_counts(to, "pairs", "replications that the swing rests on");
    for (size_t i = 0; i < n; i++) {
        put_count(pairs, i, r->one_way[i].swing.n);
    }
}

static void add_morris(struct shape *to, const struct gw_sensitivity *r)
{
    const size_t n = (size_t)r->inputs->n;
    struct gw_array *mu = add_intervals(to, "effect", to->unit, "mean elementary effect (mu), per whole range");
    for (size_t i = 0; i < n; i++) {
        put_interval(mu, i, r->effect[i].mu);
    }
    struct gw_array *star =
        add_intervals(to, "effect_size", to->unit, "mean size of the elementary effects (mu*), luck taken out");
    for (size_t i = 0; i < n; i++) {
        put_interval(star, i, r->effect[i].mu_star);
    }
    struct gw_array *sigma =
        add_by_input(to, "effect_sd", to->unit, "spread of the elementary effects (sigma), luck taken out");
    for (size_t i = 0; i < n; i++) {
        put(sigma, i, r->effect[i].sigma);
    }
    struct gw_array *plain = add_by_input(to, "effect_plain", to->unit, "mu* with luck in it");
    for (size_t i = 0; i < n; i++) {
        put(plain, i, r->effect[i].plain);
    }
    struct gw_array *luck = add_by_input(to, "effect_luck", to->unit, "standard error that luck leaves to an effect");
    for (size_t i = 0; i < n; i++) {
        put(luck, i, r->effect[i].luck);
    }
    struct gw_array *counts = add_counts(to, "trajectories", "trajectories that the effects rest on");
    for (size_t i = 0; i < n; i++) {
        put_count(counts, i, r->effect[i].n);
    }
}

static void add_shares_of(struct shape *to, const struct gw_sensitivity *r, bool total)
{
    struct gw_array *array =
        add_intervals(to, total ? "total_order" : "first_order", "1",
                      total ? "share of the inputs' variance that only this input can settle (total order)"
                            : "share of the inputs' variance that this input explains alone (first order)");
    for (size_t i = 0; i < (size_t)r->inputs->n; i++) {
        put_interval(array, i, (struct gw_interval){NAN, NAN, NAN});
    }
    for (int k = 0; k < r->shares; k++) {
        put_interval(array, (size_t)r->of_input[k], total ? r->share[k].total : r->share[k].first);
    }
}

static void add_sobol(struct shape *to, const struct gw_sensitivity *r)
{
    char squared[80];
    (void)snprintf(squared, sizeof squared, strcmp(to->unit, "1") == 0 ? "1" : "%.70s^2", to->unit);
    add_shares_of(to, r, false);
    add_shares_of(to, r, true);
    put_interval(add(to, "variance", squared, "variance that the inputs cause in the expectation over luck",
                     GW_FLOAT64, 1, &to->statistic),
                 0, r->whole.variance);
    put_interval(
        add(to, "luck_share", "1", "share of luck in the variance of one replication", GW_FLOAT64, 1, &to->statistic),
        0, r->whole.luck);
    put_count(add(to, "rows", "1", "rows that the shares rest on", GW_INT64, 0, NULL), 0, r->whole.n);
}

/* ---- Attributes ------------------------------------------------------------------------------------------------ */

static int add_texts(struct gw_dataset *dataset, const struct gw_input *input)
{
    const struct {
        const char *what, *text;
    } texts[] = {{"key", input->keys > 0 ? input->key[0] : ""}, {"say", input->say}, {"unit", input->unit}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char name[200];
        (void)snprintf(name, sizeof name, "%s_%.150s", texts[i].what, input->name);
        if (gw_dataset_add_attribute(dataset, name, texts[i].text) < 0) {
            return -1;
        }
    }
    return 0;
}

static int add_notes(struct gw_dataset *dataset, const struct gw_lab *lab, const struct gw_part_spec *spec,
                     const struct gw_sensitivity *r, struct gw_error *error)
{
    const struct gw_sensitivity_spec *s = &spec->sensitivity;
    const struct gw_experiment *block = gw_lab_scenario(lab)->experiment;
    const struct {
        const char *name;
        double value;
    } notes[] = {{"tornado_replications", r->replications},
                 {"morris_trajectories", s->trajectories},
                 {"morris_replications", GW_MORRIS_REPLICATIONS},
                 {"sobol_rows", (double)r->rows},
                 {"sobol_replications", GW_SHARE_REPLICATIONS},
                 {"left_uncertain", r->left_uncertain},
                 {"correlations", block == NULL ? 0 : block->correlations}};
    char methods[40];
    (void)snprintf(methods, sizeof methods, "%s%s%s", s->tornado ? "tornado " : "", s->morris ? "morris " : "",
                   s->sobol ? "sobol " : "");
    methods[strlen(methods) - 1] = '\0';
    int ret = gw_dataset_add_attribute(dataset, "methods", methods) < 0 ? gw_fail(error, GW_REFUSED, "out of memory")
                                                                        : GW_OK;
    for (size_t i = 0; i < sizeof notes / sizeof *notes && ret == GW_OK; i++) {
        ret = gw_experiment_note(dataset, notes[i].name, notes[i].value, error);
    }
    return ret;
}

int gw_sensitivity_dataset(struct gw_dataset **dataset, const struct gw_lab *lab, const struct gw_part_spec *spec,
                           const struct gw_sensitivity *result, struct gw_error *error)
{
    int ret = gw_experiment_begin(dataset, lab, GW_SENSITIVITY, spec, result->measure, error);
    if (ret != GW_OK) {
        return ret;
    }
    struct shape to = {.dataset = *dataset, .unit = gw_experiment_unit(spec)};
    add_axes(&to, result->inputs);
    add_ranges(&to, result->inputs);
    if (spec->sensitivity.tornado) {
        add_tornado(&to, result);
    }
    if (spec->sensitivity.morris) {
        add_morris(&to, result);
    }
    if (spec->sensitivity.sobol) {
        add_sobol(&to, result);
    }
    for (int i = 0; i < result->inputs->n && !to.failed; i++) {
        to.failed = add_texts(*dataset, &result->inputs->input[i]) != 0;
    }
    ret = to.failed ? gw_fail(error, GW_REFUSED, "out of memory for the results of a sensitivity analysis")
                    : add_notes(*dataset, lab, spec, result, error);
    if (ret != GW_OK) {
        gw_dataset_free(*dataset);
        *dataset = NULL;
    }
    return ret;
}
