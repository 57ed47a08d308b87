/* goodwill check: validates a scenario, prints it resolved, and says what a run will take. */
#include "cli/command.h"
#include "cli/experiment.h"
#include "cli/simulate.h"
#include "experiment/compare.h"
#include "scenario/crowding.h"

#include <stdio.h>
#include <time.h>

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds per customer and period, measured on a few periods of the scenario itself. */
static int measure(const struct gw_plan *plan, double *seconds, struct gw_error *error)
{
    struct gw_worker *worker = NULL;
    uint32_t periods = 0;
    int ret = gw_worker_create(&worker, plan, 1, error);
    ret = ret == GW_OK ? gw_worker_start(worker, 0, error) : ret;
    const double started = cpu_seconds();
    while (ret == GW_OK && periods < 50 && cpu_seconds() - started < 0.3) {
        ret = gw_worker_period(worker, error);
        periods++;
    }
    *seconds = (cpu_seconds() - started) / ((double)periods * (double)plan->scenario->population);
    gw_worker_free(worker);
    return ret;
}

static void print_network(const struct gw_plan *plan)
{
    const struct gw_scenario *s = plan->scenario;
    const char *name = gw_network_name(s->network.kind);
    const struct gw_network *n = plan->network;
    if (s->network.kind == GW_NETWORK_NONE) {
        printf("# network: none\n");
    } else if (n == NULL) {
        printf("# network: %s, drawn anew in each replication, %.2f neighbours on average, %.1f MB a thread\n", name,
               gw_connect_mean_degree(&s->network, s->population),
               (double)gw_connect_bytes(&s->network, s->population) / 1e6);
    } else {
        printf("# network: %s, %.2f neighbours on average, %u at most, %.1f MB\n", name, gw_network_mean_degree(n),
               n->max_degree, (double)gw_plan_network_bytes(plan) / 1e6);
    }
    if (n != NULL && n->dropped > 0) {
        printf("# network: %lu edges erased that were loops or repetitions\n", n->dropped);
    }
}

static void print_prediction(const struct gw_plan *plan, int threads, double seconds)
{
    struct gw_prediction p;
    const struct gw_scenario *s = plan->scenario;
    gw_predict(plan, threads, &p);
    print_network(plan);
    const double journal = (double)p.record_bytes * s->replications;
    const double total = p.customer_periods * s->replications * seconds / threads;
    const double least = s->precision.half_width > 0.0 ? (double)s->precision.least / s->replications : 1.0;
    printf("# memory: %.0f MB with %d threads (population %.0f MB a thread, network %.0f MB, results %.0f MB)\n",
           (double)p.bytes_total / 1e6, threads, (double)p.bytes_per_thread / 1e6, (double)p.bytes_shared / 1e6,
           (double)p.bytes_results / 1e6);
    if (least < 1.0) {
        printf("# replications: %u to %u, until the precision is reached; memory is that of the most\n",
               s->precision.least, s->precision.most);
        printf("# files: journal %.1f to %.1f MB, run file at most as much\n", least * journal / 1e6, journal / 1e6);
        printf("# time: about %.0f to %.0f s on %d threads\n", least * total, total, threads);
        return;
    }
    printf("# files: journal %.1f MB, run file at most %.1f MB\n", journal / 1e6, journal / 1e6);
    printf("# time: about %.0f s on %d threads\n", total, threads);
}

static int predict_part(const struct gw_simulate *simulate, enum gw_part kind, const struct gw_part_spec *spec,
                        double seconds_each, struct gw_error *error)
{
    uint64_t replications;
    const int ret = gw_experiment_foretell(simulate, kind, spec, &replications, error);
    if (ret == GW_OK) {
        printf("# experiment %s: about %llu replications, %.0f s\n", spec->name, (unsigned long long)replications,
               (double)replications * seconds_each / gw_simulate_threads(simulate));
    }
    return ret;
}

static int predict_parts(const struct gw_simulate *simulate, const struct gw_scenario *scenario,
                         const struct gw_plan *plan, double seconds, struct gw_error *error)
{
    const struct gw_experiment *e = scenario->experiment;
    struct gw_prediction p;
    int ret = GW_OK;
    gw_predict(plan, 1, &p);
    for (int kind = 0; e != NULL && kind < GW_PARTS; kind++) {
        for (int i = 0; i < e->parts[kind] && ret == GW_OK; i++) {
            const struct gw_part_spec spec = gw_experiment_spec(simulate, scenario, (enum gw_part)kind, i);
            ret = predict_part(simulate, (enum gw_part)kind, &spec, seconds * p.customer_periods, error);
        }
    }
    return ret;
}

/* Several occasions in a period share one choice and one experience; says so where that happens often. */
static int warn_of_crowding(const struct gw_scenario *s, struct gw_error *error)
{
    static const char *const names[] = {"day", "week", "month"};
    double share = 0.0, by_day = 0.0;
    int ret = gw_scenario_crowding(s, s->years, &share, error);
    ret = ret == GW_OK ? gw_scenario_crowding(s, 1.0 / 364.0, &by_day, error) : ret;
    if (ret == GW_OK && share > GW_CROWDED && s->period != GW_DAY) {
        fprintf(
            stderr,
            "warning: in %.0f%% of all %ss a consumer has more than one occasion; all of them count, but they share "
            "one choice and the luck of one experience, and none follows one that ended the relation; with period: "
            "day it is %.1f%%\n",
            100.0 * share, names[s->period], 100.0 * by_day);
    }
    return ret;
}

static int run(int argc, char **argv)
{
    static const struct argp_child children[] = {{&gw_scenario_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {NULL,
                                     gw_pass_on,
                                     NULL,
                                     "Checks a scenario and prints it in full, defaults included, with the memory, "
                                     "files and time that a run will take.",
                                     children,
                                     NULL,
                                     NULL};
    struct gw_simulate simulate = {0};
    struct gw_scenario *scenario = NULL;
    struct gw_plan *plan = NULL;
    struct gw_error error = {0};
    struct gw_prediction prediction;
    double seconds = 0.0;
    argp_parse(&argp, argc, argv, 0, NULL, &simulate);
    const int threads = simulate.threads > 0 ? simulate.threads : gw_processors();
    int ret = gw_simulate_load(&simulate, &scenario, &error);
    if (ret == GW_OK) {
        fputs(scenario->resolved, stdout);
        ret = gw_plan_create(&plan, scenario, (struct gw_plan_options){.isa = gw_isa_best(), .connect_later = true},
                             &error);
    }
    if (ret == GW_OK) {
        gw_predict(plan, threads, &prediction);
        ret = gw_compare_check(plan, &error);
        ret = ret == GW_OK ? gw_compare_fits(&prediction, &error) : ret;
        ret = ret == GW_OK ? gw_plan_connect(plan, &error) : ret;
    }
    ret = ret == GW_OK ? warn_of_crowding(scenario, &error) : ret;
    ret = ret == GW_OK ? measure(plan, &seconds, &error) : ret;
    if (ret == GW_OK) {
        print_prediction(plan, threads, seconds);
        ret = predict_parts(&simulate, scenario, plan, seconds, &error);
    }
    if (ret == GW_OK) {
        fprintf(stderr, "The scenario is valid. Next: goodwill run %s\n", simulate.scenario);
    } else {
        gw_report(&error);
    }
    gw_plan_free(plan);
    gw_scenario_free(scenario);
    return ret;
}

const struct gw_command gw_command_check = {
    "check", "SCENARIO", "validate a scenario; print it resolved, with memory, files and time of a run", run};
