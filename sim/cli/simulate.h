/*
 * What `run` and `study` share: their options, the run itself with progress and signals, and what is said after it.
 */
#ifndef GW_CLI_SIMULATE_H
#define GW_CLI_SIMULATE_H

#include "core/status.h"
#include "outcome/dataset.h"
#include "scenario/scenario.h"

#include <argp.h>
#include <signal.h>
#include <stdbool.h>

enum { GW_MAX_OVERRIDES = 256, GW_MAX_OVERLAYS = 6 };

struct gw_simulate {
    const char *scenario, *output, *directory;
    const char *override[GW_MAX_OVERRIDES + 4];
    size_t overrides;
    char overlay[GW_MAX_OVERLAYS][4096]; /* "@FILE", among the overrides */
    size_t overlays;
    char replications[64], seed[64], until[128];
    const char *variant; /* of a lesson: "flip", "off", or NULL */
    bool force, resume, quiet;
    bool in_memory; /* no run file */
    int threads;
    char default_output[1024];
};

/* Options for argp: those that change a scenario, those that take one besides (`check`), and those with what a run
 * needs besides (`run`; `study` adds its own). The input is a struct gw_simulate. */
extern const struct argp gw_change_argp, gw_scenario_argp, gw_simulate_argp;

/* A parser that has no options and gives its input to its one child. */
error_t gw_pass_on(int key, char *argument, struct argp_state *state);

/* Loads the scenario with its overrides; prints warnings. */
int gw_simulate_load(struct gw_simulate *simulate, struct gw_scenario **scenario, struct gw_error *error);

/* Runs it. On GW_STOPPED says what is kept and how to go on. */
int gw_simulate_run(struct gw_simulate *simulate, struct gw_scenario *scenario, struct gw_dataset **dataset,
                    struct gw_error *error);

/* Signals ask to stop from now on; the flag is not 0 when one came. A second one ends the program at once. */
const volatile sig_atomic_t *gw_watch_signals(void);
/* GW_STOPPED becomes GW_TERMINATED after SIGTERM. */
int gw_status_of_signal(int status);

/* Adds a change "KEY=VALUE", which must live as long as `simulate`; ends the program when there are too many. */
void gw_simulate_override(struct gw_simulate *simulate, struct argp_state *state, const char *text);

/* The whole command that goes on: without the same changes the scenario would be another one. */
void gw_simulate_say_resume(const struct gw_simulate *simulate, const char *command, const char *output);

int gw_simulate_threads(const struct gw_simulate *simulate);

/* Number of processors this process may use. */
int gw_processors(void);

#endif
