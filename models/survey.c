/*
 * What customers say when a firm asks them for a score. It measures and moves nothing.
 */
#include "rule.h"

enum { SURVEY_RATE, BASE, MEMORY, TRAIT, NOISE };
enum { SCORING_TRAIT };
enum { ANSWERS };
enum { DETRACTORS, PASSIVES, PROMOTERS };
enum { REMEMBERED };

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
     .doc = "Probability that an encounter is followed by an answered survey.",
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
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "scoring_trait",
     .shape = GW_PER_CONSUMER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "sd",
     .doc = "A consumer's lasting way of scoring, standard normal."},
    {.name = NULL},
};

static const char *const kinds[] = {"detractors", "passives", "promoters", NULL};
static const struct gw_dimension by_answer = {.name = "answer", .labels = kinds};

static const struct gw_tally tallies[] = {
    {.name = "answers",
     .measure = GW_COUNT,
     .dimension = &by_answer,
     .unit = "answers",
     .doc = "Answers to the question of recommending: detractors 0-6, passives 7-8, promoters 9-10."},
    {.name = NULL},
};

static const char *const reads[] = {"remembered", NULL};

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

static int kind_of_score(float score)
{
    return score >= 9.0f ? PROMOTERS : score >= 7.0f ? PASSIVES : DETRACTORS;
}

static void answer(const struct gw_block *b, int encounter, float u)
{
    const struct gw_encounters *e = b->encounters;
    const float *trait = gw_column(b, SCORING_TRAIT), *memory = gw_read(b, REMEMBERED);
    const float lasting = (float)gw_market(b, TRAIT) * trait[e->row[encounter]];
    const float passing = (float)gw_market(b, NOISE) * gw_normal_quantilef(u);
    const float kept = (float)gw_market(b, MEMORY) * memory[e->at[encounter]];
    const float score = round_to_even((float)gw_market(b, BASE) + kept + lasting + passing);
    gw_tally_add(b, ANSWERS, kind_of_score(score), e->firm[encounter], 1);
}

static void tell(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const double *rate = gw_levers(b, SURVEY_RATE);
    float u[4][GW_BLOCK];
    gw_draw_listed(b, e->id, e->n, 0, 0, u);
    for (int k = 0; k < e->n; k++) {
        if (u[0][k] < (float)rate[e->firm[k]]) {
            answer(b, k, u[1][k]);
        }
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_TELL, .kind = GW_BLOCK_STEP, .block = tell},
    {.block = NULL},
};

GW_RULE(survey) = {
    .name = "survey",
    .doc = "An encounter is surveyed with probability survey_rate. The score is survey_base + survey_memory M + "
           "survey_trait t + "
           "survey_noise e, t and e standard normal, t lasting, rounded half to even and held in 0 to 10. Net "
           "promoter score = share of "
           "promoters less share of detractors.",
    .reference = "Reichheld 2003, Harvard Business Review 81(12); Keiningham et al. 2007, Journal of Marketing "
                 "71(3), on its limits",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .start = start,
    .steps = steps,
};
