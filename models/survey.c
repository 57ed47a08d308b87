/*
 * What customers say when a firm asks them for a score, and what all would have said. It measures and moves nothing.
 */
#include "rule.h"

enum { SURVEY_RATE, BASE, MEMORY, TRAIT, NOISE, BIAS, CENTRE, CSAT_BASE, CSAT_SLOPE, CSAT_NOISE };
enum { SCORING_TRAIT };
enum { ANSWERS, TRUE_ANSWERS, CSAT };
enum { REMEMBERED, SATISFACTION };

static const struct gw_parameter parameters[] = {
    {.name = "survey_rate",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.05,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .off = 0.0,
     .doc = "Probability that an experience is followed by an answered survey, where response is not biased.",
     .source = "[A]"},
    {.name = "survey_base",
     .scope = GW_MARKET,
     .unit = "points",
     .value = 7.55,
     .low = -100.0,
     .high = 100.0,
     .plausible_low = 6.0,
     .plausible_high = 9.0,
     .off = GW_NO_OFF,
     .doc = "Mean score of a consumer with neutral memory.",
     .source = "[C] a net promoter score of 10-40 with the other defaults"},
    {.name = "survey_memory",
     .scope = GW_MARKET,
     .unit = "points per sd",
     .value = 1.15,
     .low = -100.0,
     .high = 100.0,
     .plausible_low = 0.5,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Points per unit of remembered satisfaction.",
     .source = "[A]"},
    {.name = "survey_trait",
     .scope = GW_MARKET,
     .unit = "points",
     .value = 0.9,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.0,
     .plausible_high = 1.5,
     .off = GW_NO_OFF,
     .doc = "Standard deviation of a consumer's lasting way of scoring.",
     .source = "[A]"},
    {.name = "survey_noise",
     .scope = GW_MARKET,
     .unit = "points",
     .value = 0.9,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.0,
     .plausible_high = 1.5,
     .off = GW_NO_OFF,
     .doc = "Standard deviation of a single answer.",
     .source = "[A]"},
    {.name = "survey_bias",
     .scope = GW_MARKET,
     .unit = "logit per sd",
     .value = 0.0,
     .low = -10.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 0.0,
     .doc =
         "How much likelier those answer who feel strongly: log-odds of an answer per unit of |M - survey_centre|, "
         "which counts up to 2.",
     .source = "[A] direction: Hu, Zhang & Pavlou 2009, Communications of the ACM"},
    {.name = "survey_centre",
     .scope = GW_MARKET,
     .unit = "sd",
     .value = 0.5,
     .low = -10.0,
     .high = 10.0,
     .plausible_low = -0.5,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Remembered satisfaction at which a consumer has the least to say.",
     .source = "[A]"},
    {.name = "csat_base",
     .scope = GW_MARKET,
     .unit = "points",
     .value = 3.4,
     .low = -100.0,
     .high = 100.0,
     .plausible_low = 3.0,
     .plausible_high = 4.5,
     .off = GW_NO_OFF,
     .doc = "Mean satisfaction score of a consumer to whom the encounter was neither good nor bad.",
     .source = "[A] a mean near 4 of 5 with the other defaults"},
    {.name = "csat_slope",
     .scope = GW_MARKET,
     .unit = "points per sd",
     .value = 0.7,
     .low = -100.0,
     .high = 100.0,
     .plausible_low = 0.3,
     .plausible_high = 1.2,
     .off = GW_NO_OFF,
     .doc = "Points of the satisfaction score per unit of satisfaction with the encounter.",
     .source = "[A]"},
    {.name = "csat_noise",
     .scope = GW_MARKET,
     .unit = "points",
     .value = 0.5,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Standard deviation of a single satisfaction score.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "scoring_trait",
     .shape = GW_PER_CONSUMER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "sd",
     .doc = "A consumer's lasting way of scoring, standard normal.",
     .lasting = true},
    {.name = NULL},
};

static const char *const kinds[] = {"detractors", "passives", "promoters", NULL};
static const struct gw_dimension by_answer = {.name = "answer", .labels = kinds};
static const char *const points[] = {"1", "2", "3", "4", "5", NULL};
static const struct gw_dimension by_points = {.name = "points", .labels = points};

static const struct gw_tally tallies[] = {
    {.name = "answers",
     .measure = GW_COUNT,
     .dimension = &by_answer,
     .unit = "answers",
     .doc = "Answers to the question of recommending: detractors 0-6, passives 7-8, promoters 9-10."},
    {.name = "true_answers",
     .measure = GW_COUNT,
     .dimension = &by_answer,
     .unit = "answers",
     .doc = "The same, if everybody had answered after every experience with a firm that asks."},
    {.name = "csat",
     .measure = GW_COUNT,
     .dimension = &by_points,
     .unit = "answers",
     .doc = "Satisfaction scores, 1 to 5, of those who answered."},
    {.name = NULL},
};

static const char *const reads[] = {"remembered", "satisfaction", NULL};

static void start(const struct gw_block *b)
{
    float *trait = gw_column(b, SCORING_TRAIT);
    for (int row = 0; row < b->rows; row++) {
        const double u = gw_uniform_start(&b->key, b->first + (uint32_t)row, 1, 0);
        trait[row] = gw_normal_of_precise(u);
    }
}

/* Rounds half to even: adding 1.5 * 2^23 leaves no room for a fraction. */
static float round_to_even(float x)
{
    return (x + 12582912.0f) - 12582912.0f;
}

/* r w / (1 - r + r w) = 1 / (1 + e^-(logit r + ln w)), w = e^(bias (min(|M - centre|, 2) - 1)); exact at r = 0, at
 * r = 1 and, because 1 - r + r rounds to 1, at bias 0. */
static void respond(float *restrict p, const float *restrict memory, int n, float bias, float centre)
{
    for (int k = 0; k < n; k++) {
        const float w = gw_expf(bias * (gw_minf(fabsf(memory[k] - centre), 2.0f) - 1.0f));
        p[k] = p[k] * w / ((1.0f - p[k]) + p[k] * w);
    }
}

/* The question of recommending. */
struct scoring {
    float base, memory, trait, noise;
};

/* Kinds of the scores that all would give: detractors 0, passives 1, promoters 2. */
static void judge(int32_t *restrict kind, const float *restrict memory, const float *restrict trait,
                  const float *restrict u, int n, struct scoring s)
{
    for (int k = 0; k < n; k++) {
        const float lasting = s.trait * trait[k], passing = s.noise * gw_normal_quantilef(u[k]);
        const float score = round_to_even(s.base + s.memory * memory[k] + lasting + passing);
        kind[k] = (score >= 7.0f) + (score >= 9.0f);
    }
}

/* The satisfaction score, as the label 0 ... 4 of the points 1 ... 5. */
static int satisfaction_label(const struct gw_block *b, float satisfaction, float u)
{
    const float noise = (float)gw_market(b, CSAT_NOISE) * gw_normal_quantilef(u);
    const float x = (float)gw_market(b, CSAT_BASE) + (float)gw_market(b, CSAT_SLOPE) * satisfaction + noise;
    return (int)gw_clampf(round_to_even(x), 1.0f, 5.0f) - 1;
}

/* Of the firms that ask at all. */
static void count_all(const struct gw_block *b, const float *restrict p, const int32_t *restrict kind)
{
    const int32_t *restrict firm = b->encounters->firm, *restrict times = b->encounters->purchases;
    int64_t *restrict count = gw_tally_of(b, TRUE_ANSWERS, 0);
    for (int k = 0; k < b->encounters->n; k++) {
        count[kind[k] * b->firms + firm[k]] += times[k] & -(int32_t)(p[k] > 0.0f);
    }
}

static void may_succeed(uint8_t *restrict flag, const float *restrict u, const int32_t *restrict times,
                        const float *restrict p, int n)
{
    for (int k = 0; k < n; k++) {
        flag[k] = gw_any_success(u[k], times[k], p[k]);
    }
}

static void count_answers(const struct gw_block *b, const float *p, const float (*u)[GW_BLOCK], const int32_t *kind)
{
    const struct gw_encounters *e = b->encounters;
    const float *satisfaction = gw_read(b, SATISFACTION);
    uint8_t flag[GW_BLOCK];
    int32_t position[GW_BLOCK];
    may_succeed(flag, u[0], e->purchases, p, e->n);
    const int listed = gw_list_flagged(flag, e->n, position);
    for (int i = 0; i < listed; i++) {
        const int k = position[i];
        const int32_t answers = gw_successes(u[0][k], e->purchases[k], p[k]);
        if (answers > 0) {
            gw_tally_add(b, ANSWERS, kind[k], e->firm[k], answers);
            gw_tally_add(b, CSAT, satisfaction_label(b, satisfaction[k], u[2][k]), e->firm[k], answers);
        }
    }
}

static void tell(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const struct scoring scoring = {(float)gw_market(b, BASE), (float)gw_market(b, MEMORY),
                                    (float)gw_market(b, TRAIT), (float)gw_market(b, NOISE)};
    const double *rate = gw_levers(b, SURVEY_RATE);
    float u[4][GW_BLOCK], p[GW_BLOCK], memory[GW_BLOCK], trait[GW_BLOCK];
    int32_t kind[GW_BLOCK];
    gw_draw_listed(b, e->id, e->n, 0, 0, u);
    gw_gather(memory, gw_read(b, REMEMBERED), e->at, e->n);
    gw_gather(trait, gw_column(b, SCORING_TRAIT), e->row, e->n);
    for (int k = 0; k < e->n; k++) {
        p[k] = (float)rate[e->firm[k]];
    }
    respond(p, memory, e->n, (float)gw_market(b, BIAS), (float)gw_market(b, CENTRE));
    judge(kind, memory, trait, u[1], e->n, scoring);
    count_all(b, p, kind);
    count_answers(b, p, (const float(*)[GW_BLOCK])u, kind);
}

static const struct gw_step steps[] = {
    {.phase = GW_TELL, .kind = GW_BLOCK_STEP, .block = tell},
    {.block = NULL},
};

GW_RULE(survey) = {
    .name = "survey",
    .doc =
        "An experience is followed by an answer with log-odds logit survey_rate + survey_bias (min(|M - "
        "survey_centre|, 2) - 1). The score is survey_base + survey_memory M + survey_trait t + survey_noise e, t "
        "and e standard normal, t lasting, rounded half to even and held in 0 to 10. Net promoter score = share of "
        "promoters less share of detractors, of those who answered or of all. The satisfaction score csat_base + "
        "csat_slope s + csat_noise e is rounded likewise and held in 1 to 5.",
    .reference = "Reichheld 2003, Harvard Business Review 81(12); Keiningham et al. 2007, Journal of Marketing "
                 "71(3), on its limits; Hu, Zhang & Pavlou 2009, Communications of the ACM 52(10), on who answers",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .start = start,
    .steps = steps,
};
