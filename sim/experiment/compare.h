/*
 * Comparing strategies: a scenario in, a run file out, nothing finished ever lost.
 *
 * Where the scenario asks for a precision the run ends when it is reached, and is then the run of as many fixed
 * replications, bit for bit; the dataset says so (experiment/watch.h).
 *
 * Finished replications go to a journal beside the run file (OUTPUT.journal); when all are there the run file is
 * built whole and the journal removed. An interrupted run keeps the journal and can be resumed.
 */
#ifndef GW_EXPERIMENT_COMPARE_H
#define GW_EXPERIMENT_COMPARE_H

#include "engine/monte_carlo.h"
#include "outcome/dataset.h"

struct gw_compare {
    const char *output; /* path of the run file; NULL: the results are kept in memory only, without a journal */
    bool force;         /* overwrite a run file, discard an old journal */
    bool resume;        /* continue from the journal */
    int threads;
    const volatile sig_atomic_t *stop;
    void (*progress)(void *context, uint64_t periods_done, uint64_t periods_total);
    void *context;
    uint32_t finished;  /* out: replications finished, those of the journal included */
    char journal[4096]; /* out: path of the journal */
};

/* GW_OK: the run file is written and, if `dataset` is not NULL, given to the caller. GW_STOPPED: the journal holds
 * `finished` replications. GW_REFUSED before anything starts when it cannot fit, naming both numbers. */
int gw_compare_run(struct gw_compare *compare, struct gw_scenario *scenario, struct gw_dataset **dataset,
                   struct gw_error *error);

/* Whether the results will have what a precision is asked of: GW_BAD_INPUT names what they will not. */
int gw_compare_check(const struct gw_plan *plan, struct gw_error *error);

/* Checks sizes against memory: GW_REFUSED with both numbers, or GW_OK. */
int gw_compare_fits(const struct gw_prediction *prediction, struct gw_error *error);

#endif
