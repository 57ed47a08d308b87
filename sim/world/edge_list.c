/*
 * Edge lists: text, an edge per line.
 *
 *     line  = [ id separator id ] [ "#" anything ]     blanks (space, tab, CR) anywhere between
 *     id    = decimal digits, at most 2^63 - 1
 *     separator = blanks and at most one comma, at least one character
 *
 * A byte-order mark at the start is skipped. Anything else is an error that names file and line.
 */
#include "core/memory.h"
#include "world/csr.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    FILE *file;
    const char *path;
    uint64_t line;
    int c; /* the character to be looked at next, or EOF */
    struct gw_error *error;
};

/* End 2k and 2k + 1 of edge k; owned. */
struct ends {
    uint64_t *id;
    size_t n, room;
};

/* ---- Characters ---------------------------------------------------------------------------------------- */

static void advance(struct reader *r)
{
    r->line += r->c == '\n';
    r->c = getc_unlocked(r->file);
}

static int fail(const struct reader *r, const char *expected)
{
    const int shown = r->c;
    if (shown == EOF && ferror(r->file)) {
        return gw_fail(r->error, GW_IO, "%s: %s", r->path, strerror(errno));
    }
    if (shown == EOF || shown == '\n') {
        return gw_fail(r->error, GW_BAD_INPUT, "%s:%lu: expected %s, got the end of the line", r->path, r->line,
                       expected);
    }
    if (shown < ' ' || shown > '~') {
        return gw_fail(r->error, GW_BAD_INPUT, "%s:%lu: expected %s, got byte 0x%02x", r->path, r->line, expected,
                       shown);
    }
    return gw_fail(r->error, GW_BAD_INPUT, "%s:%lu: expected %s, got '%c'", r->path, r->line, expected, shown);
}

static void skip_blanks(struct reader *r)
{
    while (r->c == ' ' || r->c == '\t' || r->c == '\r') {
        advance(r);
    }
}

static void skip_byte_order_mark(struct reader *r)
{
    const int mark[3] = {0xef, 0xbb, 0xbf};
    for (int i = 0; i < 3 && r->c == mark[i]; i++) {
        advance(r);
    }
}

static bool at_digit(const struct reader *r)
{
    return r->c >= '0' && r->c <= '9';
}

static bool at_line_end(const struct reader *r)
{
    return r->c == '\n' || (r->c == EOF && !ferror(r->file));
}

/* ---- Grammar ------------------------------------------------------------------------------------------- */

static int read_id(struct reader *r, uint64_t *id)
{
    if (!at_digit(r)) {
        return fail(r, "a vertex id (a whole number from 0)");
    }
    for (*id = 0; at_digit(r); advance(r)) {
        const uint64_t digit = (uint64_t)(r->c - '0');
        if (*id > (INT64_MAX - digit) / 10) {
            return gw_fail(r->error, GW_BAD_INPUT, "%s:%lu: vertex id exceeds %ld", r->path, r->line, INT64_MAX);
        }
        *id = 10 * *id + digit;
    }
    return GW_OK;
}

static int read_separator(struct reader *r)
{
    if (r->c != ' ' && r->c != '\t' && r->c != ',') {
        return fail(r, "a blank or comma and a second vertex id");
    }
    skip_blanks(r);
    if (r->c == ',') {
        advance(r);
        skip_blanks(r);
    }
    return GW_OK;
}

/* The rest of a line: a comment or nothing. Leaves the reader at the start of the next line. */
static int read_line_end(struct reader *r)
{
    skip_blanks(r);
    if (r->c == '#') {
        while (r->c != '\n' && r->c != EOF && r->c != '\0') {
            advance(r);
        }
    }
    if (!at_line_end(r)) {
        return fail(r, "the end of the line after two vertex ids");
    }
    advance(r);
    return GW_OK;
}

/* Room for two more; grows by half as much again, as far as memory goes: the ends, a sorted copy of them and the
 * network, which is half their size, have to fit together. */
static int make_room(struct ends *ends, struct reader *r)
{
    if (ends->n + 2 <= ends->room) {
        return GW_OK;
    }
    const size_t room = ends->room < 4096 ? 8192 : ends->room + ends->room / 2;
    const size_t peak = 5 * room / 2 - ends->room;
    uint64_t *id = NULL;
    if (room < SIZE_MAX / 64 && peak * sizeof *id <= gw_memory_available()) {
        id = realloc(ends->id, room * sizeof *id);
    }
    if (id == NULL) {
        return gw_fail(r->error, GW_REFUSED, "%s: not enough memory for more than %zu edges", r->path, ends->n / 2);
    }
    ends->id = id;
    ends->room = room;
    return GW_OK;
}

static int read_line(struct reader *r, struct ends *ends)
{
    skip_blanks(r);
    if (r->c == '#' || at_line_end(r)) {
        return read_line_end(r);
    }
    int ret = make_room(ends, r);
    if (ret == GW_OK) {
        ret = read_id(r, &ends->id[ends->n]);
    }
    if (ret == GW_OK) {
        ret = read_separator(r);
    }
    if (ret == GW_OK) {
        ret = read_id(r, &ends->id[ends->n + 1]);
    }
    if (ret == GW_OK) {
        ends->n += 2;
        ret = read_line_end(r);
    }
    return ret;
}

static int read_ends(const char *path, struct ends *ends, struct gw_error *error)
{
    struct reader r = {.file = fopen(path, "re"), .path = path, .line = 1, .error = error};
    int ret = GW_OK;
    if (r.file == NULL) {
        return gw_fail(error, GW_IO, "%s: %s", path, strerror(errno));
    }
    advance(&r);
    skip_byte_order_mark(&r);
    while (ret == GW_OK && r.c != EOF) {
        ret = read_line(&r, ends);
    }
    if (ret == GW_OK && ferror(r.file)) {
        ret = gw_fail(error, GW_IO, "%s: %s", path, strerror(errno));
    }
    if (ret == GW_OK && ends->n == 0) {
        ret = gw_fail(error, GW_BAD_INPUT, "%s: holds no edge", path);
    }
    fclose(r.file);
    return ret;
}

/* ---- Renumbering --------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The distinct ids in ascending order: `*distinct` of them, owned by the caller. */
static int distinct_ids(const struct ends *ends, const char *path, uint64_t **ids, uint32_t *distinct,
                        struct gw_error *error)
{
    uint64_t *sorted = gw_alloc(ends->n, sizeof *sorted);
    size_t kept = 0;
    if (sorted == NULL) {
        return gw_fail(error, GW_REFUSED, "%s: not enough memory for %zu edges", path, ends->n / 2);
    }
    memcpy(sorted, ends->id, ends->n * sizeof *sorted);
    qsort(sorted, ends->n, sizeof *sorted, ascending);
    for (size_t i = 0; i < ends->n; i++) {
        if (kept == 0 || sorted[kept - 1] != sorted[i]) {
            sorted[kept++] = sorted[i];
        }
    }
    if (kept >= UINT32_MAX) {
        gw_free(sorted);
        return gw_fail(error, GW_BAD_INPUT, "%s: more than %u vertices", path, UINT32_MAX - 1);
    }
    *ids = sorted;
    *distinct = (uint32_t)kept;
    return GW_OK;
}

/* Replaces each id by its position among the distinct ones. */
static void renumber(struct ends *ends, const uint64_t *ids, uint32_t distinct)
{
    for (size_t i = 0; i < ends->n; i++) {
        uint32_t low = 0, high = distinct - 1;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (ids[middle] < ends->id[i]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        ends->id[i] = low;
    }
}

/* ---- The network --------------------------------------------------------------------------------------- */

static int build(struct gw_network **network, const struct ends *ends, uint32_t vertices, struct gw_error *error)
{
    uint32_t *degree = gw_alloc(vertices, sizeof *degree);
    if (degree == NULL) {
        return gw_fail(error, GW_REFUSED, "not enough memory for a network of %u consumers", vertices);
    }
    for (size_t i = 0; i < ends->n; i += 2) {
        const bool loop = ends->id[i] == ends->id[i + 1];
        degree[ends->id[i]] += !loop;
        degree[ends->id[i + 1]] += !loop;
    }
    const int ret = gw_csr_create(network, vertices, degree, error);
    gw_free(degree);
    if (ret != GW_OK) {
        return ret;
    }
    for (size_t i = 0; i < ends->n; i += 2) {
        if (ends->id[i] != ends->id[i + 1]) {
            gw_csr_add(*network, (uint32_t)ends->id[i], (uint32_t)ends->id[i + 1]);
        }
    }
    gw_csr_finish(*network);
    return GW_OK;
}

int gw_network_edge_list(struct gw_network **network, const char *path, uint32_t vertices, struct gw_error *error)
{
    struct ends ends = {NULL, 0, 0};
    uint64_t *ids = NULL;
    uint32_t distinct = 0;
    *network = NULL;
    int ret = read_ends(path, &ends, error);
    if (ret != GW_OK) {
        goto out;
    }
    ret = distinct_ids(&ends, path, &ids, &distinct, error);
    if (ret != GW_OK) {
        goto out;
    }
    if (vertices != 0 && vertices < distinct) {
        ret = gw_fail(error, GW_BAD_INPUT, "%s: holds %u vertices, more than the %u consumers", path, distinct,
                      vertices);
        goto out;
    }
    renumber(&ends, ids, distinct);
    ret = build(network, &ends, vertices == 0 ? distinct : vertices, error);
out:
    free(ends.id);
    gw_free(ids);
    return ret;
}

int gw_network_count(const char *path, uint32_t *vertices, struct gw_error *error)
{
    struct ends ends = {NULL, 0, 0};
    uint64_t *ids = NULL;
    int ret = read_ends(path, &ends, error);
    if (ret == GW_OK) {
        ret = distinct_ids(&ends, path, &ids, vertices, error);
    }
    free(ends.id);
    gw_free(ids);
    return ret;
}
