/* The commands that ask what follows from many runs: one driver, the instruments are in sim/experiment. */
#include "cli/experiment.h"

#include "cli/command.h"
#include "cli/progress.h"
#include "experiment/experiment.h"
#include "experiment/instruments.h"
#include "experiment/provenance.h"
#include "output/journal.h"
#include "output/reports.h"
#include "output/runfile.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_OF = 1200, OPTION_OVER, OPTION_X, OPTION_Y, OPTION_PART };

struct arguments {
    struct gw_simulate simulate;
    enum gw_part kind;
    const char *part; /* NULL: all of this kind */
    enum gw_answer_form form;
    char sugar[8][GW_CHANGE_BYTES]; /* changes of the block that options stand for */
    int sugars;
};

/* ---- Options ------------------------------------------------------------------------------------------------------
 */

#define COMMON_OPTIONS                                                                                               \
    {"csv", 'c', NULL, 0, "Tables in long format, full precision", 0},                                               \
        {"json", 'j', NULL, 0, "The same as JSON", 0},                                                               \
        {"part", OPTION_PART, "NAME", 0, "Of several in the file only this one", 0},                                 \
    {                                                                                                                \
        "of", OPTION_OF, "MEASURE", 0,                                                                               \
            "What is asked (default: company value; of each strategy in sweep and decide, else last minus first)", 0 \
    }

static const struct argp_option over_options[] = {
    COMMON_OPTIONS,
    {"over", OPTION_OVER, "INPUT,...", 0,
     "What is varied: keys, or inputs such as {key: firms.us.unit_cost, from: 0.4, to: 0.7}", 0},
    {0}};
static const struct argp_option frontier_options[] = {
    COMMON_OPTIONS,
    {"x", OPTION_X, "INPUT", 0, "What is varied: a key, or {key: firms.us.unit_cost, from: 0.4, to: 0.7}", 0},
    {"y", OPTION_Y, "INPUT", 0, "The other direction of the map", 0},
    {0}};
static const struct argp_option plain_options[] = {COMMON_OPTIONS, {0}};

/* "--x INPUT" is "experiment.frontier.x=INPUT". */
static void say_in_block(struct arguments *a, struct argp_state *state, const char *key, const char *before,
                         const char *value, const char *after)
{
    if (a->sugars == (int)(sizeof a->sugar / sizeof *a->sugar)) {
        argp_error(state, "too many options");
    }
    char *text = a->sugar[a->sugars++];
    if (snprintf(text, GW_CHANGE_BYTES, "experiment.%s.%s=%s%s%s", gw_part_name(a->kind), key, before, value,
                 after) >= GW_CHANGE_BYTES) {
        argp_error(state, "the value of --%s is too long", key);
    }
    gw_simulate_override(&a->simulate, state, text);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->simulate;
        return 0;
    case 'c':
        a->form = GW_ANSWER_CSV;
        return 0;
    case 'j':
        a->form = GW_ANSWER_JSON;
        return 0;
    case OPTION_PART:
        a->part = argument;
        return 0;
    case OPTION_OF:
        say_in_block(a, state, "of", "", argument, "");
        return 0;
    case OPTION_OVER:
        say_in_block(a, state, "over", "[", argument, "]");
        return 0;
    case OPTION_X:
        say_in_block(a, state, "x", "", argument, "");
        return 0;
    case OPTION_Y:
        say_in_block(a, state, "y", "", argument, "");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- One part
 * ------------------------------------------------------------------------------------------------------ */

/* The changes of the command line, a line each: they may concern the experiment alone. */
static char *join_overrides(const struct gw_simulate *simulate)
{
    size_t length = 1;
    for (size_t i = 0; i < simulate->overrides; i++) {
        length += strlen(simulate->override[i]) + 1;
    }
    char *text = calloc(length, 1);
    for (size_t i = 0; text != NULL && i < simulate->overrides; i++) {
        strcat(strcat(text, i == 0 ? "" : "\n"), simulate->override[i]);
    }
    return text;
}

/* The run file of the very same experiment, or NULL. */
static struct gw_dataset *earlier(const struct gw_simulate *simulate, const struct gw_scenario *scenario,
                                  const char *path, const char *overrides)
{
    struct gw_dataset *dataset = NULL;
    struct gw_error ignored = {0};
    if (simulate->force || access(path, R_OK) != 0 || gw_runfile_read(&dataset, path, &ignored) != GW_OK) {
        return NULL;
    }
    if (gw_dataset_says(dataset, "scenario", scenario->text) &&
        gw_dataset_says(dataset, "resolved", scenario->resolved) &&
        gw_dataset_says(dataset, "overrides", overrides) && gw_dataset_says(dataset, "version", gw_version())) {
        fprintf(stderr, "%s holds this very experiment; it is not run again (--force would).\n", path);
        return dataset;
    }
    gw_dataset_free(dataset);
    return NULL;
}

static void show(void *context, uint64_t done, uint64_t total)
{
    gw_progress_show(context, done, total);
}

struct gw_part_spec gw_experiment_spec(const struct gw_simulate *simulate, const struct gw_scenario *scenario,
                                       enum gw_part kind, int number)
{
    struct gw_part_spec spec = scenario->experiment->part[kind][number];
    if (simulate->replications[0] != '\0') {
        spec.replications = scenario->replications;
    }
    return spec;
}

int gw_experiment_foretell(const struct gw_simulate *simulate, enum gw_part kind, const struct gw_part_spec *spec,
                           uint64_t *replications, struct gw_error *error)
{
    struct gw_dataset *dataset = NULL;
    const struct gw_lab_options options = {.scenario = simulate->scenario,
                                           .override = simulate->override,
                                           .overrides = simulate->overrides,
                                           .threads = gw_simulate_threads(simulate),
                                           .foretold = replications};
    *replications = 0;
    const int ret = gw_instrument_of(kind)(&options, spec, &dataset, error);
    gw_dataset_free(dataset);
    return ret == GW_STOPPED ? GW_OK : ret;
}

#define LONG_MINUTES 5.0
#define USUAL_SPEED 15e6 /* customers times periods, a second and thread */
enum { USUAL_SAMPLE = 1000 };

/* Many replications of a large population are long: says so before they begin, and what would help. */
static void warn_of_length(const struct gw_simulate *simulate, const struct gw_scenario *s, uint64_t replications)
{
    const double periods = (double)s->warm_up + (double)s->horizon * (double)s->strategies;
    const double each = (double)s->population * periods / USUAL_SPEED / gw_simulate_threads(simulate);
    const double minutes = (double)replications * each / 60.0;
    if (minutes > LONG_MINUTES && s->population > 2 * USUAL_SAMPLE) {
        fprintf(
            stderr,
            "note: about %llu replications of %u consumers may take %.0f minutes; --set population.sample=%d lets "
            "%d stand for all, in a %.0fth of the time.\n",
            (unsigned long long)replications, s->population, minutes, USUAL_SAMPLE, USUAL_SAMPLE,
            (double)s->population / USUAL_SAMPLE);
    }
}

static int simulate_part(struct gw_simulate *simulate, const struct gw_scenario *scenario, enum gw_part kind,
                         const struct gw_part_spec *spec, const char *path, struct gw_dataset **dataset,
                         struct gw_error *error)
{
    uint64_t replications;
    const int tried = gw_experiment_foretell(simulate, kind, spec, &replications, error);
    if (tried != GW_OK) {
        return tried;
    }
    warn_of_length(simulate, scenario, replications);
    struct gw_progress progress;
    char journal[4096 + 16];
    (void)snprintf(journal, sizeof journal, "%s.journal", path);
    const struct gw_lab_options options = {.scenario = simulate->scenario,
                                           .override = simulate->override,
                                           .overrides = simulate->overrides,
                                           .journal = journal,
                                           .resume = simulate->resume && access(journal, F_OK) == 0,
                                           .force = simulate->force,
                                           .threads = gw_simulate_threads(simulate),
                                           .stop = gw_watch_signals(),
                                           .progress = show,
                                           .context = &progress};
    const bool begun = access(journal, F_OK) == 0; /* by somebody else: not ours to remove */
    gw_progress_start(&progress, simulate->quiet);
    const int ret = gw_instrument_of(kind)(&options, spec, dataset, error);
    gw_progress_end(&progress);
    if (ret == GW_STOPPED) {
        char command[128];
        (void)snprintf(command, sizeof command, "%s --part %s", gw_part_name(kind), spec->name);
        fprintf(stderr, "Stopped: what is finished is kept in %s.\n", journal);
        gw_simulate_say_resume(simulate, command, path);
    } else if (ret == GW_BAD_INPUT && !begun) {
        (void)gw_journal_remove(journal, NULL); /* of an experiment that cannot be */
    }
    return gw_status_of_signal(ret);
}

static int publish(struct gw_dataset *dataset, const struct gw_simulate *simulate, const char *path,
                   const char *overrides, struct gw_error *error)
{
    if (gw_dataset_add_attribute(dataset, "overrides", overrides) < 0) {
        return gw_fail(error, GW_REFUSED, "out of memory");
    }
    return gw_runfile_write(path, dataset, simulate->force || simulate->resume, error);
}

static int place(const struct gw_simulate *simulate, const struct gw_scenario *scenario,
                 const struct gw_part_spec *spec, const char *directory, char *path, size_t room,
                 struct gw_error *error)
{
    const char *slash = directory[0] == '\0' ? "" : "/";
    const int length = simulate->output != NULL
                           ? snprintf(path, room, "%s", simulate->output)
                           : snprintf(path, room, "%s%s%s.%s.h5", directory, slash, scenario->name, spec->name);
    return length < (int)room ? GW_OK : gw_fail(error, GW_BAD_INPUT, "the path of the run file is too long");
}

int gw_experiment_part(struct gw_simulate *simulate, const struct gw_scenario *scenario, enum gw_part kind,
                       int number, const char *directory, char *path, size_t room, struct gw_dataset **dataset,
                       struct gw_error *error)
{
    const struct gw_part_spec part = gw_experiment_spec(simulate, scenario, kind, number), *spec = &part;
    char *overrides = join_overrides(simulate);
    int ret = overrides == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    ret = ret == GW_OK ? place(simulate, scenario, spec, directory, path, room, error) : ret;
    *dataset = ret == GW_OK ? earlier(simulate, scenario, path, overrides) : NULL;
    if (ret == GW_OK && *dataset == NULL) {
        ret = gw_runfile_check(path, simulate->force || simulate->resume, error);
        ret = ret == GW_OK ? simulate_part(simulate, scenario, kind, spec, path, dataset, error) : ret;
        ret = ret == GW_OK ? publish(*dataset, simulate, path, overrides, error) : ret;
    }
    if (ret != GW_OK) {
        gw_dataset_free(*dataset);
        *dataset = NULL;
    }
    free(overrides);
    return ret;
}

/* ---- The commands
 * --------------------------------------------------------------------------------------------------- */

static bool is_asked(const struct arguments *a, const struct gw_part_spec *spec)
{
    return a->part == NULL || strcmp(a->part, spec->name) == 0;
}

static int count_asked(const struct arguments *a, const struct gw_scenario *scenario)
{
    const struct gw_experiment *e = scenario->experiment;
    int n = 0;
    for (int i = 0; e != NULL && i < e->parts[a->kind]; i++) {
        n += is_asked(a, &e->part[a->kind][i]);
    }
    return n;
}

static int check_parts(const struct arguments *a, const struct gw_scenario *scenario, struct gw_error *error)
{
    const int n = count_asked(a, scenario);
    const char *name = gw_part_name(a->kind);
    if (n == 0 && a->part != NULL) {
        return gw_fail(error, GW_BAD_INPUT, "%s has no part experiment.%s called '%s'", a->simulate.scenario, name,
                       a->part);
    }
    if (n > 1 && a->simulate.output != NULL) {
        return gw_fail(error, GW_BAD_INPUT, "there are %d parts and one file: --part NAME chooses", n);
    }
    return n > 0 ? GW_OK
                 : gw_fail(error, GW_BAD_INPUT,
                           "%s does not say what to do: it has no experiment.%s; 'goodwill %s --help' and "
                           "docs/experiments.md have examples",
                           a->simulate.scenario, name, name);
}

static int run_part(struct arguments *a, const struct gw_scenario *scenario, int number, struct gw_error *error)
{
    struct gw_dataset *dataset = NULL;
    char path[4096];
    int ret = gw_experiment_part(&a->simulate, scenario, a->kind, number, "", path, sizeof path, &dataset, error);
    ret = ret == GW_OK ? gw_summary_write(dataset, a->form, stdout, error) : ret;
    if (ret == GW_OK) {
        fflush(stdout);
        fprintf(stderr, "\nResults: %s. Next: goodwill plot %s\n", path, path);
    }
    gw_dataset_free(dataset);
    return ret;
}

/* --over and --x make the part where the file has none, and take the place of what it has. */
static int run(enum gw_part kind, const struct argp_option *options, const char *doc, int argc, char **argv)
{
    static const struct argp_child children[] = {{&gw_simulate_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options, parse, NULL, doc, children, NULL, NULL};
    struct arguments a = {.kind = kind, .form = GW_ANSWER_TEXT};
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &a);
    int ret = gw_simulate_load(&a.simulate, &scenario, &error);
    ret = ret == GW_OK ? check_parts(&a, scenario, &error) : ret;
    for (int i = 0; ret == GW_OK && i < scenario->experiment->parts[kind]; i++) {
        if (is_asked(&a, &scenario->experiment->part[kind][i])) {
            ret = run_part(&a, scenario, i, &error);
        }
    }
    if (error.status != GW_OK) {
        gw_report(&error);
    }
    gw_scenario_free(scenario);
    return ret;
}

static int run_sweep(int argc, char **argv)
{
    return run(GW_SWEEP, over_options,
               "Runs a scenario at many settings of its keys: a grid, a list, a Latin hypercube or a Sobol sequence.",
               argc, argv);
}

static int run_sensitivity(int argc, char **argv)
{
    return run(GW_SENSITIVITY, over_options,
               "Says what drives the result: tornado, Morris' screening, Sobol's indices with luck taken out.", argc,
               argv);
}

static int run_frontier(int argc, char **argv)
{
    return run(GW_FRONTIER, frontier_options,
               "Finds where the winner changes: the break-even of one input, or its line across two.", argc, argv);
}

static int run_decide(int argc, char **argv)
{
    return run(GW_DECIDE, plain_options,
               "Says which strategy to choose with what is not known, and what it is worth to find out first.", argc,
               argv);
}

static int run_optimise(int argc, char **argv)
{
    return run(GW_OPTIMISE, plain_options, "Splits a budget over levers and time.", argc, argv);
}

const struct gw_command gw_command_sweep = {"sweep", "SCENARIO [--over INPUT,...]", "run a scenario at many settings",
                                            run_sweep};
const struct gw_command gw_command_sensitivity = {"sensitivity", "SCENARIO [--over INPUT,...]",
                                                  "what drives the result", run_sensitivity};
const struct gw_command gw_command_frontier = {"frontier", "SCENARIO [--x INPUT [--y INPUT]]",
                                               "when the winner changes", run_frontier};
const struct gw_command gw_command_decide = {"decide", "SCENARIO",
                                             "which strategy, how sure, and what to find out first", run_decide};
const struct gw_command gw_command_optimise = {"optimise", "SCENARIO", "the best use of a budget", run_optimise};
