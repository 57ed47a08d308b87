#include "output/figure_panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct gw_panels gw_panels_choose(const struct gw_dataset *dataset, size_t most)
{
    const size_t all = gw_strategies(dataset);
    struct gw_panels panels = {.n = all, .left = 0.085, .right = 0.985, .gap = 0.02};
    most = most < GW_MOST_PANELS ? most : GW_MOST_PANELS;
    if (all > most) {
        panels.n = most < 2 ? 1 : 2;
        (void)snprintf(panels.cut, sizeof panels.cut, "The first %sof %zu strategies",
                       most < 2 ? "" : "and the last ", all);
    }
    for (size_t i = 0; i < panels.n; i++) {
        panels.strategy[i] = all > most && i > 0 ? all - 1 : i;
    }
    return panels;
}

struct gw_frame gw_panels_frame(const struct gw_panels *panels, size_t panel, double bottom, double top)
{
    const double each = (panels->right - panels->left + panels->gap) / (double)panels->n;
    const double left = panels->left + each * (double)panel;
    return (struct gw_frame){left, left + each - panels->gap, bottom, top};
}

void gw_panels_name(struct gw_plot *plot, const struct gw_dataset *dataset, const struct gw_panels *panels,
                    size_t panel, struct gw_frame frame)
{
    char name[GW_NAME_SIZE], where[80];
    const double room = (frame.right - frame.left) / gw_plot_width(1) / 1.05; /* bold letters are wider */
    const size_t columns = room > 40.0 ? 40 : room < 4.0 ? 4 : (size_t)room;
    (void)gw_show_strategy(name, sizeof name, dataset, panels->strategy[panel], columns);
    (void)snprintf(where, sizeof where, "screen %.4f, screen %.4f", frame.left, frame.top + 0.03);
    gw_plot_label(plot, where, "left", GW_TEXT_BOLD, NULL, name, columns);
}

void gw_panels_time(struct gw_plot *plot, double years, bool named)
{
    const double whole = ceil(years), end = whole - years < 0.02 * whole ? whole : years;
    const struct gw_range range = gw_plot_axis(plot, 'x', 0.0, end, (struct gw_style){1.0, "", 0}, "Time", "years");
    gw_plot_tics(plot, 'x', range, 5);
    if (!named) {
        (void)fputs("unset xlabel\nset format x ''\n", plot->script);
    }
}

struct gw_range gw_panels_scale(struct gw_plot *plot, size_t panel, struct gw_range range, struct gw_style unit,
                                const char *text, const char *unit_name)
{
    range = gw_plot_axis(plot, 'y', range.low, range.high, unit, text, unit_name);
    if (panel > 0) {
        (void)fputs("unset ylabel\nset format y ''\n", plot->script);
    }
    return range;
}

static struct gw_band *band_at(const struct gw_bands *bands, size_t panel, size_t line, size_t point)
{
    return &bands->band[(panel * bands->lines + line) * bands->points + point];
}

static void fill(struct gw_bands *bands, struct gw_band *band, double *sample)
{
    const size_t n = gw_sort_finite(sample, bands->replications);
    *band = (struct gw_band){gw_sorted_quantile(sample, n, 0.05), gw_sorted_quantile(sample, n, 0.5),
                             gw_sorted_quantile(sample, n, 0.95)};
    if (n > 0) {
        bands->low = fmin(bands->low, band->low);
        bands->high = fmax(bands->high, band->high);
    }
}

int gw_bands_make(struct gw_bands *bands, const struct gw_panels *panels, const struct gw_bins *bins, size_t lines,
                  size_t replications, gw_band_value *value, const void *context, struct gw_error *error)
{
    const size_t points = bins->count;
    *bands = (struct gw_bands){.panels = panels->n,
                               .lines = lines,
                               .points = points,
                               .replications = replications,
                               .low = INFINITY,
                               .high = -INFINITY};
    bands->x = calloc(points + 1, sizeof *bands->x);
    bands->band = calloc(panels->n * lines * points + 1, sizeof *bands->band);
    double *sample = calloc(replications + 1, sizeof *sample);
    if (bands->x == NULL || bands->band == NULL || sample == NULL) {
        free(sample);
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    for (size_t i = 0; i < panels->n * lines * points; i++) {
        const size_t panel = i / points / lines, line = i / points % lines, point = i % points;
        bands->x[point] = gw_figure_bin_middle(bins, point);
        for (size_t r = 0; r < replications; r++) {
            sample[r] = value(context, panels->strategy[panel], line, r, point);
        }
        fill(bands, band_at(bands, panel, line, point), sample);
    }
    free(sample);
    return GW_OK;
}

void gw_bands_free(struct gw_bands *bands)
{
    free(bands->x);
    free(bands->band);
    *bands = (struct gw_bands){0};
}

static void write_data(FILE *script, const struct gw_bands *bands, size_t panel, double unit, int key)
{
    for (size_t line = 0; line < bands->lines; line++) {
        (void)fprintf(script, "$band%d_%zu_%zu << EOD\n", key, panel, line);
        for (size_t p = 0; p < bands->points; p++) {
            const struct gw_band *b = band_at(bands, panel, line, p);
            if (isfinite(b->middle)) {
                (void)fprintf(script, "%.10g %.10g %.10g %.10g\n", bands->x[p], b->low / unit, b->middle / unit,
                              b->high / unit);
            }
        }
        (void)fputs("EOD\n", script);
    }
}

static bool is_known(const struct gw_bands *bands, size_t panel, size_t line)
{
    for (size_t p = 0; p < bands->points; p++) {
        if (isfinite(band_at(bands, panel, line, p)->middle)) {
            return true;
        }
    }
    return false;
}

/* One point would be seen neither as a band nor as a line. */
static void write_lines(const struct gw_plot *plot, const struct gw_bands *bands, const struct gw_line *line,
                        size_t panel, int key, bool band)
{
    FILE *script = plot->script;
    for (size_t i = 0; i < bands->lines; i++) {
        if (!is_known(bands, panel, i)) {
            continue;
        }
        (void)fprintf(script, ", $band%d_%zu_%zu ", key, panel, i);
        if (band && bands->points == 1) {
            (void)fprintf(script, "using 1:2:(0):($4-$2) with vectors nohead lw 1.6 lc rgb '%s'", line[i].colour);
        } else if (band) {
            (void)fprintf(script, "using 1:2:4 with filledcurves fs transparent solid 0.18 noborder lc rgb '%s'",
                          line[i].colour);
        } else if (bands->points == 1) {
            (void)fprintf(script, "using 1:3 with points pt 7 ps %g lc rgb '%s'", gw_plot_point(plot, 1.2),
                          line[i].colour);
        } else {
            (void)fprintf(script, "using 1:3 with lines lw %g dt %s lc rgb '%s'", line[i].width, line[i].dash,
                          line[i].colour);
        }
    }
}

/* The last median that is known, or NaN. */
static double end_of(const struct gw_bands *bands, size_t panel, size_t line)
{
    for (size_t p = bands->points; p-- > 0;) {
        const double middle = band_at(bands, panel, line, p)->middle;
        if (isfinite(middle)) {
            return middle;
        }
    }
    return NAN;
}

static void write_names(struct gw_plot *plot, const struct gw_bands *bands, const struct gw_line *line, size_t panel,
                        struct gw_frame frame, struct gw_range range, double unit)
{
    double height[GW_MOST_LINES];
    size_t named[GW_MOST_LINES], n = 0;
    char where[64];
    for (size_t i = 0; i < bands->lines && i < GW_MOST_LINES; i++) {
        const double end = (end_of(bands, panel, i) / unit - range.low) / (range.high - range.low);
        if (isfinite(end)) {
            height[n] = end;
            named[n++] = i;
        }
    }
    gw_plot_separate(height, n, 0.036 / (frame.top - frame.bottom));
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(where, sizeof where, "graph 1.03, graph %.4f", height[i]);
        gw_plot_label(plot, where, "left", GW_TEXT_BODY, line[named[i]].colour, line[named[i]].label, 22);
    }
}

void gw_bands_draw(struct gw_plot *plot, const struct gw_bands *bands, const struct gw_line *line, size_t panel,
                   struct gw_frame frame, struct gw_range range, double unit, int key)
{
    if (panel + 1 == bands->panels) {
        write_names(plot, bands, line, panel, frame, range, unit);
    }
    write_data(plot->script, bands, panel, unit, key);
    (void)fputs("plot NaN notitle with lines", plot->script); /* so that a panel without data keeps its axes */
    if (bands->replications > 1) {
        write_lines(plot, bands, line, panel, key, true);
    }
    write_lines(plot, bands, line, panel, key, false);
    (void)fputs("\nunset label\n", plot->script);
}

const char *gw_bands_describe(char out[128], const struct gw_bands *bands, const struct gw_dataset *dataset)
{
    char n[64];
    if (bands->replications < 2) {
        (void)snprintf(out, 128, "one replication, hence no bands");
    } else {
        (void)snprintf(out, 128, "%s of %s",
                       bands->points == 1 ? "dot: median; bar: the middle 90%" : "line: median; band: the middle 90%",
                       gw_figure_replications(n, dataset));
    }
    return out;
}

double gw_half_width(const struct gw_estimate *estimate)
{
    const double half = (estimate->high - estimate->low) / 2.0;
    return isfinite(half) ? half : 0.0;
}
