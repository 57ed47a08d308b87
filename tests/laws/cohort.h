/* Simulated customers one by one, through the whole engine: what each bought, and when. */
#ifndef TESTS_LAWS_COHORT_H
#define TESTS_LAWS_COHORT_H

#include "fit.h"

#include "engine/worker.h"

#include <stdint.h>

/* One firm that every consumer is a customer of from the start and buys from on every occasion; every other mechanism
 * at its off value. Text of a scenario to be completed: size of the population, the value of an order, period,
 * horizon, seed, replications and what is under test, as further lines of dotted keys. */
#define LAW_ONE_FIRM                                                                                                 \
    "goodwill: 1\n"                                                                                                  \
    "warm_up: 0 weeks\n"                                                                                             \
    "focal: us\n"                                                                                                    \
    "population: {category_appeal: 30, taste_sd: 0, question_rate: 0, attitude_weight: 0, inertia: 0,\n"             \
    "  price_sensitivity: 0, adaptation: 0, stop_base: -40, tells_per_experience: 0}\n"                              \
    "market: {experience_pull: 0, hearing_up: 0, hearing_down: 0, memory_take_up: 0, level_weight: 0,\n"             \
    "  terminal: none}\n"                                                                                            \
    "firms: {us: {initial_share: 1, unit_cost: 0, serve_cost: 0, failure_rate: 0, survey_rate: 0, agents.phone: "    \
    "0,\n"                                                                                                           \
    "  handling_minutes: 0}}\n"

/* The text of a scenario, formatted; the caller frees. */
char *law_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A paid encounter: all orders of a customer in a period. */
struct law_sale {
    uint32_t customer, period;
    int firm;
    double money;
};

struct law_cohort {
    uint32_t customers, periods;
    double period_in_weeks;
    struct law_sale *sale; /* by period */
    size_t sales;
};

/* Replication `replication` of the first strategy of a scenario without warm-up; fails the test on any error. */
struct law_cohort *law_cohort_run(const char *yaml, uint32_t replication);
void law_cohort_free(struct law_cohort *cohort);

/* The values of a relation column with the first firm at the end of the same: [customer], which the caller frees. */
double *law_relations(const char *yaml, uint32_t replication, const char *column, uint32_t *customers);

/* Orders per customer before period `end`, when an order costs 1: x[customer]. */
void law_cohort_counts(const struct law_cohort *cohort, uint32_t end, int *x);

/* Histories in weeks up to the end of the cohort: a sale falls in the middle of its period. */
void law_cohort_histories(const struct law_cohort *cohort, struct law_history *history);

#endif
