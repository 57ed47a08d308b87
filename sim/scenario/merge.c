#include "scenario/merge.h"

static bool is_one_thing(const struct gw_node *node)
{
    static const char *const words[] = {"vary", "uncertain", "schedule", "watts_strogatz", "edge_list"};
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

static struct gw_node *merge(struct gw_arena *arena, struct gw_node *base, struct gw_node *over, bool inside);

static int merge_members(struct gw_arena *arena, struct gw_node *result, const struct gw_node *base,
                         const struct gw_node *over, bool inside)
{
    int ret = GW_OK;
    for (const struct gw_member *m = base->first; m != NULL && ret == GW_OK; m = m->next) {
        const struct gw_member *above = gw_tree_member(over, m->key);
        struct gw_node *value = above == NULL ? m->value : merge(arena, m->value, above->value, inside);
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

/* `inside` a number or network, a mapping that somebody wrote out replaces. */
static struct gw_node *merge(struct gw_arena *arena, struct gw_node *base, struct gw_node *over, bool inside)
{
    const bool both = base->kind == GW_MAPPING && over->kind == GW_MAPPING;
    const bool one_thing = inside || is_one_thing(base) || is_one_thing(over);
    if (!both || (one_thing && !over->implied)) {
        struct gw_node *result = copy_of(arena, over);
        if (result != NULL) {
            result->replaced = base;
        }
        return result;
    }
    struct gw_node *result = copy_of(arena, over->implied ? base : over);
    if (result == NULL) {
        return NULL;
    }
    result->first = result->last = NULL;
    result->members = 0;
    result->implied = base->implied && over->implied;
    result->replaced = base->replaced;
    return merge_members(arena, result, base, over, one_thing) == GW_OK ? result : NULL;
}

struct gw_node *gw_tree_merge(struct gw_arena *arena, struct gw_node *base, struct gw_node *over)
{
    return merge(arena, base, over, false);
}
