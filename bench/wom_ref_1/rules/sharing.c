/*
 * Who shares an experience, with all neighbours: a word is announced as firm GOOD or BAD.
 */
#include "rule.h"

enum { SHARE_GOOD, SHARE_BAD };
enum { SHARES_GOOD, SHARES_BAD };
enum { GAP, SHARE_LUCK };
enum { GOOD, BAD };

static const struct gw_parameter parameters[] = {
    {.name = "share_good",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.1,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Probability to share an experience that met expectation.",
     .source = "definition of WOM-REF-1"},
    {.name = "share_bad",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.2,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Probability to share an experience that did not.",
     .source = "definition of WOM-REF-1"},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"shares_good", GW_COUNT, NULL, "customers", "customers who spread good word"},
    {"shares_bad", GW_COUNT, NULL, "customers", "customers who spread bad word"},
    {.name = NULL},
};

static const char *const reads[] = {"gap", "share_luck", NULL};

/* Encounters that are shared, compacted. */
static int select(const float *restrict gap, const float *restrict u, int n, float good, float bad,
                  int32_t *restrict shared)
{
    int found = 0;
    for (int k = 0; k < n; k++) {
        shared[found] = k;
        found += u[k] < (gap[k] >= 0.0f ? good : bad);
    }
    return found;
}

static void tell(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *gap = gw_read(b, GAP);
    int32_t shared[GW_BLOCK];
    const int n = select(gap, gw_read(b, SHARE_LUCK), e->n, (float)gw_market(b, SHARE_GOOD),
                         (float)gw_market(b, SHARE_BAD), shared);
    int64_t bad = 0;
    for (int k = 0; k < n; k++) {
        const int sign = gap[shared[k]] >= 0.0f ? GOOD : BAD;
        gw_announce(b, e->row[shared[k]], sign);
        bad += sign == BAD;
    }
    gw_tally_add(b, SHARES_GOOD, 0, 0, n - bad);
    gw_tally_add(b, SHARES_BAD, 0, 0, bad);
}

static const struct gw_step steps[] = {{GW_TELL, GW_BLOCK_STEP, tell, NULL}, {0}};

GW_RULE(sharing) = {
    .name = "sharing",
    .doc = "A buyer with d >= 0 spreads good word with probability share_good, one with d < 0 bad word with "
           "probability share_bad; all neighbours hear it in the next period.",
    .reference = "WOM-REF-1, step 4",
    .parameters = parameters,
    .tallies = tallies,
    .reads = reads,
    .steps = steps,
};
