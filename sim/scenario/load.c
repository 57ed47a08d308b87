/* Files in, scenario out: the chain of `extends`, the overrides, and who owns what. */
#include "scenario/merge.h"
#include "scenario/reader.h"
#include "scenario/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILES = 8 };

/* A scenario and the memory it hangs on. */
struct holder {
    struct gw_scenario scenario; /* first: the caller's pointer is the holder's */
    struct gw_arena memory;
};

/* What lives only while a scenario is read: trees, texts, problems. */
struct loader {
    struct gw_arena scratch;
    struct gw_problems problems;
    struct gw_source *source[MOST_FILES];
    int sources;         /* files so far */
    const char *variant; /* of the lesson, or NULL */
};

static struct gw_source *new_source(struct loader *l, int order)
{
    struct gw_source *source = gw_arena_alloc(&l->scratch, 1, sizeof *source);
    if (source != NULL) {
        source->order = order;
    }
    return source;
}

static bool is_cycle(const struct loader *l, const struct gw_source *file)
{
    for (int i = 0; i < l->sources; i++) {
        if (l->source[i]->inode != 0 && l->source[i]->inode == file->inode && l->source[i]->device == file->device) {
            return true;
        }
    }
    return false;
}

static int load_file(struct loader *l, struct gw_source *source, struct gw_node **root);

/* Reads the file named by `extends`; what is wrong with it is told at that place. */
static int load_base(struct loader *l, const struct gw_member *extends, struct gw_node **base)
{
    const struct gw_node *node = extends->value;
    const struct gw_path path = {NULL, "extends", 0};
    char got[100], why[200] = "";
    if (node->kind != GW_SCALAR || node->text[0] == '\0') {
        gw_problem(&l->problems, node->mark, &path, "expected the path of a scenario file, got %s",
                   gw_node_text(node, got, sizeof got));
        return GW_BAD_INPUT;
    }
    struct gw_source *source = new_source(l, l->sources);
    const char *file = gw_source_path(&l->scratch, node->mark.source->directory, node->text);
    if (source == NULL || file == NULL) {
        return GW_FAILED;
    }
    if (l->sources == MOST_FILES) {
        gw_problem(&l->problems, node->mark, &path, "expected a chain of at most %d files", MOST_FILES);
        return GW_BAD_INPUT;
    }
    const int ret = gw_source_read(source, &l->scratch, file, why, sizeof why);
    if (ret != GW_OK) {
        gw_problem(&l->problems, node->mark, &path, "'%s' %s", file, why);
        return ret;
    }
    if (is_cycle(l, source)) {
        gw_problem(&l->problems, node->mark, &path, "'%s' extends itself, directly or through others", file);
        return GW_BAD_INPUT;
    }
    return load_file(l, source, base);
}

static void skip_byte_order_mark(struct gw_source *source)
{
    if (source->length >= 3 && memcmp(source->text, "\xEF\xBB\xBF", 3) == 0) {
        source->text += 3;
        source->length -= 3;
    }
}

static int load_file(struct loader *l, struct gw_source *source, struct gw_node **root)
{
    struct gw_node *own = NULL, *base = NULL;
    l->source[l->sources++] = source;
    skip_byte_order_mark(source);
    int ret = gw_tree_parse(&own, &l->scratch, source, &l->problems);
    const struct gw_member *extends = ret == GW_OK ? gw_tree_member(own, "extends") : NULL;
    if (extends == NULL) {
        *root = own;
        return ret;
    }
    ret = load_base(l, extends, &base);
    if (ret != GW_OK) {
        return ret;
    }
    *root = gw_tree_merge(&l->scratch, base, own);
    return *root == NULL ? GW_FAILED : GW_OK;
}

static int depth_of_key(const char *key)
{
    int parts = 1;
    for (const char *c = key; *c != '\0'; c++) {
        if (*c == '.' && (c == key || c[1] == '.' || c[1] == '\0')) {
            return 0;
        }
        parts += *c == '.';
    }
    return key[0] == '\0' || strlen(key) > GW_KEY_BYTES || parts >= GW_TREE_DEPTH ? 0 : parts;
}

/* The tree of one KEY=VALUE. */
static int parse_override(struct loader *l, const char *text, int order, struct gw_node **over)
{
    struct gw_source *source = new_source(l, order);
    const char *equals = strchr(text, '=');
    struct gw_text name = {0};
    struct gw_node *value = NULL, *root = gw_arena_alloc(&l->scratch, 1, sizeof *root);
    gw_text_add(&name, "--set %s", text);
    if (source == NULL || root == NULL || name.failed) {
        free(name.bytes);
        return GW_FAILED;
    }
    source->name = gw_arena_text(&l->scratch, name.bytes, name.length);
    free(name.bytes);
    source->directory = "";
    source->command_line = true;
    const struct gw_mark mark = {source, 1, 1};
    const char *key = gw_arena_text(&l->scratch, text, equals == NULL ? 0 : (size_t)(equals - text));
    if (source->name == NULL || key == NULL) {
        return GW_FAILED;
    }
    if (depth_of_key(key) == 0) {
        gw_problem(&l->problems, mark, NULL, "expected KEY=VALUE, such as firms.us.price=0.9");
        return GW_BAD_INPUT;
    }
    if (strcmp(key, "extends") == 0) {
        gw_problem(&l->problems, mark, NULL, "a file to extend can be named in a file only");
        return GW_BAD_INPUT;
    }
    source->text = equals + 1;
    source->length = strlen(source->text);
    const int ret = gw_tree_parse(&value, &l->scratch, source, &l->problems);
    *root = (struct gw_node){.kind = GW_MAPPING, .mark = mark, .implied = true};
    *over = root;
    return ret != GW_OK ? ret : gw_tree_put(root, &l->scratch, key, mark, value, &l->problems, NULL);
}

/* The tree of a file that is laid over the others and extends nothing. */
static int read_overlay(struct loader *l, const char *path, int order, struct gw_node **over)
{
    char why[200] = "";
    struct gw_source *source = new_source(l, order), *nowhere = new_source(l, order);
    if (source == NULL || nowhere == NULL) {
        return GW_FAILED;
    }
    *nowhere = (struct gw_source){.order = order, .name = path, .directory = "", .command_line = true, .text = ""};
    const struct gw_mark mark = {nowhere, 1, 1};
    const int ret = gw_source_read(source, &l->scratch, path, why, sizeof why);
    if (ret != GW_OK) {
        gw_problem(&l->problems, mark, NULL, "%s", why);
        return ret;
    }
    if (l->sources == MOST_FILES) {
        gw_problem(&l->problems, mark, NULL, "expected at most %d files in all", MOST_FILES);
        return GW_BAD_INPUT;
    }
    return load_file(l, source, over);
}

static int lay_file_over(struct loader *l, const char *path, int order, struct gw_node **over)
{
    const int files = l->sources;
    const int ret = read_overlay(l, path, order, over);
    if (ret == GW_OK && l->sources > files + 1) {
        gw_problem(&l->problems, (*over)->mark, NULL, "a file that is laid over a scenario extends nothing");
        return GW_BAD_INPUT;
    }
    return ret;
}

/* Lays the overrides over the tree in their order. One that is wrong is told and left out. */
static int apply_overrides(struct loader *l, struct gw_node **root, const char *const *overrides, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct gw_node *over = NULL;
        const int order = MOST_FILES + (int)i;
        const int ret = overrides[i][0] == '@' ? lay_file_over(l, overrides[i] + 1, order, &over)
                                               : parse_override(l, overrides[i], order, &over);
        if (ret == GW_OK) {
            *root = gw_tree_merge(&l->scratch, *root, over);
        }
        if (ret == GW_FAILED || *root == NULL) {
            return GW_FAILED;
        }
    }
    return GW_OK;
}

/* Lays lesson.VARIANT.set over the files. */
static int apply_variant(struct loader *l, struct gw_node **root)
{
    const struct gw_node *lesson = gw_tree_find(*root, "lesson");
    const struct gw_node *set = gw_tree_find(gw_tree_find(lesson, l->variant), "set");
    const struct gw_path path = {NULL, "lesson", 0}, here = {&path, l->variant, 0};
    if (set == NULL || set->kind != GW_MAPPING) {
        gw_problem(&l->problems, lesson == NULL ? (*root)->mark : lesson->mark, &here,
                   "expected a mapping with because and set");
        return GW_BAD_INPUT;
    }
    struct gw_node *over = gw_arena_alloc(&l->scratch, 1, sizeof *over);
    if (over == NULL) {
        return GW_FAILED;
    }
    *over = *set;
    *root = gw_tree_merge(&l->scratch, *root, over);
    return *root == NULL ? GW_FAILED : GW_OK;
}

/* The files as read, each under its name. */
static int keep_text(const struct loader *l, struct holder *h)
{
    struct gw_text all = {0};
    for (int i = 0; i < l->sources; i++) {
        const struct gw_source *s = l->source[i];
        gw_text_add(&all, "%s# %s\n", i > 0 ? "\n" : "", s->name);
        gw_text_append(&all, s->text, s->length);
    }
    h->scenario.text = all.failed ? NULL : gw_arena_text(&h->memory, all.bytes, all.length);
    free(all.bytes);
    return h->scenario.text == NULL ? GW_FAILED : GW_OK;
}

/* "some/where/crowd.yaml" is named crowd. */
static char *name_of_file(struct gw_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1, *dot = strrchr(base, '.');
    return gw_arena_text(arena, base, dot == NULL || dot == base ? strlen(base) : (size_t)(dot - base));
}

static int build(struct loader *l, struct gw_source *first, const char *const *overrides, size_t n, struct holder *h)
{
    struct gw_node *root = NULL;
    struct gw_reader reader = {&l->problems, &h->memory, &h->scenario};
    int ret = load_file(l, first, &root);
    if (ret == GW_OK) {
        ret = apply_overrides(l, &root, overrides, n);
    }
    if (ret == GW_OK && l->variant != NULL) {
        ret = apply_variant(l, &root);
    }
    if (ret != GW_OK) {
        return ret;
    }
    h->scenario.name = name_of_file(&h->memory, first->name);
    if (h->scenario.name == NULL || (ret = gw_read_scenario(&reader, &l->scratch, root)) != GW_OK) {
        return GW_FAILED;
    }
    if (l->problems.errors > 0) {
        return GW_BAD_INPUT;
    }
    h->scenario.warnings = gw_problems_warnings(&l->problems, &h->memory);
    ret = keep_text(l, h);
    return ret == GW_OK && h->scenario.warnings != NULL ? gw_write_resolved(&h->scenario, &h->memory) : GW_FAILED;
}

static int load(struct gw_scenario **scenario, struct loader *l, struct gw_source *first,
                const char *const *overrides, size_t n, struct gw_error *error)
{
    struct holder *h = calloc(1, sizeof *h);
    l->problems.arena = &l->scratch;
    int ret = h == NULL ? GW_FAILED : build(l, first, overrides, n, h);
    if (l->scratch.failed || h == NULL || h->memory.failed || (ret == GW_FAILED && l->problems.errors == 0)) {
        ret = gw_fail(error, GW_FAILED, "out of memory while reading a scenario");
    } else if (ret != GW_OK) {
        struct gw_error all = {0};
        gw_problems_report(&l->problems, &all);
        ret = gw_fail(error, ret, "%s", all.text);
    }
    if (ret == GW_OK) {
        *scenario = &h->scenario;
    } else if (h != NULL) {
        gw_arena_free(&h->memory);
        free(h);
    }
    return ret;
}

int gw_scenario_parse(struct gw_scenario **scenario, const char *text, size_t length, const char *file_name,
                      const char *directory, const char *const *overrides, size_t n, struct gw_error *error)
{
    struct loader l = {0};
    *scenario = NULL;
    if (length > GW_SOURCE_BYTES) {
        return gw_fail(error, GW_BAD_INPUT, "%s: is longer than 1 MiB", file_name);
    }
    struct gw_source *source = new_source(&l, 0);
    if (source != NULL) {
        source->name = file_name;
        source->directory = directory != NULL ? directory : "";
        source->text = gw_arena_text(&l.scratch, text, length);
        source->length = length;
    }
    const int ret = l.scratch.failed ? gw_fail(error, GW_FAILED, "out of memory while reading a scenario")
                                     : load(scenario, &l, source, overrides, n, error);
    gw_arena_free(&l.scratch);
    return ret;
}

int gw_scenario_load(struct gw_scenario **scenario, const char *path, const char *const *overrides, size_t n,
                     struct gw_error *error)
{
    return gw_scenario_load_variant(scenario, path, NULL, overrides, n, error);
}

int gw_scenario_load_variant(struct gw_scenario **scenario, const char *path, const char *variant,
                             const char *const *overrides, size_t n, struct gw_error *error)
{
    struct loader l = {.variant = variant};
    struct gw_source *source = new_source(&l, 0);
    char why[200] = "";
    *scenario = NULL;
    int ret = source == NULL ? GW_FAILED : gw_source_read(source, &l.scratch, path, why, sizeof why);
    if (ret != GW_OK) {
        ret = gw_fail(error, ret, "%s: %s", path, source == NULL ? "out of memory" : why);
    } else {
        ret = load(scenario, &l, source, overrides, n, error);
    }
    gw_arena_free(&l.scratch);
    return ret;
}

void gw_scenario_free(struct gw_scenario *scenario)
{
    if (scenario != NULL) {
        struct holder *h = (struct holder *)scenario;
        struct gw_arena memory = h->memory;
        gw_arena_free(&memory);
        free(h);
    }
}
