#include "output/lesson.h"

#include "output/label.h"

#include <math.h>
#include <string.h>

enum { CELL = 160, CLAIM_COLUMNS = 64, MEASURE_COLUMNS = 34, INDENT = 10, LINE = 100 };

/* ---- Numbers ----------------------------------------------------------------------------------------------- */

static struct gw_style style_of(double magnitude, double uncertainty, const char *unit)
{
    return strcmp(unit, "%") == 0 ? gw_style_percent(magnitude, uncertainty) : gw_style_for(magnitude, uncertainty);
}

static const char *unit_text(const char *unit)
{
    return strcmp(unit, "%") == 0 ? "" : unit;
}

/* A number that is known exactly: a threshold or a target. */
static void exact_number(char *out, size_t size, double x, const char *unit)
{
    const bool share = strcmp(unit, "%") == 0;
    (void)snprintf(out, size, "%.4g%s", share ? 100.0 * x : x, share ? "%" : "");
}

void gw_lesson_number(char *out, size_t size, const struct gw_estimate *e, const char *unit)
{
    const double magnitude = fmax(fabs(e->mean), fmax(fabs(e->low), fabs(e->high)));
    const struct gw_style style = style_of(magnitude, (e->high - e->low) / 2.0, unit);
    const char *own = unit_text(unit);
    char mean[64], low[64], high[64];
    const int at = snprintf(out, size, "%s%s%s%s", gw_show_number(mean, style, e->mean),
                            isfinite(e->mean) ? style.suffix : "", own[0] == '\0' ? "" : " ", own);
    if (isfinite(e->low) && isfinite(e->high) && at > 0 && (size_t)at < size) {
        (void)snprintf(out + at, size - (size_t)at, " (95%%: %s to %s)", gw_show_number(low, style, e->low),
                       gw_show_number(high, style, e->high));
    }
}

void gw_lesson_target(char *out, size_t size, const struct gw_expectation *expect)
{
    out[0] = '\0';
    if (isfinite(expect->target)) {
        exact_number(out, size, expect->target, expect->unit);
    }
}

void gw_lesson_bounds(char *out, size_t size, const struct gw_expectation *expect)
{
    char low[64], high[64];
    exact_number(low, sizeof low, expect->low, expect->unit);
    exact_number(high, sizeof high, expect->high, expect->unit);
    if (isinf(expect->high)) {
        (void)snprintf(out, size, "above %s", low);
    } else if (isinf(expect->low)) {
        (void)snprintf(out, size, "below %s", high);
    } else {
        (void)snprintf(out, size, "between %s and %s", low, high);
    }
}

/* ---- One lesson for people --------------------------------------------------------------------------------- */

/* Words wrapped at LINE columns, lines after the first indented. */
static void put_wrapped(FILE *out, const char *heading, const char *text)
{
    size_t column = INDENT;
    (void)fprintf(out, "%-*s", INDENT, heading);
    while (*text != '\0') {
        const size_t word = strcspn(text, " \n");
        if (column > INDENT && column + 1 + word > LINE) {
            (void)fprintf(out, "\n%*s", INDENT, "");
            column = INDENT;
        }
        (void)fprintf(out, "%s%.*s", column > INDENT ? " " : "", (int)word, text);
        column += word + (column > INDENT);
        text += word + strspn(text + word, " \n");
    }
    (void)fputc('\n', out);
}

void gw_lesson_write_question(const struct gw_lesson *lesson, FILE *out)
{
    (void)fprintf(out, "Lesson %d, %s\n\n", lesson->number, lesson->theme);
    put_wrapped(out, "Claim", lesson->claim);
    put_wrapped(out, "Question", lesson->question);
}

/* "> 99.9%", "97.3%": a probability says no more than that. */
static void probability_text(char *out, size_t size, double p)
{
    if (p > 0.999 || p < 0.001) {
        (void)snprintf(out, size, "%s", p > 0.5 ? "> 99.9%" : "< 0.1%");
    } else {
        (void)snprintf(out, size, "%.1f%%", 100.0 * p);
    }
}

/* What is known of one expectation. */
static void measure_text(char *out, size_t size, const struct gw_expectation *expect,
                         const struct gw_finding *finding)
{
    char number[CELL], bounds[CELL], target[64], probability[32];
    const size_t n = finding->estimate.n;
    gw_lesson_number(number, sizeof number, &finding->estimate, expect->unit);
    gw_lesson_bounds(bounds, sizeof bounds, expect);
    probability_text(probability, sizeof probability, finding->probability);
    gw_lesson_target(target, sizeof target, expect);
    if (n == 0 || !isfinite(finding->estimate.mean)) {
        (void)snprintf(out, size, "%s: not defined here; expected %s", expect->say, bounds);
    } else if (n == 1) {
        (void)snprintf(out, size, "%s: %s, one replication; expected %s", expect->say, number, bounds);
    } else {
        (void)snprintf(out, size, "%s: %s, n = %zu; expected %s, which has probability %s%s%s", expect->say, number,
                       n, bounds, probability, target[0] == '\0' ? "" : "; the claim says ", target);
    }
}

static void write_measures(const struct gw_lesson *lesson, const struct gw_lesson_run *run, FILE *out)
{
    for (int k = 0; k < lesson->expectations; k++) {
        char line[8 * CELL];
        measure_text(line, sizeof line, &lesson->expect[k], &run->finding[k]);
        put_wrapped(out, k == 0 ? "Measured" : "", line);
    }
}

static bool is_decidable(const struct gw_lesson *lesson, const struct gw_lesson_run *run)
{
    for (int k = 0; k < lesson->expectations; k++) {
        if (isnan(run->finding[k].probability)) {
            return false;
        }
    }
    return true;
}

static const char *meaning(const struct gw_lesson_result *result, const struct gw_lesson_run *run)
{
    const bool own = !result->changed;
    switch (run->verdict) {
    case GW_HOLDS:
        return own ? result->lesson->holds : "all that is expected above is so, with your changes.";
    case GW_FAILS:
        return own ? result->lesson->fails : "not all that is expected above is so, with your changes.";
    case GW_UNDECIDED:
        break;
    }
    return is_decidable(result->lesson, run)
               ? "the interval holds both answers; more replications would tell (-n, or no --quick)."
               : "there is nothing to judge by: a measure is not defined, or one replication has no interval.";
}

static void write_verdict(const struct gw_lesson_result *result, const struct gw_lesson_run *run, FILE *out)
{
    char line[8 * CELL];
    (void)snprintf(line, sizeof line, "%s: %s", gw_verdict_text(run->verdict), meaning(result, run));
    put_wrapped(out, "Verdict", line);
}

void gw_lesson_write_answer(const struct gw_lesson_result *result, FILE *out)
{
    const struct gw_lesson *lesson = result->lesson;
    write_measures(lesson, &result->shipped, out);
    write_verdict(result, &result->shipped, out);
    (void)fprintf(out, "\nTurned    %s:\n", lesson->flip.name);
    for (const char *line = lesson->flip.changes; *line != '\0';) {
        const int length = (int)strcspn(line, "\n");
        (void)fprintf(out, "%*s%.*s\n", INDENT, "", length, line);
        line += length + (line[length] == '\n');
    }
    if (!result->changed) {
        put_wrapped(out, "Because", lesson->flip.because);
    }
    write_measures(lesson, &result->flipped, out);
    write_verdict(result, &result->flipped, out);
}

/* ---- All lessons ------------------------------------------------------------------------------------------- */

static void put_cell(FILE *out, const char *text, size_t columns)
{
    char shown[GW_NAME_SIZE];
    const size_t used = gw_show_text(shown, sizeof shown, text, columns);
    (void)fprintf(out, "%s%*s  ", shown, (int)(columns - used), "");
}

void gw_lesson_write_table(const struct gw_lesson_result *results, size_t n, FILE *out)
{
    (void)fputs("No.  ", out);
    put_cell(out, "Claim", CLAIM_COLUMNS);
    put_cell(out, "Measured", MEASURE_COLUMNS);
    put_cell(out, "Claimed", 8);
    put_cell(out, "Verdict", 11);
    (void)fputs("In the other market\n", out);
    for (size_t i = 0; i < n; i++) {
        const struct gw_lesson *lesson = results[i].lesson;
        char number[CELL], target[64];
        gw_lesson_number(number, sizeof number, &results[i].shipped.finding[0].estimate, lesson->expect[0].unit);
        gw_lesson_target(target, sizeof target, &lesson->expect[0]);
        (void)fprintf(out, "%3d  ", lesson->number);
        put_cell(out, lesson->claim, CLAIM_COLUMNS);
        put_cell(out, number, MEASURE_COLUMNS);
        put_cell(out, target, 8);
        put_cell(out, gw_verdict_text(results[i].shipped.verdict), 11);
        (void)fprintf(out, "%s\n", gw_verdict_text(results[i].flipped.verdict));
    }
}

static void put_quoted(FILE *out, const char *text, bool json)
{
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)fputs(json ? "\\\"" : "\"\"", out);
        } else if (*text == '\\' && json) {
            (void)fputs("\\\\", out);
        } else {
            (void)fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
        }
    }
    (void)fputc('"', out);
}

static void put_field(FILE *out, const char *key, double x, bool json)
{
    if (json) {
        (void)fprintf(out, ", \"%s\": ", key);
    } else {
        (void)fputc(',', out);
    }
    if (isfinite(x)) {
        (void)fprintf(out, "%.17g", x);
    } else if (json) {
        (void)fputs("null", out);
    }
}

static void write_record(FILE *out, const struct gw_lesson_result *result, const struct gw_lesson_run *run, int k,
                         bool json)
{
    const struct gw_expectation *expect = &result->lesson->expect[k];
    const struct gw_estimate *e = &run->finding[k].estimate;
    const char *which = run == &result->shipped ? "shipped" : "flipped";
    if (json) {
        (void)fprintf(out, "{\"number\": %d, \"lesson\": \"%s\", \"run\": \"%s\", \"say\": ", result->lesson->number,
                      result->name, which);
    } else {
        (void)fprintf(out, "%d,%s,%s,", result->lesson->number, result->name, which);
    }
    put_quoted(out, expect->say, json);
    (void)fputs(json ? ", \"unit\": " : ",", out);
    put_quoted(out, expect->unit, json);
    put_field(out, "n", (double)e->n, json);
    put_field(out, "mean", e->mean, json);
    put_field(out, "low", e->low, json);
    put_field(out, "high", e->high, json);
    put_field(out, "target", expect->target, json);
    put_field(out, "probability", run->finding[k].probability, json);
    (void)fprintf(out, json ? ", \"verdict\": \"%s\"}" : ",%s", gw_verdict_text(run->verdict));
}

int gw_lesson_write_records(const struct gw_lesson_result *results, size_t n, enum gw_answer_form form, FILE *out,
                            struct gw_error *error)
{
    const bool json = form == GW_ANSWER_JSON;
    const struct gw_plain plain = gw_plain_begin();
    const char *between = "\n";
    (void)fputs(json ? "[" : "number,lesson,run,say,unit,n,mean,low,high,target,probability,verdict", out);
    for (size_t i = 0; i < n; i++) {
        const struct gw_lesson_run *const runs[] = {&results[i].shipped, &results[i].flipped};
        for (int k = 0; k < 2 * results[i].lesson->expectations; k++) {
            (void)fputs(between, out);
            write_record(out, &results[i], runs[k % 2], k / 2, json);
            between = json ? ",\n" : "\n";
        }
    }
    (void)fputs(json ? "\n]\n" : "\n", out);
    gw_plain_end(plain);
    return ferror(out) == 0 && fflush(out) == 0 ? GW_OK : gw_fail(error, GW_IO, "the table cannot be written");
}
