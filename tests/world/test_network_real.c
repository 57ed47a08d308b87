/* Real networks. Vertices, edges and the measure of clustering are as published by those who collected them; the
 * greatest degrees were counted in the files. */
#include "close.h"
#include "graph.h"

#include "world/network.h"

static struct gw_network *read_real(const char *file, uint32_t vertices, uint64_t edges, uint32_t max_degree)
{
    const char *path = test_data(file);
    if (path == NULL) {
        skip();
    }
    struct gw_network *net = NULL;
    struct gw_error error = {0};
    uint32_t counted = 0;
    if (gw_network_edge_list(&net, path, 0, &error) != GW_OK || gw_network_verify(net, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(gw_network_count(path, &counted, NULL), GW_OK);
    assert_int_equal(counted, vertices);
    assert_int_equal(net->vertices, vertices);
    assert_int_equal(net->arcs, 2 * edges);
    assert_int_equal(net->max_degree, max_degree);
    return net;
}

/* McAuley & Leskovec 2012, NIPS; triangles as listed by the Stanford Large Network Dataset Collection. */
static void test_ego_facebook(void **state)
{
    (void)state;
    struct gw_network *net = read_real("net_ego_facebook/edges.txt", 4039, 88234, 1045);
    assert_int_equal(test_triangles(net), 1612010);
    gw_network_free(net);
}

/* Rozemberczki & Sarkar 2020, CIKM. */
static void test_lastfm_asia(void **state)
{
    (void)state;
    struct gw_network *net = read_real("net_lastfm_asia/edges.txt", 7624, 27806, 216);
    assert_close(test_transitivity(net), 0.179, 0.0, 0.0005);
    gw_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ego_facebook), cmocka_unit_test(test_lastfm_asia)};
    if (test_data("net_ego_facebook/edges.txt") == NULL) {
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
