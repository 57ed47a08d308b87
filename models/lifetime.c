/*
 * Exponential lifetimes: a relation ends when its time has come, bought or not.
 */
#include "rule.h"

enum { LIFETIME_RATE };
enum { LIFE };
enum { READ_STATE, READ_FIRST_PAYMENT };

static const struct gw_parameter parameters[] = {
    {.name = "lifetime_rate",
     .scope = GW_CONSUMER,
     .unit = "per year",
     .value = 0.0,
     .low = 0.0,
     .high = 1000.0,
     .plausible_low = 0.0,
     .plausible_high = 3.0,
     .off = 0.0,
     .doc = "Rate at which relations die, counted from the first payment; gamma over consumers gives the Pareto/NBD.",
     .source = "[S] Schmittlein, Morrison & Colombo 1987, Management Science; CDNOW mean .606/11.669 per week [C]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {"life", GW_PER_RELATION, GW_F32, (double)GW_NEVER, "periods", "lifetime of the relation from its first payment",
     .lasting = true},
    {.name = NULL},
};

static float lifetime(const struct gw_block *b, uint32_t id, int firm, double rate)
{
    const double u = gw_uniform_start(&b->key, id, 1u + (uint32_t)firm, 0);
    const double periods = rate > 0.0 ? -gw_log(u) / (rate * b->years) : (double)GW_NEVER;
    return periods < (double)GW_NEVER ? (float)periods : GW_NEVER;
}

static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    const float *rate = gw_consumer(b, LIFETIME_RATE);
    float *life = gw_column(b, LIFE);
    for (int k = 0; k < e->n; k++) {
        life[e->at[k]] = lifetime(b, e->id[k], e->firm[k], (double)rate[e->row[k]]);
    }
}

/* Binomial(n, p) by inversion: the smallest k with u < F(k). The q^n of the first term cannot underflow to a wrong
 * answer: occasions of a period are few, and once 1 - p is 0 all n happen. */
static int32_t binomial(double u, int32_t n, double p)
{
    const double q = 1.0 - p;
    if (q <= 0.0) {
        return n;
    }
    double term = gw_exp((double)n * gw_log(q)), cumulated = term;
    int32_t k = 0;
    while (k < n && u >= cumulated) {
        term *= (double)(n - k) / (double)(k + 1) * (p / q);
        cumulated += term;
        k++;
    }
    return k;
}

/* In its last period a relation lives for a part of it; each occasion falls into that part independently. */
static void cap(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const uint8_t *state = gw_read(b, READ_STATE);
    const uint16_t *first_payment = gw_read(b, READ_FIRST_PAYMENT);
    const float *life = gw_column(b, LIFE);
    const float now = (float)b->period;
    for (int k = 0; k < e->n; k++) {
        const int at = e->at[k];
        const float remaining = gw_moment_time(first_payment[at]) + life[at] - now;
        if (remaining < 1.0f && state[at] == GW_CUSTOMER) {
            const float u = gw_uniform_single(&b->key, e->id[k], b->period, 1u + (uint32_t)e->firm[k], 0);
            gw_cap(b, k, binomial((double)u, e->purchases[k], (double)gw_maxf(remaining, 0.0f)));
        }
    }
}

static const char *const reads[] = {"relation_state", "first_payment", NULL};
static const struct gw_step steps[] = {{GW_BUY, GW_BLOCK_STEP, cap, NULL}, {0}};

GW_RULE(lifetime) = {
    .name = "lifetime",
    .doc = "Every relation has an exponential lifetime from its first payment. In the period in which it ends, each "
           "purchase happens only if it falls before the end; at the end of that period the relation is closed for "
           "ever, "
           "cause lifetime. With gamma purchase rates and gamma lifetime rates this is the Pareto/NBD.",
    .reference = "Schmittlein, Morrison & Colombo 1987, Management Science 33(1)",
    .parameters = parameters,
    .columns = columns,
    .reads = reads,
    .enter = enter,
    .steps = steps,
};
