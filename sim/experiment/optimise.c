#include "experiment/optimise.h"

#include "analysis/optimum.h"
#include "analysis/surface.h"
#include "experiment/experiment.h"
#include "experiment/levers.h"
#include "outcome/expression.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL 0.95

enum { STARTS = 2, PROFILE = 9, RESAMPLES = 500, QUANTITIES = 1 + GW_MAX_CONSTRAINTS };

struct optimise;

/* One of the quantities that the laboratory is asked, as a response. */
struct quantity {
    struct optimise *optimise;
    size_t number; /* 0: the measure; then the requirements */
};

struct optimise {
    const struct gw_part_spec *spec;
    struct gw_levers levers;
    struct gw_lab *lab;
    char measure[GW_MEASURE_TEXT];
    struct quantity quantity[QUANTITIES];
    struct gw_response response[QUANTITIES];
    struct gw_optimum optimum;
    uint32_t replications;
    struct gw_dataset *dataset;
};

/* ---- Points as trials -------------------------------------------------------------------------------------------
 */

static int run_trials(const struct quantity *q, const double *x, size_t points, struct gw_trial *trial,
                      struct gw_lever_changes *changes, double *all, double *value, struct gw_error *error)
{
    const struct optimise *o = q->optimise;
    const size_t d = o->levers.levers * o->levers.stages, width = gw_lab_quantities(o->lab);
    const uint32_t count = trial[0].count;
    int ret = GW_OK;
    for (size_t p = 0; p < points && ret == GW_OK; p++) {
        ret = gw_lever_changes_make(&changes[p], &o->levers, x + p * d, error);
        trial[p] = trial[0];
        trial[p].change = changes[p].change;
        trial[p].changes = changes[p].n;
        trial[p].value = all + p * count * width;
    }
    ret = ret == GW_OK ? gw_lab_run(o->lab, trial, points, error) : ret;
    for (size_t i = 0; i < points * count && ret == GW_OK; i++) {
        value[i] = all[i * width + q->number];
    }
    return ret;
}

static int evaluate(void *context, const double *x, size_t points, uint32_t first, uint32_t count, double *value,
                    struct gw_error *error)
{
    const struct quantity *q = context;
    struct gw_trial *trial = calloc(points + 1, sizeof *trial);
    struct gw_lever_changes *changes = calloc(points + 1, sizeof *changes);
    double *all = calloc(points * count * gw_lab_quantities(q->optimise->lab) + 1, sizeof *all);
    int ret = GW_REFUSED;
    if (trial == NULL || changes == NULL || all == NULL) {
        gw_fail(error, ret, "out of memory for the points of an optimisation");
        goto out;
    }
    trial[0].first = first;
    trial[0].count = count;
    ret = run_trials(q, x, points, trial, changes, all, value, error);
    for (size_t p = 0; p < points; p++) {
        gw_lever_changes_free(&changes[p]);
    }
out:
    free(trial);
    free(changes);
    free(all);
    return ret;
}

/* ---- What is left ------------------------------------------------------------------------------------------------
 */

enum field {
    BEST,
    BEST_LOW,
    BEST_HIGH,
    PLACE,
    FLAT_LOW,
    FLAT_HIGH,
    DOWN,
    DOWN_LOW,
    DOWN_HIGH,
    UP,
    UP_LOW,
    UP_HIGH,
    SLOPE,
    SLOPE_LOW,
    SLOPE_HIGH,
    WORTH,
    WORTH_LOW,
    WORTH_HIGH,
    SPEND,
    RANGE_LOW,
    RANGE_HIGH,
    FIELDS
};
static const struct {
    const char *name, *what;
    bool of_goal; /* in the measure's unit; otherwise of the lever's, which differs by lever */
} fields[FIELDS] = {
    {"best", "best value of the lever", false},
    {"best_low", "low end of its 95% interval", false},
    {"best_high", "high end of its 95% interval", false},
    {"place", "-1 at the low end of the range, 1 at the high end, 0 inside", false},
    {"flat_low", "low end of the values not told apart from the best", false},
    {"flat_high", "high end of the values not told apart from the best", false},
    {"down", "change of the goal when the lever is lower by a tenth of its range", true},
    {"down_low", "low end of its 95% interval", true},
    {"down_high", "high end of its 95% interval", true},
    {"up", "change of the goal when the lever is higher by a tenth of its range", true},
    {"up_low", "low end of its 95% interval", true},
    {"up_high", "high end of its 95% interval", true},
    {"slope", "change of the goal per unit of the lever", true},
    {"slope_low", "low end of its 95% interval", true},
    {"slope_high", "high end of its 95% interval", true},
    {"worth", "change of the goal by one money a week more of the budget", true},
    {"worth_low", "low end of its 95% interval", true},
    {"worth_high", "high end of its 95% interval", true},
    {"spend", "money per week while the stage lasts", false},
    {"range_low", "low end of the range", false},
    {"range_high", "high end of the range", false},
};

/* A number of a lever at a stage. The slope at a bent lever is by its spend, which is `worth`. */
static double field_of(const struct optimise *o, size_t i, size_t s, enum field field)
{
    const size_t at = i * o->levers.stages + s;
    const struct gw_lever *lever = &o->levers.lever[i];
    const struct gw_optimum_lever *found = &o->optimum.lever[at];
    const struct gw_functional_estimate *side = field < UP ? &found->down : &found->up;
    const double money = lever->costs && isfinite(o->levers.budget) ? lever->unit_cost * o->levers.share[s] : 0.0;
    switch (field) {
    case BEST:
        return gw_levers_x(&o->levers, i, o->optimum.x[at]);
    case BEST_LOW:
        return gw_levers_x(&o->levers, i, found->low);
    case BEST_HIGH:
        return gw_levers_x(&o->levers, i, found->high);
    case PLACE:
        return found->place;
    case FLAT_LOW:
        return gw_levers_x(&o->levers, i, found->flat_low);
    case FLAT_HIGH:
        return gw_levers_x(&o->levers, i, found->flat_high);
    case DOWN:
    case UP:
        return side->value;
    case DOWN_LOW:
    case UP_LOW:
        return side->low;
    case DOWN_HIGH:
    case UP_HIGH:
        return side->high;
    case SLOPE:
        return lever->bent ? NAN : found->worth;
    case SLOPE_LOW:
        return lever->bent ? NAN : found->worth_low;
    case SLOPE_HIGH:
        return lever->bent ? NAN : found->worth_high;
    case WORTH:
        return money != 0.0 ? found->worth / money : NAN;
    case WORTH_LOW:
        return money != 0.0 ? fmin(found->worth_low / money, found->worth_high / money) : NAN;
    case WORTH_HIGH:
        return money != 0.0 ? fmax(found->worth_low / money, found->worth_high / money) : NAN;
    case SPEND:
        return money != 0.0 ? lever->fixed + lever->unit_cost * o->optimum.x[at] : NAN;
    case RANGE_LOW:
        return o->levers.inputs.input[i].low;
    case RANGE_HIGH:
        return o->levers.inputs.input[i].high;
    case FIELDS:
        break;
    }
    return NAN;
}

static int no_memory(struct gw_error *error)
{
    return gw_fail(error, GW_REFUSED, "out of memory for the results of an optimisation");
}

static double *add_reals(struct optimise *o, const char *name, const char *unit, const char *what, int dims,
                         const int *axis)
{
    const int at = gw_dataset_add_array(o->dataset, name, unit, what, GW_FLOAT64, dims, axis);
    return at < 0 ? NULL : o->dataset->array[at].reals;
}

static int add_fields(struct optimise *o, const int axis[2])
{
    const char *unit = gw_experiment_unit(o->spec);
    for (int f = 0; f < FIELDS; f++) {
        double *value = add_reals(o, fields[f].name, fields[f].of_goal ? unit : "1", fields[f].what, 2, axis);
        if (value == NULL) {
            return -1;
        }
        for (size_t i = 0; i < o->levers.levers; i++) {
            for (size_t s = 0; s < o->levers.stages; s++) {
                value[i * o->levers.stages + s] = field_of(o, i, s, (enum field)f);
            }
        }
    }
    return 0;
}

static double profile_number(const struct optimise *o, size_t at, size_t k, int which)
{
    const struct gw_optimum_point *point = &o->optimum.along[at * o->optimum.profile + k];
    const struct gw_functional_estimate *e = which < 4 ? &point->value : &point->difference;
    const double x = point->x[at];
    switch (which) {
    case 0:
        return isfinite(x) ? gw_levers_x(&o->levers, at / o->levers.stages, x) : NAN;
    case 1:
    case 4:
        return e->value;
    case 2:
    case 5:
        return e->low;
    default:
        return e->high;
    }
}

static int add_profiles(struct optimise *o, const int axis[3])
{
    static const char *const names[] = {
        "profile_x",          "profile_value",          "profile_value_low",      "profile_value_high",
        "profile_difference", "profile_difference_low", "profile_difference_high"};
    static const char *const docs[] = {"value of the lever, the others near their best",
                                       "the goal there, in fresh replications",
                                       "low end of its 95% interval",
                                       "high end of its 95% interval",
                                       "paired difference to the optimum",
                                       "low end of its 95% interval",
                                       "high end of its 95% interval"};
    const size_t cells = o->levers.levers * o->levers.stages;
    for (int which = 0; which < 7; which++) {
        double *value =
            add_reals(o, names[which], which == 0 ? "1" : gw_experiment_unit(o->spec), docs[which], 3, axis);
        if (value == NULL) {
            return -1;
        }
        for (size_t at = 0; at < cells; at++) {
            for (size_t k = 0; k < o->optimum.profile; k++) {
                value[at * o->optimum.profile + k] = profile_number(o, at, k, which);
            }
        }
    }
    return 0;
}

static int add_lever_axes(struct optimise *o, int axis[3])
{
    static const char *const periods[] = {[GW_DAY] = "day", [GW_WEEK] = "week", [GW_MONTH] = "month"};
    const char *name[GW_MAX_DIMENSIONS];
    int64_t first[GW_MAX_DIMENSIONS];
    for (size_t i = 0; i < o->levers.levers; i++) {
        name[i] = o->levers.inputs.input[i].name;
    }
    for (size_t s = 0; s < o->levers.stages; s++) {
        first[s] = o->levers.stage[s];
    }
    axis[0] = gw_dataset_add_axis(o->dataset, "lever", "1", "lever", o->levers.levers, name, NULL);
    axis[1] = gw_dataset_add_axis(o->dataset, "stage", periods[gw_lab_scenario(o->lab)->period],
                                  "first period of the stage", o->levers.stages, NULL, first);
    axis[2] = gw_dataset_add_axis(o->dataset, "along", "1", "points along the lever", o->optimum.profile, NULL, NULL);
    return axis[0] < 0 || axis[1] < 0 || axis[2] < 0 ? -1 : 0;
}

static int add_requirements(struct optimise *o)
{
    const struct gw_optimise_spec *spec = &o->spec->optimise;
    const size_t n = (size_t)spec->requirements;
    const char *measure[GW_MAX_CONSTRAINTS];
    static const char *const names[] = {"required", "required_low", "required_high", "required_above",
                                        "required_below"};
    for (size_t k = 0; k < n; k++) {
        measure[k] = spec->require[k].measure;
    }
    const int axis =
        n == 0 ? 0 : gw_dataset_add_axis(o->dataset, "requirement", "1", "measure with a bound", n, measure, NULL);
    for (int which = 0; which < 5 && n > 0; which++) {
        double *value = axis < 0 ? NULL : add_reals(o, names[which], "1", "mean of a measure with a bound", 1, &axis);
        for (size_t k = 0; k < n && value != NULL; k++) {
            const struct gw_functional_estimate *e = &o->optimum.required[k];
            const double all[5] = {e->value, e->low, e->high, spec->require[k].low, spec->require[k].high};
            value[k] = all[which];
        }
        if (value == NULL) {
            return -1;
        }
    }
    return 0;
}

static int add_words(struct optimise *o)
{
    static const char *const goals[] = {"mean", "quantile", "cvar"};
    int good = gw_dataset_add_attribute(o->dataset, "goal", goals[o->spec->optimise.goal]);
    for (size_t i = 0; i < o->levers.levers && good >= 0; i++) {
        char name[40];
        (void)snprintf(name, sizeof name, "lever_%zu_say", i);
        good = gw_dataset_add_attribute(o->dataset, name, o->levers.inputs.input[i].say);
        (void)snprintf(name, sizeof name, "lever_%zu_unit", i);
        good = good < 0 ? good : gw_dataset_add_attribute(o->dataset, name, o->levers.inputs.input[i].unit);
    }
    return good;
}

static int add_notes(struct optimise *o, struct gw_error *error)
{
    const struct gw_optimum *found = &o->optimum;
    const struct {
        const char *name;
        double value;
    } notes[] = {{"level", LEVEL},
                 {"probability", o->spec->optimise.probability},
                 {"budget", o->levers.budget},
                 {"spend_all", o->spec->optimise.spend_all},
                 {"cost", isfinite(o->levers.budget) ? found->cost : NAN},
                 {"budget_binds", found->budget_binds},
                 {"permitted", found->permitted},
                 {"flat", found->flat},
                 {"search", found->search.value},
                 {"search_low", found->search.low},
                 {"search_high", found->search.high},
                 {"fresh", found->fresh.value},
                 {"fresh_low", found->fresh.low},
                 {"fresh_high", found->fresh.high},
                 {"fresh_n", (double)found->fresh.n},
                 {"replications", o->replications},
                 {"evaluated", (double)found->evaluated}};
    int ret = GW_OK;
    for (size_t i = 0; i < sizeof notes / sizeof *notes && ret == GW_OK; i++) {
        ret = gw_experiment_note(o->dataset, notes[i].name, notes[i].value, error);
    }
    return ret;
}

static int keep(struct optimise *o, struct gw_error *error)
{
    int axis[3];
    int ret = gw_experiment_begin(&o->dataset, o->lab, GW_OPTIMISE, o->spec, o->measure, error);
    if (ret == GW_OK && (add_lever_axes(o, axis) < 0 || add_fields(o, axis) < 0 || add_profiles(o, axis) < 0 ||
                         add_requirements(o) < 0 || add_words(o) < 0)) {
        ret = no_memory(error);
    }
    return ret == GW_OK ? add_notes(o, error) : ret;
}

/* ---- All of it ----------------------------------------------------------------------------------------------------
 */

/* `each` is the strategy that is optimised: the last. */
static int open_lab(struct optimise *o, const struct gw_lab_options *options, const struct gw_scenario *scenario,
                    struct gw_error *error)
{
    const struct gw_optimise_spec *spec = &o->spec->optimise;
    const size_t last = (size_t)scenario->strategies - 1;
    struct gw_asked asked[QUANTITIES] = {{o->measure, last, gw_experiment_is_money(o->spec)}};
    struct gw_lab_options own = *options;
    for (int k = 0; k < spec->requirements; k++) {
        const struct gw_part_spec required = {.of = spec->require[k].measure};
        asked[1 + k] = (struct gw_asked){spec->require[k].measure, last, gw_experiment_is_money(&required)};
    }
    own.asked = asked;
    own.quantities = 1 + (size_t)spec->requirements;
    return gw_lab_open(&o->lab, &own, error);
}

static int prepare(struct optimise *o, const struct gw_lab_options *options, struct gw_error *error)
{
    struct gw_scenario *scenario = NULL;
    int ret = gw_scenario_load(&scenario, options->scenario, options->override, options->overrides, error);
    ret = ret == GW_OK ? gw_experiment_measure(scenario, o->spec, o->measure, error) : ret;
    ret = ret == GW_OK ? gw_levers_open(&o->levers, &o->spec->optimise, scenario, error) : ret;
    if (ret == GW_OK) {
        const struct gw_feasible set = gw_levers_set(&o->levers, o->spec->optimise.spend_all);
        ret = gw_feasible_check(&set, error);
    }
    ret = ret == GW_OK ? open_lab(o, options, scenario, error) : ret;
    gw_scenario_free(scenario);
    return ret;
}

static void make_responses(struct optimise *o)
{
    for (size_t k = 0; k < gw_lab_quantities(o->lab); k++) {
        o->quantity[k] = (struct quantity){.optimise = o, .number = k};
        o->response[k] = (struct gw_response){
            .dimensions = o->levers.levers * o->levers.stages, .evaluate = evaluate, .context = &o->quantity[k]};
    }
}

/* Designs, profiles and, on average, two thirds of what the minimisers may take. */
static uint64_t forecast(const struct optimise *o, const struct gw_feasible *set)
{
    const size_t d = set->dimensions, terms = gw_surface_terms(set);
    const size_t points = 1 + d * (PROFILE + 3) + 2 * terms + (d == 1 ? 30 : 2 * terms + 20 * (STARTS + 1) * d);
    return (uint64_t)points * o->replications;
}

static int search(struct optimise *o, struct gw_error *error)
{
    static const enum gw_functional_kind kinds[] = {GW_FUNCTIONAL_MEAN, GW_FUNCTIONAL_QUANTILE, GW_FUNCTIONAL_CVAR};
    const struct gw_optimise_spec *spec = &o->spec->optimise;
    struct gw_optimum_requirement requirement[GW_MAX_CONSTRAINTS];
    const struct gw_optimum_options options = {
        .set = gw_levers_set(&o->levers, spec->spend_all),
        .goal = {.kind = kinds[spec->goal], .probability = spec->probability},
        .requirement = requirement,
        .requirements = (size_t)spec->requirements,
        .replications = o->replications,
        .fresh = o->replications,
        .starts = STARTS,
        .profile = PROFILE,
        .resamples = RESAMPLES,
        .level = LEVEL,
        .tolerance = 0.01,
    };
    make_responses(o);
    for (int k = 0; k < spec->requirements; k++) {
        requirement[k] = (struct gw_optimum_requirement){
            .response = &o->response[1 + k], .low = spec->require[k].low, .high = spec->require[k].high};
    }
    gw_lab_expect(o->lab, forecast(o, &options.set));
    return gw_optimum_find(&o->response[0], &options, &o->optimum, error);
}

int gw_optimise_run(const struct gw_lab_options *options, const struct gw_part_spec *spec,
                    struct gw_dataset **dataset, struct gw_error *error)
{
    struct optimise o = {.spec = spec};
    o.replications = spec->replications > 0 ? spec->replications : GW_OPTIMISE_REPLICATIONS;
    int ret = prepare(&o, options, error);
    ret = ret == GW_OK ? search(&o, error) : ret;
    ret = ret == GW_OK ? keep(&o, error) : ret;
    if (o.lab != NULL) {
        const int closed = gw_lab_close(o.lab, ret == GW_OK, error);
        ret = ret == GW_OK ? closed : ret;
    }
    if (ret != GW_OK) {
        gw_dataset_free(o.dataset);
        o.dataset = NULL;
    }
    gw_optimum_free(&o.optimum);
    gw_levers_free(&o.levers);
    *dataset = o.dataset;
    return ret;
}
