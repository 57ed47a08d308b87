/* A catalogue of the tests' own, in place of the one that collects the rules: the language must not change with
 * them. Every scope and kind occurs. */
#include "scenario/catalogue.h"

#include <math.h>
#include <string.h>

static const struct gw_parameter parameters[] = {
    {.name = "purchase_rate",
     .scope = GW_CONSUMER,
     .unit = "per week",
     .value = 1.0,
     .low = 0.0,
     .high = 50.0,
     .plausible_low = 0.02,
     .plausible_high = 5.0},
    {.name = "price_sensitivity",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 2.5,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.5,
     .plausible_high = 5.0},
    {.name = "contract",
     .scope = GW_CONSUMER,
     .kind = GW_INTEGER,
     .unit = "periods",
     .value = 52,
     .low = 1,
     .high = 520,
     .plausible_low = 1,
     .plausible_high = 520},
    {.name = "member", .scope = GW_CONSUMER, .kind = GW_FLAG, .unit = "1", .high = 1, .plausible_high = 1},
    {.name = "price",
     .scope = GW_LEVER,
     .unit = "price of the reference",
     .value = 1.0,
     .low = 0.0,
     .high = 100.0,
     .plausible_low = 0.5,
     .plausible_high = 2.0},
    {.name = "spend.empathy",
     .scope = GW_LEVER,
     .unit = "money per week",
     .low = 0.0,
     .high = INFINITY,
     .plausible_high = 1e9},
    {.name = "spend.training",
     .scope = GW_LEVER,
     .unit = "money per week",
     .low = 0.0,
     .high = INFINITY,
     .plausible_high = 1e9},
    {.name = "staff",
     .scope = GW_LEVER,
     .kind = GW_INTEGER,
     .unit = "people",
     .value = 10,
     .low = 0,
     .high = 1e6,
     .plausible_high = 1e6},
    {.name = "repair",
     .scope = GW_LEVER,
     .kind = GW_CHOICE,
     .unit = "1",
     .high = 2,
     .plausible_high = 2,
     .choices = "refund|voucher|none"},
    {.name = "open", .scope = GW_LEVER, .kind = GW_FLAG, .unit = "1", .value = 1, .high = 1, .plausible_high = 1},
    {.name = "unit_cost",
     .scope = GW_FIRM,
     .unit = "price of the reference",
     .value = 0.5,
     .low = 0.0,
     .high = 100.0,
     .plausible_high = 1.0},
    {.name = "discount_rate",
     .scope = GW_MARKET,
     .unit = "per year",
     .value = 0.1,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.05,
     .plausible_high = 0.15},
    {.name = "terminal",
     .scope = GW_MARKET,
     .kind = GW_CHOICE,
     .unit = "1",
     .high = 2,
     .plausible_high = 2,
     .choices = "fade|run_off|none"},
};

enum { SIZE = sizeof parameters / sizeof parameters[0] };

int gw_catalogue_size(void)
{
    return SIZE;
}

const struct gw_entry *gw_catalogue_entry(int index)
{
    static struct gw_entry entry[SIZE];
    entry[index] = (struct gw_entry){&parameters[index], 0, index};
    return &entry[index];
}

const char *gw_scope_area(enum gw_scope scope)
{
    static const char *const area[] = {"population", "firms", "firms", "market"};
    return area[scope];
}

int gw_catalogue_find(const char *area, const char *name)
{
    for (int i = 0; i < SIZE; i++) {
        if (strcmp(parameters[i].name, name) == 0 && strcmp(gw_scope_area(parameters[i].scope), area) == 0) {
            return i;
        }
    }
    return -1;
}

int gw_catalogue_of_rule(int rule, int parameter)
{
    return rule == 0 ? parameter : -1;
}
