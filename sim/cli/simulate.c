#include "cli/simulate.h"

#include "cli/command.h"
#include "cli/progress.h"
#include "cli/shipped.h"
#include "experiment/compare.h"
#include "world/world.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t stop_signal;

static void on_signal(int number)
{
    if (stop_signal != 0) {
        _exit(128 + number); /* the second time the user means it */
    }
    stop_signal = number;
}

const volatile sig_atomic_t *gw_watch_signals(void)
{
    struct sigaction action = {0};
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &stop_signal;
}

int gw_status_of_signal(int status)
{
    return status == GW_STOPPED && stop_signal == SIGTERM ? GW_TERMINATED : status;
}

int gw_processors(void)
{
    return omp_get_num_procs();
}

enum { OPTION_SET = 1000, OPTION_WITH, OPTION_UNTIL, OPTION_RESUME, OPTION_FORCE };

static const struct argp_option change_options[] = {
    {"set", OPTION_SET, "KEY=VALUE", 0, "Change a key of the scenario, e.g. firms.us.price=0.9 (may be repeated)", 0},
    {"with", OPTION_WITH, "PRESET|FILE", 0,
     "Lay part of a scenario over it: a preset by its name, as contrary evidence has it, or a file (may be repeated)",
     0},
    {"replications", 'n', "N", 0, "Number of replications", 0},
    {"until", OPTION_UNTIL, "WIDTH", 0,
     "Replications go on until company values and their differences are known to +-WIDTH, 2% or 1000: short for "
     "--set precision.half_width=WIDTH",
     0},
    {"seed", 's', "S", 0, "Seed of all chance", 0},
    {"threads", 't', "N", 0, "Threads (default: all processors); results do not depend on it", 0},
    {0}};

static const struct argp_option run_options[] = {
    {"output", 'o', "RUN.h5", 0, "Run file (default: the scenario's name with .h5)", 0},
    {"force", OPTION_FORCE, NULL, 0, "Overwrite the run file, discard an unfinished run", 0},
    {"resume", OPTION_RESUME, NULL, 0, "Continue an unfinished run from its journal", 0},
    {"quiet", 'q', NULL, 0, "No progress", 0},
    {0}};

void gw_simulate_override(struct gw_simulate *simulate, struct argp_state *state, const char *text)
{
    if (simulate->overrides == GW_MAX_OVERRIDES) {
        argp_error(state, "more than %d changes", GW_MAX_OVERRIDES);
    }
    simulate->override[simulate->overrides++] = text;
}

/* Ends the program with the names there are. */
static void refuse_preset(struct argp_state *state, const char *name)
{
    char names[2000] = "";
    glob_t found;
    if (gw_shipped_find("presets/*.yaml", &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            const char *file = strrchr(found.gl_pathv[i], '/') + 1;
            const size_t at = strlen(names);
            (void)snprintf(names + at, sizeof names - at, "%s%.*s", i == 0 ? "" : ", ", (int)strcspn(file, "."),
                           file);
        }
    }
    globfree(&found);
    argp_error(state, "--with: no preset and no file '%s'; presets: %s", name, names);
}

/* "presets/NAME.yaml" of those that are shipped; any other text is the path of a file. */
static void lay_over(struct gw_simulate *simulate, struct argp_state *state, const char *name)
{
    char pattern[512];
    glob_t found = {0};
    if (simulate->overlays == GW_MAX_OVERLAYS) {
        argp_error(state, "more than %d files laid over a scenario", GW_MAX_OVERLAYS);
    }
    char *overlay = simulate->overlay[simulate->overlays++];
    (void)snprintf(pattern, sizeof pattern, "presets/%s.yaml", name);
    const bool shipped = strpbrk(name, "/.*?[") == NULL && gw_shipped_find(pattern, &found) == 0;
    if (!shipped && access(name, F_OK) != 0) {
        refuse_preset(state, name);
    }
    const int length = snprintf(overlay, sizeof simulate->overlay[0], "@%s", shipped ? found.gl_pathv[0] : name);
    globfree(&found);
    if (length >= (int)sizeof simulate->overlay[0]) {
        argp_error(state, "--with: the path is too long");
    }
    gw_simulate_override(simulate, state, overlay);
}

static int positive(struct argp_state *state, const char *what, const char *text)
{
    char *end = NULL;
    const long n = strtol(text, &end, 10);
    if (end == text || *end != '\0' || n < 1 || n > 4096) {
        argp_error(state, "%s: expected a number from 1 to 4096, got '%s'", what, text);
    }
    return (int)n;
}

static error_t parse_change(int key, char *argument, struct argp_state *state)
{
    struct gw_simulate *simulate = state->input;
    switch (key) {
    case OPTION_SET:
        gw_simulate_override(simulate, state, argument);
        return 0;
    case OPTION_WITH:
        lay_over(simulate, state, argument);
        return 0;
    case 'n':
        snprintf(simulate->replications, sizeof simulate->replications, "replications=%s", argument);
        return 0;
    case OPTION_UNTIL:
        snprintf(simulate->until, sizeof simulate->until, "precision.half_width=%s", argument);
        return 0;
    case 's':
        snprintf(simulate->seed, sizeof simulate->seed, "seed=%s", argument);
        return 0;
    case 't':
        simulate->threads = positive(state, "--threads", argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp gw_change_argp = {change_options, parse_change, NULL, NULL, NULL, NULL, NULL};

static error_t parse_scenario(int key, char *argument, struct argp_state *state)
{
    struct gw_simulate *simulate = state->input;
    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = simulate;
        return 0;
    }
    return gw_take_one(key, argument, state, &simulate->scenario, "scenario");
}

static const struct argp_child change_child[] = {{&gw_change_argp, 0, NULL, 0}, {0}};
const struct argp gw_scenario_argp = {NULL, parse_scenario, "SCENARIO", NULL, change_child, NULL, NULL};

static error_t parse_run(int key, char *argument, struct argp_state *state)
{
    struct gw_simulate *simulate = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = simulate;
        return 0;
    case 'o':
        simulate->output = argument;
        return 0;
    case OPTION_FORCE:
        simulate->force = true;
        return 0;
    case OPTION_RESUME:
        simulate->resume = true;
        return 0;
    case 'q':
        simulate->quiet = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child scenario_child[] = {{&gw_scenario_argp, 0, NULL, 0}, {0}};
const struct argp gw_simulate_argp = {run_options, parse_run, NULL, NULL, scenario_child, NULL, NULL};

error_t gw_pass_on(int key, char *argument, struct argp_state *state)
{
    (void)argument;
    if (key != ARGP_KEY_INIT) {
        return ARGP_ERR_UNKNOWN;
    }
    state->child_inputs[0] = state->input;
    return 0;
}

/* Warnings are a line each. A lesson leaves the plausible range on purpose: then only those about --set are told. */
static void print_warnings(const char *text, bool lesson)
{
    while (*text != '\0') {
        const int line = (int)strcspn(text, "\n");
        if (!lesson || strncmp(text, "--set", 5) == 0) {
            fprintf(stderr, "warning: %.*s\n", line, text);
        }
        text += line + (text[line] == '\n');
    }
}

/* Says so when an edge list or a sample changes the size of the market. */
static int settle_size(struct gw_scenario *scenario, struct gw_error *error)
{
    const uint32_t stated = scenario->population;
    const int ret = gw_world_size(scenario, error);
    if (ret == GW_OK && scenario->sample > 0 && scenario->population != stated) {
        fprintf(stderr, "note: %u consumers stand for %u; money per week and agents are scaled to them.\n",
                scenario->population, stated);
    } else if (ret == GW_OK && scenario->population_given && scenario->population != stated) {
        fprintf(stderr, "note: the network has %u people, not %u: money per week and agents are scaled to them.\n",
                scenario->population, stated);
    }
    return ret;
}

static int load(struct gw_simulate *simulate, struct gw_scenario **scenario, struct gw_error *error)
{
    return gw_scenario_load_variant(scenario, simulate->scenario, simulate->variant, simulate->override,
                                    simulate->overrides, error);
}

/* A number of replications on the command line is meant: no precision of the file stands above it. */
static int load_with_number(struct gw_simulate *simulate, struct gw_scenario **scenario, struct gw_error *error)
{
    simulate->override[simulate->overrides++] = simulate->replications;
    const int ret = load(simulate, scenario, error);
    if (ret != GW_OK || (*scenario)->precision.half_width == 0.0) {
        return ret;
    }
    gw_scenario_free(*scenario);
    simulate->override[simulate->overrides++] = "precision=none";
    return load(simulate, scenario, error);
}

int gw_simulate_load(struct gw_simulate *simulate, struct gw_scenario **scenario, struct gw_error *error)
{
    const bool number = simulate->replications[0] != '\0', until = simulate->until[0] != '\0';
    if (number && until) {
        return gw_fail(error, GW_BAD_INPUT, "--until decides how many replications there are: no --replications");
    }
    if (simulate->seed[0] != '\0') {
        simulate->override[simulate->overrides++] = simulate->seed;
    }
    if (until) {
        simulate->override[simulate->overrides++] = simulate->until;
    }
    int ret = number ? load_with_number(simulate, scenario, error) : load(simulate, scenario, error);
    if (ret == GW_OK) {
        print_warnings((*scenario)->warnings, (*scenario)->lesson != NULL);
        ret = settle_size(*scenario, error);
    }
    return ret;
}

static const char *output_of(struct gw_simulate *simulate, const struct gw_scenario *scenario)
{
    if (simulate->output == NULL) {
        snprintf(simulate->default_output, sizeof simulate->default_output, "%s.h5", scenario->name);
        simulate->output = simulate->default_output;
    }
    return simulate->output;
}

static void show(void *context, uint64_t done, uint64_t total)
{
    gw_progress_show(context, done, total);
}

/* In single quotes, so that a shell gives it back as it is. */
static void print_quoted(const char *text)
{
    fputc('\'', stderr);
    for (; *text != '\0'; text++) {
        fputs(*text == '\'' ? "'\\''" : (const char[]){*text, '\0'}, stderr);
    }
    fputc('\'', stderr);
}

void gw_simulate_say_resume(const struct gw_simulate *simulate, const char *command, const char *output)
{
    fprintf(stderr, "Continue with: goodwill %s %s", command, simulate->scenario);
    for (size_t i = 0; i < simulate->overrides; i++) {
        const bool overlay = simulate->override[i][0] == '@';
        fputs(overlay ? " --with " : " --set ", stderr);
        print_quoted(simulate->override[i] + overlay);
    }
    fprintf(stderr, " -o %s --resume\n", output);
}

static void say_stopped(const struct gw_simulate *simulate, const struct gw_compare *compare, uint32_t asked)
{
    fprintf(stderr, "Stopped: %u of %u replications are kept in %s.\n", compare->finished, asked, compare->journal);
    gw_simulate_say_resume(simulate, "run", simulate->output);
}

int gw_simulate_threads(const struct gw_simulate *simulate)
{
    return simulate->threads > 0 ? simulate->threads : gw_processors();
}

int gw_simulate_run(struct gw_simulate *simulate, struct gw_scenario *scenario, struct gw_dataset **dataset,
                    struct gw_error *error)
{
    struct gw_progress progress;
    struct gw_compare compare = {.output = simulate->in_memory ? NULL : output_of(simulate, scenario),
                                 .force = simulate->force,
                                 .resume = simulate->resume,
                                 .threads = gw_simulate_threads(simulate),
                                 .stop = gw_watch_signals(),
                                 .progress = show,
                                 .context = &progress};
    gw_progress_start(&progress, simulate->quiet);
    const int ret = gw_compare_run(&compare, scenario, dataset, error);
    gw_progress_end(&progress);
    if (ret == GW_STOPPED && !simulate->in_memory) {
        say_stopped(simulate, &compare, scenario->replications);
    }
    return gw_status_of_signal(ret);
}
