/*
 * Watching a run for the precision that is asked: reads the asked quantities out of every finished replication and
 * says when there are enough of them (analysis/stopping.h).
 *
 * Replications come in any order and are judged in theirs. A quantity that is undefined in some replications rests on
 * the others, and on fewer than `least` of them it has no interval.
 */
#ifndef GW_EXPERIMENT_WATCH_H
#define GW_EXPERIMENT_WATCH_H

#include "outcome/dataset.h"
#include "outcome/layout.h"

struct gw_watch;

/* Tries all that is asked on a record without content: GW_BAD_INPUT names what the results do not have. Borrows
 * scenario and layout. The scenario asks for a precision. */
int gw_watch_open(struct gw_watch **watch, const struct gw_scenario *scenario, const struct gw_layout *layout,
                  struct gw_error *error);
void gw_watch_free(struct gw_watch *watch);

/* A finished replication, each once. One call at a time. */
int gw_watch_add(struct gw_watch *watch, uint32_t replication, const int64_t *record, struct gw_error *error);

/* How many replications, from the first on, the result consists of; 0: more are needed. Then what was added beyond
 * them does not count. */
uint32_t gw_watch_enough(const struct gw_watch *watch);

/* How many it is likely to be. */
uint32_t gw_watch_forecast(const struct gw_watch *watch);

/* What was asked and what was reached, as attributes: `precision` ("2%"), `precision_confidence`, `precision_of`,
 * `precision_least`, `precision_most`, `precision_reached` ("true", "false"), and of the interval that is furthest
 * from what was asked `precision_widest`, `precision_mean` and `precision_half_width`. */
int gw_watch_describe(const struct gw_watch *watch, struct gw_dataset *dataset, struct gw_error *error);

#endif
