/*
 * A deliberate stop after an experience, outside contracts. Drift to other firms is the business of choice.
 */
#include "rule.h"

enum { STOP_BASE, STOP_FAILURE, STOP_SATISFACTION };
enum { UNREPAIRED, SATISFACTION };

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

static const char *const reads[] = {"unrepaired", "satisfaction", NULL};

/* Satisfaction above this many standard units holds nobody any better. */
#define MOST_SATISFACTION 1.5f

static void hazard(float *restrict p, const float *restrict base, const float *restrict unrepaired,
                   const float *restrict s, int n, float failure, float relief)
{
    for (int k = 0; k < n; k++) {
        p[k] = gw_sigmoidf(base[k] + failure * unrepaired[k] - relief * gw_minf(s[k], MOST_SATISFACTION));
    }
}

static void leave(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    if (b->contractual) {
        return;
    }
    const float *unrepaired = gw_read(b, UNREPAIRED);
    float p[GW_BLOCK], base[GW_BLOCK], u[GW_BLOCK];
    gw_gather(base, gw_consumer(b, STOP_BASE), e->row, e->n);
    hazard(p, base, unrepaired, gw_read(b, SATISFACTION), e->n, (float)gw_market(b, STOP_FAILURE),
           (float)gw_market(b, STOP_SATISFACTION));
    gw_draw_encounters(b, 0, u);
    for (int k = 0; k < e->n; k++) {
        if (u[k] < p[k]) {
            gw_end(b, k, unrepaired[k] > 0.0f ? GW_CAUSE_FAILURE : GW_CAUSE_SERVICE);
        }
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_LEAVE, .kind = GW_BLOCK_STEP, .block = leave},
    {.block = NULL},
};

GW_RULE(leaving) = {
    .name = "leaving",
    .doc = "After an encounter outside a contract the relation ends with probability 1 / (1 + exp(-x)), x = "
           "stop_base + stop_failure "
           "[unrepaired failure] - stop_satisfaction min(s, 1.5). The cause is failure if one went unrepaired, else "
           "service.",
    .reference = "Bolton 1998, Marketing Science 17(1); Keaveney 1995, Journal of Marketing 59(2)",
    .parameters = parameters,
    .reads = reads,
    .steps = steps,
};
