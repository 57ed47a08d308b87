#include "output/hdf5_dataset.h"

#include <ctype.h>
#include <endian.h>
#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_ELEMENTS = 1 << 17, /* 1 MiB of 64-bit words: HDF5's default chunk cache holds one */
    DEFLATE_LEVEL = 4,
    SHORT_TEXT = 200, /* longest attribute that is repeated at the root */
    IMAGE_STEP = 1 << 20
};

struct writer {
    const struct gw_dataset *data;
    hid_t file, text, scalar; /* open file; variable-length UTF-8; dataspace of one value */
    hid_t *scale;             /* of every axis, open */
};

/* Closing can fail too, and often is where HDF5 first writes: an id's closing decides with. */
static int close_id(hid_t id, int ret)
{
    return id < 0 || H5Idec_ref(id) < 0 ? -1 : ret;
}

/* ---- names and units ---- */

/* Names that netCDF, xarray and R all take: a letter or underscore, then no slash, space or control character. */
static bool name_is_plain(const char *name)
{
    const size_t length = strlen(name);
    if (length == 0 || length > GW_HDF5_MAX_NAME || !(isalpha((unsigned char)name[0]) || name[0] == '_')) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)name[i];
        if (c <= ' ' || c == '/' || c == 0x7f) {
            return false;
        }
    }
    return strcmp(name, "provenance") != 0;
}

/* xarray turns variables in these units into durations or dates; the singular ("day") stays a number. */
static bool unit_means_time(const char *unit)
{
    static const char *const plurals[] = {"days",         "hours",        "minutes",    "seconds",
                                          "milliseconds", "microseconds", "nanoseconds"};
    for (size_t i = 0; i < sizeof plurals / sizeof *plurals; i++) {
        if (strcmp(unit, plurals[i]) == 0) {
            return true;
        }
    }
    return strstr(unit, " since ") != NULL;
}

static int check_variable(const char *name, const char *unit, struct gw_error *error)
{
    if (!name_is_plain(name)) {
        return gw_fail(error, GW_FAILED, "'%s' cannot be the name of a variable in a run file", name);
    }
    if (unit_means_time(unit)) {
        return gw_fail(error, GW_FAILED, "%s: readers would take unit '%s' for dates; write it in the singular", name,
                       unit);
    }
    return GW_OK;
}

int gw_hdf5_check(const struct gw_dataset *dataset, struct gw_error *error)
{
    int ret = GW_OK;
    for (int i = 0; i < dataset->axes && ret == 0; i++) {
        ret = check_variable(dataset->axis[i].name, dataset->axis[i].unit, error);
    }
    for (int i = 0; i < dataset->arrays && ret == 0; i++) {
        ret = check_variable(dataset->array[i].name, dataset->array[i].unit, error);
    }
    for (int i = 0; i < dataset->attributes && ret == 0; i++) {
        ret = check_variable(dataset->attribute[i].name, "", error);
    }
    return ret;
}

/* ---- texts ---- */

static int write_text_attribute(const struct writer *to, hid_t object, const char *name, const char *text)
{
    const hid_t attribute = H5Acreate2(object, name, to->text, to->scalar, H5P_DEFAULT, H5P_DEFAULT);
    const int ret = attribute < 0 || H5Awrite(attribute, to->text, &text) < 0 ? -1 : 0;
    return close_id(attribute, ret);
}

static int describe(const struct writer *to, hid_t variable, const char *unit, const char *long_name)
{
    const int ret = write_text_attribute(to, variable, "units", unit);
    return ret != 0 ? ret : write_text_attribute(to, variable, "long_name", long_name);
}

/* ---- variables ---- */

/* About a MiB per chunk: the slowest axes are halved first, so a chunk holds whole rows. */
static void choose_chunk(int dims, const hsize_t *shape, hsize_t *chunk)
{
    hsize_t elements = 1;
    for (int d = 0; d < dims; d++) {
        chunk[d] = shape[d];
        elements *= shape[d];
    }
    for (int d = 0; d < dims; d++) {
        while (elements > CHUNK_ELEMENTS && chunk[d] > 1) {
            elements /= chunk[d];
            chunk[d] = (chunk[d] + 1) / 2;
            elements *= chunk[d];
        }
    }
}

/* Shuffle helps integers; it hurts fractions k/N, whose bytes repeat together. */
static int set_filters(hid_t list, enum gw_data_type type, int dims, const hsize_t *shape)
{
    hsize_t chunk[GW_MAX_DIMS];
    choose_chunk(dims, shape, chunk);
    if (H5Pset_chunk(list, dims, chunk) < 0) {
        return -1;
    }
    if (type == GW_INT64 && H5Pset_shuffle(list) < 0) {
        return -1;
    }
    return H5Pset_deflate(list, DEFLATE_LEVEL) < 0 || H5Pset_fletcher32(list) < 0 ? -1 : 0;
}

/* Creates and fills a variable; its id, or -1. Texts, single values and empty arrays have nothing to compress. */
static hid_t write_variable(const struct writer *to, const char *name, bool filtered, enum gw_data_type type,
                            hid_t stored, hid_t in_memory, int dims, const hsize_t *shape, const void *values)
{
    hid_t variable = -1;
    bool empty = false;
    for (int d = 0; d < dims; d++) {
        empty = empty || shape[d] == 0;
    }
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    const hid_t space = dims == 0 ? H5Scopy(to->scalar) : H5Screate_simple(dims, shape, NULL);
    int ret = list < 0 || space < 0 || H5Pset_obj_track_times(list, false) < 0 ? -1 : 0;
    if (ret == 0 && filtered && dims > 0 && !empty) {
        ret = set_filters(list, type, dims, shape);
    }
    if (ret == 0) {
        variable = H5Dcreate2(to->file, name, stored, space, H5P_DEFAULT, list, H5P_DEFAULT);
        ret = variable < 0 || H5Dwrite(variable, in_memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0 ? -1 : 0;
    }
    ret = close_id(list, ret);
    ret = close_id(space, ret);
    if (ret != 0 && variable >= 0) {
        (void)H5Idec_ref(variable);
    }
    return ret == 0 ? variable : -1;
}

static hid_t write_coordinates(const struct writer *to, const struct gw_axis *axis)
{
    const hsize_t length = axis->length;
    if (axis->labels != NULL) {
        return write_variable(to, axis->name, false, GW_INT64, to->text, to->text, 1, &length, axis->labels);
    }
    if (axis->reals != NULL) {
        return write_variable(to, axis->name, true, GW_FLOAT64, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1, &length,
                              axis->reals);
    }
    return write_variable(to, axis->name, true, GW_INT64, H5T_STD_I64LE, H5T_NATIVE_INT64, 1, &length, axis->values);
}

static int write_axis(const struct writer *to, int position)
{
    const struct gw_axis *axis = &to->data->axis[position];
    const hid_t scale = write_coordinates(to, axis);
    to->scale[position] = scale;
    if (scale < 0 || H5DSset_scale(scale, axis->name) < 0) {
        return -1;
    }
    return describe(to, scale, axis->unit, axis->long_name);
}

static int write_array(const struct writer *to, const struct gw_array *array)
{
    hsize_t shape[GW_MAX_DIMS];
    const bool integers = array->type == GW_INT64;
    for (int d = 0; d < array->dims; d++) {
        shape[d] = to->data->axis[array->axis[d]].length;
    }
    const hid_t variable =
        write_variable(to, array->name, true, array->type, integers ? H5T_STD_I64LE : H5T_IEEE_F64LE,
                       integers ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE, array->dims, shape, array->data);
    int ret = variable < 0 ? -1 : describe(to, variable, array->unit, array->long_name);
    for (int d = 0; d < array->dims && ret == 0; d++) {
        ret = H5DSattach_scale(variable, to->scale[array->axis[d]], (unsigned)d) < 0 ? -1 : 0;
    }
    return close_id(variable, ret);
}

/* ---- provenance ---- */

static int write_provenance_text(const struct writer *to, hid_t group, const struct gw_attribute *attribute)
{
    struct writer in_group = *to;
    in_group.file = group;
    const char *text = attribute->text;
    const hid_t variable =
        write_variable(&in_group, attribute->name, false, GW_INT64, to->text, to->text, 0, NULL, &text);
    return close_id(variable, 0);
}

static int write_provenance(const struct writer *to)
{
    const hid_t list = H5Pcreate(H5P_GROUP_CREATE);
    hid_t group = -1;
    if (list >= 0 && H5Pset_obj_track_times(list, false) >= 0 &&
        H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0) {
        group = H5Gcreate2(to->file, "provenance", H5P_DEFAULT, list, H5P_DEFAULT);
    }
    int ret = group < 0 ? -1 : 0;
    for (int i = 0; i < to->data->attributes && ret == 0; i++) {
        ret = write_provenance_text(to, group, &to->data->attribute[i]);
    }
    ret = close_id(group, ret);
    return close_id(list, ret);
}

static int write_root_attributes(const struct writer *to)
{
    int ret = 0;
    for (int i = 0; i < to->data->attributes && ret == 0; i++) {
        const struct gw_attribute *attribute = &to->data->attribute[i];
        if (strlen(attribute->text) <= SHORT_TEXT && strchr(attribute->text, '\n') == NULL) {
            ret = write_text_attribute(to, to->file, attribute->name, attribute->text);
        }
    }
    return ret;
}

/* ---- the whole file ---- */

static int write_contents(const struct writer *to)
{
    int ret = 0;
    for (int i = 0; i < to->data->axes && ret == 0; i++) {
        ret = write_axis(to, i);
    }
    for (int i = 0; i < to->data->arrays && ret == 0; i++) {
        ret = write_array(to, &to->data->array[i]);
    }
    if (ret == 0) {
        ret = write_root_attributes(to);
    }
    return ret != 0 ? ret : write_provenance(to);
}

static int write_all(const struct gw_dataset *dataset, hid_t file)
{
    struct writer to = {.data = dataset, .file = file, .text = H5Tcopy(H5T_C_S1), .scalar = H5Screate(H5S_SCALAR)};
    int ret = -1;
    to.scale = malloc(((size_t)dataset->axes + 1) * sizeof *to.scale);
    if (to.scale == NULL) {
        goto out;
    }
    for (int i = 0; i < dataset->axes; i++) {
        to.scale[i] = -1;
    }
    if (to.text >= 0 && to.scalar >= 0 && H5Tset_size(to.text, H5T_VARIABLE) >= 0 &&
        H5Tset_cset(to.text, H5T_CSET_UTF8) >= 0) {
        ret = write_contents(&to);
    }
    for (int i = 0; i < dataset->axes; i++) {
        ret = close_id(to.scale[i], ret);
    }
    free(to.scale);
out:
    ret = close_id(to.text, ret);
    return close_id(to.scalar, ret);
}

static hid_t creation_list(void)
{
    const hid_t list = H5Pcreate(H5P_FILE_CREATE);
    if (list < 0 || H5Pset_obj_track_times(list, false) < 0 ||
        H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0) {
        return -1;
    }
    return list;
}

/* V110: checksummed metadata. STRONG: closing the file closes what a failure left open in it. No locks: the .part
 * is ours, and network file systems without locks would refuse. */
static int set_access(hid_t access)
{
    return H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110) < 0 ||
                   H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0 || H5Pset_file_locking(access, false, true) < 0
               ? -1
               : 0;
}

static int create_and_write(const struct gw_dataset *dataset, const char *path, hid_t access)
{
    const hid_t creation = creation_list();
    const hid_t file = creation < 0 ? -1 : H5Fcreate(path, H5F_ACC_TRUNC, creation, access);
    int ret = file < 0 ? -1 : write_all(dataset, file);
    if (file >= 0 && H5Fclose(file) < 0) {
        ret = -1;
    }
    return close_id(creation, ret);
}

/* ---- errors ---- */

/* The innermost entry comes first; a failed system call shows as "errno = N" in its text. */
static herr_t note_entry(unsigned depth, const H5E_error2_t *entry, void *context)
{
    struct gw_hdf5_reason *reason = context;
    const char *text = entry->desc != NULL ? entry->desc : "";
    const char *number = strstr(text, "errno = ");
    if (number != NULL && reason->number == 0) {
        reason->number = (int)strtol(number + strlen("errno = "), NULL, 10);
        snprintf(reason->text, sizeof reason->text, "%s", strerror(reason->number));
    } else if (depth == 0 && reason->text[0] == '\0') {
        snprintf(reason->text, sizeof reason->text, "HDF5: %.*s", (int)strcspn(text, "\n"), text);
    }
    return 0;
}

/* Called by HDF5 as a call fails: the next call, be it the closing of an id, clears the stack. */
static herr_t note_failure(hid_t stack, void *reason)
{
    return H5Ewalk2(stack, H5E_WALK_UPWARD, note_entry, reason);
}

/* Cleaning up is ours: H5close() at exit crashes when a write has failed. Errors are noted, never printed. */
static void begin_library(struct gw_hdf5_reason *reason)
{
    *reason = (struct gw_hdf5_reason){0};
    (void)H5dont_atexit();
    (void)H5Eset_auto2(H5E_DEFAULT, note_failure, reason);
}

static void end_library(int ret, struct gw_hdf5_reason *reason)
{
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    if (ret != 0 && reason->text[0] == '\0') {
        snprintf(reason->text, sizeof reason->text, "out of memory");
    }
}

int gw_hdf5_build_file(const struct gw_dataset *dataset, const char *path, struct gw_hdf5_reason *reason)
{
    begin_library(reason);
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    int ret = access < 0 ? -1 : set_access(access);
    if (ret == 0) {
        ret = create_and_write(dataset, path, access);
    }
    ret = close_id(access, ret);
    end_library(ret, reason);
    return ret;
}

/* ---- image in memory: the core driver grows and gives back its buffer through these ---- */

struct image {
    unsigned char *bytes; /* set aside before HDF5 starts, so that running out of memory is met outside of it */
    size_t capacity;
};

static void *image_resize(void *old, size_t size, H5FD_file_image_op_t operation, void *context)
{
    struct image *image = context;
    (void)old, (void)operation;
    if (size > image->capacity) {
        unsigned char *more = realloc(image->bytes, size);
        if (more == NULL) {
            return NULL;
        }
        image->bytes = more;
        image->capacity = size;
    }
    return image->bytes;
}

static void *image_create(size_t size, H5FD_file_image_op_t operation, void *context)
{
    return image_resize(NULL, size, operation, context);
}

static void *image_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t operation, void *context)
{
    (void)operation, (void)context;
    return memcpy(to, from, size);
}

static herr_t image_keep(void *bytes, H5FD_file_image_op_t operation, void *context)
{
    (void)bytes, (void)operation, (void)context;
    return 0;
}

static void *context_share(void *context)
{
    return context;
}

static herr_t context_keep(void *context)
{
    (void)context;
    return 0;
}

static int set_image(hid_t access, struct image *image)
{
    H5FD_file_image_callbacks_t callbacks = {.image_malloc = image_create,
                                             .image_memcpy = image_copy,
                                             .image_realloc = image_resize,
                                             .image_free = image_keep,
                                             .udata_copy = context_share,
                                             .udata_free = context_keep,
                                             .udata = image};
    return H5Pset_fapl_core(access, IMAGE_STEP, false) < 0 || H5Pset_file_image_callbacks(access, &callbacks) < 0 ? -1
                                                                                                                  : 0;
}

/* The buffer is longer than the file, whose end stands in the superblock (versions 2 and 3) at byte 28. */
static size_t image_end(const struct image *image)
{
    uint64_t end;
    memcpy(&end, image->bytes + 28, sizeof end);
    end = le64toh(end);
    return image->bytes[8] >= 2 && end <= image->capacity ? (size_t)end : 0;
}

size_t gw_hdf5_raw_bytes(const struct gw_dataset *dataset)
{
    size_t bytes = 0;
    for (int i = 0; i < dataset->axes; i++) {
        const struct gw_axis *axis = &dataset->axis[i];
        bytes += axis->length * sizeof(int64_t);
        for (size_t k = 0; axis->labels != NULL && k < axis->length; k++) {
            bytes += strlen(axis->labels[k]) + 40;
        }
    }
    for (int i = 0; i < dataset->arrays; i++) {
        bytes += gw_array_length(dataset, &dataset->array[i]) * sizeof(int64_t);
    }
    return bytes;
}

/* More than the file will need: raw data, texts and 16 KiB for every object. Untouched pages cost nothing. */
static size_t image_estimate(const struct gw_dataset *dataset)
{
    size_t bytes = gw_hdf5_raw_bytes(dataset) + IMAGE_STEP;
    for (int i = 0; i < dataset->attributes; i++) {
        bytes += 2 * strlen(dataset->attribute[i].text);
    }
    return bytes + (size_t)(dataset->axes + dataset->arrays + dataset->attributes) * 16384 + IMAGE_STEP;
}

int gw_hdf5_build_image(const struct gw_dataset *dataset, unsigned char **image, size_t *bytes,
                        struct gw_hdf5_reason *reason)
{
    struct image built = {.capacity = image_estimate(dataset)};
    int ret = -1;
    *image = NULL;
    begin_library(reason);
    built.bytes = malloc(built.capacity);
    if (built.bytes != NULL) {
        const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
        ret = set_access(access) != 0 || set_image(access, &built) != 0 ? -1 : 0;
        ret = ret != 0 ? ret : create_and_write(dataset, "image", access);
        ret = close_id(access, ret);
    }
    *bytes = ret == 0 ? image_end(&built) : 0;
    if (*bytes == 0) {
        ret = -1;
        free(built.bytes);
    } else {
        *image = built.bytes;
    }
    end_library(ret, reason);
    return ret;
}
