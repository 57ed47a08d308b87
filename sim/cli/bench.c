/*
 * goodwill bench: customer-periods per second of process CPU time, per core and per rule.
 *
 * The scenario is scaled: money per week and agents grow with the number of consumers, so that a consumer's world is
 * the same at every size. Medians of several spans of periods after a run-in.
 */
#include "cli/command.h"
#include "cli/simulate.h"
#include "engine/worker.h"
#include "scenario/catalogue.h"

#include <gsl/gsl_statistics_double.h>
#include <gsl/gsl_sort_double.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SPANS = 5, RUN_IN = 26 };

struct bench {
    const char *scenario;
    bool json;
    uint32_t size[8];
    int sizes;
};

struct measured {
    uint32_t consumers;
    double rate;     /* customer-periods per second */
    double *seconds; /* [rule], then the engine: share of a customer-period, in seconds */
};

static double process_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int run_periods(struct gw_worker *worker, int periods, struct gw_error *error)
{
    int ret = GW_OK;
    for (int t = 0; ret == GW_OK && t < periods; t++) {
        ret = gw_worker_period(worker, error);
    }
    return ret;
}

/* Periods in a span: enough for a tenth of a second at least. */
static int span_of(uint32_t consumers)
{
    const double periods = 4e6 / (double)consumers;
    return periods < 8.0 ? 8 : periods > 400.0 ? 400 : (int)periods;
}

static int measure_spans(struct gw_worker *worker, uint32_t consumers, double *rate, struct gw_error *error)
{
    double rates[SPANS];
    const int span = span_of(consumers);
    for (int s = 0; s < SPANS; s++) {
        const double started = process_seconds();
        const int ret = run_periods(worker, span, error);
        if (ret != GW_OK) {
            return ret;
        }
        rates[s] = (double)span * consumers / (process_seconds() - started);
    }
    gsl_sort(rates, 1, SPANS);
    *rate = gsl_stats_median_from_sorted_data(rates, 1, SPANS);
    return GW_OK;
}

static int measure(const struct gw_plan *plan, struct measured *m, struct gw_error *error)
{
    struct gw_worker *worker = NULL;
    const int span = span_of(m->consumers);
    int ret = gw_worker_create(&worker, plan, 1, error);
    ret = ret == GW_OK ? gw_worker_start(worker, 0, error) : ret;
    ret = ret == GW_OK ? run_periods(worker, RUN_IN, error) : ret;
    ret = ret == GW_OK ? measure_spans(worker, m->consumers, &m->rate, error) : ret;
    if (ret == GW_OK) {
        gw_worker_profile(worker, m->seconds);
        ret = run_periods(worker, span, error);
    }
    for (int r = 0; r <= gw_rule_count; r++) {
        m->seconds[r] /= (double)span * m->consumers;
    }
    gw_worker_free(worker);
    return ret;
}

static int bench_size(const struct bench *bench, struct measured *m, struct gw_error *error)
{
    struct gw_scenario *scenario = NULL;
    struct gw_plan *plan = NULL;
    m->seconds = calloc((size_t)gw_rule_count + 1, sizeof *m->seconds);
    int ret = m->seconds == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    ret = ret == GW_OK ? gw_scenario_load(&scenario, bench->scenario, NULL, 0, error) : ret;
    if (ret == GW_OK) {
        gw_world_resize(scenario, m->consumers);
        ret = gw_plan_create(&plan, scenario, (struct gw_plan_options){.isa = gw_isa_best()}, error);
    }
    ret = ret == GW_OK ? measure(plan, m, error) : ret;
    gw_plan_free(plan);
    gw_scenario_free(scenario);
    return ret;
}

static const char *rule_name(int r)
{
    return r == gw_rule_count ? "engine" : gw_rules(GW_ISA_PORTABLE)[r]->name;
}

static void print_table(const struct bench *bench, const struct measured *m)
{
    printf("%s, instruction set %s, one core, process CPU time\n\n%-24s", bench->scenario, gw_isa_name(gw_isa_best()),
           "consumers");
    for (int s = 0; s < bench->sizes; s++) {
        printf(" %10u", m[s].consumers);
    }
    printf("\n%-24s", "million customer-periods/s");
    for (int s = 0; s < bench->sizes; s++) {
        printf(" %8.1f", m[s].rate / 1e6);
    }
    printf("\n\nns per customer-period, by rule (measured with a clock around every step)\n");
    for (int r = 0; r <= gw_rule_count; r++) {
        printf("%-24s", rule_name(r));
        for (int s = 0; s < bench->sizes; s++) {
            printf(" %10.2f", m[s].seconds[r] * 1e9);
        }
        putchar('\n');
    }
}

static void print_json(const struct bench *bench, const struct measured *m)
{
    printf("{\"scenario\": \"%s\", \"isa\": \"%s\", \"sizes\": [", bench->scenario, gw_isa_name(gw_isa_best()));
    for (int s = 0; s < bench->sizes; s++) {
        printf("%s\n  {\"consumers\": %u, \"customer_periods_per_second\": %.6g, \"ns_by_rule\": {", s > 0 ? "," : "",
               m[s].consumers, m[s].rate);
        for (int r = 0; r <= gw_rule_count; r++) {
            printf("%s\"%s\": %.3f", r > 0 ? ", " : "", rule_name(r), m[s].seconds[r] * 1e9);
        }
        printf("}}");
    }
    puts("\n]}");
}

static const struct argp_option options[] = {{"json", 'j', NULL, 0, "Print JSON", 0},
                                             {"size", 'N', "CONSUMERS", 0, "Only this size (may be repeated)", 0},
                                             {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct bench *bench = state->input;
    char *end = NULL;
    switch (key) {
    case 'j':
        bench->json = true;
        return 0;
    case 'N': {
        const double size = strtod(argument, &end);
        if (*end != '\0' || !(size >= 1.0 && size <= 1e8) || bench->sizes == 8) {
            argp_error(state, "--size: expected up to 8 numbers from 1 to 1e8, got '%s'", argument);
        }
        bench->size[bench->sizes++] = (uint32_t)size;
        return 0;
    }
    case ARGP_KEY_ARG:
        bench->scenario = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int run(int argc, char **argv)
{
    static const struct argp argp = {
        options,      parse,
        "[SCENARIO]", "Measures the speed of a scenario (default: scenarios/price_vs_experience.yaml).",
        NULL,         NULL,
        NULL};
    struct bench bench = {0};
    struct measured measured[8] = {{0}};
    struct gw_error error = {0};
    int ret = GW_OK;
    argp_parse(&argp, argc, argv, 0, NULL, &bench);
    if (bench.scenario == NULL) {
        bench.scenario = "scenarios/price_vs_experience.yaml";
        if (access(bench.scenario, R_OK) != 0) {
            gw_fail(&error, GW_BAD_INPUT, "which scenario? Without one, %s is looked for, and it is not here",
                    bench.scenario);
            return gw_report(&error);
        }
    }
    if (bench.sizes == 0) {
        bench.sizes = 3;
        bench.size[0] = 10000, bench.size[1] = 100000, bench.size[2] = 1000000;
    }
    for (int s = 0; ret == GW_OK && s < bench.sizes; s++) {
        measured[s].consumers = bench.size[s];
        ret = bench_size(&bench, &measured[s], &error);
    }
    if (ret == GW_OK) {
        (bench.json ? print_json : print_table)(&bench, measured);
    } else {
        gw_report(&error);
    }
    for (int s = 0; s < bench.sizes; s++) {
        free(measured[s].seconds);
    }
    return ret;
}

const struct gw_command gw_command_bench = {"bench", "[SCENARIO] [--json]", "measure the speed, per rule", run};
