/*
 * Every lesson in full: as shipped and turned it decides, and the two verdicts differ; its effect is there, and gone
 * with the mechanism off.
 *
 * Chance: an effect that is there must lie 4 standard errors from 0, one that is gone must not; replications are
 * paired. At 32 lessons a false alarm of the second kind has probability 32 * 6e-5 = .002 with other seeds.
 */
#include "close.h"

#include "experiment/compare.h"
#include "outcome/verdict.h"

#include <glob.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lesson {
    struct gw_scenario *scenario;
    struct gw_dataset *dataset;
};

static void run(struct lesson *lesson, const char *path, const char *variant)
{
    struct gw_error error = {0};
    struct gw_compare compare = {.threads = omp_get_num_procs()};
    int ret = gw_scenario_load_variant(&lesson->scenario, path, variant, NULL, 0, &error);
    ret = ret == GW_OK ? gw_compare_run(&compare, lesson->scenario, &lesson->dataset, &error) : ret;
    if (ret != GW_OK) {
        fail_msg("%s: %s", path, error.text);
    }
}

static void leave(struct lesson *lesson)
{
    gw_dataset_free(lesson->dataset);
    gw_scenario_free(lesson->scenario);
}

static enum gw_verdict verdict_of(const struct lesson *lesson, const char *path)
{
    struct gw_finding finding[GW_MAX_EXPECTATIONS];
    enum gw_verdict verdict;
    struct gw_error error = {0};
    if (gw_judge(lesson->scenario->lesson, lesson->dataset, finding, &verdict, &error) != GW_OK) {
        fail_msg("%s: %s", path, error.text);
    }
    return verdict;
}

/* In standard errors; exactly 0 when there is no effect in any replication. */
static double effect_of(const struct lesson *lesson, const char *path)
{
    struct gw_estimate e;
    struct gw_error error = {0};
    const struct gw_expression_place nowhere = {GW_NO_STRATEGY, -1};
    if (gw_expression_estimate(lesson->scenario->lesson->effect, lesson->dataset, nowhere, 0.95, &e, &error) !=
        GW_OK) {
        fail_msg("%s: %s", path, error.text);
    }
    /* A sum that rounds is no effect. */
    const double standard_error = e.sd / sqrt((double)e.n);
    return fabs(e.mean) <= 1e-9 ? 0.0 : standard_error == 0.0 ? INFINITY : e.mean / standard_error;
}

static int check(const char *path)
{
    struct lesson shipped = {0}, flipped = {0}, off = {0};
    run(&shipped, path, NULL);
    run(&flipped, path, "flip");
    run(&off, path, "off");
    const enum gw_verdict here = verdict_of(&shipped, path), there = verdict_of(&flipped, path);
    const double on = effect_of(&shipped, path), without = effect_of(&off, path);
    const int good =
        here != GW_UNDECIDED && there != GW_UNDECIDED && here != there && fabs(on) > 4.0 && fabs(without) <= 4.0;
    fprintf(stderr, "%s %s: %s, turned: %s; effect %.1f standard errors, off %.1f\n", good ? "ok  " : "BAD ", path,
            gw_verdict_text(here), gw_verdict_text(there), on, without);
    leave(&shipped);
    leave(&flipped);
    leave(&off);
    return good;
}

static const char *only; /* one lesson's file, from the command line */

static void every_lesson_decides_turns_and_rests_on_its_mechanism(void **state)
{
    (void)state;
    glob_t found = {0};
    int bad = 0;
    assert_int_equal(glob(GOODWILL_SCENARIOS "/lessons/[0-9]*_*.yaml", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (only == NULL || strstr(found.gl_pathv[i], only) != NULL) {
            bad += !check(found.gl_pathv[i]);
        }
    }
    globfree(&found);
    assert_int_equal(bad, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lesson_decides_turns_and_rests_on_its_mechanism),
    };
    only = argc > 1 ? argv[1] : NULL;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
