/*
 * The rule contract: all that a rule of behaviour sees.
 *
 * A rule is ONE file in models/ that ends in
 *
 *     GW_RULE(name) = { .name = "name", .doc = ..., .parameters = ..., .steps = ... };
 *
 * and a test in tests/models/test_name.c. Nothing else is edited: the build collects the files. Each file is
 * compiled once per instruction set, so loops over consumers stay plain C and are vectorised by the compiler.
 *
 * A period runs the phases below in order. Within a phase, first all `terms` steps (they add to accumulators;
 * rules that own one come last, since theirs may read it), then all other steps, each in the order of rule names; no
 * step reads a column that another rule writes in the same phase, so that order carries no meaning. A step touches
 * only its own rows; other consumers are seen only through messages of the last period and the state of firms.
 *
 * Who is worked on:
 *   firms       all firms, one after the other                    OPEN, ACT, SERVE
 *   rows        every consumer of the block                       HEAR, NEED, CLOSE, STOCK
 *   shoppers    consumers with an occasion to buy or use          CHOOSE, ASK (terms of CHOOSE: every row)
 *   encounters  shoppers who met a firm                           BUY ... STOCK
 *
 * Relations are slots: a consumer holds K of them, each with a firm or empty. With as many slots as firms
 * (every_firm) slot = firm for ever; else firm_at tells, and rules let firms enter. Whatever is drawn about a
 * relation is addressed by the firm (entity 1 + firm), never by the slot.
 *
 * All parameters at their off value = the rule is not in the schedule = the same bits as without it.
 */
#ifndef GW_MODELS_RULE_H
#define GW_MODELS_RULE_H

#include "core/descriptor.h"
#include "core/draws.h"
#include "core/maths.h"
#include "core/place.h"
#include "core/quantile.h"

#include <stddef.h>
#include <stdio.h> /* snprintf() for the messages of `check` */

/* Consumers in a block: a whole number of groups of draws. Results do not depend on it; why this size:
 * docs/decisions/phases-and-lists.md. */
#define GW_BLOCK 2048
#define GW_NEVER 1.0e9f /* a period that does not come */

enum gw_phase {
    GW_OPEN,       /* firms open and close                                                   (firms) */
    GW_ACT,        /* firms set levers, spend, wear                                          (firms) */
    GW_SERVE,      /* queues, and the quality that firms deliver this period                 (firms) */
    GW_HEAR,       /* messages of the last period are heard; hearsay fades                   (rows) */
    GW_NEED,       /* occasions arise; contracts fall due                                    (rows) */
    GW_CHOOSE,     /* one firm or "not now"                                                  (shoppers) */
    GW_ASK,        /* questions to the chosen firm; who goes unanswered may turn to another  (shoppers) */
    GW_BUY,        /* how many purchases come about                                          (encounters) */
    GW_FAIL,       /* which of them fail                                                     (encounters) */
    GW_EXPERIENCE, /* treatment and product as delivered                                     (encounters) */
    GW_COMPARE,    /* the experience as one number, against expectation                      (encounters) */
    GW_FEEL,       /* satisfaction                                                           (encounters) */
    GW_REMEMBER,   /* memory, expectation and attitude take it in                            (encounters) */
    GW_LEAVE,      /* who ends the relation, and why                                         (encounters) */
    GW_ORDER,      /* the orders that are paid, and their value                              (encounters) */
    GW_TELL,       /* who tells, answers surveys                                             (encounters) */
    GW_ACCOUNT,    /* postings and counts                                                    (encounters) */
    GW_CLOSE,      /* relations begin and end                                   (encounters and rows) */
    GW_STOCK,      /* what depends on who is a customer at the end of the period              (rows) */
    GW_PHASES
};

/* Why a relation ended. A higher code wins when several rules end it in the same period. */
enum gw_cause {
    GW_STAYS = 0,
    GW_CAUSE_SERVICE,   /* poor experience without a failure */
    GW_CAUSE_FAILURE,   /* unrepaired failure */
    GW_CAUSE_PRICE,     /* price */
    GW_CAUSE_FATIGUE,   /* too many messages from the firm */
    GW_CAUSE_RENEWAL,   /* base churn at a renewal: no cause that a firm could name */
    GW_CAUSE_DROPOUT,   /* silent dropout after a purchase */
    GW_CAUSE_LIFETIME,  /* the relation's lifetime is over */
    GW_CAUSE_FIRED,     /* the firm has ended it */
    GW_CAUSE_FORGOTTEN, /* another firm took the slot */
    GW_CAUSE_CLOSURE,   /* the firm has closed */
    GW_CAUSES
};

/* What a consumer's question came to (column "answered"). */
enum gw_answered { GW_NOT_ANSWERED, GW_ANSWERED_CIVIL, GW_ANSWERED_HOSTILE };

/* State of a relation (column "relation_state"). */
enum gw_relation_state { GW_UNAWARE, GW_AWARE, GW_CUSTOMER, GW_FORMER };

/* Consumers with an occasion, compacted; arrays of GW_BLOCK. */
struct gw_shoppers {
    int n;
    uint32_t id[GW_BLOCK]; /* consumer */
    int32_t row[GW_BLOCK]; /* position in the block */
    int32_t occasions[GW_BLOCK];
    int32_t first[GW_BLOCK];    /* slot chosen, -1 = not now; written by the rule `choice` */
    int32_t second[GW_BLOCK];   /* slot that would have been chosen without the first, -1 = not now */
    uint8_t gives_up[GW_BLOCK]; /* 1: turns from first to second; written by the rule `asking` */
};

/*
 * Shoppers who meet a firm. `at` indexes a relation column of the block, `row` a consumer column.
 *
 * An encounter stands for n = `purchases` occasions that are alike, and counts n times in all that goes by
 * experiences: a hazard h is 1 - (1 - h)^n, a share a of the way to a target 1 - (1 - a)^n (gw_repeatf), means, costs
 * and counts are n times as large. Numbers per purchase then do not depend on the length of a period.
 *
 * The phases from FAIL to CLOSE run a second time for encounters that were set apart (block->apart), unless the first
 * one ended the relation. Encounter columns written in BUY come along; draws have a key of their own.
 */
struct gw_encounters {
    int n;
    uint32_t id[GW_BLOCK];
    int32_t row[GW_BLOCK];
    int32_t slot[GW_BLOCK];
    int32_t firm[GW_BLOCK];
    int32_t at[GW_BLOCK];        /* slot * GW_BLOCK + row */
    int32_t purchases[GW_BLOCK]; /* occasions n >= 1; after BUY at most the smallest cap a rule posted */
    int32_t before[GW_BLOCK];    /* of an encounter that was set apart: occasions of the one it was part of; else 0 */
    int32_t cap[GW_BLOCK];       /* BUY: rules lower it with gw_cap(); the engine applies it after the phase */
    int32_t apart[GW_BLOCK]; /* FAIL: how many of them come as an encounter of their own, gw_set_apart(); then n is
                              * what is left */
    int32_t until[GW_BLOCK]; /* LEAVE: the occasion that ended the relation, the last one; rules lower it with
                              * gw_end_at(), the engine applies it after the phase */
    uint8_t ended[GW_BLOCK]; /* LEAVE: enum gw_cause; rules raise it with gw_end() */
};

/* A message from a teller, delivered to a neighbour before the next period. */
struct gw_tells {
    int n;
    struct gw_key key;     /* of the teller's rule: message m goes to neighbour floor(u * degree), */
    uint32_t id[GW_BLOCK]; /* u = draw m (single, entity 1) of consumer id; positive messages come first */
    int32_t firm[GW_BLOCK];
    int32_t positive[GW_BLOCK]; /* how many tells of either sign */
    int32_t negative[GW_BLOCK];
};

/* Relations that begin: firm[k] takes the place at[k] = slot * GW_BLOCK + row of firm gone[k], -1 = it was empty. */
struct gw_entries {
    int n;
    uint32_t id[GW_BLOCK];
    int32_t row[GW_BLOCK];
    int32_t slot[GW_BLOCK];
    int32_t at[GW_BLOCK];
    int32_t firm[GW_BLOCK];
    int32_t gone[GW_BLOCK];
};

/* Consumers who tell all neighbours that they know a firm now; room for every relation. */
struct gw_announcement {
    uint32_t id;
    int32_t firm;
};

struct gw_announcements {
    size_t n, room;
    struct gw_announcement *list;
};

struct gw_bound; /* a rule's parameters, columns, reads bound to memory: filled by the engine */
struct gw_trace;

/* What a step on consumers sees. */
struct gw_block {
    uint32_t first; /* first consumer; all are of one segment, so a block may begin within one of memory */
    int rows; /* consumers, <= GW_BLOCK: beyond them columns are another segment's; lists have room for GW_BLOCK */
    uint32_t period; /* since the start of the warm-up */
    uint32_t origin; /* the period in which strategies start */
    int relations;   /* K: slots per consumer */
    int firms;       /* F */
    bool every_firm; /* K = F: slot = firm in every row */
    bool complete;   /* everybody is everybody's neighbour */
    bool starting;   /* in fill, enter and start before the first period */
    double years;    /* length of a period */
    bool contractual;
    bool apart;        /* the second run of FAIL ... CLOSE */
    bool more;         /* FAIL ... CLOSE: a second run follows; what closes rows waits for it */
    struct gw_key key; /* this rule's stream in this replication */
    struct gw_shoppers *shoppers;
    struct gw_encounters *encounters;
    struct gw_tells *tells;
    int32_t *occasions;                              /* [row] NEED: occasions of this period; rules add */
    int32_t *at_least;                               /* [row] NEED: no fewer occasions than this; rules raise it */
    const int32_t *firm_at;                          /* [slot * GW_BLOCK + row] firm of a relation, -1 = empty slot */
    const uint16_t *positive_heard, *negative_heard; /* [slot * GW_BLOCK + row] messages of the last period */
    const uint16_t *announced;                       /* [slot * GW_BLOCK + row] announcements likewise */
    const uint32_t
        *candidate; /* [row] HEAR, NEED: a firm in no slot that was heard of, gw_candidate_firm(); 0 = none */
    const uint64_t *arcs_before;            /* gw_degree() */
    struct gw_entries *entries;             /* NEED: gw_enter() */
    struct gw_announcements *announcements; /* HEAR, TELL, start, enter: gw_announce() */
    const struct gw_bound *bound;
    struct gw_books *books;
};

/* What a serial step on firms sees: the same accessors, columns of shape PER_FIRM, no consumers. */
struct gw_firms {
    int firms;
    uint32_t period;
    uint32_t origin;    /* the period in which strategies start */
    uint32_t consumers; /* N */
    double scale;       /* consumers of the market that each of these stands for */
    double years;
    bool first_period; /* the first period of the replication */
    struct gw_key key;
    const double *cash_flow; /* [firm] gw_firm_cash_flow() */
    const char *const *name; /* [firm] in `check` only */
    const struct gw_bound *bound;
    struct gw_books *books;
};

enum gw_step_kind { GW_TERMS, GW_BLOCK_STEP, GW_FIRMS_STEP };

struct gw_step {
    enum gw_phase phase;
    enum gw_step_kind kind;
    void (*block)(const struct gw_block *block); /* TERMS and BLOCK_STEP */
    void (*act)(const struct gw_firms *firms);   /* FIRMS_STEP */
};

/* A quantile table whose first shape parameter is a market parameter of the rule. */
struct gw_table_need {
    enum gw_family family;
    int parameter;
};

struct gw_rule {
    const char *name;
    const char *doc;                       /* a paragraph: equation, meaning, units */
    const char *reference;                 /* authors, year, journal */
    const struct gw_parameter *parameters; /* each array ends with an entry whose name is NULL; may be NULL */
    const struct gw_column *columns;
    const struct gw_term *terms; /* accumulators this rule owns */
    const struct gw_tally *tallies;
    const struct gw_posting *postings;
    const char *const *borrows;         /* parameters of other rules, by name, NULL-terminated */
    const char *const *reads;           /* columns of other rules, by name */
    const char *const *adds;            /* accumulators of other rules it adds to, by name */
    const char *const *steers;          /* levers of other rules, by name, that it moves in OPEN: gw_steered() */
    const char *const *watches;         /* tallies of any rule, by name, whose last period it sees */
    const char *const *streams;         /* other rules whose draws it repeats, by name */
    const struct gw_table_need *tables; /* quantile tables it draws from; ends with family GW_NO_FAMILY */
    bool announces;                     /* it counts announcements: without such a rule nobody delivers them */
    /* Hooks, all optional; each runs for all rules in the order of their names and may read columns of rules before
     * its own in that order.
     *
     * check: once per set of values (base, strategies), with levers at the origin and at the end of the horizon and
     * uncertain numbers at their means, when a run is planned. Anything but 0 refuses the scenario with the message,
     * a line. */
    int (*check)(const struct gw_firms *firms, char *message, size_t room);
    /* Before the first period, where K < F: writes which firms are in slots, [slot * GW_BLOCK + row], -1 = none. It
     * finds the first K firms of the file there. */
    void (*fill)(const struct gw_block *block, int32_t *firm_at);
    /* Relations begin: at the start, slot by slot, for every slot that holds a firm, and after NEED for those that
     * gw_enter() asked for. Sets the rule's own columns at entries->at, which still hold what belonged to
     * entries->gone, as for a relation that has no past; firm_at names the newcomer already. Without the hook they
     * become neutral. Draws are those of period 0 (gw_uniform_start). */
    void (*enter)(const struct gw_block *block, const struct gw_entries *entries);
    /* Before the first period, after enter: columns of consumers. */
    void (*start)(const struct gw_block *block);
    const struct gw_step *steps; /* ends with an entry without function */
};

#ifndef GW_ISA
#define GW_ISA portable
#endif
#define GW_JOIN3_(a, b, c) a##b##_##c
#define GW_JOIN3(a, b, c) GW_JOIN3_(a, b, c)
#define GW_RULE(rule_name) const struct gw_rule GW_JOIN3(gw_rule_, rule_name, GW_ISA)

/* ---- Bound storage. Index = position in the rule's own array. -------------------------------------- */

struct gw_bound {
    const float *const *consumer; /* [parameter] rows of the block (consumer scope) */
    const double *const *levers;  /* [parameter] one per firm, this period (firm and lever scope) */
    const double *market;         /* [parameter] (market scope) */
    const float *const *borrowed_consumer;
    const double *const *borrowed_levers;
    const double *borrowed_market;
    void *const *columns;                    /* [column] this block's part; per-firm columns: [firm * width + i] */
    const void *const *reads;                /* [read] likewise, of other rules */
    float *const *terms;                     /* [term] own accumulators */
    const bool *live_terms;                  /* [term] whether a live rule adds to it */
    float *const *adds;                      /* [add] other rules' accumulators */
    double *const *steered;                  /* [steer] one per firm, this period */
    const uint32_t *streams;                 /* [stream] */
    const struct gw_quantile *const *tables; /* [table] */
    const int64_t *const *watched;           /* [watch][label * firms + firm] amounts of the last period */
    int first_tally, first_posting;          /* in the books */
};

static inline const float *gw_consumer(const struct gw_block *b, int parameter)
{
    return b->bound->consumer[parameter];
}

static inline const double *gw_levers(const struct gw_block *b, int parameter)
{
    return b->bound->levers[parameter];
}

static inline double gw_market(const struct gw_block *b, int parameter)
{
    return b->bound->market[parameter];
}

static inline const float *gw_borrowed_consumer(const struct gw_block *b, int borrow)
{
    return b->bound->borrowed_consumer[borrow];
}

static inline const double *gw_borrowed_levers(const struct gw_block *b, int borrow)
{
    return b->bound->borrowed_levers[borrow];
}

static inline double gw_borrowed_market(const struct gw_block *b, int borrow)
{
    return b->bound->borrowed_market[borrow];
}

static inline const double *gw_firm_levers(const struct gw_firms *f, int parameter)
{
    return f->bound->levers[parameter];
}

static inline double gw_firm_market(const struct gw_firms *f, int parameter)
{
    return f->bound->market[parameter];
}

/* A steered lever, one number per firm. Each period begins with the scenario's numbers; what the rule writes in OPEN
 * is what all rules see from ACT on. Rules that look at levers in OPEN do not see those that another one steers. */
static inline double *gw_steered(const struct gw_firms *f, int steer)
{
    return f->bound->steered[steer];
}

/* A watched tally of the last period: [label * firms + firm]; 0 before the first. */
static inline const int64_t *gw_watched(const struct gw_firms *f, int watch)
{
    return f->bound->watched[watch];
}

/* An own column of shape PER_FIRM: `width` doubles per firm, side by side. */
static inline double *gw_firm_column(const struct gw_firms *f, int column)
{
    return (double *)f->bound->columns[column];
}

/* Another rule's column of shape PER_FIRM. */
static inline const double *gw_firm_read(const struct gw_firms *f, int read)
{
    return (const double *)f->bound->reads[read];
}

static inline const double *gw_firm_borrowed_levers(const struct gw_firms *f, int borrow)
{
    return f->bound->borrowed_levers[borrow];
}

static inline double gw_firm_borrowed_market(const struct gw_firms *f, int borrow)
{
    return f->bound->borrowed_market[borrow];
}

/* What the firm's account cash changed by in the last period, in money; 0 before the first. */
static inline double gw_firm_cash_flow(const struct gw_firms *f, int firm)
{
    return f->cash_flow[firm];
}

/* Own columns and accumulators, others' columns: cast to the declared type by the caller. */
static inline void *gw_column(const struct gw_block *b, int column)
{
    return b->bound->columns[column];
}

static inline const void *gw_read(const struct gw_block *b, int read)
{
    return b->bound->reads[read];
}

static inline float *gw_own_term(const struct gw_block *b, int term)
{
    return b->bound->terms[term];
}

static inline float *gw_add_term(const struct gw_block *b, int add)
{
    return b->bound->adds[add];
}

static inline const struct gw_quantile *gw_table(const struct gw_block *b, int table)
{
    return b->bound->tables[table];
}

/* Whether any live rule adds to an own accumulator; if not, it is 0 and need not be looked at. */
static inline bool gw_term_live(const struct gw_block *b, int term)
{
    return b->bound->live_terms[term];
}

/* ---- Slots ----------------------------------------------------------------------------------------- */

/* An array over firms as floats, with 0 for the empty slot before it: table[1 + firm]. */
static inline void gw_table_of_firms(const double *levers, int firms, float *restrict table)
{
    table[0] = 0.0f;
    for (int firm = 0; firm < firms; firm++) {
        table[1 + firm] = (float)levers[firm];
    }
}

/* out[row] = number of the firm in that slot, 0 where it is empty; levers, or any array over firms. */
static inline void gw_slot_levers(const struct gw_block *b, const double *levers, int slot, float *restrict out)
{
    const int32_t *restrict firm = b->firm_at + slot * GW_BLOCK;
    const float same = b->every_firm ? (float)levers[slot] : 0.0f;
    for (int row = 0; b->every_firm && row < b->rows; row++) {
        out[row] = same;
    }
    if (!b->every_firm) {
        float table[1 + GW_MAX_FIRMS];
        gw_table_of_firms(levers, b->firms, table);
        for (int row = 0; row < b->rows; row++) {
            out[row] = table[1 + firm[row]];
        }
    }
}

/* The slot of a row that holds the firm, -1 = none. */
static inline int gw_slot_of_firm(const struct gw_block *b, int row, int32_t firm)
{
    for (int slot = 0; slot < b->relations; slot++) {
        if (b->firm_at[slot * GW_BLOCK + row] == firm) {
            return slot;
        }
    }
    return -1;
}

/* The largest candidate wins, so that the order of messages cannot matter: 21 bits of chance above the firm. */
#define GW_CANDIDATE_FIRM_BITS 10
_Static_assert(GW_MAX_FIRMS <= 1 << GW_CANDIDATE_FIRM_BITS, "a candidate has room for every firm");

static inline int32_t gw_candidate_firm(uint32_t candidate)
{
    return candidate == 0 ? -1 : (int32_t)((candidate - 1) & ((1u << GW_CANDIDATE_FIRM_BITS) - 1));
}

/* NEED, K < F: after the phase the firm takes the slot, whoever is in it. At most one per row and period; asking for
 * a firm that is in a slot of the row already does nothing. */
static inline void gw_enter(const struct gw_block *b, int row, int slot, int32_t firm)
{
    struct gw_entries *e = b->entries;
    if (b->every_firm || e->n == GW_BLOCK || gw_slot_of_firm(b, row, firm) >= 0) {
        return;
    }
    const int at = slot * GW_BLOCK + row;
    e->id[e->n] = b->first + (uint32_t)row;
    e->row[e->n] = row;
    e->slot[e->n] = slot;
    e->at[e->n] = at;
    e->firm[e->n] = firm;
    e->gone[e->n] = b->firm_at[at];
    e->n++;
}

/* HEAR, TELL, start and enter: every neighbour that has the firm in a slot counts one in `announced` of the next
 * period (of period 0 at the start). At most once per consumer, firm and period: further ones may be lost. Not on a
 * complete network, where numbers of all consumers serve. */
static inline void gw_announce(const struct gw_block *b, int row, int32_t firm)
{
    struct gw_announcements *a = b->announcements;
    if (a->n < a->room) {
        a->list[a->n++] = (struct gw_announcement){b->first + (uint32_t)row, firm};
    }
}

/* The number of a row's neighbours; 0 on a complete network, where they are all others and nothing is stored. */
static inline uint32_t gw_degree(const struct gw_block *b, int row)
{
    return (uint32_t)(b->arcs_before[row + 1] - b->arcs_before[row]);
}

/* Where slots hold different firms: up to here it is cheaper to draw about every firm, four consumers or four firms
 * at a time, and to pick those in the slots, than to draw about each of these alone. */
#define GW_FEW_FIRMS (3 * GW_MAX_RELATIONS)

static inline bool gw_few_firms(const struct gw_block *b)
{
    return b->firms <= 3 * b->relations;
}

/* ---- Draws ----------------------------------------------------------------------------------------- */

/* The stream of another rule, declared in `streams`. */
static inline struct gw_key gw_stream(const struct gw_block *b, int stream)
{
    struct gw_key key = b->key;
    key.word[3] = b->bound->streams[stream];
    return key;
}

/* One uniform for each consumer of the group that begins with `first`. */
static inline void gw_draw_group(const struct gw_block *b, uint32_t first, uint32_t entity, uint32_t d,
                                 float *restrict out)
{
    const struct gw_key key = b->key;
    const uint32_t period = b->period, who = first >> 2;
    for (uint32_t g = 0; g < GW_GROUP_LANE; g++) {
        uint32_t x[4];
        gw_threefry(&key, who + g, period, entity, GW_DRAW_GROUP | d, x);
        out[g] = gw_uniform_of(x[0]);
        out[GW_GROUP_LANE + g] = gw_uniform_of(x[1]);
        out[2 * GW_GROUP_LANE + g] = gw_uniform_of(x[2]);
        out[3 * GW_GROUP_LANE + g] = gw_uniform_of(x[3]);
    }
}

/* The same where the rows begin within a group. */
static inline void gw_draw_rows_within(const struct gw_block *b, uint32_t entity, uint32_t d, float *restrict out)
{
    float group[GW_GROUP];
    for (uint32_t row = 0, rows = (uint32_t)b->rows; row < rows;) {
        const uint32_t skip = (b->first + row) % GW_GROUP, left = rows - row;
        const uint32_t n = left < GW_GROUP - skip ? left : GW_GROUP - skip;
        gw_draw_group(b, b->first + row - skip, entity, d, group);
        memcpy(out + row, group + skip, n * sizeof *out);
        row += n;
    }
}

/* One uniform for every row of the block; `out` has room for GW_BLOCK. Cost: a quarter of an evaluation per consumer.
 */
static inline void gw_draw_rows(const struct gw_block *b, uint32_t entity, uint32_t d, float *restrict out)
{
    if (__builtin_expect(b->first % GW_GROUP != 0, 0)) {
        gw_draw_rows_within(b, entity, d, out);
        return;
    }
    for (uint32_t row = 0; row < GW_BLOCK; row += GW_GROUP) {
        gw_draw_group(b, b->first + row, entity, d, out + row);
    }
}

/* Draws 4 * block .. 4 * block + 3 for each of n listed consumers: out[lane][k] belongs to id[k]. */
static inline void gw_draw_listed(const struct gw_block *b, const uint32_t *restrict id, int n, uint32_t entity,
                                  uint32_t block, float (*restrict out)[GW_BLOCK])
{
    const struct gw_key key = b->key;
    const uint32_t period = b->period;
    for (int k = 0; k < n; k++) {
        uint32_t x[4];
        gw_threefry(&key, id[k], period, entity, GW_DRAW_SINGLE | block, x);
        out[0][k] = gw_uniform_of(x[0]);
        out[1][k] = gw_uniform_of(x[1]);
        out[2][k] = gw_uniform_of(x[2]);
        out[3][k] = gw_uniform_of(x[3]);
    }
}

/* Draw `d` of each of n listed consumers about a firm, entity 1 + firm. */
static inline void gw_draw_about(const struct gw_block *b, const uint32_t *restrict id, const int32_t *restrict firm,
                                 int n, uint32_t d, float *restrict out)
{
    const struct gw_key key = b->key;
    const uint32_t period = b->period, block = d >> 2;
    for (int k = 0; k < n; k++) {
        uint32_t x[4];
        gw_threefry(&key, id[k], period, 1u + (uint32_t)firm[k], GW_DRAW_SINGLE | block, x);
        const uint32_t low = d & 1 ? x[1] : x[0], high = d & 1 ? x[3] : x[2];
        out[k] = gw_uniform_of(d & 2 ? high : low);
    }
}

/* The same for every encounter. */
static inline void gw_draw_encounters(const struct gw_block *b, uint32_t d, float *restrict out)
{
    gw_draw_about(b, b->encounters->id, b->encounters->firm, b->encounters->n, d, out);
}

/* ---- Lists ------------------------------------------------------------------------------------------- */

/* The rows whose mark is not 0; how many. Meant for few: eight rows without a mark are passed over at once. `mark` is
 * 0 beyond the rows of the block. */
static inline int gw_list_marked(const uint8_t *restrict mark, int32_t *restrict row)
{
    int n = 0;
    for (int from = 0; from < GW_BLOCK; from += 8) {
        uint64_t any;
        memcpy(&any, mark + from, sizeof any);
        for (int k = from; any != 0 && k < from + 8; k++) {
            row[n] = k;
            n += mark[k] != 0;
        }
    }
    return n;
}

/* ---- Gather and scatter between a block's columns and a compact list ---------------------------------- */

static inline void gw_gather(float *restrict out, const float *restrict column, const int32_t *restrict at, int n)
{
    for (int k = 0; k < n; k++) {
        out[k] = column[at[k]];
    }
}

/* Times of moments. Apart from what is done with them: there is no gathering of 16 bits on vectors. */
static inline void gw_gather_times(float *restrict out, const uint16_t *restrict moments, const int32_t *restrict at,
                                   int n)
{
    for (int k = 0; k < n; k++) {
        out[k] = gw_moment_time(moments[at[k]]);
    }
}

static inline void gw_scatter(float *restrict column, const float *restrict values, const int32_t *restrict at, int n)
{
    for (int k = 0; k < n; k++) {
        column[at[k]] = values[k];
    }
}

/* Positions of what is flagged, in order; returns how many. For what chance picks: a branch on it is mispredicted. */
static inline int gw_list_flagged(const uint8_t *restrict flag, int n, int32_t *restrict position)
{
    int listed = 0;
    for (int k = 0; k < n; k++) {
        position[listed] = k;
        listed += flag[k] != 0;
    }
    return listed;
}

/* ---- What rules may post to shared fields; minimum and maximum commute, so order is irrelevant -------- */

static inline void gw_cap(const struct gw_block *b, int encounter, int32_t purchases)
{
    int32_t *cap = &b->encounters->cap[encounter];
    *cap = purchases < *cap ? purchases : *cap;
}

/* FAIL: `occasions` of the encounter, fewer than it has, are an encounter of their own. */
static inline void gw_set_apart(const struct gw_block *b, int encounter, int32_t occasions)
{
    b->encounters->apart[encounter] = occasions;
}

/* The number of occasions that each encounter stands for. */
static inline void gw_times(const struct gw_block *b, float *restrict out)
{
    const int32_t *restrict purchases = b->encounters->purchases;
    const int n = b->encounters->n;
    for (int k = 0; k < n; k++) {
        out[k] = (float)purchases[k];
    }
}

static inline void gw_end(const struct gw_block *b, int encounter, enum gw_cause cause)
{
    uint8_t *ended = &b->encounters->ended[encounter];
    *ended = (uint8_t)cause > *ended ? (uint8_t)cause : *ended;
}

/* LEAVE: the same, and the occasions after number `occasion` >= 1 of the encounter did not happen. */
static inline void gw_end_at(const struct gw_block *b, int encounter, enum gw_cause cause, int32_t occasion)
{
    int32_t *until = &b->encounters->until[encounter];
    gw_end(b, encounter, cause);
    *until = occasion < *until ? occasion : *until;
}

/* ---- Books: tallies and ledger, integers ------------------------------------------------------------- */

struct gw_books {
    int firms;
    int64_t *tally;                           /* [cell * firms + firm], this period */
    const int32_t *tally_cell;                /* [tally] first cell of a tally; its labels follow */
    int64_t *account;                         /* [GW_ACCOUNTS * firms]: account * firms + firm, this period */
    const struct gw_posting *const *postings; /* [posting] */
    struct gw_trace *trace;                   /* NULL unless every posting is to be recorded */
    uint32_t period;
};

/* Records a posting event (tests, audit); defined by the engine. */
void gw_trace_posting(struct gw_trace *trace, uint32_t period, const struct gw_posting *posting, int firm,
                      uint32_t consumer, int64_t micro);

#define GW_NOBODY UINT32_MAX /* the consumer of a posting that concerns the firm alone */

static inline void gw_book_tally(struct gw_books *books, int tally, int label, int firm, int64_t amount)
{
    books->tally[(books->tally_cell[tally] + label) * books->firms + firm] += amount;
}

static inline void gw_book_posting(struct gw_books *books, int posting, int firm, uint32_t consumer, int64_t micro)
{
    const struct gw_posting *p = books->postings[posting];
    books->account[(int)p->debit * books->firms + firm] += micro;
    books->account[(int)p->credit * books->firms + firm] -= micro;
    if (__builtin_expect(books->trace != NULL, 0)) {
        gw_trace_posting(books->trace, books->period, p, firm, consumer, micro);
    }
}

/* An own tally's numbers, one per firm, to be added to: for loops over many events. */
static inline int64_t *gw_tally_of(const struct gw_block *b, int tally, int label)
{
    const struct gw_books *books = b->books;
    return books->tally + (books->tally_cell[b->bound->first_tally + tally] + label) * books->firms;
}

/* Adds to an own tally: a count, or gw_micro(x) for a sum. */
static inline void gw_tally_add(const struct gw_block *b, int tally, int label, int firm, int64_t amount)
{
    gw_book_tally(b->books, b->bound->first_tally + tally, label, firm, amount);
}

static inline void gw_post(const struct gw_block *b, int posting, int firm, uint32_t consumer, int64_t micro)
{
    gw_book_posting(b->books, b->bound->first_posting + posting, firm, consumer, micro);
}

/* Adds every encounter's amount to its firm's. Where firms are few, a pass per firm, which is vectorised, is faster
 * than one over all. */
static inline void gw_add_by_firm(const struct gw_block *b, int64_t *restrict amount, int64_t *restrict of_firm)
{
    enum { FEW = 8 };
    const int32_t *restrict firm = b->encounters->firm;
    const int n = b->encounters->n;
    for (int f = 0; b->firms <= FEW && f < b->firms; f++) {
        int64_t sum = 0;
        for (int k = 0; k < n; k++) {
            sum += firm[k] == f ? amount[k] : 0;
        }
        of_firm[f] += sum;
    }
    for (int k = 0; b->firms > FEW && k < n; k++) {
        of_firm[firm[k]] += amount[k];
    }
}

/* Posts every encounter's amount. They are integers: the sum over a block posts the same as each encounter for
 * itself, which only a trace needs. */
static inline void gw_post_encounters(const struct gw_block *b, int posting, int64_t *micro)
{
    const struct gw_encounters *e = b->encounters;
    int64_t of_firm[GW_MAX_FIRMS];
    if (b->books->trace == NULL) {
        memset(of_firm, 0, (size_t)b->firms * sizeof *of_firm);
        gw_add_by_firm(b, micro, of_firm);
        for (int f = 0; f < b->firms; f++) {
            gw_post(b, posting, f, GW_NOBODY, of_firm[f]);
        }
        return;
    }
    for (int k = 0; k < e->n; k++) {
        if (micro[k] != 0) {
            gw_post(b, posting, e->firm[k], e->id[k], micro[k]);
        }
    }
}

/* Every encounter's number times a rate of its firm, in integers of 1e-6. */
static inline void gw_micro_by_firm(const struct gw_block *b, const float *restrict number,
                                    const double *restrict rate, int64_t *restrict micro)
{
    const int32_t *restrict firm = b->encounters->firm;
    const int n = b->encounters->n;
    for (int k = 0; k < n; k++) {
        micro[k] = gw_micro((double)number[k] * rate[firm[k]]);
    }
}

static inline void gw_firm_tally(const struct gw_firms *f, int tally, int label, int firm, int64_t amount)
{
    gw_book_tally(f->books, f->bound->first_tally + tally, label, firm, amount);
}

static inline void gw_firm_post(const struct gw_firms *f, int posting, int firm, int64_t micro)
{
    gw_book_posting(f->books, f->bound->first_posting + posting, firm, GW_NOBODY, micro);
}

/* ---- Relief: money back on an order, a share of the price ---------------------------------------------------
 *
 * A price by another name, for customers (rule programme) or for all others (rule newcomer_offer): utility rises as
 * by a fall of the price, and the firm bears it. */

enum gw_relieved { GW_RELIEF_OF_OTHERS, GW_RELIEF_OF_CUSTOMERS };

static inline void gw_relieve(float *restrict utility, const uint8_t *restrict state,
                              const float *restrict sensitivity, const float *restrict relief, enum gw_relieved who,
                              int rows)
{
    for (int row = 0; row < rows; row++) {
        const bool relieved = (state[row] == GW_CUSTOMER) == (who == GW_RELIEF_OF_CUSTOMERS);
        utility[row] += relieved ? sensitivity[row] * relief[row] : 0.0f;
    }
}

/* Every firm's relief, in prices, by everybody's sensitivity to them: added to the utility of the relieved. `state`
 * is the column relation_state, `sensitivity` price_sensitivity. */
static inline void gw_add_relief(const struct gw_block *b, const double *relief, enum gw_relieved who,
                                 const uint8_t *state, const float *sensitivity, float *utility)
{
    float of_slot[GW_BLOCK];
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        gw_slot_levers(b, relief, slot, of_slot);
        gw_relieve(utility + from, state + from, sensitivity, of_slot, who, b->rows);
    }
}

/* Of the orders of an encounter those that a customer placed: all but the first of who becomes one by it. Customers'
 * or others' part of the value, which is the same of all. */
static inline float gw_relieved_value(float total, int32_t orders, bool customer, enum gw_relieved who)
{
    const int32_t others = orders > 0 && !customer;
    const int32_t relieved = who == GW_RELIEF_OF_CUSTOMERS ? orders - others : others;
    const float part = total * (float)relieved / (float)(orders > 1 ? orders : 1);
    return relieved == orders ? total : part;
}

/* Every firm's share of the value of the orders of the relieved, posted. */
static inline void gw_post_relief(const struct gw_block *b, int posting, const double *share, enum gw_relieved who,
                                  const uint8_t *state, const float *order_total, const int32_t *orders)
{
    const struct gw_encounters *e = b->encounters;
    float value[GW_BLOCK];
    int64_t micro[GW_BLOCK];
    for (int k = 0; k < e->n; k++) {
        value[k] = gw_relieved_value(order_total[k], orders[k], state[e->at[k]] == GW_CUSTOMER, who);
    }
    gw_micro_by_firm(b, value, share, micro);
    gw_post_encounters(b, posting, micro);
}

#endif
