/* Progress on stderr, with the time still to go; silent for the first two seconds and with --quiet. */
#ifndef GW_CLI_PROGRESS_H
#define GW_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct gw_progress {
    bool quiet, terminal, shown;
    double started, last;
};

void gw_progress_start(struct gw_progress *progress, bool quiet);
void gw_progress_show(struct gw_progress *progress, uint64_t done, uint64_t total);
void gw_progress_end(struct gw_progress *progress);

#endif
