/*
 * Other engines on the same workload: Python programs that wait for requests on their standard input, so that their
 * runs can take turns with goodwill's, with compilation done before the first.
 *
 * A program says `ready` when it can begin. Request: GRAPH CUSTOMERS PERIODS SEED, a line. Answer: CPU WALL BYTES and
 * the ten totals, a line; seconds of the loop over periods alone, bytes per customer. Without its libraries a program
 * leaves with status 77.
 */
#ifndef GW_BENCH_WOM_REF_1_RIVAL_H
#define GW_BENCH_WOM_REF_1_RIVAL_H

#include "bench/wom_ref_1/job.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct gw_wom_rival {
    const char *name;   /* "numba, push" */
    const char *script; /* file name */
    bool parallel;      /* takes the number of threads */
    bool present;       /* it answers */
    pid_t pid;
    FILE *to, *from;
};

/* Starts the program in `folder`; when it does not get ready, it is simply not present. */
void gw_wom_rival_start(struct gw_wom_rival *rival, const char *folder, int threads);
void gw_wom_rival_stop(struct gw_wom_rival *rival);

/* One run on the graph in a file (gw_wom_graph_write). */
int gw_wom_rival_run(struct gw_wom_rival *rival, const char *graph, uint32_t customers, uint32_t seed,
                     struct gw_wom_outcome *outcome, double *bytes, struct gw_error *error);

#endif
