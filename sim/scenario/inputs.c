/* Reading inputs of experiments. */
#include "core/formula.h"
#include "scenario/key.h"
#include "scenario/reader.h"
#include "scenario/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const input_keys[] = {"name", "say",   "unit",   "key",       "keys", "from",
                                         "to",   "steps", "values", "uncertain", "cost", NULL};

enum { MOST_STEPS = 1000 };

/* ---- Keys -------------------------------------------------------------------------------------------------- */

static void add_key(struct gw_reader *r, struct gw_input *input, const struct gw_node *node,
                    const struct gw_path *path, const char *key, const char *formula)
{
    if (input->keys == GW_MAX_INPUT_KEYS) {
        gw_problem(r->problems, node->mark, path, "expected at most %d keys", GW_MAX_INPUT_KEYS);
        return;
    }
    input->key[input->keys] = gw_arena_text(r->kept, key, strlen(key));
    input->formula[input->keys++] = formula == NULL ? NULL : gw_arena_text(r->kept, formula, strlen(formula));
}

/* The leaves of a mapping KEY: FORMULA, whose dotted keys have become mappings of mappings. */
static void add_keys(struct gw_reader *r, struct gw_input *input, const struct gw_node *node,
                     const struct gw_path *path, const char *prefix)
{
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        char key[2 * GW_KEY_BYTES];
        const struct gw_path here = {path, m->key, 0};
        (void)snprintf(key, sizeof key, "%s%s%s", prefix, prefix[0] == '\0' ? "" : ".", m->key);
        if (strlen(key) > GW_KEY_BYTES) {
            gw_problem(r->problems, m->mark, &here, "this key is too long");
        } else if (m->value->kind == GW_MAPPING && m->value->members > 0) {
            add_keys(r, input, m->value, &here, key);
        } else if (m->value->kind == GW_SCALAR && m->value->text[0] != '\0') {
            add_key(r, input, m->value, &here, key, m->value->text);
        } else {
            gw_problem(r->problems, m->value->mark, &here, "expected a formula in x, such as 1 - x / 100");
        }
    }
}

static void take_keys(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                      struct gw_input *input)
{
    const struct gw_node *one = gw_tree_find(node, "key"), *several = gw_tree_find(node, "keys");
    const struct gw_path one_path = {path, "key", 0}, several_path = {path, "keys", 0};
    char *key = NULL;
    if ((one == NULL) == (several == NULL)) {
        gw_problem(r->problems, node->mark, path, "expected either key or keys");
    } else if (one != NULL && gw_take_text(r, one, &one_path, &key)) {
        add_key(r, input, one, &one_path, key, NULL);
    } else if (several != NULL && gw_take_mapping(r, several, &several_path, "a mapping of keys to formulas in x")) {
        add_keys(r, input, several, &several_path, "");
    }
}

/* ---- What is known of the first key -------------------------------------------------------------------------- */

static const struct gw_number *number_of(const struct gw_scenario *s, const struct gw_key_meaning *meaning)
{
    const struct gw_values *values = meaning->strategy < 0 ? &s->base : &s->strategy[meaning->strategy].values;
    return &values->number[meaning->parameter][meaning->first];
}

/* The number at a key, as far as it is one. */
static double value_now(const struct gw_number *number, const char *rest)
{
    if (rest[0] == '\0' && (number->how == GW_LITERAL || number->how == GW_UNCERTAIN)) {
        return number->value;
    }
    if (strcmp(rest, ".schedule.to") == 0 && number->how == GW_SCHEDULE && number->schedule.changes == 1) {
        return number->schedule.change[0].to;
    }
    return NAN;
}

static bool is_whole_number(const char *rest)
{
    return rest[0] == '\0' || strcmp(rest, ".schedule.to") == 0;
}

/* Keys that are no parameters but may be varied all the same. */
static bool is_other_key(const char *key)
{
    static const char *const others[] = {"network", "horizon",         "warm_up",
                                         "period",  "setting",         "seed",
                                         "focal",   "population.size", "population.relations"};
    const char *last = strrchr(key, '.');
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const size_t length = strlen(others[i]);
        if (strncmp(key, others[i], length) == 0 && (key[length] == '\0' || key[length] == '.')) {
            return true;
        }
    }
    return strncmp(key, "population.segments.", 20) == 0 && strcmp(last, ".share") == 0;
}

/* Where a parameter belongs: " (it is firms.FIRM.unit_cost)". */
static const char *say_place(const char *name, char *out, size_t room)
{
    static const char *const areas[][2] = {
        {"population", "population."}, {"firms", "firms.FIRM."}, {"market", "market."}};
    for (size_t a = 0; a < sizeof areas / sizeof *areas; a++) {
        if (gw_catalogue_find(areas[a][0], name) >= 0) {
            (void)snprintf(
                out, room,
                " (expected %s%s, with names of the scenario; after strategies.NAME. it is that of a strategy)",
                areas[a][1], name);
            return out;
        }
    }
    return "";
}

/* "firms.us.unit_costs" is told at once, not when the first point is run. */
static void check_key(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, const char *key)
{
    struct gw_key_meaning meaning;
    char hint[2 * GW_KEY_BYTES];
    if (is_other_key(key) || gw_key_understand(r->scenario, key, &meaning)) {
        return;
    }
    const char *dot = strncmp(key, "population.", 11) == 0 || strncmp(key, "market.", 7) == 0 ? strchr(key, '.')
                                                                                              : strrchr(key, '.');
    struct gw_guess guess = gw_guess_begin(r->problems, dot == NULL ? key : dot + 1);
    for (int i = 0; i < gw_catalogue_size(); i++) {
        gw_guess_try(&guess, gw_catalogue_entry(i)->parameter->name);
    }
    const bool exact = guess.best != NULL && guess.distance == 0;
    gw_problem(r->problems, node->mark, path, "the scenario has no key '%s'%s", key,
               exact ? say_place(guess.best, hint, sizeof hint) : gw_guess_text(&guess, hint, sizeof hint));
}

static void look_up(struct gw_reader *r, struct gw_input *input)
{
    struct gw_key_meaning meaning;
    input->now = NAN;
    if (input->keys == 0 || !gw_key_understand(r->scenario, input->key[0], &meaning)) {
        return;
    }
    const struct gw_parameter *p = gw_catalogue_entry(meaning.parameter)->parameter;
    const struct gw_number *number = number_of(r->scenario, &meaning);
    const bool plain = input->keys == 1 && input->formula[0] == NULL && is_whole_number(meaning.rest);
    input->parameter = is_whole_number(meaning.rest) ? p : NULL;
    if (input->unit == NULL && plain) {
        input->unit = gw_arena_text(r->kept, p->unit, strlen(p->unit));
    }
    if (!plain) {
        return;
    }
    input->now = value_now(number, meaning.rest);
    if (input->distribution.family == GW_NO_FAMILY && meaning.rest[0] == '\0' && number->how == GW_UNCERTAIN) {
        input->distribution = number->spread.distribution;
    }
    const bool bounded = isfinite(p->plausible_low) && isfinite(p->plausible_high);
    if (!input->given && input->distribution.family == GW_NO_FAMILY && bounded &&
        p->plausible_low < p->plausible_high && (p->kind == GW_REAL || p->kind == GW_INTEGER)) {
        input->low = p->plausible_low;
        input->high = p->plausible_high;
    }
}

/* ---- The rest ------------------------------------------------------------------------------------------------- */

static void write_yaml(struct gw_text *out, const struct gw_node *node)
{
    const bool list = node->kind == GW_SEQUENCE;
    if (node->kind == GW_SCALAR) {
        if (node->plain) {
            gw_text_add(out, "%s", node->text);
        } else {
            gw_text_quoted(out, node->text);
        }
        return;
    }
    gw_text_add(out, list ? "[" : "{");
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        gw_text_add(out, m == node->first ? "" : ", ");
        if (!list) {
            gw_text_add(out, "%s: ", m->key);
        }
        write_yaml(out, m->value);
    }
    gw_text_add(out, list ? "]" : "}");
}

static void take_values(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                        struct gw_input *input)
{
    const struct gw_node *list = gw_tree_find(node, "values");
    const struct gw_path path = {up, "values", 0};
    if (list == NULL) {
        return;
    }
    if (list->kind != GW_SEQUENCE || list->members < 1 || list->members > GW_MAX_INPUT_VALUES) {
        gw_problem(r->problems, list->mark, &path, "expected a list of 1 to %d values", GW_MAX_INPUT_VALUES);
        return;
    }
    input->value = gw_arena_alloc(r->kept, (size_t)list->members, sizeof *input->value);
    for (const struct gw_member *m = input->value == NULL ? NULL : list->first; m != NULL; m = m->next) {
        struct gw_text text = {0};
        write_yaml(&text, m->value);
        input->value[input->values++] = text.failed ? NULL : gw_arena_text(r->kept, text.bytes, text.length);
        free(text.bytes);
    }
}

static void take_range(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                       struct gw_input *input)
{
    const struct gw_node *from = gw_tree_find(node, "from"), *to = gw_tree_find(node, "to"),
                         *steps = gw_tree_find(node, "steps");
    const struct gw_path from_path = {up, "from", 0}, to_path = {up, "to", 0}, steps_path = {up, "steps", 0};
    uint64_t n = 0;
    if ((from == NULL) != (to == NULL)) {
        gw_problem(r->problems, node->mark, up, "expected from and to together");
    } else if (from != NULL && gw_take_real(r, from, &from_path, &input->low) &&
               gw_take_real(r, to, &to_path, &input->high)) {
        input->given = true;
        if (!(input->low < input->high)) {
            gw_problem(r->problems, to->mark, &to_path, "expected a number above from, got %s", to->text);
        }
    }
    if (steps != NULL && gw_take_integer(r, steps, &steps_path, 2, MOST_STEPS, &n)) {
        input->steps = (int)n;
    }
}

static void take_distribution(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up,
                              struct gw_input *input)
{
    const struct gw_node *value = gw_tree_find(node, "uncertain");
    const struct gw_path path = {up, "uncertain", 0};
    struct gw_spread spread;
    if (value != NULL && gw_take_spread(r, value, &path, false, &spread)) {
        input->distribution = spread.distribution;
    }
}

/* Formulas are tried where x can be. */
static void try_formula(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                        const struct gw_input *input, const char *formula)
{
    const double x = isfinite(input->low) ? input->low : isfinite(input->now) ? input->now : 1.0;
    struct gw_error error = {0};
    double value;
    if (formula != NULL && gw_formula_at(formula, x, &value, &error) != GW_OK) {
        gw_problem(r->problems, node->mark, path, "%s", error.text);
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_plain_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (!is_letter(*c) && *c != '_' && !(*c >= '0' && *c <= '9')) {
            return false;
        }
    }
    return is_letter(name[0]) && strlen(name) <= GW_NAME_BYTES;
}

/* The last parts of the key: "spend_empathy" of "firms.us.spend.empathy", "size" of "population.size". */
static char *default_name(struct gw_reader *r, const struct gw_input *input)
{
    struct gw_key_meaning meaning;
    char name[GW_KEY_BYTES + 1];
    const char *key = input->key[0], *last = strrchr(key, '.');
    (void)snprintf(name, sizeof name, "%s", last == NULL ? key : last + 1);
    if (gw_key_understand(r->scenario, key, &meaning)) {
        (void)snprintf(name, sizeof name, "%s", gw_catalogue_entry(meaning.parameter)->parameter->name);
    }
    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '.' || *c == '-' ? '_' : *c;
    }
    return gw_arena_text(r->kept, name, strlen(name));
}

static void settle_names(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                         struct gw_input *input)
{
    if (input->name == NULL && input->keys > 0) {
        input->name = default_name(r, input);
    }
    if (input->name != NULL && !is_plain_name(input->name)) {
        gw_problem(r->problems, node->mark, path,
                   "expected name: of letters, digits and _, beginning with a letter; got '%s'", input->name);
    }
    input->say = input->say == NULL ? input->name : input->say;
    input->unit = input->unit == NULL ? gw_arena_text(r->kept, "1", 1) : input->unit;
}

bool gw_take_input(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                   struct gw_input *input)
{
    const int before = r->problems->errors;
    *input = (struct gw_input){.low = NAN, .high = NAN, .now = NAN};
    input->key = gw_arena_alloc(r->kept, GW_MAX_INPUT_KEYS, sizeof *input->key);
    input->formula = gw_arena_alloc(r->kept, GW_MAX_INPUT_KEYS, sizeof *input->formula);
    if (input->key == NULL || input->formula == NULL) {
        return false;
    }
    if (node->kind == GW_SCALAR && node->text[0] != '\0' && strlen(node->text) <= GW_KEY_BYTES) {
        add_key(r, input, node, path, node->text, NULL);
    } else if (gw_take_mapping(r, node, path, "a key such as firms.us.price, or a mapping with key, from and to")) {
        gw_take_keys(r, node, path, input_keys);
        gw_take_optional_text(r, node, path, "name", &input->name);
        gw_take_optional_text(r, node, path, "say", &input->say);
        gw_take_optional_text(r, node, path, "unit", &input->unit);
        gw_take_optional_text(r, node, path, "cost", &input->cost);
        take_keys(r, node, path, input);
        take_range(r, node, path, input);
        take_values(r, node, path, input);
        take_distribution(r, node, path, input);
    }
    look_up(r, input);
    for (int k = 0; k < input->keys; k++) {
        check_key(r, node, path, input->key[k]);
        try_formula(r, node, path, input, input->formula[k]);
    }
    try_formula(r, node, path, input, input->cost);
    settle_names(r, node, path, input);
    return r->problems->errors == before;
}

static void check_unique(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                         const struct gw_inputs *inputs, const struct gw_input *input)
{
    for (const struct gw_input *other = inputs->input; other < input; other++) {
        if (other->name != NULL && input->name != NULL && strcmp(other->name, input->name) == 0) {
            gw_problem(r->problems, node->mark, path,
                       "two inputs are called '%s': name one of them otherwise, by name:", input->name);
        }
    }
}

bool gw_take_inputs(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                    struct gw_inputs *inputs)
{
    const int before = r->problems->errors;
    int item = 0;
    if (node->kind != GW_SEQUENCE || node->members < 1 || node->members > GW_MAX_INPUTS) {
        char got[100];
        gw_problem(r->problems, node->mark, path, "expected a list of 1 to %d inputs, got %s", GW_MAX_INPUTS,
                   node->members == 0 && node->kind == GW_SEQUENCE ? "an empty one"
                                                                   : gw_node_text(node, got, sizeof got));
        return false;
    }
    inputs->input = gw_arena_alloc(r->kept, (size_t)node->members, sizeof *inputs->input);
    if (inputs->input == NULL) {
        return false;
    }
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        const struct gw_path here = {path, NULL, item++};
        gw_take_input(r, m->value, &here, &inputs->input[inputs->n]);
        check_unique(r, m->value, &here, inputs, &inputs->input[inputs->n]);
        inputs->n++;
    }
    return r->problems->errors == before;
}
