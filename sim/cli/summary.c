/* goodwill summary: the answer of a run file, of strategies or of an experiment, then the tables. */
#include "cli/command.h"
#include "output/reports.h"
#include "output/runfile.h"

#include <argp.h>
#include <stdio.h>

struct arguments {
    const char *path;
    enum gw_answer_form form;
};

static const struct argp_option options[] = {{"csv", 'c', NULL, 0, "Long table, full precision", 0},
                                             {"json", 'j', NULL, 0, "The same as JSON, with the sentence", 0},
                                             {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    switch (key) {
    case 'c':
        arguments->form = GW_ANSWER_CSV;
        return 0;
    case 'j':
        arguments->form = GW_ANSWER_JSON;
        return 0;
    default:
        return gw_take_one(key, argument, state, &arguments->path, "run file");
    }
}

static int run(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        "RUN.h5",
        "Says which strategy earns more, how sure that is, and by how much; of an experiment, what it found.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {NULL, GW_ANSWER_TEXT};
    struct gw_dataset *dataset = NULL;
    struct gw_error error = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    int ret = gw_runfile_read(&dataset, arguments.path, &error);
    ret = ret == GW_OK ? gw_summary_write(dataset, arguments.form, stdout, &error) : ret;
    if (ret != GW_OK) {
        gw_report(&error);
    } else if (arguments.form == GW_ANSWER_TEXT) {
        fprintf(stderr, "\nNext: goodwill plot %s\n", arguments.path);
    }
    gw_dataset_free(dataset);
    return ret;
}

const struct gw_command gw_command_summary = {"summary", "RUN.h5 [--csv|--json]",
                                              "the answer of a run: a sentence, then tables", run};
