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

/* The encounters that have an order of the number in question. */
struct buyers {
    int n;
    int32_t encounter[GW_BLOCK], firm[GW_BLOCK];
    uint32_t id[GW_BLOCK];
};

static void list_buyers(const struct gw_encounters *e, const int32_t *restrict orders, int32_t number,
                        struct buyers *restrict buyers)
{
    const int listed = buyers->n;
    int n = 0;
    for (int k = 0; k < listed; k++) {
        const int32_t encounter = buyers->encounter[k];
        buyers->encounter[n] = encounter;
        n += orders[encounter] > number;
    }
    for (int k = 0; k < n; k++) {
        buyers->id[k] = e->id[buyers->encounter[k]];
        buyers->firm[k] = e->firm[buyers->encounter[k]];
    }
    buyers->n = n;
}

static void gamma_of_uniform(struct gw_gamma gamma, float *restrict u, int n)
{
    for (int k = 0; k < n; k++) {
        u[k] = gw_gamma_quantilef(gamma, u[k]);
    }
}

/* Sums of `orders` gamma variates of mean 1: all first orders, then all second ones, and so on. */
static void draw_orders(const struct gw_block *b, const int32_t *orders, float *restrict sum)
{
    const struct gw_encounters *e = b->encounters;
    const struct gw_gamma gamma = gw_gamma_of(gw_table(b, GAMMA));
    struct buyers buyers = {.n = e->n};
    float order[GW_BLOCK];
    for (int k = 0; k < e->n; k++) {
        buyers.encounter[k] = k;
        sum[k] = 0.0f;
    }
    for (int32_t number = 0; buyers.n > 0; number++) {
        list_buyers(e, orders, number, &buyers);
        gw_draw_about(b, buyers.id, buyers.firm, buyers.n, (uint32_t)number, order);
        gamma_of_uniform(gamma, order, buyers.n);
        for (int k = 0; k < buyers.n; k++) {
            sum[buyers.encounter[k]] += order[k];
        }
    }
}

static void scale(float *restrict total, const float *restrict log_factor, int n)
{
    for (int k = 0; k < n; k++) {
        total[k] *= gw_expf(log_factor[k]);
    }
}

/* Orders that are the consumer's mean each count as 1. */
static void count_orders(const int32_t *restrict orders, int n, float *restrict sum)
{
    for (int k = 0; k < n; k++) {
        sum[k] = (float)orders[k];
    }
}

static void price_orders(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const int32_t *paid = b->contractual ? gw_read(b, READ_ORDERS_DUE) : e->purchases;
    float *total = gw_column(b, ORDER_TOTAL), mean[GW_BLOCK];
    memcpy(gw_column(b, ORDERS), paid, (size_t)e->n * sizeof *paid);
    if (gw_table(b, GAMMA) != NULL) {
        draw_orders(b, paid, total);
    } else {
        count_orders(paid, e->n, total);
    }
    gw_gather(mean, gw_consumer(b, ORDER_VALUE), e->row, e->n);
    for (int k = 0; k < e->n; k++) {
        total[k] *= mean[k];
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
