/*
 * How firms and consumers find each other: the start, messages, and the phase hear.
 */
#include "oracle_internal.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ what a relation starts with */

static void disc(double radius, double a, double b, double out[2])
{
    out[0] = radius * sqrt(a) * cos(2.0 * M_PI * b);
    out[1] = radius * sqrt(a) * sin(2.0 * M_PI * b);
}

static void place(const struct oracle *o, int f, double at[2])
{
    const struct firm_numbers *is = &o->firm[f].is;
    disc(is->scatter, oracle_start(o, DISTANCE, (uint32_t)f, 2, 0), oracle_start(o, DISTANCE, (uint32_t)f, 2, 1), at);
    at[0] += is->place_x;
    at[1] += is->place_y;
}

static double distance(const struct oracle *o, uint32_t i, int f)
{
    const double *home = o->consumer[i].home;
    if (o->market.area_radius == 0.0) {
        return 0.0;
    }
    double at[2];
    place(o, f, at);
    return hypot(at[0] - home[0], at[1] - home[1]);
}

void oracle_count_rivals(struct oracle *o, int f)
{
    double here[2], there[2];
    place(o, f, here);
    for (int g = 0; g < o->firms && o->market.area_radius != 0.0; g++) {
        place(o, g, there);
        const int mile = (int)fmin(5.0, floor(hypot(here[0] - there[0], here[1] - there[1])));
        count(o, RIVALS, mile, f, g != f);
        count(o, RIVALS_CLOSED, mile, f, g != f && o->firm[g].closed);
    }
}

static double taste(const struct oracle *o, uint32_t i, int f)
{
    const double sd = o->consumer[i].own.taste_sd;
    return sd == 0.0 ? 0.0 : sd * oracle_normal(oracle_start(o, CHOICE, i, 1 + (uint32_t)f, 0));
}

static double life(const struct oracle *o, uint32_t i, int f)
{
    const double rate = o->consumer[i].own.lifetime_rate;
    return rate == 0.0 ? INFINITY : -log(oracle_start(o, LIFETIME, i, 1 + (uint32_t)f, 0)) / (rate * o->years);
}

/* What is on its way to i about f arrives whatever becomes of the relation. */
static void fresh(const struct oracle *o, uint32_t i, int f)
{
    struct relation *r = relation_of(o, i, f);
    *r = (struct relation){
        .state = AWARE,
        .since = -1.0,
        .first_payment = -1.0,
        .last_purchase = -1,
        .aware = true,
        .attitude = o->market.attitude_start,
        .expectation = o->consumer[i].own.expectation_start,
        .trust = o->market.trust_start,
        .taste = taste(o, i, f),
        .life = life(o, i, f),
        .distance = distance(o, i, f),
        .post = {r->post[0], r->post[1]},
    };
}

/* ------------------------------------------------------------------ messages and announcements */

uint32_t oracle_degree(const struct oracle *o, uint32_t i)
{
    return o->network->complete ? o->scenario->population - 1
                                : (uint32_t)(o->network->offset[i + 1] - o->network->offset[i]);
}

/* The others in ascending order of ids. */
static uint32_t neighbour(const struct oracle *o, uint32_t i, uint32_t k)
{
    if (o->network->complete) {
        return k < i ? k : k + 1;
    }
    return o->network->neighbour[o->network->offset[i] + k];
}

/* Message m goes to a neighbour at random; on a complete network the draw's 32 bits count, elsewhere its uniform. */
static uint32_t addressee(const struct oracle *o, uint32_t i, uint32_t m)
{
    const uint32_t degree = oracle_degree(o, i);
    if (o->network->complete) {
        const uint64_t bits = oracle_bits(o, TELLING, i, o->t, 1, m >> 2, m & 3);
        return neighbour(o, i, (uint32_t)(degree * bits >> 32));
    }
    return neighbour(o, i, (uint32_t)floor(oracle_single(o, TELLING, i, 1, m) * degree));
}

void oracle_send(struct oracle *o, uint32_t i, int f, enum sign sign, uint32_t m)
{
    if (oracle_degree(o, i) > 0) {
        uint32_t *heard = &relation_of(o, addressee(o, i, m), f)->post[(o->t + 1) & 1].message[sign];
        *heard += *heard < 65535;
    }
}

/* To all neighbours, once while the firm is in the slot. On a complete network tallies do it. */
static void announce(struct oracle *o, uint32_t i, int f, int64_t arrives)
{
    bool *done = &relation_of(o, i, f)->announced;
    if (*done) {
        return;
    }
    *done = true;
    for (uint32_t k = 0; !o->network->complete && k < oracle_degree(o, i); k++) {
        relation_of(o, neighbour(o, i, k), f)->post[arrives & 1].announced++;
    }
}

/* ------------------------------------------------------------------ consideration */

static bool in_slot(const struct oracle *o, uint32_t i, int f)
{
    for (int k = 0; k < o->slots; k++) {
        if (o->consumer[i].slot[k] == f) {
            return true;
        }
    }
    return false;
}

static double liking(const struct oracle *o, uint32_t i, int f)
{
    return o->firm[f].is.appeal + taste(o, i, f) - o->consumer[i].own.distance_cost * distance(o, i, f);
}

/* Firms always considered, then those liked best with luck, take the slots in this order. */
static void seat(struct oracle *o, uint32_t i)
{
    struct consumer *c = &o->consumer[i];
    double score[MAX_FIRMS];
    for (int f = 0; f < o->firms; f++) {
        const double u = oracle_start(o, CONSIDERATION, i, 1 + (uint32_t)f, 0);
        score[f] = o->firm[f].is.always_considered != 0.0 ? INFINITY : liking(o, i, f) - log(-log(u));
    }
    for (int k = 0; k < o->slots; k++) {
        int best = 0;
        for (int f = 1; f < o->firms; f++) {
            best = score[f] > score[best] ? f : best;
        }
        c->slot[k] = best;
        score[best] = -INFINITY;
    }
}

/* Of the messages about firms in no slot, the one with the largest (h, f). */
static int candidate_of_messages(const struct oracle *o, uint32_t i)
{
    int candidate = -1;
    uint32_t largest = 0;
    for (int f = 0; f < o->firms; f++) {
        const uint32_t *n = relation_of(o, i, f)->post[o->t & 1].message;
        if ((n[POSITIVE] > 0 || n[NEGATIVE] > 0) && !in_slot(o, i, f)) {
            const uint32_t h =
                oracle_bits(o, TELLING, i, o->t - 1, 1 + (uint32_t)f, UINT32_C(1) << 31 | 65535, 0) >> 11;
            if (candidate < 0 || h >= largest) {
                candidate = f;
                largest = h;
            }
        }
    }
    return candidate;
}

/* The first f at which the cumulated share of weights exceeds x. */
static int drawn(const double weight[], int n, double x)
{
    double all = 0.0, sum = 0.0;
    for (int f = 0; f < n; f++) {
        all += weight[f];
    }
    for (int f = 0; f < n; f++) {
        sum += weight[f];
        if (sum / all > x) {
            return f;
        }
    }
    return -1;
}

static int firm_met(const struct oracle *o, uint32_t i)
{
    double popular[MAX_FIRMS], reached[MAX_FIRMS], reach = 0.0;
    for (int f = 0; f < o->firms; f++) {
        popular[f] = o->firm[f].open * exp(o->firm[f].is.appeal);
        reached[f] = o->firm[f].reach;
        reach += reached[f];
    }
    const double exploration = o->consumer[i].own.exploration, rate = exploration + reach;
    if (!(oracle_group(o, CONSIDERATION, i, 0, 0) < -expm1(-rate * o->years))) {
        return -1;
    }
    const double v = oracle_single(o, CONSIDERATION, i, 0, 0) * rate;
    return v < exploration ? drawn(popular, o->firms, v / exploration)
                           : drawn(reached, o->firms, (v - exploration) / reach);
}

static double score(const struct oracle *o, uint32_t i, int f)
{
    const struct consumer *c = &o->consumer[i];
    const struct relation *r = relation_of(o, i, f);
    return o->firm[f].is.appeal + r->taste + c->own.attitude_weight * (r->attitude - 0.5) +
           c->own.inertia * (c->last_firm == f) - c->own.distance_cost * r->distance;
}

/* The slot of a firm under contract, or always considered. */
static bool is_kept(const struct oracle *o, uint32_t i, int f)
{
    return f >= 0 && (o->consumer[i].contract == f || o->firm[f].is.always_considered != 0.0);
}

static bool is_free(const struct oracle *o, uint32_t i, int f)
{
    return f < 0 || !o->firm[f].open || !relation_of(o, i, f)->aware;
}

/* The slot that firm f takes, or -1. */
static int place_for(const struct oracle *o, uint32_t i, int f)
{
    const struct consumer *c = &o->consumer[i];
    const double of_newcomer = liking(o, i, f) + c->own.attitude_weight * (o->market.attitude_start - 0.5);
    int worst = -1;
    for (int k = 0; k < o->slots; k++) {
        const int there = c->slot[k];
        if (!is_kept(o, i, there) && is_free(o, i, there)) {
            return k;
        }
    }
    for (int k = 0; k < o->slots; k++) {
        const int there = c->slot[k];
        if (is_kept(o, i, there) || relation_of(o, i, there)->barred_until > (double)o->t) {
            continue;
        }
        if (worst < 0 || score(o, i, there) < score(o, i, c->slot[worst])) {
            worst = k;
        }
    }
    return worst >= 0 && of_newcomer > score(o, i, c->slot[worst]) ? worst : -1;
}

static void leave_slot(struct oracle *o, uint32_t i, int f)
{
    struct consumer *c = &o->consumer[i];
    count(o, LEFT, FORGOTTEN, f, relation_of(o, i, f)->state == CUSTOMER);
    count(o, OUT, 0, f, 1);
    c->last_firm = c->last_firm == f ? -1 : c->last_firm;
    c->contract = c->contract == f ? -1 : c->contract;
    fresh(o, i, f);
}

/* At most one candidate a period. */
static int newcomer(const struct oracle *o, uint32_t i)
{
    const int told = candidate_of_messages(o, i);
    const int f = told >= 0 ? told : firm_met(o, i);
    return f >= 0 && o->firm[f].open && !in_slot(o, i, f) ? f : -1;
}

static void consider(struct oracle *o, uint32_t i)
{
    if (o->slots == o->firms) {
        return;
    }
    const int f = newcomer(o, i), k = f >= 0 ? place_for(o, i, f) : -1;
    if (k < 0) {
        return;
    }
    int *slot = &o->consumer[i].slot[k];
    if (*slot >= 0) {
        leave_slot(o, i, *slot);
    }
    *slot = f;
    fresh(o, i, f);
    count(o, ENTERED, 0, f, 1);
}

/* ------------------------------------------------------------------ start */

/* The first firm f with u < initial_share_0 + ... + initial_share_f, or none. */
static int first_firm(const struct oracle *o, uint32_t i)
{
    const double u = oracle_start(o, RELATION, i, oracle_fnv("initial_share"), 0);
    double share = 0.0;
    for (int f = 0; f < o->firms; f++) {
        share += o->firm[f].is.initial_share;
        if (u < share) {
            return f;
        }
    }
    return -1;
}

static enum channel channel(const struct oracle *o, uint32_t i)
{
    const double *weight = o->consumer[i].own.channel_share;
    const int c = drawn(weight, CHANNELS, oracle_start(o, CHANNEL, i, 1, 0));
    return c < 0 ? PHONE : (enum channel)c;
}

static void begin(struct oracle *o, uint32_t i, int f, bool customer)
{
    struct relation *r = relation_of(o, i, f);
    if (customer) {
        r->state = CUSTOMER;
        r->since = r->first_payment = 0.0;
        o->active_first[f]++;
    }
    r->aware = customer || oracle_start(o, AWARENESS, i, 1 + (uint32_t)f, 0) < o->firm[f].is.aware_at_start;
    count(o, r->aware ? NEWLY_AWARE : NOT_AWARE, 0, f, 1); /* what period 0 finds as of the period before */
    if (r->aware) {
        announce(o, i, f, 0);
    }
}

void oracle_born(struct oracle *o, uint32_t i)
{
    struct consumer *c = &o->consumer[i];
    c->survey_trait = oracle_normal(oracle_start(o, SURVEY, i, 1, 0));
    c->value_misjudged = oracle_normal(oracle_start(o, EFFORT, i, 1, 0));
    c->channel = channel(o, i);
    disc(o->market.area_radius, oracle_start(o, DISTANCE, i, 1, 0), oracle_start(o, DISTANCE, i, 1, 1), c->home);
    for (int k = 0; k < o->slots; k++) {
        c->slot[k] = k;
    }
    if (o->slots < o->firms) {
        seat(o, i);
    }
    const int own = first_firm(o, i);
    for (int f = 0; f < o->firms; f++) {
        fresh(o, i, f);
    }
    for (int k = 0; k < o->slots; k++) {
        begin(o, i, c->slot[k], c->slot[k] == own);
    }
    c->last_firm = -1;
    c->contract = o->scenario->contractual && own >= 0 && in_slot(o, i, own) ? own : -1;
    c->contract_since = 0;
}

/* ------------------------------------------------------------------ hear */

/* A moves back to its start; then good and bad messages close parts of the distance to 1 and 0. */
static void hear_attitude(const struct oracle *o, struct relation *r)
{
    const struct market *m = &o->market;
    const uint32_t *n = r->post[o->t & 1].message;
    const bool customer = r->state == CUSTOMER;
    const double up = m->hearing_up * (customer ? m->customer_up : 1.0);
    const double down = m->hearing_down * (customer ? m->customer_down : 1.0);
    const double u = 1.0 - pow(1.0 - up, n[POSITIVE]), v = 1.0 - pow(1.0 - down, n[NEGATIVE]);
    r->attitude += (m->attitude_start - r->attitude) * o->hearsay_fades;
    r->attitude += u * (1.0 - r->attitude) - v * r->attitude;
}

/* Probability of learning of the firm without a message. */
static double learns(const struct oracle *o, uint32_t i, int f, uint32_t announced)
{
    const struct market *m = &o->market;
    const uint32_t degree = oracle_degree(o, i);
    double share = degree > 0 ? relation_of(o, i, f)->informed / (double)degree : 0.0, k = announced;
    if (o->network->complete) {
        share = 1.0 - (double)o->before[NOT_AWARE][0][f] / o->scenario->population;
        k = (double)o->before[NEWLY_AWARE][0][f];
    }
    return 1.0 - pow(1.0 - m->passing, k) * exp(-(o->firm[f].reach + m->contagion * share) * o->years);
}

static void hear_awareness(struct oracle *o, uint32_t i, int f)
{
    struct relation *r = relation_of(o, i, f);
    const struct post *post = &r->post[o->t & 1];
    const bool heard = r->seeded || post->message[POSITIVE] + post->message[NEGATIVE] > 0;
    const double u = oracle_group(o, AWARENESS, i, 1 + (uint32_t)f, 0);
    r->informed += post->announced;
    if (!r->aware) {
        r->aware = heard || u < learns(o, i, f, post->announced);
        count(o, NEWLY_AWARE, 0, f, r->aware);
        if (r->aware) {
            announce(o, i, f, o->t + 1);
        }
    } else if (r->state != CUSTOMER && !heard && u < -expm1(-o->market.forgetting * o->years)) {
        r->aware = false;
        count(o, FORGOT, 0, f, 1);
    }
    count(o, NOT_AWARE, 0, f, !r->aware);
}

static double per_week(double per_month)
{
    return per_month * 12.0 / 52.0;
}

static void hear_contacts(const struct oracle *o, struct relation *r, int f)
{
    const double memory = o->market.fatigue_weeks, keeps = exp(-52.0 * o->years / memory);
    const double n = r->state == CUSTOMER ? per_week(o->firm[f].is.contacts) : 0.0;
    r->fatigue = r->fatigue * keeps + n * (1.0 - keeps) * memory;
}

static void hear_referral(const struct oracle *o, struct relation *r)
{
    r->gratitude *= exp(-o->years / o->market.referral_life);
}

void oracle_hear(struct oracle *o, uint32_t i)
{
    for (int k = 0; k < o->slots; k++) {
        const int f = o->consumer[i].slot[k];
        if (f >= 0) {
            struct relation *r = relation_of(o, i, f);
            hear_attitude(o, r);
            hear_awareness(o, i, f);
            hear_contacts(o, r, f);
            hear_referral(o, r);
            count(o, HEARD, POSITIVE, f, r->post[o->t & 1].message[POSITIVE]);
            count(o, HEARD, NEGATIVE, f, r->post[o->t & 1].message[NEGATIVE]);
        }
    }
    consider(o, i);
    for (int f = 0; f < o->firms; f++) {
        relation_of(o, i, f)->post[o->t & 1] = (struct post){{0, 0}, 0};
    }
}
