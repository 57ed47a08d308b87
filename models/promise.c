/*
 * What a firm promises, how far it is believed, and what is learned when it does not come true.
 */
#include "rule.h"

enum { PROMISE, PULL, TRUST_START, TRUST_LOSS, TRUST_TOLERANCE, TRUST_RECOVERY, GAP_LEARNING };
enum { TRUST, GAP };
enum { READ_EXPECTATION, READ_CX };
enum { ADD_UTILITY, ADD_SHIFT };

static const struct gw_parameter parameters[] = {
    {.name = "promise",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.65,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.4,
     .plausible_high = 0.95,
     .off = GW_NO_OFF,
     .doc = "Experience CX that the firm lets people expect.",
     .source = "[C] near the mean experience in the baseline scenario: an honest promise"},
    {.name = "promise_pull",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 1.8,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.5,
     .plausible_high = 5.0,
     .off = GW_NO_OFF,
     .doc = "Utility per unit of experience that a promise, as far as it is believed, adds to what is expected.",
     .source =
         "[A] will-expectations draw customers: Boulding, Kalra, Staelin & Zeithaml 1993, J. Marketing Research"},
    {.name = "trust_start",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.1,
     .plausible_high = 0.6,
     .off = 0.0,
     .doc = "Weight of the promise in what is expected, before any experience.",
     .source = "[A] .3 when on; a promise moves will-expectations: Boulding, Kalra, Staelin & Zeithaml 1993, J. "
               "Marketing Research"},
    {.name = "trust_loss",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.1,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Share of trust lost per unit by which an experience falls short of the promise.",
     .source = "[A]"},
    {.name = "trust_tolerance",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0375,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.1,
     .off = GW_NO_OFF,
     .doc = "Shortfall against the promise that costs no trust.",
     .source = "[C] a quarter of a standard deviation of experience, as for the zone of tolerance: Zeithaml, Berry & "
               "Parasuraman 1993, J. Academy of Marketing Science"},
    {.name = "trust_recovery",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.05,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.2,
     .off = GW_NO_OFF,
     .doc = "Share of the gap to trust_start that an experience closes.",
     .source = "[C] without it the noise of an honest firm alone ends trust; .05 settles near .2"},
    {.name = "gap_learning",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.2,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.5,
     .off = GW_NO_OFF,
     .doc = "Share of the surprise about promise less experience that an experience adds to the gap that is allowed "
            "for.",
     .source = "[A] without it promising too little would pay for ever"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "trust",
     .shape = GW_PER_RELATION,
     .type = GW_F32,
     .neutral = 0,
     .unit = "1",
     .doc = "Trust T in the firm's promise, from 0 to 1."},
    {.name = "promise_gap",
     .shape = GW_PER_RELATION,
     .type = GW_F32,
     .neutral = 0,
     .unit = "1",
     .doc = "By how much the firm has been found to promise too much."},
    {.name = NULL},
};

static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    float *trust = gw_column(b, TRUST), *gap = gw_column(b, GAP);
    const float value = (float)gw_market(b, TRUST_START);
    for (int k = 0; k < e->n; k++) {
        trust[e->at[k]] = value;
        gap[e->at[k]] = 0.0f;
    }
}

/* T (P - b - E): what the promise adds to the expectation E, so that E_w = (1 - T) E + T (P - b). */
static void shift_of(float *restrict shift, const float *restrict promise, const float *restrict trust,
                     const float *restrict gap, const float *restrict expectation, int n)
{
    for (int k = 0; k < n; k++) {
        shift[k] = trust[k] * (promise[k] - gap[k] - expectation[k]);
    }
}

static void accumulate(float *restrict sum, const float *restrict x, int n, float weight)
{
    for (int k = 0; k < n; k++) {
        sum[k] += weight * x[k];
    }
}

static void choose(const struct gw_block *b)
{
    const float *trust = gw_column(b, TRUST), *gap = gw_column(b, GAP), *expectation = gw_read(b, READ_EXPECTATION);
    float *utility = gw_add_term(b, ADD_UTILITY);
    float promise[GW_BLOCK], shift[GW_BLOCK];
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        gw_slot_levers(b, gw_levers(b, PROMISE), slot, promise);
        shift_of(shift, promise, trust + from, gap + from, expectation + from, b->rows);
        accumulate(utility + from, shift, b->rows, (float)gw_market(b, PULL));
    }
}

/* What the encounters' relations hold. */
struct belief {
    float promise[GW_BLOCK], trust[GW_BLOCK], gap[GW_BLOCK];
};

static void fetch(const struct gw_block *b, struct belief *belief)
{
    const struct gw_encounters *e = b->encounters;
    const double *promise = gw_levers(b, PROMISE);
    gw_gather(belief->trust, gw_column(b, TRUST), e->at, e->n);
    gw_gather(belief->gap, gw_column(b, GAP), e->at, e->n);
    for (int k = 0; k < e->n; k++) {
        belief->promise[k] = (float)promise[e->firm[k]];
    }
}

static void compare(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    struct belief belief;
    float expectation[GW_BLOCK], shift[GW_BLOCK];
    fetch(b, &belief);
    gw_gather(expectation, gw_read(b, READ_EXPECTATION), e->at, e->n);
    shift_of(shift, belief.promise, belief.trust, belief.gap, expectation, e->n);
    accumulate(gw_add_term(b, ADD_SHIFT), shift, e->n, 1.0f);
}

/* Shares by which trust and gap move. */
struct learning {
    float start, loss, tolerance, recovery, gap;
};

/* Trust after n > 1 experiences: T goes the way to recovery * start / a, a = loss + recovery, by 1 - (1 - a)^n. */
static inline float settle(float trust, float loss, float times, struct learning by)
{
    const float share = gw_minf(loss + by.recovery, 1.0f);
    const float target = by.recovery * by.start / gw_maxf(share, 1e-30f);
    return fmaf(gw_repeatf(share, times), target - trust, trust);
}

static void learn(struct belief *restrict belief, const float *restrict cx, const float *restrict times, int n,
                  struct learning by)
{
    for (int k = 0; k < n; k++) {
        const float shortfall = belief->promise[k] - cx[k], trust = belief->trust[k];
        const float loss = by.loss * gw_maxf(0.0f, shortfall - by.tolerance);
        const float once = trust * (1.0f - loss) + by.recovery * (by.start - trust);
        const float often = settle(trust, loss, times[k], by);
        belief->trust[k] = gw_clampf(times[k] > 1.0f ? often : once, 0.0f, 1.0f);
        belief->gap[k] += gw_repeatf(by.gap, times[k]) * (shortfall - belief->gap[k]);
    }
}

static void remember(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const struct learning by = {
        .start = (float)gw_market(b, TRUST_START),
        .loss = (float)gw_market(b, TRUST_LOSS),
        .tolerance = (float)gw_market(b, TRUST_TOLERANCE),
        .recovery = (float)gw_market(b, TRUST_RECOVERY),
        .gap = (float)gw_market(b, GAP_LEARNING),
    };
    struct belief belief;
    float times[GW_BLOCK];
    gw_times(b, times);
    fetch(b, &belief);
    learn(&belief, gw_read(b, READ_CX), times, e->n, by);
    gw_scatter(gw_column(b, TRUST), belief.trust, e->at, e->n);
    gw_scatter(gw_column(b, GAP), belief.gap, e->at, e->n);
}

static const char *const reads[] = {"expectation", "cx", NULL};
static const char *const adds[] = {"utility", "expectation_shift", NULL};
static const struct gw_step steps[] = {
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.phase = GW_COMPARE, .kind = GW_TERMS, .block = compare},
    {.phase = GW_REMEMBER, .kind = GW_BLOCK_STEP, .block = remember},
    {.block = NULL},
};

GW_RULE(promise) = {
    .name = "promise",
    .doc =
        "A promise P, as far as it is trusted and less the gap b learned, is expected: E_w = (1 - T) E + T (P - b), "
        "and promise_pull (E_w - E) is added to the firm's utility. After the experience CX, T moves to T (1 - "
        "trust_loss max(0, P - CX - trust_tolerance)) + trust_recovery (trust_start - T), held in [0, 1], and b by "
        "gap_learning (P - CX - b).",
    .reference = "Boulding, Kalra, Staelin & Zeithaml 1993, Journal of Marketing Research 30(1)",
    .parameters = parameters,
    .columns = columns,
    .reads = reads,
    .adds = adds,
    .enter = enter,
    .steps = steps,
};
