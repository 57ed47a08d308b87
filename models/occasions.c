/*
 * When consumers need the category: Poisson occasions at a rate of their own.
 */
#include "rule.h"

enum { PURCHASE_RATE };
enum { DENSE = 8 }; /* terms of the cumulated distribution that are summed for everybody */

static const struct gw_parameter parameters[] = {
    {.name = "purchase_rate",
     .scope = GW_CONSUMER,
     .unit = "per year",
     .value = 44.0,
     .low = 0.0,
     .high = 8000.0,
     .plausible_low = 0.5,
     .plausible_high = 150.0,
     .off = 0.0,
     .doc = "Mean number of occasions to buy or use, with any firm or none; gamma over consumers gives the NBD.",
     .source = "[A] a frequently bought category, with gamma shape about .45: a fifth of the buyers brings 60-75% of "
               "sales"},
    {.name = NULL},
};

/* Smallest k with u < F(k). The mean is at most 8000 / 12, where e^-mean is still a normal double. */
static int32_t poisson(double u, double mean)
{
    double term = gw_exp(-mean), cumulated = term;
    int32_t k = 0;
    while (u >= cumulated && (term > 0x1p-60 || (double)k < mean)) {
        k++;
        term *= mean / (double)k;
        cumulated += term;
    }
    return k;
}

/* The same search over the first DENSE values, for all rows at once; DENSE where it goes on. Returns the largest. */
static int32_t few(const float *restrict rate, const float *restrict u, float years, int rows,
                   int32_t *restrict occasions)
{
    int32_t most = 0;
    for (int row = 0; row < rows; row++) {
        const float mean = rate[row] * years;
        float term = gw_expf(-mean), cumulated = term;
        int32_t n = u[row] >= cumulated;
        for (int k = 1; k < DENSE; k++) {
            term *= mean * (1.0f / (float)k);
            cumulated += term;
            n += u[row] >= cumulated;
        }
        occasions[row] = n;
        most = n > most ? n : most;
    }
    return most;
}

static void arise(const struct gw_block *b)
{
    float u[GW_BLOCK];
    const float *rate = gw_consumer(b, PURCHASE_RATE);
    gw_draw_rows(b, 0, 0, u);
    const int32_t most = few(rate, u, (float)b->years, b->rows, b->occasions);
    for (int row = 0; most == DENSE && row < b->rows; row++) {
        if (b->occasions[row] == DENSE) {
            b->occasions[row] = poisson((double)u[row], (double)rate[row] * b->years);
        }
    }
}

static const struct gw_step steps[] = {{GW_NEED, GW_BLOCK_STEP, arise, NULL}, {0}};

GW_RULE(occasions) = {
    .name = "occasions",
    .doc = "In a period of D years a consumer has n ~ Poisson(purchase_rate D) occasions, by inversion of one "
           "uniform. All "
           "occasions of a period share one choice and one experience, which counts n times. With rates that are "
           "gamma over consumers the "
           "number of purchases is negative binomial.",
    .reference = "Ehrenberg 1959, Applied Statistics 8(1)",
    .parameters = parameters,
    .steps = steps,
};
