#include "output/findings.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

bool gw_above_zero(const struct gw_estimate *difference)
{
    return difference->low > 0.0;
}

/* Values of one quantity, [strategy][replication], of the segment at the position if the findings are of one. */
static bool read_all(const struct gw_findings *f, size_t position, const struct gw_quantity *quantity, double *values)
{
    for (size_t s = 0; s < f->strategies; s++) {
        double *own = values + s * f->replications;
        if (f->segment == NULL ? !gw_quantity_read(quantity, f->dataset, s, own)
                               : !gw_segment_quantity_read(quantity, f->dataset, position, s, own)) {
            return false;
        }
    }
    return true;
}

static void estimate_quantity(struct gw_findings *f, size_t position, size_t q, double *values)
{
    f->known[q] = read_all(f, position, &f->quantity[q], values);
    for (size_t s = 0; f->known[q] && s < f->strategies; s++) {
        const double *own = values + s * f->replications;
        f->level[q * f->strategies + s] = gw_reduced_mean(&f->reduced, own, f->replications, 0.95);
        f->against_first[q * f->strategies + s] =
            gw_reduced_comparison(&f->reduced, own, values, f->replications, 0.95);
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
    if (!f->known[0] || !read_all(f, 0, &f->quantity[0], values)) {
        return;
    }
    f->best = highest(f, SIZE_MAX);
    f->runner_up = f->best == SIZE_MAX ? SIZE_MAX : highest(f, f->best);
    if (f->runner_up == SIZE_MAX) {
        return;
    }
    const double level = 1.0 - 0.05 / (double)(f->strategies - 1);
    for (size_t s = 0; s < f->strategies; s++) {
        f->lead[s] = gw_reduced_comparison(&f->reduced, values + f->best * f->replications,
                                           values + s * f->replications, f->replications, level);
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

/* Of all consumers with segment NULL, else of those of the segment at a position. NULL without memory. */
static struct gw_findings *find(const struct gw_dataset *dataset, const char *segment, size_t position)
{
    double *values = NULL;
    struct gw_findings *f = calloc(1, sizeof *f);
    if (f == NULL) {
        return NULL;
    }
    f->dataset = dataset;
    f->reduced = gw_reduced_of(dataset);
    f->segment = segment;
    f->quantity = segment == NULL ? gw_quantities(&f->quantities) : gw_segment_quantities(&f->quantities);
    f->strategies = gw_strategies(dataset);
    f->replications = gw_replications(dataset);
    if (allocate(f, &values) != GW_OK) {
        free(values);
        gw_findings_free(f);
        return NULL;
    }
    for (size_t q = 0; q < f->quantities; q++) {
        estimate_quantity(f, position, q, values);
    }
    if (segment == NULL) {
        rank_strategies(f, values);
    }
    free(values);
    return f;
}

static int find_segments(struct gw_findings *f)
{
    const size_t segments = gw_segments(f->dataset);
    f->of_segment = calloc(segments + 1, sizeof *f->of_segment);
    for (size_t i = 0; f->of_segment != NULL && i < segments; i++) {
        f->of_segment[i] = find(f->dataset, gw_segment_label(f->dataset, i), i);
        if (f->of_segment[i] == NULL) {
            return GW_REFUSED;
        }
        f->segments++;
    }
    return f->of_segment == NULL ? GW_REFUSED : GW_OK;
}

int gw_findings_create(struct gw_findings **findings, const struct gw_dataset *dataset, struct gw_error *error)
{
    struct gw_findings *f = find(dataset, NULL, 0);
    *findings = f;
    if (f == NULL || find_segments(f) != GW_OK) {
        gw_findings_free(f);
        *findings = NULL;
        return gw_fail(error, GW_REFUSED, "out of memory for the summary");
    }
    return GW_OK;
}

void gw_findings_free(struct gw_findings *f)
{
    if (f != NULL) {
        for (size_t i = 0; i < f->segments; i++) {
            gw_findings_free(f->of_segment[i]);
        }
        free((void *)f->of_segment);
        free(f->known);
        free(f->level);
        free(f->against_first);
        free(f->lead);
        free(f);
    }
}
