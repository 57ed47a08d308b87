#include "one_rule.h"
#include "plain.h"
#include "sample.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("reviews");
}

enum { STARS = 5 };

static void test_off_is_absent(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml",
                         (const char *const[]){"population.purchase_rate=30", "population.adaptation=0.3",
                                               "population.category_appeal=0", "firms.us.public_reply=1", NULL});
}

/* Consumers who all had the same surprise, D / satisfaction_sd, with firm 1, for so many periods. */
static void live_through(struct one_rule *bench, double surprise, uint32_t periods)
{
    float *d = one_rule_read(bench, "disconfirmation");
    for (int k = 0; k < GW_BLOCK; k++) {
        d[k] = (float)(surprise * 0.15);
    }
    one_rule_meet(bench, GW_BLOCK, 1);
    for (uint32_t t = 0; t < periods; t++) {
        bench->block.period++;
        one_rule_run(bench, GW_TELL);
    }
}

static int stars_of(double surprise)
{
    struct one_rule *bench = one_rule_open("reviews", 2);
    one_rule_set(bench, "review_rate", 0.1);
    one_rule_set(bench, "star_base", 3.5);
    one_rule_set(bench, "star_slope", 2.0);
    live_through(bench, surprise, 1);
    int label = 0;
    while (one_rule_tally(bench, "experienced_stars", label, 1) != GW_BLOCK) {
        label++;
        assert_true(label < STARS);
    }
    one_rule_close(bench);
    return label + 1;
}

/* Rounded half to even, held in 1 to 5. */
static void test_stars(void **state)
{
    (void)state;
    assert_int_equal(stars_of(0.0), 4);
    assert_int_equal(stars_of(-0.4), 3);
    assert_int_equal(stars_of(-0.6), 2);
    assert_int_equal(stars_of(0.6), 5);
    assert_int_equal(stars_of(-4.0), 1);
    assert_int_equal(stars_of(4.0), 5);
}

/* Published with probability 1 - exp(-rate (floor + |x - neutral|^power)): least at the neutral point. */
static void test_who_publishes(void **state)
{
    (void)state;
    static const double surprise[] = {-0.5, 0.5, 1.5, -2.0};
    for (int i = 0; i < 4; i++) {
        struct one_rule *bench = one_rule_open("reviews", 2);
        one_rule_set(bench, "review_rate", 0.2);
        live_through(bench, surprise[i], 200);
        const double p = 1.0 - exp(-0.2 * (0.1 + pow(fabs(surprise[i] + 0.5), 1.5)));
        double published = 0.0, experienced = 0.0;
        for (int label = 0; label < STARS; label++) {
            published += (double)one_rule_tally(bench, "reviews", label, 1);
            experienced += (double)one_rule_tally(bench, "experienced_stars", label, 1);
        }
        assert_true(experienced == 200.0 * GW_BLOCK);
        assert_within_4_se(published / experienced, p, share_se(p, experienced));
        one_rule_close(bench);
    }
}

/* Stars of 1 ... 5 by the equations, where D / satisfaction_sd is normal with mean m and sd .75: of all experiences,
 * and of those that are published. */
static void expected(double m, double rate, double experienced[STARS], double published[STARS])
{
    enum { STEPS = 200000 };
    double all = 0.0, out = 0.0;
    memset(experienced, 0, STARS * sizeof *experienced);
    memset(published, 0, STARS * sizeof *published);
    for (int i = 0; i < STEPS; i++) {
        const double z = -8.0 + 16.0 * (i + 0.5) / STEPS, weight = exp(-0.5 * z * z), x = m + 0.75 * z;
        const double p = 1.0 - exp(-rate * (0.1 + pow(fabs(x + 0.5), 1.5)));
        const int stars = (int)fmin(5.0, fmax(1.0, rint(3.6 + 2.3 * x)));
        experienced[stars - 1] += weight, all += weight;
        published[stars - 1] += weight * p, out += weight * p;
    }
    for (int s = 0; s < STARS; s++) {
        experienced[s] /= all;
        published[s] /= out;
    }
}

/* The J: experiences are normal and their stars have one peak; among those published 1 star is more frequent than 2,
 * and 5 than all others together. */
static void test_published_stars_are_j_shaped(void **state)
{
    (void)state;
    double experienced[STARS], published[STARS];
    struct one_rule *bench = one_rule_open("reviews", 2);
    one_rule_set(bench, "review_rate", 0.1);
    float *d = one_rule_read(bench, "disconfirmation");
    one_rule_meet(bench, GW_BLOCK, 1);
    for (uint32_t t = 0; t < 400; t++) {
        bench->block.period = t;
        gw_draw_rows(&bench->block, 99, 0, d);
        for (int k = 0; k < GW_BLOCK; k++) {
            d[k] = 0.15f * 0.75f * gw_normal_quantilef(d[k]);
        }
        one_rule_run(bench, GW_TELL);
    }
    expected(0.0, 0.1, experienced, published);
    double all = 0.0, out = 0.0, share[2][STARS];
    for (int s = 0; s < STARS; s++) {
        all += (double)one_rule_tally(bench, "experienced_stars", s, 1);
        out += (double)one_rule_tally(bench, "reviews", s, 1);
    }
    for (int s = 0; s < STARS; s++) {
        share[0][s] = (double)one_rule_tally(bench, "experienced_stars", s, 1) / all;
        share[1][s] = (double)one_rule_tally(bench, "reviews", s, 1) / out;
        assert_within_4_se(share[0][s], experienced[s], share_se(experienced[s], all));
        assert_within_4_se(share[1][s], published[s], share_se(published[s], out));
        print_message("%d stars: experienced %.3f, published %.3f\n", s + 1, share[0][s], share[1][s]);
    }
    for (int s = 1; s < STARS; s++) {
        assert_true(share[0][s] > share[0][s - 1]);
    }
    assert_true(share[1][0] > share[1][1] && share[1][4] > 0.5);
    one_rule_close(bench);
}

/* ---- The rating -------------------------------------------------------------------------------------------- */

static double rating(struct one_rule *bench, int firm)
{
    return ((const double *)one_rule_column(bench, "rating"))[firm];
}

/* Prior of 10 reviews of 3 stars; reviews of the last period come in, then fade by exp(-years / .5) a period. */
static void test_rating_fades(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("reviews", 2);
    int64_t *reviews = one_rule_watch(bench, "reviews");
    one_rule_set(bench, "review_rate", 0.1);
    one_rule_run(bench, GW_ACT);
    assert_close(rating(bench, 0), 3.0, 1e-15, 0.0);
    reviews[4 * 2 + 0] = 30, reviews[0 * 2 + 0] = 5; /* firm 0: thirty of 5 stars, five of 1 */
    one_rule_run(bench, GW_ACT);
    assert_close(rating(bench, 0), (30.0 + 155.0) / 45.0, 1e-12, 0.0);
    assert_close(rating(bench, 1), 3.0, 1e-15, 0.0);
    memset(reviews, 0, sizeof *reviews * 2 * STARS);
    for (int t = 0; t < 26; t++) {
        one_rule_run(bench, GW_ACT);
    }
    const double left = exp(-1.0);
    assert_close(rating(bench, 0), (30.0 + 155.0 * left) / (10.0 + 35.0 * left), 1e-12, 0.0);
    one_rule_close(bench);
}

/* Answered in public, reviews of 1 and 2 stars count 1 - .3 of themselves; each answer costs 3. */
static void test_public_reply(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("reviews", 2);
    int64_t *reviews = one_rule_watch(bench, "reviews");
    one_rule_set(bench, "review_rate", 0.1);
    one_rule_set_firm(bench, "public_reply", 0, 0.5);
    for (int firm = 0; firm < 2; firm++) {
        reviews[0 * 2 + firm] = 8, reviews[1 * 2 + firm] = 4, reviews[4 * 2 + firm] = 20;
    }
    one_rule_run(bench, GW_ACT);
    assert_close(rating(bench, 1), (30.0 + 8.0 + 8.0 + 100.0) / 42.0, 1e-12, 0.0);
    assert_close(rating(bench, 0), (30.0 + 0.85 * 16.0 + 100.0) / (10.0 + 0.85 * 12.0 + 20.0), 1e-12, 0.0);
    assert_int_equal(one_rule_account(bench, GW_COST_TO_SERVE, 0), 18000000);
    assert_int_equal(one_rule_account(bench, GW_CASH, 0), -18000000);
    assert_int_equal(one_rule_account(bench, GW_COST_TO_SERVE, 1), 0);
    ((double *)one_rule_read(bench, "open"))[0] = 0.0; /* a closed firm answers nothing */
    one_rule_run(bench, GW_ACT);
    assert_int_equal(one_rule_account(bench, GW_COST_TO_SERVE, 0), 18000000);
    one_rule_close(bench);
}

static void test_strangers_read(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("reviews", 2);
    ((double *)one_rule_column(bench, "rating"))[1] = 4.2;
    uint8_t *relation = one_rule_read(bench, "relation_state");
    relation[GW_BLOCK + 1] = GW_CUSTOMER;
    relation[GW_BLOCK + 2] = GW_FORMER;
    one_rule_shop(bench, 3, 0);
    one_rule_run(bench, GW_CHOOSE);
    const float *utility = one_rule_add(bench, "utility");
    assert_close(utility[GW_BLOCK], 0.5 * 0.6, 1e-6, 0.0);
    assert_true(utility[GW_BLOCK + 1] == 0.0f && utility[0] == 0.0f);
    assert_close(utility[GW_BLOCK + 2], 0.3, 1e-6, 0.0);
    one_rule_close(bench);
}

/* Share of us, who treat people better, among the first orders of a year in which few buy. */
static double first_orders(const char *weight)
{
    struct lab *lab =
        run_duel("population.purchase_rate=2", "population.category_appeal=-2", "market.review_rate=1",
                 "firms.us.treatment_floor=0.75", "firms.us.treatment_ceiling=0.75", "horizon=52", weight);
    const double us = total(lab, "joined", US), all = us + total(lab, "joined", RIVAL);
    lab_free(lab);
    return us / all;
}

/* Who has not bought yet knows the firms by their stars. */
static void test_strangers_go_where_the_stars_are(void **state)
{
    (void)state;
    assert_true(first_orders("market.review_weight=2") > first_orders("market.review_weight=0") + 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off_is_absent),
        cmocka_unit_test(test_stars),
        cmocka_unit_test(test_who_publishes),
        cmocka_unit_test(test_published_stars_are_j_shaped),
        cmocka_unit_test(test_rating_fades),
        cmocka_unit_test(test_public_reply),
        cmocka_unit_test(test_strangers_read),
        cmocka_unit_test(test_strangers_go_where_the_stars_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
