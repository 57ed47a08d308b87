/*
 * A loyalty programme: customers get a share of the price back. Attitude is untouched.
 */
#include "rule.h"

enum { REWARDS, REWARD_WORTH };
enum { PRICE, PRICE_SENSITIVITY, REFERENCE_PRICE };
enum { RELATION_STATE, ORDER_TOTAL, ORDERS };
enum { UTILITY };
enum { REWARD };

static const struct gw_parameter parameters[] = {
    {.name = "rewards",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.1,
     .off = 0.0,
     .doc = "Share of the price that customers get back as points.",
     .source = "[A]"},
    {.name = "reward_worth",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.7,
     .low = 0.0,
     .high = 5.0,
     .plausible_low = 0.3,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "What a unit of points is worth to a customer against a unit of price.",
     .source = "[A] some points are never used"},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "reward", .debit = GW_RETENTION_SPEND, .credit = GW_CASH, .doc = "Points given to customers."},
    {.name = NULL},
};

static void choose(const struct gw_block *b)
{
    const double worth = gw_market(b, REWARD_WORTH) / gw_borrowed_market(b, REFERENCE_PRICE);
    double relief[GW_MAX_FIRMS];
    for (int firm = 0; firm < b->firms; firm++) {
        relief[firm] = worth * gw_levers(b, REWARDS)[firm] * gw_borrowed_levers(b, PRICE)[firm];
    }
    gw_add_relief(b, relief, GW_RELIEF_OF_CUSTOMERS, gw_read(b, RELATION_STATE),
                  gw_borrowed_consumer(b, PRICE_SENSITIVITY), gw_add_term(b, UTILITY));
}

static void account(const struct gw_block *b)
{
    double share[GW_MAX_FIRMS];
    for (int firm = 0; firm < b->firms; firm++) {
        share[firm] = gw_levers(b, REWARDS)[firm] * gw_borrowed_levers(b, PRICE)[firm];
    }
    gw_post_relief(b, REWARD, share, GW_RELIEF_OF_CUSTOMERS, gw_read(b, RELATION_STATE), gw_read(b, ORDER_TOTAL),
                   gw_read(b, ORDERS));
}

static const char *const borrows[] = {"price", "price_sensitivity", "reference_price", NULL};
static const char *const reads[] = {"relation_state", "order_total", "orders", NULL};
static const char *const adds[] = {"utility", NULL};
static const struct gw_step steps[] = {
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.phase = GW_ACCOUNT, .kind = GW_BLOCK_STEP, .block = account},
    {.block = NULL},
};

GW_RULE(programme) = {
    .name = "programme",
    .doc =
        "Customers get the share `rewards` of the price back: utility gains reward_worth price_sensitivity rewards "
        "price / reference_price, and the firm pays rewards price * order value, retention spend.",
    .reference =
        "Dowling & Uncles 1997, Sloan Management Review 38(4); Lewis 2004, Journal of Marketing Research 41(3)",
    .parameters = parameters,
    .postings = postings,
    .borrows = borrows,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
