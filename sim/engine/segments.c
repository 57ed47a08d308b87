/*
 * The focal firm's books by segment.
 *
 * Rules count and post without knowing of segments: a block they see is of one. What the books of a worker have
 * gained between two changes of segment is that segment's. All are integers, so the parts add up to the whole, and
 * neither threads nor blocks matter. With one segment none of this happens.
 */
#include "engine/worker_private.h"

#include <string.h>

static size_t cells(const struct gw_plan *plan)
{
    return (size_t)plan->cells + GW_ACCOUNTS;
}

size_t gw_worker_segment_cells(const struct gw_plan *plan)
{
    return plan->scenario->segments > 1 ? (size_t)plan->scenario->segments * cells(plan) : 0;
}

/* Notes where the books stand, and adds what has been booked since the last time to `gained`, if any. */
static void mark(struct gw_worker *w, int64_t *gained)
{
    const struct gw_plan *plan = w->plan;
    const size_t firms = (size_t)plan->scenario->firms, focal = (size_t)plan->scenario->focal;
    for (size_t c = 0; c < cells(plan); c++) {
        const size_t n = (size_t)plan->cells;
        const int64_t now = c < n ? w->tally[c * firms + focal] : w->account[(c - n) * firms + focal];
        if (gained != NULL) {
            gained[c] += now - w->segment_mark[c];
        }
        w->segment_mark[c] = now;
    }
}

void gw_worker_open_segments(struct gw_worker *w)
{
    if (w->plan->scenario->segments > 1) {
        memset(w->of_segment, 0, gw_worker_segment_cells(w->plan) * sizeof *w->of_segment);
        mark(w, NULL);
        w->segment = -1;
    }
}

void gw_worker_enter_segment(struct gw_worker *w, int segment)
{
    if (w->plan->scenario->segments > 1 && segment != w->segment) {
        mark(w, w->segment < 0 ? NULL : w->of_segment + (size_t)w->segment * cells(w->plan));
        w->segment = segment;
    }
}

void gw_worker_close_segments(struct gw_worker *w)
{
    gw_worker_enter_segment(w, -1);
}

const int64_t *gw_worker_segments(const struct gw_worker *w)
{
    return w->plan->scenario->segments > 1 ? w->of_segment : NULL;
}
