#include "outcome/verdict.h"

static const struct gw_expression_place no_place = {GW_NO_STRATEGY, -1};

static enum gw_verdict judge_one(const struct gw_expectation *expect, double probability)
{
    if (probability >= expect->probability) {
        return GW_HOLDS;
    }
    return probability <= 1.0 - expect->probability ? GW_FAILS : GW_UNDECIDED;
}

int gw_judge(const struct gw_lesson *lesson, const struct gw_dataset *dataset, struct gw_finding *finding,
             enum gw_verdict *verdict, struct gw_error *error)
{
    *verdict = GW_HOLDS;
    for (int k = 0; k < lesson->expectations; k++) {
        const struct gw_expectation *expect = &lesson->expect[k];
        const int ret = gw_expression_estimate(expect->measure, dataset, no_place, 0.95, &finding[k].estimate, error);
        if (ret != GW_OK) {
            return ret;
        }
        finding[k].probability = gw_probability_between(&finding[k].estimate, expect->low, expect->high);
        const enum gw_verdict one = judge_one(expect, finding[k].probability);
        if (one == GW_FAILS || *verdict == GW_HOLDS) {
            *verdict = one;
        }
    }
    return GW_OK;
}

const char *gw_verdict_text(enum gw_verdict verdict)
{
    static const char *const text[] = {"holds here", "fails here", "not decided"};
    return text[verdict];
}
