/*
 * Strategies: overlays on the base. They may change parameters only, so that all strategies of a scenario meet the
 * same consumers, firms and network.
 */
#include "scenario/merge.h"
#include "scenario/reader.h"

#include <string.h>

static void note_fixed(struct gw_reader *r, const struct gw_member *member, const struct gw_path *path)
{
    const struct gw_path here = {path, member->key, 0};
    gw_problem(r->problems, member->mark, &here,
               "a strategy cannot change this: all strategies must meet the same consumers");
}

static void check_firms(struct gw_reader *r, const struct gw_node *firms, const struct gw_path *path)
{
    for (const struct gw_member *m = firms->kind == GW_MAPPING ? firms->first : NULL; m != NULL; m = m->next) {
        const struct gw_path here = {path, m->key, 0};
        const struct gw_member *copies = gw_tree_member(m->value, "copies");
        int first, last;
        if (!gw_find_firms(r->scenario, m->key, &first, &last)) {
            char hint[100];
            struct gw_guess guess = gw_guess_begin(r->problems, m->key);
            gw_guess_firm(&guess, r->scenario);
            gw_problem(r->problems, m->mark, &here, "expected a firm of the base%s",
                       gw_guess_text(&guess, hint, sizeof hint));
        } else if (copies != NULL) {
            note_fixed(r, copies, &here);
        }
    }
}

static void check_segments(struct gw_reader *r, const struct gw_node *segments, const struct gw_path *path)
{
    for (const struct gw_member *m = segments->kind == GW_MAPPING ? segments->first : NULL; m != NULL; m = m->next) {
        struct gw_guess guess = gw_guess_begin(r->problems, m->key);
        char hint[100];
        bool found = false;
        const struct gw_path here = {path, m->key, 0};
        for (int s = 0; s < r->scenario->segments && !found; s++) {
            found = strcmp(r->scenario->segment[s].name, m->key) == 0;
            gw_guess_try(&guess, r->scenario->segment[s].name);
        }
        const struct gw_member *share = gw_tree_member(m->value, "share");
        if (!found) {
            gw_problem(r->problems, m->mark, &here, "expected a segment of the base%s",
                       gw_guess_text(&guess, hint, sizeof hint));
        } else if (share != NULL) {
            note_fixed(r, share, &here);
        }
    }
}

static void check_population(struct gw_reader *r, const struct gw_node *population, const struct gw_path *path)
{
    const struct gw_member *size = gw_tree_member(population, "size");
    const struct gw_member *segments = gw_tree_member(population, "segments");
    if (size != NULL) {
        note_fixed(r, size, path);
    }
    if (segments != NULL) {
        const struct gw_path here = {path, segments->key, 0};
        check_segments(r, segments->value, &here);
    }
}

/* Whether the overlay stays within what a strategy may change; unknown parameters come out when it is read. */
static bool check_overlay(struct gw_reader *r, const struct gw_node *overlay, const struct gw_path *path)
{
    if (!gw_take_mapping(r, overlay, path, "a mapping of changes to the base, or {}")) {
        return false;
    }
    for (const struct gw_member *m = overlay->first; m != NULL; m = m->next) {
        const struct gw_path here = {path, m->key, 0};
        if (strcmp(m->key, "firms") == 0) {
            check_firms(r, m->value, &here);
        } else if (strcmp(m->key, "population") == 0) {
            check_population(r, m->value, &here);
        } else if (strcmp(m->key, "market") != 0) {
            gw_problem(r->problems, m->mark, &here,
                       "a strategy can change parameters under firms, market and population only");
        }
    }
    return true;
}

static int read_strategy(struct gw_reader *r, struct gw_arena *scratch, struct gw_node *root,
                         const struct gw_member *member, const struct gw_path *up)
{
    struct gw_strategy *strategy = &r->scenario->strategy[r->scenario->strategies];
    const struct gw_path path = {up, member->key, 0};
    if (!gw_take_name(r, member, up, &strategy->name) || !check_overlay(r, member->value, &path)) {
        return r->kept->failed ? GW_FAILED : GW_OK;
    }
    r->scenario->strategies++;
    const struct gw_node *merged = gw_tree_merge(scratch, root, member->value);
    return merged == NULL ? GW_FAILED : gw_read_values(r, merged, &path, &strategy->values);
}

/* Without any, the base runs alone. */
static int read_default(struct gw_reader *r)
{
    r->scenario->strategy[0].name = gw_arena_text(r->kept, "status_quo", strlen("status_quo"));
    r->scenario->strategy[0].values = r->scenario->base;
    r->scenario->strategies = 1;
    return r->kept->failed ? GW_FAILED : GW_OK;
}

int gw_read_strategies(struct gw_reader *r, struct gw_arena *scratch, struct gw_node *root)
{
    const struct gw_node *strategies = gw_tree_find(root, "strategies");
    const struct gw_path path = {NULL, "strategies", 0};
    int ret = GW_OK;
    r->scenario->strategy = gw_arena_alloc(r->kept, GW_MAX_STRATEGIES, sizeof *r->scenario->strategy);
    if (r->scenario->strategy == NULL) {
        return GW_FAILED;
    }
    if (strategies == NULL) {
        return read_default(r);
    }
    if (!gw_take_mapping(r, strategies, &path, "a mapping of strategies")) {
        return GW_OK;
    }
    if (strategies->members < 1 || strategies->members > GW_MAX_STRATEGIES) {
        gw_problem(r->problems, strategies->mark, &path, "expected 1 to %d strategies, got %d", GW_MAX_STRATEGIES,
                   strategies->members);
        return GW_OK;
    }
    const bool *full = &r->problems->more_errors; /* then nothing more can be told */
    for (const struct gw_member *m = strategies->first; m != NULL && ret == GW_OK && !*full; m = m->next) {
        ret = read_strategy(r, scratch, root, m, &path);
    }
    return ret;
}
