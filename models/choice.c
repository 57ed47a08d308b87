/*
 * The choice of a firm, or of none: multinomial logit as a race of exponential clocks.
 *
 * The clock of alternative j rings at -ln u_j e^(-V_j), an exponential time of rate e^V_j. The first to ring is j
 * with the logit probability e^V_j / sum e^V; without it, the others are again a race with their own logit
 * probabilities (Plackett & Luce), so the second is what would have been chosen without the first. A clock depends on
 * its own firm's draw and utility only: common random numbers survive any change of the other firms.
 */
#include "rule.h"

enum { CATEGORY_APPEAL, APPEAL, TASTE_SD };
enum { TASTE };
enum { READ_BARRED_UNTIL, READ_CONTRACT, READ_OPEN, READ_AWARE };
enum { UTILITY };
enum { CLOCKS = (GW_FEW_FIRMS + 1 + 3) / 4 * 4 }; /* "not now" and all firms, in whole blocks of four draws */
_Static_assert(GW_FEW_FIRMS >= GW_MAX_RELATIONS, "K = F firms are few");

static const struct gw_parameter parameters[] = {
    {.name = "category_appeal",
     .scope = GW_CONSUMER,
     .unit = "logit",
     .value = -2.0,
     .low = -40.0,
     .high = 40.0,
     .plausible_low = -4.0,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Utility common to all firms, against 0 for \"not now\": it sets how many occasions pass without a "
            "purchase.",
     .source = "[C] with four firms about 60% pass, which brings the mean cross elasticity near .25 (Auer & Papies "
               "2019 [S])"},
    {.name = "appeal",
     .scope = GW_FIRM,
     .unit = "logit",
     .value = 0.0,
     .low = -40.0,
     .high = 40.0,
     .plausible_low = -1.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Utility of the firm for everybody: location, range, brand; what no other rule explains.",
     .source = "[A] .30 to -.15 spreads the shares of four firms as in consumer goods"},
    {.name = "taste_sd",
     .scope = GW_CONSUMER,
     .unit = "logit",
     .value = 0.6,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 1.5,
     .off = GW_NO_OFF,
     .doc = "Standard deviation of lasting personal tastes for each firm.",
     .source = "[A] steady tastes beside habit: Dube, Hitsch & Rossi 2010, RAND J. Economics"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {"taste", GW_PER_RELATION, GW_F32, 0.0, "logit", "lasting personal taste for the firm", .lasting = true},
    {.name = NULL},
};

static const struct gw_term terms[] = {
    {"utility", GW_TERM_RELATION, "logit", "what other rules add to the utility of a firm"},
    {.name = NULL},
};

static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    const float *sd = gw_consumer(b, TASTE_SD);
    float *taste = gw_column(b, TASTE);
    for (int k = 0; k < e->n; k++) {
        const double u = gw_uniform_start(&b->key, e->id[k], 1u + (uint32_t)e->firm[k], 0);
        taste[e->at[k]] = sd[e->row[k]] * gw_normal_of_precise(u);
    }
}

/* Clocks of rate 1 in place of uniforms. */
static void wind(float *restrict clock, int n)
{
    for (int k = 0; k < n; k++) {
        clock[k] = -gw_logf(clock[k]);
    }
}

/* Draw 0 for "not now", 1 + f for firm f. */
static void draw_firms(const struct gw_block *b, float (*restrict clock)[GW_BLOCK])
{
    const struct gw_shoppers *s = b->shoppers;
    for (int d = 0; d <= b->firms; d += 4) {
        gw_draw_listed(b, s->id, s->n, 0, (uint32_t)d / 4, clock + d);
    }
}

/* Draw d[k] of every shopper. */
static void draw_each(const struct gw_block *b, const uint32_t *restrict id, const uint32_t *restrict d, int n,
                      float *restrict clock)
{
    const struct gw_key key = b->key;
    const uint32_t period = b->period;
    for (int k = 0; k < n; k++) {
        clock[k] = gw_uniform_single(&key, id[k], period, 0, d[k]);
    }
}

/* Which draws belong to the firms that shoppers have in a slot; those of empty slots have no meaning. */
static void number_slot(const int32_t *restrict firm, const int32_t *restrict row, int n, uint32_t *restrict d)
{
    for (int k = 0; k < n; k++) {
        d[k] = 1u + (uint32_t)firm[row[k]];
    }
}

static void pick_draws(const float *restrict of_firm, const uint32_t *restrict d, int n, float *restrict clock)
{
    for (int k = 0; k < n; k++) {
        clock[k] = of_firm[(int32_t)d[k] * GW_BLOCK + k];
    }
}

/* The same draws for "not now" and the firms in the slots. */
static void draw_slots(const struct gw_block *b, float (*restrict clock)[GW_BLOCK])
{
    const struct gw_shoppers *s = b->shoppers;
    const bool few = gw_few_firms(b);
    float of_firm[CLOCKS][GW_BLOCK];
    uint32_t d[GW_BLOCK] = {0};
    if (few) {
        draw_firms(b, of_firm);
    }
    for (int which = 0; which <= b->relations; which++) {
        if (which > 0) {
            number_slot(b->firm_at + (which - 1) * GW_BLOCK, s->row, s->n, d);
        }
        if (few) {
            pick_draws(of_firm[0], d, s->n, clock[which]);
        } else {
            draw_each(b, s->id, d, s->n, clock[which]);
        }
    }
}

/* A clock of rate 1 for "not now" and for every slot. */
static void wind_clocks(const struct gw_block *b, float (*restrict clock)[GW_BLOCK])
{
    if (b->every_firm) {
        draw_firms(b, clock);
    } else {
        draw_slots(b, clock);
    }
    for (int which = 0; which <= b->relations; which++) {
        wind(clock[which], b->shoppers->n);
    }
}

/* The two clocks that rang first, so far. */
struct podium {
    float best[GW_BLOCK], next[GW_BLOCK];
};

#define ABSENT (-GW_NEVER) /* the utility of a firm that is not considered */

/* What every firm is to everybody: ABSENT when it is not open. */
static void offer(const struct gw_block *b, double *appeal)
{
    const double *of_firm = gw_levers(b, APPEAL), *open = gw_read(b, READ_OPEN);
    for (int firm = 0; firm < b->firms; firm++) {
        appeal[firm] = open[firm] > 0.0 ? of_firm[firm] : (double)ABSENT;
    }
}

static void empty_slots(const int32_t *restrict firm, int rows, float *restrict appeal)
{
    for (int row = 0; row < rows; row++) {
        appeal[row] = firm[row] >= 0 ? appeal[row] : ABSENT;
    }
}

/* Utility of a slot's firm for every row. Dense, as what other rules add is: cheaper than gathering its parts. */
static void appraise(const float *restrict category, const float *restrict taste,
                     const uint16_t *restrict barred_until, const uint8_t *restrict aware,
                     const float *restrict appeal, const float *restrict added, uint16_t now, int rows,
                     float *restrict utility)
{
    for (int row = 0; row < rows; row++) {
        const float v = category[row] + appeal[row] + taste[row];
        const int32_t there = (barred_until[row] <= now) & (aware[row] != 0);
        utility[row] = (there != 0 ? v : ABSENT) + added[row];
    }
}

/* a where the mask is -1, b where it is 0; a conditional would become a masked store, which is not vectorised. */
static inline int32_t pick(int32_t mask, int32_t a, int32_t b)
{
    return b ^ ((a ^ b) & mask);
}

static void run(int32_t slot, const float *restrict utility, const float *restrict clock, const int32_t *restrict row,
                int n, struct podium *restrict p, int32_t *restrict first, int32_t *restrict second)
{
    for (int k = 0; k < n; k++) {
        const float v = utility[row[k]];
        const float rings = clock[k] * gw_expf(-v);
        const float time = v > 0.5f * ABSENT ? rings : HUGE_VALF;
        const float best = p->best[k];
        const int32_t wins = -(time < best), places = -(time < p->next[k]), leader = first[k];
        p->best[k] = gw_minf(time, best);
        p->next[k] = gw_minf(p->next[k], gw_maxf(time, best));
        first[k] = pick(wins, slot, leader);
        second[k] = pick(wins, leader, pick(places, slot, second[k]));
    }
}

/* Who is under contract uses the own firm. */
static void bind(const int32_t *restrict contract, const int32_t *restrict row, int n, int32_t *restrict first,
                 int32_t *restrict second)
{
    for (int k = 0; k < n; k++) {
        const int32_t own = contract[row[k]];
        const int32_t bound = -(own >= 0);
        first[k] = pick(bound, own, first[k]);
        second[k] |= bound;
    }
}

static void choose(const struct gw_block *b)
{
    struct gw_shoppers *s = b->shoppers;
    double offered[GW_MAX_FIRMS];
    float clock[CLOCKS][GW_BLOCK], utility[GW_BLOCK], appeal[GW_BLOCK];
    struct podium p;
    offer(b, offered);
    wind_clocks(b, clock);
    for (int k = 0; k < s->n; k++) {
        p.best[k] = clock[0][k];
        p.next[k] = HUGE_VALF;
        s->first[k] = s->second[k] = -1;
    }
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        const float *taste = gw_column(b, TASTE);
        const uint16_t *barred_until = gw_read(b, READ_BARRED_UNTIL);
        const uint8_t *aware = gw_read(b, READ_AWARE);
        gw_slot_levers(b, offered, slot, appeal);
        if (!b->every_firm) {
            empty_slots(b->firm_at + from, b->rows, appeal);
        }
        appraise(gw_consumer(b, CATEGORY_APPEAL), taste + from, barred_until + from, aware + from, appeal,
                 gw_own_term(b, UTILITY) + from, gw_moment(b->period), b->rows, utility);
        run(slot, utility, clock[1 + slot], s->row, s->n, &p, s->first, s->second);
    }
    if (b->contractual) {
        bind(gw_read(b, READ_CONTRACT), s->row, s->n, s->first, s->second);
    }
}

static const char *const reads[] = {"barred_until", "contract", "open", "aware", NULL};
static const struct gw_step steps[] = {{GW_CHOOSE, GW_BLOCK_STEP, choose, NULL}, {0}};

GW_RULE(choice) = {
    .name = "choice",
    .doc = "One firm or \"not now\" for all occasions of a period. V = category_appeal + appeal + taste + what other "
           "rules "
           "add; \"not now\" is 0; a barred, closed or unknown firm is not there. Race of exponential clocks, which "
           "is the "
           "multinomial "
           "logit; "
           "the runner-up is the choice without the winner. A consumer under contract uses the own firm.",
    .reference = "McFadden 1974, in Frontiers in Econometrics; Plackett 1975, Applied Statistics 24(2)",
    .parameters = parameters,
    .columns = columns,
    .terms = terms,
    .reads = reads,
    .enter = enter,
    .steps = steps,
};
