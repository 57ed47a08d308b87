/*
 * A bench: one thread's place in the laboratory, where a scenario at one setting stands ready to run replications.
 */
#ifndef GW_EXPERIMENT_BENCH_H
#define GW_EXPERIMENT_BENCH_H

#include "engine/monte_carlo.h"
#include "experiment/lab.h"

/* What all benches of a laboratory share. */
struct gw_bench_common {
    const struct gw_lab_options *options;
    const struct gw_scenario *scenario; /* without changes; NULL while it is being read */
    struct gw_pool tables;              /* quantile tables that most settings have in common */
    char *measures;                     /* all that is asked, in one text */
    bool *wanted;                       /* [strategy] something is asked of it */
};

struct gw_bench {
    const struct gw_trial *trial; /* set up for this one; NULL: none */
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
    struct gw_layout layout;
    int64_t *record;
};

/* The scenario with the changes of a trial. Its files must be what they were when the experiment began, else
 * GW_FAILED. */
int gw_bench_load(const struct gw_bench_common *common, const struct gw_trial *trial, struct gw_scenario **scenario,
                  struct gw_error *error);

/* Does nothing when the trial is set up already. On failure the bench is clear. */
int gw_bench_set_up(struct gw_bench *bench, const struct gw_bench_common *common, const struct gw_trial *trial,
                    struct gw_error *error);
void gw_bench_clear(struct gw_bench *bench);

/* Runs a replication, and asks the measures of it. */
int gw_bench_run(struct gw_bench *bench, const struct gw_bench_common *common, uint32_t replication, double *value,
                 struct gw_error *error);

/* Asks them of the record as it is: after setting up, of a replication in which nothing happened. */
int gw_bench_measure(const struct gw_bench *bench, const struct gw_bench_common *common, uint32_t replication,
                     double *value, struct gw_error *error);

#endif
