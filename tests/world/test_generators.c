/* Preferential attachment, given degrees, complete networks: against closed forms, enumeration and their own
 * definition. */
#include "close.h"
#include "graph.h"

#include "core/memory.h"
#include "world/connect.h"
#include "world/degree_law.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_zeta.h>

#include <math.h>
#include <string.h>

static const struct gw_key key = {{20260101, 0, 0, 42}};

static struct gw_key key_of(uint32_t seed)
{
    return gw_key_make(seed, 0, 42);
}

static struct gw_network *made(struct gw_network_spec spec, uint32_t vertices, struct gw_key with)
{
    struct gw_network *net = NULL;
    struct gw_error error = {0};
    if (gw_connect(&net, &spec, vertices, with, &error) != GW_OK || gw_network_verify(net, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return net;
}

static struct gw_network *attached(uint32_t vertices, uint32_t edges, struct gw_key with)
{
    return made((struct gw_network_spec){.kind = GW_NETWORK_BARABASI_ALBERT, .edges = edges}, vertices, with);
}

static struct gw_network_spec of_law(struct gw_degree_law law)
{
    return (struct gw_network_spec){.kind = GW_NETWORK_CONFIGURATION, .law = law};
}

static struct gw_network_spec poisson(double mean)
{
    return of_law((struct gw_degree_law){.family = GW_DEGREES_POISSON, .mean = mean});
}

static struct gw_network_spec geometric(double mean)
{
    return of_law((struct gw_degree_law){.family = GW_DEGREES_GEOMETRIC, .mean = mean});
}

static struct gw_network_spec power_law(double exponent, uint32_t minimum, uint32_t maximum)
{
    return of_law((struct gw_degree_law){
        .family = GW_DEGREES_POWER_LAW, .exponent = exponent, .minimum = minimum, .maximum = maximum});
}

static uint32_t degree_of(const struct gw_network *net, uint32_t v)
{
    return (uint32_t)(net->offset[(size_t)v + 1] - net->offset[v]);
}

/* ---- What is made does not change ---------------------------------------------------------------------- */

/* FNV-1a, 64 bits, of degree and neighbours of each vertex in turn, four bytes each, the least first. */
static uint64_t fingerprint(const struct gw_network *net)
{
    uint64_t hash = 14695981039346656037u;
    for (uint32_t v = 0; v < net->vertices; v++) {
        for (uint64_t k = net->offset[v]; k <= net->offset[(size_t)v + 1]; k++) {
            const uint32_t word = k == net->offset[v] ? degree_of(net, v) : net->neighbour[k - 1];
            for (int byte = 0; byte < 4; byte++) {
                hash = (hash ^ (word >> 8 * byte & 0xff)) * 1099511628211u;
            }
        }
    }
    return hash;
}

/* The values come from a second implementation, written in another language from docs/model.md alone. */
static void test_golden_networks(void **state)
{
    (void)state;
    const struct gw_network_spec small_world = {.kind = GW_NETWORK_WATTS_STROGATZ, .degree = 6, .rewire = 0.2};
    const struct gw_network_spec attachment = {.kind = GW_NETWORK_BARABASI_ALBERT, .edges = 3};
    const struct {
        struct gw_network_spec spec;
        uint64_t want;
    } cases[] = {
        {small_world, 0x175f4b848c996878u},    {attachment, 0xf89c48c62b9d991bu},
        {poisson(4.0), 0x8c4a953afd8693cfu},   {poisson(90.0), 0x28adf48fb48e3f5fu},
        {geometric(4.0), 0x46d28cf027e12f91u}, {power_law(2.5, 2, 50), 0x2fa18e34a8171d76u},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gw_network *net = made(cases[i].spec, 101, key);
        const uint64_t got = fingerprint(net);
        if (got != cases[i].want) {
            fail_msg("network %zu has fingerprint 0x%016lx", i, got);
        }
        gw_network_free(net);
    }
}

/* ---- Preferential attachment --------------------------------------------------------------------------- */

static void test_attachment_has_its_shape(void **state)
{
    (void)state;
    for (uint32_t m = 1; m <= 7; m++) {
        for (uint32_t n = m + 1; n < m + 40; n++) {
            struct gw_network *net = attached(n, m, key);
            assert_int_equal(net->arcs, m * (m + 1) + 2 * m * (n - m - 1));
            assert_int_equal(test_components(net, 1.0, key).greatest, n);
            for (uint32_t v = 0; v < n; v++) {
                assert_true(degree_of(net, v) >= m);
            }
            gw_network_free(net);
        }
    }
}

/* One edge a newcomer: the expected number of vertices of each degree obeys an exact recursion (Krapivsky, Redner &
 * Leyvraz 2000), E N_k(t + 1) = E N_k(t) + ((k - 1) E N_(k-1)(t) - k E N_k(t)) / (2 (t - 1)) + [k = 1]. */
static void test_degrees_of_attachment_by_ones(void **state)
{
    (void)state;
    enum { N = 1000, SEEDS = 400, K = 8 };
    double expected[K + 1] = {0.0, 2.0}, sum[K + 1] = {0.0}, squares[K + 1] = {0.0};
    for (int t = 2; t < N; t++) {
        for (int k = K; k >= 1; k--) {
            expected[k] += ((k - 1) * expected[k - 1] - k * expected[k]) / (2.0 * (t - 1)) + (k == 1);
        }
    }
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        struct gw_network *net = attached(N, 1, key_of(seed));
        double count[K + 1] = {0.0};
        for (uint32_t v = 0; v < N; v++) {
            count[degree_of(net, v) <= K ? degree_of(net, v) : 0]++;
        }
        for (int k = 1; k <= K; k++) {
            sum[k] += count[k];
            squares[k] += count[k] * count[k];
        }
        gw_network_free(net);
    }
    for (int k = 1; k <= K; k++) {
        const double mean = sum[k] / SEEDS, variance = squares[k] / SEEDS - mean * mean;
        assert_within_4_se(mean, expected[k], sqrt(variance / (SEEDS - 1)));
    }
}

/* The maximum-likelihood exponent of the tail k >= 20 (Clauset, Shalizi & Newman 2009, SIAM Review 51, equation 3.7;
 * of k + 1, which makes the law (k + 1)^-3 up to terms of order k^-5), and the law itself far out. */
static void test_tail_of_attachment_has_exponent_three(void **state)
{
    (void)state;
    const double m = 5.0, from = 20.0;
    double tail = 0.0, logs = 0.0, far = 0.0;
    struct gw_network *net = attached(300000, 5, key);
    for (uint32_t v = 0; v < net->vertices; v++) {
        const double k = degree_of(net, v);
        tail += k >= from;
        logs += k >= from ? log((k + 1.0) / (from + 0.5)) : 0.0;
        far += k >= 100.0;
    }
    const double exponent = 1.0 + tail / logs;
    assert_within_4_se(exponent, 3.0, 2.0 / sqrt(tail));
    assert_close(exponent, 3.0, 0.0, 0.1);
    assert_within_4_se(tail / 300000.0, m * (m + 1.0) / (from * (from + 1.0)), sqrt(tail) / 300000.0);
    assert_within_4_se(far / 300000.0, m * (m + 1.0) / (100.0 * 101.0), sqrt(far) / 300000.0);
    gw_network_free(net);
}

/* ---- Laws of degrees ----------------------------------------------------------------------------------- */

enum { PEOPLE = 200000 };

static uint32_t *drawn(struct gw_network_spec spec)
{
    struct gw_error error = {0};
    uint32_t *degree = gw_alloc(PEOPLE, sizeof *degree);
    assert_non_null(degree);
    if (gw_degrees_draw(degree, &spec.law, PEOPLE, key, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return degree;
}

static double share(const uint32_t *degree, uint32_t k)
{
    double count = 0.0;
    for (uint32_t v = 0; v < PEOPLE; v++) {
        count += degree[v] == k;
    }
    return count / PEOPLE;
}

static void check_share(const uint32_t *degree, uint32_t k, double p)
{
    assert_within_4_se(share(degree, k), p, sqrt(p * (1.0 - p) / PEOPLE));
}

static void check_mean(const uint32_t *degree, struct gw_network_spec spec, double mean, double sd)
{
    double sum = 0.0;
    for (uint32_t v = 0; v < PEOPLE; v++) {
        sum += degree[v];
    }
    assert_close(gw_degree_law_mean(&spec.law, PEOPLE), mean, 1e-9, 0.0);
    assert_within_4_se(sum / PEOPLE, mean, sd / sqrt((double)PEOPLE));
}

static void test_poisson_degrees(void **state)
{
    (void)state;
    const double mean[] = {0.3, 4.0, 5000.0};
    for (size_t i = 0; i < sizeof mean / sizeof *mean; i++) {
        uint32_t *degree = drawn(poisson(mean[i]));
        check_mean(degree, poisson(mean[i]), mean[i], sqrt(mean[i]));
        const uint32_t first = mean[i] > 100.0 ? (uint32_t)mean[i] - 4 : 0;
        for (uint32_t k = first; k < first + 8; k++) {
            check_share(degree, k, gsl_ran_poisson_pdf(k, mean[i]));
        }
        gw_free(degree);
    }
}

static void test_geometric_degrees(void **state)
{
    (void)state;
    uint32_t *degree = drawn(geometric(4.0));
    check_mean(degree, geometric(4.0), 4.0, sqrt(4.0 * 5.0));
    for (uint32_t k = 0; k < 20; k++) {
        check_share(degree, k, gsl_ran_geometric_pdf(k + 1, 1.0 / 5.0));
    }
    gw_free(degree);
}

/* P(k) = k^-g / (zeta(g, low) - zeta(g, high + 1)), Hurwitz zetas. */
static void test_power_law_degrees(void **state)
{
    (void)state;
    const double g = 2.5, norm = gsl_sf_hzeta(g, 3.0) - gsl_sf_hzeta(g, 501.0);
    const double mean = (gsl_sf_hzeta(g - 1.0, 3.0) - gsl_sf_hzeta(g - 1.0, 501.0)) / norm;
    double square = 0.0;
    uint32_t least = UINT32_MAX, most = 0;
    uint32_t *degree = drawn(power_law(g, 3, 500));
    for (uint32_t k = 3; k <= 500; k++) {
        square += pow(k, 2.0 - g) / norm;
    }
    check_mean(degree, power_law(g, 3, 500), mean, sqrt(square - mean * mean));
    for (uint32_t k = 3; k < 40; k++) {
        check_share(degree, k, pow(k, -g) / norm);
    }
    for (uint32_t v = 0; v < PEOPLE; v++) {
        least = degree[v] < least ? degree[v] : least;
        most = degree[v] > most ? degree[v] : most;
    }
    assert_int_equal(least, 3);
    assert_in_range(most, 400, 500); /* 28 people from 400 on are expected */
    gw_free(degree);
}

/* A law of one degree, and laws that their market cuts short. */
static void test_laws_at_their_ends(void **state)
{
    (void)state;
    struct gw_network *same = made(power_law(2.0, 3, 3), 1001, key); /* 3003 half-edges: one stays alone */
    assert_int_equal(same->arcs + 2 * same->dropped, 3002);
    gw_network_free(same);
    for (uint32_t n = 2; n < 12; n++) {
        struct gw_network *crowd = made(poisson(n - 0.5), n, key_of(n));
        assert_true(crowd->max_degree < n);
        gw_network_free(crowd);
    }
    struct gw_network *hardly = made(poisson(1e-300), 50, key);
    assert_int_equal(hardly->arcs, 0);
    gw_network_free(hardly);
}

/* ---- The matching -------------------------------------------------------------------------------------- */

static struct gw_network *matched(uint32_t n, const uint32_t *degree, struct gw_key with)
{
    struct gw_network *net = NULL;
    struct gw_error error = {0};
    if (gw_network_configuration(&net, n, degree, with, &error) != GW_OK || gw_network_verify(net, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return net;
}

/* Six half-edges have 15 matchings; which one is seen in whom 0, and the least of the others, know. */
static void test_every_matching_is_as_likely(void **state)
{
    (void)state;
    enum { TRIALS = 15000 };
    const uint32_t degree[6] = {1, 1, 1, 1, 1, 1};
    double count[6][6] = {{0.0}}, chi = 0.0;
    int cells = 0;
    for (uint32_t seed = 0; seed < TRIALS; seed++) {
        struct gw_network *net = matched(6, degree, key_of(seed));
        const uint32_t other = net->neighbour[0] == 1 ? 2 : 1;
        count[net->neighbour[0]][net->neighbour[other]]++;
        gw_network_free(net);
    }
    for (int i = 0; i < 36; i++) {
        const double n = count[i / 6][i % 6];
        chi += n > 0.0 ? (n - TRIALS / 15.0) * (n - TRIALS / 15.0) / (TRIALS / 15.0) : 0.0;
        cells += n > 0.0;
    }
    assert_int_equal(cells, 15);
    assert_within_4_se(chi, 14.0, sqrt(28.0));
}

/* Of n vertices of degree d, S = n d: n d (d - 1) / 2 pairs of half-edges would be loops, each with probability
 * 1 / (S - 1); n (n - 1) / 2 pairs of vertices have 2 (d (d - 1) / 2)^2 ways to meet twice, each with probability
 * 1 / ((S - 1) (S - 3)). Meeting three times is counted twice and happens in n d^2 / S^3 of cases. */
static void test_loops_and_repetitions_are_counted(void **state)
{
    (void)state;
    enum { N = 2000, D = 4, SEEDS = 500 };
    const double n = N, d = D, s = n * d, choose = d * (d - 1.0) / 2.0;
    const double expected = n * choose / (s - 1.0) + n * (n - 1.0) * choose * choose / ((s - 1.0) * (s - 3.0));
    double sum = 0.0, squares = 0.0;
    uint32_t degree[N];
    for (uint32_t v = 0; v < N; v++) {
        degree[v] = D;
    }
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        struct gw_network *net = matched(N, degree, key_of(seed));
        const double dropped = (double)net->dropped;
        assert_int_equal(net->arcs + 2 * net->dropped, N * D);
        sum += dropped;
        squares += dropped * dropped;
        gw_network_free(net);
    }
    const double mean = sum / SEEDS;
    assert_within_4_se(mean, expected, sqrt((squares / SEEDS - mean * mean) / SEEDS));
}

static void test_nobody_gets_more_than_asked_for(void **state)
{
    (void)state;
    uint32_t *degree = drawn(power_law(2.1, 1, 5000));
    struct gw_network *net = matched(PEOPLE, degree, key);
    uint64_t sum = 0, missing = 0;
    for (uint32_t v = 0; v < PEOPLE; v++) {
        assert_true(degree_of(net, v) <= degree[v]);
        sum += degree[v];
        missing += degree[v] - degree_of(net, v);
    }
    assert_int_equal(missing, 2 * net->dropped + sum % 2);
    assert_true(net->dropped > 0);
    gw_network_free(net);
    gw_free(degree);
}

/* Bond percolation on Poisson(c) degrees, each edge kept with probability q: the largest component holds the share
 * S = 1 - exp(-c q S) (Erdos & Renyi 1960; Newman, Strogatz & Watts 2001); .583 at c q = 1.5, .797 at 2. Its variance
 * is S (1 - S) / (n (1 - c q (1 - S))^2) (Stepanov 1970, Theory of Probability and its Applications 15). */
static void test_largest_component_under_percolation(void **state)
{
    (void)state;
    const double c = 8.0, reach[] = {1.5, 2.0}, printed[] = {0.583, 0.797};
    struct gw_network *net = made(poisson(c), PEOPLE, key);
    for (int i = 0; i < 2; i++) {
        double s = 0.5;
        for (int step = 0; step < 200; step++) {
            s = 1.0 - exp(-reach[i] * s);
        }
        assert_close(s, printed[i], 0.0, 0.0005);
        const double got = test_components(net, reach[i] / c, key_of(9)).greatest / (double)PEOPLE;
        assert_within_4_se(got, s, sqrt(s * (1.0 - s) / PEOPLE) / (1.0 - reach[i] * (1.0 - s)));
    }
    assert_true(test_components(net, 0.9 / c, key_of(9)).greatest < PEOPLE / 100); /* below the threshold: none */
    gw_network_free(net);
}

/* ---- Complete ------------------------------------------------------------------------------------------ */

static void test_complete_stores_no_arcs(void **state)
{
    (void)state;
    struct gw_error error = {0};
    struct gw_network *net = made((struct gw_network_spec){.kind = GW_NETWORK_COMPLETE}, 1000, key);
    assert_true(net->complete);
    assert_int_equal(net->arcs, 0);
    assert_int_equal(net->max_degree, 999);
    assert_close(gw_network_mean_degree(net), 999.0, 0.0, 0.0);
    net->arcs = 2;
    assert_int_equal(gw_network_verify(net, &error), GW_FAILED);
    assert_string_equal(error.text, "network: it is complete and has 2 arcs all the same");
    gw_network_free(net);
    gw_network_free(made((struct gw_network_spec){.kind = GW_NETWORK_COMPLETE}, 1, key));
}

/* ---- What it takes, and what is refused ---------------------------------------------------------------- */

static size_t held(const struct gw_network *net)
{
    return gw_network_bytes(net->vertices, net->arcs);
}

static void test_bytes_are_known_beforehand(void **state)
{
    (void)state;
    uint32_t one_each[400];
    const struct gw_network_spec exact[] = {
        {.kind = GW_NETWORK_NONE},
        {.kind = GW_NETWORK_COMPLETE},
        {.kind = GW_NETWORK_WATTS_STROGATZ, .degree = 8, .rewire = 0.3},
        {.kind = GW_NETWORK_BARABASI_ALBERT, .edges = 7},
        of_law((struct gw_degree_law){.family = GW_DEGREES_LISTED, .people = 400, .degree = one_each}),
    };
    for (int v = 0; v < 400; v++) {
        one_each[v] = 1;
    }
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        struct gw_network *net = made(exact[i], 400, key);
        assert_int_equal(held(net), gw_connect_bytes(&exact[i], 400));
        assert_close(gw_connect_mean_degree(&exact[i], 400), gw_network_mean_degree(net), 1e-15, 0.0);
        gw_network_free(net);
    }
}

/* A law's is the expectation, four bytes an arc; what is erased is less than a thousandth of it. */
static void test_bytes_of_laws_are_expected(void **state)
{
    (void)state;
    const struct gw_network_spec specs[] = {poisson(10.0), geometric(10.0)};
    const double sd[] = {sqrt(10.0), sqrt(110.0)};
    for (int i = 0; i < 2; i++) {
        struct gw_network *net = made(specs[i], PEOPLE, key);
        const double bytes = (double)held(net) + 8.0 * (double)net->dropped;
        assert_within_4_se(bytes, (double)gw_connect_bytes(&specs[i], PEOPLE), 4.0 * sd[i] * sqrt((double)PEOPLE));
        assert_true((double)net->dropped < 0.001 * (double)net->arcs);
        gw_network_free(net);
    }
}

static void expect_refusal(struct gw_network_spec spec, uint32_t vertices, int status, const char *part)
{
    struct gw_network *net;
    struct gw_error error = {0};
    assert_int_equal(gw_connect(&net, &spec, vertices, key, &error), status);
    assert_null(net);
    if (strstr(error.text, part) == NULL) {
        fail_msg("\"%s\" lacks \"%s\"", error.text, part);
    }
}

static void test_bad_specifications_are_refused(void **state)
{
    (void)state;
    uint32_t degree[3] = {1, 1, 0};
    const struct gw_network_spec attachment = {.kind = GW_NETWORK_BARABASI_ALBERT, .edges = 5};
    const struct gw_network_spec nothing = {.kind = GW_NETWORK_BARABASI_ALBERT};
    const struct gw_network_spec listed =
        of_law((struct gw_degree_law){.family = GW_DEGREES_LISTED, .people = 3, .degree = degree});
    expect_refusal(attachment, 5, GW_BAD_INPUT, "5 edges a newcomer need more than 5 consumers");
    expect_refusal(nothing, 5, GW_BAD_INPUT, "0 edges");
    expect_refusal(poisson(0.0), 5, GW_BAD_INPUT, "no mean degree of 0");
    expect_refusal(poisson(NAN), 5, GW_BAD_INPUT, "no mean degree of nan");
    expect_refusal(geometric(5.0), 5, GW_BAD_INPUT, "no mean degree of 5 among 5 consumers");
    expect_refusal(power_law(1.0, 1, 4), 5, GW_BAD_INPUT, "no power law of exponent 1 from 1 to 4");
    expect_refusal(power_law(2.0, 1, 5), 5, GW_BAD_INPUT, "from 1 to 5 among 5 consumers");
    expect_refusal(power_law(2.0, 3, 2), 5, GW_BAD_INPUT, "from 3 to 2");
    expect_refusal(power_law(2.0, 0, 2), 5, GW_BAD_INPUT, "from 0 to 2");
    expect_refusal(listed, 4, GW_BAD_INPUT, "3 degrees for 4 consumers");
    assert_true(isnan(gw_degree_law_mean(&(struct gw_degree_law){.family = GW_DEGREES_POISSON}, 5)));
}

static void test_what_does_not_fit_is_refused(void **state)
{
    (void)state;
    const struct gw_network_spec attachment = {.kind = GW_NETWORK_BARABASI_ALBERT, .edges = 10000};
    uint32_t many[2] = {UINT32_MAX, UINT32_MAX};
    struct gw_network *net;
    struct gw_error error = {0};
    expect_refusal(attachment, 4000000000u, GW_REFUSED, "not enough memory for 4000000000 consumers");
    if (gw_memory_available() < (size_t)3 << 33) { /* else these 64 GB may well be had */
        assert_int_equal(gw_network_configuration(&net, 2, many, key, &error), GW_REFUSED);
        assert_null(net);
        assert_non_null(strstr(error.text, "not enough memory for 2 consumers with 4.29497e+09 edges"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden_networks),
        cmocka_unit_test(test_attachment_has_its_shape),
        cmocka_unit_test(test_degrees_of_attachment_by_ones),
        cmocka_unit_test(test_tail_of_attachment_has_exponent_three),
        cmocka_unit_test(test_poisson_degrees),
        cmocka_unit_test(test_geometric_degrees),
        cmocka_unit_test(test_power_law_degrees),
        cmocka_unit_test(test_laws_at_their_ends),
        cmocka_unit_test(test_every_matching_is_as_likely),
        cmocka_unit_test(test_loops_and_repetitions_are_counted),
        cmocka_unit_test(test_nobody_gets_more_than_asked_for),
        cmocka_unit_test(test_largest_component_under_percolation),
        cmocka_unit_test(test_complete_stores_no_arcs),
        cmocka_unit_test(test_bytes_are_known_beforehand),
        cmocka_unit_test(test_bytes_of_laws_are_expected),
        cmocka_unit_test(test_bad_specifications_are_refused),
        cmocka_unit_test(test_what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
