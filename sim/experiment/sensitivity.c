#include "experiment/sensitivity.h"

#include "analysis/morris.h"
#include "analysis/sobol.h"
#include "experiment/experiment.h"
#include "experiment/sensitivity_results.h"
#include "outcome/estimate.h"
#include "outcome/expression.h"
#include "output/label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 512, ENDS = 2 };

struct study {
    const struct gw_part_spec *spec;
    struct gw_scenario *scenario;
    struct gw_lab *lab;
    struct gw_inputs inputs;
    struct gw_sensitivity result;
};

static int no_memory(struct gw_error *error)
{
    return gw_fail(error, GW_REFUSED, "out of memory for a sensitivity analysis");
}

/* ---- Inputs ---------------------------------------------------------------------------------------------------- */

static int check_inputs(const struct study *s, struct gw_error *error)
{
    const struct gw_sensitivity_spec *spec = &s->spec->sensitivity;
    if (s->inputs.n == 0) {
        return gw_fail(error, GW_BAD_INPUT,
                       "nothing is uncertain in %s: name what is to be varied, over: [{key: firms.us.unit_cost, "
                       "from: 0.4, to: 0.7}]",
                       s->scenario->name);
    }
    if (spec->sobol && !spec->morris && s->inputs.n > GW_SHARE_INPUTS) {
        return gw_fail(
            error, GW_BAD_INPUT,
            "sobol takes at most %d inputs, here are %d: add morris to methods, which chooses, or name fewer",
            GW_SHARE_INPUTS, s->inputs.n);
    }
    return gw_experiment_check_ranges(&s->inputs, error);
}

static int choose_inputs(struct study *s, struct gw_error *error)
{
    const struct gw_inputs *over = &s->spec->sensitivity.over;
    const int ret = over->n > 0 ? gw_inputs_prepare(&s->inputs, over->input, over->n, error)
                                : gw_scenario_uncertain(s->scenario, &s->inputs, error);
    return ret == GW_OK ? check_inputs(s, error) : ret;
}

/* ---- Points ---------------------------------------------------------------------------------------------------- */

/* Points x[groups * points][inputs->n] in groups that have luck of their own: group g meets the replications g *
 * count
 * ... (g + 1) * count - 1. */
struct plan {
    const struct gw_inputs *inputs;
    const double *x;
    size_t groups, points;
    uint32_t count;
    double *value; /* [groups * points][count] */
};

static int run_batch(struct gw_lab *lab, const struct plan *plan, size_t first, size_t n, struct gw_trial *trial,
                     struct gw_changes *changes, struct gw_error *error)
{
    int ret = GW_OK;
    for (size_t i = 0; i < n && ret == GW_OK; i++) {
        const size_t p = first + i;
        ret = gw_changes_make(&changes[i], plan->inputs, plan->x + p * (size_t)plan->inputs->n, error);
        trial[i] = (struct gw_trial){.change = changes[i].change,
                                     .changes = changes[i].n,
                                     .first = (uint32_t)(p / plan->points) * plan->count,
                                     .count = plan->count,
                                     .value = plan->value + p * plan->count};
    }
    ret = ret == GW_OK ? gw_lab_run(lab, trial, n, error) : ret;
    for (size_t i = 0; i < n; i++) {
        gw_changes_free(&changes[i]);
    }
    return ret;
}

static int run_plan(struct gw_lab *lab, const struct plan *plan, struct gw_error *error)
{
    const size_t all = plan->groups * plan->points;
    struct gw_trial *trial = calloc(BATCH, sizeof *trial);
    struct gw_changes *changes = calloc(BATCH, sizeof *changes);
    int ret = trial == NULL || changes == NULL ? no_memory(error) : GW_OK;
    for (size_t first = 0; first < all && ret == GW_OK; first += BATCH) {
        ret = run_batch(lab, plan, first, all - first < BATCH ? all - first : BATCH, trial, changes, error);
    }
    free(trial);
    free(changes);
    return ret;
}

/* From uniforms to inputs, in place. */
static void settle(const struct gw_inputs *inputs, double *u, size_t points)
{
    const size_t d = (size_t)inputs->n;
    for (size_t k = 0; k < points * d; k++) {
        u[k] = gw_input_at(&inputs->input[k % d], u[k]);
    }
}

/* Room for points and values of a plan, as one block. */
static double *reserve(size_t points, size_t d, uint32_t count, struct gw_error *error)
{
    size_t n;
    const bool fits = !__builtin_mul_overflow(points, d + count, &n) && n < SIZE_MAX / sizeof(double);
    double *block = fits ? malloc((n + 1) * sizeof *block) : NULL;
    if (block == NULL) {
        (void)no_memory(error);
    }
    return block;
}

/* ---- Tornado --------------------------------------------------------------------------------------------------- */

/* The point with input `moved` at x, the others at the scenario's values, as changes: an input that has no such value
 * is left alone. moved < 0: the middle. */
static int one_way_changes(const struct study *s, int moved, double x, struct gw_changes *changes,
                           struct gw_error *error)
{
    const size_t n = (size_t)s->inputs.n;
    struct gw_inputs some = {.input = calloc(n, sizeof *some.input)};
    double *at = calloc(n, sizeof *at);
    int ret = some.input == NULL || at == NULL ? no_memory(error) : GW_OK;
    for (int i = 0; ret == GW_OK && i < s->inputs.n; i++) {
        const double value = i == moved ? x : s->inputs.input[i].now;
        if (isfinite(value)) {
            at[some.n] = value;
            some.input[some.n++] = s->inputs.input[i];
        }
    }
    ret = ret == GW_OK ? gw_changes_make(changes, &some, at, error) : ret;
    free(some.input);
    free(at);
    return ret;
}

/* Values at the middle, then at both ends of each input: value[1 + 2 n][count]. */
static int run_one_way(struct study *s, uint32_t count, double *value, struct gw_error *error)
{
    const size_t settings = 1 + ENDS * (size_t)s->inputs.n;
    struct gw_trial *trial = calloc(settings, sizeof *trial);
    struct gw_changes *changes = calloc(settings, sizeof *changes);
    int ret = trial == NULL || changes == NULL ? no_memory(error) : GW_OK;
    for (size_t k = 0; k < settings && ret == GW_OK; k++) {
        const int moved = (int)(k + 1) / ENDS - 1;
        const struct gw_input *input = moved < 0 ? NULL : &s->inputs.input[moved];
        const double x = input == NULL ? NAN : k % ENDS == 1 ? input->low : input->high;
        ret = one_way_changes(s, moved, x, &changes[k], error);
        trial[k] = (struct gw_trial){changes[k].change, changes[k].n, 0, count, value + k * count};
    }
    ret = ret == GW_OK ? gw_lab_run(s->lab, trial, settings, error) : ret;
    for (size_t k = 0; changes != NULL && k < settings; k++) {
        gw_changes_free(&changes[k]);
    }
    free(trial);
    free(changes);
    return ret;
}

static struct gw_estimate paired(const double *a, const double *b, size_t n)
{
    return gw_estimate_comparison(a, b, n, GW_SENSITIVITY_LEVEL).difference;
}

static void compare_ends(const struct study *s, uint32_t count, const double *value)
{
    const struct gw_sensitivity *result = &s->result;
    for (int i = 0; i < s->inputs.n; i++) {
        struct gw_one_way *one = &result->one_way[i];
        const double *ends = value + (1 + ENDS * (size_t)i) * count;
        for (size_t e = 0; e < ENDS; e++) {
            one->level[e] = gw_estimate_mean(ends + e * count, count, GW_SENSITIVITY_LEVEL);
            one->change[e] = paired(ends + e * count, value, count);
        }
        one->swing = paired(ends + count, ends, count);
    }
}

static uint32_t tornado_replications(const struct gw_part_spec *spec)
{
    return spec->replications > 0 ? spec->replications : GW_TORNADO_REPLICATIONS;
}

static int run_tornado(struct study *s, struct gw_error *error)
{
    const uint32_t count = tornado_replications(s->spec);
    double *value = reserve(1 + ENDS * (size_t)s->inputs.n, 0, count, error);
    int ret = value == NULL ? GW_REFUSED : run_one_way(s, count, value, error);
    ret = ret == GW_OK ? gw_experiment_check_defined(value, count, s->result.measure, error) : ret;
    if (ret == GW_OK) {
        s->result.middle = gw_estimate_mean(value, count, GW_SENSITIVITY_LEVEL);
        compare_ends(s, count, value);
    }
    free(value);
    return ret;
}

/* ---- Morris ---------------------------------------------------------------------------------------------------- */

static int run_morris(struct study *s, struct gw_error *error)
{
    const size_t d = (size_t)s->inputs.n, trajectories = s->spec->sensitivity.trajectories,
                 all = trajectories * (d + 1);
    double *u = reserve(2 * all, d, GW_MORRIS_REPLICATIONS, error), *x = u + all * d, *value = x + all * d;
    if (u == NULL) {
        return GW_REFUSED;
    }
    gw_morris_design(trajectories, d, s->scenario->seed, u);
    memcpy(x, u, all * d * sizeof *x);
    settle(&s->inputs, x, all);
    const struct plan plan = {&s->inputs, x, trajectories, d + 1, GW_MORRIS_REPLICATIONS, value};
    int ret = run_plan(s->lab, &plan, error);
    if (ret == GW_OK) {
        ret = gw_morris_estimate(u, value, trajectories, d, GW_MORRIS_REPLICATIONS, GW_SENSITIVITY_LEVEL,
                                 s->result.effect, error);
    }
    free(u);
    return ret;
}

/* ---- Sobol ----------------------------------------------------------------------------------------------------- */

/* What Morris ranks first by mu*, in the order of the inputs; ties and what is not known go to the earlier ones. */
static void choose_shares(struct study *s)
{
    struct gw_sensitivity *result = &s->result;
    const int most = s->inputs.n < GW_SHARE_INPUTS ? s->inputs.n : GW_SHARE_INPUTS;
    result->shares = 0;
    for (int i = 0; i < s->inputs.n; i++) {
        int better = 0;
        for (int j = 0; j < s->inputs.n && s->inputs.n > most; j++) {
            const double own = result->effect[i].mu_star.value, other = result->effect[j].mu_star.value;
            better += other > own || (isfinite(other) && !isfinite(own)) || (!(own > other) && j < i);
        }
        if (better < most && result->shares < most) {
            result->of_input[result->shares++] = i;
        }
    }
}

/* A view of the chosen inputs: only `input` is its own. */
static struct gw_inputs chosen_inputs(const struct study *s, struct gw_input room[GW_SHARE_INPUTS])
{
    for (int k = 0; k < s->result.shares; k++) {
        room[k] = s->inputs.input[s->result.of_input[k]];
    }
    return (struct gw_inputs){.n = s->result.shares, .input = room};
}

static int run_sobol(struct study *s, struct gw_error *error)
{
    choose_shares(s);
    struct gw_sensitivity *result = &s->result;
    struct gw_input room[GW_SHARE_INPUTS];
    const struct gw_inputs inputs = chosen_inputs(s, room);
    const size_t d = (size_t)inputs.n, points = gw_sobol_points(d);
    double *x = reserve(result->rows * points, d, GW_SHARE_REPLICATIONS, error), *value;
    if (x == NULL) {
        return GW_REFUSED;
    }
    value = x + result->rows * points * d;
    int ret = gw_sobol_design(result->rows, d, s->scenario->seed, x, error);
    if (ret == GW_OK) {
        settle(&inputs, x, result->rows * points);
        const struct plan plan = {&inputs, x, result->rows, points, GW_SHARE_REPLICATIONS, value};
        ret = run_plan(s->lab, &plan, error);
    }
    if (ret == GW_OK) {
        ret = gw_sobol_estimate(value, result->rows, d, GW_SHARE_REPLICATIONS, GW_SENSITIVITY_LEVEL, result->share,
                                &result->whole, error);
    }
    free(x);
    return ret;
}

/* ---- The study ------------------------------------------------------------------------------------------------- */

/* Replications that will be asked for, for progress. */
static uint64_t replications_of(const struct study *s)
{
    const struct gw_sensitivity_spec *spec = &s->spec->sensitivity;
    const uint64_t n = (uint64_t)s->inputs.n, d = n < GW_SHARE_INPUTS ? n : GW_SHARE_INPUTS;
    return (spec->tornado ? (1 + ENDS * n) * tornado_replications(s->spec) : 0) +
           (spec->morris ? spec->trajectories * (n + 1) * GW_MORRIS_REPLICATIONS : 0) +
           (spec->sobol ? s->result.rows * gw_sobol_points(d) * GW_SHARE_REPLICATIONS : 0);
}

/* Of the scenario's own uncertain numbers those that are not varied: as many as all less those that are. */
static int count_left_uncertain(struct study *s, struct gw_error *error)
{
    struct gw_inputs all;
    const int ret = gw_scenario_uncertain(s->scenario, &all, error);
    if (ret != GW_OK) {
        return ret;
    }
    for (int i = 0; i < all.n; i++) {
        bool varied = false;
        for (int j = 0; j < s->inputs.n && !varied; j++) {
            varied = strcmp(all.input[i].key[0], s->inputs.input[j].key[0]) == 0;
        }
        s->result.left_uncertain += !varied;
    }
    gw_inputs_free(&all);
    return GW_OK;
}

static int prepare_results(struct study *s, struct gw_error *error)
{
    struct gw_sensitivity *result = &s->result;
    const size_t n = (size_t)s->inputs.n;
    const struct gw_sensitivity_spec *spec = &s->spec->sensitivity;
    result->inputs = &s->inputs;
    result->rows = spec->sobol ? gw_sobol_rows(spec->points) : 0;
    result->replications = tornado_replications(s->spec);
    result->one_way = calloc(n, sizeof *result->one_way);
    result->effect = calloc(n, sizeof *result->effect);
    return result->one_way == NULL || result->effect == NULL ? no_memory(error) : count_left_uncertain(s, error);
}

static int open_lab(struct study *s, const struct gw_lab_options *options, struct gw_error *error)
{
    struct gw_lab_options own = *options;
    const struct gw_asked asked = {s->result.measure, GW_NO_STRATEGY, gw_experiment_is_money(s->spec)};
    own.asked = &asked;
    own.quantities = 1;
    return gw_lab_open(&s->lab, &own, error);
}

static int run_methods(struct study *s, struct gw_error *error)
{
    const struct gw_sensitivity_spec *spec = &s->spec->sensitivity;
    gw_lab_expect(s->lab, replications_of(s));
    int ret = spec->tornado ? run_tornado(s, error) : GW_OK;
    ret = ret == GW_OK && spec->morris ? run_morris(s, error) : ret;
    return ret == GW_OK && spec->sobol ? run_sobol(s, error) : ret;
}

static int run(struct study *s, const struct gw_lab_options *options, struct gw_dataset **dataset,
               struct gw_error *error)
{
    int ret = gw_experiment_measure(s->scenario, s->spec, s->result.measure, error);
    ret = ret == GW_OK ? choose_inputs(s, error) : ret;
    ret = ret == GW_OK ? prepare_results(s, error) : ret;
    ret = ret == GW_OK ? open_lab(s, options, error) : ret;
    ret = ret == GW_OK ? run_methods(s, error) : ret;
    ret = ret == GW_OK ? gw_sensitivity_dataset(dataset, s->lab, s->spec, &s->result, error) : ret;
    const int closed = s->lab == NULL ? GW_OK : gw_lab_close(s->lab, ret == GW_OK, error);
    return ret == GW_OK ? closed : ret;
}

int gw_sensitivity_run(const struct gw_lab_options *options, const struct gw_part_spec *spec,
                       struct gw_dataset **dataset, struct gw_error *error)
{
    struct study s = {.spec = spec};
    *dataset = NULL;
    const struct gw_plain plain = gw_plain_begin();
    int ret = gw_scenario_load(&s.scenario, options->scenario, options->override, options->overrides, error);
    ret = ret == GW_OK ? run(&s, options, dataset, error) : ret;
    if (ret != GW_OK) {
        gw_dataset_free(*dataset);
        *dataset = NULL;
    }
    free(s.result.one_way);
    free(s.result.effect);
    gw_inputs_free(&s.inputs);
    gw_scenario_free(s.scenario);
    gw_plain_end(plain);
    return ret;
}
