/*
 * The laboratory: runs a scenario given as text and gives its tallies. Every firm is kept.
 *
 *     struct lab *lab = lab_run("goodwill: 1\npopulation: {size: 1000}\n...");
 *     int64_t bought = lab_total(lab, 0, "purchases", 0, 0);
 *     lab_free(lab);
 *
 * Any failure to load or run fails the test with the message.
 */
#ifndef TESTS_SUPPORT_LAB_H
#define TESTS_SUPPORT_LAB_H

#include "engine/monte_carlo.h"

#include "close.h"

struct lab {
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_layout layout;
    int64_t **record; /* [replication] */
};

struct lab_options {
    int threads;         /* 0: one */
    bool portable;       /* the portable instruction set instead of the CPU's best */
    bool keep_off_rules; /* schedule rules that are off */
    bool audit_writes;
    bool reverse_order;           /* steps of a phase in the reverse order of names */
    const char *const *overrides; /* KEY=VALUE, NULL-terminated; lab_run_file() takes its own */
};

struct lab *lab_run(const char *yaml);
struct lab *lab_run_with(const char *yaml, struct lab_options options);
/* A scenario file with overrides KEY=VALUE (NULL-terminated, may be NULL). */
struct lab *lab_run_file(const char *path, const char *const *overrides, struct lab_options options);
void lab_free(struct lab *lab);

/* One cell; labels and firms by position. Sums come in integers of 1e-6. */
int64_t lab_cell(const struct lab *lab, int strategy, uint32_t replication, uint32_t period, const char *tally,
                 int label, int firm);
/* Over the periods of a replication; over all replications as well. */
int64_t lab_sum(const struct lab *lab, int strategy, uint32_t replication, const char *tally, int label, int firm);
int64_t lab_total(const struct lab *lab, int strategy, const char *tally, int label, int firm);
/* Flow of an account in a period, 1e-6 money. */
int64_t lab_account(const struct lab *lab, int strategy, uint32_t replication, uint32_t period,
                    enum gw_account account, int firm);

/* Mean over replications of a replication's sum, and its standard error (for a sample of replications). */
void lab_mean(const struct lab *lab, int strategy, const char *tally, int label, int firm, double *mean,
              double *standard_error);

/* Whether all results agree to the bit; if not, names the first cell that differs. Same strategies and horizon. */
bool lab_same(const struct lab *a, const struct lab *b, char difference[200]);

/* SHA-256 of all results. */
void lab_fingerprint(const struct lab *lab, char hex[65]);

#endif
