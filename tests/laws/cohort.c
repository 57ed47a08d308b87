#include "cohort.h"

#include "close.h"

#include <gsl/gsl_errno.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *law_text(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = malloc((size_t)length + 1);
    assert_non_null(text);
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

static void must(int status, const struct gw_error *error)
{
    if (status != GW_OK) {
        fail_msg("status %d: %s", status, error->text);
    }
}

static void *grown(void *array, size_t n, size_t size)
{
    void *bigger = realloc(array, n * size);
    assert_non_null(bigger);
    return bigger;
}

/* Appends the sales of a period and empties the trace. */
static void collect(struct law_cohort *cohort, struct gw_trace *trace)
{
    assert_true(trace->n <= trace->room);
    cohort->sale = grown(cohort->sale, cohort->sales + trace->n + 1, sizeof *cohort->sale);
    for (size_t k = 0; k < trace->n; k++) {
        const struct gw_trace_event *e = &trace->event[k];
        if (strcmp(e->posting->name, "sale") == 0) {
            cohort->sale[cohort->sales++] =
                (struct law_sale){e->consumer, e->period, e->firm, fabs((double)e->micro) / 1e6};
        }
    }
    trace->n = 0;
}

static void live(struct law_cohort *cohort, struct gw_worker *worker, uint32_t replication)
{
    struct gw_error error = {0};
    /* Per customer at most three postings of a paid encounter; the firm adds its own few. */
    struct gw_trace trace = {.room = 4 * (size_t)cohort->customers + 64};
    trace.event = malloc(trace.room * sizeof *trace.event);
    assert_non_null(trace.event);
    must(gw_worker_start(worker, replication, &error), &error);
    must(gw_worker_use(worker, 0, &error), &error);
    gw_worker_trace(worker, &trace);
    for (uint32_t t = 0; t < cohort->periods; t++) {
        must(gw_worker_period(worker, &error), &error);
        collect(cohort, &trace);
    }
    free(trace.event);
}

/* A scenario made ready to be lived. */
struct stage {
    struct gw_scenario *scenario;
    struct gw_plan *plan;
    struct gw_worker *worker;
};

static struct stage open_stage(const char *yaml)
{
    struct gw_error error = {0};
    struct stage s = {0};
    const struct gw_plan_options options = {.isa = gw_isa_best()};
    gsl_set_error_handler_off();
    must(gw_scenario_parse(&s.scenario, yaml, strlen(yaml), "cohort.yaml", ".", NULL, 0, &error), &error);
    must(gw_world_size(s.scenario, &error), &error);
    must(gw_plan_create(&s.plan, s.scenario, options, &error), &error);
    must(gw_worker_create(&s.worker, s.plan, 1, &error), &error);
    assert_int_equal(s.scenario->warm_up, 0);
    return s;
}

static void close_stage(struct stage *s)
{
    gw_worker_free(s->worker);
    gw_plan_free(s->plan);
    gw_scenario_free(s->scenario);
}

struct law_cohort *law_cohort_run(const char *yaml, uint32_t replication)
{
    struct stage s = open_stage(yaml);
    struct law_cohort *cohort = calloc(1, sizeof *cohort);
    assert_non_null(cohort);
    cohort->customers = s.scenario->population;
    cohort->periods = s.scenario->horizon;
    cohort->period_in_weeks = 52.0 * s.scenario->years;
    live(cohort, s.worker, replication);
    close_stage(&s);
    return cohort;
}

double *law_relations(const char *yaml, uint32_t replication, const char *column, uint32_t *customers)
{
    struct gw_error error = {0};
    struct stage s = open_stage(yaml);
    const int position = gw_plan_column_find(s.plan, column);
    double *value = malloc(s.scenario->population * sizeof *value);
    assert_true(position >= 0 && value != NULL);
    must(gw_worker_start(s.worker, replication, &error), &error);
    must(gw_worker_use(s.worker, 0, &error), &error);
    for (uint32_t t = 0; t < s.scenario->horizon; t++) {
        must(gw_worker_period(s.worker, &error), &error);
    }
    *customers = s.scenario->population;
    for (uint32_t i = 0; i < *customers; i++) {
        value[i] = gw_worker_value(s.worker, position, i, 0);
    }
    close_stage(&s);
    return value;
}

void law_cohort_free(struct law_cohort *cohort)
{
    free(cohort->sale);
    free(cohort);
}

void law_cohort_counts(const struct law_cohort *cohort, uint32_t end, int *x)
{
    memset(x, 0, cohort->customers * sizeof *x);
    for (size_t k = 0; k < cohort->sales; k++) {
        const struct law_sale *s = &cohort->sale[k];
        x[s->customer] += s->period < end ? (int)lround(s->money) : 0;
    }
}

void law_cohort_histories(const struct law_cohort *cohort, struct law_history *history)
{
    for (uint32_t i = 0; i < cohort->customers; i++) {
        history[i] = (struct law_history){0, 0.0, cohort->periods * cohort->period_in_weeks};
    }
    for (size_t k = 0; k < cohort->sales; k++) {
        struct law_history *h = &history[cohort->sale[k].customer];
        h->x += (int)lround(cohort->sale[k].money);
        h->t_x = (cohort->sale[k].period + 0.5) * cohort->period_in_weeks;
    }
}
