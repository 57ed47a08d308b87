/* The inside of output/report.h, for those that write it; they write under gw_plain_begin() and leave errors to
 * ferror(). */
#ifndef GW_OUTPUT_REPORT_FORMS_H
#define GW_OUTPUT_REPORT_FORMS_H

#include "output/report.h"

struct gw_report_cell {
    char *text; /* of a column of text */
    double mean, low, high;
};

struct gw_report_head {
    char *name, *heading;
    enum gw_column_kind kind;
    bool interval;
};

struct gw_report_rows {
    char *name, *heading;
    size_t columns, rows; /* rows: finished ones */
    struct gw_report_head *head;
    size_t cells, room;
    struct gw_report_cell *cell; /* [rows][columns] */
};

struct gw_report_lines {
    size_t n, room;
    char **line;
};

struct gw_report {
    char *title;
    struct gw_report_lines answer, notes;
    size_t tables, room;
    struct gw_report_rows *table;
    int status; /* what went wrong while it was filled */
};

void gw_write_report_text(FILE *out, const struct gw_report *report);
void gw_write_report_csv(FILE *out, const struct gw_report *report);
void gw_write_report_json(FILE *out, const struct gw_report *report);

#endif
