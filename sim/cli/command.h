/*
 * Commands of the program: one file and one entry each. Results go to stdout, everything else to stderr; the return
 * value is the exit status (core/status.h).
 */
#ifndef GW_CLI_COMMAND_H
#define GW_CLI_COMMAND_H

#include "core/status.h"

#include <argp.h>

struct gw_command {
    const char *name;
    const char *arguments;             /* "SCENARIO [-o RUN.h5] ..." */
    const char *summary;               /* one line */
    int (*run)(int argc, char **argv); /* argv[0] is "goodwill NAME" */
};

extern const struct gw_command gw_command_run, gw_command_study, gw_command_check, gw_command_summary,
    gw_command_plot, gw_command_describe, gw_command_fingerprint, gw_command_new, gw_command_lesson, gw_command_bench,
    gw_command_sweep, gw_command_sensitivity, gw_command_frontier, gw_command_decide, gw_command_optimise;

/* For argp parsers: takes exactly one argument into *taken; `what` ("run file") names it in the messages. */
error_t gw_take_one(int key, char *argument, struct argp_state *state, const char **taken, const char *what);

int gw_dispatch(int argc, char **argv);

/* Prints an error on stderr, prefixed with the program's name unless it is a list of scenario errors; returns its
 * status. */
int gw_report(const struct gw_error *error);

#endif
