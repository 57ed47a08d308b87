/* Tests of rules by whole runs: plain.yaml (or duel.yaml) has every rule off, and overrides switch on the few a test
 * is about. */
#ifndef TESTS_MODELS_PLAIN_H
#define TESTS_MODELS_PLAIN_H

#include "descriptors.h"
#include "lab.h"

#include <math.h>
#include <stdio.h>

/* run_plain("population.purchase_rate=5", ...): one firm; run_duel: the firms us (0) and rival (1). */
#define run_plain(...) run_file("plain.yaml", (const char *const[]){__VA_ARGS__, NULL}, (struct lab_options){0})
#define run_duel(...) run_file("duel.yaml", (const char *const[]){__VA_ARGS__, NULL}, (struct lab_options){0})

enum { US, RIVAL };

static inline struct lab *run_file(const char *name, const char *const *overrides, struct lab_options options)
{
    char path[4096];
    assert_true(snprintf(path, sizeof path, "%s/%s", PLAIN_SCENARIOS, name) < (int)sizeof path);
    return lab_run_file(path, overrides, options);
}

/* Total over periods and replications of the first strategy, as a real number of the tally's unit. */
static inline double total(const struct lab *lab, const char *tally, int firm)
{
    return (double)lab_total(lab, 0, tally, 0, firm);
}

static inline double at(const struct lab *lab, const char *tally, uint32_t period, int firm)
{
    return (double)lab_cell(lab, 0, 0, period, tally, 0, firm);
}

/* A share of n independent trials, against its probability. */
#define assert_share(successes, n, probability)                                                                      \
    assert_within_4_se((double)(successes) / (double)(n), (probability),                                             \
                       sqrt((probability) * (1.0 - (probability)) / (double)(n)))

static inline void assert_same_tally(const struct lab *a, const struct lab *b, int tally)
{
    for (int label = 0; label < a->layout.tally[tally].labels; label++) {
        for (uint32_t t = 0; t < a->layout.periods; t++) {
            const char *name = a->layout.tally[tally].tally->name;
            assert_int_equal(lab_cell(a, 0, 0, t, name, label, US), lab_cell(b, 0, 0, t, name, label, US));
        }
    }
}

/* Rules at their off values that are kept in the schedule all the same leave every count of the other rules and every
 * account as they are. */
static inline void assert_off_is_absent(const char *file, const char *const *overrides)
{
    struct lab *absent = run_file(file, overrides, (struct lab_options){0});
    struct lab *kept = run_file(file, overrides, (struct lab_options){.keep_off_rules = true, .audit_writes = true});
    for (int tally = 0; tally < absent->layout.tallies; tally++) {
        if (absent->plan->live[absent->layout.tally[tally].rule]) {
            assert_same_tally(absent, kept, tally);
        }
    }
    for (int account = 0; account < GW_ACCOUNTS; account++) {
        for (uint32_t t = 0; t < absent->layout.periods; t++) {
            assert_int_equal(lab_account(absent, 0, 0, t, (enum gw_account)account, US),
                             lab_account(kept, 0, 0, t, (enum gw_account)account, US));
        }
    }
    lab_free(absent);
    lab_free(kept);
}

#endif
