/*
 * The plan: a scenario turned into what every thread needs and none changes - which rules run, in which order,
 * where their columns and tallies lie, the network and the quantile tables.
 *
 * A rule is live, and then runs under every strategy, unless all its parameters are at their off values under the
 * base and every strategy. Ownership: gw_plan_free() releases everything; the scenario is borrowed.
 */
#ifndef GW_ENGINE_PLAN_H
#define GW_ENGINE_PLAN_H

#include "models/registry.h"
#include "outcome/layout.h"
#include "scenario/scenario.h"
#include "world/connect.h"
#include "world/controls.h"

struct gw_plan_step {
    int rule;
    const struct gw_step *step;
};

/* A column as laid out: persistent ones in the arena, [block][slot][row]; the others elsewhere. */
struct gw_plan_column {
    const struct gw_column *column;
    int rule;
    size_t offset;     /* PER_CONSUMER, PER_RELATION: bytes into the arena; PER_FIRM: into the firm state */
    size_t block_size; /* bytes of one block; 0 for PER_ENCOUNTER and PER_FIRM */
    int scratch;       /* PER_ENCOUNTER: number of the scratch array */
};

struct gw_plan_term {
    const struct gw_term *term;
    size_t offset; /* in floats */
    bool live;     /* a live rule adds to it; the others stay 0 */
};

struct gw_plan_options {
    enum gw_isa isa;
    bool keep_off_rules;          /* tests: schedule rules although they are off */
    const struct gw_pool *tables; /* quantile tables made already, which live longer than the plan; or NULL */
    bool connect_later; /* leave the shared network to gw_plan_connect(): what a run needs is known without it */
    bool audit_writes;  /* tests: check after each step that it wrote only what its rule owns */
    bool reverse_order; /* tests: within a phase, steps that are not `terms` in the reverse order of names */
};

struct gw_plan {
    const struct gw_scenario *scenario;
    struct gw_plan_options options;
    const struct gw_rule *const *rules; /* all, by registry position */
    bool *live;                         /* [rule] */
    struct gw_plan_step *step;          /* in the order of execution, [first[phase] ... first[phase + 1]) */
    int first[GW_PHASES + 1];
    int first_plain[GW_PHASES]; /* the first step of the phase that is not `terms` */
    int relations;              /* K: slots of a consumer */
    bool every_firm;            /* K = F: slot = firm */
    bool announces;             /* a live rule counts announcements */
    int columns, scratch_columns, terms, tallies, cells, postings;
    struct gw_plan_column *column;
    struct gw_plan_term *term;
    size_t term_floats; /* all accumulators of a block */
    struct gw_layout_tally *tally;
    const struct gw_posting **posting;
    int32_t *tally_cell; /* [tally] */
    bool *watched;       /* [tally] by a live rule */
    int *column_of_rule; /* [rule] first column, -1 when the rule is not live */
    int *term_of_rule, *tally_of_rule, *posting_of_rule;
    uint32_t blocks;             /* of GW_BLOCK consumers */
    size_t arena_bytes;          /* persistent columns of all consumers */
    size_t firm_bytes;           /* PER_FIRM columns */
    struct gw_network *network;  /* shared; NULL when drawn anew in every replication */
    struct gw_key network_key;   /* stream of a shared network */
    struct gw_controls controls; /* control variates, where they are asked for */
    struct gw_pool pool;         /* quantile tables that hold in every world */
};

int gw_plan_create(struct gw_plan **plan, const struct gw_scenario *scenario, struct gw_plan_options options,
                   struct gw_error *error);
void gw_plan_free(struct gw_plan *plan);

/* Makes the shared network of a plan created with `connect_later`; does nothing where there is nothing left to do. */
int gw_plan_connect(struct gw_plan *plan, struct gw_error *error);

/* Whether all replications share one network, and the bytes it takes, made or not; 0 when it is not shared. */
bool gw_plan_shares_network(const struct gw_plan *plan);
size_t gw_plan_network_bytes(const struct gw_plan *plan);

/* Rules' own checks of the values of every strategy; GW_BAD_INPUT with their message. */
int gw_plan_check_values(const struct gw_plan *plan, struct gw_error *error);

/* Position of a live column, of an accumulator or of a tally by name; -1 when there is none. */
int gw_plan_column_find(const struct gw_plan *plan, const char *name);
int gw_plan_term_find(const struct gw_plan *plan, const char *name);
int gw_plan_tally_find(const struct gw_plan *plan, const char *name);
/* Whether a live rule steers the lever. */
bool gw_plan_steered(const struct gw_plan *plan, const char *lever);

/* The shape of a replication's record. */
void gw_plan_layout(const struct gw_plan *plan, struct gw_layout *layout);

#endif
