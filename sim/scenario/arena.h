/*
 * Memory of one owner: everything allocated here is released together.
 *
 * One malloc per object, so that sanitizers see every overrun. A failed allocation is remembered, and the caller
 * may go on as long as it checks the pointer it got.
 */
#ifndef GW_SCENARIO_ARENA_H
#define GW_SCENARIO_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct gw_arena {
    struct gw_arena_object *last;
    bool failed; /* an allocation failed since the arena was cleared */
};

/* `count` zeroed elements of `size` bytes, or NULL. */
void *gw_arena_alloc(struct gw_arena *arena, size_t count, size_t size) __attribute__((warn_unused_result));

/* Copy of `length` bytes with a final NUL, or NULL. */
char *gw_arena_text(struct gw_arena *arena, const char *text, size_t length) __attribute__((warn_unused_result));

void gw_arena_free(struct gw_arena *arena);

#endif
