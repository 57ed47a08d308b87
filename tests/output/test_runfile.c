#include "close.h"
#include "example_dataset.h"
#include "output/durable.h"
#include "output/runfile.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char path[] = "run.h5", part[] = "run.h5.part";
static const size_t in_memory = SIZE_MAX, by_child = 0;

static void assert_failed(int want, int got, const struct gw_error *error, const char *word)
{
    assert_int_equal(got, want);
    assert_int_equal(error->status, want);
    if (strstr(error->text, path) == NULL || strstr(error->text, word) == NULL || strchr(error->text, '\n') != NULL) {
        fail_msg("one line with '%s' and '%s', not: %s", path, word, error->text);
    }
}

static void assert_same(const struct gw_dataset *a, const struct gw_dataset *b)
{
    char one[65], two[65];
    assert_int_equal(a->axes, b->axes);
    assert_int_equal(a->arrays, b->arrays);
    assert_int_equal(a->attributes, b->attributes);
    for (int i = 0; i < a->axes; i++) {
        assert_string_equal(a->axis[i].name, b->axis[i].name);
        assert_string_equal(a->axis[i].unit, b->axis[i].unit);
        assert_string_equal(a->axis[i].long_name, b->axis[i].long_name);
        assert_int_equal(a->axis[i].length, b->axis[i].length);
    }
    for (int i = 0; i < a->arrays; i++) {
        assert_string_equal(a->array[i].name, b->array[i].name);
        assert_string_equal(a->array[i].unit, b->array[i].unit);
        assert_string_equal(a->array[i].long_name, b->array[i].long_name);
    }
    for (int i = 0; i < a->attributes; i++) {
        assert_string_equal(a->attribute[i].name, b->attribute[i].name);
        assert_string_equal(a->attribute[i].text, b->attribute[i].text);
    }
    assert_int_equal(gw_dataset_fingerprint(a, one, NULL), GW_OK);
    assert_int_equal(gw_dataset_fingerprint(b, two, NULL), GW_OK);
    assert_string_equal(one, two);
}

static void write_example(size_t periods, size_t limit)
{
    struct gw_error error = {0};
    struct gw_dataset *data = example_dataset(periods);
    const int ret = gw_runfile_write_within(path, data, true, limit, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(ret, GW_OK);
    assert_int_equal(access(part, F_OK), -1);
    gw_dataset_free(data);
}

static void round_trip(size_t periods, size_t limit)
{
    struct gw_error error = {0};
    struct gw_dataset *read, *data = example_dataset(periods);
    write_example(periods, limit);
    const int ret = gw_runfile_read(&read, path, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(ret, GW_OK);
    assert_same(data, read);
    gw_dataset_free(read);
    gw_dataset_free(data);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    round_trip(1, in_memory);
    round_trip(53, in_memory);
    round_trip(53, by_child);
    round_trip(0, in_memory);
    round_trip(0, by_child);
    round_trip(140000, in_memory); /* several chunks, partly filled */
    round_trip(140000, by_child);
}

/* Bytes depend on the dataset alone, and not on the way they were built. */
static void equal_datasets_give_equal_files(void **state)
{
    (void)state;
    size_t one, two;
    write_example(53, in_memory);
    unsigned char *first = scratch_read(path, &one);
    for (const time_t then = time(NULL); time(NULL) == then;) { /* a time stamp would differ */
        usleep(10000);
    }
    write_example(53, in_memory);
    unsigned char *second = scratch_read(path, &two);
    assert_int_equal(one, two);
    assert_memory_equal(first, second, one);
    free(first);
    free(second);
}

static void an_existing_file_is_kept(void **state)
{
    (void)state;
    size_t length;
    struct gw_error error = {0};
    struct gw_dataset *data = example_dataset(3);
    scratch_write(path, "precious", 8);
    assert_failed(GW_BAD_INPUT, gw_runfile_write(path, data, false, &error), &error, "--force");
    error = (struct gw_error){0};
    assert_failed(GW_BAD_INPUT, gw_runfile_check(path, false, &error), &error, "--force");
    assert_int_equal(gw_runfile_check(path, true, NULL), GW_OK);
    unsigned char *old = scratch_read(path, &length);
    assert_int_equal(length, 8);
    assert_memory_equal(old, "precious", 8);
    free(old);
    assert_int_equal(gw_runfile_write(path, data, true, NULL), GW_OK);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(gw_runfile_write(path, data, false, NULL), GW_OK);
    gw_dataset_free(data);
}

static void only_regular_files_are_replaced(void **state)
{
    (void)state;
    struct gw_error error = {0};
    struct gw_dataset *data = example_dataset(3);
    (void)unlink(path);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_failed(GW_BAD_INPUT, gw_runfile_write(path, data, true, &error), &error, "regular");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink("elsewhere.h5", path), 0);
    error = (struct gw_error){0};
    assert_failed(GW_BAD_INPUT, gw_runfile_write(path, data, true, &error), &error, "regular");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("elsewhere.h5", part), 0);
    error = (struct gw_error){0};
    assert_failed(GW_IO, gw_runfile_write(path, data, true, &error), &error, "cannot write");
    assert_int_equal(unlink(part), 0);
    assert_int_equal(access("elsewhere.h5", F_OK), -1);
    gw_dataset_free(data);
}

static void an_unwritable_directory_is_reported(void **state)
{
    (void)state;
    struct gw_error error = {0};
    struct gw_dataset *data = example_dataset(3);
    assert_failed(GW_IO, gw_runfile_write("absent/run.h5", data, false, &error), &error, "No such file");
    /* Root may write anywhere but here. */
    error = (struct gw_error){0};
    assert_failed(GW_IO, gw_runfile_write("/proc/run.h5", data, false, &error), &error, "cannot write");
    if (geteuid() != 0) {
        assert_int_equal(mkdir("sealed", 0555), 0);
        error = (struct gw_error){0};
        assert_failed(GW_IO, gw_runfile_write("sealed/run.h5", data, false, &error), &error, "Permission denied");
    }
    gw_dataset_free(data);
}

static void a_second_writer_is_refused(void **state)
{
    (void)state;
    struct gw_part other;
    struct gw_error error = {0};
    struct gw_dataset *data = example_dataset(3);
    assert_int_equal(gw_part_open(&other, path, true, NULL), GW_OK);
    assert_failed(GW_IO, gw_runfile_write(path, data, true, &error), &error, "another process");
    gw_part_abandon(&other);
    scratch_write(part, "left by a killed process", 24);
    assert_int_equal(gw_runfile_write(path, data, true, NULL), GW_OK);
    assert_int_equal(access(part, F_OK), -1);
    gw_dataset_free(data);
}

static void names_and_units_are_checked(void **state)
{
    (void)state;
    static const char *const names[] = {"a/b", "", "a b", "provenance", ".", "9"};
    static const char *const units[] = {"days", "seconds", "days since 2000-01-01"};
    for (int i = 0; i < 9; i++) {
        struct gw_dataset *data;
        assert_int_equal(gw_dataset_create(&data, NULL), GW_OK);
        gw_dataset_add_array(data, i < 6 ? names[i] : "a", i < 6 ? "1" : units[i - 6], "", GW_INT64, 0, NULL);
        assert_int_equal(gw_runfile_write(path, data, true, NULL), GW_FAILED);
        gw_dataset_free(data);
    }
}

/* Writing fails from every so manyth byte on: one line, the old file as it was, no .part. */
static void a_full_disk(size_t limit)
{
    size_t length, after;
    struct gw_dataset *data = example_dataset(400);
    write_example(400, limit);
    unsigned char *whole = scratch_read(path, &length);
    for (size_t room = 0; room < length; room += room < 1024 || room + 128 > length ? 61 : 4057) {
        struct gw_error error = {0};
        scratch_write(path, "precious", 8);
        scratch_limit_file_size(room);
        const int ret = gw_runfile_write_within(path, data, true, limit, &error);
        scratch_limit_file_size(SIZE_MAX);
        assert_failed(GW_IO, ret, &error, "File too large");
        assert_int_equal(access(part, F_OK), -1);
        unsigned char *old = scratch_read(path, &after);
        assert_int_equal(after, 8);
        assert_memory_equal(old, "precious", 8);
        free(old);
    }
    scratch_limit_file_size(length + 4096); /* HDF5 sets blocks of 2 KiB aside twice and gives back the rest */
    write_example(400, limit);
    scratch_limit_file_size(SIZE_MAX);
    free(whole);
    gw_dataset_free(data);
}

static void a_full_disk_in_memory(void **state)
{
    (void)state;
    a_full_disk(in_memory);
}

static void a_full_disk_by_child(void **state)
{
    (void)state;
    a_full_disk(by_child);
}

/* Writes one byte in place. */
static void poke(size_t at, unsigned char byte)
{
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(gw_write_at(file, &byte, 1, (off_t)at), 0);
    assert_int_equal(close(file), 0);
}

/* One bit wrong in every 41st byte, and in every byte of the ends: known before HDF5 sees the file. */
static void flipped_bits_are_detected(void **state)
{
    (void)state;
    size_t length;
    struct gw_dataset *read;
    write_example(53, in_memory);
    unsigned char *whole = scratch_read(path, &length);
    for (size_t at = 0; at < length; at += at < 256 || at + 128 > length ? 1 : 41) {
        struct gw_error error = {0};
        poke(at, whole[at] ^ (unsigned char)(1 << at % 8));
        assert_failed(GW_IO, gw_runfile_read(&read, path, &error), &error, "damaged");
        assert_null(read);
        poke(at, whole[at]);
    }
    assert_int_equal(gw_runfile_read(&read, path, NULL), GW_OK);
    gw_dataset_free(read);
    free(whole);
}

/* The end missing; without just the seal it is a plain HDF5 file, such as another program writes it anew. */
static void cut_files_are_detected(void **state)
{
    (void)state;
    size_t length;
    struct gw_dataset *read;
    write_example(53, in_memory);
    free(scratch_read(path, &length));
    for (size_t cut = length - 1; cut > 512; cut -= cut + 128 > length ? 1 : 97) {
        struct gw_error error = {0};
        const bool plain = cut + 64 == length;
        assert_int_equal(truncate(path, (off_t)cut), 0);
        assert_failed(plain ? GW_BAD_INPUT : GW_IO, gw_runfile_read(&read, path, &error), &error,
                      plain ? "not a goodwill run file" : "damaged");
    }
}

static void what_is_no_run_file_is_refused(void **state)
{
    (void)state;
    struct gw_dataset *read;
    struct gw_error error = {0};
    (void)unlink(path);
    assert_failed(GW_IO, gw_runfile_read(&read, path, &error), &error, "No such file");
    for (size_t length = 0; length < 200; length += 33) {
        unsigned char zeros[200] = {0};
        error = (struct gw_error){0};
        scratch_write(path, zeros, length);
        assert_failed(GW_BAD_INPUT, gw_runfile_read(&read, path, &error), &error, "not a goodwill run file");
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0666), 0);
    error = (struct gw_error){0};
    assert_failed(GW_BAD_INPUT, gw_runfile_read(&read, path, &error), &error, "not a goodwill run file");
    assert_int_equal(unlink(path), 0);
}

/* kill -9 while the file is replaced again and again: what stands there is whole. */
static void kill_leaves_a_whole_file(void **state)
{
    (void)state;
    struct gw_dataset *data = example_dataset(2000);
    write_example(2000, in_memory);
    for (int i = 0; i < 20; i++) {
        int status;
        struct gw_dataset *read;
        const pid_t child = fork();
        assert_true(child >= 0);
        while (child == 0) { /* may be refused while the last one's orphan still dies */
            (void)gw_runfile_write_within(path, data, true, i % 2 == 0 ? in_memory : by_child, NULL);
        }
        usleep((unsigned)(1000 + 2777 * i));
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(gw_runfile_read(&read, path, NULL), GW_OK);
        assert_same(data, read);
        gw_dataset_free(read);
    }
    for (int tries = 0; gw_runfile_write(path, data, true, NULL) != 0 && tries < 100; tries++) {
        usleep(10000); /* an orphaned grandchild may hold the .part for a moment */
    }
    assert_int_equal(access(part, F_OK), -1);
    gw_dataset_free(data);
}

/* A file system of 64 KiB, in a mount namespace of its own; 77 from the child where mounting is refused. */
static int on_small_disk(struct gw_dataset *data, size_t limit)
{
    struct gw_error error = {0};
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        (mkdir("small", 0777) != 0 && errno != EEXIST) ||
        mount("tmpfs", "small", "tmpfs", MS_NOSUID, "size=64k") != 0) {
        return 77;
    }
    const int ret = gw_runfile_write_within("small/run.h5", data, false, limit, &error);
    const bool clean = access("small/run.h5", F_OK) != 0 && access("small/run.h5.part", F_OK) != 0;
    return ret == GW_IO && strstr(error.text, "No space left on device") != NULL && clean ? 0 : 1;
}

static void a_small_disk(void **state)
{
    (void)state;
    struct gw_dataset *data = example_dataset(20000);
    for (int i = 0; i < 2; i++) {
        int status;
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            _exit(on_small_disk(data, i == 0 ? in_memory : by_child));
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        if (WEXITSTATUS(status) == 77) {
            gw_dataset_free(data);
            skip();
        }
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    gw_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(equal_datasets_give_equal_files),
        cmocka_unit_test(an_existing_file_is_kept),
        cmocka_unit_test(only_regular_files_are_replaced),
        cmocka_unit_test(an_unwritable_directory_is_reported),
        cmocka_unit_test(a_second_writer_is_refused),
        cmocka_unit_test(names_and_units_are_checked),
        cmocka_unit_test(a_full_disk_in_memory),
        cmocka_unit_test(a_full_disk_by_child),
        cmocka_unit_test(flipped_bits_are_detected),
        cmocka_unit_test(cut_files_are_detected),
        cmocka_unit_test(what_is_no_run_file_is_refused),
        cmocka_unit_test(kill_leaves_a_whole_file),
        cmocka_unit_test(a_small_disk),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
