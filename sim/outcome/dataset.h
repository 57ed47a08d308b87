/*
 * A dataset: labelled arrays in memory. What a run leaves is one of these; the run file is its image on disk,
 * and summary, figures and fingerprint see nothing else.
 */
#ifndef GW_OUTCOME_DATASET_H
#define GW_OUTCOME_DATASET_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GW_MAX_DIMS = 8 };

struct gw_axis {
    char *name; /* "strategy", "replication", "period", "sign", ... */
    char *unit; /* "1", "week", ... */
    char *long_name;
    size_t length;
    char **labels; /* one of the three, the others NULL: texts, integers, or reals */
    int64_t *values;
    double *reals;
};

enum gw_data_type { GW_INT64, GW_FLOAT64 };

struct gw_array {
    char *name, *unit, *long_name;
    enum gw_data_type type;
    int dims;
    int axis[GW_MAX_DIMS]; /* positions in the dataset, slowest first */
    union {
        int64_t *integers;
        double *reals;
        void *data;
    };
};

struct gw_attribute {
    char *name, *text;
};

struct gw_dataset {
    int axes, arrays, attributes;
    struct gw_axis *axis;
    struct gw_array *array;
    struct gw_attribute *attribute; /* provenance: scenario, resolved, seed, version, compiler, cpu, status ... */
};

int gw_dataset_create(struct gw_dataset **dataset, struct gw_error *error);
void gw_dataset_free(struct gw_dataset *dataset);

/* All copy what they are given. Return the new position, or -1 when memory is short; a name already taken (axes and
 * arrays share one space), an axis that does not exist and a size beyond 64 bits count as that too. An axis without
 * labels and values is numbered 0, 1, 2, ... A pointer from gw_dataset_array() holds until the next array is added.
 */
int gw_dataset_add_axis(struct gw_dataset *dataset, const char *name, const char *unit, const char *long_name,
                        size_t length, const char *const *labels, const int64_t *values);
/* An axis of real numbers, such as the values that a parameter takes in a sweep. */
int gw_dataset_add_real_axis(struct gw_dataset *dataset, const char *name, const char *unit, const char *long_name,
                             size_t length, const double *reals);
int gw_dataset_add_array(struct gw_dataset *dataset, const char *name, const char *unit, const char *long_name,
                         enum gw_data_type type, int dims, const int *axis); /* zeroed data */
int gw_dataset_add_attribute(struct gw_dataset *dataset, const char *name, const char *text);

const struct gw_axis *gw_dataset_axis(const struct gw_dataset *dataset, const char *name);
const struct gw_array *gw_dataset_array(const struct gw_dataset *dataset, const char *name); /* NULL: none */
const char *gw_dataset_attribute(const struct gw_dataset *dataset, const char *name);
/* Whether an attribute is there with this very text. */
bool gw_dataset_says(const struct gw_dataset *dataset, const char *attribute, const char *text);
size_t gw_array_length(const struct gw_dataset *dataset, const struct gw_array *array); /* elements */

/* SHA-256 over names, axes, labels and data of all arrays in order of their names (not attributes: times and
 * hosts must not matter). 64 hex digits and a NUL. Arrays are hashed as little-endian 64-bit words. */
int gw_dataset_fingerprint(const struct gw_dataset *dataset, char hex[65], struct gw_error *error);

#endif
