#include "outcome/dataset.h"

#include "core/memory.h"

#include <endian.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>

int gw_dataset_create(struct gw_dataset **dataset, struct gw_error *error)
{
    *dataset = calloc(1, sizeof **dataset);
    return *dataset == NULL ? gw_fail(error, GW_REFUSED, "out of memory for a dataset") : GW_OK;
}

static void free_axis(struct gw_axis *axis)
{
    if (axis->labels != NULL) {
        for (size_t i = 0; i < axis->length; i++) {
            free(axis->labels[i]);
        }
    }
    free(axis->labels);
    free(axis->values);
    free(axis->reals);
    free(axis->name);
    free(axis->unit);
    free(axis->long_name);
}

static void free_array(struct gw_array *array)
{
    gw_free(array->data);
    free(array->name);
    free(array->unit);
    free(array->long_name);
}

void gw_dataset_free(struct gw_dataset *dataset)
{
    if (dataset == NULL) {
        return;
    }
    for (int i = 0; i < dataset->axes; i++) {
        free_axis(&dataset->axis[i]);
    }
    for (int i = 0; i < dataset->arrays; i++) {
        free_array(&dataset->array[i]);
    }
    for (int i = 0; i < dataset->attributes; i++) {
        free(dataset->attribute[i].name);
        free(dataset->attribute[i].text);
    }
    free(dataset->axis);
    free(dataset->array);
    free(dataset->attribute);
    free(dataset);
}

/* calloc that never returns NULL for a length of zero. */
static void *zeroed(size_t length, size_t size)
{
    return calloc(length > 0 ? length : 1, size);
}

static int copy_labels(struct gw_axis *axis, const char *const *labels)
{
    axis->labels = zeroed(axis->length, sizeof *axis->labels);
    if (axis->labels == NULL) {
        return -1;
    }
    for (size_t i = 0; i < axis->length; i++) {
        axis->labels[i] = gw_copy_text(labels[i]);
        if (axis->labels[i] == NULL) {
            return -1;
        }
    }
    return 0;
}

static int copy_values(struct gw_axis *axis, const int64_t *values)
{
    axis->values = zeroed(axis->length, sizeof *axis->values);
    if (axis->values == NULL) {
        return -1;
    }
    for (size_t i = 0; i < axis->length; i++) {
        axis->values[i] = values != NULL ? values[i] : (int64_t)i;
    }
    return 0;
}

static int copy_reals(struct gw_axis *axis, const double *reals)
{
    axis->reals = zeroed(axis->length, sizeof *axis->reals);
    if (axis->reals == NULL) {
        return -1;
    }
    if (axis->length > 0) {
        memcpy(axis->reals, reals, axis->length * sizeof *axis->reals);
    }
    return 0;
}

static int name_is_taken(const struct gw_dataset *dataset, const char *name)
{
    return gw_dataset_axis(dataset, name) != NULL || gw_dataset_array(dataset, name) != NULL;
}

static struct gw_axis named_axis(const char *name, const char *unit, const char *long_name, size_t length)
{
    return (struct gw_axis){.name = gw_copy_text(name),
                            .unit = gw_copy_text(unit),
                            .long_name = gw_copy_text(long_name),
                            .length = length};
}

/* Takes over the axis, whose coordinates were copied when `ret` is 0. */
static int take_axis(struct gw_dataset *dataset, struct gw_axis *axis, int ret)
{
    struct gw_axis *all = NULL;
    if (ret == 0 && axis->name != NULL && axis->unit != NULL && axis->long_name != NULL &&
        !name_is_taken(dataset, axis->name)) {
        all = reallocarray(dataset->axis, (size_t)dataset->axes + 1, sizeof *all);
    }
    if (all == NULL) {
        free_axis(axis);
        return -1;
    }
    dataset->axis = all;
    all[dataset->axes] = *axis;
    return dataset->axes++;
}

int gw_dataset_add_axis(struct gw_dataset *dataset, const char *name, const char *unit, const char *long_name,
                        size_t length, const char *const *labels, const int64_t *values)
{
    struct gw_axis axis = named_axis(name, unit, long_name, length);
    const int ret = labels != NULL ? copy_labels(&axis, labels) : copy_values(&axis, values);
    return take_axis(dataset, &axis, ret);
}

int gw_dataset_add_real_axis(struct gw_dataset *dataset, const char *name, const char *unit, const char *long_name,
                             size_t length, const double *reals)
{
    struct gw_axis axis = named_axis(name, unit, long_name, length);
    const int ret = copy_reals(&axis, reals);
    return take_axis(dataset, &axis, ret);
}

/* Elements of an array over these axes; -1 when an axis does not exist or the product overflows. */
static int count_elements(const struct gw_dataset *dataset, int dims, const int *axis, size_t *elements)
{
    *elements = 1;
    if (dims < 0 || dims > GW_MAX_DIMS) {
        return -1;
    }
    for (int d = 0; d < dims; d++) {
        if (axis[d] < 0 || axis[d] >= dataset->axes ||
            __builtin_mul_overflow(*elements, dataset->axis[axis[d]].length, elements)) {
            return -1;
        }
    }
    return 0;
}

int gw_dataset_add_array(struct gw_dataset *dataset, const char *name, const char *unit, const char *long_name,
                         enum gw_data_type type, int dims, const int *axis)
{
    size_t elements;
    if (name_is_taken(dataset, name) || count_elements(dataset, dims, axis, &elements) != 0) {
        return -1;
    }
    struct gw_array array = {.name = gw_copy_text(name),
                             .unit = gw_copy_text(unit),
                             .long_name = gw_copy_text(long_name),
                             .type = type,
                             .dims = dims,
                             .data = gw_alloc(elements, sizeof(uint64_t))};
    for (int d = 0; d < dims; d++) {
        array.axis[d] = axis[d];
    }
    struct gw_array *all = reallocarray(dataset->array, (size_t)dataset->arrays + 1, sizeof *all);
    dataset->array = all != NULL ? all : dataset->array;
    if (all == NULL || array.name == NULL || array.unit == NULL || array.long_name == NULL || array.data == NULL) {
        free_array(&array);
        return -1;
    }
    all[dataset->arrays] = array;
    return dataset->arrays++;
}

int gw_dataset_add_attribute(struct gw_dataset *dataset, const char *name, const char *text)
{
    if (gw_dataset_attribute(dataset, name) != NULL) {
        return -1;
    }
    struct gw_attribute attribute = {gw_copy_text(name), gw_copy_text(text)};
    struct gw_attribute *all = reallocarray(dataset->attribute, (size_t)dataset->attributes + 1, sizeof *all);
    dataset->attribute = all != NULL ? all : dataset->attribute;
    if (all == NULL || attribute.name == NULL || attribute.text == NULL) {
        free(attribute.name);
        free(attribute.text);
        return -1;
    }
    all[dataset->attributes] = attribute;
    return dataset->attributes++;
}

const struct gw_axis *gw_dataset_axis(const struct gw_dataset *dataset, const char *name)
{
    for (int i = 0; i < dataset->axes; i++) {
        if (strcmp(dataset->axis[i].name, name) == 0) {
            return &dataset->axis[i];
        }
    }
    return NULL;
}

const struct gw_array *gw_dataset_array(const struct gw_dataset *dataset, const char *name)
{
    for (int i = 0; i < dataset->arrays; i++) {
        if (strcmp(dataset->array[i].name, name) == 0) {
            return &dataset->array[i];
        }
    }
    return NULL;
}

const char *gw_dataset_attribute(const struct gw_dataset *dataset, const char *name)
{
    for (int i = 0; i < dataset->attributes; i++) {
        if (strcmp(dataset->attribute[i].name, name) == 0) {
            return dataset->attribute[i].text;
        }
    }
    return NULL;
}

bool gw_dataset_says(const struct gw_dataset *dataset, const char *attribute, const char *text)
{
    const char *found = gw_dataset_attribute(dataset, attribute);
    return found != NULL && strcmp(found, text) == 0;
}

size_t gw_array_length(const struct gw_dataset *dataset, const struct gw_array *array)
{
    size_t elements;
    return count_elements(dataset, array->dims, array->axis, &elements) == 0 ? elements : 0;
}

/* Everything enters the hash as little-endian 64-bit words; texts are preceded by their length and lists by
 * their count, so that no two datasets spell the same stream. */

static void hash_words(struct sha256_ctx *hash, const uint64_t *words, size_t count)
{
    uint64_t block[512];
    while (count > 0) {
        const size_t n = count < 512 ? count : 512;
        for (size_t i = 0; i < n; i++) {
            block[i] = htole64(words[i]);
        }
        sha256_update(hash, n * sizeof *block, (const uint8_t *)block);
        words += n;
        count -= n;
    }
}

static void hash_number(struct sha256_ctx *hash, uint64_t number)
{
    hash_words(hash, &number, 1);
}

static void hash_text(struct sha256_ctx *hash, const char *text)
{
    const size_t length = strlen(text);
    hash_number(hash, length);
    sha256_update(hash, length, (const uint8_t *)text);
}

static void hash_axis(struct sha256_ctx *hash, const struct gw_axis *axis)
{
    hash_text(hash, axis->name);
    hash_number(hash, axis->labels != NULL ? 1 : axis->reals != NULL ? 2 : 0);
    hash_number(hash, axis->length);
    if (axis->reals != NULL) {
        hash_words(hash, (const uint64_t *)(const void *)axis->reals, axis->length);
        return;
    }
    for (size_t i = 0; i < axis->length; i++) {
        if (axis->labels != NULL) {
            hash_text(hash, axis->labels[i]);
        } else {
            hash_number(hash, (uint64_t)axis->values[i]);
        }
    }
}

static void hash_array(struct sha256_ctx *hash, const struct gw_dataset *dataset, const struct gw_array *array)
{
    hash_text(hash, array->name);
    hash_number(hash, array->type);
    hash_number(hash, (uint64_t)array->dims);
    for (int d = 0; d < array->dims; d++) {
        hash_axis(hash, &dataset->axis[array->axis[d]]);
    }
    hash_words(hash, array->data, gw_array_length(dataset, array));
}

static int by_name(const void *left, const void *right)
{
    const struct gw_array *const *a = left, *const *b = right;
    return strcmp((*a)->name, (*b)->name);
}

static void write_hex(const uint8_t digest[SHA256_DIGEST_SIZE], char hex[65])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < SHA256_DIGEST_SIZE; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * SHA256_DIGEST_SIZE] = '\0';
}

int gw_dataset_fingerprint(const struct gw_dataset *dataset, char hex[65], struct gw_error *error)
{
    struct sha256_ctx hash;
    uint8_t digest[SHA256_DIGEST_SIZE];
    const struct gw_array **sorted = zeroed((size_t)dataset->arrays, sizeof *sorted);
    if (sorted == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a fingerprint");
    }
    for (int i = 0; i < dataset->arrays; i++) {
        sorted[i] = &dataset->array[i];
    }
    qsort(sorted, (size_t)dataset->arrays, sizeof *sorted, by_name);
    sha256_init(&hash);
    hash_number(&hash, (uint64_t)dataset->arrays);
    for (int i = 0; i < dataset->arrays; i++) {
        hash_array(&hash, dataset, sorted[i]);
    }
    sha256_digest(&hash, sizeof digest, digest);
    write_hex(digest, hex);
    free(sorted);
    return GW_OK;
}
