/* What the commands sweep, sensitivity, frontier, decide and optimise share with `study`. */
#ifndef GW_CLI_EXPERIMENT_H
#define GW_CLI_EXPERIMENT_H

#include "cli/simulate.h"

/* A part of the block as the command line has it: -n is the number of replications at each setting. */
struct gw_part_spec gw_experiment_spec(const struct gw_simulate *simulate, const struct gw_scenario *scenario,
                                       enum gw_part kind, int number);

/* About how many replications a part takes; tries it as far as it goes without simulating anything. */
int gw_experiment_foretell(const struct gw_simulate *simulate, enum gw_part kind, const struct gw_part_spec *spec,
                           uint64_t *replications, struct gw_error *error);

/* Runs part `number` of a kind, or takes it from its run file when that holds this very experiment. The run file is
 * simulate->output, or in `directory` ("" for here) SCENARIO.PART.h5, and `path` says which. */
int gw_experiment_part(struct gw_simulate *simulate, const struct gw_scenario *scenario, enum gw_part kind,
                       int number, const char *directory, char *path, size_t room, struct gw_dataset **dataset,
                       struct gw_error *error);

#endif
