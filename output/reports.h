/*
 * The reports of experiments: which function reads which run file. A run file's attribute `experiment` names it.
 */
#ifndef GW_OUTPUT_REPORTS_H
#define GW_OUTPUT_REPORTS_H

#include "output/report.h"

/* Fills a report from an experiment's dataset and nothing else; called under gw_plain_begin(). GW_BAD_INPUT: the
 * dataset lacks what the experiment leaves. */
typedef int gw_report_writer(const struct gw_dataset *dataset, struct gw_report *report, struct gw_error *error);
gw_report_writer gw_report_of_decide;

gw_report_writer gw_report_of_frontier, gw_report_of_optimise;
gw_report_writer gw_report_of_sweep;
gw_report_writer gw_report_of_sensitivity;

/* Writes what a run file has to say: an experiment's report, or else the answer over its strategies. Errors as of
 * gw_report_write() and gw_answer_write(); GW_BAD_INPUT: an experiment that is not known. */
int gw_summary_write(const struct gw_dataset *dataset, enum gw_answer_form form, FILE *out, struct gw_error *error);

#endif
