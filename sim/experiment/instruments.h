/* The instruments of decision analysis, each a program over the laboratory. */
#ifndef GW_EXPERIMENT_INSTRUMENTS_H
#define GW_EXPERIMENT_INSTRUMENTS_H

#include "experiment/lab.h"

/* Runs one part of the block `experiment:`; `options` says where and how, but not what is asked. The dataset holds
 * all that report and figures need, and is the caller's. GW_STOPPED: what is finished is in the journal. GW_BAD_INPUT
 * says what is wrong with the part. */
typedef int gw_instrument(const struct gw_lab_options *options, const struct gw_part_spec *spec,
                          struct gw_dataset **dataset, struct gw_error *error);

/* NULL: there is none of this name. */
gw_instrument *gw_instrument_of(enum gw_part part);

#endif
