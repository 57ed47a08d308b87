/*
 * What an experiment has to say: sentences first, then tables, then notes; as text, CSV or JSON.
 *
 * A report is filled by functions without a result: what fails (memory, a cell that does not fit its column, a row
 * that is not finished) is remembered and told by gw_report_write(). Texts given are copied; gw_report_free()
 * releases everything. Names may be a user's: they are made safe when they are shown.
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

/* Sentences of the answer, in their order, and notes, which come after the tables. */
void gw_report_say(struct gw_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
void gw_report_note(struct gw_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a column holds, and how text shows it. */
enum gw_column_kind {
    GW_COLUMN_TEXT,
    GW_COLUMN_COUNT,  /* whole numbers, as they are */
    GW_COLUMN_NUMBER, /* up to four digits */
    GW_COLUMN_MONEY,  /* three digits; thousands as k, millions as M */
    GW_COLUMN_SHARE   /* of 1, in percent */
};
struct gw_report_column {
    const char *name, *heading; /* `name` is stable, for files: letters, digits and _ */
    enum gw_column_kind kind;   /* an interval decides over the digits of its mean, with the suffixes of money */
    bool interval;              /* each cell is a mean with low and high: NAME, NAME_low and NAME_high in files */
};

/* The kind of numbers in a unit: "%" for shares of 1, "1" for plain numbers, anything else as money is shown. */
enum gw_column_kind gw_column_kind_of(const char *unit);

/* A table: `name` is stable and its own ("answer" and "notes" are taken), `heading` for people: it says what the
 * intervals are and over how many replications, or a column does. The first column is the head of a row. */
void gw_report_table(struct gw_report *report, const char *name, const char *heading,
                     const struct gw_report_column *column, size_t columns);
/* The cells of the last table, row by row, left to right. What is not finite is shown as "-", and is empty in CSV and
 * null in JSON; a mean without an interval has NaN for low and high. */
void gw_report_text(struct gw_report *report, const char *text);
void gw_report_number(struct gw_report *report, double value);
void gw_report_interval(struct gw_report *report, double mean, double low, double high);

/* Numbers inside sentences: "1.5 M EUR", "1.5 M EUR (95%: 0.6 to 2.4)"; `unit` "1", "%" and "money" are not said.
 * Under gw_plain_begin(), as reports are written. Return `out`. */
enum { GW_SAY_SIZE = 400 };
const char *gw_say_value(char out[GW_SAY_SIZE], enum gw_column_kind kind, const char *unit, double value);
const char *gw_say_estimate(char out[GW_SAY_SIZE], enum gw_column_kind kind, const char *unit, double mean,
                            double low, double high);

/* Text: title, sentences, tables, notes, wrapped at 100 columns; a table that is wider than 110 goes on below with
 * the first column repeated, and a long one ends after 60 rows. CSV: "table,row,column,value" in long format with
 * full precision, rows counted from 1; sentences and notes are the tables "answer" and "notes" with the column
 * "text". JSON: {"title", "answer": [...], "tables": {NAME: [{COLUMN: value ...} ...]}, "notes": [...]}, UTF-8.
 *
 * GW_IO when the stream fails, GW_REFUSED when memory was short, GW_FAILED when the report was filled wrongly.
 * Numbers have a decimal point whatever the locale. */
int gw_report_write(const struct gw_report *report, enum gw_answer_form form, FILE *out, struct gw_error *error);

#endif
