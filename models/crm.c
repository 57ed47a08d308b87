/*
 * Knowing the customer: what departments hear is kept in one place, for offers that fit and service of one cast.
 */
#include "rule.h"

enum { CRM, HALF, CURVE, RELEVANCE, CONSISTENCY };
enum { KNOWLEDGE, RELEVANCE_GAINED };
enum { SPEND };
enum { OPEN };
enum { QUALITY_SPREAD };

static const struct gw_parameter parameters[] = {
    {.name = "crm",
     .scope = GW_LEVER,
     .unit = "money per week",
     .value = 0.0,
     .low = 0.0,
     .high = 50000000.0,
     .plausible_low = 0.0,
     .plausible_high = 5000.0,
     .off = 0.0,
     .doc = "Spend on records of customers that all departments share and use.",
     .source = "[A]"},
    {.name = "crm_half",
     .scope = GW_FIRM,
     .unit = "money per week",
     .value = 250.0,
     .low = 0.01,
     .high = 100000000.0,
     .plausible_low = 50.0,
     .plausible_high = 2000.0,
     .off = GW_NO_OFF,
     .doc = "Spend that brings half of what records can do.",
     .source = "[A] scales with the size of the market"},
    {.name = "crm_curve",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 1.5,
     .low = 0.1,
     .high = 10.0,
     .plausible_low = 0.8,
     .plausible_high = 3.0,
     .off = GW_NO_OFF,
     .doc = "Exponent of the ADBUDG response to that spend; above 1 a little money does next to nothing.",
     .source = "[R] Little 1970, Management Science"},
    {.name = "crm_relevance",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.2,
     .low = 0.0,
     .high = 10.0,
     .plausible_low = 0.0,
     .plausible_high = 0.3,
     .off = GW_NO_OFF,
     .doc = "Most that records add to the relevance of messages, as a share of it.",
     .source = "[S] a name in the subject line opens 20% more mails: Sahni, Wheeler & Chintagunta 2018, Marketing "
               "Science; not reproduced: Defau & Zauner 2023, Marketing Letters"},
    {.name = "crm_consistency",
     .scope = GW_MARKET,
     .unit = "1",
     .value = 0.3,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.5,
     .off = GW_NO_OFF,
     .doc = "Most that records take away of the spread of quality, as a share of its standard deviation.",
     .source = "[A]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "crm_knowledge",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0,
     .unit = "1",
     .doc = "What the firm makes of what it could know of its customers."},
    {.name = "crm_relevance_factor",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 1,
     .unit = "1",
     .doc = "Factor on the relevance of the firm's messages."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "crm", .debit = GW_RETENTION_SPEND, .credit = GW_CASH, .doc = "Records of customers."},
    {.name = NULL},
};

static const char *const reads[] = {"open", NULL};
static const char *const adds[] = {"quality_spread", NULL};

/* Before the firms act: their messages rest on it. */
static void learn(const struct gw_firms *f)
{
    double *knowledge = gw_firm_column(f, KNOWLEDGE), *factor = gw_firm_column(f, RELEVANCE_GAINED);
    for (int firm = 0; firm < f->firms; firm++) {
        const double x = gw_firm_levers(f, CRM)[firm] / gw_firm_levers(f, HALF)[firm];
        knowledge[firm] = gw_adbudg(x, gw_firm_market(f, CURVE));
        factor[firm] = 1.0 + gw_firm_market(f, RELEVANCE) * knowledge[firm];
    }
}

static void pay(const struct gw_firms *f)
{
    const double *open = gw_firm_read(f, OPEN);
    for (int firm = 0; firm < f->firms; firm++) {
        const double paid = gw_firm_levers(f, CRM)[firm] * 52.0 * f->years * open[firm];
        gw_firm_post(f, SPEND, firm, gw_micro(paid));
    }
}

/* The spread times 1 - consistency y, as a logarithm; the floor keeps it finite where both round to 1. */
static void agree(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const double *knowledge = gw_column(b, KNOWLEDGE);
    float log_factor[GW_MAX_FIRMS], *spread = gw_add_term(b, QUALITY_SPREAD);
    for (int firm = 0; firm < b->firms; firm++) {
        const double left = 1.0 - gw_market(b, CONSISTENCY) * knowledge[firm];
        log_factor[firm] = gw_logf((float)(left > 1e-6 ? left : 1e-6));
    }
    for (int k = 0; k < e->n; k++) {
        spread[k] += log_factor[e->firm[k]];
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_OPEN, .kind = GW_FIRMS_STEP, .act = learn},
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = pay},
    {.phase = GW_EXPERIENCE, .kind = GW_TERMS, .block = agree},
    {.block = NULL},
};

GW_RULE(crm) = {
    .name = "crm",
    .doc = "Money x crm_half a week on records that departments share teaches a firm y = x^c / (1 + x^c), c = "
           "crm_curve. Its messages are worth 1 + crm_relevance y times as much (rule contacts), and the stages of "
           "its encounters differ less: their standard deviation is 1 - crm_consistency y of what it was.",
    .reference = "Mithas, Krishnan & Fornell 2005, Journal of Marketing 69(4); Little 1970, Management Science 16(8)",
    .parameters = parameters,
    .columns = columns,
    .postings = postings,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
