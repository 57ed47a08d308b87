#include "experiment/lab.h"

#include "core/memory.h"
#include "experiment/bench.h"
#include "experiment/identity.h"
#include "experiment/outcomes.h"

#include <ctype.h>
#include <nettle/sha2.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct gw_lab {
    struct gw_lab_options options;
    struct gw_scenario *scenario;  /* as it stands */
    struct gw_bench_common common; /* what benches share */
    struct gw_outcomes outcomes;
    double started;
    uint64_t expected, asked, simulated, finished;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- Identity ---------------------------------------------------------------------------------------------------
 */

static void hash_text(struct sha256_ctx *hash, const char *text)
{
    sha256_update(hash, strlen(text) + 1, (const uint8_t *)text);
}

static uint64_t hash_changes(const struct gw_trial *trial)
{
    struct sha256_ctx hash;
    uint64_t setting;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&hash);
    for (size_t c = 0; c < trial->changes; c++) {
        hash_text(&hash, trial->change[c]);
    }
    sha256_digest(&hash, sizeof digest, digest);
    memcpy(&setting, digest, sizeof setting);
    return setting;
}

/* All that fixes the values: the scenario but for its number of replications, the measures, the program. */
static void identify(const struct gw_lab *lab, unsigned char identity[GW_IDENTITY_BYTES])
{
    struct sha256_ctx hash;
    gw_identity_of(lab->scenario, identity);
    sha256_init(&hash);
    sha256_update(&hash, GW_IDENTITY_BYTES, identity);
    for (size_t q = 0; q < lab->options.quantities; q++) {
        const uint64_t strategy = 2 * lab->options.asked[q].strategy + lab->options.asked[q].money;
        hash_text(&hash, lab->options.asked[q].measure);
        sha256_update(&hash, sizeof strategy, (const uint8_t *)&strategy);
    }
    sha256_digest(&hash, GW_IDENTITY_BYTES, identity);
}

/* ---- Running ------------------------------------------------------------------------------------------------------
 */

/* One replication that has to be simulated. */
struct job {
    const struct gw_trial *trial;
    struct gw_outcome *outcome;
};

struct batch {
    struct gw_lab *lab;
    struct job *job;
    size_t jobs;
    size_t *first; /* [tasks + 1] of each task, whose jobs share a setting */
    size_t tasks;
    int status;
    struct gw_error *error;
};

static bool asked_to_stop(const struct gw_lab *lab)
{
    return lab->options.stop != NULL && *lab->options.stop != 0;
}

static int status_of(const struct batch *batch)
{
    int status;
#pragma omp critical(gw_lab)
    status = batch->status;
    return status;
}

static void fail(struct batch *batch, int status, const struct gw_error *error)
{
#pragma omp critical(gw_lab)
    if (batch->status == GW_OK) {
        batch->status = status;
        if (status != GW_STOPPED) {
            gw_fail(batch->error, status, "%s", error->text);
        }
    }
}

static void show_progress(struct gw_lab *lab)
{
    lab->finished++;
    if (lab->options.progress != NULL) {
        const uint64_t total = lab->expected > lab->asked ? lab->expected : lab->asked;
        lab->options.progress(lab->options.context, lab->finished, total);
    }
}

static int run_job(struct batch *batch, struct gw_bench *bench, const struct job *job, struct gw_error *error)
{
    const struct gw_lab *lab = batch->lab;
    struct gw_outcome *outcome = job->outcome;
    int ret = gw_bench_set_up(bench, &lab->common, job->trial, error);
    ret = ret == GW_OK ? gw_bench_run(bench, &lab->common, outcome->replication, outcome->value, error) : ret;
    if (ret != GW_OK) {
        return ret;
    }
#pragma omp critical(gw_lab)
    {
        ret = gw_outcomes_keep(&batch->lab->outcomes, outcome, error);
        batch->lab->simulated++;
        show_progress(batch->lab);
    }
    return ret;
}

static void run_task(struct batch *batch, struct gw_bench *bench, size_t task)
{
    struct gw_error error = {0};
    for (size_t j = batch->first[task]; j < batch->first[task + 1]; j++) {
        if (status_of(batch) != GW_OK) {
            return;
        }
        const int ret = asked_to_stop(batch->lab) ? GW_STOPPED : run_job(batch, bench, &batch->job[j], &error);
        if (ret != GW_OK) {
            fail(batch, ret, &error);
            return;
        }
    }
}

/* Which error is told must not depend on which thread was first: a setting that cannot be set up is found again by
 * going through them in their order. */
static int first_failure(struct batch *batch)
{
    struct gw_bench bench = {0};
    struct gw_error error = {0};
    int ret = GW_OK;
    for (size_t task = 0; task < batch->tasks && ret == GW_OK; task++) {
        ret = gw_bench_set_up(&bench, &batch->lab->common, batch->job[batch->first[task]].trial, &error);
    }
    gw_bench_clear(&bench);
    if (ret != GW_OK) {
        *batch->error = (struct gw_error){0};
        gw_fail(batch->error, ret, "%s", error.text);
        return ret;
    }
    return batch->status;
}

static int run_batch(struct batch *batch)
{
#pragma omp parallel num_threads(batch->lab->options.threads)
    {
        struct gw_bench bench = {0};
#pragma omp for schedule(dynamic, 1)
        for (size_t task = 0; task < batch->tasks; task++) {
            run_task(batch, &bench, task);
        }
        gw_bench_clear(&bench);
    }
    return batch->status == GW_BAD_INPUT ? first_failure(batch) : batch->status;
}

static uint64_t count_replications(const struct gw_trial *trial, size_t trials)
{
    uint64_t n = 0;
    for (size_t t = 0; t < trials; t++) {
        n += trial[t].count;
    }
    return n;
}

/* Lists what is not known, each once. */
static int list_jobs(struct batch *batch, const struct gw_trial *trial, size_t trials, struct gw_error *error)
{
    struct gw_lab *lab = batch->lab;
    const size_t most = count_replications(trial, trials);
    batch->job = calloc(most + 1, sizeof *batch->job);
    batch->first = calloc(most + 1, sizeof *batch->first);
    if (batch->job == NULL || batch->first == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for the jobs of an experiment");
    }
    for (size_t t = 0; t < trials; t++) {
        const uint64_t setting = hash_changes(&trial[t]);
        for (uint32_t r = trial[t].first; r < trial[t].first + trial[t].count; r++) {
            struct gw_outcome *outcome = gw_outcomes_find(&lab->outcomes, setting, r);
            if (outcome == NULL && (outcome = gw_outcomes_add(&lab->outcomes, setting, r)) == NULL) {
                return gw_fail(error, GW_REFUSED, "out of memory for the results of an experiment");
            }
            if (outcome->state == GW_OUTCOME_OPEN) {
                outcome->state = GW_OUTCOME_LISTED;
                batch->job[batch->jobs++] = (struct job){&trial[t], outcome};
            } else {
                lab->finished++;
            }
        }
    }
    lab->asked += most;
    return GW_OK;
}

/* A task is a setting with all that is asked of it, or where settings are few a part of that. */
static void cut_into_tasks(struct batch *batch, size_t trials)
{
    const size_t threads = (size_t)batch->lab->options.threads;
    const size_t most = trials >= 4 * threads ? SIZE_MAX : batch->jobs / (4 * threads) + 1;
    size_t in_task = 0;
    for (size_t j = 0; j < batch->jobs; j++) {
        if (j == 0 || batch->job[j].trial != batch->job[j - 1].trial || in_task == most) {
            batch->first[batch->tasks++] = j;
            in_task = 0;
        }
        in_task++;
    }
    batch->first[batch->tasks] = batch->jobs;
}

/* What was begun and not finished is forgotten, so that it can be asked for again. */
static void forget_open(struct batch *batch)
{
    for (size_t j = 0; j < batch->jobs; j++) {
        if (batch->job[j].outcome->state == GW_OUTCOME_LISTED) {
            batch->job[j].outcome->state = GW_OUTCOME_OPEN;
        }
    }
}

static void hand_out(const struct gw_lab *lab, const struct gw_trial *trial)
{
    const uint64_t setting = hash_changes(trial);
    for (uint32_t i = 0; i < trial->count; i++) {
        const struct gw_outcome *outcome = gw_outcomes_find(&lab->outcomes, setting, trial->first + i);
        memcpy(trial->value + i * lab->options.quantities, outcome->value,
               lab->options.quantities * sizeof *outcome->value);
    }
}

int gw_lab_run(struct gw_lab *lab, const struct gw_trial *trial, size_t trials, struct gw_error *error)
{
    struct batch batch = {.lab = lab, .error = error};
    if (lab->options.foretold != NULL) {
        *lab->options.foretold = lab->expected > 0 ? lab->expected : count_replications(trial, trials);
        return GW_STOPPED;
    }
    int ret = list_jobs(&batch, trial, trials, error);
    if (ret == GW_OK && batch.jobs > 0) {
        cut_into_tasks(&batch, trials);
        ret = run_batch(&batch);
    }
    forget_open(&batch);
    for (size_t t = 0; t < trials && ret == GW_OK; t++) {
        hand_out(lab, &trial[t]);
    }
    free(batch.job);
    free(batch.first);
    return ret;
}

/* ---- Opening and closing ----------------------------------------------------------------------------------------
 */

static int join_measures(struct gw_lab *lab)
{
    size_t length = 1;
    for (size_t q = 0; q < lab->options.quantities; q++) {
        length += strlen(lab->options.asked[q].measure) + 1;
    }
    lab->common.measures = calloc(length, 1);
    for (size_t q = 0; lab->common.measures != NULL && q < lab->options.quantities; q++) {
        strcat(strcat(lab->common.measures, lab->options.asked[q].measure), "\n");
    }
    return lab->common.measures == NULL ? GW_REFUSED : GW_OK;
}

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.' || (unsigned char)c > 127;
}

/* Whether a text has "NAME." as a word. */
static bool names(const char *text, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name)) {
        if ((at == text || !is_letter(at[-1])) && at[length] == '.') {
            return true;
        }
    }
    return false;
}

/* Strategies of which nothing is asked are not run. */
static int find_wanted(struct gw_lab *lab)
{
    const struct gw_scenario *s = lab->scenario;
    lab->common.wanted = calloc((size_t)s->strategies, sizeof *lab->common.wanted);
    for (int t = 0; lab->common.wanted != NULL && t < s->strategies; t++) {
        lab->common.wanted[t] = names(lab->common.measures, s->strategy[t].name);
        for (size_t q = 0; q < lab->options.quantities; q++) {
            lab->common.wanted[t] |= lab->options.asked[q].strategy == (size_t)t;
        }
    }
    return lab->common.wanted == NULL ? GW_REFUSED : GW_OK;
}

static int copy_options(struct gw_lab *lab, const struct gw_lab_options *options)
{
    struct gw_lab_options *o = &lab->options;
    struct gw_asked *asked = calloc(options->quantities, sizeof *asked);
    const char **override = calloc(options->overrides + 1, sizeof *override);
    *o = *options;
    o->asked = asked;
    o->override = override;
    o->scenario = gw_copy_text(options->scenario);
    o->journal = gw_copy_text(options->journal);
    if (asked == NULL || override == NULL || o->scenario == NULL ||
        (o->journal == NULL && options->journal != NULL)) {
        o->quantities = asked == NULL ? 0 : o->quantities;
        o->overrides = override == NULL ? 0 : o->overrides;
        return GW_REFUSED;
    }
    bool good = true;
    for (size_t q = 0; q < options->quantities; q++) {
        asked[q] = (struct gw_asked){gw_copy_text(options->asked[q].measure), options->asked[q].strategy,
                                     options->asked[q].money};
        good = good && asked[q].measure != NULL;
    }
    for (size_t i = 0; i < options->overrides; i++) {
        override[i] = gw_copy_text(options->override[i]);
        good = good && override[i] != NULL;
    }
    return good ? join_measures(lab) : GW_REFUSED;
}

/* A const text that we own. */
static void free_text(const char *text)
{
    free((void *)(uintptr_t)text);
}

static void free_options(struct gw_lab_options *o)
{
    for (size_t q = 0; q < o->quantities; q++) {
        free_text(o->asked[q].measure);
    }
    for (size_t i = 0; i < o->overrides; i++) {
        free_text(o->override[i]);
    }
    free((void *)(uintptr_t)o->asked);
    free((void *)(uintptr_t)o->override);
    free_text(o->scenario);
    free_text(o->journal);
}

static int open_journal(struct gw_lab *lab, struct gw_error *error)
{
    unsigned char identity[GW_IDENTITY_BYTES];
    const struct gw_lab_options *o = &lab->options;
    identify(lab, identity);
    return o->journal == NULL ? GW_OK
                              : gw_outcomes_open(&lab->outcomes, o->journal, identity, o->resume, o->force, error);
}

/* A wrong measure is told before anything long begins: asked of a replication in which nothing happened. */
static int try_measures(const struct gw_lab *lab, struct gw_error *error)
{
    const struct gw_trial nothing = {0};
    struct gw_bench bench = {0};
    double *value = calloc(lab->options.quantities, sizeof *value);
    int ret = value == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    ret = ret == GW_OK ? gw_bench_set_up(&bench, &lab->common, &nothing, error) : ret;
    ret = ret == GW_OK ? gw_bench_measure(&bench, &lab->common, 0, value, error) : ret;
    gw_bench_clear(&bench);
    free(value);
    return ret;
}

int gw_lab_open(struct gw_lab **lab, const struct gw_lab_options *options, struct gw_error *error)
{
    const struct gw_trial nothing = {0};
    *lab = NULL;
    struct gw_lab *l = calloc(1, sizeof *l);
    if (l == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    int ret = copy_options(l, options) == GW_OK ? GW_OK : gw_fail(error, GW_REFUSED, "out of memory");
    l->started = now();
    l->common.options = &l->options;
    l->outcomes.quantities = options->quantities;
    ret = ret == GW_OK ? gw_bench_load(&l->common, &nothing, &l->scenario, error) : ret;
    l->common.scenario = l->scenario;
    ret = ret == GW_OK && find_wanted(l) != GW_OK ? gw_fail(error, GW_REFUSED, "out of memory") : ret;
    ret = ret == GW_OK ? gw_world_fill_pool(&l->common.tables, l->scenario, error) : ret;
    ret = ret == GW_OK ? try_measures(l, error) : ret;
    ret = ret == GW_OK ? open_journal(l, error) : ret;
    if (ret != GW_OK) {
        (void)gw_lab_close(l, false, NULL);
        return ret;
    }
    *lab = l;
    return GW_OK;
}

int gw_lab_close(struct gw_lab *lab, bool finished, struct gw_error *error)
{
    if (lab == NULL) {
        return GW_OK;
    }
    int ret = gw_outcomes_close(&lab->outcomes, error);
    if (finished && lab->options.journal != NULL && ret == GW_OK) {
        ret = gw_journal_remove(lab->options.journal, error);
    }
    gw_scenario_free(lab->scenario);
    gw_pool_free(&lab->common.tables);
    free(lab->common.measures);
    free(lab->common.wanted);
    free_options(&lab->options);
    free(lab);
    return ret;
}

const struct gw_scenario *gw_lab_scenario(const struct gw_lab *lab)
{
    return lab->scenario;
}

void gw_lab_expect(struct gw_lab *lab, uint64_t replications)
{
    lab->expected = replications;
}

uint64_t gw_lab_asked(const struct gw_lab *lab)
{
    return lab->asked;
}

uint64_t gw_lab_simulated(const struct gw_lab *lab)
{
    return lab->simulated;
}

size_t gw_lab_quantities(const struct gw_lab *lab)
{
    return lab->options.quantities;
}

int gw_lab_threads(const struct gw_lab *lab)
{
    return lab->options.threads;
}

double gw_lab_seconds(const struct gw_lab *lab)
{
    return now() - lab->started;
}
