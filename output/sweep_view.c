#include "output/sweep_view.h"

#include "core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LEVELS = 8, PARTS = 5 };

static int refuse(const char *what, struct gw_error *error)
{
    return gw_fail(error, GW_BAD_INPUT, "the run file says that it is a sweep, but %s", what);
}

/* ---- Shape ---------------------------------------------------------------------------------------------------- */

static bool is_over(const struct gw_dataset *dataset, const struct gw_array *array, int dimension, const char *name)
{
    return array->dims > dimension && strcmp(dataset->axis[array->axis[dimension]].name, name) == 0;
}

/* The names of the inputs, "a,b,c", one after the other. */
static int take_names(struct gw_sweep_view *v, struct gw_error *error)
{
    const char *text = gw_dataset_attribute(v->dataset, "inputs");
    char *rest;
    v->names = gw_copy_text(text == NULL ? "" : text);
    if (v->names == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a sweep");
    }
    for (char *name = strtok_r(v->names, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest)) {
        if (v->inputs == GW_SWEEP_VIEW_INPUTS) {
            return refuse("it has too many inputs", error);
        }
        v->input[v->inputs++] = (struct gw_sweep_input){.name = name, .say = name, .unit = "1"};
    }
    return v->inputs > 0 ? GW_OK : refuse("it names no inputs", error);
}

static int open_grid(struct gw_sweep_view *v, const struct gw_array *value, struct gw_error *error)
{
    v->points = 1;
    for (size_t i = v->inputs; i-- > 0;) {
        struct gw_sweep_input *input = &v->input[i];
        if (i >= GW_MAX_DIMS || !is_over(v->dataset, value, (int)i, input->name)) {
            return refuse("its values are not over its inputs", error);
        }
        input->axis = gw_dataset_axis(v->dataset, input->name);
        input->say = input->axis->long_name;
        input->unit = input->axis->unit;
        input->stride = v->points;
        v->points *= input->axis->length;
    }
    return GW_OK;
}

static int open_points(struct gw_sweep_view *v, struct gw_error *error)
{
    v->point = gw_dataset_axis(v->dataset, "point");
    v->points = v->point->length;
    for (size_t i = 0; i < v->inputs; i++) {
        struct gw_sweep_input *input = &v->input[i];
        const struct gw_array *array = gw_dataset_array(v->dataset, input->name);
        if (array != NULL &&
            (array->type != GW_FLOAT64 || array->dims != 1 || !is_over(v->dataset, array, 0, "point"))) {
            return refuse("an input is not over its points", error);
        }
        input->array = array;
        input->say = array == NULL ? input->name : array->long_name;
        input->unit = array == NULL ? "1" : array->unit;
    }
    return GW_OK;
}

/* An array over all dimensions of the values but the replications. */
static const double *statistic(const struct gw_sweep_view *v, const struct gw_array *value, const char *name)
{
    const struct gw_array *array = gw_dataset_array(v->dataset, name);
    if (array == NULL || array->type != GW_FLOAT64 || array->dims != value->dims - 1 ||
        memcmp(array->axis, value->axis, (size_t)array->dims * sizeof *array->axis) != 0) {
        return NULL;
    }
    return array->reals;
}

static int open_statistics(struct gw_sweep_view *v, const struct gw_array *value, struct gw_error *error)
{
    v->value = value->reals;
    v->mean = statistic(v, value, "mean");
    v->low = statistic(v, value, "low");
    v->high = statistic(v, value, "high");
    bool whole = v->mean != NULL && v->low != NULL && v->high != NULL;
    if (v->quantities > 1) {
        v->difference = statistic(v, value, "difference");
        v->difference_low = statistic(v, value, "difference_low");
        v->difference_high = statistic(v, value, "difference_high");
        whole = whole && v->difference != NULL && v->difference_low != NULL && v->difference_high != NULL;
    }
    return whole && v->points > 0 && v->quantities > 0 ? GW_OK : refuse("its means are not there", error);
}

/* Points at which a quantity is above all others, and the sum of its differences. */
static size_t count_highest(const struct gw_sweep_view *v, size_t quantity, double *sum)
{
    size_t highest = 0;
    *sum = 0.0;
    for (size_t p = 0; p < v->points; p++) {
        const double *mean = v->mean + p * v->quantities;
        bool above = true;
        for (size_t q = 0; q < v->quantities; q++) {
            above = above && (q == quantity || mean[quantity] > mean[q]);
        }
        highest += above;
        *sum += isfinite(mean[quantity] - mean[0]) ? mean[quantity] - mean[0] : 0.0;
    }
    return highest;
}

static void choose_rival(struct gw_sweep_view *v)
{
    size_t most = 0;
    double greatest = -INFINITY, sum;
    for (size_t q = 1; q < v->quantities; q++) {
        const size_t highest = count_highest(v, q, &sum);
        if (v->rival == 0 || highest > most || (highest == most && sum > greatest)) {
            v->rival = q;
            most = highest;
            greatest = sum;
        }
    }
}

int gw_sweep_view_open(struct gw_sweep_view *view, const struct gw_dataset *dataset, struct gw_error *error)
{
    const struct gw_array *value = gw_dataset_array(dataset, "value");
    const char *say = gw_dataset_attribute(dataset, "say"), *unit = gw_dataset_attribute(dataset, "unit");
    *view = (struct gw_sweep_view){
        .dataset = dataset, .quantities = 1, .say = say == NULL ? "value" : say, .unit = unit == NULL ? "1" : unit};
    if (value == NULL || value->type != GW_FLOAT64 || value->dims < 2 ||
        !is_over(dataset, value, value->dims - 1, "replication")) {
        return refuse("it has no values", error);
    }
    const bool listed = is_over(dataset, value, 0, "point");
    int ret = take_names(view, error);
    ret = ret != GW_OK ? ret : listed ? open_points(view, error) : open_grid(view, value, error);
    if (ret != GW_OK) {
        return ret;
    }
    const int before = listed ? 1 : (int)view->inputs;
    view->by_strategy = is_over(dataset, value, before, "strategy");
    view->quantities = view->by_strategy ? dataset->axis[value->axis[before]].length : 1;
    view->replications = dataset->axis[value->axis[value->dims - 1]].length;
    if (value->dims != before + (view->by_strategy ? 2 : 1)) {
        return refuse("its values have other dimensions", error);
    }
    ret = open_statistics(view, value, error);
    if (ret == GW_OK) {
        choose_rival(view);
    }
    return ret;
}

void gw_sweep_view_close(struct gw_sweep_view *view)
{
    free(view->names);
    view->names = NULL;
}

/* ---- Points --------------------------------------------------------------------------------------------------- */

static size_t level_of(const struct gw_sweep_input *input, size_t point)
{
    return point / input->stride % input->axis->length;
}

double gw_sweep_view_x(const struct gw_sweep_view *view, size_t point, size_t input)
{
    const struct gw_sweep_input *i = &view->input[input];
    if (i->axis == NULL) {
        return i->array == NULL ? NAN : i->array->reals[point];
    }
    const size_t level = level_of(i, point);
    return i->axis->reals != NULL ? i->axis->reals[level] : NAN;
}

const char *gw_sweep_view_text(const struct gw_sweep_view *view, size_t point, size_t input)
{
    const struct gw_sweep_input *i = &view->input[input];
    return i->axis == NULL || i->axis->labels == NULL ? "" : i->axis->labels[level_of(i, point)];
}

bool gw_sweep_view_is_numeric(const struct gw_sweep_view *view, size_t input)
{
    return view->input[input].axis == NULL ? view->input[input].array != NULL
                                           : view->input[input].axis->reals != NULL;
}

struct gw_sweep_mean gw_sweep_view_focus(const struct gw_sweep_view *view, size_t point)
{
    const size_t at = point * view->quantities + view->rival;
    return view->rival == 0
               ? (struct gw_sweep_mean){view->mean[at], view->low[at], view->high[at]}
               : (struct gw_sweep_mean){view->difference[at], view->difference_low[at], view->difference_high[at]};
}

const double *gw_sweep_view_values(const struct gw_sweep_view *view, size_t point, size_t quantity)
{
    return view->value + (point * view->quantities + quantity) * view->replications;
}

/* ---- What goes with an input ---------------------------------------------------------------------------------- */

struct place {
    double x, y;
};

static int by_x(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    return (a->x > b->x) - (a->x < b->x);
}

/* Numbers the places of a sorted list by equal x, or by equal parts where that makes many; returns how many. */
static size_t group(const struct place *place, size_t n, bool grid, size_t *of)
{
    size_t groups = 0;
    for (size_t i = 0; i < n; i++) {
        groups += i == 0 || place[i].x > place[i - 1].x;
        of[i] = groups - 1;
    }
    if (groups > MOST_LEVELS && !grid) {
        for (size_t i = 0; i < n; i++) {
            of[i] = i * PARTS / n;
        }
        groups = PARTS < n ? PARTS : n;
    }
    return groups;
}

/* Correlation ratio of y over the groups; of points that are no grid, epsilon squared. */
static double share_of(const struct place *place, const size_t *of, size_t n, size_t groups, bool grid)
{
    double mean = 0.0, total = 0.0, within = 0.0;
    for (size_t i = 0; i < n; i++) {
        mean += place[i].y / (double)n;
    }
    for (size_t first = 0, end; first < n; first = end) {
        double own = 0.0;
        for (end = first; end < n && of[end] == of[first]; end++) {
            own += place[end].y;
        }
        own /= (double)(end - first);
        for (size_t i = first; i < end; i++) {
            total += (place[i].y - mean) * (place[i].y - mean);
            within += (place[i].y - own) * (place[i].y - own);
        }
    }
    if (!(total > 0.0) || groups < 2) {
        return NAN;
    }
    const double chance = !grid && n > groups ? (double)(n - 1) / (double)(n - groups) : 1.0;
    return fmax(0.0, 1.0 - chance * within / total);
}

/* Points at which x and y are known; texts of a grid count by their position. */
static size_t collect(const struct gw_sweep_view *v, size_t input, struct place *place)
{
    const struct gw_sweep_input *i = &v->input[input];
    size_t n = 0;
    for (size_t p = 0; p < v->points; p++) {
        const double x = i->axis != NULL ? (double)level_of(i, p) : gw_sweep_view_x(v, p, input);
        const double y = gw_sweep_view_focus(v, p).mean;
        if (isfinite(x) && isfinite(y)) {
            place[n++] = (struct place){x, y};
        }
    }
    return n;
}

int gw_sweep_view_shares(const struct gw_sweep_view *view, double *share, struct gw_error *error)
{
    struct place *place = calloc(view->points, sizeof *place);
    size_t *of = calloc(view->points, sizeof *of);
    for (size_t i = 0; place != NULL && of != NULL && i < view->inputs; i++) {
        const size_t n = collect(view, i, place);
        qsort(place, n, sizeof *place, by_x);
        const size_t groups = group(place, n, view->point == NULL, of);
        share[i] = n < 2 ? NAN : share_of(place, of, n, groups, view->point == NULL);
    }
    const bool done = place != NULL && of != NULL;
    free(place);
    free(of);
    return done ? GW_OK : gw_fail(error, GW_REFUSED, "out of memory for a sweep");
}
