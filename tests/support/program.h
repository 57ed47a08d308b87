/*
 * The program as a user meets it: a process with arguments, an environment, an exit status and two texts.
 *
 *     struct outcome *o = run_program(NULL, "summary", "run.h5", NULL);
 *     assert_int_equal(o->status, 0);
 *
 * The program's path is in the variable GOODWILL. Standard input is empty. What it prints goes through the files
 * stdout.txt and stderr.txt of the working directory.
 */
#ifndef TESTS_SUPPORT_PROGRAM_H
#define TESTS_SUPPORT_PROGRAM_H

#include "close.h"

#include <sys/types.h>

struct outcome {
    int status; /* exit status, or 1000 + the signal that ended it */
    char out[1 << 17], err[1 << 17];
};

/* Runs to the end. `environment`: NAME=VALUE to set, NAME to unset, NULL-terminated, may be NULL. The outcome is
 * overwritten by the next run. */
struct outcome *run_program(const char *const *environment, ...) __attribute__((sentinel));

/* Starts only; finish_program() waits. */
pid_t start_program(const char *const *environment, ...) __attribute__((sentinel));
struct outcome *finish_program(pid_t process);

/* The status and, on stderr, one line that has the word. */
void assert_one_line(const struct outcome *outcome, int status, const char *word);

/* Fingerprint of a run file, by the program. */
void program_fingerprint(const char *run_file, char hex[65]);

#endif
