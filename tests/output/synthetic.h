/* A run's dataset as theory might make it: seeded, without simulation. */
#ifndef TESTS_OUTPUT_SYNTHETIC_H
#define TESTS_OUTPUT_SYNTHETIC_H

#include "outcome/dataset.h"

#include <stdbool.h>
#include <stddef.h>

struct synthetic {
    size_t strategies, replications, periods; /* weeks */
    const char *const *labels;
    const char *unit;   /* of money; NULL: EUR */
    double scale;       /* of the company's value; 0: a million */
    double offset;      /* added to it */
    bool without_noise; /* every replication alike */
    bool without_value, without_told, without_survivors, without_retention, without_active;
    bool without_books;      /* none of the arrays of synthetic_books() */
    bool without_channels;   /* questions are counted as one */
    bool without_anybody;    /* no customers, no questions, no purchases */
    size_t firms;            /* 0: three */
    const char *const *firm; /* NULL: a, b, c, ... */
};

/* Customers follow an autoregressive path, values come with luck that strategies share. Fails the test without
 * memory. Free with gw_dataset_free(). */
struct gw_dataset *synthetic_dataset(const struct synthetic *what);

/* The arrays of journey, pyramid, waterfall, cohorts, satisfaction and market shares; synthetic_dataset() calls it.
 */
void synthetic_books(struct gw_dataset *data, const struct synthetic *what);

#endif
