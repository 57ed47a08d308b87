/*
 * The oracle: the whole model a second time, from docs/model.md alone.
 *
 * It shares no arithmetic with the engine: doubles, libm and GSL, one consumer at a time, every rule a short
 * function named as on the page. What it must agree with is the page; the engine is then compared with it.
 * It takes from the library only inputs: a validated scenario (with the catalogue to find its numbers by name,
 * and the ids at which segments begin) and a network.
 */
#ifndef TESTS_ORACLE_ORACLE_H
#define TESTS_ORACLE_ORACLE_H

#include "core/descriptor.h"
#include "core/status.h"
#include "scenario/scenario.h"
#include "world/network.h"

#include <stdint.h>

struct oracle;

/* One movement of money, in integers of 1e-6. */
struct oracle_event {
    int64_t period;
    const char *name; /* revenue, wages, rewards, ... */
    int firm;
    uint32_t consumer; /* ORACLE_NOBODY for the firm's own */
    enum gw_account debit, credit;
    int64_t micro; /* never 0 */
};

#define ORACLE_NOBODY UINT32_MAX

/* A firm's value at the end of the periods run since the origin, in money; total = horizon + terminal. */
struct oracle_value {
    double horizon;              /* discounted net cash flows */
    double terminal;             /* discounted terminal value */
    double account[GW_ACCOUNTS]; /* discounted flow, debit positive */
};

/* The state before period 0 of one replication. The scenario and the network must outlive the oracle and its
 * copies. NULL on failure, with the reason in `error`. */
struct oracle *oracle_create(const struct gw_scenario *scenario, const struct gw_network *network,
                             uint32_t replication, struct gw_error *error);

/* An independent copy: each strategy continues one of the state at the end of the warm-up. NULL: no memory. */
struct oracle *oracle_copy(const struct oracle *oracle);
void oracle_free(struct oracle *oracle);

/* Lives one period under a strategy, or under the base scenario when strategy is -1, as in the warm-up. */
int oracle_period(struct oracle *oracle, int strategy, struct gw_error *error);

/* The next period to live: 0 at first. */
int64_t oracle_now(const struct oracle *oracle);

/* The firm in slot k, -1 when it is empty; `contract` and `last_slot` below are slots. */
int oracle_slot(const struct oracle *oracle, uint32_t consumer, int k);

/* State at the end of the period just run, by the names of docs/reference.md. `firm` selects the relation where the
 * column has one. NaN: no such column. Any consumer parameter. */
double oracle_column(const struct oracle *oracle, const char *name, uint32_t consumer, int firm);

/* A firm's number of the period just run, by the names of docs/reference.md; any firm parameter. */
double oracle_firm(const struct oracle *oracle, const char *name, int firm);

/* What happened in the period just run; sums are in integers of 1e-6. Labels by their names, "" where a tally has
 * none. -1: no such tally, label or firm. */
int64_t oracle_tally(const struct oracle *oracle, const char *name, const char *label, int firm);

/* The same, of the consumers of one segment (of the first four); what a firm does by itself is no segment's. */
int64_t oracle_segment_tally(const struct oracle *oracle, int segment, const char *name, const char *label, int firm);

/* Debits minus credits of the period just run, integers of 1e-6; the sum over accounts is 0. */
int64_t oracle_ledger(const struct oracle *oracle, enum gw_account account, int firm);

/* The events of the period just run, in the order in which they happened; valid until the next period. */
const struct oracle_event *oracle_events(const struct oracle *oracle, size_t *count);

/* Company value over the periods run since the origin (at least one). */
struct oracle_value oracle_valuation(const struct oracle *oracle, int firm);

#endif
