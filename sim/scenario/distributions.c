/* Distributions: {FAMILY: {number: value, ...}}. */
#include "scenario/reader.h"
#include "scenario/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a number of a distribution must be. Shapes are bounded because the quantile tables are. */
enum need { ANY, NOT_NEGATIVE, POSITIVE, SHAPE };
#define LEAST_SHAPE 1e-3
#define GREATEST_SHAPE 1e5

static const enum need needs[GW_FAMILIES][3] = {
    [GW_NORMAL] = {ANY, NOT_NEGATIVE}, [GW_LOGNORMAL] = {POSITIVE, NOT_NEGATIVE}, [GW_EXPONENTIAL] = {POSITIVE},
    [GW_GAMMA] = {SHAPE, POSITIVE},    [GW_INVERSE_GAMMA] = {SHAPE, POSITIVE},    [GW_BETA] = {SHAPE, SHAPE},
};

/* Another way to give the two numbers of a family, known by a name that only it has. */
static const struct way {
    enum gw_family family;
    const char *number[3];
    const char *mark;
} other_ways[] = {{GW_GAMMA, {"shape", "mean"}, "mean"}, {GW_BETA, {"mean", "sd"}, "mean"}};

struct gw_support gw_distribution_support(struct gw_distribution d)
{
    switch (d.family) {
    case GW_UNIFORM:
    case GW_TRIANGULAR:
        return (struct gw_support){d.a, d.b};
    case GW_BETA:
        return (struct gw_support){DBL_MIN, 1.0};
    case GW_LOGNORMAL:
    case GW_EXPONENTIAL:
    case GW_GAMMA:
    case GW_INVERSE_GAMMA:
        return (struct gw_support){DBL_MIN, INFINITY};
    default:
        return (struct gw_support){-INFINITY, INFINITY};
    }
}

/* One number while it is read: a literal, or uncertain. */
struct slot {
    const struct gw_node *node;
    const char *name;
    struct gw_support support; /* both ends equal: a literal */
};

static bool note(struct gw_reader *r, const struct slot *slot, const struct gw_path *up, const char *what)
{
    const struct gw_path path = {up, slot->name, 0};
    char number[GW_NUMBER_TEXT];
    if (slot->support.low == slot->support.high) {
        gw_problem(r->problems, slot->node->mark, &path, "expected %s, got %s", what,
                   gw_number_text(number, slot->support.low));
    } else {
        gw_problem(r->problems, slot->node->mark, &path,
                   "expected %s, got a distribution that can leave it (choose one that cannot, such as gamma)", what);
    }
    return false;
}

static bool check_need(struct gw_reader *r, const struct slot *slot, enum need need, const struct gw_path *path)
{
    const struct gw_support s = slot->support;
    const bool literal = s.low == s.high;
    switch (need) {
    case NOT_NEGATIVE:
        return s.low >= 0.0 ? true : note(r, slot, path, "a number that is not negative");
    case POSITIVE:
        return s.low > 0.0 ? true : note(r, slot, path, "a positive number");
    case SHAPE:
        return s.low > 0.0 && (!literal || (s.low >= LEAST_SHAPE && s.low <= GREATEST_SHAPE))
                   ? true
                   : note(r, slot, path, "a positive number from 0.001 to 1e+05");
    case ANY:
        break;
    }
    return true;
}

/* low <= mode <= high, whatever the uncertain ones among them turn out to be. */
static bool check_order(struct gw_reader *r, enum gw_family family, const struct slot slot[3],
                        const struct gw_path *path)
{
    if (family != GW_UNIFORM && family != GW_TRIANGULAR) {
        return true;
    }
    if (slot[0].support.high > slot[1].support.low) {
        return note(r, &slot[1], path, "a high that is not below low");
    }
    if (family == GW_TRIANGULAR &&
        (slot[2].support.low < slot[0].support.high || slot[2].support.high > slot[1].support.low)) {
        return note(r, &slot[2], path, "a mode between low and high");
    }
    return true;
}

static bool check(struct gw_reader *r, enum gw_family family, const struct slot slot[3], const struct gw_path *path)
{
    bool good = true;
    for (int i = 0; i < 3 && gw_family_number(family, i) != NULL; i++) {
        good = check_need(r, &slot[i], needs[family][i], path) && good;
    }
    return good && check_order(r, family, slot, path);
}

/* A number that is itself {uncertain: DIST}. */
static bool take_uncertain(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, bool nested,
                           struct gw_distribution *world)
{
    static const char *const known[] = {"uncertain", NULL};
    const struct gw_node *inner = gw_tree_find(node, "uncertain");
    const struct gw_path here = {path, "uncertain", 0};
    struct gw_spread spread;
    if (!gw_take_keys(r, node, path, known)) {
        return false;
    }
    if (inner == NULL || !nested) {
        gw_problem(r->problems, node->mark, path,
                   nested ? "expected a number or {uncertain: ...}, got a mapping"
                          : "expected a number, got a mapping (only the numbers of a 'vary' in its first form can be "
                            "uncertain)");
        return false;
    }
    if (!gw_take_spread(r, inner, &here, false, &spread)) {
        return false;
    }
    if (!isfinite(gw_distribution_mean(spread.distribution))) {
        gw_problem(r->problems, inner->mark, &here, "expected a distribution with a mean");
        return false;
    }
    *world = spread.distribution;
    return true;
}

static bool take_slot(struct gw_reader *r, struct slot *slot, const struct gw_path *up, bool nested, double *value,
                      struct gw_distribution *world)
{
    const struct gw_path path = {up, slot->name, 0};
    if (slot->node->kind != GW_MAPPING) {
        const bool good = gw_take_real(r, slot->node, &path, value);
        slot->support = (struct gw_support){*value, *value};
        return good;
    }
    if (!take_uncertain(r, slot->node, &path, nested, world)) {
        return false;
    }
    *value = gw_distribution_mean(*world);
    slot->support = gw_distribution_support(*world);
    return true;
}

/* gamma{shape, mean}: rate = shape / mean. beta{mean, sd}: alpha + beta = mean (1 - mean) / sd^2 - 1. */
static bool convert(struct gw_reader *r, enum gw_family family, const struct slot slot[3], const struct gw_path *path,
                    double value[3])
{
    if (family == GW_GAMMA) {
        if (!check_need(r, &slot[0], SHAPE, path) || !check_need(r, &slot[1], POSITIVE, path)) {
            return false;
        }
        value[1] = value[0] / value[1];
        return true;
    }
    const double mean = value[0], variance = value[1] * value[1];
    if (!(mean > 0.0 && mean < 1.0)) {
        return note(r, &slot[0], path, "a mean between 0 and 1");
    }
    const double total = mean * (1.0 - mean) / variance - 1.0;
    value[0] = mean * total;
    value[1] = (1.0 - mean) * total;
    if (!(slot[1].support.low > 0.0 && value[0] >= LEAST_SHAPE && value[1] >= LEAST_SHAPE &&
          value[0] <= GREATEST_SHAPE && value[1] <= GREATEST_SHAPE)) {
        return note(r, &slot[1], path, "a positive sd that a beta distribution of this mean can have");
    }
    return true;
}

static const struct way *way_of(enum gw_family family, const struct gw_node *numbers)
{
    for (size_t i = 0; i < sizeof other_ways / sizeof other_ways[0]; i++) {
        if (other_ways[i].family == family && gw_tree_member(numbers, other_ways[i].mark) != NULL) {
            return &other_ways[i];
        }
    }
    return NULL;
}

static bool take_numbers(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, bool nested,
                         enum gw_family family, struct gw_spread *spread)
{
    const struct way *way = way_of(family, node);
    const char *known[4] = {NULL};
    struct slot slot[3] = {{0}};
    double value[3] = {0};
    for (int i = 0; i < 3; i++) {
        known[i] = way != NULL ? way->number[i] : gw_family_number(family, i);
    }
    bool good = gw_take_keys(r, node, path, known);
    for (int i = 0; known[i] != NULL; i++) {
        slot[i] = (struct slot){.node = gw_tree_find(node, known[i]), .name = known[i]};
        if (slot[i].node == NULL) {
            gw_problem(r->problems, node->mark, path, "'%s' is missing", known[i]);
            good = false;
        } else {
            good = take_slot(r, &slot[i], path, nested && way == NULL, &value[i], &spread->world[i]) && good;
        }
    }
    good = good && (way == NULL || convert(r, family, slot, path, value));
    good = good && (way != NULL || check(r, family, slot, path));
    spread->distribution = (struct gw_distribution){family, value[0], value[1], value[2]};
    return good;
}

static enum gw_family family_of(struct gw_reader *r, const struct gw_member *member, const struct gw_path *path)
{
    struct gw_guess guess = gw_guess_begin(r->problems, member->key);
    char hint[100];
    for (int f = GW_NO_FAMILY + 1; f < GW_FAMILIES; f++) {
        const char *name = gw_family_name((enum gw_family)f);
        if (strcmp(name, member->key) == 0) {
            return (enum gw_family)f;
        }
        gw_guess_try(&guess, name);
    }
    gw_problem(r->problems, member->mark, path, "expected a distribution, got '%s'%s", member->key,
               gw_guess_text(&guess, hint, sizeof hint));
    return GW_NO_FAMILY;
}

bool gw_take_spread(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, bool nested,
                    struct gw_spread *spread)
{
    char got[100];
    *spread = (struct gw_spread){0};
    if (node->kind != GW_MAPPING || node->members != 1) {
        gw_problem(r->problems, node->mark, path,
                   "expected one distribution such as {lognormal: {mean: 1, sd: 0.5}}, got %s",
                   node->kind == GW_MAPPING ? "a mapping with several keys or none"
                                            : gw_node_text(node, got, sizeof got));
        return false;
    }
    const struct gw_path here = {path, node->first->key, 0};
    const enum gw_family family = family_of(r, node->first, path);
    return family != GW_NO_FAMILY &&
           gw_take_mapping(r, node->first->value, &here, "a mapping of the distribution's numbers") &&
           take_numbers(r, node->first->value, &here, nested, family, spread);
}
