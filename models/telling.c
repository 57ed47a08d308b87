/*
 * Who tells others about an experience, how often, and how much of it is heard.
 */
#include "rule.h"

enum { TELLS_PER_EXPERIENCE, TELLS_ALWAYS, NEGATIVE_RATIO };
enum { TOLD, HEARD };
enum { POSITIVE, NEGATIVE };
enum { DISCONFIRMATION };
enum { TELLS_LOG };

static const struct gw_parameter parameters[] = {
    {.name = "tells_per_experience",
     .scope = GW_CONSUMER,
     .unit = "messages",
     .value = 0.1,
     .low = 0.0,
     .high = 50.0,
     .plausible_low = 0.02,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Mean number of messages after a positive experience.",
     .source = "[A] some two tells per person and year with the other defaults"},
    {.name = "tells_always",
     .scope = GW_CONSUMER,
     .unit = "messages",
     .value = 0.0,
     .low = 0.0,
     .high = 50.0,
     .plausible_low = 0.0,
     .plausible_high = 0.2,
     .off = 0.0,
     .doc = "Mean number of messages after any experience, with the sign of the experience.",
     .source = "[A]"},
    {.name = "negative_ratio",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 2.0,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.8,
     .plausible_high = 2.7,
     .off = GW_NO_OFF,
     .doc = "How many times as many messages a negative experience makes.",
     .source = "[S] .79-1.91 in American Express surveys 2010-2017; the asymmetry is exaggerated: Anderson 1998, J. "
               "Service Research; TARP about 2 [R]"},
    {.name = NULL},
};

static const char *const signs[] = {"positive", "negative", NULL};
static const struct gw_dimension by_sign = {.name = "sign", .labels = signs};

static const struct gw_tally tallies[] = {
    {.name = "told",
     .measure = GW_COUNT,
     .dimension = &by_sign,
     .unit = "messages",
     .doc = "Messages about the firm, whether or not the teller has a neighbour to hear them."},
    {.name = "heard",
     .measure = GW_COUNT,
     .dimension = &by_sign,
     .unit = "messages",
     .doc = "Messages about the firm that reached somebody; told in the period before."},
    {.name = NULL},
};

static const struct gw_term terms[] = {
    {.name = "tells_log",
     .shape = GW_TERM_ENCOUNTER,
     .unit = "1",
     .doc = "what other rules add to the logarithm of the mean number of messages"},
    {.name = NULL},
};

static const char *const reads[] = {"disconfirmation", NULL};

static int32_t sum(const uint16_t *counter)
{
    int32_t total = 0;
    for (int row = 0; row < GW_BLOCK; row++) {
        total += counter[row];
    }
    return total;
}

/* Nothing is heard in an empty slot. */
static void count_by_firm(const uint16_t *restrict counter, const int32_t *restrict firm, int rows,
                          int64_t *restrict heard)
{
    for (int row = 0; row < rows; row++) {
        if (counter[row] > 0) {
            heard[firm[row]] += counter[row];
        }
    }
}

static void hear(const struct gw_block *b)
{
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        if (b->every_firm) {
            gw_tally_add(b, HEARD, POSITIVE, slot, sum(b->positive_heard + from));
            gw_tally_add(b, HEARD, NEGATIVE, slot, sum(b->negative_heard + from));
        } else {
            count_by_firm(b->positive_heard + from, b->firm_at + from, b->rows, gw_tally_of(b, HEARD, POSITIVE));
            count_by_firm(b->negative_heard + from, b->firm_at + from, b->rows, gw_tally_of(b, HEARD, NEGATIVE));
        }
    }
}

/* Mean number of messages; 0 when the experience was exactly as expected. */
static void mean_tells(float *restrict mean, const float *restrict d, const float *restrict tells,
                       const float *restrict always, int n, float ratio)
{
    for (int k = 0; k < n; k++) {
        const float factor = d[k] < 0.0f ? ratio : 1.0f;
        mean[k] = d[k] == 0.0f ? 0.0f : fmaf(tells[k], factor, always[k]);
    }
}

static void scale(float *restrict mean, const float *restrict log_factor, int n)
{
    for (int k = 0; k < n; k++) {
        mean[k] *= gw_expf(log_factor[k]);
    }
}

/* 1 where the uniform may exceed P(0) = e^-mean; the margin covers the error of gw_expf. */
static void may_tell(uint8_t *restrict flag, const float *restrict mean, const float *restrict u, int n)
{
    for (int k = 0; k < n; k++) {
        flag[k] = u[k] >= 0.999999f * gw_expf(-mean[k]);
    }
}

/* The smallest k with u < F(k), F Poisson. u <= 1 - 2^-24 and the sum's error is far below, so it ends. */
static int32_t poisson(double u, double mean)
{
    double p = gw_exp(-mean), sum = p;
    int32_t k = 0;
    while (u >= sum) {
        k++;
        p *= mean / (double)k;
        sum += p;
    }
    return k;
}

static void push(struct gw_tells *t, uint32_t id, int firm, int32_t count, int sign)
{
    t->id[t->n] = id;
    t->firm[t->n] = firm;
    t->positive[t->n] = sign == POSITIVE ? count : 0;
    t->negative[t->n] = sign == NEGATIVE ? count : 0;
    t->n += count > 0;
}

static void tell(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *d = gw_read(b, DISCONFIRMATION);
    struct gw_tells *t = b->tells;
    float u[4][GW_BLOCK], tells[GW_BLOCK], always[GW_BLOCK], mean[GW_BLOCK];
    uint8_t flag[GW_BLOCK];
    gw_gather(tells, gw_consumer(b, TELLS_PER_EXPERIENCE), e->row, e->n);
    gw_gather(always, gw_consumer(b, TELLS_ALWAYS), e->row, e->n);
    gw_draw_listed(b, e->id, e->n, 0, 0, u);
    mean_tells(mean, d, tells, always, e->n, (float)gw_market(b, NEGATIVE_RATIO));
    if (gw_term_live(b, TELLS_LOG)) {
        scale(mean, gw_own_term(b, TELLS_LOG), e->n);
    }
    may_tell(flag, mean, u[0], e->n);
    t->n = 0;
    t->key = b->key;
    for (int k = 0; k < e->n; k++) {
        if (flag[k]) {
            const int32_t count = poisson((double)u[0][k], (double)mean[k]);
            const int sign = d[k] > 0.0f ? POSITIVE : NEGATIVE;
            push(t, e->id[k], e->firm[k], count, sign);
            gw_tally_add(b, TOLD, sign, e->firm[k], count);
        }
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_HEAR, .kind = GW_BLOCK_STEP, .block = hear},
    {.phase = GW_TELL, .kind = GW_BLOCK_STEP, .block = tell},
    {.block = NULL},
};

GW_RULE(telling) = {
    .name = "telling",
    .doc = "An experience above expectation (D > 0) makes Poisson(tells_always + tells_per_experience) positive "
           "messages, one below "
           "Poisson(tells_always + negative_ratio tells_per_experience) negative ones. Other rules scale the "
           "means by exp(tells_log). Each message goes to one neighbour in the network and is heard in the next "
           "period.",
    .reference = "Anderson 1998, Journal of Service Research 1(1); East, Hammond & Wright 2007, International "
                 "Journal of Research in "
                 "Marketing 24(2)",
    .parameters = parameters,
    .terms = terms,
    .tallies = tallies,
    .reads = reads,
    .steps = steps,
};
