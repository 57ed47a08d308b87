/*
 * The audit of writes: after each step, all memory that a rule can reach is compared with what it was before, and a
 * change of something the step may not write ends the run. For tests: each step costs a pass over the whole state.
 */
#ifndef GW_ENGINE_AUDIT_H
#define GW_ENGINE_AUDIT_H

#include "engine/worker.h"

struct gw_audit;

enum { GW_AUDIT_START = -1, GW_AUDIT_FIRMS = -1 }; /* no phase, no block */

/* Of a worker whose memory is allocated. NULL when out of memory. */
struct gw_audit *gw_audit_create(const struct gw_worker *worker);
void gw_audit_free(struct gw_audit *audit);

/* Takes the present state as lawful: before steps, after whatever the engine did itself. */
void gw_audit_sync(struct gw_audit *audit);

/* After a step of a rule in a phase on a block: keeps the first foreign write for gw_audit_result(). */
void gw_audit_step(struct gw_audit *audit, int rule, int phase, int64_t block);

/* GW_OK, or GW_FAILED with "rule X wrote ... of rule Y". */
int gw_audit_result(const struct gw_audit *audit, struct gw_error *error);

#endif
