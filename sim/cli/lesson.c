/* goodwill lesson: one claim, one question, one market where it holds and one where it fails. */
#include "cli/command.h"
#include "cli/lessons.h"
#include "cli/simulate.h"
#include "output/lesson.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_PAGE = 1100, OPTION_FINGERPRINT, OPTION_FORMAT };

struct arguments {
    const char *which; /* number or file; NULL: list */
    struct gw_simulate simulate;
    const char *directory, *format, *page;
    enum gw_answer_form form;
    bool all, predict, quick, fingerprint;
};

static const struct argp_option options[] = {
    {"all", 'a', NULL, 0, "Run every lesson and print one table", 0},
    {"predict", 'p', NULL, 0, "Ask first, answer after", 0},
    {"quick", 'k', NULL, 0, "A quarter of the replications", 0},
    {"directory", 'd', "DIR", 0, "Where the figures go (default: lessons)", 0},
    {"format", OPTION_FORMAT, "svg|png|pdf", 0, "Format of the figures (default: svg)", 0},
    {"csv", 'c', NULL, 0, "A record per measure, full precision", 0},
    {"json", 'j', NULL, 0, "The same as JSON", 0},
    {"page", OPTION_PAGE, "FILE.md", 0, "With --all: also write the gallery, figures beside it", 0},
    {"fingerprint", OPTION_FINGERPRINT, NULL, 0, "Only hashes of three replications of each lesson", 0},
    {0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    struct arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->simulate;
        return 0;
    case 'a':
        a->all = true;
        return 0;
    case 'p':
        a->predict = true;
        return 0;
    case 'k':
        a->quick = true;
        return 0;
    case 'd':
        a->directory = argument;
        return 0;
    case 'c':
        a->form = GW_ANSWER_CSV;
        return 0;
    case 'j':
        a->form = GW_ANSWER_JSON;
        return 0;
    case OPTION_FORMAT:
        a->format = argument;
        return 0;
    case OPTION_PAGE:
        a->page = argument;
        return 0;
    case OPTION_FINGERPRINT:
        a->fingerprint = true;
        return 0;
    case ARGP_KEY_ARG:
        if (a->which != NULL) {
            argp_error(state, "one lesson at a time, got '%s' as well", argument);
        }
        a->which = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- One run ----------------------------------------------------------------------------------------------- */

/* A lesson with both its runs. `path` is borrowed. */
struct taught {
    struct gw_lesson_result result;
    struct gw_scenario *scenario[2]; /* as shipped, and flipped */
    struct gw_dataset *dataset[2];
    char name[256];
};

enum { FINGERPRINT_REPLICATIONS = 3, FEWEST = 4 };

static void forget(struct taught *taught)
{
    for (int v = 0; v < 2; v++) {
        gw_dataset_free(taught->dataset[v]);
        gw_scenario_free(taught->scenario[v]);
    }
}

static int load(struct taught *taught, const struct arguments *a, const char *path, struct gw_error *error)
{
    static const char *const variants[] = {NULL, "flip"};
    int ret = GW_OK;
    for (int v = 0; v < 2 && ret == GW_OK; v++) {
        struct gw_simulate simulate = a->simulate;
        simulate.scenario = path;
        simulate.variant = variants[v];
        ret = gw_simulate_load(&simulate, &taught->scenario[v], error);
        if (ret == GW_OK && taught->scenario[v]->lesson == NULL) {
            ret = gw_fail(error, GW_BAD_INPUT, "%s has no lesson: block; 'goodwill run' runs any scenario", path);
        }
    }
    if (ret == GW_OK) {
        (void)snprintf(taught->name, sizeof taught->name, "%s", taught->scenario[0]->name);
        taught->result.lesson = taught->scenario[0]->lesson;
        taught->result.name = taught->name;
        taught->result.changed = a->simulate.overrides > 0;
    }
    return ret;
}

static uint32_t replications(const struct arguments *a, const struct gw_scenario *scenario)
{
    if (a->fingerprint) {
        return FINGERPRINT_REPLICATIONS;
    }
    if (!a->quick || a->simulate.replications[0] != '\0' || scenario->replications <= FEWEST) {
        return scenario->replications;
    }
    return scenario->replications / 4 > FEWEST ? scenario->replications / 4 : FEWEST;
}

static int simulate(struct taught *taught, const struct arguments *a, int variant, struct gw_error *error)
{
    struct gw_simulate run = a->simulate;
    run.in_memory = true;
    taught->scenario[variant]->replications = replications(a, taught->scenario[variant]);
    return gw_simulate_run(&run, taught->scenario[variant], &taught->dataset[variant], error);
}

static int teach(struct taught *taught, const struct arguments *a, struct gw_error *error)
{
    struct gw_lesson_run *const runs[] = {&taught->result.shipped, &taught->result.flipped};
    int ret = GW_OK;
    for (int v = 0; v < 2 && ret == GW_OK; v++) {
        ret = simulate(taught, a, v, error);
        if (ret == GW_OK) {
            runs[v]->dataset = taught->dataset[v];
            ret =
                gw_judge(taught->scenario[v]->lesson, taught->dataset[v], runs[v]->finding, &runs[v]->verdict, error);
        }
    }
    return ret;
}

/* ---- What the command does --------------------------------------------------------------------------------- */

/* The lessons of the theme of lesson i, which is the first of it. */
static void list_theme(struct gw_scenario *const *scenario, bool *listed, size_t i, size_t n)
{
    const char *theme = scenario[i]->lesson->theme;
    printf("%s%s\n", i == 0 ? "" : "\n", theme);
    for (size_t k = i; k < n; k++) {
        const struct gw_lesson *lesson = scenario[k]->lesson;
        if (lesson != NULL && strcmp(lesson->theme, theme) == 0) {
            printf("%4d  %s\n", lesson->number, lesson->claim);
            listed[k] = true;
        }
    }
}

static int list(const struct gw_lesson_file *files, size_t n, struct gw_error *error)
{
    struct gw_scenario **scenario = calloc(n, sizeof(struct gw_scenario *));
    bool *listed = calloc(n, sizeof *listed);
    int ret = scenario == NULL || listed == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    for (size_t i = 0; i < n && ret == GW_OK; i++) {
        ret = gw_scenario_load(&scenario[i], files[i].path, NULL, 0, error);
    }
    for (size_t i = 0; i < n && ret == GW_OK; i++) {
        if (scenario[i]->lesson != NULL && !listed[i]) {
            list_theme(scenario, listed, i, n);
        }
    }
    for (size_t i = 0; scenario != NULL && i < n; i++) {
        gw_scenario_free(scenario[i]);
    }
    free(scenario);
    free(listed);
    if (ret == GW_OK) {
        fflush(stdout);
        fputs("\nNext: goodwill lesson 14, or goodwill lesson 14 --predict to guess first\n", stderr);
    }
    return ret;
}

/* Asks until the answer begins with y or n; at the end of the input nothing is predicted. */
static char ask_prediction(void)
{
    char line[80];
    for (;;) {
        fputs("\nDoes the claim hold in this market? [y/n] ", stdout);
        fflush(stdout);
        if (fgets(line, sizeof line, stdin) == NULL) {
            fputc('\n', stdout);
            return '\0';
        }
        if (strchr("yYnN", line[0]) != NULL && line[0] != '\0') {
            return (char)(line[0] | 0x20);
        }
    }
}

static void compare_prediction(char said, enum gw_verdict verdict)
{
    if (said != '\0') {
        printf("You said %s: %s.\n\n", said == 'y' ? "yes" : "no",
               verdict == GW_UNDECIDED                  ? "this run cannot tell"
               : (said == 'y') == (verdict == GW_HOLDS) ? "right"
                                                        : "wrong");
    }
}

static int find_lesson(const struct arguments *a, const struct gw_lesson_file *files, size_t n, const char **path,
                       struct gw_error *error)
{
    const long number = strtol(a->which, NULL, 10);
    for (size_t i = 0; i < n; i++) {
        if (files[i].number == number) {
            *path = files[i].path;
            return GW_OK;
        }
    }
    return gw_fail(error, GW_BAD_INPUT, "there is no lesson %ld; 'goodwill lesson' lists them", number);
}

/* The figure is worth having, but a missing gnuplot does not lose the answer. */
static int draw_and_say(const struct taught *taught, const struct arguments *a, FILE *out, struct gw_error *error)
{
    char *path = NULL;
    const int ret = gw_lesson_draw(&taught->result, a->directory, a->format, &path, error);
    if (ret == GW_OK) {
        fprintf(out, "\nFigure: %s\n", path);
    }
    free(path);
    return ret;
}

static void say_changes(const struct gw_simulate *simulate)
{
    for (size_t i = 0; i < simulate->overrides; i++) {
        const char *text = simulate->override[i];
        const char *slash = text[0] == '@' ? strrchr(text, '/') : NULL;
        printf("%-10s%s%s\n", i == 0 ? "Changed" : "", text[0] == '@' ? "with " : "",
               slash != NULL ? slash + 1 : text + (text[0] == '@'));
    }
}

/* Whoever writes a lesson wants to know. */
static void note_unturned(const struct gw_lesson_result *result)
{
    if (!result->changed && result->shipped.verdict == result->flipped.verdict) {
        fputs("note: the flip does not turn the verdict\n", stderr);
    }
}

static int one(const struct arguments *a, const char *path, struct gw_error *error)
{
    struct taught taught = {0};
    char said = '\0';
    int ret = load(&taught, a, path, error);
    if (ret == GW_OK && a->form == GW_ANSWER_TEXT) {
        gw_lesson_write_question(taught.result.lesson, stdout);
        say_changes(&a->simulate);
        said = a->predict ? ask_prediction() : '\0';
        fputc('\n', stdout);
        fflush(stdout);
    }
    ret = ret == GW_OK ? teach(&taught, a, error) : ret;
    if (ret == GW_OK && a->form == GW_ANSWER_TEXT) {
        compare_prediction(said, taught.result.shipped.verdict);
        gw_lesson_write_answer(&taught.result, stdout);
        ret = draw_and_say(&taught, a, stdout, error);
        fflush(stdout);
        note_unturned(&taught.result);
        fprintf(stderr, "Next: change the market, as in --set KEY=VALUE, or read %s\n", path);
    } else if (ret == GW_OK) {
        ret = gw_lesson_write_records(&taught.result, 1, a->form, stdout, error);
    }
    forget(&taught);
    return ret;
}

static int fingerprint_of(struct taught *taught, const struct arguments *a, char text[2 * 65], struct gw_error *error)
{
    char hash[2][65];
    int ret = GW_OK;
    for (int v = 0; v < 2 && ret == GW_OK; v++) {
        ret = simulate(taught, a, v, error);
        ret = ret == GW_OK ? gw_dataset_fingerprint(taught->dataset[v], hash[v], error) : ret;
    }
    if (ret == GW_OK) {
        (void)snprintf(text, 2 * 65, "%.16s %.16s", hash[0], hash[1]);
    }
    return ret;
}

static int short_fingerprint(const struct arguments *a, const char *path, char text[2 * 65], struct gw_error *error)
{
    struct arguments brief = *a;
    struct taught taught = {0};
    brief.fingerprint = true;
    int ret = load(&taught, &brief, path, error);
    ret = ret == GW_OK ? fingerprint_of(&taught, &brief, text, error) : ret;
    forget(&taught);
    return ret;
}

static int fingerprints(const struct arguments *a, const struct gw_lesson_file *files, size_t n,
                        struct gw_error *error)
{
    int ret = GW_OK;
    for (size_t i = 0; i < n && ret == GW_OK; i++) {
        char text[2 * 65];
        ret = short_fingerprint(a, files[i].path, text, error);
        if (ret == GW_OK) {
            const char *slash = strrchr(files[i].path, '/'), *name = slash == NULL ? files[i].path : slash + 1;
            printf("%.*s %s\n", (int)strcspn(name, "."), name, text);
            fflush(stdout);
        }
    }
    return ret;
}

static int write_page(const struct arguments *a, const struct gw_lesson_file *files,
                      const struct gw_lesson_result *results, size_t n, struct gw_error *error)
{
    char(*text)[2 * 65] = calloc(n, sizeof *text);
    const char **hash = calloc(n, sizeof *hash);
    int ret = text == NULL || hash == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    for (size_t i = 0; i < n && ret == GW_OK; i++) {
        ret = short_fingerprint(a, files[i].path, text[i], error);
        hash[i] = text[i];
    }
    FILE *page = ret == GW_OK ? fopen(a->page, "w") : NULL;
    if (ret == GW_OK && page == NULL) {
        ret = gw_fail(error, GW_IO, "%s: cannot write: %s", a->page, strerror(errno));
    }
    const char *slash = strrchr(a->directory, '/');
    ret = ret == GW_OK ? gw_lesson_write_page(results, hash, n, slash == NULL ? a->directory : slash + 1, page, error)
                       : ret;
    if (page != NULL && fclose(page) != 0 && ret == GW_OK) {
        ret = gw_fail(error, GW_IO, "%s: cannot write: %s", a->page, strerror(errno));
    }
    free(text);
    free(hash);
    return ret;
}

/* Every lesson, its figure, then one table. The datasets are released as they have been used. */
static int all(const struct arguments *a, const struct gw_lesson_file *files, size_t n, struct gw_error *error)
{
    struct taught *taught = calloc(n, sizeof *taught);
    struct gw_lesson_result *results = calloc(n, sizeof *results);
    int ret = taught == NULL || results == NULL ? gw_fail(error, GW_REFUSED, "out of memory") : GW_OK;
    for (size_t i = 0; i < n && ret == GW_OK; i++) {
        fprintf(stderr, "Lesson %d (%zu of %zu)\n", files[i].number, i + 1, n);
        ret = load(&taught[i], a, files[i].path, error);
        ret = ret == GW_OK ? teach(&taught[i], a, error) : ret;
        ret = ret == GW_OK ? draw_and_say(&taught[i], a, stderr, error) : ret;
        for (int v = 0; v < 2; v++) {
            gw_dataset_free(taught[i].dataset[v]);
            taught[i].dataset[v] = NULL;
        }
        results[i] = taught[i].result;
    }
    if (ret == GW_OK && a->form == GW_ANSWER_TEXT) {
        gw_lesson_write_table(results, n, stdout);
    } else if (ret == GW_OK) {
        ret = gw_lesson_write_records(results, n, a->form, stdout, error);
    }
    ret = ret == GW_OK && a->page != NULL ? write_page(a, files, results, n, error) : ret;
    for (size_t i = 0; taught != NULL && i < n; i++) {
        forget(&taught[i]);
    }
    free(taught);
    free(results);
    return ret;
}

/* "14" or "14_talk", not the path of a file. */
static bool is_number(const char *which)
{
    const size_t digits = strspn(which, "0123456789");
    return digits > 0 && (which[digits] == '\0' || which[digits] == '_') && strpbrk(which, "/.") == NULL;
}

static int dispatch(const struct arguments *a, struct gw_error *error)
{
    struct gw_lesson_file *files = NULL;
    const char *path = NULL;
    size_t n = 0;
    if (a->which != NULL && !a->all && !is_number(a->which)) {
        return one(a, a->which, error);
    }
    int ret = gw_lessons_find(&files, &n, error);
    if (ret == GW_OK && a->which != NULL && !a->all) {
        ret = find_lesson(a, files, n, &path, error);
        ret = ret == GW_OK ? one(a, path, error) : ret;
    } else if (ret == GW_OK) {
        ret = a->fingerprint ? fingerprints(a, files, n, error)
              : a->all       ? all(a, files, n, error)
                             : list(files, n, error);
    }
    gw_lessons_free(files, n);
    return ret;
}

static int run(int argc, char **argv)
{
    static const struct argp_child children[] = {{&gw_change_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        "[NUMBER|FILE]",
        "Runs a lesson: a claim, a question, what a market answers, and another market that answers differently. "
        "Without a number lists the lessons.",
        children,
        NULL,
        NULL};
    struct arguments arguments = {.directory = "lessons", .format = "svg"};
    struct gw_error error = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    const int ret = dispatch(&arguments, &error);
    if (error.status != GW_OK) {
        gw_report(&error);
    }
    return ret;
}

const struct gw_command gw_command_lesson = {"lesson", "[NUMBER|FILE]",
                                             "one claim, where it holds and where it fails", run};
