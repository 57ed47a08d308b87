#include "close.h"

#include "core/draws.h"
#include "models/rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_RANDOM123
#include <Random123/threefry.h>
#endif

/* ---- The generator ------------------------------------------------------------------------------------- */

/* Known answers published with Random123 1.14 (kat_vectors, threefry4x32 with 20 rounds). */
static void test_published_vectors(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4];
        struct gw_key key;
        uint32_t answer[4];
    } known[] = {
        {{0, 0, 0, 0}, {{0, 0, 0, 0}}, {0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8}},
        {{~0u, ~0u, ~0u, ~0u}, {{~0u, ~0u, ~0u, ~0u}}, {0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {{0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89}},
         {0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const uint32_t *c = known[i].counter;
        uint32_t out[4];
        gw_threefry(&known[i].key, c[0], c[1], c[2], c[3], out);
        assert_memory_equal(out, known[i].answer, sizeof out);
    }
}

#ifdef HAVE_RANDOM123
static void test_equals_the_authors_implementation(void **state)
{
    (void)state;
    uint32_t in[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    for (int i = 0; i < 100000; i++) {
        const struct gw_key key = {{in[4], in[5], in[6], in[7]}};
        const threefry4x32_ctr_t counter = {{in[0], in[1], in[2], in[3]}};
        const threefry4x32_key_t their_key = {{in[4], in[5], in[6], in[7]}};
        const threefry4x32_ctr_t want = threefry4x32_R(20, counter, their_key);
        uint32_t out[4];
        gw_threefry(&key, in[0], in[1], in[2], in[3], out);
        assert_memory_equal(out, want.v, sizeof out);
        for (int k = 0; k < 8; k++) { /* the next inputs: any map that fills all bits (Numerical Recipes' LCG) */
            in[k] = (in[k] ^ out[k & 3]) * 1664525u + 1013904223u;
        }
    }
}
#endif

/* ---- Uniforms ------------------------------------------------------------------------------------------ */

static void test_uniforms_are_strictly_inside_0_1(void **state)
{
    (void)state;
    const uint32_t extreme[] = {0, 1, 0x1ff, 0x200, 0x7fffffff, 0x80000000, 0xfffffe00, 0xfffffffe, 0xffffffff};
    const size_t n = sizeof extreme / sizeof *extreme;
    for (size_t i = 0; i < n; i++) {
        const float u = gw_uniform_of(extreme[i]);
        assert_true(u > 0.0f && u < 1.0f);
        for (size_t j = 0; j < n; j++) {
            const double v = gw_precise_of(extreme[i], extreme[j]);
            assert_true(v > 0.0 && v < 1.0);
        }
    }
    assert_true(gw_uniform_of(0) == 0x1p-24f && gw_uniform_of(~0u) == 1.0f - 0x1p-24f);
    assert_true(gw_precise_of(0, 0) == 0x1p-53 && gw_precise_of(~0u, ~0u) == 1.0 - 0x1p-53);
}

static void test_uniforms_are_exact_and_symmetric(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < 1u << 23; k += 5) {
        assert_true((double)gw_uniform_of(k << 9) == ((double)k + 0.5) * 0x1p-23);
        assert_true(gw_uniform_of(k << 9) + gw_uniform_of(~(k << 9)) == 1.0f);
    }
}

/* ---- The definition of a draw -------------------------------------------------------------------------- */

static struct gw_block block_at(uint32_t first, uint32_t period)
{
    struct gw_block b;
    memset(&b, 0, sizeof b);
    b.first = first;
    b.period = period;
    b.key = gw_key_make(0x123456789abcdef0u, 7, 0xfeedbeefu);
    return b;
}

static void test_rows_follow_the_group_definition(void **state)
{
    (void)state;
    const uint32_t firsts[] = {0, 512, 1024, 512 * 1999, 0xfffffe00u};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        const struct gw_block b = block_at(firsts[i], 31);
        float out[GW_BLOCK];
        gw_draw_rows(&b, 5, 2, out);
        for (uint32_t row = 0; row < GW_BLOCK; row++) {
            assert_true(out[row] == gw_uniform_group(&b.key, firsts[i] + row, 31, 5, 2));
        }
    }
}

static void test_listed_follow_the_single_definition(void **state)
{
    (void)state;
    const struct gw_block b = block_at(512, 12);
    const uint32_t id[] = {512, 513, 700, 1023};
    static float out[4][GW_BLOCK];
    for (uint32_t block = 0; block < 3; block++) {
        gw_draw_listed(&b, id, 4, 9, block, out);
        for (uint32_t lane = 0; lane < 4; lane++) {
            for (int k = 0; k < 4; k++) {
                assert_true(out[lane][k] == gw_uniform_single(&b.key, id[k], 12, 9, 4 * block + lane));
            }
        }
    }
}

/* Antithetic replications: every uniform of the second of a pair is 1 - u of the first, to the last bit. */
static void test_pairs_are_mirrored(void **state)
{
    (void)state;
    const struct gw_key plain = gw_key_make(5, 6, 7), first = gw_key_antithetic(5, 6, 7),
                        second = gw_key_antithetic(5, 7, 7);
    struct gw_block a = block_at(512, 9), b = a;
    static float u[GW_BLOCK], v[GW_BLOCK];
    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(gw_uniform_single(&first, i, 3, 4, i % 7) == gw_uniform_single(&plain, i, 3, 4, i % 7));
        assert_true(gw_uniform_single(&second, i, 3, 4, i % 7) == 1.0f - gw_uniform_single(&plain, i, 3, 4, i % 7));
        assert_true(gw_uniform_start(&second, i, 4, i % 2) == 1.0 - gw_uniform_start(&plain, i, 4, i % 2));
    }
    a.key = first;
    b.key = second;
    gw_draw_rows(&a, 5, 2, u);
    gw_draw_rows(&b, 5, 2, v);
    for (int row = 0; row < GW_BLOCK; row++) {
        assert_true(u[row] + v[row] == 1.0f);
    }
}

static void test_start_draws_use_all_lanes(void **state)
{
    (void)state;
    const struct gw_key key = gw_key_make(3, 1, 4);
    uint32_t x[4];
    gw_threefry(&key, 99, 0, 5, GW_DRAW_START | 1, x);
    assert_true(gw_uniform_start(&key, 99, 5, 2) == gw_precise_of(x[0], x[1]));
    assert_true(gw_uniform_start(&key, 99, 5, 3) == gw_precise_of(x[2], x[3]));
}

/* ---- No two purposes meet ------------------------------------------------------------------------------ */

enum { PURPOSES = 1000000 };

static int ascending(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static int repeats(uint64_t *values, size_t n)
{
    int count = 0;
    qsort(values, n, sizeof *values, ascending);
    for (size_t i = 1; i < n; i++) {
        count += values[i] == values[i - 1];
    }
    return count;
}

/* Purpose number i: small neighbouring numbers, which a weak packing would let collide. */
static void purpose(uint32_t i, uint32_t out[4])
{
    static const uint32_t modes[] = {GW_DRAW_SINGLE, GW_DRAW_GROUP, GW_DRAW_START};
    const uint32_t mode = i % 3, draw = i / 3 % 4, entity = i / 12 % 5, period = i / 60 % 10, who = i / 600 % 40;
    const struct gw_key key = gw_key_make(1, i / 24000 % 7, i / 168000);
    gw_threefry(&key, who, period, entity, modes[mode] | draw, out);
}

/* 64 bits of a million blocks repeat with probability 3e-8. 32 bits repeat n^2 / 2^33 = 116.4 times, Poisson. */
static void test_no_collision_beyond_chance(void **state)
{
    (void)state;
    uint64_t *wide = malloc(2 * PURPOSES * sizeof *wide);
    assert_non_null(wide);
    uint64_t *narrow = wide + PURPOSES;
    for (uint32_t i = 0; i < PURPOSES; i++) {
        uint32_t x[4];
        purpose(i, x);
        wide[i] = (uint64_t)x[0] << 32 | x[1];
        narrow[i] = x[2];
    }
    const double expected = (double)PURPOSES * PURPOSES * 0x1p-33;
    const int wide_repeats = repeats(wide, PURPOSES), narrow_repeats = repeats(narrow, PURPOSES);
    free(wide);
    assert_int_equal(wide_repeats, 0);
    assert_within_4_se(narrow_repeats, expected, sqrt(expected));
}

/* The four consumers that share an evaluation are those 128 apart; no lane is used twice, none is left. */
static void test_group_lanes_are_a_bijection(void **state)
{
    (void)state;
    static uint8_t used[4 * GW_BLOCK];
    memset(used, 0, sizeof used);
    for (uint32_t who = 0; who < sizeof used; who++) {
        const uint32_t counter = (who >> 9) << 7 | (who & 127), lane = (who >> 7) & 3;
        assert_in_range(counter * 4 + lane, 0, sizeof used - 1);
        used[counter * 4 + lane]++;
    }
    for (size_t i = 0; i < sizeof used; i++) {
        assert_int_equal(used[i], 1);
    }
}

static void test_modes_differ_for_the_same_purpose(void **state)
{
    (void)state;
    const struct gw_key key = gw_key_make(11, 0, 22);
    for (uint32_t d = 0; d < 1000; d++) {
        uint32_t single[4], group[4], start[4];
        gw_threefry(&key, 1, 0, 3, GW_DRAW_SINGLE | d, single);
        gw_threefry(&key, 1, 0, 3, GW_DRAW_GROUP | d, group);
        gw_threefry(&key, 1, 0, 3, GW_DRAW_START | d, start);
        assert_memory_not_equal(single, group, sizeof single);
        assert_memory_not_equal(single, start, sizeof single);
        assert_memory_not_equal(group, start, sizeof group);
    }
}

/* ---- Moments ------------------------------------------------------------------------------------------- */

enum { N = 1000000 };

/* Which neighbour of (consumer, period, entity, draw) a serial correlation is taken with. */
static double neighbour(const struct gw_key *key, uint32_t i, int along)
{
    return gw_uniform_single(key, i + (along == 0), along == 1, along == 2, along == 3);
}

/* mean 1/2 (variance 1/12), variance 1/12 (variance of the square 1/180), correlations 0 (variance 1) */
static void test_moments_and_serial_correlations(void **state)
{
    (void)state;
    const struct gw_key key = gw_key_make(20240229, 3, 5);
    double sum = 0.0, squares = 0.0, product[4] = {0.0, 0.0, 0.0, 0.0};
    for (uint32_t i = 0; i < N; i++) {
        const double u = gw_uniform_single(&key, i, 0, 0, 0) - 0.5;
        sum += u;
        squares += u * u;
        for (int along = 0; along < 4; along++) {
            product[along] += u * (neighbour(&key, i, along) - 0.5);
        }
    }
    assert_within_4_se(sum / N, 0.0, sqrt(1.0 / 12.0 / N));
    assert_within_4_se(squares / N, 1.0 / 12.0, sqrt(1.0 / 180.0 / N));
    for (int along = 0; along < 4; along++) {
        assert_within_4_se(12.0 * product[along] / N, 0.0, sqrt(1.0 / N));
    }
}

/* Chi-square with 255 degrees of freedom: mean 255, variance 510. */
static void test_equal_cells(void **state)
{
    (void)state;
    const struct gw_key key = gw_key_make(77, 0, 1);
    int cell[256] = {0};
    for (uint32_t i = 0; i < N; i++) {
        cell[(int)(256.0f * gw_uniform_group(&key, i, 4, 2, 1))]++;
    }
    double chi = 0.0;
    for (int c = 0; c < 256; c++) {
        chi += (cell[c] - N / 256.0) * (cell[c] - N / 256.0) / (N / 256.0);
    }
    assert_within_4_se(chi, 255.0, sqrt(510.0));
}

/* ---- Names --------------------------------------------------------------------------------------------- */

/* FNV-1a test values of Fowler, Noll & Vo. */
static void test_name_hash(void **state)
{
    (void)state;
    assert_int_equal(gw_name_hash(""), 0x811c9dc5u);
    assert_int_equal(gw_name_hash("a"), 0xe40c292cu);
    assert_int_equal(gw_name_hash("foobar"), 0xbf9cf968u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_vectors),
#ifdef HAVE_RANDOM123
        cmocka_unit_test(test_equals_the_authors_implementation),
#endif
        cmocka_unit_test(test_uniforms_are_strictly_inside_0_1),
        cmocka_unit_test(test_uniforms_are_exact_and_symmetric),
        cmocka_unit_test(test_rows_follow_the_group_definition),
        cmocka_unit_test(test_listed_follow_the_single_definition),
        cmocka_unit_test(test_pairs_are_mirrored),
        cmocka_unit_test(test_start_draws_use_all_lanes),
        cmocka_unit_test(test_no_collision_beyond_chance),
        cmocka_unit_test(test_group_lanes_are_a_bijection),
        cmocka_unit_test(test_modes_differ_for_the_same_purpose),
        cmocka_unit_test(test_moments_and_serial_correlations),
        cmocka_unit_test(test_equal_cells),
        cmocka_unit_test(test_name_hash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
