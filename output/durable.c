#include "output/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int gw_write_at(int file, const void *bytes, size_t count, off_t offset)
{
    const char *next = bytes;
    while (count > 0) {
        const ssize_t written = pwrite(file, next, count, offset);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written == 0 ? ENOSPC : errno;
        }
        next += written;
        count -= (size_t)written;
        offset += written;
    }
    return 0;
}

int gw_read_at(int file, void *bytes, size_t count, off_t offset, size_t *got)
{
    *got = 0;
    while (*got < count) {
        const ssize_t n = pread(file, (char *)bytes + *got, count - *got, offset + (off_t)*got);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? 0 : errno;
        }
        *got += (size_t)n;
    }
    return 0;
}

int gw_lock_file(int file)
{
    /* Of the open file description: released by its last close, and no concern of HDF5, which uses flock(). */
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    const int ret = fcntl(file, F_OFD_SETLK, &whole);
    return ret != 0 && (errno == EAGAIN || errno == EACCES) ? EWOULDBLOCK : 0;
}

int gw_open_directory_of(const char *path)
{
    char *copy = strdup(path);
    const int directory = copy == NULL ? -1 : open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    return directory;
}

int gw_sync_directory(int directory)
{
    return fsync(directory) == 0 || errno == EINVAL || errno == ENOTSUP ? 0 : errno;
}

static void release(struct gw_part *part)
{
    if (part->file >= 0) {
        close(part->file);
    }
    if (part->directory >= 0) {
        close(part->directory);
    }
    free(part->target);
    free(part->part);
    *part = (struct gw_part){.file = -1, .directory = -1};
}

static int check_target(const char *target, bool overwrite, struct gw_error *error)
{
    struct stat status;
    if (lstat(target, &status) != 0) {
        return errno == ENOENT ? GW_OK : gw_fail(error, GW_IO, "cannot write %s: %s", target, strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return gw_fail(error, GW_BAD_INPUT, "cannot write %s: it exists and is not a regular file", target);
    }
    if (!overwrite) {
        return gw_fail(error, GW_BAD_INPUT, "%s exists already; --force overwrites it", target);
    }
    return GW_OK;
}

/* Whether `path` still names the open file: its last owner may have renamed or removed it before we got the lock. */
static bool still_named(int file, const char *path)
{
    struct stat opened, named;
    return fstat(file, &opened) == 0 && lstat(path, &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

/* The .part file opened, locked and emptied: 0, or an errno. It is emptied only once it is known to be nobody's. */
static int take_part(struct gw_part *part)
{
    for (;;) {
        struct stat status;
        part->file = open(part->part, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0666);
        if (part->file < 0 || fstat(part->file, &status) != 0) {
            return errno;
        }
        if (!S_ISREG(status.st_mode) || status.st_nlink > 1) {
            return EEXIST;
        }
        if (gw_lock_file(part->file) != 0) {
            return EWOULDBLOCK;
        }
        if (still_named(part->file, part->part)) {
            return ftruncate(part->file, 0) == 0 ? 0 : errno;
        }
        close(part->file);
    }
}

int gw_part_open(struct gw_part *part, const char *target, bool overwrite, struct gw_error *error)
{
    *part = (struct gw_part){.file = -1, .directory = -1, .overwrite = overwrite};
    int ret = check_target(target, overwrite, error);
    if (ret != 0) {
        return ret;
    }
    part->target = strdup(target);
    if (part->target == NULL || asprintf(&part->part, "%s.part", target) < 0) {
        part->part = NULL;
        release(part);
        return gw_fail(error, GW_REFUSED, "out of memory for writing %s", target);
    }
    part->directory = gw_open_directory_of(target);
    const int reason = part->directory < 0 ? errno : take_part(part);
    if (reason == EWOULDBLOCK) {
        ret = gw_fail(error, GW_IO, "cannot write %s: another process is writing %s", target, part->part);
    } else if (reason != 0) {
        ret = gw_fail(error, GW_IO, "cannot write %s: %s", target, strerror(reason));
    }
    if (ret != 0) {
        release(part);
    }
    return ret;
}

/* Without `overwrite`, a target that appeared meanwhile is not replaced, where the file system can promise that. */
static int rename_part(const struct gw_part *part)
{
    if (!part->overwrite) {
        if (renameat2(AT_FDCWD, part->part, AT_FDCWD, part->target, RENAME_NOREPLACE) == 0) {
            return 0;
        }
        if (errno != EINVAL && errno != ENOSYS) {
            return errno;
        }
        if (access(part->target, F_OK) == 0) {
            return EEXIST;
        }
    }
    return rename(part->part, part->target) == 0 ? 0 : errno;
}

int gw_part_publish(struct gw_part *part, struct gw_error *error)
{
    int reason = fsync(part->file) == 0 ? 0 : errno;
    if (reason == 0) {
        reason = rename_part(part);
    }
    if (reason != 0) {
        const int ret = gw_fail(error, GW_IO, "cannot write %s: %s", part->target, strerror(reason));
        gw_part_abandon(part);
        return ret;
    }
    reason = gw_sync_directory(part->directory);
    const int ret = reason == 0 ? GW_OK
                                : gw_fail(error, GW_IO, "%s is written, but may not survive a power failure: %s",
                                          part->target, strerror(reason));
    release(part);
    return ret;
}

void gw_part_abandon(struct gw_part *part)
{
    if (part->part != NULL) {
        (void)unlink(part->part);
    }
    release(part);
}
