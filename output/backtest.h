/*
 * A run held against observations: the same quantity, on the same clock, observed and simulated.
 *
 * Purchases: repeat purchases per customer, cumulated, by calendar week since the first purchase in the log. The
 * run's clock starts at a customer's first purchase; the log's customers come one after the other, so the simulated
 * curve M(t) is put together from their first days s: at day d it is the mean over customers of M(d - s). Compared is
 * the first strategy; all its customers must have been there at the start (initial_share 1, nobody joins).
 *
 * Survival: share of the customers of the start still there after the y-th renewal, which falls in the first period
 * of year y + 1. A column is held against the strategy of its name.
 */
#ifndef GW_OUTPUT_BACKTEST_H
#define GW_OUTPUT_BACKTEST_H

#include "outcome/dataset.h"
#include "output/observed.h"

/* One curve. Mean and middle 95% are over replications: where another cohort as large as the simulated one would lie.
 */
struct gw_backtest_line {
    char *label; /* name of the strategy, for people */
    size_t n;
    double *x;        /* weeks or years */
    double *observed; /* NaN: not observed */
    double *mean, *low, *high;
};

struct gw_backtest {
    enum gw_observed_kind kind;
    size_t lines, replications;
    int64_t simulated, observed; /* customers: simulated per replication, observed (0: not known) */
    struct gw_backtest_line *line;
};

/* GW_BAD_INPUT when the run is not one that these observations can be compared with, with the reason. */
int gw_backtest_create(struct gw_backtest **backtest, const struct gw_dataset *dataset,
                       const struct gw_observed *observed, struct gw_error *error);
void gw_backtest_free(struct gw_backtest *backtest);

/* Draws DIRECTORY/observed.FORMAT ("svg", "png", "pdf"). `path` is released with free(). */
int gw_backtest_draw(const struct gw_backtest *backtest, const char *directory, const char *format, char **path,
                     struct gw_error *error);

enum { GW_BACKTEST_SENTENCE = 256 };
/* The last point of a line that is observed, in words. */
void gw_backtest_sentence(char out[GW_BACKTEST_SENTENCE], const struct gw_backtest *backtest, size_t line);

#endif
