/*
 * Frontier: where the winner changes. One input: its break-even as a number with an interval. Two: the map of the
 * measure, by default the paired difference of the last strategy against the first, with its break-even line.
 */
#ifndef GW_EXPERIMENT_FRONTIER_H
#define GW_EXPERIMENT_FRONTIER_H

#include "experiment/instruments.h"

/* Replications at every point, where the part does not say: so many, and for the break-even of one input as many
 * times GW_FRONTIER_MORE as it takes until its interval is no longer than GW_FRONTIER_WIDTH of the range. */
enum { GW_FRONTIER_REPLICATIONS = 100, GW_FRONTIER_MORE = 4, GW_FRONTIER_POINTS = 9 };
#define GW_FRONTIER_WIDTH 0.05

/*
 * The dataset. Of one input: axis `x` (the scan), on it `difference`, `difference_low`, `difference_high`,
 * `difference_n`; where the difference changes its sign, axis `crossing` with `break_even`, `break_even_low`,
 * `break_even_high` and, as 0 or 1, `break_even_rising`, `break_even_open_low`, `break_even_open_high`. Of two: axes
 * `x` and `y`, the same over (y, x), `difference_n` 0 between evaluated nodes; lines in pieces, over
 * (`piece_of_LINE`, `end`), LINE being break_even, band_low, band_high, `end` being x0, y0, x1, y1. Attributes say
 * the rest: output/frontier_view.h reads them.
 *
 * No crossing is a result, not an error. GW_BAD_INPUT: an input without a range, a measure that is not defined.
 */
int gw_frontier_run(const struct gw_lab_options *options, const struct gw_part_spec *spec,
                    struct gw_dataset **dataset, struct gw_error *error);

#endif
