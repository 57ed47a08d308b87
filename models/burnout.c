/*
 * Staff are worn out by hostile contacts, and recover.
 */
#include "rule.h"

enum {
    EXHAUSTION,
    RECOVERY_WEEKS,
    EXHAUSTION_QUALITY,
    EXHAUSTION_HANDLING,
    EXHAUSTION_ABSENCE,
    HOSTILE_BASE,
    HOSTILE_UNANSWERED
};
enum { BURNOUT, STAFF_QUALITY, STAFF_SPEED, STAFF_PRESENT };
enum { BURNOUT_LEVEL };
enum { QUESTIONS, UNANSWERED, HOSTILE };

static const struct gw_parameter parameters[] = {
    {.name = "exhaustion",
     .scope = GW_MARKET,
     .unit = "per hostile contact",
     .value = 0.0,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.05,
     .off = 0.0,
     .doc = "Share of what is left of an agent's freshness that one hostile contact takes.",
     .source = "[A] 0.01 when on; hostile contacts exhaust: Grandey, Dickter & Sin 2004, J. Organizational Behavior; "
               "they explain 14% of the variance: Dormann & Zapf 2004, J. Occupational Health Psychology [S]"},
    {.name = "recovery_weeks",
     .scope = GW_FIRM,
     .unit = "weeks",
     .value = 3.0,
     .low = 0.1,
     .high = 1000.0,
     .plausible_low = 1.0,
     .plausible_high = 8.0,
     .off = GW_NO_OFF,
     .doc = "Mean time in which exhaustion fades; support of staff shortens it.",
     .source = "[S] relief fades within three weeks: Westman & Eden 1997, J. Applied Psychology"},
    {.name = "exhaustion_quality",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.3,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.1,
     .plausible_high = 0.5,
     .off = GW_NO_OFF,
     .doc = "Share of treatment quality that wholly exhausted staff lose.",
     .source = "[A]"},
    {.name = "exhaustion_handling",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.2,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.5,
     .off = GW_NO_OFF,
     .doc = "How much longer, relatively, wholly exhausted staff need for a question.",
     .source = "[A]"},
    {.name = "exhaustion_absence",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.1,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.4,
     .off = GW_NO_OFF,
     .doc = "Share of agents who are absent when staff are wholly exhausted.",
     .source =
         "[A] size; that exhaustion leads to absence: Grandey, Dickter & Sin 2004, J. Organizational Behavior [S]"},
    {.name = "hostile_base",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.02,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.005,
     .plausible_high = 0.1,
     .off = GW_NO_OFF,
     .doc = "Share of hostile contacts among answered questions of those who are not hostile by nature.",
     .source = "[A]"},
    {.name = "hostile_unanswered",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.3,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.05,
     .plausible_high = 0.6,
     .off = GW_NO_OFF,
     .doc = "Hostile contacts per unanswered question.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "burnout",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "Exhaustion B of a firm's staff, from 0 to 1."},
    {.name = "staff_quality",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 1,
     .unit = "1",
     .doc = "Factor on treatment quality."},
    {.name = "staff_speed",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 1,
     .unit = "1",
     .doc = "Factor on the questions that an agent handles in an hour."},
    {.name = "staff_present",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 1,
     .unit = "1",
     .doc = "Share of agents who are there."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "burnout", .measure = GW_SUM, .unit = "1", .doc = "Exhaustion of the staff, summed over periods."},
    {.name = NULL},
};

static const char *const borrows[] = {
    "agents.email", "agents.phone", "agents.store", "agents.social", "agents.web", "agents.chat", NULL};
static const char *const watches[] = {"questions", "unanswered", "hostile", NULL};

/* Hostile contacts per agent and week of the last period, over the agents there are now. */
static double hostility(const struct gw_firms *f, int firm)
{
    const int64_t *questions = gw_watched(f, QUESTIONS), *unanswered = gw_watched(f, UNANSWERED);
    const int64_t *by_nature = gw_watched(f, HOSTILE);
    int64_t asked = 0, missed = 0, abusive = 0;
    double agents = 0.0;
    for (int c = 0; c < GW_CHANNELS; c++) {
        asked += questions[c * f->firms + firm];
        missed += unanswered[c * f->firms + firm];
        abusive += by_nature[c * f->firms + firm];
        agents += gw_firm_borrowed_levers(f, c)[firm];
    }
    const double hostile = (double)abusive + (double)(asked - missed - abusive) * gw_firm_market(f, HOSTILE_BASE) +
                           (double)missed * gw_firm_market(f, HOSTILE_UNANSWERED);
    return agents > 0.0 ? hostile / (agents * 52.0 * f->years) : 0.0;
}

/* dB = i v (1 - B) - B / Tr per week is linear: B approaches B* = i v / (i v + 1 / Tr) at the rate i v + 1 / Tr. */
static double wear(const struct gw_firms *f, int firm, double burnout)
{
    const double wearing = gw_firm_market(f, EXHAUSTION) * hostility(f, firm);
    const double rate = wearing + 1.0 / gw_firm_levers(f, RECOVERY_WEEKS)[firm];
    const double steady = wearing / rate;
    return steady + (burnout - steady) * gw_exp(-rate * 52.0 * f->years);
}

static void act(const struct gw_firms *f)
{
    double *burnout = gw_firm_column(f, BURNOUT), *quality = gw_firm_column(f, STAFF_QUALITY);
    double *speed = gw_firm_column(f, STAFF_SPEED), *present = gw_firm_column(f, STAFF_PRESENT);
    for (int firm = 0; firm < f->firms; firm++) {
        const double level = wear(f, firm, burnout[firm]);
        burnout[firm] = level;
        quality[firm] = 1.0 - gw_firm_market(f, EXHAUSTION_QUALITY) * level;
        speed[firm] = 1.0 / (1.0 + gw_firm_market(f, EXHAUSTION_HANDLING) * level);
        present[firm] = 1.0 - gw_firm_market(f, EXHAUSTION_ABSENCE) * level;
        gw_firm_tally(f, BURNOUT_LEVEL, 0, firm, gw_micro(level));
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.act = NULL},
};

GW_RULE(burnout) = {
    .name = "burnout",
    .doc = "Hostile contacts v per agent and week (the questions of hostile customers, a share hostile_base of the "
           "other "
           "answered ones, hostile_unanswered per unanswered one, last period's) exhaust the staff: dB = exhaustion "
           "v (1 - B) - B / recovery_weeks a "
           "week, solved exactly. Exhausted staff treat customers worse, need longer and are absent more often.",
    .reference = "Dormann & Zapf 2004, Journal of Occupational Health Psychology 9(1); Grandey, Dickter & Sin 2004, "
                 "Journal of Organizational Behavior 25(3); Westman & Eden 1997, Journal of Applied Psychology 82(4)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .borrows = borrows,
    .watches = watches,
    .steps = steps,
};
