/* Commands, options, help and messages: what is asked wrongly gives one line on stderr and exit status 2. */
#include "program.h"
#include "scratch.h"

#include "models/registry.h"
#include "scenario/scenario.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char small[] = "goodwill: 1\nhorizon: 10\nreplications: 2\npopulation: {size: 200}\n"
                            "firms: {us: {initial_share: 0.5}, rival: {}}\n"
                            "strategies: {base: {}, cut: {firms.us.price: 0.9}}\n";

static void write_text(const char *path, const char *text)
{
    scratch_write(path, text, strlen(text));
}

static void assert_status(const struct outcome *o, int status)
{
    if (o->status != status) {
        fail_msg("status %d, not %d: %s", o->status, status, o->err);
    }
}

static void every_command_has_help(void **state)
{
    (void)state;
    char list[sizeof((struct outcome){0}.out)];
    const struct outcome *o = run_program(NULL, "help", NULL);
    int commands = 0;
    assert_status(o, 0);
    memcpy(list, o->out, sizeof list);
    const char *line = strstr(list, "Commands:\n");
    for (char name[64]; line != NULL && sscanf(line = strchr(line, '\n') + 1, "  %63[a-z]", name) == 1; commands++) {
        o = run_program(NULL, name, "--help", NULL);
        assert_status(o, 0);
        assert_non_null(strstr(o->out, name));
        assert_string_equal(o->err, "");
    }
    assert_true(commands >= 7);
    assert_status(run_program(NULL, "--help", NULL), 0);
    o = run_program(NULL, "--version", NULL);
    assert_status(o, 0);
    assert_true(strncmp(o->out, "goodwill ", 9) == 0);
}

/* argp adds a line on where help is to be found. */
static void assert_usage_error(const struct outcome *o, const char *word)
{
    assert_status(o, 2);
    assert_string_equal(o->out, "");
    if (strstr(o->err, word) == NULL || strlen(o->err) > 400) {
        fail_msg("'%s' is not in: %s", word, o->err);
    }
}

static void bad_usage_is_told(void **state)
{
    (void)state;
    write_text("small.yaml", small);
    assert_status(run_program(NULL, NULL), 2);
    assert_one_line(run_program(NULL, "rnu", NULL), 2, "did you mean 'run'?");
    assert_one_line(run_program(NULL, "xyzzyx", NULL), 2, "no command 'xyzzyx'");
    assert_usage_error(run_program(NULL, "run", NULL), "which scenario?");
    assert_usage_error(run_program(NULL, "run", "small.yaml", "--fast", NULL), "--fast");
    assert_usage_error(run_program(NULL, "run", "small.yaml", "-t", "0", NULL), "--threads");
    assert_usage_error(run_program(NULL, "run", "small.yaml", "-t", "two", NULL), "two");
    assert_usage_error(run_program(NULL, "run", "small.yaml", "other.yaml", NULL), "other.yaml");
    assert_usage_error(run_program(NULL, "fingerprint", NULL), "which run file?");
    assert_one_line(run_program(NULL, "describe", "no_such_thing", NULL), 2, "no_such_thing");
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    assert_one_line(run_program(NULL, "run", "absent.yaml", NULL), 2, "absent.yaml");
    assert_one_line(run_program(NULL, "summary", "absent.h5", NULL), 5, "absent.h5");
    assert_one_line(run_program(NULL, "fingerprint", "absent.h5", NULL), 5, "absent.h5");
    write_text("small.yaml", small);
    assert_one_line(run_program(NULL, "fingerprint", "small.yaml", NULL), 2, "not a goodwill run file");
    assert_one_line(run_program(NULL, "run", "small.yaml", "-q", "-o", "absent/run.h5", NULL), 5, "absent/run.h5");
    assert_one_line(run_program(NULL, "run", "small.yaml", "-q", "-o", "/proc/run.h5", NULL), 5, "/proc/run.h5");
    assert_one_line(run_program(NULL, "run", "small.yaml", "-q", "--resume", "-o", "new.h5", NULL), 2,
                    "nothing to resume");
}

static void an_existing_run_file_is_kept(void **state)
{
    (void)state;
    char before[65], after[65];
    write_text("small.yaml", small);
    assert_status(run_program(NULL, "run", "small.yaml", "-q", "-o", "kept.h5", NULL), 0);
    program_fingerprint("kept.h5", before);
    assert_one_line(run_program(NULL, "run", "small.yaml", "-q", "-s", "9", "-o", "kept.h5", NULL), 2, "--force");
    program_fingerprint("kept.h5", after);
    assert_string_equal(before, after);
    assert_int_equal(access("kept.h5.journal", F_OK), -1);
    assert_status(run_program(NULL, "run", "small.yaml", "-q", "-s", "9", "-o", "kept.h5", "--force", NULL), 0);
    program_fingerprint("kept.h5", after);
    assert_string_not_equal(before, after);
}

static int is_scenario(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && strcmp(dot, ".yaml") == 0;
}

/* The program says of every broken scenario exactly what the reader says. */
static void broken_scenarios_are_refused(void **state)
{
    (void)state;
    const char *folder = getenv("GOODWILL_BROKEN");
    struct dirent **entry = NULL;
    assert_non_null(folder);
    const int n = scandir(folder, &entry, is_scenario, alphasort);
    int refused = 0;
    for (int i = 0; i < n; i++) {
        char path[4096];
        struct gw_error error = {0};
        struct gw_scenario *scenario = NULL;
        snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
        free(entry[i]);
        if (gw_scenario_load(&scenario, path, NULL, 0, &error) == GW_OK) {
            gw_scenario_free(
                scenario); /* broken only under the catalogue of parameters that the reader's tests have */
            continue;
        }
        const struct outcome *o = run_program(NULL, i % 2 == 0 ? "run" : "check", path, NULL);
        if (o->status != error.status || strstr(o->err, error.text) == NULL || o->out[0] != '\0') {
            fail_msg("%s: status %d, %s", path, o->status, o->err);
        }
        refused += o->status == 2;
    }
    free(entry);
    assert_true(refused > 100);
}

static void a_new_scenario_runs(void **state)
{
    (void)state;
    assert_status(run_program(NULL, "new", "shop", NULL), 0);
    assert_one_line(run_program(NULL, "new", "shop", NULL), 2, "shop.yaml");
    assert_status(run_program(NULL, "check", "shop.yaml", NULL), 0);
    const struct outcome *o =
        run_program(NULL, "run", "shop.yaml", "-q", "-n", "2", "--set", "population.size=500", NULL);
    assert_status(o, 0);
    assert_non_null(strstr(o->out, "Price cut"));
    o = run_program(NULL, "summary", "shop.h5", NULL);
    assert_status(o, 0);
    assert_non_null(strstr(o->out, "Price cut"));
}

static void precision_is_asked_and_reported(void **state)
{
    (void)state;
    write_text("precise.yaml", small);
    const struct outcome *o = run_program(NULL, "check", "precise.yaml", "--until", "25%", NULL);
    assert_status(o, 0);
    assert_non_null(strstr(o->out, "# replications: 100 to 2000"));
    o = run_program(NULL, "run", "precise.yaml", "--until", "25%", "--set", "precision.of=[base.company_value]", "-q",
                    NULL);
    assert_status(o, 0);
    assert_non_null(strstr(o->out, "±25% at 95% was asked, and is reached with 100 replications"));
    o = run_program(NULL, "summary", "precise.h5", "--json", NULL);
    assert_status(o, 0);
    assert_non_null(strstr(o->out, "\"precision\": \"25%\""));
    assert_one_line(run_program(NULL, "run", "precise.yaml", "--until", "1%", "-n", "50", NULL), 2, "--until");
    assert_one_line(run_program(NULL, "run", "precise.yaml", "--until", "much", NULL), 2, "half-width");
    /* A number on the command line stands above a precision in the file. */
    write_text("precise.yaml", "extends: small.yaml\nprecision: {half_width: 1%}\n");
    write_text("small.yaml", small);
    o = run_program(NULL, "run", "precise.yaml", "-n", "3", "-q", "--force", NULL);
    assert_status(o, 0);
    assert_null(strstr(o->out, "was asked"));
    assert_non_null(strstr(o->out, "over 3 replications"));
}

static void variance_reduction_is_reported(void **state)
{
    (void)state;
    write_text("pairs.yaml", small);
    const struct outcome *o = run_program(NULL, "run", "pairs.yaml", "-n", "20", "-q", "--set",
                                          "variance_reduction={antithetic: true, control_variates: true}", NULL);
    assert_status(o, 0);
    assert_non_null(strstr(o->out, "Antithetic pairs"));
    o = run_program(NULL, "summary", "pairs.h5", "--csv", NULL);
    assert_status(o, 0);
    assert_non_null(strstr(o->out, "cut,antithetic_factor,1,20,"));
    o = run_program(NULL, "run", "pairs.yaml", "-n", "3", "--set", "variance_reduction.antithetic=true", NULL);
    assert_one_line(o, 2, "even");
}

static void every_rule_is_described(void **state)
{
    (void)state;
    for (int r = 0; r < gw_rule_count; r++) {
        const struct gw_rule *rule = gw_rules(GW_ISA_PORTABLE)[r];
        const struct outcome *o = run_program(NULL, "describe", rule->name, NULL);
        assert_status(o, 0);
        assert_true(strncmp(o->out, rule->name, strlen(rule->name)) == 0);
        for (int p = 0; rule->parameters != NULL && rule->parameters[p].name != NULL; p++) {
            assert_non_null(strstr(o->out, rule->parameters[p].name));
        }
    }
    const struct outcome *o = run_program(NULL, "describe", NULL);
    for (int r = 0; r < gw_rule_count; r++) {
        assert_non_null(strstr(o->out, gw_rules(GW_ISA_PORTABLE)[r]->name));
    }
}

static void missing_gnuplot_is_named(void **state)
{
    (void)state;
    write_text("small.yaml", small);
    assert_status(run_program(NULL, "run", "small.yaml", "-q", "-o", "plot.h5", "--force", NULL), 0);
    const char *const no_path[] = {"PATH=/nonexistent", NULL};
    assert_one_line(run_program(no_path, "plot", "plot.h5", NULL), 1, "gnuplot-nox");
}

#ifndef __SANITIZE_ADDRESS__
/* A population that does not fit is refused before any memory is taken, with both numbers. */
static void assert_refused(const char *network)
{
    struct rlimit old;
    assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
    const struct rlimit tight = {(rlim_t)1 << 30, old.rlim_max};
    write_text("small.yaml", small);
    assert_int_equal(setrlimit(RLIMIT_AS, &tight), 0);
    const struct outcome *o = run_program(NULL, "run", "small.yaml", "-q", "-t", "1", "-o", "huge.h5", "--set",
                                          "population.size=200000000", "--set", network, NULL);
    assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
    size_t needed = 0, available = 0;
    assert_one_line(o, 3, "needs about");
    assert_int_equal(
        sscanf(strstr(o->err, "needs about"), "needs about %zu MB of memory and %zu MB", &needed, &available), 2);
    assert_true(needed > 10000 && available < 1024 && available > 0);
    assert_int_equal(access("huge.h5.journal", F_OK), -1);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    assert_refused("network=none");
    assert_refused("network={watts_strogatz: {degree: 10, rewire: 0.1}}");
}
#else
static void what_does_not_fit_is_refused(void **state)
{
    (void)state; /* the sanitizer needs more address space than any limit leaves */
    skip();
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_has_help),          cmocka_unit_test(bad_usage_is_told),
        cmocka_unit_test(what_is_missing_is_named),        cmocka_unit_test(an_existing_run_file_is_kept),
        cmocka_unit_test(broken_scenarios_are_refused),    cmocka_unit_test(a_new_scenario_runs),
        cmocka_unit_test(precision_is_asked_and_reported), cmocka_unit_test(variance_reduction_is_reported),
        cmocka_unit_test(every_rule_is_described),         cmocka_unit_test(missing_gnuplot_is_named),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
