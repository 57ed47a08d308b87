/*
 * What WOM-REF-1 comes to: totals over 50 periods with 100,000 customers, mean and standard deviation over 20 seeds
 * of independent programs on the common graph. A run passes when every total is within 4 standard deviations.
 */
#ifndef GW_BENCH_WOM_REF_1_REFERENCE_H
#define GW_BENCH_WOM_REF_1_REFERENCE_H

#include "bench/wom_ref_1/job.h"

enum { GW_WOM_REFERENCE_CUSTOMERS = 100000, GW_WOM_REFERENCE_SEEDS = 20 };

extern const struct gw_wom_reference {
    double mean, sd;
} gw_wom_reference[GW_WOM_AGGREGATES];

/* Distances from the reference in standard deviations; returns the largest without its sign, NaN if one is NaN. */
double gw_wom_distance(const double total[GW_WOM_AGGREGATES], double z[GW_WOM_AGGREGATES]);

#endif
