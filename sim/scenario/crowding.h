/*
 * How often several occasions of a consumer fall into one period, where they share one choice and one experience.
 */
#ifndef GW_SCENARIO_CROWDING_H
#define GW_SCENARIO_CROWDING_H

#include "scenario/scenario.h"

/* Above this share the length of the period is part of the model: take a shorter one. */
#define GW_CROWDED 0.1

/* P(n > 1), n ~ Poisson(purchase_rate * years), over all consumers of the base; `years` is the length of a period.
 * Uncertain numbers stand at their means. GW_OK, or the error of a quantile table. */
int gw_scenario_crowding(const struct gw_scenario *scenario, double years, double *share, struct gw_error *error);

#endif
