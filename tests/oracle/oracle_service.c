/*
 * What an encounter is like: the phases buy, experience, compare and feel.
 */
#include "oracle_internal.h"

#include <math.h>

double oracle_logistic(double x)
{
    return 1.0 / (1.0 + exp(-x));
}

double oracle_logit(double p)
{
    return log(p) - log1p(-p);
}

double oracle_held(double x, double low, double high)
{
    return fmin(fmax(x, low), high);
}

double oracle_often(double p, uint32_t n)
{
    return -expm1((double)n * log1p(-p));
}

/* ------------------------------------------------------------------ buy */

static uint32_t cap_dropout(const struct oracle *o, uint32_t i, struct visit *v)
{
    const double p = o->consumer[i].own.dropout;
    v->last_one = INFINITY;
    if (p > 0.0) {
        const double u = oracle_single(o, DROPOUT, i, 1 + (uint32_t)v->firm, 0);
        v->last_one = fmax(1.0, ceil(log(u) / log1p(-p)));
    }
    return v->occasions < v->last_one ? v->occasions : (uint32_t)v->last_one;
}

static uint32_t cap_lifetime(const struct oracle *o, uint32_t i, const struct visit *v)
{
    const struct relation *r = relation_of(o, i, v->firm);
    const double remaining = r->first_payment + r->life - (double)o->t;
    if (r->state != CUSTOMER || remaining >= 1.0) {
        return v->occasions;
    }
    const double u = oracle_single(o, LIFETIME, i, 1 + (uint32_t)v->firm, 0);
    return oracle_binomial(u, v->occasions, fmax(0.0, remaining));
}

/* All occasions of an encounter fail or none; what would be mixed is taken apart. */
void oracle_fail(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct firm_numbers *is = &o->firm[v->firm].is;
    if (is->failure_rate == 0.0) {
        return;
    }
    const struct uniforms lanes = oracle_singles(o, FAILURE, i, 0, 0);
    const double rate = fmin(1.0, is->failure_rate * o->consumer[i].own.failure_factor);
    const uint32_t fail = o->apart ? v->purchases : oracle_successes(lanes.u[0], v->purchases, rate);
    v->failed = fail == v->purchases;
    v->apart = v->failed ? 0 : fail;
    v->purchases -= v->apart;
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

/* Who is sent elsewhere buys nothing here. */
static uint32_t cap_referral(struct oracle *o, uint32_t i, const struct visit *v)
{
    const double share = o->market.referral_need * o->firm[v->firm].is.referral;
    const double u = oracle_single(o, REFERRAL, i, 1 + (uint32_t)v->firm, 0);
    const uint32_t sent = v->contracted ? 0 : oracle_successes(u, v->occasions, share);
    struct relation *r = relation_of(o, i, v->firm);
    r->gratitude = 1.0 - (1.0 - r->gratitude) * pow(1.0 - o->market.referral_gain, sent);
    count(o, REFERRED, 0, v->firm, sent);
    return v->occasions - sent;
}

void oracle_buy(struct oracle *o, uint32_t i, struct visit *v)
{
    const uint32_t dropout = cap_dropout(o, i, v), lifetime = cap_lifetime(o, i, v), kept = cap_referral(o, i, v);
    v->purchases = dropout < lifetime ? dropout : lifetime;
    v->purchases = kept < v->purchases ? kept : v->purchases;
    buy_renewal(v);
}

/* ------------------------------------------------------------------ experience: terms */

static void term_crm(const struct oracle *o, struct visit *v)
{
    v->quality_spread += log(fmax(1e-6, 1.0 - o->market.crm_consistency * o->firm[v->firm].knowledge));
}

/* ln o: what firms think the consumer is worth. */
static double value_seen(const struct oracle *o, uint32_t i)
{
    const struct consumer *c = &o->consumer[i];
    const double worth = c->own.order_value * (o->scenario->contractual ? 1.0 : c->own.purchase_rate);
    const double seen = log(worth / o->market.usual_value) + o->market.value_error * c->value_misjudged;
    return oracle_held(seen, -log(1000.0), log(1000.0));
}

static void term_effort(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct firm *firm = &o->firm[v->firm];
    v->weight = exp(firm->focus * value_seen(o, i));
    const double effort = firm->effort_scale > 0.0 ? v->weight / firm->effort_scale : 1.0;
    for (int k = 0; k < STAGES; k++) {
        v->quality[k] += oracle_logit(oracle_quality(firm, effort)) - oracle_logit(oracle_quality(firm, 1.0));
    }
}

static void term_extras(const struct oracle *o, struct visit *v)
{
    const double x = o->firm[v->firm].is.extras / o->market.extras_half;
    v->quality[PURCHASE] += o->market.extras_gain * x / (1.0 + x);
}

static void term_follow_up(const struct oracle *o, uint32_t i, struct visit *v)
{
    const double share = o->firm[v->firm].is.follow_up;
    v->followed = oracle_single(o, FOLLOW_UP, i, 1 + (uint32_t)v->firm, 0) < share;
    v->quality[AFTER_SALE] += o->market.follow_gain * v->followed;
}

static void term_selling(const struct oracle *o, struct visit *v)
{
    v->quality[AFTER_SALE] -= o->market.push_regret * o->firm[v->firm].is.pushing;
}

/* The purchase is made in the store by those who come to it, else on the web. */
static void term_touchpoints(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct firm *firm = &o->firm[v->firm];
    const enum channel own = o->consumer[i].channel;
    const enum channel met[STAGES] = {own, own == STORE ? STORE : WEB, own};
    for (int k = 0; k < STAGES; k++) {
        v->quality[k] += firm->channel_logit[met[k]] + firm->stage_logit[k];
    }
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

static void stages(const struct oracle *o, uint32_t i, const struct visit *v, double stage[STAGES])
{
    const struct firm *firm = &o->firm[v->firm];
    const double spread = firm->is.stage_spread * exp(v->quality_spread), rho = firm->is.common_share;
    const struct uniforms lanes = oracle_singles(o, TREATMENT, i, 0, 0);
    const double shared = sqrt(rho) * oracle_normal(lanes.u[0]);
    for (int k = 0; k < STAGES; k++) {
        const double z = shared + sqrt(1.0 - rho) * oracle_normal(lanes.u[1 + k]);
        stage[k] = oracle_logistic(oracle_logit(firm->quality) + v->quality[k] + spread * z);
    }
    if (v->unanswered) {
        stage[INFORMATION] *= o->market.unanswered_penalty;
    }
    stage[AFTER_SALE] *= 1.0 - v->failure_loss;
}

static void treatment(const struct oracle *o, uint32_t i, struct visit *v)
{
    double x[STAGES];
    stages(o, i, v, x);
    const double theta = o->consumer[i].own.peak_end;
    const double end = x[AFTER_SALE], mean = (x[0] + x[1] + x[2]) / 3.0;
    v->treated = theta * (peak(x, relation_of(o, i, v->firm)->expectation) + end) / 2.0 + (1.0 - theta) * mean;
}

static void product(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct firm_numbers *is = &o->firm[v->firm].is;
    const double z = oracle_normal(oracle_single(o, PRODUCT, i, 0, 0));
    v->valued = oracle_logistic(oracle_logit(is->product_quality) + is->product_spread * z -
                                o->market.value_price * oracle_price_gap(o, v->firm));
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

static void term_promise(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct relation *r = relation_of(o, i, v->firm);
    v->expectation_shift += r->trust * (o->firm[v->firm].is.promise - r->gap - r->expectation);
}

static void experience(const struct oracle *o, uint32_t i, struct visit *v)
{
    v->cx = ces(o->consumer[i].own.treatment_share, o->market.ces_power, oracle_held(v->treated, 0.01, 0.99),
                oracle_held(v->valued, 0.01, 0.99));
    v->expected = relation_of(o, i, v->firm)->expectation + v->expectation_shift;
    v->surprise = v->cx - v->expected;
}

static void satisfaction(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct market *m = &o->market;
    const struct own *own = &o->consumer[i].own;
    const double gain = fmax(0.0, v->surprise - m->tolerance), loss = fmax(0.0, -v->surprise - m->tolerance);
    const double sum = m->level_weight * (v->cx - m->level_reference) +
                       m->expectation_weight * (v->expected - m->level_reference) +
                       own->gain_weight * (gain - own->loss_aversion * loss);
    v->s = sum / m->satisfaction_sd;
}

void oracle_experience(const struct oracle *o, uint32_t i, struct visit *v)
{
    term_crm(o, v);
    term_effort(o, i, v);
    term_extras(o, v);
    term_follow_up(o, i, v);
    term_selling(o, v);
    term_touchpoints(o, i, v);
    treatment(o, i, v);
    product(o, i, v);
    term_promise(o, i, v);
    experience(o, i, v);
    satisfaction(o, i, v);
}
