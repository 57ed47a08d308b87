/*
 * The verdict on a lesson: whether its claim holds in the run at hand.
 */
#ifndef GW_OUTCOME_VERDICT_H
#define GW_OUTCOME_VERDICT_H

#include "outcome/expression.h"
#include "scenario/lesson.h"

enum gw_verdict { GW_HOLDS, GW_FAILS, GW_UNDECIDED };

struct gw_finding {
    struct gw_estimate estimate; /* with its 95% interval */
    double probability;          /* that the quantity lies where the claim puts it */
};

/* The claim holds if every expectation does with its probability, and fails if one fails with that probability; in
 * between there are too few replications to tell. `finding` has room for GW_MAX_EXPECTATIONS. */
int gw_judge(const struct gw_lesson *lesson, const struct gw_dataset *dataset, struct gw_finding *finding,
             enum gw_verdict *verdict, struct gw_error *error);

/* "holds here", "fails here", "not decided" */
const char *gw_verdict_text(enum gw_verdict verdict);

#endif
