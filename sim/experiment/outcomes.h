/*
 * What a laboratory knows: the asked quantities by setting and replication, in memory and in a journal. Not
 * thread-safe: the caller serialises.
 */
#ifndef GW_EXPERIMENT_OUTCOMES_H
#define GW_EXPERIMENT_OUTCOMES_H

#include "output/journal.h"

#include <stdbool.h>

/* A replication at a setting. */
struct gw_outcome {
    uint64_t setting; /* hash of the changes */
    uint32_t replication;
    enum { GW_OUTCOME_OPEN, GW_OUTCOME_LISTED, GW_OUTCOME_KNOWN } state;
    double value[]; /* [quantities] */
};

struct gw_outcomes {
    void *tree; /* of tsearch(), by setting and replication */
    struct gw_journal *journal;
    size_t quantities;
};

/* NULL: nobody asked for it. */
struct gw_outcome *gw_outcomes_find(const struct gw_outcomes *outcomes, uint64_t setting, uint32_t replication);
/* A new one, open. NULL: out of memory. */
struct gw_outcome *gw_outcomes_add(struct gw_outcomes *outcomes, uint64_t setting, uint32_t replication);

/* Its values are there: into the journal with them. */
int gw_outcomes_keep(struct gw_outcomes *outcomes, struct gw_outcome *outcome, struct gw_error *error);

/* A new journal at `path`, or with `resume` the one that is there with all it knows; `force` discards an old one.
 * `identity` (32 bytes) is that of what is asked. Errors as of output/journal.h. */
int gw_outcomes_open(struct gw_outcomes *outcomes, const char *path, const unsigned char *identity, bool resume,
                     bool force, struct gw_error *error);
/* Closes the journal and releases everything. */
int gw_outcomes_close(struct gw_outcomes *outcomes, struct gw_error *error);

#endif
