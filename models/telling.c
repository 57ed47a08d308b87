/*
 * Who tells others about an experience, how often, and how much of it is heard.
 */
#include "rule.h"

enum { TELLS_PER_EXPERIENCE, TELLS_ALWAYS, NEGATIVE_RATIO, TELL_POWER, TELL_SCALE };
enum { TELL_BALANCE };
enum { TELLS_LOG, TELLS_NEGATIVE };
enum { TOLD, HEARD, SUM };
enum { POSITIVE, NEGATIVE, SIGNS };
enum { READ_DISCONFIRMATION };
enum { WATCH_SUM, WATCH_EXPERIENCES };

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
     .doc = "Mean number of messages after a positive experience; with tell_power, after one of the size tell_scale.",
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
     .doc = "How many times as many messages a negative experience makes, on average over all.",
     .source = "[S] .79-1.91 in American Express surveys 2010-2017; the asymmetry is exaggerated: Anderson 1998, J. "
               "Service Research; TARP about 2 [R]"},
    {.name = "tell_power",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 4.0,
     .plausible_low = 0.0,
     .plausible_high = 2.0,
     .off = 0.0,
     .doc = "Exponent with which the size of an experience, |D|, counts for the number of messages; 0: only its sign "
            "counts.",
     .source = "[A] 1.5 when on; the U-shape of telling over satisfaction: Anderson 1998, J. Service Research"},
    {.name = "tell_scale",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.1,
     .low = 0.001,
     .high = 1.0,
     .plausible_low = 0.05,
     .plausible_high = 0.2,
     .off = GW_NO_OFF,
     .doc = "Size |D| of a positive experience that makes tells_per_experience messages.",
     .source = "[C] about as many messages as with tell_power 0, with the other defaults"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "tell_balance",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 1,
     .unit = "1",
     .doc = "Mean |D|^tell_power of the market's positive experiences of the last period over that of its negative "
            "ones."},
    {.name = NULL},
};

static const struct gw_term terms[] = {
    {.name = "tells_log",
     .shape = GW_TERM_ENCOUNTER,
     .unit = "1",
     .doc = "Logarithm of the factor on the mean number of messages about the encounter."},
    {.name = "tells_negative",
     .shape = GW_TERM_ENCOUNTER,
     .unit = "negative experiences",
     .doc = "What is told on top, whatever the experience: as much as this many negative experiences."},
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
    {.name = "disconfirmation",
     .measure = GW_SUM,
     .dimension = &by_sign,
     .unit = "1",
     .doc = "Sum of |D|^tell_power over experiences better and worse than expected; not kept while tell_power is 0."},
    {.name = NULL},
};

static const char *const reads[] = {"disconfirmation", NULL};
static const char *const watches[] = {"disconfirmation", "experiences", NULL};

/* Sum over firms of a watched tally by sign. */
static double of_market(const struct gw_firms *f, int watch, int sign)
{
    const int64_t *amount = gw_watched(f, watch) + sign * f->firms;
    int64_t sum = 0;
    for (int firm = 0; firm < f->firms; firm++) {
        sum += amount[firm];
    }
    return (double)sum;
}

/*
 * Bad experiences are not of the same size as good ones, so that a ratio of messages at equal |D| is another one per
 * experience. With the means m+, m- of |D|^a over the last period, the factor negative_ratio m+ / m- on negative ones
 * makes negative_ratio times as many messages per experience, whatever the law of D.
 */
static void balance(const struct gw_firms *f)
{
    const double power = gw_firm_market(f, TELL_POWER);
    const double good = of_market(f, WATCH_SUM, POSITIVE), bad = of_market(f, WATCH_SUM, NEGATIVE);
    double factor = 1.0;
    if (power > 0.0 && good > 0.0 && bad > 0.0) {
        factor = good / of_market(f, WATCH_EXPERIENCES, POSITIVE) * of_market(f, WATCH_EXPERIENCES, NEGATIVE) / bad;
    }
    for (int firm = 0; firm < f->firms; firm++) {
        gw_firm_column(f, TELL_BALANCE)[firm] = factor;
    }
}

static int32_t sum(const uint16_t *counter, int rows)
{
    int32_t total = 0;
    for (int row = 0; row < rows; row++) {
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
            gw_tally_add(b, HEARD, POSITIVE, slot, sum(b->positive_heard + from, b->rows));
            gw_tally_add(b, HEARD, NEGATIVE, slot, sum(b->negative_heard + from, b->rows));
        } else {
            count_by_firm(b->positive_heard + from, b->firm_at + from, b->rows, gw_tally_of(b, HEARD, POSITIVE));
            count_by_firm(b->negative_heard + from, b->firm_at + from, b->rows, gw_tally_of(b, HEARD, NEGATIVE));
        }
    }
}

/* |D|^a; 1 for a = 0. */
static void weigh(float *restrict weight, const float *restrict d, int n, float power)
{
    for (int k = 0; k < n; k++) {
        weight[k] = power > 0.0f ? gw_expf(power * gw_logf(gw_maxf(fabsf(d[k]), 1e-30f))) : 1.0f;
    }
}

static void sum_by_sign(const struct gw_block *b, const float *restrict weight, const float *restrict d)
{
    const int32_t *restrict firm = b->encounters->firm, *restrict times = b->encounters->purchases;
    int64_t *restrict sum = gw_tally_of(b, SUM, 0);
    for (int k = 0; k < b->encounters->n; k++) {
        const int64_t micro = times[k] * gw_micro((double)weight[k]);
        sum[(d[k] < 0.0f) * b->firms + firm[k]] += micro & -(int64_t)(d[k] != 0.0f);
    }
}

/* Talk has an end: finding the number of messages takes as many steps. */
#define MOST_TELLS 500.0f

/* Mean number of messages; 0 when the experience was exactly as expected. `mean` holds tells_always. */
static void mean_tells(float *restrict mean, const float *restrict d, const float *restrict tells,
                       const float *restrict weight, int n, const float factor[SIGNS])
{
    const float positive = factor[POSITIVE], negative = factor[NEGATIVE];
    for (int k = 0; k < n; k++) {
        const float sign = d[k] < 0.0f ? negative : positive;
        mean[k] = d[k] == 0.0f ? 0.0f : fmaf(tells[k] * weight[k], sign, mean[k]);
    }
}

static void multiply(float *restrict mean, const float *restrict log_factor, int n)
{
    for (int k = 0; k < n; k++) {
        mean[k] *= gw_expf(log_factor[k]);
    }
}

/* Of all occasions of the encounter. */
static void sum_up(float *restrict mean, const float *restrict times, int n)
{
    for (int k = 0; k < n; k++) {
        mean[k] = gw_minf(mean[k] * times[k], MOST_TELLS);
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

/* Messages by sign; none are no entry. */
static void push(const struct gw_block *b, int encounter, const int32_t count[SIGNS])
{
    const struct gw_encounters *e = b->encounters;
    struct gw_tells *t = b->tells;
    t->id[t->n] = e->id[encounter];
    t->firm[t->n] = e->firm[encounter];
    t->positive[t->n] = count[POSITIVE];
    t->negative[t->n] = count[NEGATIVE];
    t->n += count[POSITIVE] + count[NEGATIVE] > 0;
    gw_tally_add(b, TOLD, POSITIVE, e->firm[encounter], count[POSITIVE]);
    gw_tally_add(b, TOLD, NEGATIVE, e->firm[encounter], count[NEGATIVE]);
}

/* Mean number of messages on top of those about the experience. */
static void expect_more(const struct gw_block *b, float *restrict mean)
{
    const int n = b->encounters->n;
    const float *restrict more = gw_own_term(b, TELLS_NEGATIVE);
    const float ratio = (float)gw_market(b, NEGATIVE_RATIO);
    float tells[GW_BLOCK];
    gw_gather(tells, gw_consumer(b, TELLS_PER_EXPERIENCE), b->encounters->row, n);
    for (int k = 0; k < n; k++) {
        mean[k] = gw_minf(more[k] * ratio * tells[k], MOST_TELLS);
    }
}

/* 1 also where there is more to tell than the experience. */
static void may_tell_more(uint8_t *restrict flag, const float *restrict more, int n)
{
    for (int k = 0; k < n; k++) {
        flag[k] = flag[k] | (more[k] > 0.0f);
    }
}

/* Factors on tells_per_experience |D|^a, by sign. */
static void factors(const struct gw_block *b, float factor[SIGNS])
{
    const double *balance = gw_column(b, TELL_BALANCE);
    const float scale = gw_expf((float)-gw_market(b, TELL_POWER) * gw_logf((float)gw_market(b, TELL_SCALE)));
    factor[POSITIVE] = scale;
    factor[NEGATIVE] = scale * (float)(gw_market(b, NEGATIVE_RATIO) * balance[0]);
}

static void expect_tells(const struct gw_block *b, float *mean)
{
    const struct gw_encounters *e = b->encounters;
    const float *d = gw_read(b, READ_DISCONFIRMATION);
    float tells[GW_BLOCK], weight[GW_BLOCK], times[GW_BLOCK], factor[SIGNS];
    gw_gather(tells, gw_consumer(b, TELLS_PER_EXPERIENCE), e->row, e->n);
    gw_gather(mean, gw_consumer(b, TELLS_ALWAYS), e->row, e->n);
    weigh(weight, d, e->n, (float)gw_market(b, TELL_POWER));
    if (gw_market(b, TELL_POWER) > 0.0) {
        sum_by_sign(b, weight, d);
    }
    factors(b, factor);
    mean_tells(mean, d, tells, weight, e->n, factor);
    if (gw_term_live(b, TELLS_LOG)) {
        multiply(mean, gw_own_term(b, TELLS_LOG), e->n);
    }
    gw_times(b, times);
    sum_up(mean, times, e->n);
}

static void tell(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *d = gw_read(b, READ_DISCONFIRMATION);
    const bool live = gw_term_live(b, TELLS_NEGATIVE);
    float u[4][GW_BLOCK], mean[GW_BLOCK], more[GW_BLOCK];
    uint8_t flag[GW_BLOCK];
    int32_t position[GW_BLOCK];
    gw_draw_listed(b, e->id, e->n, 0, 0, u);
    expect_tells(b, mean);
    may_tell(flag, mean, u[0], e->n);
    if (live) {
        expect_more(b, more);
        may_tell_more(flag, more, e->n);
    }
    b->tells->n = 0;
    b->tells->key = b->key;
    const int listed = gw_list_flagged(flag, e->n, position);
    for (int i = 0; i < listed; i++) {
        const int k = position[i];
        int32_t count[SIGNS] = {0};
        count[d[k] > 0.0f ? POSITIVE : NEGATIVE] = poisson((double)u[0][k], (double)mean[k]);
        count[NEGATIVE] += live ? poisson((double)u[1][k], (double)more[k]) : 0;
        push(b, k, count);
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = balance},
    {.phase = GW_HEAR, .kind = GW_BLOCK_STEP, .block = hear},
    {.phase = GW_TELL, .kind = GW_BLOCK_STEP, .block = tell},
    {.block = NULL},
};

GW_RULE(telling) = {
    .name = "telling",
    .doc =
        "An experience above expectation (D > 0) makes Poisson(tells_always + tells_per_experience g) positive "
        "messages, g = |D / tell_scale|^tell_power, one below Poisson(tells_always + negative_ratio balance "
        "tells_per_experience g) negative ones; balance is the mean of |D|^tell_power over the positive experiences "
        "of the last period divided by that over the negative ones, so that negative_ratio is a ratio per "
        "experience. Other rules multiply the mean, and add the negative "
        "messages of tells_negative experiences, Poisson(tells_negative negative_ratio tells_per_experience); the "
        "mean "
        "of all occasions of an encounter is held to 500, so is that. Each "
        "message goes to one neighbour in the "
        "network and is heard in the next period.",
    .reference = "Anderson 1998, Journal of Service Research 1(1); East, Hammond & Wright 2007, International "
                 "Journal of Research in "
                 "Marketing 24(2)",
    .parameters = parameters,
    .columns = columns,
    .terms = terms,
    .tallies = tallies,
    .reads = reads,
    .watches = watches,
    .steps = steps,
};
