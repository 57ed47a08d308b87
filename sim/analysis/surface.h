/*
 * A quadratic response surface over a few levers: least squares, its maximum over what is feasible.
 *
 * Levers enter as z = (x - low) / (high - low); a settled lever (low == high) has no term.
 */
#ifndef GW_ANALYSIS_SURFACE_H
#define GW_ANALYSIS_SURFACE_H

#include "analysis/feasible.h"

struct gw_surface {
    const struct gw_feasible *set; /* borrowed */
    double constant, slope[GW_MAX_DIMENSIONS];
    double curve[GW_MAX_DIMENSIONS][GW_MAX_DIMENSIONS]; /* symmetric: value = constant + slope z + z curve z */
};

/* Least squares by QR, prepared once for a design and solved for many vectors of values. */
struct gw_surface_fit;

/* Terms of the full quadratic in these levers: what a design needs at least. */
size_t gw_surface_terms(const struct gw_feasible *set);

/* Of a design x[points][dimensions], points >= terms; GW_BAD_INPUT when there are fewer. Release with
 * gw_surface_fit_free(). */
int gw_surface_fit_create(struct gw_surface_fit **fit, const struct gw_feasible *set, const double *x, size_t points,
                          struct gw_error *error);
void gw_surface_fit_free(struct gw_surface_fit *fit);

/* Fits value[points]. GW_BAD_INPUT when the design does not identify the surface. */
int gw_surface_solve(struct gw_surface_fit *fit, const double *value, struct gw_surface *surface,
                     struct gw_error *error);

double gw_surface_at(const struct gw_surface *surface, const double *x);
/* In units of x. */
void gw_surface_gradient(const struct gw_surface *surface, const double *x, double *gradient);

/* Where it is greatest over what is feasible, by projected gradients from x and from a few points that fill the set;
 * exact for a concave surface, the best of a few local maxima for others. x: in a start, out the maximum. */
void gw_surface_maximise(const struct gw_surface *surface, double *x);

#endif
