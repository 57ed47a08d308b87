/* The parts of output/answer.h; they write under gw_plain_begin() and leave errors to ferror(). */
#ifndef GW_OUTPUT_ANSWER_FORMS_H
#define GW_OUTPUT_ANSWER_FORMS_H

#include "output/findings.h"

#include <stdio.h>

void gw_write_sentence(FILE *out, const struct gw_findings *findings);
/* A line about the precision that was asked, if any was. */
void gw_write_precision(FILE *out, const struct gw_findings *findings);
/* A table of what variance reduction brought, where any was in use. */
void gw_write_reduction(FILE *out, const struct gw_findings *findings);
/* Factor number `which` of a strategy's company value or of its difference to the first: estimate, low, high. NULL:
 * not in use; `name` is NULL after the last one. */
const double *gw_reduction_factor(const struct gw_findings *findings, size_t which, size_t strategy, bool difference,
                                  const char **name);
void gw_write_text(FILE *out, const struct gw_findings *findings, const char *sentence);
void gw_write_csv(FILE *out, const struct gw_findings *findings);
void gw_write_json(FILE *out, const struct gw_findings *findings, const char *sentence);

#endif
