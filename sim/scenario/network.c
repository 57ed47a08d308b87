/* The key `network`: who tells whom. */
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

#define MOST_NEIGHBOURS 10000
#define MOST_IN_A_TAIL 1000000 /* a law's table takes 8 bytes for each degree up to its maximum */
#define MOST_EXPONENT 100.0

static const struct {
    const char *name, *example;
} kinds[] = {
    [GW_NETWORK_NONE] = {"none", NULL},
    [GW_NETWORK_WATTS_STROGATZ] = {"watts_strogatz", "{degree: 10, rewire: 0.05}"},
    [GW_NETWORK_BARABASI_ALBERT] = {"barabasi_albert", "{edges: 5}"},
    [GW_NETWORK_CONFIGURATION] = {"configuration", "{poisson: {mean: 10}}"},
    [GW_NETWORK_COMPLETE] = {"complete", "{}"},
    [GW_NETWORK_EDGE_LIST] = {"edge_list", "PATH"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

const char *gw_network_name(enum gw_network_kind kind)
{
    return kinds[kind].name;
}

/* The node of a key, told to be missing where it is. */
static const struct gw_node *demand(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                                    const char *key, const char *example)
{
    const struct gw_node *value = gw_tree_find(node, key);
    if (value == NULL) {
        gw_note_missing(r, node, path, key, example);
    }
    return value;
}

static void read_again(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    const struct gw_node *again = gw_tree_find(node, "per_replication");
    const struct gw_path here = {path, "per_replication", 0};
    if (again != NULL) {
        gw_take_flag(r, again, &here, &r->scenario->network.per_replication);
    }
}

static void read_watts_strogatz(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    static const char *const keys[] = {"degree", "rewire", "per_replication", NULL};
    struct gw_network_spec *spec = &r->scenario->network;
    const struct gw_path degree_path = {path, "degree", 0}, rewire_path = {path, "rewire", 0};
    uint64_t neighbours = 2;
    gw_take_keys(r, node, path, keys);
    const struct gw_node *degree = demand(r, node, path, "degree", "degree: 10");
    const struct gw_node *rewire = demand(r, node, path, "rewire", "rewire: 0.05");
    if (degree != NULL && gw_take_integer(r, degree, &degree_path, 2, MOST_NEIGHBOURS, &neighbours) &&
        neighbours % 2 != 0) {
        gw_problem(r->problems, degree->mark, &degree_path, "expected an even number (half on each side), got %s",
                   degree->text);
    }
    if (rewire != NULL && gw_take_real(r, rewire, &rewire_path, &spec->rewire) &&
        !(spec->rewire >= 0.0 && spec->rewire <= 1.0)) {
        gw_problem(r->problems, rewire->mark, &rewire_path, "%s is outside [0, 1]", rewire->text);
    }
    read_again(r, node, path);
    spec->degree = (uint32_t)neighbours;
}

static void read_barabasi_albert(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    static const char *const keys[] = {"edges", "per_replication", NULL};
    const struct gw_path edges_path = {path, "edges", 0};
    uint64_t edges = 1;
    gw_take_keys(r, node, path, keys);
    const struct gw_node *written = demand(r, node, path, "edges", "edges: 5");
    if (written != NULL) {
        gw_take_integer(r, written, &edges_path, 1, MOST_NEIGHBOURS, &edges);
    }
    read_again(r, node, path);
    r->scenario->network.edges = (uint32_t)edges;
}

/* ---- Laws of degrees ----------------------------------------------------------------------------------- */

static void read_mean(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    static const char *const keys[] = {"mean", NULL};
    const struct gw_path mean_path = {path, "mean", 0};
    double *mean = &r->scenario->network.law.mean;
    *mean = 1.0;
    if (!gw_take_mapping(r, node, path, "a mapping such as {mean: 10}")) {
        return;
    }
    gw_take_keys(r, node, path, keys);
    const struct gw_node *written = demand(r, node, path, "mean", "mean: 10");
    if (written != NULL && gw_take_real(r, written, &mean_path, mean) && !(*mean > 0.0 && *mean <= MOST_NEIGHBOURS)) {
        gw_problem(r->problems, written->mark, &mean_path, "expected a number above 0 and at most %d, got %s",
                   MOST_NEIGHBOURS, written->text);
    }
}

static void read_exponent(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    const struct gw_path here = {path, "exponent", 0};
    const struct gw_node *written = demand(r, node, path, "exponent", "exponent: 2.5");
    double *exponent = &r->scenario->network.law.exponent;
    if (written != NULL && gw_take_real(r, written, &here, exponent) &&
        !(*exponent > 1.0 && *exponent <= MOST_EXPONENT)) {
        gw_problem(r->problems, written->mark, &here, "expected a number above 1 and at most %g, got %s",
                   MOST_EXPONENT, written->text);
    }
}

static void read_power_law(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    static const char *const keys[] = {"exponent", "minimum", "maximum", NULL};
    const struct gw_path minimum_path = {path, "minimum", 0}, maximum_path = {path, "maximum", 0};
    uint64_t low = 1, high = 1;
    if (!gw_take_mapping(r, node, path, "a mapping such as {exponent: 2.5, minimum: 3, maximum: 1000}")) {
        return;
    }
    gw_take_keys(r, node, path, keys);
    read_exponent(r, node, path);
    const struct gw_node *minimum = demand(r, node, path, "minimum", "minimum: 3");
    const struct gw_node *maximum = demand(r, node, path, "maximum", "maximum: 1000");
    if (minimum != NULL && gw_take_integer(r, minimum, &minimum_path, 1, MOST_IN_A_TAIL, &low) && maximum != NULL &&
        gw_take_integer(r, maximum, &maximum_path, 1, MOST_IN_A_TAIL, &high) && high < low) {
        gw_problem(r->problems, maximum->mark, &maximum_path, "expected at least the minimum, %s, got %s",
                   minimum->text, maximum->text);
    }
    r->scenario->network.law.minimum = (uint32_t)low;
    r->scenario->network.law.maximum = (uint32_t)high;
}

static void read_degrees(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    struct gw_network_spec *spec = &r->scenario->network;
    char why[300];
    if (!gw_take_text(r, node, path, &spec->path)) {
        return;
    }
    spec->path = gw_source_path(r->kept, node->mark.source->directory, spec->path);
    if (spec->path != NULL && !gw_degrees_read(&spec->law, r->kept, spec->path, why, sizeof why)) {
        gw_problem(r->problems, node->mark, path, "%s", why);
    }
}

static void read_configuration(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    static const struct {
        const char *key;
        void (*read)(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path);
    } laws[] = {
        [GW_DEGREES_POISSON] = {"poisson", read_mean},
        [GW_DEGREES_GEOMETRIC] = {"geometric", read_mean},
        [GW_DEGREES_POWER_LAW] = {"power_law", read_power_law},
        [GW_DEGREES_LISTED] = {"degrees", read_degrees},
    };
    static const char *const keys[] = {"poisson", "geometric", "power_law", "degrees", "per_replication", NULL};
    int found = 0;
    const bool known = gw_take_keys(r, node, path, keys);
    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
        const struct gw_node *law = gw_tree_find(node, laws[i].key);
        const struct gw_path here = {path, laws[i].key, 0};
        if (law != NULL && found++ == 0) {
            r->scenario->network.law.family = (enum gw_degree_family)i;
            laws[i].read(r, law, &here);
        }
    }
    if (known && found != 1) {
        gw_problem(r->problems, node->mark, path,
                   "expected one of {poisson: {mean: 10}}, {geometric: {mean: 10}}, {power_law: {exponent: 2.5, "
                   "minimum: 3, maximum: 1000}} and {degrees: FILE}, got %s",
                   found == 0 ? "none" : "several");
    }
    read_again(r, node, path);
}

/* ---- Kinds --------------------------------------------------------------------------------------------- */

static void read_complete(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    static const char *const keys[] = {NULL};
    gw_take_keys(r, node, path, keys);
}

static void read_edge_list(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path)
{
    char **list = &r->scenario->network.path;
    if (gw_take_text(r, node, path, list)) {
        *list = gw_source_path(r->kept, node->mark.source->directory, *list);
    }
}

static void read_kind(struct gw_reader *r, enum gw_network_kind kind, const struct gw_node *node,
                      const struct gw_path *path)
{
    static void (*const read[])(struct gw_reader *, const struct gw_node *, const struct gw_path *) = {
        [GW_NETWORK_WATTS_STROGATZ] = read_watts_strogatz, [GW_NETWORK_BARABASI_ALBERT] = read_barabasi_albert,
        [GW_NETWORK_CONFIGURATION] = read_configuration,   [GW_NETWORK_COMPLETE] = read_complete,
        [GW_NETWORK_EDGE_LIST] = read_edge_list,
    };
    char example[80];
    snprintf(example, sizeof example, "a mapping such as %s", kinds[kind].example);
    r->scenario->network.kind = kind;
    if (kind == GW_NETWORK_EDGE_LIST || gw_take_mapping(r, node, path, example)) {
        read[kind](r, node, path);
    }
}

static void note_unknown(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                         const struct gw_member *kind)
{
    struct gw_guess guess = gw_guess_begin(r->problems, kind != NULL ? kind->key : "");
    char got[100], hint[100];
    for (int i = 1; i < KINDS; i++) {
        gw_guess_try(&guess, kinds[i].name);
    }
    gw_problem(r->problems, node->mark, path,
               "expected none, {watts_strogatz: {degree: 10, rewire: 0.05}}, {barabasi_albert: {edges: 5}}, "
               "{configuration: {poisson: {mean: 10}}}, {complete: {}} or {edge_list: PATH}, got %s%s%s%s",
               kind != NULL ? "{" : gw_node_text(node, got, sizeof got), kind != NULL ? kind->key : "",
               kind != NULL ? ": ...}" : "", kind != NULL ? gw_guess_text(&guess, hint, sizeof hint) : "");
}

void gw_read_network(struct gw_reader *r, const struct gw_node *root)
{
    const struct gw_node *node = gw_tree_find(root, "network");
    const struct gw_path path = {NULL, "network", 0};
    if (node == NULL || (node->kind == GW_SCALAR && strcmp(node->text, "none") == 0)) {
        return;
    }
    const struct gw_member *member = node->kind == GW_MAPPING && node->members == 1 ? node->first : NULL;
    for (int kind = 1; member != NULL && kind < KINDS; kind++) {
        if (strcmp(member->key, kinds[kind].name) == 0) {
            const struct gw_path here = {&path, member->key, 0};
            read_kind(r, (enum gw_network_kind)kind, member->value, &here);
            return;
        }
    }
    note_unknown(r, node, &path, member);
}

/* ---- Size ---------------------------------------------------------------------------------------------- */

bool gw_network_brings_people(const struct gw_network_spec *network)
{
    return network->kind == GW_NETWORK_EDGE_LIST ||
           (network->kind == GW_NETWORK_CONFIGURATION && network->law.family == GW_DEGREES_LISTED);
}

/* The most neighbours that the network's own numbers say somebody has. */
static double neighbours_stated(const struct gw_network_spec *network)
{
    switch (network->kind) {
    case GW_NETWORK_WATTS_STROGATZ:
        return network->degree;
    case GW_NETWORK_BARABASI_ALBERT:
        return network->edges;
    case GW_NETWORK_CONFIGURATION:
        if (network->law.family == GW_DEGREES_LISTED) {
            return 0.0; /* the file's people replace the number stated */
        }
        return network->law.family == GW_DEGREES_POWER_LAW ? network->law.maximum : network->law.mean;
    case GW_NETWORK_NONE:
    case GW_NETWORK_COMPLETE:
    case GW_NETWORK_EDGE_LIST:
        break;
    }
    return 0.0;
}

void gw_check_network_size(struct gw_reader *r, const struct gw_node *size, const struct gw_path *path)
{
    const double neighbours = neighbours_stated(&r->scenario->network);
    const uint32_t consumers = r->scenario->sample > 0 ? r->scenario->sample : r->scenario->population;
    if (neighbours >= (double)consumers) {
        gw_problem(r->problems, size->mark, path, "expected more consumers than each has neighbours (%g), got %u",
                   neighbours, consumers);
    }
}
