#include "output/report.h"

#include "core/memory.h"
#include "output/label.h"
#include "output/report_forms.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int gw_report_create(struct gw_report **report, const char *title, struct gw_error *error)
{
    *report = calloc(1, sizeof **report);
    if (*report != NULL) {
        (*report)->title = gw_copy_text(title == NULL ? "" : title);
    }
    if (*report == NULL || (*report)->title == NULL) {
        gw_report_free(*report);
        *report = NULL;
        return gw_fail(error, GW_REFUSED, "out of memory for the report");
    }
    return GW_OK;
}

static void free_lines(struct gw_report_lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        free(lines->line[i]);
    }
    free(lines->line);
}

static void free_table(struct gw_report_rows *table)
{
    for (size_t c = 0; table->head != NULL && c < table->columns; c++) {
        free(table->head[c].name);
        free(table->head[c].heading);
    }
    for (size_t i = 0; i < table->cells; i++) {
        free(table->cell[i].text);
    }
    free(table->head);
    free(table->cell);
    free(table->name);
    free(table->heading);
}

void gw_report_free(struct gw_report *report)
{
    if (report == NULL) {
        return;
    }
    free_lines(&report->answer);
    free_lines(&report->notes);
    for (size_t i = 0; i < report->tables; i++) {
        free_table(&report->table[i]);
    }
    free(report->table);
    free(report->title);
    free(report);
}

/* The first failure is kept. */
static void fail(struct gw_report *report, int status)
{
    report->status = report->status == GW_OK ? status : report->status;
}

/* Room for one more element of `size` bytes behind `n`; false when memory is short. */
static bool grow(void **memory, size_t n, size_t *room, size_t size)
{
    if (n < *room) {
        return true;
    }
    const size_t more = *room == 0 ? 8 : 2 * *room;
    void *grown = more > SIZE_MAX / size ? NULL : realloc(*memory, more * size);
    if (grown == NULL) {
        return false;
    }
    *memory = grown;
    *room = more;
    return true;
}

/* Takes over `line`; NULL: memory was short. */
static void add_line(struct gw_report *report, struct gw_report_lines *lines, char *line)
{
    if (line == NULL || !grow((void **)&lines->line, lines->n, &lines->room, sizeof *lines->line)) {
        free(line);
        fail(report, GW_REFUSED);
        return;
    }
    lines->line[lines->n++] = line;
}

static char *__attribute__((format(printf, 1, 0))) format_line(const char *format, va_list arguments)
{
    char *line = NULL;
    const struct gw_plain plain = gw_plain_begin();
    const int length = vasprintf(&line, format, arguments);
    gw_plain_end(plain);
    return length < 0 ? NULL : line;
}

void gw_report_say(struct gw_report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_line(report, &report->answer, format_line(format, arguments));
    va_end(arguments);
}

void gw_report_note(struct gw_report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_line(report, &report->notes, format_line(format, arguments));
    va_end(arguments);
}

static bool is_taken(const struct gw_report *report, const char *name)
{
    bool taken = strcmp(name, "answer") == 0 || strcmp(name, "notes") == 0;
    for (size_t i = 0; i < report->tables; i++) {
        taken |= strcmp(report->table[i].name, name) == 0;
    }
    return taken;
}

static bool fill_table(struct gw_report_rows *table, const char *name, const char *heading,
                       const struct gw_report_column *column, size_t columns)
{
    bool whole = true;
    *table = (struct gw_report_rows){.name = gw_copy_text(name), .heading = gw_copy_text(heading)};
    table->head = calloc(columns, sizeof *table->head);
    table->columns = columns;
    for (size_t c = 0; table->head != NULL && c < columns; c++) {
        table->head[c] = (struct gw_report_head){.name = gw_copy_text(column[c].name),
                                                 .heading = gw_copy_text(column[c].heading),
                                                 .kind = column[c].kind,
                                                 .interval = column[c].interval};
        whole = whole && table->head[c].name != NULL && table->head[c].heading != NULL;
    }
    return whole && table->name != NULL && table->heading != NULL && table->head != NULL;
}

/* Whether the last table's last row is whole, so that a table may follow. */
static bool is_complete(const struct gw_report *report)
{
    const struct gw_report_rows *last = report->tables == 0 ? NULL : &report->table[report->tables - 1];
    return last == NULL || last->cells == last->rows * last->columns;
}

void gw_report_table(struct gw_report *report, const char *name, const char *heading,
                     const struct gw_report_column *column, size_t columns)
{
    struct gw_report_rows table;
    if (columns == 0 || is_taken(report, name) || !is_complete(report)) {
        fail(report, GW_FAILED);
    } else if (!fill_table(&table, name, heading, column, columns) ||
               !grow((void **)&report->table, report->tables, &report->room, sizeof *report->table)) {
        free_table(&table);
        fail(report, GW_REFUSED);
    } else {
        report->table[report->tables++] = table;
    }
}

/* The next cell of the last table, of a column of text or not, with an interval or not; NULL when it does not fit. */
static struct gw_report_cell *next_cell(struct gw_report *report, bool text, bool interval)
{
    struct gw_report_rows *table = report->tables == 0 ? NULL : &report->table[report->tables - 1];
    const struct gw_report_head *head = table == NULL ? NULL : &table->head[table->cells % table->columns];
    if (report->status != GW_OK) {
        return NULL;
    }
    if (head == NULL || (head->kind == GW_COLUMN_TEXT) != text || (!text && head->interval != interval)) {
        fail(report, GW_FAILED);
        return NULL;
    }
    if (!grow((void **)&table->cell, table->cells, &table->room, sizeof *table->cell)) {
        fail(report, GW_REFUSED);
        return NULL;
    }
    struct gw_report_cell *cell = &table->cell[table->cells++];
    *cell = (struct gw_report_cell){.mean = NAN, .low = NAN, .high = NAN};
    table->rows = table->cells / table->columns;
    return cell;
}

void gw_report_text(struct gw_report *report, const char *text)
{
    struct gw_report_cell *cell = next_cell(report, true, false);
    if (cell != NULL) {
        cell->text = gw_copy_text(text == NULL ? "" : text);
        if (cell->text == NULL) {
            fail(report, GW_REFUSED);
        }
    }
}

void gw_report_number(struct gw_report *report, double value)
{
    struct gw_report_cell *cell = next_cell(report, false, false);
    if (cell != NULL) {
        cell->mean = value;
    }
}

void gw_report_interval(struct gw_report *report, double mean, double low, double high)
{
    struct gw_report_cell *cell = next_cell(report, false, true);
    if (cell != NULL) {
        cell->mean = mean;
        cell->low = low;
        cell->high = high;
    }
}

static void write_form(FILE *out, enum gw_answer_form form, const struct gw_report *report)
{
    switch (form) {
    case GW_ANSWER_TEXT:
        gw_write_report_text(out, report);
        break;
    case GW_ANSWER_CSV:
        gw_write_report_csv(out, report);
        break;
    case GW_ANSWER_JSON:
        gw_write_report_json(out, report);
        break;
    }
}

int gw_report_write(const struct gw_report *report, enum gw_answer_form form, FILE *out, struct gw_error *error)
{
    if (report->status == GW_REFUSED) {
        return gw_fail(error, GW_REFUSED, "out of memory for the report");
    }
    if (report->status != GW_OK || !is_complete(report)) {
        return gw_fail(error, GW_FAILED, "the report's tables do not hold together");
    }
    const struct gw_plain plain = gw_plain_begin();
    write_form(out, form, report);
    const bool written = fflush(out) == 0 && !ferror(out);
    gw_plain_end(plain);
    return written ? GW_OK : gw_fail(error, GW_IO, "cannot write the report: %s", strerror(errno));
}
