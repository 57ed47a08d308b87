/*
 * The documentation in the descriptors, as text for the terminal (describe.c) and as the reference page
 * (reference.c). Both print what the descriptors say and add nothing.
 */
#ifndef GW_CLI_DESCRIBE_H
#define GW_CLI_DESCRIBE_H

#include "core/descriptor.h"

#include <stdio.h>

/* A value of a parameter as one writes it in a scenario: a number, true or false, or a word. */
void gw_describe_value(FILE *out, const struct gw_parameter *parameter, double value);

/* "spread over customers, uncertain": the forms besides a plain number that a scenario may give a parameter. */
const char *gw_describe_forms(enum gw_scope scope);

/* docs/reference.md: every rule, parameter, column, output and posting. */
void gw_reference_write(FILE *out);

#endif
