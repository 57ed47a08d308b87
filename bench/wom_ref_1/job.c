#include "bench/wom_ref_1/job.h"

#include "engine/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The two "firms" are the two signs of a word; everything else is what the rules have as defaults. */
static const char scenario_text[] = "goodwill: 1\n"
                                    "title: WOM-REF-1\n"
                                    "period: week\n"
                                    "horizon: 50 weeks\n"
                                    "firms: {good_word: {}, bad_word: {}}\n"
                                    "focal: good_word\n"
                                    "strategies: {only: {}}\n";

const char *const gw_wom_aggregate_names[GW_WOM_AGGREGATES] = {
    "customers",       "buyers",           "quality_sum", "gap_sum",    "attitude_sum",
    "expectation_sum", "satisfaction_sum", "shares_good", "shares_bad", "churned"};

struct gw_wom_job {
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
    int threads;
    int tally[GW_WOM_AGGREGATES]; /* in the plan */
};

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int load(struct gw_wom_job *job, uint32_t customers, struct gw_error *error)
{
    char size[64];
    const char *const overrides[] = {size};
    snprintf(size, sizeof size, "population.size=%u", customers);
    return gw_scenario_parse(&job->scenario, scenario_text, strlen(scenario_text), "wom-ref-1", NULL, overrides, 1,
                             error);
}

static int find_tallies(struct gw_wom_job *job, struct gw_error *error)
{
    for (int k = 0; k < GW_WOM_AGGREGATES; k++) {
        job->tally[k] = gw_plan_tally_find(job->plan, gw_wom_aggregate_names[k]);
        if (job->tally[k] < 0) {
            return gw_fail(error, GW_FAILED, "no rule counts %s", gw_wom_aggregate_names[k]);
        }
    }
    return GW_OK;
}

int gw_wom_job_create(struct gw_wom_job **out, struct gw_network *network, int threads,
                      struct gw_plan_options options, struct gw_error *error)
{
    struct gw_wom_job *job = calloc(1, sizeof *job);
    *out = NULL;
    if (job == NULL) {
        gw_network_free(network);
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    job->threads = threads;
    options.connect_later = true;
    int ret = load(job, network->vertices, error);
    ret = ret == GW_OK ? gw_plan_create(&job->plan, job->scenario, options, error) : ret;
    if (ret != GW_OK) {
        gw_network_free(network);
        goto out;
    }
    job->plan->network = network;
    ret = find_tallies(job, error);
    ret = ret == GW_OK ? gw_worker_create(&job->worker, job->plan, threads, error) : ret;
out:
    if (ret == GW_OK) {
        *out = job;
    } else {
        gw_wom_job_free(job);
    }
    return ret;
}

void gw_wom_job_free(struct gw_wom_job *job)
{
    if (job == NULL) {
        return;
    }
    gw_worker_free(job->worker);
    gw_plan_free(job->plan);
    gw_scenario_free(job->scenario);
    free(job);
}

static void take_books(const struct gw_wom_job *job, int64_t *total)
{
    const struct gw_books *books = gw_worker_books(job->worker);
    for (int k = 0; k < GW_WOM_AGGREGATES; k++) {
        total[k] += books->tally[books->tally_cell[job->tally[k]] * books->firms];
    }
}

static int run_periods(const struct gw_wom_job *job, int64_t *total, struct gw_error *error)
{
    int ret = GW_OK;
    for (int t = 0; ret == GW_OK && t < GW_WOM_PERIODS; t++) {
        ret = gw_worker_period(job->worker, error);
        take_books(job, total);
    }
    return ret;
}

static void set_totals(const struct gw_wom_job *job, const int64_t *total, struct gw_wom_outcome *outcome)
{
    for (int k = 0; k < GW_WOM_AGGREGATES; k++) {
        const bool sum = job->plan->tally[job->tally[k]].tally->measure == GW_SUM;
        outcome->total[k] = (double)total[k] * (sum ? 1e-6 : 1.0);
    }
}

int gw_wom_job_run(struct gw_wom_job *job, uint32_t replication, struct gw_wom_outcome *outcome,
                   struct gw_error *error)
{
    int64_t total[GW_WOM_AGGREGATES] = {0};
    int ret = gw_worker_start(job->worker, replication, error);
    const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    ret = ret == GW_OK ? run_periods(job, total, error) : ret;
    outcome->cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    outcome->wall = seconds(CLOCK_MONOTONIC) - wall;
    set_totals(job, total, outcome);
    return ret;
}

int gw_wom_job_profile(struct gw_wom_job *job, double *by_rule, struct gw_error *error)
{
    int64_t total[GW_WOM_AGGREGATES] = {0};
    struct gw_profile profile = {.by_rule = by_rule};
    int ret = gw_worker_start(job->worker, 0, error);
    if (ret == GW_OK) {
        memset(by_rule, 0, ((size_t)gw_rule_count + 1) * sizeof *by_rule);
        gw_worker_profile(job->worker, &profile);
        ret = run_periods(job, total, error);
        gw_worker_profile(job->worker, NULL);
    }
    for (int r = 0; ret == GW_OK && r <= gw_rule_count; r++) {
        by_rule[r] /= (double)total[0];
    }
    return ret;
}

double gw_wom_job_bytes(const struct gw_wom_job *job)
{
    return (double)(gw_plan_network_bytes(job->plan) + gw_worker_bytes(job->plan, job->threads)) /
           (double)job->plan->scenario->population;
}
