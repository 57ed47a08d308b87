/*
 * Failures, complaints and their repair.
 */
#include "rule.h"

enum { FAILURE_RATE, FAILURE_FACTOR, FAILURE_SEVERITY, COMPLAINT_RATE, REPAIR_SHARE, REPAIR_EFFECT, REPAIR_COST };
enum { FAILURE_LOSS, UNREPAIRED, COURSE };
enum { FAILURES, COMPLAINTS, REPAIRS };
enum { REPAIR };
enum { ORDER_VALUE };

/* Course of an encounter; each includes those before it. Kept as a float like every number of an encounter. */
#define FAILED 1.0f
#define COMPLAINED 2.0f
#define REPAIRED 3.0f

static const struct gw_parameter parameters[] = {
    {.name = "failure_rate",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.05,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.01,
     .plausible_high = 0.15,
     .off = 0.0,
     .doc = "Probability that an occasion to buy or use fails.",
     .source = "[A]"},
    {.name = "failure_factor",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 1.0,
     .low = 0.0,
     .high = 1000.0,
     .plausible_low = 0.2,
     .plausible_high = 20.0,
     .off = GW_NO_OFF,
     .doc = "How many times as often occasions of this consumer fail; some are served badly again and again.",
     .source = "[A] 1: all alike"},
    {.name = "failure_severity",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.75,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.25,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Share of the quality of the last stage that an unrepaired failure takes.",
     .source = "[A]"},
    {.name = "complaint_rate",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.4,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.1,
     .plausible_high = 0.7,
     .off = GW_NO_OFF,
     .doc = "Probability that a consumer complains about a failure; only complaints are repaired.",
     .source = "[A]"},
    {.name = "repair_share",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 1.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Share of complaints that the firm repairs.",
     .source = "[A]"},
    {.name = "repair_effect",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.7,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.3,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Share of the loss that a repair undoes.",
     .source = "[S] below 1 for behaviour: de Matos, Henrique & Rossi 2007, J. Service Research; Knox & van Oest "
               "2014, J. Marketing; the value is [A]"},
    {.name = "repair_cost",
     .scope = GW_FIRM,
     .unit = "order values",
     .value = 0.3,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.05,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Cost of a repair in units of the consumer's mean order value.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "failure_loss",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "1",
     .doc = "Share of the last stage's quality that a failure took away, after repair."},
    {.name = "unrepaired",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "1",
     .doc = "1 for a failure that was not repaired."},
    {.name = "failure_course",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "1",
     .doc = "0 no failure, 1 failed, 2 and complained, 3 and repaired."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "failures", .measure = GW_COUNT, .unit = "occasions", .doc = "Occasions that failed."},
    {.name = "complaints", .measure = GW_COUNT, .unit = "occasions", .doc = "Failures complained of."},
    {.name = "repairs", .measure = GW_COUNT, .unit = "occasions", .doc = "Failures repaired."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "repair", .debit = GW_RECOVERY, .credit = GW_CASH, .doc = "Cost of repairing a failure."},
    {.name = NULL},
};

static const char *const borrows[] = {"order_value", NULL};

/* The firm's rate as this consumer meets it, at most 1. */
static void multiply(float *restrict rate, const float *restrict factor, int n)
{
    for (int k = 0; k < n; k++) {
        rate[k] = gw_minf(rate[k] * factor[k], 1.0f);
    }
}

/* 1 where the first occasion fails, which is all of most encounters. */
static void first_fails(float *restrict fails, const float *restrict u, const float *restrict rate, int n)
{
    for (int k = 0; k < n; k++) {
        fails[k] = u[k] < rate[k] ? 1.0f : 0.0f;
    }
}

static void may_fail(uint8_t *restrict flag, const float *restrict u, const int32_t *restrict times,
                     const float *restrict rate, int n)
{
    for (int k = 0; k < n; k++) {
        flag[k] = gw_any_success(u[k], times[k], rate[k]);
    }
}

/* Of several occasions those that fail come as an encounter of their own, unless all do. */
static void set_apart(const struct gw_block *b, float *restrict fails, const float *restrict u,
                      const float *restrict rate)
{
    const struct gw_encounters *e = b->encounters;
    uint8_t flag[GW_BLOCK];
    int32_t position[GW_BLOCK];
    may_fail(flag, u, e->purchases, rate, e->n);
    const int listed = gw_list_flagged(flag, e->n, position);
    for (int i = 0; i < listed; i++) {
        const int k = position[i];
        const int32_t failed = gw_successes(u[k], e->purchases[k], rate[k]);
        fails[k] = failed == e->purchases[k] ? 1.0f : 0.0f;
        gw_set_apart(b, k, failed & -(int32_t)(failed < e->purchases[k]));
    }
}

/* What was set apart has failed. */
static void fail(const struct gw_block *b, float *restrict fails, const float *restrict u, const float *restrict rate)
{
    if (b->apart) {
        for (int k = 0; k < b->encounters->n; k++) {
            fails[k] = 1.0f;
        }
        return;
    }
    first_fails(fails, u, rate, b->encounters->n);
    set_apart(b, fails, u, rate);
}

/* fails, share: by encounter. */
static void run_course(float *restrict course, const float (*restrict u)[GW_BLOCK], const float *restrict fails,
                       const float *restrict complaint, const float *restrict share, int n)
{
    for (int k = 0; k < n; k++) {
        const float complains = u[1][k] < complaint[k] ? fails[k] : 0.0f;
        const float repaired = u[2][k] < share[k] ? complains : 0.0f;
        course[k] = fails[k] + complains + repaired;
    }
}

static void judge(float *restrict loss, float *restrict unrepaired, const float *restrict course, int n,
                  float full_loss, float effect)
{
    for (int k = 0; k < n; k++) {
        const float failed = course[k] >= FAILED ? 1.0f : 0.0f;
        const float repaired = course[k] >= REPAIRED ? 1.0f : 0.0f;
        loss[k] = failed * full_loss * (1.0f - effect * repaired);
        unrepaired[k] = failed - repaired;
    }
}

static void by_firm(float *restrict out, const double *restrict levers, const int32_t *restrict firm, int n)
{
    for (int k = 0; k < n; k++) {
        out[k] = (float)levers[firm[k]];
    }
}

static void take_course(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    float *course = gw_column(b, COURSE);
    float u[4][GW_BLOCK], rate[GW_BLOCK], factor[GW_BLOCK], fails[GW_BLOCK], complaint[GW_BLOCK], share[GW_BLOCK];
    gw_draw_listed(b, e->id, e->n, 0, 0, u);
    by_firm(rate, gw_levers(b, FAILURE_RATE), e->firm, e->n);
    by_firm(share, gw_levers(b, REPAIR_SHARE), e->firm, e->n);
    gw_gather(factor, gw_consumer(b, FAILURE_FACTOR), e->row, e->n);
    gw_gather(complaint, gw_consumer(b, COMPLAINT_RATE), e->row, e->n);
    multiply(rate, factor, e->n);
    fail(b, fails, u[0], rate);
    run_course(course, (const float(*)[GW_BLOCK])u, fails, complaint, share, e->n);
    judge(gw_column(b, FAILURE_LOSS), gw_column(b, UNREPAIRED), course, e->n, (float)gw_market(b, FAILURE_SEVERITY),
          (float)gw_market(b, REPAIR_EFFECT));
}

static void account(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *course = gw_column(b, COURSE), *order_value = gw_borrowed_consumer(b, ORDER_VALUE);
    const double *cost = gw_levers(b, REPAIR_COST);
    for (int k = 0; k < e->n; k++) {
        if (course[k] < FAILED) {
            continue;
        }
        const int firm = e->firm[k];
        const int32_t n = e->purchases[k];
        gw_tally_add(b, FAILURES, 0, firm, n);
        gw_tally_add(b, COMPLAINTS, 0, firm, course[k] >= COMPLAINED ? n : 0);
        if (course[k] >= REPAIRED) {
            gw_tally_add(b, REPAIRS, 0, firm, n);
            gw_post(b, REPAIR, firm, e->id[k], n * gw_micro(cost[firm] * (double)order_value[e->row[k]]));
        }
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_FAIL, .kind = GW_BLOCK_STEP, .block = take_course},
    {.phase = GW_ACCOUNT, .kind = GW_BLOCK_STEP, .block = account},
    {.block = NULL},
};

GW_RULE(failure) = {
    .name = "failure",
    .doc = "An occasion fails with probability failure_rate times failure_factor; of several in a period those that "
           "fail are an encounter "
           "of their own. A failure is complained of with probability "
           "complaint_rate and a "
           "complaint repaired with probability repair_share. A failure takes failure_severity of the last "
           "stage's quality, "
           "a repair gives repair_effect of that back and costs repair_cost times the consumer's mean order value.",
    .reference =
        "de Matos, Henrique & Rossi 2007, Journal of Service Research 10(1); Knox & van Oest 2014, Journal of "
        "Marketing 78(5)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .postings = postings,
    .borrows = borrows,
    .steps = steps,
};
