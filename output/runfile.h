/*
 * The run file: a dataset on disk, as netCDF-4 compatible HDF5 (see hdf5_dataset.h), complete or absent.
 *
 * Behind the HDF5 file stands a seal of 64 bytes with the SHA-256 of everything before it: a damaged file is known
 * for one before HDF5 looks at it. Readers of HDF5 and netCDF do not mind bytes behind the end; a block in front,
 * which HDF5 permits too, keeps xarray from recognising the file. The seal guards against accidents, not malice:
 * reading refuses whatever a run never writes, but HDF5 1.10 itself can crash on texts forged under a fitting seal,
 * so a file from an untrusted source belongs into a process of its own.
 *
 * Not thread-safe, and to be called outside of parallel regions: large files are built by a child process.
 */
#ifndef GW_OUTPUT_RUNFILE_H
#define GW_OUTPUT_RUNFILE_H

#include "outcome/dataset.h"

#include <stdbool.h>

/*
 * Writes the dataset to `path` by way of `path`.part (see durable.h): the old file stays until the new one is whole.
 * Names of axes, arrays and attributes begin with a letter and hold no slash or space; units of time stand in the
 * singular ("day", "week"), since xarray turns the plural into dates.
 * Up to 256 MiB of data are packed in memory, more of it in a child process straight to disk.
 * GW_BAD_INPUT: `path` exists and `overwrite` is false; GW_REFUSED: out of memory; GW_IO: writing failed, and
 * neither `path` nor its .part was touched or left.
 */
int gw_runfile_write(const char *path, const struct gw_dataset *dataset, bool overwrite, struct gw_error *error);

/* The same with that limit in bytes. */
int gw_runfile_write_within(const char *path, const struct gw_dataset *dataset, bool overwrite, size_t memory_limit,
                            struct gw_error *error);

/* Whether gw_runfile_write() could begin, without writing anything: to be asked before a long run. */
int gw_runfile_check(const char *path, bool overwrite, struct gw_error *error);

/* Reads a run file; release with gw_dataset_free(). GW_BAD_INPUT: not a run file; GW_IO: unreadable or damaged;
 * GW_REFUSED: larger than memory. Cost: one pass for the seal, one for the data. */
int gw_runfile_read(struct gw_dataset **dataset, const char *path, struct gw_error *error);

#endif
