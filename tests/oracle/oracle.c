/*
 * Birth, periods, and what can be asked of the oracle.
 */
#include "oracle_internal.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ birth */

/* The first firm f with u < initial_share_0 + ... + initial_share_f, or none. */
static int first_firm(const struct oracle *o, uint32_t i)
{
    const double u = oracle_start(o, RELATION, i, oracle_fnv("initial_share"));
    double share = 0.0;
    for (int f = 0; f < o->firms; f++) {
        share += o->firm[f].is.initial_share;
        if (u < share) {
            return f;
        }
    }
    return -1;
}

static void born(struct oracle *o, uint32_t i)
{
    struct consumer *c = &o->consumer[i];
    const int own_firm = first_firm(o, i);
    for (int f = 0; f < o->firms; f++) {
        struct relation *r = relation_of(o, i, f);
        const bool customer = f == own_firm;
        r->state = customer ? CUSTOMER : AWARE;
        r->since = r->first_payment = customer ? 0.0 : -1.0;
        r->last_purchase = -1;
        r->attitude = o->market.attitude_start;
        r->expectation = c->own.expectation_start;
        o->active_first[f] += customer;
    }
    c->survey_trait = oracle_normal(oracle_start(o, SURVEY, i, 1));
    c->last_slot = -1;
    c->contract = o->scenario->contractual ? own_firm : -1;
    c->contract_since = 0;
}

static void settle_segments(struct oracle *o)
{
    for (int s = 0; s < o->scenario->segments; s++) {
        const uint32_t end = gw_segment_first(o->scenario, s + 1);
        for (uint32_t i = gw_segment_first(o->scenario, s); i < end; i++) {
            o->consumer[i].segment = s;
        }
    }
}

struct oracle *oracle_create(const struct gw_scenario *scenario, const struct gw_network *network,
                             uint32_t replication, struct gw_error *error)
{
    gsl_set_error_handler_off();
    if (scenario->firms > MAX_FIRMS || network->vertices != scenario->population) {
        gw_fail(error, GW_BAD_INPUT, "oracle: too many firms, or a network of another population");
        return NULL;
    }
    struct oracle *o = calloc(1, sizeof *o);
    if (o == NULL) {
        gw_fail(error, GW_FAILED, "oracle: out of memory");
        return NULL;
    }
    const uint32_t n = scenario->population;
    o->scenario = scenario;
    o->network = network;
    o->replication = replication;
    o->firms = scenario->firms;
    o->origin = scenario->warm_up;
    o->years = scenario->years;
    o->year = (int64_t)round(1.0 / scenario->years);
    o->strategy = -2;
    o->consumer = calloc(n, sizeof *o->consumer);
    o->relation = calloc((size_t)n * (size_t)o->firms, sizeof *o->relation);
    int ret = o->consumer == NULL || o->relation == NULL ? gw_fail(error, GW_FAILED, "oracle: out of memory") : 0;
    if (ret == 0) {
        settle_segments(o);
        ret = oracle_put_in_force(o, -1, error);
    }
    if (ret != 0) {
        oracle_free(o);
        return NULL;
    }
    for (uint32_t i = 0; i < n; i++) {
        born(o, i);
    }
    return o;
}

void oracle_free(struct oracle *o)
{
    if (o != NULL) {
        free(o->consumer);
        free(o->relation);
        free(o->book);
        free(o->event);
        free(o);
    }
}

static void *duplicate(const void *from, size_t size)
{
    void *to = malloc(size > 0 ? size : 1);
    if (to != NULL && size > 0) {
        memcpy(to, from, size);
    }
    return to;
}

struct oracle *oracle_copy(const struct oracle *o)
{
    const size_t n = o->scenario->population, firms = (size_t)o->firms;
    struct oracle *copy = duplicate(o, sizeof *o);
    if (copy == NULL) {
        return NULL;
    }
    copy->consumer = duplicate(o->consumer, n * sizeof *o->consumer);
    copy->relation = duplicate(o->relation, n * firms * sizeof *o->relation);
    copy->book = duplicate(o->book, (size_t)o->t * firms * sizeof *o->book);
    copy->event = duplicate(o->event, o->events * sizeof *o->event);
    copy->event_room = o->events;
    if (copy->consumer == NULL || copy->relation == NULL || copy->book == NULL || copy->event == NULL) {
        oracle_free(copy);
        return NULL;
    }
    return copy;
}

/* ------------------------------------------------------------------ a period */

/* `retained` looks back to the start of the current year, counted in whole years from the origin. */
static int64_t start_of_year(const struct oracle *o)
{
    const int64_t since_origin = o->t - o->origin;
    const int64_t into_year = (since_origin % o->year + o->year) % o->year;
    return o->t - into_year;
}

static void count_stocks(struct oracle *o)
{
    const double year_start = (double)start_of_year(o);
    for (uint32_t i = 0; i < o->scenario->population; i++) {
        for (int f = 0; f < o->firms; f++) {
            const struct relation *r = relation_of(o, i, f);
            const bool customer = r->state == CUSTOMER;
            o->tally[ACTIVE][0][f] += customer;
            o->tally[SURVIVORS][0][f] += customer && r->since <= (double)o->origin;
            o->tally[RETAINED][0][f] += customer && r->since <= year_start;
            o->tally[RECENT_BUYERS][0][f] += r->last_purchase >= 0 && r->last_purchase > o->t - o->year;
        }
    }
}

static void keep_books(struct oracle *o)
{
    struct book *book = &o->book[(size_t)o->t * (size_t)o->firms];
    memset(book, 0, (size_t)o->firms * sizeof *book);
    for (size_t k = 0; k < o->events; k++) {
        const struct oracle_event *e = &o->event[k];
        book[e->firm].account[e->debit] += e->micro;
        book[e->firm].account[e->credit] -= e->micro;
    }
    for (int f = 0; f < o->firms; f++) {
        book[f].active = o->tally[ACTIVE][0][f];
        book[f].retained = o->tally[RETAINED][0][f];
    }
}

static int open_book(struct oracle *o, struct gw_error *error)
{
    struct book *book = realloc(o->book, (size_t)(o->t + 1) * (size_t)o->firms * sizeof *book);
    if (book == NULL) {
        return gw_fail(error, GW_FAILED, "oracle: out of memory");
    }
    o->book = book;
    return 0;
}

int oracle_period(struct oracle *o, int strategy, struct gw_error *error)
{
    int ret = oracle_put_in_force(o, strategy, error);
    if (ret == 0) {
        ret = open_book(o, error);
    }
    if (ret != 0) {
        return ret;
    }
    o->events = 0;
    oracle_move_levers(o);
    oracle_act(o);
    memset(o->tally, 0, sizeof o->tally); /* after act, which reads the questions of the period before */
    for (uint32_t i = 0; i < o->scenario->population; i++) {
        oracle_live(o, i);
    }
    count_stocks(o);
    keep_books(o);
    o->t++;
    return o->out_of_memory ? gw_fail(error, GW_FAILED, "oracle: out of memory") : 0;
}

/* ------------------------------------------------------------------ questions */

int64_t oracle_now(const struct oracle *o)
{
    return o->t;
}

static const struct {
    const char *name;
    int labels;
} tallies[TALLIES] = {
    [ACTIVE] = {"active", 1},
    [SURVIVORS] = {"survivors", 1},
    [RETAINED] = {"retained", 1},
    [RECENT_BUYERS] = {"recent_buyers", 1},
    [JOINED] = {"joined", 1},
    [WON_BACK] = {"won_back", 1},
    [LEFT] = {"left", 6},
    [HEARD] = {"heard", 2},
    [QUESTIONS] = {"questions", 1},
    [UNANSWERED] = {"unanswered", 1},
    [GIVEN_UP] = {"given_up", 1},
    [FAILURES] = {"failures", 1},
    [COMPLAINTS] = {"complaints", 1},
    [REPAIRS] = {"repairs", 1},
    [ANSWERS] = {"answers", 3},
    [EXPERIENCES] = {"experiences", 2},
    [TOLD] = {"told", 2},
    [PURCHASES] = {"purchases", 1},
    [VALUE_BASE] = {"value_base", 1},
    [VALUE_NEW] = {"value_new", 1},
};

int64_t oracle_tally(const struct oracle *o, const char *name, int label, int firm)
{
    for (int k = 0; k < TALLIES; k++) {
        if (strcmp(name, tallies[k].name) == 0 && label >= 0 && label < tallies[k].labels && firm >= 0 &&
            firm < o->firms) {
            return o->tally[k][label][firm];
        }
    }
    return -1;
}

double oracle_column(const struct oracle *o, const char *name, uint32_t i, int f)
{
    const struct consumer *c = &o->consumer[i];
    const struct relation *r = relation_of(o, i, f);
    const struct {
        const char *name;
        double value;
    } columns[] = {
        {"state", r->state},
        {"relation_state", r->state},
        {"since", r->since},
        {"first_payment", r->first_payment},
        {"last_purchase", (double)r->last_purchase},
        {"barred_until", r->barred_until},
        {"attitude", r->attitude},
        {"expectation", r->expectation},
        {"remembered", r->remembered},
        {"memory_good", r->good},
        {"memory_good_weight", r->good_weight},
        {"memory_bad", r->bad},
        {"memory_bad_weight", r->bad_weight},
        {"taste", r->taste},
        {"life", r->life},
        {"last_slot", c->last_slot},
        {"contract", c->contract},
        {"contract_since", (double)c->contract_since},
        {"survey_trait", c->survey_trait},
    };
    for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++) {
        if (strcmp(name, columns[k].name) == 0) {
            return columns[k].value;
        }
    }
    double value;
    return oracle_own_parameter(c, name, &value) ? value : NAN;
}

double oracle_firm(const struct oracle *o, const char *name, int f)
{
    const struct firm *firm = &o->firm[f];
    double value;
    if (strcmp(name, "load") == 0) {
        return firm->load;
    }
    if (strcmp(name, "share_unanswered") == 0) {
        return firm->share_unanswered;
    }
    if (strcmp(name, "treatment_quality") == 0) {
        return firm->quality;
    }
    return oracle_firm_parameter(firm, name, &value) ? value : NAN;
}

int64_t oracle_ledger(const struct oracle *o, enum gw_account account, int firm)
{
    return o->t == 0 ? 0 : o->book[(size_t)(o->t - 1) * (size_t)o->firms + (size_t)firm].account[account];
}

const struct oracle_event *oracle_events(const struct oracle *o, size_t *events)
{
    *events = o->events;
    return o->event;
}
