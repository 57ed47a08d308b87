/*
 * The experience of an encounter as one number, and how far it is from what was expected.
 */
#include "rule.h"

enum { TREATMENT_SHARE, CES_POWER };
enum { CX, DISCONFIRMATION, WILL_EXPECTATION };
enum { EXPERIENCES, SUM, SQUARES };
enum { POSITIVE, NEGATIVE };
enum { EMO, VAL, EXPECTATION };
enum { SHIFT };

static const struct gw_parameter parameters[] = {
    {.name = "treatment_share",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.7,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.3,
     .plausible_high = 0.8,
     .off = GW_NO_OFF,
     .doc = "Weight w of treatment against product.",
     .source = "[A] the widely repeated 70% has no traceable study"},
    {.name = "ces_power",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0,
     .low = -1000.0,
     .high = 50.0,
     .plausible_low = -5.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc =
         "Exponent rho of the aggregate: 1 is the weighted sum, 0 the product, -50 and below the weaker of the two.",
     .source = "[A] sum and product are both claimed"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "cx",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0.6,
     .unit = "1",
     .doc = "Customer experience CX of the encounter."},
    {.name = "disconfirmation",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "1",
     .doc = "D = CX less the expectation held before the encounter."},
    {.name = "will_expectation",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0.6,
     .unit = "1",
     .doc = "Expectation that the encounter is compared with."},
    {.name = NULL},
};

static const struct gw_term terms[] = {
    {.name = "expectation_shift",
     .shape = GW_TERM_ENCOUNTER,
     .unit = "1",
     .doc = "what other rules add to the expectation that an encounter is compared with"},
    {.name = NULL},
};

static const char *const signs[] = {"positive", "negative", NULL};
static const struct gw_dimension by_sign = {.name = "sign", .labels = signs};

static const struct gw_tally tallies[] = {
    {.name = "experiences",
     .measure = GW_COUNT,
     .dimension = &by_sign,
     .unit = "experiences",
     .doc = "Experiences better or worse than expected: occasions of such encounters."},
    {.name = "experience_sum",
     .measure = GW_SUM,
     .unit = "1",
     .doc = "Sum of CX over experiences: with the next, their mean and variance."},
    {.name = "experience_squares", .measure = GW_SUM, .unit = "1", .doc = "Sum of CX squared over experiences."},
    {.name = NULL},
};

static const char *const reads[] = {"emo", "val", "expectation", NULL};

/* Below, the power mean loses digits to cancellation (error about 2e-7 / |rho|) and its expansion takes over. */
#define SMALL_POWER 0.05f

static float log_held(float x)
{
    return gw_logf(gw_clampf(x, 0.01f, 0.99f));
}

/*
 * ln CX as the cumulant expansion in rho of ln(w e^(rho a) + (1 - w) e^(rho b)) / rho, a = ln Emo, b = ln Val: the
 * law is Bernoulli(w) on b, a. For |rho| < .05 and |a - b| < ln 99 the first term left out is below 1e-5. rho = 0:
 * the product.
 */
static void combine_near_product(float *restrict cx, const float *restrict emo, const float *restrict val,
                                 const float *restrict w, int n, float rho)
{
    for (int k = 0; k < n; k++) {
        const float a = log_held(emo[k]), b = log_held(val[k]);
        const float x = rho * (a - b), variance = w[k] * (1.0f - w[k]);
        const float second = 0.5f * variance;
        const float third = variance * (1.0f - 2.0f * w[k]) * (1.0f / 6.0f);
        const float fourth = variance * (1.0f - 6.0f * variance) * (1.0f / 24.0f);
        const float bend = x * fmaf(x, fmaf(x, fourth, third), second);
        cx[k] = gw_expf(fmaf(a - b, w[k] + bend, b));
    }
}

/* (w Emo^rho + (1 - w) Val^rho)^(1 / rho), the larger power that has weight taken out: the rest neither overflows nor
 * vanishes. */
static void combine_by_power(float *restrict cx, const float *restrict emo, const float *restrict val,
                             const float *restrict w, int n, float rho)
{
    const float inverse = 1.0f / rho;
    for (int k = 0; k < n; k++) {
        const float a = rho * log_held(emo[k]), b = rho * log_held(val[k]);
        const float most = w[k] <= 0.0f ? b : w[k] >= 1.0f ? a : gw_maxf(a, b);
        const float sum = w[k] * gw_expf(a - most) + (1.0f - w[k]) * gw_expf(b - most);
        cx[k] = gw_expf((most + gw_logf(sum)) * inverse);
    }
}

static void combine_by_weakest(float *restrict cx, const float *restrict emo, const float *restrict val, int n)
{
    for (int k = 0; k < n; k++) {
        cx[k] = gw_clampf(gw_minf(emo[k], val[k]), 0.01f, 0.99f);
    }
}

static void subtract(float *restrict difference, const float *restrict a, const float *restrict b, int n)
{
    for (int k = 0; k < n; k++) {
        difference[k] = a[k] - b[k];
    }
}

static void add(float *restrict sum, const float *restrict term, int n)
{
    for (int k = 0; k < n; k++) {
        sum[k] += term[k];
    }
}

/* Once it is known how many occasions there were. */
static void count_signs(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *restrict difference = gw_column(b, DISCONFIRMATION);
    const int32_t *restrict firm = e->firm, *restrict times = e->purchases;
    int64_t *restrict count = gw_tally_of(b, EXPERIENCES, 0);
    const int n = e->n, firms = b->firms;
    for (int k = 0; k < n; k++) {
        const int sign = difference[k] < 0.0f ? NEGATIVE : POSITIVE;
        count[sign * firms + firm[k]] += times[k] & -(int32_t)(difference[k] != 0.0f);
    }
}

static void sum_up(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *cx = gw_column(b, CX);
    int64_t *sum = gw_tally_of(b, SUM, 0), *squares = gw_tally_of(b, SQUARES, 0);
    for (int k = 0; k < e->n; k++) {
        const double x = (double)cx[k];
        sum[e->firm[k]] += gw_micro(x) * e->purchases[k];
        squares[e->firm[k]] += gw_micro(x * x) * e->purchases[k];
    }
}

static void count(const struct gw_block *b)
{
    count_signs(b);
    sum_up(b);
}

static void compare(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *emo = gw_read(b, EMO), *val = gw_read(b, VAL);
    const float power = (float)gw_market(b, CES_POWER);
    float *cx = gw_column(b, CX), *difference = gw_column(b, DISCONFIRMATION);
    float *expectation = gw_column(b, WILL_EXPECTATION);
    float w[GW_BLOCK];
    gw_gather(w, gw_consumer(b, TREATMENT_SHARE), e->row, e->n);
    gw_gather(expectation, gw_read(b, EXPECTATION), e->at, e->n);
    if (gw_term_live(b, SHIFT)) {
        add(expectation, gw_own_term(b, SHIFT), e->n);
    }
    if (power <= -50.0f) {
        combine_by_weakest(cx, emo, val, e->n);
    } else if (fabsf(power) < SMALL_POWER) {
        combine_near_product(cx, emo, val, w, e->n, fabsf(power) < 1e-3f ? 0.0f : power);
    } else {
        combine_by_power(cx, emo, val, w, e->n, power);
    }
    subtract(difference, cx, expectation, e->n);
}

static const struct gw_step steps[] = {
    {.phase = GW_COMPARE, .kind = GW_BLOCK_STEP, .block = compare},
    {.phase = GW_TELL, .kind = GW_BLOCK_STEP, .block = count},
    {.block = NULL},
};

GW_RULE(experience) = {
    .name = "experience",
    .doc = "CX = (w Emo^rho + (1 - w) Val^rho)^(1 / rho), inputs held in [.01, .99]: the weighted sum at rho = 1, "
           "the product Emo^w "
           "Val^(1 - w) at 0, the weaker of the two at -50 and below. D = CX - E, E the expectation with what other "
           "rules add to it; its sign makes "
           "the experience positive or negative.",
    .reference = "Arrow, Chenery, Minhas & Solow 1961, Review of Economics and Statistics 43(3), for the aggregate; "
                 "Oliver 1980, "
                 "Journal of Marketing Research 17(4), for disconfirmation",
    .parameters = parameters,
    .columns = columns,
    .terms = terms,
    .tallies = tallies,
    .reads = reads,
    .steps = steps,
};
