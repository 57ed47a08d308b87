#include "output/plot.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Sizes of the letters give the same proportions on each canvas. */
static const struct terminal {
    const char *name, *command;
    double body, title, subtitle, note;
    double point; /* points do not grow with the canvas as letters do */
} terminals[GW_PLOT_FORMATS] = {
    {"svg", "svg size 900,540 dynamic font 'DejaVu Sans,14' background 'white'", 14, 19, 13, 11, 0.75},
    {"png", "pngcairo size 1500,900 fontscale 1.0 font 'DejaVu Sans,17.5' linewidth 1.67", 17.5, 23.75, 16.25, 13.75,
     2.0},
    {"pdf", "pdfcairo size 9in,5.4in fontscale 1.0 font 'DejaVu Sans,7.7' linewidth 1.4", 7.7, 10.4, 7.1, 6.0, 0.85},
};

int gw_plot_format_by_name(const char *name, enum gw_plot_format *format, struct gw_error *error)
{
    for (int i = 0; i < GW_PLOT_FORMATS; i++) {
        if (strcmp(name, terminals[i].name) == 0) {
            *format = (enum gw_plot_format)i;
            return GW_OK;
        }
    }
    return gw_fail(error, GW_BAD_INPUT, "figures come as svg, png or pdf, not as '%.40s'", name);
}

int gw_plot_begin(struct gw_plot *plot, enum gw_plot_format format, struct gw_error *error)
{
    *plot = (struct gw_plot){.format = format};
    plot->script = open_memstream(&plot->text, &plot->size);
    if (plot->script == NULL) {
        return gw_fail(error, GW_REFUSED, "out of memory for a figure");
    }
    const struct terminal *terminal = &terminals[format];
    (void)fprintf(plot->script,
                  "set encoding utf8\nset minussign\nset terminal %s\nset output './figure.%s'\n"
                  "unset key\nset border 3 lw 0.8 lc rgb '#555555'\nset tics out nomirror scale 0.5\n"
                  "set xtics textcolor rgb '#333333'\nset ytics textcolor rgb '#333333'\n"
                  "set grid ytics lt 1 lw 0.6 lc rgb '#e4e4e4'\nset style fill transparent solid 0.2 noborder\n",
                  terminal->command, terminal->name);
    return GW_OK;
}

void gw_plot_abandon(struct gw_plot *plot)
{
    if (plot->script != NULL) {
        (void)fclose(plot->script);
    }
    free(plot->text);
    *plot = (struct gw_plot){.format = plot->format};
}

void gw_plot_text(struct gw_plot *plot, const char *text, size_t columns)
{
    FILE *script = plot->script;
    char shown[1024];
    (void)gw_show_text(shown, sizeof shown, text, columns);
    if (plot->format != GW_PLOT_SVG) {
        gw_show_common(shown);
    }
    (void)fputc('\'', script);
    for (const char *c = shown; *c != '\0'; c++) {
        if (*c == '\'') {
            (void)fputs("\xe2\x80\x99", script);
        } else {
            (void)fputc(*c, script);
        }
    }
    (void)fputc('\'', script);
}

double gw_plot_width(size_t columns)
{
    return 0.0098 * (double)columns;
}

void gw_plot_label(struct gw_plot *plot, const char *where, const char *align, enum gw_text_look look,
                   const char *colour, const char *text, size_t columns)
{
    static const char *const colours[] = {"#111111", "#666666", "#808080", "#333333", "#333333"};
    const struct terminal *t = &terminals[plot->format];
    const double sizes[] = {t->title, t->subtitle, t->note, t->body, t->body};
    const bool bold = look == GW_TEXT_TITLE || look == GW_TEXT_BOLD;
    (void)fputs("set label ", plot->script);
    gw_plot_text(plot, text, columns);
    (void)fprintf(plot->script, " at %s %s noenhanced front font 'DejaVu Sans%s,%g' textcolor rgb '%s'\n", where,
                  align, bold ? " Bold" : "", sizes[look], colour == NULL ? colours[look] : colour);
}

void gw_plot_heading(struct gw_plot *plot, const char *title, const char *subtitle, const char *note)
{
    if (title != NULL) {
        gw_plot_label(plot, "screen 0.02, screen 0.95", "left", GW_TEXT_TITLE, NULL, title, 70);
    }
    if (subtitle != NULL) {
        gw_plot_label(plot, "screen 0.02, screen 0.895", "left", GW_TEXT_SUBTITLE, NULL, subtitle, 115);
    }
    if (note != NULL) {
        gw_plot_label(plot, "screen 0.02, screen 0.025", "left", GW_TEXT_NOTE, NULL, note, 130);
    }
}

void gw_plot_frame(struct gw_plot *plot, struct gw_frame frame)
{
    (void)fprintf(plot->script,
                  "set lmargin at screen %.5f\nset rmargin at screen %.5f\nset bmargin at screen %.5f\n"
                  "set tmargin at screen %.5f\n",
                  frame.left, frame.right, frame.bottom, frame.top);
}

/* The least of 1, 2, 5 times a power of ten that is not below x > 0. */
static double nice_step(double x)
{
    const double power = pow(10.0, floor(log10(x))), first = x / power;
    return power * (first <= 1.0 ? 1.0 : first <= 2.0 ? 2.0 : first <= 5.0 ? 5.0 : 10.0);
}

static void write_tics(FILE *script, char axis, double low, double high, int most)
{
    const double step = nice_step((high - low) / most), size = fmax(fabs(low), fabs(high));
    const double decimals = fmax(0.0, -floor(log10(step) + 1e-9));
    (void)fprintf(script, "set %ctics %.10g\n", axis, step);
    if (decimals > 6.0 || size >= 1e7) {
        (void)fprintf(script, "set format %c '%%.3g'\n", axis);
    } else {
        (void)fprintf(script, "set format %c '%%.%.0ff'\n", axis, decimals);
    }
}

/* "M" beside a unit, "millions" alone. */
static const char *prefix_of(const char *suffix, bool named)
{
    static const char *const words[][2] = {
        {" k", "thousands"}, {" M", "millions"}, {" bn", "billions"}, {" tn", "trillions"}};
    for (size_t i = 0; !named && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(suffix, words[i][0]) == 0) {
            return words[i][1];
        }
    }
    return suffix[0] == ' ' ? suffix + 1 : suffix;
}

/* "Company value [M EUR]", "Active customers [thousands]"; money that has no name is the scenario's. */
void gw_plot_axis_text(char *label, size_t size, struct gw_style unit, const char *text, const char *unit_name)
{
    const bool money = strcmp(unit_name, "money") == 0, named = strcmp(unit_name, "1") != 0 && unit_name[0] != '\0';
    const char *prefix = prefix_of(unit.suffix, named && !money);
    const char *name = money ? "scenario's currency" : named ? unit_name : "";
    const char *between = prefix[0] == '\0' || !named ? "" : money ? ", " : " ";
    if (prefix[0] == '\0' && !named) {
        (void)snprintf(label, size, "%s", text);
    } else {
        (void)snprintf(label, size, "%s [%s%s%.200s]", text, prefix, between, name);
    }
}

struct gw_range gw_plot_axis(struct gw_plot *plot, char axis, double low, double high, struct gw_style unit,
                             const char *text, const char *unit_name)
{
    char label[512];
    struct gw_range range = {low / unit.unit, high / unit.unit};
    if (!(range.high - range.low > 1e-9 * fmax(fabs(range.low), fabs(range.high)))) {
        const double pad = range.high == 0.0 ? 1.0 : 0.05 * fabs(range.high);
        range = (struct gw_range){range.low - pad, range.high + pad};
    }
    gw_plot_axis_text(label, sizeof label, unit, text, unit_name);
    (void)fprintf(plot->script, "set %crange [%.12g:%.12g]\n", axis, range.low, range.high);
    write_tics(plot->script, axis, range.low, range.high, 7);
    (void)fprintf(plot->script, "set %clabel ", axis);
    gw_plot_text(plot, label, axis == 'x' ? 70 : 45);
    (void)fputs(" noenhanced textcolor rgb '#333333'\n", plot->script);
    return range;
}

void gw_plot_tics(struct gw_plot *plot, char axis, struct gw_range range, int most)
{
    write_tics(plot->script, axis, range.low, range.high, most);
}

double gw_plot_point(const struct gw_plot *plot, double size)
{
    return size * terminals[plot->format].point;
}

const char *gw_plot_colour(size_t i)
{
    static const char *const colours[GW_PLOT_COLOURS] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                         "#B07D00", "#56B4E9", "#777777", "#000000"};
    return colours[i % GW_PLOT_COLOURS];
}

const char *gw_plot_dash(size_t i)
{
    static const char *const dashes[] = {"1",      "(8,3)",         "(8,3,2,3)", "(3,2)",
                                         "(14,3)", "(8,2,2,2,2,2)", "(1.5,2)",   "(5,4)"};
    return dashes[i % (sizeof dashes / sizeof dashes[0])];
}

void gw_plot_separate(double *height, size_t n, double gap)
{
    size_t order[64];
    for (size_t i = 0; i < n && i < 64; i++) { /* insertion sort by height, stable */
        size_t at = i;
        for (; at > 0 && height[order[at - 1]] > height[i]; at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
    n = n < 64 ? n : 64;
    gap = n > 1 ? fmin(gap, 1.0 / (double)(n - 1)) : gap;
    /* Upwards past each neighbour, then down from the ceiling, then up from the floor: each pass keeps the gaps. */
    for (size_t i = 1; i < n; i++) {
        const double crowded = height[order[i - 1]] + gap - height[order[i]];
        if (crowded > 0.0) { /* share the push with the lower one where it is free to move */
            const bool alone = i == 1 || height[order[i - 1]] - height[order[i - 2]] > gap + crowded / 2.0;
            height[order[i - 1]] -= alone ? crowded / 2.0 : 0.0;
            height[order[i]] += alone ? crowded / 2.0 : crowded;
        }
    }
    double ceiling = 1.0, floor_ = 0.0;
    for (size_t i = n; i-- > 0; ceiling = height[order[i]] - gap) {
        height[order[i]] = fmin(height[order[i]], ceiling);
    }
    for (size_t i = 0; i < n; floor_ = height[order[i]] + gap, i++) {
        height[order[i]] = fmax(height[order[i]], floor_);
    }
}
