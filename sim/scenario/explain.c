#include "scenario/explain.h"

#include "scenario/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE = 600, PATH = 240, LINE_SHOWN = 100, WORD = 64 };

/* Writes the path from the root; returns the length written. */
static size_t write_path(char *out, size_t room, const struct gw_path *path)
{
    if (path == NULL || room < 2) {
        return 0;
    }
    const size_t length = write_path(out, room, path->up);
    const int added = path->key == NULL
                          ? snprintf(out + length, room - length, "[%d]", path->item)
                          : snprintf(out + length, room - length, "%s%s", length > 0 ? "." : "", path->key);
    return length + (size_t)added < room ? length + (size_t)added : room - 1;
}

static const char *text_of_path(struct gw_arena *arena, const struct gw_path *path)
{
    char text[PATH] = "";
    write_path(text, sizeof text, path);
    gw_utf8_trim(text);
    return gw_arena_text(arena, text, strlen(text));
}

static bool same_place(struct gw_mark a, struct gw_mark b)
{
    return a.source == b.source && a.line == b.line && a.column == b.column;
}

/* Keeps a problem unless it is known or the list is full; tells whether it found room. */
__attribute__((format(printf, 6, 0))) static bool keep(struct gw_arena *arena, struct gw_problem *list, int *n,
                                                       struct gw_mark mark, const struct gw_path *path,
                                                       const char *format, va_list arguments)
{
    char message[MESSAGE];
    vsnprintf(message, sizeof message, format, arguments);
    gw_utf8_trim(message);
    for (int i = 0; i < *n; i++) {
        if (same_place(list[i].mark, mark) && strcmp(list[i].message, message) == 0) {
            return true;
        }
    }
    if (*n == GW_PROBLEMS_KEPT) {
        return false;
    }
    const char *where = text_of_path(arena, path), *what = gw_arena_text(arena, message, strlen(message));
    if (where != NULL && what != NULL) {
        list[(*n)++] = (struct gw_problem){mark, where, what};
    }
    return true;
}

void gw_problem(struct gw_problems *problems, struct gw_mark mark, const struct gw_path *path, const char *format,
                ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!keep(problems->arena, problems->error, &problems->errors, mark, path, format, arguments)) {
        problems->more_errors = true;
    }
    va_end(arguments);
}

void gw_warning(struct gw_problems *problems, struct gw_mark mark, const struct gw_path *path, const char *format,
                ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!keep(problems->arena, problems->warning, &problems->warnings, mark, path, format, arguments)) {
        problems->more_warnings = true;
    }
    va_end(arguments);
}

static int by_place(const void *left, const void *right)
{
    const struct gw_problem *a = left, *b = right;
    if (a->mark.source != b->mark.source) {
        return a->mark.source->order < b->mark.source->order ? -1 : 1;
    }
    if (a->mark.line != b->mark.line) {
        return a->mark.line < b->mark.line ? -1 : 1;
    }
    if (a->mark.column != b->mark.column) {
        return a->mark.column < b->mark.column ? -1 : 1;
    }
    const int paths = strcmp(a->path, b->path);
    return paths != 0 ? paths : strcmp(a->message, b->message);
}

static void write_headline(struct gw_text *out, const struct gw_problem *problem)
{
    const struct gw_mark *mark = &problem->mark;
    if (mark->source->command_line || mark->line == 0) {
        gw_text_add(out, "%s: ", mark->source->name);
    } else {
        gw_text_add(out, "%s:%u:%u: ", mark->source->name, mark->line, mark->column);
    }
    gw_text_add(out, "%s%s%s", problem->path, problem->path[0] != '\0' ? ": " : "", problem->message);
}

/* The line a mark points into, and a caret under the place. Long lines are shown in part; what a terminal could
 * take for a command is shown as '?'. */
static void write_line(struct gw_text *out, struct gw_mark mark)
{
    size_t left;
    const char *line = gw_source_line(mark.source, mark.line, &left);
    const uint32_t first = mark.column > LINE_SHOWN ? mark.column - LINE_SHOWN / 2 : 1;
    gw_text_add(out, "\n%5u | ", mark.line);
    for (uint32_t column = 1; left > 0 && column < first + LINE_SHOWN; column++) {
        uint32_t c = 0;
        const size_t length = gw_utf8_next(line, left, &c);
        const size_t step = length > 0 ? length : 1;
        if (column >= first) {
            const bool shown = length > 0 && !gw_utf8_forbidden(c);
            gw_text_append(out, c == '\t' ? " " : shown ? line : "?", shown ? step : 1);
        }
        line += step;
        left -= step;
    }
    gw_text_add(out, "\n      | %*s^", (int)(mark.column - first), "");
}

static void write_problem(struct gw_text *out, const struct gw_problem *problem)
{
    write_headline(out, problem);
    if (!problem->mark.source->command_line && problem->mark.line > 0) {
        write_line(out, problem->mark);
    }
}

int gw_problems_report(struct gw_problems *problems, struct gw_error *error)
{
    struct gw_text all = {0};
    int shown = 0;
    char rest[64] = "";
    const size_t room = sizeof error->text - sizeof rest;
    qsort(problems->error, (size_t)problems->errors, sizeof problems->error[0], by_place);
    for (; shown < problems->errors; shown++) {
        struct gw_text one = {0};
        write_problem(&one, &problems->error[shown]);
        const bool fits = all.length + one.length + 1 < room;
        if (fits || shown == 0) {
            gw_text_add(&all, "%s%s", shown > 0 ? "\n" : "", one.bytes != NULL ? one.bytes : "out of memory");
        }
        free(one.bytes);
        if (!fits) {
            break;
        }
    }
    if (problems->more_errors) {
        snprintf(rest, sizeof rest, "\n... and more than %d other errors", problems->errors - shown);
    } else if (shown < problems->errors) {
        snprintf(rest, sizeof rest, "\n... and %d more", problems->errors - shown);
    }
    const int ret = problems->errors == 0
                        ? GW_OK
                        : gw_fail(error, GW_BAD_INPUT, "%s%s", all.bytes != NULL ? all.bytes : "out of memory", rest);
    free(all.bytes);
    return ret;
}

char *gw_problems_warnings(struct gw_problems *problems, struct gw_arena *arena)
{
    struct gw_text all = {0};
    qsort(problems->warning, (size_t)problems->warnings, sizeof problems->warning[0], by_place);
    for (int i = 0; i < problems->warnings; i++) {
        write_headline(&all, &problems->warning[i]);
        gw_text_add(&all, "\n");
    }
    gw_text_add(&all, problems->more_warnings ? "... and more warnings\n" : "");
    char *lines = all.failed ? NULL : gw_arena_text(arena, all.bytes != NULL ? all.bytes : "", all.length);
    free(all.bytes);
    return lines;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance; three rows of the table suffice. */
static int distance_between(const char *a, size_t n, const char *b, size_t m)
{
    int row[3][WORD + 1];
    int *two_up = row[0], *up = row[1], *here = row[2];
    for (size_t j = 0; j <= m; j++) {
        up[j] = (int)j;
    }
    for (size_t i = 1; i <= n; i++) {
        here[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            here[j] = least(up[j - 1] + (a[i - 1] != b[j - 1]), 1 + least(up[j], here[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                here[j] = least(here[j], two_up[j - 2] + 1);
            }
        }
        int *oldest = two_up;
        two_up = up;
        up = here;
        here = oldest;
    }
    return up[m];
}

struct gw_guess gw_guess_begin(const struct gw_problems *problems, const char *word)
{
    return (struct gw_guess){.word = problems->more_errors ? "" : word};
}

void gw_guess_try(struct gw_guess *guess, const char *candidate)
{
    const size_t n = strlen(guess->word), m = strlen(candidate);
    const int accepted = n < 4 ? 1 : (int)(n / 3);
    if (n == 0 || n > WORD || m > WORD || abs((int)n - (int)m) > accepted) {
        return;
    }
    const int distance = distance_between(guess->word, n, candidate, m);
    if (distance <= accepted && (guess->best == NULL || distance < guess->distance)) {
        guess->best = candidate;
        guess->distance = distance;
    }
}

const char *gw_guess_text(const struct gw_guess *guess, char *out, size_t room)
{
    out[0] = '\0';
    if (guess->best != NULL) {
        snprintf(out, room, " (did you mean '%s'?)", guess->best);
    }
    return out;
}
