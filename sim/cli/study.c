/*
 * goodwill study: run, answer and figures in one, then every part of the block `experiment:` likewise. What has been
 * run already, with the same scenario and the same program, is not simulated again.
 */
#include "cli/command.h"
#include "cli/draw.h"
#include "cli/experiment.h"
#include "cli/simulate.h"
#include "experiment/provenance.h"
#include "output/answer.h"
#include "output/reports.h"
#include "output/runfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPTION_FORMAT = 2000 };

struct study {
    struct gw_simulate simulate;
    const char *directory, *format;
};

static const struct argp_option options[] = {
    {"directory", 'd', "DIR", 0, "Where run file and figures go (default: the scenario's name)", 0},
    {"format", OPTION_FORMAT, "svg|png|pdf", 0, "Format of the figures (default: svg)", 0},
    {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct study *study = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &study->simulate;
        return 0;
    case 'd':
        study->directory = argument;
        return 0;
    case OPTION_FORMAT:
        study->format = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The run file goes into the study's folder, which is made when it is not there. */
static int place(struct study *study, const struct gw_scenario *scenario, char *directory, char *output, size_t room,
                 struct gw_error *error)
{
    const char *name = study->directory != NULL ? study->directory : scenario->name;
    if (snprintf(directory, room, "%s", name) >= (int)room ||
        snprintf(output, room, "%s/%s.h5", name, scenario->name) >= (int)room) {
        return gw_fail(error, GW_BAD_INPUT, "the path of the study is too long");
    }
    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
        return gw_fail(error, GW_IO, "%s: cannot make the folder: %s", directory, strerror(errno));
    }
    if (study->simulate.output == NULL) {
        study->simulate.output = output;
    }
    return GW_OK;
}

/* The run file of an earlier study of the very same scenario, or NULL. */
static struct gw_dataset *earlier(const struct study *study, const struct gw_scenario *scenario)
{
    struct gw_dataset *dataset = NULL;
    struct gw_error ignored = {0};
    if (study->simulate.force || access(study->simulate.output, R_OK) != 0 ||
        gw_runfile_read(&dataset, study->simulate.output, &ignored) != GW_OK) {
        return NULL;
    }
    if (gw_dataset_says(dataset, "resolved", scenario->resolved) &&
        gw_dataset_says(dataset, "version", gw_version()) && gw_dataset_says(dataset, "status", "complete")) {
        fprintf(stderr, "%s holds this very run; it is not simulated again (--force would).\n",
                study->simulate.output);
        return dataset;
    }
    gw_dataset_free(dataset);
    return NULL;
}

/* The strategies themselves. */
static int run_strategies(struct study *study, struct gw_scenario *scenario, const char *directory,
                          struct gw_error *error)
{
    struct gw_dataset *dataset = earlier(study, scenario);
    int ret = dataset != NULL ? GW_OK : gw_simulate_run(&study->simulate, scenario, &dataset, error);
    ret = ret == GW_OK ? gw_answer_write(dataset, GW_ANSWER_TEXT, stdout, error) : ret;
    if (ret == GW_OK) {
        puts("\nFigures:");
        fflush(stdout);
        ret = gw_draw(dataset, directory, study->format, NULL, 0, error);
    }
    if (ret != GW_OK && dataset != NULL) {
        fprintf(stderr, "The results are safe in %s.\n", study->simulate.output);
    }
    gw_dataset_free(dataset);
    return ret;
}

/* One part of the block, its figures in a folder of its own. */
static int run_part(const struct study *study, const struct gw_scenario *scenario, enum gw_part kind, int number,
                    const char *directory, struct gw_error *error)
{
    struct gw_simulate simulate = study->simulate;
    struct gw_dataset *dataset = NULL;
    const char *name = scenario->experiment->part[kind][number].name;
    char path[4096], figures[4096];
    simulate.output = NULL;
    printf("\n---- %s ----\n\n", name);
    fflush(stdout);
    int ret = gw_experiment_part(&simulate, scenario, kind, number, directory, path, sizeof path, &dataset, error);
    ret = ret == GW_OK ? gw_summary_write(dataset, GW_ANSWER_TEXT, stdout, error) : ret;
    if (ret == GW_OK && snprintf(figures, sizeof figures, "%s/%s", directory, name) < (int)sizeof figures) {
        puts("\nFigures:");
        fflush(stdout);
        ret = gw_draw(dataset, figures, study->format, NULL, 0, error);
    }
    gw_dataset_free(dataset);
    return ret;
}

/* A part that cannot be done does not keep the others from being done. */
static int run_parts(const struct study *study, const struct gw_scenario *scenario, const char *directory)
{
    const struct gw_experiment *e = scenario->experiment;
    int ret = GW_OK;
    for (int kind = 0; e != NULL && kind < GW_PARTS; kind++) {
        for (int i = 0; i < e->parts[kind]; i++) {
            struct gw_error error = {0};
            const int now = run_part(study, scenario, (enum gw_part)kind, i, directory, &error);
            if (error.status != GW_OK) {
                gw_report(&error);
            }
            if (now == GW_STOPPED || now == GW_TERMINATED) {
                fprintf(stderr, "The study goes on with the same command and --resume.\n");
                return now;
            }
            ret = ret == GW_OK ? now : ret;
        }
    }
    return ret;
}

static int run(int argc, char **argv)
{
    static const struct argp_child children[] = {{&gw_simulate_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        NULL,
        "Runs a scenario, prints the answer and draws the figures; then every part of its block experiment:.",
        children,
        NULL,
        NULL};
    struct study study = {.format = "svg"};
    struct gw_scenario *scenario = NULL;
    struct gw_error error = {0};
    char directory[1024], output[1024];
    argp_parse(&argp, argc, argv, 0, NULL, &study);
    int ret = gw_simulate_load(&study.simulate, &scenario, &error);
    ret = ret == GW_OK ? place(&study, scenario, directory, output, sizeof output, &error) : ret;
    ret = ret == GW_OK ? run_strategies(&study, scenario, directory, &error) : ret;
    if (error.status != GW_OK) {
        gw_report(&error);
    }
    ret = ret == GW_OK ? run_parts(&study, scenario, directory) : ret;
    if (ret == GW_OK) {
        fprintf(stderr, "\nNext: open the figures in %s/, or change the scenario and run again with --force.\n",
                directory);
    }
    gw_scenario_free(scenario);
    return ret;
}

const struct gw_command gw_command_study = {"study", "SCENARIO [-d DIR]", "run, answer and figures in one", run};
