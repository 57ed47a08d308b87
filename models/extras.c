/*
 * A little more than was expected: small extras at the purchase.
 */
#include "rule.h"

enum { EXTRAS, GAIN, HALF };
enum { QUALITY_PURCHASE };
enum { EXTRA };

static const struct gw_parameter parameters[] = {
    {.name = "extras",
     .scope = GW_LEVER,
     .unit = "money per encounter",
     .value = 0.0,
     .low = 0.0,
     .high = 1000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5.0,
     .off = 0.0,
     .doc = "What the firm gives on top at every encounter: a sample, a favour, a few minutes.",
     .source = "[A]"},
    {.name = "extras_gain",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.6,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 1.5,
     .off = GW_NO_OFF,
     .doc = "Most that extras can add to the quality of the purchase.",
     .source = "[A]"},
    {.name = "extras_half",
     .scope = GW_MARKET,
     .unit = "money per encounter",
     .value = 1.0,
     .low = 0.000001,
     .high = 1000000.0,
     .plausible_low = 0.1,
     .plausible_high = 5.0,
     .off = GW_NO_OFF,
     .doc = "Extras that bring half of it.",
     .source = "[A] a twentieth of a basket"},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "extra", .debit = GW_EXPERIENCE_SPEND, .credit = GW_CASH, .doc = "Extras given at encounters."},
    {.name = NULL},
};

static void delight(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const double half = gw_market(b, HALF);
    double gain[GW_MAX_FIRMS];
    float *quality = gw_add_term(b, QUALITY_PURCHASE);
    for (int firm = 0; firm < b->firms; firm++) {
        const double x = gw_levers(b, EXTRAS)[firm] / half;
        gain[firm] = gw_market(b, GAIN) * x / (1.0 + x);
    }
    for (int k = 0; k < e->n; k++) {
        quality[k] += (float)gain[e->firm[k]];
    }
}

static void account(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const double *extras = gw_levers(b, EXTRAS);
    int64_t micro[GW_BLOCK];
    for (int k = 0; k < e->n; k++) {
        micro[k] = e->purchases[k] * gw_micro(extras[e->firm[k]]);
    }
    gw_post_encounters(b, EXTRA, micro);
}

static const char *const adds[] = {"quality_purchase", NULL};
static const struct gw_step steps[] = {
    {.phase = GW_EXPERIENCE, .kind = GW_TERMS, .block = delight},
    {.phase = GW_ACCOUNT, .kind = GW_BLOCK_STEP, .block = account},
    {.block = NULL},
};

GW_RULE(extras) = {
    .name = "extras",
    .doc = "Extras worth x extras_half money per occasion add extras_gain x / (1 + x) to the logit of the quality of "
           "the purchase, and cost their money at every occasion. What delights today is expected tomorrow: rule "
           "expectation.",
    .reference = "Rust & Oliver 2000, Journal of the Academy of Marketing Science 28(1)",
    .parameters = parameters,
    .postings = postings,
    .adds = adds,
    .steps = steps,
};
