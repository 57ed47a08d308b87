#include "scenario/tree.h"

#include "scenario/text.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct builder {
    struct gw_arena *arena;
    struct gw_problems *problems;
    const struct gw_source *source;
    yaml_parser_t parser;
    int nodes;
};

static struct gw_mark mark_of(const struct builder *b, yaml_mark_t mark)
{
    return (struct gw_mark){b->source, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

const struct gw_member *gw_tree_member(const struct gw_node *node, const char *key)
{
    if (node == NULL || node->kind != GW_MAPPING) {
        return NULL;
    }
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        if (strcmp(m->key, key) == 0) {
            return m;
        }
    }
    return NULL;
}

const struct gw_node *gw_tree_find(const struct gw_node *node, const char *key)
{
    const struct gw_member *member = gw_tree_member(node, key);
    return member == NULL ? NULL : member->value;
}

int gw_tree_append(struct gw_node *node, struct gw_arena *arena, const char *key, struct gw_mark mark,
                   struct gw_node *value)
{
    struct gw_member *member = gw_arena_alloc(arena, 1, sizeof *member);
    if (member == NULL) {
        return GW_FAILED;
    }
    *member = (struct gw_member){key, mark, value, NULL};
    *(node->last == NULL ? &node->first : &node->last->next) = member;
    node->last = member;
    node->members++;
    return GW_OK;
}

/* Adds a member to a mapping. Where the key is there already, the two are one mapping if a dotted key opened either
 * of them, else the second is a mistake. */
static int absorb(struct gw_node *map, struct gw_arena *arena, const char *key, struct gw_mark mark,
                  struct gw_node *value, struct gw_problems *problems, const struct gw_path *up)
{
    const struct gw_path path = {up, key, 0};
    const struct gw_member *there = gw_tree_member(map, key);
    if (there == NULL) {
        if (map->members == GW_TREE_KEYS) {
            gw_problem(problems, mark, &path, "expected at most %d keys in a mapping", GW_TREE_KEYS);
            return GW_BAD_INPUT;
        }
        return gw_tree_append(map, arena, key, mark, value);
    }
    struct gw_node *old = there->value;
    if (old->kind != GW_MAPPING || value->kind != GW_MAPPING || !(old->implied || value->implied)) {
        gw_problem(problems, mark, &path, "duplicate key (first on line %u)", there->mark.line);
        return GW_OK;
    }
    old->implied = old->implied && value->implied;
    int ret = GW_OK;
    for (const struct gw_member *m = value->first; m != NULL && ret == GW_OK; m = m->next) {
        ret = absorb(old, arena, m->key, m->mark, m->value, problems, &path);
    }
    return ret;
}

int gw_tree_put(struct gw_node *map, struct gw_arena *arena, const char *key, struct gw_mark mark,
                struct gw_node *value, struct gw_problems *problems, const struct gw_path *path)
{
    const char *dot = strrchr(key, '.');
    while (dot != NULL) {
        struct gw_node *outer = gw_arena_alloc(arena, 1, sizeof *outer);
        const char *inner = dot + 1;
        key = gw_arena_text(arena, key, (size_t)(dot - key));
        if (outer == NULL || key == NULL) {
            return GW_FAILED;
        }
        *outer = (struct gw_node){.kind = GW_MAPPING, .mark = mark, .implied = true};
        if (gw_tree_append(outer, arena, inner, mark, value) != GW_OK) {
            return GW_FAILED;
        }
        value = outer;
        dot = strrchr(key, '.');
    }
    return absorb(map, arena, key, mark, value, problems, path);
}

static bool is_tab(const struct builder *b, yaml_mark_t mark)
{
    size_t length;
    const char *line = gw_source_line(b->source, (uint32_t)mark.line + 1, &length);
    return mark.column < length && line[mark.column] == '\t';
}

/* A text that libyaml cannot parse: where, what, and in what it was. */
static int report_parser_error(struct builder *b)
{
    const yaml_parser_t *p = &b->parser;
    const char *problem = p->problem != NULL ? p->problem : "cannot be parsed";
    if (p->error == YAML_MEMORY_ERROR) {
        b->arena->failed = true;
        return GW_FAILED;
    }
    if (is_tab(b, p->problem_mark)) {
        gw_problem(b->problems, mark_of(b, p->problem_mark), NULL, "not valid YAML: expected spaces, got a tab");
    } else if (p->context != NULL && !b->source->command_line) {
        gw_problem(b->problems, mark_of(b, p->problem_mark), NULL, "not valid YAML: %s (%s that began on line %u)",
                   problem, p->context, (unsigned)p->context_mark.line + 1);
    } else {
        gw_problem(b->problems, mark_of(b, p->problem_mark), NULL, "not valid YAML: %s", problem);
    }
    return GW_BAD_INPUT;
}

/* What YAML allows and a scenario does not, or NULL. */
static const char *forbidden(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return "an alias";
    case YAML_DOCUMENT_START_EVENT:
        return event->data.document_start.version_directive != NULL ||
                       event->data.document_start.tag_directives.start !=
                           event->data.document_start.tag_directives.end
                   ? "a directive"
                   : NULL;
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor != NULL ? "an anchor" : event->data.scalar.tag != NULL ? "a tag" : NULL;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor != NULL ? "an anchor"
               : event->data.sequence_start.tag != NULL  ? "a tag"
                                                         : NULL;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor != NULL ? "an anchor"
               : event->data.mapping_start.tag != NULL  ? "a tag"
                                                        : NULL;
    default:
        return NULL;
    }
}

/* The next event, to be deleted by the caller when GW_OK. */
static int next_event(struct builder *b, yaml_event_t *event)
{
    if (yaml_parser_parse(&b->parser, event) == 0) {
        return report_parser_error(b);
    }
    const char *what = forbidden(event);
    if (what != NULL) {
        gw_problem(b->problems, mark_of(b, event->start_mark), NULL, "expected plain YAML, got %s", what);
        yaml_event_delete(event);
        return GW_BAD_INPUT;
    }
    return GW_OK;
}

static int new_node(struct builder *b, const yaml_event_t *event, const struct gw_path *path, struct gw_node **node)
{
    if (++b->nodes > GW_TREE_NODES) {
        gw_problem(b->problems, mark_of(b, event->start_mark), path, "expected at most %d values in a file",
                   GW_TREE_NODES);
        return GW_BAD_INPUT;
    }
    *node = gw_arena_alloc(b->arena, 1, sizeof **node);
    if (*node == NULL) {
        return GW_FAILED;
    }
    (*node)->mark = mark_of(b, event->start_mark);
    return GW_OK;
}

/* Text of a scalar; escapes in double quotes can bring in what the file itself may not hold. */
static int copy_scalar(struct builder *b, const yaml_event_t *event, const struct gw_path *path, char **text)
{
    const char *value = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    for (size_t at = 0; at < length;) {
        uint32_t c;
        const size_t step = gw_utf8_next(value + at, length - at, &c);
        if (step == 0 || gw_utf8_forbidden(c)) {
            gw_problem(b->problems, mark_of(b, event->start_mark), path,
                       "expected text of one line, got a control character in it");
            return GW_BAD_INPUT;
        }
        at += step;
    }
    *text = gw_arena_text(b->arena, value, length);
    return *text == NULL ? GW_FAILED : GW_OK;
}

static int build_node(struct builder *b, const yaml_event_t *event, int depth, const struct gw_path *path,
                      struct gw_node **out);

/* Reads the event that begins a value, and the value. */
static int build_next(struct builder *b, int depth, const struct gw_path *path, struct gw_node **out)
{
    yaml_event_t event;
    int ret = next_event(b, &event);
    if (ret == GW_OK) {
        ret = build_node(b, &event, depth, path, out);
        yaml_event_delete(&event);
    }
    return ret;
}

/* Number of parts of a dotted key, 0 when one of them is empty or the key is too long. */
static int parts_of(const char *key)
{
    int parts = 1;
    if (key[0] == '\0' || strlen(key) > GW_KEY_BYTES) {
        return 0;
    }
    for (const char *c = key; *c != '\0'; c++) {
        if (*c == '.' && (c == key || c[1] == '.' || c[1] == '\0')) {
            return 0;
        }
        parts += *c == '.';
    }
    return parts;
}

static int too_deep(struct builder *b, struct gw_mark mark)
{
    gw_problem(b->problems, mark, NULL, "expected at most %d levels of nesting", GW_TREE_DEPTH);
    return GW_BAD_INPUT;
}

static int build_member(struct builder *b, const yaml_event_t *event, int depth, const struct gw_path *up,
                        struct gw_node *map)
{
    const struct gw_mark mark = mark_of(b, event->start_mark);
    char *key = NULL;
    struct gw_node *value = NULL;
    if (event->type != YAML_SCALAR_EVENT) {
        gw_problem(b->problems, mark, up, "expected a name as key");
        return GW_BAD_INPUT;
    }
    int ret = copy_scalar(b, event, up, &key);
    if (ret != GW_OK) {
        return ret;
    }
    const int parts = parts_of(key);
    if (parts == 0) {
        gw_problem(b->problems, mark, up, "expected a key of 1 to %d bytes, with no part empty between dots",
                   GW_KEY_BYTES);
        return GW_BAD_INPUT;
    }
    if (depth + parts > GW_TREE_DEPTH) {
        return too_deep(b, mark);
    }
    const struct gw_path path = {up, key, 0};
    ret = build_next(b, depth + parts, &path, &value);
    return ret != GW_OK ? ret : gw_tree_put(map, b->arena, key, mark, value, b->problems, up);
}

static int build_item(struct builder *b, const yaml_event_t *event, int depth, const struct gw_path *up,
                      struct gw_node *list)
{
    const struct gw_path path = {up, NULL, list->members};
    struct gw_node *item = NULL;
    const int ret = build_node(b, event, depth + 1, &path, &item);
    return ret != GW_OK ? ret : gw_tree_append(list, b->arena, NULL, item->mark, item);
}

static int build_members(struct builder *b, int depth, const struct gw_path *path, struct gw_node *node)
{
    for (;;) {
        yaml_event_t event;
        int ret = next_event(b, &event);
        if (ret != GW_OK) {
            return ret;
        }
        const bool end = event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT;
        if (!end) {
            ret = node->kind == GW_MAPPING ? build_member(b, &event, depth, path, node)
                                           : build_item(b, &event, depth, path, node);
        }
        yaml_event_delete(&event);
        if (end || ret != GW_OK) {
            return ret;
        }
    }
}

static int build_node(struct builder *b, const yaml_event_t *event, int depth, const struct gw_path *path,
                      struct gw_node **out)
{
    int ret = new_node(b, event, path, out);
    if (ret != GW_OK) {
        return ret;
    }
    struct gw_node *node = *out;
    if (event->type == YAML_SCALAR_EVENT) {
        char *text = NULL;
        ret = copy_scalar(b, event, path, &text);
        node->kind = GW_SCALAR;
        node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        node->text = text;
        return ret;
    }
    if (depth >= GW_TREE_DEPTH) {
        return too_deep(b, node->mark);
    }
    node->kind = event->type == YAML_MAPPING_START_EVENT ? GW_MAPPING : GW_SEQUENCE;
    return build_members(b, depth, path, node);
}

/* Skips events that carry nothing and tells the type of the next that does; its value is left to be parsed. */
static int build_document(struct builder *b, struct gw_node **root)
{
    yaml_event_t event;
    int ret;
    *root = NULL;
    for (;;) {
        if ((ret = next_event(b, &event)) != GW_OK) {
            return ret;
        }
        const yaml_event_type_t type = event.type;
        const struct gw_mark mark = mark_of(b, event.start_mark);
        const bool value =
            type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
        if (value) {
            ret = build_node(b, &event, 0, NULL, root);
        } else if (type == YAML_DOCUMENT_START_EVENT && *root != NULL) {
            gw_problem(b->problems, mark, NULL, "expected one document, got a second");
            ret = GW_BAD_INPUT;
        }
        yaml_event_delete(&event);
        if (ret != GW_OK || type == YAML_STREAM_END_EVENT) {
            return ret;
        }
    }
}

static int check_root(const struct builder *b, const struct gw_node *root)
{
    const bool empty = root == NULL || (root->kind == GW_SCALAR && root->plain && root->text[0] == '\0');
    const struct gw_mark start = {b->source, 1, 1};
    char got[100];
    if (empty) {
        gw_problem(b->problems, start, NULL,
                   b->source->command_line ? "expected a value after '='" : "expected a scenario, got an empty file");
        return GW_BAD_INPUT;
    }
    if (root->kind != GW_MAPPING && !b->source->command_line) {
        gw_problem(b->problems, root->mark, NULL, "expected a mapping (key: value), got %s",
                   gw_node_text(root, got, sizeof got));
        return GW_BAD_INPUT;
    }
    return GW_OK;
}

static int check_text(const struct builder *b)
{
    struct gw_mark mark = {b->source, 1, 1};
    const char *what = NULL;
    if (b->source->length > GW_SOURCE_BYTES) {
        gw_problem(b->problems, mark, NULL, "expected at most 1 MiB of text, got %zu bytes", b->source->length);
        return GW_BAD_INPUT;
    }
    if (!gw_source_is_text(b->source, &mark, &what)) {
        gw_problem(b->problems, mark, NULL, "expected UTF-8 text without control characters, got %s", what);
        return GW_BAD_INPUT;
    }
    return GW_OK;
}

int gw_tree_parse(struct gw_node **root, struct gw_arena *arena, const struct gw_source *source,
                  struct gw_problems *problems)
{
    struct builder b = {.arena = arena, .problems = problems, .source = source};
    int ret = check_text(&b);
    if (ret != GW_OK) {
        return ret;
    }
    if (yaml_parser_initialize(&b.parser) == 0) {
        arena->failed = true;
        return GW_FAILED;
    }
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)source->text, source->length);
    ret = build_document(&b, root);
    yaml_parser_delete(&b.parser);
    return ret != GW_OK ? ret : check_root(&b, *root);
}

const char *gw_node_text(const struct gw_node *node, char *out, size_t room)
{
    if (node->kind != GW_SCALAR) {
        snprintf(out, room, node->kind == GW_MAPPING ? "a mapping" : "a list");
    } else if (node->plain && node->text[0] == '\0') {
        snprintf(out, room, "nothing");
    } else {
        char text[45];
        const bool cut = strlen(node->text) >= sizeof text;
        snprintf(text, sizeof text, "%s", node->text);
        gw_utf8_trim(text);
        snprintf(out, room, node->plain ? "'%s%s'" : "the quoted text \"%s%s\"", text, cut ? "..." : "");
    }
    return out;
}
