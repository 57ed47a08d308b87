#include "cli/shipped.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Relative to the folder of the program: of a build in build/NAME, and of an installation in bin. */
static const char *const beside_program[] = {"../../scenarios", "../scenarios", "../share/goodwill/scenarios"};

static int find_in(const char *folder, const char *pattern, glob_t *found)
{
    char path[2 * PATH_MAX];
    const int length = snprintf(path, sizeof path, "%s/%s", folder, pattern);
    return length < (int)sizeof path ? glob(path, 0, NULL, found) : GLOB_NOMATCH;
}

int gw_shipped_find(const char *pattern, glob_t *found)
{
    char program[PATH_MAX], folder[PATH_MAX + 64];
    *found = (glob_t){0};
    if (find_in("scenarios", pattern, found) == 0) {
        return 0;
    }
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length < 0 ? 0 : length] = '\0';
    char *slash = strrchr(program, '/');
    for (size_t i = 0; slash != NULL && i < sizeof beside_program / sizeof *beside_program; i++) {
        *slash = '\0';
        (void)snprintf(folder, sizeof folder, "%s/%s", program, beside_program[i]);
        if (find_in(folder, pattern, found) == 0) {
            return 0;
        }
    }
    return GLOB_NOMATCH;
}
