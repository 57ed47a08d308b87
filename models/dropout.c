/*
 * Silent dropout: after each purchase the relation may be over, without a cause that anyone could see.
 */
#include "rule.h"

enum { DROPOUT };
enum { LAST }; /* columns */

static const struct gw_parameter parameters[] = {
    {.name = "dropout",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.5,
     .off = 0.0,
     .doc = "Probability that the relation silently ends after a purchase; beta over consumers gives the BG/NBD.",
     .source = "[S] Fader, Hardie & Lee 2005, Marketing Science: CDNOW beta(.793, 2.426), mean .25"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {"purchases_to_dropout", GW_PER_ENCOUNTER, GW_I32, INT32_MAX, "purchases",
     "the purchase, counted from the present period, after which the relation ends"},
    {.name = NULL},
};

/* ln(1 - p), with full relative accuracy for small p: the rounding of 1 - p is put back to first order. */
static inline float log_of_rest(float p)
{
    const float rest = gw_maxf(1.0f - p, 0x1p-24f);
    return gw_logf(rest) - ((rest - 1.0f) + p) / rest;
}

/* ln u / ln(1 - p), of which the geometric variate is the next whole number; held where an integer holds it. */
static void quotients(const float *restrict p, float *restrict u, int n)
{
    for (int k = 0; k < n; k++) {
        u[k] = gw_clampf(gw_logf(u[k]) / gw_minf(log_of_rest(p[k]), -0x1p-30f), 1.0f, 1.0e9f);
    }
}

/* The next whole number, or INT32_MAX without dropout: by a mask, as a choice would be compiled to a branch. */
static void round_up(const float *restrict quotient, const float *restrict p, int n, int32_t *restrict last)
{
    for (int k = 0; k < n; k++) {
        const int32_t whole = (int32_t)quotient[k];
        const int32_t up = whole + ((float)whole < quotient[k]), drops = -(p[k] > 0.0f);
        last[k] = (up & drops) | (INT32_MAX & ~drops);
    }
}

/* Geometric by inversion, the smallest G >= 1 with (1 - p)^G <= u; INT32_MAX without dropout. Uses up `u`. Two loops:
 * in one, the compiler follows the ends of the clamp through the rounding in branches and does not vectorise. */
static void geometric(const float *restrict p, float *restrict u, int n, int32_t *restrict last)
{
    quotients(p, u, n);
    round_up(u, p, n, last);
}

static void draw(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    float p[GW_BLOCK], u[GW_BLOCK];
    int32_t *last = gw_column(b, LAST);
    gw_gather(p, gw_consumer(b, DROPOUT), e->row, e->n);
    gw_draw_encounters(b, 0, u);
    geometric(p, u, e->n, last);
    for (int k = 0; k < e->n; k++) {
        gw_cap(b, k, last[k]);
    }
}

static void end(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const int32_t *last = gw_column(b, LAST);
    for (int k = 0; k < e->n; k++) {
        if (e->apart[k] == 0 && e->before[k] + e->purchases[k] >= last[k]) {
            gw_end(b, k, GW_CAUSE_DROPOUT);
        }
    }
}

static const struct gw_step steps[] = {
    {GW_BUY, GW_BLOCK_STEP, draw, NULL},
    {GW_LEAVE, GW_BLOCK_STEP, end, NULL},
    {0},
};

GW_RULE(dropout) = {
    .name = "dropout",
    .doc = "After each purchase the relation ends with probability `dropout`. Of several purchases in a period the "
           "G-th is "
           "the last one, G geometric; purchases beyond it do not happen. With gamma purchase rates and beta dropout "
           "probabilities this is the BG/NBD.",
    .reference = "Fader, Hardie & Lee 2005, Marketing Science 24(2)",
    .parameters = parameters,
    .columns = columns,
    .steps = steps,
};
