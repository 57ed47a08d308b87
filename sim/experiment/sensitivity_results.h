/* What a sensitivity analysis found, and its dataset (experiment/sensitivity.h says which arrays). */
#ifndef GW_EXPERIMENT_SENSITIVITY_RESULTS_H
#define GW_EXPERIMENT_SENSITIVITY_RESULTS_H

#include "analysis/morris.h"
#include "analysis/sobol.h"
#include "experiment/experiment.h"
#include "experiment/sensitivity.h"
#include "outcome/estimate.h"

#define GW_SENSITIVITY_LEVEL 0.95

/* One input at its low and its high end. */
struct gw_one_way {
    struct gw_estimate level[2], change[2], swing;
};

struct gw_sensitivity {
    char measure[GW_MEASURE_TEXT];
    const struct gw_inputs *inputs;
    uint32_t replications; /* of the tornado */
    struct gw_estimate middle;
    struct gw_one_way *one_way; /* [inputs->n] */
    struct gw_morris *effect;   /* [inputs->n] */
    size_t rows;                /* of the shares, as asked */
    int shares;                 /* inputs that have them */
    int of_input[GW_SHARE_INPUTS];
    struct gw_sobol_index share[GW_SHARE_INPUTS]; /* [shares] */
    struct gw_sobol whole;
    int left_uncertain; /* uncertain numbers that are not varied */
};

/* The arrays of the methods that `spec` asks for. GW_REFUSED: no memory. */
int gw_sensitivity_dataset(struct gw_dataset **dataset, const struct gw_lab *lab, const struct gw_part_spec *spec,
                           const struct gw_sensitivity *result, struct gw_error *error);

#endif
