#include "output/sensitivity.h"

#include "output/label.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* An array of reals over these axes, or NULL. */
static const struct gw_array *array_of(const struct gw_dataset *dataset, const char *name, enum gw_data_type type,
                                       int dims, const char *const *axis)
{
    const struct gw_array *array = gw_dataset_array(dataset, name);
    bool fits = array != NULL && array->type == type && array->dims == dims;
    for (int d = 0; fits && d < dims; d++) {
        fits = strcmp(dataset->axis[array->axis[d]].name, axis[d]) == 0;
    }
    return fits ? array : NULL;
}

static const char *const by_end[] = {"input", "end", "statistic"}, *const by_statistic[] = {"input", "statistic"};

static const double *reals(const struct gw_dataset *dataset, const char *name, int dims, const char *const *axis)
{
    const struct gw_array *array = array_of(dataset, name, GW_FLOAT64, dims, axis);
    return array == NULL ? NULL : array->reals;
}

static const int64_t *counts(const struct gw_dataset *dataset, const char *name)
{
    const struct gw_array *array = array_of(dataset, name, GW_INT64, 1, by_end);
    return array == NULL ? NULL : array->integers;
}

static void open_tornado(struct gw_sensitivity_view *v, const struct gw_dataset *dataset)
{
    v->middle = reals(dataset, "asked_middle", 1, by_statistic + 1);
    v->end = reals(dataset, "asked_end", 3, by_end);
    v->change = reals(dataset, "change", 3, by_end);
    v->pairs = counts(dataset, "pairs");
    const bool whole = v->middle != NULL && v->end != NULL && v->change != NULL && v->pairs != NULL;
    v->swing = whole ? reals(dataset, "swing", 2, by_statistic) : NULL;
}

static void open_morris(struct gw_sensitivity_view *v, const struct gw_dataset *dataset)
{
    v->effect = reals(dataset, "effect", 2, by_statistic);
    v->sd = reals(dataset, "effect_sd", 1, by_end);
    v->luck = reals(dataset, "effect_luck", 1, by_end);
    v->trajectories = counts(dataset, "trajectories");
    const bool whole = v->effect != NULL && v->sd != NULL && v->luck != NULL && v->trajectories != NULL;
    v->size = whole ? reals(dataset, "effect_size", 2, by_statistic) : NULL;
}

static void open_sobol(struct gw_sensitivity_view *v, const struct gw_dataset *dataset)
{
    const struct gw_array *rows = array_of(dataset, "rows", GW_INT64, 0, NULL);
    v->first = reals(dataset, "first_order", 2, by_statistic);
    v->variance = reals(dataset, "variance", 1, by_statistic + 1);
    v->luck_share = reals(dataset, "luck_share", 1, by_statistic + 1);
    v->rows = rows == NULL ? 0 : rows->integers[0];
    const bool whole = v->first != NULL && v->variance != NULL && v->luck_share != NULL && rows != NULL;
    v->total = whole ? reals(dataset, "total_order", 2, by_statistic) : NULL;
}

static const char *text_of(const struct gw_dataset *dataset, const char *what, const char *input,
                           const char *otherwise)
{
    char name[200];
    (void)snprintf(name, sizeof name, "%s%s%.150s", what, input[0] == '\0' ? "" : "_", input);
    const char *text = gw_dataset_attribute(dataset, name);
    return text == NULL || text[0] == '\0' ? otherwise : text;
}

static bool has_length(const struct gw_dataset *dataset, const char *axis, size_t length)
{
    const struct gw_axis *found = gw_dataset_axis(dataset, axis);
    return found != NULL && found->length == length;
}

int gw_sensitivity_open(struct gw_sensitivity_view *v, const struct gw_dataset *dataset, struct gw_error *error)
{
    *v = (struct gw_sensitivity_view){.dataset = dataset, .input = gw_dataset_axis(dataset, "input")};
    v->range = reals(dataset, "range", 2, by_end);
    if (v->input == NULL || v->input->labels == NULL || v->input->length > GW_SENSITIVITY_MOST || v->range == NULL ||
        !has_length(dataset, "end", 2) || !has_length(dataset, "statistic", 3)) {
        return gw_fail(error, GW_BAD_INPUT, "the run file does not hold a sensitivity analysis");
    }
    v->inputs = v->input->length;
    v->say = text_of(dataset, "say", "", "result");
    v->unit = text_of(dataset, "unit", "", "1");
    for (size_t i = 0; i < v->inputs; i++) {
        v->input_say[i] = text_of(dataset, "say", v->input->labels[i], v->input->labels[i]);
        v->input_unit[i] = text_of(dataset, "unit", v->input->labels[i], "1");
    }
    open_tornado(v, dataset);
    open_morris(v, dataset);
    open_sobol(v, dataset);
    return v->swing != NULL || v->size != NULL || v->total != NULL
               ? GW_OK
               : gw_fail(error, GW_BAD_INPUT, "the run file holds a sensitivity analysis without results");
}

static double key_of(double estimate, bool either_way)
{
    return either_way ? fabs(estimate) : estimate;
}

size_t gw_sensitivity_order(const struct gw_sensitivity_view *v, const double *interval, bool either_way,
                            size_t *order)
{
    size_t n = 0;
    for (size_t i = 0; i < v->inputs; i++) {
        const double own = key_of(interval[3 * i], either_way);
        size_t at = n;
        if (!isfinite(own)) {
            continue;
        }
        for (; at > 0 && key_of(interval[3 * order[at - 1]], either_way) < own; at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
        n++;
    }
    return n;
}

/* Bounds of an estimate or, either way, of its size. */
static double least_of(const double *interval, bool either_way)
{
    const double low = interval[1], high = interval[2];
    return !either_way || low > 0.0 ? low : high < 0.0 ? -high : 0.0;
}

static double most_of(const double *interval, bool either_way)
{
    return either_way ? fmax(fabs(interval[1]), fabs(interval[2])) : interval[2];
}

size_t gw_sensitivity_leaders(const double *interval, bool either_way, const size_t *order, size_t n)
{
    const double least = n == 0 ? NAN : least_of(&interval[3 * order[0]], either_way);
    size_t leaders = 1;
    if (!(least > 0.0)) {
        return 0;
    }
    while (leaders < n && most_of(&interval[3 * order[leaders]], either_way) >= least) {
        leaders++;
    }
    return leaders;
}

void gw_sensitivity_names(const struct gw_sensitivity_view *v, const size_t *order, size_t n, size_t most,
                          size_t columns, char *out, size_t room)
{
    const size_t named = n > most ? most : n;
    char name[GW_NAME_SIZE];
    out[0] = '\0';
    for (size_t k = 0; k < named; k++) {
        const size_t used = strlen(out);
        gw_sensitivity_name(v, order[k], columns, name);
        (void)snprintf(out + used, room - used, "%s%s", k == 0 ? "" : k + 1 == n ? " and " : ", ", name);
    }
    if (n > named) {
        const size_t used = strlen(out);
        (void)snprintf(out + used, room - used, " and %zu other%s", n - named, n - named == 1 ? "" : "s");
    }
}

bool gw_sensitivity_is_shared(const struct gw_sensitivity_view *v, size_t input)
{
    return v->total != NULL && isfinite(v->total[3 * input]);
}

size_t gw_sensitivity_name(const struct gw_sensitivity_view *v, size_t input, size_t columns, char *out)
{
    const size_t used = gw_show_text(out, GW_NAME_SIZE, v->input_say[input], columns);
    const bool is_name = strcmp(v->input_say[input], v->input->labels[input]) == 0;
    for (char *c = out; is_name && (c = strchr(c, '_')) != NULL;) {
        *c = ' ';
    }
    return used;
}
