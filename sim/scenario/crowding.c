#include "scenario/crowding.h"

#include "core/maths.h"
#include "scenario/catalogue.h"

enum { NODES = 1000 }; /* midpoints of the distribution over consumers: exact to some 1e-4 */

static double more_than_one(double mean)
{
    return 1.0 - gw_exp(-mean) * (1.0 + mean);
}

static int crowding_of(const struct gw_number *rate, double years, double *share, struct gw_error *error)
{
    struct gw_quantile *quantile = NULL;
    if (rate->how != GW_VARY) {
        *share = more_than_one(rate->value * years);
        return GW_OK;
    }
    const int ret = gw_quantile_create(&quantile, rate->spread.distribution, error);
    double sum = 0.0;
    for (int i = 0; ret == GW_OK && i < NODES; i++) {
        const double x = gw_quantile_at(quantile, (i + 0.5) / NODES);
        sum += more_than_one(x > 0.0 ? x * years : 0.0);
    }
    *share = sum / NODES;
    gw_quantile_free(quantile);
    return ret;
}

int gw_scenario_crowding(const struct gw_scenario *scenario, double years, double *share, struct gw_error *error)
{
    const struct gw_number *rate = scenario->base.number[gw_catalogue_find("population", "purchase_rate")];
    int ret = GW_OK;
    *share = 0.0;
    for (int s = 0; ret == GW_OK && s < scenario->segments; s++) {
        double of_segment = 0.0;
        ret = crowding_of(&rate[s], years, &of_segment, error);
        *share += scenario->segment[s].share * of_segment;
    }
    return ret;
}
