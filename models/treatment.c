/*
 * How a customer is treated at the stages of an encounter, and what is kept of it as one number.
 */
#include "rule.h"

enum { FLOOR, CEILING, CURVE, HALF_SPEND, SPREAD, COMMON_SHARE, UNANSWERED_PENALTY, PEAK_END };
enum { EMO, MEDIAN, DELIVERY };
enum { PILLARS = 6 }; /* the borrowed levers */
enum { UNANSWERED, FAILURE_LOSS, EXPECTATION, STAFF_QUALITY, SERVICE_PRACTICE, PROCESS_SHIFT };
enum { QUALITY, QUALITY_SPREAD = QUALITY + GW_STAGES }; /* an accumulator per stage, then that of the spread */

static const struct gw_parameter parameters[] = {
    {.name = "treatment_floor",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.52,
     .low = 0.01,
     .high = 0.99,
     .plausible_low = 0.4,
     .plausible_high = 0.62,
     .off = GW_NO_OFF,
     .doc = "Median treatment quality of a firm that spends nothing on experience.",
     .source = "[A]"},
    {.name = "treatment_ceiling",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.86,
     .low = 0.01,
     .high = 0.99,
     .plausible_low = 0.76,
     .plausible_high = 0.93,
     .off = GW_NO_OFF,
     .doc = "Median treatment quality that endless spending on all pillars approaches.",
     .source = "[A]"},
    {.name = "response_curve",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 1.5,
     .low = 0.1,
     .high = 10.0,
     .plausible_low = 0.8,
     .plausible_high = 3.0,
     .off = GW_NO_OFF,
     .doc = "Exponent c of the ADBUDG response; above 1 it is S-shaped.",
     .source = "[R] Little 1970, Management Science"},
    {.name = "half_spend",
     .scope = GW_FIRM,
     .unit = "money per week",
     .value = 250.0,
     .low = 0.01,
     .high = 100000000.0,
     .plausible_low = 50.0,
     .plausible_high = 2000.0,
     .off = GW_NO_OFF,
     .doc = "Spend on a pillar that brings half of its effect.",
     .source = "[A] scales with the size of the market"},
    {.name = "stage_spread",
     .scope = GW_FIRM,
     .unit = "logit",
     .value = 0.75,
     .low = 0.0,
     .high = 5.0,
     .plausible_low = 0.5,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Standard deviation of a stage's quality between encounters, on the logit scale: inconsistency.",
     .source = "[A]"},
    {.name = "common_share",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Share of that variance that the stages of one encounter have in common.",
     .source = "[A]"},
    {.name = "unanswered_penalty",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.6,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.3,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Factor on the information stage when a question went unanswered and the consumer stayed.",
     .source = "[A]"},
    {.name = "peak_end",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Weight of the mean of peak and end against the mean of all stages.",
     .source = "[S] both predict about equally well: Alaybek et al. 2022, Organizational Behavior and Human Decision "
               "Processes"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "emo",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0.6,
     .unit = "1",
     .doc = "Treatment as remembered over the stages of the encounter."},
    {.name = "treatment_quality",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.6,
     .unit = "1",
     .doc = "Median treatment quality of the firm in this period."},
    {.name = "delivery",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "logit",
     .doc = "Logit of the median, and standard deviations of what stages share and of what they have alone.",
     .width = 3},
    {.name = NULL},
};

static const struct gw_term terms[] = {
    {.name = "quality_information",
     .shape = GW_TERM_ENCOUNTER,
     .unit = "logit",
     .doc = "what other rules add to the quality of the information stage"},
    {.name = "quality_purchase",
     .shape = GW_TERM_ENCOUNTER,
     .unit = "logit",
     .doc = "what other rules add to the quality of the purchase"},
    {.name = "quality_after_sale",
     .shape = GW_TERM_ENCOUNTER,
     .unit = "logit",
     .doc = "what other rules add to the quality after the sale"},
    {.name = "quality_spread",
     .shape = GW_TERM_ENCOUNTER,
     .unit = "1",
     .doc = "what other rules add to the logarithm of stage_spread"},
    {.name = NULL},
};

static const char *const borrows[] = {"spend.personalisation",
                                      "spend.integrity",
                                      "spend.expectations",
                                      "spend.resolution",
                                      "spend.time_effort",
                                      "spend.empathy",
                                      NULL};
static const char *const reads[] = {"unanswered",       "failure_loss",  "expectation", "staff_quality",
                                    "service_practice", "process_shift", NULL};

#define WORST 0.01 /* median quality never falls below this */

/* A firm's period: logit of the median, sd of what the stages of an encounter share, sd of each stage's own. */
struct delivery {
    double logit, common, own;
};

/* q = floor + (ceiling - floor) * mean response of the pillars, as the staff live up to it. */
static double quality_of(const struct gw_firms *f, int firm)
{
    const double floor = gw_firm_levers(f, FLOOR)[firm], ceiling = gw_firm_levers(f, CEILING)[firm];
    const double curve = gw_firm_levers(f, CURVE)[firm], half = gw_firm_levers(f, HALF_SPEND)[firm];
    double sum = 0.0;
    for (int pillar = 0; pillar < PILLARS; pillar++) {
        sum += gw_adbudg(gw_firm_borrowed_levers(f, pillar)[firm] / half, curve);
    }
    const double best = floor + (ceiling - floor) * sum / PILLARS;
    const double q = best * gw_firm_read(f, STAFF_QUALITY)[firm] * gw_firm_read(f, SERVICE_PRACTICE)[firm];
    return q > WORST ? q : WORST;
}

/* Processes shift the logit; without a shift the median is q itself, to the bit. */
static void serve(const struct gw_firms *f)
{
    double *median = gw_firm_column(f, MEDIAN);
    struct delivery *delivery = (struct delivery *)(void *)gw_firm_column(f, DELIVERY);
    for (int firm = 0; firm < f->firms; firm++) {
        const double spread = gw_firm_levers(f, SPREAD)[firm], share = gw_firm_levers(f, COMMON_SHARE)[firm];
        const double q = quality_of(f, firm), shift = gw_firm_read(f, PROCESS_SHIFT)[firm];
        const bool shifted = shift > 0.0 || shift < 0.0;
        median[firm] = shifted ? gw_sigmoid(gw_logit(q) + shift) : q;
        delivery[firm] = (struct delivery){.logit = shifted ? gw_logit(q) + shift : (double)gw_logitf((float)q),
                                           .common = spread * sqrt(share),
                                           .own = spread * sqrt(1.0 - share)};
    }
}

/* The firms' numbers, one per encounter. */
struct offer {
    float logit[GW_BLOCK], common[GW_BLOCK], own[GW_BLOCK];
};

static void describe_offer(const struct gw_block *b, struct offer *restrict o)
{
    const int32_t *restrict firm = b->encounters->firm;
    const struct delivery *restrict delivery = gw_column(b, DELIVERY);
    const int n = b->encounters->n;
    for (int k = 0; k < n; k++) {
        const struct delivery *of = &delivery[firm[k]];
        o->logit[k] = (float)of->logit;
        o->common[k] = (float)of->common;
        o->own[k] = (float)of->own;
    }
}

/* Standard normal variates in place of uniforms. A loop of its own: the processor sees further ahead in short ones.
 */
static void make_normal(float *restrict z, int n)
{
    for (int k = 0; k < n; k++) {
        z[k] = gw_normal_quantilef(z[k]);
    }
}

static void scale(float *restrict deviation, const float *restrict log_factor, int n)
{
    for (int k = 0; k < n; k++) {
        deviation[k] *= gw_expf(log_factor[k]);
    }
}

/* Adds what the stages of an encounter share. */
static void share_luck(struct offer *restrict o, const float *restrict z, int n)
{
    for (int k = 0; k < n; k++) {
        o->logit[k] = fmaf(o->common[k], z[k], o->logit[k]);
    }
}

/* The logit of a stage: the firm's, and what other rules add. */
static void add(float *restrict sum, const float *restrict logit, const float *restrict term, int n)
{
    for (int k = 0; k < n; k++) {
        sum[k] = logit[k] + term[k];
    }
}

static void deliver(float *restrict quality, const float *restrict logit, const float *restrict deviation,
                    const float *restrict z, const float *restrict factor, int n)
{
    for (int k = 0; k < n; k++) {
        quality[k] = factor[k] * gw_sigmoidf(fmaf(deviation[k], z[k], logit[k]));
    }
}

/* Factors on the stages: an unanswered question spoils the first, a failure the last. */
static void mark_down(const struct gw_block *b, float (*restrict factor)[GW_BLOCK])
{
    const struct gw_encounters *e = b->encounters;
    const uint8_t *unanswered = gw_read(b, UNANSWERED);
    const float *loss = gw_read(b, FAILURE_LOSS);
    const float penalty = (float)gw_market(b, UNANSWERED_PENALTY);
    for (int k = 0; k < e->n; k++) {
        factor[GW_INFORMATION][k] = unanswered[e->row[k]] ? penalty : 1.0f;
        factor[GW_PURCHASE][k] = 1.0f;
        factor[GW_AFTER_SALE][k] = 1.0f - loss[k];
    }
}

/* Peak-end: the peak is the stage furthest from expectation, the first of equals; the end is the last stage. */
static void recall(float *restrict emo, const float (*restrict x)[GW_BLOCK], const float *restrict expectation,
                   const float *restrict weight, int n)
{
    for (int k = 0; k < n; k++) {
        const float a = x[GW_INFORMATION][k], p = x[GW_PURCHASE][k], z = x[GW_AFTER_SALE][k],
                    expected = expectation[k];
        const float first = fabsf(p - expected) > fabsf(a - expected) ? p : a;
        const float peak = fabsf(z - expected) > fabsf(first - expected) ? z : first;
        const float mean = a + ((p - a) + (z - a)) * (1.0f / 3.0f);
        emo[k] = fmaf(weight[k], 0.5f * (peak + z) - mean, mean);
    }
}

static void experience(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    struct offer o;
    float z[1 + GW_STAGES][GW_BLOCK], quality[GW_STAGES][GW_BLOCK], factor[GW_STAGES][GW_BLOCK], logit[GW_BLOCK],
        expectation[GW_BLOCK], weight[GW_BLOCK];
    gw_draw_listed(b, e->id, e->n, 0, 0, z);
    describe_offer(b, &o);
    if (gw_term_live(b, QUALITY_SPREAD)) {
        scale(o.common, gw_own_term(b, QUALITY_SPREAD), e->n);
        scale(o.own, gw_own_term(b, QUALITY_SPREAD), e->n);
    }
    mark_down(b, factor);
    make_normal(z[0], e->n);
    share_luck(&o, z[0], e->n);
    for (int stage = 0; stage < GW_STAGES; stage++) {
        const bool moved = gw_term_live(b, QUALITY + stage);
        make_normal(z[1 + stage], e->n);
        if (moved) {
            add(logit, o.logit, gw_own_term(b, QUALITY + stage), e->n);
        }
        deliver(quality[stage], moved ? logit : o.logit, o.own, z[1 + stage], factor[stage], e->n);
    }
    gw_gather(expectation, gw_read(b, EXPECTATION), e->at, e->n);
    gw_gather(weight, gw_consumer(b, PEAK_END), e->row, e->n);
    recall(gw_column(b, EMO), (const float(*)[GW_BLOCK])quality, expectation, weight, e->n);
}

static const struct gw_step steps[] = {
    {.phase = GW_SERVE, .kind = GW_FIRMS_STEP, .act = serve},
    {.phase = GW_EXPERIENCE, .kind = GW_BLOCK_STEP, .block = experience},
    {.block = NULL},
};

GW_RULE(treatment) = {
    .name = "treatment",
    .doc =
        "A firm's median treatment quality q rises from treatment_floor towards treatment_ceiling with the mean "
        "over six pillars of x^c / (1 + x^c), x = spend / half_spend; exhausted staff and cut corners (rules "
        "burnout, standard) scale it, processes (rule process) shift its logit. The stages information, purchase "
        "and after-sale are logit-normal around it with standard deviation stage_spread, of which common_share of "
        "the variance is common; other rules add to the logit of a stage and scale the deviation by "
        "exp(quality_spread). Unanswered questions mark down the first stage, failures the last. Kept is peak_end * "
        "(peak + end) / 2 + (1 - peak_end) * mean.",
    .reference =
        "Little 1970, Management Science 16(8); Alaybek et al. 2022, Organizational Behavior and Human Decision "
        "Processes 170",
    .parameters = parameters,
    .columns = columns,
    .terms = terms,
    .borrows = borrows,
    .reads = reads,
    .steps = steps,
};
