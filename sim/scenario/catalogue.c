#include "scenario/catalogue.h"

#include "models/registry.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 2048 }; /* tests/scenario/test_catalogue.c proves that all rules fit */

static struct gw_entry entries[MOST];
static int by_name[MOST]; /* positions in the order of names, then of areas */
static int size;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Order of a name and an area to those of a parameter. */
static int compare(const char *name, const char *area, const struct gw_parameter *p)
{
    const int order = strcmp(name, p->name);
    return order != 0 ? order : strcmp(area, gw_scope_area(p->scope));
}

static int compare_entries(const void *a, const void *b)
{
    const struct gw_parameter *p = entries[*(const int *)a].parameter;
    return compare(p->name, gw_scope_area(p->scope), entries[*(const int *)b].parameter);
}

static void collect(void)
{
    const struct gw_rule *const *rules = gw_rules(GW_ISA_PORTABLE);
    for (int rule = 0; rule < gw_rule_count; rule++) {
        const struct gw_parameter *p = rules[rule]->parameters;
        for (int i = 0; p != NULL && p[i].name != NULL && size < MOST; i++) {
            by_name[size] = size;
            entries[size++] = (struct gw_entry){&p[i], rule, i};
        }
    }
    qsort(by_name, (size_t)size, sizeof *by_name, compare_entries);
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
    int low = 0, high = gw_catalogue_size();
    while (low < high) {
        const int middle = low + (high - low) / 2, order = compare(name, area, entries[by_name[middle]].parameter);
        if (order == 0) {
            return by_name[middle];
        }
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
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
