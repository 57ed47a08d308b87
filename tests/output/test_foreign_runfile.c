/* Files under a valid seal that no run wrote: what HDF5 would follow, load or unpack is refused by one line. */
#include "close.h"
#include "output/runfile.h"
#include "scratch.h"

#include <hdf5.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char path[] = "run.h5";
static hid_t file; /* the file under construction */
static hid_t one;  /* dataspace of one element */

/* ---- the seal, written from its description ---- */

static void seal(const unsigned char *bytes, size_t length)
{
    unsigned char *sealed = calloc(1, length + 64);
    struct sha256_ctx hash;
    assert_non_null(sealed);
    memcpy(sealed, bytes, length);
    memcpy(sealed + length, "goodwill run file 1\n", 20);
    for (int i = 0; i < 8; i++) {
        sealed[length + 24 + (size_t)i] = (unsigned char)(length >> 8 * i);
    }
    sha256_init(&hash);
    sha256_update(&hash, length + 32, sealed);
    sha256_digest(&hash, 32, sealed + length + 32);
    scratch_write(path, sealed, length + 64);
    free(sealed);
}

/* ---- ingredients ---- */

static void text_attribute(hid_t object, const char *name)
{
    const char *text = "1";
    const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    assert_true(H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0);
    const hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(attribute >= 0 && H5Awrite(attribute, type, &text) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

static void dataset(const char *name, hid_t type, hid_t space, hid_t list)
{
    const hid_t id = H5Dcreate2(file, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    assert_true(id >= 0);
    text_attribute(id, "units");
    text_attribute(id, "long_name");
    H5Dclose(id);
}

static void nothing_wrong(void)
{
    const hid_t scalar = H5Screate(H5S_SCALAR), list = H5Pcreate(H5P_DATASET_CREATE);
    assert_true(H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY) >= 0);
    dataset("x", H5T_STD_I64LE, scalar, list);
    H5Pclose(list);
    H5Sclose(scalar);
}

static void external_link(void)
{
    assert_true(H5Lcreate_external("/etc/passwd", "/x", file, "x", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}

static void soft_link(void)
{
    nothing_wrong();
    assert_true(H5Lcreate_soft("/x", file, "y", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}

static void group(void)
{
    H5Gclose(H5Gcreate2(file, "x", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

static void group_in_provenance(void)
{
    const hid_t list = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED);
    const hid_t provenance = H5Gcreate2(file, "provenance", H5P_DEFAULT, list, H5P_DEFAULT);
    H5Gclose(H5Gcreate2(provenance, "x", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Gclose(provenance);
    H5Pclose(list);
}

static void named_type(void)
{
    const hid_t type = H5Tcopy(H5T_STD_I64LE);
    assert_true(H5Tcommit2(file, "x", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT) >= 0);
    H5Tclose(type);
}

static void external_storage(void)
{
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    assert_true(H5Pset_external(list, "/etc/passwd", 0, 8) >= 0);
    dataset("x", H5T_STD_I64LE, one, list);
    H5Pclose(list);
}

static void virtual_storage(void)
{
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    assert_true(H5Pset_virtual(list, one, "other.h5", "/x", one) >= 0);
    dataset("x", H5T_STD_I64LE, one, list);
    H5Pclose(list);
}

static void another_filter(void)
{
    const hsize_t chunk = 1;
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    assert_true(H5Pset_chunk(list, 1, &chunk) >= 0 && H5Pset_nbit(list) >= 0);
    dataset("x", H5T_STD_I64LE, one, list);
    H5Pclose(list);
}

static void sparse(int dims, const hsize_t *shape, const hsize_t *most)
{
    const hsize_t chunk[GW_MAX_DIMS + 1] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(dims, shape, most);
    assert_true(list >= 0 && space >= 0 && H5Pset_chunk(list, dims, chunk) >= 0);
    dataset("x", H5T_STD_I64LE, space, list);
    H5Sclose(space);
    H5Pclose(list);
}

static void thirty_two_tebibytes(void)
{
    sparse(1, (hsize_t[]){(hsize_t)1 << 42}, NULL);
}

static void beyond_64_bits(void)
{
    const hsize_t shape[] = {(hsize_t)1 << 31, (hsize_t)1 << 31, (hsize_t)1 << 31};
    sparse(3, shape, NULL);
}

static void nine_dimensions(void)
{
    sparse(9, (hsize_t[]){1, 1, 1, 1, 1, 1, 1, 1, 1}, NULL);
}

static void unlimited(void)
{
    sparse(1, (hsize_t[]){1}, (hsize_t[]){H5S_UNLIMITED});
}

static void single_precision(void)
{
    dataset("x", H5T_IEEE_F32LE, one, H5P_DEFAULT);
}

static void null_space(void)
{
    const hid_t space = H5Screate(H5S_NULL);
    dataset("x", H5T_STD_I64LE, space, H5P_DEFAULT);
    H5Sclose(space);
}

static void list_type(void)
{
    const hid_t type = H5Tvlen_create(H5T_STD_I64LE);
    dataset("x", type, one, H5P_DEFAULT);
    H5Tclose(type);
}

static void fixed_text(void)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, 8);
    dataset("x", type, one, H5P_DEFAULT);
    H5Tclose(type);
}

static void no_units(void)
{
    const hid_t scalar = H5Screate(H5S_SCALAR);
    H5Dclose(H5Dcreate2(file, "x", H5T_STD_I64LE, scalar, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(scalar);
}

static void no_axis(void)
{
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY);
    dataset("x", H5T_STD_I64LE, one, list);
    H5Pclose(list);
}

/* ---- the tests ---- */

static void build(void (*put)(void), bool ordered)
{
    size_t length;
    const hsize_t single = 1;
    const hid_t list = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    if (ordered) {
        assert_true(H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0);
    }
    assert_true(H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110) >= 0);
    one = H5Screate_simple(1, &single, NULL);
    file = H5Fcreate("plain.h5", H5F_ACC_TRUNC, list, access);
    assert_true(file >= 0);
    put();
    assert_true(H5Fclose(file) >= 0);
    H5Sclose(one);
    H5Pclose(access);
    H5Pclose(list);
    unsigned char *bytes = scratch_read("plain.h5", &length);
    seal(bytes, length);
    free(bytes);
}

static void refused(void (*put)(void), bool ordered, const char *why)
{
    struct gw_dataset *read;
    struct gw_error error = {0};
    build(put, ordered);
    assert_int_equal(gw_runfile_read(&read, path, &error), GW_BAD_INPUT);
    assert_null(read);
    if (strstr(error.text, why) == NULL || strchr(error.text, '\n') != NULL) {
        fail_msg("one line with '%s', not: %s", why, error.text);
    }
}

static void the_plain_case_is_read(void **state)
{
    (void)state;
    struct gw_dataset *read;
    build(nothing_wrong, true);
    assert_int_equal(gw_runfile_read(&read, path, NULL), GW_OK);
    assert_int_equal(gw_dataset_array(read, "x")->integers[0], 0);
    gw_dataset_free(read);
}

static void links_are_not_followed(void **state)
{
    (void)state;
    refused(external_link, true, "unknown kind");
    refused(soft_link, true, "unknown kind");
    refused(group, true, "unknown kind");
    refused(group_in_provenance, true, "unknown kind");
    refused(named_type, true, "unknown kind");
    refused(nothing_wrong, false, "cannot be listed");
}

static void foreign_storage_is_not_opened(void **state)
{
    (void)state;
    refused(external_storage, true, "stored in an unknown way");
    refused(virtual_storage, true, "stored in an unknown way");
    refused(another_filter, true, "stored in an unknown way");
}

static void sizes_are_not_believed(void **state)
{
    (void)state;
    refused(thirty_two_tebibytes, true, "impossible size");
    refused(beyond_64_bits, true, "impossible size");
    refused(nine_dimensions, true, "impossible size");
    refused(unlimited, true, "impossible size");
    refused(null_space, true, "impossible size");
}

static void types_are_ours(void **state)
{
    (void)state;
    refused(single_precision, true, "unknown type");
    refused(list_type, true, "unknown type");
    refused(fixed_text, true, "unknown type");
    refused(no_units, true, "units");
    refused(no_axis, true, "axis");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_plain_case_is_read),
        cmocka_unit_test(links_are_not_followed),
        cmocka_unit_test(foreign_storage_is_not_opened),
        cmocka_unit_test(sizes_are_not_believed),
        cmocka_unit_test(types_are_ours),

    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
