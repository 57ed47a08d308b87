/*
 * Observations from outside, to hold a run against: a log of transactions, or a table of survival.
 *
 * Comma-separated text with a header line, no quotes. Anything unexpected is an error "FILE:LINE: ...".
 */
#ifndef GW_OUTPUT_OBSERVED_H
#define GW_OUTPUT_OBSERVED_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

enum gw_observed_kind { GW_OBSERVED_PURCHASES, GW_OBSERVED_SURVIVAL };

enum { GW_OBSERVED_COLUMNS = 4, GW_OBSERVED_NAME = 64 };

/* Purchases: header "customer_id,date,..." (dates YYYY-MM-DD, further fields are ignored), rows in any order. Several
 * rows of a customer on a day are one purchase. Days count from the first purchase of all, which is day 0.
 *
 * Survival: header "year,NAME,..." (1 to 4 names), ascending whole years, percent of the customers of year 0 who are
 * still there. */
struct gw_observed {
    enum gw_observed_kind kind;
    int32_t days;                   /* purchases: the last day of all */
    int64_t customers;              /* purchases */
    int64_t *entries;               /* purchases: [day] customers whose first purchase it is, day 0 .. days */
    int64_t *repeats;               /* purchases: [day] purchases after a customer's first */
    size_t columns, rows;           /* survival */
    char (*name)[GW_OBSERVED_NAME]; /* survival: [column] */
    int32_t *year;                  /* survival: [row] */
    double *share;                  /* survival: [row * columns + column], of 1 */
};

/* GW_IO: the file cannot be read. GW_BAD_INPUT: it is not what is described above. Release with gw_observed_free().
 */
int gw_observed_read(struct gw_observed **observed, const char *path, struct gw_error *error);
void gw_observed_free(struct gw_observed *observed);

#endif
