#include "experiment/instruments.h"

static gw_instrument *const instruments[GW_PARTS] = {0};

gw_instrument *gw_instrument_of(enum gw_part part)
{
    return instruments[part];
}
