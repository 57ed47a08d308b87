/*
 * Memory M of the experiences with a firm: a shrunk mean in which the bad fades more slowly.
 */
#include "rule.h"

enum { TAKE_UP, GOOD_LIFE, BAD_LIFE, SHRINK };
enum { REMEMBERED, TRACES, LAST };
enum { TRACE_WIDTH = 4 }; /* good sum, its weight, bad sum, its weight */
enum { SATISFACTION };

static const struct gw_parameter parameters[] = {
    {.name = "memory_take_up",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 1.0,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.25,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc = "Weight with which an experience enters memory.",
     .source = "[A]"},
    {.name = "memory_good_life",
     .scope = GW_MARKET,
     .unit = "years",
     .value = 0.5,
     .low = 0.001,
     .high = 1000000.0,
     .plausible_low = 0.25,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Mean life of good memories.",
     .source = "[A]"},
    {.name = "memory_bad_life",
     .scope = GW_MARKET,
     .unit = "years",
     .value = 1.0,
     .low = 0.001,
     .high = 1000000.0,
     .plausible_low = 0.5,
     .plausible_high = 10.0,
     .off = GW_NO_OFF,
     .doc = "Mean life of bad memories.",
     .source = "[A] losses leave lasting effects: Gijsenberg, van Heerde & Verhoef 2015, J. Marketing Research"},
    {.name = "memory_shrink",
     .scope = GW_MARKET,
     .unit = "experiences",
     .value = 0.5,
     .low = 0.001,
     .high = 1000.0,
     .plausible_low = 0.1,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Weight of the neutral prior in the mean, in experiences.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {"remembered", GW_PER_RELATION, GW_F32, 0.0, "sd", "Memory M as of the last encounter; 0 without one.", 1},
    {"memory_traces", GW_PER_RELATION, GW_F32, 0.0, "sd, experiences",
     "Decayed sum and number of good, then of bad experiences, as of the last encounter.", TRACE_WIDTH},
    {"remembered_at", GW_PER_RELATION, GW_MOMENT, 0.0, "periods", "Period of the last encounter; 0 without one.", 1},
    {.name = NULL},
};

static const char *const reads[] = {"satisfaction", NULL};

/* The memories of the relations met in this block. */
struct memories {
    float good[GW_BLOCK], good_weight[GW_BLOCK], bad[GW_BLOCK], bad_weight[GW_BLOCK];
    float last[GW_BLOCK];
};

static void fetch(const struct gw_block *b, struct memories *restrict m)
{
    const int32_t *restrict at = b->encounters->at;
    const float *restrict traces = gw_column(b, TRACES);
    for (int k = 0; k < b->encounters->n; k++) {
        const float *trace = traces + at[k] * TRACE_WIDTH;
        m->good[k] = trace[0];
        m->good_weight[k] = trace[1];
        m->bad[k] = trace[2];
        m->bad_weight[k] = trace[3];
    }
    gw_gather_times(m->last, gw_column(b, LAST), at, b->encounters->n);
}

static void store(const struct gw_block *b, const struct memories *restrict m)
{
    const int32_t *restrict at = b->encounters->at;
    float *restrict traces = gw_column(b, TRACES);
    uint16_t *restrict last = gw_column(b, LAST);
    const uint16_t now = gw_moment(b->period);
    for (int k = 0; k < b->encounters->n; k++) {
        float *trace = traces + at[k] * TRACE_WIDTH;
        trace[0] = m->good[k];
        trace[1] = m->good_weight[k];
        trace[2] = m->bad[k];
        trace[3] = m->bad_weight[k];
        last[at[k]] = now;
    }
}

/* Sums and weights shrink over the time since the last encounter; rates per period. */
static void decay(struct memories *restrict m, int n, float now, float good_rate, float bad_rate)
{
    for (int k = 0; k < n; k++) {
        const float good_left = gw_expf((m->last[k] - now) * good_rate);
        const float bad_left = gw_expf((m->last[k] - now) * bad_rate);
        m->good[k] *= good_left;
        m->good_weight[k] *= good_left;
        m->bad[k] *= bad_left;
        m->bad_weight[k] *= bad_left;
    }
}

static void take_up(struct memories *restrict m, const float *restrict s, const float *restrict times, int n,
                    float each)
{
    for (int k = 0; k < n; k++) {
        const float weight = each * times[k];
        const float as_good = s[k] >= 0.0f ? weight : 0.0f, as_bad = weight - as_good;
        m->good[k] = fmaf(as_good, s[k], m->good[k]);
        m->good_weight[k] += as_good;
        m->bad[k] = fmaf(as_bad, s[k], m->bad[k]);
        m->bad_weight[k] += as_bad;
    }
}

static void average(float *restrict memory, const struct memories *restrict m, int n, float shrink)
{
    for (int k = 0; k < n; k++) {
        memory[k] = (m->good[k] + m->bad[k]) / (shrink + m->good_weight[k] + m->bad_weight[k]);
    }
}

static void remember(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float good_rate = (float)(b->years / gw_market(b, GOOD_LIFE));
    const float bad_rate = (float)(b->years / gw_market(b, BAD_LIFE));
    struct memories m;
    float memory[GW_BLOCK], times[GW_BLOCK];
    gw_times(b, times);
    fetch(b, &m);
    decay(&m, e->n, (float)b->period, good_rate, bad_rate);
    take_up(&m, gw_read(b, SATISFACTION), times, e->n, (float)gw_market(b, TAKE_UP));
    average(memory, &m, e->n, (float)gw_market(b, SHRINK));
    gw_scatter(gw_column(b, REMEMBERED), memory, e->at, e->n);
    store(b, &m);
}

static const struct gw_step steps[] = {
    {.phase = GW_REMEMBER, .kind = GW_BLOCK_STEP, .block = remember},
    {.block = NULL},
};

GW_RULE(memory) = {
    .name = "memory",
    .doc = "Good (s >= 0) and bad experiences enter separate sums with weights; both decay, the good with mean life "
           "memory_good_life, "
           "the bad with memory_bad_life. M = (M+ + M-) / (memory_shrink + W+ + W-), so frequency alone moves "
           "nothing. An encounter enters as often as it stands for occasions.",
    .reference = "Gijsenberg, van Heerde & Verhoef 2015, Journal of Marketing Research 52(5)",
    .parameters = parameters,
    .columns = columns,
    .reads = reads,
    .steps = steps,
};
