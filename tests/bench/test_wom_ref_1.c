/* The common workload: the graph to the bit, the totals of runs against those of independent programs, and that its
 * rules keep to the contract. */
#include "bench/wom_ref_1/graph.h"
#include "bench/wom_ref_1/reference.h"

#include "close.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 10000, RUNS = 8 };

static struct gw_network *make_graph(uint32_t customers)
{
    struct gw_network *network = NULL;
    struct gw_error error = {0};
    if (gw_wom_graph(&network, customers, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return network;
}

static struct gw_wom_job *make_job(uint32_t customers, int threads, struct gw_plan_options options)
{
    struct gw_wom_job *job = NULL;
    struct gw_error error = {0};
    if (gw_wom_job_create(&job, make_graph(customers), threads, options, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return job;
}

static struct gw_wom_outcome run_job(struct gw_wom_job *job, uint32_t first)
{
    struct gw_wom_outcome outcome;
    struct gw_error error = {0};
    if (gw_wom_job_run(job, first, &outcome, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return outcome;
}

static struct gw_wom_outcome run_once(uint32_t customers, struct gw_plan_options options)
{
    struct gw_wom_job *job = make_job(customers, 1, options);
    const struct gw_wom_outcome outcome = run_job(job, 0);
    gw_wom_job_free(job);
    return outcome;
}

/* Check values of the workload's definition. */
static void the_graph_is_the_common_one(void **state)
{
    static const struct {
        uint32_t customers;
        uint64_t arcs;
        uint32_t most, least;
        uint64_t checksum;
    } known[] = {{10000, 99556, 954, 4, 0xf08f83e1d9f},
                 {100000, 999368, 3385, 4, 0x3b11c898ffa27b},
                 {1000000, 9999126, 10955, 4, 0xe73e42c2f244b4f8}};
    (void)state;
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        struct gw_network *network = make_graph(known[k].customers);
        assert_int_equal(network->arcs, known[k].arcs);
        assert_int_equal(network->max_degree, known[k].most);
        assert_int_equal(gw_wom_least_degree(network), known[k].least);
        assert_true(gw_wom_checksum(network) == known[k].checksum);
        assert_int_equal(gw_network_verify(network, NULL), GW_OK);
        gw_network_free(network);
    }
}

static void totals_of_a_run_are_those_of_others(void **state)
{
    double z[GW_WOM_AGGREGATES];
    (void)state;
    const struct gw_wom_outcome outcome =
        run_once(GW_WOM_REFERENCE_CUSTOMERS, (struct gw_plan_options){.isa = gw_isa_best()});
    assert_true(gw_wom_distance(outcome.total, z) <= 4.0);
    for (int k = 0; k < GW_WOM_AGGREGATES; k++) {
        assert_within_4_se(outcome.total[k], gw_wom_reference[k].mean, gw_wom_reference[k].sd);
    }
}

/* Sharper than one run: means of eight against means of the reference's twenty. */
static void means_of_runs_are_those_of_others(void **state)
{
    struct gw_wom_job *job = make_job(GW_WOM_REFERENCE_CUSTOMERS, 1, (struct gw_plan_options){.isa = gw_isa_best()});
    double mean[GW_WOM_AGGREGATES] = {0.0};
    (void)state;
    for (uint32_t r = 0; r < RUNS; r++) {
        const struct gw_wom_outcome outcome = run_job(job, r);
        for (int k = 0; k < GW_WOM_AGGREGATES; k++) {
            mean[k] += outcome.total[k] / RUNS;
        }
    }
    gw_wom_job_free(job);
    for (int k = 0; k < GW_WOM_AGGREGATES; k++) {
        const double of_means = sqrt(1.0 / RUNS + 1.0 / GW_WOM_REFERENCE_SEEDS);
        assert_within_4_se(mean[k], gw_wom_reference[k].mean, gw_wom_reference[k].sd * of_means);
    }
}

static void distance_shows_what_is_not_a_number(void **state)
{
    double total[GW_WOM_AGGREGATES], z[GW_WOM_AGGREGATES];
    (void)state;
    for (int k = 0; k < GW_WOM_AGGREGATES; k++) {
        total[k] = gw_wom_reference[k].mean;
    }
    assert_close(gw_wom_distance(total, z), 0.0, 0.0, 1e-12);
    total[3] -= 5.0 * gw_wom_reference[3].sd;
    assert_close(gw_wom_distance(total, z), 5.0, 1e-9, 0.0);
    total[2] = NAN;
    assert_true(isnan(gw_wom_distance(total, z)));
}

static void every_instruction_set_gives_the_same_bits(void **state)
{
    (void)state;
    const struct gw_wom_outcome plain = run_once(FEW, (struct gw_plan_options){.isa = GW_ISA_PORTABLE});
    for (enum gw_isa isa = GW_ISA_PORTABLE; isa <= gw_isa_best(); isa++) {
        const struct gw_wom_outcome other = run_once(FEW, (struct gw_plan_options){.isa = isa});
        assert_memory_equal(other.total, plain.total, sizeof plain.total);
    }
}

static void threads_change_nothing(void **state)
{
    const struct gw_plan_options options = {.isa = gw_isa_best()};
    struct gw_wom_job *one = make_job(FEW, 1, options), *two = make_job(FEW, 2, options);
    (void)state;
    for (uint32_t replication = 5; replication < 7; replication++) {
        const struct gw_wom_outcome alone = run_job(one, replication), shared = run_job(two, replication);
        assert_memory_equal(shared.total, alone.total, sizeof alone.total);
    }
    gw_wom_job_free(one);
    gw_wom_job_free(two);
}

static void rules_write_what_is_theirs_in_any_order(void **state)
{
    (void)state;
    const struct gw_wom_outcome plain = run_once(FEW, (struct gw_plan_options){.isa = GW_ISA_PORTABLE});
    const struct gw_wom_outcome audited =
        run_once(FEW, (struct gw_plan_options){.audit_writes = true, .reverse_order = true});
    assert_memory_equal(audited.total, plain.total, sizeof plain.total);
}

/* A whole block, less than one, and one customer more than one. */
static void every_size_runs(void **state)
{
    static const uint32_t sizes[] = {2048, 100, 2049};
    (void)state;
    for (int k = 0; k < 3; k++) {
        const struct gw_wom_outcome outcome = run_once(sizes[k], (struct gw_plan_options){.isa = gw_isa_best()});
        assert_true(outcome.total[0] > 0.8 * sizes[k] * GW_WOM_PERIODS);
        assert_true(outcome.total[0] <= sizes[k] * (double)GW_WOM_PERIODS);
        assert_true(outcome.total[9] > 0.0 && outcome.total[9] < 0.4 * sizes[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_graph_is_the_common_one),
                                       cmocka_unit_test(totals_of_a_run_are_those_of_others),
                                       cmocka_unit_test(means_of_runs_are_those_of_others),
                                       cmocka_unit_test(distance_shows_what_is_not_a_number),
                                       cmocka_unit_test(every_instruction_set_gives_the_same_bits),
                                       cmocka_unit_test(threads_change_nothing),
                                       cmocka_unit_test(rules_write_what_is_theirs_in_any_order),
                                       cmocka_unit_test(every_size_runs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
