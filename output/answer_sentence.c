#include "output/answer_forms.h"
#include "output/label.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

struct name {
    char text[GW_NAME_SIZE];
};

static struct name name_of(const struct gw_findings *f, size_t strategy)
{
    struct name name;
    (void)gw_show_strategy(name.text, sizeof name.text, f->dataset, strategy, 40);
    return name;
}

/* " EUR"; nothing for an abstract unit. */
static const char *money(const struct gw_findings *f, struct name *unit)
{
    const char *text = gw_quantity_unit(&f->quantity[0], f->dataset);
    if (strcmp(text, "1") == 0 || strcmp(text, "money") == 0 || text[0] == '\0') {
        return "";
    }
    unit->text[0] = ' ';
    (void)gw_show_text(unit->text + 1, sizeof unit->text - 1, text, 20);
    return unit->text;
}

static double half_width(const struct gw_estimate *e)
{
    return (e->high - e->low) / 2.0;
}

static struct gw_style style_of(const struct gw_estimate *e)
{
    return gw_style_brief(fmax(fabs(e->mean), fmax(fabs(e->low), fabs(e->high))), half_width(e));
}

/* Whole percent, but 0% and 100% only when they are exact. */
static void write_percent(FILE *out, double share)
{
    const double percent = rint(100.0 * share); /* a half goes to even, as in the tables */
    if (percent >= 100.0 && share < 1.0) {
        (void)fputs("more than 99%", out);
    } else if (percent < 1.0 && share > 0.0) {
        (void)fputs("less than 1%", out);
    } else {
        (void)fprintf(out, "%.0f%%", percent);
    }
}

/* How many replications would shrink the interval to the size of the mean, were spread and mean to stay. */
static void write_needed(FILE *out, const struct gw_estimate *e)
{
    const double ratio = half_width(e) / fabs(e->mean), needed = ceil((double)e->n * ratio * ratio);
    if (isfinite(needed) && needed > (double)e->n && needed < 1e6) {
        const double unit = pow(10.0, floor(log10(needed)) - 1.0);
        (void)fprintf(out, "; if it stays so, about %.0f would tell", ceil(needed / unit) * unit);
    }
}

static void write_alone(FILE *out, const struct gw_findings *f)
{
    const struct gw_estimate *e = &f->level[f->best];
    const struct gw_style style = style_of(e);
    const struct name who = name_of(f, f->best);
    struct name unit;
    char mean[64], low[64], high[64];
    (void)fprintf(out, "%s is worth %s%s%s", who.text, gw_show_number(mean, style, e->mean), style.suffix,
                  money(f, &unit));
    if (e->n < 2) {
        (void)fputs(" in the one replication run, which gives no interval", out);
    } else {
        (void)fprintf(out, " (95%%: %s to %s, %zu replications)", gw_show_number(low, style, e->low),
                      gw_show_number(high, style, e->high), e->n);
    }
    (void)fputs(f->strategies == 1 ? "; there is no other strategy to compare it with."
                                   : "; no other strategy has a value to compare it with.",
                out);
}

/* ", better in 87% of 100 replications" */
static void write_better(FILE *out, const struct gw_comparison *c)
{
    (void)fputs(", better in ", out);
    write_percent(out, c->better.share);
    (void)fprintf(out, " of %zu replications", c->difference.n);
}

/* "1.2 M EUR" without its sign. */
static void write_amount(FILE *out, const struct gw_findings *f, const struct gw_estimate *e)
{
    const struct gw_style style = style_of(e);
    struct name unit;
    char amount[64];
    (void)fprintf(out, "%s%s%s", gw_show_number(amount, style, fabs(e->mean)), style.suffix, money(f, &unit));
}

/* "Experience earns 1.2 M more than Status quo (95%: 0.4 to 2.0), better in 87% of 100 replications". The best of
 * all, when it is the first strategy, is named before: "... is the best of 3 strategies: Experience, the next best,
 * earns 1.2 M less (95%: 0.4 to 2.0 less), better in ..." */
static void write_gap(FILE *out, const struct gw_findings *f, size_t who, const struct gw_comparison *c, bool named)
{
    const struct gw_estimate *d = &c->difference;
    const bool less = d->mean < 0.0;
    const double low = less ? -d->high : d->low, high = less ? -d->low : d->high;
    const struct gw_style style = style_of(d);
    char from[64], to[64];
    (void)fprintf(out, "%s%s earns ", name_of(f, who).text, named && f->strategies > 2 ? ", the next best," : "");
    write_amount(out, f, d);
    (void)fputs(less ? " less" : " more", out);
    if (!named) {
        (void)fprintf(out, " than %s", name_of(f, 0).text);
    }
    if (d->n < 2) {
        (void)fputs(" in the one replication run; one cannot tell a difference from chance", out);
    } else if (d->sd == 0.0) {
        (void)fprintf(out, " in each of %zu replications", d->n);
    } else {
        (void)fprintf(out, " (95%%: %s to %s%s)", gw_show_number(from, style, low), gw_show_number(to, style, high),
                      less ? " less" : "");
        write_better(out, c);
    }
}

static void write_same(FILE *out, const struct gw_findings *f, size_t who, const struct gw_estimate *d)
{
    (void)fprintf(out, "%s and %s are worth the same in ", name_of(f, who).text, name_of(f, 0).text);
    if (d->n < 2) {
        (void)fputs("the one replication run; one cannot tell a difference from chance", out);
    } else {
        (void)fprintf(out, "each of %zu replications", d->n);
    }
}

static void write_no_gap(FILE *out, const struct gw_findings *f, size_t who, const struct gw_comparison *c)
{
    const struct gw_estimate *d = &c->difference;
    const struct gw_style style = style_of(d);
    char low[64], high[64];
    (void)fprintf(out, "%s cannot be told apart from %s with %zu replications: it earns ", name_of(f, who).text,
                  name_of(f, 0).text, d->n);
    write_amount(out, f, d);
    (void)fprintf(out, " %s (95%%: %s less to %s more), better in ", d->mean < 0.0 ? "less" : "more",
                  gw_show_number(low, style, -d->low), gw_show_number(high, style, d->high));
    write_percent(out, c->better.share);
    write_needed(out, d);
}

/* Names of the others that the best is not shown to beat, "A, B and C"; at most three. */
static void write_rivals(FILE *out, const struct gw_findings *f)
{
    size_t written = 0;
    for (size_t s = 0; s < f->strategies && written < 3; s++) {
        if (s != f->best && !gw_above_zero(&f->lead[s].difference)) {
            const bool last = written + 1 == f->not_told_apart;
            (void)fprintf(out, "%s%s", written == 0 ? "" : last ? " and " : ", ", name_of(f, s).text);
            written++;
        }
    }
    if (f->not_told_apart > written) {
        const size_t more = f->not_told_apart - written;
        (void)fprintf(out, " and %zu other%s", more, more == 1 ? "" : "s");
    }
}

/* Whether the best is shown to be so: by all its leads together. */
static bool is_shown_best(const struct gw_findings *f)
{
    return f->lead[f->runner_up].difference.n >= 2 && f->not_told_apart == 0;
}

/* What the best's leads over all others together allow to say. */
static void write_rank(FILE *out, const struct gw_findings *f)
{
    if (is_shown_best(f)) {
        (void)fprintf(out, "; it is the %s of %zu strategies", f->strategies == 2 ? "better" : "best", f->strategies);
    } else if (f->strategies > 2 && f->lead[f->runner_up].difference.n >= 2) {
        (void)fprintf(out, "; of %zu strategies compared at once, %s is not shown to beat ", f->strategies,
                      f->best == 0 ? name_of(f, 0).text : "it");
        write_rivals(out, f);
    }
}

static void write_comparison(FILE *out, const struct gw_findings *f)
{
    const size_t who = f->best == 0 ? f->runner_up : f->best; /* the one held against the first */
    const struct gw_comparison *c = &f->against_first[who];
    const struct gw_estimate *d = &c->difference;
    const bool named = f->best == 0 && is_shown_best(f);
    if (named) {
        (void)fprintf(out, "%s is the %s of %zu strategies: ", name_of(f, 0).text,
                      f->strategies == 2 ? "better" : "best", f->strategies);
    }
    if (d->mean == 0.0 && !(d->sd > 0.0)) {
        write_same(out, f, who, d);
    } else if (d->n >= 2 && d->low <= 0.0 && d->high >= 0.0) {
        write_no_gap(out, f, who, c);
    } else {
        write_gap(out, f, who, c, named);
    }
    if (!named) {
        write_rank(out, f);
    }
    (void)fputs(".", out);
}

void gw_write_sentence(FILE *out, const struct gw_findings *f)
{
    if (f->best == SIZE_MAX) {
        (void)fputs("There is no company value to compare the strategies by.", out);
    } else if (f->runner_up == SIZE_MAX || f->lead[f->runner_up].difference.n == 0) {
        write_alone(out, f);
    } else {
        write_comparison(out, f);
    }
}
