/*
 * Birth, periods, and what can be asked of the oracle.
 */
#include "oracle_internal.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ birth */

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
    o->slots = scenario->relations < scenario->firms ? scenario->relations : scenario->firms;
    o->origin = scenario->warm_up;
    o->years = scenario->years;
    o->year = (int64_t)round(1.0 / scenario->years);
    o->strategy = -2;
    o->living = -1;
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
    oracle_firms_begin(o);
    for (uint32_t i = 0; i < n; i++) {
        oracle_born(o, i);
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

static void encounter(struct oracle *o, uint32_t i, struct visit *v)
{
    oracle_fail(o, i, v);
    oracle_experience(o, i, v);
    oracle_remember(o, i, v);
    oracle_leave(o, i, v);
    oracle_order(o, i, v);
    oracle_tell(o, i, v);
    oracle_account(o, i, v);
    oracle_close_encounter(o, i, v);
}

/* What was set apart is lived through afterwards, by what is left of the visit: the need, the firm, the question and
 * the caps. An order that was due has been paid. */
static void encounters(struct oracle *o, uint32_t i, struct visit *v)
{
    struct visit apart = *v;
    encounter(o, i, v);
    if (v->apart > 0 && !v->ended) {
        apart.purchases = v->apart;
        apart.before = v->purchases;
        apart.orders_due = 0;
        apart.due = false;
        apart.contracted = true;
        o->apart = true;
        encounter(o, i, &apart);
        o->apart = false;
    }
}

/* Consumers touch each other only through messages, announcements, and what firms count, all of which matter a
 * period later: so a consumer can live the whole period before the next begins. */
static void live(struct oracle *o, uint32_t i)
{
    struct visit v = {.firm = -1};
    oracle_hear(o, i);
    oracle_need(o, i, &v);
    if (v.occasions > 0) {
        oracle_choose(o, i, &v);
        oracle_ask(o, i, &v);
    }
    if (v.firm >= 0) {
        oracle_buy(o, i, &v);
        if (v.purchases > 0 || v.contracted) {
            encounters(o, i, &v);
        }
    }
    oracle_close_row(o, i);
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
    memcpy(o->before, o->tally, sizeof o->tally);
    memset(o->tally, 0, sizeof o->tally);
    memset(o->of_segment, 0, sizeof o->of_segment);
    oracle_move_levers(o);
    oracle_open(o);
    oracle_act(o);
    oracle_serve(o);
    for (uint32_t i = 0; i < o->scenario->population; i++) {
        o->living = o->consumer[i].segment;
        live(o, i);
    }
    o->living = -1;
    keep_books(o);
    o->t++;
    return o->out_of_memory ? gw_fail(error, GW_FAILED, "oracle: out of memory") : 0;
}

/* ------------------------------------------------------------------ questions */

int64_t oracle_now(const struct oracle *o)
{
    return o->t;
}

static const char *const alone[] = {"", NULL};
static const char *const signs[] = {"positive", "negative", NULL};
static const char *const answers[] = {"detractors", "passives", "promoters", NULL};
static const char *const channels[] = {"email", "phone", "store", "social", "web", "chat", NULL};
static const char *const stars[] = {"1", "2", "3", "4", "5", NULL};
static const char *const miles[] = {"1", "2", "3", "4", "5", "beyond", NULL};
static const char *const levels[] = {"none", "satisfied", "delighted", "unique", "motivated", "loyal", NULL};
static const char *const cohorts[] = {"start",  "year 1", "year 2", "year 3", "year 4", "year 5",
                                      "year 6", "year 7", "year 8", "year 9", "later",  NULL};
static const char *const causes[] = {"service",  "failure", "price",     "fatigue", "renewal", "dropout",
                                     "lifetime", "fired",   "forgotten", "closure", NULL};

static const struct {
    const char *name;
    const char *const *labels; /* NULL-terminated */
} tallies[TALLIES] = {
    [ACTIVE] = {"active", alone},
    [SURVIVORS] = {"survivors", alone},
    [RETAINED] = {"retained", alone},
    [RECENT_BUYERS] = {"recent_buyers", alone},
    [COHORT_ACTIVE] = {"cohort_active", cohorts},
    [JOINED] = {"joined", alone},
    [WON_BACK] = {"won_back", alone},
    [LEFT] = {"left", causes},
    [HEARD] = {"heard", signs},
    [QUESTIONS] = {"questions", channels},
    [UNANSWERED] = {"unanswered", channels},
    [GIVEN_UP] = {"given_up", channels},
    [WAITING] = {"waiting", channels},
    [HOSTILE] = {"hostile", channels},
    [WRONGLY_FIRED] = {"wrongly_fired", alone},
    [UTILISATION] = {"utilisation", alone},
    [BURNT_OUT] = {"burnout", alone},
    [EROSION] = {"erosion", alone},
    [SHIFT] = {"process_shift", alone},
    [FAILURES] = {"failures", alone},
    [COMPLAINTS] = {"complaints", alone},
    [REPAIRS] = {"repairs", alone},
    [ANSWERS] = {"answers", answers},
    [TRUE_ANSWERS] = {"true_answers", answers},
    [CSAT] = {"csat", stars},
    [EXPERIENCES] = {"experiences", signs},
    [EXPERIENCE_SUM] = {"experience_sum", alone},
    [EXPERIENCE_SQUARES] = {"experience_squares", alone},
    [DISCONFIRMATION] = {"disconfirmation", signs},
    [TOLD] = {"told", signs},
    [PURCHASES] = {"purchases", alone},
    [VALUE_BASE] = {"value_base", alone},
    [VALUE_NEW] = {"value_new", alone},
    [FIRMS_CLOSED] = {"firms_closed", alone},
    [CLOSURES] = {"closures", alone},
    [NOT_AWARE] = {"unaware", alone},
    [NEWLY_AWARE] = {"newly_aware", alone},
    [FORGOT] = {"forgot", alone},
    [SEEDS] = {"seeds", alone},
    [ENTERED] = {"entered", alone},
    [OUT] = {"dropped", alone},
    [FOLLOWED] = {"follow_ups", alone},
    [VALUE_SEEN] = {"value_seen", alone},
    [VALUE_COUNTED] = {"value_counted", alone},
    [REFERRED] = {"referrals", alone},
    [LEFT_LEVEL] = {"left_level", levels},
    [MET_LEVEL] = {"met_level", levels},
    [LEVEL] = {"pyramid", levels},
    [PUBLISHED] = {"reviews", stars},
    [EXPERIENCED_STARS] = {"experienced_stars", stars},
    [PRICE_FOLLOWED] = {"price_followed", alone},
    [RIVALS] = {"rivals", miles},
    [RIVALS_CLOSED] = {"rivals_closed", miles},
    [SPEND_FOLLOWED] = {"spend_followed", alone},
};

/* NULL: no such tally, label or firm. */
static const int64_t *find(const struct oracle *o, const int64_t tally[TALLIES][MAX_LABELS][MAX_FIRMS],
                           const char *name, const char *label, int firm)
{
    for (int k = 0; k < TALLIES; k++) {
        for (int l = 0; strcmp(name, tallies[k].name) == 0 && tallies[k].labels[l] != NULL; l++) {
            if (strcmp(label, tallies[k].labels[l]) == 0 && firm >= 0 && firm < o->firms) {
                return &tally[k][l][firm];
            }
        }
    }
    return NULL;
}

int64_t oracle_tally(const struct oracle *o, const char *name, const char *label, int firm)
{
    const int64_t *found = find(o, o->tally, name, label, firm);
    return found == NULL ? -1 : *found;
}

int64_t oracle_segment_tally(const struct oracle *o, int segment, const char *name, const char *label, int firm)
{
    const bool known = segment >= 0 && segment < MAX_SEGMENTS && segment < o->scenario->segments;
    const int64_t *found = known ? find(o, o->of_segment[segment], name, label, firm) : NULL;
    return found == NULL ? -1 : *found;
}

int oracle_slot(const struct oracle *o, uint32_t i, int k)
{
    return o->consumer[i].slot[k];
}

/* The slot that a firm is in; -1. */
static int slot_of(const struct oracle *o, const struct consumer *c, int f)
{
    for (int k = 0; k < o->slots; k++) {
        if (f >= 0 && c->slot[k] == f) {
            return k;
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
        {"relation_state", r->state},
        {"since", r->since},
        {"first_payment", r->first_payment},
        {"last_purchase", (double)r->last_purchase},
        {"barred_until", r->barred_until},
        {"aware", r->aware},
        {"informed", r->informed},
        {"attitude", r->attitude},
        {"expectation", r->expectation},
        {"remembered", r->remembered},
        {"trust", r->trust},
        {"promise_gap", r->gap},
        {"level", r->level},
        {"fatigue", r->fatigue},
        {"gratitude", r->gratitude},
        {"distance", r->distance},
        {"taste", r->taste},
        {"life", r->life},
        {"last_slot", slot_of(o, c, c->last_firm)},
        {"contract", slot_of(o, c, c->contract)},
        {"contract_since", (double)c->contract_since},
        {"channel", c->channel},
        {"scoring_trait", c->survey_trait},
        {"value_misjudged", c->value_misjudged},
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
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        {"cash", firm->cash},
        {"open", firm->open},
        {"reach", firm->reach},
        {"utilisation", firm->utilisation},
        {"burnout", firm->burnout},
        {"staff_quality", firm->staff_quality},
        {"staff_speed", firm->staff_speed},
        {"staff_present", firm->staff_present},
        {"service_standard", firm->standard},
        {"service_practice", firm->practice},
        {"process_shift", firm->process.shift},
        {"rating", firm->rating},
        {"treatment_quality", firm->quality},
    };
    for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
        if (strcmp(name, numbers[k].name) == 0) {
            return numbers[k].value;
        }
    }
    double value;
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
