/*
 * Text that grows, UTF-8, and numbers as text. The C locale throughout: the same bytes everywhere.
 */
#ifndef GW_SCENARIO_TEXT_H
#define GW_SCENARIO_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GW_NUMBER_TEXT 32 /* room for any double as text */

/* Zero-initialised = empty. A failed allocation is remembered; what was added before it stays. */
struct gw_text {
    char *bytes; /* NUL-terminated once anything was added; owned, free() */
    size_t length, room;
    bool failed;
};

void gw_text_add(struct gw_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gw_text_append(struct gw_text *text, const char *bytes, size_t length);

/* The shortest decimal text that reads back as the same double; "inf", "-inf", "nan". -0 is written 0. */
const char *gw_number_text(char out[GW_NUMBER_TEXT], double x);

/* A double-quoted YAML scalar. */
void gw_text_quoted(struct gw_text *text, const char *string);

/* Decodes the character at `bytes` (at most `left` bytes): its length in bytes, or 0 when it is not valid UTF-8
 * (overlong forms, surrogates and values above U+10FFFF are not). */
size_t gw_utf8_next(const char *bytes, size_t left, uint32_t *character);

/* Characters that have no place in a text of one line: controls, line and paragraph separators, noncharacters. */
bool gw_utf8_forbidden(uint32_t character);

/* Cuts an incomplete character off the end of a text that was truncated to fit. */
void gw_utf8_trim(char *text);

#endif
