/*
 * What a firm spends on the six pillars of customer experience. What it brings: rule treatment.
 */
#include "rule.h"

enum { PILLARS = 6 };
enum { EXPERIENCE_SPEND };
enum { READ_OPEN };

static const struct gw_parameter parameters[] = {
    {.name = "spend.personalisation",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 50000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5000.0,
     .off = 0.0,
     .doc = "Spend on fitting the treatment to the individual.",
     .source = "[A] pillars as in KPMG Nunwood's customer experience studies"},
    {.name = "spend.integrity",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 50000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5000.0,
     .off = 0.0,
     .doc = "Spend on being trustworthy.",
     .source = "[A] pillars as in KPMG Nunwood's customer experience studies"},
    {.name = "spend.expectations",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 50000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5000.0,
     .off = 0.0,
     .doc = "Spend on setting and meeting expectations.",
     .source = "[A] pillars as in KPMG Nunwood's customer experience studies"},
    {.name = "spend.resolution",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 50000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5000.0,
     .off = 0.0,
     .doc = "Spend on turning problems around.",
     .source = "[A] pillars as in KPMG Nunwood's customer experience studies"},
    {.name = "spend.time_effort",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 50000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5000.0,
     .off = 0.0,
     .doc = "Spend on sparing the customer time and effort.",
     .source = "[A] pillars as in KPMG Nunwood's customer experience studies"},
    {.name = "spend.empathy",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 50000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5000.0,
     .off = 0.0,
     .doc = "Spend on understanding the customer's situation.",
     .source = "[A] pillars as in KPMG Nunwood's customer experience studies"},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "experience_spend",
     .debit = GW_EXPERIENCE_SPEND,
     .credit = GW_CASH,
     .doc = "Spend on all pillars of customer experience."},
    {.name = NULL},
};

static const char *const reads[] = {"open", NULL};

static void act(const struct gw_firms *f)
{
    const double *open = gw_firm_read(f, READ_OPEN);
    for (int firm = 0; firm < f->firms; firm++) {
        double spend = 0.0;
        for (int pillar = 0; pillar < PILLARS; pillar++) {
            spend += gw_firm_levers(f, pillar)[firm];
        }
        gw_firm_post(f, EXPERIENCE_SPEND, firm, gw_micro(spend * 52.0 * f->years * open[firm]));
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.act = NULL},
};

GW_RULE(experience_spend) = {
    .name = "experience_spend",
    .doc = "Levers of spend per week on personalisation, integrity, expectations, resolution, time and effort, and "
           "empathy; "
           "their sum is posted each period.",
    .reference = "Rust, Zahorik & Keiningham 1995, Journal of Marketing 59(2)",
    .parameters = parameters,
    .postings = postings,
    .reads = reads,
    .steps = steps,
};
