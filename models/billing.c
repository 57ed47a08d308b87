/*
 * From orders to money: revenue, cost of goods, cost to serve, fixed cost, and the value of the customer base.
 */
#include "rule.h"

enum { UNIT_COST, SERVE_COST, FIXED_COST };
enum { READ_ORDERS, READ_ORDER_TOTAL, READ_FIRST_PAYMENT, READ_OPEN };
enum { BORROW_PRICE, BORROW_DISCOUNT_RATE };
enum { PURCHASES, VALUE_BASE, VALUE_NEW };
enum { SALE, GOODS, SERVICE, FIXED };

static const struct gw_parameter parameters[] = {
    {.name = "unit_cost",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.55,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.4,
     .plausible_high = 0.8,
     .off = GW_NO_OFF,
     .doc = "Cost of goods per value of an order at price 1; discounts do not change it.",
     .source = "[A] a price cut pays only below about 1 + 1/elasticity, so whoever sets this sets the winner"},
    {.name = "serve_cost",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.06,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.02,
     .plausible_high = 0.15,
     .off = GW_NO_OFF,
     .doc = "Cost to serve per value of an order at price 1: delivery, payment, handling.",
     .source = "[A]"},
    {.name = "fixed_cost",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0e9,
     .plausible_low = 0.0,
     .plausible_high = 1.0e7,
     .off = GW_NO_OFF,
     .doc = "Cost of the firm that depends on no customer.",
     .source = "[A] 0: values are gross of fixed cost"},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"purchases", GW_COUNT, NULL, "orders", "orders paid"},
    {"value_base", GW_SUM, NULL, "money",
     "contribution of customers of the origin, discounted to the origin at the yearly rate"},
    {"value_new", GW_SUM, NULL, "money",
     "contribution of customers since the origin, discounted to each one's first payment"},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {"sale", GW_CASH, GW_REVENUE, "orders paid by customers"},
    {"goods", GW_COST_OF_GOODS, GW_CASH, "cost of the goods ordered"},
    {"service", GW_COST_TO_SERVE, GW_CASH, "cost to serve the orders"},
    {"fixed", GW_FIXED_COST, GW_CASH, "fixed cost of the period"},
    {.name = NULL},
};

/* Every order's value times its firm's rate and a weight, in integers of 1e-6. */
static void weighted_in_micro(const float *restrict total, const double *restrict rate, const int32_t *restrict firm,
                              const double *restrict weight, int n, int64_t *restrict micro)
{
    for (int k = 0; k < n; k++) {
        micro[k] = gw_micro((double)total[k] * rate[firm[k]] * weight[k]);
    }
}

/* Weights of the contribution: for customers of the origin (1 + d)^-(time since the origin), else 0; for later ones
 * (1 + d)^-(time since the first payment), else 0. Whoever pays for the first time now has no first payment yet. */
static void weigh(const struct gw_block *b, const uint16_t *restrict first_payment, double *restrict base,
                  double *restrict fresh)
{
    const struct gw_encounters *e = b->encounters;
    const double log_growth = gw_log(1.0 + gw_borrowed_market(b, BORROW_DISCOUNT_RATE)) * b->years;
    const double periods = (double)b->period - (double)b->origin;
    const double weight = gw_exp(-log_growth * (periods > 0.0 ? periods : 0.0));
    const float rate = (float)log_growth, now = (float)b->period + 0.5f, origin = (float)b->origin;
    float since[GW_BLOCK];
    for (int k = 0; k < e->n; k++) {
        since[k] = gw_moment_time(first_payment[e->at[k]]);
    }
    for (int k = 0; k < e->n; k++) {
        const bool of_origin = (since[k] >= 0.0f) & (since[k] <= origin);
        const float age = since[k] >= 0.0f ? now - since[k] : 0.0f;
        base[k] = of_origin ? weight : 0.0;
        fresh[k] = of_origin ? 0.0 : (double)gw_expf(-rate * age);
    }
}

static void post(const struct gw_block *b, int posting, const float *total, const double *rate)
{
    int64_t micro[GW_BLOCK];
    gw_micro_by_firm(b, total, rate, micro);
    gw_post_encounters(b, posting, micro);
}

static void tally(const struct gw_block *b, int tally, int64_t *amount)
{
    gw_add_by_firm(b, amount, gw_tally_of(b, tally, 0));
}

static void value_customers(const struct gw_block *b, const float *total)
{
    const struct gw_encounters *e = b->encounters;
    double base[GW_BLOCK], fresh[GW_BLOCK], margin[GW_MAX_FIRMS];
    int64_t micro[GW_BLOCK];
    for (int f = 0; f < b->firms; f++) {
        margin[f] = gw_borrowed_levers(b, BORROW_PRICE)[f] - gw_levers(b, UNIT_COST)[f] - gw_levers(b, SERVE_COST)[f];
    }
    weigh(b, gw_read(b, READ_FIRST_PAYMENT), base, fresh);
    weighted_in_micro(total, margin, e->firm, base, e->n, micro);
    tally(b, VALUE_BASE, micro);
    weighted_in_micro(total, margin, e->firm, fresh, e->n, micro);
    tally(b, VALUE_NEW, micro);
}

static void count_purchases(const struct gw_block *b, const int32_t *restrict orders, int64_t *restrict count)
{
    for (int k = 0; k < b->encounters->n; k++) {
        count[k] = orders[k];
    }
    tally(b, PURCHASES, count);
}

static void account(const struct gw_block *b)
{
    const float *total = gw_read(b, READ_ORDER_TOTAL);
    int64_t count[GW_BLOCK];
    count_purchases(b, gw_read(b, READ_ORDERS), count);
    post(b, SALE, total, gw_borrowed_levers(b, BORROW_PRICE));
    post(b, GOODS, total, gw_levers(b, UNIT_COST));
    post(b, SERVICE, total, gw_levers(b, SERVE_COST));
    value_customers(b, total);
}

static void pay_fixed_cost(const struct gw_firms *firms)
{
    const double *open = gw_firm_read(firms, READ_OPEN);
    for (int f = 0; f < firms->firms; f++) {
        const double cost = gw_firm_levers(firms, FIXED_COST)[f] * 52.0 * firms->years;
        gw_firm_post(firms, FIXED, f, gw_micro(cost * open[f]));
    }
}

static const char *const reads[] = {"orders", "order_total", "first_payment", "open", NULL};
static const char *const borrows[] = {"price", "discount_rate", NULL};
static const struct gw_step steps[] = {
    {GW_ACT, GW_FIRMS_STEP, NULL, pay_fixed_cost},
    {GW_ACCOUNT, GW_BLOCK_STEP, account, NULL},
    {0},
};

GW_RULE(billing) = {
    .name = "billing",
    .doc =
        "Revenue = order value at price 1 times the price level, cost of goods and cost to serve = order value times "
        "unit_cost and serve_cost; each rounded once per encounter to 1e-6. Fixed cost falls every period. The "
        "contribution (revenue - goods - service) is also summed discounted: for customers of the origin to the "
        "origin (value_base), for later ones to their first payment (value_new), which divided by the numbers of "
        "customers give the lifetime values of the base and of new customers.",
    .reference = "Gupta, Lehmann & Stuart 2004, Journal of Marketing Research 41(1)",
    .parameters = parameters,
    .tallies = tallies,
    .postings = postings,
    .borrows = borrows,
    .reads = reads,
    .steps = steps,
};
