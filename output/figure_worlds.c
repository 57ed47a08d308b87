/* The lead of the best strategy over the runner-up, world by world, and how much of it is luck. */
#include "core/memory.h"
#include "outcome/estimate.h"
#include "output/decision_view.h"
#include "output/figure.h"

#include <math.h>
#include <string.h>

enum { BINS = 60, NAME = 22 };

/* Leads: of the means of worlds, and of single replications. */
struct leads {
    size_t worlds, replications;
    double *world, *replication; /* sorted */
    double width;                /* of a bin; 0 is an edge */
    int from;                    /* number of the first bin: it begins at from * width */
    double world_share[BINS], replication_share[BINS];
};

static int fill(struct leads *leads, const struct gw_decision_view *v, struct gw_error *error)
{
    const size_t points = v->worlds * v->inner;
    const double *best = v->value + v->best * points, *other = v->value + gw_decision_runner_up(v) * points;
    leads->world = gw_alloc(v->worlds, sizeof *leads->world);
    leads->replication = gw_alloc(points, sizeof *leads->replication);
    if (leads->world == NULL || leads->replication == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    for (size_t i = 0; i < points; i++) {
        leads->replication[i] = best[i] - other[i];
        leads->world[i / v->inner] += leads->replication[i] / (double)v->inner;
    }
    leads->worlds = gw_sort_finite(leads->world, v->worlds);
    leads->replications = gw_sort_finite(leads->replication, points);
    return GW_OK;
}

/* The least of 1, 2, 2.5, 5 times a power of ten that is not below x > 0. */
static double nice_width(double x)
{
    const double power = pow(10.0, floor(log10(x))), first = x / power;
    return power * (first <= 1.0 ? 1.0 : first <= 2.0 ? 2.0 : first <= 2.5 ? 2.5 : first <= 5.0 ? 5.0 : 10.0);
}

static void count(const struct leads *leads, const double *sorted, size_t n, double share[BINS])
{
    for (size_t i = 0; i < n; i++) {
        const double bin = floor(sorted[i] / leads->width) - leads->from;
        if (bin >= 0.0 && bin < BINS) {
            share[(int)bin] += 1.0 / (double)n;
        }
    }
}

/* Bins over all but the outermost half percent of the replications, on either side; 0 is always in view. */
static bool make_bins(struct leads *leads)
{
    const double low = fmin(0.0, gw_sorted_quantile(leads->replication, leads->replications, 0.005));
    const double high = fmax(0.0, gw_sorted_quantile(leads->replication, leads->replications, 0.995));
    if (!(high > low)) {
        return false;
    }
    leads->width = nice_width((high - low) / 28.0);
    leads->from = (int)floor(low / leads->width);
    count(leads, leads->world, leads->worlds, leads->world_share);
    count(leads, leads->replication, leads->replications, leads->replication_share);
    return true;
}

static int last_bin(const struct leads *leads)
{
    int last = BINS - 1;
    while (last > 0 && leads->world_share[last] == 0.0 && leads->replication_share[last] == 0.0) {
        last--;
    }
    return last;
}

static double most(const struct leads *leads)
{
    double high = 0.0;
    for (int b = 0; b < BINS; b++) {
        high = fmax(high, fmax(leads->world_share[b], leads->replication_share[b]));
    }
    return high;
}

static void write_data(FILE *script, const struct leads *leads, double unit)
{
    (void)fputs("$bins << EOD\n", script);
    for (int b = 0; b <= last_bin(leads); b++) {
        (void)fprintf(script, "%.10g %.6g %.6g\n", ((double)(leads->from + b) + 0.5) * leads->width / unit,
                      100.0 * leads->world_share[b], 100.0 * leads->replication_share[b]);
    }
    (void)fputs("EOD\n", script);
}

static void write_sides(struct gw_plot *plot, const struct gw_decision_view *v, struct gw_frame frame,
                        struct gw_range range)
{
    const double zero = frame.left + (frame.right - frame.left) * -range.low / (range.high - range.low);
    const size_t strategy[2] = {gw_decision_runner_up(v), v->best};
    char name[GW_NAME_SIZE], text[GW_NAME_SIZE + 40], where[96];
    (void)fputs("set arrow from first 0, graph 0 to first 0, graph 1 nohead back lw 1.4 lc rgb '#333333'\n",
                plot->script);
    for (int side = 0; side < 2; side++) {
        (void)gw_show_strategy(name, sizeof name, v->dataset, strategy[side], NAME);
        (void)snprintf(text, sizeof text, side == 0 ? "\xe2\x86\x90 %s ahead" : "%s ahead \xe2\x86\x92", name);
        (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", side == 0 ? zero - 0.01 : zero + 0.01,
                       frame.top + 0.02);
        const double room = side == 0 ? zero - frame.left : frame.right - zero;
        if (room > gw_plot_width(gw_columns(text))) {
            gw_plot_label(plot, where, side == 0 ? "right" : "left", GW_TEXT_SUBTITLE, gw_plot_colour(strategy[side]),
                          text, NAME + 10);
        }
    }
}

static void write_histogram(struct gw_plot *plot, const struct gw_decision_view *v, const struct leads *leads)
{
    const double low = leads->from * leads->width, high = (leads->from + last_bin(leads) + 1) * leads->width;
    const struct gw_style style = gw_style_for(fmax(fabs(low), fabs(high)), NAN);
    const struct gw_frame frame = {0.095, 0.96, 0.36, 0.81};
    gw_plot_frame(plot, frame);
    const struct gw_range x = gw_plot_axis(plot, 'x', low, high, style, v->money ? "Lead" : v->say, v->unit);
    (void)gw_plot_axis(plot, 'y', 0.0, 1.08 * most(leads), gw_style_percent(1.0, NAN), "Share", "1");
    (void)gw_plot_tics(plot, 'y', (struct gw_range){0.0, 108.0 * most(leads)}, 4);
    write_sides(plot, v, frame, x);
    write_data(plot->script, leads, style.unit);
    (void)fprintf(plot->script,
                  "set boxwidth %.10g absolute\nset style fill solid 0.55 noborder\n"
                  "plot $bins using 1:($1 < 0 ? $2 : 0) with boxes lc rgb '%s', $bins using 1:($1 > 0 ? $2 : 0) with "
                  "boxes lc rgb '%s', $bins using 1:3 with histeps lw 2 lc rgb '#333333'\n",
                  leads->width / style.unit, gw_plot_colour(gw_decision_runner_up(v)), gw_plot_colour(v->best));
}

/* One bar of the whole variance: ignorance from the left, with the interval of where it ends. */
static void write_shares(struct gw_plot *plot, const struct gw_decision_view *v)
{
    const struct gw_shown x = v->lead_share[gw_decision_runner_up(v)];
    char text[96];
    (void)fputs("unset label\nunset arrow\nunset object\nunset grid\nunset ytics\nunset ylabel\nset border 1\n",
                plot->script);
    gw_plot_frame(plot, (struct gw_frame){0.095, 0.96, 0.155, 0.235});
    (void)gw_plot_axis(plot, 'x', 0.0, 1.0, gw_style_percent(1.0, NAN),
                       "Variance of the lead in one replication of a world drawn at random", "1");
    (void)fputs("set yrange [0:1]\n", plot->script);
    const int decimals = x.low > 0.985 || x.high < 0.015;
    (void)snprintf(text, sizeof text, "ignorance %.*f%% (%.*f to %.*f)", decimals, 100.0 * x.value, decimals,
                   100.0 * x.low, decimals, 100.0 * x.high);
    gw_plot_label(plot, "graph 0.01, graph 0.5", "left", GW_TEXT_BODY, "#1a1a1a", text, 40);
    if (x.high < 0.94) {
        gw_plot_label(plot, "graph 0.99, graph 0.5", "right", GW_TEXT_BODY, "#1a1a1a", "luck", 10);
    }
    (void)fprintf(
        plot->script,
        "$ends << EOD\n%.6g 0.5 %.6g %.6g\nEOD\n"
        "set object rectangle from 0, 0.1 to %.6g, 0.9 behind fc rgb '#56B4E9' fs solid 0.6 noborder\n"
        "set object rectangle from %.6g, 0.1 to 100, 0.9 behind fc rgb '#c8c8c8' fs solid 0.6 noborder\n"
        "plot $ends using 3:2:($4-$3):(0) with vectors nohead lw 2.2 lc rgb '#1a1a1a', $ends using 1:2 with "
        "points pt 7 ps %g lc rgb '#1a1a1a'\n",
        100.0 * x.value, 100.0 * x.low, 100.0 * x.high, 100.0 * x.value, 100.0 * x.value, gw_plot_point(plot, 0.7));
}

static double share_ahead(const struct leads *leads)
{
    double ahead = 0.0;
    for (size_t w = 0; w < leads->worlds; w++) {
        ahead += leads->world[w] > 0.0 ? 1.0 : leads->world[w] == 0.0 ? 0.5 : 0.0;
    }
    return ahead / (double)leads->worlds;
}

static void write_heading(struct gw_plot *plot, const struct gw_decision_view *v, const struct leads *leads)
{
    char best[GW_NAME_SIZE], other[GW_NAME_SIZE], title[2 * GW_NAME_SIZE + 80], subtitle[200];
    (void)gw_show_strategy(best, sizeof best, v->dataset, v->best, NAME);
    (void)gw_show_strategy(other, sizeof other, v->dataset, gw_decision_runner_up(v), NAME);
    (void)snprintf(title, sizeof title, "%s is ahead of %s in %.0f%% of the possible worlds", best, other,
                   100.0 * share_ahead(leads));
    (void)snprintf(subtitle, sizeof subtitle,
                   "Bars: mean lead of %zu replication%s in each of %zu possible worlds; line: single replications, "
                   "which hold luck",
                   v->inner, v->inner == 1 ? "" : "s", v->worlds);
    gw_figure_heading(plot, v->dataset, title, subtitle);
}

int gw_figure_worlds(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                     struct gw_error *error)
{
    struct gw_decision_view v;
    struct leads leads = {0};
    if (gw_decision_view_open(&v, dataset, NULL) != GW_OK) {
        return gw_figure_lacks(reason, "lead");
    }
    const int ret = fill(&leads, &v, error);
    if (ret == GW_OK && !make_bins(&leads)) {
        (void)snprintf(reason, GW_REASON_SIZE, "the two best strategies never differ");
    } else if (ret == GW_OK) {
        (void)fputs("set multiplot\n", plot->script);
        write_heading(plot, &v, &leads);
        write_histogram(plot, &v, &leads);
        if (isfinite(v.lead_share[gw_decision_runner_up(&v)].value)) {
            write_shares(plot, &v);
        }
        (void)fputs("unset multiplot\n", plot->script);
    }
    gw_free(leads.world);
    gw_free(leads.replication);
    return ret;
}
