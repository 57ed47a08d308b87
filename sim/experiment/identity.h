/* What makes two runs the same run. */
#ifndef GW_EXPERIMENT_IDENTITY_H
#define GW_EXPERIMENT_IDENTITY_H

#include "scenario/scenario.h"

enum { GW_IDENTITY_BYTES = 32 };

/* SHA-256 of what a scenario means, of its seed and the program's version, but for the number of replications: a
 * longer run may go on from a shorter one. */
void gw_identity_of(const struct gw_scenario *scenario, unsigned char identity[GW_IDENTITY_BYTES]);

#endif
