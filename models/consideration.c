/*
 * Which firms a consumer considers, where there are more firms than slots.
 *
 * At the start the firms with the largest utility and an own Gumbel variate each take the slots, which is a choice of
 * K firms without replacement by the multinomial logit (Plackett & Luce). Later a firm comes to mind by a message, by
 * exploring, or by advertising; it takes a free slot, or that of the least liked firm if it is liked better.
 */
#include "rule.h"

enum { EXPLORATION, ALWAYS_CONSIDERED };
enum { EXPLORED, ADVERTISED };
enum {
    B_APPEAL,
    B_TASTE_SD,
    B_ATTITUDE_START,
    B_ATTITUDE_WEIGHT,
    B_INERTIA,
    B_DISTANCE_COST,
    B_AREA_RADIUS,
    B_PLACE_X,
    B_PLACE_Y,
    B_SCATTER
};
enum { R_TASTE, R_ATTITUDE, R_LAST_SLOT, R_DISTANCE, R_BARRED_UNTIL, R_CONTRACT, R_AWARE, R_OPEN, R_REACH };
enum { STREAM_CHOICE, STREAM_DISTANCE };
enum { ENTERED, DROPPED };

static const struct gw_parameter parameters[] = {
    {.name = "exploration",
     .scope = GW_CONSUMER,
     .unit = "per year",
     .value = 1.0,
     .low = 0.0,
     .high = 1000.0,
     .plausible_low = 0.0,
     .plausible_high = 12.0,
     .off = GW_NO_OFF,
     .doc = "Rate at which a consumer with fewer slots than there are firms comes across one, liked by many or not.",
     .source = "[A] sets of 2-5 firms are lasting: Hauser & Wernerfelt 1990, J. Consumer Research"},
    {.name = "always_considered",
     .scope = GW_FIRM,
     .kind = GW_FLAG,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc = "Whether everybody has the firm in a slot from the start and for ever, as far as there are slots.",
     .source = "[A] a firm that nobody can overlook"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "explored",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "1",
     .doc = "Cumulated weights open exp(appeal) by which a firm is come across."},
    {.name = "advertised",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "per year",
     .doc = "Cumulated reach of the firms' advertising."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "entered", .measure = GW_COUNT, .unit = "consumers", .doc = "Consumers who began to consider the firm."},
    {.name = "dropped",
     .measure = GW_COUNT,
     .unit = "consumers",
     .doc = "Consumers who no longer consider the firm, as another took its slot."},
    {.name = NULL},
};

static const char *const borrows[] = {
    "appeal",      "taste_sd", "attitude_start", "attitude_weight", "inertia", "distance_cost",
    "area_radius", "place_x",  "place_y",        "scatter",         NULL};
static const char *const reads[] = {"taste",    "attitude", "last_slot", "distance", "barred_until",
                                    "contract", "aware",    "open",      "reach",    NULL};
static const char *const streams[] = {"choice", "distance", NULL};

static struct gw_point place_of_firm(const struct gw_block *b, int firm)
{
    const struct gw_key key = gw_stream(b, STREAM_DISTANCE);
    return gw_place_of_firm(&key, firm, gw_borrowed_levers(b, B_PLACE_X)[firm],
                            gw_borrowed_levers(b, B_PLACE_Y)[firm], gw_borrowed_levers(b, B_SCATTER)[firm]);
}

/* ---- Before the first period ------------------------------------------------------------------------------- */

/* The K best firms of every row so far, best first. */
struct ranking {
    double score[GW_MAX_RELATIONS][GW_BLOCK];
    int32_t firm[GW_MAX_RELATIONS][GW_BLOCK];
};

/* Draws 0 and 1 of a stream before the first period, about one firm or home, for every row. */
struct start_draws {
    uint32_t lane[4][GW_BLOCK];
};

static void draw_rows(const struct gw_block *b, struct gw_key key, uint32_t entity, struct start_draws *restrict out)
{
    for (int row = 0; row < b->rows; row++) {
        uint32_t x[4];
        gw_threefry(&key, b->first + (uint32_t)row, 0, entity, GW_DRAW_START, x);
        out->lane[0][row] = x[0];
        out->lane[1][row] = x[1];
        out->lane[2][row] = x[2];
        out->lane[3][row] = x[3];
    }
}

static double precise(const struct start_draws *d, int number, int row)
{
    return gw_precise_of(d->lane[2 * number][row], d->lane[2 * number + 1][row]);
}

static void find_homes(const struct gw_block *b, double radius, double *restrict x, double *restrict y)
{
    const struct gw_key key = gw_stream(b, STREAM_DISTANCE);
    for (int row = 0; row < b->rows; row++) {
        const struct gw_point home = gw_place_of_home(&key, b->first + (uint32_t)row, radius);
        x[row] = home.x;
        y[row] = home.y;
    }
}

static void subtract_distance(double *restrict score, const double *restrict x, const double *restrict y,
                              struct gw_point site, const float *restrict cost, int rows)
{
    for (int row = 0; row < rows; row++) {
        const double east = x[row] - site.x, north = y[row] - site.y;
        score[row] -= (double)cost[row] * sqrt(east * east + north * north);
    }
}

/* What a firm is worth to every row: appeal and taste. */
static void appraise(double *restrict worth, const struct start_draws *restrict taste, const float *restrict sd,
                     double appeal, int rows)
{
    for (int row = 0; row < rows; row++) {
        worth[row] = appeal + (double)(sd[row] * gw_normal_of_precise(precise(taste, 0, row)));
    }
}

/* The score is worth - ln(-ln u): with an own Gumbel variate each, the order of firms is a logit choice without
 * replacement. As -ln u >= 1 - u, it is at most worth - ln(1 - u); the first lane alone gives 1 - u from below. Most
 * firms need no more to be passed over. */
static void bound_scores(float *restrict most, const double *restrict worth, const uint32_t *restrict lane, int rows)
{
    for (int row = 0; row < rows; row++) {
        const float rest = (float)(int32_t)(~lane[row] >> 8) * 0x1p-24f;
        most[row] = (float)worth[row] - gw_logf(gw_maxf(rest, 1e-30f)) + 1e-3f;
    }
}

/* Past all that it beats; of equals the earlier stays ahead. */
static void insert(struct ranking *r, int places, int row, int32_t firm, double score)
{
    for (int place = 0; place < places; place++) {
        const double there = r->score[place][row];
        const int32_t holder = r->firm[place][row];
        if (score > there) {
            r->score[place][row] = score;
            r->firm[place][row] = firm;
            score = there;
            firm = holder;
        }
    }
}

#define FOREMOST 1.0e9 /* the score of the first firm that is always considered; far above any other */

static void rank_always(const struct gw_block *b, struct ranking *r, int firm)
{
    for (int row = 0; row < b->rows; row++) {
        insert(r, b->relations, row, firm, FOREMOST - (double)firm);
    }
}

static void rank(const struct gw_block *b, struct ranking *r, int firm, const double *worth)
{
    struct start_draws luck;
    float most[GW_BLOCK];
    draw_rows(b, b->key, 1u + (uint32_t)firm, &luck);
    bound_scores(most, worth, luck.lane[0], b->rows);
    const double *last = r->score[b->relations - 1];
    for (int row = 0; row < b->rows; row++) {
        if ((double)most[row] > last[row]) {
            insert(r, b->relations, row, firm, worth[row] - gw_log(-gw_log(precise(&luck, 0, row))));
        }
    }
}

/* The homes of a block, where distance matters. */
struct homes {
    double radius, x[GW_BLOCK], y[GW_BLOCK];
};

static void rank_by_worth(const struct gw_block *b, struct ranking *r, int firm, const struct homes *homes)
{
    struct start_draws taste;
    double worth[GW_BLOCK];
    draw_rows(b, gw_stream(b, STREAM_CHOICE), 1u + (uint32_t)firm, &taste);
    appraise(worth, &taste, gw_borrowed_consumer(b, B_TASTE_SD), gw_borrowed_levers(b, B_APPEAL)[firm], b->rows);
    if (homes->radius > 0.0) {
        subtract_distance(worth, homes->x, homes->y, place_of_firm(b, firm), gw_borrowed_consumer(b, B_DISTANCE_COST),
                          b->rows);
    }
    rank(b, r, firm, worth);
}

static void fill(const struct gw_block *b, int32_t *firm_at)
{
    const double *always = gw_levers(b, ALWAYS_CONSIDERED);
    struct homes homes = {.radius = gw_borrowed_market(b, B_AREA_RADIUS)};
    struct ranking r;
    for (int place = 0; place < b->relations; place++) {
        for (int row = 0; row < b->rows; row++) {
            r.score[place][row] = -HUGE_VAL;
            r.firm[place][row] = -1;
        }
    }
    find_homes(b, homes.radius, homes.x, homes.y);
    for (int firm = 0; firm < b->firms; firm++) {
        if (always[firm] > 0.0) {
            rank_always(b, &r, firm);
        } else {
            rank_by_worth(b, &r, firm, &homes);
        }
    }
    for (int slot = 0; slot < b->relations; slot++) {
        memcpy(firm_at + slot * GW_BLOCK, r.firm[slot], (size_t)b->rows * sizeof *firm_at);
    }
}

/* ---- Firms ------------------------------------------------------------------------------------------------- */

static void weigh(const struct gw_firms *f)
{
    const double *appeal = gw_firm_borrowed_levers(f, B_APPEAL);
    const double *open = gw_firm_read(f, R_OPEN), *reach = gw_firm_read(f, R_REACH);
    double *explored = gw_firm_column(f, EXPLORED), *advertised = gw_firm_column(f, ADVERTISED);
    double weights = 0.0, rates = 0.0;
    for (int firm = 0; firm < f->firms; firm++) {
        weights += open[firm] * gw_exp(appeal[firm]);
        rates += reach[firm];
        explored[firm] = weights;
        advertised[firm] = rates;
    }
}

/* ---- A firm comes to mind ------------------------------------------------------------------------------------ */

/* The first firm whose cumulated weight exceeds x, -1 = none. */
static int32_t pick(const double *cumulated, int firms, double x)
{
    int low = 0, high = firms;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (cumulated[middle] > x) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low < firms ? low : -1;
}

static int32_t met_firm(const struct gw_block *b, int row)
{
    const double *explored = gw_column(b, EXPLORED), *advertised = gw_column(b, ADVERTISED);
    const double exploration = (double)gw_consumer(b, EXPLORATION)[row], reach = advertised[b->firms - 1];
    const double u = (double)gw_uniform_single(&b->key, b->first + (uint32_t)row, b->period, 0, 0);
    const double v = u * (exploration + reach);
    if (v < exploration) {
        return pick(explored, b->firms, v / exploration * explored[b->firms - 1]);
    }
    return pick(advertised, b->firms, v - exploration);
}

/* How a firm that is in no slot would be liked: known by its place and to taste, with no past. */
static float score_of_newcomer(const struct gw_block *b, int row, int32_t firm)
{
    const uint32_t id = b->first + (uint32_t)row;
    const double radius = gw_borrowed_market(b, B_AREA_RADIUS);
    const struct gw_key choice = gw_stream(b, STREAM_CHOICE), distance = gw_stream(b, STREAM_DISTANCE);
    const double u = gw_uniform_start(&choice, id, 1u + (uint32_t)firm, 0);
    float v = (float)gw_borrowed_levers(b, B_APPEAL)[firm] +
              gw_borrowed_consumer(b, B_TASTE_SD)[row] * gw_normal_of_precise(u);
    v += gw_borrowed_consumer(b, B_ATTITUDE_WEIGHT)[row] * ((float)gw_borrowed_market(b, B_ATTITUDE_START) - 0.5f);
    if (radius > 0.0) {
        const double miles = gw_place_distance(gw_place_of_home(&distance, id, radius), place_of_firm(b, firm));
        v -= gw_borrowed_consumer(b, B_DISTANCE_COST)[row] * (float)miles;
    }
    return v;
}

static float score_of_slot(const struct gw_block *b, int row, int slot)
{
    const int at = slot * GW_BLOCK + row;
    const float *taste = gw_read(b, R_TASTE), *attitude = gw_read(b, R_ATTITUDE), *distance = gw_read(b, R_DISTANCE);
    float v = (float)gw_borrowed_levers(b, B_APPEAL)[b->firm_at[at]] + taste[at];
    v += gw_borrowed_consumer(b, B_ATTITUDE_WEIGHT)[row] * (attitude[at] - 0.5f);
    v += ((const int32_t *)gw_read(b, R_LAST_SLOT))[row] == slot ? gw_borrowed_consumer(b, B_INERTIA)[row] : 0.0f;
    return v - gw_borrowed_consumer(b, B_DISTANCE_COST)[row] * distance[at];
}

/* A firm that is always considered, or under contract, keeps its slot. */
static bool is_kept(const struct gw_block *b, int row, int slot)
{
    const int32_t firm = b->firm_at[slot * GW_BLOCK + row];
    return (firm >= 0 && gw_levers(b, ALWAYS_CONSIDERED)[firm] > 0.0) ||
           (b->contractual && ((const int32_t *)gw_read(b, R_CONTRACT))[row] == slot);
}

static bool is_free(const struct gw_block *b, int row, int slot)
{
    const int at = slot * GW_BLOCK + row;
    const int32_t firm = b->firm_at[at];
    const double *open = gw_read(b, R_OPEN);
    return firm < 0 || open[firm] <= 0.0 || ((const uint8_t *)gw_read(b, R_AWARE))[at] == 0;
}

static int free_slot(const struct gw_block *b, int row)
{
    for (int slot = 0; slot < b->relations; slot++) {
        if (!is_kept(b, row, slot) && is_free(b, row, slot)) {
            return slot;
        }
    }
    return -1;
}

/* The slot with the firm liked least, -1 = none can be given up: who was left in anger keeps the slot until forgiven.
 */
static int weakest_slot(const struct gw_block *b, int row, float *least)
{
    const uint16_t *barred_until = gw_read(b, R_BARRED_UNTIL), now = gw_moment(b->period);
    int weakest = -1;
    *least = HUGE_VALF;
    for (int slot = 0; slot < b->relations; slot++) {
        if (!is_kept(b, row, slot) && barred_until[slot * GW_BLOCK + row] <= now) {
            const float v = score_of_slot(b, row, slot);
            weakest = v < *least ? slot : weakest;
            *least = v < *least ? v : *least;
        }
    }
    return weakest;
}

/* The slot a newcomer takes, -1 = none: the first free one, else the weakest if the newcomer is liked better. */
static int slot_for(const struct gw_block *b, int row, int32_t newcomer)
{
    float least;
    const int slot = free_slot(b, row);
    if (slot >= 0) {
        return slot;
    }
    const int weakest = weakest_slot(b, row, &least);
    return weakest >= 0 && least < score_of_newcomer(b, row, newcomer) ? weakest : -1;
}

static void consider(const struct gw_block *b, int row, int32_t firm)
{
    const double *open = gw_read(b, R_OPEN);
    if (firm < 0 || open[firm] <= 0.0 || gw_slot_of_firm(b, row, firm) >= 0) {
        return;
    }
    const int slot = slot_for(b, row, firm);
    if (slot >= 0) {
        const int32_t gone = b->firm_at[slot * GW_BLOCK + row];
        gw_enter(b, row, slot, firm);
        gw_tally_add(b, ENTERED, 0, firm, 1);
        if (gone >= 0) {
            gw_tally_add(b, DROPPED, 0, gone, 1);
        }
    }
}

/* Rows to which a firm comes to mind: u < 1 - e^-rate, asked as -ln(1 - u) < rate, or a message. */
static void mark_rows(uint8_t *restrict mark, const float *restrict u, const float *restrict exploration,
                      const uint32_t *restrict candidate, float reach, float years, int rows)
{
    for (int row = 0; row < rows; row++) {
        const bool meets = -gw_logf(1.0f - u[row]) < (exploration[row] + reach) * years;
        mark[row] = meets | (candidate[row] != 0);
    }
}

static void meet(const struct gw_block *b)
{
    const double *advertised = gw_column(b, ADVERTISED);
    float u[GW_BLOCK];
    uint8_t mark[GW_BLOCK] = {0};
    int32_t row[GW_BLOCK];
    if (b->every_firm) {
        return;
    }
    gw_draw_rows(b, 0, 0, u);
    mark_rows(mark, u, gw_consumer(b, EXPLORATION), b->candidate, (float)advertised[b->firms - 1], (float)b->years,
              b->rows);
    const int n = gw_list_marked(mark, row);
    for (int k = 0; k < n; k++) {
        const uint32_t candidate = b->candidate[row[k]];
        consider(b, row[k], candidate != 0 ? gw_candidate_firm(candidate) : met_firm(b, row[k]));
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_SERVE, .kind = GW_FIRMS_STEP, .act = weigh},
    {.phase = GW_NEED, .kind = GW_BLOCK_STEP, .block = meet},
    {.block = NULL},
};

GW_RULE(consideration) = {
    .name = "consideration",
    .doc =
        "Where there are more firms than slots. A firm is liked by appeal + taste + attitude_weight (A - 1/2) + "
        "inertia if bought from last - distance_cost times the distance. Before the first period firms enter by "
        "appeal, taste and distance with Gumbel noise. In a period the firm of a message comes to mind, or one that "
        "is met by exploring (in proportion to exp(appeal)) or advertising (in proportion to reach): it takes a "
        "free slot, or that of the firm liked least if it is liked better.",
    .reference =
        "Hauser & Wernerfelt 1990, Journal of Consumer Research 16(4); Plackett 1975, Applied Statistics 24(2)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .borrows = borrows,
    .reads = reads,
    .streams = streams,
    .fill = fill,
    .steps = steps,
};
