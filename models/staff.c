/*
 * Service staff as a queue with impatient customers (Erlang-A).
 */
#include "rule.h"

enum { AGENTS, WAGE, HANDLING_MINUTES, PATIENCE_MINUTES, HOURS_PER_WEEK, LOAD_MEMORY };
enum { UNANSWERED_SHARE, LOAD };
enum { WAGES };
enum { QUESTIONS };
enum { READ_OPEN };

static const struct gw_parameter parameters[] = {
    {.name = "agents",
     .scope = GW_LEVER,
     .unit = "agents",
     .value = 2.0,
     .low = 0.0,
     .high = 10000.0,
     .plausible_low = 0.0,
     .plausible_high = 50.0,
     .off = 0.0,
     .doc = "Service agents on duty; between whole numbers the share unanswered is interpolated.",
     .source = "[A]"},
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
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "unanswered_share",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "Share of this period's questions that go unanswered."},
    {.name = "contact_load",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "questions per year",
     .doc = "Smoothed load of questions, up to the last period."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "wages", .debit = GW_STAFF_COST, .credit = GW_CASH, .doc = "Wages of the service agents."},
    {.name = NULL},
};

static const char *const watches[] = {"questions", NULL};
static const char *const reads[] = {"open", NULL};

/*
 * Share of arrivals that abandon with c agents: theta E[(k - c)+] / lambda over the stationary law of the
 * birth-death chain, pi_{k+1} = pi_k lambda / (min(k+1, c) mu + max(0, k+1-c) theta), unnormalised from pi_0 = 1
 * (rescaled before it can overflow). Beyond c the ratio of successive weights falls; summation ends where it is below
 * 1 and the rest of the geometric bound no longer shows in a double.
 */
static double abandoning_share(double arrivals, double service, double patience, double c)
{
    double weight = 1.0, total = 1.0, waiting = 0.0;
    for (double k = 1.0;; k += 1.0) {
        const double queue = k > c ? k - c : 0.0;
        const double ratio = arrivals / ((k - queue) * service + queue * patience);
        weight *= ratio;
        total += weight;
        waiting += weight * queue;
        if (queue > 0.0 && ratio < 1.0 && weight * (queue + 1.0) < 1e-18 * total * (1.0 - ratio) * (1.0 - ratio)) {
            break;
        }
        if (total > 1e250) {
            weight *= 1e-250, total *= 1e-250, waiting *= 1e-250;
        }
    }
    return patience * waiting / (arrivals * total);
}

/* Linear between whole numbers of agents; without agents everybody hangs up, without contacts nobody does. */
static double unanswered_share(double arrivals, double service, double patience, double agents)
{
    const double below = (double)(int)agents, part = agents - below;
    const double fewer = below > 0.0 ? abandoning_share(arrivals, service, patience, below) : 1.0;
    const double more = part > 0.0 ? abandoning_share(arrivals, service, patience, below + 1.0) : fewer;
    return fewer + part * (more - fewer);
}

static double share_of_firm(const struct gw_firms *f, int firm)
{
    const double handling = gw_firm_levers(f, HANDLING_MINUTES)[firm];
    const double arrivals = gw_firm_column(f, LOAD)[firm] / (52.0 * gw_firm_levers(f, HOURS_PER_WEEK)[firm]);
    if (handling == 0.0 || arrivals <= 0.0) {
        return 0.0;
    }
    return unanswered_share(arrivals, 60.0 / handling, 60.0 / gw_firm_levers(f, PATIENCE_MINUTES)[firm],
                            gw_firm_levers(f, AGENTS)[firm]);
}

static void serve(const struct gw_firms *f)
{
    const int64_t *questions = gw_watched(f, QUESTIONS);
    const double memory = gw_firm_market(f, LOAD_MEMORY);
    const double news = memory > 0.0 ? 1.0 - gw_exp(-f->years / memory) : 1.0;
    const double *open = gw_firm_read(f, READ_OPEN);
    double *load = gw_firm_column(f, LOAD), *share = gw_firm_column(f, UNANSWERED_SHARE);
    for (int firm = 0; firm < f->firms; firm++) {
        load[firm] += news * ((double)questions[firm] / f->years - load[firm]);
        share[firm] = share_of_firm(f, firm);
        const double wages = gw_firm_levers(f, AGENTS)[firm] * gw_firm_levers(f, WAGE)[firm] * 52.0 * f->years;
        gw_firm_post(f, WAGES, firm, gw_micro(wages * open[firm]));
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_SERVE, .kind = GW_FIRMS_STEP, .act = serve},
    {.act = NULL},
};

GW_RULE(staff) = {
    .name = "staff",
    .doc = "Questions of past periods, smoothed, are the load on the agents; the share of questions that go "
           "unanswered is the "
           "abandonment of an Erlang-A queue with Poisson arrivals at load / (52 hours_per_week) per hour, "
           "exponential handling and "
           "exponential patience. Agents are paid by the week.",
    .reference = "Garnett, Mandelbaum & Reiman 2002, Manufacturing & Service Operations Management 4(3)",
    .parameters = parameters,
    .columns = columns,
    .postings = postings,
    .reads = reads,
    .watches = watches,
    .steps = steps,
};
