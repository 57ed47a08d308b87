#include "output/decision_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct gw_shown) == 3 * sizeof(double), "an estimate is three numbers of an array");

enum { MOST_DIMS = 4, NAME = 30 };

/* An array with the axes named, in their order. */
static const struct gw_array *array_of(const struct gw_dataset *dataset, const char *name, enum gw_data_type type,
                                       const char *const axis[MOST_DIMS])
{
    const struct gw_array *array = gw_dataset_array(dataset, name);
    int dims = 0;
    while (dims < MOST_DIMS && axis[dims] != NULL) {
        dims++;
    }
    if (array == NULL || array->type != type || array->dims != dims) {
        return NULL;
    }
    for (int i = 0; i < dims; i++) {
        if (strcmp(dataset->axis[array->axis[i]].name, axis[i]) != 0) {
            return NULL;
        }
    }
    return array;
}

/* Data of arrays as they are opened; the first that is missing is remembered. */
struct opening {
    const struct gw_dataset *dataset;
    const char *missing;
};

static const double *reals(struct opening *o, const char *name, const char *a, const char *b, const char *c)
{
    const struct gw_array *array =
        array_of(o->dataset, name, GW_FLOAT64, (const char *const[MOST_DIMS]){a, b, c, NULL});
    o->missing = array == NULL && o->missing == NULL ? name : o->missing;
    return array == NULL ? NULL : array->reals;
}

static const int64_t *integers(struct opening *o, const char *name, const char *a, const char *b)
{
    const struct gw_array *array =
        array_of(o->dataset, name, GW_INT64, (const char *const[MOST_DIMS]){a, b, NULL, NULL});
    o->missing = array == NULL && o->missing == NULL ? name : o->missing;
    return array == NULL ? NULL : array->integers;
}

static const struct gw_shown *shown(struct opening *o, const char *name, const char *a, const char *b, const char *c)
{
    const char *axis[MOST_DIMS] = {a, b, c, NULL};
    int last = 0;
    while (last < MOST_DIMS - 1 && axis[last] != NULL) {
        last++;
    }
    axis[last] = "estimate";
    const struct gw_array *array = array_of(o->dataset, name, GW_FLOAT64, (const char *const *)axis);
    o->missing = array == NULL && o->missing == NULL ? name : o->missing;
    return array == NULL ? NULL : (const struct gw_shown *)(const void *)array->reals;
}

static size_t length_of(struct opening *o, const char *axis)
{
    const struct gw_axis *found = gw_dataset_axis(o->dataset, axis);
    o->missing = (found == NULL || found->length == 0) && o->missing == NULL ? axis : o->missing;
    return found == NULL ? 0 : found->length;
}

static const char *text_of(const struct gw_dataset *dataset, const char *name, const char *otherwise)
{
    const char *text = gw_dataset_attribute(dataset, name);
    return text == NULL ? otherwise : text;
}

static void open_arrays(struct gw_decision_view *v, struct opening *o)
{
    v->value = reals(o, "value", "strategy", "world", "luck");
    v->expected = shown(o, "expected_value", "strategy", NULL, NULL);
    v->probability = shown(o, "probability_best", "strategy", NULL, NULL);
    v->regret = shown(o, "regret", "strategy", NULL, NULL);
    v->share = shown(o, "share_of_ignorance", "strategy", NULL, NULL);
    v->lead = shown(o, "lead", "strategy", NULL, NULL);
    v->lead_share = shown(o, "lead_share_of_ignorance", "strategy", NULL, NULL);
    v->pairing_luck = shown(o, "pairing_luck", "strategy", NULL, NULL);
    v->pairing_total = shown(o, "pairing_total", "strategy", NULL, NULL);
    v->evpi = shown(o, "evpi", NULL, NULL, NULL);
    v->above = shown(o, "evpi_above", NULL, NULL, NULL);
    v->below = shown(o, "evpi_below", NULL, NULL, NULL);
    v->evppi = shown(o, "evppi", "target", NULL, NULL);
    v->bias = reals(o, "evppi_bias", "target", NULL, NULL);
    v->error = reals(o, "evppi_error", "target", NULL, NULL);
    v->explained = reals(o, "explained", "target", NULL, NULL);
    v->terms = reals(o, "terms", "target", NULL, NULL);
    v->member = integers(o, "member", "target", "unknown");
    v->against = integers(o, "against_unknown", "against", NULL);
    v->at = reals(o, "against_value", "against", "point", NULL);
    v->leader = integers(o, "leader", "against", "point");
    v->acceptability = shown(o, "acceptability", "against", "strategy", "point");
}

static bool leaders_are_strategies(const struct gw_decision_view *v)
{
    for (size_t i = 0; i < v->curves * v->points; i++) {
        if (v->leader[i] < 0 || (size_t)v->leader[i] >= v->strategies) {
            return false;
        }
    }
    return true;
}

int gw_decision_view_open(struct gw_decision_view *v, const struct gw_dataset *dataset, struct gw_error *error)
{
    struct opening o = {.dataset = dataset};
    *v = (struct gw_decision_view){.dataset = dataset};
    v->strategies = length_of(&o, "strategy");
    v->worlds = length_of(&o, "world");
    v->inner = length_of(&o, "luck");
    v->unknowns = length_of(&o, "unknown");
    v->targets = length_of(&o, "target");
    v->curves = length_of(&o, "against");
    v->points = length_of(&o, "point");
    open_arrays(v, &o);
    o.missing = o.missing == NULL && length_of(&o, "estimate") != 3 ? "estimate" : o.missing;
    o.missing = o.missing == NULL && v->targets < v->unknowns ? "target" : o.missing;
    o.missing = o.missing == NULL && !leaders_are_strategies(v) ? "leader" : o.missing;
    v->best = strtoul(text_of(dataset, "best", "x"), NULL, 10);
    o.missing = o.missing == NULL && (v->best >= v->strategies || v->strategies < 2) ? "best" : o.missing;
    v->say = text_of(dataset, "say", "value");
    v->unit = text_of(dataset, "unit", "1");
    v->money = strcmp(v->unit, "money") == 0;
    return o.missing == NULL
               ? GW_OK
               : gw_fail(error, GW_BAD_INPUT, "the run file of a decision has no usable '%s'", o.missing);
}

/* A label with spaces for underscores. */
static const char *name_of(const struct gw_dataset *dataset, const char *axis, size_t i, char out[GW_NAME_SIZE])
{
    const struct gw_axis *found = gw_dataset_axis(dataset, axis);
    const bool there = found != NULL && found->labels != NULL && found->labels[i] != NULL;
    (void)gw_show_text(out, GW_NAME_SIZE, there ? found->labels[i] : "", NAME);
    for (char *c = out; *c != '\0'; c++) {
        *c = *c == '_' ? ' ' : *c;
    }
    return out;
}

const char *gw_decision_target(const struct gw_decision_view *v, size_t target, char out[GW_NAME_SIZE])
{
    return name_of(v->dataset, "target", target, out);
}

const char *gw_decision_curve(const struct gw_decision_view *v, size_t curve, char out[GW_NAME_SIZE])
{
    return name_of(v->dataset, "against", curve, out);
}

const char *gw_decision_curve_unit(const struct gw_decision_view *v, size_t curve)
{
    char name[64];
    (void)snprintf(name, sizeof name, "against_unit_%zu", curve);
    return text_of(v->dataset, name, "1");
}

size_t gw_decision_runner_up(const struct gw_decision_view *v)
{
    size_t closest = v->best == 0 ? 1 : 0;
    for (size_t s = 0; s < v->strategies; s++) {
        closest = s != v->best && v->lead[s].value < v->lead[closest].value ? s : closest;
    }
    return closest;
}

size_t gw_decision_first_to_know(const struct gw_decision_view *v)
{
    size_t most = SIZE_MAX;
    for (size_t t = 0; t < v->unknowns; t++) {
        const bool known = v->evppi[t].low > 0.0;
        most = known && (most == SIZE_MAX || v->evppi[t].value > v->evppi[most].value) ? t : most;
    }
    return most;
}
