/*
 * A list of degrees: text, how many people a consumer knows, a consumer per line.
 *
 *     line = [ digits ] [ "#" anything ]     blanks (space, tab, CR) anywhere between
 *
 * A byte-order mark at the start is skipped, a line without a number counts nobody. Every degree is below the number
 * of consumers and their sum is even, as it is in every graph.
 */
#include "core/memory.h"
#include "scenario/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum line { NOTHING, NUMBER, NEITHER };

static const char *skip_blanks(const char *c)
{
    return c + strspn(c, " \t\r");
}

/* What a line of `length` bytes, its final NUL not among them, holds. */
static enum line parse(const char *text, size_t length, uint64_t *value)
{
    const char *c = skip_blanks(text), *digits = c;
    for (*value = 0; *c >= '0' && *c <= '9' && *value <= GW_MAX_CONSUMERS; c++) {
        *value = 10 * *value + (uint64_t)(*c - '0');
    }
    const bool number = c > digits;
    c = skip_blanks(c);
    const bool ends = *c == '#' || *c == '\n' || (size_t)(c - text) == length;
    if (!ends || *value > GW_MAX_CONSUMERS) {
        return NEITHER;
    }
    return number ? NUMBER : NOTHING;
}

/* How much of a line a message shows: ASCII up to the first character that is none. */
static int shown(const char *text)
{
    int n = 0;
    while (n < 24 && text[n] >= ' ' && text[n] <= '~') {
        n++;
    }
    return n;
}

/* At most `most` of them: a file that grows meanwhile is cut. */
static bool read_lines(struct gw_degree_law *law, size_t most, FILE *file, const char *name, char *why, size_t room)
{
    char *text = NULL;
    size_t space = 0;
    ssize_t length;
    bool good = true;
    law->people = 0;
    for (uint64_t line = 1; good && (length = getline(&text, &space, file)) >= 0; line++) {
        uint64_t value;
        const bool marked = line == 1 && strncmp(text, "\xef\xbb\xbf", 3) == 0;
        const enum line found = parse(text + (marked ? 3 : 0), (size_t)length - (marked ? 3 : 0), &value);
        if (found == NUMBER && law->people < most) {
            law->degree[law->people++] = (uint32_t)value;
        } else if (found == NEITHER) {
            snprintf(why, room, "%s:%lu: expected how many people somebody knows, a whole number, got '%.*s'", name,
                     line, shown(text), text);
            good = false;
        }
    }
    if (good && !feof(file)) {
        snprintf(why, room, "%s: %s", name, strerror(errno));
        good = false;
    }
    free(text);
    return good;
}

static bool is_graphical(const struct gw_degree_law *law, const char *name, char *why, size_t room)
{
    uint64_t sum = 0;
    for (uint32_t v = 0; v < law->people; v++) {
        sum += law->degree[v];
        if (law->degree[v] >= law->people) {
            snprintf(why, room, "%s: somebody knows %u others, but there are only %u people", name, law->degree[v],
                     law->people);
            return false;
        }
    }
    if (law->people == 0 || sum % 2 != 0) {
        snprintf(why, room,
                 law->people == 0 ? "%s: holds no degree"
                                  : "%s: the degrees sum to %lu, an odd number, but every edge has two ends",
                 name, sum);
        return false;
    }
    return true;
}

/* Room for as many degrees as the file can hold, two bytes each with the line break: how many, 0 for none. */
static size_t make_room(struct gw_degree_law *law, struct gw_arena *arena, FILE *file, const char *name, char *why,
                        size_t room)
{
    struct stat about;
    if (fstat(fileno(file), &about) != 0 || !S_ISREG(about.st_mode)) {
        snprintf(why, room, "%s: is not a file", name);
        return 0;
    }
    const size_t most = (size_t)about.st_size / 2 + 1;
    const bool fits = most <= GW_MAX_CONSUMERS && 2 * most * sizeof *law->degree <= gw_memory_available();
    law->degree = fits ? gw_arena_alloc(arena, most, sizeof *law->degree) : NULL;
    if (law->degree == NULL) {
        snprintf(why, room, "%s: not enough memory for %zu degrees", name, most);
    }
    return law->degree != NULL ? most : 0;
}

bool gw_degrees_read(struct gw_degree_law *law, struct gw_arena *arena, const char *file, char *why, size_t room)
{
    FILE *open = fopen(file, "re");
    if (open == NULL) {
        const int reason = errno;
        snprintf(why, room, "%s: cannot be opened: %s", file, strerror(reason));
        return false;
    }
    const size_t most = make_room(law, arena, open, file, why, room);
    const bool good = most > 0 && read_lines(law, most, open, file, why, room) && is_graphical(law, file, why, room);
    fclose(open);
    return good;
}
