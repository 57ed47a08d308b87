/*
 * Where consumers live and firms stand, as the rules distance and consideration see it. Miles; the area is a disc
 * around (0, 0). Places are drawn by the key of the rule distance and never stored: whoever needs one draws it again.
 */
#ifndef GW_CORE_PLACE_H
#define GW_CORE_PLACE_H

#include "core/draws.h"
#include "core/maths.h"

enum { GW_PLACE_ENTITY_HOME = 1, GW_PLACE_ENTITY_FIRM = 2 };

static inline struct gw_point gw_place_in_disc(const struct gw_key *key, uint32_t who, uint32_t entity, double radius)
{
    uint32_t x[4];
    gw_threefry(key, who, 0, entity, GW_DRAW_START, x);
    return gw_disc(radius, gw_precise_of(x[0], x[1]), gw_precise_of(x[2], x[3]));
}

static inline struct gw_point gw_place_of_home(const struct gw_key *key, uint32_t id, double area_radius)
{
    return gw_place_in_disc(key, id, GW_PLACE_ENTITY_HOME, area_radius);
}

static inline struct gw_point gw_place_of_firm(const struct gw_key *key, int firm, double x, double y, double scatter)
{
    const struct gw_point from = gw_place_in_disc(key, (uint32_t)firm, GW_PLACE_ENTITY_FIRM, scatter);
    return (struct gw_point){x + from.x, y + from.y};
}

static inline double gw_place_distance(struct gw_point a, struct gw_point b)
{
    const double x = a.x - b.x, y = a.y - b.y;
    return sqrt(x * x + y * y);
}

#endif
