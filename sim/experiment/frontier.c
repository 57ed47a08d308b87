#include "experiment/frontier.h"

#include "analysis/contour.h"
#include "analysis/root.h"
#include "experiment/experiment.h"
#include "outcome/expression.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LEVEL 0.95

struct frontier {
    const struct gw_part_spec *spec;
    struct gw_inputs inputs; /* x, or x and y */
    struct gw_lab *lab;
    char measure[GW_MEASURE_TEXT];
    uint32_t replications;
    struct gw_experiment_points points;
    struct gw_response response;
    struct gw_dataset *dataset;
};

static int no_memory(struct gw_error *error)
{
    return gw_fail(error, GW_REFUSED, "out of memory for the results of a frontier");
}

/* ---- What both kinds leave ------------------------------------------------------------------------------------ */

static int add_axis(struct frontier *f, const char *name, const struct gw_input *input, size_t n, const double *x)
{
    return gw_dataset_add_real_axis(f->dataset, name, input->unit, input->say, n, x);
}

static int add_reals(struct frontier *f, const char *name, const char *unit, const char *what, int dims,
                     const int *axis, const double *value)
{
    const int at = gw_dataset_add_array(f->dataset, name, unit, what, GW_FLOAT64, dims, axis);
    if (at >= 0) {
        struct gw_array *array = &f->dataset->array[at];
        memcpy(array->reals, value, gw_array_length(f->dataset, array) * sizeof *value);
    }
    return at;
}

static int64_t *add_integers(struct frontier *f, const char *name, const char *what, int dims, const int *axis)
{
    const int at = gw_dataset_add_array(f->dataset, name, "1", what, GW_INT64, dims, axis);
    return at < 0 ? NULL : f->dataset->array[at].integers;
}

static int note(struct frontier *f, const char *name, double value, struct gw_error *error)
{
    return gw_experiment_note(f->dataset, name, value, error);
}

static bool is_lead(const char *measure, const char *ahead, const char *behind)
{
    char lead[GW_MEASURE_TEXT];
    (void)snprintf(lead, sizeof lead, "%s.company_value - %s.company_value", ahead, behind);
    return strcmp(measure, lead) == 0;
}

/* Who is ahead where the measure is positive: known where it is one company value less another. */
static int add_sides(struct frontier *f, struct gw_error *error)
{
    const struct gw_scenario *s = gw_lab_scenario(f->lab);
    const char *ahead = "", *behind = "";
    for (int i = 0; i < s->strategies; i++) {
        for (int j = 0; j < s->strategies; j++) {
            if (is_lead(f->measure, s->strategy[i].name, s->strategy[j].name)) {
                ahead = s->strategy[i].name;
                behind = s->strategy[j].name;
            }
        }
    }
    return gw_dataset_add_attribute(f->dataset, "ahead", ahead) < 0 ||
                   gw_dataset_add_attribute(f->dataset, "behind", behind) < 0
               ? no_memory(error)
               : GW_OK;
}

static int begin(struct frontier *f, struct gw_error *error)
{
    int ret = gw_experiment_begin(&f->dataset, f->lab, GW_FRONTIER, f->spec, f->measure, error);
    ret = ret == GW_OK ? add_sides(f, error) : ret;
    ret = ret == GW_OK ? note(f, "level", LEVEL, error) : ret;
    ret = ret == GW_OK ? note(f, "x_now", f->inputs.input[0].now, error) : ret;
    return ret == GW_OK && f->inputs.n > 1 ? note(f, "y_now", f->inputs.input[1].now, error) : ret;
}

static const char *const field_names[] = {"difference", "difference_low", "difference_high"};
static const char *const field_docs[] = {"mean of the measure", "low end of the 95% interval of the mean",
                                         "high end of the 95% interval of the mean"};

/* ---- One input ------------------------------------------------------------------------------------------------ */

static int add_scan(struct frontier *f, const struct gw_roots *roots)
{
    const int x = add_axis(f, "x", &f->inputs.input[0], roots->points, roots->x);
    const char *unit = gw_experiment_unit(f->spec);
    int64_t *n = x < 0 ? NULL : add_integers(f, "difference_n", "replications in which it is defined", 1, &x);
    for (size_t i = 0; n != NULL && i < roots->points; i++) {
        n[i] = (int64_t)roots->mean[i].n;
    }
    for (int k = 0; k < 3 && n != NULL; k++) {
        double value[GW_MAX_ROOT_POINTS];
        for (size_t i = 0; i < roots->points; i++) {
            const struct gw_functional_estimate *mean = &roots->mean[i];
            value[i] = k == 0 ? mean->value : k == 1 ? mean->low : mean->high;
        }
        n = add_reals(f, field_names[k], unit, field_docs[k], 1, &x, value) < 0 ? NULL : n;
    }
    return n == NULL ? -1 : 0;
}

static int add_flags(struct frontier *f, const char *name, const char *what, int axis, const struct gw_roots *roots,
                     int which)
{
    int64_t *flag = add_integers(f, name, what, 1, &axis);
    for (size_t k = 0; flag != NULL && k < roots->roots; k++) {
        const struct gw_root *root = &roots->root[k];
        flag[k] = which == 0 ? root->rising : which == 1 ? root->open_low : root->open_high;
    }
    return flag == NULL ? -1 : 0;
}

static int add_roots(struct frontier *f, const struct gw_roots *roots)
{
    const struct gw_input *input = &f->inputs.input[0];
    double at[3][GW_MAX_ROOTS];
    if (roots->roots == 0) {
        return 0;
    }
    for (size_t k = 0; k < roots->roots; k++) {
        at[0][k] = roots->root[k].x;
        at[1][k] = roots->root[k].low;
        at[2][k] = roots->root[k].high;
    }
    const int axis = gw_dataset_add_axis(f->dataset, "crossing", "1", "where the measure changes its sign",
                                         roots->roots, NULL, NULL);
    if (axis < 0 || add_reals(f, "break_even", input->unit, input->say, 1, &axis, at[0]) < 0 ||
        add_reals(f, "break_even_low", input->unit, "low end of its 95% interval", 1, &axis, at[1]) < 0 ||
        add_reals(f, "break_even_high", input->unit, "high end of its 95% interval", 1, &axis, at[2]) < 0 ||
        add_flags(f, "break_even_rising", "1: from below 0 to above", axis, roots, 0) < 0 ||
        add_flags(f, "break_even_open_low", "1: the interval reaches the low end of the range", axis, roots, 1) < 0) {
        return -1;
    }
    return add_flags(f, "break_even_open_high", "1: the interval reaches the high end of the range", axis, roots, 2);
}

static int keep_roots(struct frontier *f, const struct gw_roots *roots, struct gw_error *error)
{
    int ret = begin(f, error);
    if (ret == GW_OK && (add_scan(f, roots) < 0 || add_roots(f, roots) < 0)) {
        ret = no_memory(error);
    }
    ret = ret == GW_OK ? note(f, "replications", roots->replications, error) : ret;
    ret = ret == GW_OK ? note(f, "crossings", (double)(roots->roots + roots->more), error) : ret;
    ret = ret == GW_OK ? note(f, "sign", roots->sign, error) : ret;
    ret = ret == GW_OK ? note(f, "zeros", (double)roots->zeros, error) : ret;
    ret = ret == GW_OK ? note(f, "undecided", roots->undecided, error) : ret;
    return ret == GW_OK ? note(f, "reached", roots->reached, error) : ret;
}

static int find_break_even(struct frontier *f, struct gw_error *error)
{
    const struct gw_input *x = &f->inputs.input[0];
    const size_t points = x->steps >= 3 ? (size_t)x->steps : GW_FRONTIER_POINTS;
    const struct gw_root_options options = {.low = x->low,
                                            .high = x->high,
                                            .points = points < GW_MAX_ROOT_POINTS ? points : GW_MAX_ROOT_POINTS,
                                            .replications = f->replications,
                                            .most = f->replications * GW_FRONTIER_MORE,
                                            .half_width = GW_FRONTIER_WIDTH / 2.0 * (x->high - x->low),
                                            .level = LEVEL};
    struct gw_roots roots;
    gw_lab_expect(f->lab, (uint64_t)(points + 24) * f->replications);
    int ret = gw_roots_find(&f->response, &options, &roots, error);
    ret = ret == GW_OK ? keep_roots(f, &roots, error) : ret;
    gw_roots_free(&roots);
    return ret;
}

/* ---- Two inputs ----------------------------------------------------------------------------------------------- */

static int add_map(struct frontier *f, const struct gw_contour *c)
{
    const int axis[2] = {add_axis(f, "y", &f->inputs.input[1], c->side, c->y),
                         add_axis(f, "x", &f->inputs.input[0], c->side, c->x)};
    if (axis[0] < 0 || axis[1] < 0) {
        return -1;
    }
    int64_t *n = add_integers(f, "difference_n", "replications; 0: between evaluated nodes", 2, axis);
    for (size_t i = 0; n != NULL && i < c->side * c->side; i++) {
        n[i] = c->n[i];
    }
    for (int k = 0; k < GW_LINES && n != NULL; k++) {
        n = add_reals(f, field_names[k], gw_experiment_unit(f->spec), field_docs[k], 2, axis, c->field[k]) < 0 ? NULL
                                                                                                               : n;
    }
    return n == NULL ? -1 : 0;
}

static const char *const line_names[GW_LINES] = {"break_even", "band_low", "band_high"};
static const char *const line_docs[GW_LINES] = {"where the mean is 0", "where the lower bound of the mean is 0",
                                                "where the upper bound of the mean is 0"};

static int add_line(struct frontier *f, const struct gw_contour *c, int line, int end)
{
    char name[40];
    if (c->segments[line] == 0) {
        return 0;
    }
    (void)snprintf(name, sizeof name, "piece_of_%s", line_names[line]);
    const int pieces = gw_dataset_add_axis(f->dataset, name, "1", "a piece of the line, inside one cell",
                                           c->segments[line], NULL, NULL);
    const int axis[2] = {pieces, end};
    return pieces < 0
               ? -1
               : add_reals(f, line_names[line], "1", line_docs[line], 2, axis, (const double *)c->segment[line]);
}

static int add_lines(struct frontier *f, const struct gw_contour *c)
{
    static const char *const ends[] = {"x0", "y0", "x1", "y1"};
    const int end = gw_dataset_add_axis(f->dataset, "end", "1", "where a piece begins and ends", 4, ends, NULL);
    int good = end;
    for (int line = 0; line < GW_LINES && good >= 0; line++) {
        good = add_line(f, c, line, end);
    }
    return good;
}

static int keep_map(struct frontier *f, const struct gw_contour *c, struct gw_error *error)
{
    int ret = begin(f, error);
    if (ret == GW_OK && (add_map(f, c) < 0 || add_lines(f, c) < 0)) {
        ret = no_memory(error);
    }
    ret = ret == GW_OK ? note(f, "replications", f->replications, error) : ret;
    ret = ret == GW_OK ? note(f, "evaluated", (double)c->evaluated, error) : ret;
    ret = ret == GW_OK ? note(f, "above", c->above, error) : ret;
    ret = ret == GW_OK ? note(f, "below", c->below, error) : ret;
    ret = ret == GW_OK ? note(f, "between", c->undecided, error) : ret;
    ret = ret == GW_OK ? note(f, "least", c->least, error) : ret;
    return ret == GW_OK ? note(f, "most", c->most, error) : ret;
}

static int find_map(struct frontier *f, struct gw_error *error)
{
    const struct gw_input *x = &f->inputs.input[0], *y = &f->inputs.input[1];
    const uint32_t cells = f->spec->frontier.cells;
    const struct gw_contour_options options = {.low = {x->low, y->low},
                                               .high = {x->high, y->high},
                                               .cells = cells,
                                               .replications = f->replications,
                                               .level = LEVEL};
    struct gw_contour contour;
    gw_lab_expect(f->lab, (uint64_t)(25 + 6 * cells) * f->replications); /* a line of some length, and its band */
    int ret = gw_contour_find(&f->response, &options, &contour, error);
    ret = ret == GW_OK ? keep_map(f, &contour, error) : ret;
    gw_contour_free(&contour);
    return ret;
}

/* ---- All of it ------------------------------------------------------------------------------------------------- */

static int open_lab(struct frontier *f, const struct gw_lab_options *options, struct gw_error *error)
{
    struct gw_scenario *scenario = NULL;
    struct gw_lab_options own = *options;
    const struct gw_asked asked = {f->measure, GW_NO_STRATEGY, gw_experiment_is_money(f->spec)};
    int ret = gw_scenario_load(&scenario, options->scenario, options->override, options->overrides, error);
    ret = ret == GW_OK ? gw_experiment_measure(scenario, f->spec, f->measure, error) : ret;
    gw_scenario_free(scenario);
    own.asked = &asked;
    own.quantities = 1;
    return ret == GW_OK ? gw_lab_open(&f->lab, &own, error) : ret;
}

static int run(struct frontier *f, const struct gw_lab_options *options, struct gw_error *error)
{
    const struct gw_frontier_spec *spec = &f->spec->frontier;
    const struct gw_input input[2] = {spec->x, spec->y};
    int ret = gw_inputs_prepare(&f->inputs, input, spec->has_y ? 2 : 1, error);
    ret = ret == GW_OK ? gw_experiment_check_ranges(&f->inputs, error) : ret;
    ret = ret == GW_OK ? open_lab(f, options, error) : ret;
    if (ret != GW_OK) {
        return ret;
    }
    f->points = (struct gw_experiment_points){.lab = f->lab, .inputs = &f->inputs};
    f->response = (struct gw_response){
        .dimensions = (size_t)f->inputs.n, .evaluate = gw_experiment_response, .context = &f->points};
    return spec->has_y ? find_map(f, error) : find_break_even(f, error);
}

int gw_frontier_run(const struct gw_lab_options *options, const struct gw_part_spec *spec,
                    struct gw_dataset **dataset, struct gw_error *error)
{
    struct frontier f = {.spec = spec};
    f.replications = spec->replications > 0 ? spec->replications : GW_FRONTIER_REPLICATIONS;
    int ret = run(&f, options, error);
    if (f.lab != NULL) {
        const int closed = gw_lab_close(f.lab, ret == GW_OK, error);
        ret = ret == GW_OK ? closed : ret;
    }
    if (ret != GW_OK) {
        gw_dataset_free(f.dataset);
        f.dataset = NULL;
    }
    gw_inputs_free(&f.inputs);
    *dataset = f.dataset;
    return ret;
}
