#include "output/journal.h"

#include "output/durable.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

struct file_header {
    char magic[24];
    uint64_t record_bytes;
    unsigned char scenario[32];
    uint32_t checksum, zero;
};
_Static_assert(sizeof(struct file_header) == 72, "the header has no padding");

struct frame {
    uint64_t replication, bytes;
    uint32_t checksum, zero;
    unsigned char payload[];
};
_Static_assert(sizeof(struct frame) == 24, "the frame has no padding");

struct gw_journal {
    char *path;
    int file;
    off_t end;           /* where the next record goes; header plus whole records */
    size_t record;       /* bytes of frame and payload */
    struct frame *frame; /* room for one record */
    struct timespec synced;
};

static const char magic[24] = "goodwill journal 1\n";
static const double sync_interval = 0.5; /* seconds */

static uint32_t checksum(const void *bytes, size_t count, uint32_t so_far)
{
    return (uint32_t)crc32_z(so_far, bytes, count);
}

static struct file_header on_disk(const struct gw_journal_header *header)
{
    struct file_header file = {.record_bytes = htole64(header->record_bytes)};
    memcpy(file.magic, magic, sizeof magic);
    memcpy(file.scenario, header->scenario, sizeof file.scenario);
    file.checksum = htole32(checksum(&file, offsetof(struct file_header, checksum), 0));
    return file;
}

static uint32_t frame_checksum(const struct frame *frame, size_t record)
{
    const uint32_t crc = checksum(frame, offsetof(struct frame, checksum), 0);
    return checksum(frame->payload, record - sizeof *frame, crc);
}

static int io_failure(const char *path, const char *doing, int reason, struct gw_error *error)
{
    return gw_fail(error, GW_IO, "cannot %s journal %s: %s", doing, path, strerror(reason));
}

static void release(struct gw_journal *journal)
{
    if (journal->file >= 0) {
        close(journal->file);
    }
    free(journal->frame);
    free(journal->path);
    free(journal);
}

static int allocate(struct gw_journal **journal, const char *path, const struct gw_journal_header *header,
                    struct gw_error *error)
{
    const uint64_t record = header->record_bytes + sizeof(struct frame);
    struct gw_journal *new = calloc(1, sizeof *new);
    *journal = NULL;
    if (new == NULL || record < header->record_bytes || record > PTRDIFF_MAX) {
        free(new);
        return gw_fail(error, GW_REFUSED, "out of memory for journal %s", path);
    }
    new->file = -1;
    new->end = sizeof(struct file_header);
    new->record = (size_t)record;
    new->path = strdup(path);
    new->frame = calloc(1, new->record);
    if (new->path == NULL || new->frame == NULL) {
        release(new);
        return gw_fail(error, GW_REFUSED, "out of memory for journal %s", path);
    }
    *journal = new;
    return GW_OK;
}

/* Opens and locks; O_NONBLOCK keeps a planted FIFO from stopping us, and is nothing to a regular file. */
static int open_locked(struct gw_journal *journal, int flags, struct gw_error *error)
{
    struct stat status;
    journal->file = open(journal->path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | flags, 0666);
    if (journal->file < 0 && errno == EEXIST) {
        return gw_fail(error, GW_BAD_INPUT, "%s holds an unfinished run; --resume continues it, --force starts anew",
                       journal->path);
    }
    if (journal->file < 0 && errno == ENOENT && (flags & O_CREAT) == 0) {
        return gw_fail(error, GW_BAD_INPUT, "nothing to resume: there is no journal %s", journal->path);
    }
    if (journal->file < 0) {
        return io_failure(journal->path, "open", errno, error);
    }
    if (gw_lock_file(journal->file) != 0) {
        return gw_fail(error, GW_IO, "journal %s is in use by another process", journal->path);
    }
    if (fstat(journal->file, &status) != 0) {
        return io_failure(journal->path, "open", errno, error);
    }
    if (status.st_nlink == 0) { /* its owner finished and removed it between our open and our lock */
        return gw_fail(error, GW_BAD_INPUT, "nothing to resume: there is no journal %s", journal->path);
    }
    if (!S_ISREG(status.st_mode)) {
        return gw_fail(error, GW_BAD_INPUT, "%s is not a goodwill journal", journal->path);
    }
    return GW_OK;
}

/* File and name on disk. */
static int settle(struct gw_journal *journal)
{
    int reason = fsync(journal->file) == 0 ? 0 : errno;
    const int directory = gw_open_directory_of(journal->path);
    if (reason == 0) {
        reason = directory < 0 ? errno : gw_sync_directory(directory);
    }
    if (directory >= 0) {
        close(directory);
    }
    clock_gettime(CLOCK_MONOTONIC, &journal->synced);
    return reason;
}

static int write_header(struct gw_journal *journal, const struct gw_journal_header *header, struct gw_error *error)
{
    const struct file_header file = on_disk(header);
    int reason = gw_write_at(journal->file, &file, sizeof file, 0);
    if (reason == 0) {
        reason = settle(journal);
    }
    return reason == 0 ? GW_OK : io_failure(journal->path, "write", reason, error);
}

int gw_journal_create(struct gw_journal **journal, const char *path, const struct gw_journal_header *header,
                      struct gw_error *error)
{
    int ret = allocate(journal, path, header, error);
    if (ret != 0) {
        return ret;
    }
    ret = open_locked(*journal, O_CREAT | O_EXCL, error);
    if (ret == 0) {
        ret = write_header(*journal, header, error);
        if (ret != 0) {
            (void)unlink(path);
        }
    }
    if (ret != 0) {
        release(*journal);
        *journal = NULL;
    }
    return ret;
}

/* A header cut short by a kill during creation is written again; any other difference is an error. */
static int verify_header(struct gw_journal *journal, const struct gw_journal_header *header, struct gw_error *error)
{
    struct file_header found;
    const struct file_header want = on_disk(header);
    size_t got;
    const int reason = gw_read_at(journal->file, &found, sizeof found, 0, &got);
    if (reason != 0) {
        return io_failure(journal->path, "read", reason, error);
    }
    if (memcmp(&found, &want, got) == 0) {
        return got == sizeof found ? GW_OK : write_header(journal, header, error);
    }
    if (got < sizeof found || memcmp(found.magic, magic, sizeof magic) != 0) {
        return gw_fail(error, GW_BAD_INPUT, "%s is not a goodwill journal", journal->path);
    }
    if (found.checksum != htole32(checksum(&found, offsetof(struct file_header, checksum), 0)) || found.zero != 0) {
        return gw_fail(error, GW_IO, "journal %s is damaged: its header fails its checksum", journal->path);
    }
    return gw_fail(error, GW_BAD_INPUT,
                   "%s was written for another scenario, seed or version and cannot be resumed; --force starts anew",
                   journal->path);
}

static bool intact(const struct gw_journal *journal, size_t got)
{
    const struct frame *frame = journal->frame;
    return got == journal->record && le64toh(frame->bytes) == journal->record - sizeof *frame && frame->zero == 0 &&
           le32toh(frame->checksum) == frame_checksum(frame, journal->record);
}

/* Visits the records and leaves `end` behind the last intact one; damaged ones before it keep their place. */
static int read_records(struct gw_journal *journal, gw_journal_visit *on_record, void *context,
                        struct gw_error *error)
{
    off_t at = journal->end;
    size_t got;
    do {
        int ret = gw_read_at(journal->file, journal->frame, journal->record, at, &got);
        if (ret != 0) {
            return io_failure(journal->path, "read", ret, error);
        }
        at += (off_t)journal->record;
        if (intact(journal, got)) {
            journal->end = at;
            ret = on_record(context, le64toh(journal->frame->replication), journal->frame->payload,
                            journal->record - sizeof *journal->frame);
            if (ret != 0) {
                return ret;
            }
        }
    } while (got == journal->record);
    return GW_OK;
}

int gw_journal_resume(struct gw_journal **journal, const char *path, const struct gw_journal_header *header,
                      gw_journal_visit *on_record, void *context, struct gw_error *error)
{
    int ret = allocate(journal, path, header, error);
    if (ret != 0) {
        return ret;
    }
    ret = open_locked(*journal, 0, error);
    if (ret != 0) {
        goto out;
    }
    ret = verify_header(*journal, header, error);
    if (ret != 0) {
        goto out;
    }
    ret = read_records(*journal, on_record, context, error);
    if (ret != 0) {
        goto out;
    }
    if (ftruncate((*journal)->file, (*journal)->end) != 0) {
        ret = io_failure(path, "repair", errno, error);
        goto out;
    }
    clock_gettime(CLOCK_MONOTONIC, &(*journal)->synced);
out:
    if (ret != 0) {
        release(*journal);
        *journal = NULL;
    }
    return ret;
}

static double seconds_between(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
}

/* 0, or the errno of a failed fdatasync. */
static int sync_when_due(struct gw_journal *journal)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (seconds_between(journal->synced, now) < sync_interval) {
        return 0;
    }
    journal->synced = now;
    return fdatasync(journal->file) == 0 ? 0 : errno;
}

int gw_journal_append(struct gw_journal *journal, uint64_t replication, const void *payload, size_t bytes,
                      struct gw_error *error)
{
    struct frame *frame = journal->frame;
    if (bytes != journal->record - sizeof *frame) {
        return gw_fail(error, GW_FAILED, "a record of %zu bytes does not belong into journal %s", bytes,
                       journal->path);
    }
    frame->replication = htole64(replication);
    frame->bytes = htole64(bytes);
    frame->zero = 0;
    memcpy(frame->payload, payload, bytes);
    frame->checksum = htole32(frame_checksum(frame, journal->record));
    int reason = gw_write_at(journal->file, frame, journal->record, journal->end);
    if (reason == 0) {
        journal->end += (off_t)journal->record;
        reason = sync_when_due(journal);
    } else {
        /* Where this fails too, the next record is written over the torn one, or a resume cuts it off. */
        const int cut = ftruncate(journal->file, journal->end);
        (void)cut;
    }
    return reason == 0 ? GW_OK : io_failure(journal->path, "write", reason, error);
}

int gw_journal_close(struct gw_journal *journal, struct gw_error *error)
{
    if (journal == NULL) {
        return GW_OK;
    }
    const int reason = fdatasync(journal->file) == 0 ? 0 : errno;
    const int ret = reason == 0 ? GW_OK : io_failure(journal->path, "write", reason, error);
    release(journal);
    return ret;
}

int gw_journal_remove(const char *path, struct gw_error *error)
{
    const int file = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return errno == ENOENT ? GW_OK : io_failure(path, "remove", errno, error);
    }
    int ret = GW_OK;
    if (gw_lock_file(file) != 0) {
        ret = gw_fail(error, GW_IO, "journal %s is in use by another process", path);
    } else if (unlink(path) != 0) {
        ret = io_failure(path, "remove", errno, error);
    }
    close(file);
    return ret;
}
