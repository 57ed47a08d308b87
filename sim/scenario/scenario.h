/*
 * A scenario: validated, resolved, immutable. YAML text goes in, numbers indexed by the catalogue come out.
 *
 * Ownership: everything hangs on the struct and is released by gw_scenario_free(). Strings are UTF-8.
 */
#ifndef GW_SCENARIO_SCENARIO_H
#define GW_SCENARIO_SCENARIO_H

#include "core/quantile.h"
#include "core/status.h"
#include "scenario/experiment.h"
#include "scenario/lesson.h"
#include "scenario/precision.h"
#include "scenario/reduction.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gw_period_unit { GW_DAY, GW_WEEK, GW_MONTH };

/* How a number varies. */
enum gw_variation { GW_LITERAL, GW_VARY, GW_UNCERTAIN, GW_SCHEDULE };

/* A distribution whose own numbers may be uncertain (then `world` holds their distribution). */
struct gw_spread {
    struct gw_distribution distribution;
    struct gw_distribution world[3]; /* family GW_NO_FAMILY: the number is known */
};

/* A lever over time: `start` until the first change; change k moves linearly from the value before it at the
 * beginning of period `from` to `to` at `until`, or at once when until == from. Periods count from the start of
 * the strategies (0). */
struct gw_change {
    uint32_t from, until;
    double to;
};

struct gw_schedule {
    double start;
    int changes;
    struct gw_change *change; /* from is strictly increasing, until <= next from */
};

struct gw_number {
    enum gw_variation how;
    bool given;                  /* false: the descriptor's default */
    double value;                /* LITERAL; for the others the mean or start, for display */
    struct gw_spread spread;     /* VARY, UNCERTAIN */
    struct gw_schedule schedule; /* SCHEDULE */
};

/* The numbers of one strategy: number[catalogue index][k], k = segment, firm, or 0 for the market. */
struct gw_values {
    struct gw_number **number;
};

enum gw_network_kind {
    GW_NETWORK_NONE,
    GW_NETWORK_WATTS_STROGATZ,
    GW_NETWORK_BARABASI_ALBERT,
    GW_NETWORK_CONFIGURATION,
    GW_NETWORK_COMPLETE,
    GW_NETWORK_EDGE_LIST
};

/* How many people somebody knows, in the configuration model; world/degree_law.h has the equations. */
enum gw_degree_family { GW_DEGREES_POISSON, GW_DEGREES_GEOMETRIC, GW_DEGREES_POWER_LAW, GW_DEGREES_LISTED };

struct gw_degree_law {
    enum gw_degree_family family;
    double mean;               /* Poisson, geometric */
    double exponent;           /* power law: above 1 */
    uint32_t minimum, maximum; /* power law */
    uint32_t people;           /* listed: lines of the file, which are the population */
    uint32_t *degree;          /* listed: [people] */
};

struct gw_network_spec {
    enum gw_network_kind kind;
    uint32_t degree;          /* Watts-Strogatz: even */
    double rewire;            /* Watts-Strogatz: probability */
    uint32_t edges;           /* Barabasi-Albert: of a newcomer */
    struct gw_degree_law law; /* configuration model */
    bool per_replication;     /* drawn anew in every replication, else once per run */
    char *path;               /* edge list or list of degrees, resolved against the file that names it */
};

struct gw_segment {
    char *name;
    double share; /* sums to 1 over segments */
};

/* Firms written as copies: `local: {copies: 300}` is the group local of the firms local_1 to local_300. */
struct gw_firm_group {
    char *name;
    int first, firms;
};

struct gw_strategy {
    char *name;
    struct gw_values values;
};

struct gw_scenario {
    char *title;
    char *name; /* file name without directory and suffix */
    enum gw_period_unit period;
    double years;              /* length of a period */
    uint32_t horizon, warm_up; /* periods */
    uint32_t replications;     /* the most there can be, when a precision is asked */
    struct gw_precision precision;
    struct gw_reduction_spec reduction;
    uint64_t seed;
    bool contractual;
    uint32_t population;
    bool population_given; /* false: taken from the edge list or list of degrees */
    uint32_t sample;       /* so many consumers stand for the population; 0: everybody is there */
    double scale;          /* consumers of the market that one of the population stands for; 1 unless resized */
    int segments;
    struct gw_segment *segment; /* consumers are laid out segment by segment in this order */
    struct gw_network_spec network;
    int firms;
    char **firm; /* names */
    int groups;
    struct gw_firm_group *group;
    int relations; /* firms a consumer considers at a time, at most all: slots */
    int focal;
    int strategies;
    struct gw_strategy *strategy;
    struct gw_values base;            /* what runs during the warm-up */
    struct gw_lesson *lesson;         /* scenario/lesson.h; NULL: none. Not part of `resolved` */
    struct gw_experiment *experiment; /* scenario/experiment.h; NULL: none. Not part of `resolved` */
    bool keep_firms;                  /* report every firm, not only the focal one */
    bool keep_segments;               /* report segments by period, not only over the horizon */
    char *text;                       /* the file and all files it extends, as read */
    char *resolved;                   /* canonical YAML of everything above: equal meaning, equal text */
    char *warnings;                   /* lines about values outside their plausible range, "" when none */
};

/* Reads and checks a scenario file with the files it extends. An override is "KEY=VALUE" from the command line, VALUE
 * being YAML, or "@FILE", part of a scenario that is laid over it. All errors of all files at once in `error`, each
 * as `file:line:col: key.path: expected ..., got ...`, the line, a caret. GW_BAD_INPUT or GW_IO. */
int gw_scenario_load(struct gw_scenario **scenario, const char *path, const char *const *overrides, size_t n,
                     struct gw_error *error);

/* The same with the changes of a variant of its lesson, "flip" or "off", laid over all, overrides included; NULL:
 * none. */
int gw_scenario_load_variant(struct gw_scenario **scenario, const char *path, const char *variant,
                             const char *const *overrides, size_t n, struct gw_error *error);

/* The same from text in memory; `extends` is resolved against `directory`. */
int gw_scenario_parse(struct gw_scenario **scenario, const char *text, size_t length, const char *file_name,
                      const char *directory, const char *const *overrides, size_t n, struct gw_error *error);

void gw_scenario_free(struct gw_scenario *scenario);

/* Value of a lever, LITERAL or SCHEDULE, in a period counted from the start of the strategies. */
double gw_number_at(const struct gw_number *number, int64_t period);

/* A kind of network as scenarios write it: "none", "watts_strogatz", ... */
const char *gw_network_name(enum gw_network_kind kind);

/* Consumers of segment s are the ids gw_segment_first(s) ... gw_segment_first(s + 1) - 1. */
uint32_t gw_segment_first(const struct gw_scenario *scenario, int segment);

#endif
