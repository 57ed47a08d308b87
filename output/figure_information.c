/* What it is worth to find out: EVPPI of every unknown and group, beside that of everything. */
#include "output/decision_view.h"
#include "output/figure.h"

#include <math.h>
#include <string.h>

enum { ROWS = 12, NAME = 26 };

struct rows {
    size_t n;
    size_t target[ROWS]; /* by their value, the greatest first */
};

/* Keeps `rows` sorted; what does not fit falls out at the end. */
static void insert(struct rows *rows, const struct gw_decision_view *v, size_t target)
{
    size_t at = rows->n;
    while (at > 0 && v->evppi[rows->target[at - 1]].value < v->evppi[target].value) {
        at--;
    }
    if (at < ROWS) {
        const size_t behind = rows->n < ROWS ? rows->n - at : ROWS - 1 - at;
        memmove(rows->target + at + 1, rows->target + at, behind * sizeof *rows->target);
        rows->target[at] = target;
        rows->n += rows->n < ROWS;
    }
}

static double highest(const struct gw_decision_view *v, const struct rows *rows)
{
    double high = fmax(v->evpi->high, v->evpi->value);
    for (size_t i = 0; i < rows->n; i++) {
        high = fmax(high, v->evppi[rows->target[i]].high);
    }
    return high;
}

static const char *colour_of(const struct gw_decision_view *v, size_t target)
{
    return gw_plot_colour(target < v->unknowns ? 0 : 1);
}

static void write_data(FILE *script, const struct gw_decision_view *v, const struct rows *rows, double unit)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct gw_shown x = v->evppi[rows->target[i]];
        (void)fprintf(script, "$row%zu << EOD\n%.10g %zu %.10g %.10g\nEOD\n", i, x.value / unit, rows->n - 1 - i,
                      x.low / unit, x.high / unit);
    }
}

static void write_plot(const struct gw_plot *plot, const struct gw_decision_view *v, const struct rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        (void)fprintf(plot->script,
                      "%s$row%zu using (0):2:1:(0) with vectors nohead lw 14 lc rgb '%s', $row%zu using "
                      "3:2:($4-$3):(0) with vectors nohead lw 2.2 lc rgb '#1a1a1a', $row%zu using 1:2 with points "
                      "pt 7 ps %g lc rgb '#1a1a1a'",
                      i == 0 ? "plot " : ", ", i, colour_of(v, rows->target[i]), i, i, gw_plot_point(plot, 0.7));
    }
    (void)fputc('\n', plot->script);
}

/* The value of perfect information: a line and the band of its interval. */
static void write_everything(struct gw_plot *plot, const struct gw_decision_view *v, struct gw_frame frame,
                             double unit)
{
    char where[96], text[96], number[64];
    const struct gw_style style = gw_style_for(v->evpi->value, (v->evpi->high - v->evpi->low) / 2.0);
    (void)fprintf(plot->script,
                  "set object rectangle from first %.10g, graph 0 to first %.10g, graph 1 behind fc rgb '#000000' fs "
                  "transparent solid 0.10 noborder\n"
                  "set arrow from first %.10g, graph 0 to first %.10g, graph 1 nohead back lw 2 lc rgb '#333333'\n",
                  v->evpi->low / unit, v->evpi->high / unit, v->evpi->value / unit, v->evpi->value / unit);
    (void)snprintf(text, sizeof text, "everything: %s%s", gw_show_number(number, style, v->evpi->value),
                   style.suffix);
    (void)snprintf(where, sizeof where, "first %.10g, screen %.4f", v->evpi->value / unit, frame.top + 0.02);
    gw_plot_label(plot, where, "center", GW_TEXT_SUBTITLE, NULL, text, 40);
}

static void write_names(struct gw_plot *plot, const struct gw_decision_view *v, const struct rows *rows,
                        struct gw_frame frame)
{
    char name[GW_NAME_SIZE], target[GW_NAME_SIZE], where[96];
    for (size_t i = 0; i < rows->n; i++) {
        (void)gw_show_label(name, sizeof name, gw_decision_target(v, rows->target[i], target), NAME);
        (void)snprintf(where, sizeof where, "screen %.4f, first %zu", frame.left - 0.012, rows->n - 1 - i);
        gw_plot_label(plot, where, "right", GW_TEXT_BODY, colour_of(v, rows->target[i]), name, NAME);
    }
}

static size_t name_columns(const struct gw_decision_view *v, const struct rows *rows)
{
    char name[GW_NAME_SIZE], target[GW_NAME_SIZE];
    size_t most = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const size_t used = gw_show_label(name, sizeof name, gw_decision_target(v, rows->target[i], target), NAME);
        most = used > most ? used : most;
    }
    return most;
}

static void write_heading(struct gw_plot *plot, const struct gw_decision_view *v, const struct rows *rows)
{
    char name[GW_NAME_SIZE], title[GW_NAME_SIZE + 80], subtitle[200], cut[80] = "";
    const size_t first = gw_decision_first_to_know(v);
    if (first == SIZE_MAX) {
        (void)snprintf(title, sizeof title, "No single unknown is shown to be worth finding out");
    } else {
        (void)snprintf(title, sizeof title, "Most worth finding out before deciding: %s",
                       gw_decision_target(v, first, name));
    }
    (void)snprintf(subtitle, sizeof subtitle,
                   "Bar: expected value of knowing it%s; line, grey band: 95%% interval; %zu worlds of %zu "
                   "replication%s",
                   v->targets > v->unknowns ? " (orange: groups)" : "", v->worlds, v->inner,
                   v->inner == 1 ? "" : "s");
    if (rows->n < v->targets) {
        (void)snprintf(cut, sizeof cut, "The %zu of %zu that are worth most", rows->n, v->targets);
    }
    gw_figure_heading_cut(plot, v->dataset, title, subtitle, cut);
}

int gw_figure_information(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                          struct gw_error *error)
{
    struct gw_decision_view v;
    struct rows rows = {0};
    (void)error;
    if (gw_decision_view_open(&v, dataset, NULL) != GW_OK) {
        return gw_figure_lacks(reason, "evppi");
    }
    for (size_t t = 0; t < v.targets; t++) {
        insert(&rows, &v, t);
    }
    const double high = highest(&v, &rows);
    if (!(high > 0.0)) {
        (void)snprintf(reason, GW_REASON_SIZE, "nothing that could be found out would change the choice");
        return GW_OK;
    }
    const struct gw_style style = gw_style_for(high, NAN);
    const struct gw_frame frame = {0.035 + gw_plot_width(name_columns(&v, &rows)), 0.96, 0.155, 0.81};
    write_heading(plot, &v, &rows);
    gw_plot_frame(plot, frame);
    (void)fputs("set border 1\nunset ytics\nset grid xtics noytics\n", plot->script);
    (void)gw_plot_axis(plot, 'x', 0.0, 1.06 * high, style, "Expected value of finding out", v.unit);
    (void)fprintf(plot->script, "set yrange [-0.7:%.2f]\n", (double)rows.n - 0.3);
    write_everything(plot, &v, frame, style.unit);
    write_names(plot, &v, &rows, frame);
    write_data(plot->script, &v, &rows, style.unit);
    write_plot(plot, &v, &rows);
    return GW_OK;
}
