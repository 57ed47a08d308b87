/*
 * One tree laid over another: `extends`, strategies and --set.
 *
 * Mappings merge key by key; scalars and lists replace. A number in braces (vary, uncertain, schedule) and a network
 * are one thing and replace what stood there whole; only a dotted key reaches into them.
 */
#ifndef GW_SCENARIO_MERGE_H
#define GW_SCENARIO_MERGE_H

#include "scenario/tree.h"

/* A tree that shares nodes with both; neither is changed. NULL when memory fails. */
struct gw_node *gw_tree_merge(struct gw_arena *arena, struct gw_node *base, struct gw_node *over);

#endif
