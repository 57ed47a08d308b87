/*
 * Rules' own checks of their values: what no domain of a single parameter can say.
 */
#include "engine/plan.h"
#include "scenario/catalogue.h"

#include <stdlib.h>

enum { MESSAGE = 600, MOST_PARAMETERS = 256 }; /* of a rule, with what it borrows */

/* Numbers of a rule's parameters, own and borrowed, in one period of one set of values. */
struct numbers {
    double *value; /* [parameter][firm] */
    const double **levers;
    double *market;
};

static void free_numbers(struct numbers *n)
{
    free(n->value);
    free((void *)n->levers);
    free(n->market);
}

static bool make_numbers(struct numbers *n, int parameters, int firms)
{
    n->value = calloc((size_t)parameters * (size_t)firms + 1, sizeof *n->value);
    n->levers = calloc((size_t)parameters + 1, sizeof *n->levers);
    n->market = calloc((size_t)parameters + 1, sizeof *n->market);
    return n->value != NULL && n->levers != NULL && n->market != NULL;
}

static int borrowed(const char *name)
{
    static const char *const areas[] = {"population", "firms", "market"};
    int found = -1;
    for (int a = 0; a < 3 && found < 0; a++) {
        found = gw_catalogue_find(areas[a], name);
    }
    return found;
}

/* Parameter p of those a rule sees: its own, then what it borrows; -1 after the last. */
static int parameter_at(const struct gw_rule *rule, int r, int p, int own)
{
    if (p < own) {
        return gw_catalogue_of_rule(r, p);
    }
    return rule->borrows != NULL && rule->borrows[p - own] != NULL ? borrowed(rule->borrows[p - own]) : -1;
}

static void set_numbers(struct numbers *n, const struct gw_scenario *scenario, int set, const int *index,
                        int parameters, int64_t period)
{
    for (int p = 0; p < parameters; p++) {
        const struct gw_number *number = gw_values_of_set(scenario, set)->number[index[p]];
        double *value = n->value + (size_t)p * (size_t)scenario->firms;
        const enum gw_scope scope = gw_catalogue_entry(index[p])->parameter->scope;
        n->levers[p] = value;
        n->market[p] = scope == GW_MARKET ? number[0].value : 0.0;
        for (int f = 0; (scope == GW_LEVER || scope == GW_FIRM) && f < scenario->firms; f++) {
            value[f] = gw_number_at(&number[f], period);
        }
    }
}

static int ask(const struct gw_plan *plan, int r, const struct numbers *n, int own, struct gw_error *error)
{
    const struct gw_scenario *scenario = plan->scenario;
    const struct gw_bound bound = {.levers = n->levers,
                                   .market = n->market,
                                   .borrowed_levers = n->levers + own,
                                   .borrowed_market = n->market + own};
    const struct gw_firms firms = {.firms = scenario->firms,
                                   .origin = scenario->warm_up,
                                   .consumers = scenario->population,
                                   .scale = scenario->scale,
                                   .years = scenario->years,
                                   .name = (const char *const *)scenario->firm,
                                   .bound = &bound};
    char message[MESSAGE] = "";
    return plan->rules[r]->check(&firms, message, sizeof message) == 0
               ? GW_OK
               : gw_fail(error, GW_BAD_INPUT, "rule %s: %s", plan->rules[r]->name, message);
}

static int check_rule(const struct gw_plan *plan, int r, struct gw_error *error)
{
    const struct gw_rule *rule = plan->rules[r];
    const struct gw_scenario *scenario = plan->scenario;
    struct numbers n = {0};
    int index[MOST_PARAMETERS], own = 0, parameters = 0, ret = GW_OK;
    while (rule->parameters != NULL && rule->parameters[own].name != NULL) {
        own++;
    }
    while (parameters < MOST_PARAMETERS && (parameters < own || parameter_at(rule, r, parameters, own) >= 0)) {
        index[parameters] = parameter_at(rule, r, parameters, own);
        parameters++;
    }
    if (!make_numbers(&n, parameters, scenario->firms)) {
        ret = gw_fail(error, GW_REFUSED, "out of memory");
    }
    for (int set = 0; ret == GW_OK && set <= scenario->strategies; set++) {
        set_numbers(&n, scenario, set, index, parameters, 0);
        ret = ask(plan, r, &n, own, error);
        if (ret == GW_OK) {
            set_numbers(&n, scenario, set, index, parameters, (int64_t)scenario->horizon);
            ret = ask(plan, r, &n, own, error);
        }
    }
    free_numbers(&n);
    return ret;
}

int gw_plan_check_values(const struct gw_plan *plan, struct gw_error *error)
{
    for (int r = 0; r < gw_rule_count; r++) {
        const int ret = plan->live[r] && plan->rules[r]->check != NULL ? check_rule(plan, r, error) : GW_OK;
        if (ret != GW_OK) {
            return ret;
        }
    }
    return GW_OK;
}
