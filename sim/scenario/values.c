/* The numbers of the population, the firms and the market. */
#include "scenario/merge.h"
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

/* Keys of an area that are no parameters. */
static const char *const population_keys[] = {"size", "sample", "relations", "segments", NULL};
static const char *const segment_keys[] = {"share", NULL};
static const char *const firm_keys[] = {"copies", NULL};
static const char *const no_keys[] = {NULL};

/* Where the numbers of a mapping go: cells first ... last of the rows of an area. */
struct place {
    const char *area;
    const char *const *other_keys;
    int first, last;
    struct gw_values *values;
};

int gw_values_count(const struct gw_scenario *scenario, enum gw_scope scope)
{
    switch (scope) {
    case GW_CONSUMER:
        return scenario->segments;
    case GW_FIRM:
    case GW_LEVER:
        return scenario->firms;
    case GW_MARKET:
        break;
    }
    return 1;
}

static bool is_among(const char *const *keys, const char *key)
{
    for (; *keys != NULL; keys++) {
        if (strcmp(*keys, key) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether parameters of the area are grouped under this name: "spend" for "spend.empathy". */
static bool is_group(const char *area, const char *name)
{
    const size_t length = strlen(name);
    for (int i = 0; i < gw_catalogue_size(); i++) {
        const struct gw_parameter *p = gw_catalogue_entry(i)->parameter;
        if (strcmp(gw_scope_area(p->scope), area) == 0 && strncmp(p->name, name, length) == 0 &&
            p->name[length] == '.') {
            return true;
        }
    }
    return false;
}

static void note_unknown(struct gw_reader *r, const struct gw_member *member, const struct gw_path *path,
                         const struct place *place, const char *name)
{
    static const char *const areas[] = {"population", "firms", "market"};
    struct gw_guess guess = gw_guess_begin(r->problems, name);
    char hint[100];
    for (size_t a = 0; a < sizeof areas / sizeof areas[0]; a++) {
        if (gw_catalogue_find(areas[a], name) >= 0) {
            gw_problem(r->problems, member->mark, path, "unknown key (it belongs under %s)",
                       strcmp(areas[a], "firms") == 0 ? "firms.FIRM" : areas[a]);
            return;
        }
    }
    for (int i = 0; i < gw_catalogue_size(); i++) {
        const struct gw_parameter *p = gw_catalogue_entry(i)->parameter;
        if (strcmp(gw_scope_area(p->scope), place->area) == 0) {
            gw_guess_try(&guess, p->name);
        }
    }
    for (const char *const *key = place->other_keys; *key != NULL; key++) {
        gw_guess_try(&guess, *key);
    }
    gw_problem(r->problems, member->mark, path, "unknown key%s", gw_guess_text(&guess, hint, sizeof hint));
}

static void read_parameter(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                           const struct place *place, int index)
{
    struct gw_number number = {0};
    if (gw_take_number(r, node, path, gw_catalogue_entry(index)->parameter, &number)) {
        for (int k = place->first; k <= place->last; k++) {
            place->values->number[index][k] = number;
        }
    }
}

/* `prefix` is the name so far with its last dot, "" outside groups. */
static void read_parameters(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                            const struct place *place, const char *prefix)
{
    if (!gw_take_mapping(r, node, path, "a mapping of parameters")) {
        return;
    }
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        const struct gw_path here = {path, m->key, 0};
        char name[2 * GW_KEY_BYTES];
        if (prefix[0] == '\0' && is_among(place->other_keys, m->key)) {
            continue;
        }
        snprintf(name, sizeof name, "%s%s", prefix, m->key);
        const int index = gw_catalogue_find(place->area, name);
        if (index >= 0) {
            read_parameter(r, m->value, &here, place, index);
        } else if (is_group(place->area, name)) {
            snprintf(name, sizeof name, "%s%s.", prefix, m->key);
            read_parameters(r, m->value, &here, place, name);
        } else {
            note_unknown(r, m, &here, place, name);
        }
    }
}

static void read_population(struct gw_reader *r, const struct gw_node *root, const struct gw_path *up,
                            struct gw_values *values)
{
    const struct gw_node *population = gw_tree_find(root, "population");
    const struct gw_path path = {up, "population", 0}, inside = {&path, "segments", 0};
    struct place place = {"population", population_keys, 0, r->scenario->segments - 1, values};
    if (population == NULL) {
        return;
    }
    read_parameters(r, population, &path, &place, "");
    const struct gw_node *segments = gw_tree_find(population, "segments");
    for (int s = 0; segments != NULL && s < r->scenario->segments; s++) {
        const char *name = r->scenario->segment[s].name;
        const struct gw_node *segment = gw_tree_find(segments, name);
        const struct gw_path here = {&inside, name, 0};
        place = (struct place){"population", segment_keys, s, s, values};
        if (segment != NULL) {
            read_parameters(r, segment, &here, &place, "");
        }
    }
}

static void read_firm(struct gw_reader *r, const char *name, const struct gw_node *node, const struct gw_path *path,
                      struct gw_values *values)
{
    const struct gw_path here = {path, name, 0};
    struct place place = {"firms", firm_keys, 0, 0, values};
    if (gw_find_firms(r->scenario, name, &place.first, &place.last)) {
        read_parameters(r, node, &here, &place, "");
    }
}

/* Groups first; what is written of one copy is laid over its group, so that it wins wherever it stands, and a
 * schedule begins at the value of the group. */
static int read_firms(struct gw_reader *r, const struct gw_node *root, const struct gw_path *up,
                      struct gw_values *values)
{
    const struct gw_node *firms = gw_tree_find(root, "firms");
    const struct gw_path path = {up, "firms", 0};
    if (firms == NULL || !gw_take_mapping(r, firms, &path, "a mapping of firms")) {
        return GW_OK;
    }
    for (const struct gw_member *m = firms->first; m != NULL; m = m->next) {
        if (gw_firm_group_of(firms, m->key) == NULL) {
            read_firm(r, m->key, m->value, &path, values);
        }
    }
    for (const struct gw_member *m = firms->first; m != NULL; m = m->next) {
        const struct gw_member *group = gw_firm_group_of(firms, m->key);
        struct gw_node *copy = group != NULL ? gw_tree_merge(r->problems->arena, group->value, m->value) : NULL;
        if (group != NULL && copy == NULL) {
            return GW_FAILED;
        }
        if (copy != NULL) {
            read_firm(r, m->key, copy, &path, values);
        }
    }
    return GW_OK;
}

static int set_defaults(struct gw_reader *r, struct gw_values *values)
{
    const int n = gw_catalogue_size();
    values->number = gw_arena_alloc(r->kept, (size_t)n, sizeof *values->number);
    for (int i = 0; values->number != NULL && i < n; i++) {
        const struct gw_parameter *p = gw_catalogue_entry(i)->parameter;
        const int cells = gw_values_count(r->scenario, p->scope);
        values->number[i] = gw_arena_alloc(r->kept, (size_t)cells, sizeof *values->number[i]);
        for (int k = 0; values->number[i] != NULL && k < cells; k++) {
            values->number[i][k].value = p->value;
        }
    }
    return r->kept->failed ? GW_FAILED : GW_OK;
}

int gw_read_values(struct gw_reader *r, const struct gw_node *root, const struct gw_path *path,
                   struct gw_values *values)
{
    const struct gw_node *market = gw_tree_find(root, "market");
    const struct gw_path market_path = {path, "market", 0};
    const struct place market_place = {"market", no_keys, 0, 0, values};
    int ret = set_defaults(r, values);
    if (ret != GW_OK) {
        return ret;
    }
    read_population(r, root, path, values);
    ret = read_firms(r, root, path, values);
    if (market != NULL) {
        read_parameters(r, market, &market_path, &market_place, "");
    }
    return r->kept->failed ? GW_FAILED : ret;
}
