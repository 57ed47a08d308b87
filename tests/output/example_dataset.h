/* The dataset of the run file's tests: labels, numbers, both types, 0 to 3 dimensions, short and long texts. */
#ifndef TESTS_OUTPUT_EXAMPLE_DATASET_H
#define TESTS_OUTPUT_EXAMPLE_DATASET_H

#include "outcome/dataset.h"

/* `periods` scales its size. Strategies: status_quo, price_cut, "Qualität"; 4 replications; signs plus, minus.
 *   company_value(strategy, replication)           EUR       100 * s + r + 0.25
 *   active_customers(strategy, replication, period) customer  10000 * s + 100 * r + p mod 97
 *   share(strategy, period)                         1         (s + 1) / (p + 3), NaN where p = 1
 *   waiting(period)                                 day       2 * p
 *   customers                                       customer  20000
 */
struct gw_dataset *example_dataset(size_t periods);

#endif
