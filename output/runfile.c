#include "output/runfile.h"

#include "output/durable.h"
#include "output/hdf5_dataset.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_BLOCK = 1 << 16 };
static const size_t memory_limit = (size_t)256 << 20;

/* The last 64 bytes of the file. The digest covers everything before it, the seal's own head included. */
struct seal {
    char magic[24];
    uint64_t length; /* of the HDF5 file in front, little-endian */
    uint8_t digest[SHA256_DIGEST_SIZE];
};
_Static_assert(sizeof(struct seal) == 64, "the seal has no padding");

static const char magic[24] = "goodwill run file 1\n";

static struct seal seal_for(uint64_t length)
{
    struct seal seal = {.length = htole64(length)};
    memcpy(seal.magic, magic, sizeof magic);
    return seal;
}

static void finish_digest(struct sha256_ctx *hash, const struct seal *seal, uint8_t digest[SHA256_DIGEST_SIZE])
{
    sha256_update(hash, offsetof(struct seal, digest), (const uint8_t *)seal);
    sha256_digest(hash, SHA256_DIGEST_SIZE, digest);
}

/* Hashes the first `length` bytes of a file: 0, or an errno; EIO when they are not there. */
static int hash_file(struct sha256_ctx *hash, int file, uint64_t length)
{
    uint8_t block[READ_BLOCK];
    sha256_init(hash);
    for (uint64_t at = 0; at < length;) {
        size_t got;
        const size_t want = length - at < sizeof block ? (size_t)(length - at) : sizeof block;
        const int reason = gw_read_at(file, block, want, (off_t)at, &got);
        if (reason != 0 || got < want) {
            return reason != 0 ? reason : EIO;
        }
        sha256_update(hash, got, block);
        at += got;
    }
    return 0;
}

static int cannot_write(const char *path, int reason, struct gw_error *error)
{
    return reason == 0 ? GW_OK : gw_fail(error, GW_IO, "cannot write %s: %s", path, strerror(reason));
}

/* ---- writing ---- */

static int fill_from_memory(const struct gw_part *part, const struct gw_dataset *dataset, struct gw_error *error)
{
    struct gw_hdf5_reason reason;
    struct sha256_ctx hash;
    unsigned char *image;
    size_t length;
    if (gw_hdf5_build_image(dataset, &image, &length, &reason) != 0) {
        const int status = reason.number == 0 && strstr(reason.text, "memory") != NULL ? GW_REFUSED : GW_FAILED;
        return gw_fail(error, status, "cannot build %s in memory: %s", part->target, reason.text);
    }
    struct seal seal = seal_for(length);
    sha256_init(&hash);
    sha256_update(&hash, length, image);
    finish_digest(&hash, &seal, seal.digest);
    int ret = gw_write_at(part->file, image, length, 0);
    if (ret == 0) {
        ret = gw_write_at(part->file, &seal, sizeof seal, (off_t)length);
    }
    free(image);
    return cannot_write(part->target, ret, error);
}

/* The child's life: build the file, report, leave without cleaning up. It ends with its parent, and leaves it to the
 * parent to answer the terminal's signals. */
static _Noreturn void build_in_child(const struct gw_part *part, const struct gw_dataset *dataset, int report,
                                     pid_t parent)
{
    struct gw_hdf5_reason reason;
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) { /* it may have died before we asked */
        _exit(1);
    }
    const int ret = gw_hdf5_build_file(dataset, part->part, &reason);
    const ssize_t told = write(report, &reason, sizeof reason); /* one write below PIPE_BUF: whole or not at all */
    _exit(ret == 0 && told == sizeof reason ? 0 : 1);
}

/* Waits for the child's report and end; true when it built the whole file. */
static bool child_succeeded(pid_t child, int report, struct gw_hdf5_reason *reason)
{
    int status = 0;
    ssize_t got;
    do {
        got = read(report, reason, sizeof *reason);
    } while (got < 0 && errno == EINTR);
    if (got != sizeof *reason) {
        *reason = (struct gw_hdf5_reason){.text = "the process writing it was killed"};
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return got == sizeof *reason && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int run_child(const struct gw_part *part, const struct gw_dataset *dataset, struct gw_error *error)
{
    struct gw_hdf5_reason reason;
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) {
        return cannot_write(part->target, errno, error);
    }
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) {
        build_in_child(part, dataset, report[1], parent);
    }
    const int refused = child < 0 ? errno : 0;
    close(report[1]);
    int ret = cannot_write(part->target, refused, error);
    if (ret == 0 && !child_succeeded(child, report[0], &reason)) {
        ret = gw_fail(error, GW_IO, "cannot write %s: %s", part->target, reason.text);
    }
    close(report[0]);
    return ret;
}

static int fill_from_child(const struct gw_part *part, const struct gw_dataset *dataset, struct gw_error *error)
{
    struct sha256_ctx hash;
    struct stat status;
    int ret = run_child(part, dataset, error);
    if (ret != 0) {
        return ret;
    }
    if (fstat(part->file, &status) != 0) {
        return cannot_write(part->target, errno, error);
    }
    struct seal seal = seal_for((uint64_t)status.st_size);
    ret = hash_file(&hash, part->file, (uint64_t)status.st_size);
    if (ret == 0) {
        finish_digest(&hash, &seal, seal.digest);
        ret = gw_write_at(part->file, &seal, sizeof seal, status.st_size);
    }
    return cannot_write(part->target, ret, error);
}

int gw_runfile_write_within(const char *path, const struct gw_dataset *dataset, bool overwrite, size_t limit,
                            struct gw_error *error)
{
    struct gw_part part;
    int ret = gw_hdf5_check(dataset, error);
    if (ret != 0) {
        return ret;
    }
    ret = gw_part_open(&part, path, overwrite, error);
    if (ret != 0) {
        return ret;
    }
    ret = gw_hdf5_raw_bytes(dataset) <= limit ? fill_from_memory(&part, dataset, error)
                                              : fill_from_child(&part, dataset, error);
    if (ret != 0) {
        gw_part_abandon(&part);
        return ret;
    }
    return gw_part_publish(&part, error);
}

int gw_runfile_write(const char *path, const struct gw_dataset *dataset, bool overwrite, struct gw_error *error)
{
    return gw_runfile_write_within(path, dataset, overwrite, memory_limit, error);
}

int gw_runfile_check(const char *path, bool overwrite, struct gw_error *error)
{
    struct gw_part part;
    const int ret = gw_part_open(&part, path, overwrite, error);
    if (ret == 0) {
        gw_part_abandon(&part);
    }
    return ret;
}

/* ---- reading ---- */

/* An HDF5 file of our format whose length is not the one in its superblock: a run file that lost or broke its end. */
static bool is_torn_run_file(int file, uint64_t size)
{
    static const unsigned char signature[8] = "\211HDF\r\n\032\n";
    unsigned char head[36];
    uint64_t end;
    size_t got;
    if (gw_read_at(file, head, sizeof head, 0, &got) != 0 || got < sizeof head ||
        memcmp(head, signature, sizeof signature) != 0 || head[8] < 2) {
        return false;
    }
    memcpy(&end, head + 28, sizeof end);
    return le64toh(end) != size;
}

static int damaged(const char *path, struct gw_error *error)
{
    return gw_fail(error, GW_IO, "%s is damaged: its contents do not match their checksum", path);
}

static int verify_seal(int file, const char *path, uint64_t size, struct gw_error *error)
{
    struct seal seal;
    struct sha256_ctx hash;
    uint8_t digest[SHA256_DIGEST_SIZE];
    const uint64_t length = size < sizeof seal ? 0 : size - sizeof seal;
    size_t got;
    int reason = gw_read_at(file, &seal, sizeof seal, (off_t)length, &got);
    if (reason == 0 && (got < sizeof seal || memcmp(seal.magic, magic, sizeof magic) != 0)) {
        return is_torn_run_file(file, size) ? damaged(path, error)
                                            : gw_fail(error, GW_BAD_INPUT, "%s is not a goodwill run file", path);
    }
    if (reason == 0) {
        reason = hash_file(&hash, file, length);
    }
    if (reason != 0) {
        return gw_fail(error, GW_IO, "cannot read %s: %s", path, strerror(reason));
    }
    finish_digest(&hash, &seal, digest);
    return memcmp(digest, seal.digest, sizeof digest) == 0 && le64toh(seal.length) == length ? GW_OK
                                                                                             : damaged(path, error);
}

static int verify_file(int file, const char *path, struct gw_error *error)
{
    struct stat status;
    if (fstat(file, &status) != 0) {
        return gw_fail(error, GW_IO, "cannot read %s: %s", path, strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return gw_fail(error, GW_BAD_INPUT, "%s is not a goodwill run file", path);
    }
    return verify_seal(file, path, (uint64_t)status.st_size, error);
}

int gw_runfile_read(struct gw_dataset **dataset, const char *path, struct gw_error *error)
{
    *dataset = NULL;
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return gw_fail(error, GW_IO, "cannot read %s: %s", path, strerror(errno));
    }
    int ret = verify_file(file, path, error);
    if (ret != 0) {
        goto out;
    }
    ret = gw_dataset_create(dataset, error);
    if (ret != 0) {
        goto out;
    }
    ret = gw_hdf5_read(*dataset, file, path, error);
    if (ret != 0) {
        gw_dataset_free(*dataset);
        *dataset = NULL;
    }
out:
    close(file);
    return ret;
}
