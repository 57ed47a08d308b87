/*
 * Results by segment: they add up to the whole, they do not touch it, and they say what is so.
 */
#include "lab.h"

#include "outcome/results.h"
#include "outcome/segment.h"
#include "outcome/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More firms than slots, messages, awareness and pyramid; boundaries inside blocks and inside groups of draws. */
#define MARKET                                                                                                       \
    "goodwill: 1\nhorizon: 20\nwarm_up: 6\nreplications: 2\nseed: 5\n"                                               \
    "network: {watts_strogatz: {degree: 6, rewire: 0.1}}\n"                                                          \
    "focal: us\n"                                                                                                    \
    "firms: {us: {initial_share: 0.4, survey_rate: 0.3, advertising: 50, aware_at_start: 0.7, extras: 0.2,\n"        \
    "             contacts: 3, follow_up: 0.3}, local: {copies: 5, initial_share: 0.05}}\n"                          \
    "strategies: {stay: {}, cut: {firms.us.price: 0.9, population.inertia: 0.2}}\n"                                  \
    "keep: {firms: true, segments: true}\n"                                                                          \
    "market: {forgetting: 0.3, contagion: 0.5, passing: 0.02, climb: 0.3, review_rate: 0.2, tell_power: 1}\n"        \
    "population:\n"                                                                                                  \
    "  size: 5000\n"                                                                                                 \
    "  relations: 3\n"                                                                                               \
    "  tells_per_experience: 1\n"                                                                                    \
    "  exploration: 2\n"                                                                                             \
    "  lifetime_rate: 1\n  dropout: 0.02\n"                                                                          \
    "  purchase_rate: {vary: {gamma: {shape: 0.45, mean: 44}}}\n"

#define ALIKE MARKET "  segments: {a: {share: 0.313}, b: {share: 0.2}, c: {share: 0.002}, d: {share: 0.485}}\n"
#define UNLIKE                                                                                                       \
    MARKET "  segments: {loyal: {share: 0.37, price_sensitivity: 1, inertia: 1.5},\n"                                \
           "             seekers: {share: 0.33, price_sensitivity: 6, inertia: 0.2},\n"                              \
           "             asleep: {share: 0.3, purchase_rate: 0}}\n"

static const struct lab_options two_threads = {.threads = 2};

static int cells_of(const struct lab *lab)
{
    return lab->layout.cells + GW_ACCOUNTS;
}

static void assert_same_cells(const struct lab *a, const struct lab *b, int strategy, uint32_t r, uint32_t t)
{
    for (int firm = 0; firm < a->layout.kept; firm++) {
        for (int cell = 0; cell < cells_of(a); cell++) {
            const int64_t one = gw_record_cell(&a->layout, a->record[r], strategy, t, firm, cell);
            const int64_t other = gw_record_cell(&b->layout, b->record[r], strategy, t, firm, cell);
            if (one != other) {
                fail_msg("strategy %d, replication %u, period %u, firm %d, cell %d: %lld and %lld", strategy, r, t,
                         firm, cell, (long long)one, (long long)other);
            }
        }
    }
    assert_int_equal(gw_record_market_purchases(&a->layout, a->record[r], strategy, t),
                     gw_record_market_purchases(&b->layout, b->record[r], strategy, t));
}

/* Where segments end, no block of memory need: a consumer's luck does not depend on it. */
static void assert_alike_changes_nothing(const char *const *overrides, int threads)
{
    struct lab *one = lab_run_with(MARKET, (struct lab_options){.threads = 2, .overrides = overrides});
    struct lab *four = lab_run_with(ALIKE, (struct lab_options){.threads = threads, .overrides = overrides});
    for (uint32_t r = 0; r < 2; r++) {
        for (int s = 0; s < 2; s++) {
            for (uint32_t t = 0; t < one->layout.periods; t++) {
                assert_same_cells(one, four, s, r, t);
            }
        }
    }
    assert_true(lab_total(one, 0, "purchases", 0, 0) > 0 && lab_total(one, 0, "left", 6, 0) > 0); /* of age */
    lab_free(one);
    lab_free(four);
}

static void segments_that_are_alike_change_nothing(void **state)
{
    static const char *const every_firm[] = {"population.relations=6", NULL}, *const bound[] = {
                                                                                  "setting=contractual",
                                                                                  "market.contract_years=0.25", NULL};
    (void)state;
    assert_alike_changes_nothing(NULL, 2);
    assert_alike_changes_nothing(every_firm, 8);
    assert_alike_changes_nothing(bound, 6);
}

/* ---- The parts and the whole ------------------------------------------------------------------------------- */

static int64_t over_segments(const struct lab *lab, int strategy, uint32_t r, uint32_t t, int cell)
{
    int64_t sum = 0;
    for (int s = 0; s < lab->layout.segments; s++) {
        sum += gw_record_segment_cell(&lab->layout, lab->record[r], strategy, t, s, cell);
    }
    return sum;
}

/* Accounts and tallies that only consumers move. */
static bool by_consumers(const struct lab *lab, int cell)
{
    static const enum gw_account accounts[] = {GW_REVENUE, GW_COST_OF_GOODS, GW_COST_TO_SERVE, GW_RECOVERY};
    static const char *const tallies[] = {"active",    "survivors",  "joined",       "won_back", "left",
                                          "purchases", "csat",       "answers",      "heard",    "told",
                                          "questions", "value_base", "unaware",      "pyramid",  "entered",
                                          "dropped",   "value_new",  "recent_buyers"};
    for (size_t a = 0; a < sizeof accounts / sizeof *accounts; a++) {
        if (cell == lab->layout.cells + (int)accounts[a]) {
            return true;
        }
    }
    for (size_t k = 0; k < sizeof tallies / sizeof *tallies; k++) {
        const struct gw_layout_tally *tally = &lab->layout.tally[gw_layout_find(&lab->layout, tallies[k])];
        if (cell >= tally->cell && cell < tally->cell + tally->labels) {
            return true;
        }
    }
    return false;
}

static void segments_add_up_in_every_period(void **state)
{
    struct lab *lab = lab_run_with(UNLIKE, two_threads);
    int compared = 0, moved = 0;
    (void)state;
    for (int cell = 0; cell < cells_of(lab); cell++) {
        for (uint32_t t = 0; by_consumers(lab, cell) && t < lab->layout.periods; t++) {
            const int64_t whole = gw_record_cell(&lab->layout, lab->record[1], 1, t, lab->layout.focal, cell);
            assert_int_equal(over_segments(lab, 1, 1, t, cell), whole);
            compared++;
            moved += whole != 0;
        }
    }
    assert_true(compared > 30 * (int)lab->layout.periods && moved > compared / 3);
    lab_free(lab);
}

static struct gw_segment_worth worth(const struct lab *lab, int strategy, uint32_t r, int segment)
{
    return gw_segment_worth_of(&lab->layout, lab->record[r], strategy, segment);
}

static void segments_add_up_over_the_horizon(void **state)
{
    struct lab *lab = lab_run_with(UNLIKE, two_threads);
    (void)state;
    for (int s = 0; s < 2; s++) {
        const struct gw_worth all = gw_worth_of(&lab->layout, lab->record[0], s, lab->scenario->years);
        struct gw_segment_worth sum = {0};
        double value_base = 0.0;
        for (int segment = 0; segment < 3; segment++) {
            const struct gw_segment_worth w = worth(lab, s, 0, segment);
            sum.active_at_start += w.active_at_start;
            sum.active += w.active;
            sum.survivors += w.survivors;
            sum.joined += w.joined;
            sum.lost += w.lost;
            sum.purchases += w.purchases;
            sum.revenue += w.revenue;
            sum.contribution += w.contribution;
            value_base += w.active_at_start > 0 ? w.clv_base * (double)w.active_at_start : 0.0;
            assert_true(w.active == w.active_at_start + w.joined + w.won_back - w.lost);
            assert_true(w.survivors <= w.active_at_start && w.survivors <= w.active);
        }
        assert_int_equal(sum.contribution, gw_contribution(&lab->layout, lab->record[0], s));
        assert_close((double)sum.revenue, -1e6 * all.account[GW_REVENUE], 1e-9, 0.0);
        assert_close((double)sum.contribution,
                     -1e6 * (all.account[GW_REVENUE] + all.account[GW_COST_OF_GOODS] + all.account[GW_COST_TO_SERVE]),
                     1e-9, 0.0);
        assert_close(value_base, all.clv_base * (double)all.active_at_start, 1e-9, 0.0);
        assert_int_equal(sum.active_at_start, all.active_at_start);
        assert_int_equal(sum.lost, all.lost);
        assert_int_equal(sum.purchases, lab_sum(lab, s, 0, "purchases", 0, 0));
        assert_int_equal(sum.joined, lab_sum(lab, s, 0, "joined", 0, 0));
        assert_int_equal(sum.active, lab_cell(lab, s, 0, lab->layout.periods - 1, "active", 0, 0));
        assert_true(sum.lost > 0 && sum.joined > 0 && sum.survivors > 0);
    }
    lab_free(lab);
}

/* ---- What they say ------------------------------------------------------------------------------------------ */

static void who_does_not_buy_brings_nothing(void **state)
{
    struct lab *lab = lab_run_with(UNLIKE, two_threads);
    const struct gw_segment_worth asleep = worth(lab, 0, 0, 2), loyal = worth(lab, 0, 0, 0);
    (void)state;
    assert_int_equal(asleep.purchases, 0);
    assert_int_equal(asleep.revenue, 0);
    assert_int_equal(asleep.contribution, 0);
    assert_int_equal(asleep.joined, 0);
    assert_true(asleep.active_at_start > 0 && asleep.clv_base == 0.0);
    assert_true(isnan(asleep.clv_new) && isnan(asleep.satisfaction) && isnan(asleep.nps));
    assert_true(loyal.purchases > 0 && loyal.contribution > 0 && loyal.satisfaction > 1.0 &&
                loyal.satisfaction < 5.0);
    lab_free(lab);
}

/* Mean and standard error of a difference between two segments over replications. */
static void assert_alike(const struct lab *lab, size_t field)
{
    const uint32_t n = lab->scenario->replications;
    double sum = 0.0, squares = 0.0;
    for (uint32_t r = 0; r < n; r++) {
        const struct gw_segment_worth a = worth(lab, 0, r, 0), b = worth(lab, 0, r, 1);
        const double d = (double)*(const int64_t *)(const void *)((const char *)&a + field) -
                         (double)*(const int64_t *)(const void *)((const char *)&b + field);
        sum += d;
        squares += d * d;
    }
    const double mean = sum / n, variance = (squares - sum * mean) / (n - 1);
    assert_true(variance > 0.0);
    assert_within_4_se(mean, 0.0, sqrt(variance / n));
}

static void two_segments_alike_do_alike(void **state)
{
    struct lab *lab = lab_run_with("goodwill: 1\nhorizon: 52\nwarm_up: 10\nreplications: 40\nseed: 12\n"
                                   "firms: {us: {initial_share: 0.4}, rival: {initial_share: 0.3}}\n"
                                   "population:\n  size: 600\n"
                                   "  purchase_rate: {vary: {gamma: {shape: 2, mean: 20}}}\n"
                                   "  segments: {a: {share: 0.5}, b: {share: 0.5}}\n",
                                   two_threads);
    (void)state;
    assert_alike(lab, offsetof(struct gw_segment_worth, contribution));
    assert_alike(lab, offsetof(struct gw_segment_worth, active));
    assert_alike(lab, offsetof(struct gw_segment_worth, purchases));
    assert_alike(lab, offsetof(struct gw_segment_worth, lost));
    lab_free(lab);
}

/* ---- The dataset -------------------------------------------------------------------------------------------- */

static struct gw_dataset *dataset_of(const struct lab *lab)
{
    static const uint32_t replication[] = {0, 1};
    struct gw_error error = {0};
    struct gw_dataset *dataset = NULL;
    assert_int_equal(gw_results_create(&dataset, lab->scenario, &lab->layout, replication,
                                       (const int64_t *const *)lab->record, 2, &error),
                     GW_OK);
    return dataset;
}

static bool speaks_of_segments(const struct gw_dataset *dataset)
{
    bool any = gw_dataset_axis(dataset, "segment") != NULL || gw_dataset_array(dataset, "contribution") != NULL;
    for (int a = 0; a < dataset->arrays; a++) {
        any |= strncmp(dataset->array[a].name, "segment", 7) == 0;
    }
    return any;
}

static void one_segment_leaves_no_trace(void **state)
{
    struct lab *lab = lab_run_with(MARKET, two_threads);
    struct gw_dataset *dataset = dataset_of(lab);
    (void)state;
    assert_int_equal(lab->layout.segments, 0);
    assert_false(speaks_of_segments(dataset));
    gw_dataset_free(dataset);
    lab_free(lab);
}

static void series_are_kept_when_asked_for(void **state)
{
    static const char *const overrides[] = {"keep.segments=false", NULL};
    struct lab *lab = lab_run_with(UNLIKE, two_threads);
    struct lab *less = lab_run_with(UNLIKE, (struct lab_options){.threads = 2, .overrides = overrides});
    struct gw_dataset *a = dataset_of(lab), *b = dataset_of(less);
    const struct gw_axis *axis = gw_dataset_axis(a, "segment");
    (void)state;
    assert_true(axis != NULL && axis->length == 3);
    assert_string_equal(axis->labels[1], "seekers");
    const struct gw_array *series = gw_dataset_array(a, "segments_active"), *all = gw_dataset_array(a, "active");
    assert_true(series != NULL && series->dims == 4 && gw_dataset_array(b, "segments_active") == NULL);
    const size_t each = gw_array_length(a, all);
    for (size_t i = 0; i < each; i++) {
        assert_int_equal(series->integers[i] + series->integers[each + i] + series->integers[2 * each + i],
                         all->integers[i]);
    }
    const struct gw_array *one = gw_dataset_array(a, "segment_contribution"),
                          *other = gw_dataset_array(b, "segment_contribution"),
                          *consumers = gw_dataset_array(b, "segment_consumers");
    assert_memory_equal(one->integers, other->integers, gw_array_length(a, one) * sizeof(int64_t));
    assert_int_equal(consumers->integers[0] + consumers->integers[1] + consumers->integers[2], 5000);
    gw_dataset_free(a);
    gw_dataset_free(b);
    lab_free(lab);
    lab_free(less);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_that_are_alike_change_nothing),
        cmocka_unit_test(segments_add_up_in_every_period),
        cmocka_unit_test(segments_add_up_over_the_horizon),
        cmocka_unit_test(who_does_not_buy_brings_nothing),
        cmocka_unit_test(two_segments_alike_do_alike),
        cmocka_unit_test(one_segment_leaves_no_trace),
        cmocka_unit_test(series_are_kept_when_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
