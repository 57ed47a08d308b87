/* Scalars: numbers, flags, words, names. */
#include "scenario/reader.h"
#include "scenario/text.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 100 };

static const char *skip_digits(const char *c)
{
    while (*c >= '0' && *c <= '9') {
        c++;
    }
    return c;
}

/* [+-] (0 | 1-9 digits) [. digits] [e [+-] digits], or a fraction without a leading zero. */
static bool is_decimal(const char *text)
{
    const char *c = text + (*text == '+' || *text == '-');
    const char *whole = c;
    c = skip_digits(c);
    const long digits = c - whole;
    if (digits > 1 && whole[0] == '0') {
        return false;
    }
    if (*c == '.') {
        const char *fraction = ++c;
        c = skip_digits(c);
        if (digits == 0 && c == fraction) {
            return false;
        }
    } else if (digits == 0) {
        return false;
    }
    if (*c == 'e' || *c == 'E') {
        c += 1 + (c[1] == '+' || c[1] == '-');
        const char *exponent = c;
        c = skip_digits(c);
        if (c == exponent) {
            return false;
        }
    }
    return *c == '\0';
}

bool gw_parse_real(const char *text, double *value)
{
    char *end = NULL;
    if (!is_decimal(text)) {
        return false;
    }
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    errno = 0;
    *value = strtod_l(text, &end, plain) + 0.0; /* -0 becomes 0 */
    freelocale(plain);
    return *end == '\0' && errno == 0 && isfinite(*value);
}

/* What a number with a decimal comma, digit separators or leading zeros was probably meant to be, or "". */
static const char *likely_number(const char *text, char *out, size_t room)
{
    char clean[32];
    size_t n = 0;
    double value;
    out[0] = '\0';
    for (const char *c = text; *c != '\0'; c++) {
        const bool leading_zero = *c == '0' && (n == 0 || (n == 1 && clean[0] == '-')) && c[1] >= '0' && c[1] <= '9';
        if (n + 1 == sizeof clean) {
            return out;
        }
        if (*c != '_' && *c != '\'' && !leading_zero) {
            clean[n++] = *c == ',' ? '.' : *c;
        }
    }
    clean[n] = '\0';
    if (strcmp(clean, text) != 0 && gw_parse_real(clean, &value)) {
        snprintf(out, room, " (did you mean %s?)", clean);
    }
    return out;
}

static bool expected(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, const char *what)
{
    char got[SHOWN], hint[SHOWN] = "";
    if (node->kind == GW_SCALAR && strstr(what, "number") != NULL) {
        likely_number(node->text, hint, sizeof hint);
    }
    gw_problem(r->problems, node->mark, path, "expected %s, got %s%s", what, gw_node_text(node, got, sizeof got),
               hint);
    return false;
}

bool gw_take_real(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, double *value)
{
    if (node->kind != GW_SCALAR || !node->plain || !gw_parse_real(node->text, value)) {
        return expected(r, node, path, "a number");
    }
    return true;
}

/* Digits exactly; anything else (1e6, 2.0) as a real that is whole and small enough to be exact. */
static bool parse_integer(const char *text, uint64_t *value)
{
    double real;
    if (!gw_parse_real(text, &real)) {
        return false;
    }
    if (*skip_digits(text) == '\0') {
        errno = 0;
        *value = strtoull(text, NULL, 10);
        return errno == 0;
    }
    *value = real >= 0.0 && real <= 0x1p53 ? (uint64_t)real : 0;
    return (double)*value == real;
}

bool gw_take_integer(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, uint64_t low,
                     uint64_t high, uint64_t *value)
{
    char what[SHOWN];
    snprintf(what, sizeof what, "a whole number from %llu to %llu", (unsigned long long)low,
             (unsigned long long)high);
    if (node->kind != GW_SCALAR || !node->plain || !parse_integer(node->text, value) || *value < low ||
        *value > high) {
        return expected(r, node, path, what);
    }
    return true;
}

bool gw_take_flag(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, bool *value)
{
    const bool is_true = node->kind == GW_SCALAR && node->plain && strcmp(node->text, "true") == 0;
    const bool is_false = node->kind == GW_SCALAR && node->plain && strcmp(node->text, "false") == 0;
    if (!is_true && !is_false) {
        return expected(r, node, path, "true or false");
    }
    *value = is_true;
    return true;
}

/* Copies word number `position` of "a|b|c"; false past the last. */
static bool word_at(const char *words, int position, char *out, size_t room)
{
    for (int i = 0; i < position; i++) {
        words = strchr(words, '|');
        if (words == NULL) {
            return false;
        }
        words++;
    }
    snprintf(out, room, "%.*s", (int)strcspn(words, "|"), words);
    return true;
}

bool gw_take_word(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, const char *words,
                  int *position)
{
    char word[GW_NAME_BYTES], best[GW_NAME_BYTES] = "", list[200] = "", got[SHOWN], hint[SHOWN];
    struct gw_guess guess = gw_guess_begin(r->problems, node->kind == GW_SCALAR ? node->text : "");
    for (int i = 0; word_at(words, i, word, sizeof word); i++) {
        if (node->kind == GW_SCALAR && strcmp(word, node->text) == 0) {
            *position = i;
            return true;
        }
        const size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", word);
        guess.best = NULL;
        const int distance = guess.distance;
        gw_guess_try(&guess, word);
        if (guess.best != NULL && (best[0] == '\0' || guess.distance < distance)) {
            memcpy(best, word, sizeof best);
        }
    }
    guess.best = best[0] != '\0' ? best : NULL;
    gw_problem(r->problems, node->mark, path, "expected one of %s, got %s%s", list,
               gw_node_text(node, got, sizeof got), gw_guess_text(&guess, hint, sizeof hint));
    return false;
}

bool gw_take_text(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, char **text)
{
    if (node->kind != GW_SCALAR || node->text[0] == '\0') {
        return expected(r, node, path, "text");
    }
    *text = gw_arena_text(r->kept, node->text, strlen(node->text));
    return *text != NULL;
}

void gw_take_optional_text(struct gw_reader *r, const struct gw_node *node, const struct gw_path *up, const char *key,
                           char **text)
{
    const struct gw_node *value = gw_tree_find(node, key);
    const struct gw_path path = {up, key, 0};
    if (value != NULL) {
        gw_take_text(r, value, &path, text);
    }
}

bool gw_take_mapping(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, const char *holds)
{
    return node->kind == GW_MAPPING ? true : expected(r, node, path, holds);
}

bool gw_take_keys(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path,
                  const char *const *known)
{
    bool all = true;
    for (const struct gw_member *m = node->first; m != NULL; m = m->next) {
        struct gw_guess guess = gw_guess_begin(r->problems, m->key);
        bool found = false;
        for (const char *const *k = known; *k != NULL && !found; k++) {
            found = strcmp(*k, m->key) == 0;
            gw_guess_try(&guess, *k);
        }
        if (!found) {
            char hint[SHOWN];
            const struct gw_path here = {path, m->key, 0};
            gw_problem(r->problems, m->mark, &here, "unknown key%s", gw_guess_text(&guess, hint, sizeof hint));
            all = false;
        }
    }
    return all;
}

void gw_note_missing(struct gw_reader *r, const struct gw_node *node, const struct gw_path *path, const char *key,
                     const char *example)
{
    gw_problem(r->problems, node->mark, path, "'%s' is missing, such as %s", key, example);
}

static bool is_letter(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= 0xC0 && !(c >= 0x2000 && c <= 0x206F) && !(c >= 0xE0000 && c <= 0xE0FFF) && !gw_utf8_forbidden(c));
}

static bool is_name(const char *name)
{
    const size_t length = strlen(name);
    for (size_t at = 0; at < length;) {
        uint32_t c;
        const size_t step = gw_utf8_next(name + at, length - at, &c);
        if (step == 0 || !(is_letter(c) || (at > 0 && ((c >= '0' && c <= '9') || c == '-')))) {
            return false;
        }
        at += step;
    }
    return length > 0 && length <= GW_NAME_BYTES;
}

bool gw_take_name(struct gw_reader *r, const struct gw_member *member, const struct gw_path *path, char **name)
{
    static const char *const reserved[] = {"vary", "uncertain", "schedule", "watts_strogatz", "edge_list"};
    bool good = is_name(member->key);
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        good = good && strcmp(member->key, reserved[i]) != 0;
    }
    if (!good) {
        const struct gw_path here = {path, member->key, 0};
        gw_problem(r->problems, member->mark, &here,
                   "expected a name that begins with a letter, goes on with letters, digits, _ or -, is at most %d "
                   "bytes long and not a word of the language",
                   GW_NAME_BYTES);
        return false;
    }
    *name = gw_arena_text(r->kept, member->key, strlen(member->key));
    return *name != NULL;
}
