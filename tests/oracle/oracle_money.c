/*
 * Money: the phases order and account, postings, and what a company is worth.
 */
#include "oracle_internal.h"

#include <math.h>
#include <stdlib.h>

/* ------------------------------------------------------------------ postings */

static bool make_room(struct oracle *o)
{
    if (o->events < o->event_room) {
        return true;
    }
    const size_t room = o->event_room == 0 ? 1024 : 2 * o->event_room;
    struct oracle_event *event = realloc(o->event, room * sizeof *event);
    if (event == NULL) {
        o->out_of_memory = true;
        return false;
    }
    o->event = event;
    o->event_room = room;
    return true;
}

/* Rounded half to even, once per event (the default rounding of llrint). */
void oracle_post(struct oracle *o, const char *name, int f, uint32_t i, enum gw_account debit, enum gw_account credit,
                 double money)
{
    const int64_t micro = llrint(money * 1e6);
    if (micro != 0 && make_room(o)) {
        o->event[o->events++] = (struct oracle_event){o->t, name, f, i, debit, credit, micro};
    }
}

/* ------------------------------------------------------------------ order */

static void term_follow_up(const struct oracle *o, uint32_t i, struct visit *v)
{
    v->order_log += v->followed ? log1p(o->consumer[i].own.cross_sell) : 0.0;
}

static void term_selling(const struct oracle *o, struct visit *v)
{
    v->order_log += log1p(o->market.push_gain * o->firm[v->firm].is.pushing);
}

static void order_value(const struct oracle *o, uint32_t i, struct visit *v)
{
    const double value = o->consumer[i].own.order_value * exp(v->order_log), shape = o->market.order_shape;
    v->orders = o->scenario->contractual ? v->orders_due : v->purchases;
    v->order_total = value * v->orders;
    if (shape > 0.0) {
        double sum = 0.0;
        for (uint32_t k = 0; k < v->orders; k++) {
            sum += oracle_gamma(oracle_single(o, ORDER_VALUE, i, 1 + (uint32_t)v->firm, k), shape, shape);
        }
        v->order_total = value * sum;
    }
}

void oracle_order(const struct oracle *o, uint32_t i, struct visit *v)
{
    term_follow_up(o, i, v);
    term_selling(o, v);
    order_value(o, i, v);
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
    const int f = v->firm;
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
    count(o, FAILURES, 0, v->firm, v->failed ? v->purchases : 0);
    count(o, COMPLAINTS, 0, v->firm, v->complained ? v->purchases : 0);
    count(o, REPAIRS, 0, v->firm, v->repaired ? v->purchases : 0);
    if (v->repaired) {
        oracle_post(o, "repair", v->firm, i, GW_RECOVERY, GW_CASH,
                    v->purchases * o->firm[v->firm].is.repair_cost * o->consumer[i].own.order_value);
    }
}

static void account_effort(struct oracle *o, const struct visit *v)
{
    if (o->firm[v->firm].focus > 0.0) {
        count(o, VALUE_SEEN, 0, v->firm, llrint(v->weight * v->purchases * 1e6));
        count(o, VALUE_COUNTED, 0, v->firm, v->purchases);
    }
}

static void account_extras(struct oracle *o, uint32_t i, const struct visit *v)
{
    oracle_post(o, "extras", v->firm, i, GW_EXPERIENCE_SPEND, GW_CASH, v->purchases * o->firm[v->firm].is.extras);
}

static void account_follow_up(struct oracle *o, uint32_t i, const struct visit *v)
{
    count(o, FOLLOWED, 0, v->firm, v->followed ? v->purchases : 0);
    if (v->followed) {
        oracle_post(o, "follow_up", v->firm, i, GW_RETENTION_SPEND, GW_CASH,
                    v->purchases * o->firm[v->firm].is.follow_cost);
    }
}

static void account_newcomer_offer(struct oracle *o, uint32_t i, const struct visit *v)
{
    const struct firm_numbers *is = &o->firm[v->firm].is;
    if (relation_of(o, i, v->firm)->state != CUSTOMER && v->orders > 0) {
        oracle_post(o, "newcomer_offer", v->firm, i, GW_OFFERS, GW_CASH,
                    is->newcomer_offer * v->order_total / v->orders * is->price);
    }
}

static void account_policies(struct oracle *o, uint32_t i, const struct visit *v)
{
    const struct firm_numbers *is = &o->firm[v->firm].is;
    oracle_post(o, "policies", v->firm, i, GW_RETENTION_SPEND, GW_CASH,
                v->order_total * (o->market.return_rate * is->refund + o->market.shipping_share * is->free_shipping));
}

static void account_programme(struct oracle *o, uint32_t i, const struct visit *v)
{
    const struct firm_numbers *is = &o->firm[v->firm].is;
    const uint32_t first = relation_of(o, i, v->firm)->state != CUSTOMER; /* is no customer's order */
    if (v->orders > first) {
        const double share = (double)(v->orders - first) / v->orders;
        oracle_post(o, "rewards", v->firm, i, GW_RETENTION_SPEND, GW_CASH,
                    is->rewards * v->order_total * share * is->price);
    }
}

static void account_pyramid(struct oracle *o, uint32_t i, const struct visit *v)
{
    count(o, LEFT_LEVEL, relation_of(o, i, v->firm)->level, v->firm, v->ended);
    count(o, MET_LEVEL, relation_of(o, i, v->firm)->level, v->firm, v->purchases);
}

void oracle_account(struct oracle *o, uint32_t i, const struct visit *v)
{
    account_billing(o, i, v);
    account_effort(o, v);
    account_extras(o, i, v);
    account_failure(o, i, v);
    account_follow_up(o, i, v);
    account_newcomer_offer(o, i, v);
    account_policies(o, i, v);
    account_programme(o, i, v);
    account_pyramid(o, i, v);
}

/* ------------------------------------------------------------------ valuation */

static const struct book *book_of(const struct oracle *o, int64_t t, int f)
{
    return &o->book[(size_t)t * (size_t)o->firms + (size_t)f];
}

static double active_after(const struct oracle *o, int64_t t, int f)
{
    return (double)(t < 0 ? o->active_first[f] : book_of(o, t, f)->active);
}

/* Change of cash, in money. */
static double net_cash_flow(const struct book *book)
{
    return 1e-6 * (double)book->account[GW_CASH];
}

static double contribution(const struct book *book)
{
    const int64_t *a = book->account;
    return -1e-6 * (double)(a[GW_REVENUE] + a[GW_COST_OF_GOODS] + a[GW_COST_TO_SERVE]);
}

/* Of the last whole year after the origin, or of the part there is when not even one is over. */
static double last_retention(const struct oracle *o, int f)
{
    const int64_t whole = (o->t - o->origin) / o->year;
    const int64_t first = o->origin + (whole > 0 ? whole - 1 : 0) * o->year;
    const int64_t last = whole > 0 ? first + o->year - 1 : o->t - 1;
    const double before = active_after(o, first - 1, f);
    return before > 0.0 ? (double)book_of(o, last, f)->retained / before : 0.0;
}

/* Scales a horizon shorter than a year to one. */
static double part_to_year(const struct oracle *o, int64_t from)
{
    return (double)o->year / (double)(o->t - from);
}

static double run_off(const struct oracle *o, int f, int64_t from)
{
    double earned = 0.0, active = 0.0;
    for (int64_t t = from; t < o->t; t++) {
        earned += contribution(book_of(o, t, f));
        active += active_after(o, t, f);
    }
    const double mean_active = active / (double)(o->t - from);
    const double r = last_retention(o, f);
    return mean_active > 0.0 ? active_after(o, o->t - 1, f) * part_to_year(o, from) * earned / mean_active * r /
                                   (1.0 + o->market.discount_rate - r)
                             : 0.0;
}

static double faded(const struct oracle *o, int f, int64_t from)
{
    double flow = 0.0;
    for (int64_t t = from; t < o->t; t++) {
        flow += net_cash_flow(book_of(o, t, f));
    }
    return part_to_year(o, from) * flow / (o->market.discount_rate + o->market.fade);
}

struct oracle_value oracle_valuation(const struct oracle *o, int f)
{
    const int64_t periods = o->t - o->origin;
    const int64_t last_year = periods < o->year ? o->origin : o->t - o->year; /* its first period */
    const double v = pow(1.0 + o->market.discount_rate, -o->years);
    struct oracle_value value = {0};
    for (int64_t t = 0; t < periods; t++) {
        const struct book *book = book_of(o, o->origin + t, f);
        value.horizon += net_cash_flow(book) * pow(v, (double)(t + 1));
        for (int a = 0; a < GW_ACCOUNTS; a++) {
            value.account[a] += 1e-6 * (double)book->account[a] * pow(v, (double)(t + 1));
        }
    }
    const int kind = (int)o->market.terminal;
    if (periods > 0 && kind != NONE) {
        value.terminal = pow(v, (double)periods) * (kind == FADE ? faded(o, f, last_year) : run_off(o, f, last_year));
    }
    return value;
}
