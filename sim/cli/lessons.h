/* Where the lessons are: the files NN_subject.yaml beside the program, or of the tree it was built in. */
#ifndef GW_CLI_LESSONS_H
#define GW_CLI_LESSONS_H

#include "core/status.h"

#include <stddef.h>

struct gw_lesson_file {
    int number;
    char *path;
};

/* All lessons in the order of their numbers; release with gw_lessons_free(). GW_IO: none
 * found. */
int gw_lessons_find(struct gw_lesson_file **files, size_t *count, struct gw_error *error);
void gw_lessons_free(struct gw_lesson_file *files, size_t count);

#endif
