#include "engine/monte_carlo.h"

#include "core/memory.h"

#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>

/* What the periods of one replication report to. */
struct pulse {
    const struct gw_monte_carlo *run;
    atomic_uint_fast64_t *periods;
    uint64_t total;
};

static bool asked_to_stop(const struct gw_monte_carlo *run)
{
    return run->stop != NULL && *run->stop != 0;
}

static int beat(struct pulse *pulse)
{
    if (pulse == NULL) {
        return GW_OK;
    }
    const uint64_t done = atomic_fetch_add(pulse->periods, 1) + 1;
    if (pulse->run->progress != NULL && omp_get_thread_num() == 0) {
        pulse->run->progress(pulse->run->context, done, pulse->total);
    }
    return asked_to_stop(pulse->run) ? GW_STOPPED : GW_OK;
}

static int run_periods(struct gw_worker *worker, const struct gw_layout *layout, int strategy, int64_t *record,
                       struct pulse *pulse, struct gw_error *error)
{
    for (uint32_t t = 0; t < layout->periods; t++) {
        int ret = gw_worker_period(worker, error);
        if (ret == GW_OK) {
            gw_record_take(layout, record, strategy, t, gw_worker_books(worker));
            gw_record_take_segments(layout, record, strategy, t, gw_worker_segments(worker));
            ret = beat(pulse);
        }
        if (ret != GW_OK) {
            return ret;
        }
    }
    return GW_OK;
}

/* The world's valuation goes into the record: it may be uncertain. */
static void note_valuation(const struct gw_worker *worker, const struct gw_layout *layout, int strategy,
                           int64_t *record)
{
    const struct gw_valuation valuation = {gw_worker_market(worker, "discount_rate"),
                                           gw_worker_market(worker, "terminal"), gw_worker_market(worker, "fade")};
    gw_record_set_valuation(layout, record, strategy, &valuation);
}

static int note_controls(const struct gw_worker *worker, const struct gw_layout *layout, int64_t *record,
                         struct gw_error *error)
{
    if (layout->controls == 0) {
        return GW_OK;
    }
    double *control = calloc((size_t)layout->controls, sizeof *control);
    if (control == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for control variates");
    }
    gw_worker_controls(worker, control);
    gw_record_set_controls(layout, record, control);
    free(control);
    return GW_OK;
}

static int replicate(struct gw_worker *worker, const struct gw_plan *plan, const struct gw_layout *layout,
                     const bool *wanted, uint32_t replication, int64_t *record, struct pulse *pulse,
                     struct gw_error *error)
{
    int ret = gw_worker_start(worker, replication, error);
    ret = ret == GW_OK ? note_controls(worker, layout, record, error) : ret;
    for (uint32_t t = 0; ret == GW_OK && t < plan->scenario->warm_up; t++) {
        ret = gw_worker_period(worker, error);
        ret = ret == GW_OK ? beat(pulse) : ret;
    }
    if (ret == GW_OK && layout->strategies > 1) {
        ret = gw_worker_save(worker, error);
    }
    for (int s = 0; ret == GW_OK && s < layout->strategies; s++) {
        if (wanted != NULL && !wanted[s]) {
            continue;
        }
        if (s > 0) {
            gw_worker_restore(worker);
        }
        ret = gw_worker_use(worker, s, error);
        note_valuation(worker, layout, s, record);
        ret = ret == GW_OK ? run_periods(worker, layout, s, record, pulse, error) : ret;
    }
    return ret;
}

int gw_replicate(struct gw_worker *worker, const struct gw_layout *layout, const bool *wanted, uint32_t replication,
                 int64_t *record, struct gw_error *error)
{
    return replicate(worker, gw_worker_plan(worker), layout, wanted, replication, record, NULL, error);
}

static uint32_t count_open(const struct gw_monte_carlo *run)
{
    uint32_t n = 0;
    for (uint32_t r = 0; r < run->plan->scenario->replications; r++) {
        n += run->done == NULL || run->done[r] == 0;
    }
    return n;
}

static uint64_t periods_of(const struct gw_scenario *scenario)
{
    return scenario->warm_up + (uint64_t)scenario->horizon * (uint64_t)scenario->strategies;
}

/* State shared by the threads of one run. */
struct shared {
    const struct gw_monte_carlo *run;
    struct gw_layout layout;
    struct pulse pulse;
    int status;
    struct gw_error *error;
};

static void record_failure(struct shared *shared, int status, const struct gw_error *error)
{
    if (shared->status == GW_OK) {
        shared->status = status;
        if (status != GW_STOPPED && error->status != GW_OK) {
            gw_fail(shared->error, status, "%s", error->text);
        }
    }
}

/* Whether a replication is still to be run. */
static bool is_wanted(struct shared *shared, uint32_t replication)
{
    const struct gw_monte_carlo *run = shared->run;
    bool wanted;
#pragma omp critical(gw_monte_carlo)
    wanted = shared->status == GW_OK && (run->done == NULL || run->done[replication] == 0);
    return wanted && !asked_to_stop(run);
}

static void run_one(struct shared *shared, struct gw_worker *worker, int64_t *record, uint32_t replication)
{
    struct gw_error error = {0};
    int ret =
        replicate(worker, shared->run->plan, &shared->layout, NULL, replication, record, &shared->pulse, &error);
#pragma omp critical(gw_monte_carlo)
    {
        if (ret == GW_OK && shared->status == GW_OK) {
            ret = shared->run->finished(shared->run->context, replication, record, &error);
        }
        if (ret != GW_OK) {
            record_failure(shared, ret, &error);
        }
    }
}

/* One worker, which a team of threads shares when replications are few. */
static void run_thread(struct shared *shared, int team)
{
    const struct gw_monte_carlo *run = shared->run;
    struct gw_error error = {0};
    struct gw_worker *worker = NULL;
    int64_t *record = gw_alloc(shared->layout.words, sizeof *record);
    int ret = record == NULL ? gw_fail(&error, GW_REFUSED, "out of memory") : GW_OK;
    ret = ret == GW_OK ? gw_worker_create(&worker, run->plan, team, &error) : ret;
    if (ret != GW_OK) {
#pragma omp critical(gw_monte_carlo)
        record_failure(shared, ret, &error);
    }
#pragma omp for schedule(dynamic, 1)
    for (uint32_t r = 0; r < run->plan->scenario->replications; r++) {
        if (worker != NULL && is_wanted(shared, r)) {
            run_one(shared, worker, record, r);
        }
    }
    gw_worker_free(worker);
    gw_free(record);
}

int gw_monte_carlo_run(const struct gw_monte_carlo *run, struct gw_error *error)
{
    atomic_uint_fast64_t periods = 0;
    const uint32_t open = count_open(run);
    struct shared shared = {.run = run, .error = error};
    gw_plan_layout(run->plan, &shared.layout);
    shared.pulse = (struct pulse){run, &periods, (uint64_t)open * periods_of(run->plan->scenario)};
    const int workers = open == 0 ? 1 : open < (uint32_t)run->threads ? (int)open : run->threads;
    const int team = run->threads / workers;
    omp_set_max_active_levels(2);
#pragma omp parallel num_threads(workers)
    run_thread(&shared, team);
    if (shared.status == GW_OK && asked_to_stop(run)) {
        return GW_STOPPED;
    }
    return shared.status;
}

/* Threads in excess of replications join teams. */
static size_t worker_bytes(const struct gw_plan *plan, int threads, int *workers)
{
    const uint32_t replications = plan->scenario->replications;
    *workers = replications < (uint32_t)threads ? (int)replications : threads;
    return gw_worker_bytes(plan, threads / *workers);
}

void gw_predict(const struct gw_plan *plan, int threads, struct gw_prediction *prediction)
{
    struct gw_layout layout;
    const struct gw_scenario *scenario = plan->scenario;
    int workers = 0;
    gw_plan_layout(plan, &layout);
    const size_t bytes = worker_bytes(plan, threads, &workers);
    *prediction = (struct gw_prediction){
        .bytes_per_thread = bytes + layout.words * sizeof(int64_t),
        .bytes_shared = gw_plan_network_bytes(plan),
        .record_bytes = layout.words * sizeof(int64_t),
        .customer_periods = (double)periods_of(scenario) * (double)scenario->population,
    };
    /* Records are held until the run file is written, and once more as the file's image. */
    prediction->bytes_results = 2 * prediction->record_bytes * scenario->replications;
    prediction->bytes_total =
        prediction->bytes_shared + prediction->bytes_results + (size_t)workers * prediction->bytes_per_thread;
}
