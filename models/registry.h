/*
 * All rules, in the order of their names. registry.c is written by the build from the files in models/.
 */
#ifndef GW_MODELS_REGISTRY_H
#define GW_MODELS_REGISTRY_H

#include "models/rule.h"

enum gw_isa { GW_ISA_PORTABLE, GW_ISA_V3, GW_ISA_V4, GW_ISAS };

extern const int gw_rule_count;
extern const uint32_t gw_rule_ids[]; /* first 32 bits of MD5(name): unique, or the build fails */

/* The rules compiled for an instruction set; their descriptors are equal in all sets. */
const struct gw_rule *const *gw_rules(enum gw_isa isa);

/* The best set this CPU runs; the environment variable GOODWILL_ISA (portable, v3, v4) asks for a lesser one. */
enum gw_isa gw_isa_best(void);
const char *gw_isa_name(enum gw_isa isa);

/* Position of a rule by name, or -1. */
int gw_rule_find(const char *name);

#endif
