/*
 * Points in the open unit cube, and dependence between their coordinates.
 *
 * A design is a function of its kind, n, d, seed and part alone (Threefry: core/draws.h, in a stream that no rule
 * has), with the same bits on every CPU. Parts of one seed are independent of each other: the spread over parts is
 * the error of a randomised design.
 */
#ifndef GW_ANALYSIS_DESIGN_H
#define GW_ANALYSIS_DESIGN_H

#include "core/design.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

enum { GW_SOBOL_DIMENSIONS = 40 };

/* n points into u[n][d], every coordinate strictly inside (0, 1), every point uniform on the cube unless the design
 * is a grid.
 *
 *   GW_DESIGN_RANDOM           independent
 *   GW_DESIGN_LATIN_HYPERCUBE  one point in each of n cells along every axis, anywhere in its cell
 *                              (McKay, Beckman & Conover 1979, Technometrics 21(2))
 *   GW_DESIGN_SOBOL            first n points, the origin among them, of Sobol's sequence (1967, USSR Comput. Math.
 *                              Math. Phys. 7(4); direction numbers of Bratley & Fox 1988), all shifted by the same
 *                              random digits, which keeps every net a net (Matousek 1998, J. Complexity 14(4));
 *                              even only where n is a power of 2
 *   GW_DESIGN_GRID             middles of m cells along every axis, the last axis running fastest; n = m^d
 *
 * GW_BAD_INPUT: n or d is 0, more than GW_SOBOL_DIMENSIONS dimensions or 2^30 points of a Sobol sequence, n not the
 * d-th power of a whole number for a grid, a list (whose points are given). GW_FAILED: no memory. */
int gw_design_fill(enum gw_design design, size_t n, size_t d, uint64_t seed, uint32_t part, double *u,
                   struct gw_error *error);

/* Middles of level[j] cells along axis j, the last axis running fastest, into u[product of level][d]; all levels are
 * positive. Level k of axis j is floor(u * level[j]). */
void gw_design_grid(const size_t *level, size_t d, double *u);

/* A Gaussian copula: coordinates become dependent while each stays uniform (Nelsen 2006, An Introduction to Copulas,
 * section 2.3). What is correlated are the normal scores z = F^-1(u); Spearman's rank correlation of a pair is then
 * 6/pi asin(rho/2). */
struct gw_copula;

/* `correlation`[d][d] of normal scores. GW_BAD_INPUT: not symmetric, not 1 on the diagonal, not inside (-1, 1) off
 * it, or not positive definite: no joint distribution has such correlations. */
int gw_copula_create(struct gw_copula **copula, const double *correlation, size_t d, struct gw_error *error);
void gw_copula_free(struct gw_copula *copula);

/* In place on u[n][d], independent uniforms. The first coordinate, and each that is correlated with none before it,
 * stays as it is to the last bit. */
void gw_copula_apply(const struct gw_copula *copula, size_t n, double *u);

#endif
