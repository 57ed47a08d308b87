/* A directory of its own for every test program, removed with everything in it. */
#ifndef TESTS_SUPPORT_SCRATCH_H
#define TESTS_SUPPORT_SCRATCH_H

#include <stddef.h>

int scratch_make(void **state);   /* group set-up: creates the directory and changes into it */
int scratch_remove(void **state); /* group tear-down */

/* Whole file in memory, with its length; fails the test when it cannot be read. Release with free(). */
unsigned char *scratch_read(const char *path, size_t *length);
void scratch_write(const char *path, const void *bytes, size_t length);

/* From here on writing beyond `bytes` of any file fails with EFBIG; SIZE_MAX lifts the limit. */
void scratch_limit_file_size(size_t bytes);

#endif
