#include "experiment/sweep.h"

#include "core/memory.h"
#include "experiment/experiment.h"
#include "experiment/sweep_points.h"
#include "outcome/estimate.h"
#include "outcome/expression.h"
#include "output/hdf5_dataset.h"
#include "output/label.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL 0.95

enum { BATCH = 256 }; /* points that are prepared and run at a time */

struct sweep {
    struct gw_part_spec spec; /* with the measure settled */
    const struct gw_scenario *scenario;
    struct gw_sweep_points points;
    struct gw_lab *lab;
    bool by_strategy;
    size_t quantities; /* strategies, or 1 */
    uint32_t replications;
    double *value; /* [point][replication][quantity] */
};

static const char *const designs[] = {"grid", "list", "random", "latin_hypercube", "sobol"};
static const char *const statistics[] = {"mean", "sd", "low", "high", "n"};
enum { MEAN, SD, LOW, HIGH, COUNT, STATISTICS };

/* ---- What is asked -------------------------------------------------------------------------------------------- */

/* Whether a measure has the word `each`, which stands for one strategy after the other. */
static bool asks_each(const char *measure)
{
    const char *at = measure;
    while ((at = strstr(at, "each")) != NULL) {
        const bool begins = at == measure || !(isalnum((unsigned char)at[-1]) || at[-1] == '_' || at[-1] == '.');
        if (begins && !(isalnum((unsigned char)at[4]) || at[4] == '_')) {
            return true;
        }
        at++;
    }
    return false;
}

static void settle_measure(struct sweep *s, const struct gw_part_spec *spec)
{
    static char measure[] = "each.company_value", say[] = "company value", unit[] = "money";
    s->spec = *spec;
    if (spec->of == NULL) {
        s->spec.of = measure;
        s->spec.say = spec->say == NULL ? say : spec->say;
        s->spec.unit = spec->unit == NULL ? unit : spec->unit;
    }
    s->by_strategy = asks_each(s->spec.of);
    s->quantities = s->by_strategy ? (size_t)s->scenario->strategies : 1;
    s->replications = spec->replications > 0 ? spec->replications : s->scenario->replications;
}

/* ---- The shape of the results --------------------------------------------------------------------------------- */

static int no_memory(struct gw_error *error)
{
    return gw_fail(error, GW_REFUSED, "out of memory for the results of a sweep");
}

static bool is_reserved(const char *name)
{
    static const char *const others[] = {"strategy",     "replication",   "point",          "value",
                                         "difference",   "difference_sd", "difference_low", "difference_high",
                                         "difference_n", "provenance"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(name, others[i]) == 0) {
            return true;
        }
    }
    for (int i = 0; i < STATISTICS; i++) {
        if (strcmp(name, statistics[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int check_names(const struct sweep *s, struct gw_error *error)
{
    const int most = GW_MAX_DIMS - (s->by_strategy ? 2 : 1);
    for (int i = 0; i < s->points.inputs.n; i++) {
        const char *name = s->points.inputs.input[i].name;
        if (is_reserved(name)) {
            return gw_fail(error, GW_BAD_INPUT,
                           "'%s' is the name of a result of every sweep: give the input another "
                           "name:",
                           name);
        }
    }
    if (s->points.levels != NULL && s->points.inputs.n > most) {
        return gw_fail(error, GW_BAD_INPUT,
                       "a grid over %d inputs has more dimensions than a run file can hold, which is %d: take "
                       "design: latin_hypercube or sobol, with points: N",
                       s->points.inputs.n, most);
    }
    return GW_OK;
}

static const char *long_name(const struct gw_input *input)
{
    return input->say != NULL && input->say[0] != '\0' ? input->say : input->name;
}

/* An axis of an input's values as they are written. */
static int add_text_axis(const struct sweep *s, struct gw_dataset *dataset, int input)
{
    const struct gw_input *of = &s->points.inputs.input[input];
    return gw_dataset_add_axis(dataset, of->name, of->unit, long_name(of), s->points.levels[input].n,
                               (const char *const *)of->value, NULL);
}

/* An axis of points, each in words. */
static int add_worded_points(const struct sweep *s, struct gw_dataset *dataset)
{
    const size_t n = s->points.points;
    char(*text)[GW_SWEEP_POINT_BYTES] = calloc(n, sizeof *text);
    const char **label = calloc(n, sizeof *label);
    int axis = -1;
    if (text != NULL && label != NULL) {
        for (size_t p = 0; p < n; p++) {
            gw_sweep_point_text(&s->points, p, text[p]);
            label[p] = text[p];
        }
        axis = gw_dataset_add_axis(dataset, "point", "1", "point of the sweep", n, label, NULL);
    }
    free(text);
    free(label);
    return axis;
}

static int add_input_axis(const struct sweep *s, struct gw_dataset *dataset, int input)
{
    const struct gw_input *of = &s->points.inputs.input[input];
    const struct gw_sweep_levels *levels = &s->points.levels[input];
    return gw_sweep_is_numeric(&s->points, input)
               ? gw_dataset_add_real_axis(dataset, of->name, of->unit, long_name(of), levels->n, levels->x)
               : add_text_axis(s, dataset, input);
}

static int add_input_array(const struct sweep *s, struct gw_dataset *dataset, int input, int point)
{
    const struct gw_input *of = &s->points.inputs.input[input];
    const int array = gw_dataset_add_array(dataset, of->name, of->unit, long_name(of), GW_FLOAT64, 1, &point);
    for (size_t p = 0; array >= 0 && p < s->points.points; p++) {
        dataset->array[array].reals[p] = s->points.x[p * (size_t)s->points.inputs.n + (size_t)input];
    }
    return array;
}

/* Axes of the points into axis[]; how many, or -1. */
static int add_point_axes(const struct sweep *s, struct gw_dataset *dataset, int axis[GW_MAX_DIMS])
{
    const int n = s->points.inputs.n;
    bool numeric = true;
    if (s->points.levels != NULL) {
        for (int i = 0; i < n; i++) {
            axis[i] = add_input_axis(s, dataset, i);
            if (axis[i] < 0) {
                return -1;
            }
        }
        return n;
    }
    for (int i = 0; i < n; i++) {
        numeric = numeric && gw_sweep_is_numeric(&s->points, i);
    }
    axis[0] = numeric ? gw_dataset_add_axis(dataset, "point", "1", "point of the sweep", s->points.points, NULL, NULL)
                      : add_worded_points(s, dataset);
    for (int i = 0; axis[0] >= 0 && i < n; i++) {
        if (gw_sweep_is_numeric(&s->points, i) && add_input_array(s, dataset, i, axis[0]) < 0) {
            return -1;
        }
    }
    return axis[0] < 0 ? -1 : 1;
}

static int add_strategy_axis(const struct sweep *s, struct gw_dataset *dataset)
{
    const char **label = calloc(s->quantities, sizeof *label);
    for (size_t q = 0; label != NULL && q < s->quantities; q++) {
        label[q] = s->scenario->strategy[q].name;
    }
    const int axis = label == NULL ? -1
                                   : gw_dataset_add_axis(dataset, "strategy", "1", "strategy of the focal firm",
                                                         s->quantities, label, NULL);
    free(label);
    return axis;
}

/* "difference", "difference_sd" ... or "mean", "sd" ... */
static void name_statistic(char name[32], bool difference, int statistic)
{
    if (!difference) {
        (void)snprintf(name, 32, "%s", statistics[statistic]);
    } else if (statistic == MEAN) {
        (void)snprintf(name, 32, "difference");
    } else {
        (void)snprintf(name, 32, "difference_%s", statistics[statistic]);
    }
}

static int add_statistics(struct gw_dataset *dataset, bool difference, int dims, const int *axis, const char *unit,
                          const char *say)
{
    static const char *const what[] = {"mean", "standard deviation over the replications",
                                       "low end of the 95% interval of the mean",
                                       "high end of the 95% interval of the mean", "replications that it rests on"};
    char text[GW_MEASURE_TEXT + 200], name[32];
    for (int i = 0; i < STATISTICS; i++) {
        name_statistic(name, difference, i);
        (void)snprintf(text, sizeof text, "%s%s: %s", say,
                       difference ? ", paired difference to the first strategy" : "", what[i]);
        if (gw_dataset_add_array(dataset, name, i == COUNT ? "1" : unit, text, i == COUNT ? GW_INT64 : GW_FLOAT64,
                                 dims, axis) < 0) {
            return -1;
        }
    }
    return 0;
}

static int add_shape(const struct sweep *s, struct gw_dataset *dataset, const char *unit, const char *say)
{
    int axis[GW_MAX_DIMS], dims = add_point_axes(s, dataset, axis);
    if (dims < 0 || (s->by_strategy && (axis[dims++] = add_strategy_axis(s, dataset)) < 0) ||
        (axis[dims] = gw_dataset_add_axis(dataset, "replication", "1", "replication", s->replications, NULL, NULL)) <
            0 ||
        gw_dataset_add_array(dataset, "value", unit, say, GW_FLOAT64, dims + 1, axis) < 0 ||
        add_statistics(dataset, false, dims, axis, unit, say) != 0) {
        return -1;
    }
    return s->quantities > 1 ? add_statistics(dataset, true, dims, axis, unit, say) : 0;
}

static int add_attributes(const struct sweep *s, struct gw_dataset *dataset, struct gw_error *error)
{
    char *names = NULL;
    size_t size;
    FILE *out = open_memstream(&names, &size);
    for (int i = 0; out != NULL && i < s->points.inputs.n; i++) {
        (void)fprintf(out, "%s%s", i == 0 ? "" : ",", s->points.inputs.input[i].name);
    }
    const bool written = out != NULL && fclose(out) == 0 && gw_dataset_add_attribute(dataset, "inputs", names) >= 0 &&
                         gw_dataset_add_attribute(dataset, "design", designs[s->points.design]) >= 0;
    free(names);
    return written ? gw_experiment_note(dataset, "replications", s->replications, error) : no_memory(error);
}

/* The dataset with its arrays at zero. */
static int make_dataset(const struct sweep *s, struct gw_dataset **dataset, struct gw_error *error)
{
    char say[GW_MEASURE_TEXT];
    int ret = gw_experiment_begin(dataset, s->lab, GW_SWEEP, &s->spec, s->spec.of, error);
    if (ret != GW_OK) {
        return ret;
    }
    ret = add_shape(s, *dataset, gw_experiment_unit(&s->spec), gw_experiment_say(&s->spec, s->scenario, say)) == 0
              ? GW_OK
              : no_memory(error);
    ret = ret == GW_OK ? add_attributes(s, *dataset, error) : ret;
    if (ret != GW_OK) {
        gw_dataset_free(*dataset);
        *dataset = NULL;
    }
    return ret;
}

/* Names and units are tried before anything is simulated. */
static int check_shape(const struct sweep *s, struct gw_error *error)
{
    struct gw_dataset *dataset = NULL;
    struct gw_error reason = {0};
    int ret = make_dataset(s, &dataset, error);
    if (ret == GW_OK && gw_hdf5_check(dataset, &reason) != GW_OK) {
        ret = gw_fail(error, GW_BAD_INPUT, "%s", reason.text);
    }
    gw_dataset_free(dataset);
    return ret;
}

/* ---- Simulation ----------------------------------------------------------------------------------------------- */

static int run_batch(struct sweep *s, size_t first, size_t points, struct gw_changes *changes, struct gw_trial *trial,
                     struct gw_error *error)
{
    int ret = GW_OK;
    for (size_t p = 0; p < points && ret == GW_OK; p++) {
        ret = gw_sweep_point_changes(&s->points, first + p, &changes[p], error);
        trial[p] = (struct gw_trial){.change = changes[p].change,
                                     .changes = changes[p].n,
                                     .count = s->replications,
                                     .value = s->value + (first + p) * s->replications * s->quantities};
    }
    ret = ret == GW_OK ? gw_lab_run(s->lab, trial, points, error) : ret;
    for (size_t p = 0; p < points; p++) {
        gw_changes_free(&changes[p]);
    }
    return ret;
}

static int simulate(struct sweep *s, struct gw_error *error)
{
    struct gw_changes *changes = calloc(BATCH, sizeof *changes);
    struct gw_trial *trial = calloc(BATCH, sizeof *trial);
    int ret = changes == NULL || trial == NULL ? no_memory(error) : GW_OK;
    gw_lab_expect(s->lab, (uint64_t)s->points.points * s->replications);
    for (size_t first = 0; first < s->points.points && ret == GW_OK; first += BATCH) {
        const size_t left = s->points.points - first;
        ret = run_batch(s, first, left < BATCH ? left : BATCH, changes, trial, error);
    }
    free(changes);
    free(trial);
    return ret;
}

/* ---- Results -------------------------------------------------------------------------------------------------- */

static void store(const struct gw_dataset *dataset, bool difference, size_t at, const struct gw_estimate *e)
{
    const double real[] = {[MEAN] = e->mean, [SD] = e->sd, [LOW] = e->low, [HIGH] = e->high};
    char name[32];
    for (int i = 0; i < STATISTICS; i++) {
        name_statistic(name, difference, i);
        const struct gw_array *array = gw_dataset_array(dataset, name);
        if (i == COUNT) {
            array->integers[at] = (int64_t)e->n;
        } else {
            array->reals[at] = real[i];
        }
    }
}

/* Values of a point by quantity: sample[quantities][replications]. */
static void summarise(const struct sweep *s, const struct gw_dataset *dataset, size_t point, const double *sample)
{
    const size_t n = s->replications;
    for (size_t q = 0; q < s->quantities; q++) {
        const size_t at = point * s->quantities + q;
        const struct gw_estimate level = gw_estimate_mean(sample + q * n, n, LEVEL);
        store(dataset, false, at, &level);
        if (s->quantities > 1) {
            const struct gw_comparison c = gw_estimate_comparison(sample + q * n, sample, n, LEVEL);
            store(dataset, true, at, &c.difference);
        }
    }
}

static void fill(const struct sweep *s, const struct gw_dataset *dataset)
{
    const size_t n = s->replications, cells = n * s->quantities;
    double *all = gw_dataset_array(dataset, "value")->reals;
    for (size_t p = 0; p < s->points.points; p++) {
        for (size_t r = 0; r < n; r++) {
            for (size_t q = 0; q < s->quantities; q++) {
                all[p * cells + q * n + r] = s->value[p * cells + r * s->quantities + q];
            }
        }
        summarise(s, dataset, p, all + p * cells);
    }
}

/* ---- The program ---------------------------------------------------------------------------------------------- */

static int open_lab(struct sweep *s, const struct gw_lab_options *options, struct gw_error *error)
{
    struct gw_lab_options own = *options;
    struct gw_asked *asked = calloc(s->quantities, sizeof *asked);
    if (asked == NULL) {
        return no_memory(error);
    }
    for (size_t q = 0; q < s->quantities; q++) {
        asked[q] =
            (struct gw_asked){s->spec.of, s->by_strategy ? q : GW_NO_STRATEGY, gw_experiment_is_money(&s->spec)};
    }
    own.asked = asked;
    own.quantities = s->quantities;
    const int ret = gw_lab_open(&s->lab, &own, error);
    free(asked);
    return ret;
}

static int allocate(struct sweep *s, struct gw_error *error)
{
    size_t cells;
    if (__builtin_mul_overflow(s->points.points * s->quantities, (size_t)s->replications, &cells) ||
        cells > gw_memory_available() / (3 * sizeof(double))) {
        return gw_fail(error, GW_REFUSED, "%zu points with %u replications each do not fit into memory",
                       s->points.points, s->replications);
    }
    s->value = calloc(cells, sizeof *s->value);
    return s->value == NULL ? no_memory(error) : GW_OK;
}

static int sweep(struct sweep *s, const struct gw_lab_options *options, struct gw_dataset **dataset,
                 struct gw_error *error)
{
    int ret = gw_sweep_points_make(&s->points, &s->spec.sweep, s->scenario->seed, error);
    ret = ret == GW_OK ? check_names(s, error) : ret;
    ret = ret == GW_OK ? allocate(s, error) : ret;
    ret = ret == GW_OK ? open_lab(s, options, error) : ret;
    ret = ret == GW_OK ? check_shape(s, error) : ret;
    ret = ret == GW_OK ? simulate(s, error) : ret;
    ret = ret == GW_OK ? make_dataset(s, dataset, error) : ret;
    if (ret == GW_OK) {
        fill(s, *dataset);
    }
    const int closed = s->lab == NULL ? GW_OK : gw_lab_close(s->lab, ret == GW_OK, error);
    return ret == GW_OK ? closed : ret;
}

int gw_sweep_run(const struct gw_lab_options *options, const struct gw_part_spec *spec, struct gw_dataset **dataset,
                 struct gw_error *error)
{
    struct sweep s = {0};
    struct gw_scenario *scenario = NULL;
    *dataset = NULL;
    const struct gw_plain plain = gw_plain_begin();
    int ret = gw_scenario_load(&scenario, options->scenario, options->override, options->overrides, error);
    if (ret == GW_OK) {
        s.scenario = scenario;
        settle_measure(&s, spec);
        ret = sweep(&s, options, dataset, error);
    }
    if (ret != GW_OK) {
        gw_dataset_free(*dataset);
        *dataset = NULL;
    }
    gw_sweep_points_free(&s.points);
    free(s.value);
    gw_scenario_free(scenario);
    gw_plain_end(plain);
    return ret;
}
