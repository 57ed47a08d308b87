/* What precision was asked and what was reached, from the attributes of the dataset (experiment/watch.h). */
#include "output/answer_forms.h"
#include "output/label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH_SIZE = 96 };

static double number_of(const struct gw_findings *f, const char *attribute)
{
    const char *text = gw_dataset_attribute(f->dataset, attribute);
    return text == NULL ? NAN : strtod(text, NULL);
}

/* "1.8%" where the asked one is a share of the mean, else "950" or "12.4 k". */
static const char *width_text(char out[WIDTH_SIZE], const struct gw_findings *f, bool relative)
{
    const double half = number_of(f, "precision_half_width"), mean = fabs(number_of(f, "precision_mean"));
    const double shown = half == 0.0 ? 0.0 : relative ? 100.0 * half / mean : half;
    const struct gw_style style = gw_style_brief(shown, NAN);
    char number[64];
    (void)snprintf(out, WIDTH_SIZE, "%s%s%s", gw_show_number(number, style, shown), style.suffix,
                   relative ? "%" : "");
    return isfinite(shown) ? out : NULL;
}

void gw_write_precision(FILE *out, const struct gw_findings *f)
{
    const char *asked = gw_dataset_attribute(f->dataset, "precision");
    const char *reached = gw_dataset_attribute(f->dataset, "precision_reached");
    const char *widest = gw_dataset_attribute(f->dataset, "precision_widest");
    char shown[WIDTH_SIZE], what[3 * GW_NAME_SIZE], width[WIDTH_SIZE];
    if (asked == NULL || reached == NULL || widest == NULL) {
        return;
    }
    (void)gw_show_text(shown, sizeof shown, asked, 20);
    (void)gw_show_text(what, sizeof what, widest, 120);
    const bool enough = strcmp(reached, "true") == 0;
    const char *half = width_text(width, f, strchr(asked, '%') != NULL);
    (void)fprintf(out, "±%s at %g%% was asked, and %s with %zu replications%s; the widest interval, of %s, ", shown,
                  100.0 * number_of(f, "precision_confidence"), enough ? "is reached" : "is not reached",
                  f->replications, enough ? "" : ", the most allowed", what);
    if (half != NULL) {
        (void)fprintf(out, "is ±%s.\n", half);
    } else {
        (void)fputs("has no width in percent: the mean is 0, or too few replications have a value.\n", out);
    }
}
