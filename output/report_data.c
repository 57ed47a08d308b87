#include "output/fields.h"
#include "output/report_forms.h"

/* ---- CSV --------------------------------------------------------------------------------------------------- */

static void put_place(FILE *out, const char *table, size_t row, const char *column, const char *ending)
{
    gw_write_csv_text(out, table);
    (void)fprintf(out, ",%zu,", row + 1);
    gw_write_csv_text(out, column);
    (void)fprintf(out, "%s,", ending);
}

static void put_csv_text(FILE *out, const char *table, size_t row, const char *column, const char *text)
{
    put_place(out, table, row, column, "");
    gw_write_csv_text(out, text);
    (void)fputc('\n', out);
}

static void put_csv_number(FILE *out, const char *table, size_t row, const char *column, const char *ending,
                           double value)
{
    char number[GW_EXACT_SIZE];
    put_place(out, table, row, column, ending);
    (void)fprintf(out, "%s\n", gw_exact(number, value));
}

static void put_csv_cell(FILE *out, const struct gw_report_rows *table, size_t row, size_t column)
{
    const struct gw_report_cell *cell = &table->cell[row * table->columns + column];
    const struct gw_report_head *head = &table->head[column];
    if (head->kind == GW_COLUMN_TEXT) {
        put_csv_text(out, table->name, row, head->name, cell->text);
        return;
    }
    put_csv_number(out, table->name, row, head->name, "", cell->mean);
    if (head->interval) {
        put_csv_number(out, table->name, row, head->name, "_low", cell->low);
        put_csv_number(out, table->name, row, head->name, "_high", cell->high);
    }
}

static void put_csv_lines(FILE *out, const char *table, const struct gw_report_lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        put_csv_text(out, table, i, "text", lines->line[i]);
    }
}

void gw_write_report_csv(FILE *out, const struct gw_report *report)
{
    (void)fputs("table,row,column,value\n", out);
    put_csv_lines(out, "answer", &report->answer);
    for (size_t t = 0; t < report->tables; t++) {
        const struct gw_report_rows *table = &report->table[t];
        for (size_t row = 0; row < table->rows; row++) {
            for (size_t c = 0; c < table->columns; c++) {
                put_csv_cell(out, table, row, c);
            }
        }
    }
    put_csv_lines(out, "notes", &report->notes);
}

/* ---- JSON -------------------------------------------------------------------------------------------------- */

static void put_json_number(FILE *out, const char *name, const char *ending, double value)
{
    (void)fprintf(out, "\"%s%s\": ", name, ending);
    gw_write_json_number(out, value);
}

static void put_json_cell(FILE *out, const struct gw_report_head *head, const struct gw_report_cell *cell)
{
    if (head->kind == GW_COLUMN_TEXT) {
        (void)fprintf(out, "\"%s\": ", head->name);
        gw_write_json_text(out, cell->text);
        return;
    }
    put_json_number(out, head->name, "", cell->mean);
    if (head->interval) {
        (void)fputs(", ", out);
        put_json_number(out, head->name, "_low", cell->low);
        (void)fputs(", ", out);
        put_json_number(out, head->name, "_high", cell->high);
    }
}

static void put_json_table(FILE *out, const struct gw_report_rows *table)
{
    (void)fprintf(out, "\n    \"%s\": [", table->name);
    for (size_t row = 0; row < table->rows; row++) {
        (void)fputs(row == 0 ? "\n      {" : ",\n      {", out);
        for (size_t c = 0; c < table->columns; c++) {
            (void)fputs(c == 0 ? "" : ", ", out);
            put_json_cell(out, &table->head[c], &table->cell[row * table->columns + c]);
        }
        (void)fputc('}', out);
    }
    (void)fputs(table->rows == 0 ? "]" : "\n    ]", out);
}

static void put_json_lines(FILE *out, const char *name, const struct gw_report_lines *lines)
{
    (void)fprintf(out, "  \"%s\": [", name);
    for (size_t i = 0; i < lines->n; i++) {
        (void)fputs(i == 0 ? "\n    " : ",\n    ", out);
        gw_write_json_text(out, lines->line[i]);
    }
    (void)fputs(lines->n == 0 ? "]" : "\n  ]", out);
}

void gw_write_report_json(FILE *out, const struct gw_report *report)
{
    (void)fputs("{\n  \"title\": ", out);
    gw_write_json_text(out, report->title);
    (void)fputs(",\n", out);
    put_json_lines(out, "answer", &report->answer);
    (void)fputs(",\n  \"tables\": {", out);
    for (size_t t = 0; t < report->tables; t++) {
        (void)fputs(t == 0 ? "" : ",", out);
        put_json_table(out, &report->table[t]);
    }
    (void)fputs(report->tables == 0 ? "},\n" : "\n  },\n", out);
    put_json_lines(out, "notes", &report->notes);
    (void)fputs("\n}\n", out);
}
