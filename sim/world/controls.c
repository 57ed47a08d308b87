#include "world/controls.h"

#include "models/registry.h"
#include "scenario/catalogue.h"
#include "scenario/key.h"
#include "scenario/tree.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listing {
    const struct gw_scenario *scenario;
    struct gw_controls *controls;
    int room;
    bool failed;
};

static bool has_variance(const struct gw_distribution *d)
{
    return isfinite(gw_distribution_mean(*d)) && gw_distribution_sd(*d) > 0.0 && isfinite(gw_distribution_sd(*d));
}

static bool is_listed(const struct listing *l, int parameter, int k, int inner)
{
    for (int i = 0; i < l->controls->n; i++) {
        const struct gw_control *c = &l->controls->control[i];
        if (c->parameter == parameter && c->k == k && c->inner == inner) {
            return true;
        }
    }
    return false;
}

static void add(struct listing *l, struct gw_control control, const char *name)
{
    struct gw_controls *list = l->controls;
    if (l->failed || is_listed(l, control.parameter, control.k, control.inner)) {
        return;
    }
    if (list->n == l->room) {
        const int room = 2 * l->room + 16;
        struct gw_control *larger = realloc(list->control, (size_t)room * sizeof *larger);
        if (larger == NULL) {
            l->failed = true;
            return;
        }
        list->control = larger;
        l->room = room;
    }
    control.name = strdup(name);
    l->failed = control.name == NULL;
    if (!l->failed) {
        list->control[list->n++] = control;
    }
}

/* The key of a number of a set; for the base the one without a strategy. */
static void write_key(const struct listing *l, const struct gw_control *c, char *out, size_t room)
{
    const int strategy = c->set == l->scenario->strategies ? -1 : c->set;
    if (!gw_key_write(l->scenario, strategy, c->parameter, c->k, out, room)) {
        (void)snprintf(out, room, "%s", gw_catalogue_entry(c->parameter)->parameter->name);
    }
}

/* What a world settles of a number. */
static void list_number(struct listing *l, int set, int parameter, int k, const struct gw_number *number)
{
    struct gw_control control = {.set = set, .parameter = parameter, .k = k};
    char key[GW_KEY_BYTES], inside[2 * GW_KEY_BYTES];
    write_key(l, &control, key, sizeof key);
    if (number->how == GW_UNCERTAIN && has_variance(&number->spread.distribution)) {
        add(l, control, key);
    }
    for (int i = 0; number->how == GW_VARY && i < 3; i++) {
        if (number->spread.world[i].family != GW_NO_FAMILY && has_variance(&number->spread.world[i])) {
            control.inner = i + 1;
            (void)snprintf(inside, sizeof inside, "%s.%s", key,
                           gw_family_number(number->spread.distribution.family, i));
            add(l, control, inside);
        }
    }
}

/* Whether the distribution has a variance in every world: the inverse gamma needs a shape above 2. */
static bool always_has_variance(const struct gw_spread *spread)
{
    const bool uncertain = spread->world[0].family != GW_NO_FAMILY || spread->world[1].family != GW_NO_FAMILY ||
                           spread->world[2].family != GW_NO_FAMILY;
    return uncertain ? spread->distribution.family != GW_INVERSE_GAMMA : has_variance(&spread->distribution);
}

/* A parameter in which consumers of some segment differ. */
static void list_population(struct listing *l, int parameter)
{
    const struct gw_scenario *s = l->scenario;
    const struct gw_parameter *p = gw_catalogue_entry(parameter)->parameter;
    const struct gw_control control = {.set = s->strategies, .parameter = parameter, .k = -1};
    bool any = false, all = true;
    char name[GW_KEY_BYTES];
    for (int k = 0; p->scope == GW_CONSUMER && k < s->segments; k++) {
        const struct gw_number *number = &s->base.number[parameter][k];
        any = any || number->how == GW_VARY;
        all = all && (number->how != GW_VARY || always_has_variance(&number->spread));
    }
    if (any && all) {
        (void)snprintf(name, sizeof name, "population.%s", p->name);
        add(l, control, name);
    }
}

int gw_controls_list(struct gw_controls *controls, const struct gw_scenario *scenario, const bool *live,
                     struct gw_error *error)
{
    struct listing l = {.scenario = scenario, .controls = controls};
    *controls = (struct gw_controls){0};
    for (int i = 0; i <= scenario->strategies; i++) {
        const int set = scenario->strategies - i; /* the base first */
        const struct gw_values *values = gw_values_of_set(scenario, set);
        for (int p = 0; p < gw_catalogue_size(); p++) {
            for (int k = 0; live[gw_catalogue_entry(p)->rule] && k < gw_parameter_width(scenario, p); k++) {
                list_number(&l, set, p, k, &values->number[p][k]);
            }
        }
    }
    for (int p = 0; p < gw_catalogue_size(); p++) {
        if (live[gw_catalogue_entry(p)->rule]) {
            list_population(&l, p);
        }
    }
    if (l.failed) {
        gw_controls_free(controls);
        return gw_fail(error, GW_REFUSED, "out of memory for control variates");
    }
    return GW_OK;
}

void gw_controls_free(struct gw_controls *controls)
{
    for (int i = 0; i < controls->n; i++) {
        free(controls->control[i].name);
    }
    free(controls->control);
    *controls = (struct gw_controls){0};
}

/* ---- Values --------------------------------------------------------------------------------------------------- */

/* What gw_world_settle() draws, with the same uniform. */
static double draw_number(const struct gw_control *c, const struct gw_scenario *s, const struct gw_pool *shared,
                          uint32_t replication)
{
    const struct gw_spread *spread = &gw_values_of_set(s, c->set)->number[c->parameter][c->k].spread;
    const struct gw_distribution d = c->inner == 0 ? spread->distribution : spread->world[c->inner - 1];
    const double u = gw_world_uniform(s, replication, c->parameter, c->k, c->inner);
    return gw_quantile_at(gw_pool_find(shared, d), u) - gw_distribution_mean(d);
}

/* What consumers are given at the start, with the same uniforms, over the population. */
static double draw_population(const struct gw_control *c, const struct gw_scenario *s, const struct gw_world *world,
                              uint32_t replication)
{
    const struct gw_entry *entry = gw_catalogue_entry(c->parameter);
    const struct gw_key key = gw_world_key(s, replication, gw_rule_ids[entry->rule]);
    const uint32_t entity = gw_name_hash(entry->parameter->name);
    double sum = 0.0;
    for (int k = 0; k < s->segments; k++) {
        const struct gw_quantile *q = gw_world_number(world, c->set, c->parameter, k)->quantile;
        const double mean = q == NULL ? 0.0 : gw_distribution_mean(gw_quantile_distribution(q));
        for (uint32_t i = gw_segment_first(s, k); q != NULL && i < gw_segment_first(s, k + 1); i++) {
            sum += gw_quantile_at(q, gw_uniform_start(&key, i, entity, 0)) - mean;
        }
    }
    return sum / (double)s->population;
}

void gw_controls_draw(const struct gw_controls *controls, const struct gw_scenario *scenario,
                      const struct gw_world *world, const struct gw_pool *shared, uint32_t replication, double *out)
{
    for (int i = 0; i < controls->n; i++) {
        const struct gw_control *c = &controls->control[i];
        out[i] = c->k < 0 ? draw_population(c, scenario, world, replication)
                          : draw_number(c, scenario, shared, replication);
    }
}
