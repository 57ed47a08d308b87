/*
 * Envy: customers who learn that newcomers pay less. It acts on leaving, not on the choice as well.
 */
#include "rule.h"

enum { ENVY, AWARENESS };
enum { NEWCOMER_OFFER, PRICE, REFERENCE_PRICE };
enum { RELATION_STATE };
enum { STOP_PRICE, RENEWAL_LOGIT };

static const struct gw_parameter parameters[] = {
    {.name = "envy",
     .scope = GW_CONSUMER,
     .unit = "logit",
     .value = 0.0,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.0,
     .plausible_high = 2.0,
     .off = 0.0,
     .doc = "Logit of leaving per unit of price that newcomers pay less, for customers who know of it.",
     .source = "[A] .5 when on; betrayed loyals are 12% likelier to defect: Feinberg, Krishna & Zhang 2002, J. "
               "Marketing Research [S]"},
    {.name = "envy_awareness",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.1,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Share of customers who know of the offers to newcomers.",
     .source = "[A]"},
    {.name = NULL},
};

static void begrudge(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const uint8_t *state = gw_read(b, RELATION_STATE);
    float *restrict stop = gw_add_term(b, STOP_PRICE), *restrict renewal = gw_add_term(b, RENEWAL_LOGIT);
    double known[GW_MAX_FIRMS];
    float envy[GW_BLOCK];
    for (int firm = 0; firm < b->firms; firm++) {
        known[firm] = gw_market(b, AWARENESS) * gw_borrowed_levers(b, NEWCOMER_OFFER)[firm] *
                      gw_borrowed_levers(b, PRICE)[firm] / gw_borrowed_market(b, REFERENCE_PRICE);
    }
    gw_gather(envy, gw_consumer(b, ENVY), e->row, e->n);
    for (int k = 0; k < e->n; k++) {
        const float grudge = state[e->at[k]] == GW_CUSTOMER ? envy[k] * (float)known[e->firm[k]] : 0.0f;
        stop[k] += grudge;
        renewal[k] += grudge;
    }
}

static const char *const borrows[] = {"newcomer_offer", "price", "reference_price", NULL};
static const char *const reads[] = {"relation_state", NULL};
static const char *const adds[] = {"stop_price", "renewal_logit", NULL};
static const struct gw_step steps[] = {
    {.phase = GW_LEAVE, .kind = GW_TERMS, .block = begrudge},
    {.block = NULL},
};

GW_RULE(envy) = {
    .name = "envy",
    .doc =
        "For customers the logit of leaving gains envy envy_awareness newcomer_offer price / reference_price, at an "
        "experience or a renewal; who would not have left without it leaves for the price.",
    .reference =
        "Feinberg, Krishna & Zhang 2002, Journal of Marketing Research 39(3); Steinhoff & Palmatier 2014, Journal "
        "of the Academy of Marketing Science 42",
    .parameters = parameters,
    .borrows = borrows,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
