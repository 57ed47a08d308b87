/*
 * Snapshots: whatever is in a column comes back, and what is neutral takes an eighth of a byte.
 */
#include "close.h"
#include "core/memory.h"
#include "engine/snapshot.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT = 6400, PARTS = 3, ARENA = COUNT * (1 + 2 + 4) };

/* Numbers of 4, 2 and 1 bytes, one column after the other. */
static struct gw_snapshot make(void)
{
    struct gw_snapshot snapshot = {.part = calloc(PARTS, sizeof *snapshot.part), .parts = PARTS};
    snapshot.part[0] = (struct gw_snapshot_part){0, COUNT, 4, 0x3f800000};
    snapshot.part[1] = (struct gw_snapshot_part){(size_t)COUNT * 4, COUNT, 2, 0};
    snapshot.part[2] = (struct gw_snapshot_part){(size_t)COUNT * 6, COUNT, 1, 1};
    return snapshot;
}

/* Every `rare`-th number is something, the others are neutral; rare 0: all are neutral. */
static void fill(unsigned char *arena, int rare, uint32_t seed)
{
    uint32_t *wide = (uint32_t *)(void *)arena;
    uint16_t *half = (uint16_t *)(void *)(arena + (size_t)COUNT * 4);
    unsigned char *narrow = arena + (size_t)COUNT * 6;
    for (uint32_t i = 0; i < COUNT; i++) {
        const uint32_t x = (i + seed) * 2654435761u;
        const int some = rare > 0 && (x >> 8) % (uint32_t)rare == 0;
        wide[i] = some ? x : 0x3f800000;
        half[i] = (uint16_t)(some ? x >> 16 : 0);
        narrow[i] = (unsigned char)(some ? x >> 24 : 1);
    }
}

static void test_everything_comes_back(void **state)
{
    (void)state;
    struct gw_snapshot snapshot = make();
    unsigned char *arena = gw_alloc(ARENA, 1), *before = malloc(ARENA);
    const int rare[] = {0, 1, 2, 7, 300, 1};
    for (uint32_t r = 0; r < sizeof rare / sizeof *rare; r++) {
        fill(arena, rare[r], r);
        memcpy(before, arena, ARENA);
        assert_int_equal(gw_snapshot_save(&snapshot, arena, NULL), GW_OK);
        for (int again = 0; again < 2; again++) {
            memset(arena, 0x5a, ARENA);
            gw_snapshot_restore(&snapshot, arena);
            assert_memory_equal(arena, before, ARENA);
        }
    }
    gw_snapshot_free(&snapshot);
    gw_free(arena);
    free(before);
}

static void test_what_it_takes(void **state)
{
    (void)state;
    unsigned char *arena = gw_alloc(ARENA, 1);
    const int rare[] = {0, 4, 1};
    size_t room[3];
    for (int r = 0; r < 3; r++) {
        struct gw_snapshot snapshot = make();
        fill(arena, rare[r], 1);
        assert_int_equal(gw_snapshot_save(&snapshot, arena, NULL), GW_OK);
        assert_true(snapshot.room <= gw_snapshot_most(snapshot.part, PARTS));
        room[r] = snapshot.room;
        gw_snapshot_free(&snapshot);
    }
    const size_t bits = PARTS * COUNT / 8;
    assert_true(room[0] >= bits && room[0] <= bits + PARTS * sizeof(uint64_t));
    assert_close((double)(room[1] - bits), ARENA / 4.0, 0.1 * ARENA, 0.0);
    assert_close((double)(room[2] - bits), ARENA, 0.01 * ARENA, 0.0);
    gw_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_comes_back),
        cmocka_unit_test(test_what_it_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
