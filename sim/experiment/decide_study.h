/* A study as decide.c makes it and decide_results.c writes it down. Private to the two. */
#ifndef GW_EXPERIMENT_DECIDE_STUDY_H
#define GW_EXPERIMENT_DECIDE_STUDY_H

#include "analysis/acceptability.h"
#include "analysis/components.h"
#include "analysis/decision.h"
#include "analysis/information.h"
#include "experiment/worlds.h"

/* What may be found out: unknown number `first` to the next, or the members of a group. */
struct gw_target {
    const char *name, *say; /* borrowed */
    size_t members;
    int *member; /* [members] positions among the unknown */
    struct gw_information information;
};

/* Curves against one unknown: [strategy][GW_DECIDE_POINTS]. */
struct gw_curves {
    int unknown;
    double *at;
    struct gw_interval *acceptability, *benefit;
    size_t *leader;
};

struct gw_study {
    const struct gw_part_spec *spec; /* with its measure and how it is said settled */
    struct gw_lab *lab;
    struct gw_worlds worlds;
    uint32_t inner, inner_wanted;
    bool inner_chosen;
    double *value;      /* [strategy][world][inner] */
    double *mean;       /* [strategy][world] */
    double *by_unknown; /* [unknown][world] */

    struct gw_choice *choice; /* [strategy], as what follows */
    struct gw_decision decision;
    struct gw_components *own, *lead; /* of each strategy; of the best minus it */
    struct gw_pairing *pairing;       /* of the best and it */
    size_t targets;
    struct gw_target *target; /* [targets] unknown numbers, then groups */
    size_t curves;
    struct gw_curves *curve;
};

int gw_study_results(const struct gw_study *study, struct gw_dataset **dataset, struct gw_error *error);

#endif
