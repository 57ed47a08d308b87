/*
 * How points of an experiment are laid out; by this name in a scenario file, made in analysis/design.h.
 */
#ifndef GW_CORE_DESIGN_H
#define GW_CORE_DESIGN_H

enum gw_design { GW_DESIGN_GRID, GW_DESIGN_LIST, GW_DESIGN_RANDOM, GW_DESIGN_LATIN_HYPERCUBE, GW_DESIGN_SOBOL };

#endif
