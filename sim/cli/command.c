#include "cli/command.h"

#include "experiment/provenance.h"
#include "scenario/explain.h"

#include <argp.h>
#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct gw_command *const commands[] = {
    &gw_command_run,    &gw_command_study,       &gw_command_check,    &gw_command_summary, &gw_command_plot,
    &gw_command_sweep,  &gw_command_sensitivity, &gw_command_frontier, &gw_command_decide,  &gw_command_optimise,
    &gw_command_lesson, &gw_command_describe,    &gw_command_new,      &gw_command_bench,   &gw_command_fingerprint};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void help(FILE *out)
{
    fputs("Usage: goodwill COMMAND [ARGUMENTS]\n"
          "Does it pay to treat customers better, or to cut the price? Simulates strategies and says how sure that "
          "is.\n\n"
          "Commands:\n",
          out);
    for (int c = 0; c < COMMANDS; c++) {
        fprintf(out, "  %-12s %s\n", commands[c]->name, commands[c]->summary);
    }
    fputs("\n'goodwill COMMAND --help' tells its arguments. A first look: goodwill new myfirm, then\n"
          "goodwill study myfirm.yaml. Exit status: 0 ok, 1 failed, 2 bad usage or input, 3 refused for lack of\n"
          "memory, 5 reading or writing failed, 130 and 143 stopped with everything finished kept.\n",
          out);
}

static int unknown(const char *name)
{
    struct gw_guess guess = {.word = name};
    char near[128];
    for (int c = 0; c < COMMANDS; c++) {
        gw_guess_try(&guess, commands[c]->name);
    }
    fprintf(stderr, "goodwill: no command '%s'%s\n", name,
            guess.best == NULL ? "; 'goodwill help' lists them" : gw_guess_text(&guess, near, sizeof near));
    return GW_BAD_INPUT;
}

error_t gw_take_one(int key, char *argument, struct argp_state *state, const char **taken, const char *what)
{
    switch (key) {
    case ARGP_KEY_ARG:
        if (*taken != NULL) {
            argp_error(state, "one %s at a time, got '%s' as well", what, argument);
        }
        *taken = argument;
        return 0;
    case ARGP_KEY_END:
        if (*taken == NULL) {
            argp_error(state, "which %s?", what);
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int gw_dispatch(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a size limit shows as a failed write, which is handled */
    argp_err_exit_status = GW_BAD_INPUT;
    gsl_set_error_handler_off();
    if (argc < 2) {
        help(stderr);
        return GW_BAD_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        help(stdout);
        return GW_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("goodwill %s\n", gw_version());
        return GW_OK;
    }
    for (int c = 0; c < COMMANDS; c++) {
        if (strcmp(argv[1], commands[c]->name) == 0) {
            char name[64];
            snprintf(name, sizeof name, "goodwill %s", commands[c]->name);
            argv[1] = name;
            return commands[c]->run(argc - 1, argv + 1);
        }
    }
    return unknown(argv[1]);
}

int gw_report(const struct gw_error *error)
{
    const int many = strchr(error->text, '\n') != NULL;
    fprintf(stderr, "%s%s\n", many ? "" : "goodwill: ", error->text);
    return error->status;
}
