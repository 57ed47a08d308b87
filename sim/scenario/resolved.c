/*
 * The canonical text: everything a scenario means, in one order, with every default spelled out, times in periods
 * and numbers in their shortest form. Reads back as the same scenario.
 */
#include "scenario/reader.h"
#include "scenario/text.h"

#include <stdlib.h>
#include <string.h>

static void write_real(struct gw_text *out, double x)
{
    char number[GW_NUMBER_TEXT];
    gw_text_add(out, "%s", gw_number_text(number, x));
}

static void write_distribution(struct gw_text *out, const struct gw_distribution *d,
                               const struct gw_distribution *world)
{
    const double value[3] = {d->a, d->b, d->c};
    gw_text_add(out, "{%s: {", gw_family_name(d->family));
    for (int i = 0; i < 3 && gw_family_number(d->family, i) != NULL; i++) {
        gw_text_add(out, "%s%s: ", i > 0 ? ", " : "", gw_family_number(d->family, i));
        if (world != NULL && world[i].family != GW_NO_FAMILY) {
            gw_text_add(out, "{uncertain: ");
            write_distribution(out, &world[i], NULL);
            gw_text_add(out, "}");
        } else {
            write_real(out, value[i]);
        }
    }
    gw_text_add(out, "}}");
}

static void write_literal(struct gw_text *out, const struct gw_parameter *p, double value)
{
    if (p->kind == GW_FLAG) {
        gw_text_add(out, "%s", value != 0.0 ? "true" : "false");
    } else if (p->kind == GW_CHOICE) {
        const char *word = p->choices;
        for (int i = 0; i < (int)value; i++) {
            word = strchr(word, '|') + 1;
        }
        gw_text_append(out, word, strcspn(word, "|"));
    } else {
        write_real(out, value);
    }
}

static void write_schedule(struct gw_text *out, const struct gw_parameter *p, const struct gw_schedule *schedule)
{
    gw_text_add(out, "{schedule: [{start: ");
    write_literal(out, p, schedule->start);
    for (int k = 0; k < schedule->changes; k++) {
        const struct gw_change *c = &schedule->change[k];
        gw_text_add(out, k > 0 ? ", {" : ", ");
        if (c->until == c->from) {
            gw_text_add(out, "at: %u, to: ", c->from);
        } else {
            gw_text_add(out, "from: %u, until: %u, to: ", c->from, c->until);
        }
        write_literal(out, p, c->to);
        gw_text_add(out, "}");
    }
    gw_text_add(out, "]}");
}

static void write_number(struct gw_text *out, const struct gw_parameter *p, const struct gw_number *number)
{
    switch (number->how) {
    case GW_LITERAL:
        write_literal(out, p, number->value);
        break;
    case GW_VARY:
    case GW_UNCERTAIN:
        gw_text_add(out, number->how == GW_VARY ? "{vary: " : "{uncertain: ");
        write_distribution(out, &number->spread.distribution, number->spread.world);
        gw_text_add(out, "}");
        break;
    case GW_SCHEDULE:
        write_schedule(out, p, &number->schedule);
        break;
    }
}

static bool same_distribution(const struct gw_distribution *a, const struct gw_distribution *b)
{
    return a->family == b->family && a->a == b->a && a->b == b->b && a->c == b->c;
}

static bool same_spread(const struct gw_spread *a, const struct gw_spread *b)
{
    bool same = same_distribution(&a->distribution, &b->distribution);
    for (int i = 0; i < 3; i++) {
        same = same && same_distribution(&a->world[i], &b->world[i]);
    }
    return same;
}

static bool same_schedule(const struct gw_schedule *a, const struct gw_schedule *b)
{
    bool same = a->start == b->start && a->changes == b->changes;
    for (int k = 0; same && k < a->changes; k++) {
        same = a->change[k].from == b->change[k].from && a->change[k].until == b->change[k].until &&
               a->change[k].to == b->change[k].to;
    }
    return same;
}

static bool same_number(const struct gw_number *a, const struct gw_number *b)
{
    if (a->how != b->how) {
        return false;
    }
    switch (a->how) {
    case GW_VARY:
    case GW_UNCERTAIN:
        return same_spread(&a->spread, &b->spread);
    case GW_SCHEDULE:
        return same_schedule(&a->schedule, &b->schedule);
    case GW_LITERAL:
        break;
    }
    return a->value == b->value;
}

/* Every parameter of an area, cell k, a line each; those in which it differs from the cell `like`, if that is not -1.
 * How many lines. */
static int write_area(struct gw_text *out, const struct gw_scenario *s, const char *area, int k, int like,
                      const char *indent)
{
    int lines = 0;
    for (int i = 0; i < gw_catalogue_size(); i++) {
        const struct gw_parameter *p = gw_catalogue_entry(i)->parameter;
        const struct gw_number *number = s->base.number[i];
        if (strcmp(gw_scope_area(p->scope), area) == 0 && (like < 0 || !same_number(&number[k], &number[like]))) {
            gw_text_add(out, "%s%s: ", indent, p->name);
            write_number(out, p, &number[k]);
            gw_text_add(out, "\n");
            lines++;
        }
    }
    return lines;
}

static void write_head(struct gw_text *out, const struct gw_scenario *s)
{
    static const char *const period[] = {[GW_DAY] = "day", [GW_WEEK] = "week", [GW_MONTH] = "month"};
    gw_text_add(out, "goodwill: 1\ntitle: ");
    gw_text_quoted(out, s->title);
    gw_text_add(out, "\nperiod: %s\nhorizon: %u\nwarm_up: %u\nreplications: %u\nseed: %llu\nsetting: %s\n",
                period[s->period], s->horizon, s->warm_up, s->replications, (unsigned long long)s->seed,
                s->contractual ? "contractual" : "non_contractual");
}

static void write_population(struct gw_text *out, const struct gw_scenario *s)
{
    gw_text_add(out, "population:\n");
    if (s->population_given) {
        gw_text_add(out, "  size: %u\n", s->population);
    }
    if (s->sample > 0) {
        gw_text_add(out, "  sample: %u\n", s->sample);
    }
    gw_text_add(out, "  relations: %d\n  segments:\n", s->relations);
    for (int k = 0; k < s->segments; k++) {
        gw_text_add(out, "    %s:\n      share: ", s->segment[k].name);
        write_real(out, s->segment[k].share);
        gw_text_add(out, "\n");
        write_area(out, s, "population", k, -1, "      ");
    }
}

static void write_law(struct gw_text *out, const struct gw_network_spec *network)
{
    const struct gw_degree_law *law = &network->law;
    switch (law->family) {
    case GW_DEGREES_POISSON:
    case GW_DEGREES_GEOMETRIC:
        gw_text_add(out, "%s: {mean: ", law->family == GW_DEGREES_POISSON ? "poisson" : "geometric");
        write_real(out, law->mean);
        break;
    case GW_DEGREES_POWER_LAW:
        gw_text_add(out, "power_law: {exponent: ");
        write_real(out, law->exponent);
        gw_text_add(out, ", minimum: %u, maximum: %u", law->minimum, law->maximum);
        break;
    case GW_DEGREES_LISTED:
        gw_text_add(out, "degrees: ");
        gw_text_quoted(out, network->path);
        return;
    }
    gw_text_add(out, "}");
}

static void write_network(struct gw_text *out, const struct gw_network_spec *network)
{
    const char *again = network->per_replication ? "true" : "false";
    if (network->kind == GW_NETWORK_NONE) {
        gw_text_add(out, "network: none\n");
        return;
    }
    gw_text_add(out, "network: {%s: ", gw_network_name(network->kind));
    switch (network->kind) {
    case GW_NETWORK_WATTS_STROGATZ:
        gw_text_add(out, "{degree: %u, rewire: ", network->degree);
        write_real(out, network->rewire);
        gw_text_add(out, ", per_replication: %s}", again);
        break;
    case GW_NETWORK_BARABASI_ALBERT:
        gw_text_add(out, "{edges: %u, per_replication: %s}", network->edges, again);
        break;
    case GW_NETWORK_CONFIGURATION:
        gw_text_add(out, "{");
        write_law(out, network);
        gw_text_add(out, ", per_replication: %s}", again);
        break;
    case GW_NETWORK_EDGE_LIST:
        gw_text_quoted(out, network->path);
        break;
    case GW_NETWORK_COMPLETE:
    case GW_NETWORK_NONE:
        gw_text_add(out, "{}");
        break;
    }
    gw_text_add(out, "}\n");
}

/* The group that begins with a firm, or the one that it belongs to. */
static const struct gw_firm_group *group_of(const struct gw_scenario *s, int firm)
{
    for (int g = 0; g < s->groups; g++) {
        if (firm >= s->group[g].first && firm < s->group[g].first + s->group[g].firms) {
            return &s->group[g];
        }
    }
    return NULL;
}

/* A firm, or what makes it differ from the first copy of its group, which is written for all of them. */
static void write_firm(struct gw_text *out, const struct gw_scenario *s, int f)
{
    const struct gw_firm_group *group = group_of(s, f);
    const bool leads = group != NULL && f == group->first;
    const size_t line = out->length;
    gw_text_add(out, "  %s:\n", leads ? group->name : s->firm[f]);
    if (leads) {
        gw_text_add(out, "    copies: %d\n", group->firms);
    }
    const int lines = write_area(out, s, "firms", f, group != NULL && !leads ? group->first : -1, "    ");
    if (lines == 0 && !leads && !out->failed) {
        out->length = line;
        if (group == NULL) {
            gw_text_add(out, "  %s: {}\n", s->firm[f]);
        }
    }
}

static void write_market_and_firms(struct gw_text *out, const struct gw_scenario *s)
{
    const size_t before = out->length;
    gw_text_add(out, "market:\n");
    if (write_area(out, s, "market", 0, -1, "  ") == 0 && !out->failed) {
        out->length = before; /* no market parameters at all: no empty mapping */
    }
    gw_text_add(out, "firms:\n");
    for (int f = 0; f < s->firms; f++) {
        write_firm(out, s, f);
    }
    gw_text_add(out, "focal: %s\n", s->firm[s->focal]);
}

static void write_cell(struct gw_text *out, const struct gw_parameter *p, const char *of,
                       const struct gw_number *number)
{
    switch (p->scope) {
    case GW_CONSUMER:
        gw_text_add(out, "    population.segments.%s.%s: ", of, p->name);
        break;
    case GW_FIRM:
    case GW_LEVER:
        gw_text_add(out, "    firms.%s.%s: ", of, p->name);
        break;
    case GW_MARKET:
        gw_text_add(out, "    market.%s: ", p->name);
        break;
    }
    write_number(out, p, number);
    gw_text_add(out, "\n");
}

/* Whether a number written for the whole group says it all: copies that are like the first in the base change with
 * it, the others keep their own. */
static bool changes_as_one(const struct gw_firm_group *group, const struct gw_number *base,
                           const struct gw_number *changed)
{
    const int first = group->first;
    for (int f = first; f < first + group->firms; f++) {
        const bool alike = same_number(&base[f], &base[first]);
        if (!same_number(&changed[f], alike ? &changed[first] : &base[f])) {
            return false;
        }
    }
    return true;
}

/* Writes one parameter where it differs from the base; how many lines. */
static int write_changes(struct gw_text *out, const struct gw_scenario *s, int i, const struct gw_number *changed,
                         int lines)
{
    const struct gw_parameter *p = gw_catalogue_entry(i)->parameter;
    const struct gw_number *base = s->base.number[i];
    const bool firms = p->scope == GW_FIRM || p->scope == GW_LEVER;
    for (int k = 0; k < gw_values_count(s, p->scope); k++) {
        const struct gw_firm_group *group = firms ? group_of(s, k) : NULL;
        const bool as_one = group != NULL && changes_as_one(group, base, changed);
        if (!same_number(&changed[k], &base[k]) && (!as_one || k == group->first)) {
            gw_text_add(out, lines++ == 0 ? "\n" : "");
            const char *of = as_one  ? group->name
                             : firms ? s->firm[k]
                                     : s->segment[p->scope == GW_CONSUMER ? k : 0].name;
            write_cell(out, p, of, &changed[k]);
        }
    }
    return lines;
}

/* What decides over the number of replications, in one line. */
static void write_precision(struct gw_text *out, const struct gw_precision *precision)
{
    if (precision->half_width == 0.0) {
        return;
    }
    gw_text_add(out, "precision: {half_width: ");
    write_real(out, precision->half_width);
    gw_text_add(out, "%s, of: [", precision->relative ? "%" : "");
    for (int i = 0; i < precision->asked; i++) {
        gw_text_add(out, i > 0 ? ", " : "");
        gw_text_quoted(out, precision->of[i]);
    }
    gw_text_add(out, "], confidence: ");
    write_real(out, precision->confidence);
    gw_text_add(out, ", least: %u, most: %u}\n", precision->least, precision->most);
}

static void write_reduction(struct gw_text *out, const struct gw_reduction_spec *reduction)
{
    if (reduction->antithetic || reduction->control_variates) {
        gw_text_add(out, "variance_reduction: {antithetic: %s, control_variates: %s}\n",
                    reduction->antithetic ? "true" : "false", reduction->control_variates ? "true" : "false");
    }
}

/* Only what differs from the base. */
static void write_strategy(struct gw_text *out, const struct gw_scenario *s, const struct gw_strategy *strategy)
{
    int lines = 0;
    gw_text_add(out, "  %s:", strategy->name);
    for (int i = 0; i < gw_catalogue_size(); i++) {
        lines = write_changes(out, s, i, strategy->values.number[i], lines);
    }
    gw_text_add(out, lines == 0 ? " {}\n" : "");
}

int gw_write_resolved(struct gw_scenario *scenario, struct gw_arena *arena)
{
    struct gw_text out = {0};
    write_head(&out, scenario);
    write_population(&out, scenario);
    write_network(&out, &scenario->network);
    write_market_and_firms(&out, scenario);
    gw_text_add(&out, "strategies:\n");
    for (int k = 0; k < scenario->strategies; k++) {
        write_strategy(&out, scenario, &scenario->strategy[k]);
    }
    gw_text_add(&out, "keep: {firms: %s, segments: %s}\n", scenario->keep_firms ? "true" : "false",
                scenario->keep_segments ? "true" : "false");
    write_precision(&out, &scenario->precision);
    write_reduction(&out, &scenario->reduction);
    scenario->resolved = out.failed ? NULL : gw_arena_text(arena, out.bytes, out.length);
    free(out.bytes);
    return scenario->resolved == NULL ? GW_FAILED : GW_OK;
}
