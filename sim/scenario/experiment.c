/* The block `experiment:`. */
#include "scenario/experiment.h"

#include "scenario/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const part_names[GW_PARTS] = {"sweep", "sensitivity", "frontier", "decide", "optimise"};

const char *gw_part_name(enum gw_part part)
{
    return part_names[part];
}

#define PART_KEYS "name", "of", "say", "unit", "replications"
static const char *const block_keys[] = {"of",          "say",      "unit",   "unknowns", "correlated", "sweep",
                                         "sensitivity", "frontier", "decide", "optimise", NULL};
static const char *const sweep_keys[] = {PART_KEYS, "over", "design", "points", NULL};
static const char *const sensitivity_keys[] = {PART_KEYS, "over", "methods", "trajectories", "points", NULL};
static const char *const frontier_keys[] = {PART_KEYS, "x", "y", "cells", NULL};
static const char *const decide_keys[] = {PART_KEYS, "worlds", "inner", "design", "against", "groups", NULL};
static const char *const optimise_keys[] = {PART_KEYS, "levers",      "budget",  "spend_all", "stages",
                                            "goal",    "probability", "require", NULL};
static const char *const *const keys_of_part[GW_PARTS] = {sweep_keys, sensitivity_keys, frontier_keys, decide_keys,
                                                          optimise_keys};

#define DESIGNS "grid|list|random|latin_hypercube|sobol"

enum { MOST_POINTS = 1000000, MOST_REPLICATIONS = 1000000, MOST_CELLS = 256, MOST_STAGES = 20 };

/* ---- Optional values ------------------------------------------------------------------------------------------ */

static void take_count(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                       uint64_t low, uint64_t high, uint32_t *count)
{
    const struct gw_node *value = gw_tree_find(node, key);
    const struct gw_path path = {up, key, 0};
    uint64_t n;
    if (value != NULL && gw_take_integer(r, value, &path, low, high, &n)) {
        *count = (uint32_t)n;
    }
}

static bool take_real(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                      double *value)
{
    const struct gw_node *written = gw_tree_find(node, key);
    const struct gw_path path = {up, key, 0};
    return written != NULL && gw_take_real(r, written, &path, value);
}

static int take_word(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                     const char *words, int otherwise)
{
    const struct gw_node *value = gw_tree_find(node, key);
    const struct gw_path path = {up, key, 0};
    int position = otherwise;
    return value == NULL || gw_take_word(r, value, &path, words, &position) ? position : otherwise;
}

/* Names or keys, a list of texts. */
static int take_list(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, char ***texts)
{
    int n = 0;
    if (node->kind != GW_SEQUENCE || node->members < 1) {
        gw_problem(r->problems, node->mark, path, "expected a list of names");
        return 0;
    }
    *texts = gw_arena_alloc(r->kept, (size_t)node->members, sizeof **texts);
    for (const struct gw_member *m = *texts == NULL ? NULL : node->first; m != NULL; m = m->next, n++) {
        const struct gw_path here = {path, NULL, n};
        gw_take_text(r, m->value, &here, &(*texts)[n]);
    }
    return n;
}

static void take_inputs(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                        struct gw_inputs *inputs)
{
    const struct gw_node *list = gw_tree_find(node, key);
    const struct gw_path path = {up, key, 0};
    if (list != NULL) {
        gw_take_inputs(r, list, &path, inputs);
    }
}

static void need(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, const char *key,
                 const char *example)
{
    if (gw_tree_find(node, key) == NULL) {
        gw_note_missing(r, node, path, key, example);
    }
}

/* ---- Parts ---------------------------------------------------------------------------------------------------- */

#define OVER_EXAMPLE "over: [{key: firms.us.unit_cost, from: 0.4, to: 0.7}]"

static void take_sweep(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                       struct gw_sweep_spec *sweep)
{
    sweep->points = 50;
    need(r, node, path, "over", OVER_EXAMPLE);
    take_inputs(r, node, path, "over", &sweep->over);
    sweep->design = (enum gw_design)take_word(r, node, path, "design", DESIGNS, GW_DESIGN_GRID);
    take_count(r, node, path, "points", 1, MOST_POINTS, &sweep->points);
}

static void take_methods(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                         struct gw_sensitivity_spec *spec)
{
    const struct gw_node *list = gw_tree_find(node, "methods");
    const struct gw_path path = {up, "methods", 0};
    bool *const flag[] = {&spec->tornado, &spec->morris, &spec->sobol};
    if (list == NULL) {
        spec->tornado = spec->morris = spec->sobol = true;
    } else if (list->kind != GW_SEQUENCE || list->members < 1) {
        gw_problem(r->problems, list->mark, &path, "expected a list of tornado, morris and sobol");
    } else {
        for (const struct gw_member *m = list->first; m != NULL; m = m->next) {
            int method = 0;
            if (gw_take_word(r, m->value, &path, "tornado|morris|sobol", &method)) {
                *flag[method] = true;
            }
        }
    }
}

static void take_sensitivity(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                             struct gw_sensitivity_spec *spec)
{
    const struct gw_node *over = gw_tree_find(node, "over");
    spec->trajectories = 20;
    spec->points = 128;
    if (over != NULL && !(over->kind == GW_SCALAR && strcmp(over->text, "uncertain") == 0)) {
        take_inputs(r, node, path, "over", &spec->over);
    }
    take_methods(r, node, path, spec);
    take_count(r, node, path, "trajectories", 4, 10000, &spec->trajectories);
    take_count(r, node, path, "points", 16, MOST_POINTS, &spec->points);
}

static void take_frontier(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                          struct gw_frontier_spec *spec)
{
    const struct gw_node *x = gw_tree_find(node, "x"), *y = gw_tree_find(node, "y");
    const struct gw_path x_path = {path, "x", 0}, y_path = {path, "y", 0};
    spec->cells = 16;
    need(r, node, path, "x", "x: {key: firms.us.unit_cost, from: 0.4, to: 0.7}");
    if (x != NULL) {
        gw_take_input(r, x, &x_path, &spec->x);
    }
    if (y != NULL) {
        spec->has_y = gw_take_input(r, y, &y_path, &spec->y);
    }
    if (spec->has_y && spec->x.name != NULL && strcmp(spec->x.name, spec->y.name) == 0) {
        gw_problem(r->problems, y->mark, &y_path,
                   "x and y are both called '%s': name one of them otherwise, by name:", spec->y.name);
    }
    take_count(r, node, path, "cells", 4, MOST_CELLS, &spec->cells);
}

static void take_groups(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                        struct gw_decide_spec *spec)
{
    const struct gw_node *groups = gw_tree_find(node, "groups");
    const struct gw_path path = {up, "groups", 0};
    if (groups == NULL || !gw_take_mapping(r, groups, &path, "a mapping such as {costs: [unit_cost, fixed_cost]}")) {
        return;
    }
    if (groups->members > GW_MAX_GROUPS) {
        gw_problem(r->problems, groups->mark, &path, "expected at most %d groups", GW_MAX_GROUPS);
        return;
    }
    for (const struct gw_member *m = groups->first; m != NULL; m = m->next) {
        struct gw_group *group = &spec->group[spec->groups];
        const struct gw_path here = {&path, m->key, 0};
        if (gw_take_name(r, m, &path, &group->name)) {
            group->members = take_list(r, m->value, &here, &group->member);
            spec->groups++;
        }
    }
}

static void take_decide(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                        struct gw_decide_spec *spec)
{
    spec->worlds = 500;
    take_count(r, node, path, "worlds", 20, MOST_POINTS, &spec->worlds);
    take_count(r, node, path, "inner", 1, 10000, &spec->inner);
    spec->design =
        (enum gw_design)(GW_DESIGN_RANDOM + take_word(r, node, path, "design", "random|latin_hypercube|sobol", 1));
    take_inputs(r, node, path, "against", &spec->against);
    take_groups(r, node, path, spec);
}

static void take_stages(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                        struct gw_optimise_spec *spec)
{
    const struct gw_node *list = gw_tree_find(node, "stages");
    const struct gw_path path = {up, "stages", 0};
    spec->stages = 1;
    spec->stage = gw_arena_alloc(r->kept, MOST_STAGES, sizeof *spec->stage);
    if (list == NULL || spec->stage == NULL) {
        return;
    }
    if (list->kind != GW_SEQUENCE || list->members < 1 || list->members > MOST_STAGES) {
        gw_problem(r->problems, list->mark, &path,
                   "expected a list of 1 to %d moments at which levers may change, such as [week 0, week 52]",
                   MOST_STAGES);
        return;
    }
    spec->stages = 0;
    for (const struct gw_member *m = list->first; m != NULL; m = m->next) {
        const struct gw_path here = {&path, NULL, spec->stages};
        uint32_t *stage = &spec->stage[spec->stages];
        if (gw_take_moment(r, m->value, &here, stage) &&
            (*stage >= r->scenario->horizon || (spec->stages > 0 && *stage <= stage[-1]))) {
            gw_problem(r->problems, m->value->mark, &here, "expected moments that rise and lie before the horizon");
        }
        spec->stages++;
    }
}

static void take_requirement(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                             struct gw_requirement *require)
{
    static const char *const keys[] = {"measure", "above", "below", NULL};
    *require = (struct gw_requirement){.low = -INFINITY, .high = INFINITY};
    if (!gw_take_mapping(r, node, path, "a mapping such as {measure: each.retention, above: 0.8}")) {
        return;
    }
    gw_take_keys(r, node, path, keys);
    need(r, node, path, "measure", "measure: plan.retention");
    gw_take_optional_text(r, node, path, "measure", &require->measure);
    const bool above = take_real(r, node, path, "above", &require->low);
    if (!take_real(r, node, path, "below", &require->high) && !above) {
        gw_problem(r->problems, node->mark, path, "expected above or below, and a number");
    }
}

static void take_requirements(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                              struct gw_optimise_spec *spec)
{
    const struct gw_node *list = gw_tree_find(node, "require");
    const struct gw_path path = {up, "require", 0};
    if (list == NULL) {
        return;
    }
    if (list->kind != GW_SEQUENCE || list->members < 1 || list->members > GW_MAX_CONSTRAINTS) {
        gw_problem(r->problems, list->mark, &path, "expected a list of 1 to %d requirements", GW_MAX_CONSTRAINTS);
        return;
    }
    for (const struct gw_member *m = list->first; m != NULL; m = m->next) {
        const struct gw_path here = {&path, NULL, spec->requirements};
        take_requirement(r, m->value, &here, &spec->require[spec->requirements++]);
    }
}

static void take_optimise(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                          struct gw_optimise_spec *spec)
{
    const struct gw_node *all = gw_tree_find(node, "spend_all");
    const struct gw_path all_path = {path, "spend_all", 0}, p_path = {path, "probability", 0};
    spec->budget = NAN;
    spec->probability = 0.1;
    need(r, node, path, "levers", "levers: [{key: strategies.plan.firms.us.advertising, from: 0, to: 3000}]");
    take_inputs(r, node, path, "levers", &spec->levers);
    take_real(r, node, path, "budget", &spec->budget);
    if (all != NULL) {
        gw_take_flag(r, all, &all_path, &spec->spend_all);
    }
    take_stages(r, node, path, spec);
    spec->goal = (enum gw_goal)take_word(r, node, path, "goal", "mean|quantile|cvar", GW_GOAL_MEAN);
    if (take_real(r, node, path, "probability", &spec->probability) &&
        !(spec->probability > 0.0 && spec->probability < 1.0)) {
        gw_problem(r->problems, gw_tree_find(node, "probability")->mark, &p_path,
                   "expected a probability above 0 and below 1");
    }
    take_requirements(r, node, path, spec);
}

static void take_part(struct gw_reader *r, enum gw_part kind, const struct gw_node *node, const struct gw_path *path,
                      struct gw_part_spec *part)
{
    *part = (struct gw_part_spec){0};
    if (!gw_take_mapping(r, node, path, "a mapping")) {
        return;
    }
    gw_take_keys(r, node, path, keys_of_part[kind]);
    gw_take_optional_text(r, node, path, "name", &part->name);
    gw_take_optional_text(r, node, path, "of", &part->of);
    gw_take_optional_text(r, node, path, "say", &part->say);
    gw_take_optional_text(r, node, path, "unit", &part->unit);
    take_count(r, node, path, "replications", 2, MOST_REPLICATIONS, &part->replications);
    switch (kind) {
    case GW_SWEEP:
        take_sweep(r, node, path, &part->sweep);
        break;
    case GW_SENSITIVITY:
        take_sensitivity(r, node, path, &part->sensitivity);
        break;
    case GW_FRONTIER:
        take_frontier(r, node, path, &part->frontier);
        break;
    case GW_DECIDE:
        take_decide(r, node, path, &part->decide);
        break;
    case GW_OPTIMISE:
        take_optimise(r, node, path, &part->optimise);
        break;
    case GW_PARTS:
        break;
    }
}

/* Where a part says nothing of its measure, it has the block's, but for decide, which asks the same of each strategy;
 * one without a name has that of its command. */
static void settle_part(struct gw_reader *r, const struct gw_experiment *e, enum gw_part kind, int number,
                        struct gw_part_spec *part)
{
    char name[GW_NAME_BYTES];
    if (part->of == NULL && kind != GW_DECIDE) {
        part->of = e->of;
        part->say = part->say == NULL ? e->say : part->say;
        part->unit = part->unit == NULL ? e->unit : part->unit;
    }
    if (part->name == NULL) {
        (void)snprintf(name, sizeof name, number == 0 ? "%s" : "%s_%d", part_names[kind], number + 1);
        part->name = gw_arena_text(r->kept, name, strlen(name));
    }
}

/* Names become parts of file names. */
static void check_name(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                       const struct gw_part_spec *part, const struct gw_part_spec *first)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (part->name == NULL) {
        return;
    }
    if (strspn(part->name, letters) != strlen(part->name) || strlen(part->name) > GW_NAME_BYTES) {
        gw_problem(r->problems, node->mark, path, "expected a name of letters, digits, _ and -, got '%s'",
                   part->name);
    }
    for (const struct gw_part_spec *other = first; other < part; other++) {
        if (other->name != NULL && strcmp(other->name, part->name) == 0) {
            gw_problem(r->problems, node->mark, path, "two parts are called '%s'", part->name);
        }
    }
}

static void take_parts(struct gw_reader *r, enum gw_part kind, const struct gw_node *block, const struct gw_path *up,
                       struct gw_experiment *e)
{
    const struct gw_node *node = gw_tree_find(block, part_names[kind]);
    const struct gw_path path = {up, part_names[kind], 0};
    const bool list = node != NULL && node->kind == GW_SEQUENCE;
    if (node == NULL) {
        return;
    }
    if (list && (node->members < 1 || node->members > GW_MAX_OF_PART)) {
        gw_problem(r->problems, node->mark, &path, "expected a mapping or a list of 1 to %d", GW_MAX_OF_PART);
        return;
    }
    const int n = list ? node->members : 1;
    e->part[kind] = gw_arena_alloc(r->kept, (size_t)n, sizeof *e->part[kind]);
    const struct gw_member *m = list ? node->first : NULL;
    for (int i = 0; e->part[kind] != NULL && i < n; i++, m = list ? m->next : NULL) {
        const struct gw_path item = {&path, NULL, i};
        const struct gw_node *one = list ? m->value : node;
        take_part(r, kind, one, list ? &item : &path, &e->part[kind][i]);
        settle_part(r, e, kind, i, &e->part[kind][i]);
        check_name(r, one, list ? &item : &path, &e->part[kind][i], e->part[kind]);
        e->parts[kind] = i + 1;
    }
}

/* correlated: [{between: [NAME, NAME], by: 0.5}] */
static void take_correlation(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                             struct gw_correlation *c)
{
    static const char *const keys[] = {"between", "by", NULL};
    const struct gw_node *between = gw_tree_find(node, "between");
    const struct gw_path between_path = {path, "between", 0}, by_path = {path, "by", 0};
    char **names = NULL;
    if (!gw_take_mapping(r, node, path, "a mapping such as {between: [unit_cost, churn], by: 0.5}")) {
        return;
    }
    gw_take_keys(r, node, path, keys);
    if (between == NULL || take_list(r, between, &between_path, &names) != 2) {
        gw_problem(r->problems, between == NULL ? node->mark : between->mark, &between_path,
                   "expected the names of two uncertain inputs");
    } else if (names != NULL) {
        c->a = names[0];
        c->b = names[1];
    }
    if (!take_real(r, node, path, "by", &c->by) || !(c->by > -1.0 && c->by < 1.0)) {
        gw_problem(r->problems, node->mark, &by_path, "expected a correlation above -1 and below 1");
    }
}

static void take_correlations(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                              struct gw_experiment *e)
{
    const struct gw_node *list = gw_tree_find(node, "correlated");
    const struct gw_path path = {up, "correlated", 0};
    if (list == NULL) {
        return;
    }
    if (list->kind != GW_SEQUENCE || list->members < 1 || list->members > GW_MAX_CORRELATIONS) {
        gw_problem(r->problems, list->mark, &path, "expected a list of 1 to %d correlations", GW_MAX_CORRELATIONS);
        return;
    }
    for (const struct gw_member *m = list->first; m != NULL; m = m->next) {
        const struct gw_path here = {&path, NULL, e->correlations};
        take_correlation(r, m->value, &here, &e->correlation[e->correlations++]);
    }
}

/* What is said to be uncertain has a distribution. */
static void check_uncertain(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                            const struct gw_experiment *e)
{
    const struct gw_path path = {up, "unknowns", 0};
    for (int i = 0; i < e->uncertain.n; i++) {
        const struct gw_input *input = &e->uncertain.input[i];
        if (input->distribution.family == GW_NO_FAMILY && !isfinite(input->low)) {
            gw_problem(r->problems, gw_tree_find(node, "unknowns")->mark, &path,
                       "'%s' needs a distribution, uncertain: {normal: {mean: ..., sd: ...}}, or from and to",
                       input->name == NULL ? "?" : input->name);
        }
    }
}

void gw_read_experiment(struct gw_reader *r, const struct gw_node *root)
{
    const struct gw_node *node = gw_tree_find(root, "experiment");
    const struct gw_path path = {NULL, "experiment", 0};
    if (node == NULL || !gw_take_mapping(r, node, &path, "a mapping")) {
        return;
    }
    struct gw_experiment *e = gw_arena_alloc(r->kept, 1, sizeof *e);
    if (e == NULL) {
        return;
    }
    gw_take_keys(r, node, &path, block_keys);
    gw_take_optional_text(r, node, &path, "of", &e->of);
    gw_take_optional_text(r, node, &path, "say", &e->say);
    gw_take_optional_text(r, node, &path, "unit", &e->unit);
    take_inputs(r, node, &path, "unknowns", &e->uncertain);
    check_uncertain(r, node, &path, e);
    take_correlations(r, node, &path, e);
    for (int kind = 0; kind < GW_PARTS; kind++) {
        take_parts(r, (enum gw_part)kind, node, &path, e);
    }
    r->scenario->experiment = e;
}
