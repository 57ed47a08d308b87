#include "descriptors.h"
#include "one_rule.h"
#include "sample.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("asking");
}

enum { PERIODS = 400 };
static const double shoppers = (double)PERIODS * GW_BLOCK;

static struct one_rule *open_with_share(double unanswered_share)
{
    struct one_rule *bench = one_rule_open("asking", 2);
    ((double *)one_rule_read(bench, "unanswered_share"))[GW_CHANNELS + GW_PHONE] = unanswered_share;
    return bench;
}

struct outcome {
    double given_up, stayed; /* flags seen by the phases that follow */
};

/* Everybody chooses firm 1, again and again. */
static struct outcome ask(struct one_rule *bench)
{
    struct outcome outcome = {0};
    const uint8_t *unanswered = one_rule_column(bench, "unanswered");
    for (uint32_t t = 0; t < PERIODS; t++) {
        bench->block.period = t;
        one_rule_shop(bench, GW_BLOCK, 1);
        one_rule_run(bench, GW_ASK);
        for (int k = 0; k < GW_BLOCK; k++) {
            outcome.given_up += bench->shoppers.gives_up[k];
            outcome.stayed += unanswered[k];
        }
    }
    return outcome;
}

static void test_shares(void **state)
{
    (void)state;
    struct one_rule *bench = open_with_share(0.2);
    const struct outcome outcome = ask(bench);
    const double asked = (double)one_rule_tally(bench, "questions", GW_PHONE, 1);
    const double missed = (double)one_rule_tally(bench, "unanswered", GW_PHONE, 1);
    const double given_up = (double)one_rule_tally(bench, "given_up", GW_PHONE, 1);
    assert_within_4_se(asked / shoppers, 0.25, share_se(0.25, shoppers));
    assert_within_4_se(missed / asked, 0.2, share_se(0.2, asked));
    assert_within_4_se(given_up / missed, 0.45, share_se(0.45, missed));
    assert_true(outcome.given_up == given_up && outcome.stayed == missed - given_up);
    assert_int_equal(one_rule_tally(bench, "questions", GW_PHONE, 0), 0);
    one_rule_close(bench);
}

static void test_off_nobody_asks(void **state)
{
    (void)state;
    struct one_rule *bench = open_with_share(1.0);
    one_rule_set(bench, "question_rate", 0.0);
    const struct outcome outcome = ask(bench);
    assert_int_equal(one_rule_tally(bench, "questions", GW_PHONE, 1), 0);
    assert_true(outcome.given_up == 0.0 && outcome.stayed == 0.0);
    one_rule_close(bench);
}

static void test_answered_nobody_gives_up(void **state)
{
    (void)state;
    struct one_rule *bench = open_with_share(0.0);
    const struct outcome outcome = ask(bench);
    assert_true(one_rule_tally(bench, "questions", GW_PHONE, 1) > 0);
    assert_true(outcome.given_up == 0.0 && outcome.stayed == 0.0);
    one_rule_close(bench);
}

/* Only who is answered is hostile to somebody. */
static void test_hostility(void **state)
{
    (void)state;
    struct one_rule *bench = open_with_share(0.2);
    one_rule_set(bench, "hostility", 0.3);
    const uint8_t *answered = one_rule_column(bench, "answered");
    double civil = 0.0, hostile = 0.0;
    for (uint32_t t = 0; t < PERIODS; t++) {
        bench->block.period = t;
        one_rule_shop(bench, GW_BLOCK, 1);
        one_rule_run(bench, GW_ASK);
        for (int row = 0; row < GW_BLOCK; row++) {
            civil += answered[row] == GW_ANSWERED_CIVIL;
            hostile += answered[row] == GW_ANSWERED_HOSTILE;
        }
    }
    const int64_t questions = one_rule_tally(bench, "questions", GW_PHONE, 1);
    const int64_t missed = one_rule_tally(bench, "unanswered", GW_PHONE, 1);
    assert_within_4_se(hostile / (civil + hostile), 0.3, share_se(0.3, civil + hostile));
    assert_int_equal(one_rule_tally(bench, "hostile", GW_PHONE, 1), hostile);
    assert_int_equal(questions - missed, civil + hostile);
    one_rule_close(bench);
}

/* Under contract there is no other firm to turn to. */
static void test_contracts_bind(void **state)
{
    (void)state;
    struct one_rule *bench = open_with_share(1.0);
    int32_t *contract = one_rule_read(bench, "contract");
    for (int row = 0; row < GW_BLOCK; row++) {
        contract[row] = 1;
    }
    const struct outcome outcome = ask(bench);
    assert_true(outcome.given_up == 0.0);
    assert_true(outcome.stayed == (double)one_rule_tally(bench, "questions", GW_PHONE, 1));
    one_rule_close(bench);
}

/* Who chose "not now" has nobody to ask; what was written before does not linger. */
static void test_not_now(void **state)
{
    (void)state;
    struct one_rule *bench = open_with_share(1.0);
    uint8_t *unanswered = one_rule_column(bench, "unanswered");
    unanswered[5] = 1;
    one_rule_set(bench, "question_rate", 1.0);
    one_rule_shop(bench, 100, -1);
    bench->shoppers.first[99] = 1;
    one_rule_run(bench, GW_ASK);
    assert_int_equal(one_rule_tally(bench, "questions", GW_PHONE, 1), 1);
    assert_int_equal(unanswered[5], 0);
    one_rule_close(bench);
}

/* Who chats meets the queue of the chat, and is counted there with its wait. */
static void test_channels(void **state)
{
    (void)state;
    enum { CHATTING = 700 };
    struct one_rule *bench = open_with_share(0.0);
    uint8_t *channel = one_rule_read(bench, "channel");
    double *share = one_rule_read(bench, "unanswered_share"), *wait = one_rule_read(bench, "expected_wait");
    share[GW_CHANNELS + GW_CHAT] = 1.0;
    wait[GW_CHANNELS + GW_CHAT] = 2.5;
    wait[GW_CHANNELS + GW_PHONE] = 0.0000014;
    wait[GW_CHAT] = 7.0; /* of a firm that nobody asks */
    for (int row = 0; row < CHATTING; row++) {
        channel[row] = GW_CHAT;
    }
    one_rule_set(bench, "question_rate", 1.0);
    one_rule_shop(bench, GW_BLOCK, 1);
    one_rule_run(bench, GW_ASK);
    assert_int_equal(one_rule_tally(bench, "questions", GW_CHAT, 1), CHATTING);
    assert_int_equal(one_rule_tally(bench, "unanswered", GW_CHAT, 1), CHATTING);
    assert_int_equal(one_rule_tally(bench, "waiting", GW_CHAT, 1), CHATTING * 2500000);
    assert_int_equal(one_rule_tally(bench, "questions", GW_PHONE, 1), GW_BLOCK - CHATTING);
    assert_int_equal(one_rule_tally(bench, "unanswered", GW_PHONE, 1), 0);
    assert_int_equal(one_rule_tally(bench, "waiting", GW_PHONE, 1), GW_BLOCK - CHATTING);
    one_rule_close(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),     cmocka_unit_test(test_shares),
        cmocka_unit_test(test_off_nobody_asks), cmocka_unit_test(test_answered_nobody_gives_up),
        cmocka_unit_test(test_contracts_bind),  cmocka_unit_test(test_not_now),
        cmocka_unit_test(test_channels),        cmocka_unit_test(test_hostility),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
