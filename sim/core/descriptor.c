#include "core/descriptor.h"

const char *const gw_account_names[GW_ACCOUNTS] = {
    "cash",       "revenue",    "cost_of_goods", "cost_to_serve", "recovery", "experience_spend", "acquisition_spend",
    "staff_cost", "fixed_cost",
};
