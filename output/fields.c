#include "output/fields.h"

#include "output/label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *gw_exact(char out[GW_EXACT_SIZE], double x)
{
    out[0] = '\0';
    for (int digits = 15; isfinite(x) && digits <= 17; digits++) {
        (void)snprintf(out, GW_EXACT_SIZE, "%.*g", digits, x);
        if (strtod(out, NULL) == x) {
            break;
        }
    }
    return out;
}

void gw_write_csv_text(FILE *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            (void)fputc('"', out);
        }
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

/* gw_show_text() makes it valid UTF-8 without control characters. */
void gw_write_json_text(FILE *out, const char *text)
{
    const size_t size = 3 * strlen(text) + 5; /* an invalid byte becomes three; one more character always fits */
    char *shown = malloc(size);
    if (shown != NULL) {
        (void)gw_show_text(shown, size, text, size);
    }
    (void)fputc('"', out);
    for (const char *c = shown; c != NULL && *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            (void)fputc('\\', out);
        }
        (void)fputc(*c, out);
    }
    (void)fputc('"', out);
    free(shown);
}

void gw_write_json_number(FILE *out, double x)
{
    char text[GW_EXACT_SIZE];
    (void)fputs(isfinite(x) ? gw_exact(text, x) : "null", out);
}
