/*
 * Honest referral: who wants what the firm does not do best is sent to somebody who does. The sale is lost, trust
 * won.
 */
#include "rule.h"

enum { REFERRAL, NEED, GAIN, PULL, LIFE };
enum { GRATITUDE };
enum { REFERRALS };
enum { CONTRACT };
enum { UTILITY };

static const struct gw_parameter parameters[] = {
    {.name = "referral",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Share of those whom another would serve better that the firm sends there.",
     .source = "[A]"},
    {.name = "referral_need",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.05,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .off = GW_NO_OFF,
     .doc = "Probability that what a customer wants is better had elsewhere.",
     .source = "[A]"},
    {.name = "referral_gain",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.1,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Share of the gap to full gratitude that one referral closes.",
     .source = "[A]"},
    {.name = "referral_pull",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.4,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Utility of the firm to who is fully grateful.",
     .source =
         "[A] size; advice against the adviser's interest is trusted: Crosby, Evans & Cowles 1990, J. Marketing"},
    {.name = "referral_life",
     .scope = GW_MARKET,
     .unit = "years",
     .value = 2.0,
     .low = 0.01,
     .high = 1000.0,
     .plausible_low = 0.25,
     .plausible_high = 5.0,
     .off = GW_NO_OFF,
     .doc = "Mean life of gratitude.",
     .source = "[A] as hearsay_life"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "gratitude",
     .shape = GW_PER_RELATION,
     .type = GW_F32,
     .neutral = 0,
     .unit = "1",
     .doc = "Gratitude for honest referrals, 0 to 1."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "referrals",
     .measure = GW_COUNT,
     .unit = "occasions",
     .doc = "Occasions on which somebody was sent elsewhere."},
    {.name = NULL},
};

static void scale(float *restrict gratitude, int rows, float by)
{
    for (int row = 0; row < rows; row++) {
        gratitude[row] *= by;
    }
}

static void fade(const struct gw_block *b)
{
    const float kept = (float)gw_exp(-b->years / gw_market(b, LIFE));
    for (int slot = 0; slot < b->relations; slot++) {
        scale((float *)gw_column(b, GRATITUDE) + slot * GW_BLOCK, b->rows, kept);
    }
}

static void add_times(float *restrict utility, const float *restrict gratitude, int rows, float pull)
{
    for (int row = 0; row < rows; row++) {
        utility[row] += pull * gratitude[row];
    }
}

static void choose(const struct gw_block *b)
{
    const float *gratitude = gw_column(b, GRATITUDE), pull = (float)gw_market(b, PULL);
    float *utility = gw_add_term(b, UTILITY);
    for (int slot = 0; slot < b->relations; slot++) {
        add_times(utility + slot * GW_BLOCK, gratitude + slot * GW_BLOCK, b->rows, pull);
    }
}

/* The occasions on which somebody is sent elsewhere are no purchases; who is under contract is not sent. */
static void refer(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const double *referral = gw_levers(b, REFERRAL);
    const int32_t *contract = gw_read(b, CONTRACT);
    const float gain = (float)gw_market(b, GAIN);
    float *gratitude = gw_column(b, GRATITUDE), share[GW_MAX_FIRMS], u[GW_BLOCK];
    for (int firm = 0; firm < b->firms; firm++) {
        share[firm] = (float)(gw_market(b, NEED) * referral[firm]);
    }
    gw_draw_encounters(b, 0, u);
    for (int k = 0; k < e->n; k++) {
        const int32_t sent = gw_successes(u[k], e->purchases[k], share[e->firm[k]]);
        if (sent > 0 && contract[e->row[k]] < 0) {
            float *grateful = &gratitude[e->at[k]];
            *grateful += gw_repeatf(gain, (float)sent) * (1.0f - *grateful);
            gw_cap(b, k, e->purchases[k] - sent);
            gw_tally_add(b, REFERRALS, 0, e->firm[k], sent);
        }
    }
}

static const char *const reads[] = {"contract", NULL};
static const char *const adds[] = {"utility", NULL};
static const struct gw_step steps[] = {
    {.phase = GW_HEAR, .kind = GW_BLOCK_STEP, .block = fade},
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.phase = GW_BUY, .kind = GW_BLOCK_STEP, .block = refer},
    {.block = NULL},
};

GW_RULE(referral) = {
    .name = "referral",
    .doc =
        "On an occasion with the firm a customer wants, with probability referral_need, what is better had "
        "elsewhere; "
        "a share `referral` of them is sent there. The sale is lost. Gratitude closes the share referral_gain of its "
        "gap to 1 with every referral, fades with mean life referral_life, and adds referral_pull times itself to "
        "the utility. Who is under contract is not sent.",
    .reference = "Crosby, Evans & Cowles 1990, Journal of Marketing 54(3)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
