/*
 * Chance: every random number is a pure function of what it is for.
 *
 * Generator: Threefry4x32-20 (Salmon, Moraes, Dror & Shaw 2011, SC'11), written out in plain C so that
 * any compiler vectorises it; checked against Random123's known answers (tests/core/test_draws.c).
 * Why not Philox: docs/decisions/random-streams.md.
 *
 *     key     = { seed low, seed high, replication, rule }      rule: first 32 bits of MD5(rule name)
 *     counter = { who, period, entity, mode | block }           injective: no two purposes can meet
 *
 * Three modes, told apart by the top bits of the last counter word:
 *   group   one draw for each of many consumers. Consumer i takes lane (i >> 7) & 3 of
 *           who = (i >> 9) << 7 | (i & 127): one evaluation serves four consumers of a group of 512.
 *   single  draw d of consumer i: lane d & 3 of who = i, block d >> 2.
 *   start   as single, before the first period (heterogeneity, initial state).
 *
 * `entity` is a firm's, touchpoint's or parameter's identity, never a position, so that adding a strategy,
 * firm, rule or thread changes nobody else's luck.
 *
 * A uniform is ((x >> 9) + 0.5) * 2^-23: exact in float32, strictly inside (0, 1).
 * A precise uniform, for heterogeneity, joins two lanes: ((x0 << 20 | x1 >> 12) + 0.5) * 2^-52, likewise exact in
 * double; a 53rd bit would round the greatest up to 1.
 */
#ifndef GW_CORE_DRAWS_H
#define GW_CORE_DRAWS_H

#include <stdint.h>

#define GW_GROUP 512      /* consecutive consumers that share a group of evaluations */
#define GW_GROUP_LANE 128 /* consumers of a group that share a lane */

enum gw_draw_mode {
    GW_DRAW_SINGLE = 0u,
    GW_DRAW_GROUP = 1u << 31,
    GW_DRAW_START = 1u << 30,
};

struct gw_key {
    uint32_t word[4];
    uint32_t mirror; /* 0, or all bits: every bit is inverted, so that every uniform is 1 - u, exactly */
};

static inline struct gw_key gw_key_make(uint64_t seed, uint32_t replication, uint32_t rule)
{
    const struct gw_key key = {.word = {(uint32_t)seed, (uint32_t)(seed >> 32), replication, rule}};
    return key;
}

#define GW_ROTATE_(x, by) (((x) << (by)) | ((x) >> (32 - (by))))
#define GW_MIX_(a, b, by) (a) += (b), (b) = GW_ROTATE_(b, by) ^ (a)
/* Four rounds with the rotations of one half of the schedule, then the key injection numbered n. */
#define GW_ROUNDS_(r0, r1, r2, r3, r4, r5, r6, r7, i0, i1, i2, i3, n)                                                \
    GW_MIX_(x0, x1, r0), GW_MIX_(x2, x3, r1), GW_MIX_(x0, x3, r2), GW_MIX_(x2, x1, r3), GW_MIX_(x0, x1, r4),         \
        GW_MIX_(x2, x3, r5), GW_MIX_(x0, x3, r6), GW_MIX_(x2, x1, r7), x0 += (i0), x1 += (i1), x2 += (i2),           \
        x3 += (i3) + (n)
#define GW_EVEN_(i0, i1, i2, i3, n) GW_ROUNDS_(10, 26, 11, 21, 13, 27, 23, 5, i0, i1, i2, i3, n)
#define GW_ODD_(i0, i1, i2, i3, n) GW_ROUNDS_(6, 20, 17, 11, 25, 10, 18, 20, i0, i1, i2, i3, n)

/* Antithetic replications (Hammersley & Morton 1956, Proc. Cambridge Philosophical Society): 2k and 2k + 1 draw with
 * one key, the second mirrored. */
static inline struct gw_key gw_key_antithetic(uint64_t seed, uint32_t replication, uint32_t rule)
{
    struct gw_key key = gw_key_make(seed, replication & ~1u, rule);
    key.mirror = 0u - (replication & 1u);
    return key;
}

/* Threefry4x32-20. No branch, no table: 20 rounds of add, rotate, xor. */
static inline void gw_threefry(const struct gw_key *key, uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3,
                               uint32_t out[4])
{
    const uint32_t k0 = key->word[0], k1 = key->word[1], k2 = key->word[2], k3 = key->word[3];
    const uint32_t k4 = 0x1BD11BDAu ^ k0 ^ k1 ^ k2 ^ k3;
    uint32_t x0 = c0 + k0, x1 = c1 + k1, x2 = c2 + k2, x3 = c3 + k3;
    GW_EVEN_(k1, k2, k3, k4, 1u);
    GW_ODD_(k2, k3, k4, k0, 2u);
    GW_EVEN_(k3, k4, k0, k1, 3u);
    GW_ODD_(k4, k0, k1, k2, 4u);
    GW_EVEN_(k0, k1, k2, k3, 5u);
    const uint32_t mirror = key->mirror;
    out[0] = x0 ^ mirror, out[1] = x1 ^ mirror, out[2] = x2 ^ mirror, out[3] = x3 ^ mirror;
}

static inline float gw_uniform_of(uint32_t bits)
{
    return (float)(int32_t)(bits >> 9) * 0x1p-23f + 0x1p-24f;
}

static inline double gw_precise_of(uint32_t high, uint32_t low)
{
    return ((double)(((uint64_t)high << 20) | (low >> 12)) + 0.5) * 0x1p-52;
}

/* Draw `d` of consumer `who`; the plain form of what the vectorised fills below compute. */
static inline float gw_uniform_single(const struct gw_key *key, uint32_t who, uint32_t period, uint32_t entity,
                                      uint32_t d)
{
    uint32_t x[4];
    gw_threefry(key, who, period, entity, GW_DRAW_SINGLE | d >> 2, x);
    /* Not x[d & 3]: choices between registers keep loops over consumers vectorised. */
    const uint32_t low = d & 1 ? x[1] : x[0], high = d & 1 ? x[3] : x[2];
    return gw_uniform_of(d & 2 ? high : low);
}

static inline float gw_uniform_group(const struct gw_key *key, uint32_t who, uint32_t period, uint32_t entity,
                                     uint32_t d)
{
    uint32_t x[4];
    gw_threefry(key, (who >> 9) << 7 | (who & 127), period, entity, GW_DRAW_GROUP | d, x);
    return gw_uniform_of(x[(who >> 7) & 3]);
}

/* Precise uniform number `d` (0 or 1 of a block of lanes) of a consumer before the first period. */
static inline double gw_uniform_start(const struct gw_key *key, uint32_t who, uint32_t entity, uint32_t d)
{
    uint32_t x[4];
    gw_threefry(key, who, 0, entity, GW_DRAW_START | d >> 1, x);
    return d & 1 ? gw_precise_of(x[2], x[3]) : gw_precise_of(x[0], x[1]);
}

/* FNV-1a, 32 bits: the identity of a parameter or firm inside a rule's stream. */
static inline uint32_t gw_name_hash(const char *name)
{
    uint32_t hash = 2166136261u;
    while (*name != '\0') {
        hash = (hash ^ (uint8_t)*name++) * 16777619u;
    }
    return hash;
}

#endif
