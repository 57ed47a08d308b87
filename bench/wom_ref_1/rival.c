#include "bench/wom_ref_1/rival.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Debian's own Python first: its packages bring NumPy and numba. */
static const char *python(void)
{
    return access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
}

/* The program with ends of pipes as its input and output. */
static bool spawn(struct gw_wom_rival *rival, const char *path, int threads, int input, int output)
{
    posix_spawn_file_actions_t actions;
    char count[16], quiet[] = "-B", *script = strdup(path), *name = strdup("python3");
    char *arguments[] = {name, quiet, script, count, NULL};
    snprintf(count, sizeof count, "%d", threads);
    bool done = script != NULL && name != NULL && posix_spawn_file_actions_init(&actions) == 0;
    if (done) {
        done = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) == 0 &&
               posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) == 0 &&
               posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
               posix_spawnp(&rival->pid, python(), &actions, NULL, arguments, environ) == 0;
        posix_spawn_file_actions_destroy(&actions);
    }
    free(script);
    free(name);
    return done;
}

static bool gets_ready(struct gw_wom_rival *rival)
{
    char line[32];
    return fgets(line, sizeof line, rival->from) != NULL && strcmp(line, "ready\n") == 0;
}

void gw_wom_rival_start(struct gw_wom_rival *rival, const char *folder, int threads)
{
    char path[4096];
    int request[2], answer[2];
    snprintf(path, sizeof path, "%s/%s", folder, rival->script);
    if (access(path, R_OK) != 0 || pipe2(request, O_CLOEXEC) != 0) {
        return;
    }
    if (pipe2(answer, O_CLOEXEC) != 0) {
        close(request[0]);
        close(request[1]);
        return;
    }
    const bool spawned = spawn(rival, path, threads, request[0], answer[1]);
    close(request[0]);
    close(answer[1]);
    rival->to = fdopen(request[1], "we");
    rival->from = fdopen(answer[0], "re");
    rival->pid = spawned ? rival->pid : 0;
    rival->present = spawned && rival->to != NULL && rival->from != NULL && gets_ready(rival);
}

void gw_wom_rival_stop(struct gw_wom_rival *rival)
{
    if (rival->to != NULL) {
        fclose(rival->to); /* the end of its input ends the program */
    }
    if (rival->from != NULL) {
        fclose(rival->from);
    }
    if (rival->pid > 0) {
        waitpid(rival->pid, NULL, 0);
    }
    rival->to = rival->from = NULL;
    rival->pid = 0;
    rival->present = false;
}

static bool read_answer(const char *line, struct gw_wom_outcome *outcome, double *bytes)
{
    double number[3 + GW_WOM_AGGREGATES];
    const char *at = line;
    for (int i = 0; i < 3 + GW_WOM_AGGREGATES; i++) {
        char *end = NULL;
        number[i] = strtod(at, &end);
        if (end == at) {
            return false;
        }
        at = end;
    }
    outcome->cpu = number[0];
    outcome->wall = number[1];
    *bytes = number[2];
    memcpy(outcome->total, number + 3, sizeof outcome->total);
    return true;
}

int gw_wom_rival_run(struct gw_wom_rival *rival, const char *graph, uint32_t customers, uint32_t seed,
                     struct gw_wom_outcome *outcome, double *bytes, struct gw_error *error)
{
    char line[1024];
    const bool asked =
        fprintf(rival->to, "%s %u %d %u\n", graph, customers, GW_WOM_PERIODS, seed) > 0 && fflush(rival->to) == 0;
    if (!asked || fgets(line, sizeof line, rival->from) == NULL || !read_answer(line, outcome, bytes)) {
        return gw_fail(error, GW_FAILED, "%s gave no answer", rival->script);
    }
    return GW_OK;
}
