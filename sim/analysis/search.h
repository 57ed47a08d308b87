/*
 * The search for an optimum: points seen so far, and the steps that find the best of them. Private to optimum.c.
 */
#ifndef GW_ANALYSIS_SEARCH_H
#define GW_ANALYSIS_SEARCH_H

#include "analysis/optimum.h"

/* Every point that was evaluated, with its values: the surface is fitted to them. */
struct search {
    const struct gw_response *response;
    const struct gw_optimum_options *options;
    struct gw_error *error;
    size_t points, room;
    double *x;       /* [points][dimensions] */
    double *value;   /* [points][replications] */
    double *goal;    /* [points] */
    double *breach;  /* [points] of the requirements, relative; 0: permitted */
    double *scratch; /* [2 * replications] */
    double spread;   /* of the goal over the design: the unit of penalties */
    double worst;    /* of the goal over the design */
    int status;
};

int gw_search_open(struct search *search, const struct gw_response *response,
                   const struct gw_optimum_options *options, struct gw_error *error);
void gw_search_close(struct search *search);

/* Evaluates points x[count][dimensions] at once and keeps them. */
int gw_search_see(struct search *search, const double *x, size_t count);

/* `count` points that fill the box (low, high), from the Sobol sequence, its first `skip` left out; projected onto
 * the set when asked. */
int gw_search_fill(struct search *search, const double *low, const double *high, size_t skip, size_t count,
                   bool project);

/* The best point so far: permitted ones before others. */
size_t gw_search_best(const struct search *search);

/* Design, starts, minimisers. */
int gw_search_run(struct search *search);

#endif
