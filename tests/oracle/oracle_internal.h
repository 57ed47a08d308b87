/*
 * The oracle's own structures: consumers, relations and firms as arrays of structs.
 */
#ifndef TESTS_ORACLE_ORACLE_INTERNAL_H
#define TESTS_ORACLE_ORACLE_INTERNAL_H

#include "oracle.h"

#include <stdbool.h>
#include <stddef.h>

/* Streams: first 32 bits of the MD5 of the rule's name. printf relation | md5sum | cut -c1-8 */
enum rule {
    RELATION = 0x2617c938,
    OCCASIONS = 0x11557f17,
    DROPOUT = 0x7e756a3e,
    LIFETIME = 0x79f3a982,
    RENEWAL = 0x4b537a77,
    PRICE = 0x78a5eb43,
    ATTITUDE = (int)0xb43b3777,
    INERTIA = 0x119f13a7,
    CHOICE = 0x0162cefc,
    STAFF = 0x12532084,
    ASKING = 0x5c7b5be7,
    FAILURE = 0x3ee28fe1,
    EXPERIENCE_SPEND = (int)0xbf288aee,
    TREATMENT = 0x6292fea4,
    PRODUCT = (int)0xf5bf48aa,
    EXPERIENCE = (int)0xd6e04792,
    SATISFACTION = (int)0xce4aef43,
    EXPECTATION = (int)0xe15c5d27,
    MEMORY = (int)0xcd69b495,
    LEAVING = 0x501d577b,
    ORDER_VALUE = 0x5284e154,
    SURVEY = 0x2fa7b041,
    TELLING = (int)0x9153f950,
    BILLING = (int)0x8efdd107,
    VALUATION = (int)0xf19b539b
};

/* Every parameter of the model: the rule that declares it, its field here, its name in a scenario. */
#define CONSUMER_PARAMETERS(X)                                                                                       \
    X(OCCASIONS, purchase_rate, "purchase_rate")                                                                     \
    X(DROPOUT, dropout, "dropout")                                                                                   \
    X(LIFETIME, lifetime_rate, "lifetime_rate")                                                                      \
    X(RENEWAL, churn, "churn")                                                                                       \
    X(PRICE, price_sensitivity, "price_sensitivity")                                                                 \
    X(PRICE, loyalty_price_relief, "loyalty_price_relief")                                                           \
    X(PRICE, tenure_price_push, "tenure_price_push")                                                                 \
    X(ATTITUDE, attitude_weight, "attitude_weight")                                                                  \
    X(INERTIA, inertia, "inertia")                                                                                   \
    X(CHOICE, category_appeal, "category_appeal")                                                                    \
    X(CHOICE, taste_sd, "taste_sd")                                                                                  \
    X(ASKING, question_rate, "question_rate")                                                                        \
    X(ASKING, give_up, "give_up")                                                                                    \
    X(FAILURE, complaint_rate, "complaint_rate")                                                                     \
    X(TREATMENT, peak_end, "peak_end")                                                                               \
    X(EXPERIENCE, treatment_share, "treatment_share")                                                                \
    X(SATISFACTION, gain_weight, "gain_weight")                                                                      \
    X(SATISFACTION, loss_aversion, "loss_aversion")                                                                  \
    X(EXPECTATION, expectation_start, "expectation_start")                                                           \
    X(EXPECTATION, adaptation, "adaptation")                                                                         \
    X(LEAVING, stop_base, "stop_base")                                                                               \
    X(ORDER_VALUE, order_value, "order_value")                                                                       \
    X(TELLING, tells_always, "tells_always")                                                                         \
    X(TELLING, tells_per_experience, "tells_per_experience")

enum { PILLARS = 6, STAGES = 3 };

#define FIRM_PARAMETERS(X)                                                                                           \
    X(RELATION, initial_share, "initial_share")                                                                      \
    X(PRICE, price, "price")                                                                                         \
    X(CHOICE, appeal, "appeal")                                                                                      \
    X(STAFF, agents, "agents")                                                                                       \
    X(STAFF, wage, "wage")                                                                                           \
    X(STAFF, handling_minutes, "handling_minutes")                                                                   \
    X(STAFF, patience_minutes, "patience_minutes")                                                                   \
    X(STAFF, hours_per_week, "hours_per_week")                                                                       \
    X(FAILURE, failure_rate, "failure_rate")                                                                         \
    X(FAILURE, repair_share, "repair_share")                                                                         \
    X(FAILURE, repair_cost, "repair_cost")                                                                           \
    X(EXPERIENCE_SPEND, personalisation, "spend.personalisation")                                                    \
    X(EXPERIENCE_SPEND, integrity, "spend.integrity")                                                                \
    X(EXPERIENCE_SPEND, expectations, "spend.expectations")                                                          \
    X(EXPERIENCE_SPEND, resolution, "spend.resolution")                                                              \
    X(EXPERIENCE_SPEND, time_effort, "spend.time_effort")                                                            \
    X(EXPERIENCE_SPEND, empathy, "spend.empathy")                                                                    \
    X(TREATMENT, treatment_floor, "treatment_floor")                                                                 \
    X(TREATMENT, treatment_ceiling, "treatment_ceiling")                                                             \
    X(TREATMENT, response_curve, "response_curve")                                                                   \
    X(TREATMENT, half_spend, "half_spend")                                                                           \
    X(TREATMENT, stage_spread, "stage_spread")                                                                       \
    X(TREATMENT, common_share, "common_share")                                                                       \
    X(PRODUCT, product_quality, "product_quality")                                                                   \
    X(PRODUCT, product_spread, "product_spread")                                                                     \
    X(SURVEY, survey_rate, "survey_rate")                                                                            \
    X(BILLING, unit_cost, "unit_cost")                                                                               \
    X(BILLING, serve_cost, "serve_cost")                                                                             \
    X(BILLING, fixed_cost, "fixed_cost")

#define MARKET_PARAMETERS(X)                                                                                         \
    X(RELATION, avoidance, "avoidance")                                                                              \
    X(PRICE, reference_price, "reference_price")                                                                     \
    X(RENEWAL, contract_years, "contract_years")                                                                     \
    X(RENEWAL, renewal_memory, "renewal_memory")                                                                     \
    X(RENEWAL, renewal_attitude, "renewal_attitude")                                                                 \
    X(RENEWAL, renewal_failure, "renewal_failure")                                                                   \
    X(RENEWAL, renewal_price, "renewal_price")                                                                       \
    X(ATTITUDE, attitude_start, "attitude_start")                                                                    \
    X(ATTITUDE, hearsay_life, "hearsay_life")                                                                        \
    X(ATTITUDE, hearing_up, "hearing_up")                                                                            \
    X(ATTITUDE, hearing_down, "hearing_down")                                                                        \
    X(ATTITUDE, customer_up, "customer_up")                                                                          \
    X(ATTITUDE, customer_down, "customer_down")                                                                      \
    X(ATTITUDE, experience_pull, "experience_pull")                                                                  \
    X(ATTITUDE, experience_slope, "experience_slope")                                                                \
    X(STAFF, load_memory, "load_memory")                                                                             \
    X(FAILURE, failure_severity, "failure_severity")                                                                 \
    X(FAILURE, repair_effect, "repair_effect")                                                                       \
    X(TREATMENT, unanswered_penalty, "unanswered_penalty")                                                           \
    X(PRODUCT, value_price, "value_price")                                                                           \
    X(EXPERIENCE, ces_power, "ces_power")                                                                            \
    X(SATISFACTION, level_weight, "level_weight")                                                                    \
    X(SATISFACTION, level_reference, "level_reference")                                                              \
    X(SATISFACTION, expectation_weight, "expectation_weight")                                                        \
    X(SATISFACTION, tolerance, "tolerance")                                                                          \
    X(SATISFACTION, satisfaction_sd, "satisfaction_sd")                                                              \
    X(MEMORY, memory_good_life, "memory_good_life")                                                                  \
    X(MEMORY, memory_bad_life, "memory_bad_life")                                                                    \
    X(MEMORY, memory_take_up, "memory_take_up")                                                                      \
    X(MEMORY, memory_shrink, "memory_shrink")                                                                        \
    X(LEAVING, stop_failure, "stop_failure")                                                                         \
    X(LEAVING, stop_satisfaction, "stop_satisfaction")                                                               \
    X(ORDER_VALUE, order_shape, "order_shape")                                                                       \
    X(SURVEY, survey_base, "survey_base")                                                                            \
    X(SURVEY, survey_memory, "survey_memory")                                                                        \
    X(SURVEY, survey_trait, "survey_trait")                                                                          \
    X(SURVEY, survey_noise, "survey_noise")                                                                          \
    X(TELLING, negative_ratio, "negative_ratio")                                                                     \
    X(VALUATION, discount_rate, "discount_rate")                                                                     \
    X(VALUATION, fade, "fade")                                                                                       \
    X(VALUATION, terminal, "terminal")

#define ORACLE_FIELD(rule, field, name) double field;

struct own {
    CONSUMER_PARAMETERS(ORACLE_FIELD)
};
struct firm_numbers {
    FIRM_PARAMETERS(ORACLE_FIELD)
};
struct market {
    MARKET_PARAMETERS(ORACLE_FIELD)
};

enum state { UNAWARE, AWARE, CUSTOMER, FORMER };
enum sign { POSITIVE, NEGATIVE };
enum cause { SERVICE, FAILED, PRICED, ENDED, DROPPED, DIED };
enum answer { DETRACTOR, PASSIVE, PROMOTER };
enum ending { FADE, RUN_OFF, NONE };

#define NEVER 1e9 /* barred for ever */

/* What consumer i has with firm f. */
struct relation {
    enum state state;
    double since, first_payment; /* periods; -1 = never */
    int64_t last_purchase;       /* period, -1 = never */
    double barred_until;
    double attitude, expectation;
    double good, good_weight, bad, bad_weight, remembered;
    int64_t last_encounter;
    uint32_t message[2][2]; /* [parity of the period in which it is heard][sign] */
    double taste;           /* of the strategy in force */
    double life;            /* periods from the first payment, of the strategy in force */
};

struct consumer {
    struct own own; /* of the strategy in force */
    int segment;
    double survey_trait;
    int last_slot;
    int contract; /* firm, or -1 */
    int64_t contract_since;
};

struct firm {
    struct firm_numbers is; /* in this period */
    double load;            /* contacts per year, smoothed */
    double share_unanswered;
    double quality; /* of treatment */
};

/* A firm's number that changes in time. */
struct lever {
    int firm;
    size_t field; /* of struct firm_numbers */
    const struct gw_schedule *schedule;
};

/* One consumer's occasion in one period. */
struct visit {
    uint32_t occasions;
    bool contracted, due;    /* under contract at the start of the period; its term is up */
    int first, second, slot; /* -1 = not now */
    bool unanswered;
    uint32_t purchases;
    double last_one; /* the purchase after which a relation drops out */
    bool failed, complained, repaired, unrepaired;
    double failure_loss;
    double treated, valued, cx, surprise, s; /* Emo, Val, CX, D, s */
    bool ended;
    enum cause cause;
    uint32_t orders_due, orders;
    double order_total;
};

enum tally {
    ACTIVE,
    SURVIVORS,
    RETAINED,
    RECENT_BUYERS,
    JOINED,
    WON_BACK,
    LEFT,
    HEARD,
    QUESTIONS,
    UNANSWERED,
    GIVEN_UP,
    FAILURES,
    COMPLAINTS,
    REPAIRS,
    ANSWERS,
    EXPERIENCES,
    TOLD,
    PURCHASES,
    VALUE_BASE,
    VALUE_NEW,
    TALLIES
};

enum { MAX_FIRMS = 8, MAX_LABELS = 6, MAX_LEVERS = MAX_FIRMS * 32 };

/* One firm's books of one period. */
struct book {
    int64_t account[GW_ACCOUNTS]; /* debits - credits */
    int64_t active, retained;     /* at the end */
};

struct oracle {
    const struct gw_scenario *scenario;
    const struct gw_network *network;
    uint32_t replication;
    int firms;
    int64_t origin;       /* periods of warm-up */
    int64_t term;         /* periods of a contract */
    int64_t year;         /* periods of a year */
    double years;         /* length of a period */
    int64_t t;            /* the next period, or the one being lived */
    int strategy;         /* in force; -2 before the first */
    struct market market; /* of the strategy in force */
    struct lever lever[MAX_LEVERS];
    int levers;
    bool treatment_absent;
    double hearsay_fades;
    struct firm firm[MAX_FIRMS];
    struct consumer *consumer; /* [population] */
    struct relation *relation; /* [population][firms] */
    int64_t tally[TALLIES][MAX_LABELS][MAX_FIRMS];
    int64_t active_first[MAX_FIRMS]; /* before period 0 */
    struct book *book;               /* [t][firms] */
    struct oracle_event *event;
    size_t events, event_room;
    bool out_of_memory;
};

static inline struct relation *relation_of(const struct oracle *o, uint32_t i, int f)
{
    return &o->relation[(size_t)i * (size_t)o->firms + (size_t)f];
}

/* oracle_draws.c */
struct uniforms {
    double u[4];
};
struct uniforms oracle_singles(const struct oracle *o, enum rule rule, uint32_t i, uint32_t entity, uint32_t block);
double oracle_single(const struct oracle *o, enum rule rule, uint32_t i, uint32_t entity, uint32_t d);
double oracle_group(const struct oracle *o, enum rule rule, uint32_t i, uint32_t d);
double oracle_start(const struct oracle *o, enum rule rule, uint32_t who, uint32_t entity);
uint32_t oracle_fnv(const char *name);
double oracle_normal(double u);
uint32_t oracle_poisson(double u, double mean);
uint32_t oracle_binomial(double u, uint32_t n, double p);
double oracle_gamma(double u, double shape, double rate);
double oracle_quantile(struct gw_distribution d, double u);

/* oracle_parameters.c */
int oracle_put_in_force(struct oracle *o, int strategy, struct gw_error *error);
void oracle_move_levers(struct oracle *o);
bool oracle_own_parameter(const struct consumer *c, const char *name, double *value);
bool oracle_firm_parameter(const struct firm *firm, const char *name, double *value);

/* oracle_firms.c */
void oracle_act(struct oracle *o);
double oracle_erlang_a(double contacts, double service, double patience, uint32_t agents);
void oracle_post(struct oracle *o, const char *name, int f, uint32_t i, enum gw_account debit, enum gw_account credit,
                 double money);

/* oracle_rules.c */
void oracle_live(struct oracle *o, uint32_t i);
double oracle_price_gap(const struct oracle *o, int f);

#endif
