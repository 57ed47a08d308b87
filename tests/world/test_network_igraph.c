/* Degrees and clustering of generated networks as igraph counts them, and the same models as igraph draws them: over
 * many networks, statistics of both agree. */
#include "close.h"
#include "graph.h"

#include "world/connect.h"
#include "world/degree_law.h"

#include <igraph/igraph.h>
#include <math.h>

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

/* ---- The same models drawn by both --------------------------------------------------------------------- */

enum { NETWORKS = 150, PEOPLE = 1000, STATISTICS = 6 };

static const char *const statistic[STATISTICS] = {"edges",      "share of degree 3",  "greatest degree",
                                                  "clustering", "greatest component", "components"};

struct sample {
    double sum[STATISTICS], squares[STATISTICS];
};

static void count(struct sample *sample, const igraph_t *graph)
{
    igraph_vector_int_t degree, size;
    igraph_integer_t components, greatest;
    igraph_real_t clustering;
    double threes = 0.0;
    igraph_vector_int_init(&degree, 0);
    igraph_vector_int_init(&size, 0);
    igraph_degree(graph, &degree, igraph_vss_all(), IGRAPH_ALL, IGRAPH_LOOPS);
    igraph_maxdegree(graph, &greatest, igraph_vss_all(), IGRAPH_ALL, IGRAPH_LOOPS);
    igraph_transitivity_undirected(graph, &clustering, IGRAPH_TRANSITIVITY_ZERO);
    igraph_connected_components(graph, NULL, &size, &components, IGRAPH_WEAK);
    for (igraph_integer_t v = 0; v < PEOPLE; v++) {
        threes += VECTOR(degree)[v] == 3;
    }
    const double value[STATISTICS] = {
        (double)igraph_ecount(graph),         threes / PEOPLE,   (double)greatest, clustering,
        (double)igraph_vector_int_max(&size), (double)components};
    for (int i = 0; i < STATISTICS; i++) {
        sample->sum[i] += value[i];
        sample->squares[i] += value[i] * value[i];
    }
    igraph_vector_int_destroy(&degree);
    igraph_vector_int_destroy(&size);
}

static double mean(const struct sample *s, int i)
{
    return s->sum[i] / NETWORKS;
}

static double variance(const struct sample *s, int i)
{
    return fmax(s->squares[i] / NETWORKS - mean(s, i) * mean(s, i), 0.0);
}

static void compare(const struct sample *ours, const struct sample *theirs)
{
    for (int i = 0; i < STATISTICS; i++) {
        const double error = sqrt((variance(ours, i) + variance(theirs, i)) / (NETWORKS - 1));
        if (fabs(mean(ours, i) - mean(theirs, i)) > 4.0 * error + 1e-9 * fabs(mean(ours, i))) {
            fail_msg("%s: %g here, %g by igraph, standard error %g", statistic[i], mean(ours, i), mean(theirs, i),
                     error);
        }
    }
}

static void count_ours(struct sample *sample, const struct gw_network *net)
{
    igraph_t graph;
    to_igraph(net, &graph);
    check_degrees(net, &graph);
    count(sample, &graph);
    igraph_destroy(&graph);
}

/* Both begin with m + 1 vertices that know each other; igraph's tree of partial sums draws without replacement. */
static void test_preferential_attachment(void **state)
{
    (void)state;
    enum { M = 3 };
    struct sample ours = {{0.0}, {0.0}}, theirs = {{0.0}, {0.0}};
    igraph_t first, graph;
    igraph_rng_seed(igraph_rng_default(), 4711);
    igraph_full(&first, M + 1, IGRAPH_UNDIRECTED, IGRAPH_NO_LOOPS);
    for (uint32_t k = 0; k < NETWORKS; k++) {
        struct gw_network *net = NULL;
        assert_int_equal(gw_network_barabasi_albert(&net, PEOPLE, M, gw_key_make(k, 6, 7), NULL), GW_OK);
        count_ours(&ours, net);
        gw_network_free(net);
        assert_int_equal(igraph_barabasi_game(&graph, PEOPLE, 1.0, M, NULL, true, 0.0, IGRAPH_UNDIRECTED,
                                              IGRAPH_BARABASI_PSUMTREE, &first),
                         IGRAPH_SUCCESS);
        count(&theirs, &graph);
        igraph_destroy(&graph);
    }
    igraph_destroy(&first);
    compare(&ours, &theirs);
}

/* The same degrees for both, matched anew each time; igraph's loops and repetitions are erased as ours. */
static void compare_matchings(struct gw_degree_law law)
{
    struct sample ours = {{0.0}, {0.0}}, theirs = {{0.0}, {0.0}};
    uint32_t degree[PEOPLE], sum = 0;
    igraph_vector_int_t degrees;
    igraph_t graph;
    assert_int_equal(gw_degrees_draw(degree, &law, PEOPLE, gw_key_make(11, 6, 7), NULL), GW_OK);
    igraph_rng_seed(igraph_rng_default(), 4711);
    igraph_vector_int_init(&degrees, PEOPLE);
    for (int v = 0; v < PEOPLE; v++) {
        sum += degree[v];
    }
    degree[0] += sum % 2;
    for (int v = 0; v < PEOPLE; v++) {
        VECTOR(degrees)[v] = degree[v];
    }
    for (uint32_t k = 0; k < NETWORKS; k++) {
        struct gw_network *net = NULL;
        assert_int_equal(gw_network_configuration(&net, PEOPLE, degree, gw_key_make(k, 6, 7), NULL), GW_OK);
        count_ours(&ours, net);
        gw_network_free(net);
        assert_int_equal(igraph_degree_sequence_game(&graph, &degrees, NULL, IGRAPH_DEGSEQ_CONFIGURATION),
                         IGRAPH_SUCCESS);
        igraph_simplify(&graph, true, true, NULL);
        count(&theirs, &graph);
        igraph_destroy(&graph);
    }
    igraph_vector_int_destroy(&degrees);
    compare(&ours, &theirs);
}

static void test_configurations(void **state)
{
    (void)state;
    compare_matchings((struct gw_degree_law){.family = GW_DEGREES_POISSON, .mean = 3.0});
    compare_matchings((struct gw_degree_law){.family = GW_DEGREES_GEOMETRIC, .mean = 3.0});
    compare_matchings(
        (struct gw_degree_law){.family = GW_DEGREES_POWER_LAW, .exponent = 2.3, .minimum = 1, .maximum = 300});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_worlds),
        cmocka_unit_test(test_preferential_attachment),
        cmocka_unit_test(test_configurations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
