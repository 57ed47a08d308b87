/*
 * Questions to the chosen firm, and what becomes of them.
 */
#include "rule.h"

enum { QUESTION_RATE, GIVE_UP, HOSTILITY };
enum { UNANSWERED, ANSWERED };
enum { QUESTIONS, UNANSWERED_QUESTIONS, GIVEN_UP, WAITING, HOSTILE };
enum { UNANSWERED_SHARE, EXPECTED_WAIT, CHANNEL, CONTRACT };

static const struct gw_parameter parameters[] = {
    {.name = "question_rate",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.25,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.05,
     .plausible_high = 0.5,
     .off = 0.0,
     .doc = "Probability that an occasion raises a question to the chosen firm.",
     .source = "[A]"},
    {.name = "give_up",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.45,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.2,
     .plausible_high = 0.6,
     .off = GW_NO_OFF,
     .doc = "Probability that a consumer whose question goes unanswered turns from the firm for this occasion.",
     .source = "[S] Forrester 2013 as reported (n = 7,440): 45% say they will abandon when they find no quick "
               "answer; a stated intention"},
    {.name = "hostility",
     .scope = GW_CONSUMER,
     .unit = "1",
     .value = 0.0,
     .low = 0.0,
     .high = 1.0,
     .plausible_low = 0.0,
     .plausible_high = 0.5,
     .off = GW_NO_OFF,
     .doc = "Probability that a question of this consumer is put with hostility when it is answered, beyond the "
            "hostile_base of everybody.",
     .source = "[A]; difficult customers are few: Shin & Sudhir 2013, MIT Sloan Management Review [S]"},
    {.name = NULL},
};

static const struct gw_column columns[] = {
    {.name = "unanswered",
     .shape = GW_PER_CONSUMER,
     .type = GW_U8,
     .neutral = 0,
     .unit = "1",
     .doc = "1 for a shopper whose question went unanswered and who stayed; valid in the period's encounters."},
    {.name = "answered",
     .shape = GW_PER_CONSUMER,
     .type = GW_U8,
     .neutral = GW_NOT_ANSWERED,
     .unit = "1",
     .doc = "1 for a shopper whose question was answered, 2 if the shopper was hostile; valid in the period's "
            "encounters."},
    {.name = NULL},
};

static const struct gw_tally tallies[] = {
    {.name = "questions",
     .measure = GW_COUNT,
     .dimension = &gw_channels,
     .unit = "questions",
     .doc = "Questions to the firm chosen first."},
    {.name = "unanswered",
     .measure = GW_COUNT,
     .dimension = &gw_channels,
     .unit = "questions",
     .doc = "Questions that went unanswered."},
    {.name = "given_up",
     .measure = GW_COUNT,
     .dimension = &gw_channels,
     .unit = "occasions",
     .doc = "Occasions at which shoppers turned away unanswered."},
    {.name = "waiting",
     .measure = GW_SUM,
     .dimension = &gw_channels,
     .unit = "minute",
     .doc = "Expected wait of those who are answered, summed over questions: the mean wait is waiting / questions."},
    {.name = "hostile",
     .measure = GW_COUNT,
     .dimension = &gw_channels,
     .unit = "questions",
     .doc = "Answered questions of those who were hostile by nature, not counting hostile_base."},
    {.name = NULL},
};

static const char *const reads[] = {"unanswered_share", "expected_wait", "channel", "contract", NULL};

/* Shoppers who chose a firm: position among the shoppers, consumer, row, firm. */
struct askers {
    int n;
    int32_t shopper[GW_BLOCK];
    uint32_t id[GW_BLOCK];
    int32_t row[GW_BLOCK];
    int32_t firm[GW_BLOCK];
};

static void list_askers(const struct gw_block *b, struct askers *a)
{
    const struct gw_shoppers *s = b->shoppers;
    int n = 0;
    for (int k = 0; k < s->n; k++) {
        a->shopper[n] = k;
        a->id[n] = s->id[k];
        a->row[n] = s->row[k];
        n += s->first[k] >= 0;
    }
    for (int k = 0; k < n; k++) {
        a->firm[k] = b->firm_at[s->first[a->shopper[k]] * GW_BLOCK + a->row[k]];
    }
    a->n = n;
}

/* A question to a firm on a channel, at every occasion. */
static void book(const struct gw_block *b, int firm, int channel, int32_t occasions, bool missed, bool turns,
                 bool hostile)
{
    const double *wait = gw_read(b, EXPECTED_WAIT);
    gw_tally_add(b, QUESTIONS, channel, firm, occasions);
    gw_tally_add(b, UNANSWERED_QUESTIONS, channel, firm, missed ? occasions : 0);
    gw_tally_add(b, GIVEN_UP, channel, firm, turns ? occasions : 0);
    gw_tally_add(b, HOSTILE, channel, firm, hostile ? occasions : 0);
    gw_tally_add(b, WAITING, channel, firm, occasions * gw_micro(wait[firm * GW_CHANNELS + channel]));
}

/* 1 where there is a question. */
static void mark_questions(uint8_t *restrict flag, const float *restrict u, const float *restrict rate, int n)
{
    for (int k = 0; k < n; k++) {
        flag[k] = u[k] < rate[k];
    }
}

static void ask(const struct gw_block *b)
{
    const float *give_up = gw_consumer(b, GIVE_UP), *hostility = gw_consumer(b, HOSTILITY);
    const double *share = gw_read(b, UNANSWERED_SHARE);
    const uint8_t *channel = gw_read(b, CHANNEL);
    const int32_t *contract = gw_read(b, CONTRACT);
    uint8_t *unanswered = gw_column(b, UNANSWERED), *answered = gw_column(b, ANSWERED);
    struct askers a;
    float u[4][GW_BLOCK], rate[GW_BLOCK];
    uint8_t flag[GW_BLOCK];
    int32_t position[GW_BLOCK];
    memset(unanswered, 0, (size_t)b->rows * sizeof *unanswered);
    memset(answered, GW_NOT_ANSWERED, (size_t)b->rows * sizeof *answered);
    list_askers(b, &a);
    gw_draw_listed(b, a.id, a.n, 0, 0, u);
    gw_gather(rate, gw_consumer(b, QUESTION_RATE), a.row, a.n);
    mark_questions(flag, u[0], rate, a.n);
    const int questions = gw_list_flagged(flag, a.n, position);
    for (int i = 0; i < questions; i++) {
        const int k = position[i];
        const int32_t row = a.row[k], firm = a.firm[k];
        const bool missed = u[1][k] < (float)share[firm * GW_CHANNELS + channel[row]];
        const bool turns = missed && u[2][k] < give_up[row] && contract[row] < 0;
        const bool hostile = !missed && u[3][k] < hostility[row];
        book(b, firm, channel[row], b->shoppers->occasions[a.shopper[k]], missed, turns, hostile);
        b->shoppers->gives_up[a.shopper[k]] = turns;
        unanswered[row] = missed && !turns;
        answered[row] = missed ? GW_NOT_ANSWERED : hostile ? GW_ANSWERED_HOSTILE : GW_ANSWERED_CIVIL;
    }
}

static const struct gw_step steps[] = {
    {.phase = GW_ASK, .kind = GW_BLOCK_STEP, .block = ask},
    {.block = NULL},
};

GW_RULE(asking) = {
    .name = "asking",
    .doc = "A shopper who chose a firm has a question with probability question_rate, at every occasion of the "
           "period or at none, on the shopper's channel (rule "
           "channel); it goes unanswered with the firm's share of unanswered questions there (rule staff). Then the "
           "shopper turns to the second choice with probability give_up, unless bound by a contract; who stays meets "
           "a worse information stage (rule treatment). An answered shopper is hostile with probability hostility, "
           "which wears out the staff (rule burnout).",
    .reference =
        "Garnett, Mandelbaum & Reiman 2002, Manufacturing & Service Operations Management 4(3), for the share "
        "unanswered",
    .parameters = parameters,
    .columns = columns,
    .tallies = tallies,
    .reads = reads,
    .steps = steps,
};
