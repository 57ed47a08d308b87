#include "output/answer_forms.h"
#include "output/label.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns of text: a line, a strategy's name at the head of a column or of a row, what parts two columns. */
enum { LINE = 110, NAME = 24, ROW_NAME = 30, GAP = 2, MOST_COLUMNS = 12, COMPARED = 3 };

struct cell {
    char text[GW_NAME_SIZE];
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

/* Columns begin at the same place in every row; the last one is not padded. */
static void put_row(FILE *out, const char *heading, size_t heading_width, const struct cell *cell,
                    const size_t *width, size_t columns)
{
    pad(out, heading, heading_width);
    for (size_t i = 0; i < columns; i++) {
        (void)fprintf(out, "%*s", GAP, "");
        pad(out, cell[i].text, i + 1 == columns ? 0 : width[i]);
    }
    (void)fputc('\n', out);
}

static size_t wider(size_t width, const char *text)
{
    const size_t used = gw_columns(text);
    return used > width ? used : width;
}

/* Whether the quantity has a value in any replication of any strategy. */
static bool is_defined(const struct gw_findings *f, size_t q)
{
    bool any = false;
    for (size_t s = 0; f->known[q] && s < f->strategies; s++) {
        any |= f->level[q * f->strategies + s].n > 0;
    }
    return any;
}

static bool has_differences(const struct gw_findings *f)
{
    return f->strategies > 1 && is_defined(f, 0);
}

static struct cell name_cell(const struct gw_findings *f, size_t strategy, size_t columns)
{
    struct cell cell;
    (void)gw_show_strategy(cell.text, sizeof cell.text, f->dataset, strategy, columns);
    return cell;
}

static struct cell level_cell(const struct gw_findings *f, size_t q, size_t strategy)
{
    return estimate_cell(&f->level[q * f->strategies + strategy], f->quantity[q].measure, f->replications);
}

/* One width for the first column of both tables. */
static size_t heading_width(const struct gw_findings *f)
{
    size_t width = 0;
    for (size_t q = 0; q < f->quantities; q++) {
        width = is_defined(f, q) ? wider(width, f->quantity[q].heading) : width;
    }
    for (size_t s = 1; has_differences(f) && s < f->strategies; s++) {
        width = wider(width, name_cell(f, s, ROW_NAME).text);
    }
    return width;
}

static size_t level_width(const struct gw_findings *f, size_t strategy)
{
    size_t width = wider(0, name_cell(f, strategy, NAME).text);
    for (size_t q = 0; q < f->quantities; q++) {
        width = is_defined(f, q) ? wider(width, level_cell(f, q, strategy).text) : width;
    }
    return width;
}

/* Strategies from `from` on that fit beside one another, at least one; returns how many. */
static size_t choose_columns(const struct gw_findings *f, size_t from, size_t heading, size_t width[MOST_COLUMNS])
{
    size_t n = 0, used = heading;
    while (n < MOST_COLUMNS && from + n < f->strategies) {
        width[n] = level_width(f, from + n);
        used += GAP + width[n];
        if (n > 0 && used > LINE) {
            break;
        }
        n++;
    }
    return n;
}

/* Returns the first strategy that is left for the next block. */
static size_t write_levels(FILE *out, const struct gw_findings *f, size_t from, size_t heading)
{
    struct cell cell[MOST_COLUMNS];
    size_t width[MOST_COLUMNS];
    const size_t n = choose_columns(f, from, heading, width);
    for (size_t i = 0; i < n; i++) {
        cell[i] = name_cell(f, from + i, NAME);
    }
    put_row(out, "", heading, cell, width, n);
    for (size_t q = 0; q < f->quantities; q++) {
        for (size_t i = 0; i < n; i++) {
            cell[i] = level_cell(f, q, from + i);
        }
        if (is_defined(f, q)) {
            put_row(out, f->quantity[q].heading, heading, cell, width, n);
        }
    }
    return from + n;
}

static void write_level_note(FILE *out, const struct gw_findings *f)
{
    for (size_t q = 0; q < f->quantities; q++) {
        if (is_defined(f, q) && strncmp(f->quantity[q].name, "clv_", 4) == 0) {
            (void)fputs("CLV: discounted contribution per customer; it counts the horizon only.\n", out);
            return;
        }
    }
}

/* The first strategy is left out of the differences. */
static void write_blocks(FILE *out, const struct gw_findings *f, size_t first, size_t heading)
{
    for (size_t from = first; from < f->strategies;) {
        (void)fputs(from == first ? "" : "\n", out);
        from = write_levels(out, f, from, heading);
    }
}

/* What strategies change in a segment, as levels of their own. */
static void write_segment_differences(FILE *out, const struct gw_findings *f, size_t heading)
{
    struct gw_findings differences = *f;
    const size_t cells = f->quantities * f->strategies;
    differences.level = calloc(cells + 1, sizeof *differences.level);
    for (size_t i = 0; differences.level != NULL && i < cells; i++) {
        differences.level[i] = f->against_first[i].difference;
    }
    if (differences.level != NULL) {
        (void)fprintf(out, "\nDifference to %s, replication by replication:\n", name_cell(f, 0, 40).text);
        write_blocks(out, &differences, 1, heading);
    }
    free(differences.level);
}

static void write_segment(FILE *out, const struct gw_findings *f)
{
    char shown[GW_NAME_SIZE];
    const size_t heading = heading_width(f);
    (void)gw_show_text(shown, sizeof shown, f->segment, 40);
    (void)fprintf(out, "\nSegment %s:\n", shown);
    write_blocks(out, f, 0, heading);
    if (has_differences(f)) {
        write_segment_differences(out, f, heading);
    }
}

/* Quantities that the dataset does not hold, or holds without a value. */
static void write_missing(FILE *out, const struct gw_findings *f, bool held, const char *heading)
{
    bool any = false;
    for (size_t q = 0; q < f->quantities; q++) {
        if (!is_defined(f, q) && f->known[q] == held) {
            (void)fprintf(out, "%s%s", any ? ", " : heading, f->quantity[q].name);
            any = true;
        }
    }
    (void)fputs(any ? ".\n" : "", out);
}

static struct cell ratio_cell(const struct gw_comparison *c)
{
    const double ratio = c->variance_ratio, low = c->variance_ratio_low, high = c->variance_ratio_high;
    const struct gw_style style = gw_style_for(magnitude(ratio, low, high), half_width(low, high));
    return isinf(ratio) ? (struct cell){"the difference is exact"}
                        : cell_of(ratio, low, high, style, c->difference.n, c->difference.n);
}

static void compare(struct cell cell[COMPARED], const struct gw_findings *f, size_t strategy)
{
    const struct gw_comparison *c = &f->against_first[strategy];
    const struct gw_proportion *p = &c->better;
    const struct gw_style percent = {0.01, "%", 0};
    cell[0] = estimate_cell(&c->difference, GW_MEASURE_MONEY, f->replications);
    cell[1] = cell_of(p->share, p->low, p->high, percent, p->n, p->n);
    cell[2] = ratio_cell(c);
}

static void write_differences(FILE *out, const struct gw_findings *f, size_t heading)
{
    static const struct cell heads[COMPARED] = {{"Company value"}, {"Better in"}, {"Variance ratio"}};
    struct cell cell[COMPARED];
    size_t width[COMPARED] = {0};
    for (size_t s = 0; s < f->strategies; s++) {
        compare(cell, f, s);
        for (int i = 0; i < COMPARED; i++) {
            width[i] = wider(width[i], s == 0 ? heads[i].text : cell[i].text);
        }
    }
    (void)fprintf(out, "\nDifference to %s, replication by replication:\n", name_cell(f, 0, 40).text);
    put_row(out, "", heading, heads, width, COMPARED);
    for (size_t s = 1; s < f->strategies; s++) {
        compare(cell, f, s);
        put_row(out, name_cell(f, s, ROW_NAME).text, heading, cell, width, COMPARED);
    }
    if (f->replications >= 2) {
        (void)fputs(
            "Variance ratio: how many times as many independent runs would be needed for an interval as short.\n"
            "Each interval holds at 95% by itself; the best is called so when all its leads together do.\n",
            out);
    }
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
    if (strcmp(unit, "money") == 0) {
        (void)fputs(", money in the scenario's currency", out);
    } else if (strcmp(unit, "1") != 0) {
        (void)fprintf(out, ", money in %s", unit);
    }
    (void)fputs(":\n", out);
    const char *scale = gw_dataset_attribute(f->dataset, "scale");
    if (scale != NULL) {
        (void)fprintf(out,
                      "(each consumer stands for %.4g of the market; money and counts are those of the consumers "
                      "simulated)\n",
                      strtod(scale, NULL));
    }
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
    gw_write_precision(out, f);
    (void)fputc('\n', out);
    write_caption(out, f);
    const size_t heading = heading_width(f);
    write_blocks(out, f, 0, heading);
    write_level_note(out, f);
    if (has_differences(f)) {
        write_differences(out, f, heading);
    }
    gw_write_reduction(out, f);
    for (size_t i = 0; i < f->segments; i++) {
        write_segment(out, f->of_segment[i]);
    }
    write_missing(out, f, true, "\nWithout a value in this run: ");
    write_missing(out, f, false, "\nNot in this run: ");
}
