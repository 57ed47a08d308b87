/* The uncertain numbers of a scenario, as the inputs of an experiment. */
#include "scenario/catalogue.h"
#include "scenario/input.h"
#include "scenario/key.h"
#include "scenario/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The list as it grows. */
struct listing {
    const struct gw_scenario *scenario;
    struct gw_arena *arena;
    struct gw_input *input; /* [GW_MAX_INPUTS] */
    int n;
    bool full;
};

static bool same(const struct gw_distribution *a, const struct gw_distribution *b)
{
    return a->family == b->family && a->a == b->a && a->b == b->b && a->c == b->c;
}

static bool same_number(const struct gw_number *a, const struct gw_number *b)
{
    return a->how == b->how && same(&a->spread.distribution, &b->spread.distribution) &&
           same(&a->spread.world[0], &b->spread.world[0]) && same(&a->spread.world[1], &b->spread.world[1]) &&
           same(&a->spread.world[2], &b->spread.world[2]);
}

/* "firms.us.unit_cost" becomes "us_unit_cost", what lies inside a distribution "..._mean". */
static char *name_of(struct listing *l, const char *key)
{
    char name[GW_KEY_BYTES];
    const char *from = strncmp(key, "strategies.", 11) == 0 ? key + 11 : strchr(key, '.') + 1;
    (void)snprintf(name, sizeof name, "%s", from);
    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '.' || *c == '-' ? '_' : *c;
    }
    return gw_arena_text(l->arena, name, strlen(name));
}

static void add_key(struct gw_input *input, struct listing *l, const char *key)
{
    if (input->keys < GW_MAX_INPUT_KEYS) {
        input->key[input->keys++] = gw_arena_text(l->arena, key, strlen(key));
    }
}

static void add_input(struct listing *l, const char *key, int parameter, const struct gw_distribution *distribution,
                      bool inside)
{
    const struct gw_parameter *p = gw_catalogue_entry(parameter)->parameter;
    if (l->n == GW_MAX_INPUTS) {
        l->full = true;
        return;
    }
    struct gw_input *input = &l->input[l->n++];
    *input = (struct gw_input){.low = NAN,
                               .high = NAN,
                               .distribution = *distribution,
                               .parameter = inside ? NULL : p,
                               .now = gw_distribution_mean(*distribution)};
    input->name = name_of(l, key);
    input->say = input->name;
    input->unit = gw_arena_text(l->arena, p->unit, strlen(p->unit));
    input->key = gw_arena_alloc(l->arena, GW_MAX_INPUT_KEYS, sizeof *input->key);
    if (input->key != NULL) {
        add_key(input, l, key);
    }
}

/* A number and, where it varies over customers, the numbers of its distribution. */
static void add_number(struct listing *l, int strategy, int parameter, int cell, const struct gw_number *number)
{
    char key[GW_KEY_BYTES], inside[2 * GW_KEY_BYTES];
    if (!gw_key_write(l->scenario, strategy, parameter, cell, key, sizeof key)) {
        l->full = true;
        return;
    }
    if (number->how == GW_UNCERTAIN) {
        add_input(l, key, parameter, &number->spread.distribution, false);
    }
    for (int w = 0; w < 3 && number->how == GW_VARY; w++) {
        const enum gw_family family = number->spread.distribution.family;
        if (number->spread.world[w].family != GW_NO_FAMILY) {
            (void)snprintf(inside, sizeof inside, "%s.vary.%s.%s", key, gw_family_name(family),
                           gw_family_number(family, w));
            add_input(l, inside, parameter, &number->spread.world[w], true);
        }
    }
}

/* What a strategy has for itself. One luck holds for a number in all strategies that write it alike. */
static void add_of_strategies(struct listing *l, int parameter, int cell)
{
    const struct gw_scenario *s = l->scenario;
    const int before = l->n;
    for (int t = 0; t < s->strategies; t++) {
        const struct gw_number *number = &s->strategy[t].values.number[parameter][cell];
        bool shared = same_number(number, &s->base.number[parameter][cell]);
        char key[GW_KEY_BYTES];
        for (int i = before; i < l->n && !shared && number->how == GW_UNCERTAIN; i++) {
            shared = same(&l->input[i].distribution, &number->spread.distribution) &&
                     gw_key_write(s, t, parameter, cell, key, sizeof key);
            if (shared) {
                add_key(&l->input[i], l, key);
            }
        }
        if (!shared) {
            add_number(l, t, parameter, cell, number);
        }
    }
}

static void list_own(struct listing *l)
{
    const struct gw_scenario *s = l->scenario;
    for (int p = 0; p < gw_catalogue_size(); p++) {
        for (int k = 0; k < gw_values_count(s, gw_catalogue_entry(p)->parameter->scope); k++) {
            add_number(l, -1, p, k, &s->base.number[p][k]);
            add_of_strategies(l, p, k);
        }
    }
}

static void list_added(struct listing *l)
{
    const struct gw_experiment *e = l->scenario->experiment;
    for (int i = 0; e != NULL && i < e->uncertain.n; i++) {
        if (l->n == GW_MAX_INPUTS) {
            l->full = true;
            return;
        }
        l->input[l->n++] = e->uncertain.input[i];
    }
}

static bool has_key(const struct gw_input *input, const char *key)
{
    for (int k = 0; k < input->keys; k++) {
        if (strcmp(input->key[k], key) == 0) {
            return true;
        }
    }
    return false;
}

/* A key that is uncertain twice has no meaning. */
static int check_twice(const struct listing *l, struct gw_error *error)
{
    for (int i = 0; i < l->n; i++) {
        for (int j = 0; j < i; j++) {
            if (strcmp(l->input[i].name, l->input[j].name) == 0) {
                return gw_fail(error, GW_BAD_INPUT, "two uncertain inputs are called '%s'; give one another name",
                               l->input[i].name);
            }
            for (int k = 0; k < l->input[j].keys; k++) {
                if (has_key(&l->input[i], l->input[j].key[k])) {
                    return gw_fail(error, GW_BAD_INPUT,
                                   "%s is uncertain twice: in the scenario and among the unknowns of its experiment",
                                   l->input[j].key[k]);
                }
            }
        }
    }
    return GW_OK;
}

int gw_scenario_uncertain(const struct gw_scenario *scenario, struct gw_inputs *inputs, struct gw_error *error)
{
    struct gw_arena arena = {0};
    struct listing l = {.scenario = scenario, .arena = &arena};
    *inputs = (struct gw_inputs){0};
    l.input = gw_arena_alloc(&arena, GW_MAX_INPUTS, sizeof *l.input);
    if (l.input == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    list_own(&l);
    list_added(&l);
    int ret = arena.failed ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    if (ret == GW_OK && l.full) {
        ret =
            gw_fail(error, GW_BAD_INPUT, "more than %d uncertain numbers, or a key that is too long", GW_MAX_INPUTS);
    }
    ret = ret == GW_OK ? check_twice(&l, error) : ret;
    ret = ret == GW_OK ? gw_inputs_prepare(inputs, l.input, l.n, error) : ret;
    gw_arena_free(&arena);
    return ret;
}
