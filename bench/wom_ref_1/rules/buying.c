/*
 * Who buys in a period: a logit of attitude and price, one draw per customer.
 */
#include "rule.h"

enum { BUYING_BASE, ATTITUDE_EFFECT, PRICE_EFFECT, PRICE, SALE_PRICE, SALE_EVERY };
enum { BUYERS };
enum { ATTITUDE, ALIVE };

static const struct gw_parameter parameters[] = {
    {.name = "buying_base",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.5,
     .low = -50.0,
     .high = 50.0,
     .plausible_low = -10.0,
     .plausible_high = 10.0,
     .off = GW_NO_OFF,
     .doc = "Logit of buying at attitude 0 and price 0.",
     .source = "definition of WOM-REF-1"},
    {.name = "attitude_effect",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 2.0,
     .low = 0.0,
     .high = 50.0,
     .plausible_low = 0.0,
     .plausible_high = 10.0,
     .off = GW_NO_OFF,
     .doc = "Logit of buying per attitude.",
     .source = "definition of WOM-REF-1"},
    {.name = "price_effect",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 2.0,
     .low = 0.0,
     .high = 50.0,
     .plausible_low = 0.0,
     .plausible_high = 10.0,
     .off = GW_NO_OFF,
     .doc = "Logit of buying that a price of 1 takes away.",
     .source = "definition of WOM-REF-1"},
    {.name = "price",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 1.0,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.0,
     .plausible_high = 10.0,
     .off = GW_NO_OFF,
     .doc = "Ordinary price.",
     .source = "definition of WOM-REF-1"},
    {.name = "sale_price",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.8,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.0,
     .plausible_high = 10.0,
     .off = GW_NO_OFF,
     .doc = "Price in a period of sale.",
     .source = "definition of WOM-REF-1"},
    {.name = "sale_every",
     .scope = GW_MARKET,
     .kind = GW_INTEGER,
     .unit = "periods",
     .value = 10,
     .low = 1,
     .high = 1000,
     .plausible_low = 1,
     .plausible_high = 1000,
     .off = GW_NO_OFF,
     .doc = "Every period of this number, the last of each such span, is one of sale.",
     .source = "definition of WOM-REF-1"},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"buyers", GW_COUNT, NULL, "customers", "customers who buy"},
    {.name = NULL},
};

static const char *const reads[] = {"attitude", "alive", NULL};

static double price_in(const struct gw_block *b)
{
    const uint32_t every = (uint32_t)gw_market(b, SALE_EVERY);
    return b->period % every == every - 1 ? gw_market(b, SALE_PRICE) : gw_market(b, PRICE);
}

/* u < 1 / (1 + e^-z), z = base + slope a, without the division. */
static void decide(int32_t *restrict occasions, const float *restrict u, const float *restrict attitude,
                   const uint8_t *restrict alive, float base, float slope)
{
    for (int row = 0; row < GW_BLOCK; row++) {
        const float against = gw_expf(-fmaf(slope, attitude[row], base));
        occasions[row] += (fmaf(u[row], against, u[row]) < 1.0f) & (alive[row] != 0);
    }
}

static void arise(const struct gw_block *b)
{
    float u[GW_BLOCK];
    const double base = gw_market(b, BUYING_BASE) - gw_market(b, PRICE_EFFECT) * price_in(b);
    gw_draw_rows(b, 0, 0, u);
    decide(b->occasions, u, gw_read(b, ATTITUDE), gw_read(b, ALIVE), (float)base,
           (float)gw_market(b, ATTITUDE_EFFECT));
}

/* There is one thing to buy. */
static void choose(const struct gw_block *b)
{
    struct gw_shoppers *s = b->shoppers;
    memset(s->first, 0, (size_t)s->n * sizeof *s->first);
    gw_tally_add(b, BUYERS, 0, 0, s->n);
}

static const struct gw_step steps[] = {
    {GW_NEED, GW_BLOCK_STEP, arise, NULL}, {GW_CHOOSE, GW_BLOCK_STEP, choose, NULL}, {0}};

GW_RULE(buying) = {
    .name = "buying",
    .doc = "A living customer buys with probability 1 / (1 + exp(-(buying_base + attitude_effect a - price_effect "
           "price))).",
    .reference = "WOM-REF-1, step 3",
    .parameters = parameters,
    .tallies = tallies,
    .reads = reads,
    .steps = steps,
};
