/*
 * Which orders are paid, and what they are worth at price 1.
 */
#include "rule.h"

enum { ORDER_VALUE, ORDER_SHAPE };
enum { ORDERS, ORDER_TOTAL };
enum { READ_ORDERS_DUE };
enum { GAMMA };
enum { ORDER_LOG };

static const struct gw_parameter parameters[] = {
    {.name = "order_value",
     .scope = GW_CONSUMER,
     .unit = "money per order",
     .value = 20.0,
     .low = 0.0,
     .high = 1.0e6,
     .plausible_low = 1.0,
     .plausible_high = 1000.0,
     .off = GW_NO_OFF,
     .doc = "Mean value of an order at price 1; inverse gamma over consumers gives the gamma-gamma model.",
     .source = "[A] a basket of daily goods"},
    {.name = "order_shape",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1000.0,
     .plausible_low = 0.0,
     .plausible_high = 20.0,
     .off = GW_NO_OFF,
     .doc =
         "Gamma shape of an order around the consumer's mean (variance mean^2 / shape); 0: every order has the mean.",
     .source = "[S] 6.25 for CDNOW: Fader, Hardie & Lee 2005, J. Marketing Research"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {"orders", GW_PER_ENCOUNTER, GW_I32, 0.0, "orders", "orders paid"},
    {"order_total", GW_PER_ENCOUNTER, GW_F32, 0.0, "money", "value of the orders at price 1"},
    {.name = NULL},
};

static const struct gw_term terms[] = {
    {"order_log", GW_TERM_ENCOUNTER, "1", "what other rules add to the logarithm of the value of each order"},
    {.name = NULL},
};

/* Sum of `orders` gamma variates; the table has mean 1. */
static double draw_orders(const struct gw_block *b, uint32_t id, int firm, int32_t orders)
{
    const struct gw_quantile *gamma = gw_table(b, GAMMA);
    double sum = 0.0;
    for (int32_t k = 0; k < orders; k++) {
        const float u = gw_uniform_single(&b->key, id, b->period, 1u + (uint32_t)firm, (uint32_t)k);
        sum += gw_quantile_at(gamma, (double)u);
    }
    return sum;
}

static void scale(float *restrict total, const float *restrict log_factor, int n)
{
    for (int k = 0; k < n; k++) {
        total[k] *= gw_expf(log_factor[k]);
    }
}

static void sum_means(const float *restrict mean, const int32_t *restrict row, const int32_t *restrict paid, int n,
                      int32_t *restrict orders, float *restrict total)
{
    for (int k = 0; k < n; k++) {
        orders[k] = paid[k];
        total[k] = mean[row[k]] * (float)paid[k];
    }
}

static void price_orders(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const float *mean = gw_consumer(b, ORDER_VALUE);
    const int32_t *paid = b->contractual ? gw_read(b, READ_ORDERS_DUE) : e->purchases;
    int32_t *orders = gw_column(b, ORDERS);
    float *total = gw_column(b, ORDER_TOTAL);
    sum_means(mean, e->row, paid, e->n, orders, total);
    for (int k = 0; gw_table(b, GAMMA) != NULL && k < e->n; k++) {
        total[k] = (float)((double)mean[e->row[k]] * draw_orders(b, e->id[k], e->firm[k], orders[k]));
    }
    if (gw_term_live(b, ORDER_LOG)) {
        scale(total, gw_own_term(b, ORDER_LOG), e->n);
    }
}

static const char *const reads[] = {"orders_due", NULL};
static const struct gw_table_need tables[] = {{GW_GAMMA, ORDER_SHAPE}, {GW_NO_FAMILY, 0}};
static const struct gw_step steps[] = {{GW_ORDER, GW_BLOCK_STEP, price_orders, NULL}, {0}};

GW_RULE(order_value) = {
    .name = "order_value",
    .doc =
        "Every purchase is an order; in the contractual setting only the order that is due (or the first) is paid. "
        "An "
        "order is worth the consumer's mean times a gamma variate of mean 1 and shape `order_shape`. With means that "
        "are inverse gamma over consumers this is the gamma-gamma model. Other rules scale it by exp(order_log).",
    .reference = "Fader, Hardie & Lee 2005, Journal of Marketing Research 42(4)",
    .parameters = parameters,
    .columns = columns,
    .terms = terms,
    .reads = reads,
    .tables = tables,
    .steps = steps,
};
