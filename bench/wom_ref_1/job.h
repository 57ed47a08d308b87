/*
 * WOM-REF-1 on the engine: 50 periods in the life of N customers on the common graph, and what is counted in them.
 *
 * One replication is one run of the workload. Threads share its blocks of customers; messages are delivered by one.
 */
#ifndef GW_BENCH_WOM_REF_1_JOB_H
#define GW_BENCH_WOM_REF_1_JOB_H

#include "engine/plan.h"

enum {
    GW_WOM_PERIODS = 50,
    /* Customers alive at the start of the period, buyers, sums of q, d, a, e, s, good and bad words, churned. */
    GW_WOM_AGGREGATES = 10
};

/* What a run came to: seconds of the loop over periods alone, totals over periods. */
struct gw_wom_outcome {
    double cpu, wall;
    double total[GW_WOM_AGGREGATES];
};

struct gw_wom_job;

extern const char *const gw_wom_aggregate_names[GW_WOM_AGGREGATES];

/* On a network, which the job owns from now on, even if it cannot be made; by a team of `threads`. */
int gw_wom_job_create(struct gw_wom_job **job, struct gw_network *network, int threads,
                      struct gw_plan_options options, struct gw_error *error);
void gw_wom_job_free(struct gw_wom_job *job);

int gw_wom_job_run(struct gw_wom_job *job, uint32_t replication, struct gw_wom_outcome *outcome,
                   struct gw_error *error);

/* Seconds per living customer and period by rule, [gw_rule_count] the engine's: one more run, with a clock around
 * every step. */
int gw_wom_job_profile(struct gw_wom_job *job, double *by_rule, struct gw_error *error);

/* Bytes a customer takes: network, state and the memory of the team. */
double gw_wom_job_bytes(const struct gw_wom_job *job);

#endif
