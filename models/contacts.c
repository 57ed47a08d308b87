/*
 * Messages from a firm to its customers: they remind, they tire, and they wake who bought out of habit.
 */
#include "rule.h"

enum { CONTACTS, RELEVANCE, RESPONSE, BEST, CURVE, FATIGUE_WEEKS, WAKE, FATIGUE_STOP, COST };
enum { FATIGUE, PULL, HABIT_TAKEN };
enum { MESSAGES };
enum { READ_STATE, READ_LAST_SLOT, READ_OPEN, READ_CRM };
enum { BORROW_INERTIA };
enum { ADD_UTILITY };
enum { WATCH_ACTIVE };

#define PER_WEEK (12.0 / 52.0) /* of a number per month */

static const struct gw_parameter parameters[] = {
    {.name = "contacts",
     .scope = GW_LEVER,
     .unit = "messages per month",
     .value = 0.0,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.0,
     .plausible_high = 15.0,
     .off = 0.0,
     .doc = "Messages that the firm sends to each of its customers.",
     .source = "[A]"},
    {.name = "relevance",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 1.0,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.9,
     .plausible_high = 1.3,
     .off = GW_NO_OFF,
     .doc = "Factor on the response to the firm's messages: personalisation.",
     .source = "[S] a name in the subject line opens 20% more mails: Sahni, Wheeler & Chintagunta 2018, Marketing "
               "Science; not reproduced: Defau & Zauner 2023, Marketing Letters"},
    {.name = "contact_response",
     .scope = GW_CONSUMER,
     .unit = "logit",
     .value = 0.25,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Utility that the best number of messages adds.",
     .source = "[A]"},
    {.name = "best_contacts",
     .scope = GW_MARKET,
     .unit = "messages per month",
     .value = 7.0,
     .low = 0.1,
     .high = 100.0,
     .plausible_low = 2.0,
     .plausible_high = 12.0,
     .off = GW_NO_OFF,
     .doc = "Steady number of messages with the largest response.",
     .source = "[S] 7 mails: Zhang, Kumar & Cosguner 2017, J. Marketing Research"},
    {.name = "contact_curve",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 2.79,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 1.0,
     .plausible_high = 4.0,
     .off = GW_NO_OFF,
     .doc = "How sharply the response falls on either side of the best number.",
     .source = "[C] .69 at 4 and .82 at 10 messages of the response at 7: Zhang, Kumar & Cosguner 2017, J. Marketing "
               "Research, report -32% and -16% of profit"},
    {.name = "fatigue_weeks",
     .scope = GW_MARKET,
     .unit = "weeks",
     .value = 2.0,
     .low = 0.01,
     .high = 520.0,
     .plausible_low = 1.0,
     .plausible_high = 8.0,
     .off = GW_NO_OFF,
     .doc = "Mean time for which a message tires.",
     .source = "[A] too short intervals hurt: Dreze & Bonfrer 2008, J. Interactive Marketing"},
    {.name = "contact_wake",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.2,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.5,
     .off = GW_NO_OFF,
     .doc = "Share of inertia that a message takes away: it reminds of the choice.",
     .source = "[A] size; advice raised churn from 6 to 10%: Ascarza, Iyengar & Schleicher 2016, J. Marketing "
               "Research [S]"},
    {.name = "fatigue_stop",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0005,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.01,
     .off = GW_NO_OFF,
     .doc =
         "Hazard that an experience ends the relation at the fatigue of the best number of messages; it grows with "
         "the square of fatigue.",
     .source = "[A]; no effect on conduct: van Diepen, Donkers & Franses 2009, Int. J. Research in Marketing [S]"},
    {.name = "contact_cost",
     .scope = GW_MARKET,
     .unit = "money per message",
     .value = 0.05,
     .low = 0.0,
     .high = 1000.0,
     .plausible_low = 0.001,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Cost of a message.",
     .source = "[A] between an e-mail and a letter"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "fatigue",
     .shape = GW_PER_RELATION,
     .type = GW_F32,
     .neutral = 0,
     .unit = "messages",
     .doc = "Messages of the firm that still tire: a stock that decays with mean life fatigue_weeks."},
    {.name = "contact_pull",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "Response to the firm's messages of who is not tired: relevance (n/n*)^a e^a."},
    {.name = "habit_taken",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "Share of inertia that the messages of the period take away."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "contacts", .debit = GW_RETENTION_SPEND, .credit = GW_CASH, .doc = "Messages to customers."},
    {.name = NULL},
};

static const char *const borrows[] = {"inertia", NULL};
static const char *const reads[] = {"relation_state", "last_slot", "open", "crm_relevance_factor", NULL};
static const char *const adds[] = {"utility", NULL};
static const char *const watches[] = {"active", NULL};

/* Whether nobody in the slot is written to. */
static bool is_silent(const struct gw_block *b, int slot)
{
    return b->every_firm && !(gw_levers(b, CONTACTS)[slot] > 0.0);
}

/* ---- Act: what a firm's messages cost, and what they do to who is not tired ---- */

/* Messages of this period go to who was a customer at the end of the last. */
static void pay(const struct gw_firms *f)
{
    const int64_t *customers = gw_watched(f, WATCH_ACTIVE);
    const double *open = gw_firm_read(f, READ_OPEN);
    for (int firm = 0; firm < f->firms; firm++) {
        const double each =
            gw_firm_levers(f, CONTACTS)[firm] * 12.0 * f->years * gw_firm_market(f, COST) * open[firm];
        gw_firm_post(f, MESSAGES, firm, customers[firm] * gw_micro(each));
    }
}

static void act(const struct gw_firms *f)
{
    pay(f);
    const double *contacts = gw_firm_levers(f, CONTACTS), *relevance = gw_firm_levers(f, RELEVANCE),
                 *factor = gw_firm_read(f, READ_CRM);
    const double curve = gw_firm_market(f, CURVE), best = gw_firm_market(f, BEST), wake = gw_firm_market(f, WAKE);
    double *pull = gw_firm_column(f, PULL), *taken = gw_firm_column(f, HABIT_TAKEN);
    for (int firm = 0; firm < f->firms; firm++) {
        const bool writes = contacts[firm] > 0.0;
        const double messages = contacts[firm] * PER_WEEK * 52.0 * f->years;
        const double relevant = relevance[firm] * factor[firm];
        pull[firm] = writes ? relevant * gw_pow(contacts[firm] / best, curve) * gw_exp(curve) : 0.0;
        taken[firm] = writes ? wake * (1.0 - gw_exp(-messages)) : 0.0;
    }
}

/* ---- Hear: fatigue -------------------------------------------------------------------------------------------- */

static void tire(float *restrict fatigue, const uint8_t *restrict state, const float *restrict added, float kept,
                 int rows)
{
    for (int row = 0; row < rows; row++) {
        const float more = state[row] == GW_CUSTOMER ? added[row] : 0.0f;
        fatigue[row] = fmaf(fatigue[row], kept, more);
    }
}

/* dF/dt = n - F / tau for n messages a week, solved over the period. */
static void hear(const struct gw_block *b)
{
    const double weeks = gw_market(b, FATIGUE_WEEKS), kept = gw_exp(-52.0 * b->years / weeks);
    const uint8_t *state = gw_read(b, READ_STATE);
    float *fatigue = gw_column(b, FATIGUE);
    double flow[GW_MAX_FIRMS];
    float added[GW_BLOCK];
    for (int firm = 0; firm < b->firms; firm++) {
        flow[firm] = gw_levers(b, CONTACTS)[firm] * PER_WEEK * (1.0 - kept) * weeks;
    }
    for (int slot = 0; slot < b->relations; slot++) {
        gw_slot_levers(b, flow, slot, added);
        tire(fatigue + slot * GW_BLOCK, state + slot * GW_BLOCK, added, (float)kept, b->rows);
    }
}

/* ---- Choose ---- */

/* F* = n* tau, the fatigue under the best number of messages. */
static double best_fatigue(const struct gw_block *b)
{
    return gw_market(b, BEST) * PER_WEEK * gw_market(b, FATIGUE_WEEKS);
}

/* (n / n*)^a e^(a (1 - F / F*)) of every row; `pull` holds all but e^(-a F / F*). */
static void respond(float *restrict pull, const float *restrict fatigue, const float *restrict response, int rows,
                    float curve_by_best)
{
    for (int row = 0; row < rows; row++) {
        pull[row] *= response[row] * gw_expf(-curve_by_best * fatigue[row]);
    }
}

static void break_habit(float *restrict pull, const float *restrict taken, const float *restrict inertia,
                        const int32_t *restrict last, int32_t slot, int rows)
{
    for (int row = 0; row < rows; row++) {
        pull[row] -= last[row] == slot ? taken[row] * inertia[row] : 0.0f;
    }
}

static void add_for_customers(float *restrict utility, const float *restrict pull, const uint8_t *restrict state,
                              int rows)
{
    for (int row = 0; row < rows; row++) {
        utility[row] += state[row] == GW_CUSTOMER ? pull[row] : 0.0f;
    }
}

static void choose(const struct gw_block *b)
{
    const float *fatigue = gw_column(b, FATIGUE);
    const uint8_t *state = gw_read(b, READ_STATE);
    const float curve = (float)(gw_market(b, CURVE) / best_fatigue(b));
    float pull[GW_BLOCK], taken[GW_BLOCK];
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        if (is_silent(b, slot)) {
            continue;
        }
        gw_slot_levers(b, gw_column(b, PULL), slot, pull);
        gw_slot_levers(b, gw_column(b, HABIT_TAKEN), slot, taken);
        respond(pull, fatigue + from, gw_consumer(b, RESPONSE), b->rows, curve);
        break_habit(pull, taken, gw_borrowed_consumer(b, BORROW_INERTIA), gw_read(b, READ_LAST_SLOT), slot, b->rows);
        add_for_customers(gw_add_term(b, ADD_UTILITY) + from, pull, state + from, b->rows);
    }
}

/* ---- Leave ---- */

/* Probabilities in place of fatigues; whether any is above 0. */
static bool stop(float *restrict p, const float *restrict times, int n, float hazard, float by_best)
{
    int32_t any = 0;
    for (int k = 0; k < n; k++) {
        const float x = p[k] * by_best;
        p[k] = 1.0f - gw_expf(-hazard * x * x * times[k]);
        any |= p[k] > 0.0f;
    }
    return any != 0;
}

static void leave(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    float p[GW_BLOCK], u[GW_BLOCK], times[GW_BLOCK];
    gw_times(b, times);
    gw_gather(p, gw_column(b, FATIGUE), e->at, e->n);
    if (!stop(p, times, e->n, (float)gw_market(b, FATIGUE_STOP), (float)(1.0 / best_fatigue(b)))) {
        return;
    }
    gw_draw_encounters(b, 0, u);
    for (int k = 0; k < e->n; k++) {
        if (u[k] < p[k]) {
            gw_end(b, k, GW_CAUSE_FATIGUE);
        }
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.phase = GW_HEAR, .kind = GW_BLOCK_STEP, .block = hear},
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.phase = GW_LEAVE, .kind = GW_BLOCK_STEP, .block = leave},
    {.block = NULL},
};

GW_RULE(contacts) = {
    .name = "contacts",
    .doc =
        "Messages to customers, n a week, feed a fatigue F that decays with mean life tau = fatigue_weeks. They add "
        "contact_response relevance (n/n*)^a exp(a (1 - F/F*)) to the firm's utility, n* = best_contacts, F* = n* "
        "tau, a = contact_curve: in a steady state (n/n*)^a e^(a (1 - n/n*)), largest at n*. Records of customers "
        "(rule crm) raise relevance. Each message also takes contact_wake of the inertia of who bought there last. "
        "An "
        "experience ends the relation with probability 1 - "
        "exp(-fatigue_stop (F/F*)^2).",
    .reference = "Zhang, Kumar & Cosguner 2017, Journal of Marketing Research 54(6); Godfrey, Seiders & Voss 2011, "
                 "Journal of Marketing 75(4)",
    .parameters = parameters,
    .columns = columns,
    .postings = postings,
    .borrows = borrows,
    .reads = reads,
    .adds = adds,
    .watches = watches,
    .steps = steps,
};
