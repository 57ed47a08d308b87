#include "one_rule.h"

#include "models/registry.h"

#include <string.h>

static void check_text(const char *text, const char *of)
{
    if (text == NULL || text[0] == '\0') {
        fail_msg("%s lacks a text", of);
    }
}

static void check_parameter(const struct gw_parameter *p)
{
    check_text(p->unit, p->name);
    check_text(p->doc, p->name);
    check_text(p->source, p->name);
    assert_true(p->source[0] == '[' && strchr("SRCA", p->source[1]) != NULL && p->source[2] == ']');
    assert_true(p->low <= p->plausible_low && p->plausible_low <= p->plausible_high && p->plausible_high <= p->high);
    assert_true(p->plausible_low <= p->value && p->value <= p->plausible_high);
    assert_true(p->off != p->off || (p->low <= p->off && p->off <= p->high));
}

void one_rule_check_descriptors(const char *rule)
{
    const int position = gw_rule_find(rule);
    assert_true(position >= 0);
    const struct gw_rule *r = gw_rules(GW_ISA_PORTABLE)[position];
    check_text(r->doc, rule);
    check_text(r->reference, rule);
    for (int p = 0; r->parameters != NULL && r->parameters[p].name != NULL; p++) {
        check_parameter(&r->parameters[p]);
    }
    for (int c = 0; r->columns != NULL && r->columns[c].name != NULL; c++) {
        check_text(r->columns[c].unit, r->columns[c].name);
        check_text(r->columns[c].doc, r->columns[c].name);
    }
    for (int t = 0; r->tallies != NULL && r->tallies[t].name != NULL; t++) {
        check_text(r->tallies[t].unit, r->tallies[t].name);
        check_text(r->tallies[t].doc, r->tallies[t].name);
    }
}
