/* The inside of a worker, shared by worker.c (memory), bind.c (rules to memory), period.c (time), relations.c
 * (relations that begin), segments.c (books by segment), delivery.c (messages) and team.c (several threads on one
 * population). */
#ifndef GW_ENGINE_WORKER_PRIVATE_H
#define GW_ENGINE_WORKER_PRIVATE_H

#include "engine/audit.h"
#include "engine/snapshot.h"
#include "engine/worker.h"

/* A pointer that moves with the block: *target = base + block * stride + row * step. */
struct gw_mover {
    void **target;
    unsigned char *base;
    size_t stride, step;
};

/* Consumers that go through a period together: of one block of memory and, where books are kept, of one segment. */
struct gw_piece {
    uint32_t first;
    int rows, segment;
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

/* A lever that is set at the beginning of every period: it follows a schedule, or a rule steers it. */
struct gw_scheduled {
    double *target;
    const struct gw_schedule *schedule; /* NULL: none */
    double value;                       /* without a schedule */
};

/* A consumer's tells in this period, waiting to be delivered. */
struct gw_told {
    uint32_t id, first; /* the number of the first message: 0, or GW_TELL_APART */
    int32_t firm, positive, negative;
};

#define GW_KEY_APART 0x80000000u /* in word 2 of the key of draws about encounters that were set apart */
#define GW_TELL_APART 0x100000u  /* messages about those are numbered from here */

/* What the last period left in the inboxes; what is empty need not be cleared. Kept by the leader. */
struct gw_under_way {
    bool messages, announcements;
};

struct gw_settle {
    double *market;
    const struct gw_quantile **tables;
};

/* Columns of the engine itself, at the end of the arena: offsets in bytes, [block][slot][row] like those of rules. */
struct gw_engine_columns {
    size_t positive, negative; /* messages to be heard, uint16 */
    size_t announced;          /* announcements likewise; only where a live rule counts them */
    size_t firm_at;            /* int32; only where K < F */
    size_t candidate;          /* uint32, per consumer; only where K < F */
    size_t counter_bytes;      /* of positive, negative or announced */
    size_t end;
};

struct gw_worker {
    const struct gw_plan *plan;
    struct gw_worker *leader; /* NULL, or whose population this mate works on; it owns only what a block needs */
    struct gw_worker **mate;  /* of a leader */
    int mates;
    struct gw_world *world;
    struct gw_network *own_network;
    const struct gw_network *network;
    uint32_t replication, clock, saved_clock;
    int set; /* values in use; -1: none yet */

    /* State: what a snapshot copies. */
    unsigned char *arena;
    struct gw_snapshot snapshot;
    unsigned char *firm_state, *firm_state_saved;
    struct gw_engine_columns columns;

    /* Scratch of one block. */
    float *scratch, *terms;
    unsigned char *neutral; /* arrays that stand in for columns of rules that are off */
    size_t neutral_bytes;   /* of those in use */
    int32_t *occasions, *at_least;
    int32_t *every_firm;     /* [slot][row] of a block where K = F */
    uint16_t *unannounced;   /* [slot][row] zeros, where nobody counts announcements */
    uint32_t *no_candidates; /* [row] zeros, where K = F */
    struct gw_entries *entries;
    struct gw_announcements announcements;
    struct gw_shoppers *shoppers;
    struct gw_encounters *encounters;
    struct gw_tells *tells;

    /* Binding. */
    struct gw_bound *bound;   /* [rule] */
    struct gw_settle *settle; /* [rule] the writable side of what changes with the values in use */
    void **pointers;          /* storage of all pointer arrays in `bound` */
    double *market;           /* storage of all market arrays in `bound` */
    bool *live_terms;         /* storage of those in `bound` */
    uint32_t *streams;        /* storage of those in `bound` */
    size_t market_numbers;
    struct gw_mover *mover;
    int movers;
    struct gw_consumer_use *use;
    int uses;
    struct gw_consumer_store *store; /* [catalogue] */
    double *lever;                   /* [catalogue index * firms + firm] */
    struct gw_scheduled *scheduled;
    int schedules;
    struct gw_pool tables; /* quantile tables of rules whose shape this world settles */

    /* Books of this period and of the last one. */
    struct gw_books books;
    int64_t *tally, *tally_last, *tally_saved, *account, *cash_saved;
    double *cash_flow;     /* [firm] of the last period, money */
    int64_t *of_segment;   /* [segment][cell, then account] of the focal firm in this period, by consumers */
    int64_t *segment_mark; /* [cell, then account] of the focal firm when the segment was last entered */
    int segment;           /* that is being booked; -1: none */
    struct gw_told *told;
    size_t tellers;
    struct gw_key tell_key;
    struct gw_under_way under_way, under_way_saved;

    struct gw_audit *audit;     /* NULL: writes are not audited */
    struct gw_profile *profile; /* NULL: not measured */
    double profiled;            /* time of the last reading */
    enum gw_phase phase;        /* that the profile is charging */
};

size_t gw_worker_rows(const struct gw_plan *plan); /* consumers, padded to whole blocks */
/* Tells of a period at most: one per consumer, and one about what was set apart. */
size_t gw_worker_tells(const struct gw_plan *plan);
/* n elements of a column's type, all of one value. */
void gw_worker_fill(void *out, enum gw_type type, double value, size_t n);
int gw_worker_bind(struct gw_worker *worker, struct gw_error *error);
void gw_worker_unbind(struct gw_worker *worker);
void gw_worker_bind_piece(struct gw_worker *worker, struct gw_piece piece);
void gw_worker_set_levers(struct gw_worker *worker);
int gw_worker_start_rules(struct gw_worker *worker, struct gw_error *error);

/* segments.c: what is booked between entering a segment and leaving it is the segment's; nothing with one segment. */
size_t gw_worker_segment_cells(const struct gw_plan *plan); /* of all segments; 0 with one */
void gw_worker_open_segments(struct gw_worker *worker);
void gw_worker_enter_segment(struct gw_worker *worker, int segment);
void gw_worker_close_segments(struct gw_worker *worker);

/* relations.c */
/* Firms in the slots, from the row of a consumer on. */
int32_t *gw_worker_firm_at(const struct gw_worker *worker, uint32_t first);
/* Which firms are in the slots of a block before the first period, and their entering. */
void gw_worker_begin_relations(struct gw_worker *worker, struct gw_block *view);
/* What `view->entries` asks for. */
void gw_worker_change_relations(struct gw_worker *worker, struct gw_block *view);

/* delivery.c */
void gw_worker_deliver(struct gw_worker *worker);
void gw_worker_deliver_announcements(struct gw_worker *worker);

/* team.c */
int gw_worker_recruit(struct gw_worker *leader, int mates, struct gw_error *error);
void gw_worker_dismiss(struct gw_worker *leader);
size_t gw_worker_mate_bytes(const struct gw_plan *plan);
/* Mates see the leader's replication, clock and network, under the values in use. */
int gw_worker_brief(struct gw_worker *leader, struct gw_error *error);
/* Calls `work` for every block: by the leader alone, or by all of the team, whose books are added up after. */
void gw_worker_for_blocks(struct gw_worker *leader, void (*work)(struct gw_worker *worker, uint32_t block));

/* worker.c, bind.c: parts of a worker that a mate has too */
bool gw_worker_allocate_bench(struct gw_worker *worker);
void gw_worker_free_bench(struct gw_worker *worker);
int gw_worker_use_market(struct gw_worker *worker, int set, struct gw_error *error);

/* period.c: what a rule's hook or step sees and wrote. */
void gw_worker_as_rule(const struct gw_worker *worker, struct gw_block *view, int rule);
void gw_worker_audit(struct gw_worker *worker, int rule, int phase, int64_t block);

#endif
