/* What variance reduction brought, from the arrays of the dataset (outcome/reduced.h). */
#include "output/answer_forms.h"
#include "output/label.h"

#include <math.h>
#include <string.h>

enum { CONTRASTS = 2, BOUNDS = 3, NAME_COLUMNS = 40, CELL = 64 };

static const char *const names[] = {"antithetic_factor", "control_factor"};
static const char *const headings[] = {"Antithetic pairs", "Control variates"};
enum { FACTORS = sizeof names / sizeof *names };

/* [strategy][contrast][bound], or NULL. */
static const double *factors_of(const struct gw_findings *f, const char *name)
{
    const struct gw_array *array = gw_dataset_array(f->dataset, name);
    const bool shaped = array != NULL && array->data != NULL && array->type == GW_FLOAT64 && array->dims == 3 &&
                        gw_array_length(f->dataset, array) == f->strategies * CONTRASTS * BOUNDS;
    return shaped ? array->reals : NULL;
}

const double *gw_reduction_factor(const struct gw_findings *f, size_t which, size_t strategy, bool difference,
                                  const char **name)
{
    if (which >= FACTORS) {
        *name = NULL;
        return NULL;
    }
    const double *factors = factors_of(f, names[which]);
    *name = names[which];
    return factors == NULL ? NULL : factors + BOUNDS * (CONTRASTS * strategy + difference);
}

/* "3.12 (2.61 to 3.75)" */
static void write_cell(FILE *out, const double *factor, int width)
{
    char text[3 * CELL], mean[CELL], low[CELL], high[CELL];
    if (factor == NULL || !isfinite(factor[0])) {
        (void)fprintf(out, "  %-*s", width, "-");
        return;
    }
    const bool bounded = isfinite(factor[1]) && isfinite(factor[2]);
    const struct gw_style style = gw_style_brief(factor[0], bounded ? (factor[2] - factor[1]) / 2.0 : NAN);
    int at = snprintf(text, sizeof text, "%s%s", gw_show_number(mean, style, factor[0]), style.suffix);
    if (bounded) {
        (void)snprintf(text + at, sizeof text - (size_t)at, " (%s to %s)", gw_show_number(low, style, factor[1]),
                       gw_show_number(high, style, factor[2]));
    }
    (void)fprintf(out, "  %-*s", width, text);
}

/* The last column that is there is not padded. */
static int width_of(const struct gw_findings *f, size_t which)
{
    return which == 0 && factors_of(f, names[1]) != NULL ? 24 : 0;
}

static void write_row(FILE *out, const struct gw_findings *f, size_t strategy, bool difference)
{
    char shown[GW_NAME_SIZE], name[GW_NAME_SIZE + 24];
    const char *of;
    (void)gw_show_strategy(shown, sizeof shown, f->dataset, strategy, NAME_COLUMNS - 12);
    (void)snprintf(name, sizeof name, "%s%s", shown, difference ? ", difference" : "");
    const size_t used = gw_columns(name);
    (void)fprintf(out, "%s%*s", name, used < NAME_COLUMNS ? (int)(NAME_COLUMNS - used) : 0, "");
    for (size_t k = 0; k < FACTORS; k++) {
        if (factors_of(f, names[k]) != NULL) {
            write_cell(out, gw_reduction_factor(f, k, strategy, difference, &of), width_of(f, k));
        }
    }
    (void)fputc('\n', out);
}

void gw_write_reduction(FILE *out, const struct gw_findings *f)
{
    bool any = false;
    for (size_t k = 0; k < FACTORS; k++) {
        any |= factors_of(f, names[k]) != NULL;
    }
    if (!any) {
        return;
    }
    (void)fprintf(out, "\nHow many times as many plain replications would tell as much of the company value:\n%*s",
                  NAME_COLUMNS, "");
    for (size_t k = 0; k < FACTORS; k++) {
        if (factors_of(f, names[k]) != NULL) {
            (void)fprintf(out, "  %-*s", width_of(f, k), headings[k]);
        }
    }
    (void)fputc('\n', out);
    for (size_t s = 0; s < f->strategies; s++) {
        write_row(out, f, s, false);
        if (s > 0) {
            write_row(out, f, s, true);
        }
    }
}
