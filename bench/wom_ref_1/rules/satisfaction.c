/*
 * Satisfaction s: gaps add up, and a gap below expectation weighs more.
 */
#include "rule.h"

#include "sums.h"

enum { LOSS_AVERSION };
enum { SATISFACTION };
enum { SATISFACTION_SUM };
enum { GAP, ALIVE };

static const struct gw_parameter parameters[] = {
    {.name = "loss_aversion",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 2.25,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 1.0,
     .plausible_high = 5.0,
     .off = GW_NO_OFF,
     .doc = "Weight of a gap below expectation relative to one above.",
     .source = "definition of WOM-REF-1; the value of Tversky & Kahneman 1992, Journal of Risk and Uncertainty 5"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "satisfaction", .shape = GW_PER_CONSUMER, .type = GW_F32, .unit = "1", .doc = "Satisfaction s."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"satisfaction_sum", GW_SUM, NULL, "1", "satisfactions of the living at the end of the period"},
    {.name = NULL},
};

static const char *const reads[] = {"gap", "alive", NULL};

/* Without a branch: the sign of a gap is a coin's. */
static void weigh(float *restrict value, const float *restrict gap, int n, float loss)
{
    for (int k = 0; k < n; k++) {
        value[k] = fmaf(loss, gw_minf(gap[k], 0.0f), gw_maxf(gap[k], 0.0f));
    }
}

static void feel(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    float value[GW_BLOCK], *satisfaction = gw_column(b, SATISFACTION);
    weigh(value, gw_read(b, GAP), e->n, (float)gw_market(b, LOSS_AVERSION));
    for (int k = 0; k < e->n; k++) {
        satisfaction[e->row[k]] += value[k];
    }
}

static void count(const struct gw_block *b)
{
    gw_tally_add(b, SATISFACTION_SUM, 0, 0, sum_alive(gw_column(b, SATISFACTION), gw_read(b, ALIVE)));
}

static const struct gw_step steps[] = {
    {GW_FEEL, GW_BLOCK_STEP, feel, NULL}, {GW_CLOSE, GW_BLOCK_STEP, count, NULL}, {0}};

GW_RULE(satisfaction) = {
    .name = "satisfaction",
    .doc = "s grows by d where d >= 0, by loss_aversion d where d < 0.",
    .reference = "WOM-REF-1, step 4",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .steps = steps,
};
