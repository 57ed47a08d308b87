/*
 * A firm ends relations with hostile customers, and hears of it.
 */
#include "rule.h"

enum { FIRING, FIRING_ERROR, BACKLASH };
enum { FIRED };
enum { WRONGLY_FIRED };
enum { ANSWERED };
enum { TELLS_NEGATIVE };

static const struct gw_parameter parameters[] = {
    {.name = "firing",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Probability that a contact held to be hostile ends the relation.",
     .source = "[A] 0: customers are kept; ending relations as a last resort: Shin & Sudhir 2013, MIT Sloan "
               "Management Review [S]"},
    {.name = "firing_error",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.0005,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.01,
     .off = GW_NO_OFF,
     .doc = "Probability that a contact which is not hostile is held to be.",
     .source = "[A]"},
    {.name = "backlash",
     .scope = GW_MARKET,
     .unit = "negative experiences",
     .value = 20.0,
     .low = 0.0,
     .high = 10000.0,
     .plausible_low = 0.0,
     .plausible_high = 400.0,
     .off = GW_NO_OFF,
     .doc = "As how many negative experiences being sent away is told.",
     .source = "[A] four messages with the other defaults; that it makes talk: Sprint's dismissal of 1,000 callers "
               "in 2007, Shin & Sudhir 2013, MIT Sloan "
               "Management Review [S]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "fired",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "1",
     .doc = "1 where the firm ends the relation."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "wrongly_fired",
     .measure = GW_COUNT,
     .unit = "customers",
     .doc = "Relations that the firm ended over a contact that was not hostile."},
    {.name = NULL},
};

static const char *const reads[] = {"answered", NULL};
static const char *const adds[] = {"tells_negative", NULL};

static void fire(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const uint8_t *answered = gw_read(b, ANSWERED);
    const double *firing = gw_levers(b, FIRING), *error = gw_levers(b, FIRING_ERROR);
    float *fired = gw_column(b, FIRED), u[GW_BLOCK], times[GW_BLOCK];
    gw_times(b, times);
    gw_draw_encounters(b, 0, u);
    for (int k = 0; k < e->n; k++) {
        const int firm = e->firm[k], contact = answered[e->row[k]];
        const double taken = contact == GW_ANSWERED_HOSTILE ? 1.0 : contact == GW_ANSWERED_CIVIL ? error[firm] : 0.0;
        const bool ends = u[k] < gw_repeatf((float)(firing[firm] * taken), times[k]);
        fired[k] = ends ? 1.0f : 0.0f;
        if (ends) {
            gw_end(b, k, GW_CAUSE_FIRED);
            gw_tally_add(b, WRONGLY_FIRED, 0, firm, contact == GW_ANSWERED_CIVIL);
        }
    }
}

static void lash_back(const struct gw_block *b)
{
    const float *restrict fired = gw_column(b, FIRED);
    float *restrict tells = gw_add_term(b, TELLS_NEGATIVE);
    const float backlash = (float)gw_market(b, BACKLASH);
    const int n = b->encounters->n;
    for (int k = 0; k < n; k++) {
        tells[k] += backlash * fired[k];
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_LEAVE, .kind = GW_BLOCK_STEP, .block = fire},
    {.phase = GW_TELL, .kind = GW_TERMS, .block = lash_back},
    {.block = NULL},
};

GW_RULE(firing) = {
    .name = "firing",
    .doc =
        "After an answered question that was hostile (rule asking) the firm ends the relation with probability "
        "firing, after another with probability firing firing_error: such a customer is fired, barred from the firm "
        "for ever, and tells of it as of backlash negative experiences (rule telling). Staff are "
        "spared the contacts that no longer come (rule burnout).",
    .reference = "Shin & Sudhir 2013, MIT Sloan Management Review 54(4)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
