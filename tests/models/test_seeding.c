/* The rule by hand; what a sample does to awareness, and that hubs are reached. */
#include "one_rule.h"
#include "plain.h"

static void test_descriptors(void **state)
{
    (void)state;
    assert_rule_is_sound("seeding");
}

static void test_off(void **state)
{
    (void)state;
    assert_off_is_absent("duel.yaml", (const char *const[]){"population.purchase_rate=30", "horizon=10",
                                                            "firms.us.aware_at_start=0.5", NULL});
}

static void run_period(struct one_rule *bench, uint32_t period)
{
    bench->block.period = period;
    bench->firms.period = period;
    one_rule_run(bench, GW_ACT);
    one_rule_run(bench, GW_STOCK);
}

static void give_neighbours(struct one_rule *bench)
{
    uint64_t *arcs_before = (uint64_t *)(uintptr_t)bench->block.arcs_before;
    for (uint32_t i = 0; i < GW_BLOCK; i++) {
        arcs_before[i + 1] = arcs_before[i] + i % 20;
    }
}

/* Firm 1 seeds in the first period at or after its time, those with 15 neighbours and more; firm 0 does not. */
static void test_who_gets_a_sample(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("seeding", 2);
    const uint8_t *seeded = (const uint8_t *)one_rule_column(bench, "seeded") + GW_BLOCK;
    const double *seeds = one_rule_column(bench, "seeds"), *out = one_rule_column(bench, "seeds_out");
    bench->firms.origin = bench->block.origin = 10;
    one_rule_set(bench, "seed_time", 2.5 / 52.0);
    one_rule_set_firm(bench, "seed_share", 1, 0.4);
    one_rule_set(bench, "seed_neighbours", 15.0);
    one_rule_set(bench, "seed_cost", 2.5);
    give_neighbours(bench);
    run_period(bench, 12);
    assert_int_equal(one_rule_tally(bench, "seeds", 0, 1), 0);
    run_period(bench, 13);
    assert_true(seeds[1] == 1.0 && out[1] == 0.0);
    int64_t expected = 0;
    for (uint32_t i = 0; i < GW_BLOCK; i++) {
        const bool wins = gw_uniform_single(&bench->block.key, i, 13, 2, 0) < 0.4f;
        assert_int_equal(seeded[i], i % 20 >= 15 && wins);
        expected += seeded[i];
    }
    assert_true(expected > 100);
    run_period(bench, 14);
    assert_true(seeds[1] == 0.0 && out[1] == 1.0);
    for (uint32_t i = 0; i < GW_BLOCK; i++) {
        assert_int_equal(seeded[i], 0);
    }
    run_period(bench, 15);
    assert_true(out[1] == 0.0);
    assert_int_equal(one_rule_tally(bench, "seeds", 0, 1), expected);
    assert_int_equal(one_rule_tally(bench, "seeds", 0, 0), 0);
    assert_int_equal(one_rule_account(bench, GW_ADVERTISING, 1), 2500000 * expected);
    assert_int_equal(one_rule_account(bench, GW_CASH, 0), 0);
    one_rule_close(bench);
}

static void test_a_closed_firm_seeds_nobody(void **state)
{
    (void)state;
    struct one_rule *bench = one_rule_open("seeding", 2);
    one_rule_set(bench, "seed_share", 1.0);
    ((double *)one_rule_read(bench, "open"))[0] = 0.0;
    run_period(bench, 0);
    assert_int_equal(one_rule_tally(bench, "seeds", 0, 0), 0);
    assert_int_equal(one_rule_tally(bench, "seeds", 0, 1), GW_BLOCK);
    one_rule_close(bench);
}

/* Nobody knows the firm but who got a sample, from the next period on and for ever. */
static void test_a_sample_makes_known(void **state)
{
    (void)state;
    struct lab *lab = run_duel("firms.us.aware_at_start=0", "firms.us.initial_share=0", "firms.us.seed_share=0.1",
                               "population.size=20000", "horizon=5", "warm_up=0");
    const double given = total(lab, "seeds", US);
    assert_share(given, 20000, 0.1);
    assert_true(at(lab, "seeds", 0, US) == given && at(lab, "newly_aware", 0, US) == 0.0);
    assert_true(at(lab, "newly_aware", 1, US) == given && total(lab, "newly_aware", US) == given);
    assert_true(at(lab, "unaware", 4, US) == 20000.0 - given);
    lab_free(lab);
}

/* Passed on surely to all neighbours, a sample to a hub of a scale-free network makes the firm known sooner. */
static void test_hubs_spread_sooner(void **state)
{
    (void)state;
    double known[2];
    for (int hubs = 0; hubs < 2; hubs++) {
        struct lab *lab = run_duel("firms.us.aware_at_start=0", "firms.us.initial_share=0", "population.size=20000",
                                   "horizon=3", "warm_up=0", "network={barabasi_albert: {edges: 2}}",
                                   "market.passing=0.5", hubs ? "firms.us.seed_share=1" : "firms.us.seed_share=0.01",
                                   hubs ? "firms.us.seed_neighbours=60" : "firms.us.seed_neighbours=0");
        known[hubs] = at(lab, "newly_aware", 2, US) / total(lab, "seeds", US);
        lab_free(lab);
    }
    assert_true(known[0] > 0.5 && known[1] > 5.0 * known[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors),          cmocka_unit_test(test_off),
        cmocka_unit_test(test_who_gets_a_sample),    cmocka_unit_test(test_a_closed_firm_seeds_nobody),
        cmocka_unit_test(test_a_sample_makes_known), cmocka_unit_test(test_hubs_spread_sooner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
