/*
 * Service staff: on each channel a queue of impatient customers (Erlang-A), or of patient ones (Erlang-C).
 */
#include "rule.h"

enum {
    AGENTS, /* of GW_CHANNELS channels */
    WAGE = AGENTS + GW_CHANNELS,
    HANDLING_MINUTES,
    PATIENCE_MINUTES,
    HOURS_PER_WEEK,
    LOAD_MEMORY,
    QUEUE,
    HANDLING_FACTOR, /* of GW_CHANNELS channels */
    PATIENCE_FACTOR = HANDLING_FACTOR + GW_CHANNELS
};
enum { UNANSWERED_SHARE, EXPECTED_WAIT, LOAD, UTILISATION };
enum { UTILISATION_LEVEL };
enum { WAGES };
enum { QUESTIONS };
enum { OPEN, STAFF_SPEED, STAFF_PRESENT };
enum { ERLANG_A, ERLANG_C };

#define AGENTS_ON(channel, agents)                                                                                   \
    {                                                                                                                \
        .name = "agents." channel, .scope = GW_LEVER, .unit = "agents", .value = (agents), .low = 0.0,               \
        .high = 10000.0, .plausible_low = 0.0, .plausible_high = 50.0, .off = 0.0,                                   \
        .doc = "Agents on duty for " channel "; between whole numbers share and wait are interpolated.",             \
        .source = "[A]"                                                                                              \
    }
#define HANDLING_ON(channel, factor, why)                                                                            \
    {                                                                                                                \
        .name = "handling_factor." channel, .scope = GW_MARKET, .unit = "1", .value = (factor), .low = 0.01,         \
        .high = 100.0, .plausible_low = 0.2, .plausible_high = 5.0, .off = GW_NO_OFF,                                \
        .doc = "Factor on the handling time of questions by " channel ".", .source = why                             \
    }
#define PATIENCE_ON(channel, factor, why)                                                                            \
    {                                                                                                                \
        .name = "patience_factor." channel, .scope = GW_MARKET, .unit = "1", .value = (factor), .low = 0.01,         \
        .high = 1000.0, .plausible_low = 0.1, .plausible_high = 500.0, .off = GW_NO_OFF,                             \
        .doc = "Factor on the patience of who asks by " channel ".", .source = why                                   \
    }

static const struct gw_parameter parameters[] = {
    AGENTS_ON("email", 0.0),
    AGENTS_ON("phone", 2.0),
    AGENTS_ON("store", 0.0),
    AGENTS_ON("social", 0.0),
    AGENTS_ON("web", 0.0),
    AGENTS_ON("chat", 0.0),
    {.name = "wage",
     .scope = GW_FIRM,
     .unit = "money per week and agent",
     .value = 600.0,
     .low = 0.0,
     .high = 40000.0,
     .plausible_low = 200.0,
     .plausible_high = 1500.0,
     .off = GW_NO_OFF,
     .doc = "Full cost of an agent.",
     .source = "[A]"},
    {.name = "handling_minutes",
     .scope = GW_FIRM,
     .unit = "minutes",
     .value = 6.0,
     .low = 0.0,
     .high = 1440.0,
     .plausible_low = 3.0,
     .plausible_high = 15.0,
     .off = 0.0,
     .doc = "Mean time an agent needs for a question.",
     .source = "[A]"},
    {.name = "patience_minutes",
     .scope = GW_FIRM,
     .unit = "minutes",
     .value = 8.4,
     .low = 0.01,
     .high = 10000.0,
     .plausible_low = 1.3,
     .plausible_high = 15.0,
     .off = GW_NO_OFF,
     .doc = "Mean time a customer waits before hanging up; patience is exponential.",
     .source = "[C] 45% are gone after five minutes; LivePerson reports 48% at five minutes but a mean patience of "
               "76 s [S]"},
    {.name = "hours_per_week",
     .scope = GW_FIRM,
     .unit = "hours per week",
     .value = 45.0,
     .low = 1.0,
     .high = 168.0,
     .plausible_low = 35.0,
     .plausible_high = 168.0,
     .off = GW_NO_OFF,
     .doc = "Opening hours over which questions arrive evenly.",
     .source = "[A]"},
    {.name = "load_memory",
     .scope = GW_MARKET,
     .unit = "years",
     .value = 4.0 / 52.0,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 1.0 / 52.0,
     .plausible_high = 0.25,
     .off = GW_NO_OFF,
     .doc = "Mean age of the contacts by which the load is judged (exponential smoothing).",
     .source = "[A]"},
    {.name = "queue",
     .scope = GW_MARKET,
     .kind = GW_CHOICE,
     .unit = "1",
     .value = ERLANG_A,
     .low = ERLANG_A,
     .high = ERLANG_C,
     .plausible_low = ERLANG_A,
     .plausible_high = ERLANG_C,
     .off = GW_NO_OFF,
     .doc = "Who waits longer than patience hangs up (erlang_a), or stays in the queue, unanswered when it counts "
            "(erlang_c).",
     .source = "[S] Garnett, Mandelbaum & Reiman 2002, Manufacturing & Service Operations Management",
     .choices = "erlang_a|erlang_c"},
    HANDLING_ON("email", 1.0, "[A]"),
    HANDLING_ON("phone", 1.0, "[A]"),
    HANDLING_ON("store", 1.0, "[A]"),
    HANDLING_ON("social", 1.0, "[A]"),
    HANDLING_ON("web", 1.0, "[A]"),
    HANDLING_ON("chat", 0.6, "[A] an agent holds more than one chat at a time"),
    PATIENCE_ON("email", 60.0, "[A] a working day"),
    PATIENCE_ON("phone", 1.0, "[A] the measure of the others"),
    PATIENCE_ON("store", 1.0, "[A]"),
    PATIENCE_ON("social", 8.0, "[A] an hour"),
    PATIENCE_ON("web", 60.0, "[A] a form on the web, as e-mail"),
    PATIENCE_ON("chat", 0.15, "[S] LivePerson: visitors wait 76 s for a chat"),
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "unanswered_share",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "Share of this period's questions that go unanswered, by channel.",
     .width = GW_CHANNELS},
    {.name = "expected_wait",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "minutes",
     .doc = "Expected wait of this period's questions that are answered, by channel.",
     .width = GW_CHANNELS},
    {.name = "contact_load",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "questions per year",
     .doc = "Smoothed load of questions, up to the last period, by channel.",
     .width = GW_CHANNELS},
    {.name = "utilisation",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "Hours of work that the load asks for, over the hours of all agents."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "utilisation",
     .measure = GW_SUM,
     .unit = "1",
     .doc = "Hours of work asked for over hours of all agents, summed over periods."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "wages", .debit = GW_STAFF_COST, .credit = GW_CASH, .doc = "Wages of the service agents."},
    {.name = NULL},
};

static const char *const watches[] = {"questions", NULL};
static const char *const reads[] = {"open", "staff_speed", "staff_present", NULL};

/* ---- Queues: rates per hour --------------------------------------------------------------------------------- */

struct desk {
    double arrivals, service, patience; /* patience: rate at which one who waits hangs up */
    double longest;                     /* hours: more than this nobody waits */
};

/* What becomes of arrivals: share unanswered, expected wait in hours of those who are answered. */
struct fate {
    double unanswered, wait;
};

/*
 * The birth-death chain of the number k in the system with c agents, pi_{k+1} = pi_k lambda / (min(k+1, c) mu +
 * max(0, k+1-c) theta), unnormalised from pi_0 = 1 and rescaled before it can overflow.
 */
struct chain {
    double weight, total; /* pi_k, sum up to k */
    double waiting;       /* sum of pi_k (k - c)+ */
    double delay;         /* sum of pi_k lambda H_k, see queue_up() */
};

static void step(struct chain *chain, double ratio)
{
    chain->weight *= ratio;
    chain->total += chain->weight;
    if (chain->total > 1e250) {
        chain->weight *= 1e-250, chain->total *= 1e-250, chain->waiting *= 1e-250, chain->delay *= 1e-250;
    }
}

/*
 * Goes on beyond k = c to the end. A share theta E[(k - c)+] / lambda of arrivals hangs up. Who finds j ahead in the
 * queue is served with probability c mu / (c mu + (j + 1) theta), and waits H_{c+j+1} = sum over i <= j of 1 / (c mu
 * + (i + 1) theta) then, since how long a stage takes and how it ends are independent; as pi_{c+j} lambda =
 * pi_{c+j+1} (c mu + (j + 1) theta), the wait over those served is (c mu / lambda) sum pi_k H_k. The ratio of
 * successive weights falls; summation ends where it is below 1 and the rest of the geometric bound no longer shows in
 * a double.
 */
static struct fate queue_up(struct chain chain, const struct desk *desk, double c)
{
    const double busy = c * desk->service;
    double delay = 0.0; /* lambda H */
    for (double queue = 1.0;; queue += 1.0) {
        const double ratio = desk->arrivals / (busy + queue * desk->patience);
        step(&chain, ratio);
        delay += ratio;
        chain.waiting += chain.weight * queue;
        chain.delay += chain.weight * delay;
        if (ratio < 1.0 && chain.weight * (queue + 1.0) < 1e-18 * chain.total * (1.0 - ratio) * (1.0 - ratio)) {
            break;
        }
    }
    const double unanswered = desk->patience * chain.waiting / (desk->arrivals * chain.total);
    const double wait = busy * chain.delay / (desk->arrivals * desk->arrivals * chain.total);
    return (struct fate){unanswered, wait / (1.0 - unanswered)};
}

/* Erlang-A with c and, where it is asked for, c + 1 agents: up to k = c the chains are one. */
static void erlang_a(const struct desk *desk, double c, bool both, struct fate fate[2])
{
    struct chain chain = {1.0, 1.0, 0.0, 0.0};
    for (double k = 1.0; k <= c; k += 1.0) {
        step(&chain, desk->arrivals / (k * desk->service));
    }
    fate[0] = c > 0.0 ? queue_up(chain, desk, c) : (struct fate){1.0, 1.0 / desk->patience};
    if (both) {
        step(&chain, desk->arrivals / ((c + 1.0) * desk->service));
        fate[1] = queue_up(chain, desk, c + 1.0);
    }
}

/* The share that waits is C = B / (1 - rho (1 - B)), exponentially at the rate c mu - lambda; unanswered is who waits
 * longer than patience. Without a steady state that is everybody. */
static struct fate wait_for_ever(const struct desk *desk, double c, double loss)
{
    const double spare = c * desk->service - desk->arrivals;
    if (!(spare > 0.0)) {
        return (struct fate){1.0, desk->longest};
    }
    const double waits = loss / (1.0 - desk->arrivals / (c * desk->service) * (1.0 - loss));
    const double wait = waits / spare;
    return (struct fate){waits * desk->patience / (desk->patience + spare),
                         wait < desk->longest ? wait : desk->longest};
}

/* Erlang-C likewise, from Erlang's loss B_k = a B_{k-1} / (k + a B_{k-1}). */
static void erlang_c(const struct desk *desk, double c, bool both, struct fate fate[2])
{
    const double load = desk->arrivals / desk->service;
    double loss = 1.0;
    for (double k = 1.0; k <= c; k += 1.0) {
        loss = load * loss / (k + load * loss);
    }
    fate[0] = wait_for_ever(desk, c, loss);
    if (both) {
        fate[1] = wait_for_ever(desk, c + 1.0, load * loss / (c + 1.0 + load * loss));
    }
}

/* Linear between whole numbers of agents. */
static struct fate serve_questions(const struct desk *desk, double agents, int kind)
{
    const double below = (double)(int)agents, part = agents - below;
    struct fate fate[2];
    (kind == ERLANG_A ? erlang_a : erlang_c)(desk, below, part > 0.0, fate);
    if (part > 0.0) {
        fate[0].unanswered += part * (fate[1].unanswered - fate[0].unanswered);
        fate[0].wait += part * (fate[1].wait - fate[0].wait);
    }
    return fate[0];
}

/* ---- A firm's period ------------------------------------------------------------------------------------------ */

/* Questions that an agent handles in an hour; 0 where a question takes no time. */
static double service_rate(const struct gw_firms *f, int firm, int channel)
{
    const double minutes = gw_firm_levers(f, HANDLING_MINUTES)[firm] * gw_firm_market(f, HANDLING_FACTOR + channel);
    return minutes > 0.0 ? 60.0 / minutes * gw_firm_read(f, STAFF_SPEED)[firm] : 0.0;
}

static double agents_there(const struct gw_firms *f, int firm, int channel)
{
    return gw_firm_levers(f, AGENTS + channel)[firm] * gw_firm_read(f, STAFF_PRESENT)[firm];
}

static double all_agents(const struct gw_firms *f, int firm)
{
    double agents = 0.0;
    for (int c = 0; c < GW_CHANNELS; c++) {
        agents += gw_firm_levers(f, AGENTS + c)[firm];
    }
    return agents;
}

/* Nobody waits without contacts, or where a question takes no time. Queues do not shrink in proportion: that of a
 * sample is the whole market's. */
static struct fate answer(const struct gw_firms *f, int firm, int channel)
{
    const double hours = gw_firm_levers(f, HOURS_PER_WEEK)[firm], service = service_rate(f, firm, channel);
    const double load = gw_firm_column(f, LOAD)[firm * GW_CHANNELS + channel];
    const double patience = gw_firm_levers(f, PATIENCE_MINUTES)[firm] * gw_firm_market(f, PATIENCE_FACTOR + channel);
    if (!(load > 0.0) || !(service > 0.0)) {
        return (struct fate){0.0, 0.0};
    }
    const struct desk desk = {f->scale * load / (52.0 * hours), service, 60.0 / patience, hours};
    return serve_questions(&desk, f->scale * agents_there(f, firm, channel), (int)gw_firm_market(f, QUEUE));
}

static void answer_all(const struct gw_firms *f, int firm)
{
    double *share = gw_firm_column(f, UNANSWERED_SHARE) + firm * GW_CHANNELS;
    double *wait = gw_firm_column(f, EXPECTED_WAIT) + firm * GW_CHANNELS;
    for (int c = 0; c < GW_CHANNELS; c++) {
        const struct fate fate = answer(f, firm, c);
        share[c] = fate.unanswered;
        wait[c] = 60.0 * fate.wait;
    }
}

static void take_up_load(const struct gw_firms *f, int firm)
{
    const int64_t *questions = gw_watched(f, QUESTIONS);
    const double memory = gw_firm_market(f, LOAD_MEMORY);
    const double news = memory > 0.0 ? 1.0 - gw_exp(-f->years / memory) : 1.0;
    double *load = gw_firm_column(f, LOAD) + firm * GW_CHANNELS;
    for (int c = 0; c < GW_CHANNELS; c++) {
        load[c] += news * ((double)questions[c * f->firms + firm] / f->years - load[c]);
    }
}

/* By the firm's plan: hours of work that the load asks of rested staff, over the hours of all agents. */
static double utilise(const struct gw_firms *f, int firm)
{
    const double *load = gw_firm_column(f, LOAD) + firm * GW_CHANNELS;
    double minutes = 0.0;
    for (int c = 0; c < GW_CHANNELS; c++) {
        minutes += load[c] * gw_firm_market(f, HANDLING_FACTOR + c);
    }
    const double work = minutes * gw_firm_levers(f, HANDLING_MINUTES)[firm] / 60.0, agents = all_agents(f, firm);
    return agents > 0.0 ? work / (52.0 * gw_firm_levers(f, HOURS_PER_WEEK)[firm] * agents) : 0.0;
}

static void pay(const struct gw_firms *f, int firm)
{
    const double wages = all_agents(f, firm) * gw_firm_levers(f, WAGE)[firm] * 52.0 * f->years;
    gw_firm_post(f, WAGES, firm, gw_micro(wages * gw_firm_read(f, OPEN)[firm]));
}

static void serve(const struct gw_firms *f)
{
    for (int firm = 0; firm < f->firms; firm++) {
        take_up_load(f, firm);
        answer_all(f, firm);
        gw_firm_column(f, UTILISATION)[firm] = utilise(f, firm);
        gw_firm_tally(f, UTILISATION_LEVEL, 0, firm, gw_micro(gw_firm_column(f, UTILISATION)[firm]));
        pay(f, firm);
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_SERVE, .kind = GW_FIRMS_STEP, .act = serve},
    {.act = NULL},
};

GW_RULE(staff) = {
    .name = "staff",
    .doc =
        "Questions of past periods on a channel, smoothed, are the load on its agents, with Poisson arrivals at load "
        "/ (52 hours_per_week) per hour, exponential handling and exponential patience. In an Erlang-A queue those "
        "who hang up go unanswered; in an Erlang-C queue nobody does, and those count as unanswered who wait longer "
        "than patience. Exhausted staff (rule burnout) are slower and fewer. Agents are paid by the week.",
    .reference = "Garnett, Mandelbaum & Reiman 2002, Manufacturing & Service Operations Management 4(3); Erlang 1917",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .postings = postings,
    .reads = reads,
    .watches = watches,
    .steps = steps,
};
