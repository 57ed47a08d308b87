#include "close.h"
#include "graph.h"

#include "world/network.h"

#include <math.h>
#include <string.h>

static const struct gw_key key = {{20260101, 0, 0, 42}};

static struct gw_network *small_world(uint32_t vertices, uint32_t degree, double rewire, struct gw_key with)
{
    struct gw_network *net = NULL;
    struct gw_error error = {0};
    if (gw_network_watts_strogatz(&net, vertices, degree, rewire, with, &error) != GW_OK ||
        gw_network_verify(net, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return net;
}

/* ---- Watts-Strogatz ------------------------------------------------------------------------------------ */

static uint32_t ring_distance(const struct gw_network *net, uint32_t u, uint32_t v)
{
    const uint32_t apart = u < v ? v - u : u - v;
    return apart < net->vertices - apart ? apart : net->vertices - apart;
}

static void test_ring(void **state)
{
    (void)state;
    for (uint32_t degree = 2; degree <= 20; degree += 2) {
        struct gw_network *net = small_world(101, degree, 0.0, key);
        assert_int_equal(net->arcs, 101 * degree);
        assert_int_equal(net->max_degree, degree);
        for (uint32_t v = 0; v < net->vertices; v++) {
            assert_int_equal(net->offset[v], v * degree);
        }
        for (uint64_t k = 0; k < net->arcs; k++) {
            assert_in_range(ring_distance(net, (uint32_t)(k / degree), net->neighbour[k]), 1, degree / 2);
        }
        /* Barrat & Weigt 2000, European Physical Journal B 13: C(0) = 3 (k - 2) / (4 (k - 1)) */
        assert_close(test_transitivity(net), 3.0 * (degree - 2.0) / (4.0 * (degree - 1.0)), 1e-14, 0.0);
        gw_network_free(net);
    }
}

static void test_degrees(void **state)
{
    (void)state;
    const double rewire[] = {0.0, 0.01, 0.3, 1.0};
    for (size_t i = 0; i < sizeof rewire / sizeof *rewire; i++) {
        struct gw_network *net = small_world(5000, 8, rewire[i], key);
        uint64_t greatest = 0;
        assert_int_equal(net->arcs, 5000 * 8);
        for (uint32_t v = 0; v < net->vertices; v++) {
            const uint64_t degree = net->offset[v + 1] - net->offset[v];
            assert_true(degree >= 4); /* an edge keeps its near end */
            greatest = degree > greatest ? degree : greatest;
        }
        assert_int_equal(net->max_degree, greatest);
        gw_network_free(net);
    }
}

/* Moved edges are binomial; a far end falls back into the ring's reach with a probability below degree / n. */
static void test_share_of_rewired_edges(void **state)
{
    (void)state;
    const double n = 50000.0, half = 5.0, p = 0.05;
    struct gw_network *net = small_world(50000, 10, p, key);
    double moved = 0.0;
    for (uint32_t v = 0; v < net->vertices; v++) {
        for (uint64_t k = net->offset[v]; k < net->offset[v + 1]; k++) {
            moved += 0.5 * (ring_distance(net, v, net->neighbour[k]) > 5);
        }
    }
    assert_within_4_se(moved, n * half * p, sqrt(n * half * p * (1.0 - p)));
    gw_network_free(net);
}

/* A triangle survives with probability (1 - p)^3 (Barrat & Weigt 2000). There are n h (h - 1) / 2 of them, h half
 * the degree; each edge is in 3 (h - 1) / 2, which gives the standard error. */
static void test_clustering_decays_as_the_cube(void **state)
{
    (void)state;
    const double n = 20000.0, half = 5.0, p = 0.05, stays = 1.0 - p;
    struct gw_network *net = small_world(20000, 10, p, key);
    const double expected = n * half * (half - 1.0) / 2.0 * stays * stays * stays;
    const double per_edge = 1.5 * (half - 1.0) * stays * stays;
    assert_within_4_se((double)test_triangles(net), expected, per_edge * sqrt(n * half * p * stays));
    gw_network_free(net);
}

/* Fully rewired, clustering is about k / n. Exactly: every vertex sends h arrows, so that of the 8 orientations of
 * a triangle 2 need one arrow of each corner, (h / n)^3, and 6 two of one corner, h^2 (h - 1) / n^3. Triangles are
 * Poisson with mean (8 h^3 - 6 h^2) / 6 in the limit of large n. */
static void test_fully_rewired_is_a_random_graph(void **state)
{
    (void)state;
    const double half = 5.0, expected = (8.0 * half * half * half - 6.0 * half * half) / 6.0;
    struct gw_network *net = small_world(100000, 10, 1.0, key);
    const double triangles = (double)test_triangles(net);
    assert_within_4_se(triangles, expected, sqrt(expected));
    assert_close(test_transitivity(net), 10.0 / 100000.0, 0.5, 0.0);
    gw_network_free(net);
}

/* Chi-square of where the far ends land around the ring: 49 degrees of freedom, variance 98. */
static void test_far_ends_are_uniform(void **state)
{
    (void)state;
    enum { VERTICES = 50000, CELLS = 50 };
    struct gw_network *net = small_world(VERTICES, 10, 1.0, key);
    double cell[CELLS] = {0.0}, chi = 0.0;
    for (uint32_t v = 0; v < VERTICES; v++) {
        for (uint64_t k = net->offset[v]; k < net->offset[v + 1]; k++) {
            cell[(uint64_t)(ring_distance(net, v, net->neighbour[k]) - 1) * CELLS / (VERTICES / 2)] += 0.5;
        }
    }
    const double expected = (double)VERTICES * 5.0 / CELLS;
    for (int i = 0; i < CELLS; i++) {
        chi += (cell[i] - expected) * (cell[i] - expected) / expected;
    }
    assert_within_4_se(chi, CELLS - 1.0, sqrt(2.0 * (CELLS - 1.0)));
    gw_network_free(net);
}

static bool equal(const struct gw_network *a, const struct gw_network *b)
{
    return a->vertices == b->vertices && a->arcs == b->arcs && a->max_degree == b->max_degree &&
           memcmp(a->offset, b->offset, (a->vertices + 1) * sizeof *a->offset) == 0 &&
           memcmp(a->neighbour, b->neighbour, a->arcs * sizeof *a->neighbour) == 0;
}

static void test_a_network_is_a_function_of_its_key(void **state)
{
    (void)state;
    struct gw_key other = key;
    other.word[2]++;
    struct gw_network *first = small_world(3000, 6, 0.2, key);
    struct gw_network *again = small_world(3000, 6, 0.2, key);
    struct gw_network *different = small_world(3000, 6, 0.2, other);
    assert_true(equal(first, again));
    assert_false(equal(first, different));
    gw_network_free(first);
    gw_network_free(again);
    gw_network_free(different);
}

/* The same edges decide to move whatever the others do: more rewiring moves a superset. */
static void test_rewiring_is_monotone(void **state)
{
    (void)state;
    struct gw_network *little = small_world(2000, 6, 0.1, key), *more = small_world(2000, 6, 0.3, key);
    for (uint32_t v = 0; v < 2000; v++) {
        for (uint32_t j = 1; j <= 3; j++) {
            const uint32_t w = (v + j) % 2000;
            if (test_has_arc(more, v, w) && !test_has_arc(little, v, w)) {
                fail_msg("edge %u-%u stays at 0.3 but moves at 0.1", v, w);
            }
        }
    }
    gw_network_free(little);
    gw_network_free(more);
}

static void test_dense_networks_end(void **state)
{
    (void)state;
    for (uint32_t vertices = 3; vertices < 16; vertices++) {
        for (uint32_t degree = 0; degree < vertices; degree += 2) {
            struct gw_network *net = small_world(vertices, degree, 1.0, key);
            assert_int_equal(net->arcs, vertices * degree);
            gw_network_free(net);
        }
    }
}

static void test_bad_specifications_are_refused(void **state)
{
    (void)state;
    const struct {
        uint32_t vertices, degree;
        double rewire;
        const char *part;
    } bad[] = {
        {100, 5, 0.1, "degree must be even, got 5"},
        {10, 10, 0.1, "degree 10 needs more than 10 consumers"},
        {100, 4, -0.1, "rewire must be between 0 and 1, got -0.1"},
        {100, 4, 1.5, "rewire must be between 0 and 1, got 1.5"},
        {100, 4, NAN, "rewire must be between 0 and 1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct gw_network *net;
        struct gw_error error = {0};
        assert_int_equal(gw_network_watts_strogatz(&net, bad[i].vertices, bad[i].degree, bad[i].rewire, key, &error),
                         GW_BAD_INPUT);
        assert_null(net);
        assert_non_null(strstr(error.text, bad[i].part));
    }
}

static void test_what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct gw_network *net;
    struct gw_error error = {0};
    assert_int_equal(gw_network_watts_strogatz(&net, 4000000000u, 20000, 0.1, key, &error), GW_REFUSED);
    assert_null(net);
    assert_non_null(strstr(error.text, "not enough memory for 4000000000 consumers"));
}

static void test_none(void **state)
{
    (void)state;
    struct gw_network *net = NULL;
    assert_int_equal(gw_network_none(&net, 12, NULL), GW_OK);
    assert_int_equal(gw_network_verify(net, NULL), GW_OK);
    assert_int_equal(net->vertices, 12);
    assert_int_equal(net->arcs, 0);
    assert_int_equal(net->offset[12], 0);
    gw_network_free(net);
    gw_network_free(NULL);
}

static void test_bytes(void **state)
{
    (void)state;
    assert_int_equal(gw_network_bytes(0, 0), sizeof(struct gw_network) + 8);
    assert_int_equal(gw_network_bytes(1000, 10000) - gw_network_bytes(0, 0), 48000);
    assert_int_equal(gw_network_bytes(4000000000u, 40000000000u) - gw_network_bytes(0, 0), 192000000000u);
}

/* ---- Verification sees planted corruption -------------------------------------------------------------- */

static void expect_fault(const struct gw_network *net, const char *part)
{
    struct gw_error error = {0};
    assert_int_equal(gw_network_verify(net, &error), GW_FAILED);
    if (strstr(error.text, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", error.text, part);
    }
}

static void test_corruption_is_found(void **state)
{
    (void)state;
    struct gw_network *net = small_world(100, 4, 0.0, key); /* row of vertex 10: 8 9 11 12 */
    uint32_t *row = net->neighbour + net->offset[10];
    row[3] = 13;
    expect_fault(net, "contradict each other");
    row[3] = 11;
    expect_fault(net, "neighbours of vertex 10 do not ascend at 11");
    row[3] = 9;
    expect_fault(net, "neighbours of vertex 10 do not ascend at 9");
    row[3] = 100;
    expect_fault(net, "vertex 10 has neighbour 100 of 100");
    row[3] = 12;
    row[2] = 10;
    expect_fault(net, "vertex 10 is its own neighbour");
    row[2] = 11;
    net->offset[50] += 5;
    expect_fault(net, "offset after vertex 50 decreases");
    net->offset[50] -= 5;
    net->offset[0] = 1;
    expect_fault(net, "first offset is 1");
    net->offset[0] = 0;
    net->arcs++;
    expect_fault(net, "the last offset is 400, but there are 401 arcs");
    net->arcs--;
    net->max_degree = 5;
    expect_fault(net, "greatest degree is 4, not 5");
    net->max_degree = 4;
    assert_int_equal(gw_network_verify(net, NULL), GW_OK);
    gw_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring),
        cmocka_unit_test(test_degrees),
        cmocka_unit_test(test_share_of_rewired_edges),
        cmocka_unit_test(test_clustering_decays_as_the_cube),
        cmocka_unit_test(test_fully_rewired_is_a_random_graph),
        cmocka_unit_test(test_far_ends_are_uniform),
        cmocka_unit_test(test_a_network_is_a_function_of_its_key),
        cmocka_unit_test(test_rewiring_is_monotone),
        cmocka_unit_test(test_dense_networks_end),
        cmocka_unit_test(test_bad_specifications_are_refused),
        cmocka_unit_test(test_what_does_not_fit_is_refused),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_corruption_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
