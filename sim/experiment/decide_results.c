/* What a decision leaves: the dataset of its run file. */
#include "experiment/decide.h"
#include "experiment/decide_study.h"
#include "experiment/experiment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum axis { STRATEGY, WORLD, LUCK, UNKNOWN, TARGET, ESTIMATE, AGAINST, POINT, AXES };

struct results {
    const struct gw_study *study;
    struct gw_dataset *dataset;
    const char *unit;
    bool failed;
};

static void add_axis(struct results *r, const char *name, const char *long_name, size_t length,
                     const char *const *labels)
{
    r->failed |= gw_dataset_add_axis(r->dataset, name, "1", long_name, length, labels, NULL) < 0;
}

static void add_axes(struct results *r, const struct gw_scenario *scenario, const char **labels)
{
    static const char *const estimates[] = {"value", "low", "high"};
    const struct gw_study *study = r->study;
    for (size_t s = 0; s < study->worlds.strategies; s++) {
        labels[s] = scenario->strategy[s].name;
    }
    add_axis(r, "strategy", "strategy", study->worlds.strategies, labels);
    add_axis(r, "world", "possible world", study->worlds.worlds, NULL);
    add_axis(r, "luck", "replication within a world", study->inner, NULL);
    for (int i = 0; i < study->worlds.unknown.n; i++) {
        labels[i] = study->worlds.unknown.input[i].name;
    }
    add_axis(r, "unknown", "uncertain input", (size_t)study->worlds.unknown.n, labels);
    for (size_t t = 0; t < study->targets; t++) {
        labels[t] = study->target[t].say;
    }
    add_axis(r, "target", "what may be found out: an uncertain input or a group", study->targets, labels);
    add_axis(r, "estimate", "estimate and its 95% interval", 3, estimates);
    for (size_t c = 0; c < study->curves; c++) {
        labels[c] = study->target[study->curve[c].unknown].say;
    }
    add_axis(r, "against", "uncertain input that acceptability is shown against", study->curves, labels);
    add_axis(r, "point", "point on a curve", GW_DECIDE_POINTS, NULL);
}

static struct gw_array *add_array(struct results *r, const char *name, const char *unit, const char *long_name,
                                  enum gw_data_type type, int dims, const enum axis *axis)
{
    int position[GW_MAX_DIMS];
    for (int i = 0; i < dims; i++) {
        position[i] = (int)axis[i];
    }
    const int at = r->failed ? -1 : gw_dataset_add_array(r->dataset, name, unit, long_name, type, dims, position);
    r->failed |= at < 0;
    return at < 0 ? NULL : &r->dataset->array[at];
}

/* An array that is there already, element by element. */
static void add_reals(struct results *r, const char *name, const char *unit, const char *long_name,
                      const double *data, int dims, const enum axis *axis)
{
    struct gw_array *array = add_array(r, name, unit, long_name, GW_FLOAT64, dims, axis);
    if (array != NULL) {
        memcpy(array->reals, data, gw_array_length(r->dataset, array) * sizeof *data);
    }
}

static void put(double *out, struct gw_interval x)
{
    out[0] = x.value;
    out[1] = x.low;
    out[2] = x.high;
}

/* ---- Strategies ---------------------------------------------------------------------------------------------------
 */

/* One estimate per strategy, `first` that of strategy 0 and the next `stride` bytes on. */
static void add_by_strategy(struct results *r, const char *name, const char *unit, const char *long_name,
                            const struct gw_interval *first, size_t stride)
{
    struct gw_array *array =
        add_array(r, name, unit, long_name, GW_FLOAT64, 2, (const enum axis[]){STRATEGY, ESTIMATE});
    for (size_t s = 0; array != NULL && s < r->study->worlds.strategies; s++) {
        put(array->reals + 3 * s, *(const struct gw_interval *)(const void *)((const char *)first + s * stride));
    }
}

static void add_strategies(struct results *r)
{
    const struct gw_study *study = r->study;
    const size_t choice = sizeof *study->choice, part = sizeof *study->own, pair = sizeof *study->pairing;
    add_by_strategy(r, "expected_value", r->unit, "expected value; Student's t over worlds", &study->choice[0].value,
                    choice);
    add_by_strategy(r, "probability_best", "1", "probability of being the best strategy", &study->choice[0].best,
                    choice);
    add_by_strategy(r, "regret", r->unit, "expected opportunity loss", &study->choice[0].regret, choice);
    add_by_strategy(r, "share_of_ignorance", "1", "share of the variance of one replication that is between worlds",
                    &study->own[0].robust, part);
    add_by_strategy(r, "lead", r->unit, "lead of the best strategy, paired; Student's t over worlds",
                    &study->lead[0].mean, part);
    add_by_strategy(r, "lead_share_of_ignorance", "1",
                    "the same share of the variance of the paired lead of the best strategy", &study->lead[0].robust,
                    part);
    add_by_strategy(r, "lead_luck", "1", "variance of the paired lead within worlds", &study->lead[0].luck, part);
    add_by_strategy(r, "lead_ignorance", "1", "variance of the paired lead between worlds, luck taken out",
                    &study->lead[0].ignorance, part);
    add_by_strategy(r, "pairing_luck", "1",
                    "variance under permuted pairing over that of the lead, within worlds (common luck)",
                    &study->pairing[0].luck, pair);
    add_by_strategy(r, "pairing_total", "1", "the same over worlds and luck together (common worlds and luck)",
                    &study->pairing[0].total, pair);
}

static void add_estimate(struct results *r, const char *name, const char *long_name, struct gw_interval x)
{
    struct gw_array *array = add_array(r, name, r->unit, long_name, GW_FLOAT64, 1, (const enum axis[]){ESTIMATE});
    if (array != NULL) {
        put(array->reals, x);
    }
}

static void add_perfect(struct results *r)
{
    const struct gw_decision *d = &r->study->decision;
    add_estimate(r, "evpi", "expected value of perfect information", d->evpi);
    add_estimate(r, "evpi_above", "the same from means that hold luck: too high", d->above);
    add_estimate(r, "evpi_below", "the same, chosen by half of the luck and valued by the other: too low", d->below);
}

/* ---- Targets ------------------------------------------------------------------------------------------------------
 */

enum figure { PLAIN, BIAS, ERROR, EXPLAINED, TERMS };

static double figure_of(const struct gw_information *i, enum figure figure)
{
    const double number[] = {i->plain, i->bias, i->standard_error, i->explained, (double)i->terms};
    return number[figure];
}

static void add_figure(struct results *r, const char *name, const char *unit, const char *long_name,
                       enum figure figure)
{
    struct gw_array *array = add_array(r, name, unit, long_name, GW_FLOAT64, 1, (const enum axis[]){TARGET});
    for (size_t t = 0; array != NULL && t < r->study->targets; t++) {
        array->reals[t] = figure_of(&r->study->target[t].information, figure);
    }
}

static void add_members(struct results *r)
{
    struct gw_array *array = add_array(r, "member", "1", "whether the target has the input", GW_INT64, 2,
                                       (const enum axis[]){TARGET, UNKNOWN});
    for (size_t t = 0; array != NULL && t < r->study->targets; t++) {
        for (size_t m = 0; m < r->study->target[t].members; m++) {
            array->integers[t * (size_t)r->study->worlds.unknown.n + (size_t)r->study->target[t].member[m]] = 1;
        }
    }
}

static void add_targets(struct results *r)
{
    struct gw_array *array =
        add_array(r, "evppi", r->unit, "expected value of finding the target out, bias taken out", GW_FLOAT64, 2,
                  (const enum axis[]){TARGET, ESTIMATE});
    for (size_t t = 0; array != NULL && t < r->study->targets; t++) {
        put(array->reals + 3 * t, r->study->target[t].information.evppi);
    }
    add_figure(r, "evppi_plain", r->unit, "the same with its bias", PLAIN);
    add_figure(r, "evppi_bias", r->unit, "bias from fitted noise", BIAS);
    add_figure(r, "evppi_error", r->unit, "standard error", ERROR);
    add_figure(r, "explained", "1", "greatest share of the variance of a difference that the metamodel explains",
               EXPLAINED);
    add_figure(r, "terms", "1", "terms of the metamodel, the constant included", TERMS);
    add_members(r);
}

/* ---- Curves -------------------------------------------------------------------------------------------------------
 */

static void add_points(struct results *r)
{
    struct gw_array *which =
        add_array(r, "against_unknown", "1", "which uncertain input", GW_INT64, 1, (const enum axis[]){AGAINST});
    for (size_t c = 0; which != NULL && c < r->study->curves; c++) {
        which->integers[c] = r->study->curve[c].unknown;
    }
    struct gw_array *at = add_array(r, "against_value", "1", "values of the input, in its unit", GW_FLOAT64, 2,
                                    (const enum axis[]){AGAINST, POINT});
    for (size_t c = 0; at != NULL && c < r->study->curves; c++) {
        memcpy(at->reals + c * GW_DECIDE_POINTS, r->study->curve[c].at, GW_DECIDE_POINTS * sizeof *at->reals);
    }
    struct gw_array *leader =
        add_array(r, "leader", "1", "strategy of the greatest expected value there: the frontier", GW_INT64, 2,
                  (const enum axis[]){AGAINST, POINT});
    for (size_t i = 0; leader != NULL && i < r->study->curves * GW_DECIDE_POINTS; i++) {
        leader->integers[i] = (int64_t)r->study->curve[i / GW_DECIDE_POINTS].leader[i % GW_DECIDE_POINTS];
    }
}

static void add_curve_array(struct results *r, const char *name, const char *unit, const char *long_name,
                            bool acceptability)
{
    const size_t each = r->study->worlds.strategies * GW_DECIDE_POINTS;
    struct gw_array *array =
        add_array(r, name, unit, long_name, GW_FLOAT64, 4, (const enum axis[]){AGAINST, STRATEGY, POINT, ESTIMATE});
    for (size_t i = 0; array != NULL && i < r->study->curves * each; i++) {
        const struct gw_curves *curve = &r->study->curve[i / each];
        put(array->reals + 3 * i, (acceptability ? curve->acceptability : curve->benefit)[i % each]);
    }
}

static void add_curves(struct results *r)
{
    add_points(r);
    add_curve_array(r, "acceptability", "1", "probability of being the best strategy, given the input", true);
    add_curve_array(r, "benefit", r->unit, "expected value less that of the first strategy, given the input", false);
}

/* ---- All ----------------------------------------------------------------------------------------------------------
 */

static const char *design_name(enum gw_design design)
{
    return design == GW_DESIGN_SOBOL             ? "a Sobol sequence"
           : design == GW_DESIGN_LATIN_HYPERCUBE ? "a Latin hypercube"
                                                 : "at random";
}

static int add_notes(struct results *r, struct gw_error *error)
{
    const struct gw_study *study = r->study;
    const struct {
        const char *name;
        double value;
    } note[] = {{"best", (double)study->decision.best},
                {"worlds", (double)study->worlds.worlds},
                {"inner", study->inner},
                {"inner_wanted", study->inner_wanted},
                {"inner_chosen", study->inner_chosen},
                {"luck_removed", study->decision.luck_removed}};
    int ret = GW_OK;
    for (size_t i = 0; i < sizeof note / sizeof *note && ret == GW_OK; i++) {
        ret = gw_experiment_note(r->dataset, note[i].name, note[i].value, error);
    }
    r->failed |= gw_dataset_add_attribute(r->dataset, "design", design_name(study->spec->decide.design)) < 0;
    return ret;
}

static void add_unknown_units(struct results *r)
{
    const struct gw_inputs *unknown = &r->study->worlds.unknown;
    for (size_t c = 0; c < r->study->curves; c++) {
        char name[64];
        (void)snprintf(name, sizeof name, "against_unit_%zu", c);
        r->failed |= gw_dataset_add_attribute(r->dataset, name, unknown->input[r->study->curve[c].unknown].unit) < 0;
    }
}

static int add_all(struct results *r, const struct gw_scenario *scenario, struct gw_error *error)
{
    const struct gw_study *study = r->study;
    const char **labels = calloc(study->targets + study->worlds.strategies + study->curves + 1, sizeof *labels);
    if (labels == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for the results");
    }
    add_axes(r, scenario, labels);
    free(labels);
    add_reals(r, "value", r->unit, "value of a strategy in a world, by luck", study->value, 3,
              (const enum axis[]){STRATEGY, WORLD, LUCK});
    add_reals(r, "unknown_value", "1", "what the world is like: uncertain inputs in their units", study->worlds.x, 2,
              (const enum axis[]){WORLD, UNKNOWN});
    add_strategies(r);
    add_perfect(r);
    add_targets(r);
    add_curves(r);
    add_unknown_units(r);
    const int ret = add_notes(r, error);
    return ret == GW_OK && r->failed ? gw_fail(error, GW_REFUSED, "out of memory for the results") : ret;
}

int gw_study_results(const struct gw_study *study, struct gw_dataset **dataset, struct gw_error *error)
{
    struct results r = {.study = study, .unit = gw_experiment_unit(study->spec)};
    int ret = gw_experiment_begin(dataset, study->lab, GW_DECIDE, study->spec, study->spec->of, error);
    if (ret != GW_OK) {
        return ret;
    }
    r.dataset = *dataset;
    ret = add_all(&r, gw_lab_scenario(study->lab), error);
    if (ret != GW_OK) {
        gw_dataset_free(*dataset);
        *dataset = NULL;
    }
    return ret;
}
