/*
 * Who leaves for good: a logit of satisfaction, one draw per customer.
 */
#include "rule.h"

enum { CHURN_BASE };
enum { ALIVE };
enum { CUSTOMERS, CHURNED };
enum { SATISFACTION };

static const struct gw_parameter parameters[] = {
    {.name = "churn_base",
     .scope = GW_MARKET,
     .unit = "logit",
     .value = -6.0,
     .low = -50.0,
     .high = 50.0,
     .plausible_low = -10.0,
     .plausible_high = 0.0,
     .off = GW_NO_OFF,
     .doc = "Logit of churn in a period at satisfaction 0.",
     .source = "definition of WOM-REF-1"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "alive",
     .shape = GW_PER_CONSUMER,
     .type = GW_U8,
     .neutral = 1.0,
     .unit = "1",
     .doc = "1 until the customer churns; 0 where a block has no customer."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {"customers", GW_COUNT, NULL, "customers", "living customers at the start of the period"},
    {"churned", GW_COUNT, NULL, "customers", "customers who leave"},
    {.name = NULL},
};

static const char *const reads[] = {"satisfaction", NULL};

/* Rows without a customer are dead from the start, so that no loop has to know where a block ends. */
static void start(const struct gw_block *b)
{
    uint8_t *alive = gw_column(b, ALIVE);
    memset(alive + b->rows, 0, (size_t)(GW_BLOCK - b->rows));
}

static int32_t count(const uint8_t *restrict alive)
{
    int32_t n = 0;
    for (int row = 0; row < GW_BLOCK; row++) {
        n += alive[row];
    }
    return n;
}

/* u < 1 / (1 + e^-(base - s)), without the division. */
static void decide(uint8_t *restrict alive, const float *restrict u, const float *restrict satisfaction, float base)
{
    for (int row = 0; row < GW_BLOCK; row++) {
        const float against = gw_expf(satisfaction[row] - base);
        alive[row] = (uint8_t)(alive[row] & (fmaf(u[row], against, u[row]) >= 1.0f));
    }
}

static void churn(const struct gw_block *b)
{
    float u[GW_BLOCK];
    uint8_t *alive = gw_column(b, ALIVE);
    const int32_t before = count(alive);
    gw_draw_rows(b, 0, 0, u);
    decide(alive, u, gw_read(b, SATISFACTION), (float)gw_market(b, CHURN_BASE));
    gw_tally_add(b, CUSTOMERS, 0, 0, before);
    gw_tally_add(b, CHURNED, 0, 0, before - count(alive));
}

static const struct gw_step steps[] = {{GW_STOCK, GW_BLOCK_STEP, churn, NULL}, {0}};

GW_RULE(churn) = {
    .name = "churn",
    .doc =
        "A living customer leaves for good with probability 1 / (1 + exp(-(churn_base - s))); what was shared this "
        "period is still delivered.",
    .reference = "WOM-REF-1, step 5",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .start = start,
    .steps = steps,
};
