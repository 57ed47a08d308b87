#include "plain.h"

#include "closed_forms.h"

#define EVERYBODY_SHOPS "population.purchase_rate=1600" /* a week without an occasion: e^-30 */

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("choice");
}

/* Without tastes: shares of first purchases in one period are the logit's, "not now" with utility 0 among them. */
static void test_logit(void **state)
{
    (void)state;
    struct lab *lab =
        run_duel(EVERYBODY_SHOPS, "horizon=1", "population.category_appeal=-0.5", "firms.us.appeal=0.8");
    const double utility[] = {0.3, -0.5, 0.0};
    double share[3];
    law_logit_shares(3, utility, share);
    assert_share(at(lab, "joined", 0, US), 20000.0, share[0]);
    assert_share(at(lab, "joined", 0, RIVAL), 20000.0, share[1]);
    lab_free(lab);
}

/* Eight firms draw from three blocks of four. */
static void test_eight_firms(void **state)
{
    (void)state;
    double utility[9] = {0}, share[9];
    struct lab *lab = run_duel(EVERYBODY_SHOPS, "population.relations=8", "horizon=1", "population.category_appeal=0",
                               "firms.us.appeal=0.4", "firms.c={appeal: -0.4}", "firms.d={appeal: 1}", "firms.e={}",
                               "firms.f={appeal: -1}", "firms.g={appeal: 0.7}", "firms.h={appeal: 0.2}");
    const double appeal[] = {0.4, 0.0, -0.4, 1.0, 0.0, -1.0, 0.7, 0.2};
    memcpy(utility, appeal, sizeof appeal);
    law_logit_shares(9, utility, share);
    for (int f = 0; f < 8; f++) {
        assert_share(at(lab, "joined", 0, f), 20000.0, share[f]);
    }
    lab_free(lab);
}

/* Simpson's rule for E g(z), z standard normal. */
static double normal_mean(double (*g)(double z))
{
    double sum = 0.0;
    for (int i = 0; i <= 4000; i++) {
        const double z = -8.0 + 16.0 * i / 4000.0;
        const double weight = i == 0 || i == 4000 ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
        sum += weight * g(z) * exp(-0.5 * z * z) / sqrt(2.0 * 3.14159265358979323846);
    }
    return sum * (16.0 / 4000.0) / 3.0;
}

static double buys(double z)
{
    return gw_sigmoid(-1.0 + 1.5 * z);
}

static double waits_ten_times(double z)
{
    return pow(1.0 - buys(z), 10.0);
}

/* Tastes last: who has not bought in ten weeks is far more frequent than with fresh tastes every week. */
static void test_tastes(void **state)
{
    (void)state;
    struct lab *lab =
        run_plain(EVERYBODY_SHOPS, "horizon=10", "population.category_appeal=-1", "population.taste_sd=1.5");
    const double mean = normal_mean(buys), never = normal_mean(waits_ten_times);
    assert_share(at(lab, "joined", 0, US), 20000.0, mean);
    assert_share(20000.0 - total(lab, "joined", US), 20000.0, never);
    assert_true(never > 5.0 * pow(1.0 - mean, 10.0));
    lab_free(lab);
}

static void test_taste_off(void **state)
{
    (void)state;
    struct lab *lab =
        run_plain(EVERYBODY_SHOPS, "horizon=10", "population.category_appeal=-1", "population.taste_sd=0");
    assert_share(20000.0 - total(lab, "joined", US), 20000.0, pow(1.0 - gw_sigmoid(-1.0), 10.0));
    lab_free(lab);
}

/* Everybody asks, nobody is answered, everybody gives up: purchases are second choices. Who waits does not ask. */
static void test_second_choice_is_the_logit_without_the_first(void **state)
{
    (void)state;
    struct lab *lab = run_duel(EVERYBODY_SHOPS, "horizon=1", "population.category_appeal=0.5", "firms.us.appeal=0.6",
                               "population.question_rate=1", "population.give_up=1", "firms.us.handling_minutes=6",
                               "firms.rival.handling_minutes=6");
    const double utility[] = {1.1, 0.5, 0.0};
    double p[3];
    law_logit_shares(3, utility, p);
    /* The load of staff is smoothed from the questions of past weeks: in the first there is none, all are answered.
     */
    assert_share(at(lab, "joined", 0, US), 20000.0, p[0]);
    lab_free(lab);
    lab = run_duel(EVERYBODY_SHOPS, "horizon=2", "population.category_appeal=0.5", "firms.us.appeal=0.6",
                   "population.question_rate=1", "population.give_up=1", "firms.us.handling_minutes=6",
                   "firms.rival.handling_minutes=6");
    const double second = p[1] * p[0] / (1.0 - p[1]); /* rival first, us second */
    const double again = at(lab, "recent_buyers", 1, US) - at(lab, "recent_buyers", 0, US);
    assert_share(again, 20000.0 - at(lab, "recent_buyers", 0, US), second);
    lab_free(lab);
}

/* A firm's draws are its own: one that nobody would choose changes nothing for the others, to the last purchase. */
static void test_common_random_numbers(void **state)
{
    (void)state;
    struct lab *one = run_plain("population.purchase_rate=40", "population.category_appeal=-0.5",
                                "population.taste_sd=0.6", "horizon=20");
    struct lab *two = run_duel("population.purchase_rate=40", "population.category_appeal=-0.5",
                               "population.taste_sd=0.6", "horizon=20", "firms.rival.appeal=-40");
    for (uint32_t t = 0; t < 20; t++) {
        assert_close(at(one, "purchases", t, US), at(two, "purchases", t, US), 0.0, 0.0);
    }
    assert_true(total(two, "purchases", US) > 0.0 && total(two, "purchases", RIVAL) <= 0.0);
    lab_free(one);
    lab_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_logit),
        cmocka_unit_test(test_eight_firms),
        cmocka_unit_test(test_tastes),
        cmocka_unit_test(test_taste_off),
        cmocka_unit_test(test_second_choice_is_the_logit_without_the_first),
        cmocka_unit_test(test_common_random_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
