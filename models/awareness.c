/*
 * Who knows a firm: reached by its advertising, told by those who know it, and forgetful.
 *
 * On a complete network with reach p and contagion q this is the model of Bass 1969 in discrete time; with passing
 * alone it is the independent cascade of Goldenberg, Libai & Muller 2001 (Marketing Letters 12(3)).
 */
#include "rule.h"

enum { AWARE_AT_START, PASSING, CONTAGION, FORGETTING };
enum { AWARE, INFORMED, ANNOUNCED, SHARE_AWARE, NEWS };
enum { READ_REACH, READ_STATE, READ_SEEDS_OUT, READ_SEEDED };
enum { BORROWED_INITIAL_SHARE };
enum { STREAM_RELATION };
enum { TALLY_UNAWARE, TALLY_NEWLY_AWARE, TALLY_FORGOT };
enum { WATCH_UNAWARE, WATCH_NEWLY_AWARE };

static const struct gw_parameter parameters[] = {
    {.name = "aware_at_start",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 1.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = 1.0,
     .doc = "Probability that a consumer knows the firm before the first period; its customers do anyway.",
     .source = "[A] 1: everybody knows every firm"},
    {.name = "passing",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.2,
     .off = 0.0,
     .doc = "Probability that a neighbour who gets to know a firm makes a consumer know it in the next period.",
     .source = "[A] .05-.2 as in the independent cascades of Goldenberg, Libai & Muller 2001, Marketing Letters"},
    {.name = "contagion",
     .scope = GW_MARKET,
     .unit = "per year",
     .value = 0.0,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.0,
     .plausible_high = 0.6,
     .off = 0.0,
     .doc = "Rate at which a consumer gets to know a firm that all neighbours know; in proportion to their share.",
     .source = "[R] internal influence q of Bass models .1-.6, mean .38: Sultan, Farley & Lehmann 1990, J. Marketing "
               "Research"},
    {.name = "forgetting",
     .scope = GW_MARKET,
     .unit = "per year",
     .value = 0.0,
     .low = 0.0,
     .high = 1000.0,
     .plausible_low = 0.0,
     .plausible_high = 6.5,
     .off = 0.0,
     .doc = "Rate at which who is no customer and hears nothing forgets the firm.",
     .source = "[A] 4, a mean life of 13 weeks, gives advertising an effect that lasts no longer than one measures"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "aware",
     .shape = GW_PER_RELATION,
     .type = GW_U8,
     .neutral = 1.0,
     .unit = "1",
     .doc = "1 if the consumer knows the firm, else 0."},
    {.name = "informed",
     .shape = GW_PER_RELATION,
     .type = GW_I32,
     .neutral = 0.0,
     .unit = "neighbours",
     .doc = "Neighbours who have announced that they know the firm."},
    {.name = "has_announced",
     .shape = GW_PER_RELATION,
     .type = GW_U8,
     .neutral = 0.0,
     .unit = "1",
     .doc = "1 if the consumer has announced the firm to the neighbours, which happens once."},
    {.name = "share_aware",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "1",
     .doc = "Share of all consumers who knew the firm in the last period."},
    {.name = "newly_aware_before",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "consumers",
     .doc = "Consumers who got to know the firm in the last period, or knew it at the start."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "unaware",
     .measure = GW_COUNT,
     .unit = "consumers",
     .doc = "Consumers who do not know the firm, when news has been heard; of those who have it in a slot."},
    {.name = "newly_aware", .measure = GW_COUNT, .unit = "consumers", .doc = "Consumers who got to know the firm."},
    {.name = "forgot", .measure = GW_COUNT, .unit = "consumers", .doc = "Consumers who forgot the firm."},
    {.name = NULL},
};

static const char *const reads[] = {"reach", "relation_state", "seeds_out", "seeded", NULL};
static const char *const borrows[] = {"initial_share", NULL};
static const char *const streams[] = {"relation", NULL};
static const char *const watches[] = {"unaware", "newly_aware", NULL};

/* ---- Relations that begin ---------------------------------------------------------------------------------- */

/* Consumers whose u of the rule relation lies between the sums of initial shares before and up to a firm are its
 * customers from the start, and know it. */
struct first_customers {
    double before[GW_MAX_FIRMS + 1];
    struct gw_key key;
    uint32_t entity;
};

static void find_first_customers(const struct gw_block *b, struct first_customers *c)
{
    const double *share = gw_borrowed_levers(b, BORROWED_INITIAL_SHARE);
    c->key = gw_stream(b, STREAM_RELATION);
    c->entity = gw_name_hash("initial_share");
    c->before[0] = 0.0;
    for (int firm = 0; firm < b->firms; firm++) {
        c->before[firm + 1] = c->before[firm] + share[firm];
    }
}

static bool is_first_customer(const struct first_customers *c, uint32_t id, int firm)
{
    if (c->before[firm + 1] <= c->before[firm]) {
        return false;
    }
    const double u = gw_uniform_start(&c->key, id, c->entity, 0);
    return u >= c->before[firm] && u < c->before[firm + 1];
}

/* From now on the consumer knows the firm. The neighbours are told once. */
static void learn(const struct gw_block *b, int at, int row, int firm)
{
    uint8_t *has_announced = gw_column(b, ANNOUNCED);
    ((uint8_t *)gw_column(b, AWARE))[at] = 1;
    gw_tally_add(b, TALLY_NEWLY_AWARE, 0, firm, 1);
    if (has_announced[at] == 0) {
        has_announced[at] = 1;
        gw_announce(b, row, firm);
    }
}

/* Before the first period some know the firm, and have announced it. What is counted then is in no result, but is
 * what the first period sees of the last one. */
static void begin(const struct gw_block *b, const struct gw_entries *e)
{
    const double *at_start = gw_levers(b, AWARE_AT_START);
    struct first_customers customers;
    find_first_customers(b, &customers);
    for (int k = 0; k < e->n; k++) {
        const int firm = e->firm[k];
        const double u = gw_uniform_start(&b->key, e->id[k], 1u + (uint32_t)firm, 0);
        if (u < at_start[firm] || is_first_customer(&customers, e->id[k], firm)) {
            learn(b, e->at[k], e->row[k], firm);
        } else {
            gw_tally_add(b, TALLY_UNAWARE, 0, firm, 1);
        }
    }
}

/* Who begins to consider a firm later knows it, and does not make it known. */
static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    uint8_t *aware = gw_column(b, AWARE), *has_announced = gw_column(b, ANNOUNCED);
    int32_t *informed = gw_column(b, INFORMED);
    for (int k = 0; k < e->n; k++) {
        aware[e->at[k]] = !b->starting;
        has_announced[e->at[k]] = 0;
        informed[e->at[k]] = 0;
    }
    if (b->starting) {
        begin(b, e);
    }
}

/* ---- Firms ------------------------------------------------------------------------------------------------- */

static void act(const struct gw_firms *f)
{
    const int64_t *unaware = gw_watched(f, WATCH_UNAWARE), *newly_aware = gw_watched(f, WATCH_NEWLY_AWARE);
    double *share = gw_firm_column(f, SHARE_AWARE), *news = gw_firm_column(f, NEWS);
    for (int firm = 0; firm < f->firms; firm++) {
        share[firm] = 1.0 - (double)unaware[firm] / (double)f->consumers;
        news[firm] = (double)newly_aware[firm];
    }
}

/* ---- Hearing ----------------------------------------------------------------------------------------------- */

/* What acts on the rows of a slot in this period. A consumer's clock, an exponential time of rate 1, rings if it is
 * below `limit`: then who does not know the firm gets to know it, and who knows it forgets it. */
struct exposure {
    float reach[GW_BLOCK]; /* per year */
    float share[GW_BLOCK]; /* of the neighbours who have announced the firm */
    float news[GW_BLOCK];  /* neighbours who have since the last period */
    float limit[GW_BLOCK];
};

/* -ln(1 - passing): what one announcement adds to the limit; at passing 1 more than any clock. */
static float weight_of_news(double passing)
{
    return passing < 1.0 ? (float)-gw_log(1.0 - passing) : 1.0e6f;
}

static void count_announcements(int32_t *restrict informed, const uint16_t *restrict announced,
                                const uint64_t *restrict arcs_before, int rows, struct exposure *restrict x)
{
    for (int row = 0; row < rows; row++) {
        informed[row] += announced[row];
        x->news[row] = (float)announced[row];
        const int32_t degree = (int32_t)(arcs_before[row + 1] - arcs_before[row]);
        x->share[row] = degree > 0 ? (float)informed[row] / (float)degree : 0.0f;
    }
}

/* On a complete network everybody's neighbours are all, and numbers of the whole market serve. */
static void expose(const struct gw_block *b, int slot, struct exposure *x)
{
    const int from = slot * GW_BLOCK;
    gw_slot_levers(b, gw_read(b, READ_REACH), slot, x->reach);
    if (b->complete) {
        gw_slot_levers(b, gw_column(b, SHARE_AWARE), slot, x->share);
        gw_slot_levers(b, gw_column(b, NEWS), slot, x->news);
    } else {
        count_announcements((int32_t *)gw_column(b, INFORMED) + from, b->announced + from, b->arcs_before, b->rows,
                            x);
    }
}

struct rates {
    float news, contagion, years, forgetting; /* contagion per year, forgetting per period */
};

/* The hazard of a period: (reach + contagion share) years - news ln(1 - passing). */
static void sum_hazards(struct exposure *restrict x, struct rates r, int rows)
{
    for (int row = 0; row < rows; row++) {
        x->limit[row] = fmaf(fmaf(r.contagion, x->share[row], x->reach[row]), r.years, r.news * x->news[row]);
    }
}

/* Who does not know the firm learns of it by any message, else at that hazard; who knows it, is no customer and hears
 * nothing forgets it. Nothing happens in an empty slot. */
static void set_limits(float *restrict limit, const uint8_t *restrict aware, const uint8_t *restrict state,
                       const uint16_t *restrict positive, const uint16_t *restrict negative,
                       const int32_t *restrict firm, float forgetting, int rows)
{
    for (int row = 0; row < rows; row++) {
        const int32_t heard = (positive[row] | negative[row]) != 0;
        const float learns = heard != 0 ? GW_NEVER : limit[row];
        const float forgets = (heard | (state[row] == GW_CUSTOMER)) != 0 ? 0.0f : forgetting;
        const float either = aware[row] != 0 ? forgets : learns;
        limit[row] = firm[row] >= 0 ? either : 0.0f;
    }
}

/* A sample tells of the firm as a message does; it was given to who has the firm in the slot. */
static void hear_of_samples(float *restrict limit, const uint8_t *restrict seeded, const uint8_t *restrict aware,
                            int rows)
{
    for (int row = 0; row < rows; row++) {
        const float heard = aware[row] != 0 ? 0.0f : GW_NEVER;
        limit[row] = seeded[row] != 0 ? heard : limit[row];
    }
}

/* Whether any firm gave samples in the last period. */
static bool samples_are_out(const struct gw_block *b)
{
    const double *out = gw_read(b, READ_SEEDS_OUT);
    double most = 0.0;
    for (int firm = 0; firm < b->firms; firm++) {
        most = out[firm] > most ? out[firm] : most;
    }
    return most > 0.0;
}

static bool any_above_zero(const float *restrict limit, int rows)
{
    int32_t any = 0;
    for (int row = 0; row < rows; row++) {
        any |= limit[row] > 0.0f;
    }
    return any != 0;
}

static void mark_early(uint8_t *restrict mark, const float *restrict u, const float *restrict limit, int rows)
{
    for (int row = 0; row < rows; row++) {
        mark[row] = u[row] - 1e-6f < limit[row];
    }
}

/* u < 1 - e^-limit, asked as -ln(1 - u) < limit: 1 - u is exact, and small limits lose nothing. As -ln(1 - u) >= u,
 * few need the logarithm; the millionth outweighs its rounding. */
static int ring(const float *restrict u, const float *restrict limit, int rows, int32_t *restrict row)
{
    uint8_t mark[GW_BLOCK] = {0};
    mark_early(mark, u, limit, rows);
    const int listed = gw_list_marked(mark, row);
    int n = 0;
    for (int k = 0; k < listed; k++) {
        const int32_t early = row[k];
        row[n] = early;
        n += -gw_logf(1.0f - u[early]) < limit[early];
    }
    return n;
}

/* The draws of gw_draw_rows(), where slots hold different firms. */
static void draw_slot(const struct gw_block *b, const int32_t *restrict firm, float *restrict out)
{
    const struct gw_key key = b->key;
    const uint32_t first = b->first, period = b->period;
    const int rows = b->rows;
    for (int row = 0; row < rows; row++) {
        uint32_t x[4];
        const uint32_t id = first + (uint32_t)row, lane = (id >> 7) & 3;
        gw_threefry(&key, (id >> 9) << 7 | (id & 127), period, 1u + (uint32_t)firm[row], GW_DRAW_GROUP, x);
        const uint32_t low = lane & 1 ? x[1] : x[0], high = lane & 1 ? x[3] : x[2];
        out[row] = gw_uniform_of(lane & 2 ? high : low);
    }
}

static void change(const struct gw_block *b, int at, int row)
{
    uint8_t *aware = gw_column(b, AWARE);
    if (aware[at] == 0) {
        learn(b, at, row, b->firm_at[at]);
    } else {
        aware[at] = 0;
        gw_tally_add(b, TALLY_FORGOT, 0, b->firm_at[at], 1);
    }
}

/* Without branches: who is a stranger cannot be foreseen. [0] takes the empty slots. */
static void count_strangers(const struct gw_block *b, const uint8_t *restrict aware, const int32_t *restrict firm)
{
    int64_t *unaware = gw_tally_of(b, TALLY_UNAWARE, 0);
    int32_t count[1 + GW_MAX_FIRMS];
    memset(count, 0, (1 + (size_t)b->firms) * sizeof *count);
    for (int row = 0; row < b->rows; row++) {
        count[1 + firm[row]] += aware[row] == 0;
    }
    for (int f = 0; f < b->firms; f++) {
        unaware[f] += count[1 + f];
    }
}

static void count_unaware(const struct gw_block *b, int slot)
{
    const uint8_t *restrict aware = (const uint8_t *)gw_column(b, AWARE) + slot * GW_BLOCK;
    const int32_t *restrict firm = b->firm_at + slot * GW_BLOCK;
    int32_t strangers = 0;
    for (int row = 0; row < b->rows; row++) {
        strangers += aware[row] == 0;
    }
    if (b->every_firm) {
        gw_tally_add(b, TALLY_UNAWARE, 0, slot, strangers);
        return;
    }
    if (strangers > 0) {
        count_strangers(b, aware, firm);
    }
}

/* Draws about every firm, [firm], where that is cheaper. */
typedef float draws_of_firms[GW_FEW_FIRMS][GW_BLOCK];

static void draw_firms(const struct gw_block *b, draws_of_firms of_firm)
{
    for (int firm = 0; firm < b->firms; firm++) {
        gw_draw_rows(b, 1u + (uint32_t)firm, 0, of_firm[firm]);
    }
}

/* Those of empty slots have no meaning. */
static void pick_slot(const float *restrict of_firm, const int32_t *restrict firm, int rows, float *restrict out)
{
    for (int row = 0; row < rows; row++) {
        const int32_t there = firm[row] > 0 ? firm[row] : 0;
        out[row] = of_firm[there * GW_BLOCK + row];
    }
}

static void draw(const struct gw_block *b, int slot, draws_of_firms of_firm, float *clock)
{
    const int32_t *firm = b->firm_at + slot * GW_BLOCK;
    if (b->every_firm) {
        gw_draw_rows(b, 1u + (uint32_t)slot, 0, clock);
    } else if (gw_few_firms(b)) {
        pick_slot(of_firm[0], firm, b->rows, clock);
    } else {
        draw_slot(b, firm, clock);
    }
}

static void hear_slot(const struct gw_block *b, struct rates rates, int slot, draws_of_firms of_firm)
{
    const int from = slot * GW_BLOCK;
    struct exposure x;
    float clock[GW_BLOCK];
    int32_t row[GW_BLOCK];
    expose(b, slot, &x);
    sum_hazards(&x, rates, b->rows);
    set_limits(x.limit, (const uint8_t *)gw_column(b, AWARE) + from, (const uint8_t *)gw_read(b, READ_STATE) + from,
               b->positive_heard + from, b->negative_heard + from, b->firm_at + from, rates.forgetting, b->rows);
    if (samples_are_out(b)) {
        hear_of_samples(x.limit, (const uint8_t *)gw_read(b, READ_SEEDED) + from,
                        (const uint8_t *)gw_column(b, AWARE) + from, b->rows);
    }
    if (any_above_zero(x.limit, b->rows)) {
        draw(b, slot, of_firm, clock);
        const int n = ring(clock, x.limit, b->rows, row);
        for (int k = 0; k < n; k++) {
            change(b, from + row[k], row[k]);
        }
    }
    count_unaware(b, slot);
}

static void hear(const struct gw_block *b)
{
    const struct rates rates = {.news = weight_of_news(gw_market(b, PASSING)),
                                .contagion = (float)gw_market(b, CONTAGION),
                                .years = (float)b->years,
                                .forgetting = (float)(gw_market(b, FORGETTING) * b->years)};
    draws_of_firms of_firm;
    if (!b->every_firm && gw_few_firms(b)) {
        draw_firms(b, of_firm);
    }
    for (int slot = 0; slot < b->relations; slot++) {
        hear_slot(b, rates, slot, of_firm);
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.phase = GW_HEAR, .kind = GW_BLOCK_STEP, .block = hear},
    {.block = NULL},
};

GW_RULE(awareness) = {
    .name = "awareness",
    .doc =
        "Who does not know a firm cannot choose it. Such a consumer gets to know it by any message about it or a "
        "sample of it, else "
        "with probability 1 - (1 - passing)^k exp(-(reach + contagion s) dt): s is the share of neighbours who have "
        "announced that they know it, k those who did in the last period. Who is no customer and hears nothing "
        "forgets with probability 1 - exp(-forgetting dt).",
    .reference = "Bass 1969, Management Science 15(5); Goldenberg, Libai & Muller 2001, Marketing Letters 12(3)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .borrows = borrows,
    .reads = reads,
    .watches = watches,
    .streams = streams,
    .announces = true,
    .enter = enter,
    .steps = steps,
};
