/*
 * Seeding: a firm gives samples to some consumers, at random or to those with many neighbours, so that they know it
 * and can talk about it.
 */
#include "rule.h"

enum { SEED_SHARE, SEED_TIME, SEED_NEIGHBOURS, SEED_COST };
enum { SEEDS, SEEDS_OUT, SEEDED };
enum { TALLY_SEEDS };
enum { SAMPLES };
enum { READ_OPEN };

static const struct gw_parameter parameters[] = {
    {.name = "seed_share",
     .scope = GW_FIRM,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.1,
     .off = 0.0,
     .doc = "Share of the consumers with at least seed_neighbours neighbours who get a sample.",
     .source = "[A] 0: no seeding; .5 to 5% of the market where firms seed: Libai, Muller & Peres 2013, J. Marketing "
               "Research [R]"},
    {.name = "seed_time",
     .scope = GW_FIRM,
     .unit = "years",
     .value = 0.0,
     .low = -1000.0,
     .high = 1000.0,
     .plausible_low = 0.0,
     .plausible_high = 2.0,
     .off = GW_NO_OFF,
     .doc = "When the samples are given, counted from the start of the strategies.",
     .source = "[A]"},
    {.name = "seed_neighbours",
     .scope = GW_FIRM,
     .unit = "neighbours",
     .value = 0.0,
     .low = 0.0,
     .high = 1000000000.0,
     .plausible_low = 0.0,
     .plausible_high = 100.0,
     .off = GW_NO_OFF,
     .doc =
         "Least number of neighbours of who gets a sample; 0: anybody. On a complete network everybody has enough.",
     .source = "[S] seeding those with many neighbours pays: Hinz, Skiera, Barrot & Becker 2011, J. Marketing"},
    {.name = "seed_cost",
     .scope = GW_FIRM,
     .unit = "money per sample",
     .value = 10.0,
     .low = 0.0,
     .high = 1000000.0,
     .plausible_low = 1.0,
     .plausible_high = 100.0,
     .off = GW_NO_OFF,
     .doc = "Cost of a sample.",
     .source = "[A] half an order"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "seeds",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "1",
     .doc = "1 in the period in which the firm gives samples, else 0."},
    {.name = "seeds_out",
     .shape = GW_PER_FIRM,
     .type = GW_F64,
     .neutral = 0.0,
     .unit = "1",
     .doc = "1 in the period after, else 0."},
    {.name = "seeded",
     .shape = GW_PER_RELATION,
     .type = GW_U8,
     .neutral = 0.0,
     .unit = "1",
     .doc = "1 for who got a sample of the firm in the last period, else 0."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "seeds", .measure = GW_COUNT, .unit = "samples", .doc = "Consumers who got a sample of the firm."},
    {.name = NULL},
};

static const struct gw_posting postings[] = {
    {.name = "samples", .debit = GW_ADVERTISING, .credit = GW_CASH, .doc = "Samples given to consumers."},
    {.name = NULL},
};

static const char *const reads[] = {"open", NULL};

/* The first period that begins at seed_time or later. */
static bool is_time(const struct gw_firms *f, int firm)
{
    const double now = (double)f->period - (double)f->origin, at = gw_firm_levers(f, SEED_TIME)[firm];
    return now * f->years >= at && (now - 1.0) * f->years < at;
}

static void act(const struct gw_firms *f)
{
    const double *open = gw_firm_read(f, READ_OPEN);
    double *seeds = gw_firm_column(f, SEEDS), *seeds_out = gw_firm_column(f, SEEDS_OUT);
    for (int firm = 0; firm < f->firms; firm++) {
        seeds_out[firm] = seeds[firm];
        seeds[firm] = is_time(f, firm) ? open[firm] : 0.0;
    }
}

static bool any_above_zero(const double *restrict of_firm, int firms)
{
    for (int firm = 0; firm < firms; firm++) {
        if (of_firm[firm] > 0.0) {
            return true;
        }
    }
    return false;
}

/* On a complete network, where all are neighbours, everybody has enough. */
static bool has_enough(const struct gw_block *b, int row, double neighbours)
{
    return b->complete || (double)gw_degree(b, row) >= neighbours;
}

/* Share of the firm's seeds among consumers like this one; 0 in an empty slot. */
static double chance(const struct gw_block *b, int row, int firm)
{
    if (firm < 0 || !has_enough(b, row, gw_levers(b, SEED_NEIGHBOURS)[firm])) {
        return 0.0;
    }
    const double *seeds = gw_column(b, SEEDS);
    return seeds[firm] * gw_levers(b, SEED_SHARE)[firm];
}

/* Rare: a loop without haste. */
static void seed_slot(const struct gw_block *b, int slot)
{
    const int from = slot * GW_BLOCK;
    uint8_t *seeded = (uint8_t *)gw_column(b, SEEDED) + from;
    for (int row = 0; row < b->rows; row++) {
        const int firm = b->firm_at[from + row];
        const uint32_t id = b->first + (uint32_t)row;
        const double p = chance(b, row, firm);
        seeded[row] = p > 0.0 && (double)gw_uniform_single(&b->key, id, b->period, 1u + (uint32_t)firm, 0) < p;
        if (seeded[row] != 0) {
            gw_tally_add(b, TALLY_SEEDS, 0, firm, 1);
            gw_post(b, SAMPLES, firm, id, gw_micro(gw_levers(b, SEED_COST)[firm]));
        }
    }
}

/* What was given in a period is out in the next one, and gone after it. */
static void give(const struct gw_block *b)
{
    if (!any_above_zero(gw_column(b, SEEDS), b->firms) && !any_above_zero(gw_column(b, SEEDS_OUT), b->firms)) {
        return;
    }
    for (int slot = 0; slot < b->relations; slot++) {
        seed_slot(b, slot);
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ACT, .kind = GW_FIRMS_STEP, .act = act},
    {.phase = GW_STOCK, .kind = GW_BLOCK_STEP, .block = give},
    {.block = NULL},
};

GW_RULE(seeding) = {
    .name = "seeding",
    .doc = "In the first period at or after seed_time each consumer who has the firm in a slot and at least "
           "seed_neighbours neighbours gets a sample with probability seed_share, if the firm is open. Who got one "
           "knows "
           "the firm from the next period on, as by a message (rule awareness). Each sample costs seed_cost.",
    .reference =
        "Libai, Muller & Peres 2013, Journal of Marketing Research 50(2); Hinz, Skiera, Barrot & Becker 2011, "
        "Journal of Marketing 75(6)",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .postings = postings,
    .reads = reads,
    .steps = steps,
};
