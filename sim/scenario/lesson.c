/* The block `lesson:`. */
#include "scenario/lesson.h"

#include "scenario/reader.h"
#include "scenario/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NUMBER = 999 };
#define DEFAULT_PROBABILITY 0.95

static const char *const lesson_keys[] = {"number", "theme",  "claim", "question", "holds",  "fails",
                                          "expect", "effect", "flip",  "off",      "figure", NULL};
static const char *const expect_keys[] = {"say",     "measure",     "unit",   "above", "below",
                                          "between", "probability", "target", NULL};
static const char *const figure_keys[] = {"heading", "measure", "parts", "label", "unit", "x", "at", "over", NULL};
static const char *const part_keys[] = {"say", "measure", NULL};

/* The text of a key that must be there. */
static void take(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                 const char *example, char **text)
{
    const struct gw_node *value = gw_tree_find(node, key);
    const struct gw_path path = {up, key, 0};
    if (value == NULL) {
        gw_note_missing(r, node, up, key, example);
    } else {
        gw_take_text(r, value, &path, text);
    }
}

static bool take_number(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                        double *value)
{
    const struct gw_node *written = gw_tree_find(node, key);
    const struct gw_path path = {up, key, 0};
    return written != NULL && gw_take_real(r, written, &path, value);
}

/* A list of numbers into `values`; false: noted. */
static bool take_list(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, int most,
                      double *values)
{
    int n = 0;
    if (node->kind != GW_SEQUENCE || node->members > most) {
        char got[100];
        gw_problem(r->problems, node->mark, path, "expected a list of at most %d numbers, got %s", most,
                   gw_node_text(node, got, sizeof got));
        return false;
    }
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        if (!gw_take_real(r, m->value, path, &values[n++])) {
            return false;
        }
    }
    return true;
}

static void take_between(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                         struct gw_expectation *e)
{
    double ends[2] = {NAN, NAN};
    if (take_list(r, node, path, 2, ends) && !(ends[0] < ends[1])) {
        gw_problem(r->problems, node->mark, path, "expected two numbers, the lower one first, such as [1.8, 2.2]");
    }
    e->low = ends[0];
    e->high = ends[1];
}

static void take_bounds(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                        struct gw_expectation *e)
{
    const struct gw_node *between = gw_tree_find(node, "between");
    const struct gw_path here = {path, "between", 0};
    e->low = -INFINITY;
    e->high = INFINITY;
    const bool above = take_number(r, node, path, "above", &e->low),
               below = take_number(r, node, path, "below", &e->high);
    if (above + below + (between != NULL) != 1) {
        gw_problem(r->problems, node->mark, path, "expected one of above, below and between");
    }
    if (between != NULL) {
        take_between(r, between, &here, e);
    }
}

static void take_expectation(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                             struct gw_expectation *e)
{
    *e = (struct gw_expectation){.unit = "", .probability = DEFAULT_PROBABILITY, .target = NAN};
    if (!gw_take_mapping(r, node, path, "a mapping with say, measure and above, below or between")) {
        return;
    }
    gw_take_keys(r, node, path, expect_keys);
    take(r, node, path, "say", "say: tells per bad over tells per good experience", &e->say);
    take(r, node, path, "measure", "measure: cut.company_value - status_quo.company_value", &e->measure);
    gw_take_optional_text(r, node, path, "unit", &e->unit);
    take_bounds(r, node, path, e);
    take_number(r, node, path, "target", &e->target);
    if (take_number(r, node, path, "probability", &e->probability) &&
        !(e->probability > 0.5 && e->probability < 1.0)) {
        gw_problem(r->problems, node->mark, path, "expected a probability above 0.5 and below 1");
    }
}

static void take_expectations(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                              struct gw_lesson *lesson)
{
    const struct gw_node *list = gw_tree_find(node, "expect");
    const struct gw_path path = {up, "expect", 0};
    if (list == NULL || list->kind != GW_SEQUENCE || list->members < 1 || list->members > GW_MAX_EXPECTATIONS) {
        gw_problem(r->problems, list == NULL ? node->mark : list->mark, &path, "expected a list of 1 to %d measures",
                   GW_MAX_EXPECTATIONS);
        return;
    }
    for (const struct gw_member *m = list->first; m != NULL; m = m->next) {
        take_expectation(r, m->value, &path, &lesson->expect[lesson->expectations++]);
    }
}

/* "key: value" per line of all scalars below a mapping; other values by what they are. */
static void list_changes(const struct gw_node *node, const char *prefix, struct gw_text *out)
{
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        char key[2 * GW_KEY_BYTES + 2], got[100];
        (void)snprintf(key, sizeof key, "%s%s%s", prefix, prefix[0] == '\0' ? "" : ".", m->key);
        if (m->value->kind == GW_MAPPING && m->value->members > 0) {
            list_changes(m->value, key, out);
        } else if (m->value->kind == GW_SCALAR) {
            gw_text_add(out, "%s%s: %s", out->length > 0 ? "\n" : "", key, m->value->text);
        } else {
            gw_text_add(out, "%s%s: %s", out->length > 0 ? "\n" : "", key, gw_node_text(m->value, got, sizeof got));
        }
    }
}

static void take_change(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                        struct gw_lesson_change *change)
{
    static const char *const keys[] = {"name", "because", "set", NULL};
    const struct gw_node *value = gw_tree_find(node, key), *set = gw_tree_find(value, "set");
    const struct gw_path path = {up, key, 0}, set_path = {&path, "set", 0};
    struct gw_text text = {0};
    if (value == NULL) {
        gw_note_missing(r, node, up, key, "{because: ..., set: {market.negative_ratio: 1}}");
        return;
    }
    if (!gw_take_mapping(r, value, &path, "a mapping with because and set")) {
        return;
    }
    gw_take_keys(r, value, &path, keys);
    change->name = "other market";
    gw_take_optional_text(r, value, &path, "name", &change->name);
    take(r, value, &path, "because", "because: nobody talks", &change->because);
    if (set == NULL) {
        gw_note_missing(r, value, &path, "set", "set: {market.negative_ratio: 1}");
    } else if (gw_take_mapping(r, set, &set_path, "a mapping of changes")) {
        list_changes(set, "", &text);
        change->changes = text.failed ? NULL : gw_arena_text(r->kept, text.bytes, text.length);
        free(text.bytes);
    }
}

/* Where the strategies, or parts, stand on the horizontal axis. */
static void take_places(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                        struct gw_lesson_figure *figure)
{
    const struct gw_node *at = gw_tree_find(node, "at");
    const struct gw_path here = {path, "at", 0};
    if (at == NULL || figure->x_label == NULL) {
        gw_problem(r->problems, node->mark, path, "expected x and at together: a label and a number per strategy");
        return;
    }
    figure->x = gw_arena_alloc(r->kept, GW_MAX_LESSON_POINTS, sizeof *figure->x);
    if (figure->x != NULL && take_list(r, at, &here, GW_MAX_LESSON_POINTS, figure->x)) {
        const int expected = figure->parts > 0 ? figure->parts : r->scenario->strategies;
        figure->points = at->members;
        if (figure->points != expected) {
            gw_problem(r->problems, at->mark, &here, "expected %d numbers, one per %s, got %d", expected,
                       figure->parts > 0 ? "part" : "strategy", figure->points);
        }
        for (int i = 1; i < figure->points; i++) {
            if (!(figure->x[i] > figure->x[i - 1])) {
                gw_problem(r->problems, at->mark, &here, "expected numbers that rise from one to the next");
                break;
            }
        }
    }
}

static void take_parts(struct gw_reader *r, const struct gw_node *list, const struct gw_path *path,
                       struct gw_lesson_figure *figure)
{
    if (list->kind != GW_SEQUENCE || list->members < 1 || list->members > GW_MAX_FIGURE_PARTS) {
        gw_problem(r->problems, list->mark, path, "expected a list of 1 to %d measures", GW_MAX_FIGURE_PARTS);
        return;
    }
    for (const struct gw_member *m = list->first; m != NULL; m = m->next) {
        struct gw_figure_part *part = &figure->part[figure->parts++];
        if (gw_take_mapping(r, m->value, path, "a mapping with say and measure")) {
            gw_take_keys(r, m->value, path, part_keys);
            take(r, m->value, path, "say", "say: customers won sooner", &part->say);
            take(r, m->value, path, "measure", "measure: talk.joined.total", &part->measure);
        }
    }
}

static void take_figure(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                        struct gw_lesson_figure *figure)
{
    const struct gw_node *value = gw_tree_find(node, "figure"), *over = gw_tree_find(value, "over");
    const struct gw_node *parts = gw_tree_find(value, "parts");
    const struct gw_path path = {up, "figure", 0}, over_path = {&path, "over", 0}, parts_path = {&path, "parts", 0};
    int position;
    figure->unit = "";
    if (value == NULL) {
        gw_note_missing(r, node, up, "figure", "figure: {heading: ..., measure: each.company_value, label: ...}");
        return;
    }
    if (!gw_take_mapping(r, value, &path, "a mapping with heading, measure and label")) {
        return;
    }
    gw_take_keys(r, value, &path, figure_keys);
    take(r, value, &path, "heading", "heading: Bad news travels further", &figure->heading);
    if (parts != NULL) {
        take_parts(r, parts, &parts_path, figure);
    } else {
        take(r, value, &path, "measure", "measure: each.company_value", &figure->measure);
    }
    take(r, value, &path, "label", "label: company value", &figure->label);
    gw_take_optional_text(r, value, &path, "unit", &figure->unit);
    gw_take_optional_text(r, value, &path, "x", &figure->x_label);
    if (over != NULL) {
        figure->over_time = gw_take_word(r, over, &over_path, "time", &position);
    }
    if (figure->x_label != NULL || gw_tree_find(value, "at") != NULL) {
        take_places(r, value, &path, figure);
    }
}

void gw_read_lesson(struct gw_reader *r, const struct gw_node *root)
{
    const struct gw_node *node = gw_tree_find(root, "lesson"), *number = gw_tree_find(node, "number");
    const struct gw_path path = {NULL, "lesson", 0}, number_path = {&path, "number", 0};
    uint64_t n = 0;
    if (node == NULL || !gw_take_mapping(r, node, &path, "a mapping")) {
        return;
    }
    struct gw_lesson *lesson = gw_arena_alloc(r->kept, 1, sizeof *lesson);
    if (lesson == NULL) {
        return;
    }
    gw_take_keys(r, node, &path, lesson_keys);
    if (number == NULL) {
        gw_note_missing(r, node, &path, "number", "number: 14");
    } else {
        gw_take_integer(r, number, &number_path, 1, MOST_NUMBER, &n);
    }
    lesson->number = (int)n;
    take(r, node, &path, "theme", "theme: word of mouth", &lesson->theme);
    take(r, node, &path, "claim", "claim: bad experiences are told twice as often", &lesson->claim);
    take(r, node, &path, "question", "question: What do people tell?", &lesson->question);
    take(r, node, &path, "holds", "holds: what it means where the claim holds", &lesson->holds);
    take(r, node, &path, "fails", "fails: what it means where the claim fails", &lesson->fails);
    take(r, node, &path, "effect", "effect: on.company_value - off.company_value", &lesson->effect);
    take_expectations(r, node, &path, lesson);
    take_change(r, node, &path, "flip", &lesson->flip);
    take_change(r, node, &path, "off", &lesson->off);
    take_figure(r, node, &path, &lesson->figure);
    r->scenario->lesson = lesson;
}
