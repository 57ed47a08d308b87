#include "close.h"
#include "output/journal.h"
#include "scratch.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HEADER = 72, FRAME = 24, PAYLOAD = 40, RECORD = FRAME + PAYLOAD };

static const char path[] = "run.journal";
static const struct gw_journal_header header = {.scenario = "a scenario's hash", .record_bytes = PAYLOAD};

static void fill(unsigned char payload[PAYLOAD], uint64_t replication)
{
    for (int i = 0; i < PAYLOAD; i++) {
        payload[i] = (unsigned char)(replication * 31 + i);
    }
}

static void append(struct gw_journal *journal, uint64_t replication)
{
    unsigned char payload[PAYLOAD];
    fill(payload, replication);
    assert_int_equal(gw_journal_append(journal, replication, payload, PAYLOAD, NULL), GW_OK);
}

static void write_journal(uint64_t records)
{
    struct gw_journal *journal;
    assert_int_equal(gw_journal_remove(path, NULL), GW_OK);
    assert_int_equal(gw_journal_create(&journal, path, &header, NULL), GW_OK);
    for (uint64_t i = 0; i < records; i++) {
        append(journal, i);
    }
    assert_int_equal(gw_journal_close(journal, NULL), GW_OK);
}

struct seen {
    size_t records;
    uint64_t numbers; /* bit set of the replications below 64 */
};

static int see(void *context, uint64_t replication, const void *payload, size_t bytes)
{
    struct seen *seen = context;
    unsigned char want[PAYLOAD];
    fill(want, replication);
    assert_int_equal(bytes, PAYLOAD);
    assert_memory_equal(payload, want, PAYLOAD);
    seen->records++;
    seen->numbers |= replication < 64 ? UINT64_C(1) << replication : 0;
    return 0;
}

static struct seen resume_and_close(void)
{
    struct seen seen = {0};
    struct gw_journal *journal;
    assert_int_equal(gw_journal_resume(&journal, path, &header, see, &seen, NULL), GW_OK);
    assert_int_equal(gw_journal_close(journal, NULL), GW_OK);
    return seen;
}

static void assert_refused(int status, int got, const struct gw_error *error, const char *word)
{
    assert_int_equal(got, status);
    assert_int_equal(error->status, status);
    assert_non_null(strstr(error->text, path));
    assert_non_null(strstr(error->text, word));
    assert_null(strchr(error->text, '\n'));
}

static void keeps_what_it_is_given(void **state)
{
    (void)state;
    write_journal(20);
    const struct seen seen = resume_and_close();
    assert_int_equal(seen.records, 20);
    assert_int_equal(seen.numbers, (1 << 20) - 1);
}

static void a_second_journal_is_refused(void **state)
{
    (void)state;
    struct gw_journal *journal = NULL;
    struct gw_error error = {0};
    write_journal(1);
    assert_refused(GW_BAD_INPUT, gw_journal_create(&journal, path, &header, &error), &error, "--resume");
    assert_null(journal);
    assert_int_equal(resume_and_close().records, 1);
}

static void a_second_writer_is_refused(void **state)
{
    (void)state;
    struct gw_journal *first, *second = NULL;
    struct gw_error error = {0};
    struct seen seen = {0};
    write_journal(1);
    assert_int_equal(gw_journal_resume(&first, path, &header, see, &seen, NULL), GW_OK);
    assert_refused(GW_IO, gw_journal_resume(&second, path, &header, see, &seen, &error), &error, "in use");
    error = (struct gw_error){0};
    assert_refused(GW_IO, gw_journal_remove(path, &error), &error, "in use");
    assert_int_equal(gw_journal_close(first, NULL), GW_OK);
    assert_int_equal(resume_and_close().records, 1);
}

static void another_scenario_is_refused_and_untouched(void **state)
{
    (void)state;
    size_t before, after;
    struct gw_journal *journal;
    write_journal(3);
    unsigned char *old = scratch_read(path, &before);
    for (int i = 0; i < 33; i++) {
        struct gw_error error = {0};
        struct gw_journal_header other = header;
        if (i < 32) {
            other.scenario[i] ^= 1;
        } else {
            other.record_bytes++;
        }
        assert_refused(GW_BAD_INPUT, gw_journal_resume(&journal, path, &other, see, NULL, &error), &error,
                       "another scenario");
    }
    unsigned char *new = scratch_read(path, &after);
    assert_int_equal(before, after);
    assert_memory_equal(old, new, before);
    free(old);
    free(new);
}

static void what_is_no_journal_is_refused(void **state)
{
    (void)state;
    struct gw_journal *journal;
    struct gw_error error = {0};
    struct seen seen = {0};
    assert_int_equal(gw_journal_remove(path, NULL), GW_OK);
    assert_refused(GW_BAD_INPUT, gw_journal_resume(&journal, path, &header, see, &seen, &error), &error, "nothing");
    error = (struct gw_error){0};
    scratch_write(path, "title: a scenario\n", 18);
    assert_refused(GW_BAD_INPUT, gw_journal_resume(&journal, path, &header, see, &seen, &error), &error, "not a");
}

/* Cut at every byte of the last record: the others are read, and the next append lands on their boundary. */
static void a_torn_tail_is_cut(void **state)
{
    (void)state;
    size_t length;
    write_journal(4);
    unsigned char *whole = scratch_read(path, &length);
    assert_int_equal(length, HEADER + 4 * RECORD);
    for (size_t cut = HEADER + 3 * RECORD; cut < length; cut++) {
        struct seen seen = {0};
        struct gw_journal *journal;
        scratch_write(path, whole, cut);
        assert_int_equal(gw_journal_resume(&journal, path, &header, see, &seen, NULL), GW_OK);
        assert_int_equal(seen.numbers, 7);
        append(journal, 5);
        assert_int_equal(gw_journal_close(journal, NULL), GW_OK);
        assert_int_equal(resume_and_close().numbers, 7 + 32);
    }
    free(whole);
}

/* A kill while the journal was being created leaves part of the header: that is an empty journal. */
static void a_torn_header_is_an_empty_journal(void **state)
{
    (void)state;
    size_t length;
    write_journal(0);
    unsigned char *whole = scratch_read(path, &length);
    for (size_t cut = 0; cut < length; cut++) {
        scratch_write(path, whole, cut);
        assert_int_equal(resume_and_close().records, 0);
    }
    free(whole);
}

/* A bit of every byte of a journal of three records: a damaged record costs itself and no other. */
static void flipped_bits_are_found(void **state)
{
    (void)state;
    size_t length;
    write_journal(3);
    unsigned char *whole = scratch_read(path, &length);
    for (size_t bit = 0; bit < 8 * length; bit += bit % 8 == 7 ? 1 : 9) {
        struct seen seen = {0};
        struct gw_journal *journal;
        struct gw_error error = {0};
        whole[bit / 8] ^= (unsigned char)(1 << bit % 8);
        scratch_write(path, whole, length);
        whole[bit / 8] ^= (unsigned char)(1 << bit % 8);
        const int ret = gw_journal_resume(&journal, path, &header, see, &seen, &error);
        if (bit / 8 < HEADER) {
            assert_refused(bit / 8 < 24 ? GW_BAD_INPUT : GW_IO, ret, &error, bit / 8 < 24 ? "not a" : "damaged");
            continue;
        }
        assert_int_equal(ret, GW_OK);
        assert_int_equal(seen.numbers, 7 & ~(1 << (bit / 8 - HEADER) / RECORD));
        assert_int_equal(gw_journal_close(journal, NULL), GW_OK);
    }
    free(whole);
}

/* A full disk at every byte of a record: one line, earlier records kept, and appending works again afterwards. */
static void a_failed_append_leaves_whole_records(void **state)
{
    (void)state;
    for (size_t room = 0; room < RECORD; room++) {
        unsigned char payload[PAYLOAD];
        struct gw_journal *journal;
        struct gw_error error = {0};
        struct seen seen = {0};
        write_journal(2);
        assert_int_equal(gw_journal_resume(&journal, path, &header, see, &seen, NULL), GW_OK);
        fill(payload, 2);
        scratch_limit_file_size(HEADER + 2 * RECORD + room);
        const int ret = gw_journal_append(journal, 2, payload, PAYLOAD, &error);
        scratch_limit_file_size(SIZE_MAX);
        assert_refused(GW_IO, ret, &error, "File too large");
        append(journal, 3);
        assert_int_equal(gw_journal_close(journal, NULL), GW_OK);
        assert_int_equal(resume_and_close().numbers, 1 + 2 + 8);
    }
}

static void records_of_another_size_are_refused(void **state)
{
    (void)state;
    struct gw_journal *journal;
    struct gw_error error = {0};
    struct seen seen = {0};
    write_journal(0);
    assert_int_equal(gw_journal_resume(&journal, path, &header, see, &seen, NULL), GW_OK);
    assert_refused(GW_FAILED, gw_journal_append(journal, 0, "", 1, &error), &error, "1 bytes");
    assert_int_equal(gw_journal_close(journal, NULL), GW_OK);
}

static int stop_reading(void *context, uint64_t replication, const void *payload, size_t bytes)
{
    (void)context, (void)payload, (void)bytes;
    return replication == 1 ? GW_FAILED : GW_OK;
}

static void a_visitor_may_stop(void **state)
{
    (void)state;
    struct gw_journal *journal;
    write_journal(3);
    assert_int_equal(gw_journal_resume(&journal, path, &header, stop_reading, NULL, NULL), GW_FAILED);
    assert_null(journal);
}

/* Appends for ever, reporting each finished record through a pipe. */
static void append_until_killed(int reports)
{
    struct gw_journal *journal;
    struct seen seen = {0};
    if (gw_journal_resume(&journal, path, &header, see, &seen, NULL) != 0) {
        _exit(1);
    }
    for (uint64_t i = seen.records;; i++) {
        unsigned char payload[PAYLOAD];
        fill(payload, i);
        if (gw_journal_append(journal, i, payload, PAYLOAD, NULL) != 0 || write(reports, &i, sizeof i) != sizeof i) {
            _exit(1);
        }
    }
}

/* kill -9 at many moments: every record whose append returned is read back, and the next process goes on. */
static void kill_loses_nothing(void **state)
{
    (void)state;
    size_t reported = 0;
    write_journal(0);
    for (unsigned kill_at = 1; kill_at <= 20; kill_at++) {
        int reports[2], status;
        uint64_t last;
        assert_int_equal(pipe(reports), 0);
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            append_until_killed(reports[1]);
        }
        close(reports[1]);
        for (unsigned i = 0; i < kill_at % 7 * 50 + 1; i++) {
            assert_int_equal(read(reports[0], &last, sizeof last), sizeof last);
        }
        usleep(kill_at * 37 % 500);
        assert_int_equal(kill(child, SIGKILL), 0);
        while (read(reports[0], &last, sizeof last) == sizeof last) {
        }
        close(reports[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_true(last + 1 > reported);
        reported = last + 1;
        const size_t kept = resume_and_close().records;
        assert_in_range(kept, reported, reported + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_it_is_given),
        cmocka_unit_test(a_second_journal_is_refused),
        cmocka_unit_test(a_second_writer_is_refused),
        cmocka_unit_test(another_scenario_is_refused_and_untouched),
        cmocka_unit_test(what_is_no_journal_is_refused),
        cmocka_unit_test(a_torn_tail_is_cut),
        cmocka_unit_test(a_torn_header_is_an_empty_journal),
        cmocka_unit_test(flipped_bits_are_found),
        cmocka_unit_test(a_failed_append_leaves_whole_records),
        cmocka_unit_test(records_of_another_size_are_refused),
        cmocka_unit_test(a_visitor_may_stop),
        cmocka_unit_test(kill_loses_nothing),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
