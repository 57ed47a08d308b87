/*
 * The columns of a population when the warm-up is over, to which every strategy returns.
 *
 * Many relations have no past yet, and most inboxes are empty: a column is kept as a bit for every number, and those
 * numbers that are not neutral, one after the other. What is drawn at the start and never changes is not kept.
 * Exact; about 1 ns a number to save or restore, once per strategy. Ownership: gw_snapshot_free().
 */
#ifndef GW_ENGINE_SNAPSHOT_H
#define GW_ENGINE_SNAPSHOT_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

/* A column to be kept: `count` numbers of 1, 2 or 4 bytes, a multiple of 64. */
struct gw_snapshot_part {
    size_t offset; /* bytes into the arena */
    size_t count;
    size_t size;
    uint32_t neutral; /* its bits */
};

struct gw_snapshot {
    struct gw_snapshot_part *part;
    int parts;
    unsigned char *kept;
    size_t room; /* bytes of `kept`, taken when something is saved */
};

/* The most that `kept` may take. */
size_t gw_snapshot_most(const struct gw_snapshot_part *part, int parts);

/* GW_REFUSED without memory. */
int gw_snapshot_save(struct gw_snapshot *snapshot, const unsigned char *arena, struct gw_error *error);
void gw_snapshot_restore(const struct gw_snapshot *snapshot, unsigned char *arena);
void gw_snapshot_free(struct gw_snapshot *snapshot);

#endif
