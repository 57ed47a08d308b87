/*
 * goodwill bench wom-ref-1: the common workload on goodwill and, where they are installed, on other engines, taking
 * turns. Per core: process CPU time; with more threads: wall time.
 */
#include "core/memory.h"
#include "bench/wom_ref_1/graph.h"
#include "models/registry.h"
#include "bench/wom_ref_1/reference.h"
#include "bench/wom_ref_1/rival.h"

#include <argp.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_SIZES = 8, MOST_RUNS = 99, MOST_THREADS = 1024, ENGINES = 4 };
#define PATIENCE 20.0 /* seconds after which an engine gets no further run of a size */

struct bench {
    uint32_t size[MOST_SIZES];
    int sizes, threads, runs;
    bool json, alone;
    char graph[64]; /* file that the others read */
    struct gw_wom_rival rival[ENGINES - 1];
};

/* Whether an engine takes part: with several threads only those that can use them. */
static bool takes_part(const struct bench *bench, int e)
{
    return e == 0 || (!bench->alone && (bench->threads == 1 || bench->rival[e - 1].parallel));
}

/* One engine on one size. */
struct series {
    int runs;
    double rate[MOST_RUNS]; /* living customer-periods per second */
    double bytes, spent;
    double distance; /* of the totals of its first run from the reference, where that is known; else NaN */
};

struct size_result {
    struct series engine[ENGINES]; /* goodwill first */
    double *by_rule;
};

struct check {
    double z[GW_WOM_AGGREGATES], largest;
};

static double rate_of(const struct bench *bench, const struct gw_wom_outcome *outcome)
{
    return outcome->total[0] / (bench->threads > 1 ? outcome->wall : outcome->cpu);
}

static void note(const struct bench *bench, struct series *series, uint32_t customers,
                 const struct gw_wom_outcome *outcome)
{
    double z[GW_WOM_AGGREGATES];
    if (series->runs == 0) {
        series->distance =
            customers == GW_WOM_REFERENCE_CUSTOMERS && bench->threads == 1 ? gw_wom_distance(outcome->total, z) : NAN;
    }
    series->rate[series->runs++] = rate_of(bench, outcome);
    series->spent += outcome->cpu;
}

static double median(const double *values, int n)
{
    double sorted[MOST_RUNS] = {0.0};
    memcpy(sorted, values, (size_t)n * sizeof *values);
    gsl_sort(sorted, 1, (size_t)n);
    return n == 0 ? NAN : gsl_stats_median_from_sorted_data(sorted, 1, (size_t)n);
}

/* How many times as fast as engine e goodwill was, run by run. */
static double ratio(const struct size_result *result, int e)
{
    double of_run[MOST_RUNS] = {0.0};
    for (int r = 0; r < result->engine[e].runs; r++) {
        of_run[r] = result->engine[0].rate[r] / result->engine[e].rate[r];
    }
    return median(of_run, result->engine[e].runs);
}

/* ---- Measuring -------------------------------------------------------------------------------------------- */

static int run_rivals(struct bench *bench, struct size_result *result, uint32_t customers, uint32_t seed,
                      struct gw_error *error)
{
    int ret = GW_OK;
    for (int e = 1; ret == GW_OK && e < ENGINES; e++) {
        struct gw_wom_outcome outcome;
        struct series *series = &result->engine[e];
        if (bench->rival[e - 1].present && series->spent < PATIENCE) {
            ret = gw_wom_rival_run(&bench->rival[e - 1], bench->graph, customers, seed, &outcome, &series->bytes,
                                   error);
            if (ret == GW_OK) {
                note(bench, series, customers, &outcome);
            }
        }
    }
    return ret;
}

static int run_all(struct bench *bench, struct gw_wom_job *job, struct size_result *result, uint32_t customers,
                   struct gw_error *error)
{
    int ret = GW_OK;
    for (int r = 0; ret == GW_OK && r < bench->runs; r++) {
        struct gw_wom_outcome outcome;
        ret = gw_wom_job_run(job, (uint32_t)r, &outcome, error);
        if (ret == GW_OK) {
            note(bench, &result->engine[0], customers, &outcome);
            ret = run_rivals(bench, result, customers, (uint32_t)r + 1, error);
        }
    }
    return ret;
}

static int measure(struct bench *bench, uint32_t customers, struct size_result *result, struct gw_error *error)
{
    struct gw_network *network = NULL;
    struct gw_wom_job *job = NULL;
    const struct gw_plan_options options_of_run = {.isa = gw_isa_best()};
    result->by_rule = calloc((size_t)gw_rule_count + 1, sizeof *result->by_rule);
    int ret = result->by_rule == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    ret = ret == GW_OK ? gw_wom_graph(&network, customers, error) : ret;
    ret = ret == GW_OK && !bench->alone ? gw_wom_graph_write(network, bench->graph, error) : ret;
    if (ret != GW_OK) {
        gw_network_free(network);
        return ret;
    }
    ret = gw_wom_job_create(&job, network, bench->threads, options_of_run, error);
    ret = ret == GW_OK ? run_all(bench, job, result, customers, error) : ret;
    ret = ret == GW_OK ? gw_wom_job_profile(job, result->by_rule, error) : ret;
    result->engine[0].bytes = ret == GW_OK ? gw_wom_job_bytes(job) : 0.0;
    gw_wom_job_free(job);
    return ret;
}

/* One run of the size whose totals are known. */
static int check_totals(struct check *check, struct gw_error *error)
{
    struct gw_network *network = NULL;
    struct gw_wom_job *job = NULL;
    const struct gw_plan_options options_of_run = {.isa = gw_isa_best()};
    struct gw_wom_outcome outcome;
    int ret = gw_wom_graph(&network, GW_WOM_REFERENCE_CUSTOMERS, error);
    ret = ret == GW_OK ? gw_wom_job_create(&job, network, 1, options_of_run, error) : ret;
    ret = ret == GW_OK ? gw_wom_job_run(job, 0, &outcome, error) : ret;
    check->largest = ret == GW_OK ? gw_wom_distance(outcome.total, check->z) : NAN;
    gw_wom_job_free(job);
    return ret;
}

/* ---- Printing --------------------------------------------------------------------------------------------- */

static const char *engine_name(const struct bench *bench, int e)
{
    return e == 0 ? "goodwill" : bench->rival[e - 1].name;
}

static void print_engine(const struct bench *bench, const struct size_result *result, int e)
{
    printf("%-26s", engine_name(bench, e));
    for (int s = 0; s < bench->sizes; s++) {
        const struct series *series = &result[s].engine[e];
        if (series->runs == 0) {
            printf("%20s", "-");
        } else if (e == 0) {
            printf("%11.1f%9s", median(series->rate, series->runs) / 1e6, "");
        } else {
            printf("%11.1f%8.1fx", median(series->rate, series->runs) / 1e6, ratio(&result[s], e));
        }
    }
    puts(e > 0 && !bench->rival[e - 1].present ? "   not installed" : "");
}

static void print_bytes(const struct bench *bench, const struct size_result *result, int e)
{
    printf("%-26s", engine_name(bench, e));
    for (int s = 0; s < bench->sizes; s++) {
        printf("%11.0f%9s", result[s].engine[e].bytes, "");
    }
    putchar('\n');
}

static void print_sizes(const struct bench *bench, const char *what)
{
    printf("\n%-26s", what);
    for (int s = 0; s < bench->sizes; s++) {
        printf("%11u%9s", bench->size[s], "");
    }
    putchar('\n');
}

static const char *rule_name(int r)
{
    return r == gw_rule_count ? "engine" : gw_rules(GW_ISA_PORTABLE)[r]->name;
}

/* How near the other engines came, where the reference says. */
static void print_distances(const struct bench *bench, const struct size_result *result)
{
    for (int e = 1; e < ENGINES; e++) {
        const struct series *series = &result->engine[e];
        if (series->runs > 0 && !isnan(series->distance)) {
            printf("; %s %.1f", engine_name(bench, e), series->distance);
        }
    }
}

static void print_table(const struct bench *bench, const struct size_result *result, const struct check *check)
{
    printf("WOM-REF-1, %d periods, instruction set %s, %d thread%s, million living customer-periods/s by %s time,\n"
           "median of %d runs in turn (fewer where one takes long); x: how many times as fast goodwill is\n",
           GW_WOM_PERIODS, gw_isa_name(gw_isa_best()), bench->threads, bench->threads > 1 ? "s" : "",
           bench->threads > 1 ? "wall" : "CPU", bench->runs);
    print_sizes(bench, "customers");
    for (int e = 0; e < ENGINES; e++) {
        if (takes_part(bench, e)) {
            print_engine(bench, result, e);
        }
    }
    print_sizes(bench, "bytes per customer");
    for (int e = 0; e < ENGINES; e++) {
        if (e == 0 || bench->rival[e - 1].present) {
            print_bytes(bench, result, e);
        }
    }
    print_sizes(bench, "ns by rule (with a clock)");
    for (int r = 0; r <= gw_rule_count; r++) {
        printf("%-26s", rule_name(r));
        for (int s = 0; s < bench->sizes; s++) {
            printf("%11.2f%9s", result[s].by_rule[r] * 1e9, "");
        }
        putchar('\n');
    }
    printf("\nTotals at %d customers against the reference: %s, largest distance %.1f sd (at most 4 pass)",
           GW_WOM_REFERENCE_CUSTOMERS, check->largest <= 4.0 ? "passed" : "FAILED", check->largest);
    for (int s = 0; s < bench->sizes; s++) {
        print_distances(bench, &result[s]);
    }
    putchar('\n');
}

static void print_json_size(const struct bench *bench, const struct size_result *result, uint32_t customers)
{
    printf("  {\"customers\": %u, \"engines\": [", customers);
    for (int e = 0, printed = 0; e < ENGINES; e++) {
        const struct series *series = &result->engine[e];
        if (series->runs > 0) {
            printf("%s\n    {\"name\": \"%s\", \"runs\": %d, \"customer_periods_per_second\": %.6g, \"goodwill_is\": "
                   "%.4g, \"bytes_per_customer\": %.1f}",
                   printed++ > 0 ? "," : "", engine_name(bench, e), series->runs, median(series->rate, series->runs),
                   ratio(result, e), series->bytes);
        }
    }
    printf("],\n   \"ns_by_rule\": {");
    for (int r = 0; r <= gw_rule_count; r++) {
        printf("%s\"%s\": %.3f", r > 0 ? ", " : "", rule_name(r), result->by_rule[r] * 1e9);
    }
    printf("}}");
}

static void print_json(const struct bench *bench, const struct size_result *result, const struct check *check)
{
    printf("{\"workload\": \"WOM-REF-1\", \"periods\": %d, \"isa\": \"%s\", \"threads\": %d, \"time\": \"%s\",\n"
           " \"check\": {\"passed\": %s, \"distance\": {",
           GW_WOM_PERIODS, gw_isa_name(gw_isa_best()), bench->threads, bench->threads > 1 ? "wall" : "cpu",
           check->largest <= 4.0 ? "true" : "false");
    for (int k = 0; k < GW_WOM_AGGREGATES; k++) {
        printf("%s\"%s\": %.3f", k > 0 ? ", " : "", gw_wom_aggregate_names[k], check->z[k]);
    }
    printf("}},\n \"sizes\": [\n");
    for (int s = 0; s < bench->sizes; s++) {
        print_json_size(bench, &result[s], bench->size[s]);
        puts(s + 1 < bench->sizes ? "," : "");
    }
    puts(" ]}");
}

/* ---- The command ------------------------------------------------------------------------------------------ */

static const struct argp_option options[] = {
    {"size", 'N', "CUSTOMERS", 0, "This size (may be repeated); default: 1e4, 1e5 and 1e6", 0},
    {"threads", 't', "COUNT", 0, "Threads of a run; with more than one, time is by the clock on the wall", 0},
    {"runs", 'r', "COUNT", 0, "Runs of each engine and size (5)", 0},
    {"alone", 'a', NULL, 0, "Without the other engines", 0},
    {"json", 'j', NULL, 0, "Print JSON", 0},
    {0}};

static double number(const char *argument, double low, double high, const char *option, struct argp_state *state)
{
    char *end = NULL;
    const double value = strtod(argument, &end);
    if (end == argument || *end != '\0' || !(value >= low && value <= high) || value != floor(value)) {
        argp_error(state, "--%s: expected a whole number from %.6g to %.6g, got '%s'", option, low, high, argument);
    }
    return value;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct bench *bench = state->input;
    switch (key) {
    case 'N':
        if (bench->sizes == MOST_SIZES) {
            argp_error(state, "--size: at most %d times", MOST_SIZES);
        }
        bench->size[bench->sizes++] = (uint32_t)number(argument, 10, 1e8, "size", state);
        return 0;
    case 't':
        bench->threads = (int)number(argument, 1, MOST_THREADS, "threads", state);
        return 0;
    case 'r':
        bench->runs = (int)number(argument, 1, MOST_RUNS, "runs", state);
        return 0;
    case 'a':
        bench->alone = true;
        return 0;
    case 'j':
        bench->json = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The folder of the other engines' programs: share/goodwill/wom-ref-1 beside this program or beside its folder. */
static bool find_folder(char *path, size_t room)
{
    static const char *const places[] = {"", "/.."};
    char own[PATH_MAX] = "";
    if (readlink("/proc/self/exe", own, sizeof own - 1) < 0) {
        return false;
    }
    const char *folder = dirname(own);
    for (int k = 0; k < 2; k++) {
        snprintf(path, room, "%s%s/share/goodwill/wom-ref-1", folder, places[k]);
        if (access(path, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* An empty file for the graph, and programs that are ready to read it. */
static int start_rivals(struct bench *bench, struct gw_error *error)
{
    char folder[PATH_MAX + 64];
    const char *temporary = getenv("TMPDIR");
    snprintf(bench->graph, sizeof bench->graph, "%s/goodwill-XXXXXX",
             temporary != NULL && strlen(temporary) < 32 ? temporary : "/tmp");
    const int fd = mkstemp(bench->graph);
    if (fd < 0) {
        bench->graph[0] = '\0';
        return gw_fail(error, GW_IO, "cannot make a temporary file for the graph");
    }
    close(fd);
    if (find_folder(folder, sizeof folder)) {
        for (int e = 0; e < ENGINES - 1; e++) {
            if (takes_part(bench, e + 1)) {
                gw_wom_rival_start(&bench->rival[e], folder, bench->threads);
            }
        }
    }
    return GW_OK;
}

static void stop_rivals(struct bench *bench)
{
    for (int e = 0; e < ENGINES - 1; e++) {
        gw_wom_rival_stop(&bench->rival[e]);
    }
    if (bench->graph[0] != '\0') {
        unlink(bench->graph);
    }
}

static int run(struct bench *bench, struct gw_error *error)
{
    struct size_result *result = calloc((size_t)bench->sizes, sizeof *result);
    struct check check;
    int ret = result == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : check_totals(&check, error);
    ret = ret == GW_OK && !bench->alone ? start_rivals(bench, error) : ret;
    for (int s = 0; ret == GW_OK && s < bench->sizes; s++) {
        ret = measure(bench, bench->size[s], &result[s], error);
    }
    if (ret == GW_OK) {
        (bench->json ? print_json : print_table)(bench, result, &check);
        ret = check.largest <= 4.0 ? GW_OK : GW_FAILED;
    }
    stop_rivals(bench);
    for (int s = 0; result != NULL && s < bench->sizes; s++) {
        free(result[s].by_rule);
    }
    free(result);
    return ret;
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "Runs the common workload WOM-REF-1 (word of mouth among customers on a scale-free graph) on goodwill and, "
        "where they are installed, on numba, NumPy and plain Python, in turn. Its totals are held against reference "
        "values.",
        NULL,
        NULL,
        NULL};
    struct bench bench = {.threads = 1,
                          .runs = 5,
                          .rival = {{.name = "numba, push", .script = "numba_push.py", .parallel = true},
                                    {.name = "NumPy, push", .script = "numpy_push.py"},
                                    {.name = "plain Python", .script = "plain_python.py"}}};
    struct gw_error error = {0};
    char name[] = "goodwill bench wom-ref-1";
    signal(SIGPIPE, SIG_IGN);
    argp_err_exit_status = GW_BAD_INPUT;
    gsl_set_error_handler_off();
    argv[0] = name;
    argp_parse(&argp, argc, argv, 0, NULL, &bench);
    if (bench.sizes == 0) {
        bench.sizes = 3;
        bench.size[0] = 10000, bench.size[1] = 100000, bench.size[2] = 1000000;
    }
    const int ret = run(&bench, &error);
    if (error.text[0] != '\0') {
        fprintf(stderr, "goodwill: %s\n", error.text);
    }
    return ret;
}
