/* Run files that were damaged, and disks that are full: one line on stderr, nothing half-written, old files kept. */
#include "program.h"
#include "scratch.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static const char small[] = "goodwill: 1\nhorizon: 26\nreplications: 4\npopulation: {size: 300}\n"
                            "firms: {us: {initial_share: 0.5}, rival: {}}\n"
                            "strategies: {base: {}, cut: {firms.us.price: 0.9}}\n";

static void assert_ok(const struct outcome *o)
{
    if (o->status != 0) {
        fail_msg("status %d: %s", o->status, o->err);
    }
}

static void make_run(const char *path)
{
    scratch_write("small.yaml", small, strlen(small));
    assert_ok(run_program(NULL, "run", "small.yaml", "-q", "--force", "-o", path, NULL));
}

static void assert_damage_is_told(const struct outcome *o)
{
    assert_string_equal(o->out, "");
    assert_one_line(o, o->status == 2 ? 2 : 5, "run.h5");
}

static void damaged_run_files_are_refused(void **state)
{
    (void)state;
    size_t length;
    make_run("run.h5");
    unsigned char *whole = scratch_read("run.h5", &length);
    for (size_t i = 0; i < 50; i++) {
        const size_t at = i * (length - 1) / 49;
        whole[at] ^= (unsigned char)(1 << i % 8);
        scratch_write("run.h5", whole, length);
        whole[at] ^= (unsigned char)(1 << i % 8);
        assert_damage_is_told(run_program(NULL, i % 2 == 0 ? "summary" : "fingerprint", "run.h5", NULL));
    }
    for (size_t cut = length - 1; cut > 0; cut /= 3) {
        scratch_write("run.h5", whole, cut);
        assert_damage_is_told(run_program(NULL, "summary", "run.h5", NULL));
    }
    free(whole);
}

/* ---- A full disk ------------------------------------------------------------------------------------------ */

/* A file system of so many bytes at small/, in a mount namespace of this process; false where that is refused. */
static bool mount_small(size_t bytes)
{
    char size[64];
    snprintf(size, sizeof size, "size=%zu", bytes);
    return (mkdir("small", 0777) == 0 || errno == EEXIST) && mount("none", "small", "tmpfs", MS_NOSUID, size) == 0;
}

/* A run onto a disk of this size, over an older file: it succeeds, or nothing has happened. */
static bool run_on_disk(size_t bytes, int *journal_failed, int *run_file_failed)
{
    size_t length;
    if (!mount_small(bytes)) {
        skip();
    }
    scratch_write("small/run.h5", "precious", 8);
    const struct outcome *o = run_program(NULL, "run", "small.yaml", "-q", "--force", "-o", "small/run.h5", NULL);
    const bool done = o->status == 0;
    if (!done) {
        assert_one_line(o, 5, "No space left on device");
        *journal_failed += strstr(o->err, "run.h5.journal") != NULL;
        *run_file_failed += strstr(o->err, "run.h5.journal") == NULL;
        unsigned char *old = scratch_read("small/run.h5", &length);
        assert_int_equal(length, 8);
        assert_memory_equal(old, "precious", 8);
        free(old);
    }
    assert_int_equal(access("small/run.h5.part", F_OK), -1);
    assert_int_equal(umount2("small", MNT_DETACH), 0);
    return done;
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    int journal = 0, run_file = 0;
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        skip();
    }
    scratch_write("small.yaml", small, strlen(small));
    size_t bytes = 16384;
    while (bytes < (size_t)1 << 26 && !run_on_disk(bytes, &journal, &run_file)) {
        bytes += bytes / 4 / 4096 * 4096;
    }
    assert_true(bytes < (size_t)1 << 26);
    assert_true(journal > 0 && run_file > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_run_files_are_refused),
        cmocka_unit_test(a_full_disk_is_told),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
