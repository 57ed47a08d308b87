#include "experiment/decide.h"

#include "core/memory.h"
#include "experiment/decide_study.h"
#include "experiment/experiment.h"
#include "world/world.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PILOT_WORLDS = 40, PILOT_INNER = 4, DRAWS = 200 };
static const double level = 0.95, luck_share = 0.2;

static int no_memory(struct gw_error *error)
{
    return gw_fail(error, GW_REFUSED, "out of memory for the decision");
}

/* ---- What is asked ------------------------------------------------------------------------------------------------
 */

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* Whether a measure asks something of `each` strategy. */
static bool asks_each(const char *measure)
{
    for (const char *at = strstr(measure, "each"); at != NULL; at = strstr(at + 1, "each")) {
        if ((at == measure || !is_letter(at[-1])) && at[4] == '.') {
            return true;
        }
    }
    return false;
}

/* The part with its measure settled. */
static int settle_measure(struct gw_part_spec *part, const struct gw_scenario *scenario, struct gw_error *error)
{
    static char value[] = "each.company_value", say[] = "company value";
    if (scenario->strategies < 2) {
        return gw_fail(error, GW_BAD_INPUT, "a decision needs two strategies at least; %s has one", scenario->name);
    }
    if (scenario->strategies > GW_MOST_CHOICES) {
        return gw_fail(error, GW_BAD_INPUT, "a decision is between at most %d strategies", (int)GW_MOST_CHOICES);
    }
    if (part->of == NULL) {
        part->of = value;
        part->say = part->say == NULL || part->say[0] == '\0' ? say : part->say;
    }
    if (!asks_each(part->of)) {
        return gw_fail(error, GW_BAD_INPUT,
                       "experiment.decide.of: a decision asks the same of each strategy, such as "
                       "each.company_value; '%s' has no 'each'",
                       part->of);
    }
    if (part->decide.inner > GW_LUCK_STRIDE) {
        return gw_fail(error, GW_BAD_INPUT, "at most %d replications within a world", (int)GW_LUCK_STRIDE);
    }
    return GW_OK;
}

/* ---- Worlds and luck ----------------------------------------------------------------------------------------------
 */

/* What a world costs beside a replication: reading and planning take some 1.5 ms, a consumer's week of one
 * strategy some 40 ns, asking the measures of a replication some 0.5 ms. The optimum is flat: a factor of 4 here is
 * one of 2 in the inner number. */
static double world_over_replication(const struct gw_scenario *s)
{
    const double weeks = (double)s->warm_up + (double)s->strategies * (double)s->horizon;
    return 1.5e-3 / (0.5e-3 + 40e-9 * (double)s->population * weeks);
}

/* The difference of every strategy to the first asks for its number of replications: the most of them. */
static uint32_t wanted_inner(const struct gw_worlds *worlds, double *value, size_t n, double cost)
{
    const size_t points = n * PILOT_INNER;
    uint32_t most = 0;
    for (size_t s = 1; s < worlds->strategies; s++) {
        for (size_t i = 0; i < points; i++) {
            value[s * points + i] -= value[i];
        }
        const struct gw_components c = gw_components_of(value + s * points, n, PILOT_INNER, level);
        const uint32_t inner = gw_inner_replications(&c, cost, 1.0, luck_share, GW_LUCK_STRIDE);
        most = inner > most ? inner : most;
    }
    return most;
}

static int run_pilot(struct gw_study *study, struct gw_error *error)
{
    const struct gw_scenario *scenario = gw_lab_scenario(study->lab);
    const size_t n = study->worlds.worlds < PILOT_WORLDS ? study->worlds.worlds : PILOT_WORLDS;
    const size_t values = study->worlds.strategies * n * PILOT_INNER;
    double *value = gw_alloc(values, sizeof *value);
    int ret = value == NULL ? no_memory(error) : GW_OK;
    gw_lab_expect(study->lab, (uint64_t)study->worlds.worlds * PILOT_INNER + n * PILOT_INNER);
    ret = ret == GW_OK ? gw_worlds_evaluate(&study->worlds, study->lab, n, PILOT_INNER, value, error) : ret;
    ret = ret == GW_OK ? gw_experiment_check_defined(value, values, study->spec->of, error) : ret;
    if (ret == GW_OK) {
        study->inner_wanted = wanted_inner(&study->worlds, value, n, world_over_replication(scenario));
        study->inner = study->inner_wanted < GW_DECIDE_MOST_INNER ? study->inner_wanted : GW_DECIDE_MOST_INNER;
        study->inner_chosen = true;
    }
    gw_free(value);
    return ret;
}

static int choose_inner(struct gw_study *study, struct gw_error *error)
{
    const uint32_t asked = study->spec->decide.inner > 0 ? study->spec->decide.inner : study->spec->replications;
    if (asked > GW_LUCK_STRIDE) {
        return gw_fail(error, GW_BAD_INPUT, "at most %d replications within a world", (int)GW_LUCK_STRIDE);
    }
    study->inner = study->inner_wanted = asked;
    return asked > 0 ? GW_OK : run_pilot(study, error);
}

static int run_worlds(struct gw_study *study, struct gw_error *error)
{
    const size_t n = study->worlds.worlds, values = study->worlds.strategies * n * study->inner;
    study->value = gw_alloc(values, sizeof *study->value);
    if (study->value == NULL) {
        return no_memory(error);
    }
    gw_lab_expect(study->lab, gw_lab_asked(study->lab) + (uint64_t)n * study->inner);
    const int ret = gw_worlds_evaluate(&study->worlds, study->lab, n, study->inner, study->value, error);
    return ret == GW_OK ? gw_experiment_check_defined(study->value, values, study->spec->of, error) : ret;
}

/* ---- Decision -----------------------------------------------------------------------------------------------------
 */

/* Of the best minus strategy s, world by world, and how far pairing helps; of the best itself nothing is known. */
static int compare_with_best(struct gw_study *study, size_t s, struct gw_error *error)
{
    const size_t n = study->worlds.worlds, points = n * study->inner;
    const double *a = study->value + study->decision.best * points, *b = study->value + s * points;
    double *difference = gw_alloc(points, sizeof *difference);
    if (difference == NULL) {
        return no_memory(error);
    }
    for (size_t i = 0; i < points; i++) {
        difference[i] = a[i] - b[i];
    }
    study->lead[s] = gw_components_of(difference, n, study->inner, level);
    study->pairing[s] = gw_pairing_of(a, b, n, study->inner, level);
    gw_free(difference);
    return GW_OK;
}

static int decide(struct gw_study *study, struct gw_error *error)
{
    const size_t strategies = study->worlds.strategies, n = study->worlds.worlds;
    const struct gw_payoffs payoffs = {strategies, n, study->inner, study->value};
    study->choice = calloc(strategies, sizeof *study->choice);
    study->own = calloc(strategies, sizeof *study->own);
    study->lead = calloc(strategies, sizeof *study->lead);
    study->pairing = calloc(strategies, sizeof *study->pairing);
    study->mean = gw_alloc(strategies * n, sizeof *study->mean);
    if (study->choice == NULL || study->own == NULL || study->lead == NULL || study->pairing == NULL ||
        study->mean == NULL) {
        return no_memory(error);
    }
    int ret = gw_decision_of(&payoffs, level, study->choice, &study->decision, error);
    for (size_t s = 0; s < strategies && ret == GW_OK; s++) {
        study->own[s] = gw_components_of(study->value + s * n * study->inner, n, study->inner, level);
        ret = compare_with_best(study, s, error);
    }
    gw_payoffs_means(&payoffs, study->mean);
    return ret;
}

/* ---- Information --------------------------------------------------------------------------------------------------
 */

static int add_group(struct gw_study *study, const struct gw_group *group, struct gw_error *error)
{
    struct gw_target *target = &study->target[study->targets++];
    target->name = target->say = group->name;
    target->member = calloc((size_t)group->members + 1, sizeof *target->member);
    if (target->member == NULL) {
        return no_memory(error);
    }
    for (int m = 0; m < group->members; m++) {
        const int at = gw_unknown_find(&study->worlds.unknown, group->member[m]);
        if (at < 0) {
            return gw_fail(error, GW_BAD_INPUT, "experiment.decide.groups.%s: '%s' is not uncertain", group->name,
                           group->member[m]);
        }
        target->member[target->members++] = at;
    }
    return GW_OK;
}

static int list_targets(struct gw_study *study, struct gw_error *error)
{
    const struct gw_decide_spec *spec = &study->spec->decide;
    const struct gw_inputs *unknown = &study->worlds.unknown;
    study->target = calloc((size_t)(unknown->n + spec->groups), sizeof *study->target);
    if (study->target == NULL) {
        return no_memory(error);
    }
    for (int i = 0; i < unknown->n; i++) {
        struct gw_target *target = &study->target[study->targets++];
        target->name = unknown->input[i].name;
        target->say = unknown->input[i].say;
        target->member = calloc(1, sizeof *target->member);
        if (target->member == NULL) {
            return no_memory(error);
        }
        target->member[0] = i;
        target->members = 1;
    }
    int ret = GW_OK;
    for (int g = 0; g < spec->groups && ret == GW_OK; g++) {
        ret = add_group(study, &spec->group[g], error);
    }
    return ret;
}

static int by_unknown(struct gw_study *study, struct gw_error *error)
{
    const size_t n = study->worlds.worlds, d = (size_t)study->worlds.unknown.n;
    study->by_unknown = gw_alloc(n * d, sizeof *study->by_unknown);
    if (study->by_unknown == NULL) {
        return no_memory(error);
    }
    for (size_t i = 0; i < n * d; i++) {
        study->by_unknown[i % d * n + i / d] = study->worlds.x[i];
    }
    return GW_OK;
}

static int value_target(const struct gw_study *study, struct gw_target *target, struct gw_error *error)
{
    const size_t n = study->worlds.worlds;
    double *x = gw_alloc(target->members * n, sizeof *x);
    if (x == NULL) {
        return no_memory(error);
    }
    for (size_t m = 0; m < target->members; m++) {
        memcpy(x + m * n, study->by_unknown + (size_t)target->member[m] * n, n * sizeof *x);
    }
    const int ret = gw_evppi(study->mean, study->worlds.strategies, n, x, target->members, level,
                             gw_lab_scenario(study->lab)->seed, DRAWS, &target->information, error);
    gw_free(x);
    return ret;
}

static int inform(struct gw_study *study, struct gw_error *error)
{
    int ret = by_unknown(study, error);
    for (size_t t = 0; t < study->targets && ret == GW_OK; t++) {
        ret = value_target(study, &study->target[t], error);
    }
    return ret;
}

/* ---- Acceptability ------------------------------------------------------------------------------------------------
 */

/* The unknown that is worth most to find out; where none is worth anything, the one that explains most. */
static int most_important(const struct gw_study *study)
{
    int most = 0;
    for (int i = 1; i < study->worlds.unknown.n; i++) {
        const struct gw_information *a = &study->target[i].information, *b = &study->target[most].information;
        const bool more = a->evppi.value > b->evppi.value;
        most = more || (a->evppi.value == b->evppi.value && a->explained > b->explained) ? i : most;
    }
    return most;
}

static int list_curves(struct gw_study *study, struct gw_error *error)
{
    const struct gw_inputs *against = &study->spec->decide.against;
    study->curves = against->n == 0 ? 1 : (size_t)against->n;
    study->curve = calloc(study->curves, sizeof *study->curve);
    if (study->curve == NULL) {
        return no_memory(error);
    }
    for (int i = 0; i < against->n; i++) {
        const struct gw_input *input = &against->input[i];
        int at = gw_unknown_find(&study->worlds.unknown, input->name);
        for (int k = 0; at < 0 && k < input->keys; k++) {
            at = gw_unknown_find(&study->worlds.unknown, input->key[k]);
        }
        if (at < 0) {
            return gw_fail(error, GW_BAD_INPUT,
                           "experiment.decide.against: '%s' is not uncertain, so the worlds say nothing of it",
                           input->name);
        }
        study->curve[i].unknown = at;
    }
    return GW_OK;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Evenly over the middle 96% of what the unknown is in the worlds. */
static int place_points(const double *x, size_t n, double at[GW_DECIDE_POINTS], struct gw_error *error)
{
    double *sorted = gw_alloc(n, sizeof *sorted);
    if (sorted == NULL) {
        return no_memory(error);
    }
    memcpy(sorted, x, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_value);
    const double low = sorted[n / 50], high = sorted[n - 1 - n / 50];
    for (int p = 0; p < GW_DECIDE_POINTS; p++) {
        at[p] = low + (high - low) * p / (GW_DECIDE_POINTS - 1);
    }
    gw_free(sorted);
    return GW_OK;
}

static int draw_curve(const struct gw_study *study, struct gw_curves *curve, struct gw_error *error)
{
    const size_t n = study->worlds.worlds, strategies = study->worlds.strategies;
    const double *x = study->by_unknown + (size_t)curve->unknown * n;
    curve->at = calloc(GW_DECIDE_POINTS, sizeof *curve->at);
    curve->acceptability = calloc(strategies * GW_DECIDE_POINTS, sizeof *curve->acceptability);
    curve->benefit = calloc(strategies * GW_DECIDE_POINTS, sizeof *curve->benefit);
    curve->leader = calloc(GW_DECIDE_POINTS, sizeof *curve->leader);
    if (curve->at == NULL || curve->acceptability == NULL || curve->benefit == NULL || curve->leader == NULL) {
        return no_memory(error);
    }
    const int ret = place_points(x, n, curve->at, error);
    const struct gw_payoffs payoffs = {strategies, n, study->inner, study->value};
    return ret == GW_OK ? gw_acceptability(&payoffs, x, curve->at, GW_DECIDE_POINTS, level, curve->acceptability,
                                           curve->benefit, curve->leader, error)
                        : ret;
}

static int draw_curves(struct gw_study *study, struct gw_error *error)
{
    int ret = GW_OK;
    if (study->spec->decide.against.n == 0) {
        study->curve[0].unknown = most_important(study);
    }
    for (size_t c = 0; c < study->curves && ret == GW_OK; c++) {
        ret = draw_curve(study, &study->curve[c], error);
    }
    return ret;
}

/* ---- The whole ----------------------------------------------------------------------------------------------------
 */

static void free_study(struct gw_study *study)
{
    for (size_t t = 0; t < study->targets; t++) {
        free(study->target[t].member);
    }
    for (size_t c = 0; study->curve != NULL && c < study->curves; c++) {
        free(study->curve[c].at);
        free(study->curve[c].acceptability);
        free(study->curve[c].benefit);
        free(study->curve[c].leader);
    }
    free(study->target);
    free(study->curve);
    free(study->choice);
    free(study->own);
    free(study->lead);
    free(study->pairing);
    gw_free(study->value);
    gw_free(study->mean);
    gw_free(study->by_unknown);
    gw_worlds_free(&study->worlds);
}

static int run_study(struct gw_study *study, struct gw_dataset **dataset, struct gw_error *error)
{
    int ret = choose_inner(study, error);
    ret = ret == GW_OK ? run_worlds(study, error) : ret;
    ret = ret == GW_OK ? decide(study, error) : ret;
    ret = ret == GW_OK ? inform(study, error) : ret;
    ret = ret == GW_OK ? draw_curves(study, error) : ret;
    return ret == GW_OK ? gw_study_results(study, dataset, error) : ret;
}

static int open_lab(struct gw_lab **lab, const struct gw_lab_options *options, const struct gw_part_spec *part,
                    size_t strategies, struct gw_error *error)
{
    struct gw_lab_options own = *options;
    struct gw_asked *asked = calloc(strategies, sizeof *asked);
    if (asked == NULL) {
        return no_memory(error);
    }
    for (size_t s = 0; s < strategies; s++) {
        asked[s] = (struct gw_asked){part->of, s, gw_experiment_is_money(part)};
    }
    own.asked = asked;
    own.quantities = strategies;
    const int ret = gw_lab_open(lab, &own, error);
    free(asked);
    return ret;
}

int gw_decide_run(const struct gw_lab_options *options, const struct gw_part_spec *spec, struct gw_dataset **dataset,
                  struct gw_error *error)
{
    struct gw_scenario *scenario = NULL;
    struct gw_part_spec part = *spec;
    struct gw_study study = {.spec = &part};
    *dataset = NULL;
    int ret = gw_scenario_load(&scenario, options->scenario, options->override, options->overrides, error);
    ret = ret == GW_OK ? gw_world_size(scenario, error) : ret;
    ret = ret == GW_OK ? settle_measure(&part, scenario, error) : ret;
    ret = ret == GW_OK ? gw_worlds_draw(&study.worlds, scenario, part.decide.design, part.decide.worlds, error) : ret;
    ret = ret == GW_OK ? list_targets(&study, error) : ret;
    ret = ret == GW_OK ? list_curves(&study, error) : ret;
    ret = ret == GW_OK ? open_lab(&study.lab, options, &part, study.worlds.strategies, error) : ret;
    if (ret == GW_OK) {
        ret = run_study(&study, dataset, error);
        const int closed = gw_lab_close(study.lab, ret == GW_OK, error);
        ret = ret == GW_OK ? closed : ret;
    }
    free_study(&study);
    gw_scenario_free(scenario);
    return ret;
}
