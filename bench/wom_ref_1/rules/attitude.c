/*
 * Attitude a of a customer: an average of what neighbours said, in which bad news counts more.
 */
#include "rule.h"

#include "sums.h"

enum { GAIN, NEGATIVITY };
enum { ATTITUDE };
enum { ATTITUDE_SUM };
enum { ALIVE };
enum { GOOD, BAD }; /* what is announced as a firm: the sign of the word */

static const struct gw_parameter parameters[] = {
    {.name = "attitude_gain",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.1,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Weight of a period's messages in the attitude.",
     .source = "definition of WOM-REF-1"},
    {.name = "negativity",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 2.0,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.0,
     .plausible_high = 10.0,
     .off = GW_NO_OFF,
     .doc = "Weight of a negative message relative to a positive one.",
     .source = "definition of WOM-REF-1"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "attitude", .shape = GW_PER_CONSUMER, .type = GW_F32, .unit = "1", .doc = "Attitude a."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"attitude_sum", GW_SUM, NULL, "1", "attitudes of the living, after hearing"},
    {.name = NULL},
};

static const char *const reads[] = {"alive", NULL};

/* a += gain (x - a), x = (P - w Q) / (P + Q); x = 0 where nothing was heard. */
static void take_in(float *restrict attitude, const uint16_t *restrict good, const uint16_t *restrict bad, float gain,
                    float weight)
{
    for (int row = 0; row < GW_BLOCK; row++) {
        const float p = (float)(int32_t)good[row], q = (float)(int32_t)bad[row];
        const float x = fmaf(-weight, q, p) / gw_maxf(p + q, 1.0f);
        attitude[row] = fmaf(gain, x - attitude[row], attitude[row]);
    }
}

static void hear(const struct gw_block *b)
{
    float *attitude = gw_column(b, ATTITUDE);
    take_in(attitude, b->announced + GOOD * GW_BLOCK, b->announced + BAD * GW_BLOCK, (float)gw_market(b, GAIN),
            (float)gw_market(b, NEGATIVITY));
    gw_tally_add(b, ATTITUDE_SUM, 0, 0, sum_alive(attitude, gw_read(b, ALIVE)));
}

static const struct gw_step steps[] = {{GW_HEAR, GW_BLOCK_STEP, hear, NULL}, {0}};

GW_RULE(attitude) = {
    .name = "attitude",
    .doc = "With P neighbours who spread good and Q who spread bad word in the last period, a moves by attitude_gain "
           "towards (P - negativity Q) / (P + Q), towards 0 where nobody did.",
    .reference = "WOM-REF-1, steps 1 and 2",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .announces = true,
    .steps = steps,
};
