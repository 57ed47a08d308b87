#include "experiment/compare.h"

#include "core/memory.h"
#include "experiment/identity.h"
#include "experiment/provenance.h"
#include "experiment/watch.h"
#include "outcome/reduced.h"
#include "outcome/results.h"
#include "output/journal.h"
#include "output/runfile.h"

#include <nettle/sha2.h>
#include <stdatomic.h>
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
    struct gw_watch *watch; /* NULL: no precision is asked, all replications are wanted */
    int64_t **record;       /* [replication] NULL while open */
    uint8_t *done;
    uint32_t replications; /* at most */
    uint32_t before;       /* finished when the simulation began */
    atomic_uint expected;  /* replications in all, as far as can be told */
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

/* Once the asked precision is reached, nothing beyond is wanted: what is still under way is dropped. */
static int watch(struct progress_of_run *run, uint32_t replication, const int64_t *record, struct gw_error *error)
{
    const int ret = gw_watch_add(run->watch, replication, record, error);
    const uint32_t enough = gw_watch_enough(run->watch);
    if (ret == GW_OK && enough > 0) {
        memset(run->done + enough, 1, run->replications - enough);
    }
    atomic_store(&run->expected, gw_watch_forecast(run->watch));
    return ret;
}

static int remember(struct progress_of_run *run, uint64_t replication, const void *record, struct gw_error *error)
{
    if (replication >= run->replications || run->done[replication] != 0) {
        return GW_OK; /* beyond this run, or a record written twice */
    }
    int64_t *copy = gw_alloc(run->layout->words, sizeof *copy);
    if (copy == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    memcpy(copy, record, run->layout->words * sizeof *copy);
    run->record[replication] = copy;
    run->done[replication] = 1;
    run->compare->finished++;
    return run->watch == NULL ? GW_OK : watch(run, (uint32_t)replication, copy, error);
}

static int from_journal(void *context, uint64_t replication, const void *payload, size_t bytes)
{
    (void)bytes;
    return remember(context, replication, payload, NULL);
}

static int finished(void *context, uint32_t replication, const int64_t *record, struct gw_error *error)
{
    struct progress_of_run *run = context;
    const size_t bytes = run->layout->words * sizeof *record;
    const int ret = run->journal == NULL ? GW_OK : gw_journal_append(run->journal, replication, record, bytes, error);
    if (ret != GW_OK) {
        return ret;
    }
    return remember(run, replication, record, error);
}

int gw_compare_fits(const struct gw_prediction *prediction, struct gw_error *error)
{
    const size_t available = gw_memory_available();
    if (prediction->bytes_total <= available) {
        return GW_OK;
    }
    return gw_fail(
        error, GW_REFUSED,
        "the run needs about %zu MB of memory and %zu MB are available; fewer replications (at most, where "
        "a precision is asked), threads or customers would do",
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
    const uint32_t n = run->watch == NULL ? run->replications : gw_watch_enough(run->watch);
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
    if (ret == GW_OK) {
        ret = gw_reduced_describe(results, error);
    }
    if (ret == GW_OK && run->watch != NULL) {
        ret = gw_watch_describe(run->watch, results, error);
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

/* `total` is that of all replications that may come; those that are expected count. */
static void report_progress(void *context, uint64_t done, uint64_t total)
{
    struct progress_of_run *run = context;
    const uint64_t expected = atomic_load(&run->expected), open = run->replications - run->before;
    const uint64_t left = expected > run->before ? expected - run->before : 1;
    const uint64_t likely = open == 0 ? total : total / open * left;
    run->compare->progress(run->compare->context, done, likely > done ? likely : done);
}

static int simulate(struct progress_of_run *run, const struct gw_plan *plan, struct gw_error *error)
{
    const struct gw_compare *c = run->compare;
    run->before = c->finished;
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

static int prepare(struct progress_of_run *run, const struct gw_scenario *scenario, struct gw_error *error)
{
    run->record = gw_alloc(run->replications, sizeof *run->record);
    run->done = gw_alloc(run->replications, 1);
    atomic_init(&run->expected, run->replications);
    if (run->record == NULL || run->done == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    if (scenario->precision.half_width == 0.0) {
        return GW_OK;
    }
    atomic_init(&run->expected, scenario->precision.least);
    return gw_watch_open(&run->watch, scenario, run->layout, error);
}

static void forget(struct progress_of_run *run)
{
    gw_watch_free(run->watch);
    for (uint32_t r = 0; run->record != NULL && r < run->replications; r++) {
        gw_free(run->record[r]);
    }
    gw_free(run->record);
    gw_free(run->done);
}

int gw_compare_check(const struct gw_plan *plan, struct gw_error *error)
{
    struct gw_layout layout;
    struct gw_watch *watch = NULL;
    if (plan->scenario->precision.half_width == 0.0) {
        return GW_OK;
    }
    gw_plan_layout(plan, &layout);
    const int ret = gw_watch_open(&watch, plan->scenario, &layout, error);
    gw_watch_free(watch);
    return ret;
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
    ret = prepare(&run, scenario, error);
    ret = ret == GW_OK ? simulate_and_publish(&run, plan, dataset, error) : ret;
out:
    forget(&run);
    gw_plan_free(plan);
    return ret;
}
