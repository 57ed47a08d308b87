#include "experiment/lab.h"

#include "core/memory.h"
#include "engine/monte_carlo.h"
#include "experiment/compare.h"
#include "experiment/identity.h"
#include "outcome/expression.h"
#include "outcome/results.h"
#include "output/journal.h"

#include <nettle/sha2.h>
#include <omp.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A replication at a setting, known or about to be. */
struct outcome {
    uint64_t setting; /* hash of the changes */
    uint32_t replication;
    enum { OPEN, LISTED, KNOWN } state;
    double value[]; /* [quantities] */
};

struct gw_lab {
    struct gw_lab_options options;
    struct gw_scenario *scenario; /* as it stands */
    void *outcomes;               /* a tree (tsearch) of all that is known */
    struct gw_pool tables;        /* quantile tables that most settings share */
    char *measures;               /* all that is asked */
    struct gw_journal *journal;
    double started;
    uint64_t expected, asked, simulated, finished;
    size_t payload; /* bytes of a journal's record: setting, values */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- What is known ----------------------------------------------------------------------------------------------
 */

static int compare_outcomes(const void *a, const void *b)
{
    const struct outcome *x = a, *y = b;
    if (x->setting != y->setting) {
        return x->setting < y->setting ? -1 : 1;
    }
    return (x->replication > y->replication) - (x->replication < y->replication);
}

static struct outcome *find_outcome(const struct gw_lab *lab, uint64_t setting, uint32_t replication)
{
    const struct outcome wanted = {.setting = setting, .replication = replication};
    struct outcome **found = tfind(&wanted, &lab->outcomes, compare_outcomes);
    return found == NULL ? NULL : *found;
}

static struct outcome *add_outcome(struct gw_lab *lab, uint64_t setting, uint32_t replication)
{
    struct outcome *outcome = calloc(1, sizeof *outcome + lab->options.quantities * sizeof *outcome->value);
    if (outcome != NULL) {
        outcome->setting = setting;
        outcome->replication = replication;
        if (tsearch(outcome, &lab->outcomes, compare_outcomes) == NULL) {
            free(outcome);
            outcome = NULL;
        }
    }
    return outcome;
}

static int from_journal(void *context, uint64_t replication, const void *payload, size_t bytes)
{
    struct gw_lab *lab = context;
    uint64_t setting;
    memcpy(&setting, payload, sizeof setting);
    if (find_outcome(lab, setting, (uint32_t)replication) != NULL) {
        return GW_OK;
    }
    struct outcome *outcome = add_outcome(lab, setting, (uint32_t)replication);
    if (outcome == NULL) {
        return GW_REFUSED;
    }
    memcpy(outcome->value, (const unsigned char *)payload + sizeof setting, bytes - sizeof setting);
    outcome->state = KNOWN;
    return GW_OK;
}

static int keep(struct gw_lab *lab, struct outcome *outcome, struct gw_error *error)
{
    int ret = GW_OK;
    if (lab->journal != NULL) {
        unsigned char *payload = malloc(lab->payload);
        if (payload == NULL) {
            return gw_fail(error, GW_REFUSED, "out of memory");
        }
        memcpy(payload, &outcome->setting, sizeof outcome->setting);
        memcpy(payload + sizeof outcome->setting, outcome->value, lab->payload - sizeof outcome->setting);
        ret = gw_journal_append(lab->journal, outcome->replication, payload, lab->payload, error);
        free(payload);
    }
    outcome->state = ret == GW_OK ? KNOWN : OPEN;
    return ret;
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
static void identify(const struct gw_lab *lab, struct gw_journal_header *header)
{
    struct sha256_ctx hash;
    gw_identity_of(lab->scenario, header->scenario);
    sha256_init(&hash);
    sha256_update(&hash, sizeof header->scenario, header->scenario);
    for (size_t q = 0; q < lab->options.quantities; q++) {
        const uint64_t strategy = 2 * lab->options.asked[q].strategy + lab->options.asked[q].money;
        hash_text(&hash, lab->options.asked[q].measure);
        sha256_update(&hash, sizeof strategy, (const uint8_t *)&strategy);
    }
    sha256_digest(&hash, sizeof header->scenario, header->scenario);
    header->record_bytes = lab->payload;
}

/* ---- A bench: one setting, ready to run replications ---------------------------------------------------------- */

struct bench {
    const struct gw_trial *trial; /* set up for this one; NULL: none */
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
    struct gw_layout layout;
    int64_t *record;
};

static void clear_bench(struct bench *bench)
{
    gw_worker_free(bench->worker);
    gw_plan_free(bench->plan);
    gw_scenario_free(bench->scenario);
    gw_free(bench->record);
    *bench = (struct bench){0};
}

/* The scenario with the changes of a trial. Its files must be what they were when the experiment began. */
static int load(const struct gw_lab *lab, const struct gw_trial *trial, struct gw_scenario **scenario,
                struct gw_error *error)
{
    const size_t n = lab->options.overrides + trial->changes;
    const char **override = calloc(n + 1, sizeof *override);
    if (override == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        override[i] =
            i < lab->options.overrides ? lab->options.override[i] : trial->change[i - lab->options.overrides];
    }
    int ret = gw_scenario_load(scenario, lab->options.scenario, override, n, error);
    free(override);
    ret = ret == GW_OK ? gw_world_size(*scenario, error) : ret;
    if (ret == GW_OK && lab->scenario != NULL &&
        strncmp((*scenario)->text, lab->scenario->text, strlen(lab->scenario->text)) != 0) {
        ret = gw_fail(error, GW_FAILED, "%s has changed while the experiment was running", lab->options.scenario);
    }
    if (ret == GW_OK && lab->scenario != NULL && (*scenario)->strategies != lab->scenario->strategies) {
        ret = gw_fail(error, GW_BAD_INPUT, "an experiment cannot change how many strategies there are");
    }
    return ret;
}

/* Several threads each hold a population of their own. */
static int check_memory(const struct gw_lab *lab, const struct bench *bench, struct gw_error *error)
{
    struct gw_prediction p;
    gw_predict(bench->plan, 1, &p);
    p.bytes_total = (size_t)lab->options.threads * (p.bytes_per_thread + p.bytes_shared + 2 * p.record_bytes);
    return gw_compare_fits(&p, error);
}

static int set_up(const struct gw_lab *lab, const struct gw_trial *trial, struct bench *bench, struct gw_error *error)
{
    if (bench->trial == trial) {
        return GW_OK;
    }
    clear_bench(bench);
    int ret = load(lab, trial, &bench->scenario, error);
    if (ret == GW_OK) {
        /* Experiments make their own designs: every replication is drawn plainly. */
        bench->scenario->reduction = (struct gw_reduction_spec){0};
        const struct gw_plan_options options = {.isa = gw_isa_best(), .tables = &lab->tables, .connect_later = true};
        ret = gw_plan_create(&bench->plan, bench->scenario, options, error);
    }
    if (ret == GW_OK) {
        bench->scenario->replications = 1;
        ret = check_memory(lab, bench, error);
    }
    ret = ret == GW_OK ? gw_plan_connect(bench->plan, error) : ret;
    ret = ret == GW_OK ? gw_worker_create(&bench->worker, bench->plan, 1, error) : ret;
    if (ret == GW_OK) {
        gw_plan_layout(bench->plan, &bench->layout);
        bench->record = gw_alloc(bench->layout.words, sizeof *bench->record);
        ret = bench->record == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    }
    if (ret != GW_OK) {
        clear_bench(bench);
    } else {
        bench->trial = trial;
    }
    return ret;
}

/* Asks the measures of the replication just run. */
static int measure(const struct gw_lab *lab, const struct bench *bench, uint32_t replication, double *value,
                   struct gw_error *error)
{
    struct gw_dataset *dataset = NULL;
    const int64_t *record = bench->record;
    int ret = gw_results_create_for(&dataset, lab->measures, bench->scenario, &bench->layout, &replication, &record,
                                    1, error);
    for (size_t q = 0; q < lab->options.quantities && ret == GW_OK; q++) {
        const struct gw_asked *asked = &lab->options.asked[q];
        struct gw_estimate estimate;
        ret = gw_expression_estimate(asked->measure, dataset, (struct gw_expression_place){asked->strategy, -1}, 0.95,
                                     &estimate, error);
        value[q] = estimate.mean * (asked->money ? bench->scenario->scale : 1.0);
    }
    gw_dataset_free(dataset);
    return ret;
}

/* ---- Running ------------------------------------------------------------------------------------------------------
 */

/* One replication that has to be simulated. */
struct job {
    const struct gw_trial *trial;
    struct outcome *outcome;
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

static int run_job(struct batch *batch, struct bench *bench, const struct job *job, struct gw_error *error)
{
    const struct gw_lab *lab = batch->lab;
    struct outcome *outcome = job->outcome;
    int ret = set_up(lab, job->trial, bench, error);
    ret =
        ret == GW_OK ? gw_replicate(bench->worker, &bench->layout, outcome->replication, bench->record, error) : ret;
    ret = ret == GW_OK ? measure(lab, bench, outcome->replication, outcome->value, error) : ret;
    if (ret != GW_OK) {
        return ret;
    }
#pragma omp critical(gw_lab)
    {
        ret = keep(batch->lab, outcome, error);
        batch->lab->simulated++;
        show_progress(batch->lab);
    }
    return ret;
}

static void run_task(struct batch *batch, struct bench *bench, size_t task)
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
    struct bench bench = {0};
    struct gw_error error = {0};
    int ret = GW_OK;
    for (size_t task = 0; task < batch->tasks && ret == GW_OK; task++) {
        ret = set_up(batch->lab, batch->job[batch->first[task]].trial, &bench, &error);
    }
    clear_bench(&bench);
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
        struct bench bench = {0};
#pragma omp for schedule(dynamic, 1)
        for (size_t task = 0; task < batch->tasks; task++) {
            run_task(batch, &bench, task);
        }
        clear_bench(&bench);
    }
    return batch->status == GW_BAD_INPUT ? first_failure(batch) : batch->status;
}

/* Lists what is not known, each once. */
static int list_jobs(struct batch *batch, const struct gw_trial *trial, size_t trials, struct gw_error *error)
{
    struct gw_lab *lab = batch->lab;
    size_t most = 0;
    for (size_t t = 0; t < trials; t++) {
        most += trial[t].count;
    }
    batch->job = calloc(most + 1, sizeof *batch->job);
    batch->first = calloc(most + 1, sizeof *batch->first);
    if (batch->job == NULL || batch->first == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for the jobs of an experiment");
    }
    for (size_t t = 0; t < trials; t++) {
        const uint64_t setting = hash_changes(&trial[t]);
        for (uint32_t r = trial[t].first; r < trial[t].first + trial[t].count; r++) {
            struct outcome *outcome = find_outcome(lab, setting, r);
            if (outcome == NULL && (outcome = add_outcome(lab, setting, r)) == NULL) {
                return gw_fail(error, GW_REFUSED, "out of memory for the results of an experiment");
            }
            if (outcome->state == OPEN) {
                outcome->state = LISTED;
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
        if (batch->job[j].outcome->state == LISTED) {
            batch->job[j].outcome->state = OPEN;
        }
    }
}

static void hand_out(const struct gw_lab *lab, const struct gw_trial *trial)
{
    const uint64_t setting = hash_changes(trial);
    for (uint32_t i = 0; i < trial->count; i++) {
        const struct outcome *outcome = find_outcome(lab, setting, trial->first + i);
        memcpy(trial->value + i * lab->options.quantities, outcome->value,
               lab->options.quantities * sizeof *outcome->value);
    }
}

int gw_lab_run(struct gw_lab *lab, const struct gw_trial *trial, size_t trials, struct gw_error *error)
{
    struct batch batch = {.lab = lab, .error = error};
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
    lab->measures = calloc(length, 1);
    for (size_t q = 0; lab->measures != NULL && q < lab->options.quantities; q++) {
        strcat(strcat(lab->measures, lab->options.asked[q].measure), "\n");
    }
    return lab->measures == NULL ? GW_REFUSED : GW_OK;
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
    struct gw_journal_header header;
    const struct gw_lab_options *o = &lab->options;
    if (o->journal == NULL) {
        return GW_OK;
    }
    identify(lab, &header);
    if (o->resume) {
        return gw_journal_resume(&lab->journal, o->journal, &header, from_journal, lab, error);
    }
    if (o->force && gw_journal_remove(o->journal, error) != GW_OK) {
        return GW_IO;
    }
    return gw_journal_create(&lab->journal, o->journal, &header, error);
}

/* A wrong measure is told before anything long begins: asked of a replication in which nothing happened. */
static int try_measures(const struct gw_lab *lab, struct gw_error *error)
{
    const struct gw_trial nothing = {0};
    struct bench bench = {0};
    double *value = calloc(lab->options.quantities, sizeof *value);
    int ret = value == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    ret = ret == GW_OK ? set_up(lab, &nothing, &bench, error) : ret;
    ret = ret == GW_OK ? measure(lab, &bench, 0, value, error) : ret;
    clear_bench(&bench);
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
    l->payload = sizeof(uint64_t) + options->quantities * sizeof(double);
    ret = ret == GW_OK ? load(l, &nothing, &l->scenario, error) : ret;
    ret = ret == GW_OK ? gw_world_fill_pool(&l->tables, l->scenario, error) : ret;
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
    int ret = gw_journal_close(lab->journal, error);
    if (finished && lab->options.journal != NULL && ret == GW_OK) {
        ret = gw_journal_remove(lab->options.journal, error);
    }
    tdestroy(lab->outcomes, free);
    gw_scenario_free(lab->scenario);
    gw_pool_free(&lab->tables);
    free(lab->measures);
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
