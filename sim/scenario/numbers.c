/* Numbers of parameters: literal, {vary: ...}, {uncertain: ...}, {schedule: ...}. */
#include "scenario/reader.h"
#include "scenario/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool may_vary(const struct gw_parameter *p)
{
    return p->scope == GW_CONSUMER && p->kind == GW_REAL;
}

static bool may_be_uncertain(const struct gw_parameter *p)
{
    return p->kind == GW_REAL;
}

static bool may_be_scheduled(const struct gw_parameter *p)
{
    return p->scope == GW_LEVER;
}

static void legal_forms(const struct gw_parameter *p, char *out, size_t room)
{
    static const char *const literal[] = {
        [GW_REAL] = "a number", [GW_INTEGER] = "a whole number", [GW_FLAG] = "true or false", [GW_CHOICE] = "a word"};
    const bool second = may_vary(p) || may_be_scheduled(p), third = may_be_uncertain(p);
    snprintf(out, room, "%s%s%s%s", literal[p->kind],
             !second ? ""
             : third ? ", "
                     : " or ",
             !second       ? ""
             : may_vary(p) ? "{vary: ...}"
                           : "{schedule: ...}",
             third ? " or {uncertain: ...}" : "");
}

static void check_plausible(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                            const struct gw_parameter *p, double value)
{
    char low[GW_NUMBER_TEXT], high[GW_NUMBER_TEXT], number[GW_NUMBER_TEXT];
    const bool off = value <= p->off && value >= p->off; /* what switches a rule off is never odd */
    if (!off && (value < p->plausible_low || value > p->plausible_high)) {
        gw_warning(r->problems, node->mark, path, "%s is outside the plausible range [%s, %s]%s%s",
                   gw_number_text(number, value), gw_number_text(low, p->plausible_low),
                   gw_number_text(high, p->plausible_high), strcmp(p->unit, "1") == 0 ? "" : " ",
                   strcmp(p->unit, "1") == 0 ? "" : p->unit);
    }
}

/* `what` is empty for a literal, else says which value of a distribution is meant. */
static bool check_domain(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                         const struct gw_parameter *p, double value, const char *what)
{
    char low[GW_NUMBER_TEXT], high[GW_NUMBER_TEXT], number[GW_NUMBER_TEXT];
    if (value >= p->low && value <= p->high) {
        return true;
    }
    gw_problem(r->problems, node->mark, path, "%s%s is outside [%s, %s]%s%s", what, gw_number_text(number, value),
               gw_number_text(low, p->low), gw_number_text(high, p->high), strcmp(p->unit, "1") == 0 ? "" : " ",
               strcmp(p->unit, "1") == 0 ? "" : p->unit);
    return false;
}

static bool take_kind(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                      const struct gw_parameter *p, double *value)
{
    bool flag = false;
    int position = 0;
    char got[100];
    switch (p->kind) {
    case GW_FLAG:
        if (!gw_take_flag(r, node, path, &flag)) {
            return false;
        }
        *value = flag ? 1.0 : 0.0;
        return true;
    case GW_CHOICE:
        if (!gw_take_word(r, node, path, p->choices, &position)) {
            return false;
        }
        *value = position;
        return true;
    case GW_INTEGER:
        if (!gw_take_real(r, node, path, value)) {
            return false;
        }
        if (*value != floor(*value)) {
            gw_problem(r->problems, node->mark, path, "expected a whole number, got %s",
                       gw_node_text(node, got, sizeof got));
            return false;
        }
        return true;
    case GW_REAL:
        break;
    }
    return gw_take_real(r, node, path, value);
}

bool gw_take_literal(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                     const struct gw_parameter *parameter, double *value)
{
    double x;
    if (!take_kind(r, node, path, parameter, &x) || !check_domain(r, node, path, parameter, x, "")) {
        return false;
    }
    if (parameter->kind == GW_REAL || parameter->kind == GW_INTEGER) {
        check_plausible(r, node, path, parameter, x);
    }
    *value = x;
    return true;
}

/* The mean must lie in the domain; so must both ends of a distribution that has ends. */
static bool check_spread(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                         const struct gw_parameter *p, const struct gw_spread *spread, double *mean)
{
    const struct gw_distribution d = spread->distribution;
    const bool ends = d.family == GW_UNIFORM || d.family == GW_TRIANGULAR;
    *mean = gw_distribution_mean(d);
    if (ends && (!check_domain(r, node, path, p, d.a, "the low end ") ||
                 !check_domain(r, node, path, p, d.b, "the high end "))) {
        return false;
    }
    if (!isnan(*mean) && !check_domain(r, node, path, p, *mean, "the mean ")) {
        return false;
    }
    check_plausible(r, node, path, p, *mean);
    return true;
}

static bool take_spread(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                        const struct gw_parameter *p, enum gw_variation how, struct gw_number *number)
{
    struct gw_number taken = {.how = how, .given = true};
    if (!gw_take_spread(r, node, path, how == GW_VARY, &taken.spread) ||
        !check_spread(r, node, path, p, &taken.spread, &taken.value)) {
        return false;
    }
    *number = taken;
    return true;
}

static bool not_legal(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                      const struct gw_parameter *p)
{
    char legal[100], got[100];
    legal_forms(p, legal, sizeof legal);
    if (node->kind == GW_MAPPING && node->members == 1) {
        snprintf(got, sizeof got, "{%.40s: ...}", node->first->key);
        gw_utf8_trim(got);
    } else {
        gw_node_text(node, got, sizeof got);
    }
    gw_problem(r->problems, node->mark, path, "expected %s, got %s", legal, got);
    return false;
}

bool gw_take_number(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                    const struct gw_parameter *parameter, struct gw_number *number)
{
    if (node->kind == GW_SCALAR) {
        struct gw_number taken = {.how = GW_LITERAL, .given = true};
        const bool good = gw_take_literal(r, node, path, parameter, &taken.value);
        *number = good ? taken : *number;
        return good;
    }
    const struct gw_member *form = node->kind == GW_MAPPING && node->members == 1 ? node->first : NULL;
    const struct gw_path here = {path, form != NULL ? form->key : "", 0};
    if (form != NULL && strcmp(form->key, "vary") == 0 && may_vary(parameter)) {
        return take_spread(r, form->value, &here, parameter, GW_VARY, number);
    }
    if (form != NULL && strcmp(form->key, "uncertain") == 0 && may_be_uncertain(parameter)) {
        return take_spread(r, form->value, &here, parameter, GW_UNCERTAIN, number);
    }
    if (form != NULL && strcmp(form->key, "schedule") == 0 && may_be_scheduled(parameter)) {
        struct gw_number taken = {.how = GW_SCHEDULE, .given = true};
        if (!gw_take_schedule(r, node, path, parameter, &taken.schedule)) {
            return false;
        }
        taken.value = taken.schedule.start;
        *number = taken;
        return true;
    }
    return not_legal(r, node, path, parameter);
}
