/*
 * A deliberate stop after an experience, outside contracts. Drift to other firms is the business of choice.
 */
#include "rule.h"

enum { STOP_BASE, STOP_FAILURE, STOP_SATISFACTION };
enum { UNREPAIRED, SATISFACTION };
enum { STOP, STOP_PRICE };

static const struct gw_parameter parameters[] = {
    {.name = "stop_base",
     .scope = GW_CONSUMER,
     .unit = "logit",
     .value = -4.6,
     .low = -40.0,
     .high = 10.0,
     .plausible_low = -5.2,
     .plausible_high = -4.0,
     .off = -40.0,
     .doc = "Log-odds that a neutral experience ends the relation.",
     .source = "[A] yearly retention near .81 with the other defaults"},
    {.name = "stop_failure",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 3.35,
     .low = -20.0,
     .high = 20.0,
     .plausible_low = 2.4,
     .plausible_high = 4.0,
     .off = GW_NO_OFF,
     .doc = "Added by an unrepaired failure.",
     .source = "[C] with the other defaults about a third stop after an unrepaired failure; surveys report that many "
               "as an intention (American Express 2012, PwC 2018)"},
    {.name = "stop_satisfaction",
     .scope = GW_MARKET,
     .unit = "logit per sd",
     .value = 0.5,
     .low = -20.0,
     .high = 20.0,
     .plausible_low = 0.2,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Taken off per unit of satisfaction, up to 1.5 units.",
     .source = "[A] cumulative satisfaction lowers the hazard: Bolton 1998, Marketing Science"},
    {.name = NULL},
};

static const struct gw_term terms[] = {
    {"stop", GW_TERM_ENCOUNTER, "logit", "what other rules add to the log-odds of stopping"},
    {"stop_price", GW_TERM_ENCOUNTER, "logit", "likewise, for reasons of price"},
    {.name = NULL},
};

static const char *const reads[] = {"unrepaired", "satisfaction", NULL};

/* Satisfaction above this many standard units holds nobody any better. */
#define MOST_SATISFACTION 1.5f

/* Adds to the base what failure and satisfaction say. */
static void add_reasons(float *restrict h, const float *restrict unrepaired, const float *restrict s, int n,
                        float failure, float relief)
{
    for (int k = 0; k < n; k++) {
        h[k] = h[k] + failure * unrepaired[k] - relief * gw_minf(s[k], MOST_SATISFACTION);
    }
}

static void add(float *restrict h, const float *restrict term, int n)
{
    for (int k = 0; k < n; k++) {
        h[k] += term[k];
    }
}

/* Probabilities in place of log-odds: of one occasion. */
static void in_probability(float *h, int n)
{
    for (int k = 0; k < n; k++) {
        h[k] = gw_sigmoidf(h[k]);
    }
}

/* 1 where one of the occasions may end the relation: 1 - (1 - h)^n <= n h, and the margin covers rounding. */
static void may_end(uint8_t *restrict flag, const float *restrict u, const float *restrict h,
                    const int32_t *restrict times, int n)
{
    for (int k = 0; k < n; k++) {
        flag[k] = u[k] < 1.0001f * h[k] * (float)times[k];
    }
}

/* Of n occasions, of which one ended the relation: the smallest G with u < 1 - (1 - h)^G. */
static int32_t last_of(float u, float h, int32_t n)
{
    if (n == 1) {
        return 1;
    }
    const float g = gw_log_restf(u) / gw_log_restf(h);
    return 1 + (int32_t)gw_clampf(g, 0.0f, (float)(n - 1));
}

/* For all reasons but the price. */
static void log_odds(const struct gw_block *b, float *h)
{
    const struct gw_encounters *e = b->encounters;
    gw_gather(h, gw_consumer(b, STOP_BASE), e->row, e->n);
    add_reasons(h, gw_read(b, UNREPAIRED), gw_read(b, SATISFACTION), e->n, (float)gw_market(b, STOP_FAILURE),
                (float)gw_market(b, STOP_SATISFACTION));
    if (gw_term_live(b, STOP)) {
        add(h, gw_own_term(b, STOP), e->n);
    }
}

/* Who stops, when, and why: the price where it would not have happened without it. Hazards are those of one
 * occasion. */
static void end(const struct gw_block *b, const float *h, const float *h_without_price, const float *unrepaired)
{
    const struct gw_encounters *e = b->encounters;
    float u[GW_BLOCK];
    uint8_t flag[GW_BLOCK];
    int32_t position[GW_BLOCK];
    gw_draw_encounters(b, 0, u);
    may_end(flag, u, h, e->purchases, e->n);
    const int listed = gw_list_flagged(flag, e->n, position);
    for (int i = 0; i < listed; i++) {
        const int k = position[i];
        const float times = (float)e->purchases[k];
        if (u[k] < gw_repeatf(h[k], times)) {
            const bool for_price = u[k] >= gw_repeatf(h_without_price[k], times);
            const enum gw_cause cause = unrepaired[k] > 0.0f ? GW_CAUSE_FAILURE
                                        : for_price          ? GW_CAUSE_PRICE
                                                             : GW_CAUSE_SERVICE;
            gw_end_at(b, k, cause, last_of(u[k], h[k], e->purchases[k]));
        }
    }
}

static void leave(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    if (b->contractual) {
        return;
    }
    float p[GW_BLOCK], with_price[GW_BLOCK];
    log_odds(b, p);
    in_probability(p, e->n);
    if (gw_term_live(b, STOP_PRICE)) {
        log_odds(b, with_price);
        add(with_price, gw_own_term(b, STOP_PRICE), e->n);
        in_probability(with_price, e->n);
    }
    end(b, gw_term_live(b, STOP_PRICE) ? with_price : p, p, gw_read(b, UNREPAIRED));
}

static const struct gw_step steps[] = {
    {.phase = GW_LEAVE, .kind = GW_BLOCK_STEP, .block = leave},
    {.block = NULL},
};

GW_RULE(leaving) = {
    .name = "leaving",
    .doc =
        "After an experience outside a contract the relation ends with probability 1 / (1 + exp(-x)), x = "
        "stop_base + stop_failure "
        "[unrepaired failure] - stop_satisfaction min(s, 1.5) + what other rules add. The cause is failure if one "
        "went unrepaired, else price if it would not have ended without what they add for the price, else service.",
    .reference = "Bolton 1998, Marketing Science 17(1); Keaveney 1995, Journal of Marketing 59(2)",
    .parameters = parameters,
    .terms = terms,
    .reads = reads,
    .steps = steps,
};
