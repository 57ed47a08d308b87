/*
 * Performance of the product for the price paid.
 */
#include "rule.h"

enum { QUALITY, SPREAD, VALUE_PRICE };
enum { VAL };
enum { PRICE, REFERENCE_PRICE };

static const struct gw_parameter parameters[] = {
    {.name = "product_quality",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.7,
     .low = 0.01,
     .high = 0.99,
     .plausible_low = 0.5,
     .plausible_high = 0.9,
     .off = GW_NO_OFF,
     .doc = "Median product performance.",
     .source = "[A]"},
    {.name = "product_spread",
     .scope = GW_FIRM,
     .unit = "logit",
     .value = 0.4,
     .low = 0.0,
     .high = 5.0,
     .plausible_low = 0.1,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Standard deviation of product performance between encounters, on the logit scale.",
     .source = "[A]"},
    {.name = "value_price",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Loss of perceived value per 100% of price above the reference price; price also acts in utility, so 0 "
            "counts it once.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "val",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0.7,
     .unit = "1",
     .doc = "Value of the product in the encounter."},
    {.name = NULL},
};

static const char *const borrows[] = {"price", "reference_price", NULL};

/* Standard normal variates in place of uniforms. */
static void make_normal(float *restrict z, int n)
{
    for (int k = 0; k < n; k++) {
        z[k] = gw_normal_quantilef(z[k]);
    }
}

static void perform(float *restrict val, const float *restrict median, const float *restrict spread,
                    const float *restrict z, int n)
{
    for (int k = 0; k < n; k++) {
        val[k] = gw_sigmoidf(fmaf(spread[k], z[k], median[k]));
    }
}

static void experience(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const double *quality = gw_levers(b, QUALITY), *deviation = gw_levers(b, SPREAD);
    const double *price = gw_borrowed_levers(b, PRICE), reference = gw_borrowed_market(b, REFERENCE_PRICE);
    float firm_median[GW_MAX_FIRMS], firm_spread[GW_MAX_FIRMS];
    float z[4][GW_BLOCK], median[GW_BLOCK], spread[GW_BLOCK];
    for (int firm = 0; firm < b->firms; firm++) {
        const double dearer = (price[firm] - reference) / reference;
        firm_median[firm] = gw_logitf((float)quality[firm]) - (float)(gw_market(b, VALUE_PRICE) * dearer);
        firm_spread[firm] = (float)deviation[firm];
    }
    gw_gather(median, firm_median, e->firm, e->n);
    gw_gather(spread, firm_spread, e->firm, e->n);
    gw_draw_listed(b, e->id, e->n, 0, 0, z);
    make_normal(z[0], e->n);
    perform(gw_column(b, VAL), median, spread, z[0], e->n);
}

static const struct gw_step steps[] = {
    {.phase = GW_EXPERIENCE, .kind = GW_BLOCK_STEP, .block = experience},
    {.block = NULL},
};

GW_RULE(product) = {
    .name = "product",
    .doc = "Value is logit-normal around product_quality with standard deviation product_spread; each 100% of price "
           "above the "
           "reference price takes value_price off its logit.",
    .reference = "Rust, Inman, Jia & Zahorik 1999, Marketing Science 18(1)",
    .parameters = parameters,
    .columns = columns,
    .borrows = borrows,
    .steps = steps,
};
