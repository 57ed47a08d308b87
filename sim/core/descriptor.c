#include "core/descriptor.h"

const char *const gw_account_names[GW_ACCOUNTS] = {
    "cash",        "revenue", "cost_of_goods",   "cost_to_serve", "recovery",   "experience_spend",
    "advertising", "offers",  "retention_spend", "staff_cost",    "fixed_cost",
};

static const char *const channel_labels[] = {"email", "phone", "store", "social", "web", "chat", NULL};
static const char *const stage_labels[] = {"information", "purchase", "after_sale", NULL};
_Static_assert(sizeof channel_labels / sizeof *channel_labels == GW_CHANNELS + 1, "a label per channel");
_Static_assert(sizeof stage_labels / sizeof *stage_labels == GW_STAGES + 1, "a label per stage");

const struct gw_dimension gw_channels = {"channel", channel_labels};
const struct gw_dimension gw_stages = {"stage", stage_labels};
