/* Figures of the company's value: where it lies, and how it differs from the first strategy's. */
#include "outcome/reduced.h"
#include "output/figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GRID = 160, NAME = 22 };

/* One strategy's row. `x` and `density` are empty when nothing varies. */
struct ridge {
    size_t n, grid;
    struct gw_estimate mean;
    struct gw_proportion better;
    double low, high; /* the middle 90% of the replications */
    double x[GRID], density[GRID];
};

struct ridges {
    struct gw_reduced reduced;
    size_t rows, first; /* row i is strategy first + i */
    struct ridge *row;
    double low, high;
};

/* Gaussian kernel density, scaled to a peak of 1; bandwidth 0.9 min(sd, IQR / 1.34) n^(-1/5) (Silverman 1986,
 * Density Estimation, eq. 3.31). Cost n * GRID. */
static void estimate_density(struct ridge *ridge, const double *sorted, size_t n)
{
    const double middle = gw_sorted_quantile(sorted, n, 0.75) - gw_sorted_quantile(sorted, n, 0.25);
    const double spread = middle > 0.0 ? fmin(ridge->mean.sd, middle / 1.34) : ridge->mean.sd;
    const double width = 0.9 * spread * pow((double)n, -0.2);
    if (!(n >= 2 && width > 0.0 && isfinite(width))) {
        return;
    }
    const double from = sorted[0] - 2.5 * width, to = sorted[n - 1] + 2.5 * width;
    double peak = 0.0;
    ridge->grid = GRID;
    for (int g = 0; g < GRID; g++) {
        ridge->x[g] = from + (to - from) * g / (GRID - 1);
        ridge->density[g] = 0.0;
        for (size_t i = 0; i < n; i++) {
            const double z = (ridge->x[g] - sorted[i]) / width;
            ridge->density[g] += exp(-0.5 * z * z);
        }
        peak = fmax(peak, ridge->density[g]);
    }
    for (int g = 0; g < GRID; g++) {
        ridge->density[g] /= peak;
    }
}

/* Sorts `values`. */
static void fill_ridge(struct ridges *ridges, struct ridge *ridge, double *values, size_t n)
{
    ridge->mean = gw_reduced_mean(&ridges->reduced, values, n, 0.95);
    ridge->n = gw_sort_finite(values, n);
    ridge->low = gw_sorted_quantile(values, ridge->n, 0.05);
    ridge->high = gw_sorted_quantile(values, ridge->n, 0.95);
    if (ridge->n == 0) {
        return;
    }
    estimate_density(ridge, values, ridge->n);
    ridges->low = fmin(ridges->low, ridge->grid > 0 ? ridge->x[0] : values[0]);
    ridges->high = fmax(ridges->high, ridge->grid > 0 ? ridge->x[GRID - 1] : values[ridge->n - 1]);
    if (isfinite(ridge->mean.low) && isfinite(ridge->mean.high)) {
        ridges->low = fmin(ridges->low, ridge->mean.low);
        ridges->high = fmax(ridges->high, ridge->mean.high);
    }
}

/* Values of the strategies, or with `paired` their differences to the first (whose row is left out). */
static int make_ridges(struct ridges *ridges, const struct gw_dataset *dataset, const struct gw_view *view,
                       bool paired, struct gw_error *error)
{
    const size_t n = view->replications;
    *ridges = (struct ridges){
        .reduced = gw_reduced_of(dataset), .first = paired ? 1 : 0, .low = INFINITY, .high = -INFINITY};
    ridges->rows = gw_figure_strategies(dataset) - ridges->first;
    ridges->row = calloc(ridges->rows + 1, sizeof *ridges->row);
    double *values = calloc(2 * n + 1, sizeof *values);
    if (ridges->row == NULL || values == NULL) {
        free(values);
        free(ridges->row);
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    for (size_t i = 0; i < ridges->rows; i++) {
        for (size_t r = 0; r < n; r++) {
            values[r] = gw_view_at(view, i + ridges->first, r, 0, 0);
            values[n + r] = gw_view_at(view, 0, r, 0, 0);
        }
        ridges->row[i].better = gw_reduced_comparison(&ridges->reduced, values, values + n, n, 0.95).better;
        for (size_t r = 0; paired && r < n; r++) {
            values[r] -= values[n + r];
        }
        fill_ridge(ridges, &ridges->row[i], values, n);
    }
    free(values);
    return GW_OK;
}

/* Row i from the top stands on y = rows - 1 - i, its curve is 0.62 high. */
static double base_of(const struct ridges *ridges, size_t i)
{
    return (double)(ridges->rows - 1 - i);
}

static void write_curves(FILE *script, const struct ridges *ridges, double unit)
{
    for (size_t i = 0; i < ridges->rows; i++) {
        const struct ridge *ridge = &ridges->row[i];
        (void)fprintf(script, "$row%zu << EOD\n", i);
        for (size_t g = 0; g < ridge->grid; g++) {
            (void)fprintf(script, "%.10g %.6g\n", ridge->x[g] / unit, base_of(ridges, i) + 0.62 * ridge->density[g]);
        }
        (void)fputs("EOD\n", script);
    }
}

/* x, y, interval of the mean, middle 90%. Without an interval the mean stands for it. */
static void write_points(FILE *script, const struct ridges *ridges, double unit)
{
    for (size_t i = 0; i < ridges->rows; i++) {
        const struct ridge *r = &ridges->row[i];
        const double low = isfinite(r->mean.low) ? r->mean.low : r->mean.mean;
        const double high = isfinite(r->mean.high) ? r->mean.high : r->mean.mean;
        (void)fprintf(script, "$mean%zu << EOD\n", i);
        if (r->n > 0) {
            (void)fprintf(script, "%.10g %.6g %.10g %.10g %.10g %.10g\n", r->mean.mean / unit,
                          base_of(ridges, i) - 0.13, low / unit, high / unit, r->low / unit, r->high / unit);
        }
        (void)fputs("EOD\n", script);
    }
}

static bool has_mean(const struct ridge *ridge)
{
    return ridge->n > 0;
}

static void write_row_plot(const struct gw_plot *plot, const struct ridges *ridges, size_t i, bool paired,
                           const char *comma)
{
    FILE *script = plot->script;
    const char *colour = gw_plot_colour(i + ridges->first);
    const double base = base_of(ridges, i);
    (void)fputs(comma, script);
    if (ridges->row[i].grid > 0) {
        if (paired) { /* what lies below zero is paler */
            (void)fprintf(
                script,
                "$row%zu using ($1 <= 0 ? $1 : NaN):(%g):2 with filledcurves fs transparent solid 0.15 noborder "
                "lc rgb '%s', $row%zu using ($1 >= 0 ? $1 : NaN):(%g):2 with filledcurves fs transparent solid "
                "0.5 noborder lc rgb '%s', ",
                i, base, colour, i, base, colour);
        } else {
            (void)fprintf(script,
                          "$row%zu using 1:(%g):2 with filledcurves fs transparent solid 0.35 noborder lc rgb '%s', ",
                          i, base, colour);
        }
        (void)fprintf(script, "$row%zu using 1:2 with lines lw 1.6 lc rgb '%s', ", i, colour);
    }
    (void)fprintf(script,
                  "$mean%zu using 5:2:($6-$5):(0) with vectors nohead lw 1.6 lc rgb '%s', "
                  "$mean%zu using 3:2:($4-$3):(0) with vectors nohead lw 6 lc rgb '%s', "
                  "$mean%zu using 1:2 with points pt 7 ps %g lc rgb 'white', "
                  "$mean%zu using 1:2 with points pt 7 ps %g lc rgb '%s'",
                  i, colour, i, colour, i, gw_plot_point(plot, 1.5), i, gw_plot_point(plot, 1.1), colour);
}

static void write_rows(const struct gw_plot *plot, const struct ridges *ridges, bool paired)
{
    const char *comma = "plot ";
    for (size_t i = 0; i < ridges->rows; i++) {
        if (has_mean(&ridges->row[i])) {
            write_row_plot(plot, ridges, i, paired, comma);
            comma = ", ";
        }
    }
    (void)fputc('\n', plot->script);
}

static double magnitude_of(const struct gw_estimate *e)
{
    return fmax(fabs(e->mean), fmax(fabs(e->low), fabs(e->high)));
}

/* A true minus instead of a hyphen. */
static void put_sign(char *out, size_t size, const char *number, bool plus)
{
    const bool minus = number[0] == '-' && number[1] != '\0', zero = strspn(number, "0.") == strlen(number);
    (void)snprintf(out, size, "%s%s",
                   minus                               ? "\xe2\x88\x92"
                   : plus && !zero && number[0] != '-' ? "+"
                                                       : "",
                   number + (minus ? 1 : 0));
}

static void mean_text(char *out, size_t size, const struct gw_estimate *e, bool plus)
{
    const struct gw_style style = gw_style_brief(magnitude_of(e), (e->high - e->low) / 2.0);
    char plain[64], mean[72], low[72], high[72];
    put_sign(mean, sizeof mean, gw_show_number(plain, style, e->mean), plus);
    put_sign(low, sizeof low, gw_show_number(plain, style, e->low), plus);
    put_sign(high, sizeof high, gw_show_number(plain, style, e->high), plus);
    if (e->sd == 0.0) {
        (void)snprintf(out, size, "%s%s (no spread)", mean, style.suffix);
    } else if (isfinite(e->low)) {
        (void)snprintf(out, size, "%s%s (%s to %s)", mean, style.suffix, low, high);
    } else {
        (void)snprintf(out, size, "%s%s", mean, e->n == 0 ? "" : style.suffix);
    }
}

static void better_text(char *out, size_t size, const struct gw_proportion *p)
{
    if (p->n < 2) {
        (void)snprintf(out, size, "one replication");
    } else {
        (void)snprintf(out, size, "better in %.0f%% (%.0f to %.0f)", 100.0 * p->share, 100.0 * p->low,
                       100.0 * p->high);
    }
}

/* Names left of the rows, numbers right of them. */
static void write_margins(struct gw_plot *plot, const struct gw_dataset *dataset, const struct ridges *ridges,
                          struct gw_frame frame, bool paired)
{
    char name[GW_NAME_SIZE], text[256], where[96];
    for (size_t i = 0; i < ridges->rows; i++) {
        const double base = base_of(ridges, i);
        (void)gw_show_strategy(name, sizeof name, dataset, i + ridges->first, NAME);
        (void)snprintf(where, sizeof where, "screen %.4f, first %.4f", frame.left - 0.012, base + 0.13);
        gw_plot_label(plot, where, "right", GW_TEXT_BODY, gw_plot_colour(i + ridges->first), name, NAME);
        (void)snprintf(where, sizeof where, "screen %.4f, first %.4f offset 0,%s", frame.right + 0.012, base + 0.13,
                       paired ? "0.65" : "0");
        mean_text(text, sizeof text, &ridges->row[i].mean, paired);
        gw_plot_label(plot, where, "left", GW_TEXT_BODY, NULL, text, 40);
        if (paired) {
            (void)snprintf(where, sizeof where, "screen %.4f, first %.4f offset 0,-0.65", frame.right + 0.012,
                           base + 0.13);
            better_text(text, sizeof text, &ridges->row[i].better);
            gw_plot_label(plot, where, "left", GW_TEXT_SUBTITLE, NULL, text, 40);
        }
    }
    (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", frame.right + 0.012, frame.top + 0.02);
    gw_plot_label(plot, where, "left", GW_TEXT_SUBTITLE, NULL,
                  ridges->row[0].mean.n < 2 ? "Value" : "Mean (95% interval)", 40);
}

/* What a side of the zero line means, above it and within the axes; nothing where that side has no room for it. */
static void write_side(struct gw_plot *plot, struct gw_frame frame, double zero, bool right)
{
    const char *text = right ? "earns more \xe2\x86\x92" : "\xe2\x86\x90 earns less";
    const double gap = 0.01, room = (right ? frame.right - zero : zero - frame.left) - gap;
    char where[96];
    if (room >= gw_plot_width(gw_columns(text))) {
        (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", right ? zero + gap : zero - gap,
                       frame.top + 0.02);
        gw_plot_label(plot, where, right ? "left" : "right", GW_TEXT_SUBTITLE, NULL, text, NAME);
    }
}

static void write_zero(struct gw_plot *plot, struct gw_frame frame, struct gw_range range)
{
    const double zero = frame.left + (frame.right - frame.left) * -range.low / (range.high - range.low);
    (void)fprintf(plot->script,
                  "set arrow from first 0, graph 0 to first 0, graph 1 nohead back lw 1.4 lc rgb '#333333'\n");
    write_side(plot, frame, zero, false);
    write_side(plot, frame, zero, true);
}

static void write_ridges(struct gw_plot *plot, const struct gw_dataset *dataset, const struct ridges *ridges,
                         const char *unit_name, bool paired)
{
    const double low = paired ? fmin(0.0, ridges->low) : ridges->low,
                 high = paired ? fmax(0.0, ridges->high) : ridges->high;
    const double air = 0.03 * (high - low), most = fmax(fabs(low), fabs(high));
    const struct gw_style unit = gw_style_for(most, NAN);
    const size_t columns = gw_figure_name_columns(dataset, NAME);
    const struct gw_frame frame = {0.035 + gw_plot_width(columns), 0.755, 0.155, paired ? 0.82 : 0.83};
    gw_plot_frame(plot, frame);
    (void)fputs("set border 1\nunset ytics\nset grid xtics noytics\n", plot->script);
    const struct gw_range range = gw_plot_axis(plot, 'x', low - air, high + air, unit,
                                               paired ? "Difference of company value" : "Company value", unit_name);
    (void)fprintf(plot->script, "set yrange [-0.35:%.4f]\n", (double)ridges->rows - 1.0 + 0.72);
    write_margins(plot, dataset, ridges, frame, paired);
    if (paired) {
        write_zero(plot, frame, range);
    }
    write_curves(plot->script, ridges, unit.unit);
    write_points(plot->script, ridges, unit.unit);
    write_rows(plot, ridges, paired);
}

static int value_figure(struct gw_plot *plot, const struct gw_dataset *dataset, bool paired,
                        char reason[GW_REASON_SIZE], struct gw_error *error)
{
    struct gw_view view;
    struct ridges ridges;
    if (!gw_view_open(&view, dataset, "company_value", NULL, NULL)) {
        (void)snprintf(reason, GW_REASON_SIZE, "the run holds no 'company_value'");
        return GW_OK;
    }
    if (paired && view.strategies < 2) {
        (void)snprintf(reason, GW_REASON_SIZE, "there is no second strategy to compare");
        return GW_OK;
    }
    const int ret = make_ridges(&ridges, dataset, &view, paired, error);
    if (ret != GW_OK) {
        return ret;
    }
    char n[64], first[GW_NAME_SIZE], title[GW_NAME_SIZE + 64], subtitle[256];
    (void)gw_figure_replications(n, dataset);
    (void)gw_show_strategy(first, sizeof first, dataset, 0, NAME);
    if (view.replications < 2) {
        (void)snprintf(subtitle, sizeof subtitle,
                       "Dot: the value in the one replication run, which gives no interval");
    } else {
        (void)snprintf(subtitle, sizeof subtitle,
                       "Curve: density over %s%s; dot, thick bar: mean, 95%% interval; thin bar: middle 90%%", n,
                       paired ? " in pairs" : "");
    }
    (void)snprintf(title, sizeof title, paired ? "What each strategy earns more than %s" : "%s", first);
    if (!(ridges.low <= ridges.high)) {
        (void)snprintf(reason, GW_REASON_SIZE, "no value is defined in any replication");
    } else {
        gw_figure_heading(plot, dataset, paired ? title : "Company value by strategy", subtitle);
        write_ridges(plot, dataset, &ridges, view.array->unit == NULL ? "1" : view.array->unit, paired);
    }
    free(ridges.row);
    return GW_OK;
}

int gw_figure_value(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                    struct gw_error *error)
{
    return value_figure(plot, dataset, false, reason, error);
}

int gw_figure_difference(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                         struct gw_error *error)
{
    return value_figure(plot, dataset, true, reason, error);
}
