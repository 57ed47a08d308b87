/*
 * Stages of an encounter on channels: what a firm does for each.
 */
#include "rule.h"

enum {
    CHANNEL_SPEND,                             /* GW_CHANNELS of them */
    STAGE_SPEND = CHANNEL_SPEND + GW_CHANNELS, /* GW_STAGES */
    CHANNEL_QUALITY = STAGE_SPEND + GW_STAGES, /* GW_CHANNELS */
    CHANNEL_GAIN = CHANNEL_QUALITY + GW_CHANNELS,
    STAGE_GAIN,
    HALF_SPEND
};
enum { LOGIT };
enum { SPEND };
enum { CHANNEL, OPEN };
enum { TOUCHPOINTS = GW_STAGES * GW_CHANNELS };

#define SPEND_ON(group, what)                                                                                        \
    {                                                                                                                \
        .name = group "." what, .scope = GW_LEVER, .unit = "money per week", .value = 0.0, .low = 0.0,               \
        .high = 50000000.0, .plausible_low = 0.0, .plausible_high = 5000.0, .off = 0.0,                              \
        .doc = "Spend on what customers meet at " what ", above what the firm does anyway.", .source = "[A]"         \
    }
#define QUALITY_OF(channel)                                                                                          \
    {                                                                                                                \
        .name = "channel_quality." channel, .scope = GW_LEVER, .unit = "logit", .value = 0.0, .low = -20.0,          \
        .high = 20.0, .plausible_low = -1.0, .plausible_high = 1.0, .off = 0.0,                                      \
        .doc = "How much better or worse than elsewhere customers are treated at " channel ".", .source = "[A]"      \
    }

static const struct gw_parameter parameters[] = {
    SPEND_ON("channel_spend", "email"),
    SPEND_ON("channel_spend", "phone"),
    SPEND_ON("channel_spend", "store"),
    SPEND_ON("channel_spend", "social"),
    SPEND_ON("channel_spend", "web"),
    SPEND_ON("channel_spend", "chat"),
    SPEND_ON("stage_spend", "information"),
    SPEND_ON("stage_spend", "purchase"),
    SPEND_ON("stage_spend", "after_sale"),
    QUALITY_OF("email"),
    QUALITY_OF("phone"),
    QUALITY_OF("store"),
    QUALITY_OF("social"),
    QUALITY_OF("web"),
    QUALITY_OF("chat"),
    {.name = "channel_gain",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 1.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.3,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "What endless spending on a channel adds to the quality of encounters there.",
     .source = "[A]"},
    {.name = "stage_gain",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 1.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.3,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "What endless spending on a stage adds to its quality.",
     .source = "[A]"},
    {.name = "touchpoint_half_spend",
     .scope = GW_FIRM,
     .unit = "money per week",
     .value = 250.0,
     .low = 0.01,
     .high = 100000000.0,
     .plausible_low = 50.0,
     .plausible_high = 2000.0,
     .off = GW_NO_OFF,
     .doc = "Spend on a channel or stage that brings half of its effect.",
     .source = "[A] scales with the size of the market"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "touchpoint_logit",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "logit",
     .doc = "What the firm's effort adds to a stage for consumers of a channel: [stage][channel of the consumer].",
     .width = TOUCHPOINTS},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "touchpoints", .debit = GW_EXPERIENCE_SPEND, .credit = GW_CASH, .doc = "Spend on channels and stages."},
    {.name = NULL},
};

static const char *const reads[] = {"channel", "open", NULL};
static const char *const adds[] = {"quality_information", "quality_purchase", "quality_after_sale", NULL};

/* Where a consumer of a channel meets a stage: who goes to the store buys there, everybody else on the web. */
static int place_of(int stage, int channel)
{
    return stage != GW_PURCHASE || channel == GW_STORE ? channel : GW_WEB;
}

static double effect(const struct gw_firms *f, int spend, int firm)
{
    const double x = gw_firm_levers(f, spend)[firm];
    return x / (x + gw_firm_levers(f, HALF_SPEND)[firm]);
}

static void describe(const struct gw_firms *f, int firm, double logit[TOUCHPOINTS])
{
    double channel[GW_CHANNELS];
    for (int c = 0; c < GW_CHANNELS; c++) {
        channel[c] = gw_firm_levers(f, CHANNEL_QUALITY + c)[firm] +
                     gw_firm_market(f, CHANNEL_GAIN) * effect(f, CHANNEL_SPEND + c, firm);
    }
    for (int k = 0; k < GW_STAGES; k++) {
        const double stage = gw_firm_market(f, STAGE_GAIN) * effect(f, STAGE_SPEND + k, firm);
        for (int c = 0; c < GW_CHANNELS; c++) {
            logit[k * GW_CHANNELS + c] = channel[place_of(k, c)] + stage;
        }
    }
}

static void act(const struct gw_firms *f)
{
    double *logit = gw_firm_column(f, LOGIT);
    for (int firm = 0; firm < f->firms; firm++) {
        double spend = 0.0;
        for (int s = CHANNEL_SPEND; s < CHANNEL_QUALITY; s++) {
            spend += gw_firm_levers(f, s)[firm];
        }
        describe(f, firm, logit + firm * TOUCHPOINTS);
        gw_firm_post(f, SPEND, firm, gw_micro(spend * 52.0 * f->years * gw_firm_read(f, OPEN)[firm]));
    }
}

static void add_stage(float *restrict quality, const double *restrict logit, const int32_t *restrict at, int n)
{
    for (int k = 0; k < n; k++) {
        quality[k] += (float)logit[at[k]];
    }
}

static void meet(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const uint8_t *channel = gw_read(b, CHANNEL);
    const double *logit = gw_column(b, LOGIT);
    int32_t at[GW_BLOCK];
    for (int k = 0; k < e->n; k++) {
        at[k] = e->firm[k] * TOUCHPOINTS + channel[e->row[k]];
    }
    for (int stage = 0; stage < GW_STAGES; stage++) {
        add_stage(gw_add_term(b, stage), logit + stage * GW_CHANNELS, at, e->n);
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.phase = GW_EXPERIENCE, .kind = GW_TERMS, .block = meet},
    {.block = NULL},
};

GW_RULE(touchpoints) = {
    .name = "touchpoints",
    .doc =
        "A touchpoint is a stage on a channel. Information and after-sale are met on the consumer's channel (rule "
        "channel), the purchase in the store by who goes there and on the web by all others. A stage's logit gains "
        "channel_quality + channel_gain y of its channel and stage_gain y of the stage, y = x / (x + "
        "touchpoint_half_spend) of the money x spent there.",
    .reference = "Lemon & Verhoef 2016, Journal of Marketing 80(6)",
    .parameters = parameters,
    .columns = columns,
    .postings = postings,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
