#include "scenario/merge.h"

#include <string.h>

/* Where two nodes meet. */
enum place {
    AT_ROOT,
    AMONG_KEYS,
    INSIDE /* of a number or the network: a mapping that somebody wrote out replaces */
};

static bool is_number(const struct gw_node *node)
{
    static const char *const words[] = {"vary", "uncertain", "schedule"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (gw_tree_member(node, words[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static struct gw_node *copy_of(struct gw_arena *arena, const struct gw_node *node)
{
    struct gw_node *copy = gw_arena_alloc(arena, 1, sizeof *copy);
    if (copy != NULL) {
        *copy = *node;
    }
    return copy;
}

/* What stood below `over` already, and then `base`. NULL when memory fails. */
static const struct gw_node *below(struct gw_arena *arena, const struct gw_node *over, const struct gw_node *base)
{
    if (over->replaced == NULL) {
        return base;
    }
    struct gw_node *copy = copy_of(arena, over->replaced);
    if (copy != NULL) {
        copy->replaced = below(arena, over->replaced, base);
    }
    return copy == NULL || copy->replaced == NULL ? NULL : copy;
}

static struct gw_node *merge(struct gw_arena *arena, struct gw_node *base, struct gw_node *over, enum place place);

static enum place place_of(const char *key, enum place above)
{
    const bool network = above == AT_ROOT && strcmp(key, "network") == 0;
    return above == INSIDE || network ? INSIDE : AMONG_KEYS;
}

static int merge_members(struct gw_arena *arena, struct gw_node *result, const struct gw_node *base,
                         const struct gw_node *over, enum place place)
{
    int ret = GW_OK;
    for (const struct gw_member *m = base->first; m != NULL && ret == GW_OK; m = m->next) {
        const struct gw_member *above = gw_tree_member(over, m->key);
        struct gw_node *value =
            above == NULL ? m->value : merge(arena, m->value, above->value, place_of(m->key, place));
        ret = value == NULL ? GW_FAILED
                            : gw_tree_append(result, arena, m->key, above == NULL ? m->mark : above->mark, value);
    }
    for (const struct gw_member *m = over->first; m != NULL && ret == GW_OK; m = m->next) {
        if (gw_tree_member(base, m->key) == NULL) {
            ret = gw_tree_append(result, arena, m->key, m->mark, m->value);
        }
    }
    return ret;
}

static struct gw_node *merge(struct gw_arena *arena, struct gw_node *base, struct gw_node *over, enum place place)
{
    const bool both = base->kind == GW_MAPPING && over->kind == GW_MAPPING;
    const bool one_thing = place == INSIDE || is_number(base) || is_number(over);
    if (!both || (one_thing && !over->implied)) {
        struct gw_node *result = copy_of(arena, over);
        if (result != NULL) {
            result->replaced = below(arena, over, base);
        }
        return result == NULL || result->replaced == NULL ? NULL : result;
    }
    struct gw_node *result = copy_of(arena, over->implied ? base : over);
    if (result == NULL) {
        return NULL;
    }
    result->first = result->last = NULL;
    result->members = 0;
    result->implied = base->implied && over->implied;
    result->replaced = base->replaced;
    return merge_members(arena, result, base, over, one_thing ? INSIDE : place) == GW_OK ? result : NULL;
}

struct gw_node *gw_tree_merge(struct gw_arena *arena, struct gw_node *base, struct gw_node *over)
{
    return merge(arena, base, over, AT_ROOT);
}
