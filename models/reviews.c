/*
 * Stars: what customers feel about an encounter, which of it they publish, and what strangers make of the rating.
 */
#include "rule.h"

enum { BASE, SLOPE, NEUTRAL, RATE, FLOOR, POWER, PRIOR, LIFE, WEIGHT, REPLY_EFFECT, REPLY_COST, PUBLIC_REPLY };
enum { STAR_SUM, REVIEW_SUM, RATING };
enum { REVIEWS, EXPERIENCED };
enum { REPLIES };
enum { READ_STATE, READ_DISCONFIRMATION, READ_OPEN };
enum { BORROW_SD };
enum { WATCH_REVIEWS };
enum { ADD_UTILITY };
enum { STARS = 5, LOW_STARS = 2 }; /* 1 ... 5; replies go to 1 and 2 */

static const struct gw_parameter parameters[] = {
    {.name = "star_base",
     .scope = GW_MARKET,
     .unit = "stars",
     .value = 3.6,
     .low = -20.0,
     .high = 20.0,
     .plausible_low = 2.5,
     .plausible_high = 4.5,
     .off = GW_NO_OFF,
     .doc = "Stars for an experience as expected.",
     .source =
         "[C] with sd .75 of the surprise the published stars are 11, 3, 6, 18 and 61%; 5,000 orders of the shop "
         "Olist have 11, 3, 8, 20 and 59% [S]"},
    {.name = "star_slope",
     .scope = GW_MARKET,
     .unit = "stars per sd",
     .value = 2.3,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 1.0,
     .plausible_high = 3.0,
     .off = GW_NO_OFF,
     .doc = "Stars per satisfaction_sd by which the experience was better than expected.",
     .source = "[C] fitted as star_base"},
    {.name = "star_neutral",
     .scope = GW_MARKET,
     .unit = "sd",
     .value = -0.5,
     .low = -10.0,
     .high = 10.0,
     .plausible_low = -1.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Surprise D / satisfaction_sd about which there is the least to publish.",
     .source = "[C] fitted as star_base"},
    {.name = "review_rate",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.005,
     .plausible_high = 0.2,
     .off = 0.0,
     .doc = "Rate at which the urge to publish, review_floor + |x - star_neutral|^review_power, becomes a review.",
     .source = "[A] .05 when on"},
    {.name = "review_floor",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.1,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Urge to publish when there is the least to say.",
     .source = "[C] fitted as star_base"},
    {.name = "review_power",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 1.5,
     .low = 0.0,
     .high = 6.0,
     .plausible_low = 1.0,
     .plausible_high = 3.0,
     .off = GW_NO_OFF,
     .doc = "Exponent with which the urge to publish rises with the distance from star_neutral.",
     .source = "[S] brag and moan: Hu, Zhang & Pavlou 2009, Communications of the ACM; the exponent is [A]"},
    {.name = "review_prior",
     .scope = GW_MARKET,
     .unit = "reviews",
     .value = 10.0,
     .low = 0.001,
     .high = 1000000.0,
     .plausible_low = 1.0,
     .plausible_high = 50.0,
     .off = GW_NO_OFF,
     .doc = "Reviews of 3 stars that readers have in mind before they see any.",
     .source = "[A]"},
    {.name = "review_life",
     .scope = GW_MARKET,
     .unit = "years",
     .value = 0.5,
     .low = 0.01,
     .high = 1000.0,
     .plausible_low = 0.1,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Mean time for which a review counts.",
     .source = "[A]"},
    {.name = "review_weight",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.5,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.1,
     .plausible_high = 1.5,
     .off = GW_NO_OFF,
     .doc = "Utility that the step from a rating of 3 to one of 5 adds for who is no customer.",
     .source = "[C] elasticity of sales to valence about .4: You, Vadakkepatt & Joshi 2015, J. Marketing"},
    {.name = "reply_effect",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.3,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.6,
     .off = GW_NO_OFF,
     .doc = "Share of the weight that a review of 1 or 2 stars loses by a public reply.",
     .source = "[A]"},
    {.name = "reply_cost",
     .scope = GW_MARKET,
     .unit = "money per reply",
     .value = 3.0,
     .low = 0.0,
     .high = 10000.0,
     .plausible_low = 0.5,
     .plausible_high = 20.0,
     .off = GW_NO_OFF,
     .doc = "Cost of a public reply.",
     .source = "[A] some minutes of an agent"},
    {.name = "public_reply",
     .scope = GW_LEVER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Share of the reviews of 1 or 2 stars that the firm answers in public.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "star_sum",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "stars",
     .doc = "Stars of the reviews that still count."},
    {.name = "review_sum",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "reviews",
     .doc = "Reviews that still count."},
    {.name = "rating",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 3,
     .unit = "stars",
     .doc = "Mean of the stars published, review_prior reviews of 3 stars among them."},
    {.name = NULL},
};

static const char *const star_labels[] = {"1", "2", "3", "4", "5", NULL};
static const struct gw_dimension by_stars = {.name = "stars", .labels = star_labels};

static const struct gw_tally tallies[] = {
    {.name = "reviews",
     .measure = GW_COUNT,
     .dimension = &by_stars,
     .unit = "reviews",
     .doc = "Reviews published, by stars."},
    {.name = "experienced_stars",
     .measure = GW_COUNT,
     .dimension = &by_stars,
     .unit = "experiences",
     .doc = "Experiences by the stars they were worth, published or not."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "replies",
     .debit = GW_COST_TO_SERVE,
     .credit = GW_CASH,
     .doc = "Public replies to reviews of 1 and 2 stars."},
    {.name = NULL},
};

static const char *const borrows[] = {"satisfaction_sd", NULL};
static const char *const reads[] = {"relation_state", "disconfirmation", "open", NULL};
static const char *const watches[] = {"reviews", NULL};
static const char *const adds[] = {"utility", NULL};

/* Reviews fade; those of the last period come in, the low ones with less weight where they are answered. */
static void rate_firm(const struct gw_firms *f, int firm, double keeps)
{
    const int64_t *reviews = gw_watched(f, WATCH_REVIEWS);
    const double reply = gw_firm_levers(f, PUBLIC_REPLY)[firm] * gw_firm_read(f, READ_OPEN)[firm];
    const double prior = gw_firm_market(f, PRIOR);
    double *stars = gw_firm_column(f, STAR_SUM), *count = gw_firm_column(f, REVIEW_SUM), low = 0.0;
    stars[firm] *= keeps;
    count[firm] *= keeps;
    for (int label = 0; label < STARS; label++) {
        const double n = (double)reviews[label * f->firms + firm];
        const double weight = label < LOW_STARS ? 1.0 - gw_firm_market(f, REPLY_EFFECT) * reply : 1.0;
        stars[firm] += weight * n * (label + 1);
        count[firm] += weight * n;
        low += label < LOW_STARS ? n : 0.0;
    }
    gw_firm_column(f, RATING)[firm] = (3.0 * prior + stars[firm]) / (prior + count[firm]);
    gw_firm_post(f, REPLIES, firm, gw_micro(gw_firm_market(f, REPLY_COST) * reply * low));
}

static void act(const struct gw_firms *f)
{
    const double keeps = gw_exp(-f->years / gw_firm_market(f, LIFE));
    for (int firm = 0; firm < f->firms; firm++) {
        rate_firm(f, firm, keeps);
    }
}

/* Strangers read reviews; customers know better. */
static void add_for_strangers(float *restrict utility, const float *restrict pull, const uint8_t *restrict state,
                              int rows)
{
    for (int row = 0; row < rows; row++) {
        utility[row] += state[row] == GW_CUSTOMER ? 0.0f : pull[row];
    }
}

static void choose(const struct gw_block *b)
{
    const double *rating = gw_column(b, RATING);
    const uint8_t *state = gw_read(b, READ_STATE);
    double pull[GW_MAX_FIRMS];
    float of_slot[GW_BLOCK];
    for (int firm = 0; firm < b->firms; firm++) {
        pull[firm] = gw_market(b, WEIGHT) * (rating[firm] - 3.0) / 2.0;
    }
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        gw_slot_levers(b, pull, slot, of_slot);
        add_for_strangers(gw_add_term(b, ADD_UTILITY) + from, of_slot, state + from, b->rows);
    }
}

/* Rounds half to even: adding 1.5 * 2^23 leaves no room for a fraction. */
static float round_to_even(float x)
{
    return (x + 12582912.0f) - 12582912.0f;
}

/* Labels 0 ... 4 of the stars that experiences are worth; x = D / satisfaction_sd. */
static void judge(int32_t *restrict label, const float *restrict x, int n, float base, float slope)
{
    for (int k = 0; k < n; k++) {
        label[k] = (int32_t)gw_clampf(round_to_even(base + slope * x[k]), 1.0f, 5.0f) - 1;
    }
}

/* Probability that an experience is published. */
struct urge {
    float rate, floor, neutral, power;
};

static void publish(float *restrict p, const float *restrict x, int n, struct urge by)
{
    for (int k = 0; k < n; k++) {
        const float distance = gw_maxf(fabsf(x[k] - by.neutral), 1e-30f);
        p[k] = 1.0f - gw_expf(-by.rate * (by.floor + gw_expf(by.power * gw_logf(distance))));
    }
}

static void count(const struct gw_block *b, const int32_t *restrict label, const float *restrict p,
                  const float *restrict u)
{
    const int32_t *restrict firm = b->encounters->firm, *restrict times = b->encounters->purchases;
    int64_t *restrict experienced = gw_tally_of(b, EXPERIENCED, 0);
    int64_t *restrict published = gw_tally_of(b, REVIEWS, 0);
    for (int k = 0; k < b->encounters->n; k++) {
        const int cell = label[k] * b->firms + firm[k];
        experienced[cell] += times[k];
        published[cell] += gw_successes(u[k], times[k], p[k]);
    }
}

static void tell(const struct gw_block *b)
{
    const int n = b->encounters->n;
    const float *surprise = gw_read(b, READ_DISCONFIRMATION);
    const float scale = (float)(1.0 / gw_borrowed_market(b, BORROW_SD));
    const struct urge urge = {(float)gw_market(b, RATE), (float)gw_market(b, FLOOR), (float)gw_market(b, NEUTRAL),
                              (float)gw_market(b, POWER)};
    int32_t label[GW_BLOCK];
    float x[GW_BLOCK], p[GW_BLOCK], u[GW_BLOCK];
    if (!(urge.rate > 0.0f)) {
        return;
    }
    for (int k = 0; k < n; k++) {
        x[k] = scale * surprise[k];
    }
    judge(label, x, n, (float)gw_market(b, BASE), (float)gw_market(b, SLOPE));
    publish(p, x, n, urge);
    gw_draw_encounters(b, 0, u);
    count(b, label, p, u);
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.phase = GW_TELL, .kind = GW_BLOCK_STEP, .block = tell},
    {.block = NULL},
};

GW_RULE(reviews) = {
    .name = "reviews",
    .doc =
        "An experience is worth star_base + star_slope x stars, x = D / satisfaction_sd, rounded half to even and "
        "held in 1 to 5, and is published with probability 1 - exp(-review_rate (review_floor + |x - "
        "star_neutral|^review_power)): the extremes more often. The sums of stars and of reviews of a firm fade "
        "with mean life review_life; its rating is (3 review_prior + stars) / (review_prior + reviews). Reviews of "
        "1 and 2 stars that are answered in public count 1 - reply_effect. Who is no customer gains review_weight "
        "(rating - 3) / 2 in utility.",
    .reference =
        "Hu, Zhang & Pavlou 2009, Communications of the ACM 52(10); You, Vadakkepatt & Joshi 2015, Journal of "
        "Marketing 79(2)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .postings = postings,
    .borrows = borrows,
    .reads = reads,
    .adds = adds,
    .watches = watches,
    .steps = steps,
};
