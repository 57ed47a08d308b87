/*
 * The engine and the oracle side by side, one replication, compared period by period: state of every consumer and
 * firm, tallies, postings. Anything that differs fails the running test with the first difference.
 *
 * Discrete state must be equal; real state within the rounding of float32 arithmetic (the engine) against doubles
 * (the oracle); counts exactly; money per event within float32's relative rounding of an order's value. A decision
 * whose uniform falls within 1e-7 of its threshold could go either way; at the seeds used none does.
 */
#ifndef TESTS_ORACLE_PAIR_H
#define TESTS_ORACLE_PAIR_H

#include "lab.h"
#include "oracle.h"

struct pair {
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
    struct gw_layout layout;
    struct gw_trace trace;
    struct oracle *oracle;
    bool warm; /* the warm-up is over */
};

/* One movement of money; lists of them are sorted. */
struct movement {
    int firm, debit, credit;
    uint32_t consumer;
    int64_t micro;
};

enum { PAIR_EVENTS = 1 << 17 };

/* `pair` is zeroed; the worker keeps a pointer to its trace. */
void pair_begin(struct pair *pair, const char *yaml);
void pair_end(struct pair *pair);

/* One period of both, under the base in the warm-up and then under the first strategy. */
void pair_step(struct pair *pair);

/* Compares all that the period just run left behind. */
void pair_compare(const struct pair *pair);

/* The whole life of a scenario. `happens` (NULL, or NULL-terminated) names tallies that must not stay 0, "left price"
 * with a label, so that nothing agrees by being absent. */
void pair_live(const char *yaml, const char *const *happens);

/* The same through whole replications and strategies of the engine: all that is reported, and company value. */
void pair_run(const char *yaml);

/* Movements of the period just run, without empty ones; returns how many. */
size_t pair_engine_movements(const struct pair *pair, struct movement out[PAIR_EVENTS]);
size_t pair_oracle_movements(const struct pair *pair, struct movement out[PAIR_EVENTS]);

/* Number of movements that differ between two sorted lists; missing ones included. */
size_t pair_differing(const struct movement *a, size_t n, const struct movement *b, size_t m);

/* Fails the running test unless `status` is GW_OK. */
void pair_must(int status, const struct gw_error *error);

#endif
