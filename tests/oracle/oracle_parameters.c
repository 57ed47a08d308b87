/*
 * Numbers of the scenario: what varies over consumers, what is uncertain over worlds, what changes in time.
 */
#include "oracle_internal.h"

#include "scenario/catalogue.h"

#include <math.h>
#include <string.h>

struct parameter {
    const char *name;
    enum rule rule;
    size_t field;
};

#define ROW(rule, structure, field, name) {name, rule, offsetof(structure, field)},
#define EACH(rule, structure, field, name)                                                                           \
    ROW(rule, structure, field[EMAIL], name ".email")                                                                \
    ROW(rule, structure, field[PHONE], name ".phone")                                                                \
    ROW(rule, structure, field[STORE], name ".store")                                                                \
    ROW(rule, structure, field[SOCIAL], name ".social")                                                              \
    ROW(rule, structure, field[WEB], name ".web")                                                                    \
    ROW(rule, structure, field[CHAT], name ".chat")
#define OWN(rule, field, name) ROW(rule, struct own, field, name)
#define OWN_EACH(rule, field, name) EACH(rule, struct own, field, name)
#define OF_FIRM(rule, field, name) ROW(rule, struct firm_numbers, field, name)
#define OF_FIRM_EACH(rule, field, name) EACH(rule, struct firm_numbers, field, name)
#define OF_MARKET(rule, field, name) ROW(rule, struct market, field, name)
#define OF_MARKET_EACH(rule, field, name) EACH(rule, struct market, field, name)
static const struct parameter own_parameters[] = {CONSUMER_PARAMETERS(OWN, OWN_EACH)};
static const struct parameter firm_parameters[] = {FIRM_PARAMETERS(OF_FIRM, OF_FIRM_EACH)};
static const struct parameter market_parameters[] = {MARKET_PARAMETERS(OF_MARKET, OF_MARKET_EACH)};
#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static double *field_of(void *structure, const struct parameter *p)
{
    return (double *)(void *)((char *)structure + p->field);
}

/* A parameter of the catalogue and its numbers under one strategy. */
struct numbers {
    const struct gw_parameter *declared;
    const struct gw_number *number; /* [segment, firm or 0] */
};

static int find(struct numbers *found, const struct oracle *o, const char *area, const char *name,
                struct gw_error *error)
{
    const struct gw_scenario *s = o->scenario;
    const struct gw_values *values = o->strategy < 0 ? &s->base : &s->strategy[o->strategy].values;
    const int index = gw_catalogue_find(area, name);
    if (index < 0) {
        return gw_fail(error, GW_FAILED, "oracle: no parameter %s.%s in the catalogue", area, name);
    }
    *found = (struct numbers){gw_catalogue_entry(index)->parameter, values->number[index]};
    return 0;
}

static double within_domain(const struct gw_parameter *declared, double x)
{
    return fmin(fmax(x, declared->low), declared->high);
}

/* The world's draw of number `which` of parameter `p`; which = 0 is the parameter itself, w + 1 the distribution's
 * own number w. k is the segment or firm. */
static double world(const struct oracle *o, const struct parameter *p, int k, int which, struct gw_distribution d)
{
    const uint32_t entity = oracle_fnv(p->name) + (uint32_t)k + UINT32_C(65536) * (uint32_t)which;
    return oracle_quantile(d, oracle_start(o, p->rule, UINT32_MAX, entity, 0));
}

/* The distribution over consumers with its uncertain numbers replaced by this world's. */
static struct gw_distribution spread_in_world(const struct oracle *o, const struct parameter *p, int k,
                                              const struct gw_spread *spread)
{
    struct gw_distribution d = spread->distribution;
    double *const own[] = {&d.a, &d.b, &d.c};
    for (int w = 0; w < 3; w++) {
        if (spread->world[w].family != GW_NO_FAMILY) {
            *own[w] = world(o, p, k, w + 1, spread->world[w]);
        }
    }
    return d;
}

static double scheduled(const struct gw_schedule *schedule, int64_t period)
{
    double value = schedule->start;
    for (int k = 0; k < schedule->changes; k++) {
        const struct gw_change *c = &schedule->change[k];
        if (period >= (int64_t)c->until) {
            value = c->to;
        } else if (period >= (int64_t)c->from) {
            value += (c->to - value) * (double)(period - c->from) / (double)(c->until - c->from);
            break;
        } else {
            break;
        }
    }
    return value;
}

/* A number that is the same for all consumers it is for. */
static double common(const struct oracle *o, const struct parameter *p, const struct numbers *n, int k)
{
    const struct gw_number *number = &n->number[k];
    switch (number->how) {
    case GW_UNCERTAIN:
        return within_domain(n->declared, world(o, p, k, 0, spread_in_world(o, p, k, &number->spread)));
    case GW_SCHEDULE:
        return scheduled(&number->schedule, o->t - o->origin);
    default:
        return number->value;
    }
}

/* Everybody in a segment draws from the segment's distribution. */
static void own_varied(struct oracle *o, const struct parameter *p, const struct numbers *n, int segment)
{
    const struct gw_distribution d = spread_in_world(o, p, segment, &n->number[segment].spread);
    const uint32_t entity = oracle_fnv(p->name);
    for (uint32_t i = 0; i < o->scenario->population; i++) {
        if (o->consumer[i].segment == segment) {
            const double x = oracle_quantile(d, oracle_start(o, p->rule, i, entity, 0));
            *field_of(&o->consumer[i].own, p) = within_domain(n->declared, x);
        }
    }
}

static void own_shared(struct oracle *o, const struct parameter *p, const struct numbers *n, int segment)
{
    const double x = common(o, p, n, segment);
    for (uint32_t i = 0; i < o->scenario->population; i++) {
        if (o->consumer[i].segment == segment) {
            *field_of(&o->consumer[i].own, p) = x;
        }
    }
}

static int own_parameter(struct oracle *o, const struct parameter *p, struct gw_error *error)
{
    struct numbers n = {0};
    const int ret = find(&n, o, "population", p->name, error);
    for (int k = 0; ret == 0 && k < o->scenario->segments; k++) {
        if (n.number[k].how == GW_VARY) {
            own_varied(o, p, &n, k);
        } else {
            own_shared(o, p, &n, k);
        }
    }
    return ret;
}

static int market(struct oracle *o, struct gw_error *error)
{
    for (size_t k = 0; k < LENGTH(market_parameters); k++) {
        const struct parameter *p = &market_parameters[k];
        struct numbers n = {0};
        const int ret = find(&n, o, "market", p->name, error);
        if (ret != 0) {
            return ret;
        }
        *field_of(&o->market, p) = common(o, p, &n, 0);
    }
    o->term = (int64_t)fmax(1.0, round(o->market.contract_years / o->years));
    o->hearsay_fades = -expm1(-o->years / o->market.hearsay_life);
    return 0;
}

static int firms(struct oracle *o, struct gw_error *error)
{
    o->levers = 0;
    for (size_t k = 0; k < LENGTH(firm_parameters); k++) {
        const struct parameter *p = &firm_parameters[k];
        struct numbers n = {0};
        const int ret = find(&n, o, "firms", p->name, error);
        if (ret != 0) {
            return ret;
        }
        for (int f = 0; f < o->firms; f++) {
            *field_of(&o->firm[f].own, p) = common(o, p, &n, f);
            if (n.number[f].how == GW_SCHEDULE) {
                o->lever[o->levers++] = (struct lever){f, p->field, &n.number[f].schedule};
            }
        }
    }
    for (int f = 0; f < o->firms; f++) {
        o->firm[f].is = o->firm[f].own;
    }
    return 0;
}

void oracle_move_levers(struct oracle *o)
{
    for (int k = 0; k < o->levers; k++) {
        const struct lever *lever = &o->lever[k];
        char *own = (char *)&o->firm[lever->firm].own;
        *(double *)(void *)(own + lever->field) = scheduled(lever->schedule, o->t - o->origin);
    }
    for (int f = 0; f < o->firms; f++) {
        o->firm[f].is = o->firm[f].own;
    }
}

int oracle_put_in_force(struct oracle *o, int strategy, struct gw_error *error)
{
    if (strategy < -1 || strategy >= o->scenario->strategies) {
        return gw_fail(error, GW_BAD_INPUT, "oracle: no strategy %d", strategy);
    }
    if (strategy == o->strategy) {
        return 0;
    }
    o->strategy = strategy;
    int ret = market(o, error);
    if (ret == 0) {
        ret = firms(o, error);
    }
    for (size_t k = 0; ret == 0 && k < LENGTH(own_parameters); k++) {
        ret = own_parameter(o, &own_parameters[k], error);
    }
    return ret;
}

bool oracle_own_parameter(const struct consumer *c, const char *name, double *value)
{
    for (size_t k = 0; k < LENGTH(own_parameters); k++) {
        if (strcmp(name, own_parameters[k].name) == 0) {
            *value = *(const double *)(const void *)((const char *)&c->own + own_parameters[k].field);
            return true;
        }
    }
    return false;
}

bool oracle_firm_parameter(const struct firm *firm, const char *name, double *value)
{
    for (size_t k = 0; k < LENGTH(firm_parameters); k++) {
        if (strcmp(name, firm_parameters[k].name) == 0) {
            *value = *(const double *)(const void *)((const char *)&firm->is + firm_parameters[k].field);
            return true;
        }
    }
    return false;
}
