#include "scenario/source.h"

#include "scenario/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int read_open_file(struct gw_source *source, struct gw_arena *arena, FILE *file, char *why, size_t room)
{
    struct stat about;
    char *bytes = gw_arena_alloc(arena, GW_SOURCE_BYTES + 2, 1); /* one byte to notice that there is more, one NUL */
    if (bytes == NULL) {
        snprintf(why, room, "out of memory");
        return GW_FAILED;
    }
    errno = 0;
    const size_t length = fread(bytes, 1, GW_SOURCE_BYTES + 1, file);
    if (ferror(file) != 0) {
        const int reason = errno;
        snprintf(why, room, "cannot be read: %s", strerror(reason));
        return reason == EISDIR ? GW_BAD_INPUT : GW_IO;
    }
    if (length > GW_SOURCE_BYTES) {
        snprintf(why, room, "is longer than 1 MiB");
        return GW_BAD_INPUT;
    }
    if (fstat(fileno(file), &about) == 0) {
        source->device = about.st_dev;
        source->inode = about.st_ino;
    }
    source->length = length;
    source->text = bytes;
    return GW_OK;
}

int gw_source_read(struct gw_source *source, struct gw_arena *arena, const char *path, char *why, size_t room)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        const int reason = errno;
        snprintf(why, room, "cannot be opened: %s", strerror(reason));
        return reason == ENOENT || reason == ENOTDIR || reason == EISDIR || reason == ENAMETOOLONG ? GW_BAD_INPUT
                                                                                                   : GW_IO;
    }
    source->name = path;
    source->directory = gw_source_directory(arena, path);
    const int ret = read_open_file(source, arena, file, why, room);
    fclose(file);
    return ret;
}

char *gw_source_path(struct gw_arena *arena, const char *directory, const char *path)
{
    const size_t a = strlen(directory), b = strlen(path);
    if (path[0] == '/' || a == 0 || strcmp(directory, ".") == 0) {
        return gw_arena_text(arena, path, b);
    }
    const bool slash = directory[a - 1] != '/';
    char *joined = gw_arena_alloc(arena, a + b + 2, 1);
    if (joined != NULL) {
        snprintf(joined, a + b + 2, "%s%s%s", directory, slash ? "/" : "", path);
    }
    return joined;
}

char *gw_source_directory(struct gw_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    return gw_arena_text(arena, path, length);
}

bool gw_source_is_text(const struct gw_source *source, struct gw_mark *mark, const char **what)
{
    *mark = (struct gw_mark){source, 1, 1};
    for (size_t at = 0; at < source->length;) {
        uint32_t c;
        const size_t length = gw_utf8_next(source->text + at, source->length - at, &c);
        if (length == 0) {
            *what = "a byte that is not UTF-8";
            return false;
        }
        const bool cr_lf = c == '\r' && at + 1 < source->length && source->text[at + 1] == '\n';
        if (c == '\n' || (c == '\r' && !cr_lf)) {
            mark->line++;
            mark->column = 1;
        } else if (!cr_lf) {
            if (c != '\t' && gw_utf8_forbidden(c)) {
                *what = "a control character";
                return false;
            }
            mark->column++;
        }
        at += length;
    }
    return true;
}

const char *gw_source_line(const struct gw_source *source, uint32_t line, size_t *length)
{
    const char *at = source->text, *end = source->text + source->length;
    for (uint32_t n = 1; n < line && at < end; n++) {
        const size_t span = strcspn(at, "\r\n");
        at += span;
        at += at + 1 < end && at[0] == '\r' && at[1] == '\n' ? 2 : at < end ? 1 : 0;
    }
    *length = strcspn(at, "\r\n");
    return at;
}
