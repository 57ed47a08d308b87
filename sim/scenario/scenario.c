#include "scenario/scenario.h"

#include <math.h>

double gw_number_at(const struct gw_number *number, int64_t period)
{
    const struct gw_schedule *s = &number->schedule;
    if (number->how != GW_SCHEDULE) {
        return number->value;
    }
    double value = s->start;
    for (int k = 0; k < s->changes && period >= s->change[k].from; k++) {
        const struct gw_change *c = &s->change[k];
        if (period >= c->until) {
            value = c->to;
        } else {
            value += (c->to - value) * ((double)(period - c->from) / (double)(c->until - c->from));
        }
    }
    return value;
}

uint32_t gw_segment_first(const struct gw_scenario *scenario, int segment)
{
    double share = 0.0;
    if (segment >= scenario->segments) {
        return scenario->population;
    }
    for (int s = 0; s < segment; s++) {
        share += scenario->segment[s].share;
    }
    const double first = floor(share * scenario->population + 0.5);
    return first < scenario->population ? (uint32_t)first : scenario->population;
}
