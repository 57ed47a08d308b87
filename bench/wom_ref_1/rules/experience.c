/*
 * Quality q of a purchase: normal, cut to [0, 1].
 */
#include "rule.h"

enum { QUALITY_MEAN, QUALITY_SPREAD };
enum { QUALITY, SHARE_LUCK };
enum { QUALITY_SUM };

static const struct gw_parameter parameters[] = {
    {.name = "quality_mean",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.6,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Mean quality before the cut.",
     .source = "definition of WOM-REF-1"},
    {.name = "quality_spread",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.15,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Standard deviation of quality before the cut.",
     .source = "definition of WOM-REF-1"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "quality", .shape = GW_PER_ENCOUNTER, .type = GW_F32, .unit = "1", .doc = "Quality q of a purchase."},
    {.name = "share_luck",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .unit = "1",
     .doc = "Uniform number that decides on sharing; it comes with that of quality."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"quality_sum", GW_SUM, NULL, "1", "qualities of purchases"},
    {.name = NULL},
};

static void make_quality(float *restrict quality, const float *restrict u, int n, float mean, float spread)
{
    for (int k = 0; k < n; k++) {
        quality[k] = gw_clampf(fmaf(spread, gw_normal_quantilef(u[k]), mean), 0.0f, 1.0f);
    }
}

static int64_t sum(const float *restrict quality, int n)
{
    int64_t micro = 0;
    for (int k = 0; k < n; k++) {
        micro += gw_micro((double)quality[k]);
    }
    return micro;
}

static void experience(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    float u[4][GW_BLOCK], *quality = gw_column(b, QUALITY);
    gw_draw_listed(b, e->id, e->n, 0, 0, u);
    make_quality(quality, u[0], e->n, (float)gw_market(b, QUALITY_MEAN), (float)gw_market(b, QUALITY_SPREAD));
    memcpy(gw_column(b, SHARE_LUCK), u[1], (size_t)e->n * sizeof u[1][0]);
    gw_tally_add(b, QUALITY_SUM, 0, 0, sum(quality, e->n));
}

static const struct gw_step steps[] = {{GW_EXPERIENCE, GW_BLOCK_STEP, experience, NULL}, {0}};

GW_RULE(experience) = {
    .name = "experience",
    .doc = "q ~ Normal(quality_mean, quality_spread), cut to [0, 1].",
    .reference = "WOM-REF-1, step 4",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .steps = steps,
};
