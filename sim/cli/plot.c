/* goodwill plot: the figures of a run file. */
#include "cli/command.h"
#include "cli/draw.h"
#include "output/backtest.h"
#include "output/figures.h"
#include "output/runfile.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_FIGURES = 64 };

struct arguments {
    const char *path, *directory, *format, *observed;
    const char *figure[MOST_FIGURES];
    size_t figures;
};

int gw_draw(const struct gw_dataset *dataset, const char *directory, const char *format, const char *const *names,
            size_t n, struct gw_error *error)
{
    struct gw_figure_result *results = NULL;
    size_t count = 0;
    const int ret = gw_figures_draw(dataset, directory, format, names, n, &results, &count, error);
    for (size_t i = 0; i < count; i++) {
        if (results[i].path != NULL) {
            printf("%s\n", results[i].path);
        } else if (results[i].reason != NULL) {
            fprintf(stderr, "left out: %s: %s\n", results[i].name, results[i].reason);
        }
    }
    gw_figure_results_free(results, count);
    return ret;
}

/* The path of the figure goes to stdout, what it says at its last observed point to stderr. */
static int draw_observed(const struct gw_dataset *dataset, const struct arguments *arguments, struct gw_error *error)
{
    struct gw_observed *observed = NULL;
    struct gw_backtest *backtest = NULL;
    char *path = NULL;
    int ret = gw_observed_read(&observed, arguments->observed, error);
    ret = ret == GW_OK ? gw_backtest_create(&backtest, dataset, observed, error) : ret;
    ret = ret == GW_OK ? gw_backtest_draw(backtest, arguments->directory, arguments->format, &path, error) : ret;
    if (ret == GW_OK) {
        printf("%s\n", path);
        for (size_t line = 0; line < backtest->lines; line++) {
            char sentence[GW_BACKTEST_SENTENCE];
            gw_backtest_sentence(sentence, backtest, line);
            fprintf(stderr, "%s\n", sentence);
        }
    }
    free(path);
    gw_backtest_free(backtest);
    gw_observed_free(observed);
    return ret;
}

static const struct argp_option options[] = {
    {"directory", 'd', "DIR", 0, "Where the figures go (default: figures)", 0},
    {"format", 'f', "svg|png|pdf", 0, "File format (default: svg)", 0},
    {"figure", 'F', "NAME", 0, "Only this figure (may be repeated)", 0},
    {"observed", 'o', "FILE.csv", 0,
     "Only a figure that holds the run against data: purchases (header customer_id,date,...) or survival (header "
     "year,STRATEGY,... in percent)",
     0},
    {"list", 'l', NULL, 0, "List the figures and exit", 0},
    {0}};

static void list_figures(void)
{
    size_t count = 0;
    const struct gw_figure *figures = gw_figures(&count);
    for (size_t i = 0; i < count; i++) {
        printf("%-16s %s\n%-16s needs %s\n", figures[i].name, figures[i].doc, "", figures[i].needs);
    }
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 'd':
        arguments->directory = argument;
        return 0;
    case 'f':
        arguments->format = argument;
        return 0;
    case 'F':
        if (arguments->figures == MOST_FIGURES) {
            argp_error(state, "more than %d figures", MOST_FIGURES);
        }
        arguments->figure[arguments->figures++] = argument;
        return 0;
    case 'o':
        arguments->observed = argument;
        return 0;
    case 'l':
        list_figures();
        exit(GW_OK);
    case ARGP_KEY_END:
        if (arguments->observed != NULL && arguments->figures > 0) {
            argp_error(state, "either --figure or --observed");
        }
        return gw_take_one(key, argument, state, &arguments->path, "run file");
    default:
        return gw_take_one(key, argument, state, &arguments->path, "run file");
    }
}

static int run(int argc, char **argv)
{
    static const struct argp argp = {options, parse, "RUN.h5", "Draws the figures that the run has data for.",
                                     NULL,    NULL,  NULL};
    struct arguments arguments = {.directory = "figures", .format = "svg"};
    struct gw_dataset *dataset = NULL;
    struct gw_error error = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    int ret = gw_runfile_read(&dataset, arguments.path, &error);
    if (ret == GW_OK && arguments.observed != NULL) {
        ret = draw_observed(dataset, &arguments, &error);
    } else if (ret == GW_OK) {
        ret = gw_draw(dataset, arguments.directory, arguments.format, arguments.figure, arguments.figures, &error);
    }
    if (ret != GW_OK) {
        gw_report(&error);
    }
    gw_dataset_free(dataset);
    return ret;
}

const struct gw_command gw_command_plot = {"plot", "RUN.h5 [-d DIR] [--observed FILE.csv]",
                                           "draw the figures of a run, or hold it against data", run};
