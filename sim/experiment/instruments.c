#include "experiment/instruments.h"

#include "experiment/decide.h"
#include "experiment/frontier.h"
#include "experiment/sensitivity.h"
#include "experiment/optimise.h"
#include "experiment/sweep.h"

static gw_instrument *const instruments[GW_PARTS] = {
    [GW_SWEEP] = gw_sweep_run,       [GW_DECIDE] = gw_decide_run,
    [GW_FRONTIER] = gw_frontier_run, [GW_SENSITIVITY] = gw_sensitivity_run,
    [GW_OPTIMISE] = gw_optimise_run,
};

gw_instrument *gw_instrument_of(enum gw_part part)
{
    return instruments[part];
}
