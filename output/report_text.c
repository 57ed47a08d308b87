#include "output/label.h"
#include "output/report_forms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns of text: a wrapped line, a row of a table, a cell of text, a heading of a column, what parts two columns.
 */
enum { LINE = 100, ROW = 110, CELL = 40, HEADING = 40, GAP = 2, MOST_ROWS = 60 };

/* ---- Numbers ----------------------------------------------------------------------------------------------- */

/* Up to four digits and as many zeros as it takes: 0.4, 0.475, 20000. */
static void show_plain(char *out, size_t size, double x)
{
    char number[64];
    if (!isfinite(x) || fabs(x) >= 1e7) {
        const struct gw_style style = gw_style_for(fabs(x), NAN);
        (void)snprintf(out, size, "%s%s", gw_show_number(number, style, x), isfinite(x) ? style.suffix : "");
    } else {
        (void)snprintf(out, size, fabs(x) < 999.95 ? "%.4g" : "%.0f", x == 0.0 ? 0.0 : x);
    }
}

static void show_share(char *out, size_t size, double x)
{
    if (isfinite(x)) {
        (void)snprintf(out, size, "%.3g%%", x == 0.0 ? 0.0 : 100.0 * x);
    } else {
        (void)snprintf(out, size, "-");
    }
}

static void show_money(char *out, size_t size, double x)
{
    char number[64];
    const struct gw_style style = gw_style_for(fabs(x), NAN);
    (void)snprintf(out, size, "%s%s", gw_show_number(number, style, x), isfinite(x) ? style.suffix : "");
}

static void show_value(char *out, size_t size, enum gw_column_kind kind, double x)
{
    switch (kind) {
    case GW_COLUMN_COUNT:
        (void)snprintf(out, size, isfinite(x) ? "%.0f" : "-", x);
        break;
    case GW_COLUMN_MONEY:
        show_money(out, size, x);
        break;
    case GW_COLUMN_SHARE:
        show_share(out, size, x);
        break;
    case GW_COLUMN_TEXT:
    case GW_COLUMN_NUMBER:
        show_plain(out, size, x);
        break;
    }
}

static struct gw_style style_of(enum gw_column_kind kind, double mean, double low, double high)
{
    const double magnitude = fmax(fabs(mean), fmax(fabs(low), fabs(high))); /* fmax passes over NaN */
    const double half = (high - low) / 2.0;
    return kind == GW_COLUMN_SHARE ? gw_style_percent(magnitude, half) : gw_style_for(magnitude, half);
}

/* "1.5 M", MIDDLE, "0.6 to 2.4)": an interval of which one end is open is said so. */
static void show_estimate(char *out, size_t size, enum gw_column_kind kind, const char *unit, const char *opening,
                          double mean, double low, double high)
{
    char m[64], l[64], h[64];
    if (!isfinite(mean) || (isnan(low) && isnan(high))) {
        show_value(out, size, kind, mean);
        if (isfinite(mean) && unit[0] != '\0') {
            (void)snprintf(out + strlen(out), size - strlen(out), " %s", unit);
        }
        return;
    }
    const struct gw_style style = style_of(kind, mean, isfinite(low) ? low : mean, isfinite(high) ? high : mean);
    const int at = snprintf(out, size, "%s%s%s%s", gw_show_number(m, style, mean), style.suffix,
                            unit[0] == '\0' ? "" : " ", unit);
    if (at < 0 || (size_t)at >= size) {
        return;
    }
    const size_t left = size - (size_t)at;
    if (isfinite(low) && isfinite(high)) {
        (void)snprintf(out + at, left, "%s%s to %s)", opening, gw_show_number(l, style, low),
                       gw_show_number(h, style, high));
    } else if (isfinite(low) || isfinite(high)) {
        (void)snprintf(out + at, left, "%s%s %s)", opening, isfinite(low) ? "above" : "below",
                       gw_show_number(l, style, isfinite(low) ? low : high));
    }
}

static const char *said_unit(const char *unit)
{
    const bool silent = strcmp(unit, "1") == 0 || strcmp(unit, "%") == 0 || strcmp(unit, "money") == 0;
    return silent ? "" : unit;
}

enum gw_column_kind gw_column_kind_of(const char *unit)
{
    return strcmp(unit, "%") == 0 ? GW_COLUMN_SHARE : strcmp(unit, "1") == 0 ? GW_COLUMN_NUMBER : GW_COLUMN_MONEY;
}

const char *gw_say_value(char out[GW_SAY_SIZE], enum gw_column_kind kind, const char *unit, double value)
{
    return gw_say_estimate(out, kind, unit, value, NAN, NAN);
}

const char *gw_say_estimate(char out[GW_SAY_SIZE], enum gw_column_kind kind, const char *unit, double mean,
                            double low, double high)
{
    char shown[GW_NAME_SIZE];
    (void)gw_show_text(shown, sizeof shown, said_unit(unit), 20);
    show_estimate(out, GW_SAY_SIZE, kind, shown, " (95%: ", mean, low, high);
    return out;
}

/* ---- Lines ------------------------------------------------------------------------------------------------- */

/* Words wrapped at LINE columns; lines after the first are indented by so much. */
static void put_wrapped(FILE *out, const char *text, int indent)
{
    size_t column = 0;
    for (text += strspn(text, " \n"); *text != '\0'; text += strspn(text, " \n")) {
        const size_t length = strcspn(text, " \n");
        const size_t size = 3 * length + 5; /* an invalid byte becomes three; one more character always fits */
        char *word = strndup(text, length), *shown = malloc(size);
        if (word != NULL && shown != NULL) {
            const size_t width = gw_show_text(shown, size, word, size);
            const bool begins = column == 0;
            if (!begins && column + 1 + width > LINE) {
                (void)fprintf(out, "\n%*s", indent, "");
                column = (size_t)indent;
            } else if (!begins) {
                (void)fputc(' ', out);
                column++;
            }
            (void)fputs(shown, out);
            column += width;
        }
        free(word);
        free(shown);
        text += length;
    }
    (void)fputc('\n', out);
}

/* ---- Tables ------------------------------------------------------------------------------------------------ */

struct shown {
    char text[GW_SAY_SIZE];
};

static void show_cell(struct shown *out, const struct gw_report_rows *table, size_t row, size_t column)
{
    const struct gw_report_head *head = &table->head[column];
    const struct gw_report_cell *cell = &table->cell[row * table->columns + column];
    if (head->kind == GW_COLUMN_TEXT) {
        (void)gw_show_text(out->text, sizeof out->text, cell->text, CELL);
    } else if (head->interval) {
        show_estimate(out->text, sizeof out->text, head->kind, "", " (", cell->mean, cell->low, cell->high);
    } else {
        show_value(out->text, sizeof out->text, head->kind, cell->mean);
    }
}

static void show_heading(struct shown *out, const struct gw_report_rows *table, size_t column)
{
    (void)gw_show_text(out->text, sizeof out->text, table->head[column].heading, HEADING);
}

static size_t shown_rows(const struct gw_report_rows *table)
{
    return table->rows < MOST_ROWS ? table->rows : MOST_ROWS;
}

static size_t width_of(const struct gw_report_rows *table, size_t column)
{
    struct shown shown;
    show_heading(&shown, table, column);
    size_t width = gw_columns(shown.text);
    for (size_t row = 0; row < shown_rows(table); row++) {
        show_cell(&shown, table, row, column);
        const size_t used = gw_columns(shown.text);
        width = used > width ? used : width;
    }
    return width;
}

/* The last column of a block is not padded. */
static void put_padded(FILE *out, const char *text, size_t width, bool last)
{
    const size_t used = gw_columns(text);
    (void)fprintf(out, "%s%*s", text, last || used >= width ? 0 : (int)(width - used), "");
}

/* The first column, then [from, to); `row` = rows: the headings. */
static void put_row(FILE *out, const struct gw_report_rows *table, size_t row, const size_t *width, size_t from,
                    size_t to)
{
    struct shown shown;
    for (size_t i = from - 1; i < to; i++) {
        const size_t column = i < from ? 0 : i;
        if (row == table->rows) {
            show_heading(&shown, table, column);
        } else {
            show_cell(&shown, table, row, column);
        }
        (void)fprintf(out, "%*s", i < from ? 0 : GAP, "");
        put_padded(out, shown.text, width[column], i + 1 == to);
    }
    (void)fputc('\n', out);
}

/* Columns from `from` on that fit beside the first one, at least one; returns the first that is left. */
static size_t block_end(const struct gw_report_rows *table, const size_t *width, size_t from)
{
    size_t to = from, used = width[0];
    while (to < table->columns && (to == from || used + GAP + width[to] <= ROW)) {
        used += GAP + width[to];
        to++;
    }
    return to;
}

static void put_block(FILE *out, const struct gw_report_rows *table, const size_t *width, size_t from, size_t to)
{
    put_row(out, table, table->rows, width, from, to);
    for (size_t row = 0; row < shown_rows(table); row++) {
        put_row(out, table, row, width, from, to);
    }
}

static void put_table(FILE *out, const struct gw_report_rows *table)
{
    size_t *width = malloc(table->columns * sizeof *width), from = 1;
    (void)fputc('\n', out);
    put_wrapped(out, table->heading, 0);
    if (width == NULL) {
        return;
    }
    for (size_t c = 0; c < table->columns; c++) {
        width[c] = width_of(table, c);
    }
    do { /* a table of one column is a block, too */
        const size_t to = block_end(table, width, from);
        (void)fputs(from == 1 ? "" : "\n", out);
        put_block(out, table, width, from, to);
        from = to;
    } while (from < table->columns);
    if (table->rows > shown_rows(table)) {
        (void)fprintf(out, "... %zu more rows; --csv and --json have all.\n", table->rows - shown_rows(table));
    }
    free(width);
}

void gw_write_report_text(FILE *out, const struct gw_report *report)
{
    if (report->title[0] != '\0') {
        put_wrapped(out, report->title, 0);
        (void)fputc('\n', out);
    }
    for (size_t i = 0; i < report->answer.n; i++) {
        put_wrapped(out, report->answer.line[i], 0);
    }
    for (size_t t = 0; t < report->tables; t++) {
        put_table(out, &report->table[t]);
    }
    (void)fputs(report->notes.n > 0 ? "\n" : "", out);
    for (size_t i = 0; i < report->notes.n; i++) {
        put_wrapped(out, report->notes.line[i], 0);
    }
}
