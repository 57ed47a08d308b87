#include "output/optimise_view.h"

#include "output/label.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const of_stage[] = {"best",  "best_low", "best_high", "place",      "flat_low",  "flat_high",
                                       "down",  "down_low", "down_high", "up",         "up_low",    "up_high",
                                       "worth", "spend",    "worth_low", "worth_high", "range_low", "range_high"};
static const char *const of_profile[] = {"profile_x", "profile_value", "profile_value_low", "profile_value_high",
                                         "profile_difference"};

static bool has(const struct gw_dataset *dataset, const char *name, size_t length)
{
    const struct gw_array *array = gw_dataset_array(dataset, name);
    return array != NULL && array->type == GW_FLOAT64 && gw_array_length(dataset, array) == length;
}

static bool has_all(const struct gw_optimise_view *v)
{
    const size_t cells = v->levers * v->stages;
    bool all = true;
    for (size_t i = 0; i < sizeof of_stage / sizeof *of_stage; i++) {
        all = all && has(v->dataset, of_stage[i], cells);
    }
    for (size_t i = 0; i < sizeof of_profile / sizeof *of_profile; i++) {
        all = all && has(v->dataset, of_profile[i], cells * v->along);
    }
    return all && (v->requirements == 0 || (has(v->dataset, "required", v->requirements) &&
                                            has(v->dataset, "required_low", v->requirements) &&
                                            has(v->dataset, "required_high", v->requirements) &&
                                            has(v->dataset, "required_above", v->requirements) &&
                                            has(v->dataset, "required_below", v->requirements)));
}

int gw_optimise_view_open(struct gw_optimise_view *view, const struct gw_dataset *dataset, struct gw_error *error)
{
    const struct gw_axis *lever = gw_dataset_axis(dataset, "lever"), *stage = gw_dataset_axis(dataset, "stage"),
                         *along = gw_dataset_axis(dataset, "along"),
                         *requirement = gw_dataset_axis(dataset, "requirement");
    const char *say = gw_dataset_attribute(dataset, "say"), *unit = gw_dataset_attribute(dataset, "unit");
    *view = (struct gw_optimise_view){.dataset = dataset, .say = say, .unit = unit};
    bool good = lever != NULL && lever->labels != NULL && stage != NULL && stage->values != NULL && along != NULL &&
                say != NULL && unit != NULL && (requirement == NULL || requirement->labels != NULL);
    if (good) {
        view->levers = lever->length;
        view->stages = stage->length;
        view->stage = stage->values;
        view->period = stage->unit;
        view->along = along->length;
        view->requirements = requirement == NULL ? 0 : requirement->length;
        view->budget = isfinite(gw_optimise_note(view, "budget"));
        good = has_all(view);
    }
    return good ? GW_OK : gw_fail(error, GW_BAD_INPUT, "the run file lacks what an optimisation leaves");
}

double gw_optimise_note(const struct gw_optimise_view *view, const char *name)
{
    const char *text = gw_dataset_attribute(view->dataset, name);
    return text == NULL ? NAN : strtod(text, NULL);
}

double gw_optimise_at(const struct gw_optimise_view *view, const char *array, size_t lever, size_t stage)
{
    const struct gw_array *found = gw_dataset_array(view->dataset, array);
    return found == NULL ? NAN : found->reals[lever * view->stages + stage];
}

double gw_optimise_along(const struct gw_optimise_view *view, const char *array, size_t lever, size_t stage, size_t k)
{
    const struct gw_array *found = gw_dataset_array(view->dataset, array);
    return found == NULL ? NAN : found->reals[(lever * view->stages + stage) * view->along + k];
}

const char *gw_optimise_lever(const struct gw_optimise_view *view, size_t lever, size_t stage,
                              char out[GW_LEVER_SIZE])
{
    char key[40], name[GW_NAME_SIZE];
    (void)snprintf(key, sizeof key, "lever_%zu_say", lever);
    const char *say = gw_dataset_attribute(view->dataset, key);
    (void)gw_show_text(name, sizeof name, say == NULL ? "lever" : say, 40);
    for (char *c = name; (c = strchr(c, '_')) != NULL;) {
        *c = ' ';
    }
    if (view->stages > 1) {
        (void)snprintf(out, GW_LEVER_SIZE, "%s from %s %lld", name, view->period, (long long)view->stage[stage]);
    } else {
        (void)snprintf(out, GW_LEVER_SIZE, "%s", name);
    }
    return out;
}

const char *gw_optimise_unit(const struct gw_optimise_view *view, size_t lever)
{
    char key[40];
    (void)snprintf(key, sizeof key, "lever_%zu_unit", lever);
    const char *unit = gw_dataset_attribute(view->dataset, key);
    return unit == NULL ? "1" : unit;
}

const char *gw_optimise_goal(const struct gw_optimise_view *view, char out[80])
{
    const char *goal = gw_dataset_attribute(view->dataset, "goal");
    const double share = 100.0 * gw_optimise_note(view, "probability");
    if (goal != NULL && strcmp(goal, "quantile") == 0) {
        (void)snprintf(out, 80, "the %.4g%% quantile", share);
    } else if (goal != NULL && strcmp(goal, "cvar") == 0) {
        (void)snprintf(out, 80, "the mean of the worst %.4g%%", share);
    } else {
        (void)snprintf(out, 80, "the mean");
    }
    return out;
}
