/* Degrees and clustering of generated networks as igraph counts them. */
#include "close.h"
#include "graph.h"

#include "world/network.h"

#include <igraph/igraph.h>

static void to_igraph(const struct gw_network *net, igraph_t *graph)
{
    igraph_vector_int_t edges;
    igraph_vector_int_init(&edges, 0);
    for (uint32_t v = 0; v < net->vertices; v++) {
        for (uint64_t k = net->offset[v]; k < net->offset[v + 1]; k++) {
            if (net->neighbour[k] > v) {
                igraph_vector_int_push_back(&edges, v);
                igraph_vector_int_push_back(&edges, net->neighbour[k]);
            }
        }
    }
    assert_int_equal(igraph_create(graph, &edges, net->vertices, IGRAPH_UNDIRECTED), IGRAPH_SUCCESS);
    igraph_vector_int_destroy(&edges);
}

static void check_degrees(const struct gw_network *net, const igraph_t *graph)
{
    igraph_vector_int_t degree;
    igraph_vector_int_init(&degree, 0);
    igraph_degree(graph, &degree, igraph_vss_all(), IGRAPH_ALL, IGRAPH_LOOPS);
    for (uint32_t v = 0; v < net->vertices; v++) {
        assert_int_equal(VECTOR(degree)[v], net->offset[v + 1] - net->offset[v]);
    }
    igraph_vector_int_destroy(&degree);
}

static void test_small_worlds(void **state)
{
    (void)state;
    const double rewire[] = {0.0, 0.05, 0.5, 1.0};
    for (size_t i = 0; i < sizeof rewire / sizeof *rewire; i++) {
        struct gw_network *net = NULL;
        igraph_t graph;
        igraph_bool_t simple, connected;
        igraph_real_t transitivity;
        assert_int_equal(gw_network_watts_strogatz(&net, 2000, 10, rewire[i], gw_key_make(5, 6, 7), NULL), GW_OK);
        to_igraph(net, &graph);
        check_degrees(net, &graph);
        igraph_is_simple(&graph, &simple);
        igraph_is_connected(&graph, &connected, IGRAPH_WEAK);
        igraph_transitivity_undirected(&graph, &transitivity, IGRAPH_TRANSITIVITY_ZERO);
        assert_true(simple);
        assert_true(connected);
        assert_int_equal(igraph_ecount(&graph), net->arcs / 2);
        assert_close(test_transitivity(net), transitivity, 1e-12, 0.0);
        igraph_destroy(&graph);
        gw_network_free(net);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_small_worlds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
