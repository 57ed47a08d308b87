/* What every rule's descriptors must satisfy, whatever it does. */
#ifndef TESTS_SUPPORT_DESCRIPTORS_H
#define TESTS_SUPPORT_DESCRIPTORS_H

#include "close.h"

#include "models/registry.h"

#include <math.h>
#include <string.h>

static inline const struct gw_rule *rule_named(const char *name)
{
    const int position = gw_rule_find(name);
    assert_true(position >= 0);
    return gw_rules(GW_ISA_PORTABLE)[position];
}

static inline const struct gw_parameter *parameter_named(const struct gw_rule *rule, const char *name)
{
    for (const struct gw_parameter *p = rule->parameters; p->name != NULL; p++) {
        if (strcmp(p->name, name) == 0) {
            return p;
        }
    }
    fail_msg("rule %s has no parameter %s", rule->name, name);
    return NULL;
}

/* Default, plausible range and off value lie inside the domain, the default inside the plausible range (or at the off
 * value), and every text is there with the tag of its evidence. */
static inline void assert_parameter_is_sound(const struct gw_parameter *p)
{
    const bool tagged = p->source[0] == '[' && strchr("SRCA", p->source[1]) != NULL && p->source[2] == ']';
    const bool at_off = p->value >= p->off && p->value <= p->off;
    assert_true(p->low < p->high && p->low <= p->value && p->value <= p->high);
    assert_true(p->low <= p->plausible_low && p->plausible_low < p->plausible_high && p->plausible_high <= p->high);
    assert_true(at_off || (p->plausible_low <= p->value && p->value <= p->plausible_high));
    assert_true(isnan(p->off) || (p->low <= p->off && p->off <= p->high));
    assert_true(strlen(p->unit) > 0 && strlen(p->doc) > 0 && p->doc[strlen(p->doc) - 1] == '.' && tagged);
}

static inline void assert_rule_is_sound(const char *name)
{
    const struct gw_rule *rule = rule_named(name);
    assert_string_equal(rule->name, name);
    assert_true(strlen(rule->doc) > 0 && strlen(rule->reference) > 0);
    for (const struct gw_parameter *p = rule->parameters; p != NULL && p->name != NULL; p++) {
        assert_parameter_is_sound(p);
    }
    for (const struct gw_column *c = rule->columns; c != NULL && c->name != NULL; c++) {
        assert_true(strlen(c->unit) > 0 && strlen(c->doc) > 0);
    }
    for (const struct gw_tally *t = rule->tallies; t != NULL && t->name != NULL; t++) {
        assert_true(strlen(t->unit) > 0 && strlen(t->doc) > 0);
    }
    for (const struct gw_posting *p = rule->postings; p != NULL && p->name != NULL; p++) {
        assert_true(p->debit != p->credit && strlen(p->doc) > 0);
    }
}

#endif
