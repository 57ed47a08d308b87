/* Drawing the figures of a run for `plot` and `study`: says which were drawn and which were left out, and why. */
#ifndef GW_CLI_DRAW_H
#define GW_CLI_DRAW_H

#include "outcome/dataset.h"

int gw_draw(const struct gw_dataset *dataset, const char *directory, const char *format, const char *const *names,
            size_t n, struct gw_error *error);

#endif
