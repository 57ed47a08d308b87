#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void gw_progress_start(struct gw_progress *progress, bool quiet)
{
    *progress = (struct gw_progress){.quiet = quiet, .terminal = isatty(STDERR_FILENO) != 0, .started = now()};
    progress->last = progress->started;
}

void gw_progress_show(struct gw_progress *progress, uint64_t done, uint64_t total)
{
    const double t = now();
    const double interval = progress->terminal ? 0.5 : 10.0;
    if (progress->quiet || done == 0 || t - progress->started < 2.0 || t - progress->last < interval) {
        return;
    }
    const double left = (t - progress->started) * (double)(total - done) / (double)done;
    progress->last = t;
    progress->shown = true;
    fprintf(stderr, progress->terminal ? "\r%3.0f%%, about %d:%02d to go\033[K" : "%3.0f%%, about %d:%02d to go\n",
            100.0 * (double)done / (double)total, (int)left / 60, (int)left % 60);
}

void gw_progress_end(struct gw_progress *progress)
{
    if (progress->shown && progress->terminal) {
        fputs("\r\033[K", stderr);
    }
}
