/*
 * Runs that are killed, interrupted and continued: what was finished is kept, and the result is that of a run nobody
 * disturbed.
 */
#include "program.h"
#include "scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { KILLS = 20, HEADER = 72 };

static const char scenario[] = "market.yaml"; /* the golden market with fewer consumers */

static int set_up(void **state)
{
    const char *directory = getenv("GOODWILL_GOLDEN");
    if (directory == NULL) {
        return -1;
    }
    if (scratch_make(state) != 0) {
        return -1;
    }
    FILE *file = fopen(scenario, "w");
    const bool bad = file == NULL || fprintf(file, "extends: %s/market.yaml\npopulation.size: 400\n", directory) < 0;
    return bad || fclose(file) != 0 ? -1 : 0;
}

static void assert_ok(const struct outcome *o)
{
    if (o->status != 0) {
        fail_msg("status %d: %s", o->status, o->err);
    }
}

static off_t size_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_size : -1;
}

/* The fingerprint of the run that nobody disturbs. */
static void undisturbed(const char *replications, char hex[65])
{
    assert_ok(run_program(NULL, "run", scenario, "-q", "-o", "whole.h5", "--force", "-n", replications, NULL));
    program_fingerprint("whole.h5", hex);
}

/* Waits until the journal holds something; the run is not over yet. */
static void wait_for_records(const char *journal)
{
    for (int tries = 0; size_of(journal) <= HEADER; tries++) {
        assert_in_range(tries, 0, 6000);
        usleep(5000);
    }
}

static pid_t start_run(const char *replications, const char *threads, bool go_on)
{
    return start_program(NULL, "run", scenario, "-q", "-o", "run.h5", "-n", replications, "-t", threads,
                         go_on ? "--resume" : NULL, NULL);
}

static void pause_for(double seconds)
{
    const struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&t, NULL);
}

/* kill -9 again and again, at instants that a seed draws; each attempt has another number of threads. */
static void kills_change_nothing(void **state)
{
    (void)state;
    static const char *const threads[] = {"1", "3", "2", "5"};
    const char *replications = "120";
    const unsigned seed = 20240917;
    char want[65], got[65];
    int killed = 0;
    unsigned short chance[3] = {(unsigned short)seed, (unsigned short)(seed >> 16), 1};
    undisturbed(replications, want);
    print_message("seed %u:", seed);
    while (killed < KILLS) {
        const double wait = 0.01 + 0.06 * erand48(chance);
        const pid_t process = start_run(replications, threads[killed % 4], size_of("run.h5.journal") >= 0);
        pause_for(wait);
        (void)kill(process, SIGKILL);
        const struct outcome *o = finish_program(process);
        if (o->status == 0) { /* it was faster: once more from the start */
            program_fingerprint("run.h5", got);
            assert_string_equal(got, want);
            assert_int_equal(unlink("run.h5"), 0);
            continue;
        }
        if (o->status != 1000 + SIGKILL) {
            fail_msg("after %d kills: status %d, %s", killed, o->status, o->err);
        }
        print_message(" %.3f", wait);
        killed++;
    }
    print_message("\n");
    if (size_of("run.h5") < 0) {
        assert_ok(finish_program(start_run(replications, "2", size_of("run.h5.journal") >= 0)));
    }
    program_fingerprint("run.h5", got);
    assert_string_equal(got, want);
    assert_int_equal(size_of("run.h5.journal"), -1);
    assert_int_equal(size_of("run.h5.part"), -1);
}

static void a_signal_keeps_what_is_finished(int number, int status)
{
    char want[65], got[65];
    (void)unlink("run.h5");
    undisturbed("60", want);
    const pid_t process = start_run("60", "2", false);
    wait_for_records("run.h5.journal");
    assert_int_equal(kill(process, number), 0);
    const struct outcome *o = finish_program(process);
    if (o->status != status || strstr(o->err, "run.h5.journal") == NULL || strstr(o->err, "--resume") == NULL ||
        strstr(o->err, "replications=60") == NULL) {
        fail_msg("status %d: %s", o->status, o->err);
    }
    assert_string_equal(o->out, "");
    assert_int_equal(size_of("run.h5"), -1);
    /* Without --resume the finished part is not thrown away by mistake. */
    assert_one_line(run_program(NULL, "run", scenario, "-q", "-o", "run.h5", "-n", "60", NULL), 2, "--resume");
    assert_ok(finish_program(start_run("60", "1", true)));
    program_fingerprint("run.h5", got);
    assert_string_equal(got, want);
    assert_int_equal(size_of("run.h5.journal"), -1);
}

static void an_interrupt_keeps_what_is_finished(void **state)
{
    (void)state;
    a_signal_keeps_what_is_finished(SIGINT, 130);
}

static void a_termination_keeps_what_is_finished(void **state)
{
    (void)state;
    a_signal_keeps_what_is_finished(SIGTERM, 143);
}

/* Leaves a journal with some records of a run of `replications`. */
static void interrupt_run(const char *replications)
{
    (void)unlink("run.h5");
    (void)unlink("run.h5.journal");
    const pid_t process = start_run(replications, "1", false);
    wait_for_records("run.h5.journal");
    assert_int_equal(kill(process, SIGKILL), 0);
    assert_int_equal(finish_program(process)->status, 1000 + SIGKILL);
}

static void another_scenario_is_not_continued(void **state)
{
    (void)state;
    static const char *const changes[] = {"seed=78", "population.size=1001", "horizon=31", "market.ces_power=-1",
                                          "strategies.price_cut.firms.us.price=0.8"};
    interrupt_run("60");
    const off_t before = size_of("run.h5.journal");
    for (int i = 0; i < 5; i++) {
        assert_one_line(run_program(NULL, "run", scenario, "-q", "-o", "run.h5", "-n", "60", "--resume", "--set",
                                    changes[i], NULL),
                        2, "another scenario");
    }
    assert_int_equal(size_of("run.h5.journal"), before);
}

static void a_longer_run_continues_a_shorter_one(void **state)
{
    (void)state;
    char want[65], got[65];
    undisturbed("75", want);
    interrupt_run("60");
    assert_ok(finish_program(start_run("75", "2", true)));
    program_fingerprint("run.h5", got);
    assert_string_equal(got, want);
}

/* ---- Damaged journals ------------------------------------------------------------------------------------- */

static void flip(unsigned char *bytes, size_t at)
{
    bytes[at] ^= 0x10;
}

static void damage_costs_only_the_damaged(void **state)
{
    (void)state;
    char want[65], got[65];
    size_t length;
    undisturbed("12", want);
    interrupt_run("12");
    unsigned char *whole = scratch_read("run.h5.journal", &length);
    for (size_t i = 0; i < 6; i++) {
        const size_t at = HEADER + i * (length - HEADER) / 6 + 3 * i;
        (void)unlink("run.h5");
        flip(whole, at);
        scratch_write("run.h5.journal", whole, length);
        flip(whole, at);
        assert_ok(finish_program(start_run("12", "2", true)));
        program_fingerprint("run.h5", got);
        assert_string_equal(got, want);
    }
    for (size_t cut = length - 1; cut > 0; cut /= 6) {
        (void)unlink("run.h5");
        scratch_write("run.h5.journal", whole, cut);
        assert_ok(finish_program(start_run("12", "2", true)));
        program_fingerprint("run.h5", got);
        assert_string_equal(got, want);
    }
    free(whole);
}

static void a_damaged_head_is_told(void **state)
{
    (void)state;
    size_t length;
    interrupt_run("12");
    unsigned char *whole = scratch_read("run.h5.journal", &length);
    for (size_t at = 0; at < HEADER; at += 7) {
        flip(whole, at);
        scratch_write("run.h5.journal", whole, length);
        flip(whole, at);
        assert_one_line(finish_program(start_run("12", "1", true)), at < 24 ? 2 : 5, "run.h5.journal");
    }
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kills_change_nothing),
        cmocka_unit_test(an_interrupt_keeps_what_is_finished),
        cmocka_unit_test(a_termination_keeps_what_is_finished),
        cmocka_unit_test(another_scenario_is_not_continued),
        cmocka_unit_test(a_longer_run_continues_a_shorter_one),
        cmocka_unit_test(damage_costs_only_the_damaged),
        cmocka_unit_test(a_damaged_head_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, scratch_remove);
}
