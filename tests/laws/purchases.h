/* Purchase records (customer, day) and what a customer's come to within a calibration period. */
#ifndef TESTS_LAWS_PURCHASES_H
#define TESTS_LAWS_PURCHASES_H

#include "fit.h"

struct law_purchase {
    long customer;
    int day; /* any epoch */
};

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
int law_day(int year, int month, int day);

/* Reads "customer,YYYY-MM-DD,..." with a header line, into an array that the caller frees; -1 on any fault. */
long law_purchases_read(const char *path, struct law_purchase **purchases);

/* Sorts `purchases` by customer and day and writes one history per customer who bought by day `end`, in weeks;
 * several purchases of a day are one. `history` holds as many as there are purchases. Returns their number. */
size_t law_histories(struct law_purchase *purchases, size_t n, int end, struct law_history *history);

#endif
