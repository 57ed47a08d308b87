/*
 * Monte Carlo: replications over threads. A replication runs the warm-up once and every strategy from the same
 * state, so that strategies meet the same luck. Results do not depend on threads, order or resumption.
 */
#ifndef GW_ENGINE_MONTE_CARLO_H
#define GW_ENGINE_MONTE_CARLO_H

#include "engine/worker.h"

#include <signal.h>

struct gw_monte_carlo {
    const struct gw_plan *plan;
    int threads; /* at least 1 */
    /* [replication] 1: skip; NULL: run all. `finished` may set more of them. */
    const uint8_t *done;
    const volatile sig_atomic_t *stop; /* non-zero: stop soon, keep what is finished; may be NULL */
    /* Called for every finished replication, one call at a time, from any thread. An error ends the run. */
    int (*finished)(void *context, uint32_t replication, const int64_t *record, struct gw_error *error);
    /* Called now and then by one thread; may be NULL. */
    void (*progress)(void *context, uint64_t periods_done, uint64_t periods_total);
    void *context;
};

/* GW_OK, GW_STOPPED, or the first error. */
int gw_monte_carlo_run(const struct gw_monte_carlo *run, struct gw_error *error);

/* One replication into `record` (gw_layout words); of the strategies those that are `wanted`, NULL for all: what is
 * not run changes nothing for the others, and leaves its part of the record as it is. */
int gw_replicate(struct gw_worker *worker, const struct gw_layout *layout, const bool *wanted, uint32_t replication,
                 int64_t *record, struct gw_error *error);

/* What a run will need, before it starts. */
struct gw_prediction {
    size_t bytes_per_thread, bytes_shared, bytes_results, bytes_total; /* at the given number of threads */
    size_t record_bytes;                                               /* of one replication in the journal */
    double customer_periods; /* per replication, all strategies and the warm-up */
};

void gw_predict(const struct gw_plan *plan, int threads, struct gw_prediction *prediction);

#endif
