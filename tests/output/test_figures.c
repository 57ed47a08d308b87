#include "close.h"
#include "output/figures.h"
#include "output/plot.h"
#include "synthetic.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const names[] = {"status_quo", "experience", "price_cut", "loyalty", "e", "f", "g", "h", "i", "j"};
enum { FIGURES = 12 };
static char folder[] = "/tmp/goodwill-figures-XXXXXX";

static void inside(char path[512], const char *name)
{
    (void)snprintf(path, 512, "%s/%s", folder, name);
}

/* Removes a flat folder and counts what was in it. */
static int empty_folder(const char *path)
{
    char file[1024];
    int files = 0;
    DIR *listing = opendir(path);
    assert_non_null(listing);
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            (void)snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
            assert_int_equal(unlink(file), 0);
            files++;
        }
    }
    (void)closedir(listing);
    assert_int_equal(rmdir(path), 0);
    return files;
}

static char *read_text(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(getdelim(&text, &size, '\0', file) > 0);
    (void)fclose(file);
    return text;
}

/* Draws every figure into a new folder; checks that each file begins as its format does. Returns how many. */
static size_t draw_all(const struct synthetic *what, const char *path, const char *format, const char *magic)
{
    struct gw_dataset *data = synthetic_dataset(what);
    struct gw_figure_result *results;
    struct gw_error error = {0};
    size_t count, drawn = 0;
    if (gw_figures_draw(data, path, format, NULL, 0, &results, &count, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(count, FIGURES);
    for (size_t i = 0; i < count; i++) {
        assert_true((results[i].path == NULL) != (results[i].reason == NULL));
        if (results[i].path != NULL) {
            char head[16] = {0};
            FILE *file = fopen(results[i].path, "r");
            assert_non_null(file);
            assert_true(fread(head, 1, 15, file) == 15);
            (void)fclose(file);
            assert_memory_equal(head, magic, strlen(magic));
            drawn++;
        }
    }
    gw_figure_results_free(results, count);
    gw_dataset_free(data);
    return drawn;
}

/* The folder holds the figures and nothing else. */
static void check_all(const struct synthetic *what, const char *format, const char *magic, size_t expected)
{
    char path[512];
    inside(path, "all");
    const size_t drawn = draw_all(what, path, format, magic);
    assert_int_equal(drawn, expected);
    assert_int_equal(empty_folder(path), (int)expected);
}

static void every_figure_in_every_format(void **state)
{
    (void)state;
    const struct synthetic what = {.strategies = 3, .replications = 100, .periods = 260, .labels = names};
    check_all(&what, "svg", "<?xml", FIGURES);
    check_all(&what, "png", "\x89PNG\r\n", FIGURES);
    check_all(&what, "pdf", "%PDF-", FIGURES);
}

static void few_many_and_degenerate(void **state)
{
    (void)state;
    const struct synthetic cases[] = {
        {.strategies = 1, .replications = 20, .periods = 60, .labels = names},
        {.strategies = 10, .replications = 5, .periods = 60, .labels = names},
        {.strategies = 3, .replications = 1, .periods = 60, .labels = names},
        {.strategies = 3, .replications = 2, .periods = 1, .labels = names},
        {.strategies = 3, .replications = 5, .periods = 60, .labels = names, .without_noise = true},
        {.strategies = 3, .replications = 5, .periods = 1500, .labels = names, .scale = 1e11, .offset = -7e11},
        {.strategies = 2, .replications = 5, .periods = 60, .labels = names, .scale = 1e290},
        {.strategies = 2, .replications = 5, .periods = 60, .labels = names, .scale = 1e-9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check_all(&cases[i], "svg", "<?xml",
                  FIGURES - (cases[i].strategies == 1) - (cases[i].periods < 52)); /* differences, cohorts */
    }
}

static void missing_arrays_are_reasons(void **state)
{
    (void)state;
    const struct synthetic bare = {.strategies = 2,
                                   .replications = 5,
                                   .periods = 60,
                                   .labels = names,
                                   .without_value = true,
                                   .without_told = true,
                                   .without_survivors = true,
                                   .without_retention = true,
                                   .without_active = true,
                                   .without_books = true};
    struct gw_dataset *data = synthetic_dataset(&bare);
    struct gw_figure_result *results;
    size_t count;
    assert_int_equal(gw_figures_draw(data, folder, "svg", NULL, 0, &results, &count, NULL), GW_OK);
    assert_int_equal(count, FIGURES);
    for (size_t i = 0; i < count; i++) {
        assert_null(results[i].path);
        assert_non_null(strstr(results[i].reason, "the run holds no '"));
    }
    gw_figure_results_free(results, count);
    gw_dataset_free(data);
}

/* What would run if it left its quotes, and what would end a label, a data block or an SVG's text. */
static void hostile_labels_are_only_text(void **state)
{
    (void)state;
    static char endless[4000];
    for (size_t i = 0; i + 3 < sizeof endless; i += 2) {
        memcpy(endless + i, "\xc3\xa4", 2);
    }
    const char *const hostile[] = {"`touch x`",
                                   "$(touch x)",
                                   "'; system('touch x')",
                                   "a\nsystem('touch x')\nEOD",
                                   "\"`touch x`\" @x \\n",
                                   "<script>&\xff",
                                   endless,
                                   "\xe6\x97\xa5\xe6\x9c\xac \x1b[31m"};
    char path[512], file[600];
    struct stat found;
    const struct synthetic what = {.strategies = 8,
                                   .replications = 5,
                                   .periods = 60,
                                   .labels = hostile,
                                   .unit = "`touch x`'",
                                   .firms = 8,
                                   .firm = hostile};
    inside(path, "quoted ' `touch x` $(touch x)");
    assert_int_equal(draw_all(&what, path, "png", "\x89PNG"), FIGURES);
    assert_int_equal(draw_all(&what, path, "svg", "<?xml"), FIGURES);
    (void)snprintf(file, sizeof file, "%s/value.svg", path);
    char *text = read_text(file);
    assert_null(strstr(text, "<script"));
    assert_non_null(strstr(text, "`touch x`"));
    assert_non_null(strstr(text, "$(touch x)"));
    assert_null(strchr(text, '\x1b'));
    free(text);
    (void)snprintf(file, sizeof file, "%s/x", path);
    assert_true(stat(file, &found) != 0 && stat("x", &found) != 0);
    assert_int_equal(empty_folder(path), 2 * FIGURES);
}

static int draw_value(const char *path, const char *format, const char *name, struct gw_error *error)
{
    const struct synthetic what = {.strategies = 2, .replications = 5, .periods = 10, .labels = names};
    struct gw_dataset *data = synthetic_dataset(&what);
    struct gw_figure_result *results;
    size_t count;
    const int ret = gw_figures_draw(data, path, format, &name, 1, &results, &count, error);
    assert_int_equal(count, ret == GW_OK ? 1 : 0);
    gw_figure_results_free(results, count);
    gw_dataset_free(data);
    return ret;
}

static void wrong_requests_are_refused(void **state)
{
    (void)state;
    struct gw_error error = {0}, other = {0};
    assert_int_equal(draw_value(folder, "svg", "heatmap", &error), GW_BAD_INPUT);
    assert_int_equal(strncmp(error.text, "there is no figure 'heatmap'; there are customers, retention", 60), 0);
    size_t figures;
    for (const struct gw_figure *figure = gw_figures(&figures); figures > 0; figure++, figures--) {
        assert_non_null(strstr(error.text, figure->name));
    }
    assert_int_equal(draw_value(folder, "gif", "value", &other), GW_BAD_INPUT);
    assert_string_equal(other.text, "figures come as svg, png or pdf, not as 'gif'");
}

static void unwritable_folders_are_reported(void **state)
{
    (void)state;
    struct gw_error error = {0}, other = {0};
    assert_int_equal(draw_value("/dev/null/figures", "svg", "value", &error), GW_IO);
    assert_null(strchr(error.text, '\n'));
    assert_non_null(strstr(error.text, "/dev/null/figures"));
    assert_int_equal(draw_value("/proc", "svg", "value", &other), GW_IO);
    assert_non_null(strstr(other.text, "/proc"));
}

static void a_missing_gnuplot_names_its_package(void **state)
{
    (void)state;
    struct gw_error error = {0};
    char *path = strdup(getenv("PATH")), nowhere[512];
    inside(nowhere, "none");
    assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
    const int ret = draw_value(nowhere, "svg", "value", &error);
    assert_int_equal(setenv("PATH", path, 1), 0);
    free(path);
    assert_int_equal(ret, GW_FAILED);
    assert_non_null(strstr(error.text, "gnuplot-nox"));
    assert_null(strchr(error.text, '\n'));
    assert_int_equal(empty_folder(nowhere), 0);
}

/* A program called gnuplot that behaves as told. */
static int draw_with(const char *program, struct gw_error *error)
{
    char bin[512], file[600], target[512];
    inside(bin, "bin");
    inside(target, "broken");
    (void)snprintf(file, sizeof file, "%s/gnuplot", bin);
    assert_int_equal(mkdir(bin, 0700), 0);
    FILE *script = fopen(file, "w");
    assert_non_null(script);
    (void)fprintf(script, "#!/bin/sh\n%s\n", program);
    assert_int_equal(fclose(script), 0);
    assert_int_equal(chmod(file, 0700), 0);
    char *path = strdup(getenv("PATH")), changed[5000];
    (void)snprintf(changed, sizeof changed, "%s:%s", bin, path);
    assert_int_equal(setenv("PATH", changed, 1), 0);
    const int ret = draw_value(target, "svg", "value", error);
    assert_int_equal(setenv("PATH", path, 1), 0);
    free(path);
    assert_int_equal(empty_folder(bin), 1);
    assert_int_equal(empty_folder(target), 0); /* neither a part of a figure nor the private folder */
    return ret;
}

static void a_broken_gnuplot_leaves_nothing(void **state)
{
    (void)state;
    struct gw_error failed = {0}, cut = {0}, killed = {0};
    assert_int_equal(draw_with("echo 'line 3: undefined variable' >&2; exit 1", &failed), GW_FAILED);
    assert_string_equal(failed.text, "gnuplot failed: line 3: undefined variable");
    assert_int_equal(draw_with("echo '<svg>half a figure, without its end ...' > figure.svg", &cut), GW_IO);
    assert_non_null(strstr(cut.text, "disk full"));
    assert_int_equal(draw_with("kill -9 $$", &killed), GW_FAILED);
}

static void comparison_of_series(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4}, y[] = {1.0, 0.6, NAN, 0.4}, low[] = {0.9, 0.5, 0.4, 0.3},
                 high[] = {1, 0.7, 0.6, 0.5};
    const struct gw_curve curves[] = {{"Simulated", 4, x, y, low, high, false, false},
                                      {"Observed", 4, x, y, low, high, true, true}};
    struct gw_comparison_figure figure = {
        "Survival", "line: model; points: data, n = 1000", "Renewals", "Still customers", "1", "share", curves, 2};
    char *path, *text;
    assert_int_equal(gw_figure_compare(&figure, folder, "survival-fit", "svg", &path, NULL), GW_OK);
    text = read_text(path);
    assert_non_null(strstr(text, "Still customers [%]"));
    assert_non_null(strstr(text, ">Observed<"));
    assert_non_null(strstr(text, ">Simulated<"));
    assert_int_equal(unlink(path), 0);
    free(text);
    free(path);
    assert_int_equal(gw_figure_compare(&figure, folder, "../up", "svg", &path, NULL), GW_BAD_INPUT);
    figure.curves = 0;
    assert_int_equal(gw_figure_compare(&figure, folder, "none", "svg", &path, NULL), GW_BAD_INPUT);
}

/* Order kept, gap kept, inside [0, 1]. */
static void labels_do_not_touch(void **state)
{
    (void)state;
    double cases[][5] = {
        {0.5, 0.5, 0.5, 0.5, 0.5}, {0.0, 0.01, 0.0, 1.0, 0.99}, {1, 1, 1, 1, 1}, {0.1, 0.9, 0.12, 0.5, 0.3}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        double before[5];
        memcpy(before, cases[c], sizeof before);
        gw_plot_separate(cases[c], 5, 0.05);
        for (int i = 0; i < 5; i++) {
            assert_true(cases[c][i] >= -1e-12 && cases[c][i] <= 1.0 + 1e-12);
            for (int j = 0; j < i; j++) {
                assert_true(fabs(cases[c][i] - cases[c][j]) >= 0.05 - 1e-12);
                assert_true(before[i] == before[j] || (before[i] < before[j]) == (cases[c][i] < cases[c][j]));
            }
        }
    }
    double apart[] = {0.2, 0.8};
    gw_plot_separate(apart, 2, 0.05);
    assert_true(apart[0] == 0.2 && apart[1] == 0.8);
}

static char *drawn(const struct gw_dataset *data, const char *name)
{
    struct gw_figure_result *results;
    size_t count;
    assert_int_equal(gw_figures_draw(data, folder, "svg", &name, 1, &results, &count, NULL), GW_OK);
    assert_non_null(results[0].path);
    char *text = read_text(results[0].path);
    assert_int_equal(unlink(results[0].path), 0);
    gw_figure_results_free(results, count);
    return text;
}

/* A side of the zero line is named where the axis has room for the note, above the axes and never beyond them. */
static void sides_are_named_where_there_is_room(void **state)
{
    (void)state;
    const struct {
        double gain[2];
        bool less, more;
    } cases[] = {{{-1.0, 1.0}, true, true},  {{1.0, 2.0}, false, true},  {{-1.0, -2.0}, true, false},
                 {{-8.0, 0.1}, true, false}, {{8.0, -0.1}, false, true}, {{-3.0, 1.0}, true, true}};
    const struct synthetic what = {.strategies = 3, .replications = 4, .periods = 10, .labels = names};
    struct gw_dataset *data = synthetic_dataset(&what);
    double *value = gw_dataset_array(data, "company_value")->reals;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        for (size_t i = 0; i < 12; i++) {
            value[i] = i < 4 ? 5.0 : 5.0 + cases[c].gain[i / 4 - 1] + 0.01 * (double)(i % 4);
        }
        char *text = drawn(data, "difference");
        assert_int_equal(strstr(text, "earns less") != NULL, cases[c].less);
        assert_int_equal(strstr(text, "earns more \xe2\x86\x92") != NULL, cases[c].more);
        free(text);
    }
    gw_dataset_free(data);
}

/* The axis of periods may count "week number"; the attribute has the word. */
static void the_period_is_named_by_its_length(void **state)
{
    (void)state;
    const struct synthetic what = {.strategies = 1, .replications = 4, .periods = 10, .labels = names};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *text = drawn(data, "customers");
    assert_non_null(strstr(text, "at the end of each week;"));
    free(text);
    assert_true(gw_dataset_add_attribute(data, "period_unit", "month") >= 0);
    text = drawn(data, "customers");
    assert_non_null(strstr(text, "at the end of each month;"));
    free(text);
    gw_dataset_free(data);
}

static void unnamed_money_is_the_scenarios(void **state)
{
    (void)state;
    struct synthetic what = {.strategies = 1, .replications = 4, .periods = 10, .labels = names, .unit = "money"};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *text = drawn(data, "value");
    assert_non_null(strstr(text, "Company value [millions, scenario\xe2\x80\x99s currency]"));
    free(text);
    gw_dataset_free(data);
    what.unit = "EUR";
    data = synthetic_dataset(&what);
    text = drawn(data, "value");
    assert_non_null(strstr(text, "Company value [M EUR]"));
    free(text);
    gw_dataset_free(data);
}

static void channels_without_questions_are_left_out(void **state)
{
    (void)state;
    struct synthetic what = {.strategies = 2, .replications = 4, .periods = 60, .labels = names};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *text = drawn(data, "journey");
    assert_non_null(strstr(text, ">Email<"));
    assert_non_null(strstr(text, ">All channels<"));
    assert_null(strstr(text, ">Social<"));
    free(text);
    gw_dataset_free(data);
    what.without_channels = true;
    data = synthetic_dataset(&what);
    text = drawn(data, "journey");
    assert_null(strstr(text, ">Email<"));
    assert_non_null(strstr(text, ">All channels<"));
    free(text);
    gw_dataset_free(data);
}

/* Without luck the numbers are known: of 2,080 who joined in a year 90% are there at its end, after two years 3% +
 * 5% (1 - exp(-2)) / 2 of the customers are loyal, and 93,900 orders a year stand against 83,500 experiences. */
static void numbers_are_those_of_the_data(void **state)
{
    (void)state;
    const struct synthetic what = {
        .strategies = 1, .replications = 4, .periods = 104, .labels = names, .without_noise = true};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *text = drawn(data, "cohorts");
    const char *const cells[] = {"At the start", "20.0 k", ">100<", ">67<", ">49<", "2.08 k", ">90<"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        assert_non_null(strstr(text, cells[i]));
    }
    free(text);
    text = drawn(data, "pyramid");
    assert_non_null(strstr(text, ">5.2% Loyal<"));
    free(text);
    text = drawn(data, "journey");
    assert_non_null(strstr(text, ">93.9 k \xc2\xb7 1.12<"));
    free(text);
    gw_dataset_free(data);
}

/* Horizon value = revenue less all costs: the synthetic value is 0.6 times 6 million, the terminal one 0.4 times. */
static void the_waterfall_ends_at_the_value(void **state)
{
    (void)state;
    const struct synthetic what = {
        .strategies = 1, .replications = 4, .periods = 60, .labels = names, .without_noise = true};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *text = drawn(data, "waterfall");
    const char *const amounts[] = {"Revenue",        ">5.00<", "Horizon value", ">3.60<",
                                   "Terminal value", ">2.40<", ">6.00<"};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        assert_non_null(strstr(text, amounts[i]));
    }
    assert_null(strstr(text, "Advertising")); /* no money there */
    free(text);
    gw_dataset_free(data);
}

static void small_firms_share_a_line(void **state)
{
    (void)state;
    struct synthetic what = {.strategies = 1, .replications = 3, .periods = 60, .labels = names, .firms = 12};
    struct gw_dataset *data = synthetic_dataset(&what);
    char *text = drawn(data, "market_shares");
    assert_non_null(strstr(text, ">5 others<"));
    assert_non_null(strstr(text, ">A<")); /* the focal firm, though it is not among the biggest */
    assert_null(strstr(text, ">H<"));
    free(text);
    gw_dataset_free(data);
    what.firms = 8;
    data = synthetic_dataset(&what);
    text = drawn(data, "market_shares");
    assert_null(strstr(text, "others<"));
    free(text);
    gw_dataset_free(data);
}

static char *why_left_out(const struct gw_dataset *data, const char *name)
{
    struct gw_figure_result *results;
    size_t count;
    assert_int_equal(gw_figures_draw(data, folder, "svg", &name, 1, &results, &count, NULL), GW_OK);
    assert_null(results[0].path);
    char *reason = strdup(results[0].reason);
    gw_figure_results_free(results, count);
    return reason;
}

static void an_empty_market_is_a_reason(void **state)
{
    (void)state;
    const struct synthetic what = {
        .strategies = 2, .replications = 3, .periods = 60, .labels = names, .without_anybody = true};
    static const char *const empty[][2] = {{"journey", "neither questions nor failures"},
                                           {"pyramid", "counts nobody"},
                                           {"satisfaction", "nobody answers"},
                                           {"market_shares", "nothing is bought"}};
    struct gw_dataset *data = synthetic_dataset(&what);
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        char *reason = why_left_out(data, empty[i][0]);
        assert_non_null(strstr(reason, empty[i][1]));
        free(reason);
    }
    gw_dataset_free(data);
}

/* Where a value is not finite anywhere there is nothing to add up; where it is in some replication those count. */
static void undefined_values_are_left_out(void **state)
{
    (void)state;
    const struct synthetic what = {.strategies = 1, .replications = 3, .periods = 60, .labels = names};
    struct gw_dataset *data = synthetic_dataset(&what);
    double *value = gw_dataset_array(data, "company_value")->reals;
    value[0] = NAN;
    value[2] = INFINITY;
    char *text = drawn(data, "waterfall");
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "NaN"));
    free(text);
    value[1] = NAN;
    char *reason = why_left_out(data, "waterfall");
    assert_non_null(strstr(reason, "no company value is defined"));
    free(reason);
    gw_dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_do_not_touch),
        cmocka_unit_test(wrong_requests_are_refused),
        cmocka_unit_test(missing_arrays_are_reasons),
        cmocka_unit_test(unwritable_folders_are_reported),
        cmocka_unit_test(a_missing_gnuplot_names_its_package),
        cmocka_unit_test(a_broken_gnuplot_leaves_nothing),
        cmocka_unit_test(every_figure_in_every_format),
        cmocka_unit_test(few_many_and_degenerate),
        cmocka_unit_test(hostile_labels_are_only_text),
        cmocka_unit_test(comparison_of_series),
        cmocka_unit_test(sides_are_named_where_there_is_room),
        cmocka_unit_test(the_period_is_named_by_its_length),
        cmocka_unit_test(unnamed_money_is_the_scenarios),
        cmocka_unit_test(channels_without_questions_are_left_out),
        cmocka_unit_test(numbers_are_those_of_the_data),
        cmocka_unit_test(the_waterfall_ends_at_the_value),
        cmocka_unit_test(small_firms_share_a_line),
        cmocka_unit_test(an_empty_market_is_a_reason),
        cmocka_unit_test(undefined_values_are_left_out),
    };
    if (system("command -v gnuplot >/dev/null 2>&1") != 0) {
        (void)puts("gnuplot is missing: skipped");
        return 77;
    }
    assert_non_null(mkdtemp(folder));
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    return rmdir(folder) == 0 ? failed : failed + 1;
}
