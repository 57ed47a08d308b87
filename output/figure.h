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
gw_figure_writer gw_figure_journey, gw_figure_pyramid, gw_figure_waterfall, gw_figure_cohorts;
gw_figure_writer gw_figure_satisfaction, gw_figure_market_shares;
gw_figure_writer gw_figure_sweep; /* of experiments */
gw_figure_writer gw_figure_acceptability, gw_figure_information, gw_figure_worlds;
gw_figure_writer gw_figure_break_even, gw_figure_frontier;
gw_figure_writer gw_figure_tornado, gw_figure_morris, gw_figure_sobol;
gw_figure_writer gw_figure_optimum, gw_figure_split;

/* Strategies that are drawn: all, or the first eight. */
size_t gw_figure_strategies(const struct gw_dataset *dataset);
/* Columns of the longest name, with names cut to `columns`. */
size_t gw_figure_name_columns(const struct gw_dataset *dataset, size_t columns);
/* Title, subtitle and, at the foot, the scenario's title and what was cut. */
void gw_figure_heading(struct gw_plot *plot, const struct gw_dataset *dataset, const char *title,
                       const char *subtitle);
/* The same, with `cut` to say what was left out; "": nothing was. */
void gw_figure_heading_cut(struct gw_plot *plot, const struct gw_dataset *dataset, const char *title,
                           const char *subtitle, const char *cut);
/* "100 replications" */
const char *gw_figure_replications(char out[64], const struct gw_dataset *dataset);
/* Label of a line at its right end, `height` being a fraction of the axes' height. */
void gw_figure_direct_label(struct gw_plot *plot, double height, size_t colour, const char *text, size_t columns);

/* Leaves "the run holds no 'ARRAY'" as the reason. */
int gw_figure_lacks(char reason[GW_REASON_SIZE], const char *array);
/* Opens an array over (strategy, replication[, third], any axis of labels), whose name `labels` receives; borrowed.
 */
bool gw_figure_open_labelled(struct gw_view *view, const char **labels, const struct gw_dataset *dataset,
                             const char *array, const char *third);

/* Length of a period in years, from the dataset; weeks when it does not say. */
double gw_figure_period_years(const struct gw_dataset *dataset);

/* Equal stretches of the horizon: a quarter each, a whole year over long horizons and a period over short ones; an
 * unfinished one at the end is left out. */
struct gw_bins {
    size_t count, stride;  /* periods in a bin */
    double years;          /* length of a period */
    const char *adjective; /* "Quarterly" */
};
struct gw_bins gw_figure_bins(size_t periods, double years);
double gw_figure_bin_middle(const struct gw_bins *bins, size_t bin); /* in years */

#endif
