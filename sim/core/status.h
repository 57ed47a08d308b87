/*
 * Status codes and error text.
 *
 * Every function that can fail returns one of these codes (0 = success) and, when given a
 * struct gw_error, leaves one line that a user can act on. The library never prints and never
 * exits; only sim/cli does. The codes are also the program's exit codes.
 */
#ifndef GW_CORE_STATUS_H
#define GW_CORE_STATUS_H

enum gw_status {
    GW_OK = 0,
    GW_FAILED = 1,      /* something went wrong that is none of the below */
    GW_BAD_INPUT = 2,   /* bad usage, scenario or data */
    GW_REFUSED = 3,     /* refused: it would not fit into memory */
    GW_IO = 5,          /* reading or writing a file failed */
    GW_STOPPED = 130,   /* interrupted; everything finished is kept */
    GW_TERMINATED = 143 /* the same after SIGTERM */
};

struct gw_error {
    int status;      /* the first failure wins; later ones do not overwrite it */
    char text[4000]; /* UTF-8, no trailing newline; several lines only for scenario errors */
};

/* Records a failure in `error` (may be NULL) unless one is recorded already; returns `status`. */
int gw_fail(struct gw_error *error, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
