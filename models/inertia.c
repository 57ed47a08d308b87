/*
 * Habit: the firm bought from last time is a little easier to choose.
 */
#include "rule.h"

enum { INERTIA };
enum { LAST_SLOT };
enum { READ_ORDERS };
enum { ADD_UTILITY };

static const struct gw_parameter parameters[] = {
    {.name = "inertia",
     .scope = GW_CONSUMER,
     .unit = "logit",
     .value = 0.7,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 2.0,
     .off = 0.0,
     .doc = "Utility added to the firm that the consumer bought from last.",
     .source = "[A] size; structural, not spurious: Dube, Hitsch & Rossi 2010, RAND J. Economics [S]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {"last_slot", GW_PER_CONSUMER, GW_I32, -1.0, "slot", "slot of the firm bought from last, -1 = none"},
    {.name = NULL},
};

/* Habit goes with the firm. */
static void enter(const struct gw_block *b, const struct gw_entries *e)
{
    int32_t *last = gw_column(b, LAST_SLOT);
    for (int k = 0; k < e->n; k++) {
        last[e->row[k]] = last[e->row[k]] == e->slot[k] ? -1 : last[e->row[k]];
    }
}

static void add(const int32_t *restrict last, const float *restrict habit, int32_t slot, int rows,
                float *restrict utility)
{
    for (int row = 0; row < rows; row++) {
        utility[row] += last[row] == slot ? habit[row] : 0.0f;
    }
}

static void term(const struct gw_block *b)
{
    for (int slot = 0; slot < b->relations; slot++) {
        add(gw_column(b, LAST_SLOT), gw_consumer(b, INERTIA), slot, b->rows,
            gw_add_term(b, ADD_UTILITY) + slot * GW_BLOCK);
    }
}

static void remember(const struct gw_block *b)
{
    const struct gw_encounters *e = b->encounters;
    const int32_t *orders = gw_read(b, READ_ORDERS);
    int32_t *last = gw_column(b, LAST_SLOT);
    for (int k = 0; k < e->n; k++) {
        const int32_t bought = orders[k] > 0 ? e->slot[k] : last[e->row[k]];
        const bool over = (e->ended[k] != GW_STAYS) & (bought == e->slot[k]);
        last[e->row[k]] = bought | -(int32_t)over;
    }
}

static const char *const reads[] = {"orders", NULL};
static const char *const adds[] = {"utility", NULL};
static const struct gw_step steps[] = {
    {GW_CHOOSE, GW_TERMS, term, NULL},
    {GW_CLOSE, GW_BLOCK_STEP, remember, NULL},
    {0},
};

GW_RULE(inertia) = {
    .name = "inertia",
    .doc = "The firm of the last paid order gets `inertia` logits more, until another is bought from or the relation "
           "with "
           "it ends.",
    .reference = "Dube, Hitsch & Rossi 2010, RAND Journal of Economics 41(3)",
    .parameters = parameters,
    .columns = columns,
    .reads = reads,
    .adds = adds,
    .enter = enter,
    .steps = steps,
};
