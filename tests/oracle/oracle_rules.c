/*
 * One consumer's period: the rules in the order of the phases, named as on the page (sections 3 and 5).
 *
 * Consumers touch each other only through messages, which are heard a period later, and through the questions
 * firms staff for, which count a period later: so a consumer can live the whole period before the next begins.
 */
#include "oracle_internal.h"

#include <math.h>

static double logistic(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

static double logit(double p)
{
    return log(p) - log1p(-p);
}

/* (p - p0) / p0 */
double oracle_price_gap(const struct oracle *o, int f)
{
    return (o->firm[f].is.price - o->market.reference_price) / o->market.reference_price;
}

static void count(struct oracle *o, enum tally tally, int label, int f, int64_t n)
{
    o->tally[tally][label][f] += n;
}

/* ------------------------------------------------------------------ hear */

/* A moves back to its start; then good and bad messages close parts of the distance to 1 and 0. */
static void hear_attitude(struct oracle *o, uint32_t i, int f)
{
    const struct market *m = &o->market;
    struct relation *r = relation_of(o, i, f);
    uint32_t *n = r->message[o->t & 1];
    r->attitude += (m->attitude_start - r->attitude) * o->hearsay_fades;
    if (n[POSITIVE] == 0 && n[NEGATIVE] == 0) {
        return;
    }
    const bool customer = r->state == CUSTOMER;
    const double up = m->hearing_up * (customer ? m->customer_up : 1.0);
    const double down = m->hearing_down * (customer ? m->customer_down : 1.0);
    const double u = 1.0 - pow(1.0 - up, n[POSITIVE]), v = 1.0 - pow(1.0 - down, n[NEGATIVE]);
    r->attitude += u * (1.0 - r->attitude) - v * r->attitude;
    for (int sign = 0; sign < 2; sign++) {
        count(o, HEARD, sign, f, n[sign]);
        n[sign] = 0;
    }
}

/* ------------------------------------------------------------------ need */

static void need_occasions(struct oracle *o, uint32_t i, struct visit *v)
{
    const double mean = o->consumer[i].own.purchase_rate * o->years;
    v->occasions = mean > 0.0 ? oracle_poisson(oracle_group(o, OCCASIONS, i, 0), mean) : 0;
}

static void need_renewal(struct oracle *o, uint32_t i, struct visit *v)
{
    const struct consumer *c = &o->consumer[i];
    v->contracted = o->scenario->contractual && c->contract >= 0;
    v->due = v->contracted && (o->t - c->contract_since) % o->term == 0;
    if (v->due && v->occasions == 0) {
        v->occasions = 1;
    }
}

/* ------------------------------------------------------------------ choose */

static double term_price(const struct oracle *o, uint32_t i, int f)
{
    const struct own *own = &o->consumer[i].own;
    const struct relation *r = relation_of(o, i, f);
    const double tenure = r->state == CUSTOMER ? fmax(0.0, ((double)o->t - r->since) * o->years) : 0.0;
    const double sensitivity = own->price_sensitivity * (1.0 - own->loyalty_price_relief * r->attitude +
                                                         own->tenure_price_push * fmin(tenure, 3.0));
    return -sensitivity * oracle_price_gap(o, f);
}

static double term_attitude(const struct oracle *o, uint32_t i, int f)
{
    return o->consumer[i].own.attitude_weight * (relation_of(o, i, f)->attitude - 0.5);
}

static double term_inertia(const struct oracle *o, uint32_t i, int f)
{
    const struct consumer *c = &o->consumer[i];
    return c->last_slot == f ? c->own.inertia : 0.0;
}

static double utility(const struct oracle *o, uint32_t i, int f)
{
    return o->consumer[i].own.category_appeal + o->firm[f].is.appeal + relation_of(o, i, f)->taste +
           term_attitude(o, i, f) + term_inertia(o, i, f) + term_price(o, i, f);
}

/* Exponential clocks with rates 1 ("not now") and e^V race; the first two to ring are first and second choice. */
static void choice(struct oracle *o, uint32_t i, struct visit *v)
{
    v->first = v->second = -1;
    if (v->contracted) {
        v->first = o->consumer[i].contract;
        return;
    }
    struct uniforms lanes = oracle_singles(o, CHOICE, i, 0, 0);
    double first = -log(lanes.u[0]), second = INFINITY;
    for (int f = 0; f < o->firms; f++) {
        const uint32_t d = 1 + (uint32_t)f;
        if (d % 4 == 0) {
            lanes = oracle_singles(o, CHOICE, i, 0, d / 4);
        }
        if (relation_of(o, i, f)->barred_until > (double)o->t) {
            continue;
        }
        const double clock = -log(lanes.u[d % 4]) * exp(-utility(o, i, f));
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

static void asking(struct oracle *o, uint32_t i, struct visit *v)
{
    const struct own *own = &o->consumer[i].own;
    v->slot = v->first;
    if (v->first < 0 || own->question_rate == 0.0) {
        return;
    }
    const struct uniforms lanes = oracle_singles(o, ASKING, i, 0, 0);
    if (lanes.u[0] >= own->question_rate) {
        return;
    }
    count(o, QUESTIONS, 0, v->first, 1);
    if (lanes.u[1] >= o->firm[v->first].share_unanswered) {
        return;
    }
    count(o, UNANSWERED, 0, v->first, 1);
    if (lanes.u[2] < own->give_up && !v->contracted) {
        count(o, GIVEN_UP, 0, v->first, 1);
        v->slot = v->second;
    } else {
        v->unanswered = true;
    }
}

/* ------------------------------------------------------------------ buy */

static uint32_t cap_dropout(const struct oracle *o, uint32_t i, struct visit *v)
{
    const double p = o->consumer[i].own.dropout;
    v->last_one = INFINITY;
    if (p > 0.0) {
        const double u = oracle_single(o, DROPOUT, i, 1 + (uint32_t)v->slot, 0);
        v->last_one = fmax(1.0, ceil(log(u) / log1p(-p)));
    }
    return v->occasions < v->last_one ? v->occasions : (uint32_t)v->last_one;
}

static uint32_t cap_lifetime(const struct oracle *o, uint32_t i, const struct visit *v)
{
    const struct relation *r = relation_of(o, i, v->slot);
    const double remaining = r->first_payment + r->life - (double)o->t;
    if (r->state != CUSTOMER || remaining >= 1.0) {
        return v->occasions;
    }
    const double u = oracle_single(o, LIFETIME, i, 1 + (uint32_t)v->slot, 0);
    return oracle_binomial(u, v->occasions, fmax(0.0, remaining));
}

static void buy_failure(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct firm_numbers *is = &o->firm[v->slot].is;
    if (is->failure_rate == 0.0) {
        return;
    }
    const struct uniforms lanes = oracle_singles(o, FAILURE, i, 0, 0);
    v->failed = lanes.u[0] < is->failure_rate;
    v->complained = v->failed && lanes.u[1] < o->consumer[i].own.complaint_rate;
    v->repaired = v->complained && lanes.u[2] < is->repair_share;
    v->unrepaired = v->failed && !v->repaired;
    if (v->failed) {
        const struct market *m = &o->market;
        v->failure_loss = m->failure_severity * (1.0 - m->repair_effect * v->repaired);
    }
}

static void buy_renewal(struct visit *v)
{
    v->orders_due = v->due || !v->contracted ? 1 : 0;
}

static void buy(const struct oracle *o, uint32_t i, struct visit *v)
{
    const uint32_t dropout = cap_dropout(o, i, v), lifetime = cap_lifetime(o, i, v);
    v->purchases = dropout < lifetime ? dropout : lifetime;
    buy_failure(o, i, v);
    buy_renewal(v);
}

/* ------------------------------------------------------------------ experience, compare, feel */

static double peak(const double stage[STAGES], double expected)
{
    double furthest = stage[0];
    for (int k = 1; k < STAGES; k++) {
        if (fabs(stage[k] - expected) > fabs(furthest - expected)) {
            furthest = stage[k];
        }
    }
    return furthest;
}

/* Quality of the stages information, purchase and after-sale. */
static void stages(const struct oracle *o, uint32_t i, const struct visit *v, double stage[STAGES])
{
    const struct firm *firm = &o->firm[v->slot];
    const double spread = firm->is.stage_spread, rho = firm->is.common_share;
    const struct uniforms lanes =
        spread > 0.0 ? oracle_singles(o, TREATMENT, i, 0, 0) : (struct uniforms){{0.5, 0.5, 0.5, 0.5}};
    const double shared = sqrt(rho) * oracle_normal(lanes.u[0]);
    for (int k = 0; k < STAGES; k++) {
        const double z = shared + sqrt(1.0 - rho) * oracle_normal(lanes.u[1 + k]);
        stage[k] = logistic(logit(firm->quality) + spread * z);
    }
    if (v->unanswered) {
        stage[0] *= o->market.unanswered_penalty;
    }
    stage[2] *= 1.0 - v->failure_loss;
}

static void treatment(const struct oracle *o, uint32_t i, struct visit *v)
{
    if (o->treatment_absent) {
        v->treated = 0.6;
        return;
    }
    double x[STAGES];
    stages(o, i, v, x);
    const double theta = o->consumer[i].own.peak_end;
    const double end = x[2], mean = (x[0] + x[1] + x[2]) / 3.0;
    v->treated = theta * (peak(x, relation_of(o, i, v->slot)->expectation) + end) / 2.0 + (1.0 - theta) * mean;
}

static void product(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct firm_numbers *is = &o->firm[v->slot].is;
    const double z = is->product_spread > 0.0 ? oracle_normal(oracle_single(o, PRODUCT, i, 0, 0)) : 0.0;
    v->valued = logistic(logit(is->product_quality) + is->product_spread * z -
                         o->market.value_price * oracle_price_gap(o, v->slot));
}

/* Constant elasticity of substitution between how one was treated and what one got. */
static double ces(double w, double rho, double a, double b)
{
    if (rho <= -50.0) {
        return fmin(a, b);
    }
    if (fabs(rho) < 1e-3) {
        return pow(a, w) * pow(b, 1.0 - w);
    }
    return pow(w * pow(a, rho) + (1.0 - w) * pow(b, rho), 1.0 / rho);
}

static double held(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

static void experience(const struct oracle *o, uint32_t i, struct visit *v)
{
    v->cx = ces(o->consumer[i].own.treatment_share, o->market.ces_power, held(v->treated, 0.01, 0.99),
                held(v->valued, 0.01, 0.99));
    v->surprise = v->cx - relation_of(o, i, v->slot)->expectation;
}

static void satisfaction(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct market *m = &o->market;
    const struct own *own = &o->consumer[i].own;
    const double gain = fmax(0.0, v->surprise - m->tolerance), loss = fmax(0.0, -v->surprise - m->tolerance);
    const double total = m->level_weight * (v->cx - m->level_reference) +
                         m->expectation_weight * (relation_of(o, i, v->slot)->expectation - m->level_reference) +
                         own->gain_weight * (gain - own->loss_aversion * loss);
    v->s = total / m->satisfaction_sd;
}

/* ------------------------------------------------------------------ remember */

static void remember_attitude(const struct oracle *o, struct relation *r, const struct visit *v)
{
    r->attitude += o->market.experience_pull * (logistic(o->market.experience_slope * v->s) - r->attitude);
}

static void expectation(const struct oracle *o, uint32_t i, struct relation *r, const struct visit *v)
{
    r->expectation += o->consumer[i].own.adaptation * (v->cx - r->expectation);
}

static void memory(const struct oracle *o, struct relation *r, const struct visit *v)
{
    const struct market *m = &o->market;
    if (m->memory_take_up == 0.0) {
        return;
    }
    const double elapsed = (double)(o->t - r->last_encounter) * o->years;
    const double good = exp(-elapsed / m->memory_good_life), bad = exp(-elapsed / m->memory_bad_life);
    r->good *= good;
    r->good_weight *= good;
    r->bad *= bad;
    r->bad_weight *= bad;
    *(v->s >= 0.0 ? &r->good : &r->bad) += m->memory_take_up * v->s;
    *(v->s >= 0.0 ? &r->good_weight : &r->bad_weight) += m->memory_take_up;
    r->remembered = (r->good + r->bad) / (m->memory_shrink + r->good_weight + r->bad_weight);
    r->last_encounter = o->t;
}

/* ------------------------------------------------------------------ leave */

/* The first rule, in the order of names, to end a relation gives the cause. */
static void end(struct visit *v, enum cause cause)
{
    if (!v->ended) {
        v->ended = true;
        v->cause = cause;
    }
}

static void leave_dropout(struct visit *v)
{
    if (v->purchases >= v->last_one) {
        end(v, DROPPED);
    }
}

static void leaving(const struct oracle *o, uint32_t i, struct visit *v)
{
    if (o->scenario->contractual) {
        return;
    }
    const struct market *m = &o->market;
    const double p = logistic(o->consumer[i].own.stop_base + m->stop_failure * v->unrepaired -
                              m->stop_satisfaction * fmin(v->s, 1.5));
    if (oracle_single(o, LEAVING, i, 1 + (uint32_t)v->slot, 0) < p) {
        end(v, v->unrepaired ? FAILED : SERVICE);
    }
}

/* Terms of the hazard of not renewing, by the cause they stand for. */
struct hazard {
    double term;
    enum cause cause;
};

static void leave_renewal(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct consumer *c = &o->consumer[i];
    const struct market *m = &o->market;
    const struct relation *r = relation_of(o, i, v->slot);
    if (!v->due || o->t <= c->contract_since) {
        return;
    }
    const struct hazard hazard[] = {{-m->renewal_memory * r->remembered, SERVICE},
                                    {-m->renewal_attitude * (r->attitude - 0.5), SERVICE},
                                    {m->renewal_failure * v->unrepaired, FAILED},
                                    {m->renewal_price * oracle_price_gap(o, v->slot), PRICED}};
    double x = logit(c->own.churn), largest = 0.0;
    enum cause cause = ENDED;
    for (int k = 0; k < 4; k++) {
        x += hazard[k].term;
        if (hazard[k].term > largest) {
            largest = hazard[k].term;
            cause = hazard[k].cause;
        }
    }
    const double u = oracle_single(o, RENEWAL, i, 1 + (uint32_t)v->slot, 0);
    if (u < logistic(x)) {
        end(v, u < c->own.churn ? ENDED : cause);
        v->orders_due = 0;
    }
}

/* ------------------------------------------------------------------ order */

static void order_value(const struct oracle *o, uint32_t i, struct visit *v)
{
    const double value = o->consumer[i].own.order_value, shape = o->market.order_shape;
    v->orders = o->scenario->contractual ? v->orders_due : v->purchases;
    v->order_total = value * v->orders;
    if (shape > 0.0) {
        double sum = 0.0;
        for (uint32_t k = 0; k < v->orders; k++) {
            sum += oracle_gamma(oracle_single(o, ORDER_VALUE, i, 1 + (uint32_t)v->slot, k), shape, shape);
        }
        v->order_total = value * sum;
    }
}

/* ------------------------------------------------------------------ tell */

static void survey(struct oracle *o, uint32_t i, const struct visit *v)
{
    const double rate = o->firm[v->slot].is.survey_rate;
    if (rate == 0.0) {
        return;
    }
    const struct uniforms lanes = oracle_singles(o, SURVEY, i, 0, 0);
    if (lanes.u[0] >= rate) {
        return;
    }
    const struct market *m = &o->market;
    const double score =
        rint(m->survey_base + m->survey_memory * relation_of(o, i, v->slot)->remembered +
             m->survey_trait * o->consumer[i].survey_trait + m->survey_noise * oracle_normal(lanes.u[1]));
    const double kept = held(score, 0.0, 10.0);
    count(o, ANSWERS, kept >= 9.0 ? PROMOTER : kept >= 7.0 ? PASSIVE : DETRACTOR, v->slot, 1);
}

static void send(struct oracle *o, uint32_t i, int f, enum sign sign, uint32_t messages)
{
    const uint64_t begin = o->network->offset[i], degree = o->network->offset[i + 1] - begin;
    for (uint32_t m = 0; degree > 0 && m < messages; m++) {
        const double u = oracle_single(o, TELLING, i, 1, m);
        const uint32_t whom = o->network->neighbour[begin + (uint64_t)floor(u * (double)degree)];
        relation_of(o, whom, f)->message[(o->t + 1) & 1][sign]++;
    }
}

static void telling(struct oracle *o, uint32_t i, const struct visit *v)
{
    if (v->surprise == 0.0) {
        return;
    }
    const struct own *own = &o->consumer[i].own;
    const enum sign sign = v->surprise > 0.0 ? POSITIVE : NEGATIVE;
    count(o, EXPERIENCES, sign, v->slot, 1);
    const double mean =
        own->tells_always + own->tells_per_experience * (sign == NEGATIVE ? o->market.negative_ratio : 1.0);
    if (mean > 0.0) {
        const uint32_t messages = oracle_poisson(oracle_single(o, TELLING, i, 0, 0), mean);
        count(o, TOLD, sign, v->slot, messages);
        send(o, i, v->slot, sign, messages);
    }
}

/* ------------------------------------------------------------------ account */

/* Years by which the contribution of this encounter is discounted, and the tally it belongs to. */
static double age(const struct oracle *o, const struct relation *r, enum tally *tally)
{
    const bool base = r->first_payment >= 0.0 && r->first_payment <= (double)o->origin;
    *tally = base ? VALUE_BASE : VALUE_NEW;
    if (base) {
        return (double)(o->t - o->origin) * o->years;
    }
    return r->first_payment < 0.0 ? 0.0 : ((double)o->t + 0.5 - r->first_payment) * o->years;
}

static void account_billing(struct oracle *o, uint32_t i, const struct visit *v)
{
    const int f = v->slot;
    const struct firm_numbers *is = &o->firm[f].is;
    count(o, PURCHASES, 0, f, v->orders);
    if (!(v->order_total > 0.0)) {
        return;
    }
    const double revenue = v->order_total * is->price, goods = v->order_total * is->unit_cost,
                 serve = v->order_total * is->serve_cost;
    oracle_post(o, "revenue", f, i, GW_CASH, GW_REVENUE, revenue);
    oracle_post(o, "cost_of_goods", f, i, GW_COST_OF_GOODS, GW_CASH, goods);
    oracle_post(o, "cost_to_serve", f, i, GW_COST_TO_SERVE, GW_CASH, serve);
    enum tally tally;
    const double years = age(o, relation_of(o, i, f), &tally);
    const double worth = (revenue - goods - serve) * pow(1.0 + o->market.discount_rate, -years);
    count(o, tally, 0, f, llrint(worth * 1e6));
}

static void account_failure(struct oracle *o, uint32_t i, const struct visit *v)
{
    count(o, FAILURES, 0, v->slot, v->failed);
    count(o, COMPLAINTS, 0, v->slot, v->complained);
    count(o, REPAIRS, 0, v->slot, v->repaired);
    if (v->repaired) {
        oracle_post(o, "repair", v->slot, i, GW_RECOVERY, GW_CASH,
                    o->firm[v->slot].is.repair_cost * o->consumer[i].own.order_value);
    }
}

/* ------------------------------------------------------------------ close */

static void close_inertia(struct oracle *o, uint32_t i, const struct visit *v)
{
    struct consumer *c = &o->consumer[i];
    if (v->orders > 0) {
        c->last_slot = v->slot;
    }
    if (v->ended && c->last_slot == v->slot) {
        c->last_slot = -1;
    }
}

static double barred_until(const struct oracle *o, uint32_t i, const struct visit *v)
{
    if (v->cause == DROPPED || v->cause == DIED) {
        return NEVER;
    }
    if (v->cause == ENDED) {
        return (double)o->t + 1.0;
    }
    const double u = oracle_single(o, RELATION, i, 1 + (uint32_t)v->slot, 0);
    return (double)o->t + 1.0 - log(u) * o->market.avoidance / o->years;
}

static void close_relation(struct oracle *o, uint32_t i, const struct visit *v)
{
    struct relation *r = relation_of(o, i, v->slot);
    if (v->orders > 0) {
        if (r->state != CUSTOMER) {
            count(o, r->state == FORMER ? WON_BACK : JOINED, 0, v->slot, 1);
            r->state = CUSTOMER;
            r->since = (double)o->t + 0.5;
            r->first_payment = r->first_payment < 0.0 ? r->since : r->first_payment;
        }
        r->last_purchase = o->t;
    }
    if (v->ended) {
        r->state = FORMER;
        r->since = -1.0; /* no spell */
        count(o, LEFT, (int)v->cause, v->slot, 1);
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
        c->contract = v->slot;
        c->contract_since = o->t;
    }
}

/* Rows, not only encounters: lifetimes run out in silence. */
static void close_lifetime(struct oracle *o, uint32_t i, int f)
{
    struct relation *r = relation_of(o, i, f);
    if (r->state == CUSTOMER && r->first_payment + r->life <= (double)o->t + 1.0) {
        r->state = FORMER;
        r->since = -1.0;
        r->barred_until = NEVER;
        count(o, LEFT, DIED, f, 1);
    }
}

/* ------------------------------------------------------------------ the phases */

static void encounter(struct oracle *o, uint32_t i, struct visit *v)
{
    struct relation *r = relation_of(o, i, v->slot);
    treatment(o, i, v);
    product(o, i, v);
    experience(o, i, v);
    satisfaction(o, i, v);
    remember_attitude(o, r, v);
    expectation(o, i, r, v);
    memory(o, r, v);
    leave_dropout(v);
    leaving(o, i, v);
    leave_renewal(o, i, v);
    order_value(o, i, v);
    survey(o, i, v);
    telling(o, i, v);
    account_billing(o, i, v);
    account_failure(o, i, v);
    close_inertia(o, i, v);
    close_relation(o, i, v);
    close_renewal(o, i, v);
}

void oracle_live(struct oracle *o, uint32_t i)
{
    struct visit v = {.slot = -1};
    for (int f = 0; f < o->firms; f++) {
        hear_attitude(o, i, f);
    }
    need_occasions(o, i, &v);
    need_renewal(o, i, &v);
    if (v.occasions > 0) {
        choice(o, i, &v);
        asking(o, i, &v);
    }
    if (v.slot >= 0) {
        buy(o, i, &v);
        if (v.purchases > 0 || v.contracted) {
            encounter(o, i, &v);
        }
    }
    for (int f = 0; f < o->firms; f++) {
        close_lifetime(o, i, f);
    }
}
