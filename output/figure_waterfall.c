/* From revenue to company value: each account's discounted flow, a bar that starts where the last one ended. */
#include "outcome/reduced.h"
#include "output/figure_panel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PANELS = 3, MOST_BARS = 40, NAME = 18, AMOUNT = 8 };

enum kind { EARNED, SPENT, TOTAL, AFTER, KINDS };
static const char *const kind_colours[KINDS] = {"#0072B2", "#D55E00", "#6b6b6b", "#56B4E9"};

struct bar {
    char name[GW_NAME_SIZE];
    enum kind kind;
    struct gw_estimate amount[GW_MOST_PANELS];
    double from[GW_MOST_PANELS]; /* where it starts; it ends at from + mean */
};

struct waterfall {
    struct gw_reduced reduced; /* pairs alone: bars add up */
    struct gw_view ledger, horizon, terminal, company;
    const struct gw_axis *accounts;
    size_t bars;
    struct bar bar[MOST_BARS];
    double low, high;
};

/* Bars: accounts first, then the three values. */
static double amount_of(const struct waterfall *w, int account, const struct gw_view *value, size_t s, size_t r)
{
    return account >= 0 ? -gw_view_at(&w->ledger, s, r, (size_t)account, 0) : gw_view_at(value, s, r, 0, 0);
}

/* Means are taken over the replications in which all values are defined, so that the bars add up. */
static void add_bar(struct waterfall *w, const struct gw_panels *panels, const char *label, enum kind kind,
                    int account, const struct gw_view *value, double *sample)
{
    struct bar *bar = &w->bar[w->bars];
    bool any = account < 0;
    for (size_t panel = 0; panel < panels->n; panel++) {
        const size_t s = panels->strategy[panel];
        for (size_t r = 0; r < w->ledger.replications; r++) {
            const bool whole = isfinite(gw_view_at(&w->company, s, r, 0, 0));
            sample[r] = whole ? amount_of(w, account, value, s, r) : NAN;
        }
        bar->amount[panel] = gw_reduced_mean(&w->reduced, sample, w->ledger.replications, 0.95);
        any = any || bar->amount[panel].mean != 0.0;
    }
    if (any && w->bars + 1 < MOST_BARS) {
        (void)gw_show_label(bar->name, sizeof bar->name, label, NAME);
        bar->kind = kind;
        w->bars++;
    }
}

static void add_bars(struct waterfall *w, const struct gw_panels *panels, double *sample)
{
    for (size_t a = 0; a < w->accounts->length && a < 1000; a++) {
        const char *label = w->accounts->labels[a] == NULL ? "" : w->accounts->labels[a];
        if (strcmp(label, "cash") != 0) {
            add_bar(w, panels, label, strcmp(label, "revenue") == 0 ? EARNED : SPENT, (int)a, NULL, sample);
        }
    }
    add_bar(w, panels, "Horizon value", TOTAL, -1, &w->horizon, sample);
    add_bar(w, panels, "Terminal value", AFTER, -1, &w->terminal, sample);
    add_bar(w, panels, "Company value", TOTAL, -1, &w->company, sample);
}

static void stack_bars(struct waterfall *w, size_t panels)
{
    w->low = w->high = 0.0;
    for (size_t panel = 0; panel < panels; panel++) {
        double level = 0.0;
        for (size_t i = 0; i < w->bars; i++) {
            struct bar *bar = &w->bar[i];
            bar->from[panel] = bar->kind == TOTAL ? 0.0 : level;
            const double end = bar->from[panel] + bar->amount[panel].mean, half = gw_half_width(&bar->amount[panel]);
            if (isfinite(end)) {
                level = end;
                w->low = fmin(w->low, end - half);
                w->high = fmax(w->high, end + half);
            }
        }
    }
}

/* x from, x to, half interval, y, and how far down the line to the next bar goes. */
static void write_data(FILE *script, const struct waterfall *w, size_t panel, int kind, double unit)
{
    (void)fprintf(script, "$bar%zu_%d << EOD\n", panel, kind);
    for (size_t i = 0; i < w->bars; i++) {
        const struct bar *bar = &w->bar[i];
        const double to = bar->from[panel] + bar->amount[panel].mean;
        if ((int)bar->kind == kind && isfinite(to)) {
            (void)fprintf(script, "%.10g %.10g %.10g %zu %d\n", bar->from[panel] / unit, to / unit,
                          gw_half_width(&bar->amount[panel]) / unit, w->bars - 1 - i, i + 1 < w->bars ? -1 : 0);
        }
    }
    (void)fputs("EOD\n", script);
}

static void write_bars(FILE *script, const struct waterfall *w, size_t panel, double unit)
{
    for (int kind = 0; kind < KINDS; kind++) {
        write_data(script, w, panel, kind, unit);
    }
    (void)fputs("plot NaN notitle with lines", script);
    for (int kind = 0; kind < KINDS; kind++) {
        (void)fprintf(script, ", $bar%zu_%d using 2:4:(0):5 with vectors nohead lw 0.8 lc rgb '#888888'", panel,
                      kind);
    }
    for (int kind = 0; kind < KINDS; kind++) {
        (void)fprintf(script,
                      ", $bar%zu_%d using 1:4:1:2:($4-0.34):($4+0.34) with boxxyerror fs solid 1 noborder lc rgb '%s'"
                      ", $bar%zu_%d using ($2-$3):4:(2*$3):(0) with vectors nohead lw 2.2 lc rgb '#111111'",
                      panel, kind, kind_colours[kind], panel, kind);
    }
    (void)fputc('\n', script);
}

static void signed_number(char *out, size_t size, struct gw_style style, double x)
{
    char number[64];
    const bool minus = gw_show_number(number, style, x)[0] == '-' && number[1] != '\0';
    (void)snprintf(out, size, "%s%s", minus ? "\xe2\x88\x92" : "", number + minus);
}

/* Half an interval as it is shown: never as certainty. */
static double rounded_up(double half, struct gw_style style)
{
    const double digit = style.unit * pow(10.0, -style.decimals);
    return digit * ceil(half / digit);
}

/* Right of the panel, with half the interval below in small letters. */
static void write_amount(struct gw_plot *plot, const struct bar *bar, size_t panel, double y, double right,
                         struct gw_style style)
{
    char where[96], text[96], number[64];
    const double half = rounded_up(gw_half_width(&bar->amount[panel]), style);
    signed_number(text, sizeof text, style, bar->amount[panel].mean);
    (void)snprintf(where, sizeof where, "screen %.4f, first %g%s", right, y, half > 0.0 ? " offset 0,0.4" : "");
    gw_plot_label(plot, where, "right", bar->kind == TOTAL ? GW_TEXT_BOLD : GW_TEXT_BODY, NULL, text, 12);
    if (half > 0.0) {
        (void)snprintf(where, sizeof where, "screen %.4f, first %g offset 0,-0.5", right, y);
        (void)snprintf(text, sizeof text, "\xc2\xb1%s", gw_show_number(number, style, half));
        gw_plot_label(plot, where, "right", GW_TEXT_NOTE, NULL, text, 12);
    }
}

/* Names of the bars left of the first panel. */
static void write_names(struct gw_plot *plot, const struct waterfall *w, struct gw_frame frame)
{
    char where[96];
    for (size_t i = 0; i < w->bars; i++) {
        const struct bar *bar = &w->bar[i];
        (void)snprintf(where, sizeof where, "screen %.4f, first %zu", frame.left - 0.012, w->bars - 1 - i);
        gw_plot_label(plot, where, "right", bar->kind == TOTAL ? GW_TEXT_BOLD : GW_TEXT_BODY, NULL, bar->name, NAME);
    }
}

/* Decimals as the surest amount deserves them. */
static struct gw_style style_of(const struct waterfall *w, size_t panels)
{
    double least = INFINITY;
    for (size_t i = 0; i < w->bars * panels; i++) {
        const double half = gw_half_width(&w->bar[i / panels].amount[i % panels]);
        least = half > 0.0 ? fmin(least, half) : least;
    }
    return gw_style_for(fmax(fabs(w->low), fabs(w->high)), least);
}

static void write_panel(struct gw_plot *plot, const struct waterfall *w, size_t panel, struct gw_frame frame,
                        struct gw_style style)
{
    const double air = 0.03 * (w->high - w->low);
    const struct gw_range x =
        gw_plot_axis(plot, 'x', w->low < 0.0 ? w->low - air : 0.0, w->high + air, style, "", "1");
    gw_plot_tics(plot, 'x', x, 4);
    (void)fprintf(plot->script, "unset xlabel\nset yrange [-0.7:%.1f]\n", (double)w->bars - 0.4);
    if (w->low < 0.0) {
        (void)fputs("set arrow from first 0, graph 0 to first 0, graph 1 nohead back lw 1.2 lc rgb '#333333'\n",
                    plot->script);
    }
    if (panel == 0) {
        write_names(plot, w, frame);
    }
    for (size_t i = 0; i < w->bars; i++) {
        write_amount(plot, &w->bar[i], panel, (double)(w->bars - 1 - i), frame.right + gw_plot_width(AMOUNT), style);
    }
    write_bars(plot->script, w, panel, style.unit);
    (void)fputs("unset label\nunset arrow\n", plot->script);
}

static void write_waterfall(struct gw_plot *plot, const struct gw_dataset *dataset, const struct waterfall *w,
                            const struct gw_panels *panels)
{
    const struct gw_style style = style_of(w, panels->n);
    const char *unit = w->company.array->unit == NULL ? "1" : w->company.array->unit;
    char label[512], where[64];
    gw_plot_axis_text(label, sizeof label, style, "Discounted money", unit);
    (void)snprintf(where, sizeof where, "screen %.4f, screen 0.07", (panels->left + panels->right) / 2.0);
    gw_plot_label(plot, where, "center", GW_TEXT_BODY, NULL, label, 70);
    (void)fputs("set multiplot\nset border 1\nunset ytics\nset grid xtics noytics\n", plot->script);
    for (size_t panel = 0; panel < panels->n; panel++) {
        const struct gw_frame frame = gw_panels_frame(panels, panel, 0.155, 0.80);
        gw_plot_frame(plot, frame);
        gw_panels_name(plot, dataset, panels, panel, frame);
        write_panel(plot, w, panel, frame, style);
    }
    (void)fputs("unset multiplot\n", plot->script);
}

static int open_waterfall(struct waterfall *w, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE])
{
    const struct {
        struct gw_view *view;
        const char *name;
    } values[] = {{&w->horizon, "horizon_value"}, {&w->terminal, "terminal_value"}, {&w->company, "company_value"}};
    const char *axis;
    w->reduced.pairs = gw_reduced_of(dataset).pairs;
    if (!gw_figure_open_labelled(&w->ledger, &axis, dataset, "discounted_ledger", NULL)) {
        return gw_figure_lacks(reason, "discounted_ledger");
    }
    w->accounts = gw_dataset_axis(dataset, axis);
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (!gw_view_open(values[i].view, dataset, values[i].name, NULL, NULL)) {
            return gw_figure_lacks(reason, values[i].name);
        }
    }
    return GW_OK;
}

static void describe_waterfall(char *out, size_t size, const struct gw_dataset *dataset)
{
    char n[64];
    (void)gw_figure_replications(n, dataset);
    (void)snprintf(out, size, "%s%s%s", gw_replications(dataset) < 2 ? "" : "Means of ", n,
                   gw_replications(dataset) < 2 ? ", hence no intervals"
                                                : "; \xc2\xb1 and black lines: 95% intervals of the amounts");
}

int gw_figure_waterfall(struct gw_plot *plot, const struct gw_dataset *dataset, char reason[GW_REASON_SIZE],
                        struct gw_error *error)
{
    struct waterfall *w = calloc(1, sizeof *w);
    double *sample = calloc(gw_replications(dataset) + 1, sizeof *sample);
    struct gw_panels panels = gw_panels_choose(dataset, PANELS);
    char subtitle[256];
    int ret = GW_OK;
    if (w == NULL || sample == NULL) {
        ret = gw_fail(error, GW_REFUSED, "out of memory for a figure");
        goto out;
    }
    ret = open_waterfall(w, dataset, reason);
    if (ret != GW_OK || reason[0] != '\0') {
        goto out;
    }
    panels.left = 0.035 + gw_plot_width(NAME - 3);
    panels.gap = gw_plot_width(AMOUNT + 2);
    panels.right = 0.985 - gw_plot_width(AMOUNT);
    add_bars(w, &panels, sample);
    stack_bars(w, panels.n);
    if (w->high <= w->low) {
        (void)snprintf(reason, GW_REASON_SIZE, "no company value is defined in any replication");
        goto out;
    }
    describe_waterfall(subtitle, sizeof subtitle, dataset);
    gw_figure_heading_cut(plot, dataset, "From revenue to company value", subtitle, panels.cut);
    write_waterfall(plot, dataset, w, &panels);
out:
    free(w);
    free(sample);
    return ret;
}
