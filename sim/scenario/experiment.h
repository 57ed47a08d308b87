/*
 * The block `experiment:` of a scenario file: a study that anyone can run again. Each part is what one command takes;
 * a part is one mapping or a list of them, told apart by their names. Results of `run` do not depend on the block.
 */
#ifndef GW_SCENARIO_EXPERIMENT_H
#define GW_SCENARIO_EXPERIMENT_H

#include "core/design.h"
#include "scenario/input.h"

#include <stdint.h>

enum { GW_MAX_OF_PART = 8, GW_MAX_GROUPS = 16, GW_MAX_CORRELATIONS = 64, GW_MAX_CONSTRAINTS = 8 };

enum gw_part { GW_SWEEP, GW_SENSITIVITY, GW_FRONTIER, GW_DECIDE, GW_OPTIMISE, GW_PARTS };

/* sweep: {over: [INPUT...], design: grid, points: 50} */
struct gw_sweep_spec {
    struct gw_inputs over;
    enum gw_design design;
    uint32_t points; /* of a random design, Latin hypercube or Sobol sequence */
};

/* sensitivity: {over: uncertain, methods: [tornado, morris, sobol], trajectories: 20, points: 256} */
struct gw_sensitivity_spec {
    struct gw_inputs over; /* n = 0: all that is uncertain */
    bool tornado, morris, sobol;
    uint32_t trajectories; /* Morris */
    uint32_t points;       /* Sobol: rows of each of the two matrices */
};

/* frontier: {x: INPUT, y: INPUT, cells: 16}; without y the break-even of x alone */
struct gw_frontier_spec {
    struct gw_input x, y;
    bool has_y;
    uint32_t cells; /* along each side, at the finest */
};

/* decide: {worlds: 500, design: latin_hypercube, against: INPUT, groups: {costs: [NAME, ...]}} */
struct gw_group {
    char *name;
    int members;
    char **member; /* names of uncertain inputs */
};
struct gw_decide_spec {
    uint32_t worlds;
    uint32_t inner; /* replications within a world; 0: the program chooses */
    enum gw_design design;
    struct gw_inputs against; /* parameters that acceptability is shown against; n = 0: the most important one */
    int groups;
    struct gw_group group[GW_MAX_GROUPS];
};

/* optimise: {levers: [INPUT...], budget: 3000, stages: [0, 52], goal: mean, require: [...]} */
struct gw_requirement {
    char *measure;
    double low, high; /* of its mean */
};
struct gw_optimise_spec {
    struct gw_inputs levers;
    double budget;   /* money per week, mean over the horizon; NaN: none */
    bool spend_all;  /* the whole budget is to be spent */
    int stages;      /* of time; 1: the levers are constant */
    uint32_t *stage; /* [stages] first period of each */
    enum gw_goal { GW_GOAL_MEAN, GW_GOAL_QUANTILE, GW_GOAL_CVAR } goal;
    double probability; /* of the quantile; CVaR is the mean of that share of the worst */
    int requirements;
    struct gw_requirement require[GW_MAX_CONSTRAINTS];
};

struct gw_part_spec {
    char *name;            /* of this one: "frontier", or as written */
    char *of;              /* measure: what is asked; NULL: that of the block */
    char *say, *unit;      /* what it is, in words ("" none) */
    uint32_t replications; /* of luck at each setting, or the least; 0: the command's default */
    union {
        struct gw_sweep_spec sweep;
        struct gw_sensitivity_spec sensitivity;
        struct gw_frontier_spec frontier;
        struct gw_decide_spec decide;
        struct gw_optimise_spec optimise;
    };
};

struct gw_correlation {
    char *a, *b; /* names or keys of uncertain inputs */
    double by;   /* of their normal scores */
};

struct gw_experiment {
    char *of; /* NULL: company value of the last strategy minus that of the first */
    char *say, *unit;
    struct gw_inputs uncertain; /* besides the scenario's own uncertain numbers */
    int correlations;
    struct gw_correlation correlation[GW_MAX_CORRELATIONS];
    int parts[GW_PARTS];
    struct gw_part_spec *part[GW_PARTS]; /* [parts] */
};

/* "sweep", "sensitivity", ... */
const char *gw_part_name(enum gw_part part);

#endif
