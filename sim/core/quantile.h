/*
 * Distributions by quantile tables: x = F^-1(u), the same bits on every CPU.
 *
 * GSL computes the nodes once at load (its inverse CDFs cost microseconds and change their last bits with the
 * CPU); nodes are rounded to float32 and interpolated by own arithmetic. One uniform gives one value, so
 * common random numbers survive a change of parameters (monotone coupling).
 */
#ifndef GW_CORE_QUANTILE_H
#define GW_CORE_QUANTILE_H

#include "core/maths.h"
#include "core/status.h"

enum gw_family {
    GW_NO_FAMILY,
    GW_NORMAL,        /* a = mean, b = sd */
    GW_LOGNORMAL,     /* a = mean, b = sd, of the variable itself */
    GW_UNIFORM,       /* a = low, b = high */
    GW_EXPONENTIAL,   /* a = mean */
    GW_GAMMA,         /* a = shape, b = rate; mean a / b */
    GW_INVERSE_GAMMA, /* a = shape, b = scale; 1 / gamma(shape, rate = scale); mean b / (a - 1) */
    GW_BETA,          /* a = alpha, b = beta */
    GW_TRIANGULAR,    /* a = low, b = high, c = mode */
    GW_FAMILIES
};

struct gw_distribution {
    enum gw_family family;
    double a, b, c;
};

struct gw_quantile; /* immutable after creation; shared by threads */

/* Bad parameters (not finite, not positive where they must be, ...) give GW_BAD_INPUT with a message; an sd of 0
 * is good, shapes of the gamma, inverse gamma and beta run from 0.001 to 100000. Costs about 3 ms and 16 KiB for
 * these three, nothing for the others; switches GSL's error handler off. */
int gw_quantile_create(struct gw_quantile **quantile, struct gw_distribution distribution, struct gw_error *error);
void gw_quantile_free(struct gw_quantile *quantile);

/* F^-1(u), u in (0, 1), never decreasing, always finite. Relative error < 1e-5 for the shapes a >= 0.05 (of a beta:
 * both), < 1e-13 for the families without a shape. About 90 ns. */
double gw_quantile_at(const struct gw_quantile *quantile, double u);

struct gw_distribution gw_quantile_distribution(const struct gw_quantile *quantile);

/* A gamma table as loops over consumers read it, divided by its mean. */
struct gw_gamma {
    const float *node; /* the middle one, at t = 0; of the table that gave it */
    float tail;        /* 1 / shape */
};

#define GW_QUANTILE_CELLS 51.2f /* of a table, per unit of t = logit u */
#define GW_QUANTILE_REACH 2046  /* cells on either side of the middle that have two nodes beyond them */

struct gw_gamma gw_gamma_of(const struct gw_quantile *quantile); /* of family GW_GAMMA */

/* The quantile of u over the mean, for u = 2^-24 .. 1 - 2^-24. Where it is above 1e-30 its relative error against
 * gw_quantile_at() is below 3e-5. Some 5 ns where the loop is vectorised. */
static inline float gw_gamma_quantilef(struct gw_gamma g, float u)
{
    const float log_u = gw_logf(u), t = log_u - gw_logf(1.0f - u);
    const float s = t * GW_QUANTILE_CELLS;
    const int32_t i = (int32_t)(s + (float)GW_QUANTILE_REACH) - GW_QUANTILE_REACH; /* the node at or below */
    const float f = s - (float)i;
    const float before = g.node[i - 1], left = g.node[i], right = g.node[i + 1], after = g.node[i + 2];
    const float curve = 2.0f * before - 5.0f * left + 4.0f * right - after;
    const float twist = 3.0f * (left - right) + after - before;
    const float r = fmaf(0.5f * f, fmaf(f, fmaf(f, twist, curve), right - before), left);
    return gw_expf(fmaf(log_u, g.tail, r));
}

/* Moments in closed form; NaN where they do not exist. */
double gw_distribution_mean(struct gw_distribution distribution);
double gw_distribution_sd(struct gw_distribution distribution);

/* The distribution of factor * x, factor > 0; a beta, which lives on (0, 1), stays as it is. */
struct gw_distribution gw_distribution_scaled(struct gw_distribution distribution, double factor);

/* Names of a family and its numbers as written in scenarios: "gamma", "shape", "rate", NULL. */
const char *gw_family_name(enum gw_family family);
const char *gw_family_number(enum gw_family family, int which); /* 0, 1, 2; NULL past the last */

#endif
