/*
 * What an encounter does to people: the phases remember, leave and tell.
 */
#include "oracle_internal.h"

#include <math.h>

/* ------------------------------------------------------------------ remember */

static void remember_attitude(const struct oracle *o, struct relation *r, const struct visit *v)
{
    r->attitude += oracle_often(o->market.experience_pull, v->purchases) *
                   (oracle_logistic(o->market.experience_slope * v->s) - r->attitude);
}

static void expectation(const struct oracle *o, uint32_t i, struct relation *r, const struct visit *v)
{
    r->expectation += oracle_often(o->consumer[i].own.adaptation, v->purchases) * (v->cx - r->expectation);
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
    const double weight = v->purchases * m->memory_take_up;
    *(v->s >= 0.0 ? &r->good : &r->bad) += weight * v->s;
    *(v->s >= 0.0 ? &r->good_weight : &r->bad_weight) += weight;
    r->remembered = (r->good + r->bad) / (m->memory_shrink + r->good_weight + r->bad_weight);
    r->last_encounter = o->t;
}

/* The learned gap moves after trust has judged the promise. */
static void promise(const struct oracle *o, struct relation *r, const struct visit *v)
{
    const struct market *m = &o->market;
    const double shortfall = o->firm[v->firm].is.promise - v->cx;
    const double loss = m->trust_loss * fmax(0.0, shortfall - m->trust_tolerance);
    const double once = r->trust * (1.0 - loss) + m->trust_recovery * (m->trust_start - r->trust);
    const double share = fmin(1.0, loss + m->trust_recovery);
    const double target = share > 0.0 ? m->trust_recovery * m->trust_start / share : 0.0;
    const double often = r->trust + oracle_often(share, v->purchases) * (target - r->trust);
    r->trust = oracle_held(v->purchases > 1 ? often : once, 0.0, 1.0);
    r->gap += oracle_often(m->gap_learning, v->purchases) * (shortfall - r->gap);
}

/* How much more likely the step up from a level is. */
static double step_gain(const struct oracle *o, int level, int f)
{
    const struct market *m = &o->market;
    const struct firm_numbers *is = &o->firm[f].is;
    if (level == 2) {
        return 2.0 * oracle_response(is->personalisation / is->half_spend, is->response_curve);
    }
    const double x = is->community / m->community_half;
    return level == 3 || level == 4 ? 1.0 + m->community_gain * x / (1.0 + x) : 1.0;
}

static int step_of(const struct oracle *o, int level, const struct visit *v, double u)
{
    const struct market *m = &o->market;
    if (v->s < m->fall_threshold || v->unrepaired) {
        return u < m->fall ? -(int)m->fall_levels : 0;
    }
    if (v->s < m->slip_threshold) {
        return u < m->slip ? -1 : 0;
    }
    const bool lifts = v->s > m->climb_threshold + m->climb_step * level;
    return lifts && u < m->climb * step_gain(o, level, v->firm) ? 1 : 0;
}

static void pyramid(const struct oracle *o, uint32_t i, struct relation *r, const struct visit *v)
{
    for (uint32_t k = 0; k < v->purchases; k++) {
        const double u = oracle_single(o, PYRAMID, i, 1 + (uint32_t)v->firm, k);
        r->level = (int)oracle_held(r->level + step_of(o, r->level, v, u), 0.0, LEVELS - 1.0);
    }
}

void oracle_remember(const struct oracle *o, uint32_t i, struct visit *v)
{
    struct relation *r = relation_of(o, i, v->firm);
    remember_attitude(o, r, v);
    expectation(o, i, r, v);
    memory(o, r, v);
    promise(o, r, v);
    pyramid(o, i, r, v);
}

/* ------------------------------------------------------------------ leave */

/* The last of the causes, in their order, counts. */
static void end(struct visit *v, enum cause cause)
{
    v->cause = v->ended && v->cause > cause ? v->cause : cause;
    v->ended = true;
}

static void term_envy(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct firm_numbers *is = &o->firm[v->firm].is;
    if (relation_of(o, i, v->firm)->state == CUSTOMER) {
        const double envy = o->consumer[i].own.envy * o->market.envy_awareness * is->newcomer_offer * is->price /
                            o->market.reference_price;
        v->stop_price += envy;
        v->renewal_logit += envy;
    }
}

static void term_pyramid(const struct oracle *o, uint32_t i, struct visit *v)
{
    const double hold = o->market.pyramid_hold * relation_of(o, i, v->firm)->level / 5.0;
    v->stop -= hold;
    v->renewal_logit -= hold;
}

static void leave_contacts(const struct oracle *o, uint32_t i, struct visit *v)
{
    const struct market *m = &o->market;
    const double best = m->best_contacts * 12.0 / 52.0 * m->fatigue_weeks; /* F* */
    const double tired = relation_of(o, i, v->firm)->fatigue / best;
    if (oracle_single(o, CONTACTS, i, 1 + (uint32_t)v->firm, 0) <
        -expm1(-m->fatigue_stop * tired * tired * v->purchases)) {
        end(v, FATIGUED);
    }
}

static void leave_dropout(struct visit *v)
{
    if (v->apart == 0 && v->before + v->purchases >= v->last_one) {
        end(v, DROPPED);
    }
}

static void leaving(const struct oracle *o, uint32_t i, struct visit *v)
{
    if (o->scenario->contractual) {
        return;
    }
    const struct market *m = &o->market;
    const double h = o->consumer[i].own.stop_base + m->stop_failure * v->unrepaired -
                     m->stop_satisfaction * fmin(v->s, 1.5) + v->stop;
    const double u = oracle_single(o, LEAVING, i, 1 + (uint32_t)v->firm, 0);
    const double each = oracle_logistic(h + v->stop_price);
    if (u < oracle_often(each, v->purchases)) {
        end(v, v->unrepaired ? FAILED : u >= oracle_often(oracle_logistic(h), v->purchases) ? PRICED : SERVICE);
        v->until = 1 + (uint32_t)fmin(v->purchases - 1.0, floor(log1p(-u) / log1p(-each)));
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
    const struct relation *r = relation_of(o, i, v->firm);
    if (!v->due || o->t <= c->contract_since) {
        return;
    }
    const struct hazard hazard[] = {{-m->renewal_memory * r->remembered, SERVICE},
                                    {-m->renewal_attitude * (r->attitude - 0.5), SERVICE},
                                    {m->renewal_failure * v->unrepaired, FAILED},
                                    {m->renewal_price * oracle_price_gap(o, v->firm) + v->renewal_logit, PRICED}};
    double x = oracle_logit(c->own.churn), largest = 0.0;
    enum cause cause = ENDED;
    for (size_t k = 0; k < sizeof hazard / sizeof hazard[0]; k++) {
        x += hazard[k].term;
        if (hazard[k].term > largest) {
            largest = hazard[k].term;
            cause = hazard[k].cause;
        }
    }
    const double u = oracle_single(o, RENEWAL, i, 1 + (uint32_t)v->firm, 0);
    if (u < oracle_logistic(x)) {
        end(v, u < c->own.churn ? ENDED : cause);
        v->orders_due = 0;
    }
}

static void leave_firing(struct oracle *o, uint32_t i, struct visit *v)
{
    const struct firm_numbers *is = &o->firm[v->firm].is;
    const double p = is->firing * (v->contact == HOSTILE_ONE ? 1.0 : v->contact == CIVIL ? is->firing_error : 0.0);
    if (oracle_single(o, FIRING, i, 1 + (uint32_t)v->firm, 0) < oracle_often(p, v->purchases)) {
        end(v, FIRED);
        v->tells_negative += o->market.backlash;
        count(o, WRONGLY_FIRED, 0, v->firm, v->contact == CIVIL);
    }
}

/* Occasions after the one that ended the relation did not happen. */
void oracle_leave(struct oracle *o, uint32_t i, struct visit *v)
{
    v->until = v->purchases;
    term_envy(o, i, v);
    term_pyramid(o, i, v);
    leave_contacts(o, i, v);
    leave_dropout(v);
    leaving(o, i, v);
    leave_renewal(o, i, v);
    leave_firing(o, i, v);
    v->purchases = v->until;
}

/* ------------------------------------------------------------------ tell */

static void tell_pyramid(const struct oracle *o, uint32_t i, struct visit *v)
{
    if (relation_of(o, i, v->firm)->level >= 4 && v->surprise > 0.0) {
        v->tells_log += log(o->market.advocate_factor);
    }
}

static void reviews(struct oracle *o, uint32_t i, const struct visit *v)
{
    const struct market *m = &o->market;
    if (m->review_rate == 0.0) {
        return;
    }
    const double size = v->surprise / m->satisfaction_sd;
    const int stars = (int)oracle_held(rint(m->star_base + m->star_slope * size), 1.0, STARS);
    const double rate = m->review_rate * (m->review_floor + pow(fabs(size - m->star_neutral), m->review_power));
    count(o, EXPERIENCED_STARS, stars - 1, v->firm, v->purchases);
    const double u = oracle_single(o, REVIEWS, i, 1 + (uint32_t)v->firm, 0);
    count(o, PUBLISHED, stars - 1, v->firm, oracle_successes(u, v->purchases, -expm1(-rate)));
}

static double answers(const struct oracle *o, int f, double remembered)
{
    const struct market *m = &o->market;
    const double rate = o->firm[f].is.survey_rate;
    if (rate == 0.0 || rate == 1.0) {
        return rate;
    }
    const double strength = fmin(fabs(remembered - m->survey_centre), 2.0);
    return oracle_logistic(oracle_logit(rate) + m->survey_bias * (strength - 1.0));
}

static void survey(struct oracle *o, uint32_t i, const struct visit *v)
{
    const struct market *m = &o->market;
    const int f = v->firm;
    const double remembered = relation_of(o, i, f)->remembered;
    const struct uniforms lanes = oracle_singles(o, SURVEY, i, 0, 0);
    const double score =
        rint(m->survey_base + m->survey_memory * remembered + m->survey_trait * o->consumer[i].survey_trait +
             m->survey_noise * oracle_normal(lanes.u[1]));
    const double kept = oracle_held(score, 0.0, 10.0);
    const enum answer answer = kept >= 9.0 ? PROMOTER : kept >= 7.0 ? PASSIVE : DETRACTOR;
    const double csat = rint(m->csat_base + m->csat_slope * v->s + m->csat_noise * oracle_normal(lanes.u[2]));
    count(o, TRUE_ANSWERS, (int)answer, f, o->firm[f].is.survey_rate > 0.0 ? v->purchases : 0);
    const uint32_t answered = oracle_successes(lanes.u[0], v->purchases, answers(o, f, remembered));
    count(o, ANSWERS, (int)answer, f, answered);
    count(o, CSAT, (int)oracle_held(csat, 1.0, 5.0) - 1, f, answered);
}

/* Messages have one key, those about what was set apart numbers of their own. */
static void send(struct oracle *o, uint32_t i, int f, enum sign sign, uint32_t first, uint32_t messages)
{
    const bool apart = o->apart;
    count(o, TOLD, sign, f, messages);
    o->apart = false;
    for (uint32_t k = first; k < first + messages; k++) {
        oracle_send(o, i, f, sign, k + (apart ? UINT32_C(1) << 20 : 0));
    }
    o->apart = apart;
}

static uint32_t tell_experience(struct oracle *o, uint32_t i, const struct visit *v)
{
    if (v->surprise == 0.0) {
        return 0;
    }
    const struct market *m = &o->market;
    const struct own *own = &o->consumer[i].own;
    const enum sign sign = v->surprise > 0.0 ? POSITIVE : NEGATIVE;
    const double size = pow(fabs(v->surprise), m->tell_power);
    const double g = pow(fabs(v->surprise) / m->tell_scale, m->tell_power) *
                     (sign == NEGATIVE ? m->negative_ratio * o->tell_ratio : 1.0);
    const double each = (own->tells_always + own->tells_per_experience * g) * exp(v->tells_log);
    const double mean = fmin(500.0, v->purchases * each);
    count(o, DISCONFIRMATION, sign, v->firm, m->tell_power != 0.0 ? v->purchases * llrint(size * 1e6) : 0);
    const uint32_t messages = mean > 0.0 ? oracle_poisson(oracle_single(o, TELLING, i, 0, 0), mean) : 0;
    send(o, i, v->firm, sign, 0, messages);
    return messages;
}

static void tell_more(struct oracle *o, uint32_t i, const struct visit *v, uint32_t told)
{
    if (v->tells_negative > 0.0) {
        const double ratio = o->market.negative_ratio, tells = o->consumer[i].own.tells_per_experience;
        const double mean = fmin(500.0, v->tells_negative * ratio * tells);
        send(o, i, v->firm, NEGATIVE, told, oracle_poisson(oracle_single(o, TELLING, i, 0, 1), mean));
    }
}

void oracle_tell(struct oracle *o, uint32_t i, struct visit *v)
{
    tell_pyramid(o, i, v);
    count(o, EXPERIENCES, POSITIVE, v->firm, v->surprise > 0.0 ? v->purchases : 0);
    count(o, EXPERIENCES, NEGATIVE, v->firm, v->surprise < 0.0 ? v->purchases : 0);
    count(o, EXPERIENCE_SUM, 0, v->firm, llrint(v->cx * 1e6) * v->purchases);
    count(o, EXPERIENCE_SQUARES, 0, v->firm, llrint(v->cx * v->cx * 1e6) * v->purchases);
    reviews(o, i, v);
    survey(o, i, v);
    tell_more(o, i, v, tell_experience(o, i, v));
}
