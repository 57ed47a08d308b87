/*
 * What firms do: the phases open, act and serve.
 */
#include "oracle_internal.h"

#include <math.h>

/* (p - p0) / p0 */
double oracle_price_gap(const struct oracle *o, int f)
{
    return (o->firm[f].is.price - o->market.reference_price) / o->market.reference_price;
}

/* x^c / (1 + x^c), written so that a large x gives 1. */
double oracle_response(double x, double c)
{
    return x > 0.0 ? 1.0 / (1.0 + pow(x, -c)) : 0.0;
}

static double weeks(const struct oracle *o)
{
    return 52.0 * o->years;
}

static double total(const double channel[CHANNELS])
{
    double sum = 0.0;
    for (int c = 0; c < CHANNELS; c++) {
        sum += channel[c];
    }
    return sum;
}

/* Of the period before. */
static double counted(const struct oracle *o, enum tally tally, int labels, int f)
{
    double sum = 0.0;
    for (int k = 0; k < labels; k++) {
        sum += (double)o->before[tally][k][f];
    }
    return sum;
}

/* Sums of reals are kept in integers of 1e-6. */
static void count_sum(struct oracle *o, enum tally tally, int f, double x)
{
    count(o, tally, 0, f, llrint(x * 1e6));
}

void oracle_firms_begin(struct oracle *o)
{
    o->tell_ratio = 1.0;
    for (int f = 0; f < o->firms; f++) {
        struct firm *firm = &o->firm[f];
        firm->staff_quality = firm->staff_speed = firm->staff_present = 1.0;
        firm->standard = firm->practice = 1.0;
        firm->rating = 3.0;
    }
}

/* ------------------------------------------------------------------ open */

static double earned_last_period(const struct oracle *o, int f)
{
    return 1e-6 * (double)o->book[(size_t)(o->t - 1) * (size_t)o->firms + (size_t)f].account[GW_CASH];
}

/* Accounts run from the origin, or from the opening when that is later. */
static void cash(struct oracle *o, int f)
{
    struct firm *firm = &o->firm[f];
    const bool was_open = firm->open;
    firm->open = !firm->closed && (double)(o->t - o->origin) * o->years >= firm->is.opens;
    if (firm->open && (o->t == o->origin || (o->t > o->origin && !was_open))) {
        firm->cash = firm->is.initial_cash;
    } else if (firm->open && o->t > o->origin) {
        firm->cash = fmin(firm->cash + earned_last_period(o, f), firm->is.cash_ceiling);
    }
    if (firm->open && firm->is.can_close != 0.0 && o->t > o->origin && firm->cash < 0.0) {
        firm->open = false;
        firm->closed = true;
        count(o, CLOSURES, 0, f, 1);
    }
    count(o, FIRMS_CLOSED, 0, f, !firm->open);
}

/* What a firm sets against rivals: its price, then its spend on each pillar. */
static double *contested(struct firm_numbers *n, int k)
{
    double *const number[] = {&n->price,      &n->personalisation, &n->integrity, &n->expectations,
                              &n->resolution, &n->time_effort,     &n->empathy};
    return number[k];
}

/* Cuts are followed, and spend that is above one's own. */
static void react(struct oracle *o, int f)
{
    struct firm *firm = &o->firm[f];
    double more = 0.0;
    for (int k = 0; k < 1 + PILLARS; k++) {
        const double own = *contested(&firm->own, k);
        double *is = contested(&firm->is, k);
        if (o->t == 0) {
            firm->seen[k] = own;
        }
        if (k == 0) {
            *is = own - firm->own.follow_price * fmax(0.0, own - firm->seen[k]);
        } else {
            *is = own + firm->own.follow_experience * fmax(0.0, firm->seen[k] - own);
            more += *is - own;
        }
    }
    count_sum(o, PRICE_FOLLOWED, f, firm->own.price - firm->is.price);
    count_sum(o, SPEND_FOLLOWED, f, more);
}

static void learn(const struct oracle *o, struct firm *firm)
{
    firm->knowledge = oracle_response(firm->is.crm / firm->is.crm_half, o->market.crm_curve);
}

void oracle_open(struct oracle *o)
{
    for (int f = 0; f < o->firms; f++) {
        cash(o, f);
        learn(o, &o->firm[f]);
    }
    for (int f = 0; f < o->firms; f++) {
        react(o, f);
    }
}

/* ------------------------------------------------------------------ act */

/* Money per week, paid while the firm is open. */
static void spend(struct oracle *o, const char *name, int f, enum gw_account account, double per_week)
{
    oracle_post(o, name, f, ORACLE_NOBODY, account, GW_CASH, per_week * weeks(o) * o->firm[f].open);
}

static void advertising(struct oracle *o, int f)
{
    struct firm *firm = &o->firm[f];
    const double y = oracle_response(firm->is.advertising / firm->is.reach_half_spend, firm->is.reach_curve);
    firm->reach = firm->open * firm->is.reach_ceiling * y;
    spend(o, "advertising", f, GW_ADVERTISING, firm->is.advertising);
}

static void fixed_cost(struct oracle *o, int f)
{
    spend(o, "fixed_cost", f, GW_FIXED_COST, o->firm[f].is.fixed_cost);
}

static void burnout(struct oracle *o, int f)
{
    struct firm *firm = &o->firm[f];
    const struct market *m = &o->market;
    const double agents = total(firm->is.agents);
    const double unanswered = counted(o, UNANSWERED, CHANNELS, f);
    const double answered = counted(o, QUESTIONS, CHANNELS, f) - unanswered;
    const double hostile = counted(o, HOSTILE, CHANNELS, f);
    const double met = hostile + (answered - hostile) * m->hostile_base + unanswered * m->hostile_unanswered;
    const double v = agents > 0.0 ? met / (agents * weeks(o)) : 0.0;
    const double in = m->exhaustion * v, rate = in + 1.0 / firm->is.recovery_weeks;
    firm->burnout = in / rate + (firm->burnout - in / rate) * exp(-rate * weeks(o));
    firm->staff_quality = 1.0 - m->exhaustion_quality * firm->burnout;
    firm->staff_speed = 1.0 / (1.0 + m->exhaustion_handling * firm->burnout);
    firm->staff_present = 1.0 - m->exhaustion_absence * firm->burnout;
    count_sum(o, BURNT_OUT, f, firm->burnout);
}

static void experience_spend(struct oracle *o, int f)
{
    const struct firm_numbers *is = &o->firm[f].is;
    spend(o, "experience_spend", f, GW_EXPERIENCE_SPEND,
          is->personalisation + is->integrity + is->expectations + is->resolution + is->time_effort + is->empathy);
}

/* Tick n; what the team does in a week rests on what was measured before it. */
static void tick(struct oracle *o, int f, int64_t n)
{
    const struct firm_numbers *is = &o->firm[f].is;
    struct process *p = &o->firm[f].process;
    const int64_t seen = n - (int64_t)is->process_delay;
    double sum = 0.0;
    for (int k = 0; k < PILLARS; k++) {
        sum += p->x[k];
        p->past[n % MAX_DELAY][k] = p->x[k];
    }
    for (int k = 0; k < PILLARS; k++) {
        const uint32_t who = (uint32_t)(6 * f + k), number = (uint32_t)n;
        const double noise = oracle_normal(oracle_single_at(o, PROCESS, who, 0, number, 0));
        const double error = oracle_normal(oracle_single_at(o, PROCESS, who, 0, number, 1));
        const double measured = (seen >= 0 ? p->past[seen % MAX_DELAY][k] : 0.0) + is->process_measurement * error;
        const double x =
            is->process_coupling / PILLARS * sum + is->process_shock + is->process_noise * noise + p->correction[k];
        p->x[k] = oracle_held(x, -20.0, 20.0);
        p->correction[k] -= is->process_team * measured;
    }
}

static void process(struct oracle *o, int f)
{
    struct process *p = &o->firm[f].process;
    const int64_t first = (int64_t)floor((double)o->t * weeks(o) + 1e-9);
    const int64_t end = (int64_t)floor((double)(o->t + 1) * weeks(o) + 1e-9);
    for (int64_t k = first; k < end; k++) {
        tick(o, f, k);
    }
    p->shift = 0.0;
    for (int k = 0; k < PILLARS; k++) {
        p->shift += p->x[k] / PILLARS;
    }
    count_sum(o, SHIFT, f, p->shift);
}

static void community(struct oracle *o, int f)
{
    spend(o, "community", f, GW_RETENTION_SPEND, o->firm[f].is.community);
}

/* Reviews of the period before come to those of before, which fade; low ones are answered in public. */
static void reviews(struct oracle *o, int f)
{
    const struct market *m = &o->market;
    struct firm *firm = &o->firm[f];
    const double keeps = exp(-o->years / m->review_life);
    const double replies = firm->is.public_reply * firm->open, low = counted(o, PUBLISHED, 2, f);
    firm->stars *= keeps;
    firm->reviews *= keeps;
    for (int k = 0; k < STARS; k++) {
        const double weight = k < 2 ? 1.0 - m->reply_effect * replies : 1.0;
        const double n = weight * (double)o->before[PUBLISHED][k][f];
        firm->stars += (k + 1) * n;
        firm->reviews += n;
    }
    firm->rating = (3.0 * m->review_prior + firm->stars) / (m->review_prior + firm->reviews);
    oracle_post(o, "replies", f, ORACLE_NOBODY, GW_COST_TO_SERVE, GW_CASH, m->reply_cost * replies * low);
}

static void standard(struct oracle *o, int f)
{
    const struct market *m = &o->market;
    struct firm *firm = &o->firm[f];
    const double press = firm->utilisation * firm->standard / m->normal_load;
    const double s = firm->standard;
    firm->practice = press > 0.0 ? s * fmin(1.0, pow(press, -m->corner_cutting)) : s;
    if (firm->practice < s) {
        firm->standard += (firm->practice - s) * -expm1(-weeks(o) / m->standard_down);
    } else {
        firm->standard += (1.0 - s) * -expm1(-weeks(o) / m->standard_up);
    }
    count_sum(o, EROSION, f, 1.0 - firm->standard);
}

/* Messages go to who was a customer at the end of the last period; each customer's cost is rounded. */
static void contacts(struct oracle *o, int f)
{
    const struct firm *firm = &o->firm[f];
    const double each = firm->is.contacts * 12.0 * o->years * o->market.contact_cost * firm->open;
    oracle_post(o, "contacts", f, ORACLE_NOBODY, GW_RETENTION_SPEND, GW_CASH,
                rint(each * 1e6) * 1e-6 * (double)o->before[ACTIVE][0][f]);
}

/* kappa: mean size of a positive by that of a negative surprise, of all firms in the last period. */
static void tell_ratio(struct oracle *o)
{
    double size[2] = {0.0, 0.0}, n[2] = {0.0, 0.0};
    for (int sign = 0; sign < 2; sign++) {
        for (int f = 0; f < o->firms; f++) {
            size[sign] += 1e-6 * (double)o->before[DISCONFIRMATION][sign][f];
            n[sign] += (double)o->before[EXPERIENCES][sign][f];
        }
    }
    const bool both = size[POSITIVE] > 0.0 && size[NEGATIVE] > 0.0;
    o->tell_ratio =
        both && o->market.tell_power != 0.0 ? (size[POSITIVE] / n[POSITIVE]) / (size[NEGATIVE] / n[NEGATIVE]) : 1.0;
}

static void watch_rivals(struct oracle *o, int f)
{
    struct firm *firm = &o->firm[f];
    for (int k = 0; k < 1 + PILLARS; k++) {
        double best = k == 0 ? INFINITY : -INFINITY;
        for (int g = 0; g < o->firms; g++) {
            if (g != f && o->firm[g].open) {
                const double theirs = *contested(&o->firm[g].own, k);
                best = k == 0 ? fmin(best, theirs) : fmax(best, theirs);
            }
        }
        best = isinf(best) ? *contested(&firm->own, k) : best;
        firm->seen[k] += -expm1(-weeks(o) / firm->own.follow_weeks) * (best - firm->seen[k]);
    }
}

static void touchpoints(struct oracle *o, int f)
{
    const struct market *m = &o->market;
    struct firm *firm = &o->firm[f];
    const double stage_spend[STAGES] = {firm->is.spend_information, firm->is.spend_purchase,
                                        firm->is.spend_after_sale};
    double paid = 0.0;
    for (int c = 0; c < CHANNELS; c++) {
        const double x = firm->is.channel_spend[c];
        firm->channel_logit[c] = firm->is.channel_quality[c];
        firm->channel_logit[c] += m->channel_gain * x / (x + firm->is.touchpoint_half_spend);
        paid += x;
    }
    for (int k = 0; k < STAGES; k++) {
        const double x = stage_spend[k];
        firm->stage_logit[k] = m->stage_gain * x / (x + firm->is.touchpoint_half_spend);
        paid += x;
    }
    spend(o, "touchpoints", f, GW_EXPERIENCE_SPEND, paid);
}

void oracle_act(struct oracle *o)
{
    tell_ratio(o);
    for (int f = 0; f < o->firms; f++) {
        advertising(o, f);
        fixed_cost(o, f);
        burnout(o, f);
        contacts(o, f);
        spend(o, "crm", f, GW_RETENTION_SPEND, o->firm[f].is.crm);
        experience_spend(o, f);
        process(o, f);
        watch_rivals(o, f);
        oracle_count_rivals(o, f);
        community(o, f);
        reviews(o, f);
        standard(o, f);
        touchpoints(o, f);
    }
}

/* ------------------------------------------------------------------ serve */

/* Unnormalised probabilities of k = 0, 1, ... contacts in the system, from p_0 = 1, scaled down when they grow
 * large; ratios of the sums are all that is asked. */
struct served oracle_erlang_a(struct line line, uint32_t agents)
{
    if (agents == 0) {
        return (struct served){1.0, 1.0 / line.patience};
    }
    const double capacity = agents * line.service;
    double p = 1.0, all = 1.0, queued = 0.0, delayed = 0.0; /* sums of p_k, p_k (k - c)+ and p_{c+j} H_j */
    double hours = 0.0;                                     /* H_j */
    for (uint32_t k = 0; k < UINT32_C(100000000); k++) {
        const double queue = fmax(0.0, k + 1.0 - agents);
        const double leave = fmin(k + 1.0, agents) * line.service + queue * line.patience;
        p *= line.contacts / leave;
        hours += queue > 0.0 ? 1.0 / (capacity + queue * line.patience) : 0.0;
        all += p;
        queued += p * queue;
        delayed += p * hours;
        if (queue > 0.0 && p * (1.0 + queue) < 1e-18 * all && line.contacts < leave) {
            break;
        }
        if (all > 1e200) {
            p *= 1e-200;
            all *= 1e-200;
            queued *= 1e-200;
            delayed *= 1e-200;
        }
    }
    const double unanswered = line.patience * (queued / all) / line.contacts;
    return (struct served){unanswered, capacity / line.contacts * delayed / ((1.0 - unanswered) * all)};
}

/* Who waits longer than an exponential patience is unanswered. Erlang's B by B_c = a B_{c-1} / (c + a B_{c-1}). */
struct served oracle_erlang_c(struct line line, uint32_t agents)
{
    const double capacity = agents * line.service, load = line.contacts / line.service;
    if (line.contacts >= capacity) {
        return (struct served){1.0, line.longest};
    }
    double blocked = 1.0;
    for (uint32_t c = 1; c <= agents; c++) {
        blocked = load * blocked / (c + load * blocked);
    }
    const double spare = capacity - line.contacts;
    const double waits = blocked / (1.0 - line.contacts / capacity * (1.0 - blocked));
    return (struct served){waits * line.patience / (line.patience + spare), fmin(waits / spare, line.longest)};
}

/* Linear between whole numbers of agents. */
static struct served serve_line(struct line line, enum queue queue, double agents)
{
    struct served (*const served)(struct line, uint32_t) = queue == ERLANG_C ? oracle_erlang_c : oracle_erlang_a;
    const double whole = floor(agents), part = agents - whole;
    const struct served low = served(line, (uint32_t)whole);
    if (part == 0.0) {
        return low;
    }
    const struct served high = served(line, (uint32_t)whole + 1);
    return (struct served){(1.0 - part) * low.unanswered + part * high.unanswered,
                           (1.0 - part) * low.wait + part * high.wait};
}

static struct served serve_channel(const struct oracle *o, const struct firm *firm, int c)
{
    const struct firm_numbers *is = &firm->is;
    const struct line line = {
        .contacts = o->scenario->scale * firm->load[c] / (52.0 * is->hours_per_week),
        .service = 60.0 / (is->handling_minutes * o->market.handling_factor[c]) * firm->staff_speed,
        .patience = 60.0 / (is->patience_minutes * o->market.patience_factor[c]),
        .longest = is->hours_per_week,
    };
    if (!(line.contacts > 0.0) || is->handling_minutes == 0.0) {
        return (struct served){0.0, 0.0};
    }
    const double agents = o->scenario->scale * is->agents[c] * firm->staff_present;
    return serve_line(line, (enum queue)o->market.queue, agents);
}

static void staff(struct oracle *o, int f)
{
    struct firm *firm = &o->firm[f];
    double work = 0.0; /* hours a year */
    for (int c = 0; c < CHANNELS; c++) {
        const double asked = (double)o->before[QUESTIONS][c][f];
        firm->load[c] += -expm1(-o->years / o->market.load_memory) * (asked / o->years - firm->load[c]);
        const struct served served = serve_channel(o, firm, c);
        firm->unanswered[c] = served.unanswered;
        firm->wait[c] = 60.0 * served.wait;
        work += firm->load[c] * firm->is.handling_minutes * o->market.handling_factor[c] / 60.0;
    }
    const double agents = total(firm->is.agents);
    firm->utilisation = agents > 0.0 ? work / (agents * 52.0 * firm->is.hours_per_week) : 0.0;
    count_sum(o, UTILISATION, f, firm->utilisation);
    spend(o, "wages", f, GW_STAFF_COST, agents * firm->is.wage);
}

double oracle_quality(const struct firm *firm, double effort)
{
    const struct firm_numbers *is = &firm->is;
    const double on[PILLARS] = {is->personalisation, is->integrity,   is->expectations,
                                is->resolution,      is->time_effort, is->empathy};
    double response = 0.0;
    for (int k = 0; k < PILLARS; k++) {
        response += oracle_response(effort * on[k] / is->half_spend, is->response_curve);
    }
    const double q = is->treatment_floor + (is->treatment_ceiling - is->treatment_floor) * response / PILLARS;
    return fmax(q * firm->staff_quality * firm->practice, 0.01);
}

static void treatment_quality(struct firm *firm)
{
    firm->quality = oracle_logistic(oracle_logit(oracle_quality(firm, 1.0)) + firm->process.shift);
}

/* The mean of values to the power of the focus over the purchases of some time; anew under another focus. */
static void effort_scale(struct oracle *o, int f)
{
    struct firm *firm = &o->firm[f];
    if (firm->focus != firm->is.effort_focus) {
        firm->focus = firm->is.effort_focus;
        firm->value_seen = firm->value_counted = firm->effort_scale = 0.0;
        return;
    }
    const double kept = exp(-4.0 * o->years);
    firm->value_seen = kept * firm->value_seen + 1e-6 * (double)o->before[VALUE_SEEN][0][f];
    firm->value_counted = kept * firm->value_counted + (double)o->before[VALUE_COUNTED][0][f];
    firm->effort_scale = firm->value_counted > 0.0 ? firm->value_seen / firm->value_counted : 0.0;
}

void oracle_serve(struct oracle *o)
{
    for (int f = 0; f < o->firms; f++) {
        staff(o, f);
        treatment_quality(&o->firm[f]);
        effort_scale(o, f);
    }
}
