/*
 * Near firms are easier to choose: where consumers live, where firms stand, and what a mile costs.
 */
#include "rule.h"

enum { AREA_RADIUS, DISTANCE_COST, PLACE_X, PLACE_Y, SCATTER };
enum { DISTANCE, RIVALS };
enum { CLOSED };
enum { UTILITY };
enum { RIVALS_NEAR, RIVALS_CLOSED };
enum { BANDS = 6 }; /* the first mile, ..., the fifth, and beyond */

static const struct gw_parameter parameters[] = {
    {.name = "area_radius",
     .scope = GW_MARKET,
     .unit = "miles",
     .value = 0.0,
     .low = 0.0,
     .high = 10000.0,
     .plausible_low = 0.0,
     .plausible_high = 50.0,
     .off = 0.0,
     .doc = "Radius of the disc over which consumers live evenly; 0: distance does not matter.",
     .source =
         "[A] 4 miles around the entrant: Merriman, Persky, Davis & Baiman 2012, Economic Development Quarterly"},
    {.name = "distance_cost",
     .scope = GW_CONSUMER,
     .unit = "logit per mile",
     .value = 1.0,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.1,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "Utility lost with every mile to a firm.",
     .source = "[C] closures fall by 6 points a mile from a large entrant: Merriman, Persky, Davis & Baiman 2012, "
               "Economic Development Quarterly"},
    {.name = "place_x",
     .scope = GW_FIRM,
     .unit = "miles",
     .value = 0.0,
     .low = -10000.0,
     .high = 10000.0,
     .plausible_low = -50.0,
     .plausible_high = 50.0,
     .off = GW_NO_OFF,
     .doc = "Where the firm stands, east of the centre.",
     .source = "[A]"},
    {.name = "place_y",
     .scope = GW_FIRM,
     .unit = "miles",
     .value = 0.0,
     .low = -10000.0,
     .high = 10000.0,
     .plausible_low = -50.0,
     .plausible_high = 50.0,
     .off = GW_NO_OFF,
     .doc = "Where the firm stands, north of the centre.",
     .source = "[A]"},
    {.name = "scatter",
     .scope = GW_FIRM,
     .unit = "miles",
     .value = 0.0,
     .low = 0.0,
     .high = 10000.0,
     .plausible_low = 0.0,
     .plausible_high = 50.0,
     .off = GW_NO_OFF,
     .doc = "Radius of the disc around (place_x, place_y) on which chance places the firm, anew in each replication.",
     .source = "[A] 0: it stands where it is said to"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "distance",
     .shape = GW_PER_RELATION,
     .type = GW_F32,
     .neutral = 0.0,
     .unit = "miles",
     .doc = "From the consumer's home to the firm.",
     .lasting = true},
    {.name = "rivals_near",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "firms",
     .doc = "Other firms by their distance from the firm.",
     .width = BANDS},
    {.name = NULL},
};

static const char *const band_labels[] = {"1", "2", "3", "4", "5", "beyond", NULL};
static const struct gw_dimension by_mile = {.name = "mile", .labels = band_labels};
static const struct gw_tally tallies[] = {
    {.name = "rivals",
     .measure = GW_COUNT,
     .dimension = &by_mile,
     .unit = "firms",
     .doc = "Other firms by their distance from the firm, whether they are open or not."},
    {.name = "rivals_closed",
     .measure = GW_COUNT,
     .dimension = &by_mile,
     .unit = "firms",
     .doc = "Of these, those that have closed for ever."},
    {.name = NULL},
};

static const char *const reads[] = {"closed", NULL};
static const char *const adds[] = {"utility", NULL};

static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    const double radius = gw_market(b, AREA_RADIUS), *scatter = gw_levers(b, SCATTER);
    const double *x = gw_levers(b, PLACE_X), *y = gw_levers(b, PLACE_Y);
    float *distance = gw_column(b, DISTANCE);
    for (int k = 0; k < e->n; k++) {
        const int firm = e->firm[k];
        const struct gw_point home = gw_place_of_home(&b->key, e->id[k], radius);
        const struct gw_point site = gw_place_of_firm(&b->key, firm, x[firm], y[firm], scatter[firm]);
        distance[e->at[k]] = radius > 0.0 ? (float)gw_place_distance(home, site) : 0.0f;
    }
}

static void subtract(float *restrict utility, const float *restrict distance, const float *restrict cost, int rows)
{
    for (int row = 0; row < rows; row++) {
        utility[row] -= cost[row] * distance[row];
    }
}

static void choose(const struct gw_block *b)
{
    const float *distance = gw_column(b, DISTANCE);
    float *utility = gw_add_term(b, UTILITY);
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        subtract(utility + from, distance + from, gw_consumer(b, DISTANCE_COST), b->rows);
    }
}

/* Where all firms stand. */
static void place_firms(const struct gw_firms *f, struct gw_point *site)
{
    const double *x = gw_firm_levers(f, PLACE_X), *y = gw_firm_levers(f, PLACE_Y);
    for (int firm = 0; firm < f->firms; firm++) {
        site[firm] = gw_place_of_firm(&f->key, firm, x[firm], y[firm], gw_firm_levers(f, SCATTER)[firm]);
    }
}

static int band_of(struct gw_point a, struct gw_point b)
{
    const double miles = gw_place_distance(a, b);
    return miles < BANDS - 1 ? (int)miles : BANDS - 1;
}

/* Cost: firms squared at the start and with the strategies, else firms times those that have closed. */
static void count_rivals(const struct gw_firms *f)
{
    struct gw_point site[GW_MAX_FIRMS];
    const double *closed = gw_firm_read(f, CLOSED);
    double *rivals = gw_firm_column(f, RIVALS);
    const bool fresh = f->first_period || f->period == f->origin;
    if (!(gw_firm_market(f, AREA_RADIUS) > 0.0)) {
        return;
    }
    place_firms(f, site);
    for (int i = 0; fresh && i < f->firms * BANDS; i++) {
        rivals[i] = 0.0;
    }
    for (int other = 0; other < f->firms; other++) {
        for (int firm = 0; (fresh || closed[other] > 0.0) && firm < f->firms; firm++) {
            const int band = band_of(site[firm], site[other]);
            rivals[firm * BANDS + band] += fresh && firm != other;
            gw_firm_tally(f, RIVALS_CLOSED, band, firm, firm != other && closed[other] > 0.0);
        }
    }
    for (int i = 0; i < f->firms * BANDS; i++) {
        gw_firm_tally(f, RIVALS_NEAR, i % BANDS, i / BANDS, (int64_t)rivals[i]);
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = count_rivals},
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.block = NULL},
};

GW_RULE(distance) = {
    .name = "distance",
    .doc = "Consumers live evenly over a disc of radius area_radius, firms stand at (place_x, place_y) or scattered "
           "around it; a firm's utility is distance_cost times the distance lower. Other firms, and those that have "
           "closed, are counted by their distance from each firm.",
    .reference = "Hotelling 1929, Economic Journal 39(153); McFadden 1974, in Frontiers in Econometrics",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .adds = adds,
    .enter = enter,
    .steps = steps,
};
