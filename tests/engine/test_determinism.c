/*
 * The same scenario gives the same bits: on any number of threads, any instruction set, any C library's choice of
 * functions, with any compiler, whatever other strategies and replications run beside.
 *
 * golden/NAME.txt holds the fingerprint of golden/NAME.yaml. A change of the model that is meant to change results
 * changes them too: the failing test shows the new ones.
 */
#include "lab.h"
#include "program.h"
#include "scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const scenarios[] = {"market", "subscription"};
enum { SCENARIOS = sizeof scenarios / sizeof *scenarios };

static const char *golden(const char *name, const char *suffix)
{
    static char path[4096];
    const char *directory = getenv("GOODWILL_GOLDEN");
    assert_non_null(directory);
    assert_in_range(snprintf(path, sizeof path, "%s/%s.%s", directory, name, suffix), 1, sizeof path - 1);
    return path;
}

/* ---- The program ------------------------------------------------------------------------------------------ */

static void run_golden(const char *name, const char *const *environment, const char *threads, char hex[65])
{
    const struct outcome *o =
        run_program(environment, "run", golden(name, "yaml"), "-o", "run.h5", "--force", "-q", "-t", threads, NULL);
    if (o->status != 0) {
        fail_msg("%s", o->err);
    }
    program_fingerprint("run.h5", hex);
}

static void assert_golden(const char *const *environment, const char *threads)
{
    for (int i = 0; i < SCENARIOS; i++) {
        char hex[65], want[65] = "";
        FILE *file = fopen(golden(scenarios[i], "txt"), "r");
        assert_non_null(file);
        assert_int_equal(fscanf(file, "%64s", want), 1);
        fclose(file);
        run_golden(scenarios[i], environment, threads, hex);
        if (strcmp(hex, want) != 0) {
            fail_msg("golden/%s.yaml gives %s, golden/%s.txt has %s", scenarios[i], hex, scenarios[i], want);
        }
    }
}

static void results_are_those_of_other_builds(void **state)
{
    (void)state;
    assert_golden(NULL, "1");
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    assert_golden(NULL, "2");
    assert_golden(NULL, "3");
    assert_golden(NULL, "8");
}

static void instruction_sets_do_not_matter(void **state)
{
    (void)state;
    static const char *const sets[] = {"GOODWILL_ISA=portable", "GOODWILL_ISA=v3", "GOODWILL_ISA=v4"};
    for (int i = 0; i < 3; i++) {
        assert_golden((const char *const[]){sets[i], NULL}, "2");
    }
}

/* The C library picks its functions by what it finds in the CPU. */
static void functions_of_the_c_library_do_not_matter(void **state)
{
    (void)state;
    static const char *const masks[] = {
        "GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX2_Usable,-FMA_Usable,-AVX512F",
        "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX512BW",
        "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-FMA,-SSE4_1,-SSSE3,-ERMS"};
    for (int i = 0; i < 3; i++) {
        assert_golden((const char *const[]){masks[i], NULL}, "2");
    }
    assert_golden((const char *const[]){masks[2], "GOODWILL_ISA=portable", NULL}, "2");
}

/* ---- What runs beside ------------------------------------------------------------------------------------- */

/* The golden market with other strategies, or with changed keys. */
static struct lab *run_beside(const char *strategies, const char *const *overrides)
{
    char yaml[4096];
    snprintf(yaml, sizeof yaml, "extends: %s\nstrategies: %s\n", golden("base", "yaml"), strategies);
    return lab_run_with(yaml, (struct lab_options){.threads = 2, .overrides = overrides});
}

static void assert_same_strategy(const struct lab *a, int in_a, const struct lab *b, int in_b)
{
    const size_t words = a->layout.strategy_words;
    const uint32_t na = a->scenario->replications, nb = b->scenario->replications;
    assert_int_equal(words, b->layout.strategy_words);
    for (uint32_t r = 0; r < na && r < nb; r++) {
        assert_memory_equal(a->record[r] + (size_t)in_a * words, b->record[r] + (size_t)in_b * words,
                            words * sizeof(int64_t));
    }
}

#define CUT "{firms.us.price: {schedule: {from: week 4, until: week 10, to: 0.9}}}"
#define KIND "{firms.us.spend.empathy: 240, market.discount_rate: 0.08}"
#define RISKY "{firms.us.repair_share: {uncertain: {beta: {mean: 0.7, sd: 0.1}}}, population.inertia: 0.2}"

static void strategies_do_not_touch_each_other(void **state)
{
    (void)state;
    struct lab *a = run_beside("{base: {}, cut: " CUT ", kind: " KIND "}", NULL);
    struct lab *b = run_beside("{good: " KIND ", risky: " RISKY ", nothing: {}, other: " CUT "}", NULL);
    struct lab *alone = run_beside("{cut: " CUT "}", NULL);
    assert_same_strategy(a, 0, b, 2);
    assert_same_strategy(a, 1, b, 3);
    assert_same_strategy(a, 2, b, 0);
    assert_same_strategy(a, 1, alone, 0);
    assert_memory_not_equal(a->record[0], a->record[0] + a->layout.strategy_words,
                            a->layout.strategy_words * sizeof(int64_t));
    lab_free(a);
    lab_free(b);
    lab_free(alone);
}

/* An uncertain number of one strategy is drawn from a stream of its own. */
static void uncertainty_does_not_touch_other_strategies(void **state)
{
    (void)state;
    struct lab *a = run_beside("{base: {}, risky: " RISKY "}", NULL);
    struct lab *b = run_beside("{risky: " RISKY ", base: {}, cut: " CUT "}", NULL);
    assert_same_strategy(a, 0, b, 1);
    assert_same_strategy(a, 1, b, 0);
    lab_free(a);
    lab_free(b);
}

static void more_replications_keep_the_first(void **state)
{
    (void)state;
    struct lab *few = run_beside("{cut: " CUT "}", NULL);
    struct lab *many = run_beside("{cut: " CUT "}", (const char *const[]){"replications=7", NULL});
    assert_same_strategy(few, 0, many, 0);
    lab_free(few);
    lab_free(many);
}

static void a_longer_horizon_keeps_the_first_periods(void **state)
{
    (void)state;
    struct lab *a = run_beside("{cut: " CUT "}", NULL);
    struct lab *b = run_beside("{cut: " CUT "}", (const char *const[]){"horizon=45", NULL});
    const size_t words = a->layout.periods * a->layout.period_words;
    const size_t after = (size_t)a->layout.segments * a->layout.segment_words; /* sums over the horizon */
    const size_t from = a->layout.strategy_words - after - words;
    for (uint32_t r = 0; r < a->scenario->replications; r++) {
        assert_memory_equal(a->record[r] + from, b->record[r] + from, words * sizeof(int64_t));
    }
    lab_free(a);
    lab_free(b);
}

static void another_seed_gives_other_results(void **state)
{
    (void)state;
    char text[200];
    struct lab *a = run_beside("{cut: " CUT "}", NULL);
    struct lab *b = run_beside("{cut: " CUT "}", (const char *const[]){"seed=78", NULL});
    assert_false(lab_same(a, b, text));
    lab_free(a);
    lab_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_those_of_other_builds),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(instruction_sets_do_not_matter),
        cmocka_unit_test(functions_of_the_c_library_do_not_matter),
        cmocka_unit_test(strategies_do_not_touch_each_other),
        cmocka_unit_test(uncertainty_does_not_touch_other_strategies),
        cmocka_unit_test(more_replications_keep_the_first),
        cmocka_unit_test(a_longer_horizon_keeps_the_first_periods),
        cmocka_unit_test(another_seed_gives_other_results),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
