/*
 * Every parameter of every rule under one index: position = order of rule names, then of declaration.
 */
#ifndef GW_SCENARIO_CATALOGUE_H
#define GW_SCENARIO_CATALOGUE_H

#include "core/descriptor.h"

struct gw_entry {
    const struct gw_parameter *parameter;
    int rule;  /* in the registry */
    int index; /* in the rule's own array */
};

/* Number of parameters; the table lives as long as the program. */
int gw_catalogue_size(void);
const struct gw_entry *gw_catalogue_entry(int index);

/* By the area of the file it stands in ("population", "firms" or "market") and name; -1 when there is none. */
int gw_catalogue_find(const char *area, const char *name);
int gw_catalogue_of_rule(int rule, int parameter);
const char *gw_scope_area(enum gw_scope scope);

#endif
