/*
 * What it costs a customer to move to another firm: learning, forms, lost ties.
 */
#include "rule.h"

enum { SWITCHING_COST };
enum { RELATION_STATE };
enum { UTILITY };

static const struct gw_parameter parameters[] = {
    {.name = "switching_cost",
     .scope = GW_CONSUMER,
     .unit = "logit",
     .value = 0.0,
     .low = 0.0,
     .high = 20.0,
     .plausible_low = 0.0,
     .plausible_high = 3.0,
     .off = 0.0,
     .doc = "Utility that every other firm loses for a consumer who is customer of some firm.",
     .source = "[S] explains more of staying than satisfaction does: Burnham, Frels & Mahajan 2003, J. Academy of "
               "Marketing Science; size [A], .7 when on"},
    {.name = NULL},
};

static void find_tied(const uint8_t *restrict state, int rows, uint8_t *restrict tied)
{
    for (int row = 0; row < rows; row++) {
        tied[row] |= state[row] == GW_CUSTOMER;
    }
}

static void charge(const uint8_t *restrict state, const uint8_t *restrict tied, const float *restrict cost, int rows,
                   float *restrict utility)
{
    for (int row = 0; row < rows; row++) {
        const int moves = tied[row] & (state[row] != GW_CUSTOMER);
        utility[row] -= moves != 0 ? cost[row] : 0.0f;
    }
}

static void choose(const struct gw_block *b)
{
    const uint8_t *state = gw_read(b, RELATION_STATE);
    float *utility = gw_add_term(b, UTILITY);
    uint8_t tied[GW_BLOCK] = {0};
    for (int slot = 0; slot < b->relations; slot++) {
        find_tied(state + slot * GW_BLOCK, b->rows, tied);
    }
    for (int slot = 0; slot < b->relations; slot++) {
        const int from = slot * GW_BLOCK;
        charge(state + from, tied, gw_consumer(b, SWITCHING_COST), b->rows, utility + from);
    }
}

static const char *const reads[] = {"relation_state", NULL};
static const char *const adds[] = {"utility", NULL};
static const struct gw_step steps[] = {
    {.phase = GW_CHOOSE, .kind = GW_TERMS, .block = choose},
    {.block = NULL},
};

GW_RULE(switching_cost) = {
    .name = "switching_cost",
    .doc =
        "A consumer who is customer of some firm gives every firm whose customer he or she is not `switching_cost` "
        "logits less. \"Not now\" stays where it is.",
    .reference = "Burnham, Frels & Mahajan 2003, Journal of the Academy of Marketing Science 31(2)",
    .parameters = parameters,
    .reads = reads,
    .adds = adds,
    .steps = steps,
};
