/*
 * Expectation e: what a purchase is compared with, and what follows it.
 */
#include "rule.h"

#include "sums.h"

enum { ADAPTATION };
enum { EXPECTATION, GAP };
enum { GAP_SUM, EXPECTATION_SUM };
enum { QUALITY, ALIVE };

static const struct gw_parameter parameters[] = {
    {.name = "adaptation",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.1,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Share of the gap between quality and expectation that expectation closes.",
     .source = "definition of WOM-REF-1"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "expectation",
     .shape = GW_PER_CONSUMER,
     .type = GW_F32,
     .neutral = 0.6,
     .unit = "1",
     .doc = "Expectation e."},
    {.name = "gap",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .unit = "1",
     .doc = "Quality less expectation, d = q - e."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"gap_sum", GW_SUM, NULL, "1", "gaps d of purchases"},
    {"expectation_sum", GW_SUM, NULL, "1", "expectations of the living at the end of the period"},
    {.name = NULL},
};

static const char *const reads[] = {"quality", "alive", NULL};

static void subtract(float *restrict gap, const float *restrict quality, const float *restrict expected, int n)
{
    for (int k = 0; k < n; k++) {
        gap[k] = quality[k] - expected[k];
    }
}

static int64_t sum(const float *restrict gap, int n)
{
    int64_t micro = 0;
    for (int k = 0; k < n; k++) {
        micro += gw_micro((double)gap[k]);
    }
    return micro;
}

static void compare(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    float expected[GW_BLOCK], *gap = gw_column(b, GAP);
    gw_gather(expected, gw_column(b, EXPECTATION), e->row, e->n);
    subtract(gap, gw_read(b, QUALITY), expected, e->n);
    gw_tally_add(b, GAP_SUM, 0, 0, sum(gap, e->n));
}

static void adapt(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *gap = gw_column(b, GAP), share = (float)gw_market(b, ADAPTATION);
    float *expectation = gw_column(b, EXPECTATION);
    for (int k = 0; k < e->n; k++) {
        expectation[e->row[k]] = fmaf(share, gap[k], expectation[e->row[k]]);
    }
}

static void count(const struct gw_block *b)
{
    gw_tally_add(b, EXPECTATION_SUM, 0, 0, sum_alive(gw_column(b, EXPECTATION), gw_read(b, ALIVE)));
}

static const struct gw_step steps[] = {{GW_COMPARE, GW_BLOCK_STEP, compare, NULL},
                                       {GW_REMEMBER, GW_BLOCK_STEP, adapt, NULL},
                                       {GW_CLOSE, GW_BLOCK_STEP, count, NULL},
                                       {0}};

GW_RULE(expectation) = {
    .name = "expectation",
    .doc = "d = q - e; then e moves by adaptation d.",
    .reference = "WOM-REF-1, step 4",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .steps = steps,
};
