/*
 * What the price does to the choice of a firm.
 */
#include "rule.h"

enum { PRICE, REFERENCE_PRICE, PRICE_SENSITIVITY, LOYALTY_PRICE_RELIEF, TENURE_PRICE_PUSH };
enum { READ_SINCE, READ_ATTITUDE };
enum { ADD_UTILITY };
enum { PRICE_LOG };

static const struct gw_parameter parameters[] = {
    {.name = "price",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 1.0,
     .low = 0.01,
     .high = 100.0,
     .plausible_low = 0.7,
     .plausible_high = 1.4,
     .off = GW_NO_OFF,
     .doc = "Price level of the firm: an order of value v at price 1 is paid with v times this.",
     .source = "[A] 1 is the unit of all prices and costs"},
    {.name = "reference_price",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 1.0,
     .low = 0.01,
     .high = 100.0,
     .plausible_low = 0.9,
     .plausible_high = 1.1,
     .off = GW_NO_OFF,
     .doc = "Price p0 that consumers compare with; at this price the price has no effect on the choice.",
     .source = "[A] centring keeps attitude and tenure from acting where prices are equal"},
    {.name = "price_sensitivity",
     .scope = GW_CONSUMER,
     .unit = "logit",
     .value = 3.5,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 1.0,
     .plausible_high = 7.0,
     .off = 0.0,
     .doc = "Fall of utility per unit of (price - reference)/reference, at attitude 0 and tenure 0.",
     .source =
         "[C] elasticity -2.62 at a share of .25: Bijmolt, van Heerde & Pieters 2005, J. Marketing Research [S]"},
    {.name = "loyalty_price_relief",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.3,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.6,
     .off = 0.0,
     .doc = "Share of the price sensitivity that an attitude of 1 takes away.",
     .source = "[S] direction: Umashankar, Bhagwat & Kumar 2017, J. Academy of Marketing Science; size [A]"},
    {.name = "tenure_price_push",
     .scope = GW_CONSUMER,
     .unit = "per year",
     .value = 0.1,
     .low = 0.0,
     .high = 2.0,
     .plausible_low = 0.0,
     .plausible_high = 0.3,
     .off = 0.0,
     .doc = "Rise of the price sensitivity per year as a customer, as a share of it, over at most three years.",
     .source = "[S] direction: Umashankar, Bhagwat & Kumar 2017, J. Academy of Marketing Science; size [A]"},
    {.name = NULL},
};

static const struct gw_term terms[] = {
    {"price_log", GW_TERM_RELATION, "1", "what other rules add to the logarithm of the price sensitivity"},
    {.name = NULL},
};

#define TENURE_CAP 3.0f /* years */

/* Per row, the same for all firms. */
struct sensitivity {
    const float *whole, *relief, *push;
};

/* (p - p0) / p0 of every firm. */
static void dearness_of(const struct gw_block *b, double *dearness)
{
    const double reference = gw_market(b, REFERENCE_PRICE);
    for (int firm = 0; firm < b->firms; firm++) {
        dearness[firm] = (gw_levers(b, PRICE)[firm] - reference) / reference;
    }
}

/* Fall of utility for every row. */
static void burden_of(struct sensitivity p, const uint16_t *restrict since, const float *restrict attitude,
                      const float *restrict dearness, float now, float years, int rows, float *restrict burden)
{
    const float *restrict whole = p.whole, *restrict relief = p.relief, *restrict push = p.push;
    for (int row = 0; row < rows; row++) {
        const float spell = gw_clampf((now - gw_moment_time(since[row])) * years, 0.0f, TENURE_CAP);
        const float tenure = since[row] != GW_MOMENT_NONE ? spell : 0.0f;
        burden[row] = whole[row] * (1.0f - relief[row] * attitude[row] + push[row] * tenure) * dearness[row];
    }
}

static void scale(float *restrict burden, const float *restrict log_factor, int rows)
{
    for (int row = 0; row < rows; row++) {
        burden[row] *= gw_expf(log_factor[row]);
    }
}

static void subtract(const float *restrict burden, int rows, float *restrict utility)
{
    for (int row = 0; row < rows; row++) {
        utility[row] -= burden[row];
    }
}

/* Whether everybody sees the reference price in the slot: then there is nothing to do. */
static bool at_reference(const struct gw_block *b, const double *dearness, int slot)
{
    return b->every_firm && !(dearness[slot] < 0.0) && !(dearness[slot] > 0.0);
}

static void term(const struct gw_block *b)
{
    const struct sensitivity p = {gw_consumer(b, PRICE_SENSITIVITY), gw_consumer(b, LOYALTY_PRICE_RELIEF),
                                  gw_consumer(b, TENURE_PRICE_PUSH)};
    const uint16_t *since = gw_read(b, READ_SINCE);
    const float *attitude = gw_read(b, READ_ATTITUDE);
    double dearness[GW_MAX_FIRMS];
    float burden[GW_BLOCK], of_slot[GW_BLOCK];
    dearness_of(b, dearness);
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        if (at_reference(b, dearness, slot)) {
            continue;
        }
        gw_slot_levers(b, dearness, slot, of_slot);
        burden_of(p, since + from, attitude + from, of_slot, (float)b->period, (float)b->years, b->rows, burden);
        if (gw_term_live(b, PRICE_LOG)) {
            scale(burden, gw_own_term(b, PRICE_LOG) + from, b->rows);
        }
        subtract(burden, b->rows, gw_add_term(b, ADD_UTILITY) + from);
    }
}

static const char *const reads[] = {"since", "attitude", NULL};
static const char *const adds[] = {"utility", NULL};
static const struct gw_step steps[] = {{GW_CHOOSE, GW_TERMS, term, NULL}, {0}};

GW_RULE(price) = {
    .name = "price",
    .doc =
        "Utility changes by -b (1 - phi A + psi min(tenure, 3 years)) (p - p0)/p0: a price above the reference costs "
        "utility, less with a good attitude A, more with the years as a customer. At the reference price the term is "
        "0 for everybody. Other rules scale it by exp(price_log).",
    .reference =
        "Bijmolt, van Heerde & Pieters 2005, Journal of Marketing Research 42(2); Umashankar, Bhagwat & Kumar 2017, "
        "Journal of the Academy of Marketing Science 45(6)",
    .parameters = parameters,
    .terms = terms,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
