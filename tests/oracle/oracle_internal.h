/*
 * The oracle's own structures: consumers, relations and firms as arrays of structs.
 *
 * Every consumer has a relation with every firm; those that are in a slot are the ones the page speaks of, the
 * others wait as at a start.
 */
#ifndef TESTS_ORACLE_ORACLE_INTERNAL_H
#define TESTS_ORACLE_ORACLE_INTERNAL_H

#include "oracle.h"
#include "oracle_numbers.h"

#include <stdbool.h>
#include <stddef.h>

enum state { UNAWARE, AWARE, CUSTOMER, FORMER };
enum sign { POSITIVE, NEGATIVE };
enum cause { SERVICE, FAILED, PRICED, FATIGUED, ENDED, DROPPED, DIED, FIRED, FORGOTTEN, CLOSED, CAUSES };
enum answer { DETRACTOR, PASSIVE, PROMOTER };
enum ending { FADE, RUN_OFF, NONE };
enum contact { NO_ANSWER, CIVIL, HOSTILE_ONE };
enum queue { ERLANG_A, ERLANG_C };
enum channel { EMAIL, PHONE, STORE, SOCIAL, WEB, CHAT };
enum stage { INFORMATION, PURCHASE, AFTER_SALE };

#define NEVER 1e9 /* barred for ever */

enum { MAX_FIRMS = 16, MAX_SLOTS = 8, LEVELS = 6, STARS = 5, MAX_LABELS = 11, MAX_DELAY = 32, MAX_SEGMENTS = 4 };
enum { MAX_LEVERS = MAX_FIRMS * 64 };
enum { BLOCK = 2048 }; /* consumers whose contacts are paid at once */

/* What arrives in one period. */
struct post {
    uint32_t message[2]; /* [sign] */
    uint32_t announced;
};

/* What consumer i has with firm f. */
struct relation {
    enum state state;
    double since, first_payment; /* periods; -1 = never */
    int64_t last_purchase;       /* period, -1 = never */
    double barred_until;
    bool aware;
    bool announced;    /* to the neighbours */
    uint32_t informed; /* announcements received */
    bool seeded;       /* got a sample in the last period */
    double attitude, expectation;
    double good, good_weight, bad, bad_weight, remembered;
    int64_t last_encounter;
    double trust, gap;
    int level; /* of the pyramid */
    double fatigue;
    double gratitude;
    double taste;
    double life; /* periods from the first payment */
    double distance;
    struct post post[2]; /* [parity of the period in which it arrives] */
};

struct consumer {
    struct own own; /* of the strategy in force */
    int segment;
    double survey_trait, value_misjudged;
    enum channel channel;
    double home[2];
    int slot[MAX_SLOTS]; /* firm, or -1 */
    int last_firm;       /* bought last; -1 */
    int contract;        /* firm, or -1 */
    int64_t contract_since;
};

struct process {
    double x[PILLARS], correction[PILLARS];
    double past[MAX_DELAY][PILLARS]; /* x before tick n at n mod MAX_DELAY */
    double shift;                    /* mean of x */
};

struct firm {
    struct firm_numbers own;  /* by the scenario, in this period */
    struct firm_numbers is;   /* own numbers, moved by what rivals do */
    double seen[1 + PILLARS]; /* best of the rivals: price, spends */
    double cash;
    bool open, closed;
    double reach;                /* per year */
    double load[CHANNELS];       /* contacts per year, smoothed */
    double unanswered[CHANNELS]; /* share */
    double wait[CHANNELS];       /* minutes, of those who are answered */
    double utilisation;
    double burnout, staff_quality, staff_speed, staff_present;
    double standard, practice;
    struct process process;
    double stars, reviews, rating;
    double channel_logit[CHANNELS], stage_logit[STAGES];   /* of touchpoints */
    double value_seen, value_counted, focus, effort_scale; /* scale 0: nobody's value is known yet */
    double knowledge;                                      /* of customers: rule crm */
    double quality;                                        /* of treatment */
};

/* A firm's number that changes in time. */
struct lever {
    int firm;
    size_t field; /* of struct firm_numbers */
    const struct gw_schedule *schedule;
};

/* One consumer's occasion in one period; slots are named by their firms. */
struct visit {
    uint32_t occasions;
    bool contracted, due;    /* under contract at the start of the period; its term is up */
    int first, second, firm; /* -1 = not now */
    bool unanswered;
    enum contact contact;
    uint32_t purchases;
    double last_one; /* the purchase after which a relation drops out */
    uint32_t apart;  /* occasions that fail while others do not: lived through after these */
    uint32_t before; /* of what was set apart: occasions of the encounter it was part of */
    bool failed, complained, repaired, unrepaired;
    double failure_loss;
    bool followed;
    double quality[STAGES], quality_spread, expectation_shift, stop, stop_price, renewal_logit, order_log, tells_log;
    double tells_negative;
    double treated, valued, cx, surprise, s; /* Emo, Val, CX, D, s */
    double expected;                         /* E_w */
    double weight;                           /* o^g */
    bool ended;
    enum cause cause;
    uint32_t until; /* the occasion that ended the relation */
    uint32_t orders_due, orders;
    double order_total;
};

enum tally {
    ACTIVE,
    SURVIVORS,
    RETAINED,
    RECENT_BUYERS,
    COHORT_ACTIVE,
    JOINED,
    WON_BACK,
    LEFT,
    HEARD,
    QUESTIONS,
    UNANSWERED,
    GIVEN_UP,
    WAITING,
    HOSTILE,
    WRONGLY_FIRED,
    UTILISATION,
    BURNT_OUT,
    EROSION,
    SHIFT,
    FAILURES,
    COMPLAINTS,
    REPAIRS,
    ANSWERS,
    TRUE_ANSWERS,
    CSAT,
    EXPERIENCES,
    EXPERIENCE_SUM,
    EXPERIENCE_SQUARES,
    DISCONFIRMATION,
    TOLD,
    PURCHASES,
    VALUE_BASE,
    VALUE_NEW,
    FIRMS_CLOSED,
    CLOSURES,
    NOT_AWARE,
    NEWLY_AWARE,
    FORGOT,
    SEEDS,
    ENTERED,
    OUT,
    FOLLOWED,
    VALUE_SEEN,
    VALUE_COUNTED,
    REFERRED,
    LEFT_LEVEL,
    MET_LEVEL,
    LEVEL,
    PUBLISHED,
    EXPERIENCED_STARS,
    PRICE_FOLLOWED,
    SPEND_FOLLOWED,
    RIVALS,
    RIVALS_CLOSED,
    TALLIES
};

/* One firm's books of one period. */
struct book {
    int64_t account[GW_ACCOUNTS]; /* debits - credits */
    int64_t active, retained;     /* at the end */
};

struct oracle {
    const struct gw_scenario *scenario;
    const struct gw_network *network;
    uint32_t replication;
    int firms, slots;
    int64_t origin;       /* periods of warm-up */
    int64_t term;         /* periods of a contract */
    int64_t year;         /* periods of a year */
    double years;         /* length of a period */
    int64_t t;            /* the next period, or the one being lived */
    int strategy;         /* in force; -2 before the first */
    struct market market; /* of the strategy in force */
    struct lever lever[MAX_LEVERS];
    int levers;
    double hearsay_fades;
    double tell_ratio; /* kappa */
    struct firm firm[MAX_FIRMS];
    struct consumer *consumer;                                                             /* [population] */
    struct relation *relation;                                                             /* [population][firms] */
    int64_t tally[TALLIES][MAX_LABELS][MAX_FIRMS], before[TALLIES][MAX_LABELS][MAX_FIRMS]; /* before: last period's */
    int64_t of_segment[MAX_SEGMENTS][TALLIES][MAX_LABELS][MAX_FIRMS]; /* of those who belong to it */
    int living;                                                       /* the segment whose turn it is; -1 = firms */
    int64_t active_first[MAX_FIRMS];                                  /* before period 0 */
    struct book *book;                                                /* [t][firms] */
    struct oracle_event *event;
    size_t events, event_room;
    bool apart; /* what is lived through was set apart */
    bool out_of_memory;
};

static inline struct relation *relation_of(const struct oracle *o, uint32_t i, int f)
{
    return &o->relation[(size_t)i * (size_t)o->firms + (size_t)f];
}

static inline void count(struct oracle *o, enum tally tally, int label, int f, int64_t n)
{
    o->tally[tally][label][f] += n;
    if (o->living >= 0 && o->living < MAX_SEGMENTS) {
        o->of_segment[o->living][tally][label][f] += n;
    }
}

/* oracle_draws.c */
struct uniforms {
    double u[4];
};
struct uniforms oracle_singles(const struct oracle *o, enum rule rule, uint32_t i, uint32_t entity, uint32_t block);
double oracle_single(const struct oracle *o, enum rule rule, uint32_t i, uint32_t entity, uint32_t d);
double oracle_single_at(const struct oracle *o, enum rule rule, uint32_t who, uint32_t period, uint32_t entity,
                        uint32_t d);
double oracle_group(const struct oracle *o, enum rule rule, uint32_t i, uint32_t entity, uint32_t d);
double oracle_start(const struct oracle *o, enum rule rule, uint32_t who, uint32_t entity, uint32_t d);
uint32_t oracle_bits(const struct oracle *o, enum rule rule, uint32_t who, int64_t period, uint32_t entity,
                     uint32_t last, uint32_t lane);
uint32_t oracle_fnv(const char *name);
double oracle_normal(double u);
uint32_t oracle_poisson(double u, double mean);
uint32_t oracle_binomial(double u, uint32_t n, double p);
uint32_t oracle_successes(double u, uint32_t n, double p);
double oracle_gamma(double u, double shape, double rate);
double oracle_quantile(struct gw_distribution d, double u);

/* oracle_parameters.c */
int oracle_put_in_force(struct oracle *o, int strategy, struct gw_error *error);
void oracle_move_levers(struct oracle *o);
bool oracle_own_parameter(const struct consumer *c, const char *name, double *value);
bool oracle_firm_parameter(const struct firm *firm, const char *name, double *value);

/* oracle_firms.c: phases open, act, serve */
void oracle_firms_begin(struct oracle *o);
void oracle_open(struct oracle *o);
void oracle_act(struct oracle *o);
void oracle_serve(struct oracle *o);
/* What contacts meet on one channel, all rates per hour. */
struct line {
    double contacts, service, patience;
    double longest; /* wait, hours */
};
struct served {
    double unanswered; /* share */
    double wait;       /* hours, of those who are answered */
};
struct served oracle_erlang_a(struct line line, uint32_t agents);
struct served oracle_erlang_c(struct line line, uint32_t agents);
double oracle_quality(const struct firm *firm, double effort); /* of treatment, before processes shift it */
double oracle_response(double x, double c);                    /* x^c / (1 + x^c) */
double oracle_price_gap(const struct oracle *o, int f);        /* (p - p0) / p0 */

/* oracle_reach.c: start; phase hear */
void oracle_born(struct oracle *o, uint32_t i);
void oracle_hear(struct oracle *o, uint32_t i);
void oracle_count_rivals(struct oracle *o, int f);
uint32_t oracle_degree(const struct oracle *o, uint32_t i);
void oracle_send(struct oracle *o, uint32_t i, int f, enum sign sign, uint32_t m);

/* oracle_choice.c: phases need, choose, ask */
void oracle_need(struct oracle *o, uint32_t i, struct visit *v);
void oracle_choose(const struct oracle *o, uint32_t i, struct visit *v);
void oracle_ask(struct oracle *o, uint32_t i, struct visit *v);

/* oracle_service.c: phases buy, experience, compare, feel */
void oracle_buy(struct oracle *o, uint32_t i, struct visit *v);
void oracle_fail(const struct oracle *o, uint32_t i, struct visit *v);
void oracle_experience(const struct oracle *o, uint32_t i, struct visit *v);
double oracle_logistic(double x);
double oracle_logit(double p);
double oracle_held(double x, double low, double high);
double oracle_often(double p, uint32_t n); /* 1 - (1 - p)^n */

/* oracle_feelings.c: phases remember, leave, tell */
void oracle_remember(const struct oracle *o, uint32_t i, struct visit *v);
void oracle_leave(struct oracle *o, uint32_t i, struct visit *v);
void oracle_tell(struct oracle *o, uint32_t i, struct visit *v);

/* oracle_money.c: phases order, account; postings; valuation */
void oracle_order(const struct oracle *o, uint32_t i, struct visit *v);
void oracle_account(struct oracle *o, uint32_t i, const struct visit *v);
void oracle_post(struct oracle *o, const char *name, int f, uint32_t i, enum gw_account debit, enum gw_account credit,
                 double money);

/* oracle_close.c: phases close and count */
void oracle_close_encounter(struct oracle *o, uint32_t i, const struct visit *v);
void oracle_close_row(struct oracle *o, uint32_t i);

#endif
