/*
 * A dataset as HDF5, in the shape netCDF-4 readers expect; internal to the run file.
 *
 * At the root: every axis as a dimension scale (texts as variable-length UTF-8 strings, numbers as int64), every
 * array with its axes attached, all with the attributes `units` and `long_name`. In /provenance every attribute of
 * the dataset as a scalar string; the short ones also as attributes of the root. No object carries a time: equal
 * datasets give equal bytes. Format V110, whose metadata are checksummed; data chunks are under Fletcher-32.
 */
#ifndef GW_OUTPUT_HDF5_DATASET_H
#define GW_OUTPUT_HDF5_DATASET_H

#include "outcome/dataset.h"

enum { GW_HDF5_MAX_NAME = 255 }; /* bytes of the name of an axis, array or attribute */

/* Why HDF5 failed: an errno where a system call did, and a line of text. */
struct gw_hdf5_reason {
    int number;
    char text[200];
};

/* GW_FAILED when a name or unit of the dataset cannot stand in a run file: see gw_runfile_write(). */
int gw_hdf5_check(const struct gw_dataset *dataset, struct gw_error *error);

/* The file as it would stand on disk, built in memory; release with free(). 0, or -1 and the reason. */
int gw_hdf5_build_image(const struct gw_dataset *dataset, unsigned char **image, size_t *bytes,
                        struct gw_hdf5_reason *reason);

/* The same on disk, for datasets that should not stand in memory twice. After -1 the HDF5 library is in no state
 * to go on with (1.10 was seen to crash when it cleans up after a full disk): leave the process by _exit(). */
int gw_hdf5_build_file(const struct gw_dataset *dataset, const char *path, struct gw_hdf5_reason *reason);

/*
 * Reads what the builders wrote from `file`; `path` is for messages. Refuses whatever they never write: external,
 * virtual and linked storage, other types and filters, and arrays that claim more than deflate could have packed.
 * GW_BAD_INPUT: not such a file; GW_REFUSED: would not fit into memory.
 */
int gw_hdf5_read(struct gw_dataset *dataset, int file, const char *path, struct gw_error *error);

/* Bytes of the dataset's arrays and axes in memory. */
size_t gw_hdf5_raw_bytes(const struct gw_dataset *dataset);

#endif
