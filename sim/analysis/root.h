/*
 * Where the mean of a noisy function of one variable is 0: break-even.
 *
 * Under common random numbers the sample mean is an ordinary function of x, so that its roots are found by a scan and
 * Brent's method (Brent 1973; gsl_root_fsolver_brent). A root's interval is got by turning the test round: it is the
 * connected set of x around the root at which Student's interval of the mean holds 0. At the true root x0 the
 * interval of the mean misses 0 with probability 1 - level, whatever the slope, so the set misses x0 as often
 * (Fieller's argument; Fieller 1954, J. R. Stat. Soc. B). It may reach the end of the range; then it is open there.
 */
#ifndef GW_ANALYSIS_ROOT_H
#define GW_ANALYSIS_ROOT_H

#include "analysis/functional.h"
#include "analysis/response.h"

#include <stdbool.h>

enum { GW_MAX_ROOTS = 16, GW_MAX_ROOT_POINTS = 1025 };

struct gw_root_options {
    double low, high;      /* range of x */
    size_t points;         /* of the scan, both ends among them: 3 .. GW_MAX_ROOT_POINTS */
    uint32_t replications; /* of the first round, >= 2 */
    uint32_t most;         /* >= replications; the number doubles from round to round */
    double half_width;     /* asked of every root's interval, in units of x; 0: the first round is enough */
    double level;          /* confidence, in (0, 1) */
    double tolerance;      /* of x, for Brent's method; 0: a twentieth of half_width, else 1e-4 of the range */
};

struct gw_root {
    double x, low, high;
    bool open_low, open_high; /* the interval reaches the end of the range: the true root may lie beyond */
    bool rising;              /* from below 0 to above */
};

struct gw_roots {
    size_t roots; /* in ascending order; more than GW_MAX_ROOTS are counted in `more` */
    struct gw_root root[GW_MAX_ROOTS];
    size_t more;
    uint32_t replications; /* of the last round */
    bool reached;          /* the asked half-width, by every root */

    /* The scan, near a root with the replications of the last round, elsewhere with those of the first: also the
     * answer where there is no root. */
    size_t points;
    double *x;                           /* [points] */
    struct gw_functional_estimate *mean; /* [points] */
    int sign;       /* without a root: 1 above 0 over the range, -1 below, 0 equal to 0 at every point */
    size_t zeros;   /* points of the scan at which the mean is 0 exactly, as where two strategies are the same */
    bool undecided; /* without a root: at some point the interval holds 0 all the same */
};

/* GW_BAD_INPUT: options out of their ranges, or fewer than two values are defined at a point, which is named. What
 * `evaluate` fails with is passed on. Release with gw_roots_free(), also after a failure. */
int gw_roots_find(const struct gw_response *response, const struct gw_root_options *options, struct gw_roots *roots,
                  struct gw_error *error);
void gw_roots_free(struct gw_roots *roots);

#endif
