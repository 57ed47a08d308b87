/*
 * The journal: what carries a run until its file is published.
 *
 * An append-only file with one record of fixed size per finished replication, each under a CRC-32 checksum. A killed
 * process loses at most the record it was writing, a machine without power at most the last half second as well.
 * The header names the scenario by its hash, so that records of another scenario are never taken for this one's.
 *
 * Layout, little-endian. Header (72 bytes): magic (24), bytes per payload (8), scenario hash (32), CRC-32 of these
 * (4), zero (4). Record: replication (8), payload bytes (8), CRC-32 of both and the payload (4), zero (4), payload.
 * Records lie at multiples of their size after the header, so a damaged one costs only itself.
 *
 * One process at a time: the file is locked while it is open. Not thread-safe: the caller serialises.
 */
#ifndef GW_OUTPUT_JOURNAL_H
#define GW_OUTPUT_JOURNAL_H

#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

struct gw_journal;

struct gw_journal_header {
    unsigned char scenario[32]; /* SHA-256 of everything that fixes the results: resolved scenario, layout, seed */
    uint64_t record_bytes;      /* payload of every record */
};

/* Called once per intact record, in the order of writing; non-zero ends the reading and is returned. A replication
 * may come twice when it was simulated again after damage: both copies hold the same bits. */
typedef int gw_journal_visit(void *context, uint64_t replication, const void *payload, size_t bytes);

/* A new, empty journal. GW_BAD_INPUT when one exists already: it holds an unfinished run. Owned: gw_journal_close().
 */
int gw_journal_create(struct gw_journal **journal, const char *path, const struct gw_journal_header *header,
                      struct gw_error *error);

/*
 * Opens an existing journal, hands every intact record to `on_record`, cuts off a torn tail and stands ready to
 * append. GW_BAD_INPUT: there is none, it is not a journal, or it belongs to another scenario; nothing is changed
 * then. GW_IO: in use by another process, header damaged, or reading failed. Cost: one pass over the file.
 */
int gw_journal_resume(struct gw_journal **journal, const char *path, const struct gw_journal_header *header,
                      gw_journal_visit *on_record, void *context, struct gw_error *error);

/* Appends one record; `bytes` must be the header's. Brought to disk at most every half second. After GW_IO the
 * journal still holds every earlier record and may be appended to again. */
int gw_journal_append(struct gw_journal *journal, uint64_t replication, const void *payload, size_t bytes,
                      struct gw_error *error);

/* Brings the journal to disk and releases it, whatever it returns. NULL is nothing to close. */
int gw_journal_close(struct gw_journal *journal, struct gw_error *error);

/* Removes a journal nobody has open, once its run file is published or its run is given up. None there: GW_OK. */
int gw_journal_remove(const char *path, struct gw_error *error);

#endif
