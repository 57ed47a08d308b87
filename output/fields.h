/* Single values in files for programs: CSV by RFC 4180, JSON by RFC 8259. Errors are left to ferror(). */
#ifndef GW_OUTPUT_FIELDS_H
#define GW_OUTPUT_FIELDS_H

#include <stdio.h>

enum { GW_EXACT_SIZE = 40 };

/* The shortest decimal that reads back as the same number, under gw_plain_begin(); "" when it is not finite. */
const char *gw_exact(char out[GW_EXACT_SIZE], double x);

/* A field of CSV, in quotes where it takes them. */
void gw_write_csv_text(FILE *out, const char *text);

/* A string of JSON in its quotes: valid UTF-8 on one line, whatever bytes `text` holds. */
void gw_write_json_text(FILE *out, const char *text);

/* A number of JSON; null when it is not finite. */
void gw_write_json_number(FILE *out, double x);

#endif
