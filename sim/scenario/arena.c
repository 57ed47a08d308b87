#include "scenario/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct gw_arena_object {
    struct gw_arena_object *before;
    max_align_t memory[];
};

void *gw_arena_alloc(struct gw_arena *arena, size_t count, size_t size)
{
    struct gw_arena_object *object = NULL;
    size_t bytes;
    if (!__builtin_mul_overflow(count, size, &bytes) && bytes <= SIZE_MAX - sizeof *object) {
        object = calloc(1, sizeof *object + bytes);
    }
    if (object == NULL) {
        arena->failed = true;
        return NULL;
    }
    object->before = arena->last;
    arena->last = object;
    return object->memory;
}

char *gw_arena_text(struct gw_arena *arena, const char *text, size_t length)
{
    char *copy = gw_arena_alloc(arena, length + 1, 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
    }
    return copy;
}

void gw_arena_free(struct gw_arena *arena)
{
    while (arena->last != NULL) {
        struct gw_arena_object *object = arena->last;
        arena->last = object->before;
        free(object);
    }
    arena->failed = false;
}
