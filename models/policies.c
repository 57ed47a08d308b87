/*
 * Terms of trade that take risk and effort from the buyer: refunds, free shipping, open prices.
 */
#include "rule.h"

enum {
    REFUND,
    FREE_SHIPPING,
    TRANSPARENCY,
    REFUND_PULL,
    SHIPPING_PULL,
    TRANSPARENCY_PULL,
    RETURN_RATE,
    SHIPPING_SHARE
};
enum { ORDER_TOTAL };
enum { UTILITY };
enum { TERMS_OF_TRADE };

static const struct gw_parameter parameters[] = {
    {.name = "refund",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "How freely goods are taken back, from 0 (as the law asks) to 1 (no questions).",
     .source = "[A]"},
    {.name = "free_shipping",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Share of the shipping cost that the firm bears.",
     .source = "[A]"},
    {.name = "transparency",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "How openly the whole price is shown before the purchase.",
     .source = "[A]"},
    {.name = "refund_pull",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.2,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 0.6,
     .off = GW_NO_OFF,
     .doc = "Utility of a full refund policy.",
     .source = "[A] lowers the risk that is perceived"},
    {.name = "shipping_pull",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.3,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 0.8,
     .off = GW_NO_OFF,
     .doc = "Utility of free shipping.",
     .source = "[A] worth a little more than its cost of .05 at a price sensitivity of 3.5"},
    {.name = "transparency_pull",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.1,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 0.4,
     .off = GW_NO_OFF,
     .doc = "Utility of fully open prices.",
     .source = "[A]"},
    {.name = "return_rate",
     .scope = GW_MARKET,
     .unit = "order values",
     .value = 0.05,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .off = GW_NO_OFF,
     .doc = "What returns cost under a full refund policy, as a share of the order value.",
     .source = "[A]"},
    {.name = "shipping_share",
     .scope = GW_MARKET,
     .unit = "order values",
     .value = 0.05,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .off = GW_NO_OFF,
     .doc = "What shipping costs, as a share of the order value.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "terms_of_trade",
     .debit = GW_RETENTION_SPEND,
     .credit = GW_CASH,
     .doc = "Returns and shipping that the firm bears."},
    {.name = NULL},
};

static void choose(const struct gw_block *b)
{
    double pull[GW_MAX_FIRMS];
    for (int firm = 0; firm < b->firms; firm++) {
        pull[firm] = gw_market(b, REFUND_PULL) * gw_levers(b, REFUND)[firm] +
                     gw_market(b, SHIPPING_PULL) * gw_levers(b, FREE_SHIPPING)[firm] +
                     gw_market(b, TRANSPARENCY_PULL) * gw_levers(b, TRANSPARENCY)[firm];
    }
    for (int slot = 0; slot < b->relations; slot++) {
        float *restrict utility = gw_add_term(b, UTILITY) + slot * GW_BLOCK;
        float added[GW_BLOCK];
        gw_slot_levers(b, pull, slot, added);
        for (int row = 0; row < b->rows; row++) {
            utility[row] += added[row];
        }
    }
}

static void account(const struct gw_block *b)
{
    double share[GW_MAX_FIRMS];
    int64_t micro[GW_BLOCK];
    for (int firm = 0; firm < b->firms; firm++) {
        share[firm] = gw_market(b, RETURN_RATE) * gw_levers(b, REFUND)[firm] +
                      gw_market(b, SHIPPING_SHARE) * gw_levers(b, FREE_SHIPPING)[firm];
    }
    gw_micro_by_firm(b, gw_read(b, ORDER_TOTAL), share, micro);
    gw_post_encounters(b, TERMS_OF_TRADE, micro);
}

static const char *const reads[] = {"order_total", NULL};
static const char *const adds[] = {"utility", NULL};
static const struct gw_step steps[] = {
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.phase = GW_ACCOUNT, .kind = GW_BLOCK_STEP, .block = account},
    {.block = NULL},
};

GW_RULE(policies) = {
    .name = "policies",
    .doc =
        "Levers refund, free_shipping and transparency, each from 0 to 1, add their pull to the firm's utility. An "
        "order costs the firm order value * (return_rate refund + shipping_share free_shipping), retention spend.",
    .reference =
        "Petersen & Kumar 2009, Journal of Marketing 73(3); Lewis, Singh & Fay 2006, Marketing Science 25(1)",
    .parameters = parameters,
    .postings = postings,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
