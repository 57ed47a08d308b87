#include "experiment/compare.h"

#include "core/memory.h"
#include "experiment/identity.h"
#include "experiment/provenance.h"
#include "outcome/results.h"
#include "output/journal.h"
#include "output/runfile.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The run in progress: which replications are there, and their records. */
struct progress_of_run {
    struct gw_compare *compare;
    const struct gw_layout *layout;
    struct gw_journal *journal;
    int64_t **record; /* [replication] NULL while open */
    uint8_t *done;
    uint32_t replications;
};

static void hash_text(struct sha256_ctx *hash, const char *text)
{
    sha256_update(hash, strlen(text) + 1, (const uint8_t *)text);
}

/* Everything that fixes the results: what the scenario means, the seed, the model's version, the layout. The number
 * of replications is left out: a longer run may continue a shorter one. */
static void identify(const struct gw_plan *plan, const struct gw_layout *layout, struct gw_journal_header *header)
{
    struct sha256_ctx hash;
    gw_identity_of(plan->scenario, header->scenario);
    sha256_init(&hash);
    sha256_update(&hash, sizeof header->scenario, header->scenario);
    for (int t = 0; t < layout->tallies; t++) {
        hash_text(&hash, layout->tally[t].tally->name);
    }
    sha256_digest(&hash, sizeof header->scenario, header->scenario);
    header->record_bytes = layout->words * sizeof(int64_t);
}

static int remember(struct progress_of_run *run, uint64_t replication, const void *record)
{
    if (replication >= run->replications || run->done[replication] != 0) {
        return GW_OK; /* beyond this run, or a record written twice */
    }
    int64_t *copy = gw_alloc(run->layout->words, sizeof *copy);
    if (copy == NULL) {
        return GW_REFUSED;
    }
    memcpy(copy, record, run->layout->words * sizeof *copy);
    run->record[replication] = copy;
    run->done[replication] = 1;
    run->compare->finished++;
    return GW_OK;
}

static int from_journal(void *context, uint64_t replication, const void *payload, size_t bytes)
{
    (void)bytes;
    return remember(context, replication, payload);
}

static int finished(void *context, uint32_t replication, const int64_t *record, struct gw_error *error)
{
    struct progress_of_run *run = context;
    const size_t bytes = run->layout->words * sizeof *record;
    const int ret = run->journal == NULL ? GW_OK : gw_journal_append(run->journal, replication, record, bytes, error);
    if (ret != GW_OK) {
        return ret;
    }
    return remember(run, replication, record) == GW_OK ? GW_OK : gw_fail(error, GW_REFUSED, "out of memory");
}

int gw_compare_fits(const struct gw_prediction *prediction, struct gw_error *error)
{
    const size_t available = gw_memory_available();
    if (prediction->bytes_total <= available) {
        return GW_OK;
    }
    return gw_fail(error, GW_REFUSED,
                   "the run needs about %zu MB of memory and %zu MB are available; fewer replications, threads or "
                   "customers would do",
                   prediction->bytes_total >> 20, available >> 20);
}

static int open_journal(struct progress_of_run *run, const struct gw_journal_header *header, struct gw_error *error)
{
    struct gw_compare *c = run->compare;
    if (snprintf(c->journal, sizeof c->journal, "%s.journal", c->output) >= (int)sizeof c->journal) {
        return gw_fail(error, GW_BAD_INPUT, "the path of the run file is too long");
    }
    if (c->resume) {
        return gw_journal_resume(&run->journal, c->journal, header, from_journal, run, error);
    }
    if (c->force && gw_journal_remove(c->journal, error) != GW_OK) {
        return GW_IO;
    }
    return gw_journal_create(&run->journal, c->journal, header, error);
}

static int build(const struct progress_of_run *run, const struct gw_scenario *scenario, struct gw_dataset **dataset,
                 struct gw_error *error)
{
    const uint32_t n = run->replications;
    uint32_t *replication = gw_alloc(n, sizeof *replication);
    if (replication == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    for (uint32_t r = 0; r < n; r++) {
        replication[r] = r;
    }
    const int ret =
        gw_results_create(dataset, scenario, run->layout, replication, (const int64_t *const *)run->record, n, error);
    gw_free(replication);
    return ret;
}

static int publish(const struct progress_of_run *run, const struct gw_plan *plan, double seconds,
                   struct gw_dataset **dataset, struct gw_error *error)
{
    const struct gw_compare *c = run->compare;
    struct gw_error ignored = {0};
    struct gw_dataset *results = NULL;
    int ret = build(run, plan->scenario, &results, error);
    if (ret == GW_OK) {
        ret = gw_provenance_add(results, plan->options.isa, c->threads, seconds, error);
    }
    if (ret == GW_OK && c->output != NULL) {
        ret = gw_runfile_write(c->output, results, c->force || c->resume, error);
    }
    if (ret == GW_OK && c->output != NULL) {
        /* The run file is whole: a journal that cannot be removed is only in the way. */
        (void)gw_journal_remove(c->journal, &ignored);
    }
    if (ret == GW_OK && dataset != NULL) {
        *dataset = results;
        results = NULL;
    }
    gw_dataset_free(results);
    return ret;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void report_progress(void *context, uint64_t done, uint64_t total)
{
    const struct progress_of_run *run = context;
    run->compare->progress(run->compare->context, done, total);
}

static int simulate(struct progress_of_run *run, const struct gw_plan *plan, struct gw_error *error)
{
    const struct gw_compare *c = run->compare;
    const struct gw_monte_carlo monte_carlo = {.plan = plan,
                                               .threads = c->threads,
                                               .done = run->done,
                                               .stop = c->stop,
                                               .finished = finished,
                                               .progress = c->progress == NULL ? NULL : report_progress,
                                               .context = run};
    return gw_monte_carlo_run(&monte_carlo, error);
}

static int simulate_journaled(struct progress_of_run *run, const struct gw_plan *plan, struct gw_error *error)
{
    struct gw_journal_header header;
    identify(plan, run->layout, &header);
    int ret = open_journal(run, &header, error);
    if (ret != GW_OK) {
        return ret;
    }
    ret = simulate(run, plan, error);
    const int closed = gw_journal_close(run->journal, ret == GW_OK ? error : NULL);
    return ret == GW_OK ? closed : ret;
}

/* The simulation proper, once everything is known to fit. */
static int simulate_and_publish(struct progress_of_run *run, const struct gw_plan *plan, struct gw_dataset **dataset,
                                struct gw_error *error)
{
    const double started = now();
    const int ret = run->compare->output == NULL ? simulate(run, plan, error) : simulate_journaled(run, plan, error);
    return ret == GW_OK ? publish(run, plan, now() - started, dataset, error) : ret;
}

static void forget(struct progress_of_run *run)
{
    for (uint32_t r = 0; run->record != NULL && r < run->replications; r++) {
        gw_free(run->record[r]);
    }
    gw_free(run->record);
    gw_free(run->done);
}

int gw_compare_run(struct gw_compare *compare, struct gw_scenario *scenario, struct gw_dataset **dataset,
                   struct gw_error *error)
{
    struct gw_plan *plan = NULL;
    struct gw_layout layout;
    struct gw_prediction prediction;
    struct progress_of_run run = {.compare = compare, .layout = &layout, .replications = scenario->replications};
    compare->finished = 0;
    int ret = gw_world_size(scenario, error);
    ret = ret == GW_OK && compare->output != NULL
              ? gw_runfile_check(compare->output, compare->force || compare->resume, error)
              : ret;
    if (ret == GW_OK) {
        ret = gw_plan_create(&plan, scenario, (struct gw_plan_options){.isa = gw_isa_best(), .connect_later = true},
                             error);
    }
    if (ret != GW_OK) {
        goto out;
    }
    gw_plan_layout(plan, &layout);
    gw_predict(plan, compare->threads, &prediction);
    ret = gw_compare_fits(&prediction, error);
    ret = ret == GW_OK ? gw_plan_connect(plan, error) : ret;
    if (ret != GW_OK) {
        goto out;
    }
    run.record = gw_alloc(run.replications, sizeof *run.record);
    run.done = gw_alloc(run.replications, 1);
    ret = run.record == NULL || run.done == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    ret = ret == GW_OK ? simulate_and_publish(&run, plan, dataset, error) : ret;
out:
    forget(&run);
    gw_plan_free(plan);
    return ret;
}
