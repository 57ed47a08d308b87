#include "one_rule.h"
#include "plain.h"
#include "sample.h"

enum { NONE, SATISFIED, DELIGHTED, UNIQUE, MOTIVATED, LOYAL, LEVELS };

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("pyramid");
}

static void test_off_is_absent(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml",
                         (const char *const[]){"population.purchase_rate=30", "population.adaptation=0.3",
                                               "market.level_weight=0.5", "population.stop_base=-3",
                                               "population.category_appeal=0", NULL});
}

/* Everybody meets firm 1 at a level, with a satisfaction, always lucky: u < 1. */
static struct one_rule *open_at(int level)
{
    struct one_rule *bench = one_rule_open("pyramid", 2);
    one_rule_set(bench, "climb", 1.0);
    one_rule_set(bench, "slip", 1.0);
    one_rule_set(bench, "fall", 1.0);
    uint8_t *levels = one_rule_column(bench, "level"), *relation = one_rule_read(bench, "relation_state");
    memset(levels + GW_BLOCK, level, GW_BLOCK);
    memset(relation + GW_BLOCK, GW_CUSTOMER, GW_BLOCK);
    one_rule_set(bench, "spend.personalisation", 250.0); /* x = 1: a response of one half, a gain of 1 */
    one_rule_set(bench, "half_spend", 250.0);
    one_rule_run(bench, GW_ACT);
    one_rule_meet(bench, GW_BLOCK, 1);
    return bench;
}

static int level_after(int level, double satisfaction, bool unrepaired)
{
    struct one_rule *bench = open_at(level);
    ((float *)one_rule_read(bench, "satisfaction"))[5] = (float)satisfaction;
    ((float *)one_rule_read(bench, "unrepaired"))[5] = unrepaired ? 1.0f : 0.0f;
    one_rule_run(bench, GW_REMEMBER);
    const int after = ((const uint8_t *)one_rule_column(bench, "level"))[GW_BLOCK + 5];
    assert_true(((const float *)one_rule_column(bench, "level_met"))[5] == (float)after);
    one_rule_close(bench);
    return after;
}

/* The threshold rises from .2 by .25 a level; mediocre is below .2, bad below -1. */
static void test_steps(void **state)
{
    (void)state;
    assert_int_equal(level_after(0, 0.21, false), 1);
    assert_int_equal(level_after(0, 0.2, false), 0);
    assert_int_equal(level_after(1, 0.44, false), 1);
    assert_int_equal(level_after(1, 0.46, false), 2);
    assert_int_equal(level_after(4, 1.19, false), 4);
    assert_int_equal(level_after(4, 1.21, false), 5);
    assert_int_equal(level_after(5, 3.0, false), 5);
    assert_int_equal(level_after(3, 0.19, false), 2);
    assert_int_equal(level_after(3, -0.99, false), 2);
    assert_int_equal(level_after(0, 0.1, false), 0);
}

/* One betrayal costs several levels, however good the encounter was otherwise. */
static void test_a_betrayal_drops_levels(void **state)
{
    (void)state;
    assert_int_equal(level_after(LOYAL, 3.0, true), UNIQUE);
    assert_int_equal(level_after(LOYAL, -1.01, false), UNIQUE);
    assert_int_equal(level_after(SATISFIED, 0.5, true), NONE);
    assert_int_equal(level_after(NONE, -2.0, true), NONE);
    struct one_rule *bench = open_at(LOYAL);
    one_rule_set(bench, "fall_levels", 5.0);
    ((float *)one_rule_read(bench, "unrepaired"))[0] = 1.0f;
    one_rule_run(bench, GW_REMEMBER);
    assert_int_equal(((const uint8_t *)one_rule_column(bench, "level"))[GW_BLOCK], NONE);
    one_rule_close(bench);
}

/* From level 2 climbing takes personalisation, from 3 and 4 a community helps. Gives the share that climbs. */
static double climbs(int level, double personalisation, double community)
{
    struct one_rule *bench = open_at(level);
    one_rule_set(bench, "climb", 0.2);
    one_rule_set(bench, "spend.personalisation", personalisation);
    one_rule_set(bench, "community", community);
    one_rule_run(bench, GW_ACT);
    float *s = one_rule_read(bench, "satisfaction");
    const uint8_t *levels = one_rule_column(bench, "level");
    int climbed = 0;
    for (uint32_t block = 0; block < 100; block++) {
        uint8_t *restart = one_rule_column(bench, "level");
        memset(restart + GW_BLOCK, level, GW_BLOCK);
        for (int k = 0; k < GW_BLOCK; k++) {
            s[k] = 3.0f;
        }
        bench->block.period = block;
        one_rule_run(bench, GW_REMEMBER);
        for (int row = 0; row < GW_BLOCK; row++) {
            climbed += levels[GW_BLOCK + row] == level + 1;
        }
    }
    one_rule_close(bench);
    return climbed / (100.0 * GW_BLOCK);
}

static void test_what_helps_to_climb(void **state)
{
    (void)state;
    const double n = 100.0 * GW_BLOCK, much = 2.0 * pow(4.0, 1.5) / (1.0 + pow(4.0, 1.5));
    assert_within_4_se(climbs(SATISFIED, 0.0, 0.0), 0.2, share_se(0.2, n));
    assert_true(climbs(DELIGHTED, 0.0, 500.0) == 0.0);
    assert_within_4_se(climbs(DELIGHTED, 1000.0, 0.0), 0.2 * much, share_se(0.2 * much, n));
    assert_within_4_se(climbs(UNIQUE, 0.0, 0.0), 0.2, share_se(0.2, n));
    assert_within_4_se(climbs(UNIQUE, 0.0, 500.0), 0.2 * (1.0 + 2.0 / 3.0), share_se(1.0 / 3.0, n));
    assert_within_4_se(climbs(MOTIVATED, 0.0, 500.0), 0.2 * (1.0 + 2.0 / 3.0), share_se(1.0 / 3.0, n));
}

/* ---- The chain ---------------------------------------------------------------------------------------------- */

static double normal_below(double x)
{
    return 0.5 * erfc(-x / sqrt(2.0));
}

/* Steps of the chain when satisfaction is normal (mean, sd .9) and independent of the level; thresholds and
 * probabilities as in the defaults, climb .15, gains 1. */
static void chain(double mean, double step[LEVELS][LEVELS])
{
    memset(step, 0, sizeof(double[LEVELS][LEVELS]));
    for (int level = 0; level < LEVELS; level++) {
        const double bad = normal_below((-1.0 - mean) / 0.9), mediocre = normal_below((0.2 - mean) / 0.9) - bad;
        const double good = 1.0 - normal_below((0.2 + 0.25 * level - mean) / 0.9);
        const double fall = 0.5 * bad, slip = 0.05 * mediocre, climb = 0.15 * good;
        step[level][level > 1 ? level - 2 : 0] += fall;
        step[level][level > 0 ? level - 1 : 0] += slip;
        step[level][level < LOYAL ? level + 1 : LOYAL] += climb;
        step[level][level] += 1.0 - fall - slip - climb;
    }
}

/* Law of the level after n experiences from level 0. */
static void law_after(double mean, int n, double law[LEVELS])
{
    double step[LEVELS][LEVELS], next[LEVELS];
    chain(mean, step);
    memset(law, 0, LEVELS * sizeof *law);
    law[NONE] = 1.0;
    for (int t = 0; t < n; t++) {
        memset(next, 0, sizeof next);
        for (int from = 0; from < LEVELS; from++) {
            for (int to = 0; to < LEVELS; to++) {
                next[to] += law[from] * step[from][to];
            }
        }
        memcpy(law, next, sizeof next);
    }
}

/* Levels after n experiences of 20 blocks of consumers with the given law of satisfaction, as counts. */
static double simulate(double mean, int n, double count[LEVELS])
{
    enum { BLOCKS = 20 };
    memset(count, 0, LEVELS * sizeof *count);
    struct one_rule *bench = open_at(NONE);
    one_rule_set(bench, "climb", 0.15);
    one_rule_set(bench, "slip", 0.05);
    one_rule_set(bench, "fall", 0.5);
    float *s = one_rule_read(bench, "satisfaction");
    uint8_t *levels = one_rule_column(bench, "level");
    for (uint32_t block = 0; block < BLOCKS; block++) {
        bench->block.first = block * GW_BLOCK;
        one_rule_meet(bench, GW_BLOCK, 1);
        memset(levels, NONE, 2 * GW_BLOCK);
        for (int t = 0; t < n; t++) {
            bench->block.period = (uint32_t)t;
            gw_draw_rows(&bench->block, 12345, 0, s);
            for (int k = 0; k < GW_BLOCK; k++) {
                s[k] = (float)mean + 0.9f * gw_normal_quantilef(s[k]);
            }
            one_rule_run(bench, GW_REMEMBER);
        }
        for (int row = 0; row < GW_BLOCK; row++) {
            count[levels[GW_BLOCK + row]] += 1.0;
        }
    }
    one_rule_close(bench);
    return (double)BLOCKS * GW_BLOCK;
}

/* With experiences that do not depend on the level the distribution of levels is the stationary law of the chain. */
static void test_stationary_law(void **state)
{
    (void)state;
    double law[LEVELS], later[LEVELS], count[LEVELS];
    law_after(0.3, 500, law);
    law_after(0.3, 100000, later);
    const double n = simulate(0.3, 500, count);
    for (int level = 0; level < LEVELS; level++) {
        assert_close(law[level], later[level], 0.0, 1e-6);
        assert_within_4_se(count[level] / n, later[level], share_se(later[level], n));
        print_message("level %d: simulated %.3f, stationary law %.3f\n", level, count[level] / n, later[level]);
    }
}

/* Frequency alone does not climb: whoever has had a hundred mediocre experiences stands where one with a thousand
 * stands, near the bottom; what counts is how good they are. */
static void test_frequency_does_not_climb(void **state)
{
    (void)state;
    double some[LEVELS], many[LEVELS], good[LEVELS];
    const double n = simulate(-0.2, 100, some);
    simulate(-0.2, 1000, many);
    simulate(0.8, 100, good);
    const double high_some = (some[MOTIVATED] + some[LOYAL]) / n, high_many = (many[MOTIVATED] + many[LOYAL]) / n;
    assert_within_4_se(high_many, high_some, sqrt(2.0) * share_se(high_some, n));
    assert_true(high_many < 0.01 && (good[MOTIVATED] + good[LOYAL]) / n > 0.2);
    print_message(
        "at levels 4 and 5: %.4f after 100 mediocre experiences, %.4f after 1000, %.3f after 100 good ones\n",
        high_some, high_many, (good[MOTIVATED] + good[LOYAL]) / n);
}

/* ---- What a level does -------------------------------------------------------------------------------------- */

static void test_bond_and_forgiveness(void **state)
{
    (void)state;
    static const double price[] = {1.0, 1.05, 1.1, 1.2, 0.9};
    static const double forgiven[] = {0.0, 0.5, 0.5, 0.0, 0.0};
    for (int i = 0; i < 5; i++) {
        struct one_rule *bench = open_at(NONE);
        uint8_t *levels = one_rule_column(bench, "level");
        levels[GW_BLOCK + 1] = 3, levels[GW_BLOCK + 2] = 5;
        one_rule_set(bench, "forgive_limit", 0.11);
        one_rule_set_firm(bench, "price", 1, price[i]);
        one_rule_shop(bench, 3, 1);
        one_rule_run(bench, GW_CHOOSE);
        const float *utility = one_rule_add(bench, "utility"), *price_log = one_rule_add(bench, "price_log");
        assert_true(utility[GW_BLOCK] == 0.0f && price_log[GW_BLOCK] == 0.0f && utility[2] == 0.0f);
        assert_close(utility[GW_BLOCK + 1], 0.5 * 0.6, 1e-6, 0.0);
        assert_close(utility[GW_BLOCK + 2], 0.5, 1e-6, 0.0);
        assert_close(price_log[GW_BLOCK + 1], -0.6 * forgiven[i], 1e-6, 1e-12);
        assert_close(price_log[GW_BLOCK + 2], -forgiven[i], 1e-6, 1e-12);
        one_rule_close(bench);
    }
}

static void test_hold_and_advocates(void **state)
{
    (void)state;
    struct one_rule *bench = open_at(NONE);
    float *met = one_rule_column(bench, "level_met"), *d = one_rule_read(bench, "disconfirmation");
    for (int k = 0; k < 8; k++) {
        met[k] = (float)(k < 6 ? k : 5);
        d[k] = k < 6 ? 0.1f : k == 6 ? -0.1f : 0.0f;
    }
    one_rule_run(bench, GW_LEAVE);
    one_rule_run(bench, GW_TELL);
    for (int k = 0; k < 8; k++) {
        assert_close(one_rule_add(bench, "stop")[k], -0.2 * met[k], 1e-6, 0.0);
        assert_close(one_rule_add(bench, "renewal_logit")[k], -0.2 * met[k], 1e-6, 0.0);
        assert_close(one_rule_add(bench, "tells_log")[k], k == 4 || k == 5 ? log(2.0) : 0.0, 1e-6, 0.0);
    }
    one_rule_close(bench);
}

/* The stock: who is no customer has no level; levels of those who left. */
static void test_stock(void **state)
{
    (void)state;
    struct one_rule *bench = open_at(LOYAL);
    uint8_t *levels = one_rule_column(bench, "level"), *relation = one_rule_read(bench, "relation_state");
    float *met = one_rule_column(bench, "level_met");
    relation[GW_BLOCK] = GW_FORMER, levels[GW_BLOCK + 1] = UNIQUE, met[0] = LOYAL, met[1] = UNIQUE;
    bench->encounters.ended[0] = GW_CAUSE_PRICE;
    bench->encounters.ended[1] = GW_CAUSE_SERVICE;
    bench->encounters.purchases[1] = 3;
    one_rule_run(bench, GW_ACCOUNT);
    one_rule_run(bench, GW_STOCK);
    assert_int_equal(levels[GW_BLOCK], NONE);
    assert_int_equal(one_rule_tally(bench, "pyramid", LOYAL, 1), GW_BLOCK - 2);
    assert_int_equal(one_rule_tally(bench, "pyramid", UNIQUE, 1), 1);
    assert_int_equal(one_rule_tally(bench, "pyramid", NONE, 1), 0);
    assert_int_equal(one_rule_tally(bench, "left_level", LOYAL, 1), 1);
    assert_int_equal(one_rule_tally(bench, "left_level", UNIQUE, 1), 1);
    assert_int_equal(one_rule_tally(bench, "met_level", UNIQUE, 1), 3);
    bench->block.every_firm = false;
    one_rule_run(bench, GW_STOCK);
    assert_int_equal(one_rule_tally(bench, "pyramid", LOYAL, 1), 2 * (GW_BLOCK - 2));
    one_rule_close(bench);
}

static void test_community_costs(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("pyramid", 2);
    one_rule_set_firm(bench, "community", 0, 130.0);
    one_rule_run(bench, GW_ACT);
    ((double *)one_rule_read(bench, "open"))[0] = 0.0;
    one_rule_run(bench, GW_ACT);
    assert_int_equal(one_rule_account(bench, GW_RETENTION_SPEND, 0), 130000000);
    assert_int_equal(one_rule_account(bench, GW_RETENTION_SPEND, 1), 0);
    one_rule_close(bench);
}

/* A market: levels add up to the customers, and the loyal leave less often than the others. */
static void test_the_loyal_stay(void **state)
{
    (void)state;
    struct lab *lab =
        run_plain("population.purchase_rate=40", "population.adaptation=0.3", "population.gain_weight=0.5",
                  "market.level_weight=0.5", "market.climb=0.15", "firms.us.stage_spread=0.75",
                  "firms.us.spend.personalisation=250", "population.stop_base=-4", "warm_up=104");
    double customers[LEVELS] = {0}, left[LEVELS] = {0};
    for (uint32_t t = 0; t < 39; t++) {
        double all = 0.0;
        for (int level = 0; level < LEVELS; level++) {
            const double n = (double)lab_cell(lab, 0, 0, t, "pyramid", level, US);
            customers[level] += n, all += n;
            left[level] += (double)lab_cell(lab, 0, 0, t, "left_level", level, US);
        }
        assert_true(all == at(lab, "active", t, US));
    }
    const double low = left[NONE] / customers[NONE];
    const double high = (left[MOTIVATED] + left[LOYAL]) / (customers[MOTIVATED] + customers[LOYAL]);
    assert_true(customers[LOYAL] > 0.0 && high < 0.6 * low);
    lab_free(lab);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_off_is_absent),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_a_betrayal_drops_levels),
        cmocka_unit_test(test_what_helps_to_climb),
        cmocka_unit_test(test_stationary_law),
        cmocka_unit_test(test_frequency_does_not_climb),
        cmocka_unit_test(test_bond_and_forgiveness),
        cmocka_unit_test(test_hold_and_advocates),
        cmocka_unit_test(test_stock),
        cmocka_unit_test(test_community_costs),
        cmocka_unit_test(test_the_loyal_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
