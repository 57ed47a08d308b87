#include "scenario/text.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct gw_text *text, size_t more)
{
    size_t room = text->room == 0 ? 256 : text->room;
    while (room - text->length <= more) {
        if (__builtin_mul_overflow(room, 2, &room)) {
            text->failed = true;
            return false;
        }
    }
    if (room > text->room) {
        char *bytes = realloc(text->bytes, room);
        if (bytes == NULL) {
            text->failed = true;
            return false;
        }
        text->bytes = bytes;
        text->room = room;
    }
    return true;
}

void gw_text_append(struct gw_text *text, const char *bytes, size_t length)
{
    if (text->failed || !make_room(text, length)) {
        return;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void gw_text_add(struct gw_text *text, const char *format, ...)
{
    va_list arguments;
    char *line = NULL;
    va_start(arguments, format);
    const int length = vasprintf(&line, format, arguments);
    va_end(arguments);
    if (length < 0) {
        text->failed = true;
        return;
    }
    gw_text_append(text, line, (size_t)length);
    free(line);
}

const char *gw_number_text(char out[GW_NUMBER_TEXT], double x)
{
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    const locale_t before = uselocale(plain);
    const double value = x + 0.0;                   /* -0 becomes 0 */
    for (int digits = 15; digits <= 17; digits++) { /* a decimal of up to 15 digits survives, without its zeros */
        snprintf(out, GW_NUMBER_TEXT, "%.*g", digits, value);
        if (isnan(value) || strtod(out, NULL) == value) {
            break;
        }
    }
    uselocale(before);
    freelocale(plain);
    return out;
}

void gw_text_quoted(struct gw_text *text, const char *string)
{
    gw_text_append(text, "\"", 1);
    for (const char *c = string; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            gw_text_append(text, "\\", 1);
        }
        gw_text_append(text, c, 1);
    }
    gw_text_append(text, "\"", 1);
}

static size_t length_of_lead(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

size_t gw_utf8_next(const char *bytes, size_t left, uint32_t *character)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char lead = (unsigned char)bytes[0];
    const size_t length = left == 0 ? 0 : length_of_lead(lead);
    if (length == 0 || length > left) {
        return 0;
    }
    uint32_t c = length == 1 ? lead : lead & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        const unsigned char next = (unsigned char)bytes[i];
        if ((next & 0xC0u) != 0x80u) {
            return 0;
        }
        c = c << 6 | (next & 0x3Fu);
    }
    if (c < least[length] || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) {
        return 0;
    }
    *character = c;
    return length;
}

bool gw_utf8_forbidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE;
}

void gw_utf8_trim(char *text)
{
    size_t length = strlen(text), back = 0;
    while (back < 4 && back < length && ((unsigned char)text[length - 1 - back] & 0xC0u) == 0x80u) {
        back++;
    }
    if (length > back && length_of_lead((unsigned char)text[length - 1 - back]) > back + 1) {
        text[length - 1 - back] = '\0';
    }
}
