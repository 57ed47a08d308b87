/*
 * Attitude A: what a consumer holds of a firm, from hearsay and from own experience.
 */
#include "rule.h"

enum { START, WEIGHT, HEARSAY_LIFE, HEARING_UP, HEARING_DOWN, CUSTOMER_UP, CUSTOMER_DOWN, PULL, SLOPE };
enum { ATTITUDE };
enum { UTILITY };
enum { RELATION_STATE, SATISFACTION };

static const struct gw_parameter parameters[] = {
    {.name = "attitude_start",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.35,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.2,
     .plausible_high = 0.5,
     .off = 0.35,
     .doc = "Attitude to a firm of which a consumer knows nothing, and to which hearsay fades back.",
     .source = "[A] below one half, so that good news has the larger headroom: East, Hammond & Lomax 2008, Int. J. "
               "Research in Marketing"},
    {.name = "attitude_weight",
     .scope = GW_CONSUMER,
     .unit = "logit",
     .value = 1.5,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.5,
     .plausible_high = 3.0,
     .off = 0.0,
     .doc = "Utility of the step from attitude 0 to attitude 1.",
     .source = "[A] 1.5 makes an ordinary-to-excellent step worth the stated price premium of 9-13% (American "
               "Express 2010, 2011), an upper bound"},
    {.name = "hearsay_life",
     .scope = GW_MARKET,
     .unit = "years",
     .value = 2.0,
     .low = 0.01,
     .high = 1000.0,
     .plausible_low = 0.5,
     .plausible_high = 5.0,
     .off = GW_NO_OFF,
     .doc =
         "Mean life of what was heard and experienced: the gap to attitude_start shrinks by exp(-time/hearsay_life).",
     .source = "[A] without fading one message would last for ever"},
    {.name = "hearing_up",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.3,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.1,
     .plausible_high = 0.5,
     .off = 0.0,
     .doc = "Share of the headroom 1 - A that one positive message closes.",
     .source = "[C] moves .35 by +.195; East, Hammond & Lomax 2008, Int. J. Research in Marketing, report +.20 in "
               "purchase probability"},
    {.name = "hearing_down",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.3,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.1,
     .plausible_high = 0.5,
     .off = 0.0,
     .doc = "Share of the attitude A that one negative message takes away.",
     .source = "[C] moves .35 by -.105; East, Hammond & Lomax 2008, Int. J. Research in Marketing, report -.11 in "
               "purchase probability"},
    {.name = "customer_up",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.25,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Factor on hearing_up for current customers of the firm.",
     .source =
         "[S] positive word of mouth works about twice as strongly on acquisition as on retention: East et al."},
    {.name = "customer_down",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.25,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.1,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Factor on hearing_down for current customers of the firm.",
     .source = "[S] negative word of mouth works more than four times as strongly on acquisition as on retention: "
               "East et al."},
    {.name = "experience_pull",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.15,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.05,
     .plausible_high = 0.4,
     .off = 0.0,
     .doc = "Share of the gap to the attitude an experience speaks for that one experience closes.",
     .source = "[A]"},
    {.name = "experience_slope",
     .scope = GW_MARKET,
     .unit = "logit per sd",
     .value = 0.9,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.3,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "How steeply satisfaction s turns into the attitude it speaks for, 1 / (1 + exp(-slope s)).",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "attitude",
     .shape = GW_PER_RELATION,
     .type = GW_F32,
     .neutral = 0.35,
     .unit = "1",
     .doc = "Attitude A to the firm, from 0 to 1."},
    {.name = NULL},
};

static const char *const adds[] = {"utility", NULL};
static const char *const reads[] = {"relation_state", "satisfaction", NULL};

static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    float *attitude = gw_column(b, ATTITUDE);
    const float value = (float)gw_market(b, START);
    for (int k = 0; k < e->n; k++) {
        attitude[e->at[k]] = value;
    }
}

static void fade(float *restrict attitude, int rows, float start_value, float share)
{
    for (int at = 0; at < rows; at++) {
        attitude[at] = fmaf(start_value - attitude[at], share, attitude[at]);
    }
}

/* Four counters at once: only whether any of them counts matters. */
static uint64_t any_of_four(const uint16_t *counter)
{
    uint64_t word;
    memcpy(&word, counter, sizeof word);
    return word;
}

/* Positions of the relations that got messages. They are rare, so 16 are dismissed at a time. */
static int find_messages(const uint16_t *restrict positive, const uint16_t *restrict negative, int rows,
                         int32_t *restrict found)
{
    int n = 0;
    for (int from = 0; from < rows; from += 16) {
        uint64_t any = 0;
        for (int at = from; at < from + 16; at += 4) {
            any |= any_of_four(positive + at) | any_of_four(negative + at);
        }
        for (int at = from; any != 0 && at < from + 16 && at < rows; at++) {
            found[n] = at;
            n += (positive[at] | negative[at]) != 0;
        }
    }
    return n;
}

/* ln(1 - share), for strangers [0] and customers [1]; a share of 1 leaves e^-87 after one message. */
static void log_rest(double share, double customer_factor, float out[2])
{
    const double rest[2] = {1.0 - share, 1.0 - share * customer_factor};
    for (int c = 0; c < 2; c++) {
        out[c] = rest[c] > 0.0 ? (float)gw_log(rest[c]) : -1.0e9f;
    }
}

/* A += u (1 - A) - v A with u = 1 - (1 - i)^positive, v = 1 - (1 - j)^negative: order-free, and inside [0, 1]. */
static void hear_slot(const struct gw_block *b, int slot, const float up[2], const float down[2])
{
    float *restrict attitude = (float *)gw_column(b, ATTITUDE) + slot * GW_BLOCK;
    const uint8_t *restrict state = (const uint8_t *)gw_read(b, RELATION_STATE) + slot * GW_BLOCK;
    const uint16_t *restrict positive = b->positive_heard + slot * GW_BLOCK;
    const uint16_t *restrict negative = b->negative_heard + slot * GW_BLOCK;
    int32_t found[GW_BLOCK];
    const int n = find_messages(positive, negative, b->rows, found);
    for (int k = 0; k < n; k++) {
        const int32_t at = found[k];
        const int customer = state[at] == GW_CUSTOMER;
        const float u = 1.0f - gw_expf((float)positive[at] * up[customer]);
        const float v = 1.0f - gw_expf((float)negative[at] * down[customer]);
        attitude[at] += u * (1.0f - attitude[at]) - v * attitude[at];
    }
}

static void hear(const struct gw_block *b)
{
    float up[2], down[2];
    log_rest(gw_market(b, HEARING_UP), gw_market(b, CUSTOMER_UP), up);
    log_rest(gw_market(b, HEARING_DOWN), gw_market(b, CUSTOMER_DOWN), down);
    const double faded = 1.0 - gw_exp(-b->years / gw_market(b, HEARSAY_LIFE));
    for (int slot = 0; slot < b->relations; slot++) {
        float *attitude = (float *)gw_column(b, ATTITUDE) + slot * GW_BLOCK;
        fade(attitude, b->rows, (float)gw_market(b, START), (float)faded);
        hear_slot(b, slot, up, down);
    }
}

static void add_utility(float *restrict utility, const float *restrict attitude, const float *restrict weight,
                        int rows)
{
    for (int row = 0; row < rows; row++) {
        utility[row] += weight[row] * (attitude[row] - 0.5f);
    }
}

static void choose(const struct gw_block *b)
{
    const float *attitude = gw_column(b, ATTITUDE);
    float *utility = gw_add_term(b, UTILITY);
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        add_utility(utility + from, attitude + from, gw_consumer(b, WEIGHT), b->rows);
    }
}

static void pull(float *restrict attitude, const float *restrict satisfaction, const float *restrict times, int n,
                 float share, float slope)
{
    const float rest = -gw_log_restf(share);
    for (int k = 0; k < n; k++) {
        const float moved = times[k] > 1.0f ? gw_lostf(rest * times[k]) : share;
        attitude[k] += moved * (gw_sigmoidf(slope * satisfaction[k]) - attitude[k]);
    }
}

static void remember(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    float *column = gw_column(b, ATTITUDE);
    float attitude[GW_BLOCK], times[GW_BLOCK];
    gw_times(b, times);
    gw_gather(attitude, column, e->at, e->n);
    pull(attitude, gw_read(b, SATISFACTION), times, e->n, (float)gw_market(b, PULL), (float)gw_market(b, SLOPE));
    gw_scatter(column, attitude, e->at, e->n);
}

static const struct gw_step steps[] = {
    {.phase = GW_HEAR, .kind = GW_BLOCK_STEP, .block = hear},
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.phase = GW_REMEMBER, .kind = GW_BLOCK_STEP, .block = remember},
    {.block = NULL},
};

GW_RULE(attitude) = {
    .name = "attitude",
    .doc =
        "Hearing: A fades to attitude_start; n+ positive and n- negative messages then move it by u (1 - A) - v A, "
        "u = 1 - (1 - hearing_up)^n+, v = 1 - (1 - hearing_down)^n-, less for customers. Choosing: adds "
        "attitude_weight "
        "(A - 1/2) to the firm's utility. Remembering: A moves by experience_pull towards 1 / (1 + "
        "exp(-experience_slope "
        "s)), s the satisfaction, with every experience.",
    .reference = "East, Hammond & Lomax 2008, International Journal of Research in Marketing 25(3)",
    .parameters = parameters,
    .columns = columns,
    .reads = reads,
    .adds = adds,
    .enter = enter,
    .steps = steps,
};
