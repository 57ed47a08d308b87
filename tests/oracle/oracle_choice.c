/*
 * From a need to a firm: the phases need, choose and ask.
 */
#include "oracle_internal.h"

#include <math.h>

/* ------------------------------------------------------------------ need */

static void need_occasions(const struct oracle *o, uint32_t i, struct visit *v)
{
    const double mean = o->consumer[i].own.purchase_rate * o->years;
    v->occasions = mean > 0.0 ? oracle_poisson(oracle_group(o, OCCASIONS, i, 0, 0), mean) : 0;
}

/* A contract with a firm that is not open is void. */
static void need_renewal(const struct oracle *o, uint32_t i, struct visit *v)
{
    struct consumer *c = &o->consumer[i];
    if (c->contract >= 0 && !o->firm[c->contract].open) {
        c->contract = -1;
    }
    v->contracted = o->scenario->contractual && c->contract >= 0;
    v->due = v->contracted && (o->t - c->contract_since) % o->term == 0;
    if (v->due && v->occasions == 0) {
        v->occasions = 1;
    }
}

void oracle_need(struct oracle *o, uint32_t i, struct visit *v)
{
    need_occasions(o, i, v);
    need_renewal(o, i, v);
}

/* ------------------------------------------------------------------ choose: terms */

static bool is_customer(const struct oracle *o, uint32_t i, int f)
{
    return relation_of(o, i, f)->state == CUSTOMER;
}

static double term_attitude(const struct oracle *o, uint32_t i, int f)
{
    return o->consumer[i].own.attitude_weight * (relation_of(o, i, f)->attitude - 0.5);
}

static double term_contacts(const struct oracle *o, uint32_t i, int f)
{
    const struct market *m = &o->market;
    const struct consumer *c = &o->consumer[i];
    const double n = o->firm[f].is.contacts * 12.0 / 52.0, best = m->best_contacts * 12.0 / 52.0;
    if (!is_customer(o, i, f) || n == 0.0) {
        return 0.0;
    }
    const double tired = relation_of(o, i, f)->fatigue / (best * m->fatigue_weeks); /* F / F* */
    const double response = pow(n / best, m->contact_curve) * exp(m->contact_curve * (1.0 - tired));
    const double habit = c->last_firm == f ? c->own.inertia : 0.0;
    const double relevance = o->firm[f].is.relevance * (1.0 + m->crm_relevance * o->firm[f].knowledge);
    return c->own.contact_response * relevance * response - m->contact_wake * -expm1(-52.0 * o->years * n) * habit;
}

static double term_distance(const struct oracle *o, uint32_t i, int f)
{
    return -o->consumer[i].own.distance_cost * relation_of(o, i, f)->distance;
}

static double term_inertia(const struct oracle *o, uint32_t i, int f)
{
    const struct consumer *c = &o->consumer[i];
    return c->last_firm == f ? c->own.inertia : 0.0;
}

static double term_newcomer_offer(const struct oracle *o, uint32_t i, int f)
{
    const struct firm_numbers *is = &o->firm[f].is;
    return is_customer(o, i, f)
               ? 0.0
               : o->consumer[i].own.price_sensitivity * is->newcomer_offer * is->price / o->market.reference_price;
}

static double term_policies(const struct oracle *o, int f)
{
    const struct market *m = &o->market;
    const struct firm_numbers *is = &o->firm[f].is;
    return m->refund_pull * is->refund + m->shipping_pull * is->free_shipping +
           m->transparency_pull * is->transparency;
}

/* Customers high in the pyramid forgive a price that is not too far above the reference. */
static double price_log_pyramid(const struct oracle *o, uint32_t i, int f)
{
    const double gap = oracle_price_gap(o, f);
    const bool forgiven = is_customer(o, i, f) && 0.0 < gap && gap <= o->market.forgive_limit;
    return forgiven ? -o->market.forgive_price * relation_of(o, i, f)->level / 5.0 : 0.0;
}

static double term_price(const struct oracle *o, uint32_t i, int f)
{
    const struct own *own = &o->consumer[i].own;
    const struct relation *r = relation_of(o, i, f);
    const double tenure = r->state == CUSTOMER ? fmax(0.0, ((double)o->t - r->since) * o->years) : 0.0;
    const double sensitivity = own->price_sensitivity * (1.0 - own->loyalty_price_relief * r->attitude +
                                                         own->tenure_price_push * fmin(tenure, 3.0));
    return -sensitivity * oracle_price_gap(o, f) * exp(price_log_pyramid(o, i, f));
}

static double term_programme(const struct oracle *o, uint32_t i, int f)
{
    const struct firm_numbers *is = &o->firm[f].is;
    return is_customer(o, i, f) ? o->market.reward_worth * o->consumer[i].own.price_sensitivity * is->rewards *
                                      is->price / o->market.reference_price
                                : 0.0;
}

static double term_promise(const struct oracle *o, uint32_t i, int f)
{
    const struct relation *r = relation_of(o, i, f);
    return o->market.promise_pull * r->trust * (o->firm[f].is.promise - r->gap - r->expectation);
}

static double term_referral(const struct oracle *o, uint32_t i, int f)
{
    return o->market.referral_pull * relation_of(o, i, f)->gratitude;
}

static double term_pyramid(const struct oracle *o, uint32_t i, int f)
{
    return is_customer(o, i, f) ? o->market.pyramid_bond * relation_of(o, i, f)->level / 5.0 : 0.0;
}

static double term_reviews(const struct oracle *o, uint32_t i, int f)
{
    return is_customer(o, i, f) ? 0.0 : o->market.review_weight * (o->firm[f].rating - 3.0) / 2.0;
}

static double term_switching_cost(const struct oracle *o, uint32_t i, int f)
{
    bool bound = false;
    for (int k = 0; k < o->slots; k++) {
        const int g = o->consumer[i].slot[k];
        bound = bound || (g >= 0 && is_customer(o, i, g));
    }
    return bound && !is_customer(o, i, f) ? -o->consumer[i].own.switching_cost : 0.0;
}

static double utility(const struct oracle *o, uint32_t i, int f)
{
    const double terms = term_attitude(o, i, f) + term_contacts(o, i, f) + term_distance(o, i, f) +
                         term_inertia(o, i, f) + term_newcomer_offer(o, i, f) + term_policies(o, f) +
                         term_price(o, i, f) + term_programme(o, i, f) + term_promise(o, i, f) +
                         term_pyramid(o, i, f) + term_referral(o, i, f) + term_reviews(o, i, f) +
                         term_switching_cost(o, i, f);
    return o->consumer[i].own.category_appeal + o->firm[f].is.appeal + relation_of(o, i, f)->taste + terms;
}

/* ------------------------------------------------------------------ choose: the race */

static bool available(const struct oracle *o, uint32_t i, int f)
{
    return f >= 0 && o->firm[f].open && relation_of(o, i, f)->aware &&
           relation_of(o, i, f)->barred_until <= (double)o->t;
}

/* Exponential clocks with rates 1 ("not now") and e^V race; the first two to ring are first and second choice. */
void oracle_choose(const struct oracle *o, uint32_t i, struct visit *v)
{
    v->first = v->second = -1;
    if (v->contracted) {
        v->first = o->consumer[i].contract;
        return;
    }
    double first = -log(oracle_single(o, CHOICE, i, 0, 0)), second = INFINITY;
    for (int k = 0; k < o->slots; k++) {
        const int f = o->consumer[i].slot[k];
        if (!available(o, i, f)) {
            continue;
        }
        const double clock = -log(oracle_single(o, CHOICE, i, 0, 1 + (uint32_t)f)) * exp(-utility(o, i, f));
        if (clock < first) {
            second = first;
            v->second = v->first;
            first = clock;
            v->first = f;
        } else if (clock < second) {
            second = clock;
            v->second = f;
        }
    }
}

/* ------------------------------------------------------------------ ask */

void oracle_ask(struct oracle *o, uint32_t i, struct visit *v)
{
    const struct consumer *c = &o->consumer[i];
    const int f = v->firm = v->first;
    if (f < 0 || c->own.question_rate == 0.0) {
        return;
    }
    const struct uniforms lanes = oracle_singles(o, ASKING, i, 0, 0);
    if (lanes.u[0] >= c->own.question_rate) {
        return;
    }
    count(o, QUESTIONS, (int)c->channel, f, v->occasions);
    count(o, WAITING, (int)c->channel, f, v->occasions * llrint(o->firm[f].wait[c->channel] * 1e6));
    if (lanes.u[1] >= o->firm[f].unanswered[c->channel]) {
        v->contact = lanes.u[3] < c->own.hostility ? HOSTILE_ONE : CIVIL;
        count(o, HOSTILE, (int)c->channel, f, v->contact == HOSTILE_ONE ? v->occasions : 0);
        return;
    }
    count(o, UNANSWERED, (int)c->channel, f, v->occasions);
    if (lanes.u[2] < c->own.give_up && !v->contracted) {
        count(o, GIVEN_UP, (int)c->channel, f, v->occasions);
        v->firm = v->second;
    } else {
        v->unanswered = true;
    }
}
