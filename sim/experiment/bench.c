#include "experiment/bench.h"

#include "core/memory.h"
#include "experiment/compare.h"
#include "outcome/expression.h"
#include "outcome/results.h"

#include <stdlib.h>
#include <string.h>

void gw_bench_clear(struct gw_bench *bench)
{
    gw_worker_free(bench->worker);
    gw_plan_free(bench->plan);
    gw_scenario_free(bench->scenario);
    gw_free(bench->record);
    *bench = (struct gw_bench){0};
}

int gw_bench_load(const struct gw_bench_common *common, const struct gw_trial *trial, struct gw_scenario **scenario,
                  struct gw_error *error)
{
    const size_t n = common->options->overrides + trial->changes;
    const char **override = calloc(n + 1, sizeof *override);
    if (override == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        override[i] = i < common->options->overrides ? common->options->override[i]
                                                     : trial->change[i - common->options->overrides];
    }
    int ret = gw_scenario_load(scenario, common->options->scenario, override, n, error);
    free(override);
    ret = ret == GW_OK ? gw_world_size(*scenario, error) : ret;
    if (ret == GW_OK && common->scenario != NULL &&
        strncmp((*scenario)->text, common->scenario->text, strlen(common->scenario->text)) != 0) {
        ret = gw_fail(error, GW_FAILED, "%s has changed while the experiment was running", common->options->scenario);
    }
    if (ret == GW_OK && common->scenario != NULL && (*scenario)->strategies != common->scenario->strategies) {
        ret = gw_fail(error, GW_BAD_INPUT, "an experiment cannot change how many strategies there are");
    }
    return ret;
}

/* Several threads each hold a population of their own. */
static int check_memory(const struct gw_bench_common *common, const struct gw_bench *bench, struct gw_error *error)
{
    struct gw_prediction p;
    gw_predict(bench->plan, 1, &p);
    p.bytes_total = (size_t)common->options->threads * (p.bytes_per_thread + p.bytes_shared + 2 * p.record_bytes);
    return gw_compare_fits(&p, error);
}

int gw_bench_set_up(struct gw_bench *bench, const struct gw_bench_common *common, const struct gw_trial *trial,
                    struct gw_error *error)
{
    if (bench->trial == trial) {
        return GW_OK;
    }
    gw_bench_clear(bench);
    int ret = gw_bench_load(common, trial, &bench->scenario, error);
    if (ret == GW_OK) {
        /* Experiments make their own designs: every replication is drawn plainly. */
        bench->scenario->reduction = (struct gw_reduction_spec){0};
        const struct gw_plan_options options = {
            .isa = gw_isa_best(), .tables = &common->tables, .connect_later = true};
        ret = gw_plan_create(&bench->plan, bench->scenario, options, error);
    }
    if (ret == GW_OK) {
        bench->scenario->replications = 1;
        ret = check_memory(common, bench, error);
    }
    ret = ret == GW_OK ? gw_plan_connect(bench->plan, error) : ret;
    ret = ret == GW_OK ? gw_worker_create(&bench->worker, bench->plan, 1, error) : ret;
    if (ret == GW_OK) {
        gw_plan_layout(bench->plan, &bench->layout);
        bench->record = gw_alloc(bench->layout.words, sizeof *bench->record);
        ret = bench->record == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    }
    if (ret != GW_OK) {
        gw_bench_clear(bench);
    } else {
        bench->trial = trial;
    }
    return ret;
}

int gw_bench_measure(const struct gw_bench *bench, const struct gw_bench_common *common, uint32_t replication,
                     double *value, struct gw_error *error)
{
    struct gw_dataset *dataset = NULL;
    const int64_t *record = bench->record;
    int ret = gw_results_create_for(&dataset, common->measures, bench->scenario, &bench->layout, &replication,
                                    &record, 1, error);
    for (size_t q = 0; q < common->options->quantities && ret == GW_OK; q++) {
        const struct gw_asked *asked = &common->options->asked[q];
        struct gw_estimate estimate;
        ret = gw_expression_estimate(asked->measure, dataset, (struct gw_expression_place){asked->strategy, -1}, 0.95,
                                     &estimate, error);
        value[q] = estimate.mean * (asked->money ? bench->scenario->scale : 1.0);
    }
    gw_dataset_free(dataset);
    return ret;
}

int gw_bench_run(struct gw_bench *bench, const struct gw_bench_common *common, uint32_t replication, double *value,
                 struct gw_error *error)
{
    const int ret = gw_replicate(bench->worker, &bench->layout, common->wanted, replication, bench->record, error);
    return ret == GW_OK ? gw_bench_measure(bench, common, replication, value, error) : ret;
}
