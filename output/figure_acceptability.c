/* Acceptability: how probably each strategy is the best, given an unknown, and the frontier. */
#include "output/decision_view.h"
#include "output/figure.h"

#include <math.h>
#include <string.h>

enum { PANELS = 3, NAME = 22, AXIS = 30 };

static const struct gw_shown *curve_of(const struct gw_decision_view *v, size_t curve, size_t strategy)
{
    return v->acceptability + (curve * v->strategies + strategy) * v->points;
}

static size_t leader_at(const struct gw_decision_view *v, size_t curve, size_t point)
{
    return (size_t)v->leader[curve * v->points + point];
}

static size_t drawn(const struct gw_decision_view *v)
{
    return v->strategies < GW_PLOT_COLOURS ? v->strategies : GW_PLOT_COLOURS;
}

static size_t panels_of(const struct gw_decision_view *v)
{
    return v->curves < PANELS ? v->curves : PANELS;
}

static void write_data(FILE *script, const struct gw_decision_view *v, size_t curve, double unit)
{
    const double *at = v->at + curve * v->points;
    for (size_t s = 0; s < drawn(v); s++) {
        const struct gw_shown *y = curve_of(v, curve, s);
        (void)fprintf(script, "$curve%zu_%zu << EOD\n", curve, s);
        for (size_t p = 0; p < v->points; p++) {
            (void)fprintf(script, "%.10g %.6g %.6g %.6g\n", at[p] / unit, 100.0 * y[p].value, 100.0 * y[p].low,
                          100.0 * y[p].high);
        }
        (void)fputs("EOD\n", script);
    }
    (void)fprintf(script, "$frontier%zu << EOD\n", curve);
    for (size_t p = 0; p < v->points; p++) {
        const size_t leader = leader_at(v, curve, p);
        if (p > 0 && leader != leader_at(v, curve, p - 1)) {
            (void)fputc('\n', script); /* another strategy: the line starts anew */
        }
        (void)fprintf(script, "%.10g %.6g\n", at[p] / unit, 100.0 * curve_of(v, curve, leader)[p].value);
    }
    (void)fputs("EOD\n", script);
}

static void write_plot(FILE *script, const struct gw_decision_view *v, size_t curve)
{
    (void)fprintf(script, "plot $frontier%zu using 1:2 with lines lw 11 lc rgb '#c8c8c8'", curve);
    for (size_t s = 0; s < drawn(v); s++) {
        (void)fprintf(script,
                      ", $curve%zu_%zu using 1:3:4 with filledcurves fs transparent solid 0.18 noborder lc rgb '%s'",
                      curve, s, gw_plot_colour(s));
    }
    for (size_t s = 0; s < drawn(v); s++) {
        (void)fprintf(script, ", $curve%zu_%zu using 1:2 with lines lw 2.4 dt %s lc rgb '%s'", curve, s,
                      gw_plot_dash(s), gw_plot_colour(s));
    }
    (void)fputc('\n', script);
}

static void write_names(struct gw_plot *plot, const struct gw_decision_view *v, size_t curve)
{
    double height[GW_PLOT_COLOURS];
    char name[GW_NAME_SIZE];
    for (size_t s = 0; s < drawn(v); s++) {
        height[s] = curve_of(v, curve, s)[v->points - 1].value;
    }
    gw_plot_separate(height, drawn(v), 0.055);
    for (size_t s = 0; s < drawn(v); s++) {
        (void)gw_show_strategy(name, sizeof name, v->dataset, s, NAME);
        gw_figure_direct_label(plot, height[s], s, name, NAME);
    }
}

static void write_panel(struct gw_plot *plot, const struct gw_decision_view *v, size_t curve, double right)
{
    const double *at = v->at + curve * v->points, low = at[0], high = at[v->points - 1];
    const double left = 0.095, gap = 0.035, width = (right - left + gap) / (double)panels_of(v) - gap;
    const double from = left + (double)curve * (width + gap);
    const struct gw_style style = gw_style_for(fmax(fabs(low), fabs(high)), NAN);
    char name[GW_NAME_SIZE];
    gw_plot_frame(plot, (struct gw_frame){from, from + width, 0.155, 0.84});
    char curve_name[GW_NAME_SIZE];
    (void)gw_show_label(name, sizeof name, gw_decision_curve(v, curve, curve_name), AXIS);
    const struct gw_range x = gw_plot_axis(plot, 'x', low, high, style, name, gw_decision_curve_unit(v, curve));
    gw_plot_tics(plot, 'x', x, panels_of(v) > 1 ? 5 : 7);
    (void)gw_plot_axis(plot, 'y', 0.0, 1.0, gw_style_percent(1.0, NAN), curve == 0 ? "Probability of being best" : "",
                       "1");
    if (curve > 0) {
        (void)fputs("set format y ''\nunset ylabel\n", plot->script);
    }
    if (curve + 1 == panels_of(v)) {
        write_names(plot, v, curve);
    }
    write_data(plot->script, v, curve, style.unit);
    write_plot(plot->script, v, curve);
}

static bool one_leader(const struct gw_decision_view *v)
{
    for (size_t i = 1; i < v->curves * v->points; i++) {
        if (v->leader[i] != v->leader[0]) {
            return false;
        }
    }
    return true;
}

static void write_heading(struct gw_plot *plot, const struct gw_decision_view *v)
{
    char what[GW_NAME_SIZE], best[GW_NAME_SIZE], title[2 * GW_NAME_SIZE + 80], subtitle[200], cut[80] = "";
    (void)gw_decision_curve(v, 0, what);
    (void)gw_show_strategy(best, sizeof best, v->dataset, v->best, NAME);
    if (one_leader(v)) {
        (void)snprintf(title, sizeof title, "%s leads on average whatever %s is", best,
                       v->curves == 1 ? what : "each of these");
    } else {
        (void)snprintf(title, sizeof title, "Which strategy is best depends on %s",
                       v->curves == 1 ? what : "what these turn out to be");
    }
    (void)snprintf(subtitle, sizeof subtitle,
                   "Line, band: probability of being best, 95%% interval; grey: greatest expected value there; %zu "
                   "worlds",
                   v->worlds);
    if (v->curves > PANELS) {
        (void)snprintf(cut, sizeof cut, "The first %d of %zu inputs", PANELS, v->curves);
    }
    gw_figure_heading_cut(plot, v->dataset, title, subtitle, cut);
}

int gw_figure_acceptability(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                            struct gw_error *error)
{
    struct gw_decision_view v;
    (void)error;
    if (gw_decision_view_open(&v, dataset, NULL) != GW_OK) {
        return gw_figure_lacks(reason, "acceptability");
    }
    const double right = 0.985 - gw_plot_width(gw_figure_name_columns(dataset, NAME) + 1);
    (void)fputs("set multiplot\n", plot->script);
    write_heading(plot, &v);
    for (size_t c = 0; c < panels_of(&v); c++) {
        write_panel(plot, &v, c, right);
        (void)fputs("unset label\n", plot->script);
    }
    (void)fputs("unset multiplot\n", plot->script);
    return GW_OK;
}
