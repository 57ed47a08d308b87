#include "world/world.h"

#include "models/registry.h"
#include "scenario/catalogue.h"
#include "world/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Pool ------------------------------------------------------------------------------------------------- */

static bool same_distribution(const struct gw_distribution *a, const struct gw_distribution *b)
{
    return a->family == b->family && a->a == b->a && a->b == b->b && a->c == b->c;
}

const struct gw_quantile *gw_pool_find(const struct gw_pool *pool, struct gw_distribution distribution)
{
    for (int i = 0; i < pool->n; i++) {
        if (same_distribution(&pool->entry[i].distribution, &distribution)) {
            return pool->entry[i].quantile;
        }
    }
    return pool->lent == NULL ? NULL : gw_pool_find(pool->lent, distribution);
}

const struct gw_quantile *gw_pool_get(struct gw_pool *pool, struct gw_distribution distribution,
                                      struct gw_error *error)
{
    const struct gw_quantile *found = gw_pool_find(pool, distribution);
    struct gw_quantile *made = NULL;
    if (found != NULL) {
        return found;
    }
    if (pool->n == pool->room) {
        const int room = pool->room == 0 ? 16 : 2 * pool->room;
        struct gw_pool_entry *entry = realloc(pool->entry, (size_t)room * sizeof *entry);
        if (entry == NULL) {
            gw_fail(error, GW_REFUSED, "out of memory");
            return NULL;
        }
        pool->entry = entry;
        pool->room = room;
    }
    if (gw_quantile_create(&made, distribution, error) != GW_OK) {
        return NULL;
    }
    pool->entry[pool->n].distribution = distribution;
    pool->entry[pool->n++].quantile = made;
    return made;
}

void gw_pool_free(struct gw_pool *pool)
{
    for (int i = 0; i < pool->n; i++) {
        gw_quantile_free(pool->entry[i].quantile);
    }
    free(pool->entry);
    memset(pool, 0, sizeof *pool);
}

/* ---- Shape ------------------------------------------------------------------------------------------------ */

const struct gw_values *gw_values_of_set(const struct gw_scenario *scenario, int set)
{
    return set == scenario->strategies ? &scenario->base : &scenario->strategy[set].values;
}

int gw_parameter_width(const struct gw_scenario *scenario, int parameter)
{
    switch (gw_catalogue_entry(parameter)->parameter->scope) {
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

int gw_world_create(struct gw_world **world, const struct gw_scenario *scenario, struct gw_error *error)
{
    const int parameters = gw_catalogue_size();
    struct gw_world *w = calloc(1, sizeof *w);
    *world = w;
    if (w == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    w->sets = scenario->strategies + 1;
    w->offset = calloc((size_t)parameters + 1, sizeof *w->offset);
    if (w->offset == NULL) {
        goto out;
    }
    for (int p = 0; p < parameters; p++) {
        w->offset[p + 1] = w->offset[p] + gw_parameter_width(scenario, p);
    }
    w->number = calloc((size_t)w->sets * (size_t)w->offset[parameters], sizeof *w->number);
    if (w->number != NULL) {
        return GW_OK;
    }
out:
    gw_world_free(w);
    *world = NULL;
    return gw_fail(error, GW_REFUSED, "out of memory");
}

void gw_world_free(struct gw_world *world)
{
    if (world != NULL) {
        gw_pool_free(&world->own);
        free(world->offset);
        free(world->number);
        free(world);
    }
}

static struct gw_settled *settled_at(const struct gw_world *world, int set, int parameter, int k)
{
    const int total = world->offset[gw_catalogue_size()];
    return &world->number[(size_t)set * (size_t)total + (size_t)(world->offset[parameter] + k)];
}

const struct gw_settled *gw_world_number(const struct gw_world *world, int set, int parameter, int k)
{
    return settled_at(world, set, parameter, k);
}

struct gw_key gw_world_key(const struct gw_scenario *scenario, uint32_t replication, uint32_t rule)
{
    return scenario->reduction.antithetic ? gw_key_antithetic(scenario->seed, replication, rule)
                                          : gw_key_make(scenario->seed, replication, rule);
}

/* ---- Settling --------------------------------------------------------------------------------------------- */

static double held(const struct gw_parameter *parameter, double x)
{
    x = x < parameter->low ? parameter->low : x > parameter->high ? parameter->high : x;
    return parameter->kind == GW_REAL ? x : floor(x + 0.5);
}

static bool depends_on_world(const struct gw_spread *spread)
{
    return spread->world[0].family != GW_NO_FAMILY || spread->world[1].family != GW_NO_FAMILY ||
           spread->world[2].family != GW_NO_FAMILY;
}

double gw_world_uniform(const struct gw_scenario *scenario, uint32_t replication, int parameter, int k, int inner)
{
    const struct gw_entry *entry = gw_catalogue_entry(parameter);
    const struct gw_key key = gw_world_key(scenario, replication, gw_rule_ids[entry->rule]);
    const uint32_t entity = gw_name_hash(entry->parameter->name) + (uint32_t)k + ((uint32_t)inner << 16);
    return gw_uniform_start(&key, UINT32_MAX, entity, 0);
}

/* A distribution over customers with its own uncertain numbers drawn. */
static struct gw_distribution settle_spread(const struct gw_scenario *scenario, const struct gw_pool *shared,
                                            uint32_t replication, int parameter, int k,
                                            const struct gw_spread *spread)
{
    struct gw_distribution distribution = spread->distribution;
    double *number[3] = {&distribution.a, &distribution.b, &distribution.c};
    for (int w = 0; w < 3; w++) {
        if (spread->world[w].family != GW_NO_FAMILY) {
            const struct gw_quantile *q = gw_pool_find(shared, spread->world[w]);
            *number[w] = gw_quantile_at(q, gw_world_uniform(scenario, replication, parameter, k, w + 1));
        }
    }
    return distribution;
}

static int settle_one(struct gw_world *world, const struct gw_scenario *scenario, const struct gw_pool *shared,
                      uint32_t replication, int set, int parameter, int k, struct gw_error *error)
{
    const struct gw_parameter *descriptor = gw_catalogue_entry(parameter)->parameter;
    const struct gw_number *number = &gw_values_of_set(scenario, set)->number[parameter][k];
    struct gw_settled *out = settled_at(world, set, parameter, k);
    *out = (struct gw_settled){.value = number->value};
    switch (number->how) {
    case GW_LITERAL:
        break;
    case GW_SCHEDULE:
        out->schedule = &number->schedule;
        out->value = number->schedule.start;
        break;
    case GW_UNCERTAIN: {
        const double u = gw_world_uniform(scenario, replication, parameter, k, 0);
        out->value = held(descriptor, gw_quantile_at(gw_pool_find(shared, number->spread.distribution), u));
        break;
    }
    case GW_VARY: {
        const struct gw_distribution distribution =
            settle_spread(scenario, shared, replication, parameter, k, &number->spread);
        out->quantile = gw_pool_find(shared, distribution);
        if (out->quantile == NULL) {
            out->quantile = gw_pool_get(&world->own, distribution, error);
        }
        return out->quantile == NULL ? GW_BAD_INPUT : GW_OK;
    }
    }
    return GW_OK;
}

int gw_world_settle(struct gw_world *world, const struct gw_scenario *scenario, const struct gw_pool *shared,
                    uint32_t replication, struct gw_error *error)
{
    const int parameters = gw_catalogue_size();
    gw_pool_free(&world->own);
    for (int set = 0; set < world->sets; set++) {
        for (int p = 0; p < parameters; p++) {
            for (int k = 0; k < world->offset[p + 1] - world->offset[p]; k++) {
                const int ret = settle_one(world, scenario, shared, replication, set, p, k, error);
                if (ret != GW_OK) {
                    return ret;
                }
            }
        }
    }
    return GW_OK;
}

static int fill_from(struct gw_pool *pool, const struct gw_number *number, struct gw_error *error)
{
    if (number->how != GW_VARY && number->how != GW_UNCERTAIN) {
        return GW_OK;
    }
    for (int w = 0; w < 3; w++) {
        const struct gw_distribution *world = &number->spread.world[w];
        if (world->family != GW_NO_FAMILY && gw_pool_get(pool, *world, error) == NULL) {
            return GW_BAD_INPUT;
        }
    }
    const bool fixed = !depends_on_world(&number->spread);
    return fixed && gw_pool_get(pool, number->spread.distribution, error) == NULL ? GW_BAD_INPUT : GW_OK;
}

int gw_world_fill_pool(struct gw_pool *pool, const struct gw_scenario *scenario, struct gw_error *error)
{
    const int parameters = gw_catalogue_size();
    for (int set = 0; set <= scenario->strategies; set++) {
        for (int p = 0; p < parameters; p++) {
            for (int k = 0; k < gw_parameter_width(scenario, p); k++) {
                const int ret = fill_from(pool, &gw_values_of_set(scenario, set)->number[p][k], error);
                if (ret != GW_OK) {
                    return ret;
                }
            }
        }
    }
    return GW_OK;
}

/* ---- Size ------------------------------------------------------------------------------------------------- */

/* Whether a parameter is an amount for the whole market: it grows with the number of consumers. */
static bool is_extensive(const struct gw_parameter *p)
{
    return p->scope != GW_CONSUMER && (strcmp(p->unit, "money per week") == 0 || strcmp(p->unit, "agents") == 0);
}

static void scale_number(struct gw_number *number, double factor)
{
    number->value *= factor;
    number->schedule.start *= factor;
    number->spread.distribution = gw_distribution_scaled(number->spread.distribution, factor);
    for (int c = 0; c < number->schedule.changes; c++) {
        number->schedule.change[c].to *= factor;
    }
}

void gw_world_resize(struct gw_scenario *scenario, uint32_t consumers)
{
    const double factor = (double)consumers / (double)scenario->population;
    scenario->population = consumers;
    scenario->scale /= factor;
    for (int set = 0; set <= scenario->strategies; set++) {
        for (int p = 0; p < gw_catalogue_size(); p++) {
            for (int k = 0; is_extensive(gw_catalogue_entry(p)->parameter) && k < gw_parameter_width(scenario, p);
                 k++) {
                scale_number(&gw_values_of_set(scenario, set)->number[p][k], factor);
            }
        }
    }
}

/* How many people the network brings; 0 when it leaves that to the scenario. */
static int count_people(const struct gw_network_spec *network, uint32_t *people, struct gw_error *error)
{
    *people = 0;
    if (network->kind == GW_NETWORK_EDGE_LIST) {
        return gw_network_count(network->path, people, error);
    }
    if (network->kind == GW_NETWORK_CONFIGURATION && network->law.family == GW_DEGREES_LISTED) {
        *people = network->law.people;
    }
    return GW_OK;
}

int gw_world_size(struct gw_scenario *scenario, struct gw_error *error)
{
    uint32_t people;
    const int ret = count_people(&scenario->network, &people, error);
    if (ret == GW_OK && people == 0 && scenario->sample > 0 && scenario->population != scenario->sample) {
        gw_world_resize(scenario, scenario->sample);
    }
    if (ret != GW_OK || people == 0) {
        return ret;
    }
    if (scenario->population_given && scenario->population != people) {
        gw_world_resize(scenario, people);
    }
    scenario->population = people;
    return GW_OK;
}
