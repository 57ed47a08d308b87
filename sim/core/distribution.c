/* Names and moments of the distributions; their quantiles are in quantile.c. */
#include "core/quantile.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* ---- Names ------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *number[3];
} families[GW_FAMILIES] = {
    [GW_NO_FAMILY] = {"none", {NULL}},
    [GW_NORMAL] = {"normal", {"mean", "sd"}},
    [GW_LOGNORMAL] = {"lognormal", {"mean", "sd"}},
    [GW_UNIFORM] = {"uniform", {"low", "high"}},
    [GW_EXPONENTIAL] = {"exponential", {"mean"}},
    [GW_GAMMA] = {"gamma", {"shape", "rate"}},
    [GW_INVERSE_GAMMA] = {"inverse_gamma", {"shape", "scale"}},
    [GW_BETA] = {"beta", {"alpha", "beta"}},
    [GW_TRIANGULAR] = {"triangular", {"low", "high", "mode"}},
};

static bool is_family(enum gw_family family)
{
    return (int)family >= 0 && family < GW_FAMILIES;
}

const char *gw_family_name(enum gw_family family)
{
    return is_family(family) ? families[family].name : NULL;
}

const char *gw_family_number(enum gw_family family, int which)
{
    return is_family(family) && which >= 0 && which < 3 ? families[family].number[which] : NULL;
}

/* ---- Moments ----------------------------------------------------------------------------------------- */

double gw_distribution_mean(struct gw_distribution distribution)
{
    const struct gw_distribution d = distribution;
    switch (d.family) {
    case GW_NORMAL:
    case GW_LOGNORMAL:
    case GW_EXPONENTIAL:
        return d.a;
    case GW_UNIFORM:
        return 0.5 * (d.a + d.b);
    case GW_GAMMA:
        return d.a / d.b;
    case GW_INVERSE_GAMMA:
        return d.a > 1.0 ? d.b / (d.a - 1.0) : NAN;
    case GW_BETA:
        return d.a / (d.a + d.b);
    case GW_TRIANGULAR:
        return (d.a + d.b + d.c) / 3.0;
    default:
        return NAN;
    }
}

double gw_distribution_sd(struct gw_distribution distribution)
{
    const struct gw_distribution d = distribution;
    switch (d.family) {
    case GW_NORMAL:
    case GW_LOGNORMAL:
        return d.b;
    case GW_EXPONENTIAL:
        return d.a;
    case GW_UNIFORM:
        return (d.b - d.a) / sqrt(12.0);
    case GW_GAMMA:
        return sqrt(d.a) / d.b;
    case GW_INVERSE_GAMMA:
        return d.a > 2.0 ? d.b / ((d.a - 1.0) * sqrt(d.a - 2.0)) : NAN;
    case GW_BETA:
        return sqrt(d.a * d.b / (d.a + d.b + 1.0)) / (d.a + d.b);
    case GW_TRIANGULAR:
        /* (a^2 + b^2 + c^2 - ab - ac - bc) / 18, as differences */
        return sqrt(((d.b - d.a) * (d.b - d.a) + (d.c - d.a) * (d.c - d.b)) / 18.0);
    default:
        return NAN;
    }
}

struct gw_distribution gw_distribution_scaled(struct gw_distribution distribution, double factor)
{
    switch (distribution.family) {
    case GW_NO_FAMILY:
    case GW_BETA:
    case GW_FAMILIES:
        break;
    case GW_GAMMA: /* shape and rate */
        distribution.b /= factor;
        break;
    case GW_INVERSE_GAMMA: /* shape and scale */
        distribution.b *= factor;
        break;
    case GW_NORMAL:
    case GW_LOGNORMAL:
    case GW_UNIFORM:
    case GW_EXPONENTIAL:
    case GW_TRIANGULAR: /* all numbers are in the unit of x */
        distribution.a *= factor;
        distribution.b *= factor;
        distribution.c *= factor;
        break;
    }
    return distribution;
}
