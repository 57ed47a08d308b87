/*
 * Where text comes from: a file of the chain of `extends`, or one --set of the command line.
 */
#ifndef GW_SCENARIO_SOURCE_H
#define GW_SCENARIO_SOURCE_H

#include "core/status.h"
#include "scenario/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GW_SOURCE_BYTES ((size_t)1 << 20) /* longest text accepted */

struct gw_source {
    const char *name;      /* path as the user wrote it, or "--set KEY=VALUE" */
    const char *directory; /* relative paths in it are resolved against this; "" = working directory */
    const char *text;
    size_t length;
    int order;         /* errors are listed by source in this order */
    bool command_line; /* no lines to point at */
    uint64_t device, inode;
};

/* Lines and columns count from 1; columns are characters. */
struct gw_mark {
    const struct gw_source *source;
    uint32_t line, column;
};

/* Reads a file of at most GW_SOURCE_BYTES. GW_BAD_INPUT when there is none or it is too long, GW_IO when reading
 * fails; `why` then says it, in at most `room` bytes, without the file's name. */
int gw_source_read(struct gw_source *source, struct gw_arena *arena, const char *path, char *why, size_t room);

/* "directory/path", or the path alone when it is absolute or the directory is the working directory. */
char *gw_source_path(struct gw_arena *arena, const char *directory, const char *path);

/* Directory part of a path, "" when it has none. */
char *gw_source_directory(struct gw_arena *arena, const char *path);

/* False at the first byte that is not UTF-8 or a character no text may hold; `mark` then points at it and `what`
 * says what it is. Line breaks are LF, CR LF or CR. */
bool gw_source_is_text(const struct gw_source *source, struct gw_mark *mark, const char **what);

/* A line without its break. */
const char *gw_source_line(const struct gw_source *source, uint32_t line, size_t *length);

#endif
