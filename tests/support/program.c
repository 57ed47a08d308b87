#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 64 };

static void redirect(const char *path, int flags, int to)
{
    const int file = open(path, flags, 0666);
    if (file < 0 || dup2(file, to) != to) {
        _exit(126);
    }
}

static void change_environment(const char *const *environment)
{
    for (int i = 0; environment != NULL && environment[i] != NULL; i++) {
        char name[256];
        const char *equals = strchr(environment[i], '=');
        const size_t length = equals == NULL ? strlen(environment[i]) : (size_t)(equals - environment[i]);
        snprintf(name, sizeof name, "%.*s", (int)length, environment[i]);
        if ((equals == NULL ? unsetenv(name) : setenv(name, equals + 1, 1)) != 0) {
            _exit(126);
        }
    }
}

static pid_t start(const char *const *environment, va_list more)
{
    const char *program = getenv("GOODWILL");
    char *argument[ARGUMENTS] = {NULL};
    int n = 0;
    assert_non_null(program);
    argument[n++] = strdup(program);
    for (const char *a = va_arg(more, const char *); a != NULL; a = va_arg(more, const char *)) {
        assert_in_range(n, 1, ARGUMENTS - 2);
        argument[n++] = strdup(a);
    }
    const pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        redirect("/dev/null", O_RDONLY, 0);
        redirect("stdout.txt", O_WRONLY | O_CREAT | O_TRUNC, 1);
        redirect("stderr.txt", O_WRONLY | O_CREAT | O_TRUNC, 2);
        change_environment(environment);
        execv(program, argument);
        _exit(126);
    }
    for (int i = 0; i < n; i++) {
        free(argument[i]);
    }
    return process;
}

pid_t start_program(const char *const *environment, ...)
{
    va_list more;
    va_start(more, environment);
    const pid_t process = start(environment, more);
    va_end(more);
    return process;
}

static void read_text(const char *path, char *text, size_t room)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t n = fread(text, 1, room, file);
    fclose(file);
    assert_in_range(n, 0, room - 1);
    text[n] = '\0';
}

struct outcome *finish_program(pid_t process)
{
    static struct outcome outcome;
    int status;
    while (waitpid(process, &status, 0) < 0) {
        assert_int_equal(errno, EINTR);
    }
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    read_text("stdout.txt", outcome.out, sizeof outcome.out);
    read_text("stderr.txt", outcome.err, sizeof outcome.err);
    return &outcome;
}

struct outcome *run_program(const char *const *environment, ...)
{
    va_list more;
    va_start(more, environment);
    const pid_t process = start(environment, more);
    va_end(more);
    return finish_program(process);
}

void assert_one_line(const struct outcome *outcome, int status, const char *word)
{
    const char *end = strchr(outcome->err, '\n');
    if (outcome->status != status || end == NULL || end[1] != '\0' || strstr(outcome->err, word) == NULL) {
        fail_msg("status %d and one line with '%s', not status %d and: %s", status, word, outcome->status,
                 outcome->err);
    }
}

void program_fingerprint(const char *run_file, char hex[65])
{
    const struct outcome *outcome = run_program(NULL, "fingerprint", run_file, NULL);
    if (outcome->status != 0 || strlen(outcome->out) != 65) {
        fail_msg("fingerprint of %s: status %d, %s%s", run_file, outcome->status, outcome->out, outcome->err);
    }
    memcpy(hex, outcome->out, 64);
    hex[64] = '\0';
}
