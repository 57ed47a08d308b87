/*
 * Sequential stopping: replications go on until every asked interval is short enough.
 *
 * The rule is that of Chow & Robbins (1965, Annals of Mathematical Statistics): stop at the first n at which the
 * half-width of the interval is at most what is asked; coverage tends to the confidence as the asked width tends to
 * 0. Stopped at a small n by an accidentally small variance it covers less (Law & Kelton 1982, Operations Research),
 * so it is judged from `least` on, and then only after whole batches. It is judged in the order of replications: the
 * number it stops at is a function of the values alone, not of which thread was first. Measured coverage:
 * docs/experiments.md.
 */
#ifndef GW_ANALYSIS_STOPPING_H
#define GW_ANALYSIS_STOPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GW_STOPPING_LEAST = 100, GW_STOPPING_BATCH = 20 };

struct gw_stopping {
    double half_width;    /* at most this, in the quantity's unit, or */
    bool relative;        /* this times |mean|; in both cases above 0 */
    uint32_t least, most; /* GW_STOPPING_LEAST <= least <= most */
};

/* The interval of a quantity over the first n replications is mean +- half_width; NaN: it has none. */
struct gw_width {
    double mean, half_width;
};

/* Quantities by number; `over` is asked in ascending order of n. */
struct gw_widths {
    size_t quantities;
    struct gw_width (*over)(void *context, size_t quantity, uint32_t n);
    void *context;
};

/* Where the rule stands; zeroed at the start. */
struct gw_stop {
    uint32_t n;            /* replications of the result; 0: more are needed */
    bool reached;          /* false with n > 0: the most number ended it */
    uint32_t judged;       /* n of the last judgement; 0: none yet */
    size_t widest;         /* quantity that is furthest from what was asked, at that judgement */
    struct gw_width width; /* its interval */
};

/* Half-width over the asked one; infinite without an interval, 0 for an exact value. */
double gw_stopping_ratio(const struct gw_stopping *rule, struct gw_width width);

/* Judges wherever it is due among the first `known` replications, until it stops. Cost: one call of `over` per
 * quantity and judgement. */
void gw_stopping_judge(const struct gw_stopping *rule, const struct gw_widths *widths, uint32_t known,
                       struct gw_stop *stop);

/* The number at which it is likely to stop: widths shrink with the square root of n. */
uint32_t gw_stopping_forecast(const struct gw_stopping *rule, const struct gw_stop *stop);

#endif
