/*
 * Formulas of one variable x, such as "1 - x / 100", by muparser: + - * / ^, comparisons, a ? b : c, and functions.
 */
#ifndef GW_CORE_FORMULA_H
#define GW_CORE_FORMULA_H

#include "core/status.h"

/* GW_BAD_INPUT says what is wrong with the formula, or that it has no finite value at x. About 30 us. */
int gw_formula_at(const char *formula, double x, double *value, struct gw_error *error);

#endif
