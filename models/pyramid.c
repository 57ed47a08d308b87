/*
 * The pyramid of loyalty: a customer climbs it by experiences that are good for the level reached, and falls faster.
 */
#include "rule.h"

enum {
    CLIMB,
    CLIMB_THRESHOLD,
    CLIMB_STEP,
    SLIP,
    SLIP_THRESHOLD,
    FALL,
    FALL_THRESHOLD,
    FALL_LEVELS,
    COMMUNITY_GAIN,
    COMMUNITY_HALF,
    COMMUNITY,
    BOND,
    FORGIVE_PRICE,
    FORGIVE_LIMIT,
    HOLD,
    ADVOCATE_FACTOR
};
enum { LEVEL, LEVEL_MET, UNIQUE_GAIN, LOYAL_GAIN };
enum { STOCK, LEFT_LEVEL, MET_LEVEL };
enum { COMMUNITY_COST };
enum { READ_SATISFACTION, READ_UNREPAIRED, READ_DISCONFIRMATION, READ_STATE, READ_OPEN };
enum { BORROW_PERSONALISATION, BORROW_HALF_SPEND, BORROW_CURVE, BORROW_PRICE, BORROW_REFERENCE };
enum { ADD_UTILITY, ADD_PRICE_LOG, ADD_STOP, ADD_RENEWAL, ADD_TELLS };
enum { NONE, SATISFIED, DELIGHTED, UNIQUE, MOTIVATED, LOYAL, LEVELS };

#define TOP 5.0f /* level LOYAL */

static const struct gw_parameter parameters[] = {
    {.name = "climb",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.05,
     .plausible_high = 0.4,
     .off = 0.0,
     .doc = "Probability that an experience good enough for it lifts a customer by a level.",
     .source = "[A] .15 when on; stages of loyalty: Oliver 1999, J. Marketing"},
    {.name = "climb_threshold",
     .scope = GW_MARKET,
     .unit = "sd",
     .value = 0.2,
     .low = -10.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.5,
     .off = GW_NO_OFF,
     .doc = "Satisfaction above which an experience may lift from level 0.",
     .source = "[A]"},
    {.name = "climb_step",
     .scope = GW_MARKET,
     .unit = "sd",
     .value = 0.25,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.1,
     .plausible_high = 0.5,
     .off = GW_NO_OFF,
     .doc = "Rise of that threshold with each level: who has much asks for more, and frequency alone does not climb.",
     .source = "[A]"},
    {.name = "slip",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.05,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.01,
     .plausible_high = 0.2,
     .off = GW_NO_OFF,
     .doc = "Probability that a mediocre experience costs a level.",
     .source = "[A]"},
    {.name = "slip_threshold",
     .scope = GW_MARKET,
     .unit = "sd",
     .value = 0.2,
     .low = -10.0,
     .high = 10.0,
     .plausible_low = -0.5,
     .plausible_high = 0.5,
     .off = GW_NO_OFF,
     .doc = "Satisfaction below which an experience is mediocre.",
     .source = "[A]"},
    {.name = "fall",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.2,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Probability that a bad experience or an unrepaired failure costs fall_levels levels.",
     .source =
         "[A] size; loyal customers turn when betrayed: Gregoire & Fisher 2008, J. Academy of Marketing Science "
         "[S]"},
    {.name = "fall_threshold",
     .scope = GW_MARKET,
     .unit = "sd",
     .value = -1.0,
     .low = -10.0,
     .high = 10.0,
     .plausible_low = -2.0,
     .plausible_high = -0.5,
     .off = GW_NO_OFF,
     .doc = "Satisfaction below which an experience is bad.",
     .source = "[A]"},
    {.name = "fall_levels",
     .scope = GW_MARKET,
     .kind = GW_INTEGER,
     .unit = "levels",
     .value = 2.0,
     .low = 1.0,
     .high = 5.0,
     .plausible_low = 1.0,
     .plausible_high = 3.0,
     .off = GW_NO_OFF,
     .doc = "Levels that a fall costs.",
     .source = "[A]"},
    {.name = "community_gain",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 1.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.2,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Rise of the probability to climb from level 3 or 4, as a share of it, that endless community spend "
            "approaches.",
     .source = "[A]"},
    {.name = "community_half",
     .scope = GW_MARKET,
     .unit = "money per week",
     .value = 250.0,
     .low = 0.01,
     .high = 100000000.0,
     .plausible_low = 50.0,
     .plausible_high = 2000.0,
     .off = GW_NO_OFF,
     .doc = "Community spend that brings half of community_gain.",
     .source = "[A] scales with the size of the market"},
    {.name = "community",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 50000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5000.0,
     .off = 0.0,
     .doc = "Spend on a community of loyal customers.",
     .source = "[A]"},
    {.name = "pyramid_bond",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.5,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.2,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Utility that the highest level adds.",
     .source = "[A]"},
    {.name = "forgive_price",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.5,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Fall of the logarithm of the price sensitivity at the highest level, for small price rises.",
     .source = "[A] size; attitudinal loyalty alone does this: Umashankar, Bhagwat & Kumar 2017, J. Academy of "
               "Marketing Science [S]"},
    {.name = "forgive_limit",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.1,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.3,
     .off = GW_NO_OFF,
     .doc = "Price above the reference price, as a share of it, up to which it is forgiven.",
     .source = "[A]"},
    {.name = "pyramid_hold",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 1.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.3,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Fall of the log-odds of leaving at the highest level.",
     .source = "[A]"},
    {.name = "advocate_factor",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 2.0,
     .low = 0.01,
     .high = 100.0,
     .plausible_low = 1.0,
     .plausible_high = 4.0,
     .off = GW_NO_OFF,
     .doc = "Factor on the messages about good experiences of customers at levels 4 and 5.",
     .source = "[A]; loyal customers need not talk more: Reinartz & Kumar 2002, Harvard Business Review [S]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "level",
     .shape = GW_PER_RELATION,
     .type = GW_U8,
     .neutral = 0,
     .unit = "level",
     .doc = "Level of loyalty L, 0 to 5; 0 for who is no customer."},
    {.name = "level_met",
     .shape = GW_PER_ENCOUNTER,
     .type = GW_F32,
     .neutral = 0,
     .unit = "level",
     .doc = "Level after the encounter."},
    {.name = "unique_gain",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "Factor on climbing from level 2: twice the response to personalisation."},
    {.name = "loyal_gain",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 1,
     .unit = "1",
     .doc = "Factor on climbing from levels 3 and 4, by the community."},
    {.name = NULL},
};

static const char *const level_labels[] = {"none", "satisfied", "delighted", "unique", "motivated", "loyal", NULL};
static const struct gw_dimension by_level = {.name = "level", .labels = level_labels};

static const struct gw_tally tallies[] = {
    {.name = "pyramid",
     .measure = GW_COUNT,
     .dimension = &by_level,
     .unit = "customers",
     .doc = "Customers at the end of the period, by level; none are counted where climb is 0."},
    {.name = "left_level",
     .measure = GW_COUNT,
     .dimension = &by_level,
     .unit = "customers",
     .doc = "Relations that an encounter ended, by the level they had."},
    {.name = "met_level",
     .measure = GW_COUNT,
     .dimension = &by_level,
     .unit = "purchases",
     .doc =
         "Occasions on which the firm was met, by the level after them: left_level / met_level is the risk of each."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "community", .debit = GW_RETENTION_SPEND, .credit = GW_CASH, .doc = "Spend on the community."},
    {.name = NULL},
};

static const char *const borrows[] = {"spend.personalisation", "half_spend", "response_curve", "price",
                                      "reference_price",       NULL};
static const char *const reads[] = {"satisfaction", "unrepaired", "disconfirmation", "relation_state", "open", NULL};
static const char *const adds[] = {"utility", "price_log", "stop", "renewal_logit", "tells_log", NULL};

/* ---- Act ---- */

static void act(const struct gw_firms *f)
{
    const double *personalisation = gw_firm_borrowed_levers(f, BORROW_PERSONALISATION);
    const double *half = gw_firm_borrowed_levers(f, BORROW_HALF_SPEND);
    const double *curve = gw_firm_borrowed_levers(f, BORROW_CURVE);
    const double *community = gw_firm_levers(f, COMMUNITY), *open = gw_firm_read(f, READ_OPEN);
    for (int firm = 0; firm < f->firms; firm++) {
        const double x = community[firm] / gw_firm_market(f, COMMUNITY_HALF);
        gw_firm_column(f, UNIQUE_GAIN)[firm] = 2.0 * gw_adbudg(personalisation[firm] / half[firm], curve[firm]);
        gw_firm_column(f, LOYAL_GAIN)[firm] = 1.0 + gw_firm_market(f, COMMUNITY_GAIN) * x / (1.0 + x);
        gw_firm_post(f, COMMUNITY_COST, firm, gw_micro(community[firm] * 52.0 * f->years * open[firm]));
    }
}

/* ---- Choose ---- */

/* Eight levels at once: only whether any is above 0 matters. */
static bool any_level(const uint8_t *level, int rows)
{
    uint64_t any = 0;
    int row = 0;
    for (; row + 8 <= rows; row += 8) {
        uint64_t word;
        memcpy(&word, level + row, sizeof word);
        any |= word;
    }
    for (; row < rows; row++) {
        any |= level[row];
    }
    return any != 0;
}

static void add_per_level(float *restrict term, const uint8_t *restrict level, int rows, float per_level)
{
    for (int row = 0; row < rows; row++) {
        term[row] += per_level * (float)level[row];
    }
}

static void subtract_per_level(float *restrict term, const uint8_t *restrict level, const float *restrict per_level,
                               int rows)
{
    for (int row = 0; row < rows; row++) {
        term[row] -= per_level[row] * (float)level[row];
    }
}

/* What is forgiven per level by firm: something only where the price is a little above the reference. */
static bool forgiveness(const struct gw_block *b, double *per_level)
{
    const double *price = gw_borrowed_levers(b, BORROW_PRICE);
    const double reference = gw_borrowed_market(b, BORROW_REFERENCE);
    bool any = false;
    for (int firm = 0; firm < b->firms; firm++) {
        const double rise = (price[firm] - reference) / reference;
        const bool small = rise > 0.0 && rise <= gw_market(b, FORGIVE_LIMIT);
        per_level[firm] = small ? gw_market(b, FORGIVE_PRICE) / LOYAL : 0.0;
        any |= small;
    }
    return any;
}

/* Who is no customer has level 0, and no term. */
static void choose(const struct gw_block *b)
{
    const uint8_t *level = gw_column(b, LEVEL);
    const float bond = (float)gw_market(b, BOND) / TOP;
    double forgiven[GW_MAX_FIRMS];
    float per_level[GW_BLOCK];
    const bool forgives = forgiveness(b, forgiven);
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        if (!any_level(level + from, b->rows)) {
            continue;
        }
        add_per_level(gw_add_term(b, ADD_UTILITY) + from, level + from, b->rows, bond);
        if (forgives) {
            gw_slot_levers(b, forgiven, slot, per_level);
            subtract_per_level(gw_add_term(b, ADD_PRICE_LOG) + from, level + from, per_level, b->rows);
        }
    }
}

/* ---- Remember ---- */

struct steps {
    float climb, climb_threshold, climb_step, slip, slip_threshold, fall, fall_threshold, fall_levels;
};

/* Factor on climbing from the level; its firm's number where that has one. */
static void gains(const struct gw_block *b, float *restrict gain, const float *restrict level)
{
    const int32_t *restrict firm = b->encounters->firm;
    const double *restrict unique = gw_column(b, UNIQUE_GAIN), *restrict loyal = gw_column(b, LOYAL_GAIN);
    for (int k = 0; k < b->encounters->n; k++) {
        const float to_unique = (float)unique[firm[k]], to_loyal = (float)loyal[firm[k]];
        gain[k] = level[k] < DELIGHTED ? 1.0f : level[k] < UNIQUE ? to_unique : to_loyal;
    }
}

static float gain_of(const struct gw_block *b, int32_t firm, float level)
{
    const double *unique = gw_column(b, UNIQUE_GAIN), *loyal = gw_column(b, LOYAL_GAIN);
    return level < DELIGHTED ? 1.0f : level < UNIQUE ? (float)unique[firm] : (float)loyal[firm];
}

/* A betrayal outweighs all; else a mediocre experience may cost a level, one that is good for the level lift. */
static inline float next_level(float level, float s, float unrepaired, float gain, float u, const struct steps *by)
{
    const float up = u < by->climb * gain ? 1.0f : 0.0f;
    const float slipped = u < by->slip ? -1.0f : 0.0f;
    const float fallen = u < by->fall ? -by->fall_levels : 0.0f;
    const float lifted = s > by->climb_threshold + by->climb_step * level ? up : 0.0f;
    const float mild = s < by->slip_threshold ? slipped : lifted;
    const float betrayed = s < by->fall_threshold ? fallen : mild;
    return gw_clampf(level + (unrepaired > 0.0f ? fallen : betrayed), 0.0f, TOP);
}

static void move(float *restrict level, const float *restrict s, const float *restrict unrepaired,
                 const float *restrict gain, const float *restrict u, int n, struct steps by)
{
    for (int k = 0; k < n; k++) {
        level[k] = next_level(level[k], s[k], unrepaired[k], gain[k], u[k], &by);
    }
}

/* The occasions of an encounter beyond the first, one after the other. */
static void move_on(const struct gw_block *b, float *restrict level, const struct steps *by)
{
    const struct gw_encounters *e = b->encounters;
    const float *s = gw_read(b, READ_SATISFACTION), *unrepaired = gw_read(b, READ_UNREPAIRED);
    for (int k = 0; k < e->n; k++) {
        for (int32_t occasion = 1; occasion < e->purchases[k]; occasion++) {
            const float u =
                gw_uniform_single(&b->key, e->id[k], b->period, 1u + (uint32_t)e->firm[k], (uint32_t)occasion);
            level[k] = next_level(level[k], s[k], unrepaired[k], gain_of(b, e->firm[k], level[k]), u, by);
        }
    }
}

static void remember(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const struct steps by = {
        .climb = (float)gw_market(b, CLIMB),
        .climb_threshold = (float)gw_market(b, CLIMB_THRESHOLD),
        .climb_step = (float)gw_market(b, CLIMB_STEP),
        .slip = (float)gw_market(b, SLIP),
        .slip_threshold = (float)gw_market(b, SLIP_THRESHOLD),
        .fall = (float)gw_market(b, FALL),
        .fall_threshold = (float)gw_market(b, FALL_THRESHOLD),
        .fall_levels = (float)gw_market(b, FALL_LEVELS),
    };
    uint8_t *column = gw_column(b, LEVEL);
    float *level = gw_column(b, LEVEL_MET);
    float gain[GW_BLOCK], u[GW_BLOCK];
    for (int k = 0; k < e->n; k++) {
        level[k] = (float)column[e->at[k]];
    }
    gains(b, gain, level);
    gw_draw_encounters(b, 0, u);
    move(level, gw_read(b, READ_SATISFACTION), gw_read(b, READ_UNREPAIRED), gain, u, e->n, by);
    move_on(b, level, &by);
    for (int k = 0; k < e->n; k++) {
        column[e->at[k]] = (uint8_t)level[k];
    }
}

/* ---- Leave, tell, account ---- */

static void hold(float *restrict log_odds, const float *restrict level, int n, float per_level)
{
    for (int k = 0; k < n; k++) {
        log_odds[k] -= per_level * level[k];
    }
}

static void leave(const struct gw_block *b)
{
    const float *level = gw_column(b, LEVEL_MET);
    const float per_level = (float)gw_market(b, HOLD) / TOP;
    hold(gw_add_term(b, ADD_STOP), level, b->encounters->n, per_level);
    hold(gw_add_term(b, ADD_RENEWAL), level, b->encounters->n, per_level);
}

static void advocate(float *restrict tells_log, const float *restrict level, const float *restrict d, int n,
                     float log_factor)
{
    for (int k = 0; k < n; k++) {
        const float more = d[k] > 0.0f ? log_factor : 0.0f;
        tells_log[k] += level[k] >= (float)MOTIVATED ? more : 0.0f;
    }
}

static void tell(const struct gw_block *b)
{
    advocate(gw_add_term(b, ADD_TELLS), gw_column(b, LEVEL_MET), gw_read(b, READ_DISCONFIRMATION), b->encounters->n,
             (float)gw_log(gw_market(b, ADVOCATE_FACTOR)));
}

/* Where nobody can climb there are no levels to count. */
static bool counts(const struct gw_block *b)
{
    return gw_market(b, CLIMB) > 0.0;
}

static void account(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *level = gw_column(b, LEVEL_MET);
    for (int k = 0; counts(b) && k < e->n; k++) {
        gw_tally_add(b, MET_LEVEL, (int)level[k], e->firm[k], e->purchases[k]);
        if (e->ended[k] != GW_STAYS) {
            gw_tally_add(b, LEFT_LEVEL, (int)level[k], e->firm[k], 1);
        }
    }
}

/* ---- Stock ---- */

static void clear_others(uint8_t *restrict level, const uint8_t *restrict state, int rows)
{
    for (int row = 0; row < rows; row++) {
        level[row] = state[row] == GW_CUSTOMER ? level[row] : 0;
    }
}

static int32_t count_level(const uint8_t *restrict level, const uint8_t *restrict state, uint8_t which, int rows)
{
    int32_t n = 0;
    for (int row = 0; row < rows; row++) {
        n += (level[row] == which) & (state[row] == GW_CUSTOMER);
    }
    return n;
}

/* Where a customer is counted: [level * firms + firm], all others after the end. */
static void find_cells(const uint8_t *restrict level, const uint8_t *restrict state, const int32_t *restrict firm,
                       int firms, int rows, int32_t *restrict cell)
{
    for (int row = 0; row < rows; row++) {
        const int32_t of_customer = level[row] * firms + firm[row], customer = -(state[row] == GW_CUSTOMER);
        cell[row] = (of_customer & customer) | (LEVELS * firms & ~customer);
    }
}

enum { LANES = 4 }; /* counts that take turns: a row need not wait for what the one before it wrote */

static void count_by_firm(const struct gw_block *b, const uint8_t *level, const uint8_t *state, const int32_t *firm)
{
    int64_t *stock = gw_tally_of(b, STOCK, 0);
    int32_t cell[GW_BLOCK], count[LANES][LEVELS * GW_MAX_FIRMS + 1];
    for (int lane = 0; lane < LANES; lane++) {
        memset(count[lane], 0, ((size_t)LEVELS * (size_t)b->firms + 1) * sizeof count[lane][0]);
    }
    find_cells(level, state, firm, b->firms, b->rows, cell);
    for (int row = 0; row < b->rows; row++) {
        count[row % LANES][cell[row]]++;
    }
    for (int c = 0; c < LEVELS * b->firms; c++) {
        stock[c] += count[0][c] + count[1][c] + count[2][c] + count[3][c];
    }
}

static void count_slot(const struct gw_block *b, const uint8_t *level, const uint8_t *state, int slot)
{
    if (!b->every_firm) {
        count_by_firm(b, level, state, b->firm_at + slot * GW_BLOCK);
        return;
    }
    for (int which = NONE; which < LEVELS; which++) {
        gw_tally_add(b, STOCK, which, slot, count_level(level, state, (uint8_t)which, b->rows));
    }
}

static void take_stock(const struct gw_block *b)
{
    const uint8_t *state = gw_read(b, READ_STATE);
    uint8_t *level = gw_column(b, LEVEL);
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        clear_others(level + from, state + from, b->rows);
        if (counts(b)) {
            count_slot(b, level + from, state + from, slot);
        }
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.phase = GW_REMEMBER, .kind = GW_BLOCK_STEP, .block = remember},
    {.phase = GW_LEAVE, .kind = GW_TERMS, .block = leave},
    {.phase = GW_TELL, .kind = GW_TERMS, .block = tell},
    {.phase = GW_ACCOUNT, .kind = GW_BLOCK_STEP, .block = account},
    {.phase = GW_STOCK, .kind = GW_BLOCK_STEP, .block = take_stock},
    {.block = NULL},
};

GW_RULE(pyramid) = {
    .name = "pyramid",
    .doc =
        "Levels of loyalty: none, satisfied, delighted, unique, motivated, loyal (0 to 5). An unrepaired failure or "
        "s < "
        "fall_threshold costs fall_levels with probability fall; else s < slip_threshold costs one with probability "
        "slip; else s > climb_threshold + climb_step L lifts by one with probability climb, times twice the response "
        "to "
        "personalisation from level 2 and 1 + community_gain x / (1 + x), x = community / community_half, from "
        "levels "
        "3 and 4. Per L/5: pyramid_bond more utility, forgive_price less in the logarithm of the price sensitivity "
        "for "
        "rises up to forgive_limit, pyramid_hold less in the log-odds of leaving. From level 4 good experiences are "
        "told advocate_factor times as often. Who is no customer has level 0.",
    .reference =
        "Oliver 1999, Journal of Marketing 63 (special issue); Gregoire & Fisher 2008, Journal of the Academy of "
        "Marketing Science 36(2)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .postings = postings,
    .borrows = borrows,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
