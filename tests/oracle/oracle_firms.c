/*
 * What firms do (phase act), the events of money, and a company's value.
 */
#include "oracle_internal.h"

#include <math.h>
#include <stdlib.h>

/* ------------------------------------------------------------------ money */

static bool make_room(struct oracle *o)
{
    if (o->events < o->event_room) {
        return true;
    }
    const size_t room = o->event_room == 0 ? 1024 : 2 * o->event_room;
    struct oracle_event *event = realloc(o->event, room * sizeof *event);
    if (event == NULL) {
        o->out_of_memory = true;
        return false;
    }
    o->event = event;
    o->event_room = room;
    return true;
}

/* Rounded half to even, once per event (the default rounding of llrint). */
void oracle_post(struct oracle *o, const char *name, int f, uint32_t i, enum gw_account debit, enum gw_account credit,
                 double money)
{
    const int64_t micro = llrint(money * 1e6);
    if (micro != 0 && make_room(o)) {
        o->event[o->events++] = (struct oracle_event){o->t, name, f, i, debit, credit, micro};
    }
}

/* ------------------------------------------------------------------ act */

/* Unnormalised probabilities of k = 0, 1, ... contacts in the system, from p_0 = 1, scaled down when they grow
 * large; the ratio of the two sums is all that is asked. */
double oracle_erlang_a(double contacts, double service, double patience, uint32_t agents)
{
    if (agents == 0) {
        return 1.0;
    }
    double p = 1.0, all = 1.0, waiting = 0.0; /* waiting: sum of p_k (k - c)+ */
    for (uint32_t k = 0; k < UINT32_C(100000000); k++) {
        const double busy = fmin(k + 1.0, agents), queue = fmax(0.0, k + 1.0 - agents);
        p *= contacts / (busy * service + queue * patience);
        all += p;
        waiting += p * queue;
        if (queue > 0.0 && p * (1.0 + queue) < 1e-18 * all && contacts < busy * service + queue * patience) {
            break;
        }
        if (all > 1e200) {
            p *= 1e-200;
            all *= 1e-200;
            waiting *= 1e-200;
        }
    }
    return patience * (waiting / all) / contacts;
}

/* [handling_minutes 0, agents 0]: with both at the off value, and with no contacts, everybody is answered. */
static double share_unanswered(const struct firm *firm)
{
    const struct firm_numbers *is = &firm->is;
    const double contacts = firm->load / (52.0 * is->hours_per_week);
    if (!(contacts > 0.0) || (is->handling_minutes == 0.0 && is->agents == 0.0)) {
        return 0.0;
    }
    if (is->agents == 0.0) {
        return 1.0;
    }
    if (is->handling_minutes == 0.0) {
        return 0.0;
    }
    const double service = 60.0 / is->handling_minutes, patience = 60.0 / is->patience_minutes;
    const double whole = floor(is->agents), part = is->agents - whole;
    const double lower = oracle_erlang_a(contacts, service, patience, (uint32_t)whole);
    if (part == 0.0) {
        return lower;
    }
    return (1.0 - part) * lower + part * oracle_erlang_a(contacts, service, patience, (uint32_t)whole + 1);
}

static void staff(struct oracle *o, int f)
{
    struct firm *firm = &o->firm[f];
    const double asked = (double)o->tally[QUESTIONS][0][f]; /* in the period before */
    firm->load += -expm1(-o->years / o->market.load_memory) * (asked / o->years - firm->load);
    firm->share_unanswered = share_unanswered(firm);
    oracle_post(o, "wages", f, ORACLE_NOBODY, GW_STAFF_COST, GW_CASH,
                firm->is.agents * firm->is.wage * 52.0 * o->years);
}

static void experience_spend(struct oracle *o, int f)
{
    const struct firm_numbers *is = &o->firm[f].is;
    const double spend =
        is->personalisation + is->integrity + is->expectations + is->resolution + is->time_effort + is->empathy;
    oracle_post(o, "experience_spend", f, ORACLE_NOBODY, GW_EXPERIENCE_SPEND, GW_CASH, spend * 52.0 * o->years);
}

static void fixed_cost(struct oracle *o, int f)
{
    oracle_post(o, "fixed_cost", f, ORACLE_NOBODY, GW_FIXED_COST, GW_CASH,
                o->firm[f].is.fixed_cost * 52.0 * o->years);
}

/* x^c / (1 + x^c), written so that a large x gives 1. */
static double adbudg(double x, double c)
{
    return x > 0.0 ? 1.0 / (1.0 + pow(x, -c)) : 0.0;
}

static double treatment_quality(const struct firm_numbers *is)
{
    const double spend[PILLARS] = {is->personalisation, is->integrity,   is->expectations,
                                   is->resolution,      is->time_effort, is->empathy};
    double response = 0.0;
    for (int k = 0; k < PILLARS; k++) {
        response += adbudg(spend[k] / is->half_spend, is->response_curve);
    }
    return is->treatment_floor + (is->treatment_ceiling - is->treatment_floor) * response / PILLARS;
}

void oracle_act(struct oracle *o)
{
    for (int f = 0; f < o->firms; f++) {
        staff(o, f);
        experience_spend(o, f);
        fixed_cost(o, f);
        o->firm[f].quality = treatment_quality(&o->firm[f].is);
    }
}

/* ------------------------------------------------------------------ valuation */

static const struct book *book_of(const struct oracle *o, int64_t t, int f)
{
    return &o->book[(size_t)t * (size_t)o->firms + (size_t)f];
}

static double active_after(const struct oracle *o, int64_t t, int f)
{
    return (double)(t < 0 ? o->active_first[f] : book_of(o, t, f)->active);
}

/* Change of cash, in money. */
static double net_cash_flow(const struct book *book)
{
    return 1e-6 * (double)book->account[GW_CASH];
}

static double contribution(const struct book *book)
{
    const int64_t *a = book->account;
    return -1e-6 * (double)(a[GW_REVENUE] + a[GW_COST_OF_GOODS] + a[GW_COST_TO_SERVE]);
}

/* Of the last whole year after the origin, or of the part there is when not even one is over. */
static double last_retention(const struct oracle *o, int f)
{
    const int64_t whole = (o->t - o->origin) / o->year;
    const int64_t first = o->origin + (whole > 0 ? whole - 1 : 0) * o->year;
    const int64_t last = whole > 0 ? first + o->year - 1 : o->t - 1;
    const double before = active_after(o, first - 1, f);
    return before > 0.0 ? (double)book_of(o, last, f)->retained / before : 0.0;
}

static double run_off(const struct oracle *o, int f, int64_t from)
{
    double earned = 0.0, active = 0.0;
    for (int64_t t = from; t < o->t; t++) {
        earned += contribution(book_of(o, t, f));
        active += active_after(o, t, f);
    }
    const double mean_active = active / (double)(o->t - from);
    const double r = last_retention(o, f);
    return mean_active > 0.0
               ? active_after(o, o->t - 1, f) * earned / mean_active * r / (1.0 + o->market.discount_rate - r)
               : 0.0;
}

static double faded(const struct oracle *o, int f, int64_t from)
{
    double flow = 0.0;
    for (int64_t t = from; t < o->t; t++) {
        flow += net_cash_flow(book_of(o, t, f));
    }
    return flow / (o->market.discount_rate + o->market.fade);
}

struct oracle_value oracle_valuation(const struct oracle *o, int f)
{
    const int64_t periods = o->t - o->origin;
    const int64_t last_year = periods < o->year ? o->origin : o->t - o->year; /* its first period */
    const double v = pow(1.0 + o->market.discount_rate, -o->years);
    struct oracle_value value = {0.0, 0.0};
    for (int64_t t = 0; t < periods; t++) {
        value.horizon += net_cash_flow(book_of(o, o->origin + t, f)) * pow(v, (double)(t + 1));
    }
    const int kind = (int)o->market.terminal;
    if (periods > 0 && kind != NONE) {
        value.terminal = pow(v, (double)periods) * (kind == FADE ? faded(o, f, last_year) : run_off(o, f, last_year));
    }
    return value;
}
