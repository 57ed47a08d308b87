/*
 * YAML text as a tree of nodes that know where they stand.
 *
 * Built from libyaml's events, with bounds on depth and size: its own document loader expands aliases and needs
 * time quadratic in the depth. Refused: aliases, anchors, tags, directives, a second document, duplicate keys.
 * A dotted key opens nested mappings: `a.b: 1` is `a: {b: 1}`, and meets other keys that begin with `a.`.
 *
 * Ownership: everything is in the arena.
 */
#ifndef GW_SCENARIO_TREE_H
#define GW_SCENARIO_TREE_H

#include "scenario/explain.h"

enum { GW_TREE_DEPTH = 64, GW_TREE_KEYS = 1100, GW_TREE_NODES = 100000, GW_KEY_BYTES = 200 };

enum gw_node_kind { GW_SCALAR, GW_SEQUENCE, GW_MAPPING };

struct gw_node {
    enum gw_node_kind kind;
    struct gw_mark mark;
    bool implied;                   /* a mapping nobody wrote: opened by a dotted key */
    bool plain;                     /* a scalar without quotes */
    const char *text;               /* of a scalar */
    struct gw_member *first, *last; /* of a mapping or sequence */
    int members;
    const struct gw_node *replaced; /* what stood here before an overlay replaced it, or NULL */
};

struct gw_member {
    const char *key; /* NULL in a sequence */
    struct gw_mark mark;
    struct gw_node *value;
    struct gw_member *next;
};

/* GW_BAD_INPUT: the text cannot be read on, and `problems` says why. GW_FAILED: out of memory. Mistakes that leave a
 * tree to look at (duplicate keys) are only noted. A file must hold a mapping, a value of the command line anything.
 */
int gw_tree_parse(struct gw_node **root, struct gw_arena *arena, const struct gw_source *source,
                  struct gw_problems *problems);

/* Puts `value` under a key into `map`, opening a mapping for every dot. A key that is there already is noted. */
int gw_tree_put(struct gw_node *map, struct gw_arena *arena, const char *key, struct gw_mark mark,
                struct gw_node *value, struct gw_problems *problems, const struct gw_path *path);

/* NULL unless `node` is a mapping with that key. */
const struct gw_member *gw_tree_member(const struct gw_node *node, const char *key);
const struct gw_node *gw_tree_find(const struct gw_node *node, const char *key);

/* Adds a member at the end; GW_FAILED when memory fails. */
int gw_tree_append(struct gw_node *node, struct gw_arena *arena, const char *key, struct gw_mark mark,
                   struct gw_node *value);

/* "'text'", "the quoted text \"text\"", "a mapping", "a list", "nothing": for messages. */
const char *gw_node_text(const struct gw_node *node, char *out, size_t room);

#endif
