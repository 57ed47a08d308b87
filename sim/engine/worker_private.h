/* The inside of a worker, shared by worker.c (memory), bind.c (rules to memory), period.c (time) and
 * delivery.c (messages). */
#ifndef GW_ENGINE_WORKER_PRIVATE_H
#define GW_ENGINE_WORKER_PRIVATE_H

#include "engine/audit.h"
#include "engine/worker.h"

/* A pointer that moves with the block: *target = base + block * stride. */
struct gw_mover {
    void **target;
    unsigned char *base;
    size_t stride;
};

/* A consumer parameter of a live rule, where it is needed and how it is stored. */
struct gw_consumer_use {
    int parameter;        /* catalogue index */
    const float **target; /* in a gw_bound */
};

struct gw_consumer_store {
    float *column;   /* one value per consumer when some segment varies; else NULL */
    float *constant; /* [segment][GW_BLOCK] when none does */
    float *mixed;    /* [GW_BLOCK] for a block with more than one segment */
    bool used;
    bool per_consumer; /* read `column`, not `constant` */
};

/* A lever that follows a schedule under the values in use. */
struct gw_scheduled {
    double *target;
    const struct gw_schedule *schedule;
};

/* A consumer's tells in this period, waiting to be delivered. */
struct gw_told {
    uint32_t id;
    int32_t firm, positive, negative;
};

struct gw_settle {
    double *market;
    const struct gw_quantile **tables;
};

struct gw_worker {
    const struct gw_plan *plan;
    struct gw_world *world;
    struct gw_network *own_network;
    const struct gw_network *network;
    uint32_t replication, clock, saved_clock;
    int set; /* values in use; -1: none yet */

    /* State: what a snapshot copies. */
    unsigned char *arena, *arena_saved;
    unsigned char *firm_state, *firm_state_saved;
    size_t inbox_offset; /* in the arena: positive counts, then negative */
    size_t inbox_bytes;  /* of one of the two */

    /* Scratch of one block. */
    float *scratch, *terms;
    unsigned char *neutral; /* arrays that stand in for columns of rules that are off */
    size_t neutral_bytes;   /* of those in use */
    int32_t *firm_at, *occasions, *at_least;
    struct gw_shoppers *shoppers;
    struct gw_encounters *encounters;
    struct gw_tells *tells;

    /* Binding. */
    struct gw_bound *bound;   /* [rule] */
    struct gw_settle *settle; /* [rule] the writable side of what changes with the values in use */
    void **pointers;          /* storage of all pointer arrays in `bound` */
    double *market;           /* storage of all market arrays in `bound` */
    size_t market_numbers;
    struct gw_mover *mover;
    int movers;
    struct gw_consumer_use *use;
    int uses;
    struct gw_consumer_store *store; /* [catalogue] */
    double *lever;                   /* [catalogue index * GW_MAX_RELATIONS + firm] */
    struct gw_scheduled *scheduled;
    int schedules;
    struct gw_pool tables; /* quantile tables of rules whose shape this world settles */

    /* Books of this period and of the last one. */
    struct gw_books books;
    int64_t *tally, *tally_last, *tally_saved, *account;
    struct gw_told *told;
    size_t tellers;
    struct gw_key tell_key;

    struct gw_audit *audit; /* NULL: writes are not audited */
    double *profile;        /* [rule], then the engine; NULL: not measured */
    double profiled;        /* time of the last reading */
};

size_t gw_worker_rows(const struct gw_plan *plan); /* consumers, padded to whole blocks */
/* n elements of a column's type, all of one value. */
void gw_worker_fill(void *out, enum gw_type type, double value, size_t n);
int gw_worker_bind(struct gw_worker *worker, struct gw_error *error);
void gw_worker_unbind(struct gw_worker *worker);
void gw_worker_bind_block(struct gw_worker *worker, uint32_t block);
void gw_worker_set_levers(struct gw_worker *worker);
int gw_worker_start_rules(struct gw_worker *worker, struct gw_error *error);
void gw_worker_deliver(struct gw_worker *worker);

#endif
