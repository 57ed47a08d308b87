/*
 * The laboratory: a scenario at many settings, each a list of changes, replication by replication.
 *
 * Replication r meets the same luck at every setting. Every value is a function of setting and replication alone, so
 * results do not depend on threads, and an experiment resumes by running again: what its journal holds is not
 * simulated a second time. A possible world is a setting, too: one that gives every uncertain number a value.
 *
 * Strategies of which no measure speaks are not simulated. Cost: a setting takes some 10 ms before its first
 * replication (reading, planning, memory), whatever its size.
 */
#ifndef GW_EXPERIMENT_LAB_H
#define GW_EXPERIMENT_LAB_H

#include "outcome/dataset.h"
#include "scenario/scenario.h"

#include <signal.h>
#include <stdbool.h>

/* What is asked of every replication: a measure (outcome/expression.h), where `each` stands for `strategy`. */
struct gw_asked {
    const char *measure;
    size_t strategy; /* GW_NO_STRATEGY: the measure names its own */
    bool money;      /* an amount of money: where a sample is simulated it is given for the whole market */
};

struct gw_lab_options {
    const char *scenario;        /* file */
    const char *const *override; /* of the whole experiment: as for gw_scenario_load() */
    size_t overrides;
    const struct gw_asked *asked; /* one at least */
    size_t quantities;
    const char *journal; /* path; NULL: nothing is kept on disk */
    bool resume;         /* go on from the journal */
    bool force;          /* discard an old journal */
    int threads;
    const volatile sig_atomic_t *stop;
    void (*progress)(void *context, uint64_t done, uint64_t total); /* replications; from any one thread */
    void *context;
    /* Not NULL: nothing is simulated. gw_lab_run() leaves here about how many replications the experiment takes, and
     * returns GW_STOPPED. */
    uint64_t *foretold;
};

struct gw_lab;

/* GW_BAD_INPUT, with all that is wrong, when the scenario or a measure is; the measures are tried at once.
 * Everything in `options` is copied but `stop` and `context`. */
int gw_lab_open(struct gw_lab **lab, const struct gw_lab_options *options, struct gw_error *error);

/* Closes the journal, and removes it when `finished`: its results are elsewhere. */
int gw_lab_close(struct gw_lab *lab, bool finished, struct gw_error *error);

/* The scenario as it stands, without changes. Borrowed. */
const struct gw_scenario *gw_lab_scenario(const struct gw_lab *lab);

/* A setting and its replications. */
struct gw_trial {
    const char *const *change; /* "KEY=VALUE" or "@FILE", laid over the scenario in their order */
    size_t changes;
    uint32_t first, count; /* replications first ... first + count - 1 */
    double *value;         /* out: [count][quantities]; NaN where a quantity is not defined */
};

/* Runs what is not known yet of all trials, in parallel. GW_STOPPED: the journal holds what is finished.
 * GW_BAD_INPUT: a change does not fit the scenario. GW_REFUSED: too large for memory. */
int gw_lab_run(struct gw_lab *lab, const struct gw_trial *trial, size_t trials, struct gw_error *error);

/* How many replications the experiment is going to ask for in all, for progress; more may follow. */
void gw_lab_expect(struct gw_lab *lab, uint64_t replications);

size_t gw_lab_quantities(const struct gw_lab *lab);
int gw_lab_threads(const struct gw_lab *lab);
/* Seconds since it was opened. */
double gw_lab_seconds(const struct gw_lab *lab);

/* Replications asked for so far, and those among them that had to be simulated. */
uint64_t gw_lab_asked(const struct gw_lab *lab);
uint64_t gw_lab_simulated(const struct gw_lab *lab);

#endif
