#include "cli/lessons.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Relative to the folder of the program: of a build in build/NAME, and of an installation in bin. */
static const char *const beside_program[] = {"../../scenarios/lessons", "../scenarios/lessons",
                                             "../share/goodwill/scenarios/lessons"};

static int find_in(const char *folder, glob_t *found)
{
    char pattern[PATH_MAX + 128];
    const int length = snprintf(pattern, sizeof pattern, "%s/[0-9]*_*.yaml", folder);
    return length < (int)sizeof pattern ? glob(pattern, 0, NULL, found) : GLOB_NOMATCH;
}

static int find_anywhere(glob_t *found)
{
    char program[PATH_MAX], folder[PATH_MAX + 64];
    if (find_in("scenarios/lessons", found) == 0) {
        return 0;
    }
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length < 0 ? 0 : length] = '\0';
    char *slash = strrchr(program, '/');
    for (size_t i = 0; slash != NULL && i < sizeof beside_program / sizeof *beside_program; i++) {
        *slash = '\0';
        (void)snprintf(folder, sizeof folder, "%s/%s", program, beside_program[i]);
        if (find_in(folder, found) == 0) {
            return 0;
        }
    }
    return GLOB_NOMATCH;
}

static int by_number(const void *a, const void *b)
{
    const struct gw_lesson_file *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

int gw_lessons_find(struct gw_lesson_file **files, size_t *count, struct gw_error *error)
{
    glob_t found = {0};
    *files = NULL;
    *count = 0;
    if (find_anywhere(&found) != 0) {
        globfree(&found);
        return gw_fail(error, GW_IO, "no lessons found; run this in the project's folder, or name a lesson's file");
    }
    *files = calloc(found.gl_pathc, sizeof **files);
    int ret = *files == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    for (size_t i = 0; i < found.gl_pathc && ret == GW_OK; i++) {
        struct gw_lesson_file *file = &(*files)[(*count)++];
        const char *slash = strrchr(found.gl_pathv[i], '/');
        file->number = (int)strtol(slash == NULL ? found.gl_pathv[i] : slash + 1, NULL, 10);
        file->path = strdup(found.gl_pathv[i]);
        ret = file->path == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    }
    globfree(&found);
    if (ret == GW_OK) {
        qsort(*files, *count, sizeof **files, by_number);
    }
    return ret;
}

void gw_lessons_free(struct gw_lesson_file *files, size_t count)
{
    for (size_t i = 0; files != NULL && i < count; i++) {
        free(files[i].path);
    }
    free(files);
}
