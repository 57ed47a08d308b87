#include "analysis/information.h"

#include "analysis/metamodel.h"
#include "core/memory.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>

/* ---- Value of information -----------------------------------------------------------------------------------------
 */

/* Greatest of 0, the first strategy's own, and the others' differences in world w. */
static double greatest(const double *difference, size_t responses, size_t worlds, size_t w)
{
    double most = 0.0;
    for (size_t s = 0; s < responses; s++) {
        most = fmax(most, difference[s * worlds + w]);
    }
    return most;
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

/* The response whose mean is the greatest, or `responses` when none is above 0. */
static size_t best_on_average(const double *difference, size_t responses, size_t worlds)
{
    size_t best = responses;
    double most = 0.0;
    for (size_t s = 0; s < responses; s++) {
        const double mean = mean_of(difference + s * worlds, worlds);
        if (mean > most) {
            best = s;
            most = mean;
        }
    }
    return best;
}

/* What knowing gains in each world, on average, and the variance of that average over samples of worlds. */
static double gain_of(const double *difference, size_t responses, size_t worlds, double *variance)
{
    const size_t best = best_on_average(difference, responses, worlds);
    double mean = 0.0, squares = 0.0;
    for (size_t w = 0; w < worlds; w++) {
        const double without = best == responses ? 0.0 : difference[best * worlds + w];
        const double gain = greatest(difference, responses, worlds, w) - without, before = gain - mean;
        mean += before / (double)(w + 1);
        squares += before * (gain - mean);
    }
    *variance = squares / (double)(worlds - 1) / (double)worlds;
    return mean;
}

/* Mean and variance of the gain over draws of the coefficients. */
static int draw_gains(const struct gw_metamodel *model, size_t responses, size_t worlds, uint64_t seed,
                      uint32_t draws, double *mean, double *variance, struct gw_error *error)
{
    double *fitted = gw_alloc(responses * worlds, sizeof *fitted), squares = 0.0, ignored = 0.0;
    if (fitted == NULL) {
        return gw_fail(error, GW_FAILED, "out of memory");
    }
    *mean = 0.0;
    for (uint32_t d = 0; d < draws; d++) {
        gw_metamodel_draw(model, seed, d, fitted);
        const double gain = gain_of(fitted, responses, worlds, &ignored), before = gain - *mean;
        *mean += before / (double)(d + 1);
        squares += before * (gain - *mean);
    }
    *variance = draws < 2 ? NAN : squares / (double)(draws - 1);
    gw_free(fitted);
    return GW_OK;
}

static double most_explained(const struct gw_metamodel *model, size_t responses)
{
    double most = NAN;
    for (size_t s = 0; s < responses; s++) {
        most = fmax(most, gw_metamodel_explained(model, s));
    }
    return most;
}

int gw_evppi(const double *mean, size_t strategies, size_t worlds, const double *x, size_t variables, double level,
             uint64_t seed, uint32_t draws, struct gw_information *information, struct gw_error *error)
{
    struct gw_metamodel *model = NULL;
    double drawn = 0.0, by_coefficients = 0.0, by_worlds = 0.0;
    int ret = gw_metamodel_of_differences(&model, mean, strategies, worlds, x, variables, error);
    if (ret != GW_OK) {
        return ret;
    }
    const double plain = gain_of(gw_metamodel_fitted(model), strategies - 1, worlds, &by_worlds);
    ret = draw_gains(model, strategies - 1, worlds, seed, draws, &drawn, &by_coefficients, error);
    if (ret == GW_OK) {
        const double bias = drawn - plain, value = plain - bias, error_of_it = sqrt(by_coefficients + by_worlds);
        const double half = gsl_cdf_ugaussian_Pinv(0.5 + level / 2.0) * error_of_it;
        *information =
            (struct gw_information){.evppi = {fmax(0.0, value), fmax(0.0, value - half), fmax(0.0, value + half)},
                                    .plain = plain,
                                    .bias = bias,
                                    .standard_error = error_of_it,
                                    .terms = gw_metamodel_terms(model),
                                    .explained = most_explained(model, strategies - 1)};
    }
    gw_metamodel_free(model);
    return ret;
}
