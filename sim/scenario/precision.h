/*
 * The block `precision:` of a scenario file: how well the results are to be known. It decides how many replications
 * there are, and nothing else about them: the run is that of as many fixed replications.
 */
#ifndef GW_SCENARIO_PRECISION_H
#define GW_SCENARIO_PRECISION_H

#include <stdbool.h>
#include <stdint.h>

enum { GW_MOST_ASKED = 16, GW_LEAST_FOR_PRECISION = 100 };

/* precision: {half_width: 2%, of: [company_value], confidence: 0.95, least: 100, most: 2000} */
struct gw_precision {
    double half_width;    /* 0: no precision is asked */
    bool relative;        /* then it is in percent of |mean|, else in the quantity's unit */
    double confidence;    /* of each interval by itself */
    uint32_t least, most; /* replications */
    int asked;
    char **of; /* [asked] a quantity, meant of every strategy and of every difference to the first, or a measure */
};

#endif
