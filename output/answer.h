/*
 * The answer of a run: one sentence, then tables of every quantity with its 95% interval and of the paired
 * differences to the first strategy. Reads a dataset and nothing else.
 */
#ifndef GW_OUTPUT_ANSWER_H
#define GW_OUTPUT_ANSWER_H

#include "outcome/dataset.h"

#include <stdio.h>

enum gw_answer_form {
    GW_ANSWER_TEXT, /* for people: aligned columns, thousands as k, millions as M */
    GW_ANSWER_CSV,  /* long format, full precision: strategy,quantity,unit,n,mean,low,high,sd,against,segment */
    GW_ANSWER_JSON  /* {"answer": text, ..., "estimates": [the rows of the CSV]} */
};

/* Rows of CSV and JSON: a quantity's mean per strategy (`against` empty), its paired difference to the first strategy
 * (`against` names it), and for the company's value also "probability_better" and "variance_ratio"; then, in a run
 * that tells segments apart, the same of each segment's quantities (`segment` names it). What is not defined (no
 * interval with one replication) is an empty field or null.
 *
 * GW_IO when the stream fails, GW_REFUSED without memory. Numbers have a decimal point whatever the locale. */
int gw_answer_write(const struct gw_dataset *dataset, enum gw_answer_form form, FILE *out, struct gw_error *error);

/* The sentence alone; release with free(). */
int gw_answer_sentence(const struct gw_dataset *dataset, char **sentence, struct gw_error *error);

#endif
