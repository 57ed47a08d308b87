/*
 * The best of what is feasible, by a noisy response: where it is, how sure that is, what it is worth.
 *
 * Under common random numbers the sample average over fixed replications is an ordinary function, maximised by GSL:
 * from the best points of a design that fills the set (Sobol) and from the top of a quadratic surface through it, by
 * Brent's method in one dimension and Nelder and Mead's in more, projected onto what is feasible.
 *
 * The value at the point so chosen is too good on average, as luck had a say in the choice ("winner's curse": Smith &
 * Winkler 2006, Management Science 52(3)). What the optimum is worth, and what is lost beside it, is therefore
 * measured on fresh replications that had no say.
 *
 * Around the best point seen quadratic surfaces are fitted over two widths and their tops extrapolated; that place is
 * the optimum unless the best point seen is told apart from it: where the response has steps luck moves the best
 * point by far more.
 *
 * The interval of the optimum: replications are drawn anew (bootstrap), the surfaces are fitted to each such sample,
 * and the place moves; the quantiles of the moves are the interval.
 */
#ifndef GW_ANALYSIS_OPTIMUM_H
#define GW_ANALYSIS_OPTIMUM_H

#include "analysis/feasible.h"
#include "analysis/functional.h"
#include "analysis/response.h"

/* The mean of another measure is to lie within low .. high (infinite: no bound). */
struct gw_optimum_requirement {
    const struct gw_response *response;
    double low, high;
};

struct gw_optimum_options {
    struct gw_feasible set;
    struct gw_functional goal;
    const struct gw_optimum_requirement *requirement;
    size_t requirements;
    uint32_t replications; /* of the search: 0 .. replications - 1; >= 10 */
    uint32_t fresh;        /* of the confirmation: the next ones; >= 10 */
    size_t starts;         /* >= 1 */
    size_t profile;        /* points along each lever, >= 2 */
    size_t resamples;      /* of the bootstrap, >= 100 */
    double level;          /* confidence, in (0, 1) */
    double tolerance;      /* of the search, in ranges; 0: 0.005 */
};

enum gw_optimum_place { GW_AT_LOW = -1, GW_INTERIOR = 0, GW_AT_HIGH = 1 };

/* The others stay where they are, or give way as little as possible where the budget asks for it. NaN: not feasible.
 * Differences are those to the optimum in the fresh replications, of the goal. */
struct gw_optimum_point {
    double x[GW_MAX_DIMENSIONS];
    struct gw_functional_estimate value, difference;
};

struct gw_optimum_lever {
    double low, high; /* interval of the optimal x */
    enum gw_optimum_place place;
    double flat_low, flat_high; /* points of the profile not told apart from the optimum, as far as they join it */
    struct gw_functional_estimate down, up; /* difference where it moves by 10% of its range; n = 0: not feasible */
    double worth, worth_low, worth_high; /* of the goal, of one more unit of x: slope of the surface at the optimum */
};

struct gw_optimum {
    size_t dimensions;
    double x[GW_MAX_DIMENSIONS];
    bool permitted; /* all requirements hold in the search; otherwise x comes nearest to holding them */
    bool budget_binds;
    double cost;
    struct gw_functional_estimate search;    /* the goal at x in the replications that chose it */
    struct gw_functional_estimate fresh;     /* in others: what it is worth */
    struct gw_functional_estimate *required; /* [requirements] means in the fresh replications */
    struct gw_optimum_lever lever[GW_MAX_DIMENSIONS];
    bool flat; /* nothing in any profile is told apart from the optimum */
    size_t profile;
    struct gw_optimum_point *along; /* [dimensions][profile], x[lever] ascending; the optimum is among them */
    size_t evaluated;               /* points, all in all */
};

/* GW_BAD_INPUT: options out of range, an empty set (gw_feasible_check), or a point, which is named, at which fewer
 * than two values are defined. What `evaluate` fails with is passed on. Release with gw_optimum_free(), also after a
 * failure. The same options give the same result: there is no chance but that of the response. */
int gw_optimum_find(const struct gw_response *response, const struct gw_optimum_options *options,
                    struct gw_optimum *optimum, struct gw_error *error);
void gw_optimum_free(struct gw_optimum *optimum);

#endif
