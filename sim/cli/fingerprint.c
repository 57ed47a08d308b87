/* goodwill fingerprint: one hash of all results of a run file, not of times or hosts. */
#include "cli/command.h"
#include "output/runfile.h"

#include <argp.h>
#include <stdio.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
    return gw_take_one(key, argument, state, state->input, "run file");
}

static int run(int argc, char **argv)
{
    static const struct argp argp = {
        NULL, parse, "RUN.h5", "Prints the SHA-256 of all results: equal results, equal fingerprint.",
        NULL, NULL,  NULL};
    const char *path = NULL;
    struct gw_dataset *dataset = NULL;
    struct gw_error error = {0};
    char hex[65];
    argp_parse(&argp, argc, argv, 0, NULL, &path);
    int ret = gw_runfile_read(&dataset, path, &error);
    ret = ret == GW_OK ? gw_dataset_fingerprint(dataset, hex, &error) : ret;
    if (ret == GW_OK) {
        puts(hex);
    } else {
        gw_report(&error);
    }
    gw_dataset_free(dataset);
    return ret;
}

const struct gw_command gw_command_fingerprint = {"fingerprint", "RUN.h5", "one hash of all results of a run", run};
