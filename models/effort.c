/*
 * Whom a firm takes pains with: the same effort as without, shared out by what customers are worth to it.
 */
#include "rule.h"

enum { FOCUS, USUAL_VALUE, VALUE_ERROR };
enum { MISJUDGED, WEIGHT, SEEN, PROFILE };
enum { PILLARS = 6, FLOOR = PILLARS, CEILING, CURVE, HALF_SPEND, RATE, ORDER }; /* borrowed */
enum { STAFF_QUALITY, SERVICE_PRACTICE };
enum { VALUE_SEEN, VALUE_COUNTED };

static const struct gw_parameter parameters[] = {
    {.name = "effort_focus",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 2.0,
     .plausible_low = 0.0,
     .plausible_high = 1.5,
     .off = 0.0,
     .doc = "Exponent of a customer's value in the effort made for him: 0, all alike; 1, in proportion to value.",
     .source = "[A]"},
    {.name = "usual_value",
     .scope = GW_MARKET,
     .unit = "money per year",
     .value = 880.0,
     .low = 0.000001,
     .high = 1000000000.0,
     .plausible_low = 10.0,
     .plausible_high = 100000.0,
     .off = GW_NO_OFF,
     .doc = "Unit in which firms rate customers; values beyond a thousand times or a thousandth of it count as that.",
     .source = "[C] mean of the default purchase rate and order value"},
    {.name = "value_error",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Standard deviation of the error in the logarithm of a customer's value as firms see it.",
     .source =
         "[A] past value is a poor guide to future value: Malthouse & Blattberg 2005, J. Interactive Marketing"},
    {.name = NULL},
};

/* What a firm has seen: sums that fade, of values to the power g and of purchases, and g of the last period. */
struct seen {
    double sum, count, focus;
};

/* A firm's period. */
struct profile {
    double focus, applied;     /* g, and g or 0 while it knows nobody's value */
    double log_scale;          /* of the mean of o^g, 0 while it knows nobody's value */
    double curve;              /* c */
    double log_spend[PILLARS]; /* c ln(spend / half_spend) */
    double floor, range;       /* of quality, times what the staff make of it */
    double logit;              /* of quality under the same effort for all */
};
enum { SEEN_WIDTH = sizeof(struct seen) / sizeof(double), PROFILE_WIDTH = sizeof(struct profile) / sizeof(double) };

static const struct gw_column columns[] = {
    {.name = "value_misjudged",
     .shape = GW_PER_CONSUMER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "1",
     .doc = "By how many standard errors firms think too well of the consumer's value."},
    {.name = "value_weight",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 1,
     .unit = "1",
     .doc = "The customer's value, as seen, to the power effort_focus."},
    {.name = "effort_seen",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "Sums that fade, of customers' values to the power effort_focus and of purchases; effort_focus.",
     .width = SEEN_WIDTH},
    {.name = "effort_profile",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "What the quality of an encounter with the firm depends on, this period.",
     .width = PROFILE_WIDTH},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"value_seen", GW_SUM, NULL, "1", "Values of customers, as seen, to the power effort_focus, by purchases."},
    {"value_counted", GW_COUNT, NULL, "purchases", "Purchases over which these values are averaged."},
    {.name = NULL},
};

static const char *const borrows[] = {"spend.personalisation",
                                      "spend.integrity",
                                      "spend.expectations",
                                      "spend.resolution",
                                      "spend.time_effort",
                                      "spend.empathy",
                                      "treatment_floor",
                                      "treatment_ceiling",
                                      "response_curve",
                                      "half_spend",
                                      "purchase_rate",
                                      "order_value",
                                      NULL};
static const char *const reads[] = {"staff_quality", "service_practice", NULL};
static const char *const adds[] = {"quality_information", "quality_purchase", "quality_after_sale", NULL};
static const char *const watches[] = {"value_seen", "value_counted", NULL};

#define WORST 0.01               /* median quality never falls below this: rule treatment */
#define LOG_RANGE 6.90775527898f /* ln 1000 */
#define LEAST_VALUE 1e-30f       /* has a logarithm */
#define NOTHING (-1e4)           /* logarithm of no spend: no effort makes anything of it */

static void start(const struct gw_block *b)
{
    float *misjudged = gw_column(b, MISJUDGED);
    for (int row = 0; row < b->rows; row++) {
        misjudged[row] = gw_normal_of_precise(gw_uniform_start(&b->key, b->first + (uint32_t)row, 1, 0));
    }
}

/* ---- Serve: what the firm knows, and what its effort does ---- */

/* The sums fade within a quarter of a year; under another exponent they begin anew. */
static void learn(struct seen *seen, double focus, double sum, double count, double years)
{
    const double kept = seen->focus < focus || seen->focus > focus ? 0.0 : gw_exp(-4.0 * years);
    seen->sum = kept * seen->sum + (kept > 0.0 ? sum : 0.0);
    seen->count = kept * seen->count + (kept > 0.0 ? count : 0.0);
    seen->focus = focus;
}

/* Of the same effort for all. */
static float quality_logit(const struct profile *p)
{
    float sum = 0.0f;
    for (int pillar = 0; pillar < PILLARS; pillar++) {
        sum += gw_sigmoidf((float)p->log_spend[pillar]);
    }
    return gw_logitf(gw_maxf(fmaf((float)p->range, sum, (float)p->floor), (float)WORST));
}

static void describe(const struct gw_firms *f, int firm, const struct seen *seen, struct profile *p)
{
    const double as_lived = gw_firm_read(f, STAFF_QUALITY)[firm] * gw_firm_read(f, SERVICE_PRACTICE)[firm];
    const double floor = gw_firm_borrowed_levers(f, FLOOR)[firm], half = gw_firm_borrowed_levers(f, HALF_SPEND)[firm];
    const bool knows = seen->count > 0.0 && seen->sum > 0.0;
    *p = (struct profile){.focus = seen->focus,
                          .applied = knows ? seen->focus : 0.0,
                          .log_scale = knows ? gw_log(seen->sum / seen->count) : 0.0,
                          .curve = gw_firm_borrowed_levers(f, CURVE)[firm],
                          .floor = as_lived * floor,
                          .range = as_lived * (gw_firm_borrowed_levers(f, CEILING)[firm] - floor) / PILLARS};
    for (int pillar = 0; pillar < PILLARS; pillar++) {
        const double spend = gw_firm_borrowed_levers(f, pillar)[firm];
        p->log_spend[pillar] = spend > 0.0 ? p->curve * gw_log(spend / half) : NOTHING;
    }
    p->logit = (double)quality_logit(p);
}

static void serve(const struct gw_firms *f)
{
    struct seen *seen = (struct seen *)(void *)gw_firm_column(f, SEEN);
    struct profile *profile = (struct profile *)(void *)gw_firm_column(f, PROFILE);
    for (int firm = 0; firm < f->firms; firm++) {
        learn(&seen[firm], gw_firm_levers(f, FOCUS)[firm], 1e-6 * (double)gw_watched(f, VALUE_SEEN)[firm],
              (double)gw_watched(f, VALUE_COUNTED)[firm], f->years);
        describe(f, firm, &seen[firm], &profile[firm]);
    }
}

/* ---- Experience ---- */

/* ln o of every encounter's customer, in place of the value. */
static void judge(float *restrict value, const float *restrict misjudged, int n, float usual, float error)
{
    for (int k = 0; k < n; k++) {
        const float log_value = gw_logf(gw_maxf(value[k] / usual, LEAST_VALUE));
        value[k] = gw_clampf(fmaf(error, misjudged[k], log_value), -LOG_RANGE, LOG_RANGE);
    }
}

static void see(const struct gw_block *b, float *restrict log_value)
{
    const struct gw_encounters *e = b->encounters;
    float rate[GW_BLOCK], misjudged[GW_BLOCK];
    gw_gather(log_value, gw_borrowed_consumer(b, ORDER), e->row, e->n);
    if (!b->contractual) {
        gw_gather(rate, gw_borrowed_consumer(b, RATE), e->row, e->n);
        for (int k = 0; k < e->n; k++) {
            log_value[k] *= rate[k];
        }
    }
    gw_gather(misjudged, gw_column(b, MISJUDGED), e->row, e->n);
    judge(log_value, misjudged, e->n, (float)gw_market(b, USUAL_VALUE), (float)gw_market(b, VALUE_ERROR));
}

static void weigh(const struct gw_block *b, const struct profile *profile, const float *restrict log_value)
{
    const int32_t *restrict firm = b->encounters->firm;
    float *restrict weight = gw_column(b, WEIGHT);
    for (int k = 0; k < b->encounters->n; k++) {
        weight[k] = gw_expf((float)profile[firm[k]].focus * log_value[k]);
    }
}

/* The firms' numbers, one per encounter. */
struct effort {
    float log_effort[GW_BLOCK], curve[GW_BLOCK], log_spend[PILLARS][GW_BLOCK], floor[GW_BLOCK], range[GW_BLOCK],
        logit[GW_BLOCK];
};

static void describe_effort(const struct gw_block *b, const struct profile *profile, const float *restrict log_value,
                            struct effort *restrict e)
{
    const int32_t *restrict firm = b->encounters->firm;
    for (int k = 0; k < b->encounters->n; k++) {
        const struct profile *p = &profile[firm[k]];
        e->log_effort[k] = fmaf((float)p->applied, log_value[k], -(float)p->log_scale);
        e->curve[k] = (float)p->curve;
        e->floor[k] = (float)p->floor;
        e->range[k] = (float)p->range;
        e->logit[k] = (float)p->logit;
        for (int pillar = 0; pillar < PILLARS; pillar++) {
            e->log_spend[pillar][k] = (float)p->log_spend[pillar];
        }
    }
}

static void respond(float *restrict sum, const float *restrict curve, const float *restrict log_effort,
                    const float *restrict log_spend, int n)
{
    for (int k = 0; k < n; k++) {
        sum[k] += gw_sigmoidf(fmaf(curve[k], log_effort[k], log_spend[k]));
    }
}

/* The logit gained, in place of the sum of responses. */
static void gain(float *restrict sum, const float *restrict floor, const float *restrict range,
                 const float *restrict logit, int n)
{
    for (int k = 0; k < n; k++) {
        sum[k] = gw_logitf(gw_maxf(fmaf(range[k], sum[k], floor[k]), (float)WORST)) - logit[k];
    }
}

/* As quality_logit(), for all encounters: exactly 0 where the effort is 1. */
static void take_pains(const struct gw_block *b, const struct profile *profile, float *restrict log_value)
{
    const int n = b->encounters->n;
    struct effort e;
    describe_effort(b, profile, log_value, &e);
    memset(log_value, 0, (size_t)n * sizeof *log_value);
    for (int pillar = 0; pillar < PILLARS; pillar++) {
        respond(log_value, e.curve, e.log_effort, e.log_spend[pillar], n);
    }
    gain(log_value, e.floor, e.range, e.logit, n);
}

static void favour(const struct gw_block *b)
{
    const struct profile *profile = gw_column(b, PROFILE);
    float added[GW_BLOCK];
    see(b, added);
    weigh(b, profile, added);
    take_pains(b, profile, added);
    for (int stage = 0; stage < GW_STAGES; stage++) {
        float *restrict quality = gw_add_term(b, stage);
        for (int k = 0; k < b->encounters->n; k++) {
            quality[k] += added[k];
        }
    }
}

/* Of the firms that look at values at all. */
static void account(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const struct profile *profile = gw_column(b, PROFILE);
    const float *weight = gw_column(b, WEIGHT);
    for (int k = 0; k < e->n; k++) {
        const int looked_at = profile[e->firm[k]].focus > 0.0 ? e->purchases[k] : 0;
        gw_tally_add(b, VALUE_SEEN, 0, e->firm[k], gw_micro((double)weight[k] * looked_at));
        gw_tally_add(b, VALUE_COUNTED, 0, e->firm[k], looked_at);
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_SERVE, .kind = GW_FIRMS_STEP, .act = serve},
    {.phase = GW_EXPERIENCE, .kind = GW_TERMS, .block = favour},
    {.phase = GW_ACCOUNT, .kind = GW_BLOCK_STEP, .block = account},
    {.block = NULL},
};

GW_RULE(effort) = {
    .name = "effort",
    .doc = "A firm sees a customer's yearly value (purchase_rate times order_value; the fee under contract) in units "
           "of usual_value, its logarithm with an error of standard deviation value_error, and makes an effort in "
           "proportion to that value to the power effort_focus, scaled by its mean over the purchases of the last "
           "months, so that nothing more is spent. Effort e serves an encounter as e times the spend on all pillars "
           "would (rule treatment).",
    .reference = "Zeithaml, Rust & Lemon 2001, California Management Review 43(4); Homburg, Droll & Totzek 2008, "
                 "Journal of Marketing 72(5)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .borrows = borrows,
    .reads = reads,
    .adds = adds,
    .watches = watches,
    .start = start,
    .steps = steps,
};
