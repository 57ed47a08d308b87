/* The lesson gallery: docs/claims.md. */
#include "output/label.h"
#include "output/lesson.h"

#include <string.h>

enum { CELL = 160 };

static void write_head(FILE *out)
{
    (void)fputs(
        "# The claims, one lesson each\n\n"
        "Made by `goodwill lesson --all --page docs/claims.md`; every number below comes from a run of the lesson's "
        "scenario, with a 95% interval over its replications. A claim *holds here* or *fails here*: here is the "
        "market of the scenario, which is written to make the mechanism visible. The second verdict is that of "
        "the same lesson in another market, which is shipped with it. `goodwill lesson 14` repeats any of them; "
        "`--predict` asks first, `--set` changes the market, `--quick` takes fewer replications.\n\n"
        "| No. | Claim | Measured | Claimed | Verdict | In the other market |\n"
        "|---:|---|---|---:|---|---|\n",
        out);
}

static void write_row(const struct gw_lesson_result *result, FILE *out)
{
    const struct gw_lesson *lesson = result->lesson;
    char number[CELL], target[64];
    gw_lesson_number(number, sizeof number, &result->shipped.finding[0].estimate, lesson->expect[0].unit);
    gw_lesson_target(target, sizeof target, &lesson->expect[0]);
    (void)fprintf(out, "| [%d](#lesson-%d) | %s | %s: %s | %s | %s | %s |\n", lesson->number, lesson->number,
                  lesson->claim, lesson->expect[0].say, number, target, gw_verdict_text(result->shipped.verdict),
                  gw_verdict_text(result->flipped.verdict));
}

static void write_measures(const struct gw_lesson *lesson, const struct gw_lesson_run *run, FILE *out)
{
    for (int k = 0; k < lesson->expectations; k++) {
        const struct gw_expectation *expect = &lesson->expect[k];
        char number[CELL], bounds[CELL], target[64];
        gw_lesson_number(number, sizeof number, &run->finding[k].estimate, expect->unit);
        gw_lesson_bounds(bounds, sizeof bounds, expect);
        gw_lesson_target(target, sizeof target, expect);
        (void)fprintf(out, "- %s: **%s**, n = %zu; expected %s%s%s\n", expect->say, number,
                      run->finding[k].estimate.n, bounds, target[0] == '\0' ? "" : "; claimed ", target);
    }
}

static const char *meaning(const struct gw_lesson *lesson, enum gw_verdict verdict)
{
    return verdict == GW_HOLDS   ? lesson->holds
           : verdict == GW_FAILS ? lesson->fails
                                 : "The interval holds both answers.";
}

/* "`a: 1`, `b: 2`" from lines. */
static void write_changes(const char *line, FILE *out)
{
    for (const char *comma = ""; *line != '\0'; comma = ", ") {
        const int length = (int)strcspn(line, "\n");
        (void)fprintf(out, "%s`%.*s`", comma, length, line);
        line += length + (line[length] == '\n');
    }
}

static void write_section(const struct gw_lesson_result *result, const char *fingerprint, const char *figures,
                          FILE *out)
{
    const struct gw_lesson *lesson = result->lesson;
    (void)fprintf(out, "\n## Lesson %d\n\n<!-- fingerprint %s %s -->\n*%s.* **%s**\n\n%s\n\n", lesson->number,
                  result->name, fingerprint, lesson->theme, lesson->claim, lesson->question);
    write_measures(lesson, &result->shipped, out);
    (void)fprintf(out, "\n**The claim %s.** %s\n\n![%s](%s/%s.svg)\n\nAnother market, ",
                  gw_verdict_text(result->shipped.verdict), meaning(lesson, result->shipped.verdict),
                  lesson->figure.heading, figures, result->name);
    write_changes(lesson->flip.changes, out);
    (void)fprintf(out, ": %s\n\n", lesson->flip.because);
    write_measures(lesson, &result->flipped, out);
    (void)fprintf(out, "\n**There the claim %s.** %s\n\nScenario: [%s.yaml](../scenarios/lessons/%s.yaml).\n",
                  gw_verdict_text(result->flipped.verdict), meaning(lesson, result->flipped.verdict), result->name,
                  result->name);
}

int gw_lesson_write_page(const struct gw_lesson_result *results, const char *const *fingerprint, size_t n,
                         const char *figures, FILE *out, struct gw_error *error)
{
    const struct gw_plain plain = gw_plain_begin();
    write_head(out);
    for (size_t i = 0; i < n; i++) {
        write_row(&results[i], out);
    }
    for (size_t i = 0; i < n; i++) {
        write_section(&results[i], fingerprint[i], figures, out);
    }
    gw_plain_end(plain);
    return ferror(out) == 0 && fflush(out) == 0 ? GW_OK : gw_fail(error, GW_IO, "the page cannot be written");
}
