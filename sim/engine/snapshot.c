#include "engine/snapshot.h"

#include "core/memory.h"

#include <stdlib.h>

enum { GROUP = 64 }; /* numbers of a word of bits */

static size_t whole_words(size_t bytes)
{
    return (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t);
}

static size_t bits_bytes(const struct gw_snapshot_part *part)
{
    return part->count / GROUP * sizeof(uint64_t);
}

/* A number more than is kept is read and written: that is what keeps the loops free of branches. */
static size_t numbers_bytes(const struct gw_snapshot_part *part, size_t kept)
{
    return whole_words((kept + 1) * part->size);
}

/* Bits of numbers of whatever type. */
typedef uint8_t __attribute__((may_alias)) bits8;
typedef uint16_t __attribute__((may_alias)) bits16;
typedef uint32_t __attribute__((may_alias)) bits32;

/* For a type of number: how many are not neutral; the bits and those numbers; and back. */
#define DEFINE_PACKING(type)                                                                                         \
    static size_t count_##type(const type *restrict x, size_t n, type neutral)                                       \
    {                                                                                                                \
        size_t kept = 0;                                                                                             \
        for (size_t i = 0; i < n; i++) {                                                                             \
            kept += x[i] != neutral;                                                                                 \
        }                                                                                                            \
        return kept;                                                                                                 \
    }                                                                                                                \
                                                                                                                     \
    static size_t pack_##type(const type *restrict x, size_t n, type neutral, uint64_t *restrict bits,               \
                              type *restrict out)                                                                    \
    {                                                                                                                \
        size_t kept = 0;                                                                                             \
        for (size_t from = 0; from < n; from += GROUP) {                                                             \
            uint64_t word = 0;                                                                                       \
            for (size_t i = 0; i < GROUP; i++) {                                                                     \
                const uint64_t keep = x[from + i] != neutral;                                                        \
                out[kept] = x[from + i];                                                                             \
                kept += keep;                                                                                        \
                word |= keep << i;                                                                                   \
            }                                                                                                        \
            bits[from / GROUP] = word;                                                                               \
        }                                                                                                            \
        return kept;                                                                                                 \
    }                                                                                                                \
                                                                                                                     \
    static size_t unpack_##type(type *restrict x, size_t n, type neutral, const uint64_t *restrict bits,             \
                                const type *restrict in)                                                             \
    {                                                                                                                \
        size_t kept = 0;                                                                                             \
        for (size_t from = 0; from < n; from += GROUP) {                                                             \
            const uint64_t word = bits[from / GROUP];                                                                \
            for (size_t i = 0; i < GROUP; i++) {                                                                     \
                const uint64_t was_kept = word >> i & 1;                                                             \
                const type value = in[kept];                                                                         \
                x[from + i] = was_kept != 0 ? value : neutral;                                                       \
                kept += was_kept;                                                                                    \
            }                                                                                                        \
        }                                                                                                            \
        return kept;                                                                                                 \
    }

DEFINE_PACKING(bits8)
DEFINE_PACKING(bits16)
DEFINE_PACKING(bits32)

static size_t count(const struct gw_snapshot_part *p, const void *x)
{
    return p->size == 1   ? count_bits8(x, p->count, (uint8_t)p->neutral)
           : p->size == 2 ? count_bits16(x, p->count, (uint16_t)p->neutral)
                          : count_bits32(x, p->count, p->neutral);
}

static size_t pack(const struct gw_snapshot_part *p, const void *x, void *bits, void *out)
{
    return p->size == 1   ? pack_bits8(x, p->count, (uint8_t)p->neutral, bits, out)
           : p->size == 2 ? pack_bits16(x, p->count, (uint16_t)p->neutral, bits, out)
                          : pack_bits32(x, p->count, p->neutral, bits, out);
}

static size_t unpack(const struct gw_snapshot_part *p, void *x, const void *bits, const void *in)
{
    return p->size == 1   ? unpack_bits8(x, p->count, (uint8_t)p->neutral, bits, in)
           : p->size == 2 ? unpack_bits16(x, p->count, (uint16_t)p->neutral, bits, in)
                          : unpack_bits32(x, p->count, p->neutral, bits, in);
}

size_t gw_snapshot_most(const struct gw_snapshot_part *part, int parts)
{
    size_t bytes = 0;
    for (int i = 0; i < parts; i++) {
        bytes += bits_bytes(&part[i]) + numbers_bytes(&part[i], part[i].count);
    }
    return bytes;
}

/* Room for what is not neutral now; that of the last replication is used again where it is large enough. */
static int make_room(struct gw_snapshot *snapshot, const unsigned char *arena, struct gw_error *error)
{
    size_t bytes = 0;
    for (int i = 0; i < snapshot->parts; i++) {
        const struct gw_snapshot_part *p = &snapshot->part[i];
        bytes += bits_bytes(p) + numbers_bytes(p, count(p, arena + p->offset));
    }
    if (bytes > snapshot->room) {
        gw_free(snapshot->kept);
        snapshot->kept = gw_reserve(bytes, 1);
        snapshot->room = snapshot->kept != NULL ? bytes : 0;
    }
    return bytes <= snapshot->room
               ? GW_OK
               : gw_fail(error, GW_REFUSED, "out of memory: the state after the warm-up takes %zu MB", bytes >> 20);
}

int gw_snapshot_save(struct gw_snapshot *snapshot, const unsigned char *arena, struct gw_error *error)
{
    const int ret = make_room(snapshot, arena, error);
    unsigned char *at = snapshot->kept;
    for (int i = 0; ret == GW_OK && i < snapshot->parts; i++) {
        const struct gw_snapshot_part *p = &snapshot->part[i];
        unsigned char *numbers = at + bits_bytes(p);
        at = numbers + numbers_bytes(p, pack(p, arena + p->offset, at, numbers));
    }
    return ret;
}

void gw_snapshot_restore(const struct gw_snapshot *snapshot, unsigned char *arena)
{
    const unsigned char *at = snapshot->kept;
    for (int i = 0; i < snapshot->parts; i++) {
        const struct gw_snapshot_part *p = &snapshot->part[i];
        const unsigned char *numbers = at + bits_bytes(p);
        at = numbers + numbers_bytes(p, unpack(p, arena + p->offset, at, numbers));
    }
}

void gw_snapshot_free(struct gw_snapshot *snapshot)
{
    gw_free(snapshot->kept);
    free(snapshot->part);
    *snapshot = (struct gw_snapshot){0};
}
