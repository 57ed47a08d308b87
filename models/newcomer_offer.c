/*
 * Offers to newcomers: a share off the price of the first order. Who is envious of them: rule envy.
 */
#include "rule.h"

enum { NEWCOMER_OFFER };
enum { PRICE, PRICE_SENSITIVITY, REFERENCE_PRICE };
enum { RELATION_STATE, ORDER_TOTAL, ORDERS };
enum { UTILITY };
enum { OFFER };

static const struct gw_parameter parameters[] = {
    {.name = "newcomer_offer",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.3,
     .off = 0.0,
     .doc = "Share of the price taken off the first order of who is no customer.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "offer", .debit = GW_OFFERS, .credit = GW_CASH, .doc = "Price taken off first orders."},
    {.name = NULL},
};

static void choose(const struct gw_block *b)
{
    double relief[GW_MAX_FIRMS];
    for (int firm = 0; firm < b->firms; firm++) {
        relief[firm] = gw_levers(b, NEWCOMER_OFFER)[firm] * gw_borrowed_levers(b, PRICE)[firm] /
                       gw_borrowed_market(b, REFERENCE_PRICE);
    }
    gw_add_relief(b, relief, GW_RELIEF_OF_OTHERS, gw_read(b, RELATION_STATE),
                  gw_borrowed_consumer(b, PRICE_SENSITIVITY), gw_add_term(b, UTILITY));
}

static void account(const struct gw_block *b)
{
    double share[GW_MAX_FIRMS];
    for (int firm = 0; firm < b->firms; firm++) {
        share[firm] = gw_levers(b, NEWCOMER_OFFER)[firm] * gw_borrowed_levers(b, PRICE)[firm];
    }
    gw_post_relief(b, OFFER, share, GW_RELIEF_OF_OTHERS, gw_read(b, RELATION_STATE), gw_read(b, ORDER_TOTAL),
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

GW_RULE(newcomer_offer) = {
    .name = "newcomer_offer",
    .doc =
        "Who is no customer of the firm is offered the share newcomer_offer off the price of the first order: "
        "utility gains price_sensitivity newcomer_offer price / reference_price, and the firm bears the reduction, "
        "account offers.",
    .reference = "Blattberg & Deighton 1996, Harvard Business Review 74(4)",
    .parameters = parameters,
    .postings = postings,
    .borrows = borrows,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
