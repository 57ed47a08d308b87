#include "close.h"
#include "graph.h"

#include "world/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- A file with given bytes --------------------------------------------------------------------------- */

static char path[] = "edge_list_XXXXXX";

static void write_bytes(const char *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static int create_file(void **state)
{
    (void)state;
    const int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static struct gw_network *read_text(const char *text, uint32_t vertices)
{
    struct gw_network *net = NULL;
    struct gw_error error = {0};
    write_bytes(text, strlen(text));
    if (gw_network_edge_list(&net, path, vertices, &error) != GW_OK || gw_network_verify(net, &error) != GW_OK) {
        fail_msg("%s", error.text);
    }
    return net;
}

/* ---- What is read -------------------------------------------------------------------------------------- */

static void expect_path_of_three(const char *text)
{
    struct gw_network *net = read_text(text, 0);
    const uint64_t offset[] = {0, 1, 3, 4};
    const uint32_t neighbour[] = {1, 0, 2, 1};
    assert_int_equal(net->vertices, 3);
    assert_int_equal(net->arcs, 4);
    assert_memory_equal(net->offset, offset, sizeof offset);
    assert_memory_equal(net->neighbour, neighbour, sizeof neighbour);
    gw_network_free(net);
}

static void test_all_spellings_give_the_same_network(void **state)
{
    (void)state;
    expect_path_of_three("0 1\n1 2\n");
    expect_path_of_three("0 1\n1 2");       /* no last newline */
    expect_path_of_three("1 2\n1 0\n");     /* order does not matter */
    expect_path_of_three("0 1\r\n1 2\r\n"); /* CRLF */
    expect_path_of_three("\xef\xbb\xbf"
                         "0 1\n1 2\n");                                       /* byte-order mark */
    expect_path_of_three("0,1\n1,2\n");                                       /* commas */
    expect_path_of_three("0 , 1\n\t1\t2  \n");                                /* blanks */
    expect_path_of_three("# a b\n\n0 1 # first\n   # \xc3\xa9\n1 2#end");     /* comments */
    expect_path_of_three("0 1\n0 1\n1 0\n1 1\n2 1\n2 2\n");                   /* repeats and loops go */
    expect_path_of_three("7 100\n100 9223372036854775807\n");                 /* renumbered in ascending order */
    expect_path_of_three("007 100\n100 00000000000000000000000000000000200"); /* leading zeros */
}

static void test_vertices_beyond_the_file_are_isolated(void **state)
{
    (void)state;
    struct gw_network *net = read_text("5 3\n", 6);
    assert_int_equal(net->vertices, 6);
    assert_int_equal(net->arcs, 2);
    assert_true(test_has_arc(net, 0, 1));
    assert_int_equal(net->offset[6], 2);
    gw_network_free(net);
}

static void test_a_vertex_with_a_loop_alone_counts(void **state)
{
    (void)state;
    struct gw_network *net = read_text("1 2\n9 9\n", 0);
    assert_int_equal(net->vertices, 3);
    assert_int_equal(net->max_degree, 1);
    gw_network_free(net);
}

static void test_count(void **state)
{
    (void)state;
    uint32_t vertices = 0;
    write_bytes("1 2\n2 3\n3 1\n40 40\n", 18);
    assert_int_equal(gw_network_count(path, &vertices, NULL), GW_OK);
    assert_int_equal(vertices, 4);
}

/* A star has one long row, which takes the other sort. */
static void test_star(void **state)
{
    (void)state;
    char text[20000];
    size_t n = 0;
    for (int i = 1000; i > 0; i--) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%d 0\n", i * 37 % 1009);
    }
    struct gw_network *net = read_text(text, 0);
    assert_int_equal(net->vertices, 1001);
    assert_int_equal(net->max_degree, 1000);
    for (uint32_t v = 1; v <= 1000; v++) {
        assert_int_equal(net->neighbour[v - 1], v);
    }
    gw_network_free(net);
}

/* ---- What is refused ----------------------------------------------------------------------------------- */

static void refuse_bytes(const char *bytes, size_t n, const char *message)
{
    struct gw_network *net;
    struct gw_error error = {0};
    char wanted[300];
    write_bytes(bytes, n);
    snprintf(wanted, sizeof wanted, "%s%s", path, message);
    assert_int_equal(gw_network_edge_list(&net, path, 0, &error), GW_BAD_INPUT);
    assert_null(net);
    assert_string_equal(error.text, wanted);
}

static void refuse(const char *text, const char *message)
{
    refuse_bytes(text, strlen(text), message);
}

#define NOT_ID "expected a vertex id (a whole number from 0), got "
#define NOT_SEPARATOR "expected a blank or comma and a second vertex id, got "
#define NOT_END "expected the end of the line after two vertex ids, got "

static void test_broken_lines_are_named(void **state)
{
    (void)state;
    refuse("", ": holds no edge");
    refuse("# nothing\n\n", ": holds no edge");
    refuse("0 1\n1 -2\n", ":2: " NOT_ID "'-'");
    refuse("+1 2\n", ":1: " NOT_ID "'+'");
    refuse("0 1\n\n# x\n1 2.5\n", ":4: " NOT_END "'.'");
    refuse("1.0 2\n", ":1: " NOT_SEPARATOR "'.'");
    refuse("1e3 2\n", ":1: " NOT_SEPARATOR "'e'");
    refuse("0x1 2\n", ":1: " NOT_SEPARATOR "'x'");
    refuse("1\n", ":1: " NOT_SEPARATOR "the end of the line");
    refuse("1 \n2\n", ":1: " NOT_ID "the end of the line");
    refuse("1", ":1: " NOT_SEPARATOR "the end of the line");
    refuse("1 2 3\n", ":1: " NOT_END "'3'");
    refuse("1,,2\n", ":1: " NOT_ID "','");
    refuse("1,2,\n", ":1: " NOT_END "','");
    refuse("1;2\n", ":1: " NOT_SEPARATOR "';'");
    refuse("id_1,id_2\n0,1\n", ":1: " NOT_ID "'i'");
    refuse("0 1\r2 3\r", ":1: " NOT_END "'2'");
    refuse("1 9223372036854775808\n", ":1: vertex id exceeds 9223372036854775807");
    refuse("1 99999999999999999999999999\n", ":1: vertex id exceeds 9223372036854775807");
    refuse("1\xc2\xa0"
           "2\n",
           ":1: " NOT_SEPARATOR "byte 0xc2");
    refuse("\x1f\x8b\x08", ":1: " NOT_ID "byte 0x1f");
    refuse_bytes("0 1\n\0 2\n", 8, ":2: " NOT_ID "byte 0x00");
    refuse_bytes("0 1\n1\0"
                 "2\n",
                 8, ":2: " NOT_SEPARATOR "byte 0x00");
    refuse_bytes("0 1 # a\0b\n", 10, ":1: " NOT_END "byte 0x00");
}

static void test_too_few_consumers(void **state)
{
    (void)state;
    struct gw_network *net;
    struct gw_error error = {0};
    write_bytes("0 1\n1 2\n", 8);
    assert_int_equal(gw_network_edge_list(&net, path, 2, &error), GW_BAD_INPUT);
    assert_non_null(strstr(error.text, ": holds 3 vertices, more than the 2 consumers"));
}

static void test_files_that_cannot_be_read(void **state)
{
    (void)state;
    struct gw_network *net;
    struct gw_error error = {0};
    uint32_t vertices;
    assert_int_equal(gw_network_edge_list(&net, "no/such/file", 0, &error), GW_IO);
    assert_string_equal(error.text, "no/such/file: No such file or directory");
    memset(&error, 0, sizeof error);
    assert_int_equal(gw_network_edge_list(&net, "/", 0, &error), GW_IO);
    assert_string_equal(error.text, "/: Is a directory");
    assert_int_equal(gw_network_count("no/such/file", &vertices, NULL), GW_IO);
}

/* Whatever the bytes, the reader answers with a network that verifies or with one error. */
static void test_arbitrary_bytes(void **state)
{
    (void)state;
    static const char alphabet[] = "0123456789 \t\n\r,#-.\xef\xbb\xbf";
    const struct gw_key key = gw_key_make(8, 0, 0);
    int good = 0;
    for (uint32_t trial = 0; trial < 3000; trial++) {
        char text[24];
        const size_t n = trial % sizeof text;
        for (uint32_t i = 0; i < n; i++) {
            const float u = gw_uniform_single(&key, trial, 0, 0, i);
            text[i] = alphabet[(size_t)(u * (float)(sizeof alphabet))]; /* its final NUL included */
        }
        struct gw_network *net = NULL;
        struct gw_error error = {0};
        write_bytes(text, n);
        const int ret = gw_network_edge_list(&net, path, 0, &error);
        assert_true(ret == GW_OK ? net != NULL : net == NULL && ret == GW_BAD_INPUT && error.text[0] != '\0');
        assert_true(ret != GW_OK || gw_network_verify(net, NULL) == GW_OK);
        good += ret == GW_OK;
        gw_network_free(net);
    }
    assert_true(good > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_spellings_give_the_same_network),
        cmocka_unit_test(test_vertices_beyond_the_file_are_isolated),
        cmocka_unit_test(test_a_vertex_with_a_loop_alone_counts),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_star),
        cmocka_unit_test(test_broken_lines_are_named),
        cmocka_unit_test(test_too_few_consumers),
        cmocka_unit_test(test_files_that_cannot_be_read),
        cmocka_unit_test(test_arbitrary_bytes),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
