/*
 * How money at different times is compared. No steps: the numbers are read when a replication is closed
 * (sim/outcome/value.c), and by rules that discount (billing).
 */
#include "rule.h"

static const struct gw_parameter parameters[] = {
    {.name = "discount_rate",
     .scope = GW_MARKET,
     .unit = "per year",
     .value = 0.10,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.05,
     .plausible_high = 0.15,
     .off = GW_NO_OFF,
     .doc = "Yearly discount rate d; flows fall at the end of a period and are worth (1 + d)^-years at the start.",
     .source = "[A] customary; range as in Gupta, Lehmann & Stuart 2004, J. Marketing Research"},
    {.name = "terminal",
     .scope = GW_MARKET,
     .kind = GW_CHOICE,
     .unit = "1",
     .value = 0,
     .low = 0,
     .high = 2,
     .plausible_low = 0,
     .plausible_high = 2,
     .off = GW_NO_OFF,
     .doc = "Value after the horizon: fade (last year's cash flow / (d + fade)), run_off (customers alive then, each "
            "with last year's contribution, retained at last year's rate) or none.",
     .source = "[A]",
     .choices = "fade|run_off|none"},
    {.name = "fade",
     .scope = GW_MARKET,
     .unit = "per year",
     .value = 0.10,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.05,
     .plausible_high = 0.20,
     .off = GW_NO_OFF,
     .doc = "Yearly rate at which an advantage is competed away after the horizon (terminal: fade).",
     .source = "[A] a perpetuity (fade 0) about doubles the terminal part"},
    {.name = NULL},
};

GW_RULE(valuation) = {
    .name = "valuation",
    .doc = "Company value CV = sum over t of NCF_t v^(t+1) + v^T TV with v = (1 + d)^-(period in years) and flows at "
           "the "
           "end of a "
           "period. Horizon and terminal part are reported apart.",
    .reference = "Gupta, Lehmann & Stuart 2004, Journal of Marketing Research 41(1); Rust, Lemon & Zeithaml 2004, "
                 "Journal of Marketing 68(1)",
    .parameters = parameters,
};
