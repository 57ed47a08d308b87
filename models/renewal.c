/*
 * Contracts: who is bound uses the own firm until a renewal, where the relation may end.
 * Nothing happens in the non-contractual setting.
 */
#include "rule.h"

enum { CONTRACT_YEARS, CHURN, BY_MEMORY, BY_ATTITUDE, BY_FAILURE, BY_PRICE };
enum { CONTRACT, CONTRACT_SINCE, ORDERS_DUE };
enum { READ_STATE, READ_REMEMBERED, READ_ATTITUDE, READ_UNREPAIRED, READ_ORDERS, READ_OPEN };
enum { RENEWAL_LOGIT };
enum { BORROW_PRICE, BORROW_REFERENCE };

static const struct gw_parameter parameters[] = {
    {.name = "contract_years",
     .scope = GW_MARKET,
     .unit = "years",
     .value = 1.0,
     .low = 0.0,
     .high = 30.0,
     .plausible_low = 0.08,
     .plausible_high = 3.0,
     .off = 0.0,
     .doc = "Time between renewals, rounded to whole periods (at least one); 0: no contracts.",
     .source = "[A] yearly, as in Fader & Hardie 2007, J. Interactive Marketing"},
    {.name = "churn",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.2,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.03,
     .plausible_high = 0.5,
     .off = 0.0,
     .doc = "Probability of leaving at a renewal when nothing else speaks for or against it; beta over consumers "
            "gives the "
            "shifted beta-geometric.",
     .source = "[S] Fader & Hardie 2007, J. Interactive Marketing: first-year churn .15 (High End), .37 (Regular)"},
    {.name = "renewal_memory",
     .scope = GW_MARKET,
     .unit = "logit per standard unit",
     .value = 0.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 2.0,
     .off = 0.0,
     .doc = "How much a good memory of past experiences lowers the logit of leaving at a renewal.",
     .source = "[A] 1.0 (.3-2) when on; cumulative satisfaction as anchor: Bolton 1998, Marketing Science [S]"},
    {.name = "renewal_attitude",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 3.0,
     .off = 0.0,
     .doc = "How much attitude above one half lowers the logit of leaving at a renewal.",
     .source = "[A]"},
    {.name = "renewal_failure",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 3.0,
     .off = 0.0,
     .doc = "How much an unrepaired failure raises the logit of leaving at a renewal.",
     .source = "[A] 1.5 (.5-3) when on"},
    {.name = "renewal_price",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = 0.0,
     .low = 0.0,
     .high = 50.0,
     .plausible_low = 0.0,
     .plausible_high = 5.0,
     .off = 0.0,
     .doc = "How much a price above the reference, as a share of it, raises the logit of leaving at a renewal.",
     .source = "[A] of the order of the price sensitivity of choice, 3.5: Bijmolt, van Heerde & Pieters 2005, JMR"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {"contract", GW_PER_CONSUMER, GW_I32, -1.0, "slot", "slot of the firm the consumer is bound to, -1 = free"},
    {"contract_since", GW_PER_CONSUMER, GW_I32, 0.0, "period", "period in which the contract was signed"},
    {"orders_due", GW_PER_ENCOUNTER, GW_I32, 1.0, "orders", "orders to be paid in the contractual setting, 0 or 1"},
    {.name = NULL},
};

static const struct gw_term terms[] = {
    {"renewal_logit", GW_TERM_ENCOUNTER, "logit", "what other rules add to the log-odds of leaving at a renewal"},
    {.name = NULL},
};

/* Periods between renewals, 0 = no contracts in this market. */
static int32_t term_of(const struct gw_block *b)
{
    const double years = gw_market(b, CONTRACT_YEARS);
    const int32_t periods = (int32_t)(years / b->years + 0.5);
    return !b->contractual || years <= 0.0 ? 0 : periods > 1 ? periods : 1;
}

static inline bool is_due(const struct gw_block *b, int32_t since, int32_t term)
{
    return ((int32_t)b->period - since) % term == 0;
}

/* A contract ends with the relation that loses its slot. */
static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    int32_t *contract = gw_column(b, CONTRACT);
    for (int k = 0; k < e->n; k++) {
        contract[e->row[k]] = contract[e->row[k]] == e->slot[k] ? -1 : contract[e->row[k]];
    }
}

static void start(const struct gw_block *b)
{
    const uint8_t *state = gw_read(b, READ_STATE);
    int32_t *contract = gw_column(b, CONTRACT);
    if (term_of(b) == 0) {
        return;
    }
    for (int slot = 0; slot < b->relations; slot++) {
        for (int row = 0; row < b->rows; row++) {
            contract[row] = state[slot * GW_BLOCK + row] == GW_CUSTOMER ? slot : contract[row];
        }
    }
}

/* Whether the firm under contract is still the consumer's, and there. */
static bool holds(const struct gw_block *b, int at)
{
    const uint8_t *state = gw_read(b, READ_STATE);
    const double *open = gw_read(b, READ_OPEN);
    return state[at] == GW_CUSTOMER && open[b->firm_at[at]] > 0.0;
}

/* A contract lapses with its relation; one that falls due is an occasion. */
static void fall_due(const struct gw_block *b)
{
    const int32_t *since = gw_column(b, CONTRACT_SINCE);
    int32_t *contract = gw_column(b, CONTRACT);
    const int32_t term = term_of(b);
    for (int row = 0; term > 0 && row < b->rows; row++) {
        if (contract[row] < 0) {
            continue;
        }
        if (!holds(b, contract[row] * GW_BLOCK + row)) {
            contract[row] = -1;
        } else if (is_due(b, since[row], term)) {
            b->at_least[row] = b->at_least[row] > 1 ? b->at_least[row] : 1;
        }
    }
}

static void bill(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const int32_t *contract = gw_column(b, CONTRACT), *since = gw_column(b, CONTRACT_SINCE);
    int32_t *due = gw_column(b, ORDERS_DUE);
    const int32_t term = term_of(b);
    for (int k = 0; b->contractual && k < e->n; k++) {
        const int row = e->row[k];
        due[k] = contract[row] < 0 || term == 0 || is_due(b, since[row], term);
    }
}

/* What speaks for leaving beyond the base churn, in logits. */
struct reasons {
    double memory, attitude, failure, price;
};

static struct reasons reasons_of(const struct gw_block *b, int k)
{
    const struct gw_encounters *e = b->encounters;
    const float *remembered = gw_read(b, READ_REMEMBERED), *attitude = gw_read(b, READ_ATTITUDE);
    const float *unrepaired = gw_read(b, READ_UNREPAIRED);
    const double price = gw_borrowed_levers(b, BORROW_PRICE)[e->firm[k]];
    const double reference = gw_borrowed_market(b, BORROW_REFERENCE);
    return (struct reasons){.memory = -gw_market(b, BY_MEMORY) * (double)remembered[e->at[k]],
                            .attitude = -gw_market(b, BY_ATTITUDE) * ((double)attitude[e->at[k]] - 0.5),
                            .failure = gw_market(b, BY_FAILURE) * (double)unrepaired[k],
                            .price =
                                gw_market(b, BY_PRICE) * (price - reference) / reference +
                                (gw_term_live(b, RENEWAL_LOGIT) ? (double)gw_own_term(b, RENEWAL_LOGIT)[k] : 0.0)};
}

/* sigma(logit churn + x), also for churn 0 and 1. */
static double hazard(double churn, double x)
{
    const double odds = gw_exp(x < 700.0 ? x : 700.0);
    return churn * odds / (churn * odds + (1.0 - churn));
}

/* Who would have left by base churn alone leaves for no cause; else the strongest reason is the cause. */
static enum gw_cause cause_of(struct reasons r, double u, double churn)
{
    const double service = r.memory > r.attitude ? r.memory : r.attitude;
    if (u < churn) {
        return GW_CAUSE_RENEWAL;
    }
    if (r.failure >= service && r.failure >= r.price) {
        return GW_CAUSE_FAILURE;
    }
    return r.price >= service ? GW_CAUSE_PRICE : GW_CAUSE_SERVICE;
}

static void renew(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *churn = gw_consumer(b, CHURN);
    const int32_t *contract = gw_column(b, CONTRACT), *since = gw_column(b, CONTRACT_SINCE);
    int32_t *due = gw_column(b, ORDERS_DUE);
    const int32_t term = term_of(b);
    for (int k = 0; term > 0 && k < e->n; k++) {
        const int row = e->row[k];
        if (contract[row] < 0 || due[k] == 0 || (int32_t)b->period <= since[row]) {
            continue;
        }
        const struct reasons r = reasons_of(b, k);
        const double u = (double)gw_uniform_single(&b->key, e->id[k], b->period, 1u + (uint32_t)e->firm[k], 0);
        if (u < hazard((double)churn[row], r.memory + r.attitude + r.failure + r.price)) {
            gw_end(b, k, cause_of(r, u, (double)churn[row]));
            due[k] = 0;
        }
    }
}

static void sign(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const int32_t *orders = gw_read(b, READ_ORDERS);
    int32_t *contract = gw_column(b, CONTRACT), *since = gw_column(b, CONTRACT_SINCE);
    int32_t *due = gw_column(b, ORDERS_DUE);
    const bool contracts = term_of(b) > 0;
    for (int k = 0; contracts && k < e->n; k++) {
        const int row = e->row[k];
        if (e->ended[k] != GW_STAYS) {
            contract[row] = -1;
        } else if (contract[row] < 0 && orders[k] > 0) {
            contract[row] = e->slot[k];
            since[row] = (int32_t)b->period;
        }
        due[k] = 0; /* what was set apart is use alone */
    }
}

static const char *const reads[] = {"relation_state", "remembered", "attitude", "unrepaired", "orders", "open", NULL};
static const char *const borrows[] = {"price", "reference_price", NULL};
static const struct gw_step steps[] = {
    {GW_NEED, GW_BLOCK_STEP, fall_due, NULL},
    {GW_BUY, GW_BLOCK_STEP, bill, NULL},
    {GW_LEAVE, GW_BLOCK_STEP, renew, NULL},
    {GW_CLOSE, GW_BLOCK_STEP, sign, NULL},
    {0},
};

GW_RULE(renewal) = {
    .name = "renewal",
    .doc = "In the contractual setting the first paid order signs a contract with the firm; one order is due every "
           "`contract_years`, and in between the consumer only uses. When an order falls due after the first, the "
           "relation ends with probability sigma(logit churn - renewal_memory M - renewal_attitude (A - 1/2) + "
           "renewal_failure unrepaired + renewal_price (p - p0)/p0 + what other rules add). With beta churn and the "
           "coefficients 0 this is the "
           "shifted beta-geometric.",
    .reference = "Fader & Hardie 2007, Journal of Interactive Marketing 21(1); Bolton 1998, Marketing Science 17(1)",
    .parameters = parameters,
    .columns = columns,
    .terms = terms,
    .borrows = borrows,
    .reads = reads,
    .enter = enter,
    .start = start,
    .steps = steps,
};
