/* What the figures of output/figures.h share. */
#ifndef GW_OUTPUT_FIGURE_H
#define GW_OUTPUT_FIGURE_H

#include "outcome/quantity.h"
#include "output/plot.h"

/* Writes one figure's script. Leaves a `reason` (and draws nothing) when the dataset has not what it takes;
 * GW_REFUSED without memory. */
enum { GW_REASON_SIZE = 200 };
typedef int gw_figure_writer(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                             struct gw_error *error);

gw_figure_writer gw_figure_customers, gw_figure_retention, gw_figure_survival, gw_figure_word_of_mouth;
gw_figure_writer gw_figure_value, gw_figure_difference;

/* Strategies that are drawn: all, or the first eight. */
size_t gw_figure_strategies(const struct gw_dataset *dataset);
/* Columns of the longest name, with names cut to `columns`. */
size_t gw_figure_name_columns(const struct gw_dataset *dataset, size_t columns);
/* Title, subtitle and, at the foot, the scenario's title and what was cut. */
void gw_figure_heading(struct gw_plot *plot, const struct gw_dataset *dataset, const char *title,
                       const char *subtitle);
/* "100 replications" */
const char *gw_figure_replications(char out[64], const struct gw_dataset *dataset);
/* Label of a line at its right end, `height` being a fraction of the axes' height. */
void gw_figure_direct_label(struct gw_plot *plot, double height, size_t colour, const char *text, size_t columns);

#endif
