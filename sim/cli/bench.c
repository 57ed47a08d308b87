/*
 * goodwill bench: customer-periods per second of process CPU time, per core, per rule and per phase.
 *
 * The scenario is scaled: money per week and agents grow with the number of consumers, so that a consumer's world is
 * the same at every size. Medians of several spans of periods after a run-in.
 *
 * The common workload has rules of its own, and so a program of its own beside this one.
 */
#include "cli/command.h"
#include "cli/simulate.h"
#include "engine/worker.h"
#include "scenario/catalogue.h"

#include <errno.h>
#include <gsl/gsl_statistics_double.h>
#include <gsl/gsl_sort_double.h>
#include <libgen.h>
#include <limits.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SPANS = 5, RUN_IN = 26 };
#define COMMON_PROGRAM "goodwill-wom-ref-1"

struct bench {
    const char *scenario;
    bool json;
    uint32_t size[8];
    int sizes, threads;
};

struct measured {
    uint32_t consumers;
    double rate;     /* customer-periods per second */
    double wall[2];  /* the same by the clock on the wall, on one thread and on all that were asked for */
    double *seconds; /* [rule], then the engine: share of a customer-period, in seconds */
    double by_phase[GW_PHASES];
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
        struct gw_profile profile = {.by_rule = m->seconds};
        gw_worker_profile(worker, &profile);
        ret = run_periods(worker, span, error);
        memcpy(m->by_phase, profile.by_phase, sizeof m->by_phase);
    }
    for (int r = 0; r <= gw_rule_count; r++) {
        m->seconds[r] /= (double)span * m->consumers;
    }
    for (int phase = 0; phase < GW_PHASES; phase++) {
        m->by_phase[phase] /= (double)span * m->consumers;
    }
    gw_worker_free(worker);
    return ret;
}

/* Seconds that `threads` populations take for a span, side by side, after a run-in. */
static double wall_seconds(const struct gw_plan *plan, int threads, int span)
{
    double started = 0.0, ended = 0.0;
    int failures = 0;
#pragma omp parallel num_threads(threads) reduction(+ : failures)
    {
        struct gw_error error = {0};
        struct gw_worker *worker = NULL;
        int ret = gw_worker_create(&worker, plan, 1, &error);
        ret = ret == GW_OK ? gw_worker_start(worker, (uint32_t)omp_get_thread_num(), &error) : ret;
        ret = ret == GW_OK ? run_periods(worker, RUN_IN, &error) : ret;
#pragma omp barrier
#pragma omp master
        started = omp_get_wtime();
        ret = ret == GW_OK ? run_periods(worker, span, &error) : ret;
#pragma omp barrier
#pragma omp master
        ended = omp_get_wtime();
        failures += ret != GW_OK;
        gw_worker_free(worker);
    }
    return failures == 0 ? ended - started : -1.0;
}

/* Medians over spans, one thread and all threads in turn, since the machine may be busy with other things. */
static int measure_threads(const struct gw_plan *plan, int threads, struct measured *m, struct gw_error *error)
{
    const int span = span_of(m->consumers);
    double rates[2][SPANS];
    for (int s = 0; s < SPANS; s++) {
        for (int all = 0; all < 2; all++) {
            const int n = all ? threads : 1;
            const double seconds = wall_seconds(plan, n, span);
            if (seconds < 0.0) {
                return gw_fail(error, GW_REFUSED, "out of memory for %d threads", n);
            }
            rates[all][s] = (double)n * span * m->consumers / seconds;
        }
    }
    for (int all = 0; all < 2; all++) {
        gsl_sort(rates[all], 1, SPANS);
        m->wall[all] = gsl_stats_median_from_sorted_data(rates[all], 1, SPANS);
    }
    return GW_OK;
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
    ret = ret == GW_OK && bench->threads > 1 ? measure_threads(plan, bench->threads, m, error) : ret;
    gw_plan_free(plan);
    gw_scenario_free(scenario);
    return ret;
}

static const char *const phase_names[GW_PHASES] = {
    [GW_OPEN] = "open",         [GW_ACT] = "act",         [GW_SERVE] = "serve", [GW_HEAR] = "hear",
    [GW_NEED] = "need",         [GW_CHOOSE] = "choose",   [GW_ASK] = "ask",     [GW_BUY] = "buy",
    [GW_FAIL] = "fail",         [GW_COMPARE] = "compare", [GW_FEEL] = "feel",   [GW_EXPERIENCE] = "experience",
    [GW_REMEMBER] = "remember", [GW_LEAVE] = "leave",     [GW_ORDER] = "order", [GW_TELL] = "tell",
    [GW_ACCOUNT] = "account",   [GW_CLOSE] = "close",     [GW_STOCK] = "stock"};
_Static_assert(GW_PHASES == 19, "every phase has a name");

static const char *rule_name(int r)
{
    return r == gw_rule_count ? "engine" : gw_rules(GW_ISA_PORTABLE)[r]->name;
}

/* Nanoseconds of a rule, or of a phase. */
static void print_row(const char *name, const struct bench *bench, const struct measured *m, int rule, int phase)
{
    printf("%-24s", name);
    for (int s = 0; s < bench->sizes; s++) {
        printf(" %10.2f", 1e9 * (rule >= 0 ? m[s].seconds[rule] : m[s].by_phase[phase]));
    }
    putchar('\n');
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
    for (int all = 0; bench->threads > 1 && all < 2; all++) {
        printf("\n  by the clock, %2d thread%s ", all ? bench->threads : 1, all ? "s" : " ");
        for (int s = 0; s < bench->sizes; s++) {
            printf(" %10.1f", m[s].wall[all] / 1e6);
        }
    }
    printf("\n\nns per customer-period, by rule (measured with a clock around every step)\n");
    for (int r = 0; r <= gw_rule_count; r++) {
        if (m[0].seconds[r] > 0.0) {
            print_row(rule_name(r), bench, m, r, -1);
        }
    }
    printf("\nthe same, by phase\n");
    for (int phase = 0; phase < GW_PHASES; phase++) {
        print_row(phase_names[phase], bench, m, -1, phase);
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
        printf("}, \"ns_by_phase\": {");
        for (int phase = 0; phase < GW_PHASES; phase++) {
            printf("%s\"%s\": %.3f", phase > 0 ? ", " : "", phase_names[phase], m[s].by_phase[phase] * 1e9);
        }
        printf("}");
        if (bench->threads > 1) {
            printf(", \"threads\": %d, \"wall_rate_of_one\": %.6g, \"wall_rate_of_all\": %.6g", bench->threads,
                   m[s].wall[0], m[s].wall[1]);
        }
        printf("}");
    }
    puts("\n]}");
}

static const struct argp_option options[] = {{"json", 'j', NULL, 0, "Print JSON", 0},
                                             {"threads", 't', "N", 0, "Also this many populations side by side", 0},
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
    case 't':
        bench->threads = (int)strtol(argument, &end, 10);
        if (*end != '\0' || bench->threads < 1 || bench->threads > 1024) {
            argp_error(state, "--threads: expected a whole number from 1 to 1024, got '%s'", argument);
        }
        return 0;
    case ARGP_KEY_ARG:
        bench->scenario = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Becomes the program of the common workload, which lies in the folder of this one. Returns only when it cannot. */
static int become_common(char **argv)
{
    char own[PATH_MAX] = "", path[PATH_MAX + 32];
    struct gw_error error = {0};
    if (readlink("/proc/self/exe", own, sizeof own - 1) > 0) {
        snprintf(path, sizeof path, "%s/%s", dirname(own), COMMON_PROGRAM);
        execv(path, argv);
    }
    gw_fail(&error, GW_FAILED,
            "%s cannot be started from the folder of this program: %s. The build makes and installs both",
            COMMON_PROGRAM, strerror(errno));
    return gw_report(&error);
}

static int run(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        "[SCENARIO]\nwom-ref-1 [OPTION...]",
        "Measures the speed of a scenario (default: scenarios/price_vs_experience.yaml), or of the common workload "
        "wom-ref-1 beside other engines (its own options: goodwill bench wom-ref-1 --help).",
        NULL,
        NULL,
        NULL};
    struct bench bench = {0};
    struct measured measured[8] = {{0}};
    struct gw_error error = {0};
    int ret = GW_OK;
    if (argc > 1 && strcmp(argv[1], "wom-ref-1") == 0) {
        return become_common(argv + 1);
    }
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

const struct gw_command gw_command_bench = {"bench", "[SCENARIO | wom-ref-1] [--json]",
                                            "measure the speed, per rule and phase", run};
