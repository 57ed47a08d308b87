/*
 * The end of a period: the phases close and count.
 */
#include "oracle_internal.h"

#include <math.h>

/* ------------------------------------------------------------------ close: encounters */

static void close_inertia(struct oracle *o, uint32_t i, const struct visit *v)
{
    struct consumer *c = &o->consumer[i];
    if (v->orders > 0) {
        c->last_firm = v->firm;
    }
    if (v->ended && c->last_firm == v->firm) {
        c->last_firm = -1;
    }
}

static double barred_until(const struct oracle *o, uint32_t i, const struct visit *v)
{
    if (v->cause == DROPPED || v->cause == DIED || v->cause == FIRED) {
        return NEVER;
    }
    if (v->cause == ENDED) {
        return (double)o->t + 1.0;
    }
    const double u = oracle_single(o, RELATION, i, 1 + (uint32_t)v->firm, 0);
    return (double)o->t + 1.0 - log(u) * o->market.avoidance / o->years;
}

static void close_relation(struct oracle *o, uint32_t i, const struct visit *v)
{
    struct relation *r = relation_of(o, i, v->firm);
    if (v->orders > 0) {
        if (r->state != CUSTOMER) {
            count(o, r->state == FORMER ? WON_BACK : JOINED, 0, v->firm, 1);
            r->state = CUSTOMER;
            r->since = (double)o->t + 0.5;
            r->first_payment = r->first_payment < 0.0 ? r->since : r->first_payment;
        }
        r->last_purchase = o->t;
    }
    if (v->ended) {
        r->state = FORMER;
        r->since = -1.0; /* no spell */
        count(o, LEFT, (int)v->cause, v->firm, 1);
        r->barred_until = barred_until(o, i, v);
    }
}

static void close_renewal(struct oracle *o, uint32_t i, const struct visit *v)
{
    struct consumer *c = &o->consumer[i];
    if (!o->scenario->contractual) {
        return;
    }
    if (v->ended) {
        c->contract = -1;
    } else if (!v->contracted) {
        c->contract = v->firm;
        c->contract_since = o->t;
    }
}

void oracle_close_encounter(struct oracle *o, uint32_t i, const struct visit *v)
{
    close_inertia(o, i, v);
    close_relation(o, i, v);
    close_renewal(o, i, v);
}

/* ------------------------------------------------------------------ close: rows */

static void part(struct oracle *o, uint32_t i, int f, enum cause cause)
{
    struct relation *r = relation_of(o, i, f);
    r->state = FORMER;
    r->since = -1.0;
    count(o, LEFT, (int)cause, f, 1);
}

/* Firms that are not open lose all; lifetimes run out in silence. */
static void close_relations(struct oracle *o, uint32_t i, int f)
{
    struct relation *r = relation_of(o, i, f);
    if (r->state != CUSTOMER) {
        return;
    }
    if (!o->firm[f].open) {
        part(o, i, f, CLOSED);
    } else if (r->first_payment + r->life <= (double)o->t + 1.0) {
        part(o, i, f, DIED);
        r->barred_until = NEVER;
    }
}

/* `retained` looks back to the start of the current year, counted in whole years from the origin. */
static int64_t start_of_year(const struct oracle *o)
{
    const int64_t since_origin = o->t - o->origin;
    const int64_t into_year = (since_origin % o->year + o->year) % o->year;
    return o->t - into_year;
}

static void count_stocks(struct oracle *o, uint32_t i, int f)
{
    const struct relation *r = relation_of(o, i, f);
    const bool customer = r->state == CUSTOMER;
    count(o, ACTIVE, 0, f, customer);
    count(o, SURVIVORS, 0, f, customer && r->since <= (double)o->origin);
    count(o, RETAINED, 0, f, customer && r->since <= (double)start_of_year(o));
    count(o, RECENT_BUYERS, 0, f, r->last_purchase >= 0 && r->last_purchase > o->t - o->year);
}

/* At the end of the k-th year since the origin, k = 1, 2, ...: by the year in which the customer came. */
static void count_cohorts(struct oracle *o, uint32_t i, int f)
{
    const struct relation *r = relation_of(o, i, f);
    const int64_t end = o->t + 1 - o->origin;
    if (end < o->year || end % o->year != 0 || r->state != CUSTOMER) {
        return;
    }
    const double year = ceil((r->since - (double)o->origin) / (double)o->year);
    count(o, COHORT_ACTIVE, year <= 0.0 ? 0 : year <= 9.0 ? (int)year : 10, f, true);
}

static void count_pyramid(struct oracle *o, uint32_t i, int f)
{
    struct relation *r = relation_of(o, i, f);
    r->level = r->state == CUSTOMER ? r->level : 0;
    count(o, LEVEL, r->level, f, r->state == CUSTOMER);
}

/* Samples go out in one period, the first that begins at seed_time or later. */
static void give_samples(struct oracle *o, uint32_t i, int f)
{
    const struct firm *firm = &o->firm[f];
    const double now = (double)(o->t - o->origin);
    const bool time = now * o->years >= firm->is.seed_time && (now - 1.0) * o->years < firm->is.seed_time;
    const bool many = o->network->complete || (double)oracle_degree(o, i) >= firm->is.seed_neighbours;
    const double u = oracle_single(o, SEEDING, i, 1 + (uint32_t)f, 0);
    const bool seeded = firm->open && time && many && u < firm->is.seed_share;
    relation_of(o, i, f)->seeded = seeded;
    count(o, SEEDS, 0, f, seeded);
    if (seeded) {
        oracle_post(o, "samples", f, i, GW_ADVERTISING, GW_CASH, firm->is.seed_cost);
    }
}

void oracle_close_row(struct oracle *o, uint32_t i)
{
    const struct consumer *c = &o->consumer[i];
    for (int k = 0; k < o->slots; k++) {
        if (c->slot[k] >= 0) {
            close_relations(o, i, c->slot[k]);
            count_stocks(o, i, c->slot[k]);
            count_cohorts(o, i, c->slot[k]);
            count_pyramid(o, i, c->slot[k]);
            give_samples(o, i, c->slot[k]);
        }
    }
}
