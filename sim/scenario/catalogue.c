#include "scenario/catalogue.h"

#include "models/registry.h"

#include <pthread.h>
#include <string.h>

enum { MOST = 2048 }; /* tests/scenario/test_catalogue.c proves that all rules fit */

static struct gw_entry entries[MOST];
static int size;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void collect(void)
{
    const struct gw_rule *const *rules = gw_rules(GW_ISA_PORTABLE);
    for (int rule = 0; rule < gw_rule_count; rule++) {
        const struct gw_parameter *p = rules[rule]->parameters;
        for (int i = 0; p != NULL && p[i].name != NULL && size < MOST; i++) {
            entries[size++] = (struct gw_entry){&p[i], rule, i};
        }
    }
}

int gw_catalogue_size(void)
{
    pthread_once(&once, collect);
    return size;
}

const struct gw_entry *gw_catalogue_entry(int index)
{
    return index >= 0 && index < gw_catalogue_size() ? &entries[index] : NULL;
}

const char *gw_scope_area(enum gw_scope scope)
{
    switch (scope) {
    case GW_CONSUMER:
        return "population";
    case GW_FIRM:
    case GW_LEVER:
        return "firms";
    case GW_MARKET:
        return "market";
    }
    return "";
}

int gw_catalogue_find(const char *area, const char *name)
{
    for (int i = 0; i < gw_catalogue_size(); i++) {
        const struct gw_parameter *p = entries[i].parameter;
        if (strcmp(p->name, name) == 0 && strcmp(gw_scope_area(p->scope), area) == 0) {
            return i;
        }
    }
    return -1;
}

int gw_catalogue_of_rule(int rule, int parameter)
{
    for (int i = 0; i < gw_catalogue_size(); i++) {
        if (entries[i].rule == rule && entries[i].index == parameter) {
            return i;
        }
    }
    return -1;
}
