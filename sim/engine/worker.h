/*
 * A worker: the memory of one thread - the state of a population, the rules bound to it, and the books.
 *
 * All memory is allocated when the worker is made; running periods allocates nothing. A worker runs one
 * replication at a time; replications on different workers do not touch each other.
 */
#ifndef GW_ENGINE_WORKER_H
#define GW_ENGINE_WORKER_H

#include "engine/plan.h"

struct gw_worker;

/* `threads` of them (at least 1) share the blocks of a population: worth while when replications are fewer than
 * threads. Tracing, auditing and measuring need one thread, and take one. */
int gw_worker_create(struct gw_worker **worker, const struct gw_plan *plan, int threads, struct gw_error *error);
void gw_worker_free(struct gw_worker *worker);

/* Bytes of memory that a worker will use: of what is allocated that which is touched, an upper bound for the
 * snapshot. */
size_t gw_worker_bytes(const struct gw_plan *plan, int threads);

/* Starts a replication: settles the world, draws the population (and its network, when it is not shared), runs the
 * start steps. The clock stands at period 0 under the base values. */
int gw_worker_start(struct gw_worker *worker, uint32_t replication, struct gw_error *error);

/* Switches to the values of a strategy (or, with set = strategies, the base). */
int gw_worker_use(struct gw_worker *worker, int set, struct gw_error *error);

/* Runs one period. GW_FAILED only when write auditing finds a foreign write. */
int gw_worker_period(struct gw_worker *worker, struct gw_error *error);

/* Remembers the state of the population, and returns to it; only where the scenario has more than one strategy.
 * GW_REFUSED without memory. */
int gw_worker_save(struct gw_worker *worker, struct gw_error *error);
void gw_worker_restore(struct gw_worker *worker);

const struct gw_plan *gw_worker_plan(const struct gw_worker *worker);

/* Books of the period just run. */
const struct gw_books *gw_worker_books(const struct gw_worker *worker);

/* Of the same period, what consumers of each segment brought to the focal firm's books: [segment][cell, then
 * account]. NULL with one segment. What concerns the firm alone (wages, advertising) is no segment's. */
const int64_t *gw_worker_segments(const struct gw_worker *worker);

/* ---- For tests and audits ---------------------------------------------------------------------------------- */

/* Every posting from now on; NULL stops. The trace's memory is the caller's. */
struct gw_trace_event {
    uint32_t period;
    const struct gw_posting *posting;
    int firm;
    uint32_t consumer; /* GW_NOBODY: the firm alone */
    int64_t micro;
};

struct gw_trace {
    struct gw_trace_event *event; /* room for `room`; further events are counted, not kept */
    size_t room, n;
};

void gw_worker_trace(struct gw_worker *worker, struct gw_trace *trace);

/* A value of a live persistent column (by position from gw_plan_column_find), the first one where several stand side
 * by side; slot 0 for consumer columns, the firm for columns of firms. */
double gw_worker_value(const struct gw_worker *worker, int column, uint32_t consumer, int slot);

/* The firm in a slot of a consumer, -1 = none. */
int gw_worker_firm(const struct gw_worker *worker, uint32_t consumer, int slot);

/* A market parameter under the values in use. */
double gw_worker_market(const struct gw_worker *worker, const char *name);

/* Where the time goes: seconds by rule, and what the engine itself takes; and by phase, what the engine does between
 * phases included in the one before. */
struct gw_profile {
    double *by_rule; /* [rule], then the engine */
    double by_phase[GW_PHASES];
};

/* From now on adds to a profile, which is the caller's. NULL stops. Reading the clock adds some 3 ns per consumer and
 * period. */
void gw_worker_profile(struct gw_worker *worker, struct gw_profile *profile);

/* Control variates of the replication that was started, into out[plan->controls.n]. */
void gw_worker_controls(const struct gw_worker *worker, double *out);

/* The clock: periods since the start of the warm-up. */
uint32_t gw_worker_clock(const struct gw_worker *worker);

#endif
