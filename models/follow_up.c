/*
 * Follow-up after the sale: how it went, and what else would help.
 */
#include "rule.h"

enum { FOLLOW_UP, CROSS_SELL, GAIN, COST };
enum { FOLLOWED };
enum { ORDER_LOG, QUALITY_AFTER_SALE };
enum { FOLLOW_UPS };
enum { CALL };

static const struct gw_parameter parameters[] = {
    {.name = "follow_up",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Share of encounters that are followed up.",
     .source = "[A]"},
    {.name = "cross_sell",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.03,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.1,
     .off = GW_NO_OFF,
     .doc = "By how much more a consumer orders when followed up.",
     .source = "[A]"},
    {.name = "follow_gain",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.4,
     .low = -10.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "What a follow-up adds to the quality after the sale.",
     .source = "[A]"},
    {.name = "follow_cost",
     .scope = GW_FIRM,
     .unit = "money per encounter",
     .value = 0.5,
     .low = 0.0,
     .high = 1000000.0,
     .plausible_low = 0.05,
     .plausible_high = 5.0,
     .off = GW_NO_OFF,
     .doc = "Cost of one follow-up.",
     .source = "[A] a few minutes of an agent, or less by e-mail"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {"followed", GW_PER_ENCOUNTER, GW_F32, 0.0, "1", "1 when the encounter is followed up."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"follow_ups", GW_COUNT, NULL, "occasions", "Occasions that were followed up: all or none of an encounter's."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "follow_up", .debit = GW_RETENTION_SPEND, .credit = GW_CASH, .doc = "Cost of follow-ups."},
    {.name = NULL},
};

static void call(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const double *share = gw_levers(b, FOLLOW_UP);
    const float gain = (float)gw_market(b, GAIN);
    float *restrict followed = gw_column(b, FOLLOWED), *restrict quality = gw_add_term(b, QUALITY_AFTER_SALE);
    float u[GW_BLOCK];
    gw_draw_encounters(b, 0, u);
    for (int k = 0; k < e->n; k++) {
        followed[k] = u[k] < (float)share[e->firm[k]] ? 1.0f : 0.0f;
        quality[k] += gain * followed[k];
    }
}

static void cross_sell(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *restrict followed = gw_column(b, FOLLOWED);
    float *restrict order_log = gw_add_term(b, ORDER_LOG);
    float more[GW_BLOCK];
    gw_gather(more, gw_consumer(b, CROSS_SELL), e->row, e->n);
    for (int k = 0; k < e->n; k++) {
        order_log[k] += followed[k] * gw_logf(1.0f + more[k]);
    }
}

static void account(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *followed = gw_column(b, FOLLOWED);
    for (int k = 0; k < e->n; k++) {
        if (followed[k] > 0.0f) {
            gw_tally_add(b, FOLLOW_UPS, 0, e->firm[k], e->purchases[k]);
            gw_post(b, CALL, e->firm[k], e->id[k], e->purchases[k] * gw_micro(gw_levers(b, COST)[e->firm[k]]));
        }
    }
}

static const char *const adds[] = {"order_log", "quality_after_sale", NULL};
static const struct gw_step steps[] = {
    {.phase = GW_EXPERIENCE, .kind = GW_TERMS, .block = call},
    {.phase = GW_ORDER, .kind = GW_TERMS, .block = cross_sell},
    {.phase = GW_ACCOUNT, .kind = GW_BLOCK_STEP, .block = account},
    {.block = NULL},
};

GW_RULE(follow_up) = {
    .name = "follow_up",
    .doc = "A share follow_up of encounters is followed up: the quality after the sale gains follow_gain logits, the "
           "order is worth 1 + cross_sell times as much, and follow_cost is spent for each of its occasions.",
    .reference = "Kumar, George & Pancras 2008, Journal of Retailing 84(1)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .postings = postings,
    .adds = adds,
    .steps = steps,
};
