/*
 * Files that are complete or absent.
 *
 * A file is written beside its target as TARGET.part, brought to disk, renamed onto the target, and the directory
 * brought to disk. Whoever looks at the target sees the whole old file or the whole new one, whenever the process
 * or the machine dies. Two writers of one target: the second is turned away by a lock on the .part file, which the
 * kernel drops with its owner, so a .part left by a killed process is simply taken over.
 *
 * A limit on file sizes (ulimit -f) raises SIGXFSZ unless the program ignores it; then it is an error as any other.
 */
#ifndef GW_OUTPUT_DURABLE_H
#define GW_OUTPUT_DURABLE_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct gw_part {
    char *target, *part; /* paths, owned */
    int file, directory; /* open descriptors; -1 = closed */
    bool overwrite;
};

/*
 * Opens TARGET.part, empty and locked, for a later gw_part_publish() or gw_part_abandon().
 * GW_BAD_INPUT: the target exists and `overwrite` is false, or it is not a regular file. GW_IO: the system refused.
 */
int gw_part_open(struct gw_part *part, const char *target, bool overwrite, struct gw_error *error);

/* fsync -> rename -> fsync(directory); releases the part either way, and removes TARGET.part when it fails. */
int gw_part_publish(struct gw_part *part, struct gw_error *error);

/* Removes TARGET.part and releases the part. */
void gw_part_abandon(struct gw_part *part);

/* All of the bytes at this offset, whatever short writes and signals intervene. 0, or the errno of the failure. */
int gw_write_at(int file, const void *bytes, size_t count, off_t offset);

/* Reads up to `count` bytes; `*got` falls short only at the end of the file. 0, or the errno of the failure. */
int gw_read_at(int file, void *bytes, size_t count, off_t offset, size_t *got);

/* 0: this open file is now ours alone (or the file system keeps no locks); EWOULDBLOCK: someone else holds it. */
int gw_lock_file(int file);

/* A descriptor of the directory that holds `path`, for fsync() after the path appeared or vanished; -1 and errno. */
int gw_open_directory_of(const char *path);

/* fsync of a directory; file systems that cannot do it count as done. 0, or the errno of the failure. */
int gw_sync_directory(int directory);

#endif
