/* An estimate and its two-sided interval; what is not known is NaN. */
#ifndef GW_ANALYSIS_INTERVAL_H
#define GW_ANALYSIS_INTERVAL_H

struct gw_interval {
    double value, low, high;
};

#endif
