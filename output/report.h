/*
 * What an experiment has to say: sentences first, then tables; as text, CSV or JSON.
 *
 * Ownership: gw_report_free() releases everything; texts given are copied.
 */
#ifndef GW_OUTPUT_REPORT_H
#define GW_OUTPUT_REPORT_H

#include "core/status.h"
#include "output/answer.h"

#include <stdbool.h>
#include <stddef.h>

struct gw_report;

int gw_report_create(struct gw_report **report, const char *title, struct gw_error *error);
void gw_report_free(struct gw_report *report);

/* Sentences of the answer, in their order; notes come after the tables. What fails is told when it is written. */
void gw_report_say(struct gw_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gw_report_note(struct gw_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A table. `name` is stable, for files; `heading` for people. Columns are of text or of numbers. */
enum gw_column_kind {
    GW_COLUMN_TEXT,
    GW_COLUMN_NUMBER,
    GW_COLUMN_MONEY, /* thousands as k, millions as M in text */
    GW_COLUMN_SHARE  /* in percent in text */
};
struct gw_report_column {
    const char *name, *heading;
    enum gw_column_kind kind;
    bool interval; /* each cell is a mean with low and high: three fields in CSV (NAME, NAME_low, NAME_high) */
};
void gw_report_table(struct gw_report *report, const char *name, const char *heading,
                     const struct gw_report_column *column, size_t columns);
/* The cells of the last table, row by row, left to right. */
void gw_report_text(struct gw_report *report, const char *text);
void gw_report_number(struct gw_report *report, double value);
void gw_report_interval(struct gw_report *report, double mean, double low, double high);

/* Text: sentences, tables, notes. CSV: "table,row,column,value" in long format, full precision, so that tables of
 * different shape stand in one file. JSON: {"title", "answer": [..], "tables": {NAME: [{column: value}...]},
 * "notes"}. GW_IO when the stream fails, GW_REFUSED when memory was short. Numbers have a decimal point whatever the
 * locale. */
int gw_report_write(const struct gw_report *report, enum gw_answer_form form, FILE *out, struct gw_error *error);

#endif
