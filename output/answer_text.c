#include "output/answer_forms.h"
#include "output/label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 100, HEADING = 27, CELL = 24, PER_BLOCK = (LINE - HEADING) / CELL };

struct cell {
    char text[128];
};

static double half_width(double low, double high)
{
    return (high - low) / 2.0;
}

static double magnitude(double mean, double low, double high)
{
    return fmax(fabs(mean), fmax(fabs(low), fabs(high))); /* fmax passes over NaN */
}

/* "3.42 M (3.31 to 3.53)"; without interval "3.42 M"; "-" when undefined; its own n when that differs. */
static struct cell cell_of(double mean, double low, double high, struct gw_style style, size_t n, size_t usual_n)
{
    struct cell cell;
    char m[64], l[64], h[64];
    const char *suffix = isfinite(mean) ? style.suffix : "";
    int at = snprintf(cell.text, sizeof cell.text, "%s%s", gw_show_number(m, style, mean), suffix);
    if (isfinite(low) && isfinite(high)) {
        at += snprintf(cell.text + at, sizeof cell.text - (size_t)at, " (%s to %s)", gw_show_number(l, style, low),
                       gw_show_number(h, style, high));
    }
    if (n != usual_n && n != 0) {
        (void)snprintf(cell.text + at, sizeof cell.text - (size_t)at, " n=%zu", n);
    }
    return cell;
}

static struct cell estimate_cell(const struct gw_estimate *e, enum gw_measure measure, size_t usual_n)
{
    const double size = magnitude(e->mean, e->low, e->high), half = half_width(e->low, e->high);
    const struct gw_style style =
        measure == GW_MEASURE_SHARE ? gw_style_percent(size, half) : gw_style_for(size, half);
    return cell_of(e->mean, e->low, e->high, style, e->n, usual_n);
}

static void pad(FILE *out, const char *text, size_t columns)
{
    const size_t used = gw_columns(text);
    (void)fprintf(out, "%s%*s", text, used < columns ? (int)(columns - used) : 0, "");
}

/* The last column of a line is not padded. */
static void put_cell(FILE *out, const char *text, bool last)
{
    pad(out, text, last ? 0 : CELL);
    (void)fputs(last ? "\n" : " ", out);
}

static void write_levels(FILE *out, const struct gw_findings *f, size_t from, size_t to)
{
    char name[GW_NAME_SIZE];
    (void)fprintf(out, "%-*s", HEADING, "");
    for (size_t s = from; s < to; s++) {
        (void)gw_show_strategy(name, sizeof name, f->dataset, s, CELL);
        put_cell(out, name, s + 1 == to);
    }
    for (size_t q = 0; q < f->quantities; q++) {
        if (f->known[q]) {
            (void)fprintf(out, "%-*s", HEADING, f->quantity[q].heading);
            for (size_t s = from; s < to; s++) {
                const struct cell cell =
                    estimate_cell(&f->level[q * f->strategies + s], f->quantity[q].measure, f->replications);
                put_cell(out, cell.text, s + 1 == to);
            }
        }
    }
    (void)fputc('\n', out);
}

static void write_unknown(FILE *out, const struct gw_findings *f)
{
    bool any = false;
    for (size_t q = 0; q < f->quantities; q++) {
        if (!f->known[q]) {
            (void)fprintf(out, "%s%s", any ? ", " : "Not in this run: ", f->quantity[q].name);
            any = true;
        }
    }
    (void)fputs(any ? ".\n" : "", out);
}

static void write_difference(FILE *out, const struct gw_findings *f, size_t strategy)
{
    const struct gw_comparison *c = &f->against_first[strategy];
    const struct gw_proportion *p = &c->better;
    char name[GW_NAME_SIZE];
    (void)gw_show_strategy(name, sizeof name, f->dataset, strategy, HEADING - 1);
    pad(out, name, HEADING);
    put_cell(out, estimate_cell(&c->difference, GW_MEASURE_MONEY, f->replications).text, false);
    const struct gw_style percent = {0.01, "%", 0};
    put_cell(out, cell_of(p->share, p->low, p->high, percent, p->n, p->n).text, false);
    const double ratio = c->variance_ratio, low = c->variance_ratio_low, high = c->variance_ratio_high;
    if (isinf(ratio)) {
        put_cell(out, "the difference is exact", true);
    } else {
        const struct gw_style style = {1.0, "", fabs(ratio) < 100.0 ? 1 : 0};
        put_cell(out, cell_of(ratio, low, high, style, c->difference.n, c->difference.n).text, true);
    }
}

static void write_differences(FILE *out, const struct gw_findings *f)
{
    char name[GW_NAME_SIZE];
    (void)gw_show_strategy(name, sizeof name, f->dataset, 0, 40);
    (void)fprintf(out, "Difference to %s, replication by replication:\n", name);
    (void)fprintf(out, "%-*s", HEADING, "");
    put_cell(out, "Company value", false);
    put_cell(out, "Better in", false);
    put_cell(out, "Variance ratio", true);
    for (size_t s = 1; s < f->strategies; s++) {
        write_difference(out, f, s);
    }
    if (f->replications < 2) {
        (void)fputc('\n', out);
        return;
    }
    (void)fputs("Variance ratio: how many times as many independent runs would be needed for an interval as short.\n"
                "Each interval holds at 95% by itself; the best is called so when all its leads together do.\n\n",
                out);
}

static void write_caption(FILE *out, const struct gw_findings *f)
{
    char unit[64];
    (void)gw_show_text(unit, sizeof unit, gw_quantity_unit(&f->quantity[0], f->dataset), 15);
    if (f->replications == 1) {
        (void)fputs("One replication, which gives no intervals", out);
    } else {
        (void)fprintf(out, "Mean and 95%% interval over %zu replications", f->replications);
    }
    if (strcmp(unit, "1") != 0 && strcmp(unit, "money") != 0 && f->known[0]) {
        (void)fprintf(out, ", money in %s", unit);
    }
    (void)fputs(":\n", out);
}

/* A run that was stopped says how much of it there is. */
static void write_status(FILE *out, const struct gw_findings *f)
{
    const char *status = gw_dataset_attribute(f->dataset, "status");
    const char *asked = gw_dataset_attribute(f->dataset, "replications_asked");
    char shown[64];
    if (status != NULL && strcmp(status, "stopped") == 0) {
        (void)fprintf(out, "The run was stopped: %zu", f->replications);
        if (asked != NULL) {
            (void)gw_show_text(shown, sizeof shown, asked, 15);
            (void)fprintf(out, " of %s", shown);
        }
        (void)fputs(" replications are finished.\n", out);
    }
}

void gw_write_text(FILE *out, const struct gw_findings *f, const char *sentence)
{
    const char *title = gw_dataset_attribute(f->dataset, "title");
    char shown[4 * LINE + 1];
    if (title != NULL && title[0] != '\0') {
        (void)gw_show_text(shown, sizeof shown, title, LINE);
        (void)fprintf(out, "%s\n\n", shown);
    }
    (void)fprintf(out, "%s\n", sentence);
    write_status(out, f);
    (void)fputc('\n', out);
    write_caption(out, f);
    for (size_t from = 0; from < f->strategies; from += PER_BLOCK) {
        write_levels(out, f, from, from + PER_BLOCK < f->strategies ? from + PER_BLOCK : f->strategies);
    }
    if (f->strategies > 1 && f->known[0]) {
        write_differences(out, f);
    }
    write_unknown(out, f);
}
