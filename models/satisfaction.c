/*
 * Satisfaction with an encounter: its level, and its distance from what was expected.
 */
#include "rule.h"

enum { LEVEL_WEIGHT, LEVEL_REFERENCE, EXPECTATION_WEIGHT, GAIN_WEIGHT, LOSS_AVERSION, TOLERANCE, SD };
enum { SATISFACTION };
enum { CX, DISCONFIRMATION, WILL_EXPECTATION };

static const struct gw_parameter parameters[] = {
    {.name = "level_weight",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.2,
     .plausible_high = 0.8,
     .off = 0.0,
     .doc = "Weight of the experience itself.",
     .source = "[R] Oliver 1980, J. Marketing Research"},
    {.name = "level_reference",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.47,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.3,
     .plausible_high = 0.7,
     .off = GW_NO_OFF,
     .doc = "Experience and expectation that count as neither good nor bad.",
     .source = "[A]"},
    {.name = "expectation_weight",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.1,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.3,
     .off = 0.0,
     .doc = "Weight of the expectation itself.",
     .source = "[A] sources conflict: Anderson & Sullivan 1993, Marketing Science, find no direct effect, a 2025 "
               "meta-analysis r = .29"},
    {.name = "gain_weight",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.2,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Weight of an experience above expectation.",
     .source = "[A] disconfirmation is among the strongest antecedents: Szymanski & Henard 2001, J. Academy of "
               "Marketing Science"},
    {.name = "loss_aversion",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 2.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 1.0,
     .plausible_high = 3.0,
     .off = GW_NO_OFF,
     .doc = "How many times a shortfall weighs as much as an equal surplus.",
     .source = "[S] 1.96 (1.82-2.10): Brown et al. 2024, J. Economic Literature; 2.25: Tversky & Kahneman 1992"},
    {.name = "tolerance",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.03,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.11,
     .off = GW_NO_OFF,
     .doc = "Half-width of the zone around expectation in which nothing is noticed.",
     .source = "[A] zone of tolerance: Zeithaml, Berry & Parasuraman 1993, J. Academy of Marketing Science"},
    {.name = "satisfaction_sd",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.15,
     .low = 0.001,
     .high = 10.0,
     .plausible_low = 0.1,
     .plausible_high = 0.25,
     .off = GW_NO_OFF,
     .doc = "Divides the sum, so that satisfaction has a standard deviation near 1.",
     .source = "[C]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "satisfaction",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "sd",
     .doc = "Satisfaction s with the encounter, 0 is neutral."},
    {.name = NULL},
};

static const char *const reads[] = {"cx", "disconfirmation", "will_expectation", NULL};

static void add_level(float *restrict s, const float *restrict x, int n, float weight, float reference)
{
    for (int k = 0; k < n; k++) {
        s[k] = fmaf(weight, x[k] - reference, s[k]);
    }
}

static void compare(float *restrict s, const float *restrict d, const float *restrict gain,
                    const float *restrict aversion, int n, float tolerance)
{
    for (int k = 0; k < n; k++) {
        const float surplus = gw_maxf(0.0f, d[k] - tolerance), shortfall = gw_maxf(0.0f, -d[k] - tolerance);
        s[k] = gain[k] * (surplus - aversion[k] * shortfall);
    }
}

static void scale(float *restrict s, int n, float factor)
{
    for (int k = 0; k < n; k++) {
        s[k] *= factor;
    }
}

static void feel(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    float *s = gw_column(b, SATISFACTION);
    const float reference = (float)gw_market(b, LEVEL_REFERENCE);
    float gain[GW_BLOCK], aversion[GW_BLOCK];
    gw_gather(gain, gw_consumer(b, GAIN_WEIGHT), e->row, e->n);
    gw_gather(aversion, gw_consumer(b, LOSS_AVERSION), e->row, e->n);
    compare(s, gw_read(b, DISCONFIRMATION), gain, aversion, e->n, (float)gw_market(b, TOLERANCE));
    add_level(s, gw_read(b, CX), e->n, (float)gw_market(b, LEVEL_WEIGHT), reference);
    add_level(s, gw_read(b, WILL_EXPECTATION), e->n, (float)gw_market(b, EXPECTATION_WEIGHT), reference);
    scale(s, e->n, (float)(1.0 / gw_market(b, SD)));
}

static const struct gw_step steps[] = {
    {.phase = GW_FEEL, .kind = GW_BLOCK_STEP, .block = feel},
    {.block = NULL},
};

GW_RULE(satisfaction) = {
    .name = "satisfaction",
    .doc = "s = [level_weight (CX - level_reference) + expectation_weight (E - level_reference) + gain_weight "
           "(max(0, D - tolerance) - "
           "loss_aversion max(0, -D - tolerance))] / satisfaction_sd.",
    .reference = "Oliver 1980, Journal of Marketing Research 17(4); Tversky & Kahneman 1992, Journal of Risk and "
                 "Uncertainty 5(4)",
    .parameters = parameters,
    .columns = columns,
    .reads = reads,
    .steps = steps,
};
