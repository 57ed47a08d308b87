/*
 * Expectation E of a firm: adapts to what is delivered.
 */
#include "rule.h"

enum { EXPECTATION_START, ADAPTATION };
enum { EXPECTATION };
enum { CX };

static const struct gw_parameter parameters[] = {
    {.name = "expectation_start",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.6,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.4,
     .plausible_high = 0.8,
     .off = 0.6,
     .doc = "Expectation of an experience before the first one.",
     .source = "[A]"},
    {.name = "adaptation",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.3,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.05,
     .plausible_high = 0.6,
     .off = 0.0,
     .doc = "Share of the gap to the experience that one experience closes.",
     .source = "[A] adaptive, Bayesian-like: Boulding, Kalra, Staelin & Zeithaml 1993, J. Marketing Research"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "expectation",
     .shape = GW_PER_RELATION,
     .type = GW_F32,
     .neutral = 0.6,
     .unit = "1",
     .doc = "Expectation E of an experience with the firm."},
    {.name = NULL},
};

static const char *const reads[] = {"cx", NULL};

static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    const float *value = gw_consumer(b, EXPECTATION_START);
    float *expectation = gw_column(b, EXPECTATION);
    for (int k = 0; k < e->n; k++) {
        expectation[e->at[k]] = value[e->row[k]];
    }
}

static void adapt(float *restrict expectation, const float *restrict cx, const float *restrict share,
                  const float *restrict times, int n)
{
    for (int k = 0; k < n; k++) {
        expectation[k] = fmaf(gw_repeatf(share[k], times[k]), cx[k] - expectation[k], expectation[k]);
    }
}

static void remember(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    float *column = gw_column(b, EXPECTATION);
    float expectation[GW_BLOCK], share[GW_BLOCK], times[GW_BLOCK];
    gw_times(b, times);
    gw_gather(expectation, column, e->at, e->n);
    gw_gather(share, gw_consumer(b, ADAPTATION), e->row, e->n);
    adapt(expectation, gw_read(b, CX), share, times, e->n);
    gw_scatter(column, expectation, e->at, e->n);
}

static const struct gw_step steps[] = {
    {.phase = GW_REMEMBER, .kind = GW_BLOCK_STEP, .block = remember},
    {.block = NULL},
};

GW_RULE(expectation) = {
    .name = "expectation",
    .doc = "E starts at expectation_start and moves by adaptation (CX - E) with each experience, so that a lasting "
           "step of quality is "
           "felt for 1 / adaptation experiences in all.",
    .reference = "Boulding, Kalra, Staelin & Zeithaml 1993, Journal of Marketing Research 30(1)",
    .parameters = parameters,
    .columns = columns,
    .reads = reads,
    .enter = enter,
    .steps = steps,
};
