#include "core/memory.h"
#include "output/hdf5_dataset.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFLATE_RATIO = 1100 }; /* deflate packs at most 1032 bytes into one */

struct reader {
    struct gw_dataset *data;
    hid_t file, text; /* open file; variable-length UTF-8 in memory */
    const char *path;
    struct gw_error *error;
};

static void close_id(hid_t id)
{
    if (id >= 0) {
        (void)H5Idec_ref(id);
    }
}

static int refuse(const struct reader *from, const char *name, const char *what)
{
    return gw_fail(from->error, GW_BAD_INPUT, "%s is not a goodwill run file: %s %s", from->path, name, what);
}

static int out_of_memory(const struct reader *from)
{
    return gw_fail(from->error, GW_REFUSED, "%s does not fit into memory", from->path);
}

static bool is_text(hid_t type)
{
    return H5Tis_variable_str(type) > 0 && H5Tget_cset(type) == H5T_CSET_UTF8;
}

/* A scalar text attribute, copied; NULL when there is none of that kind. An empty text is stored as no text. */
static char *text_attribute(const struct reader *from, hid_t object, const char *name)
{
    char *stored = NULL, *copy = NULL;
    const hid_t attribute = H5Aexists(object, name) > 0 ? H5Aopen(object, name, H5P_DEFAULT) : -1;
    const hid_t type = attribute < 0 ? -1 : H5Aget_type(attribute);
    const hid_t space = attribute < 0 ? -1 : H5Aget_space(attribute);
    if (type >= 0 && space >= 0 && is_text(type) && H5Sget_simple_extent_type(space) == H5S_SCALAR &&
        H5Aread(attribute, from->text, &stored) >= 0) {
        copy = gw_copy_text(stored != NULL ? stored : "");
        (void)H5free_memory(stored);
    }
    close_id(space);
    close_id(type);
    close_id(attribute);
    return copy;
}

/* ---- what an object is, before anything of it is read ---- */

struct variable {
    hid_t id, type, space;
    int dims;
    hsize_t shape[GW_MAX_DIMS];
    size_t elements;
    bool text, integers;
    char *unit, *long_name;
};

static void close_variable(struct variable *variable)
{
    close_id(variable->space);
    close_id(variable->type);
    close_id(variable->id);
    free(variable->unit);
    free(variable->long_name);
}

static bool filters_are_ours(hid_t list)
{
    const int filters = H5Pget_nfilters(list);
    for (int i = 0; i < filters; i++) {
        unsigned flags, config;
        size_t values = 0;
        const H5Z_filter_t filter = H5Pget_filter2(list, (unsigned)i, &flags, &values, NULL, 0, NULL, &config);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32) {
            return false;
        }
    }
    return filters >= 0 && filters <= 3;
}

static bool storage_is_ours(hid_t id)
{
    const hid_t list = H5Dget_create_plist(id);
    const H5D_layout_t layout = list < 0 ? H5D_LAYOUT_ERROR : H5Pget_layout(list);
    const bool ours = (layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED) && H5Pget_external_count(list) == 0 &&
                      filters_are_ours(list);
    close_id(list);
    return ours;
}

static bool shape_is_ours(struct variable *variable)
{
    hsize_t most[GW_MAX_DIMS];
    variable->dims = H5Sget_simple_extent_ndims(variable->space);
    if (variable->dims < 0 || variable->dims > GW_MAX_DIMS ||
        H5Sget_simple_extent_dims(variable->space, variable->shape, most) < 0) {
        return false;
    }
    variable->elements = 1;
    for (int d = 0; d < variable->dims; d++) {
        if (most[d] != variable->shape[d] ||
            __builtin_mul_overflow(variable->elements, variable->shape[d], &variable->elements)) {
            return false;
        }
    }
    return H5Sget_simple_extent_type(variable->space) == (variable->dims == 0 ? H5S_SCALAR : H5S_SIMPLE);
}

/* A small file can declare any size; believed is only what its stored bytes could unpack to. */
static bool size_is_credible(const struct variable *variable)
{
    return variable->elements / (DEFLATE_RATIO / sizeof(int64_t)) <= H5Dget_storage_size(variable->id);
}

static bool type_is_ours(struct variable *variable)
{
    variable->text = is_text(variable->type);
    variable->integers = H5Tequal(variable->type, H5T_STD_I64LE) > 0;
    return variable->text || variable->integers || H5Tequal(variable->type, H5T_IEEE_F64LE) > 0;
}

static int open_variable(const struct reader *from, hid_t group, const char *name, struct variable *variable)
{
    *variable = (struct variable){.type = -1, .space = -1};
    variable->id = H5Dopen2(group, name, H5P_DEFAULT);
    if (variable->id < 0) {
        return refuse(from, name, "cannot be opened");
    }
    variable->type = H5Dget_type(variable->id);
    variable->space = H5Dget_space(variable->id);
    if (variable->type < 0 || variable->space < 0 || !type_is_ours(variable)) {
        return refuse(from, name, "is of an unknown type");
    }
    if (!storage_is_ours(variable->id)) {
        return refuse(from, name, "is stored in an unknown way");
    }
    if (!shape_is_ours(variable) || !size_is_credible(variable)) {
        return refuse(from, name, "is of an impossible size");
    }
    return variable->elements > gw_memory_available() / sizeof(int64_t) ? out_of_memory(from) : GW_OK;
}

static int open_described(const struct reader *from, const char *name, struct variable *variable)
{
    int ret = open_variable(from, from->file, name, variable);
    if (ret != 0) {
        return ret;
    }
    variable->unit = text_attribute(from, variable->id, "units");
    variable->long_name = text_attribute(from, variable->id, "long_name");
    return variable->unit == NULL || variable->long_name == NULL ? refuse(from, name, "has no units or long_name")
                                                                 : GW_OK;
}

/* ---- texts ---- */

/* Reads all texts; NULL entries stand for empty ones. Release with free_texts(). */
static char **read_texts(const struct reader *from, const struct variable *variable)
{
    char **texts = calloc(variable->elements + 1, sizeof *texts);
    if (texts != NULL && H5Dread(variable->id, from->text, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0) {
        free(texts);
        return NULL;
    }
    for (size_t i = 0; texts != NULL && i < variable->elements; i++) {
        if (texts[i] == NULL) {
            texts[i] = gw_copy_text("");
        }
    }
    return texts;
}

static void free_texts(const struct variable *variable, char **texts)
{
    for (size_t i = 0; texts != NULL && i < variable->elements; i++) {
        free(texts[i]); /* HDF5 takes them from malloc() unless it is told otherwise */
    }
    free(texts);
}

/* ---- axes ---- */

static int add_axis_of_texts(const struct reader *from, const char *name, const struct variable *variable)
{
    char **labels = read_texts(from, variable);
    if (labels == NULL) {
        return refuse(from, name, "cannot be read");
    }
    const int position = gw_dataset_add_axis(from->data, name, variable->unit, variable->long_name,
                                             variable->elements, (const char *const *)labels, NULL);
    free_texts(variable, labels);
    return position < 0 ? out_of_memory(from) : GW_OK;
}

static int add_axis_of_numbers(const struct reader *from, const char *name, const struct variable *variable)
{
    void *numbers = calloc(variable->elements + 1, sizeof(int64_t));
    int position = -1;
    if (numbers == NULL) {
        return out_of_memory(from);
    }
    const hid_t type = variable->integers ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE;
    if (H5Dread(variable->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) < 0) {
        free(numbers);
        return refuse(from, name, "cannot be read");
    }
    if (variable->integers) {
        position = gw_dataset_add_axis(from->data, name, variable->unit, variable->long_name, variable->elements,
                                       NULL, numbers);
    } else {
        position = gw_dataset_add_real_axis(from->data, name, variable->unit, variable->long_name, variable->elements,
                                            numbers);
    }
    free(numbers);
    return position < 0 ? out_of_memory(from) : GW_OK;
}

static int read_axis(const struct reader *from, const char *name)
{
    struct variable variable;
    int ret = open_described(from, name, &variable);
    if (ret == 0 && variable.dims != 1) {
        ret = refuse(from, name, "is no axis");
    }
    if (ret == 0) {
        ret = variable.text ? add_axis_of_texts(from, name, &variable) : add_axis_of_numbers(from, name, &variable);
    }
    close_variable(&variable);
    return ret;
}

/* ---- arrays ---- */

static herr_t note_scale_name(hid_t array, unsigned dim, hid_t scale, void *context)
{
    (void)array, (void)dim;
    return H5DSget_scale_name(scale, context, GW_HDF5_MAX_NAME + 1) > 0 ? 1 : -1;
}

/* The position of the axis attached to a dimension of the right length, or -1. */
static int attached_axis(const struct reader *from, const struct variable *variable, int dim)
{
    char name[GW_HDF5_MAX_NAME + 1] = "";
    if (H5DSget_num_scales(variable->id, (unsigned)dim) != 1 ||
        H5DSiterate_scales(variable->id, (unsigned)dim, NULL, note_scale_name, name) != 1) {
        return -1;
    }
    const struct gw_axis *axis = gw_dataset_axis(from->data, name);
    return axis != NULL && axis->length == variable->shape[dim] ? (int)(axis - from->data->axis) : -1;
}

static int add_array(const struct reader *from, const char *name, const struct variable *variable)
{
    int axis[GW_MAX_DIMS];
    for (int d = 0; d < variable->dims; d++) {
        axis[d] = attached_axis(from, variable, d);
        if (axis[d] < 0) {
            return refuse(from, name, "lacks an axis");
        }
    }
    const int position = gw_dataset_add_array(from->data, name, variable->unit, variable->long_name,
                                              variable->integers ? GW_INT64 : GW_FLOAT64, variable->dims, axis);
    if (position < 0) {
        return out_of_memory(from);
    }
    const hid_t type = variable->integers ? H5T_NATIVE_INT64 : H5T_NATIVE_DOUBLE;
    void *data = from->data->array[position].data;
    return H5Dread(variable->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0 ? refuse(from, name, "cannot be read")
                                                                                : GW_OK;
}

static int read_array(const struct reader *from, const char *name)
{
    struct variable variable;
    int ret = open_described(from, name, &variable);
    if (ret == 0 && variable.text) {
        ret = refuse(from, name, "is no array of numbers");
    }
    if (ret == 0) {
        ret = add_array(from, name, &variable);
    }
    close_variable(&variable);
    return ret;
}

/* ---- provenance ---- */

static int read_attribute(const struct reader *from, hid_t group, const char *name)
{
    struct variable variable;
    char **texts = NULL;
    int ret = open_variable(from, group, name, &variable);
    if (ret == 0 && (!variable.text || variable.dims != 0)) {
        ret = refuse(from, name, "is no text");
    }
    if (ret == 0) {
        texts = read_texts(from, &variable);
        ret = texts == NULL ? refuse(from, name, "cannot be read") : GW_OK;
    }
    if (ret == 0 && gw_dataset_add_attribute(from->data, name, texts[0]) < 0) {
        ret = out_of_memory(from);
    }
    free_texts(&variable, texts);
    close_variable(&variable);
    return ret;
}

/* ---- the groups ---- */

enum kind { AXIS, ARRAY, PROVENANCE, OTHER };

/* Only links that hold an object of this file itself are followed. */
static enum kind kind_of(hid_t group, const char *name)
{
    H5L_info_t link;
    H5O_info_t object;
    if (H5Lget_info(group, name, &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD ||
        H5Oget_info_by_name2(group, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) < 0) {
        return OTHER;
    }
    if (object.type == H5O_TYPE_GROUP) {
        return strcmp(name, "provenance") == 0 ? PROVENANCE : OTHER;
    }
    if (object.type != H5O_TYPE_DATASET) {
        return OTHER;
    }
    const hid_t id = H5Dopen2(group, name, H5P_DEFAULT);
    const enum kind kind = id < 0 ? OTHER : H5DSis_scale(id) > 0 ? AXIS : ARRAY;
    close_id(id);
    return kind;
}

typedef int read_member(const struct reader *from, hid_t group, const char *name, enum kind kind);

/* Every member of a group, in the order of its creation. */
static int for_members(const struct reader *from, hid_t group, read_member *read)
{
    H5G_info_t info;
    int ret = group < 0 || H5Gget_info(group, &info) < 0 ? refuse(from, "its contents", "cannot be listed") : GW_OK;
    for (hsize_t i = 0; ret == 0 && i < info.nlinks; i++) {
        char name[GW_HDF5_MAX_NAME + 1];
        const ssize_t length =
            H5Lget_name_by_idx(group, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, i, name, sizeof name, H5P_DEFAULT);
        if (length <= 0 || (size_t)length >= sizeof name) {
            return refuse(from, "its contents", "cannot be listed");
        }
        const enum kind kind = kind_of(group, name);
        ret = kind == OTHER ? refuse(from, name, "is of an unknown kind") : read(from, group, name, kind);
    }
    return ret;
}

static int member_of_provenance(const struct reader *from, hid_t group, const char *name, enum kind kind)
{
    return kind != ARRAY ? refuse(from, name, "is no text") : read_attribute(from, group, name);
}

static int axis_of_root(const struct reader *from, hid_t group, const char *name, enum kind kind)
{
    (void)group;
    return kind == AXIS ? read_axis(from, name) : GW_OK;
}

static int other_of_root(const struct reader *from, hid_t group, const char *name, enum kind kind)
{
    if (kind == ARRAY) {
        return read_array(from, name);
    }
    if (kind == PROVENANCE) {
        const hid_t inner = H5Gopen2(group, name, H5P_DEFAULT);
        const int ret = for_members(from, inner, member_of_provenance);
        close_id(inner);
        return ret;
    }
    return GW_OK;
}

static hid_t open_file(int file)
{
    char path[64];
    hid_t id = -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", file); /* the very file that was verified */
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    if (access >= 0 && H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_file_locking(access, false, true) >= 0) {
        id = H5Fopen(path, H5F_ACC_RDONLY, access);
    }
    close_id(access);
    return id;
}

int gw_hdf5_read(struct gw_dataset *dataset, int file, const char *path, struct gw_error *error)
{
    struct reader from = {.data = dataset, .path = path, .error = error};
    (void)H5dont_atexit();
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    (void)H5PLset_loading_state(0);
    int ret = GW_OK;
    from.text = H5Tcopy(H5T_C_S1);
    from.file = open_file(file);
    if (from.file < 0 || from.text < 0 || H5Tset_size(from.text, H5T_VARIABLE) < 0 ||
        H5Tset_cset(from.text, H5T_CSET_UTF8) < 0) {
        ret = refuse(&from, "HDF5", "cannot open it");
        goto out;
    }
    ret = for_members(&from, from.file, axis_of_root);
    if (ret == 0) {
        ret = for_members(&from, from.file, other_of_root);
    }
out:
    close_id(from.text);
    close_id(from.file);
    return ret;
}
