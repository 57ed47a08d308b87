/*
 * What a firm spends on advertising, and whom that reaches. What being reached does: rules awareness, consideration.
 */
#include "rule.h"

enum { ADVERTISING, REACH_CEILING, REACH_HALF_SPEND, REACH_CURVE };
enum { REACH };
enum { READ_OPEN };
enum { ADVERTISING_SPEND };

static const struct gw_parameter parameters[] = {
    {.name = "advertising",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 50000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5000.0,
     .off = 0.0,
     .doc = "Spend on advertising.",
     .source = "[A] 0: nobody is reached by it"},
    {.name = "reach_ceiling",
     .scope = GW_FIRM,
     .unit = "per year",
     .value = 1.25,
     .low = 0.0,
     .high = 1000.0,
     .plausible_low = 0.05,
     .plausible_high = 10.0,
     .off = GW_NO_OFF,
     .doc = "Rate at which unlimited advertising reaches a consumer.",
     .source = "[A] half of it is .012 a week; external influence p of Bass models .001-.05 a year: Sultan, Farley & "
               "Lehmann 1990, J. Marketing Research [R]"},
    {.name = "reach_half_spend",
     .scope = GW_FIRM,
     .unit = "money per week",
     .value = 100.0,
     .low = 0.01,
     .high = 100000000.0,
     .plausible_low = 20.0,
     .plausible_high = 2000.0,
     .off = GW_NO_OFF,
     .doc = "Spend on advertising that brings half of its effect.",
     .source = "[A] .27 a year for each of 20,000 consumers; scales with the size of the market"},
    {.name = "reach_curve",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 1.5,
     .low = 0.1,
     .high = 10.0,
     .plausible_low = 0.8,
     .plausible_high = 3.0,
     .off = GW_NO_OFF,
     .doc = "Exponent c of the response; above 1 it is S-shaped.",
     .source = "[R] Little 1970, Management Science"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "reach",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "per year",
     .doc = "Rate at which the firm's advertising reaches a consumer."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "advertising_spend", .debit = GW_ADVERTISING, .credit = GW_CASH, .doc = "Spend on advertising."},
    {.name = NULL},
};

static const char *const reads[] = {"open", NULL};

static void act(const struct gw_firms *f)
{
    const double *spend = gw_firm_levers(f, ADVERTISING), *ceiling = gw_firm_levers(f, REACH_CEILING);
    const double *half_spend = gw_firm_levers(f, REACH_HALF_SPEND), *curve = gw_firm_levers(f, REACH_CURVE);
    const double *open = gw_firm_read(f, READ_OPEN);
    double *reach = gw_firm_column(f, REACH);
    for (int firm = 0; firm < f->firms; firm++) {
        reach[firm] = open[firm] * ceiling[firm] * gw_adbudg(spend[firm] / half_spend[firm], curve[firm]);
        gw_firm_post(f, ADVERTISING_SPEND, firm, gw_micro(open[firm] * spend[firm] * 52.0 * f->years));
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.act = NULL},
};

GW_RULE(advertising) = {
    .name = "advertising",
    .doc = "Advertising reaches a consumer at the rate reach_ceiling x^c / (1 + x^c) a year, x = advertising / "
           "reach_half_spend, c = reach_curve, and costs what is spent on it.",
    .reference = "Little 1970, Management Science 16(8); Sethuraman, Tellis & Briesch 2011, Journal of Marketing "
                 "Research 48(3)",
    .parameters = parameters,
    .columns = columns,
    .postings = postings,
    .reads = reads,
    .steps = steps,
};
