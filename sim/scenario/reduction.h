/* The block `variance_reduction:` of a scenario file: how to learn more from as many replications. */
#ifndef GW_SCENARIO_REDUCTION_H
#define GW_SCENARIO_REDUCTION_H

#include <stdbool.h>

/* variance_reduction: {antithetic: true, control_variates: true} */
struct gw_reduction_spec {
    bool antithetic;       /* replications 2k and 2k + 1 meet mirrored luck; the number of replications is even */
    bool control_variates; /* replications report what is known on average (outcome/layout.h) */
};

#endif
