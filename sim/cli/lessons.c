#include "cli/lessons.h"

#include "cli/shipped.h"

#include <stdlib.h>
#include <string.h>

static int by_number(const void *a, const void *b)
{
    const struct gw_lesson_file *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

int gw_lessons_find(struct gw_lesson_file **files, size_t *count, struct gw_error *error)
{
    glob_t found;
    *files = NULL;
    *count = 0;
    if (gw_shipped_find("lessons/[0-9]*_*.yaml", &found) != 0) {
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
