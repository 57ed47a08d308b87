/*
 * Names and numbers for people: text that may hold anything made safe to show, numbers cut to what is known of them.
 */
#ifndef GW_OUTPUT_LABEL_H
#define GW_OUTPUT_LABEL_H

#include "outcome/dataset.h"

#include <locale.h>
#include <stddef.h>

enum { GW_NAME_SIZE = 256 }; /* bytes that hold any name of up to 40 columns */

/* Copies `text` as valid UTF-8 on one line: control characters become spaces, characters without width or that turn
 * the writing direction are dropped, invalid bytes become U+FFFD; more than `columns` columns lose their middle to
 * an ellipsis, for names often differ at their ends. Returns the columns used (wide characters count two). */
size_t gw_show_text(char *out, size_t size, const char *text, size_t columns);

/* Replaces what common fonts lack by a box: all but Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic and Georgian
 * letters, punctuation, currency signs, arrows and mathematical signs. In place. */
void gw_show_common(char *utf8);

/* A label as a name: "cost_of_goods" becomes "Cost of goods". */
size_t gw_show_label(char *out, size_t size, const char *label, size_t columns);

/* A strategy's label as a name: "status_quo" becomes "Status quo"; "Strategy 2" when it has none. */
size_t gw_show_strategy(char *out, size_t size, const struct gw_dataset *dataset, size_t strategy, size_t columns);

size_t gw_columns(const char *utf8);

/* How to write a family of numbers: x / unit with so many decimals, then the suffix (" k", " M", "%" ...). */
struct gw_style {
    double unit;
    const char *suffix;
    int decimals;
};

/* Thousands, millions ... by `magnitude`; decimals such that `uncertainty` (half the width of an interval) keeps one
 * digit, or two when it begins with 1, 2 or 3, but never so many that the magnitude has more than four digits.
 * Unknown or no uncertainty: three digits of the magnitude. */
struct gw_style gw_style_for(double magnitude, double uncertainty);
struct gw_style gw_style_percent(double magnitude, double uncertainty); /* of shares of 1 */
/* The same with at most three digits, hence thousands from 1000 on. */
struct gw_style gw_style_brief(double magnitude, double uncertainty);

/* x / unit without the suffix; "-" when x is not finite. Never "-0". */
const char *gw_show_number(char out[64], struct gw_style style, double x);

/* Numbers in this thread are written with a point until gw_plain_end(), whatever the program's locale. */
struct gw_plain {
    locale_t own, before;
};
struct gw_plain gw_plain_begin(void);
void gw_plain_end(struct gw_plain plain);

#endif
