/*
 * One rule alone, on arrays of the test's own: no engine, no other rule.
 *
 *     struct one_rule *bench = one_rule_open("memory", 2);     two firms
 *     one_rule_set(bench, "memory_shrink", 1.0);               else the default
 *     float *s = one_rule_read(bench, "satisfaction");         what another rule would have written
 *     one_rule_meet(bench, 100, 1);                            consumers 0 ... 99 meet firm 1
 *     one_rule_run(bench, GW_REMEMBER);                        the rule's steps of that phase
 *     const float *m = one_rule_column(bench, "remembered");
 *     one_rule_close(bench);
 *
 * Parameters start at their defaults, columns at their neutral values, consumers fill one block, the seed is fixed. A
 * test moves on in time by block.period and to other consumers by block.first. Unknown names fail the test.
 */
#ifndef TESTS_SUPPORT_ONE_RULE_H
#define TESTS_SUPPORT_ONE_RULE_H

#include "models/rule.h"

#include "close.h"

struct one_rule {
    const struct gw_rule *rule;
    struct gw_block block;
    struct gw_firms firms;
    struct gw_books books;
    struct gw_bound bound;
    struct gw_shoppers shoppers;
    struct gw_encounters encounters;
    struct gw_tells tells;
    struct gw_entries entries;
    struct gw_announcements announcements;
    double *cash_flow; /* [firm] of the last period */
    unsigned char *arena;
    size_t used;
};

struct one_rule *one_rule_open(const char *rule, int firms);
void one_rule_close(struct one_rule *bench);

/* A parameter, own or borrowed, for everybody or every firm; of one firm only. */
void one_rule_set(struct one_rule *bench, const char *parameter, double value);
void one_rule_set_firm(struct one_rule *bench, const char *parameter, int firm, double value);

/* Own columns, columns of other rules, accumulators added to, watched tallies. */
void *one_rule_column(struct one_rule *bench, const char *name);
void *one_rule_read(struct one_rule *bench, const char *name);
/* An own accumulator, to be filled with what other rules would have added; from now on it counts as live. */
float *one_rule_term(struct one_rule *bench, const char *name);
float *one_rule_add(struct one_rule *bench, const char *name);
/* A lever that the rule steers, [firm]: first the scenario's number, after OPEN the rule's. */
double *one_rule_steered(struct one_rule *bench, const char *lever);
int64_t *one_rule_watch(struct one_rule *bench, const char *tally);

/* Consumers 0 ... n - 1 of the block choose the firm in this slot (-1: not now), or meet it. */
void one_rule_shop(struct one_rule *bench, int n, int slot);
void one_rule_meet(struct one_rule *bench, int n, int slot);
/* Messages heard: [slot * GW_BLOCK + row]. */
uint16_t *one_rule_heard(struct one_rule *bench, bool negative);

void one_rule_start(struct one_rule *bench);
/* The firm takes a slot of a row, as rules may ask for where there are more firms than slots. */
void one_rule_enter(struct one_rule *bench, int row, int slot, int firm);
/* Runs the rule's steps of a phase: on firms in ACT, else on the block. */
void one_rule_run(struct one_rule *bench, enum gw_phase phase);

/* Sums since opening. */
int64_t one_rule_tally(const struct one_rule *bench, const char *tally, int label, int firm);
int64_t one_rule_account(const struct one_rule *bench, enum gw_account account, int firm);

#endif
