#include "output/label.h"

#include "outcome/quantity.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { REPLACEMENT = 0xFFFD };

/* Decodes one character and moves `*text` on; what is no shortest-form UTF-8 gives U+FFFD and moves on one byte. */
static uint32_t next_character(const char **text)
{
    const unsigned char *s = (const unsigned char *)*text;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const int length = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
    uint32_t c = length == 1 ? s[0] : s[0] & (0x7Fu >> length);
    for (int i = 1; i < length; i++) {
        if (s[i] >> 6 != 2) { /* the terminating NUL ends up here */
            ++*text;
            return REPLACEMENT;
        }
        c = c << 6 | (s[i] & 0x3Fu);
    }
    if (length == 0 || c < least[length] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
        ++*text;
        return REPLACEMENT;
    }
    *text += length;
    return c;
}

static size_t encode(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    const size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)((0xF00u >> length & 0xF0u) | c);
    return length;
}

static bool within(uint32_t c, uint32_t low, uint32_t high)
{
    return c >= low && c <= high;
}

/* Columns on a terminal (Unicode Standard Annex 11, coarsely); 0 for marks that combine with what precedes. */
static size_t width(uint32_t c)
{
    if (within(c, 0x300, 0x36F) || within(c, 0xFE00, 0xFE0F)) {
        return 0;
    }
    const bool wide = within(c, 0x1100, 0x115F) || within(c, 0x2E80, 0xA4CF) || within(c, 0xAC00, 0xD7A3) ||
                      within(c, 0xF900, 0xFAFF) || within(c, 0xFF00, 0xFF60) || within(c, 0x1F300, 0x1FAFF) ||
                      within(c, 0x20000, 0x3FFFD);
    return wide ? 2 : 1;
}

/* The next character to show, or 0 at the end. */
static uint32_t next_shown(const char **text)
{
    while (**text != '\0') {
        const uint32_t c = next_character(text);
        const bool dropped = within(c, 0x200B, 0x200F) || within(c, 0x202A, 0x202E) || within(c, 0x2060, 0x206F) ||
                             c == 0xFEFF || c == 0xAD;
        if (!dropped) {
            const bool control = c < 0x20 || within(c, 0x7F, 0x9F) || c == 0x2028 || c == 0x2029;
            return control ? ' ' : c;
        }
    }
    return 0;
}

size_t gw_columns(const char *text)
{
    size_t columns = 0;
    for (uint32_t c; (c = next_shown(&text)) != 0;) {
        columns += width(c);
    }
    return columns;
}

size_t gw_show_text(char *out, size_t size, const char *text, size_t columns)
{
    const size_t all = gw_columns(text), tail = columns * 2 / 5, head = columns - tail - 1;
    const bool cut = all > columns;
    size_t at = 0, used = 0, shown = 0;
    bool marked = false;
    for (uint32_t c; (c = next_shown(&text)) != 0;) {
        const size_t before = used;
        used += width(c);
        if (cut && used > head && before < all - tail) {
            c = marked ? 0 : 0x2026;
            marked = true;
        }
        if (c != 0 && at + 5 <= size) {
            at += encode(out + at, c);
            shown += width(c);
        }
    }
    if (size > 0) {
        out[at] = '\0';
    }
    return shown;
}

/* Ranges that DejaVu Sans covers without a gap. */
static bool is_common(uint32_t c)
{
    static const uint32_t ranges[][2] = {
        {0x20, 0x7E},     {0xA0, 0x2E9},    {0x300, 0x34E},   {0x391, 0x3A1},   {0x3A3, 0x525},   {0x531, 0x556},
        {0x561, 0x587},   {0x5D0, 0x5EA},   {0x621, 0x63A},   {0x640, 0x655},   {0x10D0, 0x10FC}, {0x1E00, 0x1EFB},
        {0x2000, 0x2064}, {0x2074, 0x208E}, {0x20A0, 0x20B5}, {0x20B8, 0x20BA}, {0x2190, 0x2311}, {0x2500, 0x269C},
        {0x386, 0x386},   {0x388, 0x38A},   {0x38C, 0x38C},   {0x38E, 0x390},   {0xFFFD, 0xFFFD}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (within(c, ranges[i][0], ranges[i][1])) {
            return true;
        }
    }
    return false;
}

void gw_show_common(char *text)
{
    char *out = text;
    const char *in = text;
    while (*in != '\0') {
        const char *start = in;
        const uint32_t c = next_character(&in);
        if (is_common(c)) {
            memmove(out, start, (size_t)(in - start));
            out += in - start;
        } else if (in - start >= 3) { /* a box takes three bytes, as does every character beyond U+07FF */
            out += encode(out, 0x25A1);
        } else {
            *out++ = '?';
        }
    }
    *out = '\0';
}

size_t gw_show_label(char *out, size_t size, const char *label, size_t columns)
{
    const size_t used = gw_show_text(out, size, label == NULL ? "" : label, columns);
    for (char *c = out; (c = strchr(c, '_')) != NULL;) {
        *c = ' ';
    }
    if (out[0] >= 'a' && out[0] <= 'z') {
        out[0] = (char)(out[0] - 'a' + 'A');
    }
    return used;
}

size_t gw_show_strategy(char *out, size_t size, const struct gw_dataset *dataset, size_t strategy, size_t columns)
{
    char numbered[40];
    const char *label = gw_strategy_label(dataset, strategy);
    if (label[0] == '\0') {
        (void)snprintf(numbered, sizeof numbered, "Strategy %zu", strategy + 1);
        label = numbered;
    }
    return gw_show_label(out, size, label, columns);
}

static int clamp_decimals(double decimals)
{
    return decimals < 0.0 ? 0 : decimals > 6.0 ? 6 : (int)decimals;
}

/* Decimals with which `magnitude` > 0 has so many digits once it is rounded: 9.9996 with four becomes 10.00. */
static double decimals_of(double magnitude, int digits)
{
    const double whole = floor(log10(magnitude)) + 1.0;
    const bool carries = magnitude >= pow(10.0, whole) - 0.5 * pow(10.0, whole - digits);
    return digits - whole - (carries ? 1.0 : 0.0);
}

/* Decimals for a number shown as `magnitude` with that uncertainty, both already divided by the unit. */
static int decimals_for(double magnitude, double uncertainty, int most)
{
    if (isfinite(uncertainty) && uncertainty > 0.0) {
        const double exponent = floor(log10(uncertainty));
        const double first = uncertainty / pow(10.0, exponent);
        const double warranted = (first < 3.95 ? 1.0 : 0.0) - exponent;
        return clamp_decimals(magnitude > 0.0 ? fmin(warranted, decimals_of(magnitude, most)) : warranted);
    }
    return magnitude > 0.0 ? clamp_decimals(decimals_of(magnitude, 3)) : 0;
}

/* `whole` is the least that is written in thousands. */
static struct gw_style style_within(double magnitude, double uncertainty, int most, double whole)
{
    static const struct gw_style steps[] = {{1e12, " tn", 0}, {1e9, " bn", 0}, {1e6, " M", 0}, {1e3, " k", 0}};
    const double rounded = 1.0 - 0.5 * pow(10.0, -most);
    struct gw_style style = {1.0, "", 0};
    magnitude = fabs(magnitude);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const double least = steps[i].unit == 1e3 ? whole : steps[i].unit;
        if (isfinite(magnitude) && magnitude >= least * rounded) {
            style = steps[i];
            break;
        }
    }
    style.decimals = decimals_for(magnitude / style.unit, uncertainty / style.unit, most);
    return style;
}

struct gw_style gw_style_for(double magnitude, double uncertainty)
{
    return style_within(magnitude, uncertainty, 4, 1e4); /* four digits are still read at a glance */
}

struct gw_style gw_style_brief(double magnitude, double uncertainty)
{
    return style_within(magnitude, uncertainty, 3, 1e3);
}

struct gw_style gw_style_percent(double magnitude, double uncertainty)
{
    struct gw_style style = {0.01, "%", 0};
    style.decimals = decimals_for(fabs(magnitude) * 100.0, uncertainty * 100.0, 4);
    return style;
}

const char *gw_show_number(char out[64], struct gw_style style, double x)
{
    const double shown = x / style.unit;
    if (!isfinite(shown)) {
        strcpy(out, "-");
    } else if (fabs(shown) >= 1e7) {
        (void)snprintf(out, 64, "%.3g", shown);
    } else {
        const bool zero = fabs(shown) < 0.5 * pow(10.0, -style.decimals);
        (void)snprintf(out, 64, "%.*f", style.decimals, zero ? 0.0 : shown);
    }
    return out;
}

struct gw_plain gw_plain_begin(void)
{
    struct gw_plain plain = {.own = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    plain.before = uselocale(plain.own);
    return plain;
}

void gw_plain_end(struct gw_plain plain)
{
    if (plain.own != (locale_t)0) {
        (void)uselocale(plain.before);
        freelocale(plain.own);
    }
}
