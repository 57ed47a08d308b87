/* goodwill run: simulate all strategies of a scenario, write the run file, print the answer. */
#include "cli/command.h"
#include "cli/simulate.h"
#include "output/answer.h"

#include <stdio.h>

static int run(int argc, char **argv)
{
    static const struct argp_child children[] = {{&gw_simulate_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {NULL,
                                     gw_pass_on,
                                     NULL,
                                     "Simulates all strategies of a scenario, prints the answer and writes the run "
                                     "file. Ctrl-C keeps what is finished.",
                                     children,
                                     NULL,
                                     NULL};
    struct gw_simulate simulate = {0};
    struct gw_scenario *scenario = NULL;
    struct gw_dataset *dataset = NULL;
    struct gw_error error = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &simulate);
    int ret = gw_simulate_load(&simulate, &scenario, &error);
    ret = ret == GW_OK ? gw_simulate_run(&simulate, scenario, &dataset, &error) : ret;
    ret = ret == GW_OK ? gw_answer_write(dataset, GW_ANSWER_TEXT, stdout, &error) : ret;
    if (ret == GW_OK) {
        fprintf(stderr, "\nResults: %s. Next: goodwill plot %s\n", simulate.output, simulate.output);
    } else if (error.status != GW_OK) {
        gw_report(&error);
    }
    gw_dataset_free(dataset);
    gw_scenario_free(scenario);
    return ret;
}

const struct gw_command gw_command_run = {"run", "SCENARIO", "simulate all strategies of a scenario", run};
