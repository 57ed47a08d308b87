#include "output/findings.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

bool gw_above_zero(const struct gw_estimate *difference)
{
    return difference->low > 0.0;
}

/* Values of one quantity, [strategy][replication]. */
static bool read_all(const struct gw_findings *f, const struct gw_quantity *quantity, double *values)
{
    for (size_t s = 0; s < f->strategies; s++) {
        if (!gw_quantity_read(quantity, f->dataset, s, values + s * f->replications)) {
            return false;
        }
    }
    return true;
}

static void estimate_quantity(struct gw_findings *f, size_t q, double *values)
{
    f->known[q] = read_all(f, &f->quantity[q], values);
    for (size_t s = 0; f->known[q] && s < f->strategies; s++) {
        const double *own = values + s * f->replications;
        f->level[q * f->strategies + s] = gw_estimate_mean(own, f->replications, 0.95);
        f->against_first[q * f->strategies + s] = gw_estimate_comparison(own, values, f->replications, 0.95);
    }
}

/* Position of the highest mean, leaving out `except`; ties go to the first. */
static size_t highest(const struct gw_findings *f, size_t except)
{
    size_t best = SIZE_MAX;
    for (size_t s = 0; s < f->strategies; s++) {
        const double mean = f->level[s].mean;
        if (s != except && !isnan(mean) && (best == SIZE_MAX || mean > f->level[best].mean)) {
            best = s;
        }
    }
    return best;
}

static void rank_strategies(struct gw_findings *f, double *values)
{
    f->best = f->runner_up = SIZE_MAX;
    if (!f->known[0] || !read_all(f, &f->quantity[0], values)) {
        return;
    }
    f->best = highest(f, SIZE_MAX);
    f->runner_up = f->best == SIZE_MAX ? SIZE_MAX : highest(f, f->best);
    if (f->runner_up == SIZE_MAX) {
        return;
    }
    const double level = 1.0 - 0.05 / (double)(f->strategies - 1);
    for (size_t s = 0; s < f->strategies; s++) {
        f->lead[s] = gw_estimate_comparison(values + f->best * f->replications, values + s * f->replications,
                                            f->replications, level);
        f->not_told_apart += s != f->best && !gw_above_zero(&f->lead[s].difference);
    }
}

static int allocate(struct gw_findings *f, double **values)
{
    const size_t cells = f->quantities * (f->strategies == 0 ? 1 : f->strategies);
    f->known = calloc(f->quantities, sizeof *f->known);
    f->level = calloc(cells, sizeof *f->level);
    f->against_first = calloc(cells, sizeof *f->against_first);
    f->lead = calloc(cells, sizeof *f->lead);
    *values = calloc(f->strategies + 1, (f->replications + 1) * sizeof **values);
    const bool all = f->known != NULL && f->level != NULL && f->against_first != NULL && f->lead != NULL;
    return all && *values != NULL ? GW_OK : GW_REFUSED;
}

int gw_findings_create(struct gw_findings **findings, const struct gw_dataset *dataset, struct gw_error *error)
{
    double *values = NULL;
    struct gw_findings *f = calloc(1, sizeof *f);
    *findings = NULL;
    if (f != NULL) {
        f->dataset = dataset;
        f->quantity = gw_quantities(&f->quantities);
        f->strategies = gw_strategies(dataset);
        f->replications = gw_replications(dataset);
    }
    if (f == NULL || allocate(f, &values) != GW_OK) {
        free(values);
        gw_findings_free(f);
        return gw_fail(error, GW_REFUSED, "out of memory for the summary");
    }
    for (size_t q = 0; q < f->quantities; q++) {
        estimate_quantity(f, q, values);
    }
    rank_strategies(f, values);
    free(values);
    *findings = f;
    return GW_OK;
}

void gw_findings_free(struct gw_findings *f)
{
    if (f != NULL) {
        free(f->known);
        free(f->level);
        free(f->against_first);
        free(f->lead);
        free(f);
    }
}
