/*
 * The state of every relation between a consumer and a firm: since when, until when barred, and the counts of it.
 * It is the only writer of that state; other rules end a relation by gw_end() and this one carries it out.
 */
#include "rule.h"

enum { INITIAL_SHARE, AVOIDANCE };
enum { STATE, SINCE, FIRST_PAYMENT, LAST_PURCHASE, BARRED_UNTIL };
enum { READ_ORDERS, READ_LIFE, READ_OPEN };
enum { JOINED, WON_BACK, LEFT, ACTIVE, SURVIVORS, RETAINED, RECENT_BUYERS, COHORT_ACTIVE };

static const struct gw_parameter parameters[] = {
    {.name = "initial_share",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 1.0,
     .off = GW_NO_OFF,
     .doc =
         "Share of all consumers who are customers of this firm before the first period; the shares of all firms add "
         "up to at most 1.",
     .source = "[A] 0: everybody starts as an aware non-customer"},
    {.name = "avoidance",
     .scope = GW_MARKET,
     .unit = "years",
     .value = 2.0,
     .low = 0.0,
     .high = 1000.0,
     .plausible_low = 0.5,
     .plausible_high = 10.0,
     .off = GW_NO_OFF,
     .doc = "Mean time for which a consumer who left over service, a failure, the price or too many messages does "
            "not consider the firm "
            "(exponential).",
     .source = "[A] losses last: Gijsenberg, van Heerde & Verhoef 2015, J. Marketing Research"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {"relation_state", GW_PER_RELATION, GW_U8, GW_AWARE, "1", "unaware 0, aware 1, customer 2, former 3"},
    {"since", GW_PER_RELATION, GW_MOMENT, -1.0, "periods",
     "time of the first payment of the present spell as customer, -1 = no customer"},
    {"first_payment", GW_PER_RELATION, GW_MOMENT, -1.0, "periods",
     "time of the first payment of all, -1 = never paid"},
    {"last_purchase", GW_PER_RELATION, GW_MOMENT, -1.0, "period", "period of the last paid order, -1 = none"},
    {"barred_until", GW_PER_RELATION, GW_MOMENT, 0.0, "periods",
     "the first period in which the consumer considers the firm again"},
    {.name = NULL},
};

static const char *const cause_labels[] = {"service",  "failure", "price",     "fatigue", "renewal", "dropout",
                                           "lifetime", "fired",   "forgotten", "closure", NULL};
_Static_assert(sizeof cause_labels / sizeof *cause_labels == GW_CAUSES,
               "one label per cause, in the order of gw_cause");
static const struct gw_dimension causes = {"cause", cause_labels};

/* Spells by when they began: up to the origin, in one of the nine years after it, later. */
static const char *const cohort_labels[] = {"start",  "year 1", "year 2", "year 3", "year 4", "year 5",
                                            "year 6", "year 7", "year 8", "year 9", "later",  NULL};
enum { COHORTS = sizeof cohort_labels / sizeof *cohort_labels - 1 };
static const struct gw_dimension cohorts = {"cohort", cohort_labels};

static const struct gw_tally tallies[] = {
    {"joined", GW_COUNT, NULL, "customers", "relations that became customers for the first time"},
    {"won_back", GW_COUNT, NULL, "customers", "former customers who paid again"},
    {"left", GW_COUNT, &causes, "customers", "relations that ended, by cause"},
    {"active", GW_COUNT, NULL, "customers", "customers at the end of the period"},
    {"survivors", GW_COUNT, NULL, "customers",
     "customers at the end of the period, without a break since the origin"},
    {"retained", GW_COUNT, NULL, "customers",
     "customers at the end of the period, without a break since the start of the current year"},
    {"recent_buyers", GW_COUNT, NULL, "consumers", "consumers with a paid order within the last year"},
    {"cohort_active", GW_COUNT, &cohorts, "customers",
     "customers at the end of a whole year since the origin, by the year in which the present spell began; 0 in all "
     "other periods"},
    {.name = NULL},
};

/* The columns of one block. A relation is a customer exactly when it has a `since`, which the dense loops test. */
struct relations {
    uint8_t *restrict state;
    uint16_t *restrict since;
    uint16_t *restrict first_payment;
    uint16_t *restrict last_purchase;
    uint16_t *restrict barred_until;
};

static struct relations bind(const struct gw_block *b)
{
    return (struct relations){gw_column(b, STATE), gw_column(b, SINCE), gw_column(b, FIRST_PAYMENT),
                              gw_column(b, LAST_PURCHASE), gw_column(b, BARRED_UNTIL)};
}

/* The firm whose interval of the cumulated shares holds u, or -1. */
static int initial_firm(const double *share, int firms, double u)
{
    double cumulated = 0.0;
    for (int f = 0; f < firms; f++) {
        cumulated += share[f];
        if (u < cumulated) {
            return f;
        }
    }
    return -1;
}

/* A relation without a past; the customer that the firm before it had is lost. */
static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    const struct relations r = bind(b);
    for (int k = 0; k < e->n; k++) {
        const int at = e->at[k];
        if (e->gone[k] >= 0 && r.state[at] == GW_CUSTOMER) {
            gw_tally_add(b, LEFT, GW_CAUSE_FORGOTTEN - 1, e->gone[k], 1);
        }
        r.state[at] = GW_AWARE;
        r.since[at] = r.first_payment[at] = r.last_purchase[at] = GW_MOMENT_NONE;
        r.barred_until[at] = gw_moment(0);
    }
}

static void start(const struct gw_block *b)
{
    const struct relations r = bind(b);
    const uint32_t entity = gw_name_hash("initial_share");
    for (int row = 0; row < b->rows; row++) {
        const double u = gw_uniform_start(&b->key, b->first + (uint32_t)row, entity, 0);
        const int firm = initial_firm(gw_levers(b, INITIAL_SHARE), b->firms, u);
        for (int slot = 0; slot < b->relations; slot++) {
            if (firm >= 0 && firm == b->firm_at[slot * GW_BLOCK + row]) {
                r.state[slot * GW_BLOCK + row] = GW_CUSTOMER;
                r.since[slot * GW_BLOCK + row] = r.first_payment[slot * GW_BLOCK + row] = gw_moment(0);
            }
        }
    }
}

static void pay(const struct gw_block *b, const struct relations *r, int at, int firm)
{
    const uint16_t now = gw_moment_mid(b->period);
    if (r->state[at] != GW_CUSTOMER) {
        gw_tally_add(b, r->state[at] == GW_FORMER ? WON_BACK : JOINED, 0, firm, 1);
        r->state[at] = GW_CUSTOMER;
        r->since[at] = now;
    }
    if (r->first_payment[at] == GW_MOMENT_NONE) {
        r->first_payment[at] = now;
    }
    r->last_purchase[at] = gw_moment(b->period);
}

/* When a consumer who left considers the firm again; a firm that has closed is not avoided. */
static uint16_t reconsiders(const struct gw_block *b, uint32_t id, int firm, int cause)
{
    if (cause == GW_CAUSE_DROPOUT || cause == GW_CAUSE_LIFETIME || cause == GW_CAUSE_FIRED) {
        return GW_MOMENT_NEVER;
    }
    if (cause == GW_CAUSE_RENEWAL || cause == GW_CAUSE_CLOSURE) {
        return gw_moment(b->period + 1);
    }
    const double u = (double)gw_uniform_single(&b->key, id, b->period, 1u + (uint32_t)firm, 0);
    return gw_moment_from((double)b->period + 1.0 - gw_log(u) * gw_market(b, AVOIDANCE) / b->years);
}

static void leave(const struct gw_block *b, const struct relations *r, int at, uint32_t id, int firm, int cause)
{
    r->state[at] = GW_FORMER;
    r->since[at] = GW_MOMENT_NONE;
    r->barred_until[at] = reconsiders(b, id, firm, cause);
    gw_tally_add(b, LEFT, cause - 1, firm, 1);
}

static void settle_encounters(const struct gw_block *b, const struct relations *r)
{
    const struct gw_encounters *e = b->encounters;
    const int32_t *orders = gw_read(b, READ_ORDERS);
    for (int k = 0; k < e->n; k++) {
        if (orders[k] > 0) {
            pay(b, r, e->at[k], e->firm[k]);
        }
        if (e->ended[k] != GW_STAYS) {
            leave(b, r, e->at[k], e->id[k], e->firm[k], e->ended[k]);
        }
    }
}

/* 1 for the customers of a slot who have outlived their lifetime by the end of the period. */
static void mark_expired(const uint16_t *restrict since, const uint16_t *restrict first_payment,
                         const float *restrict life, float end, int rows, uint8_t *restrict expired)
{
    for (int row = 0; row < rows; row++) {
        const int32_t over = gw_moment_time(first_payment[row]) + life[row] <= end;
        expired[row] = (uint8_t)(over & (since[row] != GW_MOMENT_NONE));
    }
}

/* They are rare: eight rows at a time are dismissed. */
static void expire(const struct gw_block *b, const struct relations *r, const float *life, int slot)
{
    const int from = slot * GW_BLOCK;
    uint8_t expired[GW_BLOCK + 8];
    mark_expired(r->since + from, r->first_payment + from, life + from, (float)b->period + 1.0f, b->rows, expired);
    memset(expired + b->rows, 0, 8);
    for (int first = 0; first < b->rows; first += 8) {
        uint64_t any;
        memcpy(&any, expired + first, sizeof any);
        for (int row = first; any != 0 && row < first + 8; row++) {
            if (expired[row] != 0) {
                leave(b, r, from + row, b->first + (uint32_t)row, b->firm_at[from + row], GW_CAUSE_LIFETIME);
            }
        }
    }
}

static bool any_closed(const struct gw_block *b, const double *open)
{
    int closed = 0;
    for (int firm = 0; firm < b->firms; firm++) {
        closed += open[firm] <= 0.0;
    }
    return closed > 0;
}

/* Customers of firms that are not open are customers no more. */
static void close_relations(const struct gw_block *b, const struct relations *r, const double *open, int slot)
{
    for (int row = 0; row < b->rows; row++) {
        const int at = slot * GW_BLOCK + row;
        if (r->since[at] != GW_MOMENT_NONE && open[b->firm_at[at]] <= 0.0) {
            leave(b, r, at, b->first + (uint32_t)row, b->firm_at[at], GW_CAUSE_CLOSURE);
        }
    }
}

struct horizons {
    uint16_t origin, year; /* customers without a break since these times are survivors, retained */
    uint16_t recent_after; /* the last purchase of a recent buyer is later */
};

static struct horizons horizons_of(const struct gw_block *b)
{
    const uint32_t year = (uint32_t)(1.0 / b->years + 0.5), t = b->period, origin = b->origin;
    const uint32_t whole_years = t > origin ? (t - origin) / year : 0;
    return (struct horizons){gw_moment(origin), gw_moment(origin + whole_years * year),
                             t >= year ? gw_moment(t - year) : GW_MOMENT_NONE};
}

/* Counts of a block in 16 bits, as wide as what is counted. */
struct stock {
    uint16_t active, survivors, retained, recent;
};
_Static_assert(GW_BLOCK <= UINT16_MAX, "a slot's counts must not run over");

static struct stock count(const uint16_t *restrict since, const uint16_t *restrict last_purchase, struct horizons h,
                          int rows)
{
    uint16_t active = 0, survivors = 0, retained = 0, recent = 0;
    for (int row = 0; row < rows; row++) {
        const uint16_t customer = since[row] != GW_MOMENT_NONE;
        active = (uint16_t)(active + customer);
        survivors = (uint16_t)(survivors + (customer & (since[row] <= h.origin)));
        retained = (uint16_t)(retained + (customer & (since[row] <= h.year)));
        recent = (uint16_t)(recent + (last_purchase[row] > h.recent_after));
    }
    return (struct stock){active, survivors, retained, recent};
}

/* Where a slot holds one firm. */
static void count_firm(const struct gw_block *b, const struct relations *r, struct horizons h, int slot)
{
    const int from = slot * GW_BLOCK, firm = slot;
    const struct stock s = count(r->since + from, r->last_purchase + from, h, b->rows);
    gw_tally_add(b, ACTIVE, 0, firm, s.active);
    gw_tally_add(b, SURVIVORS, 0, firm, s.survivors);
    gw_tally_add(b, RETAINED, 0, firm, s.retained);
    gw_tally_add(b, RECENT_BUYERS, 0, firm, s.recent);
}

/* The four stocks of a relation as bits. */
static void flag(const uint16_t *restrict since, const uint16_t *restrict last_purchase, struct horizons h, int rows,
                 uint16_t *restrict flags)
{
    for (int row = 0; row < rows; row++) {
        const int customer = since[row] != GW_MOMENT_NONE, recent = last_purchase[row] > h.recent_after;
        const int survives = customer & (since[row] <= h.origin), stays = customer & (since[row] <= h.year);
        flags[row] = (uint16_t)(customer | survives << 1 | stays << 2 | recent << 3);
    }
}

enum { FIELD = 16 }; /* bits of a count in a word of four: a block is shorter than 2^16 */
_Static_assert(GW_BLOCK < 1 << FIELD, "a slot's counts must not run over");

/* Counts by firm, four in a word, so that a relation costs one addition; [0] takes the empty slots. */
static void count_words(const uint16_t *restrict flags, const int32_t *restrict firm, int rows,
                        uint64_t *restrict word)
{
    uint64_t spread[16];
    for (uint64_t f = 0; f < 16; f++) {
        spread[f] = (f & 1) | (f >> 1 & 1) << FIELD | (f >> 2 & 1) << 2 * FIELD | (f >> 3) << 3 * FIELD;
    }
    for (int row = 0; row < rows; row++) {
        word[1 + firm[row]] += spread[flags[row]];
    }
}

/* Where it holds any. */
static void count_firms(const struct gw_block *b, const struct relations *r, struct horizons h, int slot)
{
    static const int tally[] = {ACTIVE, SURVIVORS, RETAINED, RECENT_BUYERS};
    const int from = slot * GW_BLOCK;
    uint16_t flags[GW_BLOCK];
    uint64_t word[1 + GW_MAX_FIRMS];
    memset(word, 0, (1 + (size_t)b->firms) * sizeof *word);
    flag(r->since + from, r->last_purchase + from, h, b->rows, flags);
    count_words(flags, b->firm_at + from, b->rows, word);
    for (int t = 0; t < 4; t++) {
        int64_t *count = gw_tally_of(b, tally[t], 0);
        for (int firm = 0; firm < b->firms; firm++) {
            count[firm] += (int64_t)(word[1 + firm] >> t * FIELD & ((1u << FIELD) - 1));
        }
    }
}

static int cohort_of(uint16_t since, uint32_t origin, uint32_t year)
{
    if (since <= gw_moment(origin)) {
        return 0;
    }
    const uint32_t years = ((uint32_t)gw_moment_time(since) - origin) / year;
    return years < COHORTS - 2 ? 1 + (int)years : COHORTS - 1;
}

/* Once a year, hence not worth a vector loop. */
static void count_cohorts(const struct gw_block *b, const struct relations *r, int slot)
{
    const uint32_t year = (uint32_t)(1.0 / b->years + 0.5), origin = b->origin;
    if (b->period < origin || (b->period + 1 - origin) % year != 0) {
        return;
    }
    int32_t customer[GW_BLOCK];
    int n = 0;
    for (int at = slot * GW_BLOCK; at < slot * GW_BLOCK + b->rows; at++) {
        customer[n] = at;
        n += r->since[at] != GW_MOMENT_NONE;
    }
    for (int k = 0; k < n; k++) {
        const int at = customer[k];
        gw_tally_add(b, COHORT_ACTIVE, cohort_of(r->since[at], origin, year), b->firm_at[at], 1);
    }
}

static void settle(const struct gw_block *b)
{
    const struct relations r = bind(b);
    const struct horizons h = horizons_of(b);
    const float *life = gw_read(b, READ_LIFE);
    const double *open = gw_read(b, READ_OPEN);
    const bool closed = any_closed(b, open);
    settle_encounters(b, &r);
    if (b->more) {
        return;
    }
    for (int slot = 0; slot < b->relations; slot++) {
        expire(b, &r, life, slot);
        if (closed && (!b->every_firm || open[slot] <= 0.0)) {
            close_relations(b, &r, open, slot);
        }
        if (b->every_firm) {
            count_firm(b, &r, h, slot);
        } else {
            count_firms(b, &r, h, slot);
        }
        count_cohorts(b, &r, slot);
    }
}

static const char *const reads[] = {"orders", "life", "open", NULL};
static const struct gw_step steps[] = {{GW_CLOSE, GW_BLOCK_STEP, settle, NULL}, {0}};

GW_RULE(relation) = {
    .name = "relation",
    .doc =
        "A relation is unaware, aware, customer (from the first payment) or former. A paid order makes a customer, "
        "or "
        "wins a former one back; an ended relation is former, and barred for ever after dropout, at the end of its "
        "lifetime and when the firm has ended it, for an exponential time of mean `avoidance` years after service, "
        "failure, price or fatigue, and "
        "not "
        "beyond the period after a renewal. A customer whose firm loses the slot is forgotten; one whose firm closes "
        "leaves for that. Stocks are counted at the end of every period: active, survivors since the "
        "origin, retained since the start of the year, buyers within a year; at "
        "the end of a year also customers by the year in which they joined.",
    .reference =
        "Gupta, Lehmann & Stuart 2004, Journal of Marketing Research 41(1); Gijsenberg, van Heerde & Verhoef 2015, "
        "Journal of Marketing Research 52(5)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .enter = enter,
    .start = start,
    .steps = steps,
};
