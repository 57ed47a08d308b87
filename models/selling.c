/*
 * Selling what earns most instead of what is needed: margin now against regret later.
 */
#include "rule.h"

enum { PUSHING, PUSH_GAIN, PUSH_REGRET };
enum { ORDER_LOG, QUALITY_AFTER_SALE };

static const struct gw_parameter parameters[] = {
    {.name = "pushing",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Share of sales talks that push what earns most; the rest is honest advice.",
     .source = "[A]"},
    {.name = "push_gain",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.1,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.3,
     .off = GW_NO_OFF,
     .doc = "By how much more a consumer orders when everything is pushed.",
     .source = "[A]"},
    {.name = "push_regret",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.8,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "What the quality after the sale loses when everything is pushed.",
     .source = "[A]"},
    {.name = NULL},
};

static void add_by_firm(const struct gw_block *b, const double *by_firm, float *restrict term)
{
    const struct gw_encounters *e = b->encounters;
    for (int k = 0; k < e->n; k++) {
        term[k] += (float)by_firm[e->firm[k]];
    }
}

static void regret(const struct gw_block *b)
{
    double loss[GW_MAX_FIRMS];
    for (int firm = 0; firm < b->firms; firm++) {
        loss[firm] = -gw_market(b, PUSH_REGRET) * gw_levers(b, PUSHING)[firm];
    }
    add_by_firm(b, loss, gw_add_term(b, QUALITY_AFTER_SALE));
}

static void sell(const struct gw_block *b)
{
    double gain[GW_MAX_FIRMS];
    for (int firm = 0; firm < b->firms; firm++) {
        gain[firm] = gw_log(1.0 + gw_market(b, PUSH_GAIN) * gw_levers(b, PUSHING)[firm]);
    }
    add_by_firm(b, gain, gw_add_term(b, ORDER_LOG));
}

static const char *const adds[] = {"order_log", "quality_after_sale", NULL};
static const struct gw_step steps[] = {
    {.phase = GW_EXPERIENCE, .kind = GW_TERMS, .block = regret},
    {.phase = GW_ORDER, .kind = GW_TERMS, .block = sell},
    {.block = NULL},
};

GW_RULE(selling) = {
    .name = "selling",
    .doc = "With `pushing` the orders are worth 1 + push_gain pushing times as much, and the quality after the sale "
           "loses push_regret pushing logits.",
    .reference = "Crosby, Evans & Cowles 1990, Journal of Marketing 54(3); Saxe & Weitz 1982, Journal of Marketing "
                 "Research 19(3)",
    .parameters = parameters,
    .adds = adds,
    .steps = steps,
};
