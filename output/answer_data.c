#include "output/answer_forms.h"
#include "output/fields.h"

#include <math.h>

/* One line of the long format. `against` is NULL for a level, `segment` for all consumers. */
struct row {
    const char *strategy, *quantity, *unit, *against, *segment;
    size_t n;
    double mean, low, high, sd;
};

struct sink {
    FILE *out;
    void (*write)(FILE *out, const struct row *row, size_t rows_before);
    size_t rows;
};

static void put(struct sink *sink, const struct row *row)
{
    sink->write(sink->out, row, sink->rows);
    sink->rows++;
}

static struct row row_of(const char *strategy, const struct gw_findings *f, size_t q, const struct gw_estimate *e)
{
    return (struct row){.strategy = strategy,
                        .segment = f->segment,
                        .quantity = f->quantity[q].name,
                        .unit = gw_quantity_unit(&f->quantity[q], f->dataset),
                        .n = e->n,
                        .mean = e->mean,
                        .low = e->low,
                        .high = e->high,
                        .sd = e->sd};
}

static void put_comparison(struct sink *sink, const struct gw_comparison *c, struct row row)
{
    row.unit = "1";
    row.sd = NAN;
    row.quantity = "probability_better";
    row.mean = c->better.share;
    row.low = c->better.low;
    row.high = c->better.high;
    put(sink, &row);
    row.quantity = "variance_ratio";
    row.mean = c->variance_ratio;
    row.low = c->variance_ratio_low;
    row.high = c->variance_ratio_high;
    put(sink, &row);
}

/* Factors of variance reduction of the same contrast. */
static void put_factors(const struct gw_findings *f, struct sink *sink, size_t strategy, struct row row)
{
    const char *name = "";
    row.unit = "1";
    row.sd = NAN;
    for (size_t which = 0; name != NULL; which++) {
        const double *factor = gw_reduction_factor(f, which, strategy, row.against != NULL, &name);
        if (factor != NULL) {
            row.quantity = name;
            row.mean = factor[0];
            row.low = factor[1];
            row.high = factor[2];
            put(sink, &row);
        }
    }
}

static void put_findings(const struct gw_findings *f, struct sink *sink)
{
    for (size_t q = 0; q < f->quantities; q++) {
        for (size_t s = 0; f->known[q] && s < f->strategies; s++) {
            const size_t cell = q * f->strategies + s;
            struct row row = row_of(gw_strategy_label(f->dataset, s), f, q, &f->level[cell]);
            put(sink, &row);
            if (q == 0 && f->segment == NULL) {
                put_factors(f, sink, s, row);
            }
            if (s > 0) {
                row = row_of(row.strategy, f, q, &f->against_first[cell].difference);
                row.against = gw_strategy_label(f->dataset, 0);
                put(sink, &row);
                if (q == 0 && f->segment == NULL) {
                    put_comparison(sink, &f->against_first[cell], row);
                    put_factors(f, sink, s, row);
                }
            }
        }
    }
}

static void put_all(const struct gw_findings *f, struct sink sink)
{
    put_findings(f, &sink);
    for (size_t i = 0; i < f->segments; i++) {
        put_findings(f->of_segment[i], &sink);
    }
}

static void write_csv_row(FILE *out, const struct row *row, size_t rows_before)
{
    (void)rows_before;
    char mean[GW_EXACT_SIZE], low[GW_EXACT_SIZE], high[GW_EXACT_SIZE], sd[GW_EXACT_SIZE];
    gw_write_csv_text(out, row->strategy);
    (void)fputc(',', out);
    gw_write_csv_text(out, row->quantity);
    (void)fputc(',', out);
    gw_write_csv_text(out, row->unit);
    (void)fprintf(out, ",%zu,%s,%s,%s,%s,", row->n, gw_exact(mean, row->mean), gw_exact(low, row->low),
                  gw_exact(high, row->high), gw_exact(sd, row->sd));
    gw_write_csv_text(out, row->against == NULL ? "" : row->against);
    (void)fputc(',', out);
    gw_write_csv_text(out, row->segment == NULL ? "" : row->segment);
    (void)fputs("\n", out);
}

void gw_write_csv(FILE *out, const struct gw_findings *f)
{
    (void)fputs("strategy,quantity,unit,n,mean,low,high,sd,against,segment\n", out);
    put_all(f, (struct sink){.out = out, .write = write_csv_row});
}

static void write_member(FILE *out, const char *name, const char *text)
{
    (void)fprintf(out, "\"%s\": ", name);
    if (text == NULL) {
        (void)fputs("null", out);
    } else {
        gw_write_json_text(out, text);
    }
    (void)fputs(", ", out);
}

static void write_number(FILE *out, const char *name, double x)
{
    (void)fprintf(out, ", \"%s\": ", name);
    gw_write_json_number(out, x);
}

static void write_json_row(FILE *out, const struct row *row, size_t rows_before)
{
    (void)fputs(rows_before == 0 ? "\n    {" : ",\n    {", out);
    write_member(out, "strategy", row->strategy);
    write_member(out, "quantity", row->quantity);
    write_member(out, "unit", row->unit);
    write_member(out, "against", row->against);
    write_member(out, "segment", row->segment);
    (void)fprintf(out, "\"n\": %zu", row->n);
    write_number(out, "mean", row->mean);
    write_number(out, "low", row->low);
    write_number(out, "high", row->high);
    write_number(out, "sd", row->sd);
    (void)fputc('}', out);
}

void gw_write_json(FILE *out, const struct gw_findings *f, const char *sentence)
{
    static const char *const provenance[] = {"title", "name", "focal", "seed", "version", "status"};
    static const char *const asked[] = {"precision",         "precision_confidence", "precision_of",
                                        "precision_reached", "precision_widest",     "precision_half_width"};
    (void)fputs("{\n  ", out);
    write_member(out, "answer", sentence);
    for (size_t i = 0; i < sizeof provenance / sizeof provenance[0]; i++) {
        write_member(out, provenance[i], gw_dataset_attribute(f->dataset, provenance[i]));
    }
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        if (gw_dataset_attribute(f->dataset, asked[i]) != NULL) {
            write_member(out, asked[i], gw_dataset_attribute(f->dataset, asked[i]));
        }
    }
    (void)fprintf(out, "\"replications\": %zu,\n  \"estimates\": [", f->replications);
    put_all(f, (struct sink){.out = out, .write = write_json_row});
    (void)fputs("\n  ]\n}\n", out);
}
