/*
 * Where results come from: program, compiler, CPU, libraries, time. Part of a run file, not of its fingerprint.
 */
#ifndef GW_EXPERIMENT_PROVENANCE_H
#define GW_EXPERIMENT_PROVENANCE_H

#include "models/registry.h"
#include "outcome/dataset.h"

/* Version of the program, "0.1.0". */
const char *gw_version(void);

int gw_provenance_add(struct gw_dataset *dataset, enum gw_isa isa, int threads, double seconds,
                      struct gw_error *error);

#endif
